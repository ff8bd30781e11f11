"""Binary files: FileIO, the buffered classes, classes derived from the abstract ones."""
import io
import os
import tempfile

folder = tempfile.mkdtemp()
path = os.path.join(folder, "data")


def attempt(function):
    try:
        print("fine", function())
    except Exception as error:
        print(type(error).__name__, str(error).replace(folder, "FOLDER"))


with open(path, "wb") as file:
    print(type(file).__name__, file.write(bytes(range(256)) * 40), file.tell(), file.raw.mode)
    attempt(file.read)
with open(path, "rb") as file:
    print(type(file).__name__, file.read(3), file.peek(1)[:2], file.tell(), file.read1(2), file.seek(-2, 2), file.read())
    target = bytearray(5)
    print(file.seek(10), file.readinto(target), target, file.readinto1(memoryview(target)[:2]), target)
    print(len(file.readline()), file.readline(7), len(file.read()), file.read(), file.readline())
    attempt(lambda: file.write(b"x"))
    attempt(lambda: file.readinto(b"123"))
    attempt(lambda: file.seek(0, 9))
    attempt(lambda: file.truncate(0))
    print(file.readable(), file.writable(), file.seekable(), file.isatty(), file.mode)
with open(path, "r+b") as file:
    print(type(file).__name__, file.read(4), file.write(b"WXYZ"), file.read(2), file.tell())
    file.seek(0)
    print(file.read(12))
    file.truncate(10)
    print(file.seek(0, 2))
with open(path, "rb", buffering=0) as file:
    print(type(file).__name__, file.read(4), file.readall(), file.read(), file.closefd)
    attempt(lambda: file.write(b"x"))
with open(path, "xb") if not os.path.exists(path) else open(path, "ab") as file:
    print(file.tell(), file.write(b"tail"), file.tell())
attempt(lambda: open(path, "x"))
print(list(open(path, "rb")))

file = io.FileIO(path)
print(repr(file).replace(path, "PATH"), file.name == path)
file.close()
print(repr(file), file.closed)
attempt(file.read)
attempt(lambda: io.FileIO(path, "rz"))
attempt(lambda: io.FileIO(path, "rw"))


def opener(name, flags):
    print("opener", name == path, flags & os.O_ACCMODE)
    return os.open(name, flags)


print(open(path, "rb", opener=opener).read(4))
attempt(lambda: open(path, opener=lambda name, flags: -3))


class Source(io.RawIOBase):
    def __init__(self, data):
        self.data, self.position, self.calls = data, 0, 0

    def readable(self):
        return True

    def readinto(self, target):
        self.calls += 1
        part = self.data[self.position:self.position + min(len(target), 5)]
        target[:len(part)] = part
        self.position += len(part)
        return len(part)


source = Source(b"first line\nsecond\nthird")
print(source.read(3), source.readall())
reader = io.BufferedReader(Source(b"first line\nsecond\nthird"), 8)
print(reader.readline(), reader.read(3), list(reader), reader.raw.calls > 2)
print(io.TextIOWrapper(io.BufferedReader(Source(b"a\nb\n"))).readlines())
print(Source(b"x\ny").readlines(), Source(b"abc").readline())


class Sink(io.RawIOBase):
    def __init__(self):
        self.parts = []

    def writable(self):
        return True

    def write(self, data):
        self.parts.append(bytes(data))
        return len(data)


sink = Sink()
writer = io.BufferedWriter(sink, 4)
print(writer.write(b"ab"), sink.parts, writer.write(b"cdefgh"), b"".join(sink.parts)[:2])
writer.flush()
print(b"".join(sink.parts))
writer.close()
print(sink.closed)
attempt(lambda: writer.write(b"x"))
attempt(lambda: io.BufferedReader(sink))
attempt(lambda: io.BufferedReader(Source(b""), 0))
pair = io.BufferedRWPair(Source(b"in"), Sink())
print(pair.read(), pair.write(b"out"), pair.readable(), pair.writable(), pair.closed)
attempt(lambda: io.IOBase().fileno())
attempt(lambda: io.IOBase().seek(0))
base = io.RawIOBase()
base.close()
attempt(base.flush)
attempt(lambda: io.BufferedReader(io.BytesIO(b"x")).detach().read())

memory = io.BytesIO(b"line one\nline two\n")
print(memory.readline(), memory.tell(), memory.seek(2), memory.write(b"NE"), memory.getvalue())
print(memory.seek(0, 2), memory.write(b"end"), memory.seek(30), memory.write(b"!"), memory.getvalue(), memory.truncate(4))
print(bytes(memory.getbuffer()), memory.getvalue(), memory.read1(), memory.closed)
attempt(lambda: memory.seek(-1))
attempt(lambda: memory.write("text"))
memory.close()
attempt(memory.getvalue)
text = io.StringIO("ab\ncd\r\nef")
print(text.readlines(), text.tell(), text.seek(1), text.read(3), text.write("Z"), text.getvalue())
for newline in (None, "", "\n", "\r", "\r\n"):
    text = io.StringIO("a\nb\r\nc\rd", newline)
    print(repr(newline), list(text), repr(text.getvalue()), text.newlines)
attempt(lambda: io.StringIO(b"x"))
attempt(lambda: io.StringIO().write(5))
attempt(lambda: io.StringIO("x", newline="y"))
attempt(lambda: io.StringIO().seek(1, 1))
with io.StringIO() as text:
    text.foo = 1
    print("to text", file=text)
    print(repr(text.getvalue()), text.foo)
attempt(text.read)
os.remove(path)
os.rmdir(folder)
