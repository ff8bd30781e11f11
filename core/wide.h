/* wide.h - products of 64-bit numbers, for shares and proportions in integers. */
#ifndef HYBRIDSIM_CORE_WIDE_H
#define HYBRIDSIM_CORE_WIDE_H

#include <stdint.h>

__extension__ typedef unsigned __int128 wide;

/* total * part / whole, rounded down; 0 when whole is 0. */
static inline uint64_t wide_proportion(uint64_t total, uint64_t part, uint64_t whole)
{
    return whole ? (uint64_t)((wide)total * part / whole) : 0;
}

/* part / whole in thousandths, rounded; 0 when whole is 0. */
static inline uint64_t wide_thousandths(uint64_t part, uint64_t whole)
{
    return whole ? (uint64_t)(((wide)part * 2000 + whole) / (2 * (wide)whole)) : 0;
}

#endif
