# _csv: dialects, reading, writing, messages.
import csv
import _csv
import copy
import io
import pickle


def attempt(function, *arguments, **named):
    try:
        result = function(*arguments, **named)
        print(arguments, named, describe(result))
    except Exception as error:
        print(arguments, named, type(error).__name__, error)


def describe(result):
    if isinstance(result, _csv.Dialect):
        return [repr(getattr(result, n)) for n in dir(result) if not n.startswith("_")]
    if isinstance(result, (_csv.Reader, _csv.Writer)):
        return type(result)
    return repr(result)


D = _csv.Dialect
for k in ({'delimiter': ''}, {'delimiter': None}, {'delimiter': 'ab'}, {'delimiter': 5}, {'quotechar': ''}, {'quotechar': None}, {'quotechar': None, 'quoting': 0},
          {'quotechar': 'ab'}, {'quotechar': 5}, {'escapechar': ''}, {'escapechar': 'ab'}, {'escapechar': 4}, {'lineterminator': None}, {'lineterminator': 5}, {'lineterminator': ''},
          {'quoting': 5}, {'quoting': '1'}, {'quoting': None}, {'quoting': True}, {'foo': 1}, {'strict': []}, {'doublequote': 5}, {'delimiter': '\n'}, {'delimiter': '"'},
          {'dialect': 'excel'}, {'dialect': 'nope'}, {'dialect': 5}, {'delimiter': 'é', 'quotechar': '€', 'escapechar': '😀'}):
    attempt(D, **k)
attempt(D, *"12345678910")
for f, a, k in [(_csv.reader, (), {}), (_csv.reader, (5,), {}), (_csv.reader, ([], 'x'), {}), (_csv.reader, ([], 1, 2), {}), (_csv.reader, ([],), {'foo': 1}), (_csv.writer, (), {}), (_csv.writer, (5,), {})]:
    attempt(f, *a, **k)
r = _csv.reader(['a,b', '"x', 'y"'])
print(type(r.dialect), r.line_num, next(r), r.line_num, next(r), r.line_num, [n for n in dir(r) if n[:2] != '__'], iter(r) is r)
for target, name in ((r, 'line_num'), (r.dialect, 'delimiter'), (r.dialect, 'strict'), (r.dialect, 'foo')):
    try:
        setattr(target, name, 3)
    except AttributeError as error:
        print(error)
for lines in (['a\rb'], ['"a"b'], ['"a'], ['a\n\n'], ['a\0b'], [], [''], ['\n'], ['a,'], [','], ['"a""b"'], ['a"b'], ['a b, c'], ['"a\n', 'b"'], ['a\\\n', 'b'], ['a\\,b'], ['"a\\"b"'], ["'a,b'"],
              ['1,"2",3'], ['x'], ['a\r\n'], ['é,€,😀'], [' a, b'], ['"a" ,b'], ['a;b'], ['a\tb']):
    for named in ({}, {'strict': True}, {'escapechar': '\\'}, {'quoting': 3}, {'quoting': 2}, {'quotechar': "'"}, {'doublequote': False}, {'skipinitialspace': True}, {'delimiter': ';'}, {'dialect': 'excel-tab'}, {'escapechar': '\\', 'strict': True}):
        attempt(lambda lines, **named: list(_csv.reader(lines, **named)), lines, **named)
attempt(lambda: list(_csv.reader([5])))
attempt(lambda: list(_csv.reader([b'x'])))
attempt(_csv.field_size_limit)
attempt(_csv.field_size_limit, 'x')
attempt(_csv.field_size_limit, 1, 2)
attempt(_csv.field_size_limit, 3)
attempt(lambda: list(_csv.reader(['abc,def'])))
attempt(lambda: list(_csv.reader(['abc,defg'])))
attempt(lambda: list(_csv.reader(['"abcd"'])))
attempt(_csv.field_size_limit, 131072)
for f, a, k in [(_csv.register_dialect, (), {}), (_csv.register_dialect, (5,), {}), (_csv.register_dialect, ('a', 'b', 'c'), {}), (_csv.register_dialect, ('a',), {'foo': 1}), (_csv.register_dialect, ('a',), {'delimiter': ';'}),
                (_csv.get_dialect, ('a',), {}), (_csv.get_dialect, ('zz',), {}), (_csv.unregister_dialect, ('zz',), {}), (_csv.list_dialects, (), {}), (_csv.list_dialects, (1,), {}), (_csv.unregister_dialect, ('a',), {}),
                (_csv.get_dialect, ([],), {}), (_csv.unregister_dialect, ([],), {}), (_csv.get_dialect, (), {}), (_csv.unregister_dialect, (), {})]:
    attempt(f, *a, **k)


def write(row, **named):
    file = io.StringIO()
    return _csv.writer(file, **named).writerow(row), file.getvalue()


class Number:
    def __float__(self):
        return 1.0

    def __repr__(self):
        return "Number()"

    def __str__(self):
        return "num,ber"


for row in ([1, 'a', None, 2.5, 'x"y', 'a,b', 'a\nb', '\r', ' '], [''], [None], [], ['', ''], 5, None, 'abc', [Number(), 1j, True, 10**30], ['é', '€"', '😀,'], ['\\', 'x'], ["'"], ['!']):
    for named in ({}, {'quoting': 1}, {'quoting': 2}, {'quoting': 3}, {'quoting': 3, 'escapechar': '\\'}, {'doublequote': False, 'escapechar': '\\'}, {'doublequote': False}, {'lineterminator': '!'},
                  {'escapechar': 'x', 'quoting': 0}, {'quotechar': "'", 'delimiter': '\t'}, {'quoting': 3, 'quotechar': None, 'escapechar': '!'}):
        attempt(write, row, **named)
print(_csv.Error.__module__, _csv.Error, _csv.__version__, _csv.Dialect, type(r), type(r).__module__, list(_csv._dialects))
w = _csv.writer(io.StringIO())
print([n for n in dir(w) if n[:2] != '__'], w.writerows([[1], [2]]))
attempt(w.writerows, 5)
attempt(w.writerows, [5])
for f in (copy.copy, pickle.dumps):
    try:
        f(r.dialect)
    except TypeError as error:
        print(error)


class Semicolon(csv.excel):
    delimiter = ';'


print(D(Semicolon).delimiter, D(Semicolon()).delimiter, csv.Sniffer().sniff("a;b;c\n1;2;3\n4;5;6\n").delimiter)
d = D()
print(D(d) is d, D(d, delimiter=';') is d, d.quoting, d.escapechar, d.quotechar, repr(d.lineterminator), d.skipinitialspace)
f = io.StringIO()
dw = csv.DictWriter(f, ["a", "b"], restval="-")
dw.writeheader()
dw.writerow({"a": 1})
dw.writerows([{"a": 2, "b": 3}])
print(repr(f.getvalue()), list(csv.DictReader(io.StringIO(f.getvalue()))), list(csv.DictReader(["a,b", "1,2,3", "4"], restkey="rest")))
