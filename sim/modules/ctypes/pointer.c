/* pointer.c - typed pointers: the base class _Pointer, its metaclass PyCPointerType, and POINTER(). */
#include "sim/modules/ctypes/ctypes.h"

/* ---- classes ---- */

static bool set_proto(struct vm *vm, struct c_type *c, value proto)
{
    if (!is_type(proto))
        raise_error(vm, &exc_TypeError, "_type_ must be a type");
    else if (!c_type_of_class(proto))
        raise_error(vm, &exc_TypeError, "_type_ must have storage info");
    else
        c->proto = proto;
    return vm->pending == VALUE_NULL;
}

/* "&<i", "&(3)<i" */
static char *pointer_format(const struct c_type *item)
{
    char *shape = format_printf("%s", "");
    for (int i = 0; i < item->dimensions; i++) {
        char *longer = format_printf("%s%s%ld%s", shape, i ? "," : "(", (long)item->shape[i],
                                     i + 1 < item->dimensions ? "" : ")");
        free(shape);
        shape = longer;
    }
    char *format = format_printf("&%s%s", shape, item->format ? item->format : "B");
    free(shape);
    return format;
}

static value pointer_class_new(struct vm *vm, struct type *metaclass, const value *arguments, size_t count, value keyword_names)
{
    bool made;
    struct type *type = class_make(vm, metaclass, arguments, count, keyword_names, &made);
    if (!type || !made)
        return type ? object_value(type) : VALUE_NULL;
    struct c_type *c = c_type_new(vm, type, C_POINTER);
    if (!c)
        return VALUE_NULL;
    c->size = c->align = c->item_size = sizeof(void *);
    c->length = 1;
    c->ffi = ffi_type_pointer;
    c->flags |= C_IS_POINTER;
    value proto = class_attribute(vm, type, "_type_");
    if (proto == VALUE_NULL)
        return object_value(type);
    if (!set_proto(vm, c, proto))
        return VALUE_NULL;
    c->format = pointer_format(c_type_of_class(proto));
    return object_value(type);
}

static value change_type(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)count, (void)keyword_names;
    struct c_type *c = c_type_of_class(self);
    if (!c)
        return raise_error(vm, &exc_TypeError, "abstract class");
    if (!set_proto(vm, c, arguments[0]) || !set_attribute(vm, self, intern_text(vm, "_type_"), arguments[0]))
        return VALUE_NULL;
    free(c->format);
    c->format = pointer_format(c_type_of_class(arguments[0]));
    return NONE;
}

static value pointer_from_param(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)count, (void)keyword_names;
    value item = arguments[0];
    const struct c_type *c = c_type_of_class(self);
    if (item == NONE)
        return NONE;
    if (!c || c->proto == VALUE_NULL)
        return class_from_param(vm, self, item);
    int same = object_is_instance(vm, item, c->proto);
    if (same < 0)
        return VALUE_NULL;
    if (same) { /* an item itself: by reference */
        value reference = c_argument_new(vm, 'P', &ffi_type_pointer, item);
        if (reference != VALUE_NULL)
            c_argument_of(reference)->content.pointer = cdata_of(item)->data;
        return reference;
    }
    if (is_kind(vm, item, &c_pointer_type) || is_kind(vm, item, &c_array_type)) {
        const struct c_type *given = c_type_of_object(vm, item);
        if (given && is_type(given->proto)) {
            int fits = object_is_subclass(vm, given->proto, c->proto);
            if (fits)
                return fits < 0 ? VALUE_NULL : item;
        }
    }
    return class_from_param(vm, self, item);
}

static const struct method_definition pointer_class_methods[] = {
    CLASS_METHODS(pointer_from_param), {"set_type", "(type, /)", change_type, 0, NULL}, {0}};

struct type pointer_metatype = {.name = "_ctypes.PyCPointerType",
                                .base = &type_type,
                                .flags = TYPE_SUBCLASSABLE,
                                .instance_size = sizeof(struct type),
                                .doc = "metatype for the Pointer Objects",
                                .methods = pointer_class_methods,
                                .new = pointer_class_new,
                                .repeat = class_repeat};

value pointer_class(struct vm *vm, value item_class)
{
    struct dict_object *cache = dict_of(vm->ctypes->pointer_types);
    value found;
    int known = dict_find(vm, cache, item_class, &found);
    if (known)
        return known < 0 ? VALUE_NULL : found;
    value namespace = dict_new(vm);
    if (namespace == VALUE_NULL)
        return VALUE_NULL;
    if (is_string(item_class)) {
        value made = class_call(vm, &pointer_metatype, string_printf(vm, "LP_%U", item_class), &c_pointer_type, namespace);
        value key = made == VALUE_NULL ? made : int_from_uint64(vm, object_identity(vm, made));
        return key != VALUE_NULL && dict_set(vm, cache, key, made) ? made : VALUE_NULL;
    }
    if (!is_type(item_class))
        return raise_error(vm, &exc_TypeError, "must be a ctypes type");
    if (!dict_set_text(vm, dict_of(namespace), "_type_", item_class))
        return VALUE_NULL;
    value made = class_call(vm, &pointer_metatype, string_printf(vm, "LP_%s", type_of_value(item_class)->name), &c_pointer_type,
                            namespace);
    return made != VALUE_NULL && dict_set(vm, cache, item_class, made) ? made : VALUE_NULL;
}

/* ---- instances ---- */

static uint8_t *address_in(value self)
{
    uint8_t *address;
    memcpy(&address, cdata_of(self)->data, sizeof address);
    return address;
}

static uint8_t *checked_address(struct vm *vm, value self)
{
    uint8_t *address = address_in(self);
    if (!address)
        raise_error(vm, &exc_ValueError, "NULL pointer access");
    return address;
}

static value get_contents(struct vm *vm, value self)
{
    uint8_t *address = checked_address(vm, self);
    const struct c_type *c = c_type_of_object(vm, self);
    return address ? cdata_part(vm, type_of_value(c->proto), self, 0, address) : VALUE_NULL;
}

static bool set_contents(struct vm *vm, value self, value item)
{
    const struct c_type *c = c_type_of_object(vm, self);
    if (item == VALUE_NULL) {
        raise_error(vm, &exc_TypeError, "Pointer does not support item deletion");
        return false;
    }
    int good = is_cdata(vm, item) ? 1 : object_is_instance(vm, item, c->proto); /* any C data will do: as in CPython */
    if (good < 0)
        return false;
    if (!good || !is_cdata(vm, item)) {
        raise_error(vm, &exc_TypeError, "expected %s instead of %T", type_of_value(c->proto)->name, item);
        return false;
    }
    memcpy(cdata_of(self)->data, &cdata_of(item)->data, sizeof(void *));
    value kept = cdata_keep(vm, self, 1, item) ? cdata_kept(vm, item) : VALUE_NULL;
    return kept != VALUE_NULL && cdata_keep(vm, self, 0, kept);
}

static value pointer_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    const struct c_type *c = c_type_of(type);
    if (!c || c->proto == VALUE_NULL)
        return raise_error(vm, &exc_TypeError, "Cannot create instance: has no _type_");
    return cdata_new(vm, type, arguments, count, keyword_names);
}

static bool pointer_init(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)keyword_names;
    return check_positional(vm, "POINTER", count, VALUE_NULL, 0, 1) && (!count || set_contents(vm, self, arguments[0]));
}

static int pointer_truth(struct vm *vm, value self)
{
    (void)vm;
    return address_in(self) != NULL;
}

/* Both bounds as they are: what a pointer leads to has no end. */
static bool slice_of_unknown(struct vm *vm, value key, int64_t *start, int64_t *step, int64_t *count)
{
    const struct slice_object *slice = (const struct slice_object *)value_object(key);
    int64_t stop;
    *step = 1;
    if (slice->step != NONE && !value_to_count(vm, slice->step, step))
        return false;
    *start = 0;
    if (*step == 0)
        raise_error(vm, &exc_ValueError, "slice step cannot be zero");
    else if (slice->start != NONE)
        value_to_count(vm, slice->start, start);
    else if (*step < 0)
        raise_error(vm, &exc_ValueError, "slice start is required for step < 0");
    if (vm->pending == VALUE_NULL && slice->stop == NONE)
        raise_error(vm, &exc_ValueError, "slice stop is required");
    if (vm->pending != VALUE_NULL || !value_to_count(vm, slice->stop, &stop))
        return false;
    if ((*step < 0 && stop >= *start) || (*step > 0 && *start >= stop))
        *count = 0;
    else
        *count = *step < 0 ? (stop - *start + 1) / *step + 1 : (stop - *start - 1) / *step + 1;
    return true;
}

static bool item_index(struct vm *vm, value key, int64_t *index)
{
    if (!has_index(vm, key)) {
        raise_error(vm, &exc_TypeError, "Pointer indices must be integer");
        return false;
    }
    return value_to_index(vm, key, index);
}

static value pointer_get_item(struct vm *vm, value self, value key)
{
    int64_t start, step, count;
    value proto = c_type_of_object(vm, self)->proto;
    const struct c_type *item = c_type_of_class(proto);
    if (is_exact(key, &slice_type)) {
        if (!slice_of_unknown(vm, key, &start, &step, &count) || (count && !checked_address(vm, self)))
            return VALUE_NULL;
        return items_slice(vm, self, item, start, step, count);
    }
    if (!item_index(vm, key, &start))
        return VALUE_NULL;
    uint8_t *address = checked_address(vm, self);
    return address ? cdata_get(vm, proto, 0, self, start, item->size, address + start * item->size) : VALUE_NULL;
}

static bool pointer_set_item(struct vm *vm, value self, value key, value given)
{
    int64_t index;
    value proto = c_type_of_object(vm, self)->proto;
    const struct c_type *item = c_type_of_class(proto);
    if (given == VALUE_NULL) {
        raise_error(vm, &exc_TypeError, "Pointer does not support item deletion");
        return false;
    }
    if (!item_index(vm, key, &index))
        return false;
    uint8_t *address = checked_address(vm, self);
    return address && cdata_set(vm, self, proto, 0, given, index, item->size, address + index * item->size);
}

static const struct property_definition pointer_properties[] = {{"contents", get_contents, set_contents}, {NULL, NULL, NULL}};

struct type c_pointer_type = {.name = "_ctypes._Pointer",
                              .base = &cdata_type,
                              .flags = TYPE_SUBCLASSABLE | TYPE_MAKES_SUBCLASSES,
                              .doc = "XXX to be provided",
                              .instance_size = sizeof(struct cdata),
                              .properties = pointer_properties,
                              .new = pointer_new,
                              .init = pointer_init,
                              .truth = pointer_truth,
                              .get_item = pointer_get_item,
                              .set_item = pointer_set_item};
