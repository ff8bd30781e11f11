"""Activation functions: f(x), and the slope at the inputs given the slope at the outputs."""
import numpy as np

from .registry import find


def linear(x):
    return x


def relu(x):
    return np.maximum(x, 0)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def tanh(x):
    return np.tanh(x)


def softmax(x, axis=-1):
    powers = np.exp(x - np.max(x, axis=axis, keepdims=True))
    return powers / np.sum(powers, axis=axis, keepdims=True)


def softplus(x):
    return np.log1p(np.exp(-np.abs(x))) + np.maximum(x, 0)


def elu(x, alpha=1.0):
    return np.where(x > 0, x, alpha * np.expm1(x))


_backward = {
    linear: lambda x, y, slope: slope,
    relu: lambda x, y, slope: slope * (x > 0),
    sigmoid: lambda x, y, slope: slope * y * (1 - y),
    tanh: lambda x, y, slope: slope * (1 - y * y),
    softmax: lambda x, y, slope: y * (slope - np.sum(slope * y, axis=-1, keepdims=True)),
    softplus: lambda x, y, slope: slope * sigmoid(x),
    elu: lambda x, y, slope: slope * np.where(x > 0, 1, y + 1),
}


def backward(function, x, y, slope):
    """The slope at x, where y = function(x)."""
    if function not in _backward:
        raise NotImplementedError("hybridsim's keras does not know the derivative of activation %r" % function)
    return _backward[function](x, y, slope)


def get(identifier):
    if identifier is None:
        return linear
    return find("activation function", {f.__name__: f for f in _backward}, identifier)
