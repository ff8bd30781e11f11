# Under a trace function, what is awaited or delegated to ends with a StopIteration that is reported, or without one.
import sys


def part(result):
    yield 1
    return result


class Items:
    def __init__(self):
        self.count = 0

    def __iter__(self):
        return self

    def __next__(self):
        self.count += 1
        if self.count > 1:
            raise StopIteration
        return self.count


def whole():
    yield from part(None)
    yield from part(5)
    yield from [1]
    yield from Items()


async def answer(result):
    return result


async def numbers():
    yield 1
    yield None


async def main():
    await answer(None)
    await answer(3)
    async for _ in numbers():
        pass
    return [number async for number in numbers()]


events = []


def trace(frame, event, argument):
    what = (argument[0].__name__, argument[1].args) if event == "exception" else ()
    events.append((frame.f_code.co_name, frame.f_lineno, event, *what))
    return trace


sys.settrace(trace)
list(whole())
try:
    main().send(None)
except StopIteration as stop:
    sys.settrace(None)
    print(stop.value)
for event in events:
    print(*event)
