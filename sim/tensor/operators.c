/* operators.c - Python's operators on arrays and numpy's scalars. Two numbers meet here without arrays being
 * made of them. */
#include "sim/tensor/derived.h"
#include "sim/tensor/ufunc.h"

#include "sim/runtime/exception.h"
#include "sim/runtime/number.h"

#include <fenv.h>

static const uint8_t binary_ufuncs[BINARY_COUNT] = {[BINARY_ADD] = UFUNC_add,
                                                    [BINARY_AND] = UFUNC_bitwise_and,
                                                    [BINARY_FLOOR_DIVIDE] = UFUNC_floor_divide,
                                                    [BINARY_LSHIFT] = UFUNC_left_shift,
                                                    [BINARY_MUL] = UFUNC_multiply,
                                                    [BINARY_REMAINDER] = UFUNC_remainder,
                                                    [BINARY_OR] = UFUNC_bitwise_or,
                                                    [BINARY_POWER] = UFUNC_power,
                                                    [BINARY_RSHIFT] = UFUNC_right_shift,
                                                    [BINARY_SUB] = UFUNC_subtract,
                                                    [BINARY_DIV] = UFUNC_divide,
                                                    [BINARY_XOR] = UFUNC_bitwise_xor};
static const uint8_t compare_ufuncs[] = {UFUNC_less,      UFUNC_less_equal, UFUNC_equal,
                                         UFUNC_not_equal, UFUNC_greater,    UFUNC_greater_equal};
static const uint8_t unary_ufuncs[UNARY_COUNT] = {UFUNC_positive, UFUNC_negative, UFUNC_invert};

/* ---- Python's own operations, for arrays of objects ---- */

static bool object_extreme(struct vm *vm, const value *items, enum compare_kind kind, value *result)
{
    int truth = compare_truth(vm, kind, items[0], items[1]);
    *result = truth > 0 ? items[0] : items[1];
    return truth >= 0;
}

static bool object_method(struct vm *vm, const struct ufunc *ufunc, value item, value *result)
{
    value method;
    int found = find_attribute(vm, item, intern_text(vm, ufunc->name), &method);
    if (found < 0)
        return false;
    if (!found) {
        raise_error(vm, &exc_TypeError,
                    "loop of ufunc does not support argument 0 of type %T which has no callable %s method",
                    item, ufunc->name);
        return false;
    }
    *result = call_0(vm, method);
    return *result != VALUE_NULL;
}

/* Euclid's algorithm, for what is no integer. */
static bool object_divisor(struct vm *vm, const value *items, bool multiple, value *result)
{
    value a = items[0], b = items[1];
    for (int truth; (truth = value_truth(vm, b)) != 0;) {
        value rest = truth < 0 ? VALUE_NULL : binary_operation(vm, BINARY_REMAINDER, a, b);
        if (rest == VALUE_NULL)
            return false;
        a = b;
        b = rest;
    }
    a = number_absolute(vm, a);
    if (multiple && a != VALUE_NULL) {
        a = binary_operation(vm, BINARY_FLOOR_DIVIDE, items[0], a);
        a = a == VALUE_NULL ? a : binary_operation(vm, BINARY_MUL, a, items[1]);
        a = a == VALUE_NULL ? a : number_absolute(vm, a);
    }
    *result = a;
    return a != VALUE_NULL;
}

/* The function of the same name in module math. */
static bool object_math(struct vm *vm, const struct ufunc *ufunc, const value *items, value *result)
{
    value math = import_module(vm, "math"), function = math == VALUE_NULL ? math : get_attribute_text(vm, math, ufunc->name);
    if (function == VALUE_NULL)
        return false;
    *result = call(vm, function, items, ufunc->inputs, VALUE_NULL);
    if (*result == VALUE_NULL && ufunc->inputs == 2 && exception_matches(vm, &exc_TypeError)) {
        exception_clear(vm);
        return object_divisor(vm, items, ufunc == &ufuncs[UFUNC_lcm], result);
    }
    return *result != VALUE_NULL;
}

/* Python's floats are put in order by the host's instruction, which raises invalid for NaN. */
static void raise_if_unordered(const value *items)
{
    for (int i = 0; i < 2; i++)
        if (is_float(items[i]) && isnan(float_number(items[i])))
            feraiseexcept(FE_INVALID);
}

bool object_operation(struct vm *vm, const struct ufunc *ufunc, const value *items, value *results)
{
    int which = (int)(ufunc - ufuncs);
    if ((which >= UFUNC_less && which <= UFUNC_greater_equal) || (which >= UFUNC_maximum && which <= UFUNC_fmin))
        raise_if_unordered(items);
    for (int kind = 0; kind < BINARY_COUNT; kind++)
        if (kind != BINARY_MATMUL && binary_ufuncs[kind] == which)
            return (results[0] = binary_operation(vm, (enum binary_kind)kind, items[0], items[1])) !=
                   VALUE_NULL;
    for (int kind = 0; kind <= COMPARE_GE; kind++)
        if (compare_ufuncs[kind] == which)
            return (results[0] = compare_operation(vm, (enum compare_kind)kind, items[0], items[1])) !=
                   VALUE_NULL;
    for (int kind = 0; kind < UNARY_COUNT; kind++)
        if (unary_ufuncs[kind] == which)
            return (results[0] = unary_operation(vm, (enum unary_kind)kind, items[0])) != VALUE_NULL;
    int truth;
    switch (which) {
    case UFUNC_absolute:
        return (results[0] = number_absolute(vm, items[0])) != VALUE_NULL;
    case UFUNC_square:
        return (results[0] = binary_operation(vm, BINARY_MUL, items[0], items[0])) != VALUE_NULL;
    case UFUNC_reciprocal:
        return (results[0] = binary_operation(vm, BINARY_DIV, small_int(1), items[0])) != VALUE_NULL;
    case UFUNC_maximum:
    case UFUNC_fmax:
        return object_extreme(vm, items, COMPARE_GE, results);
    case UFUNC_minimum:
    case UFUNC_fmin:
        return object_extreme(vm, items, COMPARE_LE, results);
    case UFUNC_logical_and:
    case UFUNC_logical_or:
        truth = value_truth(vm, items[0]);
        results[0] = (truth > 0) == (which == UFUNC_logical_and) ? items[1] : items[0];
        return truth >= 0;
    case UFUNC_logical_not:
        truth = value_truth(vm, items[0]);
        results[0] = bool_value(truth == 0);
        return truth >= 0;
    case UFUNC_clip: {
        value raised, both[2] = {items[0], items[1]};
        if (!object_extreme(vm, both, COMPARE_GE, &raised))
            return false;
        value others[2] = {raised, items[2]};
        return object_extreme(vm, others, COMPARE_LE, results);
    }
    case UFUNC_sign: {
        int low = compare_truth(vm, COMPARE_LT, items[0], small_int(0)),
            high = low ? low : compare_truth(vm, COMPARE_GT, items[0], small_int(0)),
            even = low || high ? 1 : compare_truth(vm, COMPARE_EQ, items[0], small_int(0));
        if (low < 0 || high < 0 || even < 0)
            return false;
        if (!even)
            return raise_error(vm, &exc_TypeError, "unorderable types for comparison"), false;
        results[0] = small_int(low ? -1 : high);
        return true;
    }
    case UFUNC_floor:
    case UFUNC_ceil:
    case UFUNC_trunc:
    case UFUNC_gcd:
    case UFUNC_lcm:
        return object_math(vm, ufunc, items, results);
    case UFUNC_logical_xor:
    case UFUNC_fmod:
    case UFUNC_hypot:
    case UFUNC_arctan2: {
        value method = get_attribute_text(vm, items[0], ufunc->name);
        return method != VALUE_NULL && (results[0] = call_1(vm, method, items[1])) != VALUE_NULL;
    }
    default:
        return object_method(vm, ufunc, items[0], results);
    }
}

/* ---- numbers ---- */

/* An operand without dimensions, as a type and an element. */
static bool number_operand(value v, int *dtype, union element *element)
{
    if (is_small_int(v)) {
        *dtype = DTYPE_INT64;
        element->integer = small_int_value(v);
        return true;
    }
    if (is_immediate_float(v) || is_exact(v, &float_type)) {
        *dtype = DTYPE_FLOAT64;
        element->number = float_number(v);
        return true;
    }
    if (v == TRUE || v == FALSE) {
        *dtype = DTYPE_BOOL;
        element->boolean = v == TRUE;
        return true;
    }
    if (is_exact(v, &complex_type)) {
        *dtype = DTYPE_COMPLEX128;
        const struct complex_object *z = (const struct complex_object *)value_object(v);
        element->complex = (complex_double){z->real, z->imaginary};
        return true;
    }
    *dtype = scalar_dtype(v);
    if (*dtype < 0 || !is_numeric_dtype(*dtype))
        return false;
    memcpy(element->bytes, scalar_element(v), dtype_bytes(*dtype));
    return true;
}

static bool integer_overflows(const struct ufunc *ufunc, int dtype, const union element *a,
                              const union element *b)
{
    int64_t x, y, wide;
    if (dtype == DTYPE_UINT64) {
        uint64_t result;
        return ufunc == &ufuncs[UFUNC_add]        ? __builtin_add_overflow(a->natural, b->natural, &result)
               : ufunc == &ufuncs[UFUNC_subtract] ? __builtin_sub_overflow(a->natural, b->natural, &result)
                                                  : __builtin_mul_overflow(a->natural, b->natural, &result);
    }
    x = element_int(dtype, a->bytes);
    y = element_int(dtype, b->bytes);
    bool over = ufunc == &ufuncs[UFUNC_add]        ? __builtin_add_overflow(x, y, &wide)
                : ufunc == &ufuncs[UFUNC_subtract] ? __builtin_sub_overflow(x, y, &wide)
                                                   : __builtin_mul_overflow(x, y, &wide);
    if (over || dtype == DTYPE_INT64)
        return over;
    union element kept;
    elements_convert(NULL, dtype, kept.bytes, 0, DTYPE_INT64, (const char *)&wide, 0, 1);
    return element_int(dtype, kept.bytes) != wide;
}

/* own: by the scalars' own arithmetic, not by that of arrays. */
static bool report_scalar(struct vm *vm, const struct ufunc *ufunc, bool own, unsigned errors)
{
    char name[40] = "scalar ";
    strcat(name, ufunc->name);
    return float_errors_report(vm, errors, own ? name : ufunc->name);
}

static bool is_wrapping(const struct ufunc *ufunc)
{
    return ufunc == &ufuncs[UFUNC_add] || ufunc == &ufuncs[UFUNC_subtract] ||
           ufunc == &ufuncs[UFUNC_multiply];
}

/* Are two numbers computed by the scalars' own arithmetic, which one of them has in their common type? */
static bool has_own_arithmetic(int common, int a_dtype, bool a_own, int b_dtype, bool b_own)
{
    return common != DTYPE_BOOL && !(a_own && a_dtype == DTYPE_BOOL) &&
           ((a_own && a_dtype == common) || (b_own && b_dtype == common));
}

value scalar_quotient_and_rest(struct vm *vm, value a, value b)
{
    int a_dtype, b_dtype, common;
    union element x, y;
    value given[2] = {a, b};
    const struct ufunc *ufunc = &ufuncs[UFUNC_divmod];
    if (!number_operand(a, &a_dtype, &x) || !number_operand(b, &b_dtype, &y) ||
        (common = promote_types(vm, a_dtype, b_dtype)) < 0 || !(*ufunc_loops(ufunc))[common] ||
        !has_own_arithmetic(common, a_dtype, scalar_dtype(a) >= 0, b_dtype, scalar_dtype(b) >= 0))
        return vm->pending == VALUE_NULL ? ufunc_apply(vm, ufunc->name, given, 2) : VALUE_NULL;
    union element p, q, results[2];
    char *data[4] = {p.bytes, q.bytes, results[0].bytes, results[1].bytes};
    static const int64_t steps[4];
    elements_convert(vm, common, p.bytes, 0, a_dtype, x.bytes, 0, 1);
    elements_convert(vm, common, q.bytes, 0, b_dtype, y.bytes, 0, 1);
    ADD_WORK(vm, elements, 1);
    float_errors_clear();
    (*ufunc_loops(ufunc))[common](data, steps, 1);
    if (!report_scalar(vm, ufunc, true, float_errors_raised()))
        return VALUE_NULL;
    value quotient = scalar_new(vm, common, results[0].bytes),
          rest = quotient == VALUE_NULL ? quotient : scalar_new(vm, common, results[1].bytes);
    return rest == VALUE_NULL ? rest : tuple_pack(vm, 2, quotient, rest);
}

/* VALUE_NULL without exception: it needs the general road. a_own, b_own: numpy's scalars, not Python's numbers. */
static value scalar_binary(struct vm *vm, const struct ufunc *ufunc, int a_dtype, const union element *a, bool a_own,
                           int b_dtype, const union element *b, bool b_own)
{
    int common = promote_types(vm, a_dtype, b_dtype), dtype = common;
    if (ufunc->flags & UFUNC_TRUE_DIVIDE && (common == DTYPE_BOOL || is_integer_dtype(common)))
        dtype = DTYPE_FLOAT64;
    while (dtype < DTYPE_NUMERIC_COUNT && !((*ufunc_loops(ufunc))[dtype] && can_cast(common, dtype, CAST_SAFE)))
        dtype++;
    if (dtype == DTYPE_NUMERIC_COUNT || (common == DTYPE_BOOL && ufunc == &ufuncs[UFUNC_subtract]))
        return VALUE_NULL;
    union element x, y, z = {.complex = {0, 0}};
    elements_convert(vm, dtype, x.bytes, 0, a_dtype, a->bytes, 0, 1);
    elements_convert(vm, dtype, y.bytes, 0, b_dtype, b->bytes, 0, 1);
    if (ufunc == &ufuncs[UFUNC_power] && is_integer_dtype(dtype) && dtype_letter(dtype) == 'i' &&
        element_int(dtype, y.bytes) < 0)
        return raise_error(vm, &exc_ValueError, "Integers to negative integer powers are not allowed.");
    char *data[3] = {x.bytes, y.bytes, z.bytes};
    static const int64_t steps[3];
    unsigned errors = 0;
    bool own = has_own_arithmetic(common, a_dtype, a_own, b_dtype, b_own);
    bool watched = !(ufunc->flags & UFUNC_QUIET) || (!own && ufunc_tells_invalid(ufunc, dtype));
    ADD_WORK(vm, elements, 1);
    if (watched && (!is_integer_dtype(dtype) || !is_wrapping(ufunc))) {
        float_errors_clear();
        if (own && dtype == DTYPE_FLOAT16 && ufunc == &ufuncs[UFUNC_remainder]) { /* which finds the quotient, too */
            union element quotient;
            char *both[4] = {x.bytes, y.bytes, quotient.bytes, z.bytes};
            (*ufunc_loops(&ufuncs[UFUNC_divmod]))[dtype](both, (const int64_t[4]){0}, 1);
        } else {
            (*ufunc_loops(ufunc))[dtype](data, steps, 1);
        }
        errors = float_errors_raised();
    } else {
        (*ufunc_loops(ufunc))[dtype](data, steps, 1);
        if (watched && own && integer_overflows(ufunc, dtype, &x, &y))
            errors = FLOAT_OVERFLOW;
    }
    if (errors && !report_scalar(vm, ufunc, own, errors))
        return VALUE_NULL;
    return scalar_new(vm, ufunc_output_dtype(ufunc, dtype, 0), z.bytes);
}

/* ---- arrays ---- */

static value lookup_hook(struct vm *vm, value v)
{
    return is_object(v) && !is_array(v) && scalar_dtype(v) < 0 ? lookup_special(vm, v, "__array_ufunc__") : VALUE_NULL;
}

static value run_binary(struct vm *vm, const struct ufunc *ufunc, value a, value b, struct ndarray *out)
{
    struct ufunc_call call = {.ufunc = ufunc, .dtype = DTYPE_NONE, .casting = CAST_SAME_KIND};
    value both[2] = {a, b}, taken = VALUE_NULL;
    if (!is_array(a) || !is_array(b)) {
        if (lookup_hook(vm, a) == NONE || lookup_hook(vm, b) == NONE)
            return vm->not_implemented;
        taken = ufunc_override(vm, ufunc, "__call__", both, 2, NULL, VALUE_NULL);
    }
    if (taken != VALUE_NULL || vm->pending != VALUE_NULL)
        return taken;
    call.in[0] = array_operand(vm, a);
    call.in[1] = call.in[0] ? array_operand(vm, b) : NULL;
    if (!call.in[1])
        return vm->pending == VALUE_NULL ? vm->not_implemented : VALUE_NULL;
    call.out[0] = out;
    if (!ufunc_run(vm, &call))
        return VALUE_NULL;
    return out ? object_value(out) : array_result(vm, call.out[0]);
}

/* x ** 2 and others that numpy does by simpler means; NULL: it does not. *operand: what to apply it to. */
static const struct ufunc *simpler_power(value base, value exponent)
{
    int dtype;
    union element element;
    if (!is_array(base) || !is_numeric_dtype(array_of(base)->dtype))
        return NULL;
    if (is_array(exponent) && !array_of(exponent)->dimensions &&
        is_numeric_dtype(array_of(exponent)->dtype)) {
        dtype = array_of(exponent)->dtype;
        memcpy(element.bytes, array_of(exponent)->data, dtype_bytes(dtype));
    } else if (is_array(exponent) || !number_operand(exponent, &dtype, &element)) {
        return NULL;
    }
    if (dtype == DTYPE_BOOL || is_complex_dtype(dtype))
        return NULL;
    double power = element_float(dtype, element.bytes);
    bool whole = is_integer_dtype(array_of(base)->dtype);
    if (power == 2.0 && (!whole || is_integer_dtype(dtype)))
        return &ufuncs[UFUNC_square];
    if (whole || array_of(base)->dtype == DTYPE_BOOL || (!is_integer_dtype(dtype) && dtype > DTYPE_FLOAT64))
        return NULL;
    return power == 1.0    ? &ufuncs[UFUNC_positive]
           : power == -1.0 ? &ufuncs[UFUNC_reciprocal]
           : power == 0.5  ? &ufuncs[UFUNC_sqrt]
                           : NULL;
}

static value run_unary(struct vm *vm, const struct ufunc *ufunc, struct ndarray *array, struct ndarray *out)
{
    struct ufunc_call call = {
        .ufunc = ufunc, .in = {array}, .out = {out}, .dtype = DTYPE_NONE, .casting = CAST_SAME_KIND};
    if (!ufunc_run(vm, &call))
        return VALUE_NULL;
    return out ? object_value(out) : array_result(vm, call.out[0]);
}

/* A value that numpy's scalars leave alone: it has an operator of its own. */
static bool is_foreign(struct vm *vm, value v, enum binary_kind kind)
{
    if (!is_object(v) || is_array(v) || is_scalar_object(v) ||
        has_flag(v, TYPE_INT | TYPE_FLOAT | TYPE_LIST | TYPE_TUPLE | TYPE_STRING))
        return false;
    const struct type *type = value_type(vm, v);
    return type->flags & TYPE_HEAP && type->binary[kind];
}

/* A sequence of Python's is repeated; VALUE_NULL without exception: it is something else. */
static value repeat_sequence(struct vm *vm, enum binary_kind kind, value number, value sequence)
{
    int dtype = scalar_dtype(number);
    if (kind != BINARY_MUL || dtype < 0 || !is_numeric_dtype(dtype) || is_scalar_object(sequence) ||
        !has_flag(sequence, TYPE_LIST | TYPE_TUPLE | TYPE_STRING | TYPE_BYTES))
        return VALUE_NULL;
    if (dtype != DTYPE_BOOL && !is_integer_dtype(dtype))
        return raise_error(vm, &exc_TypeError, "can't multiply sequence by non-int of type '%T'", number);
    if (dtype == DTYPE_BOOL &&
        !warning_issue(vm, &exc_DeprecationWarning, 1,
                       "In future, it will be an error for 'np.bool_' scalars to be interpreted as an index"))
        return VALUE_NULL;
    return binary_operation(vm, BINARY_MUL, sequence, int_from_int64(vm, element_int(dtype, scalar_element(number))));
}

/* A float64 scalar, or a number of Python's that meets one. */
static bool quick_number(value v, double *number)
{
    if (is_immediate_float(v)) {
        *number = immediate_float(v);
        return true;
    }
    if (is_exact(v, scalar_types[DTYPE_FLOAT64])) {
        *number = ((const struct scalar *)value_object(v))->element.number;
        return true;
    }
    *number = (double)small_int_value(v);
    return is_small_int(v);
}

/* Sums, differences, products and quotients of float64 that meet nothing worth a report; VALUE_NULL: the
 * general road. */
static value quick_binary(struct vm *vm, enum binary_kind kind, value a, value b)
{
    double x, y, z;
    bool is_float = is_exact(a, scalar_types[DTYPE_FLOAT64]) || is_exact(b, scalar_types[DTYPE_FLOAT64]);
    if (!is_float || !quick_number(a, &x) || !quick_number(b, &y))
        return VALUE_NULL;
    switch (kind) {
    case BINARY_ADD:
        z = x + y;
        break;
    case BINARY_SUB:
        z = x - y;
        break;
    case BINARY_MUL:
        z = x * y;
        break;
    case BINARY_DIV:
        z = x / y;
        break;
    default:
        return VALUE_NULL;
    }
    if (!isfinite(z) || fabs(z) < 0x1p-1000) /* it may have overflowed or underflowed */
        return VALUE_NULL;
    ADD_WORK(vm, elements, 1);
    return scalar_new(vm, DTYPE_FLOAT64, (const char *)&z);
}

/* Of complex numbers there is no quotient in whole numbers: an operator that is not there, but where neither of two scalars
 * becomes the other's type safely it is the ufunc that refuses. */
static bool lacks_operator(int a, int b)
{
    bool of_complex = is_complex_dtype(a) || is_complex_dtype(b);
    if (!of_complex || a < 0 || b < 0)
        return of_complex;
    return a != DTYPE_BOOL && b != DTYPE_BOOL && (can_cast(a, b, CAST_SAFE) || can_cast(b, a, CAST_SAFE));
}

/* Where at least one is no array: two numbers, sequences to be repeated, what has an operator of its own. VALUE_NULL without
 * exception: none of these. */
static value operate_numbers(struct vm *vm, enum binary_kind kind, value a, value b)
{
    int a_dtype, b_dtype;
    union element x, y;
    value quick = quick_binary(vm, kind, a, b);
    if (quick != VALUE_NULL || vm->pending != VALUE_NULL)
        return quick;
    if (number_operand(a, &a_dtype, &x) && number_operand(b, &b_dtype, &y)) {
        bool whole = kind == BINARY_FLOOR_DIVIDE || kind == BINARY_REMAINDER;
        if (whole && lacks_operator(scalar_dtype(a), scalar_dtype(b)))
            return vm->not_implemented;
        value result = scalar_binary(vm, &ufuncs[binary_ufuncs[kind]], a_dtype, &x, scalar_dtype(a) >= 0, b_dtype, &y,
                                     scalar_dtype(b) >= 0);
        if (result != VALUE_NULL || vm->pending != VALUE_NULL)
            return result;
    }
    value repeated = repeat_sequence(vm, kind, a, b);
    if (repeated == VALUE_NULL && vm->pending == VALUE_NULL)
        repeated = repeat_sequence(vm, kind, b, a);
    if (repeated != VALUE_NULL || vm->pending != VALUE_NULL)
        return repeated;
    bool foreign = (is_scalar_object(a) && is_foreign(vm, b, kind)) || (is_scalar_object(b) && is_foreign(vm, a, kind));
    return foreign ? vm->not_implemented : VALUE_NULL;
}

__attribute__((noinline)) value array_binary(struct vm *vm, enum binary_kind kind, value a, value b)
{
    if (kind == BINARY_MATMUL)
        return is_array(a) || is_array(b) ? array_matmul(vm, a, b) : vm->not_implemented;
    const struct ufunc *ufunc = &ufuncs[binary_ufuncs[kind]];
    if (!is_array(a) || !is_array(b)) {
        value taken = operate_numbers(vm, kind, a, b);
        if (taken != VALUE_NULL || vm->pending != VALUE_NULL)
            return taken;
    }
    const struct ufunc *simple = kind == BINARY_POWER ? simpler_power(a, b) : NULL;
    return simple ? run_unary(vm, simple, array_of(a), NULL) : run_binary(vm, ufunc, a, b, NULL);
}

static value array_inplace(struct vm *vm, enum binary_kind kind, value a, value b)
{
    if (!is_array(a))
        return array_binary(vm, kind, a, b);
    if (kind == BINARY_MATMUL)
        return raise_error(vm, &exc_TypeError,
                           "In-place matrix multiplication is not (yet) supported. Use 'a = a @ b' instead of 'a @= b'.");
    const struct ufunc *simple = kind == BINARY_POWER ? simpler_power(a, b) : NULL;
    if (simple)
        return run_unary(vm, simple, array_of(a), array_of(a));
    return run_binary(vm, &ufuncs[binary_ufuncs[kind]], a, b, array_of(a));
}

__attribute__((noinline)) value array_unary(struct vm *vm, enum unary_kind kind, value a)
{
    const struct ufunc *ufunc = &ufuncs[unary_ufuncs[kind]];
    int dtype = scalar_dtype(a);
    if (dtype >= 0 && is_integer_dtype(dtype) && kind == UNARY_NEG) {
        bool least = dtype_letter(dtype) == 'i'
                         ? element_int(dtype, scalar_element(a)) == INT64_MIN >> (64 - 8 * dtype_bytes(dtype))
                         : element_int(dtype, scalar_element(a)) != 0;
        if (least && !report_scalar(vm, ufunc, true, FLOAT_OVERFLOW))
            return VALUE_NULL;
    }
    struct ndarray *array = array_from(vm, a, DTYPE_NONE);
    return array ? run_unary(vm, ufunc, array, NULL) : VALUE_NULL;
}

/* ---- comparisons ---- */

static int text_order(const struct ndarray *a, const char *x, const struct ndarray *b, const char *y)
{
    uint32_t m = a->item_size / 4, n = b->item_size / 4;
    for (uint32_t i = 0; i < m || i < n; i++) {
        uint32_t p = i < m ? ((const uint32_t *)(const void *)x)[i] : 0,
                 q = i < n ? ((const uint32_t *)(const void *)y)[i] : 0;
        if (p != q)
            return p < q ? -1 : 1;
    }
    return 0;
}

value compare_texts(struct vm *vm, const struct ufunc *ufunc, struct ndarray *a, struct ndarray *b)
{
    enum compare_kind kind = COMPARE_LT;
    while (&ufuncs[compare_ufuncs[kind]] != ufunc)
        kind++;
    int64_t shape[DIMENSIONS_MAX], a_index[DIMENSIONS_MAX] = {0}, b_index[DIMENSIONS_MAX] = {0};
    uint32_t dimensions;
    struct ndarray *both[2] = {a, b};
    if (!broadcast_shape(vm, both, 2, shape, &dimensions))
        return VALUE_NULL;
    struct ndarray *out = array_new(vm, DTYPE_BOOL, dimensions, shape);
    a = out ? array_broadcast(vm, a, shape, dimensions) : NULL;
    b = a ? array_broadcast(vm, b, shape, dimensions) : NULL;
    if (!b)
        return VALUE_NULL;
    char *x = a->data, *y = b->data;
    ADD_WORK(vm, elements, out->size);
    for (int64_t i = 0; i < out->size; i++) {
        out->data[i] = order_holds(text_order(a, x, b, y), kind);
        element_next(a, a_index, &x);
        element_next(b, b_index, &y);
    }
    return array_result(vm, out);
}

/* Arrays that cannot be compared for equality. */
static value elements_differ(struct vm *vm)
{
    exception_clear(vm);
    return warning_issue(vm, &exc_DeprecationWarning, 1,
                         "elementwise comparison failed; this will raise an error in the future.")
               ? vm->not_implemented
               : VALUE_NULL;
}

__attribute__((noinline)) value array_compare(struct vm *vm, value a, value b, enum compare_kind kind)
{
    const struct ufunc *ufunc = &ufuncs[compare_ufuncs[kind]];
    int a_dtype, b_dtype;
    union element left, right;
    bool equality = kind == COMPARE_EQ || kind == COMPARE_NE;
    if (number_operand(a, &a_dtype, &left) && number_operand(b, &b_dtype, &right))
        return scalar_binary(vm, ufunc, a_dtype, &left, scalar_dtype(a) >= 0, b_dtype, &right, scalar_dtype(b) >= 0);
    if (is_scalar_object(a) && !equality && has_flag(b, TYPE_STRING)) /* it became an array, which did not know how either */
        return raise_error(vm, &exc_TypeError, "'%s' not supported between instances of 'numpy.ndarray' and 'str'",
                           (const char *const[]){"<", "<=", "==", "!=", ">", ">="}[kind]);
    if (is_scalar_object(a) && ((equality && b == NONE) || is_foreign(vm, b, BINARY_ADD) || has_flag(b, TYPE_STRING)))
        return vm->not_implemented;
    struct ndarray *x = array_operand(vm, a), *y = x ? array_operand(vm, b) : NULL;
    if (!y && equality && vm->pending != VALUE_NULL && exception_matches(vm, &exc_ValueError))
        return elements_differ(vm);
    if (!y)
        return vm->pending == VALUE_NULL ? vm->not_implemented : VALUE_NULL;
    bool x_text = x->dtype == DTYPE_STRING, y_text = y->dtype == DTYPE_STRING;
    if (x_text && y_text)
        return compare_texts(vm, ufunc, x, y);
    if (x_text != y_text && !(equality && (x->dtype == DTYPE_OBJECT || y->dtype == DTYPE_OBJECT))) {
        if (equality && (x->dimensions || y->dimensions) &&
            !warning_issue(
                vm, &exc_FutureWarning, 1,
                "elementwise comparison failed; returning scalar instead, but in the future will perform "
                "elementwise comparison"))
            return VALUE_NULL;
        return vm->not_implemented;
    }
    value result = run_binary(vm, ufunc, object_value(x), object_value(y), NULL);
    return result != VALUE_NULL || !equality || !exception_matches(vm, &exc_ValueError) ? result : elements_differ(vm);
}

/* ---- slots ---- */

/* The array on the left leaves it to an object on the right that says so: __array_ufunc__ = None (no_hook), or without one an
 * __array_priority__ above an array's 0. */
static bool gives_up(struct vm *vm, value a, value b, bool *no_hook)
{
    *no_hook = false;
    if (!is_array(a) || !is_object(b) || !(value_type(vm, b)->flags & TYPE_HEAP))
        return false;
    value hook = lookup_special(vm, b, "__array_ufunc__");
    *no_hook = hook == NONE;
    value priority = hook == VALUE_NULL ? lookup_special(vm, b, "__array_priority__") : VALUE_NULL;
    if (priority == VALUE_NULL)
        return *no_hook;
    double number;
    return quick_number(priority, &number) && number > 0;
}

/* ---- the same of derived arrays' memory ---- */

static const struct ufunc *binary_function_of(enum binary_kind kind)
{
    static const struct ufunc matmul = {.name = "matmul", .inputs = 2, .outputs = 1};
    return kind == BINARY_MATMUL ? &matmul : &ufuncs[binary_ufuncs[kind]];
}

static value plain_binary(struct vm *vm, value a, value b, int kind)
{
    return array_binary(vm, (enum binary_kind)kind, a, b);
}

static value plain_inplace(struct vm *vm, value a, value b, int kind)
{
    return array_inplace(vm, (enum binary_kind)kind, a, b);
}

static value plain_compare(struct vm *vm, value a, value b, int kind)
{
    return array_compare(vm, a, b, (enum compare_kind)kind);
}

static value operate(struct vm *vm, enum binary_kind kind, value a, value b)
{
    bool no_hook;
    if (kind == BINARY_ADD && is_scalar_object(b) && has_flag(a, TYPE_STRING | TYPE_BYTES)) /* texts join or refuse */
        return vm->not_implemented;
    const struct array_call call = array_call_begin(vm);
    value result = is_derived(a) || is_derived(b)   ? derived_binary(vm, binary_function_of(kind), a, b, plain_binary, kind)
                   : gives_up(vm, a, b, &no_hook) ? vm->not_implemented
                                                  : array_binary(vm, kind, a, b);
    return array_call_end(vm, &call, NULL, a, b, result);
}

static value operate_inplace(struct vm *vm, enum binary_kind kind, value a, value b)
{
    if (is_derived(a) && kind != BINARY_MATMUL)
        return derived_inplace(vm, binary_function_of(kind), a, b, plain_inplace, kind);
    if (is_derived(b) && kind != BINARY_MATMUL && !derived_takes_over(vm, b))
        return array_inplace(vm, kind, a, array_value(array_plain(vm, b)));
    bool no_hook, leaves = kind != BINARY_MATMUL && gives_up(vm, a, b, &no_hook);
    if (leaves && no_hook)
        return raise_error(vm, &exc_TypeError, "operand '%T' does not support ufuncs (__array_ufunc__=None)", b);
    return leaves ? vm->not_implemented : array_inplace(vm, kind, a, b);
}

#define BINARY_SLOT(name, kind)                                                                              \
    static value name(struct vm *vm, value a, value b)                                                       \
    {                                                                                                        \
        return operate(vm, kind, a, b);                                                                      \
    }                                                                                                        \
    static value name##_inplace(struct vm *vm, value a, value b)                                             \
    {                                                                                                        \
        return operate_inplace(vm, kind, a, b);                                                              \
    }
BINARY_SLOT(slot_add, BINARY_ADD)
BINARY_SLOT(slot_and, BINARY_AND)
BINARY_SLOT(slot_floor_divide, BINARY_FLOOR_DIVIDE)
BINARY_SLOT(slot_lshift, BINARY_LSHIFT)
BINARY_SLOT(slot_matmul, BINARY_MATMUL)
BINARY_SLOT(slot_mul, BINARY_MUL)
BINARY_SLOT(slot_remainder, BINARY_REMAINDER)
BINARY_SLOT(slot_or, BINARY_OR)
BINARY_SLOT(slot_power, BINARY_POWER)
BINARY_SLOT(slot_rshift, BINARY_RSHIFT)
BINARY_SLOT(slot_sub, BINARY_SUB)
BINARY_SLOT(slot_div, BINARY_DIV)
BINARY_SLOT(slot_xor, BINARY_XOR)

static value slot_compare(struct vm *vm, value a, value b, enum compare_kind kind)
{
    const struct array_call call = array_call_begin(vm);
    value result = is_derived(a) || is_derived(b)
                       ? derived_binary(vm, &ufuncs[compare_ufuncs[kind]], a, b, plain_compare, kind)
                       : array_compare(vm, a, b, kind);
    return array_call_end(vm, &call, NULL, a, b, result);
}

static value slot_pow3(struct vm *vm, value a, value b, value c)
{
    return c == NONE || c == VALUE_NULL ? operate(vm, BINARY_POWER, a, b) : vm->not_implemented;
}

static value operate_unary(struct vm *vm, enum unary_kind kind, value a)
{
    const struct array_call call = array_call_begin(vm);
    value result = is_derived(a) ? derived_unary(vm, &ufuncs[unary_ufuncs[kind]], a, kind) : array_unary(vm, kind, a);
    return array_call_end(vm, &call, NULL, a, a, result);
}

static value slot_positive(struct vm *vm, value a)
{
    return operate_unary(vm, UNARY_POS, a);
}

static value slot_negative(struct vm *vm, value a)
{
    return operate_unary(vm, UNARY_NEG, a);
}

static value slot_invert(struct vm *vm, value a)
{
    return operate_unary(vm, UNARY_INVERT, a);
}

void array_slots(struct type *type)
{
    static const binary_function binary[BINARY_COUNT] = {
        slot_add, slot_and,   slot_floor_divide, slot_lshift, slot_matmul, slot_mul, slot_remainder,
        slot_or,  slot_power, slot_rshift,       slot_sub,    slot_div,    slot_xor};
    static const binary_function inplace_slots[BINARY_COUNT] = {
        slot_add_inplace,    slot_and_inplace,    slot_floor_divide_inplace, slot_lshift_inplace,
        slot_matmul_inplace, slot_mul_inplace,    slot_remainder_inplace,    slot_or_inplace,
        slot_power_inplace,  slot_rshift_inplace, slot_sub_inplace,          slot_div_inplace,
        slot_xor_inplace};
    memcpy(type->binary, binary, sizeof binary);
    if (type == &ndarray_type)
        memcpy(type->inplace, inplace_slots, sizeof inplace_slots);
    type->power = slot_pow3;
    type->unary[UNARY_POS] = slot_positive;
    type->unary[UNARY_NEG] = slot_negative;
    type->unary[UNARY_INVERT] = slot_invert;
    type->compare = slot_compare;
}
