/* cjk.h - the multibyte codecs of East Asia: their tables, their states, and a conversion under way.
 *
 * Needs: tables that scripts/cjk_tables.py makes (tables.c). plain.c and shifting.c convert as long as nothing is wrong and say
 * what stopped them; convert.c applies the error handlers; codec.c, incremental.c and stream.c are the Python objects.
 */
#ifndef HYBRIDSIM_SIM_MODULES_CJK_H
#define HYBRIDSIM_SIM_MODULES_CJK_H

#include "sim/modules/support.h"
#include "sim/runtime/codec.h"

/* ---- tables ---- */

/* How a codec finds its characters. CJK_FOUR_BYTES: gb18030; CJK_MAKE_UP: euc_kr spells syllables; CJK_TILDE: hz. */
enum cjk_kind { CJK_PLAIN, CJK_FOUR_BYTES, CJK_MAKE_UP, CJK_TILDE, CJK_ISO2022, CJK_KIND_MASK = 7,
                CJK_NO_SHIFT = 8, CJK_LONG_ESCAPE = 16, CJK_SINGLE_SHIFT = 32 /* of iso2022 */ };

struct cjk_row { uint32_t characters; uint8_t first, last; }; /* of one first byte: where its characters are, from trail to trail */
struct cjk_charset { uint16_t first, last, rows, extras; };
struct cjk_exception { uint32_t character, entry; };
struct cjk_pair { uint32_t first, second, entry; };
struct cjk_range { uint16_t first, last, number; };          /* gb18030: consecutive characters, consecutive codes */
struct cjk_designation { uint8_t mark, plane, width, charset; }; /* mark 0: the end of a list */
struct cjk_codec {
    const char *name, *module;
    unsigned kind;                             /* enum cjk_kind */
    const uint16_t *single;                    /* of each byte: a character, or CJK_INVALID... */
    const struct cjk_designation *designations;
    uint16_t charset, third_charset;           /* of two bytes; of those behind 0x8f */
    const struct cjk_exception *exceptions;    /* to what the inverted charsets say; ends with zeros */
    const struct cjk_pair *pairs;              /* of characters with one code; likewise */
};
enum { CJK_INVALID = 0xd800, CJK_LEAD = 0xd801, CJK_LEAD_OF_THREE = 0xd802, CJK_NOTHING = 0xffff /* of two bytes */ };

/* The code of a character: an entry. Below bit 24 the bytes; above how many these are, or (codecs with designations) the number
 * of the designation, from 1. CJK_STARTS_PAIR: with the next character it may be something else. 0: there is none. */
#define CJK_STARTS_PAIR 0x80000000u
enum { CJK_PAGES = 0x300 };
struct cjk_map { uint32_t *pages[CJK_PAGES]; };

extern const struct cjk_codec cjk_codecs[]; /* ends with a row without name */
extern const uint16_t cjk_greek_letters[256]; /* iso2022_jp_2: ESC N and a byte */
extern const uint8_t cjk_letters[3][28];      /* euc_kr: the first letters, vowels and last letters of syllables */
uint32_t cjk_decode(unsigned charset, uint8_t lead, uint8_t trail, uint32_t *second); /* 0: nothing; *second: of a pair, or 0 */
bool cjk_map_build(const struct cjk_codec *codec, struct cjk_map *map); /* false: no memory */
void cjk_map_free(struct cjk_map *map);
uint32_t cjk_four_bytes(uint32_t character);                /* gb18030's number; UINT32_MAX: none */
uint32_t cjk_four_bytes_character(uint32_t number);         /* 0: none */
static inline uint32_t cjk_entry(const struct cjk_map *map, uint32_t character)
{
    const uint32_t *page = character >> 8 < CJK_PAGES ? map->pages[character >> 8] : NULL;
    return page ? page[character & 0xff] : 0;
}
uint32_t cjk_pair_entry(const struct cjk_codec *codec, uint32_t first, uint32_t second); /* 0: they are no pair */

/* ---- conversions ---- */

enum { CJK_STATE_SIZE = 8, CJK_PENDING_TEXT = 2, CJK_PENDING_BYTES = 8 };

/* One conversion; `position` moves on, what it gives is in `out`. */
struct cjk_run {
    struct vm *vm;
    const struct cjk_codec *codec;
    const struct cjk_map *map;   /* of encoders */
    uint8_t *state;              /* CJK_STATE_SIZE bytes, as getstate() shows them */
    value errors;                /* str, or VALUE_NULL: strict */
    value exception;             /* made for an error handler, used again; VALUE_NULL: not yet */
    value source;                /* str, or bytes */
    size_t position;
    struct conversion out;       /* its buffers are used */
};
/* What a conversion stops with: 0 at the end, a number of characters (or bytes) that mean nothing, or: more are needed. */
enum { CJK_DONE = 0, CJK_TOO_FEW = -1 };
enum cjk_more { CJK_MORE_MAY_COME, CJK_NOTHING_FOLLOWS };

/* plain.c, shifting.c */
int cjk_encode_plain(struct cjk_run *run, enum cjk_more more);
int cjk_decode_plain(struct cjk_run *run);
int cjk_encode_shifting(struct cjk_run *run, enum cjk_more more);
int cjk_decode_shifting(struct cjk_run *run);
void cjk_encode_start(const struct cjk_codec *codec, uint8_t *state);
void cjk_decode_start(const struct cjk_codec *codec, uint8_t *state);
void cjk_encode_end(struct cjk_run *run);                    /* puts out what leads back to the first state */
void cjk_decode_reset(const struct cjk_codec *codec, uint8_t *state);

/* convert.c. False: an exception is pending. */
enum cjk_end { CJK_GO_ON, CJK_FLUSH, CJK_FLUSH_AND_RESET };
void cjk_run_open(struct cjk_run *run, struct vm *vm, value codec_object, uint8_t *state, value errors, value source);
bool cjk_run_encode(struct cjk_run *run, enum cjk_end end);
bool cjk_run_decode(struct cjk_run *run);                    /* as far as it goes: a part may remain */
bool cjk_run_decode_rest(struct cjk_run *run);               /* the part is an error */
value cjk_run_bytes(struct cjk_run *run, bool good);         /* the results; free */
value cjk_run_text(struct cjk_run *run, bool good);

/* codec.c */
struct cjk_codec_object { /* _multibytecodec.MultibyteCodec */
    struct object head;
    const struct cjk_codec *codec;
    struct cjk_map *map;         /* made when something is encoded first */
};
extern struct type cjk_codec_type;
static inline struct cjk_codec_object *cjk_codec_of(value v)
{
    return (struct cjk_codec_object *)value_object(v);
}
bool cjk_errors_argument(struct vm *vm, const char *function, value v, value *out);
value cjk_text_argument(struct vm *vm, value v);             /* any object's text */

/* incremental.c: what the four types with a state share. */
struct cjk_stateful {
    struct object head;
    value codec, errors;         /* errors VALUE_NULL: strict */
    value stream;                /* of readers and writers */
    value pending_text;          /* of encoders; VALUE_NULL: none */
    uint8_t state[CJK_STATE_SIZE];
    uint8_t pending[CJK_PENDING_BYTES], pending_count; /* of decoders */
};
static inline struct cjk_stateful *cjk_stateful_of(value v)
{
    return (struct cjk_stateful *)value_object(v);
}
extern struct type cjk_incremental_encoder_type, cjk_incremental_decoder_type, cjk_stream_reader_type, cjk_stream_writer_type;
void cjk_stateful_trace(struct vm *vm, struct object *object);
bool cjk_stateful_init(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names);
value cjk_stateful_new(struct vm *vm, struct type *type, value errors);
value cjk_get_errors(struct vm *vm, value self);
bool cjk_set_errors(struct vm *vm, value self, value item);
value cjk_encode_more(struct vm *vm, struct cjk_stateful *encoder, value text, enum cjk_end end);
bool cjk_keep_pending(struct vm *vm, struct cjk_stateful *decoder, const struct cjk_run *run);

#endif
