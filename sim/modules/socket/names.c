/* names.c - names of hosts and services, answered without asking anybody: the loopback's, and numbers. */
#include "sim/modules/socket/socket.h"
#include "sim/runtime/bytes.h"
#include "sim/runtime/container.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <strings.h>

static const struct service {
    const char *name;
    uint16_t port;
    bool both; /* datagrams, too */
} services[] = {{"echo", 7, true}, {"discard", 9, true}, {"daytime", 13, true}, {"ftp-data", 20, false}, {"ftp", 21, false},
                {"ssh", 22, false}, {"telnet", 23, false}, {"smtp", 25, false}, {"time", 37, true}, {"domain", 53, true},
                {"tftp", 69, true}, {"http", 80, false}, {"pop3", 110, false}, {"nntp", 119, false}, {"ntp", 123, true},
                {"imap2", 143, false}, {"snmp", 161, true}, {"ldap", 389, true}, {"https", 443, true}, {"imaps", 993, false},
                {"pop3s", 995, false}, {0}};

static const struct service *service_named(const char *name, bool datagrams)
{
    for (const struct service *service = services; service->name; service++)
        if (!strcmp(service->name, name) && (!datagrams || service->both))
            return service;
    return NULL;
}

static const struct service *service_on(int64_t port, bool datagrams)
{
    for (const struct service *service = services; service->name; service++)
        if (service->port == port && (!datagrams || service->both))
            return service;
    return NULL;
}

/* A host's address, or the exception: gaierror, PermissionError. */
static bool find_host(struct vm *vm, const char *name, int family, struct socket_address *out)
{
    int error = host_find(name, family, out);
    if (error == -EACCES)
        raise_os_error(vm, EACCES, VALUE_NULL);
    else if (error)
        raise_host_error(vm, error);
    return error == 0;
}

/* ---- getaddrinfo ---- */

struct request {
    int64_t family, type, protocol, flags;
    bool has_host, has_port;
    char host[NI_MAXHOST], service[NI_MAXSERV];
};

static bool read_text(struct vm *vm, value v, char *out, size_t size)
{
    size_t length;
    const char *text;
    if (is_bytes(v)) {
        text = (const char *)bytes_of(v)->data;
        length = bytes_of(v)->length;
    } else {
        if ((v = string_encode(vm, v, "utf-8", NULL)) == VALUE_NULL)
            return false;
        text = (const char *)bytes_of(v)->data;
        length = bytes_of(v)->length;
    }
    if (length >= size) {
        raise_host_error(vm, EAI_SERVICE);
        return false;
    }
    memcpy(out, text, length);
    out[length] = 0;
    gc_keep(v);
    return true;
}

static bool request_read(struct vm *vm, const value *arguments, struct request *request)
{
    int64_t *const numbers[] = {&request->family, &request->type, &request->protocol, &request->flags};
    *request = (struct request){.has_host = arguments[0] != NONE, .has_port = arguments[1] != NONE};
    for (int i = 0; i < 4; i++)
        if (arguments[2 + i] != VALUE_NULL && !value_to_index(vm, arguments[2 + i], numbers[i]))
            return false;
    if (request->has_host && !is_string(arguments[0]) && !is_bytes(arguments[0])) {
        raise_error(vm, &exc_TypeError, "getaddrinfo() argument 1 must be string or None");
        return false;
    }
    if (request->has_host && !host_argument(vm, arguments[0], request->host))
        return false;
    value port = arguments[1];
    int64_t number;
    if (is_int(port)) {
        if (!value_to_int64(vm, port, &number))
            return false;
        snprintf(request->service, sizeof request->service, "%lld", (long long)number);
    } else if (is_string(port) || is_bytes(port)) {
        if (!read_text(vm, port, request->service, sizeof request->service))
            return false;
    } else if (port != NONE) {
        raise_error(vm, &exc_OSError, "Int or String expected");
        return false;
    }
    if (!request->has_host && !request->has_port)
        raise_host_error(vm, EAI_NONAME);
    else if (request->family != AF_UNSPEC && request->family != AF_INET && request->family != AF_INET6)
        raise_host_error(vm, EAI_FAMILY);
    else
        return true;
    return false;
}

struct kind {
    int type, protocol;
    uint16_t port;
};

/* The kinds of sockets that fit the request, with their ports. How many; -1: an exception is pending. */
static int kinds_find(struct vm *vm, const struct request *request, struct kind kinds[3])
{
    static const struct kind all[] = {{SOCK_STREAM, IPPROTO_TCP, 0}, {SOCK_DGRAM, IPPROTO_UDP, 0}, {SOCK_RAW, 0, 0}};
    int found = 0;
    bool fits = false, named = false;
    char *end;
    unsigned long port = strtoul(request->service, &end, 10);
    if (*end) {
        named = true;
        if (request->flags & AI_NUMERICSERV) {
            raise_host_error(vm, EAI_NONAME);
            return -1;
        }
    }
    for (int i = 0; i < 3; i++) {
        struct kind kind = all[i];
        bool raw = kind.type == SOCK_RAW;
        if ((request->type && request->type != kind.type) ||
            (request->protocol && (raw ? request->type != SOCK_RAW : request->protocol != kind.protocol)))
            continue;
        fits = true;
        const struct service *service = named && !raw ? service_named(request->service, kind.type == SOCK_DGRAM) : NULL;
        if (named && !service)
            continue;
        if (raw)
            kind.protocol = (int)request->protocol;
        kind.port = service ? service->port : (uint16_t)port;
        kinds[found++] = kind;
    }
    if (!fits)
        raise_host_error(vm, EAI_SOCKTYPE);
    else if (!found)
        raise_host_error(vm, EAI_SERVICE);
    return found ? found : -1;
}

/* The addresses, IPv4 and IPv6 in glibc's order. How many; -1: an exception is pending. */
static int addresses_find(struct vm *vm, const struct request *request, struct socket_address addresses[2])
{
    static const char *const passive[] = {"0.0.0.0", "::"}, *const active[] = {"::1", "127.0.0.1"};
    int found = 0;
    if (request->has_host && *request->host) {
        bool found_one = find_host(vm, request->host, (int)request->family, addresses);
        struct in6_addr ignored;
        if (found_one && request->flags & AI_NUMERICHOST && !inet_pton(AF_INET6, request->host, &ignored) &&
            !inet_aton(request->host, (struct in_addr *)(void *)&ignored)) {
            raise_host_error(vm, EAI_NONAME);
            return -1;
        }
        return found_one ? 1 : -1;
    }
    if (request->has_host) {
        raise_host_error(vm, EAI_NONAME);
        return -1;
    }
    for (int i = 0; i < 2; i++) {
        const char *name = (request->flags & AI_PASSIVE ? passive : active)[i];
        int family = strchr(name, ':') ? AF_INET6 : AF_INET;
        if (request->family == AF_UNSPEC || request->family == family)
            host_find(name, family, &addresses[found++]);
    }
    return found;
}

LOCAL(getaddrinfo)
{
    UNUSED;
    struct request request;
    struct kind kinds[3];
    struct socket_address addresses[2];
    if (!request_read(vm, arguments, &request))
        return VALUE_NULL;
    int kind_count = kinds_find(vm, &request, kinds);
    int address_count = kind_count < 0 ? -1 : addresses_find(vm, &request, addresses);
    value list = address_count < 0 ? VALUE_NULL : list_new(vm, 0);
    for (int i = 0; list != VALUE_NULL && i < address_count; i++) {
        for (int j = 0; j < kind_count; j++) {
            struct socket_address address = addresses[i];
            int family = address.any.sa_family;
            if (family == AF_INET)
                address.v4.sin_port = htons(kinds[j].port);
            else
                address.v6.sin6_port = htons(kinds[j].port);
            bool first = i == 0 && j == 0 && request.flags & AI_CANONNAME && request.has_host;
            value shown = address_value(vm, &address), name = first ? string_from_text(vm, request.host) : vm->empty_string;
            value row = shown == VALUE_NULL || name == VALUE_NULL
                            ? VALUE_NULL
                            : tuple_pack(vm, 5, small_int(family), small_int(kinds[j].type), small_int(kinds[j].protocol), name,
                                         shown);
            if (row == VALUE_NULL || !list_append(vm, list_of(list), row))
                return VALUE_NULL;
        }
    }
    return list;
}

/* ---- the others ---- */

LOCAL(getnameinfo)
{
    UNUSED;
    int64_t flags, port;
    struct socket_address address;
    char host[NI_MAXHOST];
    if (!has_flag(arguments[0], TYPE_TUPLE))
        return raise_error(vm, &exc_TypeError, "getnameinfo() argument 1 must be a tuple");
    if (!value_to_index(vm, arguments[1], &flags))
        return VALUE_NULL;
    const struct tuple_object *parts = tuple_of(arguments[0]);
    if (parts->length < 2 || parts->length > 4 || !is_string(parts->items[0]))
        return raise_error(vm, &exc_TypeError, "getnameinfo(): illegal sockaddr argument");
    if (!value_to_index(vm, parts->items[1], &port) || !host_argument(vm, parts->items[0], host))
        return VALUE_NULL;
    if (host_find(host, AF_UNSPEC, &address) || !strcasecmp(host, "localhost"))
        return raise_host_error(vm, EAI_NONAME);
    if (address.any.sa_family == AF_INET && parts->length != 2)
        return raise_error(vm, &exc_OSError, "IPv4 sockaddr must be 2 tuple");
    bool local = network_is_local(&address) && strcmp(host, "0.0.0.0") && strcmp(host, "::");
    if (!local && !(flags & NI_NUMERICHOST))
        return raise_os_error(vm, EACCES, VALUE_NULL);
    value name = flags & NI_NUMERICHOST ? host_text(vm, &address) : intern_text(vm, "localhost");
    const struct service *service = flags & NI_NUMERICSERV ? NULL : service_on(port, flags & NI_DGRAM);
    value service_name = service ? string_from_text(vm, service->name) : string_printf(vm, "%ld", (long)port);
    return name == VALUE_NULL || service_name == VALUE_NULL ? VALUE_NULL : tuple_pack(vm, 2, name, service_name);
}

static value host_number(struct vm *vm, value given, int family)
{
    char name[NI_MAXHOST];
    struct socket_address address;
    if (!host_argument(vm, given, name) || !find_host(vm, name, family, &address))
        return VALUE_NULL;
    return host_text(vm, &address);
}

LOCAL(gethostbyname)
{
    UNUSED;
    return host_number(vm, arguments[0], AF_INET);
}

static value host_row(struct vm *vm, value name, value number)
{
    value aliases = list_new(vm, 0), numbers = list_new(vm, 0);
    if (number == VALUE_NULL || name == VALUE_NULL || aliases == VALUE_NULL || numbers == VALUE_NULL ||
        !list_append(vm, list_of(numbers), number))
        return VALUE_NULL;
    return tuple_pack(vm, 3, name, aliases, numbers);
}

LOCAL(gethostbyname_ex)
{
    UNUSED;
    value number = host_number(vm, arguments[0], AF_INET);
    return number == VALUE_NULL ? number : host_row(vm, arguments[0], number);
}

LOCAL(gethostbyaddr)
{
    UNUSED;
    char name[NI_MAXHOST];
    struct socket_address address;
    if (!host_argument(vm, arguments[0], name) || !find_host(vm, name, AF_UNSPEC, &address))
        return VALUE_NULL;
    if (!network_is_local(&address))
        return raise_os_error(vm, EACCES, VALUE_NULL);
    return host_row(vm, intern_text(vm, "localhost"), host_text(vm, &address));
}

static bool wants_datagrams(struct vm *vm, value protocol, bool *datagrams)
{
    *datagrams = protocol != VALUE_NULL && string_is(protocol, "udp");
    if (protocol == VALUE_NULL || *datagrams || string_is(protocol, "tcp"))
        return true;
    raise_error(vm, &exc_OSError, "service/proto not found");
    return false;
}

LOCAL(getservbyname)
{
    UNUSED;
    bool datagrams;
    size_t size;
    if (!is_string(arguments[0]))
        return raise_error(vm, &exc_TypeError, "getservbyname() argument 1 must be str, not %T", arguments[0]);
    const char *name = string_utf8(vm, arguments[0], &size);
    if (!name || !wants_datagrams(vm, arguments[1], &datagrams))
        return VALUE_NULL;
    const struct service *service = service_named(name, datagrams);
    return service ? small_int(service->port) : raise_error(vm, &exc_OSError, "service/proto not found");
}

LOCAL(getservbyport)
{
    UNUSED;
    int64_t port;
    bool datagrams;
    if (!value_to_index(vm, arguments[0], &port))
        return VALUE_NULL;
    if (port < 0 || port > UINT16_MAX)
        return raise_error(vm, &exc_OverflowError, "getservbyport: port must be 0-65535.");
    if (!wants_datagrams(vm, arguments[1], &datagrams))
        return VALUE_NULL;
    const struct service *service = service_on(port, datagrams);
    return service ? string_from_text(vm, service->name) : raise_error(vm, &exc_OSError, "port/proto not found");
}

LOCAL(getprotobyname)
{
    UNUSED;
    static const struct {
        const char *name;
        int number;
    } protocols[] = {{"ip", 0}, {"icmp", 1}, {"igmp", 2}, {"tcp", 6}, {"udp", 17}, {"ipv6", 41}, {"ipv6-icmp", 58}};
    for (size_t i = 0; i < sizeof protocols / sizeof *protocols; i++)
        if (is_string(arguments[0]) && string_is(arguments[0], protocols[i].name))
            return small_int(protocols[i].number);
    return raise_error(vm, &exc_OSError, "protocol not found");
}

LOCAL(if_nameindex)
{
    UNUSED;
    value row = tuple_pack(vm, 2, small_int(1), intern_text(vm, "lo")), list = list_new(vm, 0);
    return row == VALUE_NULL || list == VALUE_NULL || !list_append(vm, list_of(list), row) ? VALUE_NULL : list;
}

LOCAL(if_nametoindex)
{
    UNUSED;
    if (!is_bytes(arguments[0]) && !is_string(arguments[0]))
        return raise_error(vm, &exc_TypeError, "expected str, bytes or os.PathLike object, not %T", arguments[0]);
    bool loopback = is_bytes(arguments[0]) ? bytes_of(arguments[0])->length == 2 && !memcmp(bytes_of(arguments[0])->data, "lo", 2)
                                           : is_string(arguments[0]) && string_is(arguments[0], "lo");
    return loopback ? small_int(1) : raise_error(vm, &exc_OSError, "no interface with this name");
}

LOCAL(if_indextoname)
{
    UNUSED;
    int64_t index;
    if (!value_to_index(vm, arguments[0], &index))
        return VALUE_NULL;
    return index == 1 ? intern_text(vm, "lo") : raise_os_error(vm, ENXIO, VALUE_NULL);
}

LOCAL(inet_pton)
{
    UNUSED;
    int64_t family;
    struct in6_addr address;
    if (!value_to_index(vm, arguments[0], &family))
        return VALUE_NULL;
    const char *text = is_string(arguments[1]) ? string_utf8(vm, arguments[1], NULL) : NULL;
    if (!text)
        return vm->pending != VALUE_NULL
                   ? VALUE_NULL : raise_error(vm, &exc_TypeError, "inet_pton() argument 2 must be str, not %T", arguments[1]);
    if (family != AF_INET && family != AF_INET6)
        return raise_os_error(vm, EAFNOSUPPORT, VALUE_NULL);
    if (inet_pton((int)family, text, &address) != 1)
        return raise_error(vm, &exc_OSError, "illegal IP address string passed to inet_pton");
    return bytes_from(vm, &address, family == AF_INET ? 4 : 16);
}

LOCAL(inet_ntop)
{
    UNUSED;
    int64_t family;
    struct span data;
    char text[INET6_ADDRSTRLEN];
    if (!value_to_index(vm, arguments[0], &family) || !bytes_like(vm, arguments[1], &data))
        return VALUE_NULL;
    if (family != AF_INET && family != AF_INET6)
        return raise_error(vm, &exc_ValueError, "unknown address family %ld", (long)family);
    if (data.length != (family == AF_INET ? 4 : 16))
        return raise_error(vm, &exc_ValueError, "invalid length of packed IP address string");
    inet_ntop((int)family, data.data, text, sizeof text);
    gc_keep(arguments[1]);
    return string_from_text(vm, text);
}

const struct method_definition socket_name_functions[] = {
    {"getaddrinfo", "(host, port, family=0, type=0, proto=0, flags=0)", socket_getaddrinfo, 0, NULL},
    {"getnameinfo", "(sockaddr, flags, /)", socket_getnameinfo, 0, NULL},
    {"gethostbyname", "(host, /)", socket_gethostbyname, 0, NULL},
    {"gethostbyname_ex", "(host, /)", socket_gethostbyname_ex, 0, NULL},
    {"gethostbyaddr", "(host, /)", socket_gethostbyaddr, 0, NULL},
    {"getservbyname", "(servicename, protocolname=None, /)", socket_getservbyname, 0, NULL},
    {"getservbyport", "(port, protocolname=None, /)", socket_getservbyport, 0, NULL},
    {"getprotobyname", "(name, /)", socket_getprotobyname, 0, NULL},
    {"if_nameindex", "()", socket_if_nameindex, 0, NULL},
    {"if_nametoindex", "(if_name, /)", socket_if_nametoindex, 0, NULL},
    {"if_indextoname", "(if_index, /)", socket_if_indextoname, 0, NULL},
    {"inet_pton", "(address_family, ip_string, /)", socket_inet_pton, 0, NULL},
    {"inet_ntop", "(address_family, packed_ip, /)", socket_inet_ntop, 0, NULL},
    {0},
};
