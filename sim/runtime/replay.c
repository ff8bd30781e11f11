/* replay.c - see replay.h: a file of readings in order, each with its size before it. */
#include "sim/runtime/replay.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

struct replay {
    FILE *file;
    bool record;
};

struct replay *replay_open(const char *path, bool record)
{
    struct replay *replay = calloc(1, sizeof *replay);
    if (!replay)
        abort();
    replay->record = record;
    if (path && !(replay->file = fopen(path, record ? "wb" : "rb"))) {
        free(replay);
        return NULL;
    }
    return replay;
}

void replay_close(struct replay *replay)
{
    if (!replay)
        return;
    if (replay->file)
        fclose(replay->file);
    free(replay);
}

static bool read_back(struct replay *replay, void *bytes, uint32_t size)
{
    uint32_t stored;
    return replay->file && !replay->record && fread(&stored, sizeof stored, 1, replay->file) == 1 && stored == size &&
           fread(bytes, 1, size, replay->file) == size;
}

static void write_down(struct replay *replay, const void *bytes, uint32_t size)
{
    if (!replay->file || !replay->record)
        return;
    fwrite(&size, sizeof size, 1, replay->file);
    fwrite(bytes, 1, size, replay->file);
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
    return replay->file && !replay->record;
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
