# Long inputs and deep backtracking: no overflow, same answers.
import re

n = 20000
print(re.match("(?:a|b)*", "ab" * n).end(), re.match("(?:(a)|(b))*", "ab" * n).groups(), re.match("(ab)*c?", "ab" * n).span(1))
print(re.match("(?:.)*?c", "a" * n + "c").end(), re.match("(a|b)*?c", "ab" * n + "c").span(), re.match("(?:a+b)*", "aab" * n).end())
print(re.match("((a)(b)?)*$", "aab" * n).groups(), re.search("(?:ab|cd)*e", "abcd" * 500), re.match("(?>(?:a|b)*)", "ab" * n).end())
print(re.match("(?:ab|a)*+b?", "ab" * n).end(), re.match("(?=(?:a|b)*c)a", "ab" * n), re.match("(?!(?:a|b)*c)a", "ab" * n))
print(len(re.findall("\\w+", "word " * n)), len(re.sub("o", "00", "foo" * n)), len(re.split("\\s*,\\s*", "a , b," * n)))
print(re.match("(x+x+)+y", "x" * 18), re.search("(a?){20}a{20}", "a" * 20).span(), re.match("(?:a?){15}a{15}$", "a" * 15).end())
print(re.search("[^,]*,[^,]*$", "ab," * 5000).span(), re.search("needle", "hay" * n + "needle").span(), re.search("q", "hay" * n))
print(re.match("(" * 50 + "a" + ")" * 50, "a").lastindex, re.match("(?:" * 60 + "a" + ")*" * 60, "aaaa").end())
print(re.fullmatch("(?:[a-z]+[0-9]+)*", "abc123" * 3000).end(), re.search("(\\w+)\\s+\\1$", "the cat " * 300 + "sat sat").span())
big = "".join(chr(0x400 + i % 50) for i in range(n))
print(len(re.findall("[\u0410-\u042f]", big)), re.search("[^\u0400-\u0431]", big), len(re.sub("(?i)\u0410", "x", big)))
words = [re.sub("[aeiou]", "", w) for w in ("alpha", "beta", "gamma")] * 100
print(len(set(words)), re.compile("|".join("w%d" % i for i in range(500))).search("xx w499").span())
