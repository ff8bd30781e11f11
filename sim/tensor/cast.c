/* cast.c - conversion between element types, strings and objects included, and assignment between arrays. The loops for numeric
 * types are in loops_convert.c. */
#include "sim/tensor/loops.h"

/* ---- single elements ---- */

double element_float(int dtype, const char *element)
{
    double number = 0;
    if (is_numeric_dtype(dtype))
        (*LOOPS_FOR_HOST(convert))[dtype][DTYPE_FLOAT64]((char *)&number, 8, element, (int64_t)dtype_bytes(dtype), 1);
    return number;
}

int64_t element_int(int dtype, const char *element)
{
    int64_t number = 0;
    if (is_numeric_dtype(dtype))
        (*LOOPS_FOR_HOST(convert))[dtype][DTYPE_INT64]((char *)&number, 8, element, (int64_t)dtype_bytes(dtype), 1);
    return number;
}

bool element_truth(struct vm *vm, int dtype, const char *element, bool *truth)
{
    npbool result = 0;
    if (is_numeric_dtype(dtype)) {
        (*LOOPS_FOR_HOST(convert))[dtype][DTYPE_BOOL]((char *)&result, 1, element, (int64_t)dtype_bytes(dtype), 1);
    } else if (dtype == DTYPE_OBJECT) {
        value item;
        memcpy(&item, element, sizeof item);
        int found = value_truth(vm, item);
        if (found < 0)
            return false;
        result = (npbool)found;
    } else {
        for (int i = 0; i < dtype >> 8; i++)
            result |= ((const uint32_t *)(const void *)element)[i] != 0;
    }
    *truth = result;
    return true;
}

/* ---- loops with strings and objects ---- */

/* Texts are cast to truth values as whole numbers. */
static bool store_truth_of_text(struct vm *vm, char *target, value text)
{
    value number = call_1(vm, type_object_value(&int_type), text);
    int truth = number == VALUE_NULL ? -1 : value_truth(vm, number);
    *target = truth > 0;
    return truth >= 0;
}

static bool convert_one_by_one(struct vm *vm, int to, char *target, int64_t target_step, int from,
                               const char *source, int64_t source_step, int64_t count)
{
    for (int64_t i = 0; i < count; i++, source += source_step, target += target_step) {
        value item = dtype_kind(to) == DTYPE_STRING && is_numeric_dtype(from)
                         ? scalar_new(vm, from, source)
                         : element_to_python(vm, from, source);
        if (item == VALUE_NULL)
            return false;
        if (to == DTYPE_BOOL && dtype_kind(from) == DTYPE_STRING) {
            if (!store_truth_of_text(vm, target, item))
                return false;
        } else if (!element_store(vm, to, target, item)) {
            return false;
        }
    }
    return true;
}

static void copy_strings(char *target, int64_t target_step, size_t target_bytes, const char *source,
                         int64_t source_step, size_t source_bytes, int64_t count)
{
    size_t bytes = source_bytes < target_bytes ? source_bytes : target_bytes;
    for (int64_t i = 0; i < count; i++, source += source_step, target += target_step) {
        memmove(target, source, bytes);
        memset(target + bytes, 0, target_bytes - bytes);
    }
}

/* The first of `count` adjoining elements is there: the others become the same. */
static void repeat_element(char *target, size_t bytes, int64_t count)
{
    enum { PIECE = 4096 }; /* what is copied stays in the cache */
    size_t done = bytes, all = bytes * (size_t)count;
    while (done < all) {
        size_t piece = done < PIECE || bytes > PIECE ? done : PIECE / bytes * bytes;
        if (piece > all - done)
            piece = all - done;
        memcpy(target + done, target, piece);
        done += piece;
    }
}

/* Half floats are converted by way of floats, blocks of them at a time: both ways lead to the same bits. */
static bool goes_through_floats(int to, int from, int64_t count)
{
    const bool makes = to == DTYPE_FLOAT16 && (from == DTYPE_FLOAT32 || from < DTYPE_FLOAT16);
    return count > 8 && (makes || (from == DTYPE_FLOAT16 && to != DTYPE_FLOAT16));
}

static void convert_through_floats(int to, char *target, int64_t target_step, int from, const char *source, int64_t source_step,
                                   int64_t count)
{
    enum { BLOCK = 1024 };
    float floats[BLOCK];
    half halves[BLOCK];
    const convert_loop *from_float = (*LOOPS_FOR_HOST(convert))[DTYPE_FLOAT32];
    for (int64_t start = 0; start < count; start += BLOCK, source += BLOCK * source_step, target += BLOCK * target_step) {
        const int64_t length = count - start < BLOCK ? count - start : BLOCK;
        if (from == DTYPE_FLOAT16) {
            const bool adjoins = target_step == sizeof(float) && to == DTYPE_FLOAT32;
            const half *given = source_step == sizeof(half) ? (const half *)(const void *)source : halves;
            if (given == halves)
                (*LOOPS_FOR_HOST(convert))[DTYPE_UINT16][DTYPE_UINT16]((char *)halves, sizeof(half), source, source_step, length);
            float *made = adjoins ? (float *)(void *)target : floats;
            HOST_LANES(halves_to_singles)(given, made, length);
            if (!adjoins)
                from_float[to](target, target_step, (char *)floats, sizeof(float), length);
        } else {
            const bool adjoins = target_step == sizeof(half);
            half *made = adjoins ? (half *)(void *)target : halves;
            (*LOOPS_FOR_HOST(convert))[from][DTYPE_FLOAT32]((char *)floats, sizeof(float), source, source_step, length);
            HOST_LANES(singles_to_halves)(floats, made, length);
            if (!adjoins)
                (*LOOPS_FOR_HOST(convert))[DTYPE_UINT16][DTYPE_UINT16](target, target_step, (char *)halves, sizeof(half), length);
        }
    }
}

bool elements_convert(struct vm *vm, int to, char *target, int64_t target_step, int from, const char *source,
                      int64_t source_step, int64_t count)
{
    if (!source_step && count > 8 && target_step == (int64_t)dtype_bytes(to)) {
        if (!elements_convert(vm, to, target, target_step, from, source, source_step, 1))
            return false;
        repeat_element(target, dtype_bytes(to), count);
        return true;
    }
    if (from == to && target_step == source_step && target_step == (int64_t)dtype_bytes(to)) {
        memmove(target, source, (size_t)count * dtype_bytes(to));
        return true;
    }
    if (is_numeric_dtype(to) && is_numeric_dtype(from)) {
        if (goes_through_floats(to, from, count))
            convert_through_floats(to, target, target_step, from, source, source_step, count);
        else
            (*LOOPS_FOR_HOST(convert))[from][to](target, target_step, source, source_step, count);
        return true;
    }
    if (from == DTYPE_OBJECT && to == DTYPE_OBJECT) {
        (*LOOPS_FOR_HOST(convert))[DTYPE_INT64][DTYPE_INT64](target, target_step, source, source_step, count);
        return true;
    }
    if (dtype_kind(from) == DTYPE_STRING && dtype_kind(to) == DTYPE_STRING) {
        copy_strings(target, target_step, dtype_bytes(to), source, source_step, dtype_bytes(from), count);
        return true;
    }
    return convert_one_by_one(vm, to, target, target_step, from, source, source_step, count);
}

/* ---- arrays ---- */

/* The two arrays' common axes, outermost first, adjoining ones merged: a loop over few long rows. */
struct walk {
    uint32_t dimensions;
    int64_t shape[DIMENSIONS_MAX], to[DIMENSIONS_MAX], from[DIMENSIONS_MAX];
};

static int64_t magnitude(int64_t n)
{
    return n < 0 ? -n : n;
}

static void walk_plan(struct walk *walk, const struct ndarray *to, const struct ndarray *from)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < to->dimensions; i++) {
        if (to->shape[i] == 1)
            continue;
        uint32_t at = n++; /* by the target's strides, the largest first: writes in order of memory */
        for (; at && magnitude(walk->to[at - 1]) < magnitude(to->strides[i]); at--) {
            walk->shape[at] = walk->shape[at - 1];
            walk->to[at] = walk->to[at - 1];
            walk->from[at] = walk->from[at - 1];
        }
        walk->shape[at] = to->shape[i];
        walk->to[at] = to->strides[i];
        walk->from[at] = from->strides[i];
    }
    walk->dimensions = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t last = walk->dimensions - 1;
        if (walk->dimensions && walk->to[last] == walk->shape[i] * walk->to[i] &&
            walk->from[last] == walk->shape[i] * walk->from[i]) {
            walk->shape[last] *= walk->shape[i];
            walk->to[last] = walk->to[i];
            walk->from[last] = walk->from[i];
        } else {
            walk->shape[walk->dimensions] = walk->shape[i];
            walk->to[walk->dimensions] = walk->to[i];
            walk->from[walk->dimensions++] = walk->from[i];
        }
    }
}

/* Elements that adjoin in the target's rows and in the source's columns: in tiles whose rows fill a line of the cache of the target,
 * while the source is read along a few of its columns. */
#define TRANSPOSE(T)                                                                                         \
    static void transpose_##T(char *target, int64_t target_step, const char *source, int64_t source_step, int64_t rows, \
                              int64_t columns)                                                               \
    {                                                                                                        \
        enum { TILE_ROWS = 128, TILE_COLUMNS = sizeof(T) < 8 ? 16 : 8 };                                     \
        for (int64_t row = 0; row < rows; row += TILE_ROWS) {                                                \
            const int64_t last_row = rows - row < TILE_ROWS ? rows : row + TILE_ROWS;                        \
            for (int64_t column = 0; column < columns; column += TILE_COLUMNS) {                             \
                for (int64_t r = row; r < last_row; r++) {                                                   \
                    T *to = (T *)(void *)(target + r * target_step) + column;                                \
                    const char *element = source + r * (int64_t)sizeof(T) + column * source_step;            \
                    if (columns - column >= TILE_COLUMNS) {                                                  \
                        for (int c = 0; c < (int)TILE_COLUMNS; c++)                                          \
                            to[c] = *(const T *)(const void *)(element + c * source_step);                   \
                    } else {                                                                                 \
                        for (int64_t c = 0; c < columns - column; c++)                                       \
                            to[c] = *(const T *)(const void *)(element + c * source_step);                   \
                    }                                                                                        \
                }                                                                                            \
            }                                                                                                \
        }                                                                                                    \
    }
TRANSPOSE(uint8_t)
TRANSPOSE(uint16_t)
TRANSPOSE(uint32_t)
TRANSPOSE(uint64_t)
TRANSPOSE(complex_double)

typedef void (*transpose_loop)(char *target, int64_t target_step, const char *source, int64_t source_step, int64_t rows,
                               int64_t columns);

/* The loop for the walk's two innermost axes together, when the source's elements adjoin along another axis than the target's, which
 * then becomes the one before the innermost; else NULL. */
static transpose_loop walk_transposes(struct walk *walk, int target, int source)
{
    enum { LEAST_ROWS = 8, LEAST_COLUMNS = 2 };
    const uint32_t inner = walk->dimensions - 1;
    const int64_t bytes = (int64_t)dtype_bytes(target);
    if (target != source || !is_numeric_dtype(target) || walk->to[inner] != bytes || walk->shape[inner] < LEAST_COLUMNS)
        return NULL;
    uint32_t axis = inner;
    while (axis-- > 0 && (walk->from[axis] != bytes || walk->shape[axis] < LEAST_ROWS))
        ;
    if (axis >= inner || walk->from[inner] == bytes)
        return NULL;
    const struct walk plan = *walk;
    walk->shape[axis] = plan.shape[inner - 1];
    walk->to[axis] = plan.to[inner - 1];
    walk->from[axis] = plan.from[inner - 1];
    walk->shape[inner - 1] = plan.shape[axis];
    walk->to[inner - 1] = plan.to[axis];
    walk->from[inner - 1] = plan.from[axis];
    return bytes == 1   ? transpose_uint8_t
           : bytes == 2 ? transpose_uint16_t
           : bytes == 4 ? transpose_uint32_t
           : bytes == 8 ? transpose_uint64_t
                        : transpose_complex_double;
}

static bool copy_walk(struct vm *vm, struct ndarray *to, const struct ndarray *from)
{
    struct walk walk;
    walk_plan(&walk, to, from);
    int target_dtype = array_dtype(to), source_dtype = array_dtype(from);
    if (!walk.dimensions)
        return elements_convert(vm, target_dtype, to->data, to->item_size, source_dtype, from->data,
                                from->item_size, 1);
    const transpose_loop transpose = walk_transposes(&walk, target_dtype, source_dtype);
    const uint32_t inner = walk.dimensions - 1, outer = transpose ? inner - 1 : inner;
    int64_t index[DIMENSIONS_MAX] = {0};
    char *target = to->data;
    const char *source = from->data;
    for (;;) {
        if (transpose)
            transpose(target, walk.to[outer], source, walk.from[inner], walk.shape[outer], walk.shape[inner]);
        else if (!elements_convert(vm, target_dtype, target, walk.to[inner], source_dtype, source, walk.from[inner],
                                   walk.shape[inner]))
            return false;
        uint32_t i = outer;
        while (i-- > 0) {
            target += walk.to[i];
            source += walk.from[i];
            if (++index[i] < walk.shape[i])
                break;
            target -= index[i] * walk.to[i];
            source -= index[i] * walk.from[i];
            index[i] = 0;
        }
        if (i == UINT32_MAX)
            return true;
    }
}

bool array_copy_into(struct vm *vm, struct ndarray *to, struct ndarray *from)
{
    return array_copy_as(vm, to, from, "cast");
}

bool array_copy_as(struct vm *vm, struct ndarray *to, struct ndarray *from, const char *who)
{
    if (to->dtype < DTYPE_COMPLEX64 && to->dtype != DTYPE_BOOL && is_complex_dtype(from->dtype) &&
        !warning_issue(vm, complex_warning_type(vm), 1,
                       "Casting complex values to real discards the imaginary part"))
        return false;
    if (!to->size)
        return true;
    if (to->size > 1) /* numbers beside arrays are converted in passing */
        ADD_WORK(vm, elements, to->size);
    if (to->data != from->data && arrays_overlap(to, from) && !(from = array_duplicate(vm, from, DTYPE_NONE)))
        return false;
    if (to->data == from->data && memcmp(to->strides, from->strides, to->dimensions * sizeof(int64_t)) != 0 &&
        !(from = array_duplicate(vm, from, DTYPE_NONE)))
        return false;
    bool watched = to->dtype != from->dtype && is_numeric_dtype(from->dtype) && from->dtype > DTYPE_BOOL;
    if (watched)
        float_errors_clear();
    bool done = copy_walk(vm, to, from);
    gc_keep(object_value(from));
    gc_keep(object_value(to));
    return done && (!watched || float_errors_report(vm, float_errors_raised(), who));
}

bool array_assign_array(struct vm *vm, struct ndarray *to, struct ndarray *source)
{
    uint32_t extra = 0;
    while ((uint32_t)source->dimensions - extra > to->dimensions && source->shape[extra] == 1)
        extra++;
    uint32_t dimensions = source->dimensions - extra;
    bool fits = dimensions <= to->dimensions;
    for (uint32_t i = 0; fits && i < dimensions; i++) {
        int64_t own = source->shape[source->dimensions - 1 - i];
        fits = own == to->shape[to->dimensions - 1 - i] || own == 1;
    }
    if (!fits) {
        raise_error(vm, &exc_ValueError, "could not broadcast input array from shape %U into shape %U",
                    shape_text(vm, source->shape + extra, dimensions),
                    shape_text(vm, to->shape, to->dimensions));
        return false;
    }
    if (extra) {
        struct ndarray *view = array_view_of(vm, source, dimensions);
        if (!view)
            return false;
        memcpy(view->shape, source->shape + extra, dimensions * sizeof(int64_t));
        memcpy(view->strides, source->strides + extra, dimensions * sizeof(int64_t));
        array_set_size(view);
        source = view;
    }
    if (source->dimensions != to->dimensions ||
        memcmp(source->shape, to->shape, to->dimensions * sizeof(int64_t)) != 0) {
        source = array_broadcast(vm, source, to->shape, to->dimensions);
        if (!source)
            return false;
    }
    return array_copy_into(vm, to, source);
}

bool array_assign(struct vm *vm, struct ndarray *to, value from)
{
    if (to->dtype == DTYPE_OBJECT && !is_array(from) && !to->dimensions) {
        memcpy(to->data, &from, sizeof from);
        return true;
    }
    struct ndarray *source = is_array(from) ? array_of(from) : NULL;
    if (is_scalar_object(from) && !scalar_fits(vm, array_dtype(to), from))
        return false;
    if (!source) {
        /* what has no dimensions goes through the target's own type, with its checks */
        bool nested = has_flag(from, TYPE_LIST) || has_flag(from, TYPE_TUPLE);
        int wanted = nested || !is_object(from) ? array_dtype(to)
                     : is_scalar_object(from)   ? DTYPE_NONE
                                                : array_dtype(to);
        if (nested && to->dtype != DTYPE_OBJECT && !is_numeric_dtype(to->dtype))
            wanted = DTYPE_NONE;
        source = array_from(vm, from, wanted);
    }
    if (source && source->dimensions > to->dimensions &&
        (has_flag(from, TYPE_LIST) || has_flag(from, TYPE_TUPLE))) {
        raise_error(vm, &exc_ValueError,
                    "setting an array element with a sequence. The requested array would exceed the maximum "
                    "number of dimension of %u.",
                    to->dimensions);
        return false;
    }
    return source && array_assign_array(vm, to, source);
}
