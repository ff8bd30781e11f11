"""Which classes and built-in types weak references may lead to, and what __slots__ says about it."""
import array
import collections
import functools
import io
import itertools
import operator
import re
import threading
import types
import weakref


def attempt(make):
    try:
        return type(make()).__name__
    except Exception as error:
        return "%s: %s" % (type(error).__name__, error)


class Empty:
    __slots__ = ()


class Open(Empty):
    pass


class Weak:
    __slots__ = ('__weakref__', 'x')


class WeakDerived(Weak):
    __slots__ = ()


class Both(Empty, Weak):
    __slots__ = ()


class Second(Open, Weak):
    pass


class Integer(int):
    pass


class Tuple(tuple):
    pass


class Text(str):
    pass


class List(list):
    pass


class SlotList(list):
    __slots__ = ()


class SlotSet(set):
    __slots__ = ()


class Failure(Exception):
    pass


class SlotFailure(Exception):
    __slots__ = ()


class Meta(type):
    pass


class Partial(functools.partial):
    pass


Made = Meta('Made', (), {})
objects = [Empty(), Open(), Weak(), WeakDerived(), Both(), Second(), Integer(1), Tuple(), Text(), List(), SlotList(), SlotSet(),
           Failure(), SlotFailure(), Made, Partial(print), functools.partial(print), functools.lru_cache(attempt),
           collections.deque(), collections.OrderedDict(), collections.defaultdict(int), collections.Counter(), {}, [], set(),
           frozenset(), 1, 's', b'', bytearray(), memoryview(b''), re.compile('a'), io.StringIO(), io.BytesIO(),
           threading.Lock(), threading.RLock(), threading.local(), types.SimpleNamespace(), list[int], int | str,
           itertools.tee([])[0], itertools.count(), array.array('i'), operator.itemgetter(1), property(), staticmethod(attempt),
           (x for x in ()), attempt, len, [].append, attempt.__code__, range(3), slice(1), ValueError()]
for each in objects:
    print(type(each).__name__, attempt(lambda: weakref.ref(each)))
for cls in (Empty, Open, Weak, WeakDerived, Both, Second, Integer, List, Failure, Partial, Meta, Made):
    print(cls.__name__, [name for name in vars(cls) if name in ('__dict__', '__weakref__')], cls.__weakrefoffset__ != 0)
print(attempt(lambda: type('X', (Weak,), {'__slots__': ('__weakref__',)})))
print(attempt(lambda: type('X', (int,), {'__slots__': ('__weakref__',)})))
print(attempt(lambda: type('X', (Open,), {'__slots__': ('__dict__',)})))
print(attempt(lambda: type('X', (Empty,), {'__slots__': ('__dict__',)})))
