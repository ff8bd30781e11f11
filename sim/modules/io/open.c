/* open.c - open(): the mode, and the layers of objects it asks for. */
#include "sim/modules/io/file.h"

#include <unistd.h>

struct open_mode {
    char raw[5];   /* FileIO's mode */
    bool text, binary, reading, writing, updating;
};

static bool parse_mode(struct vm *vm, value given, struct open_mode *mode)
{
    size_t size, length = 0;
    const char *text = string_utf8(vm, given, &size);
    bool seen[128] = {false};
    if (!text)
        return false;
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)text[i];
        if (!c || !strchr("xrwa+tb", c) || seen[c]) {
            raise_error(vm, &exc_ValueError, "invalid mode: '%U'", given);
            return false;
        }
        seen[c] = true;
    }
    for (const char *p = "xrwa+"; *p; p++)
        if (seen[(unsigned char)*p] && length < sizeof mode->raw - 1)
            mode->raw[length++] = *p;
    mode->raw[length] = 0;
    mode->text = seen['t'];
    mode->binary = seen['b'];
    mode->reading = seen['r'];
    mode->writing = seen['w'] || seen['x'] || seen['a'];
    mode->updating = seen['+'];
    if (mode->text && mode->binary) {
        raise_error(vm, &exc_ValueError, "can't have text and binary mode at once");
        return false;
    }
    if (seen['x'] + seen['r'] + seen['w'] + seen['a'] != 1) {
        raise_error(vm, &exc_ValueError, "must have exactly one of create/read/write/append mode");
        return false;
    }
    return true;
}

static bool given(value v)
{
    return v != VALUE_NULL && v != NONE;
}

static bool check_options(struct vm *vm, const struct open_mode *mode, const value *options)
{
    static const char *const names[] = {"encoding", "errors", "newline"};
    static const char *const refusals[] = {"binary mode doesn't take an encoding argument",
                                           "binary mode doesn't take an errors argument",
                                           "binary mode doesn't take a newline argument"};
    for (int i = 0; i < 3; i++)
        if (given(options[i]) && !is_string(options[i])) {
            raise_error(vm, &exc_TypeError, "open() argument '%s' must be str or None, not %T", names[i], options[i]);
            return false;
        }
    for (int i = 0; i < 3; i++)
        if (mode->binary && given(options[i])) {
            raise_error(vm, &exc_ValueError, "%s", refusals[i]);
            return false;
        }
    return true;
}

static bool warn_line_buffering(struct vm *vm)
{
    value warnings = import_module(vm, "warnings");
    value arguments[2] = {string_from_text(vm, "line buffering (buffering=1) isn't supported in binary mode, the default buffer "
                                               "size will be used"), object_value(&exc_RuntimeWarning)};
    return warnings != VALUE_NULL && call_method(vm, warnings, "warn", arguments, 2) != VALUE_NULL;
}

static value add_layers(struct vm *vm, value raw, const struct open_mode *mode, int64_t buffering, const value *arguments)
{
    int terminal = buffering < 0 ? io_test(vm, raw, "isatty") : 0;
    if (terminal < 0)
        return VALUE_NULL;
    bool lines = !mode->binary && (buffering == 1 || terminal);
    if (buffering < 0 || buffering == 1) {
        value size = get_attribute_text(vm, raw, "_blksize");
        if (size == VALUE_NULL || !io_index(vm, size, &buffering))
            return VALUE_NULL;
    }
    if (buffering == 0) {
        if (!mode->binary)
            return raise_error(vm, &exc_ValueError, "can't have unbuffered text I/O");
        return raw;
    }
    enum io_class class = mode->updating ? IO_RANDOM : mode->writing ? IO_WRITER : IO_READER;
    if (class == IO_RANDOM && io_test(vm, raw, "seekable") <= 0)
        return vm->pending != VALUE_NULL ? VALUE_NULL : io_raise_unsupported(vm, "File or stream is not seekable.");
    value buffer = io_new(vm, class);
    if (buffer == VALUE_NULL || !buffered_open(vm, buffer, raw, (size_t)buffering, class) || mode->binary)
        return vm->pending == VALUE_NULL ? buffer : VALUE_NULL;
    struct text_options options = {arguments[3], arguments[4], arguments[5], lines, false};
    value text = io_new(vm, IO_TEXT), mode_text = arguments[1] == VALUE_NULL ? intern_text(vm, "r") : arguments[1];
    if (text == VALUE_NULL || !text_open(vm, text, buffer, &options) ||
        !set_attribute(vm, text, intern_text(vm, "mode"), mode_text))
        return VALUE_NULL;
    return text;
}

value io_open(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    IO_UNUSED;
    value mode_text = arguments[1] == VALUE_NULL ? intern_text(vm, "r") : arguments[1];
    struct open_mode mode;
    int64_t buffering = -1;
    value path = arguments[0];
    if (!io_state_of(vm) || !io_flush_pending(vm))
        return VALUE_NULL;
    if (!is_int(path) && !is_string(path) && !is_bytes(path)) {
        value method = lookup_special(vm, path, "__fspath__");
        if (method == VALUE_NULL)
            return vm->pending != VALUE_NULL
                       ? VALUE_NULL
                       : raise_error(vm, &exc_TypeError, "expected str, bytes or os.PathLike object, not %T", path);
        path = call_0(vm, method);
        if (path == VALUE_NULL)
            return VALUE_NULL;
        if (!is_string(path) && !is_bytes(path))
            return raise_error(vm, &exc_TypeError, "expected %T.__fspath__() to return str or bytes, not %T", arguments[0], path);
    }
    if (!is_string(mode_text))
        return raise_error(vm, &exc_TypeError, "open() argument 'mode' must be str, not %T", mode_text);
    int closes = arguments[6] == VALUE_NULL ? 1 : value_truth(vm, arguments[6]);
    if (closes < 0 || (arguments[2] != VALUE_NULL && !io_index(vm, arguments[2], &buffering)) ||
        !parse_mode(vm, mode_text, &mode) || !check_options(vm, &mode, arguments + 3))
        return VALUE_NULL;
    if (mode.binary && buffering == 1 && !warn_line_buffering(vm))
        return VALUE_NULL;
    if (buffering < -1)
        return raise_error(vm, &exc_ValueError, "invalid buffering size");
    value raw = raw_open(vm, path, mode.raw, closes, arguments[7]);
    if (raw == VALUE_NULL)
        return VALUE_NULL;
    value file = add_layers(vm, raw, &mode, buffering, arguments);
    if (file != VALUE_NULL)
        return file;
    io_close_after(vm, false, raw);
    return VALUE_NULL;
}
