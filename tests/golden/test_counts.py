"""Executed instructions, cycles and code of the workloads on every ISA are exactly those of counts.json.

A count that moves is a change of behaviour: say why in the commit, and rewrite the file with --update. Counts are of the
scripts' own code, so that another patch release of CPython's library does not move them.
"""
import glob
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "cli"))
from harness import run_tests

GOLDEN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "counts.json")
FIGURES = ("static_instructions", "code_bytes", "instructions", "cycles")


def measure(suite):
    result = {}
    folder = os.path.join(suite.source, "workloads")
    for path in sorted(glob.glob(folder + "/*.py") + glob.glob(folder + "/examples/*.py")):
        program = os.path.relpath(path, folder)
        try:
            report = suite.report("--scope", "script", "--isa", "register", "--isa", "hybrid", program, folder=folder)
        except AssertionError as error:
            suite.check(program, False, str(error))
            continue
        result[program] = {run["isa"]: {key: run[key] for key in FIGURES} for run in report["runs"]}
    return result


def test_counts(suite):
    found = measure(suite)
    if suite.update:
        if not suite.failed:
            with open(GOLDEN, "w") as stream:
                json.dump(found, stream, indent=1, sort_keys=True)
                stream.write("\n")
        return
    with open(GOLDEN) as stream:
        wanted = json.load(stream)
    suite.equal("the programs", sorted(found), sorted(wanted))
    for program in sorted(set(found) & set(wanted)):
        for isa in ("stack", "register", "hybrid"):
            for key in FIGURES:
                suite.equal("%s %s %s" % (program, isa, key), found[program][isa][key], wanted[program][isa][key])


run_tests(globals())
