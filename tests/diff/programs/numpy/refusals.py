"""Calls that tests/numpy's generators found to differ: orders of checks, casts of objects and of numpy's numbers, warnings."""
import warnings

import numpy as np

NAN = float("nan")


def shown(result):
    if isinstance(result, (np.ndarray, np.generic)) and result.dtype != object:
        return "%s%s %s" % (result.dtype.str, result.shape, result.tolist())
    return repr(result)


def tell(name, call):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            result = shown(call())
        except Exception as e:
            result = "%s: %s" % (type(e).__name__, str(e).split("\n")[0])
    print(name, "|", result, "|", sorted({str(w.message).split("\n")[0] for w in caught}))


def put(a, key, item):
    a[key] = item
    return a


# Objects that are to be numbers are cast like numbers.
for text in ("np.add.reduce(None, dtype='f4')", "np.cumsum(None, dtype='f4')", "np.arcsin(None, dtype='f8', casting='unsafe')",
             "np.arcsin(None, dtype='f8')", "np.add.reduce([1, None], dtype='f4')", "np.gcd(np.array([3], object), [2], "
             "casting='unsafe', dtype='i1')", "np.gcd(np.array([3]), None, casting='equiv', dtype='i1')",
             "np.mean(None, dtype='f4')",
             "np.add.accumulate(np.array([1, 2.5], object), dtype='i4')", "np.sum(np.array([1, 2.5], object), dtype='i4')",
             "np.divmod(np.array([7], object), 2, dtype='f8', casting='unsafe')", "np.add(None, 1, dtype=object)",
             "np.absolute(None, dtype='c16', casting='unsafe')", "np.less(None, 1, dtype='f8', casting='unsafe')"):
    tell(text, lambda: eval(text))

# Numbers and arrays are joined before types are.
for text in ("np.int32(0), 'i1', True", "'i1', np.uint8(0), True", "np.int32(0), 'i1'", "'u1', -1", "'f2', (1, 2)", "3, [1, 2, 3]",
             "np.float64(0), 'f4', 1j", "np.zeros(2, 'i1'), np.int64(5), True"):
    tell("result_type " + text, lambda: np.result_type(*eval("(%s,)" % text)))

# What is looked at first when something is assigned or chosen.
for text in ("put(np.zeros(3), [9], np.zeros(2))", "put(np.zeros((3, 2)), ([9], [0]), np.zeros(3))",
             "put(np.zeros(3, 'u1'), [0, 1], np.zeros(3, 'c8'))", "put(np.zeros(3, 'u1'), [0, 1], np.zeros(2, 'c8'))",
             "put(np.zeros((3, 2), 'c8'), (0, 0), np.zeros(3))", "np.zeros((2, 0, 3))[[5]]", "np.zeros((2, 0, 3))[[5], :, [1]]",
             "np.zeros((5, 5, 2))[np.ix_([9], [])]", "put(np.zeros((3, 0)), [9], 1)", "np.zeros((1, 3))[[0, 1], 5]", "np.zeros((4, 1))[[], 5]",
             "np.zeros((2, 0, 3))[[0], :, 5]", "np.zeros((2, 0, 3))[[0], :, 2]", "put(np.zeros((2, 0, 3)), ([0], np.s_[:], 5), 1)",
            
             "np.zeros((3, 3))[[-1, 4], 1]", "np.arange(6).reshape(2, 3)[[0, -1], -2]"):
    tell(text, lambda: eval(text))
for kind in ("i1", "u1", "i8"):
    for text in ("np.float64('inf')", "np.uint64(2**63)", "np.float64(1e300)", "np.int64(300)", "np.float32(-3.7)"):
        for key in ((0, 0), 0, [0], np.eye(2, dtype=bool)):
            if kind != "u1" or "64(300)" in text:
                tell("%s %s %s" % (kind, text, np.shape(key)), lambda: put(np.zeros((2, 2), kind), key, eval(text)))

for text in ("np.linalg.norm(np.ones((2, 3)), 'nuc', axis=2)", "np.linalg.norm(np.ones((2, 3)), 'fro', axis=(5,))",
             "np.linalg.norm(np.ones(3), 'x')", "np.linalg.norm(np.ones(3), 'fro', axis='a')",
             "np.linalg.norm(np.ones((2, 3)), 1, axis=4)",
             "np.linalg.norm(np.arange(6.).reshape(2, 3), 2, axis=(1,))", "np.arange(None, 2, 2)", "np.arange(None)",
             "np.arange(3, None)",
             "np.can_cast(0.1, None)", "np.can_cast(None, 'f4')", "np.common_type(np.zeros(1), [1, 2, 3])",
             "np.roll([1, 2, 3], 1.5)",
             "np.rollaxis([1, 2, 3], 0)", "np.repeat(np.zeros(0), [-1])", "np.repeat(np.zeros(2), -1)",
             "np.pad(np.zeros(2), 3, 'mean', stat_length=-7)", "np.pad(np.arange(3), 2, 'mean', stat_length=2)",
             "np.pad(np.zeros(2, 'i2'), 1, constant_values=2**70)", "np.pad(np.zeros(2, 'f4'), 1, constant_values=2**70)",
             "np.asarray([1], order='text')", "np.zeros_like([1], order=1j)", "np.ones(2).astype('f4', order=99)",
             "np.format_float_positional(1.5, unique=False)", "np.format_float_scientific(1.5, unique=False)",
             "np.format_float_scientific(19.041666666666668, precision=2)", "np.format_float_scientific(1.996, precision=2)",
             "np.array2string(np.arange(3.) / 7, suffix=[1, 2], prefix=(1,), max_line_width=24)",
             "np.array2string(np.ones(2), prefix=3)",
             "np.random.RandomState(1).multinomial([1, 2], [0.5, 0.5])"):
    tell(text, lambda: eval(text))

# Lengths of axes that are not named; warnings of what is not a number, of what is too large.
for name in ("fftn", "rfft2", "irfftn"):
    tell(name, lambda: np.round(getattr(np.fft, name)(np.arange(6).reshape(2, 3), (None, 3)), 6) + 0)
for item in (complex(NAN, 0), complex(1, NAN), complex(0, NAN), complex(-1, NAN)):
    for kind in ("c8", "c16"):
        tell("sign %r %s" % (item, kind), lambda: np.sign(np.array([item, 1], kind)))
for initial in (70000, 1e300, float("inf"), 7):
    tell("initial %r" % initial, lambda: np.sum(np.ones(3, "f2"), initial=initial))
    tell("initial %r" % initial, lambda: np.prod(np.ones(3, "f4"), initial=initial))
for text in ("np.int8(np.float16('nan'))", "np.int64(np.float64('inf'))", "np.int8(np.uint64(2**63))", "np.int32(np.array(2-3j))",
             "np.float64(np.array(1+2j))", "[1, 2] * np.float32(2)", "np.float64(2) * 'ab'", "(1, 2) * np.int8(2)",
             "'ab' * np.bool_(True)", "range(2) * np.float64(2)", "[1, 2] + np.float64(2)", "np.full((1, 0), 2**70, 'i4')",
             "np.std(np.arange(6, dtype='u2') * 70, dtype='i1')", "np.ones((2, 3, 1)) @ np.ones((3, 1, 1))",
             "np.matmul(np.ones((4, 2, 3, 2)), np.ones((3, 2, 1)))"):
    tell(text, lambda: eval(text))
tell("complex64", lambda: np.complex64(1e300))
tell("power where", lambda: np.power([2, 3], [-1, 2], where=[False, True], out=np.zeros(2, "i8")))
tell("power", lambda: np.power([2, 3], [-1, 2], where=[True, False], out=np.zeros(2, "i8")))
