/* program_streams.c - see program_streams.h. */
#include "cli/program_streams.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

void program_streams_divert(struct program_streams *streams, int input)
{
    int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
    fflush(stdout);
    fflush(stderr);
    streams->errors = memfd_create("stderr", MFD_CLOEXEC);
    if (nowhere < 0 || streams->errors < 0)
        abort(); /* out of descriptors */
    for (int i = 0; i < STREAM_COUNT; i++)
        streams->own[i] = fcntl(i, F_DUPFD_CLOEXEC, STREAM_COUNT);
    dup2(input < 0 ? nowhere : input, STDIN_FILENO);
    dup2(nowhere, STDOUT_FILENO);
    dup2(streams->errors, STDERR_FILENO);
    close(nowhere);
}

void program_streams_restore(struct program_streams *streams)
{
    fflush(stdout);
    fflush(stderr);
    for (int i = 0; i < STREAM_COUNT; i++) {
        dup2(streams->own[i], i);
        close(streams->own[i]);
    }
}

void program_streams_show_errors(const struct program_streams *streams)
{
    enum { SHOWN = 4096 };
    char text[SHOWN];
    off_t size = lseek(streams->errors, 0, SEEK_END);
    ssize_t got = pread(streams->errors, text, SHOWN, size > SHOWN ? size - SHOWN : 0);
    if (got > 0)
        fwrite(text, 1, (size_t)got, stderr);
}

void program_streams_free(struct program_streams *streams)
{
    close(streams->errors);
}

int program_output_to_errors(bool wanted)
{
    int own = wanted ? dup(STDOUT_FILENO) : -1;
    if (own >= 0 && dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
        abort(); /* both are open */
    return own;
}

void program_output_restore(int own)
{
    if (own < 0)
        return;
    dup2(own, STDOUT_FILENO);
    close(own);
}
