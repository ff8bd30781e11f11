/* standard.c - sys.stdin, sys.stdout, sys.stderr: text, buffer and raw objects like any file's, over the vm's own streams, so
 * that print and input() need not go through them. Reading takes no more bytes than the characters asked for need. */
#include "sim/modules/io/file.h"

#include <locale.h>
#include <stdlib.h>

static value make_raw(struct vm *vm, int descriptor, const char *name)
{
    static const char *const modes[] = {"rb", "wb"};
    value raw = raw_open(vm, small_int(descriptor), modes[descriptor > 0], false, VALUE_NULL);
    if (raw == VALUE_NULL) { /* closed by who started us: the stream then fails when it is used */
        exception_clear(vm);
        return VALUE_NULL;
    }
    return set_attribute(vm, raw, intern_text(vm, "name"), string_from_text(vm, name)) ? raw : VALUE_NULL;
}

/* As CPython chooses it for standard input and output: where the locale says nothing of the encoding, bytes that are no UTF-8
 * pass through. */
static const char *standard_errors(void)
{
    static const char *const silent[] = {"C", "POSIX", "C.UTF-8", "C.utf8", "UTF-8"};
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    const char *chosen = NULL;
    for (size_t i = 0; i < 3 && (!chosen || !*chosen); i++)
        chosen = getenv(names[i]);
    for (size_t i = 0; chosen && *chosen && i < sizeof silent / sizeof *silent; i++)
        if (!strcmp(chosen, silent[i]))
            return "surrogateescape";
    locale_t known = chosen && *chosen ? newlocale(LC_CTYPE_MASK, chosen, (locale_t)0) : (locale_t)0;
    if (!known)
        return "surrogateescape";
    freelocale(known);
    return "strict";
}

const char *io_stdout_errors(struct vm *vm)
{
    return vm->io && vm->io->standard[1] != VALUE_NULL ? string_utf8(vm, text_of(vm->io->standard[1])->errors, NULL)
                                                       : standard_errors();
}

value io_standard_stream(struct vm *vm, int descriptor)
{
    static const char *const names[] = {"<stdin>", "<stdout>", "<stderr>"};
    struct io_state *io = io_state_of(vm);
    if (!io || io->standard[descriptor] != VALUE_NULL)
        return io ? io->standard[descriptor] : VALUE_NULL;
    struct stream *stream = descriptor == 0 ? vm->in : descriptor == 1 ? vm->out : vm->err;
    enum io_class class = descriptor ? IO_WRITER : IO_READER;
    value raw = make_raw(vm, descriptor, names[descriptor]);
    if (raw == VALUE_NULL)
        return vm->pending == VALUE_NULL ? NONE : VALUE_NULL;
    value buffer = io_new(vm, class), text = io_new(vm, IO_TEXT);
    if (buffer == VALUE_NULL || text == VALUE_NULL || !buffered_open(vm, buffer, raw, IO_BUFFER_SIZE, class))
        return VALUE_NULL;
    buffered_of(buffer)->stream = stream;
    const char *errors = descriptor == 2 ? "backslashreplace" : standard_errors();
    struct text_options options = {intern_text(vm, "utf-8"), intern_text(vm, errors),
                                   descriptor ? intern_text(vm, "\n") : VALUE_NULL, stream->line_buffered, false};
    if (!text_open(vm, text, buffer, &options) ||
        !set_attribute(vm, text, intern_text(vm, "mode"), intern_text(vm, descriptor ? "w" : "r")))
        return VALUE_NULL;
    text_of(text)->stream = stream;
    return io->standard[descriptor] = text;
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
    value out = vm->io->standard[1];
    if (dict_get_interned(dict, vm->io->stdout_name) != out || !is_object(out) || out == NONE)
        return false;
    const struct text_state *text = text_of(out);
    if (!text->ready || text->native != DECODER_UTF8 || *text->write_newline ||
        !(string_is(text->errors, "strict") || string_is(text->errors, "surrogateescape")))
        return false;
    const struct buffered_state *buffer = buffered_of(text->buffer);
    return buffer->ready && raw_of(buffer->raw)->descriptor >= 0;
}

value io_current_stdout(struct vm *vm)
{
    struct dict_object *dict = sys_dict(vm);
    value out = dict ? dict_get_text(vm, dict, "stdout") : io_standard_stream(vm, 1);
    return out != VALUE_NULL || vm->pending != VALUE_NULL ? out
                                                          : raise_error(vm, &exc_RuntimeError, "lost sys.stdout");
}

/* ---- reading standard input ---- */

static bool show_prompt(struct vm *vm, const struct stream *stream)
{
    return stream != vm->in || stream->used || !vm->out->used || stream_flush(vm, vm->out);
}

static value decoded(struct vm *vm, struct text_state *text, const char *bytes, size_t size)
{
    ADD_WORK(vm, characters, size);
    value string = bytes_decode(vm, (const uint8_t *)bytes, size, string_utf8(vm, text->encoding, NULL),
                                string_utf8(vm, text->errors, NULL));
    if (string == VALUE_NULL || !text->read_translate)
        return string;
    struct span span = string_span(string);
    return span_find_character(span, '\r', 0, span.length) < 0 ? string : newlines_translate(vm, string);
}

value standard_read_line(struct vm *vm, struct text_state *text, int64_t limit)
{
    const char *line;
    if (!show_prompt(vm, text->stream))
        return VALUE_NULL;
    int64_t size = stream_read_line(vm, text->stream, &line, limit);
    if (size < 0)
        return VALUE_NULL;
    const char *carriage = text->read_universal && size ? memchr(line, '\r', (size_t)size) : NULL;
    if (carriage && carriage != line + size - 1 && carriage[1] != '\n') { /* a line of its own */
        int64_t shorter = carriage + 1 - line;
        text->stream->position -= (size_t)(size - shorter);
        size = shorter;
    }
    return decoded(vm, text, line, (size_t)size);
}

/* Bytes that the last character of a piece of UTF-8 lacks. */
static size_t missing_bytes(const char *bytes, int64_t size)
{
    for (int64_t back = 1; back <= 3 && back <= size; back++) {
        uint8_t byte = (uint8_t)bytes[size - back];
        if (byte < 0x80 || byte >= 0xc0) {
            int64_t length = byte < 0x80 ? 1 : byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
            return length > back ? (size_t)(length - back) : 0;
        }
    }
    return 0;
}

value standard_read(struct vm *vm, struct text_state *text, int64_t wanted)
{
    struct stream *stream = text->stream;
    const char *bytes;
    if (!show_prompt(vm, stream))
        return VALUE_NULL;
    if (wanted < 0) {
        int64_t size = stream_read(vm, stream, &bytes, -1);
        return size < 0 ? VALUE_NULL : decoded(vm, text, bytes, (size_t)size);
    }
    value result = vm->empty_string;
    while (result != VALUE_NULL && string_of(result)->length < wanted) {
        int64_t size = stream_read(vm, stream, &bytes, wanted - string_of(result)->length);
        if (size <= 0)
            return size < 0 ? VALUE_NULL : result;
        size_t more = text->native == DECODER_UTF8 ? missing_bytes(bytes, size) : 0;
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
        value part = decoded(vm, text, bytes, (size_t)got);
        result = part == VALUE_NULL ? part : string_concat(vm, result, part);
    }
    return result;
}
