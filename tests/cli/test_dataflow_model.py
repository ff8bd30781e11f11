"""The dataflow limit against a model of it: a small interpreter of CPython 3.11's bytecode that executes programs itself and places
each instruction in the cycle after the last of its operands, as D. W. Wall's report has it, with dicts and sets where hybridsim has
stamps and lanes. Instructions, the longest chain, and those within windows of 32, 128 and 2048 have to be the same."""
import builtins
import collections
import dis
import json
import operator

from harness import run_tests

PROGRAMS = {
    "items": """
def f(a, n):
    s = 0
    i = 0
    while i < n:
        if a[i] > 2:
            s = s + a[i] * 3
        else:
            a[i] = s - 1
        i += 1
    b = [0] * n
    for x in range(1, n):
        b[x] = b[x - 1] + a[x]
    return b[n - 1] + s
print(f([3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3], 16))
""",
    "independent": """
def f(a, b, n):
    for i in range(n):
        b[i] = (a[i] * a[i] + 1) * (a[i] - 3) - i
a = [5] * 300
b = [0] * 300
f(a, b, 300)
print(b[299])
""",
    "recursion": """
def fib(n):
    if n < 2:
        return n
    return fib(n - 1) + fib(n - 2)
print(fib(11))
""",
    "globals and attributes": """
total = 0
def add(k):
    global total
    total = total + k
    add.calls = add.calls + 1
    return total
add.calls = 0
for i in range(40):
    add(i)
print(total, add.calls)
""",
    "lists that grow": """
def f(n):
    out = []
    for i in range(n):
        out.append(i * i)
        if len(out) > 5:
            out[i - 3] = out[i - 5] + out[i]
    return out
b = f(60)
s = 0
for x in b:
    s += x
print(s, len(b))
""",
    "matrix product": """
def f(a, b, c, n):
    for i in range(n):
        for j in range(n):
            s = 0
            for k in range(n):
                s += a[i][k] * b[k][j]
            c[i][j] = s
a = [[1, 2, 3, 4, 5, 6], [2, 3, 4, 5, 6, 7], [3, 4, 5, 6, 7, 8], [4, 5, 6, 7, 8, 9], [5, 6, 7, 8, 9, 1], [6, 7, 8, 9, 1, 2]]
c = [[0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0]]
f(a, a, c, 6)
print(c[5][5])
""",
    "many constants": "def f(x):\n" + "".join(" x = x + %d\n y = %d\n" % (i + 1000, i + 5000) for i in range(300)) +
                      " return x\nprint(f(1))\n",
}

OPERATORS = {"+": operator.add, "-": operator.sub, "*": operator.mul, "//": operator.floordiv, "%": operator.mod,
             "&": operator.and_, "<": operator.lt, ">": operator.gt, "<=": operator.le, ">=": operator.ge, "==": operator.eq,
             "!=": operator.ne}


class Placement:
    """Cycles of one way of placing: size None is no window."""

    def __init__(self, size):
        self.size, self.open, self.first, self.last = size, collections.Counter(), 1, 0

    def place(self, ready):
        cycle = max(ready + 1, self.first)
        self.last = max(self.last, cycle)
        if self.size:
            self.open[cycle] += 1
            while sum(self.open.values()) >= self.size:
                self.open.pop(self.first, None)
                self.first += 1
        return cycle


class Model:
    SIZES = (None, 32, 128, 2048)

    def __init__(self):
        self.placements = [Placement(size) for size in self.SIZES]
        self.memory = {}        # (id of a container, index or name): when it is there, for each placement
        self.alive = []         # containers, so that ids stay theirs
        self.executed = 0
        self.output = []
        self.globals = {"print": lambda *values: self.output.append(" ".join(map(str, values)))}

    def execute(self, *operands):
        """An instruction that needs these; answers when its result is there."""
        self.executed += 1
        known = [times for times in operands if times]
        return tuple(placement.place(max((times[i] for times in known), default=0)) for i, placement in enumerate(self.placements))

    def load(self, container, key):
        return self.memory.get((id(container), key))

    def store(self, container, key, times):
        self.alive.append(container)
        self.memory[id(container), key] = times

    def call_native(self, function, stack, operands):
        values = [value for value, _ in operands]
        owner = getattr(function, "__self__", None)
        if function is len:
            times = self.execute(*(t for _, t in operands), self.load(values[-1], "length"))
            return len(values[-1]), times
        if isinstance(owner, list) and function.__name__ == "append":
            times = self.execute(*(t for _, t in operands), self.load(owner, "length"))
            self.store(owner, len(owner), times)
            self.store(owner, "length", times)
            return owner.append(values[-1]), times
        arguments = [value for value, _ in stack]
        return function(*arguments), self.execute(*(t for _, t in operands))

    def run(self, code, arguments):
        local = dict(zip(code.co_varnames, arguments))
        stack, instructions = [], list(dis.get_instructions(code))
        places = {instruction.offset: i for i, instruction in enumerate(instructions)}
        at = 0
        pop = stack.pop

        def push(value, times):
            stack.append((value, times))

        while True:
            instruction = instructions[at]
            name, argument = instruction.opname, instruction.argval
            at += 1
            if name in ("RESUME", "PRECALL", "NOP", "EXTENDED_ARG"):
                self.execute()
            elif name == "POP_TOP":
                self.execute()
                pop()
            elif name == "PUSH_NULL":
                push(None, self.execute())
            elif name == "LOAD_CONST":
                push(argument, self.execute())
            elif name == "LOAD_FAST":
                value, times = local[argument]
                push(value, self.execute(times))
            elif name == "STORE_FAST":
                value, times = pop()
                local[argument] = value, self.execute(times)
            elif name in ("LOAD_NAME", "LOAD_GLOBAL"):
                value = self.globals[argument] if argument in self.globals else getattr(builtins, argument)
                times = self.execute(self.load(self.globals, argument))
                if name == "LOAD_GLOBAL" and instruction.arg & 1:
                    push(None, times)
                push(value, times)
            elif name in ("STORE_NAME", "STORE_GLOBAL"):
                value, times = pop()
                self.globals[argument] = value
                self.store(self.globals, argument, self.execute(times))
            elif name in ("BINARY_OP", "COMPARE_OP"):
                (right, b), (left, a) = pop(), pop()
                push(OPERATORS[instruction.argrepr.rstrip("=") if name == "BINARY_OP" else argument](left, right),
                     self.execute(a, b))
            elif name == "BINARY_SUBSCR":
                (key, b), (container, a) = pop(), pop()
                push(container[key], self.execute(a, b, self.load(container, key)))
            elif name == "STORE_SUBSCR":
                (key, c), (container, b), (value, a) = pop(), pop(), pop()
                container[key] = value
                self.store(container, key, self.execute(a, b, c))
            elif name == "LOAD_ATTR":
                value, times = pop()
                push(self.load(value, "value of " + argument)[0], self.execute(times, self.load(value, argument)))
            elif name == "STORE_ATTR":
                (target, b), (value, a) = pop(), pop()
                self.store(target, argument, self.execute(a, b))
                self.store(target, "value of " + argument, (value,))
            elif name == "LOAD_METHOD":
                value, times = pop()
                found = self.execute(times)
                push(getattr(value, argument), found)
                push(value, found)
            elif name == "BUILD_LIST":
                items = [pop() for _ in range(argument)][::-1]
                push([value for value, _ in items], self.execute(*(times for _, times in items)))
            elif name == "LIST_EXTEND":
                items, times = pop()
                target, other = stack[-argument]
                target.extend(items)
                self.execute(times, other)
            elif name == "MAKE_FUNCTION":
                value, times = pop()
                push(value, self.execute(times))
            elif name == "GET_ITER":
                value, times = pop()
                push((iter(value), value, [0]), self.execute(times))
            elif name == "FOR_ITER":
                (iterator, container, count), times = stack[-1]
                value = next(iterator, self)
                item = self.load(container, count[0]) if isinstance(container, list) else None
                times = self.execute(times, item if value is not self else None)
                count[0] += 1
                stack[-1] = (stack[-1][0], times)
                if value is self:
                    pop()
                    at = places[argument]
                else:
                    push(value, times)
            elif name.startswith("JUMP_"):
                self.execute()
                at = places[argument]
            elif name.startswith("POP_JUMP_"):
                value, times = pop()
                self.execute(times)
                if bool(value) == name.endswith("IF_TRUE"):
                    at = places[argument]
            elif name == "CALL":
                given = [pop() for _ in range(argument)][::-1]
                second, first = pop(), pop()
                callee = second[0] if first[0] is None else first[0]
                if hasattr(callee, "co_code"):
                    self.execute(first[1], second[1], *(times for _, times in given))
                    push(*self.run(callee, given))
                else:
                    push(*self.call_native(callee, given, [first, second] + given))
            elif name == "RETURN_VALUE":
                value, times = pop()
                return value, self.execute(times)
            else:
                raise NotImplementedError(name)


def test_model(suite):
    folder = suite.folder("model", {name.replace(" ", "_") + ".py": source for name, source in PROGRAMS.items()})
    for name, source in PROGRAMS.items():
        script = name.replace(" ", "_") + ".py"
        done = suite.hybridsim("parallel", "--json", "--isa", "stack", script, folder=folder)
        if not suite.check(name + " runs", done.returncode == 0, done.stderr.decode(errors="replace")):
            continue
        found = json.loads(done.stdout)["runs"][0]
        model = Model()
        model.run(compile(source, script, "exec"), [])
        suite.equal(name + ": what it prints", done.stderr.decode(), "\n".join(model.output) + "\n")
        suite.equal(name + ": instructions", found["instructions"], model.executed)
        for size, placement in zip(Model.SIZES, model.placements):
            key = "window_%d" % size if size else "unlimited"
            suite.equal("%s: %s" % (name, key), found["critical_path"][key], placement.last)


run_tests(globals())
