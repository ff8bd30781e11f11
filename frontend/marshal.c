/* marshal.c - reads CPython's marshal format (Python/marshal.c, version 4). The input is taken for hostile: every count is
 * checked against the bytes that are left, nesting is limited, and nothing is allocated in proportion to a count before the
 * bytes for it were seen. Items under construction are on one stack, copied to the arena when their container is complete. */
#include "core/content_key.h"
#include "frontend/unit_read.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
    NESTING_LIMIT = 500,        /* CPython's compiler cannot nest so deep */
    EXPANSION_LIMIT = 1 << 24,  /* items of a constant, repeated references counted as often as they occur */
    REFERENCE_FLAG = 0x80
};

struct item_stack {
    struct constant *items;
    size_t count, capacity;
};

struct reader {
    struct unit_context context;
    uint8_t *bytes; /* the unit's: strings stay where they are */
    size_t size, offset, base;
    struct item_stack stack;      /* items of containers being read */
    struct item_stack references; /* objects that later ones refer to; size == INCOMPLETE while being read */
    struct code **codes;
    size_t code_count, code_capacity;
    int nesting;
};

#define INCOMPLETE SIZE_MAX

__extension__ typedef unsigned __int128 wide_magnitude;

static bool read_object(struct reader *reader, struct constant *result);

static bool fail(struct reader *reader, size_t offset, const char *what)
{
    diag_error(reader->context.diag, reader->context.file, 0, 0, "malformed code at byte %zu: %s", reader->base + offset,
               what);
    return false; /* as diag_error does: so that the compiler sees it here */
}

static size_t items_push(struct item_stack *stack, const struct constant *item)
{
    if (stack->count == stack->capacity) {
        stack->capacity = stack->capacity ? 2 * stack->capacity : 1024;
        stack->items = realloc(stack->items, stack->capacity * sizeof *stack->items);
        if (!stack->items)
            abort();
    }
    stack->items[stack->count] = *item;
    return stack->count++;
}

static bool read_bytes(struct reader *reader, size_t size, const uint8_t **result)
{
    if (reader->size - reader->offset < size)
        return fail(reader, reader->offset, "truncated");
    *result = reader->bytes + reader->offset;
    reader->offset += size;
    return true;
}

static bool read_u8(struct reader *reader, uint8_t *result)
{
    const uint8_t *bytes;
    if (!read_bytes(reader, 1, &bytes))
        return false;
    *result = bytes[0];
    return true;
}

static bool read_i32(struct reader *reader, int32_t *result)
{
    const uint8_t *bytes;
    if (!read_bytes(reader, 4, &bytes))
        return false;
    *result = (int32_t)((uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
                        (uint32_t)bytes[3] << 24);
    return true;
}

static bool read_i64(struct reader *reader, int64_t *result)
{
    int32_t low, high;
    if (!read_i32(reader, &low) || !read_i32(reader, &high))
        return false;
    *result = (int64_t)((uint64_t)(uint32_t)low | (uint64_t)(uint32_t)high << 32);
    return true;
}

/* A count of things that take at least a byte each. */
static bool read_size(struct reader *reader, size_t *result)
{
    size_t start = reader->offset;
    int32_t size;
    if (!read_i32(reader, &size))
        return false;
    if (size < 0)
        return fail(reader, start, "negative size");
    if ((size_t)size > reader->size - reader->offset)
        return fail(reader, start, "size beyond the end of the data");
    *result = (size_t)size;
    return true;
}

static bool read_real(struct reader *reader, double *result)
{
    int64_t bits;
    if (!read_i64(reader, &bits))
        return false;
    memcpy(result, &bits, sizeof *result);
    return true;
}

/* The old text form of a float: a length byte and decimal digits. */
static bool read_real_text(struct reader *reader, double *result)
{
    size_t start = reader->offset;
    uint8_t size;
    const uint8_t *bytes;
    if (!read_u8(reader, &size) || !read_bytes(reader, size, &bytes))
        return false;
    char text[256], *end;
    memcpy(text, bytes, size);
    text[size] = 0;
    *result = strtod(text, &end);
    return (size && end == text + size) || fail(reader, start, "malformed float");
}

/* The number in hexadecimal. Digits are `count` groups of 15 bits, least significant first. */
static const char *digits_text(struct reader *reader, const uint8_t *digits, size_t count, bool negative, size_t *size)
{
    size_t nibbles = (count * 15 + 3) / 4, length = 0;
    char *text = arena_alloc(reader->context.arena, nibbles + 2);
    if (negative)
        text[length++] = '-';
    bool leading = true;
    for (size_t nibble = nibbles; nibble-- > 0;) {
        unsigned value = 0;
        for (size_t bit = 0; bit < 4; bit++) {
            size_t position = nibble * 4 + bit, digit = position / 15;
            if (digit < count) {
                unsigned group = digits[2 * digit] | (unsigned)digits[2 * digit + 1] << 8;
                value |= (group >> position % 15 & 1) << bit;
            }
        }
        if (value || !leading) {
            text[length++] = "0123456789abcdef"[value];
            leading = false;
        }
    }
    *size = length;
    return text;
}

static bool read_long(struct reader *reader, struct constant *result)
{
    size_t start = reader->offset;
    int32_t signed_count;
    if (!read_i32(reader, &signed_count))
        return false;
    bool negative = signed_count < 0;
    uint64_t count = negative ? (uint64_t)0 - (uint64_t)(int64_t)signed_count : (uint64_t)signed_count;
    if (count > (reader->size - reader->offset) / 2)
        return fail(reader, start, "size beyond the end of the data");
    const uint8_t *digits;
    if (!read_bytes(reader, 2 * count, &digits))
        return false;
    for (size_t i = 0; i < count; i++)
        if (digits[2 * i + 1] & 0x80)
            return fail(reader, start, "digit of an integer out of range");
    if (count && !digits[2 * count - 1] && !digits[2 * count - 2])
        return fail(reader, start, "integer is not normalised");
    wide_magnitude magnitude = 0;
    for (size_t i = count <= 5 ? count : 0; i-- > 0;) /* 75 bits at most */
        magnitude = magnitude << 15 | (digits[2 * i] | (unsigned)digits[2 * i + 1] << 8);
    if (count <= 5 && magnitude <= (wide_magnitude)INT64_MAX + negative) {
        result->kind = CONSTANT_INT;
        result->integer = (int64_t)(negative ? 0 - (uint64_t)magnitude : (uint64_t)magnitude);
        return true;
    }
    result->kind = CONSTANT_BIG_INT;
    result->text = digits_text(reader, digits, count, negative, &result->size);
    return true;
}

/* UTF-8 as marshal writes it: shortest forms, lone surrogates allowed. */
static bool is_utf8(const uint8_t *text, size_t size)
{
    for (size_t i = 0; i < size;) {
        uint8_t head = text[i++];
        if (head < 0x80)
            continue;
        int more = head >= 0xf0 ? 3 : head >= 0xe0 ? 2 : 1;
        if (head < 0xc2 || head > 0xf4 || size - i < (size_t)more)
            return false;
        uint32_t character = head & (0x3fu >> more);
        for (int k = 0; k < more; k++, i++) {
            if ((text[i] & 0xc0) != 0x80)
                return false;
            character = character << 6 | (text[i] & 0x3f);
        }
        if ((more == 2 && character < 0x800) || (more == 3 && (character < 0x10000 || character > 0x10ffff)))
            return false;
    }
    return true;
}

static bool is_plain(const uint8_t *text, size_t size)
{
    uint64_t word, bits = 0;
    size_t i = 0;
    for (; i + sizeof word <= size; i += sizeof word) {
        memcpy(&word, text + i, sizeof word);
        bits |= word;
    }
    for (; i < size; i++)
        bits |= text[i];
    return !(bits & 0x8080808080808080u);
}

static bool read_text(struct reader *reader, uint8_t type, struct constant *result)
{
    size_t start = reader->offset, size;
    uint8_t short_size;
    const uint8_t *bytes;
    if (type == 'z' || type == 'Z') {
        if (!read_u8(reader, &short_size))
            return false;
        size = short_size;
    } else if (!read_size(reader, &size)) {
        return false;
    }
    if (!read_bytes(reader, size, &bytes))
        return false;
    bool is_ascii = type != 'u' && type != 't' && type != 's';
    if (is_ascii && !is_plain(bytes, size))
        return fail(reader, start, "non-ASCII character in an ASCII string");
    if (!is_ascii && type != 's' && !is_utf8(bytes, size))
        return fail(reader, start, "malformed UTF-8");
    char *text = (char *)reader->bytes + start; /* over its size, so that there is room for a zero byte after it */
    memmove(text, bytes, size);
    text[size] = 0;
    result->kind = type == 's' ? CONSTANT_BYTES : CONSTANT_STRING;
    result->interned = type == 't' || type == 'A' || type == 'Z';
    result->size = size;
    result->text = text;
    return true;
}

/* Tuples and frozensets. */
static bool read_items(struct reader *reader, uint8_t type, struct constant *result)
{
    size_t start = reader->offset, size, first = reader->stack.count;
    uint8_t short_size;
    if (type == ')') {
        if (!read_u8(reader, &short_size))
            return false;
        size = short_size;
    } else if (!read_size(reader, &size)) {
        return false;
    }
    result->kind = type == '>' ? CONSTANT_FROZENSET : CONSTANT_TUPLE;
    result->size = size;
    for (size_t i = 0; i < size; i++) {
        struct constant item;
        if (!read_object(reader, &item))
            return false;
        if (item.kind == CONSTANT_TUPLE || item.kind == CONSTANT_FROZENSET)
            result->item_total += item.item_total;
        if (++result->item_total > EXPANSION_LIMIT)
            return fail(reader, start, "constant with too many items");
        items_push(&reader->stack, &item);
    }
    struct constant *items = ARENA_ROOM(reader->context.arena, struct constant, size);
    if (size)
        memcpy(items, reader->stack.items + first, size * sizeof *items);
    result->items = items;
    reader->stack.count = first;
    return true;
}

static const char *field_problem(enum code_field field, const struct constant *object)
{
    bool names = false;
    switch (field) {
    case FIELD_BYTECODE:
    case FIELD_LOCAL_KINDS:
    case FIELD_LINE_TABLE:
    case FIELD_EXCEPTION_TABLE:
        return object->kind == CONSTANT_BYTES ? NULL : "field of a code object is not bytes";
    case FIELD_FILENAME:
    case FIELD_NAME:
    case FIELD_QUALIFIED_NAME:
        return object->kind == CONSTANT_STRING ? NULL : "field of a code object is not a string";
    case FIELD_NAMES:
    case FIELD_LOCAL_NAMES:
        names = true;
        break;
    case FIELD_CONSTANTS:
        break;
    case FIELD_ARGUMENT_COUNT:
    case FIELD_POSITIONAL_ONLY_COUNT:
    case FIELD_KEYWORD_ONLY_COUNT:
    case FIELD_STACK_SIZE:
    case FIELD_FLAGS:
    case FIELD_FIRST_LINE:
    case FIELD_COUNT:
        return NULL;
    }
    if (object->kind != CONSTANT_TUPLE)
        return "field of a code object is not a tuple";
    for (size_t i = 0; names && i < object->size; i++)
        if (object->items[i].kind != CONSTANT_STRING)
            return "name in a code object is not a string";
    return NULL;
}

static bool read_code(struct reader *reader, struct constant *result)
{
    size_t start = reader->offset;
    struct code *code = ARENA_NEW(reader->context.arena, struct code);
    if (reader->code_count == reader->code_capacity) {
        reader->code_capacity = reader->code_capacity ? 2 * reader->code_capacity : 16;
        reader->codes = realloc(reader->codes, reader->code_capacity * sizeof *reader->codes);
        if (!reader->codes)
            abort();
    }
    code->index = (uint32_t)reader->code_count; /* outer before inner */
    reader->codes[reader->code_count++] = code;

    struct raw_code raw;
    for (int i = 0; i < FIELD_COUNT; i++) {
        enum code_field field = reader->context.version->fields[i];
        size_t field_start = reader->offset;
        if (field <= FIELD_FIRST_LINE) {
            int32_t number;
            if (!read_i32(reader, &number))
                return false;
            if (number < 0)
                return fail(reader, field_start, "negative number in a code object");
            raw.numbers[field] = (uint32_t)number;
            continue;
        }
        if (!read_object(reader, &raw.objects[field]))
            return false;
        const char *problem = field_problem(field, &raw.objects[field]);
        if (problem)
            return fail(reader, field_start, problem);
    }
    reader->context.offset = reader->base + start;
    if (!code_decode(&reader->context, &raw, code))
        return false;
    result->kind = CONSTANT_CODE;
    result->code = code;
    return true;
}

static bool read_reference(struct reader *reader, struct constant *result)
{
    size_t start = reader->offset;
    int32_t index;
    if (!read_i32(reader, &index))
        return false;
    if (index < 0 || (size_t)index >= reader->references.count || reader->references.items[index].size == INCOMPLETE)
        return fail(reader, start, "reference to an object that does not exist");
    *result = reader->references.items[index];
    return true;
}

static bool read_number(struct reader *reader, uint8_t type, struct constant *result)
{
    int32_t small;
    switch (type) {
    case 'i':
        result->kind = CONSTANT_INT;
        if (!read_i32(reader, &small))
            return false;
        result->integer = small;
        return true;
    case 'I':
        result->kind = CONSTANT_INT;
        return read_i64(reader, &result->integer);
    case 'l':
        return read_long(reader, result);
    case 'g':
        result->kind = CONSTANT_FLOAT;
        return read_real(reader, &result->real);
    case 'f':
        result->kind = CONSTANT_FLOAT;
        return read_real_text(reader, &result->real);
    case 'y':
        result->kind = CONSTANT_COMPLEX;
        return read_real(reader, &result->real) && read_real(reader, &result->imaginary);
    default:
        result->kind = CONSTANT_COMPLEX;
        return read_real_text(reader, &result->real) && read_real_text(reader, &result->imaginary);
    }
}

static bool read_typed(struct reader *reader, uint8_t type, size_t start, struct constant *result)
{
    switch (type) {
    case 'N':
        result->kind = CONSTANT_NONE;
        return true;
    case 'T':
        result->kind = CONSTANT_TRUE;
        return true;
    case 'F':
        result->kind = CONSTANT_FALSE;
        return true;
    case '.':
        result->kind = CONSTANT_ELLIPSIS;
        return true;
    case 'i': case 'I': case 'l': case 'g': case 'f': case 'y': case 'x':
        return read_number(reader, type, result);
    case 's': case 't': case 'u': case 'a': case 'A': case 'z': case 'Z':
        return read_text(reader, type, result);
    case '(': case ')': case '>':
        return read_items(reader, type, result);
    case 'c':
        return read_code(reader, result);
    case 'r':
        return read_reference(reader, result);
    case 'S': case '<': case '[': case '{': case '0':
        return fail(reader, start, "object of a type that no compiled program contains");
    default:
        return fail(reader, start, "unknown type of object");
    }
}

static bool read_object(struct reader *reader, struct constant *result)
{
    size_t start = reader->offset, reference = 0;
    uint8_t type;
    memset(result, 0, sizeof *result);
    if (!read_u8(reader, &type))
        return false;
    bool keep = type & REFERENCE_FLAG;
    type &= (uint8_t)~REFERENCE_FLAG;
    if (reader->nesting >= NESTING_LIMIT)
        return fail(reader, start, "objects nested too deep");
    /* References are numbered in the order in which objects begin; None and its like have none. */
    keep = keep && type && !strchr("NTF.Sr0", type);
    if (keep)
        reference = items_push(&reader->references, &(struct constant){.size = INCOMPLETE});
    reader->nesting++;
    bool done = read_typed(reader, type, start, result);
    reader->nesting--;
    if (done && keep)
        reader->references.items[reference] = *result;
    return done;
}

static void reader_free(struct reader *reader)
{
    free(reader->stack.items);
    free(reader->references.items);
    free(reader->codes);
}

bool constant_read(const struct source_version *version, struct arena *arena, const uint8_t *bytes, size_t size,
                   const char *file, struct constant *result, struct diag *diag)
{
    struct reader reader = {.context = {.version = version, .arena = arena, .file = file, .diag = diag},
                            .bytes = arena_copy(arena, bytes, size), .size = size};
    bool done = read_object(&reader, result);
    if (done && reader.code_count)
        done = fail(&reader, 0, "found code, expected a constant");
    reader_free(&reader);
    return done;
}

static struct code_unit *unit_finish(struct reader *reader)
{
    struct arena *arena = reader->context.arena;
    struct code_unit *unit = ARENA_NEW(arena, struct code_unit);
    const struct code **codes = ARENA_ARRAY(arena, const struct code *, reader->code_count);
    for (size_t i = 0; i < reader->code_count; i++) {
        reader->codes[i]->unit = unit;
        codes[i] = reader->codes[i];
    }
    unit->arena = arena;
    unit->module = codes[0];
    unit->filename = codes[0]->filename.text;
    unit->code_count = (uint32_t)reader->code_count;
    unit->codes = codes;
    code_ready(unit->module);
    aliases_find(unit);
    return unit;
}

struct code_unit *unit_read(const struct source_version *version, struct buffer *source, size_t start, bool is_trusted,
                            const char *file, struct diag *diag)
{
    struct reader reader = {.context = {.version = version, .arena = arena_new(), .file = file, .diag = diag,
                                        .is_trusted = is_trusted},
                            .bytes = (uint8_t *)source->bytes + start, .size = source->size - start, .base = start};
    struct content_key key = CONTENT_KEY_START;
    if (is_trusted)
        content_key_add(&key, reader.bytes, reader.size); /* before strings are moved */
    arena_adopt(reader.context.arena, source->bytes);
    *source = (struct buffer){0};
    struct constant object;
    struct code_unit *unit = NULL;
    bool done = read_object(&reader, &object);
    if (done && object.kind != CONSTANT_CODE)
        done = fail(&reader, 0, "found an object that is not code");
    if (done)
        unit = unit_finish(&reader);
    if (unit && is_trusted)
        memcpy(unit->content_key, key.words, sizeof key.words);
    if (!unit)
        arena_free(reader.context.arena);
    reader_free(&reader);
    return unit;
}

void code_unit_free(struct code_unit *unit)
{
    if (unit)
        arena_free(unit->arena);
}
