/* signal.c - module _signal: numbers and names. Ctrl-C is the simulator's own; handlers of a program are unsupported. */
#include "sim/modules/support.h"

#include <signal.h>

#define FUNCTION(name)                                                                                                 \
    static value signal_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

FUNCTION(default_int_handler)
{
    UNUSED;
    value exception = call_0(vm, object_value(&exc_KeyboardInterrupt));
    return exception == VALUE_NULL ? VALUE_NULL : raise_value(vm, exception);
}

FUNCTION(signal)
{
    UNUSED;
    return raise_unsupported(vm, "signal.signal");
}

FUNCTION(getsignal)
{
    UNUSED;
    return arguments[0] == small_int(SIGINT) ? dict_get_text(vm, support_dict(self), "default_int_handler") : small_int(0);
}

FUNCTION(raise_signal)
{
    UNUSED;
    return raise_unsupported(vm, "signal.raise_signal");
}

FUNCTION(alarm)
{
    UNUSED;
    return raise_unsupported(vm, "signal.alarm");
}

static const struct method_definition functions[] = {
    {"default_int_handler", "(signalnum, frame, /)", signal_default_int_handler, 0, NULL},
    {"signal", "(signalnum, handler, /)", signal_signal, 0, NULL},
    {"getsignal", "(signalnum, /)", signal_getsignal, 0, NULL},
    {"raise_signal", "(signalnum, /)", signal_raise_signal, 0, NULL},
    {"alarm", "(seconds, /)", signal_alarm, 0, NULL},
    {0},
};

static const struct integer_constant constants[] = {
    {"SIG_DFL", 0}, {"SIG_IGN", 1}, {"NSIG", 65}, {"SIGHUP", SIGHUP}, {"SIGINT", SIGINT}, {"SIGQUIT", SIGQUIT},
    {"SIGILL", SIGILL}, {"SIGTRAP", SIGTRAP}, {"SIGABRT", SIGABRT}, {"SIGFPE", SIGFPE}, {"SIGKILL", SIGKILL},
    {"SIGBUS", SIGBUS}, {"SIGSEGV", SIGSEGV}, {"SIGUSR1", SIGUSR1}, {"SIGUSR2", SIGUSR2}, {"SIGPIPE", SIGPIPE},
    {"SIGALRM", SIGALRM}, {"SIGTERM", SIGTERM}, {"SIGCHLD", SIGCHLD}, {"SIGCONT", SIGCONT}, {"SIGSTOP", SIGSTOP}, {0},
};

static bool signal_initialize(struct vm *vm, value module)
{
    return support_add_constants(vm, module, constants);
}

const struct native_module signal_module = {"_signal", signal_initialize, functions};
