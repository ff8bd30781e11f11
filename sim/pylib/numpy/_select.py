"""Elements chosen: by position, by condition, by choice; and functions applied along axes."""
import functools
import operator

import numpy as np
from numpy._shape import cast_safely, normalize_axis


def take(a, indices, axis=None, out=None, mode="raise"):
    a = np.asarray(a)
    if axis is None:
        a, axis = a.ravel(), 0
    mode = _clip_mode(mode)
    if out is not None and not isinstance(out, np.ndarray):
        raise TypeError("output must be an array")
    if not isinstance(indices, (np.ndarray, np.generic)):
        indices = np.array(indices, dtype=np.intp)
    indices = np.asarray(indices)
    if indices.size and indices.dtype.kind not in "iub":
        raise TypeError("Cannot cast array data from %r to dtype('int64') according to the rule 'safe'" % indices.dtype)
    axis = normalize_axis(axis, a.ndim)
    if out is not None and out.shape != a.shape[:axis] + indices.shape + a.shape[axis + 1:]:
        raise ValueError("output array does not match result of ndarray.take")
    result = np._take(a, indices, axis, {"raise": 0, "wrap": 1, "clip": 2}[mode])
    if out is not None:
        out[...] = result
        return out
    return result


def put(a, ind, v, mode="raise"):
    if not hasattr(a, "put"):
        raise TypeError("argument 1 must be numpy.ndarray, not {name}".format(name=type(a).__name__))
    return a.put(ind, v, mode=mode)


def _put_into(a, indices, values, mode="raise"):
    mode = _clip_mode(mode)
    indices, values = np.array(indices, dtype=np.intp).ravel(), np.array(values, dtype=a.dtype).ravel()
    if not values.size:
        return
    if indices.size and not a.size:
        raise IndexError("cannot replace elements of an empty array")
    if mode == "wrap":
        indices = indices % a.size
    elif mode == "clip":
        indices = np.clip(indices, 0, a.size - 1)
    for position in indices:
        if not -a.size <= position < a.size:
            raise IndexError("index %d is out of bounds for axis 0 with size %d" % (position, a.size))
    if indices.size:
        a[np.unravel_index(indices % a.size, a.shape)] = np.resize(values, indices.size)


def _clip_mode(mode):
    if mode is None:
        return "raise"
    if isinstance(mode, str):
        if mode not in ("clip", "raise", "wrap"):
            raise ValueError("clipmode must be one of 'clip', 'raise', or 'wrap' (got %r)" % (mode,))
        return mode
    mode = operator.index(mode)
    if not 0 <= mode < 3:
        raise ValueError("integer clipmode must be np.RAISE, np.WRAP, or np.CLIP")
    return ("clip", "wrap", "raise")[mode]


def _along(arr, indices, axis):
    if indices.dtype.kind not in "iu":
        raise IndexError("`indices` must be an integer array")
    if arr.ndim != indices.ndim:
        raise ValueError("`indices` and `arr` must have the same number of dimensions")
    return tuple(indices if n == axis else np.arange(length).reshape((1,) * n + (-1,) + (1,) * (arr.ndim - n - 1))
                 for n, length in enumerate(arr.shape))


def take_along_axis(arr, indices, axis):
    arr, indices = np.asarray(arr), np.asarray(indices)
    if axis is None:
        arr, axis = arr.ravel(), 0
    return arr[_along(arr, indices, normalize_axis(axis, arr.ndim))]


def put_along_axis(arr, indices, values, axis):
    indices = np.asarray(indices)
    if axis is None:
        flat = arr.ravel()
        flat[_along(flat, indices, 0)] = values
        arr[...] = flat.reshape(arr.shape)
        return
    arr[_along(arr, indices, normalize_axis(axis, arr.ndim))] = values


def choose(a, choices, out=None, mode="raise"):
    a = np.asarray(a)
    choices = [np.asarray(c) for c in choices]
    if mode == "wrap":
        a = a % len(choices)
    elif mode == "clip":
        a = np.clip(a, 0, len(choices) - 1)
    elif a.size and (a.min() < 0 or a.max() >= len(choices)):
        raise ValueError("invalid entry in choice array")
    arrays = np.broadcast_arrays(a, *choices)
    kind = np.result_type(*[c.dtype for c in choices])
    result = np.empty(arrays[0].shape, kind)
    for n, choice in enumerate(arrays[1:]):
        np.copyto(result, choice, where=arrays[0] == n)
    if out is not None:
        out[...] = result
        return out
    return result if result.ndim else result[()]


def compress(condition, a, axis=None, out=None):
    a, condition = np.asarray(a), np.asarray(condition)
    if condition.ndim != 1:
        raise ValueError("condition must be a 1-d array")
    if a.ndim == 0:
        a = a.reshape(1)
    if axis is None:
        a, axis = a.ravel(), 0
    result = np.take(a, np.flatnonzero(condition), axis)
    if out is not None:
        out[...] = result
        return out
    return result


def _compress_by(a, condition, axis=None, out=None):
    return compress(condition, a, axis, out)


def extract(condition, arr):
    return np.take(np.ravel(arr), np.flatnonzero(condition))


def place(arr, mask, vals):
    if not isinstance(arr, np.ndarray):
        raise TypeError("argument 1 must be numpy.ndarray, not {name}".format(name=type(arr).__name__))
    mask = np.asarray(mask, dtype=bool)
    count = int(mask.sum())
    vals = cast_safely(vals, arr.dtype).ravel()
    if count and not vals.size:
        raise ValueError("Cannot insert from an empty array!")
    if count:
        arr[mask.reshape(arr.shape)] = np.resize(vals, count)


def putmask(a, mask, values):
    mask = np.asarray(mask, dtype=bool)
    if mask.size != a.size:
        raise ValueError("putmask: mask and data must be the same size")
    values = cast_safely(values, a.dtype)
    if values.size:
        mask = mask.reshape(a.shape)
        a[mask] = np.resize(values, a.size)[mask.ravel()]


def flatnonzero(a):
    return np.nonzero(np.ravel(a))[0]


def argwhere(a):
    if np.ndim(a) == 0:
        return argwhere(np.atleast_1d(a))[:, :0]
    return np.transpose(np.nonzero(a))


def select(condlist, choicelist, default=0):
    if len(condlist) != len(choicelist):
        raise ValueError("list of cases must be same length as list of conditions")
    if len(condlist) == 0:
        raise ValueError("select with an empty condition list is not possible")
    choices = [np.asarray(c) for c in choicelist]
    kind = np.result_type(*choices, np.asarray(default))
    for n, cond in enumerate(condlist):
        if np.asarray(cond).dtype != bool:
            raise TypeError("invalid entry {} in condlist: should be boolean ndarray".format(n))
    arrays = np.broadcast_arrays(*[np.asarray(c) for c in condlist], *choices)
    conds, choices = arrays[:len(condlist)], arrays[len(condlist):]
    result = np.full(conds[0].shape, default, kind)
    for cond, choice in zip(conds[::-1], choices[::-1]):
        np.copyto(result, choice, where=cond, casting="unsafe")
    return result if result.ndim else result[()]


def piecewise(x, condlist, funclist, *args, **kw):
    x = np.asanyarray(x)
    count = len(funclist)
    if np.isscalar(condlist) or (not isinstance(condlist[0], (list, np.ndarray)) and x.ndim != 0):
        condlist = [condlist]
    condlist = np.asarray(condlist, dtype=bool)
    if len(condlist) == count - 1:
        condlist = np.concatenate([condlist, ~np.any(condlist, axis=0, keepdims=True)], axis=0)
    elif len(condlist) != count:
        raise ValueError("with {} condition(s), either {} or {} functions are expected".format(len(condlist), len(condlist),
                len(condlist) + 1))
    y = np.zeros_like(x)
    for cond, function in zip(condlist, funclist):
        if not callable(function):
            y[cond] = function
        else:
            chosen = x[cond]
            if chosen.size > 0:
                y[cond] = function(chosen, *args, **kw)
    return y


# ---- functions along axes ----

def apply_along_axis(func1d, axis, arr, *args, **kwargs):
    arr = np.asanyarray(arr)
    axis = normalize_axis(axis, arr.ndim)
    rows = np.moveaxis(arr, axis, -1)
    lead = rows.shape[:-1]
    indices = iter(np.ndindex(lead))
    try:
        first = next(indices)
    except StopIteration:
        raise ValueError("Cannot apply_along_axis when any iteration dimensions are 0") from None
    one = np.asanyarray(func1d(rows[first], *args, **kwargs))
    buffer = np.zeros(lead + one.shape, one.dtype)
    buffer[first] = one
    for index in indices:
        buffer[index] = np.asanyarray(func1d(rows[index], *args, **kwargs))
    order = list(range(len(lead)))
    added = list(range(len(lead), buffer.ndim))
    return buffer.transpose(order[:axis] + added + order[axis:])


def apply_over_axes(func, a, axes):
    value = np.asarray(a)
    axes = (axes,) if np.ndim(axes) == 0 else axes
    for axis in axes:
        axis = axis + value.ndim if axis < 0 else axis
        result = func(value, axis)
        value = result if result.ndim == value.ndim else np.expand_dims(result, axis)
    return value


class ndindex:
    """The indices of a shape, row by row."""

    def __init__(self, *shape):
        if len(shape) == 1 and isinstance(shape[0], tuple):
            shape = shape[0]
        if any(length < 0 for length in shape):
            raise ValueError("negative dimensions are not allowed")
        self._shape, self._next = shape, None if 0 in shape else [0] * len(shape)

    def __iter__(self):
        return self

    def __next__(self):
        if self._next is None:
            raise StopIteration
        found = tuple(self._next)
        for n in reversed(range(len(self._shape))):
            self._next[n] += 1
            if self._next[n] < self._shape[n]:
                return found
            self._next[n] = 0
        self._next = None
        return found


class ndenumerate:
    def __init__(self, arr):
        self._array = np.asarray(arr)
        self._indices = ndindex(*self._array.shape)

    def __next__(self):
        index = next(self._indices)
        return index, self._array[index]

    def __iter__(self):
        return self


class nditer:
    """Elements side by side, in row order (C), with the flags that programs in Python use."""

    def __init__(self, op, flags=None, op_flags=None, op_dtypes=None, order="K", casting="safe", op_axes=None, itershape=None,
                 buffersize=0):
        many = isinstance(op, (tuple, list))
        self._flags = list(flags or ())
        given = list(op) if many else [op]
        modes = op_flags or [["readonly"]] * len(given)
        if modes and isinstance(modes[0], str):
            modes = [modes] * len(given)
        arrays = [None if a is None else np.asarray(a) for a in given]
        shape = np.broadcast(*[a for a in arrays if a is not None]).shape
        kinds = [a.dtype for a in arrays if a is not None]
        for n, a in enumerate(arrays):
            if a is None:
                kind = (op_dtypes[n] if op_dtypes and op_dtypes[n] is not None else np.result_type(*kinds))
                arrays[n] = np.zeros(shape, kind)
        self.operands = tuple(arrays)
        self._views = [a if a.shape == shape else np.broadcast_to(a, shape) for a in arrays]
        self._writeable = [any(f in mode for f in ("readwrite", "writeonly")) for mode in modes]
        if order == "F" or (order == "K" and len(arrays) == 1 and arrays[0].flags.f_contiguous
                            and not arrays[0].flags.c_contiguous):
            self._order = [i[::-1] for i in ndindex(*shape[::-1])]
        else:
            self._order = list(ndindex(*shape))
        self.shape, self.ndim, self.nop, self.itersize = shape, len(shape), len(arrays), len(self._order)
        self.iterindex = self.index = 0
        self.finished = not self._order

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        return None

    def close(self):
        return None

    @property
    def multi_index(self):
        return self._order[self.iterindex]

    def _items(self):
        place = self._order[self.iterindex]
        items = []
        for view, write in zip(self._views, self._writeable):
            item = view[place + (Ellipsis,)]
            if not write and item.flags.writeable:
                item = item[...]
                item.setflags(write=False)
            items.append(item)
        return items

    @property
    def value(self):
        items = self._items()
        return items[0] if len(items) == 1 else tuple(items)

    def __getitem__(self, n):
        return self._items()[n]

    def __setitem__(self, n, item):
        self._views[n][self._order[self.iterindex]] = item

    def iternext(self):
        self.iterindex += 1
        self.index += 1
        self.finished = self.iterindex >= self.itersize
        return not self.finished

    def reset(self):
        self.iterindex = self.index = 0
        self.finished = not self._order

    def __iter__(self):
        if "external_loop" in self._flags:
            parts = [v.ravel() if not w else v.reshape(-1) for v, w in zip(self._views, self._writeable)]
            yield parts[0] if len(parts) == 1 else tuple(parts)
            return
        while not self.finished:
            yield self.value
            self.iternext()


class vectorize:
    """A function of numbers as one of arrays."""

    def __init__(self, pyfunc, otypes=None, doc=None, excluded=None, cache=False, signature=None):
        self.pyfunc, self.cache, self.signature, self.excluded = pyfunc, cache, signature, set(excluded or ())
        self.__name__ = getattr(pyfunc, "__name__", "vectorize")
        self.__doc__ = doc if doc is not None else pyfunc.__doc__
        if signature is not None:
            raise NotImplementedError("np.vectorize(signature=...)")
        if isinstance(otypes, str):
            self.otypes = [np.dtype(c) for c in otypes]
        else:
            self.otypes = None if otypes is None else [np.dtype(t) for t in otypes]

    def __call__(self, *args, **kwargs):
        names = [k for k in kwargs if k not in self.excluded]
        varying = [n for n in range(len(args)) if n not in self.excluded]
        if not names and len(varying) == len(args):
            return self._apply(self.pyfunc if not kwargs else functools.partial(self.pyfunc, **kwargs), args)
        fixed = list(args)

        def function(*values):
            for n, v in zip(varying, values):
                fixed[n] = v
            kwargs.update(zip(names, values[len(varying):]))
            return self.pyfunc(*fixed, **kwargs)
        return self._apply(function, [args[n] for n in varying] + [kwargs[k] for k in names])

    def _apply(self, function, args):
        arrays = [np.asarray(a) for a in args]
        if not arrays:
            raise ValueError("args can not be empty")
        shape = np.broadcast(*arrays).shape
        flat = [np.broadcast_to(a, shape).ravel() for a in arrays]
        if not flat[0].size and self.otypes is None:
            raise ValueError("cannot call `vectorize` on size 0 inputs unless `otypes` is set")
        first = None
        if self.otypes is None and not self.cache:
            first = function(*[a[0] for a in flat])
        results = [function(*values) for values in zip(*flat)]
        sample = first if first is not None else results[0] if results else None
        many = isinstance(sample, tuple) or (sample is None and self.otypes is not None and len(self.otypes) > 1)
        count = len(sample) if isinstance(sample, tuple) else len(self.otypes) if many else 1
        made = []
        for n in range(count):
            column = [r[n] for r in results] if many else results
            kind = self.otypes[n] if self.otypes is not None else np.asarray(sample[n] if many else sample).dtype
            made.append(np.array(column, dtype=object).astype(kind).reshape(shape) if kind != object else _objects(column, shape))
        return tuple(made) if many else made[0]


def _objects(items, shape):
    result = np.empty(len(items), dtype=object)
    for n, item in enumerate(items):
        result[n] = item
    return result.reshape(shape)


def frompyfunc(func, /, nin, nout, *, identity=None):
    def call(*args):
        arrays = [np.asarray(a) for a in args]
        shape = np.broadcast(*arrays).shape
        results = [func(*values) for values in zip(*[np.broadcast_to(a, shape).ravel().tolist() for a in arrays])]
        if nout == 1:
            return _objects(results, shape) if shape else results[0]
        columns = [_objects([r[n] for r in results], shape) for n in range(nout)]
        return tuple(columns) if shape else results[0]
    call.nin, call.nout = nin, nout
    return call


def iterable(y):
    try:
        iter(y)
    except TypeError:
        return False
    return True


def may_share_memory(a, b, max_work=None):
    return shares_memory(a, b)


def shares_memory(a, b, max_work=None):
    return np._memory_overlaps(np.asarray(a), np.asarray(b))
