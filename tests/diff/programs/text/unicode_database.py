# What Unicode says of characters: str methods and module unicodedata, over a sample of all code points.
import unicodedata as u
import zlib

characters = [chr(c) for c in (*range(0x3400), *range(0xa000, 0xb000), *range(0xf900, 0x11000), *range(0x1d100, 0x1f000, 3),
                                *range(0x3400, 0x110000, 401))]


def digest(f, label):
    text = repr([f(c) for c in characters])
    print(label, len(text), zlib.crc32(text.encode("utf-8", "surrogatepass")))


for name in "isalpha isdecimal isdigit isnumeric isupper islower istitle isspace isprintable isidentifier isalnum upper lower title casefold swapcase capitalize".split():
    digest(getattr(str, name), name)
digest(lambda c: ('a'+c).isidentifier(), 'ident2')
digest(lambda c: (c+'a').title(), 'cased')
digest(lambda c: ('1'+c+'\u03a3').lower() + ('A\u03a3'+c+'A').lower(), 'sigma')
digest(lambda c: u.category(c)+u.bidirectional(c)+u.east_asian_width(c)+str(u.combining(c))+str(u.mirrored(c))+str(u.decimal(c,None))+str(u.digit(c,None))+str(u.numeric(c,None)), 'props')
o = u.ucd_3_2_0
digest(lambda c: o.category(c)+o.bidirectional(c)+o.east_asian_width(c)+str(o.combining(c))+str(o.mirrored(c))+str(o.decimal(c,None))+str(o.digit(c,None))+str(o.numeric(c,None)), 'old')
digest(lambda c: u.name(c,None), 'name')
digest(lambda c: o.name(c,None), 'oldname')
digest(u.decomposition, 'decomposition'); digest(o.decomposition, 'olddecomposition')
for f in "NFC NFD NFKC NFKD".split():
    digest(lambda c: u.normalize(f, c), f); digest(lambda c: o.normalize(f, c), f)
    digest(lambda c: u.normalize(f, 'a'+c+'\u0323\u0301'+c+'\u1161\u11a8'), f)
digest(lambda c: u.lookup(u.name(c)) == c if u.name(c,'') else 0, 'lookup')


def attempt(function, *arguments):
    try:
        print(ascii(function(*arguments)))
    except Exception as error:
        print(type(error).__name__, error)


for function in (u.decimal, u.digit, u.numeric, u.name, u.category, u.decomposition):
    for argument in ("a", "ab", 3, "\u00bd", "\u0663"):
        attempt(function, argument)
attempt(u.lookup, "nosuch name")
attempt(u.lookup, "latin small letter a")
attempt(u.lookup, "HANGUL SYLLABLE GAG")
attempt(u.lookup, "HANGUL SYLLABLE X")
attempt(u.lookup, "CJK UNIFIED IDEOGRAPH-4E00")
attempt(u.normalize, "NFX", "a")
attempt(u.normalize, "NFC", 3)
print(u.unidata_version, u.ucd_3_2_0.unidata_version, u.is_normalized("NFC", "e\u0301"), u.is_normalized("NFD", "e\u0301"))
print("\N{GREEK SMALL LETTER ALPHA}\N{SNOWMAN}", ascii("\u0130\u03a3\u00df\ufb01\u01c5".lower()), "\u03b1\u03a3 \u03a3 a\u03a3\u03a3b".lower(), "\ufb01\u01c6 stra\u00dfe".title())
