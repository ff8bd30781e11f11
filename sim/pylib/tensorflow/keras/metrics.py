"""Metrics: for each sample, averaged over an epoch."""
import numpy as np

from . import losses
from .registry import find


def categorical_accuracy(y_true, y_pred):
    return np.argmax(y_true, axis=-1) == np.argmax(y_pred, axis=-1)


def sparse_categorical_accuracy(y_true, y_pred):
    return np.asarray(y_true).reshape(-1) == np.argmax(y_pred, axis=-1)


def binary_accuracy(y_true, y_pred, threshold=0.5):
    return np.mean((y_pred > threshold) == (np.asarray(y_true).reshape(y_pred.shape) > 0.5), axis=-1)


def mean_squared_error(y_true, y_pred):
    return losses.MeanSquaredError().samples(y_true, y_pred)


def mean_absolute_error(y_true, y_pred):
    return np.mean(np.abs(np.asarray(y_true, dtype=np.float32).reshape(y_pred.shape) - y_pred), axis=-1)


def accuracy_for(loss):
    """What Keras takes "accuracy" for, by the loss."""
    if isinstance(loss, losses.SparseCategoricalCrossentropy):
        return sparse_categorical_accuracy
    if isinstance(loss, losses.CategoricalCrossentropy):
        return categorical_accuracy
    return binary_accuracy


_table = {f.__name__: f for f in (categorical_accuracy, sparse_categorical_accuracy, binary_accuracy, mean_squared_error,
                                 mean_absolute_error)}
_table.update(mse=mean_squared_error, mae=mean_absolute_error)


def named(identifier, loss):
    """(name in reports, function)"""
    if identifier in ("accuracy", "acc"):
        return identifier, accuracy_for(loss)
    function = find("metric function", _table, identifier)
    return identifier if isinstance(identifier, str) else function.__name__, function
