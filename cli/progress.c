/* progress.c - see progress.h. */
#include "cli/progress.h"

#include "core/descriptor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

static const double first_drawing_seconds = 1;

double progress_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

struct progress *progress_new(int descriptor)
{
    const char *terminal = getenv("TERM");
    if (!isatty(descriptor) || (terminal && strcmp(terminal, "dumb") == 0))
        return NULL;
    struct progress *progress = progress_new_silent();
    if (!progress)
        return NULL;
    progress->descriptor = descriptor;
    progress->elsewhere = false;
    return progress;
}

struct progress *progress_new_silent(void)
{
    struct progress *progress = mmap(NULL, sizeof *progress, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (progress == MAP_FAILED)
        return NULL;
    progress->descriptor = -1;
    progress->elsewhere = true;
    progress->started = progress_seconds();
    progress->task_share = -1;
    return progress;
}

void progress_free(struct progress *progress)
{
    if (!progress)
        return;
    progress_erase(progress);
    munmap(progress, sizeof *progress);
}

bool progress_is_due(const struct progress *progress)
{
    double now = progress_seconds();
    return now - progress->started >= first_drawing_seconds && now - progress->drawn >= 0.8e-3 * PROGRESS_PERIOD_MS;
}

static int terminal_columns(const struct progress *progress)
{
    struct winsize size;
    return ioctl(progress->descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col ? size.ws_col : 80;
}

static void add_time(char *text, size_t room, double seconds)
{
    long whole = (long)(seconds + 0.5);
    if (whole >= 3600)
        snprintf(text, room, "%ld:%02ld:%02ld", whole / 3600, whole / 60 % 60, whole % 60);
    else
        snprintf(text, room, "%ld:%02ld", whole / 60, whole % 60);
}

void progress_draw(struct progress *progress, const struct progress_run *runs, int count, double seconds_left)
{
    enum { ROOM = 512 };
    char line[ROOM] = "", time[32];
    size_t used = 0;
    double now = progress_seconds(), elapsed = now - progress->started;
    uint64_t all = progress->earlier;
    for (int i = 0; i < count; i++)
        all += atomic_load(&progress->instructions[runs[i].index]);
    if (!all)
        return; /* none of them has answered yet */
    progress->drawn = now;
    if (atomic_load(&progress->inside_line) && !progress->elsewhere)
        return;
    if (progress->task)
        used += (size_t)snprintf(line, ROOM / 2, "%s: ", progress->task);
    used = used < ROOM / 2 ? used : ROOM / 2 - 1;
    add_time(time, sizeof time, elapsed);
    used += (size_t)snprintf(line + used, ROOM - used, "%s, ", time);
    if (seconds_left >= 0) {
        add_time(time, sizeof time, seconds_left);
        used += (size_t)snprintf(line + used, ROOM - used, "%s left, ", time);
    }
    used += (size_t)snprintf(line + used, ROOM - used, "%.1f M instructions/s (", 1e-6 * (double)all / elapsed);
    for (int i = 0; i < count && used < ROOM; i++) {
        uint64_t instructions = atomic_load(&progress->instructions[runs[i].index]);
        used += (size_t)snprintf(line + used, ROOM - used, "%s %.1f M%s", runs[i].isa, 1e-6 * (double)instructions,
                                 i + 1 < count ? ", " : ")");
    }
    size_t columns = (size_t)terminal_columns(progress) - 1;
    used = used < ROOM ? used : ROOM - 1;
    char output[ROOM + 16];
    int size = snprintf(output, sizeof output, "\r\033[K%.*s", (int)(used < columns ? used : columns), line);
    atomic_store(&progress->shown, 1);
    (void)descriptor_write(progress->descriptor, output, (size_t)size); /* a terminal that cannot be written to shows nothing */
}

void progress_erase(struct progress *progress)
{
    static const char erase[] = "\r\033[K";
    if (progress && atomic_exchange(&progress->shown, 0))
        (void)descriptor_write(progress->descriptor, erase, sizeof erase - 1);
}

void progress_before_output(struct progress *progress, const void *bytes, size_t size)
{
    if (!progress || progress->elsewhere || !size)
        return;
    progress_erase(progress);
    atomic_store(&progress->inside_line, ((const char *)bytes)[size - 1] != '\n');
}
