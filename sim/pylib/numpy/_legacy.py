"""What numpy keeps from its early days: names of kinds of numbers, constants of its C code, questions about types, deprecation."""
import sys
import warnings

import numpy as np

ALLOW_THREADS, BUFSIZE, CLIP, WRAP, RAISE, MAXDIMS = 1, 8192, 0, 1, 2, 32
MAY_SHARE_BOUNDS, MAY_SHARE_EXACT = 0, -1
ERR_IGNORE, ERR_WARN, ERR_RAISE, ERR_CALL, ERR_PRINT, ERR_LOG, ERR_DEFAULT = 0, 1, 2, 3, 4, 5, 521
FPE_DIVIDEBYZERO, FPE_OVERFLOW, FPE_UNDERFLOW, FPE_INVALID, FLOATING_POINT_SUPPORT = 1, 2, 4, 8, 1
SHIFT_DIVIDEBYZERO, SHIFT_OVERFLOW, SHIFT_UNDERFLOW, SHIFT_INVALID = 0, 3, 6, 9
UFUNC_BUFSIZE_DEFAULT, UFUNC_PYVALS_NAME = 8192, "UFUNC_PYVALS"
little_endian = True
tracemalloc_domain = 389047
typecodes = {"Character": "c", "Integer": "bhilqp", "UnsignedInteger": "BHILQP", "Float": "efdg", "Complex": "FDG",
             "AllInteger": "bBhHiIlLqQpP", "AllFloat": "efdgFDG", "Datetime": "Mm",
             "All": "?bhilqpBHILQPefdgFDGSUVOMm"}

_KIND_NAMES = {"S1": "character", "?": "bool", "b": "signed char", "B": "unsigned char", "h": "short", "H": "unsigned short",
               "i": "integer", "I": "unsigned integer", "l": "long integer", "L": "unsigned long integer",
               "q": "long long integer", "Q": "unsigned long long integer", "f": "single precision", "d": "double precision",
               "g": "long precision", "F": "complex single precision", "D": "complex double precision",
               "G": "complex long double precision", "S": "string", "U": "unicode", "V": "void", "O": "object"}
_ORDER = "?bBhHiIlLqQefdFD"
_KINDS = ["b", "u", "i", "f", "c", "S", "U", "V", "O", "M", "m"]


def typename(char):
    return _KIND_NAMES[char]


def _greatest(dtypes, start=0):
    """The first type, in the order of their characters, that all of them can be cast to."""
    if not dtypes:
        return None
    if len(dtypes) == 1:
        return dtypes[0]
    for char in _ORDER[start:]:
        made = np.dtype(char)
        if all(np.can_cast(dtype, made) for dtype in dtypes):
            return made
    return None


def find_common_type(array_types, scalar_types):
    arrays = _greatest([np.dtype(x) for x in array_types])
    scalars = _greatest([np.dtype(x) for x in scalar_types])
    if arrays is None or scalars is None:
        return scalars if arrays is None else arrays
    if _KINDS.index(scalars.kind) <= _KINDS.index(arrays.kind):
        return arrays
    return _greatest([scalars, arrays], _ORDER.index(scalars.char))


def asfarray(a, dtype=np.float64):
    dtype = np.dtype(dtype)
    return np.asarray(a, dtype=dtype if dtype.kind in "fc" else np.float64)


def _scalar_class(arg):
    return arg if isinstance(arg, type) and issubclass(arg, np.generic) else np.obj2sctype(arg)


def issubsctype(arg1, arg2):
    return issubclass(_scalar_class(arg1), _scalar_class(arg2))


def sctype2char(sctype):
    found = np.obj2sctype(sctype)
    if found is None:
        raise ValueError("unrecognized type")
    return np.dtype(found).char


def fastCopyAndTranspose(a):
    warnings.warn("fastCopyAndTranspose and the underlying C function PyArray_CopyAndTranspose have been deprecated.\n\n"
                  "Use the transpose method followed by a C-order copy instead, e.g. ``arr.T.copy()``",
                  DeprecationWarning, stacklevel=2)
    return np.array(np.asarray(a).T, order="C")


def safe_eval(source):
    import ast
    return ast.literal_eval(source)


def get_array_wrap(*args):
    return None if not any(isinstance(a, np.ndarray) for a in args) else np.ndarray.__array_wrap__


def getbufsize():
    return BUFSIZE


def disp(mesg, device=None, linefeed=True):
    device = sys.stdout if device is None else device
    device.write("%s\n" % mesg if linefeed else "%s" % mesg)
    device.flush()


def who(vardict=None):
    """Prints the arrays of a dictionary, or of the caller's variables."""
    if vardict is None:
        vardict = sys._getframe(1).f_globals
    rows, seen = [], {}
    for name, a in vardict.items():
        if isinstance(a, np.ndarray):
            first = seen.setdefault(id(a), name)
            fresh = first is name
            rows.append((name if fresh else "%s (%s)" % (name, first), " x ".join(str(n) for n in a.shape), str(a.nbytes),
                         a.dtype.name, a.nbytes if fresh else 0))
    widths = [max([10] + [len(row[n]) for row in rows]) for n in range(3)]
    if rows:
        head = "Name %s Shape %s Bytes %s Type" % tuple(" " * width for width in widths)
        print(head + "\n" + "=" * (len(head) + 5) + "\n")
    for row in rows:
        gaps = [" " * (width - len(text) + more) for width, text, more in zip(widths, row, (4, 5, 5))]
        print("%s %s %s %s %s %s %s" % (row[0], gaps[0], row[1], gaps[1], row[2], gaps[2], row[3]))
    print("\nUpper bound on total bytes  =       %d" % sum(row[4] for row in rows))


# ---- docstrings and deprecation ----

def add_docstring(obj, docstring):
    raise NotImplementedError("numpy.add_docstring: docstrings of native functions are fixed")


def add_newdoc(place, obj, doc, warn_on_python=True):
    """Docstrings of numpy's own objects; here they have none to be replaced."""


class _Deprecate:
    def __init__(self, old_name=None, new_name=None, message=None):
        self.old_name, self.new_name, self.message = old_name, new_name, message

    def __call__(self, func):
        import functools
        old = self.old_name if self.old_name is not None else func.__name__
        text = ("`%s` is deprecated!" % old if self.new_name is None else
                "`%s` is deprecated, use `%s` instead!" % (old, self.new_name))
        if self.message is not None:
            text += "\n" + self.message

        @functools.wraps(func)
        def newfunc(*args, **kwds):
            warnings.warn(text, DeprecationWarning, stacklevel=2)
            return func(*args, **kwds)

        newfunc.__name__ = old
        doc = text if func.__doc__ is None else text + "\n\n" + func.__doc__
        newfunc.__doc__ = doc
        return newfunc


def deprecate(*args, **kwargs):
    if not args:
        return _Deprecate(*args, **kwargs)
    return _Deprecate(*args[1:], **kwargs)(args[0])


def deprecate_with_doc(msg):
    return _Deprecate(message=msg)
