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
    """Other names of characters, and names of sequences: CPython keeps them as the names of private characters, which only the
    error handler namereplace shows."""
    names = []
    for c in range(0xf0000, 0xf1000):
        shown = chr(c).encode("ascii", "namereplace").decode()
        if shown.startswith("\\N{"):
            names.append(shown[3:-1])
    assert len(names) > 900
    found = [(name, unicodedata.lookup(name)) for name in sorted(names)]
    out.write("static const struct { const char *name; uint32_t character; } aliases[] = {\n")
    out.writelines('{"%s",0x%x},\n' % (name, ord(text)) for name, text in found if len(text) == 1)
    out.write("};\nstatic const struct named_sequence sequences[] = {\n")
    for name, text in found:
        if len(text) > 1:
            out.write('{"%s",%d,{%s}},\n' % (name, len(text), ",".join(hex(ord(c)) for c in text)))
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
