/* raw.c - FileIO: a file descriptor as a Python object, without buffering. */
#include "sim/modules/io/file.h"
#include "sim/modules/sandbox.h"
#include "sim/runtime/audit.h"
#include "sim/runtime/thread.h"
#include "sim/runtime/warning.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

static void raw_release(struct vm *vm, struct object *object)
{
    (void)vm;
    struct raw_state *raw = (struct raw_state *)object;
    if (raw->descriptor >= 0 && raw->closes)
        close(raw->descriptor);
    raw->descriptor = -1;
}

static struct type raw_state_type = {
    .name = "_io.file_state", .instance_size = sizeof(struct raw_state), .release = raw_release};

static bool check_open(struct vm *vm, const struct raw_state *raw)
{
    if (!raw || raw->descriptor < 0)
        raise_error(vm, &exc_ValueError, "I/O operation on closed file");
    return raw && raw->descriptor >= 0;
}

static bool check_readable(struct vm *vm, const struct raw_state *raw)
{
    if (!check_open(vm, raw))
        return false;
    if (!raw->readable)
        io_raise_unsupported(vm, "File not open for reading");
    return raw->readable;
}

static bool check_writable(struct vm *vm, const struct raw_state *raw)
{
    if (!check_open(vm, raw))
        return false;
    if (!raw->writable)
        io_raise_unsupported(vm, "File not open for writing");
    return raw->writable;
}

/* ---- opening ---- */

static bool parse_mode(struct vm *vm, const char *mode, struct raw_state *raw, int *flags)
{
    int kinds = 0, plus = 0;
    *flags = O_CLOEXEC;
    for (const char *p = mode; *p; p++) {
        switch (*p) {
        case 'x':
            raw->created = raw->writable = true;
            *flags |= O_EXCL | O_CREAT;
            kinds++;
            break;
        case 'r':
            raw->readable = true;
            kinds++;
            break;
        case 'w':
            raw->writable = true;
            *flags |= O_CREAT | O_TRUNC;
            kinds++;
            break;
        case 'a':
            raw->writable = raw->appending = true;
            *flags |= O_APPEND | O_CREAT;
            kinds++;
            break;
        case 'b':
            break;
        case '+':
            plus++;
            break;
        default:
            raise_error(vm, &exc_ValueError, "invalid mode: %s", mode);
            return false;
        }
    }
    if (kinds != 1 || plus > 1) {
        raise_error(vm, &exc_ValueError, "Must have exactly one of create/read/write/append mode and at most one plus");
        return false;
    }
    if (plus)
        raw->readable = raw->writable = true;
    *flags |= raw->readable && raw->writable ? O_RDWR : raw->readable ? O_RDONLY : O_WRONLY;
    return true;
}

/* The descriptor that opener(path, flags) answers; -1: error. */
static int call_opener(struct vm *vm, value path, int flags, value opener)
{
    value result = call_2(vm, opener, path, small_int(flags));
    int64_t descriptor;
    if (result == VALUE_NULL)
        return -1;
    if (!is_int(result)) {
        raise_error(vm, &exc_TypeError, "expected integer from opener");
        return -1;
    }
    if (!value_to_int64(vm, result, &descriptor))
        return -1;
    if (descriptor < 0) {
        raise_error(vm, &exc_ValueError, "opener returned %ld", (long)descriptor);
        return -1;
    }
    return (int)descriptor;
}

static int open_named(struct vm *vm, value path, int flags, value opener)
{
    const char *text = path_text(vm, path);
    if (!text)
        return -1;
    if (opener != VALUE_NULL && opener != NONE)
        return call_opener(vm, path, flags, opener);
    int descriptor = sandbox_open(vm, AT_FDCWD, text, flags, 0666, path);
    if (descriptor >= 0 || !exception_matches(vm, &exc_OSError) || errno != EMFILE)
        return descriptor;
    exception_clear(vm); /* files that were dropped without close() hold the descriptors */
    gc_collect(vm);
    gc_run_pending(vm);
    return sandbox_open(vm, AT_FDCWD, text, flags, 0666, path);
}

/* The file is no folder; one that is appended to starts at its end. */
static bool check_opened(struct vm *vm, struct raw_state *raw, value shown)
{
    struct stat status;
    int error = fstat(raw->descriptor, &status) == 0 ? (S_ISDIR(status.st_mode) ? EISDIR : 0) : errno == EBADF ? EBADF : 0;
    if (error) {
        raise_os_error(vm, error, shown);
        return false;
    }
    if (raw->appending && lseek(raw->descriptor, 0, SEEK_END) < 0 && errno != ESPIPE) {
        raise_os_error(vm, errno, VALUE_NULL);
        return false;
    }
    return true;
}

/* As FileIO shows its mode in audit events: the kind and "+" without "b". */
static value audit_mode(struct vm *vm, const char *mode)
{
    char kind[4] = {0};
    for (size_t i = 0; *mode && i < 3; mode++)
        if (*mode != 'b' && *mode != 't')
            kind[i++] = *mode;
    return audit_wanted(vm) ? string_from_text(vm, kind) : NONE;
}

static bool initialize(struct vm *vm, value self, value file, const char *mode, bool closes, value opener)
{
    type_ready(vm, &raw_state_type);
    struct raw_state *old = raw_of(self), *raw = GC_NEW(vm, struct raw_state, &raw_state_type);
    int flags;
    if (!raw)
        return false;
    raw->descriptor = raw->seekable = -1;
    if (old && old->descriptor >= 0) { /* __init__ called again */
        if (old->closes) {
            close(old->descriptor);
            vm->open_files--;
        }
        old->descriptor = -1;
    }
    if (!parse_mode(vm, mode, raw, &flags))
        return false;
    int64_t given = -1;
    bool by_descriptor = is_int(file);
    if (by_descriptor && !value_to_int64(vm, file, &given))
        return false;
    if (by_descriptor && given < 0) {
        raise_error(vm, &exc_ValueError, "negative file descriptor");
        return false;
    }
    if (!by_descriptor && !closes) {
        raise_error(vm, &exc_ValueError, "Cannot use closefd=False with file name");
        return false;
    }
    if (by_descriptor && given > INT32_MAX) {
        raise_error(vm, &exc_OverflowError, "Python int too large to convert to C int");
        return false;
    }
    if (!AUDIT(vm, "open", file, audit_mode(vm, mode), small_int(flags)))
        return false;
    int descriptor = by_descriptor ? (int)given : open_named(vm, file, flags, opener);
    if (descriptor < 0)
        return false;
    raw->descriptor = descriptor;
    raw->closes = closes && !by_descriptor; /* a descriptor that was given stays open when this fails */
    io_set_native(self, raw);
    if (!check_opened(vm, raw, file)) {
        if (raw->closes)
            close(descriptor);
        raw->descriptor = -1;
        return false;
    }
    raw->closes = closes;
    vm->open_files += closes;
    return set_attribute(vm, self, intern_text(vm, "name"), file);
}

static IO_FUNCTION(raw_init)
{
    IO_UNUSED;
    size_t size = 1;
    const char *mode = "r";
    if (is_float(arguments[0]))
        return raise_error(vm, &exc_TypeError, "integer argument expected, got float");
    if (arguments[1] != VALUE_NULL && !is_string(arguments[1]))
        return raise_error(vm, &exc_TypeError, "FileIO() argument 'mode' must be str, not %T", arguments[1]);
    if (arguments[1] != VALUE_NULL && !(mode = string_utf8(vm, arguments[1], &size)))
        return VALUE_NULL;
    if (strlen(mode) != size)
        return raise_error(vm, &exc_ValueError, "embedded null character");
    int closes = arguments[2] == VALUE_NULL ? 1 : value_truth(vm, arguments[2]);
    return closes >= 0 && initialize(vm, self, arguments[0], mode, closes, arguments[3]) ? NONE : VALUE_NULL;
}

value raw_open(struct vm *vm, value path, const char *mode, bool closes, value opener)
{
    value self = io_new(vm, IO_FILE);
    return self != VALUE_NULL && initialize(vm, self, path, mode, closes, opener) ? self : VALUE_NULL;
}

/* ---- reading and writing ---- */

int64_t raw_read_into(struct vm *vm, struct raw_state *raw, void *data, size_t size)
{
    if (!check_readable(vm, raw) || !sandbox_wait_ready(vm, raw->descriptor, POLLIN))
        return -1;
    for (;;) {
        if (io_interrupted(vm))
            return -1;
        ssize_t got = read(raw->descriptor, data, size);
        if (got >= 0) {
            ADD_WORK(vm, characters, got);
            return got;
        }
        if (errno == EAGAIN || errno == EWOULDBLOCK)
            return -2;
        if (errno != EINTR) {
            raise_os_error(vm, errno, VALUE_NULL);
            return -1;
        }
    }
}

int64_t raw_write_from(struct vm *vm, struct raw_state *raw, const void *data, size_t size)
{
    if (!check_writable(vm, raw) || io_interrupted(vm))
        return -1;
    int64_t put = sandbox_write(vm, raw->descriptor, data, size);
    if (put >= 0)
        ADD_WORK(vm, characters, put);
    else if (put == -1 && (errno == EAGAIN || errno == EWOULDBLOCK))
        return -2;
    else if (put == -1)
        raise_os_error(vm, errno, VALUE_NULL);
    return put < 0 ? -1 : put;
}

static IO_FUNCTION(raw_readall)
{
    IO_UNUSED;
    struct raw_state *raw = raw_of(self);
    struct stat status;
    if (!check_open(vm, raw))
        return VALUE_NULL;
    size_t room = IO_BUFFER_SIZE, size = 0;
    off_t at = lseek(raw->descriptor, 0, SEEK_CUR);
    if (at >= 0 && fstat(raw->descriptor, &status) == 0 && status.st_size > at)
        room = (size_t)(status.st_size - at) + 1;
    value all = bytearray_from(vm, NULL, room);
    while (all != VALUE_NULL) {
        struct bytearray_object *array = bytearray_of(all);
        if (size == array->length && !bytearray_resize(vm, array, size + (size < 65536 ? 65536 : size)))
            return VALUE_NULL;
        int64_t got = raw_read_into(vm, raw, array->data + size, array->length - size);
        if (got == -1)
            return VALUE_NULL;
        if (got == -2 && !size)
            return NONE;
        if (got <= 0)
            break;
        size += (size_t)got;
    }
    value result = all == VALUE_NULL ? VALUE_NULL : bytes_from(vm, bytearray_of(all)->data, size);
    gc_keep(all);
    return result;
}

static IO_FUNCTION(raw_read)
{
    struct raw_state *raw = raw_of(self);
    int64_t size;
    if (!check_readable(vm, raw) || !io_optional_size(vm, arguments[0], &size))
        return VALUE_NULL;
    if (size < 0)
        return raw_readall(vm, self, arguments, count, keyword_names);
    value target = bytearray_from(vm, NULL, (size_t)size);
    int64_t got = target == VALUE_NULL ? -1 : raw_read_into(vm, raw, bytearray_of(target)->data, (size_t)size);
    value result = got == -1 ? VALUE_NULL : got == -2 ? NONE : bytes_from(vm, bytearray_of(target)->data, (size_t)got);
    gc_keep(target);
    return result;
}

static IO_FUNCTION(raw_readinto)
{
    IO_UNUSED;
    uint8_t *data;
    size_t size;
    if (!check_readable(vm, raw_of(self)) || !io_writable(vm, arguments[0], "readinto", &data, &size))
        return VALUE_NULL;
    int64_t got = raw_read_into(vm, raw_of(self), data, size);
    return got == -1 ? VALUE_NULL : got == -2 ? NONE : small_int(got);
}

static IO_FUNCTION(raw_write)
{
    IO_UNUSED;
    struct span data;
    if (!check_writable(vm, raw_of(self)) || !bytes_like(vm, arguments[0], &data))
        return VALUE_NULL;
    int64_t put = raw_write_from(vm, raw_of(self), data.data, data.length);
    return put == -1 ? VALUE_NULL : put == -2 ? NONE : small_int(put);
}

/* ---- position ---- */

static IO_FUNCTION(raw_seek)
{
    IO_UNUSED;
    int64_t offset, whence = SEEK_SET;
    struct raw_state *raw = raw_of(self);
    if (!check_open(vm, raw))
        return VALUE_NULL;
    if (is_float(arguments[0]))
        return raise_error(vm, &exc_TypeError, "an integer is required");
    if (!value_to_int64(vm, arguments[0], &offset) ||
        (arguments[1] != VALUE_NULL && !value_to_int64(vm, arguments[1], &whence)))
        return VALUE_NULL;
    off_t at = lseek(raw->descriptor, (off_t)offset, (int)whence);
    if (raw->seekable < 0)
        raw->seekable = at >= 0;
    return at < 0 ? raise_os_error(vm, errno, VALUE_NULL) : int_from_int64(vm, at);
}

static IO_FUNCTION(raw_tell)
{
    IO_UNUSED;
    if (!check_open(vm, raw_of(self)))
        return VALUE_NULL;
    off_t at = lseek(raw_of(self)->descriptor, 0, SEEK_CUR);
    return at < 0 ? raise_os_error(vm, errno, VALUE_NULL) : int_from_int64(vm, at);
}

static IO_FUNCTION(raw_truncate)
{
    IO_UNUSED;
    struct raw_state *raw = raw_of(self);
    int64_t size;
    if (!check_writable(vm, raw))
        return VALUE_NULL;
    value at = arguments[0];
    if (at == VALUE_NULL || at == NONE)
        at = raw_tell(vm, self, NULL, 0, VALUE_NULL);
    if (at == VALUE_NULL || !value_to_int64(vm, at, &size))
        return VALUE_NULL;
    return ftruncate(raw->descriptor, (off_t)size) ? raise_os_error(vm, errno, VALUE_NULL) : at;
}

/* ---- what it is ---- */

static IO_FUNCTION(raw_close)
{
    IO_UNUSED;
    struct raw_state *raw = raw_of(self);
    struct io_state *io = vm->io;
    value close_base = type_lookup(vm, (struct type *)value_object(io->classes[IO_RAW_BASE]), intern_text(vm, "close"));
    if (!raw)
        return NONE;
    bool flushed = call_1(vm, close_base, self) != VALUE_NULL; /* calls flush(), which may be overridden */
    if (!raw->closes) {
        raw->descriptor = -1;
        return flushed ? NONE : VALUE_NULL;
    }
    value failure = flushed ? VALUE_NULL : exception_take(vm);
    int descriptor = raw->descriptor;
    raw->descriptor = -1;
    vm->open_files -= descriptor >= 0;
    int error = descriptor >= 0 && close(descriptor) ? errno : 0;
    if (!flushed) {
        vm->pending = failure;
        return VALUE_NULL;
    }
    return error ? raise_os_error(vm, error, VALUE_NULL) : NONE;
}

/* `source` was dropped while this file, over which it lies (or which it is), was open. */
static IO_FUNCTION(raw_dealloc_warn)
{
    IO_UNUSED;
    const struct raw_state *raw = raw_of(self);
    if (!raw || raw->descriptor < 0 || !raw->closes ||
        warning_issue_of(vm, &exc_ResourceWarning, arguments[0], "unclosed file %R", arguments[0]))
        return NONE;
    if (exception_matches(vm, &exc_Warning))
        unraisable_report(vm, "in", self);
    else
        exception_clear(vm);
    return NONE;
}

static IO_FUNCTION(raw_finalize)
{
    struct raw_state *raw = raw_of(self);
    if (!raw || raw->wrapped)
        return NONE;
    raw_dealloc_warn(vm, self, &self, 1, VALUE_NULL);
    return io_base_finalize(vm, self, arguments, count, keyword_names);
}

static IO_FUNCTION(raw_fileno)
{
    IO_UNUSED;
    return check_open(vm, raw_of(self)) ? small_int(raw_of(self)->descriptor) : VALUE_NULL;
}

static IO_FUNCTION(raw_isatty)
{
    IO_UNUSED;
    return check_open(vm, raw_of(self)) ? bool_value(isatty(raw_of(self)->descriptor)) : VALUE_NULL;
}

static IO_FUNCTION(raw_readable)
{
    IO_UNUSED;
    return check_open(vm, raw_of(self)) ? bool_value(raw_of(self)->readable) : VALUE_NULL;
}

static IO_FUNCTION(raw_writable)
{
    IO_UNUSED;
    return check_open(vm, raw_of(self)) ? bool_value(raw_of(self)->writable) : VALUE_NULL;
}

static IO_FUNCTION(raw_seekable)
{
    IO_UNUSED;
    struct raw_state *raw = raw_of(self);
    if (!check_open(vm, raw))
        return VALUE_NULL;
    if (raw->seekable < 0)
        raw->seekable = lseek(raw->descriptor, 0, SEEK_CUR) >= 0;
    return bool_value(raw->seekable);
}

static const char *mode_text(const struct raw_state *raw)
{
    if (raw->created)
        return raw->readable ? "xb+" : "xb";
    if (raw->appending)
        return raw->readable ? "ab+" : "ab";
    return raw->readable ? (raw->writable ? "rb+" : "rb") : "wb";
}

static value get_mode(struct vm *vm, value self)
{
    struct raw_state *raw = raw_of(self);
    return raw ? string_from_text(vm, mode_text(raw)) : io_raise_uninitialized(vm);
}

static value get_closed(struct vm *vm, value self)
{
    (void)vm;
    return bool_value(!raw_of(self) || raw_of(self)->descriptor < 0);
}

static value get_closefd(struct vm *vm, value self)
{
    (void)vm;
    return bool_value(raw_of(self) && raw_of(self)->closes);
}

static value get_block_size(struct vm *vm, value self)
{
    (void)vm, (void)self;
    return small_int(4096);
}

static IO_FUNCTION(raw_repr)
{
    IO_UNUSED;
    struct raw_state *raw = raw_of(self);
    if (!raw || raw->descriptor < 0)
        return string_from_text(vm, "<_io.FileIO [closed]>");
    value name;
    int named = find_attribute(vm, self, intern_text(vm, "name"), &name);
    if (named < 0)
        return VALUE_NULL;
    const char *closes = raw->closes ? "True" : "False";
    if (!named)
        return string_printf(vm, "<_io.FileIO fd=%d mode='%s' closefd=%s>", raw->descriptor, mode_text(raw), closes);
    struct repr_guard guard;
    enum repr_state state = repr_enter(vm, &guard, self);
    if (state != REPR_FIRST)
        return state == REPR_AGAIN ? raise_error(vm, &exc_RuntimeError, "reentrant call inside %T.__repr__", self) : VALUE_NULL;
    value result = string_printf(vm, "<_io.FileIO name=%R mode='%s' closefd=%s>", name, mode_text(raw), closes);
    repr_leave(vm, &guard);
    return vm->pending == VALUE_NULL ? result : VALUE_NULL;
}

#define ROW(name, signature, function) {name, signature, function, METHOD_INSTANCE, NULL}
static const struct method_definition methods[] = {
    ROW("FileIO", "(file, mode='r', closefd=True, opener=None)", raw_init),
    ROW("read", "(size=-1, /)", raw_read),
    ROW("readall", "()", raw_readall),
    ROW("readinto", "(buffer, /)", raw_readinto),
    ROW("write", "(b, /)", raw_write),
    ROW("seek", "(pos, whence=0, /)", raw_seek),
    ROW("tell", "()", raw_tell),
    ROW("truncate", "(size=None, /)", raw_truncate),
    ROW("close", "()", raw_close),
    ROW("seekable", "()", raw_seekable),
    ROW("readable", "()", raw_readable),
    ROW("writable", "()", raw_writable),
    ROW("fileno", "()", raw_fileno),
    ROW("isatty", "()", raw_isatty),
    ROW("_dealloc_warn", "(source, /)", raw_dealloc_warn),
    ROW("__repr__", "()", raw_repr),
    ROW("__del__", "()", raw_finalize),
    ROW("__reduce_ex__", "(protocol, /)", io_refuse_pickle),
    ROW("__reduce__", "()", io_refuse_pickle),
    {NULL, NULL, NULL, 0, NULL},
};
static const struct property_definition properties[] = {
    {"closed", get_closed, NULL},           {"closefd", get_closefd, NULL}, {"mode", get_mode, NULL},
    {"_blksize", get_block_size, NULL},     {NULL, NULL, NULL}};
const struct io_class_definition io_file_class = {"FileIO", "Open a file.", IO_RAW_BASE, true, methods, properties};
