"""Context variables: contexts, tokens, copies, errors."""
import contextvars
from contextvars import ContextVar, Context, Token, copy_context
def sub(s):
    while "0x7" in s or "0x5" in s:
        i=s.index("0x"); j=i+2
        while s[j:j+1] in "0123456789abcdef" and s[j:j+1]: j+=1
        s=s[:i]+"@"+s[j:]
    return s
v=ContextVar('v', default=3)
w=ContextVar('w')
print(sub(repr(v)), sub(repr(w)), v.name)
try: w.get()
except LookupError as e: print(sub(repr(e)))
print(w.get(7), v.get())
t=w.set(1)
print(sub(repr(t)), t.old_value, t.var is w)
c=copy_context()
w.set(2)
print(c[w], w.get(), len(c), list(c)==[w], w in c, v in c)
def f(x):
    print(w.get(), x); w.set(x); return w.get()
print(c.run(f, 10), c[w], w.get())
w.reset(t)
try: w.reset(t)
except RuntimeError as e: print(sub(str(e)))
try: print(w.get())
except LookupError: print('le')
try: c.run(c.run, f)
except RuntimeError as e: print(sub(str(e)))
try: c[5]
except TypeError as e: print(e)
try: Token()
except RuntimeError as e: print(e)
try: Context(1)
except TypeError as e: print(e)
try: ContextVar(1)
except TypeError as e: print(e)
print(c==c.copy(), c.get(v), c.get(v,1), Token.MISSING, ContextVar[int])
def g():
    t=v.set(4)
    return t
tt=copy_context().run(g)
try: v.reset(tt)
except ValueError as e: print(sub(str(e)))
try: w.reset(tt)
except ValueError as e: print(sub(str(e)))
print(Context, ContextVar)
import collections.abc
print(isinstance(c, collections.abc.Mapping), dict(c.items())=={w:10})
try:
    class A(Context): pass
except TypeError as e: print(e)
