/* resource.c - module resource: the time used is the program's clock's; memory and limits are the host's, as the first run saw
 * them. Limits cannot be changed: they are the simulator's. */
#include "sim/modules/support.h"
#include "sim/runtime/clock.h"
#include "sim/runtime/record.h"
#include "sim/runtime/replay.h"

#include <errno.h>
#include <sys/resource.h>
#include <unistd.h>

#define FUNCTION(name)                                                                                                 \
    static value resource_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

enum { USAGE_FIELDS = 16 };
static const char *const usage_fields[USAGE_FIELDS] = {
    "ru_utime",  "ru_stime",   "ru_maxrss",  "ru_ixrss",  "ru_idrss",  "ru_isrss",    "ru_minflt", "ru_majflt",
    "ru_nswap",  "ru_inblock", "ru_oublock", "ru_msgsnd", "ru_msgrcv", "ru_nsignals", "ru_nvcsw",  "ru_nivcsw"};
static struct record_type usage_type = RECORD_TYPE("resource.struct_rusage", usage_fields, USAGE_FIELDS, USAGE_FIELDS, NULL);

FUNCTION(getrusage)
{
    UNUSED;
    int64_t who;
    struct rusage usage;
    if (!value_to_int64(vm, arguments[0], &who))
        return VALUE_NULL;
    if (who != RUSAGE_SELF && who != RUSAGE_CHILDREN && who != RUSAGE_THREAD)
        return raise_error(vm, &exc_ValueError, "invalid who parameter");
    memset(&usage, 0, sizeof usage);
    getrusage((int)who, &usage);
    value items[USAGE_FIELDS];
    items[0] = float_value(vm, who == RUSAGE_CHILDREN ? 0.0 : (double)(clock_busy(vm) / 1000) * 1e-6);
    items[1] = float_value(vm, 0.0);
    items[2] = int_from_int64(vm, replay_number(vm->replay, usage.ru_maxrss));
    for (int i = 3; i < USAGE_FIELDS; i++)
        items[i] = small_int(0);
    return record_new(vm, &usage_type, items);
}

static value limit_value(struct vm *vm, rlim_t limit)
{
    return limit == RLIM_INFINITY ? small_int(-1) : int_from_uint64(vm, limit);
}

FUNCTION(getrlimit)
{
    UNUSED;
    int64_t which;
    struct rlimit limit;
    if (!value_to_int64(vm, arguments[0], &which))
        return VALUE_NULL;
    if (which < 0 || which >= RLIM_NLIMITS)
        return raise_error(vm, &exc_ValueError, "invalid resource specified");
    if (getrlimit((__rlimit_resource_t)which, &limit) != 0)
        return raise_os_error(vm, errno, VALUE_NULL);
    return tuple_pack(vm, 2, limit_value(vm, limit.rlim_cur), limit_value(vm, limit.rlim_max));
}

/* Asking for what holds anyway is fine, as is a larger stack: recursion does not use the host's. */
FUNCTION(setrlimit)
{
    UNUSED;
    int64_t which;
    if (!value_to_int64(vm, arguments[0], &which))
        return VALUE_NULL;
    if (which < 0 || which >= RLIM_NLIMITS)
        return raise_error(vm, &exc_ValueError, "invalid resource specified");
    value wanted = tuple_from_iterable(vm, arguments[1]);
    if (wanted == VALUE_NULL)
        return VALUE_NULL;
    if (tuple_of(wanted)->length != 2)
        return raise_error(vm, &exc_ValueError, "expected a tuple of 2 integers");
    value now = resource_getrlimit(vm, self, arguments, 1, VALUE_NULL);
    int same = now == VALUE_NULL ? -1 : values_equal(vm, now, wanted);
    if (same < 0)
        return VALUE_NULL;
    return same || which == RLIMIT_STACK || which == RLIMIT_CORE ? NONE : raise_unsupported(vm, "resource.setrlimit");
}

FUNCTION(getpagesize)
{
    UNUSED;
    return small_int(getpagesize());
}

static const struct method_definition functions[] = {
    {"getrusage", "(who, /)", resource_getrusage, 0, NULL},
    {"getrlimit", "(resource, /)", resource_getrlimit, 0, NULL},
    {"setrlimit", "(resource, limits, /)", resource_setrlimit, 0, NULL},
    {"getpagesize", "()", resource_getpagesize, 0, NULL},
    {0},
};

#define CONSTANT(name) {#name, name}
static const struct integer_constant constants[] = {
    CONSTANT(RLIMIT_AS), CONSTANT(RLIMIT_CORE), CONSTANT(RLIMIT_CPU), CONSTANT(RLIMIT_DATA), CONSTANT(RLIMIT_FSIZE),
    CONSTANT(RLIMIT_MEMLOCK), CONSTANT(RLIMIT_MSGQUEUE), CONSTANT(RLIMIT_NICE), CONSTANT(RLIMIT_NOFILE), CONSTANT(RLIMIT_NPROC),
    CONSTANT(RLIMIT_OFILE), CONSTANT(RLIMIT_RSS), CONSTANT(RLIMIT_RTPRIO), CONSTANT(RLIMIT_RTTIME), CONSTANT(RLIMIT_SIGPENDING),
    CONSTANT(RLIMIT_STACK), {"RLIM_INFINITY", -1}, CONSTANT(RUSAGE_CHILDREN), CONSTANT(RUSAGE_SELF), CONSTANT(RUSAGE_THREAD), {0}};

static bool resource_initialize(struct vm *vm, value module)
{
    struct dict_object *dict = support_dict(module);
    return record_ready(vm, &usage_type) && support_add_constants(vm, module, constants) &&
           dict_set_text(vm, dict, "struct_rusage", object_value(&usage_type.type)) &&
           dict_set_text(vm, dict, "error", object_value(&exc_OSError));
}

const struct native_module resource_module = {"resource", resource_initialize, functions};
