/* buffer.c - the buffer protocol (buffer.h): what exporters lend, copies out of strided memory, single native items. */
#include "sim/runtime/buffer.h"
#include "sim/runtime/bytes.h"
#include "sim/runtime/exception.h"
#include "sim/runtime/number.h"

bool buffer_get(struct vm *vm, value v, struct item_buffer *out)
{
    for (struct type *type = value_type(vm, v); type; type = type->base) {
        if (type->export_buffer)
            return type->export_buffer(vm, v, out);
        if (type->buffer) {
            const uint8_t *data;
            size_t size;
            if (!type->buffer(vm, v, &data, &size))
                return false;
            *out = (struct item_buffer){.exporter = v, .data = (uint8_t *)(uintptr_t)data, .length = (int64_t)size,
                                   .item_size = 1, .format = "B", .readonly = true, .dimensions = 1};
            return true;
        }
    }
    raise_error(vm, &exc_TypeError, "a bytes-like object is required, not '%T'", v);
    return false;
}

bool buffer_writable(struct vm *vm, value v, const char *message, uint8_t **data, size_t *size)
{
    struct item_buffer buffer;
    if (!has_buffer(vm, v)) {
        raise_error(vm, &exc_TypeError, message, v);
        return false;
    }
    if (!buffer_get(vm, v, &buffer))
        return false;
    if (buffer.readonly) {
        raise_error(vm, &exc_TypeError, message, v);
        return false;
    }
    if (!buffer_is_contiguous(&buffer, 'C')) {
        raise_error(vm, &exc_BufferError, "memoryview: underlying buffer is not C-contiguous");
        return false;
    }
    *data = buffer.data;
    *size = (size_t)buffer.length;
    return true;
}

bool buffer_is_contiguous(const struct item_buffer *buffer, char order)
{
    int64_t expected = buffer->item_size;
    if (!buffer->shape || buffer->length == 0)
        return true;
    for (int i = 0; i < buffer->dimensions; i++) {
        int d = order == 'C' ? buffer->dimensions - 1 - i : i;
        if (buffer->shape[d] > 1 && buffer->strides[d] != expected)
            return false;
        expected *= buffer->shape[d];
    }
    return true;
}

static uint8_t *copy_dimension(const struct item_buffer *buffer, int dimension, const uint8_t *from, uint8_t *to)
{
    int64_t count = buffer->shape[dimension], stride = buffer->strides[dimension];
    bool last = dimension == buffer->dimensions - 1;
    if (last && stride == buffer->item_size) {
        memcpy(to, from, (size_t)(count * stride));
        return to + count * stride;
    }
    for (int64_t i = 0; i < count; i++, from += stride) {
        if (last) {
            memcpy(to, from, (size_t)buffer->item_size);
            to += buffer->item_size;
        } else {
            to = copy_dimension(buffer, dimension + 1, from, to);
        }
    }
    return to;
}

void buffer_copy_out(const struct item_buffer *buffer, uint8_t *out)
{
    if (buffer->length == 0)
        return;
    if (!buffer->shape || buffer->dimensions == 0)
        memcpy(out, buffer->data, (size_t)buffer->length);
    else
        copy_dimension(buffer, 0, buffer->data, out);
}

value buffer_to_bytes(struct vm *vm, const struct item_buffer *buffer)
{
    value out = bytes_from(vm, NULL, (size_t)buffer->length);
    if (out != VALUE_NULL && buffer->length) {
        ADD_WORK(vm, characters, buffer->length);
        buffer_copy_out(buffer, bytes_of(out)->data);
    }
    return out;
}

bool buffer_may_move(struct vm *vm, uint32_t *exports)
{
    if (*exports) {
        vm->export_probe = exports;
        vm->export_count = 0;
        gc_collect(vm); /* live views report themselves when they are traced */
        vm->export_probe = NULL;
        *exports = vm->export_count;
    }
    return *exports == 0;
}

/* ---- native items ---- */

int64_t native_item_size(char code)
{
    switch (code) {
    case 'c': case 'b': case 'B': case '?': return 1;
    case 'h': case 'H': return 2;
    case 'i': case 'I': case 'f': return 4;
    case 'l': case 'L': case 'q': case 'Q': case 'n': case 'N': case 'P': case 'd': return 8;
    }
    return 0;
}

#define LOAD(type, name) \
    type name; \
    memcpy(&name, from, sizeof name)

value native_item_load(struct vm *vm, char code, const void *from)
{
    switch (code) {
    case 'B': return small_int(*(const uint8_t *)from);
    case 'b': return small_int(*(const int8_t *)from);
    case 'c': return bytes_from(vm, from, 1);
    case '?': return bool_value(*(const uint8_t *)from != 0);
    case 'h': { LOAD(int16_t, n); return small_int(n); }
    case 'H': { LOAD(uint16_t, n); return small_int(n); }
    case 'i': { LOAD(int32_t, n); return small_int(n); }
    case 'I': { LOAD(uint32_t, n); return small_int(n); }
    case 'l': case 'q': case 'n': { LOAD(int64_t, n); return int_from_int64(vm, n); }
    case 'L': case 'Q': case 'N': case 'P': { LOAD(uint64_t, n); return int_from_uint64(vm, n); }
    case 'f': { LOAD(float, f); return float_value(vm, (double)f); }
    case 'd': { LOAD(double, d); return float_value(vm, d); }
    }
    return VALUE_NULL;
}

static bool invalid(struct vm *vm, struct type *exception, const char *what, char code)
{
    raise_error(vm, exception, "memoryview: invalid %s for format '%c'", what, code);
    return false;
}

static bool store_unsigned(struct vm *vm, char code, int64_t size, void *to, value integer)
{
    mpz_t number;
    if (is_small_int(integer)) {
        int64_t n = small_int_value(integer);
        if (n < 0 || (size < 8 && n >> (8 * size)))
            return invalid(vm, &exc_ValueError, "value", code);
        memcpy(to, &n, (size_t)size); /* little-endian */
        return true;
    }
    mpz_init(number);
    int_to_mpz(integer, number);
    bool pointer = code == 'P' && mpz_sgn(number) < 0 && mpz_sizeinbase(number, 2) <= 63;
    bool fits = pointer || (mpz_sgn(number) >= 0 && mpz_sizeinbase(number, 2) <= (size_t)size * 8);
    uint64_t n = mpz_getlimbn(number, 0);
    n = pointer ? -n : n;
    mpz_clear(number);
    if (!fits)
        return invalid(vm, &exc_ValueError, "value", code);
    memcpy(to, &n, (size_t)size);
    return true;
}

static bool store_integer(struct vm *vm, char code, void *to, value item)
{
    int64_t size = native_item_size(code), n;
    value integer = is_small_int(item) ? item : number_index(vm, item);
    if (integer == VALUE_NULL) {
        if (!exception_matches(vm, &exc_TypeError))
            return false;
        exception_clear(vm);
        return invalid(vm, &exc_TypeError, "type", code);
    }
    if (strchr("BHILQN", code) || (code == 'P' && !(is_small_int(integer) && small_int_value(integer) < 0)))
        return store_unsigned(vm, code, size, to, integer);
    if (!value_to_int64(vm, integer, &n)) {
        exception_clear(vm);
        return invalid(vm, &exc_ValueError, "value", code);
    }
    if (size < 8 && (n >= (int64_t)1 << (8 * size - 1) || n < -((int64_t)1 << (8 * size - 1))))
        return invalid(vm, &exc_ValueError, "value", code);
    memcpy(to, &n, (size_t)size);
    return true;
}

static bool store_float(struct vm *vm, char code, void *to, value item)
{
    double d;
    if (!value_to_double(vm, item, &d)) {
        if (exception_matches(vm, &exc_TypeError)) {
            exception_clear(vm);
            return invalid(vm, &exc_TypeError, "type", code);
        }
        if (exception_matches(vm, &exc_OverflowError)) {
            exception_clear(vm);
            return invalid(vm, &exc_ValueError, "value", code);
        }
        return false;
    }
    float f = (float)d;
    if (code == 'd')
        memcpy(to, &d, 8);
    else
        memcpy(to, &f, 4);
    return true;
}

bool native_item_store(struct vm *vm, char code, void *to, value item)
{
    switch (code) {
    case 'f': case 'd': return store_float(vm, code, to, item);
    case '?': {
        int truth = value_truth(vm, item);
        if (truth >= 0)
            *(uint8_t *)to = (uint8_t)truth;
        return truth >= 0;
    }
    case 'c':
        if (!is_bytes(item))
            return invalid(vm, &exc_TypeError, "type", code);
        if (bytes_of(item)->length != 1)
            return invalid(vm, &exc_ValueError, "value", code);
        *(uint8_t *)to = bytes_of(item)->data[0];
        return true;
    }
    return store_integer(vm, code, to, item);
}

int native_items_equal(struct vm *vm, char a_code, const void *a, char b_code, const void *b)
{
    if (a_code == b_code && a_code != 'f' && a_code != 'd' && a_code != '?')
        return memcmp(a, b, (size_t)native_item_size(a_code)) == 0;
    value x = native_item_load(vm, a_code, a), y = native_item_load(vm, b_code, b);
    value equal = x == VALUE_NULL || y == VALUE_NULL ? VALUE_NULL : compare_operation(vm, COMPARE_EQ, x, y);
    return equal == VALUE_NULL ? -1 : equal == TRUE;
}
