def f(n):
    try:
        if n == 0:
            raise ValueError("zero")
        if n == 1:
            return "returned"
        if n == 2:
            raise KeyError("k")
        return n / (n - 3)
    except ValueError as e:
        return "ve " + str(e)
    except (KeyError, ZeroDivisionError) as e:
        return type(e).__name__
    else:
        return "else"
    finally:
        print("finally", n)
print([f(i) for i in range(5)])
def g():
    for i in range(5):
        try:
            if i == 1:
                continue
            if i == 3:
                break
            print("body", i)
        finally:
            print("fin", i)
    else:
        print("never")
    return i
print(g())
try:
    try:
        1 / 0
    except ZeroDivisionError as e:
        raise RuntimeError("second") from e
except RuntimeError as e:
    print(e, repr(e.__cause__), e.__context__ is e.__cause__, e.__suppress_context__)
try:
    try:
        1 / 0
    except ZeroDivisionError:
        [][1]
except IndexError as e:
    print(repr(e.__context__), e.__cause__)
try:
    try:
        raise ValueError(1)
    except ValueError:
        raise
except ValueError as e:
    print("reraised", e.args)
def nested():
    try:
        try:
            raise KeyError("a")
        finally:
            print("inner finally")
    except KeyError as e:
        print("outer", e)
        return "r"
    finally:
        print("outer finally")
print(nested())
def retfin():
    try:
        return 1
    finally:
        return 2
print(retfin())
class MyErr(Exception):
    pass
for exc in (MyErr, MyErr("x"), ValueError):
    try:
        raise exc
    except Exception as e:
        print(repr(e), isinstance(e, MyErr))
try:
    raise 5
except TypeError as e:
    print(e)
try:
    raise
except RuntimeError as e:
    print(e)
try:
    assert 1 == 2, "assertion text"
except AssertionError as e:
    print(e)
try:
    e
except NameError as err:
    print(err)
def gen():
    try:
        yield 1
        yield 2
    except GeneratorExit:
        print("closed")
        raise
    finally:
        print("gen fin")
it = gen(); print(next(it)); it.close()
print(issubclass(KeyError, LookupError), KeyError("a").args, str(KeyError("a")), OSError(2, "msg"), StopIteration(3).value)
import sys
try:
    1 / 0
except ZeroDivisionError:
    t, v, tb = sys.exc_info()
    print(t.__name__, v, tb is not None, tb.tb_lineno)
print(sys.exc_info())
try:
    try:
        raise ExceptionGroup("eg", [ValueError(1), TypeError(2), ValueError(3)])
    except* ValueError as eg:
        print("star", eg.exceptions)
    except* TypeError as eg:
        print("star2", eg.exceptions)
except ExceptionGroup as rest:
    print("rest", rest)
def deep(n):
    if n == 0:
        raise LookupError("deep")
    try:
        deep(n - 1)
    except KeyError:
        print("no")
    finally:
        if n == 2:
            print("passing")
try:
    deep(4)
except LookupError as e:
    print(e)
e1 = ValueError("noted"); e1.add_note("a note"); print(e1.__notes__)
while True:
    try:
        break
    finally:
        print("loop fin")
x = []
for i in range(3):
    try:
        x.append(10 // i)
    except ZeroDivisionError:
        x.append(None)
    else:
        x.append("else")
print(x)
def f3():
    def level2():
        return {}["missing"]
    level2()
f3()
