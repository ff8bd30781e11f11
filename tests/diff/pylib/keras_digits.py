# A small convolutional network, from data kept in a file to predictions.
import gzip
import os
import tempfile

import numpy as np
from tensorflow import keras
from tensorflow.keras import layers
from tensorflow.keras.callbacks import EarlyStopping
from tensorflow.keras.datasets import mnist

rows = np.arange(12)[:, None]
columns = np.arange(12)[None, :]
shapes = np.stack([(abs(rows - 5) < 3) & (abs(columns - 5) < 3), abs(rows - columns) < 2, rows + 0 * columns > 8,
                   columns + 0 * rows < 3]).astype(float)
labels = np.arange(40) % 4
images = shapes[labels] * (1 + (np.arange(40)[:, None, None] % 7) / 10)
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "mnist.npz")
    np.savez(path, x_train=images[:32], y_train=labels[:32], x_test=images[32:], y_test=labels[32:])
    (x_train, y_train), (x_test, y_test) = mnist.load_data(path=path)
    # fashion_mnist as Keras keeps it: labels behind 8 bytes, images behind 16
    os.environ["HOME"] = folder
    place = os.path.join(folder, ".keras", "datasets", "fashion-mnist")
    os.makedirs(place)
    for name, start, count in (("train-labels-idx1", 8, 3), ("train-images-idx3", 16, 3 * 784), ("t10k-labels-idx1", 8, 2),
                               ("t10k-images-idx3", 16, 2 * 784)):
        with gzip.open(os.path.join(place, name + "-ubyte.gz"), "wb") as file:
            file.write(bytes(start) + bytes(i % 251 for i in range(count)))
    (images_train, labels_train), (images_test, labels_test) = keras.datasets.fashion_mnist.load_data()
    print(images_train.shape, labels_train.tolist(), images_test[1, 27, 26:], labels_test.dtype)
    np.savez(os.path.join(folder, ".keras", "datasets", "cifar100.npz"), x_train=images[:2], y_train_fine=[1, 2],
             y_train_coarse=[3, 4],
             x_test=images[2:3], y_test_fine=[5], y_test_coarse=[6])
    print([keras.datasets.cifar100.load_data(mode)[0][1].tolist() for mode in ("fine", "coarse")],
          keras.datasets.cifar100.load_data()[1][1])
print(x_train.shape, y_test.tolist())
keras.utils.set_random_seed(1)
model = keras.Sequential([
    layers.Conv2D(8, (3, 3), activation="relu", input_shape=(12, 12, 1)), layers.MaxPooling2D((2, 2)), layers.Flatten(),
    layers.Dense(4, activation="softmax")])
model.compile(optimizer=keras.optimizers.Adam(learning_rate=0.01), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
history = model.fit(x_train[..., None], y_train, epochs=12, batch_size=8, validation_data=(x_test[..., None], y_test), verbose=0,
                    callbacks=[EarlyStopping(patience=3, restore_best_weights=True)])
loss, accuracy = model.evaluate(x_test[..., None], y_test, verbose=0)
print(history.history["loss"][-1] < 0.5 * history.history["loss"][0], accuracy == 1.0)
print(model.predict(x_test[..., None], verbose=0).argmax(axis=1).tolist())
