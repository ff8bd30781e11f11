/* ndarray.h - n-dimensional arrays of int64, float64 or bool, and numpy's scalars of these types.
 *
 * Strides are in bytes. An array owns its data (gc storage) or is a view into `base`. Elements: int64_t, double, uint8_t.
 */
#ifndef HYBRIDSIM_SIM_TENSOR_NDARRAY_H
#define HYBRIDSIM_SIM_TENSOR_NDARRAY_H

#include "sim/runtime/container.h"

enum dtype { DTYPE_BOOL, DTYPE_INT64, DTYPE_FLOAT64 }; /* in order of promotion */
enum { DIMENSIONS_MAX = 16, DTYPE_COUNT = 3 };

struct ndarray {
    struct object head;
    value base;                  /* the array whose data it looks into, or VALUE_NULL */
    char *data;
    void *storage;               /* data, when it is its own */
    int64_t size;                /* elements */
    enum dtype dtype;
    uint32_t dimensions;
    int64_t shape[DIMENSIONS_MAX], strides[DIMENSIONS_MAX];
};

struct integer_scalar { /* numpy.int64, numpy.bool_ */
    struct object head;
    int64_t number;
};

struct dtype_object {
    struct object head;
    enum dtype dtype;
};

extern struct type ndarray_type, dtype_type, generic_type, int64_scalar_type, float64_scalar_type,
    bool_scalar_type, axis_error_type, ufunc_type_error_type;

static inline struct ndarray *array_of(value v) { return (struct ndarray *)value_object(v); }
static inline bool is_array(value v) { return is_exact(v, &ndarray_type); }
static inline size_t dtype_bytes(enum dtype dtype) { return dtype == DTYPE_BOOL ? 1 : 8; }
extern const char *const dtype_names[DTYPE_COUNT];

/* ndarray.c */
struct ndarray *array_new(struct vm *vm, enum dtype dtype, uint32_t dimensions, const int64_t *shape); /* zeros */
struct ndarray *array_view(struct vm *vm, struct ndarray *array);
struct ndarray *array_copy(struct vm *vm, struct ndarray *array, enum dtype dtype); /* contiguous */
bool array_is_contiguous(const struct ndarray *array);
/* An array of what v is: arrays as they are, numbers, nested sequences. NULL: error. dtype -1: found out */
struct ndarray *array_from(struct vm *vm, value v, int dtype);
/* The same for operands: NULL without exception when v is no number, array or sequence. */
struct ndarray *array_operand(struct vm *vm, value v);
value array_result(struct vm *vm, struct ndarray *array); /* the array; a scalar when it has no dimensions */
value scalar_new(struct vm *vm, enum dtype dtype, const char *element);
value element_to_python(struct vm *vm, enum dtype dtype, const char *element);
value array_tolist(struct vm *vm, const struct ndarray *array);
bool element_store(struct vm *vm, enum dtype dtype, char *element, value item);
int64_t element_int(enum dtype dtype, const char *element);
double element_float(enum dtype dtype, const char *element);
int dtype_from(struct vm *vm, value v); /* -1: error */
value dtype_value(struct vm *vm, enum dtype dtype);
bool shape_from(struct vm *vm, value v, int64_t *shape, uint32_t *dimensions);
value shape_value(struct vm *vm, const int64_t *shape, uint32_t dimensions);
value shape_text(struct vm *vm, const int64_t *shape, uint32_t dimensions); /* "(2,3)" */
value array_reshape(struct vm *vm, struct ndarray *array, int64_t *shape, uint32_t dimensions);
value array_transpose(struct vm *vm, struct ndarray *array);
bool array_assign(struct vm *vm, struct ndarray *to, value from); /* broadcasting */
bool element_next(const struct ndarray *array, int64_t *index, char **element); /* row-major walk */

/* ufunc.c */
value array_binary(struct vm *vm, enum binary_kind kind, value a, value b);
value array_compare(struct vm *vm, value a, value b, enum compare_kind kind);
value array_unary(struct vm *vm, enum unary_kind kind, value a);
enum reduction { REDUCE_SUM, REDUCE_PROD, REDUCE_MAX, REDUCE_MIN, REDUCE_ALL, REDUCE_ANY, REDUCE_MEAN, REDUCE_ARGMAX, REDUCE_ARGMIN };
value array_reduce(struct vm *vm, enum reduction kind, value array, value axis, value keepdims);
void array_slots(struct type *type); /* puts the operators into a type */
value array_map_float(struct vm *vm, value v, double (*function)(double));
/* An activation function was applied to an array: for each element `math` functions evaluated and `passes` element operations. */
void array_record_activation(struct vm *vm, const struct ndarray *array, uint32_t math, uint32_t passes);
bool ufuncs_define(struct vm *vm, struct dict_object *module);
bool broadcast_shape(struct vm *vm, const struct ndarray *a, const struct ndarray *b, int64_t *shape, uint32_t *dimensions);
struct ndarray *array_broadcast(struct vm *vm, struct ndarray *array, const int64_t *shape, uint32_t dimensions);

/* matmul.c */
value array_dot(struct vm *vm, value a, value b);
value array_matmul(struct vm *vm, value a, value b);

/* print.c */
value array_repr(struct vm *vm, value array);
value array_string(struct vm *vm, value array);

#endif
