/* set.c - which characters a category or a set of Lib/re's code holds, and the case folding of patterns. */
#include "sim/modules/sre/codes.h"
#include "sim/modules/sre/sre.h"

#include <stdlib.h>
#include <unicase.h>

uint32_t sre_lower_ascii(uint32_t c)
{
    return c - 'A' < 26 ? c + 32 : c;
}

uint32_t sre_lower_unicode(uint32_t c)
{
    return c < 0x80 ? sre_lower_ascii(c) : uc_tolower(c);
}

/* The first character of what upper() makes of it. */
uint32_t sre_upper_unicode(uint32_t c)
{
    uint32_t mapped[8];
    size_t length = sizeof mapped / sizeof *mapped;
    if (c < 0x80)
        return c - 'a' < 26 ? c - 32 : c;
    return u32_toupper(&c, 1, NULL, NULL, mapped, &length) == mapped && length ? mapped[0] : c;
}

static bool is_word(uint32_t c)
{
    if (c < 0x80)
        return (c | 32) - 'a' < 26 || c - '0' < 10 || c == '_';
    return character_is_alpha(c) || character_is_numeric(c) || character_is_digit(c) || character_is_decimal(c);
}

static bool is_line_break(uint32_t c)
{
    return (c >= 10 && c <= 13) || (c >= 28 && c <= 30) || c == 0x85 || c == 0x2028 || c == 0x2029;
}

bool sre_category(uint32_t category, uint32_t c)
{
    switch ((enum category_code)category) {
    case CATEGORY_DIGIT: return c - '0' < 10;
    case CATEGORY_NOT_DIGIT: return c - '0' >= 10;
    case CATEGORY_SPACE: return c == ' ' || (c >= 9 && c <= 13);
    case CATEGORY_NOT_SPACE: return !(c == ' ' || (c >= 9 && c <= 13));
    case CATEGORY_WORD: case CATEGORY_LOC_WORD: return c < 0x80 && is_word(c);
    case CATEGORY_NOT_WORD: case CATEGORY_LOC_NOT_WORD: return !(c < 0x80 && is_word(c));
    case CATEGORY_LINEBREAK: return c == '\n';
    case CATEGORY_NOT_LINEBREAK: return c != '\n';
    case CATEGORY_UNI_DIGIT: return character_is_decimal(c);
    case CATEGORY_UNI_NOT_DIGIT: return !character_is_decimal(c);
    case CATEGORY_UNI_SPACE: return character_is_space(c);
    case CATEGORY_UNI_NOT_SPACE: return !character_is_space(c);
    case CATEGORY_UNI_WORD: return is_word(c);
    case CATEGORY_UNI_NOT_WORD: return !is_word(c);
    case CATEGORY_UNI_LINEBREAK: return is_line_break(c);
    case CATEGORY_UNI_NOT_LINEBREAK: return !is_line_break(c);
    case CATEGORY_COUNT: break;
    }
    return false;
}

static bool bit_of(const uint32_t *words, uint32_t bit)
{
    return words[bit / 32] >> (bit & 31) & 1;
}

/* Lib/re's big set: 256 chunk numbers, a byte each, then chunks of 256 bits. */
static bool big_set_contains(const uint32_t *code, uint32_t c)
{
    if (c >= 0x10000)
        return false;
    const uint8_t *chunks = (const uint8_t *)code;
    return bit_of(code + 64 + (size_t)chunks[c >> 8] * 8, c & 255);
}

bool sre_code_contains(const uint32_t *code, uint32_t c)
{
    for (bool inside = true;;) {
        switch (*code++) {
        case CODE_FAILURE:
            return !inside;
        case CODE_LITERAL:
            if (c == code[0])
                return inside;
            code++;
            break;
        case CODE_CATEGORY:
            if (sre_category(code[0], c))
                return inside;
            code++;
            break;
        case CODE_CHARSET:
            if (c < 256 && bit_of(code, c))
                return inside;
            code += 8;
            break;
        case CODE_RANGE:
            if (code[0] <= c && c <= code[1])
                return inside;
            code += 2;
            break;
        case CODE_RANGE_UNI_IGNORE: {
            uint32_t upper = sre_upper_unicode(c);
            if ((code[0] <= c && c <= code[1]) || (code[0] <= upper && upper <= code[1]))
                return inside;
            code += 2;
            break;
        }
        case CODE_NEGATE:
            inside = !inside;
            break;
        case CODE_BIGCHARSET:
            if (big_set_contains(code + 1, c))
                return inside;
            code += 65 + (size_t)code[0] * 8;
            break;
        default: /* refused by the translation */
            return false;
        }
    }
}

bool sre_set_high(const struct sre_set *set, uint32_t c)
{
    switch (set->high) {
    case HIGH_NONE: return false;
    case HIGH_ALL: return true;
    case HIGH_CODE: return sre_code_contains(set->code, c);
    case HIGH_CODE_OF_LOWER: return sre_code_contains(set->code, sre_lower_unicode(c));
    case HIGH_EQUAL: return c == set->character;
    case HIGH_NOT_EQUAL: return c != set->character;
    case HIGH_LOWER_EQUAL: return sre_lower_unicode(c) == set->character;
    case HIGH_LOWER_NOT_EQUAL: return sre_lower_unicode(c) != set->character;
    }
    return false;
}

uint32_t sre_add_set(struct sre_program *program)
{
    if (program->set_count == program->set_capacity) {
        uint32_t capacity = program->set_capacity * 2 + 4;
        struct sre_set *sets = realloc(program->sets, capacity * sizeof *sets);
        if (!sets)
            return SRE_NO_SET;
        program->sets = sets;
        program->set_capacity = capacity;
    }
    memset(&program->sets[program->set_count], 0, sizeof *program->sets);
    return program->set_count++;
}
