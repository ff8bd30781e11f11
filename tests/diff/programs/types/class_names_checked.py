# Names and slots of classes; errors that count what was written; proxies; the truth of NotImplemented.
import collections
import copy
import errno
import operator
import pickle
import warnings
import weakref


def show(f):
    try:
        print("ok", f())
    except (TypeError, ValueError, AttributeError, RuntimeError, StopIteration) as error:
        print(type(error).__name__, error)


class Plain:
    pass


show(lambda: type("A\udcdcB", (), {}))
show(lambda: type("A", (), {"__doc__": "x\udcdcy"}))
show(lambda: setattr(Plain, "__name__", "A\0B"))
show(lambda: setattr(Plain, "__name__", "A\udcdcB"))
show(lambda: setattr(Plain, "__qualname__", 5))
show(lambda: delattr(Plain, "__qualname__"))
show(lambda: type("A", (), {"__slots__": ("__dict__", "__dict__")}))
show(lambda: type("A", (), {"__slots__": ("__weakref__", "__weakref__")}))
print(Plain.__name__, Plain.__qualname__)

error = BlockingIOError(errno.EAGAIN, "message", 5)
print(error, error.args, error.characters_written, error.filename)
error.characters_written = 7
print(error.characters_written)
error = BlockingIOError(errno.EAGAIN, "message", "name")
print(error, error.args, error.filename)
show(lambda: error.characters_written)
show(lambda: setattr(error, "characters_written", "x"))
show(lambda: delattr(error, "characters_written"))
error = OSError(errno.EAGAIN, "message", 9)
print(type(error), error, error.args, error.characters_written)


class Referent:
    value = 10

    def __index__(self):
        return self.value

    def __reversed__(self):
        return iter("cba")

    def __bytes__(self):
        return b"bytes"

    def __truediv__(self, other):
        return 42

    def __itruediv__(self, other):
        return 21

    def __imatmul__(self, other):
        return "in place"


referent = Referent()
proxy = weakref.proxy(referent)
print(operator.index(proxy), list("abcdefghijklm")[proxy], "".join(reversed(proxy)), bytes(proxy), "__bytes__" in dir(type(proxy)))
print(proxy / 5, operator.itruediv(proxy, 5), operator.imatmul(proxy, 5))

with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    print(bool(NotImplemented), not NotImplemented)
    print([str(w.message) for w in caught])

# A deque's iterators go by the length it had.
for make in (iter, reversed):
    items = collections.deque(range(10))
    iterator = make(items)
    next(iterator)
    items.pop()
    print(operator.length_hint(iterator))
    show(lambda: next(iterator))
    print(operator.length_hint(iterator))
    items.append(9)
    show(lambda: next(iterator))


class Deque(collections.deque):
    pass


items = Deque("ab", 5)
items.extra = 1
for other in (copy.deepcopy(items), pickle.loads(pickle.dumps(items))):
    print(other, other.maxlen, other.extra)


class Refusing(collections.deque):
    pass


items = Refusing("ab")
Refusing.__new__ = lambda cls, *arguments: [42]
show(lambda: items * 2)
show(lambda: items + collections.deque())
show(lambda: items.copy())
