"""A perceptron of two layers (2-2-1, step activation): weights for XOR and XNOR found by random search.

    perceptron2LayerFinal.py [SEED]

One layer cannot compute XOR (M. Minsky and S. Papert, Perceptrons, 1969); two can, and for so small a network trying
random weights finds some within a few hundred attempts. Run its tests with: python3 -m unittest perceptron2LayerFinal.py
"""
import sys
import unittest

import numpy as np

THRESHOLD = 0.5
ATTEMPTS = 10000
INPUTS = ((0, 0), (0, 1), (1, 0), (1, 1))
XOR = (0, 1, 1, 0)
XNOR = (1, 0, 0, 1)


def step(x):
    return 1 if x > THRESHOLD else 0


class Perceptron:
    """Two inputs, two hidden neurons, one output."""

    def __init__(self, hidden_weights, hidden_biases, output_weights, output_bias):
        self.hidden_weights = hidden_weights    # 2 x 2, a row for each hidden neuron
        self.hidden_biases = hidden_biases
        self.output_weights = output_weights
        self.output_bias = output_bias

    @classmethod
    def random(cls):
        return cls(np.random.randn(2, 2), np.random.randn(2), np.random.randn(2), np.random.randn())

    def predict(self, inputs):
        hidden = [step(np.dot(weights, inputs) + bias) for weights, bias in zip(self.hidden_weights, self.hidden_biases)]
        return step(np.dot(self.output_weights, hidden) + self.output_bias)

    def truth_table(self):
        return tuple(self.predict(np.array(inputs)) for inputs in INPUTS)


def search(table):
    """(attempts, perceptron) for the first random one that gives the truth table; None after ATTEMPTS."""
    for attempt in range(1, ATTEMPTS + 1):
        perceptron = Perceptron.random()
        if perceptron.truth_table() == table:
            return attempt, perceptron
    return None


def main(arguments):
    if arguments and not arguments[0].isdecimal():
        raise SystemExit(__doc__)
    np.random.seed(int(arguments[0]) if arguments else 0)
    for name, table in (("XOR", XOR), ("XNOR", XNOR)):
        found = search(table)
        if found is None:
            raise SystemExit("%s: nothing found in %d attempts" % (name, ATTEMPTS))
        attempts, perceptron = found
        print("%s found after %d attempts" % (name, attempts))
        print("hidden weights:\n%s" % perceptron.hidden_weights)
        print("hidden biases:", perceptron.hidden_biases)
        print("output weights:", perceptron.output_weights)
        print("output bias: %.8f" % perceptron.output_bias)
        for inputs, wanted in zip(INPUTS, table):
            result = perceptron.predict(np.array(inputs))
            assert result == wanted
            print(inputs, "->", result)


class Tests(unittest.TestCase):
    def test_known_weights(self):
        """(a or b) and not (a and b)"""
        perceptron = Perceptron(np.array([[1.0, 1.0], [1.0, 1.0]]), np.array([0.0, -1.0]), np.array([1.0, -1.0]), 0.0)
        self.assertEqual(perceptron.truth_table(), XOR)

    def test_search(self):
        np.random.seed(3)
        for table in (XOR, XNOR):
            attempts, perceptron = search(table)
            self.assertLessEqual(attempts, ATTEMPTS)
            self.assertEqual(perceptron.truth_table(), table)

    def test_threshold(self):
        self.assertEqual([step(x) for x in (0.4, 0.5, 0.6)], [0, 0, 1])


if __name__ == "__main__":
    main(sys.argv[1:])
