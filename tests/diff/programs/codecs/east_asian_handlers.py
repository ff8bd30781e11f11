# The multibyte codecs where something cannot be converted: error handlers by name and of one's own, messages.
import codecs

NAMES = "gb2312 gb18030 big5hkscs euc_kr shift_jis cp932 euc_jp euc_jis_2004 hz iso2022_kr iso2022_jp iso2022_jp_2".split()
TEXTS = "a\u4e00\u20ac", "\xea\u0304", "\xca", "\u304b\u309a\u3042", "\ud800x", "\U0001f600", "~\u4e00~", "\udc80\u4e00\udcff", ""
DATA = (b"ab\x80\xff", b"\x81", b"\xa4\xa4\xa4", b"\x8f\xa2", b"~{0!~}~~~\n~x", b"\x1b$B0!\x1b(B", b"\x1b$B0", b"\x1b$(X00",
        b"\x1b", b"\x1b[1mx", b"\x1b$)C\x0e0!\n0!\x0f.", b"\x1b$)C\x0e\x0f", b"\x1b&@\x1b$B0!", b"\x1b$B0!\x1b$B\xff.")
codecs.register_error("test.text", lambda error: ("<%d-%d>" % (error.start, error.end), error.end))
codecs.register_error("test.bytes", lambda error: (b"[!]", error.end))
codecs.register_error("test.back", lambda error: ("\u4e00", -1))
codecs.register_error("test.far", lambda error: ("?", 100))
codecs.register_error("test.huge", lambda error: ("?", 1 << 70))
codecs.register_error("test.none", lambda error: None)
codecs.register_error("test.float", lambda error: ("?", 1.0))
codecs.register_error("test.bad", lambda error: ("\U0001f600", error.end))
HANDLERS = ("strict ignore replace backslashreplace surrogateescape xmlcharrefreplace namereplace test.text test.bytes test.far "
            "test.huge test.none test.float test.bad test.unknown").split()


def show(what, function, *arguments):
    try:
        print(what, ascii(function(*arguments)))
    except Exception as error:
        print(what, type(error).__name__, ascii(str(error)))


for name in NAMES:
    for text in TEXTS:
        for handler in HANDLERS:
            show((name, ascii(text), handler), text.encode, name, handler)
    for data in DATA:
        for handler in HANDLERS:
            show((name, data, handler), data.decode, name, handler)
show("back", "a\U0001f600b".encode, "gbk", "test.back")
show("back", b"a\xffb".decode, "gbk", "test.back")
for codec in codecs.lookup("gbk").encode, codecs.lookup("iso2022_jp").encode:
    show("text", codec, 15)
    show("text", codec, "\u4e00", "ignore")
    show("text", codec, "\u4e00", 5)
    show("text", codec)
for codec in codecs.lookup("gbk").decode, codecs.lookup("iso2022_jp").decode:
    show("data", codec, bytearray(b"\xb0\xa1"), "ignore")
    show("data", codec, memoryview(b"a"))
    show("data", codec, "text")
    show("data", codec, b"")
import _codecs_cn
import _codecs_iso2022
show("module", _codecs_cn.getcodec, "shift_jis")
show("module", _codecs_cn.getcodec, 1)
show("module", type(_codecs_cn.getcodec("hz")))
show("module", lambda: type(_codecs_iso2022.getcodec("iso2022_kr")).__name__)
for alias in "sjis", "ms936", "euckr", "korean", "big5-tw", "EUC-JP", "csiso2022jp", "HZ-GB-2312", "uhc":
    info = codecs.lookup(alias)
    print(alias, info.name, ascii("\u4e00".encode(alias)))
