# What the pickler writes for every kind of object, byte for byte, and that it reads it again.
import array
import collections
import copyreg
import dataclasses
import datetime
import decimal
import enum
import fractions
import functools
import io
import operator
import pickle
import pickletools
import re
import types
import _pickle


print(pickle.Pickler is _pickle.Pickler, pickle.Unpickler is _pickle.Unpickler, pickle.dumps is _pickle.dumps)
print(pickle.Pickler, pickle.Unpickler, pickle.PickleBuffer, pickle.PickleError, pickle.PicklingError.__mro__)
print(sorted(name for name in dir(_pickle) if not name.startswith("__")))
print(pickle.HIGHEST_PROTOCOL, pickle.DEFAULT_PROTOCOL)


class Plain:
    def __init__(self, a, b):
        self.a = a
        self.b = b

    def __eq__(self, other):
        return type(self) is type(other) and self.__dict__ == other.__dict__

    def method(self):
        return self.a

    class Inner:
        deep = 1

        class Deeper:
            pass


class Empty:
    def __eq__(self, other):
        return type(self) is type(other)


class Slots:
    __slots__ = ("x", "y")

    def __init__(self, x=None):
        if x is not None:
            self.x = x

    def __eq__(self, other):
        return getattr(self, "x", None) == getattr(other, "x", None)


class SlotsAndDict(Slots):
    def __init__(self, x, z):
        self.x = x
        self.z = z


class ReduceText:
    def __reduce__(self):
        return "the_text"


the_text = ReduceText()


class NewArguments(int):
    def __new__(cls, value, *, name="n"):
        self = int.__new__(cls, value)
        self.name = name
        return self

    def __getnewargs_ex__(self):
        return (int(self),), {"name": self.name}


class NewArgumentsOld(str):
    def __getnewargs__(self):
        return (str(self),)


class State:
    def __init__(self):
        self.value = 1

    def __getstate__(self):
        return ("state", self.value)

    def __setstate__(self, state):
        self.value = state

    def __eq__(self, other):
        return True


class ListLike(list):
    def __init__(self, items=()):
        super().__init__(items)
        self.note = "list"


class DictLike(dict):
    pass


class SetLike(set):
    pass


class FrozenLike(frozenset):
    pass


class TupleLike(tuple):
    pass


class IntLike(int):
    pass


class FloatLike(float):
    pass


class StrLike(str):
    pass


class BytesLike(bytes):
    pass


class ByteArrayLike(bytearray):
    pass


class ComplexLike(complex):
    pass


class Custom(Exception):
    def __init__(self, a, b):
        super().__init__(a, b)
        self.extra = b


class Colour(enum.Enum):
    RED = 1
    GREEN = "g"


class Level(enum.IntEnum):
    LOW = 1


class Bits(enum.Flag):
    A = 1
    B = 2


Point = collections.namedtuple("Point", "x y")


@dataclasses.dataclass
class Record:
    name: str
    size: int = 0


@dataclasses.dataclass(frozen=True, slots=True)
class Frozen:
    name: str


def function(a, b=2):
    return a + b


class Meta(type):
    pass


class WithMeta(metaclass=Meta):
    pass


def six(*parts):
    return Plain(*parts)


class SetterMade:
    def __reduce__(self):
        return Empty, (), {"q": 1}, None, None, set_state


def set_state(target, state):
    target.__dict__.update(state)


shared = [1, 2]
values = [
    None, True, False, 0, 1, 255, 256, 65535, 65536, -1, -128, 2**31 - 1, 2**31, -2**31, -2**31 - 1, 2**63 - 1, 2**63, -2**63,
    2**64, 10**30, -10**30, 2**2040, -2**2047, 2**2039 - 1, -2**2039, 0.0, -0.0, 1.5, 1e300, 5e-324, float("inf"), 0.1, 1 + 2j,
    "", "a", "abc", "\xe9", "\u20ac", "\U0001f600", "\ud800", "a\nb\\c\r\0\x1a", "x" * 255, "x" * 256, "\xe9" * 128, b"", b"a",
    b"abc\xff", b"x" * 256, bytearray(), bytearray(b"ab"), (), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), [], [1], [1, 2],
    {}, {"a": 1}, {"a": 1, "b": 2}, set(), {1}, frozenset(), frozenset([1, 2]), [shared, shared], (tuple(shared), tuple(shared)),
    list(range(1000)), list(range(1001)), list(range(2000)), dict.fromkeys(range(1000)), dict.fromkeys(range(1001)),
    set(range(1000)), frozenset(range(1500)), Plain(1, "two"), Plain([1], {"k": Plain(0, 0)}), Empty(), Slots(), Slots(5),
    SlotsAndDict(1, 2), the_text, NewArguments(7, name="seven"), NewArgumentsOld("new"), State(), ListLike([1, 2, 3]),
    DictLike(a=1), SetLike([1]), FrozenLike([2]), TupleLike((1, 2)), IntLike(5), FloatLike(2.5), StrLike("s"), BytesLike(b"b"),
    ByteArrayLike(b"ba"), ComplexLike(1j), ValueError("wrong"), KeyError(1, 2), OSError(2, "no", "file"), Custom(1, 2),
    StopIteration(3), UnicodeDecodeError("utf-8", b"abc", 0, 1, "reason"), Colour.RED, Level.LOW, Bits.A | Bits.B, Point(1, 2),
    Record("r", 3), Frozen("f"), function, Plain, Plain.Inner, Plain.Inner.Deeper, Plain(3, 4).method, WithMeta, Meta, len,
    [].append.__class__, "abc".upper, [1].append, str.upper, int, type, object, type(None), type(...), type(NotImplemented),
    NotImplemented, ..., range(10), range(1, 10, 3), slice, datetime.date(2020, 1, 2), datetime.time(1, 2, 3),
    datetime.datetime(2020, 1, 2, 3, 4, 5, 6), datetime.timedelta(1, 2, 3), datetime.timezone.utc,
    datetime.timezone(datetime.timedelta(hours=1), "X"), datetime.datetime(2020, 1, 2, tzinfo=datetime.timezone.utc),
    decimal.Decimal("1.50"), decimal.Context(prec=5), fractions.Fraction(1, 3), collections.deque([1, 2], 5), collections.deque(),
    collections.OrderedDict([("a", 1), ("b", 2)]), collections.defaultdict(list, {"a": [1]}), collections.Counter("aab"),
    collections.ChainMap({"a": 1}, {"b": 2}), array.array("i", [1, 2, 3]), array.array("d", [0.5]), array.array("u", "ab"),
    functools.partial(function, 1, b=3), operator.itemgetter(1, 2), operator.attrgetter("a.b"), operator.methodcaller("m", 1,
    k=2),
    types.SimpleNamespace(a=1), types.MappingProxyType, re.compile("a+", re.I), SetterMade(), iter([1, 2]), iter((1, 2)),
    iter("ab"), iter(range(3)), enumerate([1]), zip([1], [2]), reversed([1, 2]), 
    [len, list, "list", len], [Plain, "Plain", function], print, abs,
]


def same(a, b):
    try:
        return type(a) is type(b) and (a == b or repr(a) == repr(b) or not hasattr(type(a), "__dict__"))
    except Exception as error:
        return repr(error)


for number, v in enumerate(values):
    for protocol in range(6):
        try:
            data = pickle.dumps(v, protocol)
        except Exception as error:
            text = re.sub("0x[0-9a-f]+", "ADDRESS", f"{type(error).__name__}: {error}")
            print(number, type(v).__name__, protocol, text)
            continue
        shown = data if len(data) < 400 else (len(data), data[:40], hash(data))
        print(number, type(v).__name__, protocol, shown)
        back = pickle.loads(data)
        if not same(v, back):
            print("   back:", type(back).__name__, type(v).__name__)
        assert pickle._loads(data) is not Ellipsis or v is ...
