# The frames of generators and coroutines through which an exception is thrown into what they delegate to.
import sys
import traceback
import types
import warnings


def names():
    return [entry.name for entry in traceback.extract_stack()]


def inner():
    try:
        yield names()
    except ValueError:
        yield names(), sys._getframe().f_back.f_code.co_name, sys._getframe().f_back.f_lineno - outer.__code__.co_firstlineno
        yield names()


def outer():
    kept = [1, 2, 3]
    yield from inner()
    print("kept", kept)


def outermost():
    yield from outer()
    return "done"


generator = outermost()
print(next(generator))
print(generator.throw(ValueError))
print(generator.gi_running, generator.gi_yieldfrom.gi_running, generator.gi_suspended)
print(next(generator))
try:
    next(generator)
except StopIteration as stop:
    print(stop.value)


class Delegate:
    def __iter__(self):
        return self

    def __next__(self):
        return 1

    def throw(self, *arguments):
        print(names(), arguments)
        raise KeyError("thrown")


def delegating():
    try:
        yield from Delegate()
    except KeyError as error:
        print([entry.name for entry in traceback.extract_tb(error.__traceback__)])
        yield "caught"


generator = delegating()
next(generator)
print(generator.throw(ValueError))


async def first():
    return await second()


async def second():
    return await third()


@types.coroutine
def third():
    try:
        yield names()
    except ZeroDivisionError:
        yield names()


coroutine = first()
print(coroutine.send(None))
print(coroutine.throw(ZeroDivisionError))
coroutine.close()


def uncaught():
    yield 1


def passing():
    yield from uncaught()


def passing_twice():
    yield from passing()


generator = passing_twice()
next(generator)
try:
    generator.throw(IndexError("through"))
except IndexError as error:
    print([entry.name for entry in traceback.extract_tb(error.__traceback__)])
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    coroutine = first()
    coroutine.cr_frame.clear()
    print([str(warning.message) for warning in caught])
    print(coroutine.cr_frame is not None)
    coroutine.close()
