# randint and integers: all types, ranges that end at their limits, closed intervals, arrays of bounds, bytes.
import hashlib

import numpy as np

TYPES = [np.int8, np.int16, np.int32, np.int64, np.uint8, np.uint16, np.uint32, np.uint64, bool]


def digest(array):
    return hashlib.sha256(array.tobytes()).hexdigest()[:12]


def attempt(call):
    try:
        result = call()
        print(repr(result), type(result).__name__)
    except Exception as error:
        print(type(error).__name__, error)


def main():
    new, old = np.random.default_rng(3), np.random.RandomState(3)
    for dtype in TYPES:
        least = 0 if dtype is bool else int(np.iinfo(dtype).min)
        greatest = 1 if dtype is bool else int(np.iinfo(dtype).max)
        for high in (0, 1, 2, 5, 100, 127, 255, 1000, 2**15 - 1, 2**16 - 1, 70000, 2**31 - 1, 2**32 - 1, 2**33 + 5, 2**63 - 1,
            2**64 - 1):
            if high > greatest:
                continue
            a, b = new.integers(0, high, 301, dtype, endpoint=True), old.randint(0, high + 1, 301, dtype)
            print(np.dtype(dtype), high, a.dtype, digest(a), digest(b))
        print(digest(new.integers(least, greatest, 99, dtype, endpoint=True)), digest(new.integers([least, 0], [greatest, 1], (7,
            2), dtype)))
        print(repr(new.integers(0, 2, dtype=dtype)), repr(old.randint(0, 2, dtype=dtype)))
    print(repr(new.integers(10)), repr(old.randint(10)), repr(new.integers(10, dtype=int)), type(new.integers(10)),
        type(old.randint(10)))
    print(new.integers([3, 5], [10, 6], size=(4, 2)), old.randint([[1], [5]], [10, 60]))
    print(new.integers(5, size=0), new.integers(2.5), new.integers(0.5, 7.9), old.randint(1, size=(2, 2)))
    print(new.bytes(11).hex(), old.bytes(7).hex(), old.tomaxint(3), new.bit_generator.random_raw(2))
    for call in (lambda: new.integers(0), lambda: new.integers(5, 3), lambda: new.integers(5, 5), lambda: new.integers(300,
        dtype=np.uint8),
                 lambda: new.integers(-1, 5, dtype="u1"), lambda: new.integers(5, dtype=float), lambda: new.integers([1, 2], [5,
                 2]),
                 lambda: new.integers(-5, -6, endpoint=True), lambda: old.randint(5, 0), lambda: old.randint(2**63),
                 lambda: old.randint(0),
                 lambda: new.integers(2**64 + 1, dtype="u8"), lambda: new.integers(2**64, dtype="u8"), lambda: old.randint(2**62),
                 lambda: new.integers(3, dtype=bool), lambda: new.integers(10, size=-1)):
        attempt(call)


main()
