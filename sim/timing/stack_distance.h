/* stack_distance.h - how caches do that keep the lines used latest, many of them in one pass over a program's accesses (docs/
 * timing-model.md, Data cache). The stack distance of an access is the number of other lines of its set that were used since
 * its own was; a cache of w ways hits when that is less than w. So one histogram of distances is the misses of all sizes. */
#ifndef HYBRIDSIM_SIM_TIMING_STACK_DISTANCE_H
#define HYBRIDSIM_SIM_TIMING_STACK_DISTANCE_H

#include "core/machine.h"

#include <stddef.h>

struct cache_shape { /* caches that differ in their ways only: powers of two of bytes a line, and of sets */
    uint32_t line;
    uint32_t sets;
    uint32_t ways;       /* at most so many are asked for. With one set all numbers are known */
};

struct stack_distances;

/* The shape of a cache that there is. */
struct cache_shape cache_shape_of(const struct machine_cache *cache);
/* Adds a shape to a list of `count`, or its ways to an equal one's. Gives the new count. */
uint32_t cache_shape_add(struct cache_shape *shapes, uint32_t count, struct cache_shape shape);

struct stack_distances *stack_distances_new(const struct cache_shape *shapes, uint32_t count);
void stack_distances_free(struct stack_distances *distances);

/* The bytes from `address` on are used, in order. is_new: for the first time. A line is new when its first byte is,
 * even if what lies behind that in the line was used before. */
void stack_distances_access(struct stack_distances *distances, uint64_t address, uint64_t size, bool is_new);

/* Misses of all accesses so far. False: the cache is of none of the shapes. */
bool stack_distances_misses(const struct stack_distances *distances, const struct machine_cache *cache, uint64_t *misses);
uint64_t stack_distances_words(const struct stack_distances *distances); /* accessed: of 8 bytes, parts of them counted whole */

/* A single cache, for who wants to know of each access. NULL: the machine has none. */
struct data_cache;
struct data_cache *data_cache_new(const struct machine *machine);
void data_cache_free(struct data_cache *cache);
/* As session_options.on_access wants it; the context is a struct data_cache. Gives the lines that missed. */
uint64_t data_cache_on_access(void *context, uint64_t address, uint64_t size, bool is_new);
/* Likewise, of stack_distances: gives 0. */
uint64_t stack_distances_on_access(void *context, uint64_t address, uint64_t size, bool is_new);

/* What is counted, for a file. Each histogram in turn; `next` gives it, NULL behind the last one. */
struct distance_histogram {
    struct cache_shape shape;
    uint64_t new_lines;   /* that were not used before */
    uint64_t *counts;     /* of distance d: [2 * d], and of lines that are new and used nevertheless: [2 * d + 1] */
    uint64_t size;        /* of counts; larger distances: */
    uint64_t beyond;
};
const struct distance_histogram *stack_distances_histogram(const struct stack_distances *distances, uint32_t number);
/* Nothing more can be counted in them. Takes the histograms' counts over. */
struct stack_distances *stack_distances_of(const struct distance_histogram *histograms, uint32_t count, uint64_t words);

#endif
