/* builtins_code.c - globals, locals, __import__, __build_class__: what needs the engine. */
#include "sim/modules/builtins.h"
#include "sim/modules/support.h"
#include "sim/runtime/args.h"
#include "sim/runtime/exception.h"
#include "sim/runtime/text.h"

#define BUILTIN(name)                                                                                                  \
    static value builtin_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED_ARGUMENTS (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

BUILTIN(globals)
{
    UNUSED_ARGUMENTS;
    return engine_globals(vm);
}

BUILTIN(locals)
{
    UNUSED_ARGUMENTS;
    return engine_locals(vm);
}

BUILTIN(import)
{
    UNUSED_ARGUMENTS;
    int64_t level = 0;
    if (arguments[4] != VALUE_NULL && !value_to_int64(vm, arguments[4], &level))
        return VALUE_NULL;
    if (!is_string(arguments[0]))
        return raise_error(vm, &exc_TypeError, "module name must be a string");
    if (level < 0)
        return raise_error(vm, &exc_ValueError, "level must be >= 0");
    value globals = arguments[1] == VALUE_NULL ? NONE : arguments[1];
    value from_list = arguments[3] == VALUE_NULL ? vm->empty_tuple : arguments[3];
    return import_name(vm, arguments[0], globals, from_list, level);
}

BUILTIN(build_class)
{
    (void)self;
    return build_class(vm, arguments, count, keyword_names);
}

BUILTIN(breakpoint)
{
    (void)self;
    value hook = dict_get_text(vm, support_dict(vm->sys_module), "breakpointhook");
    if (hook == VALUE_NULL)
        return raise_error(vm, &exc_RuntimeError, "lost sys.breakpointhook");
    return call(vm, hook, arguments, count, keyword_names);
}

const struct method_definition builtins_code_functions[] = {
    {"globals", "()", builtin_globals, 0, NULL},
    {"locals", "()", builtin_locals, 0, NULL},
    {"__import__", "(name, globals=None, locals=None, fromlist=(), level=0)", builtin_import, 0, NULL},
    {"breakpoint", NULL, builtin_breakpoint, 0, NULL},
    {"__build_class__", NULL, builtin_build_class, 0, NULL},
    {NULL, NULL, NULL, 0, NULL},
};
