# replace() makes an object of the same class without the class's own __new__; what constructors give may be anything.
import collections
import datetime


class Day(datetime.date):
    def __new__(cls, text):
        return super().__new__(cls, *map(int, text.split("-")))


class Moment(datetime.datetime):
    def __new__(cls, text):
        return super().__new__(cls, *map(int, text.split("-")))


class Clock(datetime.time):
    def __new__(cls, text):
        return super().__new__(cls, *map(int, text.split(":")))


for original, changes in ((Day("2024-2-29"), {"day": 3}), (Moment("2024-2-29-5"), {"year": 2020, "fold": 1}),
                          (Clock("1:2"), {"hour": 7}), (Clock("1:2"), {"fold": 1})):
    print(repr(original.replace(**changes)))
for original, changes in ((Day("2024-2-29"), {"year": 2023}), (Moment("2024-2-29"), {"hour": 24}), (Clock("1:2"), {"minute": 60})):
    try:
        original.replace(**changes)
    except ValueError as error:
        print(error)


def answer(base, *arguments):
    class Changed(base):
        pass

    made = Changed(*arguments)
    Changed.__new__ = lambda cls, *others, **more: 42
    return made


ordered = answer(collections.OrderedDict, {1: 2})
default = answer(collections.defaultdict, int, {1: 2})
for operation in (ordered.copy, lambda: ordered | {3: 4}, lambda: type(ordered).fromkeys([1]), default.copy,
                  answer(dict, {1: 2}).copy, answer(set, [1]).copy, lambda: answer(set, [1]) | {2}):
    try:
        print(operation())
    except TypeError as error:
        print(error)
