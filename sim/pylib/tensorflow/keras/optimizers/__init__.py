"""Optimisers: change weights along their gradients. The formulas are those of Keras 2.11."""
import math
import warnings

import numpy as np

from ...tensor import Variable
from . import schedules
from ..registry import check_options, instance

# What Keras's optimisers take and these do not
_NEUTRAL = {"weight_decay": (None,), "use_ema": (False,), "ema_momentum": (0.99,), "ema_overwrite_frequency": (None, 100),
            "jit_compile": (True, False), "amsgrad": (False,)}


class Optimizer:
    """`lr` is another name of learning_rate, as before Keras 2.11, which would ignore it; `decay` is refused as there."""

    config_names = ()

    def __init__(self, learning_rate, clipnorm=None, clipvalue=None, global_clipnorm=None, name=None, **options):
        self.name = name or type(self).__name__
        if "lr" in options:
            inits = sum("__init__" in vars(kind) for kind in type(self).__mro__[:-1])
            warnings.warn("The `lr` argument is deprecated, use `learning_rate` instead.", stacklevel=inits + 1)
            learning_rate = options.pop("lr")
        if options.pop("decay", None):
            raise ValueError("decay is deprecated in the new Keras optimizer, pleasecheck the docstring for valid arguments, or "
                             "use the "
                             "legacy optimizer, e.g., tf.keras.optimizers.legacy.%s." % type(self).__name__)
        check_options(type(self).__name__, options, _NEUTRAL)
        if len([limit for limit in (clipnorm, clipvalue, global_clipnorm) if limit is not None]) > 1:
            raise ValueError("At most one of `clipnorm`, `clipvalue` and `global_clipnorm` can be set.")
        self.clipnorm, self.clipvalue, self.global_clipnorm = clipnorm, clipvalue, global_clipnorm
        self.schedule = learning_rate if isinstance(learning_rate, schedules.LearningRateSchedule) else None
        self.rate = Variable("learning_rate", np.float32(0.0 if self.schedule else learning_rate), False)
        self.steps = 0
        self.slots, self.owners = {}, {}    # arrays by (id of a weight, name); the weights by their ids, which so stay theirs

    @property
    def learning_rate(self):
        return self.schedule or self.rate

    @learning_rate.setter
    def learning_rate(self, value):
        if self.schedule:
            raise TypeError("This optimizer was created with a `LearningRateSchedule` object as its `learning_rate` constructor "
                            "argument, hence its learning rate is not settable. If you need the learning rate to be settable, you "
                            "should instantiate the optimizer with a float `learning_rate` argument.")
        self.rate.assign(value)

    lr = learning_rate

    @property
    def iterations(self):
        return Variable("iteration", np.int64(self.steps), False)

    def slot(self, weight, name, start=0.0):
        """An array of this optimiser's own beside a weight."""
        key = id(weight), name
        if key not in self.slots:
            self.owners[id(weight)] = weight
            self.slots[key] = np.full(weight.shape, start, dtype=np.float32)
        return self.slots[key]

    def _clipped(self, gradients):
        if self.clipvalue is not None:
            return [np.clip(g, -self.clipvalue, self.clipvalue) for g in gradients]
        if self.clipnorm is not None:
            return [g * np.float32(self.clipnorm / max(self.clipnorm, float(np.sqrt(np.sum(g * g))))) for g in gradients]
        if self.global_clipnorm is not None:
            norm = math.sqrt(sum(float(np.sum(g * g)) for g in gradients))
            return [g * np.float32(self.global_clipnorm / max(self.global_clipnorm, norm)) for g in gradients]
        return gradients

    def apply_gradients(self, pairs):
        pairs = list(pairs)
        gradients = self._clipped([gradient for gradient, _ in pairs])
        rate = np.float32(self.schedule(self.steps) if self.schedule else float(self.rate))
        self.steps += 1
        for gradient, (_, weight) in zip(gradients, pairs):
            weight.value = weight.value - self.step(weight, gradient, rate)

    def get_config(self):
        config = {"name": self.name, "learning_rate": schedules.serialize(self.schedule) if self.schedule else float(self.rate),
                  "clipnorm": self.clipnorm, "clipvalue": self.clipvalue, "global_clipnorm": self.global_clipnorm}
        return {**config, **{name: getattr(self, name) for name in self.config_names}}

    @classmethod
    def from_config(cls, config):
        rate = config["learning_rate"]
        return cls(**{**config, "learning_rate": schedules.deserialize(rate) if isinstance(rate, dict) else rate})

    def state(self, weights):
        """The arrays that belong to these weights, for keeping: (place of the weight, name, array)."""
        return [(i, name, array) for i, weight in enumerate(weights) for (key, name), array in self.slots.items()
                if key == id(weight)]

    def set_state(self, weights, rows):
        for i, name, array in rows:
            self.slot(weights[i], name)[...] = array


class SGD(Optimizer):
    config_names = ("momentum", "nesterov")

    def __init__(self, learning_rate=0.01, momentum=0.0, nesterov=False, **options):
        super().__init__(learning_rate, **options)
        if not 0 <= momentum <= 1:
            raise ValueError("`momentum` must be between [0, 1].")
        self.momentum, self.nesterov = momentum, nesterov

    def step(self, weight, gradient, rate):
        if not self.momentum:
            return rate * gradient
        velocity = self.slot(weight, "velocity")
        velocity *= np.float32(self.momentum)
        velocity -= rate * gradient
        return rate * gradient - np.float32(self.momentum) * velocity if self.nesterov else -velocity


class RMSprop(Optimizer):
    """T. Tieleman and G. Hinton, 2012."""

    config_names = ("rho", "momentum", "epsilon", "centered")

    def __init__(self, learning_rate=0.001, rho=0.9, momentum=0.0, epsilon=1e-7, centered=False, **options):
        super().__init__(learning_rate, **options)
        self.rho, self.momentum, self.epsilon, self.centered = rho, momentum, epsilon, centered

    def step(self, weight, gradient, rate):
        square = self.slot(weight, "square")
        square += (gradient * gradient - square) * np.float32(1 - self.rho)
        variance = square
        if self.centered:
            mean = self.slot(weight, "mean")
            mean += (gradient - mean) * np.float32(1 - self.rho)
            variance = square - mean * mean
        step = rate * gradient / np.sqrt(variance + np.float32(self.epsilon))
        if self.momentum:
            velocity = self.slot(weight, "velocity")
            velocity *= np.float32(self.momentum)
            velocity += step
            return velocity
        return step


class Moments(Optimizer):
    """Moving means of the gradient and of its square."""

    config_names = ("beta_1", "beta_2", "epsilon")

    def __init__(self, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, **options):
        super().__init__(learning_rate, **options)
        self.beta_1, self.beta_2, self.epsilon = beta_1, beta_2, epsilon

    def first(self, weight, gradient):
        first = self.slot(weight, "first")
        first += (gradient - first) * np.float32(1 - self.beta_1)
        return first

    def second(self, weight, gradient):
        second = self.slot(weight, "second")
        second += (gradient * gradient - second) * np.float32(1 - self.beta_2)
        return second


class Adam(Moments):
    """D. P. Kingma and J. Ba, ICLR 2015, in the form of the paper's section 2, last paragraph, as Keras has it."""

    config_names = (*Moments.config_names, "amsgrad")

    def __init__(self, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, amsgrad=False, **options):
        super().__init__(learning_rate, beta_1, beta_2, epsilon, **options)
        self.amsgrad = amsgrad

    def step(self, weight, gradient, rate):
        first, second = self.first(weight, gradient), self.second(weight, gradient)
        if self.amsgrad:
            highest = self.slot(weight, "highest")
            np.maximum(highest, second, out=highest)
            second = highest
        scale = float(rate) * math.sqrt(1 - self.beta_2 ** self.steps) / (1 - self.beta_1 ** self.steps)
        return np.float32(scale) * first / (np.sqrt(second) + np.float32(self.epsilon))


class Adamax(Moments):
    def step(self, weight, gradient, rate):
        highest = self.slot(weight, "highest")
        np.maximum(np.float32(self.beta_2) * highest, np.abs(gradient), out=highest)
        scale = rate / np.float32(1 - self.beta_1 ** self.steps)
        return scale * self.first(weight, gradient) / (highest + np.float32(self.epsilon))


class Nadam(Moments):
    """T. Dozat, ICLR workshop 2016."""

    def factor(self, step):
        return self.beta_1 * (1 - 0.5 * 0.96 ** step)

    product, counted = 1.0, 0   # of the factors of all steps so far

    def step(self, weight, gradient, rate):
        while self.counted < self.steps:
            self.counted += 1
            self.product *= self.factor(self.counted)
        product = self.product
        now, after = self.factor(self.steps), self.factor(self.steps + 1)
        first = np.float32(after / (1 - product * after)) * self.first(weight, gradient)
        mean = first + np.float32((1 - now) / (1 - product)) * gradient
        variance = self.second(weight, gradient) / np.float32(1 - self.beta_2 ** self.steps)
        return rate * mean / (np.sqrt(variance) + np.float32(self.epsilon))


class Adagrad(Optimizer):
    """J. Duchi, E. Hazan, Y. Singer, JMLR 12 (2011)."""

    config_names = ("initial_accumulator_value", "epsilon")

    def __init__(self, learning_rate=0.001, initial_accumulator_value=0.1, epsilon=1e-7, **options):
        super().__init__(learning_rate, **options)
        self.initial_accumulator_value, self.epsilon = initial_accumulator_value, epsilon

    def step(self, weight, gradient, rate):
        total = self.slot(weight, "total", self.initial_accumulator_value)
        total += gradient * gradient
        return rate * gradient / np.sqrt(total + np.float32(self.epsilon))


class Adadelta(Optimizer):
    """M. D. Zeiler, 2012."""

    config_names = ("rho", "epsilon")

    def __init__(self, learning_rate=0.001, rho=0.95, epsilon=1e-7, **options):
        super().__init__(learning_rate, **options)
        self.rho, self.epsilon = rho, epsilon

    def step(self, weight, gradient, rate):
        square, moved = self.slot(weight, "square"), self.slot(weight, "moved")
        square += (gradient * gradient - square) * np.float32(1 - self.rho)
        step = gradient * np.sqrt(moved + np.float32(self.epsilon)) / np.sqrt(square + np.float32(self.epsilon))
        moved += (step * step - moved) * np.float32(1 - self.rho)
        return rate * step


_table = {kind.__name__.lower(): kind for kind in (SGD, RMSprop, Adam, Adamax, Nadam, Adagrad, Adadelta)}


def serialize(optimizer):
    return {"class_name": type(optimizer).__name__, "config": optimizer.get_config()}


def deserialize(config):
    return _table[config["class_name"].lower()].from_config(config["config"])


def get(identifier):
    if isinstance(identifier, dict):
        return deserialize(identifier)
    return instance("optimizer", _table, identifier.lower() if isinstance(identifier, str) else identifier)


def __getattr__(name):
    raise AttributeError("module 'tensorflow.keras.optimizers' has no attribute '%s' (not in hybridsim's slice of it)" % name)
