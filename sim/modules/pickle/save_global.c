/* save_global.c - classes and functions are written as the names they are found under. */
#include "sim/modules/pickle/pickle.h"
#include "sim/runtime/import.h"

value pickle_split_name(struct vm *vm, value name, value module)
{
    value dot = string_from_code_point(vm, '.'), parts = call_method(vm, name, "split", &dot, 1);
    if (parts == VALUE_NULL)
        return VALUE_NULL;
    for (size_t i = 0; i < list_of(parts)->length; i++) {
        if (!string_is(list_of(parts)->items[i], "<locals>"))
            continue;
        if (module == VALUE_NULL)
            return raise_error(vm, &exc_AttributeError, "Can't pickle local object %R", name);
        return raise_error(vm, &exc_AttributeError, "Can't pickle local attribute %R on %R", name, module);
    }
    return parts;
}

value pickle_get_path(struct vm *vm, value object, value names, value *parent)
{
    for (size_t i = 0; i < list_of(names)->length; i++) {
        value item, name = intern(vm, list_of(names)->items[i]);
        *parent = object;
        if (name == VALUE_NULL || find_attribute(vm, object, name, &item) <= 0)
            return VALUE_NULL;
        object = item;
    }
    return object;
}

static bool module_has(struct vm *vm, value name, value module, value v, value path)
{
    value parent;
    if (module == NONE || (is_string(name) && string_is(name, "__main__")))
        return false;
    return pickle_get_path(vm, module, path, &parent) == v;
}

/* Where v says it is from, or the first module in which it is found. */
static value find_module(struct vm *vm, value v, value path)
{
    value name, module;
    int found = find_attribute(vm, v, NAMED(vm, __module__), &name);
    if (found < 0)
        return VALUE_NULL;
    if (found && name != NONE)
        return name;
    value modules = get_attribute_text(vm, vm->sys_module, "modules");
    if (modules == VALUE_NULL)
        return raise_error(vm, &exc_RuntimeError, "unable to get sys.modules");
    if (is_exact(modules, &dict_type)) {
        uint32_t position = 0;
        while (dict_next(dict_of(modules), &position, &name, &module)) {
            if (module_has(vm, name, module, v, path))
                return name;
            if (vm->pending != VALUE_NULL)
                return VALUE_NULL;
        }
        return intern_text(vm, "__main__");
    }
    value iterator = get_iterator(vm, modules);
    if (iterator == VALUE_NULL)
        return VALUE_NULL;
    while ((name = iterator_next(vm, iterator)) != VALUE_NULL) {
        if ((module = get_item(vm, modules, name)) == VALUE_NULL)
            return VALUE_NULL;
        if (module_has(vm, name, module, v, path))
            return name;
        if (vm->pending != VALUE_NULL)
            return VALUE_NULL;
    }
    return vm->pending == VALUE_NULL ? intern_text(vm, "__main__") : VALUE_NULL;
}

/* A registered extension's code: 1 written, 0 not registered, -1. */
static int save_extension(struct vm *vm, struct pickler *pickler, value v, value module_name, value name)
{
    value code, key = tuple_pack(vm, 2, module_name, name);
    int found = key == VALUE_NULL ? -1 : dict_find(vm, dict_of(vm->pickle->extension_registry), key, &code);
    if (found <= 0)
        return found;
    int64_t number;
    if (!is_int(code)) {
        pickle_raise(vm, "Can't pickle %R: extension code %R isn't an integer", v, code);
        return -1;
    }
    if (!value_to_int64(vm, code, &number))
        return -1;
    if (number <= 0 || number > INT32_MAX) {
        pickle_raise(vm, "Can't pickle %R: extension code %lld is out of range", v, (long long)number);
        return -1;
    }
    int size = number <= 0xff ? 1 : number <= 0xffff ? 2 : 4;
    uint8_t bytes[5] = {(uint8_t)(size == 1 ? OPCODE_EXT1 : size == 2 ? OPCODE_EXT2 : OPCODE_EXT4)};
    little_endian_store(bytes + 1, (uint64_t)number, size);
    return pickler_write(vm, pickler, bytes, (size_t)size + 1) ? 1 : -1;
}

/* The names Python 2 knows. */
static bool map_names(struct vm *vm, value *module_name, value *name)
{
    value item, key = tuple_pack(vm, 2, *module_name, *name);
    int found = key == VALUE_NULL ? -1 : dict_find(vm, dict_of(vm->pickle->names_3to2), key, &item);
    if (found < 0)
        return false;
    if (found) {
        if (!has_flag(item, TYPE_TUPLE) || tuple_of(item)->length != 2)
            return failed(raise_error(vm, &exc_RuntimeError,
                                      "_compat_pickle.REVERSE_NAME_MAPPING values should be 2-tuples, not %T", item));
        value first = tuple_of(item)->items[0], second = tuple_of(item)->items[1];
        if (!is_string(first) || !is_string(second))
            return failed(raise_error(vm, &exc_RuntimeError,
                               "_compat_pickle.REVERSE_NAME_MAPPING values should be pairs of str, not (%T, %T)", first,
                               second));
        *module_name = first;
        *name = second;
        return true;
    }
    if ((found = dict_find(vm, dict_of(vm->pickle->imports_3to2), *module_name, &item)) < 0)
        return false;
    if (found && !is_string(item))
        return failed(raise_error(vm, &exc_RuntimeError, "_compat_pickle.REVERSE_IMPORT_MAPPING values should be strings, not %T",
                           item));
    if (found)
        *module_name = item;
    return true;
}

static bool write_name(struct vm *vm, struct pickler *pickler, value name, const char *what)
{
    value encoded = string_encode(vm, name, pickler->protocol == 3 ? "utf-8" : "ascii", NULL);
    if (encoded == VALUE_NULL) {
        if (exception_matches(vm, &exc_UnicodeEncodeError)) {
            exception_clear(vm);
            pickle_raise(vm, "can't pickle %s identifier '%S' using pickle protocol %d", what, name, pickler->protocol);
        }
        return false;
    }
    return pickler_write(vm, pickler, bytes_of(encoded)->data, bytes_of(encoded)->length) &&
           pickler_write(vm, pickler, "\n", 1);
}

/* All native functions of a module have one str as its name; it is not that of the module's types. */
static value function_module(struct vm *vm, value name)
{
    value known;
    struct dict_object *names = dict_of(vm->pickle->function_modules);
    int found = dict_find(vm, names, name, &known);
    if (found)
        return found > 0 ? known : VALUE_NULL;
    return dict_set(vm, names, name, name) ? name : VALUE_NULL;
}

struct global { value module, module_name, name, parent, last_name; };

static bool write_global(struct vm *vm, struct pickler *pickler, struct global *global)
{
    if (global->parent == global->module)
        global->name = global->last_name;
    if (pickler->protocol >= 4)
        return pickle_save(vm, pickler, global->module_name) && pickle_save(vm, pickler, global->name) &&
               pickler_put(vm, pickler, OPCODE_STACK_GLOBAL);
    if (global->parent != global->module) { /* no dots before protocol 4 */
        value arguments = tuple_pack(vm, 2, global->parent, global->last_name);
        value reduced = arguments == VALUE_NULL ? VALUE_NULL : tuple_pack(vm, 2, vm->pickle->getattr, arguments);
        return reduced != VALUE_NULL && pickle_save_reduce(vm, pickler, reduced, VALUE_NULL);
    }
    return pickler_put(vm, pickler, OPCODE_GLOBAL) &&
           (!pickler->fix_imports || map_names(vm, &global->module_name, &global->name)) &&
           write_name(vm, pickler, global->module_name, "module") && write_name(vm, pickler, global->name, "global");
}

static value import_named(struct vm *vm, value v, value module_name)
{
    value module = is_string(module_name) ? import_absolute(vm, intern(vm, module_name)) : VALUE_NULL;
    if (module != VALUE_NULL)
        return module;
    if (vm->pending != VALUE_NULL)
        exception_clear(vm);
    return pickle_raise(vm, "Can't pickle %R: import of module %R failed", v, module_name);
}

bool pickle_save_global(struct vm *vm, struct pickler *pickler, value v, value name)
{
    struct global global = {.name = name};
    int found = name == VALUE_NULL ? find_attribute(vm, v, NAMED(vm, __qualname__), &global.name) : 1;
    if (found < 0 || (!found && (global.name = get_attribute(vm, v, NAMED(vm, __name__))) == VALUE_NULL))
        return false;
    if (!is_string(global.name))
        return failed(raise_error(vm, &exc_TypeError, "must be str, not %T", global.name));
    value path = pickle_split_name(vm, global.name, VALUE_NULL);
    if (path == VALUE_NULL || (global.module_name = find_module(vm, v, path)) == VALUE_NULL ||
        (global.module = import_named(vm, v, global.module_name)) == VALUE_NULL)
        return false;
    if (is_exact(v, &native_function_type) && is_exact(global.module_name, &string_type) &&
        (global.module_name = function_module(vm, global.module_name)) == VALUE_NULL)
        return false;
    global.last_name = list_of(path)->items[list_of(path)->length - 1];
    value known = pickle_get_path(vm, global.module, path, &global.parent);
    if (known != v) {
        if (vm->pending != VALUE_NULL)
            exception_clear(vm);
        if (known == VALUE_NULL)
            return failed(pickle_raise(vm, "Can't pickle %R: attribute lookup %S on %S failed", v, global.name,
                                       global.module_name));
        return failed(pickle_raise(vm, "Can't pickle %R: it's not the same object as %S.%S", v, global.module_name,
                                   global.name));
    }
    int extension = pickler->protocol >= 2 ? save_extension(vm, pickler, v, global.module_name, global.name) : 0;
    if (extension)
        return extension > 0;
    return write_global(vm, pickler, &global) && pickler_memoize(vm, pickler, v);
}

bool pickle_save_type(struct vm *vm, struct pickler *pickler, value v)
{
    struct type *const types[] = {&none_type, &ellipsis_type, &not_implemented_type};
    const value singletons[] = {NONE, vm->ellipsis, vm->not_implemented};
    for (int i = 0; i < 3; i++) {
        if (v != object_value(types[i])) /* found under no name: type(None) */
            continue;
        value arguments = tuple_pack(vm, 1, singletons[i]);
        value reduced = arguments == VALUE_NULL ? VALUE_NULL : tuple_pack(vm, 2, object_value(&type_type), arguments);
        return reduced != VALUE_NULL && pickle_save_reduce(vm, pickler, reduced, v);
    }
    return pickle_save_global(vm, pickler, v, VALUE_NULL);
}
