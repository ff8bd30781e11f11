/* builtins_io.c - print, input, open. print writes straight into vm->out as long as sys.stdout is the original object. */
#include "sim/modules/builtins.h"
#include "sim/modules/io/io.h"
#include "sim/runtime/audit.h"
#include "sim/runtime/args.h"
#include "sim/runtime/exception.h"
#include "sim/runtime/text.h"

#include <stdio.h>
#include <unistd.h>

#define BUILTIN(name)                                                                                                  \
    static value builtin_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED_ARGUMENTS (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

struct print_options {
    value separator, end, file; /* VALUE_NULL: the default */
    value flush;
};

static bool print_options(struct vm *vm, const value *arguments, size_t count, value keyword_names,
                          struct print_options *out)
{
    *out = (struct print_options){VALUE_NULL, VALUE_NULL, VALUE_NULL, VALUE_NULL};
    size_t keywords = keyword_names == VALUE_NULL ? 0 : tuple_of(keyword_names)->length;
    for (size_t i = 0; i < keywords; i++) {
        value name = tuple_of(keyword_names)->items[i], item = arguments[count + i];
        value *target = string_is(name, "sep")     ? &out->separator
                        : string_is(name, "end")   ? &out->end
                        : string_is(name, "file")  ? &out->file
                        : string_is(name, "flush") ? &out->flush
                                                   : NULL;
        if (!target) {
            raise_error(vm, &exc_TypeError, "'%U' is an invalid keyword argument for print()", name);
            return false;
        }
        *target = item == NONE ? VALUE_NULL : item;
    }
    return true;
}

static bool check_text(struct vm *vm, const char *name, value v)
{
    if (v == VALUE_NULL || is_string(v))
        return true;
    raise_error(vm, &exc_TypeError, "%s must be None or a string, not %T", name, v);
    return false;
}

static bool write_text(struct vm *vm, value text)
{
    const struct string_object *s = string_of(text);
    if (s->ascii) {
        ADD_WORK(vm, characters, s->length);
        return stream_write(vm, vm->out, (const char *)s->data, s->length);
    }
    value bytes = string_encode(vm, text, "utf-8", io_stdout_errors(vm));
    if (bytes == VALUE_NULL)
        return false;
    ADD_WORK(vm, characters, s->length);
    return stream_write(vm, vm->out, (const char *)bytes_of(bytes)->data, bytes_of(bytes)->length);
}

static bool print_item(struct vm *vm, value v)
{
    if (is_small_int(v)) {
        char digits[24];
        char *p = digits + sizeof digits;
        int64_t n = small_int_value(v);
        uint64_t rest = n < 0 ? -(uint64_t)n : (uint64_t)n;
        do
            *--p = (char)('0' + rest % 10);
        while (rest /= 10);
        if (n < 0)
            *--p = '-';
        size_t size = (size_t)(digits + sizeof digits - p);
        ADD_WORK(vm, characters, size);
        return stream_write(vm, vm->out, p, size);
    }
    if (is_immediate_float(v)) {
        char text[32];
        size_t size = float_repr(immediate_float(v), text);
        ADD_WORK(vm, characters, size);
        return stream_write(vm, vm->out, text, size);
    }
    value text = is_exact(v, &string_type) ? v : value_string(vm, v);
    return text != VALUE_NULL && write_text(vm, text);
}

static bool print_direct(struct vm *vm, const value *arguments, size_t count, const struct print_options *options)
{
    for (size_t i = 0; i < count; i++) {
        if (i && !(options->separator == VALUE_NULL ? stream_write(vm, vm->out, " ", 1)
                                                    : write_text(vm, options->separator)))
            return false;
        if (!print_item(vm, arguments[i]))
            return false;
    }
    return options->end == VALUE_NULL ? stream_write(vm, vm->out, "\n", 1) : write_text(vm, options->end);
}

static bool print_to(struct vm *vm, value file, const value *arguments, size_t count, const struct print_options *options)
{
    value write = get_attribute_text(vm, file, "write");
    value separator = options->separator == VALUE_NULL ? string_from_text(vm, " ") : options->separator;
    value end = options->end == VALUE_NULL ? string_from_text(vm, "\n") : options->end;
    if (write == VALUE_NULL || separator == VALUE_NULL || end == VALUE_NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (i && call_1(vm, write, separator) == VALUE_NULL)
            return false;
        value text = value_string(vm, arguments[i]);
        if (text == VALUE_NULL || call_1(vm, write, text) == VALUE_NULL)
            return false;
    }
    return call_1(vm, write, end) != VALUE_NULL;
}

BUILTIN(print)
{
    (void)self;
    struct print_options options;
    if (!print_options(vm, arguments, count, keyword_names, &options))
        return VALUE_NULL;
    value file = options.file;
    bool direct = file == VALUE_NULL ? io_stdout_is_original(vm) : false;
    if (file == VALUE_NULL && !direct) {
        file = io_current_stdout(vm);
        if (file == VALUE_NULL)
            return VALUE_NULL;
        if (file == NONE)
            return NONE;
    }
    if (!check_text(vm, "sep", options.separator) || !check_text(vm, "end", options.end))
        return VALUE_NULL;
    if (!(direct ? print_direct(vm, arguments, count, &options) : print_to(vm, file, arguments, count, &options)))
        return VALUE_NULL;
    int flush = options.flush == VALUE_NULL ? 0 : value_truth(vm, options.flush);
    if (flush < 0)
        return VALUE_NULL;
    if (flush && direct)
        return stream_flush(vm, vm->out) ? NONE : VALUE_NULL;
    if (flush && call_method(vm, file, "flush", NULL, 0) == VALUE_NULL)
        return VALUE_NULL;
    return NONE;
}

/* sys.stdin replaced by the program: its readline method */
static value input_line(struct vm *vm, value file)
{
    value line = call_method(vm, file, "readline", NULL, 0);
    if (line == VALUE_NULL)
        return VALUE_NULL;
    if (!is_string(line))
        return raise_error(vm, &exc_TypeError, "object.readline() returned non-string");
    int64_t length = string_of(line)->length;
    if (length == 0)
        return raise_error(vm, &exc_EOFError, "EOF when reading a line");
    bool ended = string_at(string_of(line), (size_t)length - 1) == '\n';
    return string_slice(vm, line, 0, length - ended);
}

BUILTIN(input)
{
    UNUSED_ARGUMENTS;
    value file = dict_get_text(vm, dict_of(((struct module_object *)value_object(vm->sys_module))->dict), "stdin");
    if (file == VALUE_NULL)
        file = io_standard_stream(vm, 0);
    if (!AUDIT(vm, "builtins.input", arguments[0]))
        return VALUE_NULL;
    if (arguments[0] != VALUE_NULL) {
        struct print_options options = {VALUE_NULL, string_from_text(vm, ""), VALUE_NULL, VALUE_NULL};
        value out = io_stdout_is_original(vm) ? VALUE_NULL : io_current_stdout(vm);
        if (vm->pending != VALUE_NULL)
            return VALUE_NULL;
        if (!(out == VALUE_NULL ? print_direct(vm, arguments, 1, &options) : print_to(vm, out, arguments, 1, &options)))
            return VALUE_NULL;
    }
    if (!stream_flush(vm, vm->out))
        return VALUE_NULL;
    return file == VALUE_NULL ? VALUE_NULL : input_line(vm, file);
}

const struct method_definition builtins_io_functions[] = {
    {"print", NULL, builtin_print, 0, NULL},
    {"input", "(prompt=None, /)", builtin_input, 0, NULL},
    {"open",
     "(file, mode='r', buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None)",
     io_open, 0, NULL},
    {NULL, NULL, NULL, 0, NULL},
};
