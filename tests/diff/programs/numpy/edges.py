"""Refusals, warnings and results at the edges of numpy's calls: objects, texts, empty arrays, given outputs, orders of memory."""
import warnings

import numpy as np


def show(text, **names):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            result = repr(eval(text, {"np": np, "at": at, "nan": float("nan"), "inf": float("inf")}, names))
        except Exception as e:
            result, caught = "%s: %s" % (type(e).__name__, e), []
    print(text, result, sorted({str(w.message).split("\n")[0] for w in caught}))


def at(ufunc, a, *operands):
    ufunc.at(a, *operands)
    return a


def reductions():
    table = np.array([[1, 2], [3, 4]], object)
    for text in ("np.sum(a)", "np.prod(a)", "np.add.reduce(a, axis=(0, 1))", "np.sum(a, axis=None, keepdims=True)", "a.sum(0)",
                 "np.sum(a.astype(float), initial=None)", "np.sum(a.astype('f2'), initial=None)", "np.logical_and.reduce(a, None)",
                 "np.greater_equal.reduce(a, dtype='?')", "np.equal.reduce([1, 2], dtype='O')",
                 "np.logical_or.reduce(None, dtype='?')",
                 "np.greater_equal.reduce(['a'], dtype='?')", "np.max(np.zeros((0, 0)), axis=0)",
                 "np.max(np.zeros((3, 0)), axis=0)",
                 "np.add.reduce('a', dtype='f8')", "np.logaddexp.reduce(None, dtype='f8')", "np.divmod.accumulate([1])",
                 "np.add.reduceat(np.arange(9.).reshape(3, 3), [0, 1, 0])", "np.maximum.reduce(np.array([nan, 1], object))",
                 "np.add.reduceat(np.arange(4), [0, 2], out=np.zeros(2))", "np.power.reduce([2, -1], initial=3)",
                 "np.max(np.array([1, 2], 'f2'), initial=70000)", "np.sum(np.array([1, 2], 'c8'), initial=1e39j)"):
        show(text, a=table)


def outputs():
    """What is cast into an output forgets what the loop raised, and the loop is chosen by the output, too."""
    for text in ("np.floor_divide.accumulate(a, dtype='f8', out=np.zeros(3, 'f4'))", "np.floor_divide.accumulate(a, dtype='f8')",
                 "np.remainder.accumulate(a, dtype='f8', out=np.zeros(3, 'i8'))[:1]", "np.divide.accumulate(a, out=np.zeros(3))",
                 "np.floor_divide.reduceat(a, [0, 1, 0], out=np.zeros(3, 'u4'))", "np.floor_divide.reduceat(a, [0, 1, 0])",
                 "np.bitwise_and.accumulate(a, out=np.zeros(3, 'f4'))", "np.divide.accumulate(a, out=np.zeros(3, 'i8'))[:1]",
                 "np.bitwise_and.reduceat(a, [0, 1], out=np.zeros(2, 'f8'))", "np.gcd.accumulate(a, out=np.zeros(3, 'u8'))",
                 "at(np.maximum, np.ones(2, 'f2'), [0, 0], 2**40)", "at(np.maximum, np.ones(2, 'f2'), [0, 1], 2**40)",
                 "np.take(np.zeros(0), [0], out=np.zeros(2))", "np.linalg.pinv([])", "np.linalg.pinv([1])"):
        show(text, a=np.array([3, 0, 2], "i4"))


def cast_safely():
    """Arrays have to fit safely where numbers, numpy's among them, and lists of them are just converted."""
    for values in ("np.float16(100)", "np.array(np.float16(100))", "np.array([1.5])", "[1.5]", "[np.float16(2.5)]", "np.array(7)",
                   "np.complex64(2j)", "1j", "'7'", "'x'", "np.array('3')", "[]"):
        show("changed(np.place, np.zeros(3, 'u4'), [1, 0, 1], %s)" % values, changed=changed)
        show("changed(np.putmask, np.zeros(3, 'u4'), [1, 0, 1], %s)" % values, changed=changed)
        show("np.interp(%s, [0, 1, 2], [1, 0, 3])" % values)
        show("np.interp(%s, [0, 1, 2], [1, 0, 3], period=2)" % values)
        show("np.interp(1, %s, [1, 0, 3])" % values)


def changed(function, a, *given):
    function(a, *given)
    return a


def scalars():
    for kind in ("bool_", "int8", "float16", "float64", "complex64", "str_", "generic", "number"):
        show("hasattr(np.%s, '__round__')" % kind)
    for text in ("round(np.bool_(True))", "np.bool_(True).__round__()", "round(np.str_('a'))", "round(np.float64(2.5))",
                 "np.complex64(3) % np.uint32(2)", "np.complex64(3) // np.float64(2)",
                 "np.complex128(3) % np.float64(2)", "np.bool_(1) // np.complex64(3)", "round(np.int8(25), -1)",
                 "round(np.float32(2.25), 1)", "round(np.complex64(1.5))"):
        show(text)
    for text in ("divmod(np.int8(-128), np.int8(-1))", "divmod(np.float16(2), np.float16(0))", "np.float16(2) % np.float16(0)",
                 "np.int8(3) // np.bool_(False)", "np.complex64(nan) < 1", "np.complex128(nan) < np.complex128(1)",
                 "np.remainder(np.int8(-128), np.float32(1e-40))", "np.complex128(1+2j) ** 1e300", "np.array([True]) ** 2",
                 "np.int64(3).item(1)", "np.int64(3).item('a')", "np.int64(3).itemset(1)", "np.int64(3).view(None)",
                 "np.int64(3).compress([1])", "np.bool_(True).conj()", "np.int64(3).byteswap(True)", "np.int64(3).flags.writeable",
                 "np.int64(3).swapaxes(0)", "np.float64(range(1))", "np.complex128([3])", "np.float64(np.array([3]))",
                 "np.equal(['a', 'b'], ['a', 'c'])", "np.array('a') == 0", "np.int64(3) == [[1, 2], [3]]",
                 "np.can_cast((1, 2), 'i4')",
                 "np.can_cast(300, 'U5')", "np.result_type('f4', None)", "np.promote_types('f4', None)",
                 "np.array(300, 'u2').astype('u2', casting='equiv')", "np.array(7, 'u2').astype('u1', casting='equiv')",
                 "np.array(['1', '0']).astype('?')", "np.array(['x']).astype('?')", "np.where('text', 1, 2)", "np.lcm(None, None)"):
        show(text)


def arrays():
    a, c = np.arange(24).reshape(2, 3, 4), np.array([1, complex("nan+1j")], "c8")
    for text in ("at(np.less, c.copy(), [0, 1], 1.5)", "at(np.minimum, np.array([1, 2]), [0], nan)",
    "at(np.power, np.array([2]), [], -1)",
                 "np.dot(np.array([True]), inf)", "np.dot(99, np.ones(3, 'i1'), out=np.zeros(2))",
                 "np.arange(3).compress([1, 0, 1])",
                 "np.arange(10**30, 10**30 + 3)", "np.arange(3, 4, 0.0)", "np.arange(-1, 2, dtype='u1')", "a.reshape(None).shape",
                 "a.transpose(1, 0, 2).ravel('K')[:5]", "a.T[::2].flatten('K')[:5]", "np.asfortranarray(a).flags.owndata",
                 "np.add(a, 1, order='F').strides", "np.zeros((2, 0)).strides", "np.array(a.transpose(1, 0, 2), order='A').strides",
                 "np.put(a.copy(), 1.5, 1)", "np.put(a.copy(), 0, 1j)", "np.put(a.copy(), 0, 1, 'x')",
                 "np.linalg.norm(np.array(3), keepdims=True)",
                 "np.linalg.matrix_rank(None)", "np.linalg.norm([10**30])", "np.percentile(2**70, 50)",
                 "np.around(np.float64(1.25), 40)",
                 "np.array([1e300, 1], object) * 1e300", "np.greater(10**30, nan)", "np.tile([1, 2], 2**42)",
                 "np.repeat([1, 2.5], 2**42)",
                 "np.clip(np.array([True]), 0, 2, out=np.array([False]))", "np.array([[inf, 1j]]) @ np.array([[1, 2], [3, 4j]])",
                 "np.pad([1., 2], 1, 'mean', stat_length=1.5)", "np.array2string(np.array([1.5]), formatter=3)",
                 "np.array_repr(np.array([1.5]), 9, -1)", "np.full((), 'text', '?')", "np.full(2, '0', bool)", "np.full(2, 'abc', 'U2')",
                 "np.full_like([True], 'text')", "np.full_like([True], '0')", "np.full(2, '3.5', float)",
                 "np.pad(1j, 3, 'mean', stat_length=[1, 2, 3])", "np.percentile(99, 30, keepdims=True)",
                 "np.percentile(99, 30, axis=None, keepdims=True, method='higher')"):
        show(text, a=a, c=c)
    backwards = np.arange(6).reshape(2, 3)[:, ::-1]
    backwards.itemset(0, 9)
    print(backwards)


def digits():
    for x in (0.001, 0.95, 0.96, 1.04, 9.96, 0.0, -0.0, 1e22, 123456.0, np.float32(0.1), np.float16(0.1), 5e-324, np.inf, np.nan):
        for options in ("", "precision=1", "precision=3, unique=False", "precision=2, fractional=False", "min_digits=12",
        "trim='-'",
                        "trim='0', sign=True", "precision=0, trim='.'", "pad_left=4, pad_right=3", "trim='x'", "precision=-1"):
            show("np.format_float_positional(x, %s)" % options, x=x)
            if "fractional" not in options and "pad" not in options:
                show("np.format_float_scientific(x, %s)" % options, x=x)


reductions()
outputs()
cast_safely()
scalars()
arrays()
digits()
