/* test_dependence.c - the search for dependences without a program: instructions placed in time, shadows of memory, loops and
 * updates in compiled code, iterations and their distances. Expected figures are worked out beside them. */
#include "frontend/frontend.h"
#include "sim/dependence/dependence.h"

#include <CUnit/Basic.h>
#include <stdlib.h>
#include <string.h>

extern char **environ;

enum { PLENTY = 1 << 30 };

/* An instruction that reads the places and writes one. */
static void execute(struct dependence *dependence, const struct stamp *a, const struct stamp *b, struct stamp *written)
{
    dependence_begin(dependence, 0, 3, 1);
    if (a)
        dependence_join(dependence, a);
    if (b)
        dependence_join(dependence, b);
    dependence_settle(dependence);
    if (written)
        *written = dependence->result;
}

static void test_windows(void)
{
    /* 100 instructions that need nothing: a window of 32 is full after 32 of them, and then begins the next cycle. */
    struct dependence *dependence = dependence_new(PLENTY);
    for (int i = 0; i < 100; i++)
        execute(dependence, NULL, NULL, NULL);
    dependence_finish(dependence);
    CU_ASSERT_EQUAL(dependence->serial, 100);
    CU_ASSERT_EQUAL(dependence->best[LANE_UNLIMITED], 1);
    CU_ASSERT_EQUAL(dependence->best[LANE_WINDOWS], 4);     /* 32 + 32 + 32 + 4 */
    CU_ASSERT_EQUAL(dependence->best[LANE_WINDOWS + 1], 1); /* 128 */
    CU_ASSERT_EQUAL(dependence->best[LANE_LATENCY], 3);
    dependence_free(dependence);

    /* A chain takes as long as it is, whatever the window. */
    dependence = dependence_new(PLENTY);
    struct stamp value = {{0}, 0, 0, 0, 0};
    for (int i = 0; i < 1000; i++)
        execute(dependence, &value, NULL, &value);
    dependence_finish(dependence);
    for (int lane = 0; lane < LANE_REGIONS; lane++)
        CU_ASSERT_EQUAL(dependence->best[lane], lane == LANE_LATENCY ? 3000 : 1000);
    dependence_free(dependence);
}

static void test_window_moves(void)
{
    /* Blocks of a chain of 4 and 60 instructions that need nothing: the chain is 4 long; 64 instructions fill a window of 32 twice,
     * and what comes later starts where the window is. Unlimited, blocks lie on top of each other. */
    struct dependence *dependence = dependence_new(PLENTY);
    for (int block = 0; block < 10; block++) {
        struct stamp value = {{0}, 0, 0, 0, 0};
        for (int i = 0; i < 4; i++)
            execute(dependence, &value, NULL, &value);
        for (int i = 0; i < 60; i++)
            execute(dependence, NULL, NULL, NULL);
    }
    dependence_finish(dependence);
    CU_ASSERT_EQUAL(dependence->best[LANE_UNLIMITED], 4);
    CU_ASSERT(dependence->best[LANE_WINDOWS] >= 640 / 32);
    CU_ASSERT(dependence->best[LANE_WINDOWS] <= 640 / 32 + 10 * 3);
    CU_ASSERT(dependence->best[LANE_WINDOWS + 1] <= dependence->best[LANE_WINDOWS]);
    CU_ASSERT_EQUAL(dependence->best[LANE_WINDOWS + 2], 4);
    dependence_free(dependence);
}

static void test_limits(void)
{
    struct dependence *dependence = dependence_new(1000);
    struct stamp value = {{0}, 1, 0, 0, 0};
    for (uint64_t i = 1; i < 100 && !dependence->stopped; i++) {
        execute(dependence, NULL, NULL, &value);
        shadow_write_item(&dependence->memory, shadow_get(&dependence->memory, i), i, &value);
    }
    CU_ASSERT(dependence->stopped);
    CU_ASSERT(dependence->serial < 10);
    CU_ASSERT_PTR_NOT_NULL(strstr(dependence->stop_reason, "memory"));
    dependence_free(dependence);
}

static bool is_odd(void *context, struct shadow *shadow)
{
    (void)context;
    return shadow->key % 2;
}

static void test_shadows(void)
{
    struct shadow_memory memory = {0};
    CU_ASSERT_PTR_NULL(shadow_find(&memory, 5));
    for (uint32_t key = 1; key <= 3000; key++) {
        struct shadow *shadow = shadow_get(&memory, key);
        struct stamp stamp = {.when = key};
        shadow_write_item(&memory, shadow, key % 7, &stamp);
        shadow_write_key(&memory, shadow, key * 1000, &stamp);
        shadow_write_key(&memory, shadow, 0, &stamp);
    }
    for (uint32_t key = 1; key <= 3000; key++) {
        const struct shadow *shadow = shadow_find(&memory, key);
        CU_ASSERT_EQUAL_FATAL(shadow->key, key);
        CU_ASSERT_EQUAL(shadow_read_item(shadow, key % 7)->when, key);
        CU_ASSERT_PTR_NULL(shadow_read_item(shadow, key % 7 + 1));
        CU_ASSERT_EQUAL(shadow_read_key(shadow, key * 1000)->when, key);
        CU_ASSERT_EQUAL(shadow_read_key(shadow, 0)->when, key);
        CU_ASSERT_PTR_NULL(shadow_read_key(shadow, key * 1000 + 1));
    }
    /* What writes everything hides what was written before, not what comes later. */
    struct shadow *one = shadow_get(&memory, 1);
    shadow_write_all(&memory, one, &(struct stamp){.when = 5000});
    CU_ASSERT_EQUAL(shadow_read_item(one, 1)->when, 5000);
    CU_ASSERT_EQUAL(shadow_read_item(one, 100)->when, 5000);
    CU_ASSERT_EQUAL(shadow_read_key(one, 77)->when, 5000);
    shadow_write_item(&memory, one, 1, &(struct stamp){.when = 6000});
    CU_ASSERT_EQUAL(shadow_read_item(one, 1)->when, 6000);
    shadow_sweep(&memory, is_odd, NULL);
    CU_ASSERT_EQUAL(memory.count, 1500);
    CU_ASSERT_PTR_NULL(shadow_find(&memory, 2000));
    CU_ASSERT_EQUAL(shadow_find(&memory, 2001)->key, 2001);
    shadow_memory_free(&memory);
    CU_ASSERT_EQUAL(memory.bytes, 0);
}

/* ---- compiled code ---- */

struct compiled {
    struct frontend *frontend;
    struct code_unit *unit;
    struct arena *arena;
    struct code_map *map; /* of the first function */
};

static struct compiled compile(const char *source)
{
    struct diag diag;
    diag_init(&diag);
    struct frontend_options options = {.python = "/usr/bin/python3", .environment = environ};
    struct compiled compiled = {.frontend = frontend_new(&options), .arena = arena_new()};
    struct compile_request request = {.source = source, .size = strlen(source), .filename = "<test>", .mode = COMPILE_EXEC,
                                      .optimize = -1};
    compiled.unit = frontend_compile_source(compiled.frontend, &request, NULL, &diag);
    CU_ASSERT_PTR_NOT_NULL_FATAL(compiled.unit);
    code_ready(compiled.unit->codes[1]);
    compiled.map = code_map_new(compiled.unit->codes[1], compiled.arena);
    diag_free(&diag);
    return compiled;
}

static void compiled_free(struct compiled *compiled)
{
    arena_free(compiled->arena);
    code_unit_free(compiled->unit);
    frontend_free(compiled->frontend);
}

static void test_loops(void)
{
    static const struct { const char *source; uint32_t loops, nested, open_ends; } cases[] = {
        {"def f(): pass\n", 0, 0, 0},
        {"def f(a):\n for x in a: pass\n", 1, 0, 0},
        {"def f(a):\n for x in a:\n  for y in x:\n   g(y)\n  for z in x: g(z)\n", 3, 2, 0},
        {"def f(n):\n while n: n -= 1\n", 1, 0, 1},
        {"def f(n):\n while n > 2:\n  n -= 1\n  if n % 2: continue\n  g(n)\n", 1, 0, 1},
        {"def f(a, i):\n while True:\n  while a[i] < 3: i += 1\n  if i > 5: break\n  i += 2\n", 2, 1, 2},
        {"def f(a):\n while a.x and a.y or a.z:\n  if g(a): continue\n  a.x -= 1\n", 1, 0, 1},
        {"def f(a):\n for x in a:\n  try: g(x)\n  except KeyError: continue\n  finally: h(x)\n", 1, 0, 0},
        {"def f(a):\n yield from a\n", 0, 0, 0},
        {"async def f(a):\n await a\n", 0, 0, 0},
        {"def f(a):\n for x in a:\n  if x: break\n", 1, 0, 1},
        {"def f(a):\n for x in a:\n  if x: return x\n", 1, 0, 1},
        {"def f(a):\n for x in a:\n  if x: continue\n  g(x)\n", 1, 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct compiled compiled = compile(cases[i].source);
        const struct code_map *map = compiled.map;
        uint32_t nested = 0, open_ends = 0;
        CU_ASSERT_EQUAL(map->loop_count, cases[i].loops);
        for (uint32_t k = 0; k < map->loop_count; k++)
            nested += map->loops[k].parent != NO_LOOP;
        for (uint32_t k = 0; k < map->loop_count; k++)
            open_ends += map->loops[k].open_end;
        CU_ASSERT_EQUAL(nested, cases[i].nested);
        CU_ASSERT_EQUAL(open_ends, cases[i].open_ends);
        compiled_free(&compiled);
    }
}

static void test_updates(void)
{
    static const struct { const char *statement; int operator; enum variable_kind kind; bool constant; } cases[] = {
        {"s += x", UPDATE_ADD, VARIABLE_LOCAL, false},
        {"s = x + s", UPDATE_ADD, VARIABLE_LOCAL, false},
        {"s = s + x * s2 + 1", UPDATE_ADD, VARIABLE_LOCAL, false},
        {"s -= 2", UPDATE_ADD, VARIABLE_LOCAL, true},
        {"s = x - s", -1, 0, false},
        {"s = s * s", -1, 0, false},
        {"s *= g(x)", UPDATE_MULTIPLY, VARIABLE_LOCAL, false},
        {"s |= x", UPDATE_OR, VARIABLE_LOCAL, false},
        {"s = max(s, x)", UPDATE_MAX, VARIABLE_LOCAL, false},
        {"s = min(x, s)", UPDATE_MIN, VARIABLE_LOCAL, false},
        {"if x > s: s = x", UPDATE_MAX, VARIABLE_LOCAL, false},
        {"if s > x: s = x", UPDATE_MIN, VARIABLE_LOCAL, false},
        {"if x > s: s = s2", -1, 0, false},
        {"a[i] += x", UPDATE_ADD, VARIABLE_ITEM, false},
        {"a[i] = a[i] + x", UPDATE_ADD, VARIABLE_ITEM, false},
        {"a[i] = a[i - 1] + x", -1, 0, false},
        {"a[i] = a.get(i, 0) + 1", UPDATE_ADD, VARIABLE_ITEM, true},
        {"a.n += 1", UPDATE_ADD, VARIABLE_ATTRIBUTE, true},
        {"a.n.m -= x", UPDATE_ADD, VARIABLE_ATTRIBUTE, false},
        {"a.n = b.n + 1", -1, 0, false},
        {"q ^= x", UPDATE_XOR, VARIABLE_NAME, false},
        {"s = x if s > 3 else s + 1", -1, 0, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char source[256];
        snprintf(source, sizeof source, "def f(a, b, i, s, s2, x):\n global q\n %s\n", cases[i].statement);
        struct compiled compiled = compile(source);
        const struct code_map *map = compiled.map;
        CU_ASSERT_EQUAL(map->update_count, cases[i].operator >= 0);
        if (map->update_count == 1) {
            CU_ASSERT_EQUAL((int)map->updates[0].operator, cases[i].operator);
            CU_ASSERT_EQUAL(map->updates[0].kind, cases[i].kind);
            CU_ASSERT_EQUAL(map->updates[0].constant_step, cases[i].constant);
        }
        if (map->update_count != (uint32_t)(cases[i].operator >= 0))
            fprintf(stderr, "%s: %u updates\n", cases[i].statement, map->update_count);
        compiled_free(&compiled);
    }
}

/* A loop of ten iterations, told by hand, in which a place is read that was written `distance` iterations before. */
static void test_distance(void)
{
    struct compiled compiled = compile("def f(a):\n for x in a: g(x)\n");
    for (uint32_t distance = 1; distance < 6; distance++) {
        struct dependence *dependence = dependence_new(PLENTY);
        struct activation activation;
        struct mapped_code *code = dependence_add_code(dependence, compiled.unit->codes[1]);
        const struct code_loop *loop = &code->map->loops[0];
        uint32_t body = code->map->code->blocks[loop->header].fallthrough;
        struct stamp written[10];
        dependence_enter(dependence, &activation, NULL, code, false);
        dependence_block(dependence, &activation, 0);
        execute(dependence, NULL, NULL, NULL);
        for (uint32_t i = 0; i <= 10; i++) {
            dependence_block(dependence, &activation, loop->header);
            execute(dependence, NULL, NULL, NULL);
            if (i == 10)
                break;
            dependence_block(dependence, &activation, body);
            execute(dependence, NULL, NULL, &written[i]);
            struct access access = {VARIABLE_ITEM, code->first_site, 0, ADDITION_NONE};
            if (i >= distance)
                dependence_check(dependence, &written[i - distance], &access, 0);
            dependence_check(dependence, &written[i], &access, 0); /* the same iteration's: nothing */
        }
        dependence_leave(dependence, &activation, NULL);
        dependence_end(dependence);
        const struct region_record *record = &dependence->records[code->first_loop_record];
        CU_ASSERT_EQUAL(record->instances, 1);
        CU_ASSERT_EQUAL(record->iterations, 10);
        CU_ASSERT_EQUAL(record->instructions, 21);
        CU_ASSERT_EQUAL(dependence->carried_count, 1);
        CU_ASSERT_EQUAL(dependence->carried[0].least, distance);
        CU_ASSERT_EQUAL(dependence->carried[0].most, distance);
        CU_ASSERT_EQUAL(dependence->carried[0].count, 10 - distance);
        dependence_free(dependence);
    }
    compiled_free(&compiled);
}

int main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("dependence", NULL, NULL);
    CU_add_test(suite, "windows", test_windows);
    CU_add_test(suite, "a window moves on", test_window_moves);
    CU_add_test(suite, "limits", test_limits);
    CU_add_test(suite, "shadows", test_shadows);
    CU_add_test(suite, "loops", test_loops);
    CU_add_test(suite, "updates", test_updates);
    CU_add_test(suite, "distance", test_distance);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures != 0;
}
