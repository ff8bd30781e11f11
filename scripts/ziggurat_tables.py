#!/usr/bin/env python3
"""Writes the tables of numpy.random's ziggurats (G. Marsaglia, W. W. Tsang, "The Ziggurat Method for Generating Random Variables",
2000) with 256 layers for the normal and the exponential distribution, in double and single precision, and log(k!) for small k.

usage: ziggurat_tables.py OUTPUT

Layer i reaches from 0 to the edge x[i], under which `height` is the density; layer 0 is the base with the tail, as wide as its
area asks. `width` is the edge over 2**bits, so that it scales a random integer; numbers below `inside` are under the density for
certain. numpy's tables were made in double arithmetic for the normal distribution and precisely, with 9 digits for the single
precision, for the exponential one; so are these, by functions that round correctly and depend on no host.
"""
import math
import struct
import sys
from decimal import Decimal, getcontext

LAYERS = 256
FACTORIALS = 126
NORMAL_EDGE = 3.6541528853610088
NORMAL_AREA = 0.004928673233974652
NEARLY_HALFWAY = 38  # the height of this normal layer, between two doubles: numpy's table has the upper one
EXPONENTIAL_EDGE = Decimal("7.6971174701310497140446280481")


def exp(x):
    return float(Decimal(x).exp())


def log(x):
    return float(Decimal(x).ln())


def single(number):
    """Rounded to float32."""
    return struct.unpack("<f", struct.pack("<f", number))[0]


def nine_digits(number):
    return single(float("%.8e" % number))


def normal_layers():
    x, height = [0.0] * LAYERS, [1.0] * LAYERS
    x[-1], height[-1] = NORMAL_EDGE, exp(-0.5 * NORMAL_EDGE * NORMAL_EDGE)
    for i in range(LAYERS - 2, 0, -1):
        x[i] = (-2.0 * log(NORMAL_AREA / x[i + 1] + height[i + 1])) ** 0.5
        height[i] = exp(-0.5 * x[i] * x[i])
        if i == NEARLY_HALFWAY:
            height[i] = math.nextafter(height[i], 1)
    x[0] = NORMAL_AREA / height[-1]
    return x, height


def exponential_layers():
    x, height = [Decimal(0)] * LAYERS, [Decimal(1)] * LAYERS
    x[-1], height[-1] = EXPONENTIAL_EDGE, (-EXPONENTIAL_EDGE).exp()
    area = (EXPONENTIAL_EDGE + 1) * height[-1]
    for i in range(LAYERS - 2, 0, -1):
        height[i] = area / x[i + 1] + height[i + 1]
        x[i] = -height[i].ln()
    x[0] = area / height[-1]
    return x, height


def write_table(out, kind, name, values):
    print("static const %s %s[] = {" % (kind, name), file=out)
    for i in range(0, len(values), 4):
        print("    " + ", ".join(values[i:i + 4]) + ",", file=out)
    print("};", file=out)


def write_integers(out, bits, name, values):
    write_table(out, "uint%d_t" % bits, name, ["0x%xu" % n for n in values])


def write_floats(out, kind, name, values):
    write_table(out, kind, name, [float(n).hex() + ("f" if kind == "float" else "") for n in values])


def write_ziggurat(out, name, layers, inside, bits, to_single):
    """inside: the integer for a share (0 to 1) of a layer and a number of bits."""
    x, height = layers
    shares = [x[-1] / x[0], 0] + [x[i - 1] / x[i] for i in range(2, LAYERS)]
    write_integers(out, 64, name + "_inside", [inside(share, bits) for share in shares])
    write_floats(out, "double", name + "_width", [edge / 2 ** bits for edge in x])
    write_floats(out, "double", name + "_height", height)
    write_integers(out, 32, name + "_inside_single", [round(share * 2 ** 23) for share in shares])
    write_floats(out, "float", name + "_width_single", [to_single(edge / 2 ** 23) for edge in x])
    write_floats(out, "float", name + "_height_single", [to_single(h) for h in height])


def main(path):
    getcontext().prec = 60
    with open(path, "w") as out:
        write_ziggurat(out, "normal", normal_layers(), lambda share, bits: round(share * 2 ** bits), 52, single)
        write_ziggurat(out, "exponential", exponential_layers(), lambda share, bits: 2 * int(share * 2 ** (bits - 1)), 53,
                       nine_digits)
        factorial, logarithms = 1, []
        for k in range(FACTORIALS):
            factorial *= max(k, 1)
            logarithms.append(log(factorial))
        write_floats(out, "double", "log_factorials", logarithms)


main(sys.argv[1])
