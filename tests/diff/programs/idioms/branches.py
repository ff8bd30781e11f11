# Loops with branches: or, not, elif, chained comparisons, items stored in some rounds, appends in both arms, several numbers that are
# replaced, while loops that end at a number; over lists of numbers and of what only looks like them.


def either(x):
    n = 0
    for v in x:
        if v > 3 or v < -2:
            n += 1
    return n


def between(x):
    n = 0
    for v in x:
        if 0 < v < 5:
            n += v
    return n


def stored_in_some(x, y):
    for i in range(len(x)):
        if x[i] > 2:
            y[i] = x[i] * 2
    return y


def stored_in_both(x, y):
    for i in range(len(x)):
        if x[i] > 2:
            y[i] = x[i] * 2
        else:
            y[i] = -x[i]
    return y


def appended_in_both(x):
    r = []
    for v in x:
        if v > 0:
            r.append(v)
        else:
            r.append(0)
    return r


def until_equal(x):
    i = s = 0
    while i != len(x):
        s += x[i]
        i += 1
    return s, i


def greatest_and_least(x):
    best = low = x[0]
    bi = li = 0
    for i in range(len(x)):
        if x[i] > best:
            best = x[i]
            bi = i
        if x[i] < low:
            low = x[i]
            li = i
    return best, bi, low, li


def places(x):
    b = l = 0
    for i in range(len(x)):
        if x[i] > x[b]:
            b = i
        if x[i] < x[l]:
            l = i
    return b, l


def generated(x):
    return sum(1 for v in x if v > 3 or v < -2), sum(v for v in x if -1 < v < 3), [1 if 0 < v < 4 else 0 for v in x]


def continued(x):
    s = 0
    for v in x:
        if v < 0:
            continue
        s += v
    return s


def counted(x):
    a = b = c = 0
    for v in x:
        if v > 3:
            a += 1
        elif v < 0:
            b += 1
        else:
            c += v
    return a, b, c


def clamped(m):
    for i in range(len(m)):
        for j in range(len(m[0])):
            if m[i][j] < 0:
                m[i][j] = 0
            elif m[i][j] > 3:
                m[i][j] = 3
    return m


def sum_of_rows(m):
    t = 0
    for row in m:
        t += sum(row)
    return t


def of_rows(m):
    return max(max(row) for row in m), [sum(r) for r in m], max(m[0]), sum(m[0])


def compared_in_vain(x, y):
    s = 0
    for p, q in zip(x, y):
        if s <= p:
            s = p
        if p < q:
            pass
    return s


def nested_conditions(x):
    a = b = 0
    for v in x:
        if v > 0:
            if v > 3 and not v > 5:
                a += 1
        elif v == -1 or v == -2 or not v < 4:
            b += v
    return a, b


def only_some_indices(x, y):
    """Behind the end of y nothing is stored."""
    for i in range(len(x)):
        if x[i] > 5:
            y[i % len(y)] = x[i]
    for i in range(len(x)):
        if x[i] > 100:
            y[i] = 1
    return y


def shifted(x):
    """Reads what an earlier round stored."""
    for i in range(1, len(x)):
        if x[i] > x[i - 1]:
            x[i] = x[i - 1]
    return x


def from_the_end(x):
    i, s = len(x) - 1, 0
    while i != -1:
        s += x[i] * i
        i -= 1
    return s, i


def by_steps(x, n, step):
    i = s = rounds = 0
    while i != n:
        s += x[i % len(x)]
        i += step
        rounds += 1
        if rounds > 60:
            return "no end", i
    return s, i


def large_counts(x, f):
    i, s = f, 0
    while i < f + 20:
        s += i
        i += 3
    return sum(i * v for i, v in enumerate(x, f)), [i for i, v in enumerate(x, f)][-1], s, i


class Real(float):
    def __lt__(self, other):
        asked.append("lt")
        return float.__lt__(self, other)

    def __gt__(self, other):
        asked.append("gt")
        return float.__gt__(self, other)


def show(function, *arguments):
    asked.clear()
    try:
        print(function.__name__, function(*arguments), *[a for a in arguments if isinstance(a, list)], len(asked))
    except Exception as error:
        print(function.__name__, type(error).__name__, error, *[a for a in arguments if isinstance(a, list)], len(asked))


asked = []
nan = float("nan")
ints = [(i * 7919) % 13 - 5 for i in range(40)]
cases = [ints, [v * 0.5 for v in ints], [v if v % 3 else v * 0.25 for v in ints], [v * 2 ** 61 for v in ints], [nan] + ints, ints[:20] + [nan, -0.0, 0.0] * 5,
         ints[:20] + [None] + ints, ints[:20] + [True] * 4, [Real(v) for v in ints], ints[:20] + ["a"], [2.0 ** 53, 2 ** 53 + 1] * 10, [1.5] * 20, [], [3]]
for case in cases:
    for function in (either, between, appended_in_both, until_equal, greatest_and_least, places, generated, continued, counted, nested_conditions,
                     shifted, from_the_end, sum_of_rows, of_rows):
        show(function, list(case))
    for function in (stored_in_some, stored_in_both, compared_in_vain, only_some_indices):
        show(function, list(case), [0] * len(case))
        show(function, list(case), [0.5, None] * (len(case) // 2))
    same = list(case)
    show(stored_in_some, same, same)
    show(stored_in_both, same, same)
rows = [[(i * j) % 7 - 2 for j in range(20)] for i in range(20)]
for function in (clamped, sum_of_rows, of_rows):
    show(function, [list(row) for row in rows])
    show(function, [rows[0]] * 3 + [rows[1][:]])
    show(function, [list(row) for row in rows] + [[1] * 19])
    show(function, [[float(v) for v in row] for row in rows])
for n, step in ((40, 1), (40, 2), (39, 2), (-40, 1), (-40, -4), (0, 5), (40, 0), (40.0, 1), (True, 1)):
    show(by_steps, ints, n, step)
for start in (2 ** 62 - 1, 2 ** 62 - 10, 2 ** 62 - 40, 2 ** 62, -2 ** 62, -2 ** 62 - 1, 0):
    show(large_counts, ints[:20], start)
