"""Sets of values, and orders that sorting gives."""
import numpy as np
from numpy._shape import normalize_axis


def unique(ar, return_index=False, return_inverse=False, return_counts=False, axis=None, *, equal_nan=True):
    ar = np.asarray(ar)
    if axis is None:
        return _unpack(_unique(ar.ravel(), return_index, return_inverse, return_counts, equal_nan))
    try:
        rows = np.moveaxis(ar, axis, 0)
    except np.AxisError:
        raise np.AxisError(axis, ar.ndim) from None
    shape = rows.shape
    flat = np.ascontiguousarray(rows.reshape(shape[0], -1))
    order = lexsort(flat.T[::-1]) if flat.shape[1] else np.arange(shape[0])
    sorted_rows = flat[order]
    first = np.ones(shape[0], dtype=bool)
    if shape[0]:
        first[1:] = np.any(sorted_rows[1:] != sorted_rows[:-1], axis=1)
    kept = sorted_rows[first].reshape((-1,) + shape[1:])
    result = [np.moveaxis(kept, 0, axis)]
    _add_extras(result, first, order, return_index, return_inverse, return_counts)
    return _unpack(tuple(result))


def _unpack(result):
    return result[0] if len(result) == 1 else result


def _add_extras(result, mask, order, return_index, return_inverse, return_counts):
    if return_index:
        result.append(order[mask])
    if return_inverse:
        inverse = np.empty(mask.shape, dtype=np.intp)
        inverse[order] = np.cumsum(mask) - 1
        result.append(inverse)
    if return_counts:
        places = np.concatenate(np.nonzero(mask) + ([mask.size],))
        result.append(np.diff(places))


def _unique(ar, return_index, return_inverse, return_counts, equal_nan):
    order = None
    if return_index or return_inverse:
        order = ar.argsort(kind="mergesort" if return_index else "quicksort")
        values = ar[order]
    else:
        values = np.sort(ar)
    mask = np.empty(values.shape, dtype=np.bool_)
    mask[:1] = True
    if equal_nan and values.shape[0] > 0 and values.dtype.kind in "cf" and np.isnan(values[-1]):
        if values.dtype.kind == "c":
            first_nan = np.searchsorted(np.isnan(values), True, side="left")
        else:
            first_nan = np.searchsorted(values, values[-1], side="left")
        if first_nan > 0:
            mask[1:first_nan] = values[1:first_nan] != values[:first_nan - 1]
        mask[first_nan] = True
        mask[first_nan + 1:] = False
    else:
        mask[1:] = values[1:] != values[:-1]
    result = [values[mask]]
    _add_extras(result, mask, order, return_index, return_inverse, return_counts)
    return tuple(result)


def union1d(ar1, ar2):
    return unique(np.concatenate((ar1, ar2), axis=None))


def intersect1d(ar1, ar2, assume_unique=False, return_indices=False):
    ar1, ar2 = np.asarray(ar1), np.asarray(ar2)
    if not assume_unique:
        if return_indices:
            ar1, ind1 = unique(ar1, return_index=True)
            ar2, ind2 = unique(ar2, return_index=True)
        else:
            ar1, ar2 = unique(ar1), unique(ar2)
    else:
        ar1, ar2 = ar1.ravel(), ar2.ravel()
    both = np.concatenate((ar1, ar2))
    if return_indices:
        order = np.argsort(both, kind="mergesort")
        both = both[order]
    else:
        both.sort()
    mask = both[1:] == both[:-1]
    found = both[:-1][mask]
    if not return_indices:
        return found
    first, second = order[:-1][mask], order[1:][mask] - ar1.size
    if not assume_unique:
        first, second = ind1[first], ind2[second]
    return found, first, second


def setxor1d(ar1, ar2, assume_unique=False):
    if not assume_unique:
        ar1, ar2 = unique(ar1), unique(ar2)
    both = np.concatenate((ar1, ar2))
    if both.size == 0:
        return both
    both.sort()
    flag = np.concatenate(([True], both[1:] != both[:-1], [True]))
    return both[flag[1:] & flag[:-1]]


def in1d(ar1, ar2, assume_unique=False, invert=False, *, kind=None):
    ar1, ar2 = np.asarray(ar1).ravel(), np.asarray(ar2).ravel()
    if len(ar2) == 0:
        return np.full(len(ar1), bool(invert))
    values = unique(ar2)
    if values.dtype == object or ar1.dtype == object or values.dtype.kind == "U" or ar1.dtype.kind == "U":
        found = set(values.tolist())
        mask = np.array([item in found for item in ar1.tolist()], dtype=bool)
    else:
        place = np.clip(np.searchsorted(values, ar1), 0, len(values) - 1)
        mask = values[place] == ar1
    return ~mask if invert else mask


def isin(element, test_elements, assume_unique=False, invert=False, *, kind=None):
    element = np.asarray(element)
    return in1d(element, test_elements, assume_unique, invert).reshape(element.shape)


def setdiff1d(ar1, ar2, assume_unique=False):
    if assume_unique:
        ar1 = np.asarray(ar1).ravel()
    else:
        ar1, ar2 = unique(ar1), unique(ar2)
    return ar1[in1d(ar1, ar2, assume_unique=True, invert=True)]


# ---- orders ----

def lexsort(keys, axis=-1):
    keys = [np.asarray(key) for key in keys] if np.ndim(keys) else []
    if not keys:
        raise TypeError("need sequence of keys with len > 0 in lexsort")
    if keys[0].ndim > 1:
        turned = [np.moveaxis(key, axis, -1) for key in keys]
        result = np.empty(turned[0].shape, dtype=np.intp)
        for index in np.ndindex(turned[0].shape[:-1]):
            result[index] = lexsort([key[index] for key in turned])
        return np.moveaxis(result, -1, axis)
    order = np.arange(keys[0].size)
    for key in keys:
        order = order[np.argsort(key[order], kind="stable")]
    return order if keys[0].ndim else np.intp(0)


def sort_complex(a):
    b = np.sort(np.array(a, copy=True))
    if b.dtype.kind == "c":
        return b
    return b.astype("F" if b.dtype.char in "bhBHe" else "D")


def msort(a):
    return np.sort(a, axis=0)


def _check_kth(kth, length):
    if np.asarray(kth).dtype.kind not in "biu":
        raise TypeError("Partition index must be integer")
    for k in np.ravel(kth):
        if not -length <= k < length:
            raise ValueError("kth(=%d) out of bounds (%d)" % (k, length))


def _check_kind(kind):
    if kind is None or isinstance(kind, str) and kind == "introselect":
        return
    if not isinstance(kind, str):
        raise TypeError("select kind must be str, not %s" % type(kind).__name__)
    raise ValueError("select kind must be 'introselect' (got %r)" % kind)


def partition(a, kth, axis=-1, kind="introselect", order=None):
    a = np.asarray(a)
    _check_kind(kind)
    if axis is not None:
        normalize_axis(axis, a.ndim)
    if a.size:
        _check_kth(kth, a.size if axis is None else a.shape[axis])
    return np.sort(a, axis=axis)


def argpartition(a, kth, axis=-1, kind="introselect", order=None):
    a = np.asarray(a)
    _check_kind(kind)
    if axis is not None:
        normalize_axis(axis, a.ndim)
    if a.size:
        _check_kth(kth, a.size if axis is None else a.shape[axis])
    return np.argsort(a, axis=axis)


def _partition_in_place(a, kth, axis=-1, kind="introselect", order=None):
    _check_kind(kind)
    axis = normalize_axis(axis, a.ndim)
    if a.size:
        _check_kth(kth, a.shape[axis])
    a.sort(axis=axis)
