# What activation instructions stand for when the operands are arrays: counted otherwise, computed the same.
import numpy as np


def relu(x):
    return ((x > 0) * x, x * (x > 0), np.clip(x, 0, None), np.clip(x + 1, 0, None), np.where(x > 0, x, 0), np.where(x < 0, 0, x),
            np.where(x <= 0, 0, x), np.maximum(x, 0))


def leaky_relu(x):
    a = 0.25
    return (np.where(x > 0, x, a * x), np.where(x > 0, x, x * a), np.where(x < 0, a * x, x), np.where(x <= 0, x * a, x),
            np.maximum(a * x, x), np.maximum(x * a, x), np.maximum(x, x * a))


def gelu(x):
    c, b = 0.75, 0.044715
    return (0.5 * x * (1 + np.tanh(c * (x + b * x ** 3))), x * 0.5 * (1 + np.tanh(c * (x + b * np.power(x, 3)))),
            0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x * x * x))))


def softmax(z):
    return (np.exp(z) / np.exp(z).sum(axis=1, keepdims=True), np.exp(z) / np.sum(np.exp(z), axis=1, keepdims=True),
            np.exp(z) / np.sum(np.exp(z), keepdims=True, axis=-1), np.exp(z) / np.exp(z).sum(),
            np.exp(z - z.max(axis=1, keepdims=True)) / np.exp(z - z.max(axis=1, keepdims=True)).sum(axis=1, keepdims=True),
            np.exp(z - np.max(z, axis=1, keepdims=True)) / np.sum(np.exp(z - np.max(z, axis=1, keepdims=True)), axis=1,
                                                                  keepdims=True))


def in_two(z, axis):
    e = np.exp(z - z.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def other_keywords(z):
    return (np.exp(z) / np.exp(z).sum(axis=1, keepdims=False)[:, None], np.exp(z) / np.exp(z).sum(axis=(0, 1), keepdims=True),
            np.exp(z) / np.sum(np.exp(z), axis=1, keepdims=True, dtype=float))


def products(x, y):
    return np.outer(x, y), np.outer(x + 0, y), np.outer(x, y).T


def other_clips(x):
    return (np.clip(x, None, 2), np.clip(x, 0, 1), np.clip(x, a_min=0, a_max=None), np.clip(x, 0, None, out=np.zeros_like(x)),
            np.clip([1, -2], 0, None), np.clip(-3, 0, None))


class State:
    pass


def fused(x, y):
    state, items = State(), [x.copy(), 3]
    state.total = x.copy()
    state.total += y
    items[0] += y
    items[1] -= 2

    def last(a, b):
        return a - b
    return state.total, items, x + y - x, items[0] + x, last(x, y), last(5, 3)


def show(function, *arguments):
    try:
        made = function(*arguments)
        for item in made if isinstance(made, tuple) else (made,):
            rounded = np.round(item, 5) + 0.0 if getattr(item, "dtype", None) in (float, np.float32) else item
            print(function.__name__, rounded.tolist() if isinstance(rounded, np.ndarray) else rounded, getattr(item, "dtype", ""))
    except Exception as error:
        print(function.__name__, type(error).__name__, error)


x = np.array([-2.0, -0.5, -0.0, 0.0, 0.25, 3.0, np.nan])
z = np.arange(12.0).reshape(3, 4) / 8 - 0.5
for array in (x, np.arange(-3, 4), x.astype(np.float32), x.reshape(7, 1), np.array([], float), x.astype(object),
              2.5, np.array(-1.5)):
    for function in (relu, leaky_relu, gelu):
        show(function, array)
    show(other_clips, np.asarray(array))
for array in (z, z.astype(np.float32), z[:, ::2], z[:0], z[0]):
    for function in (softmax, other_keywords):
        show(function, array)
    show(in_two, array, 0)
    show(in_two, array, -1)
for y in (x[:3], np.arange(4), z, 3, [1, 2], np.array([]), np.array([True, False])):
    show(products, x, y)
show(products, np.array([-0.0, 1]), np.array([1.0, -0.0]))
show(fused, x, x[::-1].copy())
show(fused, np.arange(5), np.arange(5, 10))
kept = np.exp, np.clip, np.outer
np.exp = np.clip = np.outer = lambda *items, **named: np.ones((3, 4))
show(softmax, z)
show(relu, x[:4])
show(products, x, x)
np.exp, np.clip, np.outer = kept


def more(x):
    """Spellings whose functions the C library rounds: by nine digits."""
    e = np.exp(x)
    return [np.round(np.asarray(y, float), 9) + 0.0 for y in (
        np.exp(-np.logaddexp(0, -x)), np.exp(x) / (1 + np.exp(x)), np.reciprocal(1 + np.exp(-x)), np.divide(1, 1 + np.exp(-x)),
        0.5 * (1 + np.tanh(x / 2)), (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x)), 2 / (1 + np.exp(-2 * x)) - 1,
        (np.exp(2 * x) - 1) / (np.exp(2 * x) + 1), 1 / (1 + np.exp(-np.clip(x, -500, 500))), e / (e + 1))]


def steps(x):
    return (np.where(x < 0, 0, 1), np.where(x <= 0.25, 0, 1), np.where(0 < x, 1, 0), np.where(x > 0, 1, -1), np.where(x < 0, -1, 1),
            (x > 0).astype(int), (x >= 0).astype(float), np.where(x + 1 > 0, 1, 0), np.where(x * 2 <= 0, -1, 1), np.where(x @ x > 3, 1, 0))


def rectifiers(x):
    y = x.copy()
    z = np.maximum(x, 0.5, out=y)
    return (np.fmax(0.5, x), np.fmax(x, 0.5), np.where(0 < x, x, 0), z is y, z, np.where(x > 0, 1, 0.01) * x, x * np.where(x > 0, 1, 0.01),
            np.maximum(0.5, x) + 0.01 * np.minimum(0.5, x), x.clip(0.5), x.clip(min=0.5), x.clip(0.5, None))


for array in (x[:6], np.arange(-3, 4), x[:6].astype(np.float32) * 2, np.array([])):
    for function in (steps, rectifiers):
        show(function, array)
    if array.dtype != np.float32:
        show(more, array)
