/* test_frontend.c - the frontend: compiling, decoding, blocks and depths, exception ranges, caches, hostile input.
 * Needs CPython 3.11 where HYBRIDSIM_PYTHON says or where the frontend looks by itself. */
#include "frontend/cache.h"
#include "frontend/frontend.h"

#include <CUnit/Basic.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern char **environ;

static struct frontend *frontend;
static struct diag diag;
static char directory[] = "/tmp/hybridsim-test-XXXXXX";

static struct frontend_options make_options(void)
{
    return (struct frontend_options){.python_hint = getenv("HYBRIDSIM_PYTHON"), .environment = environ};
}

static struct code_unit *compile_text(const char *source, struct compile_failure *failure)
{
    struct compile_request request = {.source = source, .size = strlen(source), .filename = "t.py"};
    return frontend_compile_source(frontend, &request, failure, &diag);
}

static struct code_unit *must_compile(const char *source)
{
    struct code_unit *unit = compile_text(source, NULL);
    if (!unit)
        diag_print(&diag, stderr);
    CU_ASSERT_PTR_NOT_NULL_FATAL(unit);
    return unit;
}

static const struct code *code_named(const struct code_unit *unit, const char *name)
{
    for (uint32_t i = 0; i < unit->code_count; i++)
        if (strcmp(unit->codes[i]->name.text, name) == 0)
            return unit->codes[i];
    CU_FAIL_FATAL("no such code");
    return NULL;
}

/* The n-th (from 0) instruction with this op, or NULL. */
static const struct instruction *find_op(const struct code *code, enum op op, int n)
{
    for (uint32_t i = 0; i < code->instruction_count; i++)
        if (code->instructions[i].op == op && n-- == 0)
            return &code->instructions[i];
    return NULL;
}

static char *file_in_directory(const char *name)
{
    struct buffer path = {0};
    buffer_printf(&path, "%s/%s", directory, name);
    return path.bytes;
}

static void write_whole(const char *path, const void *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    CU_ASSERT_EQUAL(fwrite(bytes, 1, size, file), size);
    CU_ASSERT_EQUAL(fclose(file), 0);
}

static void expect_error(const char *part)
{
    CU_ASSERT_EQUAL(diag.count, 1);
    if (diag.count && !strstr(diag.entries[0].text, part))
        fprintf(stderr, "\nfound: %s\nexpected: %s\n", diag.entries[0].text, part);
    CU_ASSERT(diag.count && strstr(diag.entries[0].text, part));
    diag_free(&diag);
}

static void test_ops(void)
{
    static const struct {
        const char *source;
        enum op op;
        enum argument_role role;
        uint32_t argument;
        int pops, pushes;
    } cases[] = {
        {"a + b", OP_add, ARGUMENT_NONE, 0, 2, 1},
        {"a @ b", OP_matmul, ARGUMENT_NONE, 4, 2, 1},
        {"a **= b", OP_ipower, ARGUMENT_NONE, 21, 2, 1},
        {"a >= b", OP_ge, ARGUMENT_NONE, 5, 2, 1},
        {"a not in b", OP_not_in, ARGUMENT_NONE, 1, 2, 1},
        {"a is not b", OP_is_not, ARGUMENT_NONE, 1, 2, 1},
        {"a, b = c", OP_unpack_2, ARGUMENT_NONE, 2, 1, 2},
        {"a, b, c = d", OP_unpack_3, ARGUMENT_NONE, 3, 1, 3},
        {"a, b, c, d = e", OP_unpack, ARGUMENT_COUNT, 4, 1, 4},
        {"a, *b, c = d", OP_unpack_ex, ARGUMENT_COUNT, 257, 1, 3},
        {"f(1, 2)", OP_call, ARGUMENT_COUNT, 2, 4, 1},
        {"f(*a)", OP_call_ex, ARGUMENT_COUNT, 0, 3, 1},
        {"f(*a, **b)", OP_call_ex, ARGUMENT_COUNT, 1, 4, 1},
        {"f(*a, **b)", OP_dict_merge, ARGUMENT_DEPTH, 1, 1, 0},
        {"f(a=1)", OP_kw_names, ARGUMENT_CONSTANT_INDEX, 1, 0, 0},
        {"a.b", OP_load_attr, ARGUMENT_NAME, 1, 1, 1},
        {"a.b()", OP_load_method, ARGUMENT_NAME, 1, 1, 2},
        {"a.b = c", OP_store_attr, ARGUMENT_NAME, 2, 2, 0},
        {"a[b:c:d]", OP_build_slice, ARGUMENT_COUNT, 3, 3, 1},
        {"f'{a!r:>3}'", OP_format_value, ARGUMENT_COUNT, 6, 2, 1},
        {"{a: b, c: d}", OP_build_map, ARGUMENT_COUNT, 2, 4, 1},
        {"{'x': a, 'y': b}", OP_build_const_key_map, ARGUMENT_COUNT, 2, 3, 1},
        {"[x for x in a]", OP_list_append, ARGUMENT_DEPTH, 2, 1, 0},
        {"{x: y for x, y in a}", OP_map_add, ARGUMENT_DEPTH, 2, 2, 0},
        {"lambda x=1, *, y=2: x", OP_make_function, ARGUMENT_COUNT, 3, 3, 1},
        {"raise a from b", OP_raise, ARGUMENT_COUNT, 2, 2, 0},
        {"import a", OP_import_name, ARGUMENT_NAME, 0, 2, 1},
        {"from a import b", OP_import_from, ARGUMENT_NAME, 1, 0, 1},
        {"a < b < c", OP_swap, ARGUMENT_DEPTH, 2, 0, 0},
        {"x = a or b", OP_jump_if_true_keep, ARGUMENT_TARGET, 1, 1, 0},
        {"global g\ndef f():\n  return g(1)", OP_load_global_null, ARGUMENT_NAME, 0, 0, 2},
        {"def f(a):\n  while a is not None: a = g(a)", OP_jump_if_not_none, ARGUMENT_TARGET, 17, 1, 0},
        {"def f():\n  yield from g()", OP_send, ARGUMENT_TARGET, 3, 1, 1},
        {"match a:\n  case A(x, y=1): pass", OP_match_class, ARGUMENT_COUNT, 1, 3, 1},
        {"async def f():\n  async with a: pass", OP_before_async_with, ARGUMENT_NONE, 0, 1, 2},
        {"try: pass\nexcept* A: pass", OP_check_eg_match, ARGUMENT_NONE, 0, 2, 2},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct code_unit *unit = must_compile(cases[i].source);
        const struct instruction *found = NULL;
        for (uint32_t k = 0; k < unit->code_count && !found; k++)
            found = find_op(unit->codes[k], cases[i].op, 0);
        bool right = found && found->role == cases[i].role && found->argument == cases[i].argument &&
                     found->pops == cases[i].pops && found->pushes == cases[i].pushes;
        if (!right)
            fprintf(stderr, "\n%s: %s role %d argument %" PRIu32 " pops %d pushes %d\n", cases[i].source,
                    op_infos[cases[i].op].name, found ? found->role : -1, found ? found->argument : 0,
                    found ? found->pops : -1, found ? found->pushes : -1);
        CU_ASSERT(right);
        code_unit_free(unit);
    }
}

static void test_locals(void)
{
    struct code_unit *unit = must_compile("def f(a, c):\n"
                                          "    if c:\n"
                                          "        b = a\n"
                                          "    b\n"     /* may be unbound */
                                          "    b\n"     /* bound when execution gets here */
                                          "    del a\n"
                                          "    a\n");   /* certainly unbound */
    const struct code *code = code_named(unit, "f");
    CU_ASSERT_EQUAL(code->argument_count, 2);
    CU_ASSERT_EQUAL(code->local_count, 3);
    const struct instruction *first = find_op(code, OP_checked, 0), *second = find_op(code, OP_checked, 1);
    CU_ASSERT_PTR_NOT_NULL_FATAL(first);
    CU_ASSERT_PTR_NOT_NULL_FATAL(second);
    CU_ASSERT_EQUAL(first->line, 4);
    CU_ASSERT_EQUAL(first->argument, 2);
    CU_ASSERT_EQUAL(first->role, ARGUMENT_LOCAL_INDEX);
    CU_ASSERT_EQUAL(second->line, 7);
    CU_ASSERT_PTR_NULL(find_op(code, OP_checked, 2));
    code_unit_free(unit);

    unit = must_compile("def f():\n  try:\n    x = g()\n  except E:\n    pass\n  return x\n");
    CU_ASSERT_PTR_NOT_NULL(find_op(code_named(unit, "f"), OP_checked, 0));
    code_unit_free(unit);

    unit = must_compile("def f(x):\n  def g():\n    return x\n  return g\n");
    code = code_named(unit, "f");
    CU_ASSERT_EQUAL(code->local_kinds[0], LOCAL_FAST | LOCAL_CELL);
    CU_ASSERT_EQUAL(code_named(unit, "g")->free_count, 1);
    CU_ASSERT_EQUAL(code_named(unit, "g")->local_kinds[0], LOCAL_FREE);
    code_unit_free(unit);
}

static void test_blocks(void)
{
    struct code_unit *unit = must_compile("def f(n):\n"
                                          "    for i in n:\n"
                                          "        while i:\n"
                                          "            i -= 1\n"
                                          "    return i and n\n");
    const struct code *code = code_named(unit, "f");
    const struct instruction *for_iter = find_op(code, OP_for_iter, 0), *sub = find_op(code, OP_isub, 0);
    CU_ASSERT_EQUAL(for_iter->depth, 1);
    CU_ASSERT_EQUAL(code->blocks[for_iter->block].loop_depth, 1);
    CU_ASSERT_EQUAL(code->blocks[for_iter->block].entry_depth, 1);
    CU_ASSERT_EQUAL(code->blocks[for_iter->target].entry_depth, 0);
    CU_ASSERT_EQUAL(code->blocks[for_iter->target].loop_depth, 0);
    CU_ASSERT_EQUAL(code->blocks[for_iter->block].fallthrough, for_iter->block + 1);
    CU_ASSERT_EQUAL(code->blocks[sub->block].loop_depth, 2);
    const struct instruction *keep = find_op(code, OP_jump_if_false_keep, 0);
    CU_ASSERT_EQUAL(keep->depth, 1);
    CU_ASSERT_EQUAL(code->blocks[keep->target].entry_depth, 1);
    CU_ASSERT_EQUAL(code->blocks[keep->block + 1].entry_depth, 0);
    uint32_t next = 0;
    for (uint32_t i = 0; i < code->block_count; i++) {
        CU_ASSERT_EQUAL(code->blocks[i].first, next);
        next += code->blocks[i].count;
    }
    CU_ASSERT_EQUAL(next, code->instruction_count);
    code_unit_free(unit);
}

static void test_suspension(void)
{
    struct code_unit *unit = must_compile("def f(a):\n  x = yield a\n  return (yield from a)\n");
    const struct code *code = code_named(unit, "f");
    const struct instruction *generator = find_op(code, OP_return_generator, 0), *send = find_op(code, OP_send, 0);
    CU_ASSERT_EQUAL(generator->block, 0);
    CU_ASSERT_EQUAL(code->blocks[0].count, 1);
    CU_ASSERT_EQUAL(code->blocks[1].entry_depth, 1);
    const struct instruction *yield = find_op(code, OP_yield, 0);
    CU_ASSERT_NOT_EQUAL(yield->block, yield[1].block);
    CU_ASSERT_EQUAL(send->depth, 2);
    CU_ASSERT_EQUAL(code->blocks[send->block].fallthrough, send->block + 1);
    CU_ASSERT_EQUAL(code->blocks[send->block + 1].entry_depth, 2);
    CU_ASSERT_EQUAL(code->blocks[send->target].entry_depth, 1);
    code_unit_free(unit);
}

static void test_exceptions(void)
{
    struct code_unit *unit = must_compile("def f():\n  for i in g:\n    try:\n      h()\n    except E:\n      pass\n");
    const struct code *code = code_named(unit, "f");
    CU_ASSERT_EQUAL_FATAL(code->handler_count, 3);
    const struct exception_range *range = &code->handlers[0];
    CU_ASSERT_EQUAL(range->depth, 1);
    CU_ASSERT_FALSE(range->push_lasti);
    CU_ASSERT(code->blocks[range->target].is_handler);
    CU_ASSERT_EQUAL(code->blocks[range->target].entry_depth, 2);
    CU_ASSERT_EQUAL(code->instructions[range->start].line, 4);
    CU_ASSERT_EQUAL(code->instructions[code->blocks[range->target].first].op, OP_push_exc_info);
    CU_ASSERT_EQUAL(code->handlers[1].depth, 2);
    CU_ASSERT(code->handlers[1].push_lasti);
    CU_ASSERT_EQUAL(code->blocks[code->handlers[1].target].entry_depth, 4);
    for (uint32_t i = 0; i < code->handler_count; i++)
        for (uint32_t k = code->handlers[i].start; k < code->handlers[i].end; k++)
            CU_ASSERT_EQUAL(code->blocks[code->instructions[k].block].handler, i);
    code_unit_free(unit);
}

static void test_prefixes(void)
{
    struct buffer source = {0};
    buffer_add_text(&source, "while a:\n");
    for (int i = 0; i < 300; i++)
        buffer_printf(&source, " n%d = %d\n", i, 1000 + i);
    struct code_unit *unit = must_compile(source.bytes);
    const struct instruction *last = NULL;
    for (int i = 0; i <= 299; i++)
        last = find_op(unit->module, OP_store_name, i);
    CU_ASSERT_EQUAL(last->prefixes, 1);
    CU_ASSERT_STRING_EQUAL(unit->module->names[last->argument].text, "n299");
    CU_ASSERT_EQUAL(unit->module->bytecode[2 * last->offset], last->source_opcode);
    CU_ASSERT_STRING_EQUAL(frontend_opcode_name(last->source_opcode), "STORE_NAME");
    const struct instruction *jump = find_op(unit->module, OP_jump_if_true, 0);
    CU_ASSERT_EQUAL(jump->prefixes, 1);
    CU_ASSERT_EQUAL(jump->target, jump->block);
    CU_ASSERT_EQUAL(unit->module->blocks[jump->block].loop_depth, 1);
    code_unit_free(unit);
    buffer_free(&source);
}

static void test_constants(void)
{
    struct code_unit *unit =
        must_compile("a = 2**63\nb = -2**62\nc = -2**63\nd = 1.5j\ne = 'caf\xc3\xa9'\nf = b'x\\0y'\n"
                     "g = (1, (2.5, None, ..., True))\nh = q in {8, 0, 16}\ni = -1180591620717411303424\nj = '\\ud800'\n");
    const struct code *code = unit->module;
    int seen = 0;
    for (uint32_t i = 0; i < code->constant_count; i++) {
        const struct constant *constant = &code->constants[i];
        if (constant->kind == CONSTANT_BIG_INT)
            seen |= strcmp(constant->text, "8000000000000000") == 0 ? 1 : 0;
        if (constant->kind == CONSTANT_BIG_INT)
            seen |= strcmp(constant->text, "-400000000000000000") == 0 ? 2 : 0;
        if (constant->kind == CONSTANT_INT)
            seen |= constant->integer == INT64_MIN ? 4 : constant->integer == -((int64_t)1 << 62) ? 8 : 0;
        if (constant->kind == CONSTANT_COMPLEX)
            seen |= constant->imaginary == 1.5 ? 16 : 0;
        if (constant->kind == CONSTANT_STRING)
            seen |= strcmp(constant->text, "caf\xc3\xa9") == 0 ? 32 : strcmp(constant->text, "\xed\xa0\x80") == 0 ? 64 : 0;
        if (constant->kind == CONSTANT_BYTES)
            seen |= constant->size == 3 && memcmp(constant->text, "x\0y", 3) == 0 ? 128 : 0;
        if (constant->kind == CONSTANT_TUPLE)
            seen |= constant->items[1].kind == CONSTANT_TUPLE && constant->items[1].items[0].real == 2.5 ? 256 : 0;
        if (constant->kind == CONSTANT_FROZENSET) /* in the order in which the program made it, not sorted */
            seen |= constant->items[0].integer == 8 && constant->items[1].integer == 0 ? 512 : 0;
    }
    CU_ASSERT_EQUAL(seen, 1023);
    code_unit_free(unit);
}

static void test_aliases(void)
{
    static const char *const expected[][2] = {{"math", "math"}, {"np", "numpy"}, {"os", "os"}, {"p", "os.path"},
                                              {"q", "a.b.c"},   {"exp", "math.exp"}, {"s", "math.sin"}};
    struct code_unit *unit = must_compile("import math, numpy as np, os.path\nimport os.path as p\nimport a.b.c as q\n"
                                          "from math import exp, sin as s\nfrom . import x\n");
    CU_ASSERT_EQUAL_FATAL(unit->alias_count, 7);
    for (int i = 0; i < 7; i++) {
        CU_ASSERT_STRING_EQUAL(unit->aliases[i].name.text, expected[i][0]);
        CU_ASSERT_STRING_EQUAL(unit->aliases[i].path, expected[i][1]);
    }
    code_unit_free(unit);
}

static void test_failures(void)
{
    struct compile_failure failure;
    CU_ASSERT_PTR_NULL(compile_text("x = 1\nif x\n  pass\n", &failure));
    CU_ASSERT_STRING_EQUAL(failure.class_name, "SyntaxError");
    CU_ASSERT_STRING_EQUAL(failure.message, "expected ':'");
    CU_ASSERT_STRING_EQUAL(failure.filename, "t.py");
    CU_ASSERT_STRING_EQUAL(failure.text, "if x\n");
    CU_ASSERT_EQUAL(failure.line, 2);
    CU_ASSERT_EQUAL(failure.offset, 5);
    CU_ASSERT_STRING_EQUAL(failure.formatted,
                           "  File \"t.py\", line 2\n    if x\n        ^\nSyntaxError: expected ':'\n");
    compile_failure_free(&failure);
    CU_ASSERT_EQUAL(diag.count, 0);

    CU_ASSERT_PTR_NULL(compile_text("f(", NULL));
    CU_ASSERT(diag.verbatim);
    expect_error("SyntaxError: '(' was never closed\n");

    struct code_unit *unit = must_compile("x = 1\nif x is 1: pass\n");
    code_unit_free(unit);
    char *warnings = frontend_take_warnings(frontend);
    CU_ASSERT_PTR_NOT_NULL_FATAL(warnings);
    CU_ASSERT_STRING_EQUAL(warnings, "\001" "4 2 10 =-\n" /* the place of the SyntaxError that it may become; no text of the file */
                                     "t.py:2: SyntaxWarning: \"is\" with a literal. Did you mean \"==\"?\n");
    free(warnings);
    CU_ASSERT_PTR_NULL(frontend_take_warnings(frontend));
}

static void expect_load_error(const char *path, const char *part)
{
    CU_ASSERT_PTR_NULL(frontend_load_script(frontend, path, &diag));
    expect_error(part);
}

static void test_bad_files(void)
{
    expect_load_error("/nonexistent/x.py", "can't open file '/nonexistent/x.py': [Errno 2] No such file or directory");
    expect_load_error(directory, "can't find '__main__' module in '/tmp/hybridsim-test-");
    char *path = file_in_directory("x.pyc");
    write_whole(path, "\xcb\x0d\r\n\0\0\0\0\0\0\0\0\0\0\0\0", 16);
    expect_load_error(path, "written by CPython 3.12, expected CPython 3.11");
    write_whole(path, "nonsense", 8);
    expect_load_error(path, "bad magic number in '");
    write_whole(path, "", 0);
    expect_load_error(path, "truncated .pyc file");
    unlink(path);
    free(path);

    struct frontend_options options = {.python = "/bin/sh", .environment = environ};
    struct frontend *other = frontend_new(&options);
    struct compile_request request = {.source = "1", .size = 1, .filename = "t.py"};
    CU_ASSERT_PTR_NULL(frontend_compile_source(other, &request, NULL, &diag));
    expect_error("CPython 3.11 is needed to compile Python source; found /bin/sh (not a working Python)");
    frontend_free(other);
}

/* Marshalled code of a program with a bit of everything. */
static struct compile_answer sample_code(void)
{
    static const char source[] = "import math as m\n"
                                 "def f(a, *b, c=(1, 2.5, 'x', 1j, 2**80), **d):\n"
                                 "    try:\n"
                                 "        yield from (x for x in b if x in {1, 2})\n"
                                 "    except (A, B) as e:\n"
                                 "        with a: return lambda: e\n"
                                 "class C:\n"
                                 "    async def g(self): return [await y async for y in self]\n";
    struct frontend_options options = make_options();
    struct compiler compiler;
    struct compile_answer answer;
    struct compile_request request = {.source = source, .size = sizeof source - 1, .filename = "s.py"};
    compiler_init(&compiler, &options, &cpython311);
    CU_ASSERT_FATAL(compiler_compile(&compiler, &request, &answer, &diag));
    CU_ASSERT_FATAL(answer.compiled);
    compiler_stop(&compiler);
    return answer;
}

static void test_truncation(void)
{
    struct compile_answer answer = sample_code();
    char *path = file_in_directory("t.pyc");
    struct buffer pyc = {0};
    buffer_add(&pyc, "\xa7\x0d\r\n\0\0\0\0\0\0\0\0\0\0\0\0", 16);
    buffer_add(&pyc, answer.code.bytes, answer.code.size);
    for (size_t size = 0; size < pyc.size; size++) {
        write_whole(path, pyc.bytes, size);
        CU_ASSERT_PTR_NULL(frontend_load_pyc(path, &diag));
        expect_error(size < 16 ? "truncated .pyc file" : "at byte ");
    }
    write_whole(path, pyc.bytes, pyc.size);
    struct code_unit *unit = frontend_load_script(frontend, path, &diag);
    CU_ASSERT_PTR_NOT_NULL_FATAL(unit);
    CU_ASSERT_EQUAL(unit->code_count, 7);
    code_unit_free(unit);
    unlink(path);
    free(path);
    buffer_free(&pyc);
    compile_answer_free(&answer);
}

/* Every byte replaced by some others: code or one error. */
static void test_damage(void)
{
    static const uint8_t changes[] = {0x01, 0x80, 0xff, 0x10};
    struct compile_answer answer = sample_code();
    for (size_t i = 0; i < answer.code.size; i++)
        for (size_t k = 0; k < sizeof changes; k++) {
            answer.code.bytes[i] = (char)(answer.code.bytes[i] ^ changes[k]);
            struct code_unit *unit = frontend_read_marshalled(answer.code.bytes, answer.code.size, "damaged", &diag);
            CU_ASSERT_EQUAL(diag.count, unit ? 0 : 1);
            struct buffer text = {0};
            for (uint32_t c = 0; unit && c < unit->code_count; c++)
                frontend_dump(unit->codes[c], &text);
            buffer_free(&text);
            code_unit_free(unit);
            diag_free(&diag);
            answer.code.bytes[i] = (char)(answer.code.bytes[i] ^ changes[k]);
        }
    compile_answer_free(&answer);
}

static bool same_constant(const struct constant *a, const struct constant *b)
{
    if (a->kind != b->kind)
        return false;
    switch (a->kind) {
    case CONSTANT_NONE: case CONSTANT_TRUE: case CONSTANT_FALSE: case CONSTANT_ELLIPSIS:
        return true;
    case CONSTANT_INT:
        return a->integer == b->integer;
    case CONSTANT_FLOAT: case CONSTANT_COMPLEX:
        return memcmp(&a->real, &b->real, sizeof a->real) == 0 &&
               (a->kind == CONSTANT_FLOAT || memcmp(&a->imaginary, &b->imaginary, sizeof a->imaginary) == 0);
    case CONSTANT_BIG_INT: case CONSTANT_STRING: case CONSTANT_BYTES:
        return a->size == b->size && memcmp(a->text, b->text, a->size) == 0;
    case CONSTANT_TUPLE: case CONSTANT_FROZENSET:
        for (size_t i = 0; a->size == b->size && i < a->size; i++)
            if (!same_constant(&a->items[i], &b->items[i]))
                return false;
        return a->size == b->size;
    case CONSTANT_CODE:
        return a->code->index == b->code->index;
    }
    return false;
}

/* Written and read again: the same code objects in the same order, which are written the same. */
static void test_written(void)
{
    struct code_unit *unit = must_compile(
        "import math as m\nfrom a import b\n"
        "x = 2**63, -2**62, -2**63, 2**31, -2**31 - 1, 7, 1.5, -0.0, 1e999, 2.5j, None, ..., True\n"
        "y = 'caf\xc3\xa9', '\\ud800', '', b'', b'x\\0y', 2**90, -2**75, 2**15, 1 << 45\nz = q in {8, 0, 'a', (1, False)}\n"
        "class C:\n    def f(self, /, a, *r, k=1, **n):\n        try:\n            return [a for a in r if self.g(lambda: a)]\n"
        "        except E as e:\n            del n\n        with a as b: yield b\nasync def h():\n    async for i in j: await i\n");
    struct buffer bytes = {0}, again = {0}, text = {0}, other_text = {0};
    frontend_write_marshalled(unit->module, &bytes);
    struct code_unit *other = frontend_read_marshalled(bytes.bytes, bytes.size, "written", &diag);
    CU_ASSERT_PTR_NOT_NULL_FATAL(other);
    frontend_write_marshalled(other->module, &again);
    CU_ASSERT_TRUE(bytes.size == again.size && memcmp(bytes.bytes, again.bytes, bytes.size) == 0);
    CU_ASSERT_EQUAL_FATAL(unit->code_count, other->code_count);
    CU_ASSERT_EQUAL(unit->alias_count, other->alias_count);
    for (uint32_t i = 0; i < unit->code_count; i++) {
        const struct code *code = unit->codes[i], *copy = other->codes[i];
        code_ready(code);
        frontend_dump(code, &text);
        frontend_dump(copy, &other_text);
        CU_ASSERT_EQUAL_FATAL(code->constant_count, copy->constant_count);
        for (uint32_t k = 0; k < code->constant_count; k++)
            CU_ASSERT_TRUE(same_constant(&code->constants[k], &copy->constants[k]));
    }
    CU_ASSERT_STRING_EQUAL(text.bytes, other_text.bytes);
    code_unit_free(other);
    code_unit_free(unit);
    buffer_free(&bytes);
    buffer_free(&again);
    buffer_free(&text);
    buffer_free(&other_text);
}

static void test_hostile(void)
{
    static const struct {
        const char *bytes;
        size_t size;
        const char *error;
    } cases[] = {
        {"", 0, "at byte 0: truncated"},
        {"N", 1, "at byte 0: found an object that is not code"},
        {"r\0\0\0\0", 5, "at byte 1: reference to an object that does not exist"},
        {"\xa9\x01r\0\0\0\0", 7, "at byte 3: reference to an object that does not exist"},
        {"(\xff\xff\xff\x7f", 5, "at byte 1: size beyond the end of the data"},
        {"(\xff\xff\xff\xff", 5, "at byte 1: negative size"},
        {"s\0\0\0\x40", 5, "at byte 1: size beyond the end of the data"},
        {"l\0\0\0\x80", 5, "at byte 1: size beyond the end of the data"},
        {"l\x01\0\0\0\0\0", 7, "at byte 1: integer is not normalised"},
        {"u\x01\0\0\0\xff", 6, "at byte 1: malformed UTF-8"},
        {"z\x01\xff", 3, "at byte 1: non-ASCII character in an ASCII string"},
        {"[\0\0\0\0", 5, "at byte 0: object of a type that no compiled program contains"},
        {"?", 1, "at byte 0: unknown type of object"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CU_ASSERT_PTR_NULL(frontend_read_marshalled(cases[i].bytes, cases[i].size, "hostile", &diag));
        expect_error(cases[i].error);
    }
    struct buffer deep = {0};
    for (int i = 0; i < 100000; i++)
        buffer_add(&deep, ")\x01", 2);
    CU_ASSERT_PTR_NULL(frontend_read_marshalled(deep.bytes, deep.size, "deep", &diag));
    expect_error("at byte 1000: objects nested too deep");
    deep.size = 0;
    buffer_add(&deep, ")\x40", 2); /* each tuple holds the one before it twice: 2 to the 63rd items */
    buffer_add(&deep, "\xa9\x01N", 3);
    for (uint8_t i = 0; i < 63; i++) {
        uint8_t twice[] = {0xa9, 2, 'r', i, 0, 0, 0, 'r', i, 0, 0, 0};
        buffer_add(&deep, twice, sizeof twice);
    }
    CU_ASSERT_PTR_NULL(frontend_read_marshalled(deep.bytes, deep.size, "bomb", &diag));
    expect_error("constant with too many items");
    buffer_free(&deep);
}

static void test_cache(void)
{
    static const char source[] = "x = 1\nif x is 1: print(f'{x}' in {'b', 'a', 'c'})\n";
    struct compile_request request = {.source = source, .size = sizeof source - 1, .filename = "c.py"};
    char *cache = file_in_directory("a/cache");
    struct frontend_options options = make_options();
    options.cache_directory = cache;
    struct buffer dumps[3] = {{0}};
    char *entry = NULL;
    for (int run = 0; run < 3; run++) { /* cold; warm; damaged */
        if (run == 2) {
            struct content_key key = cache_key_of(&cpython311, options.python_hint, &request);
            struct buffer path = {0};
            buffer_printf(&path, "%s/%016" PRIx64 "%016" PRIx64 ".code", cache, key.words[0], key.words[1]);
            entry = path.bytes;
            write_whole(entry, "HSC3 is not all", 15);
        }
        struct frontend *cached = frontend_new(&options);
        struct code_unit *unit = frontend_compile_source(cached, &request, NULL, &diag);
        CU_ASSERT_PTR_NOT_NULL_FATAL(unit);
        CU_ASSERT((frontend_python(cached) == NULL) == (run == 1));
        char *warnings = frontend_take_warnings(cached);
        CU_ASSERT(warnings && strstr(warnings, "SyntaxWarning"));
        free(warnings);
        frontend_dump(unit->module, &dumps[run]);
        CU_ASSERT_STRING_EQUAL(dumps[run].bytes, dumps[0].bytes);
        code_unit_free(unit);
        frontend_free(cached);
    }
    for (int i = 0; i < 3; i++)
        buffer_free(&dumps[i]);
    unlink(entry);
    rmdir(cache);
    *strrchr(cache, '/') = 0;
    rmdir(cache);
    free(cache);
    free(entry);
}

/* A __pycache__ entry is used when it fits the source's time and size, or its hash; else the source is compiled. */
static void test_pycache(void)
{
    struct compile_answer answer = sample_code();
    char *source = file_in_directory("m.py"), *pycache = file_in_directory("__pycache__");
    char *pyc_path = file_in_directory("__pycache__/m.cpython-311.pyc");
    struct stat status;
    write_whole(source, "pass\n", 5);
    CU_ASSERT_EQUAL(stat(source, &status), 0);
    mkdir(pycache, 0777);
    uint32_t time = (uint32_t)status.st_mtim.tv_sec;
    /* siphash13 of "pass\n" with CPython 3.11's key: _imp.source_hash(168627623, b"pass\n") */
    static const uint8_t hash[8] = {0xb1, 0x13, 0xe2, 0x69, 0x50, 0xc7, 0x83, 0x62};
    for (int run = 0; run < 5; run++) { /* fits; other time; unchecked hash; checked hash, wrong; checked hash, right */
        uint8_t header[16] = {0xa7, 0x0d, '\r', '\n', (uint8_t)(run == 2 ? 1 : run > 2 ? 3 : 0)};
        uint32_t words[2] = {time + (run == 1), 5};
        for (int i = 0; i < 8; i++)
            header[8 + i] = run == 4 ? hash[i] : (uint8_t)(words[i / 4] >> (i % 4 * 8));
        struct buffer pyc = {0};
        buffer_add(&pyc, header, sizeof header);
        buffer_add(&pyc, answer.code.bytes, answer.code.size);
        write_whole(pyc_path, pyc.bytes, pyc.size);
        buffer_free(&pyc);
        struct code_unit *unit = frontend_load_module_source(frontend, source, NULL, NULL, &diag);
        CU_ASSERT_PTR_NOT_NULL_FATAL(unit);
        CU_ASSERT_EQUAL(unit->code_count, run == 1 || run == 3 ? 1 : 7);
        CU_ASSERT_STRING_EQUAL(unit->codes[unit->code_count - 1]->filename.text, source);
        code_unit_free(unit);
    }
    unlink(pyc_path);
    unlink(source);
    rmdir(pycache);
    free(pyc_path);
    free(pycache);
    free(source);
    compile_answer_free(&answer);
}

int main(void)
{
    struct frontend_options options = make_options();
    if (!mkdtemp(directory) || CU_initialize_registry() != CUE_SUCCESS)
        return 2;
    diag_init(&diag);
    frontend = frontend_new(&options);
    CU_pSuite suite = CU_add_suite("frontend", NULL, NULL);
    CU_ADD_TEST(suite, test_ops);
    CU_ADD_TEST(suite, test_locals);
    CU_ADD_TEST(suite, test_blocks);
    CU_ADD_TEST(suite, test_suspension);
    CU_ADD_TEST(suite, test_exceptions);
    CU_ADD_TEST(suite, test_prefixes);
    CU_ADD_TEST(suite, test_constants);
    CU_ADD_TEST(suite, test_aliases);
    CU_ADD_TEST(suite, test_failures);
    CU_ADD_TEST(suite, test_bad_files);
    CU_ADD_TEST(suite, test_truncation);
    CU_ADD_TEST(suite, test_damage);
    CU_ADD_TEST(suite, test_written);
    CU_ADD_TEST(suite, test_hostile);
    CU_ADD_TEST(suite, test_cache);
    CU_ADD_TEST(suite, test_pycache);
    CU_basic_set_mode(CU_BRM_NORMAL);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    frontend_free(frontend);
    diag_free(&diag);
    rmdir(directory);
    return failures ? 1 : 0;
}
