/* element_methods.c - the methods of Element: children, searching, copies, state. */
#include "sim/modules/etree/etree.h"

#define METHOD(name) static ETREE_FUNCTION(name)

static bool check_argument(struct vm *vm, value v, const char *function, const char *what)
{
    if (is_element(vm, v))
        return true;
    raise_error(vm, &exc_TypeError, "%s() argument%s must be xml.etree.ElementTree.Element, not %s", function, what,
                v == NONE ? "None" : value_type(vm, v)->name);
    return false;
}

static bool check_dict(struct vm *vm, value v, const char *function, const char *what)
{
    if (has_flag(v, TYPE_DICT))
        return true;
    raise_error(vm, &exc_TypeError, "%s() argument%s must be dict, not %s", function, what,
                v == NONE ? "None" : value_type(vm, v)->name);
    return false;
}

/* ---- children ---- */

METHOD(append)
{
    ETREE_UNUSED;
    return check_argument(vm, arguments[0], "append", "") && element_append(vm, self, arguments[0]) ? NONE : VALUE_NULL;
}

METHOD(extend)
{
    ETREE_UNUSED;
    value items = etree_sequence(vm, arguments[0]);
    if (items == VALUE_NULL)
        return VALUE_NULL;
    for (size_t i = 0; i < list_of(items)->length; i++)
        if (!element_append(vm, self, list_of(items)->items[i]))
            return VALUE_NULL;
    return NONE;
}

METHOD(insert)
{
    ETREE_UNUSED;
    int64_t index;
    if (is_float(arguments[0]))
        return raise_error(vm, &exc_TypeError, "'float' object cannot be interpreted as an integer");
    if (!value_to_index(vm, arguments[0], &index) || !check_argument(vm, arguments[1], "insert", " 2"))
        return VALUE_NULL;
    if (!element_append(vm, self, arguments[1]))
        return VALUE_NULL;
    struct list_object *children = element_children(element_of(self));
    int64_t length = (int64_t)children->length - 1;
    index = index < 0 ? (index + length < 0 ? 0 : index + length) : index > length ? length : index;
    memmove(children->items + index + 1, children->items + index, (size_t)(length - index) * sizeof(value));
    children->items[index] = arguments[1];
    return NONE;
}

METHOD(remove_child)
{
    ETREE_UNUSED;
    if (!check_argument(vm, arguments[0], "remove", ""))
        return VALUE_NULL;
    struct list_object *children = element_children(element_of(self));
    size_t i = 0, length = children ? children->length : 0;
    while (i < length && children->items[i] != arguments[0])
        i++;
    if (i == length) {
        for (i = 0; children && i < children->length; i++) {
            int equal = values_equal(vm, children->items[i], arguments[0]);
            if (equal < 0)
                return VALUE_NULL;
            if (equal)
                break;
        }
    }
    if (!children || i >= children->length)
        return raise_error(vm, &exc_ValueError, "list.remove(x): x not in list");
    return delete_item(vm, element_of(self)->children, small_int((int64_t)i)) ? NONE : VALUE_NULL;
}

METHOD(clear)
{
    ETREE_UNUSED;
    struct element *element = element_of(self);
    element->attributes = element->children = VALUE_NULL;
    element->text = element->tail = NONE;
    element->text_parts = element->tail_parts = false;
    return NONE;
}

METHOD(make_element)
{
    ETREE_UNUSED;
    if (!check_dict(vm, arguments[1], "makeelement", " 2"))
        return VALUE_NULL;
    value attributes = dict_copy(vm, arguments[1]);
    return attributes == VALUE_NULL ? VALUE_NULL : element_make(vm, arguments[0], attributes);
}

/* ---- attributes ---- */

METHOD(get)
{
    ETREE_UNUSED;
    value otherwise = arguments[1] == VALUE_NULL ? NONE : arguments[1], item;
    if (element_of(self)->attributes == VALUE_NULL)
        return otherwise;
    int found = dict_find(vm, dict_of(element_of(self)->attributes), arguments[0], &item);
    return found < 0 ? VALUE_NULL : found ? item : otherwise;
}

METHOD(set)
{
    ETREE_UNUSED;
    value attributes = element_attributes(vm, element_of(self));
    return attributes != VALUE_NULL && dict_set(vm, dict_of(attributes), arguments[0], arguments[1]) ? NONE : VALUE_NULL;
}

static value attribute_list(struct vm *vm, value self, enum dict_view_kind kind)
{
    value attributes = element_of(self)->attributes;
    value view = attributes == VALUE_NULL ? list_new(vm, 0) : dict_view_new(vm, attributes, kind);
    return view == VALUE_NULL || attributes == VALUE_NULL ? view : list_from_iterable(vm, view);
}

METHOD(items)
{
    ETREE_UNUSED;
    return attribute_list(vm, self, DICT_ITEMS);
}

METHOD(keys)
{
    ETREE_UNUSED;
    return attribute_list(vm, self, DICT_KEYS);
}

/* ---- searching ---- */

/* More than a plain tag: a matter for xml.etree.ElementPath. */
static bool is_path(struct span tag)
{
    bool outside = true;
    if (tag.length >= 3 && span_at(tag, 0) == '{' &&
        (span_at(tag, 1) == '}' || (span_at(tag, 1) == '*' && span_at(tag, 2) == '}')))
        return true;
    for (size_t i = 0; i < tag.length; i++) {
        uint32_t c = span_at(tag, i);
        if (c == '{')
            outside = false;
        else if (c == '}')
            outside = true;
        else if (outside && (c == '/' || c == '*' || c == '[' || c == '@' || c == '.'))
            return true;
    }
    return false;
}

static bool needs_path(value path, value namespaces)
{
    if (namespaces != VALUE_NULL && namespaces != NONE)
        return true;
    if (is_string(path))
        return is_path(string_span(path));
    return !is_bytes(path) || is_path((struct span){bytes_of(path)->data, bytes_of(path)->length, 1});
}

static value call_path(struct vm *vm, const char *function, const value *arguments, size_t count)
{
    return call_method(vm, vm->etree->path_module, function, arguments, count);
}

/* The next child with that tag from *position on; VALUE_NULL: none, or an exception is pending. */
static value next_child(struct vm *vm, value self, value tag, size_t *position)
{
    for (;;) {
        const struct list_object *children = element_children(element_of(self));
        if (!children || *position >= children->length)
            return VALUE_NULL;
        value child = children->items[(*position)++];
        int equal = values_equal(vm, element_of(child)->tag, tag);
        if (equal)
            return equal > 0 ? child : VALUE_NULL;
    }
}

static value or_none(value v)
{
    return v == VALUE_NULL ? NONE : v;
}

METHOD(find)
{
    ETREE_UNUSED;
    size_t position = 0;
    if (needs_path(arguments[0], arguments[1]))
        return call_path(vm, "find", (value[]){self, arguments[0], or_none(arguments[1])}, 3);
    value child = next_child(vm, self, arguments[0], &position);
    return child != VALUE_NULL ? child : vm->pending == VALUE_NULL ? NONE : VALUE_NULL;
}

METHOD(find_text)
{
    ETREE_UNUSED;
    size_t position = 0;
    if (needs_path(arguments[0], arguments[2]))
        return call_path(vm, "findtext", (value[]){self, arguments[0], or_none(arguments[1]), or_none(arguments[2])}, 4);
    value child = next_child(vm, self, arguments[0], &position);
    if (child == VALUE_NULL)
        return vm->pending == VALUE_NULL ? or_none(arguments[1]) : VALUE_NULL;
    value text = element_text(vm, element_of(child));
    return text == NONE ? vm->empty_string : text;
}

METHOD(find_all)
{
    ETREE_UNUSED;
    size_t position = 0;
    if (needs_path(arguments[0], arguments[1]))
        return call_path(vm, "findall", (value[]){self, arguments[0], or_none(arguments[1])}, 3);
    value found = list_new(vm, 0), child;
    while (found != VALUE_NULL && (child = next_child(vm, self, arguments[0], &position)) != VALUE_NULL)
        if (!list_append(vm, list_of(found), child))
            return VALUE_NULL;
    return vm->pending == VALUE_NULL ? found : VALUE_NULL;
}

METHOD(find_iterated)
{
    ETREE_UNUSED;
    return call_path(vm, "iterfind", (value[]){self, arguments[0], or_none(arguments[1])}, 3);
}

METHOD(iterate_elements)
{
    ETREE_UNUSED;
    value tag = or_none(arguments[0]);
    if ((is_string(tag) && string_is(tag, "*")) || (is_bytes(tag) && bytes_of(tag)->length == 1 && bytes_of(tag)->data[0] == '*'))
        tag = NONE;
    return element_iterator_new(vm, self, tag);
}

METHOD(iterate_texts)
{
    ETREE_UNUSED;
    return element_iterator_new(vm, self, VALUE_NULL);
}

/* ---- copies ---- */

METHOD(copy)
{
    ETREE_UNUSED;
    const struct element *element = element_of(self);
    value made = element_make(vm, element->tag, element->attributes);
    if (made == VALUE_NULL)
        return VALUE_NULL;
    struct element *other = element_of(made);
    if (element_text(vm, element_of(self)) == VALUE_NULL || element_tail(vm, element_of(self)) == VALUE_NULL)
        return VALUE_NULL;
    other->text = element->text;
    other->tail = element->tail;
    if (element->children != VALUE_NULL &&
        (other->children = list_from(vm, list_of(element->children)->items, list_of(element->children)->length)) == VALUE_NULL)
        return VALUE_NULL;
    return made;
}

static value deep_copy(struct vm *vm, value v, value memo)
{
    if (v == NONE || is_exact(v, &string_type))
        return v;
    return call_2(vm, vm->etree->deep_copy, v, memo);
}

METHOD(copy_deeply)
{
    ETREE_UNUSED;
    value memo = arguments[0];
    struct element *element = element_of(self);
    if (!check_dict(vm, memo, "__deepcopy__", ""))
        return VALUE_NULL;
    value tag = deep_copy(vm, element->tag, memo), attributes = element->attributes;
    if (tag == VALUE_NULL ||
        (attributes != VALUE_NULL && (attributes = deep_copy(vm, attributes, memo)) == VALUE_NULL))
        return VALUE_NULL;
    value made = element_make(vm, tag, attributes);
    if (made == VALUE_NULL || element_text(vm, element) == VALUE_NULL || element_tail(vm, element) == VALUE_NULL)
        return VALUE_NULL;
    struct element *other = element_of(made);
    value text = deep_copy(vm, element->text, memo), tail = text == VALUE_NULL ? text : deep_copy(vm, element->tail, memo);
    if (tail == VALUE_NULL)
        return VALUE_NULL;
    other->text = text;
    other->tail = tail;
    for (size_t i = 0; element_children(element) && i < element_children(element)->length; i++) {
        value child = deep_copy(vm, element_children(element)->items[i], memo);
        if (child == VALUE_NULL || !element_append(vm, made, child))
            return VALUE_NULL;
    }
    return dict_set(vm, dict_of(memo), int_from_uint64(vm, object_identity(vm, self)), made) ? made : VALUE_NULL;
}

/* ---- state: what the instance dict of the Python version would be ---- */

METHOD(get_state)
{
    ETREE_UNUSED;
    struct element *element = element_of(self);
    const struct list_object *children = element_children(element);
    value state = dict_new(vm), list = list_from(vm, children ? children->items : NULL, children ? children->length : 0);
    value attributes = element->attributes == VALUE_NULL ? dict_new(vm) : element->attributes;
    if (state == VALUE_NULL || list == VALUE_NULL || attributes == VALUE_NULL)
        return VALUE_NULL;
    static const char *const names[] = {"tag", "_children", "attrib", "text", "tail"}; /* new strs each time: pickles show it */
    const value parts[] = {element->tag, list, attributes, element->text, element->tail};
    for (int i = 0; i < 5; i++) {
        value name = string_from_text(vm, names[i]);
        if (name == VALUE_NULL || !dict_set(vm, dict_of(state), name, parts[i]))
            return VALUE_NULL;
    }
    return state;
}

static bool set_children(struct vm *vm, struct element *element, value list)
{
    if (!has_flag(list, TYPE_LIST)) {
        raise_error(vm, &exc_TypeError, "'_children' is not a list");
        return false;
    }
    value children = list_new(vm, 0);
    if (children == VALUE_NULL)
        return false;
    element->children = children;
    for (size_t i = 0; i < list_of(list)->length; i++)
        if (!element_append(vm, object_value(element), list_of(list)->items[i]))
            return false;
    return true;
}

METHOD(set_state)
{
    ETREE_UNUSED;
    static const char *const names[] = {"tag", "attrib", "text", "tail", "_children"};
    value found[5] = {VALUE_NULL, VALUE_NULL, VALUE_NULL, VALUE_NULL, VALUE_NULL}, key, item;
    struct element *element = element_of(self);
    if (!is_exact(arguments[0], &dict_type))
        return raise_error(vm, &exc_TypeError, "Don't know how to unpickle \"%R\" as an Element", arguments[0]);
    uint32_t position = 0;
    while (dict_next(dict_of(arguments[0]), &position, &key, &item)) {
        int which = 0;
        while (which < 5 && !(is_string(key) && string_is(key, names[which])))
            which++;
        if (which == 5)
            return is_string(key) ? raise_error(vm, &exc_TypeError, "'%U' is an invalid keyword argument for this function", key)
                                  : raise_error(vm, &exc_TypeError, "keywords must be strings");
        found[which] = item;
    }
    if (found[0] == VALUE_NULL)
        return raise_error(vm, &exc_TypeError, "tag may not be NULL");
    element->tag = found[0];
    element->text = or_none(found[2]);
    element->tail = or_none(found[3]);
    element->text_parts = is_exact(element->text, &list_type);
    element->tail_parts = is_exact(element->tail, &list_type);
    if (found[4] != VALUE_NULL && !set_children(vm, element, found[4]))
        return VALUE_NULL;
    if (found[4] != VALUE_NULL || found[1] != VALUE_NULL)
        element->attributes = found[1];
    return NONE;
}

METHOD(size_of)
{
    ETREE_UNUSED;
    const struct list_object *children = element_children(element_of(self));
    int64_t extra = children || element_of(self)->attributes != VALUE_NULL ? 64 : 0;
    return small_int(56 + extra + (children && children->length > 4 ? (int64_t)children->capacity * 8 : 0));
}

const struct method_definition element_methods[] = {
    {"clear", "()", clear, 0, NULL},
    {"get", "(key, default=None)", get, 0, NULL},
    {"set", "(key, value, /)", set, 0, NULL},
    {"find", "(path, namespaces=None)", find, 0, NULL},
    {"findtext", "(path, default=None, namespaces=None)", find_text, 0, NULL},
    {"findall", "(path, namespaces=None)", find_all, 0, NULL},
    {"append", "(subelement, /)", append, 0, NULL},
    {"extend", "(elements, /)", extend, 0, NULL},
    {"insert", "(index, subelement, /)", insert, 0, NULL},
    {"remove", "(subelement, /)", remove_child, 0, NULL},
    {"iter", "(tag=None)", iterate_elements, 0, NULL},
    {"itertext", "()", iterate_texts, 0, NULL},
    {"iterfind", "(path, namespaces=None)", find_iterated, 0, NULL},
    {"items", "()", items, 0, NULL},
    {"keys", "()", keys, 0, NULL},
    {"makeelement", "(tag, attrib, /)", make_element, 0, NULL},
    {"__copy__", "()", copy, 0, NULL},
    {"__deepcopy__", "(memo, /)", copy_deeply, 0, NULL},
    {"__sizeof__", "()", size_of, 0, NULL},
    {"__getstate__", "()", get_state, 0, NULL},
    {"__setstate__", "(state, /)", set_state, 0, NULL},
    {0},
};
