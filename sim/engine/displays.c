/* displays.c - building containers from windows, unpacking, f-string pieces, functions, match statements. */
#include "sim/engine/operations.h"
#include "sim/runtime/attribute.h"
#include "sim/runtime/exception.h"

value build_set(struct vm *vm, const value *items, uint32_t count)
{
    value set = set_new(vm, &set_type);
    for (uint32_t i = 0; set != VALUE_NULL && i < count; i++)
        if (!set_add(vm, set, items[i]))
            return VALUE_NULL;
    return set;
}

value build_map(struct vm *vm, const value *items, uint32_t pairs)
{
    value dict = dict_new(vm);
    for (uint32_t i = 0; dict != VALUE_NULL && i < pairs; i++)
        if (!dict_set(vm, dict_of(dict), items[2 * i], items[2 * i + 1]))
            return VALUE_NULL;
    return dict;
}

value build_const_key_map(struct vm *vm, const value *items, uint32_t count)
{
    value dict = dict_new(vm);
    const struct tuple_object *keys = tuple_of(items[count]);
    for (uint32_t i = 0; dict != VALUE_NULL && i < count; i++)
        if (!dict_set(vm, dict_of(dict), keys->items[i], items[i]))
            return VALUE_NULL;
    return dict;
}

static bool is_iterable(struct vm *vm, value v)
{
    struct type *type = value_type(vm, v);
    return type->iter || type->get_item;
}

bool display_extend(struct vm *vm, value list, value iterable)
{
    if (list_extend(vm, list, iterable))
        return true;
    if (exception_matches(vm, &exc_TypeError) && !is_iterable(vm, iterable)) {
        exception_clear(vm);
        raise_error(vm, &exc_TypeError, "Value after * must be an iterable, not %T", iterable);
    }
    return false;
}

bool display_update(struct vm *vm, value dict, value mapping)
{
    value keys = has_flag(mapping, TYPE_DICT) ? NONE : get_attribute_text(vm, mapping, "keys");
    if (keys != VALUE_NULL && dict_merge_from(vm, dict, mapping, true))
        return true;
    if (exception_matches(vm, &exc_AttributeError)) {
        exception_clear(vm);
        raise_error(vm, &exc_TypeError, "'%T' object is not a mapping", mapping);
    }
    return false;
}

value callee_text(struct vm *vm, value callee)
{
    value name = get_attribute_text(vm, callee, "__qualname__");
    if (name == VALUE_NULL) {
        exception_clear(vm);
        return value_string(vm, callee);
    }
    value module = get_attribute_text(vm, callee, "__module__");
    if (module == VALUE_NULL)
        exception_clear(vm);
    if (module == VALUE_NULL || module == NONE || string_is(module, "builtins"))
        return string_printf(vm, "%U()", name);
    return string_printf(vm, "%U.%U()", module, name);
}

/* False, with TypeError pending: the call has that keyword already. */
static bool keyword_is_new(struct vm *vm, value dict, value key, value callee)
{
    value present;
    int found = dict_find(vm, dict_of(dict), key, &present);
    value text = found > 0 ? callee_text(vm, callee) : VALUE_NULL;
    if (text != VALUE_NULL)
        raise_error(vm, &exc_TypeError, "%U got multiple values for keyword argument '%S'", text, key);
    return !found;
}

/* Of a mapping of the program's own, whose keys() may name one twice. */
static bool keywords_of_mapping(struct vm *vm, value dict, value mapping, value callee)
{
    value keys = mapping_keys(vm, mapping);
    for (uint32_t i = 0; keys != VALUE_NULL && i < list_of(keys)->length; i++) {
        value key = list_of(keys)->items[i], item;
        if (!keyword_is_new(vm, dict, key, callee) || (item = get_item(vm, mapping, key)) == VALUE_NULL ||
            !dict_set(vm, dict_of(dict), key, item))
            return false;
    }
    return keys != VALUE_NULL;
}

bool keywords_merge(struct vm *vm, value dict, value keywords, value callee)
{
    /* a dict that iterates as it likes is asked for its keys() */
    if (!has_flag(keywords, TYPE_DICT) || value_type(vm, keywords)->iter != dict_type.iter) {
        if (keywords_of_mapping(vm, dict, keywords, callee))
            return true;
        if (exception_matches(vm, &exc_AttributeError)) {
            exception_clear(vm);
            value text = callee_text(vm, callee);
            if (text != VALUE_NULL)
                raise_error(vm, &exc_TypeError, "%U argument after ** must be a mapping, not %T", text, keywords);
        }
        return false;
    }
    uint32_t position = 0;
    value key, item;
    while (dict_next(dict_of(keywords), &position, &key, &item))
        if (!keyword_is_new(vm, dict, key, callee) || !dict_set(vm, dict_of(dict), key, item))
            return false;
    return true;
}

/* ---- unpacking ---- */

static bool raise_not_iterable(struct vm *vm, value v)
{
    if (exception_matches(vm, &exc_TypeError) && !is_iterable(vm, v)) {
        exception_clear(vm);
        raise_error(vm, &exc_TypeError, "cannot unpack non-iterable %T object", v);
    }
    return false;
}

static bool sequence_items(value v, const value **items, uint64_t *length)
{
    if (is_exact(v, &tuple_type)) {
        *items = tuple_of(v)->items;
        *length = tuple_of(v)->length;
        return true;
    }
    if (is_exact(v, &list_type)) {
        *items = list_of(v)->items;
        *length = list_of(v)->length;
        return true;
    }
    return false;
}

bool unpack_iterable(struct vm *vm, value iterable, value *items, uint32_t count)
{
    const value *source;
    uint64_t length;
    if (sequence_items(iterable, &source, &length)) {
        if (length == count) {
            memcpy(items, source, count * sizeof *items);
            return true;
        }
        if (length < count)
            raise_error(vm, &exc_ValueError, "not enough values to unpack (expected %d, got %d)", (int)count, (int)length);
        else
            raise_error(vm, &exc_ValueError, "too many values to unpack (expected %d)", (int)count);
        return false;
    }
    value iterator = get_iterator(vm, iterable);
    if (iterator == VALUE_NULL)
        return raise_not_iterable(vm, iterable);
    for (uint32_t i = 0; i < count; i++) {
        items[i] = iterator_next(vm, iterator);
        if (items[i] != VALUE_NULL)
            continue;
        if (vm->pending == VALUE_NULL)
            raise_error(vm, &exc_ValueError, "not enough values to unpack (expected %d, got %d)", (int)count, (int)i);
        return false;
    }
    if (iterator_next(vm, iterator) != VALUE_NULL) {
        raise_error(vm, &exc_ValueError, "too many values to unpack (expected %d)", (int)count);
        return false;
    }
    return vm->pending == VALUE_NULL;
}

static void reverse(value *items, uint32_t count)
{
    for (uint32_t i = 0; i < count / 2; i++) {
        value v = items[i];
        items[i] = items[count - 1 - i];
        items[count - 1 - i] = v;
    }
}

bool unpack_window(struct vm *vm, value iterable, value *window, uint32_t count)
{
    value items[count + 1];
    if (!unpack_iterable(vm, iterable, items, count))
        return false;
    memcpy(window, items, count * sizeof *items);
    reverse(window, count);
    return true;
}

bool unpack_star(struct vm *vm, value iterable, value *window, uint32_t before, uint32_t after)
{
    value iterator = get_iterator(vm, iterable);
    if (iterator == VALUE_NULL)
        return raise_not_iterable(vm, iterable);
    value all = list_from_iterable(vm, iterator);
    if (all == VALUE_NULL)
        return false;
    struct list_object *list = list_of(all);
    if (list->length < before + after) {
        raise_error(vm, &exc_ValueError, "not enough values to unpack (expected at least %d, got %d)", (int)(before + after),
                    (int)list->length);
        return false;
    }
    uint32_t middle = list->length - before - after, total = before + 1 + after;
    value rest = list_from(vm, list->items + before, middle);
    if (rest == VALUE_NULL)
        return false;
    for (uint32_t i = 0; i < total; i++)
        window[total - 1 - i] = i < before ? list->items[i] : i == before ? rest : list->items[i - 1 + middle];
    return true;
}

/* ---- strings, functions ---- */

value format_for_string(struct vm *vm, value v, value specification, uint32_t flags)
{
    switch (flags & 3) {
    case 1:
        v = value_string(vm, v);
        break;
    case 2:
        v = value_repr(vm, v);
        break;
    case 3: {
        value ascii = dict_get_text(vm, dict_of(vm->builtins), "ascii");
        v = call_1(vm, ascii, v);
        break;
    }
    default:
        break;
    }
    if (v == VALUE_NULL)
        return VALUE_NULL;
    if (!(flags & 4) && is_exact(v, &string_type))
        return v;
    return value_format(vm, v, flags & 4 ? specification : VALUE_NULL);
}

value make_function(struct vm *vm, const value *window, uint32_t flags)
{
    uint32_t entries = (uint32_t)__builtin_popcount(flags & 15);
    value v = function_new(vm, window[entries], object_value(vm->frame->globals));
    if (v == VALUE_NULL)
        return VALUE_NULL;
    struct function_object *function = (struct function_object *)value_object(v);
    uint32_t next = 0;
    if (flags & 1)
        function->defaults = window[next++];
    if (flags & 2)
        function->keyword_defaults = window[next++];
    if (flags & 4)
        function->annotations = window[next++];
    if (flags & 8)
        function->closure = window[next++];
    return v;
}

/* ---- match ---- */

value match_keys(struct vm *vm, value mapping, value keys)
{
    const struct tuple_object *tuple = tuple_of(keys);
    value get = VALUE_NULL, marker = VALUE_NULL;
    value result = tuple_new(vm, tuple->length), seen = tuple->length > 1 ? set_new(vm, &set_type) : vm->empty_tuple;
    if (result == VALUE_NULL || seen == VALUE_NULL)
        return VALUE_NULL;
    if (tuple->length) {
        get = get_attribute_text(vm, mapping, "get");
        marker = call_0(vm, object_value(&object_type_object));
        if (get == VALUE_NULL || marker == VALUE_NULL)
            return VALUE_NULL;
    }
    for (uint64_t i = 0; i < tuple->length; i++) {
        int again = tuple->length > 1 ? set_contains(vm, seen, tuple->items[i]) : 0;
        if (again > 0)
            return raise_error(vm, &exc_ValueError, "mapping pattern checks duplicate key (%R)", tuple->items[i]);
        if (again < 0 || (tuple->length > 1 && !set_add(vm, seen, tuple->items[i])))
            return VALUE_NULL;
        value item = call_2(vm, get, tuple->items[i], marker);
        if (item == VALUE_NULL)
            return VALUE_NULL;
        if (item == marker)
            return NONE;
        tuple_of(result)->items[i] = item;
    }
    return result;
}

/* The class's own value stands for its single positional sub-pattern. */
static bool matches_itself(const struct type *type)
{
    return type->flags & (TYPE_INT | TYPE_STRING | TYPE_BYTES | TYPE_LIST | TYPE_TUPLE | TYPE_DICT | TYPE_FLOAT | TYPE_SET) ||
           type == &bytearray_type;
}

static value match_positional_names(struct vm *vm, value type)
{
    value names;
    int found = find_attribute(vm, type, intern_text(vm, "__match_args__"), &names);
    if (found < 0)
        return VALUE_NULL;
    if (!found)
        return vm->empty_tuple;
    if (!is_exact(names, &tuple_type))
        return raise_error(vm, &exc_TypeError, "%s.__match_args__ must be a tuple (got %T)",
                           ((struct type *)value_object(type))->name, names);
    return names;
}

/* A name may be asked for once: by position or by keyword. */
static bool check_match_name(struct vm *vm, value type, value match_names, uint32_t positional, value name)
{
    const char *class_name = ((struct type *)value_object(type))->name;
    if (!has_flag(name, TYPE_STRING)) {
        raise_error(vm, &exc_TypeError, "__match_args__ elements must be strings (got %T)", name);
        return false;
    }
    for (uint32_t i = 0; i < positional; i++)
        if (has_flag(tuple_of(match_names)->items[i], TYPE_STRING) && string_equal(tuple_of(match_names)->items[i], name)) {
            raise_error(vm, &exc_TypeError, "%s() got multiple sub-patterns for attribute %R", class_name, name);
            return false;
        }
    return true;
}

value match_class(struct vm *vm, value subject, value type, value names, uint32_t positional)
{
    if (!has_flag(type, TYPE_TYPE))
        return raise_error(vm, &exc_TypeError, "called match pattern must be a type");
    value isinstance = dict_get_text(vm, dict_of(vm->builtins), "isinstance");
    value answer = call_2(vm, isinstance, subject, type);
    if (answer == VALUE_NULL)
        return VALUE_NULL;
    if (answer != TRUE)
        return NONE;
    uint64_t named = tuple_of(names)->length;
    value result = tuple_new(vm, positional + named);
    if (result == VALUE_NULL)
        return VALUE_NULL;
    value match_names = vm->empty_tuple;
    uint64_t allowed = 1;
    bool itself = false;
    if (positional) {
        match_names = match_positional_names(vm, type);
        if (match_names == VALUE_NULL)
            return VALUE_NULL;
        allowed = tuple_of(match_names)->length;
        itself = !allowed && matches_itself((struct type *)value_object(type));
        if (itself)
            allowed = 1;
        if (positional > allowed)
            return raise_error(vm, &exc_TypeError, "%s() accepts %d positional sub-pattern%s (%d given)",
                               ((struct type *)value_object(type))->name, (int)allowed, allowed == 1 ? "" : "s", (int)positional);
    }
    for (uint64_t i = 0; i < positional + named; i++) {
        if (itself && i == 0) {
            tuple_of(result)->items[0] = subject;
            continue;
        }
        value name = i < positional ? tuple_of(match_names)->items[i] : tuple_of(names)->items[i - positional];
        value item;
        uint32_t before = itself ? 0 : (uint32_t)(i < positional ? i : positional);
        if (!check_match_name(vm, type, match_names, before, name))
            return VALUE_NULL;
        int found = find_attribute(vm, subject, intern(vm, name), &item);
        if (found < 0)
            return VALUE_NULL;
        if (!found)
            return NONE;
        tuple_of(result)->items[i] = item;
    }
    return result;
}
