/* scalar.c - numpy's scalar types: numpy.float64 and its relatives, with the abstract types above them. What
 * they share with arrays (methods, most attributes) is looked up there. */
#include "sim/tensor/ndarray.h"

#include "sim/runtime/number.h"
#include "sim/runtime/type.h"

#define ABSTRACT(variable, text, above)                                                                      \
    struct type variable##_type = {.name = "numpy." text, .flags = TYPE_GETATTR_PLAIN, .base = above};
struct type generic_type; /* below: it has the methods */
ABSTRACT(number, "number", &generic_type)
ABSTRACT(integer, "integer", &number_type)
ABSTRACT(signed_integer, "signedinteger", &integer_type)
ABSTRACT(unsigned_integer, "unsignedinteger", &integer_type)
ABSTRACT(inexact, "inexact", &number_type)
ABSTRACT(floating, "floating", &inexact_type)
ABSTRACT(complex_floating, "complexfloating", &inexact_type)
ABSTRACT(flexible, "flexible", &generic_type)
ABSTRACT(character, "character", &flexible_type)

/* An object is its own scalar; what is a sequence becomes an array of objects. */
static value object_scalar_make(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    (void)type;
    if (!check_positional(vm, "numpy.object_", count, keyword_names, 0, 1) || !count)
        return vm->pending != VALUE_NULL ? VALUE_NULL : NONE;
    struct ndarray *array = array_from(vm, arguments[0], DTYPE_OBJECT);
    return !array ? VALUE_NULL : array->dimensions ? object_value(array) : element_to_python(vm, DTYPE_OBJECT, array->data);
}

static bool scalar_init(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names;
    return true;
}

struct type object_scalar_type = {.name = "numpy.object_",
                                  .flags = TYPE_GETATTR_PLAIN,
                                  .base = &generic_type,
                                  .new = object_scalar_make,
                                  .init = scalar_init};

bool is_scalar_object(value v)
{
    return is_object(v) && scalar_dtype(v) >= 0;
}

int scalar_dtype(value v)
{
    if (!is_object(v))
        return DTYPE_NONE;
    const struct shape *shape = value_object(v)->shape;
    if (shape == &ndarray_type.shape)
        return DTYPE_NONE;
    if (shape == &scalar_types[DTYPE_FLOAT64]->shape)
        return DTYPE_FLOAT64;
    if (shape == &scalar_types[DTYPE_INT64]->shape)
        return DTYPE_INT64;
    for (int i = 0; i < DTYPE_NUMERIC_COUNT; i++)
        if (shape == &scalar_types[i]->shape)
            return i;
    return shape == &string_scalar_type.shape ? string_dtype(string_of(v)->length) : DTYPE_NONE;
}

char *scalar_element(value v)
{
    return ((struct scalar *)value_object(v))->element.bytes;
}

static struct ndarray *scalar_array(struct vm *vm, value self)
{
    return array_from(vm, self, DTYPE_NONE);
}

static value scalar_python(struct vm *vm, value self)
{
    int dtype = scalar_dtype(self);
    if (dtype_kind(dtype) == DTYPE_STRING)
        return string_slice(vm, self, 0, string_of(self)->length);
    value result = element_to_python(vm, dtype, scalar_element(self));
    return result;
}

/* ---- slots ---- */

static bool scalar_hash(struct vm *vm, value self, int64_t *hash)
{
    value plain = scalar_python(vm, self);
    return plain != VALUE_NULL && value_hash(vm, plain, hash);
}

static int scalar_truth(struct vm *vm, value self)
{
    bool truth;
    return element_truth(vm, scalar_dtype(self), scalar_element(self), &truth) ? truth : -1;
}

static value scalar_to_int(struct vm *vm, value self)
{
    int dtype = scalar_dtype(self);
    if (is_complex_dtype(dtype)) {
        if (!warning_issue(vm, complex_warning_type(vm), 1,
                           "Casting complex values to real discards the imaginary part"))
            return VALUE_NULL;
        return int_from_double(vm, element_float(dtype, scalar_element(self)));
    }
    value plain = scalar_python(vm, self);
    return plain == VALUE_NULL ? plain : int_from_value(vm, plain);
}

static value scalar_to_float(struct vm *vm, value self)
{
    int dtype = scalar_dtype(self);
    if (is_complex_dtype(dtype) &&
        !warning_issue(vm, complex_warning_type(vm), 1,
                       "Casting complex values to real discards the imaginary part"))
        return VALUE_NULL;
    if (dtype == DTYPE_UINT64)
        return float_value(vm, (double)*(const uint64_t *)(const void *)scalar_element(self));
    return float_value(vm, element_float(dtype, scalar_element(self)));
}

/* What arrays have and scalars do not: programs ask for __len__ and __iter__ to tell them apart. */
static bool is_for_arrays_only(value self, value name)
{
    static const char *const names[] = {
        "__len__",      "__iter__",   "__contains__", "__setitem__", "__delitem__", "__matmul__",  "__rmatmul__",
        "__imatmul__",  "__iadd__",   "__isub__",     "__imul__",    "__imod__",    "__ipow__",    "__iand__",
        "__ior__",      "__ixor__",   "__ilshift__",  "__irshift__", "__index__",   "__ifloordiv__", "__itruediv__",
        "argpartition", "partition",  "dot",          "__array_wrap__", "__array_prepare__", "__array_ufunc__",
        "__array_finalize__", "__array_priority__"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (string_is(name, names[i]))
            return true;
    return string_is(name, "__complex__") && !is_complex_dtype(scalar_dtype(self));
}

static value scalar_getattr(struct vm *vm, value self, value name)
{
    value result = generic_getattr(vm, self, name);
    if (result != VALUE_NULL || !exception_matches(vm, &exc_AttributeError))
        return result;
    value pending = exception_take(vm);
    if (type_lookup(vm, &ndarray_type, name) == VALUE_NULL || is_for_arrays_only(self, name))
        return raise_value(vm, pending);
    struct ndarray *array = scalar_array(vm, self);
    return array ? get_attribute(vm, object_value(array), name) : VALUE_NULL;
}

/* ---- methods and properties ---- */

METHOD(scalar_item)
{
    struct ndarray *array = count ? scalar_array(vm, self) : NULL;
    if (!count || !array)
        return count ? VALUE_NULL : scalar_python(vm, self);
    value method = get_attribute_text(vm, object_value(array), "item");
    return method == VALUE_NULL ? method : call(vm, method, arguments, count, keyword_names);
}

METHOD(scalar_itemset)
{
    UNUSED_METHOD_PARAMETERS;
    return raise_error(vm, &exc_ValueError, "array-scalars are immutable");
}

METHOD(scalar_format)
{
    (void)count, (void)keyword_names;
    return value_format(vm, scalar_python(vm, self), arguments[0]);
}

METHOD(scalar_complex)
{
    UNUSED_METHOD_PARAMETERS;
    struct ndarray *array = scalar_array(vm, self);
    array = array ? array_contiguous(vm, array, DTYPE_COMPLEX128) : NULL;
    return array ? element_to_python(vm, DTYPE_COMPLEX128, array->data) : VALUE_NULL;
}

/* To an int without digits (of floats), else as numpy.round. */
METHOD(scalar_round)
{
    (void)count, (void)keyword_names;
    bool digits = arguments[0] != VALUE_NULL && arguments[0] != NONE;
    if (!digits && is_float_dtype(scalar_dtype(self)))
        return float_round(vm, scalar_python(vm, self), NONE);
    if (is_complex_dtype(scalar_dtype(self)) &&
        !warning_issue(vm, &exc_DeprecationWarning, 1,
                       "The Python built-in `round` is deprecated for complex scalars, and will raise a `TypeError` in "
                       "a future release. Use `np.round` or `scalar.round` instead."))
        return VALUE_NULL;
    if (!digits && is_integer_dtype(scalar_dtype(self)))
        return scalar_python(vm, self);
    value given[2] = {self, digits ? arguments[0] : small_int(0)};
    return library_call(vm, "round", given, 2, VALUE_NULL);
}

/* Methods of arrays, whose results without dimensions are scalars again. */
static value as_array(struct vm *vm, value self, const char *name, const value *arguments, size_t count, value keyword_names)
{
    struct ndarray *array = scalar_array(vm, self);
    value method = array ? get_attribute_text(vm, object_value(array), name) : VALUE_NULL,
          result = method == VALUE_NULL ? method : call(vm, method, arguments, count, keyword_names);
    return is_array(result) ? array_result(vm, array_of(result)) : result;
}
#define AS_ARRAY(name)                                                                                         \
    METHOD(scalar_##name)                                                                                      \
    {                                                                                                          \
        return as_array(vm, self, #name, arguments, count, keyword_names);                                     \
    }
AS_ARRAY(astype)
AS_ARRAY(view)
AS_ARRAY(reshape)
AS_ARRAY(squeeze)
AS_ARRAY(transpose)
AS_ARRAY(copy)
AS_ARRAY(conjugate)

METHOD(scalar_byteswap)
{
    int inplace = count == 1 ? value_truth(vm, arguments[0]) : 0;
    if (inplace > 0)
        return raise_error(vm, &exc_ValueError, "cannot byteswap a scalar in-place");
    return inplace < 0 ? VALUE_NULL : as_array(vm, self, "byteswap", arguments, count, keyword_names);
}

METHOD(scalar_bit_count)
{
    UNUSED_METHOD_PARAMETERS;
    (void)vm;
    uint64_t bits = 0;
    int dtype = scalar_dtype(self);
    memcpy(&bits, scalar_element(self), dtype_bytes(dtype));
    if (dtype_letter(dtype) == 'i' && element_int(dtype, scalar_element(self)) < 0)
        bits = -(uint64_t)element_int(dtype, scalar_element(self));
    return small_int(__builtin_popcountll(bits));
}

METHOD(scalar_abs)
{
    UNUSED_METHOD_PARAMETERS;
    return ufunc_apply(vm, "absolute", &self, 1);
}

METHOD(scalar_as_integer_ratio)
{
    UNUSED_METHOD_PARAMETERS;
    value number = scalar_python(vm, self);
    return number == VALUE_NULL ? number : call_method(vm, number, "as_integer_ratio", NULL, 0);
}

/* Numbers of which one, complex, can hold the other: numpy's scalars leave them alone, other pairs go to the ufunc, which refuses. */
static bool is_complex_pair(struct vm *vm, value a, value b)
{
    int x = scalar_dtype(a), y = scalar_dtype(b);
    int common = x >= 0 && y >= 0 ? promote_types(vm, x, y) : is_complex_dtype(x) ? x : y;
    return common >= 0 && is_complex_dtype(common) && (common == x || common == y);
}

METHOD(scalar_divmod)
{
    (void)count, (void)keyword_names;
    if (is_complex_pair(vm, self, arguments[0]))
        return vm->not_implemented;
    return scalar_quotient_and_rest(vm, self, arguments[0]);
}

METHOD(scalar_rdivmod)
{
    (void)count, (void)keyword_names;
    if (is_complex_pair(vm, self, arguments[0]))
        return vm->not_implemented;
    return scalar_quotient_and_rest(vm, arguments[0], self);
}

METHOD(scalar_itself)
{
    UNUSED_METHOD_PARAMETERS;
    (void)vm;
    return self;
}

METHOD(scalar_reduce)
{
    UNUSED_METHOD_PARAMETERS;
    value given = tuple_pack(vm, 1, scalar_python(vm, self));
    return given == VALUE_NULL ? VALUE_NULL
                               : tuple_pack(vm, 2, type_object_value(value_type(vm, self)), given);
}

METHOD(scalar_is_integer)
{
    UNUSED_METHOD_PARAMETERS;
    (void)vm;
    int dtype = scalar_dtype(self);
    double number = element_float(dtype, scalar_element(self));
    return bool_value(is_integer_dtype(dtype) || (isfinite(number) && floor(number) == number));
}

static value scalar_get_item(struct vm *vm, value self, value key)
{
    if (has_flag(key, TYPE_TUPLE) && !tuple_of(key)->length)
        return self;
    if (key != NONE && key != vm->ellipsis && !has_flag(key, TYPE_TUPLE))
        return raise_error(vm, &exc_IndexError, "invalid index to scalar variable.");
    struct ndarray *array = scalar_array(vm, self);
    return array ? array_get_item(vm, object_value(array), key) : VALUE_NULL;
}

static value part_of(struct vm *vm, value self, bool imaginary)
{
    int dtype = scalar_dtype(self);
    if (!is_complex_dtype(dtype)) {
        static const char zero[16];
        return imaginary ? scalar_new(vm, dtype, zero) : self;
    }
    size_t part = dtype_bytes(dtype) / 2;
    return scalar_new(vm, dtype == DTYPE_COMPLEX64 ? DTYPE_FLOAT32 : DTYPE_FLOAT64,
                      scalar_element(self) + (imaginary ? part : 0));
}

static value property_real(struct vm *vm, value self)
{
    return part_of(vm, self, false);
}

static value property_imaginary(struct vm *vm, value self)
{
    return part_of(vm, self, true);
}

static value property_dtype(struct vm *vm, value self)
{
    return dtype_value(vm, scalar_dtype(self));
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

static value property_size(struct vm *vm, value self)
{
    (void)vm, (void)self;
    return small_int(1);
}

static value property_itemsize(struct vm *vm, value self)
{
    (void)vm;
    return small_int((int64_t)dtype_bytes(scalar_dtype(self)));
}

static value property_transpose(struct vm *vm, value self)
{
    (void)vm;
    return self;
}

static value property_flags(struct vm *vm, value self)
{
    struct ndarray *array = scalar_array(vm, self);
    if (!array)
        return VALUE_NULL;
    array->readonly = true;
    return get_attribute_text(vm, object_value(array), "flags");
}

static const struct method_definition scalar_methods[] = {
    {"item", NULL, scalar_item, METHOD_INSTANCE, NULL},
    {"tolist", "()", scalar_item, METHOD_INSTANCE, NULL},
    {"itemset", NULL, scalar_itemset, METHOD_INSTANCE, NULL},
    {"__format__", "(format_spec, /)", scalar_format, METHOD_INSTANCE, NULL},
    {"__abs__", "()", scalar_abs, METHOD_INSTANCE, NULL},
    {"__complex__", "()", scalar_complex, METHOD_INSTANCE, NULL},
    {"astype", NULL, scalar_astype, METHOD_INSTANCE, NULL},
    {"view", NULL, scalar_view, METHOD_INSTANCE, NULL},
    {"reshape", NULL, scalar_reshape, METHOD_INSTANCE, NULL},
    {"squeeze", NULL, scalar_squeeze, METHOD_INSTANCE, NULL},
    {"transpose", NULL, scalar_transpose, METHOD_INSTANCE, NULL},
    {"byteswap", NULL, scalar_byteswap, METHOD_INSTANCE, NULL},
    {"__divmod__", "(other, /)", scalar_divmod, METHOD_INSTANCE, NULL},
    {"__rdivmod__", "(other, /)", scalar_rdivmod, METHOD_INSTANCE, NULL},
    {"__copy__", "()", scalar_itself, METHOD_INSTANCE, NULL},
    {"__deepcopy__", "(memo, /)", scalar_itself, METHOD_INSTANCE, NULL},
    {"copy", NULL, scalar_copy, METHOD_INSTANCE, NULL},
    {"conj", NULL, scalar_conjugate, METHOD_INSTANCE, NULL},
    {"conjugate", NULL, scalar_conjugate, METHOD_INSTANCE, NULL},
    {"__reduce__", "()", scalar_reduce, METHOD_INSTANCE, NULL},
    {NULL, NULL, NULL, 0, NULL},
};
static const struct method_definition integer_methods[] = {
    {"__round__", "(ndigits=None)", scalar_round, METHOD_INSTANCE, NULL},
    {"is_integer", "()", scalar_is_integer, METHOD_INSTANCE, NULL},
    {"bit_count", "()", scalar_bit_count, METHOD_INSTANCE, NULL},
    {NULL, NULL, NULL, 0, NULL}};
static const struct method_definition rounding_methods[] = {
    {"__round__", "(ndigits=None)", scalar_round, METHOD_INSTANCE, NULL},
    {NULL, NULL, NULL, 0, NULL}};
static const struct method_definition is_integer_methods[] = {
    {"__round__", "(ndigits=None)", scalar_round, METHOD_INSTANCE, NULL},
    {"is_integer", "()", scalar_is_integer, METHOD_INSTANCE, NULL},
    {"as_integer_ratio", "()", scalar_as_integer_ratio, METHOD_INSTANCE, NULL}, {NULL, NULL, NULL, 0, NULL}};
static const struct property_definition scalar_properties[] = {
    {"dtype", property_dtype, NULL},       {"shape", property_shape, NULL},
    {"ndim", property_ndim, NULL},         {"size", property_size, NULL},
    {"itemsize", property_itemsize, NULL}, {"nbytes", property_itemsize, NULL},
    {"real", property_real, NULL},         {"imag", property_imaginary, NULL},
    {"T", property_transpose, NULL},       {"flags", property_flags, NULL},
    {NULL, NULL, NULL}};

struct type generic_type = {.name = "numpy.generic",
                            .methods = scalar_methods,
                            .properties = scalar_properties,
                            .getattr = scalar_getattr,
                            .get_item = scalar_get_item};

/* ---- making them from Python's values ---- */

static value convert_to(struct vm *vm, struct type *type, int dtype, const value *arguments, size_t count,
                        value keyword_names)
{
    union element element = {.complex = {0, 0}};
    if (dtype == DTYPE_COMPLEX128 && (count == 2 || keyword_names != VALUE_NULL)) {
        value made = call(vm, type_object_value(&complex_type), arguments, count, keyword_names);
        return made == VALUE_NULL ? made : convert_to(vm, type, dtype, &made, 1, VALUE_NULL);
    }
    if (!check_positional(vm, type->name, count, keyword_names, 0, 1))
        return VALUE_NULL;
    if (count) {
        value item = arguments[0];
        bool plain = !is_object(item) || is_scalar_object(item) || has_flag(item, TYPE_STRING) ||
                     is_int(item) || item == NONE;
        struct ndarray *array = plain ? NULL : array_from(vm, item, DTYPE_NONE);
        if (vm->pending != VALUE_NULL)
            return VALUE_NULL;
        /* As Python's float and complex take it. */
        bool single = array && array->size == 1 && !is_complex_dtype(array_dtype(array)) && is_array(item) &&
                      (dtype == DTYPE_FLOAT64 || (dtype == DTYPE_COMPLEX128 && !array->dimensions));
        if (single && dtype_kind(array->dtype) != DTYPE_STRING &&
            (item = element_to_python(vm, array_dtype(array), array->data)) == VALUE_NULL)
            return VALUE_NULL;
        if (array && array->dimensions && !single) {
            array = array_duplicate(vm, array, dtype);
            return array_value(array);
        }
        if (has_flag(item, TYPE_STRING) && dtype == DTYPE_FLOAT16)
            item = call_1(vm, type_object_value(&float_type), item);
        const int from = scalar_dtype(item);
        if (from >= 0 && is_numeric_dtype(from) && dtype_letter(dtype) == 'i' && !is_complex_dtype(from)) {
            float_errors_clear(); /* a cast, which may be one that does not fit */
            elements_convert(vm, dtype, element.bytes, 0, from, scalar_element(item), 0, 1);
            if (!float_errors_report(vm, float_errors_raised(), "cast"))
                return VALUE_NULL;
        } else if (item == VALUE_NULL || !element_store(vm, dtype, element.bytes, item)) {
            return VALUE_NULL;
        }
    }
    return scalar_new(vm, dtype, element.bytes);
}

#define FLAGS_FOR(name) (DTYPE_##name == DTYPE_FLOAT64 ? TYPE_FLOAT : 0)
#define INDEX_FOR(name) (DTYPE_##name >= DTYPE_INT8 && DTYPE_##name <= DTYPE_UINT64 ? scalar_to_int : NULL)
#define METHODS_FOR(name)                                                                                    \
    (DTYPE_##name < DTYPE_INT8       ? NULL                                                                  \
     : DTYPE_##name <= DTYPE_UINT64  ? integer_methods                                                       \
     : DTYPE_##name <= DTYPE_FLOAT32 ? is_integer_methods                                                    \
                                     : rounding_methods)

#define DTYPE(NAME, c_type, text, kind, char_, above, class)                                                 \
    static value new_##NAME(struct vm *vm, struct type *type, const value *arguments, size_t count,          \
                            value keyword_names)                                                             \
    {                                                                                                        \
        return convert_to(vm, type, DTYPE_##NAME, arguments, count, keyword_names);                          \
    }                                                                                                        \
    struct type scalar_type_##NAME = {                                                                       \
        .name = DTYPE_##NAME == DTYPE_BOOL ? "numpy.bool_" : "numpy." text,                                  \
        .flags = FLAGS_FOR(NAME),                                                                            \
        .base = &above##_type,                                                                               \
        .instance_size = sizeof(struct object) + (sizeof(c_type) > 8 ? 16 : 8),                              \
        .methods = METHODS_FOR(NAME),                                                                        \
        .new = new_##NAME,                                                                                   \
        .init = scalar_init,                                                                                 \
        .repr = scalar_repr,                                                                                 \
        .string = scalar_repr,                                                                               \
        .hash = scalar_hash,                                                                                 \
        .truth = scalar_truth,                                                                               \
        .to_int = scalar_to_int,                                                                             \
        .to_float = scalar_to_float,                                                                         \
        .index = INDEX_FOR(NAME),                                                                            \
        .getattr = scalar_getattr,                                                                           \
    };
#include "sim/tensor/dtypes.def"

static value string_scalar_make(struct vm *vm, struct type *type, const value *arguments, size_t count,
                                value keyword_names)
{
    (void)type;
    value made = call(vm, type_object_value(&string_type), arguments, count, keyword_names);
    return made == VALUE_NULL ? made : string_scalar_new(vm, made);
}

struct type string_scalar_type = {
    .name = "numpy.str_",
    .flags = TYPE_STRING,
    .base = &string_type,
    .methods = scalar_methods,
    .properties = scalar_properties,
    .new = string_scalar_make,
    .init = scalar_init,
};

value string_scalar_new(struct vm *vm, value string)
{
    if (string == VALUE_NULL)
        return string;
    const struct string_object *from = string_of(string);
    size_t size = STRING_HEADER + ((size_t)from->length + 1) * from->width;
    struct string_object *made =
        gc_object(vm, size < STRING_SIZE_MIN ? STRING_SIZE_MIN : size, &string_scalar_type.shape);
    if (!made)
        return VALUE_NULL;
    memcpy((char *)made + sizeof(struct object), (const char *)from + sizeof(struct object),
           size - sizeof(struct object));
    made->interned = 0;
    return object_value(made);
}

struct type *const scalar_types[DTYPE_COUNT] = {
#define DTYPE(name, type, text, kind, character, base, class) &scalar_type_##name,
#include "sim/tensor/dtypes.def"
    &object_scalar_type, &string_scalar_type};

struct scalar scalar_true = {.head = {&scalar_type_BOOL.shape}, .element = {.boolean = 1}},
              scalar_false = {.head = {&scalar_type_BOOL.shape}, .element = {.boolean = 0}};

bool type_add_base(struct vm *vm, struct type *type, struct type *second)
{
    type_ready(vm, second);
    struct type **mro = realloc(type->mro, (type->mro_count + 1) * sizeof *mro);
    if (!mro)
        abort();
    type->mro = mro;
    mro[type->mro_count] = mro[type->mro_count - 1];
    mro[type->mro_count - 1] = second;
    type->mro_count++;
    slots_inherit(type, second);
    type->bases = tuple_pack(vm, 2, object_value(type->base), object_value(second));
    return type->bases != VALUE_NULL;
}

bool scalars_define(struct vm *vm, struct dict_object *module)
{
    static struct type *const abstract[] = {&generic_type,        &number_type,           &integer_type,
                                            &signed_integer_type, &unsigned_integer_type, &inexact_type,
                                            &floating_type,       &complex_floating_type, &flexible_type,
                                            &character_type,      &object_scalar_type};
    static const struct {
        const char *name;
        int dtype;
    } aliases[] = {
        {"int_", DTYPE_INT64},         {"intp", DTYPE_INT64},          {"longlong", DTYPE_INT64},
        {"intc", DTYPE_INT32},         {"short", DTYPE_INT16},         {"byte", DTYPE_INT8},
        {"uint", DTYPE_UINT64},        {"uintp", DTYPE_UINT64},        {"ulonglong", DTYPE_UINT64},
        {"uintc", DTYPE_UINT32},       {"ushort", DTYPE_UINT16},       {"ubyte", DTYPE_UINT8},
        {"float_", DTYPE_FLOAT64},     {"double", DTYPE_FLOAT64},      {"single", DTYPE_FLOAT32},
        {"half", DTYPE_FLOAT16},       {"csingle", DTYPE_COMPLEX64},   {"singlecomplex", DTYPE_COMPLEX64},
        {"cdouble", DTYPE_COMPLEX128}, {"complex_", DTYPE_COMPLEX128}, {"cfloat", DTYPE_COMPLEX128},
        {"bool8", DTYPE_BOOL},         {"unicode_", DTYPE_STRING}};
    for (size_t i = 0; i < sizeof abstract / sizeof *abstract; i++) {
        type_ready(vm, abstract[i]);
        if (!dict_set_text(vm, module, abstract[i]->name + strlen("numpy."), type_object_value(abstract[i])))
            return false;
    }
    for (int i = 0; i < DTYPE_COUNT; i++) {
        if (i != DTYPE_STRING)
            array_slots(scalar_types[i]);
        type_ready(vm, scalar_types[i]);
        if (!dict_set_text(vm, module, scalar_types[i]->name + strlen("numpy."),
                           type_object_value(scalar_types[i])))
            return false;
    }
    for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++)
        if (!dict_set_text(vm, module, aliases[i].name, type_object_value(scalar_types[aliases[i].dtype])))
            return false;
    return type_add_base(vm, &scalar_type_FLOAT64, &float_type) &&
           type_add_base(vm, &scalar_type_COMPLEX128, &complex_type) &&
           type_add_base(vm, &string_scalar_type, &character_type) &&
           type_add_base(vm, &string_scalar_type, &flexible_type) &&
           type_add_base(vm, &string_scalar_type, &generic_type) &&
           dict_set_text(vm, module, "True_", object_value(&scalar_true)) &&
           dict_set_text(vm, module, "False_", object_value(&scalar_false));
}
