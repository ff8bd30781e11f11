/* import.c - see import.h. */
#include "sim/runtime/import.h"

#include "sim/runtime/audit.h"
#include "sim/runtime/attribute.h"
#include "sim/runtime/exception.h"
#include "sim/runtime/importlib.h"
#include "sim/runtime/own_modules.h"
#include "sim/runtime/warning.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

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
    char *path;       /* of the source */
    char *package;    /* folder of a package; NULL: a plain module */
    bool is_special;  /* not found, but there is something for importlib's finders to look at */
};

/* As CPython's FileFinder: "" and "." are the working directory; the path of a file is absolute. */
static char *absolute_file(char *path)
{
    if (*path == '/')
        return path;
    char *folder = getcwd(NULL, 0), *result;
    if (asprintf(&result, "%s/%s", folder ? folder : "", path) < 0)
        abort();
    free(folder);
    free(path);
    return result;
}

static bool has_bytecode(const char *stem)
{
    char *path;
    bool found = false;
    for (int i = 0; i < 2 && !found; i++) {
        if (asprintf(&path, i ? "%s/__init__.pyc" : "%s.pyc", stem) < 0)
            abort();
        found = is_file(path);
        free(path);
    }
    return found;
}

static bool find_in(const char *folder, const char *name, struct location *location)
{
    char *package, *path, *here = NULL;
    if (!*folder || !strcmp(folder, "."))
        folder = here = getcwd(NULL, 0);
    size_t length = strlen(folder ? folder : "");
    while (length && folder[length - 1] == '/')
        length--;
    if (asprintf(&package, "%.*s/%s", (int)length, folder ? folder : "", name) < 0 ||
        asprintf(&path, "%s/__init__.py", package) < 0)
        abort();
    free(here);
    if (is_file(path)) {
        *location = (struct location){absolute_file(path), package, false};
        return true;
    }
    free(path);
    if (asprintf(&path, "%s.py", package) < 0)
        abort();
    if (is_file(path)) {
        *location = (struct location){absolute_file(path), NULL, false};
        free(package);
        return true;
    }
    free(path);
    location->is_special |= is_folder(package) || has_bytecode(package);
    free(package);
    return false;
}

/* A file, or a place inside of one. */
static bool may_be_archive(const char *path)
{
    struct stat status;
    return stat(path, &status) ? errno == ENOTDIR : S_ISREG(status.st_mode);
}

/* Packages installed for CPython, whose extension modules cannot be loaded: what we have of our own comes before them. */
static bool is_passed_over(const char *folder, const char *name)
{
    static const char installed[] = "-packages"; /* site-packages, dist-packages */
    size_t size = strlen(folder), tail = sizeof installed - 1;
    return size > tail && !strcmp(folder + size - tail, installed) && own_module_find(name);
}

/* Along a list of folders. A folder without __init__.py, a .pyc file or an archive on the path is for importlib. */
static bool find_along(struct vm *vm, value folders, const char *name, struct location *location)
{
    *location = (struct location){NULL, NULL, false};
    struct list_object *list = list_of(folders);
    for (uint32_t i = 0; i < list->length; i++) {
        size_t size;
        if (!has_flag(list->items[i], TYPE_STRING))
            continue;
        char *folder = strdup(string_utf8(vm, list->items[i], &size));
        bool passed = is_passed_over(folder, name), done = !passed && !location->is_special && find_in(folder, name, location);
        if (!done && may_be_archive(*folder ? folder : "."))
            location->is_special = true;
        free(folder);
        if (done)
            return true;
    }
    return false;
}

bool import_is_on_path(struct vm *vm, const char *name)
{
    value folders = get_attribute_text(vm, vm->sys_module, "path");
    if (folders == VALUE_NULL || !is_exact(folders, &list_type)) {
        exception_clear(vm);
        return false;
    }
    char *outermost = strndup(name, strcspn(name, "."));
    struct location location;
    bool found;
    WORK_UNTRACKED(vm, found = find_along(vm, folders, outermost, &location));
    if (found) {
        free(location.path);
        free(location.package);
    }
    free(outermost);
    return found;
}

/* __pycache__/NAME.cpython-311.pyc beside the source, whether it is there or not. */
static value cached_name(struct vm *vm, const char *path)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    char *text;
    size_t length = strlen(name) > 3 ? strlen(name) - 3 : 0;
    if (asprintf(&text, "%.*s__pycache__/%.*s.cpython-311.pyc", (int)(name - path), path, (int)length, name) < 0)
        abort();
    value result = string_from_text(vm, text);
    free(text);
    return result;
}

static bool describe(struct vm *vm, value module, value name, const struct location *location, value parent)
{
    struct dict_object *dict = module_dict(module);
    value package = location->package ? name : parent == VALUE_NULL ? vm->empty_string : parent;
    if (!dict_set_text(vm, dict, "__package__", package) || !importlib_describe_later(vm, module))
        return false;
    if (location->package) {
        value folder = string_from_text(vm, location->package);
        value folders = list_from(vm, &folder, 1);
        if (folders == VALUE_NULL || !dict_set_text(vm, dict, "__path__", folders))
            return false;
    }
    const char *text = string_utf8(vm, name, NULL);
    return dict_set_text(vm, dict, "__file__", string_from_text(vm, location->path)) &&
           (frozen_module_find(text, NULL) || dict_set_text(vm, dict, "__cached__", cached_name(vm, location->path))) &&
           dict_set_text(vm, dict, "__builtins__", vm->builtins);
}

/* Code that names __spec__ or __loader__ as variables finds the real ones. */
static bool names_itself(const struct code *code)
{
    for (uint32_t i = 0; i < code->name_count; i++) {
        const char *name = code->names[i].text;
        if (name[0] != '_' || (strcmp(name, "__spec__") && strcmp(name, "__loader__")))
            continue;
        code_ready(code);
        for (uint32_t j = 0; j < code->instruction_count; j++)
            if (code->instructions[j].role == ARGUMENT_NAME && code->instructions[j].argument == i &&
                (code->instructions[j].op == OP_load_global || code->instructions[j].op == OP_load_name))
                return true;
    }
    return false;
}

bool import_resolve_own_names(struct vm *vm, value module, const struct code *code)
{
    bool found = false;
    for (uint32_t i = 0; i < code->unit->code_count && !found; i++)
        found = names_itself(code->unit->codes[i]);
    value later = found ? dict_get_text(vm, module_dict(module), "__loader__") : VALUE_NULL;
    return later == VALUE_NULL || !is_later(later) || later_resolve(vm, later) != VALUE_NULL;
}

bool import_execute(struct vm *vm, value module, value name, const struct code *code)
{
    struct module_object *object = (struct module_object *)value_object(module);
    value globals = object->dict;
    object->initializing = true;
    bool done = code && import_resolve_own_names(vm, module, code) &&
                engine_run_code(vm, code, globals, globals, VALUE_NULL) != VALUE_NULL;
    object->initializing = false;
    gc_settle(vm);
    if (done)
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

static value load_source(struct vm *vm, value name, value parent_name, const struct location *location)
{
    const char *text = string_utf8(vm, name, NULL);
    value module = module_new(vm, text);
    bool done;
    WORK_UNTRACKED(vm, done = module != VALUE_NULL && describe(vm, module, name, location, parent_name));
    if (!done || !dict_set(vm, dict_of(vm->modules), name, module))
        return VALUE_NULL;
    const struct code *code = NULL;
    if (!vm->load_code)
        raise_unsupported(vm, "importing source files without a compiler");
    else if (frozen_module_find(text, NULL))
        code = frozen_module_code(vm, text);
    else
        code = vm->load_code(vm, location->path, NULL);
    if (!import_execute(vm, module, name, code))
        return VALUE_NULL;
    value replaced = module_in_progress(vm, name); /* a module may put something else in its place */
    return replaced != VALUE_NULL ? replaced : module;
}

/* What CPython has compiled in comes before anything on sys.path. */
static bool find_frozen(struct vm *vm, const char *name, struct location *location)
{
    const char *file;
    int kind = frozen_module_find(name, &file);
    if (!kind || !vm->library)
        return false;
    *location = (struct location){NULL, NULL, false};
    if (asprintf(&location->path, "%s/%s", vm->library, file) < 0 ||
        (kind == 2 && asprintf(&location->package, "%s/%.*s", vm->library, (int)(strrchr(file, '/') - file), file) < 0))
        abort();
    return true;
}

/* One level: `name` is the full name, `last` its last part, parent the package's module or VALUE_NULL. */
/* The event has what the import is going to search, as it is now. */
static bool audit_import(struct vm *vm, value name)
{
    static const char *const searched[] = {"path", "meta_path", "path_hooks"};
    value shown[3], hooks = vm->audit_hooks;
    if (!audit_wanted(vm))
        return true;
    vm->audit_hooks = VALUE_NULL; /* asking for meta_path may start importlib */
    for (int i = 0; i < 3; i++)
        if ((shown[i] = get_attribute_text(vm, vm->sys_module, searched[i])) == VALUE_NULL)
            exception_clear(vm);
    vm->audit_hooks = hooks;
    return AUDIT(vm, "import", name, NONE, shown[0], shown[1], shown[2]);
}

static value load_one(struct vm *vm, value name, const char *last, value parent, value parent_name)
{
    const char *text = string_utf8(vm, name, NULL);
    if (!audit_import(vm, name))
        return VALUE_NULL;
    if (importlib_is_customised(vm))
        return importlib_find_and_load(vm, name);
    value module = native_module_load(vm, text), folders;
    if (module != VALUE_NULL || vm->pending != VALUE_NULL)
        return module;
    if (!strncmp(text, "_frozen_importlib", strlen("_frozen_importlib")))
        return importlib_start(vm) ? module_in_progress(vm, name) : VALUE_NULL;
    if (parent != VALUE_NULL && !is_exact(parent, &module_type)) /* it may answer for attributes as it likes */
        return importlib_find_and_load(vm, name);
    int found = find_attribute(vm, parent == VALUE_NULL ? vm->sys_module : parent,
                               intern_text(vm, parent == VALUE_NULL ? "path" : "__path__"), &folders);
    if (found < 0)
        return VALUE_NULL;
    if (!found) {
        value because = string_printf(vm, "; %R is not a package", parent_name == VALUE_NULL ? vm->empty_string : parent_name);
        return because == VALUE_NULL ? VALUE_NULL : raise_not_found(vm, name, string_utf8(vm, because, NULL));
    }
    if (!is_exact(folders, &list_type))
        return importlib_find_and_load(vm, name);
    struct location location;
    bool is_there;
    WORK_UNTRACKED(vm, is_there = find_frozen(vm, text, &location) || find_along(vm, folders, last, &location));
    const struct own_module *own = is_there || location.is_special ? NULL : own_module_find(text);
    if (own)
        return own_module_load(vm, name, own);
    if (!is_there)
        return location.is_special ? importlib_find_and_load(vm, name) : raise_not_found(vm, name, "");
    module = load_source(vm, name, parent_name, &location);
    free(location.path);
    free(location.package);
    return module;
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
    const char *spelled = string_utf8(vm, name, &size);
    if (spelled && strlen(spelled) != size) /* no file and no module has a NUL in its name */
        return raise_not_found(vm, name, "");
    char *text = strdup(spelled ? spelled : "");
    char *dot = strrchr(text, '.');
    value parent = VALUE_NULL, parent_name = VALUE_NULL;
    if (dot) {
        parent_name = string_from_utf8(vm, text, (size_t)(dot - text));
        parent = module_in_progress(vm, parent_name); /* whatever stands there, None as well */
        if (parent == VALUE_NULL)
            parent = import_absolute(vm, parent_name);
        if (parent == VALUE_NULL) {
            free(text);
            return VALUE_NULL;
        }
        module = module_in_progress(vm, name); /* the parent may have imported it */
    }
    if (module == VALUE_NULL)
        module = load_one(vm, name, dot ? dot + 1 : text, parent, parent_name);
    if (module != VALUE_NULL && parent != VALUE_NULL && !set_attribute(vm, parent, intern_text(vm, dot + 1), module)) {
        if (exception_matches(vm, &exc_AttributeError))
            exception_clear(vm);
        else
            module = VALUE_NULL;
    }
    free(text);
    return module;
}

value import_module(struct vm *vm, const char *dotted_name)
{
    return import_absolute(vm, string_from_text(vm, dotted_name));
}

/* false: an exception is pending */
static bool agrees_with_spec(struct vm *vm, value package, value spec)
{
    value parent = get_attribute_text(vm, spec, "parent");
    int equal = parent == VALUE_NULL ? -1 : values_equal(vm, package, parent);
    return equal < 0 ? false : equal || warning_issue(vm, &exc_ImportWarning, 1, "__package__ != __spec__.parent");
}

/* The package that code with these globals belongs to. */
static value package_of(struct vm *vm, value globals)
{
    if (globals == NONE)
        return raise_error(vm, &exc_KeyError, "'__name__' not in globals");
    if (!has_flag(globals, TYPE_DICT))
        return raise_error(vm, &exc_TypeError, "globals must be a dict");
    struct dict_object *dict = dict_of(globals);
    value package = dict_get_text(vm, dict, "__package__"), spec = dict_get_text(vm, dict, "__spec__");
    if (package == VALUE_NULL || package == NONE)
        package = VALUE_NULL;
    else if (!has_flag(package, TYPE_STRING))
        return raise_error(vm, &exc_TypeError, "package must be a string");
    if (package == VALUE_NULL && spec != VALUE_NULL && spec != NONE) {
        package = get_attribute_text(vm, spec, "parent");
        if (package != VALUE_NULL && !has_flag(package, TYPE_STRING))
            return raise_error(vm, &exc_TypeError, "__spec__.parent must be a string");
        return package;
    }
    if (package != VALUE_NULL)
        return spec == VALUE_NULL || spec == NONE || is_later(spec) || agrees_with_spec(vm, package, spec) ? package : VALUE_NULL;
    if (!warning_issue(vm, &exc_ImportWarning, 1, "can't resolve package from __spec__ or __package__, falling back on "
                                                  "__name__ and __path__"))
        return VALUE_NULL;
    package = dict_get_text(vm, dict, "__name__");
    if (package == VALUE_NULL)
        return raise_error(vm, &exc_KeyError, "'__name__' not in globals");
    if (!has_flag(package, TYPE_STRING))
        return raise_error(vm, &exc_TypeError, "__name__ must be a string");
    if (dict_get_text(vm, dict, "__path__") != VALUE_NULL)
        return package;
    size_t size;
    const char *text = string_utf8(vm, package, &size), *dot = strrchr(text, '.');
    return dot ? string_from_utf8(vm, text, (size_t)(dot - text)) : vm->empty_string;
}

/* The package that a relative import of `level` dots starts from. */
static value relative_base(struct vm *vm, value globals, int64_t level)
{
    value package = package_of(vm, globals);
    if (package == VALUE_NULL)
        return VALUE_NULL;
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
    return base == VALUE_NULL || import_absolute(vm, intern(vm, base)) == VALUE_NULL ? VALUE_NULL : base;
}

/* -1: error */
static int has_attribute(struct vm *vm, value object, const char *name)
{
    value ignored;
    return find_attribute(vm, object, intern_text(vm, name), &ignored);
}

static bool import_listed(struct vm *vm, value module, value from_list, bool is_all);

static bool import_one_listed(struct vm *vm, value module, value name, bool is_all)
{
    value module_name = get_attribute_text(vm, module, "__name__"), all, ignored;
    if (module_name == VALUE_NULL)
        return false;
    if (!has_flag(name, TYPE_STRING)) {
        if (is_all)
            raise_error(vm, &exc_TypeError, "Item in %S.__all__ must be str, not %T", module_name, name);
        else
            raise_error(vm, &exc_TypeError, "Item in ``from list'' must be str, not %T", name);
        return false;
    }
    if (string_is(name, "*")) {
        int found = is_all ? 0 : find_attribute(vm, module, intern_text(vm, "__all__"), &all);
        return found > 0 ? import_listed(vm, module, all, true) : found == 0;
    }
    int found = find_attribute(vm, module, intern(vm, name), &ignored);
    if (found)
        return found > 0;
    value submodule = string_printf(vm, "%S.%U", module_name, name);
    if (submodule != VALUE_NULL && import_absolute(vm, intern(vm, submodule)) != VALUE_NULL)
        return true;
    if (submodule == VALUE_NULL || !exception_matches(vm, &exc_ModuleNotFoundError))
        return false;
    value missing = ((struct exception_object *)value_object(vm->pending))->fields[0];
    if (!has_flag(missing, TYPE_STRING) || !string_equal(missing, submodule) ||
        module_in_progress(vm, submodule) == NONE)
        return false;
    exception_clear(vm);
    return true;
}

/* `from package import name` where name is a submodule nobody imported yet. */
static bool import_listed(struct vm *vm, value module, value from_list, bool is_all)
{
    int is_package = has_attribute(vm, module, "__path__");
    if (is_package <= 0)
        return is_package == 0;
    value names = tuple_from_iterable(vm, from_list);
    for (uint64_t i = 0; names != VALUE_NULL && i < tuple_of(names)->length; i++)
        if (!import_one_listed(vm, module, tuple_of(names)->items[i], is_all))
            return false;
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
        return listed > 0 && import_listed(vm, module, from_list, false) ? module : VALUE_NULL;
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
    bool has_file = file != VALUE_NULL && has_flag(file, TYPE_STRING);
    const char *partially = module_is_initializing(vm, module) ? "partially initialized module " : "";
    value message = !has_file ? string_printf(vm, "cannot import name %R from %R (unknown location)", name, module_name)
                              : string_printf(vm, "cannot import name %R from %s%R %s(%S)", name, partially, module_name,
                                              *partially ? "(most likely due to a circular import) " : "", file);
    return message == VALUE_NULL ? VALUE_NULL
                                 : raise_import(vm, &exc_ImportError, message, module_name, has_file ? file : NONE);
}

static bool refuse_star_name(struct vm *vm, value module, bool is_all, value name)
{
    value module_name = get_attribute(vm, module, NAMED(vm, __name__));
    if (module_name == VALUE_NULL)
        return false;
    if (!has_flag(module_name, TYPE_STRING))
        raise_error(vm, &exc_TypeError, "module __name__ must be a string, not %T", module_name);
    else
        raise_error(vm, &exc_TypeError,
                    is_all ? "Item in %U.__all__ must be str, not %T" : "Key in %U.__dict__ must be str, not %T", module_name,
                    name);
    return false;
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
        if (!has_flag(name, TYPE_STRING))
            return refuse_star_name(vm, module, has_all, name);
        if (!has_all && string_of(name)->length && string_at(string_of(name), 0) == '_')
            continue;
        value item = get_attribute(vm, module, intern(vm, name));
        if (item == VALUE_NULL || !set_item(vm, namespace, name, item))
            return false;
    }
    return names != VALUE_NULL;
}
