"""What numpy writes in Python: testing, polynomials, vectorize, iterators, grids, unusual arguments."""
import numpy as np
from numpy.lib.stride_tricks import as_strided, sliding_window_view
from numpy.testing import assert_allclose, assert_almost_equal, assert_array_equal, assert_equal, assert_raises

for check in (lambda: assert_array_equal([1, 2, 3], [1, 2, 4]), lambda: assert_allclose([1.0, 2.0], [1.0, 2.1]),
              lambda: assert_array_equal([1, 2], [1, 2, 3]), lambda: assert_allclose([1, np.nan], [1, 2]),
              lambda: assert_almost_equal(1.0, 1.1), lambda: assert_equal([1, 2], [1, 3]), lambda: assert_array_equal([1], [1]),
              lambda: assert_allclose(1, 1 + 1e-9)):
    try:
        print(check())
    except AssertionError as e:
        print(e)
with assert_raises(ValueError):
    np.zeros(3).reshape(2)
p = np.poly1d([1, -3, 2])
print(p, repr(p), p(3), p.order, p.deriv(), p * 2, p + [1, 1], (p * p).c, p[0], np.polyval([1, 2], 3), np.polyadd([1], [1, 2]),
      np.polymul([1, 1], [1, -1]), np.polyder([1, 2, 3]), np.polyint([2, 2]), np.polydiv([1, -3, 2], [1, -1]))
print(np.round(np.polyfit([0, 1, 2, 3], [1, 3, 5, 7], 1), 10) + 0.0, np.poly([1, 2]), np.round(np.sort(np.roots([1, -3, 2])), 10))


@np.vectorize
def clamp(x, low=0):
    return max(x, low)


print(clamp([-1, 2]), clamp([[1, -5]], 3), np.vectorize(lambda x: (x, x * 2))([1, 2]), np.vectorize(str, otypes=["U3"])([1, 22]))
print(list(np.ndindex(2, 2)), [(i, int(v)) for i, v in np.ndenumerate([[1, 2], [3, 4]])], [int(x)
        for x in np.nditer(np.arange(4).reshape(2, 2))])
with np.nditer(np.arange(3.), op_flags=["readwrite"]) as it:
    for x in it:
        x[...] = 2 * x
    print(it.operands[0])
it = np.nditer(np.eye(2), flags=["multi_index"])
while not it.finished:
    print(it.multi_index, float(it[0]), end=" ")
    it.iternext()
print(sliding_window_view(np.arange(5), 3).tolist(), as_strided(np.arange(6), (2, 3), (8, 16)).tolist())
print(np.apply_along_axis(lambda r: r[::-1], 1, np.arange(6).reshape(2, 3)).tolist(), np.frompyfunc(lambda a, b: a + b, 2,
        1)([1, 2], 3), np.piecewise([-1., 0, 1], [np.array([True, False, False])], [5, 7]))
print(np.iinfo("i4"), np.iinfo(np.uint8).max, np.finfo(float).eps, np.finfo("f4").max, np.finfo(np.float16).tiny,
      np.issubdtype("i4", np.integer), np.result_type("i4", "f4"), np.can_cast("i8", "i4"))
print(np.add, np.add.nin, np.add.identity, np.sin.nout, np.add.__name__, type(np.add).__name__, np.multiply.outer([1, 2], [3,
        4]).tolist(), np.add.reduceat(np.arange(8), [0, 4, 1]))
print(np.einsum("ij,jk->ik", np.eye(2, dtype=int), [[1, 2], [3, 4]]).tolist(), np.einsum("...i,...i", [[1, 2], [3, 4]], [1,
        1]).tolist(), np.tensordot(np.ones((2, 3)), np.ones((3, 2)), 1).tolist())
print(np.unique(["b", "a", "b"], return_counts=True), np.unique([[1, 2], [1, 2], [0, 1]], axis=0).tolist(), np.sort(["c", "a"]),
      np.array(["a", "b"]) == "a", np.where(["x" == "x"], "yes", "no"))
with np.errstate(divide="ignore"), np.printoptions(precision=2):
    print(np.array([1.0]) / 0, np.array([1 / 3]))
print(np.geterr(), np.base_repr(10, 3), np.binary_repr(-3, 5), np.array_repr(np.eye(1)), np.array_str(np.arange(2)),
      np.format_float_positional(0.1), np.format_float_scientific(12345.678, precision=2))
old = np.seterr(all="call")
np.seterrcall(lambda kind, flag: print("called", kind, flag))
np.array([1.0]) / 0
np.seterr(**old)
print([np.dtype(t).name for t in ("?", "b", "H", "i", "q", "e", "f", "D", "U4", "O")], np.dtype("f8") == float,
      np.dtype("i4") < "i8", {np.dtype("i4"): 1}[np.dtype("int32")], np.dtype("i4").type, np.float32.__name__)
objects = np.array([1, "a", None, [1, 2]], dtype=object)
print(objects, objects[3], (np.array([1, 2.5, 3], dtype=object) * 2).tolist(), np.array([2**70, 1]) + 1, np.sum(np.array([1, 2,
        3], dtype=object)), objects == None)
