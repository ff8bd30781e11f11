/* loops.h - the inner loops of ufuncs: for each operation a table of functions by the type they compute in. A
 * loop gets the operands' addresses (inputs, then outputs), their steps in bytes, and how many elements there
 * are. Loops over adjoining elements are written so that compilers vectorise them; no result depends on
 * whether they do.
 */
#ifndef HYBRIDSIM_SIM_TENSOR_LOOPS_H
#define HYBRIDSIM_SIM_TENSOR_LOOPS_H

#include "sim/tensor/ndarray.h"
#include "sim/tensor/rows/lane_rows.h"
#include "sim/tensor/rows/rows.h"

typedef void (*ufunc_loop)(char *const *data, const int64_t *steps, int64_t count);
typedef ufunc_loop loop_table[DTYPE_NUMERIC_COUNT];

/* clang-format off */
#define LOOP_TABLES(X) \
    X(add) X(subtract) X(multiply) X(divide) X(floor_divide) X(remainder) X(fmod) X(power) X(divmod) X(negative) X(positive) \
    X(absolute) X(fabs) X(square) X(reciprocal) X(sign) X(conjugate) X(gcd) X(lcm) X(clip) \
    X(equal) X(not_equal) X(less) X(less_equal) X(greater) X(greater_equal) X(logical_and) X(logical_or) X(logical_xor) \
    X(logical_not) X(bitwise_and) X(bitwise_or) X(bitwise_xor) X(invert) X(left_shift) X(right_shift) \
    X(maximum) X(minimum) X(fmax) X(fmin) X(isnan) X(isinf) X(isfinite) X(signbit) \
    X(sqrt) X(cbrt) X(exp) X(exp2) X(expm1) X(log) X(log2) X(log10) X(log1p) X(sin) X(cos) X(tan) X(arcsin) X(arccos) X(arctan) \
    X(sinh) X(cosh) X(tanh) X(arcsinh) X(arccosh) X(arctanh) X(floor) X(ceil) X(trunc) X(rint) X(deg2rad) X(rad2deg) X(spacing) \
    X(hypot) X(arctan2) X(copysign) X(nextafter) X(logaddexp) X(logaddexp2) X(heaviside) X(float_power) \
    X(ldexp) X(ldexp_short) X(frexp) X(modf) \
    X(add_reduce) X(multiply_reduce) X(maximum_reduce) X(minimum_reduce) X(logical_and_reduce) X(logical_or_reduce)
/* clang-format on */
/* All loops exist twice on x86-64: for any processor, and for those with AVX2. That has no fused operations, so the results are the
 * same. */
#ifdef __x86_64__
#define DECLARE(name) extern const loop_table name##_loops, name##_wide_loops;
#define LOOPS_FOR_HOST(name) (__builtin_cpu_supports("avx2") ? &name##_wide_loops : &name##_loops)
#else
#define DECLARE(name) extern const loop_table name##_loops;
#define LOOPS_FOR_HOST(name) (&name##_loops)
#endif
LOOP_TABLES(DECLARE)
#ifdef COMPILING_WIDE_LOOPS
#define LOOPS(name) name##_wide_loops
#else
#define LOOPS(name) name##_loops
#endif

typedef void (*convert_loop)(char *target, int64_t target_step, const char *source, int64_t source_step, int64_t count);
typedef convert_loop convert_table[DTYPE_NUMERIC_COUNT][DTYPE_NUMERIC_COUNT]; /* [from][to] */
#define loop_table convert_table
DECLARE(convert)
#undef loop_table
typedef int64_t (*extreme_finder)(const char *data, int64_t count, int64_t step, bool greatest); /* its index */
typedef extreme_finder extreme_table[DTYPE_NUMERIC_COUNT];
#define loop_table extreme_table
DECLARE(extreme)
#undef loop_table
#undef DECLARE

/* Choosing elements of 8 bytes; indices below zero count from the end. */
extern const struct selection_loops {
    void (*positions)(const char *mask, int64_t total, int64_t *out); /* of so many bools that are true */
    void (*gather)(const char *data, int64_t length, int64_t stride, const int64_t *given, int64_t count, uint64_t *out);
    void (*scatter)(char *data, int64_t length, int64_t stride, const int64_t *given, int64_t count, const uint64_t *from,
                    int64_t step); /* 1, or 0: the same for all */
    bool (*all_within)(const int64_t *given, int64_t count, int64_t length); /* in [-length, length) */
} selection_loops, selection_wide_loops;

/* Operands either do not overlap or are the same elements. */
#ifdef __clang__ /* it looks for overlap when the loop runs */
#define VECTOR_LOOP
#else
#define VECTOR_LOOP _Pragma("GCC ivdep")
#endif
#define ELEMENT(type, address) (*(type *)(void *)(address))
#define ELEMENTS(type, address) ((type *)(void *)(address))

/* RESULT name(T a) { return expression; } over arrays; `a` is each input element. */
#define UNARY_LOOP(name, T, RESULT, expression)                                                              \
    static void name(char *const *data, const int64_t *steps, int64_t count)                                 \
    {                                                                                                        \
        const char *x = data[0];                                                                             \
        char *z = data[1];                                                                                   \
        if (steps[0] == sizeof(T) && steps[1] == sizeof(RESULT)) {                                           \
            VECTOR_LOOP                                                                                      \
            for (int64_t i = 0; i < count; i++) {                                                            \
                const T a = ((const T *)(const void *)x)[i];                                                 \
                ELEMENTS(RESULT, z)[i] = expression;                                                         \
            }                                                                                                \
            return;                                                                                          \
        }                                                                                                    \
        for (int64_t i = 0; i < count; i++, x += steps[0], z += steps[1]) {                                  \
            const T a = *(const T *)(const void *)x;                                                         \
            ELEMENT(RESULT, z) = expression;                                                                 \
        }                                                                                                    \
    }

#define BINARY_LOOP(name, T, RESULT, expression)                                                             \
    static void name(char *const *data, const int64_t *steps, int64_t count)                                 \
    {                                                                                                        \
        const char *x = data[0], *y = data[1];                                                               \
        char *z = data[2];                                                                                   \
        bool plain = steps[2] == sizeof(RESULT);                                                             \
        if (plain && steps[0] == sizeof(T) && steps[1] == sizeof(T)) {                                       \
            VECTOR_LOOP                                                                                      \
            for (int64_t i = 0; i < count; i++) {                                                            \
                const T a = ((const T *)(const void *)x)[i], b = ((const T *)(const void *)y)[i];            \
                ELEMENTS(RESULT, z)[i] = expression;                                                         \
            }                                                                                                \
        } else if (plain && steps[0] == sizeof(T) && steps[1] == 0) {                                        \
            const T b = *(const T *)(const void *)y;                                                         \
            VECTOR_LOOP                                                                                      \
            for (int64_t i = 0; i < count; i++) {                                                            \
                const T a = ((const T *)(const void *)x)[i];                                                 \
                ELEMENTS(RESULT, z)[i] = expression;                                                         \
            }                                                                                                \
        } else if (plain && steps[0] == 0 && steps[1] == sizeof(T)) {                                        \
            const T a = *(const T *)(const void *)x;                                                         \
            VECTOR_LOOP                                                                                      \
            for (int64_t i = 0; i < count; i++) {                                                            \
                const T b = ((const T *)(const void *)y)[i];                                                 \
                ELEMENTS(RESULT, z)[i] = expression;                                                         \
            }                                                                                                \
        } else {                                                                                             \
            for (int64_t i = 0; i < count; i++, x += steps[0], y += steps[1], z += steps[2]) {               \
                const T a = *(const T *)(const void *)x, b = *(const T *)(const void *)y;                    \
                ELEMENT(RESULT, z) = expression;                                                             \
            }                                                                                                \
        }                                                                                                    \
    }

/* The same for half floats, computed as floats. */
#define HALF_LOOP(name, expression)                                                                          \
    static inline float name##_of(float a, float b)                                                          \
    {                                                                                                        \
        return expression;                                                                                   \
    }                                                                                                        \
    BINARY_LOOP(name, half, half, float_to_half(name##_of(half_to_float(a), half_to_float(b))))

/* Operands with any steps through a row, of each type; pairs of half floats go through floats. */
void lanes_of_doubles(row_function *row, char *const *data, const int64_t *steps, int64_t count);
void lanes_of_singles(single_row *row, char *const *data, const int64_t *steps, int64_t count);
void lanes_of_halves(half_row *row, char *const *data, const int64_t *steps, int64_t count);
void lanes_of_double_pairs(row_function_of_two *row, char *const *data, const int64_t *steps, int64_t count);
void lanes_of_single_pairs(single_row_of_two *row, char *const *data, const int64_t *steps, int64_t count);
void lanes_of_half_pairs(single_row_of_two *row, char *const *data, const int64_t *steps, int64_t count);

/* name_FLOAT64 with a row of that name. */
#define ROW_LOOP(name)                                                                                       \
    static void name##_FLOAT64(char *const *data, const int64_t *steps, int64_t count)                       \
    {                                                                                                        \
        lanes_of_doubles(HOST_ROW(name), data, steps, count);                                                \
    }
#define ROW_LOOP_OF_TWO(name)                                                                                \
    static void name##_FLOAT64(char *const *data, const int64_t *steps, int64_t count)                       \
    {                                                                                                        \
        lanes_of_double_pairs(HOST_ROW(name), data, steps, count);                                           \
    }

/* name_TYPE with a row of that name. */
#define LANE_LOOP(name, TYPE, through, row)                                                                  \
    static void name##_##TYPE(char *const *data, const int64_t *steps, int64_t count)                        \
    {                                                                                                        \
        through(HOST_LANES(row), data, steps, count);                                                        \
    }
#define SINGLE_LOOPS(name)                                                                                   \
    LANE_LOOP(name, FLOAT32, lanes_of_singles, name##_singles)                                               \
    LANE_LOOP(name, FLOAT16, lanes_of_halves, name##_halves)
#define SINGLE_LOOPS_OF_TWO(name)                                                                            \
    LANE_LOOP(name, FLOAT32, lanes_of_single_pairs, name##_singles)                                          \
    LANE_LOOP(name, FLOAT16, lanes_of_half_pairs, name##_singles)

/* The rows of dtypes.def by class, for M(operation, NAME, type, ...). U: the unsigned type to compute in. */
#define EACH_SIGNED(M, op)                                                                                   \
    M(op, INT8, int8_t, uint32_t)                                                                            \
    M(op, INT16, int16_t, uint32_t) M(op, INT32, int32_t, uint32_t) M(op, INT64, int64_t, uint64_t)
#define EACH_UNSIGNED(M, op)                                                                                 \
    M(op, UINT8, uint8_t, uint32_t)                                                                          \
    M(op, UINT16, uint16_t, uint32_t) M(op, UINT32, uint32_t, uint32_t) M(op, UINT64, uint64_t, uint64_t)
#define EACH_INTEGER(M, op) EACH_SIGNED(M, op) EACH_UNSIGNED(M, op)
#define EACH_REAL(M, op) M(op, FLOAT32, float, float) M(op, FLOAT64, double, double)
#define EACH_COMPLEX(M, op) M(op, COMPLEX64, complex_float, float) M(op, COMPLEX128, complex_double, double)

#define ENTRY(op, NAME, T, U) [DTYPE_##NAME] = op##_##NAME,
#define INTEGER_ENTRIES(op) EACH_INTEGER(ENTRY, op)
#define REAL_ENTRIES(op) [DTYPE_FLOAT16] = op##_FLOAT16, EACH_REAL(ENTRY, op)
#define COMPLEX_ENTRIES(op) EACH_COMPLEX(ENTRY, op)
#define BOOL_ENTRY(op) [DTYPE_BOOL] = op##_BOOL,

#endif
