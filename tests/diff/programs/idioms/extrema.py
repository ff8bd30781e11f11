# Loops that keep the greatest or least number and where it is, counts, selections and sums of sums: every spelling, over numbers
# of which some are not what an instruction could take.
import builtins


def greatest(items, best):
    for item in items:
        if item > best:
            best = item
    return best


def least(items, best):
    for item in items:
        if best > item:
            best = item
    return best


def last_greatest(items, best):
    for item in items:
        if item >= best:
            best = item
    return best, item


def by_function(items, best):
    low = best
    for item in items:
        best = max(best, item)
    for item in items:
        low = min(item, low)
    return best, low


def by_three(items, best):
    for item in items:
        best = max(best, item, 3)
    return best


def chosen(items, best):
    low = kept = best
    for item in items:
        best = item if item > best else best
    for item in items:
        low = low if low < item else item
    for item in items:
        kept = kept if not kept <= item else item
    return best, low, kept


def place(items, best):
    where = None
    for i, item in enumerate(items):
        if item > best:
            best = item
            where = i
    return best, where, i, item


def place_of_index(items):
    where = 0
    for i in range(1, len(items)):
        if items[i] < items[where]:
            where = i
    return where, i


def unbound_place(items):
    best = 1000
    for i, item in enumerate(items):
        if item > best:
            best, where = item, i
    return best, where


def place_in_rows(rows, best):
    row = column = -1
    for i in range(len(rows)):
        for j in range(len(rows[0])):
            if rows[i][j] > best:
                best = rows[i][j]
                row = i
                column = j
    return best, row, column, i, j


def nearest(point, points):
    best, where = 1e300, -1
    for j in range(len(points)):
        distance = 0.0
        for k in range(len(point)):
            distance += (point[k] - points[j][k]) * (point[k] - points[j][k])
        if distance < best:
            best = distance
            where = j
    return best, where, distance, j, k


def counted(items, limit):
    above = between = total = 0
    for item in items:
        if item > limit:
            above += 1
    for item in items:
        if item > limit and item < 30:
            between += 1
    for item in items:
        if item:
            total += item
    below = 0
    for item in items:
        if not item > limit:
            below += 1
    return above, between, total, below, sum(1 for item in items if item > limit), sum(item > limit for item in items)


def summed(items, limit):
    return (sum(item for item in items if item > limit), sum(item for item in items if item > limit and item < 30),
            sum(item if item > limit else 0 for item in items))


def of_call(items):
    return max(items), min(items), max(item * 2 for item in items), min([item - 1 for item in items])


def selected(items):
    return ([item if item > 0 else 0 for item in items], [max(0, item) for item in items], [max(item, 0) for item in items],
            [item if item > 0 else 0.1 * item for item in items], [min(max(item, -3), 3) for item in items])


def rows_of(rows):
    return ([max(row) for row in rows], sum(max(row) for row in rows), max(sum(row) for row in rows), max(max(row) for row in rows),
            sum(sum(row) for row in rows), sum(x * sum(row) for x, row in zip(rows[0], rows)))


def row_sums(rows):
    total, best, sums = 0, 0, []
    for row in rows:
        total += sum(row)
    for row in rows:
        best = max(best, sum(x * x for x in row))
    for row in rows:
        low = row[0]
        for x in row:
            if x < low:
                low = x
        sums.append(low)
    return total, best, sums, low, x


def several(items, first):
    low = high = first
    where = None
    total = squares = 0
    for i, item in enumerate(items):
        total += item
        squares += item * item
        if item < low:
            low = item
        if item > high:
            high = item
            where = i
    return low, high, where, total, squares, i


def divided(items, limit):
    above = below = 0
    count = product = 1
    for item in items:
        if item > limit:
            above += item
            count += 1
        else:
            below += item
            product *= item
    return above, below, count, product


def two_places(items, first):
    low = high = first
    least = greatest_at = -1
    for i in range(len(items)):
        if items[i] < low:
            low, least = items[i], i
        elif items[i] > high:
            high, greatest_at = items[i], i
    return low, least, high, greatest_at


def by_rows(rows):
    total, lines, last = 0, 0, 0
    for row in rows:
        last = 0
        lines += 1
        for x in row:
            last += x
            total += x
    return total, lines, last


def show(function, *arguments):
    try:
        print(function.__name__, function(*arguments))
    except Exception as error:
        print(function.__name__, type(error).__name__, error)


class Real(float):
    def __gt__(self, other):
        print("asked", float(self), other)
        return float.__gt__(self, other)

    __lt__ = __gt__


class Listed(list):
    def __iter__(self):
        return iter([5, 6])


nan, inf = float("nan"), float("inf")
floats = [float((i * 37) % 50) - 10.5 for i in range(50)]
ints = [(i * 37) % 50 - 10 for i in range(50)]
kinds = [floats, ints, [1.5] * 30, [0, 0.0, -0.0] * 10, [-0.0, 0.0] * 12, [nan] + floats, floats + [nan] * 3, [nan] * 20,
         [10 ** 30, 2] * 12, [True] * 20, [2 ** 62, 1.0] * 10, [2 ** 53 + 1, float(2 ** 53)] * 12, [-inf, inf, 1] * 8, [1e300, -1e-300, 5e-324] * 8,
         [7, 2.5] * 10,
         tuple(floats), floats + ["a"], ["a"] + floats, [None] * 20, [Real(3), 1.0] + floats[:4], [[1], [2]] * 10, [], [3],
         Listed(floats),
         "some text of letters", {1: 2, 3: 4}, range(40), [1j] * 20]
for items in kinds:
    for function in (place_of_index, of_call, selected, unbound_place):
        show(function, items)
    for first in (3, 0.5, nan, "b", -10 ** 30):
        for function in (greatest, least, last_greatest, by_function, by_three, chosen, place, counted, summed, several, divided,
                         two_places):
            show(function, items, first)
rows = [[float(i * j % 7) for j in range(20)] for i in range(20)]
mixed = [[i * j % 7 + (0.5 if i == 3 else 0) for j in range(20)] for i in range(20)]
for table in (rows, mixed, rows[:5] + [[1.0] * 19], rows + [["x"]], [[10 ** 30] * 20] * 3, [], [[]] * 20):
    show(place_in_rows, table, -1)
    show(rows_of, table)
    show(row_sums, table)
    show(by_rows, table)
    show(nearest, floats[:20], table)

# what is kept is the very object
big = [10 ** 30 + i for i in range(20)]
tiny = [5e-324 * (i + 1) for i in range(20)]
for items in (big, tiny):
    print(greatest(items, 0) is items[-1], max(items) is items[-1], min(items) is items[0], place(items, 0)[0] is items[19],
          [item if item > 0 else 0 for item in items][3] is items[3], last_greatest(items, 0)[1] is items[-1])
first = 10 ** 40
print(greatest(big, first) is first, by_function(big, first)[0] is first)

# names
best = -1
for item in ints:
    if item > best:
        best = item
print(best, item)
max_ = max
max = 5
for item in ints:
    if item > max:
        max = item
print(max, item)
max = lambda *items: "mine"
print(of_call(ints)[0], by_function(ints, 3), counted(ints, 3))
max = max_
builtins.min = lambda *items: 77
print(of_call(floats)[1], by_function(floats, 3)[1])
