/* codec.c - modules _codecs_cn, _hk, _iso2022, _jp, _kr, _tw, whose getcodec() gives the codecs, and _multibytecodec, which has
 * the types. */
#include "sim/modules/cjk/cjk.h"
#include "sim/runtime/bytes.h"

#include <stdlib.h>

#define FUNCTION(name)                                                                                                 \
    static value multibyte_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

bool cjk_errors_argument(struct vm *vm, const char *function, value v, value *out)
{
    *out = v == NONE ? VALUE_NULL : v;
    if (*out == VALUE_NULL || is_string(*out))
        return true;
    raise_error(vm, &exc_TypeError, "%s() argument 'errors' must be str or None, not %T", function, v);
    return false;
}

value cjk_text_argument(struct vm *vm, value v)
{
    return is_string(v) ? v : value_string(vm, v);
}

/* The map is the first thing that encoding needs. */
static bool map_ready(struct vm *vm, struct cjk_codec_object *object)
{
    if (object->map)
        return true;
    struct cjk_map *map = calloc(1, sizeof *map);
    if (!map || !cjk_map_build(object->codec, map)) {
        cjk_map_free(map);
        raise_no_memory(vm);
        return false;
    }
    object->map = map;
    return true;
}

FUNCTION(encode)
{
    UNUSED;
    value errors, text = cjk_text_argument(vm, arguments[0]);
    uint8_t state[CJK_STATE_SIZE];
    struct cjk_run run;
    if (text == VALUE_NULL || !cjk_errors_argument(vm, "encode", arguments[1], &errors))
        return VALUE_NULL;
    cjk_run_open(&run, vm, self, state, errors, text);
    cjk_encode_start(run.codec, state);
    value bytes = cjk_run_bytes(&run, cjk_run_encode(&run, CJK_FLUSH_AND_RESET));
    return bytes == VALUE_NULL ? bytes : tuple_pack(vm, 2, bytes, small_int(string_of(text)->length));
}

FUNCTION(decode)
{
    UNUSED;
    value errors;
    struct span data;
    uint8_t state[CJK_STATE_SIZE];
    struct cjk_run run;
    if (!bytes_like(vm, arguments[0], &data) || !cjk_errors_argument(vm, "decode", arguments[1], &errors))
        return VALUE_NULL;
    value bytes = is_bytes(arguments[0]) ? arguments[0] : bytes_from(vm, data.data, data.length);
    if (bytes == VALUE_NULL)
        return VALUE_NULL;
    cjk_run_open(&run, vm, self, state, errors, bytes);
    cjk_decode_start(run.codec, state);
    bool good = true;
    do /* the rest may be answered by going back */
        good = cjk_run_decode(&run) && cjk_run_decode_rest(&run);
    while (good && run.position < data.length);
    value text = cjk_run_text(&run, good);
    return text == VALUE_NULL ? text : tuple_pack(vm, 2, text, small_int((int64_t)data.length));
}

static const struct method_definition codec_methods[] = {
    {"encode", "(input, errors=None)", multibyte_encode, 0,
     "Return an encoded string version of `input'.\n\n"
     "'errors' may be given to set a different error handling scheme. Default is\n"
     "'strict' meaning that encoding errors raise a UnicodeEncodeError. Other possible\n"
     "values are 'ignore', 'replace' and 'xmlcharrefreplace' as well as any other name\n"
     "registered with codecs.register_error that can handle UnicodeEncodeErrors."},
    {"decode", "(input, errors=None)", multibyte_decode, 0,
     "Decodes 'input'.\n\n"
     "'errors' may be given to set a different error handling scheme. Default is\n"
     "'strict' meaning that encoding errors raise a UnicodeDecodeError. Other possible\n"
     "values are 'ignore' and 'replace' as well as any other name registered with\n"
     "codecs.register_error that is able to handle UnicodeDecodeErrors.\""},
    {0},
};

static void codec_release(struct vm *vm, struct object *object)
{
    (void)vm;
    cjk_map_free(((struct cjk_codec_object *)object)->map);
}

static value codec_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    return raise_error(vm, &exc_TypeError, "cannot create '%s' instances", type->name);
}

struct type cjk_codec_type = {.name = "_multibytecodec.MultibyteCodec",
                              .instance_size = sizeof(struct cjk_codec_object),
                              .release = codec_release,
                              .new = codec_new,
                              .methods = codec_methods};

/* ---- the modules ---- */

static value get_codec(struct vm *vm, const char *module, value name)
{
    if (!is_string(name))
        return raise_error(vm, &exc_TypeError, "encoding name must be a string.");
    for (const struct cjk_codec *codec = cjk_codecs; codec->name; codec++) {
        if (strcmp(codec->module, module) || !string_is(name, codec->name))
            continue;
        type_ready(vm, &cjk_codec_type);
        struct cjk_codec_object *object = GC_NEW(vm, struct cjk_codec_object, &cjk_codec_type);
        if (!object)
            return VALUE_NULL;
        object->codec = codec;
        return map_ready(vm, object) ? object_value(object) : VALUE_NULL;
    }
    return raise_error(vm, &exc_LookupError, "no such codec is supported.");
}

#define CODEC_MODULE(suffix)                                                                                           \
    FUNCTION(getcodec_##suffix)                                                                                        \
    {                                                                                                                  \
        UNUSED;                                                                                                        \
        return get_codec(vm, "_codecs_" #suffix, arguments[0]);                                                        \
    }                                                                                                                  \
    static const struct method_definition functions_##suffix[] = {                                                     \
        {"getcodec", "(name, /)", multibyte_getcodec_##suffix, 0, ""}, {0}};                                               \
    const struct native_module codecs_##suffix##_module = {"_codecs_" #suffix, NULL, functions_##suffix};
CODEC_MODULE(cn)
CODEC_MODULE(hk)
CODEC_MODULE(iso2022)
CODEC_MODULE(jp)
CODEC_MODULE(kr)
CODEC_MODULE(tw)

static bool initialize(struct vm *vm, value module)
{
    static const struct {
        const char *name;
        struct type *type;
    } types[] = {{"MultibyteIncrementalEncoder", &cjk_incremental_encoder_type},
                 {"MultibyteIncrementalDecoder", &cjk_incremental_decoder_type},
                 {"MultibyteStreamReader", &cjk_stream_reader_type},
                 {"MultibyteStreamWriter", &cjk_stream_writer_type}};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        type_ready(vm, types[i].type);
        if (!dict_set_text(vm, support_dict(module), types[i].name, type_object_value(types[i].type)))
            return false;
    }
    return true;
}

static const struct method_definition functions[] = {{0}};

const struct native_module multibytecodec_module = {"_multibytecodec", initialize, functions};
