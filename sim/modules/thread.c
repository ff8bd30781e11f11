/* thread.c - module _thread for programs with one thread: locks that only remember whether they are held, thread-local objects
 * that are plain ones. Starting a thread is unsupported. */
#include "sim/modules/support.h"

enum { LOCK_PLAIN, LOCK_REENTRANT };

struct lock_object {
    struct object head;
    int64_t held;
    int kind;
};

#define FUNCTION(name)                                                                                                 \
    static value thread_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

static struct lock_object *lock_of(value v)
{
    return (struct lock_object *)value_object(v);
}

static value lock_acquire(struct vm *vm, value self, value blocking, value timeout)
{
    int wait = blocking == VALUE_NULL ? 1 : value_truth(vm, blocking);
    double seconds = -1;
    if (wait < 0 || (timeout != VALUE_NULL && !value_to_double(vm, timeout, &seconds)))
        return VALUE_NULL;
    if (!wait && timeout != VALUE_NULL && seconds != -1)
        return raise_error(vm, &exc_ValueError, "can't specify a timeout for a non-blocking call");
    if (seconds < 0 && seconds != -1)
        return raise_error(vm, &exc_ValueError, "timeout value must be a non-negative number");
    struct lock_object *lock = lock_of(self);
    if (lock->held && lock->kind == LOCK_PLAIN) /* nobody else could release it */
        return wait && seconds == -1 ? raise_unsupported(vm, "waiting for ever for a lock") : FALSE;
    lock->held++;
    return TRUE;
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
    if (!lock->held)
        return raise_error(vm, &exc_RuntimeError,
                           lock->kind == LOCK_PLAIN ? "release unlocked lock" : "cannot release un-acquired lock");
    lock->held--;
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
    return bool_value(lock_of(self)->held != 0);
}

static value lock_repr(struct vm *vm, value self)
{
    struct lock_object *lock = lock_of(self);
    unsigned long where = (unsigned long)object_identity(vm, self);
    if (lock->kind == LOCK_PLAIN)
        return string_printf(vm, "<%s _thread.lock object at 0x%lx>", lock->held ? "locked" : "unlocked", where);
    return string_printf(vm, "<%s _thread.RLock object owner=%d count=%d at 0x%lx>", lock->held ? "locked" : "unlocked",
                         lock->held ? 1 : 0, (int)lock->held, where);
}

static const struct method_definition lock_methods[] = {
    {"acquire", "(blocking=True, timeout=-1)", thread_lock_acquire, 0, NULL},
    {"release", "()", thread_lock_release, 0, NULL},
    {"locked", "()", thread_lock_locked, 0, NULL},
    {"__enter__", "()", thread_lock_enter, 0, NULL},
    {"__exit__", "(t, v, tb, /)", thread_lock_exit, 0, NULL},
    {0},
};
static const struct method_definition reentrant_lock_methods[] = {
    {"acquire", "(blocking=True, timeout=-1)", thread_lock_acquire, 0, NULL},
    {"release", "()", thread_lock_release, 0, NULL},
    {"_is_owned", "()", thread_lock_is_owned, 0, NULL},
    {"__enter__", "()", thread_lock_enter, 0, NULL},
    {"__exit__", "(t, v, tb, /)", thread_lock_exit, 0, NULL},
    {0},
};

static value reentrant_lock_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names);

static struct type lock_type = {
    .name = "lock", .instance_size = sizeof(struct lock_object), .methods = lock_methods, .repr = lock_repr};
static struct type reentrant_lock_type = {.name = "RLock",
                                          .instance_size = sizeof(struct lock_object),
                                          .methods = reentrant_lock_methods,
                                          .new = reentrant_lock_new,
                                          .repr = lock_repr};

static value reentrant_lock_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    struct lock_object *lock = GC_NEW(vm, struct lock_object, type);
    if (lock)
        lock->kind = LOCK_REENTRANT;
    return lock ? object_value(lock) : VALUE_NULL;
}

FUNCTION(allocate_lock)
{
    UNUSED;
    struct lock_object *lock = GC_NEW(vm, struct lock_object, &lock_type);
    return lock ? object_value(lock) : VALUE_NULL;
}

FUNCTION(get_ident)
{
    UNUSED;
    return small_int(1);
}

FUNCTION(start_new_thread)
{
    UNUSED;
    return raise_unsupported(vm, "starting a thread");
}

FUNCTION(zero)
{
    UNUSED;
    return small_int(0);
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
    {"start_new_thread", "(function, args, kwargs=None, /)", thread_start_new_thread, 0, NULL},
    {"start_new", "(function, args, kwargs=None, /)", thread_start_new_thread, 0, NULL},
    {"_count", "()", thread_zero, 0, NULL},
    {"stack_size", "(size=0, /)", thread_zero, 0, NULL},
    {"exit", "()", thread_exit, 0, NULL},
    {0},
};

static bool thread_initialize(struct vm *vm, value module)
{
    type_ready(vm, &lock_type);
    type_ready(vm, &reentrant_lock_type);
    struct dict_object *dict = support_dict(module);
    value bases = tuple_pack(vm, 1, object_value(&object_type_object)), namespace = dict_new(vm);
    if (bases == VALUE_NULL || namespace == VALUE_NULL ||
        !dict_set_text(vm, dict_of(namespace), "__module__", intern_text(vm, "_thread")))
        return false;
    value local = type_new_class(vm, &type_type, intern_text(vm, "_local"), bases, namespace, VALUE_NULL);
    return local != VALUE_NULL && dict_set_text(vm, dict, "_local", local) &&
           dict_set_text(vm, dict, "LockType", type_object_value(&lock_type)) &&
           dict_set_text(vm, dict, "RLock", type_object_value(&reentrant_lock_type)) &&
           dict_set_text(vm, dict, "error", object_value(&exc_RuntimeError)) &&
           dict_set_text(vm, dict, "TIMEOUT_MAX", float_value(vm, 9223372036.0));
}

const struct native_module thread_module = {"_thread", thread_initialize, functions};
