/* stream.c - buffered bytes over a file descriptor: the program's standard streams and the files it opens. */
#include "sim/runtime/exception.h"
#include "sim/runtime/file_rules.h"
#include "sim/runtime/thread.h"
#include "sim/runtime/types.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

enum { STREAM_CAPACITY = 1 << 16 };

struct stream *stream_new(int descriptor, bool line_buffered)
{
    struct stream *stream = calloc(1, sizeof *stream);
    if (!stream)
        return NULL;
    stream->descriptor = descriptor;
    stream->line_buffered = line_buffered;
    stream->capacity = STREAM_CAPACITY;
    stream->buffer = malloc(stream->capacity);
    if (!stream->buffer) {
        free(stream);
        return NULL;
    }
    return stream;
}

static int write_all(struct stream *stream, const char *bytes, size_t size)
{
    while (size && !stream->failed) {
        ssize_t written = write(stream->descriptor, bytes, size);
        if (written < 0) {
            if (errno == EINTR)
                continue;
            stream->failed = true;
            return errno;
        }
        bytes += written;
        size -= (size_t)written;
    }
    return 0;
}

bool stream_flush(struct vm *vm, struct stream *stream)
{
    size_t used = stream->used;
    stream->used = 0;
    if (used && vm->files && vm->files->before_output)
        vm->files->before_output(vm->files->change_context, stream->descriptor, stream->buffer, used);
    int error = write_all(stream, stream->buffer, used);
    if (error)
        raise_os_error(vm, error, VALUE_NULL);
    return !error;
}

bool stream_write(struct vm *vm, struct stream *stream, const char *bytes, size_t size)
{
    if (size > stream->capacity - stream->used) {
        if (!stream_flush(vm, stream))
            return false;
        if (size >= stream->capacity) {
            int error = write_all(stream, bytes, size);
            if (error)
                raise_os_error(vm, error, VALUE_NULL);
            return !error;
        }
    }
    memcpy(stream->buffer + stream->used, bytes, size);
    stream->used += size;
    if (stream->line_buffered && memrchr(bytes, '\n', size))
        return stream_flush(vm, stream);
    return true;
}

void stream_free(struct stream *stream)
{
    if (!stream)
        return;
    if (stream->used && !stream->input)
        write_all(stream, stream->buffer, stream->used);
    free(stream->buffer);
    free(stream);
}

/* Reads more into the buffer, making room first. False: error. */
static bool fill(struct vm *vm, struct stream *stream)
{
    stream->input = true;
    if (stream->position) {
        memmove(stream->buffer, stream->buffer + stream->position, stream->used - stream->position);
        stream->used -= stream->position;
        stream->position = 0;
    }
    if (stream->used == stream->capacity) {
        char *buffer = realloc(stream->buffer, stream->capacity * 2);
        if (!buffer) {
            raise_no_memory(vm);
            return false;
        }
        stream->buffer = buffer;
        stream->capacity *= 2;
    }
    for (;;) {
        if ((vm->interrupt & INTERRUPT_SIGNAL) && thread_is_main(vm)) /* its handler may read as well */
            return thread_interrupted(vm) && fill(vm, stream);
        ssize_t got = read(stream->descriptor, stream->buffer + stream->used, stream->capacity - stream->used);
        if (got >= 0) {
            stream->used += (size_t)got;
            stream->at_end = got == 0;
            return !(vm->interrupt & INTERRUPT_SIGNAL) || thread_interrupted(vm);
        } else if (errno != EINTR) {
            raise_os_error(vm, errno, VALUE_NULL);
            return false;
        }
    }
}

int64_t stream_read_line(struct vm *vm, struct stream *stream, const char **line, int64_t limit)
{
    size_t scanned = 0;
    for (;;) {
        size_t available = stream->used - stream->position;
        const char *start = stream->buffer + stream->position;
        const char *end = available > scanned ? memchr(start + scanned, '\n', available - scanned) : NULL;
        size_t taken = end ? (size_t)(end - start) + 1 : available;
        bool enough = limit >= 0 && taken >= (size_t)limit;
        if (enough)
            taken = (size_t)limit;
        if (end || enough || stream->at_end) {
            stream->position += taken;
            *line = start;
            if (!taken)
                stream->at_end = false; /* a terminal may go on after end of file */
            return (int64_t)taken;
        }
        scanned = available;
        if (!fill(vm, stream))
            return -1;
    }
}

int64_t stream_read(struct vm *vm, struct stream *stream, const char **bytes, int64_t limit)
{
    while (!stream->at_end && (limit < 0 || stream->used - stream->position < (size_t)limit))
        if (!fill(vm, stream))
            return -1;
    size_t available = stream->used - stream->position;
    size_t taken = limit >= 0 && available > (size_t)limit ? (size_t)limit : available;
    *bytes = stream->buffer + stream->position;
    stream->position += taken;
    if (!taken)
        stream->at_end = false;
    return (int64_t)taken;
}
