/* test_int.c - int, float and complex: arithmetic at the borders of 63, 64 and 128 bits, conversions, texts, errors. The
 * expected texts are what CPython 3.11 prints. */
#include "sim/runtime/attribute.h"
#include "sim/runtime/number.h"
#include "tests/unit/vm_suite.h"

#include <stdlib.h>

static struct vm *vm;

/* An operand: "1.5" a float, "'text" a str, "12" an int. */
static value operand(const char *text)
{
    if (text[0] == '\'')
        return string_from_text(vm, text + 1);
    if (strpbrk(text, ".ina"))
        return float_value(vm, strtod(text, NULL));
    return int_from_decimal(vm, text);
}

/* repr of a result, or "Type: message" of what it raised. */
static const char *outcome(value result)
{
    static char text[1000];
    size_t size;
    if (result != VALUE_NULL) {
        value repr = value_repr(vm, result);
        if (repr != VALUE_NULL) {
            snprintf(text, sizeof text, "%s", string_utf8(vm, repr, &size));
            return text;
        }
    }
    value exception = exception_take(vm), message = value_string(vm, exception);
    snprintf(text, sizeof text, "%s: %s", value_type(vm, exception)->name, string_utf8(vm, message, &size));
    return text;
}

static void check(const char *what, const char *expected, const char *got)
{
    if (strcmp(expected, got))
        printf("\n  %s: expected %s, got %s", what, expected, got);
    CU_ASSERT_STRING_EQUAL(got, expected);
}

static const struct {
    enum binary_kind kind;
    const char *a, *b, *expected;
} binary_cases[] = {
    {BINARY_ADD, "4611686018427387903", "1", "4611686018427387904"},
    {BINARY_SUB, "-4611686018427387904", "1", "-4611686018427387905"},
    {BINARY_SUB, "4611686018427387904", "1", "4611686018427387903"},
    {BINARY_MUL, "4611686018427387903", "-4611686018427387904", "-21267647932558653961849226946058125312"},
    {BINARY_MUL, "18446744073709551616", "18446744073709551616", "340282366920938463463374607431768211456"},
    {BINARY_ADD, "18446744073709551616", "-18446744073709551616", "0"},
    {BINARY_FLOOR_DIVIDE, "-7", "2", "-4"},
    {BINARY_REMAINDER, "-7", "2", "1"},
    {BINARY_REMAINDER, "7", "-2", "-1"},
    {BINARY_FLOOR_DIVIDE, "-4611686018427387904", "-1", "4611686018427387904"},
    {BINARY_REMAINDER, "-100000000000000000000", "7", "5"},
    {BINARY_LSHIFT, "1", "62", "4611686018427387904"},
    {BINARY_LSHIFT, "-1", "62", "-4611686018427387904"},
    {BINARY_LSHIFT, "3", "100", "3802951800684688204490109616128"},
    {BINARY_RSHIFT, "-1", "200", "-1"},
    {BINARY_RSHIFT, "-18446744073709551617", "1", "-9223372036854775809"},
    {BINARY_AND, "-1", "18446744073709551617", "18446744073709551617"},
    {BINARY_XOR, "-18446744073709551616", "-1", "18446744073709551615"},
    {BINARY_POWER, "7", "30", "22539340290692258087863249"},
    {BINARY_POWER, "2", "-2", "0.25"},
    {BINARY_DIV, "1", "3", "0.3333333333333333"},
    {BINARY_DIV, "123456789012345678901234567890", "987654321098765432109", "124999998.8609375"},
    {BINARY_LSHIFT, "1", "-1", "ValueError: negative shift count"},
    {BINARY_LSHIFT, "1", "10000000000000", "MemoryError: "},
    {BINARY_FLOOR_DIVIDE, "1", "0", "ZeroDivisionError: integer division or modulo by zero"},
    {BINARY_REMAINDER, "1", "0", "ZeroDivisionError: integer modulo by zero"},
    {BINARY_DIV, "1", "0", "ZeroDivisionError: division by zero"},
    {BINARY_ADD, "1", "'a", "TypeError: unsupported operand type(s) for +: 'int' and 'str'"},
    {BINARY_POWER, "1", "'a", "TypeError: unsupported operand type(s) for ** or pow(): 'int' and 'str'"},
    {BINARY_FLOOR_DIVIDE, "7.0", "-2.0", "-4.0"},
    {BINARY_REMAINDER, "-7.5", "2", "0.5"},
    {BINARY_FLOOR_DIVIDE, "-0.0", "1.0", "-0.0"},
    {BINARY_POWER, "10.0", "400", "OverflowError: (34, 'Numerical result out of range')"},
    {BINARY_POWER, "0.0", "-1", "ZeroDivisionError: 0.0 cannot be raised to a negative power"},
    {BINARY_POWER, "-8.0", "0.5", "(1.7319121124709868e-16+2.8284271247461903j)"},
    {BINARY_REMAINDER, "1.0", "0.0", "ZeroDivisionError: float modulo"},
};

static void test_binary(void)
{
    for (size_t i = 0; i < sizeof binary_cases / sizeof *binary_cases; i++) {
        value a = operand(binary_cases[i].a), b = operand(binary_cases[i].b);
        check(binary_cases[i].a, binary_cases[i].expected, outcome(binary_operation(vm, binary_cases[i].kind, a, b)));
    }
}

static void test_canonical(void)
{
    value big = operand("4611686018427387904");
    CU_ASSERT_FALSE(is_small_int(big));
    CU_ASSERT_TRUE(is_small_int(binary_operation(vm, BINARY_SUB, big, small_int(1))));
    CU_ASSERT_TRUE(is_small_int(int_from_int64(vm, SMALL_INT_MIN)));
    CU_ASSERT_FALSE(is_small_int(int_from_int64(vm, INT64_MIN)));
    check("INT64_MIN", "-9223372036854775808", outcome(int_from_int64(vm, INT64_MIN)));
    check("UINT64_MAX", "18446744073709551615", outcome(int_from_uint64(vm, UINT64_MAX)));
    check("2**200", "1606938044258990275541962092341162602522202993782792835301376", outcome(int_from_double(vm, 0x1p200)));
    check("hex", "-295147905179352825855", outcome(int_from_hex(vm, "-fffffffffffffffff")));
}

static void test_power_modulo(void)
{
    check("pow", "445", outcome(int_power(vm, operand("4"), operand("13"), operand("497"))));
    check("pow", "-52", outcome(int_power(vm, operand("4"), operand("13"), operand("-497"))));
    check("inverse", "8", outcome(int_power(vm, operand("5"), operand("-1"), operand("13"))));
    check("no inverse", "ValueError: base is not invertible for the given modulus",
          outcome(int_power(vm, operand("2"), operand("-1"), operand("4"))));
    check("zero", "ValueError: pow() 3rd argument cannot be 0",
          outcome(int_power(vm, operand("2"), operand("1"), operand("0"))));
}

static void test_compare_with_float(void)
{
    static const struct {
        const char *integer;
        double number;
        int expected;
    } cases[] = {{"9007199254740993", 9007199254740992.0, 1}, {"-9007199254740993", -9007199254740992.0, -1},
                 {"1", 1.5, -1}, {"4611686018427387903", 0x1p62, -1}, {"9223372036854775808", 0x1p63, 0},
                 {"18446744073709551617", 0x1p64, 1}, {"-1", -1.5, 1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        CU_ASSERT_EQUAL(-float_compare_int(cases[i].number, operand(cases[i].integer)), cases[i].expected);
}

static void test_parse(void)
{
    static const struct {
        const char *text;
        int base;
        const char *expected;
    } cases[] = {{" -12_3 ", 10, "-123"},
                 {"0x_ff", 0, "255"},
                 {"0b101", 2, "5"},
                 {"zz", 36, "1295"},
                 {"00", 0, "0"},
                 {"010", 0, "ValueError: invalid literal for int() with base 0: '010'"},
                 {"1__0", 10, "ValueError: invalid literal for int() with base 10: '1__0'"},
                 {"", 10, "ValueError: invalid literal for int() with base 10: ''"},
                 {"99999999999999999999", 10, "99999999999999999999"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check(cases[i].text, cases[i].expected,
              outcome(int_parse(vm, cases[i].text, strlen(cases[i].text), cases[i].base,
                                string_from_text(vm, cases[i].text))));
}

static void test_digit_limit(void)
{
    value huge = int_power(vm, small_int(10), small_int(4300), VALUE_NULL);
    check("str", "ValueError: Exceeds the limit (4300 digits) for integer string conversion; use "
                 "sys.set_int_max_str_digits() to increase the limit", outcome(huge));
    value text = int_to_string(vm, huge, 16);
    CU_ASSERT_EQUAL(string_of(text)->length, 3572);
}

static void test_float_text(void)
{
    static const struct {
        double number;
        const char *expected;
    } cases[] = {{0.1, "0.1"}, {-0.0, "-0.0"}, {1e16, "1e+16"}, {9999999999999998.0, "9999999999999998.0"},
                 {1e-5, "1e-05"}, {0.0001, "0.0001"}, {5e-324, "5e-324"}, {1.7976931348623157e308, "1.7976931348623157e+308"},
                 {123456789.0, "123456789.0"}, {1e22, "1e+22"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        check(cases[i].expected, cases[i].expected, outcome(float_value(vm, cases[i].number)));
        double back;
        CU_ASSERT_TRUE(float_parse(cases[i].expected, strlen(cases[i].expected), &back));
        CU_ASSERT_EQUAL(float_bits(back), float_bits(cases[i].number));
    }
}

static void test_format(void)
{
    static const struct {
        const char *number, *specification, *expected;
    } cases[] = {{"1234567", ",", "'1,234,567'"},
                 {"1234", "08,", "'0,001,234'"},
                 {"255", "#x", "'0xff'"},
                 {"-255", "#010b", "'-0b11111111'"},
                 {"3", "%", "'300.000000%'"},
                 {"3.14159", "*^10.2f", "'***3.14***'"},
                 {"1.0", "", "'1.0'"},
                 {"1e10", ".3", "'1e+10'"},
                 {"123.0", ".3", "'1.23e+02'"},
                 {"-0.01", "z.1f", "'0.0'"},
                 {"nan", "05", "'00nan'"},
                 {"1", ".2", "ValueError: Precision not allowed in integer format specifier"},
                 {"1", ",,", "ValueError: Cannot specify ',' with ','."},
                 {"1.5", "d", "ValueError: Unknown format code 'd' for object of type 'float'"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bool is_real = strpbrk(cases[i].number, ".en");
        value number = is_real ? float_value(vm, strtod(cases[i].number, NULL)) : operand(cases[i].number);
        check(cases[i].specification, cases[i].expected,
              outcome(value_format(vm, number, string_from_text(vm, cases[i].specification))));
    }
}

static void test_round(void)
{
    check("2.675", "2.67", outcome(float_round(vm, float_value(vm, 2.675), small_int(2))));
    check("0.5", "0", outcome(float_round(vm, float_value(vm, 0.5), VALUE_NULL)));
    check("1.5", "2", outcome(float_round(vm, float_value(vm, 1.5), VALUE_NULL)));
    check("150.0", "200.0", outcome(float_round(vm, float_value(vm, 150.0), small_int(-2))));
    check("250.0", "200.0", outcome(float_round(vm, float_value(vm, 250.0), small_int(-2))));
    check("25", "20", outcome(int_round(vm, small_int(25), small_int(-1))));
    check("-35", "-40", outcome(int_round(vm, small_int(-35), small_int(-1))));
}

static void test_hash(void)
{
    static const struct {
        const char *number;
        int64_t expected;
    } cases[] = {{"-1", -2}, {"2305843009213693951", 0}, {"2305843009213693952", 1}, {"1.5", 1152921504606846977},
                 {"1267650600228229401496703205376", 549755813888}, {"inf", 314159}, {"'abc", -4594863902769663758}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t hash;
        CU_ASSERT_TRUE(value_hash(vm, operand(cases[i].number), &hash));
        if (hash != cases[i].expected)
            printf("\n  hash of %s: %lld", cases[i].number, (long long)hash);
        CU_ASSERT_EQUAL(hash, cases[i].expected);
    }
}

int main(void)
{
    vm = VM_START();
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("int", NULL, NULL);
    CU_ADD_TEST(suite, test_binary);
    CU_ADD_TEST(suite, test_canonical);
    CU_ADD_TEST(suite, test_power_modulo);
    CU_ADD_TEST(suite, test_compare_with_float);
    CU_ADD_TEST(suite, test_parse);
    CU_ADD_TEST(suite, test_digit_limit);
    CU_ADD_TEST(suite, test_float_text);
    CU_ADD_TEST(suite, test_format);
    CU_ADD_TEST(suite, test_round);
    CU_ADD_TEST(suite, test_hash);
    return vm_suite_finish(vm);
}
