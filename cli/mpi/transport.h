/* transport.h - what hybridsim asks of MPI, as a table of functions: hybridsim itself is not linked with it, but loads
 * hybridsim-mpi.so when mpirun started it. All calls come from one thread of a process that forks no more. */
#ifndef HYBRIDSIM_CLI_MPI_TRANSPORT_H
#define HYBRIDSIM_CLI_MPI_TRANSPORT_H

#include <stddef.h>
#include <stdint.h>

enum { TRANSPORT_WORDS = 4, TRANSPORT_VERSION = 2 };
#define TRANSPORT_SYMBOL "hybridsim_transport"

struct transport_message {
    int64_t words[TRANSPORT_WORDS];
};

struct transport {
    int version;
    int (*start)(int *rank, int *size);           /* 0, or MPI's error */
    void (*broadcast)(void *bytes, size_t size);  /* rank 0's become those of all */
    void (*send)(int rank, const struct transport_message *message);
    int (*receive)(struct transport_message *message); /* the rank it is from; -1: none has come. Does not wait */
    void (*combine)(void *bytes, size_t size);    /* every rank calls it: the bits that any has become those of all */
    void (*end)(void);                            /* every rank calls it */
};

extern const struct transport hybridsim_transport;

#endif
