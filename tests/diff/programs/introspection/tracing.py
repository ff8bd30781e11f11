"""sys.settrace and sys.setprofile: events, lines, changes of local variables."""
import sys
events = []
def tracer(frame, event, arg):
    events.append((frame.f_code.co_name, event, frame.f_lineno - frame.f_code.co_firstlineno, arg if event in ('return',) else arg and arg[0].__name__))
    return tracer
def run(f, *args):
    events.clear()
    sys.settrace(tracer)
    try:
        f(*args)
    except Exception as e:
        pass
    finally:
        sys.settrace(None)
    for e in events: print(e)
    print('--', f.__name__)
def basic(n):
    x = 1
    if n:
        pass
    y = (x +
         n)
    return y
def loop():
    s = 0
    for i in range(3):
        s += i
    while s > 1:
        s -= 1
        continue
    else:
        s = 0
    return s
def inner(): return 1/0
def exc():
    try:
        inner()
    except ZeroDivisionError as e:
        z = 3
    finally:
        w = 4
    raise ValueError
def gen():
    a = yield 1
    yield 2
    return 3
def usegen():
    for x in gen():
        print(x)
    r = [q for q in range(2)]
def rec(n):
    return 1 if n == 0 else rec(n-1) + 1
class C:
    def __init__(self): self.x = 1
    @property
    def p(self):
        return self.x
    def __add__(self, o):
        return 5
def cls():
    c = C()
    c.p
    c + 1
    class D(C):
        q = 2
    d = D()
    lam = lambda: (
        3)
    return lam(*())
def ex():
    exec("a=1\nb=2\n")
    eval("1+1")
run(basic, 0); run(basic, 5); run(loop); run(exc); run(usegen); run(rec, 2); run(cls); run(ex)
events.clear()
def prof(frame, event, arg):
    events.append((frame.f_code.co_name, event, arg.__name__ if event.startswith('c_') else arg))
def p1():
    len([1]); [].append(3); max(1, 2)
    try: int('x'); ord('xx')
    except Exception: pass
    try: len(3)
    except TypeError: pass
    sorted([3,1], key=lambda v: -v)
    return list(gen())
sys.setprofile(prof)
p1()
sys.setprofile(None)
for e in events: print(e)
# locals changes
def tr2(frame, event, arg):
    if event == 'line' and 'v' in frame.f_locals: frame.f_locals['v'] = 99
    return tr2
def lf():
    v = 1
    w = 2
    return v
sys.settrace(tr2); r = lf(); sys.settrace(None); print(r)
def bad(frame, event, arg):
    if event == 'line': raise RuntimeError("tracer")
    return bad
sys.settrace(bad)
try: lf()
except RuntimeError as e: print(e, sys.gettrace())
def lines_off(frame, event, arg):
    frame.f_trace_lines = False; frame.f_trace_opcodes = True
    events.append((event, frame.f_lasti))
    return lines_off
events.clear()
sys.settrace(lines_off); lf(); sys.settrace(None); print(events)
