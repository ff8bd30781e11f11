"""Who fills an exception's fields: __new__ or __init__ of OSError's and ExceptionGroup's subclasses; tracebacks of wrapped ones."""
import traceback


class Baz(OSError):
    def __init__(self, *arguments, baz=0):
        super().__init__(*arguments[:1])
        self.baz = baz


class Made(OSError):
    def __new__(cls, *arguments):
        return super().__new__(cls, *arguments)


class MadeEmpty(OSError):
    def __new__(cls, *arguments):
        return super().__new__(cls)

    def __init__(self, *arguments):
        super().__init__(*arguments)


class Quiet(OSError):
    def __init__(self, bar):
        self.bar = bar


for make in (lambda: Baz("some", "baz"), lambda: Baz(2, "x", baz=3), lambda: Made(1, "one"),
             lambda: MadeEmpty(1, 2), lambda: Quiet("some"),
             lambda: OSError(2, "x"), lambda: OSError(2, "x", "file"), lambda: OSError(a=1), lambda: Made(1, a=2),
             lambda: BlockingIOError(11, "x", 5), lambda: Quiet()):
    try:
        error = make()
        print(type(error).__name__, error.args, repr(str(error)), error.errno, error.strerror, error.filename)
    except TypeError as refusal:
        print(refusal)


class Group(ExceptionGroup):
    def __init__(self, message, items, *, code=0):
        super().__init__(message, items)
        self.code = code


class NewGroup(ExceptionGroup):
    def __new__(cls, message, items, *, code):
        self = super().__new__(cls, message, items)
        self.code = code
        return self

    def __init__(self, message, items, **keywords):
        super().__init__(message, items)


class Items:
    def __len__(self):
        return 1

    def __getitem__(self, index):
        if index:
            raise IndexError
        return OSError("item")


for make in (lambda: Group("g", [ValueError(1)], code=5).code, lambda: NewGroup("g", (ValueError(1),), code=6).code,
             lambda: ExceptionGroup("g", [ValueError()], x=1), lambda: ExceptionGroup("g", Items()).exceptions,
             lambda: ExceptionGroup("g", {}), lambda: ExceptionGroup("g", {1}), lambda: ExceptionGroup("g", ""),
             lambda: ExceptionGroup("g", range(2)), lambda: ExceptionGroup(3, [ValueError()]), lambda: ExceptionGroup(message="g")):
    try:
        print(make())
    except (TypeError, ValueError) as refusal:
        print(type(refusal).__name__, refusal)

try:
    try:
        raise ValueError("naked")
    except* ValueError as group:
        print(group.__traceback__ is None, group.exceptions[0].__traceback__ is None)
        raise group.exceptions[0]
except Exception as error:
    print("".join(traceback.format_exception(error)).replace(__file__, "FILE"))
