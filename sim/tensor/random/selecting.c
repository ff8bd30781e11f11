/* selecting.c - choice, shuffle, permutation and permuted. */
#include "sim/tensor/random/random_objects.h"

#include "sim/runtime/number.h"

double compensated_sum(const double *numbers, int64_t count)
{
    if (count <= 0)
        return 0.0;
    double sum = numbers[0], lost = 0.0;
    for (int64_t i = 1; i < count; i++) {
        double y = numbers[i] - lost, t = sum + y;
        lost = (t - sum) - y;
        sum = t;
    }
    return sum;
}

/* ---- shuffling ---- */

static void indices_shuffle(struct sampler *s, int64_t *indices, int64_t count)
{
    for (int64_t i = count - 1; i > 0; i--) {
        int64_t j = (int64_t)sample_interval(s, (uint64_t)i), moved = indices[j];
        indices[j] = indices[i];
        indices[i] = moved;
    }
}

static void bytes_swap(char *a, char *b, size_t size)
{
    char moved[64];
    while (size) {
        size_t part = size < sizeof moved ? size : sizeof moved;
        memcpy(moved, a, part);
        memmove(a, b, part);
        memcpy(b, moved, part);
        a += part;
        b += part;
        size -= part;
    }
}

/* Elements at a stride, down to index `first`. */
static void elements_shuffle(struct sampler *s, char *data, int64_t count, int64_t stride, size_t bytes, int64_t first)
{
    for (int64_t i = count - 1; i >= first; i--) {
        int64_t j = (int64_t)sample_interval(s, (uint64_t)i);
        if (i != j)
            bytes_swap(data + j * stride, data + i * stride, bytes);
    }
}

/* The subarrays along an axis. */
static void slices_shuffle(struct sampler *s, struct ndarray *array, uint32_t axis)
{
    struct ndarray slice = *array; /* one of them: the axis is 1 long */
    int64_t shape[DIMENSIONS_MAX], count = array->shape[axis], stride = array->strides[axis];
    memcpy(shape, array->shape, array->dimensions * sizeof *shape);
    shape[axis] = 1;
    slice.shape = shape;
    for (int64_t i = count - 1; i > 0; i--) {
        int64_t j = (int64_t)sample_interval(s, (uint64_t)i), index[DIMENSIONS_MAX] = {0};
        char *element = array->data;
        if (i == j)
            continue;
        for (int64_t k = 0; k < array->size / count; k++, element_next(&slice, index, &element))
            bytes_swap(element + j * stride, element + i * stride, array->item_size);
    }
}

static value array_shuffle(struct vm *vm, struct sampler *s, struct ndarray *array, value axis_given)
{
    uint32_t axis = 0;
    if (array->readonly)
        return raise_error(vm, &exc_ValueError, "array is read-only");
    if (array->dimensions == 0)
        return raise_error(vm, &exc_TypeError, "len() of unsized object");
    if (axis_given != VALUE_NULL && !axis_from(vm, axis_given, array->dimensions, &axis))
        return VALUE_NULL;
    if (array->dimensions == 1)
        elements_shuffle(s, array->data, array->size, array->strides[0], array->item_size, 1);
    else if (array->size)
        slices_shuffle(s, array, axis);
    ADD_WORK(vm, items, array->size);
    random_account(vm, s, 0);
    return NONE;
}

static bool items_swap(struct vm *vm, value x, int64_t i, int64_t j)
{
    if (is_exact(x, &list_type)) {
        struct list_object *list = list_of(x);
        if (i < list->length && j < list->length) {
            value moved = list->items[i];
            list->items[i] = list->items[j];
            list->items[j] = moved;
            return true;
        }
    }
    value at_j = get_item(vm, x, small_int(j)), at_i = at_j == VALUE_NULL ? at_j : get_item(vm, x, small_int(i));
    return at_i != VALUE_NULL && set_item(vm, x, small_int(i), at_j) && set_item(vm, x, small_int(j), at_i);
}

/* An instance of collections.abc.Sequence; -1: error */
static int is_sequence(struct vm *vm, value x)
{
    if (value_type(vm, x)->flags & TYPE_SEQUENCE)
        return 1;
    value module = import_module(vm, "collections.abc");
    value sequence = module == VALUE_NULL ? module : get_attribute_text(vm, module, "Sequence");
    return sequence == VALUE_NULL ? -1 : object_is_instance(vm, x, sequence);
}

value shuffle_draw(struct vm *vm, struct sampler *s, value x, value axis)
{
    if (is_derived(x) && (x = array_value(array_plain(vm, x))) == VALUE_NULL) /* its memory is the same */
        return VALUE_NULL;
    if (is_array(x))
        return array_shuffle(vm, s, array_of(x), axis);
    int64_t count = value_length(vm, x);
    if (count < 0)
        return VALUE_NULL;
    int sequence = is_sequence(vm, x);
    if (sequence < 0 ||
        (!sequence &&
         !warning_issue(
             vm, &exc_UserWarning, 1,
             "you are shuffling a '%T' object which is not a subclass of 'Sequence'; `shuffle` is not guaranteed to "
             "behave correctly. E.g., non-numpy array/tensor objects with view semantics may contain duplicates after "
             "shuffling.",
             x)))
        return VALUE_NULL;
    if (axis != VALUE_NULL && axis != small_int(0))
        return raise_error(vm, &exc_NotImplementedError, "Axis argument is only supported on ndarray objects");
    bool good = true;
    for (int64_t i = count - 1; good && i > 0; i--)
        good = items_swap(vm, x, i, (int64_t)sample_interval(s, (uint64_t)i));
    ADD_WORK(vm, items, count);
    random_account(vm, s, 0);
    return good ? NONE : VALUE_NULL;
}

static struct ndarray *shuffled_indices(struct vm *vm, struct sampler *s, int64_t count)
{
    struct ndarray *indices = array_new_1d(vm, DTYPE_INT64, count > 0 ? count : 0);
    if (!indices)
        return NULL;
    int64_t *numbers = (int64_t *)(void *)indices->data;
    for (int64_t i = 0; i < indices->size; i++)
        numbers[i] = i;
    indices_shuffle(s, numbers, indices->size);
    random_account(vm, s, indices->size);
    return indices;
}

value permutation_draw(struct vm *vm, struct sampler *s, bool legacy, value x, value axis_given)
{
    if (is_int(x) || (is_scalar_object(x) && is_integer_dtype(scalar_dtype(x)))) {
        int64_t count;
        return value_to_index(vm, x, &count) ? array_value(shuffled_indices(vm, s, count)) : VALUE_NULL;
    }
    uint32_t axis = 0;
    struct ndarray *array = array_from(vm, x, DTYPE_NONE);
    if (!array)
        return VALUE_NULL;
    if (legacy && array->dimensions < 1)
        return raise_error(vm, &exc_IndexError, "x must be an integer or at least 1-dimensional");
    if (!axis_from(vm, axis_given == VALUE_NULL ? small_int(0) : axis_given, array->dimensions, &axis))
        return VALUE_NULL;
    if (array->dimensions == 1) {
        struct ndarray *copy = array_duplicate(vm, array, array_dtype(array));
        return !copy || array_shuffle(vm, s, copy, VALUE_NULL) == VALUE_NULL ? VALUE_NULL : object_value(copy);
    }
    struct ndarray *indices = shuffled_indices(vm, s, array->shape[axis]);
    return indices ? array_value(array_take(vm, array, indices, axis, 0)) : VALUE_NULL;
}

value permuted_draw(struct vm *vm, struct sampler *s, value x, value axis_given, value out)
{
    struct ndarray *array = array_from(vm, x, DTYPE_NONE), *result;
    uint32_t axis;
    if (!array)
        return VALUE_NULL;
    if (!is_given(out)) {
        result = array_is_fortran(array) ? array_new_like(vm, array_dtype(array), array)
                                         : array_duplicate(vm, array, array_dtype(array));
        if (!result || !array_assign_array(vm, result, array))
            return VALUE_NULL;
    } else {
        if (!is_array(out))
            return raise_error(vm, &exc_TypeError, "out must be a numpy array");
        result = array_of(out);
        if (result->readonly)
            return raise_error(vm, &exc_ValueError, "out is read-only");
        if (result->dimensions != array->dimensions ||
            memcmp(result->shape, array->shape, array->dimensions * sizeof(int64_t)) != 0)
            return raise_error(vm, &exc_ValueError, "out must have the same shape as x");
        if (!can_cast(array_dtype(array), array_dtype(result), CAST_SAFE))
            return raise_error(vm, &exc_TypeError, "Cannot cast array data from %R to %R according to the rule 'safe'",
                               dtype_value(vm, array_dtype(array)), dtype_value(vm, array_dtype(result)));
        if (!array_assign_array(vm, result, array))
            return VALUE_NULL;
    }
    if (!is_given(axis_given) && (result->dimensions <= 1 || array_is_contiguous(result) || array_is_fortran(result))) {
        if (result->dimensions == 0)
            return raise_error(vm, &exc_TypeError, "len() of unsized object");
        int64_t stride = result->dimensions == 1 ? result->strides[0] : result->item_size;
        elements_shuffle(s, result->data, result->size, stride, result->item_size, 1);
    } else if (!is_given(axis_given)) {
        struct ndarray *flat = array_duplicate(vm, result, array_dtype(result));
        if (!flat)
            return VALUE_NULL;
        elements_shuffle(s, flat->data, flat->size, flat->item_size, flat->item_size, 1);
        if (!array_assign_array(vm, result, flat))
            return VALUE_NULL;
    } else {
        if (!axis_from(vm, axis_given, result->dimensions, &axis))
            return VALUE_NULL;
        struct ndarray lanes = *result;
        int64_t shape[DIMENSIONS_MAX], index[DIMENSIONS_MAX] = {0}, length = result->shape[axis];
        memcpy(shape, result->shape, result->dimensions * sizeof *shape);
        shape[axis] = 1;
        lanes.shape = shape;
        char *lane = result->data;
        for (int64_t i = 0; length && i < result->size / length; i++, element_next(&lanes, index, &lane))
            elements_shuffle(s, lane, length, result->strides[axis], result->item_size, 0);
    }
    ADD_WORK(vm, items, result->size);
    random_account(vm, s, 0);
    return object_value(result);
}

/* ---- choice ---- */

struct chooser {
    bool legacy, scalar;       /* scalar: no size was given */
    int64_t population, count; /* of things to choose from, to choose */
    struct ndarray *from;      /* what is chosen; without dimensions: numbers below population */
    uint32_t axis;
    double *weights; /* NULL: all alike; in an array's storage, which the stack keeps by it */
};

static bool population_find(struct vm *vm, struct chooser *c, value a, value axis_given)
{
    c->from = array_from(vm, a, DTYPE_NONE);
    if (!c->from)
        return false;
    if (c->from->dimensions == 0) {
        value item = element_to_python(vm, array_dtype(c->from), c->from->data);
        if (item == VALUE_NULL)
            return false;
        if (!has_index(vm, item)) {
            if (c->legacy)
                raise_error(vm, &exc_ValueError, "a must be 1-dimensional or an integer");
            else
                raise_error(vm, &exc_ValueError, "a must be a sequence or an integer, not %R",
                            type_object_value(value_type(vm, a)));
            return false;
        }
        if (!value_to_index(vm, item, &c->population))
            return false;
        if (c->population > 0 || c->count == 0)
            return true;
        raise_error(vm, &exc_ValueError,
                    c->legacy ? "a must be greater than 0 unless no samples are taken"
                              : "a must be a positive integer unless no samples are taken");
        return false;
    }
    if (c->legacy && c->from->dimensions != 1) {
        raise_error(vm, &exc_ValueError, "a must be 1-dimensional");
        return false;
    }
    int64_t axis = 0;
    if (axis_given != VALUE_NULL && !value_to_index(vm, axis_given, &axis))
        return false;
    if (axis < -(int64_t)c->from->dimensions || axis >= c->from->dimensions) {
        raise_error(vm, &exc_IndexError, "tuple index out of range");
        return false;
    }
    c->axis = (uint32_t)(axis < 0 ? axis + c->from->dimensions : axis);
    c->population = c->from->shape[c->axis];
    if (c->population || c->count == 0)
        return true;
    raise_error(vm, &exc_ValueError, "%s cannot be empty unless no samples are taken", c->legacy ? "'a'" : "a");
    return false;
}

static bool weights_find(struct vm *vm, struct chooser *c, value p)
{
    double tolerance = 1.4901161193847656e-08; /* the square root of the precision: of doubles, or p's own */
    if (is_array(p) && array_of(p)->dtype == DTYPE_FLOAT32)
        tolerance = 0.0003452669770922512;
    else if (is_array(p) && array_of(p)->dtype == DTYPE_FLOAT16)
        tolerance = 0.03125;
    if (value_length(vm, p) < 0)
        return false;
    static const struct parameter weights = {.name = "p"};
    struct ndarray *array = parameter_array(vm, p, &weights);
    array = array ? array_duplicate(vm, array, DTYPE_FLOAT64) : NULL;
    if (!array)
        return false;
    const char *a_name = c->legacy ? "'a'" : "a", *p_name = c->legacy ? "'p'" : "p";
    if (array->dimensions != 1) {
        raise_error(vm, &exc_ValueError, "%s must be 1-dimensional", p_name);
        return false;
    }
    if (array->size != c->population) {
        raise_error(vm, &exc_ValueError, "%s and %s must have same size", a_name, p_name);
        return false;
    }
    c->weights = (double *)(void *)array->data;
    double sum = compensated_sum(c->weights, array->size);
    bool negative = false;
    for (int64_t i = 0; i < array->size; i++)
        negative = negative || c->weights[i] < 0;
    ADD_WORK(vm, elements, array->size);
    if (sum != sum)
        raise_error(vm, &exc_ValueError, "probabilities contain NaN");
    else if (negative)
        raise_error(vm, &exc_ValueError, "probabilities are not non-negative");
    else if (fabs(sum - 1.) > tolerance)
        raise_error(vm, &exc_ValueError, "probabilities do not sum to 1");
    return vm->pending == VALUE_NULL;
}

/* sums[i]: the share of what lies up to i */
static void weights_accumulate(const struct chooser *c, double *sums)
{
    double sum = 0;
    for (int64_t i = 0; i < c->population; i++)
        sums[i] = sum = i ? sum + c->weights[i] : c->weights[i];
    for (int64_t i = 0; i < c->population; i++)
        sums[i] /= sum;
}

static int64_t weights_search(const double *sums, int64_t count, double x)
{
    int64_t low = 0, high = count;
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        if (x < sums[middle])
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static void choose_weighted(struct sampler *s, struct chooser *c, double *sums, int64_t *chosen)
{
    weights_accumulate(c, sums);
    for (int64_t i = 0; i < c->count; i++)
        chosen[i] = weights_search(sums, c->population, s_uniform(s));
}

/* Without replacement: what was drawn twice is drawn again, with the rest's weights. */
static bool choose_weighted_once(struct vm *vm, struct sampler *s, struct chooser *c, double *sums, int64_t *chosen)
{
    int64_t positive = 0, found = 0;
    for (int64_t i = 0; i < c->population; i++)
        positive += c->weights[i] > 0;
    if (positive < c->count) {
        raise_error(vm, &exc_ValueError, "Fewer non-zero entries in p than size");
        return false;
    }
    uint64_t *round_of = calloc((size_t)c->population + 1, sizeof *round_of); /* in which it was drawn */
    double *uniforms = malloc((size_t)c->count * sizeof *uniforms + 1);
    for (uint64_t round = 1; round_of && uniforms && found < c->count; round++) {
        int64_t missing = c->count - found;
        for (int64_t i = 0; i < missing; i++)
            uniforms[i] = s_uniform(s);
        for (int64_t i = 0; i < found; i++)
            c->weights[chosen[i]] = 0;
        weights_accumulate(c, sums);
        for (int64_t i = 0; i < missing; i++) {
            int64_t index = weights_search(sums, c->population, uniforms[i]);
            if (round_of[index] != round) {
                round_of[index] = round;
                chosen[found++] = index;
            }
        }
    }
    bool good = round_of && uniforms;
    free(round_of);
    free(uniforms);
    if (!good)
        raise_no_memory(vm);
    return good;
}

static void bounded_shuffle(struct sampler *s, int64_t *numbers, int64_t count, int64_t first)
{
    for (int64_t i = count - 1; i >= first; i--) {
        int64_t j = (int64_t)sample_bounded(s, BOUNDED_BY_PRODUCT, (uint64_t)i), moved = numbers[j];
        numbers[j] = numbers[i];
        numbers[i] = moved;
    }
}

/* R. Floyd's sampling: the numbers met are kept in a hash table of open addresses. */
static bool choose_by_set(struct vm *vm, struct sampler *s, const struct chooser *c, int64_t *chosen, bool shuffle)
{
    uint64_t wanted = (uint64_t)(1.2 * (double)c->count), mask = wanted ? UINT64_MAX >> __builtin_clzll(wanted) : 0;
    uint64_t *table = malloc((mask + 1) * sizeof *table);
    if (!table) {
        raise_no_memory(vm);
        return false;
    }
    memset(table, 0xff, (mask + 1) * sizeof *table);
    for (int64_t j = c->population - c->count; j < c->population; j++) {
        uint64_t number = sample_bounded(s, BOUNDED_BY_PRODUCT, (uint64_t)j), place = number & mask;
        while (table[place] != UINT64_MAX && table[place] != number)
            place = (place + 1) & mask;
        if (table[place] != UINT64_MAX) { /* it is in: j itself cannot be */
            number = (uint64_t)j;
            for (place = number & mask; table[place] != UINT64_MAX;)
                place = (place + 1) & mask;
        }
        table[place] = number;
        chosen[j - c->population + c->count] = (int64_t)number;
    }
    free(table);
    if (shuffle)
        bounded_shuffle(s, chosen, c->count, 1);
    ADD_WORK(vm, probes, c->count);
    return true;
}

static bool choose_once(struct vm *vm, struct sampler *s, const struct chooser *c, int64_t *chosen, bool shuffle)
{
    bool from_tail = !c->legacy && c->population > 10000 && c->count > c->population / (shuffle ? 50 : 20);
    if (!c->legacy && !from_tail)
        return choose_by_set(vm, s, c, chosen, shuffle);
    int64_t *all = malloc((size_t)c->population * sizeof *all + 1);
    if (!all) {
        raise_no_memory(vm);
        return false;
    }
    for (int64_t i = 0; i < c->population; i++)
        all[i] = i;
    int64_t rest = c->population - c->count;
    if (c->legacy)
        indices_shuffle(s, all, c->population);
    else
        bounded_shuffle(s, all, c->population, rest > 1 ? rest : 1);
    memcpy(chosen, c->legacy ? all : all + rest, (size_t)c->count * sizeof *chosen);
    free(all);
    ADD_WORK(vm, items, c->population);
    return true;
}

static bool indices_choose(struct vm *vm, struct sampler *s, struct chooser *c, bool replace, bool shuffle,
                           int64_t *chosen)
{
    if (!replace && c->count > c->population) {
        raise_error(vm, &exc_ValueError, "Cannot take a larger sample than population when %s",
                    c->legacy ? "'replace=False'" : "replace is False");
        return false;
    }
    if (c->weights) {
        struct ndarray *sums = array_new_1d(vm, DTYPE_FLOAT64, c->population);
        if (!sums)
            return false;
        ADD_WORK(vm, comparisons, c->count * (64 - __builtin_clzll((uint64_t)c->population | 1)));
        if (!replace)
            return choose_weighted_once(vm, s, c, (double *)(void *)sums->data, chosen);
        choose_weighted(s, c, (double *)(void *)sums->data, chosen);
        gc_keep(object_value(sums));
        return true;
    }
    if (!replace)
        return choose_once(vm, s, c, chosen, shuffle);
    if (c->count)
        fill_bounded(s, c->legacy ? BOUNDED_BY_MASK : BOUNDED_BY_PRODUCT, false, sizeof *chosen, 0,
                     (uint64_t)c->population - 1, c->count, chosen);
    return true;
}

value choice_draw(struct vm *vm, struct sampler *s, bool legacy, value a, value size, value replace_given, value p,
                  value axis, value shuffle_given)
{
    struct chooser c = {.legacy = legacy, .scalar = !is_given(size), .count = 1};
    int replace = replace_given == VALUE_NULL ? 1 : value_truth(vm, replace_given);
    int shuffle = shuffle_given == VALUE_NULL ? 1 : value_truth(vm, shuffle_given);
    struct ndarray *indices = c.scalar ? array_new(vm, DTYPE_INT64, 0, NULL) : sized_array(vm, DTYPE_INT64, size);
    if (replace < 0 || shuffle < 0 || !indices)
        return VALUE_NULL;
    c.count = indices->size;
    if (!population_find(vm, &c, a, axis) || (is_given(p) && !weights_find(vm, &c, p)))
        return VALUE_NULL;
    bool good = indices_choose(vm, s, &c, replace, shuffle, (int64_t *)(void *)indices->data);
    random_account(vm, s, c.count);
    if (!good)
        return VALUE_NULL;
    if (c.from->dimensions == 0)
        return c.scalar ? int_from_int64(vm, *(int64_t *)(void *)indices->data) : object_value(indices);
    if (!c.scalar && indices->dimensions == 0 && c.from->dimensions > 1)
        return raise_error(vm, &exc_ValueError, "setting an array element with a sequence.");
    struct ndarray *taken = array_take(vm, c.from, indices, c.axis, 0);
    return c.scalar ? array_result(vm, taken) : array_value(taken);
}
