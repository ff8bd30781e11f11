# Recursion that never pushes a Python frame, or goes through native code, ends in RecursionError and nothing else.
import sys


def attempt(name, function):
    try:
        function()
        print(name, "ended")
    except RecursionError as error:
        print(name, "RecursionError", str(error).startswith("maximum recursion depth exceeded"))
    except TypeError as error:
        print(name, "TypeError", error)


class Plain:
    pass


Plain.__repr__ = Plain.__str__
attempt("repr is str", lambda: str(Plain()))


class Called:
    pass


called = Called()
Called.__call__ = called
attempt("call is itself", called)


class Descriptor:
    pass


descriptor = Descriptor()
Descriptor.__get__ = descriptor
Descriptor.x = descriptor
attempt("get is itself", lambda: descriptor.x)

first, second = [], []
for _ in range(100000):
    first, second = [first], [second]
attempt("nested repr", lambda: repr(first))
attempt("nested ==", lambda: first == second)

nested = ()
for _ in range(100000):
    nested = (nested,)
attempt("isinstance", lambda: isinstance(1, nested))

own, copy = {}, {}
own["own"], copy["own"] = own, copy
attempt("recursive dicts", lambda: own == copy)


class Missing:
    def __getattr__(self, name):
        return getattr(self, name)


attempt("getattr", lambda: Missing().x)


class Sorted:
    def __lt__(self, other):
        return sorted([self, other])


attempt("sorted", lambda: Sorted() < Sorted())


def endless():
    global count
    count += 1
    endless()


count = 0
attempt("plain", endless)
print(count)

sys.setrecursionlimit(10**6)


def deep(n):
    return 0 if n == 0 else 1 + deep(n - 1)


print(deep(50000))
