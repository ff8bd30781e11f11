/* load_objects.c - classes, what they are called with, state, and what goes into containers. */
#include "sim/modules/pickle/pickle.h"

/* ---- names ---- */

/* The two lines of GLOBAL and INST. */
static value find_by_lines(struct vm *vm, struct unpickler *unpickler, const char *encoding)
{
    value names[2];
    for (int i = 0; i < 2; i++) {
        size_t size;
        const uint8_t *line = unpickler_read_line(vm, unpickler, 2, &size);
        if (!line || (names[i] = bytes_decode(vm, line, size - 1, encoding, "strict")) == VALUE_NULL)
            return VALUE_NULL;
    }
    return unpickler_find_class(vm, unpickler, names[0], names[1]);
}

bool unpickle_global(struct vm *vm, struct unpickler *unpickler)
{
    return unpickler_push(vm, unpickler, find_by_lines(vm, unpickler, "utf-8"));
}

bool unpickle_stack_global(struct vm *vm, struct unpickler *unpickler)
{
    value name = unpickler_pop(vm, unpickler), module = name == VALUE_NULL ? name : unpickler_pop(vm, unpickler);
    if (module == VALUE_NULL)
        return false;
    if (!is_exact(module, &string_type) || !is_exact(name, &string_type))
        return failed(unpickle_raise(vm, "STACK_GLOBAL requires str"));
    return unpickler_push(vm, unpickler, unpickler_find_class(vm, unpickler, module, name));
}

bool unpickle_extension(struct vm *vm, struct unpickler *unpickler, int size)
{
    const uint8_t *data = unpickler_read(vm, unpickler, (size_t)size);
    if (!data)
        return false;
    int64_t number = (int64_t)little_endian_load(data, size);
    if (size == 4)
        number = (int32_t)number;
    if (number <= 0)
        return failed(unpickle_raise(vm, "EXT specifies code <= 0"));
    value code = small_int(number), item;
    int found = dict_find(vm, dict_of(vm->pickle->extension_cache), code, &item);
    if (found)
        return found > 0 && unpickler_push(vm, unpickler, item);
    if ((found = dict_find(vm, dict_of(vm->pickle->inverted_registry), code, &item)) < 0)
        return false;
    if (!found)
        return failed(raise_error(vm, &exc_ValueError, "unregistered extension code %lld", (long long)number));
    if (!has_flag(item, TYPE_TUPLE) || tuple_of(item)->length != 2 || !is_string(tuple_of(item)->items[0]) ||
        !is_string(tuple_of(item)->items[1]))
        return failed(raise_error(vm, &exc_ValueError, "_inverted_registry[%lld] isn't a 2-tuple of strings", (long long)number));
    value object = unpickler_find_class(vm, unpickler, tuple_of(item)->items[0], tuple_of(item)->items[1]);
    return object != VALUE_NULL && dict_set(vm, dict_of(vm->pickle->extension_cache), code, object) &&
           unpickler_push(vm, unpickler, object);
}

bool unpickle_persistent(struct vm *vm, struct unpickler *unpickler, bool binary)
{
    if (unpickler->persistent_load == VALUE_NULL)
        return failed(unpickle_raise(vm, "A load persistent id instruction was encountered,\nbut no persistent_load function was "
                                  "specified."));
    value id;
    if (binary) {
        id = unpickler_pop(vm, unpickler);
    } else {
        size_t size;
        const uint8_t *line = unpickler_read_line(vm, unpickler, 1, &size);
        if (!line)
            return false;
        id = bytes_decode(vm, line, size - 1, "ascii", "strict");
        if (id == VALUE_NULL && exception_matches(vm, &exc_UnicodeDecodeError)) {
            exception_clear(vm);
            unpickle_raise(vm, "persistent IDs in protocol 0 must be ASCII strings");
        }
    }
    return id != VALUE_NULL && unpickler_push(vm, unpickler, call_1(vm, unpickler->persistent_load, id));
}

/* ---- making objects ---- */

/* A class without arguments is not called, unless it says what to call it with. */
static value instantiate(struct vm *vm, value class, value arguments)
{
    if (!tuple_of(arguments)->length && has_flag(class, TYPE_TYPE)) {
        value function;
        int found = find_attribute(vm, class, intern_text(vm, "__getinitargs__"), &function);
        if (found < 0)
            return VALUE_NULL;
        if (!found)
            return call_method(vm, class, "__new__", &class, 1);
    }
    return call(vm, class, tuple_of(arguments)->items, tuple_of(arguments)->length, VALUE_NULL);
}

bool unpickle_obj(struct vm *vm, struct unpickler *unpickler)
{
    size_t mark;
    if (!unpickler_pop_mark(vm, unpickler, &mark))
        return false;
    if (unpickler->size <= mark)
        return failed(unpickler_underflow(vm, unpickler));
    value arguments = unpickler_pop_tuple(vm, unpickler, mark + 1);
    value class = arguments == VALUE_NULL ? VALUE_NULL : unpickler_pop(vm, unpickler);
    return class != VALUE_NULL && unpickler_push(vm, unpickler, instantiate(vm, class, arguments));
}

bool unpickle_inst(struct vm *vm, struct unpickler *unpickler)
{
    size_t mark;
    if (!unpickler_pop_mark(vm, unpickler, &mark))
        return false;
    value class = find_by_lines(vm, unpickler, "ascii");
    value arguments = class == VALUE_NULL ? VALUE_NULL : unpickler_pop_tuple(vm, unpickler, mark);
    return arguments != VALUE_NULL && unpickler_push(vm, unpickler, instantiate(vm, class, arguments));
}

static value call_new(struct vm *vm, struct type *type, value arguments, value keywords)
{
    const struct tuple_object *given = tuple_of(arguments);
    size_t named = keywords == VALUE_NULL ? 0 : dict_of(keywords)->count;
    if (!(type->flags & TYPE_READY))
        type_ready(vm, type);
    if (!named)
        return type->new(vm, type, given->items, given->length, VALUE_NULL);
    value names = tuple_new(vm, named), all = tuple_new(vm, given->length + named), key, item;
    if (names == VALUE_NULL || all == VALUE_NULL)
        return VALUE_NULL;
    memcpy(tuple_of(all)->items, given->items, given->length * sizeof(value));
    uint32_t position = 0;
    for (size_t i = 0; i < named && dict_next(dict_of(keywords), &position, &key, &item); i++) {
        if (!is_string(key))
            return raise_error(vm, &exc_TypeError, "keywords must be strings");
        tuple_of(names)->items[i] = intern(vm, key);
        tuple_of(all)->items[given->length + i] = item;
    }
    value made = type->new(vm, type, tuple_of(all)->items, given->length, names);
    gc_keep(all);
    return made;
}

bool unpickle_new(struct vm *vm, struct unpickler *unpickler, bool keywords)
{
    value named = VALUE_NULL, arguments, class;
    const char *opcode = keywords ? "NEWOBJ_EX" : "NEWOBJ";
    if ((keywords && (named = unpickler_pop(vm, unpickler)) == VALUE_NULL) ||
        (arguments = unpickler_pop(vm, unpickler)) == VALUE_NULL || (class = unpickler_pop(vm, unpickler)) == VALUE_NULL)
        return false;
    if (!has_flag(class, TYPE_TYPE))
        return failed(unpickle_raise(vm, "%s class argument must be a type, not %T", opcode, class));
    struct type *type = (struct type *)value_object(class);
    if (!type->new)
        return failed(unpickle_raise(vm, "%s class argument '%T' doesn't have __new__", opcode, class));
    if (!has_flag(arguments, TYPE_TUPLE))
        return failed(unpickle_raise(vm, "%s args argument must be a tuple, not %T", opcode, arguments));
    if (keywords && !has_flag(named, TYPE_DICT))
        return failed(unpickle_raise(vm, "%s kwargs argument must be a dict, not %T", opcode, named));
    return unpickler_push(vm, unpickler, call_new(vm, type, arguments, named));
}

bool unpickle_reduce(struct vm *vm, struct unpickler *unpickler)
{
    value arguments = unpickler_pop(vm, unpickler), callable = arguments == VALUE_NULL ? arguments : unpickler_pop(vm, unpickler);
    if (callable == VALUE_NULL)
        return false;
    if (!has_flag(arguments, TYPE_TUPLE))
        return failed(raise_error(vm, &exc_TypeError, "argument list must be a tuple"));
    value made = call(vm, callable, tuple_of(arguments)->items, tuple_of(arguments)->length, VALUE_NULL);
    gc_keep(arguments);
    return unpickler_push(vm, unpickler, made);
}

/* ---- state ---- */

/* Attributes go where they lie, without making a __dict__, as long as no descriptor of the class is in the way. */
static bool set_attributes(struct vm *vm, value object, struct dict_object *state)
{
    struct type *type = value_type(vm, object);
    bool plain = type_has_plain_layout(type) && (type->flags & TYPE_HAS_INSTANCE_DICT) && (type->flags & TYPE_GETATTR_PLAIN) &&
                 type_lookup(vm, type, NAMED(vm, __dict__)) != VALUE_NULL;
    value dict = VALUE_NULL, key, item;
    uint32_t position = 0;
    while (dict_next(state, &position, &key, &item)) {
        if (is_exact(key, &string_type)) {
            key = intern(vm, key);
            if (dict == VALUE_NULL && plain) {
                value found = type_lookup(vm, type, key);
                if (found == VALUE_NULL || !value_type(vm, found)->descriptor_set) {
                    if (!generic_setattr(vm, object, key, item))
                        return false;
                    continue;
                }
            }
        }
        if (dict == VALUE_NULL && (dict = get_attribute(vm, object, NAMED(vm, __dict__))) == VALUE_NULL)
            return false;
        if (!set_item(vm, dict, key, item))
            return false;
    }
    return state->count || plain || get_attribute(vm, object, NAMED(vm, __dict__)) != VALUE_NULL;
}

bool unpickle_build(struct vm *vm, struct unpickler *unpickler)
{
    if (unpickler->size < unpickler->fence + 2)
        return failed(unpickler_underflow(vm, unpickler));
    value state = unpickler_pop(vm, unpickler), object = unpickler->stack[unpickler->size - 1], method, slots = VALUE_NULL;
    int found = find_attribute(vm, object, NAMED(vm, __setstate__), &method);
    if (found)
        return found > 0 && call_1(vm, method, state) != VALUE_NULL;
    if (has_flag(state, TYPE_TUPLE) && tuple_of(state)->length == 2) {
        slots = tuple_of(state)->items[1];
        state = tuple_of(state)->items[0];
    }
    if (state != NONE) {
        if (!has_flag(state, TYPE_DICT))
            return failed(unpickle_raise(vm, "state is not a dictionary"));
        if (!set_attributes(vm, object, dict_of(state)))
            return false;
    }
    if (slots == VALUE_NULL)
        return true;
    if (!has_flag(slots, TYPE_DICT))
        return failed(unpickle_raise(vm, "slot state is not a dictionary"));
    uint32_t position = 0;
    value key, item;
    while (dict_next(dict_of(slots), &position, &key, &item)) {
        if (!is_string(key))
            return failed(raise_error(vm, &exc_TypeError, "attribute name must be string, not '%T'", key));
        if (!set_attribute(vm, object, intern(vm, key), item))
            return false;
    }
    return true;
}

/* ---- containers ---- */

/* object.name(item) for each item from `start` on, which are then gone */
static bool call_for_each(struct vm *vm, struct unpickler *unpickler, size_t start, const char *name)
{
    value function = get_attribute_text(vm, unpickler->stack[start - 1], name);
    bool good = function != VALUE_NULL;
    for (size_t i = start; good && i < unpickler->size; i++)
        good = call_1(vm, function, unpickler->stack[i]) != VALUE_NULL;
    if (function != VALUE_NULL && unpickler->size > start)
        unpickler->size = start;
    return good;
}

bool unpickle_appends(struct vm *vm, struct unpickler *unpickler, size_t start)
{
    if (start > unpickler->size || start <= unpickler->fence)
        return failed(unpickler_underflow(vm, unpickler));
    size_t count = unpickler->size - start;
    if (!count)
        return true;
    value object = unpickler->stack[start - 1], extend;
    if (is_exact(object, &list_type)) {
        struct list_object *list = list_of(object);
        size_t length = list->length;
        if (!list_resize(vm, list, length + count))
            return false;
        memcpy(list->items + length, unpickler->stack + start, count * sizeof(value));
        unpickler->size = start;
        return true;
    }
    int found = find_attribute(vm, object, intern_text(vm, "extend"), &extend);
    if (found < 0)
        return false;
    if (!found)
        return call_for_each(vm, unpickler, start, "append");
    value items = list_from(vm, unpickler->stack + start, count);
    unpickler->size = start;
    return items != VALUE_NULL && call_1(vm, extend, items) != VALUE_NULL;
}

static bool set_pairs(struct vm *vm, struct unpickler *unpickler, value object, size_t start)
{
    bool exact = is_exact(object, &dict_type);
    for (size_t i = start; i + 1 < unpickler->size; i += 2) {
        value key = unpickler->stack[i], item = unpickler->stack[i + 1];
        if (!(exact ? dict_set(vm, dict_of(object), key, item) : set_item(vm, object, key, item)))
            return false;
    }
    return true;
}

bool unpickle_items(struct vm *vm, struct unpickler *unpickler, size_t start)
{
    if (start > unpickler->size || start <= unpickler->fence)
        return failed(unpickler_underflow(vm, unpickler));
    if ((unpickler->size - start) % 2)
        return failed(unpickle_raise(vm, "odd number of items for SETITEMS"));
    bool good = set_pairs(vm, unpickler, unpickler->stack[start - 1], start);
    if (unpickler->size > start)
        unpickler->size = start;
    return good;
}

bool unpickle_additions(struct vm *vm, struct unpickler *unpickler)
{
    size_t start;
    if (!unpickler_pop_mark(vm, unpickler, &start))
        return false;
    if (start > unpickler->size || start <= unpickler->fence)
        return failed(unpickler_underflow(vm, unpickler));
    if (start == unpickler->size)
        return true;
    value object = unpickler->stack[start - 1];
    if (!is_any_set(object) || !is_instance(vm, object, &set_type))
        return call_for_each(vm, unpickler, start, "add");
    bool good = true;
    for (size_t i = start; good && i < unpickler->size; i++)
        good = set_add(vm, object, unpickler->stack[i]);
    if (unpickler->size > start)
        unpickler->size = start;
    return good;
}

bool unpickle_dict(struct vm *vm, struct unpickler *unpickler)
{
    size_t start;
    if (!unpickler_pop_mark(vm, unpickler, &start))
        return false;
    value dict = dict_new(vm);
    if (dict == VALUE_NULL)
        return false;
    if ((unpickler->size - start) % 2)
        return failed(unpickle_raise(vm, "odd number of items for DICT"));
    if (!set_pairs(vm, unpickler, dict, start))
        return false;
    unpickler->size = start;
    return unpickler_push(vm, unpickler, dict);
}

bool unpickle_frozenset(struct vm *vm, struct unpickler *unpickler)
{
    size_t start;
    if (!unpickler_pop_mark(vm, unpickler, &start))
        return false;
    value set = set_new(vm, &frozenset_type);
    for (size_t i = start; set != VALUE_NULL && i < unpickler->size; i++)
        if (!set_add(vm, set, unpickler->stack[i]))
            return false;
    unpickler->size = start;
    return unpickler_push(vm, unpickler, set);
}
