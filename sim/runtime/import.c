/* import.c - see import.h. */
#include "sim/runtime/import.h"

#include "sim/runtime/attribute.h"
#include "sim/runtime/exception.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static value raise_import(struct vm *vm, struct type *type, value message, value name, value path)
{
    value exception = call_1(vm, object_value(type), message);
    if (exception == VALUE_NULL)
        return VALUE_NULL;
    struct exception_object *object = (struct exception_object *)value_object(exception);
    object->fields[0] = name;
    object->fields[1] = path;
    object->fields[2] = message;
    return raise_value(vm, exception);
}

static value raise_not_found(struct vm *vm, value name, const char *because)
{
    return raise_import(vm, &exc_ModuleNotFoundError, string_printf(vm, "No module named %R%s", name, because), name, NONE);
}

static bool is_file(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

static bool is_folder(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

struct location {
    char *path;       /* of the source; NULL: a namespace package */
    char *package;    /* folder of a package; NULL: a plain module */
};

static bool find_in(const char *folder, const char *name, struct location *location)
{
    char *package, *path;
    const char *slash = *folder ? "/" : "";
    if (asprintf(&package, "%s%s%s", folder, slash, name) < 0 || asprintf(&path, "%s/__init__.py", package) < 0)
        abort();
    if (is_file(path)) {
        *location = (struct location){path, package};
        return true;
    }
    free(path);
    if (asprintf(&path, "%s.py", package) < 0)
        abort();
    if (is_file(path)) {
        free(package);
        *location = (struct location){path, NULL};
        return true;
    }
    free(path);
    if (is_folder(package) && !location->package)
        location->package = package;
    else
        free(package);
    return false;
}

/* Along a list of folders; a folder without __init__.py is a namespace package when nothing better is found. */
static bool find_along(struct vm *vm, value folders, const char *name, struct location *location)
{
    *location = (struct location){NULL, NULL};
    struct list_object *list = list_of(folders);
    for (uint32_t i = 0; i < list->length; i++) {
        size_t size;
        if (!has_flag(list->items[i], TYPE_STRING))
            continue;
        char *folder = strdup(string_utf8(vm, list->items[i], &size));
        struct location found = {NULL, location->package};
        bool done = find_in(folder, name, &found);
        free(folder);
        if (done) {
            if (found.package != location->package)
                free(location->package);
            *location = found;
            return true;
        }
        location->package = found.package;
    }
    return location->package != NULL;
}

static bool describe(struct vm *vm, value module, value name, const struct location *location, value parent)
{
    struct dict_object *dict = module_dict(module);
    value package = location->package ? name : parent == VALUE_NULL ? vm->empty_string : parent;
    if (!dict_set_text(vm, dict, "__package__", package))
        return false;
    if (location->path && !dict_set_text(vm, dict, "__file__", string_from_text(vm, location->path)))
        return false;
    if (location->path && !dict_set_text(vm, dict, "__cached__", NONE))
        return false;
    value builtins = dict_get_text(vm, dict_of(vm->modules), "builtins");
    if (!dict_set_text(vm, dict, "__builtins__", ((struct module_object *)value_object(builtins))->dict))
        return false;
    if (!location->package)
        return true;
    value folder = string_from_text(vm, location->package);
    value folders = list_from(vm, &folder, 1);
    return folders != VALUE_NULL && dict_set_text(vm, dict, "__path__", folders);
}

bool import_execute(struct vm *vm, value module, value name, const struct code *code)
{
    value globals = ((struct module_object *)value_object(module))->dict;
    if (code && engine_run_code(vm, code, globals, globals, VALUE_NULL) != VALUE_NULL)
        return true;
    value pending = exception_take(vm);
    dict_delete(vm, dict_of(vm->modules), name);
    exception_clear(vm);
    vm->pending = pending;
    return false;
}

static value module_in_progress(struct vm *vm, value name)
{
    value module;
    int found = dict_find(vm, dict_of(vm->modules), name, &module);
    return found > 0 ? module : VALUE_NULL;
}

/* One level: `name` is the full name, `last` its last part, parent the package's module or VALUE_NULL. */
static value load_one(struct vm *vm, value name, const char *last, value parent, value parent_name)
{
    size_t size;
    value module = native_module_load(vm, string_utf8(vm, name, &size));
    if (module != VALUE_NULL || vm->pending != VALUE_NULL)
        return module;
    value folders = parent == VALUE_NULL ? get_attribute_text(vm, vm->sys_module, "path")
                                         : dict_get_text(vm, module_dict(parent), "__path__");
    if (folders == VALUE_NULL || !is_exact(folders, &list_type)) {
        exception_clear(vm);
        char because[512];
        snprintf(because, sizeof because, "; '%s' is not a package",
                 parent_name == VALUE_NULL ? "" : string_utf8(vm, parent_name, &size));
        return raise_not_found(vm, name, because);
    }
    struct location location;
    bool is_there;
    WORK_UNTRACKED(vm, is_there = find_along(vm, folders, last, &location));
    if (!is_there)
        return raise_not_found(vm, name, "");
    module = module_new(vm, string_utf8(vm, name, &size));
    bool done;
    WORK_UNTRACKED(vm, done = module != VALUE_NULL && describe(vm, module, name, &location, parent_name));
    done = done && dict_set(vm, dict_of(vm->modules), name, module);
    if (done && location.path) {
        const struct code *code = vm->load_code ? vm->load_code(vm, location.path) : NULL;
        if (!code && vm->pending == VALUE_NULL)
            raise_unsupported(vm, "importing source files without a compiler");
        done = import_execute(vm, module, name, code);
    }
    free(location.path);
    free(location.package);
    if (!done)
        return VALUE_NULL;
    value replaced = module_in_progress(vm, name); /* a module may put something else in its place */
    return replaced != VALUE_NULL ? replaced : module;
}

value import_absolute(struct vm *vm, value name)
{
    value module = module_in_progress(vm, name);
    if (module != VALUE_NULL) {
        if (module == NONE)
            return raise_import(vm, &exc_ModuleNotFoundError,
                                string_printf(vm, "import of %U halted; None in sys.modules", name), name, NONE);
        return module;
    }
    size_t size;
    char *text = strdup(string_utf8(vm, name, &size));
    char *dot = strrchr(text, '.');
    value parent = VALUE_NULL, parent_name = VALUE_NULL;
    if (dot) {
        parent_name = string_from_utf8(vm, text, (size_t)(dot - text));
        parent = import_absolute(vm, parent_name);
        if (parent == VALUE_NULL) {
            free(text);
            return VALUE_NULL;
        }
        module = module_in_progress(vm, name); /* the parent may have imported it */
    }
    if (module == VALUE_NULL && is_exact(parent == VALUE_NULL ? vm->sys_module : parent, &module_type))
        module = load_one(vm, name, dot ? dot + 1 : text, parent, parent_name);
    if (module != VALUE_NULL && parent != VALUE_NULL && !set_attribute(vm, parent, intern_text(vm, dot + 1), module))
        module = VALUE_NULL;
    free(text);
    return module;
}

value import_module(struct vm *vm, const char *dotted_name)
{
    return import_absolute(vm, string_from_text(vm, dotted_name));
}

/* The package that a relative import of `level` dots starts from. */
static value relative_base(struct vm *vm, value globals, int64_t level)
{
    struct dict_object *dict = dict_of(globals);
    value package = dict_get_text(vm, dict, "__package__");
    if (package == VALUE_NULL || package == NONE) {
        package = dict_get_text(vm, dict, "__name__");
        if (package == VALUE_NULL)
            return raise_error(vm, &exc_KeyError, "'__name__' not in globals");
        if (dict_get_text(vm, dict, "__path__") == VALUE_NULL) {
            size_t size;
            const char *text = string_utf8(vm, package, &size);
            const char *dot = strrchr(text, '.');
            package = dot ? string_from_utf8(vm, text, (size_t)(dot - text)) : vm->empty_string;
        }
    }
    if (!string_of(package)->length)
        return raise_import(vm, &exc_ImportError,
                            string_from_text(vm, "attempted relative import with no known parent package"), NONE, NONE);
    size_t size;
    char *text = strdup(string_utf8(vm, package, &size));
    for (int64_t i = 1; i < level; i++) {
        char *dot = strrchr(text, '.');
        if (!dot) {
            free(text);
            return raise_import(vm, &exc_ImportError,
                                string_from_text(vm, "attempted relative import beyond top-level package"), NONE, NONE);
        }
        *dot = 0;
    }
    value base = string_from_text(vm, text);
    free(text);
    return base;
}

/* `from package import name` where name is a submodule nobody imported yet. */
static bool import_listed(struct vm *vm, value module, value full_name, value from_list)
{
    if (!is_exact(module, &module_type) || dict_get_text(vm, module_dict(module), "__path__") == VALUE_NULL)
        return true;
    value names = tuple_from_iterable(vm, from_list);
    for (uint64_t i = 0; names != VALUE_NULL && i < tuple_of(names)->length; i++) {
        value name = tuple_of(names)->items[i];
        if (string_is(name, "*")) {
            value all = dict_get_text(vm, module_dict(module), "__all__");
            if (all != VALUE_NULL && !import_listed(vm, module, full_name, all))
                return false;
            continue;
        }
        if (dict_get_interned(module_dict(module), intern(vm, name)) != VALUE_NULL)
            continue;
        value submodule = string_printf(vm, "%U.%U", full_name, name);
        if (import_absolute(vm, submodule) != VALUE_NULL)
            continue;
        if (!exception_matches(vm, &exc_ModuleNotFoundError))
            return false;
        value missing = ((struct exception_object *)value_object(vm->pending))->fields[0];
        if (!has_flag(missing, TYPE_STRING) || !string_equal(missing, submodule))
            return false;
        exception_clear(vm);
    }
    return names != VALUE_NULL;
}

value import_name(struct vm *vm, value name, value globals, value from_list, int64_t level)
{
    value full = name;
    if (level > 0) {
        value base = relative_base(vm, globals, level);
        if (base == VALUE_NULL)
            return VALUE_NULL;
        full = string_of(name)->length ? string_printf(vm, "%U.%U", base, name) : base;
    } else if (!string_of(name)->length) {
        return raise_error(vm, &exc_ValueError, "Empty module name");
    }
    value module = import_absolute(vm, intern(vm, full));
    if (module == VALUE_NULL)
        return VALUE_NULL;
    int listed = from_list == NONE || from_list == VALUE_NULL ? 0 : value_truth(vm, from_list);
    if (listed)
        return listed > 0 && import_listed(vm, module, full, from_list) ? module : VALUE_NULL;
    if (level > 0 || !string_of(name)->length)
        return module;
    size_t size;
    const char *text = string_utf8(vm, name, &size);
    const char *dot = strchr(text, '.');
    return dot ? import_absolute(vm, string_from_utf8(vm, text, (size_t)(dot - text))) : module;
}

value import_from(struct vm *vm, value module, value name)
{
    value result;
    int found = find_attribute(vm, module, name, &result);
    if (found)
        return found > 0 ? result : VALUE_NULL;
    value module_name = get_attribute_text(vm, module, "__name__");
    if (module_name == VALUE_NULL)
        exception_clear(vm);
    if (module_name != VALUE_NULL && has_flag(module_name, TYPE_STRING)) {
        value submodule = module_in_progress(vm, string_printf(vm, "%U.%U", module_name, name));
        if (submodule != VALUE_NULL)
            return submodule;
    }
    value file = get_attribute_text(vm, module, "__file__");
    if (file == VALUE_NULL)
        exception_clear(vm);
    if (module_name == VALUE_NULL)
        module_name = intern_text(vm, "<unknown module name>");
    value message = file == VALUE_NULL || file == NONE
                        ? string_printf(vm, "cannot import name %R from %R (unknown location)", name, module_name)
                        : string_printf(vm, "cannot import name %R from %R (%S)", name, module_name, file);
    return raise_import(vm, &exc_ImportError, message, module_name, file == VALUE_NULL ? NONE : file);
}

bool import_star(struct vm *vm, value module, value namespace)
{
    value all;
    int has_all = find_attribute(vm, module, intern_text(vm, "__all__"), &all);
    if (has_all < 0)
        return false;
    value names = all;
    if (!has_all) {
        value dict = get_attribute_text(vm, module, "__dict__");
        names = dict == VALUE_NULL ? VALUE_NULL : list_from_iterable(vm, dict);
    } else {
        names = list_from_iterable(vm, all);
    }
    for (uint32_t i = 0; names != VALUE_NULL && i < list_of(names)->length; i++) {
        value name = list_of(names)->items[i];
        if (!has_all && (!has_flag(name, TYPE_STRING) || (string_of(name)->length && string_at(string_of(name), 0) == '_')))
            continue;
        value item = get_attribute(vm, module, intern(vm, name));
        if (item == VALUE_NULL || !set_item(vm, namespace, name, item))
            return false;
    }
    return names != VALUE_NULL;
}
