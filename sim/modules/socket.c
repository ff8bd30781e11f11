/* socket.c - module _socket for a program without a network: socketpair connects two ends inside the process (event loops wake
 * themselves through one); other sockets can be made, asked and closed, but what would reach further raises PermissionError. */
#include "sim/modules/channel.h"
#include "sim/modules/support.h"
#include "sim/modules/thread.h"
#include "sim/runtime/buffer.h"
#include "sim/runtime/bytes.h"
#include "sim/runtime/container.h"

#include <arpa/inet.h>
#include <errno.h>
#include <math.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

struct socket_object {
    struct object head;
    int64_t descriptor; /* negative: closed */
    int64_t family, type, protocol;
    double timeout;     /* seconds; negative: it waits for ever */
    value options;      /* dict: what setsockopt was told; NONE: nothing */
};

#define FUNCTION(name)                                                                                                 \
    static value socket_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

static struct socket_object *socket_of(value v)
{
    return (struct socket_object *)value_object(v);
}

static value raise_forbidden(struct vm *vm)
{
    return raise_os_error(vm, EACCES, VALUE_NULL);
}

FUNCTION(forbidden)
{
    UNUSED;
    return raise_forbidden(vm);
}

static struct channel *channel_of(struct vm *vm, value self)
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
    socket->timeout = -1;
    socket->options = NONE;
    return object_value(socket);
}

static const struct argument_names initializer = {
    "socket", (const char *const[]){"family", "type", "proto", "fileno", NULL}, 0, 4};

/* A socket that nothing is connected to. */
static bool socket_open(struct vm *vm, struct socket_object *socket)
{
    int64_t kind = socket->type & ~(int64_t)(SOCK_CLOEXEC | SOCK_NONBLOCK), family = socket->family;
    int error = family != AF_UNIX && family != AF_INET && family != AF_INET6 ? EAFNOSUPPORT
                : kind == SOCK_STREAM || kind == SOCK_DGRAM ? 0 : kind == SOCK_RAW ? EPERM : EINVAL;
    if (error) {
        raise_os_error(vm, error, VALUE_NULL);
        return false;
    }
    if (socket->type & SOCK_NONBLOCK)
        socket->timeout = 0;
    socket->type = kind;
    return channel_alone(vm, &socket->descriptor);
}

static bool socket_init(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    struct socket_object *socket = socket_of(self);
    value given[4];
    if (!arguments_bind(vm, &initializer, arguments, count, keyword_names, given))
        return false;
    int64_t *const fields[] = {&socket->family, &socket->type, &socket->protocol};
    static const int64_t defaults[] = {AF_INET, SOCK_STREAM, 0};
    for (int i = 0; i < 3; i++) {
        *fields[i] = defaults[i];
        if (given[i] != VALUE_NULL && !value_to_int64(vm, given[i], fields[i]))
            return false;
        if (*fields[i] == -1)
            *fields[i] = i == 0 ? AF_UNIX : defaults[i];
    }
    int64_t descriptor = -1;
    if (given[3] == VALUE_NULL || given[3] == NONE) {
        if (socket->family == AF_UNIX && (given[0] == VALUE_NULL || small_int(-1) == given[0]))
            socket->family = AF_INET;
        return socket_open(vm, socket);
    }
    if (!value_to_int64(vm, given[3], &descriptor))
        return false;
    if (descriptor < 0) {
        raise_error(vm, &exc_ValueError, "negative file descriptor");
        return false;
    }
    if (!channel_find(vm, descriptor)) {
        raise_os_error(vm, EBADF, VALUE_NULL);
        return false;
    }
    socket->descriptor = descriptor;
    return true;
}

/* ---- sending and receiving ---- */

static int64_t socket_deadline(struct vm *vm, const struct socket_object *socket)
{
    return socket->timeout < 0 ? -1 : thread_clock(vm) + (int64_t)ceil(socket->timeout * 1e9);
}

/* Until the socket is ready. False: an exception is pending. */
static bool wait_for(struct vm *vm, value self, bool (*is_ready)(const struct channel *channel))
{
    int64_t deadline = -1;
    for (bool first = true;; first = false) {
        const struct channel *channel = channel_of(vm, self);
        if (!channel)
            return false;
        if (channel->unconnected) {
            bool reads = is_ready == channel_readable, local = socket_of(self)->family == AF_UNIX;
            int stream_error = reads ? (local ? EINVAL : ENOTCONN) : local ? ENOTCONN : EPIPE;
            int other_error = reads ? EACCES : local ? ENOTCONN : EDESTADDRREQ;
            raise_os_error(vm, socket_of(self)->type == SOCK_STREAM ? stream_error : other_error, VALUE_NULL);
            return false;
        }
        if (is_ready(channel))
            return true;
        if (socket_of(self)->timeout == 0) {
            raise_os_error(vm, EAGAIN, VALUE_NULL);
            return false;
        }
        if (first)
            deadline = socket_deadline(vm, socket_of(self));
        enum wait_outcome outcome = channel_wait(vm, deadline);
        if (outcome == WAIT_TIMED_OUT)
            raise_error(vm, &exc_TimeoutError, "timed out");
        if (outcome != WAIT_WOKEN)
            return false;
    }
}

static value send_bytes(struct vm *vm, value self, value data, bool all)
{
    const uint8_t *bytes;
    size_t size, sent = 0;
    if (!buffer_of(vm, data, &bytes, &size)) {
        if (vm->pending == VALUE_NULL)
            raise_error(vm, &exc_TypeError, "a bytes-like object is required, not '%T'", data);
        return VALUE_NULL;
    }
    do {
        if (!wait_for(vm, self, channel_writable))
            return VALUE_NULL;
        struct channel *channel = channel_of(vm, self);
        if (!channel->peer)
            return raise_os_error(vm, EPIPE, VALUE_NULL);
        if (!buffer_of(vm, data, &bytes, &size))
            return VALUE_NULL;
        sent += channel_write(vm, channel, bytes + sent, size - sent);
    } while (all && sent < size);
    return all ? NONE : int_from_uint64(vm, sent);
}

FUNCTION(send)
{
    UNUSED;
    return send_bytes(vm, self, arguments[0], false);
}

FUNCTION(sendall)
{
    UNUSED;
    return send_bytes(vm, self, arguments[0], true);
}

/* Takes what was asked for; with MSG_PEEK it stays. */
static void take_bytes(struct vm *vm, struct channel *channel, uint8_t *out, size_t size, int64_t flags)
{
    if (!(flags & MSG_PEEK))
        channel_take(vm, channel, out, size);
    else if (size)
        memcpy(out, channel->bytes, size);
}

FUNCTION(recv_into)
{
    UNUSED;
    static const char message[] = "recv_into() argument 1 must be read-write bytes-like object, not %T";
    int64_t limit = 0, flags = 0;
    uint8_t *data;
    size_t room;
    if (!buffer_writable(vm, arguments[0], message, &data, &room) ||
        (arguments[1] != VALUE_NULL && !value_to_index(vm, arguments[1], &limit)) ||
        (arguments[2] != VALUE_NULL && !value_to_index(vm, arguments[2], &flags)))
        return VALUE_NULL;
    if (limit < 0)
        return raise_error(vm, &exc_ValueError, "negative buffersize in recv_into");
    if ((uint64_t)limit > room)
        return raise_error(vm, &exc_ValueError, "buffer too small for requested bytes");
    if (!wait_for(vm, self, channel_readable) || !buffer_writable(vm, arguments[0], message, &data, &room))
        return VALUE_NULL;
    if (limit && (uint64_t)limit < room)
        room = (size_t)limit;
    struct channel *channel = channel_of(vm, self);
    size_t size = channel->size < room ? channel->size : room;
    take_bytes(vm, channel, data, size, flags);
    gc_keep(arguments[0]);
    return int_from_uint64(vm, size);
}

FUNCTION(recv)
{
    UNUSED;
    int64_t limit, flags = 0;
    if (!value_to_int64(vm, arguments[0], &limit) || (arguments[1] != VALUE_NULL && !value_to_index(vm, arguments[1], &flags)))
        return VALUE_NULL;
    if (limit < 0)
        return raise_error(vm, &exc_ValueError, "negative buffersize in recv");
    if (!wait_for(vm, self, channel_readable))
        return VALUE_NULL;
    struct channel *channel = channel_of(vm, self);
    size_t size = channel->size < (size_t)limit ? channel->size : (size_t)limit;
    value result = bytes_from(vm, channel->bytes, size);
    if (result != VALUE_NULL)
        take_bytes(vm, channel, ((struct bytes_object *)value_object(result))->data, size, flags);
    return result;
}

FUNCTION(shutdown)
{
    UNUSED;
    int64_t how;
    if (!value_to_int64(vm, arguments[0], &how))
        return VALUE_NULL;
    struct channel *channel = channel_of(vm, self);
    if (!channel)
        return VALUE_NULL;
    if (channel->unconnected)
        return raise_os_error(vm, ENOTCONN, VALUE_NULL);
    if (how != SHUT_RD)
        channel_shut(vm, channel);
    return NONE;
}

/* ---- descriptors and timeouts ---- */

FUNCTION(fileno)
{
    UNUSED;
    return int_from_int64(vm, socket_of(self)->descriptor);
}

FUNCTION(close)
{
    UNUSED;
    struct channel *channel = channel_find(vm, socket_of(self)->descriptor);
    socket_of(self)->descriptor = -1;
    if (channel)
        channel_close(vm, channel);
    return NONE;
}

FUNCTION(detach)
{
    UNUSED;
    int64_t descriptor = socket_of(self)->descriptor;
    socket_of(self)->descriptor = -1;
    return int_from_int64(vm, descriptor);
}

FUNCTION(setblocking)
{
    UNUSED;
    int blocking = value_truth(vm, arguments[0]);
    if (blocking < 0)
        return VALUE_NULL;
    socket_of(self)->timeout = blocking ? -1 : 0;
    return NONE;
}

FUNCTION(settimeout)
{
    UNUSED;
    double seconds = -1;
    if (arguments[0] != NONE) {
        if (!value_to_double(vm, arguments[0], &seconds))
            return VALUE_NULL;
        if (seconds < 0)
            return raise_error(vm, &exc_ValueError, "Timeout value out of range");
    }
    socket_of(self)->timeout = seconds;
    return NONE;
}

static value get_timeout(struct vm *vm, value self)
{
    double timeout = socket_of(self)->timeout;
    return timeout < 0 ? NONE : float_value(vm, timeout);
}

FUNCTION(gettimeout)
{
    UNUSED;
    return get_timeout(vm, self);
}

FUNCTION(getblocking)
{
    UNUSED;
    return bool_value(socket_of(self)->timeout != 0);
}

FUNCTION(getpeername)
{
    UNUSED;
    const struct channel *channel = channel_of(vm, self);
    if (!channel)
        return VALUE_NULL;
    return channel->unconnected ? raise_os_error(vm, ENOTCONN, VALUE_NULL) : vm->empty_string;
}

FUNCTION(getsockname)
{
    UNUSED;
    if (!channel_of(vm, self))
        return VALUE_NULL;
    if (socket_of(self)->family == AF_INET)
        return tuple_pack(vm, 2, string_from_text(vm, "0.0.0.0"), small_int(0));
    if (socket_of(self)->family == AF_INET6)
        return tuple_pack(vm, 4, string_from_text(vm, "::"), small_int(0), small_int(0), small_int(0));
    return vm->empty_string;
}

/* Options are remembered, and change nothing. */
static bool option_read(struct vm *vm, const value *arguments, int64_t *level, int64_t *option)
{
    return value_to_index(vm, arguments[0], level) && value_to_index(vm, arguments[1], option);
}

FUNCTION(getsockopt)
{
    UNUSED;
    int64_t level, option, size = 0, number = 0;
    value found;
    if (!option_read(vm, arguments, &level, &option) || (arguments[2] != VALUE_NULL && !value_to_index(vm, arguments[2], &size)) ||
        !channel_of(vm, self))
        return VALUE_NULL;
    if (level == SOL_SOCKET && option == SO_TYPE)
        number = socket_of(self)->type;
    else if (level == SOL_SOCKET && option == SO_DOMAIN)
        number = socket_of(self)->family;
    else if (socket_of(self)->options != NONE) {
        int there = dict_find(vm, dict_of(socket_of(self)->options), int_from_int64(vm, level * 65536 + option), &found);
        if (there < 0 || (there && !value_to_index(vm, found, &number)))
            return VALUE_NULL;
    }
    int32_t narrow = (int32_t)number;
    return size ? bytes_from(vm, &narrow, size < 4 ? (size_t)size : 4) : int_from_int64(vm, number);
}

FUNCTION(setsockopt)
{
    UNUSED;
    int64_t level, option;
    if (!option_read(vm, arguments, &level, &option) || !channel_of(vm, self))
        return VALUE_NULL;
    if (!is_int(arguments[2]))
        return NONE;
    if (socket_of(self)->options == NONE) {
        value options = dict_new(vm);
        if (options == VALUE_NULL)
            return VALUE_NULL;
        socket_of(self)->options = options;
    }
    return dict_set(vm, dict_of(socket_of(self)->options), int_from_int64(vm, level * 65536 + option),
                    arguments[2])
               ? NONE
               : VALUE_NULL;
}

FUNCTION(accept)
{
    UNUSED;
    return channel_of(vm, self) ? raise_os_error(vm, EINVAL, VALUE_NULL) : VALUE_NULL;
}

FUNCTION(connect_ex)
{
    UNUSED;
    return channel_of(vm, self) ? small_int(EACCES) : VALUE_NULL;
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
    {"send", "(data, flags=0, /)", socket_send, 0, NULL},
    {"sendall", "(data, flags=0, /)", socket_sendall, 0, NULL},
    {"recv", "(bufsize, flags=0, /)", socket_recv, 0, NULL},
    {"recv_into", "(buffer, nbytes=0, flags=0)", socket_recv_into, 0, NULL},
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
    {"_accept", "()", socket_accept, 0, NULL},
    {"bind", NULL, socket_forbidden, 0, NULL},
    {"connect", NULL, socket_forbidden, 0, NULL},
    {"connect_ex", "(address, /)", socket_connect_ex, 0, NULL},
    {"listen", NULL, socket_forbidden, 0, NULL},
    {"recvfrom", NULL, socket_forbidden, 0, NULL},
    {"recvfrom_into", NULL, socket_forbidden, 0, NULL},
    {"sendto", NULL, socket_forbidden, 0, NULL},
    {0},
};

static const struct property_definition socket_properties[] = {
    {"family", get_family, NULL}, {"type", get_type, NULL}, {"proto", get_protocol, NULL}, {"timeout", get_timeout, NULL}, {0}};

static struct type socket_type = {.name = "_socket.socket",
                                  .flags = TYPE_SUBCLASSABLE | TYPE_MAKES_SUBCLASSES,
                                  .instance_size = sizeof(struct socket_object),
                                  .trace = socket_trace,
                                  .methods = socket_methods,
                                  .properties = socket_properties,
                                  .new = socket_new,
                                  .init = socket_init,
                                  .repr = socket_repr};

/* ---- the module's functions ---- */

FUNCTION(socketpair)
{
    UNUSED;
    int64_t descriptors[2];
    value pair[2];
    if (!channel_pair(vm, descriptors))
        return VALUE_NULL;
    for (int i = 0; i < 2; i++) {
        pair[i] = socket_new(vm, &socket_type, NULL, 0, VALUE_NULL);
        if (pair[i] == VALUE_NULL)
            return VALUE_NULL;
        struct socket_object *socket = socket_of(pair[i]);
        socket->descriptor = descriptors[i];
        socket->family = AF_UNIX;
        socket->type = SOCK_STREAM;
    }
    return tuple_from(vm, pair, 2);
}

FUNCTION(close_descriptor)
{
    UNUSED;
    int64_t descriptor;
    if (!value_to_int64(vm, arguments[0], &descriptor))
        return VALUE_NULL;
    struct channel *channel = channel_find(vm, descriptor);
    if (!channel)
        return raise_os_error(vm, EBADF, VALUE_NULL);
    channel_close(vm, channel);
    return NONE;
}

FUNCTION(getdefaulttimeout)
{
    UNUSED;
    return NONE;
}

FUNCTION(gethostname)
{
    UNUSED;
    return intern_text(vm, "localhost");
}

static value swap_bytes(struct vm *vm, value v, int64_t limit, const char *name)
{
    int64_t n;
    if (!value_to_int64(vm, v, &n))
        return VALUE_NULL;
    if (n < 0)
        return raise_error(vm, &exc_OverflowError, "%s: can't convert negative Python int to C %d-bit unsigned integer", name,
                           limit == UINT16_MAX ? 16 : 32);
    if (n > limit)
        return raise_error(vm, &exc_OverflowError, "%s: Python int too large to convert to C %d-bit unsigned integer", name,
                           limit == UINT16_MAX ? 16 : 32);
    return limit == UINT16_MAX ? small_int(htons((uint16_t)n)) : small_int(htonl((uint32_t)n));
}

FUNCTION(htons) { UNUSED; return swap_bytes(vm, arguments[0], UINT16_MAX, "htons"); }
FUNCTION(ntohs) { UNUSED; return swap_bytes(vm, arguments[0], UINT16_MAX, "ntohs"); }
FUNCTION(htonl) { UNUSED; return swap_bytes(vm, arguments[0], UINT32_MAX, "htonl"); }
FUNCTION(ntohl) { UNUSED; return swap_bytes(vm, arguments[0], UINT32_MAX, "ntohl"); }

FUNCTION(inet_aton)
{
    UNUSED;
    struct in_addr address;
    const char *text = has_flag(arguments[0], TYPE_STRING) ? string_utf8(vm, arguments[0], NULL) : NULL;
    if (!text)
        return raise_error(vm, &exc_TypeError, "inet_aton() argument 1 must be str, not %T", arguments[0]);
    if (!inet_aton(text, &address))
        return raise_error(vm, &exc_OSError, "illegal IP address string passed to inet_aton");
    return bytes_from(vm, &address, sizeof address);
}

FUNCTION(inet_ntoa)
{
    UNUSED;
    const uint8_t *bytes;
    size_t size;
    if (!buffer_of(vm, arguments[0], &bytes, &size))
        return vm->pending != VALUE_NULL ? VALUE_NULL
                                         : raise_error(vm, &exc_TypeError, "a bytes-like object is required, not '%T'", arguments[0]);
    if (size != 4)
        return raise_error(vm, &exc_OSError, "packed IP wrong length");
    return string_printf(vm, "%d.%d.%d.%d", bytes[0], bytes[1], bytes[2], bytes[3]);
}

static const struct method_definition functions[] = {
    {"socketpair", "(family=1, type=1, proto=0, /)", socket_socketpair, 0, NULL},
    {"close", "(integer, /)", socket_close_descriptor, 0, NULL},
    {"getdefaulttimeout", "()", socket_getdefaulttimeout, 0, NULL},
    {"gethostname", "()", socket_gethostname, 0, NULL},
    {"htons", "(x, /)", socket_htons, 0, NULL},
    {"ntohs", "(x, /)", socket_ntohs, 0, NULL},
    {"htonl", "(x, /)", socket_htonl, 0, NULL},
    {"ntohl", "(x, /)", socket_ntohl, 0, NULL},
    {"inet_aton", "(ip_addr, /)", socket_inet_aton, 0, NULL},
    {"inet_ntoa", "(packed_ip, /)", socket_inet_ntoa, 0, NULL},
    {"dup", NULL, socket_forbidden, 0, NULL},
    {"getaddrinfo", NULL, socket_forbidden, 0, NULL},
    {"getnameinfo", NULL, socket_forbidden, 0, NULL},
    {"gethostbyname", NULL, socket_forbidden, 0, NULL},
    {"gethostbyname_ex", NULL, socket_forbidden, 0, NULL},
    {"gethostbyaddr", NULL, socket_forbidden, 0, NULL},
    {"getservbyname", NULL, socket_forbidden, 0, NULL},
    {0},
};

#define C(name) {#name, name}
static const struct integer_constant constants[] = {
    C(AF_UNSPEC), C(AF_UNIX), C(AF_INET), C(AF_INET6), C(SOCK_STREAM), C(SOCK_DGRAM), C(SOCK_RAW), C(SOCK_RDM),
    C(SOCK_SEQPACKET), C(SOCK_CLOEXEC), C(SOCK_NONBLOCK), C(SOL_SOCKET), C(SO_REUSEADDR), C(SO_REUSEPORT), C(SO_KEEPALIVE),
    C(SO_BROADCAST), C(SO_ERROR), C(SO_RCVBUF), C(SO_SNDBUF), C(SO_TYPE), C(SO_LINGER), C(SOMAXCONN), C(IPPROTO_IP),
    C(IPPROTO_TCP), C(IPPROTO_UDP), C(IPPROTO_IPV6), C(IPPROTO_ICMP), C(IPV6_V6ONLY), C(TCP_NODELAY), C(SHUT_RD),
    C(SHUT_WR), C(SHUT_RDWR), C(MSG_PEEK), C(MSG_DONTWAIT), C(MSG_OOB), C(MSG_WAITALL), C(AI_PASSIVE), C(AI_CANONNAME),
    C(AI_NUMERICHOST), C(AI_NUMERICSERV), C(AI_ADDRCONFIG), C(AI_V4MAPPED), C(AI_ALL), C(EAI_NONAME), C(EAI_FAMILY),
    C(NI_NUMERICHOST), C(NI_NUMERICSERV), {"INADDR_ANY", 0}, {"INADDR_LOOPBACK", 0x7f000001}, {0}};
#undef C

static value error_class(struct vm *vm, const char *name)
{
    value bases = tuple_pack(vm, 1, object_value(&exc_OSError)), namespace = dict_new(vm);
    if (bases == VALUE_NULL || namespace == VALUE_NULL ||
        !dict_set_text(vm, dict_of(namespace), "__module__", intern_text(vm, "socket")))
        return VALUE_NULL;
    return type_new_class(vm, &type_type, intern_text(vm, name), bases, namespace, VALUE_NULL);
}

static bool socket_initialize(struct vm *vm, value module)
{
    struct dict_object *dict = support_dict(module);
    type_ready(vm, &socket_type);
    value name_error = error_class(vm, "gaierror"), host_error = error_class(vm, "herror");
    return name_error != VALUE_NULL && host_error != VALUE_NULL && support_add_constants(vm, module, constants) &&
           dict_set_text(vm, dict, "socket", type_object_value(&socket_type)) &&
           dict_set_text(vm, dict, "SocketType", type_object_value(&socket_type)) &&
           dict_set_text(vm, dict, "error", object_value(&exc_OSError)) &&
           dict_set_text(vm, dict, "timeout", object_value(&exc_TimeoutError)) &&
           dict_set_text(vm, dict, "gaierror", name_error) && dict_set_text(vm, dict, "herror", host_error) &&
           dict_set_text(vm, dict, "has_ipv6", FALSE);
}

const struct native_module socket_module = {"_socket", socket_initialize, functions};
