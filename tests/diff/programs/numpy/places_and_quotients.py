"""Quotients and rests of doubles in long rows, places by selection, bins, indices written, whatever road is taken."""
import warnings
import zlib

import numpy as np

g = np.random.default_rng(5)


def digest(array):
    return zlib.crc32(array.tobytes())


def show(name, *arrays):
    for array in arrays:
        array = np.ascontiguousarray(array)
        print(name, array.dtype, array.shape, digest(array) if array.dtype != object else array.tolist())


def quotients(name, a, b):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        show(name, a // b, a % b, np.fmod(a, b), *np.divmod(a, b))
    print(sorted(str(w.message) for w in caught))


n = 1500
a, b = (np.ldexp(g.standard_normal(n), g.integers(-40, 40, n)) for _ in range(2))
quotients("mixed", a, b)
quotients("scalar", a, 0.1)
quotients("negative scalar", a, -3.0)
quotients("of a scalar", 7.25, b)
whole = g.integers(-50, 50, n).astype(float)
divisors = g.choice([-7.0, -3.0, -1.0, 1.0, 2.0, 5.0, 0.1, -0.1, 0.3], n)
quotients("whole", whole, divisors)
quotients("products", divisors * whole, divisors)
quotients("just below", np.nextafter(divisors * whole, -np.inf), divisors)
quotients("just above", np.nextafter(divisors * whole, np.inf), divisors)
quotients("zeros", np.where(whole > 0, 0.0, -0.0), divisors)
tiny = np.full(n, 5e-324) * g.integers(-9, 9, n)
quotients("tiny", tiny, np.full(n, 1.5e-323))
quotients("by tiny", a, np.full(n, 5e-324))
quotients("huge", np.full(n, 1e308), divisors)
quotients("near 2^52", 2.0 ** 52 + whole, np.ones(n))
quotients("near 2^53", 2.0 ** 53 + 2 * whole, np.full(n, 3.0))
for special in (np.nan, np.inf, -np.inf, 0.0, -0.0):
    c = b.copy()
    c[700] = special
    quotients("divisor %r" % special, a, c)
    quotients("dividend %r" % special, c, a)
with np.errstate(all="ignore"):
    out = a.copy()
    np.remainder(out, b, out=out)
    show("in place", out)
    out = a.copy()
    np.floor_divide(b, out, out=out)
    show("in place", out)
    show("strided", a[::2] % b[::2], a[::-1] // b, a.reshape(30, 50).T % 3.5)

for kind in ("f8", "f4", "i8", "u8", "i4", "u4", "i2"):
    for length in (1, 2, 3, 10, 1499, 1500, 4001):
        row = g.integers(0 if kind[0] == "u" else -999, 999, length).astype(kind)
        print(kind, length, np.median(row), np.percentile(row, [0, 30, 50, 99.5, 100]).tolist(), np.quantile(row, 0.123))
        for method in ("lower", "higher", "nearest", "midpoint", "inverted_cdf", "averaged_inverted_cdf", "weibull", "hazen",
                       "closest_observation", "median_unbiased"):
            print(method, np.quantile(row, [0.1, 0.77], method=method).tolist())
rows = g.standard_normal((3, 2000))
print(np.median(rows, axis=1).tolist(), np.median(rows, axis=0)[:3].tolist())
print(np.percentile(rows, 40, axis=1, keepdims=True).tolist())
print(np.percentile(rows, list(range(0, 101, 5)), axis=1).sum().round(9))
rows[1, 77] = np.nan
print(np.median(rows, axis=1).tolist(), np.percentile(rows, [10, 90], axis=1).tolist(), np.median(rows), np.median(rows.T, axis=0))
print(np.nanmedian(rows, axis=1).tolist(), np.nanpercentile(rows, 25, axis=1).tolist())
rows[2, :] = np.inf
print(np.median(rows, axis=1).tolist(), np.median([0.0, -0.0] * 1000), np.median(np.ones(1600)),
      np.median(np.zeros((2, 0, 3)), axis=0).shape)
print(np.median(g.standard_normal(2000) + 1j).real > -1, np.median([True, False, True]), np.median(g.integers(0, 2, 2000) > 0))

for bins in (1, 2, 10, 50, 1000):
    for data in (rows[0], np.round(rows[0], 1), np.linspace(0, 1, 1001), np.full(2000, 3.5), rows[0] * 1e300, rows[0] * 1e-300,
                 rows[0] + 1e15):
        counts, edges = np.histogram(data, bins)
        print(bins, counts.sum(), counts[:6].tolist(), counts.dtype, digest(edges), digest(counts))
print(np.histogram(rows[1], 5, range=(-1, 1))[0].tolist(), np.histogram([], 3)[0].tolist(), np.histogram([1, 2, 1], 2)[0].tolist())
print(np.histogram(rows[0], 7, density=True)[0].round(12).tolist(),
      np.histogram(rows[0], 4, weights=np.abs(rows[0]))[0].round(9).tolist())

row = np.arange(6000.0)
for mask in (row % 3 == 0, row > 10, row > 5990, row < 0, row >= 0, g.random(6000) > 0.5, g.random(6000) > 0.001):
    show("nonzero", *np.nonzero(mask))
    show("masked", row[mask])
    show("rows", *np.nonzero(mask.reshape(60, 100)))
for count in (1, 31, 32, 33, 100, 5000):
    x = g.integers(-6000, 6000, count)
    o = row.copy()
    o[x] = 1.5
    o[x[::-1]] = np.arange(count) * 2.0
    o[x] = o[x[::-1]]
    show("written", o, o[x], o[::2][x // 2], row[x.reshape(1, -1)])
    o[x] = list(range(count))
    o[x] = np.arange(count)
    o[x] = np.float32(7)
    o[::-3][x % 100] = o[:count] if count < 6000 else 0.0
    np.add.at(o, x, 0.25)
    np.add.at(o, x, np.arange(count) / 4)
    np.multiply.at(o, x, np.arange(count))
    np.maximum.at(o, x, 3)
    np.negative.at(o, x)
    np.add.at(o[::2], x // 2, 1)
    show("at", o)
    for wrong in (6000, -6001):
        bad = x.copy()
        bad[-1] = wrong
        for act in (lambda: o[bad], lambda: o.__setitem__(bad, 1.0), lambda: o.__setitem__(bad, o[x]),
                    lambda: np.add.at(o, bad, 1.0)):
            try:
                act()
            except IndexError as error:
                print(error)
    show("unchanged", o)
o = np.zeros(10, "i8")
np.add.at(o, np.array([[1, 2], [2, -1]]), np.array([[1, 2], [3, 4]]))
np.add.at(o, np.array([], dtype=int), 5)
np.add.at(o, [0, 0], 1)
print(o.tolist())
try:
    np.zeros(5)[np.zeros((2, 3), int)] = np.zeros((3, 2))
except (ValueError, IndexError) as error:
    print(error)
try:
    o = np.zeros(5)
    o[np.zeros((2, 3), int)] = np.zeros((3, 2))
except (ValueError, IndexError) as error:
    print(error)
for shape in ((8, 5), (9, 5), (17, 3), (3, 7), (16, 1)):
    q, r = np.round(g.standard_normal(shape), 3), np.round(g.standard_normal(shape), 3)
    show("dots", q @ r[0], np.dot(q, r[-1]), (q[:, None, :] @ r[:, :, None]))
    print(np.allclose(np.einsum("ij,ij->i", q, r), (q * r).sum(1)))
print(np.std(rows[0]).hex(), np.var(rows[0], ddof=1).hex(), np.std(np.arange(7)),
      np.var(np.float32([1, 2, 4])), np.var(3.0), np.var([True, False]),
      np.std(rows[:1], axis=0)[:2], np.var(np.array([[1, 2], [3, 5]]), axis=1, keepdims=True).tolist())
for decimals in (-2, -1, 0, 1, 2, 5):
    show("round", np.round(rows[0] * 100, decimals), np.round(np.float32(rows[0]), decimals), np.round(np.arange(2000), decimals))
print(np.round(np.array(2.567), 2), np.round(2.567, 1))
for count in (1, 31, 32, 33, 95, 4001):
    x, y = np.round(g.standard_normal(count), 1), np.round(g.standard_normal(count), 1)
    x[::7], y[::5], x[3::11], y[1::13] = np.nan, 0.0, -0.0, np.inf
    for one, other in ((x, y), (x, 0.0), (0.1, y), (x, np.nan), (x[::-1], y), (x[:count // 2], y[1:count // 2 + 1])):
        with np.errstate(all="raise"):
            show("compared", one < other, one <= other, one > other, one >= other, one == other, one != other)
    out = np.zeros(2 * count, bool)
    np.less(x, y, out=out[::2])
    np.greater(x, y, out=out[:count])
    show("compared", out)
for count in (5, 100, 40000):
    o, x = np.arange(count) * 0.5, g.integers(-count, count, count)
    o[x] = o[x]
    np.add.at(o, x, o[::-1].copy())
    show("its own elements", o, o[x], o[x.reshape(-1, 5)])
