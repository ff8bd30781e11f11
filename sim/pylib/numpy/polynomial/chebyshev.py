"""Series of Chebyshev polynomials. As polynomials in z and 1/z, of which x is the mean, they multiply like powers."""
import numpy as np
from numpy.polynomial import _recurrence
from numpy.polynomial import polyutils as pu


class _Basis:
    def line(off, scl):
        return np.array([off, scl]) if scl != 0 else np.array([off])

    def line_to_powers(c):
        return c

    def fall(c, n):
        return c

    def rise(c, n, times_x, sub):
        return times_x(c) * 2

    def first(c, times_x, sub):
        return times_x(c)

    def times_x(c, product):
        product[0] = c[0] * 0
        product[1] = c[0]
        if len(c) > 1:
            half = c[1:] / 2
            product[2:] = half
            product[0:-2] += half

    def value(c, c0, c1, x):
        if len(c) > 2:
            x2 = 2 * x
            for n in range(len(c) - 1, 1, -1):
                c0, c1 = c[n - 2] - c1, c0 + c1 * x2
        return c0 + c1 * x

    def fill_members(v, x):
        v[1], x2 = x, 2 * x
        for i in range(2, len(v)):
            v[i] = v[i - 1] * x2 - v[i - 2]

    def derive(c, derived):
        n = len(derived)
        for j in range(n, 2, -1):
            derived[j - 1] = (2 * j) * c[j]
            c[j - 2] += (j * c[j]) / (j - 2)
        if n > 1:
            derived[1] = 4 * c[2]
        derived[0] = c[1]

    def integrate(c, integral):
        integral[0] = c[0] * 0
        integral[1] = c[0]
        if len(c) > 1:
            integral[2] = c[1] / 4
        for j in range(2, len(c)):
            integral[j + 1] = c[j] / (2 * (j + 1))
            integral[j - 1] -= c[j] / (2 * (j - 1))

    def companion(c):
        if len(c) == 2:
            return np.array([[-c[0] / c[1]]])
        n = len(c) - 1
        scl = np.array([1.] + [np.sqrt(.5)] * (n - 1))
        matrix = _recurrence.banded(c, [np.sqrt(.5)] + [1 / 2] * (n - 2))
        matrix[:, -1] -= (c[:-1] / c[-1]) * (scl / scl[-1]) * .5
        return matrix


_recurrence.define(globals(), "cheb", _Basis, domain=[-1, 1], x=[0, 1])


# ---- products and quotients: z-series, whose coefficients are the same from both ends ----

def _to_z(c):
    n = len(c)
    z = np.zeros(2 * n - 1, dtype=c.dtype)
    z[n - 1:] = c / 2
    return z + z[::-1]


def _from_z(z):
    c = z[len(z) // 2:].copy()
    c[1:] *= 2
    return c


def chebmul(c1, c2):
    c1, c2 = pu.as_series([c1, c2])
    return pu.trimseq(_from_z(np.convolve(_to_z(c1), _to_z(c2))))


def chebdiv(c1, c2):
    return pu._divided(_divide, c1, c2)


def _divide(c1, c2):
    """From both ends at once."""
    rest, divisor = _to_z(c1), _to_z(c2)
    width, more = len(divisor), len(rest) - len(divisor)
    scl = divisor[0]
    divisor /= scl
    quotient = np.empty(more + 1, dtype=rest.dtype)
    for i in range(more // 2 + 1):
        j = more - i
        times = quotient[i] = quotient[j] = rest[i]
        part = times * divisor
        rest[i:i + width] -= part
        if i < j:
            rest[j:j + width] -= part
    quotient /= scl
    rest = rest[i + 1:i - 1 + width].copy()
    return pu.trimseq(_from_z(quotient)), pu.trimseq(_from_z(rest))


def chebpow(c, pow, maxpower=16):
    return pu._powered(_power, c, pow, maxpower)


def _power(c, power):
    z = product = _to_z(c)
    for _ in range(2, power + 1):
        product = np.convolve(product, z)
    return _from_z(product)


# ---- points and interpolation ----

def chebpts1(npts):
    count = int(npts)
    if count != npts:
        raise ValueError("npts must be integer")
    if count < 1:
        raise ValueError("npts must be >= 1")
    return np.sin(0.5 * np.pi / count * np.arange(-count + 1, count + 1, 2))


def chebpts2(npts):
    count = int(npts)
    if count != npts:
        raise ValueError("npts must be integer")
    if count < 2:
        raise ValueError("npts must be >= 2")
    return np.cos(np.linspace(-np.pi, 0, count))


def chebinterpolate(func, deg, args=()):
    deg = np.asarray(deg)
    if deg.ndim > 0 or deg.dtype.kind not in "iu" or deg.size == 0:
        raise TypeError("deg must be an int")
    if deg < 0:
        raise ValueError("expected deg >= 0")
    order = deg + 1
    points = chebpts1(order)
    values = func(points, *args)
    c = np.dot(chebvander(points, deg).T, values)
    c[0] /= order
    c[1:] /= 0.5 * order
    return c


def chebgauss(deg):
    degree = _recurrence.checked_degree(deg)
    return np.cos(np.pi * np.arange(1, 2 * degree, 2) / (2.0 * degree)), np.ones(degree) * (np.pi / degree)


def chebweight(x):
    return 1. / (np.sqrt(1. + x) * np.sqrt(1. - x))


def interpolate(cls, func, deg, domain=None, args=()):
    """Chebyshev.interpolate"""
    domain = cls.domain if domain is None else domain
    return cls(chebinterpolate(lambda x: func(pu.mapdomain(x, cls.window, domain), *args), deg), domain=domain)


_recurrence.series_class(globals(), "cheb", "Chebyshev", "T", interpolate=classmethod(interpolate))
del interpolate
__all__ = _recurrence.public_names(globals(), "cheb", "Chebyshev")
