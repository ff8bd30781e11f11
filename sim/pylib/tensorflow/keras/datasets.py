"""Data sets that lie on this machine: ~/.keras/datasets, where Keras keeps what it once loaded. Nothing is loaded from a network."""
import os
import sys
import types

import numpy as np

ORIGIN = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"


def _file(path):
    place = path if os.path.isabs(path) else os.path.join(os.path.expanduser("~"), ".keras", "datasets", path)
    if os.path.exists(place):
        return place
    url = ORIGIN + os.path.basename(path)
    print("Downloading data from", url)
    # What Keras raises where there is no network
    raise Exception("URL fetch failure on %s: None -- [Errno -3] Temporary failure in name resolution" % url)


def _loader(name, default):
    def load_data(path=default):
        with np.load(_file(path), allow_pickle=False) as archive:
            return (archive["x_train"], archive["y_train"]), (archive["x_test"], archive["y_test"])
    module = types.ModuleType(__name__ + "." + name, "The data set %s from a local %s." % (name, default))
    module.load_data = load_data
    sys.modules[module.__name__] = module
    return module


def __getattr__(name):
    raise AttributeError("module 'tensorflow.keras.datasets' has no attribute '%s' (not in hybridsim's slice of it)" % name)


mnist = _loader("mnist", "mnist.npz")
fashion_mnist = _loader("fashion_mnist", "fashion_mnist.npz")
cifar10 = _loader("cifar10", "cifar10.npz")
