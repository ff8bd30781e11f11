# Activation functions in the spellings that instructions stand for, over arrays, numbers and what only looks like them.
import math


def leaky_relu(x):
    return max(0.1 * x, x), max(x, 0.1 * x), max(x * 0.1, x), x if x > 0 else 0.1 * x


def relu(x):
    return (x > 0) * x, x * (x > 0), x * (x >= 0), (x >= 0) * x, max(0, x)


def gelu(x):
    c, b = math.sqrt(2 / math.pi), 0.044715
    return (0.5 * x * (1 + math.erf(x / math.sqrt(2))), x * 0.5 * (1.0 + math.erf(x / math.sqrt(2.0))),
            x * (0.5 * (1 + math.erf(x / math.sqrt(2)))), 0.5 * (1 + math.erf(x / math.sqrt(2))) * x,
            x * (1 + math.erf(x / math.sqrt(2))) / 2, x / 2 * (1 + math.erf(x / math.sqrt(2))), x / (1 + math.exp(-1.702 * x)),
            x * (1 / (1 + math.exp(-1.702 * x))), 0.5 * x * (1 + math.tanh(c * (x + b * x ** 3))),
            x * 0.5 * (1 + math.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x))))


def show(function, *arguments):
    try:
        print(function.__name__, function(*arguments))
    except Exception as error:
        print(function.__name__, type(error).__name__, error)


class Real(float):
    def __gt__(self, other):
        print("asked")
        return float.__gt__(self, other)

    def __mul__(self, other):
        return "times"

    __rmul__ = __mul__


for value in (2.5, -2.5, 0, -0.0, 3, -3, True, 10 ** 400, float("nan"), float("inf"), Real(2), Real(-2), "text", [1], None, 2j):
    for function in (leaky_relu, relu, gelu):
        show(function, value)
kept = math.erf, math.exp
math.erf = math.exp = lambda x: 0.25
show(gelu, 1.5)
math.erf, math.exp = kept
max = min
show(leaky_relu, 1.5)
del max
show(leaky_relu, 1.5)


def imported_by_name(x):
    """The function by its own name, others in it by their module's."""
    return 0.5 * x * (1 + erf(x / math.sqrt(2))), 1 / (1 + exp(-x)), math.sqrt(abs(x)) + exp(-x)


from math import erf, exp

for value in (1.5, -2.5, 3, True, Real(2), "text", None):
    show(imported_by_name, value)


def steps(x, t):
    return (1 if x > t else 0, 1 if x >= t else 0, 0 if x < t else 1, 0 if x <= t else 1, 1 if t < x else 0, 1 if not x < t else 0,
            1.0 if x > 0 else 0.0, 1 if x >= 0.5 else -1, -1 if x < t else 1, int(x > t), float(x >= t), 0 if x > t else 1)


def rectifiers(x, a):
    return (0 if x < 0 else x, 0 if x <= 0 else x, 0.0 if 0 > x else x, x if 0 < x else 0, x if not x < 0 else 0, 0 if x > 0 else x,
            a * x if x < 0 else x, x if 0 < x else x * 0.01, x * a if not x > 0 else x, x if x >= 0 else a * x, a if x > 0 else 0)


def exponents(x):
    e = math.exp
    return (math.exp(x) / (1 + math.exp(x)), math.exp(x) / (math.exp(x) + 1), 0.5 * (1 + math.tanh(x / 2)), math.tanh(0.5 * x) * 0.5 + 0.5,
            0.5 + 0.5 * math.tanh(x / 2), (1 + math.exp(-x)) ** -1, 2 / (1 + math.exp(-2 * x)) - 1, (e(x) - e(-x)) / (e(x) + e(-x)),
            (math.exp(x) - math.exp(-x)) / (math.exp(x) + math.exp(-x)), (math.exp(2 * x) - 1) / (math.exp(2 * x) + 1),
            (1 - math.exp(-2 * x)) / (1 + math.exp(-2 * x)), math.exp(x - 1), math.exp(x))


for value in (2.5, -2.5, 0, -0.0, 3, -3, True, 2 ** 60, float("nan"), float("inf"), Real(2), Real(-2), "text", [1], None, 2j):
    for other in (0.1, 0, 2 ** 53 + 1, None):
        show(steps, value, other)
        show(rectifiers, value, other)
    show(exponents, value)
