"""`del` of the last name of an object with a finaliser, a weak reference or a suspended with-statement: at once."""
import weakref


class Noted:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("finalised", self.name)


a = Noted("global")
print("before")
del a
print("after")

b = c = Noted("two names")
del b
print("one name left")
del c
print("none left")


def local():
    x = Noted("local")
    del x
    print("after local")
    y = Noted("cell")

    def inner():
        return y
    print(inner().name)
    del y
    print("after cell")


local()


def of_module():
    global shared
    shared = Noted("global in a function")
    del shared
    print("after global")


of_module()


def suspended():
    try:
        yield 1
        yield 2
    finally:
        print("generator closed")


g = suspended()
print(next(g))
del g
print("after generator")


class Plain:
    pass


o = Plain()
r = weakref.ref(o, lambda _: print("callback"))
print(r() is o)
del o
print("after weak", r())


class Namespace:
    thing = Noted("class body")
    del thing
    print("after class body")


def in_handler():
    try:
        raise KeyError(1)
    except KeyError as e:
        x = Noted("in a handler")
        del x
        print("after", type(e).__name__)
    return [Noted("returned")]


kept = in_handler()
print(kept[0].name)
kept.clear()


class Quiet:
    def __del__(self):
        raise_count.append(1)


raise_count = []
for _ in range(5):
    q = Quiet()
    del q
print(len(raise_count))
