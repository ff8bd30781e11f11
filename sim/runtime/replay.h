/* replay.h - what is not deterministic (clocks, entropy) is taken once: the first run records the readings to a file, the
 * later ones read them back, so that the program prints the same under every ISA. */
#ifndef HYBRIDSIM_SIM_RUNTIME_REPLAY_H
#define HYBRIDSIM_SIM_RUNTIME_REPLAY_H

#include <stdbool.h>
#include <stddef.h>

struct replay;

/* path NULL: neither recorded nor replayed. NULL when the file cannot be opened. */
struct replay *replay_open(const char *path, bool record);
void replay_close(struct replay *replay);

/* Nanoseconds of a clock (CLOCK_...), and entropy from the system; or what the first run got. Once a replay runs out of
 * readings the host's own follow. */
/* A number the host gives (a process id): the first run's in every run. */
long long replay_number(struct replay *replay, long long host);
/* This run takes its readings from the first one's. */
bool replay_is_replaying(const struct replay *replay);
long long replay_clock(struct replay *replay, int clock);
void replay_entropy(struct replay *replay, void *bytes, size_t size);

#endif
