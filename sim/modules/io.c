/* io.c - file objects over struct stream: text (UTF-8, ASCII, Latin-1; universal newlines) and binary, the standard streams,
 * and module _io. What opens a file is in io_open.c.
 *
 * A file that is read and written has one buffer for both: prepare_read and prepare_write change its direction.
 */
#include "sim/modules/io_file.h"
#include "sim/runtime/args.h"
#include "sim/runtime/bytes.h"
#include "sim/runtime/exception.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#define METHOD(name)                                                                                                   \
    static value file_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED_ARGUMENTS (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

static struct file_object *file_of(value v)
{
    return (struct file_object *)value_object(v);
}

/* ---- state ---- */

static void trace_state(struct vm *vm, void *context)
{
    struct io_state *io = context;
    for (int i = 0; i < 3; i++)
        gc_mark(vm, io->standard[i]);
    gc_mark(vm, io->unsupported_operation);
    gc_mark(vm, io->shadows);
    gc_mark(vm, io->stdout_name);
}

struct io_state *io_state_of(struct vm *vm)
{
    if (vm->io)
        return vm->io;
    struct io_state *io = calloc(1, sizeof *io);
    if (!io) {
        raise_no_memory(vm);
        return NULL;
    }
    io->standard[0] = io->standard[1] = io->standard[2] = VALUE_NULL;
    io->unsupported_operation = io->shadows = io->stdout_name = VALUE_NULL;
    vm->io = io;
    type_ready(vm, &text_file_type);
    type_ready(vm, &binary_file_type);
    gc_add_tracer(vm, trace_state, io);
    io->stdout_name = intern_text(vm, "stdout");
    return io;
}

value file_new(struct vm *vm, struct stream *stream, bool text, unsigned flags, value name, value mode)
{
    struct io_state *io = io_state_of(vm);
    struct file_object *file = io ? GC_NEW(vm, struct file_object, text ? &text_file_type : &binary_file_type) : NULL;
    if (!file)
        return VALUE_NULL;
    file->stream = stream;
    file->flags = flags;
    file->name = name;
    file->mode = mode;
    file->encoding = string_from_text(vm, "utf-8");
    file->errors = string_from_text(vm, "strict");
    file->newline = NONE;
    file->buffer = VALUE_NULL;
    if (flags & FILE_OWNS) {
        file->next = io->open_files;
        file->previous = NULL;
        if (file->next)
            file->next->previous = file;
        io->open_files = file;
    }
    return object_value(file);
}

static void forget(struct vm *vm, struct file_object *file)
{
    if (!(file->flags & FILE_OWNS) || !vm->io)
        return;
    if (file->next)
        file->next->previous = file->previous;
    if (file->previous)
        file->previous->next = file->next;
    else if (vm->io->open_files == file)
        vm->io->open_files = file->next;
    file->next = file->previous = NULL;
}

/* Closes without raising. */
static void file_drop(struct vm *vm, struct file_object *file)
{
    if (!file->stream || !(file->flags & FILE_OWNS))
        return;
    forget(vm, file);
    int descriptor = file->stream->descriptor;
    stream_free(file->stream);
    file->stream = NULL;
    if (file->flags & FILE_CLOSES)
        close(descriptor);
}

static void file_release(struct vm *vm, struct object *object)
{
    file_drop(vm, (struct file_object *)object);
}

static void file_trace(struct vm *vm, struct object *object)
{
    struct file_object *file = (struct file_object *)object;
    gc_mark(vm, file->name);
    gc_mark(vm, file->mode);
    gc_mark(vm, file->encoding);
    gc_mark(vm, file->errors);
    gc_mark(vm, file->newline);
    gc_mark(vm, file->buffer);
}

void io_state_free(struct vm *vm)
{
    struct io_state *io = vm->io;
    if (!io)
        return;
    while (io->open_files)
        file_drop(vm, io->open_files);
    for (struct shadow_file *shadow = io->shadow_files; shadow;) {
        struct shadow_file *next = shadow->next;
        unlink(shadow->path);
        free(shadow);
        shadow = next;
    }
    free(io);
    vm->io = NULL;
}

value io_standard_stream(struct vm *vm, int descriptor)
{
    static const char *const names[] = {"<stdin>", "<stdout>", "<stderr>"};
    struct io_state *io = io_state_of(vm);
    if (!io || io->standard[descriptor] != VALUE_NULL)
        return io ? io->standard[descriptor] : VALUE_NULL;
    struct stream *stream = descriptor == 0 ? vm->in : descriptor == 1 ? vm->out : vm->err;
    value name = string_from_text(vm, names[descriptor]), mode = string_from_text(vm, descriptor ? "w" : "r");
    if (name == VALUE_NULL || mode == VALUE_NULL)
        return VALUE_NULL;
    value file = file_new(vm, stream, true, descriptor ? FILE_WRITES : FILE_READS, name, mode);
    if (file != VALUE_NULL && descriptor == 2)
        file_of(file)->errors = string_from_text(vm, "backslashreplace");
    io->standard[descriptor] = file;
    return file;
}

static struct dict_object *sys_dict(struct vm *vm)
{
    if (!is_exact(vm->sys_module, &module_type))
        return NULL;
    return dict_of(((struct module_object *)value_object(vm->sys_module))->dict);
}

bool io_stdout_is_original(struct vm *vm)
{
    struct dict_object *dict = sys_dict(vm);
    if (!dict || !vm->io)
        return true;
    return dict_get_interned(dict, vm->io->stdout_name) == vm->io->standard[1] && vm->io->standard[1] != VALUE_NULL &&
           file_of(vm->io->standard[1])->stream == vm->out;
}

value io_current_stdout(struct vm *vm)
{
    struct dict_object *dict = sys_dict(vm);
    value out = dict ? dict_get_text(vm, dict, "stdout") : io_standard_stream(vm, 1);
    return out != VALUE_NULL || vm->pending != VALUE_NULL ? out
                                                          : raise_error(vm, &exc_RuntimeError, "lost sys.stdout");
}

/* io.UnsupportedOperation, made when first needed */
value unsupported_operation_class(struct vm *vm)
{
    struct io_state *io = io_state_of(vm);
    if (!io || io->unsupported_operation != VALUE_NULL)
        return io ? io->unsupported_operation : VALUE_NULL;
    value bases = tuple_pack(vm, 2, type_object_value(&exc_OSError), type_object_value(&exc_ValueError));
    value namespace_dict = dict_new(vm), name = intern_text(vm, "UnsupportedOperation");
    if (bases == VALUE_NULL || namespace_dict == VALUE_NULL || name == VALUE_NULL ||
        !dict_set_text(vm, dict_of(namespace_dict), "__module__", string_from_text(vm, "io")))
        return VALUE_NULL;
    value made = type_new_class(vm, &type_type, name, bases, namespace_dict, VALUE_NULL);
    if (made != VALUE_NULL)
        io->unsupported_operation = made;
    return made;
}

static bool raise_unsupported_operation(struct vm *vm, const char *message)
{
    value type = unsupported_operation_class(vm), text = string_from_text(vm, message);
    value exception = type == VALUE_NULL || text == VALUE_NULL ? VALUE_NULL : call_1(vm, type, text);
    if (exception != VALUE_NULL)
        raise_value(vm, exception);
    return false;
}

static bool check_open(struct vm *vm, const struct file_object *file)
{
    if (!file->stream)
        raise_error(vm, &exc_ValueError, "I/O operation on closed file.");
    return file->stream != NULL;
}

static bool prepare_read(struct vm *vm, struct file_object *file)
{
    if (!check_open(vm, file))
        return false;
    if (!(file->flags & FILE_READS))
        return raise_unsupported_operation(vm, is_exact(object_value(file), &text_file_type) ? "not readable" : "read");
    struct stream *stream = file->stream;
    if (!stream->input && stream->used && !stream_flush(vm, stream))
        return false;
    if (stream == vm->in && !stream->used && vm->out->used)
        return stream_flush(vm, vm->out);
    return true;
}

/* Forgets what was read ahead: the descriptor goes back to where the program is. */
static void unread(struct stream *stream)
{
    if (stream->input && stream->used > stream->position)
        lseek(stream->descriptor, -(off_t)(stream->used - stream->position), SEEK_CUR);
    if (stream->input) {
        stream->used = stream->position = 0;
        stream->input = stream->at_end = false;
    }
}

static bool prepare_write(struct vm *vm, struct file_object *file)
{
    if (!check_open(vm, file))
        return false;
    if (!(file->flags & FILE_WRITES))
        return raise_unsupported_operation(vm, is_exact(object_value(file), &text_file_type) ? "not writable" : "write");
    unread(file->stream);
    return true;
}

static bool is_text(value self)
{
    return is_exact(self, &text_file_type);
}

/* ---- reading ---- */

static value decoded(struct vm *vm, const struct file_object *file, const char *bytes, size_t size)
{
    value text;
    const char *encoding = string_utf8(vm, file->encoding, NULL), *errors = string_utf8(vm, file->errors, NULL);
    text = bytes_decode(vm, (const uint8_t *)bytes, size, encoding, errors);
    if (text == VALUE_NULL || file->newline != NONE)
        return text;
    struct span span = string_span(text);
    if (span_find_character(span, '\r', 0, span.length) < 0)
        return text;
    struct string_builder builder = {NULL, 0, 0};
    for (size_t i = 0; i < span.length; i++) {
        uint32_t c = span_at(span, i);
        if (c == '\r' && i + 1 < span.length && span_at(span, i + 1) == '\n')
            continue;
        string_builder_add(&builder, c == '\r' ? '\n' : c);
    }
    return string_builder_finish(vm, &builder);
}

/* A line of a text file: up to \n, or, with universal newlines, \r. Its size in bytes; -1: error. */
static int64_t read_raw_line(struct vm *vm, struct file_object *file, const char **line, int64_t limit)
{
    int64_t size = stream_read_line(vm, file->stream, line, limit);
    if (size <= 0 || !is_text(object_value(file)) || (file->newline != NONE && string_of(file->newline)->length))
        return size;
    const char *carriage = memchr(*line, '\r', (size_t)size);
    if (!carriage || carriage == *line + size - 1 || carriage[1] == '\n')
        return size;
    int64_t shorter = carriage + 1 - *line;
    file->stream->position -= (size_t)(size - shorter);
    return shorter;
}

static value read_line(struct vm *vm, struct file_object *file, int64_t limit)
{
    const char *line;
    bool text = is_text(object_value(file));
    int64_t size = read_raw_line(vm, file, &line, limit);
    if (size < 0)
        return VALUE_NULL;
    if (text)
        return decoded(vm, file, line, (size_t)size);
    ADD_WORK(vm, characters, size);
    return bytes_from(vm, line, (size_t)size);
}

static bool optional_size(struct vm *vm, value v, int64_t *size)
{
    *size = -1;
    return v == VALUE_NULL || v == NONE || value_to_index(vm, v, size);
}

/* Exactly `wanted` characters, fewer at the end of the file. */
static value read_characters(struct vm *vm, struct file_object *file, int64_t wanted)
{
    value text = string_from_text(vm, "");
    while (text != VALUE_NULL && string_of(text)->length < wanted) {
        struct stream *stream = file->stream;
        const char *bytes;
        int64_t need = wanted - string_of(text)->length;
        int64_t size = stream_read(vm, stream, &bytes, need);
        if (size <= 0)
            return size < 0 ? VALUE_NULL : text;
        bool utf8 = string_is(file->encoding, "utf-8") || string_is(file->encoding, "UTF-8") || string_is(file->encoding, "utf8");
        size_t more = 0; /* bytes that the last character lacks */
        for (int64_t back = 1; utf8 && back <= 3 && back <= size; back++) {
            uint8_t byte = (uint8_t)bytes[size - back];
            if (byte < 0x80 || byte >= 0xc0) {
                int64_t length = byte < 0x80 ? 1 : byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
                more = length > back ? (size_t)(length - back) : 0;
                break;
            }
        }
        if (more == 0 && bytes[size - 1] == '\r')
            more = 1; /* its \n */
        stream->position -= (size_t)size;
        int64_t got = stream_read(vm, stream, &bytes, size + (int64_t)more);
        if (got < 0)
            return VALUE_NULL;
        if (got > size && bytes[size - 1] == '\r' && bytes[size] != '\n') {
            stream->position -= (size_t)(got - size);
            got = size;
        }
        value part = decoded(vm, file, bytes, (size_t)got);
        text = part == VALUE_NULL ? part : string_concat(vm, text, part);
    }
    return text;
}

METHOD(read)
{
    UNUSED_ARGUMENTS;
    struct file_object *file = file_of(self);
    int64_t limit;
    const char *bytes;
    if (!optional_size(vm, arguments[0], &limit) || !prepare_read(vm, file))
        return VALUE_NULL;
    if (is_text(self) && limit >= 0)
        return read_characters(vm, file, limit);
    int64_t size = stream_read(vm, file->stream, &bytes, limit);
    if (size < 0)
        return VALUE_NULL;
    if (is_text(self))
        return decoded(vm, file, bytes, (size_t)size);
    ADD_WORK(vm, characters, size);
    return bytes_from(vm, bytes, (size_t)size);
}

METHOD(readline)
{
    UNUSED_ARGUMENTS;
    int64_t limit;
    if (!optional_size(vm, arguments[0], &limit) || !prepare_read(vm, file_of(self)))
        return VALUE_NULL;
    return read_line(vm, file_of(self), limit);
}

static value next_line(struct vm *vm, value self)
{
    if (!prepare_read(vm, file_of(self)))
        return VALUE_NULL;
    value line = read_line(vm, file_of(self), -1);
    if (line == VALUE_NULL)
        return VALUE_NULL;
    return (is_text(self) ? string_of(line)->length : bytes_of(line)->length) ? line : VALUE_NULL;
}

METHOD(readlines)
{
    UNUSED_ARGUMENTS;
    int64_t hint, total = 0;
    value list = list_new(vm, 0), line;
    if (list == VALUE_NULL || !optional_size(vm, arguments[0], &hint))
        return VALUE_NULL;
    while ((line = next_line(vm, self)) != VALUE_NULL) {
        if (!list_append(vm, list_of(list), line))
            return VALUE_NULL;
        total += value_length(vm, line);
        if (hint > 0 && total >= hint)
            break;
    }
    return vm->pending == VALUE_NULL ? list : VALUE_NULL;
}

METHOD(readinto)
{
    UNUSED_ARGUMENTS;
    const uint8_t *target;
    size_t size;
    const char *bytes;
    if (!buffer_of(vm, arguments[0], &target, &size) || !prepare_read(vm, file_of(self)))
        return VALUE_NULL;
    if (is_bytes(arguments[0]))
        return raise_error(vm, &exc_TypeError, "readinto() argument must be read-write bytes-like object, not bytes");
    int64_t got = stream_read(vm, file_of(self)->stream, &bytes, (int64_t)size);
    if (got < 0)
        return VALUE_NULL;
    memcpy((void *)(uintptr_t)target, bytes, (size_t)got);
    return small_int(got);
}

/* ---- writing ---- */

static bool write_text(struct vm *vm, struct file_object *file, value text)
{
    if (file->newline != NONE && string_of(file->newline)->length && !string_is(file->newline, "\n")) {
        value replaced[2] = {string_from_text(vm, "\n"), file->newline};
        text = call_method(vm, text, "replace", replaced, 2);
        if (text == VALUE_NULL)
            return false;
    }
    const struct string_object *s = string_of(text);
    bool ascii_based = (file->flags & FILE_WIDE) == 0;
    ADD_WORK(vm, characters, s->length);
    if (s->ascii && ascii_based)
        return stream_write(vm, file->stream, (const char *)s->data, s->length);
    const char *encoding = string_utf8(vm, file->encoding, NULL), *errors = string_utf8(vm, file->errors, NULL);
    value bytes = string_encode(vm, text, encoding, errors);
    return bytes != VALUE_NULL &&
           stream_write(vm, file->stream, (const char *)bytes_of(bytes)->data, bytes_of(bytes)->length);
}

static value write_value(struct vm *vm, value self, value item)
{
    struct file_object *file = file_of(self);
    if (!check_open(vm, file))
        return VALUE_NULL;
    if (is_text(self)) {
        if (!is_string(item))
            return raise_error(vm, &exc_TypeError, "write() argument must be str, not %T", item);
        if (!prepare_write(vm, file) || !write_text(vm, file, item))
            return VALUE_NULL;
        return small_int(string_of(item)->length);
    }
    struct span data;
    if (!prepare_write(vm, file) || !bytes_like(vm, item, &data))
        return VALUE_NULL;
    ADD_WORK(vm, characters, data.length);
    return stream_write(vm, file->stream, data.data, data.length) ? small_int((int64_t)data.length) : VALUE_NULL;
}

METHOD(write)
{
    UNUSED_ARGUMENTS;
    return write_value(vm, self, arguments[0]);
}

static bool write_one(struct vm *vm, value item, void *context)
{
    return write_value(vm, *(value *)context, item) != VALUE_NULL;
}

METHOD(writelines)
{
    UNUSED_ARGUMENTS;
    return iterate(vm, arguments[0], write_one, &self) && vm->pending == VALUE_NULL ? NONE : VALUE_NULL;
}

METHOD(flush)
{
    UNUSED_ARGUMENTS;
    struct file_object *file = file_of(self);
    if (!check_open(vm, file))
        return VALUE_NULL;
    return file->stream->input || stream_flush(vm, file->stream) ? NONE : VALUE_NULL;
}

METHOD(close)
{
    UNUSED_ARGUMENTS;
    struct file_object *file = file_of(self);
    if (!file->stream)
        return NONE;
    bool good = file->stream->input || stream_flush(vm, file->stream);
    file_drop(vm, file);
    file->stream = NULL; /* also of the standard streams */
    return good ? NONE : VALUE_NULL;
}

/* ---- position ---- */

static value position_of(struct vm *vm, struct file_object *file)
{
    struct stream *stream = file->stream;
    off_t at = lseek(stream->descriptor, 0, SEEK_CUR);
    if (at < 0)
        return raise_os_error(vm, errno, VALUE_NULL);
    at += stream->input ? -(off_t)(stream->used - stream->position) : (off_t)stream->used;
    return int_from_int64(vm, at);
}

METHOD(tell)
{
    UNUSED_ARGUMENTS;
    return check_open(vm, file_of(self)) ? position_of(vm, file_of(self)) : VALUE_NULL;
}

METHOD(seek)
{
    UNUSED_ARGUMENTS;
    struct file_object *file = file_of(self);
    int64_t offset, whence = SEEK_SET;
    if (!value_to_int64(vm, arguments[0], &offset) ||
        (arguments[1] != VALUE_NULL && !value_to_int64(vm, arguments[1], &whence)) || !check_open(vm, file))
        return VALUE_NULL;
    if (whence < 0 || whence > 2)
        return raise_error(vm, &exc_ValueError, "invalid whence (%ld, should be 0, 1 or 2)", (long)whence);
    if (is_text(self) && whence != SEEK_SET && offset != 0) {
        raise_unsupported_operation(vm, whence == SEEK_CUR ? "can't do nonzero cur-relative seeks"
                                                           : "can't do nonzero end-relative seeks");
        return VALUE_NULL;
    }
    if (offset < 0 && whence == SEEK_SET && is_text(self))
        return raise_error(vm, &exc_ValueError, "negative seek position %ld", (long)offset);
    if (!file->stream->input && !stream_flush(vm, file->stream))
        return VALUE_NULL;
    unread(file->stream);
    off_t at = lseek(file->stream->descriptor, (off_t)offset, (int)whence);
    return at < 0 ? raise_os_error(vm, errno, VALUE_NULL) : int_from_int64(vm, at);
}

METHOD(truncate)
{
    UNUSED_ARGUMENTS;
    struct file_object *file = file_of(self);
    int64_t size;
    if (!prepare_write(vm, file) || !stream_flush(vm, file->stream))
        return VALUE_NULL;
    value at = arguments[0] == VALUE_NULL || arguments[0] == NONE ? position_of(vm, file) : arguments[0];
    if (at == VALUE_NULL || !value_to_int64(vm, at, &size))
        return VALUE_NULL;
    return ftruncate(file->stream->descriptor, (off_t)size) ? raise_os_error(vm, errno, VALUE_NULL) : at;
}

/* ---- what it is ---- */

METHOD(fileno)
{
    UNUSED_ARGUMENTS;
    return check_open(vm, file_of(self)) ? small_int(file_of(self)->stream->descriptor) : VALUE_NULL;
}

METHOD(isatty)
{
    UNUSED_ARGUMENTS;
    return check_open(vm, file_of(self)) ? bool_value(isatty(file_of(self)->stream->descriptor)) : VALUE_NULL;
}

METHOD(readable)
{
    UNUSED_ARGUMENTS;
    return check_open(vm, file_of(self)) ? bool_value((file_of(self)->flags & FILE_READS) != 0) : VALUE_NULL;
}

METHOD(writable)
{
    UNUSED_ARGUMENTS;
    return check_open(vm, file_of(self)) ? bool_value((file_of(self)->flags & FILE_WRITES) != 0) : VALUE_NULL;
}

METHOD(seekable)
{
    UNUSED_ARGUMENTS;
    return check_open(vm, file_of(self)) ? bool_value(lseek(file_of(self)->stream->descriptor, 0, SEEK_CUR) >= 0)
                                         : VALUE_NULL;
}

METHOD(enter)
{
    UNUSED_ARGUMENTS;
    return check_open(vm, file_of(self)) ? self : VALUE_NULL;
}

METHOD(exit)
{
    return file_close(vm, self, arguments, count, keyword_names);
}

METHOD(reconfigure)
{
    UNUSED_ARGUMENTS;
    struct file_object *file = file_of(self);
    for (int i = 0; i < 2; i++) {
        if (arguments[i] == VALUE_NULL || arguments[i] == NONE)
            continue;
        if (!is_string(arguments[i]))
            return raise_error(vm, &exc_TypeError, "reconfigure() argument '%s' must be str or None, not %T",
                               i ? "errors" : "encoding", arguments[i]);
        *(i ? &file->errors : &file->encoding) = arguments[i];
    }
    int buffered = arguments[2] == VALUE_NULL || arguments[2] == NONE ? -2 : value_truth(vm, arguments[2]);
    if (buffered == -1)
        return VALUE_NULL;
    if (buffered >= 0 && file->stream)
        file->stream->line_buffered = buffered;
    return NONE;
}

static value self_iter(struct vm *vm, value self)
{
    return check_open(vm, file_of(self)) ? self : VALUE_NULL;
}

static const char *binary_kind(const struct file_object *file)
{
    unsigned both = FILE_READS | FILE_WRITES;
    return (file->flags & both) == both ? "BufferedRandom" : file->flags & FILE_READS ? "BufferedReader" : "BufferedWriter";
}

static value file_repr(struct vm *vm, value self)
{
    const struct file_object *file = file_of(self);
    if (is_text(self))
        return string_printf(vm, "<_io.TextIOWrapper name=%R mode=%R encoding=%R>", file->name, file->mode, file->encoding);
    return string_printf(vm, "<_io.%s name=%R>", binary_kind(file), file->name);
}

static value get_name(struct vm *vm, value self) { (void)vm; return file_of(self)->name; }
static value get_mode(struct vm *vm, value self) { (void)vm; return file_of(self)->mode; }
static value get_encoding(struct vm *vm, value self) { (void)vm; return file_of(self)->encoding; }
static value get_errors(struct vm *vm, value self) { (void)vm; return file_of(self)->errors; }
static value get_closed(struct vm *vm, value self) { (void)vm; return bool_value(!file_of(self)->stream); }
static value get_newlines(struct vm *vm, value self) { (void)vm, (void)self; return NONE; }
static value get_line_buffering(struct vm *vm, value self)
{
    (void)vm;
    return bool_value(file_of(self)->stream && file_of(self)->stream->line_buffered);
}

/* The binary file under a text file, over the same stream. */
static value get_buffer(struct vm *vm, value self)
{
    struct file_object *file = file_of(self);
    if (!check_open(vm, file))
        return VALUE_NULL;
    if (file->buffer == VALUE_NULL)
        file->buffer = file_new(vm, file->stream, false, file->flags & (FILE_READS | FILE_WRITES), file->name,
                                string_from_text(vm, file->flags & FILE_READS ? "rb" : "wb"));
    return file->buffer;
}

#define ROW(name, signature) {#name, signature, file_##name, METHOD_INSTANCE, NULL}
#define SHARED_METHODS                                                                                                 \
    ROW(read, "(size=-1, /)"), ROW(readline, "(size=-1, /)"), ROW(readlines, "(hint=-1, /)"), ROW(write, "(text, /)"), \
        ROW(writelines, "(lines, /)"), ROW(flush, "()"), ROW(close, "()"), ROW(tell, "()"),                            \
        ROW(seek, "(cookie, whence=0, /)"), ROW(truncate, "(pos=None, /)"), ROW(fileno, "()"), ROW(isatty, "()"),      \
        ROW(readable, "()"), ROW(writable, "()"), ROW(seekable, "()"),                                                 \
        {"__enter__", "()", file_enter, METHOD_INSTANCE, NULL},                                                        \
        {"__exit__", NULL, file_exit, METHOD_INSTANCE, NULL}

static const struct method_definition text_methods[] = {
    SHARED_METHODS,
    ROW(reconfigure, "(*, encoding=None, errors=None, line_buffering=None, write_through=None, newline=None)"),
    {NULL, NULL, NULL, 0, NULL},
};

static const struct method_definition binary_methods[] = {
    SHARED_METHODS,
    ROW(readinto, "(buffer, /)"),
    {"read1", "(size=-1, /)", file_read, METHOD_INSTANCE, NULL},
    {NULL, NULL, NULL, 0, NULL},
};

static const struct property_definition text_properties[] = {
    {"name", get_name, NULL},           {"mode", get_mode, NULL},
    {"encoding", get_encoding, NULL},   {"errors", get_errors, NULL},
    {"closed", get_closed, NULL},       {"newlines", get_newlines, NULL},
    {"buffer", get_buffer, NULL},       {"line_buffering", get_line_buffering, NULL},
    {NULL, NULL, NULL},
};

static const struct property_definition binary_properties[] = {
    {"name", get_name, NULL},
    {"mode", get_mode, NULL},
    {"closed", get_closed, NULL},
    {NULL, NULL, NULL},
};

struct type text_file_type = {
    .name = "TextIOWrapper",
    .flags = TYPE_GETATTR_PLAIN,
    .instance_size = sizeof(struct file_object),
    .methods = text_methods,
    .properties = text_properties,
    .trace = file_trace,
    .release = file_release,
    .repr = file_repr,
    .iter = self_iter,
    .next = next_line,
};

struct type binary_file_type = {
    .name = "BufferedReader",
    .flags = TYPE_GETATTR_PLAIN,
    .instance_size = sizeof(struct file_object),
    .methods = binary_methods,
    .properties = binary_properties,
    .trace = file_trace,
    .release = file_release,
    .repr = file_repr,
    .iter = self_iter,
    .next = next_line,
};
