/* blob.c - sqlite3.Blob: the bytes of one cell, read and written in place (Connection.blobopen). */
#include "sim/modules/sqlite/sqlite.h"

struct sqlite_blob {
    struct object head;
    value connection;
    sqlite3_blob *handle; /* NULL: closed */
    int position;
};

#define METHOD(name)                                                                                                   \
    static value blob_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

static struct sqlite_blob *blob_of(value v)
{
    return (struct sqlite_blob *)value_object(v);
}

static void blob_trace(struct vm *vm, struct object *object)
{
    gc_mark(vm, ((struct sqlite_blob *)object)->connection);
}

static void blob_release(struct vm *vm, struct object *object)
{
    bool quiet = vm->sqlite_quiet;
    vm->sqlite_quiet = true;
    sqlite3_blob_close(((struct sqlite_blob *)object)->handle);
    vm->sqlite_quiet = quiet;
}

static bool fail(struct vm *vm, struct type *type, const char *message)
{
    raise_error(vm, type, "%s", message);
    return false;
}

static bool blob_check(struct vm *vm, value self)
{
    if (!sqlite_check(vm, blob_of(self)->connection))
        return false;
    return blob_of(self)->handle ? true : fail(vm, sql_error(vm, SQL_PROGRAMMING), "Cannot operate on a closed blob.");
}

static bool text_read(struct vm *vm, value v, const char *which, const char **out)
{
    size_t size;
    if (!has_flag(v, TYPE_STRING)) {
        raise_error(vm, &exc_TypeError, "blobopen() argument %s must be str, not %T", which, v);
        return false;
    }
    *out = string_utf8(vm, v, &size);
    if (*out && strlen(*out) != size)
        return fail(vm, &exc_ValueError, "embedded null character");
    return *out != NULL;
}

value sqlite_blob_open(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    UNUSED;
    const char *table, *column, *name = "main";
    int64_t row;
    int readonly = arguments[3] == VALUE_NULL ? 0 : value_truth(vm, arguments[3]);
    if (readonly < 0 || !text_read(vm, arguments[0], "1", &table) ||
        !text_read(vm, arguments[1], "2", &column) ||
        (is_int(arguments[2]) ? !index_clamped(vm, arguments[2], &row)
                              : !value_to_index(vm, arguments[2], &row)) ||
        (arguments[4] != VALUE_NULL && !text_read(vm, arguments[4], "'name'", &name)))
        return VALUE_NULL;
    if (row != (int)row)
        return raise_error(vm, &exc_OverflowError, "Python int too large to convert to C int");
    if (!sqlite_check(vm, self))
        return VALUE_NULL;
    struct sqlite_blob *blob = GC_NEW(vm, struct sqlite_blob, &sqlite_blob_type);
    if (!blob)
        return VALUE_NULL;
    blob->connection = self;
    sqlite3 *database = connection_of(self)->database;
    if (sqlite3_blob_open(database, name, table, column, row, !readonly, &blob->handle) == SQLITE_OK)
        return object_value(blob);
    blob->handle = NULL;
    return sqlite_raise(vm, database);
}

/* ---- bytes in and out ---- */

static value bytes_load(struct vm *vm, value self, int offset, int size)
{
    value result = bytes_from(vm, NULL, (size_t)size);
    if (result == VALUE_NULL || !size)
        return result;
    ADD_WORK(vm, characters, size);
    if (sqlite3_blob_read(blob_of(self)->handle, bytes_of(result)->data, size, offset) == SQLITE_OK)
        return result;
    return sqlite_raise(vm, connection_of(blob_of(self)->connection)->database);
}

static bool bytes_store(struct vm *vm, value self, const void *data, int64_t size, int offset)
{
    if (size > sqlite3_blob_bytes(blob_of(self)->handle) - offset)
        return fail(vm, &exc_ValueError, "data longer than blob length");
    ADD_WORK(vm, characters, size);
    if (sqlite3_blob_write(blob_of(self)->handle, data, (int)size, offset) == SQLITE_OK)
        return true;
    sqlite_raise(vm, connection_of(blob_of(self)->connection)->database);
    return false;
}

METHOD(read)
{
    UNUSED;
    int64_t size = -1;
    if ((arguments[0] != VALUE_NULL && !value_to_index(vm, arguments[0], &size)) || !blob_check(vm, self))
        return VALUE_NULL;
    struct sqlite_blob *blob = blob_of(self);
    int64_t rest = sqlite3_blob_bytes(blob->handle) - blob->position;
    if (size < 0 || size > rest)
        size = rest;
    value result = bytes_load(vm, self, blob->position, (int)size);
    if (result != VALUE_NULL)
        blob->position += (int)size;
    return result;
}

METHOD(write)
{
    UNUSED;
    struct span data;
    if (!bytes_like(vm, arguments[0], &data) || !blob_check(vm, self) ||
        !bytes_store(vm, self, data.data, (int64_t)data.length, blob_of(self)->position))
        return VALUE_NULL;
    blob_of(self)->position += (int)data.length;
    return NONE;
}

METHOD(seek)
{
    UNUSED;
    int64_t offset, origin = 0;
    if (!value_to_index(vm, arguments[0], &offset) || (arguments[1] != VALUE_NULL && !value_to_index(vm, arguments[1], &origin)))
        return VALUE_NULL;
    if (offset != (int)offset)
        return raise_error(vm, &exc_OverflowError, "Python int too large to convert to C int");
    if (!blob_check(vm, self))
        return VALUE_NULL;
    if (origin < 0 || origin > 2)
        return raise_error(vm, &exc_ValueError, "'origin' should be os.SEEK_SET, os.SEEK_CUR, or os.SEEK_END");
    int64_t length = sqlite3_blob_bytes(blob_of(self)->handle), base = origin == 0   ? 0
                                                                       : origin == 1 ? blob_of(self)->position
                                                                                     : length;
    if (base + offset > INT32_MAX)
        return raise_error(vm, &exc_OverflowError, "seek offset results in offset overflow");
    if (base + offset < 0 || base + offset > length)
        return raise_error(vm, &exc_ValueError, "offset out of blob range");
    blob_of(self)->position = (int)(base + offset);
    return NONE;
}

METHOD(tell)
{
    UNUSED;
    return blob_check(vm, self) ? small_int(blob_of(self)->position) : VALUE_NULL;
}

METHOD(close)
{
    UNUSED;
    if (!sqlite_check(vm, blob_of(self)->connection))
        return VALUE_NULL;
    sqlite3_blob_close(blob_of(self)->handle);
    blob_of(self)->handle = NULL;
    return NONE;
}

METHOD(enter)
{
    UNUSED;
    return blob_check(vm, self) ? self : VALUE_NULL;
}

METHOD(exit)
{
    return blob_check(vm, self) ? blob_close(vm, self, arguments, count, keyword_names) : VALUE_NULL;
}

/* ---- items ---- */

static int64_t blob_length(struct vm *vm, value self)
{
    return blob_check(vm, self) ? sqlite3_blob_bytes(blob_of(self)->handle) : -1;
}

static bool index_find(struct vm *vm, value self, value key, int64_t *index)
{
    if (!value_to_index(vm, key, index))
        return false;
    int64_t length = sqlite3_blob_bytes(blob_of(self)->handle);
    if (*index < 0)
        *index += length;
    return *index >= 0 && *index < length ? true : fail(vm, &exc_IndexError, "Blob index out of range");
}

/* The stretch of bytes from the first to the last item of a slice. */
struct stretch {
    int64_t start, step, count;
    int low, size;
};

static bool stretch_find(struct vm *vm, value self, value key, struct stretch *out)
{
    int64_t stop, last;
    if (!slice_indices(vm, key, sqlite3_blob_bytes(blob_of(self)->handle), &out->start, &stop, &out->step, &out->count))
        return false;
    last = out->start + (out->count - 1) * out->step;
    out->low = (int)(out->step > 0 ? out->start : last);
    out->size = out->count ? (int)(out->step > 0 ? last - out->start : out->start - last) + 1 : 0;
    return true;
}

static value blob_get_item(struct vm *vm, value self, value key)
{
    int64_t index;
    struct stretch stretch;
    if (!blob_check(vm, self))
        return VALUE_NULL;
    if (is_exact(key, &slice_type)) {
        value all = stretch_find(vm, self, key, &stretch) ? bytes_load(vm, self, stretch.low, stretch.size) : VALUE_NULL;
        if (all == VALUE_NULL || stretch.step == 1)
            return all;
        return bytes_stepped(vm, bytes_span(all), stretch.start - stretch.low, stretch.step, stretch.count);
    }
    if (!has_index(vm, key))
        return raise_error(vm, &exc_TypeError, "Blob indices must be integers");
    if (!index_find(vm, self, key, &index))
        return VALUE_NULL;
    value byte = bytes_load(vm, self, (int)index, 1);
    return byte == VALUE_NULL ? byte : small_int(bytes_of(byte)->data[0]);
}

static bool slice_store(struct vm *vm, value self, value key, value item)
{
    struct stretch stretch;
    struct span data;
    if (item == VALUE_NULL)
        return fail(vm, &exc_TypeError, "Blob doesn't support slice deletion");
    if (!stretch_find(vm, self, key, &stretch))
        return false;
    if (!stretch.count)
        return true;
    if (!bytes_like(vm, item, &data))
        return false;
    if ((int64_t)data.length != stretch.count)
        return fail(vm, &exc_IndexError, "Blob slice assignment is wrong size");
    if (stretch.step == 1)
        return bytes_store(vm, self, data.data, stretch.count, stretch.low);
    value all = bytes_load(vm, self, stretch.low, stretch.size);
    if (all == VALUE_NULL)
        return false;
    const uint8_t *from = data.data;
    for (int64_t i = 0, at = stretch.start - stretch.low; i < stretch.count; i++, at += stretch.step)
        bytes_of(all)->data[at] = from[i];
    gc_keep(item);
    return bytes_store(vm, self, bytes_of(all)->data, stretch.size, stretch.low);
}

static bool blob_set_item(struct vm *vm, value self, value key, value item)
{
    int64_t index, number;
    if (!blob_check(vm, self))
        return false;
    if (is_exact(key, &slice_type))
        return slice_store(vm, self, key, item);
    if (!has_index(vm, key))
        return fail(vm, &exc_TypeError, "Blob indices must be integers");
    if (item == VALUE_NULL)
        return fail(vm, &exc_TypeError, "Blob doesn't support item deletion");
    if (!index_find(vm, self, key, &index))
        return false;
    if (!is_int(item)) {
        raise_error(vm, &exc_TypeError, "'%T' object cannot be interpreted as an integer", item);
        return false;
    }
    if (!index_clamped(vm, item, &number))
        return false;
    if (number < 0 || number > 255)
        return fail(vm, &exc_ValueError, "byte must be in range(0, 256)");
    const uint8_t byte = (uint8_t)number;
    return bytes_store(vm, self, &byte, 1, (int)index);
}

static int blob_contains(struct vm *vm, value self, value item)
{
    (void)item;
    raise_error(vm, &exc_TypeError, "argument of type '%T' is not iterable", self);
    return -1;
}

static const struct method_definition blob_methods[] = {
    {"close", "()", blob_close, 0, NULL},          {"read", "(length=-1, /)", blob_read, 0, NULL},
    {"write", "(data, /)", blob_write, 0, NULL},   {"seek", "(offset, origin=0, /)", blob_seek, 0, NULL},
    {"tell", "()", blob_tell, 0, NULL},            {"__enter__", "()", blob_enter, 0, NULL},
    {"__exit__", "(type, val, tb, /)", blob_exit, 0, NULL}, {0}};
struct type sqlite_blob_type = {.name = "sqlite3.Blob",
                                .flags = TYPE_GETATTR_PLAIN,
                                .instance_size = sizeof(struct sqlite_blob),
                                .trace = blob_trace,
                                .release = blob_release,
                                .length = blob_length,
                                .get_item = blob_get_item,
                                .set_item = blob_set_item,
                                .contains = blob_contains,
                                .methods = blob_methods};
