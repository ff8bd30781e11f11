# mro() of metaclasses that change __bases__ while they run; slots in another order; descriptors used wrongly.
import copyreg


class Meta(type):
    steps = 0

    def mro(cls):
        print("mro of", cls.__name__, "had", cls.__mro__ is not None)
        if Meta.action:
            Meta.action(cls)
        return type.mro(cls)

    action = None

    def __repr__(cls):
        return cls.__name__


class A(metaclass=Meta):
    pass


class B1(A):
    pass


class B2(A):
    pass


class C(A):
    pass


def cross(cls):
    if cls.__name__ == "B1":
        B2.__bases__ = (B1,)
    if cls.__name__ == "B2":
        B1.__bases__ = (B2,)


Meta.action = cross
try:
    B1.__bases__ += ()
except TypeError as error:
    print(error)
print(B1.__mro__, B2.__mro__, B1.__bases__, B2.__bases__, A.__subclasses__())


def once(cls):
    if cls.__name__ == "C" and not Meta.steps:
        Meta.steps = 1
        C.__bases__ = (B2,)


Meta.action = once
C.__bases__ = (B1,)
print(C.__bases__, C.__mro__, B1.__subclasses__(), B2.__subclasses__())
Meta.action = None
B1.__bases__ = (C,)
print(B1.__mro__, C.__subclasses__())


def extend(cls):
    if cls.__mro__ is None and cls.__name__ == "D":
        try:
            class X(cls):
                pass
        except TypeError as error:
            print(error)
        try:
            super(cls, cls).nothing
        except AttributeError as error:
            print(error)


Meta.action = extend


class D(metaclass=Meta):
    pass


class Backwards(type):
    def mro(cls):
        return type.mro(cls)[::-1]


class P:
    def f(self):
        return "P"


class Q(P):
    def f(self):
        return "Q"


class R(Q, metaclass=Backwards):
    pass


print(R.__mro__, R().f(), isinstance(R(), R), issubclass(R, P))


class Partial(type):
    def mro(cls):
        return [P]


try:
    class S(P, metaclass=Partial):
        pass
except TypeError as error:
    print(error)


class G:
    __slots__ = ["a", "b"]


class H:
    __slots__ = ["b", "a"]


item = G()
item.a, item.b = 1, 2
item.__class__ = H
print(type(item).__name__, item.a, item.b, H.__slots__)
for slots in (["foo bar"], ["1"], [""], [None], ["foo\0bar"]):
    try:
        type("T", (), {"__slots__": slots})
    except TypeError as error:
        print(error)
descriptor = dict.__dict__["fromkeys"]
for arguments in ((None, None), (42,), (None, 42), (None, int), ({},), (None, dict)):
    try:
        print(descriptor.__get__(*arguments)([1]))
    except TypeError as error:
        print(error)
print([].__add__.__objclass__, classmethod(lambda: 0).__dict__.keys() - {"x"} == {"__module__", "__name__", "__qualname__", "__doc__", "__annotations__"})
for name in "fget", "fset", "fdel":
    try:
        setattr(property(), name, 1)
    except AttributeError as error:
        print(error)
try:
    del P.__abstractmethods__
except AttributeError as error:
    print(error)


class Super(super):
    pass


class K(Q):
    def f(self):
        return type(self._K__super).__name__ + self._K__super.f()


K._K__super = Super(K)
print(K().f())


class Base:
    pass


class MetaFirst(Base, type):
    pass


class Made(metaclass=MetaFirst):
    pass


print(type(Made.__dict__).__name__)
try:
    Made.__dict__ = {}
except AttributeError as error:
    print(error)


class Args:
    def __init__(self, answer):
        self.answer = answer

    def __getnewargs_ex__(self):
        return self.answer


for answer in ((), "bad", ((), 1), (1, {}), ((1,), {}), ((1,), {"k": 2})):
    try:
        print(Args(answer).__reduce_ex__(2)[1][1:])
    except (TypeError, ValueError) as error:
        print(type(error).__name__, error)


class Slotted:
    __slots__ = ("one", "__two")

    def __init__(self):
        self.one, self.__two = 1, 2


print(Slotted().__reduce_ex__(2)[2], copyreg.__newobj__ is Slotted().__reduce_ex__(2)[0])


class Counting(int):
    hashed = 0

    def __hash__(self):
        Counting.hashed += 1
        return int(self)

    compared = 0

    def __eq__(self, other):
        Counting.compared += 1
        return int(self) == int(other)


numbers = {Counting(n) for n in range(5)}
Counting.hashed = 0
dict.fromkeys(numbers)
dict.fromkeys(frozenset(numbers))
print(Counting.hashed)
table = {}
table.setdefault(Counting(1), 0)
Counting.compared = 0
table.setdefault(Counting(1 + 2 ** 61 - 1), 0)
print(Counting.compared, len(table))
