"""Text files: newline modes, encodings, errors, positions, reconfiguration, layers."""
import io
import os
import tempfile

folder = tempfile.mkdtemp()
path = os.path.join(folder, "text.txt")


def attempt(function):
    try:
        print("fine", function())
    except Exception as error:
        print(type(error).__name__, str(error).replace(folder, "FOLDER"))


with open(path, "wb") as file:
    file.write(b"one\r\ntwo\rthree\nfour")
for newline in (None, "", "\n", "\r", "\r\n"):
    with open(path, newline=newline) as file:
        lines = file.readlines()
        print(repr(newline), lines, file.newlines)
    with open(path, newline=newline) as file:
        print(repr(file.read(4)), repr(file.readline()), repr(file.read()))
for newline in (None, "", "\n", "\r", "\r\n"):
    with open(path, "w", newline=newline) as file:
        print(file.write("a\nb\r\nc"), end=" ")
    with open(path, "rb") as file:
        print(file.read())
attempt(lambda: open(path, newline="x"))
attempt(lambda: open(path, "rb", newline="\n"))
attempt(lambda: open(path, "rb", encoding="utf-8"))
attempt(lambda: open(path, "rwb"))
attempt(lambda: open(path, "z"))
attempt(lambda: open(path, "r", 0))
attempt(lambda: open(path + "x"))
attempt(lambda: open(folder))
attempt(lambda: open(-1))
attempt(lambda: open(path, closefd=False))
attempt(lambda: open(1.5))
attempt(lambda: open(None))
attempt(lambda: open("a\0b"))

text = "häß€𝄞 " * 1500 + "\nend\n"
with open(path, "w", encoding="utf-8") as file:
    print(file.write(text))
with open(path, encoding="utf-8") as file:
    print(file.read() == text, file.read())
with open(path, encoding="utf-8") as file:
    first = file.read(777)
    place = file.tell()
    rest = file.read()
    file.seek(place)
    print(first + rest == text, file.read() == rest)
    file.seek(0)
    print(file.readline() == text.split("\n")[0] + "\n", file.readline(), repr(file.readline()))
    attempt(lambda: file.seek(1, 1))
    attempt(lambda: file.seek(-1))
    attempt(lambda: file.seek(0, 5))
    print(file.seek(0, 2) == len(text.encode()))
with open(path, encoding="utf-8") as file:
    for line in file:
        attempt(file.tell)
        break
with open(path, encoding="latin-1") as file:
    print(ascii(file.read(8)))
with open(path, encoding="ascii", errors="replace") as file:
    print(ascii(file.read(8)))
with open(path, encoding="ascii", errors="surrogateescape") as file:
    print(ascii(file.read(8)))
attempt(lambda: open(path, encoding="ascii").read())
with open(path, "wb") as file:
    file.write(b"ok\xff\xfe")
attempt(lambda: open(path, encoding="utf-8").read())
for errors in ("ignore", "replace", "backslashreplace"):
    with open(path, encoding="utf-8", errors=errors) as file:
        print(ascii(file.read()))
with open(path, "w", encoding="ascii") as file:
    attempt(lambda: file.write("ü"))
    attempt(lambda: file.write(b"bytes"))
    attempt(lambda: file.read())
with open(path, "a+") as file:
    print(file.tell(), file.write("more"), file.seek(0), file.read())
with open(path, "r+") as file:
    print(file.read(2), file.seek(0), file.write("XY"), file.seek(0), file.read(), file.truncate(3))
print(os.path.getsize(path))
attempt(file.read)
attempt(lambda: file.__enter__())
print(file.closed, file.name == path, file.mode, file.encoding, file.errors, file.line_buffering)

raw = io.BytesIO()
wrapper = io.TextIOWrapper(raw, encoding="utf-8", newline="\r\n", write_through=True)
wrapper.write("x\ny")
print(raw.getvalue(), wrapper.buffer is raw)
wrapper.reconfigure(newline="\n", errors="replace")
wrapper.write("z\n")
print(raw.getvalue(), wrapper.errors, wrapper.detach() is raw)
attempt(wrapper.read)
print(io.TextIOWrapper(io.BytesIO(b"abc\ndef")).readlines())
wrapper = io.TextIOWrapper(io.BytesIO(b"abcdef"))
print(wrapper.read(2), wrapper.read(0) == "", wrapper.read())
attempt(lambda: io.TextIOWrapper(5))
print(issubclass(io.TextIOWrapper, io.TextIOBase), isinstance(wrapper, io.IOBase))
decoder = io.IncrementalNewlineDecoder(None, translate=True)
print(repr(decoder.decode("a\r")), repr(decoder.decode("\nb\r\r\n")), decoder.newlines, decoder.getstate())
open(path, "w").write("dropped")
print(open(path).read())
with open(path, "w") as file:
    file.writelines(["a\n", "b\n", "c"])
    print("printed", file=file, end="")
with open(path) as file:
    print(next(file), list(file))
os.remove(path)
os.rmdir(folder)
