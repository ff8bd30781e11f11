def f(a, b=2, *args, c, d=4, **kw):
    return a, b, args, c, d, kw
print(f(1, c=3), f(1, 2, 3, 4, c=5, e=6), f(*[1, 2], **{"c": 3, "z": 1}), f(1, c=0, b=9))
def g(a, /, b, *, c=3):
    return a, b, c
print(g(1, 2), g(1, b=2, c=4))
for call in (lambda: f(), lambda: f(1), lambda: g(1), lambda: g(a=1, b=2), lambda: g(1, 2, 3), lambda: g(1, 2, d=4), lambda: g(1, b=2, a=3), lambda: (lambda x: x)(), lambda: (lambda: 0)(1), lambda: (lambda x, y: 0)(1, 2, 3), lambda: f(1, c=2, **{"c": 3}), lambda: len(), lambda: 5(), lambda: f(1, 2, a=3, c=1)):
    try:
        print(call())
    except TypeError as e:
        print(e)
def outer():
    x = 1
    def inner():
        nonlocal x
        x += 1
        return x
    def other():
        return x
    return inner, other
i, o = outer()
print(i(), i(), o())
fs = [lambda n=n: n for n in range(3)]
gs = [lambda: n for n in range(3)]
print([h() for h in fs], [h() for h in gs])
def fact(n):
    return 1 if n == 0 else n * fact(n - 1)
print(fact(30))
def defaults(x=[]):
    x.append(len(x))
    return x
defaults(); print(defaults())
def deco(fn):
    def wrapper(*a, **k):
        print("call", fn.__name__, a, k)
        return fn(*a, **k)
    return wrapper
@deco
def add(a, b=1):
    "doc"
    return a + b
print(add(1), add(1, b=5), f.__name__, f.__defaults__, f.__kwdefaults__, add.__doc__, outer.__qualname__, i.__qualname__, f.__code__.co_varnames)
def rec(n):
    return rec(n + 1)
try:
    rec(0)
except RecursionError as e:
    print(e)
glob = 1
def setglob():
    global glob, newglob
    glob = 2
    newglob = 3
setglob()
print(glob, newglob, (lambda *a, **k: (a, k))(1, 2, x=3))
def unbound():
    try:
        print(zz)
    except UnboundLocalError as e:
        print(e)
    zz = 1
    del zz
    try:
        zz
    except UnboundLocalError as e:
        print(e)
unbound()
try:
    undefined_name
except NameError as e:
    print(e)
def free():
    def inner():
        return v
    try:
        inner()
    except NameError as e:
        print(e)
    v = 1
    return inner()
print(free())
print((lambda x: x + 1)(2), [(lambda y: y * x)(2) for x in range(3)], list(map(lambda v: v ** 2, range(4))))
def manyargs(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t):
    x1 = a + b; x2 = c + d; x3 = e + f; x4 = g + h
    return (x1 * x2 + x3 * x4 + i * j + k * l - m * n + o * p - (q + (r * (s + (t * (a + (b * c)))))))
print(manyargs(*range(20)))
def walrus(data):
    if (n := len(data)) > 2:
        return n
    return [y := 1, y + 1]
print(walrus([1, 2, 3]), walrus([]), [last := v for v in range(3)], last)
print(f"{(lambda: 42)()}", abs(-3), callable(f), callable(3), isinstance(f, type(g)), globals()["glob"], sorted(locals())[:0])
def swapper(a, b, c):
    a, b, c = c, a, b
    a += b
    b, c = c, b
    return a, b, c
print(swapper(1, 2, 3))
def cond(x):
    return "a" if x > 0 else "b" if x == 0 else "c"
print(cond(1), cond(0), cond(-1), 1 and 2, 0 or 3, not 1, None or "x", 1 if [] else 2, 0 and 1 or 2)
def chained(a, b, c):
    return a < b < c, a < b > c, a == b == c
print(chained(1, 2, 3), chained(1, 1, 1), print.__name__)
def callnested(x):
    return max(min(x, abs(-5)), len([x, max(1, 2)]), sum([i for i in range(x)]))
print(callnested(3), callnested(10))
