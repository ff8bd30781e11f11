"""Helpers for labels."""
import numpy as np

from ..random import set_seed


def to_categorical(y, num_classes=None, dtype="float32"):
    """Numbers of classes as rows with a single 1."""
    labels = np.array(y, dtype="int64")
    shape = labels.shape[:-1] if labels.ndim > 1 and labels.shape[-1] == 1 else labels.shape
    flat = labels.reshape(-1)
    classes = num_classes or int(flat.max()) + 1
    result = np.zeros((len(flat), classes), dtype=dtype)
    result[np.arange(len(flat)), flat] = 1
    return result.reshape(*shape, classes)


def normalize(x, axis=-1, order=2):
    length = np.atleast_1d(np.linalg.norm(x, order, axis))
    length[length == 0] = 1
    return x / np.expand_dims(length, axis)


def set_random_seed(seed):
    np.random.seed(seed)
    set_seed(seed)
