/* bytearray.c - the type bytearray: construction, operators and the methods that change it. */
#include "sim/runtime/bytes.h"
#include "sim/runtime/buffer.h"
#include "sim/runtime/container.h"

/* Views that nobody counts any more may still point into the old storage: it is left to the collector. */
static bool move_storage(struct vm *vm, struct bytearray_object *array, size_t capacity)
{
    uint8_t *data = gc_storage(vm, capacity);
    if (!data && capacity)
        return false;
    if (array->length)
        memcpy(data, array->data, size_minimum(array->length, capacity));
    array->data = data;
    array->capacity = capacity;
    return true;
}

/* CPython's growth, which __alloc__ and sys.getsizeof tell; ours is another. */
static uint32_t spare_after(const struct bytearray_object *array, size_t length)
{
    size_t allocated = array->length + array->spare, spare;
    if (length + 1 <= allocated)
        spare = length < allocated / 2 ? 1 : allocated - length;
    else
        spare = length <= allocated + allocated / 8 ? (length >> 3) + (length < 9 ? 3 : 6) : 1;
    return (uint32_t)size_minimum(spare, UINT32_MAX);
}

bool bytearray_resize(struct vm *vm, struct bytearray_object *array, size_t length)
{
    if (length == array->length)
        return true;
    if (length > (size_t)1 << 46) {
        raise_no_memory(vm);
        return false;
    }
    size_t capacity = length > array->capacity ? length + length / 8 + 16 : array->capacity;
    if (array->exports) {
        if (!buffer_may_move(vm, &array->exports)) {
            raise_error(vm, &exc_BufferError, "Existing exports of data: object cannot be re-sized");
            return false;
        }
        if (!move_storage(vm, array, capacity))
            return false;
    } else if (capacity > array->capacity) {
        uint8_t *data = gc_resize_storage(vm, array->data, array->capacity, capacity);
        if (!data)
            return false;
        array->data = data;
        array->capacity = capacity;
    }
    array->spare = spare_after(array, length);
    array->length = length;
    return true;
}

value bytearray_from(struct vm *vm, const void *data, size_t size)
{
    struct bytearray_object *array = GC_NEW(vm, struct bytearray_object, &bytearray_type);
    if (!array || !bytearray_resize(vm, array, size))
        return VALUE_NULL;
    if (size && data)
        memcpy(array->data, data, size);
    else if (size)
        memset(array->data, 0, size);
    return object_value(array);
}

static void bytearray_trace(struct vm *vm, struct object *object)
{
    gc_mark_storage(vm, ((struct bytearray_object *)object)->data);
}

static value bytearray_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    struct bytearray_object *array = instance_allocate(vm, type, sizeof *array);
    return array ? object_value(array) : VALUE_NULL;
}

/* Replaces [start, stop) by other bytes, which may be its own. */
static bool replace_part(struct vm *vm, value self, size_t start, size_t stop, struct span with)
{
    struct bytearray_object *array = bytearray_of(self);
    size_t length = array->length, removed = stop - start;
    if (with.length && array->data && with.data >= (const void *)array->data &&
        with.data < (const void *)(array->data + array->capacity)) {
        value copy = bytes_from(vm, with.data, with.length);
        if (copy == VALUE_NULL)
            return false;
        with.data = bytes_of(copy)->data;
        return replace_part(vm, self, start, stop, with);
    }
    if (with.length > removed && !bytearray_resize(vm, array, length + with.length - removed))
        return false;
    if (with.length < removed && !buffer_may_move(vm, &array->exports))
        return bytearray_resize(vm, array, length + with.length - removed);
    if (with.length != removed)
        memmove(array->data + start + with.length, array->data + stop, length - stop);
    if (with.length)
        memcpy(array->data + start, with.data, with.length);
    ADD_WORK(vm, characters, with.length + (with.length != removed ? length - stop : 0));
    return bytearray_resize(vm, array, length + with.length - removed);
}

static bool bytearray_init(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    static const char *const names[] = {"source", "encoding", "errors"};
    value bound[3];
    if (!bind_constructor(vm, "bytearray", names, 3, arguments, count, keyword_names, bound))
        return false;
    value bytes = bytes_from_arguments(vm, bound[0], bound[1], bound[2], true);
    return bytes != VALUE_NULL && replace_part(vm, self, 0, bytearray_of(self)->length, bytes_span(bytes));
}

static bool bytearray_buffer(struct vm *vm, value v, const uint8_t **data, size_t *size)
{
    (void)vm;
    *data = bytearray_of(v)->data;
    *size = bytearray_of(v)->length;
    return true;
}

static bool bytearray_export(struct vm *vm, value v, struct item_buffer *out)
{
    (void)vm;
    struct bytearray_object *array = bytearray_of(v);
    *out = (struct item_buffer){.exporter = v, .data = array->data, .length = (int64_t)array->length, .item_size = 1,
                           .format = "B", .dimensions = 1, .exports = &array->exports};
    return true;
}

/* ---- operators ---- */

static value bytearray_repr(struct vm *vm, value a)
{
    char prefix[80];
    const char *name = value_type(vm, a)->name;
    size_t size = size_minimum(strlen(name), sizeof prefix - 4);
    memcpy(prefix, name, size);
    memcpy(prefix + size, "(b", 3);
    return bytes_repr_text(vm, bytearray_of(a)->data, bytearray_of(a)->length, prefix, ")");
}

static int64_t bytearray_length(struct vm *vm, value a)
{
    (void)vm;
    return (int64_t)bytearray_of(a)->length;
}

/* Negative numbers count from the end. The bounds are the caller's to check: nothing may run between that and the access. */
static bool item_index(struct vm *vm, value a, value key, int64_t *index)
{
    if (!is_int(key) && !value_type(vm, key)->index) {
        raise_error(vm, &exc_TypeError, "bytearray indices must be integers or slices, not %T", key);
        return false;
    }
    if (!value_to_index(vm, key, index))
        return false;
    if (*index < 0)
        *index += (int64_t)bytearray_of(a)->length;
    return true;
}

static bool index_inside(struct vm *vm, value a, int64_t index)
{
    if (index >= 0 && index < (int64_t)bytearray_of(a)->length)
        return true;
    raise_error(vm, &exc_IndexError, "bytearray index out of range");
    return false;
}

static value bytearray_get_item(struct vm *vm, value a, value key)
{
    int64_t index, start, stop, step, count;
    if (is_exact(key, &slice_type)) {
        if (!slice_unpack(vm, key, &start, &stop, &step))
            return VALUE_NULL;
        count = slice_adjust((int64_t)bytearray_of(a)->length, &start, &stop, step);
        value part = bytes_stepped(vm, bytes_span(a), start, step, count);
        return part == VALUE_NULL ? part : bytearray_from(vm, bytes_of(part)->data, (size_t)count);
    }
    return item_index(vm, a, key, &index) && index_inside(vm, a, index) ? small_int(bytearray_of(a)->data[index]) : VALUE_NULL;
}

static bool delete_steps(struct vm *vm, struct bytearray_object *array, int64_t start, int64_t step, int64_t count)
{
    if (step < 0) {
        start += step * (count - 1);
        step = -step;
    }
    size_t to = (size_t)start, next = (size_t)start;
    int64_t left = count;
    for (size_t from = (size_t)start; from < array->length; from++) {
        if (left && from == next) {
            left--;
            next += (size_t)step;
        } else {
            array->data[to++] = array->data[from];
        }
    }
    return bytearray_resize(vm, array, to);
}

static bool set_slice(struct vm *vm, value a, value key, value item)
{
    int64_t start, stop, step, count;
    struct bytearray_object *array = bytearray_of(a);
    if (!slice_unpack(vm, key, &start, &stop, &step))
        return false;
    struct span with = {NULL, 0, 1};
    if (item != VALUE_NULL) {
        if (is_int(item)) {
            raise_error(vm, &exc_TypeError, "can assign only bytes, buffers, or iterables of ints in range(0, 256)");
            return false;
        }
        if (!has_buffer(vm, item))
            item = bytes_from_arguments(vm, item, VALUE_NULL, VALUE_NULL, true);
        if (item == VALUE_NULL || !bytes_like(vm, item, &with))
            return false;
    }
    count = slice_adjust((int64_t)array->length, &start, &stop, step);
    if (step == 1)
        return replace_part(vm, a, (size_t)start, (size_t)(start + count), with);
    if (with.length == 0) { /* deleted, or replaced by nothing: the same, as in CPython */
        if (!buffer_may_move(vm, &array->exports)) {
            raise_error(vm, &exc_BufferError, "Existing exports of data: object cannot be re-sized");
            return false;
        }
        return count == 0 || delete_steps(vm, array, start, step, count);
    }
    if ((int64_t)with.length != count) {
        raise_error(vm, &exc_ValueError, "attempt to assign bytes of size %zu to extended slice of size %ld", with.length,
                    (long)count);
        return false;
    }
    for (int64_t i = 0; i < count; i++, start += step)
        array->data[start] = ((const uint8_t *)with.data)[i];
    return true;
}

static bool bytearray_set_item(struct vm *vm, value a, value key, value item)
{
    int64_t index;
    uint8_t byte;
    if (is_exact(key, &slice_type))
        return set_slice(vm, a, key, item);
    if (!item_index(vm, a, key, &index))
        return false;
    if (item == VALUE_NULL)
        return index_inside(vm, a, index) && replace_part(vm, a, (size_t)index, (size_t)index + 1, (struct span){NULL, 0, 1});
    if (!byte_value(vm, item, "byte must be in range(0, 256)", &byte) || !index_inside(vm, a, index))
        return false;
    bytearray_of(a)->data[index] = byte;
    return true;
}

static value bytearray_concat(struct vm *vm, value a, value b)
{
    if (!has_buffer(vm, b))
        return raise_error(vm, &exc_TypeError, "can't concat %T to bytearray", b);
    struct span with;
    value out = bytearray_from(vm, bytearray_of(a)->data, bytearray_of(a)->length);
    if (out == VALUE_NULL || !bytes_like(vm, b, &with))
        return VALUE_NULL;
    size_t length = bytearray_of(out)->length;
    return replace_part(vm, out, length, length, with) ? out : VALUE_NULL;
}

static value bytearray_inplace_add(struct vm *vm, value a, value b)
{
    if (!has_buffer(vm, b))
        return raise_error(vm, &exc_TypeError, "can't concat %T to bytearray", b);
    struct span with;
    size_t length = bytearray_of(a)->length;
    return bytes_like(vm, b, &with) && replace_part(vm, a, length, length, with) ? a : VALUE_NULL;
}

static value bytearray_repeat(struct vm *vm, value a, int64_t count)
{
    size_t length = bytearray_of(a)->length;
    if (count < 0)
        count = 0;
    if (length && (uint64_t)count > ((size_t)1 << 46) / length)
        return raise_no_memory(vm);
    value out = bytearray_from(vm, NULL, length * (size_t)count);
    if (out == VALUE_NULL)
        return VALUE_NULL;
    ADD_WORK(vm, characters, length * (size_t)count);
    if (length && count) {
        memcpy(bytearray_of(out)->data, bytearray_of(a)->data, length);
        repeat_first(bytearray_of(out)->data, length, length * (size_t)count);
    }
    return out;
}

static value bytearray_inplace_multiply(struct vm *vm, value a, value b)
{
    int64_t count;
    if (!is_int(b) && !value_type(vm, b)->index)
        return vm->not_implemented;
    if (!value_to_count(vm, b, &count))
        return VALUE_NULL;
    value repeated = bytearray_repeat(vm, a, count);
    if (repeated == VALUE_NULL || !replace_part(vm, a, 0, bytearray_of(a)->length, bytes_span(repeated)))
        return VALUE_NULL;
    return a;
}

static value bytearray_remainder(struct vm *vm, value a, value b)
{
    if (!is_bytearray(vm, a))
        return vm->not_implemented;
    value out = bytes_format_percent(vm, bytes_span(a), b);
    return out == VALUE_NULL ? out : bytearray_from(vm, bytes_of(out)->data, bytes_of(out)->length);
}

static value bytearray_iter(struct vm *vm, value a)
{
    return bytes_iterator_new(vm, &bytearray_iterator_type, a);
}

struct type bytearray_type = {
    .name = "bytearray",
    .flags = TYPE_SUBCLASSABLE | TYPE_GETATTR_PLAIN,
    .instance_size = sizeof(struct bytearray_object),
    .doc = "bytearray(iterable_of_ints) -> bytearray\n"
           "bytearray(string, encoding[, errors]) -> bytearray\n"
           "bytearray(bytes_or_buffer) -> mutable copy of bytes_or_buffer\n"
           "bytearray(int) -> bytes array of size given by the parameter initialized with null bytes\n"
           "bytearray() -> empty bytes array\n\n"
           "Construct a mutable bytearray object from:\n"
           "  - an iterable yielding integers in range(256)\n"
           "  - a text string encoded using the specified encoding\n"
           "  - a bytes or a buffer object\n"
           "  - any object implementing the buffer API.\n"
           "  - an integer",
    .methods = bytearray_methods,
    .trace = bytearray_trace,
    .new = bytearray_new,
    .init = bytearray_init,
    .repr = bytearray_repr,
    .compare = bytes_compare,
    .iter = bytearray_iter,
    .length = bytearray_length,
    .get_item = bytearray_get_item,
    .set_item = bytearray_set_item,
    .contains = bytes_contains,
    .binary[BINARY_REMAINDER] = bytearray_remainder,
    .inplace[BINARY_ADD] = bytearray_inplace_add,
    .inplace[BINARY_MUL] = bytearray_inplace_multiply,
    .concat = bytearray_concat,
    .repeat = bytearray_repeat,
    .buffer = bytearray_buffer,
    .export_buffer = bytearray_export,
};
