"""Copies, pickles and states of operator's getters, functools.partial, tee, named tuples' fields, OrderedDict, SimpleNamespace;
keyword arguments of subclasses; descriptors of fields; aliases of a subclass in unions."""
import array
import bisect
import collections
import collections.abc
import copy
import functools
import itertools
import operator
import pickle
import sys
import types


def attempt(call, *arguments, **keywords):
    try:
        return call(*arguments, **keywords)
    except Exception as error:
        return "%s: %s" % (type(error).__name__, error)


class Point:
    x, y = 1, 2

    def shift(self, *given, **named):
        return given, named


Pair = collections.namedtuple('Pair', 'left right')

for getter in (operator.attrgetter('x'), operator.attrgetter('x', 'y'), operator.methodcaller('shift'),
               operator.methodcaller('shift', 1, 2), operator.methodcaller('shift', 1, z=3)):
    for again in [copy.copy(getter)] + [pickle.loads(pickle.dumps(getter, p)) for p in range(6)]:
        print(again, again(Point()))
print(pickle.loads(pickle.dumps(operator.itemgetter(0, 2)))('abc'), operator.itemgetter(1).__reduce__())
print(vars(Pair)['right'].__reduce__()[1], copy.copy(vars(Pair)['left']).__get__(Pair(5, 6)))

# partial
part = functools.partial(print, 1, end='!')
part.extra = [3]
print(part.__reduce__()[2][1:], copy.copy(part).extra, copy.deepcopy(part).extra is part.extra)
for state in ((print, (), {}, None), (print, (2,), None, {'a': 1}), (1, (), {}, None), (print, [], {}, None), (print, (), [], None),
              (print, (), {}), None):
    print(attempt(part.__setstate__, state), part.args, part.keywords, part.__dict__)
print(attempt(delattr, part, '__dict__'))


@functools.lru_cache
def cached(n):
    return n + 1


print(pickle.loads(pickle.dumps(cached)) is cached, cached.__reduce__())

# tee
first, second = itertools.tee('abcdefgh')
next(first), next(first), next(second)
print(itertools.tee(first)[0] is first, list(copy.copy(first)), list(copy.deepcopy(second)))
pair = pickle.loads(pickle.dumps((first, second)))
print(list(pair[0]), list(pair[1]), list(first), list(second))
many = itertools.tee(range(1000), 3)
print(sum(many[0]), sum(itertools.islice(many[1], 100, None)), len(list(many[2])))
block, index = many[2].__reduce__()[2]
print(type(block).__name__, index, many[2].__reduce__()[1])
print(attempt(many[0].__setstate__, (1, 2)), attempt(many[0].__setstate__, (block, 99)), attempt(many[0].__setstate__, 1))


class Countdown:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return self

    def __next__(self):
        if not self.n:
            raise StopIteration
        self.n -= 1
        return self.n

    def __copy__(self):
        return Countdown(self.n)


down = Countdown(3)
copies = itertools.tee(down, 3)
print(copies[0] is down, [list(c) for c in copies], [type(c).__name__ for c in copies])

# other iterators
print(attempt(itertools.cycle('a').__setstate__, (['b'], 'x')), list(itertools.islice(itertools.count(), 1, 9, sys.maxsize)))
print(attempt(itertools.islice, 'abc', sys.maxsize + 1), itertools.islice('abc', 1, sys.maxsize).__reduce__()[1][1:])
for cls, given in ((filter, (None, 'ab')), (map, (str, [1])), (itertools.chain, ('ab', 'c')), (itertools.cycle, ('ab',)),
                   (itertools.starmap, (pow, [(2, 3)])), (itertools.islice, ('abc', 2)), (itertools.takewhile, (bool, [1, 0])),
                   (itertools.filterfalse, (None, [0, 1])), (reversed, ('ab',)), (array.array, ('i', [1, 2]))):
    class Plain(cls):
        pass

    class Named(cls):
        def __init__(self, *given, name=None):
            self.name = name
    print(cls.__name__, list(itertools.islice(Named(*given, name=4), 3)), Named(*given, name=4).name,
          type(attempt(Plain, *given, name=4)).__name__)

# bisect near the largest length
size = sys.maxsize
print(bisect.bisect_left(range(size - 1), size - 3) == size - 3, bisect.bisect_right(range(size - 1), size - 3) == size - 2)

# OrderedDict, SimpleNamespace
ordered = collections.OrderedDict(a=1, b=2)
ordered.note = ['n']
print(copy.copy(ordered).note is ordered.note, copy.deepcopy(ordered).note, ordered.__reduce__()[2], ordered.pop(key='a'),
      ordered.pop(key='z', default=9), attempt(ordered.pop, 'z'), ordered.setdefault(key='q', default=5), ordered.setdefault('r'), ordered)


class Space(types.SimpleNamespace):
    pass


space = Space(ham=8)
space.eggs = 9
print(vars(space), space, space.__reduce__()[1:], copy.copy(space) == space, pickle.loads(pickle.dumps(space)))

# fields of built-in types
for field in (types.FunctionType.__globals__, property.fget, types.MethodType.__func__):
    print(type(field) is types.MemberDescriptorType, field, field.__objclass__.__name__, attempt(field.__get__, 1))
print(attempt(setattr, attempt, '__globals__', {}))

# aliases of a subclass
alias = collections.abc.Callable[[int], str]
print(alias == collections.abc.Callable[[int], str], alias | None, int | alias, hash(alias) == hash(collections.abc.Callable[[int], str]))
print((int | str).__module__, list[int] == next(iter(list[int])), {alias: 1}[collections.abc.Callable[[int], str]])
