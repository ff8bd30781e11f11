/* test_saved_run.c - reading saved runs, matching the lines of two texts, names of metrics, names that were mistyped. */
#include "cli/nearest_name.h"
#include "reports/line_match.h"
#include "reports/saved_run.h"

#include <CUnit/Basic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COUNTS "\"static_instructions\": 3, \"instructions\": 5, \"cycles\": 9, \"code_bytes\": 6, " \
    "\"by_instruction\": {\"ADD\": 4, \"MOVE\": 1}, \"by_category\": {\"arithmetic\": 4, \"stack/move\": 1}, " \
    "\"cycle_stack\": {\"base\": 5, \"work:calls\": 4}, \"events\": {\"taken\": 2}, \"work\": {\"calls\": 1}"
#define FILE_TEXT(version, rows)                                                                                                   \
    "{\"schema\": 1, \"saved_run\": " version ", \"provenance\": {\"version\": \"0.1.0\"}, "                                       \
    "\"program\": {\"name\": \"a.py\", \"kind\": \"script\", \"arguments\": [\"7\"], \"exit_status\": 0, \"interrupted\": "        \
    "false}, "                                                                                                                     \
    "\"runs\": [{\"isa\": \"tiny\", \"machine\": \"ideal\", \"interrupted\": false, " COUNTS ", "                                  \
    "\"hidden_arithmetic\": {\"math\": 0}, \"native\": {\"len\": 3}, \"script\": {" COUNTS "}, \"names\": [\"ADD\", \"MOVE\"], "   \
    "\"code_rows\": [{\"file\": \"a.py\", \"name\": \"<module>\", \"line\": 1, \"script\": true, \"native_cycles\": 4, "           \
    "\"rows\": " rows "}]}], \"sources\": [{\"file\": \"a.py\", \"sha256\": \"00\", \"lines\": [\"x = 1\", \"\\u00e9\"]}]}"
#define ROWS "[[1, 0, 2, 4, 3], [2, 1, 1, 1, 2]]"

static char path[] = "/tmp/test_saved_run.XXXXXX";

/* What reading such a file says; `file` is NULL after an error. */
static struct saved_file *read_text(const char *text, char *error, size_t room)
{
    struct diag diag;
    FILE *stream = fopen(path, "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(stream);
    fputs(text, stream);
    fclose(stream);
    diag_init(&diag);
    struct saved_file *file = saved_file_read(path, &diag);
    snprintf(error, room, "%s", diag.count ? diag.entries[0].text : "");
    CU_ASSERT_EQUAL(diag.count, file ? 0 : 1);
    diag_free(&diag);
    return file;
}

static void test_read(void)
{
    char error[256];
    struct saved_file *file = read_text(FILE_TEXT("1", ROWS), error, sizeof error);
    CU_ASSERT_STRING_EQUAL(error, "");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    CU_ASSERT_STRING_EQUAL(file->program, "a.py");
    CU_ASSERT_STRING_EQUAL(file->arguments[0], "7");
    CU_ASSERT_EQUAL_FATAL(file->run_count, 1);
    const struct saved_run *run = &file->runs[0];
    CU_ASSERT_STRING_EQUAL(run->isa, "tiny");
    CU_ASSERT_EQUAL(figures_value(&run->all, FIGURE_TOTAL, "cycles"), 9);
    CU_ASSERT_EQUAL(figures_value(&run->all, FIGURE_NATIVE, "len"), 3);
    CU_ASSERT_EQUAL(figures_value(&run->script, FIGURE_EVENT, "taken"), 2);
    CU_ASSERT_EQUAL(figures_value(&run->all, FIGURE_INSTRUCTION, "SUBTRACT"), 0);
    CU_ASSERT_EQUAL_FATAL(run->codes[0].row_count, 2);
    CU_ASSERT_EQUAL(run->codes[0].rows[1].line, 2);
    CU_ASSERT_EQUAL(run->codes[0].rows[0].executed, 4);
    CU_ASSERT_STRING_EQUAL(run->names[run->codes[0].rows[1].name], "MOVE");
    CU_ASSERT_EQUAL_FATAL(file->sources[0].line_count, 2);
    CU_ASSERT_STRING_EQUAL(file->sources[0].lines[1], "\xc3\xa9");
    saved_file_free(file);
}

static void test_refuse(void)
{
    static const struct { const char *text, *error; } cases[] = {
        {"", "not JSON"},
        {"{\"a\": ", "not JSON"},
        {"{\"a\": 1, \"a\": 2}", "not JSON"},
        {"[]", "found a list"},
        {"{}", "found other JSON"},
        {"{\"schema\": 1, \"runs\": []}", "found a report"},
        {FILE_TEXT("2", ROWS), "found a saved run of version 2, written by hybridsim 0.1.0"},
        {FILE_TEXT("0", ROWS), "expected a version number"},
        {FILE_TEXT("null", ROWS), "found null for 'saved_run'"},
        {FILE_TEXT("1", "7"), "found a number for 'rows' of runs[0], expected a list"},
        {FILE_TEXT("1", "[[1, 0, 2, 4]]"), "expected five numbers"},
        {FILE_TEXT("1", "[[1, 0, 2, 4, -3]]"), "found a negative number"},
        {FILE_TEXT("1", "[[1, 0, 2, 4, 0.5]]"), "found a fraction"},
        {FILE_TEXT("1", "[[1, 2, 2, 4, 3]]"), "expected the place of a name"},
        {FILE_TEXT("1", "[[1, 0, 2, 4, 3]]"), "'code_rows' of runs[0] adds up to 4, but 'instructions' is 5"},
        {FILE_TEXT("1", "[[1, 0, 2, 4, 3], [2, 1, 1, 1, 3]]"), "adds up to 10, but 'cycles' is 9"},
        {"{\"saved_run\": 1}", "found nothing for 'program' of the file, expected an object"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char error[256];
        CU_ASSERT_PTR_NULL(read_text(cases[i].text, error, sizeof error));
        CU_ASSERT_PTR_NOT_NULL(strstr(error, cases[i].error));
        if (!strstr(error, cases[i].error))
            printf("found `%s`, expected `%s`\n", error, cases[i].error);
    }
}

/* Lines are letters; the answer is the later place of each of the earlier lines, '-' for none. */
static void check_match(const char *before, const char *after, const char *expected)
{
    const char *lines[2][16] = {{NULL}};
    char letters[2][32];
    uint32_t matches[16], counts[2] = {(uint32_t)strlen(before), (uint32_t)strlen(after)};
    for (int side = 0; side < 2; side++)
        for (uint32_t i = 0; i < counts[side]; i++) {
            letters[side][2 * i] = (side ? after : before)[i];
            letters[side][2 * i + 1] = 0;
            lines[side][i] = &letters[side][2 * i];
        }
    line_match(lines[0], counts[0], lines[1], counts[1], matches);
    for (uint32_t i = 0; i < counts[0]; i++)
        CU_ASSERT_EQUAL(matches[i], expected[i] == '-' ? UINT32_MAX : (uint32_t)(expected[i] - '0'));
}

static void test_lines(void)
{
    check_match("", "abc", "");
    check_match("abc", "", "---");
    check_match("abc", "abc", "012");
    check_match("abc", "xabc", "123");
    check_match("abcd", "abxd", "01-3");
    check_match("abcde", "aced", "0-1-2");
    check_match("aaaa", "aa", "01--");
    check_match("xay", "byac", "--1");
}

static void test_metrics(void)
{
    struct figures figures = {.arena = arena_new()};
    figures_add_names(&figures);
    figures_add(&figures, FIGURE_INSTRUCTION, "ADD", 7);
    CU_ASSERT_EQUAL(figures_resolve(&figures, "cycles")->group, FIGURE_TOTAL);
    CU_ASSERT_EQUAL(figures_resolve(&figures, "taken")->group, FIGURE_EVENT);
    CU_ASSERT_EQUAL(figures_resolve(&figures, "math")->group, FIGURE_WORK);
    CU_ASSERT_EQUAL(figures_resolve(&figures, "hidden_arithmetic.math")->group, FIGURE_HIDDEN);
    CU_ASSERT_EQUAL(figures_resolve(&figures, "ADD")->value, 7);
    CU_ASSERT_EQUAL(figures_resolve(&figures, "by_instruction.ADD")->value, 7);
    CU_ASSERT_PTR_NULL(figures_resolve(&figures, "events.ADD"));
    CU_ASSERT_PTR_NULL(figures_resolve(&figures, "nothing"));
    arena_free(figures.arena);
}

static void test_nearest(void)
{
    static const char *const names[] = {"run", "count", "compare", "diff"};
    CU_ASSERT_STRING_EQUAL(nearest_name("cuont", names, 4), "count");
    CU_ASSERT_STRING_EQUAL(nearest_name("compares", names, 4), "compare");
    CU_ASSERT_PTR_NULL(nearest_name("x", names, 4));
    CU_ASSERT_PTR_NULL(nearest_name("something", names, 4));
    CU_ASSERT_PTR_NULL(nearest_name("a-name-that-is-longer-than-any-command-is", names, 4));
}

int main(void)
{
    int file = mkstemp(path);
    if (file < 0)
        return 1;
    close(file);
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("saved runs", NULL, NULL);
    CU_add_test(suite, "read", test_read);
    CU_add_test(suite, "refuse", test_refuse);
    CU_add_test(suite, "lines", test_lines);
    CU_add_test(suite, "metrics", test_metrics);
    CU_add_test(suite, "nearest names", test_nearest);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    unlink(path);
    return failures != 0;
}
