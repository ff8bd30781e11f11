"""The order of the built-in names, and what follows from it: which name is suggested for a misspelt one."""
import builtins
import sys
import traceback

names = list(vars(builtins))
print(names[:names.index("IOError") + 1])
print(builtins.__doc__)
for text in ("revattr", "isistance", "prin", "BaseExceptio", "Wanring", "orr", "mapp", "sett"):
    try:
        eval(text)
    except NameError:
        print(traceback.format_exc().splitlines()[-1])
print([c.__name__ for c in Exception.__subclasses__()][:20], Exception.__subclasses__().index(ExceptionGroup) > 10)
print(BaseExceptionGroup.__subclasses__())
