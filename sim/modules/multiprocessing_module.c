/* multiprocessing_module.c - module _multiprocessing: semaphores. There are no other processes: they keep the threads of this one
 * in order, and their names are only known here. */
#include "sim/modules/support.h"
#include "sim/modules/thread.h"
#include "sim/runtime/container.h"
#include "sim/runtime/text.h"

#include <errno.h>

enum { KIND_RECURSIVE, KIND_SEMAPHORE };

struct semaphore_object {
    struct object head;
    int64_t kind, left, maximum; /* left: how often it can still be acquired */
    int64_t held;                /* by this process */
    uint64_t owner;              /* the thread that acquired it last */
    value name;                  /* str, or NONE: it is unlinked */
    struct wait_list waiters;
};

#define FUNCTION(name)                                                                                                 \
    static value semaphore_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

static struct semaphore_object *semaphore_of(value v)
{
    return (struct semaphore_object *)value_object(v);
}

static void semaphore_trace(struct vm *vm, struct object *object)
{
    gc_mark(vm, ((struct semaphore_object *)object)->name);
}

/* ---- names ---- */

static bool names_ready(struct vm *vm)
{
    if (vm->semaphore_names == VALUE_NULL)
        vm->semaphore_names = set_new(vm, &set_type);
    return vm->semaphore_names != VALUE_NULL;
}

static value name_failed(struct vm *vm, int error)
{
    return raise_os_error(vm, error, VALUE_NULL);
}

FUNCTION(sem_unlink)
{
    UNUSED;
    if (!is_string(arguments[0]))
        return raise_error(vm, &exc_TypeError, "sem_unlink() argument must be str, not %T", arguments[0]);
    int there = names_ready(vm) ? contains(vm, vm->semaphore_names, arguments[0]) : -1;
    if (there <= 0)
        return there < 0 ? VALUE_NULL : name_failed(vm, ENOENT);
    return call_method(vm, vm->semaphore_names, "discard", arguments, 1);
}

/* ---- SemLock ---- */

static value semaphore_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    static const char *const names[] = {"kind", "value", "maxvalue", "name", "unlink", NULL};
    value bound[5];
    int64_t kind, left, maximum;
    if (!arguments_bind(vm, &(struct argument_names){"SemLock", names, 5, 5}, arguments, count, keyword_names, bound) ||
        !value_to_int64(vm, bound[0], &kind) || !value_to_int64(vm, bound[1], &left) || !value_to_int64(vm, bound[2], &maximum))
        return VALUE_NULL;
    int unlinked = value_truth(vm, bound[4]);
    if (!is_string(bound[3]))
        return raise_error(vm, &exc_TypeError, "SemLock() argument 'name' must be str, not %T", bound[3]);
    if (kind != KIND_RECURSIVE && kind != KIND_SEMAPHORE)
        return raise_error(vm, &exc_ValueError, "unrecognized kind");
    if (left < 0 || left > INT32_MAX)
        return name_failed(vm, EINVAL);
    int there = unlinked < 0 || !names_ready(vm) ? -1 : contains(vm, vm->semaphore_names, bound[3]);
    if (there)
        return there < 0 ? VALUE_NULL : name_failed(vm, EEXIST);
    if (!unlinked && !set_add(vm, vm->semaphore_names, bound[3]))
        return VALUE_NULL;
    struct semaphore_object *semaphore = instance_allocate(vm, type, sizeof *semaphore);
    if (!semaphore)
        return VALUE_NULL;
    semaphore->kind = kind;
    semaphore->left = left;
    semaphore->maximum = maximum;
    semaphore->name = unlinked ? NONE : bound[3];
    return object_value(semaphore);
}

static bool is_mine(struct vm *vm, const struct semaphore_object *semaphore)
{
    return semaphore->held > 0 && semaphore->owner == thread_identity(vm);
}

static value take(struct vm *vm, struct semaphore_object *semaphore)
{
    semaphore->held++;
    semaphore->owner = thread_identity(vm);
    return TRUE;
}

/* timeout: seconds, or None; what is negative is over at once */
static bool deadline_of(struct vm *vm, value timeout, int64_t *deadline)
{
    double seconds;
    *deadline = -1;
    if (timeout == VALUE_NULL || timeout == NONE)
        return true;
    if (!value_to_double(vm, timeout, &seconds))
        return false;
    return thread_deadline(vm, seconds < 0 ? small_int(0) : timeout, deadline);
}

FUNCTION(acquire)
{
    UNUSED;
    struct semaphore_object *semaphore = semaphore_of(self);
    int wait = arguments[0] == VALUE_NULL ? 1 : value_truth(vm, arguments[0]);
    int64_t deadline;
    if (wait < 0 || !deadline_of(vm, arguments[1], &deadline))
        return VALUE_NULL;
    if (semaphore->kind == KIND_RECURSIVE && is_mine(vm, semaphore))
        return take(vm, semaphore);
    while (!semaphore->left) {
        enum wait_outcome outcome = wait ? thread_wait(vm, &semaphore->waiters, deadline) : WAIT_TIMED_OUT;
        if (outcome != WAIT_WOKEN && !semaphore->left)
            return outcome == WAIT_FAILED ? VALUE_NULL : FALSE;
        if (outcome == WAIT_FAILED)
            return VALUE_NULL;
    }
    semaphore->left--;
    return take(vm, semaphore);
}

FUNCTION(release)
{
    UNUSED;
    struct semaphore_object *semaphore = semaphore_of(self);
    if (semaphore->kind == KIND_RECURSIVE) {
        if (!is_mine(vm, semaphore))
            return raise_error(vm, &exc_AssertionError, "attempt to release recursive lock not owned by thread");
        if (semaphore->held > 1) {
            semaphore->held--;
            return NONE;
        }
    } else if (semaphore->left >= semaphore->maximum) {
        return raise_error(vm, &exc_ValueError, "semaphore or lock released too many times");
    }
    semaphore->left++;
    semaphore->held--;
    thread_wake(vm, &semaphore->waiters);
    return NONE;
}

FUNCTION(enter)
{
    UNUSED;
    value nothing[2] = {VALUE_NULL, VALUE_NULL};
    return semaphore_acquire(vm, self, nothing, 2, VALUE_NULL);
}

FUNCTION(exit)
{
    return semaphore_release(vm, self, arguments, count, keyword_names);
}

FUNCTION(count)
{
    UNUSED;
    return small_int(semaphore_of(self)->held);
}

FUNCTION(is_mine)
{
    UNUSED;
    return bool_value(is_mine(vm, semaphore_of(self)));
}

FUNCTION(get_value)
{
    UNUSED;
    return small_int(semaphore_of(self)->left);
}

FUNCTION(is_zero)
{
    UNUSED;
    return bool_value(semaphore_of(self)->left == 0);
}

FUNCTION(after_fork)
{
    UNUSED;
    semaphore_of(self)->held = 0;
    return NONE;
}

/* Another process would find the semaphore by its name. */
FUNCTION(rebuild)
{
    UNUSED;
    return name_failed(vm, ENOENT);
}

static value get_kind(struct vm *vm, value self) { (void)vm; return small_int(semaphore_of(self)->kind); }
static value get_maximum(struct vm *vm, value self) { return int_from_int64(vm, semaphore_of(self)->maximum); }
static value get_name(struct vm *vm, value self) { (void)vm; return semaphore_of(self)->name; }
static value get_handle(struct vm *vm, value self) { return int_from_uint64(vm, object_identity(vm, self)); }

static const struct property_definition properties[] = {
    {"handle", get_handle, NULL}, {"kind", get_kind, NULL}, {"maxvalue", get_maximum, NULL}, {"name", get_name, NULL}, {0}};
static const struct method_definition methods[] = {
    {"acquire", "(block=True, timeout=None)", semaphore_acquire, 0, "Acquire the semaphore/lock."},
    {"release", "()", semaphore_release, 0, "Release the semaphore/lock."},
    {"__enter__", "()", semaphore_enter, 0, "Enter the semaphore/lock."},
    {"__exit__", "(exc_type=None, exc_value=None, exc_tb=None, /)", semaphore_exit, 0, "Exit the semaphore/lock."},
    {"_count", "()", semaphore_count, 0, "Num of `acquire()`s minus num of `release()`s for this process."},
    {"_is_mine", "()", semaphore_is_mine, 0, "Whether the lock is owned by this thread."},
    {"_get_value", "()", semaphore_get_value, 0, "Get the value of the semaphore."},
    {"_is_zero", "()", semaphore_is_zero, 0, "Return whether semaphore has value zero."},
    {"_after_fork", "()", semaphore_after_fork, 0, "Rezero the net acquisition count after fork()."},
    {"_rebuild", "(handle, kind, maxvalue, name, /)", semaphore_rebuild, METHOD_CLASS, NULL},
    {0},
};

static struct type semaphore_type = {.name = "_multiprocessing.SemLock",
                                     .flags = TYPE_SUBCLASSABLE | TYPE_MAKES_SUBCLASSES,
                                     .instance_size = sizeof(struct semaphore_object),
                                     .doc = "Semaphore/Mutex type",
                                     .trace = semaphore_trace,
                                     .new = semaphore_new,
                                     .methods = methods,
                                     .properties = properties};

static bool initialize(struct vm *vm, value module)
{
    value flags = dict_new(vm);
    type_ready(vm, &semaphore_type);
    return flags != VALUE_NULL && dict_set_text(vm, semaphore_type.dict, "SEM_VALUE_MAX", small_int(INT32_MAX)) &&
           dict_set_text(vm, dict_of(flags), "HAVE_SEM_OPEN", small_int(1)) &&
           dict_set_text(vm, dict_of(flags), "HAVE_SEM_TIMEDWAIT", small_int(1)) &&
           dict_set_text(vm, support_dict(module), "flags", flags) &&
           dict_set_text(vm, support_dict(module), "SemLock", type_object_value(&semaphore_type));
}

static const struct method_definition functions[] = {{"sem_unlink", "(name, /)", semaphore_sem_unlink, 0, NULL}, {0}};

const struct native_module multiprocessing_module = {"_multiprocessing", initialize, functions};
