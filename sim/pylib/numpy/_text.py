"""Arrays in files: .npy, .npz, raw numbers."""
import ast
import io
import os
import struct
import zipfile

import numpy as np

_MAGIC = b"\x93NUMPY"


def _write(stream, array):
    array = np.asanyarray(array)
    columns = array.flags.fnc
    header = "{'descr': %r, 'fortran_order': %r, 'shape': %r, }" % (array.dtype.str, bool(columns), array.shape)
    length = len(header) + 1
    padding = -(len(_MAGIC) + 2 + 2 + length) % 64
    header = header.encode("latin1") + b" " * padding + b"\n"
    stream.write(_MAGIC + b"\x01\x00" + struct.pack("<H", len(header)) + header)
    if array.dtype == object:
        import pickle
        pickle.dump(array.tolist(), stream, protocol=3)
    else:
        stream.write(array.tobytes("F" if columns else "C"))


def _read_exactly(stream, size, what):
    data = stream.read(size)
    if len(data) != size:
        raise ValueError("EOF: reading %s, expected %d bytes got %d" % (what, size, len(data)))
    return data


def _read_header(stream, limit):
    magic = _read_exactly(stream, 8, "magic string")
    if magic[:6] != _MAGIC:
        raise ValueError("the magic string is not correct; expected %r, got %r" % (_MAGIC, magic[:6]))
    version = magic[6], magic[7]
    if version not in [(1, 0), (2, 0), (3, 0)]:
        raise ValueError("we only support format version (1,0), (2,0), and (3,0), not %s" % (version,))
    form = "<H" if version == (1, 0) else "<I"
    size, = struct.unpack(form, _read_exactly(stream, struct.calcsize(form), "array header length"))
    text = _read_exactly(stream, size, "array header").decode("latin1" if version < (3, 0) else "utf8")
    if len(text) > limit:
        raise ValueError("Header info length (%d) is large and may not be safe to load securely.\nTo allow loading, adjust "
                         "`max_header_size` or fully trust the `.npy` file using `allow_pickle=True`.\nFor safety against large "
                         "resource use or crashes, sandboxing may be necessary." % len(text))
    try:
        header = ast.literal_eval(text)
    except SyntaxError as error:
        raise ValueError("Cannot parse header: %r" % text) from error
    if not isinstance(header, dict):
        raise ValueError("Header is not a dictionary: %r" % (header,))
    if header.keys() != {"descr", "fortran_order", "shape"}:
        raise ValueError("Header does not contain the correct keys: %r" % sorted(header))
    if not isinstance(header["shape"], tuple) or not all(isinstance(length, int) for length in header["shape"]):
        raise ValueError("shape is not valid: %r" % (header["shape"],))
    if not isinstance(header["fortran_order"], bool):
        raise ValueError("fortran_order is not a valid bool: %r" % (header["fortran_order"],))
    return header


def _read(stream, allow_pickle, limit=10000):
    header = _read_header(stream, float("inf") if allow_pickle else limit)
    shape, descr = header["shape"], header["descr"]
    if descr == "|O":
        if not allow_pickle:
            raise ValueError("Object arrays cannot be loaded when allow_pickle=False")
        import pickle
        items = pickle.load(stream)
        return np.array(items, dtype=object).reshape(shape)
    swap = isinstance(descr, str) and descr[0] == ">" and descr[2:] != "1"
    try:
        dtype = np.dtype("<" + descr[1:] if swap else descr)
    except TypeError as error:
        raise ValueError("descr is not a valid dtype descriptor: %r" % (descr,)) from error
    count = 1
    for length in shape:
        count *= length
    data = stream.read(count * dtype.itemsize)
    if len(data) != count * dtype.itemsize:
        raise ValueError("EOF: reading array data, expected %d bytes got %d" % (count * dtype.itemsize, len(data)))
    if swap:
        unit = dtype.itemsize // (2 if dtype.kind == "c" else 1) if dtype.kind != "U" else 4
        data = b"".join(data[n:n + unit][::-1] for n in range(0, len(data), unit))
    array = np.frombuffer(data, dtype, count).copy() if count else np.empty(0, dtype)
    return array.reshape(shape[::-1]).transpose() if header["fortran_order"] else array.reshape(shape)


def _opened(file, mode, suffix=""):
    if hasattr(file, "write" if "w" in mode else "read"):
        return file, False
    path = os.fspath(file)
    if suffix and not path.endswith(suffix):
        path += suffix
    return open(path, mode), True


def save(file, arr, allow_pickle=True, fix_imports=True):
    stream, own = _opened(file, "wb", ".npy")
    try:
        arr = np.asanyarray(arr)
        if arr.dtype.kind == "O" and not allow_pickle:
            raise ValueError("Object arrays cannot be saved when allow_pickle=False")
        _write(stream, arr)
    finally:
        if own:
            stream.close()


def _save_archive(file, args, kwds, compression):
    named = dict(kwds)
    for n, a in enumerate(args):
        if "arr_%d" % n in named:
            raise ValueError("Cannot use un-named variables and keyword arr_%d" % n)
        named["arr_%d" % n] = a
    if not hasattr(file, "write"):
        file = os.fspath(file)
        if not file.endswith(".npz"):
            file += ".npz"
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, a in named.items():
            buffer = io.BytesIO()
            _write(buffer, a)
            archive.writestr(zipfile.ZipInfo(name + ".npy", (1980, 1, 1, 0, 0, 0)), buffer.getvalue(), compression)


def savez(file, *args, **kwds):
    _save_archive(file, args, kwds, zipfile.ZIP_STORED)


def savez_compressed(file, *args, **kwds):
    _save_archive(file, args, kwds, zipfile.ZIP_DEFLATED)


class NpzFile:
    """The arrays of a .npz file, by name."""

    def __init__(self, file, allow_pickle=False):
        self.zip = zipfile.ZipFile(file)
        self.allow_pickle = allow_pickle
        self._names = self.zip.namelist()
        self.files = [name[:-4] if name.endswith(".npy") else name for name in self._names]

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        self.close()

    def close(self):
        self.zip.close()

    def __len__(self):
        return len(self.files)

    def __iter__(self):
        return iter(self.files)

    def __contains__(self, key):
        return key in self.files or key in self._names

    def keys(self):
        return self.files

    def items(self):
        return [(name, self[name]) for name in self.files]

    def values(self):
        return [self[name] for name in self.files]

    def get(self, key, default=None):
        return self[key] if key in self else default

    def __getitem__(self, key):
        name = key if key in self._names else key + ".npy"
        if name not in self._names:
            raise KeyError("%s is not a file in the archive" % key)
        data = self.zip.read(name)
        return _read(io.BytesIO(data), self.allow_pickle) if data.startswith(_MAGIC) else data


def load(file, mmap_mode=None, allow_pickle=False, fix_imports=True, encoding="ASCII", *, max_header_size=10000):
    if encoding not in ("ASCII", "latin1", "bytes"):
        raise ValueError("encoding must be 'ASCII', 'latin1', or 'bytes'")
    stream, own = _opened(file, "rb")
    start = stream.read(6)
    stream.seek(-len(start), 1)
    if start.startswith(b"PK"):
        if own:
            stream.close()
        return NpzFile(os.fspath(file) if own else file, allow_pickle)
    try:
        if start == _MAGIC:
            return _read(stream, allow_pickle, max_header_size)
        if not allow_pickle:
            raise ValueError("Cannot load file containing pickled data when allow_pickle=False")
        import pickle
        try:
            return pickle.load(stream)
        except Exception as error:
            raise pickle.UnpicklingError("Failed to interpret file %r as a pickle" % (file,)) from error
    finally:
        if own:
            stream.close()


# ---- raw numbers ----

def _tofile(a, file, sep="", format="%s"):
    if not isinstance(sep, str):
        raise TypeError("tofile() argument 2 must be str, not %s" % type(sep).__name__)
    stream, own = _opened(file, "wb" if not sep else "w")
    try:
        if sep:
            stream.write(sep.join(format % item for item in a.ravel().tolist()))
        else:
            stream.write(a.tobytes())
    finally:
        if own:
            stream.close()


def fromfile(file, dtype=float, count=-1, sep="", offset=0, *, like=None):
    stream, own = _opened(file, "rb")
    try:
        if offset:
            stream.seek(offset, 1)
        kind = np.dtype(dtype)
        if sep:
            return np.fromstring(stream.read().decode("latin1"), dtype=kind, count=count, sep=sep)
        data = stream.read() if count < 0 else stream.read(count * kind.itemsize)
        return np.frombuffer(data[:len(data) // kind.itemsize * kind.itemsize], kind).copy()
    finally:
        if own:
            stream.close()


def show_config():
    print("numpy of hybridsim: arithmetic of the reference BLAS and LAPACK")


def get_include():
    raise NotImplementedError("np.get_include: there are no C headers")


def set_string_function(f, repr=True):
    raise NotImplementedError("np.set_string_function")


def isnat(x):
    raise TypeError("ufunc 'isnat' is only defined for np.datetime64 and np.timedelta64.")


def packbits(a, /, axis=None, bitorder="big"):
    a = np.asarray(a)
    if a.dtype.kind not in "iub":
        raise TypeError("Expected an input array of integer or boolean data type")
    rows = (a.ravel() if axis is None else np.moveaxis(a, axis, -1)) != 0
    short = -rows.shape[-1] % 8
    rows = np.concatenate([rows, np.zeros(rows.shape[:-1] + (short,), bool)], axis=-1)
    rows = rows.reshape(rows.shape[:-1] + (-1, 8))
    weights = 1 << np.arange(8)[::-1] if bitorder == "big" else 1 << np.arange(8)
    packed = (rows * weights).sum(-1).astype(np.uint8)
    return packed if axis is None else np.moveaxis(packed, -1, axis)


def unpackbits(a, /, axis=None, count=None, bitorder="big"):
    a = np.asarray(a)
    if a.dtype != np.uint8:
        raise TypeError("Expected an input array of unsigned byte data type")
    rows = a.ravel() if axis is None else np.moveaxis(a, axis, -1)
    shifts = np.arange(8)[::-1] if bitorder == "big" else np.arange(8)
    bits = ((rows[..., np.newaxis] >> shifts) & 1).astype(np.uint8).reshape(rows.shape[:-1] + (-1,))
    bits = bits[..., :count] if count is not None else bits
    return bits if axis is None else np.moveaxis(bits, -1, axis)
