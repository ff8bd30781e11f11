"""Products of arrays in other forms than dot."""
import numpy as np
from numpy._shape import normalize_axis


def vdot(a, b):
    a, b = np.ravel(a), np.ravel(b)
    if a.size != b.size:
        raise ValueError("cannot reshape array of size %d into shape (%d,)" % (b.size, a.size))
    return np.dot(a.conj() if a.dtype.kind in "cO" else a, b)


def inner(a, b):
    a, b = np.asarray(a), np.asarray(b)
    if a.ndim == 0 or b.ndim == 0:
        return np.dot(a, b)
    if b.ndim < 3:
        return np.dot(a, b.T)
    if a.shape[-1] != b.shape[-1]:
        def text(shape):
            return "(" + ",".join(map(str, shape)) + (",)" if len(shape) == 1 else ")")
        raise ValueError("shapes %s and %s not aligned: %d (dim %d) != %d (dim %d)" % (
            text(a.shape), text(b.shape[:-2] + b.shape[:-3:-1]), a.shape[-1], a.ndim - 1, b.shape[-1], b.ndim - 2))
    return tensordot(a, b, (-1, -1))


def outer(a, b, out=None):
    a, b = np.ravel(a), np.ravel(b)
    return np.multiply(a[:, np.newaxis], b[np.newaxis, :], out) if out is not None else np.multiply(a[:, np.newaxis],
            b[np.newaxis, :])


def tensordot(a, b, axes=2):
    a, b = np.asarray(a), np.asarray(b)
    try:
        left, right = axes
    except TypeError:
        left, right = list(range(-axes, 0)), list(range(axes))
    left = [left] if hasattr(left, "__index__") else list(left)
    right = [right] if hasattr(right, "__index__") else list(right)
    if len(left) != len(right):
        raise ValueError("shape-mismatch for sum")
    for m, n in zip(left, right):
        if a.shape[m] != b.shape[n]:
            raise ValueError("shape-mismatch for sum")
    left, right = [normalize_axis(n, a.ndim) for n in left], [normalize_axis(n, b.ndim) for n in right]
    kept_a = [n for n in range(a.ndim) if n not in left]
    kept_b = [n for n in range(b.ndim) if n not in right]
    depth = 1
    for n in left:
        depth *= a.shape[n]
    at = a.transpose(kept_a + left).reshape(-1 if depth else a.size,
                                            depth) if depth else a.transpose(kept_a + left).reshape(int(np.prod([a.shape[n]
                                                    for n in kept_a])), 0)
    bt = b.transpose(right + kept_b).reshape(depth, -1) if depth else b.transpose(right + kept_b).reshape(0,
            int(np.prod([b.shape[n] for n in kept_b])))
    return np.dot(at, bt).reshape([a.shape[n] for n in kept_a] + [b.shape[n] for n in kept_b])


def kron(a, b):
    b = np.asanyarray(b)
    a = np.array(a, copy=False, subok=True, ndmin=b.ndim)
    if a.ndim == 0 or b.ndim == 0:
        return np.multiply(a, b)
    b = np.array(b, copy=False, ndmin=a.ndim)
    n = a.ndim
    left, right, shape = [], [], []
    for x, y in zip(a.shape, b.shape):
        left += [x, 1]
        right += [1, y]
        shape.append(x * y)
    return np.multiply(a.reshape(left), b.reshape(right)).reshape(shape)


def cross(a, b, axisa=-1, axisb=-1, axisc=-1, axis=None):
    if axis is not None:
        axisa = axisb = axisc = axis
    a, b = np.asarray(a), np.asarray(b)
    axisa, axisb = normalize_axis(axisa, a.ndim, "axisa"), normalize_axis(axisb, b.ndim, "axisb")
    a, b = np.moveaxis(a, axisa, -1), np.moveaxis(b, axisb, -1)
    if a.shape[-1] not in (2, 3) or b.shape[-1] not in (2, 3):
        raise ValueError("incompatible dimensions for cross product\n(dimension must be 2 or 3)")
    a0, a1, b0, b1 = a[..., 0], a[..., 1], b[..., 0], b[..., 1]
    if a.shape[-1] == 2 and b.shape[-1] == 2:
        return a0 * b1 - a1 * b0
    a2 = a[..., 2] if a.shape[-1] == 3 else None
    b2 = b[..., 2] if b.shape[-1] == 3 else None
    if a2 is None:
        parts = a1 * b2, -(a0 * b2), a0 * b1 - a1 * b0
    elif b2 is None:
        parts = -(a2 * b1), a2 * b0, a0 * b1 - a1 * b0
    else:
        parts = a1 * b2 - a2 * b1, a2 * b0 - a0 * b2, a0 * b1 - a1 * b0
    result = np.stack(parts, axis=-1)
    return np.moveaxis(result, -1, normalize_axis(axisc, result.ndim, "axisc"))


# ---- einsum ----

def _parse_lists(operands):
    subscripts, arrays = [], []
    operands = list(operands)
    output = operands.pop() if len(operands) % 2 else None
    for n in range(0, len(operands), 2):
        arrays.append(operands[n])
        subscripts.append(_letters_of(operands[n + 1]))
    text = ",".join(subscripts)
    if output is not None:
        text += "->" + _letters_of(output)
    return text, arrays


def _letters_of(subscripts):
    if not isinstance(subscripts, (list, tuple)):
        raise TypeError("the subscripts for each operand must be a list or a tuple")
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    text = ""
    for s in subscripts:
        if s is not Ellipsis and not hasattr(s, "__index__"):
            raise TypeError("each subscript must be either an integer or an ellipsis")
        if s is not Ellipsis and not 0 <= s < len(letters):
            raise ValueError("subscript is not within the valid range [0, 52)")
        text += "..." if s is Ellipsis else letters[s]
    return text


def _parse(operands):
    if len(operands) == 1:
        raise ValueError("must specify the einstein sum subscripts string and at least one operand")
    if not operands:
        raise ValueError("must specify the einstein sum subscripts string and at least one operand, or at least one "
                         "operand and its "
                         "corresponding subscripts list")
    text, arrays = (operands[0].replace(" ", ""), list(operands[1:])) if isinstance(operands[0], str) else _parse_lists(operands)
    arrays = [np.asarray(a) for a in arrays]
    left, arrow, output = text.partition("->")
    terms = left.split(",")
    if len(terms) != len(arrays):
        raise ValueError("more operands provided to einstein sum function than specified in the subscripts string"
                         if len(terms) > len(arrays)
                         else "fewer operands provided to einstein sum function than specified in the subscripts string")
    spare = [c for c in "ZYXWVUTSRQPONMLKJIHGFEDCBA" if c not in text]
    longest = 0
    for n, (term, a) in enumerate(zip(terms, arrays)):
        plain = term.replace("...", "")
        bad = [c for c in plain if not c.isalpha()]
        if bad:
            raise ValueError("invalid subscript '%s' in einstein sum subscripts string, subscripts must be letters" % bad[0])
        if "..." in term and len(plain) > a.ndim:
            raise ValueError("einstein sum subscripts string contains too many subscripts for operand %d" % n)
        if "..." in term:
            longest = max(longest, a.ndim - len(plain))
        elif len(plain) > a.ndim:
            raise ValueError("einstein sum subscripts string contains too many subscripts for operand %d" % n)
        elif len(plain) < a.ndim:
            raise ValueError("operand has more dimensions than subscripts given in einstein sum, but no '...' ellipsis provided to "
                             "broadcast the extra dimensions.")
    shared = "".join(spare[:longest])
    expanded = []
    for term, a in zip(terms, arrays):
        count = a.ndim - len(term.replace("...", ""))
        expanded.append(term.replace("...", shared[longest - count:] if count else ""))
    if arrow:
        for c in output.replace("...", ""):
            if c not in left:
                raise ValueError("einstein sum subscripts string included output subscript '%s' which never appeared in an "
                                 "input" % c)
            if output.count(c) > 1:
                raise ValueError("einstein sum subscripts string includes output subscript '%s' multiple times" % c)
        output = output.replace("...", shared)
    else:
        joined = left.replace("...", "").replace(",", "")
        output = shared + "".join(sorted(c for c in set(joined) if joined.count(c) == 1))
    return expanded, output, arrays


def _take_diagonals(term, a):
    """Repeated letters of one operand: its diagonal."""
    for c in sorted(set(term)):
        while term.count(c) > 1:
            first = term.index(c)
            second = term.index(c, first + 1)
            if a.shape[first] != a.shape[second]:
                raise ValueError("dimensions in single operand for collapsing index '%s' don't match (%d != %d)" % (c,
                        a.shape[first], a.shape[second]))
            a = np.diagonal(a, 0, first, second)
            term = "".join(x for n, x in enumerate(term) if n not in (first, second)) + c
    return term, a


def _not_broadcast(terms, output, arrays):
    """Each operand's axes are told in the order of the result's letters and the others', those it has not as newaxis."""
    def text(items, count=None):
        return "(%s)" % (",".join(map(str, items)) + ("," if (count or len(items)) == 1 else ""))
    letters = list(output) + sorted(set("".join(terms)) - set(output))
    told = []
    for term, a in zip(terms, arrays):
        axes = [a.shape[term.index(c)] if c in term else "newaxis" for c in letters]
        while axes and axes[0] == "newaxis":
            del axes[0]
        told.append(text(a.shape) + "->" + text(axes, len(letters)))
    return ValueError("operands could not be broadcast together with remapped shapes [original->remapped]: " + " ".join(told) + " ")


def einsum(*operands, out=None, optimize=False, dtype=None, order="K", casting="safe", **kwargs):
    for name in kwargs:
        raise TypeError("'%s' is an invalid keyword for einsum" % name)
    if out is not None and not isinstance(out, np.ndarray):
        raise TypeError("keyword parameter out must be an array for einsum")
    np.array(0, order=order), np.can_cast(bool, bool, casting)  # are they known?
    kind = None if dtype is None else np.dtype(dtype)
    terms, output, arrays = _parse(operands)
    if kind is None:
        kind = np.result_type(*[a.dtype for a in arrays])
    for n, a in enumerate(arrays):
        if not np.can_cast(a.dtype, kind, casting):
            raise TypeError("Iterator operand %d dtype could not be cast from %r to %r according to the rule '%s'" % (n, a.dtype,
                    kind, casting))
    arrays = [a.astype(kind, copy=False) for a in arrays]
    parts = [_take_diagonals(term, a) for term, a in zip(terms, arrays)]
    lengths = {}
    for term, a in parts:
        for c, length in zip(term, a.shape):
            if lengths.get(c, 1) not in (1, length) and length != 1:
                raise _not_broadcast(terms, output, arrays)
            lengths[c] = max(lengths.get(c, 1), length) if length != 0 else 0
    result = _contract(parts, output, lengths)
    if out is not None:
        if out.shape != np.shape(result):
            raise _not_broadcast([*terms, output], output, [*arrays, out])
        if not np.can_cast(kind, out.dtype, casting):
            raise TypeError("Iterator requested dtype could not be cast from %r to %r, the operand %d dtype, according to the rule "
                            "'%s'" % (kind, out.dtype, len(arrays), casting))
        out[...] = result
        return out
    if order in ("C", "F") and len(arrays) > 1 and len(output) > 1:
        return np.array(result, copy=False, order=order)
    return result


def _contract(parts, output, lengths):
    term, a = parts[0]
    for n, (other, b) in enumerate(parts[1:], 1):
        later = output + "".join(t for t, _ in parts[n + 1:])
        term, a = _pair(term, a, other, b, later, lengths)
    gone = tuple(n for n, c in enumerate(term) if c not in output)
    if gone:
        a = np.sum(a, axis=gone, dtype=a.dtype)
        term = "".join(c for c in term if c in output)
    a = np.asarray(a).transpose([term.index(c) for c in output])
    if a.ndim and (len(parts) > 1 or gone):
        return a
    return a if a.ndim else a[()]


def _pair(left, a, right, b, later, lengths):
    """Two operands to one. Letters that nothing later wants are summed over: as a matrix product where that is one."""
    shared = [c for c in left if c in right and c not in later and a.shape[left.index(c)] == b.shape[right.index(c)]]
    batch = [c for c in left if c in right and c in later]
    only_left = [c for c in left if c not in right]
    only_right = [c for c in right if c not in left]
    dead_left = tuple(left.index(c) for c in only_left if c not in later)
    if dead_left:
        a = np.sum(a, axis=dead_left, dtype=a.dtype)
        left = "".join(c for c in left if c not in only_left or c in later)
        only_left = [c for c in only_left if c in later]
    dead_right = tuple(right.index(c) for c in only_right if c not in later)
    if dead_right:
        b = np.sum(b, axis=dead_right, dtype=b.dtype)
        right = "".join(c for c in right if c not in only_right or c in later)
        only_right = [c for c in only_right if c in later]
    whole = all(a.shape[left.index(c)] == b.shape[right.index(c)] for c in batch) and len(shared) + len(batch) == len([c
            for c in left if c in right])
    if shared and whole:
        a = np.asarray(a).transpose([left.index(c) for c in batch + only_left + shared])
        b = np.asarray(b).transpose([right.index(c) for c in batch + shared + only_right])
        def size(letters):
            total = 1
            for c in letters:
                total *= lengths[c]
            return total
        lead = [lengths[c] for c in batch]
        a = a.reshape(lead + [size(only_left), size(shared)])
        b = b.reshape(lead + [size(shared), size(only_right)])
        c = np.matmul(a, b).reshape(lead + [lengths[x] for x in only_left] + [lengths[x] for x in only_right])
        return "".join(batch + only_left + only_right), c
    letters = [c for c in left] + [c for c in right if c not in left]
    a = _spread(left, np.asarray(a), letters)
    b = _spread(right, np.asarray(b), letters)
    product = np.multiply(a, b)
    gone = tuple(n for n, c in enumerate(letters) if c not in later)
    if gone:
        product = np.sum(product, axis=gone, dtype=product.dtype)
    return "".join(c for c in letters if c in later), product


def _spread(term, a, letters):
    a = a.transpose([term.index(c) for c in letters if c in term])
    lengths = iter(a.shape)
    return a.reshape([next(lengths) if c in term else 1 for c in letters])


def einsum_path(*operands, optimize="greedy", einsum_call=False):
    count = len(_parse(operands)[2])
    return ["einsum_path"] + [(0, 1)] * (count - 1), ""


def multi_dot(arrays, *, out=None):
    result = arrays[0]
    for other in arrays[1:]:
        result = np.dot(result, other)
    return result


# What the native functions of these names leave to Python.
_inner, _vdot, _tensordot, _einsum, _outer = inner, vdot, tensordot, einsum, outer
