/* object.c - the type array.array: construction, growth, indexing, operators, iteration. Its methods are in methods.c. */
#include "sim/modules/array/array.h"
#include "sim/runtime/buffer.h"
#include "sim/runtime/bytes.h"
#include "sim/runtime/container.h"
#include "sim/runtime/number.h"

bool is_array(struct vm *vm, value v)
{
    return is_exact(v, &array_type) || (is_object(v) && type_is_subtype(value_type(vm, v), &array_type));
}

/* ---- memory ---- */

bool array_resize(struct vm *vm, struct array_object *array, size_t length)
{
    size_t capacity = length > array->capacity ? length + length / 8 + 8 : array->capacity, size = array->item_size;
    if (length == array->length)
        return true;
    if (length > ((size_t)1 << 46) / size) {
        raise_no_memory(vm);
        return false;
    }
    if (array->exports) {
        if (!buffer_may_move(vm, &array->exports)) {
            raise_error(vm, &exc_BufferError, "cannot resize an array that is exporting buffers");
            return false;
        }
        uint8_t *data = gc_storage(vm, capacity * size); /* the old storage is the views', as buffer.h says */
        if (!data && capacity)
            return false;
        if (array->length)
            memcpy(data, array->data, (array->length < capacity ? array->length : capacity) * size);
        array->data = data;
        array->capacity = capacity;
    } else if (capacity > array->capacity) {
        uint8_t *data = gc_resize_storage(vm, array->data, array->capacity * size, capacity * size);
        if (!data)
            return false;
        array->data = data;
        array->capacity = capacity;
    }
    array->length = length;
    return true;
}

value array_object_new(struct vm *vm, struct type *type, char code, size_t length)
{
    struct array_object *array = instance_allocate(vm, type, sizeof *array);
    if (!array)
        return VALUE_NULL;
    array->code = code;
    array->item_size = (uint8_t)array_item_size(code);
    if (!length)
        return object_value(array);
    if (length > ((size_t)1 << 46) / array->item_size)
        return raise_no_memory(vm);
    array->data = gc_storage(vm, length * array->item_size);
    if (!array->data)
        return VALUE_NULL;
    array->length = array->capacity = length;
    return object_value(array);
}

static void array_trace(struct vm *vm, struct object *object)
{
    gc_mark_storage(vm, ((struct array_object *)object)->data);
}

bool array_append(struct vm *vm, struct array_object *array, value item)
{
    uint8_t bytes[8];
    if (!array_item_convert(vm, array->code, item, bytes) || !array_resize(vm, array, array->length + 1))
        return false;
    memcpy(array->data + (array->length - 1) * array->item_size, bytes, array->item_size);
    return true;
}

bool array_add_bytes(struct vm *vm, struct array_object *array, const uint8_t *data, size_t size)
{
    size_t old = array->length, items = size / array->item_size;
    if (!array_resize(vm, array, old + items))
        return false;
    if (size)
        memmove(array->data + old * array->item_size, data, size);
    ADD_WORK(vm, characters, size);
    return true;
}

bool array_add_text(struct vm *vm, struct array_object *array, value text)
{
    size_t old = array->length, length = string_of(text)->length;
    if (!array_resize(vm, array, old + length))
        return false;
    for (size_t i = 0; i < length; i++) {
        uint32_t c = string_at(string_of(text), i);
        memcpy(array->data + (old + i) * 4, &c, 4);
    }
    ADD_WORK(vm, characters, length);
    return true;
}

value array_text(struct vm *vm, const struct array_object *array)
{
    for (size_t i = 0; i < array->length; i++)
        if (((const uint32_t *)(const void *)array->data)[i] > 0x10ffff)
            return array_item_load(vm, array, i);
    return string_from_code_points(vm, (const uint32_t *)(const void *)array->data, array->length);
}

bool array_extend_array(struct vm *vm, value v, value other_value)
{
    struct array_object *array = array_of(v);
    const struct array_object *other = array_of(other_value);
    if (array->code != other->code) {
        raise_error(vm, &exc_TypeError, "can only extend with array of same kind");
        return false;
    }
    size_t old = array->length, added = other->length, size = array->item_size;
    if (!array_resize(vm, array, old + added))
        return false;
    if (added)
        memmove(array->data + old * size, array_of(other_value)->data, added * size);
    ADD_WORK(vm, characters, added * size);
    return true;
}

static bool append_item(struct vm *vm, value item, void *context)
{
    return array_append(vm, array_of(*(value *)context), item);
}

bool array_extend_iterable(struct vm *vm, value array, value iterable)
{
    size_t before = array_of(array)->length;
    if (!iterate(vm, iterable, append_item, &array) || vm->pending != VALUE_NULL)
        return false;
    ADD_WORK(vm, items, array_of(array)->length - before);
    return true;
}

/* ---- construction ---- */

static bool fill(struct vm *vm, value v, value initial)
{
    struct array_object *array = array_of(v);
    if (is_array(vm, initial) && array_of(initial)->code == array->code)
        return array_extend_array(vm, v, initial);
    if (is_string(initial) && array->code == 'u')
        return array_add_text(vm, array, initial);
    if (has_flag(initial, TYPE_BYTES) || is_bytearray(vm, initial)) {
        struct span data = bytes_span(initial);
        if (data.length % array->item_size) {
            raise_error(vm, &exc_ValueError, "bytes length not a multiple of item size");
            return false;
        }
        return array_add_bytes(vm, array, data.data, data.length);
    }
    return array_extend_iterable(vm, v, initial);
}

static value new_array(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    if (keyword_count(keyword_names) && type == &array_type)
        return raise_error(vm, &exc_TypeError, "array.array() takes no keyword arguments");
    if (count < 1 || count > 2)
        return raise_error(vm, &exc_TypeError, "array() takes at %s (%zu given)",
                           count < 1 ? "least 1 argument" : "most 2 arguments", count);
    if (!is_string(arguments[0]) || string_of(arguments[0])->length != 1)
        return raise_error(vm, &exc_TypeError, "array() argument 1 must be a unicode character, not %T", arguments[0]);
    uint32_t code = string_at(string_of(arguments[0]), 0);
    value initial = count > 1 ? arguments[1] : VALUE_NULL;
    if (initial != VALUE_NULL && code != 'u') {
        if (is_string(initial))
            return raise_error(vm, &exc_TypeError, "cannot use a str to initialize an array with typecode '%c'", (int)code);
        if (is_array(vm, initial) && array_of(initial)->code == 'u')
            return raise_error(vm, &exc_TypeError, "cannot use a unicode array to initialize an array with typecode '%c'",
                               (int)code);
    }
    if (code > 127 || !array_item_size((char)code))
        return raise_error(vm, &exc_ValueError, "bad typecode (must be b, B, u, h, H, i, I, l, L, q, Q, f or d)");
    value array = array_object_new(vm, type, (char)code, 0);
    if (array == VALUE_NULL || (initial != VALUE_NULL && initial != NONE && !fill(vm, array, initial)))
        return VALUE_NULL;
    return initial == NONE ? raise_error(vm, &exc_TypeError, "'NoneType' object is not iterable") : array;
}

/* ---- items ---- */

static int64_t array_length(struct vm *vm, value v)
{
    (void)vm;
    return (int64_t)array_of(v)->length;
}

static bool find_index(struct vm *vm, value v, value key, const char *message, int64_t *index)
{
    if (is_small_int(key)) {
        *index = small_int_value(key);
    } else if (!has_index(vm, key)) {
        raise_error(vm, &exc_TypeError, "array indices must be integers");
        return false;
    } else if (!value_to_index(vm, key, index)) {
        return false;
    }
    int64_t length = (int64_t)array_of(v)->length;
    if (*index < 0)
        *index += length;
    if (*index >= 0 && *index < length)
        return true;
    raise_error(vm, &exc_IndexError, "%s", message);
    return false;
}

static value get_slice(struct vm *vm, value v, value key)
{
    int64_t start, stop, step, count;
    if (!slice_unpack(vm, key, &start, &stop, &step))
        return VALUE_NULL;
    count = slice_adjust((int64_t)array_of(v)->length, &start, &stop, step);
    value result = array_object_new(vm, &array_type, array_of(v)->code, (size_t)count);
    if (result == VALUE_NULL)
        return result;
    const struct array_object *array = array_of(v);
    size_t size = array->item_size;
    ADD_WORK(vm, characters, (size_t)count * size);
    if (step == 1 && count)
        memcpy(array_of(result)->data, array->data + (size_t)start * size, (size_t)count * size);
    else
        for (int64_t i = 0; i < count; i++)
            memcpy(array_of(result)->data + (size_t)i * size, array->data + (size_t)(start + i * step) * size, size);
    return result;
}

static value array_get_item(struct vm *vm, value v, value key)
{
    int64_t index;
    if (is_exact(key, &slice_type))
        return get_slice(vm, v, key);
    return find_index(vm, v, key, "array index out of range", &index) ? array_item_load(vm, array_of(v), (size_t)index)
                                                                      : VALUE_NULL;
}

/* Puts `added` items in the place of [start, stop). */
static bool replace_part(struct vm *vm, struct array_object *array, size_t start, size_t stop, const uint8_t *with, size_t added)
{
    size_t size = array->item_size, length = array->length, tail = length - stop, removed = stop - start;
    if (added > removed && !array_resize(vm, array, length + added - removed))
        return false;
    if (added < removed && array->exports && !buffer_may_move(vm, &array->exports))
        return array_resize(vm, array, length + added - removed);
    if (added != removed && tail)
        memmove(array->data + (start + added) * size, array->data + stop * size, tail * size);
    if (added)
        memcpy(array->data + start * size, with, added * size);
    ADD_WORK(vm, characters, (added + (added != removed ? tail : 0)) * size);
    return array_resize(vm, array, length + added - removed);
}

static bool delete_steps(struct vm *vm, struct array_object *array, int64_t start, int64_t step, int64_t count)
{
    size_t size = array->item_size, to, left = (size_t)count;
    if (step < 0) {
        start += step * (count - 1);
        step = -step;
    }
    if (array->exports && !buffer_may_move(vm, &array->exports))
        return array_resize(vm, array, array->length - (size_t)count);
    to = (size_t)start;
    for (size_t from = to, next = to; from < array->length; from++) {
        if (left && from == next) {
            left--;
            next += (size_t)step;
        } else {
            memmove(array->data + to++ * size, array->data + from * size, size);
        }
    }
    return array_resize(vm, array, to);
}

static bool set_slice(struct vm *vm, value v, value key, value item)
{
    struct array_object *array = array_of(v);
    int64_t start, stop, step, count;
    if (item != VALUE_NULL && !is_array(vm, item)) {
        raise_error(vm, &exc_TypeError, "can only assign array (not \"%T\") to array slice", item);
        return false;
    }
    if (!slice_unpack(vm, key, &start, &stop, &step))
        return false;
    count = slice_adjust((int64_t)array->length, &start, &stop, step);
    if (item == VALUE_NULL)
        return step == 1 ? replace_part(vm, array, (size_t)start, (size_t)(start + count), NULL, 0)
                         : !count || delete_steps(vm, array, start, step, count);
    if (array_of(item)->code != array->code) {
        raise_error(vm, &exc_TypeError, "bad argument type for built-in operation");
        return false;
    }
    if (value_object(item) == value_object(v)) {
        value all = slice_new(vm, NONE, NONE, NONE);
        item = all == VALUE_NULL ? all : get_slice(vm, v, all);
        if (item == VALUE_NULL)
            return false;
    }
    const struct array_object *with = array_of(item);
    if (step == 1)
        return replace_part(vm, array, (size_t)start, (size_t)(start + count), with->data, with->length);
    if ((int64_t)with->length != count) {
        raise_error(vm, &exc_ValueError, "attempt to assign array of size %ld to extended slice of size %ld", (long)with->length,
                    (long)count);
        return false;
    }
    for (int64_t i = 0; i < count; i++)
        memcpy(array->data + (size_t)(start + i * step) * array->item_size, with->data + (size_t)i * array->item_size,
               array->item_size);
    gc_keep(item);
    return true;
}

static bool array_set_item(struct vm *vm, value v, value key, value item)
{
    int64_t index;
    uint8_t bytes[8];
    if (is_exact(key, &slice_type))
        return set_slice(vm, v, key, item);
    if (!find_index(vm, v, key, "array assignment index out of range", &index))
        return false;
    struct array_object *array = array_of(v);
    if (item == VALUE_NULL)
        return replace_part(vm, array, (size_t)index, (size_t)index + 1, NULL, 0);
    if (!array_item_convert(vm, array->code, item, bytes))
        return false;
    if ((uint64_t)index < array->length) /* the conversion may have run code that changed it */
        memcpy(array->data + (size_t)index * array->item_size, bytes, array->item_size);
    return true;
}

static int array_contains(struct vm *vm, value v, value item)
{
    for (size_t i = 0; i < array_of(v)->length; i++) {
        value mine = array_item_load(vm, array_of(v), i);
        int equal = mine == VALUE_NULL ? -1 : compare_truth(vm, COMPARE_EQ, mine, item);
        if (equal)
            return equal;
    }
    ADD_WORK(vm, items, array_of(v)->length);
    return 0;
}

/* ---- operators ---- */

static value array_concat(struct vm *vm, value a, value b)
{
    if (!is_array(vm, b))
        return raise_error(vm, &exc_TypeError, "can only append array (not \"%T\") to array", b);
    if (array_of(a)->code != array_of(b)->code)
        return raise_error(vm, &exc_TypeError, "bad argument type for built-in operation");
    value result = array_object_new(vm, &array_type, array_of(a)->code, array_of(a)->length);
    if (result == VALUE_NULL)
        return result;
    if (array_of(a)->length)
        memcpy(array_of(result)->data, array_of(a)->data, array_of(a)->length * array_of(a)->item_size);
    return array_extend_array(vm, result, b) ? result : VALUE_NULL;
}

static value array_inplace_add(struct vm *vm, value a, value b)
{
    if (!is_array(vm, b))
        return raise_error(vm, &exc_TypeError, "can only extend array with array (not \"%T\")", b);
    return array_extend_array(vm, a, b) ? a : VALUE_NULL;
}

static void repeat_bytes(uint8_t *data, size_t size, size_t count)
{
    if (size == 1)
        memset(data, data[0], count);
    else
        for (size_t i = 1; i < count; i++)
            memcpy(data + i * size, data, size);
}

static value array_repeat(struct vm *vm, value a, int64_t count)
{
    size_t length = array_of(a)->length, size = length * array_of(a)->item_size;
    size_t times = count < 0 ? 0 : (size_t)count;
    if (size && times > ((size_t)1 << 46) / size)
        return raise_no_memory(vm);
    value result = array_object_new(vm, &array_type, array_of(a)->code, length * times);
    if (result == VALUE_NULL || !size || !times)
        return result;
    memcpy(array_of(result)->data, array_of(a)->data, size);
    repeat_bytes(array_of(result)->data, size, times);
    ADD_WORK(vm, characters, size * times);
    return result;
}

static value array_inplace_multiply(struct vm *vm, value a, value b)
{
    int64_t count;
    if (!has_index(vm, b))
        return raise_error(vm, &exc_TypeError, "can't multiply sequence by non-int of type '%T'", b);
    if (!value_to_index(vm, b, &count))
        return VALUE_NULL;
    size_t length = array_of(a)->length, size = length * array_of(a)->item_size, times = count < 0 ? 0 : (size_t)count;
    if (size && times > ((size_t)1 << 46) / size)
        return raise_no_memory(vm);
    if (!array_resize(vm, array_of(a), length * times))
        return VALUE_NULL;
    if (size && times)
        repeat_bytes(array_of(a)->data, size, times);
    ADD_WORK(vm, characters, size * times);
    return a;
}

static value array_compare(struct vm *vm, value a, value b, enum compare_kind kind)
{
    if (!is_array(vm, a) || !is_array(vm, b))
        return vm->not_implemented;
    const struct array_object *x = array_of(a), *y = array_of(b);
    if ((kind == COMPARE_EQ || kind == COMPARE_NE) && x->length != y->length)
        return bool_value(kind == COMPARE_NE);
    size_t shared = x->length < y->length ? x->length : y->length, i = 0;
    ADD_WORK(vm, items, shared);
    if (x->code == y->code && x->code != 'f' && x->code != 'd') { /* equal bytes, equal items */
        size_t size = x->item_size;
        while (i < shared && !memcmp(x->data + i * size, y->data + i * size, size))
            i++;
    }
    for (; i < shared; i++) {
        value p = array_item_load(vm, x, i), q = p == VALUE_NULL ? p : array_item_load(vm, y, i);
        value equal = q == VALUE_NULL ? q : compare_operation(vm, COMPARE_EQ, p, q);
        if (equal == VALUE_NULL)
            return VALUE_NULL;
        if (equal == TRUE)
            continue;
        if (kind == COMPARE_EQ || kind == COMPARE_NE)
            return bool_value(kind == COMPARE_NE);
        return compare_operation(vm, kind, p, q);
    }
    return bool_value(order_holds(x->length < y->length ? -1 : x->length > y->length, kind));
}

static value array_repr(struct vm *vm, value v)
{
    const struct array_object *array = array_of(v);
    const char *name = value_type(vm, v)->name, *dot = strrchr(name, '.');
    name = dot ? dot + 1 : name;
    if (!array->length)
        return string_printf(vm, "%s('%c')", name, array->code);
    value items = array->code == 'u' ? array_text(vm, array) : list_new(vm, array->length);
    for (size_t i = 0; i < array->length && array->code != 'u' && items != VALUE_NULL; i++) {
        value item = array_item_load(vm, array, i);
        if (item == VALUE_NULL)
            return VALUE_NULL;
        list_of(items)->items[i] = item;
    }
    return items == VALUE_NULL ? items : string_printf(vm, "%s('%c', %R)", name, array->code, items);
}

static bool array_export(struct vm *vm, value v, struct item_buffer *out)
{
    (void)vm;
    static const char *const formats[] = {"b", "B", "w", "h", "H", "i", "I", "l", "L", "q", "Q", "f", "d"};
    struct array_object *array = array_of(v);
    *out = (struct item_buffer){.exporter = v, .data = array->data, .length = (int64_t)(array->length * array->item_size),
                           .item_size = array->item_size, .format = formats[strchr(array_codes, array->code) - array_codes],
                           .dimensions = 1, .exports = &array->exports};
    return true;
}

static bool array_buffer(struct vm *vm, value v, const uint8_t **data, size_t *size)
{
    (void)vm;
    *data = array_of(v)->data;
    *size = array_of(v)->length * array_of(v)->item_size;
    return true;
}

/* ---- iteration ---- */

struct array_iterator {
    struct object head;
    value array; /* VALUE_NULL: exhausted */
    size_t position;
};

static void iterator_trace(struct vm *vm, struct object *object)
{
    gc_mark(vm, ((struct array_iterator *)object)->array);
}

static value array_next(struct vm *vm, value v)
{
    struct array_iterator *iterator = (struct array_iterator *)value_object(v);
    if (iterator->array == VALUE_NULL)
        return VALUE_NULL;
    if (iterator->position < array_of(iterator->array)->length)
        return array_item_load(vm, array_of(iterator->array), iterator->position++);
    iterator->array = VALUE_NULL;
    return VALUE_NULL;
}

static value itself(struct vm *vm, value v)
{
    (void)vm;
    return v;
}

static value iterator_reduce(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    const struct array_iterator *iterator = (struct array_iterator *)value_object(self);
    value function = get_attribute_text(vm, vm->builtins, "iter");
    if (function == VALUE_NULL) {
        exception_clear(vm);
        function = dict_get_text(vm, dict_of(vm->builtins), "iter");
    }
    if (iterator->array == VALUE_NULL)
        return tuple_pack(vm, 2, function, tuple_pack(vm, 1, vm->empty_tuple));
    return tuple_pack(vm, 3, function, tuple_pack(vm, 1, iterator->array), small_int((int64_t)iterator->position));
}

static value iterator_setstate(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)count, (void)keyword_names;
    struct array_iterator *iterator = (struct array_iterator *)value_object(self);
    int64_t position;
    if (!value_to_index(vm, arguments[0], &position))
        return VALUE_NULL;
    if (iterator->array != VALUE_NULL) {
        int64_t length = (int64_t)array_of(iterator->array)->length;
        iterator->position = (size_t)(position < 0 ? 0 : position > length ? length : position);
    }
    return NONE;
}

static const struct method_definition iterator_methods[] = {
    {"__reduce__", "()", iterator_reduce, 0, NULL}, {"__setstate__", "(state, /)", iterator_setstate, 0, NULL}, {0}};

struct type array_iterator_type = {.name = "array.arrayiterator",
                                   .flags = TYPE_GETATTR_PLAIN,
                                   .instance_size = sizeof(struct array_iterator),
                                   .trace = iterator_trace,
                                   .iter = itself,
                                   .next = array_next,
                                   .methods = iterator_methods};

static value array_iter(struct vm *vm, value v)
{
    struct array_iterator *iterator = GC_NEW(vm, struct array_iterator, &array_iterator_type);
    if (!iterator)
        return VALUE_NULL;
    iterator->array = v;
    return object_value(iterator);
}

struct type array_type = {.name = "array.array",
                          .flags = TYPE_SUBCLASSABLE | TYPE_GETATTR_PLAIN | TYPE_SEQUENCE | TYPE_NO_KEYWORDS,
                          .instance_size = sizeof(struct array_object),
                          .methods = array_methods,
                          .trace = array_trace,
                          .new = new_array,
                          .repr = array_repr,
                          .compare = array_compare,
                          .iter = array_iter,
                          .length = array_length,
                          .get_item = array_get_item,
                          .set_item = array_set_item,
                          .contains = array_contains,
                          .concat = array_concat,
                          .repeat = array_repeat,
                          .inplace[BINARY_ADD] = array_inplace_add,
                          .inplace[BINARY_MUL] = array_inplace_multiply,
                          .buffer = array_buffer,
                          .export_buffer = array_export};
