"""Series of Legendre polynomials."""
import numpy as np
from numpy.polynomial import _recurrence


class _Basis:
    def line(off, scl):
        return np.array([off, scl]) if scl != 0 else np.array([off])

    def line_to_powers(c):
        return c

    def fall(c, n):
        return c * (n - 1) / n

    def rise(c, n, times_x, sub):
        return times_x(c) * (2 * n - 1) / n

    def first(c, times_x, sub):
        return times_x(c)

    def times_x(c, product):
        product[0] = c[0] * 0
        product[1] = c[0]
        for i in range(1, len(c)):
            product[i + 1] = c[i] * (i + 1) / (2 * i + 1)
            product[i - 1] += c[i] * i / (2 * i + 1)

    def value(c, c0, c1, x):
        for n in range(len(c) - 1, 1, -1):
            c0, c1 = c[n - 2] - c1 * (n - 1) / n, c0 + c1 * x * (2 * n - 1) / n
        return c0 + c1 * x

    def fill_members(v, x):
        v[1] = x
        for i in range(2, len(v)):
            v[i] = (v[i - 1] * x * (2 * i - 1) - v[i - 2] * (i - 1)) / i

    def derive(c, derived):
        n = len(derived)
        for j in range(n, 2, -1):
            derived[j - 1] = (2 * j - 1) * c[j]
            c[j - 2] += c[j]
        if n > 1:
            derived[1] = 3 * c[2]
        derived[0] = c[1]

    def integrate(c, integral):
        integral[0] = c[0] * 0
        integral[1] = c[0]
        if len(c) > 1:
            integral[2] = c[1] / 3
        for j in range(2, len(c)):
            part = c[j] / (2 * j + 1)
            integral[j + 1] = part
            integral[j - 1] -= part

    def companion(c):
        if len(c) == 2:
            return np.array([[-c[0] / c[1]]])
        n = len(c) - 1
        scl = 1. / np.sqrt(2 * np.arange(n) + 1)
        matrix = _recurrence.banded(c, np.arange(1, n) * scl[:n - 1] * scl[1:n])
        matrix[:, -1] -= (c[:-1] / c[-1]) * (scl / scl[-1]) * (n / (2 * n - 1))
        return matrix


_recurrence.define(globals(), "leg", _Basis, domain=[-1, 1], x=[0, 1])


def leggauss(deg):
    degree = _recurrence.checked_degree(deg)
    x, w = _recurrence.symmetric(*_recurrence.gauss_of_series(degree, legcompanion, legval, legder))
    w *= 2. / w.sum()
    return x, w


def legweight(x):
    return x * 0.0 + 1.0


_recurrence.series_class(globals(), "leg", "Legendre", "P")
__all__ = _recurrence.public_names(globals(), "leg", "Legendre")
