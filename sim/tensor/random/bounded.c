/* bounded.c - integers below a bound without bias: by rejection after a mask (RandomState), or by D. Lemire's
 * multiplication
 * ("Fast Random Integer Generation in an Interval", 2019; Generator). 8 and 16 bit integers share 32-bit words. */
#include "sim/tensor/random/sampler.h"

static uint64_t mask_of(uint64_t range)
{
    return range ? UINT64_MAX >> __builtin_clzll(range) : 0;
}

uint64_t sample_interval(struct sampler *s, uint64_t range)
{
    if (range == 0)
        return 0;
    uint64_t mask = mask_of(range), number;
    do
        number = (range <= 0xffffffffu ? next_32(s->bits) : next_64(s->bits)) & mask;
    while (number > range);
    return number;
}

/* The next `bytes` of a stream of words: small ones are parts of a shared word, lowest first. */
static inline uint64_t next_part(struct sampler *s, size_t bytes, struct shared_word *shared)
{
    if (bytes == 8)
        return next_64(s->bits);
    if (bytes == 4)
        return next_32(s->bits);
    if (shared->left == 0) {
        shared->word = next_32(s->bits);
        shared->left = bytes == 2 ? 1 : 3;
    } else {
        shared->word >>= 8 * bytes;
        shared->left--;
    }
    return bytes == 2 ? (uint16_t)shared->word : (uint8_t)shared->word;
}

static inline uint64_t bounded_by_mask(struct sampler *s, size_t bytes, uint64_t range, struct shared_word *shared)
{
    uint64_t mask = mask_of(range), number;
    do
        number = next_part(s, bytes, shared) & mask;
    while (number > range);
    return number;
}

/* range < the greatest number of that many bytes */
static inline uint64_t bounded_by_product(struct sampler *s, size_t bytes, uint64_t range, struct shared_word *shared)
{
    unsigned bits = 8 * (unsigned)bytes;
    uint64_t greatest = UINT64_MAX >> (64 - bits), numbers = range + 1;
    uint128 product = (uint128)next_part(s, bytes, shared) * numbers;
    if (((uint64_t)product & greatest) < numbers) {
        uint64_t threshold = (greatest - range) % numbers;
        while (((uint64_t)product & greatest) < threshold)
            product = (uint128)next_part(s, bytes, shared) * numbers;
    }
    return (uint64_t)(product >> bits);
}

uint64_t sample_bounded_shared(struct sampler *s, enum bounding bounding, bool truth, size_t bytes, uint64_t range,
                               struct shared_word *shared)
{
    if (range == 0)
        return 0;
    if (truth) {
        if (shared->left == 0) {
            shared->word = next_32(s->bits);
            shared->left = 31;
        } else {
            shared->word >>= 1;
            shared->left--;
        }
        return shared->word & 1;
    }
    if (bytes == 8 && range <= 0xffffffffu)
        bytes = 4; /* half a word will do */
    if (range == UINT64_MAX >> (64 - 8 * bytes))
        return next_part(s, bytes, shared);
    return bounding == BOUNDED_BY_MASK ? bounded_by_mask(s, bytes, range, shared)
                                       : bounded_by_product(s, bytes, range, shared);
}

uint64_t sample_bounded(struct sampler *s, enum bounding bounding, uint64_t range)
{
    struct shared_word unused = {0, 0};
    return sample_bounded_shared(s, bounding, false, 8, range, &unused);
}

/* 64-bit integers from 32-bit words, and 32-bit ones: the usual case, written out. */
static void fill_from_halves(struct sampler *s, uint64_t offset, uint32_t range, int64_t count, void *out, bool wide)
{
    struct bit_generator *bits = s->bits;
    uint64_t numbers = (uint64_t)range + 1;
    uint32_t threshold = (UINT32_MAX - range) % (uint32_t)numbers;
    for (int64_t i = 0; i < count; i++) {
        uint64_t product = next_32(bits) * numbers;
        while ((uint32_t)product < threshold)
            product = next_32(bits) * numbers;
        if (wide)
            ((uint64_t *)out)[i] = offset + (product >> 32);
        else
            ((uint32_t *)out)[i] = (uint32_t)(offset + (product >> 32));
    }
}

void fill_bounded(struct sampler *s, enum bounding bounding, bool truth, size_t bytes, uint64_t offset, uint64_t range,
                  int64_t count, void *out)
{
    struct shared_word shared = {0, 0};
    if (bounding == BOUNDED_BY_PRODUCT && bytes >= 4 && range && range < UINT32_MAX) {
        fill_from_halves(s, offset, (uint32_t)range, count, out, bytes == 8);
        return;
    }
    for (int64_t i = 0; i < count; i++) {
        uint64_t number = offset + sample_bounded_shared(s, bounding, truth, bytes, range, &shared);
        switch (bytes) {
        case 1: ((uint8_t *)out)[i] = (uint8_t)number; break;
        case 2: ((uint16_t *)out)[i] = (uint16_t)number; break;
        case 4: ((uint32_t *)out)[i] = (uint32_t)number; break;
        default: ((uint64_t *)out)[i] = number; break;
        }
    }
}
