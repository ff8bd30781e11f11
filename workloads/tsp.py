"""The travelling salesman: nearest neighbour, then 2-opt until no exchange of two edges shortens the tour.

    tsp.py [CITIES]

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


def best_tour(distance):
    """By trying all: for a few cities."""
    rest = range(1, len(distance))
    return min(([0, *order] for order in itertools.permutations(rest)), key=lambda tour: tour_length(tour, distance))


def main(arguments):
    count = int(arguments[0]) if arguments else 80
    distance = distances(cities(count))
    first = nearest_neighbour(distance)
    better = two_opt(first, distance)
    assert sorted(better) == list(range(count))
    before, after = tour_length(first, distance), tour_length(better, distance)
    assert after <= before
    print("%d cities: nearest neighbour %.6f, 2-opt %.6f, shorter by %.1f%%" % (count, before, after, 100 * (1 - after / before)))
    print("tour:", *better[:16], "...")


class Tests(unittest.TestCase):
    def test_square(self):
        distance = distances([(0, 0), (1, 1), (1, 0), (0, 1)])
        self.assertEqual(tour_length(two_opt([0, 1, 2, 3], distance), distance), 4.0)

    def test_small_ones_against_the_best(self):
        for seed in range(5):
            distance = distances(cities(7, seed))
            best = tour_length(best_tour(distance), distance)
            found = tour_length(two_opt(nearest_neighbour(distance), distance), distance)
            self.assertLessEqual(best, found + 1e-12)
            self.assertLess(found, 1.25 * best)

    def test_locally_best(self):
        distance = distances(cities(30, 9))
        tour = two_opt(nearest_neighbour(distance), distance)
        length = tour_length(tour, distance)
        for i, j in itertools.combinations(range(31), 2):
            self.assertGreaterEqual(tour_length(tour[:i] + tour[i:j][::-1] + tour[j:], distance), length - 1e-9)

    def test_tiny(self):
        for count in (1, 2, 3):
            distance = distances(cities(count))
            self.assertEqual(sorted(two_opt(nearest_neighbour(distance), distance)), list(range(count)))


if __name__ == "__main__":
    main(sys.argv[1:])
