# Every iterator that is under way, copied and pickled: what it still gives.
import collections
import copy
import itertools
import operator
import pickle


class Sequence:
    def __init__(self, n):
        self.n = n

    def __getitem__(self, i):
        if i >= self.n:
            raise IndexError
        return i

    def __len__(self):
        return self.n


class Counter:
    n = 0

    def __call__(self):
        self.n += 1
        return self.n


def makers():
    for x in ([1, 2, 3], (1, 2, 3), range(3), range(5, -5, -3), range(2**70, 2**70 + 3), "abc", "aé€😀", b"abc", bytearray(b"abc"), {1: 2, 3: 4}, {1: 2, 3: 4}.values(), {1: 2, 3: 4}.items(),
              {1, 2, 3}, frozenset((1, 2)), Sequence(3), collections.deque([1, 2, 3])):
        yield lambda x=x: iter(x)
    for x in ([1, 2, 3], (1, 2, 3), range(3), range(2**70, 2**70 + 3), "abc", b"abc", {1: 2, 3: 4}, {1: 2, 3: 4}.values(), {1: 2, 3: 4}.items(), Sequence(3), collections.deque([1, 2, 3])):
        yield lambda x=x: reversed(x)
    yield lambda: iter(Counter(), 4)
    yield lambda: enumerate([1, 2, 3], 5)
    yield lambda: enumerate("ab", 2**70)
    yield lambda: zip([1, 2], [3, 4], [5, 6])
    yield lambda: zip([1, 2], [3, 4], strict=True)
    yield lambda: zip()
    yield lambda: map(pow, [1, 2, 3], [2, 3, 4])
    yield lambda: filter(None, [1, 0, 2, 0, 3])
    yield lambda: itertools.islice(itertools.cycle([1, 2, 3]), 8)
    yield lambda: itertools.repeat("a", 3)
    yield lambda: itertools.chain([1, 2], (3, 4), "ab")
    yield lambda: itertools.chain.from_iterable([[1, 2], [3]])
    yield lambda: itertools.dropwhile(abs, [0, 1, 0, 2])
    yield lambda: itertools.dropwhile(operator.not_, [0, 1, 0, 2])
    yield lambda: itertools.takewhile(abs, [1, 2, 0, 3])
    yield lambda: itertools.filterfalse(abs, [0, 1, 0])
    yield lambda: itertools.starmap(pow, [(2, 3), (3, 2)])
    yield lambda: itertools.compress([1, 2, 3], [1, 0, 1])
    yield lambda: itertools.accumulate([1, 2, 3])
    yield lambda: itertools.accumulate([1, 2, 3], operator.mul)
    yield lambda: itertools.accumulate([1, 2, 3], initial=10)
    yield lambda: itertools.islice([1, 2, 3, 4, 5, 6, 7], 1, 7, 2)
    yield lambda: itertools.islice([1, 2, 3], None)
    yield lambda: itertools.zip_longest([1, 2, 3], [4], fillvalue=9)
    yield lambda: itertools.product([1, 2], [3, 4])
    yield lambda: itertools.product([], [1])
    yield lambda: itertools.product()
    yield lambda: itertools.combinations([1, 2, 3, 4], 2)
    yield lambda: itertools.combinations([1], 2)
    yield lambda: itertools.combinations_with_replacement([1, 2], 2)
    yield lambda: itertools.permutations([1, 2, 3], 2)
    yield lambda: itertools.permutations([1], 2)
    yield lambda: itertools.islice(itertools.count(3, 2), 4)
    yield lambda: itertools.islice(itertools.count(2.5), 4)
    yield lambda: ((key, list(group)) for key, group in itertools.groupby([1, 1, 2, 3, 3]))


def attempt(function, *arguments):
    try:
        return function(*arguments)
    except Exception as error:
        return type(error).__name__, str(error)


for number, make in enumerate(makers()):
    for advance in (0, 1, 2, 20):
        answers = []
        iterator = make()
        for _ in range(advance):
            next(iterator, None)
        original = make()
        for _ in range(advance):
            next(original, None)
        print(number, type(iterator).__name__[:4], advance, attempt(lambda: iterator.__length_hint__()) if hasattr(iterator, "__length_hint__") else None, list(original))
        for function in (copy.copy, lambda x: pickle.loads(pickle.dumps(x)), copy.deepcopy):
            remade = make()
            for _ in range(advance):
                next(remade, None)
            result = attempt(function, remade)
            print("   ", list(result) if hasattr(result, "__next__") else result)
a, b = itertools.tee([1, 2, 3])
next(a)
c = copy.copy(a)
print(list(a), list(b), list(c))
groups = itertools.groupby([1, 1, 2])
next(groups)
print([(k, list(g)) for k, g in copy.deepcopy(groups)], [(k, list(g)) for k, g in pickle.loads(pickle.dumps(groups))])
iterator = iter([1, 2, 3, 4])
for state in (2, 9, -3, "x"):
    print(attempt(iterator.__setstate__, state), attempt(next, iterator))
iterator = iter(range(10))
for state in (3, 99):
    print(attempt(iterator.__setstate__, state), attempt(next, iterator))
iterator = reversed([1, 2, 3, 4])
for state in (2, 99, -3):
    print(attempt(iterator.__setstate__, state), attempt(next, iterator))
print(attempt(itertools.product([1, 2], [3]).__setstate__, (1,)), attempt(itertools.combinations("abc", 2).__setstate__, 5), attempt(itertools.chain().__setstate__, (5,)), attempt(itertools.chain().__setstate__, 5))
print(attempt(copy.copy, itertools.pairwise([1, 2])), attempt(pickle.dumps, (x for x in ())))
