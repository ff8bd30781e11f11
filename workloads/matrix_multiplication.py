"""Matrix products: triple loop, comprehension, Strassen's recursion, and numpy.

    matrix_multiplication.py [loops|comprehension|strassen|numpy|all] [SIZE]

Source of the recursion: V. Strassen, Gaussian elimination is not optimal, Numerische Mathematik 13 (1969).
Run its tests with: python3 -m unittest matrix_multiplication.py
"""
import sys
import unittest


def by_loops(a, b):
    rows, inner, columns = len(a), len(b), len(b[0])
    result = [[0] * columns for _ in range(rows)]
    for i in range(rows):
        for j in range(columns):
            total = 0
            for k in range(inner):
                total += a[i][k] * b[k][j]
            result[i][j] = total
    return result


def by_comprehension(a, b):
    return [[sum(x * y for x, y in zip(row, column)) for column in zip(*b)] for row in a]


def add(a, b):
    return [[x + y for x, y in zip(p, q)] for p, q in zip(a, b)]


def subtract(a, b):
    return [[x - y for x, y in zip(p, q)] for p, q in zip(a, b)]


def quarters(matrix):
    half = len(matrix) // 2
    top, bottom = matrix[:half], matrix[half:]
    return ([row[:half] for row in top], [row[half:] for row in top],
            [row[:half] for row in bottom], [row[half:] for row in bottom])


def by_strassen(a, b):
    """Square matrices; odd or small ones by the triple loop. Exact for ints; floats round otherwise than the loops do."""
    if len(a) % 2 or len(a) <= 16:
        return by_loops(a, b)
    a11, a12, a21, a22 = quarters(a)
    b11, b12, b21, b22 = quarters(b)
    p1 = by_strassen(add(a11, a22), add(b11, b22))
    p2 = by_strassen(add(a21, a22), b11)
    p3 = by_strassen(a11, subtract(b12, b22))
    p4 = by_strassen(a22, subtract(b21, b11))
    p5 = by_strassen(add(a11, a12), b22)
    p6 = by_strassen(subtract(a21, a11), add(b11, b12))
    p7 = by_strassen(subtract(a12, a22), add(b21, b22))
    top = [p + q for p, q in zip(add(subtract(add(p1, p4), p5), p7), add(p3, p5))]
    bottom = [p + q for p, q in zip(add(p2, p4), add(subtract(add(p1, p3), p2), p6))]
    return top + bottom


def by_numpy(a, b):
    import numpy as np
    return np.matmul(np.array(a), np.array(b)).tolist()


FORMS = {"loops": by_loops, "comprehension": by_comprehension, "strassen": by_strassen, "numpy": by_numpy}


def matrix(rows, columns, seed):
    return [[(i * 31 + j * 17 + seed) % 101 - 50 for j in range(columns)] for i in range(rows)]


def times_vector(matrix, vector):
    return [sum(x * y for x, y in zip(row, vector)) for row in matrix]


def main(arguments):
    form = arguments[0] if arguments else "all"
    size = int(arguments[1]) if len(arguments) > 1 else 48
    if form not in (*FORMS, "all") or size < 1:
        raise SystemExit(__doc__)
    a, b = matrix(size, size, 3), matrix(size, size, 8)
    expected = [sum(a[0][k] * b[k][j] for k in range(size)) for j in range(size)]
    # and of the whole product: (a b) v = a (b v), as R. Freivalds checks it (IFIP Congress 1977)
    weighted = times_vector(a, times_vector(b, range(1, size + 1)))
    for name, multiply in FORMS.items():
        if form in (name, "all"):
            product = multiply(a, b)
            assert product[0] == expected, name
            assert times_vector(product, range(1, size + 1)) == weighted, name
            print(name, size, "trace", sum(product[i][i] for i in range(size)))


class Tests(unittest.TestCase):
    def test_known(self):
        for multiply in (by_loops, by_comprehension, by_numpy):
            self.assertEqual(multiply([[1, 2, 3], [4, 5, 6]], [[7, 8], [9, 10], [11, 12]]), [[58, 64], [139, 154]])

    def test_agree(self):
        for size in (1, 2, 17, 32, 34):
            a, b = matrix(size, size, 1), matrix(size, size, 2)
            results = [multiply(a, b) for multiply in FORMS.values()]
            for result in results:
                self.assertEqual(result, results[0])

    def test_big_integers(self):
        a = [[10**20, 1], [2, 3]]
        self.assertEqual(by_loops(a, a), [[10**40 + 2, 10**20 + 3], [2 * 10**20 + 6, 11]])
        self.assertEqual(by_comprehension(a, a), by_loops(a, a))

    def test_wrong_shapes(self):
        with self.assertRaises(ValueError):
            by_numpy([[1, 2]], [[1, 2]])
        with self.assertRaises(IndexError):
            by_loops([[1]], [[1, 2], [3, 4]])


if __name__ == "__main__":
    main(sys.argv[1:])
