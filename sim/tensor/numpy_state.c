/* numpy_state.c - np.seterr, np.errstate's part in C, and np.set_printoptions; how floating-point trouble is
 * reported. */
#include "sim/tensor/numpy_state.h"

#include "sim/runtime/module.h"

#include <fenv.h>

static void trace_state(struct vm *vm, void *context)
{
    struct numpy_state *state = context;
    gc_mark(vm, state->error_call);
    gc_mark(vm, state->print.nan_text);
    gc_mark(vm, state->print.infinity_text);
    gc_mark(vm, state->print.formatter);
    gc_mark(vm, state->print.legacy);
    gc_mark(vm, state->module);
    gc_mark(vm, state->complex_warning);
    if (state->derived_met != VALUE_NULL)
        gc_mark(vm, state->derived_met);
}

struct numpy_state *numpy_state(struct vm *vm)
{
    if (vm->numpy)
        return vm->numpy;
    struct numpy_state *state = calloc(1, sizeof *state);
    if (!state)
        abort();
    *state = (struct numpy_state){
        .error_modes = {ERROR_WARN, ERROR_WARN, ERROR_IGNORE, ERROR_WARN},
        .error_call = NONE,
        .module = NONE,
        .complex_warning = NONE,
        .derived_met = VALUE_NULL,
        .print = {8, 1000, 3, 75, false, '-', FLOATMODE_MAXPREC, NONE, NONE, NONE, FALSE},
    };
    vm->numpy = state;
    gc_add_tracer(vm, trace_state, state);
    state->print.nan_text = string_from_text(vm, "nan");
    state->print.infinity_text = string_from_text(vm, "inf");
    return state;
}

void numpy_state_free(struct vm *vm)
{
    free(vm->numpy);
    vm->numpy = NULL;
}

/* ---- floating-point errors ---- */

enum { ERRORS_TOLD = FE_DIVBYZERO | FE_OVERFLOW | FE_UNDERFLOW | FE_INVALID };

void float_errors_clear(void)
{
    if (fetestexcept(ERRORS_TOLD)) /* looking costs a tenth of clearing */
        feclearexcept(FE_ALL_EXCEPT);
}

unsigned float_errors_raised(void)
{
    int raised = fetestexcept(ERRORS_TOLD);
    return (raised & FE_DIVBYZERO ? FLOAT_DIVIDE : 0u) | (raised & FE_OVERFLOW ? FLOAT_OVERFLOW : 0u) |
           (raised & FE_UNDERFLOW ? FLOAT_UNDERFLOW : 0u) | (raised & FE_INVALID ? FLOAT_INVALID : 0u);
}

static const char *const error_texts[ERROR_KINDS] = {"divide by zero", "overflow", "underflow",
                                                     "invalid value"};

static bool report_one(struct vm *vm, int kind, const char *name)
{
    struct numpy_state *state = numpy_state(vm);
    switch ((enum error_mode)state->error_modes[kind]) {
    case ERROR_IGNORE:
        return true;
    case ERROR_WARN:
        return warning_issue(vm, &exc_RuntimeWarning, 1, "%s encountered in %s", error_texts[kind], name);
    case ERROR_RAISE:
        raise_error(vm, &exc_FloatingPointError, "%s encountered in %s", error_texts[kind], name);
        return false;
    case ERROR_CALL:
    case ERROR_LOG:
        if (state->error_call == NONE) {
            raise_error(vm, &exc_ValueError,
                        "python callback specified for %s (in  %s) but no function found.", error_texts[kind],
                        name);
            return false;
        }
        return call_2(vm, state->error_call, string_from_text(vm, error_texts[kind]), small_int(1 << kind)) !=
               VALUE_NULL;
    case ERROR_PRINT:
        break;
    }
    value line = string_printf(vm, "Warning: %s encountered in %s\n", error_texts[kind], name);
    size_t size;
    const char *text = line == VALUE_NULL ? NULL : string_utf8(vm, line, &size);
    return text && stream_write(vm, vm->out, text, size);
}

bool float_errors_report(struct vm *vm, unsigned errors, const char *name)
{
    if (!errors)
        return true;
    for (int kind = 0; kind < ERROR_KINDS; kind++)
        if (errors >> kind & 1 && !report_one(vm, kind, name))
            return false;
    return true;
}

struct type *complex_warning_type(struct vm *vm)
{
    value found = get_attribute_text(vm, numpy_state(vm)->module, "ComplexWarning");
    if (found == VALUE_NULL) {
        exception_clear(vm);
        return &exc_RuntimeWarning;
    }
    return (struct type *)value_object(found);
}

/* ---- seterr, geterr ---- */

static const char *const mode_names[] = {"ignore", "warn", "raise", "call", "print", "log"};
static const char *const kind_names[] = {"divide", "over", "under", "invalid"};

METHOD(state_geterr)
{
    UNUSED_METHOD_PARAMETERS;
    value dict = dict_new(vm);
    for (int i = 0; i < ERROR_KINDS; i++)
        if (dict == VALUE_NULL ||
            !dict_set_text(vm, dict_of(dict), kind_names[i],
                           string_from_text(vm, mode_names[numpy_state(vm)->error_modes[i]])))
            return VALUE_NULL;
    return dict;
}

METHOD(state_seterr)
{
    value old = state_geterr(vm, self, NULL, 0, VALUE_NULL);
    (void)count, (void)keyword_names;
    uint8_t modes[ERROR_KINDS];
    memcpy(modes, numpy_state(vm)->error_modes, sizeof modes);
    for (int i = 0; i < ERROR_KINDS; i++) {
        value given =
            arguments[1 + i] != VALUE_NULL && arguments[1 + i] != NONE ? arguments[1 + i] : arguments[0];
        if (given == VALUE_NULL || given == NONE)
            continue;
        int found = -1;
        for (int m = 0; m <= ERROR_LOG; m++)
            if (has_flag(given, TYPE_STRING) && string_is(given, mode_names[m]))
                found = m;
        if (found < 0)
            return raise_key_error(vm, given);
        modes[i] = (uint8_t)found;
    }
    memcpy(numpy_state(vm)->error_modes, modes, sizeof modes);
    return old;
}

METHOD(state_seterrcall)
{
    (void)self, (void)count, (void)keyword_names;
    value old = numpy_state(vm)->error_call;
    numpy_state(vm)->error_call = arguments[0];
    return old;
}

METHOD(state_geterrcall)
{
    UNUSED_METHOD_PARAMETERS;
    return numpy_state(vm)->error_call;
}

/* ---- print options ---- */

static const char *const float_mode_names[] = {"fixed", "unique", "maxprec", "maxprec_equal"};

static bool option_integer(struct vm *vm, value given, int64_t *out)
{
    if (given == VALUE_NULL || given == NONE)
        return true;
    if (is_float(given) && isinf(float_number(given))) { /* threshold=np.inf */
        *out = INT64_MAX;
        return true;
    }
    if (is_float(given)) {
        *out = (int64_t)float_number(given);
        return true;
    }
    return value_to_index(vm, given, out);
}

static bool option_sign(struct vm *vm, value given, char *out)
{
    if (given == VALUE_NULL || given == NONE)
        return true;
    for (const char *sign = "-+ "; *sign; sign++) {
        char text[2] = {*sign, 0};
        if (has_flag(given, TYPE_STRING) && string_is(given, text)) {
            *out = *sign;
            return true;
        }
    }
    raise_error(vm, &exc_ValueError, "sign option must be one of ' ', '+', or '-'");
    return false;
}

static bool option_mode(struct vm *vm, value given, enum float_mode *out)
{
    if (given == VALUE_NULL || given == NONE)
        return true;
    for (int i = 0; i < 4; i++) {
        if (has_flag(given, TYPE_STRING) && string_is(given, float_mode_names[i])) {
            *out = (enum float_mode)i;
            return true;
        }
    }
    raise_error(vm, &exc_ValueError,
                "floatmode option must be one of \"fixed\", \"unique\", \"maxprec\", \"maxprec_equal\"");
    return false;
}

static bool check_threshold(struct vm *vm, value given)
{
    double number;
    if (given == VALUE_NULL || given == NONE)
        return true;
    if (has_flag(given, TYPE_STRING) || !value_to_double(vm, given, &number)) {
        exception_clear(vm);
        return raise_error(vm, &exc_TypeError, "threshold must be numeric"), false;
    }
    if (isnan(number))
        raise_error(vm, &exc_ValueError, "threshold must be non-NAN, try sys.maxsize for untruncated representation");
    return !isnan(number);
}

/* precision, threshold, edgeitems, linewidth, suppress, nanstr, infstr, formatter, sign, floatmode */
static bool options_change(struct vm *vm, const value *given, struct print_options *options)
{
    if (given[0] != VALUE_NULL && given[0] != NONE && !has_index(vm, given[0]))
        return raise_error(vm, &exc_TypeError, "precision must be an integer"), false;
    if (given[7] != VALUE_NULL && given[7] != NONE && !has_flag(given[7], TYPE_DICT))
        return raise_error(vm, &exc_AttributeError, "'%T' object has no attribute 'keys'", given[7]), false;
    if (!check_threshold(vm, given[1]) || !option_integer(vm, given[0], &options->precision) ||
        !option_integer(vm, given[1], &options->threshold) ||
        !option_integer(vm, given[2], &options->edge_items) ||
        !option_integer(vm, given[3], &options->line_width) || !option_sign(vm, given[8], &options->sign) ||
        !option_mode(vm, given[9], &options->float_mode))
        return false;
    if (given[4] != VALUE_NULL && given[4] != NONE) {
        int truth = value_truth(vm, given[4]);
        if (truth < 0)
            return false;
        options->suppress = truth;
    }
    if (given[5] != VALUE_NULL && given[5] != NONE)
        options->nan_text = given[5];
    if (given[6] != VALUE_NULL && given[6] != NONE)
        options->infinity_text = given[6];
    if (given[7] != VALUE_NULL)
        options->formatter = given[7];
    return true;
}

static bool is_known_legacy(value given)
{
    return given == FALSE || (is_small_int(given) && !small_int_value(given)) ||
           (has_flag(given, TYPE_STRING) && string_is(given, "1.21"));
}

static bool option_legacy(struct vm *vm, value given, value *legacy)
{
    if (given == VALUE_NULL || given == NONE)
        return true;
    if (has_flag(given, TYPE_STRING) && string_is(given, "1.13"))
        return raise_unsupported(vm, "numpy.set_printoptions(legacy='1.13')"), false;
    *legacy = is_known_legacy(given) && !has_flag(given, TYPE_STRING) ? FALSE : given;
    return is_known_legacy(given) ||
           warning_issue(vm, &exc_UserWarning, 1, "legacy printing option can currently only be '1.13', '1.21', or `False`");
}

METHOD(state_set_printoptions)
{
    (void)self, (void)count, (void)keyword_names;
    value given[10];
    memcpy(given, arguments, sizeof given);
    if (given[7] == VALUE_NULL)
        given[7] = NONE; /* the formatter is for this call only */
    struct print_options changed = numpy_state(vm)->print;
    if (!option_legacy(vm, arguments[10], &changed.legacy) || !options_change(vm, given, &changed))
        return VALUE_NULL;
    numpy_state(vm)->print = changed;
    return NONE;
}

METHOD(state_get_printoptions)
{
    UNUSED_METHOD_PARAMETERS;
    const struct print_options *options = &numpy_state(vm)->print;
    int64_t hash;
    if (!is_known_legacy(options->legacy))
        return value_hash(vm, options->legacy, &hash) ? raise_key_error(vm, options->legacy) : VALUE_NULL;
    value dict = dict_new(vm);
    if (dict == VALUE_NULL)
        return dict;
    char sign[2] = {options->sign, 0};
    const struct {
        const char *name;
        value item;
    } entries[] = {{"edgeitems", small_int(options->edge_items)},
                   {"threshold", options->threshold == INT64_MAX ? float_value(vm, INFINITY)
                                                                 : small_int(options->threshold)},
                   {"floatmode", string_from_text(vm, float_mode_names[options->float_mode])},
                   {"precision", small_int(options->precision)},
                   {"suppress", bool_value(options->suppress)},
                   {"linewidth", small_int(options->line_width)},
                   {"nanstr", options->nan_text},
                   {"infstr", options->infinity_text},
                   {"sign", string_from_text(vm, sign)},
                   {"formatter", options->formatter},
                   {"legacy", options->legacy}};
    for (size_t i = 0; i < sizeof entries / sizeof *entries; i++)
        if (!dict_set_text(vm, dict_of(dict), entries[i].name, entries[i].item))
            return VALUE_NULL;
    return dict;
}

METHOD(state_array2string)
{
    (void)self, (void)count, (void)keyword_names;
    struct print_options options = numpy_state(vm)->print;
    value given[10] = {arguments[2], arguments[8], arguments[9], arguments[1],  arguments[3],
                       VALUE_NULL,   VALUE_NULL,   arguments[7], arguments[10], arguments[11]};
    if (!is_array(arguments[0]) && !is_scalar_object(arguments[0]))
        return raise_error(vm, &exc_AttributeError, "'%T' object has no attribute 'size'", arguments[0]);
    struct ndarray *array = array_from(vm, arguments[0], DTYPE_NONE);
    if (arguments[6] != VALUE_NULL &&
        !warning_issue(vm, &exc_DeprecationWarning, 3,
                       "'style' argument is deprecated and no longer functional except in 1.13 'legacy' mode"))
        return VALUE_NULL;
    if (!array || !option_legacy(vm, arguments[13], &options.legacy) || !options_change(vm, given, &options))
        return VALUE_NULL;
    int64_t before = arguments[5] == VALUE_NULL ? 0 : value_length(vm, arguments[5]);
    int64_t after = arguments[12] == VALUE_NULL || before < 0 ? 0 : value_length(vm, arguments[12]);
    if (before < 0 || after < 0)
        return VALUE_NULL;
    value separator = arguments[4] == VALUE_NULL ? string_from_text(vm, " ") : arguments[4];
    if (!has_flag(separator, TYPE_STRING) && array->dimensions && array->size)
        return raise_error(vm, &exc_AttributeError, "'%T' object has no attribute 'rstrip'", separator);
    return array_to_text(vm, array, &options, separator, before, after);
}

/* With a line width, a precision and small numbers' fate that hold for this call. */
static value print_with(struct vm *vm, const value *arguments, value (*print)(struct vm *vm, value array))
{
    struct numpy_state *state = numpy_state(vm);
    struct print_options options = state->print, saved = state->print;
    value given[10] = {arguments[2], VALUE_NULL, VALUE_NULL, arguments[1], arguments[3],
                       VALUE_NULL,   VALUE_NULL, VALUE_NULL, VALUE_NULL,   VALUE_NULL};
    if (!is_array(arguments[0]) && !is_scalar_object(arguments[0]))
        return raise_error(vm, &exc_AttributeError, "'%T' object has no attribute 'dtype'", arguments[0]);
    struct ndarray *array = array_from(vm, arguments[0], DTYPE_NONE);
    bool single = array && !array->dimensions && print == array_string; /* printed as the number alone, with no look at options */
    if (!array || (!single && !options_change(vm, given, &options)))
        return VALUE_NULL;
    state->print = options;
    value text = print(vm, object_value(array));
    state->print = saved;
    return text;
}

METHOD(state_array_repr)
{
    (void)self, (void)count, (void)keyword_names;
    return print_with(vm, arguments, array_repr);
}

METHOD(state_array_str)
{
    (void)self, (void)count, (void)keyword_names;
    return print_with(vm, arguments, array_string);
}

const struct method_definition state_functions[] = {
    {"geterr", "()", state_geterr, METHOD_STATIC | METHOD_PYTHON_WORDS, NULL},
    {"seterr", "(all=None, divide=None, over=None, under=None, invalid=None)", state_seterr, METHOD_STATIC,
     NULL},
    {"seterrcall", "(func)", state_seterrcall, METHOD_STATIC, NULL},
    {"geterrcall", "()", state_geterrcall, METHOD_STATIC | METHOD_PYTHON_WORDS, NULL},
    {"set_printoptions",
     "(precision=None, threshold=None, edgeitems=None, linewidth=None, suppress=None, nanstr=None, "
     "infstr=None, formatter=None, "
     "sign=None, floatmode=None, *, legacy=None)",
     state_set_printoptions, METHOD_STATIC | METHOD_PYTHON_WORDS, NULL},
    {"get_printoptions", "()", state_get_printoptions, METHOD_STATIC | METHOD_PYTHON_WORDS, NULL},
    {"array2string",
     "(a, max_line_width=None, precision=None, suppress_small=None, separator=' ', prefix='', style=None, "
     "formatter=None, "
     "threshold=None, edgeitems=None, sign=None, floatmode=None, suffix='', *, legacy=None)",
     state_array2string, METHOD_STATIC | METHOD_PYTHON_WORDS, NULL},
    {"array_repr", "(arr, max_line_width=None, precision=None, suppress_small=None)", state_array_repr,
     METHOD_STATIC | METHOD_PYTHON_WORDS, NULL},
    {"array_str", "(a, max_line_width=None, precision=None, suppress_small=None)", state_array_str,
     METHOD_STATIC | METHOD_PYTHON_WORDS, NULL},
    {NULL, NULL, NULL, 0, NULL},
};
