"""Rows of coefficients, and linear maps between intervals."""
import numpy as np


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


def _as_int(x, desc):
    import operator
    try:
        return operator.index(x)
    except TypeError as e:
        raise TypeError("%s must be an integer, received %s" % (desc, x)) from e


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
