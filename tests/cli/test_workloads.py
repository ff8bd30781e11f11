"""The programs that come with hybridsim: listed, described, and their own tests pass under CPython and under hybridsim."""
import os
import re

from harness import run_tests


def listed(suite):
    lines = suite.hybridsim("workloads", "--paths").stdout.decode().splitlines()
    return [(re.split(", |  +", line)[0], line.split()[-1]) for line in lines]


def test_list(suite):
    folder = os.path.join(suite.source, "workloads")
    files = {os.path.relpath(os.path.join(place, name), folder)
             for place, _, names in os.walk(folder) for name in names if name.endswith(".py")}
    suite.equal("every program is listed", {os.path.relpath(path, folder) for _, path in listed(suite)}, files)
    table = open(os.path.join(folder, "README.md")).read()
    for file in sorted(files):
        suite.check("README.md has a row for " + file, "| `%s` |" % file in table)


def test_own_tests(suite):
    for name, path in listed(suite):
        if "unittest" not in open(path).read():
            continue
        folder, file = os.path.split(path)
        arguments = ["-m", "unittest", file]
        wanted = suite.python(*arguments, folder=folder).stderr.decode()
        done = suite.hybridsim("run", "--quiet", "--no-baseline", "--isa", "hybrid", *arguments, folder=folder)
        found = done.stderr.decode()
        # a module that CPython may lack is a skipped test there
        suite.check(name + " under CPython", re.search(r"OK( \(skipped=\d+\))?\n$", wanted), wanted)
        suite.check(name + " under hybridsim", found.endswith("OK\n"), found)
        suite.equal(name + ": tests", re.findall(r"Ran \d+", found), re.findall(r"Ran \d+", wanted))


def test_by_name(suite):
    plain = suite.hybridsim("run", "--quiet", os.path.join(suite.source, "workloads", "fft.py"), "recursive", "64").stdout
    named = suite.hybridsim("run", "--quiet", "--workload", "fft", "recursive", "64")
    suite.equal("run --workload", named.stdout, plain)
    after = suite.hybridsim("run", "--workload", "fft", "--no-baseline", "--isa", "hybrid", "--quiet", "recursive", "64")
    suite.equal("options behind the name", (after.returncode, after.stdout), (0, plain))
    two = suite.hybridsim("run", "--workload", "fft", "-c", "print(1)")
    suite.check("two programs", two.returncode == 2 and b"more than one program" in two.stderr, two.stderr.decode())
    suite.check("count --workload", b"quicksort" in suite.hybridsim("count", "--by", "function", "--workload", "qs").stdout)
    wrong = suite.hybridsim("run", "--workload", "kmean")
    suite.equal("exit status", wrong.returncode, 2)
    suite.check("the nearest name", b"'kmeans'" in wrong.stderr, wrong.stderr.decode())


run_tests(globals())
