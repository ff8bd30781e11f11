"""`hybridsim profile` and `hybridsim analyze`: totals are the run's to the last cycle, calls are those that cProfile counts, and
every file is loaded by the tool it is for."""
import cProfile
import io
import json
import os
import pstats
import re
import shutil
import signal
import subprocess
import time

from harness import Skip, end_group, run_tests

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

    @property
    def area(self):
        return self.side * self.side

def even(n):
    return True if n == 0 else odd(n - 1)

def odd(n):
    return False if n == 0 else even(n - 1)

def risky(n):
    if n % 4 == 0:
        raise ValueError(n)
    return [n] * 3

total = 0
for n in numbers(20):
    try:
        total += Shape(n).area + len(risky(n))
    except ValueError as error:
        total += len(str(error))
words = sorted({w: len(w) for w in "to be or not to be".split()}.items(), key=lambda pair: (pair[1], fib(3)))
print(fib(9), total, words, even(30), [x for x in range(5) if x & 1], max(numbers(9)))
"""

THREADS = """import threading
def work(n, out):
    out.append(sum(i * i for i in range(n)))
out = []
threads = [threading.Thread(target=work, args=(100 * k, out)) for k in range(4)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(sorted(out))
"""

ASYNC = """import asyncio
async def child(n):
    await asyncio.sleep(0.001 * n)
    return n
async def main():
    print(sum(await asyncio.gather(*(child(n) for n in range(5)))))
asyncio.run(main())
"""

MIXED = """import functools, time
import numpy as np
@functools.lru_cache(None)
def f(n):
    return n if n < 2 else f(n - 1) + f(n - 2)
def walk(tree):
    if tree:
        yield from walk(tree[0])
        yield tree[1]
        yield from walk(tree[2])
a = np.ones((30, 30))
b = np.dot(a, a) + np.exp(a * 0)
class Manager:
    def __enter__(self): return self
    def __exit__(self, *error): return True
with Manager():
    raise KeyError
text = ""
for i in range(200):
    text += str(i) * 3
start = time.perf_counter()
def apply(function, *arguments, **named):
    return function(*arguments, **named)
print(f(30), list(walk(((None, 1, None), 2, (None, 3, None)))), b[0][0], len(text), apply(sorted, [3, 1, 2], reverse=True),
      time.perf_counter() > start, list(map(fib := (lambda n: n * 2), [1, 2])))
"""


def folder_of(suite, name="profile", **files):
    return suite.folder(name, dict({"a.py": PROGRAM}, **{key + ".py": text for key, text in files.items()}))


def profile(suite, *arguments, folder, status=0):
    done = suite.hybridsim("profile", *arguments, folder=folder)
    if done.returncode != status:
        raise AssertionError("exit status %d: %s" % (done.returncode, done.stderr.decode(errors="replace")[-500:]))
    return done.stdout.decode()


def totals_of(text):
    return tuple(int(figure.replace(",", "")) for figure in re.search(r"in ([\d,]+) cycles, ([\d,]+) instructions", text).groups())


def rows_of(text):
    """(ncalls, own cycles, cumulative cycles, own instructions, cumulative instructions) by name."""
    rows = {}
    for line in text[text.index("filename:lineno"):].splitlines()[1:]:
        cells = line.split(None, 7)
        rows[cells[7]] = (cells[0],) + tuple(int(cells[i].replace(",", "")) for i in (1, 3, 5, 6))
    return rows


def test_totals(suite):
    """Cycles and instructions are those of a plain run; functions' own add up to them; the root has them all."""
    folder = folder_of(suite, threads=THREADS, asyncs=ASYNC, mixed=MIXED)
    inherited = os.path.join(suite.source, "isa-specs/machines/inorder.yaml")
    machine = "inherits: %s\nmachine: own\nbranch: {predictor: gshare}\n" % inherited
    with open(os.path.join(folder, "own.yaml"), "w") as stream:
        stream.write(machine)
    for script in ("a.py", "threads.py", "asyncs.py", "mixed.py"):
        for options in (["--isa", "stack"], ["--isa", "register"], ["--isa", "hybrid"], ["--isa", "hybrid", "--machine", "ideal"],
                        ["--isa", "stack", "--machine", "own.yaml"]):
            name = "%s %s" % (script, " ".join(options))
            run = suite.report("--no-baseline", *options, script, folder=folder)["runs"][0]
            text = profile(suite, *options, "--top", "0", script, folder=folder)
            suite.equal(name, totals_of(text), (run["cycles"], run["instructions"]))
            rows = rows_of(text)
            suite.equal(name + ": functions' own", (sum(r[1] for r in rows.values()), sum(r[3] for r in rows.values())),
                        (run["cycles"], run["instructions"]))
            suite.check(name + ": the program's output comes first", "hybridsim profile" not in text.splitlines()[0], text[:200])


def test_calls(suite):
    """Calls, primitive calls and who called are those that CPython's cProfile counts."""
    folder = folder_of(suite)
    profile(suite, "--prof", "a.prof", "a.py", folder=folder)
    found = pstats.Stats(os.path.join(folder, "a.prof"), stream=io.StringIO()).stats
    done = suite.python("-m", "cProfile", "-o", "wanted.prof", "a.py", folder=folder)
    suite.equal("cProfile", done.returncode, 0)
    wanted = pstats.Stats(os.path.join(folder, "wanted.prof"), stream=io.StringIO()).stats

    def python_calls(stats):
        return {(os.path.basename(key[0]),) + key[1:]: row[:2] for key, row in stats.items() if key[0].endswith("a.py")}

    def callers(stats):
        return {(key[1:], caller[1:]): row[:2] for key, entry in stats.items() if key[0].endswith("a.py")
                for caller, row in entry[4].items() if caller[0].endswith("a.py")}
    suite.equal("calls", python_calls(found), python_calls(wanted))
    suite.equal("callers", callers(found), callers(wanted))

    def natives(stats):
        calls = {}
        for key, row in stats.items():
            if "lsprof" in key[2]:
                continue
            name = re.sub(r"method '(\w+)' of '(\w+)' objects", r"\2.\1", key[2].strip("<>")).split(".")[-1].split(" ")[-1]
            if key[0] == "~" and name not in ("exec", "Profiler", "disable"):
                calls[name] = calls.get(name, 0) + row[1]
        return calls
    suite.equal("native functions", natives(found), natives(wanted))


def test_pstats(suite):
    folder = folder_of(suite)
    text = profile(suite, "--prof", "a.prof", "--top", "0", "a.py", folder=folder)
    cycles, _ = totals_of(text)
    stats = pstats.Stats(os.path.join(folder, "a.prof"), stream=io.StringIO())
    suite.check("seconds at 1000 MHz", abs(stats.total_tt - cycles / 1e9) < 1e-12, stats.total_tt)
    module = [row for key, row in stats.stats.items() if key[2] == "<module>"][0]
    suite.check("the module's cumulative time is the whole", abs(module[3] - cycles / 1e9) < 1e-12, module)
    stats.sort_stats("cumulative").print_stats().print_callers().print_callees()
    suite.check("printed", "fib" in stats.stream.getvalue())
    rows = rows_of(text)
    suite.check("ncalls of recursion", "/" in rows["a.py:2(fib)"][0], rows["a.py:2(fib)"])
    suite.equal("cumulative cycles of the root", rows["a.py:1(<module>)"][2], cycles)


def test_natives(suite):
    folder = folder_of(suite, mixed=MIXED)
    rows = rows_of(profile(suite, "--top", "0", "mixed.py", folder=folder))
    for name in ("{numpy.dot}", "{numpy.exp}", "{sorted}", "{len}", "{print}"):
        suite.check("has a row: " + name, name in rows, sorted(rows))
    suite.check("numpy.dot took what its multiply-adds take", rows["{numpy.dot}"][1] > 30 * 30 * 30, rows["{numpy.dot}"])
    suite.check("no instructions of its own", rows["{numpy.dot}"][3] == 0)


def test_lines(suite):
    folder = folder_of(suite)
    text = profile(suite, "--lines", "--top", "0", "a.py", folder=folder)
    cycles, instructions = totals_of(text)
    found_cycles = found_instructions = 0
    for line in text.splitlines():
        match = re.match(r"\s+(\d+|-)\s+([\d,]+)\s+([\d,]+)\s+[\d.]+ %", line)
        if match:
            found_instructions += int(match.group(2).replace(",", ""))
            found_cycles += int(match.group(3).replace(",", ""))
    suite.equal("lines add up", (found_cycles, found_instructions), (cycles, instructions))
    suite.check("source", "return n if n < 2 else fib(n - 1) + fib(n - 2)" in text, text)
    text = profile(suite, "--lines", "-c", "def f():\n    return 12 * len('x')\nf()", folder=folder)
    suite.check("source of -c", "return 12 * len('x')" in text, text)


def test_callgrind(suite):
    tool = shutil.which("callgrind_annotate")
    folder = folder_of(suite)
    cycles, instructions = totals_of(profile(suite, "--callgrind", "a.cg", "--isa", "hybrid", "a.py", folder=folder))
    if not tool:
        raise Skip("no callgrind_annotate")
    done = subprocess.run([tool, "--threshold=100", "--auto=yes", "a.cg"], cwd=folder, capture_output=True, text=True)
    suite.equal("callgrind_annotate", (done.returncode, done.stderr), (0, ""))
    totals = r"{:,} \(100.0%\)\s+{:,} \(100.0%\)\s+PROGRAM TOTALS".format(cycles, instructions)
    suite.check("totals", re.search(totals, done.stdout), done.stdout)
    table = done.stdout.split("file:function")[1].split("Auto-annotated")[0]
    own = [line.split()[0] for line in table.splitlines() if re.match(r"\s*[\d,]+ \(", line)]
    suite.equal("own cycles add up", sum(int(n.replace(",", "")) for n in own), cycles)
    suite.check("calls at source lines", re.search(r"=> .*fib:2 \(\d+x\)", done.stdout), done.stdout)
    done = subprocess.run([tool, "--inclusive=yes", "--threshold=100", "a.cg"], cwd=folder, capture_output=True, text=True)
    suite.check("inclusive", re.search(r"^{:,} \(100.0%\).*<module>".format(cycles), done.stdout, re.M), done.stdout)


def test_callgrind_names(suite):
    """KCachegrind tells functions apart by their names and their files' base names."""
    folder = suite.folder("packages", {"one/__init__.py": "def f(): return 1\n", "two/__init__.py": "def f(): return 2\n",
                                       "a.py": "import one, two\nprint(one.f() + two.f())\n"})
    profile(suite, "--callgrind", "a.cg", "a.py", folder=folder)
    with open(os.path.join(folder, "a.cg")) as stream:
        text = stream.read()
    file, names = "", []
    for kind, rest in re.findall(r"^(fl|fn)=(.*)$", text, re.M):
        if kind == "fl":
            file = os.path.basename(rest)
        else:
            names.append((file, rest.split(" ", 1)[1]))
    suite.equal("each function once", len(set(names)), len(names))
    suite.check("by their folders", any(name.endswith("f:1 in %s/" % os.path.join(folder, "one")) for _, name in names), names)


def check_events(suite, events, frames, end):
    stack, at = [], 0
    for event in events:
        suite.passed += 1
        if event["at"] < at or event["frame"] >= frames:
            return "time or frame of %r" % event
        at = event["at"]
        if event["type"] == "O":
            stack.append(event["frame"])
        elif not stack or stack.pop() != event["frame"]:
            return "closes what is not open: %r" % event
    return "" if not stack and at == end else "ends with %r at %d of %d" % (stack, at, end)


def test_flames(suite):
    folder = folder_of(suite, mixed=MIXED)
    for script in ("a.py", "mixed.py"):
        files = ("--speedscope", "s.json", "--collapsed", "c.txt", "--chrome", "t.json")
        cycles, _ = totals_of(profile(suite, *files, script, folder=folder))
        with open(os.path.join(folder, "s.json")) as stream:
            shown = json.load(stream)
        suite.equal("speedscope schema", shown["$schema"], "https://www.speedscope.app/file-format-schema.json")
        one = shown["profiles"][0]
        suite.equal("speedscope profile", (one["type"], one["unit"], one["startValue"], one["endValue"]),
                    ("evented", "none", 0, cycles))
        problem = check_events(suite, one["events"], len(shown["shared"]["frames"]), cycles)
        suite.check("speedscope events", not problem, problem)
        with open(os.path.join(folder, "c.txt")) as stream:
            stacks = [line.rsplit(" ", 1) for line in stream]
        suite.equal("collapsed stacks add up", sum(int(count) for _, count in stacks), cycles)
        suite.equal("each stack once", len({stack for stack, _ in stacks}) <= len(stacks), True)
        with open(os.path.join(folder, "t.json")) as stream:
            trace = json.load(stream)["traceEvents"]
        suite.check("trace events", all(set(e) >= {"name", "ph", "ts", "dur", "pid", "tid"} and e["ph"] == "X" for e in trace))
        suite.equal("trace cycles", sum(event["args"]["own_cycles"] for event in trace), cycles)
        suite.equal("trace duration", round(max(e["ts"] + e["dur"] for e in trace) * 1000), cycles)


def test_observation(suite):
    """A program sees nothing of being profiled: not even on its clock."""
    text = "import time\nt = []\nfor i in range(50):\n"\
           "    t.append(time.perf_counter_ns())\n    sum(range(i))\nprint(t, time.time() > 0)\n"
    folder = suite.folder("clock", {"a.py": text})
    plain = suite.hybridsim("run", "--quiet", "a.py", folder=folder).stdout
    profiled = suite.hybridsim("profile", "-o", "t.txt", "a.py", folder=folder).stdout
    suite.equal("readings of the clock", profiled, plain)
    text = "import time\nstart = time.perf_counter()\nn = 0\nwhile time.perf_counter() - start < 0.001: n += 1\nprint(n)\n"
    loop = suite.folder("loop", {"a.py": text})
    plain = suite.hybridsim("run", "--quiet", "a.py", folder=loop).stdout
    suite.equal("a loop that waits for the clock", suite.hybridsim("profile", "-o", "t.txt", "a.py", folder=loop).stdout, plain)
    again = [suite.hybridsim("profile", "--prof", "p.prof", "a.py", folder=folder).stdout for _ in range(2)]
    suite.equal("the same every time", again[0], again[1])


def test_bad_ends(suite):
    folder = suite.folder("ends", {
        "raise.py": "def f(n):\n    return 1 // n\nfor n in (3, 2, 1, 0):\n    f(n)\n",
        "exit.py": "import sys\ndef f():\n    sys.exit(3)\nf()\n", "deep.py": "def f(n):\n    return f(n + 1)\nf(0)\n",
        "mutual.py": "import sys\nsys.setrecursionlimit(10000)\ndef f(n):\n    return g(n) if n % 3 else f(n - 1) if n else 0\n"
                     "def g(n):\n    return f(n - 1)\nprint(f(4000))\n"})
    for name, status, row, calls in (("raise.py", 1, "raise.py:1(f)", "4"), ("exit.py", 3, "exit.py:2(f)", "1"),
                                     ("deep.py", 1, "deep.py:1(f)", "999/1"), ("mutual.py", 0, "mutual.py:3(f)", "4001/1")):
        text = profile(suite, name, folder=folder, status=status)
        rows = rows_of(text)
        suite.equal(name + ": calls", rows[row][0], calls)
        suite.equal(name + ": is said", "complete up to there" in text, status != 0)
        run = suite.report(name, folder=folder, status=status)["runs"][0]
        suite.equal(name + ": totals", totals_of(text), (run["cycles"], run["instructions"]))


def test_interrupted(suite):
    spin = "def spin():\n    n = 0\n    while True:\n        n += 1\nprint('on', flush=True)\nspin()\n"
    folder = suite.folder("interrupted", {"a.py": spin})
    process = suite.start("profile", "--prof", "a.prof", "a.py", folder=folder)
    process.stdout.readline()
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=60)
    end_group(process)
    suite.equal("exit status", process.returncode, 130)
    suite.check("is said", b"INTERRUPTED" in output and b"spin" in output, output + errors)
    suite.check("complete up to there", pstats.Stats(os.path.join(folder, "a.prof")).total_calls >= 3)


SERVING = """import atexit, signal, sys
atexit.register(lambda: print("atexit"))
def stop(number, frame):
    print("handler", number, flush=True)
    sys.exit(7)
def serve():
    while True:
        try:
            sum(range(50))
        except Exception if len(sys.argv) > 1 else BaseException:
            print("caught")
if len(sys.argv) > 1:
    signal.signal(signal.SIGTERM, stop)
print("on", flush=True)
try:
    serve()
finally:
    print("finally")
"""


def test_ended(suite):
    """SIGTERM and SIGHUP end the program where it is, as they end CPython, unless it handles them; the profile is written."""
    folder = suite.folder("ended", {"a.py": SERVING})
    for number in (signal.SIGTERM, signal.SIGHUP):
        process = suite.start("profile", "--prof", "a.prof", "--isa", "hybrid", "a.py", folder=folder)
        process.stdout.readline()
        process.send_signal(number)
        output, errors = process.communicate(timeout=60)
        end_group(process)
        name = signal.Signals(number).name
        suite.equal(name + ": exit status", process.returncode, 128 + number)
        suite.check(name + ": is said", output.startswith(b"hybridsim profile:") and b"INTERRUPTED" in output, output[:300])
        suite.equal(name + ": nothing else", errors, b"")
        suite.check(name + ": complete up to there", pstats.Stats(os.path.join(folder, "a.prof")).total_calls >= 3)
    process = suite.start("profile", "--top", "0", "a.py", "own", folder=folder)
    process.stdout.readline()
    process.send_signal(signal.SIGTERM)
    output = process.communicate(timeout=60)[0]
    end_group(process)
    suite.equal("its own handler: exit status", process.returncode, 7)
    suite.equal("its own handler", output.splitlines()[:3], [b"handler 15", b"finally", b"atexit"])
    suite.check("its own handler is listed", b"(stop)" in output, output[-500:])


def test_bad_input(suite):
    folder = folder_of(suite, syntax="def f(:\n")
    for arguments, message in ((["--sort", "colour", "a.py"], "--sort: found 'colour'"),
                               (["--top", "-1", "a.py"], "--top: found '-1'"),
                               ([], "no program"), (["none.py"], "none.py"),
                               (["--isa", "stack", "--isa", "hybrid", "a.py"], "found 2 ISAs"),
                               (["--prof", "no/where.prof", "a.py"], "no/where.prof"), (["--callgrind", ".", "a.py"], "directory"),
                               (["--isa", "nix", "a.py"], "nix")):
        done = suite.hybridsim("profile", *arguments, folder=folder)
        good = done.returncode == 2 and message in done.stderr.decode()
        suite.check("profile " + " ".join(arguments), good, done.stderr.decode())
    done = suite.hybridsim("profile", "syntax.py", folder=folder)
    suite.check("syntax error", done.returncode == 1 and b"SyntaxError" in done.stderr, done.stderr.decode())


def test_analyze(suite):
    folder = folder_of(suite)
    done = suite.hybridsim("analyze", "-o", "out", "a.py", folder=folder)
    suite.equal("files", sorted(os.listdir(os.path.join(folder, "out"))), ["a.html", "a.prof", "a_bytecode.txt", "a_instr_count.txt"])
    suite.check("they are named", done.returncode == 0 and b"out/a.prof" in done.stdout, done.stdout + done.stderr)
    with open(os.path.join(folder, "out", "a_bytecode.txt")) as stream:
        suite.check("bytecode", "LOAD_CONST" in stream.read())
    with open(os.path.join(folder, "out", "a_instr_count.txt")) as stream:
        counts = [int(line.split()[2].replace(",", "")) for line in stream.read().split("\n\n")[1].splitlines()[2:-1]
                  if re.match(r"\s+[A-Z_]+ ", line)]
    suite.equal("highest first", counts, sorted(counts, reverse=True))
    suite.check("profile", pstats.Stats(os.path.join(folder, "out", "a.prof")).total_calls > 100)
    done = suite.hybridsim("analyze", "a.py", folder=folder)
    suite.check("here", os.path.exists(os.path.join(folder, "a_bytecode.txt")), done.stderr)
    for arguments in (["none.py"], ["-o", "a.py/x", "a.py"], ["--isa", "hybrid", "a.py"]):
        done = suite.hybridsim("analyze", *arguments, folder=folder)
        suite.check("analyze " + " ".join(arguments), done.returncode == 2 and done.stderr, done.stderr.decode())


run_tests(globals())
