# Contexts: attributes, signals as dicts, templates, localcontext, traps; numbers of many digits.
import contextvars
import threading
from decimal import *


def attempt(function, *arguments, **keywords):
    try:
        print(repr(function(*arguments, **keywords)))
    except Exception as error:
        print(type(error).__name__, error)


context = Context(prec=5, traps=[Inexact], flags=[Rounded])
print(context, DefaultContext, BasicContext, ExtendedContext, sep="\n")
print(context.flags, context.traps == context.flags, context.flags is context.flags, len(context.traps), list(context.flags))
attempt(context.divide, 1, 3)
context.traps[Inexact] = False
attempt(context.divide, 1, 3)
print(context, context.copy(), context.__reduce__(), context.Etiny(), context.Etop(), context.radix())
for name, value in [("prec", 0), ("prec", "x"), ("Emax", -1), ("Emin", 1), ("rounding", 3), ("clamp", 2), ("capitals", -1),
                    ("traps", 3), ("flags", {}), ("other", 1), ("rounding", "ROUND_UP"), ("prec", 10**30)]:
    attempt(setattr, context, name, value)
attempt(delattr, context, "prec")
attempt(lambda: context.flags[ValueError])
attempt(Context, 1, 2)
with localcontext() as local:
    local.prec = 60
    print(Decimal(2).sqrt(), Decimal(1).exp(), Decimal(10).ln(), Decimal(2).log10(), Decimal(2) ** Decimal("0.5"))
    with localcontext(prec=4, rounding=ROUND_UP):
        print(Decimal(1) / 3, getcontext().prec)
    print(getcontext() is local)
print(Decimal(1) / 3)
with localcontext(Context(prec=2000)):
    print(Decimal(3).sqrt(), Decimal(3) ** 1234 % 1000, Decimal(2).ln(), Decimal("-1.5").exp())
setcontext(ExtendedContext)
print(getcontext() is ExtendedContext, Decimal(1) / 0, getcontext())
attempt(setcontext, 1)


def work(precision):
    getcontext().prec = precision
    print(precision, Decimal(1) / 7)


for precision in (3, 6):
    thread = threading.Thread(target=work, args=(precision,))
    thread.start()
    thread.join()
    contextvars.copy_context().run(work, precision + 1)
print(Decimal(1) / 7)
print([error.__mro__ for error in (Overflow, Underflow, DivisionByZero, FloatOperation, InvalidOperation)])
getcontext().traps[FloatOperation] = True
attempt(Decimal, 1.5)
attempt(lambda: Decimal(1) < 2.5)
attempt(lambda: Decimal(1) == 2.5)
print(MAX_PREC, MAX_EMAX, MIN_EMIN, MIN_ETINY, HAVE_THREADS, HAVE_CONTEXTVAR)
