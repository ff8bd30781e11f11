"""Generators run to their end by builtins: values of every kind, errors and odd programs on the way."""


def numbers(*items):
    yield from items


def noting(items, log):
    for item in items:
        log.append(item)
        yield item
    log.append("end")


def attempt(label, function):
    try:
        print(label, function())
    except Exception as error:
        print(label, type(error).__name__, error, type(error.__context__).__name__)


print(sum(x for x in range(10)), sum((x for x in range(3)), 100), sum(x / 2 for x in range(5)))
print(sum(numbers(1, 2, True, 2.5, 3, 1 << 70, 0.5)), sum(numbers()), sum(numbers(1 << 61, 1 << 61, 1 << 62, 5)))
print(sum(numbers(1, 2j, 3)), sum(numbers([1], [2]), []), sum(numbers(0.1, 0.2, -0.0, 1e308, 1e308)))
attempt("sum", lambda: sum(numbers(1, "a", 2)))
print(min(numbers(3, 1, 2)), max(numbers(3, 1, 2)), max(numbers(1.5, 2, 2.5, True)), min(numbers("b", "a")))
print(max(numbers(1, float("nan"), 0)), min(numbers(float("nan"), 1)), max(x % 7 for x in range(100)))
print(max(numbers(4, -9, 3), key=abs), min(numbers(), default="none"))
attempt("max", lambda: max(numbers()))
attempt("min", lambda: min(numbers(1, "a")))
log = []
print(any(noting([0, "", None, False, 5, 6], log)), log)
log = []
print(all(noting([1, True, True, "x", 0, 9], log)), log)
log = []
print(any(noting([False, False], log)), all(noting([True, True], log)), log)
print(list(x * x for x in range(20)), tuple(numbers(*"abc")), ",".join(str(x) for x in range(12)))
print(sorted(-x for x in range(6)), set(x & 3 for x in range(9)), dict((x, x * 2) for x in range(4)))
print(list(zip((x for x in range(3)), (y for y in "abc"))), list(map(lambda a: a + 1, numbers(1, 2))))


def failing(n):
    for i in range(n):
        yield i
    raise KeyError(n)


for consumer in (sum, list, tuple, max, min, any, all, sorted, set):
    attempt(consumer.__name__, lambda: consumer(failing(3)))


def stopping():
    yield 1
    raise StopIteration(5)


attempt("stop", lambda: list(stopping()))
attempt("stop", lambda: sum(stopping()))


def closing(log):
    try:
        yield 0
        yield 1
        yield 2
    finally:
        log.append("closed")


log = []
g = closing(log)
print(any(g), log, next(g), list(g), log, list(g), sum(g))


def itself():
    yield 1
    attempt("again", lambda: next(own))
    attempt("again", lambda: sum(own))
    yield 2


own = itself()
print(sum(own), own.gi_frame)


def watched():
    for i in range(3):
        frames.append((watching.gi_running, watching.gi_frame.f_locals["i"], watching.gi_yieldfrom))
        yield i


frames = []
watching = watched()
print(sum(watching), frames)


def growing(target):
    for i in range(6):
        if i == 3:
            target.append("in between")
        if i == 5:
            del target[0]
        yield i


target = [7, 8]
target.extend(growing(target))
print(target)
target += growing(target)
print(target)


def handling():
    try:
        raise ValueError("inner")
    except ValueError:
        yield 1
        yield 2
        try:
            raise KeyError("second")
        except KeyError as error:
            yield repr(error.__context__)


try:
    raise TypeError("outer")
except TypeError:
    print(list(handling()), list(numbers(1, 2)))


def deep(n):
    if n:
        yield from deep(n - 1)
    yield n


print(sum(deep(50)), list(deep(5)), max(deep(30)))


def nested(n):
    return sum(nested(n - 1) if n else 1 for _ in range(2))


print(nested(8))
