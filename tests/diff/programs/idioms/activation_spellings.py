"""Activations by powers of e, hyperbolic functions, absolute values, comparisons as numbers and sums shaped as columns, of every kind of
value: instructions for them take numbers and arrays, whatever else comes is as ever; so are modules whose numbers were replaced."""
import math
from math import e, pi
import numpy as np
def powers(x):
    return (1 / (1 + math.e ** -x), 1 / (1 + e ** -x), 1 / (math.e ** -x + 1), 1 / (1 + pow(math.e, -x)), 1 / (1 + math.pow(math.e, -x)),
            pow(1 + math.exp(-x), -1), 1 / (1 + 2.718281828459045 ** -x), 1 / (1 + np.e ** -x))
def hyperbolic(x):
    return (math.sinh(x) / math.cosh(x), 1 - 2 / (math.exp(2 * x) + 1), 1 - 2 / (1 + math.exp(2 * x)),
            (math.exp(x * 2) - 1) / (math.exp(x * 2) + 1), 2 * (1 / (1 + math.exp(-2 * x))) - 1)
def rectified(x):
    return ((abs(x) + x) / 2, (x + abs(x)) / 2, 0.5 * (x + abs(x)), x * int(x > 0), int(x > 0) * x)
def numbers(x, t):
    return (x > t) * 1, 1 * (x > t), 1.0 * (x >= t), +(x > t), (x >= t) + 0, 2 * (x > t) - 1
def leaky(x):
    return ((x > 0) + 0.01 * (x <= 0)) * x, x if x > 0 else x / 100
def gelu(x):
    return (0.5 * x * math.erfc(-x / math.sqrt(2)), 0.5 * x * (1 + math.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x ** 3))),
            x * (0.5 * (1 + math.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x)))),
            0.5 * x * (1 + math.tanh(math.sqrt(2 / pi) * (x + 0.044715 * x ** 3))))
def arrays(x):
    return (np.round(np.sinh(x) / np.cosh(x), 6), (np.abs(x) + x) / 2, (abs(x) + x) / 2, np.clip(x, 0, np.inf), np.clip(x, a_min=0, a_max=None),
            np.clip(x, a_max=0, a_min=None), np.clip(x, a_max=None, a_min=0), x.clip(0, np.inf),
            np.maximum(np.zeros_like(x), x), x * (x > 0).astype(float), np.multiply(x, x > 0), (x > 0) * 1, 1.0 * (x > 0),
            (x > 0).astype(np.float64), (x > 0).astype("int64"), np.array(x > 0, dtype=int), ((x > 0) + 0.01 * (x <= 0)) * x,
            np.where(x > 0, x, x / 100), np.true_divide(x, 3))
def rows(z):
    shifted = np.exp(z - np.max(z, axis=1)[:, None])
    other = np.exp(z - z.max(axis=1).reshape(-1, 1))
    return (shifted / np.sum(shifted, axis=1)[:, None], other / other.sum(axis=1).reshape(-1, 1), np.exp(z) / np.sum(np.exp(z), axis=0),
            np.exp(z) / np.sum(np.exp(z), 1, keepdims=True), np.exp(z) / np.exp(z).sum(axis=1)[:, None],
            np.exp(z - np.max(z, axis=1)[:, None]) / np.sum(np.exp(z - np.max(z, axis=1)[:, None]), axis=1)[:, None])
class Real(float):
    pass
class Odd(float):
    def __gt__(self, other):
        return "odd"
    def __abs__(self):
        return 100.0
VALUES = (0.5, -0.5, 0.0, -0.0, 2, -3, True, False, 1e308, -1e308, float("nan"), float("inf"), float("-inf"), 10 ** 20, -10 ** 20, 10 ** 400,
          Real(0.25), Odd(0.5), 1 + 2j, "a", None)
def tried(function, *given):
    try:
        return [(type(v).__name__, repr(v)) for v in function(*given)]
    except (TypeError, OverflowError, ValueError) as error:
        return type(error).__name__, str(error)
for function in (powers, hyperbolic, rectified, leaky, gelu):
    for v in VALUES:
        print(function.__name__, tried(function, v))
for v in VALUES:
    for t in (0, 0.5, -1):
        print("numbers", tried(numbers, v, t))
x = np.array([-2.5, -1.0, -0.5, 0.0, 0.5, 3.0, np.inf, -np.inf, np.nan])
with np.errstate(all="ignore"):
    for kind in ("f8", "f4", "i4", "f2"):
        if kind == "i4":
            x = x[:6]
        print(kind, [(v.dtype.name, v.tolist()) if k else v.dtype.name for k, v in enumerate(arrays(x.astype(kind)))])
    z = np.arange(12.0).reshape(3, 4) - 5
    print([v.shape for v in rows(z)], [bool(abs(float(v.sum()) - 3) < 1e-9 or v.shape == (3, 4)) for v in rows(z)])
def replaced():
    kept = math.e, math.pi, math.sinh, np.inf, abs
    math.e = 2.0
    print(tried(powers, 0.5)[:1], tried(powers, -1))
    math.e = "e"
    print(tried(powers, 0.5))
    math.e = kept[0]
    math.pi = 3
    print(tried(gelu, 0.5))
    math.pi = kept[1]
    math.sinh = lambda v: 1.0
    print(tried(hyperbolic, 0.5))
    math.sinh = kept[2]
    np.inf = 1.0
    print(np.clip(np.array([0.5, 2.0]), 0, np.inf), arrays(np.array([0.5, 2.0]))[3])
    np.inf = kept[3]
    globals()["abs"] = lambda v: 7.0
    print(tried(rectified, 0.5))
    del globals()["abs"]
    print(tried(rectified, 0.5), tried(powers, 0.5), tried(gelu, 0.5))
replaced()
