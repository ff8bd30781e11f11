"""Arrays in files: .npy and .npz, text tables, raw bytes; pickles; buffers."""
import array
import copy
import io
import os
import pickle
import tempfile

import numpy as np

with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "a.npy")
    for a in (np.arange(6).reshape(2, 3), np.array([1.5, np.nan], "f4"), np.array([[1, 2], [3, 4]]).T, np.array(3),
              np.array(["ab", "c"]), np.array([True]), np.zeros((0, 2)), np.array([1 + 2j])):
        np.save(path, a)
        with open(path, "rb") as f:
            data = f.read()
        b = np.load(path)
        print(data[:8], data[10:80].split(b"}")[0], len(data), b.dtype, b.shape, repr(b.tolist()) == repr(a.tolist()))
    np.savez(os.path.join(folder, "b.npz"), np.arange(3), x=np.eye(2))
    with np.load(os.path.join(folder, "b.npz")) as z:
        print(sorted(z.files), z["x"].tolist(), z["arr_0"], "x" in z)
    np.savez_compressed(os.path.join(folder, "c"), y=np.ones(1000))
    print(np.load(os.path.join(folder, "c.npz"))["y"].sum())
    text = os.path.join(folder, "t.txt")
    np.savetxt(text, np.arange(6).reshape(3, 2) / 3, fmt="%.4f", delimiter=",", header="x,y", footer="end")
    print(open(text).read(), np.loadtxt(text, delimiter=","), np.loadtxt(text, delimiter=",", usecols=1, max_rows=2),
          np.genfromtxt(text, delimiter=","))
    np.arange(4, dtype="i2").tofile(text)
    print(np.fromfile(text, "i2"), np.fromfile(text, "u1", count=3))
stream = io.StringIO()
np.savetxt(stream, [1, 2.5])
print(repr(stream.getvalue()), np.loadtxt(io.StringIO("1 2 # c\n\n3 4"), dtype=int, unpack=True), np.loadtxt(["1,2", "3,4"],
        delimiter=","))
for bad in ("1 2\n3", "1 x"):
    try:
        np.loadtxt(io.StringIO(bad))
    except ValueError as e:
        print(e)
a = np.arange(6).reshape(2, 3)[:, ::-1]
print(pickle.loads(pickle.dumps(a)).tolist(), copy.deepcopy(a).tolist(), copy.copy(a).flags.owndata,
      pickle.loads(pickle.dumps(np.float32(1.5))), pickle.loads(pickle.dumps(np.dtype("i4"))))
print(memoryview(np.arange(3, dtype="i4")).format, memoryview(a).shape, bytes(np.arange(3, dtype="u1")),
      np.frombuffer(b"\x01\x02\x03\x04", "u2"), np.array(array.array("d", [1, 2])), np.array(bytearray(b"ab")))
print(a.tobytes().hex(), a.tobytes("F").hex(), np.frombuffer(a.tobytes(), a.dtype).reshape(a.shape).tolist() == a.tolist(),
      np.fromstring("1, 2, 3", sep=",", dtype=int), np.fromiter((x * x for x in range(4)), int))
