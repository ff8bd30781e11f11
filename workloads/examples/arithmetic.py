# Integer and floating-point arithmetic: every operator, small and large operands.


def gcd(a, b):
    while b:
        a, b = b, a % b
    return a


def power_mod(base, exponent, modulus):
    result = 1
    base %= modulus
    while exponent:
        if exponent & 1:
            result = result * base % modulus
        base = base * base % modulus
        exponent >>= 1
    return result


def horner(coefficients, x):
    total = 0.0
    for c in coefficients:
        total = total * x + c
    return total


def main():
    assert gcd(1071, 462) == 21
    assert power_mod(7, 1000, 1000007) == pow(7, 1000, 1000007)
    assert -7 // 2 == -4 and -7 % 3 == 2 and 7 / 2 == 3.5
    assert (1 << 100) - 1 == 1267650600228229401496703205375
    assert 0x5A ^ 0xFF == 0xA5 and 6 | 9 == 15 and 12 & 10 == 8 and ~5 == -6
    print("gcd", gcd(1071, 462), "power", power_mod(7, 1000, 1000007))
    print("horner", horner([1.0, -3.0, 2.5, 0.125], 1.75))


main()
