/* thread.h - what the modules for threads share. */
#ifndef HYBRIDSIM_SIM_MODULES_THREAD_H
#define HYBRIDSIM_SIM_MODULES_THREAD_H

#include "sim/runtime/thread.h"
#include "sim/runtime/types.h"

extern struct type thread_local_type; /* thread_local.c: _thread._local */

/* A timeout in seconds (None, absent or -1: none) as the time on thread_clock at which it is over; negative: never. False:
 * pending. */
bool thread_deadline(struct vm *vm, value timeout, int64_t *deadline);

#endif
