"""Frame objects: locals, lines, chains, frames that were left, generators' frames."""
import sys
def f():
    x = 1
    fr = sys._getframe()
    y = 2
    return fr
fr = f()
print(sorted(fr.f_locals), fr.f_lineno, fr.f_code.co_name, fr.f_back.f_code.co_name)
def g():
    a, b = 1, [2]
    def h():
        nonlocal a
        return sys._getframe(1).f_locals
    r = h()
    c = 3
    return r, locals()
print({k: v for k, v in g()[1].items() if k not in 'hr'})
def gen():
    z = 5
    yield 1
    yield 2
G = gen()
print(G.gi_frame.f_lineno, G.gi_frame.f_locals, G.gi_frame.f_lasti)
next(G)
print(G.gi_frame.f_lineno, G.gi_frame.f_locals, G.gi_frame.f_lasti)
fr = G.gi_frame
list(G)
print(G.gi_frame, fr.f_lineno, fr.f_locals)
def boom(n):
    q = n * 2
    if n: boom(n-1)
    1/0
try: boom(3)
except ZeroDivisionError as e:
    t = e.__traceback__
    while t:
        print(t.tb_frame.f_code.co_name, t.tb_lineno, 0, t.tb_frame.f_locals.get('q'), t.tb_frame.f_back and t.tb_frame.f_back.f_lineno)
        t = t.tb_next
class A:
    def __add__(self, o): return sys._getframe(1).f_lineno
    def __bool__(self):
        print(sys._getframe(1).f_lineno); return True
    def __contains__(self, x):
        print(sys._getframe(1).f_lineno); return True
    def __eq__(self, x):
        print(sys._getframe(1).f_lineno); return True
a = A()
def t():
    z = (
      a +
      1)
    print(z)
    if a: pass
    1 in a
    a == 3
    if a == 4: pass
    {a: 1} if 0 else not a
t()
def v():
    d = locals()
    x = 1
    e = locals()
    print(d is e, sorted(d))
    del x
    print(sorted(locals()))
v()
