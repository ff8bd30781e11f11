/* buffer.h - a growable byte string. Never fails (aborts when the host has no memory). Always has a zero byte after its
 * contents once anything was added. */
#ifndef HYBRIDSIM_CORE_BUFFER_H
#define HYBRIDSIM_CORE_BUFFER_H

#include <stddef.h>
#include <stdint.h>

struct buffer {
    char *bytes;
    size_t size, capacity;
};

void buffer_free(struct buffer *buffer);
void buffer_add(struct buffer *buffer, const void *bytes, size_t size);
void buffer_add_byte(struct buffer *buffer, uint8_t byte);
void buffer_add_text(struct buffer *buffer, const char *text);
void buffer_printf(struct buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
