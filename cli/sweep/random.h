/* random.h - the random numbers of samples and searches: SplitMix64 (Steele, Lea and Flood, OOPSLA 2014), whose state is a number
 * that grows by a constant, started at the sweep file's `seed`. Integers only, so that a seed means the same points everywhere. */
#ifndef HYBRIDSIM_CLI_SWEEP_RANDOM_H
#define HYBRIDSIM_CLI_SWEEP_RANDOM_H

#include <stdint.h>

struct sweep_random {
    uint64_t state;
};

static inline uint64_t sweep_random_next(struct sweep_random *random)
{
    uint64_t mixed = random->state += 0x9e3779b97f4a7c15u;
    mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9u;
    mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111ebu;
    return mixed ^ mixed >> 31;
}

/* Less than `bound`, by the upper 32 bits times `bound`, of which again the upper part. */
static inline uint32_t sweep_random_below(struct sweep_random *random, uint32_t bound)
{
    return (uint32_t)((sweep_random_next(random) >> 32) * bound >> 32);
}

#endif
