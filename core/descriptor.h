/* descriptor.h - file descriptors: all of some bytes, not only as much as the kernel takes at once. */
#ifndef HYBRIDSIM_CORE_DESCRIPTOR_H
#define HYBRIDSIM_CORE_DESCRIPTOR_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <unistd.h>

/* Writes all `size` bytes, signals or not. False: errno says why; some of them may be written. */
static inline bool descriptor_write(int descriptor, const void *bytes, size_t size)
{
    const char *next = bytes;
    while (size) {
        ssize_t written = write(descriptor, next, size);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return false;
        next += written;
        size -= (size_t)written;
    }
    return true;
}

#endif
