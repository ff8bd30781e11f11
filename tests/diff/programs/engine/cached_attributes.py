"""Sites that remember where an attribute was found: of classes, of __slots__, of instances made early, __class__, modules."""
import math


class Base:
    limit = 1

    @staticmethod
    def twice(x):
        return 2 * x

    @classmethod
    def named(cls):
        return cls.__name__

    def plain(self):
        return "plain", type(self).__name__


class Derived(Base):
    pass


def limits(classes):
    found = []
    for c in classes:
        found.append(c.limit)
    return found


print(limits([Base, Derived, Base, Derived]))
Base.limit = 2
print(limits([Base, Derived, Base]))
Derived.limit = 3
print(limits([Base, Derived, Base, Derived]))
del Derived.limit
print(limits([Derived, Base]))


class Meta(type):
    pass


class Special(metaclass=Meta):
    limit = 4


print(limits([Special, Base, Special]))
Meta.limit = property(lambda c: "of the metaclass")
print(limits([Special, Base, Special]))


class Answer:
    pass


class Holder:
    answer = Answer()


def answers():
    return [Holder.answer for _ in range(2)]


print([type(a).__name__ for a in answers()])
Answer.__get__ = lambda self, instance, owner: "descriptor of %s" % owner.__name__
print(answers())


def calls():
    out = []
    for c in (Base, Derived):
        for _ in range(2):
            out += [c.twice(4), c.named(), c.plain(c())]
    return out


print(calls())
Base.twice = staticmethod(lambda x: -x)
print(calls())


class Slotted:
    __slots__ = ("a", "b")


def read(objects):
    out = []
    for o in objects:
        try:
            out.append((o.a, o.b))
        except AttributeError as error:
            out.append(str(error))
    return out


full, half = Slotted(), Slotted()
for o in (full, half):
    o.a = 1
full.b = 2
print(read([full, half, full, half]))
del full.a
half.b = 5
print(read([full, half]))
Slotted.a = 7
print(read([half]))
try:
    half.a = 8
except AttributeError as error:
    print(error)


class Many:
    def __init__(self, n):
        for name in "abcdefghij":
            setattr(self, name, n)
        self.k = n + 1
        self.l = n + 2
        self.m = n + 3


def total(objects):
    s = 0
    for o in objects:
        o.m += o.l
        o.l = o.k
        s += o.a + o.j + o.k + o.l + o.m
    return s


many = [Many(i) for i in range(30)]
print(total(many), total(many), total(many[:1] * 3))
many[0].__dict__["l"] = 100
del many[1].m
print(many[0].l, hasattr(many[1], "m"), total(many[:1]))


class Pretender:
    @property
    def __class__(self):
        return int


def classes(objects):
    return [o.__class__.__name__ for o in objects]


print(classes([1, "s", Base(), Pretender(), Derived(), None]), isinstance(Pretender(), int))
changing = Base()
print(classes([changing, changing]))
changing.__class__ = Derived
print(classes([changing, changing]))


def roots():
    return [math.sqrt(16) for _ in range(3)]


print(roots())
kept, math.sqrt = math.sqrt, lambda x: "replaced"
print(roots())
math.sqrt = kept
print(roots())
