/* radix.h - sorting numbers by the digits of their bits: for long rows several times as fast as comparisons. */
#ifndef HYBRIDSIM_SIM_TENSOR_RADIX_H
#define HYBRIDSIM_SIM_TENSOR_RADIX_H

#include <stdbool.h>
#include <stdint.h>

/* Sorts adjoining elements, stable, zeros of both signs being equal and NaNs last; `work` has room for as many. false: nothing was
 * done, since there is no such sort for the type or the row is short. */
bool radix_sort(int dtype, char *data, int64_t count, void *work);

#endif
