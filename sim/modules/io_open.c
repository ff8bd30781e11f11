/* io_open.c - open(): modes, paths, and private copies of written files when the run must leave no trace; module _io. */
#include "sim/modules/io_file.h"
#include "sim/runtime/bytes.h"
#include "sim/runtime/exception.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct open_mode {
    bool text;
    unsigned flags;  /* FILE_READS, FILE_WRITES */
    int open_flags;  /* of open(2) */
};

static bool parse_mode(struct vm *vm, value mode, struct open_mode *out)
{
    const char *text = string_utf8(vm, mode, NULL);
    if (!text)
        return false;
    int seen[128] = {0}, known = 0, kinds;
    for (const char *p = text; *p; p++) {
        if (!strchr("rwaxbt+", *p) || seen[(unsigned char)*p & 127]++) {
            raise_error(vm, &exc_ValueError, "invalid mode: '%U'", mode);
            return false;
        }
        known++;
    }
    if (seen['b'] && seen['t']) {
        raise_error(vm, &exc_ValueError, "can't have text and binary mode at once");
        return false;
    }
    kinds = seen['r'] + seen['w'] + seen['a'] + seen['x'];
    if (kinds != 1) {
        raise_error(vm, &exc_ValueError,
                    kinds || known ? "must have exactly one of create/read/write/append mode"
                                   : "Must have exactly one of create/read/write/append mode and at most one plus");
        return false;
    }
    bool plus = seen['+'];
    out->text = !seen['b'];
    out->flags = (seen['r'] || plus ? FILE_READS : 0u) | (!seen['r'] || plus ? FILE_WRITES : 0u);
    out->open_flags = O_CLOEXEC | (plus ? O_RDWR : seen['r'] ? O_RDONLY : O_WRONLY) | (seen['w'] ? O_CREAT | O_TRUNC : 0) |
                      (seen['a'] ? O_CREAT | O_APPEND : 0) | (seen['x'] ? O_CREAT | O_EXCL : 0);
    return true;
}

/* ---- private copies ---- */

static void copy_contents(const char *from, int to)
{
    char buffer[1 << 14];
    int source = open(from, O_RDONLY | O_CLOEXEC);
    if (source < 0)
        return;
    for (ssize_t got; (got = read(source, buffer, sizeof buffer)) > 0;)
        if (write(to, buffer, (size_t)got) != got)
            break;
    close(source);
}

/* Where the file really is in this run; `path` itself when it has no private copy. Makes one when it is going to be written.
 * NULL: an exception is pending. */
static const char *shadow_path(struct vm *vm, const char *path, const struct open_mode *mode)
{
    struct io_state *io = io_state_of(vm);
    if (!vm->shadow_writes || !io)
        return io ? path : NULL;
    char real[PATH_MAX], directory[PATH_MAX];
    if (!realpath(path, real)) {
        snprintf(directory, sizeof directory, "%s", path);
        char *slash = strrchr(directory, '/');
        const char *name = slash ? path + (slash - directory) + 1 : path;
        if (slash)
            *slash = 0;
        char parent[PATH_MAX];
        if (errno != ENOENT || !realpath(slash ? (*directory ? directory : "/") : ".", parent) ||
            snprintf(real, sizeof real, "%s/%s", parent, name) >= (int)sizeof real)
            return path;
    }
    if (io->shadows == VALUE_NULL && (io->shadows = dict_new(vm)) == VALUE_NULL)
        return NULL;
    value key = string_from_text(vm, real), copy;
    int found = key == VALUE_NULL ? -1 : dict_find(vm, dict_of(io->shadows), key, &copy);
    if (found)
        return found < 0 ? NULL : string_utf8(vm, copy, NULL);
    struct stat status;
    bool exists = stat(real, &status) == 0;
    if (!(mode->flags & FILE_WRITES) || (exists && !S_ISREG(status.st_mode)) || (exists && (mode->open_flags & O_EXCL)) ||
        (!exists && !(mode->open_flags & O_CREAT)))
        return path;
    struct shadow_file *shadow = malloc(sizeof *shadow + 64);
    if (!shadow) {
        raise_no_memory(vm);
        return NULL;
    }
    strcpy(shadow->path, "/tmp/hybridsim-file-XXXXXX");
    int descriptor = mkstemp(shadow->path);
    if (descriptor < 0) {
        free(shadow);
        raise_os_error(vm, errno, VALUE_NULL);
        return NULL;
    }
    if (exists)
        copy_contents(real, descriptor);
    close(descriptor);
    shadow->next = io->shadow_files;
    io->shadow_files = shadow;
    copy = string_from_text(vm, shadow->path);
    return copy != VALUE_NULL && dict_set(vm, dict_of(io->shadows), key, copy) ? shadow->path : NULL;
}

/* ---- opening ---- */

/* str or bytes of any path-like object */
static value path_of(struct vm *vm, value file)
{
    if (is_string(file) || is_bytes(file))
        return file;
    value method = lookup_special(vm, file, "__fspath__");
    if (method == VALUE_NULL)
        return vm->pending != VALUE_NULL
                   ? VALUE_NULL
                   : raise_error(vm, &exc_TypeError, "expected str, bytes or os.PathLike object, not %T", file);
    value path = call_0(vm, method);
    if (path != VALUE_NULL && !is_string(path) && !is_bytes(path))
        return raise_error(vm, &exc_TypeError, "expected %T.__fspath__() to return str or bytes, not %T", file, path);
    return path;
}

/* The descriptor; -1: an exception is pending. */
static int open_path(struct vm *vm, value path, const struct open_mode *mode)
{
    size_t size;
    const char *name = is_string(path) ? string_utf8(vm, path, &size) : (const char *)bytes_of(path)->data;
    if (!name)
        return -1;
    if (is_bytes(path))
        size = bytes_of(path)->length;
    if (memchr(name, 0, size)) {
        raise_error(vm, &exc_ValueError, "embedded null byte");
        return -1;
    }
    const char *real = shadow_path(vm, name, mode);
    if (!real)
        return -1;
    int flags = real == name ? mode->open_flags : mode->open_flags & ~O_EXCL;
    int descriptor = open(real, flags, 0666);
    struct stat status;
    if (descriptor < 0) {
        raise_os_error(vm, errno, path);
        return -1;
    }
    if (fstat(descriptor, &status) == 0 && S_ISDIR(status.st_mode)) {
        close(descriptor);
        raise_os_error(vm, EISDIR, path);
        return -1;
    }
    return descriptor;
}

static bool check_text_options(struct vm *vm, const struct open_mode *mode, const value *arguments)
{
    static const char *const names[] = {"encoding", "errors", "newline"};
    for (int i = 0; i < 3; i++) {
        value v = arguments[3 + i];
        if (v == VALUE_NULL || v == NONE)
            continue;
        if (!is_string(v)) {
            raise_error(vm, &exc_TypeError, "open() argument '%s' must be str or None, not %T", names[i], v);
            return false;
        }
        if (!mode->text) {
            raise_error(vm, &exc_ValueError, "binary mode doesn't take %s %s argument", i == 2 ? "a" : "an", names[i]);
            return false;
        }
    }
    value newline = arguments[5];
    if (newline != VALUE_NULL && newline != NONE && string_of(newline)->length && !string_is(newline, "\n") &&
        !string_is(newline, "\r") && !string_is(newline, "\r\n")) {
        raise_error(vm, &exc_ValueError, "illegal newline value: %U", newline);
        return false;
    }
    if (newline != VALUE_NULL && string_is(newline, "\r")) {
        raise_unsupported(vm, "open() with newline='\\r'");
        return false;
    }
    return true;
}

static void set_text_options(struct vm *vm, struct file_object *file, const value *arguments)
{
    file->encoding = string_from_text(vm, "UTF-8"); /* as the locale names it */
    if (arguments[3] != VALUE_NULL && arguments[3] != NONE) {
        file->encoding = arguments[3];
        const char *name = string_utf8(vm, arguments[3], NULL);
        if (name && (strstr(name, "16") || strstr(name, "32")))
            file->flags |= FILE_WIDE;
    }
    if (arguments[4] != VALUE_NULL && arguments[4] != NONE)
        file->errors = arguments[4];
    if (arguments[5] != VALUE_NULL)
        file->newline = arguments[5];
}

value io_open(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)self, (void)count, (void)keyword_names;
    value mode_text = arguments[1] == VALUE_NULL ? string_from_text(vm, "r") : arguments[1];
    struct open_mode mode;
    int64_t buffering = -1, given;
    bool by_descriptor = is_int(arguments[0]);
    value path = by_descriptor ? arguments[0] : path_of(vm, arguments[0]);
    if (path == VALUE_NULL)
        return VALUE_NULL;
    /* A file dropped without close() was written out at once by CPython's reference counts: do it before it can be missed. */
    for (struct file_object *file = vm->io ? vm->io->open_files : NULL; file; file = file->next)
        if ((file->flags & FILE_WRITES) && !(file->flags & FILE_READS) && !stream_flush(vm, file->stream))
            return VALUE_NULL;
    if (!is_string(mode_text))
        return raise_error(vm, &exc_TypeError, "open() argument 'mode' must be str, not %T", mode_text);
    if (!parse_mode(vm, mode_text, &mode) ||
        (arguments[2] != VALUE_NULL && !value_to_int64(vm, arguments[2], &buffering)) ||
        !check_text_options(vm, &mode, arguments))
        return VALUE_NULL;
    if (arguments[7] != VALUE_NULL && arguments[7] != NONE)
        return raise_unsupported(vm, "open() with an opener");
    if (buffering == 0 && mode.text)
        return raise_error(vm, &exc_ValueError, "can't have unbuffered text I/O");
    int closes = arguments[6] == VALUE_NULL ? 1 : value_truth(vm, arguments[6]);
    if (closes < 0 || (by_descriptor && !value_to_int64(vm, path, &given)))
        return VALUE_NULL;
    if (by_descriptor && given < 0)
        return raise_error(vm, &exc_ValueError, "negative file descriptor");
    int descriptor = by_descriptor ? (int)given : open_path(vm, path, &mode);
    if (descriptor < 0)
        return VALUE_NULL;
    struct stream *stream = stream_new(descriptor, buffering == 1);
    value file = stream ? file_new(vm, stream, mode.text, mode.flags | FILE_OWNS | (closes ? FILE_CLOSES : 0u), path, mode_text)
                        : raise_no_memory(vm);
    if (file != VALUE_NULL && mode.text)
        set_text_options(vm, (struct file_object *)value_object(file), arguments);
    return file;
}

/* ---- module _io ---- */

static value io_text_encoding(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)self, (void)count, (void)keyword_names;
    return arguments[0] == NONE ? string_from_text(vm, "locale") : arguments[0];
}

static value io_open_code(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    value bound[8] = {arguments[0], string_from_text(vm, "rb"), VALUE_NULL, VALUE_NULL,
                      VALUE_NULL,   VALUE_NULL,                 VALUE_NULL, VALUE_NULL};
    (void)count;
    return io_open(vm, self, bound, 8, keyword_names);
}

static const struct method_definition io_functions[] = {
    {"open",
     "(file, mode='r', buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None)",
     io_open, 0, NULL},
    {"open_code", "(path)", io_open_code, 0, NULL},
    {"text_encoding", "(encoding, stacklevel=2, /)", io_text_encoding, 0, NULL},
    {NULL, NULL, NULL, 0, NULL},
};

/* The abstract bases that Lib/io.py derives its own from. */
static bool add_base(struct vm *vm, struct dict_object *dict, const char *name, const char *base)
{
    value parent = base ? dict_get_text(vm, dict, base) : type_object_value(&object_type_object);
    value bases = tuple_pack(vm, 1, parent), contents = dict_new(vm), class_name = intern_text(vm, name);
    if (bases == VALUE_NULL || contents == VALUE_NULL || class_name == VALUE_NULL ||
        !dict_set_text(vm, dict_of(contents), "__module__", intern_text(vm, "_io")))
        return false;
    value made = type_new_class(vm, &type_type, class_name, bases, contents, VALUE_NULL);
    return made != VALUE_NULL && dict_set_text(vm, dict, name, made);
}

static bool io_initialize(struct vm *vm, value module)
{
    struct dict_object *dict = dict_of(((struct module_object *)value_object(module))->dict);
    if (!io_state_of(vm))
        return false;
    type_ready(vm, &string_io_type);
    type_ready(vm, &bytes_io_type);
    value unsupported = unsupported_operation_class(vm);
    static const char *const binary_names[] = {"FileIO", "BufferedReader", "BufferedWriter", "BufferedRandom"};
    for (size_t i = 0; i < sizeof binary_names / sizeof *binary_names; i++)
        if (!dict_set_text(vm, dict, binary_names[i], type_object_value(&binary_file_type)))
            return false;
    return unsupported != VALUE_NULL && dict_set_text(vm, dict, "UnsupportedOperation", unsupported) &&
           dict_set_text(vm, dict, "DEFAULT_BUFFER_SIZE", small_int(8192)) &&
           dict_set_text(vm, dict, "BlockingIOError", type_object_value(&exc_BlockingIOError)) &&
           dict_set_text(vm, dict, "TextIOWrapper", type_object_value(&text_file_type)) &&
           dict_set_text(vm, dict, "StringIO", type_object_value(&string_io_type)) &&
           dict_set_text(vm, dict, "BytesIO", type_object_value(&bytes_io_type)) &&
           add_base(vm, dict, "_IOBase", NULL) && add_base(vm, dict, "_RawIOBase", "_IOBase") &&
           add_base(vm, dict, "_BufferedIOBase", "_IOBase") && add_base(vm, dict, "_TextIOBase", "_IOBase") &&
           add_base(vm, dict, "BufferedRWPair", "_BufferedIOBase") &&
           add_base(vm, dict, "IncrementalNewlineDecoder", NULL);
}

const struct native_module io_module = {"_io", io_initialize, io_functions};
