/* print.c - str and repr of arrays as numpy 1.24 prints them with its default options: 8 digits, lines of 75 characters,
 * arrays of more than 1000 elements abbreviated to 3 at each end. */
#include "sim/tensor/ndarray.h"

#include <math.h>
#include <stdio.h>

enum { PRECISION = 8, LINE_WIDTH = 75, THRESHOLD = 1000, EDGE = 3 };

struct layout { /* how the elements of one array are written */
    enum dtype dtype;
    bool exponent, zero_dimensions, summarize;
    int left, right;             /* digits before and after the point, or the width of an int */
    int exponent_digits;
};

struct number_text { char whole[400], fraction[64]; int exponent; };

/* Shortest digits that give the number back, but at most PRECISION after the point; without trailing zeros. */
static void split_fixed(double number, struct number_text *out)
{
    char shortest[32], text[400];
    size_t length = float_repr(number, shortest);
    shortest[length] = 0;
    const char *point = strchr(shortest, '.');
    if (strchr(shortest, 'e') || (point && strlen(point + 1) > PRECISION))
        snprintf(text, sizeof text, "%.*f", PRECISION, number);
    else
        snprintf(text, sizeof text, "%s", shortest);
    char *dot = strchr(text, '.');
    snprintf(out->fraction, sizeof out->fraction, "%s", dot ? dot + 1 : "");
    if (dot)
        *dot = 0;
    snprintf(out->whole, sizeof out->whole, "%s", text);
    for (size_t n = strlen(out->fraction); n && out->fraction[n - 1] == '0'; n--)
        out->fraction[n - 1] = 0;
}

static void split_exponent(double number, struct number_text *out)
{
    char text[64] = "";
    for (int digits = 0; digits <= PRECISION; digits++) { /* the fewest digits that give it back; else 8 */
        snprintf(text, sizeof text, "%.*e", digits, number);
        if (strtod(text, NULL) == number)
            break;
    }
    char *e = strchr(text, 'e');
    out->exponent = atoi(e + 1);
    *e = 0;
    char *dot = strchr(text, '.');
    snprintf(out->fraction, sizeof out->fraction, "%s", dot ? dot + 1 : "");
    if (dot)
        *dot = 0;
    snprintf(out->whole, sizeof out->whole, "%s", text);
    for (size_t n = strlen(out->fraction); n && out->fraction[n - 1] == '0'; n--)
        out->fraction[n - 1] = 0;
}

static int larger(int a, size_t b)
{
    return (int)b > a ? (int)b : a;
}

/* Calls visit for each element that will be shown. */
static void visit_shown(const struct ndarray *array, struct layout *layout, uint32_t axis, const char *element,
                        void (*visit)(struct layout *layout, const char *element))
{
    if (axis == array->dimensions) {
        visit(layout, element);
        return;
    }
    int64_t length = array->shape[axis];
    bool shortened = layout->summarize && length > 2 * EDGE;
    for (int64_t i = 0; i < length; i++) {
        if (shortened && i == EDGE)
            i = length - EDGE;
        visit_shown(array, layout, axis + 1, element + i * array->strides[axis], visit);
    }
}

static double element_double(const char *element)
{
    double number;
    memcpy(&number, element, sizeof number);
    return number;
}

static void measure_int(struct layout *layout, const char *element)
{
    char text[32];
    layout->left = larger(layout->left, (size_t)snprintf(text, sizeof text, "%lld", (long long)element_int(layout->dtype, element)));
}

static void measure_fixed(struct layout *layout, const char *element)
{
    double number = element_double(element);
    struct number_text text;
    if (!isfinite(number))
        return;
    split_fixed(number, &text);
    layout->left = larger(layout->left, strlen(text.whole));
    layout->right = larger(layout->right, strlen(text.fraction));
}

static void measure_exponent(struct layout *layout, const char *element)
{
    double number = element_double(element);
    struct number_text text;
    if (!isfinite(number))
        return;
    split_exponent(number, &text);
    layout->left = larger(layout->left, strlen(text.whole));
    layout->right = larger(layout->right, strlen(text.fraction));
    layout->exponent_digits = larger(layout->exponent_digits, abs(text.exponent) > 99 ? 3 : 2);
}

/* "nan" and "inf" need room as well. */
static void measure_special(struct layout *layout, const char *element)
{
    double number = element_double(element);
    if (isfinite(number))
        return;
    int after = layout->exponent ? layout->exponent_digits + 3 + layout->right : layout->right + 1;
    int needed = (isinf(number) && number < 0 ? 4 : 3) - after;
    if (needed > layout->left)
        layout->left = needed;
}

struct extremes { struct layout layout; double least, greatest; bool any; };

static void measure_extremes(struct layout *layout, const char *element)
{
    struct extremes *extremes = (struct extremes *)layout; /* layout is its first member */
    double number = fabs(element_double(element));
    if (!isfinite(number) || number == 0)
        return;
    if (!extremes->any || number < extremes->least)
        extremes->least = number;
    if (!extremes->any || number > extremes->greatest)
        extremes->greatest = number;
    extremes->any = true;
}

static struct layout layout_of(const struct ndarray *array)
{
    struct extremes extremes = {.layout = {.dtype = array->dtype, .zero_dimensions = !array->dimensions,
                                           .summarize = array->size > THRESHOLD}};
    if (array->dtype == DTYPE_INT64) {
        visit_shown(array, &extremes.layout, 0, array->data, measure_int);
    } else if (array->dtype == DTYPE_FLOAT64) {
        visit_shown(array, &extremes.layout, 0, array->data, measure_extremes);
        extremes.layout.exponent = extremes.any && (extremes.greatest >= 1e8 || extremes.least < 0.0001 ||
                                                    extremes.greatest / extremes.least > 1000.0);
        visit_shown(array, &extremes.layout, 0, array->data, extremes.layout.exponent ? measure_exponent : measure_fixed);
        visit_shown(array, &extremes.layout, 0, array->data, measure_special);
    }
    return extremes.layout;
}

static int element_text(const struct layout *layout, const char *element, char *out, size_t size)
{
    struct number_text text;
    if (layout->dtype == DTYPE_BOOL)
        return snprintf(out, size, "%s", *element ? layout->zero_dimensions ? "True" : " True" : "False");
    if (layout->dtype == DTYPE_INT64)
        return snprintf(out, size, "%*lld", layout->left, (long long)element_int(DTYPE_INT64, element));
    double number = element_double(element);
    if (!isfinite(number)) {
        int width = layout->left + 1 + layout->right + (layout->exponent ? layout->exponent_digits + 2 : 0);
        return snprintf(out, size, "%*s", width, isnan(number) ? "nan" : number < 0 ? "-inf" : "inf");
    }
    if (!layout->exponent) {
        split_fixed(number, &text);
        return snprintf(out, size, "%*s.%-*s", layout->left, text.whole, layout->right, text.fraction);
    }
    split_exponent(number, &text);
    for (size_t n = strlen(text.fraction); n < (size_t)layout->right; n++) {
        text.fraction[n] = '0';
        text.fraction[n + 1] = 0;
    }
    return snprintf(out, size, "%*s.%se%c%0*d", layout->left, text.whole, text.fraction, text.exponent < 0 ? '-' : '+',
                    layout->exponent_digits, abs(text.exponent));
}

struct printer {
    const struct ndarray *array;
    struct layout layout;
    struct string_builder *builder;
    const char *separator;
    int line;                    /* characters in the line so far */
};

static void add_spaces(struct printer *printer, int count)
{
    for (int i = 0; i < count; i++)
        string_builder_add(printer->builder, ' ');
}

/* Adds a word of the innermost rows, after a line break when it does not fit. */
static void add_word(struct printer *printer, const char *word, int length, int indent, int width)
{
    if (printer->line + length > width && printer->line > indent) {
        while (printer->builder->length && printer->builder->code_points[printer->builder->length - 1] == ' ')
            printer->builder->length--;
        string_builder_add(printer->builder, '\n');
        add_spaces(printer, indent);
        printer->line = indent;
    }
    string_builder_add_text(printer->builder, word);
    printer->line += length;
}

static void add_row(struct printer *printer, uint32_t axis, const char *element, int indent, int width)
{
    const struct ndarray *array = printer->array;
    int64_t length = array->shape[axis];
    int separator = (int)strlen(printer->separator);
    bool shortened = printer->layout.summarize && length > 2 * EDGE;
    printer->line = indent;
    for (int64_t i = 0; i < length; i++) {
        char word[512];
        if (shortened && i == EDGE) {
            add_word(printer, "...", 3, indent, width);
            string_builder_add_text(printer->builder, printer->separator);
            printer->line += separator;
            i = length - EDGE;
        }
        int size = element_text(&printer->layout, element + i * array->strides[axis], word, sizeof word);
        add_word(printer, word, size, indent, width);
        if (i + 1 < length) {
            string_builder_add_text(printer->builder, printer->separator);
            printer->line += separator;
        }
    }
}

static void add_array(struct printer *printer, uint32_t axis, const char *element, int indent, int width)
{
    const struct ndarray *array = printer->array;
    int64_t length = array->shape[axis];
    uint32_t left = array->dimensions - axis;
    string_builder_add(printer->builder, '[');
    if (left == 1) {
        add_row(printer, axis, element, indent, width - 1);
    } else {
        bool shortened = printer->layout.summarize && length > 2 * EDGE;
        for (int64_t i = 0; i < length; i++) {
            if (i) {
                string_builder_add_text(printer->builder, printer->separator[0] == ',' ? "," : "");
                for (uint32_t n = 1; n < left; n++)
                    string_builder_add(printer->builder, '\n');
                add_spaces(printer, indent);
            }
            if (shortened && i == EDGE) {
                string_builder_add_text(printer->builder, "...");
                i = length - EDGE - 1;
                shortened = false;
                continue;
            }
            add_array(printer, axis + 1, element + i * array->strides[axis], indent + 1, width - 1);
        }
    }
    string_builder_add(printer->builder, ']');
}

static void add_body(const struct ndarray *array, struct string_builder *builder, const char *separator, int prefix, int width)
{
    struct printer printer = {.array = array, .layout = layout_of(array), .builder = builder, .separator = separator};
    if (!array->size) {
        string_builder_add_text(builder, "[]");
    } else if (!array->dimensions) {
        char word[512];
        element_text(&printer.layout, array->data, word, sizeof word);
        string_builder_add_text(builder, word);
    } else {
        add_array(&printer, 0, array->data, prefix + 1, width);
    }
}

value array_string(struct vm *vm, value v)
{
    const struct ndarray *array = array_of(v);
    if (!array->dimensions)
        return value_string(vm, element_to_python(vm, array->dtype, array->data));
    struct string_builder builder = {0};
    add_body(array, &builder, " ", 0, LINE_WIDTH);
    return string_builder_finish(vm, &builder);
}

value array_repr(struct vm *vm, value v)
{
    const struct ndarray *array = array_of(v);
    struct string_builder builder = {0};
    string_builder_add_text(&builder, "array(");
    add_body(array, &builder, ", ", 6, LINE_WIDTH - 1);
    if (!array->size) {
        if (array->dimensions != 1) {
            string_builder_add_text(&builder, ", shape=");
            string_builder_add_string(&builder, value_repr(vm, shape_value(vm, array->shape, array->dimensions)));
        }
        string_builder_add_text(&builder, ", dtype=");
        string_builder_add_text(&builder, dtype_names[array->dtype]);
    }
    string_builder_add(&builder, ')');
    return string_builder_finish(vm, &builder);
}
