/* time.c - module time. Clock readings go through replay.h, so that every ISA's run sees the same. */
#include "sim/runtime/args.h"
#include "sim/runtime/exception.h"
#include "sim/runtime/replay.h"
#include "sim/runtime/types.h"

#include <math.h>
#include <time.h>

#define FUNCTION(name) \
    static value time_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)self, (void)arguments, (void)count, (void)keyword_names

#define CLOCK_FUNCTIONS(name, clock) \
    FUNCTION(name) \
    { \
        UNUSED; \
        return float_value(vm, (double)replay_clock(vm->replay, clock) * 1e-9); \
    } \
    FUNCTION(name##_ns) \
    { \
        UNUSED; \
        return int_from_int64(vm, replay_clock(vm->replay, clock)); \
    }
CLOCK_FUNCTIONS(time, CLOCK_REALTIME)
CLOCK_FUNCTIONS(monotonic, CLOCK_MONOTONIC)
CLOCK_FUNCTIONS(perf_counter, CLOCK_MONOTONIC)
CLOCK_FUNCTIONS(process_time, CLOCK_PROCESS_CPUTIME_ID)
CLOCK_FUNCTIONS(thread_time, CLOCK_THREAD_CPUTIME_ID)

/* Only the first run sleeps: the others see its clock. */
FUNCTION(sleep)
{
    (void)self, (void)count, (void)keyword_names;
    double seconds;
    if (!value_to_double(vm, arguments[0], &seconds))
        return VALUE_NULL;
    if (seconds < 0)
        return raise_error(vm, &exc_ValueError, "sleep length must be non-negative");
    struct timespec left = {(time_t)seconds, (long)((seconds - floor(seconds)) * 1e9)};
    while (!replay_is_replaying(vm->replay) && nanosleep(&left, &left)) {
        if (vm->interrupt & INTERRUPT_SIGNAL) {
            vm->interrupt &= ~INTERRUPT_SIGNAL;
            return raise_value(vm, object_value(&exc_KeyboardInterrupt));
        }
    }
    return NONE;
}

static const struct method_definition functions[] = {
    {"time", "()", time_time, 0, NULL},
    {"time_ns", "()", time_time_ns, 0, NULL},
    {"monotonic", "()", time_monotonic, 0, NULL},
    {"monotonic_ns", "()", time_monotonic_ns, 0, NULL},
    {"perf_counter", "()", time_perf_counter, 0, NULL},
    {"perf_counter_ns", "()", time_perf_counter_ns, 0, NULL},
    {"process_time", "()", time_process_time, 0, NULL},
    {"process_time_ns", "()", time_process_time_ns, 0, NULL},
    {"thread_time", "()", time_thread_time, 0, NULL},
    {"thread_time_ns", "()", time_thread_time_ns, 0, NULL},
    {"sleep", "(seconds, /)", time_sleep, 0, NULL},
    {0},
};

const struct native_module time_module = {"time", NULL, functions};
