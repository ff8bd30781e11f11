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
