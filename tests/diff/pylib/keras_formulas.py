# Batch normalisation, losses, metrics and optimisers against their formulas, written here by themselves in float64.
import math

import numpy as np
from tensorflow.keras import layers, losses, metrics, optimizers

rng = np.random.default_rng(5)

# the statistics that a batch normalisation keeps, and what it makes of them
for shape in ((16, 4), (6, 5, 5, 4)):
    x = rng.standard_normal((3, *shape)) * 2 + 1
    layer = layers.BatchNormalization(momentum=0.9, epsilon=0.01)
    mean, variance = np.zeros(4), np.ones(4)
    for batch in x:
        out = layer(batch, training=True).numpy()
        axes = tuple(range(batch.ndim - 1))
        wanted = (batch - batch.mean(axes)) / np.sqrt(batch.var(axes) + 0.01)
        mean = 0.9 * mean + 0.1 * batch.mean(axes)
        variance = 0.9 * variance + 0.1 * batch.var(axes, ddof=1 if batch.ndim == 4 else 0)
        print(np.abs(out - wanted).max() < 1e-5)
    print(np.abs(layer.moving_mean.numpy() - mean).max() < 1e-5, np.abs(layer.moving_variance.numpy() - variance).max() < 1e-5,
          np.abs(layer(x[0]).numpy() - (x[0] - mean) / np.sqrt(variance + 0.01)).max() < 1e-4)

# three steps of each optimiser on one weight, with the gradients 0.5, -1 and 0.25
GRADIENTS = 0.5, -1.0, 0.25


def by_formula(name):
    first = second = velocity = mean = highest = moved = 0.0
    w, total, product = 1.0, 0.1, 1.0
    for t, g in enumerate(GRADIENTS, 1):
        first, second = first + (g - first) * 0.1, second + (g * g - second) * 0.001
        if name == "sgd":
            w -= 0.1 * g
        elif name in ("momentum", "nesterov"):
            velocity = 0.9 * velocity - 0.1 * g
            w += 0.9 * velocity - 0.1 * g if name == "nesterov" else velocity
        elif name in ("adam", "amsgrad"):
            highest = max(highest, second)
            w -= 0.1 * math.sqrt(1 - 0.999 ** t) / (1 - 0.9 ** t) * first / (math.sqrt(highest if name == "amsgrad"
                                                                                       else second) + 1e-7)
        elif name == "adamax":
            highest = max(0.999 * highest, abs(g))
            w -= 0.1 / (1 - 0.9 ** t) * first / (highest + 1e-7)
        elif name == "nadam":
            u, after = 0.9 * (1 - 0.5 * 0.96 ** t), 0.9 * (1 - 0.5 * 0.96 ** (t + 1))
            product *= u
            hat = after * first / (1 - product * after) + (1 - u) * g / (1 - product)
            w -= 0.1 * hat / (math.sqrt(second / (1 - 0.999 ** t)) + 1e-7)
        elif name == "adagrad":
            total += g * g
            w -= 0.1 * g / math.sqrt(total + 1e-7)
        elif name == "adadelta":
            mean = 0.95 * mean + 0.05 * g * g
            step = g * math.sqrt(moved + 1e-7) / math.sqrt(mean + 1e-7)
            moved = 0.95 * moved + 0.05 * step * step
            w -= 0.1 * step
        else:
            velocity, mean = 0.9 * velocity + 0.1 * g * g, 0.9 * mean + 0.1 * g
            step = 0.1 * g / math.sqrt(velocity - (mean * mean if name == "centered" else 0) + 1e-7)
            moved = 0.5 * moved + step if name == "centered" else step
            w -= moved
    return w


for name, optimizer in (("sgd", optimizers.SGD(0.1)), ("momentum", optimizers.SGD(0.1, momentum=0.9)),
                        ("nesterov", optimizers.SGD(0.1, momentum=0.9, nesterov=True)), ("adam", optimizers.Adam(0.1)),
                        ("amsgrad", optimizers.Adam(0.1, amsgrad=True)), ("adamax", optimizers.Adamax(0.1)),
                        ("nadam", optimizers.Nadam(0.1)),
                        ("adagrad", optimizers.Adagrad(0.1)), ("adadelta", optimizers.Adadelta(0.1)),
                        ("rmsprop", optimizers.RMSprop(0.1)),
                        ("centered", optimizers.RMSprop(0.1, momentum=0.5, centered=True))):
    layer = layers.Dense(1, use_bias=False, kernel_initializer="ones")
    layer(np.ones((1, 1)))
    for g in GRADIENTS:
        optimizer.apply_gradients([(np.full((1, 1), g, dtype=np.float32), layer.kernel)])
    print(name, abs(float(layer.kernel.numpy()[0, 0]) - by_formula(name)) < 1e-5, int(optimizer.iterations),
          type(optimizer).from_config(optimizer.get_config()).get_config() == optimizer.get_config())
print([round(rate(step), 6) for rate in (
    optimizers.schedules.ExponentialDecay(0.1, 10, 0.5), optimizers.schedules.InverseTimeDecay(0.1, 10, 0.5, staircase=True),
    optimizers.schedules.PiecewiseConstantDecay([5, 12], [0.3, 0.2, 0.1]), optimizers.schedules.PolynomialDecay(0.1, 10, power=2.0),
    optimizers.schedules.CosineDecay(0.1, 20)) for step in (0, 5, 6, 25)])
for options in ({"clipvalue": 0.1}, {"clipnorm": 0.5}, {"global_clipnorm": 0.5}):
    optimizer = optimizers.SGD(1.0, **options)
    pairs = [(np.float32(g), layers.base.Variable("w", np.float32(0.0))) for g in (3.0, -4.0)]
    optimizer.apply_gradients(pairs)
    print(options, [round(float(weight), 6) for _, weight in pairs])

# losses by their formulas, and their slopes by differences
y, p = rng.integers(0, 2, (6, 3)).astype(float), rng.random((6, 3)) * 0.8 + 0.1
share = p / p.sum(axis=1, keepdims=True)
for loss, wanted in ((losses.MeanSquaredError(), ((y - p) ** 2).mean()), (losses.MeanAbsoluteError(), abs(y - p).mean()),
                     (losses.MeanAbsolutePercentageError(), 100 * abs((y - p) / np.maximum(y, 1e-7)).mean()),
                     (losses.MeanSquaredLogarithmicError(), ((np.log1p(p) - np.log1p(np.maximum(y, 1e-7))) ** 2).mean()),
                     (losses.Huber(0.3), np.where(abs(y - p) <= 0.3, (y - p) ** 2 / 2, 0.3 * abs(y - p) - 0.045).mean()),
                     (losses.Hinge(), np.maximum(1 - (2 * y - 1) * p, 0).mean()),
                     (losses.Poisson(), (p - y * np.log(p + 1e-7)).mean()),
                     (losses.KLDivergence(), (np.clip(y, 1e-7, 1) * np.log(np.clip(y, 1e-7, 1) / p)).sum(axis=1).mean()),
                     (losses.BinaryCrossentropy(), -(y * np.log(p) + (1 - y) * np.log(1 - p)).mean()),
                     (losses.BinaryCrossentropy(label_smoothing=0.2),
                      -((0.8 * y + 0.1) * np.log(p) + (0.9 - 0.8 * y) * np.log(1 - p)).mean()),
                     (losses.CategoricalCrossentropy(), -(y * np.log(share)).sum(axis=1).mean()),
                     (losses.CategoricalCrossentropy(reduction="sum"), -(y * np.log(share)).sum())):
    slope = loss.slope(y, p)
    change = np.zeros(p.shape)
    change[2, 1] = 1e-6
    difference = (loss.samples(y, p + change).mean() - loss.samples(y, p - change).mean()) / 2e-6
    print(type(loss).__name__, abs(float(loss(y, p)) - wanted) < 1e-4 * max(1, wanted),
          abs(slope[2, 1] - difference) < 1e-3 * max(1, abs(difference)))
print(losses.MeanSquaredError()([[0.0, 1.0]], [[1.0, 1.0]]), losses.mse([[0.0, 1.0]], [[1.0, 1.0]]))
print(losses.MeanSquaredError()([[0.0], [1.0]], [[1.0], [4.0]], sample_weight=[1.0, 0.5]).numpy(),
      losses.SparseCategoricalCrossentropy(reduction="none")([1, 0], [[0.5, 0.5], [0.25, 0.75]]).numpy().round(5))

# metrics over batches
for metric, wanted in ((metrics.SparseCategoricalAccuracy(), 0.5), (metrics.SparseTopKCategoricalAccuracy(2), 0.75),
                       (metrics.MeanOfFunction(metrics.sparse_categorical_accuracy, "mine"), 0.5)):
    metric.update_state([0, 1], [[0.7, 0.2, 0.1], [0.6, 0.3, 0.1]])
    metric.update_state([2, 2], [[0.1, 0.2, 0.7], [0.5, 0.3, 0.2]])
    print(metric.name, metric.result().numpy() == wanted)
for each in (metrics.Precision(), metrics.Recall(), metrics.RootMeanSquaredError(), metrics.BinaryAccuracy(threshold=0.3)):
    each.update_state([1.0, 0.0, 1.0, 1.0, 0.0], [0.9, 0.8, 0.4, 0.6, 0.1])
    print(each.name, round(float(each.result()), 6))
mean = metrics.Mean()
mean.update_state([1, 3])
mean.update_state(8)
print(mean.result().numpy(), mean([0, 0]).numpy())
