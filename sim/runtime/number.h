/* number.h - what the files of int, float and complex share beside types.h. */
#ifndef HYBRIDSIM_SIM_RUNTIME_NUMBER_H
#define HYBRIDSIM_SIM_RUNTIME_NUMBER_H

#include "sim/runtime/args.h"
#include "sim/runtime/exception.h"
#include "sim/runtime/text.h"
#include "sim/runtime/types.h"

#include <math.h>

/* The magnitude of an int without copying: limbs point into the object, or to `small`. */
struct int_view {
    const mp_limb_t *limbs;
    mp_size_t count;
    bool negative;
    mp_limb_t small;
    mpz_t number;            /* read-only for GMP's functions: see int_view_mpz */
};
void int_view(value v, struct int_view *view); /* any int, bool or subclass; view must not be copied */
static inline mpz_srcptr int_view_mpz(struct int_view *view)
{
    return mpz_roinit_n(view->number, view->limbs, view->negative ? -view->count : view->count);
}

/* An instance of an int subclass keeps its number in limbs[0] as an exact int; `reserved` says so. */
value int_exact(value v);                     /* the exact int of an int, a bool or an instance of a subclass */
__extension__ typedef __int128 int128;
value int_from_int128(struct vm *vm, int128 n);
value int_new_of(struct vm *vm, struct type *type, value exact); /* exact int as an instance of type */
bool is_exact_int(value v);                   /* int itself: small or big, no bool, no subclass */

/* int_arithmetic.c */
value int_power(struct vm *vm, value a, value b, value modulus); /* modulus VALUE_NULL: none */
value int_divmod(struct vm *vm, value a, value b, value *remainder);
value int_negate(struct vm *vm, value v);
value int_absolute(struct vm *vm, value v);
value int_shift_left(struct vm *vm, value a, value b);
size_t int_bit_length(value v);
double int_ratio(struct vm *vm, value a, value b, bool *failed); /* true division, correctly rounded */
bool int_result_too_big(struct vm *vm, double bits);             /* MemoryError pending */

/* int_text.c */
value int_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names);
value int_repr(struct vm *vm, value v);
char *int_digits(value v, int base);          /* malloc'd, without sign */
value int_from_value(struct vm *vm, value v); /* int(v) with one argument; exact */
enum { INT_MAX_DIGITS_DEFAULT = 4300, INT_MAX_DIGITS_THRESHOLD = 640 };

/* int.c methods that builtins call as well */
value int_round(struct vm *vm, value v, value digits);
value float_round(struct vm *vm, value v, value digits);
value float_divmod(struct vm *vm, double a, double b, value *remainder);
bool float_parse_value(struct vm *vm, value v, double *out); /* float(v) for v str, bytes...; raises */
int float_compare_int(double d, value integer);              /* d finite: <0, 0, >0 */
value float_as_ratio(struct vm *vm, double d);
bool float_operand(struct vm *vm, value v, double *out, bool *failed); /* float or int; false: not a number, or failed */

/* number.c */
value number_divmod(struct vm *vm, value a, value b);
value number_power(struct vm *vm, value base, value exponent, value modulus); /* modulus NONE: none */
value number_int(struct vm *vm, value v);     /* int(v) */
value number_float(struct vm *vm, value v);   /* float(v) */
value number_index(struct vm *vm, value v);   /* operator.index(v), an exact int */
value number_absolute(struct vm *vm, value v);
bool value_to_c_int(struct vm *vm, value v, int *out); /* __index__; OverflowError, in the words of CPython's argument parser */

/* complex.c */
struct complex_number { double real, imaginary; };
bool complex_operand(struct vm *vm, value v, struct complex_number *out, bool *failed);
value complex_power(struct vm *vm, struct complex_number a, struct complex_number b);
static inline bool is_complex(struct vm *vm, value v)
{
    return is_object(v) && !is_exact(v, &string_type) && is_instance(vm, v, &complex_type);
}

/* float_text.cc */
size_t float_shortest(double d, char out[40]); /* scientific: d.ddde+XX */
size_t float_shortest_single(float f, char out[40]);
bool float_from_text(const char *text, size_t size, double *out);

/* What a comparison of the kind says of two things in this order (negative: the first is less), and of two doubles. */
static inline bool order_holds(int order, enum compare_kind kind)
{
    switch (kind) {
    case COMPARE_LT: return order < 0;
    case COMPARE_LE: return order <= 0;
    case COMPARE_EQ: return order == 0;
    case COMPARE_NE: return order != 0;
    case COMPARE_GT: return order > 0;
    case COMPARE_GE: return order >= 0;
    }
    return false;
}

static inline bool doubles_compare(double x, double y, enum compare_kind kind)
{
    switch (kind) {
    case COMPARE_LT: return x < y;
    case COMPARE_LE: return x <= y;
    case COMPARE_EQ: return x == y;
    case COMPARE_NE: return x != y;
    case COMPARE_GT: return x > y;
    case COMPARE_GE: return x >= y;
    }
    return false;
}

#endif
