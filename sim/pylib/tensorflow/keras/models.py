"""Sequential models: a chain of layers, trained by back-propagation in batches."""
import math

import numpy as np

from ..random import generator
from . import losses, optimizers
from .callbacks import History
from .layers import InputLayer, Layer, unique_name
from .metrics import named as metric_named
from .progress import Progress


def _batches(count, size):
    return [slice(start, start + size) for start in range(0, count, size)]


def _refuse(method, options):
    if options:
        raise NotImplementedError("%s(%s) is not in hybridsim's keras" % (method, ", ".join(options)))


class Sequential:
    def __init__(self, layers=None, name=None):
        self.name = name or unique_name(type(self).__name__)
        self.layers = []
        self.input_shape = None
        self.loss = None
        self.stop_training = False
        for layer in layers or ():
            self.add(layer)

    # building

    def add(self, layer):
        if not isinstance(layer, Layer):
            raise TypeError("The added layer must be an instance of class Layer. Received: layer=%r of type %s."
                            % (layer, type(layer)))
        if layer.given_shape is not None and not self.layers:
            self.input_shape = (None, *layer.given_shape)
        if not isinstance(layer, InputLayer):
            self.layers.append(layer)
            if self.input_shape:
                before = self.layers[-2].output_shape if len(self.layers) > 1 else self.input_shape
                layer.connect(before[1:])

    def build(self, input_shape):
        self.input_shape = (None, *input_shape[1:])
        shape = self.input_shape[1:]
        for layer in self.layers:
            shape = layer.connect(shape)

    def _prepared(self, x):
        x = np.asarray(x, dtype=np.float32)
        if self.input_shape is None:
            self.build(x.shape)
        if x.shape[1:] != self.input_shape[1:] and not (x.ndim == len(self.input_shape) - 1 and self.input_shape[-1] == 1):
            raise ValueError("Input 0 of layer \"%s\" is incompatible with the layer: expected shape=%s, found shape=%s"
                             % (self.name, self.input_shape, (None, *x.shape[1:])))
        return x if x.ndim == len(self.input_shape) else x[..., None]

    @property
    def output_shape(self):
        return self.layers[-1].output_shape

    @property
    def weights(self):
        return [weight for layer in self.layers for weight in layer.weights]

    @property
    def trainable_weights(self):
        return [weight for layer in self.layers if layer.trainable for weight in layer.weights]

    trainable_variables = trainable_weights

    @property
    def trainable(self):
        return all(layer.trainable for layer in self.layers)

    @trainable.setter
    def trainable(self, value):
        for layer in self.layers:
            layer.trainable = value

    def get_weights(self):
        return [value for layer in self.layers for value in layer.get_weights()]

    def set_weights(self, values):
        values = list(values)
        for layer in self.layers:
            layer.set_weights(values[:len(layer.weights)])
            del values[:len(layer.weights)]

    def count_params(self):
        return sum(layer.count_params() for layer in self.layers)

    def pop(self):
        """Takes the last layer away."""
        if not self.layers:
            raise TypeError("There are no layers in the model.")
        self.layers.pop()

    def get_layer(self, name=None, index=None):
        for number, layer in enumerate(self.layers):
            if number == index or layer.name == name:
                return layer
        raise ValueError("No such layer: %s. Existing layers are: %s." % (name, [layer.name for layer in self.layers]))

    # training

    def compile(self, optimizer="rmsprop", loss=None, metrics=None, **options):
        _refuse("compile", options)
        self.optimizer, self.loss = optimizers.get(optimizer), losses.get(loss)
        self.metrics = [metric_named(metric, self.loss) for metric in metrics or ()]

    def _forward(self, x, training=False):
        for layer in self.layers:
            x = layer.call(x, training)
        return x

    def _train_batch(self, x, y):
        predicted = self._forward(x, True)
        slope = self.loss.slope(y, predicted)
        for layer in reversed(self.layers):
            slope = layer.backward(slope)
        self.optimizer.apply_gradients([pair for layer in self.layers if layer.trainable
                                        for pair in zip(layer.gradients, layer.weights)])
        return predicted

    def _compiled(self):
        if self.loss is None:
            raise RuntimeError("You must compile your model before training/testing. Use `model.compile(optimizer, loss)`.")

    def _figures(self, totals, count, prefix=""):
        return {prefix + name: float(np.float32(total / count)) for name, total in totals.items()}

    def _account(self, totals, y, predicted):
        totals["loss"] += float(np.sum(self.loss.samples(y, predicted)))
        for name, function in self.metrics:
            totals[name] += float(np.sum(function(y, predicted)))

    def fit(self, x, y, batch_size=32, epochs=1, verbose="auto", callbacks=None, validation_split=0.0, validation_data=None,
            shuffle=True, initial_epoch=0, **options):
        _refuse("fit", options)
        self._compiled()
        x, y = self._prepared(x), np.asarray(y)
        if len(x) != len(y):
            raise ValueError("Data cardinality is ambiguous:\n  x sizes: %d\n  y sizes: %d\nMake sure all arrays contain the same "
                             "number of samples." % (len(x), len(y)))
        if validation_split:
            kept = math.floor(len(x) * (1 - validation_split))
            validation_data = x[kept:], y[kept:]
            x, y = x[:kept], y[:kept]
        size = batch_size or 32
        history, verbose = History(), 1 if verbose == "auto" else verbose
        followers = [*(callbacks or ()), history]
        history.params = {"verbose": verbose, "epochs": epochs, "steps": len(_batches(len(x), size))}
        self.stop_training = False
        progress = Progress(verbose, history.params["steps"])
        for follower in followers:
            follower.model = self
            follower.on_train_begin()
        for epoch in range(initial_epoch, epochs):
            progress.epoch(epoch + 1, epochs)
            for follower in followers:
                follower.on_epoch_begin(epoch)
            order = generator().permutation(len(x)) if shuffle else np.arange(len(x))
            totals = dict.fromkeys(self.metrics_names, 0.0)
            for part in _batches(len(x), size):
                chosen = order[part]
                self._account(totals, y[chosen], self._train_batch(x[chosen], y[chosen]))
            figures = self._figures(totals, len(x))
            if validation_data is not None:
                figures.update(self._figures(self._evaluate(*validation_data, size), len(validation_data[0]), "val_"))
            progress.done(figures)
            for follower in followers:
                follower.on_epoch_end(epoch, figures)
            if self.stop_training:
                break
        for follower in followers:
            follower.on_train_end()
        self.history = history
        return history

    @property
    def metrics_names(self):
        return ["loss", *(name for name, _ in self.metrics)]

    def _on_batch(self, x, y, predict):
        self._compiled()
        x, y = self._prepared(x), np.asarray(y)
        totals = dict.fromkeys(self.metrics_names, 0.0)
        self._account(totals, y, predict(x, y))
        figures = list(self._figures(totals, len(x)).values())
        return figures if self.metrics else figures[0]

    def train_on_batch(self, x, y):
        return self._on_batch(x, y, self._train_batch)

    def test_on_batch(self, x, y):
        return self._on_batch(x, y, lambda x, y: self._forward(x))

    def predict_on_batch(self, x):
        return self._forward(self._prepared(x))

    def _evaluate(self, x, y, size):
        x, y = self._prepared(x), np.asarray(y)
        totals = dict.fromkeys(self.metrics_names, 0.0)
        for part in _batches(len(x), size):
            self._account(totals, y[part], self._forward(x[part]))
        return totals

    def evaluate(self, x, y, batch_size=32, verbose="auto", return_dict=False):
        self._compiled()
        progress = Progress(verbose, len(_batches(len(x), batch_size)))
        figures = self._figures(self._evaluate(x, y, batch_size), len(x))
        progress.done(figures)
        if return_dict:
            return figures
        return list(figures.values()) if self.metrics else figures["loss"]

    def predict(self, x, batch_size=32, verbose="auto"):
        x = self._prepared(x)
        parts = _batches(len(x), batch_size or 32)
        progress = Progress(verbose, len(parts))
        result = np.concatenate([self._forward(x[part]) for part in parts])
        progress.done({})
        return result

    def __call__(self, x, training=False):
        return self._forward(self._prepared(x), training)

    # showing

    def summary(self, line_length=65, print_fn=print):
        if self.input_shape is None:
            raise ValueError("This model has not yet been built. Build the model first by calling `build()` or by calling the "
                             "model on a batch of data.")
        ends = [int(line_length * part) for part in (0.45, 0.85, 1.0)]

        def row(*fields):
            rest = list(fields)
            while any(rest):
                line = ""
                for column, end in enumerate(ends):
                    gap = 2 if column < 2 else 0
                    room = end - (ends[column - 1] if column else 0) - gap
                    line += (" " if column == 0 else "") + rest[column][:room] + " " * gap
                    rest[column] = rest[column][room:]
                    line += " " * (end - len(line))
                print_fn(line)
        print_fn('Model: "%s"' % self.name)
        print_fn("_" * line_length)
        row("Layer (type)", "Output Shape", "Param #")
        print_fn("=" * line_length)
        for number, layer in enumerate(self.layers):
            if number:
                print_fn(" " * line_length)
            row("%s (%s)" % (layer.name, type(layer).__name__), str(layer.output_shape), str(layer.count_params()))
        total = self.count_params()
        trained = sum(layer.count_params() for layer in self.layers if layer.trainable)
        print_fn("=" * line_length)
        print_fn("Total params: {:,}".format(total))
        print_fn("Trainable params: {:,}".format(trained))
        print_fn("Non-trainable params: {:,}".format(total - trained))
        print_fn("_" * line_length)

    # keeping

    def save_weights(self, path):
        """An .npz of all weights in order (Keras writes HDF5 or its own format)."""
        np.savez(path, **{"weight_%d" % i: value for i, value in enumerate(self.get_weights())})

    def load_weights(self, path):
        with np.load(path) as archive:
            self.set_weights([archive["weight_%d" % i] for i in range(len(archive.files))])


class Model:
    def __new__(cls, *args, **options):
        raise NotImplementedError("hybridsim's keras has sequential models only, no functional or subclassed ones")


def load_model(path):
    raise NotImplementedError("hybridsim's keras cannot read saved models; load_weights reads what its save_weights wrote")
