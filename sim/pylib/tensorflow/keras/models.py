"""Models: layers in a chain or a graph, trained by back-propagation in batches."""
import json
import math

import numpy as np

from ..random import generator
from ..tensor import Tensor
from . import layers as layers_module
from . import losses, metrics, optimizers, saving
from .callbacks import CallbackList, History
from .graph import Graph, tensors_from_config
from .layers.base import InputLayer, Layer, Node, SymbolicTensor, unique_name
from .progress import Progress
from .registry import check_options
from .saving import load_model, save_model
from .summary import print_summary

_COMPILE = {"loss_weights": (None,), "weighted_metrics": (None,), "run_eagerly": (None, False, True),
            "steps_per_execution": (None, 1),
            "jit_compile": (None, False, True)}
_FIT = {"steps_per_epoch": (None,), "validation_steps": (None,), "max_queue_size": (10,), "use_multiprocessing": (False, True),
        "steps": (None,)}


def _batches(count, size):
    return [slice(start, start + size) for start in range(0, count, size)]


def _listed(value):
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _options(method, options, known):
    options.pop("workers", None)
    for name, value in options.items():
        if name not in known:
            raise TypeError("Model.%s() got an unexpected keyword argument '%s'" % (method, name))
    check_options(method, options, known)


class Totals:
    """The figures of an epoch so far: the loss by samples, and the metrics."""

    def __init__(self, model):
        self.model, self.loss, self.count = model, 0.0, 0
        for metric in model.compiled_metrics:
            metric.reset_state()

    def add(self, y, predicted, weights):
        values = self.model.loss.samples(y, predicted)
        if weights is not None:
            values = values * weights.reshape(len(weights), *[1] * (values.ndim - 1))
        self.loss += (float(np.mean(values)) + self.model.losses_now()) * len(predicted)
        self.count += len(predicted)
        for metric in self.model.compiled_metrics:
            metric.update_state(y, predicted)

    def figures(self, prefix=""):
        named = [("loss", self.loss / max(self.count, 1)), *((metric.name, metric.value())
                                                             for metric in self.model.compiled_metrics)]
        return {prefix + name: float(np.float32(value)) for name, value in named}


class Model(Layer):
    """Model(inputs, outputs): the graph between them. Sequential below: a chain."""

    class_name = property(lambda self: "Functional" if type(self) is Model else type(self).__name__)

    def __new__(cls, inputs=None, outputs=None, *rest, **options):
        if cls is Model and (inputs is None or outputs is None) and not {"inputs", "outputs"} & set(options):
            raise NotImplementedError("hybridsim's keras has sequential and functional models only, no subclassed ones")
        return super().__new__(cls)

    def __init__(self, inputs, outputs, name=None, trainable=True):
        self.start(name)
        self.takes_list, self.gives_list = isinstance(inputs, (list, tuple)), isinstance(outputs, (list, tuple))
        for tensor in _listed(inputs):
            if not isinstance(tensor, SymbolicTensor) or not isinstance(tensor.node.layer, InputLayer):
                raise ValueError("Input tensors to a Functional model must come from `tf.keras.Input`. Received inputs=%s (missing "
                                 "previous layer metadata)." % (tensor,))
        for tensor in _listed(outputs):
            if not isinstance(tensor, SymbolicTensor):
                raise ValueError("Output tensors of a Functional model must be the output of a TensorFlow `Layer` (thus holding "
                                 "past layer "
                                 "metadata). Found: %s" % (tensor,))
        self.graph = Graph(_listed(inputs), _listed(outputs))
        self.inputs, self.outputs = self.graph.inputs, self.graph.outputs
        self.layers = self.graph.layers
        shapes = [tensor.shape for tensor in self.inputs]
        self.input_shape = shapes if len(shapes) > 1 else shapes[0]
        shapes = [tensor.shape for tensor in self.outputs]
        self.output_shape = shapes if len(shapes) > 1 else shapes[0]
        if not trainable:
            self.trainable = False

    def start(self, name):
        self.name = name or unique_name(type(self).__name__)
        self.nodes, self.gradients, self.built, self.given_shape = [], [], True, None
        self.optimizer = self.loss = self.history = None
        self.compiled_metrics = []
        self.stop_training = False

    input, output = property(lambda self: self.inputs[0]), property(lambda self: self.outputs[0])

    # as a layer of another model

    def output_for(self, shape):
        if len(self.outputs) > 1:
            raise NotImplementedError("hybridsim's keras has no models of several outputs inside other models")
        return self.output_shape[1:]

    def connect(self, shape):
        return self.output_for(shape)

    def call(self, x, training=False):
        outputs = self.graph.forward(x if isinstance(x, list) else [x], training)
        return outputs if len(outputs) > 1 else outputs[0]

    def backward(self, slope):
        slopes = self.graph.backward([slope])
        return slopes if len(slopes) > 1 else slopes[0]

    def trained_pairs(self):
        return self.graph.pairs

    # weights

    weights = property(lambda self: list({id(w): w for layer in self.layers for w in layer.weights}.values()))
    trainable_weights = property(lambda self: list({id(w): w for layer in self.layers for w in layer.trainable_weights}.values()))
    trainable_variables = trainable_weights

    @property
    def non_trainable_weights(self):
        trained = {id(w) for w in self.trainable_weights}
        return [w for w in self.weights if id(w) not in trained]

    @property
    def trainable(self):
        return all(layer.trainable for layer in self.layers)

    @trainable.setter
    def trainable(self, value):
        for layer in self.layers:
            layer.trainable = value

    def get_weights(self):
        return [np.array(weight.value) for weight in self.weights]

    def set_weights(self, values):
        values = list(values)
        if len(values) != len(self.weights):
            raise ValueError("You called `set_weights(weights)` on layer \"%s\" with a weight list of length %d, but the layer was "
                             "expecting %d weights." % (self.name, len(values), len(self.weights)))
        for layer in self.layers:
            layer.set_weights(values[:len(layer.weights)])
            del values[:len(layer.weights)]

    def count_params(self):
        return sum(weight.array.size for weight in self.weights)

    def losses_now(self):
        return sum(layer.losses_now() for layer in self.layers)

    losses = property(lambda self: [loss for layer in self.layers for loss in layer.losses])

    def get_layer(self, name=None, index=None):
        if index is not None:
            if index >= len(self.layers):
                raise ValueError("Was asked to retrieve layer at index %d but model only has %d layers."
                                 % (index, len(self.layers)))
            return self.layers[index]
        for layer in self.layers:
            if layer.name == name:
                return layer
        if name is None:
            raise ValueError("Provide either a layer name or layer index at `get_layer`.")
        raise ValueError("No such layer: %s. Existing layers are: %s." % (name, [layer.name for layer in self.layers]))

    # data

    def _input_shapes(self, arrays):
        return [tensor.shape for tensor in self.inputs]

    def _prepared(self, x):
        """The arrays of a batch, one for each input."""
        if isinstance(x, dict):
            x = [x[tensor.node.layer.name] for tensor in self.inputs]
        if hasattr(x, "__next__"):
            raise NotImplementedError("hybridsim's keras takes arrays, no generators or datasets")
        several = isinstance(x, (list, tuple)) and len(x) and getattr(x[0], "ndim", 0) > 0
        arrays = [np.asarray(each, dtype=np.float32) for each in x] if several else [np.asarray(x, dtype=np.float32)]
        shapes = self._input_shapes(arrays)
        if len(shapes) != len(arrays):
            raise ValueError("Layer \"%s\" expects %d input(s), but it received %d input tensors."
                             % (self.name, len(shapes), len(arrays)))
        result = []
        for number, (array, shape) in enumerate(zip(arrays, shapes)):
            if array.ndim == len(shape) - 1 and shape[-1] == 1:
                array = array[..., None]
            if array.shape[1:] != shape[1:]:
                raise ValueError("Input %d of layer \"%s\" is incompatible with the layer: expected shape=%s, found shape=%s"
                                 % (number, self.name, shape, (None, *array.shape[1:])))
            result.append(array)
        return result

    def _run(self, arrays, training=False):
        return self.call(arrays if len(arrays) > 1 else arrays[0], training)

    def _same_length(self, arrays, y):
        if any(len(x) != len(y) for x in arrays):
            raise ValueError("Data cardinality is ambiguous:\n  x sizes: %s\n  y sizes: %d\nMake sure all arrays contain the same "
                             "number of samples." % (", ".join(str(len(x)) for x in arrays), len(y)))

    def _weights_of(self, y, sample_weight, class_weight):
        """A number for each sample, or None."""
        weights = None if sample_weight is None else np.asarray(sample_weight, dtype=np.float32)
        if class_weight:
            if sorted(class_weight) != list(range(len(class_weight))):
                raise ValueError("Expected `class_weight` to be a dict with keys from 0 to one less than the number of classes, "
                                 "found %s"
                                 % class_weight)
            classes = np.argmax(y, axis=-1) if y.ndim > 1 and y.shape[-1] > 1 else y.reshape(-1).astype(np.int64)
            by_class = np.array([class_weight[i] for i in range(len(class_weight))], dtype=np.float32)[classes]
            weights = by_class if weights is None else weights * by_class
        return weights

    # training

    def compile(self, optimizer="rmsprop", loss=None, metrics=None, **options):
        _options("compile", options, _COMPILE)
        self.optimizer, self.loss = optimizers.get(optimizer), losses.get(loss)
        self.compiled_metrics = self._metrics(metrics)
        self.compiled_with = {"optimizer": self.optimizer, "loss": loss, "metrics": metrics}

    def _metrics(self, given):
        return [metrics.get(metric) for metric in _listed(given or ())]

    metrics_names = property(lambda self: ["loss", *(metric.name for metric in self.compiled_metrics)])
    metrics = property(lambda self: list(self.compiled_metrics))

    def compiled_config(self):
        """What compile was given, in JSON's types."""
        loss = self.compiled_with["loss"]
        if not isinstance(loss, str):
            loss = type(self.loss).__name__
            if vars(self.loss) != vars(type(self.loss)()):
                raise NotImplementedError("hybridsim's keras saves losses with their default options only: %s has others "
                                          "(save with include_optimizer=False)" % loss)
        return {"optimizer": optimizers.serialize(self.optimizer), "loss": loss,
                "metrics": [metrics.serialize(metric) for metric in self.compiled_metrics], "steps": self.optimizer.steps}

    def _compiled(self):
        if self.optimizer is None:
            raise RuntimeError("You must compile your model before training/testing. Use `model.compile(optimizer, loss)`.")
        if self.loss is None:
            raise ValueError("No loss found. You may have forgotten to provide a `loss` argument in the `compile()` method.")

    def _train_batch(self, arrays, y, weights):
        predicted = self._run(arrays, True)
        if isinstance(predicted, list):
            raise NotImplementedError("hybridsim's keras trains models of one output only")
        slope = self.loss.slope(y, predicted)
        if weights is not None:
            slope = slope * weights.reshape(len(weights), *[1] * (slope.ndim - 1))
        self.backward(slope)
        return predicted

    def fit(self, x=None, y=None, batch_size=None, epochs=1, verbose="auto", callbacks=None, validation_split=0.0,
            validation_data=None,
            shuffle=True, class_weight=None, sample_weight=None, initial_epoch=0, validation_batch_size=None, validation_freq=1,
            **options):
        _options("fit", options, _FIT)
        self._compiled()
        if y is None:
            raise NotImplementedError("hybridsim's keras trains with arrays of inputs and targets: fit(x, y)")
        arrays, y = self._prepared(x), np.asarray(y)
        self._same_length(arrays, y)
        weights = self._weights_of(y, sample_weight, class_weight)
        if validation_split and validation_data is None:
            arrays, y, weights, validation_data = self._split(arrays, y, weights, validation_split)
        size, count = batch_size or 32, len(y)
        verbose = 1 if verbose == "auto" else int(verbose)
        parts = _batches(count, size)
        self.history = History()
        parameters = {"verbose": verbose, "epochs": epochs, "steps": len(parts)}
        followers, last = CallbackList(callbacks, self, parameters), CallbackList([self.history], self, parameters)
        self.stop_training = False
        progress = Progress(verbose, len(parts))
        followers.tell("train_begin")
        figures = {}
        for epoch in range(initial_epoch, epochs):
            followers.tell("epoch_begin", epoch)
            progress.epoch(epoch + 1, epochs)
            order = generator().permutation(count) if shuffle else np.arange(count)
            figures = self._epoch(arrays, y, weights, [order[part] for part in parts], followers)
            if validation_data is not None and (epoch + 1) % validation_freq == 0:
                figures.update(self._evaluate(*validation_data, batch_size=validation_batch_size or size, prefix="val_"))
            followers.tell("epoch_end", epoch, figures)
            progress.done(figures)
            last.tell("epoch_end", epoch, figures)
            if self.stop_training:
                break
        followers.tell("train_end", figures)
        return self.history

    def _split(self, arrays, y, weights, share):
        """The last part of the data, before any shuffling, is for validation."""
        kept = math.floor(len(y) * (1 - share))
        if kept == 0 or kept == len(y):
            raise ValueError("Training data contains %d samples, which is not sufficient to split it into a validation and "
                             "training set "
                             "as specified by `validation_split=%s`. Either provide more data, or a different value for the "
                             "`validation_split` argument." % (len(y), share))
        rest = [x[kept:] for x in arrays]
        held = (rest if len(rest) > 1 else rest[0], y[kept:], *(() if weights is None else (weights[kept:],)))
        return [x[:kept] for x in arrays], y[:kept], None if weights is None else weights[:kept], held

    def _epoch(self, arrays, y, weights, choices, followers):
        totals = Totals(self)
        for number, chosen in enumerate(choices):
            followers.tell("train_batch_begin", number, {})
            own = None if weights is None else weights[chosen]
            predicted = self._train_batch([x[chosen] for x in arrays], y[chosen], own)
            totals.add(y[chosen], predicted, own)
            self.optimizer.apply_gradients(self.trained_pairs())
            followers.tell("train_batch_end", number, totals.figures())
            if self.stop_training:
                break
        return totals.figures()

    def _evaluate(self, x, y, weights=None, batch_size=32, prefix="", followers=None):
        arrays, y = self._prepared(x), np.asarray(y)
        self._same_length(arrays, y)
        weights = None if weights is None else np.asarray(weights, dtype=np.float32)
        totals = Totals(self)
        for number, part in enumerate(_batches(len(y), batch_size)):
            if followers:
                followers.tell("test_batch_begin", number, {})
            totals.add(y[part], self._run([each[part] for each in arrays]), None if weights is None else weights[part])
            if followers:
                followers.tell("test_batch_end", number, totals.figures())
        return totals.figures(prefix)

    def evaluate(self, x=None, y=None, batch_size=None, verbose="auto", sample_weight=None, callbacks=None, return_dict=False,
                 **options):
        _options("evaluate", options, _FIT)
        self._compiled()
        steps = len(_batches(len(y), batch_size or 32))
        followers = CallbackList(callbacks, self, {"verbose": verbose, "epochs": 1, "steps": steps})
        progress = Progress(verbose, steps)
        followers.tell("test_begin")
        figures = self._evaluate(x, y, sample_weight, batch_size or 32, followers=followers)
        followers.tell("test_end", figures)
        progress.done(figures)
        return self._returned(figures, return_dict)

    def _returned(self, figures, as_dict):
        return figures if as_dict else list(figures.values()) if self.compiled_metrics else figures["loss"]

    def train_on_batch(self, x, y, sample_weight=None, class_weight=None, return_dict=False):
        self._compiled()
        arrays, y = self._prepared(x), np.asarray(y)
        weights, totals = self._weights_of(y, sample_weight, class_weight), Totals(self)
        totals.add(y, self._train_batch(arrays, y, weights), weights)
        self.optimizer.apply_gradients(self.trained_pairs())
        return self._returned(totals.figures(), return_dict)

    def test_on_batch(self, x, y, sample_weight=None, return_dict=False):
        self._compiled()
        return self._returned(self._evaluate(x, y, sample_weight, len(y)), return_dict)

    def predict_on_batch(self, x):
        return self._run(self._prepared(x))

    def predict(self, x, batch_size=None, verbose="auto", callbacks=None, **options):
        _options("predict", options, _FIT)
        arrays = self._prepared(x)
        parts = _batches(len(arrays[0]), batch_size or 32)
        if not parts:
            raise ValueError("Unexpected result of `predict_function` (Empty batch_outputs). Please use `Model.compile(..., "
                             "run_eagerly=True)`, or `tf.config.run_functions_eagerly(True)` for more information of where went "
                             "wrong, or "
                             "file a issue/bug to `tf.keras`.")
        followers = CallbackList(callbacks, self, {"verbose": verbose, "epochs": 1, "steps": len(parts)})
        progress = Progress(verbose, len(parts))
        followers.tell("predict_begin")
        results = []
        for number, part in enumerate(parts):
            followers.tell("predict_batch_begin", number, {})
            results.append(self._run([each[part] for each in arrays]))
            followers.tell("predict_batch_end", number, {})
        followers.tell("predict_end")
        progress.done({})
        if isinstance(results[0], list):
            return [np.concatenate(column) for column in zip(*results)]
        return np.concatenate(results)

    def __call__(self, x, training=None):
        if isinstance(_listed(x)[0], SymbolicTensor):
            return super().__call__(x, training)
        outputs = self._run(self._prepared(x), bool(training))
        return list(map(Tensor, outputs)) if isinstance(outputs, list) else Tensor(outputs)

    # showing and keeping

    def _unbuilt(self):
        return False

    def summary(self, line_length=None, positions=None, print_fn=None, expand_nested=False, show_trainable=False, layer_range=None):
        if expand_nested or layer_range is not None:
            raise NotImplementedError("summary(%s) is not in hybridsim's keras"
                                      % ("expand_nested" if expand_nested else "layer_range"))
        if self._unbuilt():
            raise ValueError("This model has not yet been built. Build the model first by calling `build()` or by calling the "
                             "model on a batch of data.")
        nodes = None if type(self) is Sequential or self.graph.is_chain else self.graph.nodes
        print_summary(self, nodes, line_length, positions, print_fn or print, show_trainable)

    def get_config(self):
        return {"name": self.name, "trainable": self.trainable, **self.graph.config()}

    @classmethod
    def from_config(cls, config):
        inputs, outputs = tensors_from_config(config, deserialize)
        return cls(inputs if len(inputs) > 1 else inputs[0], outputs if len(outputs) > 1 else outputs[0], config["name"])

    def to_json(self, **options):
        return json.dumps({"class_name": self.class_name, "config": self.get_config(),
                           "keras_version": "2.11.0", "backend": "tensorflow"}, **options)

    def save(self, filepath, overwrite=True, include_optimizer=True):
        saving.save_model(self, filepath, overwrite, include_optimizer)

    def save_weights(self, filepath, overwrite=True):
        saving.save_weights(self, filepath)

    def load_weights(self, filepath):
        saving.load_weights(self, filepath)


class Sequential(Model):
    """`tensors` are symbolic, from the input to the output of the last layer; none before the input's shape is known."""

    def __init__(self, layers=None, name=None):
        self.start(name)
        self.layers, self.tensors = [], []
        for layer in layers or ():
            self.add(layer)

    # building

    def add(self, layer):
        if isinstance(layer, SymbolicTensor):
            layer = layer.node.layer
        if not isinstance(layer, Layer):
            raise TypeError("The added layer must be an instance of class Layer. Received: layer=%r of type %s."
                            % (layer, type(layer)))
        if any(layer.name == other.name for other in self.layers):
            raise ValueError('All layers added to a Sequential model should have unique names. Name "%s" is already the name of a '
                             "layer in this model. Update the `name` argument to pass a unique name." % layer.name)
        if not self.layers and not self.tensors:
            self._begin(layer)
        if not isinstance(layer, InputLayer):
            self.layers.append(layer)
            if self.tensors:
                self.tensors.append(layer(self.tensors[-1]))

    def _begin(self, layer):
        """The input that the first layer tells the shape of, if it does."""
        if isinstance(layer, InputLayer):
            self.tensors = [layer.nodes[0].output if layer.nodes else Node(layer, [], layer.output_shape).output]
        elif layer.given_shape is not None:
            self.tensors = [layers_module.Input(layer.given_shape, name=layer.name + "_input")]
        elif isinstance(layer, Model) and layer.input_shape is not None:
            self.tensors = [layers_module.Input(layer.input_shape[1:], name=layer.name + "_input")]

    def pop(self):
        """Takes the last layer away."""
        if not self.layers:
            raise TypeError("There are no layers in the model.")
        layer = self.layers.pop()
        if self.tensors:
            layer.nodes.remove(self.tensors.pop().node)

    def build(self, input_shape):
        if not self.tensors:
            name = (self.layers[0].name if self.layers else self.name) + "_input"
            self.tensors = [layers_module.Input(tuple(input_shape)[1:], name=name)]
            for layer in self.layers:
                self.tensors.append(layer(self.tensors[-1]))

    def connect(self, shape):
        self.build((None, *shape))
        return self.output_shape[1:]

    def _unbuilt(self):
        return not self.tensors

    def _input_shapes(self, arrays):
        self.build(arrays[0].shape)
        return [self.input_shape]

    input_shape = property(lambda self: self.tensors[0].shape if self.tensors else None)
    output_shape = property(lambda self: self.tensors[-1].shape if self.tensors else None)

    def _ends(self, what):
        if not self.tensors:
            raise AttributeError("Layer %s is not connected, no %s to return." % (self.name, what))
        return self.tensors[:1] if what == "input" else self.tensors[-1:]

    inputs, outputs = property(lambda self: self._ends("input")), property(lambda self: self._ends("output"))

    def output_for(self, shape):
        return self.output_shape[1:]

    def call(self, x, training=False):
        for layer in self.layers:
            x = layer.call(x, training)
        return x

    def backward(self, slope):
        for layer in reversed(self.layers):
            slope = layer.backward(slope)
        return slope

    def trained_pairs(self):
        return [pair for layer in self.layers for pair in layer.trained_pairs()]

    def get_config(self):
        layers = [layers_module.serialize(layer) for layer in self.layers]
        if self.tensors:
            layers.insert(0, layers_module.serialize(self.tensors[0].node.layer))
        return {"name": self.name, "layers": layers}

    @classmethod
    def from_config(cls, config):
        return cls([deserialize(entry) for entry in config["layers"]], config["name"])


def deserialize(entry):
    """The layer or model that a configuration with its class describes."""
    kind = {"Sequential": Sequential, "Functional": Model}.get(entry["class_name"])
    return kind.from_config(entry["config"]) if kind else layers_module.deserialize(entry)


def clone_model(model):
    """The same layers with new weights."""
    return type(model).from_config(model.get_config())


def model_from_json(text):
    return deserialize(saving.from_json(text))
