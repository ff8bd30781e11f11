# Pattern and Match objects: methods, attributes, representations, errors.
import copy
import pickle
import re


def attempt(function, *arguments, **keywords):
    try:
        print(function(*arguments, **keywords))
    except Exception as error:
        print(type(error).__name__, error)


p = re.compile("(?P<word>\\w+)(?:-(?P<tail>\\d+))?", re.I)
print(p, p.pattern, p.flags, p.groups, p.groupindex, dict(p.groupindex))
print(type(p), type(p).__name__, type(p).__module__, re.Pattern, re.Match)
m = p.search("  ab-12 cd", 1, 9)
print(m, m.group(), m.group(0, 1, "tail"), m[0], m["word"], m[2], m.groups(), m.groupdict())
print(m.start(), m.end(), m.span(), m.start("tail"), m.end(2), m.span("word"), m.pos, m.endpos, m.regs, m.re is p, m.string)
print(m.lastindex, m.lastgroup, m.expand("\\2/\\g<word>"), bool(m), copy.copy(m) is m, copy.deepcopy(p) is p)
n = p.match("xy")
print(n.groups(), n.groups("none"), n.groups(default=1), n.groupdict("d"), n.group(2), n.span(2), n.lastindex, n.lastgroup)
for key in (3, -1, "nope", None, 1.5, [], slice(1)):
    attempt(m.group, key)
    attempt(m.__getitem__, key)
attempt(m.start, 9)
attempt(m.span, "x")
attempt(m.group, True)
attempt(m.expand, "\\g<zz>")
attempt(m.expand, "\\9")

print(re.compile("a") == re.compile("a"), re.compile("a") == re.compile("a", re.I), re.compile("a") == re.compile(b"a"))
print(hash(re.compile("ab")) == hash(re.compile("ab")), re.compile("x") != 3, len({re.compile("q"), re.compile("q")}))
print(pickle.loads(pickle.dumps(p)) == p)
for flags in (0, re.I, re.M | re.S, re.X | re.A, re.A, re.U):
    print(re.compile("a'b", flags), re.compile(b"a") if not flags else "")
print(re.compile("x" * 300))
print(re.match("y" * 100, "y" * 100))
print(re.compile("(?i)a").flags, re.compile(b"a").flags, re.compile("").flags)

for arguments in (("a", 3), ("a", None), ("a", b"a"), (b"a", "a"), (3, "a"), ("a", bytearray(b"a"))):
    attempt(re.match, *arguments)
for data in (bytearray(b"xaay"), memoryview(b"xaay")):
    m = re.search(b"a+", data)
    print(m.group(), m.span(), re.sub(b"a", b"-", data), re.split(b"a", data), re.findall(b"a|y", data))
attempt(p.match)
attempt(p.match, "a", 1, 2, 3)
attempt(p.match, text="a")
attempt(p.match, "a", "b")
attempt(p.sub, "x")
print(p.match(string="ab", pos=1), p.match("ab", endpos=1), p.match("ab", pos=5, endpos=1), p.search("ab", -5, 100))
print(re.compile("^b").match("ab", 1), re.compile("b").match("ab", 1), re.compile("(?<=a)b").match("ab", 1))
print(re.compile("b$").search("abc", 0, 2), re.compile("").match("abc", 2, 1), re.compile("").search("abc", 2, 1))

s = re.compile("\\w").scanner("ab c")
print(type(s).__name__, s.pattern)
print([s.search() for i in range(5)])
s = re.compile("\\w*").scanner("ab c")
print([s.match() for i in range(4)])
print(type(re.finditer("a", "a")).__name__)

print(re.sub("(\\w)(\\w)", "\\2\\1", "abcd"), re.sub("a", lambda m: m.group().upper() + str(m.start()), "banana"))
print(re.sub("x*", "-", "abxd"), re.sub("", "-", "ab"), re.subn("b|", "*", "abc"), re.sub("a", "\\\\n", "a"), re.sub("a", "\\n", "a"))
print(re.sub("a", "b", "aaaa", 2), re.sub("a", "b", "aaaa", count=3), re.sub("(a)|b", "[\\1]", "ab"), re.sub("a", lambda m: None, "bab") )
attempt(re.sub, "a", 3, "a")
attempt(re.sub, "a", lambda m: 3, "a")
attempt(re.sub, "a", "\\g<1", "a")
attempt(re.sub, "a", "\\g<x>", "a")
attempt(re.sub, "a", "\\2", "a")
attempt(re.sub, "a", b"x", "a")
attempt(re.sub, "(?P<q>a)", "\\g<q>\\g<1>\\g<0>\\x", "a")
print(re.split("(,)|;", "a,b;c"), re.split("x*", "axbc"), re.split("", "abc"), re.split(",", "a,b,c", 1), re.split("(a)(b)?", "xaby a"))
print(re.findall("(a)(b)?", "abaa"), re.findall("a|(b)", "ab"), re.findall("", "ab"), re.findall("(?:a)", "aa"))
print(re.escape("a.b*c\n[x]-~ \u00e9"), re.escape(b"a.b\x00"))
print([m.group(0) for m in re.finditer("\\d+", "1 22 333")], re.fullmatch("a|ab", "ab"), re.fullmatch("a*?", "aaa"))
print(re.Scanner([("\\d+", lambda s, t: int(t)), ("\\w+", lambda s, t: t), ("\\s+", None)]).scan("12 ab 3 !"))
print(re.Pattern[str], re.Match[bytes])
print(re.RegexFlag(10), re.I | re.M, repr(re.A), re.compile("a", re.DEBUG | re.I).flags)
try:
    re.compile("a(b\n(c")
except re.error as e:
    print(e, e.msg, e.pattern, e.pos, e.lineno, e.colno)
