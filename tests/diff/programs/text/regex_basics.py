# Regular expressions: what matches, which groups, and how matches look.
import re


def show(pattern, text, flags=0):
    try:
        compiled = re.compile(pattern, flags)
    except re.error as error:
        print(repr(pattern), "error:", error)
        return
    for name in ("match", "fullmatch", "search"):
        m = getattr(compiled, name)(text)
        print(repr(pattern), repr(text), name, m and (m.span(), m.groups(), m.lastindex, m.lastgroup, m.regs))
    print(compiled.findall(text), [m.span() for m in compiled.finditer(text)], compiled.split(text))
    print(repr(compiled.sub("<\\g<0>>", text)), compiled.subn("-", text, 2))


for pattern, text in [
    ("a", "abcabc"), ("", "abc"), ("abc", "xxabcabc"), ("a*", "aaab"), ("a*?", "aaab"), ("a+?b", "aaab"),
    ("(a)|b", "ba"), ("(?:(a)|b)*", "aab"), ("(a|ab)(c|bcd)(d*)", "abcd"), ("(a*)*", "aa"), ("(a*)+", "aab"),
    ("(?:a|b)*?c", "abac"), ("(?P<x>a)(?P=x)", "aa"), ("(?P<first>\\w+) (?P<second>\\w+)", "Hello World again"),
    ("^a$", "a\n"), ("\\Aa\\Z", "a\n"), ("(?m)^.$", "a\nb\nc"), ("(?s).+", "a\nb"), (".+", "a\nb"),
    ("\\bfoo\\b", "a foo bar foobar"), ("\\Boo", "foo oo"), ("[a-c]+", "abcdabc"), ("[^a-c]+", "abcdefabc"),
    ("[\\w.-]+@[\\w.-]+", "mail bob@example.com or a-b@c.d"), ("\\d{3}-\\d{4}", "call 555-1234 or 555-99999"),
    ("(\\d+)\\.(\\d*)", "3.14 2. 7"), ("x{2,3}", "xxxxxxx"), ("x{2,3}?", "xxxxxxx"), ("x{,2}y", "xxxy"),
    ("(?=a)b|a(?=b)", "aab"), ("(?<=a)b", "ab b"), ("(?<!a)b", "ab b"), ("(?!ab)a.", "abac"), ("(a)?(?(1)b|c)", "abcb"),
    ("(?>a+)ab", "aaab"), ("(?>a+)b", "aaab"), ("a++b", "aaab"), ("a*+a", "aaa"), ("(?:ab)++c", "ababc"),
    ("(?:ab)*+ab", "abab"), ("a?+a", "a"), ("(?i)HeLLo", "hello HELLO"), ("(?i)[a-f]+", "ABCxdef"), ("(?i)\u0130", "i\u0131\u0130"),
    ("(?i)stra\u00dfe", "STRA\u1e9eE"), ("(?i)\u017f", "S s \u017f"), ("(?i:a)b", "AbaB"), ("(?-i:a)b", "AbaB"),
    ("(?a)\\w+", "caf\u00e9"), ("\\w+", "caf\u00e9 \u0663\u4e94"), ("\\d+", "\u0663\u0664 12"), ("\\s+", "a\u2003\u00a0b"),
    ("[\u0400-\u04ff]+", "abc \u043f\u0440\u0438\u0432\u0435\u0442"), ("[^\u0400-\u04ff]+", "abc \u043f\u0440"),
    ("\U0001f600+", "x\U0001f600\U0001f600y"), ("(?x) a  b # comment\n c", "abc"), ("(?P<n>a)|(?P<m>b)", "ab"),
    ("((a)(b)?)+", "aba"), ("(?:(a)|(b)|(c))+", "abcab"), ("(.)(.)(.)\\3\\2\\1", "abccba"), ("(a+|b)*", "aabab"),
    ("(?:a|a|b)*c", "aaabac"), ("(?:x+x+)+y", "xxxxy"), ("a|ab|abc", "abc"), ("(?:a|ab)(?:c|bcd)", "abcd"),
    ("(a)(?:\\1)*", "aaaa"), ("[]a]+", "]a]"), ("[a\\-z]+", "a-z"), ("\\x41\\u0042\\U00000043\\103", "ABCC"), ("a{0}b", "ab"),
    ("(?:)*", "ab"), ("(|a)+", "aaa"), ("(a|)+?b", "aab"), ("((?:a?)*)*b", "aab"), ("(?:(?=(a))a)+", "aaa"),
    ("(?!(a)b)\\w", "ac"), ("(?:a(?!b))+", "aaab"), ("(?<=(a))b", "ab"), ("^", "ab\ncd"), ("$", "ab\n"), ("(?m)$", "ab\ncd\n"),
    ("*a", ""), ("a**", ""), ("(a", ""), ("[a", ""), ("a)", ""), ("(?P<1>a)", ""), ("\\1", ""), ("(?<=a*)b", ""), ("[z-a]", ""),
    ("(?P<a>x)(?P<a>y)", ""), ("a{3,2}", ""), ("(?z)", ""), ("\\", ""), ("(?P=zz)", ""), ("(?(2)a)", ""), ("\\q", ""),
]:
    show(pattern, text)

show("a.c", "ABC\nabc", re.I | re.S)
show("^b", "a\nb\nB", re.M | re.I)
show("\\w", "\u00e9e", re.A)
for pattern, text in [(b"a+", b"caat"), (b"\\w+", b"caf\xe9 x"), (b"(?i)\xc9", b"\xe9\xc9"), (b"[\x80-\xff]+", b"a\x90\xffb"), (b"(?L)\\w+", b"a_1-\xe9")]:
    compiled = re.compile(pattern)
    print(compiled, compiled.findall(text), compiled.split(text), compiled.sub(b"<\\g<0>>", text))
