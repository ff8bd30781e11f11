/* sys_trace.c - sys.settrace and sys.setprofile: the engine reports what happens (sim/engine/trace_events.c). */
#include "sim/modules/sys.h"
#include "sim/runtime/traceback.h"

#define FUNCTION(name) \
    static value sys_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

FUNCTION(settrace)
{
    UNUSED;
    engine_set_trace(vm, arguments[0]);
    return NONE;
}

FUNCTION(setprofile)
{
    UNUSED;
    engine_set_profile(vm, arguments[0]);
    return NONE;
}

FUNCTION(gettrace)
{
    UNUSED;
    return engine_trace_function(vm);
}

FUNCTION(getprofile)
{
    UNUSED;
    return profiler_of_callback(engine_profile_function(vm));
}

FUNCTION(call_tracing)
{
    UNUSED;
    if (!has_flag(arguments[1], TYPE_TUPLE))
        return raise_error(vm, &exc_TypeError, "call_tracing() argument 2 must be tuple, not %T", arguments[1]);
    return engine_call_traced(vm, arguments[0], arguments[1]);
}

const struct method_definition sys_trace_functions[] = {
    {"settrace", "(function, /)", sys_settrace, 0, "Set the global debug tracing function."},
    {"setprofile", "(function, /)", sys_setprofile, 0, "Set the profiling function."},
    {"gettrace", "()", sys_gettrace, 0, "Return the global debug tracing function set with sys.settrace."},
    {"getprofile", "()", sys_getprofile, 0, "Return the profiling function set with sys.setprofile."},
    {"call_tracing", "(func, args, /)", sys_call_tracing, 0, "Call func(*args), while tracing is enabled."},
    {0},
};
