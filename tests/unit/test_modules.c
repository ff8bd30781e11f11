/* test_modules.c - native modules and numpy's core, each by statements that must hold; matrix shapes reach the profile. */
#include "tests/unit/program.h"

#include <CUnit/Basic.h>

static void test_modules(void)
{
    static const char *const sources[] = {
        "import math; assert math.isqrt(10**20) == 10**10 and math.fsum([0.1] * 10) == 1.0 and math.gcd(12, 18) == 6",
        "import random; random.seed(42); assert random.random() == 0.6394267984578837 and random.randint(1, 100) == 4",
        "import itertools as i; assert list(i.islice(i.cycle('ab'), 3)) == ['a', 'b', 'a']; assert "
        "len(list(i.permutations(range(4)))) == 24",
        "import functools as f; assert f.reduce(lambda a, b: a * b, range(1, 6)) == 120; assert f.partial(pow, 2)(5) == 32",
        "import collections as c; d = c.deque([1, 2], maxlen=2); d.append(3); assert list(d) == [2, 3]; assert "
        "c.Counter('aab')['a'] == 2",
        "import heapq, bisect; h = [3, 1, 2]; heapq.heapify(h); assert heapq.heappop(h) == 1 and bisect.bisect([1, 3], 2) == 1",
        "import time, sys, os; assert time.time() > 0 and sys.maxsize == 2**63 - 1 and os.path.join('a', 'b') == 'a/b'",
        "import operator; assert operator.itemgetter(1, 0)('ab') == ('b', 'a')",
    };
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++)
        CU_ASSERT_EQUAL(run_source("hybrid", sources[i], NULL), 0);
}

static void test_numpy(void)
{
    static const char *const sources[] = {
        "import numpy as np; a = np.array([[1, 2], [3, 4]]); assert (a @ a).tolist() == [[7, 10], [15, 22]] and a.T.tolist() == "
        "[[1, 3], [2, 4]]",
        "import numpy as np; a = np.zeros((2, 3)); a[1] = [1, 2, 3]; assert (a + 1).tolist() == [[1.0] * 3, [2.0, 3.0, 4.0]] and "
        "a.shape == (2, 3)",
        "import numpy as np; assert str(np.array([1.5, 2.0])) == '[1.5 2. ]' and [int(v) for v in np.arange(3)] == [0, 1, 2]",
        "import numpy as np\ntry:\n    np.dot(np.zeros((2, 3)), np.zeros((2, 3)))\nexcept ValueError as e:\n    assert 'not "
        "aligned' in str(e)\nelse:\n    raise SystemExit(1)",
        "import numpy as np\ntry:\n    np.nothing_of_this_name\nexcept AttributeError as e:\n    assert 'nothing_of_this_name' in "
        "str(e)\nelse:\n    raise SystemExit(1)",
    };
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++)
        CU_ASSERT_EQUAL(run_source("stack", sources[i], NULL), 0);
}

static void test_shapes(void)
{
    struct profile *profile = NULL;
    CU_ASSERT_EQUAL_FATAL(run_source("stack", "import numpy as np\nnp.dot(np.zeros((2, 3)), np.zeros((3, 5)))", &profile), 0);
    uint32_t found = 0;
    for (uint32_t i = 0; i < profile->code_count; i++) {
        for (uint32_t s = 0; s < profile->codes[i]->shape_count; s++) {
            const struct profile_shape *shape = &profile->codes[i]->shapes[s];
            CU_ASSERT_TRUE(shape->rows == 2 && shape->columns == 5 && shape->depth == 3 && shape->count == 1);
            found++;
        }
    }
    CU_ASSERT_EQUAL(found, 1);
}

int main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("modules", NULL, NULL);
    CU_add_test(suite, "modules", test_modules);
    CU_add_test(suite, "numpy", test_numpy);
    CU_add_test(suite, "shapes", test_shapes);
    CU_basic_set_mode(CU_BRM_NORMAL);
    CU_basic_run_tests();
    unsigned failed = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failed != 0;
}
