#!/usr/bin/python3
"""Makes sim/tensor/rows/tables.h, the numbers that the rows' functions look up, computed with 70 digits.

  scripts/row_tables.py sim/tensor/rows/tables.h
"""
import sys
from decimal import ROUND_FLOOR, Decimal, getcontext
from fractions import Fraction

HEAD = """/* tables.h - made by scripts/row_tables.py: numbers whose sum, HIGH and LOW, is what the name says. */
#ifndef HYBRIDSIM_SIM_TENSOR_ROWS_TABLES_H
#define HYBRIDSIM_SIM_TENSOR_ROWS_TABLES_H
#include <stdint.h>

"""
getcontext().prec = 70
GRID = Decimal(2) ** -42  # sums of a few numbers on it, below 2^10, are exact


def arctan_of_inverse(n):
    total, term, k = Decimal(0), Decimal(1) / n, 0
    while abs(term) > Decimal(10) ** -75:
        total += term / (2 * k + 1) * (-1) ** k
        term /= n * n
        k += 1
    return total


PI = 4 * (4 * arctan_of_inverse(5) - arctan_of_inverse(239))
LN2 = Decimal(2).ln()


def sine(x):
    total, term, k = Decimal(0), x, 1
    while abs(term) > Decimal(10) ** -75:
        total += term
        term *= -x * x / ((k + 1) * (k + 2))
        k += 2
    return total if abs(total) > Decimal(10) ** -65 else Decimal(0)


def arctan(x):
    """Of up to 1: half the angle has the tangent x / (1 + sqrt(1 + x^2))."""
    halvings = 8
    for _ in range(halvings):
        x = x / (1 + (1 + x * x).sqrt())
    total, term, k = Decimal(0), x, 1
    while abs(term) > Decimal(10) ** -75:
        total += term / k * (-1) ** (k // 2)
        term *= x * x
        k += 2
    return total * 2 ** halvings


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


# Mantissas from 5/6 to 5/3 are cut in parts, by their bits. The one in which 1 lies reaches a third of a part above it.
LOG_PARTS = 32
STEP = 1 << 47
LOG_START = (0x3ff << 52) - 10 * STEP - 2 * STEP // 3


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
        inverse = Fraction(round(2 / (low + high) * 2 ** bits), 2 ** bits)
        rest = max(abs(low * inverse - 1), abs(high * inverse - 1))
        last = Fraction(1, 2 ** (53 if low < 1 else 52)) / 2 ** bits
        if rest < last * 2 ** 53 and (best is None or rest < best[1]):
            best = inverse, rest
    return best


def table(name, numbers):
    rows = [", ".join(float.hex(number) for number in numbers[i:i + 4]) for i in range(0, len(numbers), 4)]
    return "static const double %s[%d] = {\n    %s};\n" % (name, len(numbers), ",\n    ".join(rows))


def constant(name, number):
    return "static const double %s = %s;\n" % (name, float.hex(number))


def decimal_of(fraction):
    return Decimal(fraction.numerator) / Decimal(fraction.denominator)


def main():
    text = [HEAD]
    powers = [parts(Decimal(2) ** (Decimal(j) / 32)) for j in range(32)]
    text += [table("POWER_HIGH", [p[0] for p in powers]), table("POWER_LOW", [p[1] for p in powers])]
    for names, number in ((("LN2_PART_HIGH", "LN2_PART_LOW"), LN2 / 32), (("LOG2E_HIGH", "LOG2E_LOW"), 1 / LN2),
                          (("LN2_HIGH", "LN2_LOW"), LN2), (("SLICE_HIGH", "SLICE_MIDDLE", "SLICE_LOW"), PI / 16)):
        text += map(constant, names, parts(number, len(names)))
    text += map(constant, ("LN2_GRID_HIGH", "LN2_GRID_LOW"), on_grid(LN2))
    text += [constant("PARTS_A_LN2", nearest(32 / LN2)), constant("SLICES_A_RADIAN", nearest(16 / PI))]
    inverses = [inverse_for(part) for part in range(LOG_PARTS)]
    print("largest rest", float(max(rest for _, rest in inverses)), file=sys.stderr)
    text += ["static const int64_t LOG_START = %#x;\n" % LOG_START, table("INVERSE", [float(i) for i, _ in inverses])]
    logs = [-decimal_of(i).ln() for i, _ in inverses]
    for name, scale in ("LOG", 1), ("LOG2", 1 / LN2):
        found = [on_grid(log * scale) for log in logs]
        text += [table(name + "_HIGH", [f[0] for f in found]), table(name + "_LOW", [f[1] for f in found])]
    for name, shift in ("SINE", 0), ("COSINE", 8):
        found = [parts(sine(PI * (j + shift) / 16)) for j in range(16)]
        text += [table(name + "_HIGH", [f[0] for f in found]), table(name + "_LOW", [f[1] for f in found])]
    text += map(constant, ("THIRD_HIGH", "THIRD_LOW"), parts(1 / Decimal(3)))
    text += map(constant, ("QUARTER_HIGH", "QUARTER_LOW"), parts(PI / 2))
    text += map(constant, ("HALF_HIGH", "HALF_LOW"), parts(PI))
    found = [parts(arctan(Decimal(min(j, 16)) / 16)) for j in range(32)]
    text += [table("ARCTAN_HIGH", [f[0] for f in found]), table("ARCTAN_LOW", [f[1] for f in found])]
    text.append("#endif\n")
    with open(sys.argv[1], "w", encoding="utf-8") as stream:
        stream.write("".join(text))


main()
