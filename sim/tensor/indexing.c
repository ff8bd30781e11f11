/* indexing.c - a[key] and a[key] = item: views by integers, slices, new axes and the ellipsis; gathering and
 * scattering by index arrays and masks. */
#include "sim/tensor/derived.h"
#include "sim/tensor/loops.h"

/* ---- what a key consists of ---- */

enum part_kind { PART_INTEGER, PART_SLICE, PART_NEW_AXIS, PART_ELLIPSIS, PART_ARRAY };

struct index_part {
    enum part_kind kind;
    value key;
    int64_t integer;
    struct ndarray *array;      /* PART_ARRAY: int64 positions */
    bool zero_dimensional_mask; /* True or False: an axis of its own */
    int64_t mask_length; /* of the axis of a mask it comes from, and 1 */
};

struct index_plan {
    struct index_part parts[2 * DIMENSIONS_MAX + 2];
    uint32_t count, taken; /* parts; axes of the array that they use up */
    bool has_arrays, has_ellipsis;
};

static bool raise_bad_index(struct vm *vm)
{
    raise_error(vm, &exc_IndexError,
                "only integers, slices (`:`), ellipsis (`...`), numpy.newaxis (`None`) and integer or "
                "boolean arrays are valid "
                "indices");
    return false;
}

static bool check_position(struct vm *vm, int64_t *index, int64_t length, uint32_t axis)
{
    int64_t given = *index;
    if (given < 0)
        *index += length;
    if (*index >= 0 && *index < length)
        return true;
    raise_error(vm, &exc_IndexError, "index %lld is out of bounds for axis %u with size %lld",
                (long long)given, axis, (long long)length);
    return false;
}

int64_t count_true(const char *mask, int64_t count)
{
    int64_t total = 0, i = 0;
    while (i + 32 <= count) { /* in words: each byte counts what stood in its place */
        uint64_t sums = 0;
        for (int round = 0; round < 255 / 4 && i + 32 <= count; round++, i += 32) {
            uint64_t words[4];
            memcpy(words, mask + i, sizeof words);
            sums += words[0] + words[1] + (words[2] + words[3]);
        }
        sums = (sums & 0x00ff00ff00ff00ff) + (sums >> 8 & 0x00ff00ff00ff00ff);
        total += (int64_t)(sums * 0x0001000100010001 >> 48);
    }
    for (; i < count; i++)
        total += mask[i];
    return total;
}

struct ndarray *mask_positions(struct vm *vm, struct ndarray *mask)
{
    mask = array_contiguous(vm, mask, DTYPE_BOOL);
    if (!mask)
        return NULL;
    int64_t total = count_true(mask->data, mask->size);
    struct ndarray *positions = array_new_raw(vm, DTYPE_INT64, 1, &total);
    if (positions)
        LOOPS_FOR_HOST(selection)->positions(mask->data, total, (int64_t *)(void *)positions->data);
    gc_keep(object_value(mask));
    return positions;
}

/* A mask of k axes becomes k parts with the indices of what is true. */
static bool add_mask(struct vm *vm, struct index_plan *plan, struct ndarray *mask)
{
    struct ndarray *positions = mask_positions(vm, mask);
    if (!positions)
        return false;
    const int64_t *flat = (const int64_t *)(const void *)positions->data;
    int64_t below = mask->size ? mask->size : 1;
    for (uint32_t i = 0; i < mask->dimensions; i++) {
        struct ndarray *indices = array_new_raw(vm, DTYPE_INT64, 1, &positions->size);
        if (!indices)
            return false;
        below /= mask->shape[i] ? mask->shape[i] : 1;
        for (int64_t k = 0; k < positions->size; k++)
            ((int64_t *)(void *)indices->data)[k] = flat[k] / below % mask->shape[i];
        plan->parts[plan->count++] = (struct index_part){.kind = PART_ARRAY, .array = indices, .mask_length = mask->shape[i] + 1};
    }
    plan->taken += mask->dimensions;
    return true;
}

static bool add_truth(struct vm *vm, struct index_plan *plan, bool truth)
{
    struct ndarray *indices = array_new_1d(vm, DTYPE_INT64, truth);
    if (!indices)
        return false;
    plan->parts[plan->count++] =
        (struct index_part){.kind = PART_ARRAY, .array = indices, .zero_dimensional_mask = true};
    return true;
}

static bool add_part(struct vm *vm, struct index_plan *plan, value key)
{
    struct index_part *part = &plan->parts[plan->count];
    *part = (struct index_part){.key = key};
    if (key == NONE) {
        part->kind = PART_NEW_AXIS;
        plan->count++;
        return true;
    }
    if (key == vm->ellipsis) {
        if (plan->has_ellipsis) {
            raise_error(vm, &exc_IndexError, "an index can only have a single ellipsis ('...')");
            return false;
        }
        part->kind = PART_ELLIPSIS;
        plan->has_ellipsis = true;
        plan->count++;
        return true;
    }
    if (is_exact(key, &slice_type)) {
        part->kind = PART_SLICE;
        plan->count++;
        plan->taken++;
        return true;
    }
    if (key == TRUE || key == FALSE || scalar_dtype(key) == DTYPE_BOOL) {
        plan->has_arrays = true;
        return add_truth(vm, plan, key == TRUE || (key != FALSE && *scalar_element(key)));
    }
    if (has_index(vm, key) &&
        !(is_array(key) && (array_of(key)->dimensions || array_of(key)->dtype == DTYPE_BOOL))) {
        part->kind = PART_INTEGER;
        plan->count++;
        plan->taken++;
        return value_to_index(vm, key, &part->integer);
    }
    if (has_flag(key, TYPE_STRING) || is_float(key) || scalar_dtype(key) >= 0 || has_flag(key, TYPE_DICT))
        return raise_bad_index(vm);
    struct ndarray *indices = array_from(vm, key, DTYPE_NONE);
    if (!indices)
        return false;
    if (indices->dtype == DTYPE_BOOL) {
        plan->has_arrays = true;
        return indices->dimensions ? add_mask(vm, plan, indices) : add_truth(vm, plan, *indices->data);
    }
    if (!is_integer_dtype(indices->dtype) && (indices->size || is_array(key))) {
        if (!is_array(key))
            return raise_bad_index(vm);
        raise_error(vm, &exc_IndexError, "arrays used as indices must be of integer (or boolean) type");
        return false;
    }
    part->kind = PART_ARRAY;
    part->array = array_contiguous(vm, indices, DTYPE_INT64);
    plan->has_arrays = true;
    plan->count++;
    plan->taken++;
    return part->array;
}

/* Masks have the lengths of the axes they stand for. */
static bool check_masks(struct vm *vm, const struct index_plan *plan, const struct ndarray *array)
{
    uint32_t axis = 0;
    for (uint32_t i = 0; i < plan->count; i++) {
        const struct index_part *part = &plan->parts[i];
        if (part->kind == PART_ELLIPSIS) {
            axis += array->dimensions - plan->taken;
        } else if (part->kind != PART_NEW_AXIS && !part->zero_dimensional_mask) {
            if (part->mask_length && part->mask_length - 1 != array->shape[axis]) {
                raise_error(vm, &exc_IndexError,
                            "boolean index did not match indexed array along dimension %u; dimension is %lld but "
                            "corresponding boolean dimension is %lld",
                            axis, (long long)array->shape[axis], (long long)part->mask_length - 1);
                return false;
            }
            axis++;
        }
    }
    return true;
}

static bool plan_index(struct vm *vm, struct index_plan *plan, value key, const struct ndarray *array)
{
    const value *keys = &key;
    size_t count = 1;
    plan->count = plan->taken = 0;
    plan->has_arrays = plan->has_ellipsis = false;
    if (has_flag(key, TYPE_TUPLE)) {
        keys = tuple_of(key)->items;
        count = tuple_of(key)->length;
        if (count > 2 * DIMENSIONS_MAX) {
            raise_error(vm, &exc_IndexError, "too many indices for array");
            return false;
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (plan->count >= 2 * DIMENSIONS_MAX) {
            raise_error(vm, &exc_IndexError, "too many indices for array");
            return false;
        }
        if (!add_part(vm, plan, keys[i]))
            return false;
    }
    if (plan->taken > array->dimensions) {
        raise_error(vm, &exc_IndexError,
                    "too many indices for array: array is %u-dimensional, but %u were indexed",
                    array->dimensions, plan->taken);
        return false;
    }
    if (!check_masks(vm, plan, array))
        return false;
    if (!plan->has_ellipsis)
        plan->parts[plan->count++] = (struct index_part){.kind = PART_ELLIPSIS};
    return true;
}

/* ---- views ---- */

/* Applies what makes views. Index arrays, and integers beside them, keep their axis; its place in the view
 * goes to axes[part], its place in the array to origins[part]. */
static struct ndarray *plan_view(struct vm *vm, struct ndarray *array, const struct index_plan *plan,
                                 uint32_t *axes, uint32_t *origins)
{
    int64_t shape[3 * DIMENSIONS_MAX + 2], strides[3 * DIMENSIONS_MAX + 2];
    uint32_t dimensions = 0, axis = 0, rest = array->dimensions - plan->taken;
    char *data = array->data;
    for (uint32_t i = 0; i < plan->count; i++) {
        const struct index_part *part = &plan->parts[i];
        int64_t start, stop, step, length;
        axes[i] = dimensions;
        origins[i] = axis;
        switch (part->kind) {
        case PART_NEW_AXIS:
            shape[dimensions] = 1;
            strides[dimensions++] = 0;
            break;
        case PART_ELLIPSIS:
            for (uint32_t k = 0; k < rest; k++, axis++) {
                shape[dimensions] = array->shape[axis];
                strides[dimensions++] = array->strides[axis];
            }
            break;
        case PART_SLICE:
            if (!slice_indices(vm, part->key, array->shape[axis], &start, &stop, &step, &length))
                return NULL;
            data += length ? start * array->strides[axis] : 0;
            shape[dimensions] = length;
            strides[dimensions++] = (length ? step : 1) * array->strides[axis++];
            break;
        case PART_INTEGER:
            if (!plan->has_arrays) {
                start = part->integer;
                if (!check_position(vm, &start, array->shape[axis], axis))
                    return NULL;
                data += start * array->strides[axis++];
                break;
            } /* fallthrough */
            __attribute__((fallthrough));
        case PART_ARRAY:
            shape[dimensions] = part->zero_dimensional_mask ? 1 : array->shape[axis];
            strides[dimensions++] = part->zero_dimensional_mask ? 0 : array->strides[axis++];
            break;
        }
    }
    struct ndarray *view = array_view_of(vm, array, dimensions);
    if (!view)
        return NULL;
    memcpy(view->shape, shape, dimensions * sizeof *shape);
    memcpy(view->strides, strides, dimensions * sizeof *strides);
    view->data = data;
    array_set_size(view);
    return view;
}

/* ---- gathering and scattering ---- */

struct selection {
    struct ndarray *view;          /* the array with the axes that index arrays replace moved to the front */
    uint32_t replaced;             /* how many */
    int64_t shape[DIMENSIONS_MAX]; /* the index arrays' common shape */
    uint32_t dimensions, place;    /* where those axes come in the result */
    struct ndarray *whole;         /* the array with all its axes; the parts' places in it and in the array: */
    uint32_t axes[2 * DIMENSIONS_MAX + 2], origins[2 * DIMENSIONS_MAX + 2];
    struct ndarray *offsets;       /* in bytes, int64, C order */
};

/* What lies outside is refused, and only warned of when nothing is selected. */
static bool check_selected(struct vm *vm, const struct selection *selection, int64_t *position, uint32_t part, bool *warned)
{
    const uint32_t axis = selection->axes[part];
    if (*warned || check_position(vm, position, selection->whole->shape[axis], selection->origins[part]))
        return true;
    if (selection->view->size)
        return false;
    exception_clear(vm);
    *warned = true;
    return warning_issue(vm, &exc_DeprecationWarning, 1,
                         "Out of bound index found. This was previously ignored when the indexing result contained no "
                         "elements. In the future the index error will be raised. This error occurs either due to an "
                         "empty slice, or if an array has zero elements even before indexing.\n(Use "
                         "`warnings.simplefilter('error')` to turn this DeprecationWarning into an error and get more "
                         "details on the invalid index.)");
}

static bool selection_offsets(struct vm *vm, struct selection *selection, const struct index_plan *plan)
{
    const struct ndarray *view = selection->whole;
    const uint32_t *axes = selection->axes;
    selection->offsets = array_new_raw(vm, DTYPE_INT64, selection->dimensions, selection->shape);
    if (!selection->offsets)
        return false;
    int64_t *offsets = (int64_t *)(void *)selection->offsets->data, count = selection->offsets->size;
    bool begun = false, warned = false;
    for (uint32_t i = 0; i < plan->count; i++) {
        int64_t position = plan->parts[i].integer;
        if (plan->parts[i].kind == PART_INTEGER &&
            !check_position(vm, &position, view->shape[axes[i]], selection->origins[i]))
            return false;
    }
    for (uint32_t i = 0; count && i < plan->count; i++) { /* without indices nothing is looked at */
        const struct index_part *part = &plan->parts[i];
        if (part->kind != PART_ARRAY && part->kind != PART_INTEGER)
            continue;
        int64_t length = view->shape[axes[i]], stride = view->strides[axes[i]];
        if (part->kind == PART_INTEGER) {
            int64_t position = part->integer + (part->integer < 0 ? length : 0);
            for (int64_t k = 0; k < count; k++)
                offsets[k] = (begun ? offsets[k] : 0) + position * stride;
            begun = true;
            continue;
        }
        const int64_t *given = (const int64_t *)(const void *)part->array->data;
        for (int64_t k = 0; k < part->array->size; k++) { /* also those of an empty result */
            int64_t position = given[k];
            if (__builtin_expect((uint64_t)position >= (uint64_t)length, 0) &&
                !check_selected(vm, selection, &position, i, &warned))
                return false;
        }
        struct ndarray *indices = array_broadcast(vm, part->array, selection->shape, selection->dimensions);
        if (!indices)
            return false;
        if (array_is_contiguous(indices)) {
            for (int64_t k = 0; k < count; k++)
                offsets[k] = (begun ? offsets[k] : 0) + (given[k] + (given[k] < 0 ? length : 0)) * stride;
        } else {
            int64_t index[DIMENSIONS_MAX] = {0};
            char *element = indices->data;
            for (int64_t k = 0; k < count; k++, element_next(indices, index, &element)) {
                int64_t position = *(const int64_t *)(const void *)element;
                offsets[k] = (begun ? offsets[k] : 0) + (position < 0 ? position + length : position) * stride;
            }
        }
        begun = true;
    }
    return true;
}

/* Everything but the offsets, for which the indices are looked at. */
static bool select_shape(struct vm *vm, struct ndarray *array, const struct index_plan *plan,
                         struct selection *selection)
{
    uint32_t count = 0;
    const uint32_t *axes = selection->axes;
    struct ndarray *view = plan_view(vm, array, plan, selection->axes, selection->origins), *indices[2 * DIMENSIONS_MAX];
    selection->whole = view;
    if (!view)
        return false;
    bool replaced[2 * DIMENSIONS_MAX] = {false}, together = true, started = false, ended = false;
    selection->replaced = 0;
    for (uint32_t i = 0; i < plan->count; i++) {
        const struct index_part *part = &plan->parts[i];
        bool chooses = part->kind == PART_ARRAY || part->kind == PART_INTEGER;
        if (chooses && !started)
            selection->place = axes[i];
        together = together && !(chooses && ended);
        ended = ended || (started && !chooses);
        started = started || chooses;
        if (chooses) {
            replaced[axes[i]] = true;
            selection->replaced++;
        }
        if (part->kind == PART_ARRAY)
            indices[count++] = part->array;
    }
    if (!together)
        selection->place = 0;
    if (!broadcast_shape(vm, indices, count, selection->shape, &selection->dimensions)) {
        exception_clear(vm);
        struct string_builder builder = {0};
        for (uint32_t i = 0; i < count; i++) {
            string_builder_add_string(&builder, shape_text(vm, indices[i]->shape, indices[i]->dimensions));
            string_builder_add(&builder, ' ');
        }
        raise_error(vm, &exc_IndexError,
                    "shape mismatch: indexing arrays could not be broadcast together with shapes %U",
                    string_builder_finish(vm, &builder));
        return false;
    }
    selection->view = array_view_of(vm, view, view->dimensions - selection->replaced);
    for (uint32_t i = 0, k = 0; selection->view && i < view->dimensions; i++) {
        if (!replaced[i]) {
            selection->view->shape[k] = view->shape[i];
            selection->view->strides[k++] = view->strides[i];
        }
    }
    if (selection->view)
        array_set_size(selection->view);
    return selection->view;
}

/* A view of `array`, whose axes are those of the indices and then the others, with the indices' axes at their
 * place in the result. */
static struct ndarray *to_place(struct vm *vm, const struct selection *selection, struct ndarray *array)
{
    uint32_t order[DIMENSIONS_MAX], k = 0;
    for (uint32_t i = 0; i < selection->place; i++)
        order[k++] = selection->dimensions + i;
    for (uint32_t i = 0; i < selection->dimensions; i++)
        order[k++] = i;
    for (uint32_t i = selection->dimensions + selection->place; i < array->dimensions; i++)
        order[k++] = i;
    return array_permute(vm, array, order);
}

static bool copy_elements(struct vm *vm, const struct selection *selection, struct ndarray *out)
{
    const int64_t *offsets = (const int64_t *)(const void *)selection->offsets->data;
    int64_t count = selection->offsets->size, block = selection->view->size, bytes = out->item_size;
    const char *source = selection->view->data;
    char *target = out->data;
    ADD_WORK(vm, elements, out->size);
    if (block == 1 && bytes == 8) {
        for (int64_t i = 0; i < count; i++)
            ((int64_t *)(void *)target)[i] = *(const int64_t *)(const void *)(source + offsets[i]);
        return true;
    }
    if (array_is_contiguous(selection->view)) {
        for (int64_t i = 0; i < count; i++)
            memcpy(target + i * block * bytes, source + offsets[i], (size_t)(block * bytes));
        return true;
    }
    struct ndarray *from = array_view(vm, selection->view);
    struct ndarray *to =
        from ? array_over(vm, object_value(out), target, array_dtype(out), from->dimensions, from->shape)
             : NULL;
    for (int64_t i = 0; to && i < count && block; i++) {
        from->data = selection->view->data + offsets[i];
        to->data = target + i * block * bytes;
        if (!array_copy_into(vm, to, from))
            return false;
    }
    return to;
}

/* Is it one array of indices into a row of elements of eight bytes? Then no offsets are needed. */
static bool is_plain_row(const struct ndarray *array, const struct index_plan *plan)
{
    return array->dimensions == 1 && array->item_size == 8 && plan->count == 2 && plan->parts[0].kind == PART_ARRAY &&
           plan->parts[1].kind == PART_ELLIPSIS && !plan->parts[0].zero_dimensional_mask;
}

static bool check_positions(struct vm *vm, const struct ndarray *indices, int64_t length)
{
    const int64_t *given = (const int64_t *)(const void *)indices->data;
    const bool inside = LOOPS_FOR_HOST(selection)->all_within(given, indices->size, length);
    for (int64_t i = 0; !inside && i < indices->size; i++) {
        int64_t position = given[i];
        if (!check_position(vm, &position, length, 0))
            return false;
    }
    return true;
}

static value gather_row(struct vm *vm, struct ndarray *array, const struct ndarray *indices)
{
    int64_t length = array->shape[0], stride = array->strides[0];
    struct ndarray *out = check_positions(vm, indices, length)
                              ? array_new_raw(vm, array_dtype(array), indices->dimensions, indices->shape)
                              : NULL;
    if (!out)
        return VALUE_NULL;
    const int64_t *given = (const int64_t *)(const void *)indices->data;
    ADD_WORK(vm, elements, out->size);
    LOOPS_FOR_HOST(selection)->gather(array->data, length, stride, given, out->size, (uint64_t *)(void *)out->data);
    gc_keep(object_value(indices));
    gc_keep(object_value(array));
    return object_value(out);
}

static value gather(struct vm *vm, struct ndarray *array, const struct index_plan *plan)
{
    if (is_plain_row(array, plan))
        return gather_row(vm, array, plan->parts[0].array);
    struct selection selection;
    if (!select_shape(vm, array, plan, &selection) || !selection_offsets(vm, &selection, plan))
        return VALUE_NULL;
    int64_t shape[2 * DIMENSIONS_MAX];
    uint32_t dimensions = selection.dimensions;
    memcpy(shape, selection.shape, dimensions * sizeof *shape);
    for (uint32_t i = 0; i < selection.view->dimensions; i++)
        shape[dimensions++] = selection.view->shape[i];
    struct ndarray *out = array_new_raw(vm, array_dtype(array), dimensions, shape);
    if (!out || !copy_elements(vm, &selection, out))
        return VALUE_NULL;
    gc_keep(object_value(selection.offsets));
    if (!selection.place)
        return object_value(out);
    struct ndarray *result = to_place(vm, &selection, out);
    if (result) { /* not a view to anyone */
        result->base = VALUE_NULL;
        result->storage = out->storage;
    }
    return array_value(result);
}

static bool scatter_elements(struct vm *vm, const struct selection *selection, struct ndarray *source)
{
    const int64_t *offsets = (const int64_t *)(const void *)selection->offsets->data;
    int64_t count = selection->offsets->size, block = selection->view->size,
            bytes = selection->view->item_size;
    ADD_WORK(vm, elements, count * block);
    if (!selection->view->dimensions) { /* single elements; the source has the indices' shape */
        int64_t index[DIMENSIONS_MAX] = {0};
        char *element = source->data;
        if (bytes == 8 && array_is_contiguous(source)) {
            for (int64_t i = 0; i < count; i++)
                memcpy(selection->view->data + offsets[i], element + 8 * i, 8);
            return true;
        }
        for (int64_t i = 0; i < count; i++, element_next(source, index, &element))
            memcpy(selection->view->data + offsets[i], element, (size_t)bytes);
        return true;
    }
    struct ndarray *to = array_view(vm, selection->view);
    struct ndarray *from = to ? array_view_of(vm, source, to->dimensions) : NULL;
    if (!from)
        return false;
    for (uint32_t i = 0; i < to->dimensions; i++) {
        from->shape[i] = source->shape[selection->dimensions + i];
        from->strides[i] = source->strides[selection->dimensions + i];
    }
    array_set_size(from);
    struct ndarray *blocks =
        array_view_of(vm, source, selection->dimensions); /* a block's first element each */
    if (!blocks)
        return false;
    memcpy(blocks->shape, source->shape, selection->dimensions * sizeof(int64_t));
    memcpy(blocks->strides, source->strides, selection->dimensions * sizeof(int64_t));
    int64_t index[DIMENSIONS_MAX] = {0};
    char *element = source->data;
    for (int64_t i = 0; i < count && block; i++, element_next(blocks, index, &element)) {
        to->data = selection->view->data + offsets[i];
        from->data = element;
        if (!array_copy_into(vm, to, from))
            return false;
    }
    return true;
}

/* Is the source one element, or one for each index, that need no conversion, and is neither it nor an index overwritten? */
static bool is_plain_source(const struct ndarray *array, const struct ndarray *source, const struct ndarray *indices)
{
    bool same_shape = source->dimensions == indices->dimensions &&
                      !memcmp(source->shape, indices->shape, indices->dimensions * sizeof(int64_t));
    return array_dtype(source) == array_dtype(array) && !arrays_overlap(source, array) && !arrays_overlap(indices, array) &&
           (!source->dimensions || (same_shape && array_is_contiguous(source)));
}

static bool scatter_row(struct vm *vm, struct ndarray *array, const struct ndarray *indices, const struct ndarray *source)
{
    int64_t length = array->shape[0], stride = array->strides[0], step = source->dimensions ? 1 : 0;
    if (!check_positions(vm, indices, length))
        return false;
    const int64_t *given = (const int64_t *)(const void *)indices->data;
    const uint64_t *from = (const uint64_t *)(const void *)source->data;
    ADD_WORK(vm, elements, indices->size);
    LOOPS_FOR_HOST(selection)->scatter(array->data, length, stride, given, indices->size, from, step);
    gc_keep(object_value(indices));
    gc_keep(object_value(source));
    gc_keep(object_value(array));
    return true;
}

static bool scatter(struct vm *vm, struct ndarray *array, const struct index_plan *plan, value item)
{
    struct selection selection;
    struct ndarray *source =
        array_from(vm, item, is_array(item) || is_scalar_object(item) ? DTYPE_NONE : array_dtype(array));
    if (source && is_plain_row(array, plan) && is_plain_source(array, source, plan->parts[0].array))
        return scatter_row(vm, array, plan->parts[0].array, source);
    if (!source || !select_shape(vm, array, plan, &selection))
        return false;
    int64_t shape[2 * DIMENSIONS_MAX];
    uint32_t k = 0;
    for (uint32_t i = 0; i < selection.place; i++)
        shape[k++] = selection.view->shape[i];
    for (uint32_t i = 0; i < selection.dimensions; i++)
        shape[k++] = selection.shape[i];
    for (uint32_t i = selection.place; i < selection.view->dimensions; i++)
        shape[k++] = selection.view->shape[i];
    uint32_t extra = 0;
    while ((uint32_t)source->dimensions - extra > k && source->shape[extra] == 1)
        extra++;
    bool fits = source->dimensions - extra <= k;
    for (uint32_t i = 0; fits && i < source->dimensions - extra; i++) {
        int64_t own = source->shape[source->dimensions - 1 - i];
        fits = own == 1 || own == shape[k - 1 - i];
    }
    if (!fits) {
        bool mask = plan->count && plan->parts[0].kind == PART_ARRAY && plan->parts[0].key == 0 &&
                    selection.dimensions == 1 && k == 1;
        if (mask)
            raise_error(vm, &exc_ValueError,
                        "NumPy boolean array indexing assignment cannot assign %lld input values to the %lld "
                        "output values where the "
                        "mask is true",
                        (long long)source->size, (long long)shape[0]);
        else
            raise_error(vm, &exc_ValueError,
                        "shape mismatch: value array of shape %U could not be broadcast to indexing result "
                        "of shape %U",
                        shape_text(vm, source->shape, source->dimensions), shape_text(vm, shape, k));
        return false;
    }
    if (!selection_offsets(vm, &selection, plan))
        return false;
    if (array_dtype(source) != array_dtype(array) || arrays_overlap(source, array)) {
        struct ndarray *copy = array_new_raw(vm, array_dtype(array), source->dimensions, source->shape);
        if (!copy || !array_assign_array(vm, copy, source))
            return false;
        source = copy;
    }
    if (extra) {
        value flat = array_reshape(vm, source, source->shape + extra, source->dimensions - extra);
        if (flat == VALUE_NULL)
            return false;
        source = array_of(flat);
    }
    source = array_broadcast(vm, source, shape, k);
    if (source && selection.place) { /* the indices' axes to the front */
        uint32_t order[DIMENSIONS_MAX], n = 0;
        for (uint32_t i = 0; i < selection.dimensions; i++)
            order[n++] = selection.place + i;
        for (uint32_t i = 0; i < k; i++)
            if (i < selection.place || i >= selection.place + selection.dimensions)
                order[n++] = i;
        source = array_permute(vm, source, order);
    }
    bool done = source && scatter_elements(vm, &selection, source);
    gc_keep(object_value(selection.offsets));
    return done;
}

/* ---- the slots ---- */

/* The element that integers alone name; NULL without exception: the key is another one. */
static char *element_address(struct vm *vm, const struct ndarray *array, value key)
{
    const value *keys = &key;
    size_t count = 1;
    if (has_flag(key, TYPE_TUPLE)) {
        keys = tuple_of(key)->items;
        count = tuple_of(key)->length;
    }
    if (count != array->dimensions)
        return NULL;
    char *address = array->data;
    for (size_t i = 0; i < count; i++)
        if (!is_small_int(keys[i]))
            return NULL;
    for (uint32_t i = 0; i < count; i++) {
        int64_t position = small_int_value(keys[i]);
        if (!check_position(vm, &position, array->shape[i], i))
            return NULL;
        address += position * array->strides[i];
    }
    return address;
}

/* A mask of the array's own shape, when both lie in order. */
static struct ndarray *plain_mask(const struct ndarray *array, value key)
{
    struct ndarray *mask = is_array(key) ? array_of(key) : NULL;
    bool fits = mask && mask->dtype == DTYPE_BOOL && mask->dimensions &&
                mask->dimensions == array->dimensions &&
                !memcmp(mask->shape, array->shape, mask->dimensions * sizeof(int64_t));
    return fits && array_is_contiguous(mask) && array_is_contiguous(array) ? mask : NULL;
}

static value compress(struct vm *vm, const struct ndarray *array, const struct ndarray *mask)
{
    int64_t total = count_true(mask->data, mask->size), at = 0;
    struct ndarray *out = array_new_raw(vm, array_dtype(array), 1, &total);
    if (!out)
        return VALUE_NULL;
    ADD_WORK(vm, elements, mask->size);
    if (array->item_size == 8) {
        const uint64_t *from = (const uint64_t *)(const void *)array->data;
        uint64_t *to = (uint64_t *)(void *)out->data;
        int64_t i = 0;
        for (; at < total; i++) { /* without branches: what is not wanted is overwritten */
            to[at] = from[i];
            at += mask->data[i];
        }
    } else {
        for (int64_t i = 0; i < mask->size; i++)
            if (mask->data[i])
                memcpy(out->data + at++ * array->item_size, array->data + i * array->item_size,
                       array->item_size);
    }
    return object_value(out);
}

/* An item without dimensions for each element that the mask names; false without exception: the general road.
 */
static bool fill_masked(struct vm *vm, struct ndarray *array, const struct ndarray *mask, value item)
{
    union element element;
    int dtype = array_dtype(array);
    bool simple = is_numeric_dtype(dtype) &&
                  (!is_object(item) || (is_scalar_object(item) && is_numeric_dtype(scalar_dtype(item)) &&
                                        (scalar_dtype(item) == dtype || dtype_letter(dtype) != 'i')));
    if (!simple || !element_store(vm, dtype, element.bytes, item))
        return false;
    ADD_WORK(vm, elements, mask->size);
    if (array->item_size == 8) {
        uint64_t *to = (uint64_t *)(void *)array->data;
        for (int64_t i = 0; i < mask->size; i++) /* without branches: the others get what they have */
            to[i] = mask->data[i] ? element.natural : to[i];
        return true;
    }
    for (int64_t i = 0; i < mask->size; i++)
        if (mask->data[i])
            memcpy(array->data + i * array->item_size, element.bytes, array->item_size);
    return true;
}

__attribute__((noinline)) static value read_item(struct vm *vm, value self, value key)
{
    struct ndarray *array = array_of(self);
    const struct ndarray *mask = plain_mask(array, key);
    if (mask)
        return compress(vm, array, mask);
    char *element = element_address(vm, array, key);
    if (element)
        return scalar_new(vm, array_dtype(array), element);
    struct index_plan plan;
    if (vm->pending != VALUE_NULL || !plan_index(vm, &plan, key, array))
        return VALUE_NULL;
    if (plan.has_arrays)
        return gather(vm, array, &plan);
    uint32_t axes[2 * DIMENSIONS_MAX + 2], origins[2 * DIMENSIONS_MAX + 2];
    struct ndarray *view = plan_view(vm, array, &plan, axes, origins);
    if (!view)
        return VALUE_NULL;
    bool scalar = !view->dimensions && !plan.has_ellipsis;
    return scalar ? scalar_new(vm, array_dtype(view), view->data) : object_value(view);
}

/* The rare end: an index with derived arrays in it, or an array that is one. */
static value derived_item_end(struct vm *vm, value self, value key, value result)
{
    value pending = result == VALUE_NULL ? exception_take(vm) : VALUE_NULL, plain = result == VALUE_NULL ? derived_key(vm, key) : key;
    if (plain == VALUE_NULL)
        return VALUE_NULL;
    if (result == VALUE_NULL)
        result = plain == key ? raise_value(vm, pending) : read_item(vm, self, plain);
    return is_derived(self) && result != VALUE_NULL ? derived_method_end(vm, "item", NULL, self, NULL, 0, VALUE_NULL, result)
                                                    : result;
}

value array_get_item(struct vm *vm, value self, value key)
{
    const struct array_call call = array_call_begin(vm);
    value result = read_item(vm, self, key);
    if (result == VALUE_NULL || is_derived(self))
        result = derived_item_end(vm, self, key, result);
    return array_call_end(vm, &call, NULL, self, key, result);
}

static bool write_item(struct vm *vm, value self, value key, value item)
{
    if (is_array(key) && !array_of(key)->dimensions && is_integer_dtype(array_of(key)->dtype)) /* a number like any other */
        key = element_to_python(vm, array_of(key)->dtype, array_of(key)->data);
    if (key == VALUE_NULL)
        return false;
    struct ndarray *array = array_of(self);
    if (item == VALUE_NULL)
        return raise_error(vm, &exc_ValueError, "cannot delete array elements"), false;
    if (array->readonly)
        return raise_error(vm, &exc_ValueError, "assignment destination is read-only"), false;
    char *element = element_address(vm, array, key);
    if (vm->pending != VALUE_NULL)
        return false;
    if (element && (array->dtype == DTYPE_OBJECT || !(is_array(item) && array_of(item)->dimensions)))
        return element_store(vm, array_dtype(array), element, item);
    if (element && array_of(item)->size != 1 && is_complex_dtype(array->dtype))
        return raise_error(vm, &exc_TypeError, "only length-1 arrays can be converted to Python scalars"), false;
    if (element && array_of(item)->size != 1)
        return raise_error(vm, &exc_ValueError, "setting an array element with a sequence."), false;
    const struct ndarray *mask = plain_mask(array, key);
    if (mask && fill_masked(vm, array, mask, item))
        return true;
    if (mask && is_array(item) && array_of(item)->dimensions > 1) {
        raise_error(vm, &exc_TypeError,
                    "NumPy boolean array indexing assignment requires a 0 or 1-dimensional input, input has "
                    "%u dimensions",
                    array_of(item)->dimensions);
        return false;
    }
    struct index_plan plan;
    if (vm->pending != VALUE_NULL || !plan_index(vm, &plan, key, array))
        return false;
    if (plan.has_arrays)
        return scatter(vm, array, &plan, item);
    uint32_t axes[2 * DIMENSIONS_MAX + 2], origins[2 * DIMENSIONS_MAX + 2];
    struct ndarray *view = is_derived(self) ? derived_part(vm, self, key) : plan_view(vm, array, &plan, axes, origins);
    if (!view)
        return false;
    if (!view->dimensions && !plan.has_ellipsis &&
        (has_flag(item, TYPE_LIST) || has_flag(item, TYPE_TUPLE)) && array->dtype != DTYPE_OBJECT)
        return raise_error(vm, &exc_ValueError, "setting an array element with a sequence."), false;
    return array_assign(vm, view, item);
}

bool array_set_item(struct vm *vm, value self, value key, value item)
{
    if (item != VALUE_NULL && is_derived(item) && (item = array_value(array_plain(vm, item))) == VALUE_NULL)
        return false;
    if (write_item(vm, self, key, item))
        return true;
    value pending = exception_take(vm), plain = derived_key(vm, key);
    if (plain == key)
        raise_value(vm, pending);
    return plain != VALUE_NULL && plain != key && write_item(vm, self, plain, item);
}

/* ---- take ---- */

struct ndarray *array_take(struct vm *vm, struct ndarray *array, struct ndarray *indices, uint32_t axis,
                           int mode)
{
    int64_t shape[2 * DIMENSIONS_MAX], outer = 1, inner = 1, length = array->shape[axis];
    uint32_t dimensions = 0;
    array = array_contiguous(vm, array, DTYPE_NONE);
    indices = array ? array_contiguous(vm, indices, DTYPE_INT64) : NULL;
    if (!indices)
        return NULL;
    for (uint32_t i = 0; i < axis; i++)
        outer *= shape[dimensions++] = array->shape[i];
    for (uint32_t i = 0; i < indices->dimensions; i++)
        shape[dimensions++] = indices->shape[i];
    for (uint32_t i = axis + 1; i < array->dimensions; i++)
        inner *= shape[dimensions++] = array->shape[i];
    struct ndarray *out = array_new_raw(vm, array_dtype(array), dimensions, shape);
    if (!out)
        return NULL;
    if (!length && indices->size) {
        raise_error(vm, &exc_IndexError, "cannot do a non-empty take from an empty axes.");
        return NULL;
    }
    size_t block = (size_t)inner * array->item_size;
    const int64_t *given = (const int64_t *)(const void *)indices->data;
    ADD_WORK(vm, elements, out->size);
    for (int64_t i = 0; i < indices->size; i++) {
        int64_t position = given[i];
        if (mode == 1)
            position = (position % length + length) % length;
        else if (mode == 2)
            position = position < 0 ? 0 : position >= length ? length - 1 : position;
        else if (!check_position(vm, &position, length, axis))
            return NULL;
        for (int64_t k = 0; k < outer; k++)
            memcpy(out->data + (size_t)(k * indices->size + i) * block,
                   array->data + (size_t)(k * length + position) * block, block);
    }
    gc_keep(object_value(array));
    gc_keep(object_value(indices));
    return out;
}
