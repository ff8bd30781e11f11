"""--save, `hybridsim diff` and `hybridsim compare`: a saved run is the run, to the last figure; what is no saved run is refused by
name; diffs add up; comparisons are of the figures that `run` reports."""
import csv
import io
import json
import os
import re
import subprocess
import time

from harness import end_group, first_difference, run_tests

PROGRAM = """import sys
def square(n):
    return n * n

def total(count):
    return sum([square(k) for k in range(count)])

print(total(int(sys.argv[1]) if len(sys.argv) > 1 else 20))
"""

# A line before everything, one line changed, a function more.
CHANGED = """import sys
start = 5
def square(n):
    return n ** 2 + 0

def total(count):
    return sum([square(k) for k in range(count)])

def more():
    return [1, 2, 3]

more()
print(total(int(sys.argv[1]) if len(sys.argv) > 1 else 20))
"""


def folder_of(suite):
    folder = suite.folder("compare", {"a.py": PROGRAM, "b.py": CHANGED, "raises.py": "x = [1] * 30\nraise KeyError(x[0])\n",
                                      "leaves.py": "import sys\nsys.exit(4)\n", "deep.py": "def f(): f()\nf()\n",
                                      "lacks.py": "import fcntl\nfcntl.fcntl(0, 99, b'abc')\n", "echo.py": "print(input())\n"})
    for name in ("a", "b"):
        if not os.path.exists(os.path.join(folder, name + ".json")):
            save(suite, folder, name + ".json", "--isa", "hybrid", name + ".py")
    return folder


def save(suite, folder, path, *arguments, command="run", status=0):
    quiet = ["--quiet"] if command == "run" else []
    done = suite.hybridsim(command, *quiet, "--save", path, *arguments, folder=folder)
    suite.equal("%s --save %s: exit status" % (command, " ".join(arguments)), done.returncode, status)
    with open(os.path.join(folder, path)) as stream:
        return json.load(stream)


def test_saved_run(suite):
    """The file is the report, with rows that add up to it, the same for every command and to the byte."""
    folder = folder_of(suite)
    saved = json.load(open(os.path.join(folder, "a.json")))
    report = suite.report("--isa", "hybrid", "a.py", folder=folder)
    for key in ("schema", "program", "scope", "comparison"):
        suite.equal(key, saved[key], report[key])
    for mine, theirs in zip(saved["runs"], report["runs"]):
        suite.equal("run " + mine["isa"], first_difference({key: mine[key] for key in theirs}, theirs), "")
        rows = [row for code in mine["code_rows"] for row in code["rows"]]
        suite.equal("rows' instructions", sum(row[3] for row in rows), mine["instructions"])
        suite.equal("rows' cycles", sum(row[4] for row in rows) + sum(code["native_cycles"] for code in mine["code_rows"]),
                    mine["cycles"])
        by_name = {}
        for row in rows:
            by_name[mine["names"][row[1]]] = by_name.get(mine["names"][row[1]], 0) + row[3]
        suite.equal("rows by instruction", {name: count for name, count in by_name.items() if count}, mine["by_instruction"])
        by_code = {(code["file"], code["name"], code["line"]): sum(row[3] for row in code["rows"]) for code in mine["code_rows"]}
        suite.equal("rows by code object", by_code,
                    {(code["file"], code["name"], code["line"]): code["instructions"] for code in mine["by_code"]})
        suite.equal("the script's own", mine["script"]["cycles"], mine["by_file"]["a.py"]["cycles"])
    sum_of = subprocess.run(["sha256sum", "a.py"], cwd=folder, capture_output=True, text=True).stdout.split()[0]
    suite.equal("hash of the source", [s["sha256"] for s in saved["sources"] if s["file"] == "a.py"], [sum_of])
    suite.equal("text of the source", [s["lines"] for s in saved["sources"] if s["file"] == "a.py"], [PROGRAM.splitlines()])
    provenance = saved["provenance"]
    suite.equal("command", provenance["command"], ["hybridsim", "run", "--isa", "hybrid", "a.py"])
    suite.equal("version", ["hybridsim", provenance["version"]], suite.hybridsim("--version").stdout.decode().split())
    suite.equal("specs", [spec["isa"] for spec in provenance["specs"]], ["stack", "hybrid"])
    suite.equal("spec in full", provenance["specs"][1]["text"], suite.hybridsim("isa", "show", "hybrid").stdout.decode())
    save(suite, folder, "again.json", "--isa", "hybrid", "a.py")
    one, other = (open(os.path.join(folder, name)).read() for name in ("a.json", "again.json"))
    suite.check("the same to the byte", one == other)
    counted = save(suite, folder, "count.json", "--isa", "hybrid", "a.py", command="count")
    suite.equal("count saves the same", first_difference(dict(counted, provenance=0), dict(saved, provenance=0)), "")
    profiled = save(suite, folder, "profile.json", "--isa", "hybrid", "a.py", command="profile")
    suite.equal("profile saves the same", first_difference(profiled["runs"][0], saved["runs"][1]), "")
    done = suite.hybridsim("count", "--static", "--save", "x.json", "a.py", folder=folder)
    suite.check("nothing to save without a run", done.returncode == 2 and b"--save with --static" in done.stderr, done.stderr)
    done = suite.hybridsim("run", "--save", "x.txt", "a.py", folder=folder)
    suite.check("another name is refused before the run", done.returncode == 2 and b".json" in done.stderr and not done.stdout)


def test_complete_up_to_there(suite):
    """A program that raises, leaves, runs out of recursion or is interrupted is saved as far as it came."""
    folder = folder_of(suite)
    for script, status in (("raises.py", 1), ("leaves.py", 4), ("deep.py", 1)):
        for command in ("run", "count", "profile"):
            saved = save(suite, folder, "part.json", script, command=command, status=status)
            suite.equal("%s %s: status in it" % (command, script), saved["program"]["exit_status"], status)
            suite.check("%s %s: figures" % (command, script), saved["runs"][0]["instructions"] > 5)
            suite.equal("%s %s reads back" % (command, script),
                        suite.hybridsim("diff", "part.json", "part.json", folder=folder).returncode, 0)
    for command, arguments in (("run", ["--quiet"]), ("count", []), ("profile", [])):
        process = suite.start(command, *arguments, "--save", "stopped.json", "-c",
                              "print('go', flush=True)\nn = 0\nwhile True: n += 1", folder=folder)
        try:
            process.stdout.readline()
            time.sleep(0.2)
            process.send_signal(2)
            process.communicate(timeout=30)
        finally:
            end_group(process)
        saved = json.load(open(os.path.join(folder, "stopped.json")))
        suite.equal(command + " interrupted: exit status", process.returncode, 130)
        suite.check(command + " interrupted: it says so", saved["program"]["interrupted"] and saved["runs"][0]["interrupted"])
        suite.check(command + " interrupted: figures", saved["runs"][0]["instructions"] > 1000)
        suite.check("diff says so", b"interrupted" in suite.hybridsim("diff", "stopped.json", "a.json:stack", folder=folder).stdout)


def test_refused(suite):
    """What is no saved run, or a damaged or newer one, is refused with what was found."""
    folder = folder_of(suite)
    whole = json.load(open(os.path.join(folder, "a.json")))

    def refused(name, text, *expected):
        with open(os.path.join(folder, "bad.json"), "w") as stream:
            stream.write(text if isinstance(text, str) else json.dumps(text))
        for command in (["diff", "bad.json", "a.json"], ["compare", "bad.json"]):
            done = suite.hybridsim(*command, folder=folder)
            error = done.stderr.decode()
            named = error.startswith("bad.json:") and "error:" in error and all(word in error for word in expected)
            suite.check("%s: %s" % (command[0], name), done.returncode == 2 and named and not done.stdout,
                        "%d %s" % (done.returncode, error))

    def changed(change):
        copy = json.loads(json.dumps(whole))
        change(copy)
        return copy

    suite.hybridsim("run", "--quiet", "--report", "report.json", "a.py", folder=folder)
    refused("not JSON", "PK\x03", "not JSON")
    refused("empty", "", "not JSON")
    refused("cut short", json.dumps(whole)[:5000], "not JSON")
    refused("a list", [1, 2], "found a list")
    refused("other JSON", {"a": 1}, "found other JSON", "--save")
    refused("a report", open(os.path.join(folder, "report.json")).read(), "found a report", "--save")
    refused("a newer one", changed(lambda run: run.update(saved_run=2)), "version 2", "version 1")
    refused("no version number", changed(lambda run: run.update(saved_run="x")), "found a text for 'saved_run'")
    refused("a part is missing", changed(lambda run: run["runs"][1].pop("cycle_stack")),
            "found nothing for 'cycle_stack' of runs[1]")
    refused("a number is a text", changed(lambda run: run["runs"][0].update(cycles="7")), "found a text for 'cycles' of runs[0]")
    refused("a number is negative", changed(lambda run: run["runs"][0].update(cycles=-7)), "a negative number")
    refused("a row is short", changed(lambda run: run["runs"][0]["code_rows"][0]["rows"][0].pop()), "five numbers")
    refused("a figure was changed", changed(lambda run: run["runs"][0].update(instructions=7)), "adds up to")
    refused("a row was changed", changed(lambda run: run["runs"][0]["code_rows"][0]["rows"][0].__setitem__(3, 99)), "adds up to")
    refused("duplicate key", '{"saved_run": 1, "saved_run": 1}', "not JSON")
    done = suite.hybridsim("diff", "nowhere.json", "a.json", folder=folder)
    suite.check("no file", done.returncode == 2 and b"nowhere.json: error: cannot read" in done.stderr, done.stderr)
    done = suite.hybridsim("diff", "a.json:nosuch", "b.json", folder=folder)
    suite.check("no such ISA", done.returncode == 2 and b"'nosuch'" in done.stderr and b"stack, hybrid" in done.stderr, done.stderr)
    for bad in (["a.json"], ["a.json", "b.json", "a.json"], []):
        suite.equal("two files: %s" % bad, suite.hybridsim("diff", *bad, folder=folder).returncode, 2)


def tables_of(suite, folder, *arguments):
    done = suite.hybridsim("diff", "--json", *arguments, folder=folder)
    suite.check("diff %s" % " ".join(arguments), done.returncode in (0, 1), done.stderr)
    return [{table["by"]: {row["name"]: row for row in table["rows"]} for table in one["tables"]}
            for one in json.loads(done.stdout)["diffs"]], done.returncode


def test_diff(suite):
    folder = folder_of(suite)
    done = suite.hybridsim("diff", "a.json", "a.json", folder=folder)
    suite.check("the same", done.returncode == 0 and done.stdout.count(b"no change") == 2, done.stdout)
    (stack, hybrid), status = tables_of(suite, folder, "a.json", "b.json")
    suite.equal("different", status, 1)
    before, after = (json.load(open(os.path.join(folder, name)))["runs"][0] for name in ("a.json", "b.json"))
    for key in ("instructions", "cycles", "code_bytes"):
        row = stack["total"][key]
        suite.equal(key, (row["before"], row["after"], row["change"]), (before[key], after[key], after[key] - before[key]))
    for by, metric in (("category", "instructions"), ("instruction", "instructions"), ("cycles", "cycles"), ("function", "cycles"),
                       ("line", "cycles")):
        suite.equal("changes by %s add up" % by, sum(row["change"] for row in stack[by].values()), after[metric] - before[metric])
    for metric in ("cycles", "instructions"):
        tables = ("--by", "instruction", "--by", "function", "--by", "line")
        (one, _), _ = tables_of(suite, folder, "--metric", metric, *tables, "a.json", "b.json")
        suite.equal("tables asked for", sorted(one), ["function", "instruction", "line"])
        for by, rows in one.items():
            suite.equal("%s by %s" % (metric, by), sum(row["change"] for row in rows.values()), after[metric] - before[metric])
    functions = stack["function"]
    suite.check("the function that moved is the same", "square (b.py:3)" in functions and functions["square (b.py:3)"]["before"])
    suite.equal("what is new", functions["more (b.py:9)"]["before"], None)
    suite.check("what did not change is left out", "total.<locals>.<listcomp> (b.py:7)" not in functions, functions)
    suite.check("with --all it is there",
                "total.<locals>.<listcomp> (b.py:7)" in tables_of(suite, folder, "--all", "a.json", "b.json")[0][0]["function"])
    lines = stack["line"]
    suite.equal("the line that changed", [row["text"] for row in lines.values() if row["after"] is None], ["    return n * n"])
    moved = [row for row in lines.values() if row.get("text", "").startswith("    return sum")]
    suite.equal("lines that moved are the same", moved, [])
    (one,), status = tables_of(suite, folder, "a.json:stack", "a.json:hybrid")
    suite.equal("two runs of one file", one["total"]["instructions"]["after"], json.load(
        open(os.path.join(folder, "a.json")))["runs"][1]["instructions"])
    rows = list(csv.DictReader(io.StringIO(suite.hybridsim("diff", "--csv", "--by", "total", "a.json", "b.json",
                                                           folder=folder).stdout.decode())))
    suite.equal("CSV", [(row["before_isa"], row["change"]) for row in rows if row["name"] == "cycles"],
                [(name, str(side["total"]["cycles"]["change"])) for name, side in (("stack", stack), ("hybrid", hybrid))])
    text = suite.hybridsim("diff", "--by", "line", "--limit", "1", "a.json:stack", "b.json", folder=folder).stdout.decode()
    suite.check("--limit", re.search(r"^  \d+ more ", text, re.M) and len(text.splitlines()) == 8, text)
    suite.check("not coloured in a pipe", "\033" not in text)
    coloured = suite.hybridsim("diff", "--color", "always", "a.json", "b.json", folder=folder).stdout.decode()
    suite.check("coloured when asked", "\033[31m" in coloured)
    suite.hybridsim("diff", "-o", "diff.txt", "a.json", "b.json", folder=folder)
    suite.equal("-o", open(os.path.join(folder, "diff.txt")).read(),
                suite.hybridsim("diff", "a.json", "b.json", folder=folder).stdout.decode())
    suite.equal("-o another name", suite.hybridsim("diff", "-o", "diff.xml", "a.json", "b.json", folder=folder).returncode, 2)


def cells_of(text):
    return {(metric["metric"], row["program"], cell["isa"]): cell for metric in json.loads(text)["metrics"]
            for row in metric["programs"] for cell in row["runs"]}


def test_compare(suite):
    folder = folder_of(suite)
    done = suite.hybridsim("compare", "--isa", "hybrid", "--isa", "register", "--metric", "cycles,taken", "--metric", "work.objects",
                           "--metric", "LOAD_FAST", "--json", "a.py", "a.py 50", "b.json", folder=folder)
    suite.equal("exit status", (done.returncode, done.stderr), (0, b""))
    cells = cells_of(done.stdout)
    for label, arguments in (("a.py", ["a.py"]), ("a.py 50", ["a.py", "50"]), ("b.py (b.json)", ["b.py"])):
        report = suite.report("--isa", "hybrid", "--isa", "register", *arguments, folder=folder)
        for run in report["runs"]:
            if label == "b.py (b.json)" and run["isa"] == "register":
                suite.equal("no such run in the file", cells["cycles", label, "register"]["state"], "none")
                continue
            figures = {"cycles": run["cycles"], "events.taken": run["events"]["taken"], "work.objects": run["work"]["objects"],
                       "by_instruction.LOAD_FAST": run["by_instruction"].get("LOAD_FAST", 0)}
            for metric, value in figures.items():
                cell = cells[metric, label, run["isa"]]
                suite.equal("%s of %s under %s" % (metric, label, run["isa"]), (cell["value"], cell["state"]), (value, "good"))
            suite.equal("ratio", "%.6f" % cells["cycles", label, run["isa"]]["to_baseline"],
                        "%.6f" % (run["cycles"] / report["runs"][0]["cycles"]))
        best = min((cell["value"], isa) for (metric, name, isa), cell in cells.items()
                   if metric == "cycles" and name == label and cell["value"])
        suite.check("least of " + label, cells["cycles", label, best[1]]["best"])
    means = json.loads(done.stdout)["metrics"][0]["geometric_means"]
    product = 1.0
    for label in ("a.py", "a.py 50", "b.py (b.json)"):
        product *= cells["cycles", label, "hybrid"]["to_baseline"]
    suite.check("geometric mean", abs(means["hybrid"] - product ** (1 / 3)) < 2e-6, means)
    text = suite.hybridsim("compare", "--isa", "hybrid", "a.py", "b.py", folder=folder).stdout.decode()
    suite.check("text", "geometric mean" in text and "*" in text and "/stack" in text and "/first" in text, text)
    suite.check("what programs print is not shown", "2470" not in text, text)
    saved = suite.hybridsim("compare", "--json", "a.json", "b.json", folder=folder).stdout.decode()
    live = suite.hybridsim("compare", "--json", "--isa", "hybrid", "a.py", "b.py", folder=folder).stdout.decode()
    suite.equal("saved runs are the runs", saved.replace("a.py (a.json)", "a.py").replace("b.py (b.json)", "b.py"), live)
    done = suite.hybridsim("compare", "--isa", "hybrid", "a.py", "-o", "t.txt", "-o", "t.csv", "-o", "t.md", "--report", "t.html",
                           folder=folder)
    suite.equal("files only", (done.returncode, done.stdout), (0, b""))
    rows = list(csv.DictReader(open(os.path.join(folder, "t.csv"))))
    suite.equal("CSV", [(row["isa"], int(row["value"])) for row in rows],
                [(isa, cells["cycles", "a.py", isa]["value"]) for isa in ("stack", "hybrid")])
    suite.check("Markdown", "| a.py |" in open(os.path.join(folder, "t.md")).read())
    suite.check("a page", "a.py" in open(os.path.join(folder, "t.html")).read())
    echoed = suite.hybridsim("compare", "--input", "a.py", "echo.py", folder=folder)
    suite.equal("--input", echoed.returncode, 0)
    done = suite.hybridsim("compare", "--scope", "script", "--csv", "--no-baseline", "--isa", "hybrid", "a.py", "a.json",
                           folder=folder)
    cycles = suite.report("--isa", "hybrid", "--scope", "script", "a.py", folder=folder)["runs"][1]["cycles"]
    suite.equal("one scope for both", done.stdout.count(b",%d," % cycles), 2)


def test_compare_interrupted(suite):
    folder = folder_of(suite)
    with open(os.path.join(folder, "endless.py"), "w") as stream:
        stream.write("open('started', 'w').close()\nwhile True: pass\n")
    process = suite.start("compare", "--json", "a.py", "endless.py", "b.py", folder=folder)
    try:
        while process.poll() is None and not os.path.exists(os.path.join(folder, "started")):
            time.sleep(0.01)
        time.sleep(0.3)
        process.send_signal(2)
        output, _ = process.communicate(timeout=30)
    finally:
        end_group(process)
    cells = cells_of(output)
    suite.equal("exit status", process.returncode, 130)
    suite.equal("what had run, what was running, what had not", [cells["cycles", name, "stack"]["state"] for name in
                                                                   ("a.py", "endless.py", "b.py")], ["good", "interrupted", "not run"])


def test_compare_side_by_side(suite):
    """Programs that run at once come to what they come to one after the other, also when they change files that others read."""
    log = "log = open('log.txt', 'a+')\n"
    folder = suite.folder("side", {
        "writes.py": log + "log.write('one\\n')\nlog.seek(0)\nprint(sum(range(len(log.read()) * 100)))\n",
        "reads.py": "import os\nprint([i for i in range(os.path.getsize('log.txt') * 100)][-1])\n",
        "raises.py": "import sys\nsys.stderr.write('first\\n')\nraise ValueError(3)\n", "leaves.py": "import sys\nsys.exit(4)\n",
        "deep.py": "def f(n): return f(n + 1)\nf(0)\n", "works.py": "print(sum(i * i for i in range(1000)))\n"})
    programs = ["works.py", "writes.py", "reads.py", "raises.py", "writes.py 2", "reads.py", "leaves.py", "deep.py", "-c 1/0"]
    results = []
    for cores in (None, {min(os.sched_getaffinity(0))}):
        with open(os.path.join(folder, "log.txt"), "w") as stream:
            stream.write("start\n")
        process = suite.start("compare", "--isa", "hybrid", *programs, folder=folder)
        if cores:
            os.sched_setaffinity(process.pid, cores)
        output, errors = process.communicate(timeout=100)
        results.append((process.returncode, output, errors, open(os.path.join(folder, "log.txt")).read()))
    for name, beside, alone in zip(("status", "table", "errors", "files"), *results):
        suite.equal(name, beside, alone)
    suite.equal("what failed is said in order", re.findall(r"^hybridsim: (.*): failed", results[0][2].decode(), re.M),
                ["raises.py", "leaves.py", "deep.py", "-c '1/0'"])
    done = suite.hybridsim("compare", "--isa", "hybrid", "missing.py", "works.py", folder=folder)
    suite.check("a missing one is found before any runs", done.returncode == 2 and b"missing.py" in done.stderr, done.stderr)


def test_compare_failures(suite):
    folder = folder_of(suite)
    done = suite.hybridsim("compare", "--isa", "hybrid", "--json", "a.py", "raises.py", "leaves.py", "-c 'def'", folder=folder)
    cells = cells_of(done.stdout)
    suite.equal("exit status", done.returncode, 1)
    suite.equal("states", [cells["cycles", name, "stack"]["state"] for name in ("a.py", "raises.py", "leaves.py", "-c 'def'")],
                ["good", "failed", "failed", "not run"])
    suite.equal("status of the program", cells["cycles", "leaves.py", "hybrid"]["exit_status"], 4)
    suite.check("its message", b"KeyError: 1" in done.stderr and b"SyntaxError" in done.stderr, done.stderr)
    text = suite.hybridsim("compare", "--isa", "hybrid", "a.py", "raises.py", folder=folder).stdout.decode()
    suite.check("the cell is marked", any("raises.py" in line and "!" in line for line in text.splitlines()), text)
    done = suite.hybridsim("compare", "lacks.py", folder=folder)
    suite.check("unsupported", done.returncode == 3 and b"unsupported" in done.stdout, done.stdout + done.stderr)
    for arguments, words in ((["--metric", "nosuch", "a.py"], b"nosuch"), (["--baseline", "vliw", "a.py"], b"vliw"),
                             ([], b"no program"), (["nowhere.py"], b"nowhere.py"), (["a.py 'x"], b"quote"),
                             (["--metric", ",".join("abcdefghi"), "a.py"], b"8"), (["--no-baseline", "a.py"], b"--isa"),
                             (["-o", "x.xml", "a.py"], b".html"), (["--ratio", "x", "a.py"], b"both")):
        done = suite.hybridsim("compare", *arguments, folder=folder)
        good = done.returncode == 2 and words in done.stderr and not done.stdout
        suite.check("wrong use: %s" % " ".join(arguments), good, done.stderr)


run_tests(globals())
