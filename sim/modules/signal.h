/* signal.h - signals that the program sends itself. */
#ifndef HYBRIDSIM_SIM_MODULES_SIGNAL_H
#define HYBRIDSIM_SIM_MODULES_SIGNAL_H

#include "sim/runtime/vm.h"

/* As if the signal had come from outside: its handler runs soon, in the main thread. False: an exception is pending (the number is
 * none, or the signal would end the process). */
bool signal_simulate(struct vm *vm, int64_t number);

/* A function of the program (or KeyboardInterrupt) waits for the signal, which is a valid one. */
bool signal_has_handler(const struct vm *vm, int64_t number);

/* For loops of native code that nothing of Python may run in: Ctrl-C came, and all the program does about it is
 * KeyboardInterrupt. signal_raise_interrupt makes that pending. Other handlers run when the native code has ended. */
bool signal_interrupts_native(const struct vm *vm);
void signal_raise_interrupt(struct vm *vm);

#endif
