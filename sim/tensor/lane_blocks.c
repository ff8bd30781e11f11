/* lane_blocks.c - rows of doubles, floats and half floats out of operands with any steps: what does not adjoin is copied, block by
 * block. Functions of two half floats are those of floats. */
#include "sim/tensor/element.h"
#include "sim/tensor/loops.h"

#include <string.h>

enum { BLOCK = 512 };

/* The next of them, where they are or copied. */
#define BLOCK_OF(T)                                                                                          \
    static const T *T##_block(T *copy, const char *data, int64_t step, int64_t count)                        \
    {                                                                                                        \
        if (step == sizeof(T))                                                                               \
            return (const T *)(const void *)data;                                                            \
        for (int64_t i = 0; i < count; i++)                                                                  \
            memcpy(copy + i, data + i * step, sizeof(T));                                                    \
        return copy;                                                                                         \
    }                                                                                                        \
    static void T##_block_write(char *data, int64_t step, const T *made, int64_t count)                      \
    {                                                                                                        \
        for (int64_t i = 0; i < count; i++)                                                                  \
            memcpy(data + i * step, made + i, sizeof(T));                                                    \
    }
BLOCK_OF(double)
BLOCK_OF(float)
BLOCK_OF(uint16_t)

static const float *half_block(float *copy, const char *data, int64_t step, int64_t count)
{
    half adjoining[BLOCK];
    HOST_LANES(halves_to_singles)(uint16_t_block(adjoining, data, step, count), copy, count);
    return copy;
}

static void half_block_write(char *data, int64_t step, const float *made, int64_t count)
{
    half adjoining[BLOCK];
    if (step == sizeof(half)) {
        HOST_LANES(singles_to_halves)(made, (half *)(void *)data, count);
        return;
    }
    HOST_LANES(singles_to_halves)(made, adjoining, count);
    uint16_t_block_write(data, step, adjoining, count);
}

#define LANES_OF_ONE(name, row_type, T, U)                                                                   \
    void name(row_type *row, char *const *data, const int64_t *steps, int64_t count)                         \
    {                                                                                                        \
        U copy[BLOCK], made[BLOCK];                                                                          \
        const bool adjoins = sizeof(T) == sizeof(U) && steps[1] == sizeof(U);                                \
        if (adjoins && steps[0] == sizeof(U)) {                                                              \
            row((const U *)(const void *)data[0], (U *)(void *)data[1], count);                              \
            return;                                                                                          \
        }                                                                                                    \
        for (int64_t start = 0; start < count; start += BLOCK) {                                             \
            const int64_t length = count - start < BLOCK ? count - start : BLOCK;                            \
            row(T##_block(copy, data[0] + start * steps[0], steps[0], length), made, length);                \
            T##_block_write(data[1] + start * steps[1], steps[1], made, length);                             \
        }                                                                                                    \
    }

/* Into one place, of a reduction, one after another: each needs the one before. */
#define LANES_OF_TWO(name, row_type, T, U)                                                                   \
    void name(row_type *row, char *const *data, const int64_t *steps, int64_t count)                         \
    {                                                                                                        \
        U copy[BLOCK], other[BLOCK], made[BLOCK];                                                            \
        const bool adjoins = sizeof(T) == sizeof(U) && steps[2] == sizeof(U);                                \
        const int64_t most = steps[2] ? BLOCK : 1;                                                           \
        for (int64_t start = 0; start < count; start += most) {                                              \
            const int64_t length = count - start < most ? count - start : most;                              \
            char *to = data[2] + start * steps[2];                                                           \
            const U *x = T##_block(copy, data[0] + start * steps[0], steps[0], length);                      \
            const U *y = T##_block(other, data[1] + start * steps[1], steps[1], length);                     \
            row(x, y, adjoins ? (U *)(void *)to : made, length);                                             \
            if (!adjoins)                                                                                    \
                T##_block_write(to, steps[2], made, length);                                                 \
        }                                                                                                    \
    }
LANES_OF_ONE(lanes_of_doubles, row_function, double, double)
LANES_OF_ONE(lanes_of_singles, single_row, float, float)
LANES_OF_ONE(lanes_of_halves, half_row, uint16_t, uint16_t)
LANES_OF_TWO(lanes_of_double_pairs, row_function_of_two, double, double)
LANES_OF_TWO(lanes_of_single_pairs, single_row_of_two, float, float)
LANES_OF_TWO(lanes_of_half_pairs, single_row_of_two, half, float)
