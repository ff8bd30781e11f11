# Quicksort in list-comprehension form, on the two classic examples.


def quicksort(arr):
    if len(arr) <= 1:
        return arr
    pivot = arr[len(arr) // 2]
    left = [x for x in arr if x < pivot]
    middle = [x for x in arr if x == pivot]
    right = [x for x in arr if x > pivot]
    return quicksort(left) + middle + quicksort(right)


def main():
    for data in ([10, 7, 8, 9, 1, 5], [3, 6, 8, 10, 1, 2, 1]):
        result = quicksort(data)
        assert result == sorted(data), result
        print("sorted", data, "->", result)


main()
