/* derived.h - arrays of classes that Python code derives from ndarray (derived.c). */
#ifndef HYBRIDSIM_SIM_TENSOR_DERIVED_H
#define HYBRIDSIM_SIM_TENSOR_DERIVED_H

#include "sim/tensor/ndarray.h"

struct ufunc;
typedef value derived_operation(struct vm *vm, value a, value b, int kind); /* of plain operands */

/* An owning array of the class over the memory of `plain`, which nobody else may know; __array_finalize__(None). */
value derived_new(struct vm *vm, struct type *type, struct ndarray *plain);
/* A view of the array `base` as one of the class; __array_finalize__(from). */
value derived_view(struct vm *vm, struct type *type, value base, value from);
value derived_key(struct vm *vm, value key); /* an index without derived arrays in it */
struct ndarray *derived_part(struct vm *vm, value self, value key); /* self[key], to be assigned to; NULL: exception pending */
bool derived_takes_over(struct vm *vm, value v); /* it has an __array_ufunc__ of its own */
/* A universal function's method whose operands are plain or derived; VALUE_NULL without exception: none is derived. */
value derived_ufunc(struct vm *vm, const struct ufunc *ufunc, const char *method, const value *inputs, size_t count,
                    const value *options, value option_names);
value derived_binary(struct vm *vm, const struct ufunc *ufunc, value a, value b, derived_operation *operation, int kind);
value derived_inplace(struct vm *vm, const struct ufunc *ufunc, value a, value b, derived_operation *operation, int kind);
value derived_unary(struct vm *vm, const struct ufunc *ufunc, value a, enum unary_kind kind);
/* A method of ndarray that is a function of the library: given[0] is self, which is derived. */
value derived_library(struct vm *vm, const char *function, const value *given, size_t count, value keyword_names);

#endif
