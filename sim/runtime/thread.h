/* thread.h - the program's threads: one runs at a time, on stacks of its own, until it waits, sleeps, or has made its share of
 * jumps while others could run. Nothing else makes them change places, so that every run interleaves them the same way.
 *
 * Whoever waits may find everything changed when it goes on; values in local variables are safe, as everywhere. */
#ifndef HYBRIDSIM_SIM_RUNTIME_THREAD_H
#define HYBRIDSIM_SIM_RUNTIME_THREAD_H

#include "sim/runtime/vm.h"

struct thread;

struct wait_list { /* threads that wait for the same thing, first come first served; zeroed: nobody */
    struct thread *first, *last;
};

enum wait_outcome {
    WAIT_WOKEN,     /* thread_wake chose this one, or a signal's handler ran: look again */
    WAIT_TIMED_OUT,
    WAIT_FAILED     /* an exception is pending: a signal's handler raised one, or nobody could ever wake it */
};

bool threads_start(struct vm *vm); /* the main thread's record; once, when the vm is new */
void threads_free(struct vm *vm);  /* at vm end: the others' memory */
void threads_finish(struct vm *vm); /* from now on only the running thread goes on */

/* Starts callee(*arguments, **keywords) in a thread of its own and answers its number; 0: an exception is pending. */
uint64_t thread_start(struct vm *vm, value callee, value arguments, value keywords);
uint64_t thread_identity(const struct vm *vm);       /* of the running thread; the main one is 1 */
bool thread_is_main(const struct vm *vm);
uint64_t thread_count(const struct vm *vm);          /* started ones that have not ended */
value *thread_locals(struct vm *vm);                 /* a dict for _thread._local; VALUE_NULL: not made yet */
value threads_frames(struct vm *vm);     /* dict: a thread's number -> the frame it is in */
value threads_exceptions(struct vm *vm); /* dict: a thread's number -> (class, exception, traceback) it handles, or Nones */
void thread_at_end(struct vm *vm, void (*run)(struct vm *vm, value argument), value argument); /* of the running thread */

/* Nanoseconds of the clock that deadlines refer to. */
int64_t thread_clock(struct vm *vm);
/* Waits in the list until woken or until the clock shows `deadline` (negative: for ever). */
enum wait_outcome thread_wait(struct vm *vm, struct wait_list *list, int64_t deadline);
bool thread_wake(struct vm *vm, struct wait_list *list); /* the one that waits longest; false: nobody waits */
bool thread_sleep(struct vm *vm, int64_t nanoseconds);   /* false: an exception is pending */
bool thread_pause(struct vm *vm);                        /* until a signal was handled; false: pending */
void thread_yield(struct vm *vm);                        /* lets the others that can run go first */

/* The engine: vm->interrupt is set. False: an exception is pending. */
bool thread_interrupted(struct vm *vm);

/* A signal for the program has arrived (INTERRUPT_SIGNAL is set): its handlers run in the main thread. False: pending. Set by
 * the module signal; without it SIGINT raises KeyboardInterrupt. */
typedef bool (*signal_runner)(struct vm *vm);
void thread_set_signal_runner(struct vm *vm, signal_runner runner);
/* A signal that ends processes has come from outside (vm->ended_by), and the program has no handler for it: the innermost loop is
 * left, and nothing of the program runs any more: no handler, no `finally`. Answers false: pending. */
bool thread_end_program(struct vm *vm);
/* A deadline that is nobody's wait: when the clock shows it, `expire` is called in whatever thread runs. Negative: none. */
bool thread_has_deadlines(const struct vm *vm); /* something will happen when the clock goes on: an alarm, the end of a wait */
bool thread_is_last(const struct vm *vm); /* no other thread can go on, now or when the clock does, and there is no alarm */
void thread_set_alarm(struct vm *vm, int64_t deadline, void (*expire)(struct vm *vm));

#endif
