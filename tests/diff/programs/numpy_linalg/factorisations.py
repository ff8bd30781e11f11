# solve, inv, det, slogdet, cholesky, qr, eig, eigh, svd, lstsq and what is built on them, on seeded matrices of many shapes, bit
# for bit: the results' bytes are hashed.
import hashlib
import warnings

import numpy as np
from numpy import linalg

warnings.simplefilter("ignore")
rng = np.random.default_rng(2024)


def digest(result):
    if isinstance(result, tuple):
        return " ".join(digest(part) for part in result)
    array = np.asarray(result)
    return "%s%s:%s" % (array.dtype.char, array.shape, hashlib.sha256(array.tobytes()).hexdigest()[:10])


def of_lengths(result, a):
    """A result made from the lengths of complex numbers, whose last places may differ, is shown in fewer digits."""
    if not np.iscomplexobj(a):
        return digest(result)
    return " ".join("%.*g" % (4 if a.dtype == np.complex64 else 11, number) for number in np.ravel(result))


def matrix(shape, dtype):
    if np.dtype(dtype).kind in "iu":
        return rng.integers(-9, 10, shape).astype(dtype)
    numbers = rng.standard_normal(shape)
    if np.dtype(dtype).kind == "c":
        numbers = numbers + 1j * rng.standard_normal(shape)
    return numbers.astype(dtype)


def transposed(a):
    return np.swapaxes(a, -1, -2)


def square_matrices(n, outer, dtype):
    a = matrix(outer + (n, n), dtype)
    b, v = matrix(outer + (n, 3), dtype), matrix((n,), dtype)
    print("solve", digest(linalg.solve(a, b)), digest(linalg.inv(a)), digest(linalg.solve(a, v)) if not outer else "")
    print("det", digest(linalg.det(a)), digest(linalg.slogdet(a)))
    print("eig", digest(linalg.eig(a)), digest(linalg.eigvals(a)))
    hermitian = a + transposed(a).conj()
    wide = a.astype(np.int64) if a.dtype.kind == "i" else a
    positive = np.matmul(wide, transposed(wide).conj()) + n * np.eye(n, dtype=wide.dtype)
    print("eigh", digest(linalg.eigh(hermitian)), digest(linalg.eigvalsh(hermitian)), digest(linalg.eigh(a, "U")))
    print("hermitian", digest(linalg.svd(hermitian, hermitian=True)),
          digest(linalg.svd(hermitian, compute_uv=False, hermitian=True)),
          digest(linalg.pinv(hermitian, hermitian=True)), digest(linalg.matrix_rank(hermitian, hermitian=True)))
    print("cholesky", digest(linalg.cholesky(positive)), digest(linalg.cond(a)))
    for order in (1, -1, np.inf, -np.inf, "fro", 2, -2, "nuc"):
        print(of_lengths(linalg.norm(a, order, axis=(-2, -1)), a), end=" ")
    print(of_lengths(linalg.cond(a, 1), a), of_lengths(linalg.cond(a, "fro"), a), digest(linalg.cond(a, -2)))
    if not outer:
        for power in (-2, -1, 0, 1, 2, 3, 5, 8):
            print(digest(linalg.matrix_power(a, power)), end=" ")
        print()


def any_matrices(m, n, outer, dtype):
    a = matrix(outer + (m, n), dtype)
    print("qr", digest(linalg.qr(a)), digest(linalg.qr(a, "complete")), digest(linalg.qr(a, "r")), digest(linalg.qr(a, "raw")))
    print("svd", digest(linalg.svd(a)), digest(linalg.svd(a, full_matrices=False)), digest(linalg.svd(a, compute_uv=False)))
    print("rank", digest(linalg.matrix_rank(a)), digest(linalg.pinv(a)), of_lengths(linalg.norm(a, axis=-1), a),
          of_lengths(linalg.norm(a), a))
    if not outer:
        for right in ((m,), (m, 2)):
            x, residuals, rank, s = linalg.lstsq(a, matrix(right, dtype), rcond=None)
            print("lstsq", digest(x), digest(residuals), rank, type(rank).__name__, digest(s))


def main():
    for dtype in (np.float64, np.complex128, np.float32, np.complex64, np.int64, np.int8):
        for n in (1, 2, 3, 4, 7, 12, 33):
            for outer in ((), (3,), (2, 2)):
                if outer and n > 7:
                    continue
                print("square", np.dtype(dtype), n, outer)
                square_matrices(n, outer, dtype)
        for m, n in ((1, 1), (1, 4), (4, 1), (2, 3), (3, 2), (5, 5), (6, 4), (4, 9), (40, 35), (35, 40)):
            for outer in ((), (3,)):
                if outer and m > 6:
                    continue
                print("any", np.dtype(dtype), m, n, outer)
                any_matrices(m, n, outer, dtype)
    for n in (64, 100):
        square_matrices(n, (), np.float64)
        any_matrices(n, n + 20, (), np.float64)


main()
