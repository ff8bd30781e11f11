"""File names with surrogates in compile() and symtable(), symbol tables of bytes, and the profile function of a profiler."""
import _symtable
import ast
import cProfile
import pathlib
import symtable
import sys
import warnings

for name in ("\udc80", "a\udcffb", "\ud800", b"x\xff", "a\0b", "\xe4\u20ac"):
    for mode in ("exec", "eval", "single"):
        try:
            print(ascii(compile("1", name, mode).co_filename))
        except ValueError as error:
            print(ascii(name), type(error).__name__, ascii(str(error)))
    for run in (lambda: compile("1+", name, "exec"), lambda: ast.parse("1", name), lambda: compile(ast.parse("1"), name, "exec"),
                lambda: symtable.symtable("1", name, "exec").get_type()):
        try:
            result = run()
            print(ascii(getattr(result, "co_filename", type(result).__name__)))
        except (SyntaxError, ValueError) as error:
            print(ascii(name), type(error).__name__, ascii(str(error)), ascii(getattr(error, "filename", None)))

table = symtable.symtable(b"# coding: latin-1\ndef \xe4(b):\n    return b\n", pathlib.Path("x"), "exec")
print([(child.get_name(), child.get_lineno(), child.get_parameters()) for child in table.get_children()])
print(symtable.symtable(bytearray(b"a = 1\n"), b"x", "exec").get_symbols())
for source in (b"x=\n", b"x=1\0\n", "x=1\0\n", b"\xff\n", 5):
    try:
        symtable.symtable(source, "x", "exec")
    except (SyntaxError, ValueError, TypeError) as error:
        print(type(error).__name__, error)

profiler = cProfile.Profile()
profiler.enable()
same = sys.getprofile() is profiler
profiler.disable()
print(same, sys.getprofile())
with warnings.catch_warnings(record=True) as log:
    warnings.simplefilter("always")
    print(_symtable.symtable("a = 1\n", bytearray(b"x"), "exec").name, [str(warning.message) for warning in log])
for name in (5, None):
    try:
        symtable.symtable("a", name, "exec")
    except TypeError as error:
        print(error)
