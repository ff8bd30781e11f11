"""Sums and products of lists, and loops over ranges with steps."""
def back(x): return [2.0 * x[i] for i in range(len(x) - 1, -1, -1)]
def even(x): return sum(x[i] for i in range(0, len(x), 2))
def store(x, y):
    for i in range(1, len(x), 3):
        y[i] = x[i] + 1
    return y
def rev(x, y):
    for i in range(len(x) - 1, -1, -1):
        y[i] = x[i] * i
    return i, y
def inplace(x):
    for i in range(0, len(x), 2):
        x[i] = x[i] * 2
    return x
def nested(a, s):
    return [[a[i][j] * 2 for j in range(len(a[0]) - 1, -1, -1)] for i in range(0, len(a), s)]
def conv(x, k, s):
    out = []
    for i in range(0, len(x) - len(k) + 1, s):
        t = 0.0
        for j in range(len(k)):
            t += x[i + j] * k[j]
        out.append(t)
    return out
def cross(x):
    return [x[i] + 1 for i in range(5, -12, -1)]
def means(a): return [sum(r) / len(r) for r in a]
def mm(a, b, c):
    for i in range(len(a) - 1, -1, -1):
        for j in range(len(b[0]) - 1, -1, -1):
            for k in range(0, len(b), 1):
                c[i][j] += a[i][k] * b[k][j]
    return c, i, j, k
x = [float(i) + 0.25 for i in range(50)]
a = [[i * j + 0.5 for j in range(9)] for i in range(8)]
b = [[i - j + 0.5 for j in range(8)] for i in range(9)]
print(back(x), even(x), store(x, [0] * 50), rev(x, [0] * 50), inplace(x[:]))
print(nested(a, 1), nested(a, 2), nested(a, -1), conv(x, [1.0, 2.0, 3.0], 2), cross(x), means(a))
print(mm(a, b, [[0.0] * 8 for _ in range(8)]))
for bad in (0,):
    try:
        nested(a, bad)
    except ValueError as e:
        print(e)
print(conv(x, [1.0, 2.0, 3.0], 200), [i * 2 for i in range(100, 0, -3)])
try:
    store(x, [0] * 20)
except IndexError as e:
    print(e)
def total(x): return sum(x)
def total2(x, s): return sum(x, s)
def rows(a): return [sum(r) for r in a]
def mean(a): return [sum(r) / len(r) for r in a]
def prod(x):
    p = 1
    for v in x:
        p *= v
    return p
def prods(a):
    out = []
    for r in a:
        p = 1.0
        for v in r:
            p = v * p
        out.append(p)
    return out
def lc(a): return [sum([v * v for v in r]) for r in a]
def tt(a): return sum(sum(r) for r in a)
y = list(range(1, 60))
print(total(x), total(y), total(tuple(y)), total2(x, 1.5), total2(y, 10**30), rows(a), mean(a))
print(prod(x[1:]), prod(y), prods(a), lc(a), tt(a))
print(total([10**20] * 20), total([2**62] * 20), total([1, 2.5] * 20), total([True] * 20))
print(total(range(50)), total(set(y)), total({1: 2, 3: 4}))
s = sum(x)
print(s, sum([1] * 30), sum([v for v in y]))
for bad in (["a"] * 20, None, [None] * 20):
    try:
        total(bad)
    except TypeError as e:
        print(e)
class L(list):
    def __iter__(self): return iter([1, 2])
print(total(L(x)))
def sum(x): return "mine"
print(total(x), rows(a))
