"""What is being handled belongs to the generator that handles it, wherever it is resumed."""
import sys
def g():
    try: raise KeyError(1)
    except KeyError:
        print('in', repr(sys.exc_info()[1]))
        try:
            yield 1
        except ValueError as e:
            print('ctx', repr(e.__context__))
        print('in2', repr(sys.exc_info()[1]))
        yield 2
        try: raise
        except KeyError as e: print('re', e)
    print('out', repr(sys.exc_info()[1]))
    yield 3
    print('after', repr(sys.exc_info()[1]))
x=g(); next(x)
try: 1/0
except ZeroDivisionError:
    x.throw(ValueError(5))
    print(repr(sys.exc_info()[1]))
    next(x)
next(x,0)
e=KeyError('same')
def h():
    try: raise e
    except KeyError:
        yield 1
        try: raise
        except KeyError as q: print('reraised', q is e)
try: raise e
except KeyError:
    y=h(); next(y)
next(y,None)
def gg():
    try: yield
    finally: print('fin', repr(sys.exc_info()[1]))
z=gg(); next(z)
try: raise IndexError
except IndexError: z.close()
def eg():
    try: raise ExceptionGroup('g',[ValueError(1),TypeError(2)])
    except* ValueError as v:
        yield 1
        print(repr(sys.exc_info()[1]))
    except* TypeError: yield 2
print(list(eg()))
