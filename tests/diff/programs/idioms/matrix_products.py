# Matrix products written by hand, in every order of loops and every spelling, over numbers of all kinds.
import struct


def by_comprehension(a, b):
    return [[sum(x * y for x, y in zip(row, column)) for column in zip(*b)] for row in a]


def by_indices(a, b):
    return [[sum(a[i][k] * b[k][j] for k in range(len(b))) for j in range(len(b[0]))] for i in range(len(a))]


def by_transposed_list(a, b):
    columns = [list(column) for column in zip(*b)]
    return [[sum(x * y for x, y in zip(row, column)) for column in columns] for row in a]


def with_accumulator(a, b):
    n, m, depth = len(a), len(b[0]), len(b)
    c = [[None] * m for _ in range(n)]
    for i in range(n):
        for j in range(m):
            s = 0
            for k in range(depth):
                s += a[i][k] * b[k][j]
            c[i][j] = s
    return c, i, j, k, s


def with_float_accumulator(a, b):
    c = [[0.0] * len(b[0]) for _ in range(len(a))]
    for i in range(len(a)):
        for j in range(len(b[0])):
            s = 0.0
            for k in range(len(b)):
                s = s + a[i][k] * b[k][j]
            c[i][j] = s
    return c


def ijk(a, b, c):
    for i in range(len(a)):
        for j in range(len(b[0])):
            for k in range(len(b)):
                c[i][j] += a[i][k] * b[k][j]
    return i, j, k


def ikj(a, b, c):
    for i in range(len(a)):
        for k in range(len(b)):
            for j in range(len(b[0])):
                c[i][j] += a[i][k] * b[k][j]
    return i, j, k


def jik(a, b, c):
    for j in range(len(b[0])):
        for i in range(len(a)):
            for k in range(len(b)):
                c[i][j] += a[i][k] * b[k][j]
    return i, j, k


def jki(a, b, c):
    for j in range(len(b[0])):
        for k in range(len(b)):
            for i in range(len(a)):
                c[i][j] += a[i][k] * b[k][j]
    return i, j, k


def kij(a, b, c):
    for k in range(len(b)):
        for i in range(len(a)):
            for j in range(len(b[0])):
                c[i][j] = c[i][j] + a[i][k] * b[k][j]
    return i, j, k


def kji(a, b, c):
    for k in range(len(b)):
        for j in range(len(b[0])):
            for i in range(len(a)):
                c[i][j] = a[i][k] * b[k][j] + c[i][j]
    return i, j, k


def cleared_first(a, b, c):
    for i in range(len(a)):
        for j in range(len(b[0])):
            c[i][j] = 0
            for k in range(len(b)):
                c[i][j] += a[i][k] * b[k][j]
    return i, j, k


def by_append(a, b):
    result = []
    for i in range(len(a)):
        row = []
        for j in range(len(b[0])):
            total = 0
            for k in range(len(b)):
                total += a[i][k] * b[k][j]
            row.append(total)
        result.append(row)
    return result, row, total, row is result[-1]


def by_rows(a, b):
    result = []
    for row in a:
        line = []
        for column in zip(*b):
            line.append(sum(x * y for x, y in zip(row, column)))
        result.append(line)
    return result, row is a[-1], column


def rows_kept(a, b, c):
    for i in range(len(a)):
        left = a[i]
        out = c[i]
        for j in range(len(b[0])):
            s = 0
            for k in range(len(b)):
                p = left[k] * b[k][j]
                s += p
            out[j] = s
    return left is a[-1], out is c[-1], p, s


def enumerated(a, b):
    c = [[0] * len(b[0]) for _ in a]
    for i, row in enumerate(a):
        for j, column in enumerate(zip(*b)):
            c[i][j] = sum(x * y for x, y in zip(row, column))
    return c, i, j


def enumerated_lists(a, b):
    columns = list(zip(*b))
    c = [[0] * len(b[0]) for _ in a]
    for i, row in enumerate(a):
        for j, column in enumerate(columns):
            s = 0
            for k, x in enumerate(row):
                s += x * column[k]
            c[i][j] = s
    return c, i, j, k, x, s


def dense_layer(weights, inputs, biases):
    return [sum(w * x for w, x in zip(row, inputs)) + bias for row, bias in zip(weights, biases)]


def matrix_vector(a, x):
    y = [0] * len(a)
    for i in range(len(a)):
        for k in range(len(x)):
            y[i] += a[i][k] * x[k]
    return y


def vector_matrix(x, a):
    return [sum(x[k] * a[k][j] for k in range(len(x))) for j in range(len(a[0]))]


def matrix_vector_started(a, x, start):
    y = []
    for i in range(len(a)):
        s = start[i]
        for k in range(len(x)):
            s += a[i][k] * x[k]
        y.append(s * 2 - 1)
    return y, s


def bits(value):
    if isinstance(value, float):
        return "%s:%s" % (value, "nan" if value != value else struct.pack(">d", value).hex())
    if isinstance(value, (list, tuple)):
        return "[" + " ".join(bits(item) for item in value) + "]"
    return "%s:%s" % (type(value).__name__, value)


def ints(rows, columns, seed):
    return [[(i * 37 + j * 101 + seed) % 41 - 20 for j in range(columns)] for i in range(rows)]


def floats(rows, columns, seed):
    return [[((i * 37 + j * 101 + seed) % 1009 - 500) / 7.0 for j in range(columns)] for i in range(rows)]


def mixed(rows, columns, seed):
    return [[(i + j + seed) / 3 if (i + j) % 2 else i * j - seed for j in range(columns)] for i in range(rows)]


def large(rows, columns, seed):
    return [[(seed + i) ** 13 * (-1) ** j * 10 ** (j % 5 * 6) + j for j in range(columns)] for i in range(rows)]


def odd_floats(rows, columns, seed):
    odd = [0.0, -0.0, 1e308, -1e308, 5e-324, float("inf"), float("-inf"), float("nan"), 1e-310, 3.5]
    return [[odd[(i * 3 + j * 7 + seed) % len(odd)] for j in range(columns)] for i in range(rows)]


def check(name, make_a, make_b, n, depth, m):
    a, b = make_a(n, depth, 3), make_b(depth, m, 11)
    print(name, n, depth, m)
    wanted = None
    for function in (by_comprehension, by_indices, by_transposed_list, with_accumulator, with_float_accumulator, by_append, by_rows,
                     enumerated, enumerated_lists):
        result = bits(function(a, b))
        print(" ", function.__name__, hash(result) if False else result[:150], len(result), sum(map(ord, result)))
    for function in (ijk, ikj, jik, jki, kij, kji, cleared_first, rows_kept):
        for start in (0, 0.0, -0.0, 7):
            c = [[start] * m for _ in range(n)]
            left = function(a, b, c)
            result = bits(c)
            print(" ", function.__name__, start, left, result[:90], sum(map(ord, result)))
    x = [row[0] for row in b]
    print(" ", bits(matrix_vector(a, x)), bits(vector_matrix([row[0] for row in a], a)))
    print(" ", bits(dense_layer(a, x, [row[0] for row in a])))
    print(" ", bits(matrix_vector_started(a, x, [row[-1] for row in a])))


for makers in ((ints, ints), (floats, floats), (ints, floats), (mixed, floats), (mixed, mixed), (large, ints), (large, large),
               (odd_floats, floats), (odd_floats, odd_floats)):
    check("-".join(maker.__name__ for maker in makers), *makers, 4, 5, 6)
check("ints", ints, ints, 9, 17, 10)
check("floats", floats, floats, 11, 8, 8)
check("tall", floats, floats, 16, 16, 1)


def convolution(images, filters):
    channels, rows, columns = len(images), len(images[0]), len(images[0][0])
    size = len(filters[0][0])
    out = [[[0.0] * (columns - size + 1) for _ in range(rows - size + 1)] for _ in filters]
    for f in range(len(filters)):
        for y in range(rows - size + 1):
            for x in range(columns - size + 1):
                s = 0.0
                for c in range(channels):
                    for v in range(size):
                        for u in range(size):
                            s += images[c][y + v][x + u] * filters[f][c][v][u]
                out[f][y][x] = s
    return out, f, y, x, c, v, u, s


def batched(stack, other):
    return [[[sum(p * q for p, q in zip(row, column)) for column in zip(*b)] for row in a] for a, b in zip(stack, other)]


def row_products(a, b):
    return [sum(x * y for x, y in zip(p, q)) for p, q in zip(a, b)]


def convolved_row(image, kernel, y):
    return [sum(image[y + v][x + u] * kernel[v][u] for v in range(len(kernel)) for u in range(len(kernel[0])))
            for x in range(len(image[0]) - len(kernel[0]) + 1)]


stack = [floats(7, 8, seed) for seed in range(3)]
kernels = [[floats(3, 3, seed + c) for c in range(3)] for seed in (5, 6)]
print(bits(convolution(stack, kernels)))
print(bits(convolution([ints(5, 6, 1)], [[ints(2, 2, 2)]] * 3)))
print(bits(batched(stack, [floats(8, 3, seed) for seed in range(3)])), bits(row_products(stack[0], stack[1])))
print(bits(convolved_row(stack[0], kernels[0][0], 2)))
