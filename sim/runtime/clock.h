/* clock.h - time inside the program. It is simulated: the cycles executed so far at the machine's frequency, plus what the
 * program slept. Each reading is later than the one before. The first run records its readings, the others get the same. */
#ifndef HYBRIDSIM_SIM_RUNTIME_CLOCK_H
#define HYBRIDSIM_SIM_RUNTIME_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

struct vm;

enum clock_kind {
    CLOCK_SIMULATED,     /* replayed to the later runs */
    CLOCK_SIMULATED_OWN, /* each run shows its own cycles */
    CLOCK_HOST           /* the host's, replayed */
};

struct clock_options {
    enum clock_kind kind;
    uint64_t hertz;                     /* cycles a second; 0: 10**9 */
    uint64_t (*cycles)(struct vm *vm);  /* executed so far; NULL: none are known, each reading takes a microsecond */
};

struct program_clock; /* vm->clock */
struct program_clock *clock_new(const struct clock_options *options); /* NULL options: simulated, without cycles */
void clock_free(struct program_clock *clock);

int64_t clock_now(struct vm *vm);     /* nanoseconds since the program started: monotonic, perf_counter, deadlines */
int64_t clock_busy(struct vm *vm);    /* ... without those it slept: process_time */
int64_t clock_real(struct vm *vm);    /* nanoseconds since 1970: the host's time at the start, going on with clock_now */
/* The program sleeps: the simulated clock goes on by so much at once. The host's is waited for. */
void clock_advance(struct vm *vm, int64_t nanoseconds);

#endif
