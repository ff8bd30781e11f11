"""Finders and loaders written in Python, namespace packages, sys.path, importlib's functions."""
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import os
import sys
import types

HERE = os.path.dirname(os.path.abspath(__file__))


class Maker(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path, target=None):
        if name.startswith("made_") or name.startswith("first_package.made"):
            return importlib.machinery.ModuleSpec(name, self, origin="thin air")

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        module.answer = len(module.__name__)
        if module.__name__ == "made_bad":
            raise RuntimeError("cannot be made")


maker = Maker()
sys.meta_path.insert(0, maker)
import made_up
print(made_up.answer, made_up.__spec__.origin, made_up.__loader__ is maker, made_up)
from first_package import made_inside
print(made_inside.answer, made_inside.__name__, made_inside.__package__)
try:
    import made_bad
except RuntimeError as error:
    print(error, "made_bad" in sys.modules)
sys.meta_path.remove(maker)
try:
    import made_more
except ModuleNotFoundError as error:
    print(error)
try:
    import made_up.inner
except ModuleNotFoundError as error:
    print(error)

sys.path.append(os.path.join(HERE, "plain_package"))
import spaces
print(type(spaces.__path__).__name__, spaces.__spec__.loader is not None, hasattr(spaces, "__file__"), spaces.__file__ if hasattr(spaces, "__file__") else None)
import spaces.module
print(spaces.module.inside, spaces.module.__package__)
import plain_package.spaces.module as other
print(other is spaces.module, other.__name__)

print(importlib.import_module("first_package.deep").__name__)
print(importlib.import_module(".deep", "first_package").__name__, importlib.import_module("..deep.one", "first_package.deep").NAME)
for arguments in ((".deep",), ("...deep", "first_package"), ("",), ("nowhere",), ("first_package.broken",)):
    try:
        importlib.import_module(*arguments)
    except Exception as error:
        print(arguments, type(error).__name__, error)
print(importlib.util.find_spec("nowhere"), importlib.util.find_spec("first_package.deep").name)
print(importlib.util.find_spec("json.decoder").name, importlib.util.find_spec("sys").origin)
try:
    importlib.util.find_spec("nowhere.more")
except ModuleNotFoundError as error:
    print(error)
print(importlib.util.resolve_name(".x", "a.b"), importlib.util.resolve_name("x", None))

path = os.path.join(HERE, "first_package", "lazy.py")
spec = importlib.util.spec_from_file_location("by_path", path)
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
print(module.lazy, module.__name__, os.path.basename(module.__file__), "by_path" in sys.modules)
loader = importlib.machinery.SourceFileLoader("second", path)
print(loader.name, loader.is_package("second"), loader.get_source("second").splitlines()[0], os.path.basename(loader.get_filename("second")))
print(loader.get_code("second").co_name, os.path.basename(loader.get_code("second").co_filename))
import first_package.lazy as lazy
lazy.real = 100
lazy.extra = 5
again = importlib.reload(lazy)
print(again is lazy, lazy.real, lazy.extra)
try:
    importlib.reload(types.ModuleType("never"))
except ImportError as error:
    print(error)
print(importlib.machinery.SOURCE_SUFFIXES, importlib.machinery.BYTECODE_SUFFIXES, importlib.util.MAGIC_NUMBER)
print(os.path.basename(importlib.util.cache_from_source("/x/y.py")), importlib.util.source_from_cache("/x/__pycache__/y.cpython-311.pyc"))

old = __builtins__.__import__
seen = []


def watching(name, globals=None, locals=None, fromlist=(), level=0):
    seen.append((name, fromlist, level))
    return old(name, globals, locals, fromlist, level)


__builtins__.__import__ = watching
import string
from os import path as osp
import first_package.deep.one
__builtins__.__import__ = old
print([s for s in seen if s[0] in ("string", "os", "first_package.deep.one")])
lazily = importlib.util.spec_from_loader("strange", loader=None)
print(lazily, lazily.parent, lazily.has_location)
print([f.__name__ for f in sys.meta_path[-3:]])
print(sys.path_hooks[0].__name__, len(sys.path_hooks))
