# Dot products, axpy, maps and reductions over lists, as statements and comprehensions, in functions and at module level.
import struct


def bits(value):
    if isinstance(value, float):
        return "%s:%s" % (value, "nan" if value != value else struct.pack(">d", value).hex())
    if isinstance(value, (list, tuple)):
        return "[" + " ".join(bits(item) for item in value) + "]"
    return "%s:%s" % (type(value).__name__, value)


def dot_loop(x, y):
    s = 0
    for i in range(len(x)):
        s += x[i] * y[i]
    return s, i


def dot_zip(x, y):
    s = 0.0
    for a, b in zip(x, y):
        s = s + a * b
    return s, a, b


def dot_sum(x, y):
    return sum(a * b for a, b in zip(x, y)), sum([a * b for a, b in zip(x, y)]), sum(x[i] * y[i] for i in range(len(x)))


def dot_started(x, y, start):
    return sum((a * b for a, b in zip(x, y)), start)


def axpy(alpha, x, y):
    out = y[:]
    for i in range(len(x)):
        out[i] += alpha * x[i]
    return out, [alpha * a + b for a, b in zip(x, y)], [y[i] + x[i] * alpha for i in range(len(x))]


def axpy_into(alpha, x, y, out):
    for i in range(len(x)):
        out[i] = alpha * x[i] + y[i]
    return i


def maps(x, y, c):
    result = [a + b for a, b in zip(x, y)], [a - b for a, b in zip(x, y)], [a * c for a in x], [-a for a in x]
    more = [c - a * a for a in x]
    third = []
    for a, b in zip(x, y):
        d = a - b
        third.append(d * d)
    return result, more, third, d, [a / 3 for a in x], [i * 2 + a for i, a in enumerate(x)], [a ** 2 for a in x], [a % 7 for a in x]


def reductions(x, y):
    total = squares = 0
    for a in x:
        total += a
    for a, b in zip(x, y):
        squares += (a - b) * (a - b)
    deep = 0
    for a in x:
        for b in y:
            deep += a * b + a
    return total, squares, deep, a, b, sum((a - b) ** 2 for a, b in zip(x, y)), sum(a / 2 for a in x), sum(
        a * i for i, a in enumerate(x, 1))


def norms(matrix):
    total = sum(sum(a * 2 for a in row) for row in matrix)
    return [sum(a * a for a in row) for row in matrix], sum(a * a for row in matrix for a in row), total


def element_wise(p, q):
    out = [[0] * len(p[0]) for _ in p]
    for i in range(len(p)):
        for j in range(len(p[0])):
            out[i][j] = p[i][j] * q[i][j] + i - j
    return out, [[a - b for a, b in zip(r, s)] for r, s in zip(p, q)], [[2 * a for a in r] for r in p], [
        [p[j][i] + 0 for j in range(len(p))] for i in range(len(p[0]))]


def in_place(x, c):
    for i in range(len(x)):
        x[i] *= c
    for i in range(len(x)):
        x[i] = x[i] * x[i] - x[i]
    for i, v in enumerate(x):
        x[i] = v + 1
    return x, i, v


def convolve(image, kernel):
    rows, columns = len(image) - len(kernel) + 1, len(image[0]) - len(kernel[0]) + 1
    out = []
    for y in range(rows):
        line = []
        for x in range(columns):
            s = 0
            for v in range(len(kernel)):
                for u in range(len(kernel[0])):
                    s += image[y + v][x + u] * kernel[v][u]
            line.append(s)
        out.append(line)
    return out


def smooth(x):
    between = [x[i] * 0.5 + x[i + 1] * 0.5 for i in range(len(x) - 1)]
    return between, [x[-1] * x[i] for i in range(len(x))], [x[len(x) - 1 - i] - x[i] for i in range(len(x))]


def ranges(x):
    s = t = 0
    for i in range(2, len(x)):
        s += x[i] * i
    for i in range(len(x) - 1, -1, -1):
        t += x[i] * i
    for i in range(0, len(x), 2):
        t += x[i]
    return s, t, i


def batches(stack, weights):
    return [[sum(a * b for a, b in zip(row, weights)) for row in matrix] for matrix in stack]


ints = [3, -1, 4, 1, -5, 9, 2, 6, -5, 3, 5]
others = [2, 7, 1, 8, 2, -8, 1, 8, 2, 8, 4]
floats = [x / 7 for x in ints]
reals = [y / 3.3 for y in others]
mixed = [x if x % 2 else x / 4 for x in ints]
large = [x ** 31 for x in ints]
wide = [2 ** 61 + x for x in ints]
odd = [0.0, -0.0, 1e308, -1e308, 5e-324, float("inf"), 1.5, -float("inf"), float("nan"), 1e-310, 2.0]
zeros = [-0.0] * 11

for name, x, y in (("ints", ints, others), ("floats", floats, reals), ("int float", ints, reals), ("mixed", mixed, others),
                   ("large", large, wide), ("wide", wide, wide), ("odd", odd, floats), ("odd twice", odd, odd),
                   ("zeros", zeros, ints), ("short", ints[:3], others[:3]), ("unequal", ints, others[:9])):
    print(name)
    for function in (dot_loop, dot_zip, dot_sum, maps, reductions, axpy_into, dot_started):
        try:
            extra = {"maps": (3,), "axpy_into": (2.5,), "dot_started": (0.5,)}.get(function.__name__, ())
            if function is axpy_into:
                out = [None] * len(x)
                result = function(2.5, x, y, out), out
            else:
                result = function(x, y, *extra)
            print(" ", function.__name__, bits(result))
        except Exception as error:
            print(" ", function.__name__, type(error).__name__, error)
    for alpha in (2, -0.5, 10 ** 20):
        try:
            print(" ", bits(axpy(alpha, x, y[:] if len(x) == len(y) else list(x))))
        except Exception as error:
            print(" ", type(error).__name__, error)
    print(" ", bits(in_place(x[:], 2)), bits(smooth(x)), bits(ranges(x)))
    matrix = [x, list(x[::-1]), [0] * len(x)]
    print(" ", bits(norms(matrix)), bits(element_wise(matrix, matrix[::-1])))
    print(" ", bits(batches([matrix, matrix], x)))
print(bits(convolve([[(i * 7 + j * 3) % 11 for j in range(9)] for i in range(8)], [[1, 0, -1], [2, 0, -2], [1, 0, -1]])))
print(bits(convolve([[(i * 7 + j * 3) % 11 / 3 for j in range(9)] for i in range(8)], [[0.1, 0.2], [0.3, 0.4]])))

# at module level, where variables are globals
s = 0
for a, b in zip(ints, others):
    s += a * b
print(s, a, b)
rows = [[i * 10 + j for j in range(8)] for i in range(8)]
target = [[0] * 8 for _ in range(8)]
for i in range(8):
    for j in range(8):
        for k in range(8):
            target[i][j] += rows[i][k] * rows[k][j]
print(target, i, j, k)
doubled = [2 * v for v in ints]
lengths = [sum(v * v for v in row) for row in rows]
print(doubled, lengths, "v" in globals())
for i in range(len(doubled)):
    doubled[i] = doubled[i] + i
print(doubled, i)
range_of = range(3, 14)
t = 0
for i in range_of:
    t += i * i
print(t, i, [i * i for i in range_of], sum(i * 0.5 for i in range_of))
