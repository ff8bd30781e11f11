"""Series in powers and in the bases of Chebyshev, Legendre, Hermite and Laguerre. A module is loaded when it is asked for."""
from numpy.polynomial import polynomial
from numpy.polynomial._polybase import ABCPolyBase
from numpy.polynomial.polynomial import Polynomial

__all__ = ["set_default_printstyle", "polynomial", "Polynomial", "chebyshev", "Chebyshev", "legendre", "Legendre", "hermite",
           "Hermite", "hermite_e", "HermiteE", "laguerre", "Laguerre"]

_MODULES = {"Chebyshev": "chebyshev", "Legendre": "legendre", "Hermite": "hermite", "HermiteE": "hermite_e",
            "Laguerre": "laguerre"}


def set_default_printstyle(style):
    if style not in ("unicode", "ascii"):
        raise ValueError("Unsupported format string '%s'. Valid options are 'ascii' and 'unicode'" % style)
    ABCPolyBase._use_unicode = style == "unicode"


def __getattr__(name):
    from importlib import import_module
    if name in _MODULES.values():
        return import_module("numpy.polynomial." + name)
    if name not in _MODULES:
        raise AttributeError("module 'numpy.polynomial' has no attribute %r" % name)
    found = globals()[name] = getattr(import_module("numpy.polynomial." + _MODULES[name]), name)
    return found


def __dir__():
    return sorted(set(globals()) | set(__all__))
