/* test_page.c - a report page made by hand: its data for the viewer, its HTML without one, its charts, and how much of it a file
 * may have. */
#include "reports/page_model.h"

#include <CUnit/Basic.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

static const char tricky[] = "</script><!-- & \"x\"";

static struct page *sample_page(size_t rows)
{
    static const struct page_column columns[] = {
        {"name", PAGE_CODE, NULL}, {"count", PAGE_COUNT, "how many"}, {"share", PAGE_PERCENT, NULL}, {"ratio", PAGE_RATIO, NULL}};
    static const char *const names[] = {"one", "two"}, *const colours[] = {"#112233", "#445566"};
    static const struct svg_bar bars[] = {{10, 0}, {20, 5}};
    static const uint64_t totals[] = {35}, values[] = {3, 4};
    static const struct svg_bars chart = {.title = "chart", .subtitle = "", .solid_name = "solid", .hatched_name = "pale",
        .group_count = 2, .series_count = 1, .groups = names, .colours = colours, .series = names, .bars = bars, .totals = totals};
    static const struct svg_stacks stacks = {.title = "stacks", .subtitle = "", .bar_count = 1, .part_count = 2, .bars = names,
        .parts = names, .colours = colours, .values = values};
    struct page *page = page_new();
    page_set_title(page, tricky, "under test");
    page_add_summary(page, "first");
    page_add_warning(page, "beware");
    page_add_tab(page, "empty", "Empty");
    page_add_tab(page, "full", "Full");
    struct page_table *table = page_add_table(page, "table", "Table", NULL, columns, 4);
    for (size_t i = 0; i < rows; i++) {
        struct page_cell *row = page_table_row(table);
        page_cell_text(&row[0], tricky);
        page_cell_count(&row[1], 9007199254740993u + i);
        page_cell_percent(&row[2], 1, 8);
        page_cell_ratio(&row[3], 1, 0);
        row[1].best = i == 0;
    }
    page_add_bars(page, "bars", &chart);
    page_add_stacks(page, "stacks", &stacks);
    page_add_text(page, "text", "Text", "line\nother & line\n");
    return page;
}

static void test_data(void)
{
    const struct page_limits limits = {.table_rows = 2, .flame_nodes = 10, .code_bytes = 100, .source_bytes = 100};
    struct page *page = sample_page(3);
    struct buffer text = {0};
    page_write_json(page, &limits, &text);
    CU_ASSERT_PTR_NULL(strchr(text.bytes, '<'));
    json_t *data = json_loadb(text.bytes, text.size, JSON_REJECT_DUPLICATES, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(data);
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(data, "title")), tricky);
    json_t *tabs = json_object_get(data, "tabs");
    CU_ASSERT_EQUAL(json_array_size(tabs), 1); /* the empty one is not there */
    json_t *sections = json_object_get(json_array_get(tabs, 0), "sections"), *table = json_array_get(sections, 0);
    CU_ASSERT_EQUAL(json_array_size(sections), 4);
    CU_ASSERT_EQUAL(json_array_size(json_object_get(table, "rows")), 2);
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(table, "left_out")), 1);
    json_t *row = json_array_get(json_object_get(table, "rows"), 0);
    CU_ASSERT_EQUAL(json_integer_value(json_array_get(row, 1)), 9007199254740993);
    CU_ASSERT_EQUAL(json_real_value(json_array_get(row, 2)), 12.5);
    CU_ASSERT(json_is_null(json_array_get(row, 3)));
    CU_ASSERT_EQUAL(json_integer_value(json_array_get(json_object_get(table, "best"), 0)), 1);
    json_decref(data);
    buffer_free(&text);
    page_free(page);
}

static void test_static(void)
{
    static const char *const fragments[] = {"&lt;/script&gt;", "9,007,199,254,740,993", "12.5 %", "<svg", "other &amp; line",
                                            "50 more rows are not shown", "HYBRIDSIM_CHARTS", "beware"};
    struct page *page = sample_page(250);
    struct buffer text = {0};
    page_write_static(page, &text);
    for (size_t i = 0; i < sizeof fragments / sizeof *fragments; i++) {
        if (!strstr(text.bytes, fragments[i]))
            fprintf(stderr, "not found: %s\n", fragments[i]);
        CU_ASSERT_PTR_NOT_NULL(strstr(text.bytes, fragments[i]));
    }
    CU_ASSERT_PTR_NULL(strstr(text.bytes, "<script"));
    buffer_free(&text);
    page_free(page);
}

static void test_file(void)
{
    struct page *page = sample_page(100000);
    struct buffer text = {0};
    page_render(page, &text);
    CU_ASSERT(text.size < 3000000);
    CU_ASSERT(strncmp(text.bytes, "<!doctype html>", 15) == 0);
    CU_ASSERT_PTR_NOT_NULL(strstr(text.bytes, "<title>&lt;/script&gt;&lt;!-- &amp; &quot;x&quot;</title>"));
    CU_ASSERT_PTR_NULL(strstr(text.bytes, "@TITLE@"));
    CU_ASSERT_PTR_NULL(strstr(text.bytes, "@POLICY@"));
    buffer_free(&text);
    page_free(page);
}

static void count_chart(void *context, const char *id, const char *title, const struct buffer *svg)
{
    int *count = context;
    CU_ASSERT(strcmp(id, *count ? "stacks" : "bars") == 0);
    CU_ASSERT(strcmp(title, *count ? "stacks" : "chart") == 0);
    CU_ASSERT(strncmp(svg->bytes, "<svg", 4) == 0);
    ++*count;
}

static void test_charts(void)
{
    struct page *page = sample_page(1);
    int count = 0;
    page_render_charts(page, count_chart, &count);
    CU_ASSERT_EQUAL(count, 2);
    page_free(page);
}

int main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("page", NULL, NULL);
    CU_add_test(suite, "data for the viewer", test_data);
    CU_add_test(suite, "HTML without the viewer", test_static);
    CU_add_test(suite, "one file", test_file);
    CU_add_test(suite, "charts", test_charts);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures != 0;
}
