# Incremental and stream use of the multibyte codecs: pending characters, states as numbers, readers and writers.
import codecs
import io

SAMPLE = "ab\u4e00\u304b\u309a\u3042~\nc\u4e8c\u02e9\u02e5 \xe6"


def show(what, function, *arguments):
    try:
        print(what, ascii(function(*arguments)))
    except Exception as error:
        print(what, type(error).__name__, ascii(str(error)))


def usable(name):
    return "".join(c for c in SAMPLE if c.encode(name, "ignore"))


for name in ("gbk", "gb18030", "big5hkscs", "shift_jis", "euc_jp", "euc_jis_2004", "shift_jisx0213", "euc_kr", "hz", "iso2022_jp",
             "iso2022_jp_2", "iso2022_kr"):
    text = usable(name)
    encoder, whole = codecs.getincrementalencoder(name)(), b""
    for character in text:
        whole += encoder.encode(character)
        print(name, ascii(character), hex(encoder.getstate()))
    whole += encoder.encode("", True)
    print(name, whole, hex(encoder.getstate()), whole == text.encode(name), encoder.errors)
    decoder, parts = codecs.getincrementaldecoder(name)("replace"), []
    for i in range(len(whole)):
        parts.append(decoder.decode(whole[i:i + 1]))
        print(name, ascii(parts[-1]), decoder.getstate())
    print("".join(parts) == text, decoder.errors, ascii(decoder.decode(b"\xa4\xff\x1b$", True)), decoder.getstate())
    print(encoder.reset(), decoder.reset(), decoder.getstate())
    again = codecs.getincrementaldecoder(name)()
    again.decode(whole[:7])
    state = again.getstate()
    rest = again.decode(whole[7:], True)
    again.reset()
    again.setstate(state)
    print(again.decode(whole[7:], True) == rest)
    stream = io.BytesIO()
    writer = codecs.getwriter(name)(stream)
    writer.write(text)
    writer.writelines([text, "\n", text[:3]])
    writer.reset()
    print(stream.getvalue())
    for size in None, -1, 0, 1, 2, 5:
        reader = codecs.getreader(name)(io.BytesIO(whole * 2), "ignore")
        pieces = []
        for _ in range(30):
            pieces.append(reader.read(size))
            if not pieces[-1]:
                break
        print(name, size, ascii(pieces))
    reader = codecs.getreader(name)(io.BytesIO((text * 3).encode(name)))
    print(ascii(reader.readline()), ascii(reader.readline(2)), ascii(reader.readlines()))
    print(type(reader.stream).__name__, reader.errors)
    with io.TextIOWrapper(io.BytesIO((text * 40).encode(name)), name, newline="") as file:
        print(file.read(7) == (text * 40)[:7], file.read() == (text * 40)[7:])

encoder = codecs.getincrementalencoder("euc_jis_2004")()
print(encoder.encode("\u304b"), encoder.encode("\u309a"), encoder.encode("\xe6"), encoder.encode("\u0300\xe6"))
print(encoder.encode("", True))
encoder.setstate(0x8b81e303)
print(encoder.encode("\u309a", True))
for state in -1, 1 << 200, "0", 9, 0xff01:
    show("setstate", encoder.setstate, state)
decoder = codecs.getincrementaldecoder("gbk")()
for state in (b"", -1), (b"123456789", 0), (b"\x81", 0), (b"",), 5, ("", 0), (b"", "0"):
    show("setstate", decoder.setstate, state)
show("final", decoder.decode, b"", True)
decoder.errors = "replace"
show("final", decoder.decode, b"\x81", True)


def delete():
    del decoder.errors


def change():
    decoder.errors = 5


show("delete", delete)
show("change", change)
encoder = codecs.getincrementalencoder("gbk")("xmlcharrefreplace")
show("encode", encoder.encode, "\U0001f600\u4e00")
show("encode", encoder.encode, 12)


class Short(io.BytesIO):
    def read(self, size=-1):
        return "text"


show("reader", codecs.getreader("gbk")(Short()).read)
show("reader", codecs.getreader("gbk")(io.BytesIO(b"a")).read, "1")
show("reader", codecs.getreader("gbk"))
show("writer", codecs.getwriter("gbk")(io.BytesIO()).writelines, 5)
import _multibytecodec
show("class", type("Codeless", (_multibytecodec.MultibyteIncrementalEncoder,), {"codec": 5}))
