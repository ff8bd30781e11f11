a = [5, 3, 8, 1]
a.append(9); a.extend([2, 7]); a.insert(0, 0)
print(a, a.pop(), a.pop(0), a.index(8), a.count(3), len(a), a[1:3], a[::-1], a + [1], a * 2, 8 in a)
a.sort(); print(a); a.sort(reverse=True); print(a); a.reverse(); print(a); a.remove(3); print(a)
a[1:3] = [10, 20, 30]; print(a); del a[0]; print(a); a[::2] = [0] * len(a[::2]); print(a); del a[1:3]; print(a)
b = a.copy(); b.clear(); print(a, b, a == [1], [1, 2] < [1, 3], [1] < [1, 0], [[]] * 2)
print(sorted("banana"), sorted([3, 1, 2], key=lambda v: -v), sorted([("b", 1), ("a", 2)]), sorted([1.5, 1, 0.5]), sorted(["b", "A"], key=str.lower))
nested = [1]; nested.append(nested); print(nested)
t = (1, 2, 3)
print(t, t[1], t + (4,), t * 2, t[::-1], (1,), (), t == (1, 2, 3), t < (1, 3), 2 in t, t.index(3), hash(t) == hash((1, 2, 3)), len(t))
d = {"a": 1, "b": 2, 3: [4]}
d["c"] = 5; d["a"] = 0
print(d, d["a"], d.get("z"), d.get("z", 9), "b" in d, len(d), list(d), list(d.values()), list(d.items()), d.pop("b"), d.pop("q", None), d)
d.update({"x": 1}, y=2); d.setdefault("n", []).append(1); print(d, d.popitem(), dict([(1, 2)]), dict(a=1), {**d, "a": 7}, d == dict(d), d | {1: 1})
del d["a"]; print(d, sorted(d.keys(), key=str), {k: v for k, v in zip("abc", range(3))}, dict.fromkeys("ab", 0))
for k, v in d.items():
    print(k, v)
big = {i: i * i for i in range(1000)}
for i in range(0, 1000, 3):
    del big[i]
print(len(big), sum(big), list(big)[:5], big.keys() & {1, 2, 3}, {1, 2} - {2}, big.get(500))
s = {3, 1, 2, 3}
s.add(10); s.discard(1); s.update([7, 8]); print(s, len(s), 3 in s, s | {100}, s & {2, 3}, s - {2}, s ^ {2, 50}, s <= {2, 3, 7, 8, 10, 11}, frozenset([1, 2]) == {1, 2})
print({"apple", "banana", "cherry", "date", "elderberry"}, set("hello world"), {1.5, 2, "x", (1, 2)}, set(range(20)), {i * 7 % 101 for i in range(40)})
print(range(10), list(range(5)), list(range(2, 20, 3)), list(range(10, 0, -3)), len(range(0, 100, 7)), 14 in range(0, 100, 7), range(10)[2:5], range(5)[-1], range(3) == range(0, 3, 1))
print(list(zip([1, 2, 3], "ab")), list(enumerate("xy", 1)), list(map(lambda x, y: x + y, [1, 2], [3, 4])), list(filter(None, [0, 1, "", 2])), list(reversed([1, 2, 3])), any([0, 1]), all([]))
x, y, *z = [1, 2, 3, 4]; (p, q), r = (1, 2), 3; *m, n = "abc"
print(x, y, z, p, q, r, m, n)
x, y = y, x
print(x, y, [*range(3), *"ab"], (*[1], 2), {*[1, 2], 3}, slice(1, 2), [1, 2, 3][slice(None, None, -1)])
for f in (lambda: [1][5], lambda: {}["k"], lambda: {}[1], lambda: (1,)[2], lambda: [].pop(), lambda: {}.popitem(), lambda: {[]: 1}, lambda: {[1]}, lambda: [1, 2].remove(5), lambda: [1].index(9),
          lambda: [][1.5], lambda: [1, 2, 3]["a"], lambda: sorted([1, "a"]), lambda: next(iter([])), lambda: dict([1]), lambda: set([[]]), lambda: len(5), lambda: iter(5), lambda: [1, 2] < (1,)):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
try:
    a, b = [1, 2, 3]
except ValueError as e:
    print(e)
try:
    a, b, c = [1, 2]
except ValueError as e:
    print(e)
try:
    a, *b, c = [1]
except ValueError as e:
    print(e)
try:
    a, b = 5
except TypeError as e:
    print(e)
try:
    for k in d:
        d[k + "x" if isinstance(k, str) else 99] = 1
except RuntimeError as e:
    print(e)
matrix = [[i * j for j in range(4)] for i in range(3)]
print(matrix, list(zip(*matrix)), [list(r) for r in zip(*matrix)], sum((c for r in matrix for c in r)), [x for x in range(20) if x % 2 if x % 3])
print([1, 2, 3] == [1, 2, 3.0], [1, [2]] == [1, [2]], (1, "a") < (1, "b"), {1: 2} == {1: 2.0}, [None] * 3, list("abc"), tuple("ab"), list({1: 2}), bool({}), max([3, 1], default=0), max([], default=0), min([[2], [1]]))
