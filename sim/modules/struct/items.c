/* items.c - module struct's values to bytes and back. */
#include "sim/modules/struct/struct.h"
#include "sim/runtime/number.h"
#include "sim/runtime/text.h"

#include <math.h>

/* ---- unpacking ---- */

static uint64_t load_bytes(const uint8_t *from, size_t size, bool big_endian)
{
    uint64_t n = 0;
    if (!big_endian) {
        memcpy(&n, from, size);
        return n;
    }
    for (size_t i = 0; i < size; i++)
        n = n << 8 | from[i];
    return n;
}

/* IEEE 754 binary16 */
static double half_to_double(uint16_t bits)
{
    int exponent = bits >> 10 & 31;
    double fraction = (bits & 1023) / 1024.0;
    double magnitude = exponent == 31 ? (bits & 1023 ? (double)NAN : (double)INFINITY)
                       : exponent     ? ldexp(1 + fraction, exponent - 15)
                                      : ldexp(fraction, -14);
    return bits >> 15 ? -magnitude : magnitude;
}

static value unpack_float(struct vm *vm, char code, uint64_t bits)
{
    if (code == 'd')
        return float_value(vm, bits_float(bits));
    if (code == 'e')
        return float_value(vm, half_to_double((uint16_t)bits));
    uint32_t low = (uint32_t)bits;
    float f;
    memcpy(&f, &low, 4);
    return float_value(vm, (double)f);
}

static value unpack_one(struct vm *vm, const struct struct_step *step, const uint8_t *from)
{
    uint64_t bits;
    switch (step->code) {
    case 'c': return bytes_from(vm, from, 1);
    case '?': return bool_value(from[0] != 0);
    case 'f': case 'd': case 'e':
        return unpack_float(vm, step->code, load_bytes(from, step->item_size, step->big_endian));
    case 'b': case 'h': case 'i': case 'l': case 'q': case 'n': {
        bits = load_bytes(from, step->item_size, step->big_endian);
        unsigned unused = 64 - 8u * step->item_size;
        return int_from_int64(vm, (int64_t)(bits << unused) >> unused);
    }
    }
    bits = load_bytes(from, step->item_size, step->big_endian);
    return step->item_size < 8 ? small_int((int64_t)bits) : int_from_uint64(vm, bits);
}

static value unpack_text(struct vm *vm, const struct struct_step *step, const uint8_t *from)
{
    if (step->code == 's')
        return bytes_from(vm, from, (size_t)step->count);
    int64_t length = step->count ? from[0] : 0;
    length = length >= step->count ? step->count - 1 : length;
    return bytes_from(vm, from + 1, length > 0 ? (size_t)length : 0);
}

value struct_unpack_items(struct vm *vm, const struct struct_object *object, const uint8_t *from)
{
    value tuple = tuple_new(vm, (size_t)object->items);
    if (tuple == VALUE_NULL)
        return tuple;
    size_t filled = 0;
    ADD_WORK(vm, items, object->items);
    for (size_t s = 0; s < object->step_count; s++) {
        const struct struct_step *step = &object->steps[s];
        const uint8_t *at = from + step->offset;
        bool text = step->code == 's' || step->code == 'p';
        for (int64_t i = 0; i < (text ? 1 : step->count); i++, at += step->item_size) {
            value item = text ? unpack_text(vm, step, at) : unpack_one(vm, step, at);
            if (item == VALUE_NULL)
                return VALUE_NULL;
            tuple_of(tuple)->items[filled++] = item;
        }
    }
    return tuple;
}

/* ---- packing ---- */

static bool fail(struct vm *vm, const char *message)
{
    raise_error(vm, native_error(vm->struct_error), "%s", message);
    return false;
}

static void store_bytes(uint8_t *to, uint64_t n, size_t size, bool big_endian)
{
    if (!big_endian) {
        memcpy(to, &n, size);
        return;
    }
    for (size_t i = size; i-- > 0; n >>= 8)
        to[i] = (uint8_t)n;
}

static bool out_of_range(struct vm *vm, const struct struct_step *step)
{
    static const struct {
        char code;
        const char *message;
    } worded[] = {{'b', "byte format requires -128 <= number <= 127"},
                  {'B', "ubyte format requires 0 <= number <= 255"},
                  {'h', "short format requires -32768 <= number <= 32767"},
                  {'H', "ushort format requires 0 <= number <= 65535"},
                  {'i', "'i' format requires -2147483648 <= number <= 2147483647"},
                  {'l', "'l' format requires -2147483648 <= number <= 2147483647"},
                  {'I', "'I' format requires 0 <= number <= 4294967295"},
                  {'L', "'L' format requires 0 <= number <= 4294967295"}};
    if (step->big_endian && step->item_size == 2)
        return fail(vm, step->code == 'h' ? "'h' format requires -32768 <= number <= 32767"
                                          : "'H' format requires 0 <= number <= 65535");
    for (size_t i = 0; i < sizeof worded / sizeof *worded; i++)
        if (worded[i].code == step->code && step->item_size < 8)
            return fail(vm, worded[i].message);
    return fail(vm, "argument out of range");
}

/* Integers beyond 63 bits: only the 8-byte codes may hold them. */
static bool pack_big(struct vm *vm, const struct struct_step *step, value integer, uint8_t *to)
{
    mpz_t number;
    bool is_signed = strchr("qlnP", step->code) != NULL;
    mpz_init(number);
    int_to_mpz(integer, number);
    bool negative = mpz_sgn(number) < 0;
    if (negative)
        mpz_add_ui(number, number, 1); /* so that -2**63 needs 63 bits */
    size_t bits = mpz_sizeinbase(number, 2);
    uint64_t n = mpz_getlimbn(number, 0);
    mpz_clear(number);
    bool fits_long = bits <= 63, fits_unsigned = !negative && bits <= 64;
    if (step->item_size < 8 && (strchr("IL", step->code) || (step->big_endian && step->code == 'H') ? fits_unsigned : fits_long))
        return out_of_range(vm, step); /* CPython gets it into a C long first */
    bool fits = step->item_size == 8 && (is_signed ? fits_long || (step->code == 'P' && fits_unsigned) : fits_unsigned);
    if (!fits)
        /* little-endian codes of a native size go the native way in CPython, with its messages */
        return fail(vm, (step->big_endian && step->item_size == 8) || step->code == 'P' ? "int too large to convert"
                                                                                     : "argument out of range");
    store_bytes(to, negative ? ~n : n, 8, step->big_endian);
    return true;
}

static bool pack_integer(struct vm *vm, const struct struct_step *step, value item, uint8_t *to)
{
    value integer = is_small_int(item) ? item : VALUE_NULL;
    if (integer == VALUE_NULL) {
        if (!is_int(item) && !value_type(vm, item)->index)
            return fail(vm, "required argument is not an integer");
        if ((integer = number_index(vm, item)) == VALUE_NULL)
            return false;
        if (!is_small_int(integer))
            return pack_big(vm, step, integer, to);
    }
    int64_t n = small_int_value(integer);
    unsigned bits = 8u * step->item_size;
    switch (step->code) {
    case 'b': case 'h': case 'i': case 'l': case 'q': case 'n':
        if (bits < 64 && (n >= (int64_t)1 << (bits - 1) || n < -((int64_t)1 << (bits - 1))))
            return out_of_range(vm, step);
        break;
    case 'P': break;
    default:
        if (n < 0 && (step->item_size >= 4 || (step->big_endian && step->item_size == 2)))
            return fail(vm, step->big_endian && step->item_size == 8 ? "int too large to convert" : "argument out of range");
        if (n < 0 || (bits < 64 && n >> bits))
            return out_of_range(vm, step);
    }
    store_bytes(to, (uint64_t)n, step->item_size, step->big_endian);
    return true;
}

/* IEEE 754 binary16, rounded to even; false: too large */
static bool double_to_half(double d, uint16_t *out)
{
    uint16_t sign = signbit(d) ? 0x8000 : 0;
    int exponent;
    if (isnan(d) || isinf(d) || d == 0) {
        *out = (uint16_t)(sign | (isnan(d) ? 0x7e00 : isinf(d) ? 0x7c00 : 0));
        return true;
    }
    double fraction = frexp(fabs(d), &exponent);
    exponent--; /* 1 <= 2 * fraction < 2 */
    if (exponent < -14) {
        *out = (uint16_t)(sign | (uint16_t)nearbyint(ldexp(fabs(d), 24)));
        return true;
    }
    uint32_t bits = exponent > 15 ? 0x7c00 : ((uint32_t)(exponent + 14) << 10) + (uint32_t)nearbyint(ldexp(fraction, 11));
    *out = (uint16_t)(sign | bits);
    return bits < 0x7c00;
}

static bool too_large(struct vm *vm, char code, value item)
{
    if (is_int(item))
        return fail(vm, "int too large to convert");
    raise_error(vm, &exc_OverflowError, "float too large to pack with %c format", code);
    return false;
}

static bool pack_float(struct vm *vm, const struct struct_step *step, value item, uint8_t *to)
{
    double d;
    if (is_immediate_float(item)) {
        d = immediate_float(item);
    } else if (!value_to_double(vm, item, &d)) {
        exception_clear(vm);
        return fail(vm, "required argument is not a float");
    }
    uint64_t bits = float_bits(d);
    if (step->code == 'f') {
        float f = (float)d;
        uint32_t low;
        if (isinf(f) && !isinf(d) && step->standard)
            return too_large(vm, 'f', item);
        memcpy(&low, &f, 4);
        bits = low;
    } else if (step->code == 'e') {
        uint16_t half;
        if (!double_to_half(d, &half))
            return too_large(vm, 'e', item);
        bits = half;
    }
    store_bytes(to, bits, step->item_size, step->big_endian);
    return true;
}

static bool pack_text(struct vm *vm, const struct struct_step *step, value item, uint8_t *to)
{
    bool array = is_object(item) && type_is_subtype(value_type(vm, item), &bytearray_type);
    if (!has_flag(item, TYPE_BYTES) && !array) {
        raise_error(vm, native_error(vm->struct_error), "argument for '%c' must be a bytes object", step->code);
        return false;
    }
    const uint8_t *data;
    size_t size, room = (size_t)step->count;
    if (!buffer_of(vm, item, &data, &size))
        return false;
    if (step->code == 'p' && room) {
        size = size > room - 1 ? room - 1 : size;
        *to++ = (uint8_t)(size > 255 ? 255 : size);
    }
    if (size && room)
        memcpy(to, data, size > room ? room : size);
    return true;
}

static bool pack_one(struct vm *vm, const struct struct_step *step, value item, uint8_t *to)
{
    switch (step->code) {
    case 'f': case 'd': case 'e': return pack_float(vm, step, item, to);
    case '?': {
        int truth = value_truth(vm, item);
        *to = (uint8_t)(truth > 0);
        return truth >= 0;
    }
    case 'c':
        if (!has_flag(item, TYPE_BYTES) || bytes_of(item)->length != 1)
            return fail(vm, "char format requires a bytes object of length 1");
        *to = bytes_of(item)->data[0];
        return true;
    }
    return pack_integer(vm, step, item, to);
}

bool struct_pack_items(struct vm *vm, const struct struct_object *object, const value *values, uint8_t *to)
{
    ADD_WORK(vm, items, object->items);
    for (size_t s = 0; s < object->step_count; s++) {
        const struct struct_step *step = &object->steps[s];
        uint8_t *at = to + step->offset;
        if (step->code == 's' || step->code == 'p') {
            if (!pack_text(vm, step, *values++, at))
                return false;
            continue;
        }
        for (int64_t i = 0; i < step->count; i++, at += step->item_size)
            if (!pack_one(vm, step, *values++, at))
                return false;
    }
    return true;
}
