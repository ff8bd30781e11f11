"""matrix: arrays that keep two axes, and whose * is a product of matrices."""
import ast
import sys
import warnings

import numpy as np
from numpy import ndarray

__all__ = ["matrix", "bmat", "mat", "asmatrix"]


def _rows_of_text(text):
    for character in "[]":
        text = text.replace(character, "")
    rows = [[ast.literal_eval(item) for part in row.split(",") for item in part.split()] for row in text.split(";")]
    if any(len(row) != len(rows[0]) for row in rows):
        raise ValueError("Rows not the same size.")
    return rows


def asmatrix(data, dtype=None):
    return matrix(data, dtype=dtype, copy=False)


class matrix(ndarray):
    __module__ = "numpy"
    __array_priority__ = 10.0

    def __new__(subtype, data, dtype=None, copy=True):
        warnings.warn("the matrix subclass is not the recommended way to represent matrices or deal with linear algebra "
                      "(see https://docs.scipy.org/doc/numpy/user/numpy-for-matlab-users.html). "
                      "Please adjust your code to use regular ndarray.", PendingDeprecationWarning, stacklevel=2)
        if isinstance(data, matrix):
            dtype = data.dtype if dtype is None else dtype
            return data if data.dtype == dtype and not copy else data.astype(dtype)
        if isinstance(data, ndarray):
            made = data.view(subtype)
            if dtype is not None and np.dtype(dtype) != data.dtype:
                return made.astype(dtype)
            return made.copy() if copy else made
        made = np.array(_rows_of_text(data) if isinstance(data, str) else data, dtype=dtype, copy=copy)
        if made.ndim > 2:
            raise ValueError("matrix must be 2-dimensional")
        if made.ndim < 2:
            made = made.reshape((1, made.size))
        return made.view(subtype)

    def __array_finalize__(self, obj):
        self._getitem = False
        if (isinstance(obj, matrix) and obj._getitem) or self.ndim == 2:
            return
        shape = self.shape
        if len(shape) > 2:
            shape = tuple(length for length in shape if length > 1)
            if len(shape) > 2:
                raise ValueError("shape too large to be a matrix.")
        self.shape = (1,) * (2 - len(shape)) + shape

    def __getitem__(self, index):
        self._getitem = True
        try:
            out = ndarray.__getitem__(self, index)
        finally:
            self._getitem = False
        if not isinstance(out, ndarray):
            return out
        if out.ndim == 0:
            return out[()]
        if out.ndim == 1:
            try:
                column = len(index) > 1 and np.isscalar(index[1])
            except Exception:
                column = False
            out.shape = (out.shape[0], 1) if column else (1, out.shape[0])
        return out

    # ---- products ----

    def __mul__(self, other):
        if isinstance(other, (ndarray, list, tuple)):
            return np.dot(self, asmatrix(other))
        if np.isscalar(other) or not hasattr(other, "__rmul__"):
            return np.dot(self, other)
        return NotImplemented

    def __rmul__(self, other):
        return np.dot(other, self)

    def __imul__(self, other):
        self[:] = self * other
        return self

    def __pow__(self, other):
        return np.linalg.matrix_power(self, other)

    def __ipow__(self, other):
        self[:] = self ** other
        return self

    def __rpow__(self, other):
        return NotImplemented

    # ---- reductions keep both axes ----

    def _align(self, axis):
        if axis is None:
            return self[0, 0]
        if axis == 0:
            return self
        if axis == 1:
            return self.transpose()
        raise ValueError("unsupported axis")

    def _collapse(self, axis):
        return self[0, 0] if axis is None else self

    def tolist(self):
        return self.__array__().tolist()

    def sum(self, axis=None, dtype=None, out=None):
        return ndarray.sum(self, axis, dtype, out, keepdims=True)._collapse(axis)

    def mean(self, axis=None, dtype=None, out=None):
        return ndarray.mean(self, axis, dtype, out, keepdims=True)._collapse(axis)

    def std(self, axis=None, dtype=None, out=None, ddof=0):
        return ndarray.std(self, axis, dtype, out, ddof, keepdims=True)._collapse(axis)

    def var(self, axis=None, dtype=None, out=None, ddof=0):
        return ndarray.var(self, axis, dtype, out, ddof, keepdims=True)._collapse(axis)

    def prod(self, axis=None, dtype=None, out=None):
        return ndarray.prod(self, axis, dtype, out, keepdims=True)._collapse(axis)

    def any(self, axis=None, out=None):
        return ndarray.any(self, axis, out, keepdims=True)._collapse(axis)

    def all(self, axis=None, out=None):
        return ndarray.all(self, axis, out, keepdims=True)._collapse(axis)

    def max(self, axis=None, out=None):
        return ndarray.max(self, axis, out, keepdims=True)._collapse(axis)

    def min(self, axis=None, out=None):
        return ndarray.min(self, axis, out, keepdims=True)._collapse(axis)

    def argmax(self, axis=None, out=None):
        found = ndarray.argmax(self, axis, out)
        return found._align(axis) if isinstance(found, matrix) else found

    def argmin(self, axis=None, out=None):
        found = ndarray.argmin(self, axis, out)
        return found._align(axis) if isinstance(found, matrix) else found

    def ptp(self, axis=None, out=None):
        return ndarray.ptp(self, axis, out)._align(axis)

    def squeeze(self, axis=None):
        return ndarray.squeeze(self, axis=axis)

    def flatten(self, order="C"):
        return ndarray.flatten(self, order=order)

    def ravel(self, order="C"):
        return ndarray.ravel(self, order=order)

    # ---- other forms ----

    @property
    def I(self):
        rows, columns = self.shape
        return asmatrix((np.linalg.inv if rows == columns else np.linalg.pinv)(self))

    @property
    def A(self):
        return self.__array__()

    @property
    def A1(self):
        return self.__array__().ravel()

    @property
    def T(self):
        return self.transpose()

    @property
    def H(self):
        turned = self.transpose()
        return turned.conjugate() if issubclass(self.dtype.type, np.complexfloating) else turned

    getT, getA, getA1, getH, getI = T.fget, A.fget, A1.fget, H.fget, I.fget


mat = asmatrix


def _blocks_of_text(text, names, others):
    rows = []
    for row in text.split(";"):
        blocks = []
        for part in row.split(","):
            for name in part.split():
                if name not in names and name not in others:
                    raise NameError("name %r is not defined" % name) from None
                blocks.append(names[name] if name in names else others[name])
        rows.append(np.concatenate(blocks, axis=-1))
    return np.concatenate(rows, axis=0)


def bmat(obj, ldict=None, gdict=None):
    if isinstance(obj, str):
        if gdict is None:
            frame = sys._getframe().f_back
            gdict, ldict = frame.f_globals, frame.f_locals
        return matrix(_blocks_of_text(obj, ldict, gdict))
    if isinstance(obj, (tuple, list)):
        rows = []
        for row in obj:
            if isinstance(row, ndarray):
                return matrix(np.concatenate(obj, axis=-1))
            rows.append(np.concatenate(row, axis=-1))
        return matrix(np.concatenate(rows, axis=0))
    if isinstance(obj, ndarray):
        return matrix(obj)
