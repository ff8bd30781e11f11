"""scripts/bench: times of a program beside CPython's, as a table, JSON and a chart; what it says when it cannot."""
import json
import os
import subprocess
import sys

from harness import run_tests


def bench(suite, *arguments):
    command = [sys.executable, os.path.join(suite.source, "scripts", "bench"), "--binary", suite.binary, "--python", suite.python_path,
               "--shared", suite.shared, *arguments]
    return subprocess.run(command, capture_output=True, env=suite.environment, cwd=suite.scratch, timeout=300)


def test_table(suite):
    done = bench(suite, "matrixMulBuiltin", "-n", "1", "--isa", "hybrid", "--json", "b.json", "--chart", "b.svg", "--markdown", "b.md")
    suite.equal("bench: exit status", done.returncode, 0)
    suite.check("bench: table", b"geometric mean" in done.stdout and b"matrixMulBuiltin" in done.stdout, done.stdout + done.stderr)
    figures = json.load(open(os.path.join(suite.scratch, "b.json")))["figures"]
    row = figures["matrixMulBuiltin"]
    suite.check("bench: times and memory", all(row[who]["user"] > 0 and row[who]["peak"] > 1 << 20 for who in ("python", "hybrid", "both")),
                row)
    program = os.path.join(suite.source, "workloads", "matrixMulBuiltin.py")
    suite.hybridsim("run", "--quiet", "--no-baseline", "--isa", "hybrid", "--report", "run.json", program, folder=suite.scratch)
    counted = json.load(open(os.path.join(suite.scratch, "run.json")))["runs"][0]["instructions"]
    suite.equal("bench: instructions", row["hybrid"]["instructions"], counted)
    suite.check("bench: start-up", figures["start-up"]["import re"]["hybridsim"]["wall"] > 0, figures["start-up"])
    suite.check("bench: chart", open(os.path.join(suite.scratch, "b.svg")).read().count("<rect") > 3)
    suite.check("bench: Markdown", open(os.path.join(suite.scratch, "b.md")).read().startswith("| program |"))


def test_mistakes(suite):
    done = bench(suite, "no_such_program")
    suite.check("bench: no such program", done.returncode == 1 and b"no_such_program" in done.stderr, done.stderr)
    done = bench(suite, "--against", "no-such-revision")
    suite.check("bench: no such revision", done.returncode == 1 and b"no-such-revision" in done.stderr, done.stderr)


run_tests(globals())
