"""Module mmap: anonymous and file-backed memory, items, slices, the position, buffers, errors."""
import mmap
import os
import tempfile
import weakref


def trial(function, *arguments, **named):
    try:
        print(function(*arguments, **named))
    except Exception as error:
        print(type(error).__name__, error)


m = mmap.mmap(-1, 32)
print(m, len(m), m.tell(), m.closed)
trial(m.size)
print(m.write(b"hello world\nsecond line\n"), m.tell())
m.seek(0)
print(m.readline(), m.readline(), m.readline(3) if False else m.read(3), m.tell())
m.seek(0)
print(m.read_byte(), m.read(4), m.read(-1)[:5], m.read(), m.read(None))
print(m[0], m[-32], m[0:5], m[::-5], m[5:0:-2], m[3:3], m[100:])
m[0] = 72
m[1:4] = b"ELL"
m[0:10:3] = b"WXYZ"
print(m[:12])
print(m.find(b"l"), m.find(b"second"), m.find(b"zzz"), m.find(b"", 3), m.find(b"l", 5), m.find(b"e", 0, 5), m.find(b"o", -30, -20))
print(m.rfind(b"n"), m.rfind(b"e", 0, 20), m.rfind(b""), m.rfind(b"second", 5, 17), m.rfind(b"second", 5, 18))
m.seek(0)
print(m.find(b"W"), m.rfind(b"\n"))
m.move(0, 6, 5)
print(m[:12], [x for x in m][:3], b"o" in m, 111 in m, type(iter(m)).__name__)
m.seek(-1, 2)
m.write_byte(7)
for action in [lambda: m.write_byte(1), lambda: m.read_byte(), lambda: m.seek(100), lambda: m.seek(-1), lambda: m.seek(0, 7),
               lambda: m.write(b"x" * 40), lambda: m.write_byte(256), lambda: m.write_byte(-1), lambda: m.write("x"),
               lambda: m[40], lambda: m["a"], lambda: m.__setitem__(0, 256), lambda: m.__setitem__(0, b"a"),
               lambda: m.__setitem__(40, 1), lambda: m.__setitem__(slice(0, 3), b"abcd"), lambda: m.__delitem__(0),
               lambda: m.__delitem__(slice(0, 2)), lambda: m.move(0, 30, 5), lambda: m.read("x"), lambda: m.find("x"),
               lambda: m.flush(1, 40), lambda: m.flush(-1), lambda: m.madvise(mmap.MADV_NORMAL, 40), lambda: m.resize("a"),
               lambda: m.madvise(mmap.MADV_NORMAL, 0, -1), lambda: m.flush(), lambda: m.madvise(mmap.MADV_NORMAL)]:
    trial(action)

for arguments in [(-1,), (), (-1, -1), (-1, 0), ("a", 1), (-1, 10, 1, 1, 1, 1, 1), (99, 10)]:
    trial(mmap.mmap, *arguments)
trial(mmap.mmap, -1, 10, access=9)
trial(mmap.mmap, -1, 10, access=mmap.ACCESS_READ, flags=mmap.MAP_PRIVATE)
trial(mmap.mmap, -1, 10, offset=-1)
trial(mmap.mmap, -1, 10, prot=mmap.PROT_READ)

view = memoryview(m)
view[0] = 65
print(m[0], view.readonly, view.nbytes, view.format)
trial(m.close)
trial(m.resize, 64)
view.release()
m.resize(64)
print(len(m), m[:12])
m.close()
m.close()
print(m, m.closed)
for action in [lambda: len(m), lambda: m[0], lambda: m.read(), lambda: m.size(), lambda: m.__enter__(), lambda: memoryview(m)]:
    trial(action)

folder = tempfile.mkdtemp()
path = os.path.join(folder, "data")
with open(path, "wb") as file:
    file.write(b"0123456789" * 500)
with open(path, "r+b") as file:
    with mmap.mmap(file.fileno(), 0) as whole:
        print(len(whole), whole[4095:4100], whole.size())
        whole[0:4] = b"ABCD"
        whole.flush()
        whole.resize(6000)
        print(len(whole), whole[4998:5003], os.fstat(file.fileno()).st_size)
    with mmap.mmap(file.fileno(), 10, access=mmap.ACCESS_READ) as part:
        print(part, part[:], memoryview(part).readonly)
        trial(part.__setitem__, 0, 1)
        trial(part.write, b"x")
        trial(part.write_byte, 1)
        trial(part.move, 0, 1, 2)
        trial(part.resize, 100)
    with mmap.mmap(file.fileno(), 10, access=mmap.ACCESS_COPY) as part:
        part[0:3] = b"xyz"
        print(part, part[:5])
        trial(part.resize, 100)
    with mmap.mmap(file.fileno(), 100, offset=mmap.ALLOCATIONGRANULARITY) as part:
        print(part, part[:10])
    trial(mmap.mmap, file.fileno(), 7000)
    trial(mmap.mmap, file.fileno(), 0, offset=8192)
    trial(mmap.mmap, file.fileno(), 10, offset=5)
    file.seek(0)
    print(file.read(6))
open(path, "wb").close()
with open(path, "rb") as file:
    trial(mmap.mmap, file.fileno(), 0)
    trial(mmap.mmap, file.fileno(), 5)


class Named(mmap.mmap):
    def __new__(klass, *arguments, **named):
        return mmap.mmap.__new__(klass, -1, *arguments)


named = Named(20)
named.label = "x"
print(named, named.label, isinstance(named, mmap.mmap), weakref.ref(named)() is named)
print(mmap.error is OSError, mmap.PAGESIZE == mmap.ALLOCATIONGRANULARITY)
match named:
    case [*_]:
        print("a sequence")
    case _:
        print("no sequence")
