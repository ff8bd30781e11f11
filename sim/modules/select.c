/* select.c - module select: waiting for channels (channel.h), for the host's descriptors (pipes) and for time. The standard streams
 * count as ready at once. */
#include "sim/modules/channel.h"
#include "sim/modules/support.h"
#include "sim/modules/thread.h"
#include "sim/runtime/container.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/stat.h>

struct poll_object { /* poll, epoll */
    struct object head;
    value registered; /* dict: descriptor -> events */
    bool closed;
    bool waiting;     /* inside poll() */
};

#define FUNCTION(name)                                                                                                 \
    static value select_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

/* The descriptor a number or an object with fileno() means; negative: an exception is pending. */
static int64_t descriptor_of(struct vm *vm, value v)
{
    int64_t descriptor;
    if (!is_int(v)) {
        value method;
        int found = find_attribute(vm, v, intern_text(vm, "fileno"), &method);
        if (found == 0)
            raise_error(vm, &exc_TypeError, "argument must be an int, or have a fileno() method.");
        if (found <= 0)
            return -1;
        v = call_0(vm, method);
        if (v != VALUE_NULL && !is_int(v))
            raise_error(vm, &exc_TypeError, "fileno() returned a non-integer");
        if (v == VALUE_NULL || !is_int(v))
            return -1;
    }
    if (!value_to_int64(vm, v, &descriptor))
        return -1;
    if (descriptor < 0)
        raise_error(vm, &exc_ValueError, "file descriptor cannot be a negative integer (%ld)", (long)descriptor);
    return descriptor;
}

/* The standard streams' input is the first run's, in every run: asking the host when it is there would tell the runs apart. */
static bool is_host_descriptor(int64_t descriptor)
{
    return descriptor > 2 && descriptor < CHANNEL_FIRST_DESCRIPTOR;
}

/* poll and epoll use the same bits for what we know of. */
static int64_t ready_events(struct vm *vm, int64_t descriptor, int64_t events)
{
    const struct channel *channel = channel_find(vm, descriptor);
    if (!channel && is_host_descriptor(descriptor)) {
        struct pollfd waiting = {.fd = (int)descriptor, .events = (short)events};
        return poll(&waiting, 1, 0) > 0 ? waiting.revents : 0;
    }
    if (!channel)
        return descriptor >= CHANNEL_FIRST_DESCRIPTOR ? POLLNVAL : events & (POLLIN | POLLOUT);
    return channel_events(channel) & (events | POLLERR | POLLHUP);
}

/* Until something changes, or the deadline. The host tells nobody when its descriptors change: with one of them (`hosted`) it is
 * asked again after ever longer pieces of the program's time. */
struct patience {
    bool hosted;
    int64_t nanoseconds;
};

static enum wait_outcome wait_change(struct vm *vm, struct patience *patience, int64_t deadline)
{
    enum { PIECE_MINIMUM = 1000, PIECE_MAXIMUM = 1000000, HOST_MILLISECONDS = 1 };
    if (!patience->hosted)
        return channel_wait(vm, deadline);
    patience->nanoseconds = patience->nanoseconds ? 2 * patience->nanoseconds : PIECE_MINIMUM;
    if (patience->nanoseconds > PIECE_MAXIMUM) {
        patience->nanoseconds = PIECE_MAXIMUM;
        if (deadline < 0)
            poll(NULL, 0, HOST_MILLISECONDS);
    }
    int64_t piece = thread_clock(vm) + patience->nanoseconds;
    bool last = deadline >= 0 && deadline <= piece;
    enum wait_outcome outcome = channel_wait(vm, last ? deadline : piece);
    return outcome == WAIT_TIMED_OUT && !last ? WAIT_WOKEN : outcome;
}

/* ---- poll, epoll ---- */

static struct poll_object *poll_of(value v)
{
    return (struct poll_object *)value_object(v);
}

static void poll_trace(struct vm *vm, struct object *object)
{
    gc_mark(vm, ((struct poll_object *)object)->registered);
}

static value poll_make(struct vm *vm, struct type *type)
{
    struct poll_object *poll = GC_NEW(vm, struct poll_object, type);
    if (!poll)
        return VALUE_NULL;
    poll->registered = NONE;
    poll->registered = dict_new(vm);
    return poll->registered == VALUE_NULL ? VALUE_NULL : object_value(poll);
}

enum registration { REGISTER_NEW, REGISTER_ANY, REGISTER_KNOWN };

static value poll_register(struct vm *vm, value self, const value *arguments, int64_t events, enum registration how)
{
    if (poll_of(self)->closed)
        return raise_error(vm, &exc_ValueError, "I/O operation on closed epoll object");
    int64_t descriptor = descriptor_of(vm, arguments[0]);
    if (descriptor < 0 || (arguments[1] != VALUE_NULL && !value_to_int64(vm, arguments[1], &events)))
        return VALUE_NULL;
    value key = int_from_int64(vm, descriptor), old;
    struct dict_object *registered = dict_of(poll_of(self)->registered);
    int found = dict_find(vm, registered, key, &old);
    if (found < 0)
        return VALUE_NULL;
    if (found && how == REGISTER_NEW)
        return raise_os_error(vm, EEXIST, VALUE_NULL);
    if (!found && how == REGISTER_KNOWN)
        return raise_os_error(vm, ENOENT, VALUE_NULL);
    return dict_set(vm, registered, key, int_from_int64(vm, events)) ? NONE : VALUE_NULL;
}

/* poll(2) has an unsigned short for them. */
static bool check_event_mask(struct vm *vm, value events)
{
    int64_t mask;
    if (events == VALUE_NULL || !is_int(events))
        return true;
    if (!value_to_int64(vm, events, &mask)) {
        exception_clear(vm);
        raise_error(vm, &exc_OverflowError, "Python int too large to convert to C unsigned long");
    } else if (mask < 0) {
        raise_error(vm, &exc_ValueError, "value must be positive");
    } else if (mask > USHRT_MAX) {
        raise_error(vm, &exc_OverflowError, "Python int too large for C unsigned short");
    }
    return vm->pending == VALUE_NULL;
}

FUNCTION(poll_register)
{
    UNUSED;
    if (!check_event_mask(vm, arguments[1]))
        return VALUE_NULL;
    return poll_register(vm, self, arguments, POLLIN | POLLPRI | POLLOUT, REGISTER_ANY);
}

FUNCTION(epoll_register)
{
    UNUSED;
    struct stat status;
    int64_t descriptor = descriptor_of(vm, arguments[0]);
    if (descriptor < 0)
        return VALUE_NULL;
    if (descriptor >= CHANNEL_FIRST_DESCRIPTOR ? !channel_find(vm, descriptor) : fstat((int)descriptor, &status) != 0)
        return raise_os_error(vm, EBADF, VALUE_NULL);
    if (is_host_descriptor(descriptor) && (S_ISREG(status.st_mode) || S_ISDIR(status.st_mode)))
        return raise_os_error(vm, EPERM, VALUE_NULL);
    return poll_register(vm, self, arguments, EPOLLIN | EPOLLPRI | EPOLLOUT, REGISTER_NEW);
}

FUNCTION(poll_modify)
{
    UNUSED;
    return check_event_mask(vm, arguments[1]) ? poll_register(vm, self, arguments, 0, REGISTER_KNOWN) : VALUE_NULL;
}

FUNCTION(epoll_modify)
{
    UNUSED;
    return poll_register(vm, self, arguments, 0, REGISTER_KNOWN);
}

static value poll_unregister(struct vm *vm, value self, value what)
{
    int64_t descriptor = descriptor_of(vm, what);
    struct dict_object *registered = dict_of(poll_of(self)->registered);
    return descriptor < 0 ? VALUE_NULL : int_from_int64(vm, dict_delete(vm, registered, int_from_int64(vm, descriptor)));
}

FUNCTION(poll_unregister)
{
    UNUSED;
    value deleted = poll_unregister(vm, self, arguments[0]);
    if (deleted == small_int(0))
        return raise_key_error(vm, arguments[0]);
    return deleted == VALUE_NULL ? VALUE_NULL : NONE;
}

FUNCTION(epoll_unregister)
{
    UNUSED;
    value deleted = poll_unregister(vm, self, arguments[0]);
    if (deleted == small_int(0))
        return raise_os_error(vm, ENOENT, VALUE_NULL);
    return deleted == VALUE_NULL ? VALUE_NULL : NONE;
}

/* The ready ones as a list of (descriptor, events), in the order of registration. */
static value poll_ready(struct vm *vm, value self, int64_t limit)
{
    struct dict_object *registered = dict_of(poll_of(self)->registered);
    value list = list_new(vm, 0), key, item;
    uint32_t position = 0;
    while (list != VALUE_NULL && dict_next(registered, &position, &key, &item)) {
        int64_t descriptor, events;
        if (!value_to_int64(vm, key, &descriptor) || !value_to_int64(vm, item, &events))
            return VALUE_NULL;
        int64_t ready = ready_events(vm, descriptor, events);
        if (!ready)
            continue;
        value pair = tuple_pack(vm, 2, key, int_from_int64(vm, ready));
        if (pair == VALUE_NULL || !list_append(vm, list_of(list), pair))
            return VALUE_NULL;
        if (--limit == 0)
            break;
    }
    return list;
}

static bool watches_host(const struct poll_object *poll)
{
    value key, item;
    uint32_t position = 0;
    while (dict_next(dict_of(poll->registered), &position, &key, &item))
        if (is_small_int(key) && is_host_descriptor(small_int_value(key)))
            return true;
    return false;
}

/* deadline: INT64_MIN: now; negative: whenever */
static value poll_wait(struct vm *vm, value self, int64_t deadline, int64_t limit)
{
    struct patience patience = {.nanoseconds = 0};
    for (;;) {
        value list = poll_ready(vm, self, limit);
        if (list == VALUE_NULL || list_of(list)->length || deadline == INT64_MIN)
            return list;
        patience.hosted = watches_host(poll_of(self));
        enum wait_outcome outcome = wait_change(vm, &patience, deadline);
        if (outcome == WAIT_FAILED)
            return VALUE_NULL;
        if (outcome == WAIT_TIMED_OUT)
            deadline = INT64_MIN;
    }
}

/* A timeout in units of `unit` nanoseconds. */
static bool poll_deadline(struct vm *vm, value timeout, double unit, const char *message, int64_t *deadline)
{
    double amount;
    *deadline = -1;
    if (timeout == VALUE_NULL || timeout == NONE)
        return true;
    if (!value_to_double(vm, timeout, &amount)) {
        if (exception_matches(vm, &exc_TypeError)) {
            exception_clear(vm);
            raise_error(vm, &exc_TypeError, "%s", message);
        }
        return false;
    }
    if (isnan(amount)) {
        raise_error(vm, &exc_ValueError, "Invalid value NaN (not a number)");
        return false;
    }
    if (fabs(amount) * unit >= 9.2e18) {
        raise_error(vm, &exc_OverflowError, "timestamp too large to convert to C _PyTime_t");
        return false;
    }
    if (amount == 0) {
        thread_yield(vm);
        *deadline = INT64_MIN;
    } else if (amount > 0) {
        *deadline = thread_clock(vm) + (int64_t)fmin(ceil(amount * unit), 9e18 / 4);
    }
    return true;
}

/* poll(2) and epoll(7) count milliseconds in an int. */
static bool wait_deadline(struct vm *vm, value timeout, double unit, int64_t *deadline)
{
    if (!poll_deadline(vm, timeout, unit, "timeout must be an integer or None", deadline))
        return false;
    if (*deadline < 0 || *deadline - thread_clock(vm) <= INT_MAX * (int64_t)1000000)
        return true;
    raise_error(vm, &exc_OverflowError, "timeout is too large");
    return false;
}

FUNCTION(poll_poll)
{
    UNUSED;
    int64_t deadline;
    if (!wait_deadline(vm, arguments[0], 1e6, &deadline))
        return VALUE_NULL;
    struct poll_object *poll = poll_of(self);
    if (poll->waiting)
        return raise_error(vm, &exc_RuntimeError, "concurrent poll() invocation");
    poll->waiting = true;
    value ready = poll_wait(vm, self, deadline, 0);
    poll->waiting = false;
    return ready;
}

FUNCTION(epoll_poll)
{
    UNUSED;
    int64_t deadline, limit = -1;
    if (poll_of(self)->closed)
        return raise_error(vm, &exc_ValueError, "I/O operation on closed epoll object");
    if (arguments[1] != VALUE_NULL && !value_to_int64(vm, arguments[1], &limit))
        return VALUE_NULL;
    if (limit == 0 || limit < -1)
        return raise_error(vm, &exc_ValueError, "maxevents must be greater than 0, got %ld", (long)limit);
    return wait_deadline(vm, arguments[0], 1e9, &deadline) ? poll_wait(vm, self, deadline, limit) : VALUE_NULL;
}

FUNCTION(close)
{
    UNUSED;
    poll_of(self)->closed = true;
    dict_clear(vm, dict_of(poll_of(self)->registered));
    return NONE;
}

FUNCTION(fileno)
{
    UNUSED;
    if (poll_of(self)->closed)
        return raise_error(vm, &exc_ValueError, "I/O operation on closed epoll object");
    return small_int(CHANNEL_FIRST_DESCRIPTOR - 1);
}

FUNCTION(enter)
{
    UNUSED;
    return self;
}

FUNCTION(exit)
{
    return select_close(vm, self, arguments, count, keyword_names);
}

static value get_closed(struct vm *vm, value self)
{
    (void)vm;
    return bool_value(poll_of(self)->closed);
}

static const struct method_definition poll_methods[] = {
    {"register", "(fd, eventmask=None, /)", select_poll_register, 0, NULL},
    {"modify", "(fd, eventmask, /)", select_poll_modify, 0, NULL},
    {"unregister", "(fd, /)", select_poll_unregister, 0, NULL},
    {"poll", "(timeout=None, /)", select_poll_poll, 0, NULL},
    {0},
};
static const struct method_definition epoll_methods[] = {
    {"register", "(fd, eventmask=None)", select_epoll_register, 0, NULL},
    {"modify", "(fd, eventmask)", select_epoll_modify, 0, NULL},
    {"unregister", "(fd)", select_epoll_unregister, 0, NULL},
    {"poll", "(timeout=None, maxevents=-1)", select_epoll_poll, 0, NULL},
    {"close", "()", select_close, 0, NULL},
    {"fileno", "()", select_fileno, 0, NULL},
    {"__enter__", "()", select_enter, 0, NULL},
    {"__exit__", "(*args)", select_exit, 0, NULL},
    {0},
};

static value epoll_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    return poll_make(vm, type);
}

static struct type poll_type = {.name = "select.poll",
                                .instance_size = sizeof(struct poll_object),
                                .trace = poll_trace,
                                .methods = poll_methods};
static struct type epoll_type = {.name = "select.epoll",
                                 .instance_size = sizeof(struct poll_object),
                                 .trace = poll_trace,
                                 .new = epoll_new,
                                 .methods = epoll_methods,
                                 .properties = (const struct property_definition[]){{"closed", get_closed, NULL}, {0}}};

/* ---- the module ---- */

FUNCTION(poll)
{
    UNUSED;
    return poll_make(vm, &poll_type);
}

/* The items of a sequence, and their descriptors: asking for one may change a list. */
struct watched {
    value items, descriptors; /* lists */
};

/* select()'s sets of bits have room for these many, by number; ours count from CHANNEL_FIRST_DESCRIPTOR. */
enum { SELECT_LIMIT = 1024 };

static bool watch(struct vm *vm, value sequence, struct watched *out)
{
    if (!is_exact(sequence, &list_type))
        sequence = list_from_sequence(vm, sequence, "arguments 1-3 must be sequences");
    if (sequence == VALUE_NULL)
        return false;
    out->items = list_new(vm, 0);
    out->descriptors = list_new(vm, 0);
    for (uint32_t i = 0; i < list_of(sequence)->length; i++) {
        value item = list_of(sequence)->items[i];
        int64_t descriptor = descriptor_of(vm, item);
        if (descriptor < 0)
            return false;
        int64_t number = descriptor < CHANNEL_FIRST_DESCRIPTOR ? descriptor : descriptor - CHANNEL_FIRST_DESCRIPTOR;
        if (number >= SELECT_LIMIT || i >= SELECT_LIMIT) {
            raise_error(vm, &exc_ValueError, number >= SELECT_LIMIT ? "filedescriptor out of range in select()"
                                                                    : "too many file descriptors in select()");
            return false;
        }
        if (!list_append(vm, list_of(out->items), item) ||
            !list_append(vm, list_of(out->descriptors), small_int(descriptor)))
            return false;
    }
    return true;
}

/* Those that are ready for `event`; all_found counts over the three lists. */
static value select_ready(struct vm *vm, const struct watched *watched, int64_t event, size_t *all_found, struct patience *patience)
{
    value ready = list_new(vm, 0);
    for (uint32_t i = 0; ready != VALUE_NULL && i < list_of(watched->items)->length; i++) {
        int64_t descriptor = small_int_value(list_of(watched->descriptors)->items[i]);
        int64_t events = ready_events(vm, descriptor, event);
        patience->hosted |= is_host_descriptor(descriptor);
        if (events & POLLNVAL)
            return raise_os_error(vm, EBADF, VALUE_NULL);
        if (!event || !(events & (event | POLLERR | (event == POLLIN ? POLLHUP : 0))))
            continue;
        (*all_found)++;
        if (!list_append(vm, list_of(ready), list_of(watched->items)->items[i]))
            return VALUE_NULL;
    }
    return ready;
}

FUNCTION(select)
{
    UNUSED;
    static const int64_t events[] = {POLLIN, POLLOUT, 0};
    struct watched lists[3];
    value ready[3];
    int64_t deadline;
    if (!poll_deadline(vm, arguments[3], 1e9, "timeout must be a float or None", &deadline))
        return VALUE_NULL;
    double seconds;
    if (deadline == -1 && arguments[3] != VALUE_NULL && arguments[3] != NONE && value_to_double(vm, arguments[3], &seconds))
        return raise_error(vm, &exc_ValueError, "timeout must be non-negative");
    for (int i = 0; i < 3; i++)
        if (!watch(vm, arguments[i], &lists[i]))
            return VALUE_NULL;
    struct patience patience = {.hosted = false};
    for (;;) {
        size_t found = 0;
        for (int i = 0; i < 3; i++)
            if ((ready[i] = select_ready(vm, &lists[i], events[i], &found, &patience)) == VALUE_NULL)
                return VALUE_NULL;
        if (found || deadline == INT64_MIN)
            return tuple_from(vm, ready, 3);
        enum wait_outcome outcome = wait_change(vm, &patience, deadline);
        if (outcome == WAIT_FAILED)
            return VALUE_NULL;
        if (outcome == WAIT_TIMED_OUT)
            deadline = INT64_MIN;
    }
}

static const struct method_definition functions[] = {
    {"poll", "()", select_poll, 0, NULL},
    {"select", "(rlist, wlist, xlist, timeout=None, /)", select_select, 0, NULL},
    {0},
};

#define C(name) {#name, name}
static const struct integer_constant constants[] = {
    C(POLLIN), C(POLLPRI), C(POLLOUT), C(POLLERR), C(POLLHUP), C(POLLNVAL), C(EPOLLIN), C(EPOLLOUT), C(EPOLLPRI), C(EPOLLERR),
    C(EPOLLHUP), C(EPOLLRDHUP), C(EPOLLONESHOT), {"EPOLLET", (int64_t)1 << 31}, C(PIPE_BUF), {"EPOLL_CLOEXEC", 02000000}, {0}};
#undef C

static bool select_initialize(struct vm *vm, value module)
{
    type_ready(vm, &poll_type);
    type_ready(vm, &epoll_type);
    struct dict_object *dict = support_dict(module);
    return support_add_constants(vm, module, constants) && dict_set_text(vm, dict, "error", object_value(&exc_OSError)) &&
           dict_set_text(vm, dict, "epoll", type_object_value(&epoll_type));
}

const struct native_module select_module = {"select", select_initialize, functions};
