/* module.c - the type `module`, native modules, what runs at exit. */
#include "sim/runtime/module.h"

#include "sim/runtime/exception.h"
#include "sim/runtime/type.h"

static void module_trace(struct vm *vm, struct object *object)
{
    struct module_object *module = (struct module_object *)object;
    gc_mark(vm, module->name);
    gc_mark(vm, module->dict);
}

static value module_repr(struct vm *vm, value v)
{
    struct dict_object *dict = module_dict(v);
    value name = dict_get_text(vm, dict, "__name__"), file = dict_get_text(vm, dict, "__file__");
    if (name == VALUE_NULL)
        name = intern_text(vm, "?");
    if (file != VALUE_NULL && file != NONE)
        return string_printf(vm, "<module %R from %R>", name, file);
    return string_printf(vm, "<module %R (built-in)>", name);
}

static value module_getattr(struct vm *vm, value v, value name)
{
    value found = dict_get_interned(module_dict(v), name);
    if (found != VALUE_NULL)
        return found;
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
    value message = module_name == VALUE_NULL ? string_printf(vm, "module has no attribute '%U'", name)
                                              : string_printf(vm, "module '%S' has no attribute '%U'", module_name, name);
    return raise_attribute_message(vm, v, name, message);
}

static bool module_setattr(struct vm *vm, value v, value name, value item)
{
    if (item != VALUE_NULL)
        return dict_set_interned(vm, module_dict(v), name, item);
    if (dict_get_interned(module_dict(v), name) == VALUE_NULL) {
        raise_attribute_message(vm, v, name, string_printf(vm, "module has no attribute '%U'", name));
        return false;
    }
    return dict_delete(vm, module_dict(v), name) >= 0;
}

static value module_create(struct vm *vm, struct type *type)
{
    struct module_object *module = gc_object(vm, type->instance_size ? type->instance_size : sizeof *module, &type->shape);
    if (!module)
        return VALUE_NULL;
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
    if (!check_positional(vm, "module", count, keyword_names, 1, 2))
        return false;
    return name_module(vm, self, arguments[0], count > 1 ? arguments[1] : NONE);
}

static value module_dict_get(struct vm *vm, value self)
{
    (void)vm;
    return ((struct module_object *)value_object(self))->dict;
}

static value module_dir(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    return list_from_iterable(vm, ((struct module_object *)value_object(self))->dict);
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
    .properties = (const struct property_definition[]){{"__dict__", module_dict_get, NULL}, {0}},
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
    vm->modules = dict_new(vm);
    value builtins = module_new(vm, "builtins");
    vm->builtins = ((struct module_object *)value_object(builtins))->dict;
    builtins = native_module_load(vm, "builtins");
    vm->builtins = ((struct module_object *)value_object(builtins))->dict;
    vm->sys_module = native_module_load(vm, "sys");
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
