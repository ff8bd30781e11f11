"""Lloyd's k-means on three clouds of points, in plain Python and in numpy.

    kmeans.py [python|numpy|both] [POINTS]

Source: S. P. Lloyd, Least squares quantization in PCM, IEEE Trans. Information Theory 28 (1982).
Run its tests with: python3 -m unittest kmeans.py
"""
import sys
import unittest

CENTRES = ((0.0, 0.0), (10.0, 2.0), (4.0, 9.0))


def points_around(centres, count, seed=7):
    """Count points, in turn around each centre, from sums of uniform numbers."""
    points = []

    def uniform():
        nonlocal seed
        seed = seed * 16807 % 2147483647
        return seed / 2147483647
    for i in range(count):
        x, y = centres[i % len(centres)]
        points.append((x + uniform() + uniform() + uniform() - 1.5, y + uniform() + uniform() + uniform() - 1.5))
    return points


def cluster_python(points, centres, rounds=100):
    """(centres, labels) when no label changes any more."""
    centres, labels = list(centres), None
    for _ in range(rounds):
        previous = labels
        labels = []
        for x, y in points:
            squares = [(x - a) ** 2 + (y - b) ** 2 for a, b in centres]
            labels.append(squares.index(min(squares)))
        if labels == previous:
            break
        for k in range(len(centres)):
            members = [p for p, label in zip(points, labels) if label == k]
            if members:
                centres[k] = (sum(x for x, _ in members) / len(members), sum(y for _, y in members) / len(members))
    return centres, labels


def cluster_numpy(points, centres, rounds=100):
    import numpy as np
    points, centres = np.array(points, dtype=float), np.array(centres, dtype=float)
    labels = None
    for _ in range(rounds):
        previous = labels
        squares = ((points[:, np.newaxis, :] - centres[np.newaxis, :, :]) ** 2).sum(axis=2)
        labels = np.argmin(squares, axis=1)
        if previous is not None and (labels == previous).all():
            break
        for k in range(len(centres)):
            members = points[labels == k]
            if len(members):
                centres[k] = members.mean(axis=0)
    return [tuple(centre) for centre in centres.tolist()], labels.tolist()


def main(arguments):
    form = arguments[0] if arguments else "both"
    count = int(arguments[1]) if len(arguments) > 1 else 600
    if form not in ("python", "numpy", "both") or count < 3:
        raise SystemExit(__doc__)
    points = points_around(CENTRES, count)
    for name, cluster in (("python", cluster_python), ("numpy", cluster_numpy)):
        if form in (name, "both"):
            centres, labels = cluster(points, points[:3])
            assert labels == [i % 3 for i in range(count)]
            print("%-6s" % name, " ".join("(%.6f, %.6f)" % centre for centre in centres))


class Tests(unittest.TestCase):
    def test_found(self):
        points = points_around(CENTRES, 300)
        for cluster in (cluster_python, cluster_numpy):
            centres, labels = cluster(points, points[:3])
            for (x, y), (a, b) in zip(centres, CENTRES):
                self.assertAlmostEqual(x, a, delta=0.2)
                self.assertAlmostEqual(y, b, delta=0.2)

    def test_forms_agree(self):
        points = points_around(((0.0, 0.0), (1.0, 1.0)), 101, seed=3)  # clouds that overlap
        (centres, labels), (others, same) = (cluster(points, points[:2]) for cluster in (cluster_python, cluster_numpy))
        self.assertEqual(labels, same)
        for a, b in zip(centres, others):
            self.assertAlmostEqual(a[0], b[0], places=12)
            self.assertAlmostEqual(a[1], b[1], places=12)

    def test_empty_cluster(self):
        for cluster in (cluster_python, cluster_numpy):
            centres, labels = cluster([(0.0, 0.0), (1.0, 0.0)], [(0.0, 0.0), (1.0, 0.0), (50.0, 50.0)])
            self.assertEqual(labels, [0, 1])
            self.assertEqual(centres[2], (50.0, 50.0))


if __name__ == "__main__":
    main(sys.argv[1:])
