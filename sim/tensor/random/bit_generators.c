/* bit_generators.c - how each source makes its next word. */
#include "sim/tensor/random/bit_generator.h"

#include <string.h>

/* ---- MT19937 ---- */

enum { MT_MIDDLE = 397 };

static inline uint32_t mt_twist(uint32_t high, uint32_t low)
{
    uint32_t y = (high & 0x80000000u) | (low & 0x7fffffffu);
    return y >> 1 ^ (-(y & 1) & 0x9908b0dfu);
}

static void mt_renew(struct bit_generator *bits)
{
    uint32_t *key = bits->state.mt.key;
    int i = 0;
    for (; i < MT_WORDS - MT_MIDDLE; i++)
        key[i] = key[i + MT_MIDDLE] ^ mt_twist(key[i], key[i + 1]);
    for (; i < MT_WORDS - 1; i++)
        key[i] = key[i + MT_MIDDLE - MT_WORDS] ^ mt_twist(key[i], key[i + 1]);
    key[MT_WORDS - 1] = key[MT_MIDDLE - 1] ^ mt_twist(key[MT_WORDS - 1], key[0]);
    bits->state.mt.position = 0;
}

static inline uint32_t mt_word(struct bit_generator *bits)
{
    if (bits->state.mt.position >= MT_WORDS)
        mt_renew(bits);
    bits->drawn++;
    uint32_t y = bits->state.mt.key[bits->state.mt.position++];
    y ^= y >> 11;
    y ^= (y << 7) & 0x9d2c5680u;
    y ^= (y << 15) & 0xefc60000u;
    return y ^ y >> 18;
}

static uint32_t mt_next_32(struct bit_generator *bits)
{
    return mt_word(bits);
}

static uint64_t mt_next_64(struct bit_generator *bits)
{
    uint64_t high = mt_word(bits);
    return high << 32 | mt_word(bits);
}

static double mt_next_double(struct bit_generator *bits)
{
    uint32_t high = mt_word(bits) >> 5, low = mt_word(bits) >> 6;
    return (high * 67108864.0 + low) / 9007199254740992.0;
}

void mt_seed_number(struct bit_generator *bits, uint32_t seed)
{
    uint32_t *key = bits->state.mt.key;
    key[0] = seed;
    for (uint32_t i = 1; i < MT_WORDS; i++)
        key[i] = 1812433253u * (key[i - 1] ^ key[i - 1] >> 30) + i;
    bits->state.mt.position = MT_WORDS;
}

void mt_seed_array(struct bit_generator *bits, const uint32_t *seed, size_t length)
{
    mt_seed_number(bits, 19650218u);
    uint32_t *key = bits->state.mt.key;
    size_t i = 1, j = 0;
    for (size_t rounds = length > MT_WORDS ? length : MT_WORDS; rounds; rounds--) {
        key[i] = (key[i] ^ (key[i - 1] ^ key[i - 1] >> 30) * 1664525u) + seed[j] + (uint32_t)j;
        if (++i >= MT_WORDS) {
            key[0] = key[MT_WORDS - 1];
            i = 1;
        }
        if (++j >= length)
            j = 0;
    }
    for (size_t rounds = MT_WORDS - 1; rounds; rounds--) {
        key[i] = (key[i] ^ (key[i - 1] ^ key[i - 1] >> 30) * 1566083941u) - (uint32_t)i;
        if (++i >= MT_WORDS) {
            key[0] = key[MT_WORDS - 1];
            i = 1;
        }
    }
    key[0] = 0x80000000u;
}

/* ---- sources of 64-bit words ---- */

/* 32-bit words are halves, the lower one first; doubles are the upper 53 bits. `word` makes the next 64 bits. */
#define SOURCE_OF_64_BITS(name, word)                                                                                  \
    static uint64_t name##_next_64(struct bit_generator *bits)                                                         \
    {                                                                                                                  \
        return word(bits);                                                                                             \
    }                                                                                                                  \
    static uint32_t name##_next_32(struct bit_generator *bits)                                                         \
    {                                                                                                                  \
        if (bits->has_half) {                                                                                          \
            bits->has_half = false;                                                                                    \
            return bits->half;                                                                                         \
        }                                                                                                              \
        uint64_t both = word(bits);                                                                                    \
        bits->has_half = true;                                                                                         \
        bits->half = (uint32_t)(both >> 32);                                                                           \
        return (uint32_t)both;                                                                                         \
    }                                                                                                                  \
    static double name##_next_double(struct bit_generator *bits)                                                       \
    {                                                                                                                  \
        return (double)(word(bits) >> 11) * (1.0 / 9007199254740992.0);                                                \
    }

#define PCG_MULTIPLIER ((uint128)2549297995355413924u << 64 | 4865540595714422341u)
#define PCG_CHEAP_MULTIPLIER 0xda942042e4dd58b5u

static inline uint128 pcg_multiplier(const struct bit_generator *bits)
{
    return bits->source == SOURCE_PCG64 ? PCG_MULTIPLIER : PCG_CHEAP_MULTIPLIER;
}

/* Steps, then folds the state and rotates it by its highest bits (XSL-RR). */
static inline uint64_t pcg64_word(struct bit_generator *bits)
{
    bits->drawn++;
    uint128 state = bits->state.pcg.state * PCG_MULTIPLIER + bits->state.pcg.increment;
    bits->state.pcg.state = state;
    uint64_t folded = (uint64_t)(state >> 64) ^ (uint64_t)state;
    unsigned turn = (unsigned)(state >> 122);
    return folded >> turn | folded << (-turn & 63);
}
SOURCE_OF_64_BITS(pcg64, pcg64_word)

/* Answers from the state, with two multiplications (DXSM), then steps. */
static inline uint64_t dxsm_word(struct bit_generator *bits)
{
    bits->drawn++;
    uint64_t high = (uint64_t)(bits->state.pcg.state >> 64), low = (uint64_t)bits->state.pcg.state | 1;
    high ^= high >> 32;
    high *= PCG_CHEAP_MULTIPLIER;
    high ^= high >> 48;
    bits->state.pcg.state = bits->state.pcg.state * PCG_CHEAP_MULTIPLIER + bits->state.pcg.increment;
    return high * low;
}
SOURCE_OF_64_BITS(dxsm, dxsm_word)

static void pcg_start(struct bit_generator *bits, uint128 seed, uint128 sequence)
{
    uint128 increment = sequence << 1 | 1;
    bits->state.pcg.increment = increment;
    bits->state.pcg.state = (increment + seed) * PCG_MULTIPLIER + increment; /* DXSM's, too: numpy starts both alike */
}

/* The affine step composed with itself delta times, by squaring. */
static void pcg_advance(struct bit_generator *bits, uint128 delta)
{
    uint128 multiplier = pcg_multiplier(bits), increment = bits->state.pcg.increment, total_multiplier = 1,
            total_increment = 0;
    for (; delta; delta >>= 1) {
        if (delta & 1) {
            total_multiplier *= multiplier;
            total_increment = total_increment * multiplier + increment;
        }
        increment *= multiplier + 1;
        multiplier *= multiplier;
    }
    bits->state.pcg.state = bits->state.pcg.state * total_multiplier + total_increment;
}

static void philox_renew(struct bit_generator *bits)
{
    enum { ROUNDS = 10 };
    uint64_t *counter = bits->state.philox.counter, *out = bits->state.philox.buffer;
    uint64_t key0 = bits->state.philox.key[0], key1 = bits->state.philox.key[1];
    for (int i = 0; i < PHILOX_WORDS && ++counter[i] == 0; i++)
        ;
    memcpy(out, counter, sizeof bits->state.philox.buffer);
    for (int i = 0; i < ROUNDS; i++, key0 += 0x9E3779B97F4A7C15u, key1 += 0xBB67AE8584CAA73Bu) {
        uint128 a = (uint128)0xD2E7470EE14C6C93u * out[0], b = (uint128)0xCA5A826395121157u * out[2];
        out[0] = (uint64_t)(b >> 64) ^ out[1] ^ key0;
        out[2] = (uint64_t)(a >> 64) ^ out[3] ^ key1;
        out[1] = (uint64_t)b;
        out[3] = (uint64_t)a;
    }
    bits->state.philox.position = 0;
}

static inline uint64_t philox_word(struct bit_generator *bits)
{
    if (bits->state.philox.position >= PHILOX_WORDS)
        philox_renew(bits);
    bits->drawn++;
    return bits->state.philox.buffer[bits->state.philox.position++];
}
SOURCE_OF_64_BITS(philox, philox_word)

static void philox_advance(struct bit_generator *bits, const uint64_t *delta)
{
    /* A carry into a word that wraps by itself is lost, as in numpy. */
    bool carry = false;
    for (int i = 0; i < PHILOX_WORDS; i++) {
        uint64_t *counter = &bits->state.philox.counter[i];
        if (carry)
            carry = ++*counter == 0;
        uint64_t before = *counter;
        *counter += delta[i];
        if (*counter < before && !carry)
            carry = true;
    }
}

static inline uint64_t sfc_word(struct bit_generator *bits)
{
    bits->drawn++;
    uint64_t *s = bits->state.sfc, result = s[0] + s[1] + s[3]++;
    s[0] = s[1] ^ s[1] >> 11;
    s[1] = s[2] + (s[2] << 3);
    s[2] = (s[2] << 24 | s[2] >> 40) + result;
    return result;
}
SOURCE_OF_64_BITS(sfc, sfc_word)

/* ---- all ---- */

static const struct {
    uint64_t (*next_64)(struct bit_generator *bits);
    uint32_t (*next_32)(struct bit_generator *bits);
    double (*next_double)(struct bit_generator *bits);
    size_t seed_words;
} sources[SOURCE_COUNT] = {
    [SOURCE_MT19937] = {mt_next_64, mt_next_32, mt_next_double, MT_WORDS},
    [SOURCE_PCG64] = {pcg64_next_64, pcg64_next_32, pcg64_next_double, 8},
    [SOURCE_PCG64DXSM] = {dxsm_next_64, dxsm_next_32, dxsm_next_double, 8},
    [SOURCE_PHILOX] = {philox_next_64, philox_next_32, philox_next_double, 4},
    [SOURCE_SFC64] = {sfc_next_64, sfc_next_32, sfc_next_double, 6},
};

size_t bit_generator_seed_words(enum bit_source source)
{
    return sources[source].seed_words;
}

static uint64_t wide_word(const uint32_t *words, size_t i)
{
    return words[2 * i] | (uint64_t)words[2 * i + 1] << 32;
}

void bit_generator_start(struct bit_generator *bits, enum bit_source source, const uint32_t *words)
{
    memset(bits, 0, sizeof *bits);
    bits->source = source;
    bits->next_64 = sources[source].next_64;
    bits->next_32 = sources[source].next_32;
    bits->next_double = sources[source].next_double;
    switch (source) {
    case SOURCE_MT19937:
        memcpy(bits->state.mt.key, words, sizeof bits->state.mt.key);
        bits->state.mt.key[0] = 0x80000000u;
        bits->state.mt.position = MT_WORDS - 1;
        break;
    case SOURCE_PCG64:
    case SOURCE_PCG64DXSM:
        pcg_start(bits, (uint128)wide_word(words, 0) << 64 | wide_word(words, 1),
                  (uint128)wide_word(words, 2) << 64 | wide_word(words, 3));
        break;
    case SOURCE_PHILOX:
        bits->state.philox.key[0] = wide_word(words, 0);
        bits->state.philox.key[1] = wide_word(words, 1);
        bits->state.philox.position = PHILOX_WORDS;
        break;
    case SOURCE_SFC64:
        for (size_t i = 0; i < 3; i++)
            bits->state.sfc[i] = wide_word(words, i);
        bits->state.sfc[3] = 1;
        for (int i = 0; i < 12; i++)
            sfc_word(bits);
        break;
    case SOURCE_COUNT: break;
    }
    bits->drawn = 0;
}

void bit_generator_advance(struct bit_generator *bits, const uint64_t *delta)
{
    if (bits->source == SOURCE_PHILOX) {
        philox_advance(bits, delta);
        bits->state.philox.position = PHILOX_WORDS;
        memset(bits->state.philox.buffer, 0, sizeof bits->state.philox.buffer);
    } else {
        pcg_advance(bits, (uint128)delta[1] << 64 | delta[0]);
    }
    bits->has_half = false;
    bits->half = 0;
}

uint64_t bit_generator_raw(struct bit_generator *bits)
{
    return bits->source == SOURCE_MT19937 ? next_32(bits) : next_64(bits);
}
