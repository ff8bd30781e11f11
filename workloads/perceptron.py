"""A perceptron of two layers (2-3-1, sigmoid) that learns XOR by back-propagation, in plain Python and in numpy.

    perceptron.py [python|numpy|both] [EPOCHS]

Source: D. E. Rumelhart, G. E. Hinton, R. J. Williams, Learning representations by back-propagating errors, Nature 323 (1986).
Run its tests with: python3 -m unittest perceptron.py
"""
import math
import sys
import unittest

INPUTS = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
TARGETS = [0.0, 1.0, 1.0, 0.0]
RATE = 2.0
HIDDEN_WEIGHTS = [[0.5, -0.6], [-0.4, 0.7], [0.3, 0.2]]     # a row for each hidden neuron
HIDDEN_BIASES = [0.1, -0.2, 0.3]
OUTPUT_WEIGHTS = [0.6, 0.5, -0.7]
OUTPUT_BIAS = 0.05


def sigmoid(x):
    return 1 / (1 + math.exp(-x))


class Network:
    def __init__(self):
        self.hidden_weights = [list(row) for row in HIDDEN_WEIGHTS]
        self.hidden_biases = list(HIDDEN_BIASES)
        self.output_weights = list(OUTPUT_WEIGHTS)
        self.output_bias = OUTPUT_BIAS

    def forward(self, x):
        hidden = [sigmoid(sum(w * a for w, a in zip(row, x)) + b) for row, b in zip(self.hidden_weights, self.hidden_biases)]
        return hidden, sigmoid(sum(w * h for w, h in zip(self.output_weights, hidden)) + self.output_bias)

    def train(self, epochs):
        """Batch gradient descent on half the sum of squared errors; the loss before each epoch."""
        losses = []
        for _ in range(epochs):
            loss = 0.0
            weights = [[0.0] * len(row) for row in self.hidden_weights]
            biases = [0.0] * len(self.hidden_biases)
            outputs = [0.0] * len(self.output_weights)
            bias = 0.0
            for x, target in zip(INPUTS, TARGETS):
                hidden, y = self.forward(x)
                loss += (y - target) ** 2 / 2
                slope = (y - target) * y * (1 - y)
                bias += slope
                for i, h in enumerate(hidden):
                    outputs[i] += slope * h
                    back = slope * self.output_weights[i] * h * (1 - h)
                    biases[i] += back
                    for j, a in enumerate(x):
                        weights[i][j] += back * a
            self.output_bias -= RATE * bias
            for i in range(len(hidden)):
                self.output_weights[i] -= RATE * outputs[i]
                self.hidden_biases[i] -= RATE * biases[i]
                for j in range(len(x)):
                    self.hidden_weights[i][j] -= RATE * weights[i][j]
            losses.append(loss)
        return losses

    def predict(self):
        return [self.forward(x)[1] for x in INPUTS]


class ArrayNetwork:
    def __init__(self):
        import numpy as np
        self.np = np
        self.inputs, self.targets = np.array(INPUTS), np.array(TARGETS)
        self.hidden_weights = np.array(HIDDEN_WEIGHTS)
        self.hidden_biases = np.array(HIDDEN_BIASES)
        self.output_weights = np.array(OUTPUT_WEIGHTS)
        self.output_bias = OUTPUT_BIAS

    def forward(self):
        np = self.np
        hidden = 1 / (1 + np.exp(-(self.inputs @ self.hidden_weights.T + self.hidden_biases)))
        return hidden, 1 / (1 + np.exp(-(hidden @ self.output_weights + self.output_bias)))

    def train(self, epochs):
        losses = []
        for _ in range(epochs):
            hidden, y = self.forward()
            error = y - self.targets
            losses.append(float((error ** 2).sum() / 2))
            slope = error * y * (1 - y)
            back = slope[:, None] * self.output_weights * hidden * (1 - hidden)
            self.output_weights = self.output_weights - RATE * (hidden.T @ slope)
            self.output_bias = self.output_bias - RATE * slope.sum()
            self.hidden_weights = self.hidden_weights - RATE * (back.T @ self.inputs)
            self.hidden_biases = self.hidden_biases - RATE * back.sum(axis=0)
        return losses

    def predict(self):
        return self.forward()[1].tolist()


FORMS = {"python": Network, "numpy": ArrayNetwork}


def main(arguments):
    form = arguments[0] if arguments else "both"
    epochs = int(arguments[1]) if len(arguments) > 1 else 1500
    if form not in (*FORMS, "both") or epochs < 1:
        raise SystemExit(__doc__)
    for name, network_type in FORMS.items():
        if form in (name, "both"):
            network = network_type()
            losses = network.train(epochs)
            outputs = network.predict()
            assert losses[-1] < losses[0] or epochs < 10
            if epochs >= 1500:
                assert [round(y) for y in outputs] == TARGETS, outputs
            print("%-6s loss %.6f -> %.6f outputs %s" % (name, losses[0], losses[-1], " ".join("%.4f" % y for y in outputs)))


class Tests(unittest.TestCase):
    def test_learns(self):
        for network_type in FORMS.values():
            network = network_type()
            losses = network.train(2000)
            self.assertLess(losses[-1], 0.02)
            self.assertEqual([round(y) for y in network.predict()], TARGETS)

    def test_forms_agree(self):
        first, second = Network(), ArrayNetwork()
        for a, b in zip(first.train(50), second.train(50)):
            self.assertAlmostEqual(a, b, places=12)

    def test_gradient(self):
        """The step taken is the rate times the slope of the loss, measured by differences."""
        def loss(change):
            network = Network()
            network.hidden_weights[1][0] += change
            return sum((y - t) ** 2 / 2 for y, t in zip(network.predict(), TARGETS))
        network = Network()
        network.train(1)
        moved = (HIDDEN_WEIGHTS[1][0] - network.hidden_weights[1][0]) / RATE
        self.assertAlmostEqual(moved, (loss(1e-6) - loss(-1e-6)) / 2e-6, places=8)


if __name__ == "__main__":
    main(sys.argv[1:])
