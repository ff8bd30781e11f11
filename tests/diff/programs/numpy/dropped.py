"""Big results that nobody looks at give their memory back at once: never those that somebody kept."""
import numpy as np, functools
big=np.arange(200000.)
kept=[]
def keep(x):
    y=np.ones(200000)*x; kept.append(y); return y
# retained by python callbacks, caches
f=np.frompyfunc(keep,1,1); f(3.0)
g=np.frompyfunc(functools.lru_cache(np.ones),1,1); g(200000)
assert kept[0].sum()==600000
assert g(200000).sum()==200000 and (g(200000) is not None)
class C:
    __array__ = functools.partial(np.copy, big)
for _ in range(3): np.copy(C())
o=np.empty(3,object)
for i in range(3): o[i]=big+i
np.add.reduce(o); o+o
print(np.add.reduce(o)[5], (o+o)[2][7])
out=np.empty(200000)
np.add(big,1,out=out); np.add(big,1,out); print(out[3])
def h(): return np.exp(big*1e-6)
def k(): return h()
h(); k(); lambda: k()
print(k()[:3], h().sum())
big.copy(); big[::2]; big[big>3]; -big; big+1; 1+big; big<3; big.reshape(2,-1); np.ravel(big); big.astype('f4'); big.T
x=big.reshape(2,-1); x.ravel(); np.asarray(big); np.ascontiguousarray(big)
print(big[:4], big.sum())
class D:
    def __array_ufunc__(self, u, m, *a, **k):
        self.r=np.zeros(200000)+7; return self.r
d=D(); np.add(d,1); print(d.r.sum())
import weakref
r=weakref.ref(np.ones(200000)); 
L=[np.ones(200000) for _ in range(5)]
print(sum(l.sum() for l in L))
def gen():
    yield np.ones(200000)
    big+1
    yield 2
print([type(z).__name__ for z in gen()])
import sys
def tr(fr,ev,arg):
    if ev=='return' and isinstance(arg,np.ndarray): kept.append(arg)
    return tr
sys.settrace(tr)
k()
sys.settrace(None)
print(len(kept), [float(q.sum()) for q in kept])
np.sort(big); np.cumsum(big); np.random.rand(200000); np.where(big>3,big,0); np.concatenate([big,big]); np.tile(big,3); np.zeros(200000); np.linspace(0,1,200000)
np.stack([big,big]); np.dot(np.ones((400,400)),np.ones((400,400))); np.ones((400,400))@np.ones((400,400)); np.fft.fft(big); np.unique(big); np.repeat(big,2)
print(big.sum(), np.random.RandomState(3).rand(200000)[:2])

import weakref
watched = np.zeros((300, 400))
reference = weakref.ref(watched)
print(sys.getsizeof(watched), watched.__sizeof__(), sys.getsizeof(watched.T), reference() is watched)
del watched
print(reference())
objects = np.empty(4, object)
objects[0], objects[1], objects[2], objects[3] = np.arange(3), np.array([5]), np.array(6), np.float64(2.5)
print([type(item).__name__ for item in objects], objects)
square = np.empty((2, 2), object)
square[1, 1], square[0, 0] = np.eye(2), [1, 2]
print(square)
try:
    square[0] = np.arange(3)
except ValueError as error:
    print(error)
square[0] = np.arange(2)
print(square, type(square[0, 0]))


class Keeper:
    """Takes arrays by its own operators and keeps them; answers with what it has kept."""
    __array_ufunc__ = None
    __array_priority__ = 100

    def __init__(self):
        self.kept = []

    def __radd__(self, other):
        self.kept.append(other)
        return other + 1

    def __add__(self, other):
        self.kept.append(other)
        return other - 1

    def __mul__(self, other):
        return self.kept[-1] if self.kept else np.ones(200000)


def expressions(a, b):
    c = a * b + a - b * 2
    d = -(a * b) / (a + 3) - 1
    e = (a > 1) & (b < 5)
    f = a * b
    g = f + f
    h = (a * b) * (a * b)
    i = abs(-a) + (a - b)[::2].repeat(2)
    return [float(x.sum()) for x in (c, d, e, f, g, h, i)]


print(expressions(big + 1, big[::-1] * 1.0))
keeper = Keeper()
for round in range(3):
    t = keeper * 1.0 + big
    x = big * 2.0 + keeper
    y = keeper + big * 3.0
    z = keeper * 5 + np.ones(200000)
    print(float(t.sum()), float(x.sum()), float(y.sum()), float(z.sum()), [float(item.sum()) for item in keeper.kept])


class Hook:
    """Takes part in ufuncs, and keeps what it is given."""
    kept = []

    def __array_ufunc__(self, ufunc, method, *operands, **options):
        Hook.kept += [item for item in operands if item is not self]
        return Hook.kept[-1]


def functions(a, b):
    c = np.sqrt(a * a + b * b)
    d = np.exp(-a * 1e-6)
    e = np.add(a * 2, np.negative(b))
    f = np.maximum(a - b, 0.0)
    g = np.asarray(a + 1)
    h = np.ravel(-a)
    i = np.add(a * 3, a * 3)
    j = np.add(Hook(), a * 7)
    k = np.multiply(a + 1, Hook())
    m = np.add(-a, 1, out=np.empty(a.shape))
    return [float(x.sum()) for x in (c, d, e, f, g, h, i, j, k, m, *Hook.kept)]


for round in range(2):
    print(functions(big + 1, big[::-1] * 1.0))


def pairs(a, b):
    np.modf(a)
    np.divmod(a, b)
    np.frexp(a)
    whole, rest = np.divmod(a, b)
    both = np.modf(a)
    np.frexp(a * 2)[0].sum()
    return [float(x.sum()) for x in (whole, rest, *both, *np.frexp(a))]


print(pairs(big + 0.5, big[::-1] + 1.0), pairs(big + 0.25, big[::-1] + 2.0))
