"""hybridsim sweep with `method: search`: it finds the front of a space that can be enumerated, with a quarter of the points."""
import os
import random
import signal
import sqlite3
import time

from harness import run_tests

PROGRAM = """
class Point:
    def __init__(self, x):
        self.x = x

    def scaled(self, k):
        return self.x * k + 1

def main():
    total = 0
    for point in [Point(i) for i in range(20)]:
        for k in range(5):
            total += point.scaled(k) if k & 1 else -point.scaled(k)
    a, b, c, d, e, f, g, h = range(8)
    for i in range(40):
        a, b, c, d, e, f, g, h = b + i, c * 2 % 7, d + a, e ^ f, f + 1, g + h, h + c, a & 63
    print(total, a, b, c, d, e, f, g, h)

main()
"""

SPACE = """
sweep: space
base: {isa: hybrid}
programs: [small.py, {script: other.py, arguments: [x]}]
axes:
  registers.count: [8, 12, 16, 24, 32, 48, 64]
  stack.cached_entries: [0, 1, 2, 4, 8]
  instructions.MADD: [on, off]
  machine.branch.predictor: [static, bimodal, gshare]
  machine.branch.mispredict_penalty: {from: 4, to: 18, step: 2}
derive:
  encoding.register_bits: "ceil(log2(registers.count))"
where: [registers.count <= 48 or stack.cached_entries <= 4]
objectives: [cycles, area]
"""
SEARCH = SPACE + "method: search\nbudget: 408\npopulation: 24\nseed: 5\n"
FILES = {"small.py": PROGRAM, "other.py": PROGRAM.replace("range(40)", "range(9)"), "space.yaml": SPACE, "search.yaml": SEARCH}


def points(folder, database):
    """Settings -> the objectives' geometric means, of points with both programs."""
    with sqlite3.connect(os.path.join(folder, database)) as connection:
        rows = connection.execute(
            "SELECT p.settings, r.cycles, r.area "
            "FROM results r JOIN points p ON p.id = r.point ORDER BY 1, r.program").fetchall()
    found = {}
    for settings, *values in rows:
        found.setdefault(settings, []).append(values)
    return {settings: tuple((a * b) ** 0.5 for a, b in zip(*both)) for settings, both in found.items()}


def front(values):
    """Those than which no other is better by both, the best of the first objective first."""
    kept = []
    for value in sorted(set(values)):
        if not kept or value[1] < kept[-1][1]:
            kept.append(value)
    return kept


def hypervolume(kept, worst):
    """What a front dominates of the rectangle that ends at `worst`."""
    volume, above = 0, worst[1]
    for first, second in kept:
        volume += (worst[0] - first) * (above - second)
        above = second
    return volume


def start(suite, text, database, *options, folder):
    return suite.hybridsim("sweep", text, "-o", database, *options, folder=folder)


def test_front(suite):
    folder = suite.folder("search-front", FILES)
    suite.equal("the whole space", start(suite, "space.yaml", "space.db", "--quiet", folder=folder).returncode, 0)
    done = start(suite, "search.yaml", "search.db", "--verify", "3", folder=folder)
    suite.check("a quarter of it, one execution of each program",
                b"408 points, 2 programs: 816 results, 816 of them new, by 2 executions" in done.stderr and
                b"3 results executed again: identical" in done.stderr, done.stderr)
    space, found = points(folder, "space.db"), points(folder, "search.db")
    suite.equal("points", (len(space), len(found)), (1632, 408))
    suite.check("points of the space", all(space.get(settings) == values for settings, values in found.items()), "others")
    known, best = front(space.values()), front(found.values())
    worst = tuple(max(value[i] for value in space.values()) for i in (0, 1))
    share = len(set(known) & set(best)) / len(known)
    ratio = hypervolume(best, worst) / hypervolume(known, worst)
    print("    front: %d of %d points, %.4f of the hypervolume" % (len(set(known) & set(best)), len(known), ratio))
    suite.check("at least nine tenths of the front", share >= 0.9, str(share))
    suite.check("nearly all of the hypervolume", ratio >= 0.999, str(ratio))
    shown = suite.hybridsim("sweep", "show", "search.db", folder=folder).stdout.decode()
    suite.check("show begins with the objectives", "Pareto front of cycles and area (geometric mean of programs), %d of 408 points"
                % len(best) in shown and "Best by area" in shown, shown)


def results(folder, database):
    with sqlite3.connect(os.path.join(folder, database)) as connection:
        return connection.execute("SELECT p.id, p.settings, r.program, r.cycles, r.cycle_stack, r.by_instruction, r.error "
                                  "FROM results r "
                                  "JOIN points p ON p.id = r.point ORDER BY 1, 3").fetchall()


def test_resumed(suite):
    short = {"search.yaml": SEARCH.replace("budget: 408", "budget: 180")}
    folder = suite.folder("search-resumed", FILES | short)
    start(suite, "search.yaml", "whole.db", "--quiet", "-j", "3", folder=folder)
    start(suite, "search.yaml", "one.db", "--quiet", "-j", "1", folder=folder)
    suite.equal("one worker or three", results(folder, "one.db"), results(folder, "whole.db"))
    generator = random.Random(11)
    for _ in range(4):
        process = suite.start("sweep", "search.yaml", "-o", "killed.db", "--quiet", folder=folder)
        time.sleep(generator.uniform(0.1, 0.7))
        process.kill()
        process.communicate()
    process = suite.start("sweep", "search.yaml", "-o", "killed.db", "--quiet", folder=folder)
    time.sleep(0.3)
    os.killpg(process.pid, signal.SIGINT)
    process.communicate()
    suite.check("interrupted (before anything runs: by the signal itself), or done already",
                process.returncode in (0, 130, -signal.SIGINT), repr(process.returncode))
    suite.equal("resumed", start(suite, "search.yaml", "killed.db", "--quiet", folder=folder).returncode, 0)
    suite.equal("killed and resumed: the same points", results(folder, "killed.db"), results(folder, "whole.db"))
    again = start(suite, "search.yaml", "whole.db", folder=folder)
    suite.check("nothing is new the second time", b"360 results, 0 of them new, by 0 executions" in again.stderr, again.stderr)


def test_end(suite):
    folder = suite.folder("search-end", FILES)
    text = "sweep: s\nbase: {isa: hybrid}\nprograms: [small.py]\nobjectives: [{maximize: instructions}, cycles]\n" \
           "axes: {stack.cached_entries: [1, 2, 4], machine.branch.mispredict_penalty: {from: 1, to: 5}}\n" \
           "where: [stack.cached_entries + machine.branch.mispredict_penalty < 8]\nmethod: search\nbudget: 15\n"
    with open(os.path.join(folder, "all.yaml"), "w") as stream:
        stream.write(text)
    done = start(suite, "all.yaml", "all.db", folder=folder)
    suite.check("ends when there are no more points", b"13 points, 1 program: 13 results" in done.stderr, done.stderr)
    with open(os.path.join(folder, "all.yaml"), "w") as stream:
        stream.write(text.replace("[1, 2, 4]", "[1, 2, wrong]").replace("where: [stack.cached_entries + ", "where: ["))
    done = start(suite, "all.yaml", "wrong.db", folder=folder)
    suite.check("a value of the wrong type", done.returncode == 2 and b"all.yaml:5:37: error: found `wrong`" in done.stderr,
                done.stderr)


run_tests(globals())
