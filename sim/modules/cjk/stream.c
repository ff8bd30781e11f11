/* stream.c - the stream reader and writer: a codec in front of any object that reads or writes bytes. */
#include "sim/modules/cjk/cjk.h"
#include "sim/runtime/container.h"

#define FUNCTION(name)                                                                                                 \
    static value cjk_stream_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

static value constructor(struct vm *vm, struct type *type, const char *name, const value *arguments, size_t count,
                         value keyword_names)
{
    static const char *const names[] = {"stream", "errors", NULL};
    value bound[2];
    if (!arguments_bind(vm, &(struct argument_names){name, names, 1, 2}, arguments, count, keyword_names, bound))
        return VALUE_NULL;
    if (bound[1] != VALUE_NULL && !is_string(bound[1]))
        return raise_error(vm, &exc_TypeError, "%s() argument 'errors' must be str, not %T", name, bound[1]);
    value self = cjk_stateful_new(vm, type, bound[1]);
    if (self != VALUE_NULL)
        cjk_stateful_of(self)->stream = bound[0];
    return self;
}

static const struct cjk_codec *codec_of(value self)
{
    return cjk_codec_of(cjk_stateful_of(self)->codec)->codec;
}

static value get_stream(struct vm *vm, value self)
{
    (void)vm;
    return cjk_stateful_of(self)->stream;
}

static const struct property_definition properties[] = {
    {"errors", cjk_get_errors, cjk_set_errors}, {"stream", get_stream, NULL}, {0}};

/* ---- reading ---- */

static value reader_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    value self = constructor(vm, type, "StreamReader", arguments, count, keyword_names);
    if (self != VALUE_NULL)
        cjk_decode_start(codec_of(self), cjk_stateful_of(self)->state);
    return self;
}

/* What the stream gives, behind what waits; *end: it gave nothing. */
static value fetch(struct vm *vm, struct cjk_stateful *reader, const char *method, int64_t size, bool *end)
{
    value argument = small_int(size);
    value bytes = call_method(vm, reader->stream, method, &argument, size < 0 ? 0 : 1);
    if (bytes == VALUE_NULL)
        return VALUE_NULL;
    if (!is_bytes(bytes))
        return raise_error(vm, &exc_TypeError, "stream function returned a non-bytes object (%T)", bytes);
    size_t length = bytes_of(bytes)->length, before = reader->pending_count;
    *end = length == 0;
    if (!before)
        return bytes;
    value both = bytes_from(vm, NULL, before + length);
    if (both == VALUE_NULL)
        return VALUE_NULL;
    memcpy(bytes_of(both)->data, reader->pending, before);
    memcpy(bytes_of(both)->data + before, bytes_of(bytes)->data, length);
    reader->pending_count = 0;
    return both;
}

/* Reads until there is a character: `size` bytes first, then one by one. */
static value read_text(struct vm *vm, value self, const char *method, int64_t size)
{
    struct cjk_stateful *reader = cjk_stateful_of(self);
    if (size == 0)
        return vm->empty_string;
    for (int64_t wanted = size;; wanted = 1) {
        bool end = false;
        struct cjk_run run;
        value bytes = fetch(vm, reader, method, wanted, &end);
        if (bytes == VALUE_NULL)
            return VALUE_NULL;
        cjk_run_open(&run, vm, reader->codec, reader->state, reader->errors, bytes);
        bool good = cjk_run_decode(&run) && (!(end || size < 0) || cjk_run_decode_rest(&run));
        value text = cjk_run_text(&run, good && cjk_keep_pending(vm, reader, &run));
        if (text == VALUE_NULL || size < 0 || string_of(text)->length || !bytes_of(bytes)->length)
            return text;
    }
}

static bool size_argument(struct vm *vm, value v, int64_t *size)
{
    *size = -1;
    if (v == VALUE_NULL || v == NONE)
        return true;
    if (is_int(v))
        return value_to_int64(vm, v, size);
    raise_error(vm, &exc_TypeError, "arg 1 must be an integer");
    return false;
}

FUNCTION(read)
{
    UNUSED;
    int64_t size;
    return size_argument(vm, arguments[0], &size) ? read_text(vm, self, "read", size) : VALUE_NULL;
}

FUNCTION(readline)
{
    UNUSED;
    int64_t size;
    return size_argument(vm, arguments[0], &size) ? read_text(vm, self, "readline", size) : VALUE_NULL;
}

FUNCTION(readlines)
{
    UNUSED;
    int64_t size;
    value keep_ends = TRUE, text = size_argument(vm, arguments[0], &size) ? read_text(vm, self, "read", size) : VALUE_NULL;
    return text == VALUE_NULL ? text : call_method(vm, text, "splitlines", &keep_ends, 1);
}

FUNCTION(reader_reset)
{
    UNUSED;
    cjk_decode_reset(codec_of(self), cjk_stateful_of(self)->state);
    cjk_stateful_of(self)->pending_count = 0;
    return NONE;
}

static const struct method_definition reader_methods[] = {
    {"read", "(sizeobj=None, /)", cjk_stream_read, 0, NULL},
    {"readline", "(sizeobj=None, /)", cjk_stream_readline, 0, NULL},
    {"readlines", "(sizehintobj=None, /)", cjk_stream_readlines, 0, NULL},
    {"reset", "()", cjk_stream_reader_reset, 0, NULL},
    {0},
};

struct type cjk_stream_reader_type = {.name = "_multibytecodec.MultibyteStreamReader",
                                      .flags = TYPE_SUBCLASSABLE | TYPE_MAKES_SUBCLASSES,
                                      .instance_size = sizeof(struct cjk_stateful),
                                      .trace = cjk_stateful_trace,
                                      .new = reader_new,
                                      .init = cjk_stateful_init,
                                      .methods = reader_methods,
                                      .properties = properties};

/* ---- writing ---- */

static value writer_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    value self = constructor(vm, type, "StreamWriter", arguments, count, keyword_names);
    if (self != VALUE_NULL)
        cjk_encode_start(codec_of(self), cjk_stateful_of(self)->state);
    return self;
}

static bool write_text(struct vm *vm, value self, value text)
{
    value bytes = cjk_encode_more(vm, cjk_stateful_of(self), text, CJK_GO_ON);
    return bytes != VALUE_NULL && call_method(vm, cjk_stateful_of(self)->stream, "write", &bytes, 1) != VALUE_NULL;
}

FUNCTION(write)
{
    UNUSED;
    return write_text(vm, self, arguments[0]) ? NONE : VALUE_NULL;
}

FUNCTION(writelines)
{
    UNUSED;
    if (!value_type(vm, arguments[0])->get_item || has_flag(arguments[0], TYPE_DICT))
        return raise_error(vm, &exc_TypeError, "arg must be a sequence object");
    for (int64_t i = 0; i < value_length(vm, arguments[0]); i++) { /* it may change meanwhile */
        value line = get_item(vm, arguments[0], small_int(i));
        if (line == VALUE_NULL || !write_text(vm, self, line))
            return VALUE_NULL;
    }
    return vm->pending == VALUE_NULL ? NONE : VALUE_NULL;
}

FUNCTION(writer_reset)
{
    UNUSED;
    struct cjk_stateful *writer = cjk_stateful_of(self);
    struct cjk_run run;
    if (writer->pending_text == VALUE_NULL)
        return NONE;
    cjk_run_open(&run, vm, writer->codec, writer->state, writer->errors, writer->pending_text);
    value bytes = cjk_run_bytes(&run, cjk_run_encode(&run, CJK_FLUSH_AND_RESET));
    writer->pending_text = VALUE_NULL;
    if (bytes == VALUE_NULL)
        return VALUE_NULL;
    if (bytes_of(bytes)->length && call_method(vm, writer->stream, "write", &bytes, 1) == VALUE_NULL)
        return VALUE_NULL;
    return NONE;
}

static const struct method_definition writer_methods[] = {
    {"write", "(strobj, /)", cjk_stream_write, 0, NULL},
    {"writelines", "(lines, /)", cjk_stream_writelines, 0, NULL},
    {"reset", "()", cjk_stream_writer_reset, 0, NULL},
    {0},
};

struct type cjk_stream_writer_type = {.name = "_multibytecodec.MultibyteStreamWriter",
                                      .flags = TYPE_SUBCLASSABLE | TYPE_MAKES_SUBCLASSES,
                                      .instance_size = sizeof(struct cjk_stateful),
                                      .trace = cjk_stateful_trace,
                                      .new = writer_new,
                                      .init = cjk_stateful_init,
                                      .methods = writer_methods,
                                      .properties = properties};
