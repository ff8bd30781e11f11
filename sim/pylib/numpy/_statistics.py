"""Means, spreads, quantiles, histograms, differences: what describes data."""
import operator
import warnings

import numpy as np
from numpy._shape import cast_safely, normalize_axis


def _count(a, axis, where=True):
    if where is not True:
        return np.sum(np.broadcast_to(where, a.shape), axis=axis, dtype=int)
    axes = range(a.ndim) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    total = 1
    for n in axes:
        total *= a.shape[normalize_axis(n, a.ndim)]
    return total


def mean(a, axis=None, dtype=None, out=None, keepdims=False, *, where=True):
    a = np.asarray(a)
    half = False
    count = _count(a, axis, where)
    if np.any(count == 0):
        warnings.warn("Mean of empty slice.", RuntimeWarning, stacklevel=2)
    if dtype is None:
        if a.dtype.kind in "biu":
            dtype = np.dtype("f8")
        elif a.dtype.char == "e":
            dtype, half = np.dtype("f4"), True
    total = np.add.reduce(a, axis, dtype, out, keepdims, where=where) if where is not True else np.add.reduce(a, axis, dtype,
            out, keepdims)
    if isinstance(total, np.ndarray):
        total = np.true_divide(total, count, out=total, casting="unsafe")
        return total.astype("e") if half and out is None else total
    if hasattr(total, "dtype"):
        kind = a.dtype.type if half else total.dtype.type
        return kind(total / np.intp(count))
    return total / count


def var(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, where=True):
    a = np.asarray(a)
    count = _count(a, axis, where)
    if np.any(ddof >= count):
        warnings.warn("Degrees of freedom <= 0 for slice", RuntimeWarning, stacklevel=2)
    if dtype is None and a.dtype.kind in "biu":
        dtype = np.dtype("f8")
    center = np.add.reduce(a, axis, dtype, None, True, where=where) if where is not True else np.add.reduce(a, axis, dtype,
            None, True)
    divisor = count if np.ndim(count) == 0 else np.reshape(count, center.shape)
    center = np.true_divide(center, divisor, out=center, casting="unsafe") if isinstance(center,
            np.ndarray) else center.dtype.type(center / divisor) if hasattr(center, "dtype") else center / divisor
    x = np.asanyarray(a - center)
    if a.dtype.kind in "fiub":
        x = np.multiply(x, x, out=x)
    elif a.dtype.kind == "c":
        x = np.multiply(x.real, x.real) + np.multiply(x.imag, x.imag)
    else:
        x = np.multiply(x, np.conjugate(x)).real
    result = np.add.reduce(x, axis, dtype, out, keepdims, where=where) if where is not True else np.add.reduce(x, axis, dtype,
            out, keepdims)
    count = np.maximum(count - ddof, 0) if np.ndim(count) else max(count - ddof, 0)
    if isinstance(result, np.ndarray):
        return np.true_divide(result, count, out=result, casting="unsafe")
    return result.dtype.type(result / np.intp(count)) if hasattr(result, "dtype") else result / count


def std(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, where=True):
    result = var(a, axis, dtype, out, ddof, keepdims, where=where)
    if isinstance(result, np.ndarray):
        return np.sqrt(result, out=result)
    return result.dtype.type(np.sqrt(result)) if hasattr(result, "dtype") else np.sqrt(result)


def average(a, axis=None, weights=None, returned=False, *, keepdims=False):
    a = np.asarray(a)
    if weights is None:
        avg = mean(a, axis, keepdims=keepdims)
        scale = np.asarray(avg).dtype.type(a.size / np.asarray(avg).size)
    else:
        weights = np.asarray(weights)
        kind = np.result_type(a.dtype, weights.dtype, "f8") if a.dtype.kind in "biu" else np.result_type(a.dtype, weights.dtype)
        if a.shape != weights.shape:
            if axis is None:
                raise TypeError("Axis must be specified when shapes of a and weights differ.")
            if weights.ndim != 1:
                raise TypeError("1D weights expected when shapes of a and weights differ.")
            if weights.shape[0] != a.shape[axis]:
                raise ValueError("Length of weights not compatible with specified axis.")
            weights = np.broadcast_to(weights, (a.ndim - 1) * (1,) + weights.shape).swapaxes(-1, axis)
        scale = weights.sum(axis=axis, dtype=kind, keepdims=keepdims)
        if np.any(scale == 0.0):
            raise ZeroDivisionError("Weights sum to zero, can't be normalized")
        avg = np.multiply(a, weights, dtype=kind).sum(axis, keepdims=keepdims) / scale
    if returned:
        if isinstance(scale, float) and not isinstance(scale, np.generic):
            scale.shape  # there is none: an object array's type is no number's
        if np.shape(scale) != np.shape(avg):
            scale = np.broadcast_to(scale, np.shape(avg)).copy()
        return avg, scale
    return avg


def ptp(a, axis=None, out=None, keepdims=False):
    return np.subtract(np.max(a, axis=axis, keepdims=keepdims), np.min(a, axis=axis, keepdims=keepdims), out)


def round(a, decimals=0, out=None):
    a = np.asarray(a)
    decimals = operator.index(decimals)
    if out is not None and not isinstance(out, np.ndarray):
        raise TypeError("output must be an array")
    if a.dtype.kind == "b" and decimals:
        (np.divide if decimals < 0 else np.multiply)(a, 10.0, out=a.copy())  # that type's refusal
    if a.dtype.kind in "iub" and (decimals >= 0 or a.dtype.kind == "b"):
        if a.dtype.kind == "b":
            a = a.astype("e")
        elif out is None:
            return a.copy() if a.ndim else a[()]
    if a.dtype.kind == "c":
        result = np.empty_like(a)
        result.real, result.imag = round(a.real, decimals), round(a.imag, decimals)
        return result if a.ndim else result[()]
    if decimals == 0:
        return np.rint(a, out=out) if out is not None else np.rint(a)
    factor = 10.0 ** min(abs(decimals), 22)
    for _ in range(22, min(abs(decimals), 309)):  # as numpy finds it: not always the nearest number
        factor *= 10.0
    before, after = (np.multiply, np.divide) if decimals > 0 else (np.divide, np.multiply)
    if a.dtype.char == "d" and a.ndim and out is None:
        return np._rounded(a, factor, decimals > 0)
    made = np.empty_like(a, dtype="f8" if a.dtype.kind in "iu" else None)  # and what does not fit there is infinite
    before(a, factor, out=made, casting="unsafe")
    made = after(np.rint(made, out=made), factor, out=made, casting="unsafe")
    if a.dtype.kind in "iu":
        made = made.astype(a.dtype)
        made = made if made.ndim else made[()]
    elif out is None:
        made = made if made.ndim else made[()]
    if out is not None:
        np.copyto(out, made, casting="unsafe")
        return out
    return made


around = round_ = round


def _is_one_nan(bound):
    if bound is None or isinstance(bound, np.ndarray) and bound.ndim:
        return False
    try:
        return np.ndim(bound) == 0 and bool(np.isnan(bound))
    except TypeError:
        return False


def clip(a, a_min=None, a_max=None, out=None, *, min=None, max=None, where=True, **kwargs):
    a_min = min if a_min is None else a_min
    a_max = max if a_max is None else a_max
    if a_min is None and a_max is None:
        raise ValueError("One of max or min must be given")
    if _is_one_nan(a_min) or _is_one_nan(a_max):
        a_min = -np.inf if _is_one_nan(a_min) else a_min
        a_max = np.inf if _is_one_nan(a_max) else a_max
        warnings.warn("Passing `np.nan` to mean no clipping in np.clip has always been unreliable, and is now deprecated. In "
                      "future, this will always return nan, like it already does when min or max are arrays that contain nan. "
                      "To skip a bound, pass either None or an np.inf of an appropriate sign.", DeprecationWarning, stacklevel=3)
    if where is not True:
        kwargs["where"] = where
    if out is not None:
        kwargs["out"] = out
    if out is None:
        a = np.asarray(a)
    function, bounds = (np.minimum, (a_max,)) if a_min is None else (np.maximum, (a_min,)) if a_max is None else (
        np._clip, (a_min, a_max))
    try:
        return function(a, *bounds, **kwargs)
    except TypeError as refusal:
        if "casting" in kwargs or not str(refusal).startswith("Cannot cast ufunc '%s' output" % ("clip" if len(bounds) > 1 else
                                                                                                 function.__name__)):
            raise
        warnings.warn("Converting the output of clip from %r to %r is deprecated. Pass `casting=\"unsafe\"` explicitly to silence "
                      "this warning, or correct the type of the variables." % (np.result_type(a, *bounds), out.dtype),
                      DeprecationWarning, stacklevel=2)
        return function(a, *bounds, casting="unsafe", **kwargs)


_clip_any = clip # what the native function leaves to Python


# ---- order statistics ----

def _axes_last(a, axis):
    """The axes to reduce as one, at the end; and the shape with them kept as 1."""
    a = np.asarray(a)
    axes = tuple(range(a.ndim)) if axis is None else tuple(normalize_axis(n, a.ndim) for n in (axis if isinstance(axis, tuple)
            else (axis,)))
    if len(set(axes)) != len(axes):
        raise ValueError("repeated axis")
    kept = tuple(n for n in range(a.ndim) if n not in axes)
    shape = tuple(1 if n in axes else a.shape[n] for n in range(a.ndim))
    rest = tuple(a.shape[n] for n in kept)
    length = 1
    for n in axes:
        length *= a.shape[n]
    return a.transpose(kept + axes).reshape(rest + (length,)), shape


def median(a, axis=None, out=None, overwrite_input=False, keepdims=False):
    rows, shape = _axes_last(a, axis)
    n = rows.shape[-1]
    if n == 0:
        result = mean(rows, axis=-1)
    else:
        half = n // 2
        part = np._ranked(rows, (half, n - 1) if n % 2 else (half - 1, half, n - 1))
        result = mean(part[..., :-1], axis=-1)
        if part.dtype.kind in "fc":
            last = part[..., -1]
            bad = np.isnan(last)
            if np.any(bad):
                result = np.where(bad, last, result)[()]
    if keepdims:
        result = np.reshape(result, shape)
    if out is not None:
        out[...] = result
        return out
    return result


_METHODS = {
    "inverted_cdf": None, "averaged_inverted_cdf": None, "closest_observation": None,
    "interpolated_inverted_cdf": (0, 1), "hazen": (0.5, 0.5), "weibull": (0, 0), "linear": (1, 1),
    "median_unbiased": (1 / 3.0, 1 / 3.0), "normal_unbiased": (3 / 8.0, 3 / 8.0), "lower": None, "higher": None,
    "midpoint": None, "nearest": None}


def _virtual_indexes(n, q, method):
    if method == "inverted_cdf":
        return _discrete(n, q, lambda gamma, index: gamma > 0)
    if method == "closest_observation":
        return _discrete(n, q, lambda gamma, index: ~((gamma == 0) & (np.floor(index) % 2 == 0)), 0.5)
    if method == "lower":
        return np.floor((n - 1) * q).astype(np.intp)
    if method == "higher":
        return np.ceil((n - 1) * q).astype(np.intp)
    if method == "nearest":
        return np.around((n - 1) * q).astype(np.intp)
    if method == "midpoint":
        return 0.5 * (np.floor((n - 1) * q) + np.ceil((n - 1) * q))
    if method == "linear":
        return (n - 1) * q
    if method == "averaged_inverted_cdf":
        return n * q - 1
    alpha, beta = _METHODS[method]
    return n * q + (alpha + q * (1 - alpha - beta)) - 1


def _discrete(n, q, choose, shift=0.0):
    index = n * q - 1 - shift
    gamma = index - np.floor(index)
    return np.clip(np.floor(index) + choose(gamma, index), 0, None).astype(np.intp)


def _lerp(a, b, t):
    difference = np.subtract(b, a)
    result = np.asanyarray(np.add(a, difference * t))
    np.subtract(b, difference * (1 - t), out=result, where=np.asarray(t >= 0.5) if np.ndim(t) else np.broadcast_to(t >= 0.5,
            result.shape))
    return result[()] if result.ndim == 0 else result


def _sorted_at(rows, places):
    """The rows sorted along the first axis, or only what lies at a few of the places and the last; where the places are there."""
    n = rows.shape[-1]
    needed = np.unique(np.concatenate([np.ravel(p) for p in places] + [[n - 1]]) % n) if n else ()
    if not n or len(needed) > 8 or any(np.any(p >= n) or np.any(p < -n) for p in places):
        return np.sort(np.moveaxis(rows, -1, 0), axis=0), places
    return np.moveaxis(np._ranked(rows, needed), -1, 0), [np.searchsorted(needed, p % n) for p in places]


def _quantile(a, q, axis, out, method, keepdims):
    rows, shape = _axes_last(a, axis)
    if method not in _METHODS:
        raise ValueError("{!r} is not a valid method. Use one of: {}".format(method, _METHODS.keys()))
    n = rows.shape[-1]
    virtual = np.asanyarray(_virtual_indexes(n, q, method))
    whole = np.issubdtype(virtual.dtype, np.integer)
    if whole:
        arr, (virtual,) = _sorted_at(rows, (virtual,))
    else:
        previous = np.floor(virtual)
        following = previous + 1
        high, low = virtual >= n - 1, virtual < 0
        previous, following = np.where(high, -1, np.where(low, 0, previous)).astype(np.intp), np.where(high, -1, np.where(low,
                0, following)).astype(np.intp)
        before = previous
        arr, (previous, following) = _sorted_at(rows, (previous, following))
    bad = None
    if arr.dtype.kind in "fc" and n:
        bad = np.isnan(arr[-1, ...])
    if whole:
        result = np.take(arr, virtual, axis=0)
    else:
        gamma = np.asanyarray(virtual - before)
        if method == "averaged_inverted_cdf":
            gamma = np.where(gamma == 0, 0.5, 1.0)
        elif method == "midpoint":
            gamma = np.where(virtual % 1 == 0, 0.0, 0.5)
        gamma = gamma.reshape(virtual.shape + (1,) * (arr.ndim - 1))
        result = _lerp(np.take(arr, previous, axis=0), np.take(arr, following, axis=0), gamma)
    if bad is not None and np.any(bad):
        result = arr[-1, ...] if np.ndim(result) == 0 else np.where(bad, arr[-1, ...], result).astype(result.dtype)
    if keepdims:
        result[...]  # a number of Python's refuses
        result = np.reshape(result, np.shape(q) + shape)
    result = np.asarray(result)
    if out is not None:
        out[...] = result
        return out
    return result if result.ndim or keepdims else result[()]


def _renamed_method(method, interpolation, name):
    if interpolation is None:
        return method
    warnings.warn("the `interpolation=` argument to %s was renamed to `method=`, which has additional options.\n"
                  "Users of the modes 'nearest', 'lower', 'higher', or 'midpoint' are encouraged to review the method they used. "
                  "(Deprecated NumPy 1.22)" % name, DeprecationWarning, stacklevel=4)
    if method != "linear":
        raise TypeError("You shall not pass both `method` and `interpolation`!\n(`interpolation` is Deprecated in favor of "
                        "`method`)")
    return interpolation


def quantile(a, q, axis=None, out=None, overwrite_input=False, method="linear", keepdims=False, *, interpolation=None):
    method = _renamed_method(method, interpolation, "quantile")
    q = np.asanyarray(q)
    if not (np.all(0 <= q) and np.all(q <= 1)):
        raise ValueError("Quantiles must be in the range [0, 1]")
    return _quantile(a, q, axis, out, method, keepdims)


def percentile(a, q, axis=None, out=None, overwrite_input=False, method="linear", keepdims=False, *, interpolation=None):
    method = _renamed_method(method, interpolation, "percentile")
    q = np.asanyarray(np.true_divide(q, 100))
    if not (np.all(0 <= q) and np.all(q <= 1)):
        raise ValueError("Percentiles must be in the range [0, 100]")
    return _quantile(a, q, axis, out, method, keepdims)


# ---- without NaNs ----

def _without_nan(a, replacement):
    a = np.asarray(a)
    if a.dtype.kind not in "fcO":
        return a, None
    mask = np.isnan(a) if a.dtype != object else a != a
    a = np.array(a, copy=True)
    np.copyto(a, replacement, where=mask)
    return a, mask


def nansum(a, axis=None, dtype=None, out=None, keepdims=False, initial=0, where=True):
    return np.sum(_without_nan(a, 0)[0], axis=axis, dtype=dtype, out=out, keepdims=keepdims, initial=initial, where=where)


def nanprod(a, axis=None, dtype=None, out=None, keepdims=False, initial=1, where=True):
    return np.prod(_without_nan(a, 1)[0], axis=axis, dtype=dtype, out=out, keepdims=keepdims, initial=initial, where=where)


def nancumsum(a, axis=None, dtype=None, out=None):
    return np.cumsum(_without_nan(a, 0)[0], axis=axis, dtype=dtype, out=out)


def nancumprod(a, axis=None, dtype=None, out=None):
    return np.cumprod(_without_nan(a, 1)[0], axis=axis, dtype=dtype, out=out)


def _nan_extreme(function, a, axis, out, keepdims):
    result = function.reduce(np.asarray(a), axis=axis, out=out, keepdims=keepdims)
    if np.isnan(result).any():
        warnings.warn("All-NaN slice encountered" if axis is not None or np.ndim(result) else "All-NaN slice encountered",
                      RuntimeWarning, stacklevel=3)
    return result


def nanmin(a, axis=None, out=None, keepdims=False, initial=None, where=True):
    return _nan_extreme(np.fmin, a, axis, out, keepdims)


def nanmax(a, axis=None, out=None, keepdims=False, initial=None, where=True):
    return _nan_extreme(np.fmax, a, axis, out, keepdims)


def _nan_position(a, axis, filler, function):
    a, mask = _without_nan(a, filler)
    if mask is not None and np.any(np.all(mask, axis=axis)):
        raise ValueError("All-NaN slice encountered")
    return function(a, axis=axis)


def nanargmin(a, axis=None, out=None, *, keepdims=False):
    return _nan_position(a, axis, np.inf, np.argmin)


def nanargmax(a, axis=None, out=None, *, keepdims=False):
    return _nan_position(a, axis, -np.inf, np.argmax)


def _shared_out(total, count):
    with np.errstate(invalid="ignore", divide="ignore"):
        if isinstance(total, np.ndarray):
            return np.divide(total, count, out=total, casting="unsafe") if total.dtype.kind in "fc" else np.divide(total, count)
        return total.dtype.type(total / count) if hasattr(total, "dtype") else total / count


def nanmean(a, axis=None, dtype=None, out=None, keepdims=False, *, where=True):
    arr, mask = _without_nan(a, 0)
    if mask is None:
        return mean(arr, axis=axis, dtype=dtype, out=out, keepdims=keepdims, where=where)
    count = np.sum(~mask, axis=axis, dtype=np.intp, keepdims=keepdims, where=where)
    total = np.sum(arr, axis=axis, dtype=dtype, out=out, keepdims=keepdims, where=where)
    result = _shared_out(total, count)
    if (count == 0).any():
        warnings.warn("Mean of empty slice", RuntimeWarning, stacklevel=2)
    return result


def nanvar(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, where=True):
    arr, mask = _without_nan(a, 0)
    if mask is None:
        return var(arr, axis=axis, dtype=dtype, out=out, ddof=ddof, keepdims=keepdims, where=where)
    count = np.sum(~mask, axis=axis, dtype=np.intp, keepdims=True)
    center = _shared_out(np.sum(arr, axis=axis, dtype=dtype, keepdims=True), count)
    arr = np.array(np.subtract(arr, center))
    np.copyto(arr, 0, where=mask)
    square = np.multiply(arr, arr.conj()).real if arr.dtype.kind == "c" else np.multiply(arr, arr)
    total = np.sum(square, axis=axis, dtype=dtype, out=out, keepdims=keepdims)
    count = count if keepdims else count.reshape(np.shape(total))
    freedom = count - ddof
    result = _shared_out(total, freedom)
    few = freedom <= 0
    if np.any(few):
        warnings.warn("Degrees of freedom <= 0 for slice.", RuntimeWarning, stacklevel=2)
        if isinstance(result, np.ndarray):
            np.copyto(result, np.nan, where=few)
        else:
            result = result.dtype.type(np.nan)
    return result


def nanstd(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, where=True):
    result = nanvar(a, axis, dtype, out, ddof, keepdims, where=where)
    return np.sqrt(result, out=result) if isinstance(result, np.ndarray) else result.dtype.type(np.sqrt(result))


def _each_row(function, a, axis, keepdims):
    rows, shape = _axes_last(a, axis)
    lead = rows.shape[:-1]
    flat = rows.reshape((-1, rows.shape[-1]))
    results = []
    for row in flat:
        row = row[~np.isnan(row)] if row.dtype.kind in "fc" else row
        results.append(function(row))
    result = np.array(results)
    if rows.dtype.kind in "fc":  # as the first of them is
        result = result.astype(np.asarray(results[0]).dtype if results else rows.dtype, copy=False)
    result = result.reshape(lead + result.shape[1:])
    result = np.moveaxis(result, tuple(range(len(lead))), tuple(range(-len(lead),
            0))) if lead else result[()] if result.ndim == 0 else result
    return np.asarray(result).reshape(result.shape[:result.ndim - len(lead)] + shape) if keepdims else result


def nanmedian(a, axis=None, out=None, overwrite_input=False, keepdims=False):
    if not np.size(a):
        return nanmean(a, axis, out=out, keepdims=keepdims)
    if np.ndim(a) == 0 and np.asarray(a).dtype == object:
        return median(a)
    def one(row):
        if row.size == 0:
            warnings.warn("All-NaN slice encountered", RuntimeWarning, stacklevel=5)
            return row.dtype.type(np.nan)
        return median(row) if flat else median(row.reshape(-1, 1), axis=0)[0]
    flat = axis is None or np.ndim(a) < 2
    return _each_row(one, a, axis, keepdims)


def nanquantile(a, q, axis=None, out=None, overwrite_input=False, method="linear", keepdims=False, *, interpolation=None):
    def one(row):
        if row.size == 0:
            warnings.warn("All-NaN slice encountered", RuntimeWarning, stacklevel=5)
            return np.full(np.shape(q), np.nan, dtype=row.dtype)
        return quantile(row, q, method=interpolation or method)
    return _each_row(one, a, axis, keepdims)


def nanpercentile(a, q, axis=None, out=None, overwrite_input=False, method="linear", keepdims=False, *, interpolation=None):
    return nanquantile(a, np.true_divide(q, 100), axis, out, overwrite_input, method, keepdims, interpolation=interpolation)


# ---- differences and sums along an axis ----

def diff(a, n=1, axis=-1, prepend=None, append=None):
    if n == 0:
        return a
    if n < 0:
        raise ValueError("order must be non-negative but got " + repr(n))
    a = np.asarray(a)
    if a.ndim == 0:
        raise ValueError("diff requires input that is at least one dimensional")
    axis = normalize_axis(axis, a.ndim)
    parts = []
    for extra in (prepend, append):
        if extra is not None:
            extra = np.asarray(extra)
            if extra.ndim == 0:
                shape = list(a.shape)
                shape[axis] = 1
                extra = np.broadcast_to(extra, tuple(shape))
        parts.append(extra)
    joined = [p for p in (parts[0], a, parts[1]) if p is not None]
    if len(joined) > 1:
        a = np.concatenate(joined, axis)
    after = (slice(None),) * axis + (slice(1, None),)
    before = (slice(None),) * axis + (slice(None, -1),)
    difference = np.not_equal if a.dtype == bool else np.subtract
    for _ in range(n - 1):
        a = difference(a[after], a[before])
    return difference(a[after], a[before])


def ediff1d(ary, to_end=None, to_begin=None):
    ary = np.asarray(ary).ravel()
    parts = [ary[1:] - ary[:-1]]
    if to_begin is not None:
        parts.insert(0, np.ravel(to_begin))
    if to_end is not None:
        parts.append(np.ravel(to_end))
    return np.concatenate(parts).astype(ary.dtype) if len(parts) > 1 else parts[0]


def gradient(f, *varargs, axis=None, edge_order=1):
    f = np.asarray(f)
    N = f.ndim
    axes = tuple(range(N)) if axis is None else tuple(normalize_axis(n, N) for n in (axis if isinstance(axis, tuple) else (axis,)))
    if len(varargs) == 0:
        dx = [1.0] * len(axes)
    elif len(varargs) == 1 and np.ndim(varargs[0]) == 0:
        dx = varargs * len(axes)
    elif len(varargs) == len(axes):
        dx = list(varargs)
        for i, distances in enumerate(dx):
            distances = np.asanyarray(distances)
            if distances.ndim == 0:
                continue
            if distances.ndim != 1:
                raise ValueError("distances must be either scalars or 1d")
            if len(distances) != f.shape[axes[i]]:
                raise ValueError("when 1d, distances must match the length of the corresponding dimension")
            if np.issubdtype(distances.dtype, np.integer):
                distances = distances.astype(np.float64)
            diffx = np.diff(distances)
            dx[i] = diffx[0] if (diffx == diffx[0]).all() else diffx
    else:
        raise TypeError("invalid number of arguments")
    if edge_order > 2:
        raise ValueError("'edge_order' greater than 2 not supported")
    if np.issubdtype(f.dtype, np.integer):
        f = f.astype(np.float64)
    results = [_gradient_along(f, n, h, edge_order) for n, h in zip(axes, dx)]
    return results[0] if len(results) == 1 else results


def _gradient_along(f, axis, h, edge_order):
    if f.shape[axis] < edge_order + 1:
        raise ValueError("Shape of array too small to calculate a numerical gradient, at least (edge_order + 1) elements are "
                         "required.")
    y = np.moveaxis(f, axis, 0)
    out = np.empty_like(f)
    g = np.moveaxis(out, axis, 0)
    uniform = np.ndim(h) == 0
    if uniform:
        g[1:-1] = (y[2:] - y[:-2]) / (2. * h)
    else:
        dx1, dx2 = h[0:-1], h[1:]
        a = -dx2 / (dx1 * (dx1 + dx2))
        b = (dx2 - dx1) / (dx1 * dx2)
        c = dx1 / (dx2 * (dx1 + dx2))
        shape = (-1,) + (1,) * (f.ndim - 1)
        a, b, c = a.reshape(shape), b.reshape(shape), c.reshape(shape)
        g[1:-1] = a * y[:-2] + b * y[1:-1] + c * y[2:]
    if edge_order == 1:
        g[0] = (y[1] - y[0]) / (h if uniform else h[0])
        g[-1] = (y[-1] - y[-2]) / (h if uniform else h[-1])
        return out
    if uniform:
        a, b, c = -1.5 / h, 2. / h, -0.5 / h
    else:
        dx1, dx2 = h[0], h[1]
        a, b, c = -(2. * dx1 + dx2) / (dx1 * (dx1 + dx2)), (dx1 + dx2) / (dx1 * dx2), -dx1 / (dx2 * (dx1 + dx2))
    g[0] = a * y[0] + b * y[1] + c * y[2]
    if uniform:
        a, b, c = 0.5 / h, -2. / h, 1.5 / h
    else:
        dx1, dx2 = h[-2], h[-1]
        a, b, c = dx2 / (dx1 * (dx1 + dx2)), -(dx2 + dx1) / (dx1 * dx2), (2. * dx2 + dx1) / (dx2 * (dx1 + dx2))
    g[-1] = a * y[-3] + b * y[-2] + c * y[-1]
    return out


def trapz(y, x=None, dx=1.0, axis=-1):
    y = np.asarray(y)
    if x is None:
        d = dx
    else:
        x = np.asarray(x)
        if x.ndim == 1:
            d = diff(x)
            shape = [1] * y.ndim
            shape[axis] = d.shape[0]
            d = d.reshape(shape)
        else:
            d = diff(x, axis=axis)
    turned = np.moveaxis(y, axis, -1)
    low, high = np.moveaxis(turned[..., :-1], -1, axis), np.moveaxis(turned[..., 1:], -1, axis)
    return (d * (high + low) / 2.0).sum(axis)


def interp(x, xp, fp, left=None, right=None, period=None):
    kind = np.complex128 if np.iscomplexobj(fp) else np.float64
    if isinstance(fp, (list, tuple)) and np.asarray(fp).dtype.kind == "U":
        fp = np.asarray(fp)  # texts of fp are no numbers, as those of an array; texts of xp are read
    if period is None:
        fp, xp, x = cast_safely(fp, kind, 1), cast_safely(xp, np.float64, 1), cast_safely(x, np.float64)
    else:
        fp, xp = np.asarray(fp, dtype=kind), np.asarray(xp, dtype=np.float64)
    if period is not None:
        if period == 0:
            raise ValueError("period must be a non-zero value")
        period = abs(period)
        left = right = None
        x = np.asarray(x, dtype=np.float64) % period
        if xp.ndim != 1 or fp.ndim != 1:
            raise ValueError("Data points must be 1-D sequences")
        xp = xp % period
        order = np.argsort(xp)
        xp, fp = xp[order], fp[order]
        xp = np.concatenate((xp[-1:] - period, xp, xp[0:1] + period))
        fp = np.concatenate((fp[-1:], fp, fp[0:1]))
    if xp.size == 0:
        raise ValueError("array of sample points is empty")
    if xp.shape != fp.shape:
        raise ValueError("fp and xp are not of the same length.")
    given = np.asarray(x)
    points = given.ravel()
    left, right = fp[0] if left is None else left, fp[-1] if right is None else right
    place = np.searchsorted(xp, points, side="right") - 1
    inside = np.clip(place, 0, max(len(xp) - 2, 0))
    with np.errstate(all="ignore"):
        if len(xp) > 1:
            slopes = (fp[1:] - fp[:-1]) / (xp[1:] - xp[:-1])
            result = slopes[inside] * (points - xp[inside]) + fp[inside]
            bad = np.isnan(result)
            if bad.any():
                other = slopes[inside] * (points - xp[inside + 1]) + fp[inside + 1]
                result = np.where(bad, other, result)
                flat = np.isnan(result) & (fp[inside] == fp[inside + 1])
                result = np.where(flat, fp[inside], result)
        else:
            result = np.full(points.shape, fp[0], dtype=kind)
    found = np.clip(place, 0, len(xp) - 1)
    result = np.where((xp[found] == points) | (place == len(xp) - 1), fp[found], result)
    result = np.where(place < 0, left, np.where(points > xp[-1], right, result))
    result = np.where(np.isnan(points), points, result).astype(kind, copy=False).reshape(given.shape)
    return result if given.ndim else result[()]


def unwrap(p, discont=None, axis=-1, *, period=2 * 3.141592653589793):
    p = np.asarray(p)
    dd = diff(p, axis=axis)
    discont = period / 2 if discont is None else discont
    kind = np.result_type(dd, period)
    whole = np.issubdtype(kind, np.integer)
    if whole:
        high, rem = divmod(period, 2)
        boundary = rem == 0
    else:
        high, boundary = period / 2, True
    low = -high
    ddmod = np.mod(dd - low, period) + low
    if boundary:
        np.copyto(ddmod, high, where=(ddmod == low) & (dd > 0))
    correct = ddmod - dd
    np.copyto(correct, 0, where=abs(dd) < discont)
    up = np.array(p, copy=True, dtype=kind)
    rows = np.moveaxis(up, axis, -1)
    rows[..., 1:] = np.moveaxis(p, axis, -1)[..., 1:] + np.moveaxis(correct, axis, -1).cumsum(-1)
    return up


# ---- products over windows ----

def correlate(a, v, mode="valid"):
    return _correlate(np.asarray(a), np.asarray(v), mode, True)


def convolve(a, v, mode="full"):
    a, v = np.array(a, copy=False, ndmin=1), np.array(v, copy=False, ndmin=1)
    if len(v) > len(a):
        a, v = v, a
    if len(a) == 0:
        raise ValueError("a cannot be empty")
    if len(v) == 0:
        raise ValueError("v cannot be empty")
    return _correlate(a, v[::-1].conj(), mode, True)


def _correlate(a, v, mode, conjugate):
    modes = {0: "valid", 1: "same", 2: "full"}
    mode = modes.get(mode, mode)
    if mode not in ("valid", "same", "full"):
        raise ValueError("mode must be one of 'valid', 'same', or 'full' (got %r)" % (mode,))
    if a.ndim != 1 or v.ndim != 1:
        raise ValueError("object too deep for desired array" if max(a.ndim, v.ndim) > 1
                         else "object of too small depth for desired array")
    if a.size == 0 or v.size == 0:
        raise ValueError("%s array argument cannot be empty" % ("first" if a.size == 0 else "second"))
    kind = np.promote_types(a.dtype, v.dtype)
    a, v = a.astype(kind), v.astype(kind).conj()
    swapped = len(a) < len(v)
    if swapped:
        a, v = v, a
    result = np._windows_dot(a, v, {"valid": 0, "same": 1, "full": 2}[mode])
    return result[::-1].copy() if swapped else result
