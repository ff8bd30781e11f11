/* connect.c - methods of sockets that give them names and connect them. */
#include "sim/modules/socket/socket.h"
#include "sim/runtime/container.h"

#include <errno.h>
#include <stddef.h>

FUNCTION(bind)
{
    UNUSED;
    struct socket_address address;
    struct channel *channel;
    if (!address_parse(vm, self, arguments[0], "bind", &address) || !address_may_make(vm, &address, arguments[0]) ||
        !(channel = socket_channel(vm, self)))
        return VALUE_NULL;
    int error = network_bind(vm, channel, &address);
    return error ? raise_os_error(vm, error, VALUE_NULL) : NONE;
}

FUNCTION(listen)
{
    UNUSED;
    int64_t backlog = 128;
    struct channel *channel;
    if ((arguments[0] != VALUE_NULL && !value_to_index(vm, arguments[0], &backlog)) || !(channel = socket_channel(vm, self)))
        return VALUE_NULL;
    int error = network_listen(vm, channel, backlog);
    return error ? raise_os_error(vm, error, VALUE_NULL) : NONE;
}

/* The new descriptor and the address at its other end. */
FUNCTION(accept)
{
    UNUSED;
    struct socket_wait wait = {.started = false};
    struct channel *channel, *end;
    int error;
    do {
        if (!(channel = socket_channel(vm, self)))
            return VALUE_NULL;
        error = network_accept(vm, channel, &end);
        if (error == NETWORK_WAIT && !socket_wait(vm, self, &wait))
            return VALUE_NULL;
    } while (error == NETWORK_WAIT);
    if (error)
        return raise_os_error(vm, error, VALUE_NULL);
    struct socket_address address = end->remote;
    int64_t descriptor = channel_open(vm, end);
    value shown = descriptor < 0 ? VALUE_NULL : address_value(vm, &address);
    return shown == VALUE_NULL ? shown : tuple_pack(vm, 2, int_from_int64(vm, descriptor), shown);
}

/* errno; -1: an exception is pending */
static int connect_socket(struct vm *vm, value self, value given, const char *function)
{
    struct socket_wait wait = {.started = false};
    struct socket_address address;
    if (!address_parse(vm, self, given, function, &address) || !address_may_find(vm, &address, given))
        return -1;
    for (;;) {
        struct channel *channel = socket_channel(vm, self);
        if (!channel)
            return -1;
        int error = network_connect(vm, channel, &address, socket_of(self)->timeout != 0);
        if (error != NETWORK_WAIT)
            return error;
        if (!socket_wait(vm, self, &wait))
            return -1;
    }
}

FUNCTION(connect)
{
    UNUSED;
    int error = connect_socket(vm, self, arguments[0], "connect");
    return error > 0 ? raise_os_error(vm, error, VALUE_NULL) : error ? VALUE_NULL : NONE;
}

FUNCTION(connect_ex)
{
    UNUSED;
    int error = connect_socket(vm, self, arguments[0], "connect_ex");
    if (error < 0 && vm->pending != VALUE_NULL && exception_matches(vm, &exc_TimeoutError)) {
        exception_clear(vm);
        error = EAGAIN;
    }
    return error < 0 ? VALUE_NULL : small_int(error);
}

FUNCTION(shutdown)
{
    UNUSED;
    int64_t how;
    struct channel *channel;
    if (!value_to_int64(vm, arguments[0], &how) || !(channel = socket_channel(vm, self)))
        return VALUE_NULL;
    if (how < SHUT_RD || how > SHUT_RDWR)
        return raise_os_error(vm, EINVAL, VALUE_NULL);
    if (channel->state == CHANNEL_LISTENING && how != SHUT_WR)
        network_forget(vm, channel);
    else if (channel->state != CHANNEL_CONNECTED && channel->state != CHANNEL_CONNECTING)
        return raise_os_error(vm, ENOTCONN, VALUE_NULL);
    channel_shut(vm, channel, (int)how);
    return NONE;
}

FUNCTION(getpeername)
{
    UNUSED;
    const struct channel *channel = socket_channel(vm, self);
    if (!channel)
        return VALUE_NULL;
    bool joined = channel->state == CHANNEL_CONNECTED || (channel->state == CHANNEL_CONNECTING && !channel->error);
    if (!joined)
        return raise_os_error(vm, ENOTCONN, VALUE_NULL);
    return channel->remote.size ? address_value(vm, &channel->remote) : vm->empty_string;
}

FUNCTION(getsockname)
{
    UNUSED;
    const struct channel *channel = socket_channel(vm, self);
    if (!channel)
        return VALUE_NULL;
    struct socket_address address = channel->local;
    if (!address.size) {
        address.any.sa_family = (sa_family_t)channel->family;
        address.size = channel->family == AF_UNIX   ? offsetof(struct sockaddr_un, sun_path)
                       : channel->family == AF_INET ? sizeof address.v4
                                                    : sizeof address.v6;
    }
    return address_value(vm, &address);
}
