import numpy as np
a = np.array([[1, 2, 3], [4, 5, 6]])
b = np.array([[1.5, -2.0], [0.25, 4.0], [3.0, 0.5]])
print(a, a.shape, a.dtype, a.ndim, a.size, a.T, a.strides)
print(b, b.dtype, np.dot(a, b), a @ b, np.matmul(a, b).tolist())
print(a + 1, a * 2.5, a - a, a / 2, a // 2, a % 2, -a, a ** 2, a == 2, a > 3, b + np.array([10.0, 20.0]))
print(a[0], a[1, 2], a[:, 1], a[::-1], a[0, ::2], a[-1, -1], [x.tolist() for x in a], np.zeros((2, 2)), np.arange(6).reshape(2, 3))
c = a.copy(); c[0, 0] = 100; c[1] = 7; c[:, 2] = [8, 9]
print(c, a[0, 0], c.sum(), len(c), c.tolist(), np.array([True, False]), np.array([1, 2.5]))
v = np.array([1.0, 2.0, 3.0])
print(np.dot(v, v), v @ v, v.dot(v), type(v.tolist()[0]).__name__, v.sum(), repr(v), str(v), repr(a))
for f in (lambda: np.dot(a, a), lambda: a + np.zeros((4, 4)), lambda: a[5], lambda: np.array([1, 2]).reshape(3)):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
