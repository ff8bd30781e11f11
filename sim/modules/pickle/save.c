/* save.c - writing an object: which way it goes, and the containers. */
#include "sim/modules/pickle/pickle.h"

static const char where[] = " while pickling an object";

/* ---- fast mode: nothing is memoised, so deep nesting is watched for cycles ---- */

static bool fast_enter(struct vm *vm, struct pickler *pickler, value v)
{
    if (++pickler->fast_nesting < PICKLE_FAST_NESTING)
        return true;
    if (memo_find(&pickler->fast_memo, v)) {
        pickler->fast_nesting = -1;
        raise_error(vm, &exc_ValueError, "fast mode: can't pickle cyclic objects including object type %T at %p", v,
                    (void *)(uintptr_t)object_identity(vm, v));
        return false;
    }
    return memo_add(vm, &pickler->fast_memo, v, 0);
}

static void fast_leave(struct pickler *pickler, value v)
{
    if (pickler->fast_nesting-- >= PICKLE_FAST_NESTING)
        memo_remove(&pickler->fast_memo, v);
}

/* ---- lists ---- */

bool pickle_save_list_batches(struct vm *vm, struct pickler *pickler, value iterator)
{
    value item = VALUE_NULL;
    while (pickler->protocol == 0) {
        if ((item = iterator_next(vm, iterator)) == VALUE_NULL)
            return vm->pending == VALUE_NULL;
        if (!pickle_save(vm, pickler, item) || !pickler_put(vm, pickler, OPCODE_APPEND))
            return false;
    }
    for (int n = PICKLE_BATCH; n == PICKLE_BATCH;) {
        value first = iterator_next(vm, iterator);
        if (first == VALUE_NULL)
            return vm->pending == VALUE_NULL;
        item = iterator_next(vm, iterator);
        if (item == VALUE_NULL) /* a single one */
            return vm->pending == VALUE_NULL && pickle_save(vm, pickler, first) && pickler_put(vm, pickler, OPCODE_APPEND);
        if (!pickler_put(vm, pickler, OPCODE_MARK) || !pickle_save(vm, pickler, first))
            return false;
        for (n = 1; item != VALUE_NULL;) {
            if (!pickle_save(vm, pickler, item))
                return false;
            if (++n == PICKLE_BATCH)
                break;
            item = iterator_next(vm, iterator);
        }
        if (vm->pending != VALUE_NULL || !pickler_put(vm, pickler, OPCODE_APPENDS))
            return false;
    }
    return true;
}

/* A list itself: its items may change meanwhile. */
static bool save_items(struct vm *vm, struct pickler *pickler, const struct list_object *list)
{
    if (list->length == 1)
        return pickle_save(vm, pickler, list->items[0]) && pickler_put(vm, pickler, OPCODE_APPEND);
    size_t total = 0;
    do {
        if (!pickler_put(vm, pickler, OPCODE_MARK))
            return false;
        for (size_t end = total + PICKLE_BATCH; total < list->length && total < end; total++)
            if (!pickle_save(vm, pickler, list->items[total]))
                return false;
        if (!pickler_put(vm, pickler, OPCODE_APPENDS))
            return false;
    } while (total < list->length);
    return true;
}

static bool save_list(struct vm *vm, struct pickler *pickler, value v)
{
    if (!(pickler->binary ? pickler_put(vm, pickler, OPCODE_EMPTY_LIST) : pickler_write(vm, pickler, "(l", 2)) ||
        !pickler_memoize(vm, pickler, v))
        return false;
    if (!list_of(v)->length)
        return true;
    if (!recursion_enter(vm, where))
        return false;
    bool good;
    if (pickler->protocol > 0) {
        good = save_items(vm, pickler, list_of(v));
    } else {
        value iterator = get_iterator(vm, v);
        good = iterator != VALUE_NULL && pickle_save_list_batches(vm, pickler, iterator);
    }
    recursion_leave(vm);
    return good;
}

/* ---- dicts ---- */

/* The next pair of an iterator over items: 1, 0: exhausted, -1. */
static int next_pair(struct vm *vm, value iterator, value pair[2])
{
    value item = iterator_next(vm, iterator);
    if (item == VALUE_NULL)
        return vm->pending == VALUE_NULL ? 0 : -1;
    if (!has_flag(item, TYPE_TUPLE) || tuple_of(item)->length != 2) {
        raise_error(vm, &exc_TypeError, "dict items iterator must return 2-tuples");
        return -1;
    }
    pair[0] = tuple_of(item)->items[0];
    pair[1] = tuple_of(item)->items[1];
    return 1;
}

static bool save_pair(struct vm *vm, struct pickler *pickler, const value pair[2])
{
    return pickle_save(vm, pickler, pair[0]) && pickle_save(vm, pickler, pair[1]);
}

bool pickle_save_dict_batches(struct vm *vm, struct pickler *pickler, value iterator)
{
    value first[2], pair[2];
    int found;
    while (pickler->protocol == 0) {
        if ((found = next_pair(vm, iterator, pair)) <= 0)
            return found == 0;
        if (!save_pair(vm, pickler, pair) || !pickler_put(vm, pickler, OPCODE_SETITEM))
            return false;
    }
    for (int n = PICKLE_BATCH; n == PICKLE_BATCH;) {
        if ((found = next_pair(vm, iterator, first)) <= 0)
            return found == 0;
        if ((found = next_pair(vm, iterator, pair)) <= 0)
            return found == 0 && save_pair(vm, pickler, first) && pickler_put(vm, pickler, OPCODE_SETITEM);
        if (!pickler_put(vm, pickler, OPCODE_MARK) || !save_pair(vm, pickler, first))
            return false;
        for (n = 1; found > 0;) {
            if (!save_pair(vm, pickler, pair))
                return false;
            if (++n == PICKLE_BATCH)
                break;
            found = next_pair(vm, iterator, pair);
        }
        if (found < 0 || !pickler_put(vm, pickler, OPCODE_SETITEMS))
            return false;
    }
    return true;
}

static bool save_entries(struct vm *vm, struct pickler *pickler, struct dict_object *dict)
{
    uint32_t position = 0, count = dict->count;
    value pair[2];
    if (count == 1) {
        dict_next(dict, &position, &pair[0], &pair[1]);
        return save_pair(vm, pickler, pair) && pickler_put(vm, pickler, OPCODE_SETITEM);
    }
    int n;
    do { /* as many as fill a batch exactly are followed by an empty one */
        if (!pickler_put(vm, pickler, OPCODE_MARK))
            return false;
        for (n = 0; dict_next(dict, &position, &pair[0], &pair[1]);) {
            if (!save_pair(vm, pickler, pair))
                return false;
            if (++n == PICKLE_BATCH)
                break;
        }
        if (!pickler_put(vm, pickler, OPCODE_SETITEMS))
            return false;
        if (dict->count != count)
            return failed(raise_error(vm, &exc_RuntimeError, "dictionary changed size during iteration"));
    } while (n == PICKLE_BATCH);
    return true;
}

static bool save_dict(struct vm *vm, struct pickler *pickler, value v)
{
    if (!(pickler->binary ? pickler_put(vm, pickler, OPCODE_EMPTY_DICT) : pickler_write(vm, pickler, "(d", 2)) ||
        !pickler_memoize(vm, pickler, v))
        return false;
    if (!dict_of(v)->count)
        return true;
    if (!recursion_enter(vm, where))
        return false;
    bool good;
    if (pickler->protocol > 0) {
        good = save_entries(vm, pickler, dict_of(v));
    } else {
        value iterator = dict_iterator_new(vm, v, DICT_ITEMS);
        good = iterator != VALUE_NULL && pickle_save_dict_batches(vm, pickler, iterator);
    }
    recursion_leave(vm);
    return good;
}

/* ---- sets ---- */

/* set([...]): there are no opcodes before protocol 4 */
static bool save_set_call(struct vm *vm, struct pickler *pickler, value v, struct type *type)
{
    value items = list_from_iterable(vm, v), arguments = items == VALUE_NULL ? VALUE_NULL : tuple_pack(vm, 1, items);
    value reduced = arguments == VALUE_NULL ? VALUE_NULL : tuple_pack(vm, 2, object_value(type), arguments);
    return reduced != VALUE_NULL && pickle_save_reduce(vm, pickler, reduced, v);
}

static bool save_set(struct vm *vm, struct pickler *pickler, value v)
{
    if (pickler->protocol < 4)
        return save_set_call(vm, pickler, v, &set_type);
    if (!pickler_put(vm, pickler, OPCODE_EMPTY_SET) || !pickler_memoize(vm, pickler, v))
        return false;
    struct set_object *set = set_of(v);
    uint32_t position = 0, count = set->used;
    if (!count)
        return true;
    int n;
    do {
        value item;
        if (!pickler_put(vm, pickler, OPCODE_MARK))
            return false;
        for (n = 0; set_next(set, &position, &item);) {
            if (!pickle_save(vm, pickler, item))
                return false;
            if (++n == PICKLE_BATCH)
                break;
        }
        if (!pickler_put(vm, pickler, OPCODE_ADDITEMS))
            return false;
        if (set->used != count)
            return failed(raise_error(vm, &exc_RuntimeError, "set changed size during iteration"));
    } while (n == PICKLE_BATCH);
    return true;
}

static bool save_frozenset(struct vm *vm, struct pickler *pickler, value v)
{
    if (pickler->protocol < 4)
        return save_set_call(vm, pickler, v, &frozenset_type);
    uint32_t position = 0;
    value item;
    if (!pickler_put(vm, pickler, OPCODE_MARK))
        return false;
    while (set_next(set_of(v), &position, &item))
        if (!pickle_save(vm, pickler, item))
            return false;
    const struct memo_entry *known = memo_find(&pickler->memo, v); /* it contains itself: take that one */
    if (known)
        return pickler_put(vm, pickler, OPCODE_POP_MARK) && pickler_write_get(vm, pickler, known);
    return pickler_put(vm, pickler, OPCODE_FROZENSET) && pickler_memoize(vm, pickler, v);
}

/* ---- tuples: the only other immutable ones that may contain themselves ---- */

static bool save_tuple(struct vm *vm, struct pickler *pickler, value v)
{
    const struct tuple_object *tuple = tuple_of(v);
    size_t length = tuple->length;
    if (!length)
        return pickler->protocol ? pickler_put(vm, pickler, OPCODE_EMPTY_TUPLE) : pickler_write(vm, pickler, "(t", 2);
    bool counted = length <= 3 && pickler->protocol >= 2;
    if (!counted && !pickler_put(vm, pickler, OPCODE_MARK))
        return false;
    for (size_t i = 0; i < length; i++)
        if (!pickle_save(vm, pickler, tuple->items[i]))
            return false;
    const struct memo_entry *known = memo_find(&pickler->memo, v);
    if (!known)
        return pickler_put(vm, pickler, counted ? (enum pickle_opcode)(OPCODE_TUPLE1 + length - 1) : OPCODE_TUPLE) &&
               pickler_memoize(vm, pickler, v);
    size_t pops = counted ? length : pickler->binary ? 0 : length + 1;
    if (!pops && !pickler_put(vm, pickler, OPCODE_POP_MARK))
        return false;
    for (; pops; pops--)
        if (!pickler_put(vm, pickler, OPCODE_POP))
            return false;
    return pickler_write_get(vm, pickler, known);
}

/* ---- any object ---- */

/* 1: written as a persistent id, 0: it has none, -1 */
static int save_persistent(struct vm *vm, struct pickler *pickler, value v);

static bool save_watched(struct vm *vm, struct pickler *pickler, value v,
                         bool (*save)(struct vm *vm, struct pickler *pickler, value v))
{
    if (!pickler->fast)
        return save(vm, pickler, v);
    bool good = fast_enter(vm, pickler, v) && save(vm, pickler, v);
    fast_leave(pickler, v);
    return good;
}

static bool save_object(struct vm *vm, struct pickler *pickler, value v, const struct type *type)
{
    if (type == &dict_type)
        return save_watched(vm, pickler, v, save_dict);
    if (type == &set_type)
        return save_set(vm, pickler, v);
    if (type == &frozenset_type)
        return save_frozenset(vm, pickler, v);
    if (type == &list_type)
        return save_watched(vm, pickler, v, save_list);
    if (type == &tuple_type)
        return save_tuple(vm, pickler, v);
    if (type == &bytearray_type)
        return pickle_save_bytearray(vm, pickler, v);
    if (type == &pickle_buffer_type)
        return pickle_save_buffer(vm, pickler, v);
    return pickle_save_reduced(vm, pickler, v);
}

static bool save_value(struct vm *vm, struct pickler *pickler, value v)
{
    if (is_small_int(v))
        return pickle_save_int(vm, pickler, v);
    if (is_immediate_float(v))
        return pickle_save_float(vm, pickler, v);
    if (v == NONE)
        return pickler_put(vm, pickler, OPCODE_NONE);
    if (v == TRUE || v == FALSE)
        return pickler->protocol >= 2 ? pickler_put(vm, pickler, v == TRUE ? OPCODE_NEWTRUE : OPCODE_NEWFALSE)
                                      : pickler_write(vm, pickler, v == TRUE ? "I01\n" : "I00\n", 4);
    const struct type *type = object_type(value_object(v));
    if (type == &int_type)
        return pickle_save_int(vm, pickler, v);
    if (type == &float_type)
        return pickle_save_float(vm, pickler, v);
    const struct memo_entry *known = memo_find(&pickler->memo, v);
    if (known)
        return pickler_write_get(vm, pickler, known);
    if (type == &string_type)
        return pickle_save_string(vm, pickler, v);
    if (type == &bytes_type)
        return pickle_save_bytes(vm, pickler, v);
    if (!recursion_enter(vm, where))
        return false;
    bool good = save_object(vm, pickler, v, type);
    recursion_leave(vm);
    return good;
}

bool pickle_save(struct vm *vm, struct pickler *pickler, value v)
{
    pickler->items++;
    if (pickler->framing && pickler->frame_start >= 0 && !pickler_boundary(vm, pickler))
        return false;
    if (pickler->persistent_id != VALUE_NULL) {
        int saved = save_persistent(vm, pickler, v);
        if (saved)
            return saved > 0;
    }
    return save_value(vm, pickler, v);
}

static int save_persistent(struct vm *vm, struct pickler *pickler, value v)
{
    value id = call_1(vm, pickler->persistent_id, v);
    if (id == VALUE_NULL)
        return -1;
    if (id == NONE)
        return 0;
    bool good;
    if (pickler->binary) { /* an id has no id itself */
        good = (!pickler->framing || pickler->frame_start < 0 || pickler_boundary(vm, pickler)) &&
               save_value(vm, pickler, id) && pickler_put(vm, pickler, OPCODE_BINPERSID);
    } else {
        value text = value_string(vm, id);
        if (text == VALUE_NULL)
            return -1;
        if (!string_of(text)->ascii) {
            pickle_raise(vm, "persistent IDs in protocol 0 must be ASCII strings");
            return -1;
        }
        good = pickler_put(vm, pickler, OPCODE_PERSID) &&
               pickler_write(vm, pickler, string_of(text)->data, string_of(text)->length) &&
               pickler_write(vm, pickler, "\n", 1);
    }
    return good ? 1 : -1;
}
