"""Activation instructions, branch predictors and register spill: each is executed, changes the cycles it should, and nothing printed."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "cli"))
from harness import run_tests

SCALARS = '''import math
def layer(values):
    relu = [max(0, v) for v in values] + [max(v, 0) for v in values]
    tanh = [math.tanh(v) for v in values]
    sigmoid = [1 / (1 + math.exp(-v)) for v in values]
    return relu, tanh, sigmoid
print(layer([-2.0, -0.5, 0.0, 0.25, 3.0]))
'''
ARRAYS = '''import math
import numpy as np
from scipy.special import expit, softmax
def layer(x):
    relu = np.maximum(0, x)
    step = np.heaviside(x, 0.5)
    tanh = np.tanh(x)
    sigmoid = 1 / (1 + np.exp(-x))
    logistic = expit(x)
    shares = softmax(x)
    return relu, step, tanh, sigmoid, logistic, shares
values = [-2.0, -0.5, 0.0, 0.25, 3.0]
relu, step, tanh, sigmoid, logistic, shares = layer(np.array(values))
exponentials = [math.e ** v for v in values]
def close(found, wanted):
    return len(found) == len(wanted) and all(math.isclose(a, b, rel_tol=1e-12) for a, b in zip(found, wanted))
print(relu.tolist() == [0.0, 0.0, 0.0, 0.25, 3.0], step.tolist() == [0.0, 0.0, 0.5, 1.0, 1.0],
      close(tanh.tolist(), [(e - 1 / e) / (e + 1 / e) for e in exponentials]), close(sigmoid.tolist(), [e / (1 + e) for e in exponentials]),
      sigmoid.tolist() == logistic.tolist(), close(shares.tolist(), [e / sum(exponentials) for e in exponentials]))
'''
REPLACED = '''import math
def f(values):
    return [math.tanh(v) for v in values]
print(f([0.5, 1.0]))
math.tanh = lambda v: "not a number"
print(f([0.5, 1.0, 2.0]))
'''
BRANCHES = '''def count(n):
    odd = thirds = 0
    for i in range(n):
        if i % 2:
            odd += 1
        if i % 3 == 0:
            thirds += 1
        while i > n - 3:
            i -= 1
    return odd, thirds
print(count(3000))
'''
LOOPS = '''def product(a, b):
    return [[sum(x * y for x, y in zip(row, column)) for column in zip(*b)] for row in a]
def statements(a, b, c):
    for i in range(len(a)):
        for j in range(len(b[0])):
            for k in range(len(b)):
                c[i][j] += a[i][k] * b[k][j]
def vectors(x, y):
    s = 0
    for p, q in zip(x, y):
        s += p * q
    return s, [2 * p + q for p, q in zip(x, y)], [p - q for p, q in zip(x, y)], sum(p for p in x)
def nearly(x):
    total = 0
    for p in x:
        total += p * p
        if total > 100:
            break
    return total
a = [[float(i * 16 + j) for j in range(16)] for i in range(16)]
c = [[0.0] * 16 for _ in range(16)]
statements(a, a, c)
print(product(a, a) == c, vectors(a[0], a[1]), nearly(a[0]))
print(product([[1]], [[2]]), vectors([True] * 16, a[0]))
'''
ACTIVATIONS = '''import math
import numpy as np
def relu(x):
    return (x > 0) * x, x * (x > 0), np.clip(x, 0, None), np.clip(x + 1, 0, None), np.where(x < 0, 0, x)
def leaky(x):
    return np.where(x < 0, 0.1 * x, x), np.maximum(x * 0.1, x), np.where(x > 0, x, x * 0.1)
def gelu(x):
    return 0.5 * x * (1 + np.tanh(0.8 * (x + 0.044715 * np.power(x, 3)))), x / (1 + np.exp(-1.702 * x))
def softmax(z):
    return (np.exp(z) / np.exp(z).sum(axis=1, keepdims=True), np.exp(z) / np.sum(np.exp(z), keepdims=True, axis=-1),
            np.exp(z - z.max(axis=1, keepdims=True)) / np.exp(z - z.max(axis=1, keepdims=True)).sum(axis=1, keepdims=True),
            np.exp(z - np.max(z, axis=1, keepdims=True)) / np.sum(np.exp(z - np.max(z, axis=1, keepdims=True)), axis=1,
                                                                  keepdims=True))
def in_two(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
def outer(x, y):
    return np.outer(x, y), np.outer(x, y + 1)
def scalars(x):
    return max(0.1 * x, x), (x > 0) * x, x / (1 + math.exp(-1.702 * x)), x * (1 + math.erf(x / math.sqrt(2))) / 2
class State:
    pass
def last(x, y):
    return x - y
def fused(x, y, state):
    state.total += x
    items = [x]
    items[0] += y
    return last(x, y), x + y - x, items[0] + x
def other_keywords(z):
    return (np.exp(z) / np.sum(np.exp(z), axis=1, keepdims=False)[:, None],
            np.exp(z) / np.sum(np.exp(z), axis=1, keepdims=True, dtype=float))
x, z, state = np.ones(64), np.ones((8, 8)), State()
state.total = x
'''
# (row of the machine, what x is): ways to write it
WAYS_TO_WRITE = {
    ("sigmoid", "number"): (
        "1 / (1 + math.exp(-x))", "1.0 / (math.exp(-x) + 1.0)", "1 / (1 + exp(-x))", "math.exp(x) / (1 + math.exp(x))", "(1 + math.exp(-x)) ** -1",
        ".5 * (1 + math.tanh(x / 2))", "0.5 + 0.5 * math.tanh(0.5 * x)", "1 / (1 + math.exp(-1 * x))", "1 / (1 + math.exp(-(2 * x + 1)))",
        "1 / (1 + math.e ** -x)", "1 / (math.e ** (-x) + 1)", "1 / (1 + pow(math.e, -x))", "1 / (1 + 2.718281828459045 ** -x)"),
    ("tanh", "number"): (
        "math.tanh(x)", "tanh(2 * x)", "(math.exp(x) - math.exp(-x)) / (math.exp(x) + math.exp(-x))", "2 / (1 + math.exp(-2 * x)) - 1",
        "(math.exp(2 * x) - 1) / (math.exp(2 * x) + 1)", "math.sinh(x) / math.cosh(x)", "1 - 2 / (math.exp(2 * x) + 1)"),
    ("relu", "number"): (
        "max(0, x)", "max(0.0, x)", "max(x, 0)", "max(0, 2 * x)", "x if x > 0 else 0", "x if x >= 0 else 0.0", "0 if x < 0 else x", "0 if x <= 0 else x",
        "x if 0 < x else 0", "0 if 0 > x else x", "x if not x < 0 else 0", "x * (x > 0)", "(x > 0) * x",
        "(abs(x) + x) / 2", "0.5 * (x + abs(x))", "x * int(x > 0)"),
    ("leaky_relu", "number"): (
        "x if x > 0 else 0.01 * x", "x if x >= 0 else x * 0.01", "0.01 * x if x < 0 else x", "x if 0 < x else t * x", "max(0.01 * x, x)",
        "max(x, t * x)", "x if x > 0 else x / 100", "((x > 0) + 0.01 * (x <= 0)) * x"),
    ("step", "number"): (
        "1 if x > t else 0", "1 if x >= 0 else 0", "1.0 if x > 0 else 0.0", "0 if x < t else 1", "0 if x <= 0 else 1", "1 if t < x else 0",
        "1 if not x < t else 0", "1 if x >= 0 else -1", "int(x > t)", "float(x >= 0)", "(x > t) * 1",
        "1 * (x >= t)", "+(x > 0)"),
    ("gelu", "number"): (
        "0.5 * x * (1 + math.erf(x / math.sqrt(2)))", "x * 0.5 * (1 + erf(x / math.sqrt(2)))", "x * (1 + math.erf(x / math.sqrt(2))) / 2",
        "0.5 * x * (1 + math.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x ** 3)))", "x / (1 + math.exp(-1.702 * x))",
        "0.5 * x * (1 + math.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * math.pow(x, 3))))", "0.5 * x * math.erfc(-x / math.sqrt(2))"),
    ("sigmoid", "array"): (
        "1 / (1 + np.exp(-x))", "1 / (np.exp(-x) + 1)", "np.exp(-np.logaddexp(0, -x))", ".5 * (1 + np.tanh(x / 2))", "np.exp(x) / (1 + np.exp(x))",
        "expit(x)", "1 / (1 + np.exp(-(x @ w + b)))", "1 / (1 + np.exp(-np.clip(x, -500, 500)))", "np.reciprocal(1 + np.exp(-x))",
        "1 / (1 + np.e ** -x)", "1 / (1 + np.power(np.e, -x))", "1 / (1 + np.exp(np.negative(x)))"),
    ("tanh", "array"): ("np.tanh(x)", "np.tanh(x @ w + b)", "np.tanh(np.dot(x, w))", "(np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x))",
                        "np.sinh(x) / np.cosh(x)"),
    ("relu", "array"): (
        "np.maximum(0, x)", "np.maximum(x, 0.0)", "np.where(x > 0, x, 0)", "np.where(x < 0, 0, x)", "x * (x > 0)", "x.clip(0)", "x.clip(min=0)",
        "np.clip(x, 0, None)", "np.fmax(0, x)", "np.maximum(0, x @ w + b)", "np.maximum(x, 0, out=x)",
        "np.clip(x, 0, np.inf)", "np.clip(x, a_min=0, a_max=None)", "(abs(x) + x) / 2", "(np.abs(x) + x) / 2", "np.multiply(x, x > 0)",
        "np.maximum(np.zeros_like(x), x)", "x * (x > 0).astype(float)"),
    ("leaky_relu", "array"): (
        "np.where(x > 0, x, 0.01 * x)", "np.where(x < 0, x * 0.01, x)", "np.maximum(0.01 * x, x)", "np.where(x > 0, 1, 0.01) * x",
        "np.maximum(0, x) + 0.01 * np.minimum(0, x)", "((x > 0) + 0.01 * (x <= 0)) * x"),
    ("step", "array"): (
        "np.where(x > t, 1, 0)", "np.where(x >= 0, 1.0, 0.0)", "np.where(x < t, 0, 1)", "np.where(x >= 0, 1, -1)", "np.heaviside(x, 0.5)",
        "(x > t).astype(int)", "np.where(np.dot(x, w) + b >= 0, 1, 0)",
        "(x > t).astype(np.float64)", "(x > t).astype('float')", "(x > 0) * 1", "1.0 * (x > 0)", "np.array(x > 0, dtype=int)"),
    ("gelu", "array"): (
        "0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x ** 3)))", "x / (1 + np.exp(-1.702 * x))",
        "0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * np.power(x, 3))))",
        "0.5 * x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x ** 3)))"),
    ("softmax", "array"): (
        "np.exp(x) / np.sum(np.exp(x))", "np.exp(x) / np.exp(x).sum()", "np.exp(x - np.max(x)) / np.sum(np.exp(x - np.max(x)))",
        "np.exp(x - x.max()) / np.exp(x - x.max()).sum()", "np.exp(x) / np.sum(np.exp(x), axis=1, keepdims=True)", "softmax(x)",
        "np.exp(x) / np.sum(np.exp(x), axis=1)[:, None]", "np.exp(x) / np.sum(np.exp(x), axis=0)", "np.exp(x) / np.sum(np.exp(x), 1, keepdims=True)",
        "np.exp(x) / np.exp(x).sum(axis=1).reshape(-1, 1)", "scipy.special.softmax(x)",
        "np.exp(x - np.max(x, axis=1)[:, None]) / np.sum(np.exp(x - np.max(x, axis=1)[:, None]), axis=1)[:, None]"),
}
# As statements of a function of x, t and y.
WAYS_TO_STATE = {
    "relu": ("if x > 0:\n        return x\n    return 0", "if x <= 0: return 0.0\n    else: return x", "if x < 0: x = 0\n    return x",
             "if x > 0:\n        y = x\n    else:\n        y = 0\n    return y", "if 0 > x: x = 0.0\n    return x + t"),
    "leaky_relu": ("if x > 0: return x\n    return 0.01 * x", "if x >= 0: return x\n    else: return x * t", "if x < 0: x = 0.01 * x\n    return x",
                   "if x > 0: return x\n    return x / 100"),
    "step": ("if x > t:\n        return 1\n    return 0", "if x >= 0: return 1.0\n    else: return 0.0", "if x < t: return 0\n    else: return 1",
             "if x * 2 + y > t: return 1\n    return -1", "if x > 0:\n        y = 1\n    else:\n        y = 0\n    return y",
             "if x == 7: return 0.5\n    elif x > 0: return 1\n    else: return 0"),
}
KEPT = '''def greatest(x):
    best, where = x[0], 0
    for i, v in enumerate(x):
        if v > best:
            best = v
            where = i
    return best, where
def by_function(x, low):
    for v in x:
        low = min(low, v)
    return low
def chosen(x, m):
    for v in x:
        m = v if v > m else m
    return m
def place(x):
    where = 0
    for i in range(len(x)):
        if x[i] < x[where]:
            where = i
    return where
def several(x):
    low = high = x[0]
    total = 0
    for v in x:
        if v < low:
            low = v
        if v > high:
            high = v
        total += v
    return low, high, total
def counted(x):
    n = 0
    for v in x:
        if v > 3 and v < 30:
            n += 1
    return n
def sums(a):
    total = 0
    for row in a:
        total += sum(row)
    return total, sum(max(row) for row in a), [max(0, v) for v in a[0]], max(a[1])
def stored(x):
    r = []
    for v in x:
        if v > 3:
            r.append(v * 2)
    return r
def other(x):
    before = total = 0
    for v in x:
        total += v * before
        before = v
    return total
x = [float(i * 7 % 32) for i in range(32)]
a = [[float(i * j % 17) for j in range(16)] for i in range(16)]
print(greatest(x), by_function(x, 5), chosen(x, 1), place(x), several(x), counted(x), sums(a), stored(x), other(x))
class Real(float):
    pass
print(greatest([Real(v) for v in x]), greatest([2.0, 1.0]), counted([True] * 32))
'''
WHILES = '''def total(x, n):
    i = s = 0
    while i < n:
        s += x[i]
        i += 1
    return s, i
def dot(x, y):
    i, s = len(x) - 1, 0
    while i >= 0:
        s += x[i] * y[i]
        i -= 1
    return s
def axpy(x, y):
    i = 0
    while i < len(x):
        y[i] = 2.0 * x[i] + y[i]
        i += 1
def doubled(x):
    i, r = 0, []
    while len(x) > i:
        r.append(x[i] - 1)
        i += 1
    return r
def greatest(x):
    i, m = 0, x[0]
    while i < len(x):
        if x[i] > m:
            m = x[i]
        i += 1
    return m
def product(a, b, c):
    i = 0
    while i < len(a):
        j = 0
        while j < len(b[0]):
            k = 0
            while k < len(b):
                c[i][j] += a[i][k] * b[k][j]
                k += 1
            j += 1
        i += 1
    return c
def halving(x, n):
    s = 0
    while n > 0:
        s += x[n]
        n = n // 2
    return s
x = [float(i * 7 % 32) for i in range(32)]
a = [[float(i * j % 17) for j in range(16)] for i in range(16)]
axpy(x, x[:])
print(total(x, 32), dot(x, x), doubled(x), greatest(x), product(a, a, [[0.0] * 16 for _ in a])[3], halving(x, 31))
print(total(x, 3), total(x, 31.5))
'''
FUSED = '''import numpy as np
def layer(x, w):
    return np.maximum(0, x @ w)
def apart(x, w):
    y = x @ w
    return np.maximum(0, y)
x = np.array([[float(i - j) for j in range(32)] for i in range(32)])
print((layer(x, x) == apart(x, x)).all())
'''
LAYERS = '''import numpy as np
def sigmoid(x, w, b):
    return 1 / (1 + np.exp(-(x @ w + b)))
def relu(x, w, b):
    return np.maximum(0, np.dot(x, w) + b)
def tanh(x, w, b):
    return np.tanh(np.dot(x, w) + b)
x = np.ones((32, 32))
sigmoid(x, x, 1), relu(x, x, 2), tanh(x, x, 3)
'''
SPELLINGS = '''import math
def relu(x):
    return x if x > 0 else 0
def leaky(x):
    return x if x > 0 else 0.1 * x
def step(x):
    return 1 if x > 0.5 else 0
def gelu(x):
    return 0.5 * x * (1 + math.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x ** 3)))
def computed(x):
    return math.tanh(x + 1), max(0, x - 1)
class Real(float):
    pass
for x in (-1.0, 0.25, 2):
    relu(x), leaky(x), step(x), gelu(x), computed(x)
relu(Real(3)), step(Real(3)), computed(True)
print(1 / (1 + math.exp(-x)))
'''
ARRAY_OPERATIONS = '''import math
import numpy as np
def axpy(a, x, y):
    y += a * x
    return a * x + y
def reduce(m):
    return m.sum(), np.max(m, axis=0)
def products(a, b):
    return np.einsum("ij,jk->ik", a, b), np.tensordot(a, b, axes=1), a.dot(b), np.inner(a, b)
def sigmoid(w, x):
    return 1 / (1 + np.exp(w * x))
def softmax(z):
    e = np.exp(z - z.max())
    return e / e.sum()
class Other:
    def sum(self):
        return 7
    def dot(self, other):
        return 8
x, y, a = np.ones(64), np.ones(64), np.ones((8, 8))
axpy(2.0, x, y), reduce(a), products(a, a), sigmoid(2.0, x), softmax(x)
'''
OTHER_VALUES = ARRAY_OPERATIONS + '''
axpy(2.0, 3.0, 4.0)
kept = np.einsum, np.max, np.exp
np.einsum = np.tensordot = np.inner = np.max = lambda *rest, **named: 0
np.exp = lambda x: 1
reduce(Other()), products(Other(), 0), sigmoid(2.0, 0.5)
np.einsum, np.max, np.exp = kept
np.einsum("ij->ji", a)
print(np.einsum("ij,ij->ij", a, a).sum())
'''
WINDOWS = '''import numpy as np
from numpy.lib.stride_tricks import as_strided, sliding_window_view
def convolve(image, kernels):
    windows = sliding_window_view(image, kernels.shape[1:])
    columns = windows.reshape(-1, kernels[0].size)
    return columns @ kernels.reshape(len(kernels), -1).T
def strided(image, kernels):
    h, w = image.shape[0] - kernels.shape[1] + 1, image.shape[1] - kernels.shape[2] + 1
    windows = as_strided(image, (h, w) + kernels.shape[1:], image.strides * 2)
    return np.tensordot(windows, kernels, axes=([2, 3], [1, 2]))
def einsum(image, kernels):
    return np.einsum("ijkl,nkl->ijn", sliding_window_view(image, kernels.shape[1:]), kernels)
def axes(image, kernels):
    return np.dot(sliding_window_view(image, (3, 3)).reshape(-1, 9), kernels.reshape(-1, 9).T)
def tensordot2(image, kernels):
    return np.tensordot(sliding_window_view(image, (3, 3)), kernels.transpose(1, 2, 0), 2)
image = np.arange(100.0).reshape(10, 10) % 7
kernels = (np.arange(36.0).reshape(4, 3, 3) - 15) / 4
a = convolve(image, kernels)
for f in (strided, einsum, axes, tensordot2):
    print(f.__name__, np.array_equal(f(image, kernels).reshape(-1, 4), a), f(image, kernels).shape)
print(a[:2])
'''
OTHER_CLASSES = '''import numpy as np
class Product:
    __array_ufunc__ = None
    def __matmul__(self, other):
        return 5
    def __rmatmul__(self, other):
        return 6
    def __mul__(self, other):
        return 7
class Real(float):
    pass
def product(a, b):
    return a @ b
def layer(a, b):
    return np.maximum(0, a @ b)
def dot(a, b):
    return np.dot(a, b)
def dot_computed(a, b):
    return np.dot(a + 0, b)
def relu(x):
    return np.maximum(0, x)
def reduce(x):
    return np.sum(x)
x, other = np.ones((8, 8)), Product()
real = x.astype(object)
'''
CIPHER = '''from Crypto.Cipher import AES
key, vector = bytes(range(16)), bytes(16)
secret = AES.new(key, AES.MODE_CBC, vector).encrypt(bytes(160))
print(secret[:4].hex(), AES.new(key, AES.MODE_CBC, vector).decrypt(secret) == bytes(160))
print(AES.new(bytes(32), AES.MODE_ECB).encrypt(bytes(16)).hex())
'''
NAMES = ["v%d" % i for i in range(48)]
MANY_LOCALS = "def f(n):\n    " + "\n    ".join("%s = n + %d" % (name, i) for i, name in enumerate(NAMES)) + \
    "\n    for i in range(20):\n        " + "\n        ".join("%s += %s" % (a, b) for a, b in zip(NAMES, NAMES[1:])) + \
    "\n    return " + " ^ ".join(NAMES) + "\nprint(f(3))\n"


def runs(suite, name, program, *options):
    folder = suite.folder(name, {"program.py": program})
    return suite.report(*options, "program.py", folder=folder)["runs"]


def test_scalar_activations(suite):
    stack, hybrid = runs(suite, "scalars", SCALARS, "--isa", "hybrid")
    for name, wanted in (("ACT_RELU", 10), ("ACT_TANH", 5), ("ACT_SIGMOID", 5)):
        suite.equal(name, hybrid["by_instruction"].get(name), wanted)
    suite.equal("activations", hybrid["events"]["activations"], 20)
    suite.equal("none on the baseline", (stack["events"]["activations"], stack["cycle_stack"]["activation"]), (0, 0))
    suite.equal("mathematical functions on the baseline", stack["work"]["math"], 10)
    suite.check("charged to the unit instead", hybrid["cycle_stack"]["activation"] > 0 and
                hybrid["cycle_stack"]["work:math"] == 0 < stack["cycle_stack"]["work:math"], hybrid["cycle_stack"])


def test_array_activations(suite):
    stack, hybrid = runs(suite, "arrays", ARRAYS, "--isa", "hybrid")
    for name, wanted in (("ACT_RELU", 1), ("ACT_STEP", 1), ("ACT_TANH", 1), ("ACT_SIGMOID", 2), ("ACT_SOFTMAX", 1)):
        suite.equal(name, hybrid["by_instruction"].get(name, 0), wanted)
    suite.equal("elements", hybrid["events"]["activations"], 6 * 5)
    # rows of machines/inorder.yaml for five elements each: 4 + 1, 4 + 1, 8 + 1, twice 8 + 1, 16 + 1
    suite.equal("activation cycles", hybrid["cycle_stack"]["activation"], 5 + 5 + 9 + 9 + 9 + 17)
    suite.check("every shape is covered", all(shape["covered"] for shape in hybrid["shapes"]), hybrid["shapes"])
    suite.check("none on the baseline", stack["shapes"] and not any(shape["covered"] for shape in stack["shapes"]), stack["shapes"])
    suite.check("element work is the unit's", hybrid["cycle_stack"]["work:elements"] == 0 < stack["cycle_stack"]["work:elements"],
                (hybrid["cycle_stack"], stack["work"]))
    folder = suite.folder("arrays")
    suite.equal("right values", suite.hybridsim("run", "--quiet", "--isa", "hybrid", "program.py", folder=folder).stdout,
                b"True True True True True True\n")


def test_chosen_elements(suite):
    """np.where as an activation: all elements go through the unit, whatever the comparison cost as well."""
    program = """import numpy as np
def choose(x):
    return np.where(x > 0, x, 0), np.where(x >= 0, x, 0.0), np.where(x > 1, 1, 0), np.where(x > 0, x, 0.1 * x), np.where(x > 5, x, 2)
print(choose(np.arange(64.0) - 32)[3][:3])
"""
    hybrid = runs(suite, "chosen", program, "--no-baseline", "--isa", "hybrid")[0]
    for name, wanted in (("WHERE_RELU", 2), ("ACT_STEP", 1), ("ACT_LEAKY_RELU", 1)):
        suite.equal(name, hybrid["by_instruction"].get(name, 0), wanted)
    suite.equal("elements", hybrid["events"]["activations"], 4 * 64)
    # machines/inorder.yaml: 4 to start each, 3 for 64 elements
    suite.equal("activation cycles", hybrid["cycle_stack"]["activation"], 4 * 7)


def test_spellings(suite):
    """Conditional expressions, and functions whose argument was computed behind them; what is no exact number is counted as
    what it was."""
    hybrid = runs(suite, "spellings", SPELLINGS, "--no-baseline", "--isa", "hybrid")[0]
    for name, wanted in (("SELECT_RELU", 3), ("SELECT_LEAKY_RELU", 3), ("SELECT_STEP", 3), ("ACT_GELU", 3), ("CALL_TANH", 4),
                         ("CALL_RELU", 4), ("NAME_SIGMOID", 1)):
        suite.equal(name, hybrid["by_instruction"].get(name, 0), wanted)
    suite.equal("guards", hybrid["events"]["guard_failures"], 2)
    suite.same_as_python("spellings", ["program.py"], suite.folder("spellings"))
    plain = runs(suite, "spellings", SPELLINGS, "--no-baseline", "--no-idioms", "--isa", "hybrid")[0]
    suite.equal("--no-idioms", (plain["by_instruction"].get("SELECT_RELU", 0), plain["by_instruction"].get("ACT_GELU", 0)), (0, 3))


def test_fused_activation(suite):
    """In one instruction the activation is hidden behind the drain of the product."""
    hybrid = runs(suite, "fused", FUSED, "--no-baseline", "--isa", "hybrid")[0]
    for name in ("MATRIX_MULTIPLY_RELU", "MATRIX_MULTIPLY", "ACT_RELU"):
        suite.equal(name, hybrid["by_instruction"].get(name, 0), 1)
    # machines/inorder.yaml: 4 + 1024 * 0.032 cycles; 31 of the fused one's are hidden
    suite.equal("activation cycles", hybrid["cycle_stack"]["activation"], 37 + 37 - 31)
    stack = hybrid["cycle_stack"]
    suite.equal("parts of the products", (stack["tensor_load"], stack["tensor"], stack["tensor_drain"]),
                (2 * (32 + 290), 2 * 63, 2 * 31))


def test_fused_layers(suite):
    """Product, bias and activation in one instruction: the bias and what surrounds the function are the activation unit's, too."""
    stack, hybrid = runs(suite, "layers", LAYERS, "--isa", "hybrid")
    for name in ("MATRIX_MULTIPLY_SIGMOID", "MATRIX_MULTIPLY_RELU", "MATRIX_MULTIPLY_TANH"):
        suite.equal(name, hybrid["by_instruction"].get(name, 0), 1)
    # machines/inorder.yaml: 8, 4 and 8 cycles to start, 33 for 1024 elements; 31 of drain hide as many of each
    suite.equal("activation cycles", hybrid["cycle_stack"]["activation"], (8 + 33 - 31) + (4 + 33 - 31) + (8 + 33 - 31))
    suite.equal("parts of the products", [hybrid["cycle_stack"]["tensor" + part] for part in ("_load", "", "_drain")],
                [3 * (32 + 290), 3 * 63, 3 * 31])
    # of the sigmoid: sum, negation, function, sum, quotient; of the others a sum and the function
    suite.equal("element work", stack["cycle_stack"]["work:elements"] - hybrid["cycle_stack"]["work:elements"], (5 + 2 + 2) * 1024 * 6)


OTHER_WORDS = """import math
class Matrix:
    def __init__(self, rows):
        self.rows, self.total = rows, 0
    def times(self, other, n):
        c = [[0] * n for _ in range(n)]
        for i in range(n):
            for j in range(n):
                for k in range(n):
                    c[i][j] += self.rows[i][k] * other.rows[k][j]
        return c
    def add_up(self):
        for row in self.rows:
            self.total += row[0]
def flat(x, y, n):
    c = [0] * (n * n)
    for i in range(n):
        for j in range(n):
            s = 0
            for k in range(n):
                s += x[i * n + k] * y[k * n + j]
            c[i * n + j] = s
    return c
def border(x, w):
    s = 0
    for i in range(len(x)):
        for j in range(3):
            k = i + j - 1
            if 0 <= k < len(x):
                s += x[k] * w[j]
    return s
def in_place(x):
    for i, v in enumerate(x):
        x[i] = v * 2
def rest(x, y):
    s = 0
    for p, q in zip(x, y):
        s -= p * q
    return s
def weighted(x, y):
    return sum(i * p * q for i, (p, q) in enumerate(zip(x, y)))
def distance(x, y):
    return sum(abs(p[0] - p[1]) for p in zip(x, y))
def above(x):
    return [v > 3 for v in x], sum(1 for v in x if v > 3)
def roots(x):
    out = []
    for v in x:
        out.append(math.sqrt(v))
    return out
def turned(a):
    return [[a[j][i] for j in range(8)] for i in range(8)]
def running(x):
    out, s = [], 0
    for v in x:
        s += v
        out.append(s)
    return out
x, y = list(range(64)), list(range(64, 128))
m = Matrix([x[i:i + 8] for i in range(0, 64, 8)])
print(m.times(m, 8)[7], flat(x, y, 8)[5], border(x, y), in_place(x), x[9], rest(x, y), weighted(x, y), distance(x, y), above(y)[1])
print(m.add_up(), roots(x)[3], turned(m.rows)[1], running(x)[9])
"""


def test_other_words(suite):
    """Loops in other words that are taken as well, and what is told of those that are not: what of them, and on which line."""
    hybrid = runs(suite, "other words", OTHER_WORDS, "--no-baseline", "--isa", "hybrid")[0]
    suite.equal("taken", sorted((loop["name"], loop["form"]) for loop in hybrid["loops"] if loop["taken"]), [
        ("Matrix.times", "matrix_product"), ("above", "map"), ("above", "reduction"), ("border", "reduction"),
        ("distance", "reduction"), ("flat", "matrix_product"), ("in_place", "map"), ("rest", "dot_product"),
        ("weighted", "reduction")])
    suite.equal("told", sorted((loop["name"], loop["reason"]) for loop in hybrid["loops"] if not loop["taken"] and "form" not in loop), [
        ("<module>", "it takes a slice in each round; indices would do"),
        ("Matrix.add_up", "it stores an attribute; a local variable or a list would do: total (line 14)"),
        ("roots", "it calls a function: math.sqrt (line 49)"),
        ("running", "a sum is stored while it is added up: each round needs the one before"),
        ("turned", "it moves numbers and computes none"),
        ("turned.<locals>.<listcomp>", "it moves numbers and computes none")])
    suite.same_as_python("other words", ["program.py"], suite.folder("other words"), options=("--isa", "hybrid"))


def test_loops(suite):
    """Loops over lists as instructions, each with what its operands and results cost; what is not taken and why is told."""
    stack, hybrid = runs(suite, "loops", LOOPS, "--isa", "hybrid")
    for name, wanted in (("MATRIX_MULTIPLY", 2), ("VEC_DOT", 1), ("VEC_AXPY", 1), ("VEC_MAP", 1), ("VEC_SUM", 1)):
        suite.equal(name, hybrid["by_instruction"].get(name, 0), wanted)
    suite.equal("none on the baseline", (stack["cycle_stack"]["tensor"], stack["cycle_stack"]["vector"], stack["loops"]),
                (0, 0, []))
    parts = hybrid["cycle_stack"]
    # a 16x16x16 product in one fold: 16 + 62 cycles, 31 of them the drain; 6144 bytes take 96, and 32 to start
    suite.equal("tensor", (parts["tensor_load"], parts["tensor"], parts["tensor_drain"]), (2 * (32 + 18), 2 * 47, 2 * 31))
    # both factors of both products, c of the second, two vectors three times, and one
    suite.equal("unboxed", hybrid["work"]["unboxed"], 5 * 256 + 7 * 16)
    # two products, the float(...) lists are not taken; dot, axpy, map, sum
    suite.equal("boxed", hybrid["work"]["boxed"], 2 * 256 + 1 + 16 + 16 + 1)
    suite.equal("forms", sorted((loop["form"], loop["count"]) for loop in hybrid["loops"] if loop["taken"]),
                [("axpy", 1), ("dot_product", 1), ("map", 1), ("matrix_product", 1), ("matrix_product", 1), ("reduction", 1)])
    reasons = {loop["reason"] for loop in hybrid["loops"] if not loop["taken"]}
    for reason in ("it has a branch", "too small for the unit (min_size)", "not all items are exact ints or floats"):
        suite.check("told: " + reason, any(told.startswith(reason) for told in reasons), reasons)
    plain = runs(suite, "loops", LOOPS, "--no-baseline", "--no-idioms", "--isa", "hybrid")[0]
    suite.equal("--no-idioms", (plain["by_instruction"].get("MATRIX_MULTIPLY", 0), plain["loops"], plain["cycle_stack"]["vector"]),
                (0, [], 0))
    suite.check("fewer instructions", plain["instructions"] > 20 * hybrid["instructions"],
                (plain["instructions"], hybrid["instructions"]))
    suite.same_as_python("loops", ["program.py"], suite.folder("loops"), options=("--isa", "hybrid"))


def test_more_spellings(suite):
    """Activations of arrays by operators and keywords, products of vectors, fused arithmetic of arrays; other values and functions
    are counted as what they were."""
    def counts(name, calls):
        run = runs(suite, name, ACTIVATIONS + calls, "--no-baseline", "--isa", "hybrid")[0]
        return run, {instruction: count for instruction, count in run["by_instruction"].items() if count and instruction.startswith(
            ("ACT_", "CALL_", "WHERE_", "VEC_", "MATRIX_", "MATMUL", "INC", "RETADD", "ADD3", "ADDITEM"))}
    for calls, wanted in (
            ("relu(x)", {"WHERE_RELU": 3, "ACT_RELU": 1, "CALL_RELU": 1, "VEC_MAP": 1}), ("leaky(x)", {"ACT_LEAKY_RELU": 3}),
            ("gelu(x)", {"ACT_GELU": 2}), ("softmax(z)", {"ACT_SOFTMAX": 4}),
            ("in_two(z)", {"ACT_EXPONENTIAL": 1, "VEC_NORMALIZE": 1}),
            ("outer(x, x)", {"MATRIX_MULTIPLY": 2, "VEC_MAP": 1}), ("fused(x, x, state)", {"VEC_MAP": 5}),
            ("scalars(1.5)", {"ACT_LEAKY_RELU": 1, "WHERE_RELU": 1, "ACT_GELU": 2}),
            ("other_keywords(z)", {"ACT_EXPONENTIAL": 4, "VEC_REDUCE": 2, "VEC_MAP": 2})):
        run, found = counts("more: " + calls, calls + "\n")
        suite.equal(calls, found, wanted)
        suite.equal(calls + ": guards", run["events"]["guard_failures"], 0)
    # machines/inorder.yaml, 64 elements each
    suite.equal("softmax", runs(suite, "more: softmax", ACTIVATIONS + "softmax(z)\n", "--no-baseline", "--isa",
                                "hybrid")[0]["cycle_stack"]["activation"], 4 * (16 + 7))
    for calls, failures in (
            ("o = x.astype(object)\nrelu(o), outer(o, o), leaky(o)", 5 + 4 + 3), # of outer two in the library
            ("class Real(float):\n    pass\nscalars(Real(2))", 4),
            ("np.exp = np.clip = np.outer = lambda *a, **k: z\nsoftmax(z), outer(x, x)", 4 + 2),
            ("relu([1, 2]) if 0 else np.clip([1, 2], 0, None)", 1)):
        run, found = counts("other: " + calls[:20], calls + "\n")
        suite.equal("guards of " + calls, run["events"]["guard_failures"], failures)
        taken = {name: count for name, count in found.items() if name.startswith(("ACT", "CALL", "WHERE", "MATRIX_M"))}
        suite.equal("taken of " + calls, taken, {})


def test_kept_numbers(suite):
    """Loops that keep the greatest or least number and its place, counts, and sums of sums."""
    hybrid = runs(suite, "kept", KEPT, "--no-baseline", "--isa", "hybrid")[0]
    # greatest, by_function, chosen, place, max(a[1]); the count, several and the sum of maxima; the list of max(0, v), a comprehension in
    # the module
    for name, wanted in (("VEC_REDUCE", 5), ("VEC_SUM", 3), ("VEC_MAP", 1)):
        suite.equal(name, hybrid["by_instruction"].get(name, 0), wanted)
    taken = sorted((loop["form"], loop["count"]) for loop in hybrid["loops"] if loop["taken"])
    suite.equal("forms", taken, [("extremum", 1)] * 5 + [("map", 1)] + [("reduction", 1)] * 3)
    reasons = {loop["reason"] for loop in hybrid["loops"] if not loop["taken"]}
    for reason in ("it fills a list in a branch", "not all items are exact ints or floats", "too small for the unit (min_size)",
                   "a round uses what the round before left, in another way than by adding to it or replacing it",
                   "on this machine the built-in function alone is cheaper"): # sum(row): 3 cycles an item, unboxing 4
        suite.check("told: " + reason, any(told.startswith(reason) for told in reasons), reasons)
    # 16 to start, 8 lanes, 8 numbers a cycle. Of 16: 17 and 32 numbers loaded and stored. Of 32: 33 or 34, in 5 cycles; the count
    # has two comparisons, both of them, and a sum; several has three sums. Sums of maxima are 256 numbers, and 16 sums that are lost in rounding.
    suite.equal("cycles", sorted((shape["elements"], shape["cycles"]) for shape in hybrid["shapes"]),
                [(16, 16 + 3), (16, 16 + 4), (32, 16 + 5), (32, 16 + 4 * 3), (32, 16 + 4 * 4), (32, 3 * (16 + 5)), (256, 16 + 33)])
    suite.same_as_python("kept", ["program.py"], suite.folder("kept"), options=("--isa", "hybrid"))


def test_ways_to_write(suite):
    """Each way to write an activation is one instruction for it, that no guard refuses."""
    head = "import math, scipy.special\nimport numpy as np\nfrom math import erf, exp, tanh\nfrom scipy.special import expit, softmax\n"
    for (row, kind), ways in WAYS_TO_WRITE.items():
        made = [head] + ["def f%d(x, t, w, b):\n    return %s\n" % item for item in enumerate(ways)]
        made.append("x, w, b = 0.75, 1, 2\n" if kind == "number" else "x = np.linspace(-3, 3, 64).reshape(8, 8)\nw, b = x.T.copy(), x[0].copy()\n")
        made += ["f%d(x, 0.25, w, b)\n" % number for number in range(len(ways))]
        name = "%s_%s" % (row, kind)
        hybrid = runs(suite, name, "".join(made), "--no-baseline", "--isa", "hybrid")[0]
        found = sum(count for instruction, count in hybrid["by_instruction"].items()
                    if instruction.endswith("_" + row.upper()) and (row != "relu" or "LEAKY" not in instruction))
        suite.equal(name, (found, hybrid["events"]["guard_failures"]), (len(ways), 0))


def test_ways_to_state(suite):
    """if statements that return a number, or give a variable one, are instructions for them; a number of another class is not."""
    for row, ways in WAYS_TO_STATE.items():
        made = ["class Real(float): pass\n"]
        made += ["def f%d(x, t, y):\n    %s\n" % item for item in enumerate(ways)]
        made += ["print(f%d(0.75, 0.25, 0), f%d(-2, 0.25, 0), f%d(Real(3), 0.25, 0))\n" % (3 * (number,)) for number in range(len(ways))]
        hybrid = runs(suite, "state_" + row, "".join(made), "--no-baseline", "--isa", "hybrid")[0]
        found = sum(count for name, count in hybrid["by_instruction"].items()
                    if name.endswith("_" + row.upper()) and (row != "relu" or "LEAKY" not in name))
        computed = sum("x * 2" in way for way in ways) # of another class's number: a float
        suite.equal(row, (found, hybrid["events"]["guard_failures"]), (2 * len(ways) + computed, len(ways) - computed))
        suite.same_as_python("state_" + row, ["program.py"], suite.folder("state_" + row), options=("--isa", "hybrid"))


def test_named_numbers(suite):
    """math.e and math.pi in a pattern are those numbers when it runs, or else it is counted as what it is; powers and functions that
    are parts of an activation are not paid for twice."""
    program = ("import math\nimport numpy as np\ndef s(x): return 1 / (1 + math.e ** -x)\n"
               "def g(x): return 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x ** 3)))\n"
               "g(np.ones(640))\ns(1.0)\nmath.e = 2.0\ns(1.0)\nmath.e = 2.718281828459045\ns(0.5)\n")
    hybrid = runs(suite, "named", program, "--no-baseline", "--isa", "hybrid")[0]
    suite.equal("sigmoids", (hybrid["by_instruction"].get("POWER_SIGMOID"), hybrid["events"]["guard_failures"]), (2, 1))
    # left: the root of one number, and the power of the sigmoid that was none
    suite.equal("functions", hybrid["cycle_stack"]["work:math"], 2 * 40)
    # machines/inorder.yaml: gelu of 640 elements, sigmoids of one
    suite.equal("activation unit", hybrid["cycle_stack"]["activation"], (12 + 41) + 2 * (8 + 1))


def test_products_in_one_call(suite):
    """Powers of a matrix and products of several are products of the tensor unit; a power that takes none is a failed guard."""
    program = ("import numpy as np\ndef power(a, n): return np.linalg.matrix_power(a, n)\ndef chain(*a): return np.linalg.multi_dot(a)\n"
               "a = np.ones((8, 8))\npower(a, 5)\npower(a, 0)\npower(a, 1)\nchain(a, a, a)\n")
    hybrid = runs(suite, "powers", program, "--no-baseline", "--isa", "hybrid")[0]
    products = [(s["m"], s["n"], s["k"], s["count"], s["covered"]) for s in hybrid["shapes"] if s["what"] == "matmul"]
    suite.equal("products", products, [(8, 8, 8, 3 + 2, True)])
    suite.equal("instructions", (hybrid["by_instruction"].get("MATRIX_MULTIPLY"), hybrid["events"]["guard_failures"]), (2, 2))


def test_while_loops(suite):
    """while loops that count are the forms that for loops are."""
    hybrid = runs(suite, "whiles", WHILES, "--no-baseline", "--isa", "hybrid")[0]
    for name in ("WHILE_SUM", "WHILE_DOT", "WHILE_AXPY", "WHILE_MAP", "WHILE_REDUCE", "WHILE_MATRIX_MULTIPLY"):
        suite.equal(name, hybrid["by_instruction"].get(name, 0), 1)
    parts = hybrid["cycle_stack"]
    # one fold of 16x16x16: test_loops
    suite.equal("tensor", (parts["tensor_load"], parts["tensor"], parts["tensor_drain"]), (32 + 18, 47, 31))
    reasons = {loop["reason"] for loop in hybrid["loops"] if not loop["taken"]}
    for reason in ("it does not count by the same step to the same bound in each round", "too small for the unit (min_size)",
                   "the bounds of a range are no small ints"):
        suite.check("told: " + reason, any(told.startswith(reason) for told in reasons), reasons)
    plain = runs(suite, "whiles", WHILES, "--no-baseline", "--no-idioms", "--isa", "hybrid")[0]
    suite.equal("--no-idioms", (plain["by_instruction"].get("WHILE_SUM", 0), plain["loops"]), (0, []))
    suite.check("fewer instructions", plain["instructions"] > 15 * hybrid["instructions"],
                (plain["instructions"], hybrid["instructions"]))
    suite.same_as_python("whiles", ["program.py"], suite.folder("whiles"), options=("--isa", "hybrid"))


def test_array_operations(suite):
    """Arithmetic of arrays by the vector unit, products in all their forms by the tensor unit; what finds other values or functions
    is counted as what it was."""
    stack, hybrid = runs(suite, "operations", ARRAY_OPERATIONS, "--isa", "hybrid")
    for name, wanted in (("VEC_AXPY", 2), ("MADD", 0), ("VEC_REDUCE", 2), ("VEC_MAP", 1), ("MATRIX_MULTIPLY", 4), ("CALL_SIGMOID", 1),
                         ("ACT_EXPONENTIAL", 1), ("VEC_NORMALIZE", 1)):
        suite.equal(name, hybrid["by_instruction"].get(name, 0), wanted)
    # 16 to start; 8 groups of 8 lanes for each operation, 64 bytes a cycle: an AXPY 3 * 64 numbers, a reduction 64, a product of
    # array and number 2 * 64, a normalization two operations and 2 * 64
    suite.equal("vector unit", hybrid["cycle_stack"]["vector"], 2 * (16 + 24) + 2 * (16 + 8) + (16 + 16) + (16 + 16))
    suite.equal("not on the baseline", (stack["cycle_stack"]["vector"], [s for s in stack["shapes"] if s["what"] == "vector"]), (0, []))
    # machines/inorder.yaml, 64 elements each: 8 + 3
    suite.equal("activation unit", hybrid["cycle_stack"]["activation"], 11 + 11)
    products = [(s["m"], s["n"], s["k"], s["count"], s["covered"]) for s in hybrid["shapes"] if s["what"] == "matmul"]
    suite.equal("products", products, [(8, 8, 8, 4, True)])
    other = runs(suite, "other values", OTHER_VALUES, "--no-baseline", "--isa", "hybrid")[0]
    for name, wanted in (("VEC_AXPY", 2), ("MADD", 2), ("MATRIX_MULTIPLY", 4), ("CALL_SIGMOID", 1), ("VEC_REDUCE", 3)):
        suite.equal("other values: " + name, other["by_instruction"].get(name, 0), wanted)
    # the sum and np.max of reduce, four products, the sigmoid, a form of einsum that is no product
    suite.equal("guards", other["events"]["guard_failures"] - hybrid["events"]["guard_failures"], 2 + 4 + 1 + 1)


def test_other_classes(suite):
    """The operator @, and products, activations and reductions by name, of classes of the program's and of arrays of objects are
    counted as what they are without the units; arrays beside them go on being taken."""
    for name, calls, taken, plain in (
            ("arrays", "product(x, x), layer(x, x), dot(x, x), dot_computed(x, x), relu(x), reduce(x)",
             {"MATRIX_MULTIPLY": 3, "MATRIX_MULTIPLY_RELU": 1, "ACT_RELU": 1, "VEC_REDUCE": 1}, {"MATMUL": 0}),
            ("classes", "product(other, 3), product(3, other), layer(other, 1), dot(other, 1), relu(Real(1))",
             {"MATRIX_MULTIPLY": 0, "MATRIX_MULTIPLY_RELU": 0, "ACT_RELU": 0}, {"MATMUL": 3}),
            ("objects", "product(real, real), dot(real, real), dot_computed(real, real), relu(real), reduce(real)",
             {"MATRIX_MULTIPLY": 0, "ACT_RELU": 0, "VEC_REDUCE": 0}, {"MATMUL": 1}),
            ("both", "product(other, 3), product(x, x), product(x, other), dot(x, x), dot(real, x)",
             {"MATRIX_MULTIPLY": 2}, {"MATMUL": 2})):
        hybrid = runs(suite, "classes: " + name, OTHER_CLASSES + "print(%s)\n" % calls, "--no-baseline", "--isa", "hybrid")[0]
        for instruction, wanted in {**taken, **plain}.items():
            suite.equal("%s: %s" % (name, instruction), hybrid["by_instruction"].get(instruction, 0), wanted)
        suite.equal(name + ": products of the unit", sum(s["count"] for s in hybrid["shapes"] if s["what"] == "matmul" and s["covered"]),
                    sum(count for instruction, count in taken.items() if instruction.startswith("MATRIX")))
        suite.equal(name + ": guards", hybrid["events"]["guard_failures"], {"arrays": 0, "classes": 5, "objects": 5, "both": 3}[name])


def test_windows(suite):
    """Convolutions as products of im2col matrices that are views of the image: all are the tensor unit's."""
    hybrid = runs(suite, "windows", WINDOWS, "--no-baseline", "--isa", "hybrid")[0]
    products = [(s["m"], s["n"], s["k"], s["count"], s["covered"]) for s in hybrid["shapes"] if s["what"] == "matmul"]
    suite.equal("products", products, [(64, 4, 9, 9, True)])
    suite.equal("MATRIX_MULTIPLY", hybrid["by_instruction"].get("MATRIX_MULTIPLY", 0), 9)
    # tensordot over lists of axes and einsum are Python in the library, where the product is an instruction; a product of lengths
    # there is a loop too short for one
    suite.equal("guards", hybrid["events"]["guard_failures"], 2 + 2)
    suite.same_as_python("windows", ["program.py"], suite.folder("windows"))


def test_cipher_rounds(suite):
    """A round of AES as an instruction, in the variant that has one: instructions and cycles by hand."""
    hybrid, variant = runs(suite, "cipher", CIPHER, "--no-baseline", "--isa", "hybrid", "--isa", "hybrid-aes")
    suite.equal("rounds of native code", (hybrid["work"]["cipher_rounds"], hybrid["cycle_stack"]["work:cipher_rounds"]), (214, 214 * 84))
    suite.equal("AES_ROUND", variant["by_instruction"].get("AES_ROUND"), 10 * 10 + 10 * 10 + 14)
    suite.equal("all else as it was", variant["instructions"] - hybrid["instructions"], 214)
    suite.equal("no work left", variant["cycle_stack"]["work:cipher_rounds"], 0)
    # enciphered, each block waits for the one before: 100 rounds of 4 cycles; deciphered, ten blocks advance together, a round of
    # them in 10 cycles; one block of 14 rounds
    suite.equal("cycles", sorted(shape["cycles"] for shape in variant["shapes"]), [14 * 4, 10 * 10, 100 * 4])
    parts = [run["cycle_stack"]["base"] + run["cycle_stack"]["data_dependency"] for run in (hybrid, variant)]
    suite.equal("in the cycle stack", parts[1] - parts[0], 56 + 100 + 400)
    report = suite.report("--no-baseline", "--isa", "hybrid-aes", "--workload", "crypt", folder=suite.folder("cipher"))["runs"][0]
    # 33 blocks, there and back, and the two of the published vector, with keys of three lengths
    suite.equal("the workload's rounds", report["by_instruction"].get("AES_ROUND"), (2 * 33 + 2) * (10 + 12 + 14))
    # FIPS-197's functions, as other implementations compute them
    suite.equal("ciphertexts", suite.hybridsim("run", "--quiet", "--isa", "hybrid-aes", "program.py", folder=suite.folder("cipher")).stdout,
                b"c6a13b37 True\ndc95c078a2408989ad48a21492842087\n")


def test_replaced_function(suite):
    """The guard notices that math.tanh is another function; what the program prints is CPython's."""
    hybrid = runs(suite, "replaced", REPLACED, "--no-baseline", "--isa", "hybrid")[0]
    suite.equal("executed while it held", hybrid["by_instruction"].get("ACT_TANH"), 2)
    suite.equal("failures", hybrid["events"]["guard_failures"], 3)
    suite.same_as_python("replaced", ["program.py"], suite.folder("replaced"))


def machine(suite, folder, predictor):
    with open(os.path.join(folder, predictor + ".yaml"), "w") as stream:
        stream.write("machine: %s\ninherits: %s\nbranch: {predictor: %s}\n" % (
            predictor, suite.spec("machines/inorder.yaml"), predictor))
    return os.path.join(folder, predictor + ".yaml")


def test_predictors(suite):
    """The same branches under every predictor; alternating branches are what history is for."""
    folder = suite.folder("predictors", {"program.py": BRANCHES})
    wrong = {}
    for isa in ("stack", "hybrid"):
        seen = None
        for predictor in ("static", "bimodal", "gshare", "perfect"):
            run = suite.report("--no-baseline", "--isa", isa, "--machine", machine(suite, folder, predictor), "program.py",
                               folder=folder)["runs"][0]
            events = run["events"]
            seen = seen or (run["instructions"], events["branches"], events["taken"])
            suite.equal("%s %s: the same branches" % (isa, predictor),
                        (run["instructions"], events["branches"], events["taken"]), seen)
            suite.equal("%s %s: penalty" % (isa, predictor), run["cycle_stack"]["branch_mispredict"] % max(1, events["mispredicted"]), 0)
            wrong[isa, predictor] = events["mispredicted"]
        suite.equal(isa + ": a perfect predictor is never wrong", wrong[isa, "perfect"], 0)
        suite.check(isa + ": bimodal learns loops, gshare patterns as well",
                    wrong[isa, "static"] > wrong[isa, "bimodal"] > 2 * wrong[isa, "gshare"] > 0, wrong)


def test_register_spill(suite):
    """More locals than registers: the moves are a part of the cycle stack of their own."""
    folder = suite.folder("spill")
    with open(os.path.join(folder, "sixteen.yaml"), "w") as stream:
        stream.write("isa: sixteen\ninherits: %s\nregisters: {count: 16, scratch: 4}\n" % suite.spec("register.yaml"))
    stack, register, hybrid = runs(suite, "spill", MANY_LOCALS, "--isa", "sixteen.yaml", "--isa", "hybrid")
    suite.equal("no registers, no spill", (stack["cycle_stack"]["register_spill"], stack["events"]["register_fills"]), (0, 0))
    for run in (register, hybrid):
        spills, fills = run["events"]["register_spills"], run["events"]["register_fills"]
        suite.check(run["isa"] + ": spilled", spills > 0 and fills > 0, run["events"])
        suite.equal(run["isa"] + ": one issue cycle a move", run["cycle_stack"]["register_spill"], spills + fills)
    few = runs(suite, "few", "def f(n):\n    a = n + 1\n    b = a * n\n    return a - b\nprint(f(4))\n", "--isa", "register")[1]
    suite.equal("two locals fit", few["cycle_stack"]["register_spill"], 0)
    suite.same_as_python("spill", ["program.py"], suite.folder("spill"), options=("--isa", "sixteen.yaml", "--isa", "hybrid"))


run_tests(globals())
