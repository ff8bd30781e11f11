/* transport.c - see transport.h. Waiting for messages is left to the caller, for MPI's own waiting keeps a core busy. */
#include "cli/mpi/transport.h"

#include <mpi.h>

enum { MOST_AT_ONCE = 1 << 30 };

static int start(int *rank, int *size)
{
    int error = MPI_Init(NULL, NULL);
    if (error == MPI_SUCCESS)
        error = MPI_Comm_rank(MPI_COMM_WORLD, rank);
    if (error == MPI_SUCCESS)
        error = MPI_Comm_size(MPI_COMM_WORLD, size);
    return error;
}

static void broadcast(void *bytes, size_t size)
{
    for (size_t done = 0; done < size; done += MOST_AT_ONCE)
        MPI_Bcast((char *)bytes + done, size - done < MOST_AT_ONCE ? (int)(size - done) : MOST_AT_ONCE, MPI_BYTE, 0,
                  MPI_COMM_WORLD);
}

static void send(int rank, const struct transport_message *message)
{
    MPI_Send(message->words, TRANSPORT_WORDS, MPI_INT64_T, rank, 0, MPI_COMM_WORLD);
}

static int receive(struct transport_message *message)
{
    int there = 0;
    MPI_Status status;
    MPI_Iprobe(MPI_ANY_SOURCE, 0, MPI_COMM_WORLD, &there, &status);
    if (!there)
        return -1;
    MPI_Recv(message->words, TRANSPORT_WORDS, MPI_INT64_T, status.MPI_SOURCE, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    return status.MPI_SOURCE;
}

static void combine(void *bytes, size_t size)
{
    for (size_t done = 0; done < size; done += MOST_AT_ONCE)
        MPI_Allreduce(MPI_IN_PLACE, (char *)bytes + done, size - done < MOST_AT_ONCE ? (int)(size - done) : MOST_AT_ONCE,
                      MPI_BYTE, MPI_BOR, MPI_COMM_WORLD);
}

static void end(void)
{
    MPI_Finalize();
}

const struct transport hybridsim_transport = {TRANSPORT_VERSION, start, broadcast, send, receive, combine, end};
