"""The order in which an object's weak references are told of its end, and in which they are listed; which of them are shared."""
import gc
import weakref


class Thing:
    pass


class OwnReference(weakref.ref):
    pass


thing = Thing()
references = [weakref.ref(thing, lambda reference, number=number: print("callback", number)) for number in range(12)]
plain = weakref.ref(thing)
own = OwnReference(thing)
proxy = weakref.proxy(thing)
print(weakref.ref(thing) is plain, weakref.proxy(thing) is proxy, OwnReference(thing) is own, weakref.getweakrefcount(thing))
listed = weakref.getweakrefs(thing)
print(listed[0] is plain, listed[1] is proxy, listed[2] is own, listed[3] is references[11], listed[-1] is references[0])
del listed, references[3], references[5]
other = Thing()
first = weakref.finalize(other, print, "finalizer 1")
second = weakref.ref(other, lambda reference: print("callback", reference() is None))
third = weakref.finalize(other, print, "finalizer 3")
del thing, proxy
gc.collect()
print("--")
del other
gc.collect()
print(first.alive, third.alive, second() is None)
