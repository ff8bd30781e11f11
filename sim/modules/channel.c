/* channel.c - see channel.h. */
#include "sim/modules/channel.h"

#include <stdlib.h>

enum { CHANNEL_CAPACITY = 212992 }; /* Linux's default buffer of a local socket */

struct channel_table {
    struct channel **channels; /* by descriptor; NULL where there was one */
    size_t count, capacity;
    struct wait_list changed;
};

static struct channel_table *table_of(struct vm *vm)
{
    if (!vm->channels && !(vm->channels = calloc(1, sizeof *vm->channels)))
        abort();
    return vm->channels;
}

static void announce(struct vm *vm)
{
    while (thread_wake(vm, &table_of(vm)->changed))
        continue;
}

static struct channel *channel_new(struct vm *vm, int64_t *descriptor)
{
    struct channel_table *table = table_of(vm);
    size_t at = 0;
    while (at < table->count && table->channels[at])
        at++;
    if (at == table->capacity) {
        size_t capacity = table->capacity ? 2 * table->capacity : 16;
        struct channel **grown = realloc(table->channels, capacity * sizeof *grown);
        if (!grown)
            return NULL;
        table->channels = grown;
        table->capacity = capacity;
    }
    struct channel *channel = calloc(1, sizeof *channel);
    if (!channel)
        return NULL;
    channel->open = true;
    table->channels[at] = channel;
    if (at == table->count)
        table->count++;
    *descriptor = CHANNEL_FIRST_DESCRIPTOR + (int64_t)at;
    return channel;
}

bool channel_pair(struct vm *vm, int64_t descriptors[2])
{
    struct channel *first = channel_new(vm, &descriptors[0]);
    struct channel *second = first ? channel_new(vm, &descriptors[1]) : NULL;
    if (!second) {
        raise_no_memory(vm);
        return false;
    }
    first->peer = second;
    second->peer = first;
    return true;
}

bool channel_alone(struct vm *vm, int64_t *descriptor)
{
    struct channel *channel = channel_new(vm, descriptor);
    if (!channel) {
        raise_no_memory(vm);
        return false;
    }
    channel->unconnected = true;
    return true;
}

struct channel *channel_find(const struct vm *vm, int64_t descriptor)
{
    const struct channel_table *table = vm->channels;
    int64_t at = descriptor - CHANNEL_FIRST_DESCRIPTOR;
    return table && at >= 0 && (uint64_t)at < table->count ? table->channels[at] : NULL;
}

void channel_close(struct vm *vm, struct channel *channel)
{
    struct channel_table *table = table_of(vm);
    for (size_t i = 0; i < table->count; i++)
        if (table->channels[i] == channel)
            table->channels[i] = NULL;
    if (channel->peer)
        channel->peer->peer = NULL;
    free(channel->bytes);
    free(channel);
    announce(vm);
}

void channel_shut(struct vm *vm, struct channel *channel)
{
    if (channel->peer)
        channel->peer->no_more = true;
    announce(vm);
}

size_t channel_write(struct vm *vm, struct channel *channel, const uint8_t *bytes, size_t size)
{
    struct channel *peer = channel->peer;
    size_t room = CHANNEL_CAPACITY - peer->size;
    if (size > room)
        size = room;
    if (peer->size + size > peer->capacity) {
        size_t capacity = peer->capacity ? 2 * peer->capacity : 64;
        while (capacity < peer->size + size)
            capacity *= 2;
        uint8_t *grown = realloc(peer->bytes, capacity);
        if (!grown)
            return 0;
        peer->bytes = grown;
        peer->capacity = capacity;
    }
    if (size)
        memcpy(peer->bytes + peer->size, bytes, size);
    peer->size += size;
    ADD_WORK(vm, characters, size);
    announce(vm);
    return size;
}

void channel_take(struct vm *vm, struct channel *channel, uint8_t *bytes, size_t size)
{
    if (size)
        memcpy(bytes, channel->bytes, size);
    channel->size -= size;
    if (channel->size)
        memmove(channel->bytes, channel->bytes + size, channel->size);
    ADD_WORK(vm, characters, size);
    announce(vm);
}

bool channel_readable(const struct channel *channel)
{
    return channel->size || channel->no_more || !channel->peer;
}

bool channel_writable(const struct channel *channel)
{
    return !channel->peer || channel->peer->size < CHANNEL_CAPACITY;
}

enum wait_outcome channel_wait(struct vm *vm, int64_t deadline)
{
    return thread_wait(vm, &table_of(vm)->changed, deadline);
}

void channels_free(struct vm *vm)
{
    struct channel_table *table = vm->channels;
    if (!table)
        return;
    for (size_t i = 0; i < table->count; i++) {
        if (table->channels[i])
            free(table->channels[i]->bytes);
        free(table->channels[i]);
    }
    free(table->channels);
    free(table);
    vm->channels = NULL;
}
