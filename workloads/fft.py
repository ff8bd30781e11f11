"""The discrete Fourier transform: by its definition, by Cooley and Tukey's recursion, in place, and numpy's.

    fft.py [definition|recursive|in_place|numpy|all] [SIZE]     SIZE: a power of two, at least 32

Source: J. W. Cooley and J. W. Tukey, Mathematics of Computation 19 (1965). Run its tests with: python3 -m unittest fft.py
"""
import cmath
import sys
import unittest


def by_definition(signal):
    n = len(signal)
    return [sum(x * cmath.exp(-2j * cmath.pi * k * i / n) for i, x in enumerate(signal)) for k in range(n)]


def recursive(signal):
    n = len(signal)
    if n == 1:
        return list(signal)
    even, odd = recursive(signal[::2]), recursive(signal[1::2])
    turned = [cmath.exp(-2j * cmath.pi * k / n) * x for k, x in enumerate(odd)]
    return [a + b for a, b in zip(even, turned)] + [a - b for a, b in zip(even, turned)]


def in_place(signal):
    """Bit reversal, then butterflies of growing size."""
    data, n = list(signal), len(signal)
    j = 0
    for i in range(1, n):
        bit = n >> 1
        while j & bit:
            j ^= bit
            bit >>= 1
        j |= bit
        if i < j:
            data[i], data[j] = data[j], data[i]
    size = 2
    while size <= n:
        half = size // 2
        turns = [cmath.exp(-2j * cmath.pi * k / size) for k in range(half)]
        for start in range(0, n, size):
            for k in range(half):
                a, b = data[start + k], data[start + k + half] * turns[k]
                data[start + k], data[start + k + half] = a + b, a - b
        size *= 2
    return data


def inverse(spectrum):
    n = len(spectrum)
    return [x.conjugate() / n for x in in_place([x.conjugate() for x in spectrum])]


def by_numpy(signal):
    import numpy as np
    return np.fft.fft(np.array(signal)).tolist()


FORMS = {"definition": by_definition, "recursive": recursive, "in_place": in_place, "numpy": by_numpy}


def tones(size):
    """Two cosines, of 5 and 12 periods: their spectrum is known."""
    return [cmath.cos(2 * cmath.pi * 5 * i / size).real + 0.5 * cmath.cos(2 * cmath.pi * 12 * i / size).real for i in range(size)]


def main(arguments):
    form = arguments[0] if arguments else "all"
    size = int(arguments[1]) if len(arguments) > 1 else 128
    if form not in (*FORMS, "all") or size < 32 or size & (size - 1):
        raise SystemExit(__doc__)
    signal = tones(size)
    for name, transform in FORMS.items():
        if form in (name, "all"):
            spectrum = transform(signal)
            peaks = [k for k in range(size // 2) if abs(spectrum[k]) > size / 8]
            assert peaks == [5, 12], peaks
            for k in range(size // 2):      # a cosine of amplitude a shows as a / 2 times the size
                assert abs(abs(spectrum[k]) / size - {5: 0.5, 12: 0.25}.get(k, 0)) < 1e-9, k
            print("%-10s" % name, "peaks at", *("%d (%.6f)" % (k, abs(spectrum[k]) / size) for k in peaks))


class Tests(unittest.TestCase):
    def test_agree(self):
        for size in (1, 2, 8, 64):
            signal = [complex((7 * i) % 11 - 5, (3 * i) % 5) for i in range(size)]
            expected = by_definition(signal)
            for transform in (recursive, in_place, by_numpy):
                for a, b in zip(transform(signal), expected):
                    self.assertAlmostEqual(a, b, places=9)

    def test_there_and_back(self):
        signal = tones(64)
        for a, b in zip(inverse(in_place(signal)), signal):
            self.assertAlmostEqual(a, b, places=12)

    def test_energy(self):
        """Parseval: the energies of signal and spectrum agree."""
        signal = tones(256)
        energy = sum(abs(x) ** 2 for x in recursive(signal)) / 256
        self.assertAlmostEqual(energy, sum(x * x for x in signal), places=9)


if __name__ == "__main__":
    main(sys.argv[1:])
