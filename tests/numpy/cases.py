"""Thousands of numpy expressions over generated arrays, one line of output each: cases.py [SEED [GROUP...]].

The same program runs under numpy and under hybridsim; tests/numpy/compare_cases.py compares the lines. A line has the expression,
then what came of it: dtype, shape and the bytes of arrays and scalars, or the exception, then the warnings. Arrays are made from a
generator of this file's own, so that nothing depends on what is tested.
"""
import re
import sys
import warnings
import zlib

import numpy as np


class Generator:
    def __init__(self, seed):
        self.state = (seed * 2654435761 + 12345) & 0xffffffffffffffff

    def next(self):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) & 0xffffffffffffffff
        return self.state >> 33

    def below(self, n):
        return self.next() % n

    def choice(self, items):
        return items[self.below(len(items))]


INTEGERS = ["i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8"]
FLOATS = ["f2", "f4", "f8"]
COMPLEX = ["c8", "c16"]
ALL = ["?"] + INTEGERS + FLOATS + COMPLEX
SPECIAL = [0.0, -0.0, 1.0, -1.0, 0.5, float("inf"), float("-inf"), float("nan"), 1e-5, 1e5]


def numbers(g, kind, count, special=False):
    items = []
    for _ in range(count):
        if kind == "?":
            items.append(bool(g.below(2)))
        elif kind[0] == "i":
            items.append(g.below(200) - 100)
        elif kind[0] == "u":
            items.append(g.below(200))
        elif special and g.below(5) == 0:
            items.append(g.choice(SPECIAL))
        elif kind[0] == "f":
            items.append((g.below(4000) - 2000) / 64 if g.below(3) else (g.below(200001) - 100000) / 977)
        else:
            items.append(complex((g.below(400) - 200) / 16, (g.below(400) - 200) / 16))
    return items


def array(g, kind, shape, special=False):
    count = 1
    for length in shape:
        count *= length
    with np.errstate(all="ignore"):
        made = np.array(numbers(g, kind, count, special), dtype=kind).reshape(shape)
    how = g.below(6)
    if how == 0 and made.ndim > 1:
        made = np.array(made.T).T
    elif how == 1 and made.ndim:
        wide = np.zeros(made.shape[:-1] + (2 * made.shape[-1],), kind)
        wide[..., ::2] = made
        made = wide[..., ::2]
    elif how == 2 and made.ndim:
        made = np.array(made[::-1])[::-1]
    return made


def shape_of(g, most=3):
    return tuple(1 + g.below(5) for _ in range(g.below(most + 1)))


# Which of two zeros is the greater one depends on how many elements numpy's loops take at a time.
EXTREMES = re.compile(r"\b(maximum|minimum|fmax|fmin|max|min|nanmax|nanmin|amax|amin|clip|unique|sort|sorted_in_place)\b")


def shown(result, zeros=False):
    """zeros: they are shown without their sign."""
    if isinstance(result, tuple):
        return "(" + ", ".join(shown(item, zeros) for item in result) + ")"
    if isinstance(result, list):
        return "[" + ", ".join(shown(item, zeros) for item in result) + "]"
    if isinstance(result, (np.ndarray, np.generic)):
        if result.dtype == object:
            return "object%s %r" % (result.shape, result.tolist())
        data = np.asarray(result)
        if data.dtype.kind in "fc":  # one NaN like another
            data = np.array(data, copy=True)
            if zeros:
                data = np.array(data + data.dtype.type(0))
            if data.dtype.kind == "c":
                data.real[np.isnan(data.real)] = np.nan
                data.imag[np.isnan(data.imag)] = np.nan
            else:
                data[np.isnan(data)] = np.nan
        kind = "a" if isinstance(result, np.ndarray) else "s"
        return "%s%s%s %s" % (kind, data.dtype.str, data.shape, data.tobytes().hex())
    return repr(result)


def run(name, expression, names, in_words=True):
    """One line. in_words=False: of what is refused, only that it is."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            result = shown(eval(expression, {"np": np}, names), bool(EXTREMES.search(expression)))
        except Exception as e:
            result = "%s: %s" % (type(e).__name__, e) if in_words else "refused"
            caught = []  # what is told before a refusal is a matter of the order of checks
    told = sorted({"%s: %s" % (w.category.__name__, str(w.message).split("\n")[0]) for w in caught})
    line = "%s | %s | %s%s" % (name, expression, result, " | " + "; ".join(told) if told else "")
    print(line.replace("\n", "\\n"))


# ---- groups ----

def describe(**arrays):
    return " ".join("%s=%s%s" % (n, a.dtype.str if hasattr(a, "dtype") else type(a).__name__, getattr(a, "shape", "")) for n,
                    a in arrays.items())


def group_binary(g):
    names = ["add", "subtract", "multiply", "divide", "floor_divide", "remainder", "fmod", "power", "maximum", "minimum",
             "fmax", "fmin", "equal",
             "not_equal", "less", "less_equal", "greater", "greater_equal", "logical_and", "logical_or", "logical_xor",
             "bitwise_and", "bitwise_or",
             "bitwise_xor", "left_shift", "right_shift", "arctan2", "hypot", "copysign", "nextafter", "gcd", "lcm", "heaviside",
             "divmod"]
    for name in names:
        for _ in range(14):
            a_kind, b_kind = g.choice(ALL), g.choice(ALL)
            shape = shape_of(g)
            a = array(g, a_kind, shape, True)
            b = array(g, b_kind, shape if g.below(2) else tuple(1 if g.below(2) else n for n in shape), True)
            if name == "power":
                b = np.abs(b) % 5 if b.dtype.kind in "iu" else b
            if name in ("left_shift", "right_shift") and b.dtype.kind in "iu":
                b = np.abs(b) % 9
            if name in ("hypot", "arctan2") and (a.dtype.char in "ef" or b.dtype.char in "ef"):
                continue
            if name in ("power", "floor_divide", "remainder", "divmod", "fmod") and (a.dtype.kind in "c" or b.dtype.kind in "c"
                    or a.dtype.char in "e" or b.dtype.char in "ef"):
                continue
            run(describe(a=a, b=b), "np.%s(a, b)" % name, {"a": a, "b": b})


def group_scalars(g):
    values = ["2", "-3", "300", "70000", "2.5", "1e300", "True", "1j", "np.int8(5)", "np.uint8(200)", "np.float32(0.1)",
              "np.float16(3)", "np.int64(7)",
              "np.uint64(9)", "np.float64(0.1)", "np.complex64(1+2j)", "np.bool_(True)", "np.array(3)", "np.array(2.5)"]
    signs = ["+", "-", "*", "/", "//", "%", "**", "<", "==", "&", ">>"]
    for kind in ALL:
        for _ in range(18):
            a = array(g, kind, (3,))
            other, sign = g.choice(values), g.choice(signs)
            if sign == "**" and (other in ("np.bool_(True)", "300", "70000", "np.uint8(200)", "1e300", "1j",
                                           "np.complex64(1+2j)") or kind in ("c8", "c16", "f2", "f4")
                                           or other.startswith("np.float16")
                                 or other.startswith("np.float32") or other.startswith("-")):
                continue
            if sign in ("//", "%") and kind in ("f2", "f4"):
                continue
            expression = "a %s %s" % (sign, other) if g.below(2) else "%s %s a" % (other, sign)
            if sign == "**" and not expression.startswith("a"):
                continue
            run(describe(a=a), expression, {"a": a})
    for _ in range(250):
        x, y, sign = g.choice(values), g.choice(values), g.choice(signs)
        if sign in ("%", "//") and ("1j" in x + y or "complex" in x + y):
            continue
        if sign == "**" and ("1j" in x + y or "complex" in x + y or "300" in y or "70000" in y or "200" in y or "1e300" in x
                             or "float16" in x + y or "float32" in x + y):
            continue
        run("", "%s %s %s" % (x, sign, y), {})


def group_unary(g):
    exact = ["negative", "positive", "absolute", "square", "sign", "conjugate", "logical_not", "invert", "isnan", "isinf",
             "isfinite", "signbit", "sqrt", "floor",
             "ceil", "trunc", "rint", "fabs", "reciprocal", "spacing", "frexp", "modf", "deg2rad", "rad2deg"]
    inexact = ["exp", "log", "sin", "cos", "tan", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh", "arcsinh", "arccosh",
               "arctanh", "exp2", "expm1", "log2", "log10", "log1p", "cbrt"]
    for name in exact:
        for kind in ALL:
            if kind in COMPLEX and name in ("sqrt", "reciprocal", "sign"):
                continue
            a = array(g, kind, shape_of(g), True)
            run(describe(a=a), "np.%s(a)" % name, {"a": a})
    for name in inexact:
        for kind in ["f8", "i8", "i4"]:
            a = array(g, kind, (4, 3), True)
            run(describe(a=a), "np.%s(a)" % name, {"a": a})


def group_reduce(g):
    names = ["sum", "prod", "max", "min", "mean", "var", "std", "any", "all", "argmax", "argmin", "cumsum", "cumprod", "ptp",
             "median", "nansum", "nanmax",
             "nanmean", "nanstd", "count_nonzero", "nanmedian", "average"]
    for name in names:
        for kind in ALL:
            for _ in range(3):
                shape = shape_of(g)
                if name in ("var", "std", "nanstd", "median", "nanmedian", "nanmean", "average",
                            "mean") and kind == "f2" or kind in COMPLEX and name in ("median", "nanmedian", "prod", "cumprod",
                                    "std", "nanstd", "var"):
                    continue
                a = array(g, kind, shape, name.startswith("nan"))
                options = []
                if shape and g.below(3):
                    axis = g.below(len(shape))
                    options.append("axis=%s" % (axis if name in ("argmax", "argmin", "cumsum", "cumprod") or g.below(2)
                                                else (axis,)))
                if name not in ("cumsum", "cumprod", "argmax", "argmin") and g.below(3) == 0:
                    options.append("keepdims=True")
                run(describe(a=a), "np.%s(%s)" % (name, ", ".join(["a"] + options)), {"a": a})
    for length in (7, 8, 9, 127, 128, 129, 300, 1000, 8193, 20000):
        for kind in FLOATS + ["c16"]:
            a = np.array(numbers(g, kind, length), dtype=kind)
            for expression in ("a.sum()", "a[::2].sum()", "a[::-1].sum()", "a.mean()", "np.add.reduce(a, dtype='f8')"
                               if kind != "c16" else "a.sum()", "a.reshape(-1, 1).sum(axis=0)"):
                run(describe(a=a), expression, {"a": a})
    for _ in range(60):
        a = array(g, g.choice(["f8", "f4", "i4", "i8"]), tuple(3 + g.below(12) for _ in range(3)))
        axes = g.choice([None, 0, 1, 2, (0, 1), (1, 2), (0, 2), (0, 1, 2), -1])
        order = g.choice(["a", "a.T", "a[::2]", "a[:, ::-1]", "a.transpose(1, 0, 2)", "a[..., ::2]"])
        run(describe(a=a), "%s.%s(axis=%r)" % (order, g.choice(["sum", "mean", "max", "prod"]), axes), {"a": a})


def group_methods(g):
    for name in ("add", "multiply", "maximum", "logical_and", "bitwise_or", "subtract"):
        for _ in range(12):
            a = array(g, g.choice(["i4", "i8", "u1", "?"] if name in ("bitwise_or",) else ["i4", "f8", "f4", "i8", "u2"]),
                      tuple(1 + g.below(5) for _ in range(1 + g.below(2))))
            n = a.shape[0]
            indices = [g.below(n) for _ in range(3)]
            expression = g.choice(["np.%s.reduce(a)", "np.%s.accumulate(a)", "np.%s.reduceat(a, indices)",
                                   "np.%s.outer(a, a[:1])", "np.%s.accumulate(a, axis=-1)",
                                   "np.%s.reduce(a, axis=-1, keepdims=True)"]) % name
            run(describe(a=a) + " %s" % indices, expression, {"a": a, "indices": indices})
    for _ in range(40):
        a, b = array(g, "f8", (4, 3)), array(g, g.choice(["f8", "i4"]), (4, 3))
        out = np.zeros((4, 3), g.choice(["f8", "f4", "i8"]))
        mask = array(g, "?", (4, 3))
        run(describe(a=a, b=b, out=out), g.choice(["np.add(a, b, out=out)", "np.multiply(a, b, out)",
                                                   "np.add(a, b, out=out, where=mask)", "np.sum(a, axis=0, where=mask)",
                                                   "np.add(a, b, dtype='f4')",
                                                    "np.add.at(out, ([0, 0, 1], [1, 1, 2]), 1) or out",
                                                    "np.true_divide(a, b, where=mask, out=out)",
                                                    "np.max(a, where=mask, initial=-1)"]),
            {"a": a, "b": b, "out": out, "mask": mask})


def group_index(g):
    keys = ["0", "-1", "1:", "::2", "::-1", "..., 0", "None", ":, None", "0, 0", "[0, 1]", "[[0, 1], [1, 0]]", "a > 0",
            "a[0] > 0", "[True, False, True, False]", "1:3, [0, 2]", "[0, 2], 1:", "[0, 1], [1, 2]",
            ":, [2, 0, 0]", "[0], ...", "..., [1]", "np.array([], dtype=int)", "5", "'a'", "1.5", "True", "np.array(1)",
            "0, None, [1, 2]", "[0, 1], None, 0", "(slice(None),) * 2", "np.nonzero(a > 1)", "-5:2", "3:1", "[[True]*3]*4",
            "[0, 9]", "0, 0, 0", "..., ...", "np.int8(1)", "False", "None, None, 1", "slice(None, None, -2), slice(2, None, -1)"]
    for shape in ((4, 3), (4,), (4, 3, 2)):
        for kind in ("f8", "i4", "c16"):
            for key in keys:
                a = array(g, kind, shape)
                run(describe(a=a), "a[%s]" % key, {"a": a})
                if kind == "f8" and key not in (":, [2, 0, 0]", "[0, 9]", "a > 0", "a[0] > 0"):
                    value = g.choice(["7", "[1]", "[1, 2, 3]", "a[:1].copy()", "2.5", "np.arange(2)", "[[1], [2]]"])
                    run(describe(a=a), "[a.__setitem__(np.s_[%s], %s), a][1]" % (key, value), {"a": a})


def group_shape(g):
    expressions = ["a.reshape(-1)", "a.reshape(2, -1)", "a.reshape((3, 4))", "a.ravel('F')", "a.flatten()", "a.T",
                   "np.transpose(a)", "np.swapaxes(a, 0, 1)", "np.moveaxis(a, 0, -1)", "np.squeeze(a[None])",
                   "np.expand_dims(a, 1)", "np.expand_dims(a, (0, 2))", "np.concatenate([a, a])",
                   "np.concatenate([a, a], axis=1)", "np.concatenate((a, a), axis=None)", "np.stack([a, a])",
                   "np.stack([a, a], axis=-1)",
                   "np.vstack([a, a])", "np.hstack([a, a])", "np.dstack([a, a])", "np.column_stack([a[:, 0], a])",
                   "np.split(a, 2)", "np.array_split(a, 3, axis=1)", "np.split(a, [1, 3])", "np.hsplit(a, 3)", "np.vsplit(a, 2)",
                   "np.pad(a, 1)", "np.pad(a, ((1, 2), (0, 1)), mode='edge')", "np.pad(a, 2, mode='reflect')",
                   "np.pad(a, 2, 'symmetric')", "np.pad(a, 2, 'wrap')", "np.pad(a, 1, constant_values=5)", "np.pad(a, 1, 'mean')",
                   "np.pad(a, 2, 'linear_ramp')", "np.flip(a)", "np.flip(a, 0)", "np.fliplr(a)", "np.flipud(a)",
                   "np.roll(a, 1)", "np.roll(a, -2, axis=0)", "np.roll(a, (1, 2), axis=(0, 1))", "np.rot90(a)",
                   "np.rot90(a, 2)", "np.rot90(a, -1)",
                   "np.broadcast_to(a, (2, 4, 3))", "np.broadcast_arrays(a, a[0])", "np.atleast_1d(a, 3)", "np.atleast_3d(a)",
                   "np.append(a, [[1, 2, 3]], axis=0)", "np.append(a, 1)", "np.insert(a, 1, 5, axis=0)",
                   "np.insert(a, [0, 2], 7, axis=1)", "np.insert(a, 2, [1, 2, 3], axis=0)", "np.delete(a, 1, axis=0)",
                   "np.delete(a, [0, 2], 1)", "np.delete(a, slice(0, 2), 0)", "np.tile(a, 2)", "np.tile(a, (2, 1, 2))",
                   "np.repeat(a, 2)",
                   "np.repeat(a, [1, 0, 2], axis=1)", "np.repeat(a, 3, axis=0)", "np.resize(a, (2, 7))", "np.diag(a)",
                   "np.diag(a[:, 0])", "np.diag(a[0], 1)", "np.diagonal(a, 1)", "np.trace(a)", "np.tril(a)", "np.triu(a, 1)",
                   "np.tri(3, 4, 1)",
                   "np.tril_indices(3)", "np.triu_indices(3, 1)", "np.block([[a, a], [a, a]])",
                   "np.ravel_multi_index(([0, 1], [1, 2]), (4, 3))", "np.unravel_index([1, 5], (4, 3))", "np.indices((2, 3))",
                   "np.meshgrid([1, 2, 3], [4, 5])",
                   "np.meshgrid([1, 2, 3], [4, 5], indexing='ij')", "np.mgrid[0:2, 0:3]", "np.ogrid[0:2, 0:3]",
                   "np.ix_([0, 1], [1, 2])", "np.r_[1:4, 0, 4]", "np.c_[[1, 2], [3, 4]]", "np.where(a > 0, a, -1)",
                   "np.where(a > 0)", "np.nonzero(a)",
                   "np.argwhere(a > 0)", "np.flatnonzero(a)", "np.take(a, [0, 1], axis=1)", "np.take(a, [[0, 5], [3, 1]])",
                   "np.take_along_axis(a, np.argsort(a, axis=1), axis=1)", "np.choose([0, 1, 0], [a[0], a[1]])",
                   "np.compress([True, False, True], a, axis=1)", "np.extract(a > 0, a)",
                   "np.select([a > 10, a > 0], [a, -a], 0)", "np.clip(a, -5, 5)", "a.clip(0)", "np.clip(a, None, 3)",
                   "np.round(a, 1)", "a.round()", "np.fix(a)", "np.sort(a)",
                   "np.sort(a, axis=0)", "np.argsort(a)", "np.argsort(a, axis=0)", "np.argsort(a, axis=None, kind='stable')",
                   "np.unique(a)", "np.unique(a, return_index=True, return_inverse=True, return_counts=True)",
                   "np.searchsorted(np.sort(a[:, 0]), a[:, 1])", "np.searchsorted([1, 2, 2, 3], 2, side='right')",
                   "np.lexsort((a[:, 0], a[:, 1]))", "np.partition(a, 1)[..., 1]", "np.isclose(a, a + 1e-9)", "np.allclose(a, a)",
                   "np.array_equal(a, a)", "np.bincount([1, 2, 2, 0])", "np.bincount([1, 2], weights=[0.5, 1.5], minlength=5)",
                   "np.digitize(a, [-5, 0, 5])", "np.histogram(a, 4)", "np.histogram(a, bins=[-50, 0, 20, 50])",
                   "np.histogram(a, 3, density=True)", "np.diff(a)", "np.diff(a, n=2, axis=0)", "np.ediff1d(a)",
                   "np.gradient(a)", "np.gradient(a[:, 0])", "np.gradient(a, 2.0, axis=0)",
                   "np.interp([0.5, 1.5, 9], [0, 1, 2], [3, 4, 6])",
                   "np.cross(a, a[::-1])", "np.convolve(a[:, 0], [1, 2, 3])", "np.convolve(a[:, 0], [1, 2, 3], 'same')",
                   "np.correlate(a[:, 0], a[:2, 1])", "np.correlate(a[:, 0], a[:2, 1], 'full')", "np.trapz(a)",
                   "np.trapz(a, axis=0)", "np.cov(a)",
                   "np.corrcoef(a)", "np.cov(a, rowvar=False)", "np.union1d(a[0], a[1])",
                   "np.intersect1d([1, 2, 3], [2, 3, 4])", "np.setdiff1d([1, 2, 3], [2])", "np.setxor1d([1, 2], [2, 3])",
                   "np.isin(a, [1, 2])", "np.in1d([1, 2], [2])",
                   "np.dot(a, a.T)", "a @ a.T", "np.matmul(a, a[0])", "np.inner(a, a)", "np.outer(a[0], a[1])", "np.vdot(a, a)",
                   "np.tensordot(a, a, axes=([0], [0]))", "np.tensordot(a, a.T, 1)", "np.kron(a[:2, :2], a[:1])",
                   "np.einsum('ij,kj->ik', a, a)", "np.einsum('ij->', a)", "np.einsum('ij->ji', a)",
                   "np.einsum('ii->i', a[:3])", "np.einsum('ij,ij->i', a, a)", "np.einsum('i,j->ij', a[0], a[1])",
                   "np.einsum('ij,jk', a, a.T)",
                   "np.percentile(a, 30)", "np.percentile(a, [25, 50, 75], axis=0)",
                   "np.quantile(a, 0.9, axis=1, keepdims=True)", "np.percentile(a, 40, method='nearest')",
                   "np.median(a, axis=0)", "np.average(a, axis=0, weights=[1, 2, 3, 4])",
                   "np.apply_along_axis(lambda r: r.sum(), 0, a)", "np.vectorize(lambda x: x * 2)(a)",
                   "list(np.ndenumerate(a))[3]", "list(np.ndindex(2, 2))", "np.array([x for x in a.flat])", "a.astype('f4')",
                   "a.astype(int)", "a.astype(bool)",
                   "a.tolist()", "a.item(2)", "a.nbytes", "a.strides", "a.flags.c_contiguous", "a.view('i8')",
                   "np.zeros_like(a)", "np.full_like(a, 3)", "np.empty_like(a).shape", "np.ptp(a, axis=0)",
                   "np.nan_to_num(a / 0)", "np.angle(a[0] + 1j)",
                   "np.sinc(a[0])", "np.apply_over_axes(np.sum, a, [0, 1])", "np.polyval([1, 2, 3], a)", "np.unwrap(a[0])",
                   "np.linspace(0, 1, 7)", "np.linspace(1, 10, 4, endpoint=False)", "np.linspace([0, 1], [2, 3], 3)",
                   "np.arange(0, 1, 0.1)", "np.arange(10, 0, -3)", "np.arange(3.0)", "np.logspace(0, 2, 3)", "np.eye(3, 4, 1)",
                   "np.identity(2)", "np.fromfunction(lambda i, j: i + j, (2, 3))", "np.fromiter(range(4), float)",
                   "np.vander([1, 2, 3])",
                   "np.hanning(5)", "np.hamming(4)", "np.packbits([1, 0, 1])", "np.unpackbits(np.array([7], dtype='u1'))",
                   "np.array(a.tolist())", "np.piecewise(a, [a < 0, a >= 0], [-1, 1])",
                   "np.bitwise_and.reduce(a.astype(int), axis=1)"]
    for kind in ("f8", "i8", "f4", "c16", "?", "u1"):
        for expression in expressions:
            if kind in ("c16", "?") and any(word in expression for word in ("histogram", "percentile", "quantile", "median",
                    "digitize", "unwrap", "clip", "cov", "corrcoef", "gradient", "sinc", "angle", "interp", "vdot", "average",
                    "polyval", "linear_ramp", "mean", "nan_to_num", "bitwise", "round", "view")):
                continue
            if kind in ("f8", "f4", "c16") and "einsum" in expression:  # numpy adds in an order of its own there
                continue
            if kind == "f4" and any(word in expression for word in ("angle", "sinc", "unwrap", "cov(", "corrcoef")):
                continue
            a = array(g, kind, (4, 3))
            run(describe(a=a), expression, {"a": a})


def show_text(*texts):
    print(" ; ".join(texts).replace("\n", "\\n"))


def group_print(g):
    for kind in ALL:
        for _ in range(14):
            a = array(g, kind, shape_of(g), True)
            if g.below(3) == 0 and kind in ("f8", "f4"):
                a = a * g.choice([1e-7, 1e9, 1e3, 1e16])
            show_text(repr(a))
            show_text(str(a))
    for n in (1001, 1200, 2500):
        show_text(repr(np.arange(n)), str(np.arange(n) / 7))
    show_text(str(np.arange(2000.).reshape(40, 50)), str(np.arange(8000).reshape(20, 20, 20)))
    for options in (dict(precision=3), dict(suppress=True), dict(threshold=5), dict(edgeitems=1, threshold=4),
                    dict(linewidth=40), dict(sign="+"), dict(floatmode="fixed"), dict(floatmode="unique"),
                    dict(floatmode="maxprec_equal", precision=4), dict(sign=" "), dict(nanstr="NA", infstr="INF")):
        with np.printoptions(**options):
            for kind in ("f8", "c16", "i4", "f4"):
                a = array(g, kind, (3, 4), True)
                with np.errstate(all="ignore"):
                    show_text(str(options), repr(a), str(a / 3))
    for text in ("np.float64(%s)", "np.float32(%s)", "np.float16(%s)", "np.complex64(%s)", "np.complex128(%s + 2j)"):
        for number in ("0", "1", "-0.1", "1e-5", "1e16", "123456789.123", "1e22", "3.4e38", "5e-324", "float('nan')",
                       "float('inf')", "0.3333333333333333"):
            with np.errstate(all="ignore"):
                print(text % number, repr(eval(text % number)), str(eval(text % number)))
    print(repr(np.array(["a", "bcd"])), np.array(["x"]), repr(np.array([1, "a", None], dtype=object)), repr(np.array([],
            dtype="f4")), repr(np.zeros((0, 3))), repr(np.array(3)), np.array(2.5), repr(np.array("abc")))
    print(np.array2string(np.arange(6) / 3, precision=2, separator=", "), np.array2string(np.arange(3),
            formatter={"int": lambda x: "<%d>" % x}))


def group_casts(g):
    for from_kind in ALL:
        for to_kind in ALL:
            a = array(g, from_kind, (5,))
            run(describe(a=a), "a.astype(%r)" % to_kind, {"a": a})
            run("", "np.can_cast(%r, %r)" % (from_kind, to_kind), {})
            run("", "np.promote_types(%r, %r)" % (from_kind, to_kind), {})
            run("", "np.can_cast(%r, %r, 'same_kind')" % (from_kind, to_kind), {})
    for text in ("[1, 2.5]", "[True, 2]", "[1, 2j]", "[[1], [2]]", "[]", "[[], []]", "3", "[1, 'a']", "['a', 'bc']",
                 "[None, 1]", "[2**63]", "[2**64]", "[-2**63]", "[1.5, None]", "range(4)", "(1, 2)", "[(1, 2), [3, 4]]",
                 "[[1, 2], [3]]",
                 "[np.float32(1), 2]", "[np.int8(1), np.uint8(2)]", "[np.array([1, 2]), [3, 4]]", "'abc'", "[[1, 2], 3]",
                 "{1: 2}", "[np.float64(1), True]"):
        run("", "np.array(%s)" % text, {})
        for kind in ("f8", "i4", "u1", "c16", "?", "O", "U3"):
            run("", "np.array(%s, dtype=%r)" % (text, kind), {})
    for text in ("'f8'", "'<i4'", "float", "int", "bool", "complex", "str", "object", "np.float32", "'int'", "'uint8'", "'U5'",
                 "'?'", "'d'", "'float16'", "None", "'x9'", "np.int_", "np.dtype('i2')", "'>i1'"):
        for attribute in ("", ".name", ".kind", ".itemsize", ".char", ".str", ".num"):
            run("", "np.dtype(%s)%s" % (text, attribute), {})


def digest(result):
    """What a long result is, in few characters; one NaN like another, zeros without their sign."""
    if isinstance(result, tuple):
        return tuple(map(digest, result))
    a = np.array(result)
    if a.dtype.kind in "fc":
        a = np.where(np.isnan(a), np.asarray(np.nan, a.dtype), a + np.zeros((), a.dtype))
    return "%s%s %08x" % (a.dtype.str, a.shape, zlib.crc32(a.tobytes()))


def long_array(g, kind, count, odd):
    """Mostly from a small pool, so that it is made quickly; `odd` places hold NaN, or the kind's extremes."""
    pool = np.array(numbers(g, kind, 97), dtype=kind)
    made = pool[np.array([g.below(97) for _ in range(211)])]
    made = np.resize(made, count)
    if kind[0] in "fc" and kind != "f2":
        made = made + np.resize(np.arange(1013).astype(kind), count) / pool.dtype.type(1024)
    for _ in range(odd):
        made[g.below(count)] = np.nan if kind[0] in "fc" else np.iinfo(kind).max if kind != "?" and g.below(2) else 0
    return made


def group_long(g):
    """Rows that are long enough for the loops that go several elements at a time."""
    for kind in ALL:
        for count in (31, 32, 255, 256, 257, 1499, 2041, 5000, 9001):
            a, b = long_array(g, kind, count, g.below(3)), long_array(g, kind, count, 0)
            mask = long_array(g, "?", count, 0)
            names = {"a": a, "b": b, "m": mask, "d": digest, "x": np.array([g.below(count) - count // 2 for _ in range(count)]),
                     "t": np.ones(count, bool), "k": g.below(count), "c": a.copy(), "i": np.arange(count)}
            where = describe(a=a)
            for text in ("np.sort(a)", "np.sort(a[::-1])", "np.argsort(a, kind='stable')", "np.unique(b)", "a.max()", "a[1:].min()",
                         "a[::2].max()", "b.argmax()", "a.argmax()", "a.argmin()", "a[::-1].argmax()", "a[3:].argmin()",
                         "a.any()", "a.all()", "b.cumsum()", "a[m]", "np.nonzero(m)", "np.nonzero(a)",
                         "np.where(m, a, b)", "np.where(m, a, 1)", "np.where(m, 0, 1)", "a[x]", "np.take(b, x, mode='wrap')",
                         "np.clip(a.real, -20, 20)", "np.clip(b, b[0], b[0])", "a.astype('f8')", "a.astype('c8')", "a != b",
                         "a.sum()", "a[::-1].sum()", "np.abs(b.real)", "a.copy()", "a[::-1].copy()", "np.isfinite(a)",
                         "np.rint(a)", "np.floor(b)", "np.ceil(a)",
                         "np.trunc(a[1:])",
                         "np.concatenate([a, b])", "a.reshape(1, -1).max(axis=1)", "np.count_nonzero(a)"):
                run(where, "d(%s)" % text, names)
            run(where, "(c.__setitem__(m, b[0]), d(c))[1]", names)
            run(where, "(c.__setitem__(i[::-1], b), d(c))[1]", names)
            run(where, "(c.__setitem__(m, b[m]), d(c))[1]", names)
            run(where, "d([np.count_nonzero(m), m.sum(), m.any(), m.all(), t.all(), t[::3].all(), (~t).any(), m.argmax()])", names)
            run(where, "(t.__setitem__(k, False), d([t.all(), t.argmin(), np.count_nonzero(t), (~t).any(), (~t)[::2].any()]))[1]",
                names)


GROUPS = {name[6:]: function for name, function in list(globals().items()) if name.startswith("group_")}

if __name__ == "__main__":
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    for number, (name, function) in enumerate(GROUPS.items()):
        if not sys.argv[2:] or name in sys.argv[2:]:
            function(Generator(seed * 100 + number))
