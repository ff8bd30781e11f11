"""breakpoint() and sys.breakpointhook; the module of classes that type() makes; exceptions of a module imported twice."""
import os
import struct
import sys
import types
import warnings

print(sys.breakpointhook is sys.__breakpointhook__, callable(breakpoint))
sys.breakpointhook = lambda *arguments, **keywords: ("hook", arguments, keywords)
print(breakpoint(), breakpoint(1, two=2))
sys.breakpointhook = sys.__breakpointhook__
os.environ["PYTHONBREAKPOINT"] = "0"
print(breakpoint())
os.environ["PYTHONBREAKPOINT"] = "len"
print(breakpoint([1, 2, 3]))
os.environ["PYTHONBREAKPOINT"] = "os.path.join"
print(breakpoint("a", "b"))
for name in "nothing", "no_such_module.name", "os.no_such_name":
    os.environ["PYTHONBREAKPOINT"] = name
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        print(breakpoint(), [(warning.category.__name__, str(warning.message)) for warning in caught])
del sys.breakpointhook
try:
    breakpoint()
except RuntimeError as error:
    print(error)


def make():
    return type("Made", (object,), {"x": 1})


print(make().__module__, types.FunctionType(make.__code__, {"__name__": "elsewhere", "type": type, "object": object})().__module__)
namespace = {}
exec("Made = type('Made', (), {})", {"__name__": "other"}, namespace)
print(namespace["Made"].__module__)

first = struct.error
del sys.modules["struct"], sys.modules["_struct"]
import struct as again
try:
    again.unpack("i", b"1")
except again.error as error:
    print(error)
