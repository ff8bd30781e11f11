"""Module objects: attributes, repr, types.ModuleType, specs."""
import math
import os
import sys
import types

print(math, sys, os, types.ModuleType("empty"), repr(types.ModuleType("documented", "text").__doc__))
m = types.ModuleType("m")
print(m.__name__, m.__doc__, m.__package__, m.__loader__, m.__spec__, sorted(vars(m)))
m.x = 1
print(m.x, dir(m), vars(m)["x"])
del m.x
for action in (lambda: m.x, lambda: delattr(m, "x"), lambda: types.ModuleType(), lambda: types.ModuleType(3)):
    try:
        print(action())
    except Exception as error:
        print(type(error).__name__, error)
del m.__name__
try:
    m.y
except AttributeError as error:
    print(error)
m.__file__ = "/some/where.py"
print(m)
print(sys.__name__, sys.__package__ == "", sys.__spec__.name, sys.__spec__.origin, sys.__loader__.__name__)
print(os.__spec__, os.__loader__, os.__file__.endswith("/os.py"), hasattr(os, "__cached__"))
import json.decoder
print(json.__spec__.name, json.__spec__.submodule_search_locations == json.__path__, json.__spec__.parent, json.__package__)
print(json.decoder.__spec__.parent, json.decoder.__spec__.has_location, json.decoder.__spec__.origin == json.decoder.__file__)
print(os.path.basename(json.decoder.__cached__), type(json.__loader__).__name__, json.__loader__.name)
print(__name__, __spec__, type(__loader__).__name__, __package__, __file__.endswith("modules.py"))
print(sorted(n for n in globals() if n.startswith("__")))
class Special(types.ModuleType):
    @property
    def computed(self):
        return "computed for " + self.__name__
s = Special("special")
s.plain = 3
print(s.computed, s.plain, s.__dict__["plain"], isinstance(s, types.ModuleType))
sys.modules["special"] = s
from special import computed, plain
print(computed, plain)
print(str(types.ModuleType) , type(sys).__mro__)
