/* content_key.h - a key made of contents, for caches on disk: two lanes of FNV-1a over 64-bit words, finished by a mixer. It is
 * no defence against someone who builds collisions; the caches are the user's own. */
#ifndef HYBRIDSIM_CORE_CONTENT_KEY_H
#define HYBRIDSIM_CORE_CONTENT_KEY_H

#include <stddef.h>
#include <stdint.h>

struct content_key {
    uint64_t words[2];
};
#define CONTENT_KEY_START {{0xcbf29ce484222325u, 0x6c62272e07bb0142u}}

void content_key_add(struct content_key *key, const void *bytes, size_t size);

#endif
