"""Quicksort, in place (Hoare's partition) and by comprehension, on random, sorted, reversed and equal numbers.

    quicksort_in_place.py [in_place|comprehension|both] [SIZE]

Source: C. A. R. Hoare, Quicksort, The Computer Journal 5 (1962). Run its tests with: python3 -m unittest quicksort_in_place.py
"""
import sys
import unittest


def sort_in_place(items, low=0, high=None):
    """Sort items[low..high]; the longer part by the loop, the shorter by recursion, so that the depth stays logarithmic."""
    if high is None:
        high = len(items) - 1
    while low < high:
        pivot = items[(low + high) // 2]
        left, right = low, high
        while left <= right:
            while items[left] < pivot:
                left += 1
            while pivot < items[right]:
                right -= 1
            if left <= right:
                items[left], items[right] = items[right], items[left]
                left += 1
                right -= 1
        if right - low < high - left:
            sort_in_place(items, low, right)
            low = left
        else:
            sort_in_place(items, left, high)
            high = right


def sort_by_comprehension(items):
    if len(items) <= 1:
        return items
    pivot = items[len(items) // 2]
    smaller = [x for x in items if x < pivot]
    equal = [x for x in items if x == pivot]
    greater = [x for x in items if x > pivot]
    return sort_by_comprehension(smaller) + equal + sort_by_comprehension(greater)


def pseudo_random(count, seed=12345):
    """The minimal standard generator of Park and Miller (CACM 31, 1988): the same numbers everywhere."""
    numbers = []
    for _ in range(count):
        seed = seed * 16807 % 2147483647
        numbers.append(seed)
    return numbers


def inputs(size):
    numbers = pseudo_random(size)
    return {
        "random": numbers,
        "sorted": sorted(numbers),
        "reversed": sorted(numbers, reverse=True),
        "equal": [7] * size,
        "few values": [x % 4 for x in numbers],
    }


def main(arguments):
    form = arguments[0] if arguments else "both"
    size = int(arguments[1]) if len(arguments) > 1 else 1000
    if form not in ("in_place", "comprehension", "both") or size < 1:
        raise SystemExit(__doc__)
    for name, numbers in inputs(size).items():
        if form in ("in_place", "both"):
            items = list(numbers)
            sort_in_place(items)
            assert items == sorted(numbers), name
            print("in place:", name, items[:3], "...", items[-1])
        if form in ("comprehension", "both"):
            items = sort_by_comprehension(numbers)
            assert items == sorted(numbers), name
            print("comprehension:", name, items[:3], "...", items[-1])


class Tests(unittest.TestCase):
    def test_sizes(self):
        for size in range(20):
            for numbers in inputs(size).values():
                items = list(numbers)
                sort_in_place(items)
                self.assertEqual(items, sorted(numbers))
                self.assertEqual(sort_by_comprehension(numbers), sorted(numbers))

    def test_other_types(self):
        for items in (["pear", "apple", "fig"], [2.5, -1.0, 2.5], [(2, "b"), (1, "c"), (2, "a")]):
            copy = list(items)
            sort_in_place(copy)
            self.assertEqual(copy, sorted(items))
            self.assertEqual(sort_by_comprehension(items), sorted(items))

    def test_unorderable(self):
        with self.assertRaises(TypeError):
            sort_in_place([1, "a", 2])


if __name__ == "__main__":
    main(sys.argv[1:])
