# Products, activations and reductions of arrays in all the spellings that instructions stand for, and what only looks like them.
import math

import numpy as np

a = np.arange(12.0).reshape(3, 4)
b = np.arange(20.0).reshape(4, 5) - 7
v = np.array([1.0, -2.0, 0.5, 3.0])
stack = np.arange(24.0).reshape(2, 3, 4)
other = np.arange(16).reshape(2, 4, 2)


def show(text, value):
    value = np.asarray(value)
    print(text, value.dtype, value.shape, np.round(value.astype(complex), 9).tolist() if value.dtype.kind == "c" else
          [round(x, 9) for x in value.ravel().tolist()] if value.dtype.kind == "f" else value.tolist())


def products():
    for form, x, y in (("ij,jk->ik", a, b), ("ij,jk->ki", a, b), ("ij,j->i", a, v), ("i,i->", v, v), ("bij,bjk->bik", stack, other),
                       ("ji,jk->ik", a, a), ("ij,kj->ik", a, a), ("i,j->ij", v, v), ("ij,ij->i", a, a), ("ij,ij->", a, a),
                       ("bij,bjk->ikb", stack, other), ("abc,bd->acd", stack, a[:, :2]), (" ij , jk -> ik ", a, b), ("ij,jk", a, b),
                       ("ij,ij->ij", a, a), ("ij,j->", a, v), ("ijk,kl->ijl", stack, b), ("ij,jk->ik", a > 3, b > 0),
                       ("ij,jk->ik", a.astype(int), b.astype("f4"))):
        show(form, np.einsum(form, x, y))
    show("tensordot 1", np.tensordot(a, b, 1))
    show("tensordot axes", np.tensordot(a, b, axes=1))
    show("tensordot 2", np.tensordot(stack, np.ones((3, 4, 2))))
    show("tensordot pairs", np.tensordot(stack, other, axes=([2, 0], [1, 0])))
    show("tensordot 0", np.tensordot(v, v, 0))
    show("inner", np.inner(a, a))
    show("inner of vectors", np.inner(v, v))
    show("inner of lists", np.inner([1, 2], [3, 4]))
    show("inner with a number", np.inner(a, 2))
    show("vdot", np.vdot(v, v))
    show("vdot of matrices", np.vdot(a, a))
    show("vdot of complex numbers", np.vdot(v + 1j, v - 2j))
    show("method", a.dot(b))
    show("method on a vector", a.dot(v))
    show("batched", stack @ other)
    show("batched by one", np.matmul(stack, b))
    for wrong in (lambda: np.einsum("ij,jk->ik", a, a), lambda: np.tensordot(a, a, 1), lambda: np.inner(a, b), lambda: np.vdot(a, b),
                  lambda: a.dot(a), lambda: np.einsum("ij,jk->iz", a, b)):
        try:
            show("no error", wrong())
        except Exception as error:
            print(type(error).__name__, error)


def axpy(s, x, y):
    y += s * x
    return s * x + y - x / 2


class Vector:
    def __init__(self, text):
        self.text = text

    def __mul__(self, other):
        return Vector("(%s * %s)" % (self, other))

    def __add__(self, other):
        return Vector("(%s + %s)" % (self, other))

    def __truediv__(self, other):
        return Vector("(%s / %s)" % (self, other))

    def __sub__(self, other):
        return Vector("(%s - %s)" % (self, other))

    __rmul__ = __mul__

    def __repr__(self):
        return self.text

    def sum(self, *rest, **named):
        return "sum%s%s" % (rest, named)

    def dot(self, other):
        return "dot(%s)" % (other,)

    def max(self, axis=None):
        return "max %s" % axis


def reduce(m):
    return [m.sum(), m.sum(0), m.sum(axis=1, keepdims=True), np.sum(m), np.sum(m, 1), np.max(m, axis=0), m.max(), np.min(m), m.min(1),
            np.prod(m[:2, :2] + 1), np.mean(m, axis=0), m.mean(), np.add.reduce(m), np.maximum.reduce(m, axis=1)]


def sigmoids(w, x):
    return 1 / (1 + np.exp(-(w * x + 1))), 1.0 / (1.0 + np.exp(-(w * x))), 1 / (np.exp(w - x) + 1)


def scalar_sigmoids(w, x):
    return [1 / (1 + math.exp(-(w * x + 1))), 1 / (1 + math.exp(w * x)), 1 / (math.exp(x - 1) + 1)]


def softmaxes(z):
    e = np.exp(z - z.max())
    first = e / e.sum()
    e = np.exp(z - np.max(z))
    return first, e / np.sum(e), np.exp(z - z.max()) / np.sum(np.exp(z - z.max())), np.exp(z) / np.sum(np.exp(z))


def gelus(x):
    return [0.5 * x * (1 + math.erf(x / math.sqrt(2))), x * 0.5 * (1 + math.erf(x / math.sqrt(2.0))),
            0.5 * x * (1 + math.tanh(0.7978845608028654 * (x + 0.044715 * x * x * x))),
            0.5 * x * (1 + math.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x ** 3)))]


products()
for s, x, y in ((2.0, v, v.copy()), (2.0, 3.0, 4.0), (v, v, v.copy()), (2, a, a * 1), (1.5, v, a.copy()), (3, Vector("x"), Vector("y"))):
    result = axpy(s, x, y)
    print(result if isinstance(result, Vector) else np.round(result, 9).tolist())
for item in reduce(a):
    show("reduced", item)
print(Vector("z").sum(1, a=2), Vector("z").dot(3), Vector("z").max(), Vector("z").max(axis=1))
for item in sigmoids(2.0, v) + sigmoids(v, v) + softmaxes(v) + softmaxes(v * 3):
    show("activation", item)
print([round(x, 12) for x in scalar_sigmoids(2.0, 0.5) + scalar_sigmoids(1, 2) + gelus(0.5) + gelus(-2)])


class Shadow:
    pi = 3.0

    @staticmethod
    def exp(x):
        return 1.0 if isinstance(x, float) else "no number"

    erf = tanh = sqrt = exp

    @staticmethod
    def sum(x, **named):
        return "shadowed sum %s" % named

    einsum = dot = lambda *rest: len(rest)


kept = math, np
math = Shadow
print(scalar_sigmoids(2.0, 0.5))
np = Shadow
print(np.sum(1, axis=2), np.einsum("ij,jk->ik", 1, 2), np.dot(1, 2))
try:
    print(sigmoids(2.0, 0.5), softmaxes(Vector("w")))
except Exception as error:
    print(type(error).__name__, error)
math, np = kept
exact, math.exp = math.exp, lambda x: 3.0
print(scalar_sigmoids(2.0, 0.5))
math.exp = exact
try:
    scalar_sigmoids([], 2.0)
except TypeError as error:
    print(error)
try:
    scalar_sigmoids(1000.0, -2.0)
except OverflowError as error:
    print(error)
