/* tally.c - see tally.h. Executed counts are the timing's own rows, so they add up to its instructions by construction. */
#include "sim/timing/tally.h"

#include "sim/timing/byte_stream.h"

#include <stdlib.h>
#include <string.h>

/* Room for one more in a list of the arena. */
static void *reserve(struct tally *tally, void *list, uint32_t count, uint32_t *capacity, size_t size)
{
    if (count < *capacity)
        return list;
    *capacity = *capacity ? 2 * *capacity : 64;
    char *grown = arena_alloc(tally->arena, *capacity * size);
    if (count)
        memcpy(grown, list, count * size);
    return grown;
}

struct tally *tally_new(const struct isa *isa)
{
    struct arena *arena = arena_new();
    struct tally *tally = ARENA_NEW(arena, struct tally);
    tally->arena = arena;
    tally->isa = arena_copy(arena, isa->name, strlen(isa->name));
    tally->machine = arena_copy(arena, isa->machine->name, strlen(isa->machine->name));
    tally->name_count = (uint32_t)isa->instruction_count + 1;
    tally->names = ARENA_ARRAY(arena, const char *, tally->name_count);
    tally->categories = ARENA_ARRAY(arena, uint8_t, tally->name_count);
    for (int i = 0; i < isa->instruction_count; i++) {
        tally->names[i] = arena_copy(arena, isa->instructions[i].name, strlen(isa->instructions[i].name));
        tally->categories[i] = (uint8_t)isa->instructions[i].category;
    }
    const char *prefix = isa->prefix_name ? isa->prefix_name : "PREFIX";
    tally->names[isa->instruction_count] = arena_copy(arena, prefix, strlen(prefix));
    tally->categories[isa->instruction_count] = (uint8_t)isa->prefix_category;
    return tally;
}

void tally_free(struct tally *tally)
{
    if (!tally)
        return;
    free(tally->sequence_table);
    arena_free(tally->arena);
}

static int compare_rows(const void *a, const void *b)
{
    const struct tally_row *left = a, *right = b;
    if (left->line != right->line)
        return left->line < right->line ? -1 : 1;
    return left->name < right->name ? -1 : left->name > right->name;
}

static void add_row(struct tally *tally, const struct tally_row *row)
{
    if (!row->placed && !row->executed && !row->cycles)
        return;
    tally->rows = reserve(tally, tally->rows, tally->row_count, &tally->row_capacity, sizeof *tally->rows);
    tally->rows[tally->row_count] = *row;
    tally->rows[tally->row_count++].code = tally->code_count - 1;
}

/* Equal rows from `first` on become one. */
static void merge_rows(struct tally *tally, uint32_t first)
{
    uint32_t kept = first;
    if (tally->row_count == first)
        return;
    qsort(tally->rows + first, tally->row_count - first, sizeof *tally->rows, compare_rows);
    for (uint32_t i = first + 1; i < tally->row_count; i++) {
        if (compare_rows(&tally->rows[kept], &tally->rows[i]) == 0) {
            tally->rows[kept].placed += tally->rows[i].placed;
            tally->rows[kept].executed += tally->rows[i].executed;
            tally->rows[kept].cycles += tally->rows[i].cycles;
        } else {
            tally->rows[++kept] = tally->rows[i];
        }
    }
    tally->row_count = kept + 1;
}

void tally_add(struct tally *tally, const struct machine_function *function, bool is_script, const struct code_profile *profile,
               const struct timing_rows *rows)
{
    const struct code *code = function->code;
    uint32_t first = tally->row_count, prefix = tally->name_count - 1;
    tally->codes = reserve(tally, tally->codes, tally->code_count, &tally->code_capacity, sizeof *tally->codes);
    struct tally_code *added = &tally->codes[tally->code_count++];
    *added = (struct tally_code){.line = code->first_line, .is_script = is_script, .entered = profile != NULL};
    added->file = arena_copy(tally->arena, code->filename.text, code->filename.size);
    added->name = arena_copy(tally->arena, code->qualified_name.text, code->qualified_name.size);
    if (profile)
        memcpy(added->work, profile->work, sizeof added->work);
    added->native_cycles = rows ? rows->elsewhere : 0;
    for (uint32_t i = 0; i < function->instruction_count; i++) {
        const struct placed_instruction *placed = &function->instructions[i];
        int32_t line = code->instructions[placed->source].line;
        uint32_t at = line < 0 ? 0 : (uint32_t)line;
        uint64_t executed = rows ? rows->executed[i] : 0, failed = rows ? rows->failed[i] : 0;
        added->caches += function->isa->instructions[placed->instruction].cache_units;
        add_row(tally, &(struct tally_row){.line = at, .name = placed->instruction, .placed = 1, .executed = executed,
                                           .cycles = rows ? rows->cycles[i] : 0});
        add_row(tally, &(struct tally_row){.line = at, .name = prefix, .placed = placed->prefixes,
                                           .executed = (executed + failed) * placed->prefixes});
        const struct fallback *fallback = failed ? &function->fallbacks[placed->fallback] : NULL;
        for (uint32_t plain = 0; fallback && plain < fallback->count; plain++)
            add_row(tally, &(struct tally_row){.line = at, .name = fallback->instructions[plain], .executed = failed});
    }
    merge_rows(tally, first);
    if (tally->has_sequences)
        tally_sequences(tally, function, is_script, profile);
}

/* ---- sequences, in a table by their names ---- */

static uint64_t hash_names(const uint32_t *names, uint32_t length)
{
    uint64_t hash = length;
    for (uint32_t i = 0; i < length; i++)
        hash = (hash ^ names[i]) * 0x9e3779b97f4a7c15u;
    return hash >> 32;
}

/* Where the sequence is in the table, or the empty place (0) for it. */
static uint32_t *find_sequence(struct tally *tally, const uint32_t *names, uint32_t length)
{
    for (uint64_t at = hash_names(names, length);; at++) {
        uint32_t *entry = &tally->sequence_table[at & (tally->table_capacity - 1)];
        if (!*entry)
            return entry;
        const struct tally_sequence *sequence = &tally->sequences[*entry - 1];
        if (sequence->length == length && memcmp(sequence->names, names, length * sizeof *names) == 0)
            return entry;
    }
}

static void grow_table(struct tally *tally)
{
    tally->table_capacity = tally->table_capacity ? 2 * tally->table_capacity : 4096;
    free(tally->sequence_table);
    tally->sequence_table = calloc(tally->table_capacity, sizeof *tally->sequence_table);
    if (!tally->sequence_table)
        abort();
    for (uint32_t i = 0; i < tally->sequence_count; i++)
        *find_sequence(tally, tally->sequences[i].names, tally->sequences[i].length) = i + 1;
}

void tally_add_sequence(struct tally *tally, const uint32_t *names, uint32_t length, bool is_script, uint64_t placed,
                        uint64_t executed)
{
    if (!placed && !executed)
        return;
    if (2 * tally->sequence_count >= tally->table_capacity)
        grow_table(tally);
    uint32_t *entry = find_sequence(tally, names, length);
    if (!*entry) {
        tally->sequences = reserve(tally, tally->sequences, tally->sequence_count, &tally->sequence_capacity,
                                   sizeof *tally->sequences);
        struct tally_sequence *added = &tally->sequences[tally->sequence_count++];
        *added = (struct tally_sequence){.length = length};
        memcpy(added->names, names, length * sizeof *names);
        *entry = tally->sequence_count;
    }
    struct tally_sequence *sequence = &tally->sequences[*entry - 1];
    for (int scope = TALLY_ALL; scope <= (is_script ? TALLY_SCRIPT : TALLY_ALL); scope++) {
        sequence->placed[scope] += placed;
        sequence->executed[scope] += executed;
    }
}

/* ---- as bytes ---- */

static void walk_tally(struct byte_stream *stream, struct tally *tally)
{
    walk_text(stream, &tally->isa);
    walk_text(stream, &tally->machine);
    walk_bytes(stream, &tally->is_executed, sizeof tally->is_executed);
    tally->names = walk_list(stream, tally->names, &tally->name_count, sizeof *tally->names);
    for (uint32_t i = 0; i < tally->name_count; i++)
        walk_text(stream, &tally->names[i]);
    if (stream->in)
        tally->categories = ARENA_ARRAY(stream->arena, uint8_t, tally->name_count);
    walk_bytes(stream, tally->categories, tally->name_count);
    tally->codes = walk_list(stream, tally->codes, &tally->code_count, sizeof *tally->codes);
    for (uint32_t i = 0; i < tally->code_count; i++) {
        const char *file = tally->codes[i].file, *name = tally->codes[i].name;
        walk_bytes(stream, &tally->codes[i], sizeof *tally->codes);
        walk_text(stream, &file);
        walk_text(stream, &name);
        tally->codes[i].file = file ? file : "";
        tally->codes[i].name = name ? name : "";
    }
    tally->rows = walk_list(stream, tally->rows, &tally->row_count, sizeof *tally->rows);
    walk_bytes(stream, tally->rows, tally->row_count * sizeof *tally->rows);
    tally->sequences = walk_list(stream, tally->sequences, &tally->sequence_count, sizeof *tally->sequences);
    walk_bytes(stream, tally->sequences, tally->sequence_count * sizeof *tally->sequences);
    walk_bytes(stream, tally->estimated, sizeof tally->estimated);
}

void tally_write(const struct tally *tally, struct buffer *bytes)
{
    struct tally copy = *tally; /* the walk changes nothing when it writes */
    walk_tally(&(struct byte_stream){.out = bytes}, &copy);
}

struct tally *tally_read(const char *bytes, size_t size)
{
    struct arena *arena = arena_new();
    struct byte_stream stream = {.in = bytes, .left = size, .arena = arena};
    struct tally *tally = ARENA_NEW(arena, struct tally);
    walk_tally(&stream, tally);
    tally->arena = arena;
    if (!stream.failed && !stream.left && tally->isa && tally->machine)
        return tally;
    arena_free(arena);
    return NULL;
}
