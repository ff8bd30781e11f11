# Every layer, loss and optimiser; the slopes that back-propagation gives against differences of the loss.
import numpy as np
import tensorflow as tf
from tensorflow.keras.layers import (ELU, Activation, AveragePooling2D, BatchNormalization, Conv2D, Cropping2D, Dense,
                                     DepthwiseConv2D,
                                     Dropout, Flatten, GlobalAveragePooling2D, GlobalMaxPooling2D, LayerNormalization, LeakyReLU,
                                     MaxPooling2D, Permute, PReLU, ReLU, RepeatVector, Rescaling, Reshape, Softmax, UpSampling2D,
                                     ZeroPadding2D)
from tensorflow.keras.models import Sequential
from tensorflow.keras.utils import to_categorical

images = np.array([[[[(7 * n + 5 * y + 3 * x) % 11 / 10] for x in range(12)] for y in range(12)] for n in range(4)])
labels = np.array([0, 3, 9, 3])
one_hot = to_categorical(labels, 10)


def check_slopes(model, target):
    for weight in model.weights:
        weight.value = weight.value.astype(np.float64)
    model.backward(model.loss.slope(target, model.call(images, True)))
    for gradient, weight in model.trained_pairs():
        place = tuple(n // 2 for n in weight.shape)
        kept, losses = weight.value[place], []
        for change in (1e-5, -1e-5):
            weight.value[place] = kept + change
            losses.append(float(np.mean(model.loss.samples(target, model.call(images, True)))) + model.losses_now())
        weight.value[place] = kept
        difference = (losses[0] - losses[1]) / 2e-5
        print(weight.name, weight.shape, abs(gradient[place] - difference) < 2e-5 + 1e-3 * abs(difference))


for loss, target in (("mse", one_hot), ("categorical_crossentropy", one_hot), ("sparse_categorical_crossentropy", labels),
                     (tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True), labels),
                     (tf.keras.losses.BinaryCrossentropy(from_logits=True), one_hot)):
    model = Sequential([
        Conv2D(3, 3, strides=2, padding="same", activation="tanh", input_shape=(12, 12, 1)),
        AveragePooling2D(2, strides=1, padding="same"), MaxPooling2D(3, strides=2, padding="same"), Conv2D(4, 2, activation="elu"),
        GlobalAveragePooling2D(), Dense(10, activation="softmax" if isinstance(loss, str) else None)])
    model.compile("sgd", loss)
    check_slopes(model, target)

# Each row: layers behind a first convolution, whose slope shows what comes back through them
for row in ([BatchNormalization(), LeakyReLU(0.1), GlobalAveragePooling2D()],
            [ZeroPadding2D(((1, 2), (0, 3))), GlobalMaxPooling2D()],
            [LayerNormalization(), PReLU(shared_axes=[1, 2], alpha_initializer="ones"), Flatten()],
            [DepthwiseConv2D(3, depth_multiplier=2, padding="same", activation="tanh"), ELU(0.7), Cropping2D(1), Flatten()],
            [UpSampling2D((2, 1)), Permute((3, 1, 2)), Flatten()], [ReLU(0.5, 0.1, 0.05), Flatten(), RepeatVector(3), Flatten()],
            [Softmax(axis=1), Rescaling(2.0, 1), Flatten(), BatchNormalization(scale=False)]):
    model = Sequential([Conv2D(3, 3, strides=2, input_shape=(12, 12, 1), kernel_regularizer="l2"), *row,
                        Dense(10, activation="softmax")])
    model.compile("sgd", "categorical_crossentropy")
    check_slopes(model, one_hot)

for optimizer in ("sgd", "adam", "rmsprop", tf.keras.optimizers.SGD(0.05, momentum=0.9, nesterov=True)):
    tf.random.set_seed(4)
    model = Sequential([tf.keras.Input(shape=(12, 12, 1)), Flatten(), Reshape((72, 2)), Flatten(), Dropout(0.2), Dense(12),
                        Activation("relu"), Dense(10, activation="softmax")])
    model.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"])
    history = model.fit(images, labels, epochs=12, verbose=0, batch_size=2)
    print(history.history["loss"][-1] < history.history["loss"][0], sorted(history.history), len(history.epoch))
    print(model.predict(images, verbose=0).shape, len(model.evaluate(images, labels, verbose=0)))

model.summary()
print(to_categorical([0, 2, 1]), to_categorical(labels, 10).dtype, [w.shape for w in model.get_weights()])
for wrong in (lambda: Dense(3, activation="nonsense"), lambda: tf.keras.layers.LSTM(3), lambda: Dense(2, wrong=1),
              lambda: Conv2D(2, 3, groups=2), lambda: tf.constant(1),
              lambda: model.fit(images[:, :5], labels), lambda: model.fit(images, labels[:2]), lambda: Sequential([5]),
              lambda: Conv2D(2, 3, padding="some"), lambda: model.set_weights([]), lambda: Sequential().fit(images, labels),
              lambda: tf.keras.datasets.mnist.load_data("/nowhere/mnist.npz"), lambda: tf.keras.Model()):
    try:
        wrong()
        print("no error")
    except Exception as error:
        print(type(error).__name__, error)
