/* test_stack_distance.c - stack distances against caches simulated by brute force, and accesses whose misses are known. */
#include "core/isa.h"
#include "sim/timing/stack_distance.h"

#include <CUnit/Basic.h>
#include <stdlib.h>
#include <string.h>

/* ---- a cache, line by line ---- */

enum { LINES_MOST = 1 << 12 };

struct plain_cache {
    struct machine_cache form;
    uint64_t lines[LINES_MOST]; /* of each set its ways, the latest first: line plus 1 */
    uint64_t misses;
};

static void plain_touch(struct plain_cache *cache, uint64_t line, bool is_new)
{
    struct cache_shape shape = cache_shape_of(&cache->form);
    uint64_t *set = cache->lines + line % shape.sets * shape.ways;
    uint32_t place = 0;
    while (place < shape.ways && set[place] != line + 1)
        place++;
    if (place == shape.ways) {
        cache->misses += !is_new || cache->form.fetches_new;
        place--;
    }
    memmove(set + 1, set, place * sizeof *set);
    set[0] = line + 1;
}

static void plain_access(struct plain_cache *cache, uint64_t address, uint64_t size, bool is_new)
{
    uint64_t bytes = (uint64_t)cache->form.line;
    for (uint64_t line = address / bytes; line <= (address + size - 1) / bytes; line++)
        plain_touch(cache, line, is_new && line * bytes >= address);
}

/* ---- random accesses ---- */

static uint64_t next_random(uint64_t *state)
{
    uint64_t mixed = *state += 0x9e3779b97f4a7c15u;
    mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9u;
    mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111ebu;
    return mixed ^ mixed >> 31;
}

/* Mostly near one of the latest places, sometimes anywhere, sometimes in memory that is new. */
struct walk { uint64_t state, end, near; };

static void next_access(struct walk *walk, uint64_t *address, uint64_t *size, bool *is_new)
{
    uint64_t kind = next_random(&walk->state) % 16;
    *size = 8 * (1 + next_random(&walk->state) % (kind == 1 ? 40 : 4));
    *is_new = kind == 0 || walk->end < 4096;
    if (*is_new) {
        *address = walk->end;
        walk->end += *size + next_random(&walk->state) % 3 * 8;
        return;
    }
    if (kind < 4)
        walk->near = next_random(&walk->state) % walk->end;
    *address = (walk->near + next_random(&walk->state) % 512) % walk->end & ~(uint64_t)7;
}

static const struct machine_cache forms[] = {
    {256, 32, 1, 0, true},    {256, 32, 2, 0, false},  {1024, 64, 4, 0, true},  {1024, 64, 0, 0, true}, {4096, 64, 0, 0, false},
    {4096, 64, 8, 0, true},   {16384, 16, 2, 0, true}, {65536, 64, 0, 0, true}, {65536, 64, 16, 0, true}, {512, 512, 1, 0, true},
    {4096, 128, 32, 0, true}, {32768, 8, 0, 0, false}, {8192, 32, 64, 0, true}, {8192, 32, 4, 0, true},
};
enum { FORM_COUNT = sizeof forms / sizeof *forms };

static void test_brute_force(void)
{
    enum { ACCESSES = 60000 };
    struct cache_shape shapes[FORM_COUNT];
    uint32_t count = 0;
    struct plain_cache *plain = calloc(FORM_COUNT, sizeof *plain);
    struct data_cache *single[FORM_COUNT];
    uint64_t single_misses[FORM_COUNT] = {0}, words = 0;
    for (int i = 0; i < FORM_COUNT; i++) {
        struct machine machine = {.data_cache = forms[i]};
        plain[i].form = forms[i];
        single[i] = data_cache_new(&machine);
        count = cache_shape_add(shapes, count, cache_shape_of(&forms[i]));
    }
    struct stack_distances *distances = stack_distances_new(shapes, count);
    struct walk walk = {.state = 7};
    for (int k = 0; k < ACCESSES; k++) {
        uint64_t address, size;
        bool is_new;
        next_access(&walk, &address, &size, &is_new);
        words += size / 8;
        stack_distances_access(distances, address, size, is_new);
        for (int i = 0; i < FORM_COUNT; i++) {
            plain_access(&plain[i], address, size, is_new);
            single_misses[i] += data_cache_on_access(single[i], address, size, is_new);
        }
    }
    CU_ASSERT_EQUAL(stack_distances_words(distances), words);
    for (int i = 0; i < FORM_COUNT; i++) {
        uint64_t misses = 0;
        CU_ASSERT_TRUE(stack_distances_misses(distances, &forms[i], &misses));
        CU_ASSERT_EQUAL(misses, plain[i].misses);
        CU_ASSERT_EQUAL(single_misses[i], plain[i].misses);
        data_cache_free(single[i]);
    }
    stack_distances_free(distances);
    free(plain);
}

/* All sizes of fully associative caches come of one shape; more ways, or other sets, than were asked for do not. */
static void test_one_pass(void)
{
    const struct cache_shape shapes[] = {{64, 1, 1}, {64, 4, 4}};
    struct stack_distances *distances = stack_distances_new(shapes, 2);
    uint64_t misses, before = UINT64_MAX;
    for (uint64_t round = 0; round < 3; round++)
        for (uint64_t line = 0; line < 100; line++)
            stack_distances_access(distances, 64 * line, 8, round == 0);
    for (int lines = 1; lines <= 200; lines++) {
        const struct machine_cache cache = {64 * lines, 64, 0, 0, true};
        CU_ASSERT_TRUE(stack_distances_misses(distances, &cache, &misses));
        CU_ASSERT_EQUAL(misses, lines < 100 ? 300 : 100); /* a loop that does not fit finds nothing */
        CU_ASSERT_TRUE(misses <= before);
        before = misses;
    }
    const struct machine_cache four = {4 * 4 * 64, 64, 4, 0, false}, eight = {4 * 8 * 64, 64, 8, 0, true},
                               narrow = {4096, 32, 0, 0, true};
    CU_ASSERT_TRUE(stack_distances_misses(distances, &four, &misses));
    CU_ASSERT_EQUAL(misses, 200);
    CU_ASSERT_FALSE(stack_distances_misses(distances, &eight, &misses));
    CU_ASSERT_FALSE(stack_distances_misses(distances, &narrow, &misses));
    stack_distances_free(distances);
}

static uint64_t misses_of_matrix(bool by_columns)
{
    enum { SIDE = 64 };
    struct machine machine = {.data_cache = {2048, 64, 0, 0, false}}; /* 32 lines: half a column's */
    struct data_cache *cache = data_cache_new(&machine);
    uint64_t misses = data_cache_on_access(cache, 0, SIDE * SIDE * 8, true);
    for (uint64_t i = 0; i < SIDE; i++)
        for (uint64_t k = 0; k < SIDE; k++)
            misses += data_cache_on_access(cache, 8 * (by_columns ? SIDE * k + i : SIDE * i + k), 8, false);
    data_cache_free(cache);
    return misses;
}

static void test_known(void)
{
    CU_ASSERT_EQUAL(misses_of_matrix(false), 64 * 8); /* a line is 8 items */
    CU_ASSERT_EQUAL(misses_of_matrix(true), 64 * 64);
    struct machine machine = {.data_cache = {1024, 64, 2, 0, true}};
    struct data_cache *cache = data_cache_new(&machine);
    CU_ASSERT_EQUAL(data_cache_on_access(cache, 0, 6400, true), 100);
    CU_ASSERT_EQUAL(data_cache_on_access(cache, 60, 8, false), 2); /* two lines, long replaced */
    CU_ASSERT_EQUAL(data_cache_on_access(cache, 60, 8, false), 0);
    CU_ASSERT_EQUAL(data_cache_on_access(cache, 64 + 512, 8, false), 1); /* the second way of line 1's set */
    CU_ASSERT_EQUAL(data_cache_on_access(cache, 64, 8, false), 0);
    CU_ASSERT_EQUAL(data_cache_on_access(cache, 64 + 1024, 8, false), 1);
    CU_ASSERT_EQUAL(data_cache_on_access(cache, 64 + 512, 8, false), 1); /* was the one used longest ago */
    data_cache_free(cache);
    machine.ideal = true;
    CU_ASSERT_PTR_NULL(data_cache_new(&machine));
    machine = (struct machine){.data_cache = {0, 64, 2, 0, true}};
    CU_ASSERT_PTR_NULL(data_cache_new(&machine));
}

/* More lines than times there are at first, used over and over: times begin anew. */
static void test_renumbering(void)
{
    const struct machine_cache cache = {64 * 30000, 64, 0, 0, true};
    const struct cache_shape shape = cache_shape_of(&cache);
    struct stack_distances *distances = stack_distances_new(&shape, 1);
    uint64_t misses;
    for (uint64_t round = 0; round < 5; round++)
        for (uint64_t line = 0; line < 30000; line++)
            stack_distances_access(distances, 64 * line, 8, false);
    CU_ASSERT_TRUE(stack_distances_misses(distances, &cache, &misses));
    CU_ASSERT_EQUAL(misses, 30000);
    const struct machine_cache less = {64 * 29999, 64, 0, 0, true};
    CU_ASSERT_TRUE(stack_distances_misses(distances, &less, &misses));
    CU_ASSERT_EQUAL(misses, 150000);
    stack_distances_free(distances);
}

int main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("stack distances", NULL, NULL);
    CU_add_test(suite, "against caches simulated line by line", test_brute_force);
    CU_add_test(suite, "all sizes from one pass", test_one_pass);
    CU_add_test(suite, "known misses", test_known);
    CU_add_test(suite, "times begin anew", test_renumbering);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures != 0;
}
