"""Doc
>>> f(2)
4
"""
def f(x):
    """
    >>> f(3)
    6
    >>> f('a')
    'aa'
    >>> f(None)
    Traceback (most recent call last):
    ...
    TypeError: unsupported operand type(s) for *: 'NoneType' and 'int'
    >>> print(list(range(20))) # doctest: +ELLIPSIS
    [0, 1, ..., 18, 19]
    >>> print("a   b") # doctest: +NORMALIZE_WHITESPACE
    a b
    >>> 1 / 0 # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    ZeroDivisionError: other words
    >>> for i in range(2): print(f(i))
    0
    3
    """
    return x * 2
import doctest
import io, os, sys
out, sys.stdout = sys.stdout, io.StringIO()
results = [doctest.testmod(), doctest.testmod(verbose=True)]
text, sys.stdout = sys.stdout.getvalue(), out
print(text.replace(os.path.abspath(__file__), "FILE").replace(__file__, "FILE"))
print(results)
finder = doctest.DocTestFinder()
print([(t.name, t.lineno, len(t.examples)) for t in finder.find(f)])
print(doctest.script_from_examples("Text\n>>> 1 + 1\n2\n"))

