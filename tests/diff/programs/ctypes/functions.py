"""Foreign functions: arguments, results, prototypes, parameter flags, structures by value, callbacks, errors."""
import ctypes
import sys
from ctypes import *


def attempt(function, *arguments, **named):
    try:
        print(repr(function(*arguments, **named)))
    except Exception as error:
        print(type(error).__name__, error)


libc = CDLL("libc.so.6")
libm = CDLL("libm.so.6")
print(libc.abs(-5), libc.strlen(b"hello"), libc.atoi(b"42"), libc.toupper(ord("a")), libc.abs is libc.abs, libc["labs"](-3))
print(CDLL(None).strlen(b"abc"), libc.wcslen("gr\u00fc\u00df"), libc.memcmp(b"abc", b"abd", 3) < 0)
libm.sqrt.restype = c_double
libm.sqrt.argtypes = [c_double]
libm.pow.restype, libm.pow.argtypes = c_double, (c_double, c_double)
print(libm.sqrt(2.0), libm.sqrt(9), libm.pow(2, 0.5), libm.sqrt.argtypes, libm.sqrt.restype)
attempt(libm.sqrt, "x")
attempt(libm.sqrt)
attempt(libm.sqrt, 1.0, 2.0)
attempt(libm.pow, 1.0)
attempt(libc.abs, 1.5)
attempt(libc.abs, object())
attempt(libc.abs, 2 ** 64)
attempt(libc.abs, -2 ** 63 - 1)
attempt(lambda: libc.no_such_function)
attempt(lambda: CDLL("no_such_library.so.9"))
attempt(lambda: hasattr(pythonapi, "Py_no_such_function"))
attempt(setattr, libm.sqrt, "argtypes", 3)
attempt(setattr, libm.sqrt, "argtypes", [3])
attempt(setattr, libm.sqrt, "restype", 3)
attempt(setattr, libm.sqrt, "errcheck", 3)

strchr = libc.strchr
strchr.restype = c_char_p
strchr.argtypes = [c_char_p, c_char]
print(strchr(b"abcdef", b"d"), strchr(b"abcdef", b"x"))
attempt(strchr, b"abcdef", b"def")
attempt(strchr, "abc", b"x")
strtol = libc.strtol
strtol.restype = c_long
strtol.argtypes = [c_char_p, POINTER(c_char_p), c_int]
end = c_char_p()
print(strtol(b"123rest", byref(end), 10), end.value, strtol(b"ff", None, 16), strtol(b"-7", pointer(end), 0))
buffer = create_string_buffer(100)
print(libc.sprintf(buffer, b"%d %s %.3f %c", 42, b"text", c_double(2.5), b"x"[0]), buffer.value)
print(libc.snprintf(buffer, 5, b"%s", b"longer than five"), buffer.value)
numbers = (c_int * 2)()
print(libc.sscanf(b"12 abc 34", b"%d abc %d", byref(numbers), byref(numbers, 4)), numbers[:])
single = c_float()
print(libc.sscanf(b"2.5", b"%f", byref(single)), single)


class Division(Structure):
    _fields_ = [("quot", c_int), ("rem", c_int)]


class LongDivision(Structure):
    _fields_ = [("quot", c_long), ("rem", c_long)]


libc.div.restype = Division
libc.ldiv.restype = LongDivision
libc.ldiv.argtypes = [c_long, c_long]
print(libc.div(17, 5).quot, libc.div(17, 5).rem, libc.ldiv(-2 ** 40, 1000).quot, libc.ldiv(-2 ** 40, 1000).rem)


class Address(Structure):
    _fields_ = [("s_addr", c_uint32)]


libc.inet_ntoa.argtypes = [Address]
libc.inet_ntoa.restype = c_char_p
print(libc.inet_ntoa(Address(0x0100007f)), libc.htons(0x1234) == 0x3412, libc.ntohl(1) & 0xffffffff)

# callbacks
Compare = CFUNCTYPE(c_int, POINTER(c_int), POINTER(c_int))
calls = []


def compare(a, b):
    calls.append((a[0], b.contents.value))
    return a[0] - b[0]


values = (c_int * 8)(5, 1, 7, 33, 99, 7, 2, -4)
libc.qsort(values, len(values), sizeof(c_int), Compare(compare))
print(values[:], len(calls) > 7)
key = c_int(33)
libc.bsearch.restype = POINTER(c_int)
found = libc.bsearch(byref(key), values, 8, 4, Compare(compare))
print(found[0], Compare._argtypes_, Compare._restype_, Compare is CFUNCTYPE(c_int, POINTER(c_int), POINTER(c_int)))


@CFUNCTYPE(c_double, c_double, c_int, c_char_p, c_longlong)
def combine(a, b, c, d):
    return a + b + len(c) + d


print(combine(1.5, 2, b"abc", -1), type(combine).__name__)
attempt(combine, 1.5)
attempt(combine, "x", 2, b"abc", 3)
for kind, item in [(c_byte, -3), (c_ubyte, 250), (c_short, -300), (c_ushort, 65000), (c_int, -70000), (c_uint, 4000000000),
                   (c_long, -2 ** 40), (c_ulonglong, 2 ** 63), (c_float, 1.5), (c_double, 1.1), (c_bool, True), (c_char, b"x"),
                   (c_wchar, "\u20ac"), (c_void_p, None), (c_void_p, 12345), (py_object, [1]), (c_longdouble, 2.25)]:
    echo = CFUNCTYPE(kind, kind)(lambda value: value)
    print(kind.__name__, echo(item))


class Big(Structure):
    _fields_ = [("a", c_long), ("b", c_double), ("c", c_int * 4)]


class Floats(Structure):
    _fields_ = [("x", c_float), ("y", c_float), ("z", c_double)]


class Tiny(Structure):
    _fields_ = [("a", c_ubyte), ("b", c_ubyte), ("c", c_ubyte)]


print(CFUNCTYPE(c_double, Big, Floats, Tiny, Division)(
    lambda big, floats, tiny, division: big.a + big.b + sum(big.c) + floats.x + floats.y + floats.z + tiny.c + division.rem)(
        Big(1, 2.5, (1, 2, 3, 4)), Floats(0.5, 0.25, 0.125), Tiny(7, 8, 9), Division(1, 2)))


def failing(a):
    raise ValueError("in a callback")


seen = []
sys.unraisablehook = lambda details: seen.append((details.exc_type.__name__, str(details.exc_value), details.err_msg,
                                                  details.object))
CFUNCTYPE(c_int, c_int)(failing)(3)
print([entry[:3] for entry in seen], seen[0][3] is failing)
seen.clear()
CFUNCTYPE(c_int, c_int)(lambda a: "no int")(3)
print([entry[:3] for entry in seen])
sys.unraisablehook = sys.__unraisablehook__
attempt(CFUNCTYPE(POINTER(c_int), c_int), failing)
attempt(CFUNCTYPE(c_int), 1.5)
attempt(lambda: CFUNCTYPE(c_int, 3))
attempt(lambda: CFUNCTYPE(c_int, wrong=3))
attempt(lambda: type("Wrong", (ctypes._CFuncPtr,), {}))
print(bool(CFUNCTYPE(c_int)()), bool(libc.abs))


def factorial(n):
    return n * step(n - 1) if n else 1


step = CFUNCTYPE(c_longlong, c_longlong)(factorial)
print(step(15))

# results
def checked(result, function, arguments):
    print("checked", result, arguments)
    return result * 2 if result < 10 else arguments


libc.labs.errcheck = checked
print(libc.labs(-4), libc.labs(-40))
libc.toascii.restype = lambda number: "<%d>" % number
print(libc.toascii(65))
libc.tolower.restype = None
print(libc.tolower(65))


class Answer(c_int):
    pass


libc.llabs.restype = Answer
print(type(libc.llabs(-9)).__name__, libc.llabs(-9).value)


class Parameter:
    def __init__(self, inner):
        self._as_parameter_ = inner


print(libc.strlen(Parameter(b"four")), libc.abs(Parameter(Parameter(-6))))
attempt(libc.abs, Parameter([]))


class Wrapped:
    @classmethod
    def from_param(cls, given):
        if given is None:
            raise KeyError("none given")
        return str(given).encode()


libc.strlen.argtypes = [Wrapped]
print(libc.strlen(123456))
attempt(libc.strlen, None)

# parameter flags
prototype = CFUNCTYPE(c_double, c_double, POINTER(c_int))
frexp = prototype(("frexp", libm), ((1, "x"), (2, "exponent")))
print(frexp(8.0), frexp(x=10.0))
attempt(frexp)
attempt(frexp, 1.0, 2)
attempt(frexp, y=1.0)
ldexp = CFUNCTYPE(c_double, c_double, c_int)(("ldexp", libm), ((1, "x", 1.5), (1, "exponent", 4)))
print(ldexp(), ldexp(2.0), ldexp(exponent=1), ldexp(3.0, 2))
attempt(prototype, ("frexp", libm), ((1, "x"),))
attempt(prototype, ("frexp", libm), ((2, "x"), (1, "y")))
attempt(prototype, ("frexp", libm), 5)
attempt(prototype, ("frexp", libm), (1, 2))
attempt(prototype, ("frexp", 3))
attempt(prototype, (3.5, libm))

# errno
errors = CDLL("libc.so.6", use_errno=True)
set_errno(0)
errors.strtol.restype = c_long
print(errors.strtol(b"9" * 30, None, 10) == 2 ** 63 - 1, get_errno(), set_errno(5), get_errno())
attempt(c_int.in_dll, libc, "no_such_variable")
attempt(sizeof, libc.abs)
print(ctypes._pointer_type_cache[None], ctypes.ARRAY(c_int, 3).__name__, ctypes.ArgumentError.__mro__, libm.sqrt.__name__)
