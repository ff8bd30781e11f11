/* address.c - addresses as programs write them: (host, port), (host, port, flow, scope), a path. */
#include "sim/modules/socket/socket.h"
#include "sim/modules/sandbox.h"
#include "sim/runtime/bytes.h"
#include "sim/runtime/container.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netdb.h>
#include <stddef.h>
#include <strings.h>

value raise_host_error(struct vm *vm, int number)
{
    value message = string_from_text(vm, gai_strerror(number));
    value error = message == VALUE_NULL ? message : call_2(vm, object_value(&name_error_type), small_int(number), message);
    return error == VALUE_NULL ? error : raise_value(vm, error);
}

bool host_argument(struct vm *vm, value v, char name[NI_MAXHOST])
{
    struct span data;
    if (is_string(v)) {
        v = string_encode(vm, v, string_of(v)->ascii ? "ascii" : "idna", NULL);
        if (v == VALUE_NULL)
            return false;
    } else if (!is_bytes(v) && !is_bytearray(vm, v)) {
        raise_error(vm, &exc_TypeError, "str, bytes or bytearray expected, not %T", v);
        return false;
    }
    data = bytes_span(v);
    if (memchr(data.data, 0, data.length)) {
        raise_error(vm, &exc_TypeError, "host name must not contain null character");
        return false;
    }
    if (data.length >= NI_MAXHOST) {
        raise_error(vm, &exc_OSError, "host name too long");
        return false;
    }
    memcpy(name, data.data, data.length);
    name[data.length] = 0;
    gc_keep(v);
    return true;
}

static struct socket_address address_v4(uint32_t number)
{
    struct socket_address address = {.size = sizeof address.v4};
    address.v4.sin_family = AF_INET;
    address.v4.sin_addr.s_addr = htonl(number);
    return address;
}

static struct socket_address address_v6(struct in6_addr number)
{
    struct socket_address address = {.size = sizeof address.v6};
    address.v6.sin6_family = AF_INET6;
    address.v6.sin6_addr = number;
    return address;
}

/* fe80::1%lo */
static bool parse_v6(const char *name, struct socket_address *out)
{
    char host[INET6_ADDRSTRLEN];
    const char *zone = strchr(name, '%');
    size_t size = zone ? (size_t)(zone - name) : strlen(name);
    struct in6_addr number;
    if (size >= sizeof host)
        return false;
    memcpy(host, name, size);
    host[size] = 0;
    if (inet_pton(AF_INET6, host, &number) != 1)
        return false;
    *out = address_v6(number);
    if (zone)
        out->v6.sin6_scope_id = !strcmp(zone + 1, "lo") ? 1 : (uint32_t)strtoul(zone + 1, NULL, 10);
    return true;
}

int host_find(const char *name, int family, struct socket_address *out)
{
    static const char *const loopback_names[] = {"localhost", "localhost.localdomain", "ip6-localhost", "ip6-loopback"};
    struct in_addr number;
    if (!*name || !strcmp(name, "<broadcast>")) {
        if (*name && family == AF_INET6)
            return EAI_FAMILY;
        *out = *name ? address_v4(INADDR_BROADCAST) : family == AF_INET6 ? address_v6(in6addr_any) : address_v4(INADDR_ANY);
        return 0;
    }
    if (inet_aton(name, &number) && !strchr(name, ' ')) {
        *out = address_v4(ntohl(number.s_addr));
        return family == AF_INET6 ? EAI_ADDRFAMILY : 0;
    }
    if (parse_v6(name, out))
        return family == AF_INET ? EAI_ADDRFAMILY : 0;
    for (size_t i = 0; i < sizeof loopback_names / sizeof *loopback_names; i++)
        if (!strcasecmp(name, loopback_names[i])) {
            bool wide = family == AF_INET6 || (i > 1 && family == AF_UNSPEC);
            *out = wide ? address_v6(in6addr_loopback) : address_v4(INADDR_LOOPBACK);
            return 0;
        }
    return -EACCES;
}

/* ---- from Python ---- */

static bool parse_port(struct vm *vm, value v, const char *function, uint16_t *port)
{
    int64_t number;
    bool fits = value_to_index(vm, v, &number);
    if (!fits && !exception_matches(vm, &exc_OverflowError))
        return false;
    if (!fits)
        exception_clear(vm);
    if (!fits || number < 0 || number > UINT16_MAX) {
        raise_error(vm, &exc_OverflowError, "%s(): port must be 0-65535.", function);
        return false;
    }
    *port = (uint16_t)number;
    return true;
}

static bool parse_host(struct vm *vm, value v, int family, struct socket_address *out)
{
    char name[NI_MAXHOST];
    if (!host_argument(vm, v, name))
        return false;
    int error = host_find(name, family, out);
    if (error > 0 || (error < 0 && error != -EACCES))
        raise_host_error(vm, error);
    else if (error)
        raise_os_error(vm, EACCES, VALUE_NULL);
    return error == 0;
}

static bool parse_internet(struct vm *vm, value v, int family, const char *function, struct socket_address *out)
{
    uint16_t port;
    int64_t rest[2] = {0, 0};
    bool wide = family == AF_INET6;
    if (!has_flag(v, TYPE_TUPLE)) {
        raise_error(vm, &exc_TypeError, "%s(): AF_INET%s address must be tuple, not %T", function, wide ? "6" : "", v);
        return false;
    }
    const struct tuple_object *parts = tuple_of(v);
    if (parts->length < 2 || parts->length > (wide ? 4 : 2)) {
        raise_error(vm, &exc_TypeError, wide ? "AF_INET6 address must be a tuple (host, port[, flowinfo[, scopeid]])"
                                             : "AF_INET address must be a pair (host, port)");
        return false;
    }
    if (!parse_host(vm, parts->items[0], family, out) || !parse_port(vm, parts->items[1], function, &port))
        return false;
    for (uint32_t i = 2; i < parts->length; i++)
        if (!value_to_index(vm, parts->items[i], &rest[i - 2]))
            return false;
    if (rest[0] < 0 || rest[0] > 0xfffff) {
        raise_error(vm, &exc_OverflowError, "%s(): flowinfo must be 0-1048575.", function);
        return false;
    }
    if (!wide) {
        out->v4.sin_port = htons(port);
        return true;
    }
    out->v6.sin6_port = htons(port);
    out->v6.sin6_flowinfo = htonl((uint32_t)rest[0]);
    if (rest[1])
        out->v6.sin6_scope_id = (uint32_t)rest[1];
    return true;
}

static bool parse_local(struct vm *vm, value v, struct socket_address *out)
{
    struct span data;
    if (is_string(v) && (v = string_encode(vm, v, "utf-8", "surrogateescape")) == VALUE_NULL)
        return false;
    if (!bytes_like(vm, v, &data))
        return false;
    bool abstract = data.length && !*(const char *)data.data;
    if (data.length + !abstract > sizeof out->local.sun_path) {
        raise_error(vm, &exc_OSError, "AF_UNIX path too long");
        return false;
    }
    out->local.sun_family = AF_UNIX;
    memcpy(out->local.sun_path, data.data, data.length);
    out->size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + data.length + (data.length && !abstract));
    gc_keep(v);
    return true;
}

bool address_parse(struct vm *vm, value self, value v, const char *function, struct socket_address *out)
{
    int family = (int)socket_of(self)->family;
    *out = (struct socket_address){.size = 0};
    return family == AF_UNIX ? parse_local(vm, v, out) : parse_internet(vm, v, family, function, out);
}

static bool is_path(const struct socket_address *address)
{
    return address->any.sa_family == AF_UNIX && address->size > offsetof(struct sockaddr_un, sun_path) &&
           address->local.sun_path[0];
}

bool address_may_make(struct vm *vm, const struct socket_address *address, value shown)
{
    return !is_path(address) || sandbox_may_change(vm, AT_FDCWD, address->local.sun_path, CHANGE_MAKE, false, shown);
}

bool address_may_find(struct vm *vm, const struct socket_address *address, value shown)
{
    return !is_path(address) || sandbox_may_read(vm, shown);
}

/* ---- to Python ---- */

value host_text(struct vm *vm, const struct socket_address *address)
{
    char text[INET6_ADDRSTRLEN];
    if (address->any.sa_family == AF_INET)
        inet_ntop(AF_INET, &address->v4.sin_addr, text, sizeof text);
    else
        inet_ntop(AF_INET6, &address->v6.sin6_addr, text, sizeof text);
    if (address->any.sa_family == AF_INET6 && address->v6.sin6_scope_id)
        return string_printf(vm, address->v6.sin6_scope_id == 1 ? "%s%%lo" : "%s%%%lu", text,
                             (unsigned long)address->v6.sin6_scope_id);
    return string_from_text(vm, text);
}

value address_value(struct vm *vm, const struct socket_address *address)
{
    if (!address->size)
        return NONE;
    if (address->any.sa_family == AF_UNIX) {
        size_t size = address->size - offsetof(struct sockaddr_un, sun_path);
        const char *path = address->local.sun_path;
        return size && !path[0] ? bytes_from(vm, path, size)
               : size ? bytes_decode(vm, (const uint8_t *)path, strlen(path), "utf-8", "surrogateescape") : vm->empty_string;
    }
    value host = host_text(vm, address);
    if (host == VALUE_NULL || address->any.sa_family == AF_INET)
        return host == VALUE_NULL ? host : tuple_pack(vm, 2, host, small_int(ntohs(address->v4.sin_port)));
    return tuple_pack(vm, 4, host, small_int(ntohs(address->v6.sin6_port)), small_int(ntohl(address->v6.sin6_flowinfo)),
                      small_int(address->v6.sin6_scope_id));
}
