"""Series of Laguerre polynomials."""
import numpy as np
from numpy.polynomial import _recurrence


class _Basis:
    def line(off, scl):
        return np.array([off + scl, -scl]) if scl != 0 else np.array([off])

    def line_to_powers(c):
        from numpy.polynomial.polynomial import polyadd, polymulx, polysub
        return polyadd(c[0], polysub(c[1], polymulx(c[1])))

    def fall(c, n):
        return c * (n - 1) / n

    def rise(c, n, times_x, sub):
        return sub((2 * n - 1) * c, times_x(c)) / n

    def first(c, times_x, sub):
        return sub(c, times_x(c))

    def times_x(c, product):
        product[0] = c[0]
        product[1] = -c[0]
        for i in range(1, len(c)):
            product[i + 1] = -c[i] * (i + 1)
            product[i] += c[i] * (2 * i + 1)
            product[i - 1] -= c[i] * i

    def value(c, c0, c1, x):
        for n in range(len(c) - 1, 1, -1):
            c0, c1 = c[n - 2] - c1 * (n - 1) / n, c0 + c1 * (2 * n - 1 - x) / n
        return c0 + c1 * (1 - x)

    def fill_members(v, x):
        v[1] = 1 - x
        for i in range(2, len(v)):
            v[i] = (v[i - 1] * (2 * i - 1 - x) - v[i - 2] * (i - 1)) / i

    def derive(c, derived):
        for j in range(len(derived), 1, -1):
            derived[j - 1] = -c[j]
            c[j - 1] += c[j]
        derived[0] = -c[1]

    def integrate(c, integral):
        integral[0] = c[0]
        integral[1] = -c[0]
        for j in range(1, len(c)):
            integral[j] += c[j]
            integral[j + 1] = -c[j]

    def companion(c):
        if len(c) == 2:
            return np.array([[1 + c[0] / c[1]]])
        n = len(c) - 1
        matrix = _recurrence.banded(c, -np.arange(1, n))
        matrix.reshape(-1)[0::n + 1] = 2. * np.arange(n) + 1.
        matrix[:, -1] += (c[:-1] / c[-1]) * n
        return matrix


_recurrence.define(globals(), "lag", _Basis, domain=[0, 1], x=[1, -1])


def laggauss(deg):
    x, w = _recurrence.gauss_of_series(_recurrence.checked_degree(deg), lagcompanion, lagval, lagder)
    w /= w.sum()
    return x, w


def lagweight(x):
    return np.exp(-x)


_recurrence.series_class(globals(), "lag", "Laguerre", "L")
__all__ = _recurrence.public_names(globals(), "lag", "Laguerre")
