/* run_page_tables.c - the long tables of a run's page: instructions, pairs, functions. */
#include "reports/call_report.h"
#include "reports/count_report.h"
#include "reports/page_model.h"
#include "reports/run_page.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_PAIRS = 1000 };

/* Count tables with texts of the page's. */
static void build_counts(struct page *page, const struct run_page *input, enum count_by by, struct count_request *request,
                         struct count_tables *tables)
{
    *request = (struct count_request){
        .program = page->title, .by = by, .scope = input->report->scope == SCOPE_SCRIPT ? TALLY_SCRIPT : TALLY_ALL,
        .categories = input->categories, .tally_count = input->report->run_count, .tallies = input->tallies, .has_bytecode = false};
    count_tables_build(request, tables);
}

static const char *copy_text(struct page *page, const char *text)
{
    return arena_copy(page_arena(page), text, strlen(text));
}

static const char *category_of_row(const struct run_page *input, const struct tally *tally, const struct count_row *row)
{
    if (row->is_native) {
        for (int kind = 0; kind < WORK_COUNT; kind++) {
            int category = category_of_work(input->categories, kind);
            if (category >= 0 && strcmp(row->label + strlen("native "), work_names[kind]) == 0)
                return input->categories->list[category].name;
        }
        return "";
    }
    for (uint32_t i = 0; i < tally->name_count; i++)
        if (strcmp(tally->names[i], row->label) == 0)
            return input->categories->list[category_of_instruction(input->categories, row->label, tally->categories[i])].name;
    return "";
}

void run_page_add_instructions(struct page *page, const struct run_page *input)
{
    static const struct page_column columns[] = {
        {"instruction", PAGE_CODE, NULL}, {"ISA", PAGE_CODE, NULL}, {"category", PAGE_TEXT, NULL},
        {"static", PAGE_COUNT, "how many there are in the code"}, {"executed", PAGE_COUNT, "how often they were executed"},
        {"native", PAGE_COUNT, "operations inside native code, which show as one call"},
        {"share", PAGE_PERCENT, "of what is executed and native under the ISA"}};
    struct count_request request;
    struct count_tables tables;
    struct page_table *table = page_add_table(page, "instruction-table", "Instructions", NULL, columns, 7);
    table->sorted_by = 4;
    build_counts(page, input, COUNT_BY_OPCODE, &request, &tables);
    for (int run = 0; run < input->report->run_count; run++) {
        const struct count_table *counts = &tables.tables[run];
        for (uint32_t i = 0; i < counts->row_count; i++) {
            const struct count_row *from = &counts->rows[i];
            struct page_cell *row = page_table_row(table);
            page_cell_text(&row[0], copy_text(page, from->label));
            page_cell_text(&row[1], counts->tally->isa);
            page_cell_text(&row[2], category_of_row(input, counts->tally, from));
            if (from->is_native) {
                page_cell_count(&row[5], from->native);
            } else {
                page_cell_count(&row[3], from->placed);
                page_cell_count(&row[4], from->executed);
            }
            page_cell_percent(&row[6], from->executed + from->native, counts->executed + counts->native);
        }
    }
    count_tables_free(&tables);
}

void run_page_add_pairs(struct page *page, const struct run_page *input)
{
    static const struct page_column columns[] = {
        {"first", PAGE_CODE, NULL}, {"second", PAGE_CODE, NULL}, {"ISA", PAGE_CODE, NULL},
        {"static", PAGE_COUNT, "places where the second may follow the first"},
        {"executed", PAGE_COUNT, "how often it did"}, {"share", PAGE_PERCENT, "of all pairs executed under the ISA"}};
    struct count_request request;
    struct count_tables tables;
    build_counts(page, input, COUNT_BY_PAIR, &request, &tables);
    const char *note = "Instructions that follow each other inside one function; a call does not part them.";
    for (int run = 0; run < input->report->run_count; run++)
        if (tables.tables[run].row_count > MOST_PAIRS)
            note = "Instructions that follow each other inside one function; a call does not part them. The 1,000 most frequent of "
                   "each ISA.";
    struct page_table *table = page_add_table(page, "pair-table", "Pairs of instructions", note, columns, 6);
    table->sorted_by = 4;
    for (int run = 0; run < input->report->run_count; run++) {
        const struct count_table *counts = &tables.tables[run];
        for (uint32_t i = 0; i < counts->row_count && i < MOST_PAIRS; i++) {
            const struct count_row *from = &counts->rows[i];
            struct page_cell *row = page_table_row(table);
            size_t first = strcspn(from->label, " ");
            page_cell_text(&row[0], arena_copy(page_arena(page), from->label, first));
            page_cell_text(&row[1], copy_text(page, from->label + first + (from->label[first] == ' ')));
            page_cell_text(&row[2], counts->tally->isa);
            page_cell_count(&row[3], from->placed);
            page_cell_count(&row[4], from->executed);
            page_cell_percent(&row[5], from->executed, counts->executed);
        }
    }
    count_tables_free(&tables);
}

/* ---- functions ---- */

struct function_key {
    const struct calltree_function *function;
    uint32_t index;
};

static int compare_functions(const void *a, const void *b)
{
    const struct calltree_function *left = ((const struct function_key *)a)->function;
    const struct calltree_function *right = ((const struct function_key *)b)->function;
    int files = strcmp(left->file ? left->file : "", right->file ? right->file : "");
    if (files)
        return files;
    if (left->line != right->line)
        return left->line < right->line ? -1 : 1;
    return strcmp(left->file ? left->qualified_name : left->name, right->file ? right->qualified_name : right->name);
}

/* A tree's functions, sorted; to be freed. */
static struct function_key *sort_functions(const struct calltree *tree)
{
    struct function_key *keys = calloc(tree->function_count + 1u, sizeof *keys);
    if (!keys)
        abort();
    for (uint32_t i = 0; i < tree->function_count; i++)
        keys[i] = (struct function_key){&tree->functions[i], i};
    qsort(keys, tree->function_count, sizeof *keys, compare_functions);
    return keys;
}

enum { FUNCTION_COLUMNS = 3, RUN_COLUMNS = 4 };

/* Of each figure the columns of all runs beside each other: own cycles with their share, cycles with callees, instructions. */
static int callees_column(int runs, int run)
{
    return FUNCTION_COLUMNS + 2 * runs + run;
}

static struct page_column run_column(struct page *page, const struct run_page *input, int run, const char *title, const char *hint)
{
    if (input->report->run_count > 1)
        title = arena_printf(page_arena(page), "%s, %s", title, input->trees[run]->isa);
    return (struct page_column){title, PAGE_COUNT, hint};
}

static struct page_column *function_columns(struct page *page, const struct run_page *input)
{
    int runs = input->report->run_count;
    struct page_column *columns = ARENA_ARRAY(page_arena(page), struct page_column, FUNCTION_COLUMNS + RUN_COLUMNS * runs);
    columns[0] = (struct page_column){"function", PAGE_CODE, NULL};
    columns[1] = (struct page_column){"place", PAGE_CODE, NULL};
    columns[2] = (struct page_column){"calls", PAGE_COUNT, "resumptions of generators are calls"};
    for (int run = 0; run < runs; run++) {
        struct page_column *own = &columns[FUNCTION_COLUMNS + 2 * run], *callees = &columns[callees_column(runs, run)];
        own[0] = run_column(page, input, run, "own cycles", "without what it called");
        own[1] = (struct page_column){"share", PAGE_PERCENT, "of all cycles under the ISA"};
        callees[0] = run_column(page, input, run, "with callees", "cycles with everything it called, recursion counted once");
        callees[runs] = run_column(page, input, run, "instructions", "its own");
    }
    return columns;
}

static void fill_run(struct page_cell *row, int runs, int run, const struct call_cost *cost, const struct calltree *tree)
{
    page_cell_count(&row[FUNCTION_COLUMNS + 2 * run], cost->cycles);
    page_cell_percent(&row[FUNCTION_COLUMNS + 2 * run + 1], cost->cycles, tree->cycles);
    page_cell_count(&row[callees_column(runs, run)], cost->all_cycles);
    page_cell_count(&row[callees_column(runs, run) + runs], cost->instructions);
}

static int compare_own_cycles(const void *a, const void *b)
{
    const struct page_cell *left = a, *right = b;
    uint64_t i = left[FUNCTION_COLUMNS].count, j = right[FUNCTION_COLUMNS].count;
    if (i != j)
        return i > j ? -1 : 1;
    int names = strcmp(left[0].text, right[0].text);
    return names ? names : strcmp(left[1].text, right[1].text);
}

void run_page_add_functions(struct page *page, const struct run_page *input)
{
    int runs = input->report->run_count, width = FUNCTION_COLUMNS + RUN_COLUMNS * runs;
    const struct calltree *first = input->trees[0];
    struct page_table *table = page_add_table(page, "function-table", "Functions",
                                              "Native functions have rows too: their cycles are the work they do.",
                                              function_columns(page, input), width);
    size_t room = runs > 0 ? (size_t)runs : 1;
    struct call_stats *stats = calloc(room, sizeof *stats);
    struct function_key **keys = calloc(room, sizeof *keys);
    if (!stats || !keys)
        abort();
    table->sorted_by = FUNCTION_COLUMNS;
    for (int run = 0; run < runs; run++) {
        call_stats_build(input->trees[run], &stats[run]);
        keys[run] = sort_functions(input->trees[run]);
    }
    for (uint32_t i = 0; i < first->function_count; i++) {
        const struct calltree_function *function = &first->functions[i];
        struct function_key key = {function, i};
        if (!stats[0].functions[i].calls && !stats[0].functions[i].cycles)
            continue;
        struct page_cell *row = page_table_row(table);
        page_cell_text(&row[0], function->file ? function->qualified_name : arena_printf(page_arena(page), "{%s}", function->name));
        page_cell_text(&row[1], function->file ? arena_printf(page_arena(page), "%s:%u", page_short_file(first, function->file),
                                                              function->line) : "native");
        page_cell_count(&row[2], stats[0].functions[i].calls);
        fill_run(row, runs, 0, &stats[0].functions[i], first);
        for (int run = 1; run < runs; run++) {
            const struct function_key *same =
                bsearch(&key, keys[run], input->trees[run]->function_count, sizeof key, compare_functions);
            if (same)
                fill_run(row, runs, run, &stats[run].functions[same->index], input->trees[run]);
        }
    }
    if (table->row_count) /* the most important first: a long table is cut */
        qsort(table->cells, table->row_count, (size_t)width * sizeof *table->cells, compare_own_cycles);
    for (int run = 0; run < runs; run++) {
        call_stats_free(&stats[run]);
        free(keys[run]);
    }
    free(stats);
    free(keys);
}
