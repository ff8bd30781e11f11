/* zlib.c - module zlib, on the library of that name. */
#include "sim/modules/compression/output.h"
#include "sim/runtime/bytes.h"
#include "sim/runtime/container.h"
#include "sim/runtime/number.h"

#include <zlib.h>

#define METHOD(name)                                                                                                   \
    static value zlib_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

enum { PIECE = 1 << 30 };

struct stream_object {
    struct object head;
    z_stream *stream; /* malloc'd: the library keeps its address */
    value unused_data, unconsumed_tail, dictionary;
    bool deflating, reached_end;
    bool ended; /* decompressing: flush() found the end, so nothing more is done with the stream */
};

static struct stream_object *state_of(value v)
{
    return (struct stream_object *)value_object(v);
}

static value fail(struct vm *vm, const z_stream *stream, int error, const char *what)
{
    const char *message = error == Z_VERSION_ERROR ? "library version mismatch" : stream->msg;
    if (!message)
        message = error == Z_BUF_ERROR      ? "incomplete or truncated stream"
                  : error == Z_STREAM_ERROR ? "inconsistent stream state"
                  : error == Z_DATA_ERROR   ? "invalid input data"
                                            : NULL;
    struct type *type = native_error(vm->zlib_error);
    return message ? raise_error(vm, type, "Error %d %s: %s", error, what, message) : raise_error(vm, type, "Error %d %s", error, what);
}

static void state_release(struct vm *vm, struct object *object)
{
    (void)vm;
    struct stream_object *state = (struct stream_object *)object;
    if (!state->stream)
        return;
    if (state->deflating)
        deflateEnd(state->stream);
    else
        inflateEnd(state->stream);
    free(state->stream);
}

static void state_trace(struct vm *vm, struct object *object)
{
    const struct stream_object *state = (struct stream_object *)object;
    gc_mark(vm, state->unused_data);
    gc_mark(vm, state->unconsumed_tail);
    gc_mark(vm, state->dictionary);
}

static bool number(struct vm *vm, value v, int64_t otherwise, int64_t *out)
{
    *out = otherwise;
    return v == VALUE_NULL || value_to_int64(vm, v, out);
}

/* ---- running the library over input, whatever its size ---- */

/* Feeds [data, data + size) and adds what comes out; the library's last answer. Ends with the input, with the stream's end, at
 * the output's limit, or at an error. */
static int run(struct vm *vm, z_stream *stream, const uint8_t *data, size_t *size, struct output *output, bool deflating, int flush)
{
    int answer = Z_OK;
    stream->next_in = (Bytef *)(uintptr_t)data;
    do {
        size_t piece = *size > PIECE ? PIECE : *size;
        bool last = piece == *size;
        stream->avail_in = (uInt)piece;
        do {
            if (output_full(output) || !output_grow(vm, output))
                break;
            size_t room = output->capacity - output->used;
            stream->next_out = output->data + output->used;
            stream->avail_out = (uInt)(room > PIECE ? PIECE : room);
            size_t before = stream->avail_out;
            answer = deflating ? deflate(stream, last ? flush : Z_NO_FLUSH) : inflate(stream, last ? flush : Z_SYNC_FLUSH);
            output->used += before - stream->avail_out;
            if (answer == Z_NEED_DICT || (answer < 0 && answer != Z_BUF_ERROR))
                break;
        } while (stream->avail_out == 0 && answer != Z_STREAM_END);
        *size -= piece - stream->avail_in;
        if (stream->avail_in)
            break;
    } while (*size && answer != Z_STREAM_END && answer != Z_NEED_DICT && vm->pending == VALUE_NULL && (answer >= 0 || answer == Z_BUF_ERROR));
    return answer;
}

/* ---- whole buffers ---- */

METHOD(compress)
{
    UNUSED;
    struct span data;
    int64_t level, bits;
    z_stream stream = {0};
    struct output output = {.limit = SIZE_MAX};
    if (!bytes_like(vm, arguments[0], &data) || !number(vm, arguments[1], Z_DEFAULT_COMPRESSION, &level) ||
        !number(vm, arguments[2], MAX_WBITS, &bits) || !bytes_like(vm, arguments[0], &data)) /* the numbers may move it */
        return VALUE_NULL;
    int answer = deflateInit2(&stream, (int)level, Z_DEFLATED, (int)bits, 8, Z_DEFAULT_STRATEGY);
    if (answer == Z_STREAM_ERROR)
        return raise_error(vm, native_error(vm->zlib_error), "Bad compression level");
    if (answer != Z_OK)
        return fail(vm, &stream, answer, "while compressing data");
    ADD_WORK(vm, characters, data.length);
    size_t left = data.length;
    answer = run(vm, &stream, data.data, &left, &output, true, Z_FINISH);
    if (answer != Z_STREAM_END && vm->pending == VALUE_NULL)
        fail(vm, &stream, answer, "while compressing data");
    deflateEnd(&stream);
    return output_finish(vm, &output);
}

METHOD(decompress)
{
    UNUSED;
    struct span data;
    int64_t bits, size;
    z_stream stream = {0};
    struct output output = {.limit = SIZE_MAX};
    if (!bytes_like(vm, arguments[0], &data) || !number(vm, arguments[1], MAX_WBITS, &bits) ||
        !number(vm, arguments[2], 16384, &size) || !bytes_like(vm, arguments[0], &data))
        return VALUE_NULL;
    if (size < 0)
        return raise_error(vm, &exc_ValueError, "bufsize must be non-negative");
    int answer = inflateInit2(&stream, (int)bits);
    if (answer != Z_OK)
        return fail(vm, &stream, answer, "while preparing to decompress data");
    size_t left = data.length;
    answer = run(vm, &stream, data.data, &left, &output, false, Z_SYNC_FLUSH);
    if (answer != Z_STREAM_END && vm->pending == VALUE_NULL)
        fail(vm, &stream, answer == Z_OK ? Z_BUF_ERROR : answer, "while decompressing data");
    inflateEnd(&stream);
    return output_finish(vm, &output);
}

/* ---- objects ---- */

static struct type compress_type, decompress_type;

static value state_new(struct vm *vm, struct type *type, bool deflating)
{
    struct stream_object *state = gc_object(vm, sizeof *state, &type->shape);
    if (!state)
        return VALUE_NULL;
    state->deflating = deflating;
    state->unused_data = state->unconsumed_tail = vm->empty_bytes;
    state->dictionary = VALUE_NULL;
    return object_value(state);
}

METHOD(compressobj)
{
    UNUSED;
    int64_t level, method, bits, memory, strategy;
    struct span dictionary = {NULL, 0, 1};
    if (!number(vm, arguments[0], Z_DEFAULT_COMPRESSION, &level) || !number(vm, arguments[1], Z_DEFLATED, &method) ||
        !number(vm, arguments[2], MAX_WBITS, &bits) || !number(vm, arguments[3], 8, &memory) || !number(vm, arguments[4], 0, &strategy))
        return VALUE_NULL;
    bool given = arguments[5] != VALUE_NULL && arguments[5] != NONE;
    if (given && !bytes_like(vm, arguments[5], &dictionary))
        return VALUE_NULL;
    value result = state_new(vm, &compress_type, true);
    z_stream *stream = result == VALUE_NULL ? NULL : calloc(1, sizeof *stream);
    if (!stream)
        return result == VALUE_NULL ? result : raise_no_memory(vm);
    int answer = deflateInit2(stream, (int)level, (int)method, (int)bits, (int)memory, (int)strategy);
    if (answer != Z_OK) {
        value failed = answer == Z_STREAM_ERROR ? raise_error(vm, &exc_ValueError, "Invalid initialization option")
                                                : fail(vm, stream, answer, "while creating compression object");
        free(stream);
        return failed;
    }
    state_of(result)->stream = stream;
    if (given && deflateSetDictionary(stream, dictionary.data, (uInt)dictionary.length) != Z_OK)
        return raise_error(vm, &exc_ValueError, "Invalid dictionary");
    return result;
}

METHOD(compress_data)
{
    UNUSED;
    struct span data;
    struct output output = {.limit = SIZE_MAX};
    struct stream_object *state = state_of(self);
    if (!bytes_like(vm, arguments[0], &data))
        return VALUE_NULL;
    if (state->reached_end)
        return fail(vm, &(z_stream){0}, Z_STREAM_ERROR, "while compressing data");
    ADD_WORK(vm, characters, data.length);
    size_t left = data.length;
    int answer = run(vm, state->stream, data.data, &left, &output, true, Z_NO_FLUSH);
    if (answer == Z_STREAM_ERROR)
        fail(vm, state->stream, answer, "while compressing data");
    return output_finish(vm, &output);
}

METHOD(compress_flush)
{
    UNUSED;
    int64_t mode;
    size_t none = 0;
    struct output output = {.limit = SIZE_MAX};
    struct stream_object *state = state_of(self);
    if (!number(vm, arguments[0], Z_FINISH, &mode))
        return VALUE_NULL;
    if (mode == Z_NO_FLUSH)
        return vm->empty_bytes;
    if (state->reached_end)
        return fail(vm, &(z_stream){0}, Z_STREAM_ERROR, "while flushing");
    int answer = run(vm, state->stream, NULL, &none, &output, true, (int)mode);
    state->reached_end = answer == Z_STREAM_END;
    if (answer == Z_STREAM_ERROR)
        fail(vm, state->stream, answer, "while flushing");
    return output_finish(vm, &output);
}

static value copy_stream(struct vm *vm, value self, struct type *type)
{
    struct stream_object *old = state_of(self);
    if (old->ended || (old->deflating && old->reached_end))
        return raise_error(vm, &exc_ValueError, "Inconsistent stream state");
    value result = state_new(vm, type, old->deflating);
    z_stream *stream = result == VALUE_NULL ? NULL : calloc(1, sizeof *stream);
    if (!stream)
        return result == VALUE_NULL ? result : raise_no_memory(vm);
    int answer = old->deflating ? deflateCopy(stream, old->stream) : inflateCopy(stream, old->stream);
    if (answer != Z_OK) {
        free(stream);
        return answer == Z_STREAM_ERROR ? raise_error(vm, &exc_ValueError, "Inconsistent stream state")
                                        : fail(vm, old->stream, answer, "while copying compression object");
    }
    state_of(result)->stream = stream;
    state_of(result)->unused_data = old->unused_data;
    state_of(result)->unconsumed_tail = old->unconsumed_tail;
    state_of(result)->dictionary = old->dictionary;
    state_of(result)->reached_end = old->reached_end;
    return result;
}

METHOD(copy)
{
    UNUSED;
    return copy_stream(vm, self, value_type(vm, self));
}

METHOD(decompressobj)
{
    UNUSED;
    int64_t bits;
    struct span dictionary;
    if (!number(vm, arguments[0], MAX_WBITS, &bits))
        return VALUE_NULL;
    if (arguments[1] != VALUE_NULL && !has_buffer(vm, arguments[1]))
        return raise_error(vm, &exc_TypeError, "zdict argument must support the buffer protocol");
    value result = state_new(vm, &decompress_type, false);
    z_stream *stream = result == VALUE_NULL ? NULL : calloc(1, sizeof *stream);
    if (!stream)
        return result == VALUE_NULL ? result : raise_no_memory(vm);
    int answer = inflateInit2(stream, (int)bits);
    if (answer != Z_OK) {
        value failed = answer == Z_STREAM_ERROR ? raise_error(vm, &exc_ValueError, "Invalid initialization option")
                                                : fail(vm, stream, answer, "while creating decompression object");
        free(stream);
        return failed;
    }
    state_of(result)->stream = stream;
    if (arguments[1] != VALUE_NULL) {
        state_of(result)->dictionary = arguments[1];
        if (bits < 0 && (!bytes_like(vm, arguments[1], &dictionary) ||
                         inflateSetDictionary(stream, dictionary.data, (uInt)dictionary.length) != Z_OK))
            return vm->pending != VALUE_NULL ? VALUE_NULL : fail(vm, stream, Z_DATA_ERROR, "while setting zdict");
    }
    return result;
}

/* What the library did not take goes to unconsumed_tail, or, after the end, to unused_data. */
static bool keep_rest(struct vm *vm, struct stream_object *state, const uint8_t *rest, size_t size, bool ended)
{
    if (ended) {
        value old = state->unused_data, both = size ? bytes_from(vm, NULL, bytes_of(old)->length + size) : old;
        if (both == VALUE_NULL)
            return false;
        if (size) {
            memcpy(bytes_of(both)->data, bytes_of(old)->data, bytes_of(old)->length);
            memcpy(bytes_of(both)->data + bytes_of(old)->length, rest, size);
        }
        state->unused_data = both;
    }
    if (bytes_of(state->unconsumed_tail)->length || (size && !ended)) {
        value tail = bytes_from(vm, rest, ended ? 0 : size);
        if (tail == VALUE_NULL)
            return false;
        state->unconsumed_tail = tail;
    }
    return true;
}

static value decompress_with(struct vm *vm, value self, struct span data, size_t limit, int flush)
{
    struct stream_object *state = state_of(self);
    struct output output = {.limit = limit};
    const uint8_t *start = data.length ? data.data : (const uint8_t *)"";
    size_t left = data.length;
    int answer = run(vm, state->stream, start, &left, &output, false, flush);
    if (answer == Z_NEED_DICT && state->dictionary != VALUE_NULL) {
        struct span dictionary;
        if (bytes_like(vm, state->dictionary, &dictionary)) {
            answer = inflateSetDictionary(state->stream, dictionary.data, (uInt)dictionary.length);
            if (answer != Z_OK)
                fail(vm, state->stream, answer, "while setting zdict");
            else
                answer = run(vm, state->stream, start + (data.length - left), &left, &output, false, flush);
        }
    }
    bool ended = answer == Z_STREAM_END;
    if (vm->pending == VALUE_NULL && (state->reached_end ? keep_rest(vm, state, start, data.length, true)
                                                         : keep_rest(vm, state, start + (data.length - left), left, ended))) {
        if (ended)
            state->reached_end = true;
        else if (answer != Z_OK && answer != Z_BUF_ERROR && flush != Z_FINISH) /* flush() takes what there is */
            fail(vm, state->stream, answer, "while decompressing data");
    }
    return output_finish(vm, &output);
}

METHOD(decompress_data)
{
    UNUSED;
    struct span data;
    int64_t limit;
    if (!bytes_like(vm, arguments[0], &data) || !number(vm, arguments[1], 0, &limit) || !bytes_like(vm, arguments[0], &data))
        return VALUE_NULL;
    if (limit < 0)
        return raise_error(vm, &exc_ValueError, "max_length must be non-negative");
    if (state_of(self)->ended)
        return fail(vm, &(z_stream){0}, Z_STREAM_ERROR, "while decompressing data");
    return decompress_with(vm, self, data, limit ? (size_t)limit : SIZE_MAX, Z_SYNC_FLUSH);
}

METHOD(decompress_flush)
{
    UNUSED;
    int64_t length;
    if (!number(vm, arguments[0], 16384, &length))
        return VALUE_NULL;
    if (length <= 0)
        return raise_error(vm, &exc_ValueError, "length must be greater than zero");
    struct stream_object *state = state_of(self);
    if (state->ended)
        return vm->empty_bytes;
    value result = decompress_with(vm, self, bytes_span(state->unconsumed_tail), SIZE_MAX, Z_FINISH);
    state->ended = result != VALUE_NULL && state->reached_end;
    return result;
}

static value get_unused_data(struct vm *vm, value self) { (void)vm; return state_of(self)->unused_data; }
static value get_unconsumed_tail(struct vm *vm, value self) { (void)vm; return state_of(self)->unconsumed_tail; }
static value get_eof(struct vm *vm, value self) { (void)vm; return bool_value(state_of(self)->reached_end); }

static const struct method_definition compress_methods[] = {
    {"compress", "(data, /)", zlib_compress_data, 0, NULL}, {"flush", "(mode=4, /)", zlib_compress_flush, 0, NULL},
    {"copy", "()", zlib_copy, 0, NULL}, {"__copy__", "()", zlib_copy, 0, NULL}, {"__deepcopy__", "(memo, /)", zlib_copy, 0, NULL}, {0}};
static const struct method_definition decompress_methods[] = {
    {"decompress", "(data, /, max_length=0)", zlib_decompress_data, 0, NULL}, {"flush", "(length=16384, /)", zlib_decompress_flush, 0, NULL},
    {"copy", "()", zlib_copy, 0, NULL}, {"__copy__", "()", zlib_copy, 0, NULL}, {"__deepcopy__", "(memo, /)", zlib_copy, 0, NULL}, {0}};
static const struct property_definition decompress_properties[] = {
    {"unused_data", get_unused_data, NULL}, {"unconsumed_tail", get_unconsumed_tail, NULL}, {"eof", get_eof, NULL}, {0}};
static struct type compress_type = {.name = "zlib.Compress", .flags = TYPE_GETATTR_PLAIN,
                                    .instance_size = sizeof(struct stream_object), .trace = state_trace,
                                    .release = state_release, .methods = compress_methods};
static struct type decompress_type = {.name = "zlib.Decompress", .flags = TYPE_GETATTR_PLAIN,
                                      .instance_size = sizeof(struct stream_object), .trace = state_trace,
                                      .release = state_release, .methods = decompress_methods, .properties = decompress_properties};

/* ---- checksums ---- */

static value checksum(struct vm *vm, const value *arguments, uint32_t start, bool adler)
{
    struct span data;
    uint64_t sum = start;
    if (!bytes_like(vm, arguments[0], &data))
        return VALUE_NULL;
    if (arguments[1] != VALUE_NULL) {
        mpz_t wide;
        value integer = number_index(vm, arguments[1]);
        if (integer == VALUE_NULL)
            return VALUE_NULL;
        mpz_init(wide);
        int_to_mpz(integer, wide);
        mpz_fdiv_r_2exp(wide, wide, 32);
        sum = mpz_getlimbn(wide, 0);
        mpz_clear(wide);
    }
    ADD_WORK(vm, characters, data.length);
    const Bytef *bytes = data.length ? data.data : (const void *)"";
    return small_int((int64_t)(adler ? adler32_z((uLong)sum, bytes, data.length) : crc32_z((uLong)sum, bytes, data.length)));
}

METHOD(adler32)
{
    UNUSED;
    return checksum(vm, arguments, 1, true);
}

METHOD(crc32)
{
    UNUSED;
    return checksum(vm, arguments, 0, false);
}

static const struct method_definition functions[] = {
    {"compress", "(data, /, level=-1, wbits=15)", zlib_compress, 0, NULL},
    {"decompress", "(data, /, wbits=15, bufsize=16384)", zlib_decompress, 0, NULL},
    {"compressobj", "(level=-1, method=8, wbits=15, memLevel=8, strategy=0, zdict=None)", zlib_compressobj, 0, NULL},
    {"decompressobj", "(wbits=15, zdict=b'')", zlib_decompressobj, 0, NULL},
    {"adler32", "(data, value=1, /)", zlib_adler32, 0, NULL},
    {"crc32", "(data, value=0, /)", zlib_crc32, 0, NULL},
    {0},
};

static bool zlib_initialize(struct vm *vm, value module)
{
    static const struct integer_constant constants[] = {
        {"MAX_WBITS", MAX_WBITS}, {"DEFLATED", Z_DEFLATED}, {"DEF_MEM_LEVEL", 8}, {"DEF_BUF_SIZE", 16384},
        {"Z_NO_COMPRESSION", 0}, {"Z_BEST_SPEED", 1}, {"Z_BEST_COMPRESSION", 9}, {"Z_DEFAULT_COMPRESSION", -1},
        {"Z_FILTERED", Z_FILTERED}, {"Z_HUFFMAN_ONLY", Z_HUFFMAN_ONLY}, {"Z_RLE", Z_RLE}, {"Z_FIXED", Z_FIXED},
        {"Z_DEFAULT_STRATEGY", 0}, {"Z_NO_FLUSH", Z_NO_FLUSH}, {"Z_PARTIAL_FLUSH", Z_PARTIAL_FLUSH}, {"Z_SYNC_FLUSH", Z_SYNC_FLUSH},
        {"Z_FULL_FLUSH", Z_FULL_FLUSH}, {"Z_FINISH", Z_FINISH}, {"Z_BLOCK", Z_BLOCK}, {"Z_TREES", Z_TREES}, {0}};
    type_ready(vm, &compress_type);
    type_ready(vm, &decompress_type);
    value version = string_from_text(vm, ZLIB_VERSION);
    return version != VALUE_NULL && dict_set_text(vm, support_dict(module), "ZLIB_VERSION", version) &&
           dict_set_text(vm, support_dict(module), "ZLIB_RUNTIME_VERSION", string_from_text(vm, zlibVersion())) &&
           dict_set_text(vm, support_dict(module), "__version__", string_from_text(vm, "1.0")) &&
           support_add_constants(vm, module, constants) &&
           native_error_make(vm, module, "error", "zlib", &exc_Exception, &vm->zlib_error);
}

const struct native_module zlib_module = {"zlib", zlib_initialize, functions};
