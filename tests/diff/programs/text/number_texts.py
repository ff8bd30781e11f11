"""Numbers as text, texts as numbers, and what strings are made of: the quick ways and the others give the same."""
import random

random.seed(5)
values = [0.0, -0.0, 0.5, 1.5, 2.5, 0.125, 0.375, 1e15, 1e16, 123456789.987654321, 9.995, 0.05, 0.15, 1e-5, -2.675, 9999999.5,
          2 ** 52 + 0.5, 2 ** 53 - 1.0, 1 / 3, 1e22, 5e-324, 2.2e-308, float("inf"), float("nan"), -float("inf"), 1e-20,
          2 ** -73, 2 ** -74, 0.99999999999999994]
for _ in range(400):
    values.append(random.uniform(-1, 1) * 10 ** random.randint(-12, 17))
    values.append(random.randint(-10 ** 6, 10 ** 6) / 2 ** random.randint(0, 12))
check = 0
for v in values:
    for p in (0, 1, 2, 3, 6, 10, 15, 18, 19, 25):
        check = hash((check, f"{v:.{p}f}", "%.*f" % (p, v)))
    check = hash((check, f"{v:f} {v:F} {v:10.2f} {v:<10.2f}| {v:^+12.3f} {v:=010.1f} {v:010.1f} {v: .2f}"))
    check = hash((check, f"{v:,.2f} {v:x>12.2f} {v:#.0f} {v:z.1f}"))
    check = hash((check, "%f %10.2f %-10.2f| %+.3f %010.1f % .2f %#.0f %F" % ((v,) * 8)))
print(check)
print([f"{v:.3f}|{v:9.1f}|" + "%08.2f" % v for v in values[:30]])
numbers = list(range(-120, 120)) + [random.randint(-10 ** 20, 10 ** 20) for _ in range(100)] + [2 ** 62, -2 ** 62, 10 ** 18]
for i in numbers:
    check = hash((check, f"{i} {i:d} {i:5} {i:<5}| {i:^7} {i:=+8} {i:08} {i:x} {i:#x} {i:#010b} {i:o} {i:X} {i:,} {i:_} {i:*>9}"))
    check = hash((check, "%d %5d %-5d| %+d %05d % d %x %X %#x %o %i %.3d %8.3d" % ((i,) * 13), str(i), f"{i:\xe9>9}"))
    assert int(str(i)) == int(" %d " % i) == int(f"{i:+}") == i == int(hex(i), 16)
print(check)
for text in ("12_3", " 7\n", "+5", "1" * 18, "1" * 19, "-" + "9" * 18, "\u0661\u0662", "", "1 2", "0x10", "1__2", b"42", "\xb2",
             "9" * 60):
    try:
        print(int(text))
    except ValueError as error:
        print(error)
for s in "", " ", "a", " a b ", "a\tb\x1cc\x1fd\x85e", "x" * 40 + " " + "y" * 7, "\xe9 \xe0", "the quick  brown\n fox", "\x0b\x0c":
    print(s.split(), s.split(None, 1), s.rsplit(), (s + s).count(" "), s.join(["aa", "b", "", s]), s.ljust(9, "-"))
    for k in range(40):
        check = hash((check, ("q" * k + s + "z" * k)[k // 2:], "q" * k + s == "q" * k + s + "z", ("z" * k + "ab").find("ab")))
print(check)
grown = ""
for i in range(2000):
    grown += "ab" if i % 700 else "\xe9\u20ac"
print(len(grown), hash(grown), grown[-3:])
for a, b in ((2 ** 64, 2 ** 63), (-2 ** 64, 2 ** 63 + 1), (2 ** 130 + 7, -3), (-(2 ** 128), -(2 ** 64)), (-2 ** 62, -1),
             (2 ** 63, -2 ** 63)):
    print(divmod(a, b), a // b, a % b)
for _ in range(2000):
    a, b = (random.getrandbits(random.choice((1, 62, 64, 128, 700, 2048, 2100))) + 1 for _ in range(2))
    a, b = random.choice(((a, b), (-a, b), (a, -b), (-a, -b)))
    q, r = divmod(a, b)
    assert q * b + r == a and abs(r) < abs(b) and r * b >= 0 and (a * b) % b == 0 and (a * b) // b == a
