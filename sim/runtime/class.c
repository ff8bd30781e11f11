/* class.c - classes made at run time: build_class, type() with three arguments, metaclasses, __slots__, __set_name__,
 * __init_subclass__, layouts, and the instances: those of plain classes and those of subclasses of built-in types. */
#include "sim/runtime/exception.h"
#include "sim/runtime/layout_size.h"
#include "sim/runtime/text.h"
#include "sim/runtime/type.h"

#include <stdlib.h>

/* ---- instances ---- */

value instance_new(struct vm *vm, struct type *type)
{
    uint32_t capacity = type->instance_slots;
    struct instance *instance = gc_object_inline(vm, sizeof *instance + capacity * sizeof(value), type->root);
    if (!instance)
        return VALUE_NULL;
    instance->capacity = (uint16_t)capacity;
    instance->overflow = VALUE_NULL;
    for (uint32_t i = 0; i < type->shape.count; i++)
        instance->slots[i] = VALUE_NULL;
    return object_value(instance);
}

static struct type *built_in_base(struct type *type)
{
    while (type->flags & TYPE_HEAP)
        type = type->base;
    return type;
}

static uint32_t own_slot_count(const struct type *type) { return type->shape.count; }

void heap_instance_trace(struct vm *vm, struct object *object)
{
    struct type *type = object_type(object);
    if (type_has_plain_layout(type)) {
        struct instance *instance = (struct instance *)object;
        if (is_object(instance->overflow))
            gc_mark(vm, instance->overflow);
        for (uint32_t i = 0; i < instance->capacity; i++)
            if (is_object(instance->slots[i]))
                gc_mark(vm, instance->slots[i]);
        return;
    }
    struct type *base = built_in_base(type);
    if (base->trace)
        base->trace(vm, object);
    struct subclass_tail *tail = type->flags & TYPE_TYPE ? NULL : instance_tail(object);
    if (!tail)
        return;
    if (is_object(tail->overflow))
        gc_mark(vm, tail->overflow);
    for (uint32_t i = 0; i < own_slot_count(type); i++)
        if (is_object(tail->slots[i]))
            gc_mark(vm, tail->slots[i]);
}

static void heap_instance_release(struct vm *vm, struct object *object)
{
    struct type *base = built_in_base(object_type(object));
    if (base->release)
        base->release(vm, object);
}

static size_t fixed_size(const struct type *type)
{
    if (type == &int_type)
        return sizeof(struct big_int) + sizeof(value); /* int.c: the number as an exact int in limbs[0] */
    if (type == &tuple_type)
        return sizeof(struct tuple_object);
    if (type == &string_type)
        return STRING_HEADER;
    if (type == &bytes_type)
        return BYTES_HEADER;
    if (type == &float_type)
        return sizeof(struct float_object);
    return type->instance_size ? type->instance_size : sizeof(struct object);
}

static void tail_clear(struct type *type, struct object *object)
{
    struct subclass_tail *tail = instance_tail(object);
    tail->overflow = VALUE_NULL;
    for (uint32_t i = 0; i < own_slot_count(type); i++)
        tail->slots[i] = VALUE_NULL;
}

/* An object of the built-in type `base` becomes one of its Python subclass `type`: same contents, a tail after them. What
 * `exact` owned moves when the type is mutable. */
static value subclass_instance(struct vm *vm, struct type *type, struct type *base, value exact)
{
    size_t size = fixed_size(base), extra = 0;
    if (base == &tuple_type) {
        extra = tuple_of(exact)->length * sizeof(value);
    } else if (base == &string_type) {
        extra = ((size_t)string_of(exact)->length + 1) * string_of(exact)->width;
    } else if (base == &bytes_type) {
        extra = ((struct bytes_object *)value_object(exact))->length + 1;
    }
    size_t whole = (size + extra + 7) / 8 * 8 + sizeof(struct subclass_tail) + own_slot_count(type) * sizeof(value);
    struct object *object = gc_object(vm, whole, &type->shape);
    if (!object)
        return VALUE_NULL;
    const size_t head = sizeof(struct object);
    memcpy((char *)object + head, (char *)value_object(exact) + head, size + extra - head);
    bool immutable = base->flags & (TYPE_STRING | TYPE_BYTES | TYPE_TUPLE | TYPE_SET) || base == &complex_type;
    if (base == &string_type)
        ((struct string_object *)object)->interned = 0;
    else if (!immutable)
        memset((char *)value_object(exact) + head, 0, size - head);
    tail_clear(type, object);
    return object_value(object);
}

/* built-in types whose `new` makes instances of subclasses with their tail by itself */
static bool new_knows_subclasses(const struct type *base)
{
    return base->flags & (TYPE_EXCEPTION | TYPE_TYPE | TYPE_LIST | TYPE_DICT | TYPE_SET | TYPE_TUPLE | TYPE_STRING | TYPE_BYTES |
                          TYPE_INT | TYPE_FLOAT | TYPE_MAKES_SUBCLASSES);
}

value class_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    struct type *base = built_in_base(type);
    if (base == &object_type_object)
        return object_new(vm, type, arguments, count, keyword_names);
    if (!base->new)
        return raise_error(vm, &exc_TypeError, "cannot create '%s' instances", type->name);
    if (base->flags & (TYPE_EXCEPTION | TYPE_TYPE) || !(type->flags & TYPE_HEAP))
        return base->new(vm, type, arguments, count, keyword_names);
    if (new_knows_subclasses(base)) {
        value made = base->new(vm, type, arguments, count, keyword_names);
        if (made == VALUE_NULL || value_type(vm, made) == type)
            return made;
        return subclass_instance(vm, type, base, made);
    }
    if ((base->flags & TYPE_NO_KEYWORDS) && type->init != base->init)
        keyword_names = VALUE_NULL;
    value exact = base->new(vm, base, arguments, count, keyword_names);
    if (exact == VALUE_NULL || value_type(vm, exact) != base)
        return exact;
    return subclass_instance(vm, type, base, exact);
}

bool class_plain_construction(struct vm *vm, struct type *type, value *init_function)
{
    if (!type_has_plain_layout(type) || type->new != class_new || type->init != slot_init || (type->flags & TYPE_ABSTRACT) ||
        built_in_base(type) != &object_type_object || object_type(&type->head)->call != type_call)
        return false;
    value found = type_lookup(vm, type, NAMED(vm, __init__));
    if (found == VALUE_NULL || !is_exact(found, &function_type))
        return false;
    *init_function = found;
    return true;
}

/* ---- __new__ of static types ---- */

static value new_wrapper_function(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    struct type *owner = type_of_value(self);
    if (count == 0)
        return raise_error(vm, &exc_TypeError, "%s.__new__(): not enough arguments", owner->name);
    if (!is_type(arguments[0]))
        return raise_error(vm, &exc_TypeError, "%s.__new__(X): X is not a type object (%T)", owner->name, arguments[0]);
    struct type *type = type_of_value(arguments[0]);
    if (!type_is_subtype(type, owner))
        return raise_error(vm, &exc_TypeError, "%s.__new__(%s): %s is not a subtype of %s", owner->name, type->name,
                           type->name, owner->name);
    struct type *base = built_in_base(type);
    if (base->new != owner->new)
        return raise_error(vm, &exc_TypeError, "%s.__new__(%s) is not safe, use %s.__new__()", owner->name, type->name,
                           base->name);
    if (type->flags & TYPE_HEAP)
        return class_new(vm, type, arguments + 1, count - 1, keyword_names);
    return owner->new(vm, type, arguments + 1, count - 1, keyword_names);
}

static const struct method_definition new_wrapper_definition = {
    "__new__", NULL, new_wrapper_function, METHOD_STATIC,
    "Create and return a new object.  See help(type) for accurate signature."};

value new_wrapper_make(struct vm *vm, struct type *type)
{
    return native_function_new(vm, &new_wrapper_definition, object_value(type), NULL);
}

bool is_new_wrapper(value v)
{
    return is_exact(v, &native_function_type) &&
           ((struct native_function_object *)value_object(v))->definition == &new_wrapper_definition;
}

/* ---- bases and layout ---- */

static bool adds_slots(const struct type *type)
{
    return (type->flags & TYPE_HEAP) && type->base && type->shape.count > type->base->shape.count;
}

struct type *type_solid_base(struct type *type)
{
    /* Exceptions without fields of their own have their base's layout: class E(KeyError, AttributeError) is fine. */
    while ((type->flags & TYPE_HEAP) ? !adds_slots(type)
                                     : (type->flags & TYPE_EXCEPTION) && !type->properties && type->base)
        type = type->base;
    return type;
}

struct type *type_best_base(struct vm *vm, value bases)
{
    struct type *winner = NULL, *base = NULL;
    for (size_t i = 0; i < tuple_of(bases)->length; i++) {
        value item = tuple_of(bases)->items[i];
        if (!is_type(item)) {
            raise_error(vm, &exc_TypeError, "bases must be types");
            return NULL;
        }
        struct type *candidate_base = type_of_value(item);
        if (!(candidate_base->flags & TYPE_READY))
            type_ready(vm, candidate_base);
        if (!(candidate_base->flags & (TYPE_SUBCLASSABLE | TYPE_HEAP))) {
            raise_error(vm, &exc_TypeError, "type '%s' is not an acceptable base type", candidate_base->name);
            return NULL;
        }
        struct type *candidate = type_solid_base(candidate_base);
        if (!winner || (type_is_subtype(candidate, winner) && candidate != winner)) {
            winner = candidate;
            base = candidate_base;
        } else if (!type_is_subtype(winner, candidate)) {
            raise_error(vm, &exc_TypeError, "multiple bases have instance lay-out conflict");
            return NULL;
        }
    }
    return base;
}

static struct type *calculate_metaclass(struct vm *vm, struct type *metaclass, value bases)
{
    for (size_t i = 0; i < tuple_of(bases)->length; i++) {
        struct type *other = value_type(vm, tuple_of(bases)->items[i]);
        if (type_is_subtype(metaclass, other))
            continue;
        if (!type_is_subtype(other, metaclass)) {
            raise_error(vm, &exc_TypeError,
                        "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the "
                        "metaclasses of all its bases");
            return NULL;
        }
        metaclass = other;
    }
    return metaclass;
}

/* ---- __slots__ ---- */

static value mangle(struct vm *vm, value class_name, value name)
{
    const struct string_object *s = string_of(name);
    size_t size, start = 0;
    const char *text = string_utf8(vm, name, &size);
    if (s->length < 3 || text[0] != '_' || text[1] != '_' || (text[size - 1] == '_' && text[size - 2] == '_'))
        return name;
    const struct string_object *c = string_of(class_name);
    while (start < c->length && string_at(c, start) == '_')
        start++;
    if (start == c->length)
        return name;
    return string_printf(vm, "_%U%U", string_slice(vm, class_name, (int64_t)start, (int64_t)c->length), name);
}

struct slots_plan {
    value names; /* list of mangled names, without __dict__ and __weakref__ */
    bool given, dict, weak;
};

static bool is_identifier(const struct string_object *s)
{
    for (uint32_t i = 0; i < s->length; i++)
        if (!(i ? character_is_identifier_part(string_at(s, i)) : character_is_identifier_start(string_at(s, i))))
            return false;
    return s->length > 0;
}

static bool slots_read(struct vm *vm, value name, struct dict_object *namespace, struct slots_plan *plan)
{
    value slots = dict_get_interned(namespace, NAMED(vm, __slots__));
    plan->names = list_new(vm, 0);
    if (slots == VALUE_NULL)
        return true;
    plan->given = true;
    value all = has_flag(slots, TYPE_STRING) ? tuple_pack(vm, 1, slots) : tuple_from_iterable(vm, slots);
    if (all == VALUE_NULL)
        return false;
    for (size_t i = 0; i < tuple_of(all)->length; i++) {
        value slot = tuple_of(all)->items[i];
        if (!has_flag(slot, TYPE_STRING)) {
            raise_error(vm, &exc_TypeError, "__slots__ items must be strings, not '%T'", slot);
            return false;
        }
        if (!is_identifier(string_of(slot))) {
            raise_error(vm, &exc_TypeError, "__slots__ must be identifiers");
            return false;
        }
        slot = intern(vm, slot);
        if (slot == NAMED(vm, __dict__)) {
            if (plan->dict) {
                raise_error(vm, &exc_TypeError, "__dict__ slot disallowed: we already got one");
                return false;
            }
            plan->dict = true;
            continue;
        }
        if (slot == NAMED(vm, __weakref__)) {
            if (plan->weak) {
                raise_error(vm, &exc_TypeError, "__weakref__ slot disallowed: either we already got one, or __itemsize__ != 0");
                return false;
            }
            plan->weak = true;
            continue;
        }
        slot = intern(vm, mangle(vm, name, slot));
        if (dict_get_interned(namespace, slot) != VALUE_NULL && slot != NAMED(vm, __qualname__) &&
            slot != NAMED(vm, __classcell__)) {
            raise_error(vm, &exc_ValueError, "%R in __slots__ conflicts with class variable", slot);
            return false;
        }
        list_append(vm, list_of(plan->names), slot);
    }
    return list_sort(vm, plan->names, VALUE_NULL, false); /* classes with the same slots have the same layout */
}

/* ---- type() with three arguments ---- */

static void layout_set(struct type *type, struct type *base, uint32_t slot_count, bool dict)
{
    struct type *built_in = built_in_base(base);
    shape_start(&type->shape, type, slot_count);
    shape_start(&type->dict_shape, type, slot_count);
    type->root = &type->shape;
    if (dict || (base->flags & TYPE_HAS_INSTANCE_DICT))
        type->flags |= TYPE_HAS_INSTANCE_DICT;
    if (built_in == &object_type_object) {
        type->instance_size = sizeof(struct instance);
        type->instance_slots = slot_count + (type->flags & TYPE_HAS_INSTANCE_DICT ? 4 : 0);
        if ((base->flags & TYPE_HEAP) && base->instance_slots > type->instance_slots)
            type->instance_slots = base->instance_slots;
    } else if (built_in->flags & TYPE_TYPE) {
        type->tail_offset = sizeof(struct type);
        type->instance_size = sizeof(struct type);
    } else {
        type->tail_offset = (uint32_t)(fixed_size(built_in) + 7) / 8 * 8;
        type->instance_size = type->tail_offset + (uint32_t)(sizeof(struct subclass_tail) + slot_count * sizeof(value));
    }
    type->trace = heap_instance_trace;
    type->release = built_in->release ? heap_instance_release : NULL;
}

static bool is_sized_by_content(const struct type *base)
{
    return base->flags & (TYPE_INT | TYPE_TUPLE | TYPE_BYTES);
}

static void inherit_type_flags(struct type *type)
{
    const unsigned inherited = TYPE_EXCEPTION | TYPE_INT | TYPE_STRING | TYPE_BYTES | TYPE_LIST | TYPE_TUPLE | TYPE_DICT |
                               TYPE_TYPE | TYPE_FLOAT | TYPE_SET;
    type->flags |= type->base->flags & inherited;
    for (uint32_t i = 1; i < type->mro_count && !(type->flags & (TYPE_MAPPING | TYPE_SEQUENCE)); i++) /* the first decides */
        type->flags |= type->mro[i]->flags & (TYPE_MAPPING | TYPE_SEQUENCE);
}

static bool is_encodable(struct vm *vm, value text)
{
    return string_of(text)->width < 2 || string_encode(vm, text, "utf-8", "strict") != VALUE_NULL;
}

const char *class_name_text(struct vm *vm, value name)
{
    size_t size;
    const char *text = is_encodable(vm, name) ? string_utf8(vm, name, &size) : NULL;
    if (text && strlen(text) != size) {
        raise_error(vm, &exc_ValueError, "type name must not contain null characters");
        return NULL;
    }
    return text;
}

static struct type *type_allocate(struct vm *vm, struct type *metaclass, value name, struct type *base)
{
    const char *text = class_name_text(vm, name);
    if (!text)
        return NULL;
    struct type *type = gc_object(vm, sizeof *type, &metaclass->shape);
    if (!type)
        return NULL;
    type->qualified_name = type->module = type->bases = type->subclasses = type->slot_names = VALUE_NULL;
    for (size_t i = 0; i < 4; i++)
        type->special_cache[i] = VALUE_NULL;
    type->flags = TYPE_HEAP | TYPE_SUBCLASSABLE | TYPE_READY;
    type->base = base;
    type->shape.type = type->dict_shape.type = type;
    type->shape.last_name = type->dict_shape.last_name = VALUE_NULL;
    type->name = strdup(text);
    return type;
}

/* What the namespace says that becomes a field: __qualname__, __slots__, __classcell__; functions that become methods. */
static bool namespace_adjust(struct vm *vm, struct type *type, value name, value *cell)
{
    struct dict_object *dict = type->dict;
    value qualified = dict_get_interned(dict, NAMED(vm, __qualname__));
    if (qualified != VALUE_NULL) {
        if (!has_flag(qualified, TYPE_STRING)) {
            raise_error(vm, &exc_TypeError, "type __qualname__ must be a str, not %T", qualified);
            return false;
        }
        dict_delete(vm, dict, NAMED(vm, __qualname__));
    }
    type->qualified_name = qualified == VALUE_NULL ? name : qualified;
    value doc = dict_get_interned(dict, NAMED(vm, __doc__));
    if (doc != VALUE_NULL && is_exact(doc, &string_type) && !is_encodable(vm, doc))
        return false;
    if (dict_get_interned(dict, NAMED(vm, __module__)) == VALUE_NULL) { /* type() called outside a class statement */
        value globals = engine_globals(vm);
        value module = globals == NONE ? intern_text(vm, "__main__") : dict_get_interned(dict_of(globals), NAMED(vm, __name__));
        if (module != VALUE_NULL)
            dict_set_interned(vm, dict, NAMED(vm, __module__), module);
    }
    value method = dict_get_interned(dict, NAMED(vm, __new__));
    if (method != VALUE_NULL && is_exact(method, &function_type))
        dict_set_interned(vm, dict, NAMED(vm, __new__), staticmethod_new(vm, method));
    const enum name_id class_methods[] = {NAME___init_subclass__, NAME___class_getitem__};
    for (size_t i = 0; i < 2; i++) {
        method = dict_get_interned(dict, vm->special_names[class_methods[i]]);
        if (method != VALUE_NULL && is_exact(method, &function_type))
            dict_set_interned(vm, dict, vm->special_names[class_methods[i]], classmethod_new(vm, method));
    }
    *cell = dict_get_interned(dict, NAMED(vm, __classcell__));
    if (*cell != VALUE_NULL) {
        if (!is_exact(*cell, &cell_type)) {
            raise_error(vm, &exc_TypeError, "__classcell__ must be a nonlocal cell, not <class '%T'>", *cell);
            return false;
        }
        dict_delete(vm, dict, NAMED(vm, __classcell__));
    }
    return true;
}

static void members_add(struct vm *vm, struct type *type, value names, uint32_t first)
{
    struct list_object *list = list_of(names);
    for (uint32_t i = 0; i < list->length; i++)
        dict_set_interned(vm, type->dict, list->items[i], member_new(vm, type, list->items[i], first + i));
    bool base_dict = type->base->flags & TYPE_HAS_INSTANCE_DICT;
    bool plain_exception = (type->base->flags & TYPE_EXCEPTION) != 0;
    if ((type->flags & TYPE_HAS_INSTANCE_DICT) && !base_dict && !plain_exception && !(type->flags & TYPE_TYPE) &&
        dict_get_interned(type->dict, NAMED(vm, __dict__)) == VALUE_NULL)
        dict_set_interned(vm, type->dict, NAMED(vm, __dict__), getset_new(vm, type, &instance_dict_property));
    if ((type->flags & TYPE_HAS_WEAKREFS) && !layout_has_weak(type->base) &&
        dict_get_interned(type->dict, NAMED(vm, __weakref__)) == VALUE_NULL)
        dict_set_interned(vm, type->dict, NAMED(vm, __weakref__), getset_new(vm, type, &instance_weakref_property));
    if (dict_get_interned(type->dict, NAMED(vm, __doc__)) == VALUE_NULL)
        dict_set_interned(vm, type->dict, NAMED(vm, __doc__), NONE);
    if (dict_get_interned(type->dict, NAMED(vm, __eq__)) != VALUE_NULL &&
        dict_get_interned(type->dict, NAMED(vm, __hash__)) == VALUE_NULL)
        dict_set_interned(vm, type->dict, NAMED(vm, __hash__), NONE);
}

static bool set_names(struct vm *vm, struct type *type)
{
    value names = dict_copy(vm, object_value(type->dict)), key, item;
    uint32_t position = 0;
    while (names != VALUE_NULL && dict_next(dict_of(names), &position, &key, &item)) {
        if (type_lookup(vm, value_type(vm, item), NAMED(vm, __set_name__)) == VALUE_NULL)
            continue;
        value arguments[2] = {object_value(type), key};
        if (call_special(vm, item, NAME___set_name__, arguments, 2) != VALUE_NULL)
            continue;
        value cause = exception_take(vm);
        raise_error(vm, &exc_RuntimeError, "Error calling __set_name__ on '%T' instance %R in '%s'", item, key, type->name);
        struct exception_object *error = (struct exception_object *)value_object(vm->pending);
        error->cause = error->context = cause;
        error->suppress_context = true;
        return false;
    }
    return names != VALUE_NULL;
}

static value super_method(struct vm *vm, struct type *type, value name)
{
    for (uint32_t i = 1; i < type->mro_count; i++) {
        value found = dict_get_interned(type->mro[i]->dict, name);
        if (found == VALUE_NULL)
            continue;
        struct type *found_type = value_type(vm, found);
        return found_type->descriptor_get ? found_type->descriptor_get(vm, found, VALUE_NULL, object_value(type)) : found;
    }
    return VALUE_NULL;
}

static bool init_subclass(struct vm *vm, struct type *type, value keywords)
{
    bool complete = false; /* as super(type, type) sees it: a metaclass's mro() may have left the class out */
    for (uint32_t i = 0; i < type->mro_count && !complete; i++)
        complete = type->mro[i] == type;
    if (!complete) {
        raise_error(vm, &exc_TypeError, "super(type, obj): obj must be an instance or subtype of type");
        return false;
    }
    value method = super_method(vm, type, NAMED(vm, __init_subclass__));
    if (method == VALUE_NULL)
        return vm->pending == VALUE_NULL;
    return call_with_dict(vm, method, vm->empty_tuple, keywords) != VALUE_NULL;
}

static struct type *type_make(struct vm *vm, struct type *metaclass, value name, value bases, value namespace_dict)
{
    struct type *base = type_best_base(vm, bases);
    if (!base)
        return NULL;
    struct type *type = type_allocate(vm, metaclass, name, base);
    if (!type)
        return NULL;
    value copy = dict_copy(vm, namespace_dict), cell;
    if (copy == VALUE_NULL)
        return NULL;
    type->dict = dict_of(copy);
    type->bases = bases;
    struct slots_plan plan = {VALUE_NULL, false, false, false};
    if (!slots_read(vm, name, type->dict, &plan) || !namespace_adjust(vm, type, name, &cell))
        return NULL;
    uint32_t first = base->shape.count, added = list_of(plan.names)->length;
    if ((added || plan.dict || plan.weak) && is_sized_by_content(base)) {
        raise_error(vm, &exc_TypeError, "nonempty __slots__ not supported for subtype of '%s'", base->name);
        return NULL;
    }
    bool dict = !plan.given || plan.dict, may_add_weak = !layout_has_weak(base) && layout_of(base).item == 0;
    if (plan.dict && (base->flags & TYPE_HAS_INSTANCE_DICT)) {
        raise_error(vm, &exc_TypeError, "__dict__ slot disallowed: we already got one");
        return NULL;
    }
    if (plan.weak && !may_add_weak) {
        raise_error(vm, &exc_TypeError, "__weakref__ slot disallowed: either we already got one, or __itemsize__ != 0");
        return NULL;
    }
    bool weak = !may_add_weak || !plan.given || plan.weak;
    for (size_t i = 0; i < tuple_of(bases)->length; i++) {
        const struct type *other = type_of_value(tuple_of(bases)->items[i]);
        dict |= (other->flags & TYPE_HAS_INSTANCE_DICT) != 0;
        weak |= layout_has_weak(other);
    }
    layout_set(type, base, first + added, dict);
    if (weak && (may_add_weak || layout_has_weak(base)))
        type->flags |= TYPE_HAS_WEAKREFS;
    if (plan.given)
        type->slot_names = tuple_from(vm, list_of(plan.names)->items, added);
    if (cell != VALUE_NULL) /* a metaclass's mro() may call the class's functions */
        ((struct cell_object *)value_object(cell))->content = object_value(type);
    if (!type_compute_mro(vm, type, bases))
        return NULL;
    inherit_type_flags(type);
    members_add(vm, type, plan.names, first);
    slots_update(vm, type);
    for (size_t i = 0; i < tuple_of(bases)->length; i++)
        type_add_subclass(vm, type_of_value(tuple_of(bases)->items[i]), type);
    return type;
}

value type_new_class(struct vm *vm, struct type *metaclass, value name, value bases, value namespace_dict, value keywords)
{
    if (tuple_of(bases)->length == 0)
        bases = tuple_pack(vm, 1, object_value(&object_type_object));
    struct type *type = type_make(vm, metaclass, name, bases, namespace_dict);
    if (!type || !set_names(vm, type) || !init_subclass(vm, type, keywords))
        return VALUE_NULL;
    return object_value(type);
}

static value keywords_to_dict(struct vm *vm, const value *items, value keyword_names)
{
    if (!keyword_count(keyword_names))
        return VALUE_NULL;
    value dict = dict_new(vm);
    for (size_t i = 0; dict != VALUE_NULL && i < keyword_count(keyword_names); i++)
        dict_set_interned(vm, dict_of(dict), tuple_of(keyword_names)->items[i], items[i]);
    return dict;
}

/* type.__new__(metaclass, name, bases, namespace, **keywords) */
value type_new(struct vm *vm, struct type *metaclass, const value *arguments, size_t count, value keyword_names)
{
    if (count == 1 && metaclass == &type_type && !keyword_count(keyword_names))
        return object_value(value_type(vm, arguments[0]));
    if (count != 3)
        return metaclass == &type_type
                   ? raise_error(vm, &exc_TypeError, "type() takes 1 or 3 arguments")
                   : raise_error(vm, &exc_TypeError, "type.__new__() takes exactly 3 arguments (%zu given)", count);
    const char *const kinds[] = {"str", "tuple", "dict"};
    const unsigned flags[] = {TYPE_STRING, TYPE_TUPLE, TYPE_DICT};
    for (size_t i = 0; i < 3; i++)
        if (!has_flag(arguments[i], flags[i]))
            return raise_error(vm, &exc_TypeError, "type.__new__() argument %zu must be %s, not %T", i + 1, kinds[i],
                               arguments[i]);
    struct tuple_object *bases = tuple_of(arguments[1]);
    for (size_t i = 0; i < bases->length; i++) {
        value ignored;
        if (is_type(bases->items[i]))
            continue;
        int entries = find_attribute(vm, bases->items[i], NAMED(vm, __mro_entries__), &ignored);
        if (entries < 0)
            return VALUE_NULL;
        if (entries)
            return raise_error(vm, &exc_TypeError,
                               "type() doesn't support MRO entry resolution; use types.new_class()");
    }
    struct type *winner = calculate_metaclass(vm, metaclass, arguments[1]);
    if (!winner)
        return VALUE_NULL;
    if (winner != metaclass && winner->new != type_new && winner->new != class_new)
        return winner->new(vm, winner, arguments, count, keyword_names);
    return type_new_class(vm, winner, arguments[0], arguments[1], arguments[2],
                          keywords_to_dict(vm, arguments + 3, keyword_names));
}

/* ---- the class statement ---- */

/* bases that are no types may say what to put in their place */
static value resolve_bases(struct vm *vm, value bases)
{
    struct tuple_object *given = tuple_of(bases);
    value resolved = VALUE_NULL;
    for (size_t i = 0; i < given->length; i++) {
        value base = given->items[i], method;
        int found = is_type(base) ? 0 : find_attribute(vm, base, NAMED(vm, __mro_entries__), &method);
        if (found < 0)
            return VALUE_NULL;
        if (found && resolved == VALUE_NULL && (resolved = list_from(vm, given->items, i)) == VALUE_NULL)
            return VALUE_NULL;
        if (!found) {
            if (resolved != VALUE_NULL && !list_append(vm, list_of(resolved), base))
                return VALUE_NULL;
            continue;
        }
        value entries = call_1(vm, method, bases);
        if (entries == VALUE_NULL)
            return VALUE_NULL;
        if (!has_flag(entries, TYPE_TUPLE))
            return raise_error(vm, &exc_TypeError, "__mro_entries__ must return a tuple");
        if (!list_extend(vm, resolved, entries))
            return VALUE_NULL;
    }
    return resolved == VALUE_NULL ? bases : tuple_from(vm, list_of(resolved)->items, list_of(resolved)->length);
}

static value prepare_namespace(struct vm *vm, value metaclass, value name, value bases, value keywords)
{
    value prepare;
    if (metaclass == object_value(&type_type))
        return dict_new(vm);
    int found = find_attribute(vm, metaclass, NAMED(vm, __prepare__), &prepare);
    if (found <= 0)
        return found < 0 ? VALUE_NULL : dict_new(vm);
    value namespace = call_with_dict(vm, prepare, tuple_pack(vm, 2, name, bases), keywords);
    if (namespace == VALUE_NULL)
        return VALUE_NULL;
    if (!has_flag(namespace, TYPE_DICT) && !value_type(vm, namespace)->get_item)
        return raise_error(vm, &exc_TypeError, "%s.__prepare__() must return a mapping, not %T",
                           is_type(metaclass) ? type_of_value(metaclass)->name : "<metaclass>", namespace);
    return namespace;
}

value build_class(struct vm *vm, const value *arguments, size_t count, value keyword_names)
{
    if (count < 2)
        return raise_error(vm, &exc_TypeError, "__build_class__: not enough arguments");
    value function = arguments[0], name = arguments[1];
    if (!is_exact(function, &function_type))
        return raise_error(vm, &exc_TypeError, "__build_class__: func must be a function");
    value original = tuple_from(vm, arguments + 2, count - 2);
    value bases = original == VALUE_NULL ? VALUE_NULL : resolve_bases(vm, original);
    if (bases == VALUE_NULL)
        return VALUE_NULL;
    value keywords = keywords_to_dict(vm, arguments + count, keyword_names), metaclass = VALUE_NULL;
    if (keywords != VALUE_NULL && (metaclass = dict_get_interned(dict_of(keywords), NAMED(vm, metaclass))) != VALUE_NULL)
        dict_delete(vm, dict_of(keywords), NAMED(vm, metaclass));
    if (metaclass == VALUE_NULL)
        metaclass = tuple_of(bases)->length ? object_value(value_type(vm, tuple_of(bases)->items[0]))
                                            : object_value(&type_type);
    if (is_type(metaclass)) {
        struct type *winner = calculate_metaclass(vm, type_of_value(metaclass), bases);
        if (!winner)
            return VALUE_NULL;
        metaclass = object_value(winner);
    }
    value namespace = prepare_namespace(vm, metaclass, name, bases, keywords);
    if (namespace == VALUE_NULL)
        return VALUE_NULL;
    struct function_object *body = (struct function_object *)value_object(function);
    value cell = engine_run_code_object(vm, object_value(body->code), body->globals, namespace, body->closure);
    if (cell == VALUE_NULL)
        return VALUE_NULL;
    if (bases != original && !set_item(vm, namespace, NAMED(vm, __orig_bases__), original))
        return VALUE_NULL;
    value made = call_with_dict(vm, metaclass, tuple_pack(vm, 3, name, bases, namespace), keywords);
    if (made == VALUE_NULL || !is_type(made) || !is_exact(cell, &cell_type))
        return made;
    value content = ((struct cell_object *)value_object(cell))->content;
    if (content == VALUE_NULL)
        return raise_error(vm, &exc_RuntimeError,
                           "__class__ not set defining %R as %R. Was __classcell__ propagated to type.__new__?", name, made);
    if (content != made)
        return raise_error(vm, &exc_TypeError, "__class__ set to %R defining %R as %R", content, name, made);
    return made;
}
