/* process.c - module posix: the process and the machine it runs on, and what would reach other processes, which is refused.
 * What differs from host to host (numbers, loads) is recorded, so that every ISA's run sees the same. */
#include "sim/modules/posix/posix.h"
#include "sim/modules/signal.h"
#include "sim/runtime/audit.h"
#include "sim/runtime/clock.h"
#include "sim/runtime/replay.h"
#include "sim/runtime/thread.h"

#include <grp.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/utsname.h>
#include <sys/wait.h>

extern char **environ;

/* ---- numbers ---- */

#define HOST_NUMBER(name, expression)                                                                                  \
    FUNCTION(name)                                                                                                     \
    {                                                                                                                  \
        UNUSED;                                                                                                        \
        return int_from_int64(vm, replay_number(vm->replay, expression));                                              \
    }
HOST_NUMBER(getpid, getpid())
HOST_NUMBER(getppid, getppid())
HOST_NUMBER(getpgrp, getpgrp())
HOST_NUMBER(getuid, getuid())
HOST_NUMBER(geteuid, geteuid())
HOST_NUMBER(getgid, getgid())
HOST_NUMBER(getegid, getegid())

FUNCTION(getgroups)
{
    UNUSED;
    gid_t groups[1024];
    int number = getgroups(1024, groups);
    value list = list_new(vm, 0);
    for (int i = 0; list != VALUE_NULL && i < number; i++)
        if (!list_append(vm, list_of(list), small_int(groups[i])))
            return VALUE_NULL;
    return list;
}

FUNCTION(cpu_count)
{
    UNUSED;
    long long processors = replay_number(vm->replay, sysconf(_SC_NPROCESSORS_ONLN));
    return processors < 1 ? NONE : small_int(processors);
}

FUNCTION(getloadavg)
{
    UNUSED;
    return tuple_pack(vm, 3, float_value(vm, 0.0), float_value(vm, 0.0), float_value(vm, 0.0));
}

FUNCTION(sched_yield)
{
    UNUSED;
    return NONE;
}

FUNCTION(sched_getaffinity)
{
    UNUSED;
    value set = set_new(vm, &set_type);
    long long processors = replay_number(vm->replay, sysconf(_SC_NPROCESSORS_ONLN));
    for (long long i = 0; set != VALUE_NULL && i < processors; i++)
        if (!set_add(vm, set, small_int(i)))
            return VALUE_NULL;
    return set;
}

/* ---- entropy ---- */

FUNCTION(urandom)
{
    UNUSED;
    int64_t size;
    if (!value_to_int64(vm, arguments[0], &size))
        return VALUE_NULL;
    if (size < 0)
        return raise_error(vm, &exc_ValueError, "negative argument not allowed");
    value bytes = bytes_from(vm, NULL, (size_t)size);
    if (bytes != VALUE_NULL && size)
        replay_entropy(vm->replay, bytes_of(bytes)->data, (size_t)size);
    return bytes;
}

FUNCTION(getrandom)
{
    UNUSED;
    return posix_urandom(vm, self, arguments, 1, VALUE_NULL);
}

/* ---- records ---- */

static const char *const uname_fields[] = {"sysname", "nodename", "release", "version", "machine"};
static struct record_type uname_result = RECORD_TYPE("posix.uname_result", uname_fields, 5, 5, NULL);
static const char *const times_fields[] = {"user", "system", "children_user", "children_system", "elapsed"};
static struct record_type times_result = RECORD_TYPE("posix.times_result", times_fields, 5, 5, NULL);
static const char *const terminal_fields[] = {"columns", "lines"};
static struct record_type terminal_size = RECORD_TYPE("os.terminal_size", terminal_fields, 2, 2, NULL);

FUNCTION(uname)
{
    UNUSED;
    struct utsname name;
    memset(&name, 0, sizeof name);
    if (uname(&name) != 0)
        return raise_for(vm, VALUE_NULL);
    replay_bytes(vm->replay, &name, sizeof name);
    value items[5] = {filename_value(vm, name.sysname, false), filename_value(vm, name.nodename, false),
                      filename_value(vm, name.release, false), filename_value(vm, name.version, false),
                      filename_value(vm, name.machine, false)};
    return record_new(vm, &uname_result, items);
}

FUNCTION(times)
{
    UNUSED;
    double busy = (double)(clock_busy(vm) / 10000000) * 0.01, now = (double)(clock_now(vm) / 10000000) * 0.01;
    value items[5] = {float_value(vm, busy), float_value(vm, 0.0), float_value(vm, 0.0), float_value(vm, 0.0),
                      float_value(vm, now)};
    return record_new(vm, &times_result, items);
}

FUNCTION(get_terminal_size)
{
    UNUSED;
    int descriptor = 1;
    struct { int error; struct winsize size; } answer;
    memset(&answer, 0, sizeof answer);
    if (arguments[0] != VALUE_NULL && !descriptor_argument(vm, arguments[0], &descriptor))
        return VALUE_NULL;
    answer.error = ioctl(descriptor, TIOCGWINSZ, &answer.size) ? errno : 0;
    replay_bytes(vm->replay, &answer, sizeof answer);
    if (answer.error)
        return raise_os_error(vm, answer.error, VALUE_NULL);
    value items[2] = {small_int(answer.size.ws_col), small_int(answer.size.ws_row)};
    return record_new(vm, &terminal_size, items);
}

/* ---- names for numbers ---- */

FUNCTION(strerror)
{
    UNUSED;
    int64_t code;
    return value_to_int64(vm, arguments[0], &code) ? string_from_text(vm, strerror((int)code)) : VALUE_NULL;
}

static const struct integer_constant sysconf_names[] = {
    {"SC_ARG_MAX", _SC_ARG_MAX}, {"SC_CHILD_MAX", _SC_CHILD_MAX}, {"SC_CLK_TCK", _SC_CLK_TCK}, {"SC_NGROUPS_MAX", _SC_NGROUPS_MAX},
    {"SC_OPEN_MAX", _SC_OPEN_MAX}, {"SC_PAGESIZE", _SC_PAGESIZE}, {"SC_PAGE_SIZE", _SC_PAGE_SIZE},
    {"SC_NPROCESSORS_CONF", _SC_NPROCESSORS_CONF}, {"SC_NPROCESSORS_ONLN", _SC_NPROCESSORS_ONLN},
    {"SC_PHYS_PAGES", _SC_PHYS_PAGES}, {"SC_AVPHYS_PAGES", _SC_AVPHYS_PAGES}, {"SC_IOV_MAX", _SC_IOV_MAX}, {0}};

static bool configuration_name(struct vm *vm, value v, int64_t *number)
{
    for (const struct integer_constant *name = sysconf_names; is_string(v) && name->name; name++)
        if (string_is(v, name->name)) {
            *number = name->number;
            return true;
        }
    if (is_string(v)) {
        raise_error(vm, &exc_ValueError, "unrecognized configuration name");
        return false;
    }
    if (is_int(v))
        return value_to_int64(vm, v, number);
    raise_error(vm, &exc_TypeError, "configuration names must be strings or integers");
    return false;
}

FUNCTION(sysconf)
{
    UNUSED;
    int64_t name;
    if (!configuration_name(vm, arguments[0], &name))
        return VALUE_NULL;
    errno = 0;
    long number = sysconf((int)name);
    return number == -1 && errno ? raise_for(vm, VALUE_NULL) : int_from_int64(vm, replay_number(vm->replay, number));
}

/* ---- exit statuses ---- */

#define STATUS_FUNCTION(name, expression)                                                                              \
    FUNCTION(name)                                                                                                     \
    {                                                                                                                  \
        UNUSED;                                                                                                        \
        int64_t given;                                                                                                 \
        if (!value_to_int64(vm, arguments[0], &given))                                                                 \
            return VALUE_NULL;                                                                                         \
        int status = (int)given;                                                                                       \
        return expression;                                                                                             \
    }
STATUS_FUNCTION(WIFEXITED, bool_value(WIFEXITED(status)))
STATUS_FUNCTION(WIFSIGNALED, bool_value(WIFSIGNALED(status)))
STATUS_FUNCTION(WIFSTOPPED, bool_value(WIFSTOPPED(status)))
STATUS_FUNCTION(WIFCONTINUED, bool_value(WIFCONTINUED(status)))
STATUS_FUNCTION(WCOREDUMP, bool_value(WCOREDUMP(status)))
STATUS_FUNCTION(WEXITSTATUS, small_int(WEXITSTATUS(status)))
STATUS_FUNCTION(WTERMSIG, small_int(WTERMSIG(status)))
STATUS_FUNCTION(WSTOPSIG, small_int(WSTOPSIG(status)))
STATUS_FUNCTION(waitstatus_to_exitcode,
                WIFEXITED(status)     ? small_int(WEXITSTATUS(status))
                : WIFSIGNALED(status) ? small_int(-WTERMSIG(status))
                                      : raise_error(vm, &exc_ValueError, "invalid wait status: %i", status))

/* ---- refused ---- */

FUNCTION(_exit)
{
    UNUSED;
    return raise_unsupported(vm, "os._exit");
}

#define REFUSED(name)                                                                                                  \
    FUNCTION(name)                                                                                                     \
    {                                                                                                                  \
        UNUSED;                                                                                                        \
        return sandbox_refuse(vm, "os." #name);                                                                        \
    }
REFUSED(fork)
REFUSED(forkpty)
REFUSED(system)
REFUSED(execv)
REFUSED(execve)
REFUSED(posix_spawn)
REFUSED(posix_spawnp)
REFUSED(killpg)
REFUSED(setuid)
REFUSED(setgid)
REFUSED(setsid)
REFUSED(chroot)
REFUSED(nice)

/* There never is a child. */
FUNCTION(wait)
{
    UNUSED;
    errno = ECHILD;
    return raise_for(vm, VALUE_NULL);
}

FUNCTION(kill)
{
    UNUSED;
    int64_t process, number;
    if (!value_to_int64(vm, arguments[0], &process) || !value_to_int64(vm, arguments[1], &number))
        return VALUE_NULL;
    if (!AUDIT(vm, "os.kill", arguments[0], arguments[1]))
        return VALUE_NULL;
    if (process != replay_number(vm->replay, getpid()))
        return sandbox_refuse(vm, "os.kill");
    if (number == 0)
        return NONE;
    if (!signal_simulate(vm, number))
        return VALUE_NULL;
    return thread_is_main(vm) && !thread_interrupted(vm) ? VALUE_NULL : NONE;
}

/* Nothing ever forks: what was to be done then never is. */
FUNCTION(register_at_fork)
{
    UNUSED;
    return NONE;
}

/* As audit events show names and values. */
static value environment_bytes(struct vm *vm, value v)
{
    return v != VALUE_NULL && has_flag(v, TYPE_STRING) ? string_encode(vm, v, "utf-8", "surrogateescape") : v;
}

/* os.environ keeps the values itself; the host's environment is left alone. */
FUNCTION(putenv)
{
    UNUSED;
    const uint8_t *name;
    size_t size;
    if (!is_bytes(arguments[0]) || !buffer_of(vm, arguments[0], &name, &size))
        return NONE;
    if (memchr(name, '=', size))
        return raise_error(vm, &exc_ValueError, "illegal environment variable name");
    return AUDIT(vm, "os.putenv", environment_bytes(vm, arguments[0]), environment_bytes(vm, arguments[1])) ? NONE : VALUE_NULL;
}

FUNCTION(unsetenv)
{
    UNUSED;
    return AUDIT(vm, "os.unsetenv", environment_bytes(vm, arguments[0])) ? NONE : VALUE_NULL;
}

const struct method_definition posix_process_functions[] = {
    ROW(getpid, "()"),
    ROW(getppid, "()"),
    ROW(getpgrp, "()"),
    ROW(getuid, "()"),
    ROW(geteuid, "()"),
    ROW(getgid, "()"),
    ROW(getegid, "()"),
    ROW(getgroups, "()"),
    ROW(cpu_count, "()"),
    ROW(getloadavg, "()"),
    ROW(sched_yield, "()"),
    ROW(sched_getaffinity, "(pid, /)"),
    ROW(urandom, "(size, /)"),
    ROW(getrandom, "(size, flags=0)"),
    ROW(uname, "()"),
    ROW(times, "()"),
    ROW(get_terminal_size, "(fd=1, /)"),
    ROW(strerror, "(code, /)"),
    ROW(sysconf, "(name, /)"),
    ROW(WIFEXITED, "(status)"),
    ROW(WIFSIGNALED, "(status)"),
    ROW(WIFSTOPPED, "(status)"),
    ROW(WIFCONTINUED, "(status)"),
    ROW(WCOREDUMP, "(status, /)"),
    ROW(WEXITSTATUS, "(status)"),
    ROW(WTERMSIG, "(status)"),
    ROW(WSTOPSIG, "(status)"),
    ROW(waitstatus_to_exitcode, "(status)"),
    ROW(_exit, "(status)"),
    ROW(fork, NULL),
    ROW(forkpty, NULL),
    ROW(system, NULL),
    ROW(execv, NULL),
    ROW(execve, NULL),
    ROW(posix_spawn, NULL),
    ROW(posix_spawnp, NULL),
    ROW(killpg, NULL),
    ROW(wait, "()"),
    {"waitpid", "(pid, options, /)", posix_wait, 0, NULL},
    ROW(setuid, NULL),
    ROW(setgid, NULL),
    ROW(setsid, NULL),
    ROW(chroot, NULL),
    ROW(nice, NULL),
    ROW(kill, "(pid, signal, /)"),
    ROW(register_at_fork, "(*, before=None, after_in_child=None, after_in_parent=None)"),
    ROW(putenv, "(name, value, /)"),
    ROW(unsetenv, "(name, /)"),
    {0},
};

static value environment(struct vm *vm)
{
    value dict = dict_new(vm);
    for (char **entry = environ; dict != VALUE_NULL && entry && *entry; entry++) {
        const char *equals = strchr(*entry, '=');
        if (!equals)
            continue;
        value name = bytes_from(vm, *entry, (size_t)(equals - *entry)), text = bytes_from(vm, equals + 1, strlen(equals + 1));
        value ignored;
        int found = name == VALUE_NULL || text == VALUE_NULL ? -1 : dict_find(vm, dict_of(dict), name, &ignored);
        if (found < 0 || (!found && !dict_set(vm, dict_of(dict), name, text)))
            return VALUE_NULL;
    }
    if (dict != VALUE_NULL)
        dict_of(dict)->flags |= DICT_OF_HOST;
    return dict;
}

bool posix_process_ready(struct vm *vm, struct dict_object *dict)
{
    value variables, names = dict_new(vm);
    WORK_UNTRACKED(vm, variables = environment(vm)); /* figures do not depend on how many variables the host has */
    for (const struct integer_constant *name = sysconf_names; names != VALUE_NULL && name->name; name++)
        if (!dict_set_text(vm, dict_of(names), name->name, small_int(name->number)))
            return false;
    return variables != VALUE_NULL && names != VALUE_NULL && record_ready(vm, &uname_result) && record_ready(vm, &times_result) &&
           record_ready(vm, &terminal_size) && dict_set_text(vm, dict, "environ", variables) &&
           dict_set_text(vm, dict, "sysconf_names", names) &&
           dict_set_text(vm, dict, "uname_result", object_value(&uname_result.type)) &&
           dict_set_text(vm, dict, "times_result", object_value(&times_result.type)) &&
           dict_set_text(vm, dict, "terminal_size", object_value(&terminal_size.type));
}
