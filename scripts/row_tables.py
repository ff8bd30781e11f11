#!/usr/bin/python3
"""Makes sim/tensor/rows/tables.h, the numbers that the rows' functions look up, computed with 70 digits: tables, and the
coefficients of polynomials that agree with a function at an interval's Chebyshev nodes, so err little more than the best of
their degree.

  scripts/row_tables.py sim/tensor/rows/tables.h
"""
import struct
import sys
from decimal import ROUND_FLOOR, Decimal, getcontext
from fractions import Fraction

HEAD = """/* tables.h - made by scripts/row_tables.py, do not edit: numbers whose sum, HIGH and LOW, is what the name says, and
 * polynomials, the coefficient of the lowest power first. */
#ifndef HYBRIDSIM_SIM_TENSOR_ROWS_TABLES_H
#define HYBRIDSIM_SIM_TENSOR_ROWS_TABLES_H
#include <stdint.h>

"""
getcontext().prec = 70
GRID = Decimal(2) ** -42  # sums of a few numbers on it, below 2^10, are exact
SMALLEST = Decimal(10) ** -80


# ---- functions ----

def series(x, term_of):
    """The sum of term_of(k) x^k, k from 0 on, until they are small."""
    total, power, term, k = Decimal(0), Decimal(1), Decimal(1), 0
    while abs(term) > SMALLEST:
        term = term_of(k) * power
        total += term
        power *= x
        k += 1
    return total


def factorial(n):
    return factorial(n - 1) * n if n else Decimal(1)


FACTORIALS = [factorial(n) for n in range(420)]


def arctan_of_inverse(n):
    return series(Decimal(1) / (n * n), lambda k: Decimal((-1) ** k) / (2 * k + 1)) / n


PI = 4 * (4 * arctan_of_inverse(5) - arctan_of_inverse(239))
LN2 = Decimal(2).ln()


def sine(x):
    total = x * series(x * x, lambda k: (-1) ** k / FACTORIALS[2 * k + 1])
    return total if abs(total) > Decimal(10) ** -60 else Decimal(0)


def cosine(x):
    total = series(x * x, lambda k: (-1) ** k / FACTORIALS[2 * k])
    return total if abs(total) > Decimal(10) ** -60 else Decimal(0)


def arctan(x):
    """Half the angle has the tangent x / (1 + sqrt(1 + x^2))."""
    halvings = 8
    for _ in range(halvings):
        x = x / (1 + (1 + x * x).sqrt())
    return x * series(x * x, lambda k: Decimal((-1) ** k) / (2 * k + 1)) * 2 ** halvings


def tangent_rest(square):
    """(tan(r) - r) / r^3 of r^2."""
    cosines = series(square, lambda k: (-1) ** k / FACTORIALS[2 * k])
    return (series(square, lambda k: (-1) ** k / FACTORIALS[2 * k + 1]) / cosines - 1) / square


def arcsine_term(k):
    """That of x^(2k+1)."""
    return FACTORIALS[2 * k] / (Decimal(4) ** k * FACTORIALS[k] ** 2 * (2 * k + 1)) if k < 200 else Decimal(0)


# ---- numbers ----

def nearest(x):
    return float(Fraction(x))


def parts(x, count=2):
    """Doubles whose sum is x, each the nearest to what is left."""
    found = []
    for _ in range(count):
        found.append(nearest(x))
        x -= Decimal(found[-1])
    return found


def on_grid(x):
    high = (x / GRID).quantize(Decimal(1), rounding=ROUND_FLOOR) * GRID
    return [nearest(high), nearest(x - high)]


def to_bits(x):
    return struct.unpack("<q", struct.pack("<d", x))[0]


def number_of(bits):
    return struct.unpack("<d", struct.pack("<q", bits))[0]


def decimal_of(fraction):
    return Decimal(fraction.numerator) / Decimal(fraction.denominator)


# ---- polynomials ----

def interpolation(function, low, high, count):
    """The coefficients of the polynomial that agrees with the function at the Chebyshev nodes between low and high."""
    nodes = [(low + high) / 2 + (high - low) / 2 * cosine(PI * (2 * i + 1) / (2 * count)) for i in range(count)]
    nodes = [node or Decimal(10) ** -30 for node in nodes]  # none of the functions can be computed at 0
    differences = [function(node) for node in nodes]
    for level in range(1, count):
        for i in range(count - 1, level - 1, -1):
            differences[i] = (differences[i] - differences[i - 1]) / (nodes[i] - nodes[i - level])
    found = [differences[-1]]
    for i in range(count - 2, -1, -1):  # found * (x - node) + difference
        found = [a - b * nodes[i] for a, b in zip([Decimal(0)] + found, found + [Decimal(0)])]
        found[0] += differences[i]
    return found


def report(name, function, coefficients, low, high, scale):
    """The largest error there, times what the polynomial is multiplied by."""
    worst = Decimal(0)
    for i in range(1, 200):
        x = low + (high - low) * i / 200 + Decimal(10) ** -20
        value = sum(Decimal(nearest(c)) * x ** k for k, c in enumerate(coefficients))
        worst = max(worst, abs(value - function(x)) * abs(scale(x)))
    print("%s errs by 2^%.1f" % (name, float(worst.ln() / LN2)), file=sys.stderr)


def polynomial(name, function, low, high, count, scale):
    found = interpolation(function, low, high, count)
    report(name, function, found, low, high, scale)
    return table(name, [nearest(c) for c in found])


# ---- logarithms: mantissas are cut in parts, by their bits; 1 lies in the middle of one ----

LOG_PARTS = 16
STEP = 1 << 48
LOG_START = (0x3ff << 52) - 10 * STEP - STEP // 2


def from_bits(bits):
    exponent, mantissa = bits >> 52, bits & ((1 << 52) - 1)
    return Fraction((1 << 52) + mantissa, 1 << 52) * Fraction(2) ** (exponent - 1023)


def inverse_for(part):
    """A number of few bits, so that mantissa * inverse - 1 is exact and small."""
    low, high = from_bits(LOG_START + part * STEP), from_bits(LOG_START + (part + 1) * STEP)
    if low <= 1 <= high:
        return Fraction(1), max(1 - low, high - 1)
    best = None
    for bits in range(4, 9):
        for off in -1, 0, 1:
            inverse = Fraction(round(2 / (low + high) * 2 ** bits) + off, 2 ** bits)
            rest = max(abs(low * inverse - 1), abs(high * inverse - 1))
            last = Fraction(1, 2 ** (53 if low < 1 else 52)) / 2 ** bits
            if rest <= last * 2 ** 53 and (best is None or rest < best[1]):
                best = inverse, rest
    return best


# ---- sines and cosines times a number near 1 that makes both of them doubles, all but 2^-11 of a last place ----

def common_multiple(first, second):
    """Both, and what is to be taken off from 1 for what they are multiplied by."""
    if not first or not second:
        return [nearest(first), nearest(second), 0.0]
    best = None
    for i in range(1 << 13):
        high = nearest(first) * (1 + i * 2.0 ** -52) if first < second else nearest(first) + i * 2.0 ** -53
        other = Decimal(high) / first * second
        error = abs(other - Decimal(nearest(other))) / abs(other)
        if best is None or error < best[0]:
            best = error, [high, nearest(other), nearest(1 - first / Decimal(high))]
    if best[0]:
        print("a multiple errs by 2^%.1f" % float(best[0].ln() / LN2), file=sys.stderr)
    return best[1]


# ---- the file ----

def table(name, numbers):
    rows = [", ".join(float.hex(number) for number in numbers[i:i + 4]) for i in range(0, len(numbers), 4)]
    return "static const double %s[%d] = {\n    %s};\n" % (name, len(numbers), ",\n    ".join(rows))


def words(name, numbers):
    rows = [", ".join("%#018x" % number for number in numbers[i:i + 4]) for i in range(0, len(numbers), 4)]
    return "static const uint64_t %s[%d] = {\n    %s};\n" % (name, len(numbers), ",\n    ".join(rows))


def constant(name, number):
    return "static const double %s = %s;\n" % (name, float.hex(number))


def pair_of_tables(name, pairs):
    return [table(name + "_HIGH", [p[0] for p in pairs]), table(name + "_LOW", [p[1] for p in pairs])]


def exponentials():
    powers = [Decimal(2) ** (Decimal(j) / 16) for j in range(16)]
    nears = [nearest(p) for p in powers]
    end = LN2 / 32
    return [
        "/* The bits of 2^(j / 16), less j << 48; and what is to be added to 1 for what that lacks. */\n",
        table("POWER_BASE", [number_of(to_bits(near) - (j << 48)) for j, near in enumerate(nears)]),
        table("POWER_REST", [nearest(p / Decimal(n) - 1) for p, n in zip(powers, nears)]),
        "/* (e^r - 1 - r) / r^2 */\n",
        polynomial("EXP_SERIES", lambda r: (r.exp() - 1 - r) / (r * r), -end, end, 6, lambda r: r * r),
        *map(constant, ("LN2_PART_HIGH", "LN2_PART_LOW"), parts(LN2 / 16)), *map(constant, ("LN2_HIGH", "LN2_LOW"), parts(LN2)),
        constant("PARTS_A_LN2", nearest(16 / LN2))]


def logarithms():
    inverses = [inverse_for(part) for part in range(LOG_PARTS)]
    print("largest rest", float(max(rest for _, rest in inverses)), file=sys.stderr)
    end = Decimal("0.0342")
    text = ["static const int64_t LOG_START = %#x;\n" % LOG_START, table("INVERSE", [float(i) for i, _ in inverses])]
    logs = [-decimal_of(i).ln() for i, _ in inverses]
    for name, scale in ("LOG", 1), ("LOG2", 1 / LN2):
        text += pair_of_tables(name, [on_grid(log * scale) for log in logs])

    def rest(r, done):
        """log(1 + r) beyond so many terms."""
        return series(r, lambda k: Decimal((-1) ** (k + done)) / (k + done + 1))
    text += ["/* (log(1 + r) - r + r^2 / 2) / r^3; the same by log(2); and one more term left out */\n",
             polynomial("LOG_SERIES", lambda r: rest(r, 2), -end, end, 8, lambda r: r ** 3),
             polynomial("LOG2_SERIES", lambda r: rest(r, 2) / LN2, -end, end, 8, lambda r: r ** 3),
             polynomial("LOG_FOURTH", lambda r: rest(r, 3), -end, end, 9, lambda r: r ** 4)]
    return text + [*map(constant, ("LOG2E_HIGH", "LOG2E_LOW"), parts(1 / LN2)),
                   *map(constant, ("LN2_GRID_HIGH", "LN2_GRID_LOW"), on_grid(LN2)),
                   *map(constant, ("THIRD_HIGH", "THIRD_LOW"), parts(1 / Decimal(3)))]


def trigonometry():
    end = (PI / 32 + Decimal(10) ** -5) ** 2
    multiples = [common_multiple(sine(PI * j / 16), cosine(PI * j / 16)) for j in range(16)]
    text = ["/* Sines and cosines of n * pi / 16, each pair times a number of its own that EXCESS tells: 1 / (1 - excess). */\n",
            *(table(name, [m[i] for m in multiples]) for i, name in enumerate(("SINE", "COSINE", "EXCESS")))]
    high = nearest(PI / 16)
    middle = Decimal(number_of(to_bits(nearest(PI / 16 - Decimal(high))) >> 25 << 25))  # 28 bits: its multiples are exact
    text += [constant("SLICE_HIGH", high), constant("SLICE_MIDDLE", float(middle)),
             constant("SLICE_LOW", nearest(PI / 16 - Decimal(high) - middle)), constant("SLICES_A_RADIAN", nearest(16 / PI)),
             "/* (sin(r) - r) / r^3, (cos(r) - 1 + r^2 / 2) / r^4 and (tan(r) - r) / r^3, of r^2 */\n",
             polynomial("SINE_SERIES", lambda s: series(s, lambda k: (-1) ** (k + 1) / FACTORIALS[2 * k + 3]), Decimal(0), end, 4,
                        lambda s: s),
             polynomial("COSINE_SERIES", lambda s: series(s, lambda k: (-1) ** k / FACTORIALS[2 * k + 4]), Decimal(0), end, 3,
                        lambda s: s * s),
             polynomial("TANGENT_SERIES", tangent_rest, Decimal(0), end, 6, lambda s: s)]
    return text


def inverse_of_pi():
    """The bits of 1 / pi, most significant word first: those that doubles need, and some to fill the table."""
    count = 31
    getcontext().prec = 630
    arctan_sum = sum(Decimal(a) * sum(Decimal((-1) ** k) / ((2 * k + 1) * Decimal(n) ** (2 * k + 1)) for k in range(450))
                     for a, n in ((16, 5), (-4, 239)))
    bits = int((1 / arctan_sum).scaleb(0) * Decimal(2) ** (64 * count))
    getcontext().prec = 70
    return ["/* 1 / pi = 0.these words, but the first */\n",
            words("INVERSE_PI", [0] + [bits >> 64 * (count - 1 - i) & (1 << 64) - 1 for i in range(count)])]


def inverses():
    """arctan: intervals of t from 1/8 to 8, two for each power of 2, one below and one above; with the direction (x, y) of each."""
    directions = [(1, Fraction(0))]
    for power in range(-3, 3):
        directions += [(1, Fraction(5, 4) * Fraction(2) ** power), (1, Fraction(7, 4) * Fraction(2) ** power)]
    directions += [(0, Fraction(1))] * 3
    angles = [arctan(decimal_of(y)) if x else PI / 2 for x, y in directions]
    end = Decimal("0.126") ** 2
    small = Decimal("0.2501")
    return ["/* The directions that angles are measured from, and theirs: to the x axis, and to the other side of it. */\n",
            table("DIRECTION_X", [float(x) for x, _ in directions]), table("DIRECTION_Y", [float(y) for _, y in directions]),
            *pair_of_tables("ANGLE", [parts(a) for a in angles]), *pair_of_tables("TURNED_ANGLE", [parts(PI - a) for a in angles]),
            "/* (arctan(q) - q) / q^3 and (arcsin(q) - q) / q^3, of q^2 */\n",
            polynomial("ARCTAN_SERIES", lambda s: series(s, lambda k: Decimal((-1) ** (k + 1)) / (2 * k + 3)), Decimal(0), end, 7,
                       lambda s: s),
            polynomial("ARCSIN_SERIES", lambda s: series(s, lambda k: arcsine_term(k + 1)), Decimal(0), small, 14, lambda s: s),
            *map(constant, ("QUARTER_HIGH", "QUARTER_LOW"), parts(PI / 2)), *map(constant, ("HALF_HIGH", "HALF_LOW"), parts(PI))]


def main():
    text = [HEAD, *exponentials(), *logarithms(), *trigonometry(), *inverse_of_pi(), *inverses(), "#endif\n"]
    with open(sys.argv[1], "w", encoding="utf-8") as stream:
        stream.write("".join(text))


main()
