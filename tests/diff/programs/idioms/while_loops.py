# while loops that count, in the forms that for loops are taken in, and others that only look like them.


def total(x, n):
    s, i = 0, 0
    while i < n:
        s += x[i]
        i += 1
    return s, i


def backwards(x):
    s, i = 0, len(x) - 1
    while i >= 0:
        s += x[i] * x[i]
        i -= 1
    return s, i


def product(a, b, c):
    n, i = len(a), 0
    while i < n:
        j = 0
        while j < n:
            k = 0
            while k < n:
                c[i][j] += a[i][k] * b[k][j]
                k += 1
            j += 1
        i += 1
    return c, i, j, k


def product_in_for(a, b, c):
    for i in range(len(a)):
        j = 0
        while j < len(b[0]):
            s, k = 0, 0
            while k <= len(b) - 1:
                s += a[i][k] * b[k][j]
                k = k + 1
            c[i][j] = s
            j += 1
    return c, i, j, k, s


def axpy(x, y):
    i = 0
    while i < len(x):
        y[i] = 2.0 * x[i] + y[i]
        i += 1
    return y, i


def copied(x, step):
    i, r = 1, []
    while len(x) > i:
        r.append(x[i] + 0.5)
        i += step
    return r, i


def greatest(x):
    i, best, where = 0, x[0], 0
    while i < len(x):
        if x[i] > best:
            best = x[i]
            where = i
        i += 1
    return best, where, i


def counted(x, limit):
    i = n = 0
    while i != len(x):
        n += x[i] > limit
        i += 1
    return n, i


def shifted(x):
    i, s = 0, 0
    while i < len(x) - 1:
        i += 1
        s += x[i] * i
    return s, i


def doubled(n):
    i, s = 1, 0
    while i < n:
        s += i * 3
        i *= 2
    return s, i


def grown(x, n):
    i = 0
    while i < len(x) and i < n:
        x.append(i * 2)
        i += 1
    i = 0
    while i < len(x):
        if len(x) > 60:
            break
        x.append(1.5)
        i += 1
    return x, i


def grows(x):
    i = 0
    while i < len(x):
        x[i] = x[i] * 2
        i += 1 + (i > 20)
    return x, i


def moving(n):
    i, s = 0, 0
    while i < n:
        s += i * 2
        i += 1
        n -= 1
    return s, i, n


def walrus(x):
    i, s = 0, 0
    while (n := len(x)) > i:
        s += x[i]
        i += 1
    return s, i, n


def with_else(x):
    i, s = 0, 0
    while i < len(x):
        s += x[i] * 0.5
        i += 1
    else:
        s = -s
    return s, i


def one_line(a):
    s = 0
    for row in a:
        i = 0
        while i < len(row): s += row[i]; i += 1
    return s, i


def show(function, *arguments):
    try:
        print(function.__name__, function(*arguments))
    except Exception as error:
        print(function.__name__, type(error).__name__, error)
    print("  ", *[argument for argument in arguments if not isinstance(argument, list) or len(argument) < 25])


class Length(list):
    asked = 0

    def __len__(self):
        Length.asked += 1
        return 5


floats = [float((i * 37) % 50) - 10.5 for i in range(50)]
ints = [(i * 37) % 50 - 10 for i in range(50)]
for x in (floats, ints, [1, 2.5] * 12, tuple(ints), [10 ** 30] * 20, [True] * 20, floats + ["a"], [], [2], Length(floats),
          "text of letters"):
    for function in (backwards, greatest, shifted, walrus, with_else):
        show(function, x)
    for n in (len(floats), 20, 20.5, -1, 0, True, 10 ** 20, "n"):
        show(total, x, n)
    for step in (1, 2, 7, True):
        show(copied, x, step)
    show(counted, x, 3)
    show(axpy, x, list(x))
print(Length.asked)
square = [[i * 20 + j for j in range(20)] for i in range(20)]
real = [[i * 0.25 + j for j in range(20)] for i in range(20)]
for a in (square, real):
    print(product(a, a, [[0] * 20 for _ in a]), product_in_for(a, real, [[0] * 20 for _ in a]), one_line(a))
    show(product, a, a, [[0] * 20] * 20)
copy = [row[:] for row in real]
show(product, copy, copy, copy)
print(doubled(1000), moving(40), moving(-1))
print(grown([1.0] * 20, 25), grows([1.5] * 40), grows([2] * 10))
i = 0
s = 0.0
while i < 40:
    s += floats[i]
    i += 1
print(s, i)


def outer():
    def peek():
        return i, s
    i = s = 0
    while i < len(ints):
        s += ints[i]
        i += 1
    return peek()


print(outer())
