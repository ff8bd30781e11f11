"""`hybridsim parallel`: verdicts on programs whose answers are known, critical paths worked out by hand, totals that are the run's,
speedups by Amdahl, and reports that are complete up to where a program was stopped."""
import csv
import io
import json
import os
import signal
import time

from harness import run_tests

KNOWN = """
def matmul(a, b, n):
    c = [[0] * n for _ in range(n)]
    for i in range(n):                        # outer
        for j in range(n):                    # middle
            s = 0
            for k in range(n):                # inner
                s += a[i][k] * b[k][j]
            c[i][j] = s
    return c

def prefix(a):
    out = [0] * len(a)
    out[0] = a[0]
    for i in range(1, len(a)):                # prefix
        out[i] = out[i - 1] + a[i]
    return out

def running(a):
    s, out = 0, []
    for x in a:                               # running
        s += x
        out.append(s)
    return out

def third(a):
    for i in range(3, len(a)):                # third
        a[i] = a[i - 3] + 1
    return a

def sieve(n):
    prime = [True] * (n + 1)
    p = 2
    while p * p <= n:                         # sieve
        if prime[p]:
            for i in range(p * p, n + 1, p):  # marking
                prime[i] = False
        p += 1
    return sum(1 for i in range(2, n + 1) if prime[i])  # counting

def quicksort(a, lo, hi):
    if lo >= hi:
        return
    pivot = a[(lo + hi) // 2]
    i, j = lo, hi
    while i <= j:                             # partition
        while a[i] < pivot:
            i += 1
        while a[j] > pivot:
            j -= 1
        if i <= j:
            a[i], a[j] = a[j], a[i]
            i += 1
            j -= 1
    quicksort(a, lo, j)
    quicksort(a, i, hi)

def ode(y, steps, h):
    for _ in range(steps):                    # ode
        k = -(y - h * y / 2)
        y = y + h * k
    return y

class Body:
    def __init__(self, x, v):
        self.x, self.v = x, v

def advance(bodies, steps):
    for _ in range(steps):                    # steps
        for i in range(len(bodies)):          # pairs
            b = bodies[i]
            for j in range(i + 1, len(bodies)):  # others
                c = bodies[j]
                d = b.x - c.x
                b.v -= d * 0.5
                c.v += d * 0.5
        for b in bodies:                      # moving
            b.x += b.v

def mandelbrot(width, height):
    rows = [[0] * width for _ in range(height)]
    for py in range(height):                  # rows
        for px in range(width):               # pixels
            cr, ci = 3.0 * px / width - 2.0, 2.0 * py / height - 1.0
            zr = zi = 0.0
            n = 0
            while n < 20 and zr * zr + zi * zi < 4.0:  # escape
                zr, zi = zr * zr - zi * zi + cr, 2.0 * zr * zi + ci
                n += 1
            rows[py][px] = n
    return rows

def histogram(words):
    counts = {}
    for word in words:                        # histogram
        counts[word] = counts.get(word, 0) + 1
    return counts

class Node:
    def __init__(self, value, next):
        self.value, self.next = value, next

def walk(node):
    total = 0
    while node is not None:                   # walk
        total += node.value
        node = node.next
    return total

def biggest(a):
    m = a[0]
    for x in a:                               # biggest
        if x > m:
            m = x
    least = a[0]
    for x in a:                               # least
        least = min(least, x)
    return m, least

def doubled(a):
    i = 0
    out = [0] * len(a)
    while i < len(a):                         # doubled
        out[i] = a[i] * 2
        i += 1
    return out

def skipping(a):
    i, n = 0, 0
    while i < len(a):                         # skipping
        i += 1
        if a[i - 1] % 2:
            continue
        n += a[i - 1]
    return n

def numbers(n):
    for i in range(n):                        # numbers
        yield i

def consume(n):
    out = [0] * n
    for i in numbers(n):                      # consume
        out[i] = 1
    return out

def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)

def chain(n, acc):
    if n == 0:
        return acc + 1
    acc = chain(n - 1, acc)
    return chain(n - 1, acc)

def shared(n, seen):
    if n:
        shared(n - 1, seen)
        seen[0] = seen[0] + 1
        shared(n - 1, seen)
    return seen[0]

def printing():
    for i in range(3):                        # printing
        print(i)

counter = 0
def count():
    global counter
    for i in range(4):                        # counter
        counter += i

def last():
    for i in range(5):                        # closing
        def inner():
            nonlocal i
            return i
        inner()

a = [(i * 37) % 101 for i in range(60)]       # making
m = [[i + j for j in range(8)] for i in range(8)]
print(matmul(m, m, 8)[3][4], prefix(a)[-1], running(a)[-1], third([0] * 20)[-1], sieve(150))
b = a[:]
quicksort(b, 0, len(b) - 1)
bodies = [Body(i * 1.5, 0.0) for i in range(4)]
advance(bodies, 5)
print(b == sorted(a), ode(1.0, 20, 0.1), sum(map(sum, mandelbrot(8, 6))))
print(sorted(histogram("to be or not to be that is the question to".split()).items())[:3])
node = None
for i in range(20):
    node = Node(i, node)
print(walk(node), biggest(a), doubled(a)[3], skipping(a), consume(9), fib(8), chain(4, 0), shared(3, [0]))
printing()
count()
last()
print(sum(x * x for x in a))                  # squares
"""

# mark: verdict, word in the reason, trip counts (least, most)
VERDICTS = {
    "outer": ("independent", "", (8, 8)), "middle": ("independent", "", (8, 8)), "inner": ("reduction", "`+` through s ", (8, 8)),
    "prefix": ("carried", "out[i - 1] (line", (59, 59)), "running": ("carried", "running value of s", (60, 60)),
    "third": ("carried", "3 iterations before", (17, 17)),
    "sieve": ("carried", "prime[p]", (11, 11)), "marking": ("independent", "", None),
    "counting": ("independent", "sum()", (149, 149)),
    "partition": ("carried", "", None), "ode": ("carried", "y (line", (20, 20)),
    "steps": ("carried", ".x", (5, 5)), "pairs": ("reduction", "c.v", (4, 4)), "others": ("reduction", "b.v", (0, 3)),
    "moving": ("independent", "", (4, 4)),
    "rows": ("independent", "", (6, 6)), "pixels": ("independent", "", (8, 8)), "escape": ("carried", "z", None),
    "histogram": ("reduction", "counts[word]", (11, 11)), "walk": ("carried", "node (line", (20, 20)),
    "biggest": ("reduction", "`max` through m ", (60, 60)), "least": ("reduction", "`min` through least ", (60, 60)),
    "doubled": ("independent", "found on the way", (60, 60)), "skipping": ("reduction", "`+` through n ", (60, 60)),
    "numbers": ("independent", "Python code takes its values", (9, 9)), "consume": ("independent", "a generator gives", (9, 9)),
    "printing": ("independent", "output has an order", (3, 3)), "counter": ("reduction", "counter", (4, 4)),
    "closing": ("independent", "", (5, 5)), "making": ("independent", "", (60, 60)), "squares": ("independent", "sum()", (60, 60)),
}

# What instructions for whole loops may execute in the hybrid ISA.
WHOLE = {"outer", "middle", "inner", "making", "squares", "counting", "doubled", "counter", "moving", "biggest", "least"}


def parallel(suite, *arguments, folder, status=0):
    done = suite.hybridsim("parallel", *arguments, folder=folder)
    if done.returncode != status:
        raise AssertionError("exit status %d: %s" % (done.returncode, done.stderr.decode(errors="replace")[-500:]))
    return done


def data(suite, *arguments, folder, status=0):
    return json.loads(parallel(suite, "--json", *arguments, folder=folder, status=status).stdout)


def of_command(suite, command, *options):
    return data(suite, *options, "-c", command, folder=suite.folder("commands"))["runs"][0]


def function_of(run, name):
    return next(f for f in run["functions"] if f["function"] == name)


def test_verdicts(suite):
    """Each loop is what it is known to be, whatever the instruction set; so are recursive calls."""
    folder = suite.folder("known", {"known.py": KNOWN})
    lines = {line.split("# ")[1].strip(): number + 1 for number, line in enumerate(KNOWN.splitlines()) if "# " in line}
    for isa in ("stack", "register", "hybrid"):
        run = data(suite, "--isa", isa, "known.py", folder=folder)["runs"][0]
        for mark, (verdict, word, trips) in VERDICTS.items():
            found = [loop for loop in run["loops"] if loop["line"] == lines[mark]]
            name = "%s: %s" % (isa, mark)
            if isa == "hybrid" and mark in WHOLE and (not found or not found[0]["iterations"]):
                continue
            if not suite.check(name + " is one loop", len(found) == 1, repr([(l["line"], l["source"]) for l in found])):
                continue
            suite.equal(name, found[0]["verdict"], verdict)
            suite.check(name + ": why", word in (found[0]["reason"] or ""), repr(found[0]["reason"]))
            if trips:
                suite.equal(name + ": trips", (found[0]["trips_least"], found[0]["trips_most"]), trips)
        for function, independent in (("quicksort", True), ("fib", True), ("chain", False), ("shared", False)):
            row = function_of(run, function)
            if function != "shared": # what it shares is written by the caller, between the calls
                suite.equal("%s: %s's calls" % (isa, function), row["recursive_calls_independent"], independent)


ARRAYS = """import numpy as np
n = 6
a = np.zeros((n, n))
for i in range(n):                # rows
    for j in range(n):            # columns
        a[i, j] = i * j
for i in range(1, n):             # by row
    a[i] = a[i - 1] * 2 + a[i]
for i in range(1, n):             # by element
    a[0, i] = a[0, i - 1] + 1
for i in range(2, n):             # row of elements
    a[i, 0] = a[i - 2].sum()
for i in range(n):                # part of a row
    a[i, :] = a[i, :] * 2
for i in range(1, n):             # parts of rows
    a[i, :] = a[i - 1, :] + 1
s = 0.0
for i in range(n):                # sums
    s += a[i].sum()
for k in range(3):                # into it
    np.multiply(a, 2.0, out=a)
print(s)
"""


def test_arrays(suite):
    folder = suite.folder("arrays", {"arrays.py": ARRAYS})
    run = data(suite, "arrays.py", folder=folder)["runs"][0]
    lines = {line.split("# ")[1]: number + 1 for number, line in enumerate(ARRAYS.splitlines()) if "# " in line}
    verdicts = {loop["line"]: (loop["verdict"], {d["distance_most"] for d in loop["dependences"]}) for loop in run["loops"]}
    for mark, verdict, distances in (("rows", "independent", set()), ("columns", "independent", set()), ("by row", "carried", {1}),
                                     ("by element", "carried", {1}), ("row of elements", "carried", {2}),
                                     ("part of a row", "independent", set()), ("parts of rows", "carried", {1}),
                                     ("sums", "reduction", {1}), ("into it", "carried", {1})):
        suite.equal(mark, verdicts.get(lines[mark]), (verdict, distances))


def test_distances(suite):
    folder = suite.folder("known", {"known.py": KNOWN})
    run = data(suite, "known.py", folder=folder)["runs"][0]
    line = KNOWN.splitlines().index("    for i in range(3, len(a)):                # third") + 1
    loop = next(l for l in run["loops"] if l["line"] == line)
    suite.equal("third", [(d["distance_least"], d["distance_most"], d["read"], d["written"]) for d in loop["dependences"]],
                [(3, 3, "a[i - 3]", "a[i]")])


# CPython's instructions for each line, and the longest chain of those that need each other's results.
PATHS = [
    # RESUME; 2 x (LOAD_CONST STORE_FAST); LOAD_FAST LOAD_FAST BINARY_OP STORE_FAST; LOAD_FAST RETURN_VALUE:
    # LOAD_CONST, STORE_FAST, LOAD_FAST, BINARY_OP, STORE_FAST, LOAD_FAST, RETURN_VALUE
    ("def f():\n a = 1\n b = 2\n c = a + b\n return c\nf()", 11, 7),
    # four sums, none of which needs another: LOAD_FAST, BINARY_OP, STORE_FAST
    ("def f(a, b):\n c = a + b\n d = a - b\n e = a * b\n g = b + a\nf(1, 2)", 1 + 4 * 4 + 2, 3),
    # four sums, each of which needs the one before
    ("def f(a):\n a = a + 1\n a = a + 1\n a = a + 1\n a = a + 1\nf(1)", 1 + 4 * 4 + 2, 12),
    # through an item: LOAD_FAST BINARY_OP (b + 1), STORE_SUBSCR, BINARY_SUBSCR, RETURN_VALUE
    ("def f(a, b):\n a[0] = b + 1\n return a[0]\nf([0], 2)", 1 + 6 + 4, 5),
    # through an attribute
    ("class C: pass\ndef f(a, b):\n a.x = b + 1\n return a.x\nf(C(), 2)", 1 + 5 + 3, 5),
    # through a global
    ("def f(b):\n global g\n g = b + 1\n return g\nf(2)", 1 + 4 + 2, 5),
    # through a cell: MAKE_CELL is before RESUME; LOAD_FAST LOAD_CONST BINARY_OP STORE_DEREF; LOAD_DEREF RETURN_VALUE;
    # the inner function: LOAD_CLOSURE BUILD_TUPLE LOAD_CONST MAKE_FUNCTION STORE_FAST
    ("def f(b):\n c = b + 1\n g = lambda: c\n return c\nf(2)", 2 + 4 + 5 + 2, 5),
]


def test_critical_paths(suite):
    """Worked out by hand, for the bytecode."""
    for program, instructions, critical in PATHS:
        row = function_of(of_command(suite, program), "f")
        suite.equal(program, (row["instructions"], row["critical_path"]), (instructions, critical))


def test_windows(suite):
    """Independent instructions fill a window; a chain does not care for it."""
    independent = of_command(suite, "def f():\n" + " a = 1\n" * 2000 + "f()")
    paths = independent["critical_path"]
    # 2000 pairs LOAD_CONST, STORE_FAST: with a window of w two cycles are open, and each new cycle takes about w / 2 pairs
    suite.check("pairs, unlimited", paths["unlimited"] <= 5, paths)
    for window in (32, 128, 2048):
        found = paths["window_%d" % window]
        suite.check("pairs, %d" % window, 4000 / window <= found <= 3 * 4000 / window + 5, paths)
    chain = of_command(suite, "def f(a):\n" + " a = a + 1\n" * 1000 + "f(1)")
    suite.check("chain", 3000 <= chain["critical_path"]["unlimited"] <= 3010, chain["critical_path"])
    suite.check("chain in windows", all(3000 <= path <= 3010 for name, path in chain["critical_path"].items()
                                        if "latencies" not in name), chain["critical_path"])
    order = [chain["critical_path"][name] for name in ("window_32", "window_128", "window_2048", "unlimited")]
    suite.check("a larger window is no slower", order == sorted(order, reverse=True), order)


def test_totals(suite):
    """Instructions and cycles are those of a plain run, and the program prints what it prints."""
    folder = suite.folder("known", {"known.py": KNOWN})
    wanted = suite.python("known.py", folder=folder).stdout
    for isa in ("stack", "register", "hybrid"):
        plain = suite.report("--no-baseline", "--isa", isa, "known.py", folder=folder)["runs"][0]
        done = parallel(suite, "--json", "--isa", isa, "--scope", "all", "known.py", folder=folder)
        run = json.loads(done.stdout)["runs"][0]
        suite.equal(isa, (run["instructions"], run["cycles"]), (plain["instructions"], plain["cycles"]))
        suite.equal(isa + ": output", done.stderr, wanted)
        suite.equal(isa + ": the module's instructions", function_of(run, "<module>")["instructions"], plain["instructions"])
        outermost = sum(loop["own_cycles"] for loop in run["loops"])
        suite.check(isa + ": loops are within the run", 0 < outermost < run["cycles"], outermost)
    again = [parallel(suite, "known.py", folder=folder).stdout for _ in range(2)]
    suite.check("the same in every run", again[0] == again[1])


def test_speedups(suite):
    """Amdahl, nested loops once: 64 independent iterations of nearly all cycles run 4, 8, 16 at a time."""
    run = of_command(suite, "def f(a):\n for i in range(64):\n  for j in range(64):\n   a[i][j] = i * j + i + j\n"
                            "f([[0] * 64 for _ in range(64)])")
    loops = sorted(run["loops"], key=lambda loop: -loop["cycles"])
    for width in (4, 8, 16):
        share = loops[0]["cycles"] / run["cycles"]
        wanted = 1 / (1 - share + share / width)
        suite.check("outer loop, %d" % width, abs(loops[0]["speedup"][str(width)] - wanted) < 0.002, (loops[0]["speedup"], wanted))
        suite.check("cores, %d" % width, wanted - 0.002 <= run["speedup_cores"][str(width)] <= width, run["speedup_cores"])
        suite.check("vectors are of inner loops, %d" % width,
                    run["speedup_vectors"][str(width)] <= run["speedup_cores"][str(width)], run["speedup_vectors"])
    carried = of_command(suite, "def f(x):\n for i in range(64):\n  x = x * x % 1000 + i\n return x\nf(3)")
    suite.equal("nothing to gain", carried["speedup_cores"], {"4": 1.0, "8": 1.0, "16": 1.0})
    suite.equal("iterations that do not fill the width", of_command(suite, "a = [0] * 6\nfor i in range(6): a[i] = i")["loops"][0]
                ["speedup"]["8"] > of_command(suite, "a = [0] * 6\nfor i in range(6): a[i] = i")["loops"][0]["speedup"]["4"], True)


def test_output(suite):
    folder = suite.folder("output", {"a.py": "import sys\nprint(sys.argv)\ns = 0\nfor i in range(4): s += i\n"})
    text = parallel(suite, "a.py", "x", "-y", folder=folder).stdout.decode()
    suite.check("output first, then the report", text.startswith("['a.py', 'x', '-y']\nparallelism of a.py: ISA stack"), text[:300])
    suite.check("source", "for i in range(4): s += i" in text and "carried only by `+` through s (line 4)" in text, text)
    rows = list(csv.DictReader(io.StringIO(parallel(suite, "--csv", "a.py", folder=folder).stdout.decode())))
    suite.equal("csv", [(row["line"], row["verdict"], row["iterations"], row["source"]) for row in rows],
                [("4", "reduction", "4", "for i in range(4): s += i")])
    both = data(suite, "--isa", "stack", "--isa", "hybrid", "a.py", folder=folder)
    suite.equal("one report for each ISA", [run["isa"] for run in both["runs"]], ["stack", "hybrid"])
    for suffix in ("txt", "json", "csv"):
        parallel(suite, "-o", "out." + suffix, "a.py", folder=folder)
        suite.check("-o " + suffix, os.path.getsize(os.path.join(folder, "out." + suffix)) > 100)
    suite.check("-m", b"ISA stack" in parallel(suite, "-m", "a", folder=folder).stdout)
    for arguments in (["--memory", "0", "a.py"], ["-o", "a.md", "a.py"], ["--top", "x", "a.py"], ["--scope", "x", "a.py"],
                      ["none.py"], []):
        done = suite.hybridsim("parallel", *arguments, folder=folder)
        suite.check("wrong: %r" % arguments, done.returncode == 2 and done.stderr.count(b"\n") >= 1 and not done.stdout,
                    done.stderr.decode())


def test_cut_short(suite):
    """A report is complete up to where the program raised, left or was interrupted, and up to where memory ended."""
    folder = suite.folder("short", {
        "raises.py": "s = 0\nfor i in range(10):\n    s += 1 // (5 - i)\n",
        "leaves.py": "import sys\nfor i in range(5): pass\nsys.exit(3)\n",
        "deep.py": "def f(n): return f(n + 1)\nf(0)\n", "forever.py": "print('go', flush=True)\ni = 0\nwhile True:\n    i += 1\n",
        "large.py": "a = [0] * 100000\nfor i in range(100000):\n    a[i] = i\nprint(sum(a))\n"})
    for name, status in (("raises", 1), ("leaves", 3), ("deep", 1)):
        text = parallel(suite, name + ".py", folder=folder, status=status).stdout.decode()
        suite.check(name + " says so", "the program raised an exception or left by sys.exit: up to there" in text, text[:300])
    run = data(suite, "raises.py", folder=folder, status=1)
    suite.equal("iterations until then", run["runs"][0]["loops"][0]["iterations"], 6)
    process = suite.start("parallel", "forever.py", folder=folder)
    process.stdout.readline()
    time.sleep(0.3)
    os.killpg(process.pid, signal.SIGINT)
    out, _ = process.communicate(timeout=60)
    suite.check("interrupted", process.returncode == 130 and b"interrupted: up to there" in out and b"while True" in out,
                out.decode()[:500])
    run = data(suite, "--memory", "2", "large.py", folder=folder)["runs"][0]
    suite.check("memory", "memory" in run["followed_until"] and 0 < run["instructions"] < 700000, run["followed_until"])


def test_unusual(suite):
    """Threads, coroutines, exceptions, generators in generators, deep recursion: no verdict is asked for but that all goes well."""
    folder = suite.folder("unusual", {
        "threads.py": "import threading\ndef work(n, out):\n    for i in range(n): out.append(sum(j * j for j in range(i)))\n"
                      "out = []\nthreads = [threading.Thread(target=work, args=(20 * k, out)) for k in range(4)]\n"
                      "for t in threads: t.start()\nfor t in threads: t.join()\nprint(len(out))\n",
        "asyncs.py": "import asyncio\nasync def child(n):\n    await asyncio.sleep(0.001 * n)\n    return n\n"
                     "async def main():\n    print(sum(await asyncio.gather(*(child(n) for n in range(5)))))\n"
                     "asyncio.run(main())\n",
        "mixed.py": "import gc\ndef tree(n):\n    if n:\n        yield from tree(n - 1)\n        yield n\n"
                    "        yield from tree(n - 1)\n"
                    "def down(n): return down(n + 1)\ntry:\n    down(0)\nexcept RecursionError:\n    print('deep')\n"
                    "class M:\n    def __enter__(self): return self\n    def __exit__(self, *a): return True\n"
                    "for k in range(300):\n    x = [[k] * 10 for _ in range(20)]\n    x[3][2] = x\n"
                    "    if k % 100 == 0: gc.collect()\n"
                    "with M(): raise KeyError\nit = tree(5)\nnext(it)\nprint(sum(it), sorted('hello', key=lambda c: -ord(c)))\n"
                    "exec('for i in range(3): y = i')\n"
                    "print({**{'a': 1}}, [*range(3)], (lambda *a, k=1, **d: (a, k, d))(1, 2, z=3))\n"
                    "for i, (p, q) in enumerate(zip('ab', 'cd')): print(i, p, q)\n"})
    for name in ("threads", "asyncs", "mixed"):
        wanted = suite.python(name + ".py", folder=folder).stdout
        for isa in ("stack", "hybrid"):
            done = parallel(suite, "--csv", "--isa", isa, name + ".py", folder=folder)
            shown = [line for line in done.stderr.splitlines(True) if b"WARNING: ASan" not in line] # of sanitized builds, at threads
            suite.equal("%s, %s" % (name, isa), b"".join(shown), wanted)


run_tests(globals())
