/* pickler.c - the type Pickler, and the object that stands for its memo. */
#include "sim/modules/pickle/pickle.h"

#include <stdlib.h>

#define METHOD(name)                                                                                                   \
    static value name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

static value pickler_allocate(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    struct pickler *pickler = pickler_new(vm, type);
    return pickler ? object_value(pickler) : VALUE_NULL;
}

struct pickler *pickler_new(struct vm *vm, struct type *type)
{
    struct pickler *pickler = instance_allocate(vm, type, sizeof *pickler);
    if (!pickler)
        return NULL;
    pickler->frame_start = -1;
    pickler->write = pickler->persistent_id = pickler->dispatch_table = VALUE_NULL;
    pickler->reducer_override = pickler->buffer_callback = VALUE_NULL;
    return pickler;
}

void pickler_dispose(struct pickler *pickler)
{
    free(pickler->out);
    pickler->out = NULL;
    pickler->length = pickler->capacity = 0;
    pickler->frame_start = -1;
    memo_clear(&pickler->memo);
    memo_clear(&pickler->fast_memo);
}

static void pickler_release(struct vm *vm, struct object *object)
{
    (void)vm;
    pickler_dispose((struct pickler *)object);
}

static void pickler_trace(struct vm *vm, struct object *object)
{
    const struct pickler *pickler = (const struct pickler *)object;
    gc_mark(vm, pickler->write);
    gc_mark(vm, pickler->persistent_id);
    gc_mark(vm, pickler->dispatch_table);
    gc_mark(vm, pickler->reducer_override);
    gc_mark(vm, pickler->buffer_callback);
    memo_trace(vm, &pickler->memo);
    memo_trace(vm, &pickler->fast_memo);
}

/* ---- options ---- */

bool pickler_set_protocol(struct vm *vm, struct pickler *pickler, value protocol, value fix_imports)
{
    int64_t number = PICKLE_PROTOCOL_DEFAULT;
    int fix = fix_imports == VALUE_NULL ? 1 : value_truth(vm, fix_imports);
    if (fix < 0)
        return false;
    if (protocol != VALUE_NULL && protocol != NONE && !value_to_int64(vm, protocol, &number))
        return false;
    if (number < 0)
        number = PICKLE_PROTOCOL_HIGHEST;
    if (number > PICKLE_PROTOCOL_HIGHEST)
        return failed(raise_error(vm, &exc_ValueError, "pickle protocol must be <= %d", PICKLE_PROTOCOL_HIGHEST));
    pickler->protocol = (int)number;
    pickler->binary = number > 0;
    pickler->fix_imports = fix && number < 3;
    return true;
}

bool pickler_set_file(struct vm *vm, struct pickler *pickler, value file)
{
    int found = find_attribute(vm, file, NAMED(vm, write), &pickler->write);
    if (found > 0)
        return true;
    pickler->write = VALUE_NULL;
    return found == 0 && failed(raise_error(vm, &exc_TypeError, "file must have a 'write' attribute"));
}

bool pickler_set_buffer_callback(struct vm *vm, struct pickler *pickler, value callback)
{
    pickler->buffer_callback = callback == NONE ? VALUE_NULL : callback;
    if (pickler->buffer_callback == VALUE_NULL || pickler->protocol >= 5)
        return true;
    pickler->buffer_callback = VALUE_NULL;
    return failed(raise_error(vm, &exc_ValueError, "buffer_callback needs protocol >= 5"));
}

/* An attribute that a subclass may define. False: its getter failed. */
static bool take_attribute(struct vm *vm, struct pickler *pickler, const char *name, value *slot)
{
    value found;
    int state = find_attribute(vm, object_value(pickler), intern_text(vm, name), &found);
    if (state >= 0)
        *slot = state ? found : VALUE_NULL;
    return state >= 0;
}

static bool pickler_init(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    static const char *const names[] = {"file", "protocol", "fix_imports", "buffer_callback", NULL};
    struct pickler *pickler = pickler_of(self);
    value given[4];
    if (!arguments_bind(vm, &(struct argument_names){"Pickler", names, 1, 4}, arguments, count, keyword_names, given))
        return false;
    if (pickler->write != VALUE_NULL) { /* again */
        pickler_dispose(pickler);
        pickler->write = pickler->persistent_id = pickler->dispatch_table = VALUE_NULL;
        pickler->reducer_override = pickler->buffer_callback = VALUE_NULL;
    }
    if (!pickler_set_protocol(vm, pickler, given[1], given[2]) || !pickler_set_file(vm, pickler, given[0]) ||
        !pickler_set_buffer_callback(vm, pickler, given[3]))
        return false;
    pickler->length = 0;
    pickler->fast = pickler->fast_nesting = 0;
    memo_clear(&pickler->fast_memo);
    if (is_exact(self, &pickler_type))
        return true;
    return take_attribute(vm, pickler, "persistent_id", &pickler->persistent_id) &&
           (pickler->dispatch_table != VALUE_NULL || take_attribute(vm, pickler, "dispatch_table", &pickler->dispatch_table));
}

/* ---- methods ---- */

bool pickler_dump(struct vm *vm, struct pickler *pickler, value object)
{
    pickler->reducer_override = VALUE_NULL;
    pickler->items = 0;
    if (!is_exact(object_value(pickler), &pickler_type) &&
        !take_attribute(vm, pickler, "reducer_override", &pickler->reducer_override))
        return false;
    bool good = true;
    if (pickler->protocol >= 2) {
        const uint8_t header[2] = {OPCODE_PROTO, (uint8_t)pickler->protocol};
        good = pickler_write(vm, pickler, header, 2);
        pickler->framing = pickler->protocol >= 4;
    }
    if (good && (good = recursion_enter(vm, " while calling a Python object"))) {
        good = pickle_save(vm, pickler, object) && pickler_put(vm, pickler, OPCODE_STOP);
        recursion_leave(vm);
    }
    if (good)
        pickler_end_frame(pickler);
    pickler->framing = false;
    pickler->reducer_override = VALUE_NULL;
    ADD_WORK(vm, items, pickler->items);
    return good;
}

METHOD(method_dump)
{
    UNUSED;
    struct pickler *pickler = pickler_of(self);
    if (pickler->write == VALUE_NULL)
        return pickle_raise(vm, "Pickler.__init__() was not called by %T.__init__()", self);
    pickler->length = 0;
    pickler->frame_start = -1;
    return pickler_dump(vm, pickler, arguments[0]) && pickler_flush(vm, pickler) ? NONE : VALUE_NULL;
}

METHOD(method_clear_memo)
{
    UNUSED;
    memo_clear(&pickler_of(self)->memo);
    return NONE;
}

METHOD(method_sizeof)
{
    UNUSED;
    const struct pickler *pickler = pickler_of(self);
    size_t memo = pickler->memo.entries ? sizeof(struct memo_entry) << pickler->memo.bits : 0;
    return small_int((int64_t)(sizeof *pickler + memo + pickler->capacity));
}

/* ---- attributes ---- */

static bool refuse_deletion(struct vm *vm, value item)
{
    return item == VALUE_NULL && raise_error(vm, &exc_TypeError, "attribute deletion is not supported") == VALUE_NULL;
}

static bool set_number(struct vm *vm, value item, int *slot)
{
    int64_t number;
    if (item == VALUE_NULL)
        return failed(raise_error(vm, &exc_TypeError, "can't delete numeric/char attribute"));
    if (!value_to_int64(vm, item, &number))
        return false;
    *slot = (int)number;
    return true;
}

static value get_bin(struct vm *vm, value self) { (void)vm; return small_int(pickler_of(self)->binary); }
static bool set_bin(struct vm *vm, value self, value item) { return set_number(vm, item, &pickler_of(self)->binary); }
static value get_fast(struct vm *vm, value self) { (void)vm; return small_int(pickler_of(self)->fast); }
static bool set_fast(struct vm *vm, value self, value item) { return set_number(vm, item, &pickler_of(self)->fast); }

static value get_dispatch_table(struct vm *vm, value self)
{
    value table = pickler_of(self)->dispatch_table;
    return table != VALUE_NULL ? table : raise_error(vm, &exc_AttributeError, "dispatch_table");
}

static bool set_dispatch_table(struct vm *vm, value self, value item)
{
    if (item == VALUE_NULL && get_dispatch_table(vm, self) == VALUE_NULL)
        return false;
    pickler_of(self)->dispatch_table = item;
    return true;
}

static value get_persistent_id(struct vm *vm, value self)
{
    value function = pickler_of(self)->persistent_id;
    return function != VALUE_NULL ? function : raise_error(vm, &exc_AttributeError, "persistent_id");
}

static bool set_persistent_id(struct vm *vm, value self, value item)
{
    if (refuse_deletion(vm, item))
        return false;
    if (!value_type(vm, item)->call)
        return failed(raise_error(vm, &exc_TypeError, "persistent_id must be a callable taking one argument"));
    pickler_of(self)->persistent_id = item;
    return true;
}

/* ---- the memo as an object ---- */

static struct pickler *proxy_pickler(value proxy)
{
    return pickler_of(memo_proxy_owner(proxy));
}

static value get_memo(struct vm *vm, value self)
{
    return memo_proxy_new(vm, &pickler_memo_type, self);
}

static bool memo_from_dict(struct vm *vm, struct pickle_memo *memo, struct dict_object *dict)
{
    uint32_t position = 0;
    value key, item;
    while (dict_next(dict, &position, &key, &item)) {
        int64_t index;
        if (!has_flag(item, TYPE_TUPLE) || tuple_of(item)->length != 2)
            return failed(raise_error(vm, &exc_TypeError, "'memo' values must be 2-item tuples"));
        if (!value_to_index(vm, tuple_of(item)->items[0], &index) ||
            !memo_add(vm, memo, tuple_of(item)->items[1], (uint64_t)index))
            return false;
    }
    return true;
}

static bool set_memo(struct vm *vm, value self, value item)
{
    struct pickle_memo memo = {0};
    if (refuse_deletion(vm, item))
        return false;
    if (is_exact(item, &pickler_memo_type)) {
        if (!memo_copy(vm, &memo, &proxy_pickler(item)->memo))
            return false;
    } else if (!has_flag(item, TYPE_DICT)) {
        return failed(raise_error(vm, &exc_TypeError, "'memo' attribute must be a PicklerMemoProxy object or dict, not %T", item));
    } else if (!memo_from_dict(vm, &memo, dict_of(item))) {
        memo_clear(&memo);
        return false;
    }
    memo_clear(&pickler_of(self)->memo);
    pickler_of(self)->memo = memo;
    gc_keep(item);
    return true;
}

METHOD(proxy_clear)
{
    UNUSED;
    memo_clear(&proxy_pickler(self)->memo);
    return NONE;
}

static int entry_order(const void *a, const void *b)
{
    uint64_t first = ((const struct memo_entry *)a)->index, second = ((const struct memo_entry *)b)->index;
    return (first > second) - (first < second);
}

/* {id: (index, object)}, by index: places in the table depend on addresses */
METHOD(proxy_copy)
{
    UNUSED;
    const struct pickle_memo *memo = &proxy_pickler(self)->memo;
    value dict = dict_new(vm);
    struct memo_entry *sorted = malloc((memo->used + 1) * sizeof *sorted);
    if (dict == VALUE_NULL || !sorted) {
        free(sorted);
        return dict == VALUE_NULL ? dict : raise_no_memory(vm);
    }
    size_t used = 0;
    for (size_t i = 0; memo->entries && i < (size_t)1 << memo->bits; i++)
        if (memo->entries[i].object != VALUE_NULL)
            sorted[used++] = memo->entries[i];
    qsort(sorted, used, sizeof *sorted, entry_order);
    for (size_t i = 0; i < used; i++) {
        value pair = tuple_pack(vm, 2, small_int((int64_t)sorted[i].index), sorted[i].object);
        if (pair == VALUE_NULL ||
            !dict_set(vm, dict_of(dict), int_from_uint64(vm, object_identity(vm, sorted[i].object)), pair))
            dict = VALUE_NULL;
        if (dict == VALUE_NULL)
            break;
    }
    free(sorted);
    gc_keep(self);
    return dict;
}

static const struct method_definition proxy_methods[] = {
    {"clear", "()", proxy_clear, 0, "Remove all items from memo."},
    {"copy", "()", proxy_copy, 0, "Copy the memo to a new object."},
    {"__reduce__", "()", memo_proxy_reduce, 0, "Implement pickle support."},
    {0},
};

struct type pickler_memo_type = {
    .name = "_pickle.PicklerMemoProxy",
    .flags = TYPE_GETATTR_PLAIN,
    .instance_size = sizeof(struct memo_proxy),
    .methods = proxy_methods,
    .trace = memo_proxy_trace,
};

static const struct method_definition pickler_methods[] = {
    {"dump", "(obj, /)", method_dump, 0, "Write a pickled representation of the given object to the open file."},
    {"clear_memo", "()", method_clear_memo, 0,
     "Clears the pickler's \"memo\".\n\nThe memo is the data structure that remembers which objects the\npickler has already "
     "seen, so that shared or recursive objects are\npickled by reference and not by value.  This method is useful when\n"
     "re-using picklers."},
    {"__sizeof__", "()", method_sizeof, 0, "Returns size in memory, in bytes."},
    {0},
};

static const struct property_definition pickler_properties[] = {
    {"bin", get_bin, set_bin},
    {"fast", get_fast, set_fast},
    {"dispatch_table", get_dispatch_table, set_dispatch_table},
    {"memo", get_memo, set_memo},
    {"persistent_id", get_persistent_id, set_persistent_id},
    {0},
};

struct type pickler_type = {
    .name = "_pickle.Pickler",
    .flags = TYPE_SUBCLASSABLE | TYPE_GETATTR_PLAIN | TYPE_MAKES_SUBCLASSES,
    .instance_size = sizeof(struct pickler),
    .doc = "This takes a binary file for writing a pickle data stream.\n\nThe optional *protocol* argument tells the pickler to "
           "use the given\nprotocol; the default is 4. A negative one selects the highest, 5. The *file*\nargument must have a "
           "write() method that accepts a single bytes argument.",
    .methods = pickler_methods,
    .properties = pickler_properties,
    .trace = pickler_trace,
    .release = pickler_release,
    .new = pickler_allocate,
    .init = pickler_init,
};
