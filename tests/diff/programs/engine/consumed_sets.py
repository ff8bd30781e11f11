"""Sets filled by generators: the values are taken while the generator's frame runs, unless comparing them may run code."""


class Same:
    def __init__(self, number):
        self.number = number

    def __hash__(self):
        return hash(self.number)

    def __eq__(self, other):
        print("compared with", getattr(other, "number", other))
        return False


def numbers(n, *more):
    for i in range(n):
        yield i % 17
        if i % 5 == 0:
            yield "s%d" % (i % 7)
    yield from more


print(sorted(set(numbers(100)), key=str), len(set(x for x in range(10000))))
print(len(set(numbers(10, Same(3), 3, Same(4), 4, 1.5, (1, 2)))))
held = {Same(2)}
held.update(x for x in range(5))
print(len(held))
held = set()


def changing():
    for i in range(100):
        if i == 50:
            held.clear()
        if i == 60:
            held.add(Same(63))
        if i == 70:
            held.update(range(1000, 1100))
        yield i


held.update(changing())
print(len(held), sum(x for x in held if isinstance(x, int)))


def unhashable():
    yield 1
    yield []


def failing():
    yield 1
    raise KeyError("x")


for make in unhashable, failing:
    try:
        set(make())
    except (TypeError, KeyError) as error:
        print(repr(error))
print(frozenset(c for c in "hello world") == frozenset("hello world"))
several = set(numbers(20))
several.update(numbers(30), numbers(40))
print(len(several), list(set(i * 7 % 101 for i in range(300)))[:20])
