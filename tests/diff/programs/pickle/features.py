# Persistent ids, dispatch tables, reducer_override, memos, framing, buffers, extensions, old names, cycles.
import collections
import copyreg
import io
import pickle
import pickletools
import re
import sys
from pickle import PickleBuffer


class Plain:
    pass


class Pair:
    def __init__(self, a=None):
        self.a = a


class IdPickler(pickle.Pickler):
    def persistent_id(self, obj):
        if isinstance(obj, Pair):
            return ("pair", obj.a)
        return None


class IdUnpickler(pickle.Unpickler):
    def persistent_load(self, pid):
        return f"<{pid!r}>"


for protocol in range(6):
    out = io.BytesIO()
    IdPickler(out, protocol).dump([1, Pair(2), {"k": Pair(3)}])
    print(protocol, out.getvalue())
    out.seek(0)
    print(IdUnpickler(out).load())

# as attributes
for protocol in (0, 2, 4):
    out = io.BytesIO()
    p = pickle.Pickler(out, protocol)
    print(hasattr(p, "persistent_id"), hasattr(p, "dispatch_table"), p.bin, p.fast)
    p.persistent_id = lambda obj: "five" if obj == 5 else None
    p.dump([5, 6, "five"])
    print(out.getvalue(), p.persistent_id(5))
    u = pickle.Unpickler(io.BytesIO(out.getvalue()))
    u.persistent_load = lambda pid: pid.upper()
    print(u.load())
for name, wrong in (("persistent_id", 5), ("memo", 5), ("bin", "x")):
    try:
        setattr(p, name, wrong)
    except Exception as error:
        print(type(error).__name__, error)
    try:
        delattr(p, name)
    except Exception as error:
        print(type(error).__name__, error)

# dispatch tables and reducer_override
out = io.BytesIO()
p = pickle.Pickler(out, 3)
p.dispatch_table = collections.ChainMap({Pair: lambda obj: (Pair, ("made",))}, copyreg.dispatch_table)
p.dump([Pair(1), 1j])
print(out.getvalue(), pickle.loads(out.getvalue())[0].a)


class Table(pickle.Pickler):
    dispatch_table = {complex: lambda c: (complex, (0.5,))}


out = io.BytesIO()
Table(out).dump(1j)
print(out.getvalue(), pickle.loads(out.getvalue()))


class Override(pickle.Pickler):
    def reducer_override(self, obj):
        if obj is Pair:
            return int, ("17",)
        if obj is len:
            return "len"
        return NotImplemented


out = io.BytesIO()
Override(out).dump([Pair, len, Plain, 5])
print(out.getvalue(), pickle.loads(out.getvalue()))

# memo proxies
out = io.BytesIO()
p = pickle.Pickler(out, 2)
data = ["one", "two"]
p.dump(data)
print(type(p.memo), sorted((index, v) for index, v in p.memo.copy().values()))
q = pickle.Pickler(io.BytesIO(), 2)
q.memo = p.memo
first = out.tell()
p.dump(data)
print(out.getvalue()[first:])
p.clear_memo()
p.memo.clear()
p.dump(data)
p.memo = {id(data): (7, data)}
p.dump(data)
print(out.getvalue())
u = pickle.Unpickler(io.BytesIO(pickle.dumps(data, 2)))
u.load()
print(type(u.memo), u.memo.copy(), u.memo.__reduce__())
u.memo = {0: "zero", 9: "nine"}
print(u.memo.copy())
u.memo.clear()
print(u.memo.copy())
for wrong in (5, {"a": 1}, {-1: 2}):
    try:
        u.memo = wrong
    except Exception as error:
        print(type(error).__name__, error)

# fast mode
out = io.BytesIO()
p = pickle.Pickler(out, 4)
p.fast = True
text = "text"
p.dump([text, text, (text,), {text: text}])
print(p.fast, out.getvalue())
nested = []
for _ in range(60):
    nested = [nested]
out = io.BytesIO()
p = pickle.Pickler(out, 1)
p.fast = 1
p.dump(nested)
print(out.getvalue() == b"]" * 61 + b"a" * 60 + b".")
cycle = []
cycle.append(cycle)
try:
    p.dump(cycle)
except ValueError as error:
    print(re.sub("0x[0-9a-f]+", "ADDRESS", str(error)))

# cycles
cycle = []
cycle.append(cycle)
knot = ([],)
knot[0].append(knot)
long_knot = ([], 1, 2, 3)
long_knot[0].append(long_knot)
table = {}
table["self"] = table
me = Plain()
me.me = me
frozen = Plain()
frozen.set = frozenset([frozen])
for protocol in range(6):
    for v in (cycle, knot, long_knot, table, me, frozen, frozen.set):
        print(protocol, pickle.dumps(v, protocol))
        pickle.loads(pickle.dumps(v, protocol))

# framing
for protocol in (4, 5):
    for size in (65535, 65536, 70000):
        for v in (b"x" * size, "y" * size, "\xe9" * size, bytearray(size), [b"a" * 1000] + ["s%d" % n for n in range(9000)]):
            data = pickle.dumps(v, protocol)
            frames = [(op.name, arg if op.name == "FRAME" else pos) for op, arg, pos in pickletools.genops(data)
                      if op.name in ("FRAME", "BINBYTES", "BINUNICODE", "BYTEARRAY8", "STOP")]
            print(protocol, size, len(data), hash(data), frames)


class Writes:
    def __init__(self):
        self.sizes = []

    def write(self, data):
        self.sizes.append((type(data).__name__, len(data)))


for v in (["s%d" % n for n in range(30000)], [b"x" * 70000, "y" * 70000, 1], 5):
    w = Writes()
    pickle.dump(v, w)
    print(w.sizes)


class Reads:
    def __init__(self, data):
        self.inner = io.BytesIO(data)
        self.calls = []

    def read(self, n):
        self.calls.append(n)
        return self.inner.read(n)

    def readline(self):
        self.calls.append("line")
        return self.inner.readline()


class ReadsInto(Reads):
    def readinto(self, buffer):
        self.calls.append(("into", len(buffer)))
        return self.inner.readinto(buffer)


for protocol in range(6):
    for kind in (Reads, ReadsInto):
        reader = kind(pickle.dumps([1, "two", b"3" * 300, 4.5, (Plain,), 10**30], protocol) + b"rest")
        print(protocol, pickle.load(reader)[:2], reader.calls[:40], reader.inner.read())
stream = io.BytesIO(b"".join(pickle.dumps(n, n % 6) for n in range(12)))
print([pickle.load(stream) for _ in range(12)])
stream = io.BufferedReader(io.BytesIO(b"".join(pickle.dumps([n, "x" * n], n % 6) for n in range(12)) + b"end"))
print([pickle.load(stream)[0] for _ in range(12)], stream.read())

# out-of-band buffers
buffers = []
v = [PickleBuffer(b"read only"), PickleBuffer(bytearray(b"writable"))]
data = pickle.dumps(v, 5, buffer_callback=buffers.append)
print(data, [bytes(b) for b in buffers], [b.raw().readonly for b in buffers])
print(pickle.loads(data, buffers=[b"one", bytearray(b"two")]), type(pickle.loads(data, buffers=(bytearray(b"1"), b"2"))[0]))
print(pickle.dumps(v, 5), pickle.loads(pickle.dumps(v, 5)))
print(pickle.dumps(v, 5, buffer_callback=lambda b: True))
raw = PickleBuffer(memoryview(bytearray(range(12))).cast("B", (3, 4)))
m = memoryview(raw)
print(m.shape, m.format, raw.raw().shape, raw.raw().format, bytes(raw.raw()))
m.release()
raw.release()
for action in (lambda: raw.raw(), lambda: memoryview(raw), lambda: PickleBuffer(5), lambda: PickleBuffer(),
               lambda: PickleBuffer(memoryview(b"abcd")[::2]).raw(), lambda: pickle.dumps(PickleBuffer(b""), 4),
               lambda: pickle.dumps(PickleBuffer(memoryview(b"abcd")[::2]), 5), lambda: pickle.dumps(raw, 5),
               lambda: pickle.loads(data), lambda: pickle.loads(data, buffers=[]), lambda: pickle.dumps(1, 4,
               buffer_callback=print)):
    try:
        print(action())
    except Exception as error:
        print(type(error).__name__, error)

# extensions
copyreg.add_extension("__main__", "Plain", 200)
copyreg.add_extension("__main__", "Pair", 70000)
copyreg.add_extension("collections", "deque", 1000)
for protocol in range(6):
    data = pickle.dumps([Plain, Pair, collections.deque], protocol)
    print(data, pickle.loads(data))
copyreg.remove_extension("__main__", "Plain", 200)
copyreg.remove_extension("__main__", "Pair", 70000)
copyreg.remove_extension("collections", "deque", 1000)

# names of Python 2
for protocol in (0, 2, 3):
    for fix in (True, False):
        print(pickle.dumps([range, map, zip, copyreg.constructor, collections.UserDict, OSError, ImportError], protocol,
                           fix_imports=fix))
print(pickle.loads(b"c__builtin__\nxrange\n(I1\nI5\ntR."), pickle.loads(b"ccopy_reg\nconstructor\n.").__name__)
print(pickle.loads(b"S'caf\\xe9'\n.", encoding="latin-1"), pickle.loads(b"U\x04caf\xe9.", encoding="bytes"))
print(pickle.loads(b"T\x04\0\0\0caf\xe9.", encoding="ascii", errors="replace"))
print(pickle.loads(b"(lp0\nI01\naI00\naI10\naI0x10\naL5L\naF1.5\naF1e5\naVa\\u20ac\na."))
print(type(pickle.loads(b"(i__main__\nPlain\n.")), pickle.loads(b"(c__main__\nPair\nI5\no.").a)


class Restricted(pickle.Unpickler):
    def find_class(self, module, name):
        if module == "builtins":
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} is forbidden")


print(Restricted(io.BytesIO(pickle.dumps(len))).load())
try:
    Restricted(io.BytesIO(pickle.dumps(Plain))).load()
except pickle.UnpicklingError as error:
    print(error)
print(pickle.Unpickler(io.BytesIO(b"")).find_class("collections", "OrderedDict"))

# state that sets attributes with descriptors and interned names
class Guarded:
    def __init__(self):
        self.__dict__["x"] = 1

    @property
    def x(self):
        return "property"


g = pickle.loads(pickle.dumps(Guarded()))
print(g.x, vars(g))
back = pickle.loads(pickle.dumps(Pair(1)))
print([name is sys.intern(name) for name in vars(back)])
