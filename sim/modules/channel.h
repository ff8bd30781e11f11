/* channel.h - connected pairs of byte queues inside the process: all that modules socket and select can reach, and what an
 * event loop needs to be woken by. Their descriptors are numbers of ours, far from the host's. */
#ifndef HYBRIDSIM_SIM_MODULES_CHANNEL_H
#define HYBRIDSIM_SIM_MODULES_CHANNEL_H

#include "sim/runtime/thread.h"

enum { CHANNEL_FIRST_DESCRIPTOR = 1 << 16 };

struct channel {
    struct channel *peer; /* NULL: closed */
    uint8_t *bytes;       /* what the peer wrote and nobody read yet */
    size_t size, capacity;
    bool open;
    bool no_more;         /* the peer shut its writing down */
    bool unconnected;     /* it never had a peer, and will not get one */
};

bool channel_pair(struct vm *vm, int64_t descriptors[2]); /* false: MemoryError */
bool channel_alone(struct vm *vm, int64_t *descriptor);   /* one end that nothing is connected to; false: MemoryError */
struct channel *channel_find(const struct vm *vm, int64_t descriptor); /* NULL: none, or closed */
void channel_close(struct vm *vm, struct channel *channel);
void channel_shut(struct vm *vm, struct channel *channel); /* no more will be written */

size_t channel_write(struct vm *vm, struct channel *channel, const uint8_t *bytes, size_t size); /* how much there was room for */
void channel_take(struct vm *vm, struct channel *channel, uint8_t *bytes, size_t size);          /* size <= channel->size */
bool channel_readable(const struct channel *channel); /* there are bytes, or there will never be */
bool channel_writable(const struct channel *channel);

/* Waits until some channel changes. */
enum wait_outcome channel_wait(struct vm *vm, int64_t deadline);

void channels_free(struct vm *vm);

#endif
