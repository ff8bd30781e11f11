"""hybridsim sweep: samples, objectives, and what is wrong with them, told with line and column before anything runs."""
import json
import os
import sqlite3

from harness import run_tests

HEAD = "sweep: s\nbase: {isa: hybrid}\nprograms: [loop.py, {script: loop.py, arguments: [7]}]\n"
AXES = """axes:
  registers.count: {from: 8, to: 64}
  stack.cached_entries: [0, 1, 2, 4, 8, 16]
  machine.branch.mispredict_penalty: {from: 1, to: 1000, scale: log}
  machine.work.bytes: {from: 0.5, to: 2}
derive:
  encoding.register_bits: "ceil(log2(registers.count))"
where: [registers.count * stack.cached_entries <= 256]
"""
FILES = {"loop.py": "import sys\nprint(sum(i * 2 for i in range(9 * len(sys.argv))))\n"}


def sweep(suite, folder, text, database, *options):
    with open(os.path.join(folder, "sweep.yaml"), "w") as stream:
        stream.write(text)
    return suite.hybridsim("sweep", "sweep.yaml", "-o", database, *options, folder=folder)


def settings(folder, database):
    with sqlite3.connect(os.path.join(folder, database)) as connection:
        return [json.loads(row[0]) for row in connection.execute("SELECT settings FROM points ORDER BY id")]


def random_numbers(seed):
    """The documented generator, once more."""
    mask, state = 2 ** 64 - 1, seed
    while True:
        state = state + 0x9e3779b97f4a7c15 & mask
        mixed = (state ^ state >> 30) * 0xbf58476d1ce4e5b9 & mask
        mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111eb & mask
        yield (mixed ^ mixed >> 31) >> 32


def test_random(suite):
    folder = suite.folder("sweep-random", FILES)
    text = HEAD + AXES + "combine: random\nsamples: 40\nseed: 3\n"
    done = sweep(suite, folder, text, "r.db")
    suite.check("forty points", b"40 points, 2 programs: 80 results, 80 of them new" in done.stderr, done.stderr)
    points = settings(folder, "r.db")
    suite.equal("different ones", len({json.dumps(point) for point in points}), 40)
    suite.check("`where` holds", all(p["registers.count"] * p["stack.cached_entries"] <= 256 for p in points), str(points))
    sweep(suite, folder, text.replace("samples: 40", "samples: 60"), "r.db", "--quiet")
    suite.equal("more samples: the same, and others", settings(folder, "r.db")[:40], points)
    suite.equal("as many as wanted", len(settings(folder, "r.db")), 60)
    exact = sweep(suite, folder, text.replace("samples: 40", "samples: 4"), "e.db", "--exact")
    suite.check("all of them executed", b"8 results, 8 of them new, by 8 executions" in exact.stderr, exact.stderr)
    sweep(suite, folder, text.replace("seed: 3", "seed: 4"), "other.db", "--quiet")
    suite.check("another seed: other points", settings(folder, "other.db") != points, "the same")
    sweep(suite, folder, HEAD + "axes: {registers.count: {from: 16, to: 31}, stack.cached_entries: [0, 1, 2]}\n"
          "combine: random\nsamples: 9\n", "plain.db", "--quiet")
    numbers, expected = random_numbers(1), []
    while len(expected) < 9:
        point = {"registers.count": 16 + (next(numbers) * 16 >> 32), "stack.cached_entries": next(numbers) * 3 >> 32}
        expected += [point] if point not in expected else []
    suite.equal("the documented numbers", settings(folder, "plain.db"), expected)
    with sqlite3.connect(os.path.join(folder, "r.db")) as connection:
        noted = connection.execute("SELECT name, points FROM definitions").fetchall()
    suite.equal("noted", [(name, json.loads(points)) for name, points in noted],
                [("s", {"points": "random", "samples": count, "seed": 3}) for count in (40, 60)])


def test_latin_hypercube(suite):
    folder = suite.folder("sweep-latin", FILES)
    text = HEAD + AXES.split("where")[0] + "combine: latin-hypercube\nsamples: 57\nseed: 9\n"
    done = sweep(suite, folder, text.replace(", {script: loop.py, arguments: [7]}", ""), "l.db")
    suite.check("points", b" 57 points, 1 program" in done.stderr, done.stderr)
    points = settings(folder, "l.db")
    suite.equal("each number of registers once", sorted(p["registers.count"] for p in points), list(range(8, 65)))
    counts = [[p["stack.cached_entries"] for p in points].count(value) for value in (0, 1, 2, 4, 8, 16)]
    suite.check("each value equally often, nearly", min(counts) >= 9 and max(counts) <= 10, str(counts))
    penalties = sorted(p["machine.branch.mispredict_penalty"] for p in points)
    suite.check("evenly over the logarithm", all(abs(penalties[i] - 1000 ** ((i + 0.5) / 57)) <= 0.07 * penalties[i] + 1
                                                 for i in range(57)), str(penalties))
    costs = sorted(p["machine.work.bytes"] for p in points)
    suite.check("evenly over a range", all(0.5 + 1.5 * i / 57 - 0.002 <= costs[i] <= 0.5 + 1.5 * (i + 1) / 57 + 0.002
                                           for i in range(57)), str(costs))
    sweep(suite, folder, HEAD + AXES + "combine: latin-hypercube\nsamples: 40\n", "w.db", "--quiet")
    points = settings(folder, "w.db")
    suite.check("`where` holds", len(points) == 40 and all(p["registers.count"] * p["stack.cached_entries"] <= 256 for p in points),
                str(points))


def test_ranges(suite):
    folder = suite.folder("sweep-ranges", FILES)
    for more, expected in (("{from: 1, to: 100, scale: log, values: 3}", [1, 10, 100]),
                           ("{from: 1, to: 4, scale: log, values: 9}", [1, 2, 3, 4]),
                           ("{from: 3, to: 24, scale: log2}", [3, 6, 12, 24]),
                           ("{from: 1, to: 2, step: 0.5}", [1, 1.5, 2])):
        sweep(suite, folder, HEAD + "axes: {machine.work.bytes: %s}\n" % more, "n.db", "--quiet")
        found = sorted(point["machine.work.bytes"] for point in settings(folder, "n.db"))
        os.remove(os.path.join(folder, "n.db"))
        suite.equal(more, found, expected)


def test_objectives(suite):
    folder = suite.folder("sweep-objectives", FILES)
    text = HEAD + AXES + "combine: random\nsamples: 30\n" \
        "objectives: [{maximize: instructions, program: loop.py 7}, {metric: area}, {minimize: cycles, program: loop}]\n"
    sweep(suite, folder, text, "o.db", "--quiet")
    table = suite.hybridsim("sweep", "show", "o.db", folder=folder).stdout.decode()
    titles = [line for line in table.splitlines() if line and not line.startswith(" ")]
    suite.check("show has them", len(titles) == 5 and
                titles[1].startswith("Pareto front of most instructions@loop.py 7 and area (geometric mean of programs), ") and
                titles[2].startswith("Best by most instructions@loop.py 7 (one program), 10 of 30") and
                titles[3].startswith("Best by area (") and titles[4].startswith("Best by cycles@loop.py (one program)"), table)
    data = json.loads(suite.hybridsim("sweep", "export", "--json", "o.db", folder=folder).stdout)
    cycles = [row["figures"]["cycles"] for row in data if row["program"] == "loop.py 7"]
    for sign, expected in (("", sorted(cycles)), ("-", sorted(cycles, reverse=True))):
        lines = suite.hybridsim("sweep", "show", "o.db", "--best=%scycles@loop.py 7" % sign, "--top", "30", folder=folder)
        values = [int(line.split()[1]) for line in lines.stdout.decode().splitlines()[2:]]
        suite.equal("%scycles of one program" % sign, values, expected)
    unknown = suite.hybridsim("sweep", "show", "o.db", "--best", "cycles@none.py", folder=folder)
    suite.check("no such program", unknown.returncode == 2 and b"found no program `none.py`" in unknown.stderr, unknown.stderr)


def test_errors(suite):
    folder = suite.folder("sweep-points-bad", FILES)
    small = "axes: {registers.count: [8, 12], stack.cached_entries: [1, 2]}\n"
    wide = "axes: {machine.work.bytes: {from: 1, to: 1000000}, machine.work.objects: {from: 1, to: 1000000}}\n"
    search = "method: search\nbudget: 9\nobjectives: [cycles]\n"
    wrong = [
        (small + "combine: random\n", "5:1: error: found no `samples`, expected it beside `combine: random`"),
        (small + "combine: randomly\n", "5:10: error: found `randomly` for `combine`, expected grid, list"),
        (small + "combine: random\nsamples: 0\n", "6:10: error: found `0` for `samples`, expected a whole number from 1 to 1000000"),
        (small + "combine: random\nsamples: 1e9\n", "6:10: error: found `1e9` for `samples`"),
        (small + "combine: random\nsamples: 5\n", "6:10: error: found 5 for `samples`, but the axes allow 4 points only"),
        (small + "combine: random\nsamples: 3\nwhere: [registers.count < 9]\n",
         "6:10: error: found only 2 different points that fulfil `where` in 256 draws, expected 3"),
        (small + "combine: latin-hypercube\nsamples: 2\nwhere: [registers.count < 8]\n", "6:10: error: found only 0 different"),
        (small + "combine: random\nsamples: 2\nwhere: [registers.count <]\n", "7:26: error: found `its end` in the expression"),
        (small + "combine: random\nsamples: 2\nseed: -1\n", "7:7: error: found `-1` for `seed`, expected a whole number from 0"),
        (small + "seed: 1\n", "5:1: error: found `seed`, which goes only with `combine: random`"),
        (small + "samples: 1\n", "5:1: error: found `samples`, which goes only with"),
        (small + "budget: 1\n", "5:1: error: found `budget`, which goes only with `method: search`"),
        (small.replace("12", "wide") + "combine: random\nsamples: 4\n", "4:29: error: found `wide` for `count`"),
        (small.replace("stack.", "stick.") + "combine: random\nsamples: 4\n", "4:34: error: found unknown key `stick`"),
        (wide, "4:28: error: found a range of 1000000 values, expected at most 4096"),
        (wide.replace("1000000", "4000"), "4:1: error: found a grid of more than 1000000 points"),
        ("axes: {machine.work.bytes: {from: 1, to: 9, scale: log}}\n", "4:28: error: found no `values` beside `scale: log`"),
        ("axes: {machine.work.bytes: {from: 1, to: 9, values: 4}}\n", "4:53: error: found `values` without `scale: log`"),
        ("axes: {machine.work.bytes: {from: 0, to: 9, scale: log2}}\n", "4:28: error: found an empty range"),
        (small + "objectives: [speed]\n", "5:14: error: found `speed`, expected a metric: cycles"),
        (small + "objectives: [event.taken]\n", "did you mean `events.taken`?"),
        (small + "objectives: []\n", "5:13: error: found none, or too many, for `objectives`"),
        (small + "objectives: cycles\n", "5:13: error: found `cycles` for `objectives`, expected a sequence"),
        (small + "objectives: [{maximise: cycles}]\n", "5:15: error: found unknown key `maximise`"),
        (small + "objectives: [{metric: cycles, program: other}]\n", "5:40: error: found `other`, expected one of this sweep's"),
        (small + "objectives: [{metric: cycles, maximize: area}]\n", "5:31: error: found `maximize`, expected one metric"),
        (small + "objectives: [{program: loop}]\n", "5:14: error: found a map, expected a metric"),
        (small + "objectives: [area, area]\n", "5:20: error: found the objective `area` a second time"),
        (small + "method: find\n", "5:9: error: found `find` for `method`, expected search"),
        (small + "method: search\nbudget: 4\n", "5:1: error: found no `objectives`, expected it beside `method: search`"),
        (small + "method: search\nobjectives: [cycles]\n", "5:1: error: found no `budget`"),
        (small + search.replace("9", "x"), "6:9: error: found `x` for `budget`"),
        (small + search, "6:9: error: found 9 for `budget`, but the axes allow 4 points only: a grid has them all"),
        (small + search + "combine: grid\n", "8:1: error: found `combine` beside `method: search`"),
        (small + search + "population: 1\n", "8:13: error: found `1` for `population`, expected a whole number from 8 to 1000"),
    ]
    for text, message in wrong:
        done = sweep(suite, folder, HEAD + text, "bad.db")
        suite.check(message, done.returncode == 2 and message.encode() in done.stderr, done.stderr.decode())
    for place in ("axes: {instructions.MADDD.latency: [2, 3]}\n",
                  small + "derive: {instructions.MADDD.latency: registers.count}\n"):
        done = sweep(suite, folder, HEAD + place, "bad.db")
        suite.check("a key of no instruction", done.returncode == 2 and b"found `instructions.MADDD.latency`, expected an "
                    b"instruction of the base `hybrid`; did you mean `MADD`?" in done.stderr, done.stderr.decode())
    suite.check("nothing was made", not os.path.exists(os.path.join(folder, "bad.db")), "a file")
    done = sweep(suite, folder, HEAD + wide + "combine: random\nsamples: 20\n", "wide.db")
    suite.check("a sample of what no grid could be", b" 20 points," in done.stderr, done.stderr)


def test_off(suite):
    """Keys of an instruction that is off change nothing."""
    folder = suite.folder("sweep-off", FILES)
    text = "axes:\n  instructions.MADD: [off, on]\n  instructions.MADD.latency: [2, 9]\n  machine.units.load.latency: [2, 3]\n" \
           "derive: {instructions.BIN.latency: 3 * machine.units.load.latency, instructions.BIN: instructions.MADD}\n"
    done = sweep(suite, folder, HEAD + text, "off.db", "--verify", "99")
    suite.check("every point is an ISA", done.returncode == 0 and b"identical figures" in done.stderr, done.stderr.decode())
    found = {}
    for row in json.loads(suite.hybridsim("sweep", "export", "--json", "off.db", folder=folder).stdout):
        keys = row["settings"]
        found[row["program"], keys["instructions.MADD"], keys["machine.units.load.latency"],
              keys["instructions.MADD.latency"]] = row["figures"]
    off = {latency: [figures for key, figures in found.items() if key[1] == "off" and key[3] == latency] for latency in (2, 9)}
    suite.equal("off: the latency is nobody's", off[2], off[9])
    suite.equal("its spec", suite.hybridsim("sweep", "spec", "off.db", "1", "-o", "my.yaml", folder=folder).returncode, 0)
    with open(os.path.join(folder, "my.yaml")) as stream:
        suite.check("has no such instruction", "MADD:" not in stream.read())


run_tests(globals())
