/* library_cache.c - reads /etc/ld.so.cache (glibc's format "glibc-ld.so.cache1.1": a header, entries, their strings). What
 * `ldconfig -p` would print is made here, because a program starts no processes. */
#include "sim/modules/ctypes/library_cache.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char path[] = "/etc/ld.so.cache", magic[] = "glibc-ld.so.cache1.1";

struct entry {
    int32_t flags;
    uint32_t name, path, version;
    uint64_t capabilities;
};

struct cache {
    char *bytes;
    size_t size;
    uint32_t count;
};

enum { HEADER_SIZE = 48, COUNT_OFFSET = 20, SIZE_MAX_BYTES = 1 << 24, FLAG_KIND = 0xff, FLAG_ELF_C6 = 3, FLAG_ARCHITECTURE = 0xff00,
       FLAG_X86_64 = 0x300, FLAG_X32 = 0x800 };

static bool cache_read(struct cache *cache)
{
    FILE *file = fopen(path, "rb");
    *cache = (struct cache){.bytes = file ? malloc(SIZE_MAX_BYTES) : NULL};
    if (cache->bytes) {
        cache->size = fread(cache->bytes, 1, SIZE_MAX_BYTES - 1, file);
        cache->bytes[cache->size] = 0;
    }
    if (file)
        fclose(file);
    if (cache->size >= HEADER_SIZE && !memcmp(cache->bytes, magic, sizeof magic - 1)) {
        memcpy(&cache->count, cache->bytes + COUNT_OFFSET, sizeof cache->count);
        if (cache->count <= (cache->size - HEADER_SIZE) / sizeof(struct entry))
            return true;
    }
    free(cache->bytes);
    return false;
}

/* False: the entry leads outside the file. */
static bool cache_entry(const struct cache *cache, uint32_t index, struct entry *entry)
{
    memcpy(entry, cache->bytes + HEADER_SIZE + index * sizeof *entry, sizeof *entry);
    return entry->name < cache->size && entry->path < cache->size;
}

char *library_cache_find(const char *name)
{
    struct cache cache;
    struct entry entry;
    char *found = NULL;
    if (!cache_read(&cache))
        return NULL;
    for (uint32_t i = 0; i < cache.count && !found; i++)
        if (cache_entry(&cache, i, &entry) && !strcmp(cache.bytes + entry.name, name))
            found = strdup(cache.bytes + entry.path);
    free(cache.bytes);
    return found;
}

char *library_cache_print(void)
{
    struct cache cache;
    struct entry entry;
    char *text = NULL;
    size_t size;
    if (!cache_read(&cache))
        return NULL;
    FILE *out = open_memstream(&text, &size);
    if (out) {
        fprintf(out, "%u libs found in cache `%s'\n", cache.count, path);
        for (uint32_t i = 0; i < cache.count; i++) {
            if (!cache_entry(&cache, i, &entry))
                continue;
            const char *kind = (entry.flags & FLAG_KIND) == FLAG_ELF_C6 ? "libc6" : "ELF";
            int architecture = entry.flags & FLAG_ARCHITECTURE;
            const char *machine = architecture == FLAG_X86_64 ? ",x86-64" : architecture == FLAG_X32 ? ",x32" : "";
            fprintf(out, "\t%s (%s%s) => %s\n", cache.bytes + entry.name, kind, machine, cache.bytes + entry.path);
        }
        fclose(out);
    }
    free(cache.bytes);
    return text;
}
