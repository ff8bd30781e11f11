"""The simple C types: values, conversions, errors, byte orders, bounds."""
import ctypes
from ctypes import *


def attempt(function, *arguments):
    try:
        print(repr(function(*arguments)))
    except Exception as error:
        print(type(error).__name__, error)


integers = [c_byte, c_ubyte, c_short, c_ushort, c_int, c_uint, c_long, c_ulong, c_longlong, c_ulonglong, c_size_t, c_ssize_t,
            c_int8, c_uint8, c_int16, c_uint16, c_int32, c_uint32, c_int64, c_uint64, c_bool, c_void_p]
for kind in integers:
    print(kind.__name__, kind._type_, sizeof(kind), alignment(kind), kind(), kind(300), kind(-1), kind(2 ** 70 + 5), kind(True))
for kind in (c_float, c_double, c_longdouble):
    print(kind.__name__, kind._type_, sizeof(kind), alignment(kind), kind(), kind(1.1), kind(3), kind(float("inf")))
print(c_char(), c_char(b"x"), c_char(65), c_char(bytearray(b"y")), c_wchar("\u20ac"), c_wchar())
print(c_char_p(), c_wchar_p(), c_char_p(b"abc").value, c_wchar_p("gr\u00fc\u00df\U0001f600").value, c_void_p(), c_void_p(0).value)

for kind, wrong in [(c_int, 1.5), (c_int, "x"), (c_int, None), (c_char, "x"), (c_char, b"xy"), (c_char, 256), (c_char, -1),
                    (c_wchar, b"x"), (c_wchar, "xy"), (c_double, "x"), (c_float, None), (c_void_p, 1.5), (c_char_p, "x"),
                    (c_wchar_p, b"x"), (c_bool, []), (c_bool, "a")]:
    attempt(kind, wrong)
attempt(c_int, 1, 2)
attempt(hash, c_int(1))


class Index:
    def __index__(self):
        return 77


class Real:
    def __float__(self):
        return 2.5


print(c_int(Index()), c_double(Real()), c_double(Index()))
number = c_int(5)
number.value += 1
print(number, number.value, bool(number), bool(c_int(0)), bool(c_double(0.0)), number == c_int(6), number == number)
try:
    del number.value
except Exception as error:
    print(type(error).__name__, error)


class Own(c_int):
    pass


class OwnText(c_char_p):
    def __repr__(self):
        return "own " + super().__repr__()[:9]


own = Own(3)
own.extra = "kept"
print(own.value, own.extra, type(own) is Own, repr(own).split(" at ")[0], repr(OwnText(None)), isinstance(own, c_int))
print(c_int.__ctype_le__ is c_int, c_int.__ctype_be__.__name__, c_int.__ctype_be__, c_ubyte.__ctype_be__ is c_ubyte)
big = c_int.__ctype_be__(0x01020304)
print(bytes(big), big.value, bytes(c_int(0x01020304)), bytes(c_double.__ctype_be__(1.5)), bytes(c_short.__ctype_be__(-2)))
print(memoryview(c_int(3)).format, memoryview(c_long(3)).format, memoryview(big).format, memoryview(c_char(b"x")).format,
      memoryview(c_double()).format, memoryview(c_void_p()).format, memoryview(c_int(3)).shape, memoryview(c_int(7)).tobytes())

for attribute in ("x", 1, None, "", "xx", "$"):
    attempt(lambda: type("Wrong", (ctypes._SimpleCData,), {"_type_": attribute}))
attempt(lambda: type("Without", (ctypes._SimpleCData,), {}))
attempt(ctypes._SimpleCData)
for function in (sizeof, alignment, addressof, byref, POINTER, pointer):
    for wrong in (1, int, None, object):
        attempt(function, wrong) if (function, wrong) != (POINTER, None) else None
print(c_int.from_param(3), c_double.from_param(2), c_char.from_param(b"x"), c_char.from_param(b"\x01"), c_short.from_param(-5))
attempt(c_int.from_param, "x")
attempt(c_char_p.from_param, 3)
print(c_char_p.from_param(None), c_void_p.from_param(None), c_void_p.from_param(5))
print(c_int.from_buffer_copy(b"\1\0\0\0"), c_int.from_buffer_copy(b"xxxx\2\0\0\0", 4))
memory = bytearray(8)
view = c_int.from_buffer(memory, 4)
view.value = -1
print(memory, view)
attempt(memory.append, 1)
attempt(c_int.from_buffer, b"1234")
attempt(c_int.from_buffer, bytearray(3))
attempt(c_int.from_buffer, bytearray(8), 5)
attempt(c_int.from_buffer, bytearray(8), -1)
attempt(c_int.from_buffer_copy, b"123")
attempt(c_int.from_buffer_copy, "text")
attempt(c_int.from_address, "text")
target = c_int(99)
other = c_int.from_address(addressof(target))
other.value = 98
print(target, other, target._b_needsfree_, other._b_needsfree_, target._b_base_, target._objects)
print(py_object([1, 2]).value, py_object(), repr(py_object("x")))
attempt(lambda: py_object().value)
print([kind.__mro__[1:] for kind in (c_int, c_char_p)])
