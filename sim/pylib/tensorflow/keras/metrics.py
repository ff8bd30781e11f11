"""Metrics: what is counted over the batches of an epoch."""
import numpy as np

from ..tensor import Tensor
from . import losses


def _labels(y_true, y_pred):
    """Numbers of classes, in the shape of the predictions without their last dimension."""
    return np.asarray(y_true).reshape(y_pred.shape[:-1])


def categorical_accuracy(y_true, y_pred):
    return np.argmax(y_true, axis=-1) == np.argmax(y_pred, axis=-1)


def sparse_categorical_accuracy(y_true, y_pred):
    y_pred = np.asarray(y_pred)
    return _labels(y_true, y_pred) == np.argmax(y_pred, axis=-1)


def binary_accuracy(y_true, y_pred, threshold=0.5):
    y_pred = np.asarray(y_pred)
    return np.mean((y_pred > threshold) == (losses._like(y_true, y_pred) > 0.5), axis=-1)


def sparse_top_k_categorical_accuracy(y_true, y_pred, k=5):
    """The label's score is among the k highest: fewer than k are higher."""
    y_pred = np.asarray(y_pred)
    own = np.take_along_axis(y_pred, _labels(y_true, y_pred).astype(np.int64)[..., None], axis=-1)
    return np.sum(y_pred > own, axis=-1) < k


def top_k_categorical_accuracy(y_true, y_pred, k=5):
    return sparse_top_k_categorical_accuracy(np.argmax(y_true, axis=-1), y_pred, k)


class Metric:
    parameters = {}     # beside the name, of classes: what makes the same one again

    def __init__(self, name=None, dtype=None):
        self.name = name
        self.reset_state()

    def __call__(self, *values, **options):
        self.update_state(*values, **options)
        return self.result()

    def result(self):
        return Tensor(np.float32(self.value()))

    def get_config(self):
        return {"name": self.name, "dtype": "float32", **self.parameters}


class Mean(Metric):
    def __init__(self, name="mean", dtype=None):
        super().__init__(name, dtype)

    def reset_state(self):
        self.total, self.count = 0.0, 0.0

    def update_state(self, values, sample_weight=None):
        values = np.asarray(values, dtype=np.float64)
        if sample_weight is None:
            self.total, self.count = self.total + float(values.sum()), self.count + values.size
        else:
            weights = np.broadcast_to(np.asarray(sample_weight, dtype=np.float64), values.shape)
            self.total, self.count = self.total + float((values * weights).sum()), self.count + float(weights.sum())

    def value(self):
        return self.total / self.count if self.count else 0.0


class MeanOfFunction(Mean):
    """The mean over samples of a function of targets and predictions."""

    def __init__(self, function, name=None, dtype=None, **options):
        super().__init__(name or function.__name__, dtype)
        self.function, self.parameters = function, options

    def update_state(self, y_true, y_pred, sample_weight=None):
        super().update_state(self.function(np.asarray(y_true), np.asarray(y_pred), **self.parameters), sample_weight)


class Chosen(MeanOfFunction):
    """"accuracy" and "crossentropy": which one, the shapes of the first batch say."""

    def __init__(self, name, binary, sparse, categorical):
        super().__init__(binary, name)
        self.functions = binary, sparse, categorical

    def update_state(self, y_true, y_pred, sample_weight=None):
        binary, sparse, categorical = self.functions
        rows = np.shape(y_true)
        self.function = (binary if y_pred.shape[-1] == 1 else
                         sparse if len(rows) < y_pred.ndim or rows[-1] == 1 else categorical)
        super().update_state(y_true, y_pred, sample_weight)


def _accuracy(y_true, y_pred):
    return np.asarray(y_true) == np.asarray(y_pred)


class Accuracy(MeanOfFunction):
    def __init__(self, name="accuracy", dtype=None):
        super().__init__(_accuracy, name, dtype)


class BinaryAccuracy(MeanOfFunction):
    def __init__(self, name="binary_accuracy", dtype=None, threshold=0.5):
        super().__init__(binary_accuracy, name, dtype, threshold=threshold)


class CategoricalAccuracy(MeanOfFunction):
    def __init__(self, name="categorical_accuracy", dtype=None):
        super().__init__(categorical_accuracy, name, dtype)


class SparseCategoricalAccuracy(MeanOfFunction):
    def __init__(self, name="sparse_categorical_accuracy", dtype=None):
        super().__init__(sparse_categorical_accuracy, name, dtype)


class TopKCategoricalAccuracy(MeanOfFunction):
    def __init__(self, k=5, name="top_k_categorical_accuracy", dtype=None):
        super().__init__(top_k_categorical_accuracy, name, dtype, k=k)


class SparseTopKCategoricalAccuracy(MeanOfFunction):
    def __init__(self, k=5, name="sparse_top_k_categorical_accuracy", dtype=None):
        super().__init__(sparse_top_k_categorical_accuracy, name, dtype, k=k)


def _of_loss(name):
    kind = losses._kinds[name]

    class Kind(MeanOfFunction):
        def __init__(self, name=name, dtype=None, **options):
            samples = kind(**options).samples
            super().__init__(lambda y_true, y_pred, **_: samples(y_true, y_pred), name, dtype, **options)
    Kind.__name__ = Kind.__qualname__ = kind.__name__
    return Kind


MeanSquaredError, MeanAbsoluteError = _of_loss("mean_squared_error"), _of_loss("mean_absolute_error")
MeanAbsolutePercentageError = _of_loss("mean_absolute_percentage_error")
MeanSquaredLogarithmicError = _of_loss("mean_squared_logarithmic_error")
BinaryCrossentropy, CategoricalCrossentropy = _of_loss("binary_crossentropy"), _of_loss("categorical_crossentropy")
SparseCategoricalCrossentropy = _of_loss("sparse_categorical_crossentropy")
KLDivergence, Poisson, Hinge = _of_loss("kl_divergence"), _of_loss("poisson"), _of_loss("hinge")


class RootMeanSquaredError(MeanOfFunction):
    def __init__(self, name="root_mean_squared_error", dtype=None):
        super().__init__(lambda y, p: (losses._like(y, p) - p) ** 2, name, dtype)

    def value(self):
        return super().value() ** 0.5


class Counted(Metric):
    """Of the predictions above a threshold: how many are right and wrong, and how many were missed."""

    def __init__(self, thresholds=None, name=None, dtype=None):
        self.threshold = 0.5 if thresholds is None else thresholds
        self.parameters = {"thresholds": self.threshold}
        super().__init__(name, dtype)

    def reset_state(self):
        self.right = self.wrong = self.missed = 0.0

    def update_state(self, y_true, y_pred, sample_weight=None):
        y_pred = np.asarray(y_pred, dtype=np.float32)
        wanted, found = losses._like(y_true, y_pred) > 0.5, y_pred > self.threshold
        weights = np.ones(found.shape)
        if sample_weight is not None:
            weights = weights * np.asarray(sample_weight).reshape(len(weights), *[1] * (weights.ndim - 1))
        self.right += float((weights * (found & wanted)).sum())
        self.wrong += float((weights * (found & ~wanted)).sum())
        self.missed += float((weights * (~found & wanted)).sum())


class Precision(Counted):
    def __init__(self, thresholds=None, name="precision", dtype=None):
        super().__init__(thresholds, name, dtype)

    def value(self):
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 0.0


class Recall(Counted):
    def __init__(self, thresholds=None, name="recall", dtype=None):
        super().__init__(thresholds, name, dtype)

    def value(self):
        return self.right / (self.right + self.missed) if self.right + self.missed else 0.0


_functions = {f.__name__: f for f in (categorical_accuracy, sparse_categorical_accuracy, binary_accuracy,
                                      top_k_categorical_accuracy, sparse_top_k_categorical_accuracy)}
globals().update({name: getattr(losses, name) for name in losses._kinds})
_classes = {name: kind for name, kind in list(globals().items()) if isinstance(kind, type) and issubclass(kind, Metric)}


def get(identifier):
    """A metric for what compile was given; a function gives its name."""
    if isinstance(identifier, Metric):
        return identifier
    if isinstance(identifier, dict):
        return _classes[identifier["class_name"]](**identifier["config"])
    if identifier in ("accuracy", "acc", "Accuracy"):
        return Chosen(identifier, binary_accuracy, sparse_categorical_accuracy, categorical_accuracy)
    if identifier in ("crossentropy", "ce"):
        return Chosen(identifier, *(losses._kinds[name]().samples for name in
                                    ("binary_crossentropy", "sparse_categorical_crossentropy", "categorical_crossentropy")))
    if isinstance(identifier, str):
        if identifier in _functions:
            return MeanOfFunction(_functions[identifier], identifier)
        if identifier in losses._kinds:
            return MeanOfFunction(losses._kinds[identifier]().samples, identifier)
        if identifier in _classes:
            return _classes[identifier]()
        raise ValueError("Unknown metric function: '%s'. Please ensure you are using one that hybridsim's keras has: %s"
                         % (identifier, ", ".join(sorted({*_functions, *losses._kinds, *_classes}))))
    if isinstance(identifier, type):
        return identifier()
    return MeanOfFunction(identifier)


def serialize(metric):
    """What `get` makes the same metric of."""
    if _classes.get(type(metric).__name__) is type(metric) and not isinstance(metric,
                                                                              Chosen) and type(metric) is not MeanOfFunction:
        return {"class_name": type(metric).__name__, "config": metric.get_config()}
    if not isinstance(metric, Chosen) and metric.name not in _functions and metric.name not in losses._kinds:
        raise NotImplementedError("hybridsim's keras cannot save a metric of one's own: %s (save with include_optimizer=False)"
                                  % metric.name)
    return metric.name


def __getattr__(name):
    raise AttributeError("module 'tensorflow.keras.metrics' has no attribute '%s' (not in hybridsim's slice of it)" % name)
