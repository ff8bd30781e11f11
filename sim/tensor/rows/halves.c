/* halves.c - rows of half floats from rows of floats and back. */
#include "sim/tensor/rows/halves.h"

void INSTANCE(halves_to_singles)(const uint16_t *from, float *to, int64_t count)
{
    int64_t i = 0;
    for (; i + LANES <= count; i += LANES)
        store(to + i, singles_of(load_halves(from + i)));
    if (i < count) {
        uint16_t copy[LANES] = {0};
        memcpy(copy, from + i, (size_t)(count - i) * sizeof *from);
        store_some(to + i, singles_of(load_halves(copy)), count - i);
    }
}

void INSTANCE(singles_to_halves)(const float *from, uint16_t *to, int64_t count)
{
    const flag_state state = flags_now();
    struct half_errors errors = {{0}, {0}};
    int64_t i = 0;
    for (; i + LANES <= count; i += LANES)
        store_halves(to + i, halves_of(load(from + i), &errors));
    if (i < count) {
        uint16_t copy[LANES];
        store_halves(copy, halves_of(load_some(from + i, count - i), &errors));
        memcpy(to + i, copy, (size_t)(count - i) * sizeof *to);
    }
    flags_restore(state);
    raise_half_errors(&errors);
}
