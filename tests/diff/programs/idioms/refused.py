# Loops that look like arithmetic over lists and are not, or not with these values: what is left is what Python leaves.


def product(a, b):
    return [[sum(x * y for x, y in zip(row, column)) for column in zip(*b)] for row in a]


def loops(a, b, c):
    for i in range(len(a)):
        for j in range(len(b[0])):
            s = 0
            for k in range(len(b)):
                s += a[i][k] * b[k][j]
            c[i][j] = s


def update(a, b, c):
    for i in range(len(a)):
        for j in range(len(b[0])):
            for k in range(len(b)):
                c[i][j] += a[i][k] * b[k][j]


def scale(values, factor):
    for i in range(len(values)):
        values[i] = values[i] * factor
    return i


def divide(values, divisors):
    result = []
    for x, y in zip(values, divisors):
        result.append(x / y)
    return result


def show(text, function, *arguments):
    try:
        result = function(*arguments)
    except Exception as error:
        result = "%s: %s" % (type(error).__name__, error)
    print(text, result, arguments)


class Number(int):
    def __mul__(self, other):
        print("times", other)
        return Number(int(self) * int(other) + 1)

    __rmul__ = __mul__


class Real(float):
    def __radd__(self, other):
        return Real(float(self) + float(other) + 0.5)


class Row(list):
    def __iter__(self):
        print("iter")
        return iter([1] * len(self))

    def __getitem__(self, index):
        return 5


def fresh(rows=4, columns=4, item=0):
    return [[item] * columns for _ in range(rows)]


square = [[i * 4 + j for j in range(4)] for i in range(4)]
real = [[i / 4 + j for j in range(4)] for i in range(4)]

# wrong types
show("text", product, square, [["a"] * 4] * 4)
show("none", product, square, [[1, 2, 3, None]] * 4)
show("bools", product, [[True, False, True, True]] * 4, square)
show("complex", product, square, [[1j, 2, 3, 4]] * 4)
show("int subclass", product, [[Number(2), 1, 1, 1]] * 2, [[Number(3), 1]] * 4)
show("float subclass", product, [[Real(2), 1.0, 1.0, 1.0]] * 2, [[Real(3), 1.0]] * 4)
show("list subclass", product, [Row([2, 3, 4, 5]), [1, 2, 3, 4]], square)
show("tuples", product, ((1, 2, 3, 4), (5, 6, 7, 8)), ((1, 2), (3, 4), (5, 6), (7, 8)))
show("strings as rows", product, ["abcd"], square)
show("dict", product, {0: [1, 2, 3, 4]}, square)
show("fractions of text", loops, square, [["x"] * 4 for _ in range(4)], fresh())

# ragged, and indices beyond the end
show("ragged left", product, [[1, 2, 3, 4], [1, 2], [1, 2, 3], [1]], square)
show("ragged right", product, square, [[1, 2, 3, 4], [1, 2], [1, 2, 3], [1, 2, 3]])
c = fresh()
show("short row", loops, [[1, 2, 3, 4], [1, 2, 3, 4], [1, 2, 3], [1, 2, 3, 4]], square, c)
c = fresh(4, 3)
show("short result", loops, square, square, c)
c = fresh(2, 4)
show("few results", update, square, square, c)
show("empty", product, [], [])
show("empty rows", product, [[], []], [])
show("empty right", loops, square, [[]], fresh())

# the lists that are written are read, or are one
shared = [0] * 4
show("one row for all", loops, square, square, [shared] * 4)
a = [row[:] for row in square]
show("in place", loops, a, square, a)
a = [row[:] for row in square]
show("in place, updated", update, a, square, a)
a = [row[:] for row in real]
show("right in place", update, real, a, a)
a = [row[:] for row in square]
show("a row of another", loops, square, [a[0], square[1], square[2], square[3]], [a[0], [0] * 4, [0] * 4, [0] * 4])
show("scaled", scale, [1, 2, 3, 4, 5, 6, 7, 8, 9], 3)
show("scaled by text", scale, [1, 2, 3, 4, 5, 6, 7, 8, 9], "ab")
show("scaled list of lists", scale, [[1], [2], [3], [4], [5], [6], [7], [8]], 2)

# exceptions in the middle
show("division", divide, [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0], [1, 2, 4, 8, 0, 1, 1, 1])
show("int too large", divide, [10 ** 400, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0], [1, 2, 4, 8, 0.5, 1, 1, 1])
show("mixed too large", product, [[10 ** 400, 1]] * 2, [[1.5, 2.5]] * 2)


def partial(values, divisors, out):
    for i in range(len(values)):
        out[i] = values[i] / divisors[i]


out = ["kept"] * 9
show("half done", partial, [1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 1, 1, 1, 0, 1, 1, 1, 1], out)


# what is overwritten need not be a number
def overwrite(out, values):
    for i in range(len(values)):
        out[i] = values[i] + 1
    return out


print(overwrite([None] * 9, list(range(9))), overwrite(["text"] * 9, list(range(9))), overwrite([[]] * 9, list(range(9))))


# iterators that others hold
def total(pairs):
    s = 0
    for x, y in pairs:
        s += x * y
    return s, x, y


left, right = iter([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]), iter([3] * 12)
pairs = zip(left, right)
print(total(pairs), list(left), list(right), list(pairs))
left, right = iter([1] * 14), iter([3] * 11)
pairs = zip(left, right)
print(total(pairs), list(left), list(right), list(pairs))
numbers = iter(range(20))
next(numbers)


def squares(numbers):
    s = 0
    for n in numbers:
        s += n * n
    return s


print(squares(numbers), list(numbers), squares(iter([1, 2, 3, 4, 5, 6, 7, 8, 9])))
items = iter([1, 2, 3, 4, 5, 6, 7, 8, 9])
next(items)
print(squares(items), list(items))
counted = enumerate([2, 4, 6, 8, 10, 12, 14, 16, 18], 5)
print(total(counted), list(counted))
print(squares(x for x in range(10)), squares({1, 2, 3}), squares({1: 2, 3: 4}), squares(b"abcdefghij"))
generator = (x * 3 for x in [1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
print(sum(generator), list(generator))
generator = (x * y for x, y in zip([1, 2, 3], [4, 5, 6]))
next(generator)
print(sum(generator))

# replaced functions
import builtins


def sums(a, b):
    return sum(x * y for x, y in zip(a, b)), [i * 2 for i in range(len(a))]


first, second = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [2] * 10
print(sums(first, second))
old = builtins.sum, builtins.zip, builtins.range, builtins.len
builtins.sum = lambda items: "sum %s" % list(items)
print(sums(first, second))
builtins.sum = old[0]
builtins.zip = lambda *lists: [(1, 1)]
print(sums(first, second), product([[1, 2]], [[3], [4]]))
builtins.zip = old[1]
builtins.range = lambda *bounds: [7, 8]
print(sums(first, second))
builtins.range = old[2]
print(sums(first, second))
sum = max
print(sums(first, second))
del sum
print(sums(first, second))
len = lambda items: 2
print(sums(first, second))
del len


def shadowed(a, b, zip=lambda a, b: [(9, 9)] * 3):
    return sum(x * y for x, y in zip(a, b))


print(shadowed(first, second))


# side effects and other ways out
def noisy(a, b):
    s = 0
    for x, y in zip(a, b):
        s += x * y
        if s > 20:
            break
    else:
        return "all"
    return s


def searching(a, b):
    for x, y in zip(a, b):
        if x * y > 8:
            return x
    return None


def growing(values):
    for x in values:
        if x < 5:
            values.append(x + 1)
    return values


def shrinking(values):
    s = 0
    for i in range(len(values)):
        s += values[i]
        del values[-1]
    return s


print(noisy(first, second), noisy([1], [2]), searching(first, second), growing([1, 2, 3]))
show("shrinking", shrinking, list(range(9)))


def recurrence(values):
    for i in range(1, len(values)):
        values[i] = values[i - 1] + values[i]
    return values


def running(values):
    out, s = [], 0
    for x in values:
        s += x
        out.append(s)
    return out


def previous(values):
    last, out = 0, []
    for x in values:
        out.append(x - last)
        last = x
    return out


def horner(coefficients, x):
    value = 0
    for c in coefficients:
        value = value * x + c
    return value


def subtract_from(values, s):
    for x in values:
        s -= x * x
    return s


print(recurrence(list(range(12))), running(first), previous(first), horner(first, 3), subtract_from(first, 1000))


# unbound variables, cells and globals
def unbound(flag):
    if flag:
        factor = 3
    s = 0
    for x in [1, 2, 3, 4, 5, 6, 7, 8, 9]:
        s += x * factor
    return s


show("bound", unbound, True)
show("unbound", unbound, False)


def with_cells(values):
    total, factor = 0, 2
    for x in values:
        total += x * factor

    def inner():
        return total, x, factor

    return inner()


print(with_cells(first))


def nonlocal_sum(values):
    s = 0

    def add():
        nonlocal s
        for v in values:
            s += v * v
        return s

    return add(), s


print(nonlocal_sum(first))


def global_sum(values):
    global grand
    grand = 0
    for v in values:
        grand += v * v
    return grand


print(global_sum(first), grand)
class Body:
    s = 0
    for v in [1, 2, 3, 4, 5, 6, 7, 8, 9]:
        s += v * v
    doubled = [v * 2 for v in [1, 2, 3, 4, 5, 6, 7, 8, 9]]


print(Body.s, Body.v, Body.doubled)
namespace = {"values": first}
exec("t = 0\nfor v in values:\n    t += v * v\nw = [v * 3 for v in values]", namespace)
print(namespace["t"], namespace["v"], namespace["w"])
local = {}
exec("t = 0\nfor v in [1, 2, 3, 4, 5, 6, 7, 8, 9]:\n    t += v * v", {}, local)
print(local)


# what a round computes and does not keep may raise all the same; what is written may be gone over
def in_vain(values):
    s = 0.0
    for x in values:
        t = x + x * 0.5
        s += 0.5
    return s, t


def unused_items(values, others):
    s = 0
    for i in range(len(values)):
        others[i]
        s += values[i] * 2
    return s


def written_and_walked(x, a):
    for i in range(len(x)):
        for j, v in enumerate(x):
            x[i] += a[j] * a[i]
    return i, j, v


def doubled_names(values):
    s = 0
    for x in values:
        x = x + x
        x = x * x
        x = x - x * x
        s += x
    return s, x


def deep(values):
    s = 0
    for x in values:
        x = x + x
        x = x + x
        x = x + x
        x = x + x
        x = x + x
        x = x + x
        x = x + x
        x = x + x
        x = x + x
        x = x + x
        s += x
    return s, x


show("in vain", in_vain, [1, 2, 3, 4, 5, 6, 7, None, 9])
show("in vain, all numbers", in_vain, [1, 2, 3, 4, 5, 6, 7, 8, 9])
show("unused items", unused_items, list(range(9)), list(range(8)))
show("written and walked", written_and_walked, list(range(9)), [0.5] * 9)
show("assigned again", doubled_names, list(range(9)))
show("deep", deep, list(range(9)))


def pairs(x, y):
    return [p * q for p, q in zip(x, y)], sum(p * q for p, q in zip(x, y)), list(x)


def turned(rows):
    return [sum(p * q for p, q in zip(column, column)) for column in zip(*rows)], [list(row) for row in rows]


for kind in (list, iter):
    twins = kind([float(i) for i in range(40)])
    print("zipped with itself", pairs(twins, twins))
    twins = kind(list(range(60)))
    print("the same row again", turned([twins] * 3))
    print("turned", turned([kind(list(range(i, i + 20))) for i in range(20)]))
