/* save_text.c - numbers, text and bytes as a pickler writes them. */
#include "sim/modules/pickle/pickle.h"
#include "sim/runtime/number.h"

#include <stdio.h>

/* ---- numbers ---- */

static bool write_long(struct vm *vm, struct pickler *pickler, value v)
{
    struct int_view view;
    int_view(v, &view);
    size_t size = int_bit_length(v) / 8 + 1;
    if (size > INT32_MAX)
        return failed(raise_error(vm, &exc_OverflowError, "int too large to pickle"));
    uint8_t *to = pickler_room(vm, pickler, size + 5);
    if (!to)
        return false;
    pickler->length -= size + 5;
    size_t header = size <= 256 ? 2 : 5; /* 256 may become 255 below */
    uint8_t *number = to + header;
    memset(number, 0, size);
    memcpy(number, view.limbs, size_minimum(size, (size_t)view.count * sizeof *view.limbs));
    if (view.negative) {
        bool carry = true; /* two's complement */
        for (size_t i = 0; i < size; i++) {
            number[i] = (uint8_t)(~number[i] + carry);
            carry = carry && number[i] == 0;
        }
        if (size > 1 && number[size - 1] == 0xff && (number[size - 2] & 0x80))
            size--;
    }
    if (size == 256) {
        memmove(to + 5, number, size);
        header = 5;
    }
    to[0] = header == 2 ? OPCODE_LONG1 : OPCODE_LONG4;
    little_endian_store(to + 1, size, (int)header - 1);
    pickler->length += header + size;
    return true;
}

static bool write_long_text(struct vm *vm, struct pickler *pickler, value v)
{
    size_t size;
    value text = value_repr(vm, v);
    if (text == VALUE_NULL)
        return false;
    const char *digits = string_utf8(vm, text, &size);
    return pickler_put(vm, pickler, OPCODE_LONG) && pickler_write(vm, pickler, digits, size) &&
           pickler_write(vm, pickler, "L\n", 2);
}

bool pickle_save_int(struct vm *vm, struct pickler *pickler, value v)
{
    int64_t number = is_small_int(v) ? small_int_value(v) : INT64_MAX;
    if (number < INT32_MIN || number > INT32_MAX)
        return pickler->protocol >= 2 ? write_long(vm, pickler, v) : write_long_text(vm, pickler, v);
    if (!pickler->binary) {
        char text[32];
        int size = snprintf(text, sizeof text, "I%lld\n", (long long)number);
        return pickler_write(vm, pickler, text, (size_t)size);
    }
    uint8_t *to = pickler_room(vm, pickler, 5);
    if (!to)
        return false;
    int size = number >= 0 && number < 256 ? 1 : number >= 0 && number < 65536 ? 2 : 4;
    to[0] = size == 1 ? OPCODE_BININT1 : size == 2 ? OPCODE_BININT2 : OPCODE_BININT;
    little_endian_store(to + 1, (uint64_t)number, 4);
    pickler->length -= (size_t)(4 - size);
    return true;
}

bool pickle_save_float(struct vm *vm, struct pickler *pickler, value v)
{
    double number = float_number(v);
    if (pickler->binary) {
        uint8_t *to = pickler_room(vm, pickler, 9);
        if (!to)
            return false;
        uint64_t bits = __builtin_bswap64(float_bits(number));
        to[0] = OPCODE_BINFLOAT;
        memcpy(to + 1, &bits, 8);
        return true;
    }
    char text[32];
    size_t size = float_repr(number, text);
    return pickler_put(vm, pickler, OPCODE_FLOAT) && pickler_write(vm, pickler, text, size) &&
           pickler_write(vm, pickler, "\n", 1);
}

/* ---- text ---- */

static size_t utf8_size(struct span s)
{
    size_t size = s.length;
    for (size_t i = 0; i < s.length; i++) {
        uint32_t c = span_at(s, i);
        size += (size_t)(c >= 0x80) + (c >= 0x800) + (c >= 0x10000);
    }
    return size;
}

static void utf8_store(uint8_t *to, struct span s) /* surrogates as they are */
{
    for (size_t i = 0; i < s.length; i++) {
        uint32_t c = span_at(s, i);
        if (c < 0x80) {
            *to++ = (uint8_t)c;
        } else if (c < 0x800) {
            *to++ = (uint8_t)(0xc0 | c >> 6);
            *to++ = (uint8_t)(0x80 | (c & 63));
        } else {
            if (c < 0x10000) {
                *to++ = (uint8_t)(0xe0 | c >> 12);
            } else {
                *to++ = (uint8_t)(0xf0 | c >> 18);
                *to++ = (uint8_t)(0x80 | (c >> 12 & 63));
            }
            *to++ = (uint8_t)(0x80 | (c >> 6 & 63));
            *to++ = (uint8_t)(0x80 | (c & 63));
        }
    }
}

/* The header for `size` bytes; its length, 0: OverflowError pending. */
static size_t sized_header(struct vm *vm, const struct pickler *pickler, uint8_t header[9], size_t size, const uint8_t opcodes[3],
                           bool short_form, const char *what)
{
    int bytes = size <= 0xff && short_form ? 1 : size <= UINT32_MAX ? 4 : 8;
    if (bytes == 8 && pickler->protocol < 4) {
        raise_error(vm, &exc_OverflowError, "serializing a %s larger than 4 GiB requires pickle protocol 4 or higher", what);
        return 0;
    }
    header[0] = opcodes[bytes == 1 ? 0 : bytes == 4 ? 1 : 2];
    little_endian_store(header + 1, size, bytes);
    return (size_t)bytes + 1;
}

static bool write_text(struct vm *vm, struct pickler *pickler, value v)
{
    static const uint8_t opcodes[3] = {OPCODE_SHORT_BINUNICODE, OPCODE_BINUNICODE, OPCODE_BINUNICODE8};
    const struct string_object *string = string_of(v);
    struct span s = string_span(v);
    size_t size = string->ascii ? s.length : utf8_size(s);
    uint8_t header[9];
    size_t header_size = sized_header(vm, pickler, header, size, opcodes, pickler->protocol >= 4, "string");
    if (!header_size)
        return false;
    if (string->ascii)
        return pickler_write_large(vm, pickler, header, header_size, s.data, size, VALUE_NULL);
    if (size >= PICKLE_FRAME_TARGET) {
        uint8_t *encoded = malloc(size);
        if (!encoded)
            return failed(raise_no_memory(vm));
        utf8_store(encoded, s);
        bool good = pickler_write_large(vm, pickler, header, header_size, encoded, size, VALUE_NULL);
        free(encoded);
        return good;
    }
    uint8_t *to = pickler_room(vm, pickler, header_size + size);
    if (!to)
        return false;
    memcpy(to, header, header_size);
    utf8_store(to + header_size, s);
    return true;
}

/* Protocol 0: latin-1, the rest and what would disturb lines as escapes. */
static bool write_escaped(struct vm *vm, struct pickler *pickler, value v)
{
    struct span s = string_span(v);
    if (!pickler_put(vm, pickler, OPCODE_UNICODE))
        return false;
    for (size_t i = 0; i < s.length; i++) {
        uint32_t c = span_at(s, i);
        char text[16];
        int size = 1;
        text[0] = (char)c;
        if (c >= 0x10000)
            size = snprintf(text, sizeof text, "\\U%08x", c);
        else if (c >= 256 || c == '\\' || c == 0 || c == '\n' || c == '\r' || c == 0x1a)
            size = snprintf(text, sizeof text, "\\u%04x", c);
        if (!pickler_write(vm, pickler, text, (size_t)size))
            return false;
    }
    return pickler_write(vm, pickler, "\n", 1);
}

bool pickle_save_string(struct vm *vm, struct pickler *pickler, value v)
{
    return (pickler->binary ? write_text(vm, pickler, v) : write_escaped(vm, pickler, v)) && pickler_memoize(vm, pickler, v);
}

/* ---- bytes ---- */

static bool write_bytes(struct vm *vm, struct pickler *pickler, value v, const void *data, size_t size)
{
    static const uint8_t opcodes[3] = {OPCODE_SHORT_BINBYTES, OPCODE_BINBYTES, OPCODE_BINBYTES8};
    uint8_t header[9];
    size_t header_size = sized_header(vm, pickler, header, size, opcodes, true, "bytes object");
    return header_size && pickler_write_large(vm, pickler, header, header_size, data, size, v) && pickler_memoize(vm, pickler, v);
}

static bool write_bytearray(struct vm *vm, struct pickler *pickler, value v, const void *data, size_t size)
{
    uint8_t header[9] = {OPCODE_BYTEARRAY8};
    little_endian_store(header + 1, size, 8);
    return pickler_write_large(vm, pickler, header, 9, data, size, v) && pickler_memoize(vm, pickler, v);
}

/* (callable, (argument,)), or without the argument when it is VALUE_NULL */
static bool save_call(struct vm *vm, struct pickler *pickler, value callable, value arguments, value v)
{
    value reduced = arguments == VALUE_NULL ? VALUE_NULL : tuple_pack(vm, 2, callable, arguments);
    return reduced != VALUE_NULL && pickle_save_reduce(vm, pickler, reduced, v);
}

bool pickle_save_bytes(struct vm *vm, struct pickler *pickler, value v)
{
    const struct bytes_object *bytes = bytes_of(v);
    if (pickler->protocol >= 3)
        return write_bytes(vm, pickler, v, bytes->data, bytes->length);
    if (!bytes->length)
        return save_call(vm, pickler, object_value(&bytes_type), vm->empty_tuple, v);
    value text = string_from_latin1(vm, bytes->data, bytes->length); /* what Python 2 reads as its str */
    return text != VALUE_NULL &&
           save_call(vm, pickler, vm->pickle->codecs_encode, tuple_pack(vm, 2, text, intern_text(vm, "latin1")), v);
}

bool pickle_save_bytearray(struct vm *vm, struct pickler *pickler, value v)
{
    const struct bytearray_object *array = bytearray_of(v);
    if (pickler->protocol >= 5)
        return write_bytearray(vm, pickler, v, array->data, array->length);
    if (!array->length)
        return save_call(vm, pickler, object_value(&bytearray_type), vm->empty_tuple, v);
    value bytes = bytes_from(vm, array->data, array->length);
    return bytes != VALUE_NULL && save_call(vm, pickler, object_value(&bytearray_type), tuple_pack(vm, 1, bytes), v);
}

bool pickle_save_buffer(struct vm *vm, struct pickler *pickler, value v)
{
    struct item_buffer buffer;
    if (pickler->protocol < 5)
        return failed(pickle_raise(vm, "PickleBuffer can only pickled with protocol >= 5"));
    if (!pickle_buffer_describe(vm, v, &buffer))
        return false;
    if (!buffer_is_contiguous(&buffer, 'C') && !buffer_is_contiguous(&buffer, 'F'))
        return failed(pickle_raise(vm, "PickleBuffer can not be pickled when pointing to a non-contiguous buffer"));
    if (pickler->buffer_callback != VALUE_NULL) {
        value answer = call_1(vm, pickler->buffer_callback, v);
        int in_band = answer == VALUE_NULL ? -1 : value_truth(vm, answer);
        if (in_band < 0)
            return false;
        if (!in_band)
            return pickler_put(vm, pickler, OPCODE_NEXT_BUFFER) &&
                   (!buffer.readonly || pickler_put(vm, pickler, OPCODE_READONLY_BUFFER));
    }
    return buffer.readonly ? write_bytes(vm, pickler, v, buffer.data, (size_t)buffer.length)
                           : write_bytearray(vm, pickler, v, buffer.data, (size_t)buffer.length);
}
