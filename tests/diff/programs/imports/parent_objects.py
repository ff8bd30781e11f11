"""Importing below something in sys.modules that answers for its attributes as it likes."""
import sys
import types


class Lazy(types.ModuleType):
    def __getattr__(self, name):
        print("asked for", name)
        if name == "__path__":
            return []
        raise AttributeError("no " + name)


def attempt(name):
    try:
        __import__(name)
    except Exception as error:
        print(type(error).__name__, error)


lazy = sys.modules["lazy"] = Lazy("lazy")
attempt("lazy.part")
del lazy.__spec__
attempt("lazy.part")
sys.modules["number"] = 5
attempt("number.part")
sys.modules["number"] = types.SimpleNamespace(__path__=[], __spec__=None)
attempt("number.part")
sys.modules["gone"] = None
attempt("gone.part")
