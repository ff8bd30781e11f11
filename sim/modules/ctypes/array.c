/* array.c - arrays: the base class Array, its metaclass PyCArrayType, and slices of items. */
#include "sim/modules/ctypes/ctypes.h"

/* ---- classes ---- */

static bool fill_shape(struct c_type *c, const struct c_type *item, int64_t length)
{
    c->dimensions = item->dimensions + 1;
    c->shape = malloc((size_t)c->dimensions * 2 * sizeof *c->shape);
    if (!c->shape)
        return false;
    int64_t *strides = c->shape + c->dimensions, stride = item->item_size;
    c->shape[0] = length;
    for (int i = 0; i < item->dimensions; i++)
        c->shape[i + 1] = item->shape[i];
    for (int i = c->dimensions - 1; i >= 0; i--) {
        strides[i] = stride;
        stride *= c->shape[i];
    }
    return true;
}

static bool check_length(struct vm *vm, value class, int64_t *length)
{
    value given;
    int found = find_attribute(vm, class, intern_text(vm, "_length_"), &given);
    if (found < 0)
        return false;
    if (!found)
        raise_error(vm, &exc_AttributeError, "class must define a '_length_' attribute");
    else if (!is_int(given))
        raise_error(vm, &exc_TypeError, "The '_length_' attribute must be an integer");
    else if (int_sign(given) < 0)
        raise_error(vm, &exc_ValueError, "The '_length_' attribute must not be negative");
    else if (!value_to_int64(vm, given, length)) {
        exception_clear(vm);
        raise_error(vm, &exc_OverflowError, "The '_length_' attribute is too large");
    }
    return vm->pending == VALUE_NULL;
}

static struct c_type *check_items(struct vm *vm, value class, value *item_class)
{
    int found = find_attribute(vm, class, intern_text(vm, "_type_"), item_class);
    if (found < 0)
        return NULL;
    struct c_type *item = found ? c_type_of_class(*item_class) : NULL;
    if (!found)
        raise_error(vm, &exc_AttributeError, "class must define a '_type_' attribute");
    else if (!item)
        raise_error(vm, &exc_TypeError, "_type_ must have storage info");
    return item;
}

static bool add_properties(struct vm *vm, struct type *type, const struct property_definition *properties)
{
    for (; properties->name; properties++) {
        value property = getset_new(vm, type, properties);
        if (property == VALUE_NULL || !dict_set_interned(vm, type->dict, intern_text(vm, properties->name), property))
            return false;
    }
    type_modified(vm, type);
    return true;
}

static value array_class_new(struct vm *vm, struct type *metaclass, const value *arguments, size_t count, value keyword_names)
{
    bool made;
    int64_t length;
    value item_class;
    struct type *type = class_make(vm, metaclass, arguments, count, keyword_names, &made);
    if (!type || !made)
        return type ? object_value(type) : VALUE_NULL;
    value class = object_value(type);
    if (!check_length(vm, class, &length))
        return VALUE_NULL;
    struct c_type *item = check_items(vm, class, &item_class);
    if (!item)
        return VALUE_NULL;
    if (item->size && length > INT64_MAX / item->size)
        return raise_error(vm, &exc_OverflowError, "array too large");
    struct c_type *c = c_type_new(vm, type, C_ARRAY);
    if (!c)
        return VALUE_NULL;
    c->length = length;
    c->proto = item_class;
    c->size = item->size * length;
    c->align = item->align;
    c->item_size = item->item_size;
    c->format = format_printf("%s", item->format ? item->format : "B");
    item->flags |= C_FINAL;
    c->flags |= item->flags & (C_IS_POINTER | C_HAS_POINTER) ? C_HAS_POINTER : 0;
    if (!fill_shape(c, item, length))
        return raise_no_memory(vm);
    if (item->kind == C_SIMPLE && (item->code == 'c' || item->code == 'u') &&
        !add_properties(vm, type, item->code == 'c' ? char_array_properties : wide_array_properties))
        return VALUE_NULL;
    return class;
}

value array_class(struct vm *vm, value item_class, int64_t length)
{
    value found, key = tuple_pack(vm, 2, item_class, int_from_int64(vm, length));
    if (key == VALUE_NULL)
        return VALUE_NULL;
    int known = dict_find(vm, dict_of(vm->ctypes->array_types), key, &found);
    if (known)
        return known < 0 ? VALUE_NULL : found;
    value namespace = dict_new(vm);
    if (namespace == VALUE_NULL || !dict_set_text(vm, dict_of(namespace), "_length_", int_from_int64(vm, length)) ||
        !dict_set_text(vm, dict_of(namespace), "_type_", item_class))
        return VALUE_NULL;
    value made = class_call(vm, &array_metatype, string_printf(vm, "%s_Array_%ld", type_of_value(item_class)->name, (long)length),
                            &c_array_type, namespace);
    if (made == VALUE_NULL || !dict_set(vm, dict_of(vm->ctypes->array_types), key, made))
        return VALUE_NULL;
    return made;
}

static const struct method_definition array_class_methods[] = {CLASS_METHODS(class_from_param_method), {0}};

struct type array_metatype = {.name = "_ctypes.PyCArrayType",
                              .base = &type_type,
                              .flags = TYPE_SUBCLASSABLE,
                              .instance_size = sizeof(struct type),
                              .doc = "metatype for the Array Objects",
                              .methods = array_class_methods,
                              .new = array_class_new,
                              .repeat = class_repeat};

/* ---- items ---- */

static const struct c_type *item_type(struct vm *vm, value self, value *item_class)
{
    const struct c_type *c = c_type_of_object(vm, self);
    *item_class = c->proto;
    return c_type_of_class(c->proto);
}

static value item_at(struct vm *vm, value self, int64_t index)
{
    value item_class;
    const struct c_type *item = item_type(vm, self, &item_class);
    if (index < 0 || index >= cdata_of(self)->length)
        return raise_error(vm, &exc_IndexError, "invalid index");
    return cdata_get(vm, item_class, 0, self, index, item->size, cdata_of(self)->data + index * item->size);
}

static bool set_item_at(struct vm *vm, value self, int64_t index, value given)
{
    value item_class;
    const struct c_type *item = item_type(vm, self, &item_class);
    if (index < 0 || index >= cdata_of(self)->length) {
        raise_error(vm, &exc_IndexError, "invalid index");
        return false;
    }
    return cdata_set(vm, self, item_class, 0, given, index, item->size, cdata_of(self)->data + index * item->size);
}

static value bytes_slice(struct vm *vm, const uint8_t *from, int64_t step, int64_t count)
{
    value bytes = bytes_from(vm, step == 1 ? from : NULL, (size_t)count);
    for (int64_t i = 0; bytes != VALUE_NULL && step != 1 && i < count; i++)
        bytes_of(bytes)->data[i] = from[i * step];
    return bytes;
}

static value text_slice(struct vm *vm, const uint8_t *from, int64_t step, int64_t count)
{
    uint8_t *text = malloc((size_t)count * 4 + 4);
    if (!text)
        return raise_no_memory(vm);
    for (int64_t i = 0; i < count; i++)
        memcpy(text + i * 4, from + i * step * 4, 4);
    value made = c_wide_text(vm, text, count);
    free(text);
    return made;
}

value items_slice(struct vm *vm, value self, const struct c_type *item, int64_t start, int64_t step, int64_t count)
{
    bool is_array = is_kind(vm, self, &c_array_type);
    uint8_t *first = cdata_of(self)->data;
    if (!is_array)
        memcpy(&first, cdata_of(self)->data, sizeof(void *));
    first += start * item->size;
    ADD_WORK(vm, items, count);
    if (item->kind == C_SIMPLE && item->code == 'c')
        return count ? bytes_slice(vm, first, step, count) : vm->empty_bytes;
    if (item->kind == C_SIMPLE && item->code == 'u')
        return count ? text_slice(vm, first, step, count) : vm->empty_string;
    value list = list_new(vm, (size_t)count), class = c_type_of_object(vm, self)->proto;
    bool plain = is_plain_simple(type_of_value(class));
    for (int64_t i = 0; list != VALUE_NULL && plain && i < count; i++) {
        value made = c_load(vm, item->code, item->swapped, first + i * step * item->size, item->size);
        if (made == VALUE_NULL)
            return VALUE_NULL;
        list_of(list)->items[i] = made;
    }
    for (int64_t i = 0; list != VALUE_NULL && !plain && i < count; i++) {
        value key = int_from_int64(vm, start + i * step);
        value made = is_array ? item_at(vm, self, start + i * step) : get_item(vm, self, key);
        if (made == VALUE_NULL)
            return VALUE_NULL;
        list_of(list)->items[i] = made;
    }
    return list;
}

static bool own_index(struct vm *vm, value self, value key, int64_t *index)
{
    if (!has_index(vm, key)) {
        raise_error(vm, &exc_TypeError, "indices must be integers");
        return false;
    }
    if (!value_to_index(vm, key, index))
        return false;
    *index += *index < 0 ? cdata_of(self)->length : 0;
    return true;
}

static value array_get_item(struct vm *vm, value self, value key)
{
    int64_t start, stop, step, count;
    if (is_exact(key, &slice_type)) {
        value item_class;
        if (!slice_indices(vm, key, cdata_of(self)->length, &start, &stop, &step, &count))
            return VALUE_NULL;
        return items_slice(vm, self, item_type(vm, self, &item_class), start, step, count);
    }
    return own_index(vm, self, key, &start) ? item_at(vm, self, start) : VALUE_NULL;
}

static bool set_slice(struct vm *vm, value self, value key, value given)
{
    int64_t start, stop, step, count;
    if (!slice_indices(vm, key, cdata_of(self)->length, &start, &stop, &step, &count))
        return false;
    int64_t length = value_length(vm, given);
    if (length < 0)
        exception_clear(vm);
    if (length != count) {
        raise_error(vm, &exc_ValueError, "Can only assign sequence of same size");
        return false;
    }
    ADD_WORK(vm, items, count);
    for (int64_t i = 0; i < count; i++) {
        value item = get_item(vm, given, small_int(i));
        if (item == VALUE_NULL || !set_item_at(vm, self, start + i * step, item))
            return false;
    }
    return true;
}

static bool array_set_item(struct vm *vm, value self, value key, value given)
{
    int64_t index;
    if (given == VALUE_NULL) {
        raise_error(vm, &exc_TypeError, "Array does not support item deletion");
        return false;
    }
    if (is_exact(key, &slice_type))
        return set_slice(vm, self, key, given);
    return own_index(vm, self, key, &index) && set_item_at(vm, self, index, given);
}

static int64_t array_length(struct vm *vm, value self)
{
    (void)vm;
    return cdata_of(self)->length;
}

static bool array_init(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)keyword_names;
    for (size_t i = 0; i < count; i++)
        if (!set_item_at(vm, self, (int64_t)i, arguments[i]))
            return false;
    return true;
}

static const struct method_definition array_methods[] = {CLASS_GETITEM, {0}};

struct type c_array_type = {.name = "_ctypes.Array",
                            .base = &cdata_type,
                            .flags = TYPE_SUBCLASSABLE | TYPE_MAKES_SUBCLASSES | TYPE_SEQUENCE,
                            .doc = "XXX to be provided",
                            .instance_size = sizeof(struct cdata),
                            .methods = array_methods,
                            .new = cdata_new,
                            .init = array_init,
                            .length = array_length,
                            .get_item = array_get_item,
                            .set_item = array_set_item};

/* ---- arrays of characters: value and raw ---- */

static value get_bytes(struct vm *vm, value self)
{
    return c_load(vm, FORMAT_BYTES, false, cdata_of(self)->data, cdata_of(self)->size);
}

static bool set_bytes(struct vm *vm, value self, value item)
{
    struct cdata *data = cdata_of(self);
    if (item == VALUE_NULL)
        raise_error(vm, &exc_TypeError, "can't delete attribute");
    else if (!is_bytes(item))
        raise_error(vm, &exc_TypeError, "bytes expected instead of %T instance", item);
    else if ((int64_t)bytes_of(item)->length > data->size)
        raise_error(vm, &exc_ValueError, "byte string too long");
    else {
        int64_t size = (int64_t)bytes_of(item)->length; /* and the NUL, if it has room */
        memcpy(data->data, bytes_of(item)->data, (size_t)(size + (size < data->size)));
    }
    return vm->pending == VALUE_NULL;
}

static value get_raw(struct vm *vm, value self)
{
    return bytes_from(vm, cdata_of(self)->data, (size_t)cdata_of(self)->size);
}

static bool set_raw(struct vm *vm, value self, value item)
{
    struct span bytes;
    if (item == VALUE_NULL) {
        raise_error(vm, &exc_AttributeError, "cannot delete attribute");
        return false;
    }
    if (!bytes_like(vm, item, &bytes))
        return false;
    if ((int64_t)bytes.length > cdata_of(self)->size) {
        raise_error(vm, &exc_ValueError, "byte string too long");
        return false;
    }
    memmove(cdata_of(self)->data, bytes.data, bytes.length);
    return true;
}

static value get_text(struct vm *vm, value self)
{
    return c_load(vm, FORMAT_TEXT, false, cdata_of(self)->data, cdata_of(self)->size);
}

static bool set_text(struct vm *vm, value self, value item)
{
    struct cdata *data = cdata_of(self);
    if (item == VALUE_NULL)
        raise_error(vm, &exc_TypeError, "can't delete attribute");
    else if (!is_string(item))
        raise_error(vm, &exc_TypeError, "unicode string expected instead of %T instance", item);
    else if ((int64_t)string_of(item)->length > data->size / 4)
        raise_error(vm, &exc_ValueError, "string too long");
    return vm->pending == VALUE_NULL && c_store(vm, FORMAT_TEXT, false, data->data, item, data->size) != VALUE_NULL;
}

const struct property_definition char_array_properties[] = {{"value", get_bytes, set_bytes}, {"raw", get_raw, set_raw},
                                                            {NULL, NULL, NULL}};
const struct property_definition wide_array_properties[] = {{"value", get_text, set_text}, {NULL, NULL, NULL}};
