"""A line of YAML adds an instruction: executed counts change, what the program prints does not, and nothing is rebuilt."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "cli"))
from harness import run_tests

DISTANCES = '''def nearest(points, x, y):
    best = None
    for a, b in points:
        distance = (a - x) * (a - x) + (b - y) * (b - y)
        if best is None or distance < best:
            best = distance
    return best

points = [(i * 37 % 101, i * 53 % 97) for i in range(200)]
print([nearest(points, x, 50) for x in range(0, 100, 10)])
'''
NEGATE = '''def f(values):
    total = 0
    for a in values:
        total += -(~a)
    return total
print(f(range(300)), -(~True))
class Odd:
    def __invert__(self):
        return "no number"
try:
    f([Odd()])
except TypeError as error:
    print(error)
'''
CALLS = '''from math import gcd
def f(n):
    return sum(gcd(i, 12) for i in range(n))
print(f(100))
def gcd(a, b):
    return "mine"
print(gcd(1, 2))
import math
g = math.gcd
print(g(12, 18))
'''
SHADOWED = '''import math
def f(values):
    return [math.gcd(a, 12) for a in values]
print(f(range(8)))
math.gcd = lambda a, b: "replaced"
print(f(range(3)))
'''
PRODUCTS = '''def f(values):
    total = 0
    for a, b in values:
        total += a * a + b * b
        d = a * b - b * a
    return total, d
print(f([(i, i + 1) for i in range(100)]))
'''
ADDITIONS = (
    ("SQDIFF", '{pattern: "d = mul(sub(a, b), sub(c, e))", operands: {d: reg, a: reg, b: reg, c: reg, e: reg}, unit: mac}',
     "hybrid.yaml", DISTANCES, ("DOT2", "MADD")),
    ("SQDIFF", '{pattern: "d = mul(sub(a, b), sub(c, e))", operands: {d: reg, a: reg, b: reg, c: reg, e: reg}, unit: mac}',
     "register.yaml", DISTANCES, ()),
    ("NEGINVERT", '{pattern: "d = neg(invert(a))", operands: {d: [reg, stack], a: [reg, stack]}, unit: alu}',
     "hybrid.yaml", NEGATE, ()),
    ("GCD", '{pattern: "d = call(math.gcd, a, b)", operands: {d: [reg, stack], a: [reg, stack], b: [reg, const, imm6, stack]}, unit: divide}',
     "hybrid.yaml", CALLS, ()),
    ("GCD", '{pattern: "d = call(math.gcd, a, b)", operands: {d: [reg, stack], a: [reg, stack], b: [reg, const, imm6, stack]}, unit: divide}',
     "hybrid.yaml", SHADOWED, ()),
)


def write_spec(suite, folder, base, lines):
    with open(os.path.join(folder, "mine.yaml"), "w") as stream:
        stream.write("isa: mine\ninherits: %s\ninstructions:\n" % suite.spec(base))
        stream.writelines("  %s\n" % line for line in lines)


def test_added_instructions(suite):
    built = os.stat(suite.binary).st_mtime_ns
    for number, (name, body, base, program, removed) in enumerate(ADDITIONS):
        label = "%s in %s (%d)" % (name, base, number)
        folder = suite.folder("added%d" % number, {"program.py": program})
        write_spec(suite, folder, base, ["%s: %s" % (name, body)] + ["%s: off" % other for other in removed])
        checked = suite.hybridsim("isa", "check", "mine.yaml", folder=folder)
        if not suite.check(label + ": isa check", checked.returncode == 0, checked.stderr.decode()):
            continue
        options = ("--no-baseline", "--isa", base.removesuffix(".yaml"), "--isa", "mine.yaml")
        try:
            before, after = suite.report(*options, "program.py", folder=folder)["runs"]
        except AssertionError as error: # exit 70: the output differs
            suite.check(label + ": runs", False, str(error))
            continue
        suite.check(label + ": it is executed", after["by_instruction"].get(name, 0) > 0, after["by_instruction"])
        suite.check(label + ": the base has no such thing", name not in before["by_instruction"])
        if not removed:
            suite.check(label + ": fewer instructions", after["instructions"] < before["instructions"],
                        "%d, without it %d" % (after["instructions"], before["instructions"]))
        suite.same_as_python(label, ["program.py"], folder, options=options)
    suite.equal("nothing was rebuilt", os.stat(suite.binary).st_mtime_ns, built)


def test_removed_instruction(suite):
    folder = suite.folder("removed", {"program.py": PRODUCTS + DISTANCES})
    write_spec(suite, folder, "hybrid.yaml", ["DOT2: off", "MADD: off", "BLT: off"])
    before, after = suite.report("--no-baseline", "--isa", "hybrid", "--isa", "mine.yaml", "program.py", folder=folder)["runs"]
    suite.check("DOT2 is used", before["by_instruction"].get("DOT2", 0) > 0, before["by_instruction"])
    suite.equal("and gone", [n for n in ("DOT2", "MADD", "BLT") if n in after["by_instruction"]], [])
    suite.check("more instructions", after["instructions"] > before["instructions"])


def test_other_cost(suite):
    """A latency in the spec changes cycles only (no other instruction can take this one's place)."""
    folder = suite.folder("cost", {"program.py": PRODUCTS})
    write_spec(suite, folder, "hybrid.yaml", ["FORITER: {latency: 60}"])
    before, after = suite.report("--no-baseline", "--isa", "hybrid", "--isa", "mine.yaml", "program.py", folder=folder)["runs"]
    suite.equal("the same instructions", after["by_instruction"], before["by_instruction"])
    suite.check("more cycles", after["cycles"] > before["cycles"], "%d, before %d" % (after["cycles"], before["cycles"]))


def test_other_registers(suite):
    """Few registers: more moves, the same output."""
    folder = suite.folder("registers", {"program.py": DISTANCES, "negate.py": NEGATE, "calls.py": CALLS})
    with open(os.path.join(folder, "mine.yaml"), "w") as stream:
        stream.write("isa: small\ninherits: %s\nregisters: {count: 8, scratch: 3}\n" % suite.spec("hybrid.yaml"))
    for program in ("program.py", "negate.py", "calls.py"):
        suite.same_as_python("8 registers: " + program, [program], folder, options=("--isa", "hybrid", "--isa", "mine.yaml"))


run_tests(globals())
