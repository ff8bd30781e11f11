"""Keras by its own name: package keras and its modules are tensorflow.keras and its."""
import sys

import tensorflow.keras

for _name, _module in list(sys.modules.items()):
    if _name.startswith("tensorflow.keras"):
        sys.modules[_name[len("tensorflow."):]] = _module
