/* arena.h - memory that is freed as a whole. Allocation never fails (it aborts when the host has no memory). */
#ifndef HYBRIDSIM_CORE_ARENA_H
#define HYBRIDSIM_CORE_ARENA_H

#include <stddef.h>

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *arena);

/* size bytes, zeroed, aligned for any type. */
void *arena_alloc(struct arena *arena, size_t size);

/* The same, with whatever was there before: for what is written before it is read. */
void *arena_room(struct arena *arena, size_t size);

/* A copy of size bytes, with a zero byte after them. */
void *arena_copy(struct arena *arena, const void *bytes, size_t size);

/* Takes over what malloc gave: it is freed with the arena. */
void arena_adopt(struct arena *arena, void *block);

/* A formatted string. */
char *arena_printf(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));

#define ARENA_ARRAY(arena, type, count) ((type *)arena_alloc((arena), sizeof(type) * (size_t)(count)))
#define ARENA_ROOM(arena, type, count) ((type *)arena_room((arena), sizeof(type) * (size_t)(count)))
#define ARENA_NEW(arena, type) ARENA_ARRAY(arena, type, 1)

#endif
