# Types of the interpreter's own: none of them can be made, subclassed or given to object.__new__ by a program.
import collections
import itertools
import re
import sys
import types
import weakref


def generator():
    yield


async def coroutine():
    pass


async def async_generator():
    yield


def function():
    pass


awaited = coroutine()
big = 10**30
things = [
    generator(), awaited, async_generator(), awaited.__await__(), async_generator().__anext__(), iter([]), reversed([]), iter(()),
    iter(set()), iter(""), iter("a"), iter("\u1234"), iter(b""), iter(bytearray()), iter({}), iter({}.values()), iter({}.items()),
    reversed({}), reversed({}.values()), reversed({}.items()), {}.keys(), {}.values(), {}.items(), iter(range(3)),
    iter(range(big)), iter(int, 1), iter(memoryview(b"")), sys._getframe(), len, [].append, int.__add__, (1).__add__, list.append,
    dict.__dict__["fromkeys"], type.__dict__["__dict__"], ..., None, NotImplemented, re.match("", ""), re.compile(""),
    re.compile("").scanner(""), weakref.proxy(function),
]
for thing in things:
    kind = type(thing)
    print(kind.__name__, end=": ")
    for attempt in (lambda: object.__new__(kind), lambda: type("Sub", (kind,), {})):
        try:
            attempt()
            print("made", end=", ")
        except TypeError as error:
            print(error, end=", ")
    try:
        if kind not in (type(None), type(...), type(NotImplemented)):
            kind()
            print("made")
        else:
            print(kind() is thing)
    except TypeError as error:
        print(error)
awaited.close()

kind = type(iter(collections.deque()))
print(list(kind(collections.deque("abcd"), 2)), list(kind(collections.deque("abcd"), index=2)))
for arguments in ((), (1,), (collections.deque(), 1, 2)):
    try:
        kind(*arguments)
    except TypeError as error:
        print(error)

for bounds in ((0, 2**62), (0, 2**63 - 1), (0, 2**63), (-2**63, 0), (2**63 - 2, 2**63 - 1, 2), (0, 2**62, 2**61), (0, 2**64),
               (2**63 - 1, 0, -1), (-2**63, -2**63 + 5)):
    numbers = range(*bounds)
    print(type(iter(numbers)).__name__, next(iter(numbers)), type(reversed(numbers)).__name__, next(reversed(numbers)))
    print(iter(numbers).__reduce__()[1])
