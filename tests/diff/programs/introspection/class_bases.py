"""Assignment to __bases__ and __class__, mro() of metaclasses."""
class A:
    def f(self): return "A.f"
    def __len__(self): return 3
class B:
    def f(self): return "B.f"
class C(A): pass
class D(C): pass
c, d = C(), D()
print(c.f(), d.f(), len(c))
C.__bases__ = (B,)
print(c.f(), d.f(), D.__mro__, A.__subclasses__(), B.__subclasses__())
try: len(c)
except TypeError as e: print(e)
C.__bases__ = (B, A)
print(len(d), D.__mro__)
for bad in [(object,), (int,), (D,), (), 3, (3,), (B, B), (A, list)]:
    try: C.__bases__ = bad; print("ok", bad)
    except TypeError as e: print(e)
    print(C.__mro__ == (C, B, A, object), C.__bases__)
try: del C.__bases__
except TypeError as e: print(e)
try: int.__bases__ = (object,)
except TypeError as e: print(e)
class M(type):
    def mro(cls):
        print("mro", cls.__name__)
        return list(reversed(super().mro()[:-1])) + [object]
class X(A, B, metaclass=M): pass
print(X.__mro__, X().f())
class M2(type):
    def mro(cls): return [cls, 3]
try:
    class Y(metaclass=M2): pass
except TypeError as e: print(e)
class M3(type):
    def mro(cls): return [cls, int, object]
try:
    class Y(metaclass=M3): pass
except TypeError as e: print(e)
class S1: __slots__ = ("a", "b")
class S2: __slots__ = ("a", "b")
class S3: __slots__ = ("a", "c")
s = S1(); s.a = 4
s.__class__ = S2
print(s.a, type(s))
try: s.__class__ = S3
except TypeError as e: print(e)
print(type.mro(C), bool.mro())
