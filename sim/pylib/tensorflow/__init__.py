"""The slice of TensorFlow that small Keras programs use, in Python on numpy.

Not TensorFlow: no graphs, no devices, no automatic differentiation of user code. Layers know their own derivatives. Arrays
are numpy's, float32 as TensorFlow's defaults. Initial weights and shuffles are drawn from numpy's PCG64 under
`random.set_seed` (0 when it is not called), so that a run can be repeated; they are not TensorFlow's numbers.
"""
from . import keras, nn, random
from .tensor import Tensor

__version__ = "2.11.0"


def __getattr__(name):
    raise AttributeError("module 'tensorflow' has no attribute '%s' (hybridsim has tensorflow.keras, .nn and .random only)" % name)
