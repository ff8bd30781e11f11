/* items.c - what the items of an array.array are: reading, checking, converting. */
#include "sim/modules/array/array.h"
#include "sim/runtime/number.h"
#include "sim/runtime/text.h"

const char array_codes[] = "bBuhHiIlLqQfd";

int array_item_size(char code)
{
    switch (code) {
    case 'b': case 'B': return 1;
    case 'h': case 'H': return 2;
    case 'i': case 'I': case 'f': case 'u': return 4;
    case 'l': case 'L': case 'q': case 'Q': case 'd': return 8;
    }
    return 0;
}

value array_item_load(struct vm *vm, const struct array_object *array, size_t index)
{
    const uint8_t *from = array->data + index * array->item_size;
    int16_t h;
    int32_t i;
    uint32_t u;
    int64_t l;
    float f;
    double d;
    switch (array->code) {
    case 'b': return small_int((int8_t)*from);
    case 'B': return small_int(*from);
    case 'h': memcpy(&h, from, 2); return small_int(h);
    case 'H': memcpy(&h, from, 2); return small_int((uint16_t)h);
    case 'i': memcpy(&i, from, 4); return small_int(i);
    case 'I': memcpy(&u, from, 4); return small_int(u);
    case 'u':
        memcpy(&u, from, 4);
        if (u > 0x10ffff)
            return raise_error(vm, &exc_ValueError, "character U+%x is not in range [U+0000; U+10ffff]", u);
        return string_from_code_point(vm, u);
    case 'l': case 'q': memcpy(&l, from, 8); return int_from_int64(vm, l);
    case 'f': memcpy(&f, from, 4); return float_value(vm, (double)f);
    case 'd': memcpy(&d, from, 8); return float_value(vm, d);
    }
    memcpy(&l, from, 8);
    return int_from_uint64(vm, (uint64_t)l);
}

static bool overflow(struct vm *vm, const char *message)
{
    raise_error(vm, &exc_OverflowError, "%s", message);
    return false;
}

static bool convert_unsigned(struct vm *vm, char code, value integer, uint64_t *out)
{
    mpz_t number;
    if (int_sign(integer) < 0)
        return overflow(vm,
                        code == 'Q' ? "can't convert negative int to unsigned" : "can't convert negative value to unsigned int");
    mpz_init(number);
    int_to_mpz(integer, number);
    bool fits = mpz_sizeinbase(number, 2) <= 64;
    *out = mpz_getlimbn(number, 0);
    mpz_clear(number);
    if (!fits)
        return overflow(vm, code == 'Q' ? "int too big to convert" : "Python int too large to convert to C unsigned long");
    if (code == 'I' && *out > UINT32_MAX)
        return overflow(vm, "unsigned int is greater than maximum");
    return true;
}

/* CPython reads the small kinds through the C type the comment names, whose own limits are checked first. */
static bool check_signed(struct vm *vm, char code, int64_t n)
{
    switch (code) {
    case 'b': /* short */
        if (n < INT16_MIN || n > INT16_MAX)
            return overflow(vm,
                            n < 0 ? "signed short integer is less than minimum" : "signed short integer is greater than maximum");
        if (n < INT8_MIN || n > INT8_MAX)
            return overflow(vm, n < 0 ? "signed char is less than minimum" : "signed char is greater than maximum");
        return true;
    case 'B': /* unsigned char */
        if (n < 0 || n > UINT8_MAX)
            return overflow(vm,
                            n < 0 ? "unsigned byte integer is less than minimum" : "unsigned byte integer is greater than maximum");
        return true;
    case 'h':
        if (n < INT16_MIN || n > INT16_MAX)
            return overflow(vm,
                            n < 0 ? "signed short integer is less than minimum" : "signed short integer is greater than maximum");
        return true;
    }
    if (n < INT32_MIN || n > INT32_MAX)
        return overflow(vm, n < 0 ? "signed integer is less than minimum" : "signed integer is greater than maximum");
    if (code == 'H' && (n < 0 || n > UINT16_MAX)) /* int */
        return overflow(vm, n < 0 ? "unsigned short is less than minimum" : "unsigned short is greater than maximum");
    return true;
}

static bool convert_character(struct vm *vm, value item, void *to)
{
    if (!is_string(item) || string_of(item)->length != 1) {
        raise_error(vm, &exc_TypeError, "array item must be unicode character");
        return false;
    }
    uint32_t c = string_at(string_of(item), 0);
    memcpy(to, &c, 4);
    return true;
}

static bool convert_float(struct vm *vm, char code, value item, void *to)
{
    double d;
    if (is_immediate_float(item))
        d = immediate_float(item);
    else if (!value_to_double(vm, item, &d))
        return false;
    float f = (float)d;
    memcpy(to, code == 'f' ? (void *)&f : (void *)&d, code == 'f' ? 4 : 8);
    return true;
}

bool array_item_convert(struct vm *vm, char code, value item, void *to)
{
    int64_t n;
    if (code == 'u')
        return convert_character(vm, item, to);
    if (code == 'f' || code == 'd')
        return convert_float(vm, code, item, to);
    value integer = is_small_int(item) ? item : number_index(vm, item);
    if (integer == VALUE_NULL)
        return false;
    if (strchr("ILQ", code)) {
        uint64_t u;
        if (is_small_int(integer) && small_int_value(integer) >= 0 && (code != 'I' || small_int_value(integer) <= UINT32_MAX))
            u = (uint64_t)small_int_value(integer);
        else if (!convert_unsigned(vm, code, integer, &u))
            return false;
        memcpy(to, &u, 8);
        return true;
    }
    if (is_small_int(integer)) {
        n = small_int_value(integer);
    } else if (!value_to_int64(vm, integer, &n)) {
        exception_clear(vm);
        return overflow(vm, code == 'q' ? "int too big to convert" : "Python int too large to convert to C long");
    }
    if (code != 'l' && code != 'q' && !check_signed(vm, code, n))
        return false;
    memcpy(to, &n, 8); /* little-endian: the low bytes are the item */
    return true;
}
