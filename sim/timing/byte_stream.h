/* byte_stream.h - structures as bytes, for another process of the same program (host byte order). One walk over the fields
 * serves both directions, so they cannot disagree: it reads into them or writes them. */
#ifndef HYBRIDSIM_SIM_TIMING_BYTE_STREAM_H
#define HYBRIDSIM_SIM_TIMING_BYTE_STREAM_H

#include "core/arena.h"
#include "core/buffer.h"

#include <stdbool.h>

struct byte_stream {
    struct buffer *out;   /* writing */
    const char *in;       /* reading; NULL when writing */
    size_t left;
    bool failed;          /* reading: the bytes are not what they should be; all that follows is zero */
    struct arena *arena;  /* reading: where texts and lists go */
};

void walk_bytes(struct byte_stream *stream, void *bytes, size_t size);
void walk_count(struct byte_stream *stream, uint32_t *count);
void walk_text(struct byte_stream *stream, const char **text);
/* The list itself when writing, a new one when reading. */
void *walk_list(struct byte_stream *stream, void *list, uint32_t *count, size_t size);

#endif
