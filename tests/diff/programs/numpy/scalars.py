"""numpy's scalars: types, reprs, arithmetic among themselves and with Python's numbers."""
import numpy as np

values = [np.float64(1.5), np.float32(0.1), np.float16(2), np.int64(7), np.int8(-3), np.uint8(200), np.bool_(True),
          np.complex128(1 + 2j), np.complex64(2j), np.str_("abc")]
for value in values:
    print(type(value).__name__, repr(value), str(value), value.dtype, value.itemsize, value.shape, value.ndim, isinstance(value,
            np.generic),
          isinstance(value, np.number), isinstance(value, (float, complex, str)), isinstance(value, np.floating),
          isinstance(value, np.integer))
for value in values[:-1]:
    print(hash(value) == hash(value.item()), type(value.item()).__name__, bool(value), value == value.item(),
          type(value + 1).__name__, type(value * 2.5).__name__)
print(int(np.float64(3.9)), float(np.int8(3)), complex(np.float32(0.5)), [1, 2, 3][np.int64(1)], range(np.int8(3)),
      "ab" * np.int64(2), [0] * np.uint8(3))
print("%d %s %.2f" % (np.int64(3), np.float64(2.5), np.float32(1.1)),
      f"{np.float64(1.5):.3f} {np.int64(42):05d} {np.float32(0.1)}", format(np.float64(3), "g"))
print(round(np.float64(2.567), 1), round(np.float64(2.5)), type(round(np.float64(2.5))).__name__, np.float64(2.567).round(1),
      abs(np.int8(-5)), divmod(np.int64(7), 2), -np.float32(1))
print(np.float64("1e3"), np.int32("12"), np.float64.fromhex("0x1p3"), np.float64(2).is_integer(),
      np.float64(0.1).as_integer_ratio(), np.float64(3).hex())
print(max(np.float64(1), 2), min([np.int64(3), 2.5]), sum([np.float64(0.5)] * 3), sorted([np.float64(2), 1, np.int8(0)]),
      {np.int64(1): "a"}[1])
print(np.True_ is np.bool_(1), np.bool_(0) is np.False_, not np.bool_(0), np.bool_(1) & True, np.bool_(1) | 0, ~np.bool_(1))
for expression in ("np.float64(1) / 0", "np.int64(1) // 0", "np.int8(100) + np.int8(100)", "np.uint8(3) - np.uint8(5)",
                   "np.float64(1e300) * 1e300", "-np.int64(-2**63)", "np.float64(0) / 0"):
    with np.errstate(all="ignore"):
        print(expression, eval(expression))
    with np.errstate(all="raise"):
        try:
            print(eval(expression))
        except FloatingPointError as e:
            print(expression, "->", e)
for expression in ("np.int64(2) ** -1", "-np.bool_(1)", "np.float64('x')", "np.int64('x')", "np.float64(1).foo",
                   "np.bool_(1) - np.bool_(0)", "np.float64(1) + None", "np.float64(1)[0]", "len(np.int64(1))",
                   "np.float64([1, 2])", "np.int8(1) << 'a'"):
    try:
        print(expression, eval(expression))
    except Exception as e:
        print(expression, "->", type(e).__name__, e)


class Length:
    def __init__(self, metres):
        self.metres = metres

    def __radd__(self, other):
        return "radd", other, self.metres

    def __rmul__(self, other):
        return "rmul", other, self.metres


print(np.float64(2) + Length(3), np.int64(2) * Length(4), (np.array([1, 2]) * Length(5)).tolist())
