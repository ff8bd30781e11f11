# int, float, bool, complex: operators, conversions, text
big = 12345678901234567890
print(big * big, big ** 3, -big // 7, -big % 7, big >> 13, big << 5, big & 0xFFFFFFFFFF, big | 1, big ^ -1)
print(2 ** 62, 2 ** 63, -2 ** 62, -(2 ** 62) - 1, (2 ** 62 - 1) + 1, (2**61) * 2, (2 ** 62) * -1)
print(4611686018427387903 + 1, -4611686018427387904 - 1, 3037000500 * 3037000500, 1 << 61, 1 << 62, 1 << 63, -1 << 62)
for a in (7, -7, 2 ** 70, -2 ** 70):
    for b in (3, -3, 2 ** 65, -2 ** 65):
        print(a // b, a % b, divmod(a, b), a / b)
print(pow(3, 1000, 97), pow(3, -1, 97), pow(2, 0.5), 2 ** -2, (-8) ** (1 / 3))
print(1e308 * 10, -1e308 * 10, 1e-320, 5e-324, -0.0, 0.0, 1e16, 1e15, 123456789.123456789, 1e22, 1e23, 0.1 + 0.2)
inf = float("inf")
nan = inf - inf
print(inf, -inf, nan, nan == nan, inf > 1e308, -inf < 0, nan != nan, [nan] == [nan])
print(7.5 // 2, -7.5 // 2, 7.5 % 2, -7.5 % 2, 7.5 % -2, divmod(-7.5, 2), 1e300 * 1e10 // 1, 2.0 ** 0.5, 0.0 ** 0, 2 ** 0.5)
print(round(2.5), round(3.5), round(-2.5), round(2.675, 2), round(1234, -2), round(1e20), round(0.5), round(1.5))
print(int("123"), int("-0x1f", 16), int("0b101", 0), int(3.99), int(-3.99), int("  42\n"), float("1e3"), float(" -2.5 "), int("1_000"))
print(hex(255), oct(8), bin(-5), hex(-2 ** 70), chr(8364), ord("é"), abs(-5), abs(-2.5), abs(-2 ** 70))
print(True + True, True * 3, not 0, bool([]), bool("x"), True & False, True ^ True, isinstance(True, int), int(True))
print(1 < 2 < 3, 1 < 3 < 2, 1 == 1.0, 2 ** 53 == float(2 ** 53), 2 ** 53 + 1 == float(2 ** 53), 10 ** 400 > 1e308)
print((1 + 2j) * (3 - 1j), abs(3 + 4j), (1j) ** 2, complex(1, -0.0), (2 + 3j).conjugate(), 1j * 1j == -1)
print((255).bit_length(), (255).to_bytes(2, "big"), int.from_bytes(b"\x01\x00", "little"), (6).bit_count(), (0.75).as_integer_ratio())
print((0.1).hex(), float.fromhex("0x1.8p1"), (3.0).is_integer(), 3.7.__floor__() if hasattr(3.7, "__floor__") else 3)
print(f"{3.14159:.2f} {42:05d} {255:#x} {1234567:,} {0.000012345:g} {1e10:e} {-5:+d} {5:+d} {42:>8} {42:<8}| {42:^8}| {0.5:%} {10:b} {3.0} {1e100}")
print("%d %5.2f %s %r %x %05d %-5d| %+d %e %g %c %%" % (42, 3.14159, "a", "b", 255, 42, 7, 5, 12345.678, 0.0001, "z"))
for text in ("abc", "1.5", "", "0x"):
    try:
        print(int(text))
    except ValueError as e:
        print(e)
for f in (lambda: 1 / 0, lambda: 1 // 0, lambda: 1 % 0, lambda: 1.0 / 0, lambda: 1.5 % 0, lambda: 2 ** 2000 * 1.0, lambda: 1 + "a", lambda: "a" + 1,
          lambda: [] + 1, lambda: -"a", lambda: 1 << -1, lambda: int("a", 99), lambda: float("x"), lambda: 0 ** -1, lambda: 1 < "a"):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
x = 1
for i in range(70):
    x = x * 3 - 1
print(x)
s = 0
for i in range(1000):
    s = (s * 1103515245 + 12345) % 2147483648
print(s)
print(sum([0.1] * 10), sum(range(100)), sum([1, 2.5, 3]), max(3, 1, 2), min([4, 2, 8]), max("abc"), min(3, 2.5), sum([2**62, 2**62]))
for a, b in ((1, 2**53 + 1), (-10, 2**53 + 1), (2**53 + 1, 3), (2**53, 3), (2**62, 2**53 - 1)):
    print(a / b, a / -b)
