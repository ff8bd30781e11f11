/* numpy_state.h - what np.seterr and np.set_printoptions change, and the library's Python part. Hangs off the
 * vm. */
#ifndef HYBRIDSIM_SIM_TENSOR_NUMPY_STATE_H
#define HYBRIDSIM_SIM_TENSOR_NUMPY_STATE_H

#include "sim/tensor/ndarray.h"

enum error_mode { ERROR_IGNORE, ERROR_WARN, ERROR_RAISE, ERROR_CALL, ERROR_PRINT, ERROR_LOG };
enum { ERROR_KINDS = 4 }; /* divide, over, under, invalid */
enum float_mode { FLOATMODE_FIXED, FLOATMODE_UNIQUE, FLOATMODE_MAXPREC, FLOATMODE_MAXPREC_EQUAL };

struct print_options {
    int64_t precision, threshold, edge_items, line_width;
    bool suppress;
    char sign; /* '-', '+', ' ' */
    enum float_mode float_mode;
    value nan_text, infinity_text;
    value formatter; /* a dict, or NONE */
    value legacy;    /* FALSE or "1.21", which print alike; what else was given makes get_printoptions fail, as numpy's does */
};

struct numpy_state {
    uint8_t error_modes[ERROR_KINDS];
    value error_call; /* np.seterrcall's */
    struct print_options print;
    value module;          /* module numpy */
    value complex_warning; /* the class numpy.ComplexWarning */
    value derived_met;     /* the exception with which a function met a derived array (derived.c) */
};

struct numpy_state *numpy_state(struct vm *vm); /* made when first asked for */

/* As np.array2string; the options are those in force, changed as the caller wants. before, after: how long that is
 * what stands around the text. */
value array_to_text(struct vm *vm, struct ndarray *array, const struct print_options *options, value separator,
                    int64_t before, int64_t after);

#endif
