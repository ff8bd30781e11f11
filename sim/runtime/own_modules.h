/* own_modules.h - modules in Python that are part of hybridsim (sim/pylib): packages of others that programs import, as far as we
 * have them. A module of that name on sys.path comes before ours. Their code's file name is "<frozen NAME>", as CPython has it
 * for the modules compiled into it.
 */
#ifndef HYBRIDSIM_SIM_RUNTIME_OWN_MODULES_H
#define HYBRIDSIM_SIM_RUNTIME_OWN_MODULES_H

#include "sim/runtime/module.h"

struct own_module {
    const char *name; /* "tensorflow.keras.layers" */
    bool is_package;
    const char *source, *end;
};

extern const struct own_module own_modules[]; /* ends with a row of no name; made by the build */

const struct own_module *own_module_find(const char *name); /* NULL: not ours */
/* NULL with an exception pending. */
const struct code *own_module_code(struct vm *vm, const struct own_module *own);
/* The module, made, in sys.modules and run. */
value own_module_load(struct vm *vm, value name, const struct own_module *own);

#endif
