"""What all layers share; symbolic tensors, by whose use layers are connected to a graph.

A layer is built at its first input shape (without the batch's dimension). `call` computes and remembers what `backward` needs:
the slope at the inputs, given that at the outputs; it leaves `gradients`, one for each weight that can be trained.
"""
import math
import re

import numpy as np

from ...tensor import Tensor, Variable
from .. import initializers, regularizers
from ..registry import check_options, serialized

_names = {}


def forget_names():
    _names.clear()


def unique_name(kind, first=0):
    """conv2d, conv2d_1, ... as Keras counts them; from `first` on, of which 0 shows no number."""
    base = re.sub("([a-z])([A-Z])", r"\1_\2", re.sub("(.)([A-Z][a-z0-9]+)", r"\1_\2", kind)).lower()
    _names[base] = _names.get(base, first - 1) + 1
    return base if not _names[base] else "%s_%d" % (base, _names[base])


def pair(value):
    return (value, value) if isinstance(value, int) else tuple(value)


class SymbolicTensor:
    """The place of an array in a graph: the outputs of a layer, or of an Input."""

    def __init__(self, shape, node):
        self.shape, self.node = shape, node

    dtype = np.dtype("float32")

    def __repr__(self):
        return "<KerasTensor: shape=%s dtype=float32 (created by layer '%s')>" % (self.shape, self.node.layer.name)

    def _refuse(self, *others):
        raise NotImplementedError("hybridsim's keras has no operators on symbolic tensors: use layers such as Add")

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __matmul__ = __getitem__ = __neg__ = _refuse


class Node:
    """One use of a layer in a graph; training, unless it is None, is for this use what it was then."""

    def __init__(self, layer, inputs, shape, training=None):
        self.layer, self.inputs, self.training = layer, inputs, training
        self.index = len(layer.nodes)
        layer.nodes.append(self)
        self.output = SymbolicTensor(shape, self)


# What Keras's layers take and these do not, with the values that change nothing
_NEUTRAL = {"dtype": (None, "float32"), "activity_regularizer": (None,), "kernel_constraint": (None,), "bias_constraint": (None,),
            "beta_constraint": (None,), "gamma_constraint": (None,), "data_format": (None, "channels_last"),
            "dilation_rate": (1, (1, 1)),
            "groups": (1,), "noise_shape": (None,), "weights": (None,), "batch_size": (None,), "dynamic": (False,),
            "sparse": (False, None),
            "ragged": (False, None), "renorm": (False,), "fused": (None, True, False), "virtual_batch_size": (None,),
            "adjustment": (None,),
            "autocast": (True,), "interpolation": ("nearest",), "keepdims": (False,)}


class Layer:
    class_name = property(lambda self: type(self).__name__)
    config_names = ()   # the attributes, which are also parameters, that get_config gives

    def __init_subclass__(cls, **options):
        super().__init_subclass__(**options)
        if cls.__module__.partition(".")[0] != __name__.partition(".")[0]:
            raise NotImplementedError("hybridsim's keras has no layers or models of one's own (%s): it derives only what it has"
                                      % cls.__name__)

    def __init__(self, name=None, input_shape=None, input_dim=None, batch_input_shape=None, trainable=True, **options):
        check_options(type(self).__name__, {key: tuple(value) if isinstance(value, list) else value
                                            for key, value in options.items()}, _NEUTRAL)
        self.trainable = trainable
        self.name = name or unique_name(type(self).__name__)
        self.weights, self.gradients, self.penalties = [], [], []
        self.nodes = []
        self.built = False
        if batch_input_shape is not None:
            input_shape = batch_input_shape[1:]
        self.given_shape = tuple(input_shape) if input_shape is not None else (input_dim,) if input_dim is not None else None

    # weights

    def build(self, shape):
        """Make the weights."""

    def add_weight(self, name, shape, initializer, regularizer=None, trainable=True):
        weight = Variable("%s/%s" % (self.name, name), initializers.get(initializer)(shape), trainable)
        self.weights.append(weight)
        regularizer = regularizers.get(regularizer)
        if regularizer is not None:
            self.penalties.append((weight, regularizer))
        return weight

    variables = property(lambda self: self.weights)
    trainable_weights = property(lambda self: [w for w in self.weights if w.trainable] if self.trainable else [])
    non_trainable_weights = property(lambda self: [w for w in self.weights if not (w.trainable and self.trainable)])
    trainable_variables, non_trainable_variables = trainable_weights, non_trainable_weights

    def losses_now(self):
        """What the regularizers add to the loss."""
        return sum(regularizer(weight.value) for weight, regularizer in self.penalties)

    losses = property(lambda self: [Tensor(np.float32(regularizer(weight.value))) for weight, regularizer in self.penalties])

    def trained_pairs(self):
        """(gradient, weight) for each weight to be changed, after a `backward`."""
        slopes = {id(weight): regularizer.slope(weight.value) for weight, regularizer in self.penalties}
        return [(gradient + slopes[id(weight)] if id(weight) in slopes else gradient, weight)
                for gradient, weight in zip(self.gradients, self.trainable_weights)]

    def count_params(self):
        return sum(math.prod(weight.shape) for weight in self.weights)

    def get_weights(self):
        return [np.array(weight.value) for weight in self.weights]

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

    # shapes

    def output_for(self, shape):
        """The shape of the outputs for inputs of this shape; of a layer with several inputs: for a list of shapes."""
        return shape

    def compute_output_shape(self, shape):
        return (None, *self.output_for(tuple(shape)[1:]))

    def connect(self, shape):
        if not self.built:
            self.build(shape)
            self.built = True
        result = self.output_for(shape)
        self.input_shape = [(None, *each) for each in shape] if isinstance(shape, list) else (None, *shape)
        self.output_shape = (None, *result)
        return result

    # use

    def call(self, x, training):
        raise NotImplementedError

    def backward(self, slope):
        raise NotImplementedError

    def _only_node(self, what):
        if not self.nodes:
            raise AttributeError("Layer %s is not connected, no %s to return." % (self.name, what))
        if len(self.nodes) > 1:
            raise AttributeError('The layer "%s" has multiple inbound nodes, hence the notion of "layer %s" is ill-defined. Use '
                                 "`get_%s_at(node_index)` instead." % (self.name, what, what))
        return self.nodes[0]

    @property
    def input(self):
        inputs = self._only_node("input").inputs
        return inputs if len(inputs) > 1 else inputs[0]

    output = property(lambda self: self._only_node("output").output)

    def get_output_at(self, node_index):
        return self.nodes[node_index].output

    def __call__(self, x, training=None):
        several = isinstance(x, (list, tuple))
        if isinstance(x[0] if several else x, SymbolicTensor):
            inputs = list(x) if several else [x]
            shapes = [tensor.shape[1:] for tensor in inputs]
            return Node(self, inputs, (None, *self.connect(shapes if several else shapes[0])), training).output
        arrays = [np.asarray(each, dtype=np.float32) for each in x] if several else np.asarray(x, dtype=np.float32)
        self.connect([each.shape[1:] for each in arrays] if several else arrays.shape[1:])
        return Tensor(self.call(arrays, bool(training)))

    def get_config(self):
        config = {"name": self.name, "trainable": self.trainable, "dtype": "float32"}
        if self.given_shape is not None:
            config["batch_input_shape"] = (None, *self.given_shape)
        config.update((name, serialized(getattr(self, name))) for name in self.config_names)
        return config

    @classmethod
    def from_config(cls, config):
        return cls(**config)


class InputLayer(Layer):
    def __init__(self, input_shape=None, name=None, **options):
        super().__init__(name or unique_name("input", 1), input_shape, **options)
        self.built = True
        self.input_shape = self.output_shape = (None, *self.given_shape) if self.given_shape is not None else None

    def call(self, x, training):
        return x

    def backward(self, slope):
        return slope

    def get_config(self):
        return {"batch_input_shape": (None, *self.given_shape), "dtype": "float32", "sparse": False, "ragged": False,
                "name": self.name}


def Input(shape=None, batch_size=None, name=None, batch_shape=None, **options):
    """Where a graph begins. A Sequential takes it as its input's shape."""
    if shape is None and batch_shape is None:
        raise ValueError("Please provide to Input a `shape` or a `tensor` or a `type_spec` argument. Note that `shape` does not "
                         "include "
                         "the batch dimension.")
    shape = batch_shape[1:] if shape is None else shape
    layer = InputLayer((shape,) if isinstance(shape, int) else tuple(shape), name, batch_size=batch_size, **options)
    return Node(layer, [], layer.output_shape).output
