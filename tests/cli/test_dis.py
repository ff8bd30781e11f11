"""`hybridsim dis`: bytecode listings are those of `python3.11 -m dis` (addresses apart) on CPython's own library, of which a
sample is looked at, or all of it with --all; machine code listings are what `translate` shows; the figures after a run add up to
the report's.
"""
import glob
import json
import os
import py_compile
import re
import signal
import time
from concurrent.futures import ThreadPoolExecutor

from harness import run_tests

# Modules whose code has shapes that others have not; the rest of the sample is every so-many-th file.
SHAPES = ["dataclasses.py", "typing.py", "asyncio/base_events.py", "opcode.py", "this.py", "antigravity.py", "_pydecimal.py",
          "contextlib.py", "enum.py", "__future__.py", "encodings/cp1252.py", "html/entities.py", "html/__init__.py",
          "unittest/mock.py", "wsgiref/util.py", "lib2to3/tests/data/py2_test_grammar.py", "test/test_patma.py",
          "test/test_grammar.py", "test/test_fstring.py", "test/test_except_star.py", "test/test_asyncgen.py",
          "test/test_unpack_ex.py", "test/test_long.py", "test/test_unicode.py", "test/test_set.py", "test/test_generators.py",
          "test/test_named_expressions.py", "test/test_positional_only_arg.py"]
SAMPLE = 60

# A listing as --caches has it, of a source file or, for a .pyc, of the code in it.
REFERENCE = """
import dis, marshal, sys
data = open(sys.argv[1], "rb").read()
code = marshal.loads(data[16:]) if sys.argv[1].endswith(".pyc") else compile(data, sys.argv[1], "exec")
dis.dis(code, show_caches=sys.argv[2] == "caches")
"""


def without_addresses(listing):
    return re.sub(rb"(<code object \S+ at 0x)[0-9a-f]+", rb"\1", listing)


def without_set_order(listing):
    """For references that are not `-m dis` itself: what a process has loaded before decides the order of a set constant."""
    return re.sub(rb"frozenset\(\{(.*?)\}\)", lambda found: b"frozenset(%s)" % b", ".join(sorted(found[1].split(b", "))),
                  without_addresses(listing))


def first_difference(found, wanted):
    for number, (a, b) in enumerate(zip(found.splitlines() + [b""], wanted.splitlines() + [b""]), 1):
        if a != b:
            return "line %d: found %.300r, expected %.300r" % (number, a, b)
    return "one is longer"


def library_files(suite):
    root = suite.python("-c", "import os; print(os.path.dirname(os.__file__))").stdout.decode().strip()
    files = sorted(glob.glob(os.path.join(root, "**", "*.py"), recursive=True))
    if suite.all:
        return files
    named = [path for path in (os.path.join(root, name) for name in SHAPES) if os.path.exists(path)]
    small = [path for path in files if os.path.getsize(path) < 100000 and path not in named]
    wanted = SAMPLE - len(named)
    return named + small[::max(1, len(small) // wanted)][:wanted]


def compare(suite, files, what, reference, options, simplify):
    def both(path):
        return suite.python(*reference(path)), suite.hybridsim("dis", *options, path)

    equal = compiled = 0
    with ThreadPoolExecutor(2) as pool:
        for path, (wanted, found) in zip(files, pool.map(both, files)):
            if wanted.returncode:
                suite.equal("%s: exit status where CPython cannot compile" % path, found.returncode, 1)
                continue
            compiled += 1
            listing, expected = simplify(found.stdout), simplify(wanted.stdout)
            equal += listing == expected
            suite.check("%s of %s" % (what, path), listing == expected,
                        found.stderr.decode(errors="replace")[-300:] + first_difference(listing, expected))
    if suite.all:
        print("%s: %d of %d files equal, %d do not compile" % (what, equal, compiled, len(files) - compiled), flush=True)


def test_library(suite):
    compare(suite, library_files(suite), "listing", lambda path: ["-m", "dis", path], [], without_addresses)


def test_caches(suite):
    files = library_files(suite)
    compare(suite, files if suite.all else files[:12], "caches", lambda path: ["-c", REFERENCE, path, "caches"], ["--caches"],
            without_set_order)


def test_pyc(suite):
    files = library_files(suite)[:12]
    folder = suite.folder("pyc")
    made = []
    for number, path in enumerate(files):
        target = os.path.join(folder, "module%d.pyc" % number)
        try:
            py_compile.compile(path, target, doraise=True)
        except py_compile.PyCompileError:
            continue
        made.append(target)
    compare(suite, made, "listing of .pyc", lambda path: ["-c", REFERENCE, path, "plain"], [], without_set_order)


PROGRAM = """
import math
def f(a, b=2, *, c: int = 3):
    x = f"{a!r:>10}{b!s}{c:x}"
    def g():
        return x
    try:
        for i in range(a):
            if i in {1, "b", 3.5, b"x", None, ..., (1, "y"), 2j}:
                continue
            a += i * 2
    except* (ValueError, TypeError) as e:
        raise
    finally:
        print(1e100, -0.0, 2j, -0.0j, 10**30, 1 << 200, b"\\x00'a\\"", "\\xe9\\ud800\\n\\u2028'", ..., (1, (2, "x", ())))
    return g
class C:
    pass
async def h():
    return [i async for i in f]
lambda: (yield)
"""


def test_ways_to_name_a_program(suite):
    folder = suite.folder("ways", {"program.py": PROGRAM, "pack/__init__.py": "raise RuntimeError", "pack/__main__.py": PROGRAM})
    wanted = without_addresses(suite.python("-m", "dis", "program.py", folder=folder).stdout)
    suite.check("there is a listing", wanted.count(b"\n") > 100)
    suite.equal("a path as it was given", without_addresses(suite.hybridsim("dis", "program.py", folder=folder).stdout), wanted)
    absolute = os.path.join(folder, "program.py")
    suite.equal("an absolute path", without_addresses(suite.hybridsim("dis", absolute, folder=folder).stdout),
                without_addresses(suite.python("-m", "dis", absolute, folder=folder).stdout))
    named = lambda name: wanted.replace(b'"program.py"', b'"%s"' % name.encode())
    for name, found in (
            ("<stdin>", suite.hybridsim("dis", "-", folder=folder, stdin=PROGRAM.encode())),
            ("<string>", suite.hybridsim("dis", "-c", PROGRAM, folder=folder)),
            (absolute, suite.hybridsim("dis", "-m", "program", folder=folder)),
            (os.path.join(folder, "pack", "__main__.py"), suite.hybridsim("dis", "-m", "pack", folder=folder))):
        suite.equal("listing of " + name, without_set_order(found.stdout), without_set_order(named(name)))
        suite.equal("stderr of " + name, found.stderr, b"")


def test_options_after_the_program(suite):
    folder = suite.folder("order", {"program.py": "import sys\nprint(sys.argv[1:])\n"})
    before = suite.hybridsim("dis", "--caches", "program.py", folder=folder).stdout
    suite.equal("--caches after the file", suite.hybridsim("dis", "program.py", "--caches", folder=folder).stdout, before)
    done = suite.hybridsim("dis", "--executed", "program.py", "--caches", "x", folder=folder)
    suite.equal("after --executed FILE come arguments", done.stdout.splitlines()[0], b"['--caches', 'x']")
    done = suite.hybridsim("dis", "program.py", "--executed", "x", folder=folder)
    suite.equal("--executed after the file, then arguments", done.stdout.splitlines()[0], b"['x']")
    listing = os.path.join(folder, "listing.txt")
    done = suite.hybridsim("dis", "-o", listing, "program.py", folder=folder)
    suite.equal("-o: nothing on stdout", done.stdout, b"")
    suite.equal("-o: the listing", open(listing, "rb").read(), suite.hybridsim("dis", "program.py", folder=folder).stdout)


def test_source(suite):
    folder = suite.folder("source", {"program.py": "x = 1\nif x:\n    print(x)\n"})
    listing = suite.hybridsim("dis", "--source", "program.py", folder=folder).stdout.decode()
    for line in ("# line 1: x = 1", "# line 2: if x:", "# line 3:     print(x)"):
        suite.check("--source shows " + line, line in listing.splitlines(), listing)
    plain = suite.hybridsim("dis", "program.py", folder=folder).stdout.decode()
    suite.equal("and nothing else", "\n".join(line for line in listing.splitlines() if not line.startswith("# ")),
                plain.rstrip("\n"))


def test_unsupported(suite):
    folder = suite.folder("unsupported", {"a.py": "import os\nfor i in range(3):\n    len('')\nos._exit(5)\n"})
    done = suite.hybridsim("dis", "--executed", "a.py", folder=folder)
    suite.equal("exit status", done.returncode, 3)
    suite.check("listed up to there", b"LOAD_NAME" in done.stdout and b"up to there" in done.stdout, done.stdout)


def test_bad_use(suite):
    folder = suite.folder("bad", {"broken.py": "if:\n", "good.py": "1\n", "damaged.pyc": "\xa7"})
    for words, status, text in (
            ([], 2, "expected a script"), (["--nonsense", "good.py"], 2, "--nonsense"), (["absent.py"], 2, "absent.py"),
            (["broken.py"], 1, "SyntaxError: invalid syntax"), (["--isa", "absent", "good.py"], 2, "absent"),
            (["good.py", "x"], 2, "found 'x'"), (["--scope", "some", "good.py"], 2, "'all' or 'script'"),
            (["-m", "absent_module"], 1, "No module named absent_module"), (["damaged.pyc"], 2, "damaged.pyc"),
            (["-o", "absent/x", "good.py"], 2, "absent/x"), (["--executed", "broken.py"], 1, "SyntaxError")):
        done = suite.hybridsim("dis", *words, folder=folder)
        suite.equal("dis %s: exit status" % " ".join(words), done.returncode, status)
        suite.check("dis %s: message" % " ".join(words), text in done.stderr.decode(), done.stderr)
    done = suite.hybridsim("dis", "--help")
    suite.check("--help", done.returncode == 0 and done.stdout.startswith(b"Usage: hybridsim dis "), done.stdout)


# ---- machine code ----

FUNCTION = re.compile(r"^(\S.*) \((.*):(\d+)\): (\d+) bytecode instructions in (\d+) bytes; "
                      r"(\S+): (\d+) instructions in (\d+) bytes$")
MACHINE = 52  # columns of the bytecode half


def functions_of(listing):
    """(heading, rows) of each function."""
    found = []
    for line in listing.splitlines():
        heading = FUNCTION.match(line)
        if heading:
            found.append((heading, []))
        elif found:
            found[-1][1].append(line)
    return found


def test_machine_code(suite):
    path = os.path.join(suite.source, "workloads", "quickSort.py")
    for isa in ("stack", "register", "hybrid"):
        listing = suite.hybridsim("dis", "--isa", isa, path).stdout.decode()
        shown = suite.hybridsim("translate", "--isa", isa, path).stdout.decode()
        suite.check("there are functions", functions_of(listing))
        for (heading, rows), (other, theirs) in zip(functions_of(listing), functions_of(shown)):
            name = "%s of %s" % (heading[1], isa)
            suite.equal(name + ": heading", heading[0], other[0])
            found = [re.match(r" *(\d+) +(\d+)  ((?:[0-9a-f]{2} )+) *\+? +(\S.*)$", row[MACHINE:]) for row in rows]
            found = [row for row in found if row]
            suite.equal(name + ": instructions", len(found), int(heading[7]))
            suite.equal(name + ": bytes", sum(int(row[2]) for row in found), int(heading[8]))
            end = 0
            for address, size in sorted((int(row[1]), int(row[2])) for row in found):
                suite.equal(name + ": addresses follow each other", address, end)
                end = address + size
            for row in found:
                suite.equal(name + ": bytes shown", len(row[3].split()), min(int(row[2]), 8))
            # a stack ISA's right half may be empty of operands, so the texts are compared at the end of the line
            texts = {(int(address), text) for line in theirs for address, text in re.findall(r"  (\d+)  (\S.*)$", line[51:])}
            suite.equal(name + ": as `translate` shows them", {(int(row[1]), row[4]) for row in found}, texts)
    both = suite.hybridsim("dis", "--isa", "register", "--isa", "hybrid", path).stdout
    each = [suite.hybridsim("dis", "--isa", isa, path).stdout for isa in ("register", "hybrid")]
    suite.equal("several ISAs come one after the other", both, b"".join(each))


# ---- after a run ----

PROGRAMS = {
    "raises.py": "def f(n):\n    if n == 3:\n        raise ValueError(n)\n    return 1 / (n - 2)\n\n"
                 "for i in range(5):\n    try:\n        f(i)\n    except ZeroDivisionError:\n        print('zero')\n",
    "exits.py": "import sys\n\ndef unused():\n    return lambda: 0\n\nfor i in range(10):\n    if i == 7:\n        sys.exit(i)\n",
    "imports.py": "import textwrap\nprint(textwrap.fill('a b c ' * 20, 20))\n",
    "guards.py": "import math\n\nclass Odd:\n    def __neg__(self):\n        return 0.5\n\n"
                 "def act(x):\n    return 1 / (1 + math.exp(-x))\n\nprint([act(x) for x in (1.0, 2, Odd(), -3.5)])\n"
                 "math.exp = abs\nprint(act(2))\n",
    "generators.py": "def g(n):\n    for i in range(n):\n        yield i\n\n"
                     "print(sum(g(10)), [x for x in g(4)], next(g(2)))\nlist(map(lambda x: x, g(3)))\n",
    "long_jumps.py": "def f(x):\n    for i in range(3):\n        if x:\n" + "            x = x + 1; x = x - 1\n" * 150 +
                     "    return x\nprint(f(1), f(0))\n",
}


def rows_of(text, is_machine_code):
    """(instructions, cycles, is_line) of each numbered row of one function's listing; the remainder; the total."""
    rows, remainder, total = [], 0, None
    for line in text:
        numbers = re.match(r"^ {0,13}(\d+) (?= {0,15}\d| {16}) *(\d*)", line[:31])
        if line.rstrip().endswith("work of native code"):
            remainder = int(line[:31])
        elif re.search(r"^.{33}total of ", line):
            total = tuple(map(int, line[:31].split()))
        elif is_machine_code and re.match(r" *(\d+) +\d+  +(-|\d+):", line):
            rows.append((int(line[:14]), int(line[15:31]), True))
        elif is_machine_code:
            half = line[66:]
            counts = re.match(r"^ {0,13}(\d+) ( {0,15}\d+| {16})  ", half)
            if counts:
                rows.append((int(counts[1]), int(counts[2]) if counts[2].strip() else 0, False))
        elif numbers and len(line) > 32:
            is_line = re.match(r"^(line \d+|no line)", line[33:]) is not None
            rows.append((int(numbers[1]), int(numbers[2] or 0), is_line))
    return rows, remainder, total


def split_functions(listing, is_machine_code):
    starts = re.compile(r"^      executed           cycles  (bytecode|line of source)$")
    found = []
    for line in listing:
        if line.startswith("Executed under "):
            break
        if starts.match(line):
            found.append([])
        if found:
            found[-1].append(line)
    return [rows_of(lines, is_machine_code) for lines in found]


def check_figures(suite, name, listing, run, is_machine_code):
    """`run`: the same run in a JSON report."""
    functions = split_functions(listing, is_machine_code)
    totals = [0, 0]
    for number, (rows, remainder, total) in enumerate(functions):
        instructions = [row for row in rows if not row[2]]
        lines = [row for row in rows if row[2]]
        where = "%s, function %d" % (name, number)
        suite.equal(where + ": instructions", sum(row[0] for row in instructions), total[0])
        suite.equal(where + ": cycles", sum(row[1] for row in instructions) + remainder, total[1])
        suite.equal(where + ": lines' instructions", sum(row[0] for row in lines), total[0])
        suite.equal(where + ": lines' cycles", sum(row[1] for row in lines) + remainder, total[1])
        totals = [totals[0] + total[0], totals[1] + total[1]]
    summary = {line[33:]: tuple(map(int, line[:31].split())) for line in listing
               if re.match(r"^ *\d+ +\d+  (listed|total of the)", line)}
    suite.equal(name + ": listed above", summary["listed above"], tuple(totals))
    suite.equal(name + ": total of the run", summary["total of the run"], (run["instructions"], run["cycles"]))
    suite.equal(name + ": work of native code", sum(function[1] for function in functions),
                sum(run["cycle_stack"][part] for part in run["cycle_stack"] if part.startswith("work:")))


def test_executed(suite):
    folder = suite.folder("executed", PROGRAMS)
    paths = sorted(PROGRAMS) + [os.path.join(suite.source, "workloads", name) for name in ("quickSort.py", "matrixMul.py")]
    for path in paths:
        name = os.path.basename(path)
        plain = suite.hybridsim("run", "--quiet", path, folder=folder)
        report = suite.report("--isa", "register", "--isa", "hybrid", path, folder=folder, status=plain.returncode)
        runs = {run["isa"]: run for run in report["runs"]}
        for isa in ("stack", "register", "hybrid"):
            options = ["--isa", isa] if isa != "stack" else []
            done = suite.hybridsim("dis", "--executed", "--scope", "all", *options, path, folder=folder)
            suite.equal("%s under %s: exit status" % (name, isa), done.returncode, plain.returncode)
            suite.check("%s under %s: its output first" % (name, isa), done.stdout.startswith(plain.stdout), done.stdout[:300])
            listing = done.stdout[len(plain.stdout):].decode().splitlines()
            check_figures(suite, "%s under %s" % (name, isa), listing, runs[isa], bool(options))
    done = suite.hybridsim("dis", "--executed", "raises.py", folder=folder)
    suite.check("a program that raises: says so", done.stdout.decode().splitlines()[-1] ==
                "The program ended with exit status 1: these are the figures up to there.", done.stdout[-300:])


def test_machines(suite):
    """Cycles add up on every machine: those of an ideal one, with predictors, without a tensor unit."""
    folder = suite.folder("machines", PROGRAMS)
    machines = sorted(glob.glob(os.path.join(suite.source, "isa-specs", "machines", "*.yaml")))
    suite.check("there are machines", machines)
    for machine in machines:
        for program in ("guards.py", "raises.py", "long_jumps.py"):
            options = ["--isa", "hybrid", "--machine", machine, program]
            status = 1 if program == "raises.py" else 0
            report = suite.report("--no-baseline", *options, folder=folder, status=status)
            done = suite.hybridsim("dis", "--executed", "--scope", "all", *options, folder=folder)
            check_figures(suite, "%s on %s" % (program, os.path.basename(machine)), done.stdout.decode().splitlines(),
                          report["runs"][0], True)


def test_executed_counts(suite):
    """Counts at single instructions and lines, and which files are listed."""
    folder = suite.folder("counts", PROGRAMS)
    done = suite.hybridsim("dis", "--executed", "--source", "-o", "listing.txt", "exits.py", folder=folder)
    suite.equal("exit status is the program's", done.returncode, 7)
    listing = open(os.path.join(folder, "listing.txt")).read()
    suite.check("a loop's instruction", re.search(r"^ +8 +\d+ +>> +\d+ FOR_ITER ", listing, re.M), listing)
    suite.check("a line never reached", re.search(r"^ +0 +0  line 4:     return lambda: 0$", listing, re.M), listing)
    suite.check("a function inside one never entered", "total of unused.<locals>.<lambda>" in listing, listing)
    for isa in ([], ["--isa", "hybrid"]):
        done = suite.hybridsim("dis", "--executed", *isa, "imports.py", folder=folder)
        suite.check("only the script is listed", done.stdout.count(b" after its execution under ") == 1 and
                    re.search(rb"^ +[1-9]\d* +\d+  /.*textwrap.py$", done.stdout, re.M), done.stdout[-500:])
    done = suite.hybridsim("dis", "--executed", "--isa", "hybrid", "guards.py", folder=folder)
    suite.check("failed guards", re.search(rb"plain instructions: the guard failed [1-9]\d* times", done.stdout),
                done.stdout[-900:])
    done = suite.hybridsim("dis", "--executed", "--isa", "register", "--isa", "hybrid", "generators.py", folder=folder)
    suite.equal("one listing an ISA", re.findall(rb"^Executed under (\w+) on ", done.stdout, re.M), [b"register", b"hybrid"])
    first = suite.hybridsim("dis", "--executed", "generators.py", folder=folder).stdout
    suite.equal("the same in every run", suite.hybridsim("dis", "--executed", "generators.py", folder=folder).stdout, first)


def test_interrupted(suite):
    folder = suite.folder("interrupted", {"endless.py": "print('on', flush=True)\nwhile True:\n    pass\n"})
    process = suite.start("dis", "--executed", "endless.py", folder=folder)
    process.stdout.readline()
    time.sleep(0.3)
    os.killpg(process.pid, signal.SIGINT)
    listing = process.communicate(timeout=60)[0].decode()
    suite.equal("exit status", process.returncode, 130)
    suite.check("the listing says so", "The program was interrupted: these are the figures up to there." in listing, listing[-500:])


def test_speed(suite):
    """A big module is listed well before CPython's dis has done it."""
    path = os.path.join(os.path.dirname(library_files(suite)[0]), "_pydecimal.py")
    times = []
    for command in (suite.hybridsim, suite.python):
        words = ["dis", path] if command == suite.hybridsim else ["-m", "dis", path]
        best = 1e9
        for _ in range(3):
            start = time.monotonic()
            command(*words)
            best = min(best, time.monotonic() - start)
        times.append(best)
    suite.check("less than half of CPython's time", times[0] < times[1] / 2, "%.3f s and %.3f s" % tuple(times))


run_tests(globals())
