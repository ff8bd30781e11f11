/* incremental.c - the incremental encoder and decoder, and what the streams share with them: the state between two calls, and the
 * part of a character that waits for the rest. */
#include "sim/modules/cjk/cjk.h"
#include "sim/runtime/bytes.h"
#include "sim/runtime/container.h"

#define FUNCTION(name)                                                                                                 \
    static value incremental_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

void cjk_stateful_trace(struct vm *vm, struct object *object)
{
    const struct cjk_stateful *stateful = (const struct cjk_stateful *)object;
    gc_mark(vm, stateful->codec);
    gc_mark(vm, stateful->errors);
    gc_mark(vm, stateful->stream);
    gc_mark(vm, stateful->pending_text);
}

/* An instance whose class has an attribute `codec`. */
value cjk_stateful_new(struct vm *vm, struct type *type, value errors)
{
    value codec = get_attribute_text(vm, type_object_value(type), "codec");
    if (codec == VALUE_NULL)
        return VALUE_NULL;
    if (!is_exact(codec, &cjk_codec_type))
        return raise_error(vm, &exc_TypeError, "codec is unexpected type");
    struct cjk_stateful *stateful = instance_allocate(vm, type, sizeof *stateful);
    if (!stateful)
        return VALUE_NULL;
    stateful->codec = codec;
    stateful->errors = errors;
    stateful->stream = stateful->pending_text = VALUE_NULL;
    return object_value(stateful);
}

/* The classes beside it among a class's bases have initialisers of their own, which are not to run. */
bool cjk_stateful_init(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names;
    return true;
}

value cjk_get_errors(struct vm *vm, value self)
{
    value errors = cjk_stateful_of(self)->errors;
    return errors == VALUE_NULL ? string_from_text(vm, "strict") : errors;
}

bool cjk_set_errors(struct vm *vm, value self, value item)
{
    if (item == VALUE_NULL)
        raise_error(vm, &exc_AttributeError, "cannot delete attribute");
    else if (!is_string(item))
        raise_error(vm, &exc_TypeError, "errors must be a string");
    else
        cjk_stateful_of(self)->errors = item;
    return vm->pending == VALUE_NULL;
}

static value constructor(struct vm *vm, struct type *type, const char *name, const value *arguments, size_t count,
                         value keyword_names)
{
    static const char *const names[] = {"errors", NULL};
    value errors;
    if (!arguments_bind(vm, &(struct argument_names){name, names, 0, 1}, arguments, count, keyword_names, &errors))
        return VALUE_NULL;
    if (errors != VALUE_NULL && !is_string(errors))
        return raise_error(vm, &exc_TypeError, "%s() argument 'errors' must be str, not %T", name, errors);
    return cjk_stateful_new(vm, type, errors);
}

static const struct cjk_codec *codec_of(value self)
{
    return cjk_codec_of(cjk_stateful_of(self)->codec)->codec;
}

/* ---- states as numbers ---- */

static value number_from_bytes(struct vm *vm, const uint8_t *bytes, size_t size)
{
    mpz_t number;
    mpz_init(number);
    mpz_import(number, size, -1, 1, 0, 0, bytes);
    value result = int_from_mpz(vm, number);
    mpz_clear(number);
    return result;
}

static bool number_to_bytes(struct vm *vm, value v, uint8_t *bytes, size_t size)
{
    mpz_t number;
    mpz_init(number);
    int_to_mpz(v, number);
    memset(bytes, 0, size);
    if (mpz_sgn(number) < 0)
        raise_error(vm, &exc_OverflowError, "can't convert negative int to unsigned");
    else if (mpz_sizeinbase(number, 2) > size * 8)
        raise_error(vm, &exc_OverflowError, "int too big to convert");
    else
        mpz_export(bytes, NULL, -1, 1, 0, 0, number);
    mpz_clear(number);
    return vm->pending == VALUE_NULL;
}

/* ---- encoding ---- */

value cjk_encode_more(struct vm *vm, struct cjk_stateful *encoder, value text, enum cjk_end end)
{
    struct cjk_run run;
    text = cjk_text_argument(vm, text);
    if (text != VALUE_NULL && encoder->pending_text != VALUE_NULL)
        text = string_concat(vm, encoder->pending_text, text);
    if (text == VALUE_NULL)
        return VALUE_NULL;
    cjk_run_open(&run, vm, encoder->codec, encoder->state, encoder->errors, text);
    value bytes = cjk_run_bytes(&run, cjk_run_encode(&run, end));
    if (bytes == VALUE_NULL)
        return VALUE_NULL;
    int64_t length = string_of(text)->length, used = (int64_t)run.position;
    if (length - used > CJK_PENDING_TEXT)
        return raise_encode_error(vm, run.codec->name, text, (size_t)used, (size_t)length, "pending buffer overflow");
    encoder->pending_text = used == length ? VALUE_NULL : string_slice(vm, text, used, length);
    return vm->pending == VALUE_NULL ? bytes : VALUE_NULL;
}

static value encoder_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    value self = constructor(vm, type, "IncrementalEncoder", arguments, count, keyword_names);
    if (self != VALUE_NULL)
        cjk_encode_start(codec_of(self), cjk_stateful_of(self)->state);
    return self;
}

FUNCTION(encode)
{
    UNUSED;
    int final = arguments[1] == VALUE_NULL ? 0 : value_truth(vm, arguments[1]);
    if (final < 0)
        return VALUE_NULL;
    return cjk_encode_more(vm, cjk_stateful_of(self), arguments[0], final ? CJK_FLUSH_AND_RESET : CJK_GO_ON);
}

/* One byte with the length of what waits, that as UTF-8, the state. */
enum { ENCODER_NUMBER_SIZE = 1 + CJK_PENDING_TEXT * 4 + CJK_STATE_SIZE };

FUNCTION(encoder_getstate)
{
    UNUSED;
    const struct cjk_stateful *encoder = cjk_stateful_of(self);
    uint8_t bytes[ENCODER_NUMBER_SIZE] = {0};
    size_t size = 0;
    if (encoder->pending_text != VALUE_NULL) {
        const char *text = string_utf8(vm, encoder->pending_text, &size);
        if (!text)
            return VALUE_NULL;
        memcpy(bytes + 1, text, size);
    }
    bytes[0] = (uint8_t)size;
    memcpy(bytes + 1 + size, encoder->state, CJK_STATE_SIZE);
    return number_from_bytes(vm, bytes, 1 + size + CJK_STATE_SIZE);
}

FUNCTION(encoder_setstate)
{
    UNUSED;
    struct cjk_stateful *encoder = cjk_stateful_of(self);
    uint8_t bytes[ENCODER_NUMBER_SIZE];
    if (!is_int(arguments[0]))
        return raise_error(vm, &exc_TypeError, "setstate() argument must be int, not %T", arguments[0]);
    if (!number_to_bytes(vm, arguments[0], bytes, sizeof bytes))
        return VALUE_NULL;
    if (bytes[0] > CJK_PENDING_TEXT * 4)
        return raise_error(vm, &exc_UnicodeError, "pending buffer too large");
    value pending = bytes_decode(vm, bytes + 1, bytes[0], "utf-8", "strict");
    if (pending == VALUE_NULL)
        return VALUE_NULL;
    encoder->pending_text = pending;
    memcpy(encoder->state, bytes + 1 + bytes[0], CJK_STATE_SIZE);
    return NONE;
}

FUNCTION(encoder_reset)
{
    UNUSED;
    struct cjk_stateful *encoder = cjk_stateful_of(self);
    struct cjk_run run;
    cjk_run_open(&run, vm, encoder->codec, encoder->state, VALUE_NULL, vm->empty_string);
    cjk_encode_end(&run);
    encoder->pending_text = VALUE_NULL;
    return cjk_run_bytes(&run, true) == VALUE_NULL ? VALUE_NULL : NONE;
}

static const struct method_definition encoder_methods[] = {
    {"encode", "(input, final=False)", incremental_encode, 0, NULL},
    {"getstate", "()", incremental_encoder_getstate, 0, NULL},
    {"setstate", "(state, /)", incremental_encoder_setstate, 0, NULL},
    {"reset", "()", incremental_encoder_reset, 0, NULL},
    {0},
};
static const struct property_definition properties[] = {{"errors", cjk_get_errors, cjk_set_errors}, {0}};

struct type cjk_incremental_encoder_type = {.name = "_multibytecodec.MultibyteIncrementalEncoder",
                                            .flags = TYPE_SUBCLASSABLE | TYPE_MAKES_SUBCLASSES,
                                            .instance_size = sizeof(struct cjk_stateful),
                                            .trace = cjk_stateful_trace,
                                            .new = encoder_new,
                                            .init = cjk_stateful_init,
                                            .methods = encoder_methods,
                                            .properties = properties};

/* ---- decoding ---- */

bool cjk_keep_pending(struct vm *vm, struct cjk_stateful *decoder, const struct cjk_run *run)
{
    const struct bytes_object *bytes = bytes_of(run->source);
    size_t left = bytes->length - run->position;
    if (left > CJK_PENDING_BYTES) {
        raise_error(vm, &exc_UnicodeError, "pending buffer overflow");
        return false;
    }
    memcpy(decoder->pending, bytes->data + run->position, left);
    decoder->pending_count = (uint8_t)left;
    return true;
}

static value decoder_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    value self = constructor(vm, type, "IncrementalDecoder", arguments, count, keyword_names);
    if (self != VALUE_NULL)
        cjk_decode_start(codec_of(self), cjk_stateful_of(self)->state);
    return self;
}

FUNCTION(decode)
{
    UNUSED;
    struct cjk_stateful *decoder = cjk_stateful_of(self);
    struct cjk_run run;
    struct span data;
    int final = arguments[1] == VALUE_NULL ? 0 : value_truth(vm, arguments[1]);
    if (final < 0 || !bytes_like(vm, arguments[0], &data))
        return VALUE_NULL;
    size_t before = decoder->pending_count;
    value bytes = before || !is_bytes(arguments[0]) ? bytes_from(vm, NULL, before + data.length) : arguments[0];
    if (bytes == VALUE_NULL)
        return VALUE_NULL;
    if (bytes != arguments[0]) {
        memcpy(bytes_of(bytes)->data, decoder->pending, before);
        memcpy(bytes_of(bytes)->data + before, data.data, data.length);
    }
    decoder->pending_count = 0;
    cjk_run_open(&run, vm, decoder->codec, decoder->state, decoder->errors, bytes);
    bool good = cjk_run_decode(&run);
    if (good && final && !cjk_run_decode_rest(&run)) {
        decoder->pending_count = (uint8_t)before; /* as if nothing had been given */
        good = false;
    }
    return cjk_run_text(&run, good && cjk_keep_pending(vm, decoder, &run));
}

FUNCTION(decoder_getstate)
{
    UNUSED;
    const struct cjk_stateful *decoder = cjk_stateful_of(self);
    value pending = bytes_from(vm, decoder->pending, decoder->pending_count);
    value state = number_from_bytes(vm, decoder->state, CJK_STATE_SIZE);
    return pending == VALUE_NULL || state == VALUE_NULL ? VALUE_NULL : tuple_pack(vm, 2, pending, state);
}

FUNCTION(decoder_setstate)
{
    UNUSED;
    struct cjk_stateful *decoder = cjk_stateful_of(self);
    uint8_t state[CJK_STATE_SIZE];
    if (!has_flag(arguments[0], TYPE_TUPLE))
        return raise_error(vm, &exc_TypeError, "setstate() argument must be tuple, not %T", arguments[0]);
    const struct tuple_object *pair = tuple_of(arguments[0]);
    if (pair->length != 2 || !is_bytes(pair->items[0]) || !is_int(pair->items[1]))
        return raise_error(vm, &exc_TypeError, "setstate(): illegal state argument");
    if (!number_to_bytes(vm, pair->items[1], state, sizeof state))
        return VALUE_NULL;
    const struct bytes_object *pending = bytes_of(pair->items[0]);
    if (pending->length > CJK_PENDING_BYTES)
        return raise_error(vm, &exc_UnicodeError, "pending buffer too large");
    memcpy(decoder->pending, pending->data, pending->length);
    decoder->pending_count = (uint8_t)pending->length;
    memcpy(decoder->state, state, sizeof state);
    return NONE;
}

FUNCTION(decoder_reset)
{
    UNUSED;
    cjk_decode_reset(codec_of(self), cjk_stateful_of(self)->state);
    cjk_stateful_of(self)->pending_count = 0;
    return NONE;
}

static const struct method_definition decoder_methods[] = {
    {"decode", "(input, final=False)", incremental_decode, 0, NULL},
    {"getstate", "()", incremental_decoder_getstate, 0, NULL},
    {"setstate", "(state, /)", incremental_decoder_setstate, 0, NULL},
    {"reset", "()", incremental_decoder_reset, 0, NULL},
    {0},
};

struct type cjk_incremental_decoder_type = {.name = "_multibytecodec.MultibyteIncrementalDecoder",
                                            .flags = TYPE_SUBCLASSABLE | TYPE_MAKES_SUBCLASSES,
                                            .instance_size = sizeof(struct cjk_stateful),
                                            .trace = cjk_stateful_trace,
                                            .new = decoder_new,
                                            .init = cjk_stateful_init,
                                            .methods = decoder_methods,
                                            .properties = properties};
