"""What f(*a, **k) says of arguments that cannot be unpacked, and what it accepts."""


def attempt(action):
    try:
        print(action())
    except Exception as error:
        print(type(error).__name__, error)


def given(*arguments, **keywords):
    return arguments, keywords


class Mapped:
    def keys(self):
        return ["x"]

    def __getitem__(self, key):
        return 5

    def method(self, **keywords):
        return keywords


class Failing:
    def keys(self):
        raise AttributeError("inner")


for bad in ({"y", 4}, [("a", 1)], 3, "ab", Failing()):
    attempt(lambda: given(**bad))
    attempt(lambda: given(a=1, **bad))
attempt(lambda: Mapped().method(**[("b", 2)]))
attempt(lambda: given(**Mapped()))
attempt(lambda: given(x=1, **Mapped()))
for callee in (given, Mapped().method, Mapped, len, None):
    attempt(lambda: callee(*3))
    attempt(lambda: callee(**3))
attempt(lambda: given(1, *3))
attempt(lambda: [*3])
for container in ([1], (1,), "a", range(1), {1}, {}.keys(), Mapped(), None):
    for key in (0, "k", None):
        if not isinstance(container, list):
            attempt(lambda: container.__class__ and [exec("del container[key]", {"container": container, "key": key})])
