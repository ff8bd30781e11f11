"""warnings: where they point, filters, registries, recording."""
import sys
import warnings
sys.stderr = sys.stdout
def f():
    warnings.warn("plain")
    warnings.warn("dep", DeprecationWarning)
    warnings.warn("dep2", DeprecationWarning, stacklevel=2)
    warnings.warn("deep", stacklevel=50)
for i in range(3): f()
warnings.warn_explicit("expl", UserWarning, "nofile.py", 3)
with warnings.catch_warnings(record=True) as w:
    warnings.simplefilter("always")
    f()
    print([(str(x.message), x.category.__name__, x.lineno, x.filename[-5:]) for x in w])
with warnings.catch_warnings():
    warnings.simplefilter("error")
    try: f()
    except UserWarning as e: print(repr(e))
print(sorted(k for k in globals() if 'warn' in k))
try: warnings.warn("x", int)
except TypeError as e: print(e)
