"""Arguments that were taken where CPython refuses them, and the like."""
import array
import gc
import types
import warnings
from collections import deque
from datetime import date, datetime


def attempt(action):
    try:
        print(action())
    except Exception as error:
        print(type(error).__name__, error)


for sequence in ([1, 2], (1, 2), deque([1, 2]), array.array("i", [1, 2])):
    for bounds in ((None,), (0, None), ("q",), (0, 2.0), (-1,), (10**30,), (-10**30, 10**30)):
        attempt(lambda: sequence.index(1, *bounds))


class Complex(complex):
    pass


class Given:
    def __complex__(self):
        return Complex(1)


with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    print(complex(Given()), [str(w.message) for w in caught])


class Text(str):
    def __bytes__(self):
        return b"own"


data = b"abc"
print(data.__bytes__() is data, bytes(Text("\u20ac")), bytes(Text("x"), "ascii"))


class Loader:
    @classmethod
    def module_repr(cls, module):
        return "<own>"


module = types.ModuleType("some")
module.__loader__ = Loader
print(module)
attempt(lambda: __import__("string\0"))
attempt(lambda: __import__(5, level=None))
attempt(lambda: list[int].__getitem__([1, 2], 0))
for kind in (types.GeneratorType, types.CoroutineType, types.AsyncGeneratorType):
    print(hasattr(kind, "__class_getitem__"))
print(BaseException.__subclasses__())
print(date(2000, 1, 1).__eq__(datetime(2000, 1, 1)), date(2000, 1, 1) == datetime(2000, 1, 1))
kept = [Given(), Given()]
print(sum(isinstance(o, Given) for o in gc.get_objects()), any(o is kept for o in gc.get_objects()))
attempt(lambda: gc.get_objects(3))
attempt(lambda: gc.get_objects(-2))
