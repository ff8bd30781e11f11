/* binascii.c - module binascii: bytes as text (hexadecimal, base64, uuencode, quoted-printable) and back, and checksums. */
#include "sim/modules/native_error.h"
#include "sim/runtime/bytes.h"
#include "sim/runtime/container.h"
#include "sim/runtime/number.h"

#include <zlib.h>

#define METHOD(name)                                                                                                   \
    static value binascii_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

enum { QUOTED_LINE = 76, UU_LINE = 45 };

static value fail(struct vm *vm, const char *message)
{
    return raise_error(vm, native_error(vm->binascii_error), "%s", message);
}

/* The bytes of a bytes-like object or of an ASCII str. */
static bool ascii_input(struct vm *vm, value v, struct span *out)
{
    if (is_string(v)) {
        *out = string_span(v);
        if (string_of(v)->ascii)
            return true;
        raise_error(vm, &exc_ValueError, "string argument should contain only ASCII characters");
        return false;
    }
    if (!has_buffer(vm, v)) {
        raise_error(vm, &exc_TypeError, "argument should be bytes, buffer or ASCII string, not '%T'", v);
        return false;
    }
    return bytes_like(vm, v, out);
}

static bool flag(struct vm *vm, value v, bool otherwise, bool *out)
{
    int64_t number = otherwise;
    bool good = v == VALUE_NULL || value_to_int64(vm, v, &number);
    *out = number != 0;
    return good;
}

/* What was made for the longest result, cut to what it became. */
static value cut(struct vm *vm, value bytes, size_t size)
{
    return bytes_of(bytes)->length == size ? bytes : bytes_from(vm, bytes_of(bytes)->data, size);
}

/* ---- hexadecimal ---- */

METHOD(hexlify)
{
    UNUSED;
    static const char digits[] = "0123456789abcdef";
    struct span data;
    int64_t group = 1;
    uint32_t separator = 0;
    if (!bytes_like(vm, arguments[0], &data) ||
        (arguments[2] != VALUE_NULL && (!value_to_index(vm, arguments[2], &group) || !bytes_like(vm, arguments[0], &data))))
        return VALUE_NULL;
    bool separated = arguments[1] != VALUE_NULL && group && data.length;
    if (arguments[1] != VALUE_NULL) {
        int64_t length = value_length(vm, arguments[1]);
        if (length < 0)
            return VALUE_NULL;
        if (length != 1)
            return raise_error(vm, &exc_ValueError, "sep must be length 1.");
        if (!is_string(arguments[1]) && !is_bytes(arguments[1]))
            return raise_error(vm, &exc_TypeError, "sep must be str or bytes.");
        separator = is_string(arguments[1]) ? string_at(string_of(arguments[1]), 0) : bytes_of(arguments[1])->data[0];
        if (separator > 255)
            return raise_error(vm, &exc_ValueError, "sep must be ASCII.");
    }
    size_t each = (size_t)(group < 0 ? -group : group), separators = separated ? (data.length - 1) / each : 0;
    value out = bytes_from(vm, NULL, 2 * data.length + separators);
    if (out == VALUE_NULL)
        return out;
    uint8_t *to = bytes_of(out)->data;
    const uint8_t *from = data.data;
    ADD_WORK(vm, characters, 2 * data.length);
    for (size_t i = 0; i < data.length; i++) {
        if (separated && i && (group > 0 ? data.length - i : i) % each == 0)
            *to++ = (uint8_t)separator;
        *to++ = (uint8_t)digits[from[i] >> 4];
        *to++ = (uint8_t)digits[from[i] & 15];
    }
    return out;
}

static int hex_digit(uint8_t c)
{
    return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

METHOD(unhexlify)
{
    UNUSED;
    struct span text;
    if (!ascii_input(vm, arguments[0], &text))
        return VALUE_NULL;
    if (text.length % 2)
        return fail(vm, "Odd-length string");
    value out = bytes_from(vm, NULL, text.length / 2);
    if (out == VALUE_NULL)
        return out;
    const uint8_t *from = text.data;
    ADD_WORK(vm, characters, text.length);
    for (size_t i = 0; i < text.length; i += 2) {
        int high = hex_digit(from[i]), low = hex_digit(from[i + 1]);
        if (high < 0 || low < 0)
            return fail(vm, "Non-hexadecimal digit found");
        bytes_of(out)->data[i / 2] = (uint8_t)(high << 4 | low);
    }
    return out;
}

/* ---- base64 ---- */

static const char base64_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

METHOD(b2a_base64)
{
    UNUSED;
    struct span data;
    bool newline;
    if (!bytes_like(vm, arguments[0], &data) || !flag(vm, arguments[1], true, &newline))
        return VALUE_NULL;
    value out = bytes_from(vm, NULL, (data.length + 2) / 3 * 4 + newline);
    if (out == VALUE_NULL)
        return out;
    uint8_t *to = bytes_of(out)->data;
    const uint8_t *from = data.data;
    ADD_WORK(vm, characters, data.length);
    for (size_t i = 0; i < data.length; i += 3) {
        size_t left = data.length - i;
        uint32_t group = (uint32_t)from[i] << 16 | (left > 1 ? (uint32_t)from[i + 1] << 8 : 0) | (left > 2 ? from[i + 2] : 0);
        *to++ = (uint8_t)base64_digits[group >> 18];
        *to++ = (uint8_t)base64_digits[group >> 12 & 63];
        *to++ = left > 1 ? (uint8_t)base64_digits[group >> 6 & 63] : '=';
        *to++ = left > 2 ? (uint8_t)base64_digits[group & 63] : '=';
    }
    if (newline)
        *to = '\n';
    return out;
}

static int base64_value(uint8_t c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

METHOD(a2b_base64)
{
    UNUSED;
    struct span text;
    bool strict, padded = false;
    if (!ascii_input(vm, arguments[0], &text) || !flag(vm, arguments[1], false, &strict))
        return VALUE_NULL;
    const uint8_t *from = text.data;
    if (strict && text.length && from[0] == '=')
        return fail(vm, "Leading padding not allowed");
    value out = bytes_from(vm, NULL, (text.length + 3) / 4 * 3);
    if (out == VALUE_NULL)
        return out;
    size_t size = 0, digits = 0, pads = 0;
    uint32_t bits = 0;
    ADD_WORK(vm, characters, text.length);
    for (size_t i = 0; i < text.length; i++) {
        if (from[i] == '=') {
            padded = true;
            if (digits % 4 < 2 || digits % 4 + ++pads < 4)
                continue;
            if (strict && i + 1 < text.length)
                return fail(vm, "Excess data after padding");
            return cut(vm, out, size);
        }
        int digit = base64_value(from[i]);
        if (digit < 0 && !strict)
            continue;
        if (digit < 0 || (strict && padded))
            return fail(vm, digit < 0 ? "Only base64 data is allowed" : "Discontinuous padding not allowed");
        pads = 0;
        bits = bits << 6 | (uint32_t)digit;
        if (digits++ % 4) /* each digit but a group's first completes a byte */
            bytes_of(out)->data[size++] = (uint8_t)(bits >> (6 - 2 * ((digits - 1) % 4)));
    }
    if (digits % 4 == 1)
        return raise_error(vm, native_error(vm->binascii_error), "Invalid base64-encoded string: number of data characters (%zu) "
                           "cannot be 1 more than a multiple of 4", digits);
    return digits % 4 ? fail(vm, "Incorrect padding") : cut(vm, out, size);
}

/* ---- uuencode ---- */

METHOD(a2b_uu)
{
    UNUSED;
    struct span text;
    if (!ascii_input(vm, arguments[0], &text))
        return VALUE_NULL;
    const uint8_t *from = text.data;
    size_t wanted = ((text.length ? from[0] : 0u) - ' ') & 63, at = 1, size = 0;
    value out = bytes_from(vm, NULL, wanted);
    uint32_t bits = 0;
    unsigned held = 0;
    if (out == VALUE_NULL)
        return out;
    for (; size < wanted; at++) {
        uint32_t digit = 0;
        if (at < text.length && from[at] != '\n' && from[at] != '\r') { /* blanks at the end may have been eaten */
            if (from[at] < ' ' || from[at] > ' ' + 64)
                return fail(vm, "Illegal char");
            digit = (from[at] - (uint32_t)' ') & 63;
        }
        bits = bits << 6 | digit;
        held += 6;
        if (held >= 8) {
            held -= 8;
            bytes_of(out)->data[size++] = (uint8_t)(bits >> held);
        }
    }
    for (; at < text.length; at++)
        if (from[at] != ' ' && from[at] != ' ' + 64 && from[at] != '\n' && from[at] != '\r')
            return fail(vm, "Trailing garbage");
    return out;
}

METHOD(b2a_uu)
{
    UNUSED;
    struct span data;
    bool backtick;
    if (!bytes_like(vm, arguments[0], &data) || !flag(vm, arguments[1], false, &backtick))
        return VALUE_NULL;
    if (data.length > UU_LINE)
        return fail(vm, "At most 45 bytes at once");
    uint8_t line[2 + (UU_LINE + 2) / 3 * 4];
    size_t size = 0;
    const uint8_t *from = data.data;
    line[size++] = (uint8_t)(data.length || !backtick ? ' ' + data.length : '`');
    for (size_t i = 0; i < data.length; i += 3) {
        uint32_t group = 0;
        for (size_t k = 0; k < 3; k++)
            group = group << 8 | (i + k < data.length ? from[i + k] : 0);
        for (int shift = 18; shift >= 0; shift -= 6) {
            uint32_t digit = group >> shift & 63;
            line[size++] = (uint8_t)(digit || !backtick ? ' ' + digit : '`');
        }
    }
    line[size++] = '\n';
    return bytes_from(vm, line, size);
}

/* ---- quoted-printable (RFC 2045) ---- */

METHOD(a2b_qp)
{
    UNUSED;
    struct span text;
    bool header;
    if (!ascii_input(vm, arguments[0], &text) || !flag(vm, arguments[1], false, &header))
        return VALUE_NULL;
    value out = bytes_from(vm, NULL, text.length);
    if (out == VALUE_NULL)
        return out;
    const uint8_t *from = text.data;
    uint8_t *to = bytes_of(out)->data;
    size_t at = 0, size = 0, end = text.length;
    ADD_WORK(vm, characters, end);
    while (at < end) {
        uint8_t c = from[at++];
        if (c != '=') {
            to[size++] = header && c == '_' ? ' ' : c;
            continue;
        }
        if (at >= end)
            break;
        if (from[at] == '\n' || from[at] == '\r') { /* a soft line break */
            while (at < end && from[at] != '\n')
                at++;
            at += at < end;
        } else if (from[at] == '=') {
            to[size++] = from[at++];
        } else if (at + 1 < end && hex_digit(from[at]) >= 0 && hex_digit(from[at + 1]) >= 0) {
            to[size++] = (uint8_t)(hex_digit(from[at]) << 4 | hex_digit(from[at + 1]));
            at += 2;
        } else {
            to[size++] = '=';
        }
    }
    return cut(vm, out, size);
}

struct quoting {
    const uint8_t *from;
    size_t length;
    bool tabs, text, header, return_too; /* return_too: lines end in \r\n */
};

static bool must_quote(const struct quoting *q, size_t at, size_t line_length)
{
    uint8_t c = q->from[at], next = at + 1 < q->length ? q->from[at + 1] : 0;
    bool last = at + 1 == q->length;
    if (c > 126 || c == '=' || (q->header && c == '_'))
        return true;
    if (c == '.' && line_length == 0 && (last || next == '\n' || next == '\r' || next == 0))
        return true;
    if (c == '\r' || c == '\n')
        return !q->text;
    if ((c == '\t' || c == ' ') && last)
        return true;
    return c < 33 && (q->tabs || (c != '\t' && c != ' '));
}

static size_t add_quoted(uint8_t *to, uint8_t c)
{
    to[0] = '=';
    to[1] = (uint8_t)"0123456789ABCDEF"[c >> 4];
    to[2] = (uint8_t)"0123456789ABCDEF"[c & 15];
    return 3;
}

static size_t add_line_end(const struct quoting *q, uint8_t *to)
{
    size_t size = 0;
    if (q->return_too)
        to[size++] = '\r';
    to[size++] = '\n';
    return size;
}

/* At most 6 bytes for each: a soft line break and a quoted byte. */
static size_t quote(const struct quoting *q, uint8_t *to)
{
    size_t size = 0, line = 0;
    for (size_t at = 0; at < q->length;) {
        uint8_t c = q->from[at], next = at + 1 < q->length ? q->from[at + 1] : 0;
        bool quoted = must_quote(q, at, line);
        if (!quoted && q->text && (c == '\n' || (c == '\r' && next == '\n' && at + 1 < q->length))) {
            if (size && (to[size - 1] == ' ' || to[size - 1] == '\t')) { /* no blanks at the end of a line */
                size--;
                size += add_quoted(to + size, to[size]);
            }
            size += add_line_end(q, to + size);
            at += c == '\r' ? 2 : 1;
            line = 0;
            continue;
        }
        if (quoted ? line + 3 >= QUOTED_LINE : at + 1 != q->length && next != '\n' && line + 1 >= QUOTED_LINE) {
            to[size++] = '=';
            size += add_line_end(q, to + size);
            line = 0;
        }
        if (quoted)
            size += add_quoted(to + size, c);
        else
            to[size++] = q->header && c == ' ' ? '_' : c;
        line += quoted ? 3 : 1;
        at++;
    }
    return size;
}

METHOD(b2a_qp)
{
    UNUSED;
    struct span data;
    struct quoting q;
    if (!bytes_like(vm, arguments[0], &data) || !flag(vm, arguments[1], false, &q.tabs) || !flag(vm, arguments[2], true, &q.text) ||
        !flag(vm, arguments[3], false, &q.header))
        return VALUE_NULL;
    q.from = data.data;
    q.length = data.length;
    const uint8_t *end = data.length ? memchr(data.data, '\n', data.length) : NULL;
    q.return_too = end && end > q.from && end[-1] == '\r';
    value out = bytes_from(vm, NULL, 6 * data.length);
    ADD_WORK(vm, characters, data.length);
    return out == VALUE_NULL || !data.length ? out : cut(vm, out, quote(&q, bytes_of(out)->data));
}

/* ---- checksums ---- */

static bool checksum_start(struct vm *vm, value v, uint64_t otherwise, uint64_t *out)
{
    mpz_t number;
    *out = otherwise;
    if (v == VALUE_NULL)
        return true;
    value integer = number_index(vm, v);
    if (integer == VALUE_NULL)
        return false;
    mpz_init(number);
    int_to_mpz(integer, number);
    mpz_fdiv_r_2exp(number, number, 64);
    *out = mpz_getlimbn(number, 0);
    mpz_clear(number);
    return true;
}

METHOD(crc32)
{
    UNUSED;
    struct span data;
    uint64_t crc;
    if (!bytes_like(vm, arguments[0], &data) || !checksum_start(vm, arguments[1], 0, &crc))
        return VALUE_NULL;
    ADD_WORK(vm, characters, data.length);
    return small_int((int64_t)crc32_z((uint32_t)crc, data.length ? data.data : (const void *)"", data.length));
}

/* CRC-CCITT, polynomial 0x1021, as binhex4 uses it */
METHOD(crc_hqx)
{
    UNUSED;
    struct span data;
    uint64_t start;
    if (!bytes_like(vm, arguments[0], &data) || !checksum_start(vm, arguments[1], 0, &start))
        return VALUE_NULL;
    uint32_t crc = start & 0xffff;
    ADD_WORK(vm, characters, data.length);
    for (size_t i = 0; i < data.length; i++) {
        uint32_t top = (crc >> 8 ^ ((const uint8_t *)data.data)[i]) & 255;
        top ^= top >> 4;
        crc = (crc << 8 ^ top << 12 ^ top << 5 ^ top) & 0xffff;
    }
    return small_int(crc);
}

static const struct method_definition functions[] = {
    {"a2b_base64", "(data, /, *, strict_mode=False)", binascii_a2b_base64, 0, NULL},
    {"b2a_base64", "(data, /, *, newline=True)", binascii_b2a_base64, 0, NULL},
    {"a2b_hex", "(hexstr, /)", binascii_unhexlify, 0, NULL},
    {"unhexlify", "(hexstr, /)", binascii_unhexlify, 0, NULL},
    {"b2a_hex", "(data, sep=None, bytes_per_sep=1)", binascii_hexlify, 0, NULL},
    {"hexlify", "(data, sep=None, bytes_per_sep=1)", binascii_hexlify, 0, NULL},
    {"a2b_uu", "(data, /)", binascii_a2b_uu, 0, NULL},
    {"b2a_uu", "(data, /, *, backtick=False)", binascii_b2a_uu, 0, NULL},
    {"a2b_qp", "(data, header=False)", binascii_a2b_qp, 0, NULL},
    {"b2a_qp", "(data, quotetabs=False, istext=True, header=False)", binascii_b2a_qp, 0, NULL},
    {"crc32", "(data, crc=0, /)", binascii_crc32, 0, NULL},
    {"crc_hqx", "(data, crc, /)", binascii_crc_hqx, 0, NULL},
    {0},
};

static bool binascii_initialize(struct vm *vm, value module)
{
    return native_error_make(vm, module, "Error", "binascii", &exc_ValueError, &vm->binascii_error) &&
           native_error_make(vm, module, "Incomplete", "binascii", &exc_Exception, &vm->binascii_incomplete);
}

const struct native_module binascii_module = {"binascii", binascii_initialize, functions};
