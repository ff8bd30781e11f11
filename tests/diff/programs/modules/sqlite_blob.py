"""sqlite3.Blob: a cell's bytes read, written, indexed and sliced in place; closed blobs; errors."""
import sqlite3

connection = sqlite3.connect(":memory:")
connection.execute("CREATE TABLE t(a BLOB, b TEXT, n INT)")
connection.execute("INSERT INTO t VALUES(?, ?, 3)", (b"0123456789", "text"))


def trial(function, *arguments, **named):
    try:
        print(function(*arguments, **named))
    except Exception as error:
        print(type(error).__name__, error)


blob = connection.blobopen("t", "a", 1)
print(type(blob), [name for name in dir(blob) if not name.startswith("__")], len(blob))
for action in [lambda: blob.read(3), blob.tell, blob.read, lambda: blob.read(5), lambda: blob.seek(-2, 2),
        lambda: blob.write(b"xy"),
               lambda: blob.write(b"z"), lambda: blob.seek(50), lambda: blob.seek(-50), lambda: blob.seek(1, 9),
               lambda: blob.seek("x"),
               lambda: blob.read("x"), lambda: blob.write("x"), lambda: blob.write(3), lambda: blob.seek(2**40),
               lambda: iter(blob),
               lambda: 3 in blob]:
    trial(action)
print(blob[0], blob[-1], blob[2:5], blob[::3], blob[20:30], blob[1:9:4])
for key in (10, -11, "x", 1.5, 2**100):
    trial(blob.__getitem__, key)
for key, item in [(0, 65), (0, 256), (0, -1), (0, b"a"), (0, "a"), (99, 1), (slice(0, 3), b"abc"), (slice(0, 3), b"ab"),
                  (slice(0, 10, 3), b"WXYZ"), (slice(0, 3), "abc"), (slice(5, 2), b""), ("x", 1), (0, 2**100)]:
    trial(blob.__setitem__, key, item)
for key in (0, slice(0, 1), "x", 99):
    trial(blob.__delitem__, key)
print(blob[:], connection.execute("SELECT a FROM t").fetchone())
with connection.blobopen("t", "a", 1, readonly=True) as other:
    for action in [lambda: other.write(b"1"), lambda: other.read(2), lambda: other.__setitem__(0, 1)]:
        trial(action)
for action in [other.read, other.close, lambda: len(other), lambda: other[0], other.__enter__, other.tell,
        lambda: other.seek(0)]:
    trial(action)
for arguments in [("nowhere", "a", 1), ("t", "nowhere", 1), ("t", "a", 9), ("t", "n", 1), ("t",), (1, 2, 3), ("t", "a", "x"),
        ("t", "a", 2**80)]:
    trial(connection.blobopen, *arguments)
trial(connection.blobopen, "t", "a", 1, name="elsewhere")
blob.seek(0)
connection.execute("UPDATE t SET a=?", (b"new",))
trial(blob.read)
trial(blob.write, b"x")
last = connection.blobopen("t", "b", 1)
print(last.read())
connection.close()
trial(last.read)
trial(last.close)
trial(sqlite3.Blob)
