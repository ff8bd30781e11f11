# sys.getsizeof, __sizeof__ and bytearray.__alloc__.
import itertools
import sys
from collections import OrderedDict


class Sized:
    def __init__(self, size):
        self.size = size

    def __sizeof__(self):
        return self.size


for size in (0, 1, sys.maxsize, sys.maxsize + 1, -1, -sys.maxsize - 1, "a", 1.0):
    try:
        print(sys.getsizeof(Sized(size)))
    except (TypeError, ValueError, OverflowError) as error:
        print(type(error).__name__, error)
for one in (itertools.combinations("abcd", 3), itertools.combinations(range(10), 4), itertools.permutations("abcd"),
            itertools.permutations("abcd", 2), itertools.product("ab", "12", repeat=3), itertools.product(),
            itertools.combinations_with_replacement("abcd", 3)):
    print(type(one).__name__, sys.getsizeof(one))
for count in (0, 1, 5, 8, 9, 20, 100):
    print(count, sys.getsizeof(OrderedDict.fromkeys(range(count))))
array = bytearray()
print(array.__alloc__(), sys.getsizeof(array))
for i in range(300):
    array.append(i % 256)
    if i % 37 == 0:
        print(len(array), array.__alloc__(), sys.getsizeof(array))
del array[10:]
print(len(array), array.__alloc__())
array += b"x" * 90
print(len(array), array.__alloc__(), bytearray(b"abc").__alloc__(), bytearray(10).__alloc__(), bytearray(0).__alloc__())
array.clear()
print(array.__alloc__())


class Slotted(bytearray):
    __slots__ = "a", "b", "c"


class Text(bytes):
    pass


print(sys.getsizeof(Slotted()), sys.getsizeof(Slotted(b"abc")), sys.getsizeof(Text(b"abc")))
