# list.__getitem__ and the like: methods beside the slots that do the same, in classes, bound, and called wrongly.
import inspect


def attempt(action):
    try:
        print(repr(action()))
    except (TypeError, LookupError) as error:
        print(type(error).__name__, error)


for kind, name in ((list, "__getitem__"), (dict, "__getitem__"), (dict, "__contains__"), (set, "__contains__"),
                   (frozenset, "__contains__"), (tuple, "__getitem__"), (list, "__contains__"), (list, "__len__")):
    method = vars(kind)[name]
    print(method, type(method).__name__, method.__name__, method.__qualname__, method.__doc__, method.__objclass__)
    bound = getattr(kind(), name)
    print(type(bound).__name__, getattr(bound, "__module__", "none"), bound.__qualname__, inspect.isbuiltin(bound))
    for arguments in ((), (1, 2), (kind(),), (kind(), 1, 2), (kind(), 1), (kind(), [])):
        attempt(lambda: method(*arguments))
    attempt(lambda: method(kind(), x=1))


class Plain(list):
    pass


class Missing(dict):
    def __missing__(self, key):
        return key * 2


class Shifted(list):
    def __getitem__(self, index):
        return super().__getitem__(index) + 1


class Borrowed(dict):
    __getitem__ = dict.__getitem__
    __contains__ = dict.__contains__


class Opposite(set):
    def __contains__(self, item):
        return not super().__contains__(item)


class Stranger:
    __getitem__ = list.__getitem__


attempt(lambda: Plain([1, 2])[1])
attempt(lambda: Missing()["a"])
attempt(lambda: Missing.__getitem__(Missing(), "zz"))
attempt(lambda: dict.__getitem__(Missing(), "zz"))
attempt(lambda: Shifted([1])[0])
attempt(lambda: Borrowed(a=1)["a"])
attempt(lambda: "b" in Borrowed(a=1))
attempt(lambda: Borrowed()["q"])
attempt(lambda: 1 in Opposite())
attempt(lambda: Stranger()[0])
attempt(lambda: list.__getitem__([1, 2, 3], slice(1)))
attempt(lambda: list(map([1, 2, 3].__getitem__, (2, 0))))
attempt(lambda: sorted("ab", key={"a": 2, "b": 1}.__getitem__))
attempt(lambda: list(filter({1, 2}.__contains__, range(4))))
items = [1]
attempt(lambda: items.__getitem__ == items.__getitem__)
attempt(lambda: hash(items.__getitem__) == hash(items.__getitem__))
attempt(lambda: str(inspect.signature(dict.__contains__)))
attempt(lambda: str(inspect.signature({}.__contains__)))
attempt(lambda: [str(inspect.signature(vars(__builtins__)[name])) for name in ("exit", "help", "copyright")])
