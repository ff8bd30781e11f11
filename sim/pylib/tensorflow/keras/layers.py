"""Layers. A batch is images x height x width x channels, or samples x features; float32.

A layer is built at its first input shape (without the batch's dimension). `call` computes and remembers what `backward` needs:
the slope at the inputs, given that at the outputs; it leaves `gradients`, one for each of `weights`.
"""
import math
import re

import numpy as np

from ..random import generator
from . import activations, initializers


class Weight:
    """What TensorFlow calls a variable: a named array."""

    def __init__(self, name, value):
        self.name, self.value = name + ":0", value

    @property
    def shape(self):
        return self.value.shape

    def numpy(self):
        return self.value

    def __repr__(self):
        return "<tf.Variable '%s' shape=%s dtype=float32, numpy=\n%r>" % (self.name, self.shape, self.value)


_names = {}


def forget_names():
    _names.clear()


def unique_name(kind):
    """conv2d, conv2d_1, ... as Keras counts them."""
    base = re.sub("([a-z])([A-Z])", r"\1_\2", re.sub("(.)([A-Z][a-z0-9]+)", r"\1_\2", kind)).lower()
    _names[base] = _names.get(base, -1) + 1
    return base if not _names[base] else "%s_%d" % (base, _names[base])


def _pair(value):
    return (value, value) if isinstance(value, int) else tuple(value)


class Layer:
    def __init__(self, name=None, input_shape=None, input_dim=None, trainable=True, **options):
        if options:
            raise NotImplementedError("%s(%s) is not in hybridsim's keras" % (type(self).__name__, ", ".join(options)))
        self.trainable = trainable
        self.name = name or unique_name(type(self).__name__)
        self.weights, self.gradients = [], []
        self.built = False
        self.given_shape = tuple(input_shape) if input_shape is not None else (input_dim,) if input_dim is not None else None

    def build(self, shape):
        """Make the weights."""

    def output_for(self, shape):
        """The shape of the outputs for inputs of this shape."""
        return shape

    def connect(self, shape):
        if not self.built:
            self.build(shape)
            self.built = True
        self.input_shape, self.output_shape = (None, *shape), (None, *self.output_for(shape))
        return self.output_for(shape)

    def add_weight(self, name, shape, initializer):
        weight = Weight("%s/%s" % (self.name, name), initializers.get(initializer)(shape))
        self.weights.append(weight)
        return weight

    def count_params(self):
        return sum(math.prod(weight.shape) for weight in self.weights)

    def get_weights(self):
        return [weight.value.copy() for weight in self.weights]

    def set_weights(self, values):
        if len(values) != len(self.weights):
            raise ValueError("You called `set_weights(weights)` on layer \"%s\" with a weight list of length %d, but the layer "
                             "was expecting %d weights." % (self.name, len(values), len(self.weights)))
        for weight, value in zip(self.weights, values):
            value = np.array(value, dtype=np.float32)
            if value.shape != weight.shape:
                raise ValueError("Layer %s weight shape %s is not compatible with provided weight shape %s."
                                 % (self.name, weight.shape, value.shape))
            weight.value = value

    def call(self, x, training):
        raise NotImplementedError

    def backward(self, slope):
        raise NotImplementedError

    def __call__(self, x):
        if not isinstance(x, np.ndarray):
            raise NotImplementedError("hybridsim's keras has sequential models only, no functional ones: %s was called with %s"
                                      % (type(self).__name__, type(x).__name__))
        self.connect(x.shape[1:])
        return self.call(x.astype(np.float32), False)


class InputLayer(Layer):
    def __init__(self, input_shape=None, name=None):
        super().__init__(name or unique_name("Input"), input_shape)


def Input(shape=None, name=None):
    return InputLayer(shape, name)


class Activated(Layer):
    """A layer of an affine map (with weights `kernel` and perhaps `bias`) and an activation."""

    def __init__(self, units, activation, use_bias, kernel_initializer, bias_initializer, **options):
        super().__init__(**options)
        self.units = units
        self.activation = activations.get(activation)
        self.use_bias = use_bias
        self.kernel_initializer, self.bias_initializer = kernel_initializer, bias_initializer

    def make_weights(self, kernel_shape):
        self.kernel = self.add_weight("kernel", kernel_shape, self.kernel_initializer)
        self.bias = self.add_weight("bias", (self.units,), self.bias_initializer) if self.use_bias else None

    def affine(self, x):
        """x: samples... x inputs"""
        self.flat_inputs = x.reshape(-1, x.shape[-1])
        total = x @ self.kernel.value.reshape(-1, self.units)
        if self.bias:
            total = total + self.bias.value
        self.total = total
        self.outputs = self.activation(total)
        return self.outputs

    def affine_backward(self, slope):
        slope = activations.backward(self.activation, self.total, self.outputs, slope)
        flat = slope.reshape(-1, self.units)
        self.gradients = [(self.flat_inputs.T @ flat).reshape(self.kernel.shape)]
        if self.bias:
            self.gradients.append(flat.sum(axis=0))
        return slope @ self.kernel.value.reshape(-1, self.units).T


class Dense(Activated):
    def __init__(self, units, activation=None, use_bias=True, kernel_initializer="glorot_uniform", bias_initializer="zeros",
                 **options):
        super().__init__(units, activation, use_bias, kernel_initializer, bias_initializer, **options)

    def build(self, shape):
        self.make_weights((shape[-1], self.units))

    def output_for(self, shape):
        return (*shape[:-1], self.units)

    def call(self, x, training):
        return self.affine(x)

    def backward(self, slope):
        return self.affine_backward(slope)


class Windows:
    """The windows of a kernel over an image: how many fit, and the padding `same` adds (more at the end, as TensorFlow does)."""

    def __init__(self, size, strides, padding):
        if padding not in ("valid", "same"):
            raise ValueError("The `padding` argument must be 'valid' or 'same'. Received: %s" % padding)
        self.size, self.strides, self.padding = size, strides, padding

    def count(self, shape):
        if self.padding == "same":
            return tuple(-(-extent // stride) for extent, stride in zip(shape, self.strides))
        counts = tuple((extent - size) // stride + 1 for extent, size, stride in zip(shape, self.size, self.strides))
        if min(counts) < 1:
            raise ValueError("One of the dimensions in the output is <= 0 due to downsampling: windows of %s over an image of %s. "
                             "Consider increasing the input size." % (self.size, tuple(shape)))
        return counts

    def pad(self, x, value):
        if self.padding == "valid":
            return x, (0, 0)
        before, edges = [], [(0, 0)]
        for extent, size, stride, count in zip(x.shape[1:3], self.size, self.strides, self.count(x.shape[1:3])):
            missing = max((count - 1) * stride + size - extent, 0)
            before.append(missing // 2)
            edges.append((missing // 2, missing - missing // 2))
        return np.pad(x, (*edges, (0, 0)), constant_values=value), tuple(before)

    def slices(self, counts):
        """For each place in the window, the elements of all windows there."""
        for dy in range(self.size[0]):
            for dx in range(self.size[1]):
                yield (slice(None), slice(dy, dy + (counts[0] - 1) * self.strides[0] + 1, self.strides[0]),
                       slice(dx, dx + (counts[1] - 1) * self.strides[1] + 1, self.strides[1]))


def _unpad(padded, before, shape):
    return padded[:, before[0]:before[0] + shape[1], before[1]:before[1] + shape[2], :]


class Conv2D(Activated):
    def __init__(self, filters, kernel_size, strides=(1, 1), padding="valid", activation=None, use_bias=True,
                 kernel_initializer="glorot_uniform", bias_initializer="zeros", **options):
        super().__init__(filters, activation, use_bias, kernel_initializer, bias_initializer, **options)
        self.windows = Windows(_pair(kernel_size), _pair(strides), padding)

    def build(self, shape):
        if len(shape) != 3:
            raise ValueError("Input 0 of layer \"%s\" is incompatible with the layer: expected min_ndim=4, found ndim=%d. Full "
                             "shape received: %s" % (self.name, len(shape) + 1, (None, *shape)))
        self.make_weights((*self.windows.size, shape[2], self.units))

    def output_for(self, shape):
        return (*self.windows.count(shape[:2]), self.units)

    def call(self, x, training):
        self.shape = x.shape
        self.padded, self.before = self.windows.pad(x, 0)
        self.counts = self.windows.count(x.shape[1:3])
        return self.affine(np.concatenate([self.padded[place] for place in self.windows.slices(self.counts)], axis=3))

    def backward(self, slope):
        patches = self.affine_backward(slope)
        result = np.zeros(self.padded.shape, dtype=np.float32)
        channels = self.shape[3]
        for number, place in enumerate(self.windows.slices(self.counts)):
            result[place] += patches[:, :, :, number * channels:(number + 1) * channels]
        return _unpad(result, self.before, self.shape)


class Pooling(Layer):
    def __init__(self, pool_size=(2, 2), strides=None, padding="valid", **options):
        super().__init__(**options)
        size = _pair(pool_size)
        self.windows = Windows(size, size if strides is None else _pair(strides), padding)

    def output_for(self, shape):
        return (*self.windows.count(shape[:2]), shape[2])


class MaxPooling2D(Pooling):
    def call(self, x, training):
        self.shape = x.shape
        self.padded, self.before = self.windows.pad(x, -np.inf)
        self.counts = self.windows.count(x.shape[1:3])
        self.places = list(self.windows.slices(self.counts))
        top = self.padded[self.places[0]]
        for place in self.places[1:]:
            top = np.maximum(top, self.padded[place])
        self.top = top
        return top

    def backward(self, slope):
        """The first of equal elements takes the slope."""
        result = np.zeros(self.padded.shape, dtype=np.float32)
        free = np.ones(self.top.shape, dtype=bool)
        for place in self.places:
            chosen = free & (self.padded[place] == self.top)
            result[place] += slope * chosen
            free &= ~chosen
        return _unpad(result, self.before, self.shape)


class AveragePooling2D(Pooling):
    def call(self, x, training):
        self.shape = x.shape
        padded, self.before = self.windows.pad(x, 0)
        inside, _ = self.windows.pad(np.ones((1, *x.shape[1:3], 1), dtype=np.float32), 0)
        self.padded_shape = padded.shape
        self.counts = self.windows.count(x.shape[1:3])
        places = list(self.windows.slices(self.counts))
        self.elements = sum(inside[place] for place in places)
        return sum(padded[place] for place in places) / self.elements

    def backward(self, slope):
        result = np.zeros(self.padded_shape, dtype=np.float32)
        for place in self.windows.slices(self.counts):
            result[place] += slope / self.elements
        return _unpad(result, self.before, self.shape)


class GlobalAveragePooling2D(Layer):
    def output_for(self, shape):
        return (shape[2],)

    def call(self, x, training):
        self.shape = x.shape
        return x.mean(axis=(1, 2))

    def backward(self, slope):
        return np.ones(self.shape, dtype=np.float32) * (slope / (self.shape[1] * self.shape[2]))[:, None, None, :]


class Flatten(Layer):
    def output_for(self, shape):
        return (math.prod(shape),)

    def call(self, x, training):
        self.shape = x.shape
        return x.reshape(len(x), -1)

    def backward(self, slope):
        return slope.reshape(self.shape)


class Reshape(Layer):
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


class Dropout(Layer):
    def __init__(self, rate, seed=None, **options):
        super().__init__(**options)
        if not 0 <= rate <= 1:
            raise ValueError("Invalid value %s received for `rate`, expected a value between 0 and 1." % rate)
        self.rate = rate
        self.generator = None if seed is None else np.random.default_rng(seed)

    def call(self, x, training):
        self.scale = None
        if training and self.rate:
            kept = (self.generator or generator()).random(x.shape) >= self.rate
            self.scale = kept.astype(np.float32) / np.float32(max(1 - self.rate, 1e-12))
            x = x * self.scale
        return x

    def backward(self, slope):
        return slope if self.scale is None else slope * self.scale


class Activation(Layer):
    def __init__(self, activation, **options):
        super().__init__(**options)
        self.activation = activations.get(activation)

    def call(self, x, training):
        self.inputs, self.outputs = x, self.activation(x)
        return self.outputs

    def backward(self, slope):
        return activations.backward(self.activation, self.inputs, self.outputs, slope)


class ReLU(Activation):
    def __init__(self, **options):
        super().__init__("relu", **options)


class Softmax(Activation):
    def __init__(self, **options):
        super().__init__("softmax", **options)


MaxPool2D, AvgPool2D = MaxPooling2D, AveragePooling2D


def __getattr__(name):
    raise AttributeError("module 'tensorflow.keras.layers' has no attribute '%s' (not in hybridsim's slice of it)" % name)
