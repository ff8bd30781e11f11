# The same arithmetic in other words: attributes, pairs, absolute values, what is subtracted, borders, flat matrices; with
# operands for which it is something else.
import sys

log = []


def show(text, function, *arguments):
    log.clear()
    try:
        result = function(*arguments)
    except Exception as error:
        result = "%s: %s" % (type(error).__name__, error)
    print(text, result, [repr(argument)[:150] for argument in arguments if type(argument) in (list, tuple)], len(log), log[:4])


class Matrix:
    def __init__(self, data):
        self.data = data
        self.rows = len(data)
        self.columns = len(data[0])

    def __mul__(self, other):
        result = [[0] * other.columns for _ in range(self.rows)]
        for i in range(self.rows):
            for j in range(other.columns):
                for k in range(self.columns):
                    result[i][j] += self.data[i][k] * other.data[k][j]
        return Matrix(result)

    def times(self, other):
        return [[sum(self.data[i][k] * other.data[k][j] for k in range(self.columns)) for j in range(other.columns)]
                for i in range(self.rows)]

    def apply(self, x):
        return [sum(p * q for p, q in zip(row, x)) for row in self.data]

    def scale(self, factor):
        for i in range(self.rows):
            for j in range(self.columns):
                self.data[i][j] *= factor
        return i, j

    def trace(self):
        total = 0
        for i in range(self.rows):
            total += self.data[i][i]
        return total


class Slotted(Matrix):
    __slots__ = ("extra",)


class Lazy:
    """Rows and columns are computed, and so is data."""
    def __init__(self, data):
        self.kept = data

    def __getattr__(self, name):
        log.append(name)
        return {"rows": len(self.kept), "columns": len(self.kept[0]), "data": self.kept}[name]

    __mul__, times, apply, scale, trace = Matrix.__mul__, Matrix.times, Matrix.apply, Matrix.scale, Matrix.trace


class Counting(Matrix):
    """Another matrix each time it is asked for."""
    @property
    def data(self):
        log.append("data")
        self.asked += 1
        return self.kept[self.asked % 2]

    @data.setter
    def data(self, data):
        self.asked = 0
        self.kept = [data, [[2 * item for item in row] for row in data]]


class Particle:
    def __init__(self, mass, place):
        self.mass, self.place = mass, place

    def __repr__(self):
        return "Particle"


class Charged(Particle):
    mass = property(lambda self: log.append("mass") or 2.5, lambda self, mass: None)


def matrix(rows, columns, step=1.0):
    return [[(i * 7 + j * 3) % 11 * step - 4 for j in range(columns)] for i in range(rows)]


for kind in (Matrix, Slotted, Lazy, Counting):
    for step in (1, 0.5, 2**61):
        a, b = kind(matrix(9, 8, step)), kind(matrix(8, 9, step))
        product = (lambda: None) if kind is Lazy else (lambda: (a * b).data)
        show(kind.__name__, lambda: (product(), a.times(b), a.apply([1.5] * 8), a.scale(3), a.data))
        show("trace", lambda: (a.trace(), b.trace()))
a = Matrix(matrix(9, 9))
a.data[4] = (1, 2, 3, 4, 5, 6, 7, 8, 9)
show("a row that cannot be stored to", lambda: a.scale(2))
print(a.data)
a = Matrix(matrix(9, 9))
a.rows = 10
show("a row missing", lambda: a.scale(2))
print(a.data)
del a.rows
show("an attribute missing", lambda: a.scale(2))


def momentum(particles):
    total = 0.0
    for p in particles:
        total += p.mass * p.place
    return total, sum(p.mass for p in particles), [p.mass * 2 for p in particles], p is particles[-1]


show("objects", momentum, tuple(Particle(i * 0.5, 3 - i) for i in range(40)))
show("other objects", momentum, [Particle(1, 2)] * 20 + [Charged(1, 2)] + [Particle(3, 4)] * 19)


def absolute(x, y):
    near = 0
    for i in range(len(x)):
        near += abs(x[i] - y[i])
    return (sum(abs(v) for v in x), max(abs(v) for v in x), [abs(v) for v in x], near,
            sum(abs(p - q) for p, q in zip(x, y)), sum([abs(v) for v in x]))


def subtract(x, y):
    s, t = 100.5, 7
    for i in range(len(x)):
        s -= x[i] * y[i]
    for v in x:
        t = t - v
    u = 0
    for v in y:
        if v > 1:
            u -= v
    return s, t, u, i, v


def pairs(x, y):
    s = 0
    for pair in zip(x, y):
        s += pair[0] * pair[1]
    t, z = 0, [0] * len(x)
    for i, (p, q) in enumerate(zip(x, y), 2):
        t += i * p * q
    for i, (p, q) in enumerate(zip(x, y)):
        z[i] = 2 * p + q
    return s, pair, t, (i, p, q), z, sum(p[0] * p[1] for p in zip(x, y)), sum(q[-1] - q[-2] for q in enumerate(x))


def in_place(x):
    for i, v in enumerate(x):
        x[i] = v * 3
    for i, v in enumerate(x):
        x[i] = abs(v) - x[i]
    return i, v


def again(x, y):
    """Each item read has been stored to in the round of the outer loop before."""
    for j in range(3):
        for i, v in enumerate(x):
            x[i] += v * y[j]
    for i, v in enumerate(x):
        x[i - 1] = v * 2
    return i, j, v


def rows_in_place(a):
    for i, row in enumerate(a):
        for j, v in enumerate(row):
            a[i][j] = v * 2 + i
    for i, row in enumerate(a):
        for j, v in enumerate(row):
            a[j][i] = v - 1
    return row is a[-1], v


def flat(x, y, n):
    c, d, e = [0] * (n * n), [0.0] * len(x), [0] * 3 * len(x)
    for i in range(n):
        for j in range(n):
            s = 0
            for k in range(n):
                s += x[i * n + k] * y[k * n + j]
            c[i * n + j] = s
    for i in range(len(x)):
        d[len(x) - 1 - i] = x[i] * 2
    for i in range(len(x)):
        e[3 * i + 1] += x[i] - y[i]
    return c, d, e


def same_places(x):
    d = [0] * len(x)
    for i in range(len(x)):
        d[i // 2] += x[i] * 2
    for i in range(8):
        for j in range(8):
            x[i + j] += i * j
    return d


def border(x, w):
    out = []
    for i in range(len(x)):
        s = 0.0
        for j in range(len(w)):
            k = i + j - 1
            if 0 <= k < len(x):
                s += x[k] * w[j]
        out.append(s)
    return out, [x[i + 1] - x[i] if i + 1 < len(x) else 0 for i in range(len(x))]


def wrong_border(x, w):
    s = 0.0
    for i in range(len(x)):
        for j in range(len(w)):
            k = i + j - 1
            if k <= len(x):
                s += x[k] * w[j]
    return s


def picture(a, kernel):
    n = len(a)
    out = [[0.0] * n for _ in range(n)]
    for i in range(n):
        for j in range(n):
            s = 0.0
            for u in range(3):
                for v in range(3):
                    y, x = i + u - 1, j + v - 1
                    if 0 <= y < n and 0 <= x < n:
                        s += a[y][x] * kernel[u][v]
            out[i][j] = s
    return out


def conditional(x):
    return sum(1 for v in x if v > 3), sum(v for v in x if v % 2 == 0), sum(x[j] for j in range(len(x)) if j != 4)


def truths(x, y):
    z = [0] * len(x)
    for i in range(len(x)):
        z[i] = x[i] > y[i]
    return [v > 1 for v in x], [p != q for p, q in zip(x, y)], z, [[v * w <= 2 for w in y[:5]] for v in x[:5]]


NAN, INF, HUGE = float("nan"), float("inf"), 2**62
VECTORS = {
    "ints": [5 - i for i in range(64)], "floats": [i * 0.5 - 8 for i in range(64)],
    "mixed": [i if i % 3 else i / 4 for i in range(64)], "huge": [HUGE - i if i % 2 else i - 2 * HUGE for i in range(64)],
    "special": [-0.0, NAN, -INF, INF, -5e-324, 1e308, -1e308, 2.0] * 8,
    "bools": [True, False] * 32, "short": [1.5, 2], "a text": [1.5] * 63 + ["a"], "no number": [2] * 40 + [None] * 24}
ONES = [1.25, -2, 3] * 22
for name, x in VECTORS.items():
    show(name + " absolute", absolute, x[:], ONES[:64])
    show(name + " subtract", subtract, x[:], ONES[:64])
    show(name + " pairs", pairs, x[:], ONES[:64])
    show(name + " in place", in_place, x[:])
    show(name + " again", again, x[:], ONES)
    show(name + " rows", rows_in_place, [x[i:i + 8] for i in range(0, 64, 8)])
    show(name + " flat", flat, x[:], ONES[:64], 8)
    show(name + " same places", same_places, x[:])
    show(name + " border", border, x[:], [0.5, 2, -1])
    show(name + " wrong border", wrong_border, x[:], [0.5, 2, -1])
    show(name + " picture", picture, [x[i:i + 8] for i in range(0, 64, 8)], [[1, 0.5, 2]] * 3)
    show(name + " conditional", conditional, x[:])
    show(name + " truths", truths, x[:], ONES[:64])
shared = [1.5] * 8
show("one row", rows_in_place, [shared] * 8)
show("a ragged picture", picture, [[1.0] * (8 - i // 7) for i in range(8)], [[1, 0.5, 2]] * 3)


def own_module(x):
    module = sys.modules[__name__]
    module.total = 0
    exec(compile("for value in x:\n    total += value * module.total + 1\n", "own", "exec"), module.__dict__)
    return total


x, module = VECTORS["ints"], sys.modules[__name__]
total = 0
for value in x:
    total += value * module.total + 1
print(total)
show("its own module", own_module, x)


def replaced(x):
    abs = lambda value: value * 2
    return sum(abs(v) for v in x)


show("another abs", replaced, VECTORS["ints"])
steps = enumerate(zip(VECTORS["ints"], ONES), 5)
print(sum(i * p * q for i, (p, q) in steps), next(steps, "none"))
