/* test_exceptions.c - raising, handling, chaining and unwinding; classes: resolution order, descriptors, special methods. Each
 * program asserts what CPython does and ends with a status of its own, on every ISA. */
#include "tests/unit/program.h"

#include <CUnit/Basic.h>

struct program_case {
    const char *source;
    int status;
};

static void run_cases(const struct program_case *cases, size_t count)
{
    static const char *const isas[] = {"stack", "register", "hybrid"};
    for (size_t i = 0; i < count; i++)
        for (size_t isa = 0; isa < sizeof isas / sizeof *isas; isa++) {
            int status = run_source(isas[isa], cases[i].source, NULL);
            if (status != cases[i].status)
                fprintf(stderr, "on %s, status %d: %s\n", isas[isa], status, cases[i].source);
            CU_ASSERT_EQUAL(status, cases[i].status);
        }
}
#define RUN(cases) run_cases(cases, sizeof cases / sizeof *cases)

static void test_handlers(void)
{
    static const struct program_case cases[] = {
        {"try:\n    [][0]\nexcept (KeyError, IndexError) as e:\n    assert str(e) == 'list index out of range'\n    raise SystemExit(3)", 3},
        {"try:\n    int('x')\nexcept LookupError:\n    raise SystemExit(1)\nexcept ValueError:\n    raise SystemExit(4)", 4},
        {"e = 1\ntry:\n    raise KeyError(2)\nexcept KeyError as e:\n    pass\ntry:\n    e\nexcept NameError:\n    raise SystemExit(5)", 5},
        {"try:\n    raise 5\nexcept TypeError as e:\n    assert 'BaseException' in str(e)\n    raise SystemExit(6)", 6},
        {"class E(Exception): pass\nraise E('unhandled') if False else SystemExit(7)", 7},
    };
    RUN(cases);
}

static void test_finally(void)
{
    static const struct program_case cases[] = {
        {"def f():\n    try:\n        return 1\n    finally:\n        return 2\nraise SystemExit(f())", 2},
        {"log = []\nfor i in range(3):\n    try:\n        if i == 1: continue\n        if i == 2: break\n    finally:\n        log.append(i)\n"
         "raise SystemExit(sum(log) + len(log))", 6},
        {"def g():\n    try:\n        yield 1\n    finally:\n        log.append('closed')\nlog = []\nx = g(); next(x); x.close()\n"
         "raise SystemExit(log.count('closed'))", 1},
        {"class C:\n    def __enter__(self): return 5\n    def __exit__(self, t, v, tb): return t is ValueError\n"
         "with C() as c:\n    raise ValueError\nraise SystemExit(c)", 5},
    };
    RUN(cases);
}

static void test_chaining(void)
{
    static const struct program_case cases[] = {
        {"try:\n    try:\n        1 / 0\n    except ZeroDivisionError as a:\n        raise KeyError('k') from a\nexcept KeyError "
         "as b:\n"
         "    assert type(b.__cause__) is ZeroDivisionError and b.__suppress_context__\n    raise SystemExit(8)",
         8},
        {"try:\n    try:\n        1 / 0\n    finally:\n        [].pop()\nexcept IndexError as b:\n"
         "    assert type(b.__context__) is ZeroDivisionError and b.__cause__ is None\n    raise SystemExit(9)",
         9},
        {"e = ValueError('x'); e.add_note('n'); assert e.__notes__ == ['n']\ntry:\n    raise ExceptionGroup('g', [e, "
         "KeyError(1)])\n"
         "except* ValueError as g:\n    n = len(g.exceptions)\nexcept* KeyError as g:\n    n += 10 * len(g.exceptions)\nraise "
         "SystemExit(n)",
         11},
        {"def f(): g()\ndef g(): 1 / 0\ntry:\n    f()\nexcept ZeroDivisionError as e:\n    lines = []\n    tb = e.__traceback__\n"
         "    while tb:\n        lines.append(tb.tb_lineno)\n        tb = tb.tb_next\n    assert lines == [4, 1, 2]\nraise "
         "SystemExit(12)",
         12},
    };
    RUN(cases);
}

static void test_classes(void)
{
    static const struct program_case cases[] = {
        {"class A: pass\nclass B(A): pass\nclass C(A): pass\nclass D(B, C): pass\nassert D.__mro__ == (D, B, C, A, object)\n"
         "try:\n    class E(A, B): pass\nexcept TypeError:\n    raise SystemExit(13)", 13},
        {"class P:\n    def f(self): return 1\nclass Q(P):\n    def f(self): return super().f() + 1\nraise SystemExit(Q().f())", 2},
        {"class D:\n    def __get__(self, o, t): return 14 if o else self\n    def __set__(self, o, v): o.__dict__['d'] = v\n"
         "class C:\n    d = D()\nc = C(); c.d = 3\nraise SystemExit(c.d)", 14},
        {"class M(type):\n    def __call__(cls, *a): return (cls.__name__, a)\nclass C(metaclass=M): pass\nassert C(1) == ('C', (1,))", 0},
        {"class S:\n    __slots__ = 'a',\ns = S(); s.a = 1\ntry:\n    s.b = 2\nexcept AttributeError:\n    raise SystemExit(15)", 15},
        {"class N:\n    def __init__(self, v): self.v = v\n    def __add__(self, o): return NotImplemented\n"
         "    def __radd__(self, o): return o + self.v\nraise SystemExit(6 + N(10))", 16},
        {"class B:\n    def __init_subclass__(cls, k=0, **r): cls.k = k\nclass C(B, k=17): pass\nraise SystemExit(C.k)", 17},
        {"class G:\n    def __getattr__(self, n): return len(n)\nraise SystemExit(G().eighteen_characters)", 19},
    };
    RUN(cases);
}

int main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("exceptions", NULL, NULL);
    CU_add_test(suite, "handlers", test_handlers);
    CU_add_test(suite, "finally", test_finally);
    CU_add_test(suite, "chaining", test_chaining);
    CU_add_test(suite, "classes", test_classes);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures != 0;
}
