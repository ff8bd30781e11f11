# int() and float() of objects with __int__, __float__, __trunc__; their deprecations; nan's sign; hexadecimal floats.
import math
import sys
import warnings


def show(label, function):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            result = function()
            print(label, type(result).__name__, repr(result), end="")
        except Exception as error:
            print(label, type(error).__name__, error, end="")
        print("", [(w.category.__name__, str(w.message)) for w in caught])


class Answer:
    def __init__(self, **methods):
        self.methods = methods


def make(name, answer, base=object):
    return type(name, (base,), {key: (lambda self, value=value: value) for key, value in answer.items()})


class Whole(int):
    pass


class Real(float):
    pass


show("trunc", lambda: int(make("T", {"__trunc__": 42})()))
show("trunc bool", lambda: int(make("T", {"__trunc__": True})()))
show("trunc index", lambda: int(make("T", {"__trunc__": make("I", {"__index__": 7})()})()))
show("trunc bad", lambda: int(make("T", {"__trunc__": "x"})()))
show("int bool", lambda: int(make("T", {"__int__": True})()))
show("int subclass", lambda: int(make("T", {"__int__": Whole(5)})()))
show("int bad", lambda: int(make("T", {"__int__": 4.0})()))
show("int of subclass", lambda: int(make("T", {"__int__": 42}, int)(7)))
show("int of Whole", lambda: int(Whole(7)))
show("float", lambda: float(make("F", {"__float__": 42.0})()))
show("float of subclass", lambda: float(make("F", {"__float__": 42.0}, float)(7)))
show("float of str", lambda: float(make("F", {"__float__": 9.0}, str)("8")))
show("float subclass", lambda: float(make("F", {"__float__": Real(1.5)})()))
show("float bad", lambda: float(make("F", {"__float__": 42})()))
show("float index", lambda: float(make("F", {"__index__": 42})()))
show("float int subclass", lambda: float(Whole(3)))
show("index subclass", lambda: int(make("F", {"__index__": Whole(2)})()))
show("sqrt", lambda: math.sqrt(make("F", {"__float__": Real(4.0)})()))
show("sqrt of subclass", lambda: math.sqrt(make("F", {"__float__": 9.0}, float)(4.0)))
for text in "nan", "-nan", "+nan", "inf", "-inf":
    print(text, math.copysign(1.0, float(text)))
least = 2.0 ** -1074
for text in ("0x0.ffffffffffffeap-1022", "0x0.ffffffffffffecp-1022", "0x0.ffffffffffffeep-1022", "0x0.fffffffffffff8p-1022",
             "0x0.fffffffffffff7p-1022", "0x1.8p-1075", "0x1p-1075", "0x1.0000000000000000000001p-1075", "0x1p-1076", "0x0p99999999999",
             "-0x1.fffffffffffff7p0", "0x1.fffffffffffff8p0", "0x1.00000000000008p0", "0x1.00000000000008000000000001p0",
             "0x1.00000000000018p0", "0x1.fffffffffffff8p1023", "0x1p1024", "0x.8p0", "10", "-0x0.0p0", "0x1p-99999999999999999999",
             "0x123456789abcdef0123456789abcdefp-20", "0x1.fffffffffffff7ffffffffffffp1023"):
    show(text, lambda: float.fromhex(text))
sys.set_int_max_str_digits(1000)
for power in 999, 1000, 1001, 5000:
    try:
        print(power, len(str(10 ** power)))
    except ValueError as error:
        print(power, error)
for cls in (list, tuple, set, frozenset, float):
    plain = type("Plain", (cls,), {})
    try:
        plain(sequence=())
    except TypeError as error:
        print(cls.__name__, error)

    class WithInit(cls):
        def __init__(self, given, extra=None):
            self.extra = extra

    class WithNew(cls):
        def __new__(kind, given, extra=None):
            self = super().__new__(kind, given)
            self.extra = extra
            return self
    given = 1 if cls is float else (1, 2)
    for kind in WithInit, WithNew:
        try:
            print(cls.__name__, kind.__name__, kind(given, extra=3).extra)
        except TypeError as error:
            print(cls.__name__, kind.__name__, error)
