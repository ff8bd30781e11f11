"""numpy.polynomial: series in powers, and the class Polynomial."""
import pickle
import warnings

import numpy as np
from numpy.polynomial import Polynomial, polynomial as P
from numpy.polynomial.polynomial import polyfit, polyval


def show(name, made):
    if isinstance(made, tuple):
        for n, part in enumerate(made):
            show("%s[%d]" % (name, n), part)
    elif isinstance(made, Polynomial):
        print(name, [float(c).hex() for c in made.coef.real], made.domain, made.window, made.symbol)
    else:
        a = np.asarray(made)
        print(name, a.dtype, a.shape, a.tobytes().hex()[:160])


def attempt(name, function):
    try:
        show(name, function())
    except Exception as error:
        print(name, type(error).__name__, error)


state = 12345


def number():
    global state
    state = (state * 6364136223846793005 + 1442695040888963407) % 2 ** 64
    return (state >> 40) / 2 ** 22 - 2


def series(n):
    return [number() for _ in range(n)]


for c in ([1, 2, 3], [0, -1.5, 2e-7], [1], [1, 2j], [-1, -2, -3, 4.5e10], [1 / 3, np.inf, np.nan, -0.0]):
    p = Polynomial(c)
    print(repr(p), ascii(str(p)), format(p, "ascii"), sep="\n")
print(ascii(str(Polynomial([1] * 14))))
with np.printoptions(precision=3, linewidth=40):
    print(ascii(str(Polynomial([1 / 3, 2 / 3, 1e-10, 1e5, -7]))))

for round in range(12):
    a, b, x = series(1 + round % 5), series(1 + round % 3), np.array(series(4))
    for function in (P.polyadd, P.polysub, P.polymul, P.polydiv):
        attempt(function.__name__, lambda: function(a, b))
    show("pow", P.polypow(a, 3))
    show("der", P.polyder(a, 1 + round % 2, 1.5))
    show("int", P.polyint(a, 2, [1, 2], lbnd=0.5, scl=2))
    show("val", polyval(x, a))
    show("val2", P.polyval2d(x, x[::-1], np.array([a, a])))
    show("grid", P.polygrid2d(x, x, np.array([a, a])))
    show("from roots", P.polyfromroots(a))
    show("at roots", P.polyvalfromroots(x, a))
    show("mulx", P.polymulx(a))
    show("vander", P.polyvander(x, 3))
    show("vander2", P.polyvander2d(x, x, [1, 2]))
    p, q = Polynomial(a, domain=[0, 3]), Polynomial(b, domain=[0, 3])
    for made in (p + q, p - q, p * q, p // q, p % q, divmod(p, q), p ** 2, -p, p * 2, 1 + p, [1, 2] - p, p / 3, p.deriv(),
                 p.integ(), p.integ(2, [1], 0.5), p(x), p(0.5), p.convert(), p.convert(domain=[1, 2]), p.linspace(5),
                 p.cutdeg(1), p.truncate(2), p.trim(0.5), Polynomial.basis(round), Polynomial.identity([0, 2]), p == q, p != q,
                 p == p.copy(), p.degree(), p(q)):
        show("method", made)
xs = np.linspace(-1, 2, 20)
ys = np.array([1 + x * (2 - x) + number() / 50 for x in xs])
for degree in (0, 1, 3, [0, 2]):
    print("fit", np.round(polyfit(xs, ys, degree), 10), Polynomial.fit(xs, ys, degree).domain,
          np.round(Polynomial.fit(xs, ys, degree).convert().coef, 10))
c, (residuals, rank, singular, rcond) = polyfit(xs, ys, 2, full=True, w=np.arange(1, 21))
print(np.round(c, 10), np.round(residuals, 10), rank, np.round(singular, 10), rcond)
print(np.round(P.polyroots([6, -5, 1]), 10), P.polyroots([2]), P.polyroots([4, 2]))
print(np.round(Polynomial([6, -5, 1], [0, 5]).roots(), 10))
print(P.polycompanion([1, 2, 3]), P.polytrim([1, 0, 1e-9, 0], 1e-6))
show("from roots", Polynomial.fromroots([1, 2, 3], domain=None))
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    polyfit([1, 1, 1], [1, 2, 3], 2)
    print([(w.category.__name__, str(w.message)) for w in caught])
show("pickled", pickle.loads(pickle.dumps(Polynomial([1, 2], symbol="t"))))
for name, function in (("empty", lambda: Polynomial([])), ("two dimensions", lambda: Polynomial([[1], [2]])),
                       ("domain", lambda: Polynomial([1], domain=[1])), ("symbol", lambda: Polynomial([1], symbol="1")),
                       ("no symbol", lambda: Polynomial([1], symbol=3)),
                       ("differ", lambda: Polynomial([1]) + Polynomial([1], [0, 1])),
                       ("symbols", lambda: Polynomial([1]) + Polynomial([1], symbol="y")),
                       ("zero", lambda: Polynomial([1, 2]) // 0),
                       ("divide", lambda: Polynomial([1]) / Polynomial([1])), ("power", lambda: Polynomial([1, 2]) ** -1),
                       ("large", lambda: Polynomial([1, 2]) ** 101), ("hash", lambda: hash(Polynomial([1]))),
                       ("text", lambda: Polynomial([1]) + "a"), ("format", lambda: format(Polynomial([1]), ".2f")),
                       ("degree", lambda: polyfit([1, 2], [1, 2], -1)), ("length", lambda: polyfit([1, 2], [1], 1))):
    attempt(name, function)
