"""Views with strides of one's own."""
import numpy as np
from numpy._shape import broadcast_arrays, broadcast_shapes, broadcast_to, normalize_axes

__all__ = ["as_strided", "sliding_window_view", "broadcast_to", "broadcast_arrays", "broadcast_shapes"]


def as_strided(x, shape=None, strides=None, subok=False, writeable=True):
    x = np.asarray(x)
    shape = x.shape if shape is None else (shape,) if isinstance(shape, int) else tuple(shape)
    strides = x.strides if strides is None else (strides,) if isinstance(strides, int) else tuple(strides)
    return np._strided_view(x, shape, strides, 0, writeable)


def sliding_window_view(x, window_shape, axis=None, *, subok=False, writeable=False):
    window = tuple(window_shape) if np.iterable(window_shape) else (window_shape,)
    x = np.asarray(x)
    if any(length < 0 for length in window):
        raise ValueError("`window_shape` cannot contain negative values")
    if axis is None:
        axis = tuple(range(x.ndim))
        if len(window) != len(axis):
            raise ValueError("Since axis is None, must provide window_shape for all dimensions of `x`; got %d window_shape "
                             "elements and "
                             "`x.ndim` is %d." % (len(window), x.ndim))
    else:
        axis = normalize_axes(axis, x.ndim)
        if len(window) != len(axis):
            raise ValueError("Must provide matching length window_shape and axis; got %d window_shape elements and %d axes "
                             "elements."
                             % (len(window), len(axis)))
    shape = list(x.shape)
    for n, length in zip(axis, window):
        if shape[n] < length:
            raise ValueError("window shape cannot be larger than input array shape")
        shape[n] -= length - 1
    return np._strided_view(x, tuple(shape) + window, x.strides + tuple(x.strides[n] for n in axis), 0, writeable)
