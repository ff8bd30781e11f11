"""scripts/bench_numpy: times of array functions beside numpy's, as a table, JSON and Markdown; what it says when it cannot."""
import json
import os
import subprocess
import sys

from harness import run_tests


def bench(suite, *arguments):
    command = [sys.executable, os.path.join(suite.source, "scripts", "bench_numpy"), "--binary", suite.binary, "--python",
               suite.python_path, "-n", "1", "--seconds", "0.001", *arguments]
    return subprocess.run(command, capture_output=True, env=suite.environment, cwd=suite.scratch, timeout=300)


def test_table(suite):
    if subprocess.run([suite.python_path, "-c", "import numpy"], capture_output=True).returncode:
        return  # nothing to compare with
    done = bench(suite, "float32 sqrt", "nonzero", "--json", "b.json", "--markdown", "b.md")
    suite.equal("bench_numpy: exit status", done.returncode, 0)
    suite.check("bench_numpy: table", b"geometric mean" in done.stdout and b"| float32 sqrt |" in done.stdout, done.stdout + done.stderr)
    rows = json.load(open(os.path.join(suite.scratch, "b.json")))
    suite.equal("bench_numpy: cases by a part of their names", [row["case"] for row in rows],
                ["float32 sqrt", "count_nonzero", "nonzero"])
    suite.check("bench_numpy: times", all(0 < row[who] < 60 for row in rows for who in ("ours", "numpy", "avx2")), rows)
    suite.check("bench_numpy: Markdown", open(os.path.join(suite.scratch, "b.md")).read().startswith("| case |"))
    done = bench(suite, "float32 sqrt", "--above", "1e9")
    suite.check("bench_numpy: only cases above a ratio", done.returncode == 0 and b"| float32 sqrt |" not in done.stdout
                and b"1 cases" in done.stdout, done.stdout + done.stderr)


def test_mistakes(suite):
    done = bench(suite, "no such case")
    suite.check("bench_numpy: no such case", done.returncode == 1 and b"no such case" in done.stderr, done.stderr)


run_tests(globals())
