"""Names that numpy keeps from its early days, and numpy.testing's helpers around tests."""
import io
import warnings

import numpy as np
from numpy import testing

print(np.typename("d"), np.typename("?"), np.sctype2char("f4"), np.sctype2char(int), np.issubsctype("i4", np.integer))
for a in ([], ["f4"], ["f4", "i8"], ["i2", "u2"], ["c8"], ["u4"], ["?", "i1"]):
    for b in ([], ["f8"], ["i8"], ["c16"], ["i4", "f4"], ["i1"]):
        print(a, b, np.find_common_type(a, b))
print(np.asfarray([1, 2]), np.asfarray([1, 2], dtype="f4").dtype, np.asfarray([1, 2], dtype=int).dtype)
np.disp("hello")
stream = io.StringIO()
np.disp("x", stream, False)
print(repr(stream.getvalue()))
a = np.arange(12.0).reshape(3, 4)


@np.deprecate
def old(x):
    "Doc."
    return x + 1


@np.deprecate_with_doc("use new")
def older(x):
    return x


with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    print(old(1), older(2), np.deprecate(older, "a", "b")(3), np.fastCopyAndTranspose(a), old.__name__)
    print([str(w.message) for w in caught])
print(np.getbufsize(), np.typecodes, np.little_endian, np.safe_eval("[1, 2]"), np.MAXDIMS, np.ERR_DEFAULT, np.FPE_INVALID)
np.who({"a": a, "bb": np.zeros(3, "i4"), "c": a})
np.who({})

try:
    testing.raises(ValueError)
except ImportError as error:
    print(error)
with testing.tempdir() as folder:
    print(isinstance(folder, str))
with testing.temppath(suffix=".x") as path:
    print(path[-2:])
try:
    testing.print_assert_equal("Test", [0, 1], [0, 2])
except AssertionError as error:
    print(error)


class Case:
    def test_one(self):
        return 1

    def other(self):
        return 2


testing.decorate_methods(Case, lambda function: lambda self: 10 * function(self))
print(Case().test_one(), Case().other())
with testing.assert_no_gc_cycles():
    pass
testing.assert_no_gc_cycles(len, "abc")
testing.break_cycles()
names = {}
testing.runstring("x = 1", names)
with testing.clear_and_catch_warnings(record=True, modules=[testing]) as caught:
    warnings.simplefilter("always")
    warnings.warn("seen")
print(names["x"], [str(w.message) for w in caught], testing.SkipTest, testing.TestCase, testing.HAS_REFCOUNT, testing.IS_PYPY)
