"""Ordinary differential equations: exponential decay, Lotka-Volterra, the pendulum; Euler, RK4, adaptive RK45, closed form.

    differential_equation_solver.py [python|numpy|both|methods] [STEPS]    STEPS: at least 50

methods: each method on each equation, in both forms; by numpy many starts at once.

Sources: W. Kutta, Zeitschrift fuer Mathematik und Physik 46 (1901), for RK4; J. R. Dormand and P. J. Prince, J. Comp. Appl.
Math. 6 (1980), for RK45; A. J. Lotka (1925) and V. Volterra (1926) for the predators.
Run its tests with: python3 -m unittest differential_equation_solver.py
"""
import math
import sys
import unittest

RATE = 0.5                              # of the decay, per unit of time
PREY, CATCH, DEATH, GROWTH = 1.1, 0.4, 0.4, 0.1
GRAVITY, LENGTH = 9.81, 1.0             # metres per second squared, metres


def decay(t, y):
    return [-RATE * y[0]]


def lotka_volterra(t, y):
    prey, predators = y
    return [PREY * prey - CATCH * prey * predators, GROWTH * prey * predators - DEATH * predators]


def pendulum(t, y):
    angle, speed = y
    return [speed, -GRAVITY / LENGTH * math.sin(angle)]


def euler(f, y, t, end, steps):
    """y at each of steps + 1 equally spaced times."""
    h = (end - t) / steps
    path = [list(y)]
    for _ in range(steps):
        y = [a + h * k for a, k in zip(y, f(t, y))]
        t += h
        path.append(y)
    return path


def rk4(f, y, t, end, steps):
    h = (end - t) / steps
    path = [list(y)]
    for _ in range(steps):
        k1 = f(t, y)
        k2 = f(t + h / 2, [a + h / 2 * k for a, k in zip(y, k1)])
        k3 = f(t + h / 2, [a + h / 2 * k for a, k in zip(y, k2)])
        k4 = f(t + h, [a + h * k for a, k in zip(y, k3)])
        y = [a + h / 6 * (p + 2 * q + 2 * r + s) for a, p, q, r, s in zip(y, k1, k2, k3, k4)]
        t += h
        path.append(y)
    return path


# Dormand and Prince's table: nodes, weights of earlier slopes, and the fifth-order result minus the fourth-order one
NODES = (0, 1 / 5, 3 / 10, 4 / 5, 8 / 9, 1, 1)
SLOPES = (
    (),
    (1 / 5,),
    (3 / 40, 9 / 40),
    (44 / 45, -56 / 15, 32 / 9),
    (19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729),
    (9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656),
    (35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84),
)
ERROR = (71 / 57600, 0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40)


def rk45(f, y, t, end, tolerance):
    """The times chosen and y at them: a step is taken again, smaller, while its estimated error exceeds the tolerance."""
    h = (end - t) / 100
    times, path = [t], [list(y)]
    while t < end:
        h = min(h, end - t)
        slopes = []
        for node, weights in zip(NODES, SLOPES):
            slopes.append(f(t + node * h, [a + h * sum(w * k[i] for w, k in zip(weights, slopes)) for i, a in enumerate(y)]))
        error = max(abs(h * sum(e * k[i] for e, k in zip(ERROR, slopes))) for i in range(len(y)))
        if error <= tolerance:
            y = [a + h * sum(w * k[i] for w, k in zip(SLOPES[6], slopes)) for i, a in enumerate(y)]
            t = end if h == end - t else t + h
            times.append(t)
            path.append(y)
        h *= min(5.0, max(0.2, 0.9 * (tolerance / error) ** 0.2)) if error else 5.0
    return times, path


def closed_form_python(start, end, steps):
    return [start * math.exp(-RATE * (end * i / steps)) for i in range(steps + 1)]


def decays_numpy(start, end, steps):
    """Many decays at once, each with its own start, by Euler's method."""
    import numpy as np
    return euler_numpy(lambda t, y: -RATE * y, np.array(start, dtype=float), 0.0, end, steps).tolist()


def closed_form_numpy(start, end, steps):
    import numpy as np
    return (start * np.exp(-RATE * np.linspace(0, end, steps + 1))).tolist()


# numpy: y is an array of quantities x starts, for many starts at once; a step is some operations on arrays


def equations_numpy():
    import numpy as np

    def decay(t, y):
        return -RATE * y

    def lotka_volterra(t, y):
        prey, predators = y
        return np.stack([PREY * prey - CATCH * prey * predators, GROWTH * prey * predators - DEATH * predators])

    def pendulum(t, y):
        return np.stack([y[1], -GRAVITY / LENGTH * np.sin(y[0])])
    return {"decay": decay, "lotka-volterra": lotka_volterra, "pendulum": pendulum}


def euler_numpy(f, y, t, end, steps):
    """y at the end."""
    h = (end - t) / steps
    for _ in range(steps):
        y = y + h * f(t, y)
        t += h
    return y


def rk4_numpy(f, y, t, end, steps):
    h = (end - t) / steps
    for _ in range(steps):
        k1 = f(t, y)
        k2 = f(t + h / 2, y + h / 2 * k1)
        k3 = f(t + h / 2, y + h / 2 * k2)
        k4 = f(t + h, y + h * k3)
        y = y + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        t += h
    return y


def rk45_numpy(f, y, t, end, tolerance):
    """The steps taken, which the worst of all starts decides, and y at the end."""
    import numpy as np
    h, taken = (end - t) / 100, 0
    slopes = np.zeros((len(NODES), *y.shape))
    weights = [np.array(row) for row in SLOPES]
    while t < end:
        h = min(h, end - t)
        for i, node in enumerate(NODES):
            slopes[i] = f(t + node * h, y + h * np.tensordot(weights[i], slopes[:i], 1) if i else y)
        error = float(np.max(np.abs(h * np.tensordot(ERROR, slopes, 1))))
        if error <= tolerance:
            y = y + h * np.tensordot(weights[6], slopes[:6], 1)
            t = end if h == end - t else t + h
            taken += 1
        h *= min(5.0, max(0.2, 0.9 * (tolerance / error) ** 0.2)) if error else 5.0
    return taken, y


def lotka_invariant(y):
    """Constant along every exact solution."""
    prey, predators = y
    return GROWTH * prey - DEATH * math.log(prey) + CATCH * predators - PREY * math.log(predators)


def pendulum_energy(y):
    return y[1] ** 2 / 2 - GRAVITY / LENGTH * math.cos(y[0])


METHODS = {"euler": euler, "rk4": rk4}
EQUATIONS = {"decay": (decay, [8.0]), "lotka-volterra": (lotka_volterra, [10.0, 5.0]), "pendulum": (pendulum, [1.0, 0.0])}


def every_method(end, steps, tolerance):
    """(equation, method, steps taken, y at the end) for each equation by each method."""
    for equation, (f, start) in EQUATIONS.items():
        for method, solve in METHODS.items():
            yield equation, method, steps, solve(f, start, 0.0, end, steps)[-1]
        times, path = rk45(f, start, 0.0, end, tolerance)
        yield equation, "rk45", len(times) - 1, path[-1]


def every_method_numpy(end, steps, tolerance):
    """The same by arrays: the start of EQUATIONS and, beside it, its half; (..., y at the end for the former)."""
    import numpy as np
    for equation, f in equations_numpy().items():
        starts = np.array(EQUATIONS[equation][1])[:, None] * np.array([1.0, 0.5])
        yield equation, "euler", steps, euler_numpy(f, starts, 0.0, end, steps)[:, 0].tolist()
        yield equation, "rk4", steps, rk4_numpy(f, starts, 0.0, end, steps)[:, 0].tolist()
        taken, y = rk45_numpy(f, starts, 0.0, end, tolerance)
        yield equation, "rk45", taken, y[:, 0].tolist()


def difference(y, other):
    return max(abs(a - b) for a, b in zip(y, other))


def print_methods(steps):
    """What each method is checked against: a smaller tolerance for rk45, which must keep its own; the plain form for numpy's."""
    plain = {}
    for equation, method, taken, y in every_method(10.0, steps, 1e-9):
        print("%-14s %-5s %5d steps" % (equation, method, taken), " ".join("%.9f" % value for value in y))
        plain[equation, method] = y
    for equation, (f, start) in EQUATIONS.items():
        assert difference(rk45(f, start, 0.0, 10.0, 1e-11)[1][-1], plain[equation, "rk45"]) < 1e-5, equation
    for equation, method, taken, y in every_method_numpy(10.0, steps, 1e-9):
        print("numpy %-14s %-5s %5d steps" % (equation, method, taken), " ".join("%.9f" % value for value in y))
        assert difference(y, plain[equation, method]) < 1e-6, (equation, method)


def main(arguments):
    form = arguments[0] if arguments else "both"
    steps = int(arguments[1]) if len(arguments) > 1 else 1000
    if form not in ("python", "numpy", "both", "methods") or steps < 50:
        raise SystemExit(__doc__)
    exact = 8.0 * math.exp(-RATE * 10)
    if form in ("python", "both"):
        print("closed form  %.12f" % closed_form_python(8.0, 10.0, steps)[-1])
        for name, solve, bound in (("euler", euler, 30 / steps), ("rk4", rk4, 10 / steps ** 4 + 1e-12)):
            result = solve(decay, [8.0], 0.0, 10.0, steps)[-1][0]
            assert abs(result - exact) < bound, (name, result)
            print("decay %-6s %.12f" % (name, result))
        times, path = rk45(decay, [8.0], 0.0, 10.0, 1e-9)
        assert abs(path[-1][0] - exact) < 1e-6
        print("decay rk45   %.12f in %d steps" % (path[-1][0], len(times) - 1))
        path = rk4(lotka_volterra, [10.0, 5.0], 0.0, 30.0, steps)
        drift = max(abs(lotka_invariant(y) - lotka_invariant(path[0])) for y in path)
        assert drift < (100 / steps) ** 4 + 1e-9
        print("lotka-volterra prey %.6f predators %.6f drift %.2e" % (*path[-1], drift))
        path = rk4(pendulum, [1.0, 0.0], 0.0, 10.0, steps)
        drift = max(abs(pendulum_energy(y) - pendulum_energy(path[0])) for y in path)
        assert drift < (100 / steps) ** 4 + 1e-9
        print("pendulum angle %.6f speed %.6f drift %.2e" % (*path[-1], drift))
        times, path = rk45(pendulum, [1.0, 0.0], 0.0, 10.0, 1e-8)
        assert abs(pendulum_energy(path[-1]) - pendulum_energy(path[0])) < 1e-4
        print("pendulum rk45 angle %.6f in %d steps" % (path[-1][0], len(times) - 1))
    if form == "methods":
        print_methods(steps)
    if form in ("numpy", "both"):
        values = closed_form_numpy(8.0, 10.0, steps)
        assert abs(values[-1] - exact) < 1e-12
        print("numpy closed form  %.12f" % values[-1])
        many = decays_numpy([1.0, 2.0, 4.0, 8.0], 10.0, steps)
        assert abs(many[-1] - exact) < 30 / steps
        print("numpy euler", " ".join("%.12f" % y for y in many))


class Tests(unittest.TestCase):
    def test_orders(self):
        """Halving the step divides Euler's error by about 2 and RK4's by about 16."""
        exact = math.exp(-RATE * 2)
        for solve, order in ((euler, 1), (rk4, 4)):
            coarse, fine = (abs(solve(decay, [1.0], 0.0, 2.0, n)[-1][0] - exact) for n in (20, 40))
            self.assertAlmostEqual(math.log2(coarse / fine), order, delta=0.1)

    def test_adaptive(self):
        for tolerance in (1e-4, 1e-7, 1e-10):
            times, path = rk45(decay, [1.0], 0.0, 5.0, tolerance)
            self.assertEqual(times[-1], 5.0)
            self.assertLess(abs(path[-1][0] - math.exp(-2.5)), 20 * tolerance)
        self.assertEqual(len(times), len(path))

    def test_conserved(self):
        for f, start, quantity in ((lotka_volterra, [10.0, 5.0], lotka_invariant), (pendulum, [1.0, 0.0], pendulum_energy)):
            path = rk4(f, start, 0.0, 10.0, 2000)
            for y in path:
                self.assertAlmostEqual(quantity(y), quantity(path[0]), delta=1e-5)

    def test_every_method(self):
        ends = {(equation, method): (taken, y) for equation, method, taken, y in every_method(5.0, 2000, 1e-10)}
        self.assertEqual(len(ends), 9)
        for equation in EQUATIONS:
            taken, best = ends[equation, "rk45"]
            self.assertLess(taken, 2000)
            for method, bound in (("rk4", 1e-6), ("euler", 0.5)):
                for a, b in zip(ends[equation, method][1], best):
                    self.assertAlmostEqual(a, b, delta=bound)

    def test_forms_agree(self):
        for a, b in zip(closed_form_python(3.0, 4.0, 50), closed_form_numpy(3.0, 4.0, 50)):
            self.assertAlmostEqual(a, b, delta=1e-12)
        self.assertAlmostEqual(decays_numpy([3.0], 4.0, 50)[0], euler(decay, [3.0], 0.0, 4.0, 50)[-1][0], delta=1e-12)
        arrays = list(every_method_numpy(3.0, 200, 1e-9))
        self.assertEqual(len(arrays), 9)
        for (equation, method, _, y), (_, _, _, other) in zip(every_method(3.0, 200, 1e-9), arrays):
            for a, b in zip(y, other):
                self.assertAlmostEqual(a, b, delta=1e-7, msg=equation + " " + method)


if __name__ == "__main__":
    main(sys.argv[1:])
