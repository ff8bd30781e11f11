/* builtins.c - module builtins: its functions (builtins_*.c), every built-in type and exception, and the constants. */
#include "sim/modules/builtins.h"
#include "sim/runtime/exception.h"
#include "sim/runtime/iterator.h"
#include "sim/runtime/structures.h"

extern struct type memoryview_type; /* memoryview.c */

static bool add_functions(struct vm *vm, struct dict_object *dict, value module, const struct method_definition *table)
{
    for (; table->name; table++) {
        value function = native_function_new(vm, table, module, "builtins");
        if (function == VALUE_NULL || !dict_set_text(vm, dict, table->name, function))
            return false;
    }
    return true;
}

static bool add_types(struct vm *vm, struct dict_object *dict)
{
    static struct type *const types[] = {
        &object_type_object, &type_type, &int_type, &bool_type, &float_type, &complex_type, &string_type, &bytes_type,
        &bytearray_type, &list_type, &tuple_type, &dict_type, &set_type, &frozenset_type, &range_type, &slice_type,
        &property_type, &classmethod_type, &staticmethod_type, &super_type, &enumerate_type, &zip_type, &map_type,
        &filter_type, &reversed_type, &memoryview_type,
    };
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (!dict_set_text(vm, dict, types[i]->name, type_object_value(types[i])))
            return false;
    static struct type *const exceptions[] = {
#define X(name, base) &exc_##name,
        EXCEPTION_TYPES(X)
#undef X
    };
    for (size_t i = 0; i < sizeof exceptions / sizeof *exceptions; i++)
        if (!dict_set_text(vm, dict, exceptions[i]->name, type_object_value(exceptions[i])))
            return false;
    value os_error = type_object_value(&exc_OSError);
    return dict_set_text(vm, dict, "IOError", os_error) && dict_set_text(vm, dict, "EnvironmentError", os_error);
}

static bool builtins_initialize(struct vm *vm, value module)
{
    struct dict_object *dict = dict_of(((struct module_object *)value_object(module))->dict);
    text_types_ready(vm);
    return dict_set_text(vm, dict, "None", NONE) && dict_set_text(vm, dict, "True", TRUE) &&
           dict_set_text(vm, dict, "False", FALSE) && dict_set_text(vm, dict, "Ellipsis", vm->ellipsis) &&
           dict_set_text(vm, dict, "NotImplemented", vm->not_implemented) && dict_set_text(vm, dict, "__debug__", TRUE) &&
           add_types(vm, dict) && add_functions(vm, dict, module, builtins_aggregate_functions) &&
           add_functions(vm, dict, module, builtins_object_functions) &&
           add_functions(vm, dict, module, builtins_number_functions) &&
           add_functions(vm, dict, module, builtins_code_functions) &&
           add_functions(vm, dict, module, builtins_compile_functions) &&
           add_functions(vm, dict, module, builtins_io_functions);
}

const struct native_module builtins_module = {"builtins", builtins_initialize, NULL};
