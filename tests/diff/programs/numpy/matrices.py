"""numpy.matrix: products, two axes always, and what keeps the class."""
import warnings

import numpy as np

warnings.simplefilter("ignore")


def show(name, function):
    try:
        made = function()
        print(name, type(made).__name__, repr(made))
    except Exception as error:
        print(name, type(error).__name__, error)


def near(made):
    return type(made).__name__, np.asarray(made).round(9).tolist()


m = np.matrix([[1, 2], [3, 4.]])
v = np.matrix("1 2; 3 4")
w = np.mat([1, 2, 3])
z = np.matrix([[1 + 2j, 2], [3, 4j]])
one = np.ones((2, 2))
for name, function in dict(
        m=lambda: m, v=lambda: v, w=lambda: w, product=lambda: m * m, twice=lambda: 2 * m, doubled=lambda: m * 2,
        column=lambda: m * v[:, 0], array=lambda: m * one, left=lambda: one * m, lists=lambda: m * [[1], [2]],
        power=lambda: m ** 2, inverse=lambda: near(m ** -1), none=lambda: m ** 0, T=lambda: w.T, H=lambda: z.H,
        I=lambda: near(m.I), pseudo=lambda: near(w.I), A=lambda: m.A, A1=lambda: m.A1, row=lambda: m[0],
        second=lambda: m[:, 1], item=lambda: m[0, 1], part=lambda: m[:1, :1], mask=lambda: m[m > 2],
        fancy=lambda: m[[0, 1], [1, 0]], sum=lambda: m.sum(), down=lambda: m.sum(0), across=lambda: m.sum(axis=1),
        mean=lambda: m.mean(), means=lambda: m.mean(1), std=lambda: m.std(0), var=lambda: m.var(), prod=lambda: m.prod(0),
        any=lambda: m.any(), all=lambda: m.all(1), max=lambda: m.max(), greatest=lambda: m.max(0), least=lambda: m.min(1),
        argmax=lambda: m.argmax(), places=lambda: m.argmax(0), aside=lambda: m.argmax(1), argmin=lambda: m.argmin(),
        ptp=lambda: m.ptp(), ptps=lambda: m.ptp(1), squeeze=lambda: m.squeeze(), flatten=lambda: m.flatten(),
        ravel=lambda: m.ravel(), tolist=lambda: m.tolist(), add=lambda: m + 1, both=lambda: m + m, sub=lambda: m - one,
        rsub=lambda: one - m, div=lambda: m / 2, neg=lambda: -m, equal=lambda: m == m, sqrt=lambda: np.sqrt(m),
        multiply=lambda: np.multiply(m, m), at=lambda: m @ m, npsum=lambda: np.sum(m), npdown=lambda: np.sum(m, axis=0),
        npmax=lambda: np.max(m, 0), npdot=lambda: np.dot(m, m), inv=lambda: near(np.linalg.inv(m)),
        det=lambda: near(np.linalg.det(m)), solve=lambda: near(np.linalg.solve(m, m[:, 0])),
        eigh=lambda: type(np.linalg.eigh(m)[1]), svd=lambda: [type(part) for part in np.linalg.svd(m)],
        qr=lambda: [type(part) for part in np.linalg.qr(m)], joined=lambda: np.concatenate([m, m]),
        beside=lambda: np.concatenate((m, np.ones((2, 1))), axis=1), zeros=lambda: np.zeros_like(m),
        nparray=lambda: np.array(m), asarray=lambda: np.asarray(m), same=lambda: np.asmatrix(m) is m,
        bmat=lambda: np.bmat([[m, m], [m, m]]), named=lambda: np.bmat("m,v;v,m"),
        rows=lambda: [type(row).__name__ + str(row.shape) for row in m], repeat=lambda: m.repeat(2, axis=0),
        diagonal=lambda: m.diagonal(), trace=lambda: m.trace(), astype=lambda: m.astype(int), reshape=lambda: m.reshape(4, 1),
        dot=lambda: m.dot(m), clip=lambda: m.clip(2, 3), rounded=lambda: (m / 3).round(2), whole=lambda: m.round(),
        cumsum=lambda: m.cumsum(), sums=lambda: m.cumsum(0), sort=lambda: np.sort(m, axis=0), number=lambda: np.matrix(5),
        deep=lambda: np.matrix([[[1]]]), ragged=lambda: np.matrix("1 2;3"), flat=lambda: list(m.flat), copy=lambda: m.copy(),
        real=lambda: z.real, conj=lambda: z.conj(), nonzero=lambda: m.nonzero(), take=lambda: m.take([0], axis=1),
        single=lambda: np.matrix([1, 2], dtype="f4"), texts=lambda: np.matrix([["a", "b"]]), empty=lambda: np.matrix([]),
        where=lambda: np.where(m > 1, m, 0), npcopy=lambda: np.copy(m), close=lambda: np.allclose(m, m),
        turned=lambda: np.transpose(m), stacked=lambda: np.vstack([m, m]), aligned=lambda: np.hstack([m, m]),
        shaped=lambda: np.reshape(m, (1, 4)), norm=lambda: near(np.linalg.norm(m)), unity=lambda: np.asmatrix(np.identity(2)),
        nested=lambda: np.array([m, m]), raised=lambda: np.power(m, 2), unequal=lambda: m * w).items():
    show(name, function)
print(m, w, np.matrix.__mro__, m.__array_priority__, isinstance(m, np.ndarray))
m[0, 0] = 9
m[1] = [7, 8]
m[:, 0] = np.matrix([[5], [6]])
m *= v
print(m)


class Named(np.matrix):
    def __array_finalize__(self, obj):
        super().__array_finalize__(obj)
        self.name = getattr(obj, "name", "new")


n = Named([[1, 2], [3, 4]])
n.name = "n"
print(repr(n * n), (n * n).name, n.T.name, (n + 1).name, n[0].name, n.sum(axis=1).name, type(n * np.matrix([[1], [2]])).__name__)
