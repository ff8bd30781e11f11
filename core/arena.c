/* arena.c - chunks that grow with what they hold, chained. */
#include "core/arena.h"

#include <stdarg.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct chunk {
    struct chunk *next;
    size_t used, size;
    alignas(max_align_t) unsigned char bytes[];
};

struct adopted {
    struct adopted *next;
    void *block;
};

struct arena {
    struct chunk *chunks; /* the first one is being filled */
    size_t held;          /* bytes of all chunks */
    struct adopted *adopted;
};

enum { CHUNK_LEAST = 4096, CHUNK_MOST = 1 << 20 };

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
    for (struct adopted *adopted = arena->adopted; adopted; adopted = adopted->next)
        free(adopted->block);
    for (struct chunk *chunk = arena->chunks; chunk;) {
        struct chunk *next = chunk->next;
        free(chunk);
        chunk = next;
    }
    free(arena);
}

static struct chunk *chunk_new(struct arena *arena, size_t size)
{
    struct chunk *chunk = malloc(sizeof *chunk + size); /* cleared piece by piece: much of the last chunk is never used */
    if (!chunk)
        abort();
    chunk->size = size;
    arena->held += size;
    return chunk;
}

/* A quarter more each time, so that little is never used: it lies in huge pages, which the kernel clears as a whole. What is large
 * for the next chunk gets one of its own behind the one that is being filled. */
static void *room_in_new(struct arena *arena, size_t size)
{
    struct chunk *filled = arena->chunks;
    size_t next = arena->held / 4 < CHUNK_LEAST ? CHUNK_LEAST - sizeof *filled : arena->held / 4;
    next = next > CHUNK_MOST ? CHUNK_MOST : next;
    bool is_alone = filled && size > next / 4;
    struct chunk *chunk = chunk_new(arena, is_alone || size > next ? size : next);
    struct chunk **place = is_alone ? &filled->next : &arena->chunks;
    chunk->used = size;
    chunk->next = *place;
    *place = chunk;
    return chunk->bytes;
}

void *arena_room(struct arena *arena, size_t size)
{
    size = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
    struct chunk *chunk = arena->chunks;
    if (!chunk || chunk->size - chunk->used < size)
        return room_in_new(arena, size);
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

void arena_adopt(struct arena *arena, void *block)
{
    struct adopted *adopted = arena_room(arena, sizeof *adopted);
    *adopted = (struct adopted){arena->adopted, block};
    arena->adopted = adopted;
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
