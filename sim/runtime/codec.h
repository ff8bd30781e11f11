/* codec.h - what the files of the text encodings share: a conversion that is under way, and what happens where it fails.
 *
 * Encoders and decoders are functions over a struct conversion. Where the text or the bytes cannot be converted they call
 * conversion_failed, which applies the error handler and says where to go on.
 */
#ifndef HYBRIDSIM_SIM_RUNTIME_CODEC_H
#define HYBRIDSIM_SIM_RUNTIME_CODEC_H

#include "sim/runtime/text.h"

enum error_handler { HANDLER_STRICT, HANDLER_IGNORE, HANDLER_REPLACE, HANDLER_BACKSLASH, HANDLER_XML, HANDLER_ESCAPE,
                     HANDLER_PASS, HANDLER_NAME, HANDLER_CUSTOM };

struct conversion {
    struct vm *vm;
    const char *name;            /* of the codec, in exceptions */
    const char *errors;          /* the handler's name */
    enum error_handler handler;
    bool big;                    /* byte order of the wide codecs */
    /* encoding: text to bytes */
    value string;
    uint8_t *bytes;              /* malloc'd */
    size_t used, capacity;
    bool failed;                 /* no memory */
    int unit;                    /* bytes that a handler gives have to be a multiple of this */
    bool (*put)(struct conversion *c, uint32_t character); /* encodes a character of a replacement; false: it cannot be */
    value mapping;               /* charmap */
    /* decoding: bytes to text */
    const uint8_t *data;
    size_t size;
    bool final;                  /* nothing follows: what is incomplete is an error */
    size_t consumed;             /* bytes used up, when not final */
    struct string_builder out;
    uint16_t invalid_escape;     /* the character behind the first backslash that means nothing, or an octal number above
                                    0377; 0: none */
    value exception;             /* made for a custom handler, used again for the next failure; VALUE_NULL: not yet */
};

/* What a decoder or encoder is. False: an exception is pending. */
typedef bool (*conversion_function)(struct conversion *c);

/* The conversion fails at [start, end); *next becomes where it goes on. What replaces that part was put out already.
 * False: an exception is pending. */
bool encoding_failed(struct conversion *c, size_t start, size_t end, const char *reason, size_t *next);
bool decoding_failed(struct conversion *c, size_t start, size_t end, const char *reason, size_t *next);

void conversion_open(struct conversion *c, struct vm *vm, const char *name, const char *errors);
value conversion_bytes(struct conversion *c, bool good);  /* the result of encoding, VALUE_NULL when not good; frees */
value conversion_string(struct conversion *c, bool good); /* of decoding */
bool conversion_add_bytes(struct conversion *c, const void *data, size_t size);
static inline void conversion_add(struct conversion *c, uint8_t byte)
{
    if (c->used < c->capacity)
        c->bytes[c->used++] = byte;
    else
        conversion_add_bytes(c, &byte, 1);
}

/* What the handlers known by name put in place of object[start, end): (replacement, where to go on) as a tuple; VALUE_NULL:
 * `exception` or another one is pending. codec_handler.c; object: str, or bytes when the kind is a decode error. */
value handler_apply(struct vm *vm, enum error_handler handler, value exception);
enum error_handler handler_find(const char *errors);
/* The handler registered by this name, as an object; VALUE_NULL: LookupError pending. */
value handler_lookup(struct vm *vm, const char *errors);
bool handler_register(struct vm *vm, value name, value handler);
value handler_function(struct vm *vm, enum error_handler handler); /* the built-in ones as function objects */

/* codec_unicode.c: the codecs by name. signature: a byte order mark is written, or looked for. */
enum wide_order { ORDER_NATIVE, ORDER_LITTLE, ORDER_BIG };
bool decode_utf8(struct conversion *c);
bool encode_utf8(struct conversion *c);
bool decode_ascii(struct conversion *c);
bool encode_narrow(struct conversion *c, uint32_t limit); /* ascii (128), latin-1 (256) */
bool encode_wide(struct conversion *c, int unit, enum wide_order order);
bool decode_wide(struct conversion *c, int unit, enum wide_order *order); /* *order: what was found out */

/* codec_utf7.c, codec_escape.c, codec_charmap.c */
bool encode_utf7(struct conversion *c);
bool decode_utf7(struct conversion *c);
bool encode_unicode_escape(struct conversion *c);
bool escape_warn(struct conversion *c); /* the DeprecationWarning for invalid_escape */
bool decode_unicode_escape(struct conversion *c);
bool encode_raw_unicode_escape(struct conversion *c);
bool decode_raw_unicode_escape(struct conversion *c);
bool encode_charmap(struct conversion *c);
bool decode_charmap(struct conversion *c);
value charmap_build(struct vm *vm, value string);
void charmap_types_ready(struct vm *vm);

/* codec_registry.c: codecs found by the program's search functions. */
value codec_lookup(struct vm *vm, const char *encoding);     /* the CodecInfo tuple */
bool codec_register(struct vm *vm, value search_function);
bool codec_unregister(struct vm *vm, value search_function);
value codec_encode(struct vm *vm, value object, const char *encoding, const char *errors); /* any object to any */
value codec_decode(struct vm *vm, value object, const char *encoding, const char *errors);
/* The same for str.encode and bytes.decode: encodings of text only. */
value codec_encode_text(struct vm *vm, value string, const char *encoding, const char *errors);
value codec_decode_text(struct vm *vm, value bytes, const char *encoding, const char *errors);

static inline int hex_value(uint32_t c) /* of a hexadecimal digit; -1: it is none */
{
    if (c >= '0' && c <= '9')
        return (int)(c - '0');
    uint32_t lower = c | 32;
    return lower >= 'a' && lower <= 'f' ? (int)(lower - 'a') + 10 : -1;
}

static inline bool is_surrogate(uint32_t c)
{
    return c >= 0xd800 && c < 0xe000;
}

#endif
