# Decimals from text, tuples, floats and ints; as text, hashes, ratios; comparisons with other numbers; error messages.
import copy
import pickle
from decimal import *
from fractions import Fraction


def attempt(function, *arguments, **keywords):
    try:
        print(repr(function(*arguments, **keywords)))
    except Exception as error:
        print(type(error).__name__, error)


for text in ["1", " 1.5 ", "1_000.000_1", "\uff11\uff12.\uff15", "\u0661\u0662", "1e5", "1E+5", "-0", ".5", "5.", ".", "", "e5", "inf",
             "-Infinity", "nan", "-sNaN123", "NaN0012", "1e", "1e+", "0x1", "1.2.3", "--1", "infinit", "1e999999999999999999999"]:
    attempt(Decimal, text)
    attempt(ExtendedContext.create_decimal, text)
for source in [(0, (1, 2, 3), -2), (1, (), 3), (0, (0,), "F"), (1, (4, 5), "n"), (0, (), "N"), (2, (1,), 0), (0, (10,), 0),
               (0, (1,), "x"), [0, [1, 2], 1], (1, 2), 10**40, True, 0.1, -0.0, 1e300, float("inf"), b"1", None, 1j]:
    attempt(Decimal, source)
for text in ["123.456", "-0.000001234", "1E+10", "1E-10", "0E-20", "0E+7", "123E+1", "NaN12", "-Infinity", "12345678901234567890.5"]:
    number = Decimal(text)
    print(number, number.to_eng_string(), number.as_tuple(), number.adjusted(), bool(number), number.number_class())
    attempt(number.as_integer_ratio)
    attempt(int, number)
    attempt(round, number, 2)
    for specification in ["", ".3f", "+.2e", ",.1f", "020,.2f", "*^30", ".0%", "g", ".4G", "n", "<15", "=+15", "z.1f", "z.0F", "x", "10,,"]:
        attempt(format, number, specification)
for a, b in [("1.5", 1.5), ("0.1", 0.1), ("3", 3), ("3.00", Fraction(3)), ("0.5", Fraction(1, 2)), ("1", 1 + 0j), ("2", "2")]:
    print(Decimal(a) == b, Decimal(a) != b, hash(Decimal(a)) == hash(b))
    attempt(lambda: Decimal(a) < b)
for value in [Decimal("1.10"), Decimal("-Infinity"), Decimal("NaN5")]:
    print(repr(pickle.loads(pickle.dumps(value))), copy.copy(value) is value, copy.deepcopy(value) is value)
attempt(lambda: Decimal(1) + 1.5)
attempt(lambda: Decimal(1) / 0)
attempt(lambda: Decimal(0) / 0)
attempt(lambda: Decimal("sNaN") * 2)
attempt(lambda: hash(Decimal("sNaN")))
attempt(lambda: pow(Decimal(7), 10**30, 1000))
attempt(lambda: divmod(Decimal("-7.5"), 2))
attempt(lambda: 7 % Decimal("-2.5"))
attempt(Decimal(2).quantize, Decimal("0.1"), "nonsense")
attempt(Decimal(2).max)
attempt(Decimal.from_float, "1")


class Money(Decimal):
    unit = "EUR"


price = Money("12.50")
print(repr(price), type(price + 1), price.unit, type(Money.from_float(0.5)), isinstance(price, Decimal))
source = Decimal("1.0")
print(repr(Money(source)), source, repr(Money(price)), price)
