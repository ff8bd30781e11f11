# Moving values: locals, globals, cells, attributes, items, slices, unpacking.
total = 0


class Point:
    def __init__(self, x, y):
        self.x = x
        self.y = y


def rotate(values, by):
    by %= len(values)
    return values[by:] + values[:by]


def shuffle_locals(n):
    a, b, c = 1, 2, 3
    for _ in range(n):
        a, b, c = b, c, a
    return a, b, c


def accumulate(n):
    global total
    for i in range(n):
        total = total + i
    return total


def main():
    p = Point(3, 4)
    p.x, p.y = p.y, p.x
    assert (p.x, p.y) == (4, 3)
    assert rotate([1, 2, 3, 4, 5], 2) == [3, 4, 5, 1, 2]
    assert shuffle_locals(100) == (2, 3, 1)
    assert accumulate(1000) == 499500
    table = {}
    for i in range(50):
        table[i % 7] = table.get(i % 7, 0) + i
    assert sum(table.values()) == 1225
    first, *middle, last = range(6)
    assert (first, middle, last) == (0, [1, 2, 3, 4], 5)
    print(p.x, p.y, rotate("abcdef", 2), shuffle_locals(4), total, sorted(table.items()))


main()
