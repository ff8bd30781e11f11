/* arena.c - chunks of doubling size, chained. */
#include "core/arena.h"

#include <stdarg.h>
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct chunk {
    struct chunk *next;
    size_t used, size;
    alignas(max_align_t) unsigned char bytes[];
};

struct arena {
    struct chunk *chunks;
};

struct arena *arena_new(void)
{
    struct arena *arena = calloc(1, sizeof *arena);
    if (!arena)
        abort();
    return arena;
}

void arena_free(struct arena *arena)
{
    if (!arena)
        return;
    for (struct chunk *chunk = arena->chunks; chunk;) {
        struct chunk *next = chunk->next;
        free(chunk);
        chunk = next;
    }
    free(arena);
}

void *arena_room(struct arena *arena, size_t size)
{
    size = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
    struct chunk *chunk = arena->chunks;
    if (!chunk || chunk->size - chunk->used < size) {
        size_t chunk_size = chunk ? 2 * chunk->size : 4096 - sizeof *chunk;
        if (chunk_size > 1 << 20)
            chunk_size = 1 << 20;
        if (chunk_size < size)
            chunk_size = size;
        chunk = malloc(sizeof *chunk + chunk_size); /* cleared piece by piece: much of the last chunk is never used */
        if (!chunk)
            abort();
        chunk->used = 0;
        chunk->size = chunk_size;
        chunk->next = arena->chunks;
        arena->chunks = chunk;
    }
    void *result = chunk->bytes + chunk->used;
    chunk->used += size;
    return result;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    void *result = arena_room(arena, size);
    memset(result, 0, size);
    return result;
}

void *arena_copy(struct arena *arena, const void *bytes, size_t size)
{
    char *copy = arena_room(arena, size + 1);
    if (size)
        memcpy(copy, bytes, size);
    copy[size] = 0;
    return copy;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = NULL;
    int length = vasprintf(&text, format, args);
    va_end(args);
    if (length < 0)
        abort();
    char *copy = arena_copy(arena, text, (size_t)length);
    free(text);
    return copy;
}
