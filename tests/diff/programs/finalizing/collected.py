"""What gc.collect() finds dead: variables deleted or rebound, temporaries, arguments, what suspended generators hold."""
import gc
import weakref


class Noted:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("finalised", self.name)


def collect(label):
    gc.collect()
    print("--", label)


def deleted():
    a = Noted("deleted")
    del a
    gc.collect()
    print("-- deleted")
    b = Noted("rebound")
    b = None
    gc.collect()
    print("-- rebound")
    c = Noted("kept")
    gc.collect()
    print("-- still there:", c.name)


def temporaries():
    Noted("statement")
    gc.collect()
    print("-- expression statement")
    count = len([Noted("in a list"), Noted("in a list")])
    gc.collect()
    print("-- list", count)
    name = str(Noted("attribute").name) + "!"
    gc.collect()
    print("-- attribute", name)


def given(a):
    a = a.name
    gc.collect()
    print("-- rebound argument", a)


def cycle():
    a, b = Noted("left"), 1
    a.me = a
    del a
    gc.collect()
    print("-- cycle", b)


def raised():
    try:
        x = Noted("local of a handler")
        raise ValueError(x.name)
    except ValueError as error:
        print("caught", error)
        x = None
    gc.collect()
    print("-- handled")


def loops():
    for item in [Noted(0), Noted(1)]:
        pass
    item = None
    gc.collect()
    print("-- loop")


deleted()
collect("left deleted")
temporaries()
given(Noted("argument"))
collect("left given")
cycle()
raised()
loops()


def values():
    yield Noted("yielded").name
    held = Noted("held by a generator")
    yield held.name
    del held
    yield "third"


g = values()
names = [next(g), next(g)]
collect("suspended")
names.append(next(g))
collect("suspended again")
print(names)


def guarded():
    try:
        yield 1
    finally:
        print("closed")


g = guarded()
next(g)
del g
collect("generator")


def both():
    with manager() as m:
        yield m


class manager:
    def __enter__(self):
        return "entered"

    def __exit__(self, *exc):
        print("left", exc[0].__name__ if exc[0] else None)


for value in both():
    print(value)
    break
collect("abandoned loop")


class Plain:
    pass


def references():
    o = Plain()
    r = weakref.ref(o)
    p = weakref.ref(o, lambda _: print("callback"))
    print(r() is o, p() is o)
    del o
    gc.collect()
    print(r(), p())
    d = weakref.WeakValueDictionary()
    k = [Plain() for _ in range(4)]
    for i, v in enumerate(k):
        d[i] = v
    v = None
    print(len(d))
    del k[1:3]
    gc.collect()
    print(sorted(d))
    k.clear()
    gc.collect()
    print(len(d))


references()


class Closes:
    def __init__(self):
        self.events = weakref.finalize(self, print, "finalize", "ran")


c = Closes()
print(c.events.alive)
finalizer = c.events
del c
collect("finalize")
print(finalizer.alive)
