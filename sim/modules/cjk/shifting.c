/* shifting.c - codecs whose bytes switch between character sets: ISO 2022 by escape sequences (ECMA-35), and hz by tildes
 * (RFC 1843).
 *
 * The state's bytes are those that getstate() shows in CPython: of ISO 2022 the marks of G0, G1, G2, and flags; of hz, whether
 * two bytes are a character.
 */
#include "sim/modules/cjk/cjk.h"

enum { STATE_G0, STATE_G1, STATE_G2, STATE_FLAGS = 4 };
enum { FLAG_SHIFTED = 1, FLAG_FOREIGN = 2 /* within an escape sequence of another kind */ };
enum { MARK_ASCII = 'B', MARK_LATIN1 = 'A', MARK_GREEK = 'F', MARK_WIDE = 0x80, MARK_JISX0208 = 'B' | MARK_WIDE };
enum { SHIFT_OUT = 0x0e, SHIFT_IN = 0x0f, ESCAPE = 0x1b, ESCAPE_SIZE_MAX = 16 };

static bool is_tilde(const struct cjk_codec *codec)
{
    return codec->kind == CJK_TILDE;
}

void cjk_encode_start(const struct cjk_codec *codec, uint8_t *state)
{
    memset(state, 0, CJK_STATE_SIZE);
    if ((codec->kind & CJK_KIND_MASK) == CJK_ISO2022)
        state[STATE_G0] = state[STATE_G1] = MARK_ASCII;
}

void cjk_decode_start(const struct cjk_codec *codec, uint8_t *state)
{
    cjk_encode_start(codec, state);
    state[STATE_G2] = state[STATE_G0];
}

void cjk_decode_reset(const struct cjk_codec *codec, uint8_t *state)
{
    if (is_tilde(codec))
        state[STATE_G0] = 0;
    if ((codec->kind & CJK_KIND_MASK) == CJK_ISO2022) {
        state[STATE_G0] = MARK_ASCII;
        state[STATE_FLAGS] &= (uint8_t)~FLAG_SHIFTED;
    }
}

/* ---- encoding ---- */

static void put(struct cjk_run *run, const void *bytes, size_t size)
{
    conversion_add_bytes(&run->out, bytes, size);
}

static void shift_in(struct cjk_run *run)
{
    if (run->state[STATE_FLAGS] & FLAG_SHIFTED)
        conversion_add(&run->out, SHIFT_IN);
    run->state[STATE_FLAGS] &= (uint8_t)~FLAG_SHIFTED;
}

static void designate_ascii(struct cjk_run *run)
{
    if (run->state[STATE_G0] != MARK_ASCII)
        put(run, "\x1b(B", 3);
    run->state[STATE_G0] = MARK_ASCII;
}

void cjk_encode_end(struct cjk_run *run)
{
    if (is_tilde(run->codec)) {
        if (run->state[STATE_G0])
            put(run, "~}", 2);
        run->state[STATE_G0] = 0;
    } else if ((run->codec->kind & CJK_KIND_MASK) == CJK_ISO2022) {
        shift_in(run);
        designate_ascii(run);
    }
}

static void put_ascii(struct cjk_run *run, uint32_t character)
{
    if (is_tilde(run->codec)) {
        cjk_encode_end(run);
        if (character == '~')
            conversion_add(&run->out, '~');
    } else {
        designate_ascii(run);
        shift_in(run);
    }
    conversion_add(&run->out, (uint8_t)character);
}

/* The escape sequence that makes the set G0 or G1, unless it is, and the shift to it. */
static void designate(struct cjk_run *run, const struct cjk_designation *set)
{
    uint8_t *current = &run->state[set->plane];
    if (set->plane == 0)
        shift_in(run);
    if (*current != set->mark) {
        uint8_t sequence[4] = {ESCAPE}, size = 1;
        if (set->width == 2)
            sequence[size++] = '$';
        if (set->mark != MARK_JISX0208)
            sequence[size++] = set->plane ? ')' : '(';
        sequence[size++] = set->mark & 0x7f;
        put(run, sequence, size);
        *current = set->mark;
    }
    if (set->plane == 1 && !(run->state[STATE_FLAGS] & FLAG_SHIFTED)) {
        conversion_add(&run->out, SHIFT_OUT);
        run->state[STATE_FLAGS] |= FLAG_SHIFTED;
    }
}

static void put_entry(struct cjk_run *run, uint32_t entry)
{
    const struct cjk_designation *set = &run->codec->designations[(entry >> 24) - 1];
    if (!is_tilde(run->codec)) {
        designate(run, set);
    } else if (!run->state[STATE_G0]) {
        put(run, "~{", 2);
        run->state[STATE_G0] = 1;
    }
    if (set->width == 2)
        conversion_add(&run->out, (uint8_t)(entry >> 8));
    conversion_add(&run->out, (uint8_t)entry);
}

int cjk_encode_shifting(struct cjk_run *run, enum cjk_more more)
{
    struct span text = string_span(run->source);
    for (; run->position < text.length; run->position++) {
        uint32_t character = span_at(text, run->position);
        if (character < 0x80) {
            put_ascii(run, character);
            continue;
        }
        uint32_t entry = cjk_entry(run->map, character);
        if (entry & CJK_STARTS_PAIR) {
            bool last = run->position + 1 == text.length;
            if (last && more == CJK_MORE_MAY_COME)
                return CJK_TOO_FEW;
            uint32_t both = last ? 0 : cjk_pair_entry(run->codec, character, span_at(text, run->position + 1));
            run->position += both != 0;
            entry = both ? both : entry & ~CJK_STARTS_PAIR;
        }
        if (!entry)
            return 1;
        put_entry(run, entry);
    }
    return CJK_DONE;
}

/* ---- decoding ---- */

static void give(struct cjk_run *run, uint32_t character, size_t size)
{
    string_builder_add(&run->out.out, character);
    run->position += size;
}

static int take_character(struct cjk_run *run, const struct cjk_designation *set, const uint8_t *p, size_t left, int width_error)
{
    if (left < set->width)
        return CJK_TOO_FEW;
    uint32_t second, character = cjk_decode(set->charset, set->width == 2 ? p[0] : 0, p[set->width - 1], &second);
    if (!character)
        return width_error;
    give(run, character, set->width);
    if (second)
        give(run, second, 0);
    return CJK_DONE;
}

static int take_tilde(struct cjk_run *run, const uint8_t *p, size_t left)
{
    bool wide = run->state[STATE_G0];
    if (*p == '~') {
        if (left < 2)
            return CJK_TOO_FEW;
        if (!wide && p[1] == '~')
            string_builder_add(&run->out.out, '~');
        else if (!wide && p[1] == '{')
            run->state[STATE_G0] = 1;
        else if (wide && p[1] == '}')
            run->state[STATE_G0] = 0;
        else if (wide || p[1] != '\n') /* a newline after a tilde is no character */
            return 1;
        run->position += 2;
        return CJK_DONE;
    }
    if (*p & 0x80)
        return 1;
    if (wide)
        return take_character(run, run->codec->designations, p, left, 1);
    give(run, *p, 1);
    return CJK_DONE;
}

static const struct cjk_designation *find_set(const struct cjk_codec *codec, uint8_t mark)
{
    const struct cjk_designation *set = codec->designations;
    while (set->mark && set->mark != mark)
        set++;
    return set;
}

/* The size of an escape sequence; 0: it is not one; CJK_TOO_FEW. ESC & @ announces that another one follows. */
static int sequence_size(const struct cjk_codec *codec, const uint8_t *p, size_t left)
{
    for (size_t i = 1; i < ESCAPE_SIZE_MAX; i++) {
        if (i >= left)
            return CJK_TOO_FEW;
        if (p[i] >= '@' && p[i] <= 'Z')
            return (int)i + 1;
        if (codec->kind & CJK_LONG_ESCAPE && i + 1 < left && p[i] == '&' && p[i + 1] == '@')
            i += 2;
    }
    return 0;
}

/* What a sequence of `size` bytes designates: the plane; -1: nothing we know. */
static int sequence_plane(const struct cjk_codec *codec, const uint8_t *p, int size, uint8_t *mark)
{
    *mark = p[size - 1] | MARK_WIDE;
    if (size == 3 && p[1] == '$')
        return 0;
    if (size == 6)
        return codec->kind & CJK_LONG_ESCAPE && p[3] == ESCAPE && p[4] == '$' && p[5] == 'B' ? 0 : -1;
    if (size == 4 && p[1] != '$')
        return -1;
    if (size != 3 && size != 4)
        return -1;
    uint8_t kind = p[size - 2];
    if (size == 3)
        *mark = p[2];
    return kind == '(' ? 0 : kind == ')' ? 1 : kind == '.' && size == 3 && codec->kind & CJK_SINGLE_SHIFT ? 2 : -1;
}

static int take_sequence(struct cjk_run *run, const uint8_t *p, size_t left)
{
    uint8_t mark;
    int size = sequence_size(run->codec, p, left);
    if (size <= 0)
        return size == 0 ? 1 : size;
    int plane = sequence_plane(run->codec, p, size, &mark);
    if (plane < 0 || (mark != MARK_ASCII && !find_set(run->codec, mark)->mark))
        return size;
    run->state[plane] = mark;
    run->position += (size_t)size;
    return CJK_DONE;
}

/* ESC N and one byte of G2 */
static int take_single_shift(struct cjk_run *run, const uint8_t *p, size_t left)
{
    if (left < 3)
        return CJK_TOO_FEW;
    uint8_t set = run->state[STATE_G2];
    uint32_t character = set == MARK_GREEK ? cjk_greek_letters[p[2]]
                         : p[2] < 0x80     ? p[2] + (set == MARK_LATIN1 ? 0x80u : 0)
                                           : 0xffff;
    if (character == 0xffff)
        return 3;
    give(run, character, 3);
    return CJK_DONE;
}

static int take_escape(struct cjk_run *run, const uint8_t *p, size_t left)
{
    if (left < 2)
        return CJK_TOO_FEW;
    if (p[1] && strchr("().$&", p[1]))
        return take_sequence(run, p, left);
    if (p[1] == 'N' && run->codec->kind & CJK_SINGLE_SHIFT)
        return take_single_shift(run, p, left);
    give(run, ESCAPE, 1);
    run->state[STATE_FLAGS] |= FLAG_FOREIGN;
    return CJK_DONE;
}

static int take_iso2022(struct cjk_run *run, const uint8_t *p, size_t left)
{
    uint8_t byte = *p, *flags = &run->state[STATE_FLAGS];
    if (*flags & FLAG_FOREIGN) {
        give(run, byte, 1);
        if (byte >= '@' && byte <= 'Z')
            *flags &= (uint8_t)~FLAG_FOREIGN;
        return CJK_DONE;
    }
    if (byte == ESCAPE)
        return take_escape(run, p, left);
    if ((byte == SHIFT_IN || byte == SHIFT_OUT) && !(run->codec->kind & CJK_NO_SHIFT)) {
        *flags = (uint8_t)(byte == SHIFT_OUT ? *flags | FLAG_SHIFTED : *flags & ~FLAG_SHIFTED);
        run->position++;
        return CJK_DONE;
    }
    if (byte == '\n')
        *flags &= (uint8_t)~FLAG_SHIFTED;
    if (byte >= 0x80)
        return 1;
    uint8_t mark = run->state[*flags & FLAG_SHIFTED ? STATE_G1 : STATE_G0];
    if (byte < 0x20 || mark == MARK_ASCII) {
        give(run, byte, 1);
        return CJK_DONE;
    }
    const struct cjk_designation *set = find_set(run->codec, mark);
    return set->mark ? take_character(run, set, p, left, set->width) : 1;
}

int cjk_decode_shifting(struct cjk_run *run)
{
    const struct bytes_object *bytes = bytes_of(run->source);
    int stop = CJK_DONE;
    while (stop == CJK_DONE && run->position < bytes->length) {
        const uint8_t *p = bytes->data + run->position;
        size_t left = bytes->length - run->position;
        stop = is_tilde(run->codec) ? take_tilde(run, p, left) : take_iso2022(run, p, left);
    }
    return stop;
}
