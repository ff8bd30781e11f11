"""Views of C memory: formats that are not native, comparisons, consumers of buffers."""
import io
import struct
from ctypes import *


def attempt(function, *arguments):
    try:
        print(repr(function(*arguments)))
    except Exception as error:
        print(type(error).__name__, error)


class Point(Structure):
    _fields_ = [("x", c_int), ("y", c_int)]


Big = c_int.__ctype_be__
view = memoryview((c_int * 2)(3, 4))
attempt(lambda: view[0])
attempt(lambda: view.tolist())
attempt(view.__setitem__, 0, 1)
attempt(lambda: list(view))
print(view[0:1].format, view.tobytes(), view.cast("B")[4], view.cast("B").cast("i").tolist(), view.nbytes, view.readonly)
attempt(lambda: view.cast("i"))
view = memoryview(Point())
attempt(lambda: view[()])
attempt(lambda: view.tolist())
attempt(lambda: view[0])
print(view.tobytes(), view == view, view == memoryview(Point()), view.format)
pairs = [((c_int * 2)(1, 2), (c_int * 2)(1, 2)), ((c_int * 2)(1, 2), (c_int * 2)(1, 3)), ((c_int * 2)(1, 2), (c_double * 2)(1, 2)),
         ((c_int * 2)(1, 2), (Big * 2)(1, 2)), ((c_long * 2)(1, -2), (c_short * 2)(1, -2)), ((c_char * 2)(b"1", b"2"), b"12"),
         ((c_ubyte * 2)(49, 50), b"12"), (c_int(5), c_int(5)), (c_int(5), c_int(6)), (c_void_p(1), c_void_p(1)),
         ((c_int * 2 * 2)((1, 2), (3, 4)), (c_int * 2 * 2)((1, 2), (3, 4))), (Big(5), c_int(5)), (Big(5), Big(5))]
print([memoryview(a) == memoryview(b) for a, b in pairs])
print(struct.unpack_from("<ii", Point(7, 8)), bytes(Point(1, 2)), bytearray((c_short * 2)(3, 4)))
print(b"".join((c_char * 2)(b"a", b"b")))
target = (c_ubyte * 5)()
print(io.BytesIO(b"hello").readinto(target), bytes(target), int.from_bytes(c_int(258), "little"))
struct.pack_into("<d", target := (c_char * 8)(), 0, 1.5)
print(c_double.from_buffer(target), c_double.from_buffer_copy(target), bytes(target).hex())
view = memoryview(target)
view.cast("B")[0] = 1
print(target.raw[0], b"x" + bytes(c_wchar("a")))
