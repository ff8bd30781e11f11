"""A warning that a filter makes an error: the SyntaxError tells the place; warn_explicit takes any callable as its category."""
import sys
import warnings

sys.stderr = sys.stdout

SOURCES = ["1 is 1", "'\\d'", "b'\\d'", "assert (1, 'x')", "() ()", "(1)[1](2)\n[1,2][1.5]", "1if 1else 2", "'\\477'", "f'\\d'",
           "x = (\n'\\d'\n)", "0x1for x in 2", "def f():\n  return 'a' is x\n", "   1\n", "x = 'é\\d'", "'\\d' is 1 is ''"]

for source in SOURCES:
    for run in (lambda: compile(source, "<t>", "exec"), lambda: eval(source), lambda: exec(source),
                lambda: compile(source.encode(), "<bytes>", "exec"), lambda: compile(source, "<single>", "single")):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            try:
                run()
            except SyntaxError as error:
                print(ascii(source), ascii(repr(error)), error.lineno, error.offset, error.end_lineno, error.end_offset,
                      ascii(error.text), error.filename)
            except Exception as error:
                print(ascii(source), repr(error))
with warnings.catch_warnings():
    warnings.filterwarnings("error", category=SyntaxWarning)
    try:
        compile("'\\d'\n1 is 2\n", "second", "exec")
    except SyntaxError as error:
        print(repr(error), error.end_offset)


class Plain:
    pass


class Own(UserWarning):
    pass


for category in (None, 1, int, Plain, Own, "x", Warning, UserWarning("x"), Exception, BaseException):
    for message in ("msg", UserWarning("u"), Own("w"), 5, None):
        for action in ("always", "error"):
            with warnings.catch_warnings(record=True) as log:
                warnings.simplefilter(action)
                for warn in (lambda: warnings.warn_explicit(message, category, "f", 1), lambda: warnings.warn(message, category)):
                    try:
                        warn()
                    except BaseException as error:
                        print(category, message, action, type(error), error)
                print([(w.category, str(w.message), type(w.message)) for w in log])
for arguments in ((), ("a",), ("a", Own), ("a", Own, "f", "x"), ("a", Own, "f", 1, 2), ("a", Own, "f", 1, None, 5),
                  ("a", Own, "f", 1, "m", 5), ("a", Own, "f", 1, "m", {}, 7), ("a", Own, "f", 1, "m", {}, {"__name__": 1})):
    try:
        warnings.warn_explicit(*arguments)
    except Exception as error:
        print(arguments, type(error), error)
