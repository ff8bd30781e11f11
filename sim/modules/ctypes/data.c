/* data.c - _CData, the base of all objects that stand for C memory: their memory, its parts, what it keeps alive, pickling, the
 * buffer protocol. */
#include "sim/modules/ctypes/ctypes.h"

#include <stdio.h>

/* ---- memory ---- */

struct cdata *cdata_allocate(struct vm *vm, struct type *type, size_t size, const struct c_type *c)
{
    struct cdata *data = instance_allocate(vm, type, size);
    if (!data)
        return NULL;
    data->base = data->objects = VALUE_NULL;
    data->length = c->length;
    data->size = c->size;
    if (size == sizeof(struct c_function)) {
        struct c_function *function = (struct c_function *)data;
        value *const fields[] = {&function->callback, &function->callable, &function->result_type, &function->argument_types,
                                 &function->converters, &function->checker, &function->error_check,
                                 &function->parameter_flags, &function->given_types, &function->name};
        for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
            *fields[i] = VALUE_NULL;
    }
    return data;
}

bool cdata_memory(struct vm *vm, struct cdata *data, int64_t size)
{
    uint8_t *memory = (uint8_t *)data->small;
    if (size > (int64_t)sizeof data->small && !(memory = gc_storage(vm, (size_t)size)))
        return false;
    if (data->data)
        memcpy(memory, data->data, (size_t)data->size);
    data->data = memory;
    data->size = size;
    data->owns = true;
    return true;
}

static size_t fixed_part(const struct type *type)
{
    return type_is_subtype(type, &c_function_type) ? sizeof(struct c_function) : sizeof(struct cdata);
}

static struct c_type *concrete(struct vm *vm, const struct type *type)
{
    struct c_type *c = c_type_of(type);
    if (c)
        c->flags |= C_FINAL;
    else
        raise_error(vm, &exc_TypeError, "abstract class");
    return c;
}

value cdata_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names; /* for __init__ */
    struct c_type *c = concrete(vm, type);
    struct cdata *data = c ? cdata_allocate(vm, type, fixed_part(type), c) : NULL;
    return data && cdata_memory(vm, data, c->size) ? object_value(data) : VALUE_NULL;
}

value cdata_at(struct vm *vm, struct type *type, void *address)
{
    struct c_type *c = concrete(vm, type);
    struct cdata *data = c ? cdata_allocate(vm, type, fixed_part(type), c) : NULL;
    if (!data)
        return VALUE_NULL;
    data->data = address;
    return object_value(data);
}

value cdata_part(struct vm *vm, struct type *type, value base, int64_t index, void *address)
{
    value part = cdata_at(vm, type, address);
    if (part == VALUE_NULL)
        return VALUE_NULL;
    struct cdata *data = cdata_of(part);
    data->index = index;
    if (base != VALUE_NULL) {
        data->base = base;
        return part;
    }
    return cdata_memory(vm, data, data->size) ? part : VALUE_NULL; /* which copies */
}

static void cdata_trace(struct vm *vm, struct object *object)
{
    struct cdata *data = (struct cdata *)object;
    gc_mark(vm, data->base);
    gc_mark(vm, data->objects);
    if (data->owns && data->data && data->data != (uint8_t *)data->small)
        gc_mark_storage(vm, data->data);
}

/* ---- what memory refers to ---- */

static value container_of(struct vm *vm, value target)
{
    while (cdata_of(target)->base != VALUE_NULL)
        target = cdata_of(target)->base;
    struct cdata *data = cdata_of(target);
    if (data->objects == VALUE_NULL)
        data->objects = data->length ? dict_new(vm) : NONE;
    return data->objects == VALUE_NULL ? VALUE_NULL : target;
}

value cdata_kept(struct vm *vm, value target)
{
    value container = container_of(vm, target);
    return container == VALUE_NULL ? VALUE_NULL : cdata_of(container)->objects;
}

/* The indices from the part up to its container, in hexadecimal: "3:0:1". */
static value part_key(struct vm *vm, value target, int64_t index)
{
    char text[256];
    int used = snprintf(text, sizeof text, "%x", (unsigned)index);
    for (; cdata_of(target)->base != VALUE_NULL; target = cdata_of(target)->base) {
        if (used > (int)sizeof text - 20)
            return raise_error(vm, &exc_ValueError, "ctypes object structure too deep");
        used += snprintf(text + used, sizeof text - (size_t)used, ":%x", (unsigned)cdata_of(target)->index);
    }
    return string_from_text(vm, text);
}

bool cdata_keep(struct vm *vm, value target, int64_t index, value kept)
{
    if (kept == NONE)
        return true;
    value container = container_of(vm, target);
    if (container == VALUE_NULL)
        return false;
    struct cdata *data = cdata_of(container);
    if (!is_exact(data->objects, &dict_type)) {
        data->objects = kept;
        return true;
    }
    value key = part_key(vm, target, index);
    return key != VALUE_NULL && dict_set(vm, dict_of(data->objects), key, kept);
}

/* ---- items ---- */

value cdata_get(struct vm *vm, value type, char code, value source, int64_t index, int64_t size, void *address)
{
    const struct c_type *c = c_type_of_class(type);
    if (code)
        return c_load(vm, code, c && c->swapped, address, size);
    if (c && is_plain_simple(type_of_value(type)))
        return c_load(vm, c->code, c->swapped, address, size);
    return cdata_part(vm, type_of_value(type), source, index, address);
}

static value incompatible(struct vm *vm, value item, value type)
{
    return raise_error(vm, &exc_TypeError, "incompatible types, %T instance instead of %s instance", item,
                       type_of_value(type)->name);
}

/* An object of C data is copied, if it is of the right type. Answers what to keep. */
static value set_from_data(struct vm *vm, value type, value item, int64_t size, void *address)
{
    int same = object_is_instance(vm, item, type);
    if (same < 0)
        return VALUE_NULL;
    const struct c_type *c = c_type_of_class(type);
    if (same && c->kind == C_SIMPLE && size >> 16) /* a bit field */
        return c_store(vm, c->code, c->swapped, address, c_load(vm, c->code, c->swapped, cdata_of(item)->data, 0), size);
    if (same) {
        memmove(address, cdata_of(item)->data, (size_t)size);
        return cdata_kept(vm, item);
    }
    if (!type_is_subtype(type_of_value(type), &c_pointer_type) || !is_kind(vm, item, &c_array_type))
        return incompatible(vm, item, type);
    if (c_type_of_object(vm, item)->proto != c_type_of_class(type)->proto)
        return incompatible(vm, item, type);
    memcpy(address, &cdata_of(item)->data, sizeof(void *)); /* an array becomes the pointer to its first item */
    value kept = cdata_kept(vm, item);
    return kept == VALUE_NULL ? kept : tuple_pack(vm, 2, kept, item);
}

static value set_item_at(struct vm *vm, value type, char code, value item, int64_t size, void *address)
{
    const struct c_type *c = c_type_of_class(type);
    if (code)
        return c_store(vm, code, c && c->swapped, address, item, size);
    if (is_cdata(vm, item))
        return set_from_data(vm, type, item, size, address);
    if (c && c->kind == C_SIMPLE)
        return c_store(vm, c->code, c->swapped, address, item, size);
    if (has_flag(item, TYPE_TUPLE)) {
        value made = call(vm, type, tuple_of(item)->items, tuple_of(item)->length, VALUE_NULL);
        if (made != VALUE_NULL)
            return set_item_at(vm, type, 0, made, size, address);
        value error = unsupported_pending(vm) ? VALUE_NULL : exception_take(vm);
        return error == VALUE_NULL ? error
                                   : raise_error(vm, &exc_RuntimeError, "(%s) %T: %S", type_of_value(type)->name, error, error);
    }
    if (item == NONE && c && c->kind == C_POINTER) {
        memset(address, 0, sizeof(void *));
        return NONE;
    }
    return raise_error(vm, &exc_TypeError, "expected %s instance, got %T", type_of_value(type)->name, item);
}

bool cdata_set(struct vm *vm, value target, value type, char code, value item, int64_t index, int64_t size, void *address)
{
    value kept = set_item_at(vm, type, code, item, size, address);
    return kept != VALUE_NULL && cdata_keep(vm, target, index, kept);
}

/* ---- the type _CData ---- */

static value from_out_parameter(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)vm, (void)arguments, (void)count, (void)keyword_names;
    return self;
}

static value unpickle_function(struct vm *vm)
{
    return get_attribute_text(vm, import_module(vm, "_ctypes"), "_unpickle");
}

static value reduce(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    struct cdata *data = cdata_of(self);
    if (c_type_of_object(vm, self)->flags & (C_IS_POINTER | C_HAS_POINTER))
        return raise_error(vm, &exc_ValueError, "ctypes objects containing pointers cannot be pickled");
    value dict = get_attribute(vm, self, NAMED(vm, __dict__));
    value bytes = dict == VALUE_NULL ? dict : bytes_from(vm, data->data, (size_t)data->size);
    value function = bytes == VALUE_NULL ? bytes : unpickle_function(vm);
    if (function == VALUE_NULL)
        return VALUE_NULL;
    return tuple_pack(vm, 2, function,
                      tuple_pack(vm, 2, object_value(value_type(vm, self)), tuple_pack(vm, 2, dict, bytes)));
}

static value set_state(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)count, (void)keyword_names;
    struct cdata *data = cdata_of(self);
    value dict = get_attribute(vm, self, NAMED(vm, __dict__));
    if (dict == VALUE_NULL)
        return VALUE_NULL;
    if (!has_flag(arguments[0], TYPE_DICT) || !is_bytes(arguments[1]))
        return raise_error(vm, &exc_TypeError, "a dict and bytes are required, not %T and %T", arguments[0], arguments[1]);
    struct span bytes = bytes_span(arguments[1]);
    memmove(data->data, bytes.data, size_minimum(bytes.length, (size_t)data->size));
    if (!has_flag(dict, TYPE_DICT))
        return raise_error(vm, &exc_TypeError, "%T.__dict__ must be a dictionary, not %T", self, dict);
    if (!dict_merge_from(vm, dict, arguments[0], true))
        return VALUE_NULL;
    return NONE;
}

static const struct method_definition cdata_methods[] = {
    {"__ctypes_from_outparam__", "()", from_out_parameter, 0, NULL},
    {"__reduce__", "()", reduce, 0, NULL},
    {"__setstate__", "(dict, bytes, /)", set_state, 0, NULL},
    {0}};

static value get_base(struct vm *vm, value self)
{
    (void)vm;
    return cdata_of(self)->base == VALUE_NULL ? NONE : cdata_of(self)->base;
}
static value get_owns(struct vm *vm, value self)
{
    (void)vm;
    return small_int(cdata_of(self)->owns);
}
static value get_objects(struct vm *vm, value self)
{
    (void)vm;
    return cdata_of(self)->objects == VALUE_NULL ? NONE : cdata_of(self)->objects;
}

static const struct property_definition cdata_properties[] = {{"_b_base_", get_base, refuse_member},
                                                              {"_b_needsfree_", get_owns, refuse_member},
                                                              {"_objects", get_objects, refuse_member},
                                                              {NULL, NULL, NULL}};

static bool refuse_hash(struct vm *vm, value self, int64_t *hash)
{
    (void)self, (void)hash;
    raise_error(vm, &exc_TypeError, "unhashable type");
    return false;
}

static bool plain_buffer(struct vm *vm, value self, const uint8_t **bytes, size_t *size)
{
    (void)vm;
    *bytes = cdata_of(self)->data;
    *size = (size_t)cdata_of(self)->size;
    return true;
}

static bool export_buffer(struct vm *vm, value self, struct item_buffer *out)
{
    const struct cdata *data = cdata_of(self);
    const struct c_type *c = c_type_of_object(vm, self);
    *out = (struct item_buffer){.exporter = self, .data = data->data, .length = data->size, .item_size = c->item_size,
                                .format = c->format ? c->format : "B", .dimensions = c->dimensions, .shape = c->shape,
                                .strides = c->shape ? c->shape + c->dimensions : NULL};
    return true;
}

struct type cdata_type = {.name = "_ctypes._CData",
                          .flags = TYPE_SUBCLASSABLE | TYPE_MAKES_SUBCLASSES,
                          .doc = "XXX to be provided",
                          .instance_size = sizeof(struct cdata),
                          .trace = cdata_trace,
                          .methods = cdata_methods,
                          .properties = cdata_properties,
                          .hash = refuse_hash,
                          .buffer = plain_buffer,
                          .export_buffer = export_buffer};
