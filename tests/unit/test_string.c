/* test_string.c - str's core: interning, canonical widths, UTF-8, slicing, joining, formatting; messages of its exceptions. */
#include "sim/runtime/exception.h"
#include "sim/runtime/text.h"

#include <CUnit/Basic.h>
#include <CUnit/CUnit.h>

static struct vm *vm;
static uint64_t work[WORK_COUNT];

static value text(const char *utf8)
{
    return string_from_text(vm, utf8);
}

static const char *utf8(value v)
{
    if (v == VALUE_NULL) /* what was raised instead */
        v = value_string(vm, exception_take(vm));
    return string_utf8(vm, is_string(v) ? v : value_repr(vm, v), NULL);
}

static void test_widths(void)
{
    static const struct { const char *text; uint8_t width; uint32_t length; bool ascii; } rows[] = {
        {"", 1, 0, true}, {"abc", 1, 3, true}, {"h\u00e9", 1, 2, false}, {"\u4e2d\u6587x", 2, 3, false},
        {"a\U0001f600", 4, 2, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        value v = text(rows[i].text);
        CU_ASSERT_EQUAL(string_of(v)->width, rows[i].width);
        CU_ASSERT_EQUAL(string_of(v)->length, rows[i].length);
        CU_ASSERT_EQUAL(string_of(v)->ascii, rows[i].ascii);
        CU_ASSERT_STRING_EQUAL(utf8(v), rows[i].text);
    }
    value narrowed = string_slice(vm, text("a\U0001f600bc"), 2, 4);
    CU_ASSERT_EQUAL(string_of(narrowed)->width, 1);
    CU_ASSERT_TRUE(string_equal(narrowed, text("bc")));
}

static void test_intern(void)
{
    value a = intern(vm, string_concat(vm, text("inter"), text("ned"))), b = intern_text(vm, "interned");
    CU_ASSERT_EQUAL(a, b);
    CU_ASSERT_EQUAL(intern_text(vm, "\u4e2d"), intern(vm, text("\u4e2d")));
    CU_ASSERT_EQUAL(string_from_code_point(vm, 'q'), string_from_code_point(vm, 'q'));
    for (int i = 0; i < 10000; i++) /* the table grows */
        CU_ASSERT_TRUE_FATAL(is_object(intern(vm, string_printf(vm, "name%d", i))));
    CU_ASSERT_EQUAL(intern_text(vm, "interned"), a);
}

static void test_search(void)
{
    static const struct { const char *text, *part; int64_t first, last, count; } rows[] = {
        {"banana", "an", 1, 3, 2}, {"banana", "", 0, 6, 7}, {"banana", "x", -1, -1, 0}, {"", "", 0, 0, 1},
        {"\u4e2dab\u4e2dab", "ab", 1, 4, 2}, {"abc", "\u4e2d", -1, -1, 0}, {"aaaa", "aa", 0, 2, 2},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        value haystack = text(rows[i].text), needle = text(rows[i].part);
        struct span h = string_span(haystack), n = string_span(needle);
        CU_ASSERT_EQUAL(span_find(h, n, 0, h.length), rows[i].first);
        CU_ASSERT_EQUAL(span_rfind(h, n, 0, h.length), rows[i].last);
        CU_ASSERT_EQUAL(span_count(h, n, 0, h.length, -1), rows[i].count);
    }
}

/* method(arguments) as repr, or the message of the exception */
static const char *method(const char *name, const char *self, const value *arguments, size_t count)
{
    return utf8(call_method(vm, text(self), name, arguments, count));
}

static void test_methods(void)
{
    value space_split[] = {NONE, small_int(1)}, comma[] = {text(",")}, wide[] = {small_int(7), text("*")};
    CU_ASSERT_STRING_EQUAL(method("split", "  a b  c ", NULL, 0), "['a', 'b', 'c']");
    CU_ASSERT_STRING_EQUAL(method("split", " a b ", space_split, 2), "['a', 'b ']");
    CU_ASSERT_STRING_EQUAL(method("split", "a,,b", comma, 1), "['a', '', 'b']");
    CU_ASSERT_STRING_EQUAL(method("center", "ab", wide, 2), "***ab**");
    CU_ASSERT_STRING_EQUAL(method("upper", "stra\u00dfe", NULL, 0), "STRASSE");
    CU_ASSERT_STRING_EQUAL(method("lower", "\u039f\u03a3", NULL, 0), "\u03bf\u03c2"); /* final sigma */
    CU_ASSERT_STRING_EQUAL(method("title", "they're bill's", NULL, 0), "They'Re Bill'S");
    value replacing[] = {text(""), text("-")};
    CU_ASSERT_STRING_EQUAL(method("replace", "abc", replacing, 2), "-a-b-c-");
    value zero[] = {text("")};
    CU_ASSERT_STRING_EQUAL(method("split", "a", zero, 1), "empty separator");
    CU_ASSERT_STRING_EQUAL(method("index", "abc", comma, 1), "substring not found");
}

static void test_formatting(void)
{
    value arguments[] = {small_int(42), text("x"), small_int(-1)};
    CU_ASSERT_STRING_EQUAL(method("format", "{:>5}|{!r}|{2}", arguments, 1),
                           "Replacement index 1 out of range for positional args tuple");
    CU_ASSERT_STRING_EQUAL(method("format", "{0:>5}|{1!r}|{{{2}}}", arguments, 3), "   42|'x'|{-1}");
    CU_ASSERT_STRING_EQUAL(method("format", "{", arguments, 0), "Single '{' encountered in format string");
    CU_ASSERT_STRING_EQUAL(utf8(string_format(vm, text("ab"), text("*^7.1"))), "***a***");
    CU_ASSERT_STRING_EQUAL(utf8(string_format_percent(vm, text("%05d %s %%"), tuple_from(vm, arguments, 2))), "00042 x %");
    CU_ASSERT_STRING_EQUAL(utf8(string_format_percent(vm, text("%d"), text("x"))),
                           "%d format: a real number is required, not str");
    CU_ASSERT_STRING_EQUAL(utf8(string_printf(vm, "%s %d %R %T", "a", 5, text("q"), small_int(1))), "a 5 'q' int");
}

static void test_repr(void)
{
    static const struct { const char *text, *repr; } rows[] = {
        {"plain", "'plain'"}, {"it's", "\"it's\""}, {"'\"", "'\\'\"'"}, {"a\n\t\\\x7f", "'a\\n\\t\\\\\\x7f'"},
        {"\u00e9\u00ad\u2028", "'\u00e9\\xad\\u2028'"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        CU_ASSERT_STRING_EQUAL(utf8(string_repr(vm, text(rows[i].text))), rows[i].repr);
}

static void test_codecs(void)
{
    value bytes = string_encode(vm, text("\u20ac"), "utf-16", "strict");
    CU_ASSERT_STRING_EQUAL(utf8(bytes), "b'\\xff\\xfe\\xac '");
    CU_ASSERT_STRING_EQUAL(utf8(string_encode(vm, text("a\u20ac"), "ascii", "strict")),
                           "'ascii' codec can't encode character '\\u20ac' in position 1: ordinal not in range(128)");
    CU_ASSERT_STRING_EQUAL(utf8(bytes_decode(vm, (const uint8_t *)"a\xe2\x82", 3, "utf-8", "strict")),
                           "'utf-8' codec can't decode bytes in position 1-2: unexpected end of data");
    CU_ASSERT_STRING_EQUAL(utf8(bytes_decode(vm, (const uint8_t *)"\xe2(\xa1", 3, "utf-8", "replace")), "\ufffd(\ufffd");
}

int main(void)
{
    int here;
    struct vm_options options = {.c_stack_base = &here, .stdin_fd = 0, .stdout_fd = 1, .stderr_fd = 2, .work = work};
    vm = vm_new(&options);
    if (CU_initialize_registry() != CUE_SUCCESS)
        return 1;
    CU_pSuite suite = CU_add_suite("string", NULL, NULL);
    CU_add_test(suite, "widths", test_widths);
    CU_add_test(suite, "intern", test_intern);
    CU_add_test(suite, "search", test_search);
    CU_add_test(suite, "methods", test_methods);
    CU_add_test(suite, "formatting", test_formatting);
    CU_add_test(suite, "repr", test_repr);
    CU_add_test(suite, "codecs", test_codecs);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    vm_free(vm);
    return failures != 0;
}
