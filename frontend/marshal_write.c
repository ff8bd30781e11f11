/* marshal_write.c - code objects in CPython's marshal format, as marshal.c reads them. Texts and code objects that are the same in
 * memory are written once: later ones refer to the first. */
#include "frontend/frontend.h"
#include "frontend/unit_read.h"

#include <stdlib.h>
#include <string.h>

enum { REFERENCE_FLAG = 0x80, FIRST_ROOM = 256, DIGIT_BITS = 15 };

struct written { /* an object that later ones may refer to */
    const void *object;
    uint32_t number;
};

struct writer {
    struct buffer *bytes;
    struct written *table; /* open addressing; room: a power of two */
    size_t room;
    uint32_t count;
};

static void write_object(struct writer *writer, const struct constant *constant);

static void write_i32(struct writer *writer, uint32_t number)
{
    for (int shift = 0; shift < 32; shift += 8)
        buffer_add_byte(writer->bytes, (uint8_t)(number >> shift));
}

static void write_bits(struct writer *writer, uint64_t bits)
{
    write_i32(writer, (uint32_t)bits);
    write_i32(writer, (uint32_t)(bits >> 32));
}

static void write_real(struct writer *writer, double real)
{
    uint64_t bits;
    memcpy(&bits, &real, sizeof bits);
    write_bits(writer, bits);
}

static size_t find_place(const struct writer *writer, const void *object)
{
    size_t place = ((uintptr_t)object >> 3) * 0x9e3779b97f4a7c15u >> 32 & (writer->room - 1);
    while (writer->table[place].object && writer->table[place].object != object)
        place = (place + 1) & (writer->room - 1);
    return place;
}

static void make_room(struct writer *writer)
{
    struct written *old = writer->table;
    size_t old_room = writer->room;
    writer->room = old_room ? 2 * old_room : FIRST_ROOM;
    writer->table = calloc(writer->room, sizeof *writer->table);
    if (!writer->table)
        abort();
    for (size_t i = 0; i < old_room; i++)
        if (old[i].object)
            writer->table[find_place(writer, old[i].object)] = old[i];
    free(old);
}

/* True: the object was written before, and now a reference to it. Else its type is, with a number for later references. */
static bool refer(struct writer *writer, const void *object, char type)
{
    if (2 * (size_t)(writer->count + 1) > writer->room)
        make_room(writer);
    struct written *written = &writer->table[find_place(writer, object)];
    if (written->object) {
        buffer_add_byte(writer->bytes, 'r');
        write_i32(writer, written->number);
        return true;
    }
    *written = (struct written){object, writer->count++};
    buffer_add_byte(writer->bytes, (uint8_t)type | REFERENCE_FLAG);
    return false;
}

static void write_text(struct writer *writer, char type, const void *text, size_t size)
{
    buffer_add_byte(writer->bytes, (uint8_t)type);
    write_i32(writer, (uint32_t)size);
    buffer_add(writer->bytes, text, size);
}

static void write_string(struct writer *writer, const char *text, size_t size)
{
    if (refer(writer, text, 'u'))
        return;
    write_i32(writer, (uint32_t)size);
    buffer_add(writer->bytes, text, size);
}

static void write_strings(struct writer *writer, const struct code_string *strings, uint32_t count)
{
    buffer_add_byte(writer->bytes, '(');
    write_i32(writer, count);
    for (uint32_t i = 0; i < count; i++)
        write_string(writer, strings[i].text, strings[i].size);
}

static void write_items(struct writer *writer, char type, const struct constant *items, size_t count)
{
    buffer_add_byte(writer->bytes, (uint8_t)type);
    write_i32(writer, (uint32_t)count);
    for (size_t i = 0; i < count; i++)
        write_object(writer, &items[i]);
}

/* The bits of a hexadecimal number from `first` on, as many as a digit has. */
static unsigned digit_at(const char *text, size_t length, size_t first)
{
    unsigned digit = 0;
    for (size_t bit = first; bit < first + DIGIT_BITS && bit / 4 < length; bit++) {
        char nibble = text[length - 1 - bit / 4];
        unsigned value = (unsigned)(nibble <= '9' ? nibble - '0' : nibble - 'a' + 10);
        digit |= (value >> bit % 4 & 1) << (bit - first);
    }
    return digit;
}

static void write_big_int(struct writer *writer, const char *text, size_t size)
{
    bool negative = size && *text == '-';
    size_t length = size - negative, count = (4 * length + DIGIT_BITS - 1) / DIGIT_BITS;
    text += negative;
    while (count && !digit_at(text, length, (count - 1) * DIGIT_BITS))
        count--;
    buffer_add_byte(writer->bytes, 'l');
    write_i32(writer, negative ? 0 - (uint32_t)count : (uint32_t)count);
    for (size_t i = 0; i < count; i++) {
        unsigned digit = digit_at(text, length, i * DIGIT_BITS);
        buffer_add_byte(writer->bytes, (uint8_t)digit);
        buffer_add_byte(writer->bytes, (uint8_t)(digit >> 8));
    }
}

/* What marshal has for each bit of a local's kind is the version's own: found by asking it. */
static void write_kinds(struct writer *writer, const struct code *code)
{
    buffer_add_byte(writer->bytes, 's');
    write_i32(writer, code->local_count);
    for (uint32_t i = 0; i < code->local_count; i++) {
        unsigned byte = 0;
        while (byte < UINT8_MAX && cpython311.local_kind((uint8_t)byte) != code->local_kinds[i])
            byte++;
        buffer_add_byte(writer->bytes, (uint8_t)byte);
    }
}

static void write_field(struct writer *writer, const struct code *code, enum code_field field)
{
    switch (field) {
    case FIELD_ARGUMENT_COUNT: write_i32(writer, code->argument_count); break;
    case FIELD_POSITIONAL_ONLY_COUNT: write_i32(writer, code->positional_only_count); break;
    case FIELD_KEYWORD_ONLY_COUNT: write_i32(writer, code->keyword_only_count); break;
    case FIELD_STACK_SIZE: write_i32(writer, code->stack_size); break;
    case FIELD_FLAGS: write_i32(writer, code->flags); break;
    case FIELD_FIRST_LINE: write_i32(writer, code->first_line); break;
    case FIELD_BYTECODE: write_text(writer, 's', code->bytecode, code->bytecode_size); break;
    case FIELD_CONSTANTS: write_items(writer, '(', code->constants, code->constant_count); break;
    case FIELD_NAMES: write_strings(writer, code->names, code->name_count); break;
    case FIELD_LOCAL_NAMES: write_strings(writer, code->local_names, code->local_count); break;
    case FIELD_LOCAL_KINDS: write_kinds(writer, code); break;
    case FIELD_FILENAME: write_string(writer, code->filename.text, code->filename.size); break;
    case FIELD_NAME: write_string(writer, code->name.text, code->name.size); break;
    case FIELD_QUALIFIED_NAME: write_string(writer, code->qualified_name.text, code->qualified_name.size); break;
    case FIELD_LINE_TABLE: write_text(writer, 's', code->line_table, code->line_table_size); break;
    case FIELD_EXCEPTION_TABLE: write_text(writer, 's', code->exception_table, code->exception_table_size); break;
    case FIELD_COUNT: break;
    }
}

static void write_code(struct writer *writer, const struct code *code)
{
    if (refer(writer, code, 'c'))
        return;
    for (int i = 0; i < FIELD_COUNT; i++)
        write_field(writer, code, cpython311.fields[i]);
}

static void write_integer(struct writer *writer, int64_t integer)
{
    bool is_short = integer >= INT32_MIN && integer <= INT32_MAX;
    buffer_add_byte(writer->bytes, is_short ? 'i' : 'I');
    if (is_short)
        write_i32(writer, (uint32_t)integer);
    else
        write_bits(writer, (uint64_t)integer);
}

static void write_object(struct writer *writer, const struct constant *constant)
{
    switch (constant->kind) {
    case CONSTANT_NONE: buffer_add_byte(writer->bytes, 'N'); break;
    case CONSTANT_TRUE: buffer_add_byte(writer->bytes, 'T'); break;
    case CONSTANT_FALSE: buffer_add_byte(writer->bytes, 'F'); break;
    case CONSTANT_ELLIPSIS: buffer_add_byte(writer->bytes, '.'); break;
    case CONSTANT_INT: write_integer(writer, constant->integer); break;
    case CONSTANT_BIG_INT: write_big_int(writer, constant->text, constant->size); break;
    case CONSTANT_FLOAT:
        buffer_add_byte(writer->bytes, 'g');
        write_real(writer, constant->real);
        break;
    case CONSTANT_COMPLEX:
        buffer_add_byte(writer->bytes, 'y');
        write_real(writer, constant->real);
        write_real(writer, constant->imaginary);
        break;
    case CONSTANT_STRING: write_string(writer, constant->text, constant->size); break;
    case CONSTANT_BYTES: write_text(writer, 's', constant->text, constant->size); break;
    case CONSTANT_TUPLE: write_items(writer, '(', constant->items, constant->size); break;
    case CONSTANT_FROZENSET: write_items(writer, '>', constant->items, constant->size); break;
    case CONSTANT_CODE: write_code(writer, constant->code); break;
    }
}

void frontend_write_marshalled(const struct code *code, struct buffer *bytes)
{
    struct writer writer = {.bytes = bytes};
    write_code(&writer, code);
    free(writer.table);
}
