"""Comparisons of arrays, kinds of numbers and of types, parts of complex numbers."""
import numbers
import warnings

import numpy as np


def isclose(a, b, rtol=1.e-5, atol=1.e-8, equal_nan=False):
    def within(x, y):
        with np.errstate(invalid="ignore"):
            distance, bound = x - y, abs(y)
            place = distance if distance.ndim and distance.dtype.kind == "f" else None
            if type(rtol) is type(atol) is float and bound.ndim:
                bound *= rtol
                bound += atol
            else:
                bound = atol + rtol * bound
            return np.less_equal(np.abs(distance, out=place), bound)

    x, y = np.asanyarray(a), np.asanyarray(b)
    y = np.asanyarray(y, dtype=np.result_type(y, 1.))
    xfin, yfin = np.isfinite(x), np.isfinite(y)
    if np.all(xfin) and np.all(yfin):
        return within(x, y)
    finite = xfin & yfin
    finite = np.asarray(finite)
    cond = np.zeros_like(finite, subok=True)
    x = np.asarray(x * np.ones_like(cond))
    y = np.asarray(y * np.ones_like(cond))
    cond[finite] = within(x[finite], y[finite])
    cond[~finite] = x[~finite] == y[~finite]
    if equal_nan:
        both = np.isnan(x) & np.isnan(y)
        cond[both] = True
    return cond[()]


def allclose(a, b, rtol=1.e-5, atol=1.e-8, equal_nan=False):
    return bool(np.all(isclose(a, b, rtol=rtol, atol=atol, equal_nan=equal_nan)))


def array_equal(a1, a2, equal_nan=False):
    try:
        a1, a2 = np.asarray(a1), np.asarray(a2)
    except Exception:
        return False
    if a1.shape != a2.shape:
        return False
    if not equal_nan:
        return bool(np.asarray(a1 == a2).all())
    nan1, nan2 = np.isnan(a1), np.isnan(a2)
    if not (nan1 == nan2).all():
        return False
    return bool(np.asarray(a1[~nan1] == a2[~nan1]).all())


def array_equiv(a1, a2):
    try:
        a1, a2 = np.asarray(a1), np.asarray(a2)
        np.broadcast(a1, a2)
    except Exception:
        return False
    return bool(np.asarray(a1 == a2).all())


def isscalar(element):
    return isinstance(element, (np.generic, int, float, complex, str, bytes, memoryview, numbers.Number))


def issctype(rep):
    return isinstance(rep, (type, np.dtype)) and np.dtype(rep) != np.object_


def issubdtype(arg1, arg2):
    if not (isinstance(arg1, type) and issubclass(arg1, np.generic)):
        arg1 = np.dtype(arg1).type
    if not (isinstance(arg2, type) and issubclass(arg2, np.generic)):
        arg2 = np.dtype(arg2).type
    return issubclass(arg1, arg2)


def issubclass_(arg1, arg2):
    try:
        return issubclass(arg1, arg2)
    except TypeError:
        return False


def obj2sctype(rep, default=None):
    return np.dtype(rep).type


def common_type(*arrays):
    kinds = [a.dtype for a in arrays]
    is_complex = any(k.kind == "c" for k in kinds)
    precision = 0
    for k in kinds:
        if k.kind in "iu":
            own = 2
        elif k.char in "efdFD":
            own = {"e": 0, "f": 1, "d": 2, "F": 1, "D": 2}[k.char]
        else:
            raise TypeError("can't get common type for non-numeric array")
        precision = max(precision, own)
    return [np.complex64, np.complex64, np.complex128][precision] if is_complex else [np.half, np.single, np.double][precision]


def mintypecode(typechars, typeset="GDFgdf", default="d"):
    chars = [t if isinstance(t, str) else np.asarray(t).dtype.char for t in typechars]
    found = {t for t in chars if t in typeset}
    if not found:
        return default
    if "F" in found and "d" in found:
        return "D"
    return min(found, key="GDFgdfeOSUV".index)


def real(val):
    return val.real if hasattr(val, "real") else np.asanyarray(val).real


def imag(val):
    return val.imag if hasattr(val, "imag") else np.asanyarray(val).imag


def angle(z, deg=False):
    z = np.asanyarray(z)
    zreal, zimag = (z.real, z.imag) if z.dtype.kind == "c" else (z, 0)
    a = np.arctan2(zimag, zreal)
    if deg:
        a *= 180 / np.pi
    return a


def iscomplex(x):
    ax = np.asanyarray(x)
    if ax.dtype.kind == "c":
        return ax.imag != 0
    return np.zeros(ax.shape, bool)[()] if ax.ndim == 0 else np.zeros(ax.shape, bool)


def isreal(x):
    return imag(x) == 0


def iscomplexobj(x):
    return np.asarray(x).dtype.kind == "c" if not hasattr(x, "dtype") else x.dtype.kind == "c"


def isrealobj(x):
    return not iscomplexobj(x)


def isposinf(x, out=None):
    return np.logical_and(np.isinf(x), ~np.signbit(x), out) if out is not None else np.logical_and(np.isinf(x), ~np.signbit(x))


def isneginf(x, out=None):
    return np.logical_and(np.isinf(x), np.signbit(x), out) if out is not None else np.logical_and(np.isinf(x), np.signbit(x))


def isfortran(a):
    return a.flags.fnc


def nan_to_num(x, copy=True, nan=0.0, posinf=None, neginf=None):
    x = np.array(x, copy=copy)
    single = x.ndim == 0
    if x.dtype.kind not in "fc":
        return x[()] if single else x
    info = finfo(x.real.dtype)
    high, low = info.max if posinf is None else posinf, info.min if neginf is None else neginf
    for part in (x.real, x.imag) if x.dtype.kind == "c" else (x,):
        bad, above, below = np.isnan(part), isposinf(part), isneginf(part)
        np.copyto(part, nan, where=bad)
        np.copyto(part, high, where=above)
        np.copyto(part, low, where=below)
    return x[()] if single else x


def real_if_close(a, tol=100):
    a = np.asanyarray(a)
    if a.dtype.kind != "c":
        return a
    if tol > 1:
        tol = finfo(a.dtype).eps * tol
    return a.real if np.all(np.absolute(a.imag) < tol) else a


def fix(x, out=None):
    result = np.ceil(x)
    result = np.floor(x, out=result, where=np.greater_equal(x, 0)) if isinstance(result,
            np.ndarray) else np.where(np.greater_equal(x, 0), np.floor(x), result)[()]
    if out is not None:
        out[...] = result
        return out
    return result


def sinc(x):
    x = np.asanyarray(x)
    y = np.pi * np.where(x == 0, 1.0e-20, x)
    return np.sin(y) / y


def sometrue(*args, **kwargs):
    return np.any(*args, **kwargs)


def alltrue(*args, **kwargs):
    return np.all(*args, **kwargs)


def base_repr(number, base=2, padding=0):
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    if base > len(digits):
        raise ValueError("Bases greater than 36 not handled in base_repr.")
    if base < 2:
        raise ValueError("Bases less than 2 not handled in base_repr.")
    num, result = abs(int(number)), []
    while num:
        result.append(digits[num % base])
        num //= base
    if padding:
        result.append("0" * padding)
    if number < 0:
        result.append("-")
    return "".join(reversed(result or "0"))


def binary_repr(num, width=None):
    if num == 0:
        return "0" * (width or 1)
    if num > 0:
        text = "{:b}".format(int(num))
        return text.zfill(width) if width else text
    if width is None:
        return "-{:b}".format(-int(num))
    needed = len("{:b}".format(-int(num)))
    if 2 ** (needed - 1) == -num:
        needed -= 1
    size = needed + 1
    width = max(width, size)
    return "{:b}".format(2 ** width + int(num)).zfill(width)


class finfo:
    """What a type of floats can hold."""

    def __init__(self, dtype):
        try:
            dtype = np.dtype(dtype) if not isinstance(dtype, (float, complex)) else np.asarray(dtype).dtype
        except TypeError:
            dtype = np.asarray(dtype).dtype
        if dtype.kind == "c":
            dtype = np.dtype("f4" if dtype.itemsize == 8 else "f8")
        if dtype.kind != "f":
            raise ValueError("data type %r not inexact" % dtype.type)
        self.dtype = dtype
        self.bits = dtype.itemsize * 8
        self.nmant, self.iexp = {16: (10, 5), 32: (23, 8), 64: (52, 11)}[self.bits]
        self.maxexp, self.minexp = 2 ** (self.iexp - 1), 2 - 2 ** (self.iexp - 1)
        self.nexp = self.iexp
        self.it, self.machep, self.negep = self.nmant, -self.nmant, -self.nmant - 1
        self.precision = {16: 3, 32: 6, 64: 15}[self.bits]
        one = dtype.type
        self.eps, self.epsneg = one(2.0 ** self.machep), one(2.0 ** self.negep)
        self.tiny = self.smallest_normal = one(2.0 ** self.minexp)
        self.max = one((2.0 - 2.0 ** self.machep) * 2.0 ** (self.maxexp - 1))
        self.min = -self.max
        self.smallest_subnormal = one(2.0 ** (self.minexp - self.nmant)) if self.bits < 64 else one(5e-324)
        self.resolution = one(10.0 ** -self.precision)

    def __repr__(self):
        return "finfo(resolution=%s, min=-%s, max=%s, dtype=%s)" % (self.resolution, self._text(self.max), self._text(self.max),
                self.dtype)

    def _text(self, number):
        return np.format_float_scientific(number, precision=7 if self.bits < 64 else 16, trim="k",
                                          unique=self.bits >= 64) if self.bits == 64 else "%.*e" % (
            {16: 5, 32: 7}[self.bits], float(number)) if self.bits == 32 else "%.5e" % float(number)


class iinfo:
    """What a type of integers can hold."""

    def __init__(self, type):
        try:
            self.dtype = np.dtype(type)
        except TypeError:
            self.dtype = np.asarray(type).dtype
        self.kind, self.bits = self.dtype.kind, self.dtype.itemsize * 8
        self.key = "%s%d" % (self.kind, self.bits)
        if self.kind not in "iu":
            raise ValueError("Invalid integer data type %r." % (self.kind,))

    @property
    def min(self):
        return 0 if self.kind == "u" else -(1 << (self.bits - 1))

    @property
    def max(self):
        return (1 << (self.bits if self.kind == "u" else self.bits - 1)) - 1

    def __str__(self):
        rule = "-" * 63
        return "Machine parameters for %s\n%s\nmin = %s\nmax = %s\n%s\n" % (self.dtype, rule, self.min, self.max, rule)

    def __repr__(self):
        return "iinfo(min=%s, max=%s, dtype=%s)" % (self.min, self.max, self.dtype)


class errstate:
    """with np.errstate(divide="ignore"): ..."""

    def __init__(self, *, call=None, **kwargs):
        self.call, self.kwargs = call, kwargs

    def __enter__(self):
        self.old = np.seterr(**self.kwargs)
        if self.call is not None:
            self.oldcall = np.seterrcall(self.call)

    def __exit__(self, *exc_info):
        np.seterr(**self.old)
        if self.call is not None:
            np.seterrcall(self.oldcall)

    def __call__(self, function):
        def inner(*args, **kwargs):
            with type(self)(call=self.call, **self.kwargs):
                return function(*args, **kwargs)
        inner.__name__, inner.__doc__, inner.__wrapped__ = function.__name__, function.__doc__, function
        return inner


class printoptions:
    """with np.printoptions(precision=2): ..."""

    def __init__(self, *args, **kwargs):
        self.args, self.kwargs = args, kwargs

    def __enter__(self):
        self.old = np.get_printoptions()
        try:
            np.set_printoptions(*self.args, **self.kwargs)
            return np.get_printoptions()
        except BaseException:
            np.set_printoptions(**self.old)
            raise

    def __exit__(self, *exc_info):
        np.set_printoptions(**self.old)


class ComplexWarning(RuntimeWarning):
    pass


class VisibleDeprecationWarning(UserWarning):
    pass


class RankWarning(UserWarning):
    pass


class ModuleDeprecationWarning(DeprecationWarning):
    pass


class TooHardError(RuntimeError):
    pass


for _warning in (ComplexWarning, VisibleDeprecationWarning, RankWarning, ModuleDeprecationWarning, TooHardError):
    _warning.__module__ = "numpy"
