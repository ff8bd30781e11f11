/* test_engine.c - the engine through whole programs: exit status, block counts, partial blocks, guards. */
#include "tests/unit/program.h"

#include <CUnit/Basic.h>

static const char *const isas[] = {"stack", "register", "hybrid"};

static void test_exit_status(void)
{
    static const struct { const char *source; int status; } cases[] = {
        {"x = 1", 0},
        {"import sys; sys.exit(7)", 7},
        {"raise SystemExit", 0},
        {"def f(n):\n    return n if n < 2 else f(n - 1) + f(n - 2)\nassert f(15) == 610", 0},
        {"def g():\n    got = yield 1\n    yield got\ni = g(); next(i); assert i.send(5) == 5", 0},
        {"try:\n    1 / 0\nexcept ZeroDivisionError as e:\n    assert e.args\nelse:\n    raise SystemExit(1)", 0},
        {"class A:\n    def __init__(self, v): self.v = v\nassert [A(i).v for i in range(4)] == [0, 1, 2, 3]", 0},
        {"def r(n): return r(n + 1)\ntry:\n    r(0)\nexcept RecursionError:\n    raise SystemExit(9)", 9},
        {"def f(*a, **k): return a, k\nassert f(*[1, 2], **{'z': 3}) == ((1, 2), {'z': 3})", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (size_t isa = 0; isa < 3; isa++)
            CU_ASSERT_EQUAL(run_source(isas[isa], cases[i].source, NULL), cases[i].status);
}

/* Blocks are the source's: their counts do not depend on the ISA. */
static void test_block_counts(void)
{
    const char *source = "total = 0\nfor i in range(10):\n    if i % 3 == 0:\n        total += i\nassert total == 18";
    uint64_t sums[3] = {0}, taken[3] = {0};
    for (size_t isa = 0; isa < 3; isa++) {
        struct profile *profile = NULL;
        CU_ASSERT_EQUAL_FATAL(run_source(isas[isa], source, &profile), 0);
        CU_ASSERT_EQUAL_FATAL(profile->code_count, 1);
        const struct code_profile *code = profile->codes[0];
        for (uint32_t b = 0; b < code->code->block_count; b++) {
            sums[isa] += code->executions[b];
            taken[isa] += code->taken[b];
        }
        CU_ASSERT_EQUAL(code->partial_count, 0);
    }
    CU_ASSERT_TRUE(sums[0] > 20);
    CU_ASSERT_EQUAL(sums[0], sums[1]);
    CU_ASSERT_EQUAL(sums[0], sums[2]);
    CU_ASSERT_EQUAL(taken[0], taken[2]);
}

static void test_partial_block(void)
{
    struct profile *profile = NULL;
    CU_ASSERT_EQUAL_FATAL(run_source("stack", "a = 1\nb = a / 0\nc = 2", &profile), 1);
    const struct code_profile *code = profile->codes[0];
    CU_ASSERT_EQUAL_FATAL(code->partial_count, 1);
    CU_ASSERT_EQUAL(code->partials[0].count, 1);
    CU_ASSERT_EQUAL(code->code->instructions[code->partials[0].instruction].op, OP_div);
}

static void test_guard_failure(void)
{
    struct profile *profile = NULL;
    const char *source = "import math\nclass Fake:\n    @staticmethod\n    def exp(x): return 3.0\n"
                         "def s(x): return 1.0 / (1.0 + math.exp(-x))\nassert s(0.0) == 0.5\nmath = Fake\nassert s(0.0) == 0.25";
    CU_ASSERT_EQUAL_FATAL(run_source("hybrid", source, &profile), 0);
    uint64_t failures = 0;
    for (uint32_t i = 0; i < profile->code_count; i++)
        for (uint32_t g = 0; g < profile->codes[i]->guard_count; g++)
            failures += profile->codes[i]->guards[g].failures;
    CU_ASSERT_EQUAL(failures, 1);
}

int main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("engine", NULL, NULL);
    CU_add_test(suite, "exit status", test_exit_status);
    CU_add_test(suite, "block counts", test_block_counts);
    CU_add_test(suite, "partial block", test_partial_block);
    CU_add_test(suite, "guard failure", test_guard_failure);
    CU_basic_set_mode(CU_BRM_NORMAL);
    CU_basic_run_tests();
    unsigned failed = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failed != 0;
}
