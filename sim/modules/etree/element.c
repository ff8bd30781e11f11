/* element.c - the type Element: making it, its attributes, its children as a sequence. */
#include "sim/modules/etree/etree.h"
#include "sim/runtime/iterator.h"

static value element_allocate(struct vm *vm, struct type *type)
{
    struct element *element = type == &element_type ? GC_NEW(vm, struct element, &element_type)
                                                    : instance_allocate(vm, type, sizeof *element);
    if (!element)
        return VALUE_NULL;
    element->tag = element->text = element->tail = NONE;
    element->attributes = element->children = VALUE_NULL;
    return object_value(element);
}

value element_make(struct vm *vm, value tag, value attributes)
{
    value made = element_allocate(vm, &element_type);
    if (made == VALUE_NULL)
        return VALUE_NULL;
    element_of(made)->tag = tag;
    if (attributes != VALUE_NULL && dict_of(attributes)->count)
        element_of(made)->attributes = attributes;
    return made;
}

static value element_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    return element_allocate(vm, type);
}

static bool failed(value raised)
{
    (void)raised;
    return false;
}

/* The attributes of a positional dict (VALUE_NULL: none) and keywords, in which attrib may be a dict as well; a new dict, or
 * VALUE_NULL. False: an exception is pending. */
static bool take_attributes(struct vm *vm, value given, const value *items, value names, value *out)
{
    size_t named = keyword_count(names);
    *out = VALUE_NULL;
    if (given == VALUE_NULL && !named)
        return true;
    value from = given;
    for (size_t i = 0; i < named && from == VALUE_NULL; i++)
        if (string_is(tuple_of(names)->items[i], "attrib"))
            from = items[i];
    if (from != VALUE_NULL && !has_flag(from, TYPE_DICT))
        return failed(raise_error(vm, &exc_TypeError, "attrib must be dict, not %T", from));
    *out = from == VALUE_NULL ? dict_new(vm) : dict_copy(vm, from);
    for (size_t i = 0; *out != VALUE_NULL && i < named; i++) {
        value name = tuple_of(names)->items[i];
        if ((given != VALUE_NULL || !string_is(name, "attrib")) && !dict_set(vm, dict_of(*out), name, items[i]))
            return false;
    }
    return *out != VALUE_NULL;
}

/* The last positional argument, when there is one, must be a dict. */
static bool check_arguments(struct vm *vm, const char *function, const value *arguments, size_t count, size_t required)
{
    if (count < required || count > required + 1)
        return failed(raise_error(vm, &exc_TypeError, "%s() takes at %s %zu argument%s (%zu given)", function,
                                  count < required ? "least" : "most", count < required ? required : required + 1,
                                  (count < required ? required : required + 1) == 1 ? "" : "s", count));
    if (required == 2 && !is_element(vm, arguments[0]))
        return failed(raise_error(vm, &exc_TypeError, "%s() argument 1 must be xml.etree.ElementTree.Element, not %T", function,
                                  arguments[0]));
    if (count > required && !has_flag(arguments[required], TYPE_DICT))
        return failed(raise_error(vm, &exc_TypeError, "%s() argument %zu must be dict, not %T", function, required + 1,
                                  arguments[required]));
    return true;
}

static bool element_init(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    value attributes;
    if (!check_arguments(vm, "Element", arguments, count, 1) ||
        !take_attributes(vm, count > 1 ? arguments[1] : VALUE_NULL, arguments + count, keyword_names, &attributes))
        return false;
    struct element *element = element_of(self);
    if (attributes != VALUE_NULL && dict_of(attributes)->count)
        element->attributes = attributes;
    element->tag = arguments[0];
    element->text = element->tail = NONE;
    element->text_parts = element->tail_parts = false;
    return true;
}

ETREE_FUNCTION(etree_sub_element)
{
    ETREE_UNUSED;
    value attributes;
    if (!check_arguments(vm, "SubElement", arguments, count, 2) ||
        !take_attributes(vm, count > 2 ? arguments[2] : VALUE_NULL, arguments + count, keyword_names, &attributes))
        return VALUE_NULL;
    value made = element_make(vm, arguments[1], attributes);
    return made != VALUE_NULL && element_append(vm, arguments[0], made) ? made : VALUE_NULL;
}

/* ---- children ---- */

value etree_sequence(struct vm *vm, value v)
{
    value items = list_from_iterable(vm, v);
    if (items != VALUE_NULL)
        return items;
    exception_clear(vm);
    return raise_error(vm, &exc_TypeError, "expected sequence, not \"%T\"", v);
}

bool element_check(struct vm *vm, value v)
{
    return is_element(vm, v) || failed(raise_error(vm, &exc_TypeError, "expected an Element, not \"%T\"", v));
}

bool element_append(struct vm *vm, value parent, value child)
{
    struct element *element = element_of(parent);
    if (!element_check(vm, child))
        return false;
    if (element->children == VALUE_NULL && (element->children = list_new(vm, 0)) == VALUE_NULL)
        return false;
    return list_append(vm, list_of(element->children), child);
}

static int64_t element_length(struct vm *vm, value self)
{
    (void)vm;
    const struct list_object *children = element_children(element_of(self));
    return children ? children->length : 0;
}

static int element_truth(struct vm *vm, value self)
{
    return element_length(vm, self) != 0;
}

/* The index within the children; false: `message` (IndexError) or another exception is pending. */
static bool child_index(struct vm *vm, value self, value key, const char *message, int64_t *index)
{
    int64_t length = element_length(vm, self);
    if (!value_to_index(vm, key, index))
        return false;
    length = element_length(vm, self);
    if (*index < 0)
        *index += length;
    if (*index < 0 || *index >= length)
        return failed(raise_error(vm, &exc_IndexError, "%s", message));
    return true;
}

static value element_get_item(struct vm *vm, value self, value key)
{
    const struct element *element = element_of(self);
    if (is_exact(key, &slice_type))
        return element->children == VALUE_NULL ? list_new(vm, 0) : get_item(vm, element->children, key);
    if (!has_index(vm, key))
        return raise_error(vm, &exc_TypeError, "element indices must be integers");
    int64_t index;
    if (!child_index(vm, self, key, "child index out of range", &index))
        return VALUE_NULL;
    return list_of(element->children)->items[index];
}

/* What CPython's version does of a slice that ends before it starts: room is made at its end, and filled at its start. */
static bool insert_oddly(struct vm *vm, struct list_object *children, size_t start, size_t stop, const struct list_object *items)
{
    size_t length = children->length, given = items->length;
    if (!list_resize(vm, children, length + given))
        return false;
    memmove(children->items + stop + given, children->items + stop, (length - stop) * sizeof(value));
    memcpy(children->items + start, items->items, given * sizeof(value));
    return true;
}

static bool set_slice(struct vm *vm, struct element *element, value slice, value item)
{
    if (element->children == VALUE_NULL && (element->children = list_new(vm, 0)) == VALUE_NULL)
        return false;
    if (item == VALUE_NULL)
        return delete_item(vm, element->children, slice);
    int64_t start, stop, step;
    if (!slice_unpack(vm, slice, &start, &stop, &step))
        return false;
    value items = etree_sequence(vm, item);
    if (items == VALUE_NULL)
        return false;
    int64_t span = slice_adjust(list_of(element->children)->length, &start, &stop, step), given = list_of(items)->length;
    if (step != 1 && given != span)
        return failed(raise_error(vm, &exc_ValueError, "attempt to assign sequence of size %lld to extended slice of size %lld",
                                  (long long)given, (long long)span));
    for (int64_t i = 0; i < given; i++)
        if (!element_check(vm, list_of(items)->items[i]))
            return false;
    if (step == 1 && start > stop && given)
        return insert_oddly(vm, list_of(element->children), (size_t)start, (size_t)stop, list_of(items));
    return set_item(vm, element->children, slice, items);
}

static bool element_set_item(struct vm *vm, value self, value key, value item)
{
    struct element *element = element_of(self);
    if (is_exact(key, &slice_type))
        return set_slice(vm, element, key, item);
    if (!has_index(vm, key))
        return failed(raise_error(vm, &exc_TypeError, "element indices must be integers"));
    int64_t index;
    if (!child_index(vm, self, key, "child assignment index out of range", &index) ||
        (item != VALUE_NULL && !element_check(vm, item)))
        return false;
    if (item == VALUE_NULL)
        return delete_item(vm, element->children, small_int(index));
    list_of(element->children)->items[index] = item;
    return true;
}

/* ---- attributes ---- */

value etree_join(struct vm *vm, value parts)
{
    if (is_exact(parts, &string_type))
        return parts;
    value items = is_exact(parts, &list_type) ? parts : list_from_iterable(vm, parts);
    if (items == VALUE_NULL)
        return VALUE_NULL;
    value joined = string_join(vm, vm->empty_string, list_of(items)->items, list_of(items)->length);
    gc_keep(items);
    return joined;
}

value element_text(struct vm *vm, struct element *element)
{
    if (element->text_parts) {
        value joined = etree_join(vm, element->text);
        if (joined == VALUE_NULL)
            return VALUE_NULL;
        element->text = joined;
        element->text_parts = false;
    }
    return element->text;
}

value element_tail(struct vm *vm, struct element *element)
{
    if (element->tail_parts) {
        value joined = etree_join(vm, element->tail);
        if (joined == VALUE_NULL)
            return VALUE_NULL;
        element->tail = joined;
        element->tail_parts = false;
    }
    return element->tail;
}

value element_attributes(struct vm *vm, struct element *element)
{
    if (element->attributes == VALUE_NULL)
        element->attributes = dict_new(vm);
    return element->attributes;
}

static bool refuse_deletion(struct vm *vm, value item)
{
    return item == VALUE_NULL && !failed(raise_error(vm, &exc_AttributeError, "can't delete element attribute"));
}

static value get_tag(struct vm *vm, value self) { (void)vm; return element_of(self)->tag; }
static value get_text(struct vm *vm, value self) { return element_text(vm, element_of(self)); }
static value get_tail(struct vm *vm, value self) { return element_tail(vm, element_of(self)); }
static value get_attributes(struct vm *vm, value self) { return element_attributes(vm, element_of(self)); }

static bool set_tag(struct vm *vm, value self, value item)
{
    if (refuse_deletion(vm, item))
        return false;
    element_of(self)->tag = item;
    return true;
}

static bool set_text(struct vm *vm, value self, value item)
{
    if (refuse_deletion(vm, item))
        return false;
    element_of(self)->text = item;
    element_of(self)->text_parts = false;
    return true;
}

static bool set_tail(struct vm *vm, value self, value item)
{
    if (refuse_deletion(vm, item))
        return false;
    element_of(self)->tail = item;
    element_of(self)->tail_parts = false;
    return true;
}

static bool set_attributes(struct vm *vm, value self, value item)
{
    if (refuse_deletion(vm, item))
        return false;
    if (!has_flag(item, TYPE_DICT))
        return failed(raise_error(vm, &exc_TypeError, "attrib must be dict, not %T", item));
    element_of(self)->attributes = item;
    return true;
}

static value element_repr(struct vm *vm, value self)
{
    struct repr_guard guard;
    enum repr_state state = repr_enter(vm, &guard, self);
    if (state == REPR_AGAIN)
        return raise_error(vm, &exc_RuntimeError, "reentrant call inside %T.__repr__", self);
    if (state == REPR_FAILED)
        return VALUE_NULL;
    value text = string_printf(vm, "<Element %R at %p>", element_of(self)->tag, (void *)(uintptr_t)object_identity(vm, self));
    repr_leave(vm, &guard);
    return text;
}

static void element_trace(struct vm *vm, struct object *object)
{
    const struct element *element = (const struct element *)object;
    gc_mark(vm, element->tag);
    gc_mark(vm, element->text);
    gc_mark(vm, element->tail);
    gc_mark(vm, element->attributes);
    gc_mark(vm, element->children);
}

static const struct property_definition properties[] = {
    {"tag", get_tag, set_tag}, {"text", get_text, set_text}, {"tail", get_tail, set_tail},
    {"attrib", get_attributes, set_attributes}, {0}};

struct type element_type = {
    .name = "xml.etree.ElementTree.Element",
    .flags = TYPE_SUBCLASSABLE | TYPE_GETATTR_PLAIN | TYPE_MAKES_SUBCLASSES,
    .instance_size = sizeof(struct element),
    .methods = element_methods,
    .properties = properties,
    .trace = element_trace,
    .new = element_new,
    .init = element_init,
    .repr = element_repr,
    .iter = sequence_iterator_new, /* by index; module.c takes __iter__ away, since CPython has none */
    .truth = element_truth,
    .length = element_length,
    .get_item = element_get_item,
    .set_item = element_set_item,
};
