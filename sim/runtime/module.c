/* module.c - the type `module`, native modules, what runs at exit. */
#include "sim/runtime/module.h"

#include "sim/runtime/exception.h"
#include "sim/runtime/importlib.h"
#include "sim/runtime/native_docs.h"
#include "sim/runtime/site_names.h"
#include "sim/runtime/text.h"
#include "sim/runtime/type.h"

#include <stdlib.h>

static void module_trace(struct vm *vm, struct object *object)
{
    struct module_object *module = (struct module_object *)object;
    gc_mark(vm, module->name);
    gc_mark(vm, module->dict);
}

bool module_is_initializing(struct vm *vm, value module)
{
    if (!is_instance(vm, module, &module_type))
        return false;
    if (((struct module_object *)value_object(module))->initializing)
        return true;
    value spec = dict_get_text(vm, module_dict(module), "__spec__"), flag;
    if (spec == VALUE_NULL || spec == NONE || is_later(spec))
        return false;
    return find_attribute(vm, spec, intern_text(vm, "_initializing"), &flag) > 0 && value_truth(vm, flag) > 0;
}

static value module_repr(struct vm *vm, value v)
{
    struct dict_object *dict = module_dict(v);
    value name = dict_get_text(vm, dict, "__name__"), file = dict_get_text(vm, dict, "__file__");
    value spec = dict_get_text(vm, dict, "__spec__");
    bool is_described = spec != VALUE_NULL && spec != NONE;
    if (is_described && is_later(spec)) {
        if (file == VALUE_NULL || file == NONE)
            return string_printf(vm, "<module %R (built-in)>", name);
        if (has_flag(name, TYPE_STRING) && frozen_module_find(string_utf8(vm, name, NULL), NULL))
            return string_printf(vm, "<module %R (frozen)>", name);
        return string_printf(vm, "<module %R from %R>", name, file);
    }
    value loader = dict_get_text(vm, dict, "__loader__"), custom;
    bool has_loader = loader != VALUE_NULL && loader != NONE && !is_later(loader);
    if (has_loader && !is_described && find_attribute(vm, loader, intern_text(vm, "module_repr"), &custom) > 0 &&
        !importlib_start(vm))
        return VALUE_NULL;
    if ((is_described || has_loader) && vm->importlib != VALUE_NULL)
        return call_method(vm, vm->importlib, "_module_repr", &v, 1);
    if (name == VALUE_NULL)
        name = intern_text(vm, "?");
    if (file != VALUE_NULL)
        return string_printf(vm, "<module %R from %R>", name, file);
    if (!has_loader)
        return string_printf(vm, "<module %R%s>", name, loader != VALUE_NULL && loader != NONE ? " (built-in)" : "");
    return string_printf(vm, "<module %R (%R)>", name, loader);
}

/* What the class of a module has by this name, when that goes before the module's own: a property, or such. */
static value overriding_descriptor(struct vm *vm, struct type *type, value name)
{
    value found = type_lookup(vm, type, name);
    return found != VALUE_NULL && value_type(vm, found)->descriptor_set ? found : VALUE_NULL;
}

static value module_getattr(struct vm *vm, value v, value name)
{
    struct type *type = value_type(vm, v);
    if (type != &module_type && overriding_descriptor(vm, type, name) != VALUE_NULL)
        return generic_getattr(vm, v, name);
    value found = dict_get_interned(module_dict(v), name);
    if (found != VALUE_NULL)
        return is_later(found) ? later_resolve(vm, found) : is_site_placeholder(found) ? site_name_resolve(vm, found) : found;
    value result = generic_getattr(vm, v, name);
    if (result != VALUE_NULL || !exception_matches(vm, &exc_AttributeError))
        return result;
    value hook = dict_get_text(vm, module_dict(v), "__getattr__");
    if (hook != VALUE_NULL) {
        exception_clear(vm);
        return call_1(vm, hook, name);
    }
    exception_clear(vm);
    value module_name = dict_get_text(vm, module_dict(v), "__name__");
    bool partially = module_is_initializing(vm, v), has_name = module_name != VALUE_NULL && has_flag(module_name, TYPE_STRING);
    value submodule;
    if (!partially && has_name &&
        dict_find(vm, dict_of(vm->modules), string_printf(vm, "%U.%U", module_name, name), &submodule) > 0 &&
        module_is_initializing(vm, submodule))
        return raise_attribute_message(vm, v, name,
                                       string_printf(vm, "cannot access submodule '%U' of module '%U' "
                                                         "(most likely due to a circular import)", name, module_name));
    value message = module_name == VALUE_NULL || !has_flag(module_name, TYPE_STRING)
                        ? string_printf(vm, "module has no attribute '%U'", name)
                        : string_printf(vm, "%smodule '%U' has no attribute '%U'%s", partially ? "partially initialized " : "",
                                        module_name, name, partially ? " (most likely due to a circular import)" : "");
    return raise_attribute_message(vm, v, name, message);
}

static bool module_setattr(struct vm *vm, value v, value name, value item)
{
    if (overriding_descriptor(vm, value_type(vm, v), name) != VALUE_NULL)
        return generic_setattr(vm, v, name, item);
    if (item != VALUE_NULL)
        return dict_set_interned(vm, module_dict(v), name, item);
    if (dict_get_interned(module_dict(v), name) == VALUE_NULL) {
        raise_attribute_message(vm, v, name, string_printf(vm, "'%T' object has no attribute '%U'", v, name));
        return false;
    }
    return dict_delete(vm, module_dict(v), name) >= 0;
}

static value module_create(struct vm *vm, struct type *type)
{
    /* with room for what instances of Python's subclasses have: a module may become one */
    size_t size = sizeof(struct module_object) + sizeof(struct subclass_tail);
    struct module_object *module = gc_object(vm, type->instance_size > size ? type->instance_size : size, &type->shape);
    if (!module)
        return VALUE_NULL;
    *(struct subclass_tail *)(module + 1) = (struct subclass_tail){.overflow = VALUE_NULL};
    module->name = NONE;
    module->dict = VALUE_NULL;
    module->dict = dict_new(vm);
    return module->dict == VALUE_NULL ? VALUE_NULL : object_value(module);
}

static value module_type_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    return module_create(vm, type);
}

static bool name_module(struct vm *vm, value module, value name, value doc)
{
    struct dict_object *dict = module_dict(module);
    ((struct module_object *)value_object(module))->name = name;
    return dict_set_text(vm, dict, "__name__", name) && dict_set_text(vm, dict, "__doc__", doc) &&
           dict_set_text(vm, dict, "__package__", NONE) && dict_set_text(vm, dict, "__loader__", NONE) &&
           dict_set_text(vm, dict, "__spec__", NONE);
}

static bool module_init(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    static const char *const names[] = {"name", "doc"};
    value bound[2];
    if (!bind_constructor(vm, "module", names, 2, arguments, count, keyword_names, bound))
        return false;
    if (bound[0] == VALUE_NULL) {
        raise_error(vm, &exc_TypeError, "module() missing required argument 'name' (pos 1)");
        return false;
    }
    if (!has_flag(bound[0], TYPE_STRING)) {
        raise_error(vm, &exc_TypeError, "module() argument 'name' must be str, not %T", bound[0]);
        return false;
    }
    return name_module(vm, self, bound[0], bound[1] == VALUE_NULL ? NONE : bound[1]);
}

static value module_dict_get(struct vm *vm, value self)
{
    (void)vm;
    return ((struct module_object *)value_object(self))->dict;
}

/* Made when it is first asked for. */
static value module_annotations(struct vm *vm, value self)
{
    value dict = dict_new(vm);
    return dict != VALUE_NULL && dict_set_text(vm, module_dict(self), "__annotations__", dict) ? dict : VALUE_NULL;
}

static bool module_set_annotations(struct vm *vm, value self, value item)
{
    if (item != VALUE_NULL)
        return dict_set_text(vm, module_dict(self), "__annotations__", item);
    int done = dict_delete(vm, module_dict(self), intern_text(vm, "__annotations__"));
    if (!done)
        raise_error(vm, &exc_AttributeError, "__annotations__");
    return done > 0;
}

static value module_dir(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    value dict = get_attribute(vm, self, intern_text(vm, "__dict__")); /* a subclass may have a property of that name */
    if (dict == VALUE_NULL)
        return VALUE_NULL;
    if (!has_flag(dict, TYPE_DICT))
        return raise_error(vm, &exc_TypeError, "<module>.__dict__ is not a dictionary");
    value own = dict_get_text(vm, dict_of(dict), "__dir__");
    return own != VALUE_NULL ? call_0(vm, own) : list_from_iterable(vm, dict);
}

struct type module_type = {
    .name = "module",
    .flags = TYPE_SUBCLASSABLE,
    .instance_size = sizeof(struct module_object),
    .trace = module_trace,
    .new = module_type_new,
    .init = module_init,
    .repr = module_repr,
    .getattr = module_getattr,
    .setattr = module_setattr,
    .methods = (const struct method_definition[]){{"__dir__", "()", module_dir, 0, NULL}, {0}},
    .properties = (const struct property_definition[]){{"__dict__", module_dict_get, NULL},
                                                        {"__annotations__", module_annotations, module_set_annotations},
                                                        {0}},
};

value module_new(struct vm *vm, const char *name)
{
    value module = module_create(vm, &module_type);
    if (module == VALUE_NULL || !name_module(vm, module, intern_text(vm, name), NONE))
        return VALUE_NULL;
    return module;
}

value native_module_load(struct vm *vm, const char *name)
{
    for (const struct native_module *const *entry = native_modules; *entry; entry++) {
        if (strcmp((*entry)->name, name) != 0)
            continue;
        value module = module_new(vm, name);
        if (module == VALUE_NULL || !dict_set_text(vm, dict_of(vm->modules), name, module))
            return VALUE_NULL;
        struct native_doc known;
        bool done = true;
        if (native_doc_find(name, NULL, &known) && known.text)
            WORK_UNTRACKED(vm, done = dict_set_text(vm, module_dict(module), "__doc__", string_from_text(vm, known.text)));
        if (!done)
            return VALUE_NULL;
        const char *dot = strrchr(name, '.');
        value package = string_from_utf8(vm, name, dot ? (size_t)(dot - name) : 0);
        if (!dict_set_text(vm, module_dict(module), "__package__", package) || !importlib_describe_later(vm, module))
            return VALUE_NULL;
        for (const struct method_definition *f = (*entry)->functions; f && f->name; f++) {
            value function = native_function_new(vm, f, module, (*entry)->name);
            if (function == VALUE_NULL || !dict_set_text(vm, module_dict(module), f->name, function))
                return VALUE_NULL;
        }
        if ((*entry)->initialize && !(*entry)->initialize(vm, module))
            return VALUE_NULL;
        return module;
    }
    return VALUE_NULL;
}

void modules_start(struct vm *vm)
{
    type_ready(vm, &module_type);
    importlib_ready(vm);
    vm->modules = dict_new(vm);
    value builtins = module_new(vm, "builtins");
    vm->builtins = ((struct module_object *)value_object(builtins))->dict;
    builtins = native_module_load(vm, "builtins");
    vm->builtins = ((struct module_object *)value_object(builtins))->dict;
    vm->sys_module = native_module_load(vm, "sys");
    if (!importlib_sys_later(vm) || !site_names_put(vm))
        abort();
}

void module_run_exit_functions(struct vm *vm)
{
    while (vm->exit_functions != VALUE_NULL && list_of(vm->exit_functions)->length) {
        struct list_object *list = list_of(vm->exit_functions);
        struct tuple_object *entry = tuple_of(list->items[--list->length]);
        if (call_with_dict(vm, entry->items[0], entry->items[1], entry->items[2]) == VALUE_NULL)
            exception_print(vm, exception_take(vm));
    }
}
