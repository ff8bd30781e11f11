/* derived.c - arrays of classes that Python code derives from ndarray.
 *
 * Such an object begins as a struct ndarray does, so that all that is asked of `self` finds it there; shape and strides stand in a
 * plain array of its own (shape_owner), and its attributes follow. is_array is false of it: what it is an operand of sees a plain
 * array over the same memory (array_plain), and the result becomes one of the class again by numpy's rule for that operation.
 * A function for which no rule is written here refuses such arrays by name. */
#include "sim/tensor/derived.h"
#include "sim/tensor/numpy_state.h"
#include "sim/tensor/ufunc.h"

#include "sim/runtime/attribute.h"
#include "sim/runtime/traceback.h"

#include <stdio.h>

/* ---- making ---- */

struct ndarray *array_plain(struct vm *vm, value v)
{
    return is_derived(v) ? array_view(vm, array_of(v)) : array_of(v);
}

/* An array of `type` over what `header` shows, which nobody else may know. base VALUE_NULL: it owns the memory. */
static value derived_over(struct vm *vm, struct type *type, struct ndarray *header, value base)
{
    struct ndarray *array = header ? instance_allocate(vm, type, sizeof *array) : NULL;
    if (!array)
        return VALUE_NULL;
    array->base = base;
    array->data = header->data;
    array->storage = base == VALUE_NULL ? header->storage : NULL;
    array->shape_owner = object_value(header);
    array->size = header->size;
    array->shape = header->shape;
    array->strides = header->strides;
    array->item_size = header->item_size;
    array->dtype = header->dtype;
    array->dimensions = header->dimensions;
    array->readonly = header->readonly;
    return object_value(array);
}

/* The class has this special method, and it is not ndarray's. VALUE_NULL without exception: it has not. */
static value own_special(struct vm *vm, value v, const char *name)
{
    value text = intern_text(vm, name), found = type_lookup(vm, value_type(vm, v), text);
    return found == VALUE_NULL || found == type_lookup(vm, &ndarray_type, text) ? VALUE_NULL : lookup_special(vm, v, name);
}

static value finalized(struct vm *vm, value made, value from)
{
    value method = made == VALUE_NULL ? made : own_special(vm, made, "__array_finalize__");
    if (method != VALUE_NULL && method != NONE && call_1(vm, method, from) == VALUE_NULL)
        return VALUE_NULL;
    return vm->pending == VALUE_NULL ? made : VALUE_NULL;
}

value derived_new(struct vm *vm, struct type *type, struct ndarray *plain)
{
    return finalized(vm, derived_over(vm, type, plain, VALUE_NULL), NONE);
}

/* A view of the array `base`: it tells whose memory it is, as far as that is of its own class. */
value derived_view(struct vm *vm, struct type *type, value base, value from)
{
    struct ndarray *header = array_view(vm, array_of(base));
    value above = array_of(base)->base;
    if (above != VALUE_NULL && is_object(above) && value_type(vm, above) == type)
        base = above;
    return finalized(vm, derived_over(vm, type, header, base), from);
}

/* What a method made of `self`: a view of its memory, or memory that is nobody's yet. */
static value derived_like(struct vm *vm, value self, value result)
{
    if (!is_array(result))
        return result;
    struct type *type = value_type(vm, self);
    struct ndarray *plain = array_of(result);
    value made = plain->base == VALUE_NULL ? derived_over(vm, type, plain, VALUE_NULL)
                                           : derived_over(vm, type, plain, plain->base);
    if (made != VALUE_NULL && plain->base != VALUE_NULL && plain->base == array_of(self)->base &&
        value_type(vm, plain->base) != type)
        array_of(made)->base = self;
    return finalized(vm, made, self);
}

/* ---- what universal functions make ---- */

static double priority_of(struct vm *vm, value v)
{
    value found = own_special(vm, v, "__array_priority__");
    double number = 0;
    if (found != VALUE_NULL && !value_to_double(vm, found, &number))
        exception_clear(vm);
    return number;
}

/* The derived array of highest priority, the first of equal ones; VALUE_NULL: there is none. */
static value winner_of(struct vm *vm, const value *items, size_t count)
{
    value winner = VALUE_NULL;
    double highest = 0;
    for (size_t i = 0; i < count; i++) {
        double priority = is_derived(items[i]) ? priority_of(vm, items[i]) : 0;
        if (is_derived(items[i]) && (winner == VALUE_NULL || priority > highest)) {
            winner = items[i];
            highest = priority;
        }
    }
    return winner;
}

static value wrap_one(struct vm *vm, value winner, value result, value context)
{
    if (is_derived(result) || result == vm->not_implemented)
        return result;
    struct ndarray *plain = array_from(vm, result, DTYPE_NONE);
    value method = plain ? own_special(vm, winner, "__array_wrap__") : VALUE_NULL;
    if (!plain || vm->pending != VALUE_NULL)
        return VALUE_NULL;
    value given[2] = {object_value(plain), context};
    if (method != VALUE_NULL && context != VALUE_NULL) /* the default __array_prepare__ was there before */
        given[0] = derived_view(vm, value_type(vm, winner), given[0], winner);
    if (given[0] == VALUE_NULL)
        return VALUE_NULL;
    return method == VALUE_NULL ? derived_view(vm, value_type(vm, winner), given[0], winner)
                                : call(vm, method, given, context == VALUE_NULL ? 1 : 2, VALUE_NULL);
}

/* Results of ufunc(inputs), one or a tuple of them, as the winner's __array_wrap__ has them. ufunc NULL: without a context. */
static value wrapped(struct vm *vm, const struct ufunc *ufunc, const value *inputs, size_t count, value result)
{
    value winner = result == VALUE_NULL || result == NONE ? VALUE_NULL : winner_of(vm, inputs, count);
    bool several = winner != VALUE_NULL && has_flag(result, TYPE_TUPLE);
    if (winner == VALUE_NULL)
        return result;
    if (own_special(vm, winner, "__array_prepare__") != VALUE_NULL)
        return raise_unsupported(vm, "numpy: a class derived from ndarray with __array_prepare__");
    size_t results = several ? tuple_of(result)->length : 1;
    value made[2] = {result, VALUE_NULL};
    for (size_t i = 0; i < results && i < 2; i++) {
        value context = VALUE_NULL;
        if (ufunc && own_special(vm, winner, "__array_wrap__") != VALUE_NULL) {
            value function = get_attribute_text(vm, numpy_state(vm)->module, ufunc->name);
            value arguments = function == VALUE_NULL ? function : tuple_from(vm, inputs, count);
            context = arguments == VALUE_NULL ? arguments : tuple_pack(vm, 3, function, arguments, small_int((int64_t)i));
            if (context == VALUE_NULL)
                return VALUE_NULL;
        }
        made[i] = wrap_one(vm, winner, several ? tuple_of(result)->items[i] : result, context);
        if (made[i] == VALUE_NULL)
            return VALUE_NULL;
    }
    return several ? tuple_from(vm, made, results) : made[0];
}

/* A plain array for a derived one, and in sequences as far as they are asked for; VALUE_NULL: an exception is pending. */
static value stripped(struct vm *vm, value v)
{
    if (is_derived(v))
        return array_value(array_plain(vm, v));
    bool list = has_flag(v, TYPE_LIST), tuple = has_flag(v, TYPE_TUPLE), any = false;
    size_t length = list ? list_of(v)->length : tuple ? tuple_of(v)->length : 0;
    const value *items = list ? list_of(v)->items : tuple ? tuple_of(v)->items : NULL;
    for (size_t i = 0; i < length; i++)
        any = any || is_derived(items[i]);
    value copy = !any ? v : list ? list_from(vm, items, length) : tuple_from(vm, items, length);
    value *made = !any || copy == VALUE_NULL ? NULL : list ? list_of(copy)->items : tuple_of(copy)->items;
    for (size_t i = 0; made && i < length; i++)
        if (is_derived(made[i]) && (made[i] = array_value(array_plain(vm, made[i]))) == VALUE_NULL)
            return VALUE_NULL;
    return copy;
}

value derived_key(struct vm *vm, value key)
{
    return stripped(vm, key);
}

/* What is assigned to, where indices name it: the class's own __getitem__ finds it. NULL: an exception is pending. */
struct ndarray *derived_part(struct vm *vm, value self, value key)
{
    value part = get_item(vm, self, key);
    if (part == VALUE_NULL || is_array(part) || is_derived(part))
        return part == VALUE_NULL ? NULL : array_of(part);
    raise_error(vm, &exc_RuntimeError, "Getitem not returning array");
    return NULL;
}

value derived_ufunc(struct vm *vm, const struct ufunc *ufunc, const char *method, const value *inputs, size_t count,
                    const value *options, value option_names)
{
    size_t named = keyword_count(option_names);
    value given[16], out = VALUE_NULL;
    bool any = false, calls = !strcmp(method, "__call__");
    for (size_t i = 0; i < count + named; i++) {
        value item = i < count ? inputs[i] : options[i - count];
        given[i] = stripped(vm, item);
        if (given[i] == VALUE_NULL)
            return VALUE_NULL;
        any = any || given[i] != item;
        if (i >= count && string_is(tuple_of(option_names)->items[i - count], "out") && item != NONE)
            out = item;
    }
    if (!any)
        return VALUE_NULL;
    value function = get_attribute_text(vm, numpy_state(vm)->module, ufunc->name);
    if (function != VALUE_NULL && !calls)
        function = get_attribute_text(vm, function, method);
    value result = function == VALUE_NULL ? function : call(vm, function, given, count, option_names);
    if (result == VALUE_NULL)
        return result;
    if (out != VALUE_NULL)
        return has_flag(out, TYPE_TUPLE) && tuple_of(out)->length == 1 ? tuple_of(out)->items[0] : out;
    return wrapped(vm, calls ? ufunc : NULL, inputs, calls || !strcmp(method, "outer") ? count : 1, result);
}

bool derived_takes_over(struct vm *vm, value v)
{
    return is_derived(v) && own_special(vm, v, "__array_ufunc__") != VALUE_NULL;
}

/* ---- operators ---- */

/* An operand that is no array at all and wants the operation for itself. */
static bool leaves_to(struct vm *vm, value self, value other)
{
    if (!is_object(other) || is_array(other) || !(value_type(vm, other)->flags & TYPE_HEAP))
        return false;
    value hook = is_derived(other) ? own_special(vm, other, "__array_ufunc__") : lookup_special(vm, other, "__array_ufunc__");
    if (hook != VALUE_NULL || is_derived(other))
        return hook == NONE;
    value priority = lookup_special(vm, other, "__array_priority__");
    double number, own = is_derived(self) ? priority_of(vm, self) : 0;
    return priority != VALUE_NULL && value_to_double(vm, priority, &number) && number > own;
}

value derived_binary(struct vm *vm, const struct ufunc *ufunc, value a, value b, derived_operation *operation, int kind)
{
    value both[2] = {a, b}, plain[2];
    if (is_derived(a) || is_array(a) ? leaves_to(vm, a, b) : leaves_to(vm, b, a))
        return vm->not_implemented;
    if (derived_takes_over(vm, a) || derived_takes_over(vm, b))
        return ufunc_override(vm, ufunc, "__call__", both, 2, NULL, VALUE_NULL);
    for (int i = 0; i < 2; i++)
        if ((plain[i] = is_derived(both[i]) ? array_value(array_plain(vm, both[i])) : both[i]) == VALUE_NULL)
            return VALUE_NULL;
    return wrapped(vm, ufunc, both, 2, operation(vm, plain[0], plain[1], kind));
}

value derived_unary(struct vm *vm, const struct ufunc *ufunc, value a, enum unary_kind kind)
{
    if (derived_takes_over(vm, a))
        return ufunc_override(vm, ufunc, "__call__", &a, 1, NULL, VALUE_NULL);
    struct ndarray *plain = array_plain(vm, a);
    return plain ? wrapped(vm, ufunc, &a, 1, array_unary(vm, kind, object_value(plain))) : VALUE_NULL;
}

/* a operation= b: into a's own memory. */
value derived_inplace(struct vm *vm, const struct ufunc *ufunc, value a, value b, derived_operation *operation, int kind)
{
    if (derived_takes_over(vm, a) || derived_takes_over(vm, b)) {
        value both[2] = {a, b}, names = tuple_pack(vm, 1, intern_text(vm, "out"));
        return names == VALUE_NULL ? names : ufunc_override(vm, ufunc, "__call__", both, 2, &a, names);
    }
    value target = array_value(array_plain(vm, a)), other = is_derived(b) ? array_value(array_plain(vm, b)) : b;
    value result = target == VALUE_NULL || other == VALUE_NULL ? VALUE_NULL : operation(vm, target, other, kind);
    return result == target && result != VALUE_NULL ? a : result;
}

/* ---- functions of the module ---- */

enum rule {
    RULE_PLAIN,    /* a plain array, or no array at all */
    RULE_FIRST,    /* of the first argument's class */
    RULE_LIKE,     /* the same, unless the argument before the last (subok) is false */
    RULE_SECOND,   /* of the second's */
    RULE_METHOD,   /* the first argument's method of the same name does it */
    RULE_HIGHEST,  /* of the class with the highest priority above 0, in sequences as well */
    RULE_PRODUCT   /* of the first operand's class, unless the second's priority is higher */
};

static const struct {
    const char *function, *method;
    enum rule rule;
    unsigned parts; /* which items of a tuple have the class: a bit for each */
} rules[] = {{"make_array", NULL, RULE_PLAIN, 0},
             {"make_asarray", NULL, RULE_PLAIN, 0},
             {"make_ascontiguousarray", NULL, RULE_PLAIN, 0},
             {"make_asfortranarray", NULL, RULE_PLAIN, 0},
             {"make_full", NULL, RULE_PLAIN, 0},
             {"make_zeros_like", NULL, RULE_LIKE, 0},
             {"make_ones_like", NULL, RULE_LIKE, 0},
             {"make_full_like", NULL, RULE_LIKE, 0},
             {"join_concatenate", NULL, RULE_HIGHEST, 0},
             {"join_copyto", NULL, RULE_PLAIN, 0},
             {"dtype_result_type", NULL, RULE_PLAIN, 0},
             {"dtype_min_scalar_type", NULL, RULE_PLAIN, 0},
             {"dtype_can_cast", NULL, RULE_PLAIN, 0},
             {"reduce_sum", "sum", RULE_METHOD, 0},
             {"reduce_prod", "prod", RULE_METHOD, 0},
             {"reduce_max", "max", RULE_METHOD, 0},
             {"reduce_min", "min", RULE_METHOD, 0},
             {"reduce_all", "all", RULE_METHOD, 0},
             {"reduce_any", "any", RULE_METHOD, 0},
             {"reduce_nonzero", NULL, RULE_PLAIN, 0},
             {"reduce_count_nonzero", NULL, RULE_PLAIN, 0},
             {"reduce_where", NULL, RULE_PLAIN, 0},
             {"reduce_bincount", NULL, RULE_PLAIN, 0},
             {"linear_dot", NULL, RULE_PRODUCT, 0},
             {"sorting_sort", NULL, RULE_FIRST, 0},
             {"function_inv", NULL, RULE_FIRST, 0},
             {"function_pinv", NULL, RULE_FIRST, 0},
             {"function_matrix_power", NULL, RULE_FIRST, 0},
             {"function_eig", NULL, RULE_FIRST, 2},
             {"function_eigh", NULL, RULE_FIRST, 2},
             {"function_qr", NULL, RULE_FIRST, 3},
             {"function_svd", NULL, RULE_FIRST, 5},
             {"function_matrix_rank", NULL, RULE_PLAIN, 0},
             {"function_lstsq", NULL, RULE_SECOND, 11},
             {"function_cholesky", NULL, RULE_FIRST, 0},
             {"function_solve", NULL, RULE_SECOND, 0},
             {"function_norm", NULL, RULE_PLAIN, 0},
             {"function_cond", NULL, RULE_PLAIN, 0},
             {"function_det", NULL, RULE_PLAIN, 0},
             {"function_slogdet", NULL, RULE_PLAIN, 0},
             {"function_eigvals", NULL, RULE_PLAIN, 0},
             {"function_eigvalsh", NULL, RULE_PLAIN, 0},
             {"method_fill", NULL, RULE_PLAIN, 0},
             {"method_itemset", NULL, RULE_PLAIN, 0},
             {"sorting_searchsorted", NULL, RULE_PLAIN, 0}};

bool derived_refuse(struct vm *vm)
{
    if (!vm->array_depth)
        return raise_unsupported(vm, "numpy: an array of a class derived from ndarray as it is used here"), false;
    struct numpy_state *state = numpy_state(vm);
    raise_error(vm, &exc_TypeError, "an array of a class derived from ndarray");
    state->derived_met = vm->pending;
    return false;
}

/* Functions of the library's Python part that do with derived arrays what numpy's do: compared for a class without methods of its
 * own and for numpy.matrix. */
static const char compared_functions[] =
    "allclose alltrue angle apply_over_axes argwhere array_equal array_equiv array_split asarray_chkfinite asfarray "
    "atleast_1d atleast_2d atleast_3d broadcast_to common_type compress convolve copy corrcoef cov cross dsplit "
    "fill_diagonal fix flip fliplr flipud hsplit hstack imag in1d isclose iscomplex iscomplexobj isfortran isin "
    "isreal isrealobj isscalar may_share_memory moveaxis msort ndim pad place put put_along_axis putmask real "
    "real_if_close reshape rollaxis shape shares_memory sinc size sometrue sort_complex split squeeze swapaxes "
    "tensordot transpose tril trim_zeros triu vsplit vstack";

static bool is_compared(const char *name)
{
    size_t length = strlen(name);
    for (const char *at = compared_functions; (at = strstr(at, name)); at += length)
        if ((at == compared_functions || at[-1] == ' ') && (at[length] == ' ' || !at[length]))
            return true;
    return false;
}

/* The first of the library's running Python functions that is none of those, or NULL. Those of _matrix know what they do. */
static const char *library_caller(struct vm *vm)
{
    uint32_t depth = engine_frame_depth(vm);
    for (uint32_t i = 0; i < depth; i++) {
        struct frame_object *frame = engine_frame_object(vm, i);
        const struct code_object *code = frame ? (const struct code_object *)value_object(frame->code) : NULL;
        const char *file = code ? string_utf8(vm, code->filename, NULL) : NULL;
        if (!file || strncmp(file, "<frozen numpy", 13) != 0 || !strncmp(file, "<frozen numpy._matrix", 21))
            return NULL;
        const char *name = string_utf8(vm, code->name, NULL);
        if (!name || !is_compared(name))
            return name;
    }
    return NULL;
}

static value refuse_function(struct vm *vm, const char *name)
{
    char message[160];
    snprintf(message, sizeof message, "numpy.%s of an array of a class derived from ndarray", name);
    return raise_unsupported(vm, message);
}

/* The derived array whose class the result has; VALUE_NULL: it stays plain. */
static value chosen(struct vm *vm, enum rule rule, const value *arguments, size_t count)
{
    if (rule == RULE_LIKE && count > 2 && arguments[count - 2] == FALSE)
        return VALUE_NULL;
    if (rule == RULE_FIRST || rule == RULE_LIKE || rule == RULE_SECOND) {
        size_t at = rule == RULE_SECOND;
        return count > at && is_derived(arguments[at]) ? arguments[at] : VALUE_NULL;
    }
    if (rule == RULE_PRODUCT) {
        value a = arguments[0], b = arguments[1];
        double x = is_derived(a) ? priority_of(vm, a) : 0, y = is_derived(b) ? priority_of(vm, b) : 0;
        return is_derived(b) && y > x ? b : is_derived(a) ? a : VALUE_NULL;
    }
    if (rule == RULE_HIGHEST && has_flag(arguments[0], TYPE_LIST | TYPE_TUPLE)) {
        bool list = has_flag(arguments[0], TYPE_LIST);
        value winner = winner_of(vm, list ? list_of(arguments[0])->items : tuple_of(arguments[0])->items,
                                 list ? list_of(arguments[0])->length : tuple_of(arguments[0])->length);
        return winner != VALUE_NULL && priority_of(vm, winner) > 0 ? winner : VALUE_NULL;
    }
    return VALUE_NULL;
}

/* sum(a, axis, dtype, out, ...): a.sum(axis=axis, dtype=dtype, out=out, ...) of what was given; max has no dtype. */
static value call_reduction(struct vm *vm, const char *method, const value *arguments, size_t count)
{
    static const char *const with_type[] = {"axis", "dtype", "out", "keepdims", "initial", "where"};
    static const char *const without[] = {"axis", "out", "keepdims", "initial", "where"};
    static const char *const tests[] = {"axis", "out", "keepdims", "where"};
    bool sums = !strcmp(method, "sum") || !strcmp(method, "prod"), truths = *method == 'a';
    const char *const *names = sums ? with_type : truths ? tests : without;
    value items[8], name_items[8], function = get_attribute_text(vm, arguments[0], method);
    size_t given = 0;
    for (size_t i = 1; i < count && i < 8; i++)
        if (arguments[i] != VALUE_NULL) {
            name_items[given] = intern_text(vm, names[i - 1]);
            items[given++] = arguments[i];
        }
    value keyword_names = given ? tuple_from(vm, name_items, given) : VALUE_NULL;
    return function == VALUE_NULL || (given && keyword_names == VALUE_NULL) ? VALUE_NULL
                                                                            : call(vm, function, items, 0, keyword_names);
}

static value by_rule(struct vm *vm, size_t index, native_function body, value self, const value *arguments, size_t count,
                     value keyword_names)
{
    size_t whole = count + keyword_count(keyword_names);
    value given[24];
    if (whole > 24 || (whole && arguments[0] == VALUE_NULL))
        return refuse_function(vm, rules[index].function);
    if (rules[index].rule == RULE_METHOD && is_derived(arguments[0]))
        return call_reduction(vm, rules[index].method, arguments, count);
    for (size_t i = 0; i < whole; i++)
        if (arguments[i] == VALUE_NULL)
            given[i] = VALUE_NULL;
        else if ((given[i] = stripped(vm, arguments[i])) == VALUE_NULL)
            return VALUE_NULL;
    value result = body(vm, self, given, count, keyword_names);
    bool single = result != VALUE_NULL && is_array(result) && !rules[index].parts;
    bool parts = result != VALUE_NULL && has_flag(result, TYPE_TUPLE) && rules[index].parts;
    value like = single || parts ? chosen(vm, rules[index].rule, arguments, count) : VALUE_NULL;
    if (like == VALUE_NULL)
        return result;
    if (single)
        return derived_view(vm, value_type(vm, like), result, like);
    value items[4] = {VALUE_NULL};
    for (size_t i = 0; i < tuple_of(result)->length && i < 4; i++) {
        items[i] = tuple_of(result)->items[i];
        if ((rules[index].parts >> i & 1) && is_array(items[i]) &&
            (items[i] = derived_view(vm, value_type(vm, like), items[i], like)) == VALUE_NULL)
            return VALUE_NULL;
    }
    return tuple_from(vm, items, tuple_of(result)->length);
}

value derived_method_end(struct vm *vm, const char *name, native_function body, value self, const value *arguments, size_t count,
                         value keyword_names, value result)
{
    if (result != VALUE_NULL)
        return is_derived(self) ? derived_like(vm, self, result) : result;
    struct numpy_state *state = numpy_state(vm);
    if (state->derived_met == VALUE_NULL || vm->pending != state->derived_met)
        return result;
    exception_clear(vm);
    state->derived_met = VALUE_NULL;
    const char *caller = library_caller(vm);
    if (vm->pending != VALUE_NULL)
        return VALUE_NULL;
    for (size_t i = 0; !caller && i < sizeof rules / sizeof *rules; i++)
        if (!strcmp(rules[i].function, name)) {
            result = by_rule(vm, i, body, self, arguments, count, keyword_names);
            return is_derived(self) && result != VALUE_NULL ? derived_like(vm, self, result) : result;
        }
    const char *part = strchr(name, '_');
    return refuse_function(vm, caller ? caller : part ? part + 1 : name);
}

/* ---- methods that are functions of the library ---- */

static bool keeps_scalars(const char *function)
{
    static const char *const reductions[] = {"sum", "prod", "max", "min", "all", "any", "mean", "var", "std", "ptp"};
    for (size_t i = 0; i < sizeof reductions / sizeof *reductions; i++)
        if (!strcmp(function, reductions[i]))
            return false;
    return true;
}

/* numpy does these with universal functions, which a class may have taken over. */
static bool is_by_ufuncs(const char *function)
{
    static const char *const names[] = {"clip", "trace", "conjugate", "cumsum", "cumprod", "round"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!strcmp(function, names[i]))
            return true;
    return !keeps_scalars(function);
}

static bool stays_plain(const char *function)
{
    return !strcmp(function, "searchsorted") || !strcmp(function, "nonzero");
}

/* A single number: an array of the class when that gives it axes (numpy.matrix does). */
static value scalar_like(struct vm *vm, value self, value number)
{
    if (scalar_dtype(number) == DTYPE_NONE)
        return number;
    struct ndarray *plain = array_from(vm, number, DTYPE_NONE);
    value made = plain ? derived_view(vm, value_type(vm, self), object_value(plain), self) : VALUE_NULL;
    return made == VALUE_NULL || array_of(made)->dimensions ? made : number;
}

/* Rounding to whole numbers has a result of the class, to others a plain one; integers are what they were. */
static value derived_round(struct vm *vm, const value *given, size_t count, value keyword_names)
{
    int64_t decimals = 0;
    for (size_t i = 0; i < keyword_count(keyword_names); i++)
        if (!string_is(tuple_of(keyword_names)->items[i], "decimals"))
            return raise_unsupported(vm, "numpy.ndarray.round into another array, of a class derived from ndarray");
    if (count > 2 || is_complex_dtype(array_of(given[0])->dtype) || array_of(given[0])->dtype == DTYPE_OBJECT)
        return raise_unsupported(vm, "numpy.ndarray.round of a class derived from ndarray");
    if ((count == 2 || keyword_count(keyword_names)) && !value_to_index(vm, given[1], &decimals))
        return VALUE_NULL;
    if (decimals >= 0 && is_integer_dtype(array_of(given[0])->dtype))
        return given[0];
    value plain[2] = {array_value(array_plain(vm, given[0])), small_int(decimals)};
    value result = plain[0] == VALUE_NULL ? plain[0] : library_call(vm, "round", plain, 2, VALUE_NULL);
    return result == VALUE_NULL || decimals ? result : wrap_one(vm, given[0], result, VALUE_NULL);
}

value derived_library(struct vm *vm, const char *function, const value *given, size_t count, value keyword_names)
{
    size_t whole = count + keyword_count(keyword_names);
    value plain[24] = {VALUE_NULL};
    if (!strcmp(function, "_resize_in_place"))
        return refuse_function(vm, "ndarray.resize");
    if (is_by_ufuncs(function) && derived_takes_over(vm, given[0]))
        return raise_unsupported(vm, "numpy: a reduction by a method, of a class derived from ndarray with __array_ufunc__");
    if (!strcmp(function, "round"))
        return derived_round(vm, given, count, keyword_names);
    for (size_t i = 0; i < whole; i++)
        if ((plain[i] = stripped(vm, given[i])) == VALUE_NULL)
            return VALUE_NULL;
    value result = library_call(vm, function, plain, count, keyword_names);
    for (size_t i = 1; i < whole; i++)
        if (result == plain[i] && result != given[i]) /* out=a derived one */
            return given[i];
    if (result == VALUE_NULL || result == NONE || stays_plain(function))
        return result;
    for (size_t i = 1; i < whole; i++)
        if (result == given[i])
            return result;
    if (is_array(result))
        return derived_like(vm, given[0], result);
    return keeps_scalars(function) ? scalar_like(vm, given[0], result) : wrap_one(vm, given[0], result, VALUE_NULL);
}

/* ---- ndarray's methods that classes may replace ---- */

METHOD_PLAIN(derived_finalize)
{
    (void)vm;
    UNUSED_METHOD_PARAMETERS;
    return NONE;
}

/* (array[, context]): of self's class */
METHOD_PLAIN(derived_wrap)
{
    if (!check_positional(vm, "__array_wrap__", count, keyword_names, 1, 2))
        return VALUE_NULL;
    if (!is_array(arguments[0]) && !is_derived(arguments[0]))
        return raise_error(vm, &exc_TypeError, "can only be called with ndarray object");
    struct type *type = value_type(vm, self);
    if (value_type(vm, arguments[0]) == type)
        return arguments[0];
    return type == &ndarray_type ? array_value(array_view(vm, array_of(arguments[0])))
                                 : derived_view(vm, type, arguments[0], self);
}

/* (ufunc, method, *inputs, **options): numpy's own way, when no operand has another. */
METHOD_PLAIN(derived_array_ufunc)
{
    (void)self;
    if (count < 2 || !has_flag(arguments[1], TYPE_STRING))
        return raise_error(vm, &exc_TypeError, "__array_ufunc__ requires at least 4 arguments");
    size_t whole = count + keyword_count(keyword_names);
    for (size_t i = 2; i < whole; i++) {
        const value *items = &arguments[i];
        size_t length = 1;
        if (i >= count && has_flag(arguments[i], TYPE_TUPLE)) {
            items = tuple_of(arguments[i])->items;
            length = tuple_of(arguments[i])->length;
        }
        for (size_t k = 0; k < length; k++)
            if (derived_takes_over(vm, items[k]) ||
                (is_object(items[k]) && !is_array(items[k]) && !is_derived(items[k]) && !is_scalar_object(items[k]) &&
                 value_type(vm, items[k])->flags & TYPE_HEAP && lookup_special(vm, items[k], "__array_ufunc__") != VALUE_NULL))
                return vm->not_implemented;
    }
    value function = string_is(arguments[1], "__call__") ? arguments[0] : get_attribute(vm, arguments[0], arguments[1]);
    return function == VALUE_NULL ? function : call(vm, function, arguments + 2, count - 2, keyword_names);
}
