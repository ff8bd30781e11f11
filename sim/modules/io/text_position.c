/* text_position.c - tell() and seek() of TextIOWrapper. A position in decoded text is a number (a cookie) that holds where in the
 * file decoding starts, the decoder's state there, and how much to decode and skip until the place is reached. */
#include "sim/modules/io/file.h"
#include "sim/runtime/number.h"

struct cookie {
    int64_t start;       /* of the buffer */
    int64_t flags;       /* of the decoder */
    int64_t feed, skip;  /* bytes to decode, characters to skip then */
    bool need_end;
};

enum { COOKIE_FIELD_BITS = 64 };

static value pack(struct vm *vm, const struct cookie *cookie)
{
    const int64_t fields[] = {cookie->flags, cookie->feed, cookie->skip, cookie->need_end};
    value result = int_from_int64(vm, cookie->start);
    for (int i = 0; i < 4 && result != VALUE_NULL; i++) {
        if (!fields[i])
            continue;
        value part = int_binary(vm, BINARY_LSHIFT, int_from_int64(vm, fields[i]), small_int((i + 1) * COOKIE_FIELD_BITS));
        result = part == VALUE_NULL ? VALUE_NULL : int_binary(vm, BINARY_OR, result, part);
    }
    return result;
}

static bool unpack(struct vm *vm, value number, struct cookie *cookie)
{
    int64_t fields[5] = {0};
    value mask =
        int_binary(vm, BINARY_SUB, int_binary(vm, BINARY_LSHIFT, small_int(1), small_int(COOKIE_FIELD_BITS)), small_int(1));
    if (is_small_int(number)) {
        fields[0] = small_int_value(number);
    } else {
        for (int i = 0; i < 5; i++) {
            value part = int_binary(vm, BINARY_RSHIFT, number, small_int(i * COOKIE_FIELD_BITS));
            part = part == VALUE_NULL ? VALUE_NULL : int_binary(vm, BINARY_AND, part, mask);
            if (part == VALUE_NULL || !value_to_int64(vm, part, &fields[i]))
                return false;
        }
    }
    *cookie = (struct cookie){fields[0], fields[1], fields[2], fields[3], fields[4] != 0};
    return true;
}

static bool decoder_start(struct vm *vm, struct text_state *text, const struct cookie *cookie)
{
    if (!cookie->start && !cookie->flags)
        return decoder_reset(vm, &text->decoder);
    struct decoder_snapshot state = {vm->empty_bytes, int_from_int64(vm, cookie->flags)};
    return decoder_set_state(vm, &text->decoder, &state);
}

static bool encoder_start(struct vm *vm, struct text_state *text, bool at_start)
{
    if (text->encoder == VALUE_NULL)
        return true;
    value none = small_int(0);
    return (at_start ? call_method(vm, text->encoder, "reset", NULL, 0) : call_method(vm, text->encoder, "setstate", &none, 1)) !=
           VALUE_NULL;
}

/* Decodes chunk[from, to); how many characters came out, and the decoder's state after it. -1: error. */
static int64_t feed(struct vm *vm, struct text_state *text, value chunk, size_t from, size_t to, struct decoder_snapshot *after)
{
    value part = bytes_from(vm, bytes_of(chunk)->data + from, to - from);
    value decoded = part == VALUE_NULL ? VALUE_NULL : decoder_decode(vm, &text->decoder, part, false);
    return decoded != VALUE_NULL && decoder_get_state(vm, &text->decoder, after) ? (int64_t)string_of(decoded)->length : -1;
}

/* The safest place at or before `skip` characters into the chunk: the last byte where the decoder holds nothing back. */
static bool find_place(struct vm *vm, struct text_state *text, value chunk, struct cookie *cookie, int64_t skip)
{
    struct decoder_snapshot state = {vm->empty_bytes, int_from_int64(vm, cookie->flags)};
    size_t size = bytes_of(chunk)->length, safe_bytes = 0;
    int64_t characters = 0, safe_characters = 0, safe_flags = cookie->flags;
    if (!decoder_set_state(vm, &text->decoder, &state))
        return false;
    size_t at = 0, step = size; /* whole chunk first, then by halves, then byte by byte */
    while (at < size && characters < skip) {
        struct decoder_snapshot before, after;
        if (!decoder_get_state(vm, &text->decoder, &before))
            return false;
        if (step > size - at)
            step = size - at;
        int64_t made = feed(vm, text, chunk, at, at + step, &after);
        if (made < 0)
            return false;
        bool within = characters + made == skip && bytes_of(after.bytes)->length; /* inside the next character */
        if (step > 1 && (characters + made > skip || within)) { /* too far: back, with a smaller step */
            if (!decoder_set_state(vm, &text->decoder, &before))
                return false;
            step = (step + 1) / 2;
            continue;
        }
        at += step;
        characters += made;
        if (!bytes_of(after.bytes)->length && characters <= skip) {
            safe_bytes = at;
            safe_characters = characters;
            if (!value_to_int64(vm, after.flags, &safe_flags))
                return false;
        }
    }
    bool need_end = characters < skip;
    if (need_end) { /* what is left comes out only at the end of the file */
        value rest = decoder_decode(vm, &text->decoder, vm->empty_bytes, true);
        if (rest == VALUE_NULL)
            return false;
        if (characters + (int64_t)string_of(rest)->length < skip) {
            raise_error(vm, &exc_OSError, "can't reconstruct logical file position");
            return false;
        }
    }
    cookie->start += (int64_t)safe_bytes;
    cookie->flags = safe_flags;
    cookie->skip = skip - safe_characters;
    cookie->feed = cookie->skip ? (int64_t)(at - safe_bytes) : 0;
    cookie->need_end = cookie->skip ? need_end : false;
    return true;
}

IO_FUNCTION(text_tell)
{
    IO_UNUSED;
    if (!text_ready(vm, self) || !text_check_closed(vm, self))
        return VALUE_NULL;
    struct text_state *text = text_of(self);
    if (!text->seekable)
        return io_raise_unsupported(vm, "underlying stream is not seekable");
    if (!text->telling)
        return raise_error(vm, &exc_OSError, "telling position disabled by next() call");
    if (!text_write_out(vm, self) || call_method(vm, self, "flush", NULL, 0) == VALUE_NULL)
        return VALUE_NULL;
    value at = call_method(vm, text->buffer, "tell", NULL, 0);
    if (at == VALUE_NULL || !text->has_decoder || text->snapshot.bytes == VALUE_NULL)
        return at;
    struct cookie cookie = {0};
    if (!value_to_int64(vm, at, &cookie.start) || !value_to_int64(vm, text->snapshot.flags, &cookie.flags))
        return VALUE_NULL;
    value chunk = text->snapshot.bytes;
    cookie.start -= (int64_t)bytes_of(chunk)->length;
    int64_t skip = text->decoded == VALUE_NULL ? 0 : (int64_t)text->decoded_used;
    if (!skip)
        return pack(vm, &cookie);
    struct text_decoder saved = text->decoder;
    struct decoder_snapshot state;
    if (!decoder_get_state(vm, &text->decoder, &state))
        return VALUE_NULL;
    bool found = find_place(vm, text, chunk, &cookie, skip);
    value failure = found ? VALUE_NULL : exception_take(vm);
    bool restored = decoder_set_state(vm, &text->decoder, &state);
    text->decoder.seen = saved.seen;
    if (!found)
        vm->pending = failure;
    return found && restored ? pack(vm, &cookie) : VALUE_NULL;
}

static value seek_to_end(struct vm *vm, value self)
{
    struct text_state *text = text_of(self);
    if (call_method(vm, self, "flush", NULL, 0) == VALUE_NULL)
        return VALUE_NULL;
    text_set_decoded(text, VALUE_NULL);
    text->snapshot.bytes = VALUE_NULL;
    if (text->has_decoder && !decoder_reset(vm, &text->decoder))
        return VALUE_NULL;
    value place[2] = {small_int(0), small_int(2)};
    value at = call_method(vm, text->buffer, "seek", place, 2);
    int truth = at == VALUE_NULL ? -1 : value_truth(vm, at);
    return truth >= 0 && encoder_start(vm, text, truth == 0) ? at : VALUE_NULL;
}

static bool seek_to(struct vm *vm, value self, const struct cookie *cookie)
{
    struct text_state *text = text_of(self);
    value start = int_from_int64(vm, cookie->start);
    if (call_method(vm, self, "flush", NULL, 0) == VALUE_NULL || call_method(vm, text->buffer, "seek", &start, 1) == VALUE_NULL)
        return false;
    text_set_decoded(text, VALUE_NULL);
    text->snapshot.bytes = VALUE_NULL;
    if (text->has_decoder && !decoder_start(vm, text, cookie))
        return false;
    if (cookie->skip) {
        value wanted = int_from_int64(vm, cookie->feed), input = call_method(vm, text->buffer, "read", &wanted, 1);
        if (input == VALUE_NULL)
            return false;
        if (!is_bytes(input)) {
            raise_error(vm, &exc_TypeError, "underlying read() should have returned a bytes object, not '%T'", input);
            return false;
        }
        text->snapshot = (struct decoder_snapshot){input, int_from_int64(vm, cookie->flags)};
        value decoded = decoder_decode(vm, &text->decoder, input, cookie->need_end);
        if (decoded == VALUE_NULL)
            return false;
        if ((int64_t)string_of(decoded)->length < cookie->skip) {
            raise_error(vm, &exc_OSError, "can't restore logical file position");
            return false;
        }
        text_set_decoded(text, decoded);
        text->decoded_used = (size_t)cookie->skip;
    } else {
        text->snapshot = (struct decoder_snapshot){vm->empty_bytes, int_from_int64(vm, cookie->flags)};
    }
    return encoder_start(vm, text, !cookie->start && !cookie->flags);
}

IO_FUNCTION(text_seek)
{
    IO_UNUSED;
    int64_t whence = 0;
    value number = arguments[0];
    if (!text_ready(vm, self) || (arguments[1] != VALUE_NULL && !io_index(vm, arguments[1], &whence)) ||
        !text_check_closed(vm, self))
        return VALUE_NULL;
    struct text_state *text = text_of(self);
    if (!text->seekable)
        return io_raise_unsupported(vm, "underlying stream is not seekable");
    if (whence == 1 || whence == 2) {
        int zero = values_equal(vm, number, small_int(0));
        if (zero <= 0)
            return zero < 0 ? VALUE_NULL
                            : io_raise_unsupported(vm, whence == 1 ? "can't do nonzero cur-relative seeks"
                                                                   : "can't do nonzero end-relative seeks");
        if (whence == 2)
            return seek_to_end(vm, self);
        number = call_method(vm, self, "tell", NULL, 0);
        if (number == VALUE_NULL)
            return VALUE_NULL;
    } else if (whence) {
        return raise_error(vm, &exc_ValueError, "invalid whence (%ld, should be 0, 1 or 2)", (long)whence);
    }
    number = number_index(vm, number);
    if (number == VALUE_NULL)
        return VALUE_NULL;
    if (int_sign(number) < 0)
        return raise_error(vm, &exc_ValueError, "negative seek position %R", number);
    struct cookie cookie;
    return unpack(vm, number, &cookie) && seek_to(vm, self, &cookie) ? number : VALUE_NULL;
}
