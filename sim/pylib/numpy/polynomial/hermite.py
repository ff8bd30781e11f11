"""Series of Hermite polynomials, those of the weight exp(-x**2)."""
import numpy as np
from numpy.polynomial import _recurrence


class _Basis:
    def line(off, scl):
        return np.array([off, scl / 2]) if scl != 0 else np.array([off])

    def line_to_powers(c):
        c[1] *= 2
        return c

    def fall(c, n):
        return c * (2 * (n - 1))

    def rise(c, n, times_x, sub):
        return times_x(c) * 2

    def first(c, times_x, sub):
        return times_x(c) * 2

    def times_x(c, product):
        product[0] = c[0] * 0
        product[1] = c[0] / 2
        for i in range(1, len(c)):
            product[i + 1] = c[i] / 2
            product[i - 1] += c[i] * i

    def value(c, c0, c1, x):
        x2 = x * 2
        for n in range(len(c) - 1, 1, -1):
            c0, c1 = c[n - 2] - c1 * (2 * (n - 1)), c0 + c1 * x2
        return c0 + c1 * x2

    def fill_members(v, x):
        v[1] = x2 = x * 2
        for i in range(2, len(v)):
            v[i] = v[i - 1] * x2 - v[i - 2] * (2 * (i - 1))

    def derive(c, derived):
        for j in range(len(derived), 0, -1):
            derived[j - 1] = (2 * j) * c[j]

    def integrate(c, integral):
        integral[0] = c[0] * 0
        integral[1] = c[0] / 2
        for j in range(1, len(c)):
            integral[j + 1] = c[j] / (2 * (j + 1))

    def companion(c):
        if len(c) == 2:
            return np.array([[-.5 * c[0] / c[1]]])
        n = len(c) - 1
        scl = np.hstack((1., 1. / np.sqrt(2. * np.arange(n - 1, 0, -1))))
        scl = np.multiply.accumulate(scl)[::-1]
        matrix = _recurrence.banded(c, np.sqrt(.5 * np.arange(1, n)))
        matrix[:, -1] -= scl * c[:-1] / (2.0 * c[-1])
        return matrix


_recurrence.define(globals(), "herm", _Basis, domain=[-1, 1], x=[0, 1 / 2])


def hermgauss(deg):
    return _recurrence.gauss_of_functions(_recurrence.checked_degree(deg), hermcompanion, np.pi, 2)


def hermweight(x):
    return np.exp(-x ** 2)


_recurrence.series_class(globals(), "herm", "Hermite", "H")
__all__ = _recurrence.public_names(globals(), "herm", "Hermite")
