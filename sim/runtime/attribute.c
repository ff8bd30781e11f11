/* attribute.c - getting, setting and deleting attributes of any object by the descriptor protocol; where attributes of
 * instances are kept; what the engine's inline caches may know. */
#include "sim/runtime/attribute.h"
#include "sim/runtime/exception.h"
#include "sim/runtime/importlib.h"
#include "sim/runtime/namespace.h"
#include "sim/runtime/site_names.h"
#include "sim/runtime/type.h"

enum { INLINE_SLOTS_MAX = 48, SHAPE_ATTRIBUTES_MAX = 128 };

/* ---- where attributes are kept ---- */

static inline bool is_plain_instance(value v)
{
    return is_object(v) && type_has_plain_layout(value_object(v)->shape->type);
}

static size_t round_8(size_t size) { return (size + 7) & ~(size_t)7; }

struct subclass_tail *instance_tail(struct object *object)
{
    const struct type *type = object_type(object);
    if (!type->tail_offset)
        return NULL;
    size_t offset = type->tail_offset;
    if (type->flags & TYPE_STRING) {
        struct string_object *s = (struct string_object *)object;
        offset = round_8(STRING_HEADER + ((size_t)s->length + 1) * s->width);
    } else if (type->flags & TYPE_BYTES) {
        offset = round_8(BYTES_HEADER + ((struct bytes_object *)object)->length + 1);
    } else if (type->flags & TYPE_TUPLE) {
        offset = type->tail_offset + ((struct tuple_object *)object)->length * sizeof(value);
    }
    return (struct subclass_tail *)(void *)((char *)object + offset);
}

value *instance_dict_slot(struct vm *vm, value v)
{
    (void)vm;
    if (!is_object(v))
        return NULL;
    struct object *object = value_object(v);
    const struct type *type = object_type(object);
    if (type == &function_type)
        return &((struct function_object *)object)->dict;
    if (type->flags & TYPE_EXCEPTION)
        return &((struct exception_object *)object)->dict;
    if (type_is_subtype(type, &module_type))
        return &((struct module_object *)object)->dict;
    if ((type->flags & TYPE_HEAP) && type_is_subtype(type, &namespace_type))
        return namespace_dict_slot(object);
    if (type == &property_type)
        return NULL;
    if (type == &staticmethod_type || type == &classmethod_type)
        return &((struct wrapped_function_object *)object)->dict;
    if (!(type->flags & TYPE_HAS_INSTANCE_DICT) || (type->flags & TYPE_TYPE))
        return NULL;
    if (type_has_plain_layout(type)) {
        struct instance *instance = (struct instance *)object;
        return instance->flags & INSTANCE_HAS_DICT ? &instance->overflow : NULL;
    }
    struct subclass_tail *tail = instance_tail(object);
    return tail ? &tail->overflow : NULL;
}

static value *instance_slot(struct instance *instance, uint32_t index)
{
    if (index < instance->capacity)
        return &instance->slots[index];
    return &tuple_of(instance->overflow)->items[index - instance->capacity];
}

/* Turns a plain instance with slots into one with a __dict__. */
static bool instance_to_dict(struct vm *vm, struct instance *instance)
{
    struct type *type = object_type(&instance->head);
    value dict = dict_new(vm);
    if (dict == VALUE_NULL)
        return false;
    const struct shape *shape = instance->head.shape;
    for (uint32_t i = type->shape.count; i < shape->count; i++)
        if (!dict_set_interned(vm, dict_of(dict), shape_name(shape, i), *instance_slot(instance, i)))
            return false;
    for (uint32_t i = type->shape.count; i < instance->capacity; i++)
        instance->slots[i] = 0;
    instance->overflow = dict;
    instance->flags |= INSTANCE_HAS_DICT;
    instance->head.shape = &type->dict_shape;
    return true;
}

value instance_dict(struct vm *vm, value v)
{
    if (is_plain_instance(v) && (value_type(vm, v)->flags & TYPE_HAS_INSTANCE_DICT)) {
        struct instance *instance = (struct instance *)value_object(v);
        if (!(instance->flags & INSTANCE_HAS_DICT) && !instance_to_dict(vm, instance))
            return VALUE_NULL;
        return instance->overflow;
    }
    value *slot = instance_dict_slot(vm, v);
    if (!slot)
        return raise_attribute_error(vm, v, NAMED(vm, __dict__));
    if (!is_object(*slot)) {
        value dict = dict_new(vm);
        *instance_dict_slot(vm, v) = dict;
        return dict;
    }
    return *slot;
}

/* The instance's own attribute; VALUE_NULL: none, no error. */
static inline value own_attribute(struct vm *vm, value v, value name)
{
    if (is_plain_instance(v)) {
        struct instance *instance = (struct instance *)value_object(v);
        if (!(instance->flags & INSTANCE_HAS_DICT)) {
            int slot = shape_find(instance->head.shape, name);
            return slot < 0 ? VALUE_NULL : *instance_slot(instance, (uint32_t)slot);
        }
        return is_object(instance->overflow) ? dict_get_interned(dict_of(instance->overflow), name) : VALUE_NULL;
    }
    value *slot = instance_dict_slot(vm, v);
    return slot && is_object(*slot) ? dict_get_interned(dict_of(*slot), name) : VALUE_NULL;
}

static bool overflow_reserve(struct vm *vm, struct instance *instance, uint32_t needed)
{
    size_t old = is_object(instance->overflow) ? tuple_of(instance->overflow)->length : 0;
    if (needed <= old)
        return true;
    value grown = tuple_new(vm, old ? old * 2 : 4);
    if (grown == VALUE_NULL)
        return false;
    if (old)
        memcpy(tuple_of(grown)->items, tuple_of(instance->overflow)->items, old * sizeof(value));
    instance->overflow = grown;
    return true;
}

static bool instance_add(struct vm *vm, struct instance *instance, value name, value item)
{
    struct shape *shape = instance->head.shape;
    struct type *type = shape->type;
    if (shape->count >= SHAPE_ATTRIBUTES_MAX || shape->transition_count >= 64)
        return instance_to_dict(vm, instance) && dict_set_interned(vm, dict_of(instance->overflow), name, item);
    struct shape *child = shape_child(vm, shape, name);
    if (!child)
        return false;
    uint32_t index = child->count - 1;
    if (index >= instance->capacity) {
        if (!overflow_reserve(vm, instance, index - instance->capacity + 1))
            return false;
        uint32_t wish = index + 1 + index / 4;
        if (wish > type->instance_slots && wish <= INLINE_SLOTS_MAX) { /* the next instances have room */
            struct shape *root = shape_new_root(vm, type);
            if (!root)
                return false;
            type->root = root;
            type->instance_slots = wish;
        }
    }
    instance->head.shape = child;
    *instance_slot(instance, index) = item;
    return true;
}

static bool instance_store(struct vm *vm, struct instance *instance, value name, value item)
{
    if (!(instance->flags & INSTANCE_HAS_DICT)) {
        int slot = shape_find(instance->head.shape, name);
        if (item != VALUE_NULL) {
            if (slot < 0)
                return instance_add(vm, instance, name, item);
            *instance_slot(instance, (uint32_t)slot) = item;
            return true;
        }
        if (slot < 0) {
            raise_attribute_error(vm, object_value(instance), name);
            return false;
        }
        struct shape *shape = instance->head.shape;
        if ((uint32_t)slot == shape->count - 1) {
            *instance_slot(instance, (uint32_t)slot) = 0;
            instance->head.shape = shape->parent;
            return true;
        }
        if (!instance_to_dict(vm, instance))
            return false;
    }
    struct dict_object *dict = dict_of(instance->overflow);
    if (item != VALUE_NULL)
        return dict_set_interned(vm, dict, name, item);
    int deleted = dict_delete(vm, dict, name);
    if (deleted == 0)
        raise_attribute_error(vm, object_value(instance), name);
    return deleted > 0;
}

static bool dict_store(struct vm *vm, value object, value *slot, value name, value item)
{
    if (!is_object(*slot)) {
        if (item == VALUE_NULL) {
            raise_attribute_error(vm, object, name);
            return false;
        }
        value dict = dict_new(vm);
        if (dict == VALUE_NULL)
            return false;
        *slot = dict;
    }
    if (item != VALUE_NULL)
        return dict_set_interned(vm, dict_of(*slot), name, item);
    int deleted = dict_delete(vm, dict_of(*slot), name);
    if (deleted == 0)
        raise_attribute_error(vm, object, name);
    return deleted > 0;
}

/* ---- errors ---- */

value raise_attribute_message(struct vm *vm, value object, value name, value message)
{
    if (message == VALUE_NULL)
        return VALUE_NULL;
    value exception = call_1(vm, object_value(&exc_AttributeError), message);
    if (exception == VALUE_NULL)
        return VALUE_NULL;
    struct exception_object *error = (struct exception_object *)value_object(exception);
    error->fields[0] = name;
    error->fields[1] = object;
    return raise_value(vm, exception);
}

value raise_attribute_error(struct vm *vm, value object, value name)
{
    return raise_attribute_message(vm, object, name,
                                   string_printf(vm, "'%T' object has no attribute '%U'", object, name));
}

/* ---- the generic way ---- */

/* Found: the attribute; VALUE_NULL without pending exception: there is none. */
static value lookup_attribute(struct vm *vm, value object, value name)
{
    struct type *type = value_type(vm, object);
    value found = type_lookup(vm, type, name);
    struct type *found_type = NULL;
    if (found != VALUE_NULL) {
        found_type = value_type(vm, found);
        if (found_type->descriptor_get && found_type->descriptor_set)
            return found_type->descriptor_get(vm, found, object, object_value(type));
    }
    value own = own_attribute(vm, object, name);
    if (own != VALUE_NULL)
        return own;
    if (found != VALUE_NULL && found_type->descriptor_get)
        return found_type->descriptor_get(vm, found, object, object_value(type));
    return found;
}

value generic_getattr(struct vm *vm, value object, value name)
{
    value found = lookup_attribute(vm, object, name);
    if (found == VALUE_NULL && vm->pending == VALUE_NULL)
        return raise_attribute_error(vm, object, name);
    return found;
}

bool generic_setattr(struct vm *vm, value object, value name, value item)
{
    struct type *type = value_type(vm, object);
    value found = type_lookup(vm, type, name);
    if (found != VALUE_NULL) {
        struct type *found_type = value_type(vm, found);
        if (found_type->descriptor_set)
            return found_type->descriptor_set(vm, found, object, item);
    }
    if (is_plain_instance(object) && (type->flags & TYPE_HAS_INSTANCE_DICT))
        return instance_store(vm, (struct instance *)value_object(object), name, item);
    value *slot = instance_dict_slot(vm, object);
    if (slot)
        return dict_store(vm, object, slot, name, item);
    if (found == VALUE_NULL)
        raise_attribute_error(vm, object, name);
    else
        raise_attribute_message(vm, object, name,
                                string_printf(vm, "'%T' object attribute '%U' is read-only", object, name));
    return false;
}

/* ---- any object ---- */

static struct type *ready_type_of(struct vm *vm, value object)
{
    struct type *type = value_type(vm, object);
    if (!(type->flags & TYPE_READY))
        type_ready(vm, type);
    return type;
}

/* An AttributeError that does not say what was looked for, as properties and __getattr__ raise it, learns it here. */
static void name_attribute_error(struct vm *vm, value object, value name)
{
    if (!exception_matches(vm, &exc_AttributeError))
        return;
    struct exception_object *error = (struct exception_object *)value_object(vm->pending);
    if (error->fields[0] == VALUE_NULL && error->fields[1] == VALUE_NULL) {
        error->fields[0] = name;
        error->fields[1] = object;
    }
}

value get_attribute(struct vm *vm, value object, value name)
{
    struct type *type = ready_type_of(vm, object);
    value result = type->flags & TYPE_GETATTR_PLAIN ? generic_getattr(vm, object, name) : type->getattr(vm, object, name);
    if (__builtin_expect(result == VALUE_NULL, 0))
        name_attribute_error(vm, object, name);
    return result;
}

value get_attribute_text(struct vm *vm, value object, const char *name)
{
    return get_attribute(vm, object, intern_text(vm, name));
}

int find_attribute(struct vm *vm, value object, value name, value *result)
{
    struct type *type = ready_type_of(vm, object);
    if (type->flags & TYPE_GETATTR_PLAIN) {
        *result = lookup_attribute(vm, object, name);
        if (*result == VALUE_NULL && vm->pending == VALUE_NULL)
            return 0;
    } else {
        *result = type->getattr(vm, object, name);
    }
    if (*result != VALUE_NULL)
        return 1;
    if (!exception_matches(vm, &exc_AttributeError))
        return -1;
    exception_clear(vm);
    return 0;
}

bool set_attribute(struct vm *vm, value object, value name, value item)
{
    struct type *type = ready_type_of(vm, object);
    if (type->setattr == generic_setattr || !type->setattr)
        return generic_setattr(vm, object, name, item);
    return type->setattr(vm, object, name, item);
}

bool load_method(struct vm *vm, value object, value name, value result[2])
{
    struct type *type = ready_type_of(vm, object);
    result[0] = VALUE_NULL;
    if (!(type->flags & TYPE_GETATTR_PLAIN)) {
        result[1] = type->getattr(vm, object, name);
        return result[1] != VALUE_NULL;
    }
    value found = type_lookup(vm, type, name);
    if (found != VALUE_NULL && (value_type(vm, found)->flags & TYPE_METHOD_DESCRIPTOR) &&
        own_attribute(vm, object, name) == VALUE_NULL) {
        result[0] = found;
        result[1] = object;
        return true;
    }
    result[1] = generic_getattr(vm, object, name);
    return result[1] != VALUE_NULL;
}

value lookup_special(struct vm *vm, value object, const char *name)
{
    struct type *type = value_type(vm, object);
    value found = type_lookup(vm, type, intern_text(vm, name));
    if (found == VALUE_NULL)
        return VALUE_NULL;
    struct type *found_type = value_type(vm, found);
    return found_type->descriptor_get ? found_type->descriptor_get(vm, found, object, object_value(type)) : found;
}

/* ---- inline caches ---- */

static bool cache_type_attribute(struct vm *vm, value object, value name, struct attribute_cache *out)
{
    struct type *type = type_of_value(object);
    if (value_type(vm, object)->getattr != type_getattr || type_lookup(vm, value_type(vm, object), name) != VALUE_NULL)
        return false; /* the metaclass may have its say */
    value found = type_lookup(vm, type, name);
    if (found == VALUE_NULL)
        return false;
    struct type *found_type = value_type(vm, found);
    if (found_type == &staticmethod_type)
        found = ((struct wrapped_function_object *)value_object(found))->function;
    else if ((found_type->descriptor_get && !(found_type->flags & TYPE_METHOD_DESCRIPTOR)) || (found_type->flags & TYPE_HEAP))
        return false; /* or its class may become a descriptor later */
    out->kind = ATTRIBUTE_OF_TYPE;
    out->owner = value_object(object);
    out->version = type->version;
    out->constant = found;
    return out->version != 0;
}

static bool cache_module_attribute(struct vm *vm, value object, value name, struct attribute_cache *out)
{
    struct module_object *module = (struct module_object *)value_object(object);
    if (!is_exact(object, &module_type) || !is_object(module->dict))
        return false;
    value found = dict_get_interned(dict_of(module->dict), name);
    if (found == VALUE_NULL || is_later(found) || is_site_placeholder(found) || type_lookup(vm, &module_type, name) != VALUE_NULL)
        return false;
    dict_of(module->dict)->watched = DICT_NAMESPACE;
    out->kind = ATTRIBUTE_OF_MODULE;
    out->owner = value_object(object);
    out->constant = found;
    return true;
}

static bool cache_instance_slot(value object, value name, struct attribute_cache *out)
{
    struct instance *instance = (struct instance *)value_object(object);
    int slot = shape_find(instance->head.shape, name);
    if (slot < 0)
        return false;
    bool inside = slot < instance->capacity;
    out->kind = inside ? ATTRIBUTE_INLINE : ATTRIBUTE_OVERFLOW;
    out->index = (uint32_t)slot - (inside ? 0 : instance->capacity);
    return true;
}

static bool cache_found_on_type(struct vm *vm, value found, struct attribute_cache *out)
{
    struct type *type = value_type(vm, found);
    out->constant = found;
    if (type->flags & TYPE_METHOD_DESCRIPTOR) {
        out->kind = ATTRIBUTE_METHOD;
        return true;
    }
    if (type == &staticmethod_type) {
        out->kind = ATTRIBUTE_CONSTANT;
        out->constant = ((struct wrapped_function_object *)value_object(found))->function;
        return true;
    }
    out->kind = ATTRIBUTE_CONSTANT;
    return !type->descriptor_get;
}

static bool cache_data_descriptor(value found, struct attribute_cache *out)
{
    if (is_exact(found, &member_type)) {
        struct member_object *member = (struct member_object *)value_object(found);
        if (member->definition)
            return false;
        out->kind = ATTRIBUTE_MEMBER;
        out->index = member->index;
        return out->shape && type_has_plain_layout(out->shape->type) && type_is_subtype(out->shape->type, member->owner);
    }
    if (is_exact(found, &property_type)) {
        out->kind = ATTRIBUTE_PROPERTY;
        out->constant = ((struct property_object *)value_object(found))->get;
        return is_object(out->constant) && is_exact(out->constant, &function_type);
    }
    return false;
}

bool attribute_cache_load(struct vm *vm, value object, value name, struct attribute_cache *out)
{
    *out = (struct attribute_cache){.constant = VALUE_NULL};
    if (!is_object(object) || !string_of(name)->interned)
        return false;
    struct type *type = ready_type_of(vm, object);
    if (type->flags & TYPE_TYPE)
        return cache_type_attribute(vm, object, name, out);
    if (type == &module_type)
        return cache_module_attribute(vm, object, name, out);
    if (!(type->flags & TYPE_GETATTR_PLAIN))
        return false;
    value found = type_lookup(vm, type, name);
    out->shape = value_object(object)->shape;
    out->version = type->version;
    if (found != VALUE_NULL) {
        struct type *found_type = value_type(vm, found);
        if (name == NAMED(vm, __class__) && found == type_lookup(vm, &object_type_object, name)) {
            out->kind = ATTRIBUTE_CONSTANT; /* the shape implies it */
            out->constant = object_value(type);
            return true;
        }
        if (found_type->descriptor_get && found_type->descriptor_set)
            return cache_data_descriptor(found, out);
        if (value_type(vm, found)->flags & TYPE_HEAP)
            return false; /* its class may become a descriptor later */
    }
    if (type_has_plain_layout(type)) {
        if (((struct instance *)value_object(object))->flags & INSTANCE_HAS_DICT)
            return false;
        if (cache_instance_slot(object, name, out))
            return true;
    } else if (instance_dict_slot(vm, object)) {
        return false;
    }
    return found != VALUE_NULL && cache_found_on_type(vm, found, out);
}

bool attribute_cache_store(struct vm *vm, value object, value name, struct attribute_cache *out)
{
    *out = (struct attribute_cache){.constant = VALUE_NULL};
    if (!is_plain_instance(object) || !string_of(name)->interned)
        return false;
    struct type *type = value_type(vm, object);
    if (type->setattr != generic_setattr)
        return false;
    value found = type_lookup(vm, type, name);
    struct instance *instance = (struct instance *)value_object(object);
    out->shape = instance->head.shape;
    out->version = type->version;
    if (found != VALUE_NULL) {
        if (is_exact(found, &member_type))
            return cache_data_descriptor(found, out);
        if (value_type(vm, found)->descriptor_set || (value_type(vm, found)->flags & TYPE_HEAP))
            return false;
    }
    if (!(type->flags & TYPE_HAS_INSTANCE_DICT) || (instance->flags & INSTANCE_HAS_DICT))
        return false;
    if (cache_instance_slot(object, name, out))
        return true;
    if (out->shape->count >= instance->capacity || out->shape->transition_count >= 64)
        return false;
    out->next_shape = shape_child(vm, out->shape, name);
    if (!out->next_shape) {
        exception_clear(vm);
        return false;
    }
    out->kind = ATTRIBUTE_TRANSITION;
    out->index = out->next_shape->count - 1;
    return true;
}

/* ---- dir ---- */

static bool add_dict_names(struct vm *vm, value names, struct dict_object *dict)
{
    uint32_t position = 0;
    value key, item;
    while (dict_next(dict, &position, &key, &item))
        if (!dict_set(vm, dict_of(names), key, NONE))
            return false;
    return true;
}

/* What a class of the object's own puts in the place of object's descriptor; 0: nothing does. */
static int replaced_attribute(struct vm *vm, value object, value name, value *found)
{
    value here = type_lookup(vm, value_type(vm, object), name);
    if (here == VALUE_NULL || is_exact(here, &getset_descriptor_type))
        return 0;
    return find_attribute(vm, object, name, found);
}

bool attribute_names(struct vm *vm, value object, value names)
{
    value class = VALUE_NULL;
    int stated = is_type(object) ? 0 : replaced_attribute(vm, object, NAMED(vm, __class__), &class);
    if (stated < 0)
        return false;
    struct type *type = is_type(object) ? type_of_value(object) : value_type(vm, object);
    if (!is_type(object)) {
        if (is_plain_instance(object) && !(((struct instance *)value_object(object))->flags & INSTANCE_HAS_DICT)) {
            const struct shape *shape = value_object(object)->shape;
            for (uint32_t i = type->shape.count; i < shape->count; i++)
                if (!dict_set(vm, dict_of(names), shape_name(shape, i), NONE))
                    return false;
        } else {
            if (is_exact(object, &method_type)) /* a method shows its function's */
                object = ((struct method_object *)value_object(object))->function;
            value *slot = instance_dict_slot(vm, object);
            if (slot && is_object(*slot) && !add_dict_names(vm, names, dict_of(*slot)))
                return false;
        }
        if (type_is_subtype(type, &module_type) || (stated && !(is_object(class) && is_type(class))))
            return true;
        if (stated)
            type = type_of_value(class);
    }
    for (uint32_t i = 0; i < type->mro_count; i++)
        if (!add_dict_names(vm, names, type->mro[i]->dict))
            return false;
    return true;
}
