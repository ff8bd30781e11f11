/* options.c - getsockopt and setsockopt. Options are remembered; those about names, and SO_ERROR, matter. */
#include "sim/modules/socket/socket.h"
#include "sim/runtime/bytes.h"
#include "sim/runtime/container.h"

#include <netinet/tcp.h>

static value option_key(struct vm *vm, int64_t level, int64_t option)
{
    return int_from_int64(vm, level * 65536 + option);
}

static bool option_read(struct vm *vm, const value *arguments, int64_t *level, int64_t *option)
{
    return value_to_index(vm, arguments[0], level) && value_to_index(vm, arguments[1], option);
}

static int64_t take_error(struct channel *channel)
{
    int error = channel->error;
    channel->error = 0;
    if (channel->state == CHANNEL_CONNECTING)
        channel->state = error ? CHANNEL_ALONE : CHANNEL_CONNECTED;
    return error;
}

/* What the socket itself knows. False: an ordinary option. */
static bool option_known(struct vm *vm, value self, int64_t level, int64_t option, int64_t *number)
{
    const struct socket_object *socket = socket_of(self);
    struct channel *channel = channel_find(vm, socket->descriptor);
    if (level != SOL_SOCKET)
        return false;
    switch (option) {
    case SO_TYPE: *number = socket->type; return true;
    case SO_DOMAIN: *number = socket->family; return true;
    case SO_PROTOCOL:
        *number = channel->protocol                ? channel->protocol
                  : channel->family == AF_UNIX     ? 0
                  : channel->type == SOCK_STREAM   ? IPPROTO_TCP
                                                   : IPPROTO_UDP;
        return true;
    case SO_ERROR: *number = take_error(channel); return true;
    case SO_ACCEPTCONN: *number = channel->state == CHANNEL_LISTENING; return true;
    default: return false;
    }
}

/* Linux's where nothing was set. */
static int64_t option_default(int64_t level, int64_t option)
{
    if (level == SOL_SOCKET && (option == SO_RCVBUF || option == SO_SNDBUF))
        return 212992;
    if (level == IPPROTO_IP && option == IP_TTL)
        return 64;
    return 0;
}

FUNCTION(getsockopt)
{
    UNUSED;
    int64_t level, option, size = 0, number;
    value found;
    if (!option_read(vm, arguments, &level, &option) || (arguments[2] != VALUE_NULL && !value_to_index(vm, arguments[2], &size)) ||
        !socket_channel(vm, self))
        return VALUE_NULL;
    if (size < 0 || size > 1024)
        return raise_error(vm, &exc_OSError, "getsockopt buflen out of range");
    number = option_default(level, option);
    if (!option_known(vm, self, level, option, &number) && socket_of(self)->options != NONE) {
        int there = dict_find(vm, dict_of(socket_of(self)->options), option_key(vm, level, option), &found);
        if (there > 0 && is_bytes(found)) {
            size_t length = bytes_of(found)->length;
            int32_t start = 0;
            if (size)
                return bytes_from(vm, bytes_of(found)->data, length < (size_t)size ? length : (size_t)size);
            memcpy(&start, bytes_of(found)->data, length < sizeof start ? length : sizeof start);
            number = start;
        } else if (there < 0 || (there && !value_to_index(vm, found, &number))) {
            return VALUE_NULL;
        }
    }
    int32_t narrow = (int32_t)number;
    return size ? bytes_from(vm, &narrow, size < 4 ? (size_t)size : 4) : int_from_int64(vm, number);
}

static void option_apply(struct channel *channel, int64_t level, int64_t option, bool on)
{
    if (level == SOL_SOCKET && option == SO_REUSEADDR)
        channel->reuse_address = on;
    else if (level == SOL_SOCKET && option == SO_REUSEPORT)
        channel->reuse_port = on;
    else if (level == IPPROTO_IPV6 && option == IPV6_V6ONLY)
        channel->only_v6 = on;
}

FUNCTION(setsockopt)
{
    UNUSED;
    int64_t level, option, number = 0;
    struct channel *channel;
    if (!option_read(vm, arguments, &level, &option) || !(channel = socket_channel(vm, self)))
        return VALUE_NULL;
    value item = arguments[2];
    if (is_int(item)) {
        if (!value_to_index(vm, item, &number))
            return VALUE_NULL;
        if (number < INT32_MIN || number > INT32_MAX)
            return raise_error(vm, &exc_OverflowError, "%s", number < 0 ? "signed integer is less than minimum"
                                                                        : "signed integer is greater than maximum");
        bool buffer = level == SOL_SOCKET && (option == SO_RCVBUF || option == SO_SNDBUF);
        if (buffer && number < INT32_MAX / 2) /* the kernel takes twice as much */
            item = int_from_int64(vm, 2 * number);
    } else {
        struct span data;
        if (item == NONE || item == VALUE_NULL)
            return NONE;
        if (!bytes_like(vm, item, &data))
            return VALUE_NULL;
        int32_t start = 0;
        memcpy(&start, data.data, data.length < sizeof start ? data.length : sizeof start);
        number = start;
        item = bytes_from(vm, data.data, data.length);
        if (item == VALUE_NULL)
            return item;
    }
    option_apply(channel, level, option, number != 0);
    if (socket_of(self)->options == NONE) {
        value options = dict_new(vm);
        if (options == VALUE_NULL)
            return VALUE_NULL;
        socket_of(self)->options = options;
    }
    return dict_set(vm, dict_of(socket_of(self)->options), option_key(vm, level, option), item) ? NONE : VALUE_NULL;
}
