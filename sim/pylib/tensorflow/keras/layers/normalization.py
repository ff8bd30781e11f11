"""Normalisation by the statistics of a batch or of a sample."""
import numpy as np

from .. import initializers, regularizers
from .base import Layer


class Normalization(Layer):
    """(x - mean) / deviation, then weights gamma and beta along the axis."""

    def __init__(self, axis, epsilon, center, scale, beta_initializer, gamma_initializer, beta_regularizer=None,
                 gamma_regularizer=None, **options):
        super().__init__(**options)
        self.axis = axis[0] if isinstance(axis, (list, tuple)) and len(axis) == 1 else axis
        self.epsilon, self.center, self.scale = epsilon, center, scale
        self.beta_initializer, self.gamma_initializer = initializers.get(beta_initializer), initializers.get(gamma_initializer)
        self.beta_regularizer, self.gamma_regularizer = regularizers.get(beta_regularizer), regularizers.get(gamma_regularizer)

    def build(self, shape):
        if not isinstance(self.axis, int):
            raise NotImplementedError("%s(axis=%s) is not in hybridsim's keras: one axis only" % (type(self).__name__, self.axis))
        number = self.axis if self.axis >= 0 else self.axis + len(shape) + 1
        self.place = [1] * (len(shape) + 1)
        self.place[number] = self.size = shape[number - 1]
        self.others = tuple(i for i in range(len(shape) + 1) if i != number)
        self.gamma = self.add_weight("gamma", (self.size,), self.gamma_initializer, self.gamma_regularizer) if self.scale else None
        self.beta = self.add_weight("beta", (self.size,), self.beta_initializer, self.beta_regularizer) if self.center else None

    def scaled(self, normal):
        self.normal = normal
        if self.gamma is not None:
            normal = normal * self.gamma.value.reshape(self.place)
        return normal if self.beta is None else normal + self.beta.value.reshape(self.place)

    def scaled_backward(self, slope):
        """The slope at what was scaled."""
        self.gradients = []
        if self.gamma is not None:
            self.gradients.append((slope * self.normal).sum(axis=self.others))
        if self.beta is not None:
            self.gradients.append(slope.sum(axis=self.others))
        return slope if self.gamma is None else slope * self.gamma.value.reshape(self.place)

    def normalized_backward(self, slope, axes):
        """The slope at x, where mean and deviation over the axes are x's own."""
        mean = slope.mean(axis=axes, keepdims=True)
        along = (slope * self.normal).mean(axis=axes, keepdims=True)
        return (slope - mean - self.normal * along) / self.deviation


class BatchNormalization(Normalization):
    """S. Ioffe and C. Szegedy, ICML 2015. A frozen layer (trainable=False) uses the moving statistics also in training.

    The moving variance of images takes the unbiased one, as the fused kernel that Keras uses for them does.
    """

    config_names = ("axis", "momentum", "epsilon", "center", "scale", "beta_initializer", "gamma_initializer",
                    "moving_mean_initializer", "moving_variance_initializer", "beta_regularizer", "gamma_regularizer")

    def __init__(self, axis=-1, momentum=0.99, epsilon=0.001, center=True, scale=True, beta_initializer="zeros",
                 gamma_initializer="ones", moving_mean_initializer="zeros", moving_variance_initializer="ones", **options):
        super().__init__(axis, epsilon, center, scale, beta_initializer, gamma_initializer, **options)
        self.momentum = momentum
        self.moving_mean_initializer = initializers.get(moving_mean_initializer)
        self.moving_variance_initializer = initializers.get(moving_variance_initializer)

    def build(self, shape):
        super().build(shape)
        self.moving_mean = self.add_weight("moving_mean", (self.size,), self.moving_mean_initializer, trainable=False)
        self.moving_variance = self.add_weight("moving_variance", (self.size,), self.moving_variance_initializer, trainable=False)

    def move(self, weight, value):
        weight.value = weight.value - (weight.value - value) * np.float32(1 - self.momentum)

    def call(self, x, training):
        self.by_batch = training and self.trainable
        if self.by_batch:
            mean, variance = x.mean(axis=self.others), x.var(axis=self.others)
            count = x.size // self.size
            self.move(self.moving_mean, mean)
            self.move(self.moving_variance, variance * np.float32(count / max(count - 1, 1)) if x.ndim == 4 else variance)
        else:
            mean, variance = self.moving_mean.value, self.moving_variance.value
        self.deviation = np.sqrt(variance + np.float32(self.epsilon)).reshape(self.place)
        return self.scaled((x - mean.reshape(self.place)) / self.deviation)

    def backward(self, slope):
        slope = self.scaled_backward(slope)
        return self.normalized_backward(slope, self.others) if self.by_batch else slope / self.deviation

    def get_config(self):
        return {**super().get_config(), "beta_constraint": None, "gamma_constraint": None}


class LayerNormalization(Normalization):
    """J. L. Ba, J. R. Kiros, G. E. Hinton, 2016: each sample along the axis by itself."""

    config_names = ("axis", "epsilon", "center", "scale", "beta_initializer", "gamma_initializer", "beta_regularizer",
                    "gamma_regularizer")

    def __init__(self, axis=-1, epsilon=0.001, center=True, scale=True, beta_initializer="zeros", gamma_initializer="ones",
                 **options):
        super().__init__(axis, epsilon, center, scale, beta_initializer, gamma_initializer, **options)

    def call(self, x, training):
        self.deviation = np.sqrt(x.var(axis=self.axis, keepdims=True) + np.float32(self.epsilon))
        return self.scaled((x - x.mean(axis=self.axis, keepdims=True)) / self.deviation)

    def backward(self, slope):
        return self.normalized_backward(self.scaled_backward(slope), self.axis)

    def get_config(self):
        return {**super().get_config(), "beta_constraint": None, "gamma_constraint": None}
