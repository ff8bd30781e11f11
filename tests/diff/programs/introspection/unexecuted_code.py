"""Code objects and functions looked at before anything of them has been executed."""
import marshal
import types


def documented(first, /, second=2, *rest, key=None, **options):
    """What it does."""
    local = [first, second, rest, key, options]

    def inner(item):
        """Inner."""
        return local, item, "text", (1, ("nested", b"bytes"), 2.5)

    return inner


def bare():
    return documented


code = documented.__code__
print(code.co_names, code.co_varnames, code.co_cellvars, code.co_freevars, code.co_nlocals)
print([c if not isinstance(c, types.CodeType) else c.co_qualname for c in code.co_consts])
print(documented.__doc__ is code.co_consts[0], bare.__doc__, (lambda: "no doc").__doc__)

inner = next(c for c in code.co_consts if isinstance(c, types.CodeType))
print(inner.co_consts, inner.co_names, inner.co_varnames, inner.co_freevars, inner._varname_from_oparg(0))
print(code.co_consts is code.co_consts, code.co_names is code.co_names)


def other():
    """Another."""
    return 5


other.__code__ = bare.__code__
print(other.__doc__, other() is documented)


def replaced():
    """Before."""


replaced.__doc__ = "after"
print(replaced.__doc__)
del replaced.__doc__
print(replaced.__doc__)


def never_called():
    """Kept."""
    return never_called, "constant"


renamed = never_called.__code__.replace(co_name="renamed")
print(renamed.co_name, renamed.co_consts == never_called.__code__.co_consts, renamed == never_called.__code__)
copy = marshal.loads(marshal.dumps(never_called.__code__))
print(copy == never_called.__code__, hash(copy) == hash(never_called.__code__), copy.co_varnames, copy.co_names)
made = types.FunctionType(inner, globals(), "made", None, (types.CellType("cell"),))
print(made.__doc__, made("item"))
try:
    documented()
except TypeError as error:
    print(error)
try:
    documented(1, first_unknown=2, key=3)(1, 2)
except TypeError as error:
    print(error)


class Plain:
    def method(self):
        """Of the method."""


class Special(Plain):
    __slots__ = ()

    def __len__(self):
        return 3

    def __getattr__(self, name):
        return name.upper()


class Derived(Special):
    def __add__(self, other):
        return "add"


class Further(Derived):
    __hash__ = None

    def __eq__(self, other):
        return True


print(Plain.method.__doc__, len(Derived()), Derived().missing, Derived() + 1, Further() == 4, len(Further()))
for attempt in (lambda: hash(Further()), lambda: len(Plain()), lambda: 1 + Derived(), lambda: Plain().missing):
    try:
        print(attempt())
    except (TypeError, AttributeError) as error:
        print(type(error).__name__, error)
Special.__add__ = lambda self, other: "special"
Plain.__len__ = lambda self: 9
Special.__iter__ = lambda self: iter("ab")
print(Special() + 1, Derived() + 1, len(Plain()), len(Further()), list(Further()))
