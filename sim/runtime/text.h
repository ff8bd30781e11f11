/* text.h - what the files of str, bytes and bytearray share: spans of characters and searching in them. */
#ifndef HYBRIDSIM_SIM_RUNTIME_TEXT_H
#define HYBRIDSIM_SIM_RUNTIME_TEXT_H

#include "sim/runtime/args.h"
#include "sim/runtime/exception.h"
#include "sim/runtime/types.h"

/* Characters in memory that somebody else owns. Two words, so that spans are passed in registers. */
struct span {
    const void *data;
    size_t length : 56, width : 8; /* width: 1, 2, 4; bytes: 1 */
};

static inline struct span string_span(value v)
{
    const struct string_object *s = string_of(v);
    return (struct span){s->data, s->length, s->width};
}

static inline uint32_t span_at(struct span s, size_t i)
{
    return s.width == 1   ? ((const uint8_t *)s.data)[i]
           : s.width == 2 ? ((const uint16_t *)s.data)[i]
                          : ((const uint32_t *)s.data)[i];
}

static inline struct span span_part(struct span s, size_t start, size_t stop)
{
    return (struct span){(const char *)s.data + start * s.width, stop - start, s.width};
}

/* text_search.c: positions in haystack within [start, stop), -1: not there. An empty needle is found at start (or stop). */
int64_t span_find(struct span haystack, struct span needle, size_t start, size_t stop);
int64_t span_rfind(struct span haystack, struct span needle, size_t start, size_t stop);
int64_t span_count(struct span haystack, struct span needle, size_t start, size_t stop, int64_t limit);
int64_t span_find_character(struct span haystack, uint32_t character, size_t start, size_t stop);
int64_t span_rfind_character(struct span haystack, uint32_t character, size_t start, size_t stop);
bool span_matches(struct span haystack, size_t position, struct span needle); /* needle is there; checks the bounds */
bool span_equal(struct span a, struct span b);
uint32_t span_maximum(struct span s); /* the largest character, rounded up within its class: 0x7f, 0xff, 0xffff, 0x10ffff */
void span_copy(void *target, uint8_t target_width, size_t target_offset, struct span source); /* may widen or narrow */

/* The optional start and end arguments of find, count, startswith...: None or an index; clipped as slices are. */
bool search_range(struct vm *vm, value start, value end, size_t length, int64_t *from, int64_t *to);
/* An item's index or a slice bound: any __index__, clipped to int64. False: TypeError pending. */
bool slice_bound(struct vm *vm, value v, int64_t *result);

/* string.c */
struct string_object *string_allocate(struct vm *vm, size_t length, uint32_t maximum); /* exact str, not filled */
value string_from_span(struct vm *vm, struct span s);   /* in its narrowest form */
value string_from_latin1(struct vm *vm, const void *data, size_t length);
value string_from_ascii(struct vm *vm, const char *text, size_t length); /* the caller knows that it is ASCII */
value string_exact(struct vm *vm, value v);             /* v, or a str with its text when it is of a subclass */
bool string_builder_reserve(struct string_builder *builder, size_t more);
void string_builder_add_span(struct string_builder *builder, struct span s);
extern const struct method_definition string_methods[]; /* string_methods.c */

static inline bool is_string(value v)
{
    return has_flag(v, TYPE_STRING);
}
static inline bool is_bytes(value v)
{
    return has_flag(v, TYPE_BYTES);
}
static inline struct bytes_object *bytes_of(value v)
{
    return (struct bytes_object *)value_object(v);
}
static inline struct bytearray_object *bytearray_of(value v)
{
    return (struct bytearray_object *)value_object(v);
}
static inline size_t size_minimum(size_t a, size_t b)
{
    return a < b ? a : b;
}
/* Fills `total` bytes with copies of the first `unit` of them, doubling what is there. */
static inline void repeat_first(void *bytes, size_t unit, size_t total)
{
    for (size_t done = unit; done < total;) {
        size_t more = size_minimum(done, total - done);
        memcpy((char *)bytes + done, bytes, more);
        done += more;
    }
}
/* Copies of strings beyond this many characters do not fit a str object. */
#define STRING_LENGTH_MAX ((size_t)0x7fffffff)

/* string_type.c */
/* An instance of a type with variable size, `size` bytes for the built-in part; a subclass's tail is made empty. */
void *variable_instance(struct vm *vm, struct type *type, size_t size);
/* The arguments of str(), bytes(), bytearray(), by position or by name, into out; VALUE_NULL: absent. */
bool bind_constructor(struct vm *vm, const char *function, const char *const *names, size_t maximum,
                      const value *arguments, size_t count, value keyword_names, value *out);
/* UTF-8 of an encoding's or error handler's name; NULL: TypeError pending. */
const char *codec_argument(struct vm *vm, value v, const char *function, const char *parameter);

/* string_case.c */
bool character_is_space(uint32_t c);
bool character_is_printable(uint32_t c);
bool character_is_alpha(uint32_t c);
bool character_is_decimal(uint32_t c);
bool character_is_digit(uint32_t c);
bool character_is_numeric(uint32_t c);
bool character_is_upper(uint32_t c);
bool character_is_lower(uint32_t c);
bool character_is_title(uint32_t c);
bool character_is_identifier_start(uint32_t c);
bool character_is_identifier_part(uint32_t c);
int character_decimal(uint32_t c); /* 0..9, or -1 */
enum case_kind { CASE_UPPER, CASE_LOWER, CASE_TITLE, CASE_FOLD };
value string_change_case(struct vm *vm, value string, enum case_kind kind);
value string_capitalize(struct vm *vm, value string);
value string_title(struct vm *vm, value string);
value string_swapcase(struct vm *vm, value string);

/* string_format.c */
value string_format_fields(struct vm *vm, value format, const value *arguments, size_t count, value keywords);

/* string_percent.c: % of bytes and bytearray; answers bytes */
value bytes_format_percent(struct vm *vm, struct span format, value arguments);

/* bytes_methods.c */
extern const struct method_definition bytes_methods[], bytearray_methods[];
value bytes_repr_text(struct vm *vm, const uint8_t *data, size_t size, const char *prefix, const char *suffix);

/* codec.c */
value raise_decode_error(struct vm *vm, const char *encoding, const uint8_t *data, size_t size, size_t start, size_t end,
                         const char *reason);
value raise_encode_error(struct vm *vm, const char *encoding, value string, size_t start, size_t end, const char *reason);
value string_decode_utf8(struct vm *vm, const uint8_t *data, size_t size, const char *errors);

#endif
