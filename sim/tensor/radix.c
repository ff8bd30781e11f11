/* radix.c - see radix.h. The least digit first, 11 bits a pass; all digits are counted in one pass beforehand, and
 * those that are the same everywhere are skipped. */
#include "sim/tensor/radix.h"

#include "sim/tensor/ndarray.h"

#include <stdlib.h>

enum { DIGIT_BITS = 11, DIGITS = 1 << DIGIT_BITS, PASSES_MAX = 6, RADIX_LEAST = 1500, SELECTED_MAX = 16 };

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

/* ---- elements at given places ---- */

enum { TABLES = 4 }; /* of counts: one alone would wait for itself where digits repeat */

/* How many elements have each digit, in the first table. */
#define COUNT_DIGITS(KEY)                                                                                    \
    memset(counts, 0, sizeof counts);                                                                        \
    for (int64_t i = 0; i < count; i++)                                                                      \
        counts[i % TABLES][KEY(items[i]) >> shift & (DIGITS - 1)]++;                                         \
    for (int digit = 0; digit < DIGITS; digit++)                                                             \
        counts[0][digit] += counts[1][digit] + counts[2][digit] + counts[3][digit];

/* All items have the same digits above those at `shift`; -1: altogether. Recurs into what has one digit, 6 times at most. */
#define RADIX_SELECT(name, T, KEY)                                                                           \
    static bool name(const T *items, int64_t count, int shift, const int64_t *places, int64_t wanted, T *out, \
                     uint64_t *looked_at)                                                                    \
    {                                                                                                        \
        uint32_t counts[TABLES][DIGITS];                                                                     \
        for (int64_t i = 0; shift < 0 && i < wanted; i++)                                                    \
            out[i] = items[places[i]];                                                                       \
        if (shift < 0)                                                                                       \
            return true;                                                                                     \
        COUNT_DIGITS(KEY)                                                                                    \
        *looked_at += (uint64_t)count;                                                                       \
        const int below = shift > DIGIT_BITS ? shift - DIGIT_BITS : shift ? 0 : -1;                          \
        int64_t before = 0, done = 0;                                                                        \
        for (uint64_t digit = 0; done < wanted; before += counts[0][digit++]) {                              \
            int64_t own = counts[0][digit], there = 0, end = done, inner[SELECTED_MAX];                      \
            for (; end < wanted && places[end] < before + own; end++)                                        \
                inner[end - done] = places[end] - before;                                                    \
            if (end == done)                                                                                 \
                continue;                                                                                    \
            T *part = own < count ? malloc((size_t)(own + 1) * sizeof *part) : NULL;                         \
            if (own < count && !part)                                                                        \
                return false;                                                                                \
            for (int64_t i = 0; part && i < count; i++) { /* what is not wanted is overwritten */            \
                part[there] = items[i];                                                                      \
                there += (KEY(items[i]) >> shift & (DIGITS - 1)) == digit;                                   \
            }                                                                                                \
            *looked_at += part ? (uint64_t)count : 0;                                                        \
            bool good = name(part ? part : items, own, below, inner, end - done, out + done, looked_at);     \
            free(part);                                                                                      \
            if (!good)                                                                                       \
                return false;                                                                                \
            done = end;                                                                                      \
        }                                                                                                    \
        return true;                                                                                         \
    }
RADIX_SELECT(select_int64, uint64_t, key_of_int64)
RADIX_SELECT(select_uint64, uint64_t, key_of_uint64)
RADIX_SELECT(select_float64, uint64_t, key_of_float64)
RADIX_SELECT(select_int32, uint32_t, key_of_int32)
RADIX_SELECT(select_uint32, uint32_t, key_of_uint32)
RADIX_SELECT(select_float32, uint32_t, key_of_float32)

bool radix_select(int dtype, const char *data, int64_t count, const int64_t *places, int64_t wanted, char *out,
                  uint64_t *looked_at)
{
    enum { HIGHEST_64 = 64 - DIGIT_BITS, HIGHEST_32 = 32 - DIGIT_BITS };
    if (count < RADIX_LEAST || count > INT32_MAX || wanted > SELECTED_MAX)
        return false;
    const uint64_t *wide = (const uint64_t *)(const void *)data;
    const uint32_t *narrow = (const uint32_t *)(const void *)data;
    uint64_t *wide_out = (uint64_t *)(void *)out;
    uint32_t *narrow_out = (uint32_t *)(void *)out;
    if (dtype == DTYPE_INT64)
        return select_int64(wide, count, HIGHEST_64, places, wanted, wide_out, looked_at);
    if (dtype == DTYPE_UINT64)
        return select_uint64(wide, count, HIGHEST_64, places, wanted, wide_out, looked_at);
    if (dtype == DTYPE_FLOAT64)
        return select_float64(wide, count, HIGHEST_64, places, wanted, wide_out, looked_at);
    if (dtype == DTYPE_INT32)
        return select_int32(narrow, count, HIGHEST_32, places, wanted, narrow_out, looked_at);
    if (dtype == DTYPE_UINT32)
        return select_uint32(narrow, count, HIGHEST_32, places, wanted, narrow_out, looked_at);
    return dtype == DTYPE_FLOAT32 && select_float32(narrow, count, HIGHEST_32, places, wanted, narrow_out, looked_at);
}
