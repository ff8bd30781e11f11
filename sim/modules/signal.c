/* signal.c - module _signal. Of the host's signals only Ctrl-C reaches the program; what it sends itself (raise_signal, alarm,
 * setitimer) is simulated: handlers run in the main thread at its next jump, timers go by the program's clock. */
#include "sim/modules/signal.h"
#include "sim/modules/channel.h"
#include "sim/modules/support.h"
#include "sim/runtime/module.h"
#include "sim/runtime/thread.h"
#include "sim/runtime/traceback.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>
#include <unistd.h>

enum { SIGNAL_COUNT = 65, HANDLER_DEFAULT = 0, HANDLER_IGNORE = 1 };

struct signal_state {
    value handlers[SIGNAL_COUNT];
    value default_int_handler;
    uint64_t pending;  /* bit n: signal n waits for its handler */
    uint64_t blocked;  /* bit n: it goes on waiting (pthread_sigmask) */
    int64_t interval;  /* of the real-time timer, nanoseconds; 0: it does not repeat */
    int64_t deadline;  /* negative: it does not run */
    int64_t wakeup_descriptor;
};

#define FUNCTION(name)                                                                                                 \
    static value signal_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

FUNCTION(default_int_handler)
{
    UNUSED;
    value exception = call_0(vm, object_value(&exc_KeyboardInterrupt));
    return exception == VALUE_NULL ? VALUE_NULL : raise_value(vm, exception);
}

/* ---- delivery ---- */

static bool is_ignored_by_default(int number)
{
    return number == SIGCHLD || number == SIGCONT || number == SIGURG || number == SIGWINCH;
}

static bool deliver(struct vm *vm, int number)
{
    value handler = vm->signals->handlers[number];
    if (handler == small_int(HANDLER_IGNORE) || (handler == small_int(HANDLER_DEFAULT) && is_ignored_by_default(number)))
        return true;
    if (handler == small_int(HANDLER_DEFAULT)) {
        char what[48];
        snprintf(what, sizeof what, "being ended by signal %d", number);
        raise_unsupported(vm, what);
        return false;
    }
    struct frame_object *frame = engine_frame_object(vm, 0);
    if (!frame && vm->pending != VALUE_NULL)
        return false;
    return call_2(vm, handler, small_int(number), frame ? object_value(frame) : NONE) != VALUE_NULL;
}

/* INTERRUPT_SIGNAL was set: by the program's own signals, or by Ctrl-C. */
static bool run_handlers(struct vm *vm)
{
    struct signal_state *state = vm->signals;
    struct channel *wakeup = channel_find(vm, state->wakeup_descriptor);
    if (vm->interrupt & INTERRUPT_KEYBOARD) {
        vm->interrupt &= ~INTERRUPT_KEYBOARD;
        state->pending |= 1ull << SIGINT;
    }
    if (vm->ended_by && signal_is_default(vm, vm->ended_by))
        return thread_end_program(vm);
    if (vm->ended_by)
        state->pending |= 1ull << vm->ended_by;
    vm->ended_by = 0;
    while (state->pending & ~state->blocked) {
        int number = __builtin_ctzll(state->pending & ~state->blocked);
        state->pending &= ~(1ull << number);
        const uint8_t byte = (uint8_t)number;
        if (wakeup && wakeup->peer)
            channel_write(vm, wakeup, &byte, 1);
        else if (!wakeup && state->wakeup_descriptor >= 0 && write((int)state->wakeup_descriptor, &byte, 1) < 0)
            errno = 0; /* full: whoever waits for it will wake anyway */
        if (!deliver(vm, number))
            return false;
    }
    return true;
}

static bool number_of(struct vm *vm, value v, int *number)
{
    int64_t n;
    if (!value_to_int64(vm, v, &n))
        return false;
    if (n < 1 || n >= SIGNAL_COUNT - 1) {
        raise_error(vm, &exc_ValueError, "signal number out of range");
        return false;
    }
    *number = (int)n;
    return true;
}

static struct signal_state *state_of(struct vm *vm)
{
    if (vm->signals)
        return vm->signals;
    struct signal_state *state = calloc(1, sizeof *state);
    if (!state)
        abort();
    for (int i = 0; i < SIGNAL_COUNT; i++) {
        state->handlers[i] = small_int(HANDLER_DEFAULT);
        gc_add_root(vm, &state->handlers[i]);
    }
    state->default_int_handler = VALUE_NULL;
    gc_add_root(vm, &state->default_int_handler);
    state->deadline = state->wakeup_descriptor = -1;
    state->handlers[SIGPIPE] = state->handlers[SIGXFSZ] = small_int(HANDLER_IGNORE);
    vm->signals = state;
    return state;
}

void signal_state_free(struct vm *vm)
{
    free(vm->signals);
    vm->signals = NULL;
}

bool signal_has_handler(const struct vm *vm, int64_t number)
{
    return vm->signals ? is_object(vm->signals->handlers[number]) : number == SIGINT;
}

bool signal_is_default(const struct vm *vm, int number)
{
    return !vm->signals || vm->signals->handlers[number] == small_int(HANDLER_DEFAULT);
}

bool signal_interrupts_native(const struct vm *vm)
{
    if (vm->ended_by && signal_is_default(vm, vm->ended_by))
        return true;
    return (vm->interrupt & INTERRUPT_KEYBOARD) &&
           (!vm->signals || vm->signals->handlers[SIGINT] == vm->signals->default_int_handler);
}

void signal_raise_interrupt(struct vm *vm)
{
    if (vm->ended_by && signal_is_default(vm, vm->ended_by)) {
        thread_end_program(vm);
        return;
    }
    vm->interrupt &= ~INTERRUPT_KEYBOARD;
    if (!vm->signals || !vm->signals->pending)
        vm->interrupt &= ~INTERRUPT_SIGNAL;
    raise_value(vm, object_value(&exc_KeyboardInterrupt));
}

bool signal_simulate(struct vm *vm, int64_t number)
{
    if (number < 1 || number >= SIGNAL_COUNT - 1) {
        raise_error(vm, &exc_ValueError, "signal number out of range");
        return false;
    }
    if (import_module(vm, "_signal") == VALUE_NULL)
        return false;
    vm->signals->pending |= 1ull << number;
    vm->interrupt |= INTERRUPT_SIGNAL;
    return true;
}

FUNCTION(signal)
{
    UNUSED;
    int number;
    if (!thread_is_main(vm))
        return raise_error(vm, &exc_ValueError, "signal only works in main thread of the main interpreter");
    if (!number_of(vm, arguments[0], &number))
        return VALUE_NULL;
    value handler = arguments[1];
    int64_t constant = -1;
    if (is_int(handler) && !value_to_int64(vm, handler, &constant))
        return VALUE_NULL;
    if (constant != HANDLER_DEFAULT && constant != HANDLER_IGNORE && !value_type(vm, handler)->call)
        return raise_error(vm, &exc_TypeError,
                           "signal handler must be signal.SIG_IGN, signal.SIG_DFL, or a callable object");
    if (number == SIGKILL || number == SIGSTOP)
        return raise_os_error(vm, EINVAL, VALUE_NULL);
    value old = vm->signals->handlers[number];
    vm->signals->handlers[number] = constant >= 0 ? small_int(constant) : handler;
    return old;
}

FUNCTION(getsignal)
{
    UNUSED;
    int number;
    return number_of(vm, arguments[0], &number) ? vm->signals->handlers[number] : VALUE_NULL;
}

FUNCTION(raise_signal)
{
    UNUSED;
    int64_t number;
    if (!value_to_int64(vm, arguments[0], &number))
        return VALUE_NULL;
    if (number < 0 || number >= SIGNAL_COUNT)
        return raise_os_error(vm, EINVAL, VALUE_NULL);
    if (number == 0)
        return NONE;
    if (!signal_simulate(vm, number))
        return VALUE_NULL;
    return thread_is_main(vm) && !thread_interrupted(vm) ? VALUE_NULL : NONE;
}

/* ---- blocking ---- */

static value set_of_bits(struct vm *vm, uint64_t bits)
{
    value set = set_new(vm, &set_type);
    for (int number = 1; set != VALUE_NULL && number < SIGNAL_COUNT - 1; number++)
        if (bits >> number & 1 && !set_add(vm, set, small_int(number)))
            return VALUE_NULL;
    return set;
}

static bool add_bit(struct vm *vm, value item, void *context)
{
    int64_t number;
    if (!value_to_int64(vm, item, &number))
        return false;
    if (number < 1 || number >= SIGNAL_COUNT) {
        raise_error(vm, &exc_ValueError, "signal number %ld out of range [1; %d]", (long)number, SIGNAL_COUNT - 1);
        return false;
    }
    if (number < SIGNAL_COUNT - 1 && number != SIGKILL && number != SIGSTOP)
        *(uint64_t *)context |= 1ull << number;
    return true;
}

FUNCTION(pthread_sigmask)
{
    UNUSED;
    struct signal_state *state = vm->signals;
    uint64_t given = 0, before = state->blocked;
    int64_t how;
    if (!value_to_int64(vm, arguments[0], &how) || !iterate(vm, arguments[1], add_bit, &given) || vm->pending != VALUE_NULL)
        return VALUE_NULL;
    if (how != SIG_BLOCK && how != SIG_UNBLOCK && how != SIG_SETMASK)
        return raise_os_error(vm, EINVAL, VALUE_NULL);
    if (!thread_is_main(vm)) /* each thread has a mask of its own; handlers run in the main one */
        return raise_unsupported(vm, "signal.pthread_sigmask outside the main thread");
    state->blocked = how == SIG_BLOCK ? before | given : how == SIG_UNBLOCK ? before & ~given : given;
    if (state->pending & ~state->blocked) {
        vm->interrupt |= INTERRUPT_SIGNAL;
        if (!thread_interrupted(vm))
            return VALUE_NULL;
    }
    return set_of_bits(vm, before);
}

FUNCTION(sigpending)
{
    UNUSED;
    return set_of_bits(vm, vm->signals->pending & vm->signals->blocked);
}

FUNCTION(pause)
{
    UNUSED;
    return thread_pause(vm) ? NONE : VALUE_NULL;
}

/* ---- timers ---- */

static void timer_expire(struct vm *vm)
{
    struct signal_state *state = vm->signals;
    state->pending |= 1ull << SIGALRM;
    vm->interrupt |= INTERRUPT_SIGNAL;
    state->deadline = state->interval ? state->deadline + state->interval : -1;
    if (state->interval)
        thread_set_alarm(vm, state->deadline, timer_expire);
}

static void timer_set(struct vm *vm, int64_t delay, int64_t interval)
{
    struct signal_state *state = vm->signals;
    state->interval = interval;
    state->deadline = delay ? thread_clock(vm) + delay : -1;
    thread_set_alarm(vm, state->deadline, timer_expire);
}

static int64_t timer_left(struct vm *vm)
{
    if (vm->signals->deadline < 0)
        return 0;
    int64_t left = vm->signals->deadline - thread_clock(vm);
    return left > 0 ? left : 1;
}

FUNCTION(alarm)
{
    UNUSED;
    int64_t seconds;
    if (!value_to_int64(vm, arguments[0], &seconds))
        return VALUE_NULL;
    int64_t left = timer_left(vm);
    timer_set(vm, (int64_t)(uint32_t)seconds * 1000000000, 0);
    return small_int((left + 500000000) / 1000000000);
}

static value timer_times(struct vm *vm)
{
    double left = (double)timer_left(vm) * 1e-9;
    return tuple_pack(vm, 2, float_value(vm, left), float_value(vm, (double)vm->signals->interval * 1e-9));
}

static bool timer_is_real(struct vm *vm, value which)
{
    int64_t timer;
    if (!value_to_int64(vm, which, &timer))
        return false;
    if (timer == ITIMER_VIRTUAL || timer == ITIMER_PROF)
        raise_unsupported(vm, "timers that count processor time (signal.setitimer)");
    else if (timer != ITIMER_REAL)
        raise_os_error(vm, EINVAL, VALUE_NULL);
    return timer == ITIMER_REAL;
}

FUNCTION(setitimer)
{
    UNUSED;
    double seconds, interval = 0;
    if (!timer_is_real(vm, arguments[0]) || !value_to_double(vm, arguments[1], &seconds) ||
        (arguments[2] != VALUE_NULL && !value_to_double(vm, arguments[2], &interval)))
        return VALUE_NULL;
    if (!(seconds >= 0) || !(interval >= 0))
        return raise_os_error(vm, EINVAL, VALUE_NULL);
    value old = timer_times(vm);
    timer_set(vm, (int64_t)ceil(seconds * 1e9), (int64_t)ceil(interval * 1e9));
    return old;
}

FUNCTION(getitimer)
{
    UNUSED;
    return timer_is_real(vm, arguments[0]) ? timer_times(vm) : VALUE_NULL;
}

/* ---- the rest ---- */

FUNCTION(set_wakeup_fd)
{
    UNUSED;
    int64_t descriptor, old = vm->signals->wakeup_descriptor;
    if (!value_to_int64(vm, arguments[0], &descriptor))
        return VALUE_NULL;
    if (!thread_is_main(vm))
        return raise_error(vm, &exc_ValueError, "set_wakeup_fd only works in main thread of the main interpreter");
    if (descriptor >= CHANNEL_FIRST_DESCRIPTOR ? !channel_find(vm, descriptor)
                                               : descriptor >= 0 && fcntl((int)descriptor, F_GETFL) < 0)
        return raise_os_error(vm, EBADF, VALUE_NULL);
    if (descriptor >= 0 && descriptor < CHANNEL_FIRST_DESCRIPTOR && !(fcntl((int)descriptor, F_GETFL) & O_NONBLOCK))
        return raise_error(vm, &exc_ValueError, "the fd %ld must be in non-blocking mode", (long)descriptor);
    vm->signals->wakeup_descriptor = descriptor < 0 ? -1 : descriptor;
    return small_int(old);
}

FUNCTION(siginterrupt)
{
    UNUSED;
    int number;
    return number_of(vm, arguments[0], &number) ? NONE : VALUE_NULL;
}

FUNCTION(strsignal)
{
    UNUSED;
    int number;
    return number_of(vm, arguments[0], &number) ? string_from_text(vm, strsignal(number)) : VALUE_NULL;
}

FUNCTION(valid_signals)
{
    UNUSED;
    value set = set_new(vm, &set_type);
    for (int i = 1; set != VALUE_NULL && i < SIGNAL_COUNT; i++)
        if (i != 32 && i != 33 && !set_add(vm, set, small_int(i)))
            return VALUE_NULL;
    return set;
}

static const struct method_definition functions[] = {
    {"default_int_handler", "(signalnum, frame, /)", signal_default_int_handler, 0, NULL},
    {"signal", "(signalnum, handler, /)", signal_signal, 0, NULL},
    {"getsignal", "(signalnum, /)", signal_getsignal, 0, NULL},
    {"raise_signal", "(signalnum, /)", signal_raise_signal, 0, NULL},
    {"pause", "()", signal_pause, 0, NULL},
    {"pthread_sigmask", "(how, mask, /)", signal_pthread_sigmask, 0, NULL},
    {"sigpending", "()", signal_sigpending, 0, NULL},
    {"alarm", "(seconds, /)", signal_alarm, 0, NULL},
    {"setitimer", "(which, seconds, interval=0.0, /)", signal_setitimer, 0, NULL},
    {"getitimer", "(which, /)", signal_getitimer, 0, NULL},
    {"set_wakeup_fd", "(fd, *, warn_on_full_buffer=True)", signal_set_wakeup_fd, 0, NULL},
    {"siginterrupt", "(signalnum, flag, /)", signal_siginterrupt, 0, NULL},
    {"strsignal", "(signalnum, /)", signal_strsignal, 0, NULL},
    {"valid_signals", "()", signal_valid_signals, 0, NULL},
    {0},
};

static const struct integer_constant constants[] = {
    {"SIG_DFL", HANDLER_DEFAULT}, {"SIG_IGN", HANDLER_IGNORE}, {"NSIG", SIGNAL_COUNT}, {"SIGHUP", SIGHUP},
    {"SIGINT", SIGINT}, {"SIGQUIT", SIGQUIT}, {"SIGILL", SIGILL}, {"SIGTRAP", SIGTRAP}, {"SIGIOT", SIGIOT},
    {"SIGABRT", SIGABRT}, {"SIGFPE", SIGFPE}, {"SIGKILL", SIGKILL}, {"SIGBUS", SIGBUS}, {"SIGSEGV", SIGSEGV},
    {"SIGSYS", SIGSYS}, {"SIGPIPE", SIGPIPE}, {"SIGALRM", SIGALRM}, {"SIGTERM", SIGTERM}, {"SIGUSR1", SIGUSR1},
    {"SIGUSR2", SIGUSR2}, {"SIGCLD", SIGCHLD}, {"SIGCHLD", SIGCHLD}, {"SIGPWR", SIGPWR}, {"SIGIO", SIGIO},
    {"SIGURG", SIGURG}, {"SIGWINCH", SIGWINCH}, {"SIGPOLL", SIGPOLL}, {"SIGSTOP", SIGSTOP}, {"SIGTSTP", SIGTSTP},
    {"SIGCONT", SIGCONT}, {"SIGTTIN", SIGTTIN}, {"SIGTTOU", SIGTTOU}, {"SIGVTALRM", SIGVTALRM}, {"SIGPROF", SIGPROF},
    {"SIGXCPU", SIGXCPU}, {"SIGXFSZ", SIGXFSZ}, {"SIGSTKFLT", SIGSTKFLT}, {"SIGRTMIN", 34}, {"SIGRTMAX", 64},
    {"SIG_BLOCK", SIG_BLOCK}, {"SIG_UNBLOCK", SIG_UNBLOCK},
    {"SIG_SETMASK", SIG_SETMASK}, {"ITIMER_REAL", ITIMER_REAL}, {"ITIMER_VIRTUAL", ITIMER_VIRTUAL},
    {"ITIMER_PROF", ITIMER_PROF}, {0},
};

static bool signal_initialize(struct vm *vm, value module)
{
    struct signal_state *state = state_of(vm);
    value handler = dict_get_text(vm, support_dict(module), "default_int_handler");
    if (handler != VALUE_NULL)
        state->handlers[SIGINT] = state->default_int_handler = handler;
    thread_set_signal_runner(vm, run_handlers);
    return support_add_constants(vm, module, constants) &&
           dict_set_text(vm, support_dict(module), "ItimerError", object_value(&exc_OSError));
}

const struct native_module signal_module = {"_signal", signal_initialize, functions};
