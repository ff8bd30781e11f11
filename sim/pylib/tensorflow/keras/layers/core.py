"""Dense layers, layers that only change the shape, and those that add noise in training."""
import math

import numpy as np

from ...random import generator
from .. import functions, initializers, regularizers
from .base import Layer, pair


class Activated(Layer):
    """A layer of an affine map (with weights `kernel` and perhaps `bias`) and an activation."""

    def __init__(self, units, activation, use_bias, kernel_initializer, bias_initializer, kernel_regularizer=None,
                 bias_regularizer=None, **options):
        super().__init__(**options)
        self.units = units
        self.activation = functions.get(activation)
        self.use_bias = use_bias
        self.kernel_initializer, self.bias_initializer = initializers.get(kernel_initializer), initializers.get(bias_initializer)
        self.kernel_regularizer, self.bias_regularizer = regularizers.get(kernel_regularizer), regularizers.get(bias_regularizer)
        self.bias = None

    def make_weights(self, kernel_shape):
        self.kernel = self.add_weight("kernel", kernel_shape, self.kernel_initializer, self.kernel_regularizer)
        if self.use_bias:
            self.bias = self.add_weight("bias", (self.units,), self.bias_initializer, self.bias_regularizer)

    def affine(self, x):
        """x: samples... x inputs"""
        self.flat_inputs = x.reshape(-1, x.shape[-1])
        total = x @ self.kernel.value.reshape(-1, self.units)
        if self.bias is not None:
            total = total + self.bias.value
        self.total = total
        self.outputs = functions.forward(self.activation, total)
        return self.outputs

    def affine_backward(self, slope):
        slope = functions.backward(self.activation, self.total, self.outputs, slope)
        flat = slope.reshape(-1, self.units)
        self.gradients = [(self.flat_inputs.T @ flat).reshape(self.kernel.shape)]
        if self.bias is not None:
            self.gradients.append(flat.sum(axis=0))
        return slope @ self.kernel.value.reshape(-1, self.units).T

    def get_config(self):
        return {**super().get_config(), "activity_regularizer": None, "kernel_constraint": None, "bias_constraint": None}


class Dense(Activated):
    config_names = ("units", "activation", "use_bias", "kernel_initializer", "bias_initializer", "kernel_regularizer",
                    "bias_regularizer")

    def __init__(self, units, activation=None, use_bias=True, kernel_initializer="glorot_uniform", bias_initializer="zeros",
                 **options):
        if not isinstance(units, (int, np.integer)) or units < 0:
            raise ValueError("Received an invalid value for `units`, expected a positive integer. Received: units=%s" % (units,))
        super().__init__(int(units), activation, use_bias, kernel_initializer, bias_initializer, **options)

    def build(self, shape):
        self.make_weights((shape[-1], self.units))

    def output_for(self, shape):
        return (*shape[:-1], self.units)

    def call(self, x, training):
        return self.affine(x)

    def backward(self, slope):
        return self.affine_backward(slope)


class Flatten(Layer):
    def output_for(self, shape):
        return (math.prod(shape),)

    def call(self, x, training):
        self.shape = x.shape
        return x.reshape(len(x), -1)

    def backward(self, slope):
        return slope.reshape(self.shape)

    def get_config(self):
        return {**super().get_config(), "data_format": "channels_last"}


class Reshape(Layer):
    config_names = ("target_shape",)

    def __init__(self, target_shape, **options):
        super().__init__(**options)
        self.target_shape = tuple(target_shape)

    def output_for(self, shape):
        total, known = math.prod(shape), math.prod(n for n in self.target_shape if n != -1)
        target = tuple(total // known if n == -1 else n for n in self.target_shape)
        if math.prod(target) != total:
            raise ValueError("total size of new array must be unchanged, input_shape = %s, output_shape = %s"
                             % (list(shape), list(self.target_shape)))
        return target

    def call(self, x, training):
        self.shape = x.shape
        return x.reshape(len(x), *self.output_for(x.shape[1:]))

    def backward(self, slope):
        return slope.reshape(self.shape)


class Permute(Layer):
    """Dimensions in another order, counted from 1 behind the batch's."""

    config_names = ("dims",)

    def __init__(self, dims, **options):
        super().__init__(**options)
        self.dims = tuple(dims)
        if sorted(dims) != list(range(1, len(dims) + 1)):
            raise ValueError("Invalid permutation argument `dims` for Permute Layer. The set of indices in `dims` must be "
                             "consecutive "
                             "and start from 1. Received dims=%s" % (dims,))

    def output_for(self, shape):
        return tuple(shape[i - 1] for i in self.dims)

    def call(self, x, training):
        return np.transpose(x, (0, *self.dims))

    def backward(self, slope):
        return np.transpose(slope, np.argsort((0, *self.dims)))


class RepeatVector(Layer):
    config_names = ("n",)

    def __init__(self, n, **options):
        super().__init__(**options)
        self.n = n

    def output_for(self, shape):
        return (self.n, *shape)

    def call(self, x, training):
        return np.repeat(x[:, None, :], self.n, axis=1)

    def backward(self, slope):
        return slope.sum(axis=1)


class Borders(Layer):
    """((top, bottom), (left, right)) rows and columns of an image."""

    option = ""

    def set_borders(self, borders):
        if isinstance(borders, int):
            borders = ((borders, borders), (borders, borders))
        elif len(borders) != 2:
            raise ValueError("`%s` should have two elements. Received: %s." % (self.option, borders))
        else:
            borders = tuple(pair(side) for side in borders)
        setattr(self, self.option, borders)
        (self.top, self.bottom), (self.left, self.right) = borders

    def inside(self, x):
        return x[:, self.top:x.shape[1] - self.bottom, self.left:x.shape[2] - self.right, :]

    def around(self, x):
        return np.pad(x, ((0, 0), (self.top, self.bottom), (self.left, self.right), (0, 0)))

    def get_config(self):
        return {**super().get_config(), self.option: getattr(self, self.option), "data_format": "channels_last"}


class ZeroPadding2D(Borders):
    option = "padding"

    def __init__(self, padding=(1, 1), **options):
        super().__init__(**options)
        self.set_borders(padding)

    def output_for(self, shape):
        return (shape[0] + self.top + self.bottom, shape[1] + self.left + self.right, shape[2])

    def call(self, x, training):
        return self.around(x)

    def backward(self, slope):
        return self.inside(slope)


class Cropping2D(Borders):
    option = "cropping"

    def __init__(self, cropping=((0, 0), (0, 0)), **options):
        super().__init__(**options)
        self.set_borders(cropping)

    def output_for(self, shape):
        return (shape[0] - self.top - self.bottom, shape[1] - self.left - self.right, shape[2])

    def call(self, x, training):
        return self.inside(x)

    def backward(self, slope):
        return self.around(slope)


class UpSampling2D(Layer):
    """Each element several times (interpolation="nearest")."""

    config_names = ("size",)

    def __init__(self, size=(2, 2), **options):
        super().__init__(**options)
        self.size = pair(size)

    def output_for(self, shape):
        return (shape[0] * self.size[0], shape[1] * self.size[1], shape[2])

    def call(self, x, training):
        return np.repeat(np.repeat(x, self.size[0], axis=1), self.size[1], axis=2)

    def backward(self, slope):
        n, height, width, channels = slope.shape
        return slope.reshape(n, height // self.size[0], self.size[0], width // self.size[1], self.size[1],
                             channels).sum(axis=(2, 4))

    def get_config(self):
        return {**super().get_config(), "data_format": "channels_last", "interpolation": "nearest"}


class Rescaling(Layer):
    config_names = ("scale", "offset")

    def __init__(self, scale, offset=0.0, **options):
        super().__init__(**options)
        self.scale, self.offset = scale, offset

    def call(self, x, training):
        return x * np.float32(self.scale) + np.float32(self.offset)

    def backward(self, slope):
        return slope * np.float32(self.scale)


class Noise(Layer):
    """Random in training only."""

    def __init__(self, seed=None, **options):
        super().__init__(**options)
        self.seed = seed
        self.own = None if seed is None else np.random.default_rng(seed)

    @property
    def generator(self):
        return self.own or generator()


class Dropout(Noise):
    config_names = ("rate", "seed")

    def __init__(self, rate, seed=None, **options):
        super().__init__(seed, **options)
        if not 0 <= rate <= 1:
            raise ValueError("Invalid value %s received for `rate`, expected a value between 0 and 1." % rate)
        self.rate = rate
        self.scale = None

    def drawn_shape(self, x):
        return x.shape

    def call(self, x, training):
        self.scale = None
        if training and self.rate:
            kept = self.generator.random(self.drawn_shape(x)) >= self.rate
            self.scale = kept.astype(np.float32) / np.float32(max(1 - self.rate, 1e-12))
            x = x * self.scale
        return x

    def backward(self, slope):
        return slope if self.scale is None else slope * self.scale

    def get_config(self):
        return {**super().get_config(), "noise_shape": None}


class SpatialDropout2D(Dropout):
    """Whole channels of an image at once (J. Tompson et al., CVPR 2015)."""

    def drawn_shape(self, x):
        return (len(x), 1, 1, x.shape[3])


class GaussianNoise(Noise):
    config_names = ("stddev", "seed")

    def __init__(self, stddev, seed=None, **options):
        super().__init__(seed, **options)
        self.stddev = stddev

    def call(self, x, training):
        if training:
            x = x + (self.generator.standard_normal(x.shape) * self.stddev).astype(np.float32)
        return x

    def backward(self, slope):
        return slope
