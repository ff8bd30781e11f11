"""`hybridsim run`: programs in every form, their streams and exit status, the options, the report formats."""
import csv
import io
import json
import os
import re
import subprocess

from harness import first_difference, run_tests, without_host

PROGRAM = '''import sys

class Account:
    def __init__(self, owner, balance=0):
        self.owner, self.balance = owner, balance
    def deposit(self, amount):
        self.balance += amount
        return self

def squares(n):
    for i in range(n):
        yield i * i

print(sys.argv[1:], __name__)
print(sum(squares(50)), [x for x in squares(6) if x % 2], {k: len(k) for k in ("a", "bb")})
print(Account("ann").deposit(5).deposit(7).balance, "%05d|%s" % (42, "x" * 3), f"{7:>4}|{'u':<3}|")
print(2 ** 200, -7 // 2, -7 % 3, (1, 2.5, None), "\\u00e4\\u20ac")
try:
    {}["missing"]
except KeyError as error:
    print("caught", error)
'''
ECHO = '''import sys
print(input(), input())
rest = sys.stdin.read()
print(len(rest), rest.count("\\n"), rest[-5:])
'''


def test_script(suite):
    folder = suite.folder("script", {"program.py": PROGRAM})
    for isas in ((), ("--isa", "register"), ("--isa", "hybrid", "--isa", "register")):
        suite.same_as_python("script %s" % " ".join(isas), ["program.py"], folder, options=isas)
    for workload in ("quickSort.py", "examples/load_store.py"):
        path = os.path.join(suite.source, "workloads", workload)
        suite.same_as_python(workload, [path], folder)


def test_arguments_after_the_script(suite):
    folder = suite.folder("arguments", {"program.py": PROGRAM, "show.py": "import sys\nprint(sys.argv)\n"})
    suite.same_as_python("arguments", ["show.py", "one", "--isa", "nonsense", "-c", "", "-", "--", "\u00e4"], folder)
    suite.same_as_python("script in a folder", ["../arguments/show.py", "-m"], folder)
    report = suite.report("program.py", "a", "--quiet", folder=folder)
    suite.equal("arguments in the report", report["program"]["arguments"], ["a", "--quiet"])
    suite.equal("the program's kind", (report["program"]["name"], report["program"]["kind"]), ("program.py", "script"))


def test_command(suite):
    code = "import sys; print(sys.argv, __name__); print([i ** 2 for i in range(4)])"
    suite.same_as_python("-c", ["-c", code, "x", "-y"])
    suite.equal("-c in the report", suite.report("-c", "pass")["program"]["kind"], "command")
    found = suite.hybridsim("run", "--quiet", "-", "x", stdin=b"import sys\nprint(6 * 7, sys.argv)\n")
    suite.equal("program on stdin", (found.stdout, found.returncode), (b"42 ['-', 'x']\n", 0))


def test_module(suite):
    folder = suite.folder("modules", {
        "shop/__init__.py": "print('init', __name__)\nRATE = 3\n",
        "shop/__main__.py": "import sys\nfrom . import RATE\nfrom .parts import total\n"
                            "print(sys.argv[1:], __name__, __package__, RATE, total([1, 2]))\n",
        "shop/parts.py": "def total(items):\n    return sum(items)\nif __name__ == '__main__':\n    print('parts', total([4]))\n",
        "single.py": "import sys\nprint(__name__, __file__ == sys.argv[0], sys.argv[1:])\n"})
    suite.same_as_python("-m package", ["-m", "shop", "a", "-b"], folder)
    suite.same_as_python("-m package.module", ["-m", "shop.parts"], folder)
    suite.same_as_python("-m module", ["-m", "single", "z"], folder)
    suite.same_as_python("-m absent", ["-m", "absent_module"], folder)
    suite.equal("-m in the report", suite.report("-m", "single", folder=folder)["program"]["kind"], "module")


def test_import_from_script_folder(suite):
    folder = suite.folder("imports", {"main.py": "import near\nfrom far.thing import X\nprint(near.f(2), X, near.__name__)\n",
                                      "near.py": "def f(x):\n    return x + 1\n", "far/__init__.py": "",
                                      "far/thing.py": "X = 'thing'\n"})
    suite.same_as_python("imports beside the script", ["main.py"], folder)
    suite.same_as_python("the same from elsewhere", ["imports/main.py"], os.path.dirname(folder))


def test_pyc(suite):
    folder = suite.folder("pyc", {"program.py": PROGRAM})
    subprocess.run([suite.python_path, "-c", "import py_compile; py_compile.compile('program.py', 'program.pyc', doraise=True)"],
                   cwd=folder, check=True)
    os.rename(os.path.join(folder, "program.py"), os.path.join(folder, "gone.txt"))
    suite.same_as_python(".pyc", ["program.pyc", "a"], folder)


def test_standard_input(suite):
    folder = suite.folder("stdin", {"echo.py": ECHO, "unread.py": "print('no input wanted')\n",
                                    "lines.py": "import sys\nfor line in sys.stdin:\n    print(len(line), end=' ')\nprint()\n"})
    text = b"first\nsecond\n" + b"".join(b"line %d\n" % i for i in range(30000))
    suite.same_as_python("stdin by a pipe, one ISA", ["echo.py"], folder, text, options=())
    suite.same_as_python("stdin by a pipe, three ISAs", ["echo.py"], folder, text,
                         options=("--isa", "hybrid", "--isa", "register"))
    suite.same_as_python("stdin line by line", ["lines.py"], folder, text)
    suite.same_as_python("stdin not read", ["unread.py"], folder, text)
    suite.same_as_python("end of stdin", ["echo.py"], folder, b"only one\n")
    with open(os.path.join(folder, "input.txt"), "wb") as stream:
        stream.write(text)
    for isas in ((), ("--isa", "hybrid")):
        with open(os.path.join(folder, "input.txt"), "rb") as stream:
            found = suite.hybridsim("run", "--quiet", *isas, "echo.py", folder=folder, stdin=stream)
        suite.equal("stdin from a file %s" % (isas,), (found.stdout, found.returncode),
                    (suite.python("echo.py", folder=folder, stdin=text).stdout, 0))


def test_replay(suite):
    code = ("import time, random, os\nprint(time.time(), time.perf_counter(), os.urandom(6))\n"
            "print(random.random(), random.Random().random())\n")
    found = suite.hybridsim("run", "--quiet", "--isa", "hybrid", "--isa", "register", "-c", code)
    suite.check("clock and entropy are replayed", found.returncode == 0, found.stderr.decode())
    again = suite.hybridsim("run", "--quiet", "-c", code)
    suite.check("clock and entropy are real", again.stdout != found.stdout, again.stdout)


def test_exit_status(suite):
    for name, code in (("sys.exit(3)", "import sys; print('x'); sys.exit(3)"),
                       ("sys.exit(text)", "import sys; sys.exit('some text')"),
                       ("sys.exit()", "import sys; sys.exit()"),
                       ("sys.exit(256 + 7)", "import sys; sys.exit(263)"),
                       ("sys.exit(-1)", "import sys; sys.exit(-1)"),
                       ("sys.exit((1, 2))", "import sys; sys.exit((1, 2))"),
                       ("raise SystemExit(4)", "raise SystemExit(4)"),
                       ("exit in a finally", "import sys\ntry:\n    sys.exit(5)\nfinally:\n    print('last')"),
                       ("exception", "print('before'); 1 // 0"),
                       ("exception of the program's own", "class Oops(Exception): pass\nraise Oops('a', 2)"),
                       ("chained exception", "try:\n    {}[1]\nexcept KeyError as e:\n    raise ValueError('v') from e")):
        for isas in ((), ("--isa", "hybrid")):
            suite.same_as_python("%s %s" % (name, isas), ["-c", code], options=isas)
    folder = suite.folder("exit", {"fails.py": "def f(x):\n    return g(x)\n\ndef g(x):\n    return x['a']\n\nf([])\n"})
    found = suite.same_as_python("traceback", ["fails.py"], folder)
    wanted = suite.python("fails.py", folder=folder)
    suite.equal("the whole traceback", found.stderr, wanted.stderr)
    report = suite.report("-c", "import sys; sys.exit(3)", status=3)
    suite.equal("exit status in the report", report["program"]["exit_status"], 3)


def test_quiet(suite):
    found = suite.hybridsim("run", "--isa", "hybrid", "-c", "import sys; print('out'); print('err', file=sys.stderr)")
    suite.equal("stdout without --quiet", found.stdout, b"out\n")
    suite.check("stderr without --quiet", found.stderr.startswith(b"err\n") and b"hybrid" in found.stderr, found.stderr)
    found = suite.hybridsim("run", "--quiet", "--isa", "hybrid", "-c",
                            "import sys; print('out'); print('err', file=sys.stderr)")
    suite.equal("--quiet", (found.stdout, found.stderr), (b"out\n", b"err\n"))


def csv_figures(text):
    rows = list(csv.reader(io.StringIO(text, newline="")))
    return rows[0], {(row[0], row[2], row[3], row[4]): row[5] for row in rows[1:]}


def test_report_formats(suite):
    folder = suite.folder("formats", {"program.py": PROGRAM})
    done = suite.hybridsim("run", "--isa", "hybrid", "--report", "r.txt", "--report", "r.json", "--report", "r.csv",
                           "--report", "r.md", "program.py", folder=folder)
    suite.check("four reports at once", done.returncode == 0, done.stderr.decode())
    text, markdown, table = (open(os.path.join(folder, "r." + suffix), newline="").read() for suffix in ("txt", "md", "csv"))
    report = json.load(open(os.path.join(folder, "r.json")))
    suite.equal("schema", report["schema"], 1)
    suite.equal("the runs", [run["isa"] for run in report["runs"]], ["stack", "hybrid"])
    suite.check("the text is what stderr shows", text.strip() and text.strip() in done.stderr.decode(), text)
    header, figures = csv_figures(table)
    suite.equal("CSV header", header, ["isa", "machine", "file", "metric", "name", "value"])
    for run in report["runs"]:
        grouped = "{:,}".format(run["instructions"])
        suite.check("instructions in the text", grouped in text, grouped)
        suite.check("instructions in the Markdown", grouped in markdown, grouped)
        for metric in ("static_instructions", "code_bytes", "instructions", "cycles"):
            suite.equal("CSV " + metric, figures.get((run["isa"], "", metric, "")), str(run[metric]))
        for metric in ("by_instruction", "by_category", "cycle_stack", "events", "work"):
            found = {key[3]: int(value) for key, value in figures.items() if key[:3] == (run["isa"], "", metric)}
            suite.equal("CSV " + metric, {k: v for k, v in found.items() if v}, {k: v for k, v in run[metric].items() if v})
        for file, counts in run["by_file"].items():
            suite.equal("CSV of " + file, figures.get((run["isa"], file, "cycles", "")), str(counts["cycles"]))
    suite.check("Markdown tables", re.search(r"^\|.*\|\n\|[-:| ]+\|$", markdown, re.M), markdown[:400])
    for entry, run in zip(report["comparison"], report["runs"][1:]):
        for key in ("static_instructions", "instructions", "cycles", "code_bytes"):
            suite.check("ratio of " + key, abs(entry[key] - run[key] / report["runs"][0][key]) <= 5.1e-7, entry)
    suite.equal("nothing else is left", sorted(os.listdir(folder)), ["program.py", "r-categories.svg", "r-cycles.svg",
                                                                    "r-flame-graph.svg", "r.csv", "r.json", "r.md", "r.txt"])


def test_report_on_stdout(suite):
    done = suite.hybridsim("run", "--report", "-", "-c", "print('mine')")
    suite.check("--report -", done.returncode == 0 and done.stdout.startswith(b"mine\n") and b"stack" in done.stdout, done.stdout)
    suite.equal("stderr with --report -", done.stderr, b"")


def test_top(suite):
    def rows(option):
        text = suite.hybridsim("run", *option, "-c", PROGRAM).stderr.decode()
        return len(text.splitlines())
    suite.check("--top", rows(("--top", "2")) < rows(()), "as long as without")


def test_isas(suite):
    code = "print(sum(i for i in range(100)))"
    def names(*options):
        return [run["isa"] for run in suite.report(*options, "-c", code)["runs"]]
    suite.equal("the baseline alone", names(), ["stack"])
    suite.equal("several --isa", names("--isa", "hybrid", "--isa", "register"), ["stack", "hybrid", "register"])
    suite.equal("--no-baseline", names("--no-baseline", "--isa", "register"), ["register"])
    suite.equal("the baseline asked for", names("--isa", "stack", "--isa", "hybrid", "--isa", "hybrid"), ["stack", "hybrid"])
    report = suite.report("--no-baseline", "--isa", "register", "--isa", "hybrid", "-c", code)
    suite.equal("compared with the first", [(c["isa"], c["baseline"]) for c in report["comparison"]], [("hybrid", "register")])
    by_name = suite.report("--isa", "hybrid", "-c", code)
    by_path = suite.report("--isa", suite.spec("hybrid.yaml"), "-c", code)
    by_file_name = suite.report("--isa", "hybrid.yaml", "-c", code)
    suite.equal("spec by name and by path", first_difference(without_host(by_name), without_host(by_path)), "")
    suite.equal("spec by file name", first_difference(without_host(by_name), without_host(by_file_name)), "")
    machines = [run["machine"] for run in suite.report("--machine", "ideal", "--isa", "hybrid", "-c", code)["runs"]]
    suite.equal("--machine by name", machines, ["ideal", "ideal"])


def test_scope(suite):
    folder = suite.folder("scope", {"program.py": "import near\nprint(near.f(40))\n",
                                    "near.py": "def f(n):\n    return sum(i * i for i in range(n))\n"})
    script = suite.report("--scope", "script", "--isa", "hybrid", "program.py", folder=folder)
    everything = suite.report("--scope", "all", "--isa", "hybrid", "program.py", folder=folder)
    default = suite.report("--isa", "hybrid", "program.py", folder=folder)
    suite.equal("default scope", first_difference(without_host(default), without_host(everything)), "")
    suite.equal("scope in the report", (script["scope"], everything["scope"]), ("script", "all"))
    for own, full in zip(script["runs"], everything["runs"]):
        for key in ("instructions", "cycles", "by_instruction", "static_instructions", "code_bytes", "cycle_stack"):
            suite.equal("script scope: " + key, own[key], own["by_file"]["program.py"][key])
        suite.equal("all scope", full["instructions"], sum(f["instructions"] for f in full["by_file"].values()))
        suite.equal("by_file is the same", own["by_file"], full["by_file"])
        suite.check("the import counts", full["instructions"] > own["instructions"] and "near.py" in full["by_file"])
        suite.equal("whose file", {f: c["script"] for f, c in own["by_file"].items() if f in ("program.py", "near.py")},
                    {"program.py": True, "near.py": False})


def test_warm_cache(suite):
    """With everything in the cache CPython is not started."""
    folder = suite.folder("warm", {"program.py": PROGRAM, "python": "#!/bin/sh\necho started >>\"$0.log\"\nexec %s \"$@\"\n" %
                                   suite.python_path})
    wrapper = os.path.join(folder, "python")
    os.chmod(wrapper, 0o755)

    def starts(*arguments):
        before = os.path.getsize(wrapper + ".log") if os.path.exists(wrapper + ".log") else 0
        done = suite.hybridsim("run", "--quiet", "--python", wrapper, *arguments, folder=folder)
        suite.check("with a wrapper %s" % (arguments[0],), done.returncode == 0, done.stderr)
        return (os.path.getsize(wrapper + ".log") if os.path.exists(wrapper + ".log") else 0) > before
    suite.check("a cold cache starts CPython", starts("program.py"))
    suite.check("a warm one does not", not starts("program.py"), "it was started again")
    suite.check("a changed program does", (open(os.path.join(folder, "program.py"), "a").write("print('more')\n"),
                                           starts("program.py"))[1])
    cold = suite.hybridsim("run", "--quiet", "--python", "/bin/false", "-c", "print('never seen before')")
    suite.equal("no working CPython", (cold.stdout, cold.returncode), (b"", 2))
    suite.check("says what it needs", b"3.11" in cold.stderr and b"/bin/false" in cold.stderr, cold.stderr)


def test_help(suite):
    for arguments in ((), ("--help",), ("run", "--help"), ("translate", "--help"), ("isa", "--help"), ("--version",)):
        done = suite.hybridsim(*arguments)
        suite.check("help %s" % (arguments,), done.returncode == 0 and done.stdout and not done.stderr, done.stderr)


def test_isa_command(suite):
    for name in ("stack", "register", "hybrid"):
        for action in ("check", "show", "list"):
            done = suite.hybridsim("isa", action, suite.spec(name + ".yaml"))
            suite.check("isa %s %s" % (action, name), done.returncode == 0 and done.stdout, done.stderr)
    shown = suite.hybridsim("isa", "show", suite.spec("hybrid.yaml")).stdout.decode()
    folder = suite.folder("shown", {"shown.yaml": shown, "program.py": PROGRAM})
    resolved = suite.report("--isa", "shown.yaml", "program.py", folder=folder)
    original = suite.report("--isa", "hybrid", "program.py", folder=folder)
    suite.equal("what isa show prints is the same ISA", first_difference(without_host(resolved), without_host(original)), "")


def test_translate(suite):
    folder = suite.folder("translate", {"program.py": "def f(a, b):\n    return a * b + 1\n\nprint(f(2, 3))\n"})
    for name in ("stack", "register", "hybrid"):
        done = suite.hybridsim("translate", "program.py", "--isa", name, folder=folder)
        listing = done.stdout.decode()
        suite.check("translate " + name, done.returncode == 0 and "return a * b + 1" in listing and "LOAD_FAST" in listing,
                    done.stderr)
    suite.check("fused", "MADD" in listing, listing)
    for stage in ("lift", "optimise", "allocate", "select", "emit"):
        done = suite.hybridsim("translate", "program.py", "--isa", "hybrid", "--dump=" + stage, folder=folder)
        suite.check("--dump=" + stage, done.returncode == 0 and done.stdout, done.stderr)


run_tests(globals())
