/* content_key.c - see content_key.h. */
#include "core/content_key.h"

#include <string.h>

enum { LARGE = 4096 };

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

/* A word waits for the product of the one before it: four sums of a quarter each are added side by side. */
static size_t add_quarters(struct content_key *key, const unsigned char *bytes, size_t size)
{
    struct content_key quarters[4] = {*key, *key, *key, *key};
    size_t quarter = size / 32 * 8;
    uint64_t word;
    for (size_t i = 0; i < quarter; i += 8)
        for (size_t j = 0; j < 4; j++) {
            memcpy(&word, bytes + j * quarter + i, 8);
            add_word(&quarters[j], word);
        }
    for (size_t j = 0; j < 4; j++) {
        add_word(key, quarters[j].words[0]);
        add_word(key, quarters[j].words[1]);
    }
    return 4 * quarter;
}

void content_key_add(struct content_key *key, const void *bytes, size_t size)
{
    size_t added = size >= LARGE ? add_quarters(key, bytes, size) : 0, left = size - added;
    const unsigned char *next = (const unsigned char *)bytes + added;
    uint64_t word;
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
