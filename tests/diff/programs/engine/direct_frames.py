"""Calls that instructions make by themselves: getters, __enter__; slices; what loops unpack."""
import math
import sys
from collections import namedtuple


class Point:
    unit = "m"

    def __init__(self, x):
        self._x = x

    @property
    def x(self):
        return self._x

    @property
    def doubled(self, extra=0):
        return self.x * 2 + extra

    @property
    def broken(self):
        raise ValueError("broken " + str(self._x))

    @property
    def missing(self):
        return self.nothing

    @property
    def steps(self):
        for i in range(self._x):
            yield i

    @property
    def caller(self):
        return sys._getframe(1).f_code.co_name

    @staticmethod
    def fixed(v):
        return v, 1

    @classmethod
    def made(cls, v):
        return cls.__name__, v


class Other(Point):
    @property
    def x(self):
        return "other " + str(super().x)

    def __getattr__(self, name):
        return "made up " + name


def look(points):
    for p in points:
        print(p.x, list(p.steps), p.caller, p.fixed(2), p.made(3), p.unit)
        for name in ("broken", "missing"):
            try:
                print(p.broken if name == "broken" else p.missing)
            except (ValueError, AttributeError) as error:
                tb, names = error.__traceback__, []
                while tb:
                    names.append(tb.tb_frame.f_code.co_name)
                    tb = tb.tb_next
                print(type(error).__name__, error, names)


look([Point(1), Other(2), Point(3)] * 2)
print(Point(4).doubled)
Point.x = property(lambda self: "replaced")
look([Point(1), Other(2)])
Point.x = 5
print([p.x for p in (Point(1), Other(2), Point(3))])
Pair = namedtuple("Pair", "a b")
print([p.a + p.b for p in (Pair(1, 2), Pair(3, 4))])


def recursion(p):
    try:
        return p.again
    except RecursionError as error:
        return type(error).__name__


class Endless:
    @property
    def again(self):
        return self.again


print(recursion(Endless()))


class Manager:
    def __init__(self, name, swallow=False, fail=False):
        self.name, self.swallow, self.fail = name, swallow, fail

    def __enter__(self):
        if self.fail:
            raise RuntimeError("enter " + self.name)
        return self.name

    def __exit__(self, kind, error, traceback):
        print("exit", self.name, kind and kind.__name__, error)
        return self.swallow


class Stepping(Manager):
    def __enter__(self):
        yield self.name

    def __exit__(self, *all):
        print("exit", len(all))


class WithDefault(Manager):
    def __enter__(self, other=3):
        return other


def manage():
    with Manager("a") as a, Manager("b", True) as b:
        print(a, b)
        raise KeyError(a)
    with Stepping("s") as steps, WithDefault("d") as d:
        print(list(steps), d)
    try:
        with Manager("c") as c, Manager("f", fail=True):
            print("never", c)
    except RuntimeError as error:
        print(error)
    for i in range(3):
        with Manager("loop%d" % i):
            if i == 1:
                continue
            if i == 2:
                return i


print(manage())

try:
    with object():
        pass
except TypeError as error:
    print(error)


class Half:
    def __enter__(self):
        print("never")


try:
    with Half():
        pass
except TypeError as error:
    print(error)


class Index:
    def __init__(self, n):
        self.n = n

    def __index__(self):
        print("index", self.n)
        return self.n


class Shown:
    def __getitem__(self, key):
        return key


def slices(x, n):
    print(x[:n], x[n:], x[1:-1], x[::2], x[n:0:-1], x[Index(1):Index(n)], x[:], x[10:], x[-2:])
    for bad in ("a", 1.5):
        try:
            x[bad:]
        except TypeError as error:
            print(error)
    try:
        x[::0]
    except ValueError as error:
        print(error)


for x in ([1, 2, 3, 4], (1, 2, 3, 4), "abcd", "äb\u4e00d", b"abcd", bytearray(b"abcd"), range(4)):
    slices(x, 3)
shown = Shown()
print(shown[1:2], shown[1:2, 3], "const"[1:3])
items = [1, 2, 3, 4]
items[1:3] += [9]
items[:1] = items[2:]
print(items, "x" in "aeiou", "e" in "aeiou", "" in "aeiou", "é" in "aé", "\u4e00" in "aé", "u" in "a" * 40 + "u")


def unpack():
    a, b, c = [1, 2, 3], "xyz", (4, 5, 6)
    for i, j in zip(a, b):
        print(i, j, end=" ")
    for i, j, k in zip(a, b, c):
        print(i, j, k, end=" ")
    for i, j, k, l in zip(a, b, c, range(2)):
        print(i, j, k, l, end=" ")
    for n, (i, j) in enumerate(zip(a, c), 5):
        print(n, i, j, end=" ")
    for key, item in {"p": 1, "q": 2}.items():
        print(key, item, end=" ")
    print([i + j for i, j in zip(a, c)], {i: j for i, j, k in zip(a, b, c)}, [i for i, *j in zip(a, b, c)])
    one = iter([1, 2, 3, 4, 5])
    print([(i, j) for i, j in zip(one, one)], [(i, j, k) for i, j, k in zip(a, a, [])])
    for wrong in (lambda: [0 for i, j in zip(a, b, c)], lambda: [0 for i, j, k in zip(a, b)],
                  lambda: [0 for i, j, k in enumerate(a)], lambda: [0 for i, j in zip(a)],
                  lambda: [0 for i, j, k in zip(a, b, (1,), strict=True)],
                  lambda: [d.pop(i) for i, j in d.items()]):
        d = {1: 2, 3: 4}
        try:
            print(wrong())
        except (ValueError, RuntimeError) as error:
            print(error)
    for pair in zip(a, b):
        i, j = pair
        print(pair, i, j)
    for a[0], a[1] in zip([7, 8], [9, 10]):
        pass
    print(a)


unpack()
print(math.pi, math.floor(2.5))
math.pi = 3
print(math.pi, [math.sqrt(i) for i in (1, 4)])
root, math.sqrt = math.sqrt, lambda v: -v
print([math.sqrt(i) for i in (1, 4)])
math.sqrt = root


def read(name):
    return getattr(math, name, None), math.added


for value in (1, 2):
    math.added = value
    print(read("added"))
del math.added
try:
    read("added")
except AttributeError as error:
    print(error)


class Allocating:
    def __enter__(self):
        for _ in range(40000):
            held = [[self], (self,)]
        return held

    def __exit__(self, kind, error, traceback):
        print("left", type(self).__name__, kind)


def allocate():
    for i in range(4):
        with Allocating() as held:
            yield len(held)


print(sum(allocate()), list(allocate()))
