"""Rows of coefficients, and linear maps between intervals."""
import operator
import warnings

import numpy as np

__all__ = ["RankWarning", "as_series", "trimseq", "trimcoef", "getdomain", "mapdomain", "mapparms", "format_float"]


class RankWarning(UserWarning):
    """Issued by a fit whose matrix does not have full rank."""


def trimseq(seq):
    if len(seq) == 0:
        return seq
    last = len(seq) - 1
    while last > 0 and seq[last] == 0:
        last -= 1
    return seq[:last + 1]


def as_series(alist, trim=True):
    arrays = [np.array(a, ndmin=1, copy=False) for a in alist]
    if min([a.size for a in arrays]) == 0:
        raise ValueError("Coefficient array is empty")
    if any(a.ndim != 1 for a in arrays):
        raise ValueError("Coefficient array is not 1-d")
    if trim:
        arrays = [trimseq(a) for a in arrays]
    if any(a.dtype == np.dtype(object) for a in arrays):
        return [a.astype(object) for a in arrays]
    try:
        dtype = np.common_type(*arrays)
    except Exception as e:
        raise ValueError("Coefficient arrays have no common type") from e
    return [np.array(a, copy=True, dtype=dtype) for a in arrays]


def trimcoef(c, tol=0):
    if tol < 0:
        raise ValueError("tol must be non-negative")
    [c] = as_series([c])
    [ind] = np.nonzero(np.abs(c) > tol)
    return c[:1] * 0 if len(ind) == 0 else c[:ind[-1] + 1].copy()


def getdomain(x):
    [x] = as_series([x], trim=False)
    if x.dtype.char in np.typecodes["Complex"]:
        return np.array((complex(x.real.min(), x.imag.min()), complex(x.real.max(), x.imag.max())))
    return np.array((x.min(), x.max()))


def mapparms(old, new):
    length, wanted = old[1] - old[0], new[1] - new[0]
    return (old[1] * new[0] - old[0] * new[1]) / length, wanted / length


def mapdomain(x, old, new):
    x = np.asanyarray(x)
    off, scl = mapparms(old, new)
    return off + scl * x


# ---- what all bases share: each has its products and its values ----

def _deprecate_as_int(x, desc):
    try:
        return operator.index(x)
    except TypeError as error:
        try:
            whole = int(x)
        except TypeError:
            whole = None
        if whole is None or whole != x:
            raise TypeError("%s must be an integer" % desc) from error
        warnings.warn("In future, this will raise TypeError, as %s will need to be an integer not just an integral float." % desc,
                      DeprecationWarning, stacklevel=3)
        return whole


def _with_order(c, m, axis, desc):
    """Coefficients to be derived or integrated m times, integers as floats; m and the axis as ints."""
    c = np.array(c, ndmin=1, copy=True)
    if c.dtype.char in "?bBhHiIlLqQpP":
        c = c.astype(np.double)
    count, axis = _deprecate_as_int(m, "the order of " + desc), _deprecate_as_int(axis, "the axis")
    if count < 0:
        raise ValueError("The order of %s must be non-negative" % desc)
    return c, count, axis


def _checked_axis(axis, ndim):
    if not -ndim <= axis < ndim:
        raise np.AxisError(axis, ndim)
    return axis % ndim


def _derived(one_step, c, m, scl, axis):
    """m times one_step(c, room for what comes of it)."""
    c, count, axis = _with_order(c, m, axis, "derivation")
    axis = _checked_axis(axis, c.ndim)
    if count == 0:
        return c
    c = np.moveaxis(c, axis, 0)
    if count >= len(c):
        return np.moveaxis(c[:1] * 0, 0, axis)
    for _ in range(count):
        c *= scl
        made = np.empty((len(c) - 1,) + c.shape[1:], dtype=c.dtype)
        one_step(c, made)
        c = made
    return np.moveaxis(c, 0, axis)


def _integrated(one_step, val_f, c, m, k, lbnd, scl, axis):
    """m times one_step(c, room for what comes of it), each with a constant that makes it k[i] at lbnd."""
    k = k if np.iterable(k) else [k]
    c, count, axis = _with_order(c, m, axis, "integration")
    if len(k) > count:
        raise ValueError("Too many integration constants")
    if np.ndim(lbnd) != 0:
        raise ValueError("lbnd must be a scalar.")
    if np.ndim(scl) != 0:
        raise ValueError("scl must be a scalar.")
    axis = _checked_axis(axis, c.ndim)
    if count == 0:
        return c
    k = list(k) + [0] * (count - len(k))
    c = np.moveaxis(c, axis, 0)
    for i in range(count):
        c *= scl
        if len(c) == 1 and np.all(c[0] == 0):
            c[0] += k[i]
            continue
        made = np.empty((len(c) + 1,) + c.shape[1:], dtype=c.dtype)
        one_step(c, made)
        made[0] += k[i] - val_f(lbnd, made)
        c = made
    return np.moveaxis(c, 0, axis)


def _vandered(fill, x, deg):
    """Columns of what fill(room, x) makes: room has a row for each degree, the first is there."""
    degree = _deprecate_as_int(deg, "deg")
    if degree < 0:
        raise ValueError("deg must be non-negative")
    x = np.array(x, copy=False, ndmin=1) + 0.0
    rows = np.empty((degree + 1,) + x.shape, dtype=x.dtype)
    rows[0] = x * 0 + 1
    if degree > 0:
        fill(rows, x)
    return np.moveaxis(rows, 0, -1)


def _vander_nd_flat(vander_f, points, degrees):
    count = len(points)
    if count != len(degrees):
        raise ValueError("Expected %d dimensions of degrees, got %d" % (count, len(degrees)))
    points, result = tuple(np.array(tuple(points), copy=False) + 0.0), 1
    for n, (x, degree) in enumerate(zip(points, degrees)):
        place = (Ellipsis,) + tuple(slice(None) if n == k else np.newaxis for k in range(count))
        factor = vander_f(x, degree)[place]
        result = factor if n == 0 else result * factor
    return result.reshape(result.shape[:-count] + (-1,))


def _valnd(val_f, c, *points):
    points = [np.asanyarray(a) for a in points]
    if not all(a.shape == points[0].shape for a in points[1:]):
        raise ValueError({2: "x, y are incompatible", 3: "x, y, z are incompatible"}[len(points)])
    c = val_f(points[0], c)
    for a in points[1:]:
        c = val_f(a, c, tensor=False)
    return c


def _gridnd(val_f, c, *points):
    for a in points:
        c = val_f(a, c)
    return c


def _fromroots(line_f, mul_f, roots):
    """Products in pairs, the factors sorted by their roots."""
    if len(roots) == 0:
        return np.ones(1)
    [roots] = as_series([roots], trim=False)
    roots.sort()
    factors = [line_f(-r, 1) for r in roots]
    while len(factors) > 1:
        half, odd = divmod(len(factors), 2)
        joined = [mul_f(factors[i], factors[i + half]) for i in range(half)]
        if odd:
            joined[0] = mul_f(joined[0], factors[-1])
        factors = joined
    return factors[0]


def _add(c1, c2):
    c1, c2 = as_series([c1, c2])
    if len(c1) > len(c2):
        c1[:c2.size] += c2
        return trimseq(c1)
    c2[:c1.size] += c1
    return trimseq(c2)


def _sub(c1, c2):
    c1, c2 = as_series([c1, c2])
    if len(c1) > len(c2):
        c1[:c2.size] -= c2
        return trimseq(c1)
    c2 = -c2
    c2[:c1.size] += c1
    return trimseq(c2)


def _divided(divide, c1, c2):
    """Quotient and rest; divide deals with those that are long enough."""
    c1, c2 = as_series([c1, c2])
    if c2[-1] == 0:
        raise ZeroDivisionError()
    if len(c1) < len(c2):
        return c1[:1] * 0, c1
    if len(c2) == 1:
        return c1 / c2[-1], c1[:1] * 0
    return divide(c1, c2)


def _div(mul_f, c1, c2):
    def divide(rest, divisor):
        quotient = np.empty(len(rest) - len(divisor) + 1, dtype=rest.dtype)
        for i in range(len(quotient) - 1, -1, -1):
            part = mul_f([0] * i + [1], divisor)
            quotient[i] = times = rest[-1] / part[-1]
            rest = rest[:-1] - times * part[:-1]
        return quotient, trimseq(rest)
    return _divided(divide, c1, c2)


def _powered(product, c, pow, maxpower):
    """product(c, power) of a power above 1."""
    [c] = as_series([c])
    power = int(pow)
    if power != pow or power < 0:
        raise ValueError("Power must be a non-negative integer.")
    if maxpower is not None and power > maxpower:
        raise ValueError("Power is too large")
    if power == 0:
        return np.array([1], dtype=c.dtype)
    return c if power == 1 else product(c, power)


def _pow(mul_f, c, pow, maxpower):
    def product(c, power):
        result = c
        for _ in range(2, power + 1):
            result = mul_f(result, c)
        return result
    return _powered(product, c, pow, maxpower)


def _fit(vander_f, x, y, deg, rcond=None, full=False, w=None):
    """Least squares: the columns of vander_f, each brought to length 1."""
    x, y, deg = np.asarray(x) + 0.0, np.asarray(y) + 0.0, np.asarray(deg)
    if deg.ndim > 1 or deg.dtype.kind not in "iu" or deg.size == 0:
        raise TypeError("deg must be an int or non-empty 1-D array of int")
    if deg.min() < 0:
        raise ValueError("expected deg >= 0")
    if x.ndim != 1:
        raise TypeError("expected 1D vector for x")
    if x.size == 0:
        raise TypeError("expected non-empty vector for x")
    if y.ndim < 1 or y.ndim > 2:
        raise TypeError("expected 1D or 2D array for y")
    if len(x) != len(y):
        raise TypeError("expected x and y to have same length")
    chosen = np.sort(deg) if deg.ndim else None
    top = int(deg) if chosen is None else int(chosen[-1])
    order = top + 1 if chosen is None else len(chosen)
    matrix = vander_f(x, top)
    if chosen is not None:
        matrix = matrix[:, chosen]
    left, right = matrix.T, y.T
    if w is not None:
        w = np.asarray(w) + 0.0
        if w.ndim != 1:
            raise TypeError("expected 1D vector for w")
        if len(x) != len(w):
            raise TypeError("expected x and w to have same length")
        left, right = left * w, right * w
    if rcond is None:
        rcond = len(x) * np.finfo(x.dtype).eps
    if issubclass(left.dtype.type, np.complexfloating):
        scl = np.sqrt((np.square(left.real) + np.square(left.imag)).sum(1))
    else:
        scl = np.sqrt(np.square(left).sum(1))
    scl[scl == 0] = 1
    c, residuals, rank, singular = np.linalg.lstsq(left.T / scl, right.T, rcond)
    c = (c.T / scl).T
    if chosen is not None:
        spread = np.zeros((top + 1,) + c.shape[1:], dtype=c.dtype)
        spread[chosen] = c
        c = spread
    if rank != order and not full:
        warnings.warn("The fit may be poorly conditioned", RankWarning, stacklevel=3)
    return (c, [residuals, rank, singular, rcond]) if full else c


def _companion(fill, c):
    """fill(c, matrix) makes the matrix whose eigenvalues are the roots of c; c has at least two terms."""
    [c] = as_series([c])
    if len(c) < 2:
        raise ValueError("Series must have maximum degree of at least 1.")
    return fill(c)


def _roots(companion_f, c):
    [c] = as_series([c])
    if len(c) < 2:
        return np.array([], dtype=c.dtype)
    matrix = companion_f(c)
    if len(c) == 2:
        return matrix[0]
    roots = np.linalg.eigvals(matrix[::-1, ::-1])
    roots.sort()
    return roots


def format_float(x, parens=False):
    """A coefficient as the text of a polynomial has it."""
    if not np.issubdtype(type(x), np.floating):
        return str(x)
    options = np.get_printoptions()
    if np.isnan(x):
        return options["nanstr"]
    if np.isinf(x):
        return options["infstr"]
    size = abs(x)
    trim, sign = "k" if options["floatmode"] == "fixed" else "0", options["sign"] == "+"
    if x != 0 and (size >= 1.e8 or size < 10 ** min(0, -(options["precision"] - 1) // 2)):
        text = np.format_float_scientific(x, precision=options["precision"], unique=True, trim=trim, sign=sign)
        return "(" + text + ")" if parens else text
    return np.format_float_positional(x, precision=options["precision"], fractional=True, unique=True, trim=trim, sign=sign)
