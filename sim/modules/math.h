/* math.h - what the files of module math share: arguments as doubles, the two errors. */
#ifndef HYBRIDSIM_SIM_MODULES_MATH_H
#define HYBRIDSIM_SIM_MODULES_MATH_H

#include "sim/runtime/args.h"
#include "sim/runtime/exception.h"
#include "sim/runtime/number.h"
#include "sim/runtime/types.h"

#include <math.h>

#define MATH_FUNCTION(name)                                                                                            \
    value math_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define MATH_UNUSED (void)self, (void)arguments, (void)count, (void)keyword_names

static inline bool math_number(struct vm *vm, value v, double *out)
{
    if (is_immediate_float(v)) {
        *out = immediate_float(v);
        return true;
    }
    if (is_small_int(v)) {
        *out = (double)small_int_value(v);
        return true;
    }
    return value_to_double(vm, v, out);
}

static inline value math_domain_error(struct vm *vm)
{
    return raise_error(vm, &exc_ValueError, "math domain error");
}

static inline value math_range_error(struct vm *vm)
{
    return raise_error(vm, &exc_OverflowError, "math range error");
}

/* math_integer.c */
MATH_FUNCTION(gcd);
MATH_FUNCTION(lcm);
MATH_FUNCTION(isqrt);
MATH_FUNCTION(factorial);
MATH_FUNCTION(comb);
MATH_FUNCTION(perm);

/* math_sum.c */
MATH_FUNCTION(fsum);
MATH_FUNCTION(prod);
MATH_FUNCTION(hypot);
MATH_FUNCTION(dist);

/* math_gamma.c */
MATH_FUNCTION(gamma);
MATH_FUNCTION(lgamma);

extern const struct native_module math_module;

#endif
