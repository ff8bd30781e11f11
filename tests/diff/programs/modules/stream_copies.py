"""What is left of a zlib object after flush(), and its copies."""
import copy
import zlib

packed = zlib.compress(b"abc" * 100)


def attempt(name, run):
    try:
        result = run()
        print(name, result if isinstance(result, bytes) else type(result).__name__)
    except (ValueError, zlib.error) as error:
        print(name, type(error), error)


for data in (packed, packed + b"rest", packed[:10], b""):
    stream = zlib.decompressobj()
    print(len(stream.decompress(data)), stream.eof, stream.copy().eof, copy.copy(stream).eof)
    attempt("flush", stream.flush)
    for name, run in (("copy", stream.copy), ("copy.copy", lambda: copy.copy(stream)), ("deepcopy", lambda: copy.deepcopy(stream)),
                      ("flush", stream.flush)):
        attempt(name, run)
    print(stream.eof, stream.unused_data, stream.unconsumed_tail)

stream = zlib.decompressobj()
stream.decompress(packed)
stream.flush()
attempt("decompress", lambda: stream.decompress(b"x"))
attempt("decompress", lambda: stream.decompress(packed))
print(stream.unused_data)
half = zlib.decompressobj()
start = half.decompress(packed[:9])
print((start + half.copy().decompress(packed[9:])) == b"abc" * 100)
stream = zlib.compressobj()
stream.flush()
attempt("copy of an ended one", stream.copy)
