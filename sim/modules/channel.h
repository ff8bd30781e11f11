/* channel.h - the sockets inside the process: all that modules socket, select and ssl can reach. A channel is one end of a
 * connection (a queue of bytes), a listener (a queue of ends that nobody accepted yet) or an inbox of datagrams. Their descriptors
 * are numbers of ours, far from the host's; nothing ever leaves the process. */
#ifndef HYBRIDSIM_SIM_MODULES_CHANNEL_H
#define HYBRIDSIM_SIM_MODULES_CHANNEL_H

#include "sim/runtime/thread.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/un.h>

enum { CHANNEL_FIRST_DESCRIPTOR = 1 << 16 };

struct socket_address {
    socklen_t size; /* 0: none; of a local socket without a name: that of the family alone */
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
        struct sockaddr_un local;
    };
};

struct datagram {
    struct datagram *next;
    struct socket_address from;
    size_t size;
    uint8_t bytes[];
};

enum channel_state {
    CHANNEL_ALONE,
    CHANNEL_LISTENING,
    CHANNEL_CONNECTING, /* what came of it is known, but the program has not asked yet */
    CHANNEL_CONNECTED,
};

struct channel {
    enum channel_state state;
    int family, type, protocol;
    struct channel *peer;      /* of a stream; NULL: closed, or there never was one */
    uint8_t *bytes;            /* what the peer wrote; the part that nobody read yet begins at `start` */
    size_t start, size, capacity;
    bool no_more;              /* the peer shut its writing down */
    bool read_shut, write_shut;
    int error;                 /* errno for the next call; 0: none */
    uint32_t descriptors;      /* how many mean this channel */
    bool inheritable;          /* what the program said; nobody inherits */
    bool nonblocking;          /* O_NONBLOCK, for calls by descriptor; sockets look at their timeouts */

    struct socket_address local, remote; /* size 0: not bound, not connected */
    bool bound;                /* in the table of names */
    bool reuse_address, reuse_port, only_v6;
    dev_t device;              /* of the file that names a local socket */
    ino_t file;
    struct channel *next_bound;

    struct channel *first_waiting, *last_waiting, *next_waiting; /* of a listener: ends not accepted yet */
    int64_t waiting, backlog;

    struct datagram *first, *last; /* received and not read; `size` counts their bytes */
};

/* ---- channel.c: descriptors and queues ---- */
struct channel *channel_new(struct vm *vm, int family, int type, int protocol); /* without a descriptor; NULL: MemoryError */
int64_t channel_open(struct vm *vm, struct channel *channel); /* one more descriptor; -1: MemoryError, the channel is gone */
/* ... this one, of whatever it was before; false: pending (no descriptor was ever near it). */
bool channel_open_at(struct vm *vm, struct channel *channel, int64_t descriptor);
void channel_join(struct channel *first, struct channel *second); /* as connected ends */
struct channel *channel_find(const struct vm *vm, int64_t descriptor); /* NULL: none, or closed */
void channel_close(struct vm *vm, int64_t descriptor);   /* with the last descriptor the channel goes */
void channel_destroy(struct vm *vm, struct channel *channel);
void channel_shut(struct vm *vm, struct channel *channel, int how);

/* Bytes of a stream. */
size_t channel_write(struct vm *vm, struct channel *channel, const uint8_t *bytes, size_t size); /* how much there was room for */
void channel_take(struct vm *vm, struct channel *channel, uint8_t *bytes, size_t size);          /* size <= channel->size */
void channel_peek(const struct channel *channel, uint8_t *bytes, size_t size);
/* errno of what receiving or sending would fail with, 0: it can go on, -1: it has to wait. */
int channel_receive_status(struct channel *channel);
int channel_send_status(struct channel *channel);
/* Datagrams. False: MemoryError. */
bool channel_deliver(struct vm *vm, struct channel *to, const struct socket_address *from, const uint8_t *bytes, size_t size);
bool channel_inbox_full(const struct channel *channel, size_t size);
void channel_drop_first(struct vm *vm, struct channel *channel);

int channel_events(const struct channel *channel); /* poll's bits */
double *channel_default_timeout(struct vm *vm);    /* of new sockets, in seconds; negative: none */

/* Waits until some channel changes; tells the waiting ones that one did. */
enum wait_outcome channel_wait(struct vm *vm, int64_t deadline);
void channels_changed(struct vm *vm);

/* ---- network.c: names, and who hears whom. All answer errno, 0: done. ---- */
enum { NETWORK_WAIT = -1 }; /* not yet: wait for a change, and ask again */
bool network_is_local(const struct socket_address *address);
int network_bind(struct vm *vm, struct channel *channel, const struct socket_address *address);
int network_listen(struct vm *vm, struct channel *channel, int64_t backlog);
int network_connect(struct vm *vm, struct channel *channel, const struct socket_address *address, bool blocking);
int network_accept(struct vm *vm, struct channel *listener, struct channel **accepted);
/* to: NULL: whom it is connected with */
int network_send(struct vm *vm, struct channel *channel, const struct socket_address *to, const uint8_t *bytes, size_t size);
void network_forget(struct vm *vm, struct channel *channel); /* it has no name any longer, its waiting ends are refused */

struct channel_names; /* the table of names */
struct channel_names *channel_names(struct vm *vm);
struct channel_names *network_names_new(void);

void channels_free(struct vm *vm);

#endif
