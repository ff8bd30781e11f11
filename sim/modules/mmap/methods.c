/* methods.c - the methods of mmap.mmap: reading and writing at the position, searching, moving, flushing. */
#include "sim/modules/mmap/mmap.h"
#include "sim/runtime/bytes.h"
#include "sim/runtime/container.h"

#include <errno.h>
#include <sys/mman.h>

#define METHOD(name)                                                                                                   \
    static value map_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

/* ---- reading ---- */

value map_take(struct vm *vm, struct map_object *map, int64_t n)
{
    value result = bytes_from(vm, map->data + map->position, (size_t)n);
    if (result == VALUE_NULL)
        return result;
    ADD_WORK(vm, characters, n);
    map->position += n;
    return result;
}

static int64_t map_rest(const struct map_object *map)
{
    return map->position < map->size ? map->size - map->position : 0;
}

METHOD(read)
{
    UNUSED;
    struct map_object *map = map_of(self);
    int64_t n = -1;
    if (!map_check(vm, map))
        return VALUE_NULL;
    if (arguments[0] != VALUE_NULL && arguments[0] != NONE) {
        if (!has_index(vm, arguments[0]))
            return raise_error(vm, &exc_TypeError, "argument should be integer or None, not '%T'", arguments[0]);
        if (!value_to_index(vm, arguments[0], &n) || !map_check(vm, map))
            return VALUE_NULL;
    }
    int64_t rest = map_rest(map);
    return map_take(vm, map, n < 0 || n > rest ? rest : n);
}

METHOD(readline)
{
    UNUSED;
    struct map_object *map = map_of(self);
    if (!map_check(vm, map))
        return VALUE_NULL;
    int64_t rest = map_rest(map);
    if (!rest)
        return vm->empty_bytes;
    const uint8_t *start = map->data + map->position, *end = memchr(start, '\n', (size_t)rest);
    return map_take(vm, map, end ? end + 1 - start : rest);
}

METHOD(read_byte)
{
    UNUSED;
    struct map_object *map = map_of(self);
    if (!map_check(vm, map))
        return VALUE_NULL;
    if (map->position >= map->size)
        return raise_error(vm, &exc_ValueError, "read byte out of range");
    return small_int(map->data[map->position++]);
}

/* ---- writing ---- */

METHOD(write)
{
    UNUSED;
    struct map_object *map = map_of(self);
    struct span data;
    if (!map_check(vm, map) || !bytes_like(vm, arguments[0], &data) || !map_check_writable(vm, map))
        return VALUE_NULL;
    if (map->position > map->size || map->size - map->position < (int64_t)data.length)
        return raise_error(vm, &exc_ValueError, "data out of range");
    if (data.length)
        memmove(map->data + map->position, data.data, data.length);
    ADD_WORK(vm, characters, data.length);
    map->position += (int64_t)data.length;
    gc_keep(arguments[0]);
    return int_from_uint64(vm, data.length);
}

METHOD(write_byte)
{
    UNUSED;
    struct map_object *map = map_of(self);
    int64_t byte;
    if (!map_check(vm, map) || !value_to_index(vm, arguments[0], &byte))
        return VALUE_NULL;
    if (byte < 0 || byte > 255)
        return raise_error(vm, &exc_OverflowError, byte < 0 ? "unsigned byte integer is less than minimum"
                                                            : "unsigned byte integer is greater than maximum");
    if (!map_check(vm, map) || !map_check_writable(vm, map))
        return VALUE_NULL;
    if (map->position >= map->size)
        return raise_error(vm, &exc_ValueError, "write byte out of range");
    map->data[map->position++] = (uint8_t)byte;
    return NONE;
}

METHOD(move)
{
    UNUSED;
    struct map_object *map = map_of(self);
    int64_t to, from, size;
    if (!map_check(vm, map) || !value_to_index(vm, arguments[0], &to) || !value_to_index(vm, arguments[1], &from) ||
        !value_to_index(vm, arguments[2], &size) || !map_check_writable(vm, map) || !map_check(vm, map))
        return VALUE_NULL;
    if (to < 0 || from < 0 || size < 0 || map->size - to < size || map->size - from < size)
        return raise_error(vm, &exc_ValueError, "source, destination, or count out of range");
    ADD_WORK(vm, characters, size);
    memmove(map->data + to, map->data + from, (size_t)size);
    return NONE;
}

/* ---- searching ---- */

static bool bound_read(struct vm *vm, value v, int64_t *bound, int64_t size)
{
    if (v != VALUE_NULL && !value_to_index(vm, v, bound))
        return false;
    if (*bound < 0)
        *bound += size;
    if (*bound < 0)
        *bound = 0;
    if (*bound > size)
        *bound = size;
    return true;
}

/* The last place of `what` in data; -1: nowhere. */
static int64_t search_back(const uint8_t *data, int64_t size, struct span what)
{
    const uint8_t *wanted = what.data;
    for (int64_t at = size - (int64_t)what.length; at >= 0; at--) {
        if (!what.length)
            return at;
        const uint8_t *found = memrchr(data, wanted[0], (size_t)at + 1);
        if (!found)
            return -1;
        at = found - data;
        if (!memcmp(found, wanted, what.length))
            return at;
    }
    return -1;
}

static value map_search(struct vm *vm, value self, const value *arguments, bool backwards)
{
    const struct map_object *map = map_of(self);
    int64_t start = map->position, end = map->size;
    struct span what;
    if (!map_check(vm, map) || !bytes_like(vm, arguments[0], &what) || !bound_read(vm, arguments[1], &start, map->size) ||
        !bound_read(vm, arguments[2], &end, map->size) || !map_check(vm, map) || !bytes_like(vm, arguments[0], &what))
        return VALUE_NULL;
    int64_t size = end - start, at = -1;
    const uint8_t *data = map->data + start;
    if (size < (int64_t)what.length)
        return small_int(-1);
    ADD_WORK(vm, characters, size);
    if (backwards) {
        at = search_back(data, size, what);
    } else {
        const uint8_t *found = what.length ? memmem(data, (size_t)size, what.data, what.length) : data;
        at = found ? found - data : -1;
    }
    gc_keep(arguments[0]);
    return int_from_int64(vm, at < 0 ? -1 : start + at);
}

METHOD(find)
{
    UNUSED;
    return map_search(vm, self, arguments, false);
}

METHOD(rfind)
{
    UNUSED;
    return map_search(vm, self, arguments, true);
}

/* ---- the position, the pages ---- */

METHOD(seek)
{
    UNUSED;
    struct map_object *map = map_of(self);
    int64_t distance, how = 0, where;
    if (!map_check(vm, map) || !value_to_index(vm, arguments[0], &distance) ||
        (arguments[1] != VALUE_NULL && !value_to_index(vm, arguments[1], &how)) || !map_check(vm, map))
        return VALUE_NULL;
    if (how < 0 || how > 2)
        return raise_error(vm, &exc_ValueError, "unknown seek type");
    int64_t base = how == 0 ? 0 : how == 1 ? map->position : map->size;
    if (__builtin_add_overflow(base, distance, &where) || where < 0 || where > map->size)
        return raise_error(vm, &exc_ValueError, "seek out of range");
    map->position = where;
    return NONE;
}

METHOD(tell)
{
    UNUSED;
    return map_check(vm, map_of(self)) ? int_from_int64(vm, map_of(self)->position) : VALUE_NULL;
}

METHOD(flush)
{
    UNUSED;
    struct map_object *map = map_of(self);
    int64_t offset = 0, size = map->size;
    if (!map_check(vm, map) || (arguments[0] != VALUE_NULL && !value_to_index(vm, arguments[0], &offset)) ||
        (arguments[1] != VALUE_NULL && !value_to_index(vm, arguments[1], &size)) || !map_check(vm, map))
        return VALUE_NULL;
    if (offset < 0 || size < 0 || map->size - offset < size)
        return raise_error(vm, &exc_ValueError, "flush values out of range");
    if (map->access == ACCESS_READ || map->access == ACCESS_COPY)
        return NONE;
    return msync(map->data + offset, (size_t)size, MS_SYNC) ? raise_os_error(vm, errno, VALUE_NULL) : NONE;
}

METHOD(madvise)
{
    UNUSED;
    struct map_object *map = map_of(self);
    int64_t option, start = 0, size = map->size;
    if (!map_check(vm, map) || !value_to_index(vm, arguments[0], &option) ||
        (arguments[1] != VALUE_NULL && !value_to_index(vm, arguments[1], &start)) ||
        (arguments[2] != VALUE_NULL && !value_to_index(vm, arguments[2], &size)) || !map_check(vm, map))
        return VALUE_NULL;
    if (start < 0 || start >= map->size)
        return raise_error(vm, &exc_ValueError, "madvise start out of bounds");
    if (size < 0)
        return raise_error(vm, &exc_ValueError, "madvise length invalid");
    if (INT64_MAX - start < size)
        return raise_error(vm, &exc_OverflowError, "madvise length too large");
    if (start + size > map->size)
        size = map->size - start;
    return madvise(map->data + start, (size_t)size, (int)option) ? raise_os_error(vm, errno, VALUE_NULL) : NONE;
}

METHOD(enter)
{
    UNUSED;
    return map_check(vm, map_of(self)) ? self : VALUE_NULL;
}

METHOD(exit)
{
    return map_close(vm, self, arguments, count, keyword_names);
}

const struct method_definition map_methods[] = {
    {"close", "()", map_close, 0, NULL},
    {"find", "(sub, start=0, end=0, /)", map_find, 0, NULL},
    {"rfind", "(sub, start=0, end=0, /)", map_rfind, 0, NULL},
    {"flush", "(offset=0, size=0, /)", map_flush, 0, NULL},
    {"madvise", "(option, start=0, length=0, /)", map_madvise, 0, NULL},
    {"move", "(dest, src, count, /)", map_move, 0, NULL},
    {"read", "(n=None, /)", map_read, 0, NULL},
    {"read_byte", "()", map_read_byte, 0, NULL},
    {"readline", "()", map_readline, 0, NULL},
    {"resize", "(newsize, /)", map_resize, 0, NULL},
    {"seek", "(pos, whence=0, /)", map_seek, 0, NULL},
    {"size", "()", map_size, 0, NULL},
    {"tell", "()", map_tell, 0, NULL},
    {"write", "(data, /)", map_write, 0, NULL},
    {"write_byte", "(byte, /)", map_write_byte, 0, NULL},
    {"__enter__", "()", map_enter, 0, NULL},
    {"__exit__", "(*args)", map_exit, 0, NULL},
    {0},
};
