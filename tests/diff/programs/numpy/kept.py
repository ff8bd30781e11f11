"""Roads on which a big array may be kept: its memory is given back when nobody looks at it, and on none of these."""
import contextlib
import functools
import gc
import operator
import sys
import threading
import types
import weakref
import itertools
import collections
import numpy as np

n = 40000
a = np.arange(n) * 1.0
b = a[::-1] + 0.5
kept = []


def churn():
    """What was given back is written over."""
    for i in range(6):
        x = a * (i + 100.0)
        y = np.sqrt(a * 4.0) + x
    return None


def show(name):
    churn()
    print(name, [float(np.asarray(x).astype(float).sum()) for x in kept])
    kept.clear()


# views of temporaries
kept += [(a + b)[1:], (a * b).T, (a - b).reshape(2, -1), (a + b).real, (a * 2).ravel(), (a + b).view(np.int64),
        (a + b).flat[:], np.asarray(a + b),
         np.transpose(a + 1), np.reshape(a + 2, (4, -1)), np.squeeze((a + 3)[None]), np.broadcast_to(a + 4, (2, n)),
                 np.atleast_2d(a + 5),
         np.ravel(a + 6), np.asanyarray(a - 7), np.ascontiguousarray(a - 8), np.require(a - 9), np.real(a + 10),
                 np.diagonal(np.outer(a[:300], a[:300])),
         np.expand_dims(a + 11, 0), np.flip(a + 12), np.swapaxes((a + 1).reshape(4, -1), 0, 1),
                 np.moveaxis((a + 1).reshape(4, -1), 0, 1),
         np.array(a + 13, copy=False), (a + b).astype(float, copy=False), (a + b).squeeze(), (a + b)[...], (a + b)[()],
                 (a + b)[None]]
show("views")
kept += [*np.split(a + 1, 2), *np.array_split(a * 2, 3), *np.broadcast_arrays(a + 1, b + 2), *np.meshgrid(a[:200], b[:200]),
        *np.hsplit(a + 1, 2)]
show("splits")
m = memoryview(a + b)
kept.append(m)
kept.append(memoryview(np.add(a, 1)))
kept.append(np.frombuffer(a + b))
kept.append(np.frombuffer(np.multiply(a, 3)))
show("buffers")

# out=
kept.append(np.add(a, b, np.empty(n)))
kept.append(np.add(a, b, out=np.empty(n)))
kept.append(np.add(a + b, b, out=a + b))
kept += np.modf(a + 0.25, np.empty(n))
kept += np.divmod(a + 1, b, np.empty(n), np.empty(n))
kept.append(np.sqrt(a * 4.0, np.empty(n)))
kept.append(np.cumsum(a, out=np.empty(n)))
kept.append(np.take(a, np.arange(n), out=np.empty(n)))
kept.append(np.clip(a, 1, 5, np.empty(n)))
kept.append((a + b).clip(1, 7, out=np.empty(n)))
kept.append(np.add.accumulate(a + b, 0, None, np.empty(n)))
o = np.empty(n)
np.add(a, b, o)
np.add(o, b, o)
kept.append(o)
show("out")

# functions that call functions
kept += [functools.reduce(np.add, [a, b, a]), functools.partial(np.add, a)(b), *map(np.sqrt, [a * 4.0, b * 4.0]),
        operator.add(a, b), operator.mul(a + b, b),
         operator.iadd(a + b, b), operator.itemgetter(slice(1, None))(a + b), operator.methodcaller("copy")(a + b),
                 operator.attrgetter("T")(a + b)]
cached = functools.lru_cache(None)(lambda k: np.sqrt(a * k))
cached(4.0); cached(4.0)
kept.append(cached(4.0))
native = functools.lru_cache(None)(np.ones)
native(n); native(n)
kept.append(native(n))
factory = collections.defaultdict(functools.partial(np.full, n, 3.0))
factory["x"]; factory["x"]
kept.append(factory["x"])
plus = collections.defaultdict(functools.partial(operator.add, a, b))
plus[1]; plus[1]
kept.append(plus[1])
store = {}
store.setdefault("k", a + b); kept.append(store["k"])
list(map(kept.append, [a + 1, np.sqrt(a * 4.0)]))
kept.append(next(map(np.negative, [a])))
kept += list(itertools.accumulate([a, b, a], np.add))
kept.append(sum([a, b, a + b]))
kept.append(max([a + b, a], key=len))
kept.extend(filter(lambda x: x is not None, (a + b, a * b)))
show("callers")
box = np.frompyfunc(lambda x: kept.append(x) or 1, 1, 1)
box(np.array([None, a + b], object)[1:2])
first = np.empty(2, object)
first[0], first[1] = a + b, a * b
first[0]; first[1]; first[0] + 1; first + first; first * 2
kept += [first[0], first[1], *(first + first), *(first * (a + b)[:2])]
ident = np.frompyfunc(lambda x: x, 1, 1)
again = ident(first)
kept += list(again)
same = np.vectorize(lambda x: x, otypes=[object])(first)
kept += list(same)
native_ident = np.frompyfunc(functools.partial(functools.reduce, lambda x, y: x), 1, 1)
show("objects")


def local_names():
    x = a + b
    x = x * 2.0
    f = sys._getframe().f_locals["x"]
    x = x + 1.0
    kept.append(f)
    x = x - f
    y = x = x * 3.0
    x = x * 2.0
    kept.extend((x, y))
    (z := a + b) * 2
    kept.append(z)
    u = v = a * 3.0
    u = u + 1.0
    kept.extend((u, v))
    w = a * 4.0
    g = lambda: w
    w = w + 1.0
    kept.append(g())
    s = [t := a + 5, t * 2, (t := t * 3) + 1]
    kept.extend(s); kept.append(t)
    del s, t
    p, q = a + b, a - b
    p, q = q, p
    p = p + q
    kept.extend((p, q))
    kept.append(locals()["p"])
    kept.append(eval("p + q")); exec("kept.append(p * q); p * q"); eval("p*q")
    r = a + b
    try:
        r = r + None
    except TypeError as error:
        kept.append(error.__traceback__.tb_frame.f_locals["r"])
        kept.append(r)
    try:
        r = r + np.ones(3)
    except ValueError as error:
        kept.append(error.__traceback__.tb_frame.f_locals["r"])
    kept.append(r)


local_names()
show("locals")


def tracing(frame, event, argument):
    for v in [argument, *frame.f_locals.values()]:
        if isinstance(v, np.ndarray) and not any(v is k for k in kept):
            kept.append(v)
    return tracing


def inner():
    x = a + b
    sys.settrace(tracing)
    x = x * 2.0
    x = x + 1.0
    return x * 3.0


def inner_2():
    x = a + b
    sys._getframe().f_trace = tracing
    sys.settrace(tracing)
    x = x * 2.0; x = x + 1.0
    return x * 3.0


inner()
sys.settrace(None)
show("settrace inside")
inner_2()
sys.settrace(None)
show("settrace inside 2")


def profiling(frame, event, argument):
    if isinstance(argument, np.ndarray):
        kept.append(argument)


def profiled():
    sys.setprofile(profiling)
    return a + b


def outer():
    return profiled()


outer()
sys.setprofile(None)
show("setprofile inside")
profiled()
outer()
sys.setprofile(None)
show("setprofile")


class New:
    def __new__(cls):
        return a + b

    def __init__(self):
        kept.append("never")


class Meta(type):
    def __call__(cls, *args):
        r = a * b
        kept.append(r)
        return r

    def __instancecheck__(cls, x):
        kept.append(x)
        return False


class WithMeta(metaclass=Meta):
    pass


New()
kept.append(New())
WithMeta()
kept.append(WithMeta() + 1)
isinstance(a + b, WithMeta)
show("classes")


class Context:
    def __enter__(self):
        r = a + b
        kept.append(r)
        return r

    def __exit__(self, *args):
        return kept.append(a * 2)


with Context():
    pass
with Context() as c:
    c + 1
show("with")


def finals():
    try:
        return a + b
    finally:
        kept.append(a * 3)


def finals_2():
    for i in range(2):
        try:
            return a * i
        finally:
            sys.setprofile(profiling)


finals(); finals_2(); sys.setprofile(None)
show("finally")


def gen():
    x = a + b
    y = yield x
    x = x * 2.0
    yield x
    yield a + b
    return a * b


g = gen()
kept.append(next(g)); next(g); kept.append(next(g)); next(g, None)
for item in gen():
    kept.append(item)
try:
    g = gen()
    while True:
        next(g)
except StopIteration as stop:
    kept.append(stop.value)


def delegating():
    kept.append((yield from gen()))


list(delegating())


async def coroutine():
    return a + b


async def awaiting():
    await coroutine()
    kept.append(await coroutine())
    (await coroutine()) + 1
    return await coroutine()


try:
    awaiting().send(None)
except StopIteration as stop:
    kept.append(stop.value)
show("generators")
kept += [x * 2.0 for x in (a + b, a * b)]
kept += [*(x + 1 for x in [a + b])]
kept += {1: a + b}.values()
[a + i for i in range(3)]
[kept.append(a + i) for i in range(2)]
kept += [x for x in [a + b] if (x + 1).any()]
show("comprehensions")


def local_threads():
    results = []

    def run(k):
        x = a + k
        for i in range(3):
            x = x * 2.0
            np.sqrt(x * 1e-9)
            results.append((k, x))
            x = x + 1.0
    threads = [threading.Thread(target=run, args=(k,)) for k in range(4)]
    [t.start() for t in threads]
    [t.join() for t in threads]
    kept.extend(x for k, x in sorted(results, key=lambda p: (p[0], float(p[1].sum()))))


local_threads()
show("threads")
r = weakref.ref(a + b)
x = a + b
r = weakref.ref(x)
x = x + 1
gc.collect()
print(r())
p = a * 2.0
proxy = weakref.proxy(p)
proxy + 1; proxy * 2
q = proxy + 1
old_p = p; p = p + proxy
kept += [p, q]
show("weak")
a + b; np.sqrt(a * 4.0)
print([len(v) for v in gc.get_objects() if type(v) is np.ndarray], [type(v) for v in gc.get_referents([a + b])])


class D(np.ndarray):
    def __array_finalize__(self, other):
        if other is not None:
            kept.append(other)


class W(np.ndarray):
    def __array_wrap__(self, made, context=None):
        kept.append(made)
        if context:
            kept.extend(x for x in context[1] if isinstance(x, np.ndarray))
        return made


class U(np.ndarray):
    def __array_ufunc__(self, function, method, *inputs, **options):
        kept.extend(np.asarray(x) for x in inputs)
        return getattr(function, method)(*[np.asarray(x) for x in inputs])


class F(np.ndarray):
    __array_finalize__ = kept.append


for kind in (D, W, U):
    d = a.view(kind)
    d + b; (a + b) + d; d * (a + b); np.add(a + b, d); np.sqrt(d * 1e-6); d[1:]; d[d > 3]; -d; d < b; d.copy(); d + d
    (a + b).view(kind)
    x = (a + b).view(kind) * (a * 2)
    kept.append(x)
    x = a * 2.0
    x = x * d
    np.add.accumulate(d)
    kept.append(x)
    kept[:] = [np.asarray(x) for x in kept]
    show(kind.__name__)


class Radd:
    __array_ufunc__ = None
    __radd__ = __add__ = functools.partial(operator.mul, a)


class Native:
    __array_ufunc__ = None

    def __init__(self, x):
        self.x = x

    __radd__ = lambda self, x: kept.append(x) or x
    __rmul__ = lambda self, x: kept.append(x) or x + 1.0
    __lt__ = __gt__ = lambda self, x: kept.append(x) or x


(a + b) + Native(1); (a + b) * Native(2); (a + b) < Native(3)
x = a + b
x = x + Native(1)
kept.append(x)
show("reflected")


class Array:
    def __init__(self, x):
        self.x = x

    def __array__(self, *args):
        kept.append(self.x)
        return self.x


np.asarray(Array(a + b)); np.array(Array(a * b)); np.add(Array(a - b), 1); np.add(a + b, Array(a)); (a + b) + Array(b)
np.sqrt(Array(a * 1e-6))
kept.append(np.asarray(Array(a * 4)))
show("__array__")


old = np.seterr(all="call")
np.seterrcall(lambda kind, flag: kept.append(a + b))
(a + b) / 0.0; np.log(-(a + b)); x = a * 2.0; x = x / 0.0
show("seterrcall")
np.seterr(**old)


def default(x=a + b, *, y=a * b):
    return x


default(); default() + 1; x = default(); x = x + 1
kept += default.__defaults__ + tuple(default.__kwdefaults__.values())
show("defaults")


class P:
    @property
    def p(self):
        r = a + b
        kept.append(r)
        return r

    def __getattr__(self, name):
        return kept.append(a * 2) or a * 3

    def __getitem__(self, i):
        r = a * i
        kept.append(r)
        return r

    def __iter__(self):
        yield a + b

    def __call__(self):
        return a - b

    @functools.cached_property
    def c(self):
        return a + b

    __matmul__ = __getitem__
    k = np.sqrt
    j = np.add


P().p; P().zz; P()[3]; [*P()]; P()(); P() @ 3; q = P(); q.c; q.c; q.k(a * 1e-6); q.j(a, b); q.c + 1; kept.append(q.c)
show("attributes")
with contextlib.suppress(ValueError):
    np.add(a + b, a[:3])
with contextlib.suppress(ValueError):
    (a + b) + a[:3]
types.MethodType(np.add, a)(b); types.MethodType(np.add, a + b)(b); types.SimpleNamespace(x=a + b).x + 1
print(float(types.MethodType(np.add, a + b)(b).sum()))
z = divmod(a + b, b); divmod(a, b); kept += z; kept += np.nonzero(a > -1); np.nonzero(a); kept += np.where(a > 5)
np.where(a > 5); (a > 5).nonzero()
np.linalg.svd(np.eye(200)); np.linalg.eigh(np.eye(200)); np.linalg.qr(np.eye(200)); np.linalg.slogdet(np.eye(200))
np.unique(a, return_inverse=True, return_index=True, return_counts=True); np.histogram(a, 30000); np.indices((200, 200))
np.unravel_index(np.arange(n), (200, 200))
np.frexp(a); np.modf(a); np.ogrid[:200, :200]; np.mgrid[:200, :200]; np.linalg.eig(np.diag(a[:150])); np.ix_(a, a)
np.gradient(a); np.gradient(np.outer(a[:200], b[:200]))
np.add.outer(a[:200], b[:200]); np.add.reduce(np.outer(a[:300], b[:300])[:, None, :].repeat(150, 1), axis=1)
a[np.ix_(np.arange(n))]; a[np.arange(n).reshape(2, -1)]
np.meshgrid(a[:200], b[:200]); np.average(a, returned=True); np.polyfit(a[:1000], b[:1000], 3, full=True)
np.einsum("i,i->i", a, b); np.einsum("ij->ji", np.outer(a[:200], b[:200]))
kept.append(np.einsum("ij->ji", np.outer(a[:200], b[:200])))
kept.append(np.add.reduce(np.outer(a[:200], b[:200])[:, :, None].repeat(200, 2), axis=1))
big = np.outer(a[:200], b[:200])[:, None, :].repeat(200, 1)
big[:, 3, :][:, np.arange(200)]; big[np.arange(200), :, np.arange(200)]; big[:, np.arange(200), 2]
kept.append(big[:, np.arange(200), 2]); kept.append(big[np.arange(200), :, 1:150].T)
big.sum(0); big.sum((0,)); big.max(1); kept.append(big.sum(1)); kept.append(big.max(1, keepdims=True))
kept.append(np.maximum.reduce(big, 2))
show("many")


class Cycle:
    """Its finalizer runs at any moment and looks at all that CPython's collector shows it."""

    def __init__(self):
        self.me = self

    def __del__(self):
        for v in gc.get_objects():
            if type(v) is np.ndarray:
                kept.append(v)


def collected():
    for i in range(100):
        Cycle()
    x = a + b
    x = x * 2.0 + (a - b)
    gc.collect()
    return x


collected()
kept.append(collected())
gc.set_debug(gc.DEBUG_SAVEALL)
a + b; np.sqrt(a); np.divmod(a, b); (a + b) * 2
gc.collect()
print(any(isinstance(x, np.ndarray) for x in gc.garbage))
gc.set_debug(0)
gc.garbage.clear()
show("finalizers")
for i in range(3):
    a + i; np.sqrt(a * 4.0); (a + 1) * 2.0; np.divmod(a, 3.0)
    print([v.sum() for v in gc.get_objects() if type(v) is np.ndarray], gc.get_referents(a + b))
holder = np.empty(1, object)
holder[0] = target = [1]
print([type(x).__name__ for x in gc.get_referrers(target)], gc.get_referents(holder), gc.is_tracked(holder), gc.is_tracked(a),
      gc.is_tracked(a.view(D)), gc.is_tracked(np.float64(1)), gc.is_tracked(np.dtype(float)), gc.is_tracked(np.add))


def spy(stop, identity):
    while not stop.is_set():
        frame = sys._current_frames().get(identity)
        while frame:
            for v in list(frame.f_locals.values()):
                if type(v) is np.ndarray and v.size == n:
                    v.sum()
            frame = frame.f_back


def spied():
    x = a * 1.0
    for i in range(20):
        x = x * 1.5
        x = x - a
        x = np.minimum(x, 1e9)
        x = np.add(x, list(range(1)))
        z = x + 1.0
        z = z * (x + 2.0)
        z + 3
    return x + z


stop = threading.Event()
thread = threading.Thread(target=spy, args=(stop, threading.get_ident()))
thread.start()
kept.append(spied())
stop.set()
thread.join()
show("spied")
