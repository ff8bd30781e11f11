# Operands of another type than a loop's, on rows that are longer than numpy's buffer and on shorter ones: flat, strided, turned,
# broadcast, overlapping, masked; what casts report. And loops that have roads of their own for adjoining elements: quotients of
# complex numbers, modf, frexp, divmod of narrow integers, whole parts of floats as integers, copies of turned arrays.
import warnings
import zlib

import numpy as np


def text(array):
    array = np.asarray(array)
    numbers = np.where(np.isnan(array), 7, array) if array.dtype.kind in "fc" else array
    return "%s %s %s %08x" % (array.dtype, array.shape, array.strides, zlib.crc32(np.ascontiguousarray(numbers).tobytes()))


def show(name, function):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            result = function()
            result = [text(part) for part in (result if isinstance(result, tuple) else (result,))]
        except (TypeError, ValueError, FloatingPointError) as e:
            result = [type(e).__name__, e]
    print(name, *result, *[warning.message for warning in caught])


def quietly(function):
    with np.errstate(all="ignore"):
        return function()


g = np.random.default_rng(11)
SPECIAL = np.array([0., -0., 1, np.inf, -np.inf, np.nan, 5e-324, -1e-310, 1e308, 3e9, -3e9, 1e19, 127.9, -128.9, 65536.7,
                    2147483647.5, -2147483648.9, -2147483649., 9.3e18, 3.5e38])
for n in 9, 300, 8192, 17003:
    f8 = np.where(g.random(n) < .2, g.choice(SPECIAL, n), np.ldexp(g.random(n) - .5, g.integers(-10, 40, n)))
    near = g.random(n) * 200 - 100
    f4 = quietly(lambda: f8.astype("f4"))
    i4, i8 = g.integers(-1000, 1000, n).astype("i4"), g.integers(-2**62, 2**62, n)
    u1, flags = g.integers(0, 256, n).astype("u1"), g.random(n) > .5
    rows = n // 140 * 140
    for a, b in (i4, near), (near, i4), (f4, near), (u1, i4), (flags, near), (i8, f4), (i4, i8):
        for f in np.add, np.divide, np.maximum, np.less, np.copysign, np.logical_and:
            name = "%s %s %s %d" % (f.__name__, a.dtype, b.dtype, n)
            show(name, lambda: f(a, b))
            show(name + " strided", lambda: quietly(lambda: f(a[::2], b[::-2])))
            show(name + " into halves", lambda: quietly(lambda: f(a, b, out=np.zeros(n, "f2"), casting="unsafe")))
            show(name + " masked", lambda: quietly(lambda: f(a, b, out=np.zeros(n), where=flags)))
            if rows:
                show(name + " turned", lambda: quietly(lambda: f(a[:rows].reshape(-1, 140).T, b[:rows].reshape(140, -1))))
                show(name + " short", lambda: quietly(lambda: f(a[:rows].reshape(-1, 4).T, b[:rows].reshape(4, -1))))
                show(name + " row", lambda: quietly(lambda: f(a[:rows].reshape(-1, 140), b[:140])))
            for which in 0, 1:
                pair = [a.copy(), b.copy()]
                show(name + " same", lambda: quietly(lambda: f(*pair, out=pair[which], casting="unsafe")))
                show(name + " moved", lambda: quietly(lambda: f(pair[0][1:], pair[1][1:], out=pair[which][:-1], casting="unsafe")))
    room = np.zeros(n)
    room[:(n + 1) // 2].view("i4")[:n] = i4
    show("widened where it lies", lambda: np.add(room[:(n + 1) // 2].view("i4")[:n], near, out=room))
    for f in np.floor, np.rint, np.sqrt, np.signbit, np.fabs, np.deg2rad:
        for a in i4, u1, flags, i8:
            show("%s %s %d" % (f.__name__, a.dtype, n), lambda: f(a))
    for kind in "f4", "i4":
        show("asked for " + kind, lambda: np.add(near, near, dtype=kind, casting="unsafe"))
    for name, f in ("ldexp", lambda: np.ldexp(near, i4.astype("i2"))), ("clip", lambda: np.clip(i4, near, near + 20)), \
            ("power", lambda: np.power(i4, -u1.astype("i8"))), ("divmod out", lambda: np.divmod(i4, 7, f8.copy(), near.copy())):
        show(name, f)
    # ---- roads of their own ----
    c = np.empty((2, n), complex)
    c.real, c.imag = g.choice(SPECIAL, (2, n)), np.where(g.random((2, n)) < .7, g.random((2, n)), g.choice(SPECIAL, (2, n)))
    for kind in "FD":
        a, b = quietly(lambda: c.astype(kind))
        show("quotients " + kind, lambda: a / b)
        show("quotients " + kind, lambda: quietly(lambda: (a[::2] / b[::-2], a / b[3], a[3] / b, np.divide(a, b, out=b.copy()))))
        show("without zeros " + kind, lambda: (a.imag + 1j).astype(kind) / (1 + 1j * near).astype(kind))
    for a in f8, f4:
        show("modf", lambda: np.modf(a))
        show("signs", lambda: tuple(np.signbit(part) for part in np.modf(a[~np.isnan(a)])))
        show("modf in place", lambda: np.modf(a.copy(), out=(a.copy(), a.copy())))
        finite = a[np.isfinite(a)]
        show("frexp", lambda: np.frexp(finite))
        same = finite.copy()
        show("frexp in place", lambda: np.frexp(same, same, np.zeros(len(same), "i4")))
        normal = finite[np.abs(finite) > 1e-30].copy()
        show("frexp in place", lambda: np.frexp(normal, normal, np.zeros(len(normal), "i4")))
        for kind in "?bBhHilLe":
            show("cast to " + kind, lambda: a.astype(kind))
            show("cast to " + kind, lambda: a[::-3].astype(kind))
    for kind in "bBhH":
        a, b = (g.integers(-40000, 40000, n).astype(kind) for _ in "ab")
        show("divmod " + kind, lambda: np.divmod(a, b))
        b[b == 0] = 3
        show("divmod " + kind, lambda: np.divmod(a, b))
        show("divmod in place " + kind, lambda: np.divmod(a, b, b, a.copy()))

for shape, axes in ((130, 70), (1, 0)), ((9, 200), (1, 0)), ((300, 2), (1, 0)), ((20, 9, 17), (2, 0, 1)), \
        ((20, 9, 17), (0, 2, 1)), ((12, 3, 4, 10), (3, 1, 0, 2)):
    for kind in "B", "h", "f", "d", "D", "U3", "O":
        turned = np.arange(np.prod(shape)).reshape(shape).astype(kind).transpose(axes)
        for view in turned, turned[::-1], turned[..., ::-1], turned[:, ::2]:
            filled = np.zeros(view.shape, kind)
            filled[...] = view
            copies = view.copy(), filled, np.ravel(view), view.copy(order="F")
            show("turned " + kind, lambda: tuple(copy.astype("i8") for copy in copies) if kind == "O" else copies)
