"""How results of np.where lie in memory, masks that do not fit, headers of files that are wrong, words of methods."""
import io
import warnings

import numpy as np


def told(text):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            result = eval(text)
            shown = repr(result) + (" %s" % (result.strides,) if isinstance(result, np.ndarray) else "")
        except Exception as error:
            shown = "%s: %s" % (type(error).__name__, error)
    print(text, "|", shown, "|", [str(w.message) for w in caught])


def saved(array, **options):
    stream = io.BytesIO()
    np.save(stream, array, **options)
    return stream.getvalue()


def loaded(data, **options):
    return np.load(io.BytesIO(data), **options)


def at(function, array, *rest):
    array = np.array(array)
    function.at(array, *rest)
    return array


a = np.arange(6.).reshape(2, 3)
columns = np.asfortranarray(a)
cube = np.arange(24.).reshape(2, 3, 4).transpose(1, 2, 0)
bad = np.array([[1, np.nan], [2, 3.]])
data = saved(a)
for line in """np.where(columns > 2, columns, 0)
np.where(a > 2, columns, 0)
np.where(columns > 2, a, 0)
np.where(columns > 2, 1, np.float32(0))
np.where(True, columns, columns)
np.where(cube > 5, cube, 0)
np.where(cube[:, :1] > 5, cube, [7, 8])
np.where([True, False, True], columns, a)
np.where(columns > 2, columns.astype(object), None)
np.add.reduce(a, where=[True, False])
np.add.reduce(a, where=[True, False, True])
np.add.reduce(a, axis=1, where=[[True], [False]])
np.add.accumulate(a, axis=(0,))
np.add.accumulate(a, axis=(0, 1))
np.exp.outer([1], [2])
np.add.outer(1, 2, 3)
np.spacing(np.float16([-65504, 65504, -1, -2, 0]))
np.nextafter(np.float16(-65504), np.float16(-np.inf))
np.linalg.det(bad), np.linalg.slogdet(bad)
np.linalg.det([[np.inf, 1], [1, 2]])
np.linalg.cond([])
np.linalg.multi_dot([a, a.T, a], out=np.zeros((2, 3)))
np.linalg.multi_dot([a, a.T, a], out=np.zeros((2, 2)))
np.linalg.multi_dot([a, a.T], out=np.zeros((2, 2), 'f4'))
np.linalg.tensorsolve(np.ones((2, 3)), np.ones(2), axes=(5,))
np.einsum('ij->i', a, dtype='i4')
np.einsum('ij->i', a, dtype='f4', casting='same_kind')
np.einsum(a, [0, 52])
np.einsum(a, [0, 'a'])
np.einsum(a, 3)
np.einsum('ij', a, order='Q')
np.einsum('ij->ji', a, out=np.zeros((2, 3)))
np.einsum('ij->ji', a, out=np.zeros((3, 2), 'i4'))
np.einsum('ij->ji', a, out=[1])
np.einsum('ij->ji', a, foo=3)
np.object_(3), np.object_(None), np.object_()
np.object_([1, 2])
np.cov([2**70, 1])
np.searchsorted([], None)
a[0].searchsorted(3, sorter=[5, 6, 7])
np.logical_or(np.int8([1]), np.uint8([0]), casting='no')
a.put([1])
a.put([1], [1], foo=1)
a.take()
a.take([1.5])
a.take([1], mode=7)
a.repeat()
a.round(foo=1)
a.round(1, 2)
a.cumsum(foo=1)
a.diagonal(1, 2, 3, 4)
a.sort(foo=1)
a.sort(1, 2, 3, 4)
a.partition()
a.partition(1.5)
a.partition(1, kind='foo')
a.tofile()
a.compress()
saved(np.array([None]), allow_pickle=False)
loaded(b'')
loaded(data[:20])
loaded(data[:140])
loaded(data[:6] + b'\\x09\\x00' + data[8:])
loaded(data.replace(b'shape', b'shapo'))
loaded(data.replace(b"'<f8'", b"'<q8'"))
loaded(data.replace(b'False', b'3    '))
loaded(data.replace(b'(2, 3)', b'[2, 3]'))
loaded(data, encoding='foo')
loaded(data, max_header_size=10)
np.testing.assert_approx_equal(np.nan, 1.1)
np.testing.assert_string_equal('a\\nbc', 'a\\nbd')
np.testing.assert_string_equal(1, 'a')
np.testing.assert_warns(UserWarning, int, '1')
np.linalg.lstsq(a, a[:, 0], rcond=10**30)
np.linalg.lstsq(a, [1, 2], rcond=2)[2]
a.sum(foo=1)
a.max(foo=1)
a.std(ddof=1, foo=1)
at(np.add, a, [0, 0], [[1], [2]])""".split("\n"):
    told(line)
