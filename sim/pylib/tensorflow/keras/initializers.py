"""Initial values of weights, float32."""
import math

import numpy as np

from ..random import generator
from .registry import find


def _fans(shape):
    """Inputs and outputs of one unit: dense kernels are (inputs, outputs), convolutional ones (height, width, inputs, outputs)."""
    receptive = math.prod(shape[:-2])
    return shape[-2] * receptive, shape[-1] * receptive


class Initializer:
    def __init__(self, seed=None):
        self.generator = None if seed is None else np.random.default_rng(seed)

    def uniform(self, limit, shape):
        return (self.generator or generator()).uniform(-limit, limit, shape).astype(np.float32)

    def normal(self, deviation, shape):
        return ((self.generator or generator()).standard_normal(shape) * deviation).astype(np.float32)


class Zeros(Initializer):
    def __call__(self, shape):
        return np.zeros(shape, dtype=np.float32)


class Ones(Initializer):
    def __call__(self, shape):
        return np.ones(shape, dtype=np.float32)


class GlorotUniform(Initializer):
    """X. Glorot and Y. Bengio, AISTATS 2010."""

    def __call__(self, shape):
        inputs, outputs = _fans(shape)
        return self.uniform(math.sqrt(6 / (inputs + outputs)), shape)


class HeNormal(Initializer):
    """K. He et al., ICCV 2015; the normal distribution is not truncated here."""

    def __call__(self, shape):
        return self.normal(math.sqrt(2 / _fans(shape)[0]), shape)


class HeUniform(Initializer):
    def __call__(self, shape):
        return self.uniform(math.sqrt(6 / _fans(shape)[0]), shape)


class RandomNormal(Initializer):
    def __init__(self, mean=0.0, stddev=0.05, seed=None):
        super().__init__(seed)
        self.mean, self.stddev = mean, stddev

    def __call__(self, shape):
        return self.normal(self.stddev, shape) + np.float32(self.mean)


_table = {"zeros": Zeros, "ones": Ones, "glorot_uniform": GlorotUniform, "he_normal": HeNormal, "he_uniform": HeUniform,
          "random_normal": RandomNormal}


def get(identifier):
    found = find("initializer", _table, identifier)
    return found() if isinstance(found, type) else found
