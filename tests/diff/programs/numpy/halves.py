"""Half floats out of other numbers and back: bits, and what is reported, of rows of any layout."""
import numpy as np


def shown(made):
    return made.view(f"u{made.itemsize}").tolist() if made.dtype.kind == "f" else made.tolist()


def attempt(function, *arguments):
    with np.errstate(all="raise"):
        try:
            return shown(function(*arguments))
        except FloatingPointError as error:
            return str(error)


def checksum(made):
    bits = made.view(f"u{made.itemsize}").astype("u8").ravel()
    return int((bits * (np.arange(bits.size, dtype="u8") * np.uint64(2) + np.uint64(1))).sum())


every = np.arange(65536, dtype="u2").view("f2")
numbers = every[~np.isnan(every)]
print(checksum(every.astype("f4")), checksum(every.astype("f4").astype("f2")))
print(checksum(numbers.astype("f8")), checksum(numbers.astype("f8").astype("f2")))
print(checksum(every[::-3].astype("f4")), checksum(every.reshape(256, 256).T.astype("f4")))
print(numbers.astype("?").sum(), checksum(numbers.astype("c8").real.copy()), checksum(numbers.astype("c16").imag.copy()))
small = numbers[np.abs(numbers) < 100]
print([int(small.astype(kind).sum()) for kind in ("i1", "i2", "i4", "i8")])

for kind in "?", "i1", "u1", "i2", "i4", "u4", "i8", "u8":
    whole = (np.arange(-3000, 3000, dtype="i8") * 5).astype(kind)
    target = np.zeros((6000, 3), "f2")
    with np.errstate(over="ignore"):
        print(kind, checksum(whole.astype("f2")), checksum(whole[::2].astype("f2")), checksum(whole[::-1].astype("f2")))
        target[:, 1] = whole
    print(checksum(target))

bits = np.arange(1 << 18, dtype="u4") * np.uint32(16411)
with np.errstate(all="ignore"):
    print(checksum(bits.view("f4").astype("f2")), checksum(bits.view("f4")[::5].astype("f2")))

for number in (0.0, 1.0, 65519.0, 65520.0, -1e30, 2.0**-14, 2.0**-14 * (1 - 2.0**-20), 2.0**-24, 2.0**-24 * 1.5, 2.0**-25,
               2.0**-27, 1e-10, -1e-40, np.inf, np.nan):
    for kind in "f4", "f8":
        for count in 1, 7, 40:
            print(number, kind, count, attempt(np.full(count, number, kind)[::1].astype, "f2")[:30])
    print(attempt(np.append(np.ones(30, "f4"), np.float32(number)).astype, "f2"))
for signalling in 0x7f800001, 0x7fa00000, 0xff802000, 0x7fc00001:
    print([attempt(np.full(count, signalling, "u4").view("f4").astype, "f2") for count in (1, 20)])
for signalling in 0x7c01, 0xfd00, 0x7e01:
    print([attempt(np.full(count, signalling, "u2").view("f2").astype, "f4") for count in (1, 20)])

sizes = np.array([1, 2.5, 300, 6e4, 6e-5, 6e-8] * 5, "f2")
for function in np.add, np.subtract, np.multiply, np.divide:
    print(function.__name__, attempt(function, sizes, sizes[::-1]), attempt(function, sizes[:2], np.float16(3)))
for function in np.square, np.reciprocal:
    print(function.__name__, attempt(function, sizes), attempt(function, sizes[:2]))
for function in np.exp, np.exp2, np.cosh, np.expm1:
    print(function.__name__, attempt(function, np.arange(20, dtype="u1") + np.uint8(1)), attempt(function, np.full(20, 12, "u1")),
          attempt(function, np.full(20, 200, "u1")))
print(attempt(np.exp, np.full(20, -11, "f2")), attempt(np.exp, np.full(20, -50, "f2")))
