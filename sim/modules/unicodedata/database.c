/* database.c - the character database: lookups in the tables that scripts/unicode_tables.py writes at build time. */
#include "sim/modules/unicodedata/unicodedata.h"

#include "unicode_tables.inc"

#include <stdio.h>
#include <stdlib.h>

#define TRIE(name, c) name##_data[((size_t)name##_index[(c) >> TABLE_SHIFT] << TABLE_SHIFT) + ((c) & ((1u << TABLE_SHIFT) - 1))]
#define COUNT(array) (sizeof(array) / sizeof *(array))

const struct character_record *database_record(uint32_t c, bool old)
{
    return &records[old ? TRIE(old_record, c) : TRIE(record, c)];
}

double database_numeric(const struct character_record *record)
{
    return numerics[record->numeric];
}

const char *database_category(const struct character_record *record)
{
    return categories[record->category];
}

const char *database_bidirectional(const struct character_record *record)
{
    return bidirectionals[record->bidirectional];
}

const char *database_width(const struct character_record *record)
{
    return widths[record->width];
}

size_t database_decomposition(uint32_t c, const uint32_t **characters, const char **prefix)
{
    const uint32_t *words = decomposition_words + TRIE(decomposition, c);
    *characters = words + 1;
    *prefix = decomposition_prefixes[words[0] >> 8];
    return words[0] & 255;
}

uint32_t database_old_correction(uint32_t c)
{
    for (size_t i = 0; i < COUNT(old_corrections); i++)
        if (old_corrections[i].character == c)
            return old_corrections[i].decomposed;
    return 0;
}

uint32_t database_composition(uint32_t first, uint32_t second)
{
    size_t low = 0, high = COUNT(compositions);
    while (low < high) {
        size_t middle = (low + high) / 2;
        uint32_t a = compositions[middle].first, b = compositions[middle].second;
        if (a == first && b == second)
            return compositions[middle].composed;
        if (a < first || (a == first && b < second))
            low = middle + 1;
        else
            high = middle;
    }
    return 0;
}

/* ---- names ---- */

/* Hangul syllables are named by their letters. */
static const char *const hangul_letters[3][28] = {
    {"G", "GG", "N", "D", "DD", "R", "M", "B", "BB", "S", "SS", "", "J", "JJ", "C", "K", "T", "P", "H"},
    {"A", "AE", "YA", "YAE", "EO", "E", "YEO", "YE", "O", "WA", "WAE", "OE", "YO", "U", "WEO", "WE", "WI", "YU", "EU", "YI", "I"},
    {"", "G", "GG", "GS", "N", "NJ", "NH", "D", "L", "LG", "LM", "LB", "LS", "LT", "LP", "LH", "M", "B", "BS", "S", "SS", "NG",
     "J", "C", "K", "T", "P", "H"}};
enum { HANGUL_FIRST = 0xac00, HANGUL_COUNT = 11172, HANGUL_VOWELS = 21, HANGUL_FINALS = 28 };
static const char hangul_prefix[] = "HANGUL SYLLABLE ", ideograph_prefix[] = "CJK UNIFIED IDEOGRAPH-";

static bool is_ideograph(uint32_t c)
{
    for (size_t i = 0; i < COUNT(ideographs); i++)
        if (c >= ideographs[i][0] && c <= ideographs[i][1])
            return true;
    return false;
}

static void table_name(size_t index, char name[DATABASE_NAME_MAX])
{
    size_t used = 0;
    for (uint32_t at = name_starts[index]; at < name_starts[index + 1];) {
        uint32_t word = name_data[at++];
        if (word >= 128)
            word = (word - 128) << 8 | name_data[at++];
        uint32_t start = name_word_offsets[word], size = name_word_offsets[word + 1] - start;
        if (used)
            name[used++] = ' ';
        memcpy(name + used, name_text + start, size);
        used += size;
    }
    name[used] = 0;
}

bool database_name(uint32_t c, char name[DATABASE_NAME_MAX])
{
    if (c - HANGUL_FIRST < HANGUL_COUNT) {
        uint32_t s = c - HANGUL_FIRST;
        snprintf(name, DATABASE_NAME_MAX, "%s%s%s%s", hangul_prefix, hangul_letters[0][s / (HANGUL_VOWELS * HANGUL_FINALS)],
                 hangul_letters[1][s / HANGUL_FINALS % HANGUL_VOWELS], hangul_letters[2][s % HANGUL_FINALS]);
        return true;
    }
    if (is_ideograph(c)) {
        snprintf(name, DATABASE_NAME_MAX, "%s%X", ideograph_prefix, (unsigned)c);
        return true;
    }
    size_t low = 0, high = TABLE_NAME_COUNT;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (name_characters[middle] < c)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == TABLE_NAME_COUNT || name_characters[low] != c)
        return false;
    table_name(low, name);
    return true;
}

/* The longest letter of the kind that the text begins with: its number; -1: none */
static int hangul_letter(const char **text, int kind, int count)
{
    int best = -1;
    size_t longest = 0;
    for (int i = 0; i < count; i++) {
        size_t size = strlen(hangul_letters[kind][i]);
        if ((best < 0 || size > longest) && !strncmp(*text, hangul_letters[kind][i], size)) {
            best = i;
            longest = size;
        }
    }
    *text += longest;
    return best;
}

static bool find_hangul(const char *text, uint32_t *c)
{
    int first = hangul_letter(&text, 0, 19), vowel = hangul_letter(&text, 1, HANGUL_VOWELS);
    int last = hangul_letter(&text, 2, HANGUL_FINALS);
    if (first < 0 || vowel < 0 || last < 0 || *text)
        return false;
    *c = HANGUL_FIRST + (uint32_t)((first * HANGUL_VOWELS + vowel) * HANGUL_FINALS + last);
    return true;
}

static bool find_ideograph(const char *digits, uint32_t *c)
{
    size_t size = strlen(digits);
    if ((size != 4 && size != 5) || strspn(digits, "0123456789ABCDEF") != size)
        return false;
    *c = (uint32_t)strtoul(digits, NULL, 16);
    return is_ideograph(*c);
}

/* Names that characters have besides their own. */
static bool find_alias(const char *name, uint32_t *c)
{
    size_t low = 0, high = COUNT(aliases);
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strcmp(aliases[middle].name, name);
        *c = aliases[middle].character;
        if (order == 0)
            return true;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

const struct named_sequence *database_sequence(const char *name)
{
    size_t low = 0, high = COUNT(sequences);
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strcmp(sequences[middle].name, name);
        if (order == 0)
            return &sequences[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

bool database_find(const char *name, uint32_t *c)
{
    if (!strncmp(name, hangul_prefix, sizeof hangul_prefix - 1))
        return find_hangul(name + sizeof hangul_prefix - 1, c);
    if (!strncmp(name, ideograph_prefix, sizeof ideograph_prefix - 1))
        return find_ideograph(name + sizeof ideograph_prefix - 1, c);
    size_t low = 0, high = TABLE_NAME_COUNT;
    while (low < high) {
        char candidate[DATABASE_NAME_MAX];
        size_t middle = (low + high) / 2;
        table_name(name_order[middle], candidate);
        int order = strcmp(candidate, name);
        if (order == 0) {
            *c = name_characters[name_order[middle]];
            return true;
        }
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return find_alias(name, c);
}
