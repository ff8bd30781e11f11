/* print.c - str and repr of arrays and scalars as numpy 1.24 prints them: one format for all elements of an
 * array, rows in lines of a width, arrays beyond a threshold abbreviated to the items at each end. */
#include "sim/tensor/numpy_state.h"

#include "sim/runtime/number.h"

#include <stdio.h>

/* ---- the digits of one number ---- */

enum { FIXED_ROOM = 420 };
struct number_text {
    char whole[FIXED_ROOM], fraction[FIXED_ROOM];
    int exponent;
};

/* The fewest digits that give a number of this type back, as "d.ddde+XX". */
static void shortest(int dtype, double number, char out[48])
{
    size_t length;
    if (dtype == DTYPE_FLOAT16) {
        /* ties are tried both ways: at a power of two only one of them may give the number back */
        const double near[] = {number, nextafter(number, 2 * number), nextafter(number, 0)};
        for (int digits = 0; digits < 8; digits++) {
            for (int k = 0; k < 3; k++) {
                snprintf(out, 48, "%.*e", digits, near[k]);
                if (half_to_double(double_to_half(strtod(out, NULL))) == number)
                    return;
            }
        }
        return;
    }
    length = dtype == DTYPE_FLOAT32 ? float_shortest_single((float)number, out) : float_shortest(number, out);
    out[length] = 0;
}

static void trim_zeros(char *digits, size_t keep)
{
    for (size_t n = strlen(digits); n > keep && digits[n - 1] == '0'; n--)
        digits[n - 1] = 0;
}

static void split_point(char *text, struct number_text *out)
{
    char *point = strchr(text, '.');
    snprintf(out->fraction, sizeof out->fraction, "%s", point ? point + 1 : "");
    if (point)
        *point = 0;
    snprintf(out->whole, sizeof out->whole, "%s", text);
}

/* Positional digits: the shortest unless more than `precision` (negative: any number) follow the point, then
 * rounded exactly. */
static void split_fixed(int dtype, double number, int64_t precision, bool unique, struct number_text *out)
{
    char text[FIXED_ROOM], scientific[48];
    shortest(dtype, number, scientific);
    char *e = strchr(scientific, 'e');
    int exponent = atoi(e + 1);
    *e = 0;
    char digits[48];
    size_t count = 0;
    for (const char *p = scientific; *p; p++)
        if (*p >= '0' && *p <= '9')
            digits[count++] = *p;
    int64_t behind = (int64_t)count - 1 - exponent;
    if (!unique || (precision >= 0 && behind > precision)) {
        snprintf(text, sizeof text, "%.*f",
                 (int)(precision < 0     ? 17
                       : precision > 380 ? 380
                                         : precision),
                 number);
        split_point(text, out);
    } else {
        size_t w = 0, f = 0;
        if (signbit(number))
            out->whole[w++] = '-';
        if (exponent < 0)
            out->whole[w++] = '0';
        for (int i = 0; i <= exponent; i++)
            out->whole[w++] = (size_t)i < count ? digits[i] : '0';
        for (int i = -1; i > exponent && f < FIXED_ROOM - 60; i--)
            out->fraction[f++] = '0';
        for (size_t i = exponent < 0 ? 0 : (size_t)exponent + 1; i < count; i++)
            out->fraction[f++] = digits[i];
        out->whole[w] = out->fraction[f] = 0;
    }
    if (unique)
        trim_zeros(out->fraction, 0);
}

static void split_exponent(int dtype, double number, int64_t precision, bool unique, struct number_text *out)
{
    char text[FIXED_ROOM];
    shortest(dtype, number, text);
    char *point = strchr(text, '.'), *e = strchr(text, 'e');
    int64_t behind = point ? e - point - 1 : 0;
    if (!unique || (precision >= 0 && behind > precision))
        snprintf(text, sizeof text, "%.*e",
                 (int)(precision < 0     ? 17
                       : precision > 380 ? 380
                                         : precision),
                 number);
    e = strchr(text, 'e');
    out->exponent = atoi(e + 1);
    *e = 0;
    split_point(text, out);
    if (unique)
        trim_zeros(out->fraction, 0);
}

/* ---- the format of an array's elements ---- */

struct float_layout_state { /* of real numbers, or of one part of complex ones */
    int dtype;
    size_t offset; /* of the part in an element */
    bool exponent, unique;
    int64_t precision, min_digits, left, right;
    int exponent_digits;
    char sign;
};

struct layout {
    const struct ndarray *array;
    const struct print_options *options;
    int dtype;
    bool summarize;
    int64_t width; /* of ints and bools */
    struct float_layout_state parts[2];
    value formatter; /* a callable, or VALUE_NULL */
    struct vm *vm;
};

typedef void (*element_visitor)(void *context, const char *element);

static void visit_shown(const struct layout *layout, uint32_t axis, const char *element,
                        element_visitor visit, void *context)
{
    const struct ndarray *array = layout->array;
    if (axis == array->dimensions) {
        visit(context, element);
        return;
    }
    int64_t length = array->shape[axis], edge = layout->options->edge_items;
    for (int64_t i = 0; i < length; i++) { /* with no items at the edges the last is shown, and all count for the format */
        if (layout->summarize && edge > 0 && length > 2 * edge && i >= edge && i < length - edge)
            i = length - edge;
        if (i < length)
            visit_shown(layout, axis + 1, element + i * array->strides[axis], visit, context);
    }
}

struct float_survey {
    struct float_layout_state *state;
    double least, greatest; /* magnitudes of what is neither 0 nor infinite */
    bool any_finite, any_special, any_negative, negative_infinity;
    int64_t whole, fraction;
    int exponent_digits;
};

static void survey_range(void *context, const char *element)
{
    struct float_survey *survey = context;
    double number = element_float(survey->state->dtype, element + survey->state->offset);
    if (!isfinite(number)) {
        survey->any_special = true;
        survey->negative_infinity |= isinf(number) && number < 0;
        return;
    }
    survey->any_finite = true;
    survey->any_negative |= signbit(number) != 0;
    double size = fabs(number);
    if (size != 0) {
        survey->least = size < survey->least ? size : survey->least;
        survey->greatest = size > survey->greatest ? size : survey->greatest;
    }
}

static void split_number(const struct float_layout_state *state, double number, struct number_text *text)
{
    if (state->exponent)
        split_exponent(state->dtype, number, state->precision, state->unique, text);
    else
        split_fixed(state->dtype, number, state->precision, state->unique, text);
    if (state->sign == '+' && !signbit(number)) {
        memmove(text->whole + 1, text->whole, strlen(text->whole) + 1);
        text->whole[0] = '+';
    }
}

static void survey_digits(void *context, const char *element)
{
    struct float_survey *survey = context;
    double number = element_float(survey->state->dtype, element + survey->state->offset);
    if (!isfinite(number))
        return;
    struct number_text text;
    split_number(survey->state, number, &text);
    int64_t whole = (int64_t)strlen(text.whole), fraction = (int64_t)strlen(text.fraction);
    survey->whole = whole > survey->whole ? whole : survey->whole;
    survey->fraction = fraction > survey->fraction ? fraction : survey->fraction;
    if (survey->state->exponent) {
        int digits = abs(text.exponent) >= 100 ? 3 : 2;
        survey->exponent_digits = digits > survey->exponent_digits ? digits : survey->exponent_digits;
    }
}

static double ratio_of(int dtype, double a, double b)
{
    if (dtype == DTYPE_FLOAT32)
        return (double)((float)a / (float)b);
    return dtype == DTYPE_FLOAT16 ? half_to_double(double_to_half(a / b)) : a / b;
}

static void float_plan(const struct layout *layout, struct float_layout_state *state, char sign)
{
    const struct print_options *options = layout->options;
    struct float_survey survey = {.state = state, .least = INFINITY};
    state->sign = sign;
    state->precision = options->float_mode == FLOATMODE_UNIQUE ? -1 : options->precision;
    visit_shown(layout, 0, layout->array->data, survey_range, &survey);
    state->exponent =
        survey.greatest > 0 &&
        (survey.greatest >= 1e8 ||
         (!options->suppress &&
          (survey.least < 0.0001 || ratio_of(state->dtype, survey.greatest, survey.least) > 1000)));
    state->unique = state->exponent || options->float_mode != FLOATMODE_FIXED;
    if (survey.any_finite) {
        visit_shown(layout, 0, layout->array->data, survey_digits, &survey);
        state->left = survey.whole;
        state->right = survey.fraction;
        if (state->exponent) {
            state->exponent_digits = survey.exponent_digits;
            if (options->float_mode == FLOATMODE_FIXED)
                survey.fraction = state->precision;
            state->precision = state->min_digits = survey.fraction;
            state->right = survey.exponent_digits + 2 + survey.fraction;
        } else if (options->float_mode == FLOATMODE_FIXED || options->float_mode == FLOATMODE_MAXPREC_EQUAL) {
            state->precision = state->min_digits = survey.fraction;
        }
    }
    if (sign == ' ' && !survey.any_negative)
        state->left++;
    if (survey.any_special) {
        int64_t nan = string_of(options->nan_text)->length,
                infinity = string_of(options->infinity_text)->length;
        infinity += sign != '-' || survey.negative_infinity;
        int64_t needed = (nan > infinity ? nan : infinity) - (state->right + 1);
        state->left = needed > state->left ? needed : state->left;
    }
}

/* ---- one element's text ---- */

static void add_spaces(struct string_builder *out, int64_t count)
{
    string_builder_fill(out, ' ', count);
}

static void float_text(const struct layout *layout, const struct float_layout_state *state,
                       const char *element, struct string_builder *out)
{
    double number = element_float(state->dtype, element + state->offset);
    if (!isfinite(number)) {
        value special = isnan(number) ? layout->options->nan_text : layout->options->infinity_text;
        bool minus = !isnan(number) && number < 0, plus = !minus && state->sign == '+';
        add_spaces(out,
                   state->left + state->right + 1 - (int64_t)string_of(special)->length - (minus || plus));
        if (minus || plus)
            string_builder_add(out, minus ? '-' : '+');
        string_builder_add_string(out, special);
        return;
    }
    struct number_text text;
    char exponent[16];
    split_number(state, number, &text);
    bool whole = !*text.fraction && !state->exponent && number == trunc(number);
    if (whole || (int64_t)strlen(text.fraction) < state->min_digits) { /* the number's own digits, not zeros */
        struct float_layout_state exact = *state;
        exact.unique = false;
        exact.precision = state->min_digits;
        split_number(&exact, number, &text);
    }
    add_spaces(out, state->left - (int64_t)strlen(text.whole));
    string_builder_add_text(out, text.whole);
    string_builder_add(out, '.');
    string_builder_add_text(out, text.fraction);
    if (state->exponent) {
        snprintf(exponent, sizeof exponent, "e%c%0*d", text.exponent < 0 ? '-' : '+', state->exponent_digits,
                 abs(text.exponent));
        string_builder_add_text(out, exponent);
    } else {
        add_spaces(out, state->right - (int64_t)strlen(text.fraction));
    }
}

static void complex_text(const struct layout *layout, const char *element, struct string_builder *out)
{
    float_text(layout, &layout->parts[0], element, out);
    float_text(layout, &layout->parts[1], element, out);
    size_t end = out->length;
    while (end && out->code_points[end - 1] == ' ') /* the j comes before the padding */
        end--;
    string_builder_add(out, ' ');
    memmove(out->code_points + end + 1, out->code_points + end,
            (out->length - 1 - end) * sizeof *out->code_points);
    out->code_points[end] = 'j';
}

static bool element_text(const struct layout *layout, const char *element, struct string_builder *out)
{
    struct vm *vm = layout->vm;
    if (layout->formatter != VALUE_NULL) {
        value item = scalar_new(vm, layout->dtype, element),
              text = item == VALUE_NULL ? item : call_1(vm, layout->formatter, item);
        if (text == VALUE_NULL)
            return false;
        string_builder_add_string(out, text);
        return true;
    }
    char number[32];
    value item;
    switch (dtype_letter(layout->dtype)) {
    case 'b':
        add_spaces(out, layout->width - (*element ? 4 : 5));
        string_builder_add_text(out, *element ? "True" : "False");
        return true;
    case 'i':
        snprintf(number, sizeof number, "%lld", (long long)element_int(layout->dtype, element));
        add_spaces(out, layout->width - (int64_t)strlen(number));
        string_builder_add_text(out, number);
        return true;
    case 'u':
        snprintf(number, sizeof number, "%llu", (unsigned long long)element_int(layout->dtype, element));
        add_spaces(out, layout->width - (int64_t)strlen(number));
        string_builder_add_text(out, number);
        return true;
    case 'f':
        float_text(layout, &layout->parts[0], element, out);
        return true;
    case 'c':
        complex_text(layout, element, out);
        return true;
    default:
        item = element_to_python(vm, layout->dtype, element);
        if (item == VALUE_NULL || (item = value_repr(vm, item)) == VALUE_NULL)
            return false;
        bool list =
            layout->dtype == DTYPE_OBJECT && string_of(item)->length && string_at(string_of(item), 0) == '[';
        if (list) {
            value object;
            memcpy(&object, element, sizeof object);
            list = is_exact(object, &list_type);
        }
        string_builder_add_text(out, list ? "list(" : "");
        string_builder_add_string(out, item);
        string_builder_add_text(out, list ? ")" : "");
        return true;
    }
}

static void survey_width(void *context, const char *element)
{
    struct layout *layout = context;
    char number[32];
    int length =
        layout->dtype == DTYPE_UINT64
            ? snprintf(number, sizeof number, "%llu", (unsigned long long)element_int(layout->dtype, element))
            : snprintf(number, sizeof number, "%lld", (long long)element_int(layout->dtype, element));
    layout->width = length > layout->width ? length : layout->width;
}

/* The formatter that np.set_printoptions(formatter=...) or array2string has for this dtype. */
static value find_formatter(struct vm *vm, const struct print_options *options, int dtype)
{
    if (!has_flag(options->formatter, TYPE_DICT))
        return VALUE_NULL;
    static const struct {
        const char *key, *kinds;
    } keys[] = {{"bool", "b"},         {"int", "iu"},     {"float", "f"},     {"complexfloat", "c"},
                {"numpystr", "U"},     {"object", "O"},   {"int_kind", "iu"}, {"float_kind", "f"},
                {"complex_kind", "c"}, {"str_kind", "U"}, {"all", "biufcUO"}};
    value found = VALUE_NULL;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        value item = dict_get_text(vm, dict_of(options->formatter), keys[i].key);
        if (item != VALUE_NULL && item != NONE && strchr(keys[i].kinds, dtype_letter(dtype)) &&
            found == VALUE_NULL)
            found = item;
    }
    return found;
}

static void layout_plan(struct layout *layout)
{
    int dtype = layout->dtype;
    layout->formatter = find_formatter(layout->vm, layout->options, dtype);
    if (layout->formatter != VALUE_NULL)
        return;
    if (dtype == DTYPE_BOOL)
        layout->width = layout->array->dimensions ? 5 : 0;
    if (is_integer_dtype(dtype))
        visit_shown(layout, 0, layout->array->data, survey_width, layout);
    if (is_float_dtype(dtype)) {
        layout->parts[0].dtype = dtype;
        float_plan(layout, &layout->parts[0], layout->options->sign);
    }
    if (is_complex_dtype(dtype)) {
        layout->parts[0].dtype = layout->parts[1].dtype =
            dtype == DTYPE_COMPLEX64 ? DTYPE_FLOAT32 : DTYPE_FLOAT64;
        layout->parts[1].offset = dtype_bytes(dtype) / 2;
        float_plan(layout, &layout->parts[0], layout->options->sign);
        float_plan(layout, &layout->parts[1], '+');
    }
}

/* ---- rows and lines ---- */

struct printer {
    const struct layout *layout;
    struct string_builder out;
    size_t line_start; /* of the last line in `out` */
    value separator;
};

static void strip_right(struct printer *printer)
{
    while (printer->out.length > printer->line_start &&
           printer->out.code_points[printer->out.length - 1] == ' ')
        printer->out.length--;
}

static void new_line(struct printer *printer, int64_t indent)
{
    strip_right(printer);
    string_builder_add(&printer->out, '\n');
    printer->line_start = printer->out.length;
    add_spaces(&printer->out, indent);
}

static size_t separator_length(const struct printer *printer) /* without the spaces at its end */
{
    const struct string_object *separator = string_of(printer->separator);
    size_t length = separator->length;
    while (length && string_at(separator, length - 1) == ' ')
        length--;
    return length;
}

/* Words of several lines (other arrays among the elements) stay together. */
static void add_word(struct printer *printer, const struct string_builder *word, int64_t width,
                     int64_t indent)
{
    int64_t used = (int64_t)(printer->out.length - printer->line_start), longest = 0, current = 0;
    bool lines = false;
    for (size_t i = 0; i < word->length; i++) {
        lines |= word->code_points[i] == '\n';
        current = word->code_points[i] == '\n' ? 0 : current + 1;
        longest = current > longest ? current : longest;
    }
    if (used + longest > width && used > indent)
        new_line(printer, indent);
    used = (int64_t)(printer->out.length - printer->line_start);
    for (size_t i = 0; i < word->length; i++) {
        if (word->code_points[i] == '\n')
            new_line(printer, used);
        else
            string_builder_add(&printer->out, word->code_points[i]);
    }
    if (lines)
        add_spaces(&printer->out, longest - current);
}

static bool add_row(struct printer *printer, uint32_t axis, const char *element, int64_t indent,
                    int64_t width)
{
    const struct layout *layout = printer->layout;
    int64_t length = layout->array->shape[axis], stride = layout->array->strides[axis];
    int64_t edge = layout->options->edge_items, before = edge > 0 ? edge : 0, after = edge > 0 ? edge : 1;
    bool shorten = layout->summarize && 2 * edge < length;
    int64_t separator = (int64_t)separator_length(printer), usable = width - (separator > 1 ? separator : 1);
    for (int64_t i = 0; i < length; i++) {
        struct string_builder word = {0};
        if (shorten && i == before) {
            string_builder_add_text(&word, "...");
            add_word(printer, &word, usable, indent);
            string_builder_free(&word);
            string_builder_add_string(&printer->out, printer->separator);
            word = (struct string_builder){0};
            i = length - after;
        }
        bool done = element_text(layout, element + i * stride, &word);
        if (done)
            add_word(printer, &word, usable, indent);
        string_builder_free(&word);
        if (!done)
            return false;
        if (i + 1 < length)
            string_builder_add_string(&printer->out, printer->separator);
    }
    return true;
}

/* indent: of the items on lines of their own; the opening bracket has been accounted for in it. */
static bool add_axis(struct printer *printer, uint32_t axis, const char *element, int64_t indent,
                     int64_t width)
{
    const struct layout *layout = printer->layout;
    const struct ndarray *array = layout->array;
    uint32_t left = array->dimensions - axis;
    string_builder_add(&printer->out, '[');
    if (left == 1) {
        if (!add_row(printer, axis, element, indent, width))
            return false;
        string_builder_add(&printer->out, ']');
        return true;
    }
    int64_t length = array->shape[axis], edge = layout->options->edge_items;
    int64_t before = edge > 0 ? edge : 0, after = edge > 0 ? edge : 1;
    bool shorten = layout->summarize && 2 * edge < length, shortened = false;
    for (int64_t i = 0; i < length; i++) {
        bool dots = shorten && i == before && !shortened;
        if (dots) {
            i = length - after - 1;
            shortened = true;
        }
        if (dots)
            string_builder_add_text(&printer->out, "...");
        else if (!add_axis(printer, axis + 1, element + i * array->strides[axis], indent + 1, width - 1))
            return false;
        if (i + 1 == length)
            break;
        const struct string_object *separator = string_of(printer->separator);
        for (size_t k = 0; k < separator_length(printer); k++)
            string_builder_add(&printer->out, string_at(separator, k));
        for (uint32_t k = 1; k < left; k++) {
            string_builder_add(&printer->out, '\n');
            printer->line_start = printer->out.length;
        }
        add_spaces(&printer->out, indent);
    }
    string_builder_add(&printer->out, ']');
    return true;
}

value array_to_text(struct vm *vm, struct ndarray *array, const struct print_options *options, value separator,
                    int64_t before, int64_t after)
{
    if (options->legacy != FALSE && !has_flag(options->legacy, TYPE_STRING))
        return raise_unsupported(vm, "printing numpy arrays in the style of 1.13");
    if (!array->size)
        return string_from_text(vm, "[]");
    if (options->precision < 0 && options->float_mode != FLOATMODE_UNIQUE &&
        (is_float_dtype(array->dtype) || is_complex_dtype(array->dtype)))
        return raise_error(vm, &exc_ValueError, "precision must be >= 0");
    struct layout layout = {.array = array,
                            .options = options,
                            .dtype = array_dtype(array),
                            .vm = vm,
                            .summarize = array->size > options->threshold};
    layout_plan(&layout);
    ADD_WORK(vm, characters, array->size);
    int64_t indent = 1 + before, width = options->line_width - after;
    struct printer printer = {&layout, {0}, 0, separator};
    add_spaces(&printer.out, array->dimensions
                                 ? indent - 1
                                 : 0); /* taken off again: it counts for the first line's width */
    bool done = array->dimensions ? add_axis(&printer, 0, array->data, indent, width)
                                  : element_text(&layout, array->data, &printer.out);
    if (!done)
        return builder_abandon(&printer.out);
    size_t drop = array->dimensions ? (size_t)indent - 1 : 0;
    memmove(printer.out.code_points, printer.out.code_points + drop,
            (printer.out.length - drop) * sizeof *printer.out.code_points);
    printer.out.length -= drop;
    return string_builder_finish(vm, &printer.out);
}

/* ---- str and repr ---- */

value array_string(struct vm *vm, value self)
{
    struct ndarray *array = array_of(self);
    if (!array->dimensions) {
        value item = scalar_new(vm, array_dtype(array), array->data);
        return item == VALUE_NULL ? item : value_string(vm, item);
    }
    return array_to_text(vm, array, &numpy_state(vm)->print, string_from_text(vm, " "), 0, 0);
}

/* What stands before a repr: its class's name. */
static value repr_prefix(struct vm *vm, value self)
{
    return is_derived(self) ? string_printf(vm, "%T(", self) : string_from_text(vm, "array(");
}

value array_repr(struct vm *vm, value self)
{
    struct ndarray *array = array_of(self);
    struct repr_guard guard;
    value prefix = repr_prefix(vm, self);
    if (prefix == VALUE_NULL)
        return prefix;
    int dtype = array_dtype(array);
    bool implied = (dtype == DTYPE_INT64 || dtype == DTYPE_FLOAT64 || dtype == DTYPE_COMPLEX128 ||
                    dtype == DTYPE_BOOL) &&
                   array->size;
    enum repr_state state = repr_enter(vm, &guard, self);
    if (state != REPR_FIRST)
        return state == REPR_AGAIN ? string_from_text(vm, "...") : VALUE_NULL;
    value text;
    if (array->size || (array->dimensions == 1 && !array->shape[0]))
        text = array_to_text(vm, array, &numpy_state(vm)->print, string_from_text(vm, ", "),
                             (int64_t)string_of(prefix)->length, 1);
    else
        text = string_printf(vm, "[], shape=%R", shape_value(vm, array->shape, array->dimensions));
    repr_leave(vm, &guard);
    if (text == VALUE_NULL || implied)
        return text == VALUE_NULL ? text : string_printf(vm, "%U%U)", prefix, text);
    value name = dtype_name(vm, dtype);
    value kind = dtype_kind(dtype) == DTYPE_STRING ? string_printf(vm, "dtype='%U')", name)
                                                   : string_printf(vm, "dtype=%U)", name);
    const struct string_object *string = string_of(text);
    size_t last = 0; /* of the text's last line */
    while (last < string->length && string_at(string, string->length - 1 - last) != '\n')
        last++;
    last += (last == string->length ? string_of(prefix)->length : 0) + 1;
    bool wrap = (int64_t)last + string_of(kind)->length + 1 > numpy_state(vm)->print.line_width;
    value gap = string_from_text(vm, wrap ? "\n" : " ");
    for (size_t i = 0; wrap && gap != VALUE_NULL && i < string_of(prefix)->length; i++)
        gap = string_concat(vm, gap, string_from_text(vm, " "));
    return gap == VALUE_NULL ? gap : string_printf(vm, "%U%U,%U%U", prefix, text, gap, kind);
}

/* A part of a complex number, or a real one: positional between 1e-4 and 1e16. */
static void add_scalar_text(int dtype, double number, bool plus, bool trim_point, struct string_builder *out)
{
    struct number_text text;
    if (!isfinite(number)) {
        string_builder_add_text(out, isnan(number) ? plus ? "+nan" : "nan"
                                     : number < 0  ? "-inf"
                                     : plus        ? "+inf"
                                                   : "inf");
        return;
    }
    double size = fabs(number);
    bool scientific = size != 0 && (size < 1e-4 || size >= 1e16);
    if (scientific)
        split_exponent(dtype, number, -1, true, &text);
    else
        split_fixed(dtype, number, -1, true, &text);
    if (plus && !signbit(number))
        string_builder_add(out, '+');
    string_builder_add_text(out, text.whole);
    if (*text.fraction || (!trim_point && !scientific)) {
        string_builder_add(out, '.');
        string_builder_add_text(out, *text.fraction ? text.fraction : "0");
    }
    if (scientific) {
        char exponent[16];
        snprintf(exponent, sizeof exponent, "e%c%02d", text.exponent < 0 ? '-' : '+', abs(text.exponent));
        string_builder_add_text(out, exponent);
    }
}

value scalar_repr(struct vm *vm, value self)
{
    int dtype = scalar_dtype(self);
    const char *element = scalar_element(self);
    struct string_builder out = {0};
    if (is_float_dtype(dtype)) {
        add_scalar_text(dtype, element_float(dtype, element), false, false, &out);
        return string_builder_finish(vm, &out);
    }
    if (!is_complex_dtype(dtype)) {
        value plain = element_to_python(vm, dtype, element);
        return plain == VALUE_NULL ? plain : value_repr(vm, plain);
    }
    int part = dtype == DTYPE_COMPLEX64 ? DTYPE_FLOAT32 : DTYPE_FLOAT64;
    double real = element_float(part, element), imaginary = element_float(part, element + dtype_bytes(part));
    bool both = real != 0 || signbit(real);
    if (both) {
        string_builder_add(&out, '(');
        add_scalar_text(part, real, false, true, &out);
    }
    add_scalar_text(part, imaginary, both, true, &out);
    string_builder_add_text(&out, both ? "j)" : "j");
    return string_builder_finish(vm, &out);
}
