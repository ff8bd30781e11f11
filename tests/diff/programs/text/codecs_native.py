# Encoding and decoding with every native codec, error handlers, messages, incremental decoding.
import codecs


def attempt(function, *arguments):
    try:
        print(ascii(function(*arguments)))
    except UnicodeError as error:
        print(type(error).__name__, error, ascii(error.args))
    except Exception as error:
        print(type(error).__name__, error, ascii(error.__cause__))


texts = ["", "abc", "caf\u00e9", "\u20ac10", "\U0001f600x", "a\ud800b", "\udc80\udcff", "\x00\x7f\x80\xff\u0100", "a\\b\n\t'\"", "+-~\\", "A\u2262\u0391."]
names = ["utf-8", "utf-8-sig", "utf-7", "ascii", "latin-1", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be",
         "unicode_escape", "raw_unicode_escape", "cp1252", "cp437", "iso8859-15", "koi8-r", "mac_roman", "charmap"]
handlers = ["strict", "ignore", "replace", "backslashreplace", "xmlcharrefreplace", "surrogateescape", "surrogatepass", "namereplace"]
for name in names:
    for text in texts:
        for handler in handlers:
            attempt(text.encode, name, handler)
datas = [b"", b"abc", b"caf\xc3\xa9", b"\xe2\x82\xac", b"\xf0\x9f\x98\x80", b"\xff\xfea\x00", b"\xfe\xff\x00a", b"a\x80b", b"\xc3", b"\xe2\x82", b"\xe2\x82a",
         b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xc0\x80", b"\x00\xd8a\x00", b"\x00\xd8\x00\xdc", b"\x00\x00\x11\x00", b"abcde", b"+AGE-", b"+AG", b"+2ADcAA-", b"a+b",
         b"\\x41\\u20ac\\n\\101\\N{DIGIT ONE}\\q", b"\\x4", b"\\u12", b"\\U00110000", b"\\N{foo}", b"\\", b"\xef\xbb\xbfx", b"\x81\x8d\xa4"]
for name in names:
    for data in datas:
        for handler in handlers[:4] + handlers[5:7]:
            attempt(data.decode, name, handler)

for name in ("utf-8", "utf-16", "utf-16-be", "utf-32", "utf-7", "utf-8-sig", "cp1252", "unicode_escape"):
    data = "a\u20ac\U0001f600b".encode(name, "replace")
    decoder = codecs.getincrementaldecoder(name)()
    print(name, [ascii(decoder.decode(data[i:i + 1], i == len(data) - 1)) for i in range(len(data))])
    encoder = codecs.getincrementalencoder(name)("replace")
    print([encoder.encode(c) for c in "a\u20acb"], encoder.encode("", True))

print(codecs.utf_8_decode(b"a\xc3"), codecs.utf_8_decode(b"a\xc3\xa9", "strict", True), codecs.utf_16_ex_decode(b"\xff\xfea\x00"))
print(codecs.escape_decode(b"a\\x41\\n\\101\\q"), codecs.escape_encode(b"a'\\\n\xff"), codecs.charmap_build("\x00ab\xff")is not None)
attempt(codecs.escape_decode, b"\\x4")
attempt(codecs.escape_decode, b"\\")
attempt(codecs.charmap_encode, "abc", "strict", {97: 65, 98: b"xy", 99: None})
attempt(codecs.charmap_encode, "abc", "replace", {97: 65, 98: b"xy", 63: b"!"})
attempt(codecs.charmap_encode, "a", "strict", {97: 300})
attempt(codecs.charmap_encode, "a", "strict", {97: "x"})
attempt(codecs.charmap_decode, b"abc", "strict", {97: "A", 98: 0x20ac})
attempt(codecs.charmap_decode, b"ab", "replace", {97: "AB"})
attempt(codecs.charmap_decode, b"ab", "strict", "\ufffe" * 200)
attempt(codecs.charmap_decode, b"a", "strict", {97: -5})


def handler(error):
    print(type(error).__name__, error.encoding, error.start, error.end, error.reason, ascii(error.object))
    return ("<%d>" % error.start, error.end)


codecs.register_error("mine", handler)
print("a\u20acb\ud800".encode("ascii", "mine"), "a\u20acb\ud800".encode("utf-8", "mine"), ascii(b"a\xffb\x80".decode("utf-8", "mine")))
codecs.register_error("bytes", lambda e: (b"!!", e.end))
print("a\u20ac".encode("latin-1", "bytes"))
codecs.register_error("bad", lambda e: 3)
codecs.register_error("far", lambda e: ("", 100))
codecs.register_error("back", lambda e: ("?", e.end - len(e.object)))
attempt("\u20ac".encode, "ascii", "bad")
attempt("\u20ac".encode, "ascii", "far")
attempt(b"\xff".decode, "ascii", "bad")
attempt("\u20acx".encode, "ascii", "back")
attempt("a\u20ac".encode, "ascii", "nosuch")
attempt(b"\xff".decode, "utf-8", "nosuch")
attempt("a".encode, "nosuch")
attempt("a".encode, "hex")
attempt(b"a".decode, "rot13")
attempt(codecs.encode, b"abc", "hex")
attempt(codecs.decode, b"616", "hex")
attempt(codecs.decode, "uryyb", "rot13")
attempt(codecs.encode, "b\u00fccher.de", "idna")
attempt(codecs.encode, "b\u00fccher", "punycode")
attempt(codecs.decode, b"bcher-kva", "punycode")
attempt(codecs.decode, b"xn--bcher-kva.de", "idna")
for name in handlers:
    print(name, codecs.lookup_error(name).__name__)
    for error in (UnicodeEncodeError("ascii", "a\u20ac\udc80b", 1, 3, "why"), UnicodeDecodeError("utf-8", b"a\xff\xfeb", 1, 3, "why"),
                  UnicodeTranslateError("a\u20acb", 1, 2, "why"), ValueError("x")):
        attempt(codecs.lookup_error(name), error)
info = codecs.lookup("UTF 8")
print(info.name, info.encode("a"), codecs.lookup("CP1252").name, codecs.lookup("latin_1").name)
attempt(codecs.lookup, "nosuch")
attempt(codecs.lookup_error, "nosuch")
print(codecs.BOM_UTF16, codecs.getencoder("cp1252")("\u20ac"), codecs.getdecoder("utf-8")(b"\xc3\xa9"))
codecs.register(lambda name: codecs.CodecInfo(lambda s, e="strict": (s.upper().encode(), len(s)), lambda b, e="strict": (bytes(b).decode().lower(), len(b)), name="shout") if name == "shout_1" else None)
print("abc".encode("Shout-1"), b"ABC".decode("shout 1"))
for arguments in (("ascii", "a", 0, 1), ("ascii", b"a", 0, 1, "r"), (1, "a", 0, 1, "r"), ("ascii", "a", "0", 1, "r"), ("ascii", "a", 0, 1, b"r")):
    attempt(UnicodeEncodeError, *arguments)
print(UnicodeDecodeError("x", bytearray(b"ab"), 0, 2, "r").object, UnicodeEncodeError("x", "ab", 0, 2, "r"), UnicodeTranslateError("a", 0, 1, "r"))
