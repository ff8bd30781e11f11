/* string_type.c - the type str: construction, operators, indexing and iteration; its methods are in string_methods.c. */
#include "sim/runtime/attribute.h"
#include "sim/runtime/iterator.h"
#include "sim/runtime/bytes.h"

struct string_iterator {
    struct object head;
    value string; /* VALUE_NULL: exhausted */
    size_t position;
};

void *variable_instance(struct vm *vm, struct type *type, size_t size)
{
    if (!type->tail_offset)
        return gc_object(vm, size, &type->shape);
    size_t rounded = (size + 7) / 8 * 8;
    size_t tail_size = type->instance_size > type->tail_offset ? type->instance_size - type->tail_offset : 0;
    if (tail_size < sizeof(struct subclass_tail))
        tail_size = sizeof(struct subclass_tail);
    char *object = gc_object(vm, rounded + tail_size, &type->shape);
    if (!object)
        return NULL;
    struct subclass_tail *tail = (struct subclass_tail *)(void *)(object + rounded);
    tail->overflow = VALUE_NULL;
    for (value *slot = tail->slots; (char *)(slot + 1) <= object + rounded + tail_size; slot++)
        *slot = VALUE_NULL;
    return object;
}

bool bind_constructor(struct vm *vm, const char *function, const char *const *names, size_t maximum,
                      const value *arguments, size_t count, value keyword_names, value *out)
{
    size_t keywords = keyword_names == VALUE_NULL ? 0 : tuple_of(keyword_names)->length;
    for (size_t i = 0; i < maximum; i++)
        out[i] = i < count ? arguments[i] : VALUE_NULL;
    if (count + keywords > maximum) {
        raise_error(vm, &exc_TypeError, "%s() takes at most %zu argument%s (%zu given)", function, maximum,
                    maximum == 1 ? "" : "s", count + keywords);
        return false;
    }
    for (size_t k = 0; k < keywords; k++) {
        value name = tuple_of(keyword_names)->items[k];
        size_t i = 0;
        while (i < maximum && !string_is(name, names[i]))
            i++;
        if (i == maximum) {
            raise_error(vm, &exc_TypeError, "'%U' is an invalid keyword argument for %s()", name, function);
            return false;
        }
        if (out[i] != VALUE_NULL) {
            raise_error(vm, &exc_TypeError, "argument for %s() given by name ('%U') and position (%zu)", function, name,
                        i + 1);
            return false;
        }
        out[i] = arguments[count + k];
    }
    return true;
}

const char *codec_argument(struct vm *vm, value v, const char *function, const char *parameter)
{
    if (!is_string(v)) {
        if (v == NONE)
            raise_error(vm, &exc_TypeError, "%s() argument '%s' must be str, not None", function, parameter);
        else
            raise_error(vm, &exc_TypeError, "%s() argument '%s' must be str, not %T", function, parameter, v);
        return NULL;
    }
    return string_c_text(vm, v);
}

static value decode_argument(struct vm *vm, value object, value encoding, value errors)
{
    const char *encoding_name = NULL, *error_name = NULL;
    if (encoding != VALUE_NULL && !(encoding_name = codec_argument(vm, encoding, "str", "encoding")))
        return VALUE_NULL;
    if (errors != VALUE_NULL && !(error_name = codec_argument(vm, errors, "str", "errors")))
        return VALUE_NULL;
    if (is_string(object))
        return raise_error(vm, &exc_TypeError, "decoding str is not supported");
    const uint8_t *data;
    size_t size;
    if (is_object(object) && buffer_of(vm, object, &data, &size))
        return bytes_decode(vm, data, size, encoding_name, error_name);
    exception_clear(vm);
    return raise_error(vm, &exc_TypeError, "decoding to str: need a bytes-like object, %T found", object);
}

static value string_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    static const char *const names[] = {"object", "encoding", "errors"};
    value bound[3];
    if (!bind_constructor(vm, "str", names, 3, arguments, count, keyword_names, bound))
        return VALUE_NULL;
    value text;
    if (bound[1] != VALUE_NULL || bound[2] != VALUE_NULL)
        text = bound[0] == VALUE_NULL ? string_from_text(vm, "") : decode_argument(vm, bound[0], bound[1], bound[2]);
    else
        text = bound[0] == VALUE_NULL ? string_from_text(vm, "") : value_string(vm, bound[0]);
    if (text == VALUE_NULL || type == &string_type)
        return text;
    const struct string_object *s = string_of(text);
    size_t bytes = ((size_t)s->length + 1) * s->width;
    size_t size = STRING_HEADER + bytes;
    struct string_object *copy = variable_instance(vm, type, size < STRING_SIZE_MIN ? STRING_SIZE_MIN : size);
    if (!copy)
        return VALUE_NULL;
    copy->hash = s->hash;
    copy->length = s->length;
    copy->width = s->width;
    copy->ascii = s->ascii;
    memcpy(copy->data, s->data, bytes);
    return object_value(copy);
}

static value string_str(struct vm *vm, value a)
{
    return string_exact(vm, a);
}

static bool string_hash(struct vm *vm, value a, int64_t *hash)
{
    (void)vm;
    struct string_object *s = string_of(a);
    if (s->hash == -1)
        s->hash = s->length ? hash_bytes(s->data, (size_t)s->length * s->width) : 0;
    *hash = s->hash;
    return true;
}

static value string_compare_slot(struct vm *vm, value a, value b, enum compare_kind kind)
{
    if (!is_string(a) || !is_string(b))
        return vm->not_implemented;
    const struct string_object *x = string_of(a), *y = string_of(b);
    if (kind == COMPARE_EQ || kind == COMPARE_NE) {
        if (a != b && x->length == y->length)
            ADD_WORK(vm, characters, x->length);
        return bool_value(string_equal(a, b) == (kind == COMPARE_EQ));
    }
    ADD_WORK(vm, characters, size_minimum(x->length, y->length));
    int order = string_compare(a, b);
    bool answer = kind == COMPARE_LT   ? order < 0
                  : kind == COMPARE_LE ? order <= 0
                  : kind == COMPARE_GT ? order > 0
                                       : order >= 0;
    return bool_value(answer);
}

static value string_iter(struct vm *vm, value a)
{
    struct type *type = string_of(a)->ascii ? &string_ascii_iterator_type : &string_iterator_type;
    struct string_iterator *iterator = GC_NEW(vm, struct string_iterator, type);
    if (!iterator)
        return VALUE_NULL;
    iterator->string = a;
    return object_value(iterator);
}

static value iterator_next_character(struct vm *vm, value v)
{
    struct string_iterator *iterator = (struct string_iterator *)value_object(v);
    if (iterator->string == VALUE_NULL)
        return VALUE_NULL;
    const struct string_object *s = string_of(iterator->string);
    if (iterator->position >= s->length) {
        iterator->string = VALUE_NULL;
        return VALUE_NULL;
    }
    return string_from_code_point(vm, string_at(s, iterator->position++));
}

static value iterator_length_hint(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)vm, (void)arguments, (void)count, (void)keyword_names;
    const struct string_iterator *iterator = (struct string_iterator *)value_object(self);
    if (iterator->string == VALUE_NULL)
        return small_int(0);
    return small_int((int64_t)string_of(iterator->string)->length - (int64_t)iterator->position);
}

static void iterator_trace(struct vm *vm, struct object *object)
{
    gc_mark(vm, ((struct string_iterator *)object)->string);
}

static int64_t string_length(struct vm *vm, value a)
{
    (void)vm;
    return string_of(a)->length;
}

static value string_stepped_slice(struct vm *vm, value a, int64_t start, int64_t step, int64_t count)
{
    struct string_builder builder = {NULL, 0, 0};
    const struct string_object *s = string_of(a);
    ADD_WORK(vm, characters, count);
    if (string_builder_reserve(&builder, (size_t)count))
        for (int64_t i = 0; i < count; i++, start += step)
            builder.code_points[builder.length++] = string_at(s, (size_t)start);
    return string_builder_finish(vm, &builder);
}

static value string_get_item(struct vm *vm, value a, value key)
{
    const struct string_object *s = string_of(a);
    if (is_exact(key, &slice_type)) {
        int64_t start, stop, step, count;
        if (!slice_indices(vm, key, s->length, &start, &stop, &step, &count))
            return VALUE_NULL;
        return step == 1 ? string_slice(vm, a, start, start + count) : string_stepped_slice(vm, a, start, step, count);
    }
    int64_t index;
    if (is_small_int(key)) {
        index = small_int_value(key);
    } else {
        if (!is_int(key) && !value_type(vm, key)->index)
            return raise_error(vm, &exc_TypeError, "string indices must be integers, not '%T'", key);
        if (!value_to_index(vm, key, &index))
            return VALUE_NULL;
    }
    if (index < 0)
        index += s->length;
    if (index < 0 || index >= s->length)
        return raise_error(vm, &exc_IndexError, "string index out of range");
    return string_from_code_point(vm, string_at(s, (size_t)index));
}

static int string_contains(struct vm *vm, value a, value item)
{
    if (!is_string(item)) {
        raise_error(vm, &exc_TypeError, "'in <string>' requires string as left operand, not %T", item);
        return -1;
    }
    struct span haystack = string_span(a), needle = string_span(item);
    int64_t found = -1;
    if (needle.length == 1 && needle.width == 1 && haystack.width == 1 && haystack.length <= 16) {
        const uint8_t *data = haystack.data, wanted = *(const uint8_t *)needle.data;
        for (size_t i = 0; i < haystack.length && found < 0; i++)
            if (data[i] == wanted)
                found = (int64_t)i;
    } else {
        found = span_find(haystack, needle, 0, haystack.length);
    }
    ADD_WORK(vm, characters, found < 0 ? haystack.length : (size_t)found + needle.length);
    return found >= 0;
}

static value string_concat_slot(struct vm *vm, value a, value b)
{
    if (!is_string(b))
        return raise_error(vm, &exc_TypeError, "can only concatenate str (not \"%T\") to str", b);
    return string_concat(vm, a, b);
}

static value string_repeat(struct vm *vm, value a, int64_t count)
{
    const struct string_object *s = string_of(a);
    if (count <= 0 || s->length == 0)
        return string_from_text(vm, "");
    if (count == 1)
        return string_exact(vm, a);
    if (count > INT64_MAX / (int64_t)s->length)
        return raise_error(vm, &exc_OverflowError, "repeated string is too long");
    if ((uint64_t)count > STRING_LENGTH_MAX / s->length)
        return raise_no_memory(vm);
    size_t unit = (size_t)s->length * s->width;
    uint32_t maximum = s->ascii ? 0x7f : s->width == 1 ? 0xff : s->width == 2 ? 0xffff : 0x10ffff;
    struct string_object *out = string_allocate(vm, s->length * (size_t)count, maximum);
    if (!out)
        return VALUE_NULL;
    ADD_WORK(vm, characters, out->length);
    s = string_of(a);
    memcpy(out->data, s->data, unit);
    repeat_first(out->data, unit, unit * (size_t)count);
    return object_value(out);
}

static value string_remainder(struct vm *vm, value a, value b)
{
    if (!is_string(a))
        return vm->not_implemented;
    return string_format_percent(vm, a, b);
}

struct type string_type = {
    .name = "str",
    .flags = TYPE_SUBCLASSABLE | TYPE_STRING | TYPE_GETATTR_PLAIN,
    .instance_size = STRING_SIZE_MIN,
    .doc = "str(object='') -> str\nstr(bytes_or_buffer[, encoding[, errors]]) -> str\n\n"
           "Create a new string object from the given object. If encoding or\n"
           "errors is specified, then the object must expose a data buffer\n"
           "that will be decoded using the given encoding and error handler.\n"
           "Otherwise, returns the result of object.__str__() (if defined)\n"
           "or repr(object).\n"
           "encoding defaults to sys.getdefaultencoding().\nerrors defaults to 'strict'.",
    .methods = string_methods,
    .new = string_new,
    .repr = string_repr,
    .string = string_str,
    .hash = string_hash,
    .compare = string_compare_slot,
    .iter = string_iter,
    .length = string_length,
    .get_item = string_get_item,
    .contains = string_contains,
    .binary[BINARY_REMAINDER] = string_remainder,
    .concat = string_concat_slot,
    .repeat = string_repeat,
};

static value string_iterator_reduce(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    const struct string_iterator *iterator = (struct string_iterator *)value_object(self);
    if (iterator->string == VALUE_NULL)
        return iterator_reduced(vm, vm->empty_string, VALUE_NULL);
    return iterator_reduced(vm, iterator->string, small_int((int64_t)iterator->position));
}

static value string_iterator_setstate(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)count, (void)keyword_names;
    struct string_iterator *iterator = (struct string_iterator *)value_object(self);
    int64_t position;
    if (!iterator_position(vm, arguments[0], INT64_MAX, &position))
        return VALUE_NULL;
    if (iterator->string != VALUE_NULL)
        iterator->position = size_minimum((size_t)position, string_of(iterator->string)->length);
    return NONE;
}

static const struct method_definition string_iterator_methods[] = {
    {"__reduce__", "()", string_iterator_reduce, METHOD_INSTANCE, "Return state information for pickling."},
    {"__setstate__", "(object, /)", string_iterator_setstate, METHOD_INSTANCE, "Set state information for unpickling."},
    {"__length_hint__", "()", iterator_length_hint, METHOD_INSTANCE, NULL},
    {NULL, NULL, NULL, 0, NULL},
};

#define STRING_ITERATOR(variable, python_name)                                                                         \
    struct type variable = {                                                                                           \
        .name = python_name,                                                                                           \
        .flags = TYPE_GETATTR_PLAIN,                                                                                   \
        .instance_size = sizeof(struct string_iterator),                                                               \
        .methods = string_iterator_methods,                                                                            \
        .trace = iterator_trace,                                                                                       \
        .iter = iterator_self,                                                                                         \
        .next = iterator_next_character,                                                                               \
    }
STRING_ITERATOR(string_iterator_type, "str_iterator");
STRING_ITERATOR(string_ascii_iterator_type, "str_ascii_iterator");

void text_types_ready(struct vm *vm)
{
    type_ready(vm, &memoryview_type);
    type_ready(vm, &memory_iterator_type);
    type_ready(vm, &string_iterator_type);
    type_ready(vm, &string_ascii_iterator_type);
    type_ready(vm, &bytes_iterator_type);
    type_ready(vm, &bytearray_iterator_type);
}
