# Formatting at its edges: huge precisions, a NUL as fill, subclasses' __str__, what is handed on without a copy.
import copy
import pickle
import sys


def show(function):
    try:
        result = function()
        print(repr(result) if len(repr(result)) < 80 else len(result))
    except Exception as error:
        print(type(error).__name__, error)


for form in "%.*d", b"%.*d", "%.*x":
    for number in sys.maxsize, 2 ** 31 - 1, 2 ** 31, -2 ** 40, -5, 5:
        show(lambda: form % (number, 1))
show(lambda: "%.2147483648d" % 1)
show(lambda: "%.99999999999999999999999d" % 1)
show(lambda: "%99999999999999999999999d" % 1)
show(lambda: b"%.2147483648d" % 1)
for form in b"%f", b"%g":
    for argument in "x", b"x", 2, 2.5, None:
        show(lambda: form % argument)


class Both:
    def __int__(self):
        return 1

    def __index__(self):
        return 2


class OnlyFloat(float):
    def __int__(self):
        return 77


for form in "%d", "%i", "%u", "%x", "%o", b"%d", b"%x":
    show(lambda: form % Both())
    show(lambda: form % OnlyFloat(1.5))
for specification in "\0<6", "\0^6", "\x01<6", "\0=+6", "\0>8,", "\0<1":
    show(lambda: format(3, specification))
    show(lambda: format(3.5, specification))
    show(lambda: format("ab", specification))


class Shouting(str):
    def __str__(self):
        return "overridden"


word = Shouting("xxx")
print("{}".format(word), f"{word}", format(word), "%s" % word, f"{word:5}|", "{:.2}".format(word))
text = "abcde"
print([("%s" % text) is text, ("%.5s" % text) is text, ("%5s" % text) is text, "{0}".format(text) is text, "{0:5s}".format(text) is text,
       (text % ()) is text, text.format() is text, text.expandtabs() is text, ("%s" % text) == text, ("%s!" % text), ("%.4s" % text)])
print("%s%s" % (text, ""), "%s%%" % text, "{}{{".format(text), "{}{}".format("", text), "%.0s" % text == "")
print("a\tb\rc\td\ne\tf".expandtabs(4).encode(), "abc".expandtabs(0), "a\tb".expandtabs(-1))
for shape in (slice(1, 2, 3), slice(None), slice("a", 1.5, [1])):
    print(copy.copy(shape), copy.deepcopy(shape), pickle.loads(pickle.dumps(shape)), shape.__reduce__())
huge = 2 ** 100
for shape in (slice(None), slice(None, None, -1), slice(-huge, huge, 7), slice(huge, -huge, -huge), slice(3, -3), slice(-3, 3, -2)):
    print([shape.indices(length) for length in (0, 1, 10, huge)])
show(lambda: slice(None).indices(-1))
show(lambda: slice(None, None, 0).indices(5))
show(lambda: slice("a").indices(5))


class Tagged(set):
    pass


tagged = Tagged("a")
tagged.mark = 5
print(pickle.loads(pickle.dumps(tagged)).mark, copy.copy(tagged).mark, tagged.__reduce__())
for error in (OSError(2, "no", "one", None, "two"), OSError(2, "no", "one"), ImportError("x", name="n", path="p"), ImportError("y")):
    again = pickle.loads(pickle.dumps(error))
    print(repr(again), error.__reduce__(), getattr(again, "filename2", 0), getattr(again, "name", 0), getattr(again, "path", 0))
