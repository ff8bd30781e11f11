"""Module sys: information, limits, sizes, hooks."""
import sys
print(sys.version_info, sys.version_info >= (3, 8), sys.version_info[:2], sys.version_info.major, type(sys.version_info))
print(sys.float_info.max, sys.int_info, sys.hash_info, sys.thread_info, sys.implementation.name, sys.flags.optimize)
for t in (sys.version_info, sys.flags):
    try: type(t)()
    except TypeError as e: print(e)
print(sys.getsizeof([]), sys.getsizeof(3, 4))
class Q:
    def __sizeof__(self): return "x"
class R:
    def __sizeof__(self): return -1
try: sys.getsizeof(Q())
except TypeError as e: print(e)
try: sys.getsizeof(R())
except ValueError as e: print(e)
print(sys.getsizeof(Q(), 7))
for v in (0, -5, 'x', 1<<70):
    try: sys.setrecursionlimit(v)
    except Exception as e: print(type(e), e)
def deep(n):
    if n: return deep(n-1)
    sys.setrecursionlimit(50)
try: deep(100)
except RecursionError as e: print(e)
sys.set_int_max_str_digits(1000); print(sys.get_int_max_str_digits())
try: str(10**2000)
except ValueError as e: print(e)
try: sys.set_int_max_str_digits(5)
except ValueError as e: print(e)
sys.set_int_max_str_digits(0)
print(len(str(10**5000)))
try: sys.exit((1,2))
except SystemExit as e: print(e.args, e.code)
try: sys._getframe(1000)
except ValueError as e: print(e)
def hook(t, v, tb):
    print("hook", t.__name__, v, tb.tb_lineno)
sys.excepthook = hook
sys.displayhook("a"); print(_)
sys.displayhook(None)
import io
o = sys.stderr; sys.stderr = io.StringIO()
try: 1/0
except ZeroDivisionError: sys.__excepthook__(*sys.exc_info())
t = sys.stderr.getvalue(); sys.stderr = o
print(t)
print(sys.exc_info(), sys.exception())
1/0
