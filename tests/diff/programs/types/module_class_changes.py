"""A module that becomes one of another class: properties, __getattr__, __setattr__, caches, and what is refused."""
import sys, types
m = types.ModuleType("m", "doc")
m.x = 1
class M(types.ModuleType):
    y = 5
    @property
    def twice(self): return self.x * 2
    @twice.setter
    def twice(self, item): self.__dict__["x"] = item // 2
    def __getattr__(self, name):
        if name.startswith("__"): raise AttributeError(name)
        return "missing " + name
    def __repr__(self): return "<M>"
    def method(self): return self.x
def use(m):
    return m.x
for i in range(3): use(m)
m.__class__ = M
print(type(m), m, m.twice, m.y, m.nothing, m.method(), use(m))
m.twice = 10
print(m.x, m.__dict__["x"], use(m))
m.own = 3
print(m.own, "own" in m.__dict__)
class Calls(types.ModuleType):
    def __setattr__(self, name, item):
        print("set", name, item)
        super().__setattr__(name, item)
    def __delattr__(self, name):
        print("del", name)
        super().__delattr__(name)
    def __call__(self): return "called"
    def __getattribute__(self, name):
        if name == "x": return "got x"
        return super().__getattribute__(name)
m.__class__ = Calls
m.q = 1
print(m(), m.x, use(m), m.q)
del m.q
try: m.q
except AttributeError as e: print(e)
m.__class__ = types.ModuleType
print(type(m), repr(m), m.x, use(m), m.__doc__)
try: m.y
except AttributeError as e: print(e)
for wrong in (int, 5, object):
    try: m.__class__ = wrong
    except TypeError as e: print(e)
class Slotted(types.ModuleType):
    __slots__ = ("a",)
try:
    m.__class__ = Slotted
    print("slotted")
except TypeError as e: print(e)
class Empty(types.ModuleType):
    __slots__ = ()
try:
    m.__class__ = Empty
    print(type(m).__name__, m.x)
except TypeError as e: print(e)
mine = sys.modules[__name__]
value = 7
mine.__class__ = M
print(mine.value, value, mine.unknown, mine.__class__.__name__)
import weakref
print(M("k").twice if hasattr(M("k"), "x") else "no")
s = M("s"); s.z = 4
s.__class__ = types.ModuleType
print(s.z, s)
import math
try:
    math.__class__ = M
    print(math.sqrt(4.0), math.foo)
except TypeError as e: print(e)
