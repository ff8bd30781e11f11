/* loops_select.c - inner loops of choosing elements: the places of what is true, elements by index. */
#include "sim/tensor/loops.h"

#ifdef COMPILING_WIDE_LOOPS
#define SELECTION selection_wide_loops
#else
#define SELECTION selection_loops
#endif

/* For each pattern of eight bools the places of what is true in it, then zeros. */
static void make_places(uint8_t places[256][8])
{
    memset(places, 0, 256 * 8);
    for (unsigned bits = 0; bits < 256; bits++)
        for (unsigned k = 0, at = 0; k < 8; k++)
            if (bits >> k & 1)
                places[bits][at++] = (uint8_t)k;
}

/* Without branches for each element: what is not wanted is overwritten. */
static void positions(const char *mask, int64_t total, int64_t *out)
{
    enum { WORTH_A_TABLE = 4096 };
    int64_t i = 0, at = 0;
    if (total >= WORTH_A_TABLE) {
        uint8_t table[256][8];
        make_places(table);
        for (; at + 8 <= total; i += 8) {
            uint64_t word;
            memcpy(&word, mask + i, sizeof word);
            const uint8_t *places = table[word * 0x0102040810204080 >> 56];
            int64_t *to = out + at;
            for (int k = 0; k < 8; k++)
                to[k] = i + places[k];
            at += (int64_t)(word * 0x0101010101010101 >> 56);
        }
    }
    for (; at < total; i++) {
        out[at] = i;
        at += mask[i];
    }
}

/* Elements: far enough ahead to wait for several at a time, where they do not lie in the cache. */
enum { AHEAD = 32, CACHED = 1 << 15 };

static inline int64_t offset_of(int64_t position, int64_t length, int64_t stride)
{
    return (position + (position < 0 ? length : 0)) * stride;
}

static void gather(const char *data, int64_t length, int64_t stride, const int64_t *given, int64_t count, uint64_t *out)
{
    int64_t i = 0;
    for (; length > CACHED && i + AHEAD < count; i++) {
        __builtin_prefetch(data + offset_of(given[i + AHEAD], length, stride));
        out[i] = *(const uint64_t *)(const void *)(data + offset_of(given[i], length, stride));
    }
    for (; i < count; i++)
        out[i] = *(const uint64_t *)(const void *)(data + offset_of(given[i], length, stride));
}

static void scatter(char *data, int64_t length, int64_t stride, const int64_t *given, int64_t count, const uint64_t *from,
                    int64_t step)
{
    int64_t i = 0;
    for (; length > CACHED && i + AHEAD < count; i++) {
        __builtin_prefetch(data + offset_of(given[i + AHEAD], length, stride), 1);
        *(uint64_t *)(void *)(data + offset_of(given[i], length, stride)) = from[i * step];
    }
    for (; i < count; i++)
        *(uint64_t *)(void *)(data + offset_of(given[i], length, stride)) = from[i * step];
}

/* Of [-length, length); all are looked at. */
static bool all_within(const int64_t *given, int64_t count, int64_t length)
{
    uint64_t outside = 0;
    for (int64_t i = 0; i < count; i++)
        outside |= (uint64_t)(given[i] + length) >= 2 * (uint64_t)length;
    return !outside;
}

const struct selection_loops SELECTION = {positions, gather, scatter, all_within};
