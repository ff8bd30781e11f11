"""__array_ufunc__: who takes a call over, in which order, and with what arguments; who declines; and windows."""
import numpy as np


class Recorder:
    def __init__(self, name):
        self.name = name

    def __repr__(self):
        return "<%s>" % self.name

    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        told = {name: item if not isinstance(item, np.ndarray) else item.tolist() for name, item in sorted(options.items())}
        return self.name, ufunc.__name__, method, len(inputs), str(told)


class Derived(Recorder):
    pass


class Declining(Recorder):
    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        return NotImplemented


class Refusing:
    __array_ufunc__ = None

    def __radd__(self, other):
        return "its own addition"


class Celsius:
    """Unwraps, computes, wraps again: the usual way of using the hook."""

    def __init__(self, degrees):
        self.degrees = np.asarray(degrees)

    def __array_ufunc__(self, ufunc, method, *inputs, out=None, **options):
        plain = [item.degrees if isinstance(item, Celsius) else item for item in inputs]
        result = getattr(ufunc, method)(*plain, **options)
        return Celsius(result)

    def __repr__(self):
        return "Celsius(%s)" % self.degrees


def told(function):
    try:
        print(function())
    except Exception as e:
        print(type(e).__name__, e)


def main():
    a, b, d = Recorder("a"), Derived("b"), Declining("d")
    ones = np.ones(2)
    told(lambda: np.add(a, 1))
    told(lambda: np.add(1, a, dtype=float))
    told(lambda: np.add(a, b))
    told(lambda: np.add(d, a))
    told(lambda: np.add(d, 1))
    told(lambda: ones + a)
    told(lambda: np.sin(a))
    told(lambda: np.add.reduce(a, axis=0))
    told(lambda: np.add.accumulate(a))
    told(lambda: np.add.reduceat(a, [0, 1], axis=-1))
    told(lambda: np.multiply.outer(ones, a))
    told(lambda: np.add.at(ones, [0], a))
    told(lambda: np.matmul(a, ones))
    told(lambda: ones + Refusing())
    told(lambda: np.add(ones, Refusing()))
    told(lambda: np.add(Celsius([1, 2]), 0.5))
    told(lambda: np.maximum.reduce(Celsius([3, 7, 5])))
    told(lambda: np.ones(2) * Celsius([4, 6]))
    for length in (0, 1, 2, 7):
        print([round(x, 9) for x in np.kaiser(length, 6.5).tolist()])
    print(np.round(np.i0([0, 0.5, 8, 12.5]), 6), np.i0(2).dtype, np.i0(np.float32(1)).dtype)
    told(lambda: np.i0(1j))
    told(lambda: divmod(np.complex64(1), 2))
    print(np.float32(0.5).as_integer_ratio(), np.int16(-5).bit_count(), np.int32(1).byteswap(), np.int64(7).view("f8"))


main()
