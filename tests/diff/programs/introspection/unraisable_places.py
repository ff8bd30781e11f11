# What cannot be raised: how it is shown, what the hook is called with.
import gc
import sys

sys.stderr = sys.stdout


class Lost:
    __del__ = len


def lose():
    lost = Lost()
    del lost


lose()


def stubborn():
    while True:
        try:
            yield
        except GeneratorExit:
            pass


def told(details):
    print(type(details), details.exc_type, details.exc_value, details.err_msg, details.exc_traceback.tb_frame.f_code.co_name)
    print(details[0], len(details), type(details).n_fields)


def abandon():
    generator = stubborn()
    next(generator)
    del generator


sys.unraisablehook = told
abandon()
lose()
sys.unraisablehook = sys.__unraisablehook__
for wrong in (ValueError(42), None, 3):
    try:
        sys.unraisablehook(wrong)
    except TypeError as error:
        print(error)
gc.callbacks.append(1)
gc.collect(0)
gc.callbacks.clear()
