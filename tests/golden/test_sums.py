"""Counts by opcode, category, function and line, and profiles, add up to what `run` reports: every workload, every ISA."""
import glob
import json
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "cli"))
from harness import run_tests

ISAS = ("--isa", "register", "--isa", "hybrid")


def programs(suite):
    folder = os.path.join(suite.source, "workloads")
    paths = glob.glob(folder + "/*.py") + glob.glob(folder + "/examples/*.py")
    return folder, [os.path.relpath(path, folder) for path in sorted(paths)]


def test_counts(suite):
    folder, names = programs(suite)
    for program in names:
        wanted = suite.report("--scope", "all", *ISAS, program, folder=folder)["runs"]
        for by in ("opcode", "category", "function", "line"):
            done = suite.hybridsim("count", "--json", "--scope", "all", "--by", by, *ISAS, program, folder=folder)
            for found, run in zip(json.loads(done.stdout)["runs"], wanted):
                suite.equal("%s by %s on %s" % (program, by, run["isa"]),
                            (sum(row["executed"] for row in found["rows"]), found["executed"]),
                            (run["instructions"], run["instructions"]))


def test_profiles(suite):
    folder, names = programs(suite)
    scratch = suite.folder("profiles")
    for program in names:
        for run in suite.report("--scope", "all", *ISAS, program, folder=folder)["runs"]:
            table, stacks = os.path.join(scratch, "table.txt"), os.path.join(scratch, "stacks.txt")
            suite.hybridsim("profile", "--isa", run["isa"], "-o", table, "--collapsed", stacks, program, folder=folder)
            with open(table) as stream:
                text = stream.read()
            figures = re.search(r"in ([\d,]+) cycles, ([\d,]+) instructions", text).groups()
            name = "%s on %s" % (program, run["isa"])
            suite.equal(name, tuple(int(f.replace(",", "")) for f in figures), (run["cycles"], run["instructions"]))
            with open(stacks) as stream:
                suite.equal(name + ": stacks", sum(int(line.rsplit(" ", 1)[1]) for line in stream), run["cycles"])


run_tests(globals())
