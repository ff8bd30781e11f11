"""What the bases share whose members follow from the two before: a module's functions, made of what its basis says.

A basis is a class of static functions. fall(c, n) and rise(c, n, times_x, sub) tell how a series ends one term earlier when its
last coefficient c is expressed by the two before; first(c, times_x, sub) is c times the second member. times_x(c, product) fills in
x times a series, value(c, c0, c1, x) adds up a series of which c0 and c1 are the last coefficients, and fill_members, derive,
integrate and companion do what polyutils asks for."""
import numpy as np
from numpy.polynomial import polyutils as pu
from numpy.polynomial._polybase import ABCPolyBase
from numpy.polynomial.polynomial import polyadd, polymulx, polysub


def clenshaw(basis, c, c0, c1, coefficient, add, sub, times_x):
    """The series c as an element of where add, sub and times_x are done; c0 and c1 are its last two coefficients there."""
    for n in range(len(c) - 1, 1, -1):
        c0, c1 = sub(coefficient(c[n - 2]), basis.fall(c1, n)), add(c0, basis.rise(c1, n, times_x, sub))
    return add(c0, basis.first(c1, times_x, sub))


def _named(namespace, prefix, functions):
    for function in functions:
        name = function.__name__
        name = name.replace("own", prefix) if "own" in name else prefix + name
        function.__name__ = function.__qualname__ = name
        function.__module__ = namespace["__name__"]
        namespace[name] = function


def _define_algebra(namespace, prefix, basis):
    def add(c1, c2):
        return pu._add(c1, c2)

    def sub(c1, c2):
        return pu._sub(c1, c2)

    def mulx(c):
        [c] = pu.as_series([c])
        if len(c) == 1 and c[0] == 0:
            return c
        product = np.empty(len(c) + 1, dtype=c.dtype)
        basis.times_x(c, product)
        return product

    def mul(c1, c2):
        c, xs = pu.as_series([c1, c2])
        if len(c) > len(xs):
            c, xs = xs, c
        c0, c1 = (c[0] * xs, 0) if len(c) == 1 else (c[-2] * xs, c[-1] * xs)
        return clenshaw(basis, c, c0, c1, lambda factor: factor * xs, add, sub, mulx)

    def div(c1, c2):
        return pu._div(mul, c1, c2)

    def pow(c, pow, maxpower=16):
        return pu._pow(mul, c, pow, maxpower)

    def poly2own(pol):
        [pol] = pu.as_series([pol])
        series = 0
        for coefficient in pol[::-1]:
            series = add(mulx(series), coefficient)
        return series

    def own2poly(c):
        [c] = pu.as_series([c])
        if len(c) == 1:
            return c
        if len(c) == 2:
            return basis.line_to_powers(c)
        return clenshaw(basis, c, c[-2], c[-1], lambda coefficient: coefficient, polyadd, polysub, polymulx)

    def fromroots(roots):
        return pu._fromroots(basis.line, namespace[prefix + "mul"], roots)

    _named(namespace, prefix, (add, sub, mulx, mul, div, pow, poly2own, own2poly, fromroots))
    namespace[prefix + "line"], namespace[prefix + "trim"] = basis.line, pu.trimcoef


def _define_values(namespace, prefix, basis):
    def val(x, c, tensor=True):
        c = np.array(c, ndmin=1, copy=True)
        if c.dtype.char in "?bBhHiIlLqQpP":
            c = c.astype(np.double)
        if isinstance(x, (tuple, list)):
            x = np.asarray(x)
        if isinstance(x, np.ndarray) and tensor:
            c = c.reshape(c.shape + (1,) * x.ndim)
        c0, c1 = (c[0], 0) if len(c) == 1 else (c[-2], c[-1])
        return basis.value(c, c0, c1, x)

    def val2d(x, y, c):
        return pu._valnd(val, c, x, y)

    def val3d(x, y, z, c):
        return pu._valnd(val, c, x, y, z)

    def grid2d(x, y, c):
        return pu._gridnd(val, c, x, y)

    def grid3d(x, y, z, c):
        return pu._gridnd(val, c, x, y, z)

    def der(c, m=1, scl=1, axis=0):
        return pu._derived(basis.derive, c, m, scl, axis)

    def int(c, m=1, k=[], lbnd=0, scl=1, axis=0):
        return pu._integrated(basis.integrate, val, c, m, k, lbnd, scl, axis)

    _named(namespace, prefix, (val, val2d, val3d, grid2d, grid3d, der, int))


def _define_matrices(namespace, prefix, basis):
    def vander(x, deg):
        return pu._vandered(basis.fill_members, x, deg)

    def vander2d(x, y, deg):
        return pu._vander_nd_flat(vander, (x, y), deg)

    def vander3d(x, y, z, deg):
        return pu._vander_nd_flat(vander, (x, y, z), deg)

    def fit(x, y, deg, rcond=None, full=False, w=None):
        return pu._fit(vander, x, y, deg, rcond, full, w)

    def companion(c):
        return pu._companion(basis.companion, c)

    def roots(c):
        return pu._roots(companion, c)

    _named(namespace, prefix, (vander, vander2d, vander3d, fit, companion, roots))


def define(namespace, prefix, basis, domain, x):
    """Puts a basis's functions and constants into its module."""
    _define_algebra(namespace, prefix, basis)
    _define_values(namespace, prefix, basis)
    _define_matrices(namespace, prefix, basis)
    for name, items in (("domain", domain), ("zero", [0]), ("one", [1]), ("x", x)):
        namespace[prefix + name] = np.array(items)
    basis.line.__name__ = basis.line.__qualname__ = prefix + "line"


def series_class(namespace, prefix, name, basis_name, **methods):
    """The class of the series in a basis; what its functions do is looked up once, here."""
    parts = ("add", "sub", "mul", "div", "pow", "val", "int", "der", "fit", "line", "roots", "fromroots")
    members = {"_" + part: staticmethod(namespace[prefix + part]) for part in parts}
    domain = namespace[prefix + "domain"]
    members.update(domain=np.array(domain), window=np.array(domain), basis_name=basis_name,
                   __module__=namespace["__name__"], **methods)
    namespace[name] = type(ABCPolyBase)(name, (ABCPolyBase,), members)


def public_names(namespace, prefix, *others):
    """A module's __all__."""
    return [name for name in namespace if prefix in name and not name.startswith("_")] + list(others)


# ---- companion matrices, and the nodes of Gauss's quadrature, which are eigenvalues of theirs ----

def banded(c, beside):
    """A matrix for the series c with `beside` above and below its diagonal."""
    n = len(c) - 1
    matrix = np.zeros((n, n), dtype=c.dtype)
    above = matrix.reshape(-1)[1::n + 1]
    above[...] = beside
    matrix.reshape(-1)[n::n + 1] = above
    return matrix


def checked_degree(deg):
    degree = pu._deprecate_as_int(deg, "deg")
    if degree <= 0:
        raise ValueError("deg must be a positive integer")
    return degree


def gauss_of_series(degree, companion, val, der):
    """The roots of member `degree`, one step of Newton's better, and weights that are not scaled yet."""
    c = np.array([0] * degree + [1])
    x = np.linalg.eigvalsh(companion(c))
    slope = val(x, der(c))
    x -= val(x, c) / slope
    below = val(x, c[1:])
    below /= np.abs(below).max()
    slope /= np.abs(slope).max()
    return x, 1 / (below * slope)


def hermite_function(x, n, area, doubled):
    """Member n, scaled so that its square weighs 1, by the same recurrence; doubled: 2 for hermite, 1 for hermite_e."""
    if n == 0:
        return np.full(x.shape, 1 / np.sqrt(np.sqrt(area)))
    c0, c1, left = 0., 1. / np.sqrt(np.sqrt(area)), float(n)
    for _ in range(n - 1):
        c0, c1 = -c1 * np.sqrt((left - 1.) / left), c0 + c1 * x * np.sqrt(doubled / left)
        left -= 1.0
    return c0 + c1 * x * np.sqrt(2) if doubled == 2 else c0 + c1 * x


def gauss_of_functions(degree, companion, area, doubled):
    """The same for members that grow fast: by functions scaled to 1."""
    x = np.linalg.eigvalsh(companion(np.array([0] * degree + [1], dtype=np.float64)))
    slope = hermite_function(x, degree - 1, area, doubled) * np.sqrt(degree * 2 if doubled == 2 else degree)
    x -= hermite_function(x, degree, area, doubled) / slope
    below = hermite_function(x, degree - 1, area, doubled)
    below /= np.abs(below).max()
    x, w = symmetric(x, 1 / (below * below))
    w *= np.sqrt(area) / w.sum()
    return x, w


def symmetric(x, w):
    return (x - x[::-1]) / 2, (w + w[::-1]) / 2
