/* ndarray.h - n-dimensional arrays and numpy's scalars: their layout, and what the files of this folder offer
 * each other.
 *
 * Strides are in bytes. An array owns its data (`storage`, of the collector) or looks into that of `base`.
 * The elements lie in the machine's byte order, each aligned for its type. A dtype travels through functions
 * as an int: the enum in the low 8 bits and, for strings, the number of characters above them; -1 stands for
 * "none was given" or "an error is pending", as each function says.
 */
#ifndef HYBRIDSIM_SIM_TENSOR_NDARRAY_H
#define HYBRIDSIM_SIM_TENSOR_NDARRAY_H

#include "sim/runtime/container.h"
#include "sim/runtime/warning.h"
#include "sim/tensor/element.h"
#include "sim/tensor/rows/rows.h"

enum dtype {
#define DTYPE(name, type, text, kind, character, base, class) DTYPE_##name,
#include "sim/tensor/dtypes.def"
    DTYPE_OBJECT, /* any Python value */
    DTYPE_STRING, /* code points of 32 bits, padded with zeros */
    DTYPE_COUNT,
    DTYPE_NUMERIC_COUNT = DTYPE_OBJECT
};
enum { DIMENSIONS_MAX = 32, DTYPE_NONE = -1 };

struct ndarray {
    struct object head;
    value base;        /* what owns the data: an array or another object; VALUE_NULL: this array itself */
    char *data;        /* the element with indices 0 */
    void *storage;     /* the data, when it is its own */
    value shape_owner; /* the array whose memory holds shape and strides after a.shape = ... made them more;
                          else no object */
    int64_t size;      /* elements */
    int64_t *shape, *strides; /* in `extents`, or in those of shape_owner */
    uint32_t item_size;       /* bytes of an element */
    uint8_t dtype;            /* enum dtype */
    uint8_t dimensions;
    bool readonly;
    int64_t extents[];
};

/* numpy.int64(1) and so on: the element itself. float64 and complex128 lie as Python's float and complex do.
 */
struct scalar {
    struct object head;
    union element element;
};

struct dtype_object {
    struct object head;
    int dtype; /* with its characters */
};

extern struct type array_memory_error_type, ndarray_type, dtype_type, generic_type, axis_error_type,
    ufunc_type_error_type, ufunc_type, string_scalar_type;
extern struct type *const scalar_types[DTYPE_COUNT]; /* by dtype */

static inline struct ndarray *array_of(value v)
{
    return (struct ndarray *)value_object(v);
}
static inline bool is_array(value v)
{
    return is_exact(v, &ndarray_type);
}
/* An instance of a class that Python code derived from ndarray; its head is a struct ndarray (derived.c). */
static inline bool is_derived(value v)
{
    return is_object(v) && !is_array(v) && value_object(v)->shape->type->flags & TYPE_HEAP &&
           type_is_subtype(value_object(v)->shape->type, &ndarray_type);
}
struct ndarray *array_plain(struct vm *vm, value v); /* the array itself, of a derived one a plain view of its memory */
bool derived_refuse(struct vm *vm); /* false: a derived array where plain ones are expected; the function's end may do better */
/* At the end of the native function `name`: its result as numpy's rules for derived arrays want it. */
value derived_method_end(struct vm *vm, const char *name, native_function body, value self, const value *arguments, size_t count,
                         value keyword_names, value result);
value derived_finalize(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names); /* ndarray's own __array_finalize__ and so on */
value derived_wrap(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names);
value derived_array_ufunc(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names);
static inline value array_value(struct ndarray *array)
{
    return array ? object_value(array) : VALUE_NULL;
}

/* ---- dropped.c: big results give their memory back at once when nobody looks at them ---- */
struct array_call { /* native code of numpy's that the program called, or that such code called */
    uint64_t loops;
    uint32_t number, born;
};
/* At the end of `function` with self `a` and first argument `b`; NULL: of an operator's code, and these are its operands. */
value array_call_end_big(struct vm *vm, const struct array_call *call, native_function function, value a, value b, value result);
static inline struct array_call array_call_begin(struct vm *vm)
{
    vm->array_depth++;
    return (struct array_call){vm->loops_entered, ++vm->array_calls, vm->large_born};
}
static inline value array_call_end(struct vm *vm, const struct array_call *call, native_function function, value a, value b,
                                   value result)
{
    enum { BIG = 1 << 17 };
    value first = is_exact(result, &tuple_type) && tuple_of(result)->length ? tuple_of(result)->items[0] : result; /* as divmod's */
    if (is_array(first) && array_of(first)->size * array_of(first)->item_size >= BIG)
        result = array_call_end_big(vm, call, function, a, b, result);
    vm->array_depth--;
    return result;
}

/* ---- dtype.c ---- */
static inline enum dtype dtype_kind(int dtype)
{
    return (enum dtype)(dtype & 255);
}
static inline int string_dtype(int64_t characters)
{
    return DTYPE_STRING | (int)(characters << 8);
}
size_t dtype_bytes(int dtype);
char dtype_letter(int dtype);    /* 'b' bool, 'i' int, 'u' unsigned, 'f' float, 'c' complex, 'O', 'U' */
char dtype_character(int dtype); /* numpy's typecode: 'd' float64, ... */
value dtype_name(struct vm *vm, int dtype); /* "int64", "<U3", "object": as printed in dtype('...') */
static inline int array_dtype(const struct ndarray *array)
{
    return array->dtype == DTYPE_STRING ? string_dtype(array->item_size / 4) : array->dtype;
}
static inline bool is_integer_dtype(int dtype)
{
    return dtype_kind(dtype) >= DTYPE_INT8 && dtype_kind(dtype) <= DTYPE_UINT64;
}
static inline bool is_float_dtype(int dtype)
{
    return dtype_kind(dtype) >= DTYPE_FLOAT16 && dtype_kind(dtype) <= DTYPE_FLOAT64;
}
static inline bool is_complex_dtype(int dtype)
{
    return dtype_kind(dtype) == DTYPE_COMPLEX64 || dtype_kind(dtype) == DTYPE_COMPLEX128;
}
static inline bool is_numeric_dtype(int dtype)
{
    return dtype_kind(dtype) < DTYPE_NUMERIC_COUNT;
}
int dtype_from(struct vm *vm,
               value v); /* what np.dtype(v) means; None and VALUE_NULL: float64; -1: error pending */
bool dtype_given(struct vm *vm, value v,
                 int *dtype); /* an optional argument: None and VALUE_NULL give DTYPE_NONE; false: error */
int dtype_of_scalar_type(const struct type *type); /* of numpy.int32 and so on; -1: none of them */
value dtype_value(struct vm *vm, int dtype);       /* the dtype object */
enum casting { CAST_NO, CAST_EQUIV, CAST_SAFE, CAST_SAME_KIND, CAST_UNSAFE };
bool can_cast(int from, int to, enum casting casting);
bool casting_from(struct vm *vm, value v, enum casting *casting); /* "same_kind", ...; false: error */
extern const char *const casting_names[];
int promote_types(struct vm *vm, int a, int b); /* without looking at values; -1: TypeError pending */
/* The common type of operands as numpy 1.24 finds it: scalars and arrays without dimensions count by their
 * value when the arrays' kind is at least theirs. -1: error */
int result_type(struct vm *vm, struct ndarray *const *arrays, size_t count);
int min_scalar_type(const struct ndarray *array);
bool counts_by_value(struct ndarray *const *arrays, size_t count);

/* ---- ndarray.c: making arrays, views, shapes ---- */
struct ndarray *array_new(struct vm *vm, int dtype, uint32_t dimensions,
                          const int64_t *shape); /* zeros, C order */
struct ndarray *array_new_raw(struct vm *vm, int dtype, uint32_t dimensions,
                              const int64_t *shape); /* to be filled at once */
struct ndarray *array_new_1d(struct vm *vm, int dtype, int64_t length);
/* To be filled at once, axes laid out in memory as `like`'s are (its strides decide); like has the same number
 * of dimensions. */
struct ndarray *array_new_like(struct vm *vm, int dtype, const struct ndarray *like);
/* A view with room for `dimensions`; shape and strides are the array's when the number is the same, else left
 * to the caller, who must call array_set_size in the end. */
struct ndarray *array_view_of(struct vm *vm, struct ndarray *array, uint32_t dimensions);
struct ndarray *array_view(struct vm *vm, struct ndarray *array);
/* An array over memory that `owner` keeps: C order. */
struct ndarray *array_over(struct vm *vm, value owner, char *data, int dtype, uint32_t dimensions,
                           const int64_t *shape);
void array_set_size(struct ndarray *array);
void array_set_strides(struct ndarray *array); /* C order */
void array_set_column_strides(struct ndarray *array);
/* What has no dimensions is looked at by its value. */
bool array_can_cast(const struct ndarray *array, int to, enum casting casting);
/* C-contiguous and of this dtype (DTYPE_NONE: of its own): the array itself when it is that already. */
struct ndarray *array_contiguous(struct vm *vm, struct ndarray *array, int dtype);
struct ndarray *array_duplicate(struct vm *vm, struct ndarray *array,
                                int dtype); /* always a new one, C order */
bool array_is_contiguous(const struct ndarray *array);
bool array_is_fortran(const struct ndarray *array);                    /* contiguous in column order */
bool arrays_overlap(const struct ndarray *a, const struct ndarray *b); /* their memory ranges do */
value array_result(
    struct vm *vm,
    struct ndarray *array); /* the array; a scalar when it has no dimensions; NULL: VALUE_NULL */
bool shape_from(struct vm *vm, value v, int64_t *shape, uint32_t *dimensions);
value shape_value(struct vm *vm, const int64_t *shape, uint32_t dimensions);
value shape_text(struct vm *vm, const int64_t *shape, uint32_t dimensions); /* "(2,3)" */
value array_reshape(struct vm *vm, struct ndarray *array, const int64_t *shape,
                    uint32_t dimensions); /* one may be -1 */
value array_reshape_order(struct vm *vm, struct ndarray *array, const int64_t *shape, uint32_t dimensions,
                          bool fortran);
value array_transpose(struct vm *vm, struct ndarray *array);
struct ndarray *array_permute(struct vm *vm, struct ndarray *array, const uint32_t *axes);
struct ndarray *array_broadcast(struct vm *vm, struct ndarray *array, const int64_t *shape,
                                uint32_t dimensions);
bool broadcast_shape(struct vm *vm, struct ndarray *const *arrays, size_t count, int64_t *shape,
                     uint32_t *dimensions);
bool element_next(const struct ndarray *array, int64_t *index,
                  char **element); /* row-major walk; index starts as zeros */
bool axis_normalize(struct vm *vm, int64_t axis, uint32_t dimensions, uint32_t *out); /* AxisError */
bool axis_from(struct vm *vm, value v, uint32_t dimensions, uint32_t *out);
/* A set of axes: None and VALUE_NULL mean all, an int one, a tuple several. taken[axis] tells. */
bool axes_from(struct vm *vm, value v, uint32_t dimensions, bool *taken);

/* ---- creation.c ---- */
bool check_order(struct vm *vm, value order); /* is it the name of a memory order, None or not given? */

/* ---- discover.c: from Python's objects ---- */
/* An array of what v is: arrays as they are, numbers, nested sequences, buffers. dtype DTYPE_NONE: found out.
 * NULL: error */
struct ndarray *array_from(struct vm *vm, value v, int dtype);
/* The same for operands of operators: NULL without exception when numpy leaves them to the other operand. */
struct ndarray *array_operand(struct vm *vm, value v);
bool element_store(struct vm *vm, int dtype, char *element, value item);
/* Signed integers take numpy's other numbers by way of a C long; false: too large, the error is pending. */
bool scalar_fits(struct vm *vm, int dtype, value item);
value element_to_python(struct vm *vm, int dtype, const char *element); /* as tolist() gives it */
value scalar_new(struct vm *vm, int dtype, const char *element);        /* as a[i] gives it */
value array_tolist(struct vm *vm, const struct ndarray *array);
bool is_scalar_object(value v);                       /* one of numpy's scalars */
char *scalar_element(value v);                        /* of numeric ones */
int scalar_dtype(value v);                            /* DTYPE_NONE: v is none of them */
value string_scalar_new(struct vm *vm, value string); /* the text as a numpy.str_ */
extern struct scalar scalar_true, scalar_false;       /* there is one of each numpy.bool_ */
/* Another base for a static type, last in its order of resolution before object: numpy.float64 is a float as
 * well. */
bool type_add_base(struct vm *vm, struct type *type, struct type *second);
bool scalars_define(struct vm *vm, struct dict_object *module);

/* ---- cast.c ---- */
/* Strided: n elements; the types' conversion as astype's. false: error (strings, objects). */
bool elements_convert(struct vm *vm, int to, char *target, int64_t target_step, int from, const char *source,
                      int64_t source_step, int64_t count);
bool array_copy_into(struct vm *vm, struct ndarray *to,
                     struct ndarray *from);                       /* same shapes; overlap allowed */
bool array_copy_as(struct vm *vm, struct ndarray *to, struct ndarray *from,
                   const char *who); /* the same; what warnings name */
bool array_assign(struct vm *vm, struct ndarray *to, value from); /* broadcasting */
bool array_assign_array(struct vm *vm, struct ndarray *to, struct ndarray *from);
double element_float(int dtype, const char *element); /* numeric types; of complex ones the real part */
int64_t element_int(int dtype, const char *element);
bool element_truth(struct vm *vm, int dtype, const char *element, bool *truth);

/* ---- indexing.c ---- */
value array_get_item(struct vm *vm, value self, value key);
extern const struct property_definition array_properties[]; /* ndarray_properties.c */
bool array_set_item(struct vm *vm, value self, value key, value item);
struct ndarray *array_take(struct vm *vm, struct ndarray *array, struct ndarray *indices, uint32_t axis,
                           int mode); /* 0 raise, 1 wrap, 2 clip */
int64_t count_true(const char *mask, int64_t count); /* of adjoining bools */
struct ndarray *mask_positions(struct vm *vm,
                               struct ndarray *mask); /* flat C-order positions of what is true: int64 */

/* ---- ufunc.c, ufunc_reduce.c ---- */
value array_binary(struct vm *vm, enum binary_kind kind, value a, value b);
value array_compare(struct vm *vm, value a, value b, enum compare_kind kind);
value array_unary(struct vm *vm, enum unary_kind kind, value a);
value scalar_quotient_and_rest(struct vm *vm, value a, value b); /* divmod, where one is a scalar of numpy's */
value ufunc_apply(struct vm *vm, const char *name, const value *arguments,
                  size_t count); /* np.<name>(arguments) */
struct ufunc;
const struct ufunc *ufunc_find(const char *name);
void array_slots(struct type *type); /* puts the operators into a type */
enum reduction { REDUCE_SUM, REDUCE_PROD, REDUCE_MAX, REDUCE_MIN, REDUCE_ALL, REDUCE_ANY };
value array_reduce(struct vm *vm, enum reduction kind, value array, value axis, value keepdims);
value array_arg_extreme(struct vm *vm, value array, value axis, value keepdims, bool greatest);
/* One function of float64 rows over v as a ufunc of one operand would do it (results float64). */
value array_map_float(struct vm *vm, value v, row_function *row);
/* An activation function was applied to an array: for each element `math` functions evaluated and `passes`
 * element operations. */
void array_record_activation(struct vm *vm, const struct ndarray *array, uint32_t math, uint32_t passes);
/* One operation for each element of the array was done, with so many bytes read and written. Of objects it is Python's, which no
 * instruction stands for. */
void array_record_vector(struct vm *vm, const struct ndarray *array, uint64_t bytes);
bool ufuncs_define(struct vm *vm, struct dict_object *module);

/* ---- sorting.c ---- */
bool elements_sort(struct vm *vm, int dtype, char *data, int64_t count); /* contiguous; NaNs last */
bool elements_argsort(struct vm *vm, int dtype, const char *data, int64_t count, int64_t *order, bool stable);

/* ---- matmul.c ---- */
value array_dot(struct vm *vm, value a, value b);
value array_matmul(struct vm *vm, value a, value b);
/* A product into the array that is given for it, which has to have its type and shape; returns that array. */
value product_store(struct vm *vm, value product, value given);
/* The sum of products of two contiguous rows; no shape is recorded. */
bool vector_product(struct vm *vm, int dtype, const char *a, const char *b, char *out, int64_t count);

/* ---- print.c ---- */
value array_repr(struct vm *vm, value array);
value array_string(struct vm *vm, value array);
value scalar_repr(struct vm *vm, value scalar);

/* ---- numpy_state.c: what np.errstate and np.set_printoptions change ---- */
enum float_error { FLOAT_DIVIDE = 1, FLOAT_OVERFLOW = 2, FLOAT_UNDERFLOW = 4, FLOAT_INVALID = 8 };
/* Reports what the arithmetic of `name` met ("divide by zero encountered in divide"), as errstate says.
 * false: FloatingPointError, or the warning is an error. */
bool float_errors_report(struct vm *vm, unsigned errors, const char *name);
struct type *complex_warning_type(struct vm *vm); /* numpy.ComplexWarning */
void float_errors_clear(void);
unsigned float_errors_raised(void); /* the host's exception flags since then */

/* ---- methods and functions: tables of native functions for the module's namespace ---- */
extern const struct method_definition creation_functions[], reduction_functions[], sorting_functions[],
    linear_functions[], contract_functions[], state_functions[], memory_functions[], passes_functions[];
/* Calls a function of the library's Python part: numpy.<name>(...) */
value library_call(struct vm *vm, const char *name, const value *arguments, size_t count,
                   value keyword_names);

#define METHOD_PLAIN(name)                                                                                   \
    value name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define METHOD(name)                                                                                         \
    __attribute__((noinline)) static value name##_body(struct vm *vm, value self, const value *arguments, size_t count, \
                                                       value keyword_names);                                 \
    static value name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)  \
    {                                                                                                        \
        const struct array_call call = array_call_begin(vm);                                                 \
        value result = name##_body(vm, self, arguments, count, keyword_names);                               \
        if (result == VALUE_NULL || is_derived(self))                                                        \
            result = derived_method_end(vm, #name, name##_body, self, arguments, count, keyword_names, result); \
        return array_call_end(vm, &call, name, self, count ? arguments[0] : VALUE_NULL, result);             \
    }                                                                                                        \
    static value name##_body(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED_METHOD_PARAMETERS (void)self, (void)count, (void)keyword_names, (void)arguments

#endif
