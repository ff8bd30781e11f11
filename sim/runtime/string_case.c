/* string_case.c - what Unicode 14 says of a character, and the case mappings of str, through libunistring (whose version 1.0
 * has CPython 3.11's Unicode version). ASCII and Latin-1 are decided here without it.
 *
 * Three things are our own because libunistring differs from CPython: title (no word segmentation), the final sigma rule of
 * lower, and the 73 CJK numerals that isnumeric knows.
 */
#include "sim/runtime/text.h"

#include <stdlib.h>
#include <unicase.h>
#include <unictype.h>

enum { CASE_MAX = 8 }; /* characters that one character's mapping may have: 3, with room */

static const uint32_t cjk_numerals[] = {
    0x3405,  0x3483,  0x382a,  0x3b4d,  0x4e00,  0x4e03,  0x4e07,  0x4e09,  0x4e5d,  0x4e8c,  0x4e94,  0x4e96,  0x4ebf,
    0x4ec0,  0x4edf,  0x4ee8,  0x4f0d,  0x4f70,  0x5104,  0x5146,  0x5169,  0x516b,  0x516d,  0x5341,  0x5343,  0x5344,
    0x5345,  0x534c,  0x53c1,  0x53c2,  0x53c3,  0x53c4,  0x56db,  0x58f1,  0x58f9,  0x5e7a,  0x5efe,  0x5eff,  0x5f0c,
    0x5f0d,  0x5f0e,  0x5f10,  0x62fe,  0x634c,  0x67d2,  0x6f06,  0x7396,  0x767e,  0x8086,  0x842c,  0x8cae,  0x8cb3,
    0x8d30,  0x9621,  0x9646,  0x964c,  0x9678,  0x96f6,  0x20001, 0x20064, 0x200e2, 0x20121, 0x2092a, 0x20983, 0x2098c,
    0x2099c, 0x20aea, 0x20afd, 0x20b19, 0x22390, 0x22998, 0x23b1b, 0x2626d};

bool character_is_space(uint32_t c)
{
    if (c < 0x80)
        return (c >= 9 && c <= 13) || (c >= 28 && c <= 32);
    return c == 0x85 || c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 ||
           c == 0x202f || c == 0x205f || c == 0x3000;
}

bool character_is_printable(uint32_t c)
{
    if (c < 0x7f)
        return c >= 0x20;
    return !uc_is_general_category_withtable(c, UC_CATEGORY_MASK_Cc | UC_CATEGORY_MASK_Cf | UC_CATEGORY_MASK_Cs |
                                                    UC_CATEGORY_MASK_Co | UC_CATEGORY_MASK_Cn | UC_CATEGORY_MASK_Zl |
                                                    UC_CATEGORY_MASK_Zp | UC_CATEGORY_MASK_Zs);
}

static bool ascii_letter(uint32_t c)
{
    return (c | 32) - 'a' < 26;
}

bool character_is_alpha(uint32_t c)
{
    return c < 0x80 ? ascii_letter(c) : uc_is_general_category_withtable(c, UC_CATEGORY_MASK_L);
}

int character_decimal(uint32_t c)
{
    return c < 0x80 ? (c - '0' < 10 ? (int)(c - '0') : -1) : uc_decimal_value(c);
}

bool character_is_decimal(uint32_t c)
{
    return character_decimal(c) >= 0;
}

bool character_is_digit(uint32_t c)
{
    return c < 0x80 ? c - '0' < 10 : uc_digit_value(c) >= 0;
}

static int compare_code_points(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

bool character_is_numeric(uint32_t c)
{
    if (c < 0x80)
        return c - '0' < 10;
    return uc_numeric_value(c).denominator != 0 ||
           bsearch(&c, cjk_numerals, sizeof cjk_numerals / sizeof *cjk_numerals, sizeof *cjk_numerals,
                   compare_code_points) != NULL;
}

bool character_is_upper(uint32_t c)
{
    return c < 0x80 ? c - 'A' < 26 : uc_is_property_uppercase(c);
}

bool character_is_lower(uint32_t c)
{
    return c < 0x80 ? c - 'a' < 26 : uc_is_property_lowercase(c);
}

bool character_is_title(uint32_t c)
{
    return c >= 0x80 && uc_is_general_category_withtable(c, UC_CATEGORY_MASK_Lt);
}

bool character_is_identifier_start(uint32_t c)
{
    return c < 0x80 ? ascii_letter(c) || c == '_' : uc_is_property_xid_start(c);
}

bool character_is_identifier_part(uint32_t c)
{
    return c < 0x80 ? ascii_letter(c) || c == '_' || c - '0' < 10 : uc_is_property_xid_continue(c);
}

static bool is_cased(uint32_t c)
{
    return c < 0x80 ? ascii_letter(c) : uc_is_property_cased(c);
}

/* A capital sigma is final when a cased letter stands before it and none after it, case-ignorable characters apart. */
static bool sigma_is_final(struct span s, size_t at)
{
    size_t i = at;
    while (i > 0 && uc_is_property_case_ignorable(span_at(s, i - 1)))
        i--;
    if (i == 0 || !is_cased(span_at(s, i - 1)))
        return false;
    i = at + 1;
    while (i < s.length && uc_is_property_case_ignorable(span_at(s, i)))
        i++;
    return i == s.length || !is_cased(span_at(s, i));
}

static void add_mapped(struct string_builder *builder, struct span s, size_t at, enum case_kind kind)
{
    uint32_t c = span_at(s, at);
    if (c < 0x80) {
        bool raise = kind == CASE_UPPER || kind == CASE_TITLE;
        string_builder_add(builder, ascii_letter(c) ? (raise ? c & ~32u : c | 32) : c);
        return;
    }
    if (c == 0x3a3 && kind == CASE_LOWER) {
        string_builder_add(builder, sigma_is_final(s, at) ? 0x3c2 : 0x3c3);
        return;
    }
    if (c >= 0xd800 && c < 0xe000) { /* a surrogate is no character for libunistring */
        string_builder_add(builder, c);
        return;
    }
    uint32_t mapped[CASE_MAX];
    size_t length = CASE_MAX;
    uint32_t *result;
    if (kind == CASE_UPPER)
        result = u32_toupper(&c, 1, NULL, NULL, mapped, &length);
    else if (kind == CASE_LOWER)
        result = u32_tolower(&c, 1, NULL, NULL, mapped, &length);
    else if (kind == CASE_TITLE)
        result = u32_totitle(&c, 1, NULL, NULL, mapped, &length);
    else
        result = u32_casefold(&c, 1, NULL, NULL, mapped, &length);
    if (!result) {
        string_builder_add(builder, c);
        return;
    }
    string_builder_add_span(builder, (struct span){result, length, 4});
    if (result != mapped)
        free(result);
}

static value ascii_change_case(struct vm *vm, value string, bool raise)
{
    const struct string_object *s = string_of(string);
    if (!s->length)
        return string_exact(vm, string);
    struct string_object *out = string_allocate(vm, s->length, 0x7f);
    if (!out)
        return VALUE_NULL;
    uint8_t first = raise ? 'a' : 'A';
    for (size_t i = 0; i < s->length; i++) {
        uint8_t c = s->data[i];
        out->data[i] = (uint8_t)(c - first) < 26 ? c ^ 32 : c;
    }
    return object_value(out);
}

value string_change_case(struct vm *vm, value string, enum case_kind kind)
{
    const struct string_object *s = string_of(string);
    ADD_WORK(vm, characters, s->length);
    if (s->ascii && kind != CASE_TITLE)
        return ascii_change_case(vm, string, kind == CASE_UPPER);
    struct string_builder builder = {NULL, 0, 0};
    struct span span = string_span(string);
    for (size_t i = 0; i < span.length; i++)
        add_mapped(&builder, span, i, kind);
    return string_builder_finish(vm, &builder);
}

value string_capitalize(struct vm *vm, value string)
{
    struct string_builder builder = {NULL, 0, 0};
    struct span span = string_span(string);
    ADD_WORK(vm, characters, span.length);
    for (size_t i = 0; i < span.length; i++)
        add_mapped(&builder, span, i, i == 0 ? CASE_TITLE : CASE_LOWER);
    return string_builder_finish(vm, &builder);
}

value string_title(struct vm *vm, value string)
{
    struct string_builder builder = {NULL, 0, 0};
    struct span span = string_span(string);
    ADD_WORK(vm, characters, span.length);
    bool after_cased = false;
    for (size_t i = 0; i < span.length; i++) {
        add_mapped(&builder, span, i, after_cased ? CASE_LOWER : CASE_TITLE);
        after_cased = is_cased(span_at(span, i));
    }
    return string_builder_finish(vm, &builder);
}

value string_swapcase(struct vm *vm, value string)
{
    struct string_builder builder = {NULL, 0, 0};
    struct span span = string_span(string);
    ADD_WORK(vm, characters, span.length);
    for (size_t i = 0; i < span.length; i++) {
        uint32_t c = span_at(span, i);
        if (character_is_upper(c))
            add_mapped(&builder, span, i, CASE_LOWER);
        else if (character_is_lower(c))
            add_mapped(&builder, span, i, CASE_UPPER);
        else
            string_builder_add(&builder, c);
    }
    return string_builder_finish(vm, &builder);
}
