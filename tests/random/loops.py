"""Random programs of loops over lists of numbers: matrix products in all orders of their loops, dot products, AXPY, element-wise
computations and sums, as statements and as comprehensions, over operands of which many are not what an instruction could take:
ragged or shared lists, huge ints, bools, nan, subclasses with side effects, objects that raise in the middle, attributes that are
computed; some run traced. Each attempt prints its result or exception, what the operands and loop variables are then, and what
the operands' methods were asked.
"""
import itertools
import random
import re

from generate import Statement, simple

PREAMBLE = '''import math, sys
inf, nan = math.inf, math.nan
log = []

class Number(int):
    def __mul__(self, other):
        log.append(("times", int(self)))
        return Number(int(self) * int(other) + 1) if isinstance(other, int) else NotImplemented
    __rmul__ = __mul__

class Real(float):
    def __radd__(self, other):
        log.append("radd")
        return float(self) + float(other) + 0.5

class Row(list):
    def __getitem__(self, index):
        log.append(("get", index))
        return list.__getitem__(self, index)
    def __iter__(self):
        log.append("iter")
        return list.__iter__(self)
    def __len__(self):
        log.append("len")
        return list.__len__(self)

class Bad:
    def __mul__(self, other):
        log.append("bad")
        raise ArithmeticError("bad")
    __add__ = __radd__ = __rmul__ = __sub__ = __rsub__ = __mul__
    def __repr__(self):
        return "Bad"

class Once:
    """An iterator."""
    def __init__(self, items):
        self.rest = iter(items)
    def __iter__(self):
        return self
    def __next__(self):
        log.append("next")
        return next(self.rest)
    def __repr__(self):
        return "Once"

class Grower:
    """Changes the list that it is multiplied in."""
    def __init__(self, victim):
        self.victim = victim
    def __mul__(self, other):
        if len(self.victim) < 12:
            self.victim.append(7)
        return 3
    __rmul__ = __mul__
    def __repr__(self):
        return "Grower"

def show(operand):
    """Of an iterator what is left: its address differs."""
    if isinstance(operand, list):
        return "[%s]" % ", ".join(map(show, list.__iter__(operand)))
    if not hasattr(operand, "__next__") or type(operand) == Once:
        return repr(operand)
    return "%s %r" % (type(operand).__name__, list(operand))

class Plain:
    shown = 0

class Slotted:
    __slots__ = tuple("abcxyzfn")

class Watching:
    def __getattribute__(self, name):
        log.append(name)
        return object.__getattribute__(self, name)

class Missing:
    def __setattr__(self, name, value):
        self.__dict__["_" + name] = value
    def __getattr__(self, name):
        log.append(name)
        return self.__dict__["_" + name]

class Computed:
    @property
    def x(self):
        log.append("x")
        return self._x
    @x.setter
    def x(self, value):
        self._x = value

class Descriptor:
    def __get__(self, instance, owner):
        log.append("descriptor")
        return instance.__dict__["n"]

class Described:
    n = Descriptor()

def of_class(base, values):
    made = base()
    for name, value in values.items():
        setattr(made, name, value)
    return made

def of_type(base, values):
    return type("Made", (base,), values)()

def traced(function):
    """Tells how many lines were run."""
    def trace(frame, event, argument):
        if event != "exception": # that of an iterator which ends the loop is not told
            log.append(event)
        return trace
    def run(*operands):
        sys.settrace(trace)
        try:
            return function(*operands)
        finally:
            sys.settrace(None)
    return run

def attempt(name, function, *operands):
    log.clear()
    try:
        outcome = repr(function(*operands))
    except Exception as error:
        outcome = "%s: %s" % (type(error).__name__, error)
    print(name, outcome)
    print("  ", *map(show, operands))
    if log:
        print("  ", len(log), log[:20])
'''
INTEGERS = ("0", "1", "-1", "2", "3", "7", "-5", "10", "100")
HUGE = ("2**62", "-2**62", "2**63", "4611686018427387903", "-4611686018427387905", "10**30", "2**31", "3037000500", "-2**63",
        "2**53+1")
FLOATS = ("0.5", "-1.25", "3.0", "0.1", "1e16", "1e-9", "2.5", "0.0")
SPECIAL = ("-0.0", "inf", "-inf", "nan", "5e-324", "1.7976931348623157e308")
STRANGE = ("True", "False", "None", "'ab'", "Number(3)", "Real(1.5)", "Bad()", "[1]", "2j", "()")
LETTERS = "abcd"


# Other ways to write the same: headers of loops and branches, lines that stand in them, and what stands innermost; a tuple: one
# of these.
BORDER = ("if 0 <= k < len(x):", "if k >= 0 and k < n:", "if k < len(x):", "if not (k < 0 or k >= len(x)):", "if 0 <= k:",
          "if -1 < k < n:", "if k >= 0 and k < len(x) and x[k] > f:")
PLACES = ("k = i + j - 1", "k = i - j", "k = i + j", "k = 2 * i - j", "k = i * 2 + j", "k = j - i")
SPELLED = (
    ((("for i, (p, q) in enumerate(zip(x, y)):", "for i, (p, q) in enumerate(zip(x, y), 1):",
       "for i, (p, q) in enumerate(zip(x, y), f):"),),
     ("s += p * q", "z[i] = f * p + q", "x[i] = p - q", "y[i] = q * p", "s += i * abs(q)", "r.append(p * q)", "x[i] = q * 2",
      "y[i] -= p", "t = max(t, abs(p - q))", "r.append(p > q)", "z[i] = p == q")),
    (("for w in zip(x, y):",), ("s += w[0] * w[1]", "r.append(w[0] - w[-1])", "s -= w[1]", "s += w[2]")),
    (("for w in enumerate(x):",), ("s += w[0] * w[1]", "z[w[0]] = w[1] * f", "x[w[0]] = w[1] * f")),
    (("for i, p in enumerate(x):",),
     ("x[i] = VALUE", "x[i] = p + x[i]", "x[-i] = p * 2", "y[i] = p - y[i]", "x[i] = x[i] - p", "x[i - 1] = p * f", "x[i] *= p",
      "x[i] = p - f if p > f else f - p", "x[i] = i * p", "a[i][0] = p * 2", "z[i] = p > f")),
    (("for i, q in enumerate(a):", "for j, p in enumerate(q):"),
     ("a[i][j] = VALUE", "q[j] = VALUE", "c[i][j] = p - f", "a[i][j] -= p * 2", "a[j][i] = p * f", "s += abs(p)", "q[j] = p - x[i]",
      "x[i] = p * 2", "x[i] += p * f", "a[i][j] = p * q[j]")),
    (("for j in range(3):", "for i, p in enumerate(x):"), ("x[i] += p * f", "x[i] = VALUE", "y[i] -= p * j", "s -= p * j")),
    (("for p, q in zip(x, y):",), ("s -= VALUE", "s = s - VALUE", "s -= q * VALUE", "s = VALUE - s", "t += abs(VALUE)")),
    (("for p in x:",),
     ("s -= VALUE", "s = s - abs(p)", "s = p - s", "s = abs(s - p)", "s += abs(s)", "s *= abs(p)", "r.append(VALUE)",
      "s = max(s, abs(p))", "r.append(TEST)")),
    (("for p in x:", "if TEST:"), ("s -= VALUE", "s += VALUE", "s *= abs(p)", "q -= VALUE")),
    (("for i in range(n):", "for j in range(3):", PLACES, BORDER),
     ("s += x[k]", "s -= x[k] * f", "s += x[k] * y[j]", "z[i] += x[k]", "s = max(s, x[k])", "q += x[k] * x[k]", "s += 1 / x[k]")),
    (("for i in range(n):", "for j in range(m):", "q = 0.0", "for u in range(2):", "for v in range(2):",
      ("k = i", "k = i + u - 1", "k = i - u"), "w = j + v - 1",
      ("if 0 <= k < len(a) and 0 <= w < len(a[0]):", "if 0 <= k < len(a) and 0 <= w < len(a[k]):",
       "if 0 <= k < n and 0 <= w < m:")),
     ("q += a[k][w] * b[u][v]", "q += a[k][w]", "q -= a[k][w] * f", "q = a[k][w]")),
    (("for i in range(n):",),
     ("y[i] = x[i + 1] * f if i + 1 < len(x) else 0", "z[i] = x[i - 1] - x[i] if i else x[i]", "s += x[i + 1] if i + 1 < n else f",
      "z[i] = x[k] * 2 if 0 <= (k := i - 1) else f", "r.append(x[i + 1] - x[i] if i < len(x) - 1 else 0)",
      "z[n - 1 - i] = x[i] * f", "z[i * 2 % n] = x[i] + f", "y[i // 2] += x[i]", "z[n - i] = -x[i]", "x[n - 1 - i] = x[i] * 2",
      "x[n - 1 - i] -= y[i]", "z[i] = x[i] > y[i]")),
    (("for i in range(2):", "for j in range(n // 2):"),
     ("z[i * (n // 2) + j] = x[j] * y[i]", "z[i * 2 + j] += x[j] * f", "z[j * 2 + i] = x[j] - f", "z[i + 2 * j] -= a[i][j]",
      "x[i + 2 * j] = x[i + 2 * j] * f")),
    (("for i in range(len(a)):", ("for j in range(i):", "for j in range(i + 1):", "for j in range(len(a)):")),
     ("s -= a[i][j] * x[j]", "x[i] -= a[i][j] * x[j]", "x[i] -= a[i][j] * y[j]", "c[i][j] -= abs(a[i][j])")),
    (("for i in range(n):", "for j in range(m):", "for k in range(p):"),
     ("c[i][j] -= a[i][k] * b[k][j]", "c[i][j] = c[i][j] - a[i][k] * b[k][j]", "c[i][j] = a[i][k] * b[k][j] - c[i][j]",
      "c[i][j] += abs(a[i][k] - b[k][j])", "c[i][j] -= a[i][k]")))


class LoopGenerator:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.count = 0

    def name(self, prefix):
        self.count += 1
        return prefix + str(self.count)

    def chance(self, percent):
        return self.random.randrange(100) < percent

    def pick(self, items):
        return self.random.choice(items)

    # ---- operands ----

    def number(self, kind):
        if self.chance(2):
            return self.pick(STRANGE)
        if kind == "mixed":
            kind = self.pick(("int", "float"))
        if kind == "huge" and self.chance(50):
            return self.pick(HUGE)
        if kind == "special" and self.chance(40):
            return self.pick(SPECIAL)
        return self.pick(FLOATS if kind in ("float", "special") else INTEGERS)

    def kind(self):
        return self.pick(("int", "int", "float", "float", "huge", "special", "mixed"))

    def clean(self, kind, size):
        return [self.pick({"int": INTEGERS, "float": FLOATS, "huge": HUGE, "special": SPECIAL, "mixed": INTEGERS + FLOATS}[kind])
                for _ in range(size)]

    def vector(self, size, kind=None):
        kind = kind or self.kind()
        if self.chance(8):
            size = max(0, size + self.pick((-1, 1)))
        items = self.clean(kind, size) if self.chance(70) else [self.number(kind) for _ in range(size)]
        if self.chance(6):
            return "(%s)" % "".join(item + ", " for item in items)
        text = "[%s]" % ", ".join(items)
        if self.chance(4):
            return self.pick(("Row(%s)", "range(%d)" % size + " or %s", "dict.fromkeys(range(len(%s)), 2)", "bytearray(len(%s))",
                              "Once(%s)", "(v for v in %s)", "iter(%s)", "map(abs, %s)", "zip(%s)", "list(map(str, %s))")) % text
        return text

    def matrix(self, rows, columns, kind=None):
        kind = kind or self.kind()
        if self.chance(5):
            return "[%s] * %d" % (self.vector(columns, kind), rows)
        text = "[%s]" % ", ".join(self.vector(columns, kind) if self.chance(15) else "[%s]" % ", ".join(self.clean(kind, columns))
                                  for _ in range(rows))
        return "Row(%s)" % text if self.chance(3) else text

    def scalar(self, kind=None):
        return self.number(kind or self.kind())

    # ---- expressions ----

    def over(self, leaves, depth=2):
        """Arithmetic on those numbers."""
        if depth == 0 or self.chance(25):
            return self.pick(leaves) if self.chance(80) else self.pick(("2", "0.5", "-3", "1"))
        if self.chance(8):
            return "(-%s)" % self.over(leaves, depth - 1)
        operator = self.pick(("+", "+", "-", "-", "*", "*", "*", "/", "//", "%"))
        return "(%s %s %s)" % (self.over(leaves, depth - 1), operator, self.over(leaves, depth - 1))

    def term(self, a, b):
        if self.chance(70):
            return "%s * %s" % ((a, b) if self.chance(80) else (b, a))
        return self.over([a, b, a, "f"])

    # ---- loops as statements ----

    def limit(self, name, size):
        return self.pick(("range(%s)" % size, "range(len(%s))" % name, "range(0, %s)" % size,
                          "range(%s - 1, -1, -1)" % size, "range(0, %s, 2)" % size)[:3 if self.chance(85) else 5])

    def nested(self, loops, body, before=None):
        """before: (number of loops around it, statements)."""
        block = list(body)
        for depth in range(len(loops) - 1, -1, -1):
            variable, iterable = loops[depth]
            block = [Statement(("for %s in %s:" % (variable, iterable), block))]
            if before and before[0] == depth:
                block = before[1] + block
        return block

    def disturb(self, body):
        """What makes another thing of the loop."""
        if self.chance(8):
            body = body + [self.pick((simple("log.append(1)"), Statement(("if f == 3:", [simple("break")])), simple("f = f"),
                                      simple("t = f + 1"), Statement(("if f:", [simple("f = 0")])), simple("pass")))]
        return body

    def product_statements(self):
        order = self.pick(list(itertools.permutations("ijk")))
        limits = {"i": self.limit("a", "n"), "j": self.pick(("range(m)", "range(len(c[0]))", "range(len(b[0]))")),
                  "k": self.limit("b", "p")}
        loops = [(v, limits[v]) for v in order]
        left = self.pick(("a[i][k]", "a[i][k]", "a[k][i]"))
        right = self.pick(("b[k][j]", "b[k][j]", "b[j][k]"))
        term = self.term(left, right)
        before = None
        if self.chance(40) and order[2] == "k":
            if self.chance(50):
                before = (2, [simple("s = %s" % self.pick(("0", "0.0", "f", "c[i][j]")))])
                block = self.nested(loops, self.disturb([simple("s += " + term)]), before)
                inner = block[0].clauses[0][1][-1].clauses[0][1]
                inner.append(simple(self.pick(("c[i][j] = s", "c[i][j] += s", "c[i][j] = s * f", "c[j][i] = s"))))
                return block
            before = (2, [simple("c[i][j] = %s" % self.pick(("0", "0.0", "f")))])
        update = "c[i][j] += %s"
        if self.chance(30):
            update = self.pick((update, "c[i][j] = c[i][j] + %s", "c[i][j] -= %s", "c[i][j] = %s + c[i][j]"))
        return self.nested(loops, self.disturb([simple(update % term)]), before)

    def convolution_statements(self):
        loops = [("i", "range(n)"), ("j", "range(m)"), ("u", "range(2)"), ("v", "range(2)")]
        order = self.pick((loops, loops, [loops[2], loops[3], loops[0], loops[1]]))
        term = self.term(self.pick(("a[i + u][j + v]", "a[i + u - 1][j - v]")), "b[u][v]")
        return self.nested(order, self.disturb([simple("c[i][j] += %s" % term)]))

    def vector_statements(self):
        loop = self.pick((("i", "range(len(x))"), ("i", "range(n)"), ("p, q", "zip(x, y)"), ("i, p", "enumerate(x)"), ("p", "x"),
                          ("i", "range(1, n)"), ("i", "range(n - 1, %s, -1)" % self.pick(("-1", "0", "-3"))),
                          ("i", "range(%s, n, %s)" % (self.pick("01"), self.pick("23")))))
        leaves = {"i": ["x[i]", "y[i]", "f"], "p, q": ["p", "q", "f"], "i, p": ["p", "y[i]", "f", "i"],
                  "p": ["p", "p", "f"]}[loop[0]]
        element = self.pick(("f * %s + %s" % (leaves[0], leaves[1]), self.term(leaves[0], leaves[1]), self.over(leaves),
                             self.over(leaves)))
        targets = ["s += %s", "s += %s", "r.append(%s)", "s = s + %s", "s = %s + s", "r.append(%s)", "s *= %s", "s = %s * s"]
        if "i" in loop[0]:
            targets += ["y[i] = %s", "y[i] += %s", "z[i] = %s", "z[i] = %s", "z[-i] = %s", "z[i + 1] = %s", "x[i] *= %s",
                        "y[i] = y[i - 1] + %s"]
        body = [simple(self.pick(targets) % element)]
        if self.chance(25):
            body = [simple("t = %s" % element), simple(self.pick(targets) % self.over(["t", "f"] + leaves[:1], 1))]
        return [Statement(("for %s in %s:" % loop, self.disturb(body)))]

    def condition(self, element, depth=2):
        """Of one, two or three comparisons."""
        other, sign = self.pick(("f", "0", "2", "-0.5", "s", "1")), self.pick(("<", ">", "<=", ">=", "==", "!="))
        if depth and self.chance(45):
            return " ".join((self.condition(element, depth - 1), self.pick(("and", "or", "or")),
                             self.condition(element, depth - 1)))
        if self.chance(20):
            return "%s %s %s %s %s" % (self.pick(("-1", "f", "0")), self.pick(("<", "<=")), element, self.pick(("<", "<=", "!=")),
                                       self.pick(("3", "f", "2.5")))
        if self.chance(10):
            return "not (%s)" % self.condition(element, 0)
        return element if self.chance(8) else "%s %s %s" % (element, sign, other)

    def branched(self, element, targets):
        """Other numbers in other rounds; targets: statements with a %s for what they take."""
        def one():
            return simple(self.pick(targets) % self.pick((element, element, "1", "f", "(%s * 2)" % element, "-" + element)))
        clauses = ["if %s:" % self.condition(element), [one()]]
        if self.chance(30):
            clauses += ["elif %s:" % self.condition(element), [one()]]
        if self.chance(35):
            clauses += ["else:", [one()]]
        if self.chance(10):
            clauses[1] = [Statement(("if %s:" % self.condition(element, 0), clauses[1]))]
        statement = Statement(*[clauses[at:at + 2] for at in range(0, len(clauses), 2)])
        return [Statement(("if %s:" % self.condition(element, 0), [simple("continue")])), one()] if self.chance(10) else [statement]

    def branched_statements(self):
        loop, element, index = self.pick((("i in range(len(x))", "x[i]", "i"), ("i in range(n)", "(x[i] - y[i])", "i"),
                                          ("i, p in enumerate(x)", "p", "i"), ("p in x", "p", None), ("p, q in zip(x, y)", "p", None),
                                          ("i in range(len(a)) for j in range(len(a[0]))", "a[i][j]", "i][j"),
                                          ("i in range(n) for j in range(m)", "(a[i][j] * f)", "i][j")))
        targets = ["s += %s", "q += %s", "t += %s", "s = %s", "t -= %s"]
        if index:
            lists = ("c", "a", "b") if "j" in index else ("y", "z", "x", "y")
            targets += ["%s[%s] = %%s" % (self.pick(lists), index)] * 5 + ["%s[%s] += %%s" % (self.pick(lists), index)]
        targets += ["r.append(%s)"] * (1 if index else 3)
        if self.chance(60):
            targets = [self.pick(targets)]
        body = self.branched(element, targets)
        if self.chance(20):
            body += self.branched(element, ["q += %s"])
        for part in reversed(loop.split(" for ")):
            body = [Statement(("for %s:" % part, self.disturb(body)))]
        return [simple("t = q = 0")] + body

    def extrema_statements(self):
        """Several numbers that are replaced, each with what goes with it."""
        loop, element = self.pick((("i in range(len(x))", "x[i]"), ("i, p in enumerate(x)", "p"),
                                   ("i in range(n)", "(x[i] * y[i])")))
        body = []
        for value, place in (("s", "t"), ("q", "u"), ("v", "w")):
            form = self.random.randrange(4)
            sign = self.pick("<>")
            if form == 0 and "x[i]" == element:
                body.append(Statement(("if x[i] %s x[%s]:" % (sign, place), [simple("%s = i" % place)])))
            elif form == 1:
                body.append(simple("%s = max(%s, %s)" % (value, value, element)))
            else:
                body.append(Statement(("if %s %s%s %s:" % (element, sign, self.pick(("", "=")), value),
                                       [simple("%s = %s" % (value, element)),
                                        simple("%s = %s" % (place, self.pick(("i", "i", "f", "i * 2"))))])))
        self.random.shuffle(body)
        body = body[:self.random.randrange(2, 4)]
        start = simple(self.pick(("s = q = v = x[0]", "s = q = v = 0", "s, q, v = x[0], y[0], f")))
        return [simple("t = u = w = 0"), start, Statement(("for %s:" % loop, self.disturb(body)))]

    def odd_statements(self):
        """Indices from the end, other augmented assignments, and what else may stand around or in a loop."""
        index = self.pick(("-i", "~i", "i - 1", "-i - 1", "n - 1 - i", "-1", "i % 2", "i // 2"))
        operator = self.pick(("+", "-", "*", "/", "//", "%", "&", "|", "^", "<<", ">>", "**"))
        right = self.pick(("x[%s]" % index, "(x[i] * y[%s])" % index, "2", "f"))
        if operator in ("<<", "**"):
            right = self.pick(("2", "1", "0"))
        line = self.pick(("s %s= %s", "y[i] %s= %s", "z[" + index.replace("%", "%%") + "] %s= %s", "s = s %s %s", "x[i] %s= %s"))
        body = [simple(line % (operator, right))]
        kind = self.random.randrange(7)
        loop = "for i in range(%s):" % self.pick(("n", "len(x)", "1, n", "len(y) - 1, -1, -1", "-n, 0", "-1, -n - 1, -1", "0, n, 3"))
        if kind == 0:
            return [Statement((loop, body + [Statement(("if s == f:", [simple("break")]))]), ("else:", [simple("t = i")]))]
        if kind == 1:
            return [Statement(("try:", [Statement((loop, body))]), ("finally:", [simple("t = 1")]))]
        if kind == 2:
            return [Statement((loop, [Statement(("try:", body), ("except TypeError:", [simple("pass")]))]))]
        if kind == 3:
            return [Statement((loop, [simple("s += (t := %s)" % right)]))]
        if kind == 4:
            return [Statement(("for p in x:", [simple("x.append(p) if len(x) < 20 else None"), simple("s += p")]))]
        if kind == 5:
            taken = [simple("s += next(e, 0)")] * self.chance(40)
            return [simple("e = iter(x)"), Statement(("for p in e:", [simple("s += p")] + taken)),
                    simple("r.append(next(e, 'end'))")]
        return [Statement((loop, body))]

    def compared(self, element):
        """A number that is kept when it is greater or less, or counted."""
        sign, other = self.pick(("<", ">", "<=", ">=", ">", "<", "!=")), self.pick(("f", "0", "2", "-0.5"))
        forms = [("if %s %s s:" % (element, sign), [simple("s = " + element)]),
                 ("if s %s %s:" % (sign, element), [simple("s = " + element)]),
                 ("if %s %s s:" % (element, sign), [simple("s = " + element), simple("t = " + self.pick(("i", "p", "s", "f")))]),
                 ("if %s %s %s:" % (element, sign, other), [simple("s += " + self.pick(("1", element)))]),
                 ("if %s %s %s and %s:" % (element, sign, other, element), [simple("s += " + self.pick(("1", element)))]),
                 ("if %s:" % element, [simple("s += 1")]), ("if not %s > f:" % element, [simple("s *= " + element)]),
                 ("if %s %s s:" % (element, sign), [simple("s = " + element)], "else:", [simple("t = 1")])]
        lines = ["s = max(s, %s)", "s = min(%s, s)", "s = max(s, %s, f)", "s = {0} if {0} > s else s", "s = s if s < {0} else {0}",
                 "s = {0} if not {0} <= s else s", "s += {0} > f", "s += {0} if {0} > f else 0", "r.append(%s if f > 0 else s)",
                 "r.append({0} if {0} > 0 else 0)", "r.append(max(0, %s))", "r.append(max({0}, f) - min({0}, 3))"]
        if self.chance(50):
            line = self.pick(lines)
            return simple(line % element if "%s" in line else line.format(element))
        form = self.pick(forms)
        return Statement(*[form[at:at + 2] for at in range(0, len(form), 2)])

    def compared_statements(self):
        loop, element = self.pick((("i in range(len(x))", "x[i]"), ("i in range(n)", "(x[i] * y[i])"), ("p, q in zip(x, y)", "p"),
                                   ("i, p in enumerate(x)", "p"), ("p in x", "p"), ("p in x", "(p * p - f)"),
                                   ("i, p in enumerate(y)", "p"),
                                   ("q in a for p in q", "p"), ("i in range(len(a)) for j in range(len(a[0]))", "a[i][j]"),
                                   ("q in a", "sum(q)"), ("q in a", "max(q)"), ("q in a", "sum(p * p for p in q)")))
        body = [self.compared(element)]
        if self.chance(30):
            body.append(self.pick((simple("q = q + %s if %s > f else q" % (element, element)), simple("q += %s" % element),
                                   Statement(("if %s < q:" % element, [simple("q = " + element)])), simple("q += 1"),
                                   Statement(("if %s < f:" % element, [simple("q += 1")]), ("else:", [simple("t += %s" % element)])))))
        if self.chance(15):
            body = [Statement(("if x[i] %s x[t]:" % self.pick("<>"), [simple("t = i")]))]
            loop = "i in range(len(x))"
        for part in reversed(loop.split(" for ")):
            body = [Statement(("for %s:" % part, self.disturb(body)))]
        return [simple("t = q = 0")] * self.chance(75) + body

    def nested_sums(self):
        """The nearest of rows, or sums of sums."""
        inner = Statement(("for k in range(len(b[0])):", [simple("q += %s" % self.pick((
            "(x[k] - b[j][k]) * (x[k] - b[j][k])", "b[j][k]", "x[k] * b[j][k]")))]))
        behind = self.pick(([Statement(("if q %s s:" % self.pick("<>"), [simple("s = q"), simple("t = j")]))],
                            [simple("s += q")], [simple("s = max(s, q)")], [simple("r.append(q)")], [simple("s += q * k")]))
        return [Statement(("for j in range(len(b)):", [simple("q = %s" % self.pick(("0", "0.0"))), inner] + behind))]

    def while_statements(self):
        up = self.chance(70)
        step = self.pick(("1", "1", "1", "2", "f"))
        test = self.pick(("i < n", "i < len(x)", "n > i", "i <= n - 1", "i <= f", "i != n", "n != i")) if up else self.pick(
            ("i >= 0", "i > -1", "i > 0", "0 <= i", "i > f", "i != -1", "i != 0"))
        leaves = ["x[i]", "y[i]", "f"]
        body = [self.pick((simple("s += %s" % self.over(leaves)), simple("y[i] = %s" % self.over(leaves)), self.compared("x[i]"),
                           simple("r.append(%s)" % self.over(leaves)), simple("s += x[i] * y[i]"),
                           simple("z[i] = f * x[i] + z[i]")))]
        count = simple("i %s= %s" % ("+" if up else "-", step))
        body = self.disturb(body) + [count] if self.chance(85) else [count] + body
        limit = [Statement(("if len(r) > 60:", [simple("break")]))] if self.chance(5) else []
        made = [simple("i = %s" % (self.pick(("0", "0", "1", "f", "-1")) if up else self.pick(("n - 1", "len(x) - 1", "n")))),
                Statement(("while %s:" % test, body + limit))]
        if self.chance(30):
            made = [simple("i = 0"), Statement(("while i < len(a):", [
                simple("j = %s" % self.pick("001")), Statement(("while j < %s:" % self.pick(("len(a[0])", "m", "p")), [
                    simple(self.pick(("s += a[i][j]", "c[i][j] = a[i][j] * f", "s += a[i][j] * x[i]", "s = max(s, a[i][j])"))),
                    simple("j += 1")])), simple("i += 1")]))]
        return made

    def spelled_statements(self):
        """Other ways to write the same: a form of SPELLED."""
        headers, last = self.pick(SPELLED)
        headers = [header if isinstance(header, str) else self.pick(header) for header in headers]
        places = {"VALUE": self.pick(("p", "abs(p)", "p * f", "abs(p - f)", "-p", "p * p")), "TEST": self.condition("p", 1)}
        lines = [re.sub("VALUE|TEST", lambda found: places[found.group()], line) for line in headers + [self.pick(last)]]
        behind = ["c[i][j] = q"] if "q = 0.0" in lines else []
        block = [simple(lines.pop())]
        while lines:
            line = lines.pop()
            if line.endswith(":"):
                block = [Statement((line, block))]
                if behind and line.startswith("for u"):
                    block += [simple(behind.pop())]
            else:
                block = [simple(line)] + block
        return [simple("t = u = q = 0")] + block

    def held_function(self, name, body):
        """A method of an object that holds some of the operands."""
        held = self.random.sample("abcxyzfn", self.random.randrange(1, 6))
        def line(text):
            return re.sub(r"(?<![\w.'\"])([%s])\b(?!')" % "".join(held), r"self.\1", text)
        def change(statement):
            return Statement(*[(line(header), block and [change(inner) for inner in block]) for header, block in statement.clauses])
        method = Statement(("def run(self, a, b, c, x, y, z, f, n, m, p):", [change(statement) for statement in body]))
        base = self.pick(("Plain", "Plain", "Plain", "Slotted", "Watching", "Missing", "Computed", "Described"))
        make = "of_type" if base == "Plain" and self.chance(25) else "of_class"
        values = "dict(a=a, b=b, c=c, x=x, y=y, z=z, f=f, n=n)"
        return Statement(("def %s(a, b, c, x, y, z, f, n, m, p):" % name, [
            Statement(("class Own(%s):" % base, [method])), simple("made = %s(Own, %s)" % (make, values)),
            simple("return made.run(a, b, c, x, y, z, f, n, m, p), %s" % ("show(made.x)" if base != "Watching" else "None"))]))

    def statements(self):
        form = self.random.randrange(34)
        if form >= 24:
            return self.spelled_statements()
        if form >= 16:
            return (self.branched_statements() if form < 20 else self.extrema_statements() if form < 22 else self.odd_statements())
        if form >= 10:
            return (self.compared_statements() if form < 13 else self.while_statements() if form < 15 else self.nested_sums())
        return self.product_statements() if form < 4 else self.convolution_statements() if form == 4 else self.vector_statements()

    # ---- comprehensions ----

    def comprehension(self):
        vector, inner = self.pick((("zip(x, y)", "p, q"), ("x", "p"), ("range(n)", "i"), ("enumerate(x)", "i, p"),
                                   ("zip(x, y, z)", "p, q, w"), ("range(n - 1, -1, -1)", "i"), ("range(0, n, 2)", "i")))
        leaves = {"p, q": ["p", "q"], "p": ["p", "f"], "i": ["x[i]", "y[i]"], "i, p": ["p", "y[i]"],
                  "p, q, w": ["p", "q", "w"]}[inner]
        element = self.pick((self.term(leaves[0], leaves[1]), "f * %s + %s" % (leaves[0], leaves[1]), self.over(leaves)))
        row = self.term("p", "q")
        return self.pick((
            "sum(%s for %s in %s)" % (element, inner, vector), "sum([%s for %s in %s])" % (element, inner, vector),
            "[%s for %s in %s]" % (element, inner, vector), "[%s for %s in %s]" % (element, inner, vector),
            "sum((%s for %s in %s), %s)" % (element, inner, vector, self.pick(("f", "0.5"))),
            "[[sum(%s for p, q in zip(row, column)) for column in zip(*b)] for row in a]" % row,
            "[[sum(a[i][k] * b[k][j] for k in range(p)) for j in range(m)] for i in range(n)]".replace("range(p)", "range(len(b))"),
            "[[sum([%s for p, q in zip(row, column)]) for column in zip(*b)] for row in a]" % row,
            "[sum(%s for p, q in zip(row, x)) for row in a]" % row, "[[%s for p in row] for row in a]" % self.over(["p", "f"]),
            "[[a[i][j] %s b[i][j] for j in range(m)] for i in range(n)]" % self.pick("+-*/"),
            "[[p %s q for p, q in zip(r, s)] for r, s in zip(a, b)]" % self.pick("+-*"),
            "sum(%s for row in a for p in row)" % self.over(["p", "p", "f"]), "[row[0] * f for row in a]",
            "sum(%s if p else 0 for p in x)" % self.over(["p", "f"]), "[%s for p in x if p]" % self.over(["p", "f"]),
            "max(%s for p in x)" % self.over(["p", "f"]), "[[a[j][i] for j in range(len(a))] for i in range(len(a[0]))]",
            "sum(x)", "sum(x, f)", "[sum(row) for row in a]", "[f * sum(row) / len(row) for row in a]",
            "max(x)", "min(x)", "(max(x), min(y))", "max(%s for p in x)" % self.over(["p", "f"]),
            "min([%s for p in x])" % self.over(["p", "f"]),
            "[max(row) for row in a]", "sum(max(row) for row in a)", "sum(sum(row) for row in a)", "max(sum(row) for row in a)",
            "min(min(row) for row in a)", "[p if p > f else 0 for p in x]", "[max(0, p) for p in x]",
            "[min(max(p, f), 3) for p in x]",
            "[max(p, q) - min(p, q) for p, q in zip(x, y)]", "sum(1 for p in x if p > f)", "sum(p > f for p in x)",
            "max(x, default=f)", "sum(1 for p in x if %s)" % self.condition("p"), "sum(p for p in x if %s)" % self.condition("p"),
            "[p if %s else f for p in x]" % self.condition("p"), "[[p if %s else 0 for p in q] for q in a]" % self.condition("p"),
            "sum(p if %s else -p for p in x)" % self.condition("p"), "[x[-i] * y[~i] for i in range(n)]",
            "sum(x[i] * x[i - 1] for i in range(n))", "sum(i * v for i, v in enumerate(x, f))", "[p ** 2 for p in x]",
            "(lambda g: [sum(g), sum(g)])(p * 2 for p in x)",
            "sum(%s for p in x if p > f and p < 5)" % self.over(["p", "f"]), "max(p for p in x if p > f)", "max(x, key=abs)",
            "[p * 2 if p %s f else -p for p in x]" % self.pick("<>"), "[[p if p > 0 else 0.5 * p for p in row] for row in a]",
            "sum(abs(p) for p in x)", "max(abs(p - f) for p in x)", "sum(abs(p - q) for p, q in zip(x, y))", "[abs(p) for p in x]",
            "[[sum([p * q for p, q in zip(row, column)]) for column in zip(*b)] for row in a]",
            "[max([abs(p) for p in q]) for q in a]",
            "sum(i * p * q for i, (p, q) in enumerate(zip(x, y)))", "sum(p[0] * p[1] for p in zip(x, y))",
            "[f * p[0] + p[1] for p in zip(x, y)]", "sum(a[i][j] * x[j] for i in range(n) for j in range(len(x)) if i != j)",
            "[sum(x[i + j] * y[j] for j in range(3) if i + j < len(x)) for i in range(n)]", "[sum([p, f]) for p in x]",
            "[x[i + 1] - x[i] if i + 1 < len(x) else 0 for i in range(n)]",
            "sum(abs(p) if %s else p for p in x)" % self.condition("p"),
            "[(x[i] - sum(a[i][j] * y[j] for j in range(n) if j != i)) / a[i][i] for i in range(n)]",
            "[sum(q) / len(q) for q in [[p * f for p in row] for row in a]]", "sum([sum([p * f for p in q]) for q in a])",
            "sum(%s if p > f else 0 for p in x)" % self.over(["p", "f"]), "max([p * q for p, q in zip(x, y)])",
            "[sum([%s for p in row]) for row in a]" % self.over(["p", "f"]), "sum(p * sum(row) for p, row in zip(x, a))",
        ))

    # ---- programs ----

    def operands(self):
        n, m, p = (self.pick((1, 2, 3, 4, 4, 9)) for _ in range(3))
        kind = self.kind() if self.chance(70) else None
        sizes = self.pick(((n, p, m), (n, n, n), (n, p, m)))
        n, p, m = sizes
        values = {"a": self.matrix(n, p, kind), "b": self.matrix(p, m, kind),
                  "c": "[[%s] * %d for _ in range(%d)]" % (self.pick(("0", "0.0", self.scalar(kind))), m, n) if self.chance(80)
                  else self.matrix(n, m, kind),
                  "x": self.vector(n, kind), "y": self.vector(n, kind), "z": self.vector(n + self.chance(50), kind),
                  "f": self.scalar(kind), "n": str(n + self.pick((0,) * 12 + (1, -1))),
                  "m": str(m + self.pick((0,) * 12 + (1, -1))),
                  "p": str(p)}
        for target, of in (("c", "a"), ("c", "b"), ("y", "x"), ("z", "x"), ("b", "a")):
            if self.chance(3):
                values[target] = "*" + of
        return values

    def prepare(self, values):
        made = [simple("%s = %s" % (name, text)) for name, text in values.items() if not text.startswith("*")]
        made += [simple("%s = %s" % (name, text[1:])) for name, text in values.items() if text.startswith("*")]
        if self.chance(3):
            made.append(simple("x[len(x) // 2:] = [Grower(%s)]" % self.pick("xyz")))
        return made

    def make_function(self):
        name = self.name("f")
        if self.chance(40):
            body = [simple("return " + self.comprehension())]
            if self.chance(25):
                return name, self.held_function(name, body)
        else:
            body = [simple("s = %s" % self.pick(("0", "0", "0.0", "f", "True"))), simple("r = []")] + self.statements()
            body.append(simple("return s, r, {k: show(v) for k, v in locals().items() if k in 'ijkuvpqtw'}"))
            if self.chance(10):
                body[2:-1] = [Statement(("try:", body[2:-1]), ("except Exception as error:", [simple("log.append(repr(error))")]))]
            if self.chance(20):
                return name, self.held_function(name, body)
            if self.chance(8):
                return name, self.inner_function(name, body)
            if self.chance(10):
                body.insert(2, simple("peek = lambda: (s, f)"))
            if self.chance(10):
                body.insert(0, simple("global i, s"))
        return name, Statement(("def %s(a, b, c, x, y, z, f, n, m, p):" % name, body))

    def inner_function(self, name, body):
        """The loop in a function that shares its variables, in a generator, or in a class body."""
        parameters = "a, b, c, x, y, z, f, n, m, p"
        kind = self.random.randrange(3)
        if kind == 0:
            inner = [simple("nonlocal s, r, t")] + body[2:-1] + [simple("return s, t")]
            made = [simple("s, r, t = 0, [], None"), Statement(("def inner():", inner)), simple("return inner(), s, r, t")]
        elif kind == 1:
            made = [Statement(("def inner():", body[:2] + [simple("yield s")] + body[2:-1] + [simple("yield s, r")])),
                    simple("return list(inner())")]
        else:
            made = [Statement(("class inner:", body[:-1])), simple("return {k: show(v) for k, v in vars(inner).items() if k in 'srijkpqt'}")]
        return Statement(("def %s(%s):" % (name, parameters), made))

    def attempts(self):
        name, function = self.make_function()
        made = [function]
        if self.chance(4):
            made.append(simple("%s = traced(%s)" % (name, name)))
        for _ in range(self.random.randrange(2, 5)):
            made.append(Statement(("try:", self.prepare(self.operands()) + [
                simple("attempt(%r, %s, a, b, c, x, y, z, f, n, m, p)" % (name, name))]),
                ("except Exception as error:", [simple("print(type(error).__name__, error)")])))
        return made

    def in_module(self):
        """The loop in the module itself."""
        body = self.prepare(self.operands()) + [simple("n, m, p = int(n), int(m), int(p)"), simple("s, r = 0, []")]
        body += self.statements() if self.chance(70) else [simple("r = " + self.comprehension())]
        shown = simple("print(*map(show, (s, r, a, b, c, x, y, z)), {k: show(v) for k, v in globals().items() if k in 'ijkuvpqt'})")
        return [Statement(("try:", body), ("except Exception as error:", [simple("print(type(error).__name__, error)")])),
                Statement(("try:", [shown]), ("except Exception as error:", [simple("print(type(error).__name__, error)")]))]

    def program(self, size=14):
        made = []
        for _ in range(size):
            made += self.attempts() if self.chance(75) else self.in_module()
        return made
