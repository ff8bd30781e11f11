/* replay.h - what is not deterministic (clocks, entropy, what files are) is taken once: the first run records the readings to a
 * file, the later ones read them back, so that the program prints the same under every ISA. */
#ifndef HYBRIDSIM_SIM_RUNTIME_REPLAY_H
#define HYBRIDSIM_SIM_RUNTIME_REPLAY_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

struct replay;

/* path NULL: neither recorded nor replayed. `complete` is in memory that the runs share: 0 while the recording run goes on beside
 * the replaying one, which then waits for what is not yet written; NULL: they run one after the other. NULL when the file cannot
 * be opened. */
struct replay *replay_open(const char *path, bool record, const atomic_int *complete);
void replay_close(struct replay *replay);

/* A number the host gives (a process id): the first run's in every run. */
long long replay_number(struct replay *replay, long long host);
/* This run takes its readings from the first one's. */
bool replay_is_replaying(const struct replay *replay);
/* The next reading of the first run; false: there is none, the host's own is to be taken and given to replay_give. */
bool replay_take(struct replay *replay, long long *number);
void replay_give(struct replay *replay, long long number);
/* Entropy from the system; or what the first run got. Once a replay runs out of readings the host's own follow. */
void replay_entropy(struct replay *replay, void *bytes, size_t size);

/* Whatever the host says in `size` bytes: the first run's in every run. */
void replay_bytes(struct replay *replay, void *bytes, size_t size);

#endif
