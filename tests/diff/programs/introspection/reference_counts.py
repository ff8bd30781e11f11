"""sys.getrefcount, gc.collect's answer, gc.get_referents and gc.get_referrers: found by looking at the whole heap."""
import gc
import sys

gc.collect()
numbers = []
print(sys.getrefcount(numbers), sys.getrefcount([]), sys.getrefcount(object()))
other = numbers
holder = [numbers, numbers, {"key": numbers}]
print(sys.getrefcount(numbers))


class Plain:
    def method(self):
        return sys.getrefcount(self)


plain = Plain()
plain.attribute = numbers
print(sys.getrefcount(numbers), sys.getrefcount(plain), plain.method(), Plain().method())
del holder, other, plain.attribute
print(sys.getrefcount(numbers))


def nested(parameter):
    alias = parameter
    print(sys.getrefcount(parameter), sys.getrefcount(alias))

    def inner():
        return parameter
    print(sys.getrefcount(parameter))
    return inner


nested(numbers)
for item in [Plain(), Plain()]:
    print(sys.getrefcount(item))
print([sys.getrefcount(item) for item in [Plain()]])


def loops():
    items = [1, 2]
    for _ in items:
        print(sys.getrefcount(items), end=" ")
    pair = (items, items)
    print(sys.getrefcount(items), sys.getrefcount(pair), sys.getrefcount(loops))


loops()
store = bytearray(5)
view = memoryview(store)
print(sys.getrefcount(store), sys.getrefcount(view))
iterator = iter(numbers)
print(sys.getrefcount(numbers), sys.getrefcount(iterator))


def generator():
    kept = numbers
    yield sys.getrefcount(kept)


running = generator()
print(next(running), sys.getrefcount(numbers))


def make_list():
    circle = []
    circle.append(circle)


def make_instances():
    first, second = Plain(), Plain()
    first.other, second.other = second, first
    second.items = [1, 2, []]
    second.plain = (1, 2)


def make_function():
    def itself():
        return itself


def make_dict():
    table = {}
    table[1] = table


def make_method():
    target = Plain()
    target.bound = target.method


def make_nothing():
    return [[1], {2: [3]}, Plain()]


for make in (make_list, make_instances, make_function, make_dict, make_method, make_nothing):
    make()
    print(make.__name__, gc.collect())

for number in range(3):
    make_list()
print(gc.collect(), gc.collect())

inner = [2]
outer = [1, inner, {3: 4}]
print(gc.get_referents(outer), gc.get_referents({1: inner}), gc.get_referents({"a": inner, "b": 5}), gc.get_referents((7, inner)))
print(gc.get_referents(), gc.get_referents(5))
print([referrer for referrer in gc.get_referrers(inner) if referrer is outer] == [outer], outer in gc.get_referrers(inner))
