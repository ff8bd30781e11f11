/* dis_listing.c - see dis_listing.h. After a run a unit's code objects are all listed, executed or not: those that never were have
 * zeros. */
#include "cli/dis_listing.h"

#include "frontend/disassembly.h"
#include "reports/listing.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct executed_code { /* what a run did with one code object of the unit; NULLs: nothing */
    const struct code_profile *profile;
    const struct timing_rows *rows;
    const struct timing_counts *counts;
};

struct unit_listing {
    const struct dis_style *style;
    const struct isa *isa;
    struct constant_texts *constants;
    struct source_text source;
    struct executed_code *executed; /* by index in the unit; NULL: a listing without a run */
    struct disassembly disassembly;
    /* of the code object that is being disassembled, for the rows' numbers: */
    const struct machine_function *machine;
    uint32_t *unit_rows;            /* by code unit: the placed instruction whose first prefix is there, or NO_BLOCK */
    struct line_totals totals;
};

static const char *text_of_constant(void *context, const struct code *code, uint32_t index, size_t *size)
{
    struct unit_listing *listing = context;
    return constant_text(listing->constants, code, index, size);
}

static void add_bytecode(void *context, const struct code *code, uint32_t index, struct buffer *text)
{
    const struct unit_listing *listing = context;
    const struct instruction *instruction = &code->instructions[index];
    disassembly_add_instruction(&listing->disassembly, code, instruction->offset, instruction->raw_argument, text);
}

/* ---- bytecode as dis prints it, with numbers before its rows ---- */

static void add_source_line(struct unit_listing *listing, int32_t line, struct buffer *text)
{
    if (listing->executed) {
        struct line_total *total = line_totals_at(&listing->totals, line);
        if (total->shown)
            listing_add_no_numbers(text);
        else
            listing_add_numbers(total->instructions, total->cycles, text);
        total->shown = true;
    }
    const char *source = listing->style->source ? source_text_line(&listing->source, line) : "";
    if (line < 0)
        buffer_add_text(text, "no line\n");
    else
        buffer_printf(text, "%sline %" PRId32 "%s%s\n", listing->executed ? "" : "# ", line, *source ? ": " : "", source);
}

/* An EXTENDED_ARG is an instruction with a count; its cycles are with the instruction that it extends. */
static void add_row_numbers(struct unit_listing *listing, const struct code *code, uint32_t unit, struct buffer *text)
{
    const struct timing_rows *rows = listing->executed[code->index].rows;
    uint32_t first = unit;
    while (first && listing->unit_rows[first] == NO_BLOCK)
        first--;
    uint32_t row = listing->unit_rows[first];
    uint32_t prefixes = row == NO_BLOCK ? 0 : listing->machine->instructions[row].prefixes;
    if (row == NO_BLOCK || unit > first + prefixes)
        listing_add_no_numbers(text); /* a cache */
    else if (unit < first + prefixes)
        listing_add_count(rows ? rows->executed[row] : 0, text);
    else
        listing_add_numbers(rows ? rows->executed[row] : 0, rows ? rows->cycles[row] : 0, text);
}

static void before_row(void *context, const struct code *code, uint32_t unit, int32_t line, struct buffer *text)
{
    struct unit_listing *listing = context;
    bool begins = line >= 0 || (listing->executed && unit == 0); /* some code starts with instructions that have no line */
    if (begins && (listing->executed || listing->style->source))
        add_source_line(listing, line, text);
    if (listing->executed)
        add_row_numbers(listing, code, unit, text);
}

static void map_rows(struct unit_listing *listing, const struct code *code)
{
    const struct machine_function *machine = listing->machine;
    size_t size = (code->bytecode_size / 2 + 1) * sizeof *listing->unit_rows;
    listing->unit_rows = malloc(size);
    if (!listing->unit_rows)
        abort();
    memset(listing->unit_rows, 0xff, size);
    for (uint32_t i = 0; i < machine->instruction_count; i++)
        listing->unit_rows[machine->instructions[i].address / 2] = i;
}

static void add_disassembly(struct unit_listing *listing, const struct code *code, struct buffer *text)
{
    const struct executed_code *executed = listing->executed ? &listing->executed[code->index] : NULL;
    struct machine_function *translated = NULL;
    if (!executed) {
        disassembly_add(&listing->disassembly, code, text);
        return;
    }
    code_ready(code);
    if (!executed->profile)
        translated = translate(code, listing->isa);
    listing->machine = translated ? translated : executed->profile->function;
    line_totals_init(&listing->totals, listing->machine, executed->rows);
    map_rows(listing, code);
    listing_add_heading(text);
    buffer_add_text(text, "  bytecode\n");
    disassembly_add(&listing->disassembly, code, text);
    listing_add_totals(code->qualified_name.text, executed->rows, executed->counts, text);
    free(listing->unit_rows);
    line_totals_free(&listing->totals);
    if (translated)
        machine_function_free(translated);
}

static void add_disassembly_tree(struct unit_listing *listing, const struct code *code, struct buffer *text)
{
    add_disassembly(listing, code, text);
    for (uint32_t i = 0; i < code->constant_count; i++) {
        if (code->constants[i].kind != CONSTANT_CODE)
            continue;
        disassembly_add_heading(&listing->disassembly, code, i, text);
        add_disassembly_tree(listing, code->constants[i].code, text);
    }
}

/* ---- machine code ---- */

static void add_machine_code(struct unit_listing *listing, const struct code_unit *unit, struct buffer *text)
{
    for (uint32_t i = 0; i < unit->code_count; i++) {
        const struct executed_code nothing = {0}, *executed = listing->executed ? &listing->executed[i] : &nothing;
        struct machine_function *translated = NULL;
        code_ready(unit->codes[i]);
        if (!executed->profile)
            translated = translate(unit->codes[i], listing->isa);
        struct listing_function function = {
            .code = unit->codes[i], .machine = translated ? translated : executed->profile->function,
            .source = &listing->source, .executed = listing->executed != NULL, .profile = executed->profile,
            .rows = executed->rows, .counts = executed->counts, .bytecode = add_bytecode, .context = listing};
        listing_add_function(&function, text);
        if (translated)
            machine_function_free(translated);
    }
}

static void add_unit(struct unit_listing *listing, const struct code_unit *unit, struct buffer *text)
{
    bool numbered = listing->style->source || listing->executed;
    listing->disassembly = (struct disassembly){.caches = listing->style->caches, .constant = text_of_constant,
                                                .before_row = numbered ? before_row : NULL, .context = listing};
    if (listing->style->command)
        source_text_of(&listing->source, listing->style->command);
    else
        source_text_load(&listing->source, unit->module->filename.text);
    if (listing->style->machine_code)
        add_machine_code(listing, unit, text);
    else
        add_disassembly_tree(listing, unit->module, text);
    source_text_free(&listing->source);
}

void dis_add_unit(const struct dis_style *style, const struct code_unit *unit, const struct isa *isa,
                  struct constant_texts *constants, struct buffer *text)
{
    struct unit_listing listing = {.style = style, .isa = isa, .constants = constants};
    add_unit(&listing, unit, text);
}

/* ---- after a run ---- */

static void add_executed_unit(const struct run_facts *facts, struct constant_texts *constants, const struct code_unit *unit,
                              struct buffer *text)
{
    const struct dis_style *style = facts->context;
    struct dis_style own = *style;
    struct unit_listing listing = {.style = &own, .isa = facts->isa, .constants = constants};
    if (unit->module->filename.text[0] != '<') /* what has a file is not the command */
        own.command = NULL;
    listing.executed = calloc(unit->code_count, sizeof *listing.executed);
    if (!listing.executed)
        abort();
    for (uint32_t i = 0; i < facts->profile->code_count; i++) {
        const struct code_profile *profile = facts->profile->codes[i];
        const struct timing_rows *rows = &facts->timing->rows[i];
        if (profile->code->unit == unit && profile->function)
            listing.executed[profile->code->index] =
                (struct executed_code){profile, rows, &facts->timing->codes[rows->group].counts};
    }
    add_unit(&listing, unit, text);
    free(listing.executed);
}

void dis_describe_run(const struct run_facts *facts, struct buffer *text)
{
    const struct dis_style *style = facts->context;
    const struct profile *profile = facts->profile;
    struct constant_texts *constants = constant_texts_new(facts->vm); /* as long as the vm: the process ends with it */
    const struct code_unit **units = calloc(profile->code_count + 1, sizeof *units);
    uint32_t count = 0;
    if (!units)
        abort();
    for (uint32_t i = 0; i < profile->code_count; i++) {
        const struct code_profile *code = profile->codes[i];
        bool wanted = code->function && (style->all || facts->timing->codes[facts->timing->rows[i].group].is_script);
        for (uint32_t k = 0; wanted && k < count; k++)
            wanted = units[k] != code->code->unit;
        if (wanted)
            units[count++] = code->code->unit;
    }
    for (uint32_t i = 0; i < count; i++) {
        buffer_printf(text, "%sDisassembly of %s after its execution under %s:\n\n", i ? "\n" : "",
                      units[i]->module->filename.text, facts->isa->name);
        add_executed_unit(facts, constants, units[i], text);
    }
    listing_add_summary(facts->timing, style->all, text);
    if (facts->exit_status && !facts->timing->interrupted)
        buffer_printf(text, "The program ended with exit status %d: these are the figures up to there.\n", facts->exit_status);
    free(units);
}
