# Small exact results as they are printed, shapes that broadcast, and what is refused in which words.
import warnings

import numpy as np
from numpy import linalg

warnings.simplefilter("ignore")


def attempt(call):
    try:
        result = call()
        print(repr(result), type(result).__name__)
    except Exception as error:
        print(type(error).__module__, type(error).__name__, error)


a = np.array([[4.0, 1.0], [2.0, 3.0]])
s = np.array([[1.0, 2.0], [2.0, 4.0]])
three = np.arange(24.0).reshape(2, 3, 4)
calls = [
    lambda: linalg.solve(a, [1, 2]), lambda: linalg.solve(a, np.eye(2)), lambda: linalg.solve(s, [1, 2]), lambda: linalg.inv(a),
    lambda: linalg.inv(s), lambda: linalg.inv([[1, 2, 3], [4, 5, 6]]), lambda: linalg.inv([1, 2]), lambda: linalg.inv(5),
    lambda: linalg.det(a), lambda: linalg.det(s), lambda: linalg.det([[1, 2], [3, 4]]), lambda: linalg.slogdet(a),
    lambda: linalg.slogdet(s),
    lambda: linalg.det(np.zeros((0, 0))), lambda: linalg.inv(np.zeros((0, 0))), lambda: linalg.solve(np.zeros((0, 0)),
    np.zeros((0, 3))),
    lambda: linalg.cholesky(a + a.T), lambda: linalg.cholesky(-a), lambda: linalg.eig(a), lambda: linalg.eigvals([[0, 1], [-1, 0]]),
    lambda: linalg.eigvals([[np.nan, 1], [1, 2]]), lambda: linalg.eig([[np.inf, 1], [1, 2]]), lambda: linalg.eigh(a, "X"),
    lambda: linalg.eigh([[2, 1], [1, 2]], "l"), lambda: linalg.svd(s, compute_uv=False), lambda: linalg.qr(a, "bad"),
    lambda: linalg.qr([1, 2]),
    lambda: linalg.lstsq(a, [1, 2, 3], rcond=None), lambda: linalg.lstsq([[1, 1], [1, 2], [1, 3]], [1, 2, 2], rcond=None),
    lambda: linalg.lstsq([[1, 1], [1, 2], [1, 3]], [1, 2, 2]), lambda: linalg.lstsq(three, [1]), lambda: linalg.matrix_rank(s),
    lambda: linalg.matrix_rank([0, 0]), lambda: linalg.matrix_rank([0, 1]), lambda: linalg.matrix_rank(np.stack([a, s])),
    lambda: linalg.matrix_rank(a, tol=3), lambda: linalg.cond(a), lambda: linalg.cond(s, 1), lambda: linalg.cond(np.zeros((2, 0))),
    lambda: linalg.cond([1, 2]), lambda: linalg.cond(np.stack([a, s]), np.inf), lambda: linalg.cond([[np.nan, 1], [1, 1]]),
    lambda: linalg.pinv(s), lambda: linalg.pinv(np.zeros((2, 0))), lambda: linalg.matrix_power(a, 2.5),
    lambda: linalg.matrix_power(three, 2),
    lambda: linalg.matrix_power([[1, 1], [1, 0]], 30), lambda: linalg.matrix_power(s, -1), lambda: linalg.solve(a, [1, 2, 3]),
    lambda: linalg.norm([3, 4]), lambda: linalg.norm([3, 4], 1), lambda: linalg.norm([3, 4], np.inf), lambda: linalg.norm([3,
    -4], -np.inf),
    lambda: linalg.norm([3, 0, 4], 0), lambda: linalg.norm([3, 4], 3), lambda: linalg.norm([3, 4], -1), lambda: linalg.norm([3,
    4], 0.5),
    lambda: linalg.norm([3, 4], "fro"), lambda: linalg.norm(a), lambda: linalg.norm(a, "fro"), lambda: linalg.norm(a, "nuc"),
    lambda: linalg.norm(a, 5), lambda: linalg.norm(a, "x"), lambda: linalg.norm(three), lambda: linalg.norm(three, 2),
    lambda: linalg.norm(three, axis=1),
    lambda: linalg.norm(three, axis=(0, 2)), lambda: linalg.norm(three, axis=(0, 2), keepdims=True), lambda: linalg.norm(three,
    axis=(1, 1)),
    lambda: linalg.norm(a, keepdims=True), lambda: linalg.norm(three, axis=5), lambda: linalg.norm(three, axis="a"),
    lambda: linalg.norm([3 + 4j, 0]),
    lambda: linalg.norm(three, 1, axis=2, keepdims=True), lambda: linalg.norm(np.float32([1, 2])), lambda: linalg.norm([[1, 2j],
    [3, 4]], 1),
    lambda: linalg.norm(np.int32([[1, 2], [3, 4]]), -1), lambda: linalg.norm([]), lambda: linalg.norm([True, True]),
    lambda: linalg.multi_dot([a, s, a]), lambda: linalg.multi_dot([[1, 2], a, [3, 4]]), lambda: linalg.multi_dot([a, a, a, s, a]),
    lambda: linalg.multi_dot([a]), lambda: linalg.multi_dot([a, s]), lambda: linalg.multi_dot([three, a, a]),
    lambda: linalg.tensorsolve(np.eye(6).reshape(2, 3, 2, 3) * 2, np.arange(6.0).reshape(2, 3)),
    lambda: linalg.tensorsolve(np.eye(6).reshape(2, 3, 6), np.ones(4)), lambda: linalg.tensorinv(np.eye(6).reshape(2, 3, 6) * 4),
    lambda: linalg.tensorinv(a, ind=0), lambda: linalg.inv(np.float16([[1, 2], [3, 4]])), lambda: linalg.solve(np.stack([a, a]),
    [[1], [2]]).shape,
    lambda: linalg.LinAlgError.__mro__, lambda: linalg.solve(np.stack([a, a]), np.ones((2, 2))).shape,
    lambda: linalg.eigh(np.diag([3, 1, 2])),
]
for each in calls:
    attempt(each)
