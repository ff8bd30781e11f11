# __flags__: what a type is made from, and whether the cyclic collector knows its instances; %-formatting of bytes by a bytearray.
import collections
import struct
import sys


class Plain: pass
class Number(int): pass
class Slotted: __slots__ = ()
class Error(Exception): pass
class Meta(type): pass


HOST = 1 << 19 | 1 << 11 | 1 << 9  # CPython's method cache, vectorcall, and where its C code keeps the type
for kind in (struct.Struct, int, list, object, str, type, dict, bytes, tuple, float, Plain, Number, Slotted, Error, Meta,
             collections.OrderedDict, Exception, set, frozenset, bytearray, slice):
    print(kind.__name__, hex(kind.__flags__ & ~HOST))

print([sys.getsizeof(kind()) for kind in (Slotted, Plain, Number, Error)])

for template in (b"no format", bytearray(b"no format"), b"%d"):
    for argument in (bytearray(b"1"), b"1", memoryview(b"1"), {}):
        try:
            print(template % argument)
        except TypeError as error:
            print(error)
