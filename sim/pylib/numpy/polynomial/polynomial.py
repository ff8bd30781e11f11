"""Polynomials as arrays of coefficients, the lowest power first."""
import numpy as np
from numpy.polynomial import polyutils as pu
from numpy.polynomial._polybase import ABCPolyBase

__all__ = ["polyzero", "polyone", "polyx", "polydomain", "polyline", "polyadd", "polysub", "polymulx", "polymul", "polydiv",
           "polypow", "polyval", "polyvalfromroots", "polyder", "polyint", "polyfromroots", "polyvander", "polyfit", "polytrim",
           "polyroots", "Polynomial", "polyval2d", "polyval3d", "polygrid2d", "polygrid3d", "polyvander2d", "polyvander3d",
           "polycompanion"]

polytrim = pu.trimcoef
polydomain, polyzero, polyone, polyx = np.array([-1, 1]), np.array([0]), np.array([1]), np.array([0, 1])


def polyline(off, scl):
    return np.array([off, scl]) if scl != 0 else np.array([off])


def polyfromroots(roots):
    return pu._fromroots(polyline, polymul, roots)


def polyadd(c1, c2):
    return pu._add(c1, c2)


def polysub(c1, c2):
    return pu._sub(c1, c2)


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
    return pu._divided(_long_division, c1, c2)


def _long_division(c1, c2):
    scl, top, more = c2[-1], len(c1) - 1, len(c1) - len(c2)
    c2 = c2[:-1] / scl
    for i in range(more, -1, -1):
        c1[i:top] -= c2 * c1[top]
        top -= 1
    return c1[top + 1:] / scl, pu.trimseq(c1[:top + 1])


def polypow(c, pow, maxpower=None):
    return pu._powered(_power, c, pow, maxpower)


def _power(c, power):
    product = c
    for _ in range(2, power + 1):
        product = np.convolve(product, c)
    return product


def polyder(c, m=1, scl=1, axis=0):
    return pu._derived(_derive, c, m, scl, axis)


def _derive(c, derived):
    for j in range(len(derived), 0, -1):
        derived[j - 1] = j * c[j]


def polyint(c, m=1, k=[], lbnd=0, scl=1, axis=0):
    return pu._integrated(_integrate, polyval, c, m, k, lbnd, scl, axis)


def _integrate(c, integral):
    integral[0] = c[0] * 0
    integral[1] = c[0]
    for j in range(1, len(c)):
        integral[j + 1] = c[j] / (j + 1)


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


def polyval2d(x, y, c):
    return pu._valnd(polyval, c, x, y)


def polyval3d(x, y, z, c):
    return pu._valnd(polyval, c, x, y, z)


def polygrid2d(x, y, c):
    return pu._gridnd(polyval, c, x, y)


def polygrid3d(x, y, z, c):
    return pu._gridnd(polyval, c, x, y, z)


def polyvander(x, deg):
    return pu._vandered(_fill_powers, x, deg)


def _fill_powers(powers, x):
    powers[1] = x
    for i in range(2, len(powers)):
        powers[i] = powers[i - 1] * x


def polyvander2d(x, y, deg):
    return pu._vander_nd_flat(polyvander, (x, y), deg)


def polyvander3d(x, y, z, deg):
    return pu._vander_nd_flat(polyvander, (x, y, z), deg)


def polyfit(x, y, deg, rcond=None, full=False, w=None):
    return pu._fit(polyvander, x, y, deg, rcond, full, w)


def polycompanion(c):
    return pu._companion(_fill_companion, c)


def _fill_companion(c):
    if len(c) == 2:
        return np.array([[-c[0] / c[1]]])
    n = len(c) - 1
    matrix = np.zeros((n, n), dtype=c.dtype)
    matrix.reshape(-1)[n::n + 1] = 1
    matrix[:, -1] -= c[:-1] / c[-1]
    return matrix


def polyroots(c):
    return pu._roots(polycompanion, c)


class Polynomial(ABCPolyBase):
    _add, _sub, _mul, _div, _pow = map(staticmethod, (polyadd, polysub, polymul, polydiv, polypow))
    _val, _int, _der, _fit = map(staticmethod, (polyval, polyint, polyder, polyfit))
    _line, _roots, _fromroots = map(staticmethod, (polyline, polyroots, polyfromroots))
    domain, window, basis_name = np.array(polydomain), np.array(polydomain), None

    @classmethod
    def _str_term_unicode(cls, i, arg_str):
        return "·" + arg_str + (i.translate(cls._superscript_mapping) if i != "1" else "")

    @staticmethod
    def _str_term_ascii(i, arg_str):
        return " " + arg_str + ("**" + i if i != "1" else "")

    @staticmethod
    def _repr_latex_term(i, arg_str, needs_parens):
        if needs_parens:
            arg_str = "\\left(%s\\right)" % arg_str
        return "1" if i == 0 else arg_str if i == 1 else "%s^{%s}" % (arg_str, i)
