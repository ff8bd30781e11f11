/* plain.c - codecs without states: one table for single bytes, one for those of two, one for what follows 0x8f; gb18030's codes
 * of four bytes, and the eight bytes that euc_kr spells a syllable with. */
#include "sim/modules/cjk/cjk.h"

enum { SYLLABLE_FIRST = 0xac00, SYLLABLE_COUNT = 19 * 21 * 28, MAKE_UP_LEAD = 0xa4, MAKE_UP_FILLER = 0xd4, MAKE_UP_SIZE = 8 };

/* ---- encoding ---- */

static bool put_four_bytes(struct conversion *out, uint32_t character)
{
    uint32_t number = is_surrogate(character) || character < 0x80 ? UINT32_MAX : cjk_four_bytes(character);
    if (number == UINT32_MAX)
        return false;
    conversion_add(out, (uint8_t)(0x81 + number / 12600));
    conversion_add(out, (uint8_t)(0x30 + number / 1260 % 10));
    conversion_add(out, (uint8_t)(0x81 + number / 10 % 126));
    conversion_add(out, (uint8_t)(0x30 + number % 10));
    return true;
}

static bool put_make_up(struct conversion *out, uint32_t character)
{
    uint32_t syllable = character - SYLLABLE_FIRST;
    if (syllable >= SYLLABLE_COUNT)
        return false;
    const uint8_t codes[] = {MAKE_UP_FILLER, cjk_letters[0][syllable / 588], cjk_letters[1][syllable / 28 % 21],
                             cjk_letters[2][syllable % 28]};
    for (int i = 0; i < 4; i++) {
        conversion_add(out, MAKE_UP_LEAD);
        conversion_add(out, codes[i]);
    }
    return true;
}

int cjk_encode_plain(struct cjk_run *run, enum cjk_more more)
{
    struct span text = string_span(run->source);
    for (; run->position < text.length; run->position++) {
        uint32_t character = span_at(text, run->position), entry = cjk_entry(run->map, character);
        if (entry & CJK_STARTS_PAIR) {
            bool last = run->position + 1 == text.length;
            if (last && more == CJK_MORE_MAY_COME)
                return CJK_TOO_FEW;
            uint32_t both = last ? 0 : cjk_pair_entry(run->codec, character, span_at(text, run->position + 1));
            run->position += both != 0;
            entry = both ? both : entry & ~CJK_STARTS_PAIR;
        }
        if (!entry) {
            bool good = run->codec->kind == CJK_FOUR_BYTES ? put_four_bytes(&run->out, character)
                        : run->codec->kind == CJK_MAKE_UP && put_make_up(&run->out, character);
            if (!good)
                return 1;
            continue;
        }
        for (int shift = (int)(entry >> 24) * 8 - 8; shift >= 0; shift -= 8)
            conversion_add(&run->out, (uint8_t)(entry >> shift));
    }
    return CJK_DONE;
}

/* ---- decoding ---- */

static int take_four_bytes(struct cjk_run *run, const uint8_t *p, size_t left)
{
    if (left < 4)
        return CJK_TOO_FEW;
    if (p[0] < 0x81 || p[0] > 0xfe || p[2] < 0x81 || p[2] > 0xfe || p[3] < 0x30 || p[3] > 0x39)
        return 1;
    uint32_t number = (((p[0] - 0x81u) * 10 + p[1] - 0x30u) * 126 + p[2] - 0x81u) * 10 + p[3] - 0x30u;
    uint32_t character = cjk_four_bytes_character(number);
    if (!character)
        return 1;
    string_builder_add(&run->out.out, character);
    run->position += 4;
    return CJK_DONE;
}

static int letter_number(int which, int count, uint8_t code)
{
    for (int i = 0; i < count; i++)
        if (cjk_letters[which][i] == code)
            return i;
    return -1;
}

static int take_make_up(struct cjk_run *run, const uint8_t *p, size_t left)
{
    if (left < MAKE_UP_SIZE)
        return CJK_TOO_FEW;
    int first = letter_number(0, 19, p[3]), vowel = letter_number(1, 21, p[5]), last = letter_number(2, 28, p[7]);
    if (p[2] != MAKE_UP_LEAD || p[4] != MAKE_UP_LEAD || p[6] != MAKE_UP_LEAD || first < 0 || vowel < 0 || last < 0)
        return 1;
    string_builder_add(&run->out.out, (uint32_t)(SYLLABLE_FIRST + first * 588 + vowel * 28 + last));
    run->position += MAKE_UP_SIZE;
    return CJK_DONE;
}

/* What starts with a byte that is no character of its own. */
static int take_long(struct cjk_run *run, const uint8_t *p, size_t left, unsigned kind)
{
    size_t size = kind == CJK_LEAD_OF_THREE ? 3 : 2;
    if (kind == CJK_INVALID)
        return 1;
    if (left < size)
        return CJK_TOO_FEW;
    if (run->codec->kind == CJK_FOUR_BYTES && p[1] >= 0x30 && p[1] <= 0x39)
        return take_four_bytes(run, p, left);
    if (run->codec->kind == CJK_MAKE_UP && p[0] == MAKE_UP_LEAD && p[1] == MAKE_UP_FILLER)
        return take_make_up(run, p, left);
    uint32_t second, character = cjk_decode(size == 3 ? run->codec->third_charset : run->codec->charset, p[size - 2], p[size - 1],
                                            &second);
    if (!character || character == CJK_NOTHING)
        return character ? 2 : 1;
    string_builder_add(&run->out.out, character);
    if (second)
        string_builder_add(&run->out.out, second);
    run->position += size;
    return CJK_DONE;
}

int cjk_decode_plain(struct cjk_run *run)
{
    const struct bytes_object *bytes = bytes_of(run->source);
    while (run->position < bytes->length) {
        const uint8_t *p = bytes->data + run->position;
        unsigned kind = run->codec->single[*p];
        if (kind < CJK_INVALID || kind > CJK_LEAD_OF_THREE) {
            string_builder_add(&run->out.out, kind);
            run->position++;
            continue;
        }
        int stop = take_long(run, p, bytes->length - run->position, kind);
        if (stop != CJK_DONE)
            return stop;
    }
    return CJK_DONE;
}
