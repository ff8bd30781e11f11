/* saved_profile.c - see saved_profile.h. A file is a head of 40 bytes and a body:
 *   8 bytes   magic, with line ends of several kinds and a byte above 127: a file that was changed as text is not taken for one
 *   4, 4      version of the format, 0; least significant byte first, as all of the head
 *   8, 16     size of the body; a check of it, and of version and size
 * The body begins with the build and the program; then come the executions, each behind its size in 8 bytes: ISA, what it
 * speculated on, the units' marshalled code, the profile's code objects with their counts, what data caches did, and the
 * branches. Numbers are as in LEB128. One walk over the fields writes and reads them (byte_stream.h). */
#include "cli/sweep/saved_profile.h"

#include "cli/sweep/results.h"
#include "core/memory.h"
#include "core/yaml.h"
#include "frontend/frontend.h"
#include "sim/timing/byte_stream.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAGIC_SIZE = 8, HEAD_SIZE = 40, FORMAT_VERSION = 3, TOOL_ROOM = 64, SIZE_BYTES = 8 };
static const char magic[MAGIC_SIZE] = {'\x89', 'H', 'S', 'P', '\r', '\n', '\x1a', '\n'};
static const char how_to_save[] = "`hybridsim run --save-profile`";

bool program_key(const struct run_program *program, struct content_key *key)
{
    struct buffer text = {0};
    struct diag ignored;
    diag_init(&ignored);
    *key = (struct content_key)CONTENT_KEY_START;
    bool good = yaml_read_text(program->script, &text, &ignored);
    if (good)
        content_key_add(key, text.bytes, text.size);
    content_key_add(key, program->script, strlen(program->script));
    for (int i = 0; i < program->argument_count; i++)
        content_key_add(key, program->arguments[i], strlen(program->arguments[i]) + 1);
    buffer_free(&text);
    diag_free(&ignored);
    return good;
}

/* ---- fields ---- */

static void walk_number(struct byte_stream *stream, uint64_t *number)
{
    uint64_t left = *number;
    uint8_t byte = 0x80;
    for (int shift = 0; byte & 0x80; shift += 7) {
        if (!stream->in) {
            byte = (uint8_t)((left & 0x7f) | (left > 0x7f ? 0x80 : 0));
            left >>= 7;
        }
        walk_bytes(stream, &byte, 1);
        if (shift == 0)
            *number = 0;
        stream->failed |= shift > 63;
        if (stream->failed)
            return;
        *number |= (uint64_t)(byte & 0x7f) << shift;
    }
}

/* At most `most`. */
static void walk_limited(struct byte_stream *stream, uint32_t *number, uint32_t most)
{
    uint64_t wide = *number;
    walk_number(stream, &wide);
    stream->failed |= wide > most;
    *number = stream->failed ? 0 : (uint32_t)wide;
}

/* Of things that take a byte each at least. */
static void walk_length(struct byte_stream *stream, uint32_t *count)
{
    walk_limited(stream, count, stream->in && stream->left < UINT32_MAX ? (uint32_t)stream->left : UINT32_MAX);
}

static void walk_key(struct byte_stream *stream, struct content_key *key)
{
    for (int i = 0; i < 2; i++)
        for (int shift = 0; shift < 64; shift += 8) {
            uint8_t byte = (uint8_t)(key->words[i] >> shift);
            walk_bytes(stream, &byte, 1);
            key->words[i] = (key->words[i] & ~((uint64_t)0xff << shift)) | (uint64_t)byte << shift;
        }
}

/* Reading: none is NULL. */
static void walk_string(struct byte_stream *stream, const char **text)
{
    walk_text(stream, text);
    if (!*text) {
        stream->failed = true;
        *text = "";
    }
}

static void walk_program(struct byte_stream *stream, struct saved_program *program)
{
    walk_string(stream, &program->script);
    walk_key(stream, &program->key);
    walk_limited(stream, &program->exit_status, INT32_MAX);
    walk_length(stream, &program->argument_count);
    if (stream->in)
        program->arguments = ARENA_ARRAY(stream->arena, char *, program->argument_count + 1u);
    for (uint32_t i = 0; i < program->argument_count; i++) {
        const char *argument = program->arguments[i];
        walk_string(stream, &argument);
        program->arguments[i] = (char *)(uintptr_t)argument;
    }
}

/* What an execution begins with. */
static void walk_execution(struct byte_stream *stream, const char **isa, bool *has_trace, struct content_key *speculation)
{
    uint32_t traced = *has_trace;
    walk_string(stream, isa);
    walk_limited(stream, &traced, 1);
    walk_key(stream, speculation);
    *has_trace = traced;
}

static void walk_counts(struct byte_stream *stream, struct code_profile *code)
{
    const uint32_t blocks = code->code->block_count;
    for (uint32_t i = 0; i < blocks; i++) {
        walk_number(stream, &code->executions[i]);
        walk_number(stream, &code->taken[i]);
    }
    for (int i = 0; i < WORK_COUNT; i++)
        walk_number(stream, &code->work[i]);
}

/* As many entries as are said to follow, of `size` bytes. */
static void *walk_room(struct byte_stream *stream, void *list, uint32_t *count, size_t size)
{
    walk_length(stream, count);
    return stream->in ? checked_alloc(*count, size) : list;
}

static void walk_partials(struct byte_stream *stream, struct code_profile *code)
{
    code->partials = walk_room(stream, code->partials, &code->partial_count, sizeof *code->partials);
    for (uint32_t i = 0; i < code->partial_count; i++) {
        walk_limited(stream, &code->partials[i].block, code->code->block_count - 1);
        walk_limited(stream, &code->partials[i].instruction, code->code->instruction_count - 1);
        walk_number(stream, &code->partials[i].count);
    }
    code->guards = walk_room(stream, code->guards, &code->guard_count, sizeof *code->guards);
    for (uint32_t i = 0; i < code->guard_count; i++) {
        walk_limited(stream, &code->guards[i].instruction, code->code->instruction_count - 1);
        walk_number(stream, &code->guards[i].failures);
    }
}

static void walk_shapes(struct byte_stream *stream, struct code_profile *code)
{
    code->shapes = walk_room(stream, code->shapes, &code->shape_count, sizeof *code->shapes);
    for (uint32_t i = 0; i < code->shape_count; i++) {
        struct profile_shape *shape = &code->shapes[i];
        uint32_t kind = shape->kind, is_loop = shape->is_loop;
        walk_limited(stream, &kind, SHAPE_NONE);
        walk_limited(stream, &shape->instruction, code->code->instruction_count - 1);
        walk_string(stream, &shape->what);
        walk_limited(stream, &shape->rows, UINT32_MAX);
        walk_limited(stream, &shape->columns, UINT32_MAX);
        walk_limited(stream, &shape->depth, UINT32_MAX);
        walk_limited(stream, &shape->element_bytes, UINT32_MAX);
        walk_number(stream, &shape->count);
        walk_limited(stream, &is_loop, 1);
        shape->kind = (enum profile_shape_kind)kind;
        shape->is_loop = is_loop;
    }
}

static void walk_loops(struct byte_stream *stream, struct code_profile *code)
{
    code->loops = walk_room(stream, code->loops, &code->loop_count, sizeof *code->loops);
    for (uint32_t i = 0; i < code->loop_count; i++) {
        walk_limited(stream, &code->loops[i].instruction, code->code->instruction_count - 1);
        walk_text(stream, &code->loops[i].form);
        walk_text(stream, &code->loops[i].reason);
        walk_number(stream, &code->loops[i].count);
    }
}

/* What the code object is: in a unit, maybe with other flags (code.replace) or blocks. */
struct code_place {
    uint32_t unit, index, flags, splits_lines;
    uint32_t blocks, instructions; /* for being sure */
};

static void walk_place(struct byte_stream *stream, struct code_place *place, uint32_t units)
{
    walk_limited(stream, &place->unit, units ? units - 1 : 0);
    walk_limited(stream, &place->index, UINT32_MAX);
    walk_limited(stream, &place->flags, UINT32_MAX);
    walk_limited(stream, &place->splits_lines, 1);
    walk_limited(stream, &place->blocks, UINT32_MAX);
    walk_limited(stream, &place->instructions, UINT32_MAX);
}

static void walk_slots(struct byte_stream *stream, uint32_t *slots)
{
    uint32_t entered = *slots + 1; /* RETIME_NOT_ENTERED as 0 */
    walk_limited(stream, &entered, UINT16_MAX + 1);
    *slots = entered - 1;
}

static void walk_code(struct byte_stream *stream, struct code_profile *code, uint32_t *slots)
{
    walk_slots(stream, slots);
    walk_counts(stream, code);
    walk_partials(stream, code);
    walk_shapes(stream, code);
    walk_loops(stream, code);
}

static void walk_histogram(struct byte_stream *stream, struct distance_histogram *histogram)
{
    uint32_t size = (uint32_t)histogram->size;
    walk_limited(stream, &histogram->shape.line, UINT32_MAX);
    walk_limited(stream, &histogram->shape.sets, UINT32_MAX);
    walk_limited(stream, &histogram->shape.ways, UINT32_MAX);
    walk_number(stream, &histogram->new_lines);
    walk_number(stream, &histogram->beyond);
    histogram->counts = walk_room(stream, histogram->counts, &size, sizeof *histogram->counts);
    histogram->size = size;
    for (uint32_t i = 0; i < size; i++)
        walk_number(stream, &histogram->counts[i]);
}

/* ---- writing ---- */

static void write_distances(struct byte_stream *stream, const struct stack_distances *distances)
{
    uint32_t count = 0;
    uint64_t words = distances ? stack_distances_words(distances) : 0;
    while (distances && stack_distances_histogram(distances, count))
        count++;
    walk_length(stream, &count);
    walk_number(stream, &words);
    for (uint32_t i = 0; i < count; i++) {
        struct distance_histogram written = *stack_distances_histogram(distances, i);
        while (written.size && !written.counts[written.size - 1])
            written.size--;
        walk_histogram(stream, &written);
    }
}

struct unit_list { /* those of the profile's codes, in order */
    const struct code_unit **units;
    uint32_t count;
};

static uint32_t find_unit(struct unit_list *list, const struct code_unit *unit)
{
    for (uint32_t i = list->count; i-- > 0;)
        if (list->units[i] == unit)
            return i;
    list->units[list->count] = unit;
    return list->count++;
}

static void write_units(struct byte_stream *stream, struct unit_list *list, const struct profile *profile)
{
    list->units = checked_alloc(profile->code_count, sizeof *list->units);
    for (uint32_t i = 0; i < profile->code_count; i++)
        find_unit(list, profile->codes[i]->code->unit);
    walk_length(stream, &list->count);
    for (uint32_t i = 0; i < list->count; i++) {
        struct buffer code = {0};
        frontend_write_marshalled(list->units[i]->module, &code);
        uint32_t size = (uint32_t)code.size;
        walk_length(stream, &size);
        buffer_add(stream->out, code.bytes, code.size);
        buffer_free(&code);
    }
}

static void write_codes(struct byte_stream *stream, struct unit_list *list, const struct retime_source *source)
{
    uint32_t count = source->profile->code_count;
    walk_length(stream, &count);
    for (uint32_t i = 0; i < count; i++) {
        struct code_profile *profile = source->profile->codes[i];
        const struct code *code = profile->code;
        struct code_place place = {find_unit(list, code->unit), code->index, code->flags, code->splits_lines,
                                   code->block_count, code->instruction_count};
        walk_place(stream, &place, list->count);
        walk_code(stream, profile, &source->frame_slots[i]);
    }
}

static void add_word(uint8_t *bytes, uint64_t word, int size)
{
    for (int i = 0; i < size; i++)
        bytes[i] = (uint8_t)(word >> 8 * i);
}

static uint64_t word_at(const uint8_t *bytes, int size)
{
    uint64_t word = 0;
    for (int i = 0; i < size; i++)
        word |= (uint64_t)bytes[i] << 8 * i;
    return word;
}

/* Of the version, the size, and the body. */
static struct content_key check_of(const uint8_t *file, size_t size)
{
    struct content_key check = CONTENT_KEY_START;
    content_key_add(&check, file + MAGIC_SIZE, 16);
    content_key_add(&check, file + HEAD_SIZE, size - HEAD_SIZE);
    return check;
}

/* Version, size and check of a file whose body is there. */
static void fill_head(struct buffer *file)
{
    uint8_t *bytes = (uint8_t *)file->bytes;
    memcpy(bytes, magic, MAGIC_SIZE);
    add_word(bytes + 8, FORMAT_VERSION, 4);
    add_word(bytes + 12, 0, 4);
    add_word(bytes + 16, file->size - HEAD_SIZE, 8);
    struct content_key check = check_of(bytes, file->size);
    add_word(bytes + 24, check.words[0], 8);
    add_word(bytes + 32, check.words[1], 8);
}

static void write_execution(const char *isa, const struct retime_source *source, struct buffer *file)
{
    const char room[SIZE_BYTES] = {0};
    struct byte_stream stream = {.out = file};
    struct unit_list list = {0};
    struct content_key speculation = source->speculation;
    bool has_trace = source->trace != NULL;
    size_t start = file->size;
    buffer_add(file, room, sizeof room);
    walk_execution(&stream, &isa, &has_trace, &speculation);
    write_units(&stream, &list, source->profile);
    write_codes(&stream, &list, source);
    write_distances(&stream, source->distances);
    if (source->trace)
        branch_trace_write(source->trace, file);
    free(list.units);
    add_word((uint8_t *)file->bytes + start, file->size - start - SIZE_BYTES, SIZE_BYTES);
}

void saved_profile_write(const struct saved_program *program, const struct retime_source *source, struct buffer *file)
{
    char head[HEAD_SIZE] = {0}, tool_text[TOOL_ROOM];
    const char *tool = tool_text;
    struct byte_stream stream = {.out = file};
    struct saved_program saved = *program;
    results_tool(tool_text, sizeof tool_text);
    buffer_add(file, head, HEAD_SIZE);
    walk_string(&stream, &tool);
    walk_program(&stream, &saved);
    write_execution(program->isa, source, file);
    fill_head(file);
}

/* ---- reading ---- */

struct reading {
    const char *path;
    struct buffer file;
    struct byte_stream stream;
    struct diag *diag;
};

static bool read_file(struct reading *reading)
{
    char bytes[65536];
    ssize_t size = -1;
    int file = open(reading->path, O_RDONLY | O_CLOEXEC);
    while (file >= 0 && ((size = read(file, bytes, sizeof bytes)) > 0 || (size < 0 && errno == EINTR)))
        if (size > 0)
            buffer_add(&reading->file, bytes, (size_t)size);
    int error = errno;
    if (file >= 0)
        close(file);
    return size == 0 || diag_error(reading->diag, reading->path, 0, 0, "the profile cannot be read: %s", strerror(error));
}

static bool refuse_foreign(const struct reading *reading)
{
    struct buffer found = {0};
    for (size_t i = 0; i < reading->file.size && i < MAGIC_SIZE; i++) {
        uint8_t byte = (uint8_t)reading->file.bytes[i];
        buffer_printf(&found, byte >= ' ' && byte < 0x7f ? "%c" : "\\x%02x", byte);
    }
    diag_error(reading->diag, reading->path, 0, 0, "found a file of %zu bytes that begins with `%s`, expected a profile that "
               "%s saved", reading->file.size, found.size ? found.bytes : "", how_to_save);
    buffer_free(&found);
    return false;
}

static bool check_head(struct reading *reading)
{
    const uint8_t *bytes = (const uint8_t *)reading->file.bytes;
    size_t size = reading->file.size;
    if (size < MAGIC_SIZE || memcmp(bytes, magic, MAGIC_SIZE) != 0)
        return refuse_foreign(reading);
    if (size < HEAD_SIZE)
        return diag_error(reading->diag, reading->path, 0, 0, "found %zu bytes of a profile, expected %d at least: it is truncated",
                          size, HEAD_SIZE);
    uint64_t version = word_at(bytes + 8, 4), body = word_at(bytes + 16, 8);
    if (version != FORMAT_VERSION)
        return diag_error(reading->diag, reading->path, 0, 0, "found a profile of version %" PRIu64 " of the format, expected "
                          "version %d: save it again with %s", version, FORMAT_VERSION, how_to_save);
    if (body != size - HEAD_SIZE)
        return diag_error(reading->diag, reading->path, 0, 0, "found %zu bytes of a profile, expected %" PRIu64 ": it is %s", size,
                          body + HEAD_SIZE, size - HEAD_SIZE < body ? "truncated" : "damaged");
    struct content_key found = check_of(bytes, size);
    const struct content_key expected = {{word_at(bytes + 24, 8), word_at(bytes + 32, 8)}};
    char texts[2][RESULTS_KEY_ROOM];
    results_key_text(&found, texts[0]);
    results_key_text(&expected, texts[1]);
    return !strcmp(texts[0], texts[1]) || diag_error(reading->diag, reading->path, 0, 0, "found a profile whose contents' check is "
                                                     "%s, expected %s: it is damaged", texts[0], texts[1]);
}

static bool refuse_contents(const struct reading *reading)
{
    return diag_error(reading->diag, reading->path, 0, 0, "found a profile whose contents do not fit together: save it again "
                      "with %s", how_to_save);
}

/* The file as far as the program. */
static bool open_profile(struct reading *reading, struct saved_program *program, struct arena *arena)
{
    char own[TOOL_ROOM];
    const char *tool = NULL;
    if (!read_file(reading) || !check_head(reading))
        return false;
    reading->stream = (struct byte_stream){.in = reading->file.bytes + HEAD_SIZE, .left = reading->file.size - HEAD_SIZE,
                                           .arena = arena};
    walk_string(&reading->stream, &tool);
    results_tool(own, sizeof own);
    if (strcmp(tool, own) != 0)
        return diag_error(reading->diag, reading->path, 0, 0, "found a profile by another build of hybridsim, `%s`, expected one "
                          "by this one, `%s`: save it again with %s", tool, own, how_to_save);
    walk_program(&reading->stream, program);
    return !reading->stream.failed || refuse_contents(reading);
}

/* The next execution's part of the body. False: there is none, or, with an error, it does not fit. */
static bool next_execution(struct reading *reading, struct byte_stream *section)
{
    struct byte_stream *stream = &reading->stream;
    if (!stream->left)
        return false;
    uint64_t size = stream->left < SIZE_BYTES ? UINT64_MAX : word_at((const uint8_t *)stream->in, SIZE_BYTES);
    if (stream->left < SIZE_BYTES || size > stream->left - SIZE_BYTES)
        return refuse_contents(reading);
    *section = (struct byte_stream){.in = stream->in + SIZE_BYTES, .left = (size_t)size, .arena = stream->arena};
    stream->in += SIZE_BYTES + size;
    stream->left -= SIZE_BYTES + (size_t)size;
    return true;
}

static bool read_units(struct reading *reading, struct saved_profile *saved)
{
    struct byte_stream *stream = &reading->stream;
    uint32_t count = 0, size = 0;
    walk_length(stream, &count);
    saved->units = ARENA_ARRAY(saved->arena, struct code_unit *, count + 1u);
    for (; saved->unit_count < count && !stream->failed; saved->unit_count++) {
        walk_length(stream, &size);
        if (stream->failed)
            break;
        saved->units[saved->unit_count] = frontend_read_marshalled(stream->in, size, reading->path, reading->diag);
        if (!saved->units[saved->unit_count])
            return false;
        stream->in += size;
        stream->left -= size;
    }
    return !stream->failed || refuse_contents(reading);
}

/* The code object at a place; NULL: there is none like it. */
static const struct code *find_code(struct saved_profile *saved, const struct code_place *place)
{
    const struct code_unit *unit = place->unit < saved->unit_count ? saved->units[place->unit] : NULL;
    const struct code *code = unit && place->index < unit->code_count ? unit->codes[place->index] : NULL;
    if (code && place->splits_lines)
        code = code_split_at_lines(code);
    if (!code || !code->block_count || code->block_count != place->blocks || code->instruction_count != place->instructions)
        return NULL;
    if (code->flags == place->flags)
        return code;
    struct code *other = arena_copy(saved->arena, code, sizeof *code);
    other->flags = place->flags;
    return other;
}

static bool read_codes(struct reading *reading, struct saved_profile *saved)
{
    struct byte_stream *stream = &reading->stream;
    uint32_t count = 0;
    walk_length(stream, &count);
    saved->source.frame_slots = checked_alloc(count, sizeof *saved->source.frame_slots);
    for (uint32_t i = 0; i < count && !stream->failed; i++) {
        struct code_place place = {0};
        walk_place(stream, &place, saved->unit_count);
        const struct code *code = stream->failed ? NULL : find_code(saved, &place);
        if (!code)
            return refuse_contents(reading);
        walk_code(stream, profile_add_code(saved->source.profile, code), &saved->source.frame_slots[i]);
    }
    return !stream->failed || refuse_contents(reading);
}

static bool read_distances(struct reading *reading, struct saved_profile *saved)
{
    struct byte_stream *stream = &reading->stream;
    uint32_t count = 0;
    uint64_t words = 0;
    walk_length(stream, &count);
    walk_number(stream, &words);
    struct distance_histogram *histograms = checked_alloc(count, sizeof *histograms);
    for (uint32_t i = 0; i < count && !stream->failed; i++)
        walk_histogram(stream, &histograms[i]);
    if (count)
        saved->source.distances = stack_distances_of(histograms, count, words);
    free(histograms);
    return !stream->failed || refuse_contents(reading);
}

static bool read_trace(struct reading *reading, struct saved_profile *saved)
{
    const struct byte_stream *stream = &reading->stream; /* the execution's */
    if (!saved->program.has_trace)
        return stream->left == 0 || refuse_contents(reading);
    saved->source.trace = branch_trace_read(stream->in, stream->left, saved->source.profile);
    return saved->source.trace || refuse_contents(reading);
}

struct saved_profile *saved_profile_load(const char *path, uint32_t number, struct diag *diag)
{
    struct saved_profile *saved = checked_alloc(1, sizeof *saved);
    struct reading reading = {.path = path, .diag = diag};
    struct byte_stream section = {.left = 0};
    saved->arena = arena_new();
    saved->source.profile = profile_new();
    bool good = open_profile(&reading, &saved->program, saved->arena);
    size_t errors = diag->count;
    for (uint32_t i = 0; good && i <= number; i++)
        good = next_execution(&reading, &section) || (diag->count == errors && refuse_contents(&reading));
    if (good) {
        reading.stream = section;
        walk_execution(&reading.stream, &saved->program.isa, &saved->program.has_trace, &saved->source.speculation);
        good = !reading.stream.failed || refuse_contents(&reading);
    }
    good = good && read_units(&reading, saved) && read_codes(&reading, saved) && read_distances(&reading, saved) &&
           read_trace(&reading, saved);
    buffer_free(&reading.file);
    if (good)
        return saved;
    saved_profile_free(saved);
    return NULL;
}

void saved_profile_free(struct saved_profile *saved)
{
    if (!saved)
        return;
    profile_free(saved->source.profile);
    branch_trace_free(saved->source.trace);
    stack_distances_free(saved->source.distances);
    retime_source_free(&saved->source);
    for (uint32_t i = 0; i < saved->unit_count; i++)
        code_unit_free(saved->units[i]);
    arena_free(saved->arena);
    free(saved);
}

struct addition { /* an execution that is to be added */
    const struct retime_source *source;
    struct buffer bytes;
    bool known;   /* one that stands for the same points is there */
};

/* Counts executions; NULL: none is to be added. */
static bool count_executions(struct reading *reading, struct saved_program *program, struct addition *addition)
{
    struct byte_stream section;
    size_t errors = reading->diag->count;
    program->has_trace = true;
    while (next_execution(reading, &section)) {
        const char *isa = NULL;
        bool has_trace = false;
        struct content_key speculation = {{0, 0}};
        const char *start = section.in;
        const size_t size = section.left;
        walk_execution(&section, &isa, &has_trace, &speculation);
        if (section.failed)
            return refuse_contents(reading);
        program->isa = isa;
        program->has_trace &= has_trace;
        program->execution_count++;
        if (!addition)
            continue;
        const struct retime_source *source = addition->source;
        bool alike = memcmp(&speculation, &source->speculation, sizeof speculation) == 0 && has_trace == (source->trace != NULL);
        bool same = addition->bytes.size == SIZE_BYTES + size && memcmp(addition->bytes.bytes + SIZE_BYTES, start, size) == 0;
        addition->known |= same || (alike && !source->distances); /* other caches may have been followed */
    }
    return reading->diag->count == errors && (program->execution_count || refuse_contents(reading));
}

bool saved_profile_check(const char *path, struct saved_program *program, struct arena *arena, struct diag *diag)
{
    struct reading reading = {.path = path, .diag = diag};
    bool good = open_profile(&reading, program, arena) && count_executions(&reading, program, NULL);
    buffer_free(&reading.file);
    return good;
}

/* The file as it is, in *file, when it can be added to. */
static bool read_for_appending(const char *path, const struct saved_program *program, struct addition *addition,
                               struct buffer *file)
{
    struct diag ignored; /* another file is made then */
    struct saved_program found = {.isa = NULL};
    struct arena *arena = arena_new();
    diag_init(&ignored);
    struct reading reading = {.path = path, .diag = &ignored};
    bool good = open_profile(&reading, &found, arena) && memcmp(&found.key, &program->key, sizeof found.key) == 0 &&
                count_executions(&reading, &found, addition);
    if (good)
        *file = reading.file;
    else
        buffer_free(&reading.file);
    arena_free(arena);
    diag_free(&ignored);
    return good;
}

static bool replace_file(const char *path, const struct buffer *file, struct diag *diag)
{
    char *beside = NULL;
    if (asprintf(&beside, "%s.new", path) < 0)
        abort();
    FILE *stream = fopen(beside, "w");
    bool good = stream && fwrite(file->bytes, 1, file->size, stream) == file->size;
    good = stream && fclose(stream) == 0 && good && rename(beside, path) == 0;
    if (!good) {
        diag_error(diag, path, 0, 0, "the profile cannot be written: %s", strerror(errno));
        unlink(beside);
    }
    free(beside);
    return good;
}

bool saved_profile_append(const char *path, const struct saved_program *program, const struct retime_source *source,
                          struct diag *diag)
{
    struct buffer file = {0};
    struct addition addition = {.source = source};
    write_execution(program->isa, source, &addition.bytes);
    if (read_for_appending(path, program, &addition, &file)) {
        buffer_add(&file, addition.bytes.bytes, addition.bytes.size);
        fill_head(&file);
    } else {
        saved_profile_write(program, source, &file);
    }
    bool good = addition.known || replace_file(path, &file, diag);
    buffer_free(&addition.bytes);
    buffer_free(&file);
    return good;
}
