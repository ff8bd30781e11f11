/* thread.c - module _thread: locks and the starting of threads, on the scheduler of sim/runtime/thread.h. */
#include "sim/modules/thread.h"
#include "sim/modules/signal.h"
#include "sim/modules/support.h"
#include "sim/runtime/attribute.h"
#include "sim/runtime/container.h"

#include <math.h>

enum { LOCK_PLAIN, LOCK_REENTRANT };

struct lock_object {
    struct object head;
    int64_t held;           /* how often it was acquired */
    uint64_t owner;         /* reentrant locks: the thread */
    struct wait_list waiters;
    uint8_t kind;
    bool in_turn;           /* a waiter found it taken again: the next release gives it to the one that waits longest */
    bool given;             /* it was */
};

#define TIMEOUT_MAX 9223372036.0

#define FUNCTION(name)                                                                                                 \
    static value thread_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

static struct lock_object *lock_of(value v)
{
    return (struct lock_object *)value_object(v);
}

bool thread_deadline(struct vm *vm, value timeout, int64_t *deadline)
{
    double seconds = -1;
    *deadline = -1;
    if (timeout == VALUE_NULL || timeout == NONE)
        return true;
    if (!value_to_double(vm, timeout, &seconds))
        return false;
    if (seconds == -1)
        return true;
    if (isnan(seconds)) {
        raise_error(vm, &exc_ValueError, "Invalid value NaN (not a number)");
        return false;
    }
    if (seconds < 0) {
        raise_error(vm, &exc_ValueError, "timeout value must be positive");
        return false;
    }
    if (seconds > TIMEOUT_MAX) {
        raise_error(vm, &exc_OverflowError, "timestamp too large to convert to C _PyTime_t");
        return false;
    }
    *deadline = thread_clock(vm) + (int64_t)ceil(seconds * 1e9);
    return true;
}

/* ---- locks ---- */

static value lock_take(struct vm *vm, struct lock_object *lock)
{
    lock->held++;
    lock->owner = thread_identity(vm);
    return TRUE;
}

static value lock_wait(struct vm *vm, struct lock_object *lock, int64_t deadline)
{
    for (bool again = false;; again = true) {
        lock->in_turn |= again;
        enum wait_outcome outcome = thread_wait(vm, &lock->waiters, deadline);
        if (outcome != WAIT_WOKEN)
            return outcome == WAIT_FAILED ? VALUE_NULL : FALSE;
        if (lock->given) {
            lock->given = lock->in_turn = false;
            lock->held = 0;
            return lock_take(vm, lock);
        }
        if (!lock->held)
            return lock_take(vm, lock);
    }
}

static value lock_acquire(struct vm *vm, value self, value blocking, value timeout)
{
    int wait = blocking == VALUE_NULL ? 1 : value_truth(vm, blocking);
    int64_t deadline = -1;
    double seconds = -1;
    if (wait < 0 || (timeout != VALUE_NULL && !value_to_double(vm, timeout, &seconds)))
        return VALUE_NULL;
    if (!wait && seconds != -1)
        return raise_error(vm, &exc_ValueError, "can't specify a timeout for a non-blocking call");
    struct lock_object *lock = lock_of(self);
    if (!lock->held || (lock->kind == LOCK_REENTRANT && lock->owner == thread_identity(vm))) {
        if (seconds != -1 && (seconds < 0 || seconds > TIMEOUT_MAX) && !thread_deadline(vm, timeout, &deadline))
            return VALUE_NULL;
        return lock_take(vm, lock);
    }
    if (!wait)
        return FALSE;
    return thread_deadline(vm, timeout, &deadline) ? lock_wait(vm, lock, deadline) : VALUE_NULL;
}

static void lock_free(struct vm *vm, struct lock_object *lock)
{
    lock->owner = 0;
    if (lock->in_turn && lock->waiters.first)
        lock->given = true;
    else
        lock->held = 0;
    thread_wake(vm, &lock->waiters);
}

FUNCTION(lock_acquire)
{
    UNUSED;
    return lock_acquire(vm, self, arguments[0], arguments[1]);
}

FUNCTION(lock_release)
{
    UNUSED;
    struct lock_object *lock = lock_of(self);
    if (lock->kind == LOCK_REENTRANT && (!lock->held || lock->owner != thread_identity(vm)))
        return raise_error(vm, &exc_RuntimeError, "cannot release un-acquired lock");
    if (!lock->held)
        return raise_error(vm, &exc_RuntimeError, "release unlocked lock");
    if (lock->held > 1)
        lock->held--;
    else
        lock_free(vm, lock);
    return NONE;
}

FUNCTION(lock_enter)
{
    UNUSED;
    return lock_acquire(vm, self, VALUE_NULL, VALUE_NULL);
}

FUNCTION(lock_exit)
{
    UNUSED;
    return thread_lock_release(vm, self, NULL, 0, VALUE_NULL);
}

FUNCTION(lock_locked)
{
    UNUSED;
    return bool_value(lock_of(self)->held != 0);
}

FUNCTION(lock_is_owned)
{
    UNUSED;
    return bool_value(lock_of(self)->held && lock_of(self)->owner == thread_identity(vm));
}

/* For threading.Condition: gives up every acquisition at once, and takes them back. */
FUNCTION(lock_release_save)
{
    UNUSED;
    struct lock_object *lock = lock_of(self);
    if (!lock->held)
        return raise_error(vm, &exc_RuntimeError, "cannot release un-acquired lock");
    value state = tuple_pack(vm, 2, int_from_int64(vm, lock->held), int_from_uint64(vm, lock->owner));
    if (state != VALUE_NULL)
        lock_free(vm, lock);
    return state;
}

FUNCTION(lock_acquire_restore)
{
    UNUSED;
    int64_t held;
    if (!has_flag(arguments[0], TYPE_TUPLE) || tuple_of(arguments[0])->length != 2)
        return raise_error(vm, &exc_TypeError, "_acquire_restore() argument 1 must be 2-item tuple");
    struct lock_object *lock = lock_of(self);
    if (!value_to_int64(vm, tuple_of(arguments[0])->items[0], &held))
        return VALUE_NULL;
    if ((lock->held ? lock_wait(vm, lock, -1) : lock_take(vm, lock)) == VALUE_NULL)
        return VALUE_NULL;
    lock->held = held;
    return NONE;
}

FUNCTION(lock_reinitialize)
{
    UNUSED;
    struct lock_object *lock = lock_of(self);
    lock->held = 0;
    lock->in_turn = lock->given = false;
    return NONE;
}

static value lock_repr(struct vm *vm, value self)
{
    struct lock_object *lock = lock_of(self);
    unsigned long where = (unsigned long)object_identity(vm, self);
    const char *state = lock->held ? "locked" : "unlocked";
    if (lock->kind == LOCK_PLAIN)
        return string_printf(vm, "<%s _thread.lock object at 0x%lx>", state, where);
    return string_printf(vm, "<%s %T object owner=%lu count=%lu at 0x%lx>", state, self,
                         lock->held ? (unsigned long)lock->owner : 0ul, (unsigned long)lock->held, where);
}

#define LOCK_METHODS                                                                                                   \
    {"acquire", "(blocking=True, timeout=-1)", thread_lock_acquire, 0, NULL},                                          \
        {"release", "()", thread_lock_release, 0, NULL}, {"__enter__", "()", thread_lock_enter, 0, NULL},              \
        {"__exit__", "(*args)", thread_lock_exit, 0, NULL}, {"_at_fork_reinit", "()", thread_lock_reinitialize, 0, NULL}

static const struct method_definition lock_methods[] = {
    LOCK_METHODS,
    {"locked", "()", thread_lock_locked, 0, NULL},
    {"acquire_lock", "(blocking=True, timeout=-1)", thread_lock_acquire, 0, NULL},
    {"release_lock", "()", thread_lock_release, 0, NULL},
    {"locked_lock", "()", thread_lock_locked, 0, NULL},
    {0},
};
static const struct method_definition reentrant_lock_methods[] = {
    LOCK_METHODS,
    {"_is_owned", "()", thread_lock_is_owned, 0, NULL},
    {"_release_save", "()", thread_lock_release_save, 0, NULL},
    {"_acquire_restore", "(state, /)", thread_lock_acquire_restore, 0, NULL},
    {0},
};

static value lock_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    (void)type, (void)arguments, (void)count, (void)keyword_names;
    return raise_error(vm, &exc_TypeError, "cannot create '_thread.lock' instances");
}

static value reentrant_lock_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    struct lock_object *lock = instance_allocate(vm, type, sizeof *lock);
    if (lock)
        lock->kind = LOCK_REENTRANT;
    return lock ? object_value(lock) : VALUE_NULL;
}

static struct type lock_type = {.name = "_thread.lock",
                                .instance_size = sizeof(struct lock_object),
                                .methods = lock_methods,
                                .new = lock_new,
                                .repr = lock_repr};
static struct type reentrant_lock_type = {.name = "_thread.RLock",
                                          .flags = TYPE_SUBCLASSABLE | TYPE_MAKES_SUBCLASSES,
                                          .instance_size = sizeof(struct lock_object),
                                          .methods = reentrant_lock_methods,
                                          .new = reentrant_lock_new,
                                          .repr = lock_repr};

FUNCTION(allocate_lock)
{
    UNUSED;
    struct lock_object *lock = GC_NEW(vm, struct lock_object, &lock_type);
    return lock ? object_value(lock) : VALUE_NULL;
}

/* ---- threads ---- */

static void release_sentinel(struct vm *vm, value argument)
{
    if (lock_of(argument)->held)
        lock_free(vm, lock_of(argument));
}

/* A lock that is released when the thread is gone. */
FUNCTION(set_sentinel)
{
    UNUSED;
    value lock = thread_allocate_lock(vm, self, NULL, 0, VALUE_NULL);
    if (lock != VALUE_NULL)
        thread_at_end(vm, release_sentinel, lock);
    return lock;
}

FUNCTION(get_ident)
{
    UNUSED;
    return int_from_uint64(vm, thread_identity(vm));
}

FUNCTION(start_new_thread)
{
    if (!check_positional(vm, "start_new_thread", count, keyword_names, 2, 3))
        return VALUE_NULL;
    if (!value_type(vm, arguments[0])->call)
        return raise_error(vm, &exc_TypeError, "first arg must be callable");
    if (!has_flag(arguments[1], TYPE_TUPLE))
        return raise_error(vm, &exc_TypeError, "2nd arg must be a tuple");
    if (count > 2 && !has_flag(arguments[2], TYPE_DICT))
        return raise_error(vm, &exc_TypeError, "optional 3rd arg must be a dictionary");
    (void)self;
    uint64_t identity = thread_start(vm, arguments[0], arguments[1], count > 2 ? arguments[2] : VALUE_NULL);
    return identity ? int_from_uint64(vm, identity) : VALUE_NULL;
}

FUNCTION(running_count)
{
    UNUSED;
    return int_from_uint64(vm, thread_count(vm));
}

/* Every thread's stacks grow as they need: the size is only remembered. */
FUNCTION(stack_size)
{
    UNUSED;
    int64_t size = 0;
    if (arguments[0] != VALUE_NULL && !value_to_int64(vm, arguments[0], &size))
        return VALUE_NULL;
    if (size < 0)
        return raise_error(vm, &exc_ValueError, "size must be 0 or a positive value");
    if (size && size < 32768)
        return raise_error(vm, &exc_ValueError, "size not valid: %ld bytes", (long)size);
    value old = dict_get_text(vm, support_dict(self), "_stack_size");
    if (arguments[0] != VALUE_NULL && !dict_set_text(vm, support_dict(self), "_stack_size", small_int(size)))
        return VALUE_NULL;
    return old == VALUE_NULL ? small_int(0) : old;
}

FUNCTION(interrupt_main)
{
    UNUSED;
    int64_t number = 2;
    if (arguments[0] != VALUE_NULL && !value_to_int64(vm, arguments[0], &number))
        return VALUE_NULL;
    if (number < 1 || number > 64)
        return raise_error(vm, &exc_ValueError, "signal number out of range");
    if (!signal_has_handler(vm, number))
        return NONE;
    if (!signal_simulate(vm, number))
        return VALUE_NULL;
    return thread_is_main(vm) && !thread_interrupted(vm) ? VALUE_NULL : NONE;
}

FUNCTION(exit)
{
    UNUSED;
    value exception = call_0(vm, object_value(&exc_SystemExit));
    return exception == VALUE_NULL ? VALUE_NULL : raise_value(vm, exception);
}

static const struct method_definition functions[] = {
    {"allocate_lock", "()", thread_allocate_lock, 0, NULL},
    {"allocate", "()", thread_allocate_lock, 0, NULL},
    {"get_ident", "()", thread_get_ident, 0, NULL},
    {"get_native_id", "()", thread_get_ident, 0, NULL},
    {"start_new_thread", NULL, thread_start_new_thread, 0, NULL},
    {"start_new", NULL, thread_start_new_thread, 0, NULL},
    {"_count", "()", thread_running_count, 0, NULL},
    {"_set_sentinel", "()", thread_set_sentinel, 0, NULL},
    {"stack_size", "(size=0, /)", thread_stack_size, 0, NULL},
    {"exit", "()", thread_exit, 0, NULL},
    {"exit_thread", "()", thread_exit, 0, NULL},
    {"interrupt_main", "(signum=2, /)", thread_interrupt_main, 0, NULL},
    {0},
};

static bool thread_initialize(struct vm *vm, value module)
{
    type_ready(vm, &lock_type);
    type_ready(vm, &reentrant_lock_type);
    type_ready(vm, &thread_local_type);
    struct dict_object *dict = support_dict(module);
    return dict_set_text(vm, dict, "_local", type_object_value(&thread_local_type)) &&
           dict_set_text(vm, dict, "LockType", type_object_value(&lock_type)) &&
           dict_set_text(vm, dict, "RLock", type_object_value(&reentrant_lock_type)) &&
           dict_set_text(vm, dict, "error", object_value(&exc_RuntimeError)) &&
           dict_set_text(vm, dict, "TIMEOUT_MAX", float_value(vm, TIMEOUT_MAX));
}

const struct native_module thread_module = {"_thread", thread_initialize, functions};
