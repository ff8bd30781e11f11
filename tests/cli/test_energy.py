"""Energy and area: in reports, saved runs, comparisons and sweeps; parts add up, costs come from the machine's spec."""
import csv
import io
import json
import os

from harness import run_tests

PROGRAM = """
import numpy
numbers = [3.5 * i for i in range(40)]
total = 0
for i, n in enumerate(numbers):
    total += n * i if i % 3 else abs(n)
a = numpy.ones((16, 16))
print(total, (a @ a)[1][2])
"""
MACHINE = """
inherits: %s/isa-specs/machines/inorder.yaml
energy: {fetch_byte: 12.5, decode_instruction: {value: 78, basis: assumption, source: twice}}
area: {core: 0}
"""
SWEEP = """
sweep: energy
base: {isa: hybrid}
programs: [p.py]
axes:
  machine.energy.stack_fill: [20, 40]
  machine.tensor.rows: [8, 16]
  stack.cached_entries: [0, 4]
"""


def test_report(suite):
    folder = suite.folder("report", {"p.py": PROGRAM})
    report = suite.report("--isa", "hybrid", "p.py", folder=folder)
    for run in report["runs"]:
        suite.equal(run["isa"] + ": energy", sum(run["energy_parts"].values()), run["energy"])
        suite.equal(run["isa"] + ": files", sum(f["energy"] for f in run["by_file"].values()), run["energy"])
        suite.equal(run["isa"] + ": area", sum(run["area_parts"].values()), run["area"])
    first, second = report["runs"]
    ratio = report["comparison"][0]
    suite.equal("ratios", (ratio["energy"], ratio["area"]),
                (round(second["energy"] / first["energy"], 6), round(second["area"] / first["area"], 6)))
    suite.equal("the array multiplies", (first["energy_parts"]["tensor"], second["energy_parts"]["tensor"] > 4096 * 15800),
                (0, True))
    suite.equal("only the hybrid has one", (first["area_parts"]["tensor"], second["area_parts"]["tensor"] > 0), (0, True))
    done = suite.hybridsim("run", "--isa", "hybrid", "--report", "r.csv", "p.py", folder=folder)
    suite.check("text", b"relative energy" in done.stderr and b"relative area" in done.stderr, done.stderr)
    with open(os.path.join(folder, "r.csv"), newline="") as stream:
        rows = [row for row in csv.reader(stream) if row[0] == "hybrid" and not row[2]]
    suite.equal("csv", sum(int(row[5]) for row in rows if row[3] == "energy_parts"),
                next(int(row[5]) for row in rows if row[3] == "energy"))


def test_machine(suite):
    folder = suite.folder("machine", {"p.py": PROGRAM, "m.yaml": MACHINE % suite.source})
    plain, dear = (suite.report("--no-baseline", "--isa", "hybrid", *machine, "p.py", folder=folder)["runs"][0]
                   for machine in ((), ("--machine", "m.yaml")))
    suite.equal("fetch and decode", dear["energy_parts"]["fetch_decode"], 2 * plain["energy_parts"]["fetch_decode"])
    suite.equal("the rest", dear["energy"] - plain["energy"], plain["energy_parts"]["fetch_decode"])
    suite.equal("area", plain["area"] - dear["area"], plain["area_parts"]["core"])
    suite.equal("cycles", dear["cycles"], plain["cycles"])
    costs = suite.hybridsim("isa", "costs", "--machine", os.path.join(folder, "m.yaml"), "hybrid").stdout.decode()
    lines = {line.split()[0]: line for line in costs.split("\narea of one")[0].splitlines() if line.strip()}
    suite.check("a number", "12.500" in lines["fetch_byte"] and "assumption" in lines["fetch_byte"], lines["fetch_byte"])
    suite.check("a source", lines["decode_instruction"].endswith("twice"), lines["decode_instruction"])
    suite.check("a default", "published" in lines["memory_read"] and "[horowitz]" in lines["memory_read"], lines["memory_read"])


def test_saved(suite):
    folder = suite.folder("saved", {"p.py": PROGRAM})
    saved = os.path.join(folder, "run.json")
    suite.hybridsim("run", "--quiet", "--isa", "hybrid", "--save", "run.json", "p.py", folder=folder)
    made = suite.hybridsim("compare", "--isa", "stack", "--isa", "hybrid", "--metric", "energy", "--metric", "energy_parts.memory",
                           "--metric", "area", "--csv", "p.py", folder=folder).stdout
    read = suite.hybridsim("compare", "--metric", "energy", "--metric", "energy_parts.memory", "--metric", "area", "--csv", saved,
                           folder=folder).stdout
    figures = [[(row["metric"], row["isa"], row["value"]) for row in csv.DictReader(io.StringIO(text.decode()))]
               for text in (made, read)]
    suite.equal("the same as run", figures[1], figures[0])
    suite.check("all figures", len(figures[0]) == 6 and all(int(value) > 0 for _, _, value in figures[0]), figures[0])
    with open(saved) as stream:
        contents = json.load(stream)
    contents["runs"][0]["energy_parts"]["memory"] += 1
    with open(saved, "w") as stream:
        json.dump(contents, stream)
    done = suite.hybridsim("compare", saved, folder=folder)
    suite.check("one that does not add up", done.returncode == 2 and b"energy_parts" in done.stderr, done.stderr)


def test_sweep(suite):
    folder = suite.folder("sweep", {"p.py": PROGRAM, "s.yaml": SWEEP})
    done = suite.hybridsim("sweep", "s.yaml", "-o", "r.db", "--verify", "3", folder=folder)
    suite.equal("verified", done.returncode, 0)
    best = suite.hybridsim("sweep", "show", "r.db", "--best", "energy", folder=folder).stdout.decode().splitlines()[2]
    suite.check("best", '"machine.energy.stack_fill": 20' in best and '"stack.cached_entries": 4' in best, best)
    front = suite.hybridsim("sweep", "show", "r.db", "--pareto", "energy,area", folder=folder).stdout.decode()
    suite.check("pareto", "Pareto front of energy and area" in front.splitlines()[0], front)
    point, energy = best.split()[0], float(best.split()[1])
    suite.hybridsim("sweep", "spec", "r.db", point, "-o", "best.yaml", folder=folder)
    run = suite.report("--no-baseline", "--isa", "best.yaml", "p.py", folder=folder)["runs"][0]
    suite.equal("the point as a spec", run["energy"], int(energy))
    done = suite.hybridsim("sweep", "show", "r.db", "--best", "energy_parts.tensor", folder=folder)
    suite.equal("a part", done.returncode, 0)


run_tests(globals())
