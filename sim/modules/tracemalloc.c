/* tracemalloc.c - module _tracemalloc, as it is as long as nothing is traced: warnings ask it where their source was made.
 * The heap keeps no record of who asked for what, so start() is not supported. */
#include "sim/modules/support.h"

#define FUNCTION(name)                                                                                                 \
    static value trace_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

FUNCTION(start)
{
    UNUSED;
    return raise_unsupported(vm, "tracemalloc.start()");
}

FUNCTION(is_tracing)
{
    UNUSED;
    return FALSE;
}

FUNCTION(nothing)
{
    UNUSED;
    return NONE;
}

FUNCTION(zero)
{
    UNUSED;
    return small_int(0);
}

FUNCTION(get_traceback_limit)
{
    UNUSED;
    return small_int(1);
}

FUNCTION(get_traced_memory)
{
    UNUSED;
    return tuple_pack(vm, 2, small_int(0), small_int(0));
}

FUNCTION(get_traces)
{
    UNUSED;
    return list_new(vm, 0);
}

static const struct method_definition functions[] = {
    {"start", "(nframe=1, /)", trace_start, 0, NULL},
    {"stop", "()", trace_nothing, 0, NULL},
    {"is_tracing", "()", trace_is_tracing, 0, NULL},
    {"clear_traces", "()", trace_nothing, 0, NULL},
    {"reset_peak", "()", trace_nothing, 0, NULL},
    {"get_traceback_limit", "()", trace_get_traceback_limit, 0, NULL},
    {"get_traced_memory", "()", trace_get_traced_memory, 0, NULL},
    {"get_tracemalloc_memory", "()", trace_zero, 0, NULL},
    {"_get_traces", "()", trace_get_traces, 0, NULL},
    {"_get_object_traceback", "(obj, /)", trace_nothing, 0, NULL},
    {0},
};

static bool initialize(struct vm *vm, value module)
{
    (void)vm, (void)module;
    return true;
}

const struct native_module tracemalloc_module = {"_tracemalloc", initialize, functions};
