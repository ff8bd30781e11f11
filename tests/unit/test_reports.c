/* test_reports.c - a small report made by hand in every format, number formatting, and report files that are whole or not
 * there at all. */
#include "reports/json_writer.h"
#include "reports/report.h"

#include <CUnit/Basic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct sample {
    struct timing_result timings[2];
    struct report_run runs[2];
    struct report report;
};

static const char *names[] = {"LOAD_FAST", "ADD", "EXT"};
static uint8_t categories[] = {CATEGORY_LOAD_STORE, CATEGORY_ARITHMETIC, CATEGORY_OTHER};
static uint64_t executed[2][3] = {{2000, 1000, 0}, {0, 1000, 0}};
static struct timing_group files[2][2];
static struct timing_native natives[] = {{"math.exp", 4}};

static void sample_init(struct sample *sample)
{
    static const char *const isas[] = {"stack", "hy\"brid"};
    memset(sample, 0, sizeof *sample);
    for (int i = 0; i < 2; i++) {
        struct timing_counts counts = {.static_instructions = 30, .code_bytes = 60, .by_instruction = executed[i],
                                       .instructions = executed[i][0] + executed[i][1]};
        counts.by_category[CATEGORY_LOAD_STORE] = executed[i][0];
        counts.by_category[CATEGORY_ARITHMETIC] = executed[i][1];
        counts.cycle_stack[CYCLES_base] = counts.instructions;
        counts.cycle_stack[CYCLES_WORK + WORK_objects] = 500;
        counts.cycles = counts.instructions + 500;
        counts.work[WORK_objects] = 25;
        counts.work[WORK_multiply_adds] = 3000;
        files[i][0] = (struct timing_group){.file = "/home/me/quickSort.py", .is_script = true, .counts = counts};
        files[i][1] = (struct timing_group){.file = "/usr/lib/python3.11/a,b.py", .counts = counts};
        sample->timings[i] = (struct timing_result){.isa = isas[i], .machine = "inorder", .name_count = 3,
            .names = names, .categories = categories, .total = counts, .script = counts, .file_count = 2,
            .files = files[i], .native_count = 1, .natives = natives, .host_seconds = 0.5 + i};
        sample->runs[i] = (struct report_run){&sample->timings[i], i == 0};
    }
    sample->report = (struct report){.program = "/home/me/quickSort.py", .kind = "script", .top = 10, .run_count = 2,
                                     .runs = sample->runs};
}

static void expect(enum report_format format, const char *const *fragments, size_t count)
{
    struct sample sample;
    struct buffer out = {0};
    sample_init(&sample);
    report_render(&sample.report, format, &out);
    for (size_t i = 0; i < count; i++) {
        if (!strstr(out.bytes, fragments[i]))
            fprintf(stderr, "not found: %s\nin:\n%s\n", fragments[i], out.bytes);
        CU_ASSERT_PTR_NOT_NULL(strstr(out.bytes, fragments[i]));
    }
    buffer_free(&out);
}

#define EXPECT(format, ...)                                                \
    do {                                                                   \
        static const char *const fragments[] = {__VA_ARGS__};              \
        expect(format, fragments, sizeof fragments / sizeof *fragments);   \
    } while (0)

static void test_json(void)
{
    EXPECT(FORMAT_JSON, "{\n  \"schema\": 1,\n  \"program\": {\n    \"name\": \"quickSort.py\"",
           "\"isa\": \"hy\\\"brid\"", "\"by_instruction\": {\n        \"ADD\": 1000,\n        \"LOAD_FAST\": 2000\n",
           "\"by_file\": {\n        \"/usr/lib/python3.11/a,b.py\": {", "\"quickSort.py\": {\n          \"script\": true",
           "\"work:objects\": 500", "\"native\": {\n        \"math.exp\": 4\n      }", "\"instructions\": 0.333333",
           "\"cycles\": 0.428571", "\"host\": {\n    \"seconds\": 2.000000,\n    \"instructions_per_second\": 2000");
}

/* What the host's speed decides is after "host" and nowhere before it. */
static void test_json_deterministic(void)
{
    struct sample sample;
    struct buffer slow = {0}, fast = {0};
    sample_init(&sample);
    report_render_json(&sample.report, &slow);
    sample.timings[0].host_seconds = 0.001;
    sample.timings[1].host_peak_rss_bytes = 123456;
    report_render_json(&sample.report, &fast);
    char *host = strstr(slow.bytes, "\"host\"");
    CU_ASSERT_PTR_NOT_NULL_FATAL(host);
    CU_ASSERT_EQUAL(memcmp(slow.bytes, fast.bytes, (size_t)(host - slow.bytes)), 0);
    CU_ASSERT_NOT_EQUAL(strcmp(slow.bytes, fast.bytes), 0);
    buffer_free(&slow);
    buffer_free(&fast);
}

static void test_json_strings(void)
{
    struct buffer out = {0};
    struct json_writer json = {.out = &out};
    json_open(&json, '[');
    json_text(&json, "tab\t \"q\" \\ \x01 \xc3\xa9 \xff \xed\xa0\x80");
    json_open(&json, '{');
    json_close(&json, '}');
    json_close(&json, ']');
    CU_ASSERT_STRING_EQUAL(out.bytes, "[\n  \"tab\\t \\\"q\\\" \\\\ \\u0001 \xc3\xa9 \xef\xbf\xbd "
                                      "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\",\n  {}\n]");
    buffer_free(&out);
}

static void test_text(void)
{
    EXPECT(FORMAT_TEXT, "hybridsim: quickSort.py\n", "executed instructions    3,000", "  ratio to stack         1.000    0.333",
           "CPI                      1.167    1.500", "work:objects    500  14.3%      500  33.3%", "LOAD_FAST     2,000  66.7%",
           "did 3,000 multiply-adds", "beside 1,000 arithmetic instructions of stack: 75.0% of the arithmetic shows only");
}

static void test_csv(void)
{
    EXPECT(FORMAT_CSV, "isa,machine,file,metric,name,value\r\n", "stack,inorder,,cycles,,3500\r\n",
           "\"hy\"\"brid\",inorder,,by_instruction,ADD,1000\r\n",
           "stack,inorder,\"/usr/lib/python3.11/a,b.py\",instructions,,3000\r\n",
           "stack,inorder,quickSort.py,work,objects,25\r\n");
}

static void test_markdown(void)
{
    EXPECT(FORMAT_MARKDOWN, "# hybridsim: quickSort.py\n", "| --- | ---: | ---: |", "| LOAD\\_FAST | 2,000 | 66.7% |",
           "## Cycle stack\n");
}

static void test_no_runs(void)
{
    struct report report = {.program = "x.py", .kind = "script", .interrupted = true, .exit_status = 130};
    for (int format = FORMAT_TEXT; format <= FORMAT_MARKDOWN; format++) {
        struct buffer out = {0};
        report_render(&report, (enum report_format)format, &out);
        CU_ASSERT_TRUE(out.size > 0);
        buffer_free(&out);
    }
}

static void check_ratio(uint64_t numerator, uint64_t denominator, int digits, const char *expected)
{
    struct buffer out = {0};
    report_add_ratio(&out, numerator, denominator, digits);
    if (strcmp(out.bytes, expected) != 0)
        fprintf(stderr, "%s, expected %s\n", out.bytes, expected);
    CU_ASSERT_STRING_EQUAL(out.bytes, expected);
    buffer_free(&out);
}

static void test_numbers(void)
{
    check_ratio(1, 3, 3, "0.333");
    check_ratio(2, 3, 3, "0.667");
    check_ratio(1999999, 1000000, 3, "2.000");
    check_ratio(1, 2, 0, "1");
    check_ratio(5, 0, 2, "-");
    check_ratio(0, 7, 2, "0.00");
    check_ratio(UINT64_MAX, UINT64_MAX, 6, "1.000000");
    check_ratio(UINT64_MAX - 1, UINT64_MAX, 4, "1.0000");
    check_ratio(UINT64_MAX / 2, UINT64_MAX, 4, "0.5000");
    struct buffer out = {0};
    report_add_grouped(&out, 0);
    report_add_grouped(&out, 999);
    report_add_grouped(&out, 1234567);
    CU_ASSERT_STRING_EQUAL(out.bytes, "09991,234,567");
    buffer_free(&out);
}

static bool exists(const char *path)
{
    return access(path, F_OK) == 0;
}

static void test_files(void)
{
    struct sample sample;
    struct diag diag;
    struct report_file file;
    char folder[] = "/tmp/hybridsim-test.XXXXXX", path[64], missing[64];
    sample_init(&sample);
    diag_init(&diag);
    CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/r.json", folder);
    snprintf(missing, sizeof missing, "%s/none/r.json", folder);
    CU_ASSERT_FALSE(report_file_open(&file, missing, &diag));
    CU_ASSERT_FALSE(report_file_open(&file, "r.xml", &diag));
    CU_ASSERT_FALSE(report_file_open(&file, "r", &diag));
    char as_folder[80];
    snprintf(as_folder, sizeof as_folder, "%s/d.csv", folder);
    mkdir(as_folder, 0700);
    CU_ASSERT_FALSE(report_file_open(&file, as_folder, &diag));
    CU_ASSERT_EQUAL(diag.count, 4);
    CU_ASSERT_TRUE_FATAL(report_file_open(&file, path, &diag));
    CU_ASSERT_FALSE(exists(path)); /* nothing under its name before it is whole */
    report_file_abandon(&file);
    CU_ASSERT_TRUE_FATAL(report_file_open(&file, path, &diag));
    CU_ASSERT_TRUE(report_file_write(&file, &sample.report, &diag));
    report_file_abandon(&file);
    CU_ASSERT_TRUE(exists(path));
    unlink(path);
    rmdir(as_folder);
    CU_ASSERT_EQUAL(rmdir(folder), 0); /* no temporary file is left */
    diag_free(&diag);
}

int main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("reports", NULL, NULL);
    CU_add_test(suite, "JSON", test_json);
    CU_add_test(suite, "JSON is deterministic outside host", test_json_deterministic);
    CU_add_test(suite, "JSON strings", test_json_strings);
    CU_add_test(suite, "text", test_text);
    CU_add_test(suite, "CSV", test_csv);
    CU_add_test(suite, "Markdown", test_markdown);
    CU_add_test(suite, "no runs", test_no_runs);
    CU_add_test(suite, "numbers", test_numbers);
    CU_add_test(suite, "files", test_files);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures != 0;
}
