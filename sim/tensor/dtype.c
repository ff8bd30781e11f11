/* dtype.c - the element types as Python objects and the rules between them: names, casting, promotion.
 * numpy 1.24's rules: among operands of mixed rank those without dimensions count by their value (NEP 50 came
 * later). */
#include "sim/tensor/ndarray.h"

#include <float.h>
#include <stdio.h>

static const struct {
    const char *name;
    uint8_t bytes;
    char kind, character;
} dtypes[DTYPE_COUNT] = {
#define DTYPE(name, type, text, kind, character, base, class) {text, sizeof(type), kind, character},
#include "sim/tensor/dtypes.def"
    {"object", 8, 'O', 'O'},
    {"str", 4, 'U', 'U'},
};

const char *const casting_names[] = {"no", "equiv", "safe", "same_kind", "unsafe"};

size_t dtype_bytes(int dtype)
{
    return dtype_kind(dtype) == DTYPE_STRING ? 4 * (size_t)(dtype >> 8) : dtypes[dtype_kind(dtype)].bytes;
}

char dtype_letter(int dtype)
{
    return dtypes[dtype_kind(dtype)].kind;
}

char dtype_character(int dtype)
{
    return dtypes[dtype_kind(dtype)].character;
}

value dtype_name(struct vm *vm, int dtype)
{
    if (dtype_kind(dtype) == DTYPE_STRING)
        return string_printf(vm, "<U%d", dtype >> 8);
    return string_from_text(vm, dtypes[dtype_kind(dtype)].name);
}

/* ---- casting ---- */

/* The smallest float type that holds every number of the integer type, as numpy has it (int64 goes into
 * float64). */
static enum dtype float_for(int dtype)
{
    size_t bytes = dtype_bytes(dtype);
    return bytes == 1 ? DTYPE_FLOAT16 : bytes == 2 ? DTYPE_FLOAT32 : DTYPE_FLOAT64;
}

static bool can_cast_safely(int from, int to)
{
    enum dtype a = dtype_kind(from), b = dtype_kind(to);
    if (b == DTYPE_OBJECT || a == DTYPE_BOOL)
        return true;
    if (a == DTYPE_STRING || b == DTYPE_STRING) {
        static const uint8_t characters[] = {5, 4, 3, 6, 5, 11, 10, 21, 20, 32, 32, 32, 64, 64};
        if (a == DTYPE_STRING)
            return b == DTYPE_STRING && to >> 8 >= from >> 8;
        return a != DTYPE_OBJECT && (!(to >> 8) || to >> 8 >= characters[a]);
    }
    if (a == DTYPE_OBJECT || b == DTYPE_BOOL)
        return a == b;
    size_t from_bytes = dtype_bytes(from), to_bytes = dtype_bytes(to);
    if (is_integer_dtype(from) && is_integer_dtype(to)) {
        bool is_signed = dtype_letter(from) == 'i', to_signed = dtype_letter(to) == 'i';
        return is_signed == to_signed ? from_bytes <= to_bytes : to_signed && from_bytes < to_bytes;
    }
    if (is_integer_dtype(from))
        return !is_integer_dtype(to) && can_cast_safely((int)float_for(from), to);
    if (is_integer_dtype(to))
        return false;
    if (is_complex_dtype(to))
        return (is_complex_dtype(from) ? from_bytes : 2 * from_bytes) <= to_bytes;
    return is_float_dtype(from) && from_bytes <= to_bytes;
}

static int kind_order(int dtype)
{
    switch (dtype_letter(dtype)) {
    case 'b':
        return 0;
    case 'u':
        return 1;
    case 'i':
        return 2;
    case 'f':
        return 4;
    case 'c':
        return 5;
    case 'U':
        return 7;
    default:
        return 9;
    }
}

bool can_cast(int from, int to, enum casting casting)
{
    if (casting == CAST_UNSAFE || from == to)
        return true;
    if (casting == CAST_NO || casting == CAST_EQUIV)
        return false;
    if (can_cast_safely(from, to))
        return true;
    return casting == CAST_SAME_KIND && dtype_kind(from) != DTYPE_OBJECT &&
           kind_order(from) <= kind_order(to);
}

bool casting_from(struct vm *vm, value v, enum casting *casting)
{
    for (int i = 0; i <= CAST_UNSAFE; i++) {
        if (has_flag(v, TYPE_STRING) && string_is(v, casting_names[i])) {
            *casting = (enum casting)i;
            return true;
        }
    }
    if (!has_flag(v, TYPE_STRING | TYPE_BYTES)) {
        raise_error(vm, &exc_TypeError, "casting must be str, not %T", v);
        return false;
    }
    raise_error(vm, &exc_ValueError,
                "casting must be one of 'no', 'equiv', 'safe', 'same_kind', or 'unsafe' (got %R)", v);
    return false;
}

int promote_types(struct vm *vm, int a, int b)
{
    if (a == b)
        return a;
    if (dtype_kind(a) == DTYPE_OBJECT || dtype_kind(b) == DTYPE_OBJECT)
        return DTYPE_OBJECT;
    if (dtype_kind(a) == DTYPE_STRING || dtype_kind(b) == DTYPE_STRING) {
        static const uint8_t characters[] = {5, 4, 3, 6, 5, 11, 10, 21, 20, 32, 32, 32, 64, 64};
        int x = dtype_kind(a) == DTYPE_STRING ? a >> 8 : characters[a],
            y = dtype_kind(b) == DTYPE_STRING ? b >> 8 : characters[b];
        return string_dtype(x > y ? x : y);
    }
    for (int dtype = 0; dtype < DTYPE_NUMERIC_COUNT; dtype++)
        if (can_cast_safely(a, dtype) && can_cast_safely(b, dtype))
            return dtype;
    raise_error(vm, &exc_TypeError, "no common type");
    return -1;
}

/* ---- promotion by value ---- */

static int smallest_float(double number, int at_most)
{
    bool finite = isfinite(number);
    double magnitude = fabs(number);
    if (at_most >= DTYPE_FLOAT16 && (!finite || magnitude < 65000))
        return DTYPE_FLOAT16;
    return !finite || magnitude < 3.4e38 ? DTYPE_FLOAT32 : DTYPE_FLOAT64;
}

static int smallest_unsigned(uint64_t number)
{
    return number <= UINT8_MAX    ? DTYPE_UINT8
           : number <= UINT16_MAX ? DTYPE_UINT16
           : number <= UINT32_MAX ? DTYPE_UINT32
                                  : DTYPE_UINT64;
}

static int smallest_signed(int64_t number)
{
    return number >= INT8_MIN    ? DTYPE_INT8
           : number >= INT16_MIN ? DTYPE_INT16
           : number >= INT32_MIN ? DTYPE_INT32
                                 : DTYPE_INT64;
}

/* The smallest type that holds an array's only element; *small_unsigned: it is not negative and fits the
 * signed type as well. */
static int smallest_for(const struct ndarray *array, bool *small_unsigned)
{
    int dtype = array->dtype;
    *small_unsigned = false;
    if (dtype == DTYPE_BOOL || !is_numeric_dtype(dtype))
        return array_dtype(array);
    if (is_float_dtype(dtype)) {
        int smallest = smallest_float(element_float(dtype, array->data), dtype);
        return smallest < dtype ? smallest : dtype;
    }
    if (is_complex_dtype(dtype)) {
        const char *imaginary = array->data + array->item_size / 2;
        int part = dtype == DTYPE_COMPLEX64 ? DTYPE_FLOAT32 : DTYPE_FLOAT64;
        bool narrow = smallest_float(element_float(dtype, array->data), part) < DTYPE_FLOAT64 &&
                      smallest_float(element_float(part, imaginary), part) < DTYPE_FLOAT64;
        return narrow ? DTYPE_COMPLEX64 : dtype;
    }
    int64_t number = element_int(dtype, array->data);
    if (number < 0 && dtype != DTYPE_UINT64)
        return smallest_signed(number);
    int result = smallest_unsigned((uint64_t)number);
    int bits = (int)dtype_bytes(result) * 8;
    *small_unsigned = !((uint64_t)number >> (bits - 1));
    return result;
}

int min_scalar_type(const struct ndarray *array)
{
    bool small_unsigned;
    return array->dimensions ? array_dtype(array) : smallest_for(array, &small_unsigned);
}

bool array_can_cast(const struct ndarray *array, int to, enum casting casting)
{
    if (can_cast(array_dtype(array), to, casting))
        return true;
    if (array->dimensions || !is_numeric_dtype(array->dtype))
        return false;
    int from = min_scalar_type(array);
    if (dtype_letter(from) == 'u' && dtype_letter(to) != 'u' && element_int(array->dtype, array->data) >= 0 &&
        element_int(array->dtype, array->data) <= INT64_MAX >> (64 - 8 * dtype_bytes(from)))
        from--; /* small enough for the signed type */
    return can_cast(from, to, casting);
}

static int value_kind(int dtype)
{
    switch (dtype_letter(dtype)) {
    case 'b':
        return 0;
    case 'u':
    case 'i':
        return 1;
    case 'f':
    case 'c':
        return 2;
    default:
        return 3;
    }
}

bool counts_by_value(struct ndarray *const *arrays, size_t count)
{
    int scalars = -1, others = -1;
    for (size_t i = 0; i < count; i++) {
        int kind = value_kind(arrays[i]->dtype), *highest = arrays[i]->dimensions ? &others : &scalars;
        if (kind > *highest)
            *highest = kind;
    }
    return scalars >= 0 && others >= scalars;
}

int result_type(struct vm *vm, struct ndarray *const *arrays, size_t count)
{
    bool by_value = counts_by_value(arrays, count), small = false;
    int result = -1;
    size_t first = 0; /* the widest: with it the others need no common type of their own */
    for (size_t i = 1; i < count && !by_value; i++)
        if (arrays[i]->dtype > arrays[first]->dtype && is_numeric_dtype(arrays[i]->dtype))
            first = i;
    for (size_t k = 0; k < count; k++) {
        size_t i = k == 0 ? first : k <= first ? k - 1 : k;
        bool own_small = false;
        int own =
            by_value && !arrays[i]->dimensions ? smallest_for(arrays[i], &own_small) : array_dtype(arrays[i]);
        if (!k) {
            result = own;
            small = own_small;
            continue;
        }
        int a = result, b = own;
        if (small && dtype_letter(b) == 'i')
            a -= 1; /* the signed type of the same size */
        else if (own_small && dtype_letter(a) == 'i')
            b -= 1;
        small = small && own_small;
        result = promote_types(vm, a, b);
        if (result < 0)
            return -1;
    }
    return result;
}

/* ---- from Python's values ---- */

static const struct {
    const char *name;
    uint8_t dtype;
} dtype_aliases[] = {
    {"float", DTYPE_FLOAT64},
    {"double", DTYPE_FLOAT64},
    {"float_", DTYPE_FLOAT64},
    {"f8", DTYPE_FLOAT64},
    {"f4", DTYPE_FLOAT32},
    {"f2", DTYPE_FLOAT16},
    {"single", DTYPE_FLOAT32},
    {"half", DTYPE_FLOAT16},
    {"int", DTYPE_INT64},
    {"int_", DTYPE_INT64},
    {"intp", DTYPE_INT64},
    {"long", DTYPE_INT64},
    {"longlong", DTYPE_INT64},
    {"q", DTYPE_INT64},
    {"p", DTYPE_INT64},
    {"i8", DTYPE_INT64},
    {"i4", DTYPE_INT32},
    {"i2", DTYPE_INT16},
    {"i1", DTYPE_INT8},
    {"intc", DTYPE_INT32},
    {"short", DTYPE_INT16},
    {"byte", DTYPE_INT8},
    {"uint", DTYPE_UINT64},
    {"uintp", DTYPE_UINT64},
    {"ulonglong", DTYPE_UINT64},
    {"Q", DTYPE_UINT64},
    {"P", DTYPE_UINT64},
    {"u8", DTYPE_UINT64},
    {"u4", DTYPE_UINT32},
    {"u2", DTYPE_UINT16},
    {"u1", DTYPE_UINT8},
    {"uintc", DTYPE_UINT32},
    {"ushort", DTYPE_UINT16},
    {"ubyte", DTYPE_UINT8},
    {"b1", DTYPE_BOOL},
    {"bool_", DTYPE_BOOL},
    {"bool8", DTYPE_BOOL},
    {"complex", DTYPE_COMPLEX128},
    {"complex_", DTYPE_COMPLEX128},
    {"cdouble", DTYPE_COMPLEX128},
    {"csingle", DTYPE_COMPLEX64},
    {"c16", DTYPE_COMPLEX128},
    {"c8", DTYPE_COMPLEX64},
    {"object_", DTYPE_OBJECT},
    {"O8", DTYPE_OBJECT},
};

static int dtype_of_text(struct vm *vm, value v)
{
    size_t size;
    const char *given = string_utf8(vm, v, &size), *text = given;
    if (!text)
        return -1;
    if (*text == '>' && text[1] && strcmp(text + 2, "1") != 0) {
        raise_unsupported(vm, "numpy data types in big-endian byte order");
        return -1;
    }
    if (*text == '<' || *text == '=' || *text == '|' || *text == '>')
        text++;
    for (int i = 0; i < DTYPE_STRING; i++)
        if (!strcmp(text, dtypes[i].name) || (*text == dtypes[i].character && !text[1]))
            return i;
    for (size_t i = 0; i < sizeof dtype_aliases / sizeof *dtype_aliases; i++)
        if (!strcmp(text, dtype_aliases[i].name))
            return dtype_aliases[i].dtype;
    if (!strcmp(text, "str") || !strcmp(text, "str_") || !strcmp(text, "unicode"))
        return DTYPE_STRING;
    char *end;
    if (*text == 'U') {
        long characters = text[1] ? strtol(text + 1, &end, 10) : 0;
        if (!text[1] || (!*end && characters >= 0 && characters < 1 << 22))
            return string_dtype(characters);
    }
    if (*text == 'S' || *text == 'a' || *text == 'V' || *text == 'M' || *text == 'm' || *text == 'g' ||
        *text == 'G' || strchr(text, ',') || !strncmp(text, "datetime64", 10) ||
        !strncmp(text, "timedelta64", 11) || !strcmp(text, "longdouble") || !strcmp(text, "float128") ||
        !strcmp(text, "bytes") || !strcmp(text, "void")) {
        char message[120];
        snprintf(message, sizeof message, "numpy data type '%.60s'", given);
        raise_unsupported(vm, message);
        return -1;
    }
    raise_error(vm, &exc_TypeError, "data type %R not understood", v);
    return -1;
}

int dtype_of_scalar_type(const struct type *type)
{
    for (int i = 0; i < DTYPE_COUNT; i++)
        if (scalar_types[i] == type)
            return i;
    return -1;
}

static int dtype_of_class(struct vm *vm, value v)
{
    const struct type *type = (const struct type *)value_object(v);
    static const struct {
        const struct type *type;
        int dtype;
    } python_types[] = {{&float_type, DTYPE_FLOAT64}, {&int_type, DTYPE_INT64},
                        {&bool_type, DTYPE_BOOL},     {&complex_type, DTYPE_COMPLEX128},
                        {&string_type, DTYPE_STRING}, {&object_type_object, DTYPE_OBJECT}};
    for (size_t i = 0; i < sizeof python_types / sizeof *python_types; i++)
        if (python_types[i].type == type)
            return python_types[i].dtype;
    int dtype = dtype_of_scalar_type(type);
    if (dtype >= 0)
        return dtype;
    static const struct {
        const char *name;
        int dtype;
    } abstract[] = {{"numpy.floating", DTYPE_FLOAT64},
                    {"numpy.inexact", DTYPE_FLOAT64},
                    {"numpy.number", DTYPE_FLOAT64},
                    {"numpy.integer", DTYPE_INT64},
                    {"numpy.signedinteger", DTYPE_INT64},
                    {"numpy.unsignedinteger", DTYPE_UINT64},
                    {"numpy.complexfloating", DTYPE_COMPLEX128},
                    {"numpy.character", DTYPE_STRING}};
    for (size_t i = 0; i < sizeof abstract / sizeof *abstract; i++)
        if (!strcmp(type->name, abstract[i].name))
            return abstract[i].dtype;
    if (type == &bytes_type) {
        raise_unsupported(vm, "numpy data type 'S'");
        return -1;
    }
    return DTYPE_OBJECT;
}

/* Types of several fields, which are not here; what means none at all is numpy's error. */
static int refuse_structure(struct vm *vm, value v)
{
    if (has_flag(v, TYPE_LIST) && list_of(v)->length) {
        value first = list_of(v)->items[0];
        if (!has_flag(first, TYPE_TUPLE) || tuple_of(first)->length < 2 || tuple_of(first)->length > 3) {
            raise_error(vm, &exc_TypeError, "Field elements must be 2- or 3-tuples, got '%R'", first);
            return -1;
        }
        if (dtype_from(vm, tuple_of(first)->items[1]) < 0)
            return -1;
    }
    if (has_flag(v, TYPE_TUPLE) && tuple_of(v)->length && dtype_from(vm, tuple_of(v)->items[0]) < 0)
        return -1;
    raise_unsupported(vm, "numpy structured data types");
    return -1;
}

int dtype_from(struct vm *vm, value v)
{
    if (v == VALUE_NULL || v == NONE)
        return DTYPE_FLOAT64;
    if (is_exact(v, &dtype_type))
        return ((struct dtype_object *)value_object(v))->dtype;
    if (has_flag(v, TYPE_TYPE))
        return dtype_of_class(vm, v);
    if (has_flag(v, TYPE_STRING))
        return dtype_of_text(vm, v);
    value attribute;
    if (has_flag(v, TYPE_BYTES)) {
        const struct bytes_object *bytes = (const struct bytes_object *)value_object(v);
        value text = string_from_utf8(vm, (const char *)bytes->data, bytes->length);
        return text == VALUE_NULL ? -1 : dtype_of_text(vm, text);
    }
    if (has_flag(v, TYPE_LIST) || has_flag(v, TYPE_TUPLE) || has_flag(v, TYPE_DICT))
        return refuse_structure(vm, v);
    int found = is_object(v) ? find_attribute(vm, v, intern_text(vm, "dtype"), &attribute) : 0;
    if (found < 0)
        return -1;
    if (found && is_exact(attribute, &dtype_type))
        return ((struct dtype_object *)value_object(attribute))->dtype;
    raise_error(vm, &exc_TypeError, "Cannot interpret '%S' as a data type", v);
    return -1;
}

bool dtype_given(struct vm *vm, value v, int *dtype)
{
    *dtype = DTYPE_NONE;
    if (v == VALUE_NULL || v == NONE)
        return true;
    *dtype = dtype_from(vm, v);
    return *dtype >= 0;
}

/* ---- the objects ---- */

value dtype_value(struct vm *vm, int dtype)
{
    struct dtype_object *object = GC_NEW(vm, struct dtype_object, &dtype_type);
    if (!object)
        return VALUE_NULL;
    object->dtype = dtype;
    return object_value(object);
}

static int dtype_of(value v)
{
    return ((struct dtype_object *)value_object(v))->dtype;
}

static value dtype_str(struct vm *vm, value self)
{
    int dtype = dtype_of(self);
    if (dtype_kind(dtype) == DTYPE_STRING)
        return dtype_name(vm, dtype);
    if (dtype == DTYPE_OBJECT)
        return string_from_text(vm, "|O");
    return string_printf(vm, "%c%c%zu", dtype_bytes(dtype) == 1 ? '|' : '<', dtype_letter(dtype),
                         dtype_bytes(dtype));
}

static value dtype_repr(struct vm *vm, value self)
{
    if (dtype_of(self) == DTYPE_STRING)
        return string_from_text(vm, "dtype('<U')");
    return dtype_of(self) == DTYPE_OBJECT ? string_from_text(vm, "dtype('O')")
                                          : string_printf(vm, "dtype('%U')", dtype_name(vm, dtype_of(self)));
}

static value dtype_string(struct vm *vm, value self)
{
    return dtype_name(vm, dtype_of(self));
}

static value property_name(struct vm *vm, value self)
{
    int dtype = dtype_of(self);
    if (dtype_kind(dtype) == DTYPE_STRING)
        return dtype >> 8 ? string_printf(vm, "str%d", (dtype >> 8) * 32) : string_from_text(vm, "str");
    return dtype_name(vm, dtype);
}

static value property_itemsize(struct vm *vm, value self)
{
    (void)vm;
    return small_int((int64_t)dtype_bytes(dtype_of(self)));
}

static value property_kind(struct vm *vm, value self)
{
    return string_from_code_point(vm, (uint32_t)dtype_letter(dtype_of(self)));
}

static value property_char(struct vm *vm, value self)
{
    return string_from_code_point(vm, (uint32_t)dtype_character(dtype_of(self)));
}

static value property_scalar_type(struct vm *vm, value self)
{
    (void)vm;
    return type_object_value(scalar_types[dtype_kind(dtype_of(self))]);
}

static value property_num(struct vm *vm, value self)
{
    static const uint8_t numbers[DTYPE_COUNT] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 23, 11, 12, 14, 15, 17, 19};
    (void)vm;
    return small_int(numbers[dtype_kind(dtype_of(self))]);
}

static value property_byteorder(struct vm *vm, value self)
{
    return string_from_text(vm,
                            dtype_bytes(dtype_of(self)) == 1 || dtype_of(self) == DTYPE_OBJECT ? "|" : "=");
}

static value property_alignment(struct vm *vm, value self)
{
    (void)vm;
    int dtype = dtype_of(self);
    return small_int(dtype_kind(dtype) == DTYPE_STRING ? 4
                     : is_complex_dtype(dtype)         ? (int64_t)dtype_bytes(dtype) / 2
                                                       : (int64_t)dtype_bytes(dtype));
}

static value property_true(struct vm *vm, value self)
{
    (void)vm, (void)self;
    return TRUE;
}

static value property_hasobject(struct vm *vm, value self)
{
    (void)vm;
    return bool_value(dtype_of(self) == DTYPE_OBJECT);
}

static value property_none(struct vm *vm, value self)
{
    (void)vm, (void)self;
    return NONE;
}

static value property_base(struct vm *vm, value self)
{
    (void)vm;
    return self;
}

static value property_shape(struct vm *vm, value self)
{
    (void)self;
    return tuple_new(vm, 0);
}

static value property_ndim(struct vm *vm, value self)
{
    (void)vm, (void)self;
    return small_int(0);
}

static value dtype_compare(struct vm *vm, value a, value b, enum compare_kind kind)
{
    int other;
    if (b == NONE) {
        other = DTYPE_FLOAT64;
    } else {
        other = dtype_from(vm, b);
        if (other < 0 && (kind == COMPARE_EQ || kind == COMPARE_NE) &&
            exception_matches(vm, &exc_TypeError)) {
            exception_clear(vm);
            return bool_value(kind == COMPARE_NE);
        }
        if (other < 0)
            return VALUE_NULL;
    }
    int own = dtype_of(a);
    switch (kind) {
    case COMPARE_EQ:
        return bool_value(own == other);
    case COMPARE_NE:
        return bool_value(own != other);
    case COMPARE_LT:
        return bool_value(own != other && can_cast(own, other, CAST_SAFE));
    case COMPARE_LE:
        return bool_value(can_cast(own, other, CAST_SAFE));
    case COMPARE_GT:
        return bool_value(own != other && can_cast(other, own, CAST_SAFE));
    case COMPARE_GE:
        return bool_value(can_cast(other, own, CAST_SAFE));
    }
    return VALUE_NULL;
}

static bool dtype_hash(struct vm *vm, value self, int64_t *hash)
{
    (void)vm;
    *hash = 1000 + dtype_of(self);
    return true;
}

static value dtype_new(struct vm *vm, struct type *type, const value *arguments, size_t count,
                       value keyword_names)
{
    (void)type;
    static const char *const names[] = {"dtype", "align", "copy", NULL};
    static const struct argument_names expected = {"dtype", names, 1, 3};
    value given[3];
    if (!arguments_bind(vm, &expected, arguments, count, keyword_names, given))
        return VALUE_NULL;
    int dtype = dtype_from(vm, given[0]);
    return dtype < 0 ? VALUE_NULL : dtype_value(vm, dtype);
}

METHOD(dtype_newbyteorder)
{
    (void)vm, (void)arguments, (void)count, (void)keyword_names;
    return self;
}

METHOD(dtype_reduce)
{
    (void)arguments, (void)count, (void)keyword_names;
    value text = dtype_str(vm, self), arguments_made = text == VALUE_NULL ? text : tuple_pack(vm, 1, text);
    return arguments_made == VALUE_NULL ? VALUE_NULL
                                        : tuple_pack(vm, 2, type_object_value(&dtype_type), arguments_made);
}

static const struct method_definition dtype_methods[] = {
    {"newbyteorder", "(new_order='S', /)", dtype_newbyteorder, METHOD_INSTANCE, NULL},
    {"__reduce__", "()", dtype_reduce, METHOD_INSTANCE, NULL},
    {NULL, NULL, NULL, 0, NULL},
};
static const struct property_definition dtype_properties[] = {{"name", property_name, NULL},
                                                              {"itemsize", property_itemsize, NULL},
                                                              {"kind", property_kind, NULL},
                                                              {"char", property_char, NULL},
                                                              {"str", dtype_str, NULL},
                                                              {"type", property_scalar_type, NULL},
                                                              {"num", property_num, NULL},
                                                              {"byteorder", property_byteorder, NULL},
                                                              {"alignment", property_alignment, NULL},
                                                              {"isnative", property_true, NULL},
                                                              {"hasobject", property_hasobject, NULL},
                                                              {"names", property_none, NULL},
                                                              {"fields", property_none, NULL},
                                                              {"subdtype", property_none, NULL},
                                                              {"base", property_base, NULL},
                                                              {"shape", property_shape, NULL},
                                                              {"ndim", property_ndim, NULL},
                                                              {"metadata", property_none, NULL},
                                                              {NULL, NULL, NULL}};

struct type dtype_type = {
    .name = "numpy.dtype",
    .flags = TYPE_GETATTR_PLAIN,
    .instance_size = sizeof(struct dtype_object),
    .methods = dtype_methods,
    .properties = dtype_properties,
    .new = dtype_new,
    .repr = dtype_repr,
    .string = dtype_string,
    .hash = dtype_hash,
    .compare = dtype_compare,
};
