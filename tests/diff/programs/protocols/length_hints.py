# Who asks whom how long it is: the iterable, its iterator, or nobody.
import array
import collections
import weakref


class Loud:
    def __init__(self, items):
        self.items = iter(items)

    def __iter__(self):
        return self

    def __next__(self):
        return next(self.items)

    def __length_hint__(self):
        print("(iterator)", end=" ")
        return 1


class Handing:
    def __init__(self, items):
        self.items = items

    def __iter__(self):
        return Loud(self.items)

    def __len__(self):
        print("(length)", end=" ")
        return 1


class Refusing(Loud):
    def __length_hint__(self):
        raise NotImplementedError("not asked for")


def insert(items):
    target = [1, 2]
    target[0:1] = items
    return target


def extend(items):
    target = [1, 2]
    target.extend(items)
    return target


takers = [("join", "".join, "ab"), ("bytes join", b"".join, [b"a", b"b"]), ("list", list, "ab"), ("tuple", tuple, "ab"),
          ("sorted", sorted, "ba"), ("set", set, "a"), ("bytes", bytes, [1, 2]), ("bytearray", bytearray, [1, 2]),
          ("deque", collections.deque, "ab"), ("fromkeys", dict.fromkeys, "ab"), ("sum", sum, [1, 2]), ("max", max, [1, 2]),
          ("slice", insert, [8, 9]), ("extend", extend, [8, 9]), ("star", lambda items: [*items], "ab"),
          ("array", lambda items: array.array("b", items), [1, 2]), ("dict", dict, ["ab", "cd"])]
for kind in (Loud, Handing, Refusing):
    for name, take, items in takers:
        try:
            print(name, take(kind(items)))
        except NotImplementedError as error:
            print(name, error)
for wrong in (lambda: "".join(1), lambda: b"".join(1), lambda: insert(1), lambda: [].__setitem__(slice(0, 0, 2), 1)):
    try:
        wrong()
    except TypeError as error:
        print(error)


class Mapping(dict):
    def keys(self):
        yield "b"
        yield "a"


print(eval("dir()", {}, Mapping()))


class Referred:
    def __iter__(self):
        return iter((1, 2))

    def __next__(self):
        return 5

    def __neg__(self):
        return -7

    def __call__(self):
        return "called"


class Plain:
    __slots__ = ("value", "__weakref__")


class Reference(weakref.ref):
    __slots__ = ("key",)

    def __new__(cls, target, callback, key):
        self = super().__new__(cls, target, callback)
        self.key = key
        return self

    def __init__(self, target, callback, key):
        super().__init__(target, callback)


def gone(reference):
    print("gone", reference.key, reference() is None)


referred = Referred()
proxy = weakref.proxy(referred)
print(type(proxy), type(weakref.proxy(Plain)), type(weakref.ref(referred)))
print(next(proxy), -proxy, proxy(), list(proxy))
plain = Plain()
print(type(weakref.proxy(plain)))
references = [Reference(plain, gone, number) for number in range(3)]
print([reference() is plain for reference in references], references[0].__callback__ is gone)
shared = weakref.ref(plain)
print(shared is weakref.ref(plain), Reference(plain, None, "x") is not shared, shared() is plain)
