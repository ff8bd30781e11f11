"""Layers of several inputs."""
import math

import numpy as np

from .base import Layer


def broadcast(shapes):
    """The shape that the shapes, without the batch, have in common: a 1 stretches."""
    try:
        return np.broadcast_shapes(*shapes)
    except ValueError:
        raise ValueError("Inputs have incompatible shapes. Received shapes %s and %s" % (shapes[0], shapes[1])) from None


def _reduced(slope, shape):
    """The slope at an input that was stretched to slope's shape."""
    while slope.ndim > len(shape):
        slope = slope.sum(axis=1)
    axes = tuple(i for i, n in enumerate(shape) if n == 1 and slope.shape[i] != 1)
    return slope.sum(axis=axes, keepdims=True) if axes else slope


class Merge(Layer):
    least = 1

    def output_for(self, shapes):
        if not isinstance(shapes, list):
            raise ValueError("A merge layer should be called on a list of inputs. Received: input_shape=%s (not a list of shapes)"
                             % ((None, *shapes),))
        if len(shapes) < self.least:
            raise ValueError("A `%s` layer should be called on exactly 2 inputs" % type(self).__name__)
        return broadcast(shapes)

    def call(self, arrays, training):
        self.arrays = arrays
        return self.merged(arrays)

    def backward(self, slope):
        return [_reduced(part, x.shape) for part, x in zip(self.slopes(slope), self.arrays)]


class Add(Merge):
    def merged(self, arrays):
        return sum(arrays[1:], arrays[0])

    def slopes(self, slope):
        return [slope] * len(self.arrays)


class Subtract(Merge):
    least = 2

    def merged(self, arrays):
        return arrays[0] - arrays[1]

    def slopes(self, slope):
        return [slope, -slope]


class Multiply(Merge):
    def merged(self, arrays):
        return math.prod(arrays[1:], start=arrays[0])

    def slopes(self, slope):
        return [math.prod((x for j, x in enumerate(self.arrays) if j != i), start=slope) for i in range(len(self.arrays))]


class Average(Merge):
    def merged(self, arrays):
        return sum(arrays[1:], arrays[0]) / np.float32(len(arrays))

    def slopes(self, slope):
        return [slope / np.float32(len(self.arrays))] * len(self.arrays)


class Extreme(Merge):
    def merged(self, arrays):
        self.outputs = arrays[0]
        for x in arrays[1:]:
            self.outputs = self.pick(self.outputs, x)
        return self.outputs

    def slopes(self, slope):
        """The first of equal elements takes the slope."""
        free, result = np.ones(slope.shape, dtype=bool), []
        for x in self.arrays:
            chosen = free & (x == self.outputs)
            result.append(slope * chosen)
            free = free & ~chosen
        return result


class Maximum(Extreme):
    pick = staticmethod(np.maximum)


class Minimum(Extreme):
    pick = staticmethod(np.minimum)


class Concatenate(Layer):
    config_names = ("axis",)

    def __init__(self, axis=-1, **options):
        super().__init__(**options)
        self.axis = axis

    def output_for(self, shapes):
        if not isinstance(shapes, list) or not shapes:
            raise ValueError("A `Concatenate` layer should be called on a list of at least 1 input. Received: input_shape=%s"
                             % (shapes,))
        number = self.axis - 1 if self.axis > 0 else self.axis + len(shapes[0])
        rest = {shape[:number] + shape[number + 1:] for shape in shapes}
        if len(rest) > 1:
            raise ValueError("A `Concatenate` layer requires inputs with matching shapes except for the concatenation axis. "
                             "Received: input_shape=%s" % ([(None, *shape) for shape in shapes],))
        return (*shapes[0][:number], sum(shape[number] for shape in shapes), *shapes[0][number + 1:])

    def call(self, arrays, training):
        self.sizes = [x.shape[self.axis] for x in arrays]
        return np.concatenate(arrays, axis=self.axis)

    def backward(self, slope):
        return np.split(slope, np.cumsum(self.sizes)[:-1], axis=self.axis)


def _function(kind):
    def merge(inputs, **options):
        return kind(**options)(inputs)
    merge.__name__ = merge.__qualname__ = kind.__name__.lower()
    return merge


add, subtract, multiply, average, maximum, minimum, concatenate = map(
    _function, (Add, Subtract, Multiply, Average, Maximum, Minimum, Concatenate))
