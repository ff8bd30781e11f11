"""Polynomials as arrays of coefficients, the lowest power first."""
import warnings

import numpy as np
from numpy.polynomial import polyutils as pu

__all__ = ["polyzero", "polyone", "polyx", "polydomain", "polyline", "polyadd", "polysub", "polymulx", "polymul", "polydiv",
           "polypow", "polyval", "polyvalfromroots", "polyder", "polyint", "polyfromroots", "polyvander", "polyfit", "polytrim",
           "polyroots", "Polynomial", "polyval2d", "polyval3d", "polygrid2d", "polygrid3d", "polyvander2d", "polyvander3d", "polycompanion"]

polytrim = pu.trimcoef
polydomain, polyzero, polyone, polyx = np.array([-1, 1]), np.array([0]), np.array([1]), np.array([0, 1])


def __getattr__(name):
    if name == "Polynomial":
        from numpy.polynomial._series import Polynomial
        return Polynomial
    raise AttributeError("module 'numpy.polynomial.polynomial' has no attribute %r" % name)


def polyline(off, scl):
    return np.array([off, scl]) if scl != 0 else np.array([off])


def polyfromroots(roots):
    """Products in pairs, the factors sorted by their roots."""
    if len(roots) == 0:
        return np.ones(1)
    [roots] = pu.as_series([roots], trim=False)
    roots.sort()
    factors = [polyline(-r, 1) for r in roots]
    while len(factors) > 1:
        half, odd = divmod(len(factors), 2)
        joined = [polymul(factors[i], factors[i + half]) for i in range(half)]
        if odd:
            joined[0] = polymul(joined[0], factors[-1])
        factors = joined
    return factors[0]


def polyadd(c1, c2):
    c1, c2 = pu.as_series([c1, c2])
    if len(c1) > len(c2):
        c1[:c2.size] += c2
        return pu.trimseq(c1)
    c2[:c1.size] += c1
    return pu.trimseq(c2)


def polysub(c1, c2):
    c1, c2 = pu.as_series([c1, c2])
    if len(c1) > len(c2):
        c1[:c2.size] -= c2
        return pu.trimseq(c1)
    c2 = -c2
    c2[:c1.size] += c1
    return pu.trimseq(c2)


def polymulx(c):
    [c] = pu.as_series([c])
    if len(c) == 1 and c[0] == 0:
        return c
    product = np.empty(len(c) + 1, dtype=c.dtype)
    product[0] = c[0] * 0
    product[1:] = c
    return product


def polymul(c1, c2):
    c1, c2 = pu.as_series([c1, c2])
    return pu.trimseq(np.convolve(c1, c2))


def polydiv(c1, c2):
    c1, c2 = pu.as_series([c1, c2])
    if c2[-1] == 0:
        raise ZeroDivisionError()
    more = len(c1) - len(c2)
    if more < 0:
        return c1[:1] * 0, c1
    if len(c2) == 1:
        return c1 / c2[-1], c1[:1] * 0
    scl, top = c2[-1], len(c1) - 1
    c2 = c2[:-1] / scl
    for i in range(more, -1, -1):
        c1[i:top] -= c2 * c1[top]
        top -= 1
    return c1[top + 1:] / scl, pu.trimseq(c1[:top + 1])


def polypow(c, pow, maxpower=None):
    [c] = pu.as_series([c])
    power = int(pow)
    if power != pow or power < 0:
        raise ValueError("Power must be a non-negative integer.")
    if maxpower is not None and power > maxpower:
        raise ValueError("Power is too large")
    if power == 0:
        return np.array([1], dtype=c.dtype)
    product = c
    for _ in range(2, power + 1):
        product = np.convolve(product, c)
    return product


def _as_float(c):
    c = np.array(c, ndmin=1, copy=True)
    return c + 0.0 if c.dtype.char in "?bBhHiIlLqQpP" else c


def polyder(c, m=1, scl=1, axis=0):
    c, count = _as_float(c), pu._as_int(m, "the order of derivation")
    axis = pu._as_int(axis, "the axis")
    if count < 0:
        raise ValueError("The order of derivation must be non-negative")
    if count == 0:
        return c
    c = np.moveaxis(c, axis, 0)
    if count >= len(c):
        return np.moveaxis(c[:1] * 0, 0, axis)
    for _ in range(count):
        c = c * scl
        derived = np.empty((len(c) - 1,) + c.shape[1:], dtype=c.dtype)
        for j in range(len(c) - 1, 0, -1):
            derived[j - 1] = j * c[j]
        c = derived
    return np.moveaxis(c, 0, axis)


def polyint(c, m=1, k=[], lbnd=0, scl=1, axis=0):
    c, count = _as_float(c), pu._as_int(m, "the order of integration")
    k = k if np.iterable(k) else [k]
    axis = pu._as_int(axis, "the axis")
    if count < 0:
        raise ValueError("The order of integration must be non-negative")
    if len(k) > count:
        raise ValueError("Too many integration constants")
    if np.ndim(lbnd) != 0:
        raise ValueError("lbnd must be a scalar.")
    if np.ndim(scl) != 0:
        raise ValueError("scl must be a scalar.")
    if count == 0:
        return c
    k = list(k) + [0] * (count - len(k))
    c = np.moveaxis(c, axis, 0)
    for i in range(count):
        n = len(c)
        c = c * scl
        if n == 1 and np.all(c[0] == 0):
            c[0] += k[i]
            continue
        made = np.empty((n + 1,) + c.shape[1:], dtype=c.dtype)
        made[0] = c[0] * 0
        made[1] = c[0]
        for j in range(1, n):
            made[j + 1] = c[j] / (j + 1)
        made[0] += k[i] - polyval(lbnd, made)
        c = made
    return np.moveaxis(c, 0, axis)


def polyval(x, c, tensor=True):
    c = np.array(c, ndmin=1, copy=False)
    if c.dtype.char in "?bBhHiIlLqQpP":
        c = c + 0.0
    if isinstance(x, (tuple, list)):
        x = np.asarray(x)
    if isinstance(x, np.ndarray) and tensor:
        c = c.reshape(c.shape + (1,) * x.ndim)
    result = c[-1] + x * 0
    for i in range(2, len(c) + 1):
        result = c[-i] + result * x
    return result


def polyvalfromroots(x, r, tensor=True):
    r = np.array(r, ndmin=1, copy=False)
    if r.dtype.char in "?bBhHiIlLqQpP":
        r = r.astype(np.double)
    if isinstance(x, (tuple, list)):
        x = np.asarray(x)
    if isinstance(x, np.ndarray):
        if tensor:
            r = r.reshape(r.shape + (1,) * x.ndim)
        elif x.ndim >= r.ndim:
            raise ValueError("x.ndim must be < r.ndim when tensor == False")
    return np.prod(x - r, axis=0)


def _on_points(c, *points):
    points = [np.asanyarray(a) for a in points]
    if not all(a.shape == points[0].shape for a in points[1:]):
        raise ValueError({2: "x, y are incompatible", 3: "x, y, z are incompatible"}[len(points)])
    c = polyval(points[0], c)
    for a in points[1:]:
        c = polyval(a, c, tensor=False)
    return c


def _on_grid(c, *points):
    for a in points:
        c = polyval(a, c)
    return c


def polyval2d(x, y, c):
    return _on_points(c, x, y)


def polyval3d(x, y, z, c):
    return _on_points(c, x, y, z)


def polygrid2d(x, y, c):
    return _on_grid(c, x, y)


def polygrid3d(x, y, z, c):
    return _on_grid(c, x, y, z)


def polyvander(x, deg):
    degree = pu._as_int(deg, "deg")
    if degree < 0:
        raise ValueError("deg must be non-negative")
    x = np.array(x, copy=False, ndmin=1) + 0.0
    powers = np.empty((degree + 1,) + x.shape, dtype=x.dtype)
    powers[0] = x * 0 + 1
    if degree > 0:
        powers[1] = x
        for i in range(2, degree + 1):
            powers[i] = powers[i - 1] * x
    return np.moveaxis(powers, 0, -1)


def _vander_of(points, degrees):
    points = tuple(np.array(tuple(points), copy=False) + 0.0)
    count, result = len(points), 1
    for n, (x, degree) in enumerate(zip(points, degrees)):
        place = (Ellipsis,) + tuple(slice(None) if n == k else np.newaxis for k in range(count))
        factor = polyvander(x, degree)[place]
        result = factor if n == 0 else result * factor
    return result.reshape(result.shape[:-count] + (-1,))


def polyvander2d(x, y, deg):
    return _vander_of((x, y), deg)


def polyvander3d(x, y, z, deg):
    return _vander_of((x, y, z), deg)


def polyfit(x, y, deg, rcond=None, full=False, w=None):
    x, y, deg = np.asarray(x) + 0.0, np.asarray(y) + 0.0, np.asarray(deg)
    if deg.ndim > 1 or deg.dtype.kind not in "iu" or deg.size == 0:
        raise TypeError("deg must be an int or non-empty 1-D array of int")
    if deg.min() < 0:
        raise ValueError("expected deg >= 0")
    if x.ndim != 1:
        raise TypeError("expected 1D vector for x")
    if x.size == 0:
        raise TypeError("expected non-empty vector for x")
    if y.ndim < 1 or y.ndim > 2:
        raise TypeError("expected 1D or 2D array for y")
    if len(x) != len(y):
        raise TypeError("expected x and y to have same length")
    chosen = np.sort(deg) if deg.ndim else None
    top = int(deg) if chosen is None else int(chosen[-1])
    order = top + 1 if chosen is None else len(chosen)
    matrix = polyvander(x, top)
    if chosen is not None:
        matrix = matrix[:, chosen]
    left, right = matrix.T, y.T
    if w is not None:
        w = np.asarray(w) + 0.0
        if w.ndim != 1:
            raise TypeError("expected 1D vector for w")
        if len(x) != len(w):
            raise TypeError("expected x and w to have same length")
        left, right = left * w, right * w
    if rcond is None:
        rcond = len(x) * np.finfo(x.dtype).eps
    if issubclass(left.dtype.type, np.complexfloating):
        scl = np.sqrt((np.square(left.real) + np.square(left.imag)).sum(1))
    else:
        scl = np.sqrt(np.square(left).sum(1))
    scl[scl == 0] = 1
    c, residuals, rank, singular = np.linalg.lstsq(left.T / scl, right.T, rcond)
    c = (c.T / scl).T
    if chosen is not None:
        spread = np.zeros((top + 1,) + c.shape[1:], dtype=c.dtype)
        spread[chosen] = c
        c = spread
    if rank != order and not full:
        warnings.warn("The fit may be poorly conditioned", pu.RankWarning, stacklevel=2)
    return (c, [residuals, rank, singular, rcond]) if full else c


def polycompanion(c):
    [c] = pu.as_series([c])
    if len(c) < 2:
        raise ValueError("Series must have maximum degree of at least 1.")
    if len(c) == 2:
        return np.array([[-c[0] / c[1]]])
    n = len(c) - 1
    matrix = np.zeros((n, n), dtype=c.dtype)
    matrix.reshape(-1)[n::n + 1] = 1
    matrix[:, -1] -= c[:-1] / c[-1]
    return matrix


def polyroots(c):
    [c] = pu.as_series([c])
    if len(c) < 2:
        return np.array([], dtype=c.dtype)
    if len(c) == 2:
        return np.array([-c[0] / c[1]])
    roots = np.linalg.eigvals(polycompanion(c)[::-1, ::-1])
    roots.sort()
    return roots
