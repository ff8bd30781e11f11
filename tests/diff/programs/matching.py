class P:
    __match_args__ = ("x", "y")
    def __init__(self, x, y):
        self.x, self.y = x, y
def m(v):
    match v:
        case 0 | 1:
            return "small"
        case int(n) if n > 100:
            return f"big {n}"
        case str() as s:
            return "str " + s
        case []:
            return "empty"
        case [a]:
            return f"one {a}"
        case [a, b, *rest]:
            return f"many {a} {b} {rest}"
        case {"k": val, **kw}:
            return f"map {val} {kw}"
        case P(0, y=yy):
            return f"P0 {yy}"
        case P(x, y):
            return f"P {x} {y}"
        case None:
            return "none"
        case _:
            return "other"
for v in (0, 1, 2, 101, "q", [], [1], (1, 2), [1, 2, 3, 4], {"k": 1}, {"k": 1, "z": 2}, {}, P(0, 3), P(1, 2), None, 2.5):
    print(m(v))
def loops():
    out = []
    i = 0
    while i < 5:
        i += 1
        if i == 2:
            continue
        out.append(i)
        if i == 4:
            break
    else:
        out.append("else")
    for i in range(3):
        for j in range(3):
            if j == 2:
                break
            if i == 1:
                continue
            out.append((i, j))
    while not out[-1] == "x":
        out.append("x")
    return out
print(loops())
import math, random, functools, time, sys
print(math.sqrt(2), math.pi, math.sin(1), math.exp(1), math.floor(-1.5), math.ceil(1.2), math.gcd(12, 18), math.factorial(20), math.log(10), math.log2(8), math.hypot(3, 4), math.isqrt(99), math.inf, math.comb(5, 2), math.fsum([0.1] * 10), math.atan2(1, 2), math.copysign(1, -0.0))
random.seed(42)
print(random.random(), random.randint(1, 100), random.choice("abcdef"), random.sample(range(50), 5), random.uniform(1, 2), random.gauss(0, 1), random.getrandbits(70), random.randrange(0, 100, 5))
l = list(range(10)); random.shuffle(l); print(l)
print(functools.reduce(lambda a, b: a * b, range(1, 6)), functools.partial(pow, 2)(5))
@functools.lru_cache(maxsize=None)
def fibc(n):
    return n if n < 2 else fibc(n - 1) + fibc(n - 2)
print(fibc(80), fibc.cache_info())
@functools.wraps(fibc)
def wrapped():
    pass
print(wrapped.__name__, sorted([3, 1, 2], key=functools.cmp_to_key(lambda a, b: b - a)))
try:
    math.sqrt(-1)
except ValueError as e:
    print(e)
print(time.time() > 0, time.perf_counter() >= 0, sys.version_info[:2], sys.maxsize, len(sys.argv), sys.getrecursionlimit())
print(eval("1 + 2"), [exec("q = 5"), 1][1])
ns = {}
exec("def h(x):\n    return x + 1\nval = h(2)", ns)
print(ns["val"])
