"""`hybridsim count`: counts agree with CPython's own at every aggregation, and add up to the same totals; pairs and triples agree
with what sys.settrace sees; categories, conventions, formats, bad input."""
import csv
import io
import json
import os
import subprocess
import xml.dom.minidom

from harness import Skip, run_tests

PROGRAM = """import sys
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)

def numbers(count):
    for i in range(count):
        if i % 3:
            yield i

class Shape:
    def __init__(self, side):
        self.side = side

    def area(self):
        return self.side * self.side

def never(a):
    return [a, a]

total = 0
for n in numbers(20):
    try:
        total += Shape(n).area() // (n - 4)
    except ZeroDivisionError as error:
        total += len(str(error))
words = sorted({w: len(w) for w in "to be or not to be".split()}.items(), key=lambda pair: pair[1])
print(fib(9), total, words, [x for x in range(5) if x & 1])
"""

# Counts, for each frame, which instruction follows which; what comes before RESUME is not reported by the interpreter.
TRACER = """import dis, json, sys
from collections import Counter
pairs, triples, last = Counter(), Counter(), {}
names = {}
def name(code, offset):
    if code not in names:
        names[code] = {i.offset: i.opname for i in dis.get_instructions(code)}
    return names[code][offset]
def add(frame, opcode):
    recent = last.setdefault(frame, [])
    recent.append(opcode)
    if len(recent) > 1:
        pairs[" ".join(recent[-2:])] += 1
    if len(recent) > 2:
        triples[" ".join(recent[-3:])] += 1
def local(frame, event, argument):
    if event == "exception":
        last[frame] = []
    elif event == "opcode":
        add(frame, name(frame.f_code, frame.f_lasti))
    return local
def traced(frame, event, argument):
    if frame.f_code.co_filename != sys.argv[1]:
        return None
    frame.f_trace_opcodes = True
    add(frame, "RESUME")
    return local
code = compile(open(sys.argv[1]).read(), sys.argv[1], "exec")
sys.settrace(traced)
exec(code, {"__name__": "__main__"})
sys.settrace(None)
json.dump([pairs, triples], sys.stderr)
"""


def count(suite, *arguments, folder=None, status=0):
    done = suite.hybridsim("count", "--json", *arguments, folder=folder)
    if done.returncode != status:
        raise AssertionError("exit status %d: %s" % (done.returncode, done.stderr.decode(errors="replace")[-500:]))
    return json.loads(done.stdout)


def rows(run, field="executed"):
    return {row["name"]: row[field] for row in run["rows"] if row[field]}


def program(suite, name="count", text=PROGRAM):
    return suite.folder(name, {"a.py": text})


def test_truth(suite):
    """Opcode by opcode and function by function as CPython counted, for the programs with ground truth."""
    folder = os.path.join(suite.shared, "truth")
    if not os.path.isdir(folder):
        raise Skip("no ground truth")
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name)) as stream:
            truth = json.load(stream)
        script = name.replace(".json", ".py")
        place = os.path.join(suite.shared, "bench", "small")
        codes = [code for code in truth["by_code"] if code["file"] == script]
        wanted, functions = {}, {}
        for code in codes:
            key = "%s (%s:%d)" % (code["name"], script, code["line"])
            functions[key] = functions.get(key, 0) + code["instructions"]
            for opcode, times in code["opcodes"].items():
                wanted[opcode] = wanted.get(opcode, 0) + times
        run = count(suite, "--by", "opcode", script, folder=place)["runs"][0]
        suite.equal(script + " by opcode", {k: v for k, v in rows(run).items()}, wanted)
        suite.equal(script + " total", run["executed"], sum(wanted.values()))
        by_function = {}
        for row in count(suite, "--by", "function", script, folder=place)["runs"][0]["rows"]:
            if row["executed"]:
                by_function[row["name"]] = by_function.get(row["name"], 0) + row["executed"]
        suite.equal(script + " by function", by_function, functions)


def test_sums(suite):
    """Every table of a run adds up to the same totals, which are those of `hybridsim run`."""
    folder = program(suite)
    isas = ("--isa", "register", "--isa", "hybrid")
    for scope in ("script", "all"):
        report = suite.report("--scope", scope, *isas, "a.py", folder=folder)
        static = None
        for by in ("opcode", "category", "function", "line"):
            found = count(suite, "--by", by, "--scope", scope, *isas, "a.py", folder=folder)
            for run, wanted in zip(found["runs"], report["runs"]):
                name = "%s %s %s" % (scope, by, run["isa"])
                suite.equal(name + ": executed", sum(rows(run).values()), wanted["instructions"])
                suite.equal(name + ": total", run["executed"], wanted["instructions"])
                suite.equal(name + ": static", sum(rows(run, "static").values()), run["static"])
                if by == "category":
                    suite.equal(name + ": categories", rows(run),
                                {k: v for k, v in wanted["by_category"].items() if v})
            totals = [run["static"] for run in found["runs"]]
            suite.equal("%s %s: static totals" % (scope, by), totals, static or totals)
            static = totals


def test_static(suite):
    """All code objects, entered or not, as dis lists them; nothing is run."""
    folder = program(suite)
    script = os.path.join(folder, "a.py")
    listing = suite.python("-c", """import dis, sys
from collections import Counter
found = Counter()
def walk(code):
    found.update(i.opname for i in dis.get_instructions(code, show_caches=True))
    for constant in code.co_consts:
        if hasattr(constant, "co_code"):
            walk(constant)
walk(compile(open(sys.argv[1]).read(), "a.py", "exec"))
print(dict(found))""", script)
    wanted = eval(listing.stdout)
    caches = wanted.pop("CACHE")
    done = suite.hybridsim("count", "--static", "--json", "--caches", script)
    run = json.loads(done.stdout)["runs"][0]
    found = rows(run, "static")
    suite.equal("CACHE entries", found.pop("CACHE (entries, never executed)"), caches)
    suite.equal("static as dis", found, wanted)
    suite.equal("nothing is executed", (run["executed"], done.stderr), (0, b""))
    suite.equal("the same beside a run", rows(count(suite, "a.py", folder=folder)["runs"][0], "static"), wanted)
    compiled = suite.python("-m", "py_compile", "a.py", folder=folder)
    suite.equal("py_compile", compiled.returncode, 0)
    suite.equal("a .pyc", rows(count(suite, "--static", "__pycache__/a.cpython-311.pyc", folder=folder)["runs"][0], "static"),
                wanted)
    pairs = count(suite, "--static", "--by", "pair", "a.py", folder=folder)["runs"][0]
    suite.check("static pairs", pairs["static"] and not pairs["executed"], pairs["static"])


def test_sequences(suite):
    """Pairs exactly; triples exactly but for those that are said to be estimated."""
    folder = program(suite)
    tracer = suite.folder("tracer", {"tracer.py": TRACER})
    done = subprocess.run([suite.python_path, os.path.join(tracer, "tracer.py"), "a.py"], cwd=folder, capture_output=True,
                          env=suite.environment)
    pairs, triples = json.loads(done.stderr)
    early = ("MAKE_CELL", "COPY_FREE_VARS", "RETURN_GENERATOR", "POP_TOP RESUME")

    def comparable(table):
        return {key: times for key, times in table.items() if not any(word in key for word in early)}
    run = count(suite, "--by", "pair", "--isa", "hybrid", "a.py", folder=folder)["runs"]
    suite.equal("pairs", comparable(rows(run[0])), comparable(pairs))
    suite.check("pairs of hybrid", run[1]["executed"] < run[0]["executed"], run[1]["executed"])
    run = count(suite, "--by", "triple", "a.py", folder=folder)["runs"][0]
    found, wanted = comparable(rows(run)), comparable(triples)
    suite.equal("triples in all", sum(found.values()), sum(wanted.values()))
    wrong = sum(abs(found.get(key, 0) - wanted.get(key, 0)) for key in set(found) | set(wanted))
    suite.check("triples but for estimates", wrong <= 2 * run["estimated"], (wrong, run["estimated"]))
    suite.check("most triples are known", run["estimated"] < run["executed"] // 4, run["estimated"])


def test_sequence_sums(suite):
    """What follows in one code object: as many pairs as instructions less one for each time a sequence begins."""
    text = "def f(n):\n    t = 0\n    for i in range(n):\n        t += i\n    return t\nprint(f(100), f(3))\n"
    folder = program(suite, "sums", text)
    run = count(suite, "--by", "pair", "a.py", folder=folder)["runs"][0]
    suite.equal("pairs", run["executed"], run["instructions"] - 3)
    run = count(suite, "--by", "triple", "a.py", folder=folder)["runs"][0]
    suite.equal("triples", run["executed"], run["instructions"] - 6)


def test_native(suite):
    """The multiply-adds of numpy.dot are the arithmetic."""
    folder = program(suite, "native",
                     "import numpy as np\na = np.ones((20, 30))\nb = np.ones((30, 40))\nprint(np.dot(a, b)[0][0])\n")
    run = count(suite, "a.py", folder=folder)["runs"][0]
    suite.equal("multiply-adds", rows(run, "native").get("native multiply_adds"), 20 * 30 * 40)
    run = count(suite, "--by", "category", "a.py", folder=folder)["runs"][0]
    arithmetic = [row for row in run["rows"] if row["name"] == "arithmetic"][0]
    suite.check("arithmetic leads", run["rows"][0] is arithmetic and arithmetic["native"] >= 24000, run["rows"][0])
    run = count(suite, "--by", "function", "a.py", folder=folder)["runs"][0]
    suite.check("functions have it, too", run["native"] >= 24000, run["native"])
    text = suite.hybridsim("count", "--by", "category", "a.py", folder=folder).stdout.decode()
    suite.check("a column", "native" in text and "25,800" in text, text)


def test_categories(suite):
    folder = suite.folder("categories", {
        "a.py": PROGRAM,
        "own.yaml": "categories:\n  - {name: loads, instructions: [LOAD_*]}\n  - {name: rest, isa: [calls, iteration]}\n",
        "bad.yaml": "categories:\n  - {name: loads, isa: [arithmatic], nativ: []}\n  - {name: loads, colour: red}\n",
        "broken.yaml": "categories: [\n", "empty.yaml": "", "scalar.yaml": "categories: 3\n"})
    run = count(suite, "--by", "category", "--categories", "own.yaml", "a.py", folder=folder)["runs"][0]
    by_opcode = rows(count(suite, "a.py", folder=folder)["runs"][0])
    suite.equal("by pattern", rows(run)["loads"], sum(n for name, n in by_opcode.items() if name.startswith("LOAD_")))
    suite.equal("what is in none is in other", sorted(rows(run)), ["loads", "other", "rest"])
    suite.equal("the total stays", run["executed"], sum(by_opcode.values()))
    done = suite.hybridsim("count", "--categories", "bad.yaml", "a.py", folder=folder)
    lines = done.stderr.decode().splitlines()
    suite.equal("all errors", [line.split(": error")[0] for line in lines],
                ["bad.yaml:2:38", "bad.yaml:2:25", "bad.yaml:3:12", "bad.yaml:3:27"])
    suite.equal("exit status", (done.returncode, done.stdout), (2, b""))
    for name in ("broken.yaml", "empty.yaml", "scalar.yaml", "none.yaml"):
        done = suite.hybridsim("count", "--categories", name, "a.py", folder=folder)
        suite.check(name, done.returncode == 2 and done.stderr and not done.stdout, done.stderr.decode())


def test_formats(suite):
    folder = program(suite)
    wanted = rows(count(suite, "a.py", folder=folder)["runs"][0])
    done = suite.hybridsim("count", "--csv", "a.py", folder=folder)
    table = list(csv.DictReader(io.StringIO(done.stdout.decode(), newline="")))
    suite.equal("CSV", {row["opcode"]: int(row["executed"]) for row in table if row["executed"] != "0"}, wanted)
    suite.check("what the program prints", b"34 " in done.stderr, done.stderr.decode())
    done = suite.hybridsim("count", "-o", "t.txt", "--chart", "c.svg", "--isa", "hybrid", "a.py", folder=folder)
    suite.check("stdout is the program's", done.stdout.startswith(b"34 ") and done.stdout.count(b"\n") == 1, done.stdout)
    with open(os.path.join(folder, "t.txt")) as stream:
        suite.check("text in a file", "LOAD_FAST" in stream.read())
    with open(os.path.join(folder, "c.svg")) as stream:
        chart = xml.dom.minidom.parseString(stream.read())
    suite.check("chart", len(chart.getElementsByTagName("rect")) > 10)
    suite.check("chart names ISAs", "hybrid" in chart.toxml() and "bytecode" in chart.toxml())
    text = suite.hybridsim("count", "--top", "3", "a.py", folder=folder).stdout.decode()
    suite.check("--top", "more rows" in text and len(text.splitlines()) < 15, text)
    again = [suite.hybridsim("count", "--json", "--scope", "all", "a.py", folder=folder).stdout for _ in range(2)]
    suite.check("the same bytes every time", again[0] == again[1])


def test_explain(suite):
    folder = program(suite)
    text = suite.hybridsim("count", "--explain", "--specialized", "a.py", folder=folder).stdout.decode()
    for word in ("CACHE", "specialised forms", "module", "executed", "native", "EXTENDED_ARG", "BINARY_OP_ADD_INT",
                 "LOAD_FAST__LOAD_FAST"):
        suite.check("explained: " + word, word in text, text)
    executed = count(suite, "a.py", folder=folder)["runs"][0]["executed"]
    suite.check("with the program's numbers", "{:,}".format(executed) in text, text)


def test_bad_input(suite):
    folder = suite.folder("bad", {"raise.py": "def f(): return 1\nfor i in range(10): f()\nraise ValueError('x')\n",
                                  "exit.py": "import sys\nfor i in range(10): pass\nsys.exit(3)\n", "syntax.py": "def f(:\n",
                                  "deep.py": "def f(n): return f(n + 1)\nf(0)\n"})
    found = suite.hybridsim("count", "--json", "raise.py", folder=folder)
    run = json.loads(found.stdout)
    suite.equal("raise: exit status", found.returncode, 1)
    suite.equal("raise: said", run["ended"], "raised an exception or left by sys.exit")
    suite.equal("raise: complete up to there", rows(run["runs"][0])["RETURN_VALUE"], 10)
    suite.equal("exit: status", suite.hybridsim("count", "exit.py", folder=folder).returncode, 3)
    done = suite.hybridsim("count", "deep.py", "--by", "function", folder=folder)
    suite.check("recursion", done.returncode == 1 and b"RecursionError" in done.stderr, done.stderr.decode())
    done = suite.hybridsim("count", "syntax.py", folder=folder)
    suite.check("syntax error", done.returncode == 1 and b"SyntaxError" in done.stderr, done.stderr.decode())
    done = suite.hybridsim("count", "--static", "syntax.py", folder=folder)
    suite.check("syntax error, static", done.returncode == 1 and b"SyntaxError" in done.stderr, done.stderr.decode())
    for arguments, message in ((["--by", "colour", "exit.py"], "--by: found 'colour'"),
                               (["--top", "x", "exit.py"], "--top: found 'x'"),
                               ([], "no program"), (["none.py"], "none.py"), (["-o", "a.pdf", "exit.py"], "a.pdf"),
                               (["--chart", "a.png", "exit.py"], "a.png"), (["--isa", "nix", "exit.py"], "nix"),
                               (["--static", "exit.py", "x"], "found 'x'"), (["--scope", "x", "exit.py"], "--scope"),
                               (["-o", "no/where.txt", "exit.py"], "no/where.txt")):
        done = suite.hybridsim("count", *arguments, folder=folder)
        suite.check("count " + " ".join(arguments), done.returncode == 2 and message in done.stderr.decode(), done.stderr.decode())


run_tests(globals())
