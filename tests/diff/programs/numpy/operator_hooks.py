"""Arrays leave operators to objects that ask for it; @= on arrays is refused."""
import numpy as np
class N:
    __array_ufunc__ = None
    def __rmatmul__(self, o): return "rmatmul"
    def __radd__(self, o): return "radd"
    def __rmul__(self, o): return "rmul"
class P:
    __array_priority__ = 10
    def __radd__(self, o): return "radd"
    def __rsub__(self, o): return "rsub"
class Q:
    __array_priority__ = 2.5
    def __radd__(self, o): return "radd"
    def __rmul__(self, o): return "rmul"
class E:
    __array_ufunc__ = None
a = np.arange(4.0)
print(a @ N(), a + N(), a * N(), a + P(), a - P(), a + Q(), a * Q())
b = a
b += P()
print(b)
b = a
def scale(b):
    b *= N()
for f in (lambda: scale(a), lambda: a @ E(), lambda: a - N()):
    try:
        print(f())
    except TypeError as e:
        print(e)
m = np.eye(2)
for right in (m, [[1, 2], [3, 4]], 3, N()):
    try:
        m @= right
        print(m)
    except TypeError as e:
        print(e)
c = [[1.0, 2.0], [3.0, 4.0]]
c @= m
print(c)
