# Module lzma: formats, filters, pieces, errors.
import io
import lzma

data = b"".join(b"line %d of the text\n" % i for i in range(400))


def tried(function, *arguments, **keywords):
    try:
        result = function(*arguments, **keywords)
    except Exception as error:
        print(type(error).__name__, error)
    else:
        print(result if not isinstance(result, bytes) or len(result) < 50 else (len(result), hash(result)))


for form in (lzma.FORMAT_XZ, lzma.FORMAT_ALONE):
    packed = lzma.compress(data, format=form)
    print(len(packed), hash(packed), lzma.decompress(packed) == data, lzma.decompress(packed, format=form) == data)
for check in (lzma.CHECK_NONE, lzma.CHECK_CRC32, lzma.CHECK_CRC64, lzma.CHECK_SHA256):
    packed = lzma.compress(data, check=check, preset=2)
    reader = lzma.LZMADecompressor()
    print(check, lzma.is_check_supported(check), reader.decompress(packed) == data, reader.check, reader.eof, reader.unused_data)
filters = [{"id": lzma.FILTER_DELTA, "dist": 5}, {"id": lzma.FILTER_LZMA2, "preset": 7 | lzma.PRESET_EXTREME, "lc": 2}]
raw = lzma.compress(data, format=lzma.FORMAT_RAW, filters=filters)
print(len(raw), hash(raw), lzma.decompress(raw, lzma.FORMAT_RAW, filters=filters) == data)

writer = lzma.LZMACompressor()
pieces = [writer.compress(data[i:i + 100]) for i in range(0, len(data), 100)]
pieces.append(writer.flush())
packed = b"".join(pieces)
reader = lzma.LZMADecompressor()
out = reader.decompress(packed + b"rest", max_length=10)
while not reader.eof:
    print(end=".") if not reader.needs_input else print(end="?")
    out += reader.decompress(b"", max_length=2000)
print(out == data, reader.unused_data, reader.needs_input)
tried(reader.decompress, b"more")
tried(writer.compress, b"more")
tried(writer.flush)
tried(lzma.decompress, b"nothing of the kind")
tried(lzma.decompress, packed[:-5])
broken = bytearray(packed)
broken[len(broken) // 2] ^= 255
tried(lzma.decompress, bytes(broken))
tried(lzma.LZMACompressor, format=9)
tried(lzma.LZMACompressor, preset=3, filters=filters)
tried(lzma.LZMACompressor, preset=77)
tried(lzma.LZMACompressor, format=lzma.FORMAT_RAW)
tried(lzma.LZMACompressor, format=lzma.FORMAT_ALONE, check=lzma.CHECK_CRC32)
tried(lzma.LZMACompressor, format=lzma.FORMAT_ALONE, filters=filters)
tried(lzma.LZMACompressor, filters=[{"id": 4711}])
tried(lzma.LZMACompressor, filters=[{"dist": 1}])
tried(lzma.LZMACompressor, filters=[3])
tried(lzma.LZMACompressor, filters=[{"id": lzma.FILTER_DELTA}] * 6)
tried(lzma.LZMACompressor, filters=[{"id": lzma.FILTER_DELTA, "lc": 1}])
tried(lzma.LZMADecompressor, format=lzma.FORMAT_RAW)
tried(lzma.LZMADecompressor, filters=filters)
tried(lzma.LZMADecompressor, format=lzma.FORMAT_RAW, memlimit=5, filters=filters)
tried(lzma.LZMADecompressor(memlimit=1000).decompress, packed)
tried(lzma._encode_filter_properties, {"id": lzma.FILTER_LZMA2, "dict_size": 65536})
tried(lzma._decode_filter_properties, lzma.FILTER_LZMA1, b"]\x00\x00\x80\x00")
tried(lzma._decode_filter_properties, lzma.FILTER_DELTA, b"\x04")
memory = io.BytesIO()
with lzma.open(memory, "wt", encoding="utf-8") as file:
    file.write("one\ntwo\nthree\n")
memory.seek(0)
with lzma.open(memory, "rt") as file:
    print(file.readlines())
print(lzma.LZMAError, lzma.LZMAError.__mro__[1], lzma.LZMACompressor)
