/* ufunc_resolve.c - which loop of a ufunc a call takes, and what is said when there is none. */
#include "sim/tensor/ufunc.h"

value raise_no_loop(struct vm *vm, const struct ufunc *ufunc)
{
    return raise_error(
        vm, &exc_TypeError,
        "ufunc '%s' not supported for the input types, and the inputs could not be safely coerced to any "
        "supported types according to the casting rule ''safe''",
        ufunc->name);
}

static bool refuse_boolean(struct vm *vm, const struct ufunc *ufunc, int dtype)
{
    if (dtype != DTYPE_BOOL)
        return false;
    if (ufunc == &ufuncs[UFUNC_subtract])
        raise_error(vm, &exc_TypeError,
                    "numpy boolean subtract, the `-` operator, is not supported, use the bitwise_xor, the "
                    "`^` operator, or the "
                    "logical_xor function instead.");
    else if (ufunc == &ufuncs[UFUNC_negative])
        raise_error(vm, &exc_TypeError,
                    "The numpy boolean negative, the `-` operator, is not supported, use the `~` operator or "
                    "the logical_not "
                    "function instead.");
    return vm->pending != VALUE_NULL;
}

/* The types as numpy names them here: <class 'numpy.dtype[uint32]'>. */
static value raise_no_uniform(struct vm *vm, const struct ufunc_call *call)
{
    value names[2];
    for (uint32_t i = 0; i < call->ufunc->inputs; i++) {
        int dtype = array_dtype(call->in[i]);
        value name = dtype_kind(dtype) == DTYPE_STRING ? string_from_text(vm, "str_") : dtype_name(vm, dtype);
        names[i] = string_printf(vm, "<class 'numpy.dtype[%U%s]'>", name,
                                 call->in[i]->dtype == DTYPE_BOOL ? "_" : "");
    }
    if (call->ufunc->inputs == 1)
        return raise_error(vm, &ufunc_type_error_type,
                           "ufunc '%s' did not contain a loop with signature matching types %U -> None",
                           call->ufunc->name, names[0]);
    return raise_error(vm, &ufunc_type_error_type,
                       "ufunc '%s' did not contain a loop with signature matching types (%U, %U) -> None",
                       call->ufunc->name, names[0], names[1]);
}

/* Does the loop's type take the operand? Those without dimensions count by their value, when arrays of their
 * kind are there. */
static bool loop_takes(const struct ndarray *operand, bool by_value, int dtype)
{
    if (!by_value || operand->dimensions)
        return can_cast(operand->dtype, dtype, CAST_SAFE);
    int least = min_scalar_type(operand);
    return can_cast(least, dtype, CAST_SAFE) ||
           (dtype_letter(least) == 'u' && element_int(operand->dtype, operand->data) >= 0 &&
            element_int(operand->dtype, operand->data) <= INT64_MAX >> (64 - 8 * dtype_bytes(least)) &&
            can_cast(least - 1, dtype, CAST_SAFE));
}

static value raise_no_arithmetic(struct vm *vm, const struct ufunc_call *call)
{
    const struct ufunc *ufunc = call->ufunc;
    if (ufunc->flags & UFUNC_UNIFORM || (ufunc->output == OUT_BOOL && ufunc->inputs == 2) ||
        ufunc == &ufuncs[UFUNC_absolute] || ufunc == &ufuncs[UFUNC_negative])
        return raise_no_uniform(vm, call);
    bool extreme =
        ufunc == &ufuncs[UFUNC_clip] || (ufunc >= &ufuncs[UFUNC_maximum] && ufunc <= &ufuncs[UFUNC_fmin]);
    if (ufunc != &ufuncs[UFUNC_add] && ufunc != &ufuncs[UFUNC_subtract] && ufunc != &ufuncs[UFUNC_multiply] &&
        !extreme)
        return raise_no_loop(vm, ufunc);
    return raise_error(vm, &ufunc_type_error_type,
                       "ufunc '%s' did not contain a loop with signature matching types (%R, %R) -> None",
                       call->ufunc->name, dtype_value(vm, array_dtype(call->in[0])),
                       dtype_value(vm, array_dtype(call->in[1])));
}

value raise_no_signature(struct vm *vm, const struct ufunc *ufunc)
{
    return raise_error(vm, &exc_TypeError,
                       "No loop matching the specified signature and casting was found for ufunc %s",
                       ufunc->name);
}

/* ldexp's second operand: an integer. */
static bool takes_exponents(const struct ufunc_call *call)
{
    return can_cast(array_dtype(call->in[1]), DTYPE_INT64, CAST_SAFE) ||
           (counts_by_value((struct ndarray *const *)call->in, 2) &&
            can_cast(min_scalar_type(call->in[1]), DTYPE_INT64, CAST_SAFE));
}

int ufunc_resolve(struct vm *vm, struct ufunc_call *call)
{
    const struct ufunc *ufunc = call->ufunc;
    bool numeric = true, object = false;
    for (uint32_t i = 0; i < ufunc->inputs; i++) {
        numeric = numeric && is_numeric_dtype(call->in[i]->dtype);
        object = object || call->in[i]->dtype == DTYPE_OBJECT;
    }
    /* Objects that are to be numbers are cast like numbers. */
    bool cast = object && call->dtype != DTYPE_NONE && is_numeric_dtype(call->dtype) && ufunc->output != OUT_BOOL;
    if (call->dtype == DTYPE_OBJECT && ufunc->flags & UFUNC_NO_OBJECTS) {
        raise_no_signature(vm, ufunc);
        return -1;
    }
    if (!numeric && !cast) {
        if (call->dtype != DTYPE_NONE && is_numeric_dtype(call->dtype) &&
            (ufunc->output == OUT_BOOL ? call->dtype != DTYPE_BOOL : !(*ufunc_loops(ufunc))[call->dtype])) {
            raise_no_signature(vm, ufunc);
            return -1;
        }
        if (object && !(ufunc->flags & UFUNC_NO_OBJECTS))
            return DTYPE_OBJECT;
        if (object) {
            raise_no_loop(vm, ufunc);
            return -1;
        }
        raise_no_arithmetic(vm, call);
        return -1;
    }
    const loop_table *loops = ufunc_loops(ufunc);
    if (call->dtype != DTYPE_NONE) {
        if (refuse_boolean(vm, ufunc, call->dtype))
            return -1;
        if (dtype_kind(call->dtype) == DTYPE_OBJECT && !(ufunc->flags & UFUNC_NO_OBJECTS))
            return DTYPE_OBJECT;
        if (ufunc->output == OUT_REAL &&
            (is_complex_dtype(call->dtype) ||
             (is_complex_dtype(call->in[0]->dtype) && is_float_dtype(call->dtype)))) {
            int wide =
                call->dtype == DTYPE_FLOAT64 ? DTYPE_COMPLEX128 : DTYPE_COMPLEX64; /* it names the result */
            if (is_float_dtype(call->dtype) && call->dtype != DTYPE_FLOAT16 &&
                can_cast(call->in[0]->dtype, wide, CAST_SAFE))
                return wide;
            cast ? raise_no_signature(vm, ufunc) : raise_no_uniform(vm, call);
            return -1;
        }
        bool takes_all = true; /* there are loops of other types with this result */
        for (uint32_t i = 0; i < ufunc->inputs; i++)
            takes_all = takes_all && (!is_numeric_dtype(call->in[i]->dtype) || (*loops)[call->in[i]->dtype]);
        if (ufunc->output == OUT_BOOL && call->dtype == DTYPE_BOOL && (takes_all || !is_complex_dtype(call->in[0]->dtype)))
            call->dtype = DTYPE_NONE;
        else if (!is_numeric_dtype(call->dtype) || !(*loops)[call->dtype] || ufunc->output == OUT_BOOL ||
                 ufunc == &ufuncs[UFUNC_ldexp] || ufunc->output == OUT_INTEGER) {
            raise_no_signature(vm, ufunc);
            return -1;
        } else
            return call->dtype;
    }
    bool shift = ufunc == &ufuncs[UFUNC_ldexp];
    if (shift && !takes_exponents(call)) {
        raise_no_loop(vm, ufunc);
        return -1;
    }
    if (ufunc->flags & UFUNC_SEARCHED && !shift) {
        bool by_value = counts_by_value(call->in, ufunc->inputs);
        for (int dtype = 0; dtype < DTYPE_NUMERIC_COUNT; dtype++) {
            bool takes = (*loops)[dtype];
            for (uint32_t i = 0; takes && i < ufunc->inputs; i++)
                takes = loop_takes(call->in[i], by_value, dtype);
            if (takes)
                return dtype;
        }
        raise_no_loop(vm, ufunc);
        return -1;
    }
    int common = shift && counts_by_value(call->in, 2) ? min_scalar_type(call->in[0])
                 : ufunc->inputs == 1 || shift         ? call->in[0]->dtype
                                                       : result_type(vm, call->in, ufunc->inputs);
    if (common < 0 || refuse_boolean(vm, ufunc, common))
        return -1;
    if (ufunc->flags & UFUNC_TRUE_DIVIDE && (common == DTYPE_BOOL || is_integer_dtype(common)))
        common = DTYPE_FLOAT64;
    if (ufunc->flags & UFUNC_UNIFORM && !(*loops)[common]) {
        raise_no_uniform(vm, call);
        return -1;
    }
    for (int dtype = common; dtype < DTYPE_NUMERIC_COUNT; dtype++)
        if ((*loops)[dtype] && can_cast(common, dtype, CAST_SAFE))
            return dtype;
    raise_no_loop(vm, ufunc);
    return -1;
}

int ufunc_output_dtype(const struct ufunc *ufunc, int loop_dtype, int output)
{
    switch ((enum ufunc_output)ufunc->output) {
    case OUT_SAME:
        return loop_dtype;
    case OUT_BOOL:
        return DTYPE_BOOL;
    case OUT_REAL:
        return loop_dtype == DTYPE_COMPLEX64    ? DTYPE_FLOAT32
               : loop_dtype == DTYPE_COMPLEX128 ? DTYPE_FLOAT64
                                                : loop_dtype;
    case OUT_INTEGER:
        return output ? DTYPE_INT32 : loop_dtype;
    }
    return loop_dtype;
}
