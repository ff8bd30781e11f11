"""numpy.polynomial: the bases of Chebyshev, Legendre, Hermite and Laguerre, their functions and classes."""
import pickle
import warnings

import numpy as np
from numpy.polynomial import Chebyshev, Hermite, HermiteE, Laguerre, Legendre, Polynomial
from numpy.polynomial import chebyshev, hermite, hermite_e, laguerre, legendre

BASES = [(chebyshev, "cheb", Chebyshev), (legendre, "leg", Legendre), (hermite, "herm", Hermite),
         (hermite_e, "herme", HermiteE), (laguerre, "lag", Laguerre)]


def show(name, made):
    if isinstance(made, tuple):
        for n, part in enumerate(made):
            show("%s[%d]" % (name, n), part)
    elif hasattr(made, "coef"):
        print(name, type(made).__name__, [complex(c) for c in made.coef], made.domain, made.window, made.symbol)
    else:
        a = np.asarray(made)
        print(name, a.dtype, a.shape, a.tobytes().hex()[:240] if a.dtype != object else a.tolist())


def attempt(name, function):
    try:
        show(name, function())
    except Exception as error:
        print(name, type(error).__name__, error)


state = 777


def number():
    global state
    state = (state * 6364136223846793005 + 1442695040888963407) % 2 ** 64
    return (state >> 40) / 2 ** 22 - 2


def series(n):
    return [number() for _ in range(n)]


for module, prefix, kind in BASES:
    print("----", module.__name__, kind.basis_name, kind.maxpower)
    call = {name[len(prefix):]: getattr(module, name) for name in dir(module) if name.startswith(prefix)}
    for name in ("domain", "zero", "one", "x"):
        show(name, call[name])
    for round in range(9):
        a, b, x = series(1 + round % 5), series(1 + round % 4), np.array(series(4))
        if round == 7: # exact: sums of complex products depend on how they are added
            a, b = [1 + 2j, -3, 0.5j, 2], [0.5, 1 - 1j]
        if round == 8:
            a, b = [1, 2, 3, 4], [2, 1]
        for name in ("add", "sub", "mul", "div"):
            attempt(name, lambda: call[name](a, b))
        for name, arguments in (
                ("pow", (a, 3)), ("pow", (a, 0)), ("pow", (a, 1)), ("mulx", (a,)), ("der", (a,)), ("der", (a, 2, 1.5)),
                ("int", (a,)),
                ("int", (a, 2, [1, 2], 0.5, 2)), ("val", (x, a)), ("val", (0.5, a)), ("val", ((1, 2), a)),
                ("val2d", (x, x[::-1], [a, a])), ("val3d", (x, x, x, [[a, a]])), ("grid2d", (x, x, [a, a])),
                ("grid3d", (x[:2], x[:2], 1, [[a, a]])), ("vander", (x, 4)), ("vander", (x, 0)), ("vander2d", (x, x, [1, 2])),
                ("vander3d", (x, x, x, [1, 2, 1])), ("fromroots", (a,)), ("line", (1.5, a[0])), ("trim", (a, 0.5))):
            if name != "fromroots" or round != 7:
                attempt(name, lambda: call[name](*arguments))
        attempt("companion", lambda: np.round(call["companion"](a), 12))
        attempt("to", lambda: getattr(module, "poly2" + prefix)(a))
        attempt("from", lambda: getattr(module, prefix + "2poly")(a))
    two = np.array([series(4), series(4), series(4)])
    show("der", call["der"](two, axis=1))
    show("int", call["int"](two, 2, axis=1))
    show("val", call["val"](np.array([1, 2]), two))
    show("val", call["val"](np.array([1, 2, 3, 4]), two, tensor=False))
    show("single", call["val"](np.float32(0.3), np.array([1, 2, 3], "f")))
    show("der", call["der"](two, 7, axis=1).shape)
    print("roots", np.round(call["roots"](call["fromroots"]([-1, 0.5, 2])), 9), call["roots"]([2]), call["roots"]([4, 2]))
    xs = np.linspace(0, 1, 30)
    ys = np.array([1 + x * (2 - x) + number() / 50 for x in xs])
    for degree in (0, 3, [0, 2]):
        print("fit", np.round(call["fit"](xs, ys, degree), 8), np.round(kind.fit(xs, ys, degree).convert().coef, 8))
    fitted, (residuals, rank, singular, rcond) = kind.fit(xs, ys, 2, full=True, w=xs + 1)
    print(np.round(fitted.coef, 8), np.round(residuals, 8), rank, rcond)
    for degree in (1, 2, 5, 12):
        points, weights = call["gauss"](degree)
        print("gauss", np.round(points, 10) + 0, np.round(weights, 10) + 0)
    print("weight", np.round(call["weight"](np.linspace(-.9, .9, 5)), 13))
    p, q = kind([1, -2, 3.5], domain=[0, 3], symbol="t"), kind([2, 1], domain=[0, 3], symbol="t")
    for made in (p + q, p - q, p * q, p // q, p % q, divmod(p, q), p ** 2, -p, p * 2, 1 + p, [1, 2] - p, p / 4, p.deriv(),
                 p.integ(),
                 p.integ(2, [1], 0.5), p(np.array([0.1, 2])), p(0.5), p.convert(), p.convert(domain=[1, 2]), p.linspace(5),
                 p.cutdeg(1),
                 p.truncate(2), p.trim(0.5), kind.basis(3), kind.identity([0, 2]), p == q, p != q, p == p.copy(), p.degree(),
                 p.convert(kind=Polynomial), kind.cast(Polynomial([1, 2, 3])), Polynomial.cast(kind([1, 2, 3])), p(q),
                 kind.fromroots([1, 2]), pickle.loads(pickle.dumps(p)), Chebyshev.cast(p), p.has_sametype(q), p.has_samecoef(q)):
        show("method", made)
    for p in (p, kind([1, 2j]), kind([-1, -2, -3, 4.5e10]), kind([1 / 3, np.inf, np.nan, -0.0]), kind([0, 1], [0, 1]),
              kind(range(14))):
        print(repr(p), ascii(str(p)), format(p, "ascii"), p._repr_latex_() if p.coef.dtype.kind != "c" else "", sep="\n")
    for name, function in (("differ", lambda: p + Polynomial([1])), ("large", lambda: kind([1, 2]) ** 101),
                           ("power", lambda: call["pow"]([1, 2], 17)), ("degree", lambda: call["vander"]([1], -1)),
                           ("order", lambda: call["der"]([1, 2], 1.5)), ("negative", lambda: call["int"]([1, 2], -1)),
                           ("constants", lambda: call["int"]([1, 2], 1, [1, 2])), ("lower", lambda: call["int"]([1, 2], lbnd=[1])),
                           ("scale", lambda: call["int"]([1, 2], scl=[1])), ("axis", lambda: call["der"]([1, 2], axis=1)),
                           ("zero", lambda: call["div"]([1], [0])), ("empty", lambda: kind([])),
                           ("short", lambda: call["companion"]([1])), ("gauss", lambda: call["gauss"](0)),
                           ("points", lambda: call["val2d"]([1], [1, 2], [[1]])), ("text", lambda: call["val"](1, ["a"]))):
        attempt(name, function)

with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    show("whole", legendre.legder([1, 2, 3], 1.0))
    Legendre.fit([1, 1, 2], [1, 2, 3], 2)
    print([(w.category.__name__, str(w.message)) for w in caught])
print(np.round(chebyshev.chebpts1(5), 14) + 0, np.round(chebyshev.chebpts2(5), 14) + 0)
print(np.round(Chebyshev.interpolate(np.exp, 5, domain=[0, 2]).coef, 12),
      np.round(chebyshev.chebinterpolate(lambda x, k: x ** k, 3, (2,)), 12))
for function in (lambda: chebyshev.chebpts1(0), lambda: chebyshev.chebpts2(1), lambda: chebyshev.chebpts1(1.5),
                 lambda: chebyshev.chebinterpolate(abs, -1), lambda: chebyshev.chebinterpolate(abs, 1.5)):
    attempt("points", function)
print(np.polynomial.Legendre is Legendre, np.polynomial.hermite_e is hermite_e, sorted(np.polynomial.__all__))
for module, prefix, kind in BASES:
    print(sorted(module.__all__), issubclass(kind, np.polynomial.polynomial.ABCPolyBase), kind.__module__)
