# Keywords and dicts from mappings of the program's own; bytes from objects that may be several things.
import re
import sys


def attempt(action):
    try:
        print(repr(action()))
    except (TypeError, LookupError, AttributeError, ValueError, OverflowError, BufferError) as error:
        print(type(error).__name__, error)


class Pairs:
    def __init__(self, *pairs):
        self.pairs = pairs

    def keys(self):
        return [key for key, _ in self.pairs]

    def __getitem__(self, key):
        if key == "boom":
            raise KeyError("boom")
        return [item for name, item in self.pairs if name == key][-1]


class NoKeys:
    def keys(self):
        return 5

    def __getitem__(self, key):
        return key


class Odd(dict):
    def __iter__(self):
        return iter(["q"])

    def keys(self):
        return ["w"]

    def __getitem__(self, key):
        return key


def f(x=0, **rest):
    return x, rest


attempt(lambda: f(**Pairs(("x", 1), ("x", 2))))
attempt(lambda: f(a=3, **Pairs(("x", 1), ("x", 2))))
attempt(lambda: f(**Pairs(("a", 3)), **Pairs(("x", 1), ("x", 2))))
attempt(lambda: f(**Pairs(("a", 3), ("b", 4))))
attempt(lambda: f(x=1, **Pairs(("x", 3))))
attempt(lambda: f(**{"x": 1}, **Pairs(("x", 3))))
attempt(lambda: f(**Pairs(("boom", 3))))
attempt(lambda: f(**Pairs((1, 3))))
attempt(lambda: f(**3))
attempt(lambda: f(a=1, **[1]))
attempt(lambda: print(**Pairs(("sep", ""))))
attempt(lambda: f(**NoKeys()))
attempt(lambda: dict(NoKeys()))
attempt(lambda: {}.update(NoKeys()))
attempt(lambda: {**NoKeys()})
attempt(lambda: f(**Odd(a=1)))
attempt(lambda: ({**Odd(a=1)}, dict(Odd(a=1))))
attempt(lambda: {**Pairs(("x", 1), ("x", 2))})


class Bytes(bytes):
    def __index__(self):
        raise TypeError


class Neither:
    def __index__(self):
        raise TypeError("no index")

    def __bytes__(self):
        return b"from bytes"


attempt(lambda: (bytearray(Bytes(b"abc")), bytes(Bytes(b"abc")), bytes(Neither())))
attempt(lambda: bytearray(Neither()))
array = bytearray(range(10))
iterator = iter(array)
next(iterator), array.pop(), array.clear()
attempt(lambda: (iterator.__length_hint__(), list(iterator)))
array = bytearray(range(10))
array[1:-1:2] = b""
attempt(lambda: array)
view = memoryview(array)
attempt(lambda: array.__setitem__(slice(1, -1, 2), b""))
attempt(lambda: array.__delitem__(slice(1, -1, 2)))
attempt(lambda: array)
pattern = re.compile("a")
attempt(lambda: pattern.match("a", sys.maxsize + 1))
attempt(lambda: pattern.search("a", 0, sys.maxsize + 1))
attempt(lambda: pattern.split("a", -sys.maxsize - 2))
attempt(lambda: pattern.sub("b", "a", sys.maxsize + 1))
