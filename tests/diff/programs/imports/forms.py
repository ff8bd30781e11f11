"""The import statement in its forms, and what modules look like."""
import sys


def attempt(text):
    names = {"__name__": "probe"}
    try:
        exec(text, names)
    except BaseException as error:
        print(text.splitlines()[0], "->", type(error).__name__, error, getattr(error, "name", None))
        return None
    return names


import first_package
print(first_package.log, first_package.__doc__, first_package.__name__, first_package.__package__)
import first_package.deep.one as one
print(one.NAME, one.w(), one.VALUE, one.deeper.__name__, one.log is first_package.log, one.log)
from first_package.deep import one as two, where
print(two is one, where())
import first_package.deep.deeper
print(first_package.deep.deeper.leaf.VALUE, sorted(n for n in sys.modules if n.startswith("first_package")))
names = attempt("from first_package import *")
print(sorted(n for n in names if not n.startswith("__")))
names = attempt("from first_package.deep.one import *")
print(sorted(n for n in names if not n.startswith("__")))
attempt("from first_package.bad_all import *")
attempt("import nowhere")
attempt("import first_package.nowhere")
attempt("import first_package.hidden")
attempt("import sys.path")
attempt("import first_package.deep.one.more")
attempt("from first_package import nowhere")
attempt("from first_package import broken")
attempt("import first_package.broken")
print("first_package.broken" in sys.modules)
attempt("from . import x")
attempt("from .. import x")
attempt("import first_package.unreadable")
attempt("from sys import nothing_here")
attempt("from first_package.deep.one import nothing_here")
attempt("__import__('')")
attempt("__import__(3)")
attempt("__import__('sys', level=-1)")
attempt("__import__('x', {}, level=1)")
attempt("__import__('x', {'__package__': 'first_package'}, level=1)")
attempt("__import__('x', {'__package__': 'first_package'}, level=2)")
attempt("__import__('x', {'__package__': 3}, level=1)")
attempt("__import__('x', {'__name__': 'first_package.deep'}, level=1)")
print(__import__("first_package.deep").__name__, __import__("first_package.deep", fromlist=["one"]).__name__)
print(__import__("deep", {"__package__": "first_package"}, level=1).__name__)
print(__import__("", {"__package__": "first_package.deep"}, None, ["one"], 1).__name__)
attempt("__import__('first_package.deep', fromlist=[1])")

import first_package.replaced
print(first_package.replaced.answer, type(sys.modules["first_package.replaced"]).__name__)
from first_package.replaced import answer
print(answer)
from first_package import lazy
print(lazy.lazy, lazy.real, dir(lazy))
try:
    lazy.other
except AttributeError as error:
    print(error)
from first_package.lazy import lazy as made
print(made)
attempt("from first_package.lazy import other")
sys.modules["stopped"] = None
attempt("import stopped")
attempt("from stopped import a")
attempt("import stopped.inner")
sys.modules["fake"] = 12
import fake
print(fake)
from fake import real
print(real)
