"""Special methods that a class takes from a built-in class it does not derive from are called, and refuse."""


class Number(int):
    __add__ = str.__add__
    __mul__ = list.__mul__
    __sub__ = float.__sub__
    __mod__ = str.__mod__
    __eq__ = str.__eq__
    __lt__ = bytes.__lt__
    __hash__ = int.__hash__


class Text(str):
    __sub__ = int.__sub__
    __mod__ = int.__mod__
    __len__ = dict.__len__


class Plain:
    __add__ = tuple.__add__
    __rmul__ = bytes.__rmul__
    __mul__ = bytes.__mul__
    __and__ = set.__and__


class Sequence(list):
    __add__ = list.__add__
    __mul__ = list.__mul__
    __rmul__ = list.__rmul__


class Heir(Number):
    __add__ = int.__add__


def attempt(text, **names):
    try:
        print(text, repr(eval(text, names)))
    except TypeError as error:
        print(text, "TypeError:", error)


for one in Number(4), Heir(4), Text("ab"), Plain(), Sequence([1, 2]):
    print(type(one).__name__)
    for text in ("a + a", "a * a", "a - a", "a % a", "a & a", "a == a", "a < a", "len(a)", "a + 1", "a * 2", "2 * a", "1 + a",
                 "a * 2 + a"):
        if type(one) is not Plain or text not in ("a == a", "a < a"):
            attempt(text, a=one)


class Failure(Exception):
    pass


class Holder:
    pass


class Both(Holder, Exception):
    pass


for kind in ValueError, Failure, Both:
    error = kind("x")
    error.note = 1
    error.__dict__ = {"other": 2}
    try:
        del error.__dict__
    except TypeError as refused:
        print(kind.__name__, refused)
    for wrong in 3, None, [("a", 1)]:
        try:
            error.__dict__ = wrong
        except TypeError as refused:
            print(kind.__name__, refused)
    print(error.__dict__)
