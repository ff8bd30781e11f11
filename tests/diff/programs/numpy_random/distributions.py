# Every distribution of RandomState and Generator, over all bit generators, bit for bit: the numbers' bytes are hashed.
import hashlib

import numpy as np

CONTINUOUS = {
    "standard_normal": [()], "standard_exponential": [()], "standard_cauchy": [()], "exponential": [(), (2.5,)],
    "normal": [(), (1.5, 2.0), (0, 0)], "lognormal": [(), (0.2, 0.7)], "standard_gamma": [(0.3,), (1,), (0,), (2.5,), (50,)],
    "gamma": [(0.5, 2.0), (3.0, 0.1)], "beta": [(0.5, 0.5), (0.001, 0.002), (2, 3), (0.5, 3.0)], "chisquare": [(1.5,), (5,)],
    "f": [(2, 5), (0.5, 0.7)], "pareto": [(3.0,)], "weibull": [(1.5,), (0,)], "power": [(2.2,)], "rayleigh": [(1.3,)],
    "standard_t": [(3.0,)], "noncentral_chisquare": [(2.0, 3.0), (0.5, 4.0), (3, 0)], "wald": [(1.0, 2.0)],
    "noncentral_f": [(2.0, 3.0, 4.0), (0.5, 3, 2)], "laplace": [(1, 2)], "gumbel": [(1, 2)], "logistic": [(1, 2)],
    "vonmises": [(0.5, 1e-9), (0.5, 1e-6), (0.5, 2.0), (3.0, 100.0), (1.0, 1e7)], "triangular": [(0, 1, 3)], "uniform": [(), (-1,
    3)],
}
DISCRETE = {
    "poisson": [(0,), (0.5,), (9.9,), (10,), (100.0,), (1e6,)], "negative_binomial": [(3.0, 0.4), (100, 0.01)],
    "binomial": [(10, 0.3), (0, 0.3), (10, 0.0), (1000, 0.4), (1000, 0.7), (100000, 0.5), (50, 0.99), (10**9, 0.1)],
    "logseries": [(0.3,), (0.99,)], "geometric": [(0.5,), (0.1,), (0.001,)], "zipf": [(2.0,), (1.2,), (4,)],
    "hypergeometric": [(15, 15, 15), (5, 7, 3), (100, 200, 50), (10, 1000, 900), (3, 4, 7), (100, 2, 99)],
}
SOURCES = [np.random.MT19937, np.random.PCG64, np.random.PCG64DXSM, np.random.Philox, np.random.SFC64]


def digest(array):
    return hashlib.sha256(array.tobytes()).hexdigest()[:12]


def main():
    for source in SOURCES:
        for owner in (np.random.Generator, np.random.RandomState):
            for table in (CONTINUOUS, DISCRETE):
                for name, parameters in table.items():
                    drawn = []
                    for given in parameters:
                        rng = owner(source(20231121))
                        method = getattr(rng, name)
                        array = method(*given, size=400)
                        drawn.append("%s %s %r" % (array.dtype, digest(array), method(*given)))
                    print(source.__name__, owner.__name__, name, *drawn)
    rng = np.random.default_rng(5)
    for dtype in (np.float32, np.float64):
        for method in (rng.random, rng.standard_normal, rng.standard_exponential):
            print(method.__name__, digest(method(5000, dtype=dtype)), repr(method(dtype=dtype)))
        print(digest(rng.standard_exponential(2000, dtype=dtype, method="inv")))
        for shape in (0.3, 1.0, 2.7):
            print(digest(rng.standard_gamma(shape, 1000, dtype=dtype)))
        out = np.zeros((3, 5), dtype)
        print(rng.random(out=out, dtype=dtype) is out, digest(out), digest(rng.standard_normal(out=out, dtype=dtype)))


main()
