#!/usr/bin/env python3
"""Writes sim/modules/unicodedata's tables, taken from the running CPython's own unicodedata (Unicode 14 and, for ucd_3_2_0, 3.2).

usage: unicode_tables.py OUTPUT
The output depends on nothing but the version of Unicode, which is checked.
"""
import sys
import unicodedata

LIMIT = 0x110000
SHIFT = 7
CATEGORIES = "Cn Lu Ll Lt Mn Mc Me Nd Nl No Zs Zl Zp Cc Cf Cs Co Lm Lo Pc Pd Ps Pe Pi Pf Po Sm Sc Sk So".split()
BIDIRECTIONAL = ["", *"L LRE LRO R AL RLE RLO PDF EN ES ET AN CS NSM BN B S WS ON LRI RLI FSI PDI".split()]
WIDTHS = "F H W Na A N".split()
# Control characters have no names, but these aliases.
CONTROL_ALIASES = """
NUL, START OF HEADING, SOH, START OF TEXT, STX, END OF TEXT, ETX, END OF TRANSMISSION, EOT, ENQUIRY, ENQ, ACKNOWLEDGE, ACK,
ALERT, BEL, BACKSPACE, BS, CHARACTER TABULATION, HORIZONTAL TABULATION, HT, TAB, LINE FEED, NEW LINE, END OF LINE, EOL, LF,
NL, LINE TABULATION, VERTICAL TABULATION, VT, FORM FEED, FF, CARRIAGE RETURN, CR, SHIFT OUT, LOCKING-SHIFT ONE, SO, SHIFT IN,
LOCKING-SHIFT ZERO, SI, DATA LINK ESCAPE, DLE, DEVICE CONTROL ONE, DC1, DEVICE CONTROL TWO, DC2, DEVICE CONTROL THREE, DC3,
DEVICE CONTROL FOUR, DC4, NEGATIVE ACKNOWLEDGE, NAK, SYNCHRONOUS IDLE, SYN, END OF TRANSMISSION BLOCK, ETB, CANCEL, CAN, END
OF MEDIUM, EOM, SUBSTITUTE, SUB, ESCAPE, ESC, INFORMATION SEPARATOR FOUR, FILE SEPARATOR, FS, INFORMATION SEPARATOR THREE,
GROUP SEPARATOR, GS, INFORMATION SEPARATOR TWO, RECORD SEPARATOR, RS, INFORMATION SEPARATOR ONE, UNIT SEPARATOR, US, DELETE,
DEL, PADDING CHARACTER, PAD, HIGH OCTET PRESET, HOP, BREAK PERMITTED HERE, BPH, NO BREAK HERE, NBH, INDEX, IND, NEXT LINE,
NEL, START OF SELECTED AREA, SSA, END OF SELECTED AREA, ESA, CHARACTER TABULATION SET, HORIZONTAL TABULATION SET, HTS,
CHARACTER TABULATION WITH JUSTIFICATION, HORIZONTAL TABULATION WITH JUSTIFICATION, HTJ, LINE TABULATION SET, VERTICAL
TABULATION SET, VTS, PARTIAL LINE FORWARD, PARTIAL LINE DOWN, PLD, PARTIAL LINE BACKWARD, PARTIAL LINE UP, PLU, REVERSE LINE
FEED, REVERSE INDEX, RI, SINGLE SHIFT TWO, SINGLE-SHIFT-2, SS2, SINGLE SHIFT THREE, SINGLE-SHIFT-3, SS3, DEVICE CONTROL
STRING, DCS, PRIVATE USE ONE, PRIVATE USE-1, PU1, PRIVATE USE TWO, PRIVATE USE-2, PU2, SET TRANSMIT STATE, STS, CANCEL
CHARACTER, CCH, MESSAGE WAITING, MW, START OF GUARDED AREA, START OF PROTECTED AREA, SPA, END OF GUARDED AREA, END OF
PROTECTED AREA, EPA, START OF STRING, SOS, SINGLE GRAPHIC CHARACTER INTRODUCER, SGC, SINGLE CHARACTER INTRODUCER, SCI,
CONTROL SEQUENCE INTRODUCER, CSI, STRING TERMINATOR, ST, OPERATING SYSTEM COMMAND, OSC, PRIVACY MESSAGE, PM, APPLICATION
PROGRAM COMMAND, APC
""".replace("\n", " ").strip().split(", ")


def number(function, character):
    return function(character, None)


def write_array(out, kind, name, values):
    out.write(f"static const {kind} {name}[] = {{\n")
    for start in range(0, len(values), 24):
        out.write(",".join(map(str, values[start:start + 24])) + ",\n")
    out.write("};\n")


def write_trie(out, name, values):
    """values: one small number a code point; two levels: blocks of 128."""
    blocks, index, data = {}, [], []
    for start in range(0, LIMIT, 1 << SHIFT):
        block = tuple(values[start:start + (1 << SHIFT)])
        if block not in blocks:
            blocks[block] = len(data) >> SHIFT
            data.extend(block)
        index.append(blocks[block])
    write_array(out, "uint16_t", name + "_index", index)
    write_array(out, "uint16_t" if max(data) > 255 else "uint8_t", name + "_data", data)


class Pool:
    """Numbers for distinct things, in the order they come."""

    def __init__(self, *first):
        self.numbers = {}
        for item in first:
            self.number(item)

    def number(self, item):
        return self.numbers.setdefault(item, len(self.numbers))


def record(data, character, numerics):
    decimal = number(data.decimal, character)
    digit = number(data.digit, character)
    numeric = number(data.numeric, character)
    return (CATEGORIES.index(data.category(character)), BIDIRECTIONAL.index(data.bidirectional(character)),
            data.combining(character), WIDTHS.index(data.east_asian_width(character)), data.mirrored(character),
            -1 if decimal is None else decimal, -1 if digit is None else digit,
            numerics.number(numeric))


def write_records(out):
    numerics = Pool(None)
    records = Pool()
    for name, data in (("record", unicodedata), ("old_record", unicodedata.ucd_3_2_0)):
        write_trie(out, name, [records.number(record(data, chr(c), numerics)) for c in range(LIMIT)])
    out.write("static const struct character_record records[] = {\n")
    for item in records.numbers:
        out.write("{%s},\n" % ",".join(map(str, item)))
    out.write("};\n")
    out.write("static const double numerics[] = {-1,%s};\n" % ",".join(repr(n) for n in numerics.numbers if n is not None))
    out.write("static const char *const categories[] = {%s};\n" % ",".join('"%s"' % n for n in CATEGORIES))
    out.write("static const char *const bidirectionals[] = {%s};\n" % ",".join('"%s"' % n for n in BIDIRECTIONAL))
    out.write("static const char *const widths[] = {%s};\n" % ",".join('"%s"' % n for n in WIDTHS))


def write_decompositions(out):
    """decompositions: [prefix << 8 | length, code points...] at the offsets that the trie gives; 0: none."""
    prefixes = Pool("")
    words = [0]
    seen = {"": 0}
    offsets = []
    for c in range(LIMIT):
        text = unicodedata.decomposition(chr(c))
        if text not in seen:
            parts = text.split()
            prefix = parts.pop(0) if parts[0].startswith("<") else ""
            seen[text] = len(words)
            words += [prefixes.number(prefix) << 8 | len(parts), *(int(part, 16) for part in parts)]
        offsets.append(seen[text])
    write_trie(out, "decomposition", offsets)
    write_array(out, "uint32_t", "decomposition_words", words)
    out.write("static const char *const decomposition_prefixes[] = {%s};\n" % ",".join('"%s"' % p for p in prefixes.numbers))
    old = unicodedata.ucd_3_2_0
    changed = [c for c in range(LIMIT) if old.category(chr(c)) != "Cn" and old.decomposition(chr(c)) != unicodedata.decomposition(chr(c))]
    corrected = [(c, ord(old.normalize("NFD", chr(c)))) for c in range(LIMIT)
                 if old.category(chr(c)) != "Cn" and old.normalize("NFD", chr(c)) != unicodedata.normalize("NFD", chr(c))]
    assert not changed
    out.write("static const struct { uint32_t character, decomposed; } old_corrections[] = {\n")
    for pair in corrected:
        out.write("{0x%x,0x%x},\n" % pair)
    out.write("};\n")


def write_compositions(out):
    """Pairs that compose, sorted: (first, second, composed)."""
    pairs = []
    for c in range(LIMIT):
        parts = unicodedata.decomposition(chr(c)).split()
        if len(parts) == 2 and not parts[0].startswith("<"):
            first, second = (int(part, 16) for part in parts)
            if unicodedata.normalize("NFC", chr(first) + chr(second)) == chr(c):
                pairs.append((first, second, c))
    out.write("static const struct { uint32_t first, second, composed; } compositions[] = {\n")
    for pair in sorted(pairs):
        out.write("{0x%x,0x%x,0x%x},\n" % pair)
    out.write("};\n")


def write_names(out):
    """Names as numbers of words. A word number below 128 is one byte; else 128 + its high part, then its low byte. Names that
    follow a rule (Hangul syllables, CJK ideographs) are not here: the module makes them."""
    names = {}
    for c in range(LIMIT):
        name = unicodedata.name(chr(c), None)
        if name and not name.startswith(("CJK UNIFIED IDEOGRAPH-", "HANGUL SYLLABLE ")):
            names[c] = name
    counts = {}
    for name in names.values():
        for word in name.split(" "):
            counts[word] = counts.get(word, 0) + 1
    words = sorted(counts, key=lambda word: (-counts[word], word))
    numbers = {word: i for i, word in enumerate(words)}
    offsets, text = [], ""
    for word in words:
        offsets.append(len(text))
        text += word
    offsets.append(len(text))
    data, starts = bytearray(), []
    codes = sorted(names)
    for c in codes:
        starts.append(len(data))
        for word in names[c].split(" "):
            n = numbers[word]
            data += bytes([n]) if n < 128 else bytes([128 + (n >> 8), n & 255])
    starts.append(len(data))
    out.write("enum { TABLE_NAME_COUNT = %d };\n" % len(codes))
    write_array(out, "uint8_t", "name_text", list(text.encode("ascii")))
    write_array(out, "uint32_t", "name_word_offsets", offsets)
    write_array(out, "uint8_t", "name_data", list(data))
    write_array(out, "uint32_t", "name_starts", starts)
    write_array(out, "uint32_t", "name_characters", codes)
    order = sorted(range(len(codes)), key=lambda i: names[codes[i]])
    write_array(out, "uint16_t" if len(order) < 65536 else "uint32_t", "name_order", order)
    ideographs, first = [], None
    for c in range(LIMIT + 1):
        name = unicodedata.name(chr(c), "") if c < LIMIT else ""
        if name.startswith("CJK UNIFIED IDEOGRAPH-"):
            first = c if first is None else first
        elif first is not None:
            ideographs.append((first, c - 1))
            first = None
    out.write("static const uint32_t ideographs[][2] = {%s};\n" % ",".join("{0x%x,0x%x}" % pair for pair in ideographs))


def write_aliases(out):
    out.write("static const struct { const char *name; uint32_t character; } aliases[] = {\n")
    for name in sorted(CONTROL_ALIASES):
        out.write('{"%s",0x%x},\n' % (name, ord(unicodedata.lookup(name))))
    out.write("};\n")


def main():
    if unicodedata.unidata_version != "14.0.0":
        sys.exit("unicode_tables.py: CPython 3.11 with Unicode 14.0.0 is needed, not " + unicodedata.unidata_version)
    with open(sys.argv[1], "w", encoding="ascii") as out:
        out.write("/* Made by scripts/unicode_tables.py from CPython's unicodedata. */\n")
        out.write("enum { TABLE_SHIFT = %d };\n" % SHIFT)
        write_records(out)
        write_decompositions(out)
        write_compositions(out)
        write_names(out)
        write_aliases(out)


main()
