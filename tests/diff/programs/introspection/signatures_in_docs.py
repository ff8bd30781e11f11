"""A class whose documentation begins like that of a native one has a __text_signature__."""
import inspect

DEFAULT = 5


class First(object):
    """First(raw, size=DEFAULT)\n--\n\n
    Creates one.
    """


class Second:
    "Second(a, b)\n--\n \nno"


class Third:
    "Other(a, b)\n--\n\nno"


class Fourth:
    "Fourth(a,\n\nb)\n--\n\nno"


class Fifth(First):
    "Fifth (a)\n--\n\nno"


class Sixth(First):
    pass


class Seventh:
    "Seventh($self, a, /, b=1)\n--\n\n"


for each in (First, Second, Third, Fourth, Fifth, Sixth, Seventh):
    print(each.__name__, repr(each.__text_signature__), repr(each.__doc__))
print(inspect.signature(First), inspect.signature(Seventh))
