/* support.h - the small native modules that the pure-Python standard library stands on. */
#ifndef HYBRIDSIM_SIM_MODULES_SUPPORT_H
#define HYBRIDSIM_SIM_MODULES_SUPPORT_H

#include "sim/runtime/args.h"
#include "sim/runtime/exception.h"
#include "sim/runtime/types.h"

static inline struct dict_object *support_dict(value module)
{
    return dict_of(((struct module_object *)value_object(module))->dict);
}

struct integer_constant {
    const char *name;
    int64_t number;
};
static inline bool support_add_constants(struct vm *vm, value module, const struct integer_constant *constants)
{
    for (; constants->name; constants++)
        if (!dict_set_text(vm, support_dict(module), constants->name, int_from_int64(vm, constants->number)))
            return false;
    return true;
}

extern const struct native_module abc_module, ast_module, atexit_module, codecs_module, dis_module, errno_module, gc_module,
    importlib_module, importlib_machinery_module, posix_module, sha512_module, signal_module, sre_module, string_module,
    thread_module, tokenize_module, warnings_module, weakref_module;

#endif
