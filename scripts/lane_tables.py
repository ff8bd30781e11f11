#!/usr/bin/python3
"""Makes sim/tensor/rows/lane_tables.h, what the functions of doubles and of floats in sim/tensor/rows look up: tables, and the
coefficients of polynomials that agree with a function at the Chebyshev nodes of an interval, computed with 90 digits.

  scripts/lane_tables.py sim/tensor/rows/lane_tables.h
"""
import struct
import sys
from decimal import ROUND_FLOOR, Decimal as D, getcontext
from fractions import Fraction

getcontext().prec = 90
LN2, LN10 = D(2).ln(), D(10).ln()
HEAD = """/* lane_tables.h - made by scripts/lane_tables.py: numbers whose sum, HIGH and LOW, is what the name says, and polynomials,
 * the constant coefficient first. */
#ifndef HYBRIDSIM_SIM_TENSOR_ROWS_LANE_TABLES_H
#define HYBRIDSIM_SIM_TENSOR_ROWS_LANE_TABLES_H
#include <stdint.h>

"""


# ---- functions ----

def arctan_small(x):
    total, term, k = D(0), x, 1
    while abs(term) > D(10) ** -95:
        total += term / k
        term *= -x * x
        k += 2
    return total


def arctan(x):
    """Half the angle has the tangent x / (1 + sqrt(1 + x^2))."""
    for _ in range(6):
        x = x / (1 + (1 + x * x).sqrt())
    return arctan_small(x) * 64


PI = 4 * (4 * arctan_small(1 / D(5)) - arctan_small(1 / D(239)))


def series(x, term, k):
    total = D(0)
    while abs(term) > D(10) ** -95:
        total += term
        term *= x / ((k + 1) * (k + 2))
        k += 2
    return total


def sin_over(square):  # (sin(r) / r - 1) / r^2
    return series(-square, -D(1) / 6, 3)


def cosine_rest(square):  # (cos(r) - 1) / r^2, and of the hyperbolic one for -r^2
    return series(-square, -D(1) / 2, 2)


def tan_over(square):  # tan(r) / r
    return (1 + square * sin_over(square)) / (1 + square * cosine_rest(square))


def arcsin_over(square):  # (arcsin(r) / r - 1) / r^2
    total, term, k = D(0), D(1) / 2, 1
    while abs(term) > D(10) ** -45:
        total += term / (2 * k + 1)
        term *= square * (2 * k + 1) / (2 * k + 2)
        k += 1
    return total


def arcsinh_over(square):  # (arcsinh(r) / r - 1) / r^2
    return -arcsin_over(-square)


def arctan_over(square):  # (arctan(r) / r - 1) / r^2
    return series_of(lambda k: (-1) ** (k + 1) / D(2 * k + 3), square)


def series_of(coefficient, x):
    total, power, k = D(0), D(1), 0
    while abs(power) > D(10) ** -80 and k < 600:
        total += coefficient(k) * power
        power *= x
        k += 1
    return total


def exp_rest(r):  # (e^r - 1 - r) / r^2
    factorials = [D(2)]
    for k in range(3, 40):
        factorials.append(factorials[-1] * k)
    return sum(r ** k / f for k, f in enumerate(factorials)) if r else D(1) / 2


def log_rest(r):  # (log(1 + r) - r) / r^2
    return series_of(lambda k: (-1) ** (k + 1) / D(k + 2), r)


def cube_root_rest(r):  # (cbrt(1 + r) - 1) / r
    term, k, total = D(1) / 3, 1, D(0)
    while abs(term) > D(10) ** -80:
        total += term
        term *= r * (D(1) / 3 - k) / (k + 1)
        k += 1
    return total


def tanh(x):
    power = (2 * x).exp()
    return (power - 1) / (power + 1)


# ---- polynomials ----

def nodes(low, high, count):
    """Chebyshev's."""
    middle, half = (low + high) / 2, (high - low) / 2
    return [middle + half * cosine(PI * (2 * k + 1) / (2 * count)) for k in range(count)]


def cosine(x):
    return 1 + x * x * cosine_rest(x * x)


def polynomial(function, low, high, degree):
    """By Newton's divided differences."""
    at = nodes(D(low), D(high), degree + 1)
    differences = [function(x) for x in at]
    for level in range(1, degree + 1):
        for i in range(degree, level - 1, -1):
            differences[i] = (differences[i] - differences[i - 1]) / (at[i] - at[i - level])
    found = [D(0)] * (degree + 1)
    for i in range(degree, -1, -1):
        found = [differences[i] - at[i] * found[0]] + [found[k - 1] - at[i] * found[k] for k in range(1, degree + 1)]
    return found


def solve(rows):
    count = len(rows)
    for i in range(count):
        pivot = max(range(i, count), key=lambda k: abs(rows[k][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        rows[i] = [x / rows[i][i] for x in rows[i]]
        for k in range(count):
            if k != i:
                rows[k] = [x - rows[k][i] * y for x, y in zip(rows[k], rows[i])]
    return [row[-1] for row in rows]


def quotient(function, high, above, below):
    """p and q without their constants, 1, for (1 + p1 x + ...) / (1 + q1 x + ...)."""
    rows = []
    for x in nodes(D(0), D(high), above + below):
        value = function(x)
        rows.append([x ** k for k in range(1, above + 1)] + [-value * x ** k for k in range(1, below + 1)] + [value - 1])
    found = solve(rows)
    return [D(1)] + found[:above], [D(1)] + found[above:]


# ---- what is written ----

class Format:
    """A type of numbers: `digits` in the mantissa, 2^`bits` parts of a mantissa in a table."""

    def __init__(self, type_name, digits, bits, grid, exact):
        self.exact = exact  # whether the inverses of parts must have so few bits that rests have no more than `digits`
        self.type_name, self.digits, self.bits, self.parts, self.grid = type_name, digits, bits, 1 << bits, D(2) ** -grid
        self.text = []

    def nearest(self, x):
        number = float(Fraction(x))
        return number if self.digits == 53 else struct.unpack("f", struct.pack("f", number))[0]

    def pair(self, x):
        high = self.nearest(x)
        return high, self.nearest(x - D(high))

    def grid_pair(self, x):
        high = (x / self.grid + D("0.5")).quantize(D(1), rounding=ROUND_FLOOR) * self.grid
        return float(high), self.nearest(x - high)

    def literal(self, number):
        return float.hex(number) + ("f" if self.digits == 24 else "")

    def table(self, name, numbers):
        rows = [", ".join(self.literal(n) for n in numbers[i:i + 4]) for i in range(0, len(numbers), 4)]
        self.text.append("static const %s %s[%d] = {\n    %s};\n" % (self.type_name, name, len(numbers), ",\n    ".join(rows)))

    def pairs(self, name, pairs):
        self.table(name + "_HIGH", [high for high, _ in pairs])
        self.table(name + "_LOW", [low for _, low in pairs])

    def constant(self, name, number):
        self.text.append("#define %s %s\n" % (name, self.literal(number)))

    def constants(self, name, pair):
        self.constant(name + "_HIGH", pair[0])
        self.constant(name + "_LOW", pair[1])

    def polynomial(self, name, coefficients):
        self.table(name, [self.nearest(c) for c in coefficients])


def inverses(form):
    """For each part of the mantissas, cut by their bits from START on, a number of few bits next to the inverse."""
    shift = form.digits - 1 - form.bits
    one = (1023 if form.digits == 53 else 127) << form.digits - 1
    start = one - (form.parts // 3 << shift) - (2 << shift) // 3

    def number(bits):
        exponent, mantissa = (bits >> form.digits - 1) - (one >> form.digits - 1), bits & (1 << form.digits - 1) - 1
        return Fraction((1 << form.digits - 1) + mantissa, 1 << form.digits - 1) * Fraction(2) ** exponent
    found, most = [], 0
    for part in range(form.parts):
        low, high = number(start + (part << shift)), number(start + (part + 1 << shift))
        best = None
        near = min(abs(low - 1), abs(high - 1))  # what is left of the sum of logarithms: not below half the table's
        for bits, up in [(bits, up) for bits in range(9) for up in (0, 1)]:
            inverse = Fraction(1) if low <= 1 <= high else Fraction(int(2 / (low + high) * 2 ** bits) + up, 2 ** bits)
            rest = max(abs(low * inverse - 1), abs(high * inverse - 1))
            last = Fraction(1, 2 ** (form.digits - (low >= 1) + bits))  # of a product
            if form.exact and inverse != 1 and (rest >= last * 2 ** form.digits or abs(inverse - 1) > near * Fraction(19, 10)):
                continue
            if best is None or rest < best[1] * Fraction(19, 20):
                best = inverse, rest
        found.append(best[0])
        most = max(most, best[1])
    print(form.type_name, "largest rest", float(most), file=sys.stderr)
    return start, found, D(most.numerator) / most.denominator


def exponential(form):
    step = LN2 / form.parts
    form.pairs("POWER", [form.pair(D(2) ** (D(j) / form.parts)) for j in range(form.parts)])
    form.pairs("INVERSE_POWER", [form.pair(D(2) ** (-D(j) / form.parts)) for j in range(form.parts)])
    form.constant("PARTS_A_LN2", form.nearest(1 / step))
    form.constants("LN2_PART", form.pair(step))
    half = step / 2 * D("1.01")
    form.constant("LOG_OF_2", form.nearest(LN2))
    degree, terms = (5, 3) if form.digits == 53 else (2, 1)
    form.polynomial("EXP_REST", polynomial(exp_rest, -half, half, degree))
    form.polynomial("COSH_REST", polynomial(lambda x: -cosine_rest(-x), 0, half * half, terms - 1))
    form.polynomial("SINH_REST", polynomial(lambda x: -sin_over(-x), 0, half * half, terms - 1))


def logarithm(form):
    start, found, rest = inverses(form)
    form.text.append("#define LOG_START %#x\n" % start)
    form.table("INVERSE", [float(i) for i in found])
    logs = [-(D(i.numerator) / i.denominator).ln() for i in found]
    degree = 9 if form.digits == 53 else 3
    coefficients = polynomial(log_rest, -rest, rest, degree)
    for name, scale in [("LOG", D(1)), ("LOG10", 1 / LN10)] + ([("LOG2", 1 / LN2)] if form.digits == 24 else []):
        form.pairs(name, [form.grid_pair(log * scale) for log in logs])
        form.constants(name + "_OF_2", form.grid_pair(LN2 * scale))
        form.constants(name + "_OF_E", form.pair(scale))
        form.polynomial(name + "_REST", [c * scale for c in coefficients])
    form.pairs("CUBE_ROOT", [form.pair((1 / (D(i.numerator) / i.denominator)) ** (D(1) / 3)) for i in found])
    turns = [D(1), D(2) ** (D(1) / 3), D(1), D(2) ** (-D(1) / 3)]  # by the exponent modulo 3, in its last two bits
    form.pairs("TURN", [form.pair(turns[j % 4]) for j in range(form.parts)])
    form.polynomial("CUBE_ROOT_REST", polynomial(cube_root_rest, -rest, rest, 8 if form.digits == 53 else 3))


TANH_DEGREE, TANH_START = 7, -4  # 4 parts of a doubling each, from 2^-4 on


def hyperbolic_tangent(form):
    """tanh(c + t) by powers of t, in parts; the first reaches from 0 on, and c is 0 there."""
    columns = [[] for _ in range(TANH_DEGREE + 3)]
    for part in range(32):
        low, high = [D(2) ** (TANH_START + p // 4) * (1 + D(p % 4) / 4) for p in (part, part + 1)]
        if part == 0:
            found = [D(0), D(1)] + [D(0)] * (TANH_DEGREE - 1)
            odd = polynomial(lambda s: (tanh(s.sqrt()) / s.sqrt() - 1) / s, D("1e-9"), high * high, (TANH_DEGREE - 3) // 2)
            found[3::2] = odd
            center = D(0)
        else:
            center = D(form.nearest((low + high) / 2))
            found = polynomial(lambda t: tanh(center + t), low - center, high - center, TANH_DEGREE)
        first, second = form.pair(found[0])
        for column, number in zip(columns, [float(center), first, second] + [form.nearest(c) for c in found[1:]]):
            column.append(number)
    for name, column in zip(["CENTER", "HIGH", "LOW"] + ["%d" % k for k in range(1, TANH_DEGREE + 1)], columns):
        form.table("TANH_" + name, column)


def inverse_circular(form):
    centers = []
    for part in range(32):  # 4 parts of a doubling each, from 2^-3 on; the last reaches to infinity
        low, high = [D(2) ** (-3 + p // 4) * (1 + D(p % 4) / 4) for p in (part, part + 1)]
        centers.append(D(0) if part == 0 else ((low + high) / 2))
    form.table("ARCTAN_CENTER", [float(c) for c in centers[:31]] + [1.0])
    form.table("ARCTAN_WEIGHT", [1.0] * 31 + [0.0])
    form.pairs("ARCTAN", [form.pair(arctan(c)) for c in centers[:31]] + [form.pair(PI / 2)])
    form.polynomial("ARCTAN_REST", polynomial(arctan_over, 0, D("0.157") ** 2, 2))
    form.pairs("SLICE", [form.pair(arctan(D(j) / 32)) for j in range(32)])
    form.polynomial("ARCSIN_REST", polynomial(arcsin_over, 0, D("0.25"), 6))
    form.constants("PI", form.pair(PI))
    form.constants("HALF_PI", form.pair(PI / 2))


def halves(form):
    """For functions of half floats, which are computed with floats: about 20 bits."""
    half = LN2 / 2 * D("1.01")
    form.polynomial("HALF_EXP_REST", polynomial(exp_rest, -half, half, 3))
    form.polynomial("HALF_POWER", [D(1)] + polynomial(lambda r: LN2 + LN2 * LN2 * r * exp_rest(r * LN2), D("-.5"), D(".5"), 4))
    form.polynomial("HALF_COSH_REST", polynomial(lambda x: -cosine_rest(-x), 0, half * half, 1))
    form.polynomial("HALF_SINH_REST", polynomial(lambda x: -sin_over(-x), 0, half * half, 1))
    _, found, rest = inverses(form)
    series = polynomial(log_rest, -rest, rest, 2)
    for name, scale in ("LOG", D(1)), ("LOG2", 1 / LN2), ("LOG10", 1 / LN10):
        form.table("HALF_" + name, [form.nearest(-(D(i.numerator) / i.denominator).ln() * scale) for i in found])
        form.polynomial("HALF_%s_REST" % name, [scale] + [c * scale for c in series])
    form.constant("HALF_LOG10_OF_2", form.nearest(LN2 / LN10))
    form.polynomial("HALF_ARCSINH_REST", polynomial(arcsinh_over, 0, D("0.0625"), 2))
    form.polynomial("HALF_ARCTANH_REST", polynomial(lambda square: -arctan_over(-square), 0, D(1) / 64, 1))
    cut = (PI * 2 ** 18).to_integral_value(ROUND_FLOOR) / 2 ** 18  # both parts are positive, so that -0 stays -0
    form.constants("CUT_PI", (float(cut), form.nearest(PI - cut)))
    form.polynomial("HALF_SIN_REST", polynomial(sin_over, 0, (PI / 2 * D("1.001")) ** 2, 3))
    above, below = quotient(tan_over, (PI / 4 * D("1.001")) ** 2, 1, 2)
    form.polynomial("HALF_TAN_ABOVE", above)
    form.polynomial("HALF_TAN_BELOW", below)
    form.polynomial("HALF_ARCSIN_REST", polynomial(arcsin_over, 0, D("0.25"), 3))
    form.polynomial("HALF_ARCTAN_REST", polynomial(lambda square: (arctan(square.sqrt()) / square.sqrt() - 1) / square, 0, 1, 7))


def wide(form):
    """For functions of floats that are computed with doubles."""
    half = LN2 / 32 * D("1.01")
    form.polynomial("WIDE_POWER_REST", polynomial(lambda r: LN2 + LN2 * LN2 * r * exp_rest(r * LN2), -half / LN2, half / LN2, 2))
    _, found, rest = inverses(form)
    form.polynomial("WIDE_LOG2_REST", polynomial(lambda r: (1 + r * log_rest(r)) / LN2, -rest, rest, 5))
    form.table("WIDE_LOG2", [form.nearest(-(D(i.numerator) / i.denominator).ln() / LN2) for i in found])
    form.polynomial("WIDE_SIN_REST", polynomial(sin_over, 0, (PI / 2 * D("1.001")) ** 2, 4))
    above, below = quotient(tan_over, (PI / 4 * D("1.001")) ** 2, 2, 2)
    form.polynomial("WIDE_TAN_ABOVE", above)
    form.polynomial("WIDE_TAN_BELOW", below)
    form.constants("WIDE_PI", form.pair(PI))
    form.constants("WIDE_HALF_PI", form.pair(PI / 2))
    form.constant("WIDE_INVERSE_PI", form.nearest(1 / PI))
    whole = int((2 / PI) * D(2) ** 256)
    words = [(whole >> 32 * k) & 0xffffffff for k in range(7, -1, -1)]
    form.text.append("/* 2 / pi, from 2^-1 on */\nstatic const uint32_t TURNS[8] = {%s};\n" % ", ".join("%#x" % w for w in words))


def main():
    single, double = Format("float", 24, 5, 16, True), Format("double", 53, 4, 42, False)
    for form in single, double:
        exponential(form)
        logarithm(form)
    hyperbolic_tangent(single)
    most = LN2 * D("0.581")
    single.polynomial("WHOLE_COSH_REST", polynomial(lambda x: -cosine_rest(-x), 0, most * most, 2))
    single.polynomial("WHOLE_SINH_REST", polynomial(lambda x: -sin_over(-x), 0, most * most, 2))
    inverse_circular(single)
    halves(single)
    wide(double)
    with open(sys.argv[1], "w", encoding="utf-8") as stream:
        stream.write(HEAD + "#ifdef SINGLE\n" + "".join(single.text) + "#else\n" + "".join(double.text) + "#endif\n#endif\n")


main()
