/* module.c - module _socket for a program without a network: sockets within the process. What would reach another host raises
 * PermissionError. */
#include "sim/modules/socket/socket.h"
#include "sim/runtime/buffer.h"
#include "sim/runtime/bytes.h"
#include "sim/runtime/container.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>

struct type name_error_type = {.name = "socket.gaierror",
                               .flags = TYPE_SUBCLASSABLE | TYPE_EXCEPTION,
                               .base = &exc_OSError,
                               .instance_size = sizeof(struct exception_object)};
struct type host_error_type = {.name = "socket.herror",
                               .flags = TYPE_SUBCLASSABLE | TYPE_EXCEPTION,
                               .base = &exc_OSError,
                               .instance_size = sizeof(struct exception_object)};

LOCAL(socketpair)
{
    UNUSED;
    int64_t given[] = {AF_UNIX, SOCK_STREAM, 0};
    struct channel *channels[2];
    value pair[2];
    for (int i = 0; i < 3; i++)
        if (arguments[i] != VALUE_NULL && arguments[i] != NONE && !value_to_index(vm, arguments[i], &given[i]))
            return VALUE_NULL;
    int64_t kind = given[1] & ~(int64_t)(SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (given[0] != AF_UNIX || given[2])
        return raise_os_error(vm, given[2] && given[0] == AF_UNIX ? EPROTONOSUPPORT : EOPNOTSUPP, VALUE_NULL);
    if (kind != SOCK_STREAM && kind != SOCK_DGRAM)
        return raise_os_error(vm, EPROTONOSUPPORT, VALUE_NULL);
    for (int i = 0; i < 2; i++)
        if (!(channels[i] = channel_new(vm, AF_UNIX, (int)kind, 0)) ||
            (pair[i] = socket_for(vm, channel_open(vm, channels[i]))) == VALUE_NULL)
            return VALUE_NULL;
    channel_join(channels[0], channels[1]);
    return tuple_from(vm, pair, 2);
}

static struct channel *descriptor_channel(struct vm *vm, value v, int64_t *descriptor)
{
    if (!value_to_int64(vm, v, descriptor))
        return NULL;
    struct channel *channel = channel_find(vm, *descriptor);
    if (!channel)
        raise_os_error(vm, EBADF, VALUE_NULL);
    return channel;
}

LOCAL(close_descriptor)
{
    UNUSED;
    int64_t descriptor;
    if (!descriptor_channel(vm, arguments[0], &descriptor))
        return VALUE_NULL;
    channel_close(vm, descriptor);
    return NONE;
}

LOCAL(dup)
{
    UNUSED;
    int64_t descriptor;
    struct channel *channel = descriptor_channel(vm, arguments[0], &descriptor);
    descriptor = channel ? channel_open(vm, channel) : -1;
    return descriptor < 0 ? VALUE_NULL : int_from_int64(vm, descriptor);
}

LOCAL(getdefaulttimeout)
{
    UNUSED;
    double timeout = *channel_default_timeout(vm);
    return timeout < 0 ? NONE : float_value(vm, timeout);
}

LOCAL(setdefaulttimeout)
{
    UNUSED;
    double seconds = -1;
    if (arguments[0] != NONE) {
        if (!value_to_double(vm, arguments[0], &seconds))
            return VALUE_NULL;
        if (seconds < 0)
            return raise_error(vm, &exc_ValueError, "Timeout value out of range");
    }
    *channel_default_timeout(vm) = seconds;
    return NONE;
}

LOCAL(gethostname)
{
    UNUSED;
    return intern_text(vm, "localhost");
}

LOCAL(sethostname)
{
    UNUSED;
    return raise_os_error(vm, EPERM, VALUE_NULL);
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

LOCAL(htons) { UNUSED; return swap_bytes(vm, arguments[0], UINT16_MAX, "htons"); }
LOCAL(ntohs) { UNUSED; return swap_bytes(vm, arguments[0], UINT16_MAX, "ntohs"); }
LOCAL(htonl) { UNUSED; return swap_bytes(vm, arguments[0], UINT32_MAX, "htonl"); }
LOCAL(ntohl) { UNUSED; return swap_bytes(vm, arguments[0], UINT32_MAX, "ntohl"); }

LOCAL(inet_aton)
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

LOCAL(inet_ntoa)
{
    UNUSED;
    const uint8_t *bytes;
    size_t size;
    if (!buffer_of(vm, arguments[0], &bytes, &size))
        return vm->pending != VALUE_NULL
                   ? VALUE_NULL
                   : raise_error(vm, &exc_TypeError, "a bytes-like object is required, not '%T'", arguments[0]);
    if (size != 4)
        return raise_error(vm, &exc_OSError, "packed IP wrong length");
    return string_printf(vm, "%d.%d.%d.%d", bytes[0], bytes[1], bytes[2], bytes[3]);
}

static const struct method_definition functions[] = {
    {"socketpair", "(family=1, type=1, proto=0, /)", socket_socketpair, 0, NULL},
    {"close", "(integer, /)", socket_close_descriptor, 0, NULL},
    {"dup", "(integer, /)", socket_dup, 0, NULL},
    {"getdefaulttimeout", "()", socket_getdefaulttimeout, 0, NULL},
    {"setdefaulttimeout", "(timeout, /)", socket_setdefaulttimeout, 0, NULL},
    {"gethostname", "()", socket_gethostname, 0, NULL},
    {"sethostname", "(name, /)", socket_sethostname, 0, NULL},
    {"htons", "(x, /)", socket_htons, 0, NULL},
    {"ntohs", "(x, /)", socket_ntohs, 0, NULL},
    {"htonl", "(x, /)", socket_htonl, 0, NULL},
    {"ntohl", "(x, /)", socket_ntohl, 0, NULL},
    {"inet_aton", "(ip_addr, /)", socket_inet_aton, 0, NULL},
    {"inet_ntoa", "(packed_ip, /)", socket_inet_ntoa, 0, NULL},
    {0},
};

#define C(name) {#name, name}
static const struct integer_constant constants[] = {
    C(AF_UNSPEC), C(AF_UNIX), C(AF_INET), C(AF_INET6), C(SOCK_STREAM), C(SOCK_DGRAM), C(SOCK_RAW), C(SOCK_RDM),
    C(SOCK_SEQPACKET), C(SOCK_CLOEXEC), C(SOCK_NONBLOCK), C(SOL_SOCKET), C(SOL_IP), C(SOL_TCP), {"SOL_UDP", IPPROTO_UDP},
    C(SO_ACCEPTCONN), C(SO_BROADCAST), C(SO_DEBUG), C(SO_DOMAIN), C(SO_DONTROUTE), C(SO_ERROR), C(SO_KEEPALIVE),
    C(SO_LINGER), C(SO_OOBINLINE), C(SO_PRIORITY), C(SO_PROTOCOL), C(SO_RCVBUF), C(SO_RCVLOWAT), C(SO_RCVTIMEO),
    C(SO_REUSEADDR), C(SO_REUSEPORT), C(SO_SNDBUF), C(SO_SNDLOWAT), C(SO_SNDTIMEO), C(SO_TYPE), C(SOMAXCONN),
    C(IPPROTO_IP), C(IPPROTO_ICMP), C(IPPROTO_IGMP), C(IPPROTO_TCP), C(IPPROTO_UDP), C(IPPROTO_IPV6),
    C(IPPROTO_ICMPV6), C(IPPROTO_RAW), C(IPPROTO_NONE), C(IP_TOS), C(IP_TTL), C(IP_HDRINCL), C(IP_OPTIONS),
    C(IP_RECVTOS), C(IP_MULTICAST_IF), C(IP_MULTICAST_TTL), C(IP_MULTICAST_LOOP), C(IP_ADD_MEMBERSHIP),
    C(IP_DROP_MEMBERSHIP), C(IPV6_V6ONLY), C(IPV6_UNICAST_HOPS), C(IPV6_MULTICAST_HOPS), C(IPV6_MULTICAST_IF),
    C(IPV6_MULTICAST_LOOP), C(IPV6_JOIN_GROUP), C(IPV6_LEAVE_GROUP), C(IPV6_TCLASS), C(TCP_NODELAY), C(TCP_MAXSEG),
    C(TCP_CORK), C(TCP_KEEPIDLE), C(TCP_KEEPINTVL), C(TCP_KEEPCNT), C(TCP_SYNCNT), C(TCP_LINGER2),
    C(TCP_DEFER_ACCEPT), C(TCP_WINDOW_CLAMP), C(TCP_INFO), C(TCP_QUICKACK), C(TCP_USER_TIMEOUT), C(TCP_FASTOPEN),
    C(TCP_CONGESTION), C(SHUT_RD), C(SHUT_WR), C(SHUT_RDWR), C(MSG_OOB), C(MSG_PEEK), C(MSG_DONTROUTE),
    C(MSG_DONTWAIT), C(MSG_CTRUNC), C(MSG_TRUNC), C(MSG_WAITALL), C(MSG_EOR), C(MSG_MORE), C(MSG_NOSIGNAL),
    C(AI_PASSIVE), C(AI_CANONNAME), C(AI_NUMERICHOST), C(AI_NUMERICSERV), C(AI_ADDRCONFIG), C(AI_V4MAPPED), C(AI_ALL),
    C(EAI_ADDRFAMILY), C(EAI_AGAIN), C(EAI_BADFLAGS), C(EAI_FAIL), C(EAI_FAMILY), C(EAI_MEMORY), C(EAI_NODATA),
    C(EAI_NONAME), C(EAI_OVERFLOW), C(EAI_SERVICE), C(EAI_SOCKTYPE), C(EAI_SYSTEM), C(NI_MAXHOST), C(NI_MAXSERV),
    C(NI_NUMERICHOST), C(NI_NUMERICSERV), C(NI_NOFQDN), C(NI_NAMEREQD), C(NI_DGRAM),
    {"INADDR_ANY", 0}, {"INADDR_LOOPBACK", 0x7f000001}, {"INADDR_BROADCAST", 0xffffffff}, {"INADDR_NONE", 0xffffffff},
    {"INADDR_UNSPEC_GROUP", 0xe0000000}, {"INADDR_ALLHOSTS_GROUP", 0xe0000001}, {"INADDR_MAX_LOCAL_GROUP", 0xe00000ff},
    {"IPPORT_RESERVED", 1024}, {"IPPORT_USERRESERVED", 5000}, {0}};
#undef C

static bool socket_initialize(struct vm *vm, value module)
{
    struct dict_object *dict = support_dict(module);
    type_ready(vm, &socket_type);
    type_ready(vm, &name_error_type);
    type_ready(vm, &host_error_type);
    for (const struct method_definition *row = socket_name_functions; row->name; row++) {
        value function = native_function_new(vm, row, VALUE_NULL, "_socket");
        if (function == VALUE_NULL || !dict_set_text(vm, dict, row->name, function))
            return false;
    }
    return support_add_constants(vm, module, constants) && dict_set_text(vm, dict, "socket", type_object_value(&socket_type)) &&
           dict_set_text(vm, dict, "SocketType", type_object_value(&socket_type)) &&
           dict_set_text(vm, dict, "error", object_value(&exc_OSError)) &&
           dict_set_text(vm, dict, "timeout", object_value(&exc_TimeoutError)) &&
           dict_set_text(vm, dict, "gaierror", object_value(&name_error_type)) &&
           dict_set_text(vm, dict, "herror", object_value(&host_error_type)) && dict_set_text(vm, dict, "has_ipv6", TRUE);
}

const struct native_module socket_module = {"_socket", socket_initialize, functions};
