"""Activation functions as layers."""
import numpy as np

from .. import functions, initializers, regularizers
from .base import Layer


class Activation(Layer):
    config_names = ("activation",)

    def __init__(self, activation, **options):
        super().__init__(**options)
        self.activation = functions.get(activation)

    def call(self, x, training):
        self.inputs, self.outputs = x, functions.forward(self.activation, x)
        return self.outputs

    def backward(self, slope):
        return functions.backward(self.activation, self.inputs, self.outputs, slope)


class Elementwise(Layer):
    """A function with parameters: `call` also leaves its derivative."""

    def backward(self, slope):
        return slope * self.derivative


def _checked(name, value):
    if value is None or value < 0:
        raise ValueError("%s of a ReLU layer cannot be a negative value. Received: %s" % (name, value))
    return float(value)


class ReLU(Elementwise):
    config_names = ("max_value", "negative_slope", "threshold")

    def __init__(self, max_value=None, negative_slope=0.0, threshold=0.0, **options):
        super().__init__(**options)
        self.max_value = None if max_value is None else _checked("max_value", max_value)
        self.negative_slope = _checked("negative_slope", negative_slope)
        self.threshold = _checked("threshold", threshold)

    def call(self, x, training):
        slope, threshold = np.float32(self.negative_slope), np.float32(self.threshold)
        above = x > threshold if threshold else x > 0
        self.derivative = np.where(above, np.float32(1), slope)
        result = np.where(above, x, slope * (x - threshold))
        if self.max_value is not None:
            self.derivative = self.derivative * (x < self.max_value)
            result = np.minimum(result, np.float32(self.max_value))
        return result


class LeakyReLU(Elementwise):
    config_names = ("alpha",)

    def __init__(self, alpha=0.3, **options):
        super().__init__(**options)
        if alpha is None:
            raise ValueError("The alpha value of a Leaky ReLU layer cannot be None, Expecting a float. Received: None")
        self.alpha = float(alpha)

    def call(self, x, training):
        self.derivative = np.where(x > 0, np.float32(1), np.float32(self.alpha))
        return x * self.derivative


class ELU(Elementwise):
    config_names = ("alpha",)

    def __init__(self, alpha=1.0, **options):
        super().__init__(**options)
        if alpha is None:
            raise ValueError("Alpha of an ELU layer cannot be None, expecting a float. Received: None")
        self.alpha = float(alpha)

    def call(self, x, training):
        below = np.float32(self.alpha) * np.expm1(np.minimum(x, 0))
        self.derivative = np.where(x > 0, np.float32(1), below + np.float32(self.alpha))
        return np.where(x > 0, x, below)


class ThresholdedReLU(Elementwise):
    config_names = ("theta",)

    def __init__(self, theta=1.0, **options):
        super().__init__(**options)
        if theta is None:
            raise ValueError("Theta of a Thresholded ReLU layer cannot be None, expecting a float. Received: None")
        if theta < 0:
            raise ValueError("The theta value of a Thresholded ReLU layer should be >=0. Received: %s" % theta)
        self.theta = float(theta)

    def call(self, x, training):
        self.derivative = (x > np.float32(self.theta)).astype(np.float32)
        return x * self.derivative


class PReLU(Layer):
    """The slope below 0 is learned (K. He et al., ICCV 2015)."""

    config_names = ("alpha_initializer", "alpha_regularizer", "shared_axes")

    def __init__(self, alpha_initializer="zeros", alpha_regularizer=None, shared_axes=None, **options):
        super().__init__(**options)
        self.alpha_initializer, self.alpha_regularizer = initializers.get(alpha_initializer), regularizers.get(alpha_regularizer)
        self.shared_axes = None if shared_axes is None else [shared_axes] if isinstance(shared_axes, int) else list(shared_axes)

    def build(self, shape):
        shape = tuple(1 if i + 1 in (self.shared_axes or ()) else n for i, n in enumerate(shape))
        self.alpha = self.add_weight("alpha", shape, self.alpha_initializer, self.alpha_regularizer)

    def call(self, x, training):
        self.inputs = x
        return np.where(x > 0, x, self.alpha.value * x)

    def backward(self, slope):
        by_alpha = slope * np.minimum(self.inputs, 0)
        axes = (0, *(self.shared_axes or ()))
        self.gradients = [by_alpha.sum(axis=axes, keepdims=True)[0]]
        return slope * np.where(self.inputs > 0, np.float32(1), self.alpha.value)


class Softmax(Layer):
    config_names = ("axis",)

    def __init__(self, axis=-1, **options):
        super().__init__(**options)
        self.axis = axis

    def call(self, x, training):
        self.outputs = functions.softmax(x, self.axis)
        return self.outputs

    def backward(self, slope):
        return self.outputs * (slope - np.sum(slope * self.outputs, axis=self.axis, keepdims=True))
