"""Coroutines driven by hand: send, throw, close, awaitables, wrappers, async with, errors."""
import types


@types.coroutine
def tick(value):
    return (yield value)


def run(coroutine, *answers):
    seen = []
    answers = list(answers)
    try:
        sent = None
        while True:
            seen.append(coroutine.send(sent))
            sent = answers.pop(0) if answers else None
    except StopIteration as stop:
        return seen, stop.value


async def add(a, b):
    return await tick(a) + await tick(b)


print(run(add(1, 2), 10, 20))
c = add(1, 2)
print(type(c).__name__, c.__name__, c.__qualname__, c.cr_running, c.cr_await, c.cr_origin, c.cr_suspended)
print(c.send(None), c.cr_suspended, type(c.cr_await).__name__)
try:
    c.throw(ValueError("thrown"))
except ValueError as e:
    print(e)
for use in c.send, c.throw:
    try:
        use(None if use == c.send else ValueError())
    except RuntimeError as e:
        print(e)
c = add(1, 2)
try:
    c.send(1)
except TypeError as e:
    print(e)
c.close()
c = add(1, 2)
w = c.__await__()
print(type(w).__name__, next(w), w.send(5))
try:
    w.send(6)
except StopIteration as e:
    print(e.value)


class Awaitable:
    def __init__(self, result):
        self.result = result

    def __await__(self):
        got = yield ("awaiting", self.result)
        return self.result, got


async def both():
    return await Awaitable(1), await Awaitable(2)


print(run(both(), "a", "b"))


class Manager:
    def __init__(self, swallow):
        self.swallow = swallow

    async def __aenter__(self):
        print("enter", await tick("entering"))
        return self

    async def __aexit__(self, kind, value, traceback):
        print("exit", kind and kind.__name__, value, await tick("leaving"))
        return self.swallow


async def managed(swallow, fail):
    async with Manager(swallow) as one, Manager(False):
        if fail:
            raise KeyError("inside")
        return "returned"
    return "after"


print(run(managed(False, False), 1, 2, 3, 4))
print(run(managed(True, True), 1, 2, 3, 4))
try:
    run(managed(False, True))
except KeyError as e:
    print("KeyError", e)


class Wrong:
    def __aenter__(self):
        return 1

    async def __aexit__(self, *details):
        pass


async def wrong_enter():
    async with Wrong():
        pass


async def not_a_manager():
    async with 5:
        pass


async def not_awaitable():
    await 5


class ReturnsNumber:
    def __await__(self):
        return 5


class ReturnsCoroutine:
    def __await__(self):
        return add(1, 2)


async def wait_for(what):
    await what


waiting = ReturnsCoroutine()
for make in wrong_enter, not_a_manager, not_awaitable, lambda: wait_for(ReturnsNumber()):
    try:
        make().send(None)
    except (TypeError, AttributeError) as e:
        print(type(e).__name__, e)

shared = add(1, 2)
shared_first, shared_second = wait_for(shared), wait_for(shared)
print(shared_first.send(None))
try:
    shared_second.send(None)
except RuntimeError as e:
    print(e)
shared_first.close()


def plain():
    yield from add(1, 2)


try:
    next(plain())
except TypeError as e:
    print(e)


async def comprehensions():
    async def numbers(n):
        for i in range(n):
            yield i
            await tick(i)
    return ([i async for i in numbers(3)], {i async for i in numbers(2)}, {i: -i async for i in numbers(2)},
            [await tick(i) for i in range(2)], [j async for i in numbers(3) if i async for j in numbers(i)])


print(run(comprehensions(), *range(100)))


async def loops():
    class Countdown:
        def __init__(self, n):
            self.n = n

        def __aiter__(self):
            return self

        async def __anext__(self):
            if self.n == 0:
                raise StopAsyncIteration
            self.n -= 1
            await tick("count")
            return self.n
    async for i in Countdown(2):
        print("item", i)
    else:
        print("else")
    async for i in Countdown(5):
        if i == 3:
            break
    iterator = aiter(Countdown(1))
    return i, await anext(iterator), await anext(iterator, "end"), await anext(iterator, None)


print(run(loops()))


async def stop_inside():
    raise StopIteration(3)


try:
    stop_inside().send(None)
except RuntimeError as e:
    print(e, repr(e.__cause__))
print(types.coroutine(lambda: None)() is None)
