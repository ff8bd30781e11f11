/* faulthandler.c - module faulthandler: a simulated program cannot crash the way this module waits for, so enabling it only
 * changes what is_enabled answers; tracebacks on request are printed. */
#include "sim/modules/support.h"

#define FUNCTION(name)                                                                                                 \
    static value faulthandler_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

static value set_enabled(struct vm *vm, value self, value enabled)
{
    return dict_set_text(vm, support_dict(self), "_enabled", enabled) ? NONE : VALUE_NULL;
}

FUNCTION(enable)
{
    UNUSED;
    return set_enabled(vm, self, TRUE);
}

FUNCTION(disable)
{
    UNUSED;
    value enabled = dict_get_text(vm, support_dict(self), "_enabled");
    return set_enabled(vm, self, FALSE) == VALUE_NULL ? VALUE_NULL : enabled == VALUE_NULL ? FALSE : enabled;
}

FUNCTION(is_enabled)
{
    UNUSED;
    value enabled = dict_get_text(vm, support_dict(self), "_enabled");
    return enabled == VALUE_NULL ? FALSE : enabled;
}

FUNCTION(nothing)
{
    UNUSED;
    return NONE;
}

FUNCTION(dump_traceback)
{
    UNUSED;
    value traceback = import_module(vm, "traceback");
    value stderr_stream = dict_get_text(vm, support_dict(vm->sys_module), "stderr");
    value given[] = {NONE, NONE, arguments[0] == VALUE_NULL ? stderr_stream : arguments[0]};
    return traceback == VALUE_NULL ? VALUE_NULL : call_method(vm, traceback, "print_stack", given, 3);
}

static const struct method_definition functions[] = {
    {"enable", "(file=None, all_threads=True)", faulthandler_enable, 0, NULL},
    {"disable", "()", faulthandler_disable, 0, NULL},
    {"is_enabled", "()", faulthandler_is_enabled, 0, NULL},
    {"dump_traceback", "(file=None, all_threads=True)", faulthandler_dump_traceback, 0, NULL},
    {"dump_traceback_later", "(timeout, repeat=False, file=None, exit=False)", faulthandler_nothing, 0, NULL},
    {"cancel_dump_traceback_later", "()", faulthandler_nothing, 0, NULL},
    {"register", "(signum, file=None, all_threads=True, chain=False)", faulthandler_nothing, 0, NULL},
    {"unregister", "(signum, /)", faulthandler_nothing, 0, NULL},
    {0},
};

const struct native_module faulthandler_module = {"faulthandler", NULL, functions};
