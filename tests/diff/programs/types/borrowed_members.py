"""Members of __slots__ in classes they were not made for, again and again; sorts of lists that are changed meanwhile; names deleted
from namespaces of other kinds; what a class says that it is."""
import functools


class Slotted:
    __slots__ = ("slot",)


class Shadowing:
    __slots__ = ("shadowed",)
    member = Slotted.slot


class Borrowing:
    member = Slotted.slot


class Heir(Slotted):
    member = Slotted.slot


def load(target):
    return target.member


def store(target):
    target.member = 42


for target in (Shadowing(), Borrowing(), Heir()):
    outcomes = set()
    for function in (store, load):
        for _ in range(40):
            try:
                outcomes.add(str(function(target)))
            except TypeError as error:
                outcomes.add(str(error))
    print(sorted(outcomes))


def sort_while(change):
    items = list(range(20))

    def key(x):
        change(items)
        return -x
    try:
        items.sort(key=key)
        print("sorted", items[:3])
    except ValueError as error:
        print(error, items[:3], len(items))


def push_and_pop(items):
    items.append(1)
    items.pop()


def push_and_clear(items):
    items.append(1)
    items.clear()


sort_while(push_and_pop)
sort_while(push_and_clear)
sort_while(lambda items: items.append(1))
sort_while(lambda items: items.clear())
sort_while(lambda items: items.extend([]))
sort_while(lambda items: items.__setitem__(slice(None), []))
sort_while(lambda items: len(items))
changed = list(range(10))


def compare(a, b):
    changed.append(3)
    changed.pop()
    return (a > b) - (a < b)


try:
    changed.sort(key=functools.cmp_to_key(compare))
except ValueError as error:
    print(error)


class Namespace(dict):
    def __getitem__(self, name):
        print("get", name)
        return super().__getitem__(name)

    def __delitem__(self, name):
        print("delete", name)
        super().__delitem__(name)


exec("a = 1\ndel a\ntry:\n    del b\nexcept NameError as error:\n    print(error)", {}, Namespace())


class Meta(type):
    @classmethod
    def __prepare__(mcs, name, bases):
        return Namespace()


class Made(metaclass=Meta):
    a = 1
    del a
    try:
        del b
    except NameError as error:
        print(error)


class Liar:
    __class__ = None

    def __init__(self):
        self.bar = "wow"


class Actor:
    __class__ = property(lambda self: int)

    def __init__(self):
        self.bar = "wow"


print(dir(Liar()), "bar" in dir(Actor()), "bit_length" in dir(Actor()))
print(set(dir(list)) - set(dir(list[int])), sorted(set(dir(list[int])) - set(dir(list))), list[int].__bases__)
made = type("Made", (), {})
made.__annotations__ = {}
del made.__annotations__
try:
    del made.__annotations__
except AttributeError as error:
    print(error)
print(type(made.__dict__["__weakref__"]).__name__, made.__dict__["__weakref__"].__doc__, made.__dict__["__dict__"].__doc__)
