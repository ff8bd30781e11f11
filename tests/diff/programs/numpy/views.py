"""Views share memory, copies do not; assignment through every kind of index; errors of indexing."""
import numpy as np

a = np.arange(24).reshape(2, 3, 4)
for name, view in (("slice", a[1:, ::-1]), ("T", a.T), ("newaxis", a[:, None]), ("reshape", a.reshape(6, 4)), ("ravel",
        a.ravel()), ("swap", a.swapaxes(0, 2)), ("flat copy", a.flatten()), ("fancy", a[[0, 1]]),
                   ("diagonal", np.diagonal(a)), ("real", a.real), ("broadcast", np.broadcast_to(a, (2, 2, 3, 4)))):
    print(name, view.shape, view.strides, np.shares_memory(a, view), view.flags.c_contiguous, view.flags.f_contiguous,
          view.flags.owndata, view.base is None, view.flags.writeable)
b = np.zeros((3, 4), int)
b[1] = 5
b[:, 2] = [1, 2, 3]
b[0, ::2] += 10
b[b > 4] *= 2
b[[0, 2], [1, 3]] = -1
b[..., -1] = 99
print(b.tolist())
b[:] = b[::-1]
print(b.tolist())
b[1:] = b[:-1]
print(b.tolist())
b.T[0] = 7
b.flat[3:6] = 1, 2, 3
b.ravel()[0] = 42
print(b.tolist(), b.flat[5], list(b.flat)[:4], len(b.flat))
c = np.array([1, 2, 2, 3])
np.add.at(c, [0, 0, 1], 10)
c[[0, 0]] += 1
print(c)
b.shape = 2, 6
print(b.shape, b.reshape(-1, 3).shape)
r = np.arange(3)
r.setflags(write=False)
for statement in ("r[0] = 1", "r += 1", "a[5]", "a[0, 0, 9]", "a[0, 0, 0, 0]", "a[1.5]", "a['x']", "a[[0, 5]]",
                  "a[[True, False, True]]", "a[..., ...]", "a[0][0] = [1, 2]", "b[0] = np.zeros(3)", "b.shape = 5",
                  "np.arange(3)[[0.5]]",
                  "del a[0]", "a.reshape(5, 5)", "a.reshape(-1, -1)", "a.transpose(0, 1)", "a.swapaxes(0, 7)", "a.squeeze(0)",
                  "np.concatenate([a, b])", "np.stack([a, b])", "np.broadcast_to(a, (3, 3))", "a + np.zeros(5)", "bool(a)",
                  "if a: pass", "for x in np.array(1): pass", "len(np.array(1))", "a.item()", "a @ np.zeros(3)",
                  "np.dot(a, np.zeros(3))", "hash(a)", "np.zeros(-1)", "np.zeros((2, 'x'))", "np.array([[1], [1, 2]])",
                  "np.sum(a, axis=3)",
                  "np.sum(a, axis=(0, 0))", "np.max([])", "np.argmax([])", "a.astype('q9')", "np.add(a, 1, out=np.zeros(3))",
                  "np.add(1.5, 1, out=np.zeros(1, int))", "a.foo", "np.foo", "np.linspace(0, 1, -1)", "np.arange()",
                  "np.ones(3).astype(int, casting='safe')"):
    try:
        exec(statement)
        print(statement, "passed")
    except Exception as e:
        print(statement, "->", type(e).__name__, e)
