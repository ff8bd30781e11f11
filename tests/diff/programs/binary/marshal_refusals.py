"""What marshal refuses: subclasses, depth; numbers in an old form; streams that were damaged before."""
import bz2
import marshal
import select

for kind in (int, float, complex, tuple, list, dict, set, frozenset, str, bytes):
    made = type("Sub", (kind,), {})()
    try:
        print(kind.__name__, marshal.dumps(made)[:1])
    except ValueError as error:
        print(kind.__name__, error)
nested = last = []
for _ in range(1999):
    last.append([0])
    last = last[-1]
try:
    marshal.dumps(nested)
except ValueError as error:
    print(error)
print(marshal.loads(b"I\xf0\xde\xbc\x9a\x78\x56\x34\x12"), marshal.loads(b"I\xff\xff\xff\xff\xff\xff\xff\xff"))
decompressor = bz2.BZ2Decompressor()
try:
    decompressor.decompress(b"123" * 10)
except OSError as error:
    print(error, decompressor.needs_input)
poll = select.poll()
poll.register(1)
for mask in (-1, 2**16, 2**80):
    try:
        poll.modify(1, mask)
    except (ValueError, OverflowError) as error:
        print(type(error).__name__, error)
