"""Models and weights kept in files: .npz archives of this package's own, not HDF5 nor TensorFlow's SavedModel."""
import json
import os

import numpy as np


def _checked(path):
    path = os.fspath(path)
    if path.endswith((".h5", ".hdf5", ".keras")):
        raise NotImplementedError("hybridsim's keras does not write or read HDF5: found %r, give a name that ends in .npz" % path)
    return path


def _weights(values):
    return {"weight_%d" % i: value for i, value in enumerate(values)}


def from_json(text):
    """JSON has lists only; Keras's configurations hold tuples for what these names say."""
    def tuples(value):
        return tuple(map(tuples, value)) if isinstance(value, list) else value

    def walk(entry):
        return {key: tuples(value) if key in ("batch_input_shape", "kernel_size", "strides", "pool_size", "padding", "cropping",
                                              "size",
                                              "target_shape", "dims", "dilation_rate") else value for key, value in entry.items()}
    return json.loads(text, object_hook=walk)


def save_weights(model, path):
    """Under exactly this name, .npz or not."""
    with open(_checked(path), "wb") as file:
        np.savez(file, **_weights(model.get_weights()))


def load_weights(model, path):
    with np.load(_checked(path), allow_pickle=False) as archive:
        model.set_weights([archive["weight_%d" % i] for i in range(sum(name.startswith("weight_") for name in archive.files))])


def save_model(model, path, overwrite=True, include_optimizer=True):
    """Configuration, weights, and, when it was compiled, the optimiser with what it remembers."""
    if not _checked(path).endswith(".npz"):
        raise NotImplementedError("hybridsim's keras does not write TensorFlow's SavedModel: found %r, give a name that ends in "
                                  ".npz"
                                  % os.fspath(path))
    about = {"class_name": model.class_name, "config": model.get_config()}
    arrays = _weights(model.get_weights())
    if model.loss is not None and include_optimizer:
        about["compiled"] = model.compiled_config()
        state = model.optimizer.state(model.weights)
        about["optimizer_state"] = [[i, name] for i, name, _ in state]
        arrays.update(("slot_%d" % i, array) for i, (_, _, array) in enumerate(state))
    with open(_checked(path), "wb") as file:
        np.savez(file, about=np.frombuffer(json.dumps(about).encode(), dtype=np.uint8), **arrays)


def load_model(path, compile=True):
    from . import models
    path = _checked(path)
    if not os.path.exists(path):
        raise OSError("No file or directory found at %s" % path)
    if os.path.isdir(path):
        raise NotImplementedError("hybridsim's keras does not read TensorFlow's SavedModel: %r is a directory" % path)
    with np.load(path, allow_pickle=False) as archive:
        if "about" not in archive.files:
            raise ValueError("%s holds weights only: load_weights reads it" % path)
        about = from_json(archive["about"].tobytes().decode())
        model = models.deserialize(about)
        model.set_weights([archive["weight_%d" % i] for i in range(len(model.weights))])
        if compile and "compiled" in about:
            steps = about["compiled"].pop("steps")
            model.compile(**about["compiled"])
            model.optimizer.steps = steps
            model.optimizer.set_state(model.weights, [(i, name, archive["slot_%d" % number])
                                                      for number, (i, name) in enumerate(about["optimizer_state"])])
    return model
