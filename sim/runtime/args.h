/* args.h - arguments of native functions, checked against a signature written as Python writes it:
 * "(iterable, /, key=None, *, reverse=False)". Messages are those of CPython's Argument Clinic. */
#ifndef HYBRIDSIM_SIM_RUNTIME_ARGS_H
#define HYBRIDSIM_SIM_RUNTIME_ARGS_H

#include "sim/runtime/vm.h"

struct signature;

/* Parses once; the text must be static. Aborts on a malformed text: it is ours. */
struct signature *signature_parse(const char *function_name, const char *text);

/* Puts each parameter's value in `out` (one a parameter, in order; absent optional ones VALUE_NULL; *args a tuple, **kwargs a
 * dict). False: TypeError pending. */
bool signature_bind(struct vm *vm, const struct signature *signature, const value *arguments, size_t count,
                    value keyword_names, value *out);
int signature_parameter_count(const struct signature *signature);

/* What every struct signature starts with. */
struct signature_front {
    bool plain;                 /* only positional parameters, and optional keyword-only ones, but no * or ** */
    uint8_t required, positional, count;
};
/* These many positional arguments and nothing else bind as they lie; the parameters after them are absent. */
static inline bool signature_fits(const struct signature *signature, size_t count)
{
    const struct signature_front *front = (const struct signature_front *)(const void *)signature;
    return front->plain && count >= front->required && count <= front->positional;
}

/* For functions without a signature text: only positional arguments, between minimum and maximum (-1: no limit). */
bool check_positional(struct vm *vm, const char *function, size_t count, value keyword_names, int minimum, int maximum);

/* A native function whose definition has a signature gets its arguments already bound: `arguments` has one value a
 * parameter (VALUE_NULL where absent), count == number of parameters, keyword_names == VALUE_NULL. */

#endif
