"""Generators run on slots of their own: calls out of them, into them, through them, raising and being looked at."""
import gc
import sys
import traceback


def add(a, b=2, *rest, c=3, **named):
    return a + b + c + sum(rest) + len(named)


class Point:
    def __init__(self, x, y=1):
        self.x, self.y = x, y

    @property
    def both(self):
        return self.x, self.y

    def __enter__(self):
        return self.x

    def __exit__(self, *details):
        return True


def every_kind_of_call(n):
    arguments, named = (1, 2, 3, 4), {"c": 9, "d": 10}
    for i in range(n):
        yield add(i)
        yield add(i, 5, 6, 7, c=1, d=2)
        yield add(*arguments, **named)
        yield (lambda x, y: x * y)(i, i)
        yield Point(i).both
        yield Point(y=i, x=2).both
        yield [j + i for j in range(3)]
        yield sum(j * i for j in range(4))
        yield sorted([3, 1, 2], key=lambda k: -k * (i + 1))
        with Point(i) as entered:
            yield entered
            raise ValueError(i)
        yield "%s %r" % (Point, i) if i > 10 ** 6 else str(i)


print(list(every_kind_of_call(3)))
print([v for v in every_kind_of_call(2)])


def deep(n):
    if n:
        yield from deep(n - 1)
    yield n


print(sum(deep(150)), max(deep(60)))


def nested(items):
    for i in range(len(items)):
        rest = items[:i] + items[i + 1:]
        if not rest:
            yield (items[i],)
        for tail in nested(rest):
            yield (items[i],) + tail


print(len(list(nested([1, 2, 3, 4, 5]))), next(nested("abc")))


def raising(n):
    local = [n]
    try:
        yield local
        local.append(n // 0)
    finally:
        local.append("left")


generator = raising(4)
kept = next(generator)
try:
    next(generator)
except ZeroDivisionError as error:
    frame = error.__traceback__.tb_next.tb_frame
    print(kept, frame.f_locals, frame.f_code.co_name)
    print([entry.name for entry in traceback.extract_tb(error.__traceback__)])


def watched():
    a = 1
    b = yield sys._getframe().f_locals["a"]
    c = b + a
    yield sys._getframe().f_locals["c"]
    yield sorted(locals())


generator = watched()
print(next(generator), generator.send(41), next(generator), generator.gi_frame.f_locals["c"])
print(next(generator, "end"), generator.gi_frame)


def collected():
    made = [Point(i) for i in range(50)]
    for point in made:
        gc.collect()
        yield point.x
        if point.x == 3:
            return


print(sum(collected()))


def recursive():
    yield from recursive()


try:
    list(recursive())
except RecursionError as error:
    print(type(error).__name__)


def echo():
    got = None
    while True:
        try:
            got = yield add(1, 1, c=got or 0)
        except KeyError as error:
            got = len(error.args)


generator = echo()
print(next(generator), generator.send(5), generator.throw(KeyError("a", "b")), generator.send(1))
generator.close()


async def step(n):
    return add(n)


async def steps(n):
    total = 0
    for i in range(n):
        total += await step(i)
    return total


coroutine = steps(5)
try:
    coroutine.send(None)
except StopIteration as stop:
    print(stop.value)
