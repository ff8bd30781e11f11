/* codec_registry.c - codecs found by name through search functions, as module encodings registers one, and encoding or
 * decoding any object with them. */
#include "sim/runtime/codec.h"
#include "sim/runtime/container.h"

#include <ctype.h>

static bool registry_ready(struct vm *vm)
{
    if (vm->codec_search != VALUE_NULL)
        return true;
    vm->codec_search = list_new(vm, 0);
    vm->codec_cache = dict_new(vm);
    return vm->codec_search != VALUE_NULL && vm->codec_cache != VALUE_NULL;
}

bool codec_register(struct vm *vm, value search_function)
{
    if (!value_type(vm, search_function)->call) {
        raise_error(vm, &exc_TypeError, "argument must be callable");
        return false;
    }
    return registry_ready(vm) && list_append(vm, list_of(vm->codec_search), search_function);
}

bool codec_unregister(struct vm *vm, value search_function)
{
    if (!registry_ready(vm))
        return false;
    struct list_object *list = list_of(vm->codec_search);
    for (uint32_t i = 0; i < list->length; i++)
        if (list->items[i] == search_function) {
            dict_clear(vm, dict_of(vm->codec_cache));
            return set_item(vm, vm->codec_search, slice_new(vm, small_int(i), small_int(i + 1), NONE), list_new(vm, 0));
        }
    return true;
}

/* Lower case, and one underscore for what is neither letter, digit nor dot. */
static value normalized(struct vm *vm, const char *encoding)
{
    struct string_builder name = {NULL, 0, 0};
    bool punctuation = false;
    for (const char *p = encoding; *p; p++) {
        bool word = isalnum((unsigned char)*p) || *p == '.';
        if (word && punctuation && name.length)
            string_builder_add(&name, '_');
        punctuation = !word;
        if (word)
            string_builder_add(&name, (uint32_t)tolower((unsigned char)*p));
    }
    return string_builder_finish(vm, &name);
}

static value search(struct vm *vm, value name)
{
    if (import_module(vm, "encodings") == VALUE_NULL)
        return VALUE_NULL;
    for (uint32_t i = 0; i < list_of(vm->codec_search)->length; i++) {
        value found = call_1(vm, list_of(vm->codec_search)->items[i], name);
        if (found == VALUE_NULL)
            return VALUE_NULL;
        if (found == NONE)
            continue;
        if (!has_flag(found, TYPE_TUPLE) || tuple_of(found)->length != 4)
            return raise_error(vm, &exc_TypeError, "codec search functions must return 4-tuples");
        return found;
    }
    return NONE;
}

value codec_lookup(struct vm *vm, const char *encoding)
{
    value found, name = normalized(vm, encoding);
    if (name == VALUE_NULL || !registry_ready(vm))
        return VALUE_NULL;
    int there = dict_find(vm, dict_of(vm->codec_cache), name, &found);
    if (there)
        return there > 0 ? found : VALUE_NULL;
    found = search(vm, name);
    if (found == NONE)
        return raise_error(vm, &exc_LookupError, "unknown encoding: %s", encoding);
    return found != VALUE_NULL && dict_set(vm, dict_of(vm->codec_cache), name, found) ? found : VALUE_NULL;
}

/* Exceptions of the type are made as plain ones are: with any arguments. */
static bool is_made_plainly(struct vm *vm, struct type *type)
{
    const struct type *native = type;
    while (native->flags & TYPE_HEAP)
        native = native->base;
    return native->new == exc_Exception.new && is_exact(type_lookup(vm, type, NAMED(vm, __new__)), &native_function_type) &&
           type_lookup(vm, type, NAMED(vm, __init__)) == type_lookup(vm, &exc_Exception, NAMED(vm, __init__));
}

/* The pending exception, of a plain kind, becomes one that names the codec, with the first one as its cause. */
static value name_codec(struct vm *vm, const char *operation, const char *encoding)
{
    value exception = exception_take(vm);
    struct type *type = value_type(vm, exception);
    const struct exception_object *e = (struct exception_object *)value_object(exception);
    const struct tuple_object *arguments = tuple_of(e->arguments);
    value *dict = instance_dict_slot(vm, exception);
    bool plain = is_made_plainly(vm, type) &&
                 !(dict && *dict != VALUE_NULL && has_flag(*dict, TYPE_DICT) && dict_of(*dict)->count) &&
                 (arguments->length == 0 || (arguments->length == 1 && is_string(arguments->items[0])));
    if (!plain)
        return raise_value(vm, exception);
    value text = value_string(vm, exception);
    value message =
        text == VALUE_NULL ? text : string_printf(vm, "%s with '%s' codec failed (%s: %U)", operation, encoding, type->name, text);
    value wrapped = message == VALUE_NULL ? message : call_1(vm, type_object_value(type), message);
    return wrapped == VALUE_NULL ? VALUE_NULL : raise_with_cause(vm, wrapped, exception);
}

/* Calls the codec's encoder (0) or decoder (1): what it answers first. */
static value apply(struct vm *vm, value codec, int which, value object, const char *encoding, const char *errors)
{
    value arguments[2] = {object, errors ? string_from_text(vm, errors) : VALUE_NULL};
    value result = call(vm, tuple_of(codec)->items[which], arguments, errors ? 2 : 1, VALUE_NULL);
    if (result == VALUE_NULL)
        return name_codec(vm, which ? "decoding" : "encoding", encoding);
    if (!has_flag(result, TYPE_TUPLE) || tuple_of(result)->length != 2)
        return raise_error(vm, &exc_TypeError, "%s must return a tuple (object, integer)", which ? "decoder" : "encoder");
    return tuple_of(result)->items[0];
}

static value convert(struct vm *vm, int which, value object, const char *encoding, const char *errors)
{
    value codec = codec_lookup(vm, encoding);
    return codec == VALUE_NULL ? codec : apply(vm, codec, which, object, encoding, errors);
}

value codec_encode(struct vm *vm, value object, const char *encoding, const char *errors)
{
    return convert(vm, 0, object, encoding, errors);
}

value codec_decode(struct vm *vm, value object, const char *encoding, const char *errors)
{
    return convert(vm, 1, object, encoding, errors);
}

static value text_codec(struct vm *vm, const char *encoding, const char *instead)
{
    value codec = codec_lookup(vm, encoding);
    if (codec == VALUE_NULL || is_exact(codec, &tuple_type))
        return codec;
    value is_text;
    int found = find_attribute(vm, codec, intern_text(vm, "_is_text_encoding"), &is_text);
    int truth = found > 0 ? value_truth(vm, is_text) : found < 0 ? -1 : 1;
    if (truth < 0)
        return VALUE_NULL;
    if (truth)
        return codec;
    return raise_error(vm, &exc_LookupError, "'%s' is not a text encoding; use %s to handle arbitrary codecs", encoding, instead);
}

value codec_encode_text(struct vm *vm, value string, const char *encoding, const char *errors)
{
    value codec = text_codec(vm, encoding, "codecs.encode()");
    value result = codec == VALUE_NULL ? codec : apply(vm, codec, 0, string, encoding, errors);
    if (result == VALUE_NULL || is_bytes(result))
        return result;
    if (is_exact(result, &bytearray_type)) {
        const uint8_t *data;
        size_t size;
        return buffer_of(vm, result, &data, &size) ? bytes_from(vm, data, size) : VALUE_NULL;
    }
    return raise_error(vm, &exc_TypeError,
                       "'%s' encoder returned '%T' instead of 'bytes'; use codecs.encode() to encode to arbitrary types",
                       encoding, result);
}

value codec_decode_text(struct vm *vm, value bytes, const char *encoding, const char *errors)
{
    value codec = text_codec(vm, encoding, "codecs.decode()");
    value result = codec == VALUE_NULL ? codec : apply(vm, codec, 1, bytes, encoding, errors);
    if (result == VALUE_NULL || is_string(result))
        return result;
    return raise_error(vm, &exc_TypeError,
                       "'%s' decoder returned '%T' instead of 'str'; use codecs.decode() to decode to arbitrary types",
                       encoding, result);
}
