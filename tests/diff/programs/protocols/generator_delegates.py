# What reaches a delegate that is no generator when something is thrown into the generator, and what comes back from it.
class Delegate:
    def __init__(self, answer):
        self.answer = answer

    def __iter__(self):
        return self

    def __next__(self):
        return "next"

    def throw(self, *arguments):
        print("throw", arguments)
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer


class Mute:
    def __iter__(self):
        return self

    def __next__(self):
        return "mute"


def delegating(delegate):
    result = yield from delegate
    print("result", result)
    yield "after"


def twice(delegate):
    yield from delegating(delegate)


def attempt(make, *arguments):
    generator = make()
    next(generator)
    try:
        print(generator.throw(*arguments))
    except BaseException as error:
        print(type(error).__name__, error)
    try:
        print(next(generator))
    except BaseException as error:
        print(type(error).__name__, error)


for wrap in (delegating, twice):
    for thrown in ((123,), ("text", 4), (ValueError,), (ValueError, "x"), (ValueError("y"),), (None,), (GeneratorExit,)):
        attempt(lambda: wrap(Delegate("answer")), *thrown)
        attempt(lambda: wrap(Delegate(StopIteration("value"))), *thrown)
        attempt(lambda: wrap(Delegate(KeyError("key"))), *thrown)
        attempt(lambda: wrap(Mute()), *thrown)


def stops(number):
    if number < 2:
        return number
    raise StopIteration("from inside")


def over_map():
    print("map gave", (yield from map(stops, range(5))))


print(list(over_map()))
generator = delegating([1, 2])
print(next(generator))
for wrong in ((1,), (ValueError, 1, 2), ()):
    try:
        generator.throw(*wrong)
    except TypeError as error:
        print(error)
