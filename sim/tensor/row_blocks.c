/* row_blocks.c - rows for vectors out of operands with any steps: what does not adjoin is copied, block by block. */
#include "sim/tensor/loops.h"

enum { ROW_LEAST = 8, BLOCK = 512 }; /* fewer numbers than that are not worth a vector */

/* The next of them, where they are or copied; a single number is repeated. */
static const double *block_of_numbers(double *copy, const char *data, int64_t step, int64_t count)
{
    if (step == sizeof(double))
        return (const double *)(const void *)data;
    for (int64_t i = 0; i < count; i++)
        memcpy(copy + i, data + i * step, sizeof *copy);
    return copy;
}

static void block_write(char *data, int64_t step, const double *made, int64_t count)
{
    for (int64_t i = 0; i < count; i++)
        memcpy(data + i * step, made + i, sizeof *made);
}

bool row_of_doubles(row_function *row, char *const *data, const int64_t *steps, int64_t count)
{
    double copy[BLOCK], made[BLOCK];
    if (!row || count < ROW_LEAST)
        return false;
    if (steps[0] == sizeof *copy && steps[1] == sizeof *made) {
        row((const double *)(const void *)data[0], (double *)(void *)data[1], count);
        return true;
    }
    for (int64_t start = 0; start < count; start += BLOCK) {
        const int64_t length = count - start < BLOCK ? count - start : BLOCK;
        row(block_of_numbers(copy, data[0] + start * steps[0], steps[0], length), made, length);
        block_write(data[1] + start * steps[1], steps[1], made, length);
    }
    return true;
}

bool row_of_pairs(row_function_of_two *row, char *const *data, const int64_t *steps, int64_t count)
{
    double copy[BLOCK], other[BLOCK], made[BLOCK];
    if (!row || count < ROW_LEAST || !steps[2]) /* into one place: a reduction, each of which needs the one before */
        return false;
    for (int64_t start = 0; start < count; start += BLOCK) {
        const int64_t length = count - start < BLOCK ? count - start : BLOCK;
        char *to = data[2] + start * steps[2];
        const double *x = block_of_numbers(copy, data[0] + start * steps[0], steps[0], length);
        const double *y = block_of_numbers(other, data[1] + start * steps[1], steps[1], length);
        row(x, y, steps[2] == sizeof *made ? (double *)(void *)to : made, length);
        if (steps[2] != sizeof *made)
            block_write(to, steps[2], made, length);
    }
    return true;
}
