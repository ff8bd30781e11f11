class A:
    count = 0
    def __init__(self, x):
        self.x = x
        A.count += 1
    def __repr__(self):
        return f"A({self.x})"
    def __eq__(self, other):
        return isinstance(other, A) and self.x == other.x
    def __hash__(self):
        return hash(self.x)
    def __add__(self, other):
        return A(self.x + (other.x if isinstance(other, A) else other))
    def __radd__(self, other):
        return A(other + self.x)
    def __lt__(self, other):
        return self.x < other.x
    def __len__(self):
        return self.x
    def __getitem__(self, i):
        if i >= self.x:
            raise IndexError(i)
        return i * 10
    def __call__(self, *a):
        return ("called", a)
    def __contains__(self, v):
        return v == self.x
    def __bool__(self):
        return self.x > 0
    def __iadd__(self, o):
        self.x += o
        return self
    def __neg__(self):
        return A(-self.x)
    @property
    def double(self):
        return self.x * 2
    @double.setter
    def double(self, v):
        self.x = v // 2
    @classmethod
    def make(cls, v):
        return cls(v + 1)
    @staticmethod
    def helper(v):
        return v * 3
a = A(2)
print(a, a + A(3), a + 1, 1 + a, a == A(2), a != A(2), a < A(3), len(a), list(a), a(1, 2), 2 in a, bool(A(0)), -a, a.double, A.make(4), A.helper(5), a.helper(1), A.count, {a: 1}[A(2)], sorted([A(3), A(1)]))
a += 5; a.double = 40; print(a, a.x, a.__dict__, vars(a), hasattr(a, "y"), getattr(a, "y", None), A.__name__, type(a), type(a).__mro__)
a.new = 1; del a.new
try:
    a.new
except AttributeError as e:
    print(e)
class B(A):
    def __init__(self, x, y):
        super().__init__(x)
        self.y = y
    def __repr__(self):
        return "B" + super().__repr__() + str(self.y)
    def method(self):
        return "B.method"
class C(A):
    def method(self):
        return "C.method"
class D(B, C):
    def method(self):
        return "D+" + super().method()
d = D(1, 2)
print(d, d.method(), [c.__name__ for c in D.__mro__], isinstance(d, A), issubclass(D, C), d.double, D.make if False else 0)
class Meta(type):
    def __new__(mcs, name, bases, ns, **kw):
        cls = super().__new__(mcs, name, bases, ns)
        cls.tag = name.lower()
        cls.kw = kw
        return cls
class M(metaclass=Meta, opt=1):
    pass
print(M.tag, M.kw, type(M).__name__)
class Base:
    subs = []
    def __init_subclass__(cls, **kw):
        super().__init_subclass__(**kw)
        Base.subs.append(cls.__name__)
class S1(Base): pass
class S2(Base): pass
print(Base.subs)
class Desc:
    def __set_name__(self, owner, name):
        self.name = name
    def __get__(self, obj, owner=None):
        return self if obj is None else obj.__dict__.get("_" + self.name, 0)
    def __set__(self, obj, v):
        obj.__dict__["_" + self.name] = v + 1
class WithDesc:
    attr = Desc()
w = WithDesc(); w.attr = 5; print(w.attr, w.__dict__, WithDesc.attr.name)
class Slots:
    __slots__ = ("p", "q")
    def __init__(self):
        self.p = 1
s = Slots(); print(s.p, hasattr(s, "q"))
try:
    s.z = 1
except AttributeError as e:
    print(e)
class Dyn:
    def __getattr__(self, n):
        if n.startswith("__"):
            raise AttributeError(n)
        return "dyn_" + n
    def __setattr__(self, n, v):
        object.__setattr__(self, n, v * 2)
y = Dyn(); y.k = 4; print(y.k, y.other)
class It:
    def __init__(self, n):
        self.n = n
    def __iter__(self):
        return self
    def __next__(self):
        if self.n == 0:
            raise StopIteration
        self.n -= 1
        return self.n
print(list(It(3)), sum(It(4)), max(It(5)), [x for x in It(2)], tuple(It(2)), 1 in It(3))
class L(list):
    def total(self):
        return sum(self)
l = L([1, 2]); l.append(3); l.name = "n"; print(l, l.total(), l.name, len(l), isinstance(l, list), type(l).__name__, l + [1])
class I(int):
    def __add__(self, o):
        return I(int(self) + o + 100)
    def __radd__(self, o):
        return "radd"
print(I(5) + 1, 1 + I(5), I(5) * 2, type(I(5) * 2), I(7) == 7, {I(1): 2}[1])
class Dd(dict):
    def __missing__(self, k):
        return k * 2
print(Dd(a=1)["a"], Dd()["xy"])
class E(Exception):
    def __init__(self, code):
        super().__init__("msg", code)
        self.code = code
try:
    raise E(5)
except E as e:
    print(e, e.args, e.code, repr(e))
T = type("T", (A,), {"z": 9, "m": lambda self: self.z})
print(T(1).m(), T.__name__, T.__bases__)
print(object().__class__.__name__, type(3), type("").__name__, type(None), type(type), callable(A), A.__repr__ is A.__dict__["__repr__"], int.__add__(1, 2), [].__len__(), str.upper("a"))
class Ctx:
    def __enter__(self):
        print("enter"); return self
    def __exit__(self, t, v, tb):
        print("exit", t and t.__name__, v); return t is ValueError
with Ctx() as c:
    print("in")
with Ctx():
    raise ValueError("swallowed")
try:
    with Ctx():
        raise KeyError("k")
except KeyError as e:
    print("got", e)
class Cmp:
    def __init__(self, v): self.v = v
    def __lt__(self, o): return NotImplemented
    def __eq__(self, o): return NotImplemented
try:
    Cmp(1) < Cmp(2)
except TypeError as e:
    print(e)
print(Cmp(1) == Cmp(1), Cmp(1) != 3)
for f in (lambda: A(), lambda: A(1, 2, 3), lambda: a.nope(), lambda: A.nope, lambda: object(1), lambda: super().x, lambda: Slots().q):
    try:
        f()
    except Exception as e:
        print(type(e).__name__, e)
class Poly:
    def speak(self): return "poly"
class Dog(Poly):
    def speak(self): return "woof"
class Cat(Poly):
    def speak(self): return "meow"
print([p.speak() for p in [Dog(), Cat(), Poly(), Dog()] * 2])
def late(self): return "patched"
Dog.speak = late
print([p.speak() for p in [Dog(), Cat()]])
inst = Cat(); inst.speak = lambda: "own"; print(inst.speak(), Cat().speak())
class Cnt:
    n = 0
    def inc(self):
        Cnt.n += 1
        self.m = Cnt.n
        return self
print([Cnt().inc().m for _ in range(4)], Cnt.n)
