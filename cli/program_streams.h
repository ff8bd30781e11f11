/* program_streams.h - where the standard streams of a program that runs go, when ours are not for it. */
#ifndef HYBRIDSIM_CLI_PROGRAM_STREAMS_H
#define HYBRIDSIM_CLI_PROGRAM_STREAMS_H

#include <stdbool.h>

enum { STREAM_COUNT = 3 };

struct program_streams {
    int own[STREAM_COUNT]; /* ours meanwhile */
    int errors;            /* what the program prints on stderr, kept in memory */
};

/* The program reads `input` (-1: nothing), its output is dropped, its errors are kept. */
void program_streams_divert(struct program_streams *streams, int input);
void program_streams_restore(struct program_streams *streams);
/* After that: the end of the errors, on stderr. */
void program_streams_show_errors(const struct program_streams *streams);
void program_streams_free(struct program_streams *streams);

/* For data on standard output: what the program prints there goes where its errors go. What it was, or -1 when not wanted; then
 * back again. */
int program_output_to_errors(bool wanted);
void program_output_restore(int own);

#endif
