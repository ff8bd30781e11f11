/* radix.c - see radix.h. The least digit first, 11 bits a pass; all digits are counted in one pass beforehand, and
 * those that are the same everywhere are skipped. */
#include "sim/tensor/radix.h"

#include "sim/tensor/ndarray.h"

enum { DIGIT_BITS = 11, DIGITS = 1 << DIGIT_BITS, PASSES_MAX = 6, RADIX_LEAST = 1500 };

static inline uint64_t key_of_int64(uint64_t bits)
{
    return bits ^ (uint64_t)1 << 63;
}

static inline uint64_t key_of_uint64(uint64_t bits)
{
    return bits;
}

static inline uint64_t key_of_float64(uint64_t bits)
{
    const uint64_t sign = (uint64_t)1 << 63;
    uint64_t key = bits & sign ? ~bits : bits | sign, size = bits & ~sign;
    return size > 0x7ff0000000000000 ? UINT64_MAX : size ? key : sign;
}

static inline uint64_t key_of_int32(uint32_t bits)
{
    return bits ^ (uint32_t)1 << 31;
}

static inline uint64_t key_of_uint32(uint32_t bits)
{
    return bits;
}

static inline uint64_t key_of_float32(uint32_t bits)
{
    const uint32_t sign = (uint32_t)1 << 31;
    uint32_t key = bits & sign ? ~bits : bits | sign, size = bits & ~sign;
    return size > 0x7f800000 ? UINT32_MAX : size ? key : sign;
}

/* Counts become the places where the elements with each digit begin; false: there is one digit only. */
static bool places_from_counts(uint32_t *counts, int64_t count)
{
    uint32_t place = 0;
    for (int digit = 0; digit < DIGITS; digit++) {
        uint32_t own = counts[digit];
        if (own == count)
            return false;
        counts[digit] = place;
        place += own;
    }
    return true;
}

#define RADIX_SORT(name, T, KEY)                                                                             \
    static void name(T *items, int64_t count, T *other)                                                      \
    {                                                                                                        \
        enum { PASSES = (8 * sizeof(T) + DIGIT_BITS - 1) / DIGIT_BITS };                                     \
        uint32_t counts[PASSES_MAX][DIGITS] = {{0}};                                                         \
        T *from = items, *to = other;                                                                        \
        for (int64_t i = 0; i < count; i++) {                                                                \
            uint64_t key = KEY(items[i]);                                                                    \
            for (int pass = 0; pass < (int)PASSES; pass++)                                                   \
                counts[pass][key >> (pass * DIGIT_BITS) & (DIGITS - 1)]++;                                   \
        }                                                                                                    \
        for (int pass = 0; pass < (int)PASSES; pass++) {                                                     \
            uint32_t *places = counts[pass];                                                                 \
            if (!places_from_counts(places, count))                                                          \
                continue;                                                                                    \
            for (int64_t i = 0; i < count; i++)                                                              \
                to[places[KEY(from[i]) >> (pass * DIGIT_BITS) & (DIGITS - 1)]++] = from[i];                  \
            T *swapped = from;                                                                               \
            from = to;                                                                                       \
            to = swapped;                                                                                    \
        }                                                                                                    \
        if (from != items)                                                                                   \
            memcpy(items, from, (size_t)count * sizeof *items);                                              \
    }
RADIX_SORT(radix_int64, uint64_t, key_of_int64)
RADIX_SORT(radix_uint64, uint64_t, key_of_uint64)
RADIX_SORT(radix_float64, uint64_t, key_of_float64)
RADIX_SORT(radix_int32, uint32_t, key_of_int32)
RADIX_SORT(radix_uint32, uint32_t, key_of_uint32)
RADIX_SORT(radix_float32, uint32_t, key_of_float32)

bool radix_sort(int dtype, char *data, int64_t count, void *work)
{
    if (count < RADIX_LEAST || count > INT32_MAX)
        return false;
    if (dtype == DTYPE_INT64)
        radix_int64((uint64_t *)(void *)data, count, work);
    else if (dtype == DTYPE_UINT64)
        radix_uint64((uint64_t *)(void *)data, count, work);
    else if (dtype == DTYPE_FLOAT64)
        radix_float64((uint64_t *)(void *)data, count, work);
    else if (dtype == DTYPE_INT32)
        radix_int32((uint32_t *)(void *)data, count, work);
    else if (dtype == DTYPE_UINT32)
        radix_uint32((uint32_t *)(void *)data, count, work);
    else if (dtype == DTYPE_FLOAT32)
        radix_float32((uint32_t *)(void *)data, count, work);
    else
        return false;
    return true;
}
