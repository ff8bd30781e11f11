/* stack_distance.c - see stack_distance.h. With one set: the latest uses of all lines stand in the order of time, and a tree of
 * partial sums over times says how many are later than one (Bennett and Kruskal, IBM J. R&D 19, 1975; Olken, LBL-12370, 1981):
 * O(log n) an access. With more sets: each set's lines in the order of use, as deep as is asked for (all-associativity simulation:
 * Hill and Smith, IEEE Trans. Computers 38, 1989). */
#include "sim/timing/stack_distance.h"

#include "core/memory.h"

#include <stdlib.h>
#include <string.h>

enum { TIMES_AT_FIRST = 1 << 14 };
#define DISTANCE_NONE UINT64_MAX /* not among the lines that are kept */

struct time_order { /* of one set */
    uint32_t *sums;         /* Fenwick's tree over times, from 1 on: 1 where the time is some line's latest */
    uint64_t *lines;        /* by time: the line used then, plus 1; 0: it was used again */
    uint32_t capacity, now; /* times; a power of two */
    uint32_t live;          /* lines */
    uint64_t *keys;         /* hash table of twice as many places: line plus 1 */
    uint32_t *times;        /* its latest time */
};

struct set_order { /* of several */
    uint64_t *lines;        /* of each set `ways`, the latest first: line plus 1; 0: none */
};

struct shape_counts {
    struct distance_histogram histogram;
    struct time_order time;
    struct set_order set;
};

struct line_size { /* the shapes with lines of one size */
    uint32_t shift, first, count;
    uint64_t latest;        /* line, plus 1 */
};

struct stack_distances {
    struct shape_counts *shapes; /* ordered by size of line */
    uint32_t shape_count;
    struct line_size *sizes;
    uint32_t size_count;
    uint64_t words;
};

static uint32_t log2_of(uint64_t power)
{
    uint32_t bits = 0;
    while (power >> 1 >> bits)
        bits++;
    return bits;
}

/* ---- shapes ---- */

struct cache_shape cache_shape_of(const struct machine_cache *cache)
{
    uint32_t lines = (uint32_t)(cache->bytes / cache->line), ways = cache->ways ? (uint32_t)cache->ways : lines;
    return (struct cache_shape){(uint32_t)cache->line, lines / ways, ways};
}

uint32_t cache_shape_add(struct cache_shape *shapes, uint32_t count, struct cache_shape shape)
{
    for (uint32_t i = 0; i < count; i++)
        if (shapes[i].line == shape.line && shapes[i].sets == shape.sets) {
            shapes[i].ways = shapes[i].ways > shape.ways ? shapes[i].ways : shape.ways;
            return count;
        }
    shapes[count] = shape;
    return count + 1;
}

static int compare_shapes(const void *left, const void *right)
{
    const struct cache_shape *a = &((const struct shape_counts *)left)->histogram.shape;
    const struct cache_shape *b = &((const struct shape_counts *)right)->histogram.shape;
    return a->line != b->line ? (a->line > b->line) - (a->line < b->line) : (a->sets > b->sets) - (a->sets < b->sets);
}

static void group_by_line(struct stack_distances *distances)
{
    qsort(distances->shapes, distances->shape_count, sizeof *distances->shapes, compare_shapes);
    distances->sizes = checked_alloc(distances->shape_count, sizeof *distances->sizes);
    for (uint32_t i = 0; i < distances->shape_count; i++) {
        uint32_t line = distances->shapes[i].histogram.shape.line;
        if (!i || line != distances->shapes[i - 1].histogram.shape.line)
            distances->sizes[distances->size_count++] = (struct line_size){.shift = log2_of(line), .first = i};
        distances->sizes[distances->size_count - 1].count++;
    }
}

/* ---- one set ---- */

static void time_order_open(struct time_order *order, uint32_t capacity)
{
    *order = (struct time_order){.capacity = capacity};
    order->sums = checked_alloc(capacity + 1u, sizeof *order->sums);
    order->lines = checked_alloc(capacity + 1u, sizeof *order->lines);
    order->keys = checked_alloc(2 * (size_t)capacity, sizeof *order->keys);
    order->times = checked_alloc(2 * (size_t)capacity, sizeof *order->times);
}

static void time_order_close(struct time_order *order)
{
    free(order->sums);
    free(order->lines);
    free(order->keys);
    free(order->times);
}

static uint32_t *find_time(const struct time_order *order, uint64_t line)
{
    uint64_t mask = 2 * (uint64_t)order->capacity - 1, i = (line * 0x9e3779b97f4a7c15u >> 20) & mask;
    while (order->keys[i] && order->keys[i] != line + 1)
        i = (i + 1) & mask;
    order->keys[i] = line + 1;
    return &order->times[i];
}

static void add_at(struct time_order *order, uint32_t time, uint32_t amount) /* amount: 1, or -1 */
{
    for (; time <= order->capacity; time += time & -time)
        order->sums[time] += amount;
}

static uint32_t sum_to(const struct time_order *order, uint32_t time)
{
    uint32_t sum = 0;
    for (; time; time &= time - 1)
        sum += order->sums[time];
    return sum;
}

/* All times are taken: those of the lines that are kept, the latest ones, become the first. */
static void renumber(struct time_order *order)
{
    struct time_order old = *order;
    uint32_t kept = old.live < MACHINE_MOST_LINES ? old.live : MACHINE_MOST_LINES, skipped = old.live - kept;
    time_order_open(order, 2 * (uint64_t)kept > old.capacity ? 2 * old.capacity : old.capacity);
    for (uint32_t time = 1; time <= old.now; time++) {
        if (!old.lines[time])
            continue;
        if (skipped) {
            skipped--;
            continue;
        }
        order->lines[++order->now] = old.lines[time];
        *find_time(order, old.lines[time] - 1) = order->now;
        add_at(order, order->now, 1);
    }
    order->live = kept;
    time_order_close(&old);
}

static uint64_t use_in_order(struct time_order *order, uint64_t line)
{
    uint64_t distance = DISTANCE_NONE;
    if (order->now == order->capacity)
        renumber(order);
    uint32_t *time = find_time(order, line);
    if (*time) {
        distance = order->live - sum_to(order, *time);
        add_at(order, *time, (uint32_t)-1);
        order->lines[*time] = 0;
    } else {
        order->live++;
    }
    *time = ++order->now;
    order->lines[order->now] = line + 1;
    add_at(order, order->now, 1);
    return distance < MACHINE_MOST_LINES ? distance : DISTANCE_NONE;
}

static void count_distance(struct distance_histogram *histogram, uint64_t distance, bool is_new)
{
    uint64_t place = 2 * distance + is_new;
    if (place >= histogram->size) { /* only with one set */
        uint64_t size = histogram->size ? 2 * histogram->size : 64;
        while (size <= place)
            size *= 2;
        histogram->counts = realloc(histogram->counts, size * sizeof *histogram->counts);
        if (!histogram->counts)
            abort();
        memset(histogram->counts + histogram->size, 0, (size - histogram->size) * sizeof *histogram->counts);
        histogram->size = size;
    }
    histogram->counts[place]++;
}

/* ---- several sets ---- */

static uint64_t use_in_set(const struct shape_counts *shape, uint64_t line)
{
    const struct cache_shape *form = &shape->histogram.shape;
    uint64_t *lines = shape->set.lines + (line & (form->sets - 1)) * form->ways, before = line + 1;
    for (uint32_t i = 0; i < form->ways; i++) { /* those before it go down by one */
        uint64_t there = lines[i];
        lines[i] = before;
        if (there == line + 1)
            return i;
        before = there;
    }
    return DISTANCE_NONE;
}

/* ---- all ---- */

static void open_shape(struct shape_counts *shape)
{
    struct distance_histogram *histogram = &shape->histogram;
    if (histogram->shape.sets == 1) {
        time_order_open(&shape->time, TIMES_AT_FIRST);
        return;
    }
    histogram->size = 2 * histogram->shape.ways;
    histogram->counts = checked_alloc(histogram->size, sizeof *histogram->counts);
    shape->set.lines = checked_alloc((size_t)histogram->shape.sets * histogram->shape.ways, sizeof *shape->set.lines);
}

struct stack_distances *stack_distances_new(const struct cache_shape *shapes, uint32_t count)
{
    struct stack_distances *distances = checked_alloc(1, sizeof *distances);
    distances->shapes = checked_alloc(count, sizeof *distances->shapes);
    distances->shape_count = count;
    for (uint32_t i = 0; i < count; i++) {
        distances->shapes[i].histogram.shape = shapes[i];
        open_shape(&distances->shapes[i]);
    }
    group_by_line(distances);
    return distances;
}

void stack_distances_free(struct stack_distances *distances)
{
    if (!distances)
        return;
    for (uint32_t i = 0; i < distances->shape_count; i++) {
        time_order_close(&distances->shapes[i].time);
        free(distances->shapes[i].set.lines);
        free(distances->shapes[i].histogram.counts);
    }
    free(distances->shapes);
    free(distances->sizes);
    free(distances);
}

static uint64_t use_line(struct shape_counts *shape, uint64_t line, bool is_new)
{
    uint64_t distance = shape->histogram.shape.sets == 1 ? use_in_order(&shape->time, line) : use_in_set(shape, line);
    if (distance != DISTANCE_NONE)
        count_distance(&shape->histogram, distance, is_new);
    else if (is_new)
        shape->histogram.new_lines++;
    else
        shape->histogram.beyond++;
    return distance;
}

static bool starts_in(uint64_t line, uint32_t shift, uint64_t address)
{
    return line << shift >= address;
}

void stack_distances_access(struct stack_distances *distances, uint64_t address, uint64_t size, bool is_new)
{
    distances->words += (size + 7) / 8;
    for (struct line_size *lines = distances->sizes; lines < distances->sizes + distances->size_count; lines++) {
        struct shape_counts *first = &distances->shapes[lines->first];
        for (uint64_t line = address >> lines->shift; line <= (address + size - 1) >> lines->shift; line++) {
            if (line + 1 == lines->latest) {
                
                continue;
            }
            for (uint32_t i = 0; i < lines->count; i++)
                use_line(&first[i], line, is_new && starts_in(line, lines->shift, address));
            lines->latest = line + 1;
        }
    }
}

uint64_t stack_distances_on_access(void *context, uint64_t address, uint64_t size, bool is_new)
{
    stack_distances_access(context, address, size, is_new);
    return 0;
}

static uint64_t misses_of(const struct distance_histogram *histogram, uint32_t ways, bool fetches_new)
{
    uint64_t misses = histogram->beyond + (fetches_new ? histogram->new_lines : 0);
    for (uint64_t place = 2 * (uint64_t)ways; place < histogram->size; place++)
        misses += place % 2 && !fetches_new ? 0 : histogram->counts[place];
    return misses;
}

bool stack_distances_misses(const struct stack_distances *distances, const struct machine_cache *cache, uint64_t *misses)
{
    struct cache_shape wanted = cache_shape_of(cache);
    for (uint32_t i = 0; i < distances->shape_count; i++) {
        const struct distance_histogram *histogram = &distances->shapes[i].histogram;
        if (histogram->shape.line != wanted.line || histogram->shape.sets != wanted.sets ||
            (wanted.sets > 1 && histogram->shape.ways < wanted.ways))
            continue;
        *misses = misses_of(histogram, wanted.ways, cache->fetches_new);
        return true;
    }
    return false;
}

uint64_t stack_distances_words(const struct stack_distances *distances)
{
    return distances->words;
}

/* ---- one cache ---- */

struct data_cache {
    struct shape_counts shape;
    uint32_t shift;
    uint64_t latest;        /* line, plus 1 */
    bool fetches_new;
};

struct data_cache *data_cache_new(const struct machine *machine)
{
    if (machine->ideal || !machine->data_cache.bytes)
        return NULL;
    struct data_cache *cache = checked_alloc(1, sizeof *cache);
    cache->shape.histogram.shape = cache_shape_of(&machine->data_cache);
    cache->shift = log2_of(cache->shape.histogram.shape.line);
    cache->fetches_new = machine->data_cache.fetches_new;
    open_shape(&cache->shape);
    return cache;
}

void data_cache_free(struct data_cache *cache)
{
    if (!cache)
        return;
    time_order_close(&cache->shape.time);
    free(cache->shape.set.lines);
    free(cache->shape.histogram.counts);
    free(cache);
}

uint64_t data_cache_on_access(void *context, uint64_t address, uint64_t size, bool is_new)
{
    struct data_cache *cache = context;
    uint64_t misses = 0;
    for (uint64_t line = address >> cache->shift; line <= (address + size - 1) >> cache->shift; line++) {
        if (line + 1 == cache->latest)
            continue;
        bool made = is_new && starts_in(line, cache->shift, address);
        uint64_t distance = use_line(&cache->shape, line, made);
        cache->latest = line + 1;
        if (distance >= cache->shape.histogram.shape.ways) /* DISTANCE_NONE, too */
            misses += !made || cache->fetches_new;
    }
    return misses;
}

/* ---- in a file ---- */

const struct distance_histogram *stack_distances_histogram(const struct stack_distances *distances, uint32_t number)
{
    return number < distances->shape_count ? &distances->shapes[number].histogram : NULL;
}

struct stack_distances *stack_distances_of(const struct distance_histogram *histograms, uint32_t count, uint64_t words)
{
    struct stack_distances *distances = checked_alloc(1, sizeof *distances);
    distances->shapes = checked_alloc(count, sizeof *distances->shapes);
    distances->shape_count = count;
    distances->words = words;
    for (uint32_t i = 0; i < count; i++)
        distances->shapes[i].histogram = histograms[i];
    return distances;
}
