"""Classes derived from ndarray: how instances come about, and what keeps their class."""
import copy

import numpy as np


class Measured(np.ndarray):
    def __new__(cls, items, unit=None):
        made = np.asarray(items).view(cls)
        made.unit = unit
        return made

    def __array_finalize__(self, obj):
        self.unit = getattr(obj, "unit", None)


class Sized(np.ndarray):
    def __new__(subtype, shape, dtype=float, buffer=None, offset=0, strides=None, order=None, info="none"):
        made = super().__new__(subtype, shape, dtype, buffer, offset, strides, order)
        made.info = info
        return made

    def __array_finalize__(self, obj):
        print("finalize", type(self).__name__, type(obj).__name__)
        if obj is not None:
            self.info = getattr(obj, "info", "lost")


class Wrapping(np.ndarray):
    __array_priority__ = 5

    def __array_wrap__(self, result, context=None):
        print("wrap", type(result).__name__, result.shape, context and (context[0].__name__, len(context[1]), context[2]))
        return super().__array_wrap__(result, context)


class Higher(np.ndarray):
    __array_priority__ = 20


class Logging(np.ndarray):
    def __array_ufunc__(self, ufunc, method, *inputs, out=None, **options):
        print("ufunc", ufunc.__name__, method, [type(i).__name__ for i in inputs], out is not None, sorted(options))
        plain = [i.view(np.ndarray) if isinstance(i, Logging) else i for i in inputs]
        if out is not None:
            options["out"] = tuple(o.view(np.ndarray) if isinstance(o, Logging) else o for o in out)
        made = super().__array_ufunc__(ufunc, method, *plain, **options)
        return made.view(Logging) if isinstance(made, np.ndarray) else made


class Plain(np.ndarray):
    pass


def show(name, function):
    try:
        made = function()
    except Exception as error:
        print(name, type(error).__name__, error)
        return
    for part in made if isinstance(made, tuple) else (made,):
        is_array = isinstance(part, np.ndarray)
        print(name, type(part).__name__, part.tolist() if is_array else part, part.shape if is_array else "",
              getattr(part, "unit", "-"))


a = Measured([[1., 2, 3], [4, 5, 6.5]], "m")
b = np.arange(6.).reshape(2, 3)
i = Measured([3, 1, 2], "s")
print(repr(a), a, repr(i), repr(Measured([], "m")), repr(Measured([1], "m").astype("f4")), type(a.base), a.flags.owndata)
print(isinstance(a, np.ndarray), Measured.__mro__, len(a), a.unit, a.shape, a.dtype, a.ndim, a.size, 2.0 in a,
      float(i[:1]), bool(i[0]))
for name, function in dict(
        item=lambda: a[0, 1], row=lambda: a[0], slice=lambda: a[:, 1:], ellipsis=lambda: a[...], zero=lambda: a[0, ..., 0],
        axis=lambda: a[None], mask=lambda: a[a > 2], fancy=lambda: a[[1, 0]], own=lambda: b[:, i[1:]], view=lambda: a.view(),
        plain=lambda: a.view(np.ndarray), other=lambda: a.view(Plain), typed=lambda: b.view(type=Measured), T=lambda: a.T,
        copy=lambda: a.copy(), copied=lambda: copy.copy(a), deep=lambda: copy.deepcopy(a), astype=lambda: a.astype(int),
        same=lambda: a.astype(float, copy=False), reshape=lambda: a.reshape(3, 2), ravel=lambda: a.ravel(),
        flatten=lambda: a.flatten(), swap=lambda: a.swapaxes(0, 1), transpose=lambda: a.transpose(),
        squeeze=lambda: a[:1].squeeze(), real=lambda: a.real, imag=lambda: a.imag, conj=lambda: a.conj(), add=lambda: a + 1,
        radd=lambda: 1 + a, both=lambda: a + a, array=lambda: a + b, left=lambda: b + a, row_sum=lambda: a + [1, 2, 3],
        neg=lambda: -a, absolute=lambda: abs(a), power=lambda: a ** 2, rpower=lambda: 2 ** a, divmod=lambda: divmod(a, 2),
        less=lambda: a < 3, equal=lambda: a == b, floor=lambda: a // 2, matmul=lambda: a @ a.T, sqrt=lambda: np.sqrt(a),
        npadd=lambda: np.add(a, b), out=lambda: np.add(a, 1, out=np.zeros((2, 3))), modf=lambda: np.modf(a),
        reduce=lambda: np.add.reduce(a), accumulate=lambda: np.add.accumulate(a, axis=1),
        outer=lambda: np.multiply.outer(i, [1, 2]), sum=lambda: a.sum(), sums=lambda: a.sum(axis=0),
        kept=lambda: a.sum(axis=1, keepdims=True), mean=lambda: a.mean(), means=lambda: a.mean(1), std=lambda: a.std(axis=0),
        var=lambda: a.var(), max=lambda: a.max(), mins=lambda: a.min(1), all=lambda: a.all(), any=lambda: a.any(0),
        argmax=lambda: a.argmax(), argmaxes=lambda: a.argmax(0), ptp=lambda: a.ptp(), prod=lambda: a.prod(0),
        cumsum=lambda: a.cumsum(), round=lambda: a.round(), rounded=lambda: (a / 3).round(1), clip=lambda: a.clip(2, 4),
        take=lambda: a.take([0, 2]), one=lambda: a.take(3), repeat=lambda: i.repeat(2), diagonal=lambda: a.diagonal(),
        trace=lambda: a.trace(), argsort=lambda: i.argsort(), sort=lambda: i.sort(), dot=lambda: a.dot(a.T),
        inner=lambda: i.dot(i), nonzero=lambda: i.nonzero(), search=lambda: i.searchsorted([2]),
        compress=lambda: a.compress([True], axis=0), byteswap=lambda: i.byteswap().byteswap(), tolist=lambda: a.tolist(),
        flat=lambda: a.flat[1:3], flats=lambda: list(a.flat), iterated=lambda: tuple(a), elements=lambda: tuple(i),
        method=lambda: a.__array__(), nparray=lambda: np.array(a), npcopy=lambda: np.array(a, subok=True),
        asarray=lambda: np.asarray(a), any_array=lambda: np.asanyarray(a) is a, zeros=lambda: np.zeros_like(a),
        ones=lambda: np.ones_like(a, subok=False), full=lambda: np.full_like(a, 2), empty=lambda: np.empty_like(a).shape,
        npsum=lambda: np.sum(a), npmax=lambda: np.max(a, axis=0), npdot=lambda: np.dot(a, b.T),
        joined=lambda: np.concatenate([a, b]), stacked=lambda: np.vstack([a, b]), where=lambda: np.where(a > 2, a, 0),
        nested=lambda: np.array([a, a]), allclose=lambda: np.allclose(a, a), turned=lambda: np.transpose(a),
        shaped=lambda: np.reshape(a, 6), sorted=lambda: np.sort(i), flipped=lambda: np.flip(i),
        split=lambda: np.split(a, 2)[1], inverse=lambda: np.linalg.inv(a[:, :2]).round(6),
        det=lambda: round(np.linalg.det(a[:, :2]), 6), made=lambda: np.ndarray.__new__(Plain, (2,), int).shape,
        new=lambda: Plain((2, 2), "i4").shape, wrapped=lambda: Plain.__array_wrap__(a, np.ones(2)),
        count=lambda: np.count_nonzero(a > 2)).items():
    show(name, function)

a += 1
a *= i
a[0] = 7
a[:, 2] = i[:2]
a[a > 20] = -1
b += a
b[0] = a[1]
print(repr(a), a.unit, repr(b))
i.shape = (3, 1)
i.unit = "kg"
print(repr(i), i.unit, i.T.unit, vars(i))
print(np.add(a, a, out=a) is a, a.sum(axis=0, out=np.zeros(3)), np.float64(2) * a[0], a[0] * np.float64(2), type(a.sum(axis=0) > 3))

s = Sized((2,), int, info="given")
print(type(s), s.shape, s.info, s[1:].info, np.arange(3).view(Sized).info, (s + 1).info, type(s.base),
      type(s[:1].base), s[:1].base is s)
w = np.arange(3.).view(Wrapping)
print(type(w + 1), type(np.sin(w) * 0), type(w.sum()), type(w.view(Plain) + w), type(w.view(Plain) + w.view(Higher)), type(w[1:]))
print(type(np.concatenate([w, w.view(Higher)])), type(np.dot(w[:2].view(Plain), w[:2])), w.__array_priority__, s.__array_priority__)
v = np.arange(3).view(Logging)
print(type(v + 1), type(1 - v), type(-v), type(v == 2), np.multiply(v, v), np.add.reduce(v), type(v @ v), type(np.arange(3) * v))
v += 1
np.add.at(v, [0], 5)
print(repr(v), np.add(v, 1, out=np.zeros(3, int)))
kept = [Measured(np.full(1000, n, float), n) for n in range(200)]
print(sum(int(k[k.unit]) for k in kept), {type(k + k) for k in kept}, {(k * 2).unit for k in kept} == set(range(200)))
