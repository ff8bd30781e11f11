"""Sequences that an argument's __index__ empties or shrinks: lengths are those after it."""
import array


class Emptying:
    def __init__(self, target, result):
        self.target, self.result = target, result

    def __index__(self):
        del self.target[:]
        return self.result


def attempt(name, function):
    try:
        print(name, function())
    except Exception as error:
        print(name, type(error).__name__, error)


def get(target, key):
    return target[key]


def put(target, key, item):
    target[key] = item
    return target


def delete(target, key):
    del target[key]
    return target


def bytes_target():
    return bytearray(b"abcdefghij" * 10)


def list_target():
    return list(range(100))


for kind, make in (("bytearray", bytes_target), ("list", list_target)):
    part = b"wxyz" if kind == "bytearray" else [1, 2, 3, 4]
    for index in (0, 5, 99, -1, -100):
        t = make()
        attempt(f"{kind} get {index}", lambda: get(t, Emptying(t, index)))
        t = make()
        attempt(f"{kind} put {index}", lambda: put(t, Emptying(t, index), 1))
        t = make()
        attempt(f"{kind} delete {index}", lambda: delete(t, Emptying(t, index)))
        t = make()
        attempt(f"{kind} insert {index}", lambda: (t.insert(Emptying(t, index), 1), t))
        t = make()
        attempt(f"{kind} pop {index}", lambda: t.pop(Emptying(t, index)))
    for bounds in ((0, 1, 1), (5, 9, 1), (5, 9, 3), (90, 10, -3), (0, 8, 2)):
        for place in range(3):
            def key(target):
                parts = list(bounds)
                parts[place] = Emptying(target, parts[place])
                return slice(*parts)
            t = make()
            attempt(f"{kind} get {bounds} {place}", lambda: get(t, key(t)))
            t = make()
            attempt(f"{kind} put {bounds} {place}", lambda: put(t, key(t), part))
            t = make()
            attempt(f"{kind} put none {bounds} {place}", lambda: put(t, key(t), part[:0]))
            t = make()
            attempt(f"{kind} delete {bounds} {place}", lambda: delete(t, key(t)))
t = bytes_target()
attempt("bytearray value", lambda: put(t, 50, Emptying(t, 1)))
t = bytes_target()
attempt("bytearray append", lambda: (t.append(Emptying(t, 100)), t))
t = bytes_target()
attempt("bytearray remove", lambda: t.remove(Emptying(t, 100)))
