/* builtins.c - module builtins: its functions (builtins_*.c), every built-in type and exception, and the constants. */
#include "sim/modules/builtins.h"
#include "sim/runtime/exception.h"
#include "sim/runtime/iterator.h"
#include "sim/runtime/structures.h"
#include "sim/runtime/type.h"

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
    type_add_subclass(vm, &exc_Exception, &exc_ExceptionGroup); /* its second base; CPython makes it last */
    value os_error = type_object_value(&exc_OSError);
    return dict_set_text(vm, dict, "IOError", os_error) && dict_set_text(vm, dict, "EnvironmentError", os_error);
}

/* Programs see the order of the names (vars, dir's ties, suggestions for misspelt ones): it is CPython's. Those not here follow. */
static bool place_names(struct vm *vm, struct dict_object *dict)
{
    static const char *const names[] = {
        "__build_class__", "__import__", "abs", "all", "any", "ascii", "bin", "breakpoint", "callable", "chr", "compile",
        "delattr", "dir", "divmod", "eval", "exec", "format", "getattr", "globals", "hasattr", "hash", "hex", "id", "input",
        "isinstance", "issubclass", "iter", "aiter", "len", "locals", "max", "min", "next", "anext", "oct", "ord", "pow",
        "print", "repr", "round", "setattr", "sorted", "sum", "vars", "None", "Ellipsis", "NotImplemented", "False", "True",
        "bool", "memoryview", "bytearray", "bytes", "classmethod", "complex", "dict", "enumerate", "filter", "float",
        "frozenset", "property", "int", "list", "map", "object", "range", "reversed", "set", "slice", "staticmethod", "str",
        "super", "tuple", "type", "zip", "__debug__", "BaseException", "BaseExceptionGroup", "Exception", "GeneratorExit",
        "KeyboardInterrupt", "SystemExit", "ArithmeticError", "AssertionError", "AttributeError", "BufferError", "EOFError",
        "ImportError", "LookupError", "MemoryError", "NameError", "OSError", "ReferenceError", "RuntimeError",
        "StopAsyncIteration", "StopIteration", "SyntaxError", "SystemError", "TypeError", "ValueError", "Warning",
        "FloatingPointError", "OverflowError", "ZeroDivisionError", "BytesWarning", "DeprecationWarning", "EncodingWarning",
        "FutureWarning", "ImportWarning", "PendingDeprecationWarning", "ResourceWarning", "RuntimeWarning", "SyntaxWarning",
        "UnicodeWarning", "UserWarning", "BlockingIOError", "ChildProcessError", "ConnectionError", "FileExistsError",
        "FileNotFoundError", "InterruptedError", "IsADirectoryError", "NotADirectoryError", "PermissionError",
        "ProcessLookupError", "TimeoutError", "IndentationError", "IndexError", "KeyError", "ModuleNotFoundError",
        "NotImplementedError", "RecursionError", "UnboundLocalError", "UnicodeError", "BrokenPipeError",
        "ConnectionAbortedError", "ConnectionRefusedError", "ConnectionResetError", "TabError", "UnicodeDecodeError",
        "UnicodeEncodeError", "UnicodeTranslateError", "ExceptionGroup", "EnvironmentError", "IOError"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!dict_set_text(vm, dict, names[i], NONE)) /* all of them are set below */
            return false;
    return true;
}

static bool builtins_initialize(struct vm *vm, value module)
{
    struct dict_object *dict = dict_of(((struct module_object *)value_object(module))->dict);
    text_types_ready(vm);
    type_ready(vm, &bool_type); /* True and False are there before anything asks for their class: they add as ints do */
    return place_names(vm, dict) &&
           dict_set_text(vm, dict, "None", NONE) && dict_set_text(vm, dict, "True", TRUE) &&
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
