"""Assertions about arrays, with numpy's reports."""
import contextlib
import warnings
from unittest import SkipTest, TestCase

import numpy as np

__all__ = ["assert_", "assert_equal", "assert_almost_equal", "assert_approx_equal", "assert_array_equal",
           "assert_array_almost_equal",
           "assert_array_less", "assert_allclose", "assert_raises", "assert_raises_regex", "assert_warns", "assert_no_warnings",
           "assert_string_equal", "assert_array_almost_equal_nulp", "assert_array_max_ulp", "suppress_warnings", "build_err_msg",
           "HAS_LAPACK64", "HAS_REFCOUNT", "IS_PYPY", "IS_PYSTON", "IS_WASM", "IgnoreException", "KnownFailureException",
           "SkipTest", "TestCase", "assert_no_gc_cycles", "break_cycles", "clear_and_catch_warnings", "decorate_methods", "jiffies",
           "measure", "memusage", "print_assert_equal", "raises", "run_module_suite", "rundocs", "runstring", "tempdir", "temppath"]

HAS_LAPACK64 = IS_PYPY = IS_PYSTON = IS_WASM = False
HAS_REFCOUNT = True

verbose = 0


def assert_(val, msg=""):
    if not val:
        raise AssertionError(msg() if callable(msg) else msg)


def build_err_msg(arrays, err_msg, header="Items are not equal:", verbose=True, names=("ACTUAL", "DESIRED"), precision=8):
    msg = ["\n" + header]
    if err_msg:
        if err_msg.find("\n") == -1 and len(err_msg) < 79 - len(header):
            msg = [msg[0] + " " + err_msg]
        else:
            msg.append(err_msg)
    if verbose:
        for n, a in enumerate(arrays):
            if isinstance(a, np.ndarray):
                with np.printoptions(precision=precision):
                    text = repr(a)
            else:
                text = repr(a)
            if text.count("\n") > 3:
                text = "\n".join(text.splitlines()[:3]) + "..."
            msg.append(" %s: %s" % (names[n], text))
    return "\n".join(msg)


def _where_both(x, y, function, value, header, err_msg, verbose, precision):
    in_x, in_y = function(x), function(y)
    if bool(np.asarray(in_x == in_y).all()):
        one = in_x if np.ndim(in_x) == 0 else in_y
        return np.bool_(one) if np.ndim(one) == 0 else one
    raise AssertionError(build_err_msg([x, y], err_msg + "\nx and y %s location mismatch:" % value, verbose=verbose, header=header,
                                       names=("x", "y"), precision=precision))


def assert_array_compare(comparison, x, y, err_msg="", verbose=True, header="", precision=6, equal_nan=True, equal_inf=True, *,
                         strict=False):
    x, y = np.asanyarray(x), np.asanyarray(y)
    ox, oy = x, y

    def is_number(a):
        return a.dtype.kind in "biufc"

    cond = (x.shape == () or y.shape == ()) or x.shape == y.shape
    if strict:
        cond = x.shape == y.shape and x.dtype == y.dtype
    if not cond:
        reason = "\n(shapes %s, %s mismatch)" % (x.shape,
                                                 y.shape) if x.shape != y.shape else "\n(dtypes %s, %s mismatch)" % (x.dtype,
                                                         y.dtype)
        raise AssertionError(build_err_msg([x, y], err_msg + reason, verbose=verbose, header=header, names=("x", "y"),
                                           precision=precision))
    flagged = np.bool_(False)
    if equal_nan and is_number(x) and is_number(y):
        flagged = _where_both(x, y, np.isnan, "nan", header, err_msg, verbose, precision)
    if equal_inf and is_number(x) and is_number(y):
        flagged = flagged | _where_both(x, y, lambda a: a == +np.inf, "+inf", header, err_msg, verbose, precision)
        flagged = flagged | _where_both(x, y, lambda a: a == -np.inf, "-inf", header, err_msg, verbose, precision)
    if np.ndim(flagged) > 0:
        x, y = x[~flagged], y[~flagged]
        if x.size == 0:
            return
    elif flagged:
        return
    val = comparison(x, y)
    if isinstance(val, bool):
        reduced, cond = np.array([val]), val
    else:
        reduced = np.ravel(val)
        cond = reduced.all()
    if cond is not True and not bool(cond):
        n_mismatch = reduced.size - int(reduced.sum(dtype=np.intp))
        n_elements = flagged.size if np.ndim(flagged) != 0 else reduced.size
        remarks = ["Mismatched elements: {} / {} ({:.3g}%)".format(n_mismatch, n_elements, 100 * n_mismatch / n_elements)]
        with np.errstate(all="ignore"), contextlib.suppress(TypeError):
            error = abs(x - y)
            if np.issubdtype(x.dtype, np.unsignedinteger):
                error2 = abs(y - x)
                np.minimum(error, error2, out=error)
            max_abs = np.max(error)
            remarks.append("Max absolute difference: " + _text(max_abs))
            nonzero = np.asarray(y != 0)
            if np.all(~nonzero):
                max_rel = np.array(np.inf)
            else:
                nonzero = nonzero if nonzero.shape == np.shape(error) else np.broadcast_to(nonzero, np.shape(error))
                yy = y if np.shape(y) == np.shape(error) else np.broadcast_to(y, np.shape(error))
                max_rel = np.max(np.asarray(error)[nonzero] / abs(np.asarray(yy)[nonzero])) if np.ndim(error) else error / abs(y)
            remarks.append("Max relative difference: " + _text(max_rel))
        err_msg = str(err_msg) + "\n" + "\n".join(remarks)
        raise AssertionError(build_err_msg([ox, oy], err_msg, verbose=verbose, header=header, names=("x", "y"),
                                           precision=precision))


def _text(number):
    return np.array2string(np.asanyarray(number))


def assert_array_equal(x, y, err_msg="", verbose=True, *, strict=False):
    assert_array_compare(lambda a, b: a == b, x, y, err_msg=err_msg, verbose=verbose, header="Arrays are not equal", strict=strict)


def assert_array_almost_equal(x, y, decimal=6, err_msg="", verbose=True):
    def compare(x, y):
        z = abs(x - np.asanyarray(y, dtype=np.result_type(y, 1.0)))
        if not np.issubdtype(z.dtype, np.number):
            z = z.astype(np.float64)
        return z < 1.5 * 10.0 ** (-decimal)
    assert_array_compare(compare, x, y, err_msg=err_msg, verbose=verbose, precision=decimal,
                         header="Arrays are not almost equal to %d decimals" % decimal)


def assert_array_less(x, y, err_msg="", verbose=True):
    assert_array_compare(lambda a, b: a < b, x, y, err_msg=err_msg, verbose=verbose, header="Arrays are not less-ordered",
                         equal_inf=False)


def assert_allclose(actual, desired, rtol=1e-07, atol=0, equal_nan=True, err_msg="", verbose=True):
    def compare(x, y):
        return np.isclose(x, y, rtol=rtol, atol=atol, equal_nan=equal_nan)
    actual, desired = np.asanyarray(actual), np.asanyarray(desired)
    header = "Not equal to tolerance rtol=%g, atol=%g" % (rtol, atol)
    assert_array_compare(compare, actual, desired, err_msg=str(err_msg), verbose=verbose, header=header, equal_nan=equal_nan)


def assert_equal(actual, desired, err_msg="", verbose=True):
    if isinstance(desired, dict):
        if not isinstance(actual, dict):
            raise AssertionError(repr(type(actual)))
        assert_equal(len(actual), len(desired), err_msg, verbose)
        for k in desired:
            if k not in actual:
                raise AssertionError(repr(k))
            assert_equal(actual[k], desired[k], "key=%r\n%s" % (k, err_msg), verbose)
        return
    if isinstance(desired, (list, tuple)) and isinstance(actual, (list, tuple)):
        assert_equal(len(actual), len(desired), err_msg, verbose)
        for k in range(len(desired)):
            assert_equal(actual[k], desired[k], "item=%r\n%s" % (k, err_msg), verbose)
        return
    if isinstance(actual, np.ndarray) or isinstance(desired, np.ndarray):
        return assert_array_equal(actual, desired, err_msg, verbose)
    msg = build_err_msg([actual, desired], err_msg, verbose=verbose)
    try:
        if np.isscalar(desired) != np.isscalar(actual):
            raise AssertionError(msg)
        if actual != actual and desired != desired:
            return
        if desired == 0 and actual == 0 and np.signbit(desired) != np.signbit(actual):
            raise AssertionError(msg)
    except (TypeError, ValueError, NotImplementedError):
        pass
    if not (desired == actual):
        raise AssertionError(msg)


def assert_almost_equal(actual, desired, decimal=7, err_msg="", verbose=True):
    if isinstance(actual, (np.ndarray, tuple, list)) or isinstance(desired, (np.ndarray, tuple, list)):
        return assert_array_almost_equal(actual, desired, decimal, err_msg)
    header = "Arrays are not almost equal to %d decimals" % decimal
    msg = build_err_msg([actual, desired], err_msg, verbose=verbose, header=header)
    if not (np.isfinite(desired) and np.isfinite(actual)):
        if np.isnan(desired) or np.isnan(actual):
            if not (np.isnan(desired) and np.isnan(actual)):
                raise AssertionError(msg)
        elif not desired == actual:
            raise AssertionError(msg)
        return
    if abs(desired - actual) >= np.float64(1.5 * 10.0 ** (-decimal)):
        raise AssertionError(msg)


def assert_approx_equal(actual, desired, significant=7, err_msg="", verbose=True):
    if desired == actual:
        return
    message = build_err_msg([actual, desired], err_msg, header="Items are not equal to %d significant digits:" % significant,
                            verbose=verbose)
    if not (np.isfinite(desired) and np.isfinite(actual)):
        if not (np.isnan(desired) and np.isnan(actual)):
            raise AssertionError(message)
        return
    with np.errstate(invalid="ignore"):
        scale = 0.5 * (np.abs(desired) + np.abs(actual))
        scale = np.power(10, np.floor(np.log10(scale)))
    a, b = (0.0, 0.0) if scale == 0 else (desired / scale, actual / scale)
    if np.abs(a - b) >= np.power(10., -(significant - 1)):
        raise AssertionError(message)


def assert_string_equal(actual, desired):
    for text in (actual, desired):
        if not isinstance(text, str):
            raise AssertionError(repr(type(text)))
    if actual != desired:
        import difflib
        told = difflib.Differ().compare(actual.splitlines(True), desired.splitlines(True))
        raise AssertionError("Differences in strings:\n" + "".join(line for line in told if not line.startswith("  ")).rstrip())


def assert_array_max_ulp(a, b, maxulp=1, dtype=None):
    a, b = np.asarray(a, dtype=dtype), np.asarray(b, dtype=dtype)
    distance = nulp_diff(a, b) if a.size else np.zeros(1)
    if not np.all(distance <= maxulp):
        raise AssertionError("Arrays are not almost equal up to %g ULP (max difference is %g ULP)" % (maxulp, np.max(distance)))
    return distance


def nulp_diff(x, y, dtype=None):
    """How many numbers lie between the elements."""
    x, y = np.asarray(x, dtype=dtype), np.asarray(y, dtype=dtype)
    kind = np.common_type(x, y)
    if np.dtype(kind).kind == "c":
        raise NotImplementedError("_nulp not implemented for complex array")
    return np.abs(np.asarray(_ordered(x.astype(kind)) - _ordered(y.astype(kind)), dtype=kind))


def _ordered(a):
    """The floats' places in their order, in integers of the same size, which wrap around."""
    kind = {2: np.int16, 4: np.int32, 8: np.int64}[a.dtype.itemsize]
    whole = np.array(a).view(kind)
    return np.where(whole < 0, np.asarray(np.iinfo(kind).min, kind) - whole, whole)


def assert_array_almost_equal_nulp(x, y, nulp=1):
    x, y = np.asarray(x), np.asarray(y)
    ref = nulp * np.spacing(np.where(np.abs(x) > np.abs(y), np.abs(x), np.abs(y)))
    if not np.all(np.abs(x - y) <= ref):
        if np.iscomplexobj(x) or np.iscomplexobj(y):
            raise AssertionError("X and Y are not equal to %d ULP" % nulp)
        raise AssertionError("X and Y are not equal to %d ULP (max is %g)" % (nulp, np.max(nulp_diff(x, y))))


def assert_raises(exception_class, *args, **kwargs):
    import unittest
    return unittest.TestCase().assertRaises(exception_class, *args, **kwargs)


def assert_raises_regex(exception_class, expected_regexp, *args, **kwargs):
    import unittest
    return unittest.TestCase().assertRaisesRegex(exception_class, expected_regexp, *args, **kwargs)


@contextlib.contextmanager
def _warns(warning_class, name=None):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield
        if not any(issubclass(w.category, warning_class) for w in caught):
            raise AssertionError("No warning raised" + (" when calling " + name if name else ""))


def assert_warns(warning_class, *args, **kwargs):
    if not args:
        return _warns(warning_class)
    with _warns(warning_class, args[0].__name__):
        return args[0](*args[1:], **kwargs)


@contextlib.contextmanager
def _no_warnings(name=None):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield
        if caught:
            raise AssertionError("Got warnings%s: %s" % (" when calling " + name if name else "", caught))


def assert_no_warnings(*args, **kwargs):
    if not args:
        return _no_warnings()
    with _no_warnings(args[0].__name__):
        return args[0](*args[1:], **kwargs)


class suppress_warnings(warnings.catch_warnings):
    """Warnings of the kinds named are not shown."""

    def filter(self, category=Warning, message="", module=None):
        warnings.filterwarnings("ignore", message, category)

    def record(self, category=Warning, message="", module=None):
        return []


class clear_and_catch_warnings(warnings.catch_warnings):
    """catch_warnings that also forgets which warnings of some modules were shown."""
    class_modules = ()

    def __init__(self, record=False, modules=()):
        self.modules = set(modules).union(self.class_modules)
        self._kept = {}
        super().__init__(record=record)

    def __enter__(self):
        for module in self.modules:
            if hasattr(module, "__warningregistry__"):
                self._kept[module] = module.__warningregistry__.copy()
                module.__warningregistry__.clear()
        return super().__enter__()

    def __exit__(self, *exc_info):
        super().__exit__(*exc_info)
        for module in self.modules:
            if hasattr(module, "__warningregistry__"):
                module.__warningregistry__.clear()
            if module in self._kept:
                module.__warningregistry__.update(self._kept[module])


# ---- around tests ----

class IgnoreException(Exception):
    "Ignoring this exception due to disabled feature"


class KnownFailureException(Exception):
    """Raise this exception to mark a test as a known failing test."""


def print_assert_equal(test_string, actual, desired):
    import pprint
    from io import StringIO
    if not (actual == desired):
        msg = StringIO()
        msg.write(test_string)
        msg.write(" failed\nACTUAL: \n")
        pprint.pprint(actual, msg)
        msg.write("DESIRED: \n")
        pprint.pprint(desired, msg)
        raise AssertionError(msg.getvalue())


def raises(*exceptions):
    raise ImportError("Need nose >= 1.0.0 for tests - see https://nose.readthedocs.io")


def decorate_methods(cls, decorator, testmatch=None):
    import re
    matches = re.compile(testmatch or r"(?:^|[\\b_\\.-])[Tt]est").search
    for name, function in [item for item in cls.__dict__.items() if callable(item[1])]:
        if matches(name) and not name.startswith("_"):
            setattr(cls, name, decorator(function))


def runstring(astr, dict):
    exec(astr, dict)


def rundocs(filename=None, raise_on_error=True):
    """The examples in a file's docstrings."""
    import doctest
    import importlib.util
    import os
    import sys
    if filename is None:
        filename = sys._getframe(1).f_globals["__file__"]
    name = os.path.splitext(os.path.basename(filename))[0]
    spec = importlib.util.spec_from_file_location(name, filename)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    runner, messages = doctest.DocTestRunner(verbose=False), []
    for test in doctest.DocTestFinder().find(module):
        runner.run(test, out=messages.append)
    if runner.failures > 0 and raise_on_error:
        raise AssertionError("Some doctests failed:\n%s" % "\n".join(messages))


def run_module_suite(file_to_run=None, argv=None):
    raise NotImplementedError("numpy.testing.run_module_suite: pytest is not there")


def measure(code_str, times=1, label=None):
    import sys
    frame = sys._getframe(1)
    code = compile(code_str, "Test name: %s " % label, "exec")
    start = jiffies()
    for _ in range(times):
        exec(code, frame.f_globals, frame.f_locals)
    return 0.01 * (jiffies() - start)


def jiffies():
    """Hundredths of a second that the program has run."""
    import time
    return int(100 * time.process_time())


def memusage():
    raise NotImplementedError("numpy.testing.memusage: the program's memory is the simulator's")


@contextlib.contextmanager
def tempdir(*args, **kwargs):
    import shutil
    import tempfile
    folder = tempfile.mkdtemp(*args, **kwargs)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@contextlib.contextmanager
def temppath(*args, **kwargs):
    import os
    import tempfile
    handle, path = tempfile.mkstemp(*args, **kwargs)
    os.close(handle)
    try:
        yield path
    finally:
        os.remove(path)


def break_cycles():
    import gc
    gc.collect()


@contextlib.contextmanager
def _no_gc_cycles(name=None):
    import gc
    gc.collect()
    yield
    found = gc.collect()
    if found:
        raise AssertionError("Reference cycles were found%s: %d objects were collected" % (" when calling " + name if name else "",
                                                                                           found))


def assert_no_gc_cycles(*args, **kwargs):
    if not args:
        return _no_gc_cycles()
    with _no_gc_cycles(args[0].__name__):
        args[0](*args[1:], **kwargs)
