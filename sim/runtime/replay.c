/* replay.c - see replay.h: a file of readings in order, each with its size before it. */
#include "sim/runtime/replay.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

enum { BLOCK = 1 << 14, LONGEST_WAIT = 1000000 /* ns */ };

struct replay {
    int file;              /* -1: none */
    bool record;
    const atomic_int *complete;
    size_t begin, end;     /* of `block`: read but not yet taken, or not yet written */
    char block[BLOCK];
};

struct replay *replay_open(const char *path, bool record, const atomic_int *complete)
{
    struct replay *replay = malloc(sizeof *replay);
    if (!replay)
        abort();
    replay->file = path ? open(path, record ? O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC : O_RDONLY | O_CREAT | O_CLOEXEC, 0600) : -1;
    replay->record = record;
    replay->complete = complete;
    replay->begin = replay->end = 0;
    if (path && replay->file < 0) {
        free(replay);
        return NULL;
    }
    return replay;
}

static void flush(struct replay *replay)
{
    while (replay->record && replay->begin < replay->end) {
        ssize_t written = write(replay->file, replay->block + replay->begin, replay->end - replay->begin);
        if (written < 0 && errno != EINTR)
            break; /* the later runs will take the host's readings, and differ */
        replay->begin += written > 0 ? (size_t)written : 0;
    }
    replay->begin = replay->end = 0;
}

void replay_close(struct replay *replay)
{
    if (!replay)
        return;
    if (replay->file >= 0) {
        if (replay->record)
            flush(replay);
        close(replay->file);
    }
    free(replay);
}

/* Reads on behind what the block still holds. False at the end of what is, or will be, recorded. */
static bool fill(struct replay *replay)
{
    memmove(replay->block, replay->block + replay->begin, replay->end - replay->begin);
    replay->end -= replay->begin;
    replay->begin = 0;
    for (long wait = 20000;; wait = wait < LONGEST_WAIT ? 2 * wait : LONGEST_WAIT) {
        bool complete = !replay->complete || atomic_load(replay->complete); /* before the read: nothing may come between */
        ssize_t got = read(replay->file, replay->block + replay->end, BLOCK - replay->end);
        if (got > 0) {
            replay->end += (size_t)got;
            return true;
        }
        if (complete && !(got < 0 && errno == EINTR))
            return false;
        nanosleep(&(struct timespec){0, wait}, NULL);
    }
}

/* Takes `size` bytes out of the file; larger than a block: in parts. */
static bool take(struct replay *replay, char *bytes, size_t size)
{
    while (size) {
        size_t part = replay->end - replay->begin < size ? replay->end - replay->begin : size;
        memcpy(bytes, replay->block + replay->begin, part);
        replay->begin += part;
        bytes += part;
        size -= part;
        if (size && !fill(replay))
            return false;
    }
    return true;
}

static bool read_back(struct replay *replay, void *bytes, uint32_t size)
{
    uint32_t stored;
    return replay->file >= 0 && !replay->record && take(replay, (char *)&stored, sizeof stored) && stored == size &&
           take(replay, bytes, size);
}

static void put(struct replay *replay, const char *bytes, size_t size)
{
    while (size) {
        size_t part = BLOCK - replay->end < size ? BLOCK - replay->end : size;
        memcpy(replay->block + replay->end, bytes, part);
        replay->end += part;
        bytes += part;
        size -= part;
        if (replay->end == BLOCK)
            flush(replay);
    }
}

static void write_down(struct replay *replay, const void *bytes, uint32_t size)
{
    if (replay->file < 0 || !replay->record)
        return;
    put(replay, (const char *)&size, sizeof size);
    put(replay, bytes, size);
    if (replay->complete)
        flush(replay); /* another run waits for it */
}

bool replay_take(struct replay *replay, long long *number)
{
    return read_back(replay, number, sizeof *number);
}

void replay_give(struct replay *replay, long long number)
{
    write_down(replay, &number, sizeof number);
}

void replay_bytes(struct replay *replay, void *bytes, size_t size)
{
    if (!read_back(replay, bytes, (uint32_t)size))
        write_down(replay, bytes, (uint32_t)size);
}

long long replay_number(struct replay *replay, long long host)
{
    long long number;
    if (read_back(replay, &number, sizeof number))
        return number;
    write_down(replay, &host, sizeof host);
    return host;
}

bool replay_is_replaying(const struct replay *replay)
{
    return replay->file >= 0 && !replay->record;
}

void replay_entropy(struct replay *replay, void *bytes, size_t size)
{
    if (read_back(replay, bytes, (uint32_t)size))
        return;
    for (size_t done = 0; done < size;) {
        ssize_t got = getrandom((char *)bytes + done, size - done, 0);
        if (got > 0)
            done += (size_t)got;
    }
    write_down(replay, bytes, (uint32_t)size);
}
