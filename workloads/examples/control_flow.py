# Branches and loops: nested conditions, while and for with break, continue and else, exceptions.


def classify(n):
    if n % 15 == 0:
        return "FizzBuzz"
    elif n % 5 == 0:
        return "Buzz"
    elif n % 3 == 0:
        return "Fizz"
    return str(n)


def primes(limit):
    found = []
    for n in range(2, limit):
        for p in found:
            if p * p > n:
                found.append(n)
                break
            if n % p == 0:
                break
        else:
            found.append(n)
    return found


def collatz(n):
    steps = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps


def safe_divide(pairs):
    results = []
    for a, b in pairs:
        try:
            results.append(a / b)
        except ZeroDivisionError:
            results.append(None)
            continue
        finally:
            results.append("done")
    return results


def main():
    words = [classify(n) for n in range(1, 16)]
    assert words[14] == "FizzBuzz" and words[2] == "Fizz" and words[4] == "Buzz"
    assert primes(30) == [2, 3, 5, 7, 11, 13, 17, 19, 23, 29]
    assert collatz(27) == 111
    assert safe_divide([(1, 2), (1, 0)]) == [0.5, "done", None, "done"]
    print(*words)
    print(primes(30), collatz(27))


main()
