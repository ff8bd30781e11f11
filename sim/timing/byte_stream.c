/* byte_stream.c - see byte_stream.h. */
#include "sim/timing/byte_stream.h"

#include <string.h>

enum { MAX_ENTRIES = 1 << 26 };

void walk_bytes(struct byte_stream *stream, void *bytes, size_t size)
{
    if (!stream->in) {
        buffer_add(stream->out, bytes, size);
    } else if (stream->failed || size > stream->left) {
        stream->failed = true;
        memset(bytes, 0, size);
    } else {
        memcpy(bytes, stream->in, size);
        stream->in += size;
        stream->left -= size;
    }
}

void walk_count(struct byte_stream *stream, uint32_t *count)
{
    walk_bytes(stream, count, sizeof *count);
    if (stream->in && (*count > MAX_ENTRIES || *count > stream->left)) {
        stream->failed = true;
        *count = 0;
    }
}

void walk_text(struct byte_stream *stream, const char **text)
{
    uint32_t size = !stream->in && *text ? (uint32_t)strlen(*text) + 1 : 0; /* 0: no text */
    walk_count(stream, &size);
    if (!stream->in) {
        buffer_add(stream->out, *text ? *text : "", size);
        return;
    }
    *text = NULL;
    if (size) {
        char *copy = arena_alloc(stream->arena, size);
        walk_bytes(stream, copy, size);
        copy[size - 1] = 0;
        *text = copy;
    }
}

/* The list itself when writing, a new one when reading. */
void *walk_list(struct byte_stream *stream, void *list, uint32_t *count, size_t size)
{
    walk_count(stream, count);
    return stream->in ? arena_alloc(stream->arena, (size_t)*count * size) : list;
}
