"""Covariances and histograms."""
import warnings

import numpy as np
from numpy._statistics import average, mean, percentile, ptp, std


# ---- relations ----

def cov(m, y=None, rowvar=True, bias=False, ddof=None, fweights=None, aweights=None, *, dtype=None):
    if ddof is not None and ddof != int(ddof):
        raise ValueError("ddof must be integer")
    m = np.asarray(m)
    if m.ndim > 2:
        raise ValueError("m has more than 2 dimensions")
    if y is not None:
        y = np.asarray(y)
        if y.ndim > 2:
            raise ValueError("y has more than 2 dimensions")
    if dtype is None:
        dtype = np.result_type(m, np.float64) if y is None else np.result_type(m, y, np.float64)
    X = np.array(m, ndmin=2, dtype=dtype)
    if not rowvar and X.shape[0] != 1:
        X = X.T
    if X.shape[0] == 0:
        return np.array([]).reshape(0, 0)
    if y is not None:
        y = np.array(y, copy=False, ndmin=2, dtype=dtype)
        if not rowvar and y.shape[0] != 1:
            y = y.T
        X = np.concatenate((X, y), axis=0)
    if ddof is None:
        ddof = 1 if bias == 0 else 0
    w = None
    if fweights is not None:
        w = np.asarray(fweights, dtype=float)
    if aweights is not None:
        aweights = np.asarray(aweights, dtype=float)
        w = aweights if w is None else w * aweights
    avg, w_sum = average(X, axis=1, weights=w, returned=True)
    w_sum = w_sum[0]
    if w is None:
        fact = X.shape[1] - ddof
    elif ddof == 0:
        fact = w_sum
    elif aweights is None:
        fact = w_sum - ddof
    else:
        fact = w_sum - ddof * sum(w * aweights) / w_sum
    if fact <= 0:
        warnings.warn("Degrees of freedom <= 0 for slice", RuntimeWarning, stacklevel=2)
        fact = 0.0
    X -= avg[:, None]
    X_T = X.T if w is None else (X * w).T
    c = np.dot(X, X_T.conj())
    c *= np.true_divide(1, fact)
    return c.squeeze()


def corrcoef(x, y=None, rowvar=True, *, dtype=None):
    c = cov(x, y, rowvar, dtype=dtype)
    try:
        d = np.diag(c)
    except ValueError:
        return c / c
    stddev = np.sqrt(d.real)
    c /= stddev[:, None]
    c /= stddev[None, :]
    np.clip(c.real, -1, 1, out=c.real)
    if np.iscomplexobj(c):
        np.clip(c.imag, -1, 1, out=c.imag)
    return c


# ---- histograms ----

def _outer_edges(a, range):
    if range is not None:
        first, last = range
        if first > last:
            raise ValueError("max must be larger than min in range parameter.")
        if not (np.isfinite(first) and np.isfinite(last)):
            raise ValueError("supplied range of [{}, {}] is not finite".format(first, last))
    elif a.size == 0:
        first, last = 0, 1
    else:
        first, last = a.min(), a.max()
        if not (np.isfinite(first) and np.isfinite(last)):
            raise ValueError("autodetected range of [{}, {}] is not finite".format(first, last))
    if first == last:
        first, last = first - 0.5, last + 0.5
    return first, last


def _bin_width(x, name, range):
    span = ptp(x)
    if name == "sqrt":
        return span / np.sqrt(x.size)
    if name == "sturges":
        return span / (np.log2(x.size) + 1.0)
    if name == "rice":
        return span / (2.0 * x.size ** (1.0 / 3))
    if name == "scott":
        return (24.0 * np.pi ** 0.5 / x.size) ** (1.0 / 3.0) * std(x)
    if name == "fd":
        return 2.0 * np.subtract(*percentile(x, [75, 25])) * x.size ** (-1.0 / 3.0)
    if name == "auto":
        fd, sturges = _bin_width(x, "fd", range), _bin_width(x, "sturges", range)
        return min(fd, sturges) if fd else sturges
    if name == "doane":
        if x.size > 2:
            sg1 = np.sqrt(6.0 * (x.size - 2) / ((x.size + 1.0) * (x.size + 3)))
            sigma = std(x)
            if sigma > 0.0:
                temp = x - mean(x)
                np.true_divide(temp, sigma, temp)
                np.power(temp, 3, temp)
                g1 = mean(temp)
                return span / (1.0 + np.log2(x.size) + np.log2(1.0 + np.absolute(g1) / sg1))
        return 0.0
    raise ValueError("{!r} is not a valid estimator for `bins`".format(name))


def _bins(a, bins, range, weights):
    edges = None
    if isinstance(bins, str):
        if weights is not None:
            raise TypeError("Automated estimation of the number of bins is not supported for weighted data")
        first, last = _outer_edges(a, range)
        if range is not None:
            a = a[(a >= first) & (a <= last)]
        if a.size == 0:
            count = 1
        else:
            width = _bin_width(a, bins, (first, last))
            count = int(np.ceil((last - first) / width)) if width else 1
    elif np.ndim(bins) == 0:
        try:
            count = bins.__index__()
        except (AttributeError, TypeError):
            raise TypeError("`bins` must be an integer, a string, or an array") from None
        if count < 1:
            raise ValueError("`bins` must be positive, when an integer")
        first, last = _outer_edges(a, range)
    elif np.ndim(bins) == 1:
        edges = np.asarray(bins)
        if np.any(edges[:-1] > edges[1:]):
            raise ValueError("`bins` must increase monotonically, when an array")
    else:
        raise ValueError("`bins` must be 1d, when an array")
    if edges is None:
        kind = np.result_type(first, last, a)
        if np.issubdtype(kind, np.integer):
            kind = np.result_type(kind, float)
        return np.linspace(first, last, count + 1, endpoint=True, dtype=kind), (first, last, count)
    return edges, None


def _histogram_input(a, weights):
    a = np.asarray(a)
    if a.dtype == bool:
        warnings.warn("Converting input from {} to {} for compatibility.".format(a.dtype, np.uint8), RuntimeWarning, stacklevel=3)
        a = a.astype(np.uint8)
    if weights is not None:
        weights = np.asarray(weights)
        if weights.shape != a.shape:
            raise ValueError("weights should have the same shape as a.")
        weights = weights.ravel()
    return a.ravel(), weights


def histogram_bin_edges(a, bins=10, range=None, weights=None):
    a, weights = _histogram_input(a, weights)
    return _bins(a, bins, range, weights)[0]


def histogram(a, bins=10, range=None, density=None, weights=None):
    a, weights = _histogram_input(a, weights)
    edges, uniform = _bins(a, bins, range, weights)
    kind = np.dtype(np.intp) if weights is None else weights.dtype
    if uniform is not None and (weights is None or weights.dtype.kind in "fc" or np.can_cast(weights.dtype, np.double)):
        first, last, count = uniform
        n = np.zeros(count, kind)
        kinds = np.asarray(first).dtype.kind + np.asarray(last).dtype.kind
        norm = count / (int(last) - int(first) if kinds in ("ii", "uu") else 1 if kinds == "bb" else last - first)
        done = (weights is None and a.dtype.char == "d" and edges.dtype.char == "d" and float(first) == first and
                float(last) == last and np._bin_evenly(a, float(first), float(last), float(norm), edges, n))
        for start in () if done else _blocks(len(a)):
            part = a[start:start + 65536]
            w = None if weights is None else weights[start:start + 65536]
            keep = (part >= first) & (part <= last)
            if not np.logical_and.reduce(keep):
                part = part[keep]
                w = None if w is None else w[keep]
            part = part.astype(edges.dtype, copy=False)
            f = (np.subtract(part, first, dtype=np.float64 if part.dtype.kind in "iu" else None) if part.dtype.kind in "iu"
                 else part - first) * norm
            indices = f.astype(np.intp)
            indices[indices == count] -= 1
            indices[part < edges[indices]] -= 1
            indices[(part >= edges[indices + 1]) & (indices != count - 1)] += 1
            n += np.bincount(indices, weights=w, minlength=count).astype(kind)
    else:
        total = np.zeros(edges.shape, kind)
        if weights is None:
            for start in _blocks(len(a)):
                part = np.sort(a[start:start + 65536])
                total += np.concatenate((part.searchsorted(edges[:-1], "left"), part.searchsorted(edges[-1:], "right")))
        else:
            zero = np.zeros(1, dtype=kind)
            for start in _blocks(len(a)):
                part, w = a[start:start + 65536], weights[start:start + 65536]
                order = np.argsort(part)
                part, w = part[order], w[order]
                running = np.concatenate((zero, w.cumsum()))
                total += running[np.concatenate((part.searchsorted(edges[:-1], "left"), part.searchsorted(edges[-1:], "right")))]
        n = np.diff(total)
    if density:
        widths = np.array(np.diff(edges), float)
        return n / widths / n.sum(), edges
    return n, edges


def _blocks(length):
    start = 0
    while start < length:
        yield start
        start += 65536


def histogramdd(sample, bins=10, range=None, density=None, weights=None):
    try:
        N, D = sample.shape
    except (AttributeError, ValueError):
        sample = np.atleast_2d(sample).T
        N, D = sample.shape
    try:
        if len(bins) != D:
            raise ValueError("The dimension of bins must be equal to the dimension of the sample x.")
    except TypeError:
        bins = D * [bins]
    range = (None,) * D if range is None else range
    edges, places = [], []
    for n, how in enumerate(bins):
        if np.ndim(how) == 0:
            low, high = _outer_edges(sample[:, n], range[n])
            edge = np.linspace(low, high, how + 1)
        else:
            edge = np.asarray(how)
        edges.append(edge)
        place = np.searchsorted(edge, sample[:, n], side="right")
        place[sample[:, n] == edge[-1]] -= 1
        places.append(place)
    shape = tuple(len(edge) + 1 for edge in edges)
    flat = np.ravel_multi_index(places, shape)
    total = 1
    for length in shape:
        total *= length
    hist = np.bincount(flat, weights, minlength=total).reshape(shape).astype(float, casting="safe")
    hist = hist[D * (slice(1, -1),)]
    if density:
        s = hist.sum()
        for n, edge in enumerate(edges):
            lengths = [1] * D
            lengths[n] = len(edge) - 1
            hist = hist / np.diff(edge).reshape(lengths)
        hist /= s
    return hist, edges


def histogram2d(x, y, bins=10, range=None, density=None, weights=None):
    if len(x) != len(y):
        raise ValueError("x and y must have the same length.")
    try:
        N = len(bins)
    except TypeError:
        N = 1
    if N not in (1, 2):
        bins = [np.asarray(bins)] * 2
    hist, edges = histogramdd(np.array([x, y]).T, bins, range, density, weights)
    return hist, edges[0], edges[1]


def digitize(x, bins, right=False):
    x, bins = np.asarray(x), np.asarray(bins)
    if x.dtype.kind == "c":
        raise TypeError("x may not be complex")
    rising, falling = bool(np.all(bins[1:] >= bins[:-1])), bool(np.all(bins[1:] <= bins[:-1]))
    if not rising and not falling:
        raise ValueError("bins must be monotonically increasing or decreasing")
    side = "left" if right else "right"
    if rising:
        return np.searchsorted(bins, x, side=side)
    return len(bins) - np.searchsorted(bins[::-1], x, side="right" if right else "left")
