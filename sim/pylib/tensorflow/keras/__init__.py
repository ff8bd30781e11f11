"""tensorflow.keras: sequential and functional models of dense and convolutional layers."""
from . import (activations, backend, callbacks, datasets, initializers, layers, losses, metrics, models, optimizers, regularizers,
               utils)
from .layers import Input
from .models import Model, Sequential

__version__ = "2.11.0"


def __getattr__(name):
    raise AttributeError("module 'tensorflow.keras' has no attribute '%s' (not in hybridsim's slice of it)" % name)
