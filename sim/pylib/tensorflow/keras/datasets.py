"""Data sets that lie on this machine: ~/.keras/datasets, where Keras keeps what it once loaded. Nothing is loaded from a network.

NAME.npz (x_train, y_train, x_test, y_test) is read of each; of fashion_mnist also the files that Keras keeps.
"""
import gzip
import os
import sys
import types

import numpy as np

ORIGIN = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"
FASHION = ("train-labels-idx1-ubyte.gz", "train-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz", "t10k-images-idx3-ubyte.gz")


def _place(name):
    return name if os.path.isabs(name) else os.path.join(os.path.expanduser("~"), ".keras", "datasets", name)


def _fail(url):
    """What Keras does where there is no network."""
    print("Downloading data from", url)
    raise Exception("URL fetch failure on %s: None -- [Errno -3] Temporary failure in name resolution" % url)


def _read(path, url, suffix=""):
    if not os.path.exists(_place(path)):
        _fail(url)
    with np.load(_place(path), allow_pickle=False) as archive:
        return (archive["x_train"], archive["y_train" + suffix]), (archive["x_test"], archive["y_test" + suffix])


def _load_mnist(path="mnist.npz"):
    return _read(path, ORIGIN + "mnist.npz")


def _unpacked(name, offset):
    with gzip.open(name, "rb") as file:
        return np.frombuffer(file.read(), np.uint8, offset=offset)


def _load_fashion_mnist():
    files = [_place(os.path.join("fashion-mnist", name)) for name in FASHION]
    if os.path.exists(_place("fashion_mnist.npz")) or not all(map(os.path.exists, files)):
        return _read("fashion_mnist.npz", ORIGIN + FASHION[0])
    y_train, x_train, y_test, x_test = (_unpacked(name, 8 if "labels" in name else 16) for name in files)
    return (x_train.reshape(-1, 28, 28), y_train), (x_test.reshape(-1, 28, 28), y_test)


def _load_cifar10():
    return _read("cifar10.npz", "https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz")


def _load_cifar100(label_mode="fine"):
    """The archive's labels are y_train and y_test, or, of both kinds, y_train_fine, y_train_coarse and so on."""
    if label_mode not in ("fine", "coarse"):
        raise ValueError('`label_mode` must be one of `"fine"`, `"coarse"`. Received: label_mode=%s.' % label_mode)
    path, suffix = _place("cifar100.npz"), ""
    if os.path.exists(path):
        with np.load(path, allow_pickle=False) as archive:
            if label_mode == "coarse" or "y_train_fine" in archive.files:
                suffix = "_" + label_mode
    return _read(path, "https://www.cs.toronto.edu/~kriz/cifar-100-python.tar.gz", suffix)


def _module(name, load_data):
    module = types.ModuleType(__name__ + "." + name, "The data set %s from local files." % name)
    load_data.__name__ = load_data.__qualname__ = "load_data"
    module.load_data = load_data
    sys.modules[module.__name__] = module
    return module


def __getattr__(name):
    raise AttributeError("module 'tensorflow.keras.datasets' has no attribute '%s' (not in hybridsim's slice of it)" % name)


mnist = _module("mnist", _load_mnist)
fashion_mnist = _module("fashion_mnist", _load_fashion_mnist)
cifar10 = _module("cifar10", _load_cifar10)
cifar100 = _module("cifar100", _load_cifar100)
