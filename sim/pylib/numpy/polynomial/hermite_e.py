"""Series of Hermite polynomials, those of the weight exp(-x**2 / 2)."""
import numpy as np
from numpy.polynomial import _recurrence
from numpy.polynomial import polyutils as pu


class _Basis:
    def line(off, scl):
        return np.array([off, scl]) if scl != 0 else np.array([off])

    def line_to_powers(c):
        return c

    def fall(c, n):
        return c * (n - 1)

    def rise(c, n, times_x, sub):
        return times_x(c)

    def first(c, times_x, sub):
        return times_x(c)

    def times_x(c, product):
        product[0] = c[0] * 0
        product[1] = c[0]
        for i in range(1, len(c)):
            product[i + 1] = c[i]
            product[i - 1] += c[i] * i

    def value(c, c0, c1, x):
        for n in range(len(c) - 1, 1, -1):
            c0, c1 = c[n - 2] - c1 * (n - 1), c0 + c1 * x
        return c0 + c1 * x

    def fill_members(v, x):
        v[1] = x
        for i in range(2, len(v)):
            v[i] = v[i - 1] * x - v[i - 2] * (i - 1)

    def derive(c, derived):
        for j in range(len(derived), 0, -1):
            derived[j - 1] = j * c[j]

    def integrate(c, integral):
        integral[0] = c[0] * 0
        integral[1] = c[0]
        for j in range(1, len(c)):
            integral[j + 1] = c[j] / (j + 1)

    def companion(c):
        if len(c) == 2:
            return np.array([[-c[0] / c[1]]])
        n = len(c) - 1
        scl = np.hstack((1., 1. / np.sqrt(np.arange(n - 1, 0, -1))))
        scl = np.multiply.accumulate(scl)[::-1]
        matrix = _recurrence.banded(c, np.sqrt(np.arange(1, n)))
        matrix[:, -1] -= scl * c[:-1] / c[-1]
        return matrix


_recurrence.define(globals(), "herme", _Basis, domain=[-1, 1], x=[0, 1])


def hermeder(c, m=1, scl=1, axis=0):
    """Like those of the other bases, but that numpy leaves the axis in front when nothing is left."""
    derived = pu._derived(_Basis.derive, c, m, scl, axis)
    c = np.array(c, ndmin=1, copy=False)
    return np.moveaxis(derived, axis, 0) if m >= np.moveaxis(c, axis, 0).shape[0] and m > 0 else derived


def hermegauss(deg):
    return _recurrence.gauss_of_functions(_recurrence.checked_degree(deg), hermecompanion, 2 * np.pi, 1)


def hermeweight(x):
    return np.exp(-.5 * x ** 2)


_recurrence.series_class(globals(), "herme", "HermiteE", "He")
__all__ = _recurrence.public_names(globals(), "herme", "HermiteE")
