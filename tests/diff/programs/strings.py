s = "Hello, World"
print(s[0], s[-1], s[2:5], s[::-1], s[::2], s[-3:], len(s), s * 2, "lo" in s, "xyz" not in s)
print(s.upper(), s.lower(), s.swapcase(), s.title(), s.find("o"), s.rfind("o"), s.index("W"), s.count("l"), s.replace("l", "L", 2))
print(s.split(","), " a  b c ".split(), "a,b,,c".split(","), "a\nb\r\nc".splitlines(), "-".join(["x", "y", "z"]), "abc".partition("b"), "abcbd".rpartition("b"))
print(" x ".strip(), "xxaxx".strip("x"), "xxa".lstrip("x"), "axx".rstrip("x"), "7".zfill(3), "-7".zfill(4), "a".center(5, "*"), "a".ljust(4) + "|", "a".rjust(4))
print(s.startswith("He"), s.endswith(("x", "ld")), "abc".isalpha(), "12".isdigit(), "a1".isalnum(), " ".isspace(), "Ab".isupper(), "ab".islower(), "Abc Def".istitle(), "a_1".isidentifier())
print(repr("it's"), repr('say "hi"'), repr("both ' and \""), repr("tab\t nl\n \\ \x00 é € 𝄞 \x7f \u200b"), ascii("é€𝄞"))
print("é€𝄞"[1], len("é€𝄞"), "é€𝄞"[::-1], "é" < "€", "straße".upper(), "ǅ".lower(), "İ".lower(), "ΑΣ".lower(), "ﬁ".upper(), "ß".casefold())
print("abc" < "abd", "abc" == "abc", "a" < "B", sorted(["b", "A", "c", "a"]), max("hello"), "a" "b")
print("{} {1} {name!r:>6} {0[0]} {1:>4}".format("ab", 5, name="n") if False else "{0} {1} {name!r:>6} {0[0]} {1:>4}".format("ab", 5, name="n"))
print(f"{s!r:>20}|{s:^20}|{s:.3}|{len(s)=}|{'nested'}|{{}}|{s[0]}{1 + 1}")
print("%s %10s|%-10s|%r %(a)s" % ("x", "y", "z", "q") if False else "%(a)s %(b)05.1f" % {"a": 1, "b": 2.5})
print("abc".translate({97: "A", 98: None}), str.maketrans("ab", "xy"), "aXbX".removesuffix("X"), "XaX".removeprefix("X"), "a\tb".expandtabs(4))
print("abc".encode(), "é€".encode("utf-8"), b"\xc3\xa9".decode(), "é".encode("latin-1"), "abc".encode("utf-16-le"))
try:
    "é".encode("ascii")
except UnicodeEncodeError as e:
    print(e)
try:
    b"\xff".decode()
except UnicodeDecodeError as e:
    print(e)
for f in (lambda: "abc"[10], lambda: "abc".index("z"), lambda: "a" * "b", lambda: "abc"["x"], lambda: "%d" % "x", lambda: "%s %s" % 1, lambda: ",".join([1]), lambda: "{}".format(), lambda: int("é"), lambda: "a".foo):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
b = b"hello\x00\xff"
print(b, b[0], b[1:3], b.hex(), bytes([1, 2, 3]), bytes(3), b"a" + b"b", b"ab" * 2, b.find(b"l"), list(b"abc"), bytes.fromhex("00ff"), b"a,b".split(b","), b"abc".upper())
ba = bytearray(b"abc")
ba[0] = 120
ba.append(100)
ba.extend(b"ef")
ba += b"!"
del ba[1]
print(ba, len(ba), bytes(ba), ba[1:3], ba == b"xcdef!", ba.pop(), ba)
acc = ""
for ch in "hello":
    acc += ch * 2
print(acc, [c for c in "añ€"], "".join(reversed("abc")), list(enumerate("ab")), hash("abc") == hash("ab" + "c"), hash("") , hash("a"), hash(b"a"), hash("é"), hash(1.5), hash(2**61), hash((1, 2)), hash(-1))
print(str(None), str(1.0), str([1, "a", None]), repr((1,)), str({}), str({"a": 1}), repr({1}), str(set()), str(frozenset([1])))
print("a b c".split(" ", 1), "a b c".rsplit(" ", 1), "aaa".replace("a", ""), "abc".replace("", "-"), "x".join("abc"), "mississippi".count("ss"))
