# Functions with free variables: their call is reported like any other's.
import sys


def record(set_hook, callable):
    events, frames = [], []

    def hook(frame, event, argument):
        if frame not in frames:
            frames.append(frame)
        if event in ("call", "line", "return", "exception"):
            events.append((frames.index(frame), event, frame.f_code.co_name, frame.f_lineno - frame.f_code.co_firstlineno))
        return hook

    set_hook(hook)
    try:
        callable()
    finally:
        set_hook(None)
    for event in events:
        if event[2] not in ("record", "hook"):
            print(*event)
    print("--")


def closures():
    base = 1

    def inner(x):
        if x:
            raise KeyError(base)
        return base

    def outer():
        try:
            inner(True)
        except KeyError:
            pass
        return inner(False)

    def numbers():
        for i in range(2):
            yield i + base

    def drain():
        return sum(numbers())

    def generator_expression():
        return [list(x + base for x in range(2)), {y + base for y in (1, 2)}]

    class Local:
        def method(self):
            return base, __class__

    return outer, drain, generator_expression, Local().method


for callable in closures():
    for set_hook in (sys.settrace, sys.setprofile):
        record(set_hook, callable)
