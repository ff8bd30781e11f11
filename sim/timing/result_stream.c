/* result_stream.c - a timing result as bytes, for the process that started the one which made it. Host byte order: both ends
 * are the same program. One walk over the fields serves both directions, so they cannot disagree. */
#include "sim/timing/timing.h"

#include <string.h>

enum { MAX_ENTRIES = 1 << 26 };

struct stream {
    struct buffer *out;   /* writing */
    const char *in;       /* reading; NULL when writing */
    size_t left;
    bool failed;
    struct arena *arena;
};

static void walk_bytes(struct stream *stream, void *bytes, size_t size)
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

static void walk_count(struct stream *stream, uint32_t *count)
{
    walk_bytes(stream, count, sizeof *count);
    if (stream->in && (*count > MAX_ENTRIES || *count > stream->left)) {
        stream->failed = true;
        *count = 0;
    }
}

static void walk_text(struct stream *stream, const char **text)
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
static void *walk_list(struct stream *stream, void *list, uint32_t *count, size_t size)
{
    walk_count(stream, count);
    return stream->in ? arena_alloc(stream->arena, (size_t)*count * size) : list;
}

static void walk_counts(struct stream *stream, struct timing_counts *counts, uint32_t name_count)
{
    walk_bytes(stream, &counts->static_instructions, sizeof counts->static_instructions);
    walk_bytes(stream, &counts->code_bytes, sizeof counts->code_bytes);
    walk_bytes(stream, &counts->instructions, sizeof counts->instructions);
    walk_bytes(stream, &counts->cycles, sizeof counts->cycles);
    walk_bytes(stream, counts->by_category, sizeof counts->by_category);
    walk_bytes(stream, counts->cycle_stack, sizeof counts->cycle_stack);
    walk_bytes(stream, counts->work, sizeof counts->work);
    walk_bytes(stream, counts->events, sizeof counts->events);
    if (stream->in)
        counts->by_instruction = ARENA_ARRAY(stream->arena, uint64_t, name_count);
    walk_bytes(stream, counts->by_instruction, name_count * sizeof *counts->by_instruction);
}

static void walk_groups(struct stream *stream, struct timing_group **groups, uint32_t *count, uint32_t name_count)
{
    *groups = walk_list(stream, *groups, count, sizeof **groups);
    for (uint32_t i = 0; i < *count && !stream->failed; i++) {
        struct timing_group *group = &(*groups)[i];
        walk_text(stream, &group->file);
        walk_text(stream, &group->name);
        walk_bytes(stream, &group->line, sizeof group->line);
        walk_bytes(stream, &group->is_script, sizeof group->is_script);
        walk_counts(stream, &group->counts, name_count);
    }
}

static void walk_result(struct stream *stream, struct timing_result *result)
{
    walk_text(stream, &result->isa);
    walk_text(stream, &result->machine);
    result->names = walk_list(stream, result->names, &result->name_count, sizeof *result->names);
    for (uint32_t i = 0; i < result->name_count; i++)
        walk_text(stream, &result->names[i]);
    if (stream->in)
        result->categories = ARENA_ARRAY(stream->arena, uint8_t, result->name_count);
    walk_bytes(stream, result->categories, result->name_count);
    walk_counts(stream, &result->total, result->name_count);
    walk_counts(stream, &result->script, result->name_count);
    walk_groups(stream, &result->files, &result->file_count, result->name_count);
    walk_groups(stream, &result->codes, &result->code_count, result->name_count);
    result->shapes = walk_list(stream, result->shapes, &result->shape_count, sizeof *result->shapes);
    for (uint32_t i = 0; i < result->shape_count; i++) {
        struct timing_shape *shape = &result->shapes[i];
        const char *what = shape->shape.what;
        walk_text(stream, &what);
        walk_bytes(stream, shape, sizeof *shape);
        shape->shape.what = what;
    }
    result->natives = walk_list(stream, result->natives, &result->native_count, sizeof *result->natives);
    for (uint32_t i = 0; i < result->native_count; i++) {
        walk_text(stream, &result->natives[i].name);
        walk_bytes(stream, &result->natives[i].calls, sizeof result->natives[i].calls);
    }
    walk_bytes(stream, &result->interrupted, sizeof result->interrupted);
    walk_bytes(stream, &result->host_seconds, sizeof result->host_seconds);
    walk_bytes(stream, &result->host_peak_rss_bytes, sizeof result->host_peak_rss_bytes);
}

void timing_result_write(const struct timing_result *result, struct buffer *bytes)
{
    struct timing_result copy = *result; /* the walk only reads what it points to */
    walk_result(&(struct stream){.out = bytes}, &copy);
}

struct timing_result *timing_result_read(const char *bytes, size_t size)
{
    struct arena *arena = arena_new();
    struct stream stream = {.in = bytes, .left = size, .arena = arena};
    struct timing_result *result = ARENA_NEW(arena, struct timing_result);
    walk_result(&stream, result);
    result->arena = arena;
    for (uint32_t i = 0; i < result->shape_count && !stream.failed; i++)
        stream.failed = !result->shapes[i].shape.what;
    if (stream.failed || stream.left || !result->isa || !result->machine) {
        arena_free(arena);
        return NULL;
    }
    return result;
}
