/* kept.c - see kept.h. A file: "HST3", a check of what follows, then for each function its record's size and code index, and
 * the record: struct record, then its arrays. Numbers are the host's: the key contains its byte order by way of the build. */
#include "translator/kept.h"

#include "core/content_key.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct record {
    uint32_t size, code_index; /* size: with this head and the arrays, a multiple of 8 */
    uint32_t byte_count, instruction_count, block_count, fallback_count, local_count, slot_total, fallback_total;
    uint16_t register_slots, memory_slots, stack_base, slot_count;
    uint32_t priced_count; /* source blocks whose cycles are there: all or none */
    uint32_t registers_needed, reserved;
};

struct unit_translations { /* of one unit: what its file holds, and what was translated since */
    struct unit_translations *next;
    uint64_t unit_key[2];
    struct buffer records;
    size_t *places; /* for each code object: its record's place in `records` plus 1, or 0 */
    uint32_t code_count;
    bool has_new;
    void **owner; /* unit->translations */
};

struct kept_translations {
    const char *directory;
    const struct isa *isa;
    struct content_key key; /* of instruction set and translator */
    block_pricer *price;
    struct unit_translations *units;
};

enum { FILE_HEAD = 4 + 4 + 16, FILE_LIMIT = 64 << 20 };

struct kept_translations *kept_new(const char *directory, const struct isa *isa, block_pricer *price)
{
    struct kept_translations *kept = calloc(1, sizeof *kept);
    struct stat build = {0};
    if (!kept)
        abort();
    *kept = (struct kept_translations){directory, isa, CONTENT_KEY_START, price, NULL};
    if (stat("/proc/self/exe", &build) != 0)
        kept->directory = NULL;
    const int64_t stamp[4] = {build.st_size, build.st_mtim.tv_sec, build.st_mtim.tv_nsec, (int64_t)build.st_ino};
    content_key_add(&kept->key, stamp, sizeof stamp);
    content_key_add(&kept->key, isa->resolved_text, strlen(isa->resolved_text));
    content_key_add(&kept->key, &isa->no_idioms, sizeof isa->no_idioms);
    return kept;
}

static void file_path(const struct kept_translations *kept, const struct unit_translations *unit, struct buffer *path)
{
    struct content_key key = kept->key;
    content_key_add(&key, unit->unit_key, sizeof unit->unit_key);
    buffer_printf(path, "%s/%016" PRIx64 "%016" PRIx64 ".machine", kept->directory, key.words[0], key.words[1]);
}

static struct content_key check_of(const char *bytes, size_t size)
{
    struct content_key check = CONTENT_KEY_START;
    content_key_add(&check, bytes, size);
    return check;
}

/* The file's records, when they are whole. */
static void read_records(const char *path, struct buffer *records)
{
    struct stat status;
    char head[FILE_HEAD];
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return;
    bool good = fstat(file, &status) == 0 && status.st_size > FILE_HEAD && status.st_size < FILE_LIMIT &&
                read(file, head, FILE_HEAD) == FILE_HEAD && !memcmp(head, "HST3", 4);
    size_t size = good ? (size_t)status.st_size - FILE_HEAD : 0;
    records->bytes = good ? malloc(size + 1) : NULL;
    if (records->bytes && read(file, records->bytes, size) == (ssize_t)size) {
        struct content_key check = check_of(records->bytes, size);
        records->capacity = size + 1;
        records->size = memcmp(head + 8, check.words, sizeof check.words) ? 0 : size;
    }
    close(file);
}

static size_t arrays_size(const struct record *record)
{
    return sizeof *record + record->priced_count * sizeof(uint64_t) +
           record->instruction_count * sizeof(struct placed_instruction) + record->block_count * sizeof(struct machine_block) +
           record->fallback_count * sizeof(uint32_t) +
           ((size_t)record->local_count + record->slot_total + record->fallback_total) * sizeof(uint16_t) + record->local_count +
           record->byte_count;
}

static const struct record *record_at(const struct unit_translations *unit, size_t place)
{
    return (const struct record *)(const void *)(unit->records.bytes + place);
}

/* Finds the records of a file whose check is right. */
static void index_records(struct unit_translations *unit)
{
    for (size_t at = 0; unit->records.size - at >= sizeof(struct record); at += record_at(unit, at)->size) {
        const struct record *record = record_at(unit, at);
        if (!record->size || record->size % 8 || record->size > unit->records.size - at ||
            arrays_size(record) > record->size || record->code_index >= unit->code_count)
            return;
        unit->places[record->code_index] = at + 1;
    }
}

static void load_unit(const struct kept_translations *kept, struct unit_translations *unit)
{
    struct buffer path = {0};
    file_path(kept, unit, &path);
    read_records(path.bytes, &unit->records);
    buffer_free(&path);
    index_records(unit);
}

static struct unit_translations *unit_of(struct kept_translations *kept, const struct code *code)
{
    struct code_unit *owner = (struct code_unit *)(uintptr_t)code->unit;
    if (!kept->directory || (!owner->content_key[0] && !owner->content_key[1]))
        return NULL;
    if (owner->translations)
        return owner->translations;
    struct unit_translations *unit = calloc(1, sizeof *unit);
    if (!unit || !(unit->places = calloc(owner->code_count + 1u, sizeof *unit->places)))
        abort();
    memcpy(unit->unit_key, owner->content_key, sizeof unit->unit_key);
    unit->code_count = owner->code_count;
    unit->next = kept->units;
    unit->owner = &owner->translations;
    kept->units = unit;
    owner->translations = unit;
    load_unit(kept, unit);
    return unit;
}

/* ---- records ---- */

static uint32_t add_slots(struct buffer *out, const uint16_t *slots, uint32_t count)
{
    buffer_add(out, slots, count * sizeof *slots);
    return count;
}

static void write_record(struct unit_translations *unit, const struct machine_function *function)
{
    const struct code *code = function->code;
    struct record record = {.code_index = code->index, .byte_count = (uint32_t)function->bytes.size,
                            .instruction_count = function->instruction_count, .block_count = function->block_count,
                            .fallback_count = function->fallback_count, .local_count = code->local_count,
                            .register_slots = function->register_slots, .memory_slots = function->memory_slots,
                            .stack_base = function->stack_base, .slot_count = function->slot_count,
                            .priced_count = function->block_cycles ? code->block_count : 0,
                            .registers_needed = function->registers_needed};
    struct buffer out = {0};
    buffer_add(&out, &record, sizeof record);
    buffer_add(&out, function->block_cycles, record.priced_count * sizeof *function->block_cycles);
    buffer_add(&out, function->instructions, function->instruction_count * sizeof *function->instructions);
    buffer_add(&out, function->blocks, function->block_count * sizeof *function->blocks);
    for (uint32_t i = 0; i < function->fallback_count; i++)
        buffer_add(&out, &function->fallbacks[i].count, sizeof function->fallbacks[i].count);
    add_slots(&out, function->local_slots, code->local_count);
    for (uint32_t i = 0; i < function->block_count; i++)
        record.slot_total += add_slots(&out, function->blocks[i].entry_slots, function->blocks[i].entry_slot_count);
    for (uint32_t i = 0; i < function->fallback_count; i++)
        record.fallback_total += add_slots(&out, function->fallbacks[i].instructions, function->fallbacks[i].count);
    buffer_add(&out, function->local_needs_clear, code->local_count);
    buffer_add(&out, function->bytes.bytes, function->bytes.size);
    while (out.size % 8)
        buffer_add_byte(&out, 0);
    record.size = (uint32_t)out.size;
    memcpy(out.bytes, &record, sizeof record);
    unit->places[code->index] = unit->records.size + 1;
    buffer_add(&unit->records, out.bytes, out.size);
    buffer_free(&out);
    unit->has_new = true;
}

/* The next `count` items of `size` bytes, copied. */
static void *take(struct arena *arena, const char **next, uint32_t count, size_t size)
{
    void *copy = arena_copy(arena, *next, count * size);
    *next += count * size;
    return copy;
}

static struct machine_function *read_record(const struct record *record, const struct code *code, const struct isa *isa)
{
    if (record->local_count != code->local_count || (record->priced_count && record->priced_count != code->block_count))
        return NULL;
    struct arena *arena = arena_new();
    struct machine_function *function = ARENA_NEW(arena, struct machine_function);
    const char *next = (const char *)(record + 1);
    *function = (struct machine_function){.arena = arena, .code = code, .isa = isa,
                                          .instruction_count = record->instruction_count, .block_count = record->block_count,
                                          .fallback_count = record->fallback_count, .register_slots = record->register_slots,
                                          .memory_slots = record->memory_slots, .stack_base = record->stack_base,
                                          .slot_count = record->slot_count,
                                          .registers_needed = (uint16_t)record->registers_needed};
    if (record->priced_count)
        function->block_cycles = take(arena, &next, record->priced_count, sizeof *function->block_cycles);
    function->instructions = take(arena, &next, record->instruction_count, sizeof *function->instructions);
    function->blocks = take(arena, &next, record->block_count, sizeof *function->blocks);
    const char *counts = next;
    next += record->fallback_count * sizeof(uint32_t);
    function->local_slots = take(arena, &next, record->local_count, sizeof(uint16_t));
    const uint16_t *slots = take(arena, &next, record->slot_total, sizeof(uint16_t));
    const uint16_t *covers = take(arena, &next, record->fallback_total, sizeof(uint16_t));
    function->local_needs_clear = take(arena, &next, record->local_count, 1);
    buffer_add(&function->bytes, next, record->byte_count);
    for (uint32_t i = 0; i < function->block_count; i++) {
        function->blocks[i].entry_slots = slots;
        slots += function->blocks[i].entry_slot_count;
    }
    function->fallbacks = ARENA_ARRAY(arena, struct fallback, record->fallback_count + 1);
    for (uint32_t i = 0; i < record->fallback_count; i++) {
        memcpy(&function->fallbacks[i].count, counts + i * sizeof(uint32_t), sizeof(uint32_t));
        function->fallbacks[i].instructions = covers;
        covers += function->fallbacks[i].count;
    }
    return function;
}

static void price(const struct kept_translations *kept, struct machine_function *function)
{
    if (!kept->price)
        return;
    uint64_t *cycles = ARENA_ARRAY(function->arena, uint64_t, function->code->block_count);
    kept->price(function, function->code->block_count, cycles);
    function->block_cycles = cycles;
}

struct machine_function *kept_translate(struct kept_translations *kept, const struct code *code)
{
    struct unit_translations *unit = unit_of(kept, code);
    bool is_own = unit && code->unit->codes[code->index] == code; /* code.replace makes others */
    struct machine_function *function = NULL;
    if (is_own && unit->places[code->index])
        function = read_record(record_at(unit, unit->places[code->index] - 1), code, kept->isa);
    if (function)
        return function;
    function = translate(code, kept->isa);
    if (is_own) {
        price(kept, function);
        write_record(unit, function);
    }
    return function;
}

/* ---- saving ---- */

static bool write_file(const char *path, const struct buffer *records)
{
    struct content_key check = check_of(records->bytes, records->size);
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file < 0)
        return false;
    struct buffer out = {0};
    buffer_add(&out, "HST3\0\0\0\0", 8);
    buffer_add(&out, check.words, sizeof check.words);
    buffer_add(&out, records->bytes, records->size);
    bool done = write(file, out.bytes, out.size) == (ssize_t)out.size;
    buffer_free(&out);
    return close(file) == 0 && done;
}

/* Whole or not at all. What cannot be written is translated again the next time. */
static void save_unit(const struct kept_translations *kept, const struct unit_translations *unit)
{
    struct buffer path = {0}, temporary = {0};
    file_path(kept, unit, &path);
    buffer_printf(&temporary, "%s.%ld.tmp", path.bytes, (long)getpid());
    if (!write_file(temporary.bytes, &unit->records) || rename(temporary.bytes, path.bytes) != 0)
        unlink(temporary.bytes);
    buffer_free(&path);
    buffer_free(&temporary);
}

void kept_free(struct kept_translations *kept)
{
    while (kept->units) {
        struct unit_translations *unit = kept->units;
        kept->units = unit->next;
        if (unit->has_new)
            save_unit(kept, unit);
        *unit->owner = NULL;
        buffer_free(&unit->records);
        free(unit->places);
        free(unit);
    }
    free(kept);
}
