# Encodings of files and streams, and the attributes of Unicode exceptions.
import codecs
import io
import os
import tempfile

text = "na\u00efve \u20ac \u043f\u0440\u0438\u0432\u0435\u0442\nsecond\n"
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "file.txt")
    for name in ("utf-8", "utf-8-sig", "utf-16", "utf-32-be", "cp1251", "cp1252", "koi8-u", "ascii", "iso-8859-5"):
        try:
            with open(path, "w", encoding=name, errors="replace") as file:
                file.write(text)
            with open(path, "rb") as file:
                data = file.read()
            with open(path, encoding=name) as file:
                print(name, data, ascii(file.readline()), ascii(file.read()), file.encoding)
            with codecs.open(path, encoding=name) as file:
                print(ascii(file.readlines()))
        except UnicodeError as error:
            print(name, type(error).__name__, error)
    with open(path, "wb") as file:
        file.write(b"ok\xff\n")
    for errors in ("strict", "ignore", "surrogateescape", "backslashreplace"):
        try:
            print(errors, ascii(open(path, encoding="utf-8", errors=errors).read()))
        except UnicodeDecodeError as error:
            print(error, error.start, error.end, error.object, error.reason, error.encoding)
for name in ("cp1252", "utf-16", "utf-7"):
    stream = io.TextIOWrapper(io.BytesIO(), encoding=name, newline="\n")
    stream.write("a\u00e9\nb")
    stream.seek(0)
    print(name, [ascii(line) for line in stream], stream.buffer.getvalue())
    print(list(codecs.iterdecode([b"\x00a"[i:i + 1] for i in range(2)], "utf-16-be")), list(codecs.iterencode(["a", "b"], name)))
writer = codecs.getwriter("cp437")(io.BytesIO())
writer.write("\u2592")
print(writer.stream.getvalue(), codecs.getreader("utf-8")(io.BytesIO("\u00e9\nx".encode())).readlines())
for name in ("cp037", "cp500", "cp850", "cp866", "cp874", "cp1250", "cp1253", "cp1258", "hp-roman8", "iso8859_2", "iso8859_16", "koi8_t", "kz1048",
             "mac_cyrillic", "mac_greek", "palmos", "ptcp154", "tis_620"):
    decoded = bytes(range(256)).decode(name, "replace")
    print(name, len(decoded), ascii(decoded[128:140]), decoded.encode(name, "ignore") == bytes(b for b in range(256) if decoded[b] != "\ufffd"))
error = UnicodeEncodeError("ascii", "a\u20acb", 1, 2, "why")
error.start, error.end = 0, 3
print(error, error.args == ("ascii", "a\u20acb", 1, 2, "why"))
error.object = "x"
print(error, [ascii(codecs.backslashreplace_errors(error))])
for handler in (codecs.replace_errors, codecs.ignore_errors, codecs.xmlcharrefreplace_errors):
    error.object = []
    try:
        handler(error)
    except TypeError as problem:
        print(problem)
