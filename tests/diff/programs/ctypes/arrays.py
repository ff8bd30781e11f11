"""Arrays, pointers, casts, and the buffer protocol."""
import ctypes
from ctypes import *


def attempt(function, *arguments):
    try:
        print(repr(function(*arguments)))
    except Exception as error:
        print(type(error).__name__, error)


Five = c_int * 5
print(Five, Five.__name__, Five._length_, Five._type_, Five is c_int * 5, sizeof(Five), alignment(Five), type(Five), 2 * c_char)
numbers = Five(1, 2, 3)
print(list(numbers), len(numbers), numbers[0], numbers[-1], numbers[1:4], numbers[::-1], numbers[::2], numbers[10:])
numbers[4] = 50
numbers[-2] = 40
numbers[0:2] = [10, 20]
numbers[0:5:2] = (7, 8, 9)
print(list(numbers), 40 in numbers, sum(numbers), list(reversed(numbers)))
attempt(lambda: numbers[5])
attempt(lambda: numbers[-6])
attempt(lambda: numbers["x"])
attempt(lambda: numbers[1.0])
attempt(numbers.__setitem__, 5, 1)
attempt(numbers.__setitem__, 0, "x")
attempt(numbers.__setitem__, slice(0, 2), [1])
attempt(numbers.__delitem__, 0)
attempt(Five, 1, 2, 3, 4, 5, 6)
attempt(lambda: c_int * -1)
attempt(lambda: c_int * 1.5)
attempt(lambda: type("Wrong", (Array,), {"_type_": c_int}))
attempt(lambda: type("Wrong", (Array,), {"_length_": 3}))
attempt(lambda: type("Wrong", (Array,), {"_length_": -3, "_type_": c_int}))
attempt(lambda: type("Wrong", (Array,), {"_length_": "3", "_type_": c_int}))
attempt(lambda: type("Wrong", (Array,), {"_length_": 3, "_type_": int}))
attempt(lambda: type("Wrong", (Array,), {"_length_": 1 << 80, "_type_": c_int}))
attempt(lambda: type("Wrong", (Array,), {"_length_": 1 << 62, "_type_": c_int}))
attempt(Array)

grid = (c_double * 3 * 2)()
grid[1][2] = 2.5
grid[0] = (1.0, 2.0, 3.0)
view = memoryview(grid)
print([list(row) for row in grid], view.shape, view.strides, view.format, view.ndim, view.itemsize, view.nbytes)
print(type(grid).__name__)
print(grid[1]._b_base_ is grid, grid._b_base_,
      memoryview(numbers).cast("B").tolist()[:4], memoryview((c_byte * 3)(1, 2, 3)).shape)

text = create_string_buffer(b"hello", 10)
print(text.value, text.raw, len(text), sizeof(text), text[1], text[1:3], text[::-1], type(text).__name__)
text.value = b"hi"
print(text.raw)
text.raw = b"0123456789"
print(text.value)
attempt(setattr, text, "value", b"x" * 11)
attempt(setattr, text, "raw", b"x" * 11)
attempt(setattr, text, "value", "str")
attempt(setattr, text, "raw", "str")
text[0] = b"A"
text[1:3] = b"BC"
print(text.value, create_string_buffer(3).raw, create_string_buffer(b"").raw)
attempt(create_string_buffer, "x")
wide = create_unicode_buffer("gr\u00fc\u00df \U0001f600", 12)
print(repr(wide.value), len(wide), sizeof(wide), wide[0:3], wide[2])
wide.value = "x"
print(repr(wide.value), repr(wide[:4]))
attempt(setattr, wide, "value", "x" * 13)
attempt(setattr, wide, "value", b"x")

# pointers
target = c_int(42)
p = pointer(target)
print(type(p), p.contents, p[0], bool(p), bool(POINTER(c_int)()), POINTER(c_int) is POINTER(c_int), POINTER(c_int)._type_)
p.contents.value = 43
p[0] += 1
print(target, p.contents is p.contents, p._objects == {"1": target} or sorted(p._objects))
other = c_int(7)
p.contents = other
print(p[0], target)
attempt(setattr, p, "contents", c_long(1))
attempt(lambda: POINTER(c_int)().contents)
attempt(lambda: POINTER(c_int)()[0])
attempt(POINTER(c_int), 3)
print(POINTER(c_int)(c_short(1)).contents)
attempt(lambda: p["x"])
attempt(p.__delitem__, 0)
attempt(ctypes._Pointer)
attempt(POINTER, 5)
p = cast(numbers, POINTER(c_int))
print(p[:5], p[4:0:-2], p[0:0], p[2])
attempt(lambda: p[:])
attempt(lambda: p[::0])
attempt(lambda: p[:3:-1])
p[1] = -1
print(list(numbers), cast(p, c_void_p).value == addressof(numbers), string_at(text), string_at(text, 3), wstring_at(wide))
pp = pointer(p)
print(pp.contents[1], pp[0][0], type(pp).__name__)
holder = (POINTER(c_int) * 2)(pointer(c_int(1)), None)
print(holder[0].contents, bool(holder[1]), sorted(holder._objects))
strings = (c_char_p * 3)(b"one", b"two")
print(strings[:], strings._objects)
strings[2] = b"three"
print(strings[2], cast(strings, POINTER(c_char_p))[2])
Delayed = POINTER("Delayed")
print(Delayed.__name__)
attempt(cast, numbers, c_int)
attempt(cast, "x", c_double)
print(cast(b"bytes", c_char_p).value, cast(0, c_char_p).value, cast(None, c_void_p).value)
memmove(text, b"moved\0", 6)
print(text.value, memset(text, ord("z"), 4) == addressof(text), text.value)
resized = (c_short * 2)()
resize(resized, 64)
print(sizeof(resized), len(resized))
attempt(resize, resized, 1)
attempt(resize, c_int.from_address(addressof(target)), 100)
attempt(resize, 3, 3)


class Sub(c_int * 3):
    def total(self):
        return sum(self)


print(Sub(1, 2, 3).total(), Sub.__mro__[1].__name__, memoryview(Sub()).format, isinstance(Sub(), Array), c_char.__mul__(3).__name__)
