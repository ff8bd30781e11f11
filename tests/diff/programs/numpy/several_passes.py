"""Functions that are several operations on every element, and elements moved along: with what their steps warn of."""
import warnings
import zlib

import numpy as np


def show(what, function, *arguments, **keywords):
    with warnings.catch_warnings(record=True) as met:
        warnings.simplefilter("always")
        try:
            made = function(*arguments, **keywords)
            shown = made.dtype, made.shape, zlib.crc32(made.tobytes())
        except (TypeError, ValueError, FloatingPointError) as error:
            shown = type(error).__name__, str(error)
    print(what, *shown, *(str(warning.message) for warning in met))


flat = np.arange(-2500, 2500) * 0.37
rows = flat.reshape(50, 100)
cube = np.arange(60).reshape(3, 4, 5)
arrays = {"flat": flat, "every second": flat[::2], "rows": rows, "columns": rows.T, "parts": rows[::2, ::3], "cube": cube,
          "turned": cube.transpose(2, 0, 1), "nothing": np.zeros((0, 3)), "texts": np.array(["ab", "c", ""]),
          "singles": flat.astype(np.float32)}
for name, array in arrays.items():
    for shift, axis in ((1, None), (-2, None), (0, None), (10**20, None), ((1, 2), (0, -1)), (3, -1), ((1, 1), 0), (1.5, None),
                        (2.0, 0), ([[1]], 0)):
        show("roll %s %s %s" % (name, shift, axis), np.roll, array, shift, axis)
    for times in (2, 0, (2, 2), (1, 3, 2), [3], np.array([2, 3])):
        show("tile %s %s" % (name, times), np.tile, array, times)
    if name == "texts":
        continue
    for times in (1, 2, 3, -1):
        show("diff %s %s" % (name, times), np.diff, array, times)
    for digits in (0, 2, -1, 5, 300):
        show("round %s %s" % (name, digits), np.round, array, digits)

odd = np.array([1e308, np.inf, np.nan, 1e-320, 5.5, -0.0] * 300)
show("overflow", np.round, odd, 3)
show("columns of that", np.round, odd.reshape(30, 60).T, 3)
show("no overflow", np.round, odd, -3)
with np.errstate(all="raise"):
    show("raised", np.round, odd, 3)
    show("underflow", np.round, np.array([1e-310, 1.0]), -3)
    show("line to nearly nothing", np.linspace, 0, 1e-320, 7)
for start, stop in ((0, 1), (1, 0), (0, np.inf), (np.nan, 1), (-1e308, 1.7e308), (0, 5e-324), (0, 2e-322), (3, 3), (1e300, -1e300)):
    for number in (0, 1, 2, 3, 1024, 1025, 5000):
        for ends in (True, False):
            show("line %s %s %s %s" % (start, stop, number, ends), np.linspace, start, stop, number, endpoint=ends)

for kind in "bBhHiIlL":
    whole = np.arange(-7000, 13000).astype(kind)
    for array in (whole, whole.reshape(100, 200), whole.reshape(100, 200).T, whole[::3], whole[1:]):
        print(kind, array.sum(), array.sum(dtype="u8"), array.sum(initial=7), array.sum(axis=0).sum(),
              np.add.reduce(array, None, initial=None))
