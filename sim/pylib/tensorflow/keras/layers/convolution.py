"""Convolutions, as products of matrices of windows with the kernels, and pooling."""
import numpy as np

from .. import functions
from .base import Layer, pair
from .core import Activated


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


def _check_image(layer, shape, expected):
    if len(shape) != 3:
        raise ValueError("Input 0 of layer \"%s\" is incompatible with the layer: expected %s=4, found ndim=%d. Full shape "
                         "received: %s" % (layer.name, expected, len(shape) + 1, (None, *shape)))


class Conv2D(Activated):
    config_names = ("filters", "kernel_size", "strides", "padding", "activation", "use_bias", "kernel_initializer",
                    "bias_initializer", "kernel_regularizer", "bias_regularizer")

    def __init__(self, filters, kernel_size, strides=(1, 1), padding="valid", activation=None, use_bias=True,
                 kernel_initializer="glorot_uniform", bias_initializer="zeros", **options):
        super().__init__(filters, activation, use_bias, kernel_initializer, bias_initializer, **options)
        self.set_windows(kernel_size, strides, padding)

    def set_windows(self, kernel_size, strides, padding):
        self.kernel_size, self.strides, self.padding = pair(kernel_size), pair(strides), padding.lower()
        self.windows = Windows(self.kernel_size, self.strides, self.padding)

    filters = property(lambda self: self.units)

    def build(self, shape):
        _check_image(self, shape, "min_ndim")
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

    def get_config(self):
        return {**super().get_config(), "data_format": "channels_last", "dilation_rate": (1, 1), "groups": 1}


class DepthwiseConv2D(Conv2D):
    """Each channel with kernels of its own, `depth_multiplier` of them."""

    config_names = ("kernel_size", "strides", "padding", "depth_multiplier", "activation", "use_bias", "depthwise_initializer",
                    "bias_initializer", "depthwise_regularizer", "bias_regularizer")

    def __init__(self, kernel_size, strides=(1, 1), padding="valid", depth_multiplier=1, activation=None, use_bias=True,
                 depthwise_initializer="glorot_uniform", bias_initializer="zeros", depthwise_regularizer=None, **options):
        super().__init__(0, kernel_size, strides, padding, activation, use_bias, depthwise_initializer, bias_initializer,
                         kernel_regularizer=depthwise_regularizer, **options)
        self.depth_multiplier = depth_multiplier

    depthwise_initializer = property(lambda self: self.kernel_initializer)
    depthwise_regularizer = property(lambda self: self.kernel_regularizer)

    def build(self, shape):
        _check_image(self, shape, "min_ndim")
        self.units = shape[2] * self.depth_multiplier
        self.kernel = self.add_weight("depthwise_kernel", (*self.kernel_size, shape[2], self.depth_multiplier),
                                      self.kernel_initializer,
                                      self.kernel_regularizer)
        self.bias = self.add_weight("bias", (self.units,), self.bias_initializer, self.bias_regularizer) if self.use_bias else None

    def output_for(self, shape):
        return (*self.windows.count(shape[:2]), shape[2] * self.depth_multiplier)

    def places(self):
        """(where in the kernel, where in the image)"""
        positions = [(dy, dx) for dy in range(self.kernel_size[0]) for dx in range(self.kernel_size[1])]
        return zip(positions, self.windows.slices(self.counts))

    def call(self, x, training):
        self.shape = x.shape
        self.padded, self.before = self.windows.pad(x, 0)
        self.counts = self.windows.count(x.shape[1:3])
        total = sum(self.padded[place][..., None] * self.kernel.value[position] for position, place in self.places())
        total = total.reshape(*total.shape[:3], self.units)
        if self.bias is not None:
            total = total + self.bias.value
        self.total, self.outputs = total, functions.forward(self.activation, total)
        return self.outputs

    def backward(self, slope):
        slope = functions.backward(self.activation, self.total, self.outputs, slope)
        by_kernel, result = np.zeros(self.kernel.shape, dtype=np.float32), np.zeros(self.padded.shape, dtype=np.float32)
        split = slope.reshape(*slope.shape[:3], self.shape[3], self.depth_multiplier)
        for position, place in self.places():
            by_kernel[position] = (self.padded[place][..., None] * split).sum(axis=(0, 1, 2))
            result[place] += (split * self.kernel.value[position]).sum(axis=4)
        self.gradients = [by_kernel] if self.bias is None else [by_kernel, slope.sum(axis=(0, 1, 2))]
        return _unpad(result, self.before, self.shape)

    def get_config(self):
        return {**super().get_config(), "depthwise_constraint": None}

    @classmethod
    def from_config(cls, config):
        return cls(**{name: value for name, value in config.items() if name not in ("kernel_constraint", "depthwise_constraint")})


class Pooling(Layer):
    config_names = ("pool_size", "padding", "strides")

    def __init__(self, pool_size=(2, 2), strides=None, padding="valid", **options):
        super().__init__(**options)
        self.pool_size, self.padding = pair(pool_size), padding.lower()
        self.strides = self.pool_size if strides is None else pair(strides)
        self.windows = Windows(self.pool_size, self.strides, self.padding)

    def build(self, shape):
        _check_image(self, shape, "ndim")

    def get_config(self):
        return {**super().get_config(), "data_format": "channels_last"}

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


class GlobalPooling(Layer):
    """One number for each channel of an image; with keepdims an image of one point."""

    config_names = ("keepdims",)

    def __init__(self, keepdims=False, **options):
        super().__init__(**options)
        self.keepdims = keepdims

    def build(self, shape):
        _check_image(self, shape, "ndim")

    def output_for(self, shape):
        return (1, 1, shape[2]) if self.keepdims else (shape[2],)

    def get_config(self):
        return {**super().get_config(), "data_format": "channels_last"}


class GlobalAveragePooling2D(GlobalPooling):
    def call(self, x, training):
        self.shape = x.shape
        return x.mean(axis=(1, 2), keepdims=self.keepdims)

    def backward(self, slope):
        points = self.shape[1] * self.shape[2]
        return np.ones(self.shape, dtype=np.float32) * (slope / points).reshape(self.shape[0], 1, 1, self.shape[3])


class GlobalMaxPooling2D(GlobalPooling):
    def call(self, x, training):
        self.inputs = x
        self.top = x.max(axis=(1, 2), keepdims=True)
        return self.top if self.keepdims else self.top[:, 0, 0, :]

    def backward(self, slope):
        """Equal elements share the slope."""
        chosen = self.inputs == self.top
        return chosen * (slope.reshape(self.top.shape) / chosen.sum(axis=(1, 2), keepdims=True)).astype(np.float32)
