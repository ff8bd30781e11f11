def gen(n):
    for i in range(n):
        r = yield i
        if r:
            print("got", r)
    return "done"
g = gen(3)
print(next(g), g.send("hello"), next(g))
try:
    next(g)
except StopIteration as e:
    print("stop", e.value)
print(list(gen(3)), sum(gen(5)), [x * 2 for x in gen(3)], max(gen(4)), dict(zip(gen(2), gen(2))))
def delegating():
    r = yield from gen(2)
    print("result", r)
    yield from [10, 20]
    yield from (c for c in "ab")
print(list(delegating()))
def fib():
    a, b = 0, 1
    while True:
        yield a
        a, b = b, a + b
it = fib()
print([next(it) for _ in range(15)])
def thrower():
    while True:
        try:
            yield 1
        except ValueError as e:
            print("caught", e)
            yield 2
t = thrower(); next(t); print(t.throw(ValueError("v")), next(t)); t.close()
def perms(items):
    if not items:
        yield ()
    for i in range(len(items)):
        for rest in perms(items[:i] + items[i + 1:]):
            yield (items[i],) + rest
print(list(perms([1, 2, 3])))
ge = (x * y for x in range(3) for y in range(3) if x != y)
print(list(ge), list(ge), any(x > 2 for x in gen(5)), all(x < 2 for x in gen(5)), "-".join(str(x) for x in gen(4)))
def early():
    for x in gen(100):
        if x == 3:
            return x
print(early(), next(gen(0), "default"), tuple(gen(2)), set(gen(3)), sorted(gen(3), reverse=True))
class Tree:
    def __init__(self, v, l=None, r=None):
        self.v, self.l, self.r = v, l, r
    def __iter__(self):
        if self.l:
            yield from self.l
        yield self.v
        if self.r:
            yield from self.r
print(list(Tree(2, Tree(1), Tree(3, None, Tree(4)))))
def stopper():
    yield 1
    raise StopIteration
try:
    list(stopper())
except RuntimeError as e:
    print(e)
def g2():
    try:
        x = yield 1
        print("x", x)
    finally:
        print("cleanup")
z = g2(); next(z)
try:
    z.send(5)
except StopIteration:
    print("end")
try:
    gen(1).send(5)
except TypeError as e:
    print(e)
def outer():
    try:
        yield from inner()
    except KeyError as e:
        print("outer caught", e)
        yield "after"
def inner():
    try:
        yield "i1"
        yield "i2"
    finally:
        print("inner fin")
o = outer(); print(next(o)); print(o.throw(KeyError("kk")))
def selfref():
    yield 1
    next(sr)
sr = selfref(); next(sr)
try:
    next(sr)
except ValueError as e:
    print(e)
async def co(n):
    return n * 2
async def main():
    return await co(4) + await co(1)
c = main()
try:
    c.send(None)
except StopIteration as e:
    print("coroutine", e.value)
import itertools
print(list(itertools.islice(fib(), 5, 10)), list(itertools.chain([1], (2, 3))), list(itertools.product("ab", repeat=2)), list(itertools.combinations(range(4), 2)), list(itertools.accumulate([1, 2, 3])), [(k, list(v)) for k, v in itertools.groupby("aabbb")], list(itertools.permutations([1, 2, 3], 2))[:3], list(itertools.takewhile(lambda v: v < 3, itertools.count())), list(itertools.zip_longest([1], [2, 3], fillvalue=0)), list(itertools.repeat(1, 2)))
print(gen.__name__, type(g).__name__, g.gi_frame is None)
