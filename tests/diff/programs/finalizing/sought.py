"""Weak references read often, of what lives and of what has died meanwhile."""
import weakref


class Node:
    def __init__(self, name, other=None):
        self.name = name
        self.other = other


def chain(length):
    node = None
    for i in range(length):
        node = Node(i, node)
    return node


def depth_of(node):
    depth = 0
    while node.other is not None:
        node = node.other
        depth += 1
    return depth


def held(make):
    value = make()
    reference = weakref.ref(value)

    def ask():
        return reference() is value

    return ask


class Registry:
    kept = None


def only_in_class():
    Registry.kept = Node("class")
    return weakref.ref(Registry.kept)


def default_argument(node=Node("default")):
    return weakref.ref(node)


def suspended():
    node = Node("suspended")
    yield weakref.ref(node)
    yield node.name


top = chain(50)
deepest = top
while deepest.other is not None:
    deepest = deepest.other
references = [weakref.ref(top), weakref.ref(deepest), only_in_class(), default_argument()]
del deepest
generator = suspended()
references.append(next(generator))
ask = held(lambda: chain(20))
lost = []
for turn in range(35):
    gone = Node("gone")
    lost.append(weakref.ref(gone))
    gone = None
    fresh = chain(5)
    reference = weakref.ref(fresh.other.other)
    alive = [r() is not None for r in references]
    if not all(alive) or not ask() or reference() is None or lost[-1]() is not None:
        print("turn", turn, alive)
    fresh.other = None
    if turn % 7 == 0 and reference() is not None:
        print("turn", turn, "still there")
print(depth_of(references[0]()), references[2]().name, references[3]().name, next(generator), references[4]().name)
generator.close()
Registry.kept = top = None
print([r() and r().name for r in references], [r() for r in lost].count(None))

table = weakref.WeakValueDictionary()
kept = []
for i in range(80):
    node = Node(i)
    table[i % 10] = node
    if i % 3 == 0:
        kept.append(node)
    del node
    found = table.get(i % 10)
    if (found is None) != (i % 3 != 0):
        print("wrong", i)
    del found
print(sorted(table.keys()), len(kept))
for i in list(table):
    print(i, table[i].name, end="; ")
print()
proxy = weakref.proxy(kept[0])
total = 0
for _ in range(40):
    total += proxy.name + 1
kept.clear()
try:
    print(total, proxy.name)
except ReferenceError as error:
    print(total, error)
