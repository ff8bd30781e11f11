"""Tables of text: savetxt, loadtxt, genfromtxt. Columns of several types (numpy's structured arrays) are refused."""
import operator
import os
import warnings

import numpy as np


class ConversionWarning(UserWarning):
    """Lines of another length than the first."""


# ---- writing ----

def _line_format(X, fmt, delimiter, count):
    is_complex = X.dtype.kind == "c"
    if isinstance(fmt, (list, tuple)):
        if len(fmt) != count:
            raise AttributeError("fmt has wrong shape.  %s" % str(fmt))
        return delimiter.join(fmt)
    if not isinstance(fmt, str):
        raise ValueError("invalid fmt: %r" % (fmt,))
    percent = fmt.count("%")
    if percent == 1:
        return delimiter.join([" (%s+%sj)" % (fmt, fmt) if is_complex else fmt] * count)
    if percent != (2 * count if is_complex else count):
        raise ValueError("fmt has wrong number of %% formats:  %s" % fmt)
    return fmt


def _row_text(row, line, dtype):
    if dtype.kind == "c":
        values = []
        for number in row:
            values += [number.real, number.imag]
        return (line % tuple(values)).replace("+-", "-")
    try:
        return line % tuple(row)
    except TypeError as e:
        raise TypeError("Mismatch between array dtype ('%s') and format specifier ('%s')" % (str(dtype), line)) from e


def savetxt(fname, X, fmt="%.18e", delimiter=" ", newline="\n", header="", footer="", comments="# ", encoding=None):
    X = np.asarray(X)
    delimiter = delimiter.decode("latin1") if isinstance(delimiter, bytes) else str(delimiter)
    own = isinstance(fname, (str, os.PathLike))
    if not own and not hasattr(fname, "write"):
        raise ValueError("fname must be a string or file handle")
    stream = open(fname, "w", encoding=encoding) if own else fname
    binary = False

    def write(text):
        nonlocal binary
        if not binary:
            try:
                stream.write(text)
                return
            except TypeError:
                binary = True
        stream.write(text.encode(encoding or "latin1"))

    try:
        if X.ndim == 0 or X.ndim > 2:
            raise ValueError("Expected 1D or 2D array, got %dD array instead" % X.ndim)
        rows = X.reshape(-1, 1) if X.ndim == 1 else X
        line = _line_format(X, fmt, delimiter, rows.shape[1])
        if len(header) > 0:
            write(comments + header.replace("\n", "\n" + comments) + newline)
        # what a number's type can be told from
        plain = "%s" in line or "%r" in line or "%x" in line and X.dtype.kind != "b"
        for row in rows if plain else rows.tolist():
            write(_row_text(row, line, X.dtype) + newline)
        if len(footer) > 0:
            write(comments + footer.replace("\n", "\n" + comments) + newline)
    finally:
        if own:
            stream.close()


# ---- reading, as loadtxt does ----

def _text_lines(fname, encoding):
    if isinstance(fname, (str, os.PathLike)):
        try:
            stream = open(fname, encoding=None if encoding == "bytes" else encoding)
        except FileNotFoundError:
            raise FileNotFoundError("%s not found." % fname) from None
        with stream:
            yield from stream
        return
    for line in fname:
        yield line.decode("latin1") if isinstance(line, bytes) else line


def _control_character(item):
    if item is not None and not (isinstance(item, str) and len(item) == 1):
        raise TypeError("Text reading control character must be a single unicode character or None; but got: %r" % (item,))


def _row_limit(item, otherwise):
    if item is None:
        return otherwise
    if not hasattr(item, "__index__"):
        raise TypeError("argument must be an integer")
    if operator.index(item) < 0:
        raise ValueError("argument must be nonnegative")
    return operator.index(item)


def _column_numbers(usecols):
    if usecols is None:
        return None
    try:
        usecols = list(usecols)
    except TypeError:
        usecols = [usecols]
    for column in usecols:
        if not hasattr(column, "__index__"):
            raise TypeError("usecols must be an int or a sequence of ints but it contains at least one element of type '%s'"
                            % type(column).__name__)
    return [operator.index(column) for column in usecols]


def _without_comment(line, marks, quote):
    if quote is None:
        for mark in marks:
            line = line.split(mark, 1)[0]
        return line
    inside = False
    for n, character in enumerate(line):
        inside ^= character == quote
        if not inside and line.startswith(tuple(marks), n):
            return line[:n]
    return line


def _fields_of(line, delimiter, quote):
    if quote is None or quote not in line:
        return line.split(delimiter)
    fields, text, inside, started = [], "", False, delimiter is not None
    for n, character in enumerate(line):
        if character == quote and (inside or not text):
            inside, started = not inside, True
        elif not inside and (character == delimiter or delimiter is None and character.isspace()):
            if started:
                fields.append(text)
            text, started = "", delimiter is not None
        else:
            text, started = text + character, True
    return fields + [text] if started else fields


def _integer(text, kind, told):
    digits = text.strip()
    if "_" in digits:
        raise ValueError
    least, most = np.iinfo(kind).min, np.iinfo(kind).max
    try:
        if least <= int(digits) <= most:
            return int(digits)
    except ValueError:
        pass
    with np.errstate(all="ignore"):
        number = np.asarray(float(digits)).astype(kind)
    if told:
        return int(number)
    told.append(True)
    warnings.warn("loadtxt(): Parsing an integer via a float is deprecated.  To avoid this warning, you can:\n"
                  "    * make sure the original data is stored as integers.\n"
                  "    * use the `converters=` keyword argument.  If you only use\n"
                  "      NumPy 1.23 or later, `converters=float` will normally work.\n"
                  "    * Use `np.loadtxt(...).astype(np.int64)` parsing the file as\n"
                  "      floating point and then convert it.  (On all NumPy versions.)\n"
                  "  (Deprecated NumPy 1.23)", DeprecationWarning, stacklevel=6)
    return int(number)


def _parsed(text, kind, told):
    if kind.kind in "fcb" and "_" in text:
        raise ValueError
    if kind.kind == "f":
        return float(text)
    if kind.kind in "iu":
        return _integer(text, kind, told)
    if kind.kind == "c":
        return complex(text)
    if kind.kind == "b":
        number = int(text)
        if not -2**63 <= number < 2**63:
            raise ValueError
        return bool(number)
    return text


def _field_value(text, kind, function, as_bytes, row, column, told):
    """told: what the caller was warned of already."""
    try:
        if function is None:
            return _parsed(text, kind, told)
        return function(text.encode("latin1") if as_bytes else text)
    except ValueError:
        raise ValueError("could not convert string %r to %s at row %d, column %d."
                         % (text, kind.name, row, column + 1)) from None


def _converters_by_column(converters, width):
    table = {}
    for key, function in converters.items():
        if not hasattr(key, "__index__"):
            raise TypeError("keys of the converters dictionary must be integers; got %r" % (key,))
        column = operator.index(key)
        if not -width <= column < width:
            raise ValueError("converter specified for column %d, which is invalid for the number of fields %d." % (column, width))
        table[column % width] = function
    return table


def _picked_columns(usecols, width, row):
    if usecols is None:
        return range(width)
    for column in usecols:
        if not -width <= column < width:
            raise ValueError("invalid column index %d at row %d with %d columns" % (column, row + 1, width))
    return [column % width for column in usecols]


def _ensure_dimensions(array, ndmin):
    if array.ndim > ndmin:
        array = np.squeeze(array)
    if array.ndim < ndmin:
        array = np.atleast_1d(array) if ndmin == 1 else np.atleast_2d(array).T
    return array


def _warn_of_blank_row(number, max_rows):
    warnings.warn("Input line %d contained no data and will not be counted towards `max_rows=%d`.  This differs from the behaviour "
                  "in NumPy <=1.22 which counted lines rather than rows.  If desired, the previous behaviour can be achieved by "
                  "using `itertools.islice`.\nPlease see the 1.23 release notes for an example on how to do this.  If you wish to "
                  "ignore this warning, use `warnings.filterwarnings`.  This warning is expected to be removed in the future and "
                  "is given only once per `loadtxt` call." % (number, max_rows), UserWarning, stacklevel=4)


def _rows_of(lines, kind, marks, delimiter, quote, converters, usecols, as_bytes, limit):
    rows, width, table, told, warned = [], None, {}, [], limit is None
    for number, line in enumerate(lines):
        if limit is not None and len(rows) >= limit:
            break
        line = _without_comment(line, marks, quote).strip("\r\n")
        if not line.strip() if delimiter is None else not line:
            if not warned:
                _warn_of_blank_row(number + 1, limit)
                warned = True
            continue
        fields = _fields_of(line, delimiter, quote)
        if width is None:
            width = len(fields)
            picked = _picked_columns(usecols, width, 0)
            if not callable(converters) and converters is not None:
                table = _converters_by_column(converters, width)
        elif len(fields) != width:
            if usecols is None:
                raise ValueError("the number of columns changed from %d to %d at row %d; use `usecols` to select a subset and "
                                 "avoid this error" % (width, len(fields), len(rows) + 1))
            width = len(fields)
            picked = _picked_columns(usecols, width, len(rows))
        rows.append([_field_value(fields[c], kind, converters if callable(converters) else table.get(c), as_bytes, len(rows), c,
                                  told) for c in picked])
    return rows


def _check_loadtxt(delimiter, marks, quotechar, ndmin):
    if ndmin not in (0, 1, 2):
        raise ValueError("Illegal value of ndmin keyword: %s" % ndmin)
    if "" in marks:
        raise ValueError("comments cannot be an empty string. Use comments=None to disable comments.")
    if delimiter in marks:
        raise TypeError("Comment characters '%s' cannot include the delimiter '%s'" % (tuple(marks), delimiter))
    _control_character(delimiter)
    _control_character(quotechar)


def loadtxt(fname, dtype=float, comments="#", delimiter=None, converters=None, skiprows=0, usecols=None, unpack=False, ndmin=0,
            encoding="bytes", max_rows=None, *, quotechar=None, like=None):
    kind = np.dtype(float if dtype is None else dtype)
    marks = [] if comments is None else [comments] if isinstance(comments, (str, bytes)) else list(comments)
    marks = [mark.decode("latin1") if isinstance(mark, bytes) else mark for mark in marks]
    if isinstance(delimiter, bytes):
        delimiter = delimiter.decode("latin1")
    _check_loadtxt(delimiter, marks, quotechar, ndmin)
    usecols, skip, limit = _column_numbers(usecols), _row_limit(skiprows, 0), _row_limit(max_rows, None)
    if isinstance(fname, bytes) or not (isinstance(fname, (str, os.PathLike)) or hasattr(fname, "__iter__")):
        raise ValueError("fname must be a string, filehandle, list of strings,\nor generator. Got %s instead." % type(fname))
    lines = _text_lines(fname, encoding)
    for _ in range(skip):
        next(lines, None)
    rows = _rows_of(lines, kind, marks, delimiter, quotechar, converters, usecols, encoding == "bytes", limit)
    if not rows:
        warnings.warn("loadtxt: input contained no data: \"%s\"" % fname, category=UserWarning, stacklevel=2)
    result = np.array(rows, dtype=kind) if rows else np.empty((0, len(usecols) if usecols else 0), kind)
    if not rows and not usecols:
        result = np.empty(0, kind)
    if ndmin < 2 and 1 in result.shape or result.ndim < ndmin:
        result = _ensure_dimensions(result, ndmin)
    return result.T if unpack else result


# ---- reading, as genfromtxt does ----

def _truth_of(text):
    word = text.upper()
    if word not in ("TRUE", "FALSE"):
        raise ValueError("Invalid boolean")
    return word == "TRUE"


# What a column may be, from the narrowest on: its type, how a text is read, what stands for what is missing.
_LEVELS = [(np.bool_, _truth_of, False), (np.int64, int, -1), (np.float64, float, np.nan), (np.complex128, complex, complex("nan")),
           (np.str_, str, "???")]


class _Column:
    """How the texts of one column become items."""

    def __init__(self, kind, missing, filling):
        self.missing, self.filling, self.level, self.checked, self.own = missing, filling, 0, kind is not None, False
        self.kind = kind
        self.type, self.function, self.default = _LEVELS[0]
        if kind is not None:
            self.settle(kind)
        if filling is not None:
            self.default = filling

    def settle(self, kind):
        letter = kind.kind
        self.level = 0 if letter == "b" else 1 if letter in "iu" else 2 if letter == "f" else 3 if letter == "c" else 4
        _, self.function, self.default = _LEVELS[self.level]
        self.type = kind.type
        if letter in "iu":
            self.function = kind.type if kind.itemsize == 8 else lambda text: int(float(text))
        elif letter == "O":
            self.function = lambda text: text.encode("latin1")

    def convert_with(self, function, sample):
        self.function, self.own = function, True
        try:
            tested = self.filling if self.filling is not None else function(sample or "1")
        except (TypeError, ValueError):
            tested = None
        self.type = np.array(tested).dtype.type
        self.default = self.filling

    def widen(self, texts):
        for text in texts:
            while not self.own:
                try:
                    self.function(text)
                    self.checked = True
                    break
                except ValueError:
                    if text.strip() in self.missing:
                        break
                    self.level += 1
                    self.type, self.function, self.default = _LEVELS[self.level]
                    self.checked = True
                    if self.filling is not None:
                        self.default = self.filling

    def item(self, text, loose):
        try:
            return self.function(text)
        except ValueError:
            if loose or text.strip() in self.missing:
                return self.default
            raise ValueError("Cannot convert string '%s'" % text) from None


def _line_splitter(delimiter, comments, autostrip):
    if isinstance(delimiter, bytes):
        delimiter = delimiter.decode("latin1")
    fixed = delimiter is not None and not isinstance(delimiter, str)
    widths = delimiter if hasattr(delimiter, "__iter__") else None

    def split(line):
        if comments is not None:
            line = line.split(comments)[0]
        line = line.strip(" \r\n") if not fixed else line.strip("\r\n") if widths is None else line
        if not line:
            return []
        if not fixed:
            return line.split(delimiter)
        if widths is None:
            return [line[n:n + delimiter] for n in range(0, len(line), delimiter)]
        ends = [sum(widths[:n]) for n in range(len(widths) + 1)]
        return [line[a:b] for a, b in zip(ends, ends[1:])]
    return (lambda line: [field.strip() for field in split(line)]) if autostrip else split


def _per_column(given, count, what):
    """A list with an entry for each column of what was given for all, in order, or by number."""
    entries = [None] * count
    if isinstance(given, dict):
        for key, item in given.items():
            entries[key] = item
    elif isinstance(given, (list, tuple)):
        entries[:min(len(given), count)] = given[:count]
    elif isinstance(given, str) and what == "missing":
        entries = [given.split(",")] * count
    elif given is not None:
        entries = [given] * count
    return entries


def _missing_words(entry):
    words = [""]
    for word in [] if entry is None else entry if isinstance(entry, (list, tuple)) else [entry]:
        words.append(word.decode("latin1") if isinstance(word, bytes) else str(word))
    return words


def _table_rows(lines, split, usecols, count, first, limit):
    rows, bad = [], []
    for number, line in enumerate(lines):
        values = split(line)
        if not values:
            continue
        if usecols is not None:
            try:
                values, found = [values[c] for c in usecols], len(values)
            except IndexError:
                bad.append((number + first + 1, len(values)))
                continue
        elif len(values) != count:
            bad.append((number + first + 1, len(values)))
            continue
        rows.append(values)
        if limit is not None and len(rows) == limit:
            break
    return rows, bad


def _report_bad(bad, count, must_raise):
    text = "\n".join(["Some errors were detected !"] + ["    Line #%d (got %d columns instead of %d)" % (line, found, count)
                                                        for line, found in bad])
    if must_raise:
        raise ValueError(text)
    warnings.warn(text, ConversionWarning, stacklevel=3)


def _result_type(columns, kind, as_bytes):
    """The type of all elements; the columns' own when none was asked for."""
    types = {column.type for column in columns if column.checked} if kind is None else {
        column.type for column in columns if column.own} | {kind.type}
    if len(types) > 1 and kind is not None and len(columns) == 1:
        return np.dtype(columns[0].type)
    if len(types) > 1 or kind is None and not types:
        raise NotImplementedError("np.genfromtxt of columns of several types")
    if kind is not None:
        return kind
    if as_bytes and types == {np.str_}:
        raise NotImplementedError("np.genfromtxt of byte strings (encoding='bytes')")
    return np.dtype(types.pop())


def _first_values(lines, split):
    """The first line that holds something and its fields."""
    for line in lines:
        values = split(line)
        if values:
            return line, values
    return None, []


def genfromtxt(fname, dtype=float, comments="#", delimiter=None, skip_header=0, skip_footer=0, converters=None, missing_values=None,
               filling_values=None, usecols=None, names=None, excludelist=None, deletechars=" !#$%&'()*+,-./:;<=>?@[\\]^{|}~",
               replace_space="_", autostrip=False, case_sensitive=True, defaultfmt="f%i", unpack=None, usemask=False, loose=True,
               invalid_raise=True, max_rows=None, encoding="bytes", *, ndmin=0, like=None):
    if max_rows is not None:
        if skip_footer:
            raise ValueError("The keywords 'skip_footer' and 'max_rows' can not be specified at the same time.")
        if max_rows < 1:
            raise ValueError("'max_rows' must be at least 1.")
    if names or usemask:
        raise NotImplementedError("np.genfromtxt with names or usemask")
    if not isinstance(fname, (str, os.PathLike)) and not hasattr(fname, "__iter__"):
        raise TypeError("fname must be a string, a filehandle, a sequence of strings,\nor an iterator of strings. Got %s instead."
                        % type(fname))
    kind = None if dtype is None else np.dtype(dtype)
    split = _line_splitter(delimiter, comments.decode("latin1") if isinstance(comments, bytes) else comments, autostrip)
    lines = _text_lines(fname, encoding)
    for _ in range(skip_header):
        next(lines, None)
    first_line, first = _first_values(lines, split)
    if first_line is None:
        warnings.warn("genfromtxt: Empty input file: \"%s\"" % fname, stacklevel=2)
    if usecols is not None:
        usecols = [int(c) for c in usecols.split(",")] if isinstance(usecols, str) else _column_numbers(usecols)
        usecols = [c + len(first) if c < 0 else c for c in usecols]
    count = len(first if usecols is None else usecols)
    columns = [_Column(kind, _missing_words(missing), filling) for missing, filling in zip(
        _per_column(missing_values, count, "missing"), _per_column(filling_values, count, "filling"))]
    _use_converters(columns, converters, usecols, first, encoding == "bytes")
    rows, bad = ([], []) if first_line is None else _table_rows(
        _chained(first_line, lines), split, usecols, count, skip_header, max_rows)
    bad, skip_footer = _bad_before_footer(rows, bad, skip_header, skip_footer)
    if kind is None:
        for n, column in enumerate(columns):
            column.widen([row[n] for row in rows])
    if bad:
        _report_bad(bad, count, invalid_raise)
    rows = rows[:len(rows) - skip_footer] if skip_footer > 0 else rows
    kind = _result_type(columns, kind, encoding == "bytes")
    data = [tuple([column.item(text, loose) for column, text in zip(columns, row)]) for row in rows]
    result = _ensure_dimensions(np.array(data, dtype=kind), ndmin)
    return result.T if unpack else result


def _chained(first, rest):
    yield first
    yield from rest


def _bad_before_footer(rows, bad, skip_header, skip_footer):
    """Bad lines among those left out at the end are not counted."""
    if skip_footer <= 0:
        return bad, skip_footer
    last = len(rows) + len(bad) - skip_footer
    kept = [entry for entry in bad if entry[0] <= last + skip_header]
    return kept, skip_footer - (len(bad) - len(kept))


def _use_converters(columns, converters, usecols, first, as_bytes):
    for key, function in (converters or {}).items():
        place = key
        if usecols is not None:
            if key not in usecols:
                continue
            place = usecols.index(key)
        wrapped = (lambda text, function=function: function(text.encode("latin1"))) if as_bytes else function
        columns[place].convert_with(wrapped, first[key])
