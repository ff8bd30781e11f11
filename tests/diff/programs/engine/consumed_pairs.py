"""Generators that fill dicts and sets, with generators that meddle, and generators under zip, enumerate and map."""


class Key:
    def __init__(self, n):
        self.n = n

    def __hash__(self):
        return hash(self.n)

    def __eq__(self, other):
        print("eq", self.n, other.n if isinstance(other, Key) else other)
        return isinstance(other, Key) and self.n == other.n or self.n == other


def pairs(*items):
    for item in items:
        yield item


def shown(make):
    try:
        return make()
    except Exception as error:
        return type(error).__name__, str(error)


def meddling(d):
    yield "a", 1
    d["b"] = 5
    yield "b", 2
    d[Key(3)] = "key"
    yield 3, "three"
    del d["a"]
    yield "a", 4
    d.clear()
    yield "z", 9


def failing(d, n):
    for i in range(n):
        yield i, i
    raise ValueError(len(d))


print(dict((i % 5, i) for i in range(23)), dict(("k%d" % (i % 3), i) for i in range(9)))
print(dict((i, -i) for i in range(40)) == {i: -i for i in range(40)})
print(dict(pairs((1, 2), [3, 4], "ab", (5.0, 6), (5, 7), (True, 8), (None, 9))))
print(dict(pairs((Key(1), "first"), (1, "second"), (Key(1), "third"))).values())
print(len(dict(pairs((1, "int"), (Key(1), "key"), (2, 2), (Key(2), 3)))))
for bad in ((1, 2, 3), (1,), 7, "abc", ([], 1)):
    print(shown(lambda bad=bad: dict(pairs((1, 2), bad, (3, 4)))))
d = {}
d.update(meddling(d))
print(d)
d = {Key(1): "key", "x": 0}
d.update((i, i) for i in range(3))
print(list(d.values()))
for n in (0, 3, 30):
    d = {}
    print(shown(lambda: d.update(failing(d, n))), len(d))


class Sub(dict):
    def __setitem__(self, key, item):
        print("set", key)
        super().__setitem__(key, item)


print(Sub((i, i) for i in range(3)), dict(((i, i) for i in range(2)), i=5))
d = Sub()
d.update((c, 1) for c in "xyx")
d |= ((c, 2) for c in "yz")
print(d)
namespace = globals()
namespace.update(("fresh%d" % i, i * i) for i in range(4))
print(fresh0 + fresh3, shown(lambda: fresh4))  # noqa: F821
big = dict((i * 7919, str(i)) for i in range(3000))
print(len(big), big[7919 * 2999], sum(map(int, big.values())))
for i in range(0, 3000, 2):
    del big[i * 7919]
big.update((i, i) for i in range(5000))
print(len(big), list(big)[:3], list(big)[-2:])
print(set(pairs(1, "a", 2.0, 2, Key(1)))== {1, "a", 2.0}, sorted(set(i & 7 for i in range(50))))

print(list(zip(pairs(1, 2, 3), pairs("a", "b"))), list(enumerate(pairs("x", "y"), 5)), list(map(abs, pairs(-1, -2))))
one = pairs(1, 2, 3, 4, 5)
print(list(zip(one, one)), next(one, "end"))
gone = pairs(1, 2)
print([shown(lambda: next(iter(map(next, [gone])))) for _ in range(3)])


def again():
    yield 1
    yield from zip(me, me)


me = again()
print(shown(lambda: list(map(str, me))))


def stops():
    yield 1
    raise StopIteration("inside")


print(shown(lambda: list(zip(stops(), range(9)))), shown(lambda: list(enumerate(stops()))))
print(shown(lambda: list(zip(pairs(1, 2), pairs(1), strict=True))))
print(max(zip(pairs(3, 1), pairs(0, 9))), sum(map(lambda a, b: a * b, pairs(1, 2), pairs(3, 4))))
for i, (a, b) in enumerate(zip(pairs("p", "q"), pairs("r", "s"))):
    print(i, a, b)
