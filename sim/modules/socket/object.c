/* object.c - sockets: their making, descriptors and timeouts. */
#include "sim/modules/socket/socket.h"
#include "sim/runtime/container.h"
#include "sim/runtime/warning.h"

#include <errno.h>

struct channel *socket_channel(struct vm *vm, value self)
{
    struct channel *channel = channel_find(vm, socket_of(self)->descriptor);
    if (!channel)
        raise_os_error(vm, EBADF, VALUE_NULL);
    return channel;
}

static value socket_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    struct socket_object *socket = instance_allocate(vm, type, sizeof *socket);
    if (!socket)
        return VALUE_NULL;
    socket->descriptor = -1;
    socket->timeout = *channel_default_timeout(vm);
    socket->options = NONE;
    return object_value(socket);
}

/* What the channel says of itself. */
static void socket_take(struct socket_object *socket, int64_t descriptor, const struct channel *channel)
{
    socket->descriptor = descriptor;
    socket->family = channel->family;
    socket->type = channel->type;
    socket->protocol = channel->protocol;
}

value socket_for(struct vm *vm, int64_t descriptor)
{
    value self = descriptor < 0 ? VALUE_NULL : socket_new(vm, &socket_type, NULL, 0, VALUE_NULL);
    if (self != VALUE_NULL)
        socket_take(socket_of(self), descriptor, channel_find(vm, descriptor));
    return self;
}

static const struct argument_names initializer = {
    "socket", (const char *const[]){"family", "type", "proto", "fileno", NULL}, 0, 4};

/* A socket that nothing is connected to. */
static bool socket_open(struct vm *vm, struct socket_object *socket)
{
    int64_t kind = socket->type & ~(int64_t)(SOCK_CLOEXEC | SOCK_NONBLOCK), family = socket->family;
    int error = family != AF_UNIX && family != AF_INET && family != AF_INET6 ? EAFNOSUPPORT
                : kind == SOCK_STREAM || kind == SOCK_DGRAM                  ? 0
                : kind == SOCK_RAW                                           ? EPERM
                                                                             : EINVAL;
    if (!error && socket->protocol && family != AF_UNIX &&
        socket->protocol != (kind == SOCK_STREAM ? IPPROTO_TCP : IPPROTO_UDP))
        error = EPROTONOSUPPORT;
    if (error) {
        raise_os_error(vm, error, VALUE_NULL);
        return false;
    }
    if (socket->type & SOCK_NONBLOCK)
        socket->timeout = 0;
    socket->type = kind;
    struct channel *channel = channel_new(vm, (int)family, (int)kind, (int)socket->protocol);
    if (!channel)
        return false;
    channel->nonblocking = socket->timeout >= 0;
    return (socket->descriptor = channel_open(vm, channel)) >= 0;
}

static bool socket_init(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    struct socket_object *socket = socket_of(self);
    value given[4];
    if (!arguments_bind(vm, &initializer, arguments, count, keyword_names, given))
        return false;
    int64_t *const fields[] = {&socket->family, &socket->type, &socket->protocol};
    static const int64_t defaults[] = {AF_INET, SOCK_STREAM, 0};
    int64_t asked[3] = {-1, -1, -1}, descriptor = -1;
    for (int i = 0; i < 3; i++)
        if (given[i] != VALUE_NULL && !value_to_int64(vm, given[i], &asked[i]))
            return false;
    if (given[3] == VALUE_NULL || given[3] == NONE) {
        for (int i = 0; i < 3; i++)
            *fields[i] = asked[i] == -1 ? defaults[i] : asked[i];
        return socket_open(vm, socket);
    }
    if (!value_to_int64(vm, given[3], &descriptor))
        return false;
    if (descriptor < 0) {
        raise_error(vm, &exc_ValueError, "negative file descriptor");
        return false;
    }
    const struct channel *channel = channel_find(vm, descriptor);
    if (!channel) { /* the host's descriptors are no sockets */
        raise_os_error(vm, descriptor < CHANNEL_FIRST_DESCRIPTOR && descriptor <= 2 ? ENOTSOCK : EBADF, VALUE_NULL);
        return false;
    }
    socket_take(socket, descriptor, channel);
    for (int i = 0; i < 3; i++)
        if (asked[i] != -1)
            *fields[i] = asked[i];
    return true;
}

/* ---- descriptors and timeouts ---- */

LOCAL(fileno)
{
    UNUSED;
    return int_from_int64(vm, socket_of(self)->descriptor);
}

LOCAL(close)
{
    UNUSED;
    int64_t descriptor = socket_of(self)->descriptor;
    socket_of(self)->descriptor = -1;
    if (descriptor >= 0 && !channel_find(vm, descriptor))
        return raise_os_error(vm, EBADF, VALUE_NULL);
    channel_close(vm, descriptor);
    return NONE;
}

LOCAL(detach)
{
    UNUSED;
    int64_t descriptor = socket_of(self)->descriptor;
    socket_of(self)->descriptor = -1;
    return int_from_int64(vm, descriptor);
}

/* False: EBADF. */
static bool set_timeout(struct vm *vm, value self, double seconds)
{
    struct channel *channel = socket_channel(vm, self);
    socket_of(self)->timeout = seconds;
    if (channel)
        channel->nonblocking = seconds >= 0;
    return channel != NULL;
}

LOCAL(setblocking)
{
    UNUSED;
    int blocking = value_truth(vm, arguments[0]);
    if (blocking < 0)
        return VALUE_NULL;
    return set_timeout(vm, self, blocking ? -1 : 0) ? NONE : VALUE_NULL;
}

LOCAL(settimeout)
{
    UNUSED;
    double seconds = -1;
    if (arguments[0] != NONE) {
        if (!value_to_double(vm, arguments[0], &seconds))
            return VALUE_NULL;
        if (seconds < 0)
            return raise_error(vm, &exc_ValueError, "Timeout value out of range");
    }
    return set_timeout(vm, self, seconds) ? NONE : VALUE_NULL;
}

static value get_timeout(struct vm *vm, value self)
{
    double timeout = socket_of(self)->timeout;
    return timeout < 0 ? NONE : float_value(vm, timeout);
}

LOCAL(gettimeout)
{
    UNUSED;
    return get_timeout(vm, self);
}

LOCAL(getblocking)
{
    UNUSED;
    return bool_value(socket_of(self)->timeout != 0);
}

static void socket_trace(struct vm *vm, struct object *object)
{
    gc_mark(vm, ((struct socket_object *)object)->options);
}

static value get_family(struct vm *vm, value self) { return int_from_int64(vm, socket_of(self)->family); }
static value get_type(struct vm *vm, value self) { return int_from_int64(vm, socket_of(self)->type); }
static value get_protocol(struct vm *vm, value self) { return int_from_int64(vm, socket_of(self)->protocol); }

static value socket_repr(struct vm *vm, value self)
{
    const struct socket_object *socket = socket_of(self);
    return string_printf(vm, "<socket object, fd=%ld, family=%ld, type=%ld, proto=%ld>", (long)socket->descriptor,
                         (long)socket->family, (long)socket->type, (long)socket->protocol);
}

static const struct method_definition socket_methods[] = {
    {"_accept", "()", socket_accept, 0, NULL},
    {"bind", "(address, /)", socket_bind, 0, NULL},
    {"listen", "(backlog=128, /)", socket_listen, 0, NULL},
    {"connect", "(address, /)", socket_connect, 0, NULL},
    {"connect_ex", "(address, /)", socket_connect_ex, 0, NULL},
    {"send", "(data, flags=0, /)", socket_send, 0, NULL},
    {"sendall", "(data, flags=0, /)", socket_sendall, 0, NULL},
    {"sendto", NULL, socket_sendto, 0, NULL},
    {"sendmsg", "(buffers, ancdata=(), flags=0, address=None, /)", socket_sendmsg, 0, NULL},
    {"recv", "(bufsize, flags=0, /)", socket_recv, 0, NULL},
    {"recv_into", "(buffer, nbytes=0, flags=0)", socket_recv_into, 0, NULL},
    {"recvfrom", "(bufsize, flags=0, /)", socket_recvfrom, 0, NULL},
    {"recvfrom_into", "(buffer, nbytes=0, flags=0)", socket_recvfrom_into, 0, NULL},
    {"recvmsg", "(bufsize, ancbufsize=0, flags=0, /)", socket_recvmsg, 0, NULL},
    {"recvmsg_into", "(buffers, ancbufsize=0, flags=0, /)", socket_recvmsg_into, 0, NULL},
    {"shutdown", "(how, /)", socket_shutdown, 0, NULL},
    {"fileno", "()", socket_fileno, 0, NULL},
    {"close", "()", socket_close, 0, NULL},
    {"detach", "()", socket_detach, 0, NULL},
    {"setblocking", "(flag, /)", socket_setblocking, 0, NULL},
    {"settimeout", "(timeout, /)", socket_settimeout, 0, NULL},
    {"gettimeout", "()", socket_gettimeout, 0, NULL},
    {"getblocking", "()", socket_getblocking, 0, NULL},
    {"getpeername", "()", socket_getpeername, 0, NULL},
    {"getsockname", "()", socket_getsockname, 0, NULL},
    {"getsockopt", "(level, option, buflen=0, /)", socket_getsockopt, 0, NULL},
    {"setsockopt", "(level, option, value=0, optlen=0, /)", socket_setsockopt, 0, NULL},
    {0},
};

static const struct property_definition socket_properties[] = {
    {"family", get_family, NULL}, {"type", get_type, NULL}, {"proto", get_protocol, NULL}, {"timeout", get_timeout, NULL}, {0}};

static bool socket_wants_finalizing(const struct object *object)
{
    return ((const struct socket_object *)(const void *)object)->descriptor >= 0;
}

/* One that was dropped without being closed. */
static value socket_finalize(struct vm *vm, value self)
{
    int64_t descriptor = socket_of(self)->descriptor;
    value text = descriptor < 0 ? VALUE_NULL : value_repr(vm, self);
    channel_close(vm, descriptor);
    socket_of(self)->descriptor = -1; /* before Python code runs, and with it perhaps this again */
    return text != VALUE_NULL && warning_issue_of(vm, &exc_ResourceWarning, self, "unclosed %S", text) ? NONE : VALUE_NULL;
}

struct type socket_type = {.name = "_socket.socket",
                                  .flags = TYPE_SUBCLASSABLE | TYPE_MAKES_SUBCLASSES | TYPE_HAS_FINALIZER,
                                  .finalize = socket_finalize,
                                  .wants_finalizing = socket_wants_finalizing,
                                  .instance_size = sizeof(struct socket_object),
                                  .trace = socket_trace,
                                  .methods = socket_methods,
                                  .properties = socket_properties,
                                  .new = socket_new,
                                  .init = socket_init,
                                  .repr = socket_repr};
