/* module.c - module _pickle: its functions, its exceptions, and what it takes from copyreg and _compat_pickle. */
#include "sim/modules/pickle/pickle.h"
#include "sim/runtime/module.h"

#include <stdarg.h>

#define FUNCTION(name)                                                                                                 \
    static value pickle_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

static value raise_of(struct vm *vm, value class, const char *format, va_list arguments)
{
    value message = string_vprintf(vm, format, arguments);
    value error = message == VALUE_NULL ? VALUE_NULL : call_1(vm, class, message);
    return error == VALUE_NULL ? VALUE_NULL : raise_value(vm, error);
}

value pickle_raise(struct vm *vm, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    value result = raise_of(vm, vm->pickle->pickling_error, format, arguments);
    va_end(arguments);
    return result;
}

value unpickle_raise(struct vm *vm, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    value result = raise_of(vm, vm->pickle->unpickling_error, format, arguments);
    va_end(arguments);
    return result;
}

/* ---- functions ---- */

/* arguments: protocol, fix_imports, buffer_callback */
static struct pickler *make_pickler(struct vm *vm, const value arguments[3], value file)
{
    struct pickler *pickler = pickler_new(vm, &pickler_type);
    if (!pickler || !pickler_set_protocol(vm, pickler, arguments[0], arguments[1]) ||
        (file != VALUE_NULL && !pickler_set_file(vm, pickler, file)) ||
        !pickler_set_buffer_callback(vm, pickler, arguments[2]))
        return NULL;
    return pickler;
}

FUNCTION(dump)
{
    UNUSED;
    struct pickler *pickler = make_pickler(vm, arguments + 2, arguments[1]);
    if (!pickler)
        return VALUE_NULL;
    bool good = pickler_dump(vm, pickler, arguments[0]) && pickler_flush(vm, pickler);
    pickler_dispose(pickler);
    return good ? NONE : VALUE_NULL;
}

FUNCTION(dumps)
{
    UNUSED;
    struct pickler *pickler = make_pickler(vm, arguments + 1, VALUE_NULL);
    if (!pickler)
        return VALUE_NULL;
    value result = pickler_dump(vm, pickler, arguments[0]) ? bytes_from(vm, pickler->out, pickler->length) : VALUE_NULL;
    ADD_WORK(vm, characters, pickler->length);
    pickler_dispose(pickler);
    return result;
}

FUNCTION(load)
{
    UNUSED;
    struct unpickler *unpickler = unpickler_new(vm, &unpickler_type);
    value result = VALUE_NULL;
    if (unpickler && unpickler_set_file(vm, unpickler, arguments[0]) &&
        unpickler_set_options(vm, unpickler, arguments + 1, "load"))
        result = unpickler_load(vm, unpickler);
    if (unpickler)
        unpickler_dispose(unpickler);
    return result;
}

FUNCTION(loads)
{
    UNUSED;
    struct unpickler *unpickler = unpickler_new(vm, &unpickler_type);
    value result = VALUE_NULL;
    if (unpickler && unpickler_set_input(vm, unpickler, arguments[0]) &&
        unpickler_set_options(vm, unpickler, arguments + 1, "loads"))
        result = unpickler_load(vm, unpickler);
    if (unpickler)
        unpickler_dispose(unpickler);
    return result;
}

/* ---- the module ---- */

static void trace_state(struct vm *vm, void *context)
{
    const value *fields = (const value *)vm->pickle;
    (void)context;
    for (size_t i = 0; i < sizeof(struct pickle_state) / sizeof(value); i++)
        gc_mark(vm, fields[i]);
}

static value module_attribute(struct vm *vm, const char *module_name, const char *name)
{
    value module = import_module(vm, module_name);
    return module == VALUE_NULL ? VALUE_NULL : get_attribute_text(vm, module, name);
}

static bool take_dict(struct vm *vm, const char *module, const char *name, value *slot)
{
    *slot = module_attribute(vm, module, name);
    if (*slot != VALUE_NULL && !is_exact(*slot, &dict_type))
        *slot = raise_error(vm, &exc_RuntimeError, "%s.%s should be a dict, not %T", module, name, *slot);
    return *slot != VALUE_NULL;
}

static bool take_state(struct vm *vm, struct pickle_state *state)
{
    if (!take_dict(vm, "copyreg", "dispatch_table", &state->dispatch_table) ||
        !take_dict(vm, "copyreg", "_extension_registry", &state->extension_registry) ||
        !take_dict(vm, "copyreg", "_inverted_registry", &state->inverted_registry) ||
        !take_dict(vm, "copyreg", "_extension_cache", &state->extension_cache) ||
        !take_dict(vm, "_compat_pickle", "NAME_MAPPING", &state->names_2to3) ||
        !take_dict(vm, "_compat_pickle", "IMPORT_MAPPING", &state->imports_2to3) ||
        !take_dict(vm, "_compat_pickle", "REVERSE_NAME_MAPPING", &state->names_3to2) ||
        !take_dict(vm, "_compat_pickle", "REVERSE_IMPORT_MAPPING", &state->imports_3to2))
        return false;
    if ((state->function_modules = dict_new(vm)) == VALUE_NULL)
        return false;
    state->reduce_ex = dict_get_interned(object_type_object.dict, NAMED(vm, __reduce_ex__));
    state->getstate = dict_get_interned(object_type_object.dict, NAMED(vm, __getstate__));
    return (state->codecs_encode = module_attribute(vm, "codecs", "encode")) != VALUE_NULL &&
           (state->getattr = module_attribute(vm, "builtins", "getattr")) != VALUE_NULL &&
           (state->newobj = module_attribute(vm, "copyreg", "__newobj__")) != VALUE_NULL &&
           (state->newobj_ex = module_attribute(vm, "copyreg", "__newobj_ex__")) != VALUE_NULL &&
           (state->partial = module_attribute(vm, "functools", "partial")) != VALUE_NULL;
}

static value make_error(struct vm *vm, const char *name, value base)
{
    value bases = tuple_pack(vm, 1, base), namespace = dict_new(vm);
    if (bases == VALUE_NULL || namespace == VALUE_NULL ||
        !dict_set_text(vm, dict_of(namespace), "__module__", string_from_text(vm, "_pickle")))
        return VALUE_NULL;
    return type_new_class(vm, &type_type, intern_text(vm, name), bases, namespace, VALUE_NULL);
}

static bool make_state(struct vm *vm)
{
    struct type *const types[] = {&pickler_type, &pickler_memo_type, &unpickler_type, &unpickler_memo_type, &pickle_buffer_type};
    struct pickle_state *state = malloc(sizeof *state);
    if (!state)
        return failed(raise_no_memory(vm));
    for (size_t i = 0; i < sizeof *state / sizeof(value); i++)
        ((value *)state)[i] = VALUE_NULL;
    vm->pickle = state;
    gc_add_tracer(vm, trace_state, NULL);
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        type_ready(vm, types[i]);
    if (!take_state(vm, state))
        return false;
    state->error = make_error(vm, "PickleError", object_value(&exc_Exception));
    state->pickling_error = state->error == VALUE_NULL ? VALUE_NULL : make_error(vm, "PicklingError", state->error);
    state->unpickling_error = state->error == VALUE_NULL ? VALUE_NULL : make_error(vm, "UnpicklingError", state->error);
    return state->pickling_error != VALUE_NULL && state->unpickling_error != VALUE_NULL;
}

void pickle_state_free(struct vm *vm)
{
    free(vm->pickle);
    vm->pickle = NULL;
}

/* The classes stay the same when the module is imported again. */
static bool pickle_initialize(struct vm *vm, value module)
{
    if (!vm->pickle && !make_state(vm))
        return false;
    const struct pickle_state *state = vm->pickle;
    return dict_set_text(vm, support_dict(module), "PickleError", state->error) &&
           dict_set_text(vm, support_dict(module), "PicklingError", state->pickling_error) &&
           dict_set_text(vm, support_dict(module), "UnpicklingError", state->unpickling_error) &&
           dict_set_text(vm, support_dict(module), "Pickler", object_value(&pickler_type)) &&
           dict_set_text(vm, support_dict(module), "Unpickler", object_value(&unpickler_type)) &&
           dict_set_text(vm, support_dict(module), "PickleBuffer", object_value(&pickle_buffer_type));
}

static const struct method_definition functions[] = {
    {"dump", "(obj, file, protocol=None, *, fix_imports=True, buffer_callback=None)", pickle_dump, 0,
     "Write a pickled representation of obj to the open file object file.\n\nThis is equivalent to ``Pickler(file, "
     "protocol).dump(obj)``, but may\nbe more efficient."},
    {"dumps", "(obj, protocol=None, *, fix_imports=True, buffer_callback=None)", pickle_dumps, 0,
     "Return the pickled representation of the object as a bytes object."},
    {"load", "(file, *, fix_imports=True, encoding='ASCII', errors='strict', buffers=())", pickle_load, 0,
     "Read and return an object from the pickle data stored in a file.\n\nThis is equivalent to ``Unpickler(file).load()``, but "
     "may be more\nefficient."},
    {"loads", "(data, /, *, fix_imports=True, encoding='ASCII', errors='strict', buffers=())", pickle_loads, 0,
     "Read and return an object from the given pickle data."},
    {0},
};

const struct native_module pickle_module = {"_pickle", pickle_initialize, functions};
