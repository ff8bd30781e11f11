"""Asynchronous generators, driven by hand: asend, athrow, aclose, hooks, errors."""
import types
@types.coroutine
def tick(v):
    r = yield v
    return r
def run(coro):
    out=[]
    send=None
    try:
        while True:
            out.append(coro.send(send)); send=len(out)
    except StopIteration as e:
        return out, e.value
async def gen(n):
    try:
        for i in range(n):
            x = await tick(('t', i))
            y = yield (i, x)
            print('got', y)
    finally:
        print('cleanup')
        await tick('fin')
async def main():
    r=[]
    async for v in gen(3):
        r.append(v)
    print([v async for v in gen(2) if v[0]])
    g=gen(5)
    print(await g.asend(None), await g.asend('hello'))
    print(g.ag_running, g.ag_await, type(g.ag_frame), g.ag_code.co_name)
    try:
        print(await g.athrow(ValueError('x')))
    except ValueError as e:
        print('caught', e)
    try:
        await g.asend(1)
    except StopAsyncIteration as e:
        print('stop', repr(e))
    g=gen(3)
    print(await anext(g))
    await g.aclose()
    await g.aclose()
    print(await anext(g, 'dflt'))
    return r
print(run(main()))
async def g2():
    yield 1
    return
a=g2()
print(type(a), a.__aiter__() is a)
s=a.__anext__()
print(type(s).__name__, type(a.athrow(ValueError)).__name__)
try: s.send(None)
except StopIteration as e: print('si', e.value)
try: s.send(None)
except RuntimeError as e: print(e)
async def bad():
    async for x in 5: pass
try: bad().send(None)
except TypeError as e: print(e)
class B:
    def __aiter__(self): return self
    def __anext__(self): return 5
async def bad():
    async for x in B(): pass
try: bad().send(None)
except TypeError as e: print(e, repr(e.__cause__))
async def ig():
    try: yield 1
    finally: yield 2
async def m2():
    g=ig(); await g.__anext__()
    try: await g.aclose()
    except RuntimeError as e: print(e)
print(run(m2()))
async def m3():
    return {k:v async for k,v in gen(2)}, {v async for v in gen(1)}, [x for x in [await tick(1), await tick(2)]], list(y for y in [await tick(4)])
print(run(m3()))
def it():
    yield 1
    return 5
class N:
    def __iter__(self): return self
    def __next__(self): raise StopIteration(9)
for i in it(), N():
    try:
        while True: next(i)
    except StopIteration as e: print(e.value)
    try:
        i.__next__()
    except StopIteration as e: print(e.value)
async def ret():
    return 7
class Aw:
    def __await__(self): return ret()
async def m4(): await Aw()
try: m4().send(None)
except TypeError as e: print(e)
async def m5(): await 5
try: m5().send(None)
except TypeError as e: print(e)

# ---- hooks ----
import sys

print(sys.get_asyncgen_hooks())
seen = []
sys.set_asyncgen_hooks(firstiter=lambda g: seen.append(g.__name__))
first = gen(1)
first.__anext__()
first.__anext__()
print(seen, sys.get_asyncgen_hooks().finalizer)
sys.set_asyncgen_hooks(None, None)
try:
    sys.set_asyncgen_hooks(firstiter=1)
except TypeError as e:
    print(e)

# ---- two steps at once ----
async def slow():
    await tick('x')
    yield 1


g = slow()
one, two = g.__anext__(), g.__anext__()
print(one.send(None))
for step in two, g.aclose(), g.athrow(ValueError):
    try:
        step.send(None)
    except RuntimeError as e:
        print(e)
one.close()
try:
    one.send(None)
except RuntimeError as e:
    print(e)
