/* normalize.c - the four normalisation forms (Unicode Standard Annex 15): decompose, order combining marks, compose. */
#include "sim/modules/unicodedata/unicodedata.h"

enum { L_BASE = 0x1100, V_BASE = 0x1161, T_BASE = 0x11a7, S_BASE = 0xac00, L_COUNT = 19, V_COUNT = 21, T_COUNT = 28,
       S_COUNT = L_COUNT * V_COUNT * T_COUNT };

struct normalizer {
    struct string_builder out;
    bool compatible, old;
};

static uint8_t combining(uint32_t c)
{
    return c < 0x300 ? 0 : database_record(c, false)->combining;
}

/* Adds a character without decomposition behind those of at most its combining class. */
static void add_ordered(struct string_builder *out, uint32_t c)
{
    uint8_t class = combining(c);
    string_builder_add(out, c);
    if (!class || out->length == SIZE_MAX)
        return;
    size_t at = out->length - 1;
    while (at > 0 && combining(out->code_points[at - 1]) > class) {
        out->code_points[at] = out->code_points[at - 1];
        at--;
    }
    out->code_points[at] = c;
}

static void decompose(struct normalizer *n, uint32_t c)
{
    if (c < 0x80) {
        string_builder_add(&n->out, c);
        return;
    }
    if (c - S_BASE < S_COUNT) {
        uint32_t s = c - S_BASE;
        string_builder_add(&n->out, L_BASE + s / (V_COUNT * T_COUNT));
        string_builder_add(&n->out, V_BASE + s / T_COUNT % V_COUNT);
        if (s % T_COUNT)
            string_builder_add(&n->out, T_BASE + s % T_COUNT);
        return;
    }
    uint32_t corrected = n->old ? database_old_correction(c) : 0;
    if (corrected) {
        decompose(n, corrected);
        return;
    }
    const uint32_t *characters;
    const char *prefix;
    size_t count = database_decomposition(c, &characters, &prefix);
    bool unknown = n->old && database_record(c, true)->category == 0; /* not assigned in Unicode 3.2 */
    if (!count || unknown || (*prefix && !n->compatible)) {
        add_ordered(&n->out, c);
        return;
    }
    for (size_t i = 0; i < count; i++) /* depth: a few */
        decompose(n, characters[i]);
}

static uint32_t compose_pair(uint32_t first, uint32_t second)
{
    if (first - L_BASE < L_COUNT && second - V_BASE < V_COUNT)
        return S_BASE + ((first - L_BASE) * V_COUNT + (second - V_BASE)) * T_COUNT;
    if (first - S_BASE < S_COUNT && (first - S_BASE) % T_COUNT == 0 && second - T_BASE - 1 < T_COUNT - 1)
        return first + (second - T_BASE);
    return first < 0x3c ? 0 : database_composition(first, second);
}

/* In place: a starter takes up the characters behind it that compose with it and are not blocked. */
static void compose(struct string_builder *text)
{
    size_t starter = SIZE_MAX, used = 0;
    uint8_t last = 0;
    for (size_t i = 0; i < text->length; i++) {
        uint32_t c = text->code_points[i];
        uint8_t class = combining(c);
        bool adjacent = starter != SIZE_MAX && used == starter + 1;
        if (starter != SIZE_MAX && (adjacent || (last < class && last))) {
            uint32_t composed = compose_pair(text->code_points[starter], c);
            if (composed) {
                text->code_points[starter] = composed;
                continue;
            }
        }
        if (!class)
            starter = used;
        last = class;
        text->code_points[used++] = c;
    }
    text->length = used;
}

value string_normalize(struct vm *vm, value string, enum normal_form form, bool old)
{
    const struct string_object *s = string_of(string);
    struct normalizer n = {.compatible = form == FORM_NFKC || form == FORM_NFKD, .old = old};
    ADD_WORK(vm, characters, s->length);
    if (s->ascii)
        return string_exact(vm, string);
    for (size_t i = 0; i < s->length; i++)
        decompose(&n, string_at(s, i));
    if ((form == FORM_NFC || form == FORM_NFKC) && n.out.length != SIZE_MAX)
        compose(&n.out);
    value result = string_builder_finish(vm, &n.out);
    return result != VALUE_NULL && is_exact(string, &string_type) && string_equal(result, string) ? string : result;
}
