"""Structures and unions: layout, bit fields, anonymous members, inheritance, byte order, pickling, what is kept alive."""
import pickle
import ctypes
from ctypes import *


def attempt(function, *arguments, **named):
    try:
        print(repr(function(*arguments, **named)))
    except Exception as error:
        print(type(error).__name__, error)


class Point(Structure):
    _fields_ = [("x", c_int), ("y", c_int)]


class Mixed(Structure):
    _fields_ = [("a", c_char), ("b", c_double), ("c", c_short), ("d", c_int * 3), ("e", Point), ("name", c_char * 8),
                ("wide", c_wchar * 4), ("f", c_longdouble)]


for kind in (Point, Mixed):
    print(kind.__name__, sizeof(kind), alignment(kind), kind._fields_)
    print([(name, getattr(kind, name), getattr(kind, name).offset, getattr(kind, name).size) for name, *_ in kind._fields_])
print(type(Point), Point.__mro__[1:])
m = Mixed(b"q", 2.5, -3, (1, 2, 3), (4, 5), b"label", "w\u00fc")
print(m.a, m.b, m.c, m.d[:], m.e.x, m.e.y, m.name, m.wide, m.f)
m.e = Point(7, 8)
m.e.x = 9
m.name = b"12345678"
m.d = (6,)
print(m.e.x, m.e.y, m.name, m.d[:], m.e._b_base_ is m, m.e is m.e)
attempt(setattr, m, "name", b"123456789")
attempt(setattr, m, "wide", "12345")
attempt(setattr, m, "name", "text")
attempt(setattr, m, "e", 3)
attempt(setattr, m, "e", c_int(3))
attempt(setattr, m, "d", (1, 2, 3, 4))
attempt(setattr, m, "c", "x")
attempt(delattr, m, "c")
m.own = "attribute"
print(m.own, m.__dict__)
attempt(Point, 1, 2, 3)
attempt(Point, 1, x=2)
attempt(lambda: Point(y=5, x=3).y)
attempt(lambda: Point("x"))
attempt(Structure)
attempt(Union)
attempt(lambda: bytes(Point(1, -1)))
print(memoryview(Point()).format, memoryview(Mixed()).format, memoryview((Point * 2)()).shape, memoryview((Point * 2)()).itemsize)


class Bits(Structure):
    _fields_ = [("a", c_int, 3), ("b", c_int, 5), ("c", c_uint, 10), ("d", c_uint, 20), ("e", c_longlong, 33), ("f", c_byte, 4),
                ("g", c_ubyte, 4), ("h", c_short, 9), ("plain", c_char), ("i", c_ulonglong, 64)]


b = Bits(3, -16, 1023, 0xfffff, -5, 7, 15, -256, b"z", 2 ** 64 - 1)
print(sizeof(Bits), [getattr(b, name) for name, *_ in Bits._fields_], [repr(getattr(Bits, name)) for name, *_ in Bits._fields_])
print(bytes(b))
b.a, b.b, b.c = 5, 20, 1024
print(b.a, b.b, b.c, b.d, b.g, b.f)


class BigBits(BigEndianStructure):
    _fields_ = [("a", c_int, 3), ("b", c_int, 5), ("c", c_uint, 24), ("d", c_short), ("e", c_double), ("f", c_int * 2)]


big = BigBits(1, -2, 0x123456, 258, 1.5, (1, 2))
print(sizeof(BigBits), bytes(big), big.a, big.b, big.c, big.d, big.e, big.f[:], memoryview(big).format)


class BigUnion(BigEndianUnion):
    _fields_ = [("number", c_uint32), ("bytes", c_ubyte * 4)]


print(bytes(BigUnion(0x01020304)), BigUnion(0x01020304).bytes[:], LittleEndianStructure is Structure)
attempt(lambda: type(BigEndianStructure)("Wrong", (BigEndianStructure,), {"_fields_": [("a", c_void_p)]}))


class Packed(Structure):
    _pack_ = 1
    _fields_ = [("a", c_char), ("b", c_int), ("c", c_short), ("d", c_double)]


class Packed2(Structure):
    _pack_ = 2
    _fields_ = [("a", c_char), ("b", c_int), ("c", c_char), ("d", c_double)]


print(sizeof(Packed), [Packed.b.offset, Packed.c.offset, Packed.d.offset], sizeof(Packed2), [Packed2.b.offset, Packed2.d.offset],
      alignment(Packed2), bytes(Packed(b"x", 1, 2, 3.0)), memoryview(Packed()).format)


class Number(Union):
    _fields_ = [("i", c_int), ("f", c_float), ("bytes", c_ubyte * 8), ("s", c_short)]


n = Number(f=1.0)
print(sizeof(Number), alignment(Number), hex(n.i), n.bytes[:], n.s, Number(5).i, memoryview(n).format, Number.f)


class Inner(Structure):
    _fields_ = [("p", c_int), ("q", c_short)]


class Choice(Union):
    _anonymous_ = ["inner"]
    _fields_ = [("inner", Inner), ("whole", c_longlong)]


class Outer(Structure):
    _anonymous_ = ("choice",)
    _fields_ = [("tag", c_int), ("choice", Choice), ("last", c_byte)]


o = Outer(1)
o.p, o.q = 3, 4
print(sizeof(Outer), o.p, o.q, o.choice.inner.p, o.whole == 3 + (4 << 32), Outer.p.offset, Outer.q.offset, Outer.whole.offset,
      Outer.q)
attempt(lambda: type("Wrong", (Structure,), {"_fields_": [("a", c_int)], "_anonymous_": ["b"]}))
attempt(lambda: type("Wrong", (Structure,), {"_fields_": [("a", c_int)], "_anonymous_": ["a"]}))
attempt(lambda: type("Wrong", (Structure,), {"_fields_": [("a", c_int)], "_anonymous_": 3}))


class Base(Structure):
    _fields_ = [("a", c_int), ("b", c_char)]


class Derived(Base):
    _fields_ = [("c", c_int), ("d", c_char)]


class Same(Derived):
    def total(self):
        return self.a + self.c


print(sizeof(Base), sizeof(Derived), Derived.c.offset, Derived(1, b"x", 2, b"y").d, Same(1, b"x", 2).total(), Same(c=5).c,
      isinstance(Same(), Base))


class Later(Structure):
    pass


print(sizeof(Later))
Later._fields_ = [("value", c_int), ("next", POINTER(Later))]
first, second = Later(1), Later(2)
first.next = pointer(second)
second.next = pointer(first)
print(sizeof(Later), first.next.contents.value, first.next.contents.next.contents.value, second.next[0].value)
attempt(setattr, Later, "_fields_", [("x", c_int)])
for fields in (3, [3], [("a",)], [("a", int)], [("a", c_int, 0)], [("a", c_int, 33)], [("a", c_float, 3)], [("a", c_char, 3)],
               [(1, c_int)], [("a", c_int, "x")], ("ab", "cd")):
    attempt(lambda: type("Wrong", (Structure,), {"_fields_": fields}))
for pack in (-1, "x", None):
    attempt(lambda: type("Wrong", (Structure,), {"_pack_": pack, "_fields_": [("a", c_int)]}))
attempt(lambda: Point.x.__get__(3))
attempt(lambda: Point.x.__set__(3, 4))
print(Point.x.__get__(None, Point) is Point.x)


class Texts(Structure):
    _fields_ = [("a", c_char_p), ("w", c_wchar_p), ("v", c_void_p), ("o", py_object), ("p", POINTER(c_int)), ("n", c_int)]


t = Texts(b"bytes", "text", 5, [1, 2])
t.p = pointer(c_int(9))
print(t.a, t.w, t.v, t.o, t.p.contents, sorted(t._objects), t.n)
t.p = (c_int * 3)(4, 5, 6)
print(t.p[:3], Texts().a, bool(Texts().p))
t.p = None
print(bool(t.p))
attempt(lambda: Texts().o)
attempt(setattr, t, "p", (c_short * 3)())
attempt(setattr, t, "p", 3)

p = pickle.loads(pickle.dumps(Point(3, 4)))
print(p.x, p.y, type(p) is Point)
attempt(pickle.dumps, t)
array = (Point * 2)((1, 2), (3, 4))
print([(q.x, q.y) for q in array], bytes(array))
copy = Point.from_buffer_copy(bytes(Point(8, 9)))
print(copy.x, copy.y, Point.from_buffer(bytearray(b"\1\0\0\0\2\0\0\0")).y)


class Header(Structure):
    _fields_ = [("size", c_uint16), ("kind", c_uint8), ("flags", c_uint8, 4), ("version", c_uint8, 4), ("data", c_ubyte * 0)]


print(sizeof(Header), Header.data.offset, Header(1, 2, 3, 4).version)
attempt(setattr, Structure, "x", 1)
attempt(lambda: type(Point)("Made", (Structure,), {"_fields_": [("z", c_byte)]}).z)
