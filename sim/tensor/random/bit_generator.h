/* bit_generator.h - numpy.random's five sources of random words: MT19937, PCG64, PCG64DXSM, Philox and SFC64.
 *
 * MT19937: M. Matsumoto, T. Nishimura, 1998. PCG64: M. O'Neill, "PCG: A Family of Simple Fast Space-Efficient
 * Statistically Good Algorithms for Random Number Generation", 2014, XSL-RR and DXSM outputs. Philox 4x64-10: J. Salmon
 * et al., "Parallel Random Numbers: As Easy as 1, 2, 3", 2011. SFC64: C. Doty-Humphrey, PractRand.
 */
#ifndef HYBRIDSIM_SIM_TENSOR_RANDOM_BIT_GENERATOR_H
#define HYBRIDSIM_SIM_TENSOR_RANDOM_BIT_GENERATOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum bit_source { SOURCE_MT19937, SOURCE_PCG64, SOURCE_PCG64DXSM, SOURCE_PHILOX, SOURCE_SFC64, SOURCE_COUNT };
enum { MT_WORDS = 624, PHILOX_WORDS = 4, SEED_WORDS_MAX = MT_WORDS };

__extension__ typedef unsigned __int128 uint128;

struct bit_generator {
    uint64_t (*next_64)(struct bit_generator *bits);
    uint32_t (*next_32)(struct bit_generator *bits);
    double (*next_double)(struct bit_generator *bits); /* in [0, 1), 53 bits */
    uint64_t drawn;                                    /* words generated so far */
    enum bit_source source;
    bool has_half; /* the upper half of a 64-bit word waits in `half` */
    uint32_t half;
    union {
        struct {
            uint32_t key[MT_WORDS], position;
        } mt;
        struct {
            uint128 state, increment;
        } pcg;
        struct {
            uint64_t counter[PHILOX_WORDS], key[2], buffer[PHILOX_WORDS];
            uint32_t position;
        } philox;
        uint64_t sfc[4];
    } state;
};

/* How many 32-bit words of seed the source takes. */
size_t bit_generator_seed_words(enum bit_source source);
/* Starts it from that many words, as SeedSequence.generate_state gives them. */
void bit_generator_start(struct bit_generator *bits, enum bit_source source, const uint32_t *words);
/* MT19937 only: the seedings of 2002, which RandomState(seed) uses. */
void mt_seed_number(struct bit_generator *bits, uint32_t seed);
void mt_seed_array(struct bit_generator *bits, const uint32_t *key, size_t length);
/* As after `delta` words, modulo the period; PCG64 and PCG64DXSM: delta of two words, Philox: of four; least
 * significant first. */
void bit_generator_advance(struct bit_generator *bits, const uint64_t *delta);
uint64_t bit_generator_raw(struct bit_generator *bits); /* the source's own word: 32 bits of MT19937, else 64 */

static inline uint64_t next_64(struct bit_generator *bits)
{
    return bits->next_64(bits);
}
static inline uint32_t next_32(struct bit_generator *bits)
{
    return bits->next_32(bits);
}
static inline double next_double(struct bit_generator *bits)
{
    return bits->next_double(bits);
}
static inline float next_float(struct bit_generator *bits)
{
    return (float)(next_32(bits) >> 8) * (1.0f / 16777216.0f);
}

#endif
