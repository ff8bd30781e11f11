/* time.c - the clocks of module time; calendar times are in time_calendar.c. What they show
 * is decided in sim/runtime/clock.h. */
#include "sim/modules/time_calendar.h"
#include "sim/runtime/args.h"
#include "sim/runtime/clock.h"
#include "sim/runtime/exception.h"
#include "sim/runtime/number.h"
#include "sim/runtime/thread.h"
#include "sim/runtime/types.h"

#include <errno.h>
#include <math.h>
#include <time.h>

#define FUNCTION(name) \
    static value time_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)self, (void)arguments, (void)count, (void)keyword_names

#define CLOCK_FUNCTIONS(name, reading)                                                                                 \
    FUNCTION(name)                                                                                                     \
    {                                                                                                                  \
        UNUSED;                                                                                                        \
        return float_value(vm, (double)reading(vm) * 1e-9);                                                            \
    }                                                                                                                  \
    FUNCTION(name##_ns)                                                                                                \
    {                                                                                                                  \
        UNUSED;                                                                                                        \
        return int_from_int64(vm, reading(vm));                                                                        \
    }
CLOCK_FUNCTIONS(time, clock_real)
CLOCK_FUNCTIONS(monotonic, clock_now)
CLOCK_FUNCTIONS(perf_counter, clock_now)
CLOCK_FUNCTIONS(process_time, clock_busy)
CLOCK_FUNCTIONS(thread_time, clock_busy)

/* Nanoseconds of the clock with that number. False: pending. */
static bool read_clock(struct vm *vm, value number, int64_t *out)
{
    int clock;
    if (!value_to_c_int(vm, number, &clock))
        return false;
    switch (clock) {
    case CLOCK_REALTIME:
    case CLOCK_TAI:
        *out = clock_real(vm);
        return true;
    case CLOCK_MONOTONIC:
    case CLOCK_MONOTONIC_RAW:
    case CLOCK_BOOTTIME:
        *out = clock_now(vm);
        return true;
    case CLOCK_PROCESS_CPUTIME_ID:
    case CLOCK_THREAD_CPUTIME_ID:
        *out = clock_busy(vm);
        return true;
    default:
        raise_os_error(vm, EINVAL, VALUE_NULL);
        return false;
    }
}

FUNCTION(clock_gettime)
{
    UNUSED;
    int64_t nanoseconds;
    return read_clock(vm, arguments[0], &nanoseconds) ? float_value(vm, (double)nanoseconds * 1e-9) : VALUE_NULL;
}

FUNCTION(clock_gettime_ns)
{
    UNUSED;
    int64_t nanoseconds;
    return read_clock(vm, arguments[0], &nanoseconds) ? int_from_int64(vm, nanoseconds) : VALUE_NULL;
}

long long time_now(struct vm *vm)
{
    return clock_real(vm);
}

FUNCTION(sleep)
{
    (void)self, (void)count, (void)keyword_names;
    double seconds;
    if (!value_to_double(vm, arguments[0], &seconds))
        return VALUE_NULL;
    if (seconds < 0)
        return raise_error(vm, &exc_ValueError, "sleep length must be non-negative");
    return thread_sleep(vm, (int64_t)ceil(seconds * 1e9)) ? NONE : VALUE_NULL;
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
    {"clock_gettime", "(clk_id, /)", time_clock_gettime, 0, NULL},
    {"clock_gettime_ns", "(clk_id, /)", time_clock_gettime_ns, 0, NULL},
    {"sleep", "(seconds, /)", time_sleep, 0, NULL},
    {0},
};

const struct native_module time_module = {"time", time_calendar_initialize, functions};
