"""A cell of long short-term memory over a sequence, in plain Python and in numpy.

    lstm.py [python|numpy|both] [STEPS]

Source: S. Hochreiter and J. Schmidhuber, Neural Computation 9 (1997), with the forget gate of F. A. Gers, J. Schmidhuber and
F. Cummins, Neural Computation 12 (2000). Run its tests with: python3 -m unittest lstm.py
"""
import math
import sys
import unittest

GATES = ("input", "forget", "cell", "output")


def weights(inputs, units):
    """For each gate a row per unit: its weights for the inputs, for the previous outputs, and the bias; small and fixed."""
    table = {}
    for number, gate in enumerate(GATES):
        bias = 1.0 if gate == "forget" else 0.0
        table[gate] = [[math.sin(1 + 7 * number + 3 * i + j) / 2 for j in range(inputs + units)] + [bias] for i in range(units)]
    return table


def sigmoid(x):
    return 1 / (1 + math.exp(-x))


class Cell:
    def __init__(self, table, units):
        self.table = table
        self.output = [0.0] * units
        self.memory = [0.0] * units

    def step(self, x):
        values = list(x) + self.output + [1.0]
        gate = {name: [sum(w * v for w, v in zip(row, values)) for row in rows] for name, rows in self.table.items()}
        for i in range(len(self.memory)):
            kept = sigmoid(gate["forget"][i]) * self.memory[i]
            self.memory[i] = kept + sigmoid(gate["input"][i]) * math.tanh(gate["cell"][i])
            self.output[i] = sigmoid(gate["output"][i]) * math.tanh(self.memory[i])
        return list(self.output)


class ArrayCell:
    def __init__(self, table, units):
        import numpy as np
        self.np = np
        self.table = np.array([table[gate] for gate in GATES])      # gates x units x (inputs + units + 1)
        self.output = np.zeros(units)
        self.memory = np.zeros(units)

    def step(self, x):
        np = self.np
        values = np.concatenate([np.array(x), self.output, np.ones(1)])
        entry, forget, cell, output = self.table @ values
        self.memory = 1 / (1 + np.exp(-forget)) * self.memory + 1 / (1 + np.exp(-entry)) * np.tanh(cell)
        self.output = 1 / (1 + np.exp(-output)) * np.tanh(self.memory)
        return self.output.tolist()


FORMS = {"python": Cell, "numpy": ArrayCell}


def main(arguments):
    form = arguments[0] if arguments else "both"
    steps = int(arguments[1]) if len(arguments) > 1 else 60
    if form not in (*FORMS, "both") or steps < 1:
        raise SystemExit(__doc__)
    inputs, units = 4, 16
    results = []
    for name, cell_type in FORMS.items():
        if form in (name, "both"):
            cell = cell_type(weights(inputs, units), units)
            for t in range(steps):
                output = cell.step([math.cos(0.3 * t + i) for i in range(inputs)])
            assert all(-1 < h < 1 for h in output)
            results.append(output)
            print("%-6s" % name, " ".join("%.8f" % h for h in output[:6]), "...")
    for a, b in zip(results[0], results[-1]):
        assert abs(a - b) < 1e-9


class Tests(unittest.TestCase):
    def saturated(self, forget, entry):
        """One unit whose gates are open (50) or shut (-50) whatever comes in; the cell's input is x."""
        return {"input": [[0.0, 0.0, entry]], "forget": [[0.0, 0.0, forget]], "cell": [[1.0, 0.0, 0.0]],
                "output": [[0.0, 0.0, 50.0]]}

    def test_remembers(self):
        for cell_type in FORMS.values():
            cell = cell_type(self.saturated(50.0, -50.0), 1)
            cell.memory[0] = 0.75
            for _ in range(100):
                output = cell.step([9.0])
            self.assertAlmostEqual(output[0], math.tanh(0.75), places=12)

    def test_forgets(self):
        for cell_type in FORMS.values():
            cell = cell_type(self.saturated(-50.0, 50.0), 1)
            cell.memory[0] = 0.75
            self.assertAlmostEqual(cell.step([0.25])[0], math.tanh(math.tanh(0.25)), places=12)

    def test_forms_agree(self):
        table = weights(3, 5)
        first, second = Cell(table, 5), ArrayCell(table, 5)
        for t in range(20):
            x = [t % 3 - 1.0, t % 5 / 5, 0.5]
            for a, b in zip(first.step(x), second.step(x)):
                self.assertAlmostEqual(a, b, places=12)


if __name__ == "__main__":
    main(sys.argv[1:])
