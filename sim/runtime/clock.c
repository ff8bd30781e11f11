/* clock.c - see clock.h. */
#include "sim/runtime/clock.h"

#include "sim/runtime/replay.h"
#include "sim/runtime/vm.h"

#include <stdlib.h>
#include <time.h>

enum { NANOSECONDS = 1000000000, READING_WITHOUT_CYCLES = 1000 };

struct program_clock {
    struct clock_options options;
    int64_t slept;       /* simulated: nanoseconds */
    int64_t last;        /* what clock_now showed last */
    int64_t last_busy;
    int64_t start;       /* nanoseconds since 1970; -1: not asked for yet */
    int64_t host_start;  /* CLOCK_HOST: of the monotonic clock */
    uint64_t readings;
};

static int64_t host_time(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * NANOSECONDS + now.tv_nsec;
}

struct program_clock *clock_new(const struct clock_options *options)
{
    struct program_clock *clock = calloc(1, sizeof *clock);
    if (!clock)
        abort();
    if (options)
        clock->options = *options;
    if (!clock->options.hertz)
        clock->options.hertz = NANOSECONDS;
    clock->start = -1;
    clock->host_start = host_time(CLOCK_MONOTONIC);
    return clock;
}

void clock_free(struct program_clock *clock)
{
    free(clock);
}

static int64_t simulated_busy(struct vm *vm, struct program_clock *clock)
{
    if (!clock->options.cycles)
        return (int64_t)clock->readings * READING_WITHOUT_CYCLES;
    uint64_t cycles = clock->options.cycles(vm), hertz = clock->options.hertz;
    return (int64_t)(cycles / hertz * NANOSECONDS + cycles % hertz * NANOSECONDS / hertz);
}

/* The first run's reading, or this one's own. */
static int64_t shared(struct vm *vm, const struct program_clock *clock, int64_t (*read)(struct vm *vm, struct program_clock *clock))
{
    long long reading;
    if (clock->options.kind != CLOCK_SIMULATED_OWN && replay_take(vm->replay, &reading))
        return reading;
    reading = read(vm, vm->clock);
    if (clock->options.kind != CLOCK_SIMULATED_OWN)
        replay_give(vm->replay, reading);
    return reading;
}

static int64_t read_now(struct vm *vm, struct program_clock *clock)
{
    return clock->options.kind == CLOCK_HOST ? host_time(CLOCK_MONOTONIC) - clock->host_start
                                             : simulated_busy(vm, clock) + clock->slept;
}

static int64_t read_busy(struct vm *vm, struct program_clock *clock)
{
    return clock->options.kind == CLOCK_HOST ? host_time(CLOCK_PROCESS_CPUTIME_ID) : simulated_busy(vm, clock);
}

int64_t clock_now(struct vm *vm)
{
    struct program_clock *clock = vm->clock;
    clock->readings++;
    int64_t now = shared(vm, clock, read_now);
    if (now <= clock->last)
        now = clock->last + 1;
    return clock->last = now;
}

int64_t clock_busy(struct vm *vm)
{
    struct program_clock *clock = vm->clock;
    clock->readings++;
    int64_t now = shared(vm, clock, read_busy);
    if (now <= clock->last_busy)
        now = clock->last_busy + 1;
    return clock->last_busy = now;
}

int64_t clock_real(struct vm *vm)
{
    struct program_clock *clock = vm->clock;
    if (clock->start < 0)
        clock->start = replay_number(vm->replay, host_time(CLOCK_REALTIME)); /* all runs start at the same moment */
    return clock->start + clock_now(vm);
}

void clock_advance(struct vm *vm, int64_t nanoseconds)
{
    struct program_clock *clock = vm->clock;
    if (nanoseconds <= 0)
        return;
    if (clock->options.kind != CLOCK_HOST) {
        int64_t now = simulated_busy(vm, clock) + clock->slept;
        if (now < clock->last) /* what was shown is ahead: each reading is later than the one before */
            clock->slept += clock->last - now;
        clock->slept += nanoseconds;
    } else if (!replay_is_replaying(vm->replay)) {
        struct timespec rest = {(time_t)(nanoseconds / NANOSECONDS), (long)(nanoseconds % NANOSECONDS)};
        nanosleep(&rest, NULL);
    }
}
