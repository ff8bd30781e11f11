"""Activation functions: f(x), and the slope at the inputs given the slope at the outputs."""
import math

import numpy as np

from .registry import find


def linear(x):
    return x


def relu(x, alpha=0.0, max_value=None, threshold=0.0):
    if alpha or threshold:
        x = np.where(x > threshold, x, alpha * (x - threshold))
        return x if max_value is None else np.minimum(x, max_value)
    return np.maximum(x, 0) if max_value is None else np.clip(x, 0, max_value)


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


def selu(x):
    """G. Klambauer et al., NeurIPS 2017."""
    return np.where(x > 0, _SELU_SCALE * x, _SELU_SCALE * _SELU_ALPHA * np.expm1(x)).astype(x.dtype)


def leaky_relu(x, alpha=0.2):
    return np.maximum(x, alpha * x)


def hard_sigmoid(x):
    return np.clip(0.2 * x + 0.5, 0, 1)


def swish(x):
    return x * sigmoid(x)


silu = swish


def softsign(x):
    return x / (1 + np.abs(x))


def exponential(x):
    return np.exp(x)


def _normal_share(x):
    """Of the normal distribution, below x."""
    return (0.5 * (1 + np.vectorize(math.erf, otypes=[float])(x / math.sqrt(2)))).astype(x.dtype)


def gelu(x):
    return x * _normal_share(x)


def _normal_density(x):
    return np.exp(-x * x / 2) / math.sqrt(2 * math.pi)


_SELU_SCALE, _SELU_ALPHA = 1.05070098, 1.67326324
_backward = {
    linear: lambda x, y, slope: slope,
    relu: lambda x, y, slope: slope * (x > 0),
    sigmoid: lambda x, y, slope: slope * y * (1 - y),
    tanh: lambda x, y, slope: slope * (1 - y * y),
    softmax: lambda x, y, slope: y * (slope - np.sum(slope * y, axis=-1, keepdims=True)),
    softplus: lambda x, y, slope: slope * sigmoid(x),
    elu: lambda x, y, slope: slope * np.where(x > 0, 1, y + 1),
    selu: lambda x, y, slope: slope * np.where(x > 0, _SELU_SCALE, y + _SELU_SCALE * _SELU_ALPHA),
    leaky_relu: lambda x, y, slope: slope * np.where(x > 0, 1, 0.2),
    hard_sigmoid: lambda x, y, slope: slope * np.where((y > 0) & (y < 1), 0.2, 0),
    swish: lambda x, y, slope: slope * (y + sigmoid(x) * (1 - y)),
    softsign: lambda x, y, slope: slope / (1 + np.abs(x)) ** 2,
    exponential: lambda x, y, slope: slope * y,
    gelu: lambda x, y, slope: slope * (_normal_share(x) + x * _normal_density(x)),
}


def forward(function, x):
    """function may also be a layer without weights, as in activation=LeakyReLU(0.1)."""
    return function.call(x, False) if hasattr(function, "call") else function(x)


def backward(function, x, y, slope):
    """The slope at x, where y = forward(function, x) was the function's last use."""
    if hasattr(function, "backward"):
        return function.backward(slope)
    if function not in _backward:
        raise NotImplementedError("hybridsim's keras does not know the derivative of activation %r" % function)
    return _backward[function](x, y, slope)


NAMED = {"silu": silu, **{f.__name__: f for f in _backward}}


def get(identifier):
    """A function of arrays for a name, None, a function of module activations, or a layer."""
    if identifier is None:
        return linear
    if isinstance(identifier, dict):
        raise NotImplementedError("hybridsim's keras cannot make activation %s again: name functions" % identifier["class_name"])
    if getattr(identifier, "weights", None) or type(identifier).__name__ == "PReLU":
        raise NotImplementedError("hybridsim's keras has no activation with weights: add %s as a layer" % type(identifier).__name__)
    return find("activation function", NAMED, getattr(identifier, "function", identifier))
