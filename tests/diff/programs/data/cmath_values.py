# Every function of cmath over special values, branch cuts, and ordinary and extreme numbers.
import cmath
import random

special = [float("-inf"), -2.5, -1.0, -0.0, 0.0, 1.0, 2.5, float("inf"), float("nan")]
names = "acos acosh asin asinh atan atanh cos cosh exp log log10 sin sinh sqrt tan tanh phase polar isfinite isinf isnan".split()


def attempt(function, *arguments, **named):
    try:
        return repr(function(*arguments, **named))
    except Exception as error:
        return type(error).__name__ + ": " + str(error)


for name in names:
    function = getattr(cmath, name)
    for real in special:
        for imaginary in special:
            print(name, real, imaginary, attempt(function, complex(real, imaginary)))
for r in special:
    for phi in special:
        print("rect", r, phi, attempt(cmath.rect, r, phi))
generator = random.Random(7)
for i in range(400):
    scale = 10.0 ** generator.choice([-310, -200, -10, -1, 0, 1, 2, 3, 150, 307])
    z = complex(generator.uniform(-1, 1) * scale, generator.uniform(-1, 1) * scale * 10.0 ** generator.randint(-3, 3))
    for name in names:
        print(name, z, attempt(getattr(cmath, name), z))
for x in (0.999, 1.0, 1e-160, 1e-300, 5e-324, 709.5, 710.2, -710.2, 1e308, 1.7e308):
    for y in (0.0, 1e-160, 5e-324, 1.5, -3.0, 1e308):
        for name in names:
            print(name, x, y, attempt(getattr(cmath, name), complex(x, y)))


class C:
    def __complex__(self):
        return 1 + 2j


class F:
    def __float__(self):
        return 2.0


class I:
    def __index__(self):
        return 3


class Wrong:
    def __complex__(self):
        return 3.5


for item in (C(), F(), I(), Wrong(), "1", None, [], True, 10**400, 3, 2.5):
    print(attempt(cmath.sqrt, item))
print(attempt(cmath.log, 8, 2), attempt(cmath.log, 1j, 1), attempt(cmath.log, 0), attempt(cmath.log, 2, 0), attempt(cmath.log))
print(cmath.isclose(1, 1 + 1e-10j), cmath.isclose(1j, 1.1j, rel_tol=0.2), cmath.isclose(cmath.infj, cmath.infj), cmath.isclose(cmath.nan, 1))
print(attempt(cmath.isclose, 1, 1, rel_tol=-1), attempt(cmath.isclose, 1), cmath.isclose(0, 1e-12, abs_tol=1e-9))
print(cmath.pi, cmath.e, cmath.tau, cmath.inf, cmath.infj, cmath.nan, cmath.nanj)
