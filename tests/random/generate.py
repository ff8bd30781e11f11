"""Random Python programs that end: typed expressions, control flow, functions, closures, classes, exceptions, generators.

A program is a tree of statements, so that it can be cut down while it still fails (random_programs.py does both). Same seed, same
program, on every machine. Nothing depends on when an abandoned object is finalised: docs/differences.md says how that differs. Values stay small: what a loop assigns goes through clip(), a function of the program's own.
"""
import random

TYPES = ("int", "float", "str", "list", "tuple", "dict", "set", "bool", "bytes")
PREAMBLE = '''def clip(value):
    if isinstance(value, int) and not isinstance(value, bool):
        return value if -10**30 < value < 10**30 else value % 1000003
    if isinstance(value, (str, bytes, list, tuple)):
        return value[:12]
    return value

def show(*values):
    print(*(sorted(map(repr, v)) if isinstance(v, (set, frozenset)) else repr(v) for v in values))
'''
LITERALS = {
    "int": ("0", "1", "-1", "2", "7", "255", "-13", "1000", "2**31", "-2**62", "4611686018427387904", "10**25", "0x7fff"),
    "float": ("0.0", "-0.0", "1.5", "-2.25", "1e16", "3.0", "0.1", "1e-7", "123456.789"),
    "str": ("''", "'a'", "'spam'", "'Eggs and'", "'\\u00e9t\\u00e9'", "'x,y,,z'", "'\\U0001f40d!'", "' pad '", "'42'"),
    "bool": ("True", "False"),
    "bytes": ("b''", "b'ab'", "b'\\x00\\xff'", "b'spam'"),
    "list": ("[]", "[3, 1, 2]", "[5, -5, 5, 0]", "list(range(6))"),
    "tuple": ("()", "(4,)", "(1, 2)", "(9, 8, 7)"),
    "dict": ("{}", "{1: 2}", "{0: 5, 3: 1}"),
    "set": ("set()", "{1, 2, 3}", "frozenset((2, 9))"),
}
INT_OPERATORS = ("+", "-", "*", "//", "%", "&", "|", "^")
ERRORS = ("ValueError", "KeyError", "IndexError", "TypeError", "ZeroDivisionError", "AttributeError", "StopIteration", "Custom")


class Statement:
    """Clauses, each a header line and its block (None: a simple statement)."""

    def __init__(self, *clauses):
        self.clauses = [list(clause) for clause in clauses]

    def lines(self, indent=""):
        for header, block in self.clauses:
            yield indent + header
            if block is not None:
                if not block:
                    yield indent + "    pass"
                for statement in block:
                    yield from statement.lines(indent + "    ")


def simple(text):
    return Statement((text, None))


def source(statements, preamble=PREAMBLE):
    return preamble + "\n" + "\n".join(line for statement in statements for line in statement.lines()) + "\n"


class Generator:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.scopes = [{}]          # name -> type, innermost last
        self.functions = []         # (name, parameter types, result type)
        self.generators = []        # (name, type yielded)
        self.classes = []           # (name, attributes)
        self.count = 0
        self.loops = 0              # enclosing loops of the function being written
        self.in_function = None     # result type, "yield" for a generator

    def name(self, prefix):
        self.count += 1
        return prefix + str(self.count)

    def chance(self, percent):
        return self.random.randrange(100) < percent

    def pick(self, items):
        return self.random.choice(items)

    def variables(self, kind):
        found = {}
        for scope in self.scopes:
            found.update(scope)
        return [name for name, its in found.items() if its == kind]

    # ---- expressions ----

    def expression(self, kind, depth=3):
        if self.chance(2):
            kind = self.pick(TYPES)  # an error, often; its text is compared
        if depth <= 0 or self.chance(25):
            return self.atom(kind)
        if self.chance(8):
            return "(%s if %s else %s)" % (self.expression(kind, depth - 1), self.condition(depth - 1), self.expression(kind, depth - 1))
        calls = [f for f in self.functions if f[2] == kind]
        if calls and self.chance(20):
            name, parameters, _ = self.pick(calls)
            return "%s(%s)" % (name, ", ".join(self.expression(p, depth - 2) for p in parameters))
        return getattr(self, "make_" + kind)(depth - 1)

    def atom(self, kind):
        names = self.variables(kind)
        if names and self.chance(70):
            return self.pick(names)
        return self.pick(LITERALS[kind])

    def condition(self, depth):
        kind = self.pick(TYPES)
        form = self.random.randrange(7)
        if form == 0:
            return self.expression(kind, depth)
        if form == 1:
            return "not %s" % self.expression(kind, depth)
        if form == 2:
            return "(%s %s %s)" % (self.condition(depth - 1) if depth > 0 else "True", self.pick(("and", "or")), self.expression("bool", depth))
        if form == 3:
            return "%s %s %s" % (self.expression("int", depth), self.pick(("in", "not in")), self.expression(self.pick(("list", "tuple", "set", "dict")), depth))
        kind = self.pick(("int", "float", "str", "list", "tuple"))
        if form == 4 and kind in ("int", "float"):
            return "%s < %s <= %s" % tuple(self.expression(kind, depth) for _ in range(3))
        return "%s %s %s" % (self.expression(kind, depth), self.pick(("<", "<=", "==", "!=", ">", ">=")), self.expression(kind, depth))

    def make_int(self, depth):
        e = self.expression
        return self.pick((
            lambda: "(%s %s %s)" % (e("int", depth), self.pick(INT_OPERATORS), e("int", depth)),
            lambda: "(%s %s %s)" % (e("int", depth), self.pick(INT_OPERATORS), e("int", depth)),
            lambda: "(%s %s %s)" % (e("int", depth), self.pick((">>", "<<")), self.pick(("1", "3", "31", "62"))),
            lambda: "(-%s)" % e("int", depth), lambda: "(~%s)" % e("int", depth), lambda: "abs(%s)" % e("int", depth),
            lambda: "len(%s)" % e(self.pick(("str", "list", "tuple", "dict", "set", "bytes")), depth),
            lambda: "sum(%s)" % self.comprehension("(%s)", "int", depth), lambda: "%s[%s]" % (e("list", depth), e("int", depth)),
            lambda: "int(%s)" % e(self.pick(("float", "str", "bool")), depth), lambda: "pow(%s, 3, 1009)" % e("int", depth),
            lambda: "max(%s, %s)" % (e("int", depth), e("int", depth)), lambda: "%s.find(%s)" % (e("str", depth), e("str", depth)),
            lambda: "%s.get(%s, %s)" % (e("dict", depth), e("int", depth), e("int", depth)), lambda: "hash(%s)" % e("int", depth),
            lambda: "(%s).bit_length()" % e("int", depth), lambda: "round(%s)" % e("float", depth), lambda: "(%s)[0]" % e("bytes", depth),
            lambda: "(lambda v, k=%s: v - k)(%s)" % (e("int", depth), e("int", depth)), lambda: "next(iter(%s), -5)" % e("list", depth),
            lambda: "divmod(%s, %s)[%d]" % (e("int", depth), e("int", depth), self.random.randrange(2)),
        ))()

    def make_float(self, depth):
        e = self.expression
        return self.pick((
            lambda: "(%s %s %s)" % (e("float", depth), self.pick(("+", "-", "*", "/", "//", "%")), e("float", depth)),
            lambda: "(%s / %s)" % (e("int", depth), e("int", depth)), lambda: "float(%s)" % e("int", depth),
            lambda: "abs(%s)" % e("float", depth), lambda: "(%s * %s)" % (e("int", depth), e("float", depth)),
            lambda: "(-%s)" % e("float", depth), lambda: "round(%s, %d)" % (e("float", depth), self.random.randrange(4)),
            lambda: "min(%s, %s)" % (e("float", depth), e("int", depth)), lambda: "float(%s)" % e("str", depth),
        ))()

    def make_bool(self, depth):
        e = self.expression
        return self.pick((
            lambda: "(%s)" % self.condition(depth), lambda: "bool(%s)" % e(self.pick(TYPES), depth),
            lambda: "isinstance(%s, %s)" % (e(self.pick(TYPES), depth), self.pick(("int", "str", "(list, tuple)", "float"))),
            lambda: "any(%s)" % self.comprehension("[%s]", "bool", depth), lambda: "all(%s)" % self.comprehension("(%s)", "int", depth),
            lambda: "(%s is %s)" % (self.pick(("None", "True", "...")), self.pick(("None", "False", "..."))),
            lambda: "%s.%s()" % (e("str", depth), self.pick(("isalpha", "isdigit", "isupper", "isspace", "isidentifier"))),
            lambda: "%s.startswith(%s)" % (e("str", depth), e("str", depth)),
        ))()

    def make_str(self, depth):
        e = self.expression
        return self.pick((
            lambda: "(%s + %s)" % (e("str", depth), e("str", depth)), lambda: "(%s * %d)" % (e("str", 0), self.random.randrange(-1, 4)),
            lambda: "str(%s)" % e(self.pick(("int", "float", "bool", "list", "tuple", "bytes")), depth),
            lambda: "repr(%s)" % e(self.pick(("int", "float", "str", "list", "tuple", "bytes")), depth),
            lambda: "%s[%s]" % (e("str", depth), self.slice(depth)),
            lambda: "%s.%s()" % (e("str", depth), self.pick(("upper", "lower", "title", "swapcase", "strip", "capitalize", "casefold"))),
            lambda: "%s.replace(%s, %s)" % (e("str", depth), e("str", 0), e("str", 0)),
            lambda: "%s.join(%s)" % (self.pick(("','", "''", "'--'")), self.comprehension("[%s]", "str", depth)),
            lambda: "f'{%s}<{%s!r:>%d}>'" % (self.pick(self.variables("int") or ["7"]), self.pick(self.variables("str") or ["0"]), self.random.randrange(9)),
            lambda: "'%%d|%%s|%%5.2f' %% (%s, %s, %s)" % (e("int", depth), e("str", depth), e("float", depth)),
            lambda: "format(%s, %r)" % (e("int", depth), self.pick(("x", ">8", "+d", ",", "#b", "08d", "e"))),
            lambda: "format(%s, %r)" % (e("float", depth), self.pick((".3f", "g", "e", "+.1f", "10.2f", "%"))),
            lambda: "chr(%s %% 1000 + 32)" % e("int", depth), lambda: "%s.center(%d, '*')" % (e("str", depth), self.random.randrange(12)),
            lambda: "%s.decode('latin-1')" % e("bytes", depth), lambda: "type(%s).__name__" % e(self.pick(TYPES), depth),
        ))()

    def make_bytes(self, depth):
        e = self.expression
        return self.pick((
            lambda: "(%s + %s)" % (e("bytes", depth), e("bytes", depth)), lambda: "%s.encode()" % e("str", depth),
            lambda: "bytes(%s)" % self.comprehension("[%s]", "int", depth, " % 256"), lambda: "%s[%s]" % (e("bytes", depth), self.slice(depth)),
            lambda: "(%s %% 65536).to_bytes(2, 'little')" % e("int", depth),
        ))()

    def make_list(self, depth):
        e = self.expression
        return self.pick((
            lambda: "[%s]" % ", ".join(e("int", depth - 1) for _ in range(self.random.randrange(4))),
            lambda: "(%s + %s)" % (e("list", depth), e("list", depth)), lambda: "%s[%s]" % (e("list", depth), self.slice(depth)),
            lambda: self.comprehension("[%s]", "int", depth), lambda: "sorted(%s)" % e(self.pick(("list", "set", "tuple")), depth),
            lambda: "list(%s)" % self.iterable(depth), lambda: "[*%s, %s]" % (e("tuple", depth), e("int", depth)),
            lambda: "sorted(%s, key=lambda v: -v, reverse=%s)" % (e("list", depth), e("bool", 0)),
            lambda: "[a - b for a, b in zip(%s, %s)]" % (e("list", depth), e("list", depth)),
            lambda: "list(map(lambda v: v %% 7, %s))" % e("list", depth), lambda: "list(reversed(%s))" % e("list", depth),
        ))()

    def make_tuple(self, depth):
        e = self.expression
        return self.pick((
            lambda: "(%s)" % "".join(e("int", depth - 1) + ", " for _ in range(self.random.randrange(1, 4))),
            lambda: "tuple(%s)" % self.iterable(depth), lambda: "(%s + %s)" % (e("tuple", depth), e("tuple", depth)),
            lambda: "%s[%s]" % (e("tuple", depth), self.slice(depth)), lambda: "(%s * 2)" % e("tuple", 0),
        ))()

    def make_dict(self, depth):
        e = self.expression
        return self.pick((
            lambda: "{%s}" % ", ".join("%s: %s" % (e("int", depth - 1), e("int", depth - 1)) for _ in range(self.random.randrange(4))),
            lambda: "{v %% 11: v for v in %s}" % e("list", depth), lambda: "{**%s, %s: %s}" % (e("dict", depth), e("int", depth), e("int", depth)),
            lambda: "(%s | %s)" % (e("dict", depth), e("dict", depth)), lambda: "dict.fromkeys(%s, %s)" % (e("list", depth), e("int", depth)),
            lambda: "dict(enumerate(%s))" % e("list", depth), lambda: "dict(zip(%s, %s))" % (e("list", depth), e("tuple", depth)),
        ))()

    def make_set(self, depth):
        e = self.expression
        return self.pick((
            lambda: "{%s}" % ", ".join(e("int", depth - 1) for _ in range(self.random.randrange(1, 4))),
            lambda: "set(%s)" % e("list", depth), lambda: "(%s %s %s)" % (e("set", depth), self.pick("|&-^"), e("set", depth)),
            lambda: self.comprehension("{%s}", "int", depth), lambda: "frozenset(%s)" % e("tuple", depth),
        ))()

    def iterable(self, depth):
        ranges = "range(%d, %d, %d)" % (self.random.randrange(-3, 4), self.random.randrange(0, 8), self.pick((1, 2, 3)))
        made = [g for g in self.generators if g[1] == "int"]
        if made and self.chance(40):
            return "%s(%s)" % (self.pick(made)[0], self.expression("int", depth - 1))
        return self.pick((ranges, self.expression("list", depth - 1), "%s.values()" % self.expression("dict", depth - 1),
                          "(v for v in %s if v != 3)" % self.expression("tuple", depth - 1)))

    def comprehension(self, brackets, kind, depth, suffix=""):
        name = self.name("c")
        ranges = self.iterable(depth)
        self.scopes.append({name: "int"})
        item = self.expression(kind, depth - 1)
        condition = " if %s" % self.condition(0) if self.chance(30) else ""
        self.scopes.pop()
        return brackets % ("%s%s for %s in %s%s" % (item, suffix, name, ranges, condition))

    def slice(self, depth):
        part = lambda: self.pick(("", str(self.random.randrange(-4, 5)), "" if depth < 2 else self.expression("int", 0)))
        return "%s:%s%s" % (part(), part(), self.pick(("", "", ":2", ":-1")))

    # ---- statements ----

    def block(self, depth, size=None):
        """What a block binds is not used after it: it may not have been executed."""
        before = dict(self.scopes[-1])
        made = [self.statement(depth) for _ in range(size or self.random.randrange(1, 3))]
        self.scopes[-1] = before
        return made

    def start_variables(self):
        kinds = self.random.sample(TYPES, 4)
        names = [self.name("v") for _ in kinds]
        self.scopes[-1].update(zip(names, kinds))
        return [simple("%s = %s" % (name, self.pick(LITERALS[kind]))) for name, kind in zip(names, kinds)]

    def assign(self, name, kind, depth=3):
        self.scopes[-1][name] = kind
        value = self.expression(kind, depth)
        if self.chance(6):
            value = "(%s := %s)" % (self.name("w"), value)
        return simple("%s = clip(%s)" % (name, value) if self.loops or self.in_function else "%s = %s" % (name, value))

    def statement(self, depth):
        forms = [self.make_assignment] * 6 + [self.make_print] * 3 + [self.make_change] * 3
        if depth > 0:
            forms += [self.make_if] * 3 + [self.make_for] * 3 + [self.make_while] + [self.make_try] * 3 + [self.make_with, self.make_match]
        if self.loops:
            forms += [self.make_leave]
        if self.in_function and self.in_function != "yield":
            forms += [lambda depth: Statement(("if %s:" % self.condition(1), [simple("return " + self.expression(self.in_function, 2))]))]
        if self.in_function == "yield":
            forms += [lambda depth: simple("yield clip(%s)" % self.expression("int", 2))] * 3
        return self.pick(forms)(depth)

    def make_assignment(self, depth):
        kind = self.pick(TYPES)
        names = self.variables(kind)
        here = [n for n in names if n in self.scopes[-1]]
        return self.assign(self.pick(here) if here and self.chance(50) else self.name("v"), kind)

    def make_print(self, depth):
        return simple("show(%s)" % ", ".join(self.expression(self.pick(TYPES), 2) for _ in range(self.random.randrange(1, 4))))

    def make_change(self, depth):
        e = self.expression
        here = lambda kind: [n for n in self.variables(kind) if n in self.scopes[-1]]
        kind = self.pick(("list", "dict", "set", "int", "str", "tuple", "float"))
        names = here(kind) if kind in ("int", "str", "tuple", "float") else self.variables(kind)
        if not names:
            return self.make_assignment(depth)
        name = self.pick(names)
        if kind == "list":
            return simple(self.pick(("%s.append(%s)" % (name, e("int", 2)), "%s[%s] = %s" % (name, e("int", 1), e("int", 2)), "%s.sort()" % name,
                                     "%s.insert(%s, %s)" % (name, e("int", 0), e("int", 1)), "%s.pop()" % name, "del %s[%s]" % (name, self.slice(1)),
                                     "%s[%s] = %s" % (name, self.slice(1), e("list", 1)), "%s.reverse()" % name, "%s.remove(%s)" % (name, e("int", 1)))))
        if kind == "dict":
            return simple(self.pick(("%s[%s] = %s" % (name, e("int", 1), e("int", 2)), "%s.pop(%s)" % (name, e("int", 1)), "%s.update(%s)" % (name, e("dict", 1)),
                                     "%s.setdefault(%s, 5)" % (name, e("int", 1)), "del %s[%s]" % (name, e("int", 1)), "%s |= %s" % (name, e("dict", 1)))))
        if kind == "set":
            return simple(self.pick(("%s.add(%s)" % (name, e("int", 2)), "%s.discard(%s)" % (name, e("int", 1)), "%s.update(%s)" % (name, e("list", 1)))))
        if kind == "int" and self.chance(30) and len(here("int")) > 1:
            other = self.pick(here("int"))
            return simple("%s, %s = %s, %s" % (name, other, other, name))
        operator = {"int": INT_OPERATORS, "float": ("+", "-", "*", "/"), "str": ("+",), "tuple": ("+",)}[kind]
        clip = Statement(("if True:", [simple("%s %s= %s" % (name, self.pick(operator), e(kind, 2))), simple("%s = clip(%s)" % (name, name))]))
        return clip

    def make_if(self, depth):
        clauses = [("if %s:" % self.condition(2), self.block(depth - 1))]
        if self.chance(30):
            clauses.append(("elif %s:" % self.condition(2), self.block(depth - 1)))
        if self.chance(50):
            clauses.append(("else:", self.block(depth - 1)))
        return Statement(*clauses)

    def loop(self, header, depth, first=()):
        self.loops += 1
        body = list(first) + self.block(depth - 1)
        self.loops -= 1
        clauses = [(header, body)]
        if self.chance(20):
            clauses.append(("else:", self.block(depth - 1, 1)))
        return Statement(*clauses)

    def make_for(self, depth):
        name = self.name("i")
        iterable = self.pick(("tuple(%s)" % self.iterable(2), "range(%d)" % self.random.randrange(6), "%s[:5]" % self.expression("list", 2)))
        form = self.random.randrange(6)
        self.scopes[-1][name] = "int"
        if form == 0:
            other = self.name("i")
            self.scopes[-1][other] = "int"
            return self.loop("for %s, %s in enumerate(%s):" % (name, other, iterable), depth)
        if form == 1:
            other = self.name("i")
            self.scopes[-1][other] = "int"
            return self.loop("for %s, %s in list(%s.items())[:5]:" % (name, other, self.expression("dict", 1)), depth)
        if form == 2:
            self.scopes[-1][name] = "str"
            return self.loop("for %s in %s[:5]:" % (name, self.expression("str", 2)), depth)
        return self.loop("for %s in %s:" % (name, iterable), depth)

    def make_while(self, depth):
        name = self.name("n")
        loop = self.loop("while %s < %d and %s:" % (name, self.random.randrange(1, 6), self.pick(("True", self.condition(1)))), depth,
                         [simple("%s += 1" % name)])
        return Statement(("if True:", [simple("%s = 0" % name), loop]))

    def make_leave(self, depth):
        return Statement(("if %s:" % self.condition(1), [simple(self.pick(("break", "continue")))]))

    def make_try(self, depth):
        body = self.block(depth - 1)
        if self.chance(50):
            error = self.pick(ERRORS)
            body.append(Statement(("if %s:" % self.condition(1), [simple("raise %s(%s)" % (error, self.expression(self.pick(("int", "str")), 1)))])))
        name = self.name("e")
        clauses = [("try:", body)]
        if self.chance(30):
            clauses.append(("except (%s, %s):" % (self.pick(ERRORS), self.pick(ERRORS)), self.block(depth - 1, 1)))
        handler = [simple("show(type(%s).__name__, str(%s))" % (name, name))] + self.block(depth - 1, 1)
        if self.chance(15):
            handler.append(simple("raise Custom('again') from %s" % name))
        clauses.append(("except %s as %s:" % (self.pick(("Exception", "Exception", "LookupError", "ArithmeticError")), name), handler))
        if self.chance(25):
            clauses.append(("else:", self.block(depth - 1, 1)))
        if self.chance(30):
            clauses.append(("finally:", self.block(depth - 1, 1)))
        return Statement(*clauses)

    def make_with(self, depth):
        name = self.name("m")
        self.scopes[-1][name] = "int"
        return Statement(("with Manager(%s, %s) as %s:" % (self.expression("int", 1), self.expression("bool", 0), name), self.block(depth - 1)))

    def make_match(self, depth):
        name = self.name("p")
        self.scopes[-1][name] = "int"
        subject = self.pick((self.expression("int", 2), self.expression("list", 2), self.expression("tuple", 2), self.expression("dict", 2)))
        cases = self.random.sample(("case 0 | 1 | -1:", "case [%s]:" % name, "case [%s, *_]:" % name, "case {1: %s}:" % name, "case str() | bytes():",
                                    "case int(%s) if %s > 5:" % (name, name), "case (1, %s) | [2, _, %s]:" % (name, name)), 3)
        body = [Statement((case, self.block(depth - 1, 1))) for case in cases] + [Statement(("case _:", self.block(depth - 1, 1)))]
        return Statement(("if True:", [simple("%s = 0" % name), Statement(("match %s:" % subject, body))]))

    # ---- definitions ----

    def body_of(self, parameters, result):
        outer_loops, outer = self.loops, self.in_function
        self.loops, self.in_function = 0, result
        self.scopes.append(dict(parameters))
        body = self.start_variables() + self.block(2)
        if result == "yield":
            body.append(simple("yield clip(%s)" % self.expression("int", 2)))
            if self.chance(30):
                body.append(simple("yield from %s" % self.expression("list", 1)))
        else:
            body.append(simple("return clip(%s)" % self.expression(result, 2)))
        self.scopes.pop()
        self.loops, self.in_function = outer_loops, outer
        return body

    def make_function(self):
        name, result = self.name("f"), self.pick(TYPES)
        parameters = [(self.name("a"), self.pick(TYPES)) for _ in range(self.random.randrange(4))]
        text = [p for p, _ in parameters]
        if parameters and self.chance(30):
            text[-1] += "=%s" % self.pick(LITERALS[parameters[-1][1]])
        if self.chance(15):
            text.append(self.pick(("*rest", "**rest", "*rest, key=3", "*, key=4")))
        body = self.body_of(parameters, result)
        if self.chance(25):
            cell, inner = self.name("v"), self.name("g")
            closure = Statement(("def %s():" % inner, [simple("nonlocal " + cell), simple("%s += 1" % cell), simple("return %s" % cell)]))
            body[0:0] = [simple("%s = %d" % (cell, self.random.randrange(9))), closure, simple("show(%s(), %s())" % (inner, inner))]
        self.functions.append((name, [kind for _, kind in parameters], result))
        return Statement(("def %s(%s):" % (name, ", ".join(text)), body))

    def make_generator(self):
        name, parameter = self.name("gen"), self.name("a")
        body = self.body_of([(parameter, "int")], "yield")
        if self.chance(40):
            body = [Statement(("try:", body), ("except %s:" % self.pick(ERRORS), [simple("show('error in %s')" % name)]))]
        self.generators.append((name, "int"))
        return Statement(("def %s(%s):" % (name, parameter), body))

    def make_class(self):
        name = self.name("K")
        base = self.pick([c for c, _ in self.classes] + ["object", "object"])
        self_int = [("self.x", "int"), ("self.y", "int")]
        methods = [Statement(("def __init__(self, x, y=3):", [simple("super().__init__(%s)" % ("x, y" if base != "object" else "")), simple("self.x = x"), simple("self.y = y")]))]
        for method in self.random.sample(("__add__(self, other)", "__eq__(self, other)", "__len__(self)", "__getitem__(self, key)", "__call__(self, *args)",
                                          "__repr__(self)", "__lt__(self, other)", "__iter__(self)", "__radd__(self, other)", "__contains__(self, key)",
                                          "__getattr__(self, key)", "step(self, other=2)"), 5):
            result = {"__repr__": "str", "__len__": "int", "__eq__": "bool", "__lt__": "bool", "__contains__": "bool"}.get(method.split("(")[0], "int")
            if method.startswith("__iter__"):
                methods.append(Statement(("def %s:" % method, self.body_of(self_int, "yield"))))
            elif method.startswith("__len__"):
                methods.append(Statement(("def %s:" % method, [simple("return abs(self.x) % 50")])))
            elif method.startswith("__getattr__"):
                methods.append(Statement(("def %s:" % method, [Statement(("if key == 'z':", [simple("return self.x")])), simple("raise AttributeError(key)")])))
            else:
                methods.append(Statement(("def %s:" % method, self.body_of(self_int, result))))
        if self.chance(40):
            methods.append(Statement(("@property", None), ("def twice(self):", [simple("return clip(self.x * 2)")])))
        if self.chance(30):
            methods.append(Statement(("@classmethod", None), ("def make(cls, x):", [simple("return cls(x, %d)" % self.random.randrange(5))])))
        self.classes.append((name, ("x", "y")))
        return Statement(("class %s(%s):" % (name, base), methods))

    def make_use(self):
        name = self.pick(self.classes)[0]
        o = self.name("o")
        uses = self.random.sample(("%(o)s + 3", "3 + %(o)s", "%(o)s == %(o)s", "len(%(o)s)", "%(o)s[1]", "%(o)s(2, 3)", "%(o)s < %(o)s", "list(%(o)s)[:4]", "5 in %(o)s",
                                   "%(o)s.z", "%(o)s.step()", "%(o)s.twice", "type(%(o)s).make(4).y", "%(o)s.missing", "bool(%(o)s)", "hash(%(o)s) != 0", "sorted([%(o)s, %(o)s])[0].x"), 5)
        body = [simple("%s = %s(%s)" % (o, name, self.expression("int", 1)))]
        for use in uses:
            body.append(Statement(("try:", [simple("show(%s)" % (use % {"o": o}))]), ("except Exception as error:", [simple("show(type(error).__name__, str(error))")])))
        return Statement(("if True:", body))

    def program(self, size=16):
        statements = [Statement(("class Custom(Exception):", [simple("pass")])),
                      Statement(("class Manager:", [
                          Statement(("def __init__(self, value, swallow):", [simple("self.value, self.swallow = value, swallow")])),
                          Statement(("def __enter__(self):", [simple("show('enter')"), simple("return self.value")])),
                          Statement(("def __exit__(self, kind, error, traceback):", [simple("show('exit', kind and kind.__name__)"), simple("return self.swallow")]))]))]
        statements += self.start_variables() + self.start_variables() + self.start_variables()
        for _ in range(size):
            form = self.random.randrange(12)
            if form < 2:
                statements.append(self.make_function())
            elif form == 2:
                statements.append(self.make_generator())
            elif form == 3:
                statements.append(self.make_class())
            elif form == 4 and self.classes:
                statements.append(self.make_use())
            else:
                statements.append(Statement(("try:", self.block(2, 2)), ("except Exception as error:", [simple("show(type(error).__name__, str(error))")])))
        for name, kind in sorted(self.scopes[0].items()):
            statements.append(Statement(("if %r in globals():" % name, [simple("show(%s)" % name)])))
        return statements
