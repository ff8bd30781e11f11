# The multibyte codecs of East Asia: every character of the first planes, every pair of bytes, the longer forms.
import hashlib

PLAIN = """gb2312 gbk gb18030 big5hkscs big5 cp950 euc_kr cp949 johab shift_jis cp932 euc_jp shift_jis_2004 euc_jis_2004
euc_jisx0213 shift_jisx0213""".split()
SHIFTING = "hz iso2022_kr iso2022_jp iso2022_jp_1 iso2022_jp_2 iso2022_jp_2004 iso2022_jp_3 iso2022_jp_ext".split()
TEXT = "".join(chr(c) for c in range(0x30000) if not 0xd800 <= c < 0xe000)
PAIRS = [b"".join(bytes([lead, trail]) + b".\n" for trail in range(256)) for lead in range(0x21, 256)]


def digest(*parts):
    together = hashlib.sha256()
    for part in parts:
        together.update(part if isinstance(part, bytes) else part.encode("utf-8", "surrogatepass"))
    return together.hexdigest()[:20]


for name in PLAIN:
    print(name, digest(TEXT.encode(name, "ignore")), digest(*(p.decode(name, "backslashreplace") for p in PAIRS)))
for name in "euc_jp", "euc_jis_2004", "euc_jisx0213":
    print(name, digest(*(b"".join(b"\x8f" + bytes([lead, trail]) + b".\n" for trail in range(0xa0, 256))
                         .decode(name, "replace") for lead in range(0xa0, 256))))
for name in SHIFTING:
    print(name, digest(TEXT.encode(name, "ignore")))
ESCAPES = ("~{", "\x1b(J", "\x1b(I", "\x1b$@", "\x1b$B", "\x1b$(D", "\x1b$)C\x0e", "\x1b$(C", "\x1b$(Q", "\x1b$(P", "\x1b$(O",
           "\x1b$A")
for name in SHIFTING:
    found = []
    for escape in ESCAPES:
        for lead in range(0x20, 0x80, 5):
            data = b"".join(escape.encode() + bytes([lead, trail]) + b"\n\x1b(B~}\x0f" for trail in range(0x1f, 0x90))
            found.append(data.decode(name, "backslashreplace"))
    print(name, digest(*found))
for set_g2 in b"", b"\x1b.A", b"\x1b.F":
    print(ascii((set_g2 + b"".join(b"\x1bN" + bytes([byte]) for byte in range(0, 256, 3))).decode("iso2022_jp_2", "replace")))
four = b"".join(bytes((a, b, c, d)) for a in (0x81, 0x82, 0x84, 0x8f, 0x90, 0xe3, 0xfe) for b in range(0x30, 0x3a)
                for c in range(0x81, 0xff, 3) for d in range(0x30, 0x3a))
print(digest(four.decode("gb18030", "replace")), ascii("\U00010000\U0010ffff\xe9\ufffd".encode("gb18030")))
for data in b"\x81\x30\x81", b"\xff\x30\x81\x30", b"\x81\x30\xff\x30", b"\xe3\x32\x9a\x36", b"\x84\x39\x84\x39":
    print(data, ascii(data.decode("gb18030", "replace")))
made = "\ub620\ub904\uc38a\uac02\ud7a3\ud7a4"
print(made.encode("euc_kr", "xmlcharrefreplace"), made[:4].encode("euc_kr").decode("euc_kr") == made[:4])
for data in b"\xa4\xd4\xa4\xa8\xa4\xc7", b"\xa4\xd4\xa4\xa1\xa4\xbf\xa4\xd4", b"\xa4\xd4\xa4\xff\xa4\xbf\xa4\xd4z":
    print(data, ascii(data.decode("euc_kr", "replace")))
