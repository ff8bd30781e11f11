"""What a program sees of arrays: Tensor, a result; Variable, a weight. Inside this package arrays are numpy's."""
import numpy as np


def _unwrapped(other):
    return other.array if isinstance(other, Tensor) else other


def _text(array, show):
    """An array as TensorFlow shows it behind `numpy=`: on a line of its own where it needs several."""
    text = show(array) if array.ndim else show(array[()])
    return "\n" + text if "\n" in text else text


class Tensor:
    """An array that answers .numpy(); for numpy's functions it is that array."""

    def __init__(self, array):
        self.array = np.asarray(array)

    shape = property(lambda self: self.array.shape)
    dtype = property(lambda self: self.array.dtype)
    ndim = property(lambda self: self.array.ndim)

    def numpy(self):
        return self.array if self.array.ndim else self.array[()]

    def __array__(self, dtype=None):
        return self.array if dtype is None else self.array.astype(dtype)

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self.array, name)

    def __len__(self):
        return len(self.array)

    def __getitem__(self, key):
        return Tensor(self.array[key])

    def __iter__(self):
        return (Tensor(row) for row in self.array)

    def __float__(self):
        return float(self.array)

    def __int__(self):
        return int(self.array)

    def __bool__(self):
        return bool(self.array)

    def __format__(self, form):
        return format(self.array[()], form) if form and not self.array.ndim else str(self)

    def __repr__(self):
        return "<tf.Tensor: shape=%s, dtype=%s, numpy=%s>" % (self.shape, self.dtype, _text(self.array, repr))

    def __str__(self):
        return "tf.Tensor(%s, shape=%s, dtype=%s)" % (_text(self.array, str), self.shape, self.dtype)


def _operator(name):
    def operate(self, *others):
        return Tensor(getattr(self.array, name)(*map(_unwrapped, others)))
    operate.__name__ = name
    return operate


for _name in ("add", "radd", "sub", "rsub", "mul", "rmul", "truediv", "rtruediv", "floordiv", "mod", "pow", "rpow", "matmul",
              "rmatmul",
              "neg", "abs", "lt", "le", "gt", "ge", "eq", "ne"):
    setattr(Tensor, "__%s__" % _name, _operator("__%s__" % _name))
Tensor.__hash__ = object.__hash__


class Variable(Tensor):
    """A named array that changes: a weight, or a learning rate."""

    def __init__(self, name, value, trainable=True):
        self.name, self.value, self.trainable = name + ":0", value, trainable

    @property
    def array(self):
        return np.asarray(self.value)

    def assign(self, value):
        self.value = np.asarray(_unwrapped(value), dtype=self.dtype).reshape(self.shape)

    def __repr__(self):
        return "<tf.Variable '%s' shape=%s dtype=%s, numpy=%s>" % (self.name, self.shape, self.dtype, _text(self.array, repr))

    __str__ = __repr__
