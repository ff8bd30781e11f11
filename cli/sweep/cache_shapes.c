/* cache_shapes.c - see cache_shapes.h. */
#include "cli/sweep/cache_shapes.h"

#include "core/memory.h"

#include <string.h>

enum { SHAPES_MOST = 64, SEEN_SIZE = 1 << 12 /* a power of two */, SEEN_MOST = SEEN_SIZE / 2 };

/* Lines of 32, 64 and 128 bytes; all sizes fully associative, and up to 1024 sets of up to 16 ways. */
static uint32_t add_usual(struct cache_shape *shapes, uint32_t count)
{
    enum { LEAST_LINE = 32, MOST_LINE = 128, MOST_SETS = 1024, MOST_WAYS = 16 };
    for (uint32_t line = LEAST_LINE; line <= MOST_LINE; line *= 2)
        for (uint32_t sets = 1; sets <= MOST_SETS; sets *= 2)
            count = cache_shape_add(shapes, count, (struct cache_shape){line, sets, MOST_WAYS});
    return count;
}

static bool has_cache(const struct machine *machine)
{
    return machine->data_cache.bytes && !machine->ideal;
}

static uint32_t add_point(const struct sweep_plan *plan, uint32_t point, struct cache_shape *shapes, uint32_t count)
{
    struct diag ignored; /* what is wrong is told when the point is computed */
    struct arena *arena = arena_new();
    diag_init(&ignored);
    struct isa *isa = sweep_point_isa(plan, point, arena, &ignored);
    if (isa && has_cache(isa->machine))
        count = cache_shape_add(shapes, count, cache_shape_of(&isa->machine->data_cache));
    isa_free(isa);
    arena_free(arena);
    diag_free(&ignored);
    return count;
}

/* Whether the key is in the table, where it then is; of too many some are forgotten. */
static bool was_seen(struct content_key *seen, uint32_t *count, struct content_key key)
{
    uint32_t i = (uint32_t)key.words[0] % SEEN_SIZE;
    while (seen[i].words[0] || seen[i].words[1]) {
        if (memcmp(&seen[i], &key, sizeof key) == 0)
            return true;
        i = (i + 1) % SEEN_SIZE;
    }
    if (*count == SEEN_MOST)
        return false;
    seen[i] = key;
    ++*count;
    return false;
}

struct stack_distances *cache_distances_of_points(const struct sweep_plan *plan, const uint32_t *points, uint32_t count,
                                                  bool with_usual)
{
    struct cache_shape shapes[SHAPES_MOST + 1];
    struct content_key *seen = checked_alloc(SEEN_SIZE, sizeof *seen);
    uint32_t shape_count = 0, seen_count = 0;
    if (plan->needs_accesses && (with_usual || plan->method == SWEEP_SEARCH))
        shape_count = add_usual(shapes, shape_count);
    for (uint32_t i = 0; plan->needs_accesses && i < count && shape_count < SHAPES_MOST; i++)
        if (!was_seen(seen, &seen_count, sweep_point_cache_key(plan, points[i])))
            shape_count = add_point(plan, points[i], shapes, shape_count);
    free(seen);
    return shape_count ? stack_distances_new(shapes, shape_count) : NULL;
}

struct stack_distances *cache_distances_usual(const struct machine *machine)
{
    struct cache_shape shapes[SHAPES_MOST];
    if (!has_cache(machine))
        return NULL;
    uint32_t count = add_usual(shapes, 0);
    count = cache_shape_add(shapes, count, cache_shape_of(&machine->data_cache));
    return stack_distances_new(shapes, count);
}
