"""Modules that import each other."""
import os
import sys


def short(text):
    return text.replace(os.path.dirname(os.path.abspath(__file__)), "HERE")


for name in ("cycle_package.a", "cycle_package.b"):
    try:
        __import__(name)
    except ImportError as error:
        print(type(error).__name__, short(str(error)), error.name, short(error.path))
    print(sorted(n for n in sys.modules if n.startswith("cycle_package")))
import cycle_package.c
print(cycle_package.c.use(), cycle_package.c.early, cycle_package.d.problem)
