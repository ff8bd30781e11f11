# Matrix product with built-in functions only: a nested comprehension over rows and zipped columns.


def multiply(m1, m2):
    return [[sum(a * b for a, b in zip(row, col)) for col in zip(*m2)] for row in m1]


def main():
    small = multiply([[1, 2, 3], [4, 5, 6]], [[7, 8], [9, 10], [11, 12]])
    assert small == [[58, 64], [139, 154]], small
    print("2x3 by 3x2:", small)

    size = 200
    m = [[i + j * 1000 for j in range(size)] for i in range(size)]
    product = multiply(m, m)
    # sum over k of (i + 1000 k)(k + 1000 j), in closed form
    s1 = size * (size - 1) // 2
    s2 = (size - 1) * size * (2 * size - 1) // 6
    for i, j in ((0, 0), (1, 2), (199, 199), (57, 130)):
        assert product[i][j] == i * s1 + 1000 * i * j * size + 1000 * s2 + 1000000 * j * s1, (i, j)
    print("200x200:", product[0][0], product[199][199], sum(map(sum, product)))


main()
