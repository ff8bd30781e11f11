/* socket.h - module _socket on the channels inside the process (sim/modules/channel.h). */
#ifndef HYBRIDSIM_SIM_MODULES_SOCKET_SOCKET_H
#define HYBRIDSIM_SIM_MODULES_SOCKET_SOCKET_H

#include "sim/modules/channel.h"
#include "sim/modules/support.h"

#include <netdb.h>

struct socket_object {
    struct object head;
    int64_t descriptor; /* negative: closed */
    int64_t family, type, protocol;
    double timeout;     /* seconds; negative: it waits for ever */
    value options;      /* dict: what setsockopt was told; NONE: nothing */
};

#define FUNCTION(name)                                                                                                 \
    value socket_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define LOCAL(name) static FUNCTION(name)
#define UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

static inline struct socket_object *socket_of(value v) { return (struct socket_object *)value_object(v); }

extern struct type socket_type, name_error_type, host_error_type;

/* object.c */
struct channel *socket_channel(struct vm *vm, value self); /* NULL: OSError pending: it is closed */
/* A socket for an open descriptor, or VALUE_NULL. */
value socket_for(struct vm *vm, int64_t descriptor);

/* wait.c. A call's patience: zeroed but for `flags` and `message` at its start. */
struct socket_wait {
    bool started;
    int64_t deadline;
    int64_t flags;       /* MSG_DONTWAIT */
    const char *message; /* of the TimeoutError; NULL: "timed out" */
};
/* Until some channel changes; false: an exception is pending (no patience: BlockingIOError; TimeoutError). */
bool socket_wait(struct vm *vm, value self, struct socket_wait *wait);

/* address.c */
/* What bind, connect, ... take, for a socket of this family; false: pending. */
bool address_parse(struct vm *vm, value self, value v, const char *function, struct socket_address *out);
value address_value(struct vm *vm, const struct socket_address *address); /* None when there is none */
/* The address of a host's name; family AF_UNSPEC: of either. 0, an EAI_ number, or -EACCES: not one of ours. */
int host_find(const char *name, int family, struct socket_address *out);
value host_text(struct vm *vm, const struct socket_address *address);
bool host_argument(struct vm *vm, value v, char name[NI_MAXHOST]); /* a str (ASCII or IDNA) or bytes */
value raise_host_error(struct vm *vm, int number);
/* A path that the program may use so; false: pending. Other addresses are all right. */
bool address_may_make(struct vm *vm, const struct socket_address *address, value shown);
bool address_may_find(struct vm *vm, const struct socket_address *address, value shown);

/* connect.c, transfer.c, options.c: methods of sockets; names.c, module.c: functions */
FUNCTION(bind); FUNCTION(listen); FUNCTION(accept); FUNCTION(connect); FUNCTION(connect_ex);
FUNCTION(shutdown); FUNCTION(getpeername); FUNCTION(getsockname); FUNCTION(send); FUNCTION(sendall);
FUNCTION(sendto); FUNCTION(recv); FUNCTION(recv_into); FUNCTION(recvfrom); FUNCTION(recvfrom_into);
FUNCTION(sendmsg); FUNCTION(recvmsg); FUNCTION(recvmsg_into); FUNCTION(getsockopt); FUNCTION(setsockopt);
extern const struct method_definition socket_name_functions[]; /* names.c */

#endif
