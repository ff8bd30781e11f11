"""Repetition that cannot be: OverflowError where CPython computes the length first, MemoryError where it does not."""
for text in ('"ab" * 2**62', '"ab" * 2**61', '"ab" * 2**63', '"\\u20ac" * (2**63 - 1)', 'b"ab" * 2**62', 'b"ab" * 2**61',
             'bytearray(b"ab") * 2**62', '[1, 2] * 2**62', '(1, 2) * 2**62', '"" * 2**62', 'b"" * 2**62'):
    try:
        print(text, repr(eval(text)))
    except Exception as error:
        print(text, type(error).__name__, error)
for unit in ("", "a", "ab", "\xe9", "\u20ac!", "\U0001f600"):
    for count in (-1, 0, 1, 2, 3, 7, 64, 65):
        data = unit.encode()
        print(unit * count == "".join([unit] * max(count, 0)), data * count == b"".join([data] * max(count, 0)),
              bytearray(data) * count == bytearray().join([data] * max(count, 0)))
