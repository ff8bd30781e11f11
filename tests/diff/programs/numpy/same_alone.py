# A function of a number is the same alone as in arrays of any length, with any steps, in place and through scalars; what a double can
# be, comes out exactly.
import numpy as np

np.seterr(all="ignore")
rng = np.random.default_rng(11)
SPECIAL = [0.0, -0.0, 1.0, -1.0, 0.5, np.inf, -np.inf, np.nan, 5e-324, -5e-324, 1e-310, 708.5, 709.9, -745.0, -746.0, 1e6, 1.1e6, 1e22, 1e300]
numbers = np.concatenate([SPECIAL, rng.standard_normal(700), rng.standard_normal(300) * 300, rng.random(300)])
others = np.concatenate([rng.permutation(SPECIAL), rng.standard_normal(1300)])
ONE = "exp exp2 log log2 sin cos tan arcsin arccos arctan expm1 log1p log10 sinh cosh tanh arcsinh arccosh arctanh cbrt".split()
TWO = "power arctan2 hypot logaddexp logaddexp2 float_power".split()


def equal(a, b):
    a, b = np.asarray(a), np.asarray(b)
    return a.dtype == b.dtype and bool(np.all((a == b) & (np.signbit(a) == np.signbit(b)) | np.isnan(a) & np.isnan(b)))


def check_one(name, x):
    function = getattr(np, name)
    whole = function(x)
    place = x.copy()
    function(place, out=place)
    steps = np.zeros(2 * len(x), x.dtype)
    function(x[::-1], out=steps[::2])
    return [equal(whole, place), equal(whole[::-1], steps[::2]), equal(whole[::3], function(x[::3])), equal(whole[5:12], function(x[5:12])),
            equal(whole, np.array([function(number) for number in x])),
            equal(whole[:100], np.concatenate([function(x[i:i + 1]) for i in range(100)]))]


def check_two(name, x, y):
    function = getattr(np, name)
    whole = function(x, y)
    place = x.copy()
    function(place, y, out=place)
    return [equal(whole, place), equal(whole[::-1], function(x[::-1], y[::-1])), equal(whole[3:8], function(x[3:8], y[3:8])),
            equal(whole, np.array([function(a, b) for a, b in zip(x, y)])), equal(function(x, y[40]), function(x, y[40:41])),
            equal(function(x[40], y), function(x[40:41], y))]


for dtype in "f8", "f4":
    x, y = numbers.astype(dtype), others.astype(dtype)
    for name in ONE:
        print(dtype, name, check_one(name, x))
    for name in TWO:
        print(dtype, name, check_two(name, x, y))
print(equal(numbers ** others, np.power(numbers, others)), equal([a ** b for a, b in zip(numbers, others)], numbers ** others))

print(np.power(10.0, np.arange(23)).tolist())
print(np.power(2.0, np.arange(-1074, 1024, 97)).tolist(), np.exp2(np.arange(-1074.0, 1024, 97)).tolist())
print(np.log2(2.0 ** np.arange(-1074, 1024, 89)).tolist(), np.power(np.arange(-9.0, 10), 5).tolist())
print(np.exp(0.0), np.log(1.0), np.cos(0.0), np.sin([0.0, -0.0]), np.power([0.0, 4.0, 1e4], 0.5), np.power(np.float64(7), 3))
close = [np.sin(numbers) ** 2 + np.cos(numbers) ** 2, np.exp(np.log(np.abs(numbers))) / np.abs(numbers), np.tan(np.arctan(others)) / others]
print([bool(np.all((abs(a - 1) < 2e-12) | np.isnan(a))) for a in close])
