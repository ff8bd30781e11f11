# The memo of picklers and unpicklers: an object that copies, clears and pickles.
import pickle, io
p = pickle.Pickler(io.BytesIO()); p.dump([1, (2, 3)])
print([k[1] is not None for k in p.memo.copy().values()], p.memo.__reduce__()[0], len(p.memo.__reduce__()[1][0]), type(p.memo).__name__)
u = pickle.Unpickler(io.BytesIO(pickle.dumps([[1], [2]]))); print(u.load(), u.memo.__reduce__(), u.memo.copy())
q = pickle.Pickler(io.BytesIO()); q.memo = p.memo; p.memo.clear(); print(len(q.memo.copy()), p.memo.copy())
