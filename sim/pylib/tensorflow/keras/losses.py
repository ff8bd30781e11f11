"""Losses: for each sample, and the slope of their mean at the predictions."""
import math

import numpy as np

from ..tensor import Tensor
from . import functions
from .registry import find

EPSILON = 1e-7      # Keras keeps probabilities this far from 0 and 1


def _like(y_true, y_pred):
    """The targets as float32: a missing last dimension of one is added, one too many taken away."""
    y_true = np.asarray(y_true, dtype=np.float32)
    if y_true.ndim == y_pred.ndim - 1 and (y_pred.shape[-1] == 1 or y_true.ndim == 1):
        return y_true[..., None]
    if y_true.ndim == y_pred.ndim + 1 and y_true.shape[-1] == 1:
        return y_true[..., 0]
    return y_true


class Loss:
    """`samples` has a number for each sample; `slope` is that of their mean."""

    def __init__(self, reduction="auto", name=None):
        reduction = str(reduction).lower()
        if reduction not in ("auto", "sum_over_batch_size", "sum", "none"):
            raise ValueError("Invalid Reduction Key: %s. Expected keys are \"('auto', 'none', 'sum', 'sum_over_batch_size')\""
                             % reduction)
        self.reduction, self.name = reduction, name

    def __call__(self, y_true, y_pred, sample_weight=None):
        values = self.samples(np.asarray(y_true), np.asarray(y_pred, dtype=np.float32))
        if sample_weight is not None:
            values = values * np.asarray(sample_weight, dtype=np.float32)
        if self.reduction != "none":
            values = np.sum(values) if self.reduction == "sum" else np.mean(values)
        return Tensor(np.asarray(values, dtype=np.float32))

    def share(self, y_pred):
        """What one sample is of the mean."""
        return np.float32(1 / math.prod(y_pred.shape[:-1]))


class FromProbabilities(Loss):
    def __init__(self, from_logits=False, label_smoothing=0.0, **options):
        super().__init__(**options)
        self.from_logits, self.label_smoothing = from_logits, label_smoothing

    def smoothed(self, targets, level):
        if not self.label_smoothing:
            return targets
        return targets * np.float32(1 - self.label_smoothing) + np.float32(level * self.label_smoothing)


class CategoricalCrossentropy(FromProbabilities):
    def targets(self, y_true, y_pred):
        targets = _like(y_true, y_pred)
        if targets.shape != y_pred.shape:
            raise ValueError("Shapes %s and %s are incompatible" % ((None, *targets.shape[1:]), (None, *y_pred.shape[1:])))
        return self.smoothed(targets, 1 / y_pred.shape[-1])

    def probabilities(self, y_pred):
        if self.from_logits:
            return functions.softmax(y_pred)
        return y_pred / np.sum(y_pred, axis=-1, keepdims=True)

    def samples(self, y_true, y_pred):
        inside = np.clip(self.probabilities(y_pred), EPSILON, 1 - EPSILON)
        return -np.sum(self.targets(y_true, y_pred) * np.log(inside), axis=-1)

    def slope(self, y_true, y_pred):
        targets, probabilities = self.targets(y_true, y_pred), self.probabilities(y_pred)
        if self.from_logits:
            return (probabilities * np.sum(targets, axis=-1, keepdims=True) - targets) * self.share(y_pred)
        inside = np.clip(probabilities, EPSILON, 1 - EPSILON)
        by_probability = -targets / inside
        by_output = by_probability - np.sum(by_probability * probabilities, axis=-1, keepdims=True)
        return by_output / np.sum(y_pred, axis=-1, keepdims=True) * self.share(y_pred)


class SparseCategoricalCrossentropy(CategoricalCrossentropy):
    """Labels are numbers of classes."""

    def __init__(self, from_logits=False, **options):
        super().__init__(from_logits, **options)

    def targets(self, y_true, y_pred):
        labels = np.asarray(y_true).reshape(-1).astype(np.int64)
        classes = y_pred.shape[-1]
        if len(labels) and (labels.min() < 0 or labels.max() >= classes):
            raise ValueError("Received a label value of %d which is outside the valid range of [0, %d)."
                             % (labels.max() if labels.max() >= classes else labels.min(), classes))
        result = np.zeros((len(labels), classes), dtype=np.float32)
        result[np.arange(len(labels)), labels] = 1
        return result.reshape(y_pred.shape)


class BinaryCrossentropy(FromProbabilities):
    def probabilities(self, y_pred):
        return functions.sigmoid(y_pred) if self.from_logits else y_pred

    def targets(self, y_true, y_pred):
        targets = _like(y_true, y_pred)
        if targets.shape != y_pred.shape:
            raise ValueError("`logits` and `labels` must have the same shape, received (%s vs %s)."
                             % ((None, *y_pred.shape[1:]), (None, *targets.shape[1:])))
        return self.smoothed(targets, 0.5)

    def samples(self, y_true, y_pred):
        targets = self.targets(y_true, y_pred)
        inside = np.clip(self.probabilities(y_pred), EPSILON, 1 - EPSILON)
        return -np.mean(targets * np.log(inside) + (1 - targets) * np.log(1 - inside), axis=-1)

    def slope(self, y_true, y_pred):
        targets, probabilities = self.targets(y_true, y_pred), self.probabilities(y_pred)
        if self.from_logits:
            return (probabilities - targets) / np.float32(y_pred.size)
        inside = np.clip(probabilities, EPSILON, 1 - EPSILON)
        return (inside - targets) / (inside * (1 - inside)) / np.float32(y_pred.size)


class OfDifference(Loss):
    """The mean over a sample's outputs of a function of target and output: `element`, and its slope at the output."""

    def samples(self, y_true, y_pred):
        return np.mean(self.element(_like(y_true, y_pred), y_pred), axis=-1)

    def slope(self, y_true, y_pred):
        return self.element_slope(_like(y_true, y_pred), y_pred) / np.float32(y_pred.size)


class MeanSquaredError(OfDifference):
    def element(self, y, p):
        return (y - p) ** 2

    def element_slope(self, y, p):
        return 2 * (p - y)


class MeanAbsoluteError(OfDifference):
    def element(self, y, p):
        return np.abs(y - p)

    def element_slope(self, y, p):
        return np.sign(p - y)


class MeanAbsolutePercentageError(OfDifference):
    def element(self, y, p):
        return 100 * np.abs((y - p) / np.maximum(np.abs(y), EPSILON))

    def element_slope(self, y, p):
        return 100 * np.sign(p - y) / np.maximum(np.abs(y), EPSILON)


class MeanSquaredLogarithmicError(OfDifference):
    def element(self, y, p):
        return (np.log1p(np.maximum(p, EPSILON)) - np.log1p(np.maximum(y, EPSILON))) ** 2

    def element_slope(self, y, p):
        inside = np.maximum(p, EPSILON)
        return 2 * (np.log1p(inside) - np.log1p(np.maximum(y, EPSILON))) / (1 + inside) * (p > EPSILON)


class Huber(OfDifference):
    """P. J. Huber, 1964: squared near 0, linear beyond delta."""

    def __init__(self, delta=1.0, **options):
        super().__init__(**options)
        self.delta = delta

    def element(self, y, p):
        distance = np.abs(y - p)
        return np.where(distance <= self.delta, distance ** 2 / 2, self.delta * distance - self.delta ** 2 / 2)

    def element_slope(self, y, p):
        return np.clip(p - y, -self.delta, self.delta)


class Hinge(OfDifference):
    """Targets of 0 and 1 count as -1 and 1."""

    def signs(self, y):
        return 2 * y - 1 if np.all((y == 0) | (y == 1)) else y

    def element(self, y, p):
        return np.maximum(1 - self.signs(y) * p, 0)

    def element_slope(self, y, p):
        return -self.signs(y) * (self.signs(y) * p < 1)


class Poisson(OfDifference):
    def element(self, y, p):
        return p - y * np.log(p + EPSILON)

    def element_slope(self, y, p):
        return 1 - y / (p + EPSILON)


class KLDivergence(Loss):
    def parts(self, y_true, y_pred):
        return np.clip(_like(y_true, y_pred), EPSILON, 1), np.clip(y_pred, EPSILON, 1)

    def samples(self, y_true, y_pred):
        y, p = self.parts(y_true, y_pred)
        return np.sum(y * np.log(y / p), axis=-1)

    def slope(self, y_true, y_pred):
        y, p = self.parts(y_true, y_pred)
        return -y / p * self.share(y_pred)


def _function(name, kind):
    def loss(y_true, y_pred, **options):
        return Tensor(kind(**options).samples(np.asarray(y_true), np.asarray(y_pred, dtype=np.float32)))
    loss.__name__ = loss.__qualname__ = name
    loss.kind = kind
    return loss


_kinds = {"sparse_categorical_crossentropy": SparseCategoricalCrossentropy, "categorical_crossentropy": CategoricalCrossentropy,
          "binary_crossentropy": BinaryCrossentropy, "mean_squared_error": MeanSquaredError,
          "mean_absolute_error": MeanAbsoluteError,
          "mean_absolute_percentage_error": MeanAbsolutePercentageError,
          "mean_squared_logarithmic_error": MeanSquaredLogarithmicError, "huber": Huber, "hinge": Hinge, "poisson": Poisson,
          "kl_divergence": KLDivergence}
_kinds.update(mse=MeanSquaredError, mae=MeanAbsoluteError, mape=MeanAbsolutePercentageError, msle=MeanSquaredLogarithmicError,
              kld=KLDivergence)
globals().update({name: _function(name, kind) for name, kind in _kinds.items()})
MSE, MAE, MAPE, MSLE, KLD = (globals()[name] for name in ("mse", "mae", "mape", "msle", "kld"))
_table = {**_kinds, **{kind.__name__: kind for kind in _kinds.values()}}


def get(identifier):
    found = find("loss function", _table, getattr(identifier, "kind", identifier))
    if isinstance(found, type):
        found = found()
    if found is not None and not isinstance(found, Loss):
        raise NotImplementedError("hybridsim's keras cannot derive a loss of one's own: %r" % (identifier,))
    return found


def __getattr__(name):
    raise AttributeError("module 'tensorflow.keras.losses' has no attribute '%s' (not in hybridsim's slice of it)" % name)
