"""Optimisers: change weights along their gradients."""
import math

import numpy as np

from .registry import find


class Optimizer:
    def __init__(self, learning_rate):
        self.learning_rate = learning_rate
        self.iterations = 0
        self.slots = {}

    def slot(self, weight, name):
        """An array of this optimiser's own beside a weight, at first zeros."""
        key = id(weight), name
        if key not in self.slots:
            self.slots[key] = np.zeros(weight.shape, dtype=np.float32)
        return self.slots[key]

    def apply_gradients(self, pairs):
        self.iterations += 1
        for gradient, weight in pairs:
            self.update(weight, gradient)


class SGD(Optimizer):
    def __init__(self, learning_rate=0.01, momentum=0.0, nesterov=False):
        super().__init__(learning_rate)
        self.momentum, self.nesterov = momentum, nesterov

    def update(self, weight, gradient):
        step = -np.float32(self.learning_rate) * gradient
        if self.momentum:
            velocity = self.slot(weight, "velocity")
            velocity *= np.float32(self.momentum)
            velocity += step
            step = np.float32(self.momentum) * velocity + step if self.nesterov else velocity
        weight.value = weight.value + step


class Adam(Optimizer):
    """D. P. Kingma and J. Ba, ICLR 2015, in the form of the paper's section 2, last paragraph, as Keras has it."""

    def __init__(self, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
        super().__init__(learning_rate)
        self.beta_1, self.beta_2, self.epsilon = beta_1, beta_2, epsilon

    def update(self, weight, gradient):
        first, second = self.slot(weight, "first"), self.slot(weight, "second")
        first += (gradient - first) * np.float32(1 - self.beta_1)
        second += (gradient * gradient - second) * np.float32(1 - self.beta_2)
        scale = self.learning_rate * math.sqrt(1 - self.beta_2 ** self.iterations) / (1 - self.beta_1 ** self.iterations)
        weight.value = weight.value - np.float32(scale) * first / (np.sqrt(second) + np.float32(self.epsilon))


class RMSprop(Optimizer):
    def __init__(self, learning_rate=0.001, rho=0.9, epsilon=1e-7):
        super().__init__(learning_rate)
        self.rho, self.epsilon = rho, epsilon

    def update(self, weight, gradient):
        square = self.slot(weight, "square")
        square += (gradient * gradient - square) * np.float32(1 - self.rho)
        weight.value = weight.value - np.float32(self.learning_rate) * gradient / (np.sqrt(square) + np.float32(self.epsilon))


_table = {"sgd": SGD, "adam": Adam, "rmsprop": RMSprop}


def get(identifier):
    found = find("optimizer", _table, identifier.lower() if isinstance(identifier, str) else identifier)
    return found() if isinstance(found, type) else found


def __getattr__(name):
    raise AttributeError("module 'tensorflow.keras.optimizers' has no attribute '%s' (not in hybridsim's slice of it)" % name)
