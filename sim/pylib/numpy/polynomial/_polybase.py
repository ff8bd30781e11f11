"""The class of all series: coefficients of a basis, with an interval that is mapped to the window where they count."""
import abc
import numbers
import os

import numpy as np
from numpy.polynomial import polyutils as pu

__all__ = ["ABCPolyBase"]

_DIGITS = "0123456789"


def _left_to_bases(*arguments):
    """A basis has a function of its own."""


class ABCPolyBase(abc.ABC):
    __hash__ = None
    __array_ufunc__ = None
    maxpower = 100
    _superscript_mapping = str.maketrans(_DIGITS, "⁰¹²³⁴⁵⁶⁷⁸⁹")
    _subscript_mapping = str.maketrans(_DIGITS, "₀₁₂₃₄₅₆₇₈₉")
    _use_unicode = os.name != "nt"
    domain = window = basis_name = property(abc.abstractmethod(_left_to_bases))
    _add = _sub = _mul = _div = _pow = _val = _int = _der = _fit = _line = _roots = _fromroots = staticmethod(
        abc.abstractmethod(_left_to_bases))

    def __init__(self, coef, domain=None, window=None, symbol="x"):
        [self.coef] = pu.as_series([coef], trim=False)
        if domain is not None:
            [self.domain] = pu.as_series([domain], trim=False)
            if len(self.domain) != 2:
                raise ValueError("Domain has wrong number of elements.")
        if window is not None:
            [self.window] = pu.as_series([window], trim=False)
            if len(self.window) != 2:
                raise ValueError("Window has wrong number of elements.")
        try:
            if not symbol.isidentifier():
                raise ValueError("Symbol string must be a valid Python identifier")
        except AttributeError:
            raise TypeError("Symbol must be a non-empty string")
        self._symbol = symbol

    @property
    def symbol(self):
        return self._symbol

    def _alike(self, coef):
        return self.__class__(coef, self.domain, self.window, self.symbol)

    # ---- text ----

    def __repr__(self):
        coef, domain, window = (repr(a)[6:-1] for a in (self.coef, self.domain, self.window))
        return "%s(%s, domain=%s, window=%s, symbol='%s')" % (self.__class__.__name__, coef, domain, window, self.symbol)

    def __format__(self, fmt_str):
        if fmt_str == "":
            return self.__str__()
        if fmt_str not in ("ascii", "unicode"):
            raise ValueError("Unsupported format string '%s' passed to %s.__format__. Valid options are 'ascii' and 'unicode'" % (
                fmt_str, self.__class__))
        return self._generate_string(self._str_term_ascii if fmt_str == "ascii" else self._str_term_unicode)

    def __str__(self):
        return self._generate_string(self._str_term_unicode if self._use_unicode else self._str_term_ascii)

    def _generate_string(self, term_method):
        width = max(1, np.get_printoptions().get("linewidth", 75))
        out, last = pu.format_float(self.coef[0]), len(self.coef) - 1
        for power, coef in enumerate(self.coef[1:], 1):
            try:
                term = "+ " + pu.format_float(coef, parens=True) if coef >= 0 else "- " + pu.format_float(-coef, parens=True)
            except TypeError:
                term = "+ %s" % coef
            term += term_method(str(power), self.symbol)
            length = len(out.split("\n")[-1]) + 1 + len(term) + (2 if power < last else 0)
            out += " "
            out += term.replace(" ", "\n", 1) if length >= width else term
        return out

    @classmethod
    def _named_term(cls, form, function, *parts):
        if cls.basis_name is None:
            raise NotImplementedError("Subclasses must define either a basis_name, or override " + function)
        return form % ((cls.basis_name,) + parts)

    @classmethod
    def _str_term_unicode(cls, i, arg_str):
        return cls._named_term("·%s%s(%s)", "_str_term_unicode(cls, i, arg_str)", i.translate(cls._subscript_mapping), arg_str)

    @classmethod
    def _str_term_ascii(cls, i, arg_str):
        return cls._named_term(" %s_%s(%s)", "_str_term_ascii(cls, i, arg_str)", i, arg_str)

    @classmethod
    def _repr_latex_term(cls, i, arg_str, needs_parens):
        return cls._named_term("{%s}_{%s}(%s)", "_repr_latex_term(i, arg_str, needs_parens)", i, arg_str)

    @staticmethod
    def _repr_latex_scalar(x, parens=False):
        return "\\text{%s}" % pu.format_float(x, parens=parens)

    def _latex_coefficient(self, power, coef):
        if power == 0:
            return self._repr_latex_scalar(coef)
        if not isinstance(coef, numbers.Real):
            return " + (%s)" % self._repr_latex_scalar(coef)
        if np.signbit(coef):
            return " - " + self._repr_latex_scalar(-coef, parens=True)
        return " + " + self._repr_latex_scalar(coef, parens=True)

    def _repr_latex_(self):
        off, scale = self.mapparms()
        inner = self.symbol
        if scale != 1:
            inner = self._repr_latex_scalar(scale) + inner
        if off != 0:
            inner = self._repr_latex_scalar(off) + " + " + inner
        parts = []
        for power, coef in enumerate(self.coef):
            part, term = self._latex_coefficient(power, coef), self._repr_latex_term(power, inner, inner != self.symbol)
            if term != "1":
                part += "\\," + term
            parts.append("\\color{LightGray}{%s}" % part if coef == 0 else part)
        return "$%s \\mapsto %s$" % (self.symbol, "".join(parts) or "0")

    # ---- pickling, calling, sequences ----

    def __getstate__(self):
        state = self.__dict__.copy()
        state.update(coef=self.coef.copy(), domain=self.domain.copy(), window=self.window.copy(), symbol=self.symbol)
        return state

    def __setstate__(self, dict):
        self.__dict__ = dict

    def __call__(self, arg):
        off, scl = pu.mapparms(self.domain, self.window)
        return self._val(off + scl * arg, self.coef)

    def __iter__(self):
        return iter(self.coef)

    def __len__(self):
        return len(self.coef)

    # ---- arithmetic ----

    def _get_coefficients(self, other):
        if not isinstance(other, ABCPolyBase):
            return other
        if not isinstance(other, self.__class__):
            raise TypeError("Polynomial types differ")
        if not np.all(self.domain == other.domain):
            raise TypeError("Domains differ")
        if not np.all(self.window == other.window):
            raise TypeError("Windows differ")
        if self.symbol != other.symbol:
            raise ValueError("Polynomial symbols differ")
        return other.coef

    def _joined(self, function, other):
        coef = self._get_coefficients(other)
        try:
            coef = function(self.coef, coef)
        except Exception:
            return NotImplemented
        return self._alike(coef)

    def _joined_right(self, function, other):
        try:
            coef = function(other, self.coef)
        except Exception:
            return NotImplemented
        return self._alike(coef)

    def __neg__(self):
        return self._alike(-self.coef)

    def __pos__(self):
        return self

    def __add__(self, other):
        return self._joined(self._add, other)

    def __sub__(self, other):
        return self._joined(self._sub, other)

    def __mul__(self, other):
        return self._joined(self._mul, other)

    def __radd__(self, other):
        return self._joined_right(self._add, other)

    def __rsub__(self, other):
        return self._joined_right(self._sub, other)

    def __rmul__(self, other):
        return self._joined_right(self._mul, other)

    def __truediv__(self, other):
        if not isinstance(other, numbers.Number) or isinstance(other, bool):
            raise TypeError("unsupported types for true division: '%s', '%s'" % (type(self), type(other)))
        return self.__floordiv__(other)

    def __rtruediv__(self, other):
        return NotImplemented

    def __divmod__(self, other):
        coef = self._get_coefficients(other)
        try:
            quotient, rest = self._div(self.coef, coef)
        except ZeroDivisionError:
            raise
        except Exception:
            return NotImplemented
        return self._alike(quotient), self._alike(rest)

    def __rdivmod__(self, other):
        try:
            quotient, rest = self._div(other, self.coef)
        except ZeroDivisionError:
            raise
        except Exception:
            return NotImplemented
        return self._alike(quotient), self._alike(rest)

    def __floordiv__(self, other):
        both = self.__divmod__(other)
        return both if both is NotImplemented else both[0]

    def __mod__(self, other):
        both = self.__divmod__(other)
        return both if both is NotImplemented else both[1]

    def __rfloordiv__(self, other):
        both = self.__rdivmod__(other)
        return both if both is NotImplemented else both[0]

    def __rmod__(self, other):
        both = self.__rdivmod__(other)
        return both if both is NotImplemented else both[1]

    def __pow__(self, other):
        return self._alike(self._pow(self.coef, other, maxpower=self.maxpower))

    def __eq__(self, other):
        return (isinstance(other, self.__class__) and np.all(self.domain == other.domain) and
                np.all(self.window == other.window) and self.coef.shape == other.coef.shape and
                np.all(self.coef == other.coef) and self.symbol == other.symbol)

    def __ne__(self, other):
        return not self.__eq__(other)

    # ---- questions and other forms ----

    def has_samecoef(self, other):
        return len(self.coef) == len(other.coef) and bool(np.all(self.coef == other.coef))

    def has_samedomain(self, other):
        return np.all(self.domain == other.domain)

    def has_samewindow(self, other):
        return np.all(self.window == other.window)

    def has_sametype(self, other):
        return isinstance(other, self.__class__)

    def copy(self):
        return self._alike(self.coef)

    def degree(self):
        return len(self) - 1

    def cutdeg(self, deg):
        return self.truncate(deg + 1)

    def trim(self, tol=0):
        return self._alike(pu.trimcoef(self.coef, tol))

    def truncate(self, size):
        whole = int(size)
        if whole != size or whole < 1:
            raise ValueError("size must be a positive integer")
        return self._alike(self.coef if whole >= len(self.coef) else self.coef[:whole])

    def convert(self, domain=None, kind=None, window=None):
        kind = self.__class__ if kind is None else kind
        domain = kind.domain if domain is None else domain
        window = kind.window if window is None else window
        return self(kind.identity(domain, window=window, symbol=self.symbol))

    def mapparms(self):
        return pu.mapparms(self.domain, self.window)

    def integ(self, m=1, k=[], lbnd=None):
        off, scl = self.mapparms()
        lbnd = 0 if lbnd is None else off + scl * lbnd
        return self._alike(self._int(self.coef, m, k, lbnd, 1. / scl))

    def deriv(self, m=1):
        return self._alike(self._der(self.coef, m, self.mapparms()[1]))

    def roots(self):
        return pu.mapdomain(self._roots(self.coef), self.window, self.domain)

    def linspace(self, n=100, domain=None):
        domain = self.domain if domain is None else domain
        x = np.linspace(domain[0], domain[1], n)
        return x, self(x)

    # ---- other ways to make one ----

    @classmethod
    def fit(cls, x, y, deg, domain=None, rcond=None, full=False, w=None, window=None, symbol="x"):
        if domain is None:
            domain = pu.getdomain(x)
        elif type(domain) is list and len(domain) == 0:
            domain = cls.domain
        window = cls.window if window is None else window
        fitted = cls._fit(pu.mapdomain(x, domain, window), y, deg, w=w, rcond=rcond, full=full)
        if full:
            return cls(fitted[0], domain=domain, window=window, symbol=symbol), fitted[1]
        return cls(fitted, domain=domain, window=window, symbol=symbol)

    @classmethod
    def fromroots(cls, roots, domain=[], window=None, symbol="x"):
        [roots] = pu.as_series([roots], trim=False)
        if domain is None:
            domain = pu.getdomain(roots)
        elif type(domain) is list and len(domain) == 0:
            domain = cls.domain
        window = cls.window if window is None else window
        off, scl = pu.mapparms(domain, window)
        coef = cls._fromroots(off + scl * roots) / scl ** len(roots)
        return cls(coef, domain=domain, window=window, symbol=symbol)

    @classmethod
    def identity(cls, domain=None, window=None, symbol="x"):
        domain = cls.domain if domain is None else domain
        window = cls.window if window is None else window
        off, scl = pu.mapparms(window, domain)
        return cls(cls._line(off, scl), domain, window, symbol)

    @classmethod
    def basis(cls, deg, domain=None, window=None, symbol="x"):
        degree = int(deg)
        if degree != deg or degree < 0:
            raise ValueError("deg must be non-negative integer")
        return cls([0] * degree + [1], cls.domain if domain is None else domain, cls.window if window is None else window, symbol)

    @classmethod
    def cast(cls, series, domain=None, window=None):
        return series.convert(cls.domain if domain is None else domain, cls, cls.window if window is None else window)
