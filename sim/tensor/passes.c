/* passes.c - functions of the library that are several operations on every element: all of them on a block of elements that stays
 * in the processor's cache, then the next block. Work is accounted as for one operation after the other on the whole array. */
#include "sim/tensor/ufunc.h"

enum { BLOCK = 1024, PASSES_MAX = 3 };

struct pass { /* x becomes ufunc(x, operand), or ufunc(x) */
    const struct ufunc *ufunc;
    double operand;
};

static void run_pass(const struct pass *pass, const double *from, double *to, int64_t count)
{
    const ufunc_loop loop = (*ufunc_loops(pass->ufunc))[DTYPE_FLOAT64];
    double operand = pass->operand;
    if (pass->ufunc->inputs == 1)
        loop((char *[]){(char *)(uintptr_t)from, (char *)to}, (const int64_t[]){sizeof *from, sizeof *to}, count);
    else
        loop((char *[]){(char *)(uintptr_t)from, (char *)&operand, (char *)to},
             (const int64_t[]){sizeof *from, 0, sizeof *to}, count);
}

/* The numbers that the first pass reads: given ones, or if those are NULL 0, 1, 2, ... */
struct source {
    const double *given;
    double first[BLOCK]; /* 0, 1, 2, ... */
};

static void source_prepare(struct source *source, const double *given, int64_t length)
{
    source->given = given;
    for (int i = 0; !given && i < BLOCK && i < length; i++)
        source->first[i] = i;
}

static void run_first_pass(const struct pass *pass, const struct source *source, double *to, int64_t start, int64_t length)
{
    const struct pass number = {&ufuncs[UFUNC_add], (double)start};
    if (!source->given)
        run_pass(&number, source->first, to + start, length);
    run_pass(pass, source->given ? source->given + start : to + start, to + start, length);
}

/* The passes from number `from` on up to number `stop`. */
static void run_blocks(const struct pass *passes, int from, int stop, const struct source *source, double *to, int64_t length)
{
    float_errors_clear();
    for (int64_t start = 0; start < length; start += BLOCK) {
        const int64_t count = length - start < BLOCK ? length - start : BLOCK;
        if (!from)
            run_first_pass(&passes[0], source, to, start, count);
        for (int i = from ? from : 1; i < stop; i++)
            run_pass(&passes[i], to + start, to + start, count);
    }
}

/* Over the elements of `out`, whose memory has no gaps. When something is met, each pass is made by itself to know what it meets.
 * false: that is an exception. */
static bool run_passes(struct vm *vm, const struct pass *passes, int count, const double *given, struct ndarray *out)
{
    double *to = (double *)(void *)out->data;
    struct source source;
    source_prepare(&source, given, out->size);
    for (int i = 0; i < count; i++) {
        ADD_WORK(vm, elements, out->size);
        array_record_vector(vm, out, 2 * (uint64_t)out->size * sizeof *to);
    }
    run_blocks(passes, 0, count, &source, to, out->size);
    const bool apart = float_errors_raised();
    bool done = true;
    for (int i = 0; apart && done && i < count; i++) {
        const struct ufunc *ufunc = passes[i].ufunc;
        run_blocks(passes, i, i + 1, &source, to, out->size);
        done = ufunc->flags & UFUNC_QUIET || float_errors_report(vm, float_errors_raised(), ufunc->name);
    }
    gc_keep(object_value(out));
    return done;
}

/* (number of points, divisor or 0, factor, start, last point or None): i / divisor * factor + start */
METHOD(passes_line)
{
    (void)self, (void)count, (void)keyword_names;
    int64_t length;
    double numbers[3];
    if (!value_to_index(vm, arguments[0], &length))
        return VALUE_NULL;
    for (int i = 0; i < 3; i++)
        if (!value_to_double(vm, arguments[1 + i], &numbers[i]))
            return VALUE_NULL;
    const struct pass passes[PASSES_MAX] = {{&ufuncs[UFUNC_divide], numbers[0]},
                                            {&ufuncs[UFUNC_multiply], numbers[1]},
                                            {&ufuncs[UFUNC_add], numbers[2]}};
    const int first = numbers[0] == 0;
    struct ndarray *out = array_new_raw(vm, DTYPE_FLOAT64, 1, &length);
    if (!out)
        return VALUE_NULL;
    ADD_WORK(vm, elements, length); /* the points' numbers */
    if (!run_passes(vm, passes + first, PASSES_MAX - first, NULL, out))
        return VALUE_NULL;
    if (length && arguments[4] != NONE && !value_to_double(vm, arguments[4], (double *)(void *)out->data + length - 1))
        return VALUE_NULL;
    return object_value(out);
}

/* (array of float64, factor, whether to multiply first): rounded to a multiple of the factor, or of its reciprocal */
METHOD(passes_round)
{
    (void)self, (void)count, (void)keyword_names;
    struct ndarray *array = array_of(arguments[0]);
    double factor;
    if (!value_to_double(vm, arguments[1], &factor))
        return VALUE_NULL;
    const struct ufunc *multiply = &ufuncs[UFUNC_multiply], *divide = &ufuncs[UFUNC_divide];
    const bool multiplies = arguments[2] == TRUE, flat = array_is_contiguous(array);
    const struct pass passes[PASSES_MAX] = {
        {multiplies ? multiply : divide, factor}, {&ufuncs[UFUNC_rint], 0}, {multiplies ? divide : multiply, factor}};
    struct ndarray *source = flat ? array : array_new_like(vm, DTYPE_FLOAT64, array),
                   *out = source ? array_new_like(vm, DTYPE_FLOAT64, source) : NULL;
    if (!out || (!flat && !array_copy_into(vm, source, array)))
        return VALUE_NULL;
    const bool done = run_passes(vm, passes, PASSES_MAX, (const double *)(const void *)source->data, out);
    gc_keep(object_value(source));
    return done ? object_value(out) : VALUE_NULL;
}

const struct method_definition passes_functions[] = {
    {"_line", "(number, divisor, factor, start, last, /)", passes_line, METHOD_STATIC, NULL},
    {"_rounded", "(array, factor, multiplies, /)", passes_round, METHOD_STATIC, NULL},
    {NULL, NULL, NULL, 0, NULL},
};
