/* radix.h - sorting numbers by the digits of their bits, and finding what would lie where: for long rows several times as fast as
 * comparisons. */
#ifndef HYBRIDSIM_SIM_TENSOR_RADIX_H
#define HYBRIDSIM_SIM_TENSOR_RADIX_H

#include <stdbool.h>
#include <stdint.h>

/* Sorts adjoining elements, stable, zeros of both signs being equal and NaNs last; `work` has room for as many. false: nothing was
 * done, since there is no such sort for the type or the row is short. */
bool radix_sort(int dtype, char *data, int64_t count, void *work);
/* The elements at those places (ascending) of what radix_sort would make, to `out`; the items stay as they are. *looked_at grows by
 * how many elements were looked at. false: nothing was done, likewise, or there is no memory. */
bool radix_select(int dtype, const char *data, int64_t count, const int64_t *places, int64_t wanted, char *out,
                  uint64_t *looked_at);

#endif
