/* rare.h - lanes that a function of vectors does not compute, in steps: each settles some of them. For vector.h and lanes.h, whose
 * masks and choices it uses. Flags that the steps happen to raise are dropped; those to be raised are collected.
 */
#ifndef HYBRIDSIM_SIM_TENSOR_ROWS_RARE_H
#define HYBRIDSIM_SIM_TENSOR_ROWS_RARE_H

#include <fenv.h>
#include <stdbool.h>

struct rare {
    vector made;
    mask left;  /* what is still to be settled */
    int raised; /* flags, as fenv.h has them */
};

/* Of the lanes left, those of `which` become what was made. Whether there are any. */
static inline bool settle(struct rare *rare, mask which, vector made)
{
    const mask now = BOTH(which, rare->left);
    rare->made = choose(now, made, rare->made);
    rare->left = BOTH(rare->left, NOT(now));
    return lanes_of(now) != 0;
}

static inline void settle_raising(struct rare *rare, mask which, vector made, int flag)
{
    if (settle(rare, which, made))
        rare->raised |= flag;
}

static inline bool is_left(const struct rare *rare, mask which)
{
    return lanes_of(BOTH(rare->left, which)) != 0;
}

#endif
