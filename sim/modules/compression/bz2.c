/* bz2.c - module _bz2: BZ2Compressor and BZ2Decompressor, on libbz2. */
#include "sim/modules/compression/output.h"
#include "sim/runtime/bytes.h"
#include "sim/runtime/container.h"

#include <bzlib.h>

#define METHOD(name)                                                                                                   \
    static value bz2_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

enum { PIECE = 1 << 30 };

struct bz2_object {
    struct object head;
    bz_stream *stream; /* malloc'd */
    value unused_data, pending; /* pending: input kept from a call that stopped at max_length */
    bool compressing, finished, needs_input;
};

static struct bz2_object *bz2_of(value v)
{
    return (struct bz2_object *)value_object(v);
}

static void bz2_release(struct vm *vm, struct object *object)
{
    (void)vm;
    struct bz2_object *state = (struct bz2_object *)object;
    if (!state->stream)
        return;
    if (state->compressing)
        BZ2_bzCompressEnd(state->stream);
    else
        BZ2_bzDecompressEnd(state->stream);
    free(state->stream);
}

static void bz2_trace(struct vm *vm, struct object *object)
{
    gc_mark(vm, ((struct bz2_object *)object)->unused_data);
    gc_mark(vm, ((struct bz2_object *)object)->pending);
}

static bool check(struct vm *vm, int answer)
{
    switch (answer) {
    case BZ_PARAM_ERROR: raise_error(vm, &exc_ValueError, "Internal error - invalid parameters passed to libbzip2"); return false;
    case BZ_MEM_ERROR: raise_no_memory(vm); return false;
    case BZ_DATA_ERROR: case BZ_DATA_ERROR_MAGIC: raise_error(vm, &exc_OSError, "Invalid data stream"); return false;
    case BZ_IO_ERROR: raise_error(vm, &exc_OSError, "Unknown I/O error"); return false;
    case BZ_UNEXPECTED_EOF:
        raise_error(vm, &exc_EOFError, "Compressed file ended before the logical end-of-stream was detected");
        return false;
    case BZ_SEQUENCE_ERROR:
        raise_error(vm, &exc_RuntimeError, "Internal error - Invalid sequence of commands sent to libbzip2");
        return false;
    }
    return true;
}

static value bz2_make(struct vm *vm, struct type *type, bool compressing)
{
    struct bz2_object *state = gc_object(vm, sizeof *state, &type->shape);
    if (!state)
        return VALUE_NULL;
    state->compressing = compressing;
    state->needs_input = true;
    state->unused_data = state->pending = vm->empty_bytes;
    state->stream = calloc(1, sizeof *state->stream);
    return state->stream ? object_value(state) : raise_no_memory(vm);
}

static value compressor_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    int64_t level = 9;
    if (keyword_count(keyword_names))
        return raise_error(vm, &exc_TypeError, "BZ2Compressor() takes no keyword arguments");
    if (!check_positional(vm, "BZ2Compressor", count, keyword_names, 0, 1) || (count && !value_to_index(vm, arguments[0], &level)))
        return VALUE_NULL;
    if (level < 1 || level > 9)
        return raise_error(vm, &exc_ValueError, "compresslevel must be between 1 and 9");
    value result = bz2_make(vm, type, true);
    return result != VALUE_NULL && check(vm, BZ2_bzCompressInit(bz2_of(result)->stream, (int)level, 0, 0)) ? result : VALUE_NULL;
}

static value run_compressor(struct vm *vm, struct bz2_object *state, struct span data, int action)
{
    struct output output = {.limit = SIZE_MAX};
    bz_stream *stream = state->stream;
    stream->next_in = (char *)(uintptr_t)data.data;
    size_t left = data.length;
    ADD_WORK(vm, characters, data.length);
    for (;;) {
        size_t piece = left > PIECE ? PIECE : left;
        stream->avail_in = (unsigned)piece;
        if (action == BZ_RUN && !left)
            break;
        if (!output_grow(vm, &output))
            break;
        size_t room = output.capacity - output.used > PIECE ? PIECE : output.capacity - output.used;
        stream->next_out = (char *)output.data + output.used;
        stream->avail_out = (unsigned)room;
        int answer = BZ2_bzCompress(stream, action);
        left -= piece - stream->avail_in;
        output.used += room - stream->avail_out;
        if (!check(vm, answer) || answer == BZ_STREAM_END)
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
    if (bz2_of(self)->finished)
        return raise_error(vm, &exc_ValueError, "Compressor has been flushed");
    return run_compressor(vm, bz2_of(self), data, BZ_RUN);
}

METHOD(flush)
{
    UNUSED;
    if (bz2_of(self)->finished)
        return raise_error(vm, &exc_ValueError, "Repeated call to flush()");
    bz2_of(self)->finished = true;
    return run_compressor(vm, bz2_of(self), (struct span){"", 0, 1}, BZ_FINISH);
}

static value decompressor_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments;
    if (!check_positional(vm, "BZ2Decompressor", count, keyword_names, 0, 0))
        return VALUE_NULL;
    value result = bz2_make(vm, type, false);
    return result != VALUE_NULL && check(vm, BZ2_bzDecompressInit(bz2_of(result)->stream, 0, 0)) ? result : VALUE_NULL;
}

METHOD(decompress)
{
    UNUSED;
    struct bz2_object *state = bz2_of(self);
    struct span data;
    int64_t limit = -1;
    if (!bytes_like(vm, arguments[0], &data) ||
        (arguments[1] != VALUE_NULL && (!value_to_index(vm, arguments[1], &limit) || !bytes_like(vm, arguments[0], &data))))
        return VALUE_NULL;
    if (state->finished)
        return raise_error(vm, &exc_EOFError, "End of stream already reached");
    value input = bytes_from(vm, NULL, bytes_of(state->pending)->length + data.length);
    if (input == VALUE_NULL)
        return input;
    size_t old = bytes_of(state->pending)->length, left = old + data.length;
    if (old)
        memcpy(bytes_of(input)->data, bytes_of(state->pending)->data, old);
    if (data.length)
        memcpy(bytes_of(input)->data + old, data.data, data.length);
    struct output output = {.limit = limit < 0 ? SIZE_MAX : (size_t)limit};
    bz_stream *stream = state->stream;
    stream->next_in = (char *)bytes_of(input)->data;
    state->needs_input = false; /* what remains so after an error */
    for (;;) {
        if (output_full(&output) || !output_grow(vm, &output))
            break;
        size_t piece = left > PIECE ? PIECE : left;
        size_t room = output.capacity - output.used > PIECE ? PIECE : output.capacity - output.used;
        stream->avail_in = (unsigned)piece;
        stream->next_out = (char *)output.data + output.used;
        stream->avail_out = (unsigned)room;
        int answer = BZ2_bzDecompress(stream);
        left -= piece - stream->avail_in;
        output.used += room - stream->avail_out;
        if (!check(vm, answer))
            break;
        state->finished = answer == BZ_STREAM_END;
        if (state->finished || (!left && stream->avail_out))
            break;
    }
    value result = output_finish(vm, &output);
    value rest = result == VALUE_NULL ? result : bytes_from(vm, stream->next_in, left);
    gc_keep(input);
    if (rest == VALUE_NULL)
        return VALUE_NULL;
    if (state->finished)
        state->unused_data = rest;
    state->pending = state->finished ? vm->empty_bytes : rest;
    state->needs_input = !state->finished && !left && !(limit >= 0 && (int64_t)bytes_of(result)->length == limit && limit);
    return result;
}

static value get_eof(struct vm *vm, value self) { (void)vm; return bool_value(bz2_of(self)->finished); }
static value get_unused_data(struct vm *vm, value self) { (void)vm; return bz2_of(self)->unused_data; }
static value get_needs_input(struct vm *vm, value self) { (void)vm; return bool_value(bz2_of(self)->needs_input); }

static const struct method_definition compressor_methods[] = {{"compress", "(data, /)", bz2_compress, 0, NULL},
                                                              {"flush", "()", bz2_flush, 0, NULL}, {0}};
static const struct method_definition decompressor_methods[] = {{"decompress", "(data, max_length=-1)", bz2_decompress, 0, NULL}, {0}};
static const struct property_definition decompressor_properties[] = {
    {"eof", get_eof, NULL}, {"unused_data", get_unused_data, NULL}, {"needs_input", get_needs_input, NULL}, {0}};
static struct type compressor_type = {.name = "_bz2.BZ2Compressor", .flags = TYPE_GETATTR_PLAIN,
                                      .instance_size = sizeof(struct bz2_object), .trace = bz2_trace, .release = bz2_release,
                                      .new = compressor_new, .methods = compressor_methods};
static struct type decompressor_type = {.name = "_bz2.BZ2Decompressor", .flags = TYPE_GETATTR_PLAIN,
                                        .instance_size = sizeof(struct bz2_object), .trace = bz2_trace, .release = bz2_release,
                                        .new = decompressor_new, .methods = decompressor_methods,
                                        .properties = decompressor_properties};

static bool bz2_initialize(struct vm *vm, value module)
{
    type_ready(vm, &compressor_type);
    type_ready(vm, &decompressor_type);
    return dict_set_text(vm, support_dict(module), "BZ2Compressor", type_object_value(&compressor_type)) &&
           dict_set_text(vm, support_dict(module), "BZ2Decompressor", type_object_value(&decompressor_type));
}

static const struct method_definition functions[] = {{0}};
const struct native_module bz2_module = {"_bz2", bz2_initialize, functions};
