/* signal.h - signals that the program sends itself. */
#ifndef HYBRIDSIM_SIM_MODULES_SIGNAL_H
#define HYBRIDSIM_SIM_MODULES_SIGNAL_H

#include "sim/runtime/vm.h"

/* As if the signal had come from outside: its handler runs soon, in the main thread. False: an exception is pending (the number is
 * none, or the signal would end the process). */
bool signal_simulate(struct vm *vm, int64_t number);

/* A function of the program (or KeyboardInterrupt) waits for the signal, which is a valid one. */
bool signal_has_handler(const struct vm *vm, int64_t number);

#endif
