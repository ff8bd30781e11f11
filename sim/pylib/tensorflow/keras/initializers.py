"""Initial values of weights, float32."""
import math

import numpy as np

from ..random import generator
from .registry import instance, serialized


def _fans(shape):
    """Inputs and outputs of one unit: dense kernels are (inputs, outputs), convolutional ones (height, width, inputs, outputs)."""
    if len(shape) < 2:
        return (shape[0], shape[0]) if shape else (1, 1)
    receptive = math.prod(shape[:-2])
    return shape[-2] * receptive, shape[-1] * receptive


class Initializer:
    def __call__(self, shape, dtype=None):
        return self.make(tuple(shape)).astype(np.float32 if dtype is None else dtype)

    def get_config(self):
        return {}


class Zeros(Initializer):
    def make(self, shape):
        return np.zeros(shape)


class Ones(Initializer):
    def make(self, shape):
        return np.ones(shape)


class Constant(Initializer):
    def __init__(self, value=0):
        self.value = value

    def make(self, shape):
        return np.full(shape, self.value, dtype=np.float64)

    def get_config(self):
        return {"value": self.value}


class Random(Initializer):
    def __init__(self, seed=None):
        self.seed = seed
        self.own = None if seed is None else np.random.default_rng(seed)

    @property
    def generator(self):
        return self.own or generator()

    def truncated(self, deviation, shape):
        """The normal distribution within two deviations: what lies outside is drawn again."""
        values = self.generator.standard_normal(shape)
        while True:
            outside = np.abs(values) > 2
            if not outside.any():
                return values * deviation
            values[outside] = self.generator.standard_normal(int(outside.sum()))

    def get_config(self):
        return {"seed": self.seed}


class RandomNormal(Random):
    def __init__(self, mean=0.0, stddev=0.05, seed=None):
        super().__init__(seed)
        self.mean, self.stddev = mean, stddev

    def make(self, shape):
        return self.mean + self.generator.standard_normal(shape) * self.stddev

    def get_config(self):
        return {"mean": self.mean, "stddev": self.stddev, "seed": self.seed}


class TruncatedNormal(RandomNormal):
    def make(self, shape):
        return self.mean + self.truncated(self.stddev, shape)


class RandomUniform(Random):
    def __init__(self, minval=-0.05, maxval=0.05, seed=None):
        super().__init__(seed)
        self.minval, self.maxval = minval, maxval

    def make(self, shape):
        return self.generator.uniform(self.minval, self.maxval, shape)

    def get_config(self):
        return {"minval": self.minval, "maxval": self.maxval, "seed": self.seed}


class Scaled(Random):
    """Variance `gain` over the inputs of a unit, or over the mean of its inputs and outputs."""

    gain, mean_of_both = 1.0, False

    def variance(self, shape):
        inputs, outputs = _fans(shape)
        return self.gain / max(1.0, (inputs + outputs) / 2 if self.mean_of_both else inputs)


class ScaledUniform(Scaled):
    def make(self, shape):
        limit = math.sqrt(3 * self.variance(shape))
        return self.generator.uniform(-limit, limit, shape)


# The deviation of a normal distribution cut off at two deviations
_CUT = 0.87962566103423978


class ScaledNormal(Scaled):
    def make(self, shape):
        return self.truncated(math.sqrt(self.variance(shape)) / _CUT, shape)


class GlorotUniform(ScaledUniform):
    """X. Glorot and Y. Bengio, AISTATS 2010."""
    mean_of_both = True


class GlorotNormal(ScaledNormal):
    mean_of_both = True


class HeUniform(ScaledUniform):
    """K. He et al., ICCV 2015."""
    gain = 2.0


class HeNormal(ScaledNormal):
    gain = 2.0


class LecunUniform(ScaledUniform):
    """Y. LeCun et al., Efficient BackProp, 1998."""


class LecunNormal(ScaledNormal):
    pass


_table = {"zeros": Zeros, "ones": Ones, "constant": Constant, "random_normal": RandomNormal, "random_uniform": RandomUniform,
          "truncated_normal": TruncatedNormal, "glorot_uniform": GlorotUniform, "glorot_normal": GlorotNormal,
          "he_uniform": HeUniform,
          "he_normal": HeNormal, "lecun_uniform": LecunUniform, "lecun_normal": LecunNormal}
globals().update(_table)
serialize = serialized


def get(identifier):
    return instance("initializer", _table, identifier)


def __getattr__(name):
    raise AttributeError("module 'tensorflow.keras.initializers' has no attribute '%s' (not in hybridsim's slice of it)" % name)
