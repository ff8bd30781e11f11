/* result_stream.c - a timing result as bytes, for the process that started the one which made it. Host byte order: both ends
 * are the same program. */
#include "sim/timing/byte_stream.h"
#include "sim/timing/timing.h"

#include <string.h>

static void walk_counts(struct byte_stream *stream, struct timing_counts *counts, uint32_t name_count)
{
    walk_bytes(stream, &counts->static_instructions, sizeof counts->static_instructions);
    walk_bytes(stream, &counts->code_bytes, sizeof counts->code_bytes);
    walk_bytes(stream, &counts->instructions, sizeof counts->instructions);
    walk_bytes(stream, &counts->cycles, sizeof counts->cycles);
    walk_bytes(stream, counts->by_category, sizeof counts->by_category);
    walk_bytes(stream, counts->cycle_stack, sizeof counts->cycle_stack);
    walk_bytes(stream, counts->work, sizeof counts->work);
    walk_bytes(stream, counts->events, sizeof counts->events);
    walk_bytes(stream, &counts->energy, sizeof counts->energy);
    walk_bytes(stream, counts->energy_parts, sizeof counts->energy_parts);
    if (stream->in)
        counts->by_instruction = ARENA_ARRAY(stream->arena, uint64_t, name_count);
    walk_bytes(stream, counts->by_instruction, name_count * sizeof *counts->by_instruction);
}

static void walk_groups(struct byte_stream *stream, struct timing_group **groups, uint32_t *count, uint32_t name_count)
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

static void walk_result(struct byte_stream *stream, struct timing_result *result)
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
    result->loops = walk_list(stream, result->loops, &result->loop_count, sizeof *result->loops);
    for (uint32_t i = 0; i < result->loop_count && !stream->failed; i++) {
        struct timing_loop *loop = &result->loops[i];
        walk_text(stream, &loop->file);
        walk_text(stream, &loop->name);
        walk_text(stream, &loop->form);
        walk_text(stream, &loop->reason);
        walk_bytes(stream, &loop->line, sizeof loop->line);
        walk_bytes(stream, &loop->count, sizeof loop->count);
    }
    result->natives = walk_list(stream, result->natives, &result->native_count, sizeof *result->natives);
    for (uint32_t i = 0; i < result->native_count; i++) {
        walk_text(stream, &result->natives[i].name);
        walk_bytes(stream, &result->natives[i].calls, sizeof result->natives[i].calls);
    }
    walk_bytes(stream, &result->area, sizeof result->area);
    walk_bytes(stream, result->area_parts, sizeof result->area_parts);
    walk_bytes(stream, &result->interrupted, sizeof result->interrupted);
    walk_bytes(stream, &result->host_seconds, sizeof result->host_seconds);
    walk_bytes(stream, &result->host_peak_rss_bytes, sizeof result->host_peak_rss_bytes);
}

void timing_result_write(const struct timing_result *result, struct buffer *bytes)
{
    struct timing_result copy = *result; /* the walk only reads what it points to */
    walk_result(&(struct byte_stream){.out = bytes}, &copy);
}

struct timing_result *timing_result_read(const char *bytes, size_t size)
{
    struct arena *arena = arena_new();
    struct byte_stream stream = {.in = bytes, .left = size, .arena = arena};
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
