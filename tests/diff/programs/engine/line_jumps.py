"""frame.f_lineno = line inside a trace function: where it may go, what it says when it may not."""
import asyncio
import sys


class Jump:
    """Jumps once, from one line of a function to another; lines count from its def."""

    def __init__(self, function, start, end, event="line"):
        self.code, self.start, self.end, self.event, self.done = function.__code__, start, end, event, False
        lines = [line for _, _, line in self.code.co_lines() if line is not None]
        self.first = min(line for line in lines if line > self.code.co_firstlineno) - 1  # below the decorators

    def trace(self, frame, event, argument):
        if self.done or frame.f_code is not self.code:
            return None if frame.f_code is not self.code else self.trace
        first = self.first
        if event == self.event and (self.start is None or frame.f_lineno == first + self.start):
            self.done = True
            frame.f_lineno = first + self.end if isinstance(self.end, int) else self.end
        return self.trace


def jump(start, end, event="line"):
    def run(function):
        out = []
        tracer = Jump(function, start, end, event)
        try:
            sys.settrace(tracer.trace)
            try:
                if function.__code__.co_flags & 128:
                    asyncio.run(function(out))
                elif function.__code__.co_flags & 32:
                    out.append(list(function(out)))
                else:
                    function(out)
            finally:
                sys.settrace(None)
        except Exception as error:
            out.append(type(error).__name__ + ": " + str(error))
        print(function.__name__, start, end, out, sys.exc_info()[0])
        return function
    return run


@jump(1, 3)
def forwards(out):
    out.append(1)
    out.append(2)
    out.append(3)


@jump(2, 1)
def backwards(out):
    out.append(1)
    out.append(2)


@jump(3, 3)
def same(out):
    a = 1
    b = a + 1
    out.append((a, b))


@jump(4, 2)
@jump(3, 5)
@jump(5, 3)
@jump(5, 1)
@jump(1, 3)
@jump(1, 4)
def loops(out):
    out.append(1)
    for i in 1, 2:
        out.append(i)
        for j in [3, 4]:
            out.append((i, j))
    out.append(5)


@jump(4, 6)
@jump(6, 3)
@jump(2, 6)
def while_loop(out):
    i = 0
    while i < 3:
        i += 1
        out.append(i)
    out.append("end")
    i = 9


@jump(1, 3)
def unbound(out):
    out.append(0)
    x = 1
    out.append(x)


@jump(2, 5)
@jump(3, 1)
@jump(1, 2)
@jump(2, 9)
def try_finally(out):
    try:
        out.append(2)
        out.append(3)
    finally:
        out.append(5)
        out.append(6)
    out.append(7)


@jump(4, 5)
@jump(5, 7)
@jump(4, 1)
@jump(5, 8)
@jump(2, 4)
@jump(4, 2)
@jump(7, 5)
def handlers(out):
    try:
        1 / len(out) if len(out) else 1 / 0
    except ZeroDivisionError:
        out.append(4)
        out.append(repr(sys.exc_info()[1]))
    except ValueError:
        out.append(7)
    out.append(repr(sys.exc_info()[1]))


@jump(5, 9)
@jump(7, 5)
@jump(8, 3)
@jump(8, 9)
def nested_handlers(out):
    try:
        raise ValueError("outer")
    except ValueError as error:
        out.append(3)
        out.append(error.args)
        try:
            raise KeyError("inner")
        except KeyError as other:
            out.append(repr(sys.exc_info()[1]))
        out.append(repr(sys.exc_info()[1]))
    out.append(repr(sys.exc_info()[1]))


class Context:
    def __init__(self, out, number):
        self.out, self.number = out, number

    def __enter__(self):
        self.out.append("+%d" % self.number)
        return self

    def __exit__(self, *details):
        self.out.append("-%d" % self.number)

    async def __aenter__(self):
        return self.__enter__()

    async def __aexit__(self, *details):
        self.__exit__()


@jump(2, 3)
@jump(3, 1)
@jump(1, 4)
@jump(2, 5)
@jump(5, 2)
def contexts(out):
    with Context(out, 1):
        out.append(2)
        out.append(3)
    out.append(4)
    with Context(out, 2):
        out.append(6)


@jump(3, 5)
@jump(5, 2)
@jump(4, 7)
@jump(2, 4)
def generator(out):
    out.append(1)
    for i in range(3):
        yield i
        out.append(i)
        yield -i
    out.append(6)
    out.append(7)


@jump(3, 6)
@jump(5, 2)
@jump(2, 5)
@jump(1, 4)
async def coroutine(out):
    out.append(1)
    await asyncio.sleep(0)
    out.append(3)
    async with Context(out, 4):
        out.append(5)
    out.append(6)


@jump(1, -1)
@jump(1, 99)
@jump(1, "2")
@jump(1, True)
@jump(1, 10**30)
@jump(1, 1.0)
@jump(None, 2, "call")
@jump(None, 1, "return")
@jump(None, 2, "exception")
@jump(1, 0)
@jump(2, 4)
def refused(out):
    out.append(1)
    out.append(2)

    if len(out) > 9:
        raise LookupError
    def inner():
        out.append("inner")
    inner()
    try:
        {}["key"]
    except KeyError:
        out.append("handled")


def many(out):
    total = 0
    for i in range(5):
        for j in range(5):
            total += i * j
            if j > 2:
                continue
            total += 1
        out.append(total)
    return total


def trace_many(frame, event, argument):
    if frame.f_code is not many.__code__:
        return None
    if event == "line" and frame.f_lineno == many.__code__.co_firstlineno + 4 and frame.f_locals["total"] % 3 == 2:
        frame.f_lineno += 3
        frame.f_lineno -= 1
        print(frame.f_lineno - many.__code__.co_firstlineno, end=" ")
    return trace_many


result = []
sys.settrace(trace_many)
many(result)
sys.settrace(None)
print(result)

many_again = []
many(many_again)
print(many_again)

try:
    sys._getframe().f_lineno = 5
except ValueError as error:
    print(error)
try:
    del sys._getframe().f_lineno
except AttributeError as error:
    print(error)


start = forwards.__code__.co_firstlineno + 1


def events(frame, event, argument):
    if frame.f_code is forwards.__code__:
        print(event, frame.f_lineno - start)
        if event == "line" and frame.f_lineno == start + 1 and not seen:
            seen.append(1)
            frame.f_lineno += 1
    return events


seen = []
sys.settrace(events)
forwards([])
sys.settrace(None)

lines = []


def trace_module(frame, event, argument):
    if event == "line" and frame.f_lineno == 3 and not lines:
        lines.append(1)
        frame.f_lineno = 5
    return trace_module


source = "a = 1\nb = 2\nc = 3\nd = 4\ne = 5\nprint('c' in dir(), e)\n"
sys.settrace(trace_module)
exec(compile(source, "<text>", "exec"), {})
sys.settrace(None)


def reraises():
    try:
        return next(iter(()))
    except StopIteration:
        raise KeyError


def trace_leaving(frame, event, argument):
    if frame.f_code is reraises.__code__:
        print(event, frame.f_lineno - reraises.__code__.co_firstlineno)
    return trace_leaving


sys.settrace(trace_leaving)
try:
    reraises()
except KeyError:
    sys.settrace(None)
