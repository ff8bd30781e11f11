# Roads that only long or evenly spaced rows take: fills, gathers, reversed and strided copies, extremes, single precision; and what
# scalars lack that arrays have.
import zlib

import numpy as np

np.seterr(all="ignore")

for scalar in (np.float64(1), np.int64(1), np.complex128(1), np.float32(1), np.uint8(1)):
    print(type(scalar).__name__, [name for name in ("__len__", "__iter__", "__contains__", "__setitem__", "__iadd__", "__index__",
                                  "__getitem__", "dot", "partition", "argpartition", "tolist", "ravel") if hasattr(scalar, name)])
    try:
        print(scalar @ scalar)
    except TypeError as e:
        print(e)


def show(name, array):
    print(name, array.dtype, array.shape, "%08x" % zlib.crc32(np.ascontiguousarray(array).tobytes()))


g = np.random.default_rng(5)
a, n = g.standard_normal(10007), g.integers(-500, 500, 10007)
for kind in "?bBhHiIlLefdFD":
    row = n.astype(kind)
    show("ones " + kind, np.ones(5001, kind))
    show("full " + kind, np.full((3, 1111), row[0]))
    show("reversed " + kind, row[::-1].copy())
    show("every second " + kind, row[1::2].copy())
    show("every third back " + kind, row[::-3].copy())
    print("extremes", row.max(), row.min(), row[5:50].max(), row[::-2].min())
    show("taken " + kind, row[np.abs(n)])
    show("tiled " + kind, np.tile(row, 3))
    show("rolled " + kind, np.roll(row, 77))
    show("repeated " + kind, np.repeat(row, 3))
    show("often repeated " + kind, np.repeat(row[:99], 33))
words = np.array(["ab", "cde"])
print(np.tile(words, 6), np.repeat(words, 9)[8:10], np.full(10, "xyz"), np.full(20, None)[19])
for bad in ([0, 10007], [-10008], [3, -1, 10 ** 12]):
    try:
        print(a[np.array(bad)])
    except IndexError as e:
        print(e)
show("gathered", a[n])
show("gathered from every second", a[::2][n[:5000]])
show("gathered backwards", a[::-1][n.reshape(-1, 10007)])
print(np.count_nonzero(n > 3), np.count_nonzero(n[::2] > 3), np.count_nonzero(n), np.nonzero(n > 490)[0][:5],
      np.nonzero((n > 490)[1::2])[0][:5])
for function in (np.exp, np.sin, np.cos):
    row = np.float32([0.0, -0.0, np.inf, -np.inf, np.nan, 1e-40, -1e-40, 1, 80.5, -99, 1e9, 0.5] * 50)
    print(np.unique(np.log1p(np.abs(function(row).astype(float))).round(3)), np.signbit(function(row))[:2])
show("signs", np.signbit(a))
show("signs of float32", np.signbit(a.astype("f")))
print(np.signbit([0.0, -0.0, np.nan, -np.nan, -np.inf]))
show("ranges", np.concatenate([np.arange(5000), np.arange(-7, 9000, 3), np.arange(0.5, 99, 0.01), np.arange(9, -9, -1)]))
for ends in ((0, 1), (-3, 7), (2, 2), (1j, 5), (0, 5e-324), (np.float32(1), 9)):
    show("linspace %r" % (ends,), np.linspace(*ends, 777))
show("linspace of arrays", np.linspace([0, 1], [5, 9], 40))
for places in (0, 2, -2, 13):
    show("rounded", np.round(a * 1000, places))
    show("rounded ints", np.round(n, places))
print(np.isclose(a, a + 1e-9).all(), np.isclose([1, np.nan, np.inf], [1, np.nan, np.inf]), np.isclose(1.0, 1.1), np.isclose(n, 3).sum(),
      np.isclose(a, a + 1, rtol=np.array(0.5)).sum(), np.isclose(np.float32([1, 2]), np.float32([1, 2.00001])))
