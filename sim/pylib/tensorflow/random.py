"""The one source of random numbers of this package."""
import numpy as np

_generators = [np.random.default_rng(0)]


def set_seed(seed):
    _generators[0] = np.random.default_rng(seed)


def generator():
    return _generators[0]
