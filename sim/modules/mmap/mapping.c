/* mapping.c - the type mmap.mmap: construction, items and slices, the buffer it lends, its end. What a mapping shares with a file
 * counts as writing to it (sandbox.h). */
#include "sim/modules/mmap/mmap.h"
#include "sim/modules/io/io.h"
#include "sim/modules/sandbox.h"
#include "sim/runtime/attribute.h"
#include "sim/runtime/buffer.h"
#include "sim/runtime/bytes.h"
#include "sim/runtime/container.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

bool map_check(struct vm *vm, const struct map_object *map)
{
    if (map->data)
        return true;
    raise_error(vm, &exc_ValueError, "mmap closed or invalid");
    return false;
}

bool map_check_writable(struct vm *vm, const struct map_object *map)
{
    if (map->access != ACCESS_READ)
        return true;
    raise_error(vm, &exc_TypeError, "mmap can't modify a readonly memory map.");
    return false;
}

static bool fail(struct vm *vm, struct type *type, const char *message)
{
    raise_error(vm, type, "%s", message);
    return false;
}

/* ---- construction ---- */

struct map_request {
    int64_t descriptor, length, flags, protection, access, offset;
};

static bool request_read(struct vm *vm, const value *arguments, size_t count, value keyword_names, struct map_request *request)
{
    static const char *const names[] = {"fileno", "length", "flags", "prot", "access", "offset", NULL};
    static const struct argument_names expected = {"mmap", names, 0, 6};
    value given[6];
    int64_t *const fields[] = {&request->descriptor, &request->length, &request->flags,
                               &request->protection, &request->access, &request->offset};
    if (count + keyword_count(keyword_names) > 6) {
        raise_error(vm, &exc_TypeError, "function takes at most 6 arguments (%zu given)", count + keyword_count(keyword_names));
        return false;
    }
    if (!arguments_bind(vm, &expected, arguments, count, keyword_names, given))
        return false;
    for (int i = 0; i < 2; i++)
        if (given[i] == VALUE_NULL) {
            raise_error(vm, &exc_TypeError, "function missing required argument '%s' (pos %d)", names[i], i + 1);
            return false;
        }
    for (int i = 0; i < 6; i++)
        if (given[i] != VALUE_NULL && !value_to_index(vm, given[i], fields[i]))
            return false;
    return true;
}

static bool request_check(struct vm *vm, struct map_request *request)
{
    const int64_t both = PROT_READ | PROT_WRITE;
    if (request->length < 0)
        return fail(vm, &exc_OverflowError, "memory mapped length must be positive");
    if (request->offset < 0)
        return fail(vm, &exc_OverflowError, "memory mapped offset must be positive");
    if (request->access != ACCESS_DEFAULT && (request->flags != MAP_SHARED || request->protection != both))
        return fail(vm, &exc_ValueError, "mmap can't specify both access and flags, prot.");
    switch (request->access) {
    case ACCESS_READ:
        request->protection = PROT_READ;
        return true;
    case ACCESS_WRITE:
        return true;
    case ACCESS_COPY:
        request->flags = MAP_PRIVATE;
        return true;
    case ACCESS_DEFAULT:
        if ((request->protection & both) != both)
            request->access = request->protection & PROT_WRITE ? ACCESS_WRITE : ACCESS_READ;
        return true;
    }
    return fail(vm, &exc_ValueError, "mmap invalid access parameter.");
}

/* Brings the length into what a regular file has. */
static bool request_fit(struct vm *vm, struct map_request *request)
{
    struct stat status;
    if (request->descriptor == -1 || fstat((int)request->descriptor, &status) != 0 || !S_ISREG(status.st_mode))
        return true;
    if (request->length)
        return request->offset <= status.st_size && status.st_size - request->offset >= request->length
                   ? true : fail(vm, &exc_ValueError, "mmap length is greater than file size");
    if (status.st_size == 0)
        return fail(vm, &exc_ValueError, "cannot mmap an empty file");
    if (request->offset >= status.st_size)
        return fail(vm, &exc_ValueError, "mmap offset is greater than file size");
    request->length = status.st_size - request->offset;
    return true;
}

static bool map_start(struct vm *vm, struct map_object *map, const struct map_request *request)
{
    int flags = (int)request->flags;
    if (request->descriptor == -1) {
        flags |= MAP_ANONYMOUS;
    } else {
        if ((flags & MAP_SHARED) && (request->protection & PROT_WRITE) &&
            !sandbox_may_change_open(vm, (int)request->descriptor, CHANGE_CONTENTS))
            return false;
        map->descriptor = fcntl((int)request->descriptor, F_DUPFD_CLOEXEC, 0);
        if (map->descriptor < 0) {
            raise_os_error(vm, errno, VALUE_NULL);
            return false;
        }
    }
    void *data = mmap(NULL, (size_t)request->length, (int)request->protection, flags, map->descriptor, (off_t)request->offset);
    if (data == MAP_FAILED) {
        raise_os_error(vm, errno, VALUE_NULL);
        return false;
    }
    map->data = map->mapped = data;
    return true;
}

static value map_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    struct map_request request = {.flags = MAP_SHARED, .protection = PROT_READ | PROT_WRITE};
    if (!request_read(vm, arguments, count, keyword_names, &request) || !request_check(vm, &request) || !io_flush_pending(vm) ||
        !request_fit(vm, &request))
        return VALUE_NULL;
    struct map_object *map = instance_allocate(vm, type, sizeof *map);
    if (!map)
        return VALUE_NULL;
    map->descriptor = -1;
    map->size = request.length;
    map->offset = request.offset;
    map->access = (enum map_access)request.access;
    return map_start(vm, map, &request) ? object_value(map) : VALUE_NULL;
}

/* ---- its end ---- */

static void map_release(struct vm *vm, struct object *object)
{
    (void)vm;
    struct map_object *map = (struct map_object *)object;
    if (map->mapped)
        munmap(map->mapped, (size_t)map->size);
    if (map->mapped && map->descriptor >= 0)
        close(map->descriptor);
}

value map_close(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    struct map_object *map = map_of(self);
    if (!map->data)
        return NONE;
    bool lent = map->exports != 0;
    if (lent && !buffer_may_move(vm, &map->exports))
        return raise_error(vm, &exc_BufferError, "cannot close exported pointers exist");
    map->data = NULL;
    if (lent)
        return NONE; /* until the collector is sure: buffer_may_move */
    map_release(vm, &map->head);
    map->mapped = NULL;
    map->descriptor = -1;
    return NONE;
}

/* A mapping of another size of the same memory; NULL: errno says why. */
static uint8_t *map_again(const struct map_object *map, size_t size, bool keep_old)
{
    void *data;
    if (!keep_old) {
        data = mremap(map->mapped, (size_t)map->size, size, MREMAP_MAYMOVE);
    } else {
        int flags = map->descriptor < 0 ? MAP_SHARED | MAP_ANONYMOUS : MAP_SHARED;
        data = mmap(NULL, size, PROT_READ | PROT_WRITE, flags, map->descriptor, (off_t)map->offset);
        if (data != MAP_FAILED && map->descriptor < 0)
            memcpy(data, map->data, size < (size_t)map->size ? size : (size_t)map->size);
    }
    return data == MAP_FAILED ? NULL : data;
}

value map_resize(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)count, (void)keyword_names;
    struct map_object *map = map_of(self);
    int64_t size;
    if (!map_check(vm, map) || !value_to_index(vm, arguments[0], &size))
        return VALUE_NULL;
    bool lent = map->exports != 0;
    if (lent && !buffer_may_move(vm, &map->exports))
        return raise_error(vm, &exc_BufferError, "mmap can't resize with extant buffers exported.");
    if (map->access != ACCESS_WRITE && map->access != ACCESS_DEFAULT)
        return raise_error(vm, &exc_TypeError, "mmap can't resize a readonly or copy-on-write memory map.");
    if (size < 0 || INT64_MAX - size < map->offset)
        return raise_error(vm, &exc_ValueError, "new size out of range");
    if (map->descriptor >= 0 && (!sandbox_may_change_open(vm, map->descriptor, CHANGE_CONTENTS) ||
                                 ftruncate(map->descriptor, (off_t)(map->offset + size)) != 0))
        return vm->pending != VALUE_NULL ? VALUE_NULL : raise_os_error(vm, errno, VALUE_NULL);
    uint8_t *data = map_again(map, (size_t)size, lent);
    if (!data)
        return raise_os_error(vm, errno, VALUE_NULL);
    map->data = map->mapped = data;
    map->size = size;
    return NONE;
}

value map_size(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    const struct map_object *map = map_of(self);
    struct stat status;
    if (!map_check(vm, map) || !io_flush_pending(vm)) /* anonymous memory has no descriptor to ask */
        return VALUE_NULL;
    return fstat(map->descriptor, &status) ? raise_os_error(vm, errno, VALUE_NULL) : int_from_int64(vm, status.st_size);
}

/* ---- items ---- */

static int64_t map_length(struct vm *vm, value v)
{
    return map_check(vm, map_of(v)) ? map_of(v)->size : -1;
}

static bool index_find(struct vm *vm, value v, value key, int64_t *index)
{
    if (!value_to_index(vm, key, index) || !map_check(vm, map_of(v)))
        return false;
    if (*index < 0)
        *index += map_of(v)->size;
    return *index >= 0 && *index < map_of(v)->size ? true : fail(vm, &exc_IndexError, "mmap index out of range");
}

static bool slice_find(struct vm *vm, value v, value key, int64_t bounds[3], int64_t *count)
{
    if (!slice_unpack(vm, key, &bounds[0], &bounds[1], &bounds[2]))
        return false;
    *count = slice_adjust(map_of(v)->size, &bounds[0], &bounds[1], bounds[2]);
    return map_check(vm, map_of(v));
}

static value map_get_item(struct vm *vm, value v, value key)
{
    int64_t index, count, bounds[3];
    if (!map_check(vm, map_of(v)))
        return VALUE_NULL;
    if (is_exact(key, &slice_type)) {
        if (!slice_find(vm, v, key, bounds, &count))
            return VALUE_NULL;
        ADD_WORK(vm, characters, count);
        return bytes_stepped(vm, (struct span){map_of(v)->data, (size_t)map_of(v)->size, 1}, bounds[0], bounds[2], count);
    }
    if (!has_index(vm, key))
        return raise_error(vm, &exc_TypeError, "mmap indices must be integers");
    return index_find(vm, v, key, &index) ? small_int(map_of(v)->data[index]) : VALUE_NULL;
}

static bool slice_set(struct vm *vm, value v, value key, value item)
{
    int64_t count, bounds[3];
    struct span data;
    if (!slice_find(vm, v, key, bounds, &count))
        return false;
    if (item == VALUE_NULL)
        return fail(vm, &exc_TypeError, "mmap object doesn't support slice deletion");
    if (!bytes_like(vm, item, &data))
        return false;
    if ((int64_t)data.length != count)
        return fail(vm, &exc_IndexError, "mmap slice assignment is wrong size");
    if (!map_check(vm, map_of(v)))
        return false;
    ADD_WORK(vm, characters, count);
    uint8_t *to = map_of(v)->data;
    const uint8_t *from = data.data;
    if (bounds[2] == 1 && count)
        memmove(to + bounds[0], from, (size_t)count);
    else
        for (int64_t i = 0, at = bounds[0]; i < count; i++, at += bounds[2])
            to[at] = from[i];
    gc_keep(item);
    return true;
}

static bool map_set_item(struct vm *vm, value v, value key, value item)
{
    int64_t index, byte;
    if (!map_check(vm, map_of(v)) || !map_check_writable(vm, map_of(v)))
        return false;
    if (is_exact(key, &slice_type))
        return slice_set(vm, v, key, item);
    if (!has_index(vm, key))
        return fail(vm, &exc_TypeError, "mmap indices must be integers");
    if (!index_find(vm, v, key, &index))
        return false;
    if (item == VALUE_NULL)
        return fail(vm, &exc_TypeError, "mmap doesn't support item deletion");
    if (!has_index(vm, item))
        return fail(vm, &exc_TypeError, "mmap item value must be an int");
    if (!value_to_index(vm, item, &byte))
        return false;
    if (byte < 0 || byte > 255)
        return fail(vm, &exc_ValueError, "mmap item value must be in range(0, 256)");
    if (!map_check(vm, map_of(v)))
        return false;
    map_of(v)->data[index] = (uint8_t)byte;
    return true;
}

/* Iterating gives bytes of length one, unlike indexing. */
struct map_iterator {
    struct object head;
    value map; /* VALUE_NULL: exhausted */
    int64_t index;
};

static void iterator_trace(struct vm *vm, struct object *object)
{
    gc_mark(vm, ((struct map_iterator *)object)->map);
}

static value iterator_next_byte(struct vm *vm, value v)
{
    struct map_iterator *iterator = (struct map_iterator *)value_object(v);
    if (iterator->map == VALUE_NULL)
        return VALUE_NULL;
    const struct map_object *map = map_of(iterator->map);
    if (!map_check(vm, map))
        return VALUE_NULL;
    if (iterator->index < map->size)
        return bytes_from(vm, map->data + iterator->index++, 1);
    iterator->map = VALUE_NULL;
    return VALUE_NULL;
}

static value itself(struct vm *vm, value v)
{
    (void)vm;
    return v;
}

static struct type map_iterator_type = {.name = "iterator",
                                        .instance_size = sizeof(struct map_iterator),
                                        .trace = iterator_trace,
                                        .iter = itself,
                                        .next = iterator_next_byte};

static value map_iter(struct vm *vm, value v)
{
    struct map_iterator *iterator = GC_NEW(vm, struct map_iterator, &map_iterator_type);
    if (!iterator)
        return VALUE_NULL;
    iterator->map = v;
    return object_value(iterator);
}

/* ---- what it lends, how it looks ---- */

static bool map_export(struct vm *vm, value v, struct item_buffer *out)
{
    struct map_object *map = map_of(v);
    if (!map_check(vm, map))
        return false;
    *out = (struct item_buffer){.exporter = v, .data = map->data, .length = map->size, .item_size = 1, .format = "B",
                                .readonly = map->access == ACCESS_READ, .dimensions = 1, .exports = &map->exports};
    return true;
}

static bool map_buffer(struct vm *vm, value v, const uint8_t **data, size_t *size)
{
    if (!map_check(vm, map_of(v)))
        return false;
    *data = map_of(v)->data;
    *size = (size_t)map_of(v)->size;
    return true;
}

static value map_repr(struct vm *vm, value v)
{
    static const char *const accesses[] = {"ACCESS_DEFAULT", "ACCESS_READ", "ACCESS_WRITE", "ACCESS_COPY"};
    const struct map_object *map = map_of(v);
    if (!map->data)
        return string_printf(vm, "<%s closed=True>", value_type(vm, v)->name);
    return string_printf(vm, "<%s closed=False, access=%s, length=%ld, pos=%ld, offset=%ld>", value_type(vm, v)->name,
                         accesses[map->access], (long)map->size, (long)map->position, (long)map->offset);
}

static value get_closed(struct vm *vm, value self)
{
    (void)vm;
    return bool_value(!map_of(self)->data);
}

static const struct property_definition map_properties[] = {{"closed", get_closed, NULL}, {0}};
static struct type map_type = {.name = "mmap.mmap",
                               .flags = TYPE_SUBCLASSABLE | TYPE_MAKES_SUBCLASSES | TYPE_GETATTR_PLAIN | TYPE_NO_KEYWORDS,
                               .instance_size = sizeof(struct map_object),
                               .methods = map_methods,
                               .properties = map_properties,
                               .release = map_release,
                               .new = map_new,
                               .repr = map_repr,
                               .iter = map_iter,
                               .length = map_length,
                               .get_item = map_get_item,
                               .set_item = map_set_item,
                               .buffer = map_buffer,
                               .export_buffer = map_export};

#define C(name) {#name, name}
static const struct integer_constant constants[] = {
    C(ACCESS_DEFAULT), C(ACCESS_READ), C(ACCESS_WRITE), C(ACCESS_COPY), C(MADV_DODUMP), C(MADV_DOFORK), C(MADV_DONTDUMP),
    C(MADV_DONTFORK), C(MADV_DONTNEED), C(MADV_FREE), C(MADV_HUGEPAGE), C(MADV_HWPOISON), C(MADV_MERGEABLE), C(MADV_NOHUGEPAGE),
    C(MADV_NORMAL), C(MADV_RANDOM), C(MADV_REMOVE), C(MADV_SEQUENTIAL), C(MADV_UNMERGEABLE), C(MADV_WILLNEED), C(MAP_ANON),
    C(MAP_ANONYMOUS), C(MAP_DENYWRITE), C(MAP_EXECUTABLE), C(MAP_POPULATE), C(MAP_PRIVATE), C(MAP_SHARED), C(MAP_STACK),
    C(PROT_EXEC), C(PROT_READ), C(PROT_WRITE), {0}};
#undef C

static bool mmap_initialize(struct vm *vm, value module)
{
    struct dict_object *dict = support_dict(module);
    value page = small_int(sysconf(_SC_PAGESIZE));
    type_ready(vm, &map_type);
    type_ready(vm, &map_iterator_type);
    return support_add_constants(vm, module, constants) && dict_set_text(vm, dict, "PAGESIZE", page) &&
           dict_set_text(vm, dict, "ALLOCATIONGRANULARITY", page) &&
           dict_set_text(vm, dict, "error", object_value(&exc_OSError)) &&
           dict_set_text(vm, dict, "mmap", type_object_value(&map_type));
}

static const struct method_definition functions[] = {{0}};
const struct native_module mmap_module = {"mmap", mmap_initialize, functions};
