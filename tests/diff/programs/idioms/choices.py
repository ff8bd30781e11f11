# Activation functions as conditional expressions and as the usual formulas, over numbers of all kinds and what is no number.
import math


def relu(x):
    return x if x > 0 else 0


def relu_or_zero(x):
    return x if x >= 0 else 0.0


def leaky(x, slope=0.01):
    return x if x > 0 else slope * x


def leaky_constant(x):
    y = x if x > 0 else 0.1 * x
    return y + 1


def step(x, threshold):
    return 1 if x > threshold else 0


def step_float(x):
    y = 1.0 if x > 0.5 else 0.0
    return y, x


def in_expression(values):
    return [v if v > 0 else 0 for v in values], [1 if v > 0 else 0 for v in values], [(v if v > 0 else v * 0.5) + 1 for v in values]


def maximum(x):
    return max(0, x), max(x, 0), max(0.0, x)


def sigmoid(x):
    return 1 / (1 + math.exp(-x)), 1.0 / (1.0 + math.exp(-x)), 1 / (math.exp(-x) + 1)


def tanh(x):
    return math.tanh(x)


def gelu(x):
    return 0.5 * x * (1 + math.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x ** 3))), 0.5 * x * (1 + math.erf(x / math.sqrt(2)))


def softmax(values):
    greatest = max(values)
    exponentials = [math.exp(v - greatest) for v in values]
    total = sum(exponentials)
    return [e / total for e in exponentials]


class Loud(float):
    def __gt__(self, other):
        print("greater?")
        return NotImplemented

    def __ge__(self, other):
        print("at least?")
        return True

    def __rmul__(self, other):
        return "product"

    def __neg__(self):
        return -5.0


class Integer(int):
    pass


values = [0, 1, -1, 0.0, -0.0, 2.5, -2.5, 10 ** 30, -10 ** 30, 2 ** 53 + 1, float("inf"), float("-inf"), float("nan"),
          5e-324, -5e-324, True, False,
          Integer(-3), Loud(1.5), Loud(-1.5), "text", None, [1], 1j]
for value in values:
    for function in (relu, relu_or_zero, leaky, leaky_constant, step_float, maximum, sigmoid, tanh, gelu):
        try:
            result = function(value)
            print(function.__name__, repr(value), type(result).__name__, repr(result))
        except Exception as error:
            print(function.__name__, repr(value), type(error).__name__, error)
for threshold in (0, 0.5, -1, 10 ** 25, Loud(0.5), "x"):
    for value in values[:14]:
        try:
            print(step(value, threshold), end=" ")
        except TypeError as error:
            print(error, end=" ")
    print()
print(in_expression([3, -3, 0, 2.5, -2.5, -0.0]), leaky(-3, 2), leaky(-3, "ab"), leaky(-2, slope=10 ** 30))
print(softmax([1.0, 2.0, 3.0]), softmax([1000, 1001, 1002]))
x = -7
print(x if x > 0 else 0, 1 if x > -8 else 0, 1 / (1 + math.exp(-x)), math.tanh(x), max(0, x), x if x > 0 else 0.5 * x)
real = math.tanh
math.tanh = lambda value: "replaced"
print(tanh(0.5))
math.tanh = real
math.exp = lambda value: 1
print(sigmoid(3))
max = min
print(maximum(5), maximum(-5))
