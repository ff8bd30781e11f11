# What types answer at the edges of their protocols: sizes that do not fit, __index__ of the wrong type, changes meanwhile.
import gc
import types
import warnings
from itertools import combinations, product, repeat


def report(function):
    try:
        print(function())
    except Exception as error:
        print(type(error).__name__, error)


huge = 2**64
report(lambda: repeat(1, huge))
report(lambda: product([1], repeat=huge))
report(lambda: combinations([1], huge))
report(lambda: [1] * huge)
report(lambda: [1].insert(huge, 1))
report(lambda: "abc"[huge])
report(lambda: bytes(huge))
report(lambda: len(range(2**63 - 1)))
report(lambda: len(range(2**63)))


class Wrong:
    def __index__(self):
        return "one"


class Whole(int):
    pass


class Strict:
    def __index__(self):
        return Whole(2)


report(lambda: range(Wrong()))
report(lambda: [1, 2][: Wrong()])
report(lambda: bin(Wrong()))
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    print([1, 2, 3][Strict()], len(caught) > 0, caught[0].category.__name__)


class Hidden:
    @property
    def __eq__(self):
        raise AttributeError("hidden")


report(lambda: Hidden() == 1)


def keywords(**given):
    return given


report(lambda: keywords(**{1: 3}, **{1: 5}))
report(lambda: {**[1, 2]})
report(lambda: complex(1, {}))
report(lambda: property().__set_name__())

proxy = types.MappingProxyType({"a": 1, "b": 2})
print(list(reversed(proxy)))


def update():
    changed = proxy
    changed |= {"c": 3}


report(update)
names = types.SimpleNamespace(x=1)
names.own = names
print(names)
print(gc.is_tracked([]), gc.is_tracked(1), gc.is_tracked({}), gc.is_tracked({"a": []}), gc.is_tracked("a"))


class Annotated:
    @staticmethod
    def plain(a: int) -> str:
        """text"""

    @classmethod
    def bound(cls, b: int):
        return cls.__name__


print(Annotated.__dict__["plain"].__annotations__, Annotated.__dict__["bound"].__annotations__)


class Bound:
    def method(self, other, number):
        return type(self).__name__, other.__name__, number


class Other:
    again = classmethod(Bound().method)


print(Other.again(1))


class Clearing:
    def __init__(self, victims):
        self.victims = victims

    def __hash__(self):
        return 0

    def __eq__(self, other):
        for victim in self.victims:
            victim.clear()
        return False


for operation in ("&", "|", "-", "^"):
    for victim in (0, 1):
        victims = []
        sets = [{Clearing(victims) for _ in range(5)} for _ in range(2)]
        victims.append(sets[victim])
        try:
            eval("a %s b" % operation, {"a": sets[0], "b": sets[1]})
        except RuntimeError:
            pass
print("survived")


class Once(type):
    def mro(cls):
        if cls.__dict__.get("made"):
            raise RuntimeError("no")
        return type.mro(cls)


class A:
    pass


class B:
    pass


class C(A):
    pass


class D(C, metaclass=Once):
    pass


D.made = True


def rebase():
    C.__bases__ = (B,)


report(rebase)
print(C.__mro__[1].__name__, D.__mro__[1].__name__)
