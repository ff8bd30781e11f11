/* test_rows_halves.c - rows of half floats from floats and back: the bits and flags of the conversion of one
 * number, with vectors of each kind that this processor has, however many numbers are given. Functions of half floats. */
#include "sim/tensor/element.h"
#include "sim/tensor/rows/lane_rows.h"

#include <CUnit/Basic.h>
#include <fenv.h>

enum { HALVES = 65536, BLOCK = 4096 };

#ifdef __x86_64__
#define EACH_KIND(name)                                                                                      \
    {                                                                                                        \
        HOST_LANES(name), row_bits() == 512 ? name##_256 : name##_any, name##_any                            \
    }
#else
#define EACH_KIND(name)                                                                                      \
    {                                                                                                        \
        name##_any, name##_any, name##_any                                                                   \
    }
#endif

static float float_of(uint32_t bits)
{
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static const int observed = FE_INVALID | FE_DIVBYZERO | FE_OVERFLOW | FE_UNDERFLOW;

/* Quotients and products that C defines say what a half float is. */
static void test_meaning(void)
{
    for (uint32_t bits = 0; bits < 0x7c00; bits++) {
        const float size = bits < 0x400 ? ldexpf((float)bits, -24)
                                        : ldexpf((float)(0x400 | (bits & 0x3ff)), (int)(bits >> 10) - 25);
        CU_ASSERT_EQUAL_FATAL(half_to_float((half)bits), size);
        CU_ASSERT_EQUAL_FATAL(half_to_float((half)(bits | 0x8000)), -size);
        CU_ASSERT_EQUAL_FATAL(float_to_half(size), bits);
        CU_ASSERT_EQUAL_FATAL(double_to_half(-size), bits | 0x8000);
        const double next = bits == 0x7bff ? 65536 : half_to_double((half)(bits + 1)),
                     middle = (size + next) / 2;
        CU_ASSERT_EQUAL_FATAL(double_to_half(middle), bits + (bits & 1));
        CU_ASSERT_EQUAL_FATAL(double_to_half(nextafter(middle, 0)), bits);
        CU_ASSERT_EQUAL_FATAL(double_to_half(nextafter(middle, 1e9)), bits + 1);
        CU_ASSERT_EQUAL_FATAL(float_to_half((float)middle), bits + (bits & 1));
    }
    CU_ASSERT_EQUAL(float_to_half(INFINITY), 0x7c00);
    CU_ASSERT_EQUAL(double_to_half(-INFINITY), 0xfc00);
}

static int flags_of(double number, half expected)
{
    feclearexcept(FE_ALL_EXCEPT);
    CU_ASSERT_EQUAL(double_to_half(number), expected);
    return fetestexcept(observed);
}

static void test_flags(void)
{
    CU_ASSERT_EQUAL(flags_of(0, 0), 0);
    CU_ASSERT_EQUAL(flags_of(1.0 / 3, 0x3555), 0);
    CU_ASSERT_EQUAL(flags_of(0x1p-24, 1), 0);
    CU_ASSERT_EQUAL(flags_of(0x1.8p-24, 2), FE_UNDERFLOW);
    CU_ASSERT_EQUAL(flags_of(0x1p-25, 0), FE_UNDERFLOW);
    CU_ASSERT_EQUAL(flags_of(-0x1p-1074, 0x8000), FE_UNDERFLOW);
    CU_ASSERT_EQUAL(flags_of(65519, 0x7bff), 0);
    CU_ASSERT_EQUAL(flags_of(65520, 0x7c00), FE_OVERFLOW);
    CU_ASSERT_EQUAL(flags_of(-1e300, 0xfc00), FE_OVERFLOW);
    CU_ASSERT_EQUAL(flags_of(INFINITY, 0x7c00), 0);
}

/* All there are; those that are not numbers keep their bits. */
static void test_to_singles(void)
{
    halves_to_singles_row *const to_singles[] = EACH_KIND(halves_to_singles);
    singles_to_halves_row *const to_halves[] = EACH_KIND(singles_to_halves);
    static half halves[HALVES], back[HALVES];
    static float made[HALVES];
    for (int i = 0; i < HALVES; i++)
        halves[i] = (half)(i * 40503); /* each once */
    for (int kind = 0; kind < 3; kind++) {
        memset(made, 0, sizeof made);
        feclearexcept(FE_ALL_EXCEPT);
        to_singles[kind](halves, made, HALVES);
        to_halves[kind](made, back, HALVES);
        CU_ASSERT_EQUAL(fetestexcept(observed), 0);
        CU_ASSERT_EQUAL(memcmp(back, halves, sizeof back), 0);
        for (int i = 0; i < HALVES; i++) {
            const float one = half_to_float(halves[i]);
            CU_ASSERT_EQUAL_FATAL(memcmp(&one, made + i, sizeof one), 0);
        }
    }
}

/* One block of floats, each kind of vectors. */
static void check_block(const float *given)
{
    singles_to_halves_row *const to_halves[] = EACH_KIND(singles_to_halves);
    static half expected[BLOCK], made[BLOCK];
    feclearexcept(FE_ALL_EXCEPT);
    for (int i = 0; i < BLOCK; i++)
        expected[i] = float_to_half(given[i]);
    const int flags = fetestexcept(observed);
    for (int kind = 0; kind < 3; kind++) {
        feclearexcept(FE_ALL_EXCEPT);
        to_halves[kind](given, made, BLOCK);
        CU_ASSERT_EQUAL_FATAL(fetestexcept(observed), flags);
        CU_ASSERT_EQUAL_FATAL(memcmp(made, expected, sizeof made), 0);
    }
}

static void test_to_halves(void)
{
    static float given[BLOCK];
    for (uint32_t high = 0; high < 1 << 10;
         high++) { /* sign, exponent and one bit; then the bits about what is dropped */
        for (uint32_t i = 0; i < BLOCK; i++)
            given[i] = float_of(high << 22 | i << 10 | (i * 2654435761u) >> 22);
        check_block(given);
        for (uint32_t i = 0; i < BLOCK; i++) /* ties, and what is next to them */
            given[i] = float_of((high << 22 | i << 10) + i % 3 - 1);
        check_block(given);
    }
}

/* Rows of each length write no more than that. */
static void test_lengths(void)
{
    halves_to_singles_row *const to_singles[] = EACH_KIND(halves_to_singles);
    singles_to_halves_row *const to_halves[] = EACH_KIND(singles_to_halves);
    half halves[81];
    float floats[80], made[81];
    for (int i = 0; i < 80; i++)
        floats[i] = (float)(i - 40) * 1e-6f;
    for (int count = 0; count <= 80; count++) {
        for (int kind = 0; kind < 3; kind++) {
            halves[count] = 12345;
            made[count] = 12345;
            to_halves[kind](floats, halves, count);
            to_singles[kind](halves, made, count);
            CU_ASSERT_EQUAL(halves[count], 12345);
            CU_ASSERT_EQUAL(made[count], 12345);
            for (int i = 0; i < count; i++)
                CU_ASSERT_EQUAL(made[i], half_to_float(float_to_half(floats[i])));
        }
    }
}

/* The flags of one number, where the others raise none, and those there were before. */
static void test_flags_of_rows(void)
{
    singles_to_halves_row *const to_halves[] = EACH_KIND(singles_to_halves);
    const float numbers[] = {0,        1,          65519,   65520,  -1e30f,   0x1p-14f, 0x1.fffffep-15f,
                             0x1p-24f, 0x1.8p-24f, -1e-20f, 1e-40f, INFINITY, NAN,      float_of(0x7f800001)};
    for (size_t n = 0; n < sizeof numbers / sizeof *numbers; n++) {
        half halves[33];
        float row[33] = {0};
        row[n] = numbers[n];
        feclearexcept(FE_ALL_EXCEPT);
        halves[0] = float_to_half(numbers[n]);
        const int flags = fetestexcept(observed);
        for (int kind = 0; kind < 3; kind++) {
            feclearexcept(FE_ALL_EXCEPT);
            to_halves[kind](row, halves, 33);
            CU_ASSERT_EQUAL(fetestexcept(observed), flags);
            feraiseexcept(FE_DIVBYZERO);
            to_halves[kind](row, halves, 33);
            CU_ASSERT_EQUAL(fetestexcept(observed), flags | FE_DIVBYZERO);
        }
    }
}

struct kind {
    const char *name;
    half_row *rows[3];
    single_row *of_floats;
    double (*exact)(double);
    double bound; /* of the error, in places */
};

/* How far `found` is from what is exact, in units of the last place there. */
static double places(half found, double exact)
{
    const double number = half_to_double(found);
    if (found == double_to_half(exact) || (isnan(number) && isnan(exact)))
        return 0;
    if (!isfinite(number))
        return 65504 < fabs(exact) && fabs(exact) < 65520.5 ? 0.5 : 1e9;
    int place;
    frexp(exact, &place);
    return fabs(number - exact) * ldexp(1, 11 - (place < -13 ? -13 : place));
}

/* Of all half floats: near to what is exact, the same bits with each kind of vectors, and the flags that the function of
 * floats and rounding its result raise. */
static void check_function(const struct kind *kind)
{
    static half given[HALVES], made[HALVES], other[HALVES];
    double worst = 0;
    int different = 0;
    for (int i = 0; i < HALVES; i++)
        given[i] = (half)(i * 40503); /* each once */
    kind->rows[0](given, made, HALVES);
    for (int which = 1; which < 3; which++) {
        kind->rows[which](given, other, HALVES);
        CU_ASSERT_EQUAL(memcmp(made, other, sizeof made), 0);
    }
    for (int i = 0; i < HALVES; i++) {
        const float x = half_to_float(given[i]);
        const double error = places(made[i], kind->exact((double)x));
        worst = error > worst ? error : worst;
        float y;
        feclearexcept(FE_ALL_EXCEPT);
        kind->of_floats(&x, &y, 1);
        const half rounded = float_to_half(y);
        const int flags = fetestexcept(observed);
        half one = given[i];
        feclearexcept(FE_ALL_EXCEPT);
        kind->rows[i % 3](&one, &one, 1);
        if (one != made[i] || fetestexcept(observed) != flags || (one & 0x8000) != (rounded & 0x8000))
            if (different++ < 10)
                printf("%s(%a) is %a, not %a; flags %x, not %x\n", kind->name, half_to_double(given[i]), half_to_double(one),
                       half_to_double(made[i]), (unsigned)fetestexcept(observed), (unsigned)flags);
    }
    printf("%s errs by up to %.4f places; %d differ\n", kind->name, worst, different);
    CU_ASSERT(worst <= kind->bound);
    CU_ASSERT_EQUAL(different, 0);
}

#define KIND(name, library) {#name, EACH_KIND(name##_halves), HOST_LANES(name##_singles), library, 0.501}
static void test_functions(void)
{
    const struct kind kinds[] = {KIND(exp, exp), KIND(exp2, exp2), KIND(expm1, expm1), KIND(log, log), KIND(log2, log2),
        KIND(log10, log10), KIND(log1p, log1p), KIND(sin, sin), KIND(cos, cos), KIND(tan, tan), KIND(arcsin, asin),
        KIND(arccos, acos), KIND(arctan, atan), KIND(sinh, sinh), KIND(cosh, cosh), KIND(tanh, tanh), KIND(arcsinh, asinh),
        KIND(arccosh, acosh), KIND(arctanh, atanh), KIND(cbrt, cbrt)};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        check_function(&kinds[i]);
}

int main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("rows of half floats", NULL, NULL);
    CU_add_test(suite, "what half floats are", test_meaning);
    CU_add_test(suite, "flags of one number", test_flags);
    CU_add_test(suite, "to floats", test_to_singles);
    CU_add_test(suite, "from floats", test_to_halves);
    CU_add_test(suite, "rows of each length", test_lengths);
    CU_add_test(suite, "flags of rows", test_flags_of_rows);
    CU_add_test(suite, "functions of all there are", test_functions);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures != 0;
}
