#!/usr/bin/env python3
"""Writes sim/modules/cjk's tables: the multibyte codecs of East Asia, found out by asking the running CPython's own.

usage: cjk_tables.py OUTPUT
Decoding: a charset is rows of characters, one row a first byte. What is not a single character of the first plane stands as
0xd800 + its number in a list of its own. Encoding: sim/modules/cjk/tables.c inverts the rows; only what that rule gets wrong
("exceptions") and the pairs of characters that have one code are written here.
"""
import sys

LIMIT = 0x30000 # no codec but gb18030, by a rule of its own, knows a character above
INVALID, LEAD, LEAD_OF_THREE = 0xd800, 0xd801, 0xd802
PLAIN = {"_codecs_cn": "gb2312 gbk gb18030", "_codecs_hk": "big5hkscs", "_codecs_tw": "big5 cp950",
         "_codecs_kr": "euc_kr cp949 johab",
         "_codecs_jp": "shift_jis cp932 euc_jp shift_jis_2004 euc_jis_2004 euc_jisx0213 shift_jisx0213"}
RULES = {"gb18030": "CJK_FOUR_BYTES", "euc_kr": "CJK_MAKE_UP"}
# Codecs with states: what may be designated, in the order in which the encoder tries them: the escape sequence's last byte and
# its plane (G0 or G1); "$": of two bytes a character.
SHIFTING = {
    "iso2022_kr": ("0", "$C1"),
    "iso2022_jp": ("CJK_NO_SHIFT | CJK_LONG_ESCAPE", "$B0 J0 $@0"),
    "iso2022_jp_1": ("CJK_NO_SHIFT | CJK_LONG_ESCAPE", "$B0 $D0 J0 $@0"),
    "iso2022_jp_2": ("CJK_NO_SHIFT | CJK_LONG_ESCAPE | CJK_SINGLE_SHIFT", "$B0 $D0 $C0 $A0 J0 $@0 A2 F2"),
    "iso2022_jp_2004": ("CJK_NO_SHIFT | CJK_LONG_ESCAPE", "$B0 $Q0 $P0"),
    "iso2022_jp_3": ("CJK_NO_SHIFT | CJK_LONG_ESCAPE", "$B0 $O0 $P0"),
    "iso2022_jp_ext": ("CJK_NO_SHIFT | CJK_LONG_ESCAPE", "$B0 $D0 J0 I0 $@0"),
}


def decoded(data, codec):
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        return None


def encoded(text, codec):
    try:
        return text.encode(codec)
    except UnicodeEncodeError:
        return None


class Tables:
    """What all codecs share."""

    def __init__(self):
        self.charsets = []   # [(first lead, {lead: {trail: text}})]

    def charset(self, rows):
        rows = {lead: row for lead, row in rows.items() if row}
        if rows not in self.charsets:
            self.charsets.append(rows)
        return self.charsets.index(rows)

    def write(self, out):
        extras, words, index = [], {}, [] # words: (charset, lead) -> its row's characters
        for number, rows in enumerate(self.charsets):
            own, start = {}, len(extras)
            for lead, row in rows.items():
                line = []
                for trail in range(min(row), max(row) + 1):
                    text = row.get(trail, "\0")
                    if len(text) > 1 or ord(text) > 0xffff:
                        line.append(0xd800 + own.setdefault(text, len(own)))
                    else:
                        line.append(ord(text))
                words[number, lead] = b"".join(n.to_bytes(2, "big") for n in line)
            assert len(own) < 0x800
            extras += own
            index.append(start)
        pool, places = bytearray(), {}
        for key in sorted(words, key=lambda key: (-len(words[key]), key)): # a row may lie within a longer one
            at = pool.find(words[key])
            while at > 0 and at & 1:
                at = pool.find(words[key], at + 1)
            if at < 0:
                at = len(pool)
                pool += words[key]
            places[key] = at // 2
        write_array(out, "uint16_t", "cjk_characters", [pool[i] << 8 | pool[i + 1] for i in range(0, len(pool), 2)])
        out.write("static const uint32_t cjk_extras[][2] = {\n")
        for text in extras:
            out.write("{0x%x,0x%x}," % (ord(text[0]), ord(text[1]) if len(text) > 1 else 0))
        out.write("\n};\nstatic const struct cjk_row cjk_rows[] = {\n")
        lines, count = [], 0
        for number, rows in enumerate(self.charsets):
            first, last = (min(rows), max(rows)) if rows else (1, 0)
            lines.append("{%d,%d,%d,%d},\n" % (first, last, count, index[number]))
            for lead in range(first, last + 1):
                row = rows.get(lead)
                out.write("{%d,%d,%d}," % ((places[number, lead], min(row), max(row)) if row else (0, 1, 0)))
                count += 1
        out.write("\n};\nstatic const struct cjk_charset cjk_charsets[] = {\n%s};\n" % "".join(lines))


NOTHING = "\uffff" # stands where all bytes together mean nothing


def write_array(out, kind, name, values, storage="static const"):
    out.write(f"{storage} {kind} {name}[] = {{\n")
    for start in range(0, len(values), 24):
        out.write(",".join(map(str, values[start:start + 24])) + ",\n")
    out.write("};\n")


def probe_rows(codec, leads, trails, prefix=b""):
    rows = {}
    for lead in leads:
        row = rows[lead] = {}
        start = prefix + bytes([lead])
        for trail in trails:
            try:
                text = (start + bytes([trail])).decode(codec)
            except UnicodeDecodeError as error: # most are about the first byte alone
                text = NOTHING if not prefix and error.end - error.start == 2 else ""
            if text:
                row[trail] = text
    return rows


def invert(parts):
    """What sim/modules/cjk/tables.c makes of the rows: (number or length, code) of each character; the first code counts."""
    entries, pairs = {}, []
    for mark, rows, prefix in parts:
        for lead in sorted(rows):
            for trail, text in rows[lead].items():
                entry = mark << 24 | prefix << 16 | lead << 8 | trail
                if text == NOTHING:
                    continue
                if len(text) == 1:
                    entries.setdefault(ord(text), entry)
                else:
                    pairs.append((text, entry))
    return entries, pairs


def differences(codec, entries, pairs, as_entry):
    """Exceptions to the inverted rows, and the pairs that are encoded as one."""
    exceptions = []
    for start in range(0, LIMIT, 256):
        block = [c for c in range(start, start + 256) if not 0xd800 <= c < 0xe000]
        nothing = not "".join(map(chr, block)).encode(codec, "ignore")
        for c in block:
            real = None if nothing else encoded(chr(c), codec)
            entry = as_entry(c, real) if real is not None else 0
            if entry is not None and entry != entries.get(c, 0):
                exceptions.append((c, entry))
    # That they are encoded cannot be asked: some encoders of ISO 2022 read behind the first character instead of the second.
    return exceptions, sorted((ord(text[0]), ord(text[1]), entry) for text, entry in pairs)


def write_encoding(out, codec, exceptions, pairs):
    out.write(f"static const struct cjk_exception cjk_{codec}_exceptions[] = {{\n")
    out.write("".join("{0x%x,0x%x}," % item for item in exceptions) + "{0,0},\n};\n")
    out.write(f"static const struct cjk_pair cjk_{codec}_pairs[] = {{\n")
    out.write("".join("{0x%x,0x%x,0x%x}," % item for item in pairs) + "{0,0,0},\n};\n")


def plain_codec(out, tables, codec):
    import codecs
    single = []
    for byte in range(256):
        try:
            text = codecs.getincrementaldecoder(codec)().decode(bytes([byte]))
            single.append(ord(text) if text else LEAD)
        except UnicodeDecodeError:
            single.append(INVALID)
    third = {}
    if codec.startswith("euc_j"):
        single[0x8f] = LEAD_OF_THREE
        third = probe_rows(codec, range(0xa1, 0xff), range(0xa1, 0xff), b"\x8f")
    rows = probe_rows(codec, [byte for byte in range(256) if single[byte] == LEAD], range(256))
    parts = [(1, {0: {byte: chr(c) for byte, c in enumerate(single) if not INVALID <= c <= LEAD_OF_THREE}}, 0),
             (2, rows, 0), (3, third, 0x8f)]
    long_length = {"gb18030": 4, "euc_kr": 8}.get(codec)

    def as_entry(character, code):
        return 0 if len(code) == long_length else len(code) << 24 | int.from_bytes(code, "big")
    entries, pairs = invert(parts)
    write_encoding(out, codec, *differences(codec, entries, pairs, as_entry))
    write_array(out, "uint16_t", f"cjk_{codec}_single", single)
    return tables.charset(rows), tables.charset(third)


def designations_of(codec, text):
    """[(mark, plane, width, escape sequence)]"""
    for item in text.split():
        wide = item[0] == "$"
        letter, plane = item[-2], int(item[-1])
        yield ord(letter) | wide << 7, plane, 1 + wide, b"\x1b" + b"$" * wide + b"().\0"[plane:plane + 1] + letter.encode()


def shifting_codec(out, tables, codec, text):
    parts, lines, numbers = [], [], {}
    for mark, plane, width, escape in designations_of(codec, text):
        usual = b"\x1b$" + escape[-1:] if mark in (0xc2, 0xc0) else escape
        rows = {}
        if plane != 2:
            prefix = escape + b"\x0e" * plane
            rows = probe_rows(codec, range(0x20, 0x80), range(256), prefix) if width == 2 else probe_rows(codec, [0], [])
            if width == 1:
                row = {byte: decoded(escape + bytes([byte]), codec) for byte in range(0x20, 0x80)}
                rows = {0: {byte: character for byte, character in row.items() if character}}
        lines.append("{%d,%d,%d,%d}," % (mark, plane, width, tables.charset(rows)))
        numbers[usual] = len(parts) + 1
        parts.append((len(parts) + 1, {lead: {t: c for t, c in row.items() if c >= "\x80"} for lead, row in rows.items()}, 0))
    out.write(f"static const struct cjk_designation cjk_{codec}_designations[] = {{{''.join(lines)}{{0}}}};\n")

    def as_entry(character, code):
        if character < 0x80:
            return None
        start = next(escape for escape in sorted(numbers, key=len, reverse=True) if code.startswith(escape))
        return numbers[start] << 24 | int.from_bytes(code[len(start):].strip(b"\x0e\x0f").split(b"\x1b")[0], "big")
    entries, pairs = invert(parts)
    write_encoding(out, codec, *differences(codec, entries, pairs, as_entry))


def hz_codec(out, tables):
    rows = probe_rows("hz", [lead for lead in range(0x80) if lead != 0x7e], range(0x80), b"~{")
    rows = {lead: {t: c for t, c in row.items() if len(c) == 1} for lead, row in rows.items()}
    out.write("static const struct cjk_designation cjk_hz_designations[] = {{1,0,2,%d},{0}};\n" % tables.charset(rows))
    entries, pairs = invert([(1, rows, 0)])

    def as_entry(character, code):
        return None if character < 0x80 else 1 << 24 | int.from_bytes(code[2:4], "big")
    write_encoding(out, "hz", *differences("hz", entries, pairs, as_entry))


def write_single_shift(out):
    """G2: what a byte behind ESC N is under ISO 8859-7, whose letter is F."""
    values = []
    for byte in range(256):
        text = decoded(b"\x1b.F\x1bN" + bytes([byte]), "iso2022_jp_2")
        values.append(ord(text) if text else 0xffff)
    write_array(out, "uint16_t", "cjk_greek_letters", values, "const")


def write_ranges(out):
    """gb18030's four bytes count the characters of the first plane that have no two-byte code."""
    ranges, before = [], None
    for c in range(0x80, 0x10000):
        code = encoded(chr(c), "gb18030")
        if code is None or len(code) != 4:
            before = None
            continue
        number = (((code[0] - 0x81) * 10 + code[1] - 0x30) * 126 + code[2] - 0x81) * 10 + code[3] - 0x30
        if before != number - 1:
            ranges.append([c, c, number])
        ranges[-1][1] = c
        before = number
    out.write("static const struct cjk_range cjk_ranges[] = {%s};\n" % ",".join("{0x%x,0x%x,%d}" % tuple(r) for r in ranges))


def write_make_up(out):
    """euc_kr spells other syllables with their letters."""
    letters = [0] * 19, [0] * 21, [0] * 28
    for i in range(19 * 21 * 28):
        code = chr(0xac00 + i).encode("euc_kr")
        if len(code) == 8:
            letters[0][i // 588], letters[1][i // 28 % 21], letters[2][i % 28] = code[3], code[5], code[7]
    assert all(map(all, letters))
    out.write("const uint8_t cjk_letters[3][28] = {%s};\n" % ",".join("{%s}" % ",".join(map(str, codes)) for codes in letters))


def main(path):
    tables, lines = Tables(), []
    with open(path, "w", encoding="ascii") as out:
        out.write("/* Made by scripts/cjk_tables.py from CPython's codecs. */\n")
        row = '{"%s", "%s", %s, %s, %s, %d, %d, cjk_%s_exceptions, cjk_%s_pairs},\n'
        for module, names in PLAIN.items():
            for codec in names.split():
                main_set, third = plain_codec(out, tables, codec)
                lines.append(row % (codec, module, RULES.get(codec, "CJK_PLAIN"), f"cjk_{codec}_single", "NULL", main_set, third,
                                    codec, codec))
        hz_codec(out, tables)
        lines.append(row % ("hz", "_codecs_cn", "CJK_TILDE", "NULL", "cjk_hz_designations", 0, 0, "hz", "hz"))
        for codec, (flags, text) in SHIFTING.items():
            shifting_codec(out, tables, codec, text)
            lines.append(row % (codec, "_codecs_iso2022", "CJK_ISO2022 | " + flags, "NULL", f"cjk_{codec}_designations", 0, 0,
                                codec, codec))
        tables.write(out)
        write_single_shift(out)
        write_ranges(out)
        write_make_up(out)
        out.write("const struct cjk_codec cjk_codecs[] = {\n%s{0},\n};\n" % "".join(lines))


main(sys.argv[1])
