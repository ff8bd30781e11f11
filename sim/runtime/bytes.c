/* bytes.c - the type bytes: construction, operators, iteration; the buffer protocol. Its methods are in bytes_methods.c. */
#include "sim/runtime/buffer.h"
#include "sim/runtime/container.h"
#include "sim/runtime/iterator.h"
#include "sim/runtime/number.h"
#include "sim/runtime/bytes.h"
#include "sim/runtime/attribute.h"

struct bytes_iterator {
    struct object head;
    value bytes; /* bytes or bytearray; VALUE_NULL: exhausted */
    size_t position;
};

value bytes_from(struct vm *vm, const void *data, size_t size)
{
    if (size == 0 && is_object(vm->empty_bytes))
        return vm->empty_bytes;
    if (size > (size_t)1 << 46)
        return raise_no_memory(vm);
    size_t total = BYTES_HEADER + size + 1;
    struct bytes_object *bytes = gc_object(vm, total < BYTES_SIZE_MIN ? BYTES_SIZE_MIN : total, &bytes_type.shape);
    if (!bytes)
        return VALUE_NULL;
    bytes->hash = -1;
    bytes->length = size;
    if (data && size)
        memcpy(bytes->data, data, size);
    return object_value(bytes);
}

value bytes_result(struct vm *vm, value like, const void *data, size_t size)
{
    return is_bytes(like) ? bytes_from(vm, data, size) : bytearray_from(vm, data, size);
}

/* ---- the buffer protocol ---- */

bool buffer_of(struct vm *vm, value v, const uint8_t **data, size_t *size)
{
    for (struct type *type = value_type(vm, v); type; type = type->base)
        if (type->buffer)
            return type->buffer(vm, v, data, size);
    raise_error(vm, &exc_TypeError, "a bytes-like object is required, not '%T'", v);
    return false;
}

bool bytes_like(struct vm *vm, value v, struct span *out)
{
    const uint8_t *data;
    size_t size;
    if (!buffer_of(vm, v, &data, &size))
        return false;
    *out = (struct span){data, size, 1};
    return true;
}

static bool bytes_buffer(struct vm *vm, value v, const uint8_t **data, size_t *size)
{
    (void)vm;
    *data = bytes_of(v)->data;
    *size = bytes_of(v)->length;
    return true;
}

bool byte_value(struct vm *vm, value v, const char *message, uint8_t *out)
{
    int64_t number;
    if (is_small_int(v)) {
        number = small_int_value(v);
    } else {
        if (!is_int(v) && !value_type(vm, v)->index) {
            raise_error(vm, &exc_TypeError, "'%T' object cannot be interpreted as an integer", v);
            return false;
        }
        if (!value_to_int64(vm, v, &number)) {
            if (!exception_matches(vm, &exc_OverflowError))
                return false;
            exception_clear(vm);
            number = -1;
        }
    }
    if (number < 0 || number > 255) {
        raise_error(vm, &exc_ValueError, "%s", message);
        return false;
    }
    *out = (uint8_t)number;
    return true;
}

/* ---- construction ---- */

struct byte_collector {
    value array; /* bytearray that grows */
    const char *message;
};

static bool collect_byte(struct vm *vm, value item, void *context)
{
    struct byte_collector *collector = context;
    uint8_t byte;
    if (!byte_value(vm, item, collector->message, &byte))
        return false;
    struct bytearray_object *array = bytearray_of(collector->array);
    if (!bytearray_resize(vm, array, array->length + 1))
        return false;
    array->data[array->length - 1] = byte;
    return true;
}

static value from_iterable(struct vm *vm, value source, bool for_bytearray)
{
    if (!value_type(vm, source)->iter && !value_type(vm, source)->get_item)
        return raise_error(vm, &exc_TypeError, "cannot convert '%T' object to %s", source,
                           for_bytearray ? "bytearray" : "bytes");
    struct byte_collector collector = {
        .array = bytearray_from(vm, NULL, 0),
        .message = for_bytearray ? "byte must be in range(0, 256)" : "bytes must be in range(0, 256)",
    };
    if (!for_bytearray && length_hint(vm, source, 64) < 0)
        return VALUE_NULL;
    if (collector.array == VALUE_NULL || !iterate(vm, source, collect_byte, &collector) || vm->pending != VALUE_NULL)
        return VALUE_NULL;
    const struct bytearray_object *array = bytearray_of(collector.array);
    ADD_WORK(vm, items, array->length);
    return bytes_from(vm, array->data, array->length);
}

static value from_text(struct vm *vm, value source, value encoding, value errors, const char *function)
{
    const char *encoding_name, *error_name = NULL;
    if (encoding == VALUE_NULL)
        return raise_error(vm, &exc_TypeError, "string argument without an encoding");
    if (!(encoding_name = codec_argument(vm, encoding, function, "encoding")) ||
        (errors != VALUE_NULL && !(error_name = codec_argument(vm, errors, function, "errors"))))
        return VALUE_NULL;
    return string_encode(vm, source, encoding_name, error_name);
}

static value from_special(struct vm *vm, value method)
{
    value result = call_0(vm, method);
    if (result != VALUE_NULL && !is_bytes(result))
        return raise_error(vm, &exc_TypeError, "__bytes__ returned non-bytes (type %T)", result);
    return result;
}

value bytes_from_arguments(struct vm *vm, value source, value encoding, value errors, bool for_bytearray)
{
    bool is_plain = source != VALUE_NULL && !for_bytearray && encoding == VALUE_NULL && errors == VALUE_NULL;
    if (is_plain && is_string(source) && !is_exact(source, &string_type)) {
        value method = lookup_special(vm, source, "__bytes__"); /* of a subclass; checked as below */
        if (method != VALUE_NULL)
            return from_special(vm, method);
        if (vm->pending != VALUE_NULL)
            return VALUE_NULL;
    }
    if (source != VALUE_NULL && is_string(source))
        return from_text(vm, source, encoding, errors, for_bytearray ? "bytearray" : "bytes");
    const char *function = for_bytearray ? "bytearray" : "bytes";
    if ((encoding != VALUE_NULL && !codec_argument(vm, encoding, function, "encoding")) ||
        (errors != VALUE_NULL && !codec_argument(vm, errors, function, "errors")))
        return VALUE_NULL;
    if (encoding != VALUE_NULL || errors != VALUE_NULL)
        return raise_error(vm, &exc_TypeError, "%s without a string argument",
                           encoding != VALUE_NULL ? "encoding" : "errors");
    if (source == VALUE_NULL)
        return bytes_from(vm, NULL, 0);
    if (is_exact(source, &bytes_type) && !for_bytearray)
        return source;
    value method = for_bytearray ? VALUE_NULL : lookup_special(vm, source, "__bytes__");
    if (method != VALUE_NULL)
        return from_special(vm, method);
    if (vm->pending != VALUE_NULL)
        return VALUE_NULL;
    if (is_int(source) || value_type(vm, source)->index) {
        int64_t size;
        if (value_to_count(vm, source, &size))
            return size < 0 ? raise_error(vm, &exc_ValueError, "negative count") : bytes_from(vm, NULL, (size_t)size);
        if (!exception_matches(vm, &exc_TypeError))
            return VALUE_NULL;
        exception_clear(vm); /* it may still be something else that bytes are made of */
    }
    struct item_buffer buffer;
    if (has_buffer(vm, source))
        return buffer_get(vm, source, &buffer) ? buffer_to_bytes(vm, &buffer) : VALUE_NULL;
    return from_iterable(vm, source, for_bytearray);
}

static value bytes_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    static const char *const names[] = {"source", "encoding", "errors"};
    value bound[3];
    if (!bind_constructor(vm, "bytes", names, 3, arguments, count, keyword_names, bound))
        return VALUE_NULL;
    value plain = bytes_from_arguments(vm, bound[0], bound[1], bound[2], false);
    if (plain == VALUE_NULL || type == &bytes_type)
        return plain;
    size_t length = bytes_of(plain)->length, size = BYTES_HEADER + length + 1;
    struct bytes_object *copy = variable_instance(vm, type, size < BYTES_SIZE_MIN ? BYTES_SIZE_MIN : size);
    if (!copy)
        return VALUE_NULL;
    copy->hash = -1;
    copy->length = length;
    memcpy(copy->data, bytes_of(plain)->data, length);
    return object_value(copy);
}

/* ---- operators ---- */

static value bytes_repr(struct vm *vm, value a)
{
    return bytes_repr_text(vm, bytes_of(a)->data, bytes_of(a)->length, "b", "");
}

static bool bytes_hash(struct vm *vm, value a, int64_t *hash)
{
    (void)vm;
    struct bytes_object *bytes = bytes_of(a);
    if (bytes->hash == -1)
        bytes->hash = bytes->length ? hash_bytes(bytes->data, bytes->length) : 0;
    *hash = bytes->hash;
    return true;
}

value bytes_compare(struct vm *vm, value a, value b, enum compare_kind kind)
{
    struct span x, y;
    /* bytes compares with bytes only; a bytearray with everything that has a buffer */
    if (!has_buffer(vm, a) || !has_buffer(vm, b) || (is_bytes(a) && !is_bytes(b)))
        return vm->not_implemented;
    if (!bytes_like(vm, a, &x) || !bytes_like(vm, b, &y))
        return VALUE_NULL;
    size_t shared = size_minimum(x.length, y.length);
    ADD_WORK(vm, characters, shared);
    int order = shared ? memcmp(x.data, y.data, shared) : 0;
    if (order == 0)
        order = x.length < y.length ? -1 : x.length > y.length;
    return bool_value(order_holds(order, kind));
}

static int64_t bytes_length(struct vm *vm, value a)
{
    (void)vm;
    return (int64_t)bytes_of(a)->length;
}

value bytes_stepped(struct vm *vm, struct span data, int64_t start, int64_t step, int64_t count)
{
    value out = bytes_from(vm, NULL, (size_t)count);
    if (out == VALUE_NULL)
        return VALUE_NULL;
    ADD_WORK(vm, characters, count);
    for (int64_t i = 0; i < count; i++, start += step)
        bytes_of(out)->data[i] = ((const uint8_t *)data.data)[start];
    return out;
}

static value bytes_get_item(struct vm *vm, value a, value key)
{
    struct span data = bytes_span(a);
    int64_t index;
    if (is_exact(key, &slice_type)) {
        int64_t start, stop, step, count;
        if (!slice_indices(vm, key, (int64_t)data.length, &start, &stop, &step, &count))
            return VALUE_NULL;
        if (step == 1 && count == (int64_t)data.length && is_exact(a, &bytes_type))
            return a;
        return bytes_stepped(vm, data, start, step, count);
    }
    if (!is_int(key) && !value_type(vm, key)->index)
        return raise_error(vm, &exc_TypeError, "byte indices must be integers or slices, not %T", key);
    if (!value_to_index(vm, key, &index))
        return VALUE_NULL;
    if (index < 0)
        index += (int64_t)data.length;
    if (index < 0 || index >= (int64_t)data.length)
        return raise_error(vm, &exc_IndexError, "index out of range");
    return small_int(bytes_of(a)->data[index]);
}

int bytes_contains(struct vm *vm, value a, value item)
{
    struct span data, part;
    int64_t found;
    if (is_int(item) || (!has_buffer(vm, item) && value_type(vm, item)->index)) {
        uint8_t byte;
        if (!byte_value(vm, item, "byte must be in range(0, 256)", &byte))
            return -1;
        data = bytes_span(a);
        found = span_find_character(data, byte, 0, data.length);
    } else {
        if (!bytes_like(vm, item, &part))
            return -1;
        data = bytes_span(a);
        found = span_find(data, part, 0, data.length);
    }
    ADD_WORK(vm, characters, found < 0 ? data.length : (size_t)found + 1);
    return found >= 0;
}

static value bytes_concat(struct vm *vm, value a, value b)
{
    if (!has_buffer(vm, b))
        return raise_error(vm, &exc_TypeError, "can't concat %T to %T", b, a);
    struct span x = bytes_span(a), y;
    if (!bytes_like(vm, b, &y))
        return VALUE_NULL;
    value out = bytes_from(vm, NULL, x.length + y.length);
    if (out == VALUE_NULL)
        return VALUE_NULL;
    ADD_WORK(vm, characters, x.length + y.length);
    memcpy(bytes_of(out)->data, x.data, x.length);
    if (y.length)
        memcpy(bytes_of(out)->data + x.length, y.data, y.length);
    return out;
}

static value bytes_repeat(struct vm *vm, value a, int64_t count)
{
    size_t length = bytes_of(a)->length;
    if (count == 1 && is_exact(a, &bytes_type))
        return a;
    if (count < 0)
        count = 0;
    if (length && count > INT64_MAX / (int64_t)length)
        return raise_error(vm, &exc_OverflowError, "repeated bytes are too long");
    if (length && (uint64_t)count > ((size_t)1 << 46) / length)
        return raise_no_memory(vm);
    value out = bytes_from(vm, NULL, length * (size_t)count);
    if (out == VALUE_NULL)
        return VALUE_NULL;
    ADD_WORK(vm, characters, length * (size_t)count);
    if (length && count) {
        memcpy(bytes_of(out)->data, bytes_of(a)->data, length);
        repeat_first(bytes_of(out)->data, length, length * (size_t)count);
    }
    return out;
}

static value bytes_remainder(struct vm *vm, value a, value b)
{
    return is_bytes(a) ? bytes_format_percent(vm, bytes_span(a), b) : vm->not_implemented;
}

/* ---- iteration ---- */

value bytes_iterator_new(struct vm *vm, struct type *type, value bytes)
{
    struct bytes_iterator *iterator = gc_object(vm, sizeof *iterator, &type->shape);
    if (!iterator)
        return VALUE_NULL;
    iterator->bytes = bytes;
    return object_value(iterator);
}

static value bytes_iter(struct vm *vm, value a)
{
    return bytes_iterator_new(vm, &bytes_iterator_type, a);
}

static value next_byte(struct vm *vm, value v)
{
    (void)vm;
    struct bytes_iterator *iterator = (struct bytes_iterator *)value_object(v);
    if (iterator->bytes == VALUE_NULL)
        return VALUE_NULL;
    struct span data = bytes_span(iterator->bytes);
    if (iterator->position < data.length)
        return small_int(span_at(data, iterator->position++));
    iterator->bytes = VALUE_NULL;
    return VALUE_NULL;
}

static value self_iter(struct vm *vm, value v)
{
    (void)vm;
    return v;
}

static void trace_iterator(struct vm *vm, struct object *object)
{
    gc_mark(vm, ((struct bytes_iterator *)object)->bytes);
}

static value bytes_iterator_hint(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)vm, (void)arguments, (void)count, (void)keyword_names;
    const struct bytes_iterator *iterator = (struct bytes_iterator *)value_object(self);
    if (iterator->bytes == VALUE_NULL)
        return small_int(0);
    int64_t left = (int64_t)bytes_span(iterator->bytes).length - (int64_t)iterator->position;
    return small_int(left < 0 ? 0 : left);
}

static value bytes_iterator_reduce(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    const struct bytes_iterator *iterator = (struct bytes_iterator *)value_object(self);
    if (iterator->bytes == VALUE_NULL)
        return iterator_reduced(vm, vm->empty_tuple, VALUE_NULL);
    return iterator_reduced(vm, iterator->bytes, small_int((int64_t)iterator->position));
}

static value bytes_iterator_setstate(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)count, (void)keyword_names;
    struct bytes_iterator *iterator = (struct bytes_iterator *)value_object(self);
    int64_t position;
    if (!iterator_position(vm, arguments[0], INT64_MAX, &position))
        return VALUE_NULL;
    if (iterator->bytes != VALUE_NULL)
        iterator->position = size_minimum((size_t)position, bytes_span(iterator->bytes).length);
    return NONE;
}

static const struct method_definition iterator_methods[] = {
    {"__reduce__", "()", bytes_iterator_reduce, METHOD_INSTANCE, "Return state information for pickling."},
    {"__setstate__", "(object, /)", bytes_iterator_setstate, METHOD_INSTANCE, "Set state information for unpickling."},
    {"__length_hint__", "()", bytes_iterator_hint, METHOD_INSTANCE, NULL},
    {NULL, NULL, NULL, 0, NULL},
};

struct type bytes_iterator_type = {
    .name = "bytes_iterator",
    .flags = TYPE_GETATTR_PLAIN,
    .instance_size = sizeof(struct bytes_iterator),
    .methods = iterator_methods,
    .trace = trace_iterator,
    .iter = self_iter,
    .next = next_byte,
};

struct type bytearray_iterator_type = {
    .name = "bytearray_iterator",
    .flags = TYPE_GETATTR_PLAIN,
    .instance_size = sizeof(struct bytes_iterator),
    .methods = iterator_methods,
    .trace = trace_iterator,
    .iter = self_iter,
    .next = next_byte,
};

struct type bytes_type = {
    .name = "bytes",
    .flags = TYPE_SUBCLASSABLE | TYPE_BYTES | TYPE_GETATTR_PLAIN,
    .instance_size = BYTES_SIZE_MIN,
    .methods = bytes_methods,
    .new = bytes_new,
    .repr = bytes_repr,
    .hash = bytes_hash,
    .compare = bytes_compare,
    .iter = bytes_iter,
    .length = bytes_length,
    .get_item = bytes_get_item,
    .contains = bytes_contains,
    .binary[BINARY_REMAINDER] = bytes_remainder,
    .concat = bytes_concat,
    .repeat = bytes_repeat,
    .buffer = bytes_buffer,
};
