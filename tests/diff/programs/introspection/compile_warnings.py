"""Warnings of the compiler go through the filters."""
import warnings, sys
sys.stderr = sys.stdout
x = 3
print(x is 3)
for mode in ("default", "error", "always", "ignore"):
    with warnings.catch_warnings():
        warnings.simplefilter(mode)
        for src in ("x is 'a'", "'\\d'", "(1)(2) if 0 else 1", "assert (1, 'x')"):
            try: compile(src + "\n", "fname.py", "exec")
            except SyntaxError as e: print(type(e), e.msg, e.filename, e.lineno)
with warnings.catch_warnings(record=True) as w:
    warnings.simplefilter("always")
    compile("'\\d'\nx is 1\n", "f", "exec")
    for m in w: print(m.category, m.message, m.lineno, m.filename)
