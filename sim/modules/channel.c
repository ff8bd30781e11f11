/* channel.c - descriptors of channels, and the queues in them; see channel.h. */
#include "sim/modules/channel.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/epoll.h>

enum {
    CHANNEL_CAPACITY = 212992, /* Linux's default buffer of a local socket */
    DATAGRAM_OVERHEAD = 512,   /* what the kernel counts for each, roughly */
};

struct channel_table {
    struct channel **channels; /* by descriptor; NULL where there was one */
    size_t count, capacity;
    size_t first_free;         /* none before it */
    struct wait_list changed;
    struct channel_names *names;
    double default_timeout;
};

static struct channel_table *table_of(struct vm *vm)
{
    if (!vm->channels) {
        if (!(vm->channels = calloc(1, sizeof *vm->channels)) || !(vm->channels->names = network_names_new()))
            abort();
        vm->channels->default_timeout = -1;
    }
    return vm->channels;
}

double *channel_default_timeout(struct vm *vm)
{
    return &table_of(vm)->default_timeout;
}

struct channel_names *channel_names(struct vm *vm)
{
    return table_of(vm)->names;
}

void channels_changed(struct vm *vm)
{
    while (thread_wake(vm, &table_of(vm)->changed))
        continue;
}

enum wait_outcome channel_wait(struct vm *vm, int64_t deadline)
{
    return thread_wait(vm, &table_of(vm)->changed, deadline);
}

/* ---- descriptors ---- */

struct channel *channel_new(struct vm *vm, int family, int type, int protocol)
{
    struct channel *channel = calloc(1, sizeof *channel);
    if (!channel) {
        raise_no_memory(vm);
        return NULL;
    }
    channel->family = family;
    channel->type = type;
    channel->protocol = protocol;
    return channel;
}

int64_t channel_open(struct vm *vm, struct channel *channel)
{
    struct channel_table *table = table_of(vm);
    size_t at = table->first_free;
    while (at < table->count && table->channels[at])
        at++;
    if (at == table->capacity) {
        size_t capacity = table->capacity ? 2 * table->capacity : 16;
        struct channel **grown = realloc(table->channels, capacity * sizeof *grown);
        if (!grown) {
            channel_destroy(vm, channel);
            raise_no_memory(vm);
            return -1;
        }
        table->channels = grown;
        table->capacity = capacity;
    }
    channel->descriptors++;
    table->channels[at] = channel;
    table->first_free = at + 1;
    if (at == table->count)
        table->count++;
    return CHANNEL_FIRST_DESCRIPTOR + (int64_t)at;
}

bool channel_open_at(struct vm *vm, struct channel *channel, int64_t descriptor)
{
    struct channel_table *table = table_of(vm);
    size_t at = (size_t)(descriptor - CHANNEL_FIRST_DESCRIPTOR);
    if (at >= table->count) {
        raise_os_error(vm, EBADF, VALUE_NULL);
        return false;
    }
    channel->descriptors++;
    channel_close(vm, descriptor);
    table->channels[at] = channel;
    return true;
}

void channel_join(struct channel *first, struct channel *second)
{
    first->peer = second;
    second->peer = first;
    first->state = second->state = CHANNEL_CONNECTED;
}

struct channel *channel_find(const struct vm *vm, int64_t descriptor)
{
    const struct channel_table *table = vm->channels;
    int64_t at = descriptor - CHANNEL_FIRST_DESCRIPTOR;
    return table && at >= 0 && (uint64_t)at < table->count ? table->channels[at] : NULL;
}

void channel_close(struct vm *vm, int64_t descriptor)
{
    struct channel *channel = channel_find(vm, descriptor);
    if (!channel)
        return;
    size_t at = (size_t)(descriptor - CHANNEL_FIRST_DESCRIPTOR);
    vm->channels->channels[at] = NULL;
    if (at < vm->channels->first_free)
        vm->channels->first_free = at;
    if (--channel->descriptors == 0)
        channel_destroy(vm, channel);
}

static void queues_free(struct channel *channel)
{
    while (channel->first) {
        struct datagram *next = channel->first->next;
        free(channel->first);
        channel->first = next;
    }
    free(channel->bytes);
}

void channel_destroy(struct vm *vm, struct channel *channel)
{
    struct channel *peer = channel->peer;
    network_forget(vm, channel);
    if (peer) {
        peer->peer = NULL;
        peer->no_more = true;
        if (channel->size) /* what the peer sent is lost, and it hears of that */
            peer->error = ECONNRESET;
    }
    queues_free(channel);
    free(channel);
    channels_changed(vm);
}

void channel_shut(struct vm *vm, struct channel *channel, int how)
{
    if (how != SHUT_WR)
        channel->read_shut = true;
    if (how != SHUT_RD) {
        channel->write_shut = true;
        if (channel->peer)
            channel->peer->no_more = true;
    }
    channels_changed(vm);
}

void channels_free(struct vm *vm)
{
    struct channel_table *table = vm->channels;
    if (!table)
        return;
    for (size_t i = 0; i < table->count; i++) {
        struct channel *channel = table->channels[i];
        if (!channel || --channel->descriptors)
            continue;
        for (struct channel *next, *end = channel->first_waiting; end; end = next) {
            next = end->next_waiting;
            queues_free(end);
            free(end);
        }
        queues_free(channel);
        free(channel);
    }
    free(table->channels);
    free(table->names);
    free(table);
    vm->channels = NULL;
}

/* ---- bytes ---- */

/* Room for `size` more behind what is there. */
static bool make_room(struct channel *channel, size_t size)
{
    if (channel->start + channel->size + size <= channel->capacity)
        return true;
    if (channel->size)
        memmove(channel->bytes, channel->bytes + channel->start, channel->size);
    channel->start = 0;
    if (channel->size + size <= channel->capacity / 2)
        return true;
    size_t capacity = channel->capacity ? 2 * channel->capacity : 128;
    while (capacity < channel->size + size)
        capacity *= 2;
    uint8_t *grown = realloc(channel->bytes, capacity);
    if (!grown)
        return false;
    channel->bytes = grown;
    channel->capacity = capacity;
    return true;
}

size_t channel_write(struct vm *vm, struct channel *channel, const uint8_t *bytes, size_t size)
{
    struct channel *peer = channel->peer;
    if (!peer || peer->read_shut) { /* the first of them goes out, and the answer is that nobody listens any longer */
        if (!peer)
            channel->write_shut = true;
        return size;
    }
    size_t room = CHANNEL_CAPACITY - peer->size;
    if (size > room)
        size = room;
    if (!size || !make_room(peer, size))
        return 0;
    memcpy(peer->bytes + peer->start + peer->size, bytes, size);
    peer->size += size;
    ADD_WORK(vm, characters, size);
    channels_changed(vm);
    return size;
}

void channel_peek(const struct channel *channel, uint8_t *bytes, size_t size)
{
    if (size)
        memcpy(bytes, channel->bytes + channel->start, size);
}

void channel_take(struct vm *vm, struct channel *channel, uint8_t *bytes, size_t size)
{
    channel_peek(channel, bytes, size);
    channel->size -= size;
    channel->start = channel->size ? channel->start + size : 0;
    ADD_WORK(vm, characters, size);
    channels_changed(vm);
}

static int take_error(struct channel *channel)
{
    int error = channel->error;
    channel->error = 0;
    return error;
}

static void settle(struct channel *channel)
{
    if (channel->state == CHANNEL_CONNECTING)
        channel->state = channel->peer ? CHANNEL_CONNECTED : CHANNEL_ALONE;
}

int channel_receive_status(struct channel *channel)
{
    if (channel->type == SOCK_DGRAM) {
        int error = take_error(channel);
        return error ? error : channel->first || channel->read_shut ? 0 : -1;
    }
    if (channel->size)
        return 0;
    if (channel->error) {
        settle(channel);
        return take_error(channel);
    }
    settle(channel);
    if (channel->state != CHANNEL_CONNECTED)
        return channel->family == AF_UNIX ? EINVAL : ENOTCONN;
    return channel->read_shut || channel->no_more || !channel->peer ? 0 : -1;
}

int channel_send_status(struct channel *channel)
{
    bool local = channel->family == AF_UNIX;
    settle(channel);
    if (channel->error)
        return take_error(channel);
    if (channel->write_shut)
        return EPIPE;
    if (channel->state != CHANNEL_CONNECTED)
        return local ? ENOTCONN : EPIPE;
    if (!channel->peer)
        return local ? EPIPE : 0;
    return channel->peer->size < CHANNEL_CAPACITY ? 0 : -1;
}

/* ---- datagrams ---- */

bool channel_inbox_full(const struct channel *channel, size_t size)
{
    return channel->first && channel->size + size + DATAGRAM_OVERHEAD > CHANNEL_CAPACITY;
}

bool channel_deliver(struct vm *vm, struct channel *to, const struct socket_address *from, const uint8_t *bytes, size_t size)
{
    struct datagram *datagram = malloc(sizeof *datagram + size);
    if (!datagram) {
        raise_no_memory(vm);
        return false;
    }
    datagram->next = NULL;
    datagram->from = *from;
    datagram->size = size;
    if (size)
        memcpy(datagram->bytes, bytes, size);
    if (to->last)
        to->last->next = datagram;
    else
        to->first = datagram;
    to->last = datagram;
    to->size += size + DATAGRAM_OVERHEAD;
    ADD_WORK(vm, characters, size);
    channels_changed(vm);
    return true;
}

void channel_drop_first(struct vm *vm, struct channel *channel)
{
    struct datagram *datagram = channel->first;
    channel->first = datagram->next;
    if (!channel->first)
        channel->last = NULL;
    channel->size -= datagram->size + DATAGRAM_OVERHEAD;
    ADD_WORK(vm, characters, datagram->size);
    free(datagram);
    channels_changed(vm);
}

/* ---- what poll says ---- */

static int stream_events(const struct channel *channel)
{
    if (channel->state == CHANNEL_LISTENING)
        return channel->read_shut ? POLLIN | POLLOUT | POLLHUP : channel->first_waiting ? POLLIN : 0;
    if (channel->state == CHANNEL_ALONE)
        return POLLOUT | POLLHUP;
    if (channel->state == CHANNEL_CONNECTING && channel->error)
        return POLLIN | POLLOUT | POLLERR | POLLHUP;
    bool ended = channel->no_more || !channel->peer || channel->read_shut;
    int events = (channel->size || ended ? POLLIN : 0) | (ended ? EPOLLRDHUP : 0) | (channel->error ? POLLERR | POLLHUP : 0);
    if (!channel->peer || channel->write_shut || channel->peer->size < CHANNEL_CAPACITY)
        events |= POLLOUT;
    if (channel->family == AF_UNIX ? !channel->peer : ended && channel->write_shut)
        events |= POLLHUP;
    return events;
}

int channel_events(const struct channel *channel)
{
    if (channel->type != SOCK_DGRAM)
        return stream_events(channel);
    bool full = channel->family == AF_UNIX && channel->peer && channel_inbox_full(channel->peer, 1);
    return (channel->first || channel->read_shut ? POLLIN : 0) | (full ? 0 : POLLOUT) | (channel->error ? POLLERR : 0);
}
