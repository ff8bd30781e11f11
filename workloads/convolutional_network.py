"""A convolutional network on small generated digits: forward in plain Python and numpy, training with Adam in numpy.

    convolutional_network.py [python|numpy|both] [IMAGES] [EPOCHS]

Conv2D (32 3x3 filters) - ReLU - MaxPool - Conv2D (64) - ReLU - MaxPool - Flatten - Dense - Softmax; the loss is sparse
categorical cross-entropy. Sources: Y. LeCun et al., Gradient-based learning applied to document recognition, Proc. IEEE 86
(1998); D. P. Kingma and J. Ba, Adam, ICLR 2015. Run its tests with: python3 -m unittest convolutional_network.py
"""
import math
import sys
import unittest

import numpy as np

SIZE, CLASSES = 12, 10
GLYPHS = """
.###. ..#.. .###. ####. ...#. ##### .###. ##### .###. .###.
#...# .##.. #...# ....# ..##. #.... #.... ....# #...# #...#
#...# ..#.. ....# ....# .#.#. ####. ####. ...#. #...# #...#
#...# ..#.. ...#. .###. #..#. ....# #...# ..#.. .###. .####
#...# ..#.. ..#.. ....# ##### ....# #...# ..#.. #...# ....#
#...# ..#.. .#... ....# ...#. #...# #...# ..#.. #...# ....#
.###. .###. ##### ####. ...#. .###. .###. ..#.. .###. .###.
"""


def digits(count, seed=1):
    """(images as SIZE x SIZE nested lists, labels): the glyphs, each shifted, with noise; the same everywhere."""
    rows = [line.split() for line in GLYPHS.strip().splitlines()]
    images, labels = [], []
    for i in range(count):
        label = i % CLASSES
        seed = seed * 16807 % 2147483647
        down, right = seed % 5, seed // 5 % 7
        image = []
        for y in range(SIZE):
            line = []
            for x in range(SIZE):
                seed = seed * 16807 % 2147483647
                inside = 0 <= y - down < 7 and 0 <= x - right < 5
                line.append((1.0 if inside and rows[y - down][label][x - right] == "#" else 0.0) + 0.1 * seed / 2147483647)
            image.append(line)
        images.append(image)
        labels.append(label)
    return images, labels


# Plain Python: an image is height x width x channels, filters are rows of (dy, dx, channel) in that order


def convolve(image, filters, biases):
    height, width = len(image) - 2, len(image[0]) - 2
    result = []
    for y in range(height):
        line = []
        for x in range(width):
            patch = []
            for dy in range(3):
                for dx in range(3):
                    patch += image[y + dy][x + dx]
            line.append([sum(w * v for w, v in zip(row, patch)) + b for row, b in zip(filters, biases)])
        result.append(line)
    return result


def relu(image):
    return [[[v if v > 0 else 0.0 for v in point] for point in line] for line in image]


def max_pool(image):
    return [[[max(four) for four in zip(image[y][x], image[y][x + 1], image[y + 1][x], image[y + 1][x + 1])]
             for x in range(0, len(image[0]) - 1, 2)] for y in range(0, len(image) - 1, 2)]


def softmax(values):
    top = max(values)
    powers = [math.exp(v - top) for v in values]
    total = sum(powers)
    return [p / total for p in powers]


def forward_python(image, parameters):
    data = [[[v] for v in line] for line in image]
    for filters, biases in parameters[:2]:
        data = max_pool(relu(convolve(data, filters, biases)))
    flat = [v for line in data for point in line for v in point]
    rows, biases = parameters[2]
    return softmax([sum(w * v for w, v in zip(row, flat)) + b for row, b in zip(rows, biases)])


# numpy: a batch is images x height x width x channels


class Convolution:
    def __init__(self, channels, filters, random):
        limit = math.sqrt(6 / (9 * channels + 9 * filters))     # Glorot and Bengio, AISTATS 2010
        self.weights = random.uniform(-limit, limit, (9 * channels, filters))
        self.biases = np.zeros(filters)

    def forward(self, x):
        height, width = x.shape[1] - 2, x.shape[2] - 2
        self.shape = x.shape
        self.patches = np.concatenate([x[:, dy:dy + height, dx:dx + width, :] for dy in range(3) for dx in range(3)], axis=3)
        return self.patches @ self.weights + self.biases

    def backward(self, slope):
        flat = slope.reshape(-1, slope.shape[3])
        self.gradients = [self.patches.reshape(-1, self.patches.shape[3]).T @ flat, flat.sum(axis=0)]
        patches = slope @ self.weights.T
        height, width, channels = slope.shape[1], slope.shape[2], self.shape[3]
        result = np.zeros(self.shape)
        for position in range(9):
            dy, dx = position // 3, position % 3
            result[:, dy:dy + height, dx:dx + width, :] += patches[:, :, :, position * channels:(position + 1) * channels]
        return result


class Relu:
    def forward(self, x):
        self.positive = x > 0
        return np.maximum(x, 0)

    def backward(self, slope):
        return slope * self.positive


class MaxPool:
    def forward(self, x):
        n, height, width, channels = x.shape
        self.shape = x.shape
        self.cut = x[:, :height // 2 * 2, :width // 2 * 2, :].reshape(n, height // 2, 2, width // 2, 2, channels)
        self.top = self.cut.max(axis=(2, 4))
        return self.top

    def backward(self, slope):
        chosen = self.cut == self.top[:, :, None, :, None, :]
        spread = chosen * (slope / chosen.sum(axis=(2, 4)))[:, :, None, :, None, :]
        n, height, width, channels = self.shape
        result = np.zeros(self.shape)
        result[:, :height // 2 * 2, :width // 2 * 2, :] = spread.reshape(n, height // 2 * 2, width // 2 * 2, channels)
        return result


class Flatten:
    def forward(self, x):
        self.shape = x.shape
        return x.reshape(len(x), -1)

    def backward(self, slope):
        return slope.reshape(self.shape)


class Dense:
    def __init__(self, inputs, outputs, random):
        limit = math.sqrt(6 / (inputs + outputs))
        self.weights = random.uniform(-limit, limit, (inputs, outputs))
        self.biases = np.zeros(outputs)

    def forward(self, x):
        self.inputs = x
        return x @ self.weights + self.biases

    def backward(self, slope):
        self.gradients = [self.inputs.T @ slope, slope.sum(axis=0)]
        return slope @ self.weights.T


class Network:
    def __init__(self, size=SIZE, seed=0):
        random = np.random.RandomState(seed)
        side = ((size - 2) // 2 - 2) // 2
        self.layers = [Convolution(1, 32, random), Relu(), MaxPool(), Convolution(32, 64, random), Relu(), MaxPool(),
                       Flatten(), Dense(side * side * 64, CLASSES, random)]
        self.trained = [layer for layer in self.layers if hasattr(layer, "weights")]
        self.moments = [(np.zeros(p.shape), np.zeros(p.shape)) for layer in self.trained for p in (layer.weights, layer.biases)]
        self.steps = 0

    def forward(self, images):
        x = images
        for layer in self.layers:
            x = layer.forward(x)
        powers = np.exp(x - x.max(axis=1, keepdims=True))
        return powers / powers.sum(axis=1, keepdims=True)

    def loss(self, probabilities, labels):
        return float(-np.log(probabilities[np.arange(len(labels)), labels]).mean())

    def backward(self, probabilities, labels):
        slope = probabilities.copy()
        slope[np.arange(len(labels)), labels] -= 1
        slope = slope / len(labels)
        for layer in reversed(self.layers):
            slope = layer.backward(slope)
        return slope

    def adam(self, rate=0.003, decay1=0.9, decay2=0.999, epsilon=1e-7):
        self.steps += 1
        scale = rate * math.sqrt(1 - decay2 ** self.steps) / (1 - decay1 ** self.steps)
        moments = iter(self.moments)
        for layer in self.trained:
            for parameter, gradient in zip((layer.weights, layer.biases), layer.gradients):
                first, second = next(moments)
                first += (1 - decay1) * (gradient - first)
                second += (1 - decay2) * (gradient * gradient - second)
                parameter -= scale * first / (np.sqrt(second) + epsilon)

    def train(self, images, labels, epochs, batch=20):
        losses = []
        for _ in range(epochs):
            total = 0.0
            for start in range(0, len(labels), batch):
                part, wanted = images[start:start + batch], labels[start:start + batch]
                probabilities = self.forward(part)
                total += self.loss(probabilities, wanted) * len(wanted)
                self.backward(probabilities, wanted)
                self.adam()
            losses.append(total / len(labels))
        return losses

    def parameters(self):
        """For forward_python: (rows, biases) of each layer that has weights."""
        return [(layer.weights.T.tolist(), layer.biases.tolist()) for layer in self.trained]


def main(arguments):
    form = arguments[0] if arguments else "both"
    count = int(arguments[1]) if len(arguments) > 1 else 40
    epochs = int(arguments[2]) if len(arguments) > 2 else 4
    if form not in ("python", "numpy", "both") or count < 1 or epochs < 1:
        raise SystemExit(__doc__)
    images, labels = digits(count)
    network = Network()
    if form in ("numpy", "both"):
        batch, wanted = np.array(images)[:, :, :, None], np.array(labels)
        losses = network.train(batch, wanted, epochs)
        accuracy = float((network.forward(batch).argmax(axis=1) == wanted).mean())
        print("numpy: loss", " ".join("%.4f" % loss for loss in losses), "accuracy %.2f" % accuracy)
        if epochs > 1:
            assert losses[-1] < losses[0], losses
    if form in ("python", "both"):
        for image, label in zip(images[:2], labels):
            probabilities = forward_python(image, network.parameters())
            assert abs(sum(probabilities) - 1) < 1e-9
            same = network.forward(np.array([image])[:, :, :, None])[0].tolist()
            assert max(abs(a - b) for a, b in zip(probabilities, same)) < 1e-9
            print("python: digit", label, "probabilities", " ".join("%.4f" % p for p in probabilities))


class Tests(unittest.TestCase):
    def setUp(self):
        images, labels = digits(20)
        self.images, self.labels = np.array(images)[:, :, :, None], np.array(labels)

    def test_forms_agree(self):
        network = Network()
        for image in self.images[:3]:
            expected = network.forward(image[None])[0].tolist()
            for a, b in zip(forward_python(image[:, :, 0].tolist(), network.parameters()), expected):
                self.assertAlmostEqual(a, b, places=10)

    def test_gradients(self):
        """Back-propagation's slopes against differences of the loss."""
        network = Network()
        network.backward(network.forward(self.images), self.labels)
        for layer in network.trained:
            for array, gradient, index in ((layer.weights, layer.gradients[0], (0, 0)), (layer.weights, layer.gradients[0], (8, 7)),
                                           (layer.biases, layer.gradients[1], 3)):
                kept = array[index]
                losses = []
                for change in (1e-6, -1e-6):
                    array[index] = kept + change
                    losses.append(network.loss(network.forward(self.images), self.labels))
                array[index] = kept
                slope = (losses[0] - losses[1]) / 2e-6
                self.assertAlmostEqual(float(gradient[index]), slope, places=6)

    def test_learns(self):
        network = Network()
        losses = network.train(self.images, self.labels, 25)
        self.assertLess(losses[-1], 0.5 * losses[0])

    def test_pool(self):
        image = [[[1.0], [5.0], [9.0]], [[3.0], [2.0], [9.0]], [[9.0], [9.0], [9.0]]]
        self.assertEqual(max_pool(image), [[[5.0]]])
        self.assertEqual(MaxPool().forward(np.array([image])).tolist(), [[[[5.0]]]])


if __name__ == "__main__":
    main(sys.argv[1:])
