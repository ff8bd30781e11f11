/* count_extra.c - what `hybridsim count` shows besides tables: the chart, the conventions of counting, specialised forms. */
#include "reports/count_report.h"
#include "reports/report.h"
#include "reports/svg_bars.h"

#include <stdlib.h>
#include <string.h>

/* The table's row of the category; NULL: nothing is in it. */
static const struct count_row *find_row(const struct count_table *table, const char *label)
{
    for (uint32_t i = 0; i < table->row_count; i++)
        if (strcmp(table->rows[i].label, label) == 0)
            return &table->rows[i];
    return NULL;
}

void count_render_chart(const struct count_request *request, struct buffer *out)
{
    struct count_request by_category = *request;
    struct count_tables tables;
    by_category.by = COUNT_BY_CATEGORY;
    by_category.caches = false;
    count_tables_build(&by_category, &tables);
    int series = request->tally_count, groups = 0;
    bool executed = series && request->tallies[0]->is_executed, native = false;
    const struct categories *categories = request->categories;
    const char **names = ARENA_ARRAY(tables.arena, const char *, categories->count);
    const char **colours = ARENA_ARRAY(tables.arena, const char *, categories->count);
    const char **isas = ARENA_ARRAY(tables.arena, const char *, series + 1);
    struct svg_bar *bars = ARENA_ARRAY(tables.arena, struct svg_bar, categories->count * (series + 1));
    uint64_t *totals = ARENA_ARRAY(tables.arena, uint64_t, series + 1);
    for (int category = 0; category < categories->count; category++) {
        bool any = false;
        for (int i = 0; i < series; i++) {
            const struct count_row *row = find_row(&tables.tables[i], categories->list[category].name);
            struct svg_bar *bar = &bars[groups * series + i];
            *bar = (struct svg_bar){row ? executed ? row->executed : row->placed : 0, row ? row->native : 0};
            any |= row != NULL;
            native |= bar->hatched != 0;
        }
        if (!any)
            continue;
        names[groups] = categories->list[category].name;
        colours[groups++] = categories->list[category].colour;
    }
    for (int i = 0; i < series; i++) {
        const struct count_table *table = &tables.tables[i];
        isas[i] = i == 0 && request->has_bytecode ? "bytecode" : table->tally->isa;
        totals[i] = executed ? table->executed + table->native : table->placed;
    }
    const char *what = executed ? "executed instructions by category" : "instructions by category, not executed";
    struct svg_bars chart = {
        .title = arena_printf(tables.arena, "%s: %s", request->program, what),
        .subtitle = request->interrupted ? "interrupted: what had run until then"
                    : request->scope == TALLY_SCRIPT ? "the script's own code; counted by hybridsim"
                                                     : "all files executed; counted by hybridsim",
        .solid_name = "instructions", .hatched_name = native ? "operations inside native code" : NULL,
        .group_count = groups, .series_count = series, .groups = names, .colours = colours, .series = isas, .bars = bars,
        .totals = totals,
    };
    svg_bars_render(&chart, out);
    count_tables_free(&tables);
}

/* ---- conventions ---- */

struct conventions {
    uint64_t module, all, caches, module_executed, executed, everything, native;
};

static struct conventions count_conventions(const struct count_request *request)
{
    struct conventions found = {0};
    const struct tally *tally = request->tallies[0];
    for (uint32_t i = 0; i < tally->row_count; i++) {
        const struct tally_row *row = &tally->rows[i];
        const struct tally_code *code = &tally->codes[row->code];
        bool is_module = strcmp(code->name, "<module>") == 0;
        found.everything += row->executed;
        if (!code->is_script)
            continue;
        found.all += row->placed;
        found.executed += row->executed;
        found.module += is_module ? row->placed : 0;
        found.module_executed += is_module ? row->executed : 0;
    }
    for (uint32_t i = 0; i < tally->code_count; i++) {
        if (!tally->codes[i].is_script)
            continue;
        found.caches += tally->codes[i].caches;
        for (int kind = 0; kind < WORK_COUNT; kind++)
            if (category_of_work(request->categories, kind) >= 0)
                found.native += tally->codes[i].work[kind];
    }
    return found;
}

static void add_convention(struct buffer *out, const char *what, uint64_t number)
{
    struct buffer cell = {0};
    report_add_grouped(&cell, number);
    buffer_printf(out, "  %-62s%18s\n", what, cell.bytes);
    buffer_free(&cell);
}

static const char explanation[] =
    "\n"
    "dis output         dis.dis(code) of CPython prints what is there, once a line: loops count once, branches not taken count.\n"
    "                   It prints the module's code object and, below it, those of functions; scripts that walk only\n"
    "                   `dis.get_instructions(compile(...))` see the module's alone.\n"
    "module only        What such a script sees: definitions, imports and the call that starts it all. LOAD_CONST, LOAD_NAME and\n"
    "                   MAKE_FUNCTION lead there whatever the program does, for the work is in functions.\n"
    "CACHE entries      Room for inline caches behind some instructions, two bytes each. dis shows them only with\n"
    "                   show_caches=True; they are skipped, never executed. --caches adds a row for them.\n"
    "EXTENDED_ARG       A prefix for arguments beyond 255: an instruction of its own for dis, and here too.\n"
    "specialised forms  CPython 3.11 rewrites warm code: LOAD_ATTR becomes LOAD_ATTR_INSTANCE_VALUE, BINARY_OP becomes\n"
    "                   BINARY_OP_ADD_INT, two LOAD_FAST become LOAD_FAST__LOAD_FAST. dis shows that with adaptive=True; a count\n"
    "                   of such forms depends on what ran before. hybridsim's baseline executes the generic forms that the\n"
    "                   compiler wrote, so specialised forms do not exist in it; --specialized says which there would be.\n"
    "executed           How often the machine did it: what hybridsim counts, exactly, block by block, in every function.\n"
    "                   Equal to what CPython executes without specialisation, instruction by instruction.\n"
    "all files          With the standard library's modules in Python that the program imports and calls (--scope all).\n"
    "native             Arithmetic inside functions written in C shows as one CALL: numpy.dot of two 100 x 100 matrices is one\n"
    "                   instruction and 1,000,000 multiply-adds. They are counted as operations of their own, in the column\n"
    "                   `native`, and shares are of both together.\n"
    "machine code       An ISA's instructions are those of the translated program; one may stand for several of the bytecode.\n"
    "                   An instruction fused from several counts once, at the line of the last.\n";

void count_render_explanation(const struct count_request *request, struct buffer *out)
{
    if (request->tally_count && request->has_bytecode) {
        struct conventions found = count_conventions(request);
        buffer_printf(out, "hybridsim count: %s, in the ways people count\n\n", request->program);
        add_convention(out, "dis output, the module's code object only (static)", found.module);
        add_convention(out, "dis output, all code objects of the script (static)", found.all);
        add_convention(out, "  the same with CACHE entries", found.all + found.caches);
        if (request->tallies[0]->is_executed) {
            add_convention(out, "executed, the module's code object only", found.module_executed);
            add_convention(out, "executed, the script", found.executed);
            add_convention(out, "  with the operations inside native code", found.executed + found.native);
            add_convention(out, "executed, all files", found.everything);
        }
    }
    buffer_add_text(out, explanation);
}

struct forms {
    const char *instruction, *names;
};

/* Words separated by blanks, from column `indent` on, in as many lines as it takes. */
static void add_words(struct buffer *out, const char *words, int indent)
{
    enum { LINE_WIDTH = 120 };
    int column = indent;
    for (const char *word = words; *word;) {
        size_t length = strcspn(word, " ");
        if (column + (int)length + 1 > LINE_WIDTH && column > indent) {
            buffer_printf(out, "\n%*s", indent, "");
            column = indent;
        }
        buffer_printf(out, " %.*s", (int)length, word);
        column += (int)length + 1;
        word += length + (word[length] == ' ');
    }
    buffer_add_byte(out, '\n');
}

static const struct forms specialized[] = {
#define FORMS(instruction, names) {#instruction, names},
#include "reports/specialized_forms.inc"
#undef FORMS
};

void count_render_specialized(const struct count_request *request, struct buffer *out)
{
    struct count_request by_opcode = *request;
    struct count_tables tables;
    by_opcode.by = COUNT_BY_OPCODE;
    count_tables_build(&by_opcode, &tables);
    buffer_add_text(out,
                    "\nSpecialised forms do not exist in hybridsim's baseline: it executes generic instructions. CPython 3.11\n"
                    "would replace these, once their code is warm, by the forms beside them.\n\n");
    const struct count_table *table = &tables.tables[0];
    for (uint32_t i = 0; request->has_bytecode && i < table->row_count; i++)
        for (size_t f = 0; f < sizeof specialized / sizeof *specialized; f++)
            if (strcmp(table->rows[i].label, specialized[f].instruction) == 0) {
                struct buffer cell = {0};
                report_add_grouped(&cell, table->tally->is_executed ? table->rows[i].executed : table->rows[i].placed);
                buffer_printf(out, "  %-18s%16s ", specialized[f].instruction, cell.bytes);
                add_words(out, specialized[f].names, 37);
                buffer_free(&cell);
            }
    count_tables_free(&tables);
}
