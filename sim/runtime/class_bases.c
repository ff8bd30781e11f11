/* class_bases.c - method resolution orders that a metaclass computes (mro()), and assignment to __bases__. */
#include "sim/runtime/attribute.h"
#include "sim/runtime/exception.h"
#include "sim/runtime/type.h"

#include <stdlib.h>

/* ---- mro() ---- */

static bool has_own_mro(struct vm *vm, struct type *metaclass)
{
    if (metaclass == &type_type)
        return false;
    value method = type_lookup(vm, metaclass, NAMED(vm, mro));
    return method != VALUE_NULL && !is_exact(method, &method_descriptor_type);
}

/* What the metaclass's mro() answers becomes the order, if it fits the layout; unless that call replaced the order itself. */
static bool take_mro(struct vm *vm, struct type *type)
{
    uint32_t changes = type->mro_changes;
    value answer = call_special(vm, object_value(type), NAME_mro, NULL, 0);
    value order = answer == VALUE_NULL ? VALUE_NULL : tuple_from_iterable(vm, answer);
    if (order == VALUE_NULL)
        return false;
    size_t count = tuple_of(order)->length;
    struct type *solid = type_solid_base(type);
    struct type **mro = calloc(count + 1, sizeof *mro);
    if (!mro)
        return raise_no_memory(vm) != VALUE_NULL;
    for (size_t i = 0; i < count; i++) {
        value item = tuple_of(order)->items[i];
        if (!is_type(item)) {
            raise_error(vm, &exc_TypeError, "mro() returned a non-class ('%T')", item);
        } else if (!type_is_subtype(solid, type_solid_base(type_of_value(item)))) {
            raise_error(vm, &exc_TypeError, "mro() returned base with unsuitable layout ('%s')", type_of_value(item)->name);
        } else {
            mro[i] = type_of_value(item);
            continue;
        }
        free(mro);
        return false;
    }
    if (type->mro_changes != changes) {
        free(mro);
        return true;
    }
    free(type->mro);
    type->mro = mro;
    type->mro_count = (uint32_t)count;
    type->mro_changes++;
    return true;
}

bool type_compute_mro(struct vm *vm, struct type *type, value bases)
{
    return has_own_mro(vm, object_type(&type->head)) ? take_mro(vm, type) : type_set_mro(vm, type, bases);
}

/* ---- __bases__ = ---- */

static struct type *static_base(struct type *type)
{
    while (type->flags & TYPE_HEAP)
        type = type->base;
    return type;
}

/* The class that gave instances of this one their layout: the others on the way add nothing to them. */
static const struct type *layout_class(const struct type *type)
{
    while ((type->flags & TYPE_HEAP) && type->shape.count == type->base->shape.count &&
           !((type->flags ^ type->base->flags) & (TYPE_HAS_INSTANCE_DICT | TYPE_HAS_WEAKREFS)))
        type = type->base;
    return type;
}

/* As CPython: one class each may have added slots, of the same names to the same base. */
static bool same_slots(const struct type *a, const struct type *b)
{
    if (a->shape.count != b->shape.count || ((a->flags & b->flags & TYPE_HEAP) && ((a->flags ^ b->flags) & TYPE_HAS_WEAKREFS)))
        return false;
    a = layout_class(a);
    b = layout_class(b);
    if (a == b || !a->shape.count)
        return true;
    if (!(a->flags & TYPE_HEAP) || !(b->flags & TYPE_HEAP) || a->base != b->base)
        return false;
    size_t count = a->slot_names == VALUE_NULL ? 0 : tuple_of(a->slot_names)->length;
    if (count != (b->slot_names == VALUE_NULL ? 0 : tuple_of(b->slot_names)->length))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!string_equal(tuple_of(a->slot_names)->items[i], tuple_of(b->slot_names)->items[i]))
            return false;
    return true;
}

/* CPython frees objects that the collector knows in another way. */
static bool is_collected(const struct type *type)
{
    for (; type->flags & TYPE_HEAP; type = type->base)
        if (type->flags & TYPE_HAS_INSTANCE_DICT || type->shape.count)
            return true;
    return type != &object_type_object && !(type->flags & (TYPE_INT | TYPE_FLOAT | TYPE_STRING | TYPE_BYTES));
}

bool type_check_layout(struct vm *vm, const char *what, struct type *old, struct type *new)
{
    if (is_collected(old) != is_collected(new))
        raise_error(vm, &exc_TypeError, "%s assignment: '%s' deallocator differs from '%s'", what, new->name, old->name);
    else if (static_base(old) != static_base(new) || !same_slots(old, new) ||
             (((old->flags ^ new->flags) & TYPE_HAS_INSTANCE_DICT) && static_base(old) != &module_type))
        raise_error(vm, &exc_TypeError, "%s assignment: '%s' object layout differs from '%s'", what, new->name, old->name);
    else
        return true;
    return false;
}

/* The types whose order changes, each after those it derives from, with what they had before. */
struct changed_type {
    struct type *type;
    struct type **mro; /* NULL: it had none */
    uint32_t mro_count, mro_changes; /* of the new order: an even newer one stays */
};
struct change {
    struct changed_type *types;
    size_t count, capacity;
};

static bool change_reserve(struct vm *vm, struct change *change)
{
    if (change->count < change->capacity)
        return true;
    size_t capacity = change->capacity ? change->capacity * 2 : 8;
    struct changed_type *types = realloc(change->types, capacity * sizeof *types);
    if (!types)
        return raise_no_memory(vm) != VALUE_NULL;
    change->types = types;
    change->capacity = capacity;
    return true;
}

static bool change_order(struct vm *vm, struct change *change, struct type *type)
{
    struct type **old = type->mro ? malloc((type->mro_count + (size_t)1) * sizeof *old) : NULL;
    if (!change_reserve(vm, change) || (type->mro && !old)) {
        free(old);
        return raise_no_memory(vm) != VALUE_NULL;
    }
    uint32_t changes = type->mro_changes, old_count = type->mro_count;
    if (old)
        memcpy(old, type->mro, old_count * sizeof *old); /* in force until there is a new one: mro() may look things up */
    bool good = type_compute_mro(vm, type, type->bases);
    if (!good || type->mro_changes != changes + 1) { /* mro() assigned to __bases__: that was a change of its own */
        free(old);
        return good;
    }
    change->types[change->count++] = (struct changed_type){type, old, old_count, type->mro_changes};
    value subclasses = is_object(type->subclasses) ? tuple_from_iterable(vm, type->subclasses) : VALUE_NULL;
    for (size_t i = 0; subclasses != VALUE_NULL && i < tuple_of(subclasses)->length; i++)
        if (!change_order(vm, change, type_of_value(tuple_of(subclasses)->items[i])))
            return false;
    return true;
}

static void change_finish(struct change *change, bool keep)
{
    for (size_t i = change->count; i-- > 0;) {
        struct changed_type *changed = &change->types[i];
        if (keep || changed->type->mro_changes != changed->mro_changes) {
            free(changed->mro);
        } else {
            free(changed->type->mro);
            changed->type->mro = changed->mro;
            changed->type->mro_count = changed->mro_count;
            changed->type->mro_changes++;
        }
    }
}

static void forget_subclass(struct vm *vm, struct type *base, struct type *type)
{
    if (!is_object(base->subclasses))
        return;
    struct list_object *list = list_of(base->subclasses);
    value rest = list_new(vm, 0);
    for (uint32_t i = 0; rest != VALUE_NULL && i < list->length; i++)
        if (list->items[i] != object_value(type))
            list_append(vm, list_of(rest), list->items[i]);
    base->subclasses = rest;
}

static bool check_bases(struct vm *vm, struct type *type, value bases)
{
    if (!has_flag(bases, TYPE_TUPLE)) {
        raise_error(vm, &exc_TypeError, "can only assign tuple to %s.__bases__, not %T", type->name, bases);
        return false;
    }
    if (tuple_of(bases)->length == 0) {
        raise_error(vm, &exc_TypeError, "can only assign non-empty tuple to %s.__bases__, not ()", type->name);
        return false;
    }
    for (size_t i = 0; i < tuple_of(bases)->length; i++) {
        value base = tuple_of(bases)->items[i];
        if (!is_type(base)) {
            raise_error(vm, &exc_TypeError, "%s.__bases__ must be tuple of classes, not '%T'", type->name, base);
            return false;
        }
        bool cycle = type_is_subtype(type_of_value(base), type);
        for (const struct type *at = type_of_value(base); at && !cycle; at = at->base) /* mro() may have come back here */
            cycle = at == type;
        if (cycle) {
            raise_error(vm, &exc_TypeError, "a __bases__ item causes an inheritance cycle");
            return false;
        }
    }
    return true;
}

bool type_assign_bases(struct vm *vm, struct type *type, value bases)
{
    if (!check_bases(vm, type, bases))
        return false;
    struct type *base = type_best_base(vm, bases), *old_base = type->base;
    if (!base || !type_check_layout(vm, "__bases__", old_base, base))
        return false;
    value old_bases = type->bases;
    struct change change = {0};
    type->bases = bases;
    type->base = base;
    bool good = change_order(vm, &change, type);
    bool current = type->bases == bases; /* else a metaclass's mro() assigned others meanwhile */
    if (!good && current) {
        type->bases = old_bases;
        type->base = old_base;
    }
    change_finish(&change, good);
    for (size_t i = 0; good && current && i < tuple_of(old_bases)->length; i++)
        forget_subclass(vm, type_of_value(tuple_of(old_bases)->items[i]), type);
    for (size_t i = 0; good && current && i < tuple_of(bases)->length; i++)
        type_add_subclass(vm, type_of_value(tuple_of(bases)->items[i]), type);
    for (size_t i = 0; good && i < change.count; i++) {
        type_modified(vm, change.types[i].type);
        slots_update(vm, change.types[i].type);
    }
    free(change.types);
    return good;
}
