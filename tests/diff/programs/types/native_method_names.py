"""How complaints about arguments name the methods of native classes, whose own names may have a module in front."""
import array, collections, datetime, decimal, re, struct
c = decimal.Context()
def attempt(f, *a, **k):
    try:
        f(*a, **k)
        print("fine", f.__name__)
    except Exception as error:
        print(type(error).__name__, error)
for f in (c.exp, c.ln, c.copy, c.clear_flags, c.Etiny, decimal.Decimal(1).copy_abs, decimal.Context.exp, decimal.Context.copy,
          array.array("i").append, array.array("i").reverse, collections.deque().popleft, collections.deque().append,
          datetime.date(2000, 1, 2).weekday, struct.Struct("i").unpack, [].append, "".upper, {}.clear):
    attempt(f)
    attempt(f, 1, 2, 3, 4, 5, 6)
    attempt(f, wrong=1)
