# Slopes of the activations, by differences; frozen layers; single batches; what is refused by name.
import numpy as np
from tensorflow.keras import Sequential, activations, functions, layers, losses
import tensorflow as tf
x = np.linspace(-3, 3, 13)
for name in ("linear", "relu", "sigmoid", "tanh", "softplus", "elu", "selu", "leaky_relu", "swish", "softsign", "exponential",
             "gelu"):
    f = functions.get(name)
    x2 = x + 0.013
    y = f(x2)
    got = functions.backward(f, x2, y, np.ones_like(x2))
    want = (f(x2 + 1e-6) - f(x2 - 1e-6)) / 2e-6
    print(name, np.abs(got - want).max() < 1e-4, np.round(f(np.array([-1.0, 0.5], dtype=np.float32)).astype(float), 4),
          f(np.float32([1, 2])).dtype)
    assert np.array_equal(activations.get(name)(x2).numpy(), y)
print(tf.nn.softmax([[1, 1, 2]]).numpy().round(4), activations.relu([-1.0, 3.0], max_value=2).numpy(),
      tf.nn.relu is activations.relu)
conv = layers.Conv2D(1, 2, activation=layers.LeakyReLU(0.5), kernel_initializer="ones", input_shape=(3, 3, 1))
same = Sequential([layers.Conv2D(1, 2, kernel_initializer="ones", input_shape=(3, 3, 1)), layers.LeakyReLU(0.5)])
image = x[:9].reshape(1, 3, 3, 1)
slope = np.arange(4, dtype=np.float32).reshape(1, 2, 2, 1)
print(np.array_equal(conv(image), same(image)), np.array_equal(conv.backward(slope), same.backward(slope)))
import keras
from keras.layers import Dense as SameDense
import keras.datasets.mnist
print(keras is tf.keras, SameDense is layers.Dense, keras.datasets.mnist is tf.keras.datasets.mnist)
rng = np.random.default_rng(1)
X, y = rng.random((40, 3)), rng.integers(0, 2, 40)
m = Sequential([layers.Dense(4, activation=tf.nn.relu, input_shape=(3,), trainable=False), layers.Dense(1, activation="sigmoid")])
m.compile("adam", losses.binary_crossentropy, ["acc"])
before = m.get_weights()
m.fit(X, y, verbose=0)
print([np.array_equal(a, b) for a, b in zip(before, m.get_weights())])
m.summary()
print(m.metrics_names, m.train_on_batch(X, y)[0] > 0, m.test_on_batch(X, y)[1] > 0, m.predict_on_batch(X).shape)
m.pop()
print(m.output_shape, losses.mae([1.0, 2.0], [1.0, 4.0]).numpy())
for f in (lambda: layers.Dense(3, kernel_constraint="max_norm"), lambda: m.compile("adam", "mse", loss_weights=[1.0]),
          lambda: m.compile("adam", lambda y, p: p - y), lambda: type("Mine", (layers.Layer,), {"__module__": "mine"})):
    try:
        f()
    except NotImplementedError as e:
        print(str(e).partition(" <")[0])
r = Sequential([layers.Dense(1, input_shape=(3,))])
r.compile("rmsprop", "mae")
print(r.fit(X, X.sum(axis=1), epochs=3, verbose=0).params)
tf.keras.backend.clear_session()
print(layers.Dense(2).name)
