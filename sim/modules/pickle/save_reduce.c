/* save_reduce.c - objects without opcodes of their own: what reducer_override, a dispatch table or __reduce_ex__ makes
 * of them. */
#include "sim/modules/pickle/pickle.h"

#include "sim/runtime/type.h"

struct reduction {
    value callable, arguments, state, list_items, dict_items, state_setter; /* the last four VALUE_NULL: none */
};

/* ---- what a tuple of __reduce__ says ---- */

static bool is_iterator(struct vm *vm, value v)
{
    struct type *type = value_type(vm, v);
    if (!(type->flags & TYPE_READY))
        type_ready(vm, type);
    return type->next != NULL;
}

static bool is_callable(struct vm *vm, value v)
{
    struct type *type = value_type(vm, v);
    if (!(type->flags & TYPE_READY))
        type_ready(vm, type);
    return type->call != NULL;
}

static bool take_reduction(struct vm *vm, value reduced, struct reduction *out)
{
    const struct tuple_object *tuple = tuple_of(reduced);
    if (tuple->length < 2 || tuple->length > 6)
        return failed(pickle_raise(vm, "tuple returned by __reduce__ must contain 2 through 6 elements"));
    value items[6] = {VALUE_NULL, VALUE_NULL, VALUE_NULL, VALUE_NULL, VALUE_NULL, VALUE_NULL};
    for (size_t i = 0; i < tuple->length; i++)
        items[i] = i >= 2 && tuple->items[i] == NONE ? VALUE_NULL : tuple->items[i];
    *out = (struct reduction){items[0], items[1], items[2], items[3], items[4], items[5]};
    if (!is_callable(vm, out->callable))
        return failed(pickle_raise(vm, "first item of the tuple returned by __reduce__ must be callable"));
    if (!has_flag(out->arguments, TYPE_TUPLE))
        return failed(pickle_raise(vm, "second item of the tuple returned by __reduce__ must be a tuple"));
    if (out->list_items != VALUE_NULL && !is_iterator(vm, out->list_items))
        return failed(pickle_raise(vm, "fourth element of the tuple returned by __reduce__ must be an iterator, not %T",
                            out->list_items));
    if (out->dict_items != VALUE_NULL && !is_iterator(vm, out->dict_items))
        return failed(pickle_raise(vm, "fifth element of the tuple returned by __reduce__ must be an iterator, not %T",
                            out->dict_items));
    if (out->state_setter != VALUE_NULL && !is_callable(vm, out->state_setter))
        return failed(pickle_raise(vm, "sixth element of the tuple returned by __reduce__ must be a function, not %T",
                            out->state_setter));
    return true;
}

/* ---- the three ways to make the object again ---- */

static bool save_call(struct vm *vm, struct pickler *pickler, value callable, value arguments)
{
    return pickle_save(vm, pickler, callable) && pickle_save(vm, pickler, arguments) &&
           pickler_put(vm, pickler, OPCODE_REDUCE);
}

/* cls.__new__(cls, *args, **kwargs): before protocol 4 as the call of a partial object */
static bool save_new_keywords(struct vm *vm, struct pickler *pickler, value given)
{
    const struct tuple_object *tuple = tuple_of(given);
    if (tuple->length != 3)
        return failed(pickle_raise(vm, "length of the NEWOBJ_EX argument tuple must be exactly 3, not %zu", (size_t)tuple->length));
    value class = tuple->items[0], arguments = tuple->items[1], keywords = tuple->items[2];
    if (!has_flag(class, TYPE_TYPE))
        return failed(pickle_raise(vm, "first item from NEWOBJ_EX argument tuple must be a class, not %T", class));
    if (!has_flag(arguments, TYPE_TUPLE))
        return failed(pickle_raise(vm, "second item from NEWOBJ_EX argument tuple must be a tuple, not %T", arguments));
    if (!has_flag(keywords, TYPE_DICT))
        return failed(pickle_raise(vm, "third item from NEWOBJ_EX argument tuple must be a dict, not %T", keywords));
    if (pickler->protocol >= 4)
        return pickle_save(vm, pickler, class) && pickle_save(vm, pickler, arguments) && pickle_save(vm, pickler, keywords) &&
               pickler_put(vm, pickler, OPCODE_NEWOBJ_EX);
    size_t count = tuple_of(arguments)->length;
    value new = get_attribute(vm, class, NAMED(vm, __new__)), all = tuple_new(vm, count + 2);
    if (new == VALUE_NULL || all == VALUE_NULL)
        return false;
    tuple_of(all)->items[0] = new;
    tuple_of(all)->items[1] = class;
    for (size_t i = 0; i < count; i++)
        tuple_of(all)->items[i + 2] = tuple_of(arguments)->items[i];
    value callable = call_with_dict(vm, vm->pickle->partial, all, keywords);
    return callable != VALUE_NULL && save_call(vm, pickler, callable, vm->empty_tuple);
}

static bool save_new(struct vm *vm, struct pickler *pickler, value given, value v)
{
    size_t count = tuple_of(given)->length;
    if (!count)
        return failed(pickle_raise(vm, "__newobj__ arglist is empty"));
    value class = tuple_of(given)->items[0], own;
    if (!has_flag(class, TYPE_TYPE))
        return failed(pickle_raise(vm, "args[0] from __newobj__ args is not a type"));
    if (v != VALUE_NULL) {
        int found = find_attribute(vm, v, NAMED(vm, __class__), &own);
        if (found < 0)
            return false;
        if ((found ? own : object_value(value_type(vm, v))) != class)
            return failed(pickle_raise(vm, "args[0] from __newobj__ args has the wrong class"));
    }
    if (!pickle_save(vm, pickler, class))
        return false;
    value arguments = count == 1 ? vm->empty_tuple : tuple_from(vm, tuple_of(given)->items + 1, count - 1);
    return arguments != VALUE_NULL && pickle_save(vm, pickler, arguments) && pickler_put(vm, pickler, OPCODE_NEWOBJ);
}

static bool save_making(struct vm *vm, struct pickler *pickler, const struct reduction *reduction, value v)
{
    if (pickler->protocol >= 2) { /* __newobj__ and __newobj_ex__ are known by their names */
        value name, callable = reduction->callable;
        int found = callable == vm->pickle->newobj ? 0 : find_attribute(vm, callable, NAMED(vm, __name__), &name);
        if (found < 0)
            return false;
        if (found && is_string(name) && string_is(name, "__newobj_ex__"))
            return save_new_keywords(vm, pickler, reduction->arguments);
        if (callable == vm->pickle->newobj || (found && is_string(name) && string_is(name, "__newobj__")))
            return save_new(vm, pickler, reduction->arguments, v);
    }
    return save_call(vm, pickler, reduction->callable, reduction->arguments);
}

/* What was made goes into the memo. 1: go on with its state; 0: it was there already, because it contains itself; -1. */
static int memoize_made(struct vm *vm, struct pickler *pickler, value v)
{
    const struct memo_entry *known = memo_find(&pickler->memo, v);
    if (!known)
        return pickler_memoize(vm, pickler, v) ? 1 : -1;
    return pickler_put(vm, pickler, OPCODE_POP) && pickler_write_get(vm, pickler, known) ? 0 : -1;
}

static bool save_state(struct vm *vm, struct pickler *pickler, const struct reduction *reduction, value v)
{
    if (reduction->state_setter == VALUE_NULL)
        return pickle_save(vm, pickler, reduction->state) && pickler_put(vm, pickler, OPCODE_BUILD);
    /* state_setter(v, state), whose result is dropped */
    return pickle_save(vm, pickler, reduction->state_setter) && pickle_save(vm, pickler, v) &&
           pickle_save(vm, pickler, reduction->state) && pickler_put(vm, pickler, OPCODE_TUPLE2) &&
           pickler_put(vm, pickler, OPCODE_REDUCE) && pickler_put(vm, pickler, OPCODE_POP);
}

bool pickle_save_reduce(struct vm *vm, struct pickler *pickler, value reduced, value v)
{
    struct reduction reduction;
    if (!take_reduction(vm, reduced, &reduction) || !save_making(vm, pickler, &reduction, v))
        return false;
    if (v != VALUE_NULL) {
        int goes_on = memoize_made(vm, pickler, v);
        if (goes_on <= 0)
            return goes_on == 0;
    }
    if (reduction.list_items != VALUE_NULL && !pickle_save_list_batches(vm, pickler, reduction.list_items))
        return false;
    if (reduction.dict_items != VALUE_NULL && !pickle_save_dict_batches(vm, pickler, reduction.dict_items))
        return false;
    return reduction.state == VALUE_NULL || save_state(vm, pickler, &reduction, v);
}

/* ---- plain instances ---- */

/* object.__reduce_ex__ would answer copyreg.__newobj__(class), and its state is attributes that lie in slots of the instance:
 * they are written from there, without a dict. Its place in the memo is counted all the same. */
static bool is_plain(struct vm *vm, const struct pickler *pickler, value v, struct type *type)
{
    if (pickler->protocol < 2 || pickler->persistent_id != VALUE_NULL || !type_has_plain_layout(type) ||
        !(type->flags & TYPE_HAS_INSTANCE_DICT) || !(type->flags & TYPE_GETATTR_PLAIN) || type->shape.count ||
        (((struct instance *)value_object(v))->flags & INSTANCE_HAS_DICT))
        return false;
    const enum name_id absent[] = {NAME___getnewargs__, NAME___getnewargs_ex__};
    for (int i = 0; i < 2; i++)
        if (type_lookup(vm, type, vm->special_names[absent[i]]) != VALUE_NULL)
            return false;
    if (type_lookup(vm, type, NAMED(vm, __reduce_ex__)) != vm->pickle->reduce_ex ||
        type_lookup(vm, type, NAMED(vm, __reduce__)) != dict_get_interned(object_type_object.dict, NAMED(vm, __reduce__)) ||
        type_lookup(vm, type, NAMED(vm, __getstate__)) != vm->pickle->getstate ||
        type_lookup(vm, type, NAMED(vm, __class__)) != dict_get_interned(object_type_object.dict, NAMED(vm, __class__)))
        return false;
    for (uint32_t i = 0; i < type->mro_count; i++)
        if (is_object(type->mro[i]->slot_names) && tuple_of(type->mro[i]->slot_names)->length)
            return false;
    const struct shape *shape = value_object(v)->shape;
    return shape_find(shape, NAMED(vm, __reduce_ex__)) < 0 && shape_find(shape, NAMED(vm, __class__)) < 0 &&
           shape_find(shape, NAMED(vm, __reduce__)) < 0 && shape_find(shape, NAMED(vm, __getstate__)) < 0 &&
           dict_get_text(vm, type->dict, "__slotnames__") == VALUE_NULL;
}

enum { PLAIN_ATTRIBUTES_MAX = 64 };

/* The attributes in the order they were made; SIZE_MAX: too many. */
static size_t take_attributes(const struct instance *instance, value names[], value items[])
{
    const struct shape *shape = instance->head.shape;
    size_t count = shape->count;
    if (count > PLAIN_ATTRIBUTES_MAX)
        return SIZE_MAX;
    for (; shape->count; shape = shape->parent) {
        size_t index = shape->count - 1;
        names[index] = shape->last_name;
        items[index] = index < instance->capacity ? instance->slots[index]
                                                  : tuple_of(instance->overflow)->items[index - instance->capacity];
    }
    return count;
}

static bool attributes_changed(const struct instance *instance, size_t count)
{
    return count != (instance->flags & INSTANCE_HAS_DICT ? dict_of(instance->overflow)->count : instance->head.shape->count);
}

static bool save_attributes(struct vm *vm, struct pickler *pickler, const value *names, const value *items, size_t count)
{
    if ((pickler->framing && pickler->frame_start >= 0 && !pickler_boundary(vm, pickler)) ||
        !pickler_put(vm, pickler, OPCODE_EMPTY_DICT))
        return false;
    if (!pickler->fast) {
        uint64_t index = pickler->memo.count++;
        uint8_t put[6] = {OPCODE_MEMOIZE};
        size_t size = 1;
        if (pickler->protocol < 4) {
            put[0] = index < 256 ? OPCODE_BINPUT : OPCODE_LONG_BINPUT;
            size = index < 256 ? 2 : 5;
            little_endian_store(put + 1, index, 4);
        }
        if (!pickler_write(vm, pickler, put, size))
            return false;
    }
    if (count != 1 && !pickler_put(vm, pickler, OPCODE_MARK))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!pickle_save(vm, pickler, names[i]) || !pickle_save(vm, pickler, items[i]))
            return false;
    return pickler_put(vm, pickler, count == 1 ? OPCODE_SETITEM : OPCODE_SETITEMS);
}

static bool save_plain(struct vm *vm, struct pickler *pickler, value v, struct type *type)
{
    value names[PLAIN_ATTRIBUTES_MAX], items[PLAIN_ATTRIBUTES_MAX];
    size_t count = take_attributes((const struct instance *)value_object(v), names, items);
    if (!pickle_save(vm, pickler, object_value(type)) || !pickle_save(vm, pickler, vm->empty_tuple) ||
        !pickler_put(vm, pickler, OPCODE_NEWOBJ))
        return false;
    int goes_on = memoize_made(vm, pickler, v);
    if (goes_on <= 0 || !count)
        return goes_on >= 0;
    if (!recursion_enter(vm, " while pickling an object"))
        return false;
    bool good = recursion_enter(vm, " while pickling an object"); /* the dict that was not made counts twice */
    if (good) {
        good = save_attributes(vm, pickler, names, items, count);
        recursion_leave(vm);
        if (good && count > 1 && attributes_changed((const struct instance *)value_object(v), count))
            good = failed(raise_error(vm, &exc_RuntimeError, "dictionary changed size during iteration"));
    }
    recursion_leave(vm);
    return good && pickler_put(vm, pickler, OPCODE_BUILD);
}

/* ---- how v is reduced ---- */

/* The function a table has for v's type: 1, 0: none, -1. */
static int find_reducer(struct vm *vm, const struct pickler *pickler, value type, value *reducer)
{
    if (pickler->dispatch_table == VALUE_NULL)
        return dict_find(vm, dict_of(vm->pickle->dispatch_table), type, reducer);
    *reducer = get_item(vm, pickler->dispatch_table, type);
    if (*reducer != VALUE_NULL)
        return 1;
    if (!exception_matches(vm, &exc_KeyError))
        return -1;
    exception_clear(vm);
    return 0;
}

/* v.__reduce_ex__(protocol) */
static value call_reduce(struct vm *vm, const struct pickler *pickler, value v)
{
    value method;
    int found = find_attribute(vm, v, NAMED(vm, __reduce_ex__), &method);
    if (found > 0)
        return call_1(vm, method, small_int(pickler->protocol));
    if (found == 0)
        found = find_attribute(vm, v, NAMED(vm, __reduce__), &method);
    if (found > 0)
        return call_0(vm, method);
    return found < 0 ? VALUE_NULL : pickle_raise(vm, "can't pickle '%T' object: %R", v, v);
}

bool pickle_save_reduced(struct vm *vm, struct pickler *pickler, value v)
{
    struct type *type = value_type(vm, v);
    value reduced = vm->not_implemented, reducer;
    if (pickler->reducer_override != VALUE_NULL &&
        (reduced = call_1(vm, pickler->reducer_override, v)) == VALUE_NULL)
        return false;
    if (reduced == vm->not_implemented) {
        if (type == &type_type)
            return pickle_save_type(vm, pickler, v);
        if (type == &function_type)
            return pickle_save_global(vm, pickler, v, VALUE_NULL);
        int found = find_reducer(vm, pickler, object_value(type), &reducer);
        if (found < 0)
            return false;
        if (!found && (type->flags & TYPE_TYPE))
            return pickle_save_global(vm, pickler, v, VALUE_NULL);
        if (!found && is_plain(vm, pickler, v, type))
            return save_plain(vm, pickler, v, type);
        reduced = found ? call_1(vm, reducer, v) : call_reduce(vm, pickler, v);
        if (reduced == VALUE_NULL)
            return false;
    }
    if (is_string(reduced))
        return pickle_save_global(vm, pickler, v, reduced);
    if (!has_flag(reduced, TYPE_TUPLE))
        return failed(pickle_raise(vm, "__reduce__ must return a string or tuple"));
    return pickle_save_reduce(vm, pickler, reduced, v);
}
