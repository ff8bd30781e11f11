"""hybridsim sweep: figures of points are those of runs, whatever the number of workers and however often it was killed."""
import json
import os
import random
import re
import resource
import signal
import sqlite3
import subprocess
import sys
import time

from harness import run_tests

LOOP = """
import math

def numbers(n):
    for i in range(n):
        yield i * 3 % 7

def main():
    total, table = 0, {}
    for n in numbers(300):
        if n > 3:
            total += n * 2 + 1
        table[n] = math.sqrt(total) if n & 1 else abs(total)
    rows = [[float(i + k) for k in range(6)] for i in range(6)]
    product = [[sum(a * b for a, b in zip(row, column)) for column in zip(*rows)] for row in rows]
    print(total, len(table), product[2][3])

main()
"""

GRID = """
sweep: small
base: {isa: hybrid}
programs:
  - loop.py
  - {script: loop.py, arguments: [other]}
axes:
  registers.count: [8, 32]
  instructions.MADD: [on, off]
  instructions.SQRT: [on, off]
  machine.branch.predictor: [static, bimodal, gshare]
  machine.branch.mispredict_penalty: {from: 4, to: 16, scale: log2}
derive:
  encoding.register_bits: "ceil(log2(registers.count))"
"""


def rows(database):
    with sqlite3.connect(database) as connection:
        return connection.execute(
            "SELECT p.settings, g.label, r.how, r.exit_status, r.cycles, r.instructions, r.code_bytes, r.energy, r.area, "
            "r.energy_parts, r.area_parts, r.cycle_stack, r.events, r.work, r.by_category, r.by_instruction, r.error "
            "FROM results r JOIN points p ON p.id = r.point JOIN programs g ON g.id = r.program ORDER BY 1, 2").fetchall()


def sweep(suite, folder, text, database, *options):
    with open(os.path.join(folder, "sweep.yaml"), "w") as stream:
        stream.write(text)
    return suite.hybridsim("sweep", "sweep.yaml", "-o", database, *options, folder=folder)


def test_grid(suite):
    folder = suite.folder("sweep-grid", {"loop.py": LOOP})
    done = sweep(suite, folder, GRID, "two.db", "--verify", "6", "-j", "2")
    suite.equal("a grid, verified", (done.returncode, done.stdout), (0, b""))
    suite.check("what was done", b"72 points, 2 programs: 144 results, 144 of them new" in done.stderr and
                b"6 results executed again: identical" in done.stderr, done.stderr)
    suite.check("executions: one for each speculation", b"by 4 executions" in done.stderr, done.stderr)
    two = os.path.join(folder, "two.db")
    suite.equal("results", len(rows(two)), 144)
    done = sweep(suite, folder, GRID, "one.db", "-j", "1", "--quiet")
    suite.equal("quiet", done.stderr, b"")
    suite.equal("one worker or two", rows(os.path.join(folder, "one.db")), rows(two))
    done = sweep(suite, folder, GRID, "two.db")
    suite.check("nothing is new the second time", b"144 results, 0 of them new, by 0 executions" in done.stderr, done.stderr)
    done = sweep(suite, folder, GRID.replace("to: 16", "to: 32"), "two.db")
    suite.check("an extended sweep computes what is new", b"192 results, 48 of them new" in done.stderr, done.stderr)


def test_point_is_run(suite):
    folder = suite.folder("sweep-spec", {"loop.py": LOOP})
    text = "sweep: s\nbase: {isa: register}\nprograms: [loop.py]\n" \
           "axes: {registers.count: [12, 16], machine.units.mac.latency: [2, 5]}\n"
    suite.equal("sweep", sweep(suite, folder, text, "r.db", "--quiet").returncode, 0)
    for point in (1, 4):
        suite.equal("spec", suite.hybridsim("sweep", "spec", "r.db", str(point), "-o", "my.yaml", folder=folder).returncode, 0)
        suite.hybridsim("run", "--quiet", "--isa", "my.yaml", "--report", "r.json", "loop.py", folder=folder)
        run = json.load(open(os.path.join(folder, "r.json")))["runs"][1]
        with sqlite3.connect(os.path.join(folder, "r.db")) as connection:
            kept = connection.execute("SELECT cycles, instructions, code_bytes FROM results WHERE point = %d" % point).fetchone()
        suite.equal("point %d is what run says" % point, kept, (run["cycles"], run["instructions"], run["code_bytes"]))
    exact = sweep(suite, folder, text, "exact.db", "--exact")
    suite.check("--exact executes every point", b"by 4 executions" in exact.stderr, exact.stderr)
    figures = [[row[4:] for row in rows(os.path.join(folder, name))] for name in ("r.db", "exact.db")]
    suite.equal("--exact gives the same", figures[0], figures[1])


def test_verify_fails_loudly(suite):
    folder = suite.folder("sweep-verify", {"loop.py": LOOP})
    text = "sweep: s\nbase: {isa: stack}\nprograms: [loop.py]\naxes: {machine.branch.mispredict_penalty: [1, 9]}\n"
    sweep(suite, folder, text, "r.db", "--quiet")
    with sqlite3.connect(os.path.join(folder, "r.db")) as connection:
        connection.execute("UPDATE figures SET numbers = replace(numbers, '[', '[1') WHERE id IN (SELECT work FROM results)")
    done = sweep(suite, folder, text, "r.db", "--verify", "2")
    suite.check("a wrong figure", done.returncode == 70 and b"the figures kept are not those of executing it" in done.stderr,
                done.stderr)


def test_older_file(suite):
    folder = suite.folder("sweep-older", {"loop.py": LOOP})
    for version, what in ((1, b"by an older build of hybridsim, expected 2: compute them into another file"),
                          (9, b"by a newer build of hybridsim, expected 2: read them with that build")):
        with sqlite3.connect(os.path.join(folder, "v%d.db" % version)) as connection:
            connection.executescript("CREATE TABLE results(figures TEXT); PRAGMA application_id = 1752388401; "
                                     "PRAGMA user_version = %d;" % version)
        shown = suite.hybridsim("sweep", "show", "v%d.db" % version, folder=folder)
        for done in (shown, sweep(suite, folder, GRID, "v%d.db" % version)):
            suite.check("a file of version %d" % version, done.returncode == 2 and
                        b"v%d.db: error: found results of schema version %d, " % (version, version) + what in done.stderr,
                        done.stderr)


def test_counters(suite):
    """The view of all counters is what is exported, and each set of counters is in the file once."""
    folder = suite.folder("sweep-counters", {"loop.py": LOOP})
    sweep(suite, folder, GRID.replace("[static, bimodal, gshare]", "[static]"), "r.db", "--quiet")
    exported = json.loads(suite.hybridsim("sweep", "export", "--json", "r.db", folder=folder).stdout)
    with sqlite3.connect(os.path.join(folder, "r.db")) as connection:
        for row in exported[:3]:
            found = dict(connection.execute("SELECT c.name, c.value FROM counters c JOIN programs g ON g.id = c.program "
                                            "WHERE c.point = ? AND g.label = ?", (row["point"], row["program"])))
            suite.equal("counters", found, {name: value for name, value in row["figures"].items() if "." in name})
        sets, distinct = connection.execute("SELECT count(*), count(DISTINCT layout || numbers) FROM figures").fetchone()
        work, = connection.execute("SELECT count(DISTINCT work) FROM results").fetchone()
    suite.check("sets of counters", sets == distinct and work < len(exported), (sets, distinct, work))


def test_kill(suite):
    folder = suite.folder("sweep-kill", {"loop.py": LOOP})
    text = GRID.replace("  registers.count: [8, 32]", "  registers.count: {from: 8, to: 32, step: 4}")
    text = text.replace("{from: 4, to: 16, scale: log2}", "{from: 1, to: 12}")
    sweep(suite, folder, text, "whole.db", "--quiet")
    generator = random.Random(7)
    for _ in range(20):
        process = suite.start("sweep", "sweep.yaml", "-o", "killed.db", "--quiet", folder=folder)
        time.sleep(generator.uniform(0.02, 0.45))
        process.kill()
        process.communicate()
    process = suite.start("sweep", "sweep.yaml", "-o", "killed.db", "--quiet", folder=folder)
    time.sleep(0.4)
    os.killpg(process.pid, signal.SIGINT)
    process.communicate()
    suite.check("interrupted (before anything runs: by the signal itself), or done already",
                process.returncode in (0, 130, -signal.SIGINT), repr(process.returncode))
    suite.equal("resumed", sweep(suite, folder, text, "killed.db", "--quiet").returncode, 0)
    plain = [[row[:2] + row[3:] for row in rows(os.path.join(folder, name))] for name in ("whole.db", "killed.db")]
    suite.equal("killed and resumed: the same results", plain[1], plain[0])


def wait_for_file(process, path):
    while process.poll() is None and not os.path.exists(path):
        time.sleep(0.001)


def test_interrupted(suite):
    """Whenever it comes, before the first execution, in one, between executions: the sweep ends in good order."""
    text = GRID.replace("registers.count: [8, 32]", "registers.count: [8, 12, 16, 32]")
    folder = suite.folder("sweep-interrupted", {"loop.py": LOOP, "sweep.yaml": text})
    search = text + "objectives: [cycles, area]\nmethod: search\nbudget: 60\npopulation: 10\n"
    suite.folder("sweep-interrupted", {"search.yaml": search})
    generator = random.Random(11)
    for name in ("sweep", "search"):
        whole, database = name + "-whole.db", name + ".db"
        suite.equal("whole", suite.hybridsim("sweep", name + ".yaml", "-o", whole, "--quiet", folder=folder).returncode, 0)
        for number in range(4):
            process = suite.start("sweep", name + ".yaml", "-o", database, folder=folder)
            wait_for_file(process, os.path.join(folder, database))
            time.sleep(generator.uniform(0, 0.05))
            if number % 2:
                os.killpg(process.pid, signal.SIGINT)
            elif process.poll() is None:
                process.send_signal(signal.SIGINT)
            errors = process.communicate()[1]
            suite.check("interrupted: 130, and how to go on", process.returncode == 0 or
                        (process.returncode == -signal.SIGINT and not errors) or # before it could do anything
                        (process.returncode == 130 and b"stopped; " in errors and b"the same command " in errors),
                        (process.returncode, errors))
        suite.equal("resumed", suite.hybridsim("sweep", name + ".yaml", "-o", database, "--quiet", folder=folder).returncode, 0)
        plain = [sorted(row[:2] + row[3:] for row in rows(os.path.join(folder, file))) for file in (whole, database)]
        suite.equal("the same results", plain[1], plain[0])


def limit_files():
    resource.setrlimit(resource.RLIMIT_FSIZE, (900000, 900000))


def test_full_disk(suite):
    """Files that may not grow: what is said to be there is, and the same command goes on."""
    text = GRID.replace("registers.count: [8, 32]", "registers.count: {from: 8, to: 32, step: 4}")
    text = text.replace("{from: 4, to: 16, scale: log2}", "{from: 1, to: 24}")
    folder = suite.folder("sweep-full", {"loop.py": LOOP})
    suite.equal("whole", sweep(suite, folder, text, "whole.db", "--quiet").returncode, 0)
    done = suite.hybridsim("sweep", "sweep.yaml", "-o", "full.db", folder=folder, preexec_fn=limit_files)
    told = re.search(rb"not finished; (\d+) new results are in full.db, and the same command goes on", done.stderr)
    suite.check("it says so", done.returncode == 2 and b"results cannot be written: " in done.stderr and told, done.stderr)
    suite.equal("what is there", len(rows(os.path.join(folder, "full.db"))), int(told[1]) if told else -1)
    suite.equal("goes on", suite.hybridsim("sweep", "sweep.yaml", "-o", "full.db", "--quiet", folder=folder).returncode, 0)
    plain = [[row[:2] + row[3:] for row in rows(os.path.join(folder, name))] for name in ("whole.db", "full.db")]
    suite.equal("the same results", plain[1], plain[0])


ROUNDS = """
def spin(n):
    total = 0
    for i in range(n):
        if i & 3 == 1:
            total += i
        for k in range(5):
            if (i + k) % 3:
                total ^= k
    return total
print(spin(700), spin(3), [spin(k) for k in (90, 91)])
for i in range(4000):
    pass
"""


def test_branch_rounds(suite):
    """Rounds of loops that are counted, not replayed."""
    folder = suite.folder("sweep-rounds", {"rounds.py": ROUNDS})
    text = "sweep: rounds\nbase: {isa: hybrid}\nprograms: [rounds.py]\naxes:\n  registers.count: [8, 32]\n" \
           "  machine.branch.predictor: [bimodal, gshare]\n  machine.branch.table_bits: [2, 4, 11]\n" \
           "  machine.branch.history_bits: [2, 8]\nwhere: [machine.branch.history_bits <= machine.branch.table_bits]\n" \
           "derive: {encoding.register_bits: \"ceil(log2(registers.count))\"}\n"
    done = sweep(suite, folder, text, "r.db", "--verify", "99")
    suite.check("every one executed again", done.returncode == 0 and b"16 results executed again: identical" in done.stderr,
                done.stderr)


def test_speed_script(suite):
    script = os.path.join(suite.source, "scripts", "sweep_speed")
    done = subprocess.run([sys.executable, script, "--binary", suite.binary, "--points", "100",
                           "--programs", "quickSort,matrixMul", "--verify", "2", "--memory", "1024"], capture_output=True, env=suite.environment, check=False)
    suite.check("a small one", done.returncode == 0 and b"128 points, 2 programs: 256 results" in done.stdout, done.stdout + done.stderr)


def test_combinations(suite):
    folder = suite.folder("sweep-combine", {"loop.py": "print(1)\n"})
    head = "sweep: s\nbase: {isa: hybrid}\nprograms: [loop.py]\n" \
           "axes: {registers.count: [8, 16, 24], stack.cached_entries: [1, 2, 3]}\n"
    for more, count in (("", 9), ("combine: list\n", 3), ("combine: one-at-a-time\n", 7),
                        ("where: [registers.count * stack.cached_entries <= 24]\n", 5),
                        ("where: [not (registers.count == 8 or stack.cached_entries > 1)]\n", 2)):
        done = sweep(suite, folder, head + more, "c%d.db" % count, "-j", "1")
        suite.check("%d points" % count, b" %d points," % count in done.stderr, done.stderr)
    text = head.replace("stack.cached_entries: [1, 2, 3]", "encoding.register_bits: [4, 5]")
    done = sweep(suite, folder, text, "invalid.db")
    suite.equal("a combination that is no ISA", done.returncode, 2)


def test_bad_files(suite):
    folder = suite.folder("sweep-bad", {"loop.py": "print(1)\n", "text.db": "no database" * 50})
    head = "sweep: s\nbase: {isa: hybrid}\nprograms: [loop.py]\n"
    wrong = [
        (head + "axes: {registers.cuont: [4]}\n", "sweep.yaml:4:8: error: found unknown key `cuont`"),
        (head + "axes: {registers.count: [8, many]}\n",
         "sweep.yaml:4:29: error: found `many` for `count`, expected a whole number"),
        (head + "axes: {machine.branch.predictor: [oracle]}\n", "sweep.yaml:4:35: error: found `oracle` for `predictor`"),
        (head + "axes: {instructions.MADDD: [on, off]}\n", "did you mean `MADD`?"),
        (head + "axes: {registers.count: []}\n", "sweep.yaml:4:25: error: found no values"),
        (head + "axes: {registers.count: {from: 9, to: 3}}\n", "sweep.yaml:4:25: error: found an empty range"),
        (head + "axes:\n" + "".join("  machine.work.%s: {from: 1, to: 4000}\n" % kind for kind in ("objects", "bytes")),
         "sweep.yaml:4:1: error: found a grid of more than 1000000 points"),
        (head + "axes: {registers.count: [8]}\nwhere: [registers.count > 9]\n", "found no points"),
        (head + "axes: {registers.count: [8]}\nwhere: [registers.count >]\n",
         "sweep.yaml:5:26: error: found `its end` in the expression"),
        (head + "axes: {machine: [ideal.yaml]}\n", "expected a key inside the spec"),
        (head.replace("loop.py", "none.py") + "axes: {registers.count: [8]}\n", "sweep.yaml:3:12: error: found `none.py`"),
        (head.replace("hybrid", "hybird") + "axes: {registers.count: [8]}\n", "sweep.yaml:2:13: error:"),
        (head + "axes: {registers.count: [8]}\nmethod: search\n", "sweep.yaml:5:1: error: found no `budget`"),
        ("", "found nothing"),
    ]
    for text, message in wrong:
        done = sweep(suite, folder, text, "bad.db")
        suite.check(message, done.returncode == 2 and message.encode() in done.stderr, done.stderr.decode())
        suite.check("nothing was made", not os.path.exists(os.path.join(folder, "bad.db")))
    good = head + "axes: {registers.count: [8]}\n"
    suite.equal("a file that is no database", sweep(suite, folder, good, "text.db").returncode, 2)
    suite.equal("no folder", sweep(suite, folder, good, "none/r.db").returncode, 2)
    for arguments in (["show", "none.db"], ["export", "text.db"], ["spec", "text.db", "1"], ["sweep.yaml"], []):
        suite.equal("wrong use: " + " ".join(arguments), suite.hybridsim("sweep", *arguments, folder=folder).returncode, 2)


def test_reading(suite):
    folder = suite.folder("sweep-read", {"loop.py": LOOP})
    sweep(suite, folder, GRID, "r.db", "--quiet")
    best = suite.hybridsim("sweep", "show", "--best", "cycles", "--top", "3", "r.db", folder=folder).stdout.decode()
    suite.check("best", best.startswith("Best by cycles (geometric mean of programs), 3 of 72 points\n"), best)
    front = suite.hybridsim("sweep", "show", "r.db", "--pareto", "cycles,code_bytes", "--program", "loop.py", folder=folder)
    front = front.stdout.decode()
    values = [[float(word) for word in line.split()[1:3]] for line in front.splitlines()[2:]]
    data = json.loads(suite.hybridsim("sweep", "export", "--json", "r.db", "--program", "loop.py", folder=folder).stdout)
    points = [(row["figures"]["cycles"], row["figures"]["code_bytes"]) for row in data]
    expected = sorted({p for p in points if not any(q != p and q[0] <= p[0] and q[1] <= p[1] for q in points)})
    suite.equal("the front", [tuple(value) for value in values], expected)
    table = suite.hybridsim("sweep", "show", "--sensitivity", "r.db", folder=folder).stdout.decode()
    suite.check("sensitivity", "machine.branch.mispredict_penalty" in table and "registers.count" in table, table)
    csv = suite.hybridsim("sweep", "export", "--csv", "r.db", folder=folder).stdout.decode().splitlines()
    suite.equal("CSV", (len(csv), csv[0].split(",")[:5]), (145, ["point", "program", "how", "exit_status", "cycles"]))
    unknown = suite.hybridsim("sweep", "show", "--best", "speed", "r.db", folder=folder)
    suite.check("no such metric", unknown.returncode == 2 and b"no metric 'speed'" in unknown.stderr, unknown.stderr)


run_tests(globals())
