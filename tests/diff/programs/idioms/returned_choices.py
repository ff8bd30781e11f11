"""if statements that return one of two numbers or give a local variable one: instructions stand for them where what is compared are
exact numbers."""
def step(x, t):
    if x > t:
        return 1
    return 0
def step2(x):
    if x >= 0: return 1.0
    else: return -1.0
def relu(x):
    if x > 0:
        return x
    return 0
def relu2(x):
    if x <= 0: return 0
    return x
def leaky(x, a):
    if x > 0: return x
    else: return a * x
def leaky2(x):
    if x > 0: return x
    return x / 100
def clamp(x):
    if x < 0: x = 0
    return x
def clamp2(x, y):
    if x < 0:
        x = 0.0
    y += x
    return x, y
def st(x):
    if x > 0: y = 1
    else: y = 0
    return y, x
def lk(x):
    if x < 0:
        y = 0.01 * x
    else:
        y = x
    return [y]
def lad(x):
    if x == 0: return 0.5
    elif x > 0: return 1
    else: return 0
def wrong(x, y):
    if x > 0: return y
    return 0
def loop(xs):
    r = []
    for x in xs:
        if x < 0: x = 0
        r.append(x)
        if x > 2: y = 1
        else: y = 0
        r.append(y)
    return r
def quo(x, z):
    if x > 0: return x
    return x / z
def glob(x):
    if x > T: return 1
    return 0
T = 0.5
class M(float): pass
class C:
    def __init__(self, x):
        if x > 0: return 1
        return 0
def gen(x):
    if x > 0: return 1
    return 0
    yield
vals = [1, -1, 0, 0.5, -0.0, float('nan'), float('inf'), -float('inf'), 10**30, -10**30, True, False, M(1.0), M(-2), 2**53+1, -(2**53+1), 1e308, -5e-324]
for f in (step2, relu, relu2, leaky2, clamp, st, lk, lad, glob):
    print(f.__name__, [(type(f(v)).__name__, repr(f(v))) for v in vals])
for v in vals:
    print(step(v, 0.25), wrong(v, 7), clamp2(v, 1), leaky(v, 0.1), leaky(v, M(2)), leaky(v, 3), loop([v, v]))
for z in (2, 0.0, 0):
    for v in (3, -3, -3.0):
        try: print(quo(v, z))
        except ZeroDivisionError as e: print(e)
for v in (1, -1):
    try: C(v)
    except TypeError as e: print(e)
    try: next(gen(v))
    except StopIteration as e: print(e.value)
for bad in ("a", None, [1]):
    for f in (step2, relu, clamp, st):
        try: print(f(bad))
        except TypeError as e: print(e)
def fib(n):
    if n > 100: return 1
    return 0
print(sum(map(fib, range(300))), sorted([3, -1, 2], key=relu), [fib(n) for n in range(99, 103)])
def local_seen(x):
    if x < 0: x = 0
    return locals()
print(local_seen(-3), local_seen(4))
def un(x):
    if x > 0: y = x
    else: del x
    return x
try: un(-1)
except UnboundLocalError as e: print(e)
