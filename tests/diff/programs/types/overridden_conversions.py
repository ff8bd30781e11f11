"""Classes that convert, iterate or look up as they like, handed to built-in functions that must ask them."""
import ast
import gc
import operator
import struct
import sys
import types
import binascii
import zlib


def attempt(name, function, *arguments, **keywords):
    try:
        result = function(*arguments, **keywords)
    except Exception as error:
        result = "%s: %s" % (type(error).__name__, error)
    print(name, result)


class Plain(complex):
    pass


class Own(complex):
    def __complex__(self):
        return 42j


class Many:
    def __index__(self):
        return 42

    def __int__(self):
        return 1

    def __float__(self):
        return 3.25

    def __str__(self):
        return "text"

    def __bytes__(self):
        return b"bytes"


class Whole(int):
    def __float__(self):
        return 42.5


for arguments in ((Own(2 + 2j),), (2.5, Own(2 + 2j)), (Own(2 + 2j), 2.5), (Plain(1 + 1j), Plain(2j)), (Many(),), (Many(), Many())):
    attempt("complex", complex, *arguments)
    attempt("subclass", Plain, *arguments)
for text in ("(1+2j)", "\t( -1e400j )", "1_000j", "(1", "1j+2", "\u00a03.14+4J\xa0", "\u30001", "\u0661+\u0662j", "(((1)))",
             "+j", "1\x00", ""):
    attempt(ascii(text), complex, text)

for form in ("%c", "%d", "%x", "%.2f", b"%c", b"%d", b"%x", b"%s", b"%i", b"%u"):
    attempt(form, operator.mod, form, Many())
    attempt(form, operator.mod, form, 2j)
for form in ("g", "%", "e", "n", "d"):
    attempt(form, format, Whole(2), form)


class NotBytes:
    def __bytes__(self):
        return range(3)


attempt("from_bytes", int.from_bytes, NotBytes(), "big")
for number, length, signed in ((-1, 0, True), (-2, 0, True), (1, 0, True), (0, 0, False), (-128, 1, True), (128, 1, True)):
    attempt("to_bytes", number.to_bytes, length, "big", signed=signed)


class Shown(frozenset):
    def __iter__(self):
        return iter((0, 1, 2, 3))

    def __len__(self):
        return 4


attempt("disjoint", {1, 2}.isdisjoint, Shown())
attempt("disjoint", {10, 11}.isdisjoint, Shown())
attempt("disjoint", Shown({1}).isdisjoint, {1, 2})
attempt("disjoint", Shown({10, 11, 12}).isdisjoint, {1, 2})
attempt("disjoint", frozenset({10}).isdisjoint, Shown({10, 11}))


class Lower(dict):
    def __iter__(self):
        return iter(self.keys())

    def keys(self):
        return {key.lower() for key in super().keys()}


class Hidden(dict):
    def keys(self):
        return {}


def given(**keywords):
    return keywords


attempt("keywords", lambda: given(**Lower(a=1, A=2)))
attempt("keywords", lambda: given(**Hidden(a=1)))
attempt("keywords", lambda: given(**Lower(c=3, C=4), **Hidden(d=5)))
attempt("display", lambda: {**Lower(a=1, A=2)})


class Listed(list):
    def __iter__(self):
        return iter(["1", "2", "3"])


class Fixed(tuple):
    def __iter__(self):
        return iter(["1", "2", "3"])


attempt("join", ", ".join, Listed(["A"]))
attempt("join", ", ".join, Fixed(["A"]))


class Holder:
    def function():
        pass


def wrapped(kind):
    method = kind(Holder.function)
    method.x = 42
    before = {name: item for name, item in method.__dict__.items() if name != "__annotations__"}
    method.__dict__ = {"only": 1}
    return before, method.__dict__, method.only


def badly_wrapped(kind):
    kind(Holder.function).__dict__ = "text"


for kind in (classmethod, staticmethod):
    attempt(kind.__name__, wrapped, kind)
    attempt(kind.__name__, badly_wrapped, kind)


class Super(super):
    made = []

    def __new__(cls, *arguments):
        cls.made.append(arguments)
        return super().__new__(cls)


def rebound():
    raw = Super.__new__(Super)
    Super.made.clear()
    return type(raw.__get__(Holder(), Holder)).__name__, Super.made


attempt("super", rebound)


class Replacing:
    def __getattr__(self, name):
        return "original"

    def __getattribute__(self, name):
        Replacing.__getattr__ = lambda self, name: "replaced " + name
        gc.collect()
        raise AttributeError(name)


attempt("getattr", lambda: Replacing().first)
attempt("getattr", lambda: Replacing().second)


def generator():
    variable = 1
    yield sys._getframe()
    other = 2


def finished_frame():
    running = generator()
    frame = next(running)
    seen = [frame.f_back, dict(frame.f_locals), frame is running.gi_frame]
    list(running)
    return seen, frame.f_back, frame.f_locals


attempt("frame", finished_frame)


def numbered_fields(*arguments, **keywords):
    class Node(ast.AST):
        _fields = (42, "a")
    return Node(*arguments, **keywords).a


attempt("node", numbered_fields, a=1)
attempt("node", numbered_fields, 1)

attempt("pack", lambda: struct.pack(">B", 3, other=1))
attempt("pack", lambda: struct.Struct(">B").pack(3, other=1))
attempt("pack_into", lambda: struct.Struct(">B").pack_into(bytearray(1), 0, 3, other=1))
attempt("lines", "a\nb".splitlines, "x")
attempt("lines", b"a\nb".splitlines, 1.5)
attempt("lines", "a\nb".splitlines, 2)
attempt("base64", binascii.b2a_base64, b"hello", newline="")
attempt("extend", bytearray(b"q").extend, "abc")
attempt("extend", bytearray(b"q").extend, "")
data = b"data"
attempt("translate", lambda: (data.translate(None) is data, data.translate(bytes(range(256))) is data, data.translate(None, b"t")))
broken = zlib.decompressobj()
attempt("decompress", broken.decompress, b"asdf")
attempt("flush", broken.flush)
attempt("proxy", types.MappingProxyType, {1, 2})
