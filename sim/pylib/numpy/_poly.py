"""Polynomials by their coefficients, the highest power first."""
import warnings

import numpy as np


def poly(seq_of_zeros):
    seq = np.atleast_1d(seq_of_zeros)
    if seq.ndim == 2 and seq.shape[0] == seq.shape[1] and seq.shape[0] != 0:
        seq = np.linalg.eigvals(seq)
    elif seq.ndim == 1:
        kind = seq.dtype
        if kind != object:
            seq = seq.astype(np.mintypecode(kind.char))
    else:
        raise ValueError("input must be 1d or non-empty square 2d array.")
    if len(seq) == 0:
        return 1.0
    a = np.ones((1,), dtype=seq.dtype)
    for zero in seq:
        a = np.convolve(a, np.array([1, -zero], dtype=seq.dtype), mode="full")
    if a.dtype.kind == "c":
        roots = np.asarray(seq, complex)
        if np.all(np.sort(roots) == np.sort(roots.conjugate())):
            a = a.real.copy()
    return a


def roots(p):
    p = np.atleast_1d(p)
    if p.ndim != 1:
        raise ValueError("Input must be a rank-1 array.")
    filled = np.nonzero(np.ravel(p))[0]
    if len(filled) == 0:
        return np.array([])
    trailing = len(p) - filled[-1] - 1
    p = p[int(filled[0]):int(filled[-1]) + 1]
    if p.dtype.kind not in "fc":
        p = p.astype(float)
    n = len(p)
    if n > 1:
        a = np.diag(np.ones((n - 2,), p.dtype), -1)
        a[0, :] = -p[1:] / p[0]
        found = np.linalg.eigvals(a)
    else:
        found = np.array([])
    return np.hstack((found, np.zeros(trailing, found.dtype)))


def polyval(p, x):
    p = np.asarray(p)
    if isinstance(x, poly1d):
        y = 0
    else:
        x = np.asanyarray(x)
        y = np.zeros_like(x)
    for c in p:
        y = y * x + c
    return y


def polyadd(a1, a2):
    truepoly = isinstance(a1, poly1d) or isinstance(a2, poly1d)
    a1, a2 = np.atleast_1d(a1), np.atleast_1d(a2)
    short = len(a2) - len(a1)
    if short > 0:
        a1 = np.concatenate((np.zeros(short, a1.dtype), a1))
    elif short < 0:
        a2 = np.concatenate((np.zeros(-short, a2.dtype), a2))
    return poly1d(a1 + a2) if truepoly else a1 + a2


def polysub(a1, a2):
    truepoly = isinstance(a1, poly1d) or isinstance(a2, poly1d)
    result = polyadd(np.atleast_1d(a1), -np.atleast_1d(a2))
    return poly1d(result) if truepoly else result


def polymul(a1, a2):
    truepoly = isinstance(a1, poly1d) or isinstance(a2, poly1d)
    result = np.convolve(poly1d(a1).coeffs, poly1d(a2).coeffs)
    return poly1d(result) if truepoly else result


def polydiv(u, v):
    truepoly = isinstance(u, poly1d) or isinstance(v, poly1d)
    u, v = np.atleast_1d(u) + 0.0, np.atleast_1d(v) + 0.0
    w = u[0] + v[0]
    m, n = len(u) - 1, len(v) - 1
    scale = 1. / v[0]
    q = np.zeros((max(m - n + 1, 1),), w.dtype)
    r = u.astype(w.dtype)
    for k in range(0, m - n + 1):
        d = scale * r[k]
        q[k] = d
        r[k:k + n + 1] -= d * v
    while np.allclose(r[0], 0, rtol=1e-14) and r.shape[-1] > 1:
        r = r[1:]
    return (poly1d(q), poly1d(r)) if truepoly else (q, r)


def polyder(p, m=1):
    truepoly = isinstance(p, poly1d)
    p = np.asarray(p)
    for _ in range(m):
        n = len(p) - 1
        p = p[:-1] * np.arange(n, 0, -1)
    return poly1d(p) if truepoly else p


def polyint(p, m=1, k=None):
    truepoly = isinstance(p, poly1d)
    k = np.zeros(m, float) if k is None else np.atleast_1d(k)
    if len(k) == 1 and m > 1:
        k = k[0] * np.ones(m, float)
    if len(k) < m:
        raise ValueError("k must be a scalar or a rank-1 array of length 1 or >m.")
    p = np.asarray(p)
    for n in range(m):
        p = np.concatenate((p.__truediv__(np.arange(len(p), 0, -1)), [k[n]]))
    return poly1d(p) if truepoly else p


def polyfit(x, y, deg, rcond=None, full=False, w=None, cov=False):
    order = int(deg) + 1
    x, y = np.asarray(x) + 0.0, np.asarray(y) + 0.0
    if deg < 0:
        raise ValueError("expected deg >= 0")
    if x.ndim != 1:
        raise TypeError("expected 1D vector for x")
    if x.size == 0:
        raise TypeError("expected non-empty vector for x")
    if y.ndim < 1 or y.ndim > 2:
        raise TypeError("expected 1D or 2D array for y")
    if x.shape[0] != y.shape[0]:
        raise TypeError("expected x and y to have same length")
    rcond = len(x) * np.finfo(x.dtype).eps if rcond is None else rcond
    lhs, rhs = np.vander(x, order), y
    if w is not None:
        w = np.asarray(w) + 0.0
        if w.ndim != 1:
            raise TypeError("expected a 1-d array for weights")
        if w.shape[0] != y.shape[0]:
            raise TypeError("expected w and y to have the same length")
        lhs *= w[:, np.newaxis]
        rhs = rhs * (w[:, np.newaxis] if rhs.ndim == 2 else w)
    scale = np.sqrt((lhs * lhs).sum(axis=0))
    lhs /= scale
    c, resids, rank, s = np.linalg.lstsq(lhs, rhs, rcond)
    c = (c.T / scale).T
    if rank != order and not full:
        warnings.warn("Polyfit may be poorly conditioned", np.RankWarning, stacklevel=2)
    if full:
        return c, resids, rank, s, rcond
    if not cov:
        return c
    base = np.linalg.inv(np.dot(lhs.T, lhs))
    base /= np.outer(scale, scale)
    if isinstance(cov, str) and cov == "unscaled":
        fac = 1
    else:
        if len(x) <= order:
            raise ValueError("the number of data points must exceed order to scale the covariance matrix")
        fac = resids / (len(x) - order)
    return c, base * fac if y.ndim == 1 else base[:, :, np.newaxis] * fac


class poly1d:
    """A polynomial of one variable."""
    __hash__ = None

    def __init__(self, c_or_r, r=False, variable=None):
        if isinstance(c_or_r, poly1d):
            self._coeffs, self._variable = c_or_r._coeffs, c_or_r._variable if variable is None else variable
            return
        if r:
            c_or_r = poly(c_or_r)
        c = np.atleast_1d(c_or_r)
        if c.ndim > 1:
            raise ValueError("Polynomial must be 1d only.")
        self._coeffs = np.trim_zeros(c, trim="f")
        if len(self._coeffs) == 0:
            self._coeffs = np.array([0], dtype=self._coeffs.dtype)
        self._variable = "x" if variable is None else variable

    @property
    def coeffs(self):
        return self._coeffs

    c = coef = coefficients = coeffs

    @property
    def variable(self):
        return self._variable

    @property
    def order(self):
        return len(self._coeffs) - 1

    o = order

    @property
    def roots(self):
        return roots(self._coeffs)

    r = roots

    def __array__(self, t=None):
        return np.asarray(self._coeffs, t) if t else np.asarray(self._coeffs)

    def __repr__(self):
        return "poly1d(%s)" % repr(self.coeffs)[6:-1]

    def __len__(self):
        return self.order

    def __str__(self):
        coeffs = self.coeffs[np.logical_or.accumulate(self.coeffs != 0)]
        N = len(coeffs) - 1

        def text(number):
            s = "%.4g" % number
            return s[:-5] if s.endswith(".0000") else s

        line, powers = "0", []
        for k, c in enumerate(coeffs):
            if np.iscomplex(c) or isinstance(c, complex):
                coefficient = "(%s + %sj)" % (text(c.real), text(c.imag)) if c.imag != 0 else text(c.real)
            else:
                coefficient = text(c)
            power = N - k
            if power == 0:
                piece = coefficient if coefficient != "0" else ("0" if k == 0 else "")
            elif coefficient == "0":
                piece = ""
            else:
                piece = "%s %s" % (coefficient, self.variable) if power == 1 else "%s %s**%d" % (coefficient, self.variable, power)
            if k > 0:
                if piece != "":
                    line = "%s - %s" % (line, piece[1:]) if piece.startswith("-") else "%s + %s" % (line, piece)
            else:
                line = piece
        return _raise_powers(line)

    def __call__(self, val):
        return polyval(self.coeffs, val)

    def __neg__(self):
        return poly1d(-self.coeffs)

    def __pos__(self):
        return self

    def __mul__(self, other):
        return poly1d(self.coeffs * other) if np.isscalar(other) else poly1d(polymul(self.coeffs, poly1d(other).coeffs))

    __rmul__ = __mul__

    def __add__(self, other):
        return poly1d(polyadd(self.coeffs, poly1d(other).coeffs))

    __radd__ = __add__

    def __pow__(self, val):
        if not np.isscalar(val) or int(val) != val or val < 0:
            raise ValueError("Power to non-negative integers only.")
        result = [1]
        for _ in range(val):
            result = polymul(self.coeffs, result)
        return poly1d(result)

    def __sub__(self, other):
        return poly1d(polysub(self.coeffs, poly1d(other).coeffs))

    def __rsub__(self, other):
        return poly1d(polysub(poly1d(other).coeffs, self.coeffs))

    def __truediv__(self, other):
        return poly1d(self.coeffs / other) if np.isscalar(other) else polydiv(self, poly1d(other))

    def __rtruediv__(self, other):
        return poly1d(other / self.coeffs) if np.isscalar(other) else polydiv(poly1d(other), self)

    def __eq__(self, other):
        if not isinstance(other, poly1d):
            return NotImplemented
        return self.coeffs.shape == other.coeffs.shape and bool((self.coeffs == other.coeffs).all())

    def __ne__(self, other):
        return NotImplemented if not isinstance(other, poly1d) else not self.__eq__(other)

    def __getitem__(self, val):
        place = self.order - val
        return self._coeffs.dtype.type(0) if val > self.order or val < 0 else self.coeffs[place]

    def __setitem__(self, key, val):
        place = self.order - key
        if key < 0:
            raise ValueError("Does not support negative powers.")
        if key > self.order:
            self._coeffs = np.concatenate((np.zeros(key - self.order, self.coeffs.dtype), self.coeffs))
            place = 0
        self._coeffs[place] = val

    def __iter__(self):
        return iter(self.coeffs)

    def integ(self, m=1, k=0):
        return poly1d(polyint(self.coeffs, m=m, k=k))

    def deriv(self, m=1):
        return poly1d(polyder(self.coeffs, m=m))


def _raise_powers(line, wrap=70):
    """x**2 on two lines, the powers above."""
    import re
    done, upper, lower, output = 0, "", "", " "
    for found in re.finditer(r"\*\*([0-9]*)", line):
        power, part = found.group(1), line[done:found.start()]
        done = found.end()
        above, below = " " * (len(part) - 1) + power, part + " " * (len(power) - 1)
        if max(len(lower) + len(below), len(upper) + len(above)) > wrap:
            output += upper + "\n" + lower + "\n "
            upper, lower = above, below
        else:
            upper, lower = upper + above, lower + below
    return output + upper + "\n" + lower + line[done:]
