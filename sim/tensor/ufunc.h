/* ufunc.h - universal functions: the table of them and what calls share with reductions. */
#ifndef HYBRIDSIM_SIM_TENSOR_UFUNC_H
#define HYBRIDSIM_SIM_TENSOR_UFUNC_H

#include "sim/tensor/loops.h"

enum { UFUNC_OPERANDS_MAX = 6, CALL_OPERANDS_MAX = 4 }; /* of walks, those of calls among them */
enum ufunc_output { OUT_SAME, OUT_BOOL, OUT_REAL, OUT_INTEGER }; /* the (last) result's type by the loop's */
enum ufunc_identity {
    IDENTITY_NONE,
    IDENTITY_ZERO,
    IDENTITY_ONE,
    IDENTITY_MINUS_ONE,
    IDENTITY_MINUS_INFINITY
};
enum ufunc_flags {
    UFUNC_QUIET = 1,        /* reports no floating-point errors */
    UFUNC_TRUE_DIVIDE = 2,  /* integers are divided as float64 */
    UFUNC_MATH = 4,         /* counts as a mathematical function an element */
    UFUNC_ACTIVATION = 8,   /* an activation function's usual part */
    UFUNC_ARITHMETIC = 16,  /* other words when no loop fits */
    UFUNC_REORDERABLE = 32, /* reduces over several axes at once */
    UFUNC_SEARCHED = 64,    /* the first loop that takes each operand; else that of their common type */
    UFUNC_UNIFORM = 128,    /* there must be a loop of just that type */
    UFUNC_NO_OBJECTS = 256  /* not of Python's objects */
};

struct ufunc {
    const char *name;
    uint8_t inputs, outputs, output, identity;
    uint16_t flags;
    const loop_table *loops, *wide_loops; /* wide: for processors with AVX2, else the same */
};

static inline const loop_table *ufunc_loops(const struct ufunc *ufunc)
{
#ifdef __x86_64__
    return __builtin_cpu_supports("avx2") ? ufunc->wide_loops : ufunc->loops;
#else
    return ufunc->loops;
#endif
}

struct ufunc_object {
    struct object head;
    const struct ufunc *ufunc;
    value function; /* the native function that stands for it in counts and guards */
};

/* ADD: name, inputs, outputs, output rule, identity, flags */
/* clang-format off */
#define UFUNCS(X) \
    X(add, 2, 1, SAME, ZERO, UFUNC_ARITHMETIC | UFUNC_REORDERABLE) \
    X(subtract, 2, 1, SAME, NONE, UFUNC_ARITHMETIC) \
    X(multiply, 2, 1, SAME, ONE, UFUNC_ARITHMETIC | UFUNC_REORDERABLE) \
    X(divide, 2, 1, SAME, NONE, UFUNC_ARITHMETIC | UFUNC_TRUE_DIVIDE) \
    X(floor_divide, 2, 1, SAME, NONE, UFUNC_ARITHMETIC | UFUNC_SEARCHED) \
    X(remainder, 2, 1, SAME, NONE, UFUNC_ARITHMETIC | UFUNC_SEARCHED) \
    X(fmod, 2, 1, SAME, NONE, UFUNC_SEARCHED) \
    X(power, 2, 1, SAME, NONE, UFUNC_MATH | UFUNC_ARITHMETIC | UFUNC_SEARCHED) \
    X(float_power, 2, 1, SAME, NONE, UFUNC_MATH | UFUNC_SEARCHED | UFUNC_NO_OBJECTS) \
    X(divmod, 2, 2, SAME, NONE, UFUNC_ARITHMETIC | UFUNC_SEARCHED | UFUNC_NO_OBJECTS) \
    X(negative, 1, 1, SAME, NONE, 0) \
    X(positive, 1, 1, SAME, NONE, UFUNC_UNIFORM) \
    X(absolute, 1, 1, REAL, NONE, 0) \
    X(fabs, 1, 1, SAME, NONE, 0) \
    X(square, 1, 1, SAME, NONE, 0) \
    X(reciprocal, 1, 1, SAME, NONE, 0) \
    X(sign, 1, 1, SAME, NONE, UFUNC_QUIET | UFUNC_UNIFORM) \
    X(conjugate, 1, 1, SAME, NONE, 0) \
    X(gcd, 2, 1, SAME, ZERO, UFUNC_REORDERABLE | UFUNC_UNIFORM) \
    X(lcm, 2, 1, SAME, NONE, UFUNC_UNIFORM) \
    X(clip, 3, 1, SAME, NONE, UFUNC_QUIET) \
    X(equal, 2, 1, BOOL, NONE, UFUNC_QUIET) \
    X(not_equal, 2, 1, BOOL, NONE, UFUNC_QUIET) \
    X(less, 2, 1, BOOL, NONE, UFUNC_QUIET) \
    X(less_equal, 2, 1, BOOL, NONE, UFUNC_QUIET) \
    X(greater, 2, 1, BOOL, NONE, UFUNC_QUIET) \
    X(greater_equal, 2, 1, BOOL, NONE, UFUNC_QUIET) \
    X(logical_and, 2, 1, BOOL, ONE, UFUNC_QUIET | UFUNC_REORDERABLE) \
    X(logical_or, 2, 1, BOOL, ZERO, UFUNC_QUIET | UFUNC_REORDERABLE) \
    X(logical_xor, 2, 1, BOOL, ZERO, UFUNC_QUIET | UFUNC_REORDERABLE) \
    X(logical_not, 1, 1, BOOL, NONE, UFUNC_QUIET) \
    X(bitwise_and, 2, 1, SAME, MINUS_ONE, UFUNC_QUIET | UFUNC_REORDERABLE | UFUNC_SEARCHED) \
    X(bitwise_or, 2, 1, SAME, ZERO, UFUNC_QUIET | UFUNC_REORDERABLE | UFUNC_SEARCHED) \
    X(bitwise_xor, 2, 1, SAME, ZERO, UFUNC_QUIET | UFUNC_REORDERABLE | UFUNC_SEARCHED) \
    X(invert, 1, 1, SAME, NONE, UFUNC_QUIET) \
    X(left_shift, 2, 1, SAME, NONE, UFUNC_QUIET | UFUNC_SEARCHED) \
    X(right_shift, 2, 1, SAME, NONE, UFUNC_QUIET | UFUNC_SEARCHED) \
    X(maximum, 2, 1, SAME, NONE, UFUNC_QUIET | UFUNC_REORDERABLE | UFUNC_ACTIVATION) \
    X(minimum, 2, 1, SAME, NONE, UFUNC_QUIET | UFUNC_REORDERABLE) \
    X(fmax, 2, 1, SAME, NONE, UFUNC_QUIET | UFUNC_REORDERABLE) \
    X(fmin, 2, 1, SAME, NONE, UFUNC_QUIET | UFUNC_REORDERABLE) \
    X(isnan, 1, 1, BOOL, NONE, UFUNC_QUIET | UFUNC_NO_OBJECTS) \
    X(isinf, 1, 1, BOOL, NONE, UFUNC_QUIET | UFUNC_NO_OBJECTS) \
    X(isfinite, 1, 1, BOOL, NONE, UFUNC_QUIET | UFUNC_NO_OBJECTS) \
    X(signbit, 1, 1, BOOL, NONE, UFUNC_QUIET | UFUNC_NO_OBJECTS) \
    X(sqrt, 1, 1, SAME, NONE, UFUNC_MATH) \
    X(cbrt, 1, 1, SAME, NONE, UFUNC_MATH) \
    X(exp, 1, 1, SAME, NONE, UFUNC_MATH | UFUNC_ACTIVATION) \
    X(exp2, 1, 1, SAME, NONE, UFUNC_MATH) \
    X(expm1, 1, 1, SAME, NONE, UFUNC_MATH) \
    X(log, 1, 1, SAME, NONE, UFUNC_MATH) \
    X(log2, 1, 1, SAME, NONE, UFUNC_MATH) \
    X(log10, 1, 1, SAME, NONE, UFUNC_MATH) \
    X(log1p, 1, 1, SAME, NONE, UFUNC_MATH) \
    X(sin, 1, 1, SAME, NONE, UFUNC_MATH) \
    X(cos, 1, 1, SAME, NONE, UFUNC_MATH) \
    X(tan, 1, 1, SAME, NONE, UFUNC_MATH) \
    X(arcsin, 1, 1, SAME, NONE, UFUNC_MATH) \
    X(arccos, 1, 1, SAME, NONE, UFUNC_MATH) \
    X(arctan, 1, 1, SAME, NONE, UFUNC_MATH) \
    X(sinh, 1, 1, SAME, NONE, UFUNC_MATH) \
    X(cosh, 1, 1, SAME, NONE, UFUNC_MATH) \
    X(tanh, 1, 1, SAME, NONE, UFUNC_MATH | UFUNC_ACTIVATION) \
    X(arcsinh, 1, 1, SAME, NONE, UFUNC_MATH) \
    X(arccosh, 1, 1, SAME, NONE, UFUNC_MATH) \
    X(arctanh, 1, 1, SAME, NONE, UFUNC_MATH) \
    X(floor, 1, 1, SAME, NONE, 0) \
    X(ceil, 1, 1, SAME, NONE, 0) \
    X(trunc, 1, 1, SAME, NONE, 0) \
    X(rint, 1, 1, SAME, NONE, 0) \
    X(deg2rad, 1, 1, SAME, NONE, 0) \
    X(rad2deg, 1, 1, SAME, NONE, 0) \
    X(radians, 1, 1, SAME, NONE, 0) \
    X(degrees, 1, 1, SAME, NONE, 0) \
    X(spacing, 1, 1, SAME, NONE, UFUNC_NO_OBJECTS) \
    X(hypot, 2, 1, SAME, ZERO, UFUNC_MATH | UFUNC_REORDERABLE | UFUNC_SEARCHED) \
    X(arctan2, 2, 1, SAME, NONE, UFUNC_MATH | UFUNC_SEARCHED) \
    X(copysign, 2, 1, SAME, NONE, UFUNC_QUIET | UFUNC_SEARCHED | UFUNC_NO_OBJECTS) \
    X(nextafter, 2, 1, SAME, NONE, UFUNC_SEARCHED | UFUNC_NO_OBJECTS) \
    X(logaddexp, 2, 1, SAME, MINUS_INFINITY, UFUNC_MATH | UFUNC_REORDERABLE | UFUNC_SEARCHED | UFUNC_NO_OBJECTS) \
    X(logaddexp2, 2, 1, SAME, MINUS_INFINITY, UFUNC_MATH | UFUNC_REORDERABLE | UFUNC_SEARCHED | UFUNC_NO_OBJECTS) \
    X(heaviside, 2, 1, SAME, NONE, UFUNC_ACTIVATION | UFUNC_SEARCHED | UFUNC_QUIET | UFUNC_NO_OBJECTS) \
    X(ldexp, 2, 1, SAME, NONE, UFUNC_SEARCHED | UFUNC_NO_OBJECTS) \
    X(frexp, 1, 2, INTEGER, NONE, UFUNC_NO_OBJECTS) \
    X(modf, 1, 2, SAME, NONE, UFUNC_NO_OBJECTS)
/* clang-format on */
enum ufunc_index {
#define INDEX(name, inputs, outputs, output, identity, flags) UFUNC_##name,
    UFUNCS(INDEX)
#undef INDEX
        UFUNC_COUNT
};
extern const struct ufunc ufuncs[UFUNC_COUNT];

/* One call under way. in[] are arrays; out[] those given, else NULL until they are made. */
struct ufunc_call {
    const struct ufunc *ufunc;
    struct ndarray *in[3], *out[2], *where;
    int dtype; /* asked for, or DTYPE_NONE */
    enum casting casting;
    int loop_dtype;
    char order;  /* of new results: 'K' (0) as the inputs lie, 'A', 'C' for what columns says */
    int columns; /* with an order: are they in column order? */
    bool in_passing[CALL_OPERANDS_MAX]; /* operands, inputs first, that are cast while the loop runs */
};
bool ufunc_run(struct vm *vm, struct ufunc_call *call);    /* fills out[] */
/* Comparisons report nothing, but those of complex numbers report NaN. */
static inline bool ufunc_tells_invalid(const struct ufunc *ufunc, int loop_dtype)
{
    return is_complex_dtype(loop_dtype) &&
           ((ufunc->output == OUT_BOOL && ufunc->inputs == 2) || ufunc == &ufuncs[UFUNC_sign]);
}
int ufunc_operand_dtype(const struct ufunc_call *call, uint32_t i); /* what the loop reads or writes; inputs come first */
int ufunc_resolve(struct vm *vm, struct ufunc_call *call); /* the type to compute in; -1: error pending */
int ufunc_output_dtype(const struct ufunc *ufunc, int loop_dtype, int output);
value raise_no_loop(struct vm *vm, const struct ufunc *ufunc);
value raise_no_signature(struct vm *vm, const struct ufunc *ufunc);

/* Several operands walked together: axes in numpy's order (the smallest strides innermost, conflicts in
 * favour of C order), adjoining ones merged. */
struct operand_walk {
    uint32_t dimensions, operands;
    int64_t shape[DIMENSIONS_MAX]; /* the innermost axis first */
    int64_t strides[UFUNC_OPERANDS_MAX][DIMENSIONS_MAX];
    char *data[UFUNC_OPERANDS_MAX];
};
/* shape and strides as the caller put them in with the axes in their own order (outermost first). */
void walk_order(struct operand_walk *walk,
                uint32_t *order); /* order[i]: the axis that is i-th from the innermost */
void walk_simplify(struct operand_walk *walk, const uint32_t *order,
                   bool turn); /* turn: backward axes round */
bool walk_next(struct operand_walk *walk,
               int64_t *index); /* the axes but the innermost; false after the last */

/* The work of a cast by way of a new array of the loop's type, which is what the program asks for, when it is made in passing. */
void ufunc_record_cast(struct vm *vm, const struct ndarray *array, int loop_dtype);

/* ---- ufunc_blocks.c ---- */
enum { CAST_FIRST_MAX = 8192 }; /* elements of an input that is cast before the loop runs, in any case */
void ufunc_plan_casts(struct ufunc_call *call, const int64_t *shape, uint32_t dimensions); /* fills in_passing[] */
/* Runs the loop with casts in passing; the floating-point errors met, those of the loop among them when it is watched. */
unsigned ufunc_run_blocks(struct vm *vm, const struct ufunc_call *call, struct operand_walk *walk, ufunc_loop loop, bool watched);

extern const struct method_definition ufunc_methods[]; /* ufunc_reduce.c */
/* Negative exponents of integers' powers are refused, dtype being the loop's. */
bool exponents_check(struct vm *vm, const struct ufunc *ufunc, int dtype, const struct ndarray *exponents,
                     const struct ndarray *where);
value ufunc_at(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names); /* ufunc_at.c */
struct reduce_options {
    value dtype, out, keepdims, initial, where;
    const char *who; /* what warnings name; NULL: reduce */
};
value ufunc_reduce(struct vm *vm, const struct ufunc *ufunc, value array, value axis,
                   const struct reduce_options *options);
/* Comparisons of two arrays of texts; VALUE_NULL: an exception is pending. */
value compare_texts(struct vm *vm, const struct ufunc *ufunc, struct ndarray *a, struct ndarray *b);
bool object_operation(struct vm *vm, const struct ufunc *ufunc, const value *items, value *results);

/* ---- override.c: VALUE_NULL without exception when no operand takes the call over ---- */
value ufunc_override(struct vm *vm, const struct ufunc *ufunc, const char *method, const value *inputs, size_t count,
                     const value *options, value option_names); /* options: by name */
/* Of a method whose arguments are bound: so many inputs, then `count` options of these names, absent ones VALUE_NULL. */
value ufunc_method_override(struct vm *vm, const struct ufunc *ufunc, const char *method, const value *arguments,
                            size_t inputs, const char *const *names, size_t count);

static inline const struct ufunc *ufunc_of(value v)
{
    return ((struct ufunc_object *)value_object(v))->ufunc;
}

#endif
