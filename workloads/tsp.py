"""The travelling salesman: nearest neighbour, then 2-opt until no exchange of two edges shortens the tour.

    tsp.py [CITIES] [python|numpy|both]     CITIES: at least 2; numpy: the same two steps, a row of the table at a time

Sources: D. J. Rosenkrantz, R. E. Stearns, P. M. Lewis, SIAM J. Comput. 6 (1977); G. A. Croes, Operations Research 6 (1958).
Run its tests with: python3 -m unittest tsp.py
"""
import itertools
import math
import sys
import unittest


def cities(count, seed=42):
    """Points in the unit square, the same everywhere (a linear congruential generator)."""
    points = []
    for _ in range(count):
        seed = (seed * 1103515245 + 12345) % 2147483648
        x = seed / 2147483648
        seed = (seed * 1103515245 + 12345) % 2147483648
        points.append((x, seed / 2147483648))
    return points


def distances(points):
    return [[math.sqrt((x1 - x2) ** 2 + (y1 - y2) ** 2) for x2, y2 in points] for x1, y1 in points]


def tour_length(tour, distance):
    return sum(distance[a][b] for a, b in zip(tour, tour[1:] + tour[:1]))


def nearest_neighbour(distance):
    tour, left = [0], set(range(1, len(distance)))
    while left:
        row = distance[tour[-1]]
        nearest = min(left, key=lambda city: (row[city], city))
        left.remove(nearest)
        tour.append(nearest)
    return tour


def two_opt(tour, distance):
    """Reverse stretches of the tour while that shortens it by more than rounding can pretend."""
    tour = list(tour)
    count = len(tour)
    improved = True
    while improved:
        improved = False
        for i in range(count - 1):
            a, b = tour[i], tour[i + 1]
            for j in range(i + 2, count if i else count - 1):
                c, d = tour[j], tour[(j + 1) % count]
                if distance[a][c] + distance[b][d] < distance[a][b] + distance[c][d] - 1e-12:
                    tour[i + 1:j + 1] = reversed(tour[i + 1:j + 1])
                    b = tour[i + 1]
                    improved = True
    return tour


def nearest_neighbour_numpy(distance):
    import numpy as np
    table = np.array(distance)
    tour, free = [0], np.ones(len(table), dtype=bool)
    free[0] = False
    while free.any():
        nearest = int(np.argmin(np.where(free, table[tour[-1]], np.inf)))
        free[nearest] = False
        tour.append(nearest)
    return tour


def two_opt_numpy(tour, distance):
    """Of all exchanges with one edge the best, as long as any edge has one that shortens the tour."""
    import numpy as np
    table, tour = np.array(distance), np.array(tour)
    count = len(tour)
    improved = True
    while improved:
        improved = False
        for i in range(count - 2):
            a, b = tour[i], tour[i + 1]
            last = count if i else count - 1
            here, after = tour[i + 2:last], np.concatenate([tour[i + 3:], tour[:1]])[:last - i - 2]
            if not len(here):
                continue
            longer = table[a, here] + table[b, after] - table[a, b] - table[here, after]
            best = int(np.argmin(longer))
            if longer[best] < -1e-12:
                tour[i + 1:i + 3 + best] = tour[i + 1:i + 3 + best][::-1].copy()
                improved = True
    return tour.tolist()


FORMS = {"python": (nearest_neighbour, two_opt), "numpy": (nearest_neighbour_numpy, two_opt_numpy)}


def best_tour(distance):
    """By trying all: for a few cities."""
    rest = range(1, len(distance))
    return min(([0, *order] for order in itertools.permutations(rest)), key=lambda tour: tour_length(tour, distance))


def main(arguments):
    count = int(arguments[0]) if arguments else 80
    form = arguments[1] if len(arguments) > 1 else "both"
    if form not in (*FORMS, "both") or count < 2:
        raise SystemExit(__doc__)
    distance = distances(cities(count))
    for name, (construct, improve) in FORMS.items():
        if form in (name, "both"):
            first = construct(distance)
            better = improve(first, distance)
            assert sorted(better) == list(range(count))
            before, after = tour_length(first, distance), tour_length(better, distance)
            assert after <= before
            print("%-6s %d cities: nearest neighbour %.6f, 2-opt %.6f, shorter by %.1f%%"
                  % (name, count, before, after, 100 * (1 - after / before)))
            print("tour:", *better[:16], "...")


class Tests(unittest.TestCase):
    def test_square(self):
        distance = distances([(0, 0), (1, 1), (1, 0), (0, 1)])
        self.assertEqual(tour_length(two_opt([0, 1, 2, 3], distance), distance), 4.0)

    def test_small_ones_against_the_best(self):
        for seed in range(5):
            distance = distances(cities(7, seed))
            best = tour_length(best_tour(distance), distance)
            for construct, improve in FORMS.values():
                found = tour_length(improve(construct(distance), distance), distance)
                self.assertLessEqual(best, found + 1e-12)
                self.assertLess(found, 1.25 * best)

    def test_locally_best(self):
        distance = distances(cities(30, 9))
        for construct, improve in FORMS.values():
            tour = improve(construct(distance), distance)
            length = tour_length(tour, distance)
            for i, j in itertools.combinations(range(31), 2):
                self.assertGreaterEqual(tour_length(tour[:i] + tour[i:j][::-1] + tour[j:], distance), length - 1e-9)
        self.assertEqual(nearest_neighbour(distance), nearest_neighbour_numpy(distance))

    def test_tiny(self):
        for count in (1, 2, 3):
            distance = distances(cities(count))
            for construct, improve in FORMS.values():
                self.assertEqual(sorted(improve(construct(distance), distance)), list(range(count)))


if __name__ == "__main__":
    main(sys.argv[1:])
