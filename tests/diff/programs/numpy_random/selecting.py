# choice, shuffle, permutation, permuted, with and without replacement and weights.
import hashlib

import numpy as np


def digest(array):
    return hashlib.sha256(np.asarray(array).tobytes()).hexdigest()[:12]


def attempt(call):
    try:
        result = call()
        print(repr(result), type(result).__name__)
    except Exception as error:
        print(type(error).__name__, error)


def choices(rng):
    weights = np.arange(1.0, 21.0) / 210
    for size in (None, 0, 1, 5, (2, 3), 20):
        for replace in (True, False):
            for p in (None, weights):
                attempt(lambda: rng.choice(20, size, replace, p))
                attempt(lambda: rng.choice(np.arange(20.0) * 1.5, size, replace, p))
    for call in (lambda: rng.choice(5), lambda: rng.choice([4, 5, 6]), lambda: rng.choice(["a", "bb"]), lambda: rng.choice(["a",
        "bb"], 3),
                 lambda: rng.choice(0), lambda: rng.choice([]), lambda: rng.choice(5, 10, replace=False), lambda: rng.choice(3,
                 p=[.5, .5]),
                 lambda: rng.choice(2, p=[.5, .6]), lambda: rng.choice(2, p=[-.5, 1.5]), lambda: rng.choice(2, p=[np.nan, 1]),
                 lambda: rng.choice(2.5), lambda: rng.choice(5, size=()), lambda: rng.choice(3, 3, False, [0, .5, .5]),
                 lambda: rng.choice(0, 0), lambda: rng.choice(2, -1)):
        attempt(call)
    print(digest(rng.choice(100000, 3000, replace=False)), digest(rng.choice(20000, 1000)), digest(rng.choice(11000, 300,
        replace=False)))


def orders(rng):
    for count in (0, 1, 2, 10):
        print(rng.permutation(count), rng.permutation(list(range(count))), rng.permutation(np.arange(count) * 2.5))
    a = np.arange(24).reshape(4, 3, 2)
    print(rng.permutation(a).tolist())
    for items in ([1, 2, 3, 4, 5], list("hello"), np.arange(10), np.arange(10.0)[::2], np.arange(12).reshape(6, 2),
        bytearray(b"abcdef")):
        print(rng.shuffle(items), list(items) if isinstance(items, (list, bytearray)) else items.tolist())
    small = np.arange(9, dtype=np.int8).reshape(3, 3).T
    rng.shuffle(small)
    print(small.tolist())
    for call in (lambda: rng.shuffle((1, 2, 3)), lambda: rng.shuffle(5), lambda: rng.permutation("abc"),
        lambda: rng.permutation(3.5)):
        attempt(call)


def main():
    new, old = np.random.default_rng(11), np.random.RandomState(11)
    for rng in (new, old):
        choices(rng)
        orders(rng)
    print(new.choice(np.arange(12).reshape(3, 4), 2, axis=1), new.choice(np.arange(12).reshape(3, 4)), new.choice(10, 4,
        shuffle=False, replace=False))
    a = np.arange(12).reshape(3, 4)
    print(new.permuted(a), new.permuted(a, axis=0), new.permuted(a, axis=1), new.permuted([5, 6, 7]), new.permuted(a.T))
    out = np.zeros((3, 4), int)
    print(new.permuted(a, axis=-1, out=out) is out, out)
    new.shuffle(a, axis=1)
    print(a, new.permutation(a, axis=1))
    for call in (lambda: new.permuted(a, axis=5), lambda: new.shuffle([1, 2], axis=1), lambda: new.permuted(a, out=np.zeros(3,
        int)),
                 lambda: new.choice([[1, 2], [3, 4]], axis=2)):
        attempt(call)


main()
