/* unpickler.c - the type Unpickler, finding classes by name, and the object that stands for its memo. */
#include "sim/modules/pickle/pickle.h"
#include "sim/runtime/import.h"

#include <stdlib.h>

#define METHOD(name)                                                                                                   \
    static value name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

/* A memo may be as large as the pickle's numbers say; but not much larger than what was stored in it so far. */
enum { MEMO_SIZE_FIRST = 32, MEMO_SPARSE_MAX = 1 << 27 };

struct unpickler *unpickler_new(struct vm *vm, struct type *type)
{
    struct unpickler *unpickler = instance_allocate(vm, type, sizeof *unpickler);
    if (!unpickler)
        return NULL;
    unpickler->input = unpickler->read = unpickler->readinto = unpickler->readline = unpickler->peek = VALUE_NULL;
    unpickler->persistent_load = unpickler->buffers = VALUE_NULL;
    unpickler->fix_imports = true;
    unpickler->exact = type == &unpickler_type;
    return unpickler;
}

static value unpickler_allocate(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    struct unpickler *unpickler = unpickler_new(vm, type);
    return unpickler ? object_value(unpickler) : VALUE_NULL;
}

void unpickler_dispose(struct unpickler *unpickler)
{
    free(unpickler->stack);
    free(unpickler->marks);
    free(unpickler->memo);
    free(unpickler->encoding);
    free(unpickler->errors);
    unpickler->stack = unpickler->memo = NULL;
    unpickler->marks = NULL;
    unpickler->encoding = unpickler->errors = NULL;
    unpickler->size = unpickler->capacity = unpickler->fence = unpickler->mark_count = unpickler->mark_capacity = 0;
    unpickler->memo_size = unpickler->memo_count = 0;
    unpickler->input = VALUE_NULL;
    unpickler->length = unpickler->position = unpickler->prefetched = 0;
}

static void unpickler_release(struct vm *vm, struct object *object)
{
    (void)vm;
    unpickler_dispose((struct unpickler *)object);
}

static void unpickler_trace(struct vm *vm, struct object *object)
{
    const struct unpickler *unpickler = (const struct unpickler *)object;
    const value held[] = {unpickler->input, unpickler->read, unpickler->readinto, unpickler->readline, unpickler->peek,
                          unpickler->persistent_load, unpickler->buffers};
    for (size_t i = 0; i < sizeof held / sizeof *held; i++)
        gc_mark(vm, held[i]);
    for (size_t i = 0; i < unpickler->size; i++)
        gc_mark(vm, unpickler->stack[i]);
    for (size_t i = 0; i < unpickler->memo_size; i++)
        gc_mark(vm, unpickler->memo[i] ^ VALUE_NULL);
}

/* ---- memo ---- */

static bool memo_reserve(struct vm *vm, struct unpickler *unpickler, size_t size)
{
    if (size > MEMO_SPARSE_MAX && size / 8 > unpickler->memo_count)
        return failed(raise_no_memory(vm));
    value *memo = calloc(size, sizeof *memo);
    if (!memo)
        return failed(raise_no_memory(vm));
    if (unpickler->memo_size)
        memcpy(memo, unpickler->memo, unpickler->memo_size * sizeof *memo);
    gc_account_external(vm, (int64_t)((size - unpickler->memo_size) * sizeof *memo));
    free(unpickler->memo);
    unpickler->memo = memo;
    unpickler->memo_size = size;
    return true;
}

bool unpickler_memo_put(struct vm *vm, struct unpickler *unpickler, size_t index, value v)
{
    if (index >= unpickler->memo_size &&
        !memo_reserve(vm, unpickler, index < MEMO_SIZE_FIRST ? (size_t)MEMO_SIZE_FIRST : index * 2))
        return false;
    if (!unpickler->memo[index])
        unpickler->memo_count++;
    unpickler->memo[index] = v ^ VALUE_NULL;
    return true;
}

/* ---- options ---- */

bool unpickler_set_file(struct vm *vm, struct unpickler *unpickler, value file)
{
    static const char *const names[] = {"peek", "readinto", "read", "readline"};
    value *const slots[] = {&unpickler->peek, &unpickler->readinto, &unpickler->read, &unpickler->readline};
    bool good = true;
    for (int i = 0; i < 4 && good; i++) {
        value found;
        int state = find_attribute(vm, file, intern_text(vm, names[i]), &found);
        *slots[i] = state > 0 ? found : VALUE_NULL;
        good = state >= 0;
    }
    if (good && (unpickler->read == VALUE_NULL || unpickler->readline == VALUE_NULL))
        good = failed(raise_error(vm, &exc_TypeError, "file must have 'read' and 'readline' attributes"));
    if (!good)
        unpickler->read = unpickler->readinto = unpickler->readline = unpickler->peek = VALUE_NULL;
    return good;
}

static bool copy_name(struct vm *vm, value given, const char *function, const char *parameter, char **slot)
{
    const char *text = given == VALUE_NULL ? NULL : codec_argument(vm, given, function, parameter);
    if (given != VALUE_NULL && !text)
        return false;
    free(*slot);
    *slot = text ? strdup(text) : NULL;
    return true;
}

/* options: fix_imports, encoding, errors, buffers */
bool unpickler_set_options(struct vm *vm, struct unpickler *unpickler, const value options[4], const char *function)
{
    int fix = options[0] == VALUE_NULL ? 1 : value_truth(vm, options[0]);
    if (fix < 0 || !copy_name(vm, options[1], function, "encoding", &unpickler->encoding) ||
        !copy_name(vm, options[2], function, "errors", &unpickler->errors))
        return false;
    unpickler->fix_imports = fix;
    unpickler->buffers = VALUE_NULL;
    if (options[3] == VALUE_NULL || options[3] == NONE)
        return true;
    return (unpickler->buffers = get_iterator(vm, options[3])) != VALUE_NULL;
}

static bool unpickler_init(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    static const char *const names[] = {"file", "fix_imports", "encoding", "errors", "buffers", NULL};
    struct unpickler *unpickler = unpickler_of(self);
    value given[5];
    if (!arguments_bind(vm, &(struct argument_names){"Unpickler", names, 1, 1}, arguments, count, keyword_names, given))
        return false;
    unpickler_dispose(unpickler);
    if (unpickler->read != VALUE_NULL)
        unpickler->persistent_load = VALUE_NULL;
    if (!unpickler_set_file(vm, unpickler, given[0]) || !unpickler_set_options(vm, unpickler, given + 1, "Unpickler"))
        return false;
    unpickler->protocol = 0;
    if (unpickler->exact)
        return true;
    value found;
    int state = find_attribute(vm, self, intern_text(vm, "persistent_load"), &found);
    unpickler->persistent_load = state > 0 ? found : VALUE_NULL;
    return state >= 0;
}

/* ---- find_class ---- */

/* What Python 2 called it. */
static bool map_names(struct vm *vm, value *module_name, value *name)
{
    value item, key = tuple_pack(vm, 2, *module_name, *name);
    int found = key == VALUE_NULL ? -1 : dict_find(vm, dict_of(vm->pickle->names_2to3), key, &item);
    if (found < 0)
        return false;
    if (found) {
        if (!has_flag(item, TYPE_TUPLE) || tuple_of(item)->length != 2)
            return failed(raise_error(vm, &exc_RuntimeError, "_compat_pickle.NAME_MAPPING values should be 2-tuples, not %T",
                                      item));
        value first = tuple_of(item)->items[0], second = tuple_of(item)->items[1];
        if (!is_string(first) || !is_string(second))
            return failed(raise_error(vm, &exc_RuntimeError,
                                      "_compat_pickle.NAME_MAPPING values should be pairs of str, not (%T, %T)", first,
                                      second));
        *module_name = first;
        *name = second;
        return true;
    }
    if ((found = dict_find(vm, dict_of(vm->pickle->imports_2to3), *module_name, &item)) < 0)
        return false;
    if (found && !is_string(item))
        return failed(raise_error(vm, &exc_RuntimeError, "_compat_pickle.IMPORT_MAPPING values should be strings, not %T", item));
    if (found)
        *module_name = item;
    return true;
}

static value find_class(struct vm *vm, struct unpickler *unpickler, value module_name, value name)
{
    if (unpickler->protocol < 3 && unpickler->fix_imports && !map_names(vm, &module_name, &name))
        return VALUE_NULL;
    if (!is_string(module_name) || !is_string(name))
        return raise_error(vm, &exc_TypeError, "attribute name must be string, not '%T'", is_string(name) ? module_name : name);
    if (!string_of(module_name)->length)
        return raise_error(vm, &exc_ValueError, "Empty module name");
    value interned = intern(vm, module_name), module = interned == VALUE_NULL ? VALUE_NULL : import_absolute(vm, interned);
    if (module == VALUE_NULL)
        return VALUE_NULL;
    value found = VALUE_NULL, parent;
    if (unpickler->protocol >= 4 && span_find_character(string_span(name), '.', 0, string_of(name)->length) >= 0) {
        value path = pickle_split_name(vm, name, module);
        if (path == VALUE_NULL)
            return VALUE_NULL;
        found = pickle_get_path(vm, module, path, &parent);
    } else if ((interned = intern(vm, name)) == VALUE_NULL || find_attribute(vm, module, interned, &found) <= 0) {
        found = VALUE_NULL;
    }
    if (found == VALUE_NULL && vm->pending == VALUE_NULL)
        raise_error(vm, &exc_AttributeError, "Can't get attribute %R on %R", name, module);
    return found;
}

value unpickler_find_class(struct vm *vm, struct unpickler *unpickler, value module_name, value name)
{
    if (unpickler->exact)
        return find_class(vm, unpickler, module_name, name);
    return call_method(vm, object_value(unpickler), "find_class", (value[]){module_name, name}, 2);
}

METHOD(method_find_class)
{
    UNUSED;
    return find_class(vm, unpickler_of(self), arguments[0], arguments[1]);
}

METHOD(method_load)
{
    UNUSED;
    if (unpickler_of(self)->read == VALUE_NULL)
        return unpickle_raise(vm, "Unpickler.__init__() was not called by %T.__init__()", self);
    return unpickler_load(vm, unpickler_of(self));
}

METHOD(method_sizeof)
{
    UNUSED;
    const struct unpickler *unpickler = unpickler_of(self);
    return small_int((int64_t)(sizeof *unpickler + (unpickler->memo_size + unpickler->capacity) * sizeof(value) +
                               unpickler->mark_capacity * sizeof(size_t)));
}

/* ---- attributes ---- */

static struct unpickler *proxy_unpickler(value proxy)
{
    return unpickler_of(memo_proxy_owner(proxy));
}

static bool refuse_deletion(struct vm *vm, value item)
{
    return item == VALUE_NULL && raise_error(vm, &exc_TypeError, "attribute deletion is not supported") == VALUE_NULL;
}

static value get_persistent_load(struct vm *vm, value self)
{
    value function = unpickler_of(self)->persistent_load;
    return function != VALUE_NULL ? function : raise_error(vm, &exc_AttributeError, "persistent_load");
}

static bool set_persistent_load(struct vm *vm, value self, value item)
{
    if (refuse_deletion(vm, item))
        return false;
    if (!value_type(vm, item)->call)
        return failed(raise_error(vm, &exc_TypeError, "persistent_load must be a callable taking one argument"));
    unpickler_of(self)->persistent_load = item;
    return true;
}

static value get_memo(struct vm *vm, value self)
{
    return memo_proxy_new(vm, &unpickler_memo_type, self);
}

/* Puts what a dict says, into the old memo, as CPython does: after that the memo is empty. False: an exception is pending. */
static bool memo_from_dict(struct vm *vm, struct unpickler *unpickler, struct dict_object *dict)
{
    uint32_t position = 0;
    value key, item;
    while (dict_next(dict, &position, &key, &item)) {
        int64_t index;
        if (!is_int(key))
            return failed(raise_error(vm, &exc_TypeError, "memo key must be integers"));
        if (!value_to_index(vm, key, &index))
            return false;
        if (index < 0)
            return failed(raise_error(vm, &exc_ValueError, "memo key must be positive integers."));
        if (!unpickler_memo_put(vm, unpickler, (size_t)index, item))
            return false;
    }
    return true;
}

static bool set_memo(struct vm *vm, value self, value item)
{
    struct unpickler *unpickler = unpickler_of(self);
    value *memo = NULL;
    size_t size = 0;
    if (refuse_deletion(vm, item))
        return false;
    if (is_exact(item, &unpickler_memo_type)) {
        const struct unpickler *other = proxy_unpickler(item);
        size = other->memo_size;
        if (size && !(memo = malloc(size * sizeof *memo)))
            return failed(raise_no_memory(vm));
        if (size)
            memcpy(memo, other->memo, size * sizeof *memo);
    } else if (!has_flag(item, TYPE_DICT)) {
        return failed(raise_error(vm, &exc_TypeError, "'memo' attribute must be an UnpicklerMemoProxy object or dict, not %T",
                                  item));
    } else if (!memo_from_dict(vm, unpickler, dict_of(item))) {
        return false;
    }
    free(unpickler->memo);
    unpickler->memo = memo;
    unpickler->memo_size = size;
    gc_keep(item);
    return true;
}

METHOD(proxy_clear)
{
    UNUSED;
    struct unpickler *unpickler = proxy_unpickler(self);
    free(unpickler->memo);
    unpickler->memo = NULL;
    unpickler->memo_size = 0; /* the next index stays */
    return NONE;
}

METHOD(proxy_copy)
{
    UNUSED;
    const struct unpickler *unpickler = proxy_unpickler(self);
    value dict = dict_new(vm);
    for (size_t i = 0; dict != VALUE_NULL && i < unpickler->memo_size; i++)
        if (unpickler->memo[i] && !dict_set(vm, dict_of(dict), small_int((int64_t)i), unpickler->memo[i] ^ VALUE_NULL))
            return VALUE_NULL;
    return dict;
}

static const struct method_definition proxy_methods[] = {
    {"clear", "()", proxy_clear, 0, "Remove all items from memo."},
    {"copy", "()", proxy_copy, 0, "Copy the memo to a new object."},
    {"__reduce__", "()", memo_proxy_reduce, 0, "Implement pickling support."},
    {0},
};

struct type unpickler_memo_type = {
    .name = "_pickle.UnpicklerMemoProxy",
    .flags = TYPE_GETATTR_PLAIN,
    .instance_size = sizeof(struct memo_proxy),
    .methods = proxy_methods,
    .trace = memo_proxy_trace,
};

static const struct method_definition unpickler_methods[] = {
    {"load", "()", method_load, 0,
     "Load a pickle.\n\nRead a pickled object representation from the open file object given\nin the constructor, and return the "
     "reconstituted object hierarchy\nspecified therein."},
    {"find_class", "(module_name, global_name, /)", method_find_class, 0,
     "Return an object from a specified module.\n\nIf necessary, the module will be imported. Subclasses may override\nthis method "
     "(e.g. to restrict unpickling of arbitrary classes and\nfunctions)."},
    {"__sizeof__", "()", method_sizeof, 0, "Returns size in memory, in bytes."},
    {0},
};

static const struct property_definition unpickler_properties[] = {
    {"memo", get_memo, set_memo},
    {"persistent_load", get_persistent_load, set_persistent_load},
    {0},
};

struct type unpickler_type = {
    .name = "_pickle.Unpickler",
    .flags = TYPE_SUBCLASSABLE | TYPE_GETATTR_PLAIN | TYPE_MAKES_SUBCLASSES,
    .instance_size = sizeof(struct unpickler),
    .doc = "This takes a binary file for reading a pickle data stream.\n\nThe protocol version of the pickle is detected "
           "automatically, so no\nprotocol argument is needed.  Bytes past the pickled object's\nrepresentation are ignored.",
    .methods = unpickler_methods,
    .properties = unpickler_properties,
    .trace = unpickler_trace,
    .release = unpickler_release,
    .new = unpickler_allocate,
    .init = unpickler_init,
};
