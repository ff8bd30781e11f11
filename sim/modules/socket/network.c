/* network.c - the network inside the process: which names are taken, who listens to them, and what is sent to them. It has the
 * loopback addresses and the files that name local sockets, and no way out. */
#include "sim/modules/channel.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { BUCKET_COUNT = 256, FIRST_PORT = 49152, DATAGRAM_MAXIMUM = 65507 };

struct channel_names {
    struct channel *bound[BUCKET_COUNT]; /* by port; local names by what they are */
    uint16_t next_port;
    uint32_t next_abstract;
};

struct channel_names *network_names_new(void)
{
    struct channel_names *names = calloc(1, sizeof *names);
    if (names)
        names->next_port = FIRST_PORT;
    return names;
}

/* ---- addresses ---- */

/* The IPv4 address that an IPv6 one stands for (::ffff:127.0.0.1) as such. */
static struct socket_address plain_address(const struct socket_address *address)
{
    struct socket_address plain = *address;
    if (address->any.sa_family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&address->v6.sin6_addr)) {
        plain = (struct socket_address){.size = sizeof plain.v4};
        plain.v4.sin_family = AF_INET;
        plain.v4.sin_port = address->v6.sin6_port;
        memcpy(&plain.v4.sin_addr, &address->v6.sin6_addr.s6_addr[12], 4);
    }
    return plain;
}

/* ... and back, for who has the other family. */
static struct socket_address address_for(int family, const struct socket_address *address)
{
    if (family != AF_INET6 || address->any.sa_family != AF_INET)
        return *address;
    struct socket_address wide = {.size = sizeof wide.v6};
    wide.v6.sin6_family = AF_INET6;
    wide.v6.sin6_port = address->v4.sin_port;
    memset(&wide.v6.sin6_addr.s6_addr[10], 0xff, 2);
    memcpy(&wide.v6.sin6_addr.s6_addr[12], &address->v4.sin_addr, 4);
    return wide;
}

static uint16_t port_of(const struct socket_address *address)
{
    return ntohs(address->any.sa_family == AF_INET ? address->v4.sin_port : address->v6.sin6_port);
}

static void set_port(struct socket_address *address, uint16_t port)
{
    if (address->any.sa_family == AF_INET)
        address->v4.sin_port = htons(port);
    else
        address->v6.sin6_port = htons(port);
}

static bool is_wildcard(const struct socket_address *address)
{
    return address->any.sa_family == AF_INET ? address->v4.sin_addr.s_addr == INADDR_ANY
                                             : IN6_IS_ADDR_UNSPECIFIED(&address->v6.sin6_addr);
}

bool network_is_local(const struct socket_address *address)
{
    struct socket_address plain = plain_address(address);
    if (plain.any.sa_family == AF_UNIX || is_wildcard(&plain))
        return true;
    return plain.any.sa_family == AF_INET ? ntohl(plain.v4.sin_addr.s_addr) >> 24 == IN_LOOPBACKNET
                                          : IN6_IS_ADDR_LOOPBACK(&plain.v6.sin6_addr);
}

static struct socket_address wildcard(int family)
{
    struct socket_address address = {.size = family == AF_INET ? sizeof address.v4 : sizeof address.v6};
    address.any.sa_family = (sa_family_t)family;
    return address;
}

/* Where something comes from, or goes to, that says "any address". */
static void make_definite(struct socket_address *address)
{
    if (address->any.sa_family == AF_INET && is_wildcard(address))
        address->v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    else if (address->any.sa_family == AF_INET6 && is_wildcard(address))
        address->v6.sin6_addr = in6addr_loopback;
}

static bool same_host(const struct socket_address *a, const struct socket_address *b)
{
    if (a->any.sa_family != b->any.sa_family)
        return false;
    return a->any.sa_family == AF_INET ? a->v4.sin_addr.s_addr == b->v4.sin_addr.s_addr
                                       : IN6_ARE_ADDR_EQUAL(&a->v6.sin6_addr, &b->v6.sin6_addr);
}

/* A wildcard hears this family. */
static bool hears_family(const struct channel *channel, const struct socket_address *local, int family)
{
    return local->any.sa_family == family || (local->any.sa_family == AF_INET6 && !channel->only_v6);
}

static bool is_abstract(const struct socket_address *address)
{
    return address->size > offsetof(struct sockaddr_un, sun_path) && !address->local.sun_path[0];
}

static bool same_abstract(const struct socket_address *a, const struct socket_address *b)
{
    return is_abstract(a) && a->size == b->size && !memcmp(&a->local, &b->local, a->size);
}

/* ---- the table ---- */

static struct channel **bucket_of(struct vm *vm, const struct socket_address *address)
{
    unsigned number = address->any.sa_family == AF_UNIX ? 0 : port_of(address);
    return &channel_names(vm)->bound[number % BUCKET_COUNT];
}

static void enter(struct vm *vm, struct channel *channel)
{
    struct channel **bucket = bucket_of(vm, &channel->local);
    channel->next_bound = *bucket;
    channel->bound = true;
    *bucket = channel;
}

void network_forget(struct vm *vm, struct channel *channel)
{
    if (channel->bound)
        for (struct channel **at = bucket_of(vm, &channel->local); *at; at = &(*at)->next_bound)
            if (*at == channel) {
                *at = channel->next_bound;
                break;
            }
    channel->bound = false;
    while (channel->first_waiting) {
        struct channel *end = channel->first_waiting;
        channel->first_waiting = end->next_waiting;
        if (end->peer)
            end->peer->error = ECONNRESET;
        channel_destroy(vm, end);
    }
}

/* May both have their names? */
static bool agree(const struct channel *channel, const struct socket_address *wanted, const struct channel *other)
{
    struct socket_address mine = plain_address(wanted), theirs = plain_address(&other->local);
    if (channel == other || channel->type != other->type || port_of(&mine) != port_of(&theirs))
        return true;
    bool meet = (is_wildcard(&mine) && hears_family(channel, &mine, theirs.any.sa_family)) ||
                (is_wildcard(&theirs) && hears_family(other, &theirs, mine.any.sa_family)) || same_host(&mine, &theirs);
    if (!meet || (channel->reuse_port && other->reuse_port))
        return true;
    return channel->reuse_address && other->reuse_address &&
           (channel->type == SOCK_DGRAM || (channel->state != CHANNEL_LISTENING && other->state != CHANNEL_LISTENING));
}

static bool is_free(struct vm *vm, const struct channel *channel, const struct socket_address *wanted)
{
    for (const struct channel *other = *bucket_of(vm, wanted); other; other = other->next_bound)
        if (!agree(channel, wanted, other))
            return false;
    return true;
}

/* Port 0 asks for any: they are counted up, so that every run of a program gets the same. */
static bool choose_port(struct vm *vm, const struct channel *channel, struct socket_address *wanted)
{
    uint16_t *next = &channel_names(vm)->next_port;
    for (int tried = FIRST_PORT; tried <= UINT16_MAX; tried++) {
        set_port(wanted, *next);
        *next = *next == UINT16_MAX ? FIRST_PORT : *next + 1;
        bool taken = false;
        for (const struct channel *other = *bucket_of(vm, wanted); other && !taken; other = other->next_bound)
            taken = other->type == channel->type && port_of(&other->local) == port_of(wanted);
        if (!taken)
            return true;
    }
    return false;
}

static struct channel *find_local(struct vm *vm, const struct socket_address *address, int *error)
{
    struct stat status;
    bool abstract = is_abstract(address);
    if (!abstract && stat(address->local.sun_path, &status)) {
        *error = errno;
        return NULL;
    }
    *error = ECONNREFUSED;
    for (struct channel *channel = *bucket_of(vm, address); channel; channel = channel->next_bound)
        if (channel->local.any.sa_family == AF_UNIX &&
            (abstract ? same_abstract(&channel->local, address)
                      : channel->file && channel->device == status.st_dev && channel->file == status.st_ino))
            return channel;
    return NULL;
}

/* Who hears what is sent to `address`: the one with that very address before those that hear all. */
static struct channel *find_hearer(struct vm *vm, int type, const struct socket_address *address,
                                   const struct socket_address *from)
{
    struct channel *best = NULL;
    int best_rank = 0;
    for (struct channel *channel = *bucket_of(vm, address); channel; channel = channel->next_bound) {
        if (channel->local.any.sa_family == AF_UNIX || channel->type != type)
            continue;
        struct socket_address local = plain_address(&channel->local);
        int rank = same_host(&local, address)                                                              ? 2
                   : is_wildcard(&local) && hears_family(channel, &local, address->any.sa_family) ? 1
                                                                                                           : 0;
        if (!rank || port_of(&local) != port_of(address) || (type == SOCK_STREAM && channel->state != CHANNEL_LISTENING))
            continue;
        if (channel->remote.size && from) { /* it hears one only */
            struct socket_address remote = plain_address(&channel->remote);
            if (!same_host(&remote, from) || port_of(&remote) != port_of(from))
                continue;
            rank += 2;
        }
        if (rank > best_rank) {
            best = channel;
            best_rank = rank;
        }
    }
    return best;
}

/* ---- binding and listening ---- */

static int bind_local(struct vm *vm, struct channel *channel, const struct socket_address *address)
{
    static const char digits[] = "0123456789abcdef";
    struct socket_address name = *address;
    struct stat status;
    if (address->size == offsetof(struct sockaddr_un, sun_path)) { /* any name: an abstract one of five digits */
        uint32_t number = channel_names(vm)->next_abstract++;
        name.size = offsetof(struct sockaddr_un, sun_path) + 6;
        memset(name.local.sun_path, 0, 6);
        for (int i = 0; i < 5; i++)
            name.local.sun_path[5 - i] = digits[number >> (4 * i) & 15];
    }
    if (is_abstract(&name)) {
        int error;
        if (find_local(vm, &name, &error))
            return EADDRINUSE;
    } else {
        if (mknod(name.local.sun_path, S_IFSOCK | 0777, 0))
            return errno == EEXIST ? EADDRINUSE : errno;
        if (stat(name.local.sun_path, &status))
            return errno;
        channel->device = status.st_dev;
        channel->file = status.st_ino;
    }
    channel->local = name;
    enter(vm, channel);
    return 0;
}

int network_bind(struct vm *vm, struct channel *channel, const struct socket_address *address)
{
    if (!network_is_local(address))
        return EACCES;
    if (channel->bound || channel->local.size || channel->state != CHANNEL_ALONE)
        return EINVAL;
    if (channel->family == AF_UNIX)
        return bind_local(vm, channel, address);
    struct socket_address wanted = *address;
    if (port_of(&wanted) == 0 ? !choose_port(vm, channel, &wanted) : !is_free(vm, channel, &wanted))
        return EADDRINUSE;
    channel->local = wanted;
    enter(vm, channel);
    return 0;
}

static int bind_anywhere(struct vm *vm, struct channel *channel)
{
    if (channel->local.size || channel->family == AF_UNIX)
        return 0;
    struct socket_address any = wildcard(channel->family);
    return network_bind(vm, channel, &any);
}

int network_listen(struct vm *vm, struct channel *channel, int64_t backlog)
{
    if (channel->type != SOCK_STREAM)
        return EOPNOTSUPP;
    bool again = channel->state == CHANNEL_LISTENING;
    if ((!again && channel->state != CHANNEL_ALONE) || (channel->family == AF_UNIX && !channel->bound))
        return EINVAL;
    int error = bind_anywhere(vm, channel);
    if (error)
        return error;
    channel->state = CHANNEL_LISTENING;
    if (!again && channel->family != AF_UNIX && !is_free(vm, channel, &channel->local)) {
        channel->state = CHANNEL_ALONE;
        return EADDRINUSE;
    }
    channel->backlog = backlog < 0 ? 0 : backlog;
    return 0;
}

int network_accept(struct vm *vm, struct channel *listener, struct channel **accepted)
{
    if (listener->type != SOCK_STREAM)
        return EOPNOTSUPP;
    if (listener->state != CHANNEL_LISTENING || listener->read_shut)
        return EINVAL;
    if (!(*accepted = listener->first_waiting))
        return NETWORK_WAIT;
    listener->first_waiting = (*accepted)->next_waiting;
    if (!listener->first_waiting)
        listener->last_waiting = NULL;
    listener->waiting--;
    channels_changed(vm);
    return 0;
}

/* ---- connecting ---- */

static int connect_datagrams(struct vm *vm, struct channel *channel, const struct socket_address *address)
{
    if (channel->family == AF_UNIX) {
        int error;
        const struct channel *other = find_local(vm, address, &error);
        if (!other || other->type != SOCK_DGRAM)
            return other ? EPROTOTYPE : error;
        channel->remote = *address;
        channel->state = CHANNEL_CONNECTED;
        return 0;
    }
    struct socket_address to = plain_address(address);
    make_definite(&to);
    int error = bind_anywhere(vm, channel);
    if (error)
        return error;
    channel->remote = address_for(channel->family, &to);
    struct socket_address local = plain_address(&channel->local);
    if (is_wildcard(&local)) { /* from now on it has the address that it sends from */
        uint16_t port = port_of(&local);
        local = to;
        if (to.any.sa_family == AF_INET)
            local.v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        set_port(&local, port);
        channel->local = address_for(channel->family, &local);
    }
    channel->state = CHANNEL_CONNECTED;
    return 0;
}

/* The listener's end of a new connection waits with it. */
static int join_listener(struct vm *vm, struct channel *channel, struct channel *listener, const struct socket_address *to)
{
    struct channel *end = channel_new(vm, listener->family, SOCK_STREAM, listener->protocol);
    if (!end) {
        exception_clear(vm);
        return ENOBUFS;
    }
    channel_join(channel, end);
    end->local = to ? address_for(listener->family, to) : listener->local;
    if (to) {
        struct socket_address local = plain_address(&channel->local);
        if (is_wildcard(&local)) {
            uint16_t port = port_of(&local);
            local = *to;
            if (to->any.sa_family == AF_INET)
                local.v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
            set_port(&local, port);
        }
        channel->local = address_for(channel->family, &local);
        channel->remote = address_for(channel->family, to);
        end->remote = address_for(listener->family, &local);
    } else {
        channel->remote = listener->local;
        end->remote = channel->local;
    }
    if (!end->remote.size) {
        end->remote.any.sa_family = AF_UNIX;
        end->remote.size = offsetof(struct sockaddr_un, sun_path);
    }
    *(listener->last_waiting ? &listener->last_waiting->next_waiting : &listener->first_waiting) = end;
    listener->last_waiting = end;
    listener->waiting++;
    channels_changed(vm);
    return 0;
}

static int connect_local(struct vm *vm, struct channel *channel, const struct socket_address *address, bool blocking)
{
    int error;
    struct channel *listener = find_local(vm, address, &error);
    if (!listener)
        return error;
    if (listener->type != SOCK_STREAM)
        return EPROTOTYPE;
    if (listener->state != CHANNEL_LISTENING)
        return ECONNREFUSED;
    if (listener->waiting > listener->backlog)
        return blocking ? NETWORK_WAIT : EAGAIN;
    return join_listener(vm, channel, listener, NULL);
}

static int connect_stream(struct vm *vm, struct channel *channel, const struct socket_address *address, bool blocking)
{
    struct socket_address to = plain_address(address);
    make_definite(&to);
    struct channel *listener = port_of(&to) ? find_hearer(vm, SOCK_STREAM, &to, NULL) : NULL;
    if (listener && listener->waiting > listener->backlog)
        return blocking ? NETWORK_WAIT : EAGAIN;
    int error = listener ? bind_anywhere(vm, channel) : ECONNREFUSED;
    if (!error)
        error = join_listener(vm, channel, listener, &to);
    if (blocking || (error && error != ECONNREFUSED))
        return error;
    channel->state = CHANNEL_CONNECTING; /* the program learns of it when it asks again, or by poll */
    channel->error = error;
    return EINPROGRESS;
}

int network_connect(struct vm *vm, struct channel *channel, const struct socket_address *address, bool blocking)
{
    if (!network_is_local(address))
        return EACCES;
    if (channel->type == SOCK_DGRAM)
        return connect_datagrams(vm, channel, address);
    if (channel->state == CHANNEL_CONNECTING) {
        int error = channel->error;
        channel->error = 0;
        channel->state = error ? CHANNEL_ALONE : CHANNEL_CONNECTED;
        return error;
    }
    if (channel->state != CHANNEL_ALONE)
        return channel->family == AF_UNIX && channel->state == CHANNEL_LISTENING ? EINVAL : EISCONN;
    return channel->family == AF_UNIX ? connect_local(vm, channel, address, blocking)
                                      : connect_stream(vm, channel, address, blocking);
}

/* ---- datagrams ---- */

static int send_local(struct vm *vm, struct channel *channel, const struct socket_address *to, const uint8_t *bytes, size_t size)
{
    int error = ECONNREFUSED;
    struct channel *other = channel->peer;
    if (to)
        other = find_local(vm, to, &error);
    else if (!other && channel->state != CHANNEL_CONNECTED)
        return ENOTCONN;
    else if (!other && channel->remote.size)
        other = find_local(vm, &channel->remote, &error);
    if (!other)
        return error;
    if (other->type != SOCK_DGRAM)
        return EPROTOTYPE;
    if (other->read_shut)
        return EPIPE;
    if (channel_inbox_full(other, size))
        return NETWORK_WAIT;
    return channel_deliver(vm, other, &channel->local, bytes, size) ? 0 : ENOMEM;
}

int network_send(struct vm *vm, struct channel *channel, const struct socket_address *to, const uint8_t *bytes, size_t size)
{
    if (channel->write_shut)
        return EPIPE;
    if (channel->error) {
        int error = channel->error;
        channel->error = 0;
        return error;
    }
    if (to && !network_is_local(to))
        return EACCES;
    if (channel->family == AF_UNIX)
        return send_local(vm, channel, to, bytes, size);
    if (!to && !channel->remote.size)
        return EDESTADDRREQ;
    if (size > DATAGRAM_MAXIMUM)
        return EMSGSIZE;
    struct socket_address target = plain_address(to ? to : &channel->remote);
    make_definite(&target);
    if (port_of(&target) == 0)
        return EINVAL;
    int error = bind_anywhere(vm, channel);
    if (error)
        return error;
    struct socket_address from = plain_address(&channel->local);
    if (is_wildcard(&from)) {
        uint16_t port = port_of(&from);
        from = target;
        if (target.any.sa_family == AF_INET)
            from.v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        set_port(&from, port);
    }
    struct channel *hearer = find_hearer(vm, SOCK_DGRAM, &target, &from);
    if (!hearer) { /* only who is connected hears of it, and later */
        if (channel->remote.size) {
            channel->error = ECONNREFUSED;
            channels_changed(vm);
        }
        return 0;
    }
    if (channel_inbox_full(hearer, size)) /* lost, as the kernel loses it */
        return 0;
    struct socket_address shown = address_for(hearer->family, &from);
    return channel_deliver(vm, hearer, &shown, bytes, size) ? 0 : ENOMEM;
}
