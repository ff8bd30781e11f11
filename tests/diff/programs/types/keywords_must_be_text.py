"""Calls with a mapping whose keys are not strings are refused before anything of the callee is looked at."""


def anything(*positions, **names):
    return positions, names


class Holder:
    def __init__(self, **names):
        self.names = names

    def method(self):
        pass


for text in ("anything(**{1: 2})", "anything(1, **{None: 2})", "anything(a=1, **{1: 2})", "Holder(**{2: 3})",
             "Holder().method(**{1: 2})", "len(**{1: 2})", "dict(**{1: 2})", "(lambda x: x)(**{1.5: 2})",
             "anything(*(1,), **{(): 2})", "anything(**{'a': 1})"):
    try:
        print(text, eval(text))
    except TypeError as error:
        print(text, error)
