"""f_lineno of frames that were left by an exception raised again."""
def after_with():
    x = 0
    with open("/dev/null") as f:
        pass
    1/0
import contextlib
def after_with2():
    class Dull:
        def __enter__(self): return self
        def __exit__(self, *a): pass
    with Dull():
        1/0
def named():
    try:
        1/0
    except Exception as ex:
        1/0
    pass
def fin():
    try:
        1/0
    finally:
        1 + 1
for f in (after_with, after_with2, named, fin):
    try: f()
    except Exception as e:
        t = e.__traceback__.tb_next
        while t:
            print(f.__name__, t.tb_frame.f_lineno and t.tb_frame.f_lineno - t.tb_frame.f_code.co_firstlineno, t.tb_lineno - t.tb_frame.f_code.co_firstlineno)
            t = t.tb_next
