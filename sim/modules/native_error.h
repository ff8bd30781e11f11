/* native_error.h - exception classes of native modules: made as a class statement would, kept where the module's C code finds
 * them, and put into the module. */
#ifndef HYBRIDSIM_SIM_MODULES_NATIVE_ERROR_H
#define HYBRIDSIM_SIM_MODULES_NATIVE_ERROR_H

#include "sim/modules/support.h"

/* *slot must be a field of the vm: it becomes a root. module_name: the class's __module__. A module made a second time (its entry
 * in sys.modules was deleted) gets the same class: functions of the first one still raise it. */
static inline bool native_error_make(struct vm *vm, value module, const char *name, const char *module_name,
                                     struct type *base, value *slot)
{
    if (is_object(*slot))
        return dict_set_text(vm, support_dict(module), name, *slot);
    value bases = tuple_pack(vm, 1, object_value(base)), namespace = dict_new(vm);
    if (bases == VALUE_NULL || namespace == VALUE_NULL ||
        !dict_set_text(vm, dict_of(namespace), "__module__", string_from_text(vm, module_name))) /* of its own: pickles show it */
        return false;
    value error = type_new_class(vm, &type_type, intern_text(vm, name), bases, namespace, VALUE_NULL);
    if (error == VALUE_NULL || !dict_set_text(vm, support_dict(module), name, error))
        return false;
    *slot = error;
    gc_add_root(vm, slot);
    return true;
}

static inline struct type *native_error(value error)
{
    return (struct type *)value_object(error);
}

#endif
