# Seeded random operations of Decimal and Context: results and flags of every operation, in all rounding modes.
import random
from decimal import *

generator = random.Random(20)
ROUNDINGS = [ROUND_UP, ROUND_DOWN, ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_05UP]
UNARY = ("abs exp ln log10 minus next_minus next_plus normalize plus to_integral to_integral_exact to_integral_value sqrt "
         "is_normal is_subnormal logb logical_invert number_class to_sci_string to_eng_string create_decimal").split()
BINARY = ("add compare compare_signal divide divide_int divmod max max_mag min min_mag multiply next_toward quantize remainder "
          "remainder_near subtract power compare_total compare_total_mag copy_sign logical_and logical_or logical_xor rotate "
          "same_quantum scaleb shift").split()


def operand(context):
    kind = generator.random()
    if kind < 0.06:
        return generator.choice(["NaN", "sNaN", "-NaN12", "Infinity", "-Infinity", "NaN123456789"])
    if kind < 0.2:
        return generator.choice(["0", "-0", "0E+5", "0E-7", "1", "-1", "10", "1.000", "0.1", "9.99999", "101", "1100", "-2", "3"])
    size = generator.choice([1, 2, context.prec, context.prec + 1, generator.randint(1, 40)])
    text = "".join(generator.choice("0123456789" if kind < 0.8 else "059") for _ in range(size))
    exponent = generator.choice([0, -1, -size, generator.randint(-size - 8, 8), context.Emin, context.Etiny(), context.Emax - size])
    return generator.choice(["", "-"]) + text + "E%d" % exponent


for number in range(1500):
    context = Context(prec=generator.choice([1, 2, 3, 7, 9, 16, 28, 50]), rounding=generator.choice(ROUNDINGS),
                      Emax=generator.choice([1, 9, 99, 999999]), Emin=-generator.choice([0, 9, 99, 999999]),
                      capitals=generator.choice([0, 1]), clamp=generator.choice([0, 1]), traps=[])
    a, b, c = (Decimal(operand(context)) for _ in range(3))
    chosen = generator.random()
    if chosen < 0.4:
        name = generator.choice(UNARY)
        result = getattr(context, name)(a)
    elif chosen < 0.95:
        name = generator.choice(BINARY)
        result = getattr(context, name)(a, b)
    else:
        name, result = "fma", context.fma(a, b, c)
    print(number, name, a, b, result, context.flags == {}, context)
