/* tables.c - the charsets, as scripts/cjk_tables.py found them in CPython, and their inversion for encoding. */
#include "sim/modules/cjk/cjk.h"

#include <stdlib.h>

#include "cjk_tables.inc"

uint32_t cjk_decode(unsigned charset, uint8_t lead, uint8_t trail, uint32_t *second)
{
    const struct cjk_charset *set = &cjk_charsets[charset];
    *second = 0;
    if (lead < set->first || lead > set->last)
        return 0;
    const struct cjk_row *row = &cjk_rows[set->rows + lead - set->first];
    if (trail < row->first || trail > row->last)
        return 0;
    uint32_t character = cjk_characters[row->characters + trail - row->first];
    if (!is_surrogate(character))
        return character;
    const uint32_t *extra = cjk_extras[set->extras + character - 0xd800];
    *second = extra[1];
    return extra[0];
}

/* ---- encoding ---- */

static uint32_t *map_entry(struct cjk_map *map, uint32_t character)
{
    uint32_t **page = &map->pages[character >> 8];
    if (!*page)
        *page = calloc(256, sizeof **page);
    return *page ? *page + (character & 0xff) : NULL;
}

/* The first code that a character has is its code. */
static bool map_add(struct cjk_map *map, uint32_t character, uint32_t entry)
{
    uint32_t *place = map_entry(map, character);
    if (place && !*place)
        *place = entry;
    return place != NULL;
}

static bool map_add_charset(struct cjk_map *map, unsigned charset, uint32_t base, uint32_t minimum)
{
    const struct cjk_charset *set = &cjk_charsets[charset];
    for (unsigned lead = set->first; lead <= set->last; lead++) {
        const struct cjk_row *row = &cjk_rows[set->rows + lead - set->first];
        for (unsigned trail = row->first; trail <= row->last; trail++) {
            uint32_t second, character = cjk_decode(charset, (uint8_t)lead, (uint8_t)trail, &second);
            if (character > minimum && character != CJK_NOTHING && !second && !map_add(map, character, base | lead << 8 | trail))
                return false;
        }
    }
    return true;
}

static bool map_add_codec(const struct cjk_codec *codec, struct cjk_map *map)
{
    bool good = true;
    for (uint32_t i = 0; codec->single && i < 256; i++)
        if (codec->single[i] < CJK_INVALID || codec->single[i] > CJK_LEAD_OF_THREE)
            good = good && map_add(map, codec->single[i], 1u << 24 | i);
    if (codec->single)
        return good && map_add_charset(map, codec->charset, 2u << 24, 0) &&
               map_add_charset(map, codec->third_charset, 3u << 24 | 0x8f0000, 0);
    for (uint32_t i = 0; codec->designations[i].mark; i++)
        good = good && map_add_charset(map, codec->designations[i].charset, (i + 1) << 24, 0x7f);
    return good;
}

bool cjk_map_build(const struct cjk_codec *codec, struct cjk_map *map)
{
    bool good = map_add_codec(codec, map);
    for (const struct cjk_exception *e = codec->exceptions; good && e->character; e++) {
        uint32_t *place = map_entry(map, e->character);
        good = place != NULL;
        if (good)
            *place = e->entry;
    }
    for (const struct cjk_pair *pair = codec->pairs; good && pair->first; pair++) {
        uint32_t *place = map_entry(map, pair->first);
        good = place != NULL;
        if (good)
            *place |= CJK_STARTS_PAIR;
    }
    return good;
}

void cjk_map_free(struct cjk_map *map)
{
    for (int i = 0; map && i < CJK_PAGES; i++)
        free(map->pages[i]);
    free(map);
}

uint32_t cjk_pair_entry(const struct cjk_codec *codec, uint32_t first, uint32_t second)
{
    for (const struct cjk_pair *pair = codec->pairs; pair->first; pair++)
        if (pair->first == first && pair->second == second)
            return pair->entry;
    return 0;
}

/* ---- gb18030 ---- */

enum { RANGE_COUNT = sizeof cjk_ranges / sizeof *cjk_ranges, ASTRAL_START = 15 * 10 * 126 * 10 };

/* The last range whose start, by character or by number, is not above `key`. */
static const struct cjk_range *range_find(uint32_t key, bool by_number)
{
    int low = 0, high = RANGE_COUNT;
    while (high - low > 1) {
        int middle = (low + high) / 2;
        if ((by_number ? cjk_ranges[middle].number : cjk_ranges[middle].first) <= key)
            low = middle;
        else
            high = middle;
    }
    return &cjk_ranges[low];
}

uint32_t cjk_four_bytes(uint32_t character)
{
    if (character >= 0x10000)
        return ASTRAL_START + character - 0x10000;
    const struct cjk_range *range = range_find(character, false);
    return character < range->first || character > range->last ? UINT32_MAX : range->number + character - range->first;
}

uint32_t cjk_four_bytes_character(uint32_t number)
{
    if (number >= ASTRAL_START)
        return number - ASTRAL_START < 0x100000 ? number - ASTRAL_START + 0x10000 : 0;
    const struct cjk_range *range = range_find(number, true);
    return number > (uint32_t)range->number + range->last - range->first ? 0 : range->first + number - range->number;
}
