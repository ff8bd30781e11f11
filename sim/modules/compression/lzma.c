/* lzma.c - module _lzma: LZMACompressor, LZMADecompressor and the properties of filters, on liblzma. Filter chains are read in
 * lzma_filters.c. */
#include "sim/modules/compression/lzma.h"
#include "sim/modules/compression/output.h"
#include "sim/runtime/bytes.h"

#define METHOD(name)                                                                                                   \
    static value lzma_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

enum { FORMAT_AUTO, FORMAT_XZ, FORMAT_ALONE, FORMAT_RAW };

struct lzma_object {
    struct object head;
    lzma_stream *stream;        /* malloc'd */
    value unused_data, pending; /* pending: input kept from a call that stopped at max_length */
    int check;
    bool finished, needs_input;
};

static struct lzma_object *lzma_of(value v)
{
    return (struct lzma_object *)value_object(v);
}

static void object_release(struct vm *vm, struct object *object)
{
    (void)vm;
    struct lzma_object *state = (struct lzma_object *)object;
    if (!state->stream)
        return;
    lzma_end(state->stream);
    free(state->stream);
}

static void object_trace(struct vm *vm, struct object *object)
{
    gc_mark(vm, ((struct lzma_object *)object)->unused_data);
    gc_mark(vm, ((struct lzma_object *)object)->pending);
}

bool lzma_succeeded(struct vm *vm, lzma_ret answer)
{
    static const char *const messages[] = {
        [LZMA_UNSUPPORTED_CHECK] = "Unsupported integrity check", [LZMA_MEMLIMIT_ERROR] = "Memory usage limit exceeded",
        [LZMA_FORMAT_ERROR] = "Input format not supported by decoder",
        [LZMA_OPTIONS_ERROR] = "Invalid or unsupported options", [LZMA_DATA_ERROR] = "Corrupt input data",
        [LZMA_BUF_ERROR] = "Insufficient buffer space", [LZMA_PROG_ERROR] = "Internal error"};
    if (answer == LZMA_OK || answer == LZMA_GET_CHECK || answer == LZMA_NO_CHECK || answer == LZMA_STREAM_END)
        return true;
    if (answer == LZMA_MEM_ERROR)
        raise_no_memory(vm);
    else if ((size_t)answer < sizeof messages / sizeof messages[0] && messages[answer])
        raise_error(vm, native_error(vm->lzma_error), "%s", messages[answer]);
    else
        raise_error(vm, native_error(vm->lzma_error), "Unrecognized error from liblzma: %d", (int)answer);
    return false;
}

static value object_make(struct vm *vm, struct type *type)
{
    struct lzma_object *state = instance_allocate(vm, type, sizeof *state);
    if (!state)
        return VALUE_NULL;
    state->needs_input = true;
    state->check = LZMA_CHECK_ID_MAX + 1;
    state->unused_data = state->pending = vm->empty_bytes;
    state->stream = calloc(1, sizeof *state->stream);
    return state->stream ? object_value(state) : raise_no_memory(vm);
}

/* The C int that an argument is; absent: `otherwise`. */
static bool int_argument(struct vm *vm, value v, int otherwise, int *out)
{
    int64_t number = otherwise;
    if (v != VALUE_NULL && !value_to_int64(vm, v, &number))
        return false;
    if (number < INT32_MIN || number > INT32_MAX) {
        raise_error(vm, &exc_OverflowError, "Python int too large to convert to C int");
        return false;
    }
    *out = (int)number;
    return true;
}

/* ---- compressing ---- */

static bool start_alone(struct vm *vm, lzma_stream *stream, uint32_t preset, value filters)
{
    lzma_filter chain[LZMA_FILTERS_MAX + 1];
    if (filters == NONE) {
        lzma_options_lzma options;
        lzma_ret answer = lzma_lzma_preset(&options, preset) ? LZMA_PROG_ERROR : lzma_alone_encoder(stream, &options);
        return lzma_succeeded(vm, answer);
    }
    if (!lzma_chain_parse(vm, filters, chain))
        return false;
    bool done = false;
    if (chain[0].id == LZMA_FILTER_LZMA1 && chain[1].id == LZMA_VLI_UNKNOWN)
        done = lzma_succeeded(vm, lzma_alone_encoder(stream, chain[0].options));
    else
        raise_error(vm, &exc_ValueError, "Invalid filter chain for FORMAT_ALONE - must be a single LZMA1 filter");
    lzma_chain_free(chain);
    return done;
}

static bool start_chain(struct vm *vm, lzma_stream *stream, value filters, bool raw, int check)
{
    lzma_filter chain[LZMA_FILTERS_MAX + 1];
    if (raw && filters == NONE) {
        raise_error(vm, &exc_ValueError, "Must specify filters for FORMAT_RAW");
        return false;
    }
    if (!lzma_chain_parse(vm, filters, chain))
        return false;
    bool done = lzma_succeeded(vm, raw ? lzma_raw_encoder(stream, chain) : lzma_stream_encoder(stream, chain, (lzma_check)check));
    lzma_chain_free(chain);
    return done;
}

static value compressor_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    static const char *const names[] = {"format", "check", "preset", "filters", NULL};
    static const struct argument_names expected = {"LZMACompressor", names, 0, 4};
    value given[4];
    int format, check;
    if (!arguments_bind(vm, &expected, arguments, count, keyword_names, given) ||
        !int_argument(vm, given[0], FORMAT_XZ, &format) || !int_argument(vm, given[1], -1, &check))
        return VALUE_NULL;
    value filters = given[3] == VALUE_NULL ? NONE : given[3];
    bool preset_given = given[2] != VALUE_NULL && given[2] != NONE;
    uint32_t preset = LZMA_PRESET_DEFAULT;
    if (preset_given && filters != NONE)
        return raise_error(vm, &exc_ValueError, "Cannot specify both preset and filter chain");
    if (preset_given && !lzma_uint32(vm, given[2], &preset))
        return VALUE_NULL;
    if (format != FORMAT_XZ && check != -1 && check != LZMA_CHECK_NONE)
        return raise_error(vm, &exc_ValueError, "Integrity checks are only supported by FORMAT_XZ");
    if (format < FORMAT_XZ || format > FORMAT_RAW)
        return raise_error(vm, &exc_ValueError, "Invalid container format: %d", format);
    value result = object_make(vm, type);
    if (result == VALUE_NULL)
        return result;
    lzma_stream *stream = lzma_of(result)->stream;
    bool done;
    if (format == FORMAT_ALONE)
        done = start_alone(vm, stream, preset, filters);
    else if (format == FORMAT_XZ && filters == NONE)
        done = lzma_succeeded(vm, lzma_easy_encoder(stream, preset, check == -1 ? LZMA_CHECK_CRC64 : (lzma_check)check));
    else
        done = start_chain(vm, stream, filters, format == FORMAT_RAW, check == -1 ? LZMA_CHECK_CRC64 : check);
    return done ? result : VALUE_NULL;
}

static value run_compressor(struct vm *vm, struct lzma_object *state, struct span data, lzma_action action)
{
    struct output output = {.limit = SIZE_MAX};
    lzma_stream *stream = state->stream;
    stream->next_in = data.data;
    stream->avail_in = data.length;
    ADD_WORK(vm, characters, data.length);
    while (output_grow(vm, &output)) {
        stream->next_out = output.data + output.used;
        stream->avail_out = output.capacity - output.used;
        lzma_ret answer = lzma_code(stream, action);
        output.used = output.capacity - stream->avail_out;
        if (answer == LZMA_BUF_ERROR && !data.length && stream->avail_out)
            answer = LZMA_OK;
        if (!lzma_succeeded(vm, answer) || answer == LZMA_STREAM_END || (action == LZMA_RUN && !stream->avail_in))
            break;
    }
    return output_finish(vm, &output);
}

METHOD(compress)
{
    UNUSED;
    struct span data;
    if (!bytes_like(vm, arguments[0], &data))
        return VALUE_NULL;
    if (lzma_of(self)->finished)
        return raise_error(vm, &exc_ValueError, "Compressor has been flushed");
    return run_compressor(vm, lzma_of(self), data, LZMA_RUN);
}

METHOD(flush)
{
    UNUSED;
    if (lzma_of(self)->finished)
        return raise_error(vm, &exc_ValueError, "Repeated call to flush()");
    lzma_of(self)->finished = true;
    return run_compressor(vm, lzma_of(self), (struct span){"", 0, 1}, LZMA_FINISH);
}

/* ---- decompressing ---- */

static bool start_decoder(struct vm *vm, struct lzma_object *state, int format, uint64_t limit, value filters)
{
    enum { TELL = LZMA_TELL_ANY_CHECK | LZMA_TELL_NO_CHECK };
    lzma_filter chain[LZMA_FILTERS_MAX + 1];
    switch (format) {
    case FORMAT_AUTO: return lzma_succeeded(vm, lzma_auto_decoder(state->stream, limit, TELL));
    case FORMAT_XZ: return lzma_succeeded(vm, lzma_stream_decoder(state->stream, limit, TELL));
    case FORMAT_ALONE:
        state->check = LZMA_CHECK_NONE;
        return lzma_succeeded(vm, lzma_alone_decoder(state->stream, limit));
    case FORMAT_RAW:
        state->check = LZMA_CHECK_NONE;
        if (!lzma_chain_parse(vm, filters, chain))
            return false;
        bool done = lzma_succeeded(vm, lzma_raw_decoder(state->stream, chain));
        lzma_chain_free(chain);
        return done;
    }
    raise_error(vm, &exc_ValueError, "Invalid container format: %d", format);
    return false;
}

static value decompressor_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    static const char *const names[] = {"format", "memlimit", "filters", NULL};
    static const struct argument_names expected = {"LZMADecompressor", names, 0, 3};
    value given[3];
    int format;
    uint64_t limit = UINT64_MAX;
    if (!arguments_bind(vm, &expected, arguments, count, keyword_names, given) ||
        !int_argument(vm, given[0], FORMAT_AUTO, &format))
        return VALUE_NULL;
    value filters = given[2] == VALUE_NULL ? NONE : given[2];
    if (given[1] != VALUE_NULL && given[1] != NONE) {
        if (format == FORMAT_RAW)
            return raise_error(vm, &exc_ValueError, "Cannot specify memory limit with FORMAT_RAW");
        if (!lzma_uint64(vm, given[1], &limit))
            return VALUE_NULL;
    }
    if (format == FORMAT_RAW && filters == NONE)
        return raise_error(vm, &exc_ValueError, "Must specify filters for FORMAT_RAW");
    if (format != FORMAT_RAW && filters != NONE)
        return raise_error(vm, &exc_ValueError, "Cannot specify filters except with FORMAT_RAW");
    value result = object_make(vm, type);
    return result != VALUE_NULL && start_decoder(vm, lzma_of(result), format, limit, filters) ? result : VALUE_NULL;
}

/* What was kept of earlier input, and the new one. */
static value joined_input(struct vm *vm, value old, struct span data)
{
    size_t kept = bytes_of(old)->length;
    value input = bytes_from(vm, NULL, kept + data.length);
    if (input == VALUE_NULL)
        return input;
    if (kept)
        memcpy(bytes_of(input)->data, bytes_of(old)->data, kept);
    if (data.length)
        memcpy(bytes_of(input)->data + kept, data.data, data.length);
    return input;
}

static void run_decompressor(struct vm *vm, struct lzma_object *state, struct output *output)
{
    lzma_stream *stream = state->stream;
    if (output->limit == 0) {
        stream->avail_out = 0;
        return;
    }
    while (output_grow(vm, output)) {
        size_t room = output->capacity - output->used;
        stream->next_out = output->data + output->used;
        stream->avail_out = room;
        lzma_ret answer = lzma_code(stream, LZMA_RUN);
        output->used += room - stream->avail_out;
        if (answer == LZMA_BUF_ERROR && !stream->avail_in && stream->avail_out)
            answer = LZMA_OK; /* that is all there is for now */
        if (!lzma_succeeded(vm, answer))
            return;
        if (answer == LZMA_GET_CHECK || answer == LZMA_NO_CHECK)
            state->check = (int)lzma_get_check(stream);
        state->finished = answer == LZMA_STREAM_END;
        if (state->finished || (!stream->avail_out && output_full(output)) || (stream->avail_out && !stream->avail_in))
            return;
    }
}

METHOD(decompress)
{
    UNUSED;
    struct lzma_object *state = lzma_of(self);
    struct span data;
    int64_t limit = -1;
    if (!bytes_like(vm, arguments[0], &data) ||
        (arguments[1] != VALUE_NULL && (!value_to_index(vm, arguments[1], &limit) || !bytes_like(vm, arguments[0], &data))))
        return VALUE_NULL;
    if (state->finished)
        return raise_error(vm, &exc_EOFError, "Already at end of stream");
    value input = joined_input(vm, state->pending, data);
    if (input == VALUE_NULL)
        return input;
    struct output output = {.limit = limit < 0 ? SIZE_MAX : (size_t)limit};
    lzma_stream *stream = state->stream;
    stream->next_in = bytes_of(input)->data;
    stream->avail_in = bytes_of(input)->length;
    run_decompressor(vm, state, &output);
    value result = output_finish(vm, &output);
    value rest = result == VALUE_NULL ? result : bytes_from(vm, stream->next_in, stream->avail_in);
    gc_keep(input);
    if (rest == VALUE_NULL)
        return VALUE_NULL;
    if (state->finished)
        state->unused_data = rest;
    state->pending = state->finished ? vm->empty_bytes : rest;
    state->needs_input = !state->finished && !stream->avail_in && stream->avail_out;
    return result;
}

static value get_check(struct vm *vm, value self) { (void)vm; return small_int(lzma_of(self)->check); }
static value get_eof(struct vm *vm, value self) { (void)vm; return bool_value(lzma_of(self)->finished); }
static value get_unused_data(struct vm *vm, value self) { (void)vm; return lzma_of(self)->unused_data; }
static value get_needs_input(struct vm *vm, value self) { (void)vm; return bool_value(lzma_of(self)->needs_input); }

static const struct method_definition compressor_methods[] = {{"compress", "(data, /)", lzma_compress, 0, NULL},
                                                              {"flush", "()", lzma_flush, 0, NULL}, {0}};
static const struct method_definition decompressor_methods[] = {{"decompress", "(data, max_length=-1)", lzma_decompress, 0, NULL}, {0}};
static const struct property_definition decompressor_properties[] = {{"check", get_check, NULL}, {"eof", get_eof, NULL},
    {"unused_data", get_unused_data, NULL}, {"needs_input", get_needs_input, NULL}, {0}};
static struct type compressor_type = {.name = "_lzma.LZMACompressor", .instance_size = sizeof(struct lzma_object),
                                      .flags = TYPE_GETATTR_PLAIN | TYPE_SUBCLASSABLE | TYPE_MAKES_SUBCLASSES,
                                      .trace = object_trace, .release = object_release,
                                      .new = compressor_new, .methods = compressor_methods};
static struct type decompressor_type = {.name = "_lzma.LZMADecompressor", .instance_size = sizeof(struct lzma_object),
                                        .flags = TYPE_GETATTR_PLAIN | TYPE_SUBCLASSABLE | TYPE_MAKES_SUBCLASSES,
                                        .trace = object_trace, .release = object_release, .new = decompressor_new,
                                        .methods = decompressor_methods, .properties = decompressor_properties};

/* ---- the module ---- */

METHOD(is_check_supported)
{
    UNUSED;
    int check;
    return int_argument(vm, arguments[0], 0, &check) ? bool_value(lzma_check_is_supported((lzma_check)check)) : VALUE_NULL;
}

METHOD(encode_filter_properties)
{
    UNUSED;
    lzma_filter filter;
    uint32_t size;
    if (!lzma_filter_parse(vm, arguments[0], &filter))
        return VALUE_NULL;
    value result = VALUE_NULL;
    if (lzma_succeeded(vm, lzma_properties_size(&size, &filter)) && (result = bytes_from(vm, NULL, size)) != VALUE_NULL &&
        !lzma_succeeded(vm, lzma_properties_encode(&filter, bytes_of(result)->data)))
        result = VALUE_NULL;
    free(filter.options);
    return result;
}

METHOD(decode_filter_properties)
{
    UNUSED;
    lzma_filter filter = {0};
    struct span data;
    if (!lzma_uint64(vm, arguments[0], &filter.id) || !bytes_like(vm, arguments[1], &data) ||
        !lzma_succeeded(vm, lzma_properties_decode(&filter, NULL, data.data, data.length)))
        return VALUE_NULL;
    value result = lzma_filter_describe(vm, &filter);
    free(filter.options);
    return result;
}

static bool lzma_initialize(struct vm *vm, value module)
{
    static const struct integer_constant constants[] = {
        {"FORMAT_AUTO", FORMAT_AUTO}, {"FORMAT_XZ", FORMAT_XZ}, {"FORMAT_ALONE", FORMAT_ALONE}, {"FORMAT_RAW", FORMAT_RAW},
        {"CHECK_NONE", LZMA_CHECK_NONE}, {"CHECK_CRC32", LZMA_CHECK_CRC32}, {"CHECK_CRC64", LZMA_CHECK_CRC64},
        {"CHECK_SHA256", LZMA_CHECK_SHA256}, {"CHECK_ID_MAX", LZMA_CHECK_ID_MAX}, {"CHECK_UNKNOWN", LZMA_CHECK_ID_MAX + 1},
        {"FILTER_LZMA1", (int64_t)LZMA_FILTER_LZMA1}, {"FILTER_LZMA2", LZMA_FILTER_LZMA2}, {"FILTER_DELTA", LZMA_FILTER_DELTA},
        {"FILTER_X86", LZMA_FILTER_X86}, {"FILTER_POWERPC", LZMA_FILTER_POWERPC}, {"FILTER_IA64", LZMA_FILTER_IA64},
        {"FILTER_ARM", LZMA_FILTER_ARM}, {"FILTER_ARMTHUMB", LZMA_FILTER_ARMTHUMB}, {"FILTER_SPARC", LZMA_FILTER_SPARC},
        {"MF_HC3", LZMA_MF_HC3}, {"MF_HC4", LZMA_MF_HC4}, {"MF_BT2", LZMA_MF_BT2}, {"MF_BT3", LZMA_MF_BT3},
        {"MF_BT4", LZMA_MF_BT4}, {"MODE_FAST", LZMA_MODE_FAST}, {"MODE_NORMAL", LZMA_MODE_NORMAL},
        {"PRESET_DEFAULT", LZMA_PRESET_DEFAULT}, {"PRESET_EXTREME", LZMA_PRESET_EXTREME}, {0}};
    type_ready(vm, &compressor_type);
    type_ready(vm, &decompressor_type);
    return support_add_constants(vm, module, constants) &&
           native_error_make(vm, module, "LZMAError", "_lzma", &exc_Exception, &vm->lzma_error) &&
           dict_set_text(vm, support_dict(module), "LZMACompressor", type_object_value(&compressor_type)) &&
           dict_set_text(vm, support_dict(module), "LZMADecompressor", type_object_value(&decompressor_type));
}

static const struct method_definition functions[] = {
    {"is_check_supported", "(check_id, /)", lzma_is_check_supported, 0, NULL},
    {"_encode_filter_properties", "(filter, /)", lzma_encode_filter_properties, 0, NULL},
    {"_decode_filter_properties", "(filter_id, encoded_props, /)", lzma_decode_filter_properties, 0, NULL}, {0}};
const struct native_module lzma_module = {"_lzma", lzma_initialize, functions};
