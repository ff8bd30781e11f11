# Pickles of the objects that native modules make, and the refusals of those that cannot be pickled.
import array
import bz2
import collections
import contextvars
import csv
import datetime
import decimal
import functools
import hashlib
import io
import itertools
import json
import lzma
import operator
import pickle
import random
import re
import struct
import threading
import types
import uuid
import weakref
import xml.parsers.expat
import zlib


class Target:
    pass


def named():
    yield 1


@functools.lru_cache
def cached():
    return 1


used = itertools.count(3)
next(used)
chained = itertools.chain([1, 2], (3,))
next(chained)
state = random.Random(5)
state.random()
state.gauss(0, 1)
target = Target()
values = [
    used, chained, itertools.cycle("ab"), itertools.repeat(1, 3), itertools.repeat(2), itertools.islice([1, 2, 3], 1, 3),
    itertools.combinations([1, 2, 3], 2), itertools.permutations([1, 2], 2), itertools.product([1], [2]),
    itertools.accumulate([1, 2]),
    itertools.compress([1], [1]), itertools.starmap(pow, [(1, 2)]), itertools.takewhile(bool, [1]), itertools.dropwhile(bool,
    [0]),
    itertools.filterfalse(bool, [1]), itertools.groupby([1, 1]), itertools.zip_longest([1], [2, 3], fillvalue=0),
    itertools.pairwise([1, 2]),
    itertools.tee([1])[0], map(str, [1]), filter(None, [1]), zip([1]), enumerate([1], 5), reversed([1]), iter({1: 2}),
    iter({1}), iter(b"ab"),
    {1: 2}.keys(), {1: 2}.items(), state.getstate()[1][:4], struct.Struct("i"), struct.error("bad"), re.compile(b"x*", re.S),
    re.match("a", "a"),
    collections.deque([1, [2]], maxlen=3), collections.OrderedDict([(1, 2)]), collections.defaultdict(int, a=1),
    collections.defaultdict(None), array.array("b", b"abc"), array.array("f", [1.5]), array.array("q"), memoryview(b"x"),
    cached, named(), named,
    weakref.ref(target), weakref.proxy(target), threading.Lock(), threading.RLock(), contextvars.ContextVar("v"),
    contextvars.copy_context(),
    csv.reader([]), csv.Dialect, csv.excel, decimal.Decimal("NaN"), decimal.Decimal("-1E+5"), decimal.InvalidOperation("x"),
    datetime.timedelta(-1, 5),
    datetime.date.max, datetime.time(1, fold=1), datetime.datetime(2020, 1, 1, fold=1),
    datetime.timezone(datetime.timedelta(minutes=-5)),
    functools.partial(int, base=2), functools.cmp_to_key(pow), functools.reduce, operator.itemgetter(0),
    operator.attrgetter("a", "b.c"),
    operator.methodcaller("x"), operator.add, types.SimpleNamespace(x=1), types.MappingProxyType({}), list[int], int | str,
    dict[str, list[int]],
    hashlib.md5(b""), zlib.compressobj(), zlib.error("z"), bz2.BZ2Compressor(), lzma.LZMACompressor(), lzma.LZMAError("l"),
    json.JSONDecodeError("m", "doc", 1), xml.parsers.expat.ParserCreate(), xml.parsers.expat.ExpatError("e"),
    uuid.UUID(int=5), property(), slice(1, 2),
    staticmethod(len), classmethod(len), super(Target, target), type.__call__, int.__add__, (1).__add__, [].append,
    dict.fromkeys, str.join, "x".join,
    Target.__init__, object(), object.__new__, types.ModuleType("m"), types.CodeType, named.__code__, cached.__wrapped__,
    BaseException("b"),
    SystemExit(1), KeyboardInterrupt(), ImportError("i", name="n", path="p"), AttributeError("a", name="n", obj=5),
    NameError("n", name="q"),
    SyntaxError("s", ("f", 1, 2, "t")), StopAsyncIteration(1), OSError(2, "two"), UnicodeEncodeError("a", "b", 0, 1, "c"),
    io.UnsupportedOperation("u"),
    FileNotFoundError(2, "gone", "f1", None, "f2"), pickle.PicklingError("p"), pickle.UnpicklingError, random.Random,
    collections.UserList([1]),
    collections.UserString("s"), collections.UserDict(a=1), NotImplemented, Ellipsis, int.from_bytes, bytes.fromhex,
    float.hex, complex,
]
for number, v in enumerate(values):
    for protocol in (2, 4):
        try:
            data = pickle.dumps(v, protocol)
            print(number, protocol, data if len(data) < 300 else (len(data), hash(data)))
            back = pickle.loads(data)
            print("   ", type(back).__name__, re.sub("0x[0-9a-f]+", "ADDRESS", repr(back))[:80])
        except Exception as error:
            print(number, protocol, type(error).__name__, re.sub("0x[0-9a-f]+", "ADDRESS", str(error))[:150])
one = pickle.loads(pickle.dumps(state))
print(one.random() == state.random(), one.gauss(0, 1) == state.gauss(0, 1))
for iterator in (used, chained, itertools.combinations("abc", 2)):
    print(list(itertools.islice(pickle.loads(pickle.dumps(iterator)), 4)))
