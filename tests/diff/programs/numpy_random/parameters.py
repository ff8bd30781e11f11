# Arrays of parameters, sizes, and what is refused in which words; distributions of vectors.
import warnings

import numpy as np

warnings.simplefilter("ignore")


def attempt(call):
    try:
        result = call()
        print(repr(result), type(result).__name__)
    except Exception as error:
        print(type(error).__name__, error)


def common(rng):
    return [
        lambda: rng.normal([0, 10], [[1.0], [5.0]]), lambda: rng.normal([0, 1], 1, size=(3, 2)), lambda: rng.poisson([1, 100,
        1000]),
        lambda: rng.binomial([10, 20], [[0.5], [0.1]]), lambda: rng.binomial(10, [0.2, 0.9]), lambda: rng.gamma([[1, 2], [3, 4]],
        2.0),
        lambda: rng.uniform([0, 10], [1, 20]), lambda: rng.triangular(0, [1, 2], 5), lambda: rng.hypergeometric([5, 10], 7, 6),
        lambda: rng.noncentral_f(3, [4, 5], 1.0), lambda: rng.beta(2, 3, size=()), lambda: rng.exponential(np.float32(2)),
        lambda: rng.normal(size=0),
        lambda: rng.normal("a"), lambda: rng.normal(1j), lambda: rng.normal(None), lambda: rng.normal(0, -1),
        lambda: rng.normal(0, [-1, 1]),
        lambda: rng.normal(0, -0.0), lambda: rng.normal(np.nan), lambda: rng.normal([1, 2], [1, 2], size=(2, 3)),
        lambda: rng.normal(size=-1),
        lambda: rng.normal(size=(2, "a")), lambda: rng.poisson(-1), lambda: rng.poisson(1e30), lambda: rng.poisson([1, -1]),
        lambda: rng.beta(0, 1), lambda: rng.beta(np.nan, 1), lambda: rng.beta([1, 0], 1), lambda: rng.hypergeometric(1, 2, 10),
        lambda: rng.hypergeometric([1], 2, 10), lambda: rng.hypergeometric(-1, 2, 1), lambda: rng.triangular(1, 0, 3),
        lambda: rng.triangular(0, 5, 3),
        lambda: rng.triangular(1, 1, 1), lambda: rng.uniform(0, np.inf), lambda: rng.uniform([0, 1], [np.inf, 2]),
        lambda: rng.zipf(1),
        lambda: rng.geometric(0), lambda: rng.geometric([0.5, 2]), lambda: rng.logseries(1), lambda: rng.negative_binomial(0, .5),
        lambda: rng.wald(0, 1), lambda: rng.lognormal(sigma=-1), lambda: rng.noncentral_f(1, 2, -1), lambda: rng.binomial(-1, .5),
        lambda: rng.binomial(1, 1.5), lambda: rng.binomial([1], [1.5]), lambda: rng.binomial(10.5, .5), lambda: rng.binomial("a",
        .5),
        lambda: rng.gamma(-1), lambda: rng.standard_t(0), lambda: rng.binomial(2, np.nan), lambda: rng.power(0),
       
        lambda: rng.multinomial(20, [.2, .3, .5]), lambda: rng.multinomial(20, [.2, .3, .5], 2), lambda: rng.multinomial(10, [.5,
        .6, .2]),
        lambda: rng.multinomial(-1, [.5, .5]), lambda: rng.multinomial(5, [1.0]), lambda: rng.multinomial(5, [.5, -.5, 1]),
        lambda: rng.dirichlet([1, 2, 3]), lambda: rng.dirichlet([.01, .02], 3), lambda: rng.dirichlet([1, 0]),
        lambda: rng.dirichlet(5),
        lambda: rng.multivariate_normal([0, 0], [[1, .5], [.5, 2]]), lambda: rng.multivariate_normal([1, 2], [[1, 0], [0, 1]], 3),
        lambda: rng.multivariate_normal([0, 0, 0], np.eye(3) * 2, (2, 2)), lambda: rng.multivariate_normal([0], [[1, 2], [2, 1]]),
        lambda: rng.multivariate_normal([0, 0], [1, 2]), lambda: rng.multivariate_normal([[0]], [[1]]),
        lambda: rng.multivariate_normal([0, 0], [[1, 2], [2, 1]], check_valid="raise"), lambda: rng.multivariate_normal([0, 0],
        [[1, 2], [2, 1]]),
    ]


def main():
    new, old = np.random.default_rng(21), np.random.RandomState(21)
    for rng in (new, old):
        for call in common(rng):
            attempt(call)
    for call in (
        lambda: new.multinomial([10, 20], [.2, .8]), lambda: new.multinomial(10, [[.2, .8], [.5, .5]]),
        lambda: new.multinomial([[3], [4]], [[.1, .9], [.5, .5]]),
        lambda: new.multinomial([1, 2], [.5, .5], size=(3, 2)), lambda: new.multinomial([1, 2], [.5, .5], size=3),
        lambda: new.multinomial(5, []),
        lambda: new.multivariate_normal([0, 1], [[2, 1], [1, 2]], 2, method="cholesky"), lambda: new.multivariate_normal([0, 1],
        [[2, 1], [1, 2]], 2, method="eigh"),
        lambda: new.multivariate_normal([0, 1], [[2, 1], [1, 2]], method="x"), lambda: new.multivariate_hypergeometric([3, 4, 5],
        4, size=2),
        lambda: new.multivariate_hypergeometric([3, 4, 5], 9, method="count"), lambda: new.multivariate_hypergeometric([3, 4], 9),
        lambda: new.multivariate_hypergeometric([3.5, 4], 2), lambda: new.multivariate_hypergeometric([3, 4], 2, method="x"),
        lambda: new.random(3, out=np.zeros(2)), lambda: new.random(out=np.zeros(2, "f4")), lambda: new.random(dtype=int),
        lambda: new.standard_normal(2, dtype="f4"), lambda: new.random(out=np.zeros((2, 2))[:, 0]),
        lambda: new.negative_binomial(1e30, 1e-9),
        lambda: new.negative_binomial([1, 2], [.5, .25]), lambda: new.standard_gamma([1, 2.5], dtype=np.float32),
        lambda: new.standard_gamma(-1, dtype="f4"),
        lambda: new.hypergeometric(10**9, 1, 1), lambda: old.hypergeometric(5, 5, 0), lambda: old.negative_binomial([1, 2], .5),
    ):
        attempt(call)


main()
