"""marshal: what is dumped loads again, in every version; the bytes where they do not depend on reference counts."""
import io
import marshal


class Other:
    pass


items = [None, True, False, ..., StopIteration, 0, 1, -1, 255, 2**31 - 1, 2**31, -2**31, -2**31 - 1, 2**100, -2**100, 0.0, -0.5,
         1e300, float('inf'), 1 + 2j, b'', b'abc', '', 'abc', 'h\xe9', '\u4e2d\U0001f600', 'x' * 300, (), (1, 2), [1, [2, []]],
         {'a': 1, 2: (3,)}, {1, 2, 3}, frozenset('ab'), tuple(range(300)), bytearray(b'xy'), '\ud800']
for version in range(5):
    for item in items:
        back = marshal.loads(marshal.dumps(item, version))
        print(version, type(back).__name__, back == item)
for item in items[:36]:
    try:
        print(marshal.dumps(item, 2))
    except UnicodeError as error:
        print(error)
shared = [1]
back = marshal.loads(marshal.dumps([shared, shared]))
print(back, back[0] is back[1])
cycle = []
cycle.append(cycle)
back = marshal.loads(marshal.dumps(cycle))
print(back[0] is back)
for bad in (b'', b'?', b'i\1', b'r\0\0\0\0', b'[\2\0\0\0N', b's\5\0\0\0ab', b'(\377\377\377\377'):
    try:
        print(marshal.loads(bad))
    except Exception as error:
        print(type(error).__name__, error)
try:
    marshal.dumps(Other())
except ValueError as error:
    print(error)
file = io.BytesIO()
marshal.dump([1, 'two'], file)
marshal.dump((3.0,), file)
file.seek(0)
print(marshal.load(file), marshal.load(file), marshal.version)
