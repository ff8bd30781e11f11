/* own_modules.c - see own_modules.h. */
#include "sim/runtime/own_modules.h"

#include "sim/runtime/exception.h"
#include "sim/runtime/import.h"
#include "sim/runtime/importlib.h"

#include <stdio.h>
#include <stdlib.h>

const struct own_module *own_module_find(const char *name)
{
    for (const struct own_module *own = own_modules; own->name; own++)
        if (!strcmp(own->name, name))
            return own;
    return NULL;
}

const struct code *own_module_code(struct vm *vm, const struct own_module *own)
{
    char *shown;
    if (!vm->load_text) {
        raise_unsupported(vm, "importing source text without a compiler");
        return NULL;
    }
    if (asprintf(&shown, "<frozen %s>", own->name) < 0)
        abort();
    const struct code *code = vm->load_text(vm, own->source, (size_t)(own->end - own->source), shown);
    free(shown);
    return code;
}

static bool describe(struct vm *vm, value module, value name, const struct own_module *own)
{
    struct dict_object *dict = module_dict(module);
    const char *dot = strrchr(own->name, '.');
    value package = own->is_package ? name : string_from_utf8(vm, own->name, dot ? (size_t)(dot - own->name) : 0);
    return package != VALUE_NULL && dict_set_text(vm, dict, "__package__", package) && importlib_describe_later(vm, module) &&
           (!own->is_package || dict_set_text(vm, dict, "__path__", list_new(vm, 0))) &&
           dict_set_text(vm, dict, "__builtins__", vm->builtins);
}

value own_module_load(struct vm *vm, value name, const struct own_module *own)
{
    value module = module_new(vm, own->name);
    bool done;
    WORK_UNTRACKED(vm, done = module != VALUE_NULL && describe(vm, module, name, own));
    if (!done || !dict_set(vm, dict_of(vm->modules), name, module))
        return VALUE_NULL;
    const struct code *code = own_module_code(vm, own);
    return import_execute(vm, module, name, code) ? module : VALUE_NULL;
}
