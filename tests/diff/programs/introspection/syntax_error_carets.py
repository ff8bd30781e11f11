# Where sys.excepthook puts the carets below a SyntaxError's text.
import sys

sys.stderr = sys.stdout
TEXTS = ("text7", "  text", "a\tb", "line one\nline two\nthree", "ends\n\n", "", "   ", "äöü x", "\x0cfeed", None, "abc\n")
PLACES = ((1, 1), (0, 0), (-3, 5), (2, 4), (3, 3), (7, 9), (20, 22), (12, 15), (5, 6), (4, 30), (9, 10), (10, 12))
for text in TEXTS:
    for offset, end in PLACES:
        for rest in ((1, end), (), (2, end)):
            print(repr(text), offset, rest)
            sys.__excepthook__(SyntaxError, SyntaxError("msg", ("file.py", 1, offset, text, *rest)), None)
