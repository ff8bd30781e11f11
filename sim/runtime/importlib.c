/* importlib.c - see importlib.h. */
#include "sim/runtime/importlib.h"

#include "sim/runtime/exception.h"
#include "sim/runtime/import.h"
#include "sim/runtime/own_modules.h"

#include <stdio.h>
#include <stdlib.h>

struct later_object { /* a placeholder: behaves as what it stands for, except for its identity and type */
    struct object head;
    value module;
    int64_t kind;
};

static struct type later_type;

/* ---- library modules that CPython has compiled in ---- */

struct frozen {
    const char *name, *file;
};

static const struct frozen frozen_modules[] = {
    {"_collections_abc", "_collections_abc.py"}, {"_sitebuiltins", "_sitebuiltins.py"}, {"abc", "abc.py"},
    {"codecs", "codecs.py"}, {"genericpath", "genericpath.py"}, {"importlib.machinery", "importlib/machinery.py"},
    {"importlib.util", "importlib/util.py"}, {"io", "io.py"}, {"ntpath", "ntpath.py"}, {"os", "os.py"},
    {"posixpath", "posixpath.py"}, {"runpy", "runpy.py"}, {"site", "site.py"}, {"stat", "stat.py"},
    {"zipimport", "zipimport.py"}, {"__hello__", "__hello__.py"}, {"__phello__", "__phello__/__init__.py"},
    {"__phello__.spam", "__phello__/spam.py"}, {"_frozen_importlib", "importlib/_bootstrap.py"},
    {"_frozen_importlib_external", "importlib/_bootstrap_external.py"},
};

int frozen_module_find(const char *name, const char **file)
{
    for (size_t i = 0; i < sizeof frozen_modules / sizeof *frozen_modules; i++)
        if (!strcmp(frozen_modules[i].name, name)) {
            if (file)
                *file = frozen_modules[i].file;
            return strstr(frozen_modules[i].file, "__init__") ? 2 : 1;
        }
    return 0;
}

const char *frozen_module_name(int index)
{
    return index < (int)(sizeof frozen_modules / sizeof *frozen_modules) ? frozen_modules[index].name : NULL;
}

const struct code *frozen_module_code(struct vm *vm, const char *name)
{
    const char *file;
    char *path, *shown;
    if (!frozen_module_find(name, &file) || !vm->load_code) {
        raise_error(vm, &exc_ImportError, "No such frozen object named %s", name);
        return NULL;
    }
    bool is_core = !strncmp(name, "_frozen_importlib", strlen("_frozen_importlib"));
    if (asprintf(&path, "%s/%s", vm->library, file) < 0 ||
        asprintf(&shown, "<frozen %s%s>", is_core ? "importlib._bootstrap" : name,
                 is_core ? name + strlen("_frozen_importlib") : "") < 0)
        abort();
    const struct code *code = vm->load_code(vm, path, shown);
    free(path);
    free(shown);
    return code;
}

/* ---- placeholders ---- */

bool is_later(value v)
{
    return is_object(v) && value_object(v)->shape->type == &later_type;
}

static const char *later_name(int64_t kind)
{
    static const char *const names[] = {"__spec__", "__loader__", "meta_path", "path_hooks"};
    return names[kind];
}

static bool put_later(struct vm *vm, value module, enum later_kind kind)
{
    struct later_object *later = GC_NEW(vm, struct later_object, &later_type);
    if (!later)
        return false;
    later->module = module;
    later->kind = kind;
    return dict_set_text(vm, module_dict(module), later_name(kind), object_value(later));
}

bool importlib_describe_later(struct vm *vm, value module)
{
    return put_later(vm, module, LATER_SPEC) && put_later(vm, module, LATER_LOADER);
}

void importlib_ready(struct vm *vm)
{
    type_ready(vm, &later_type);
    vm->importlib = vm->importlib_find = vm->importlib_hooks = VALUE_NULL;
    gc_add_root(vm, &vm->importlib);
    gc_add_root(vm, &vm->importlib_find);
    gc_add_root(vm, &vm->importlib_hooks);
}

bool importlib_sys_later(struct vm *vm)
{
    return put_later(vm, vm->sys_module, LATER_META_PATH) && put_later(vm, vm->sys_module, LATER_PATH_HOOKS);
}

static value external_module(struct vm *vm)
{
    return get_attribute_text(vm, vm->importlib, "_bootstrap_external");
}

static value call_attribute(struct vm *vm, value object, const char *name, const value *arguments, size_t count)
{
    value function = object == VALUE_NULL ? VALUE_NULL : get_attribute_text(vm, object, name);
    return function == VALUE_NULL ? VALUE_NULL : call(vm, function, arguments, count, VALUE_NULL);
}

static bool is_native_name(const char *name)
{
    for (const struct native_module *const *entry = native_modules; *entry; entry++)
        if (!strcmp((*entry)->name, name))
            return true;
    return false;
}

static value source_spec(struct vm *vm, value module, value name, value file)
{
    value external = external_module(vm), pair[2] = {name, file};
    value loader = call_attribute(vm, external, "SourceFileLoader", pair, 2);
    value path = dict_get_text(vm, module_dict(module), "__path__");
    value function = loader == VALUE_NULL ? VALUE_NULL : get_attribute_text(vm, external, "spec_from_file_location");
    if (function == VALUE_NULL)
        return VALUE_NULL;
    value arguments[4] = {name, file, loader, path == VALUE_NULL ? NONE : path};
    value keywords = tuple_pack(vm, 2, intern_text(vm, "loader"), intern_text(vm, "submodule_search_locations"));
    return keywords == VALUE_NULL ? VALUE_NULL : call(vm, function, arguments, 2, keywords);
}

static value make_spec(struct vm *vm, value module)
{
    struct dict_object *dict = module_dict(module);
    value name = ((struct module_object *)value_object(module))->name;
    if (!has_flag(name, TYPE_STRING))
        return NONE;
    const char *text = string_utf8(vm, name, NULL);
    value file = dict_get_text(vm, dict, "__file__");
    if (is_native_name(text)) {
        value importer = get_attribute_text(vm, vm->importlib, "BuiltinImporter");
        return importer == VALUE_NULL ? VALUE_NULL : call_attribute(vm, importer, "find_spec", &name, 1);
    }
    if (frozen_module_find(text, NULL) || own_module_find(text)) {
        value importer = get_attribute_text(vm, vm->importlib, "FrozenImporter");
        return importer == VALUE_NULL ? VALUE_NULL : call_attribute(vm, importer, "find_spec", &name, 1);
    }
    return file == VALUE_NULL || file == NONE ? NONE : source_spec(vm, module, name, file);
}

static bool replace_later(struct vm *vm, struct dict_object *dict, const char *name, value real)
{
    value there = dict_get_text(vm, dict, name);
    return there == VALUE_NULL || !is_later(there) || dict_set_text(vm, dict, name, real);
}

static value resolve_module(struct vm *vm, value module, int64_t kind)
{
    struct dict_object *dict = module_dict(module);
    value spec = make_spec(vm, module), loader = NONE;
    if (spec == VALUE_NULL)
        return VALUE_NULL;
    if (spec != NONE)
        loader = get_attribute_text(vm, spec, "loader");
    else if (string_is(dict_get_text(vm, dict, "__name__"), "__main__")) /* the program's text came from -c or a pipe */
        loader = get_attribute_text(vm, vm->importlib, "BuiltinImporter");
    if (loader == VALUE_NULL || !replace_later(vm, dict, "__spec__", spec) || !replace_later(vm, dict, "__loader__", loader))
        return VALUE_NULL;
    return kind == LATER_SPEC ? spec : loader;
}

value later_resolve(struct vm *vm, value placeholder)
{
    struct later_object *later = (struct later_object *)value_object(placeholder);
    if (!importlib_start(vm))
        return VALUE_NULL;
    struct dict_object *dict = module_dict(later->module);
    value there = dict_get_text(vm, dict, later_name(later->kind));
    if (there != VALUE_NULL && !is_later(there)) /* done before: a copy of the placeholder was kept somewhere */
        return there;
    if (later->kind <= LATER_LOADER)
        return resolve_module(vm, later->module, later->kind);
    return there != VALUE_NULL ? there : NONE;
}

static void later_trace(struct vm *vm, struct object *object)
{
    gc_mark(vm, ((struct later_object *)object)->module);
}

static value later_getattr(struct vm *vm, value v, value name)
{
    value real = later_resolve(vm, v);
    return real == VALUE_NULL || is_later(real) ? VALUE_NULL : get_attribute(vm, real, name);
}

static bool later_setattr(struct vm *vm, value v, value name, value item)
{
    value real = later_resolve(vm, v);
    return real != VALUE_NULL && !is_later(real) && set_attribute(vm, real, name, item);
}

static value later_repr(struct vm *vm, value v)
{
    value real = later_resolve(vm, v);
    return real == VALUE_NULL || is_later(real) ? VALUE_NULL : value_repr(vm, real);
}

static struct type later_type = {
    .name = "ModuleSpec",
    .instance_size = sizeof(struct later_object),
    .trace = later_trace,
    .getattr = later_getattr,
    .setattr = later_setattr,
    .repr = later_repr,
};

/* ---- running _bootstrap and _bootstrap_external ---- */

static value run_frozen(struct vm *vm, const char *name)
{
    value module = module_new(vm, name);
    value builtins = dict_get_text(vm, dict_of(vm->modules), "builtins");
    if (module == VALUE_NULL || !dict_set_text(vm, module_dict(module), "__builtins__", builtins) ||
        !dict_set_text(vm, module_dict(module), "__package__", vm->empty_string) ||
        !dict_set_text(vm, dict_of(vm->modules), name, module))
        return VALUE_NULL;
    const struct code *code = frozen_module_code(vm, name);
    return code && import_execute(vm, module, intern_text(vm, name), code) ? module : VALUE_NULL;
}

static bool give_modules(struct vm *vm, value module, const char *const *names)
{
    for (; *names; names++) {
        value given = import_module(vm, *names);
        if (given == VALUE_NULL || !dict_set_text(vm, module_dict(module), *names, given))
            return false;
    }
    return true;
}

/* The C road is asked first, also by importlib.import_module. */
static value native_find_and_load(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)self, (void)count, (void)keyword_names;
    return has_flag(arguments[0], TYPE_STRING) ? import_absolute(vm, intern(vm, arguments[0]))
                                               : call(vm, vm->importlib_find, arguments, 2, VALUE_NULL);
}

static const struct method_definition find_and_load = {"_find_and_load", "(name, import_)", native_find_and_load, 0, NULL};

static bool install_finders(struct vm *vm)
{
    struct dict_object *sys = module_dict(vm->sys_module);
    value external = external_module(vm);
    static const char *const names[] = {"BuiltinImporter", "FrozenImporter"};
    value finders = list_new(vm, 0), hooks = list_new(vm, 0);
    for (int i = 0; i < 2; i++) {
        value finder = get_attribute_text(vm, vm->importlib, names[i]);
        if (finder == VALUE_NULL || !list_append(vm, list_of(finders), finder))
            return false;
    }
    value own_finders = dict_get_text(vm, sys, "meta_path"), own_hooks = dict_get_text(vm, sys, "path_hooks");
    if (!dict_set_text(vm, sys, "meta_path", finders) || !dict_set_text(vm, sys, "path_hooks", hooks) ||
        call_attribute(vm, external, "_install", &vm->importlib, 1) == VALUE_NULL)
        return false;
    value archives = import_module(vm, "zipimport");
    archives = archives == VALUE_NULL ? VALUE_NULL : get_attribute_text(vm, archives, "zipimporter");
    value hook = list_of(hooks)->items[0];
    if (archives == VALUE_NULL)
        return false;
    list_of(hooks)->items[0] = archives;
    if (!list_append(vm, list_of(hooks), hook))
        return false;
    vm->importlib_hooks = tuple_pack(vm, 5, list_of(finders)->items[0], list_of(finders)->items[1],
                                     list_of(finders)->items[2], archives, hook);
    if (own_finders != VALUE_NULL && !is_later(own_finders) && !dict_set_text(vm, sys, "meta_path", own_finders))
        return false;
    return vm->importlib_hooks != VALUE_NULL &&
           (own_hooks == VALUE_NULL || is_later(own_hooks) || dict_set_text(vm, sys, "path_hooks", own_hooks));
}

static bool start(struct vm *vm)
{
    static const char *const core[] = {"sys", "_imp", "_thread", "_warnings", "_weakref", NULL};
    value module = run_frozen(vm, "_frozen_importlib");
    if (module == VALUE_NULL || !give_modules(vm, module, core))
        return false;
    vm->importlib = module;
    value external = run_frozen(vm, "_frozen_importlib_external");
    if (external == VALUE_NULL || !dict_set_text(vm, module_dict(module), "_bootstrap_external", external) ||
        !install_finders(vm))
        return false;
    vm->importlib_find = dict_get_text(vm, module_dict(module), "_find_and_load");
    value native = native_function_new(vm, &find_and_load, module, "_frozen_importlib");
    return native != VALUE_NULL && dict_set_text(vm, module_dict(module), "_find_and_load", native) &&
           importlib_describe_later(vm, module) && importlib_describe_later(vm, external);
}

bool importlib_start(struct vm *vm)
{
    if (vm->importlib != VALUE_NULL)
        return true;
    value pending = vm->pending; /* a message about another exception may ask for a module's __spec__ */
    vm->pending = VALUE_NULL;
    bool done = start(vm);
    if (!done)
        vm->importlib = VALUE_NULL;
    else
        vm->pending = pending;
    return done;
}

static bool list_holds(value list, const value *items, uint32_t count)
{
    if (list == VALUE_NULL || !is_exact(list, &list_type) || list_of(list)->length != count)
        return false;
    for (uint32_t i = 0; i < count; i++)
        if (list_of(list)->items[i] != items[i])
            return false;
    return true;
}

bool importlib_is_customised(struct vm *vm)
{
    if (vm->sys_module == VALUE_NULL) /* it is being made */
        return false;
    struct dict_object *sys = module_dict(vm->sys_module);
    value finders = dict_get_text(vm, sys, "meta_path"), hooks = dict_get_text(vm, sys, "path_hooks");
    if (vm->importlib == VALUE_NULL)
        return finders == VALUE_NULL || hooks == VALUE_NULL || !is_later(finders) || !is_later(hooks);
    if (vm->importlib_hooks == VALUE_NULL) /* it is just starting */
        return false;
    const value *items = tuple_of(vm->importlib_hooks)->items;
    return !list_holds(finders, items, 3) || !list_holds(hooks, items + 3, 2);
}

/* ---- tracebacks without importlib's own frames ---- */

static bool is_importlib_entry(struct vm *vm, value entry, bool *ends)
{
    const struct code_object *code = (struct code_object *)value_object(((struct traceback_object *)value_object(entry))->code);
    (void)vm;
    *ends = string_is(code->name, "_call_with_frames_removed");
    return string_is(code->filename, "<frozen importlib._bootstrap>") ||
           string_is(code->filename, "<frozen importlib._bootstrap_external>");
}

/* As CPython: of an ImportError all of them, of others the runs that end in _call_with_frames_removed. */
static void trim_traceback(struct vm *vm)
{
    struct exception_object *exception = (struct exception_object *)value_object(vm->pending);
    bool always = exception_matches(vm, &exc_ImportError);
    value *place = &exception->traceback, *run_start = NULL;
    bool in_run = false;
    while (*place != VALUE_NULL && *place != NONE) {
        value entry = *place;
        value *next = &((struct traceback_object *)value_object(entry))->next;
        bool ends, ours = is_importlib_entry(vm, entry, &ends);
        if (ours && !in_run)
            run_start = place;
        in_run = ours;
        if (ours && (always || ends)) {
            *run_start = *next;
            place = run_start;
        } else {
            place = next;
        }
    }
}

value importlib_find_and_load(struct vm *vm, value name)
{
    if (!importlib_start(vm))
        return VALUE_NULL;
    value import = get_attribute_text(vm, vm->importlib, "_gcd_import");
    value find = vm->importlib_find != VALUE_NULL ? vm->importlib_find
                                                  : get_attribute_text(vm, vm->importlib, "_find_and_load");
    value module = import == VALUE_NULL || find == VALUE_NULL ? VALUE_NULL : call_2(vm, find, name, import);
    if (module == VALUE_NULL && vm->pending != VALUE_NULL)
        trim_traceback(vm);
    return module;
}
