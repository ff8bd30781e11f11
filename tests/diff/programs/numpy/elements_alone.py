"""Mathematical functions give an element what they give it alone: whatever its place, the steps and how many there are."""
import warnings

import numpy as np

np.seterr(all="ignore")
ONE = "exp exp2 expm1 log log2 log10 log1p sin cos tan arcsin arccos arctan sinh cosh tanh arcsinh arccosh arctanh cbrt".split()
TWO = "power arctan2 hypot".split()
random = np.random.default_rng(5)


def same(a, b):
    return bool(np.array_equal(np.asarray(a), np.asarray(b), equal_nan=True))


for dtype in np.float64, np.float32, np.float16:
    x = np.concatenate([random.standard_normal(61) * 3, random.random(30), [0.0, -0.0, np.inf, -np.inf, np.nan, 1e4, -1e4]]).astype(dtype)
    y = x[::-1].copy()
    for name in ONE:
        function = getattr(np, name)
        made = function(x)
        print(name, made.dtype, same([function(one) for one in x], made), same(function(x[::3]), made[::3]),
              same(function(x[::-1]), made[::-1]), same([function(x[i:i + 7])[-1] for i in range(90)], made[6:96]),
              same(function(x[5]), made[5]), same(function(np.array(x[7])), made[7]), same(function(x, out=x.copy()), made))
    for name in TWO:
        function = getattr(np, name)
        made = function(x, y)
        print(name, made.dtype, same([function(a, b) for a, b in zip(x, y)], made), same(function(x[::2], y[::2]), made[::2]),
              same(function(x[:50, None], y[None, :50])[np.arange(50), np.arange(50)], made[:50]),
              same(function(x[:9], y[4]), [function(one, y[4]) for one in x[:9]]))
for dtype in np.complex128, np.complex64:
    z = (random.standard_normal(53) + 1j * random.standard_normal(53)).astype(dtype)
    print(same([abs(one) for one in z], abs(z)), same(abs(z[::2]), abs(z)[::2]), same(np.hypot(z.real, z.imag), abs(z)))
print(np.allclose(np.cbrt(np.arange(10) ** 3.0), np.arange(10)))
print(np.power(10.0, np.arange(20)).tolist(), np.log10(10.0 ** np.arange(12)).tolist())
print(np.power(np.float32(10), np.arange(10, dtype=np.float32)).tolist(), np.exp2(np.arange(9, dtype=np.float32)).tolist())
big = np.array([1e10, 1e20, 3e38, -1e15, 2.0 ** 40], np.float32)
print(np.allclose(np.sin(big), np.sin(big.astype(float)), rtol=1e-6), np.allclose(np.cos(big), np.cos(big.astype(float)), rtol=1e-6))
np.seterr(all="warn")
for expression in ("np.log(np.float32(0))", "np.exp(np.float32(100))", "np.arccosh(0.5)", "np.arctanh(np.float32(1))", "np.sinh(800.0)",
                   "np.log1p(-1.0)", "np.power(np.float32(0), np.float32(-1))", "np.tan(np.float32(np.inf))", "np.expm1(1000.0)"):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        made = eval(expression)
    print(expression, np.float64(made).round(5), [str(one.message) for one in caught])
