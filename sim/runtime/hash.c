/* hash.c - CPython's hashes under PYTHONHASHSEED=0: SipHash-1-3 with key 0 for text and bytes (Aumasson and Bernstein,
 * "SipHash: a fast short-input PRF", 2012), numbers modulo the prime 2^61 - 1. */
#include "sim/runtime/types.h"

#include <math.h>

static inline uint64_t rotate(uint64_t x, int bits)
{
    return x << bits | x >> (64 - bits);
}

static inline void sip_round(uint64_t v[4])
{
    v[0] += v[1];
    v[2] += v[3];
    v[1] = rotate(v[1], 13) ^ v[0];
    v[3] = rotate(v[3], 16) ^ v[2];
    v[0] = rotate(v[0], 32);
    v[2] += v[1];
    v[0] += v[3];
    v[1] = rotate(v[1], 17) ^ v[2];
    v[3] = rotate(v[3], 21) ^ v[0];
    v[2] = rotate(v[2], 32);
}

int64_t hash_bytes(const void *data, size_t size)
{
    if (!size)
        return 0;
    uint64_t v[4] = {0x736f6d6570736575, 0x646f72616e646f6d, 0x6c7967656e657261, 0x7465646279746573};
    const uint8_t *at = data;
    uint64_t last = (uint64_t)size << 56, word;
    size_t left = size;
    for (; left >= 8; at += 8, left -= 8) {
        memcpy(&word, at, 8);
        v[3] ^= word;
        sip_round(v);
        v[0] ^= word;
    }
    for (size_t i = 0; i < left; i++)
        last |= (uint64_t)at[i] << (8 * i);
    v[3] ^= last;
    sip_round(v);
    v[0] ^= last;
    v[2] ^= 0xff;
    for (int i = 0; i < 3; i++)
        sip_round(v);
    int64_t hash = (int64_t)(v[0] ^ v[1] ^ v[2] ^ v[3]);
    return hash == -1 ? -2 : hash;
}

#define HASH_BITS 61
#define HASH_MODULUS (((uint64_t)1 << HASH_BITS) - 1)

int64_t hash_int64(int64_t n)
{
    uint64_t magnitude = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
    int64_t hash = (int64_t)(magnitude % HASH_MODULUS);
    if (n < 0)
        hash = -hash;
    return hash == -1 ? -2 : hash;
}

/* The fraction's numerator by the denominator's inverse modulo the prime, 28 bits of the mantissa at a time. */
int64_t hash_double(double d, value identity)
{
    if (isinf(d))
        return d > 0 ? 314159 : -314159;
    if (isnan(d)) { /* CPython's pointer hash */
        uint64_t address = identity;
        return (int64_t)(address >> 4 | address << 60);
    }
    int exponent;
    double mantissa = frexp(fabs(d), &exponent);
    uint64_t x = 0;
    while (mantissa != 0) {
        x = (x << 28 & HASH_MODULUS) | x >> (HASH_BITS - 28);
        mantissa *= 268435456.0;
        exponent -= 28;
        uint64_t digit = (uint64_t)mantissa;
        mantissa -= (double)digit;
        x += digit;
        if (x >= HASH_MODULUS)
            x -= HASH_MODULUS;
    }
    exponent = exponent >= 0 ? exponent % HASH_BITS : HASH_BITS - 1 - ((-1 - exponent) % HASH_BITS);
    x = (x << exponent & HASH_MODULUS) | x >> (HASH_BITS - exponent);
    int64_t hash = d < 0 ? -(int64_t)x : (int64_t)x;
    return hash == -1 ? -2 : hash;
}
