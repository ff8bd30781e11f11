"""Loops whose answer is known, each with it beside it (`# name: verdict`): what passes from one iteration to the next must be
found by whatever way it goes, through lists and slices, dicts and their views, iterators, attributes, native functions, arrays
and views of them. A loop that carries a dependence is never called independent."""
import json
import re

from harness import run_tests

WAYS = r"""
from collections import deque, defaultdict, Counter, OrderedDict
import heapq, bisect, operator, functools, itertools, array

def histogram(a, n):
    h = [0] * n
    for x in a:                               # hist: reduction
        h[x % n] += 1
    return h

def stencil(a):
    b = [0] * len(a)
    for i in range(1, len(a) - 1):            # stencil: independent
        b[i] = a[i - 1] + a[i] + a[i + 1]
    return b

def stencil_in_place(a):
    for i in range(1, len(a) - 1):            # stencil in place: carried
        a[i] = a[i - 1] + a[i + 1]
    return a

def fibdp(n):
    f = [0, 1] + [0] * n
    for i in range(2, n):                     # fibdp: carried
        f[i] = f[i - 1] + f[i - 2]
    return f[n - 1]

def fib2(n):
    f = [1] * n
    for i in range(2, n):                     # distance 2: carried
        f[i] = f[i - 2] + 1
    return f[n - 1]

def string_building(words):
    s = ""
    for w in words:                           # string: reduction
        s += w
    return s

def dict_count(words):
    d = {}
    for w in words:                           # dictcount: carried|reduction
        if w in d:
            d[w] += 1
        else:
            d[w] = 1
    return d

def ddict(words):
    d = defaultdict(int)
    for w in words:                           # defaultdict: reduction
        d[w] += 1
    return d

def counter(words):
    d = Counter()
    for w in words:                           # counter: reduction
        d[w] += 1
    return d

def argmax(a):
    best, where = a[0], 0
    for i, x in enumerate(a):                 # argmax: carried|reduction
        if x > best:
            best, where = x, i
    return where

def append_in_order(a):
    out = []
    for x in a:                               # append: reduction
        out.append(x * 2)
    return out

def transpose(m):
    n = len(m)
    for i in range(n):                        # transpose outer: independent
        for j in range(i + 1, n):             # transpose inner: independent
            m[i][j], m[j][i] = m[j][i], m[i][j]
    return m

def floyd(d):
    n = len(d)
    for k in range(n):                        # floyd k: carried
        for i in range(n):                    # floyd i: independent
            for j in range(n):                # floyd j: independent
                if d[i][k] + d[k][j] < d[i][j]:
                    d[i][j] = d[i][k] + d[k][j]
    return d

def lu(a):
    n = len(a)
    for k in range(n):                        # lu k: carried
        for i in range(k + 1, n):             # lu i: independent
            a[i][k] /= a[k][k]
            for j in range(k + 1, n):         # lu j: independent
                a[i][j] -= a[i][k] * a[k][j]
    return a

@functools.lru_cache(None)
def cached(n):
    return n if n < 2 else cached(n - 1) + cached(n - 2)

def use_cached(n):
    out = [0] * n
    for i in range(n):                        # lru: carried
        out[i] = cached(i)
    return out

memo = {}
def memoised(n):
    if n in memo:
        return memo[n]
    r = n if n < 2 else memoised(n - 1) + memoised(n - 2)
    memo[n] = r
    return r

def use_memo(n):
    out = [0] * n
    for i in range(n):                        # memo: carried
        out[i] = memoised(i)
    return out

def slice_assign(a):
    for i in range(1, 8):                     # slice assign: carried
        a[i:i + 1] = [a[i - 1] + 1]
    return a

def slice_read(a):
    for i in range(1, 8):                     # slice read: carried
        a[i] = sum(a[i - 1:i])
    return a

def slice_alias(a):
    b = a[:]
    for i in range(1, 8):                     # slice copy: independent
        b[i] = a[i - 1] + 1
    return b

def deq(n):
    q = deque([1])
    for i in range(n):                        # deque: carried
        q.append(q[0] + 1)
        q.popleft()
    return q

def deq2(n):
    q = deque(range(n))
    while q:                                  # deque worklist: carried
        x = q.popleft()
        if x > 3 and x % 2:
            q.append(x // 2)

def barray(n):
    b = bytearray(n)
    for i in range(1, n):                     # bytearray: carried
        b[i] = b[i - 1] + 1
    return b

def barray_slice(n):
    b = bytearray(n)
    for i in range(1, n):                     # bytearray slice: carried
        b[i:i + 1] = b[i - 1:i]
    return b

def mview(n):
    b = bytearray(n)
    m = memoryview(b)
    for i in range(1, n):                     # memoryview: carried
        m[i] = b[i - 1] + 1
    return b

def arr(n):
    b = array.array('i', [0] * n)
    for i in range(1, n):                     # array: carried
        b[i] = b[i - 1] + 1
    return b

def sorting(n):
    a = list(range(n, 0, -1))
    for i in range(n):                        # sort: carried
        a.sort()
        a[0] += 100
    return a

def sorted_new(n):
    out = [0] * n
    for i in range(n):                        # sorted: independent
        out[i] = sorted([3, 1, i])[0]
    return out

def joining(n):
    parts = [""]
    for i in range(n):                        # join: carried
        parts[0] = ",".join(parts) + "x"
    return parts

def zipping(a, b):
    c = [0] * len(a)
    for i, (x, y) in enumerate(zip(a, b)):    # zip: independent
        c[i] = x + y
    return c

def zipping_carried(a):
    for i, (x, y) in enumerate(zip(a, a)):    # zip carried: carried
        if i + 1 < len(a):
            a[i + 1] = x + y
    return a

def mapping_carried(a):
    for i, x in enumerate(map(abs, a)):       # map carried: carried
        if i + 1 < len(a):
            a[i + 1] = x + 1
    return a

def reversed_carried(a):
    for i, x in enumerate(reversed(a)):       # reversed carried: carried
        if i + 1 < len(a):
            a[len(a) - 2 - i] = x + 1
    return a

def dict_items_carried(d):
    for k, v in d.items():                    # items carried: carried
        if k + 1 in d:
            d[k + 1] = v + 1
    return d

def dict_values_carried(d):
    i = 0
    for v in d.values():                      # values carried: carried
        i += 1
        if i in d:
            d[i] = v + 1
    return d

def heap(n):
    h = []
    for i in range(n):                        # heap: carried
        heapq.heappush(h, (i * 7) % 5)
    return h

def bis(n):
    h = []
    for i in range(n):                        # insort: carried
        bisect.insort(h, (i * 7) % 5)
    return h

class P:
    def __init__(self): self.x = 0
    def bump(self): self.x = self.x * 2 + 1
    @property
    def y(self): return self.x

class Q:
    __slots__ = ("x",)

def attr_method(n):
    p = P()
    for i in range(n):                        # method: carried
        p.bump()
    return p.x

def attr_slots(n):
    q = Q()
    q.x = 1
    for i in range(n):                        # slots: carried
        q.x = q.x * 2 + 1
    return q.x

def attr_dict(n):
    p = P()
    for i in range(n):                        # __dict__: carried
        p.__dict__["x"] = p.x * 2 + 1
    return p.x

def attr_vars(n):
    p = P()
    for i in range(n):                        # vars: carried
        vars(p)["x"] = p.x * 2 + 1
    return p.x

def attr_setattr(n):
    p = P()
    for i in range(n):                        # setattr: carried
        setattr(p, "x", getattr(p, "x") * 2 + 1)
    return p.x

def attr_getter(n):
    p, get = P(), operator.attrgetter("x")
    for i in range(n):                        # attrgetter: carried
        p.x = get(p) * 2 + 1
    return p.x

def item_getter(n):
    p, get = [0], operator.itemgetter(0)
    for i in range(n):                        # itemgetter: carried
        p[0] = get(p) * 2 + 1
    return p

def globs(n):
    global G
    G = 0
    for i in range(n):                        # globals(): carried
        globals()["G"] = G * 2 + 1
    return G

def closure(n):
    c = 0
    def step():
        nonlocal c
        c = c * 2 + 1
    for i in range(n):                        # closure: carried
        step()
    return c

def default_arg(n):
    def f(x, acc=[0]):
        acc[0] = acc[0] * 2 + x
        return acc[0]
    for i in range(n):                        # default: carried
        f(i)

def gen_state(n):
    def g():
        s = 0
        while True:                           # generator body: carried
            s = s * 2 + 1
            yield s
    it, t = g(), 0
    for i in range(n):                        # next(): carried
        t = next(it)
    return t

def set_member(n):
    seen, out = set(), 0
    for i in range(n):                        # set: carried
        if i // 2 in seen:
            out |= 1
        seen.add(i)
    return out

def linked(n):
    head = None
    for i in range(n):                        # building: carried
        head = (i, head)
    t = 0
    while head:                               # traverse: carried
        t += head[0]
        head = head[1]
    return t

def nested_lists(n):
    g = [[0] * n for _ in range(n)]
    for i in range(1, n):                     # grid rows: carried
        for j in range(1, n):                 # grid columns: carried
            g[i][j] = g[i - 1][j] + g[i][j - 1] + 1
    return g

def star(n):
    a = [0, 0]
    for i in range(n):                        # unpack: carried
        x, *y = a
        a = [x + 1, *y]
    return a

def fstring(n):
    a = [0]
    for i in range(n):                        # fstring: carried
        a[0] = int(f"{a[0]}") + 2 * a[0]
    return a

def deepnative(n):
    m = [[0], [0]]
    for i in range(n):                        # deep native: carried
        m[1][0] = len(str(m)) + i
    return m

def deepcompare(n):
    m, c = [[0]], 0
    for i in range(n):                        # deep compare: carried
        if m == [[i - 1]]:
            c |= 1
        m[0][0] = i
    return c

def tuples(n):
    t = ([0],)
    for i in range(n):                        # deep tuple: carried
        t[0][0] = len(repr(t)) + i
    return t

def partials(n):
    a = [0]
    f = functools.partial(a.__setitem__, 0)
    for i in range(n):                        # partial: carried
        f(a[0] * 2 + 1)
    return a

def chain(n):
    a = [0] * n
    for i, x in enumerate(itertools.chain(a)):  # chain: carried
        if i + 1 < n:
            a[i + 1] = x + 1
    return a

def islice(n):
    a = [0] * n
    for i, x in enumerate(itertools.islice(a, n)):  # islice: carried
        if i + 1 < n:
            a[i + 1] = x + 1
    return a

def accumulate(n):
    it = itertools.accumulate(range(n))
    t = 0
    for i in range(n):                        # accumulate: carried
        t = next(it)
    return t

def reduce_max(a):
    m = a[0]
    for x in a:                               # max: carried|reduction
        m = x if x > m else m
    return m

def pops(n):
    st = list(range(n))
    t = 0
    while st:                                 # pops: carried
        t ^= st.pop()
    return t

def insert0(n):
    st = []
    for i in range(n):                        # insert0: carried
        st.insert(0, i)
    return st

def extend(n):
    st = []
    for i in range(n):                        # extend: reduction|carried
        st.extend([i, i])
    return st

def random_walk(n):
    import random
    r = random.Random(3)
    out = [0] * n
    for i in range(n):                        # rng: carried
        out[i] = r.random()
    return out

def module_rng(n):
    import random
    random.seed(3)
    out = [0] * n
    for i in range(n):                        # module rng: carried
        out[i] = random.randint(0, 9)
    return out

def file_reading(n):
    import io
    f = io.StringIO("a\n" * n)
    out = [0] * n
    for i in range(n):                        # readline: carried
        out[i] = f.readline()
    return out

def file_lines(n):
    import io
    f = io.StringIO("a\n" * n)
    out = []
    for line in f:                            # lines: reduction|carried
        out.append(line)
    return out

A = [(i * 37) % 101 for i in range(40)]
W = "to be or not to be that is the question to".split()
histogram(A, 7); stencil(A); stencil_in_place(A[:]); fibdp(20); fib2(20); string_building(W); dict_count(W)
ddict(W); counter(W)
argmax(A); append_in_order(A); transpose([[i * 7 + j for j in range(6)] for i in range(6)])
floyd([[(i * 7 + j * 3) % 11 + 1 if i != j else 0 for j in range(6)] for i in range(6)])
lu([[1.0 / (i + j + 1) + (i == j) for j in range(6)] for i in range(6)])
use_cached(12); use_memo(12); slice_assign([0] * 10); slice_read([1] * 10); slice_alias([1] * 10); deq(5)
deq2(12); barray(9); barray_slice(9); mview(9); arr(9)
sorting(6); sorted_new(5); joining(5); zipping([1, 2, 3], [4, 5, 6]); zipping_carried([1] * 6)
mapping_carried([1] * 6); reversed_carried([1] * 6)
dict_items_carried({i: i for i in range(6)}); dict_values_carried({i: i for i in range(6)}); heap(6); bis(6)
attr_method(5); attr_slots(5); attr_dict(5); attr_vars(5); attr_setattr(5)
attr_getter(5); item_getter(5); globs(5); closure(5); default_arg(5); gen_state(5); set_member(9); linked(7)
nested_lists(5); star(5); fstring(5); deepnative(5); deepcompare(5); tuples(5)
partials(5); chain(6); islice(6); accumulate(6); reduce_max(A); pops(6); insert0(6); extend(6); random_walk(5)
module_rng(5); file_reading(5); file_lines(5)
"""

MORE_WAYS = r"""
import itertools, collections, copy, operator, functools, json, re, struct, heapq, string
class L(list): pass
class D(dict): pass
def sublist(n):
    a = L([1])
    for i in range(n):                        # sublist: carried
        a.append(a[-1] + 1)
    b = L([0] * n)
    for i in range(1, n):                     # sublist items: carried
        b[i] = b[i - 1] + 1
    for i in range(n):                        # sublist own: independent
        b[i] = i
    d = D()
    d[0] = 1
    for i in range(1, n):                     # subdict: carried
        d[i] = d[i - 1] + 1
    return a, b
def lendict(n):
    d, out = {}, [0] * n
    for i in range(n):                        # len of dict: carried
        d[i] = 1
        out[i] = len(d)
    s = set()
    for i in range(n):                        # len of set: carried
        s.add(i)
        out[i] = len(s)
    for i in range(n):                        # dict filling: independent
        d[i] = i
    for i in range(n):                        # dict nested len: carried
        for j in range(2):                    # dict nested inner: independent
            d[(i, j)] = 1
        out[i] = len(d)
    for i in range(n):                        # deletion: carried
        del d[i]
        out[i] = len(d)
    for i in range(n):                        # iteration of a growing dict: carried
        d[i] = sum(d.values(), 0) if False else len(list(d.items()))
    return out
def iters(n):
    out = [0] * n
    it = iter(range(n * 2))
    for i in range(n):                        # shared range iterator: carried
        for x in it:                          # (broken off)
            out[i] = x
            break
    it = iter([[k] for k in range(n * 2)])
    for i in range(n):                        # next of list: carried
        out[i] = next(it)[0]
    it = (k for k in range(n * 2))
    for i in range(n):                        # shared generator: carried
        for x in it:                          # (broken off)
            out[i] = x
            break
    it = iter(range(100))
    for i in range(n):                        # islice of shared: carried
        out[i] = sum(itertools.islice(it, 3))
    c = itertools.count()
    for i in range(n):                        # count: carried
        out[i] = next(c)
    it = map(str, range(100))
    for i in range(n):                        # zip of shared: carried
        out[i] = list(zip(range(2), it))
    it = iter("abcdefghijklmnopq")
    for a, b in zip(it, it):                  # zip of itself: independent
        pass
    for i in range(n):                        # fresh: independent
        out[i] = sum(map(abs, range(i)))
    return out
def strings(n):
    s, out = "", [""] * n
    for i in range(n):                        # constant: reduction
        s += "x"
    for i in range(n):                        # format: carried
        out[0] = "%s%d" % (out, i)
    for i in range(n):                        # fstring deep: carried
        out[0] = f"{out!r:.5}"
    for i in range(n):                        # json: carried
        out[0] = json.dumps(out)[:9]
    for i in range(n):                        # copy: carried
        out[0] = copy.copy(out)[0] + "x"
    for i in range(n):                        # deepcopy: carried
        q = [out]
        out[0] = copy.deepcopy(q)[0][0] + "y"
    for i in range(n):                        # join: independent
        out[i] = ",".join(["a", "b"])
    return out
def star_calls(n):
    a = [0] * n
    def f(*args): return sum(args)
    for i in range(1, n):                     # star: carried
        a[i] = max(*a)+1
    for i in range(1, n):                     # star python: carried
        a[i] = f(*a)
    for i in range(1, n):                     # kwargs: carried
        a[i] = sorted(a, **{"reverse": True})[0] + 1
    return a
def bound(n):
    a = []
    add = a.append
    for i in range(n):                        # bound append: reduction
        add(i)
    get = a.__getitem__
    for i in range(1, n):                     # bound getitem: carried
        a[i] = get(i - 1) + 1
    for i in range(1, n):                     # operator.getitem: carried
        a[i] = operator.getitem(a, i - 1) + 1
    for i in range(1, n):                     # operator.setitem: carried
        operator.setitem(a, i, a[i - 1] + 1)
    for i in range(1, n):                     # list.__setitem__: carried
        list.__setitem__(a, i, a[i - 1] + 1)
    f = functools.partial(operator.setitem, a)
    for i in range(1, n):                     # partial function: carried
        f(i, a[i - 1] + 1)
    return a
def views(n):
    d = {i: 0 for i in range(n)}
    v = d.values()
    for i in range(n):                        # view: carried
        d[i] = sum(v) + 1
    k = d.keys()
    for i in range(n):                        # keys view: carried
        d[n + i] = 1
        d[0] = len(k)
    m = collections.ChainMap(d)
    for i in range(1, n):                     # chainmap: carried
        m[i] = m[i - 1] + 1
    return d
def tries(n):
    out, s = [0] * n, 0
    for i in range(n):                        # exceptions: reduction
        try:
            if i % 2: raise KeyError
            s += i
        except KeyError:
            continue
    for i in range(n):                        # for else: independent
        out[i] = i
    else:
        out[0] = 1
    for i in range(n):                        # left by an exception inside: independent
        try:
            for j in range(n):                # thrown out of: independent|single
                if j == 2: raise ValueError
                out[j] = j
        except ValueError: pass
    return out
def recursion(n):
    seen = []
    def walk(k):
        if k: 
            seen.append(k)
            walk(k - 1)
    for i in range(n):                        # recursion inside: reduction|carried
        walk(2)
    def pure(k): return k if k < 2 else pure(k - 1) + pure(k - 2)
    out = [0] * n
    for i in range(n):                        # pure recursion: independent
        out[i] = pure(i)
    return out
class Acc:
    total = 0
    def __init__(self): self.items = []
    def __iadd__(self, x):
        self.items.append(x); return self
    def __len__(self): return len(self.items)
    def __getitem__(self, i): return self.items[i]
    def __setitem__(self, i, v): self.items[i] = v
    def __call__(self, x): self.items[0] = self.items[0] * 2 + x
def classes(n):
    a = Acc()
    for i in range(n):                        # class attribute: reduction
        Acc.total += i
    for i in range(n):                        # iadd: reduction|carried
        a += i
    for i in range(1, n):                     # python getitem: carried
        a[i] = a[i - 1] + 1
    for i in range(n):                        # python setitem own: independent
        a[i] = a[i] * 2
    for i in range(n):                        # callable: carried
        a(i)
    return a
def bytesy(n):
    b = bytearray(8 * n)
    for i in range(1, n):                     # pack_into: carried
        struct.pack_into("q", b, 8 * i, struct.unpack_from("q", b, 8 * i - 8)[0] + 1)
    m = memoryview(b).cast("q"); keep = b
    for i in range(1, n):                     # cast: carried
        m[i] = m[i - 1] + 1
    for i in range(n):                        # cast own: independent
        m[i] = m[i] + 1
    for i in range(n):                        # bytes own: independent
        b[i] = i
    for i in range(n):                        # bytes own slice: independent
        b[i:i + 1] = b[i:i + 1]
    b = bytearray(b)
    for i in range(n):                        # bytearray append: carried|reduction
        b.append(i)
    for i in range(n):                        # bytearray extend: carried|reduction
        b += b"x"
    return b
def lists(n):
    a = list(range(n))
    for i in range(n):                        # reverse: carried
        a.reverse()
    for i in range(n):                        # del: carried
        del a[0]
        a.append(i)
    for i in range(n):                        # remove: carried
        a.remove(a[0])
        a.append(i)
    for i in range(n):                        # index: carried
        a[i % len(a)] = a.index(a[0])
    for i in range(n):                        # slice swap: carried
        a[0:2] = a[1], a[0]
    for i in range(n):                        # in list: carried
        if i in a: a[0] = i
    for i in range(n):                        # extend slice: carried
        a[len(a):] = [i]
    for i in range(n):                        # multiply: carried
        a *= 1
    b = [[0] * 3 for _ in range(n)]
    for row in b:                             # rows of lists: independent
        for k in range(3):                    # cells: independent
            row[k] = k
    for i in range(1, n):                     # rows copied: carried
        b[i] = b[i - 1][:]
    for i in range(1, n):                     # rows aliased: independent
        b[i][0] = b[0][0] + 1
        b[i] = b[0]
    return a
N = 7
sublist(N); lendict(N); iters(N); strings(N); star_calls(N); bound(N); views(N); tries(N); recursion(N)
classes(N); bytesy(N); lists(N)
"""

ARRAYS = r"""
import numpy as np
def views(n):
    a = np.zeros((n, n))
    b = a.T
    for i in range(1, n):                     # transposed view: carried
        a[i, 0] = b[0, i - 1] + 1
    c = a[2:]
    for i in range(1, n - 2):                 # slice view: carried
        c[i, 1] = a[i + 1, 1] + 1
    r = a.ravel()
    for i in range(1, n):                     # ravel: carried
        r[i] = a[0, i - 1] + 1
    r = a.reshape(-1)
    for i in range(1, n):                     # reshape: carried
        a[0, i] = r[i - 1] + 1
    for i in range(1, n):                     # columns view: carried
        a[:, i] = a[:, i - 1] + 1
    for i in range(n):                        # columns own: independent
        a[:, i] = a[:, i] + 1
    for i in range(n):                        # columns aug: independent|reduction
        a[:, i] += 1
    for i in range(n):                        # rows aug: independent|reduction
        a[i] += 1
    for i in range(n):                        # row var: independent|reduction
        row = a[i]
        row += 1
    for i in range(1, n):                     # row var carried: carried
        row = a[i]
        row += a[i - 1]
    for i in range(1, n):                     # row setitem carried: carried
        row = a[i]
        row[0] = a[i - 1, 0] + 1
    for i in range(1, n):                     # double index: carried
        a[i][2] = a[i - 1][2] + 1
    for i in range(n):                        # double index own: independent
        a[i][2] = a[i][2] * 2
    for row in a:                             # over rows: independent|reduction
        row += 1
    for i, row in enumerate(a):               # over rows carried: carried
        if i + 1 < n:
            a[i + 1] = row + 1
    f = a.flat
    for i in range(1, n):                     # flat: carried
        f[i] = f[i - 1] + 1
    d = np.diagonal(a)
    for i in range(1, n):                     # diagonal: carried
        a[i, i] = d[i - 1] + 1
    return a

def whole(n):
    a = np.arange(n)
    for i in range(3):                        # whole: carried|reduction
        a = a + 1
    for i in range(3):                        # whole in place: carried|reduction
        a += 1
    for i in range(3):                        # slices overlap: carried
        a[1:] = a[:-1] + 1
    b = a[::2]
    c = a[1::2]
    for i in range(len(c)):                   # even and odd: independent
        b[i] = c[i] + 1
    for i in range(1, n // 2):                # halves: independent
        a[i] = a[n // 2 + i - 1] + 1
    idx = np.array([1, 2])
    for i in range(3):                        # fancy: carried|reduction
        a[idx] = a[idx] + 1
    for i in range(1, 3):                     # fancy mixed: carried
        a[idx] = 5
        a[i + 2] = a[i + 1] + 1
    for i in range(3):                        # mask: carried|reduction
        a[a > 2] -= 1
    for i in range(3):                        # copyto: carried
        np.copyto(a, a * 2 + 1)
    for i in range(3):                        # put: carried
        np.put(a, [i], a[max(i - 1, 0)] + 1)
    for i in range(3):                        # add.at: carried|reduction
        np.add.at(a, [0], a[0])
    for i in range(3):                        # fill: carried
        a.fill(a[0] + 1)
    for i in range(3):                        # sort: carried
        a.sort()
        a[0] += 9
    for i in range(3):                        # shuffle: carried
        np.random.shuffle(a)
    out = np.zeros(n)
    for i in range(n):                        # scalars: independent
        out[i] = np.sqrt(a[i]) + a.sum()
    rng = np.random.default_rng(1)
    for i in range(n):                        # rng: carried
        out[i] = rng.random()
    for i in range(n):                        # global rng: carried
        out[i] = np.random.rand()
    for i in range(1, n):                     # item(): carried
        out[i] = out.item(i - 1) + 1
    for i in range(1, n):                     # itemset: carried
        out.itemset(i, out[i - 1] + 1)
    for i in range(1, n):                     # slice of one: carried
        out[i:i + 1] = out[i - 1:i] + 1
    for i in range(1, n):                     # prefix by sum: carried
        out[i] = out[:i].sum()
    for i in range(1, n):                     # suffix: independent
        a[i] = out[i:].sum()
    for i in range(n - 1):                    # anti: independent
        out[i] = out[i + 1] + 1
    l = out.tolist()
    for i in range(1, n):                     # list copy: independent
        l[i] = out[i - 1]
    v = memoryview(out)
    for i in range(1, n):                     # memoryview: carried
        v[i] = out[i - 1] + 1
    w = np.frombuffer(v)
    for i in range(1, n):                     # frombuffer: carried
        out[i] = w[i - 1] + 1
    o = np.asarray(out)
    for i in range(1, n):                     # asarray: carried
        out[i] = o[i - 1] + 1
    s = 0.0
    for x in out:                             # sum: reduction
        s += x
    for x in np.nditer(out):                  # nditer: reduction
        s += float(x)
    return a

def matmul(n):
    a = np.arange(n * n, dtype=float).reshape(n, n)
    b = a.copy()
    c = np.zeros((n, n))
    for i in range(n):                        # mm i: independent
        for j in range(n):                    # mm j: independent
            c[i, j] = a[i, :] @ b[:, j]
    for i in range(n):                        # mm2 i: independent
        for j in range(n):                    # mm2 j: independent
            for k in range(n):                # mm2 k: reduction
                c[i, j] += a[i, k] * b[k, j]
    for t in range(3):                        # jacobi: carried
        c = (a + c) / 2
    for t in range(3):                        # swap: carried
        a[1:-1, 1:-1] = 0.25 * (b[:-2, 1:-1] + b[2:, 1:-1])
        a, b = b, a
    for t in range(3):                        # gauss: carried
        a[1:-1] = a[:-2] + a[2:]
    for t in range(3):                        # dot out: carried
        np.dot(a, b, out=c)
        a = c + 0
    return c
views(6)
whole(10)
matmul(4)
"""

# Loops that an instruction may stand for, over lists that objects hold.
HELD = """
class Held:
    def __init__(self, n):
        self.data, self.weights = [1.0 * i for i in range(n)], [0.5] * n
    def step(self):
        for i in range(len(self.data)):       # held step: independent
            self.data[i] = self.data[i] * 0.5 + 1
    def fill(self, row, t):
        for i in range(len(row)):             # held fill: independent
            row[i] = self.weights[i] * t
    def shift(self, other):
        for i in range(len(self.data)):       # held shift: independent
            self.data[i] = other.weights[i] + 1
class Point:
    def __init__(self, x):
        self.x = x
def carried(held):
    for t in range(10):                       # held steps: carried
        held.step()
def free(held):
    rows = [[0.0] * 64 for _ in range(10)]
    for t in range(10):                       # held rows: independent
        held.fill(rows[t], t)
    return rows
def handed_on(held, others):
    for other in others:                      # handed on: carried
        held.shift(other)
        other.weights[0] = held.data[1]
        held = other
def points(all):
    for t in range(10):                       # points: carried
        total = sum(p.x * 2 for p in all)
        all[t].x = total
held = Held(64)
carried(held)
free(held)
handed_on(held, [Held(64) for _ in range(5)])
points([Point(1.0 * i) for i in range(64)])
"""

MARK = re.compile(r"# ([^#]*): ([a-z|]+)$")


def check(suite, name, source):
    folder = suite.folder(name, {name + ".py": source})
    expected = {number: MARK.search(line) for number, line in enumerate(source.splitlines(), 1) if MARK.search(line)}
    for isa in ("stack", "hybrid"):
        done = suite.hybridsim("parallel", "--json", "--isa", isa, name + ".py", folder=folder)
        if not suite.check("%s under %s" % (name, isa), done.returncode == 0, done.stderr.decode(errors="replace")[-500:]):
            continue
        loops = {}
        for loop in json.loads(done.stdout)["runs"][0]["loops"]:
            loops.setdefault(loop["line"], []).append(loop)
        for line, mark in expected.items():
            allowed = mark.group(2).split("|")
            if isa == "hybrid": # an instruction may stand for the loop, or for one inside it: then it is not looked into
                allowed = allowed + ["single", "carried"]
            found = [loop["verdict"] for loop in loops.get(line, [])]
            suite.check("%s, line %d, %s: %s" % (isa, line, mark.group(1), "|".join(allowed)),
                        (found or isa == "hybrid") and all(verdict in allowed for verdict in found),
                        (found, [loop["reason"] for loop in loops.get(line, [])]))


def test_ways(suite):
    check(suite, "ways", WAYS)


def test_held(suite):
    check(suite, "held", HELD)


def test_more_ways(suite):
    check(suite, "more_ways", MORE_WAYS)


def test_arrays(suite):
    check(suite, "arrays", ARRAYS)


run_tests(globals())
