/* content_key.c - see content_key.h. */
#include "core/content_key.h"

#include <string.h>

static uint64_t mix(uint64_t word)
{
    word = (word ^ word >> 33) * 0xff51afd7ed558ccdu;
    word = (word ^ word >> 33) * 0xc4ceb9fe1a85ec53u;
    return word ^ word >> 33;
}

static uint64_t rotate(uint64_t word, int bits)
{
    return word << bits | word >> (64 - bits);
}

static void add_word(struct content_key *key, uint64_t word)
{
    key->words[0] = (key->words[0] ^ (word ^ word >> 32) * 0xff51afd7ed558ccdu) * 0x100000001b3u;
    key->words[1] = rotate((key->words[1] ^ word) * 0x9e3779b97f4a7c15u, 29);
}

void content_key_add(struct content_key *key, const void *bytes, size_t size)
{
    const unsigned char *next = bytes;
    uint64_t word;
    size_t left = size;
    for (; left >= 8; left -= 8, next += 8) {
        memcpy(&word, next, 8);
        add_word(key, word);
    }
    word = 0;
    if (left) {
        memcpy(&word, next, left);
        add_word(key, word);
    }
    key->words[0] = mix(key->words[0] + size);
    key->words[1] = mix(key->words[1] ^ key->words[0]);
}
