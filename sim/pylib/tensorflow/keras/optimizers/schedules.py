"""Learning rates by step: tensorflow.keras.optimizers.schedules."""
import math


class LearningRateSchedule:
    config_names = ()

    def get_config(self):
        return {name: getattr(self, name) for name in self.config_names}


class Decay(LearningRateSchedule):
    config_names = ("initial_learning_rate", "decay_steps", "decay_rate", "staircase")

    def __init__(self, initial_learning_rate, decay_steps, decay_rate, staircase=False):
        self.initial_learning_rate, self.decay_steps, self.decay_rate = initial_learning_rate, decay_steps, decay_rate
        self.staircase = staircase

    def part(self, step):
        return math.floor(step / self.decay_steps) if self.staircase else step / self.decay_steps


class ExponentialDecay(Decay):
    def __call__(self, step):
        return self.initial_learning_rate * self.decay_rate ** self.part(step)


class InverseTimeDecay(Decay):
    def __call__(self, step):
        return self.initial_learning_rate / (1 + self.decay_rate * self.part(step))


class PiecewiseConstantDecay(LearningRateSchedule):
    config_names = ("boundaries", "values")

    def __init__(self, boundaries, values):
        if len(boundaries) != len(values) - 1:
            raise ValueError("The length of boundaries should be 1 less than the length of values. Received: boundaries=%s of "
                             "length %d, "
                             "and values=%s of length %d." % (boundaries, len(boundaries), values, len(values)))
        self.boundaries, self.values = list(boundaries), list(values)

    def __call__(self, step):
        return self.values[sum(step > boundary for boundary in self.boundaries)]


class PolynomialDecay(LearningRateSchedule):
    config_names = ("initial_learning_rate", "decay_steps", "end_learning_rate", "power", "cycle")

    def __init__(self, initial_learning_rate, decay_steps, end_learning_rate=0.0001, power=1.0, cycle=False):
        self.initial_learning_rate, self.decay_steps, self.end_learning_rate = initial_learning_rate, decay_steps, end_learning_rate
        self.power, self.cycle = power, cycle

    def __call__(self, step):
        steps = self.decay_steps
        if self.cycle:
            steps *= max(1, math.ceil(step / steps))
        else:
            step = min(step, steps)
        return (self.initial_learning_rate - self.end_learning_rate) * (1 - step / steps) ** self.power + self.end_learning_rate


class CosineDecay(LearningRateSchedule):
    """I. Loshchilov and F. Hutter, ICLR 2017, without restarts."""

    config_names = ("initial_learning_rate", "decay_steps", "alpha")

    def __init__(self, initial_learning_rate, decay_steps, alpha=0.0):
        self.initial_learning_rate, self.decay_steps, self.alpha = initial_learning_rate, decay_steps, alpha

    def __call__(self, step):
        cosine = 0.5 * (1 + math.cos(math.pi * min(step, self.decay_steps) / self.decay_steps))
        return self.initial_learning_rate * ((1 - self.alpha) * cosine + self.alpha)


_table = {kind.__name__: kind for kind in (ExponentialDecay, InverseTimeDecay, PiecewiseConstantDecay, PolynomialDecay,
                                           CosineDecay)}


def serialize(schedule):
    return {"class_name": type(schedule).__name__, "config": schedule.get_config()}


def deserialize(config):
    return _table[config["class_name"]](**config["config"])


def __getattr__(name):
    raise AttributeError("module 'tensorflow.keras.optimizers.schedules' has no attribute '%s' (not in hybridsim's slice of it)"
                         % name)
