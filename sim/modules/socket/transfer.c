/* transfer.c - methods of sockets that send and receive. */
#include "sim/modules/socket/socket.h"
#include "sim/runtime/buffer.h"
#include "sim/runtime/bytes.h"
#include "sim/runtime/container.h"

#include <errno.h>

/* Until the socket can receive or send (a stream), or has received (datagrams). False: an exception is pending. */
static bool await(struct vm *vm, value self, int (*status)(struct channel *channel), struct socket_wait *wait)
{
    for (;;) {
        struct channel *channel = socket_channel(vm, self);
        int error = channel ? status(channel) : 0;
        if (!channel || error == 0)
            return channel != NULL;
        if (error > 0)
            raise_os_error(vm, error, VALUE_NULL);
        if (error > 0 || !socket_wait(vm, self, wait))
            return false;
    }
}

/* ---- sending ---- */

/* data: NULL: pending. The memory may move while another thread runs: it is asked for again after each wait. */
static bool send_data(struct vm *vm, value data, struct span *out)
{
    return bytes_like(vm, data, out);
}

static value send_datagram(struct vm *vm, value self, value data, const struct socket_address *to, int64_t flags)
{
    struct socket_wait wait = {.flags = flags};
    struct span bytes;
    for (;;) {
        struct channel *channel = socket_channel(vm, self);
        if (!channel || !send_data(vm, data, &bytes))
            return VALUE_NULL;
        int error = network_send(vm, channel, to, bytes.data, bytes.length);
        if (error == 0)
            return int_from_uint64(vm, bytes.length);
        if (error > 0)
            return vm->pending != VALUE_NULL ? VALUE_NULL : raise_os_error(vm, error, VALUE_NULL);
        if (!socket_wait(vm, self, &wait))
            return VALUE_NULL;
    }
}

static value send_bytes(struct vm *vm, value self, value data, int64_t flags, bool all)
{
    struct socket_wait wait = {.flags = flags};
    struct span bytes;
    size_t sent = 0;
    if (socket_of(self)->type == SOCK_DGRAM) {
        value result = send_datagram(vm, self, data, NULL, flags);
        return result == VALUE_NULL || !all ? result : NONE;
    }
    if (!send_data(vm, data, &bytes))
        return VALUE_NULL;
    do {
        if (!await(vm, self, channel_send_status, &wait) || !send_data(vm, data, &bytes))
            return VALUE_NULL;
        if (sent < bytes.length)
            sent += channel_write(vm, channel_find(vm, socket_of(self)->descriptor), (const uint8_t *)bytes.data + sent,
                                  bytes.length - sent);
    } while (all && sent < bytes.length);
    gc_keep(data);
    return all ? NONE : int_from_uint64(vm, sent);
}

static bool flags_of(struct vm *vm, value v, int64_t *flags)
{
    *flags = 0;
    if (v != VALUE_NULL && !value_to_index(vm, v, flags))
        return false;
    if (*flags & MSG_OOB) /* there are no bytes out of band */
        raise_os_error(vm, EOPNOTSUPP, VALUE_NULL);
    return !(*flags & MSG_OOB);
}

FUNCTION(send)
{
    UNUSED;
    int64_t flags;
    return flags_of(vm, arguments[1], &flags) ? send_bytes(vm, self, arguments[0], flags, false) : VALUE_NULL;
}

FUNCTION(sendall)
{
    UNUSED;
    int64_t flags;
    return flags_of(vm, arguments[1], &flags) ? send_bytes(vm, self, arguments[0], flags, true) : VALUE_NULL;
}

/* To an address, which a connected stream does not look at. */
static value send_to(struct vm *vm, value self, value data, value to, int64_t flags, const char *function)
{
    struct socket_address address;
    if (!address_parse(vm, self, to, function, &address) || !address_may_find(vm, &address, to))
        return VALUE_NULL;
    if (socket_of(self)->type == SOCK_DGRAM)
        return send_datagram(vm, self, data, &address, flags);
    const struct channel *channel = socket_channel(vm, self);
    if (!channel)
        return VALUE_NULL;
    if (channel->family == AF_UNIX)
        return raise_os_error(vm, channel->state == CHANNEL_CONNECTED ? EISCONN : EOPNOTSUPP, VALUE_NULL);
    if (!network_is_local(&address))
        return raise_os_error(vm, EACCES, VALUE_NULL);
    return send_bytes(vm, self, data, flags, false);
}

/* sendto(data[, flags], address) */
FUNCTION(sendto)
{
    UNUSED;
    int64_t flags = 0;
    if (count < 2 || count > 3)
        return raise_error(vm, &exc_TypeError, "sendto() takes 2 or 3 arguments (%zu given)", count);
    struct span bytes;
    if (!send_data(vm, arguments[0], &bytes) || (count == 3 && !flags_of(vm, arguments[1], &flags)))
        return VALUE_NULL;
    return send_to(vm, self, arguments[0], arguments[count - 1], flags, "sendto");
}

/* ---- receiving ---- */

struct received {
    size_t size;                   /* of what was stored */
    struct socket_address from;
    bool cut;                      /* a datagram was longer */
};

/* What is there, once something is: at most `limit` bytes, into the result of `room`. */
static bool receive(struct vm *vm, value self, size_t limit, int64_t flags, struct socket_wait *wait,
                    bool (*room)(struct vm *vm, value target, size_t size, uint8_t **out), value *target, struct received *got)
{
    struct channel *channel;
    *got = (struct received){.size = 0};
    if (!await(vm, self, channel_receive_status, wait) || !(channel = socket_channel(vm, self)))
        return false;
    struct datagram *datagram = channel->type == SOCK_DGRAM ? channel->first : NULL;
    size_t there = channel->read_shut || (channel->type == SOCK_DGRAM && !datagram) ? 0
                   : datagram                                                       ? datagram->size
                                                                                    : channel->size;
    got->size = there < limit ? there : limit;
    got->cut = datagram && there > limit;
    if (*target == VALUE_NULL && (*target = bytes_from(vm, NULL, got->size)) == VALUE_NULL)
        return false;
    uint8_t *out;
    if (!room(vm, *target, got->size, &out))
        return false;
    if (datagram) {
        got->from = datagram->from;
        if (got->size)
            memcpy(out, datagram->bytes, got->size);
        if (!(flags & MSG_PEEK))
            channel_drop_first(vm, channel);
    } else if (flags & MSG_PEEK) {
        channel_peek(channel, out, got->size);
    } else if (got->size) {
        channel_take(vm, channel, out, got->size);
    }
    gc_keep(*target);
    return true;
}

static bool bytes_room(struct vm *vm, value target, size_t size, uint8_t **out)
{
    (void)vm, (void)size;
    *out = bytes_of(target)->data;
    return true;
}

static bool buffer_room(struct vm *vm, value target, size_t size, uint8_t **out)
{
    static const char message[] = "recv_into() argument 1 must be read-write bytes-like object, not %T";
    size_t there;
    if (!buffer_writable(vm, target, message, out, &there))
        return false;
    if (there < size) /* another thread made it so */
        raise_error(vm, &exc_ValueError, "buffer too small for requested bytes");
    return there >= size;
}

/* recv, recvfrom */
static value receive_bytes(struct vm *vm, value self, const value *arguments, const char *function, struct received *got)
{
    struct socket_wait wait = {.started = false};
    int64_t limit, flags;
    value result = VALUE_NULL;
    if (!value_to_int64(vm, arguments[0], &limit) || !flags_of(vm, arguments[1], &flags))
        return VALUE_NULL;
    if (limit < 0)
        return raise_error(vm, &exc_ValueError, "negative buffersize in %s", function);
    wait.flags = flags;
    size_t chunk = (size_t)limit;
    if (!receive(vm, self, chunk, flags, &wait, bytes_room, &result, got))
        return VALUE_NULL;
    /* MSG_WAITALL: a stream goes on until it is enough or over */
    while (flags & MSG_WAITALL && socket_of(self)->type == SOCK_STREAM && bytes_of(result)->length < chunk) {
        value more = VALUE_NULL;
        if (!receive(vm, self, chunk - bytes_of(result)->length, flags, &wait, bytes_room, &more, got))
            return VALUE_NULL;
        if (!got->size)
            break;
        result = binary_operation(vm, BINARY_ADD, result, more);
        if (result == VALUE_NULL)
            break;
    }
    return result;
}

FUNCTION(recv)
{
    UNUSED;
    struct received got;
    return receive_bytes(vm, self, arguments, "recv", &got);
}

FUNCTION(recvfrom)
{
    UNUSED;
    struct received got;
    value bytes = receive_bytes(vm, self, arguments, "recvfrom", &got);
    value from = bytes == VALUE_NULL ? bytes : address_value(vm, &got.from);
    return from == VALUE_NULL ? from : tuple_pack(vm, 2, bytes, from);
}

/* recv_into, recvfrom_into */
static bool receive_into(struct vm *vm, value self, const value *arguments, const char *function, const char *message,
                         struct received *got)
{
    struct socket_wait wait = {.started = false};
    int64_t limit = 0, flags;
    uint8_t *data;
    size_t there;
    value target = arguments[0];
    if (!buffer_writable(vm, target, message, &data, &there) ||
        (arguments[1] != VALUE_NULL && !value_to_index(vm, arguments[1], &limit)) || !flags_of(vm, arguments[2], &flags))
        return false;
    if (limit < 0) {
        raise_error(vm, &exc_ValueError, "negative buffersize in %s", function);
        return false;
    }
    if ((uint64_t)limit > there) {
        raise_error(vm, &exc_ValueError, strcmp(function, "recv_into") ? "nbytes is greater than the length of the buffer"
                                                                       : "buffer too small for requested bytes");
        return false;
    }
    wait.flags = flags;
    return receive(vm, self, limit ? (size_t)limit : there, flags, &wait, buffer_room, &target, got);
}

FUNCTION(recv_into)
{
    UNUSED;
    static const char message[] = "recv_into() argument 1 must be read-write bytes-like object, not %T";
    struct received got;
    return receive_into(vm, self, arguments, "recv_into", message, &got) ? int_from_uint64(vm, got.size) : VALUE_NULL;
}

FUNCTION(recvfrom_into)
{
    UNUSED;
    static const char message[] = "recvfrom_into() argument 1 must be read-write bytes-like object, not %T";
    struct received got;
    if (!receive_into(vm, self, arguments, "recvfrom_into", message, &got))
        return VALUE_NULL;
    value from = address_value(vm, &got.from);
    return from == VALUE_NULL ? from : tuple_pack(vm, 2, int_from_uint64(vm, got.size), from);
}

/* ---- messages in several pieces; nothing can be sent beside the bytes ---- */

static value join_pieces(struct vm *vm, value pieces, const char *message)
{
    value list = list_from_sequence(vm, pieces, message);
    value empty = list == VALUE_NULL ? list : bytes_from(vm, NULL, 0);
    return empty == VALUE_NULL ? empty : call_method(vm, empty, "join", &list, 1);
}

/* What would go beside the bytes: (level, type, data) each. True: there is nothing. */
static bool ancillary_refuse(struct vm *vm, value self, value items)
{
    value list = list_from_sequence(vm, items, "sendmsg() argument 2 must be iterable");
    for (uint32_t i = 0; list != VALUE_NULL && i < list_of(list)->length; i++) {
        struct span data;
        int64_t number;
        value item = list_of(list)->items[i];
        if (!has_flag(item, TYPE_TUPLE) || tuple_of(item)->length != 3) {
            raise_error(vm, &exc_TypeError, "[sendmsg() ancillary data items] argument must be 3-item sequence, not %T", item);
            return false;
        }
        const value *parts = tuple_of(item)->items;
        if (!value_to_index(vm, parts[0], &number) || !value_to_index(vm, parts[1], &number) || !bytes_like(vm, parts[2], &data))
            return false;
    }
    if (list == VALUE_NULL || !list_of(list)->length)
        return list != VALUE_NULL;
    if (list_of(list)->length > 1) {
        raise_error(vm, &exc_OSError, "sending multiple control messages not supported on this system");
        return false;
    }
    if (socket_of(self)->family == AF_UNIX)
        raise_unsupported(vm, "ancillary data of socket.sendmsg");
    else
        raise_os_error(vm, EINVAL, VALUE_NULL);
    return false;
}

FUNCTION(sendmsg)
{
    UNUSED;
    int64_t flags;
    value data = join_pieces(vm, arguments[0], "sendmsg() argument 1 must be iterable");
    if (data == VALUE_NULL || !flags_of(vm, arguments[2], &flags))
        return VALUE_NULL;
    if (arguments[1] != VALUE_NULL && !ancillary_refuse(vm, self, arguments[1]))
        return VALUE_NULL;
    return arguments[3] == VALUE_NULL || arguments[3] == NONE ? send_bytes(vm, self, data, flags, false)
                                                              : send_to(vm, self, data, arguments[3], flags, "sendmsg");
}

static value message_flags(struct vm *vm, const struct received *got)
{
    (void)vm;
    return small_int(got->cut ? MSG_TRUNC : 0);
}

/* The room is never needed, but has to be one. */
static bool room_for_ancillary(struct vm *vm, value v, const char *function)
{
    int64_t size = 0;
    if (v != VALUE_NULL && !value_to_index(vm, v, &size))
        return false;
    if (size < 0)
        raise_error(vm, &exc_ValueError, "invalid ancillary data buffer length in %s()", function);
    return size >= 0;
}

FUNCTION(recvmsg)
{
    UNUSED;
    struct received got;
    const value plain[] = {arguments[0], arguments[2]};
    if (!room_for_ancillary(vm, arguments[1], "recvmsg"))
        return VALUE_NULL;
    value data = receive_bytes(vm, self, plain, "recvmsg", &got);
    value list = data == VALUE_NULL ? data : list_new(vm, 0), from = list == VALUE_NULL ? list : address_value(vm, &got.from);
    return from == VALUE_NULL ? from : tuple_pack(vm, 4, data, list, message_flags(vm, &got), from);
}

/* The bytes go to the buffers one after another. */
FUNCTION(recvmsg_into)
{
    UNUSED;
    static const char message[] = "recvmsg_into() argument 1 must be an iterable of single-segment read-write buffers";
    struct received got;
    uint8_t *data;
    size_t room, all = 0, done = 0;
    value buffers = list_from_sequence(vm, arguments[0], "recvmsg_into() argument 1 must be an iterable");
    if (buffers == VALUE_NULL || !room_for_ancillary(vm, arguments[1], "recvmsg_into"))
        return VALUE_NULL;
    for (uint32_t i = 0; i < list_of(buffers)->length; i++) {
        if (!buffer_writable(vm, list_of(buffers)->items[i], message, &data, &room))
            return VALUE_NULL;
        all += room;
    }
    const value plain[] = {int_from_uint64(vm, all), arguments[2]};
    value bytes = receive_bytes(vm, self, plain, "recvmsg_into", &got);
    if (bytes == VALUE_NULL)
        return bytes;
    size_t size = bytes_of(bytes)->length;
    for (uint32_t i = 0; i < list_of(buffers)->length && done < size; i++) {
        if (!buffer_writable(vm, list_of(buffers)->items[i], message, &data, &room))
            return VALUE_NULL;
        size_t part = size - done < room ? size - done : room;
        memcpy(data, bytes_of(bytes)->data + done, part);
        done += part;
    }
    gc_keep(buffers);
    value list = list_new(vm, 0), from = list == VALUE_NULL ? list : address_value(vm, &got.from);
    return from == VALUE_NULL ? from : tuple_pack(vm, 4, int_from_uint64(vm, done), list, message_flags(vm, &got), from);
}
