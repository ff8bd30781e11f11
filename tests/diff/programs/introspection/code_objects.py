"""Code objects: attributes, equality, replace, construction; functions made from them; cells."""
import types


def f(a, b, /, c=1, *args, d, e=2, **kw):
    """doc"""
    x = a + b
    def inner():
        return x + c
    return inner() if x else [y for y in range(d)]


c = f.__code__
for name in sorted(dir(c)):
    if name.startswith('co_') and name not in ('co_consts', 'co_filename', 'co_positions', 'co_lines'):
        print(name, getattr(c, name))
print(list(c.co_positions())[:12])
print(list(c.co_lines())[:5])
print([k for k in c.co_consts if not isinstance(k, types.CodeType)])
inner = [k for k in c.co_consts if isinstance(k, types.CodeType)][0]
print(inner.co_name, inner.co_qualname, inner.co_freevars, inner.co_cellvars, inner.co_flags)

g = lambda: 1
h = lambda: 1
print(g.__code__ == h.__code__, g.__code__ == (lambda: 2).__code__)


def make():
    return lambda: 0.0


print(make().__code__ == make().__code__, hash(make().__code__) == hash(make().__code__))
print(compile("0.0", "a", "eval") == compile("-0.0", "a", "eval"), compile("1", "a", "eval") == compile("True", "a", "eval"))

r = g.__code__.replace(co_name="renamed", co_consts=(None, 42))
print(r.co_name, r.co_consts, eval(r), g.__code__.co_name)
k = c.replace(co_firstlineno=100)
print(k.co_firstlineno, list(k.co_lines())[2][2] - list(c.co_lines())[2][2] == 100 - c.co_firstlineno)
for bad in ({'co_name': 3}, {'co_argcount': -1}, {'co_code': 'x'}, {'co_nlocals': 99}, {'nope': 1}):
    try:
        c.replace(**bad)
        print("no error", bad)
    except (TypeError, ValueError) as error:
        print(type(error).__name__, bad)

same = types.CodeType(c.co_argcount, c.co_posonlyargcount, c.co_kwonlyargcount, c.co_nlocals, c.co_stacksize, c.co_flags,
                      c.co_code, c.co_consts, c.co_names, c.co_varnames, c.co_filename, c.co_name, c.co_qualname,
                      c.co_firstlineno, c.co_linetable, c.co_exceptiontable, c.co_freevars, c.co_cellvars)
print(same == c, same is c)
n = types.FunctionType(same, globals(), "n", (7,))
n.__kwdefaults__ = {'e': 9}
print(n(1, 2, d=3), n.__name__, n.__defaults__)

cell = types.CellType(5)
other = types.CellType()
print(cell.cell_contents, cell == types.CellType(5), cell < types.CellType(6))
try:
    other.cell_contents
except ValueError as error:
    print(error)
closure = types.FunctionType(inner, globals(), "closure", None, (types.CellType(1), types.CellType(2)))
print(closure(), [v.cell_contents for v in closure.__closure__])
closure.__closure__[0].cell_contents = 10
print(closure())
for arguments in ((inner, {}), (inner, {}, None, None, ()), (inner, {}, None, None, (1, 2)), (inner, 3), (3, {}),
                  (g.__code__, {}, 3), (g.__code__, {}, None, 3), (g.__code__, {}, None, None, 3)):
    try:
        types.FunctionType(*arguments)
        print("no error")
    except (TypeError, ValueError) as error:
        print(type(error).__name__, error)


def plain(x, y=2):
    return x + y


plain.__code__ = (lambda x, y=0: x * y).__code__
print(plain(3), plain(3, 4))
plain.__defaults__ = (10,)
print(plain(3))
try:
    plain.__code__ = inner
except ValueError as error:
    print(error)
for name, item in (('__code__', 1), ('__defaults__', 1), ('__kwdefaults__', 1), ('__name__', 1), ('__qualname__', 1),
                   ('__dict__', 1), ('__annotations__', 1), ('__closure__', 1), ('__globals__', 1)):
    try:
        setattr(plain, name, item)
        print("no error", name)
    except (TypeError, AttributeError) as error:
        print(type(error).__name__, error)
try:
    c.co_name = "x"
except AttributeError as error:
    print(error)
print(plain.__annotations__, plain.__builtins__ is __builtins__.__dict__, plain.__module__)


def refused(function):
    try:
        print(repr(function()))
    except (TypeError, ValueError) as error:
        print(type(error).__name__, error)


small = refused.__code__
for part in "argcount posonlyargcount kwonlyargcount nlocals stacksize firstlineno flags".split():
    refused(lambda: small.replace(**{"co_" + part: -1}))
refused(lambda: small.replace(co_argcount=9))
refused(lambda: small.replace(1))
refused(lambda: list(small.replace(co_linetable=b"").co_positions()))
