# Calls: recursion, every kind of parameter, closures, methods, generators.


def factorial(n):
    return 1 if n < 2 else n * factorial(n - 1)


def describe(first, /, second=2, *rest, key=None, **named):
    return first, second, rest, key, sorted(named.items())


def counter(start):
    count = start

    def step(by=1):
        nonlocal count
        count += by
        return count
    return step


class Shape:
    def area(self):
        return 0

    def scaled(self, factor):
        return self.area() * factor


class Square(Shape):
    def __init__(self, side):
        self.side = side

    def area(self):
        return self.side * self.side


def squares(n):
    for i in range(n):
        yield i * i


def main():
    assert factorial(20) == 2432902008176640000
    assert describe(1) == (1, 2, (), None, [])
    assert describe(1, 3, 4, 5, key="k", z=1, a=2) == (1, 3, (4, 5), "k", [("a", 2), ("z", 1)])
    step = counter(10)
    assert (step(), step(5), step()) == (11, 16, 17)
    assert Square(3).scaled(2) == 18
    assert list(squares(5)) == [0, 1, 4, 9, 16]
    print(factorial(20), describe(1, 3, 4, key=5), step(), Square(4).scaled(0.5), sum(squares(100)))


main()
