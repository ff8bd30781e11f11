/* module.c - module _struct: the class Struct and the functions that take a format. */
#include "sim/modules/struct/struct.h"
#include "sim/runtime/buffer.h"
#include "sim/runtime/bytes.h"
#include "sim/runtime/container.h"

#define METHOD(name)                                                                                                   \
    static value struct_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

static value fail_with(struct vm *vm, const char *format, const char *function, long a, long b)
{
    return raise_error(vm, native_error(vm->struct_error), format, function, a, b);
}

/* ---- the operations, for a compiled format ---- */

static value pack(struct vm *vm, const struct struct_object *object, const value *arguments, size_t count)
{
    if ((int64_t)count != object->items)
        return fail_with(vm, "%s expected %ld items for packing (got %ld)", "pack", (long)object->items, (long)count);
    value bytes = bytes_from(vm, NULL, (size_t)object->size);
    if (bytes == VALUE_NULL)
        return bytes;
    if (object->size)
        memset(bytes_of(bytes)->data, 0, (size_t)object->size);
    ADD_WORK(vm, characters, object->size);
    return struct_pack_items(vm, object, arguments, bytes_of(bytes)->data) ? bytes : VALUE_NULL;
}

static value pack_into(struct vm *vm, const struct struct_object *object, const value *arguments, size_t count)
{
    uint8_t *data;
    size_t length;
    int64_t offset;
    if ((int64_t)count != object->items + 2)
        return fail_with(vm, "%s expected %ld items for packing (got %ld)", "pack_into", (long)object->items, (long)count - 2);
    if (!buffer_writable(vm, arguments[0], "argument must be read-write bytes-like object, not %T", &data, &length) ||
        !value_to_index(vm, arguments[1], &offset))
        return VALUE_NULL;
    if (offset < 0) {
        if (offset + object->size > 0)
            return fail_with(vm, "%sno space to pack %ld bytes at offset %ld", "", (long)object->size, (long)offset);
        if (offset + (int64_t)length < 0)
            return fail_with(vm, "%soffset %ld out of range for %ld-byte buffer", "", (long)offset, (long)length);
        offset += (int64_t)length;
    }
    if ((int64_t)length - offset < object->size)
        return raise_error(vm, native_error(vm->struct_error),
                           "pack_into requires a buffer of at least %lu bytes for packing %ld bytes at offset %lu (actual "
                           "buffer size is %ld)",
                           (unsigned long)(offset + object->size), (long)object->size, (unsigned long)offset, (long)length);
    value packed = pack(vm, object, arguments + 2, count - 2); /* conversions may run code that moves the buffer */
    if (packed == VALUE_NULL ||
        !buffer_writable(vm, arguments[0], "argument must be read-write bytes-like object, not %T", &data, &length))
        return VALUE_NULL;
    if (offset + object->size <= (int64_t)length && object->size)
        memcpy(data + offset, bytes_of(packed)->data, (size_t)object->size);
    return NONE;
}

static value unpack(struct vm *vm, const struct struct_object *object, value source)
{
    const uint8_t *data;
    size_t length;
    if (!buffer_of(vm, source, &data, &length))
        return VALUE_NULL;
    if ((int64_t)length != object->size)
        return fail_with(vm, "%s requires a buffer of %ld bytes", "unpack", (long)object->size, 0);
    return struct_unpack_items(vm, object, data);
}

static value unpack_from(struct vm *vm, const struct struct_object *object, value source, value offset_value)
{
    const uint8_t *data;
    size_t length;
    int64_t offset = 0;
    if ((offset_value != VALUE_NULL && !value_to_index(vm, offset_value, &offset)) || !buffer_of(vm, source, &data, &length))
        return VALUE_NULL;
    if (offset < 0) {
        if (offset + object->size > 0)
            return fail_with(vm, "%snot enough data to unpack %ld bytes at offset %ld", "", (long)object->size, (long)offset);
        if (offset + (int64_t)length < 0)
            return fail_with(vm, "%soffset %ld out of range for %ld-byte buffer", "", (long)offset, (long)length);
        offset += (int64_t)length;
    }
    if ((int64_t)length - offset < object->size)
        return raise_error(vm, native_error(vm->struct_error),
                           "unpack_from requires a buffer of at least %lu bytes for unpacking %ld bytes at offset %lu (actual "
                           "buffer size is %ld)",
                           (unsigned long)(offset + object->size), (long)object->size, (unsigned long)offset, (long)length);
    return struct_unpack_items(vm, object, data + offset);
}

/* ---- iter_unpack ---- */

struct unpack_iterator {
    struct object head;
    value object, source; /* source: VALUE_NULL when exhausted */
    size_t position;
};

static void iterator_trace(struct vm *vm, struct object *object)
{
    gc_mark(vm, ((struct unpack_iterator *)object)->object);
    gc_mark(vm, ((struct unpack_iterator *)object)->source);
}

static value next_record(struct vm *vm, value v)
{
    struct unpack_iterator *iterator = (struct unpack_iterator *)value_object(v);
    const struct struct_object *object = struct_of(iterator->object);
    const uint8_t *data;
    size_t length;
    if (iterator->source == VALUE_NULL || !buffer_of(vm, iterator->source, &data, &length))
        return VALUE_NULL;
    if (iterator->position + (size_t)object->size > length) {
        iterator->source = VALUE_NULL;
        return VALUE_NULL;
    }
    value result = struct_unpack_items(vm, object, data + iterator->position);
    iterator->position += (size_t)object->size;
    return result;
}

static value iterator_itself(struct vm *vm, value v)
{
    (void)vm;
    return v;
}

static value iterator_hint(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    UNUSED;
    const struct unpack_iterator *iterator = (struct unpack_iterator *)value_object(self);
    const uint8_t *data;
    size_t length;
    if (iterator->source == VALUE_NULL)
        return small_int(0);
    if (!buffer_of(vm, iterator->source, &data, &length))
        return VALUE_NULL;
    return small_int((int64_t)(length - iterator->position) / struct_of(iterator->object)->size);
}

static const struct method_definition iterator_methods[] = {{"__length_hint__", "()", iterator_hint, 0, NULL}, {0}};
static struct type iterator_type = {.name = "_struct.unpack_iterator",
                                    .instance_size = sizeof(struct unpack_iterator),
                                    .trace = iterator_trace,
                                    .iter = iterator_itself,
                                    .next = next_record,
                                    .methods = iterator_methods};

static value iter_unpack(struct vm *vm, struct struct_object *object, value source)
{
    const uint8_t *data;
    size_t length;
    if (object->size == 0)
        return fail_with(vm, "%scannot iteratively unpack with a struct of length 0", "", 0, 0);
    if (!buffer_of(vm, source, &data, &length))
        return VALUE_NULL;
    if ((int64_t)length % object->size)
        return fail_with(vm, "%s requires a buffer of a multiple of %ld bytes", "iterative unpacking", (long)object->size, 0);
    struct unpack_iterator *iterator = GC_NEW(vm, struct unpack_iterator, &iterator_type);
    if (!iterator)
        return VALUE_NULL;
    iterator->object = object_value(object);
    iterator->source = source;
    return object_value(iterator);
}

/* ---- Struct ---- */

static value new_struct(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    struct struct_object *object = instance_allocate(vm, type, sizeof *object);
    if (!object)
        return VALUE_NULL;
    object->format = VALUE_NULL;
    object->size = object->items = -1;
    return object_value(object);
}

static bool struct_init(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    static const char *const names[] = {"format"};
    value format;
    if (!bind_constructor(vm, "Struct", names, 1, arguments, count, keyword_names, &format))
        return false;
    if (format == VALUE_NULL)
        return raise_error(vm, &exc_TypeError, "Struct() missing required argument 'format' (pos 1)") != VALUE_NULL;
    return struct_compile(vm, struct_of(self), format);
}

static void struct_trace(struct vm *vm, struct object *object)
{
    gc_mark(vm, ((struct struct_object *)object)->format);
    gc_mark_storage(vm, ((struct struct_object *)object)->steps);
}

METHOD(method_pack)
{
    UNUSED;
    if (keyword_names != VALUE_NULL)
        return raise_error(vm, &exc_TypeError, "Struct.pack() takes no keyword arguments");
    return pack(vm, struct_of(self), arguments, count);
}

static value into_arguments(struct vm *vm, const struct struct_object *object, const value *arguments, size_t count)
{
    if (count < 2)
        return raise_error(vm, native_error(vm->struct_error), "pack_into expected %s argument", count ? "offset" : "buffer");
    return pack_into(vm, object, arguments, count);
}

METHOD(method_pack_into)
{
    UNUSED;
    if (keyword_names != VALUE_NULL)
        return raise_error(vm, &exc_TypeError, "Struct.pack_into() takes no keyword arguments");
    return into_arguments(vm, struct_of(self), arguments, count);
}
METHOD(method_unpack)
{
    UNUSED;
    return unpack(vm, struct_of(self), arguments[0]);
}
METHOD(method_unpack_from)
{
    UNUSED;
    return unpack_from(vm, struct_of(self), arguments[0], arguments[1]);
}
METHOD(method_iter_unpack)
{
    UNUSED;
    return iter_unpack(vm, struct_of(self), arguments[0]);
}
METHOD(method_sizeof)
{
    UNUSED;
    return small_int(56 + 32 * ((int64_t)struct_of(self)->step_count + 1));
}

static value get_format(struct vm *vm, value self)
{
    return struct_of(self)->format == VALUE_NULL ? vm->empty_string : struct_of(self)->format;
}
static value get_size(struct vm *vm, value self)
{
    return int_from_int64(vm, struct_of(self)->size);
}

static const struct method_definition methods[] = {
    {"pack", NULL, struct_method_pack, 0, NULL},
    {"pack_into", NULL, struct_method_pack_into, 0, NULL},
    {"unpack", "(buffer, /)", struct_method_unpack, 0, NULL},
    {"unpack_from", "(buffer, offset=0)", struct_method_unpack_from, 0, NULL},
    {"iter_unpack", "(buffer, /)", struct_method_iter_unpack, 0, NULL},
    {"__sizeof__", "()", struct_method_sizeof, 0, NULL},
    {0},
};
static const struct property_definition properties[] = {{"format", get_format, NULL}, {"size", get_size, NULL}, {0}};

struct type struct_type = {.name = "_struct.Struct",
                           .flags = TYPE_SUBCLASSABLE | TYPE_GETATTR_PLAIN,
                           .instance_size = sizeof(struct struct_object),
                           .trace = struct_trace,
                           .new = new_struct,
                           .init = struct_init,
                           .methods = methods,
                           .properties = properties};

/* ---- functions ---- */

METHOD(pack)
{
    UNUSED;
    if (keyword_names != VALUE_NULL)
        return raise_error(vm, &exc_TypeError, "_struct.pack() takes no keyword arguments");
    if (!count)
        return raise_error(vm, &exc_TypeError, "missing format argument");
    const struct struct_object *object = struct_for_format(vm, arguments[0]);
    return object ? pack(vm, object, arguments + 1, count - 1) : VALUE_NULL;
}
METHOD(pack_into)
{
    UNUSED;
    if (keyword_names != VALUE_NULL)
        return raise_error(vm, &exc_TypeError, "_struct.pack_into() takes no keyword arguments");
    if (!count)
        return raise_error(vm, &exc_TypeError, "missing format argument");
    const struct struct_object *object = struct_for_format(vm, arguments[0]);
    return object ? into_arguments(vm, object, arguments + 1, count - 1) : VALUE_NULL;
}
METHOD(unpack)
{
    UNUSED;
    const struct struct_object *object = struct_for_format(vm, arguments[0]);
    return object ? unpack(vm, object, arguments[1]) : VALUE_NULL;
}
METHOD(unpack_from)
{
    UNUSED;
    const struct struct_object *object = struct_for_format(vm, arguments[0]);
    return object ? unpack_from(vm, object, arguments[1], arguments[2]) : VALUE_NULL;
}
METHOD(iter_unpack)
{
    UNUSED;
    struct struct_object *object = struct_for_format(vm, arguments[0]);
    return object ? iter_unpack(vm, object, arguments[1]) : VALUE_NULL;
}
METHOD(calcsize)
{
    UNUSED;
    const struct struct_object *object = struct_for_format(vm, arguments[0]);
    return object ? int_from_int64(vm, object->size) : VALUE_NULL;
}
METHOD(clearcache)
{
    UNUSED;
    vm->struct_last_format = VALUE_NULL;
    dict_clear(vm, dict_of(vm->struct_cache));
    return NONE;
}

static const struct method_definition functions[] = {
    {"pack", NULL, struct_pack, 0, NULL},
    {"pack_into", NULL, struct_pack_into, 0, NULL},
    {"unpack", "(format, buffer, /)", struct_unpack, 0, NULL},
    {"unpack_from", "(format, /, buffer, offset=0)", struct_unpack_from, 0, NULL},
    {"iter_unpack", "(format, buffer, /)", struct_iter_unpack, 0, NULL},
    {"calcsize", "(format, /)", struct_calcsize, 0, NULL},
    {"_clearcache", "()", struct_clearcache, 0, NULL},
    {0},
};

static bool struct_initialize(struct vm *vm, value module)
{
    type_ready(vm, &struct_type);
    type_ready(vm, &iterator_type);
    vm->struct_cache = dict_new(vm);
    if (vm->struct_cache == VALUE_NULL)
        return false;
    gc_add_root(vm, &vm->struct_cache);
    gc_add_root(vm, &vm->struct_last_format);
    vm->struct_last_format = VALUE_NULL;
    return native_error_make(vm, module, "error", "struct", &exc_Exception, &vm->struct_error) &&
           dict_set_text(vm, support_dict(module), "Struct", type_object_value(&struct_type));
}

const struct native_module struct_module = {"_struct", struct_initialize, functions};
