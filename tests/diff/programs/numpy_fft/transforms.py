# Transforms of every length up to 300 and of larger ones with awkward factors, bit for bit: the results' bytes are hashed.
import hashlib

import numpy as np
from numpy import fft

rng = np.random.default_rng(77)


def digest(array):
    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()[:10]


def attempt(call):
    try:
        result = call()
        print(repr(result))
    except Exception as error:
        print(type(error).__name__, error)


def lengths():
    awkward = [360, 512, 625, 1001, 1009, 1024, 1331, 2039, 2187, 17 * 17 * 2, 4 * 1013, 5000, 10007]
    for n in list(range(1, 301)) + awkward:
        x = rng.standard_normal(n) + 1j * rng.standard_normal(n)
        half = rng.standard_normal(n // 2 + 1) + 1j * rng.standard_normal(n // 2 + 1)
        print(n, digest(fft.fft(x)), digest(fft.ifft(x)), digest(fft.rfft(x.real)), digest(fft.irfft(half, n)))


def axes():
    a = rng.standard_normal((4, 6, 5)) + 1j * rng.standard_normal((4, 6, 5))
    for norm in (None, "backward", "ortho", "forward"):
        for name in ("fft", "ifft", "irfft", "hfft"):
            transform = getattr(fft, name)
            for axis in (-1, 0, 1):
                for n in (None, 3, 8):
                    result = transform(a, n, axis, norm)
                    print(name, norm, axis, n, result.shape, result.dtype, digest(result))
        for name in ("rfft", "ihfft"):
            print(name, norm, digest(getattr(fft, name)(a.real, 7, 1, norm)))
        for name in ("fftn", "ifftn", "fft2", "ifft2", "irfftn", "irfft2"):
            print(name, norm, digest(getattr(fft, name)(a, norm=norm)), digest(getattr(fft, name)(a, (3, 7), (0, 2), norm)))
        for name in ("rfftn", "rfft2"):
            print(name, norm, digest(getattr(fft, name)(a.real, norm=norm)), digest(getattr(fft, name)(a.real, (3, 7), (0, 2),
                norm)))
    print(digest(fft.fftn(a, axes=(1,))), digest(fft.fftn(a, s=(2, 9))), digest(fft.fft(a.T, axis=0)))


def others():
    print(fft.fft([1, 2, 3, 4]), fft.fft(np.int8([1, 0, -1])), fft.fft(np.float32([1, 2])).dtype, fft.rfft([True, False, True]))
    for n in (1, 2, 5, 8):
        print(fft.fftfreq(n), fft.fftfreq(n, 0.1), fft.rfftfreq(n), fft.rfftfreq(n, d=2))
        print(fft.fftshift(np.arange(n)), fft.ifftshift(np.arange(n)))
    a = np.arange(12).reshape(3, 4)
    print(fft.fftshift(a), fft.fftshift(a, 0), fft.ifftshift(a, axes=(1,)), fft.fftshift(a, axes=[0, 1]))
    for call in (lambda: fft.fft([]), lambda: fft.fft([1, 2], 0), lambda: fft.fft([1, 2], -3), lambda: fft.fft([1, 2], norm="x"),
                 lambda: fft.ifft([1, 2], norm=5), lambda: fft.fft(3.0), lambda: fft.fft([1, 2], axis=2), lambda: fft.fft([1, 2],
                 2, 2),
                 lambda: fft.hfft([1, 2], norm="x"), lambda: fft.irfft([1]), lambda: fft.fftfreq(2.5), lambda: fft.fftfreq(0),
                 lambda: fft.fftn([[1, 2]], (2,), (0, 1)), lambda: fft.fft2([1, 2]), lambda: fft.fftshift([1, 2], 3),
                 lambda: fft.fft("abc"), lambda: fft.fft([1, 2], "a")):
        attempt(call)


lengths()
axes()
others()
