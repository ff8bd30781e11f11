"""Iterators whose source asks them for an item while they wait for one."""
from itertools import accumulate, chain, dropwhile, islice, pairwise, starmap, takewhile, zip_longest


class Again:
    def __init__(self, stop, at):
        self.count, self.stop, self.at, self.outer = 0, stop, at, None

    def __iter__(self):
        return self

    def __next__(self):
        self.count += 1
        if self.count > self.stop:
            raise StopIteration
        return [next(self.outer, "none")] if self.count in self.at else self.count


MAKERS = {
    "islice": lambda s: islice(s, 1, None, 2), "islice to 4": lambda s: islice(s, 2, 4), "chain": lambda s: chain(s, s),
    "accumulate": lambda s: accumulate(s, lambda a, b: (a, b)), "zip": lambda s: zip(s, [1, 2, 3], s),
    "zip_longest": lambda s: zip_longest(s, [1, 2, 3]), "map": lambda s: map(repr, s), "filter": lambda s: filter(None, s),
    "takewhile": lambda s: takewhile(bool, s), "dropwhile": lambda s: dropwhile(lambda x: x == 1, s), "enumerate": enumerate,
    "starmap": lambda s: starmap(lambda x: x, ((i,) for i in s)), "generator": lambda s: (x for x in s),
}
CASES = [(stop, at) for stop in (0, 1, 2, 3, 6) for at in ((), (1,), (2,), (1, 2), (3,))]


def run(name, make, stop, at):
    source = Again(stop, at)
    source.outer = outer = make(source)
    items = []
    try:
        for _ in range(12):
            items.append(next(outer))
    except Exception as error:
        items.append(repr(error))
    print(name, stop, at, items)


for name, make in MAKERS.items():
    for stop, at in CASES:
        run(name, make, stop, at)
for at in ((2,), (3,), (1, 3), (2, 3)):  # the source lasts: CPython's own pairwise does not survive its end here
    source = Again(20, at)
    source.outer = outer = pairwise(source)
    print(at, [next(outer) for _ in range(3)])
