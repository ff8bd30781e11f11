"""Arrays made by rule: ranges, grids, triangles, windows."""
import operator
import warnings

import numpy as np
from numpy._shape import normalize_axis


def eye(N, M=None, k=0, dtype=float, order="C", *, like=None):
    M = N if M is None else M
    m = np.zeros((N, M), dtype=dtype, order=order)
    if k >= M:
        return m
    M, k = operator.index(M), operator.index(k)
    m[:M - k].flat[(k if k >= 0 else -k * M)::M + 1] = 1
    return m


def identity(n, dtype=None, *, like=None):
    return eye(n, dtype=float if dtype is None else dtype)


def linspace(start, stop, num=50, endpoint=True, retstep=False, dtype=None, axis=0):
    num = operator.index(num)
    if num < 0:
        raise ValueError("Number of samples, %s, must be non-negative." % num)
    div = num - 1 if endpoint else num
    start, stop = np.asarray(start) * 1.0, np.asarray(stop) * 1.0
    kind = np.result_type(start, stop, float(num))
    whole = dtype is not None and np.issubdtype(dtype, np.integer)
    delta = stop - start
    if dtype is None and kind == np.float64 and np.ndim(delta) == 0 and div > 0 and axis == 0 and not retstep:
        step = delta / div
        divisor, factor = (div, delta) if step == 0 else (0, step)
        return np._line(num, divisor, factor, start, stop if endpoint else None)
    dtype = kind if dtype is None else dtype
    y = np.arange(0, num, dtype=kind).reshape((-1,) + (1,) * np.ndim(delta))
    out = y if np.ndim(delta) == 0 else None
    if div > 0:
        step = delta / div
        if np.any(step == 0):
            y = np.divide(y, div, out=out)
            y = np.multiply(y, delta, out=out)
        else:
            y = np.multiply(y, step, out=out)
    else:
        step = np.nan
        y = np.multiply(y, delta, out=out)
    y = np.add(y, start, out=out)
    if endpoint and num > 1:
        y[-1, ...] = stop
    if axis != 0:
        y = np.moveaxis(y, 0, axis)
    if whole:
        y = np.floor(y)
    y = y.astype(dtype, copy=False)
    return (y, step) if retstep else y


def logspace(start, stop, num=50, endpoint=True, base=10.0, dtype=None, axis=0):
    y = linspace(start, stop, num=num, endpoint=endpoint, axis=axis)
    made = np.power(base, y)
    return made if dtype is None else made.astype(dtype, copy=False)


def geomspace(start, stop, num=50, endpoint=True, dtype=None, axis=0):
    start, stop = np.asarray(start), np.asarray(stop)
    if np.any(start == 0) or np.any(stop == 0):
        raise ValueError("Geometric sequence cannot include zero")
    kind = np.result_type(start, stop, float(num), np.zeros((), dtype))
    dtype = kind if dtype is None else np.dtype(dtype)
    start, stop = start.astype(kind, copy=True), stop.astype(kind, copy=True)
    out_sign = np.ones(np.broadcast(start, stop).shape, kind)
    if np.issubdtype(kind, np.complexfloating):
        imaginary = (start.real == 0.) & (stop.real == 0.)
        if np.any(imaginary):
            start[imaginary] = start[imaginary].imag
            stop[imaginary] = stop[imaginary].imag
            out_sign[imaginary] = 1j
    negative = (np.sign(start) == -1) & (np.sign(stop) == -1)
    if np.any(negative):
        np.copyto(start, -start, where=negative)
        np.copyto(stop, -stop, where=negative)
        np.copyto(out_sign, -out_sign, where=negative)
    result = logspace(np.log10(start), np.log10(stop), num=num, endpoint=endpoint, base=10.0, dtype=kind)
    if num > 0:
        result[0] = start
        if num > 1 and endpoint:
            result[-1] = stop
    result = out_sign * result
    if axis != 0:
        result = np.moveaxis(result, 0, axis)
    return result.astype(dtype, copy=False)


def meshgrid(*xi, copy=True, sparse=False, indexing="xy"):
    if indexing not in ("xy", "ij"):
        raise ValueError("Valid values for `indexing` are 'xy' and 'ij'.")
    n = len(xi)
    arrays = [np.asarray(x).reshape((1,) * i + (-1,) + (1,) * (n - i - 1)) for i, x in enumerate(xi)]
    if indexing == "xy" and n > 1:
        arrays[0] = arrays[0].reshape((1, -1) + (1,) * (n - 2))
        arrays[1] = arrays[1].reshape((-1, 1) + (1,) * (n - 2))
    if not sparse:
        arrays = np.broadcast_arrays(*arrays)
    return [a.copy() for a in arrays] if copy else list(arrays)


def indices(dimensions, dtype=int, sparse=False):
    dimensions = tuple(dimensions)
    n = len(dimensions)
    result = None if sparse else np.empty((n,) + dimensions, dtype=dtype)
    parts = [np.arange(length, dtype=dtype).reshape((1,) * i + (length,) + (1,) * (n - i - 1)) for i,
             length in enumerate(dimensions)]
    if sparse:
        return tuple(parts)
    for i, part in enumerate(parts):
        result[i] = part
    return result


def fromfunction(function, shape, *, dtype=float, like=None, **kwargs):
    return function(*indices(shape, dtype=dtype), **kwargs)


def fromiter(iter, dtype, count=-1, *, like=None):
    items = []
    for item in iter:
        if len(items) == count:
            break
        items.append(item)
    if len(items) < count:
        raise ValueError("iterator too short: Expected %d but iterator had only %d items." % (count, len(items)))
    return np.array(items, dtype=dtype) if items else np.empty(0, dtype)


def _leading_items(parts, kind, count):
    """The numbers at the start, and whether that was all there is."""
    items = []
    for part in parts:
        if 0 <= count <= len(items):
            break
        try:
            item = complex(part) if kind.kind == "c" else float(part) if kind.kind == "f" else int(part)
        except ValueError:
            return items, not part.strip() and len(items) + 1 == len(parts)
        if kind.kind == "u" and item < 0:
            return items, False
        if kind.kind in "iu":  # larger ones lose what does not fit
            item = (item - np.iinfo(kind).min) % 256**kind.itemsize + np.iinfo(kind).min
        items.append(item)
    return items, True


def fromstring(string, dtype=float, count=-1, sep="", *, like=None):
    kind = np.dtype(dtype)
    if not sep:
        warnings.warn("The binary mode of fromstring is deprecated, as it behaves surprisingly on unicode inputs. Use frombuffer "
                      "instead", DeprecationWarning, stacklevel=2)
        data = string.encode() if isinstance(string, str) else bytes(string)
        if count < 0 and len(data) % kind.itemsize:
            raise ValueError("string size must be a multiple of element size")
        if count * kind.itemsize > len(data):
            raise ValueError("string is smaller than requested size")
        return np.frombuffer(data, kind, count).copy() if data else np.empty(0, kind)
    string = string.decode("latin1") if isinstance(string, bytes) else string
    items, complete = _leading_items(string.split(sep.strip() or None), kind, count)
    if not complete:
        warnings.warn("string or file could not be read to its end due to unmatched data; this will raise a ValueError in the "
                      "future.", DeprecationWarning, stacklevel=2)
    return np.array(items, dtype=kind)


def asarray_chkfinite(a, dtype=None, order=None):
    a = np.asarray(a, dtype=dtype, order=order)
    if a.dtype.kind in "fc" and not np.isfinite(a).all():
        raise ValueError("array must not contain infs or NaNs")
    return a


def require(a, dtype=None, requirements=None, *, like=None):
    requirements = [r.upper()[:1] for r in requirements or ()]
    a = np.array(a, dtype=dtype, order="F" if "F" in requirements else "C" if "C" in requirements else "K", copy=False)
    if ("O" in requirements and not a.flags.owndata) or ("W" in requirements and not a.flags.writeable):
        return a.copy()
    return a


# ---- diagonals and triangles ----

def diag(v, k=0):
    v = np.asarray(v)
    if v.ndim == 1:
        n = v.shape[0] + abs(k)
        result = np.zeros((n, n), v.dtype)
        result[:n - k].flat[(k if k >= 0 else -k * n)::n + 1] = v
        return result
    if v.ndim == 2:
        return diagonal(v, k)
    raise ValueError("Input must be 1- or 2-d.")


def diagflat(v, k=0):
    return diag(np.ravel(v), k)


def diagonal(a, offset=0, axis1=0, axis2=1):
    a = np.asarray(a)
    offset, axis1, axis2 = operator.index(offset), operator.index(axis1), operator.index(axis2)
    if a.ndim < 2:
        raise ValueError("diag requires an array of at least two dimensions")
    first, second = normalize_axis(axis1, a.ndim, "axis1"), normalize_axis(axis2, a.ndim, "axis2")
    if first == second:
        raise ValueError("axis1 and axis2 cannot be the same")
    turned = np.moveaxis(a, (first, second), (-2, -1))
    rows, columns = turned.shape[-2:]
    down, right = turned.strides[-2:]
    length = max(min(rows, columns - offset) if offset >= 0 else min(rows + offset, columns), 0)
    start = (offset * right if offset >= 0 else -offset * down) if length else 0
    return np._strided_view(turned, turned.shape[:-2] + (length,), turned.strides[:-2] + (down + right,), start, False)


def trace(a, offset=0, axis1=0, axis2=1, dtype=None, out=None):
    return np.sum(diagonal(a, offset, axis1, axis2), axis=-1, dtype=dtype, out=out)


def tri(N, M=None, k=0, dtype=float, *, like=None):
    M = N if M is None else M
    return np.greater_equal.outer(np.arange(N), np.arange(-k, M - k)).astype(dtype, copy=False)


def tril(m, k=0):
    m = np.asarray(m)
    mask = tri(*m.shape[-2:], k=k, dtype=bool)
    return np.where(mask, m, np.zeros(1, m.dtype))


def triu(m, k=0):
    m = np.asarray(m)
    mask = tri(*m.shape[-2:], k=k - 1, dtype=bool)
    return np.where(mask, np.zeros(1, m.dtype), m)


def tril_indices(n, k=0, m=None):
    return np.nonzero(tri(n, m, k=k, dtype=bool))


def triu_indices(n, k=0, m=None):
    return np.nonzero(~tri(n, m, k=k - 1, dtype=bool))


def tril_indices_from(arr, k=0):
    if arr.ndim != 2:
        raise ValueError("input array must be 2-d")
    return tril_indices(arr.shape[-2], k=k, m=arr.shape[-1])


def triu_indices_from(arr, k=0):
    if arr.ndim != 2:
        raise ValueError("input array must be 2-d")
    return triu_indices(arr.shape[-2], k=k, m=arr.shape[-1])


def mask_indices(n, mask_func, k=0):
    return np.nonzero(mask_func(np.ones((n, n), int), k) != 0)


def diag_indices(n, ndim=2):
    return (np.arange(n),) * ndim


def diag_indices_from(arr):
    if not arr.ndim >= 2:
        raise ValueError("input array must be at least 2-d")
    if len(set(arr.shape)) != 1:
        raise ValueError("All dimensions of input must be of equal length")
    return diag_indices(arr.shape[0], arr.ndim)


def fill_diagonal(a, val, wrap=False):
    if a.ndim < 2:
        raise ValueError("array must be at least 2-d")
    end = None
    if a.ndim == 2:
        step = a.shape[1] + 1
        if not wrap:
            end = a.shape[1] * a.shape[1]
    else:
        if len(set(a.shape)) != 1:
            raise ValueError("All dimensions of input must be of equal length")
        step = 1 + int(np.cumprod(a.shape[:-1]).sum())
    a.flat[:end:step] = val


def vander(x, N=None, increasing=False):
    x = np.asarray(x)
    if x.ndim != 1:
        raise ValueError("x must be a one-dimensional array or sequence.")
    N = len(x) if N is None else N
    v = np.empty((len(x), N), dtype=np.promote_types(x.dtype, int))
    part = v if increasing else v[:, ::-1]
    if N > 0:
        part[:, 0] = 1
    if N > 1:
        part[:, 1:] = x[:, None]
        np.multiply.accumulate(part[:, 1:], out=part[:, 1:], axis=1)
    return v


# ---- index arithmetic ----

def unravel_index(indices, shape, order="C"):
    shape = (shape,) if isinstance(shape, int) else tuple(shape)
    total = 1
    for length in shape:
        total *= length
    flat = np.asarray(indices)
    if flat.size and (flat.dtype.kind not in "iu"):
        raise TypeError("only int indices permitted")
    if flat.size and (flat.min() < 0 or flat.max() >= total):
        bad = flat.ravel()[(flat.ravel() < 0) | (flat.ravel() >= total)][0]
        raise ValueError("index %d is out of bounds for array with size %d" % (bad, total))
    result = []
    for length in (reversed(shape) if order == "C" else shape):
        result.append(flat % length)
        flat = flat // length
    return tuple(reversed(result)) if order == "C" else tuple(result)


def ravel_multi_index(multi_index, dims, mode="raise", order="C"):
    dims = (dims,) if isinstance(dims, int) else tuple(dims)
    modes = (mode,) * len(dims) if isinstance(mode, str) else tuple(mode)
    parts = [np.asarray(part) for part in multi_index]
    if len(parts) != len(dims):
        raise ValueError("parameter multi_index must be a sequence of length %d" % len(dims))
    flat = 0
    rows = list(zip(parts, dims, modes))
    for part, length, how in (rows if order == "C" else rows[::-1]):
        if how == "wrap":
            part = part % length
        elif how == "clip":
            part = np.clip(part, 0, length - 1)
        elif part.size and (part.min() < 0 or part.max() >= length):
            raise ValueError("invalid entry in coordinates array")
        flat = flat * length + part
    return flat


def ix_(*args):
    result = []
    for n, sequence in enumerate(args):
        sequence = np.asarray(sequence)
        if sequence.size == 0 and sequence.dtype != bool:
            sequence = sequence.astype(int)
        if sequence.ndim != 1:
            raise ValueError("Cross index must be 1 dimensional")
        if sequence.dtype == bool:
            sequence, = sequence.nonzero()
        result.append(sequence.reshape((1,) * n + (sequence.size,) + (1,) * (len(args) - n - 1)))
    return tuple(result)


class _Grid:
    """np.mgrid and np.ogrid"""

    def __init__(self, sparse):
        self.sparse = sparse

    @staticmethod
    def _one(part):
        start = 0 if part.start is None else part.start
        step = 1 if part.step is None else part.step
        if isinstance(step, complex):
            return linspace(start, part.stop, int(abs(step)))
        return np.arange(start, part.stop, step)

    def __getitem__(self, key):
        if not isinstance(key, tuple):
            return self._one(key)
        parts = [self._one(part) for part in key]
        if self.sparse:
            return [p.reshape((1,) * n + (-1,) + (1,) * (len(parts) - n - 1)) for n, p in enumerate(parts)]
        kind = np.result_type(*parts)
        result = np.empty((len(parts),) + tuple(len(p) for p in parts), kind)
        for n, p in enumerate(parts):
            result[n] = p.reshape((-1,) + (1,) * (len(parts) - n - 1))
        return result


mgrid, ogrid = _Grid(False), _Grid(True)


class _Joiner:
    """np.r_ and np.c_"""

    def __init__(self, axis, ndmin, trans1d):
        self.axis, self.ndmin, self.trans1d = axis, ndmin, trans1d

    def __getitem__(self, key):
        key = key if isinstance(key, tuple) else (key,)
        axis, ndmin, trans1d, parts, scalars = self.axis, self.ndmin, self.trans1d, [], []
        for n, item in enumerate(key):
            if isinstance(item, str) and n == 0:
                if item in ("r", "c"):
                    raise NotImplementedError("np.r_[%r, ...] makes matrices" % item)
                numbers = [int(p) for p in item.split(",")]
                axis = numbers[0]
                ndmin = numbers[1] if len(numbers) > 1 else ndmin
                trans1d = numbers[2] if len(numbers) > 2 else trans1d
                continue
            if isinstance(item, slice):
                part = _Grid._one(item)
            else:
                part = np.asarray(item)
                if part.ndim == 0:
                    scalars.append(len(parts))
            if ndmin > 1 and part.ndim < ndmin:
                own = part.ndim
                part = np.array(part, ndmin=ndmin)
                if trans1d != -1 and own < ndmin:
                    order, added = list(range(ndmin)), ndmin - own
                    start = trans1d + added + 1 if trans1d < 0 else trans1d
                    part = part.transpose(order[:start] + order[added:] + order[start:added])
            parts.append(np.array(part, ndmin=max(ndmin, 1)))
        arrays = [p for n, p in enumerate(parts) if n not in scalars]
        if arrays and scalars:
            kind = np.result_type(*[p if n not in scalars else p.reshape(()) for n, p in enumerate(parts)])
            parts = [p.astype(kind) for p in parts]
        return np.concatenate(parts, axis=axis)

    def __len__(self):
        return 0


r_, c_ = _Joiner(0, 1, -1), _Joiner(-1, 2, 0)


class _Keys:
    def __init__(self, maketuple):
        self.maketuple = maketuple

    def __getitem__(self, key):
        return (key,) if self.maketuple and not isinstance(key, tuple) else key


s_, index_exp = _Keys(False), _Keys(True)


# ---- windows ----

def _window(M, function):
    values = np.array([0.0, M])
    M = values[1]
    if M < 1:
        return np.array([], dtype=values.dtype)
    if M == 1:
        return np.ones(1, dtype=values.dtype)
    return function(np.arange(1 - M, M, 2), M)


def hanning(M):
    return _window(M, lambda n, M: 0.5 + 0.5 * np.cos(np.pi * n / (M - 1)))


def hamming(M):
    return _window(M, lambda n, M: 0.54 + 0.46 * np.cos(np.pi * n / (M - 1)))


def blackman(M):
    return _window(M, lambda n, M: 0.42 + 0.5 * np.cos(np.pi * n / (M - 1)) + 0.08 * np.cos(2.0 * np.pi * n / (M - 1)))


def bartlett(M):
    return _window(M, lambda n, M: np.where(np.less_equal(n, 0), 1 + n / (M - 1), 1 - n / (M - 1)))
