/* load_atoms.c - numbers, text, bytes and buffers as an unpickler reads them. */
#include "sim/modules/pickle/pickle.h"
#include "sim/runtime/bytes.h"
#include "sim/runtime/memoryview.h"
#include "sim/runtime/number.h"

#include <errno.h>
#include <stdlib.h>

/* ---- numbers ---- */

bool unpickle_int(struct vm *vm, struct unpickler *unpickler)
{
    size_t size;
    const uint8_t *line = unpickler_read_line(vm, unpickler, 2, &size);
    if (!line)
        return false;
    char text[64];
    if (size < sizeof text) { /* as C reads numbers: 010 is octal */
        char *end;
        memcpy(text, line, size);
        text[size] = 0;
        errno = 0;
        long number = strtol(text, &end, 0);
        if (!errno && (*end == '\n' || !*end))
            return unpickler_push(vm, unpickler, size == 3 && (number == 0 || number == 1) ? bool_value((int)number)
                                                                                          : int_from_int64(vm, number));
    }
    value number = int_parse(vm, (const char *)line, size, 0, VALUE_NULL);
    if (number == VALUE_NULL) {
        exception_clear(vm);
        raise_error(vm, &exc_ValueError, "could not convert string to int");
    }
    return unpickler_push(vm, unpickler, number);
}

bool unpickle_long(struct vm *vm, struct unpickler *unpickler)
{
    size_t size;
    const uint8_t *line = unpickler_read_line(vm, unpickler, 2, &size);
    if (!line)
        return false;
    if (line[size - 2] == 'L')
        size -= 2;
    value text = string_from_latin1(vm, line, size);
    value number = text == VALUE_NULL ? VALUE_NULL : int_parse(vm, (const char *)line, size, 0, text);
    if (number == VALUE_NULL && exception_matches(vm, &exc_ValueError) && line[0] != '0') {
        exception_clear(vm); /* the message names the base that was assumed */
        number = int_parse(vm, (const char *)line, size, 10, text);
    }
    return unpickler_push(vm, unpickler, number);
}

/* Two's complement, little endian. */
static value int_from_bytes(struct vm *vm, const uint8_t *data, size_t size)
{
    bool negative = data[size - 1] & 0x80;
    if (size <= 8) {
        uint64_t number = little_endian_load(data, (int)size);
        if (negative && size < 8)
            number |= ~(uint64_t)0 << (8 * size);
        return int_from_int64(vm, (int64_t)number);
    }
    mpz_t number;
    mpz_init(number);
    mpz_import(number, size, -1, 1, 0, 0, data);
    if (negative) {
        mpz_t power;
        mpz_init(power);
        mpz_setbit(power, 8 * size);
        mpz_sub(number, number, power);
        mpz_clear(power);
    }
    value result = int_from_mpz(vm, number);
    mpz_clear(number);
    return result;
}

bool unpickle_counted_long(struct vm *vm, struct unpickler *unpickler, int size)
{
    const uint8_t *data = unpickler_read(vm, unpickler, (size_t)size);
    if (!data)
        return false;
    uint64_t length = little_endian_load(data, size);
    if (length > INT32_MAX)
        return failed(unpickle_raise(vm, "LONG pickle has negative byte count"));
    if (!length)
        return unpickler_push(vm, unpickler, small_int(0));
    data = unpickler_read(vm, unpickler, length);
    return data && unpickler_push(vm, unpickler, int_from_bytes(vm, data, length));
}

bool unpickle_float(struct vm *vm, struct unpickler *unpickler)
{
    size_t size;
    const uint8_t *line = unpickler_read_line(vm, unpickler, 2, &size);
    if (!line)
        return false;
    double number;
    bool valid = float_parse((const char *)line, size - 1, &number);
    if (valid && (number - number != 0) && line[size - 2] >= '0' && line[size - 2] <= '9') /* not written as infinity */
        return failed(raise_error(vm, &exc_OverflowError, "value too large to convert to float: '%.*s'", (int)size,
                                  (const char *)line));
    if (valid)
        return unpickler_push(vm, unpickler, float_value(vm, number));
    double prefix;
    for (size_t part = size - 1; part > 0; part--)
        if (float_parse((const char *)line, part, &prefix))
            return failed(raise_error(vm, &exc_ValueError, "could not convert string to float"));
    return failed(raise_error(vm, &exc_ValueError, "could not convert string to float: '%.*s'", (int)size_minimum(size, 200),
                       (const char *)line));
}

bool unpickle_binary_float(struct vm *vm, struct unpickler *unpickler)
{
    const uint8_t *data = unpickler_read(vm, unpickler, 8);
    uint64_t bits;
    if (!data)
        return false;
    memcpy(&bits, data, 8);
    return unpickler_push(vm, unpickler, float_value(vm, bits_float(__builtin_bswap64(bits))));
}

/* ---- text ---- */

/* The length before the data itself; false: an exception is pending. */
static bool read_length(struct vm *vm, struct unpickler *unpickler, int size, const char *what, uint64_t *length)
{
    const uint8_t *data = unpickler_read(vm, unpickler, (size_t)size);
    if (!data)
        return false;
    *length = little_endian_load(data, size);
    if (*length <= INT64_MAX)
        return true;
    return failed(raise_error(vm, &exc_OverflowError, "%s exceeds system's maximum size of %lld bytes", what,
                              (long long)INT64_MAX));
}

/* A str of Python 2: text in the encoding that was given, or bytes. */
static bool push_old_string(struct vm *vm, struct unpickler *unpickler, const uint8_t *data, size_t size)
{
    const char *encoding = unpickler->encoding ? unpickler->encoding : "ASCII";
    const char *errors = unpickler->errors ? unpickler->errors : "strict";
    if (!strcmp(encoding, "bytes"))
        return unpickler_push(vm, unpickler, bytes_from(vm, data, size));
    return unpickler_push(vm, unpickler, bytes_decode(vm, data, size, encoding, errors));
}

bool unpickle_string(struct vm *vm, struct unpickler *unpickler)
{
    size_t size;
    const uint8_t *line = unpickler_read_line(vm, unpickler, 1, &size);
    if (!line)
        return false;
    size--;
    if (size < 2 || line[0] != line[size - 1] || (line[0] != '\'' && line[0] != '"'))
        return failed(unpickle_raise(vm, "the STRING opcode argument must be quoted"));
    value codecs = import_module(vm, "_codecs"), bytes = bytes_from(vm, line + 1, size - 2);
    if (codecs == VALUE_NULL || bytes == VALUE_NULL)
        return false;
    value pair = call_method(vm, codecs, "escape_decode", &bytes, 1);
    if (pair == VALUE_NULL)
        return false;
    bytes = tuple_of(pair)->items[0];
    bool good = push_old_string(vm, unpickler, bytes_of(bytes)->data, bytes_of(bytes)->length);
    gc_keep(bytes);
    return good;
}

bool unpickle_counted_string(struct vm *vm, struct unpickler *unpickler, int size)
{
    uint64_t length;
    if (!read_length(vm, unpickler, size, "BINSTRING", &length))
        return false;
    const uint8_t *data = unpickler_read(vm, unpickler, length);
    return data && push_old_string(vm, unpickler, data, length);
}

bool unpickle_unicode(struct vm *vm, struct unpickler *unpickler)
{
    size_t size;
    const uint8_t *line = unpickler_read_line(vm, unpickler, 1, &size);
    return line && unpickler_push(vm, unpickler, bytes_decode(vm, line, size - 1, "raw_unicode_escape", NULL));
}

static bool is_ascii(const uint8_t *data, size_t size)
{
    uint64_t any = 0, word;
    for (; size >= 8; data += 8, size -= 8) {
        memcpy(&word, data, 8);
        any |= word;
    }
    for (; size; size--)
        any |= *data++;
    return !(any & 0x8080808080808080ull);
}

bool unpickle_counted_unicode(struct vm *vm, struct unpickler *unpickler, int size)
{
    uint64_t length;
    if (!read_length(vm, unpickler, size, "BINUNICODE", &length))
        return false;
    const uint8_t *data = unpickler_read(vm, unpickler, length);
    if (!data)
        return false;
    if (length > 1 && length < STRING_LENGTH_MAX && is_ascii(data, length)) {
        struct string_object *string = string_allocate(vm, length, 0x7f);
        if (!string)
            return false;
        memcpy(string->data, data, length);
        return unpickler_push(vm, unpickler, object_value(string));
    }
    return unpickler_push(vm, unpickler, string_decode_utf8(vm, data, length, "surrogatepass"));
}

/* ---- bytes ---- */

bool unpickle_counted_bytes(struct vm *vm, struct unpickler *unpickler, int size)
{
    uint64_t length;
    if (!read_length(vm, unpickler, size, "BINBYTES", &length))
        return false;
    if (length <= unpickler->length - unpickler->position) {
        const uint8_t *data = unpickler_read(vm, unpickler, length);
        return unpickler_push(vm, unpickler, bytes_from(vm, data, length));
    }
    if (unpickler->read == VALUE_NULL) /* before memory is asked for */
        return failed(unpickle_raise(vm, "pickle data was truncated"));
    struct bytes_object *bytes = gc_object(vm, BYTES_HEADER + length + 1, &bytes_type.shape);
    if (!bytes)
        return false;
    bytes->hash = -1;
    bytes->length = length;
    return unpickler_read_into(vm, unpickler, object_value(bytes), bytes->data, length) &&
           unpickler_push(vm, unpickler, object_value(bytes));
}

bool unpickle_bytearray(struct vm *vm, struct unpickler *unpickler)
{
    uint64_t length;
    if (!read_length(vm, unpickler, 8, "BYTEARRAY8", &length))
        return false;
    if (length > unpickler->length - unpickler->position && unpickler->read == VALUE_NULL)
        return failed(unpickle_raise(vm, "pickle data was truncated"));
    if (length <= unpickler->length - unpickler->position) {
        const uint8_t *data = unpickler_read(vm, unpickler, length);
        return unpickler_push(vm, unpickler, bytearray_from(vm, data, length));
    }
    value array = bytearray_from(vm, NULL, 0);
    if (array == VALUE_NULL || !bytearray_resize(vm, bytearray_of(array), length))
        return false;
    return unpickler_read_into(vm, unpickler, array, bytearray_of(array)->data, length) && unpickler_push(vm, unpickler, array);
}

/* ---- out-of-band buffers ---- */

bool unpickle_next_buffer(struct vm *vm, struct unpickler *unpickler)
{
    if (unpickler->buffers == VALUE_NULL)
        return failed(unpickle_raise(vm, "pickle stream refers to out-of-band data but no *buffers* argument was given"));
    value buffer = iterator_next(vm, unpickler->buffers);
    if (buffer == VALUE_NULL && vm->pending == VALUE_NULL)
        unpickle_raise(vm, "not enough out-of-band buffers");
    return unpickler_push(vm, unpickler, buffer);
}

bool unpickle_readonly_buffer(struct vm *vm, struct unpickler *unpickler)
{
    if (unpickler->size <= unpickler->fence)
        return failed(unpickler_underflow(vm, unpickler));
    value *top = &unpickler->stack[unpickler->size - 1], view = memoryview_over(vm, *top);
    if (view == VALUE_NULL)
        return false;
    if (!view_of(view)->readonly) {
        view_of(view)->readonly = true;
        *top = view;
    }
    return true;
}
