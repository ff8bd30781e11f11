"""Shapes: views and copies of arrays in other arrangements, joining, splitting, padding."""
import operator

import numpy as np


def _tuple_of(axis):
    return tuple(axis) if isinstance(axis, (tuple, list)) else (axis,)


def normalize_axis(axis, ndim, name=None):
    axis = _index(axis)
    if not -ndim <= axis < ndim:
        if name:
            raise np.AxisError(axis, ndim, name)
        raise np.AxisError(axis, ndim)
    return axis + ndim if axis < 0 else axis


def cast_safely(values, dtype, dimensions=None):
    """Arrays have to fit safely; numbers, also numpy's, and lists of them are converted as elements of a new array are."""
    if dimensions is not None and np.ndim(values) != dimensions:
        raise ValueError("object %s for desired array" % (
            "of too small depth" if np.ndim(values) < dimensions else "too deep"))
    if isinstance(values, np.ndarray) and not np.can_cast(values, dtype):
        raise TypeError("Cannot cast %s from %r to %r according to the rule 'safe'" % (
            "array data" if values.ndim else "scalar", values.dtype, np.dtype(dtype)))
    return np.asarray(values, dtype=dtype)


def _index(value):
    return operator.index(value)


def normalize_axes(axes, ndim, name=None):
    if not isinstance(axes, (tuple, list)):
        axes = (axes,)
    found = tuple(normalize_axis(axis, ndim, name) for axis in axes)
    if len(set(found)) != len(found):
        raise ValueError("repeated axis in `%s` argument" % name if name else "repeated axis")
    return found


def shape(a):
    return a.shape if hasattr(a, "shape") else np.asarray(a).shape


def ndim(a):
    return a.ndim if hasattr(a, "ndim") else np.asarray(a).ndim


def size(a, axis=None):
    a = np.asarray(a)
    return a.size if axis is None else a.shape[axis]


def copy(a, order="K", subok=False):
    return np.array(a, order=order, copy=True)


def reshape(a, newshape, order="C"):
    return np.asanyarray(a).reshape(newshape, order=order)


def ravel(a, order="C"):
    return np.asarray(a).ravel(order)


def transpose(a, axes=None):
    return (a if isinstance(a, np.generic) else np.asanyarray(a)).transpose(axes)


def swapaxes(a, axis1, axis2):
    return np.asanyarray(a).swapaxes(axis1, axis2)


def squeeze(a, axis=None):
    return (a if isinstance(a, np.generic) else np.asanyarray(a)).squeeze(axis)


def moveaxis(a, source, destination):
    a = np.asanyarray(a)
    source = normalize_axes(source if hasattr(source, "__index__") else tuple(source), a.ndim, "source")
    destination = normalize_axes(destination if hasattr(destination, "__index__") else tuple(destination), a.ndim, "destination")
    if len(source) != len(destination):
        raise ValueError("`source` and `destination` arguments must have the same number of elements")
    order = [n for n in range(a.ndim) if n not in source]
    for place, axis in sorted(zip(destination, source)):
        order.insert(place, axis)
    return a.transpose(order)


def rollaxis(a, axis, start=0):
    axis = normalize_axis(axis, a.ndim)
    if start < 0:
        start += a.ndim
    if not 0 <= start < a.ndim + 1:
        raise np.AxisError("'start' arg requires %d <= start < %d, but %d was passed in" % (-a.ndim, a.ndim + 1, start))
    if axis < start:
        start -= 1
    order = list(range(a.ndim))
    order.remove(axis)
    order.insert(start, axis)
    return a.transpose(order)


def expand_dims(a, axis):
    a = np.asarray(a)
    axes = axis if isinstance(axis, (tuple, list)) else (axis,)
    total = a.ndim + len(axes)
    axes = normalize_axes(axes, total)
    lengths = iter(a.shape)
    return a.reshape([1 if n in axes else next(lengths) for n in range(total)])


def atleast_1d(*arrays):
    made = [a.reshape(1) if a.ndim == 0 else a for a in map(np.asanyarray, arrays)]
    return made[0] if len(made) == 1 else made


def atleast_2d(*arrays):
    made = []
    for a in map(np.asanyarray, arrays):
        made.append(a.reshape(1, 1) if a.ndim == 0 else a[np.newaxis, :] if a.ndim == 1 else a)
    return made[0] if len(made) == 1 else made


def atleast_3d(*arrays):
    made = []
    for a in map(np.asanyarray, arrays):
        if a.ndim == 0:
            a = a.reshape(1, 1, 1)
        elif a.ndim == 1:
            a = a[np.newaxis, :, np.newaxis]
        elif a.ndim == 2:
            a = a[:, :, np.newaxis]
        made.append(a)
    return made[0] if len(made) == 1 else made


# ---- joining ----

def _check_sequence(arrays):
    if not hasattr(arrays, "__getitem__"):
        raise TypeError('arrays to stack must be passed as a "sequence" type such as list or tuple.')
    return arrays


def stack(arrays, axis=0, out=None, *, dtype=None, casting="same_kind"):
    arrays = [np.asarray(a) for a in _check_sequence(arrays)]
    if not arrays:
        raise ValueError("need at least one array to stack")
    if any(a.shape != arrays[0].shape for a in arrays):
        raise ValueError("all input arrays must have the same shape")
    axis = normalize_axis(axis, arrays[0].ndim + 1)
    place = (slice(None),) * axis + (np.newaxis,)
    return np.concatenate([a[place] for a in arrays], axis=axis, out=out, dtype=dtype, casting=casting)


def vstack(tup, *, dtype=None, casting="same_kind"):
    return np.concatenate([atleast_2d(a) for a in _check_sequence(tup)], 0, dtype=dtype, casting=casting)


row_stack = vstack


def hstack(tup, *, dtype=None, casting="same_kind"):
    arrays = [atleast_1d(a) for a in _check_sequence(tup)]
    return np.concatenate(arrays, 0 if arrays and arrays[0].ndim == 1 else 1, dtype=dtype, casting=casting)


def dstack(tup):
    return np.concatenate([atleast_3d(a) for a in _check_sequence(tup)], 2)


def column_stack(tup):
    arrays = []
    for a in _check_sequence(tup):
        a = np.asarray(a)
        arrays.append(np.array(a, copy=False, ndmin=2).T if a.ndim < 2 else a)
    return np.concatenate(arrays, 1)


def block(arrays):
    def depth(item):
        return 1 + max((depth(part) for part in item), default=0) if isinstance(item, list) else 0

    def join(item, level):
        if isinstance(item, list):
            if not item:
                raise ValueError("List at arrays cannot be empty")
            return np.concatenate([join(part, level - 1) for part in item], axis=-level)
        return np.array(item, ndmin=deepest)

    deepest = max(depth(arrays), _deepest_array(arrays))
    return join(arrays, depth(arrays)) if isinstance(arrays, list) else np.array(arrays)


def _deepest_array(item):
    return max(map(_deepest_array, item), default=0) if isinstance(item, list) else np.ndim(item)


def append(arr, values, axis=None):
    arr = np.asarray(arr)
    if axis is None:
        arr, values, axis = arr.ravel(), np.ravel(values), 0
    return np.concatenate((arr, values), axis=axis)


# ---- splitting ----

def array_split(ary, indices_or_sections, axis=0):
    total = ary.shape[axis] if hasattr(ary, "shape") else len(ary)
    try:
        bounds = [0] + list(indices_or_sections) + [total]
    except TypeError:
        sections = int(indices_or_sections)
        if sections <= 0:
            raise ValueError("number sections must be larger than 0.") from None
        each, extra = divmod(total, sections)
        bounds = [0]
        for length in extra * [each + 1] + (sections - extra) * [each]:
            bounds.append(bounds[-1] + length)
    turned = np.swapaxes(ary, axis, 0)
    return [np.swapaxes(turned[start:stop], axis, 0) for start, stop in zip(bounds, bounds[1:])]


def split(ary, indices_or_sections, axis=0):
    try:
        len(indices_or_sections)
    except TypeError:
        sections = indices_or_sections
        total = ary.shape[axis]
        if total % sections:
            raise ValueError("array split does not result in an equal division") from None
    return array_split(ary, indices_or_sections, axis)


def hsplit(ary, indices_or_sections):
    if np.ndim(ary) == 0:
        raise ValueError("hsplit only works on arrays of 1 or more dimensions")
    return split(ary, indices_or_sections, 1 if np.ndim(ary) > 1 else 0)


def vsplit(ary, indices_or_sections):
    if np.ndim(ary) < 2:
        raise ValueError("vsplit only works on arrays of 2 or more dimensions")
    return split(ary, indices_or_sections, 0)


def dsplit(ary, indices_or_sections):
    if np.ndim(ary) < 3:
        raise ValueError("dsplit only works on arrays of 3 or more dimensions")
    return split(ary, indices_or_sections, 2)


# ---- turning ----

def flip(m, axis=None):
    m = np.asanyarray(m)
    axes = range(m.ndim) if axis is None else normalize_axes(axis, m.ndim)
    return m[tuple(slice(None, None, -1) if n in axes else slice(None) for n in range(m.ndim))]


def fliplr(m):
    m = np.asanyarray(m)
    if m.ndim < 2:
        raise ValueError("Input must be >= 2-d.")
    return m[:, ::-1]


def flipud(m):
    m = np.asanyarray(m)
    if m.ndim < 1:
        raise ValueError("Input must be >= 1-d.")
    return m[::-1, ...]


def _distances(shift, axes, shape):
    """How far each axis is rolled, at least 0 and less than its length."""
    both = np.broadcast(shift, axes)
    if both.ndim > 1:
        raise ValueError("'shift' and 'axis' should be scalars or 1D sequences")
    if not shape:
        raise ValueError("not enough values to unpack (expected 2, got 0)")
    total = [0] * len(shape)
    for distance, n in both:
        total[n] += distance
    distances = [distance % (length or 1) or 0 for distance, length in zip(total, shape)]
    if not all(hasattr(distance, "__index__") for distance in distances):
        raise TypeError("slice indices must be integers or None or have an __index__ method")
    return distances


def roll(a, shift, axis=None):
    a = np.asarray(a)
    if axis is None and a.ndim != 1:
        return roll(a.ravel(), shift, 0).reshape(a.shape)
    axes = tuple(normalize_axis(n, a.ndim) for n in _tuple_of(0 if axis is None else axis))
    return np._rolled(a, _distances(shift, axes, a.shape))


def rot90(m, k=1, axes=(0, 1)):
    axes = tuple(axes)
    if len(axes) != 2:
        raise ValueError("len(axes) must be 2.")
    m = np.asarray(m)
    if axes[0] == axes[1] or abs(axes[0] - axes[1]) == m.ndim:
        raise ValueError("Axes must be different.")
    if any(not -m.ndim <= axis < m.ndim for axis in axes):
        raise ValueError("Axes={} out of range for array of ndim={}.".format(axes, m.ndim))
    k %= 4
    if k == 0:
        return m[:]
    if k == 2:
        return flip(flip(m, axes[0]), axes[1])
    order = list(range(m.ndim))
    order[axes[0]], order[axes[1]] = order[axes[1]], order[axes[0]]
    return np.transpose(flip(m, axes[1]), order) if k == 1 else flip(np.transpose(m, order), axes[1])


# ---- broadcasting ----

def broadcast_shapes(*args):
    shapes = [(s,) if isinstance(s, int) else tuple(s) for s in args]
    return np.broadcast(*[np.empty(s, dtype=bool) for s in shapes]).shape if shapes else ()


def broadcast_to(array, shape, subok=False):
    array = np.asarray(array)
    shape = (shape,) if hasattr(shape, "__index__") else tuple(shape)
    if not shape and array.shape:
        raise ValueError("cannot broadcast a non-scalar to a scalar array")
    if any(length < 0 for length in shape):
        raise ValueError("all elements of broadcast shape must be non-negative")
    fits = len(shape) >= array.ndim and all(own in (1, wanted) for own, wanted in zip(array.shape[::-1], shape[::-1]))
    if not fits:
        if len(shape) < array.ndim:
            raise ValueError("input operand has more dimensions than allowed by the axis remapping")
        raise ValueError("operands could not be broadcast together with remapped shapes [original->remapped]: "
                         "{} and requested shape {}".format(_shape_text(array.shape) + "  ",
                                                            _shape_text(shape)).replace("   and", "  and"))
    added = len(shape) - array.ndim
    strides = [0] * added + [0 if own == 1 else step for own, step in zip(array.shape, array.strides)]
    return np._strided_view(array, shape, tuple(strides), 0, False)


def _shape_text(shape):
    return "(" + ",".join(map(str, shape)) + (",)" if len(shape) == 1 else ")")


class broadcast:
    """The shape that several arrays have together, and an iterator over their elements side by side."""

    def __init__(self, *arrays):
        arrays = [np.asarray(a) for a in arrays]
        self.nd = self.ndim = max((a.ndim for a in arrays), default=0)
        lengths = [1] * self.ndim
        for number, a in enumerate(arrays):
            for n, own in enumerate(a.shape, self.ndim - a.ndim):
                if own != 1 and lengths[n] not in (1, own):
                    first = next(k for k, b in enumerate(arrays) if n - (self.ndim - b.ndim) >= 0
                                 and b.shape[n - (self.ndim - b.ndim)] == lengths[n])
                    raise ValueError("shape mismatch: objects cannot be broadcast to a single shape.  Mismatch is between arg %d "
                                     "with shape %s and arg %d with shape %s." % (first,
                                             _shape_text(arrays[first].shape).replace(",", ", ").replace(", )", ",)"),
                                                                                  number, _shape_text(a.shape).replace(",",
                                                                                          ", ").replace(", )", ",)")))
                if own != 1:
                    lengths[n] = own
        self.shape = tuple(lengths)
        self.size = 1
        for length in lengths:
            self.size *= length
        self.numiter = len(arrays)
        self.index = 0
        self._flat = [broadcast_to(a, self.shape).ravel() for a in arrays]

    def __iter__(self):
        return self

    def __next__(self):
        if self.index >= self.size:
            raise StopIteration
        self.index += 1
        return tuple(a[self.index - 1] for a in self._flat)

    def reset(self):
        self.index = 0


def broadcast_arrays(*args, subok=False):
    arrays = [np.asarray(a) for a in args]
    shape = broadcast(*arrays).shape
    return [a if a.shape == shape else broadcast_to(a, shape) for a in arrays]


# ---- repeating, inserting, deleting ----

def _try_tiles(A, reps):
    """Memory is asked for as numpy repeats, one axis after the other: the first refusal names that shape."""
    size = inner = A.size
    for length, times in zip(A.shape, reps):
        if times != 1 and inner:
            size *= times
            if size >= 1 << 40:
                np._unfilled((size // inner, inner), A.dtype)
        inner //= length or 1


def _times_of(reps):
    try:
        return tuple(reps)
    except TypeError:
        return (reps,)


def tile(A, reps):
    reps = _times_of(reps)
    A = np.array(A, copy=False, ndmin=len(reps))
    reps = (1,) * (A.ndim - len(reps)) + reps
    _try_tiles(A, reps)
    return np._tiled(A, reps)


def repeat(a, repeats, axis=None):
    a = np.asarray(a)
    if axis is None:
        a, axis = a.ravel(), 0
    a = a if a.ndim else a.reshape(1)
    axis = normalize_axis(axis, a.ndim)
    given, repeats = repeats, np.asarray(repeats)
    if not np.can_cast(repeats.dtype, np.int64):
        if isinstance(given, (np.ndarray, np.generic)) or repeats.dtype.kind not in "fc":
            raise TypeError("Cannot cast array data from %r to dtype('int64') according to the rule 'safe'" % repeats.dtype)
        repeats = np.array(given, dtype=int)
    repeats = repeats.astype(int)
    if repeats.size != 1 and repeats.shape != (a.shape[axis],):
        raise ValueError("operands could not be broadcast together with shape (%d,) (%d,)" % (a.shape[axis], repeats.size))
    if repeats.size == 1 and not a.shape[axis]:
        repeats = repeats * 0  # nothing, however often
    if (repeats < 0).any():
        raise ValueError("repeats may not contain negative values." if repeats.size != 1 else "negative dimensions are not allowed")
    if repeats.size == 1:
        if axis == a.ndim - 1 and a.ndim == 1:
            times = int(repeats.ravel()[0])
            result = np._unfilled((a.shape[0] * times,), a.dtype).reshape(a.shape[0], times)
            if result.shape[1] > 8:
                result[...] = a[:, np.newaxis]
            for column in result.T if result.shape[1] <= 8 else ():
                column[...] = a
            return result.ravel()
        repeats = np.full(a.shape[axis], repeats.ravel()[0] if repeats.size else 0)
    ends = np.cumsum(repeats)
    total = int(ends[-1]) if ends.size else 0
    return np.take(a, np.searchsorted(ends, np.arange(total), side="right"), axis)


def resize(a, new_shape):
    new_shape = (new_shape,) if isinstance(new_shape, int) else tuple(new_shape)
    a = np.ravel(a)
    total = 1
    for length in new_shape:
        total *= length
        if length < 0:
            raise ValueError("all elements of `new_shape` must be non-negative")
    if a.size == 0 or total == 0:
        return np.zeros_like(a, shape=new_shape)
    return np.concatenate((a,) * (-(-total // a.size)))[:total].reshape(new_shape)


def _resize_in_place(a, *new_shape, refcheck=True):
    new_shape = new_shape[0] if len(new_shape) == 1 and not isinstance(new_shape[0], int) else new_shape
    total = 1
    for length in new_shape:
        total *= length
    fresh = np.zeros(total, a.dtype)
    count = min(total, a.size)
    fresh[:count] = a.ravel()[:count]
    np._replace_array(a, fresh.reshape(new_shape))


def delete(arr, obj, axis=None):
    arr = np.asarray(arr)
    if axis is None:
        arr, axis = arr.ravel(), 0
    axis = normalize_axis(axis, arr.ndim)
    length = arr.shape[axis]
    keep = np.ones(length, dtype=bool)
    if isinstance(obj, slice):
        keep[obj] = False
    elif isinstance(obj, (int, np.integer)) and not isinstance(obj, bool):
        if not -length <= obj < length:
            raise IndexError("index %i is out of bounds for axis %i with size %i" % (obj, axis, length))
        keep[obj] = False
    else:
        obj = np.asarray(obj)
        if obj.size == 0 and obj.dtype != bool:
            obj = obj.astype(int)
        if obj.dtype == bool and obj.shape != (length,):
            raise ValueError("boolean array argument obj to delete must be one dimensional and match the axis length of "
                             "{}".format(length))
        keep[obj] = False
    return arr[(slice(None),) * axis + (keep,)]


def insert(arr, obj, values, axis=None):
    arr = np.asarray(arr)
    if axis is None:
        arr, axis = arr.ravel(), 0
    axis = normalize_axis(axis, arr.ndim)
    length = arr.shape[axis]
    before, place = (slice(None),) * axis, obj
    indices = np.arange(*obj.indices(length)) if isinstance(obj, slice) else np.array(obj)
    if indices.dtype == bool:
        indices = np.flatnonzero(indices)
    if indices.size == 1:
        index = int(indices.ravel()[0])
        if not -length <= index <= length:
            raise IndexError("index %s is out of bounds for axis %s with size %s" % (obj, axis, length))
        index += length if index < 0 else 0
        values = np.array(values, copy=False, ndmin=arr.ndim, dtype=arr.dtype)
        if indices.ndim == 0:
            values = np.moveaxis(values, 0, axis)
        count = values.shape[axis]
        result = np.empty(arr.shape[:axis] + (length + count,) + arr.shape[axis + 1:], arr.dtype)
        result[before + (slice(None, index),)] = arr[before + (slice(None, index),)]
        result[before + (slice(index, index + count),)] = values
        result[before + (slice(index + count, None),)] = arr[before + (slice(index, None),)]
        return result
    if indices.size == 0:
        return arr.copy()
    indices = indices.astype(int)
    for index in indices.ravel():
        if not -length <= index <= length:
            raise IndexError("index %s is out of bounds for axis %s with size %s" % (index, axis, length))
    indices[indices < 0] += length
    order = indices.argsort(kind="stable")
    indices[order] += np.arange(indices.size)
    old = np.ones(length + indices.size, dtype=bool)
    old[indices] = False
    result = np.empty(arr.shape[:axis] + (length + indices.size,) + arr.shape[axis + 1:], arr.dtype)
    result[before + (indices,)] = values
    result[before + (old,)] = arr
    return result


def trim_zeros(filt, trim="fb"):
    first, last = 0, len(filt)
    if "f" in trim.lower():
        while first < last and filt[first] == 0:
            first += 1
    if "b" in trim.lower():
        while last > first and filt[last - 1] == 0:
            last -= 1
    return filt[first:last]


# ---- padding ----

def _pairs(given, ndim, name, whole=False):
    values = np.asarray(given)
    if whole:
        if values.dtype.kind not in "iu":
            raise TypeError("`pad_width` must be of integral type.")
        if values.size and values.min() < 0:
            raise ValueError("index can't contain negative values")
    if values.ndim < 3 and (values.size == 1 or values.size == 2 and values.shape != (2, 1)):
        values = values.ravel()  # numpy's numbers, which are cast without a word
        return [(values[0], values[-1])] * ndim
    return broadcast_to(values, (ndim, 2)).tolist()


def pad(array, pad_width, mode="constant", **kwargs):
    array = np.asarray(array)
    widths = _pairs(pad_width, array.ndim, "pad_width", True)
    if callable(mode):
        padded = _padded(array, widths)
        for axis in range(array.ndim):
            rows = np.moveaxis(padded, axis, -1)
            for index in np.ndindex(rows.shape[:-1]):
                mode(rows[index], tuple(widths[axis]), axis, kwargs)
        return padded
    allowed = {"empty": [], "edge": [], "wrap": [], "constant": ["constant_values"], "linear_ramp": ["end_values"],
               "maximum": ["stat_length"], "mean": ["stat_length"], "median": ["stat_length"], "minimum": ["stat_length"],
               "reflect": ["reflect_type"], "symmetric": ["reflect_type"]}
    if mode not in allowed:
        raise ValueError("mode '{}' is not supported".format(mode))
    unsupported = set(kwargs) - set(allowed[mode])
    if unsupported:
        raise ValueError("unsupported keyword arguments for mode '{}': {}".format(mode, unsupported))
    if mode in ("constant", "linear_ramp"):
        name = "constant_values" if mode == "constant" else "end_values"
        _pairs(kwargs.get(name, 0), array.ndim, name)
    result = _padded(array, widths)
    if array.size == 0 and mode not in ("constant", "empty"):
        for axis, (length, (before, after)) in enumerate(zip(array.shape, widths)):
            if length == 0 and (before or after):
                raise ValueError("can't extend empty axis {} using modes other than 'constant' or 'empty'".format(axis))
        return result
    if kwargs.get("stat_length") is not None:
        _pairs(np.round(kwargs["stat_length"]).astype(np.intp), array.ndim, "stat_length", True)
    for axis, (before, after) in enumerate(widths):
        rows = np.moveaxis(result, axis, 0)
        inner = tuple(slice(None) if n < axis else slice(widths[n][0], widths[n][0] + array.shape[n])
                      for n in range(array.ndim) if n != axis)
        rows = rows[(slice(None),) + inner]
        _pad_axis(rows, before, array.shape[axis], after, mode, kwargs, axis, array.ndim)
    return result


def _padded(array, widths):
    shape = tuple(before + length + after for length, (before, after) in zip(array.shape, widths))
    result = np.zeros(shape, array.dtype)
    result[tuple(slice(before, before + length) for length, (before, after) in zip(array.shape, widths))] = array
    return result


def _pad_axis(rows, before, length, after, mode, options, axis, ndim):
    start, stop = before, before + length
    if mode == "constant":
        low, high = _pairs(options.get("constant_values", 0), ndim, "constant_values")[axis]
        rows[:start], rows[stop:] = low, high
    elif mode == "edge":
        rows[:start], rows[stop:] = rows[start:start + 1], rows[stop - 1:stop]
    elif mode == "linear_ramp":
        low, high = _pairs(options.get("end_values", 0), ndim, "end_values")[axis]
        if before:
            rows[:start] = np.linspace(low, rows[start], before, endpoint=False, dtype=rows.dtype)
        if after:
            rows[stop:] = np.linspace(high, rows[stop - 1], after, endpoint=False, dtype=rows.dtype)[::-1]
    elif mode == "wrap":
        _pad_wrapped(rows, before, after)
    elif mode in ("reflect", "symmetric"):
        _pad_mirrored(rows, start, stop, mode == "reflect", options.get("reflect_type", "even") == "odd")
    elif mode != "empty":
        lengths = options.get("stat_length")
        low, high = _pairs(length if lengths is None else np.round(lengths).astype(np.intp), ndim, "stat_length", True)[axis]
        if low < 0 or high < 0:
            raise ValueError("index can't contain negative values")
        if mode in ("maximum", "minimum") and not (low and high):
            raise ValueError("stat_length of 0 yields no value for padding")
        function = {"maximum": np.max, "minimum": np.min, "mean": np.mean, "median": np.median}[mode]
        parts = [function(part, axis=0, keepdims=True) for part in (rows[start:start + min(low, length)],
                                                                   rows[stop - min(high, length):stop])]
        if rows.dtype.kind in "iu" and mode in ("mean", "median"):
            parts = [np.round(part) for part in parts]
        rows[:start], rows[stop:] = parts


def _pad_wrapped(rows, before, after):
    """Round after round, each with all that is there by then."""
    while before > 0 or after > 0:
        start, stop = before, len(rows) - after
        rest_before, rest_after = max(before - (stop - start), 0), max(after - (stop - start), 0)
        if before > 0:
            rows[rest_before:start] = rows[stop - (before - rest_before):stop]
        if after > 0:
            rows[stop:len(rows) - rest_after] = rows[start:start + after - rest_after]
        before, after = rest_before, rest_after


def _pad_mirrored(rows, start, stop, skip_edge, odd):
    length = stop - start
    if length == 1 and skip_edge:
        rows[:start], rows[stop:] = rows[start:stop], rows[start:stop]
        return
    while start > 0 or stop < len(rows):
        length = stop - start - skip_edge  # of what is there to mirror to both sides
        if start > 0:
            count = min(start, length)
            edge = rows[start:start + 1]
            part = rows[start + skip_edge:start + skip_edge + count][::-1]
            rows[start - count:start] = 2 * edge - part if odd else part
            start -= count
        if stop < len(rows):
            count = min(len(rows) - stop, length)
            edge = rows[stop - 1:stop]
            part = rows[stop - skip_edge - count:stop - skip_edge][::-1]
            rows[stop:stop + count] = 2 * edge - part if odd else part
            stop += count


# ---- what attributes of arrays give ----

class flatiter:
    """a.flat: the elements in row order, as one dimension."""

    def __init__(self, base):
        self.base = base
        self.index = 0

    def __len__(self):
        return self.base.size

    def __iter__(self):
        self.index = 0
        return self

    def __next__(self):
        if self.index >= self.base.size:
            raise StopIteration
        self.index += 1
        return self.base.item(self.index - 1) if self.base.dtype == object else self.base[np.unravel_index(self.index - 1,
                self.base.shape)]

    @property
    def coords(self):
        return np.unravel_index(self.index, self.base.shape)

    def __getitem__(self, key):
        found = self.base.ravel()[key]
        return found.copy() if isinstance(found, np.ndarray) else found

    def __setitem__(self, key, values):
        chosen = np.arange(self.base.size)[key]
        if np.ndim(chosen) == 0:
            try:
                self.base[np.unravel_index(chosen, self.base.shape)] = values
            except (TypeError, ValueError):
                raise ValueError("Error setting single item of array.") from None
            return
        values = self.converted(values)
        chosen = np.atleast_1d(chosen).ravel()
        if values.size and chosen.size:
            self.base[np.unravel_index(chosen, self.base.shape)] = np.resize(values, chosen.size)

    def converted(self, values):
        """New elements in a row, of the array's type."""
        if not isinstance(values, (np.ndarray, np.generic, flatiter)):
            values = np.array(values, dtype=self.base.dtype)
        return np.ravel(values).astype(self.base.dtype)

    def __array__(self, dtype=None):
        return self.base.ravel().copy() if dtype is None else self.base.ravel().astype(dtype)

    def copy(self):
        return self.base.flatten()

    def __eq__(self, other):
        return self.__array__() == other


def _fill_flat(a, values):
    flatiter(a)[:] = values


class _flagsobj:
    """a.flags"""

    def __init__(self, array):
        self._array = array
        rows, columns, owner, write, aligned = array._flag_values()
        self.c_contiguous, self.f_contiguous, self.owndata = rows, columns, owner
        self.aligned, self.writebackifcopy = aligned, False
        self.contiguous, self.fnc, self.forc = rows, columns and not rows, rows or columns

    @property
    def writeable(self):
        return self._array._flag_values()[3]

    @writeable.setter
    def writeable(self, value):
        self._array.setflags(write=bool(value))

    def __getitem__(self, key):
        names = {"C": "c_contiguous", "F": "f_contiguous", "O": "owndata", "W": "writeable", "A": "aligned", "X": "writebackifcopy",
                 "C_CONTIGUOUS": "c_contiguous", "F_CONTIGUOUS": "f_contiguous", "OWNDATA": "owndata", "WRITEABLE": "writeable",
                 "ALIGNED": "aligned", "WRITEBACKIFCOPY": "writebackifcopy", "CONTIGUOUS": "contiguous", "FORTRAN": "f_contiguous"}
        if key not in names:
            raise KeyError("Unknown flag")
        return getattr(self, names[key])

    def __setitem__(self, key, value):
        if key not in ("W", "WRITEABLE"):
            raise KeyError("Unknown flag")
        self.writeable = value

    def __repr__(self):
        rows = [("C_CONTIGUOUS", self.c_contiguous), ("F_CONTIGUOUS", self.f_contiguous), ("OWNDATA", self.owndata),
                ("WRITEABLE", self.writeable), ("ALIGNED", self.aligned), ("WRITEBACKIFCOPY", self.writebackifcopy)]
        return "".join("  %s : %s\n" % row for row in rows)


def _array_of_pickle(data, dtype, shape):
    if dtype == object:
        return np.array(data, dtype=object).reshape(shape)
    return np.frombuffer(data, dtype).reshape(shape).copy() if data else np.empty(shape, dtype)
