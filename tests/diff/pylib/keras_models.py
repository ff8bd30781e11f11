# Graphs of layers, and what surrounds training: weights of samples and classes, callbacks, files, configurations.
import io
import os
import re
import sys
import tempfile
from contextlib import redirect_stdout

import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

rng = np.random.default_rng(3)
x, y = rng.random((24, 8, 8, 3)), rng.integers(0, 3, 24)


def attempt(function):
    try:
        print(function())
    except Exception as error:
        print(type(error).__name__, str(error).replace(folder, "FOLDER"))


def small():
    keras.utils.set_random_seed(2)
    model = keras.Sequential([layers.Flatten(input_shape=(8, 8, 3)), layers.Dense(4, activation="relu"),
                              layers.Dense(3, activation="softmax")])
    model.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def graph():
    image = keras.Input(shape=(8, 8, 3), name="image")
    number = keras.Input(shape=(2,), name="number")
    shared = layers.Dense(3, activation="tanh", name="shared")
    a = layers.LeakyReLU(0.1)(layers.BatchNormalization()(layers.Conv2D(4, 3, padding="same")(image)))
    b = layers.Conv2D(4, 1, kernel_regularizer="l2")(image)
    flat = layers.GlobalAveragePooling2D()(layers.Add()([a, b]))
    parts = [shared(layers.Dense(2)(flat)), shared(number)]
    total = layers.Concatenate()([*parts, layers.Multiply()(parts), layers.Subtract()(parts), layers.Average()(parts),
                                  layers.Maximum()(parts), layers.Minimum()(parts)])
    return keras.Model(inputs=[image, number], outputs=layers.Dense(3, activation="softmax")(total), name="joined")


folder = tempfile.mkdtemp()
model = graph()
model.summary()
numbers = rng.random((24, 2))
model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy",
              metrics=["accuracy", keras.metrics.SparseTopKCategoricalAccuracy(k=2)])
for weight in model.weights:
    weight.value = weight.value.astype(np.float64)
model.backward(model.loss.slope(y, model.call([x, numbers], True)))
for gradient, weight in model.trained_pairs():
    place, kept, values = tuple(n // 2 for n in weight.shape), weight.value.copy(), []
    for change in (1e-5, -1e-5):
        weight.value[place] = kept[place] + change
        values.append(float(np.mean(model.loss.samples(y, model.call([x, numbers], True)))) + model.losses_now())
    weight.value = kept
    difference = (values[0] - values[1]) / 2e-5
    print(weight.name, abs(gradient[place] - difference) < 2e-5 + 1e-3 * abs(difference))
model.set_weights(model.get_weights())
history = model.fit([x, numbers], y, epochs=3, verbose=0)
print(sorted(history.history), model.predict({"image": x, "number": numbers}, verbose=0).shape, len(model.losses),
      model.input_shape)

# files: the same answers and the same next step
path = os.path.join(folder, "model.npz")
model.save(path)
again = keras.models.load_model(path)
print(again.name, again.get_config() == model.get_config(), int(again.optimizer.iterations), again.metrics_names)
figures = []
for each in (model, again):
    keras.utils.set_random_seed(9)
    figures.append(each.fit([x, numbers], y, epochs=2, verbose=0).history)
print(figures[0] == figures[1], keras.models.model_from_json(model.to_json()).count_params() == model.count_params())
first, second = small(), small()
first.fit(x, y, verbose=0)
first.save_weights(os.path.join(folder, "weights"))
second.load_weights(os.path.join(folder, "weights"))
print(all(np.array_equal(a, b) for a, b in zip(first.get_weights(), second.get_weights())), first.get_config())
for name in ("model.h5", "model"):
    attempt(lambda: first.save(os.path.join(folder, name)))
    attempt(lambda: keras.models.load_model(os.path.join(folder, name)))
attempt(lambda: keras.models.load_model(os.path.join(folder, "weights")))

# weights of samples and classes: a class of weight 2 counts as if its samples were there twice
twice = np.concatenate([x, x[y == 1]])
labels = np.concatenate([y, y[y == 1]])
plain, weighted = small(), small()
plain.fit(twice, labels, batch_size=len(labels), verbose=0)
weighted.optimizer.learning_rate = 0.01 * len(y) / len(labels)
weighted.fit(x, y, batch_size=len(y), class_weight={0: 1.0, 1: 2.0, 2: 1.0}, verbose=0)
print([np.allclose(a, b, atol=1e-6) for a, b in zip(plain.get_weights(), weighted.get_weights())])
weighted = small()
weighted.optimizer.lr = 0.01 * len(y) / len(labels)
weighted.fit(x, y, batch_size=len(y), sample_weight=np.where(y == 1, 2.0, 1.0), verbose=0)
print([np.allclose(a, b, atol=1e-6) for a, b in zip(plain.get_weights(), weighted.get_weights())])
attempt(lambda: weighted.fit(x, y, class_weight={0: 1.0, 3: 2.0}))
attempt(lambda: weighted.fit(x[:1], y[:1], validation_split=0.5))

# what is printed, but for the times; callbacks
def shown(verbose):
    text = io.StringIO()
    with redirect_stdout(text):
        model = small()
        model.fit(x, y, epochs=3, batch_size=10, verbose=verbose, validation_split=0.25, callbacks=[
            keras.callbacks.EarlyStopping("val_accuracy", min_delta=2, patience=1, verbose=1, restore_best_weights=True),
            keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: print("callback", epoch, sorted(logs))),
            keras.callbacks.ReduceLROnPlateau("loss", factor=0.5, patience=1, min_delta=5, verbose=1)])
        model.evaluate(x, y, verbose=verbose)
        model.predict(x, verbose=verbose)
    print(re.sub(r"\d+[mu]?s(/\w+)", r"TIME\1", re.sub(r" \d\.\d{4}(e.\d\d)?", " FIGURE", text.getvalue())))


shown(1)
shown(2)
shown(0)
order = []
class Follow(keras.callbacks.Callback):
    def __getattribute__(self, name):
        if name.startswith("on_"):
            order.append(name[3:])
        return super().__getattribute__(name)


model = small()
model.fit(x, y, batch_size=12, verbose=0, callbacks=[Follow()])
model.evaluate(x, y, verbose=0, callbacks=[Follow()])
print(order)
log = os.path.join(folder, "log.csv")
best = keras.callbacks.ModelCheckpoint(os.path.join(folder, "best-{epoch:02d}.npz"), monitor="loss", save_best_only=True,
                                       mode="max")
rates = keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate / 2)
history = model.fit(x, y, epochs=3, verbose=0, callbacks=[keras.callbacks.CSVLogger(log), best, rates,
                                                          keras.callbacks.TerminateOnNaN()])
print([round(float(rate), 6) for rate in history.history["lr"]], open(log).readline().strip(), sorted(os.listdir(folder))[:1])

# models in models: frozen, in inference mode for good, kept in a file; parts of a model as a model
base = keras.Sequential([layers.Conv2D(2, 3, input_shape=(8, 8, 3)), layers.BatchNormalization(), layers.Flatten()], name="base")
image = keras.Input((8, 8, 3))
model = keras.Model(image, layers.Dense(1)(base(image, training=False)))
model.compile("sgd", "mse")
kept = base.get_weights()
model.fit(x, y, verbose=0)
print([np.array_equal(a, b) for a, b in zip(kept, base.get_weights())])
base.trainable = False
kept = base.get_weights()
model.fit(x, y, verbose=0)
print(all(np.array_equal(a, b) for a, b in zip(kept, base.get_weights())), len(model.trainable_weights))
model.summary(show_trainable=True)
model.save(path)
again = keras.models.load_model(path)
print(np.array_equal(again.predict(x, verbose=0), model.predict(x, verbose=0)), again.layers[1].name, base.layers[0].trainable)
outer = keras.Sequential([base, layers.Softmax()])
print(outer(x).shape, keras.models.clone_model(outer).layers[0].output_shape, base.layers[0].output, base.inputs)
parts = keras.Model(base.inputs, [layer.output for layer in base.layers])
print([part.shape for part in parts.predict(x, verbose=0)], parts.output_shape)
late = keras.Sequential([layers.Dense(2)])
attempt(late.summary)
attempt(lambda: late.layers[0].output)
attempt(lambda: late.fit(x[:, 0, 0], y))
print(late(x[:, 0, 0]).shape, late.input_shape)

# what each part of a model says of itself
for layer in (layers.Conv2D(2, 3, kernel_regularizer=keras.regularizers.l1_l2(0.1, 0.2)), layers.BatchNormalization(),
              layers.LeakyReLU(),
              layers.MaxPooling2D(), layers.ZeroPadding2D(2), layers.Reshape((3, 2)), layers.Dropout(0.1),
              layers.GlobalMaxPooling2D(),
              layers.DepthwiseConv2D(2), layers.Activation("relu"), layers.ReLU(6.0), layers.Flatten()):
    print(layer.get_config())
    assert type(layer).from_config(layer.get_config()).get_config() == layer.get_config()
image = keras.Input((4,))
for wrong in (lambda: keras.Model(image, 3), lambda: keras.Model(layers.Dense(1)(image), image),
              lambda: layers.Add()([image, keras.Input((3,))]),
              lambda: keras.Model(keras.Input((4,)), layers.Dense(2)(image)), lambda: layers.Add()(image), lambda: image + 1,
              lambda: keras.optimizers.Adam(decay=0.1), lambda: keras.optimizers.SGD(weight_decay=0.1),
              lambda: keras.optimizers.Adam(speed=1),
              lambda: keras.datasets.cifar100.load_data("other"), lambda: keras.callbacks.TensorBoard(),
              lambda: model.summary(expand_nested=True),
              lambda: keras.Sequential([layers.Dense(1, name="a"), layers.Dense(1, name="a")]), lambda: model.get_layer("none")):
    attempt(wrong)
os.environ["HOME"] = folder
for name in ("mnist", "fashion_mnist", "cifar10", "cifar100"):
    attempt(getattr(keras.datasets, name).load_data)
sys.stdout.flush()
