"""The report outside "host" is the same, to the byte, for every run, folder, environment and compiler; its sums add up."""
import glob
import os
import shutil
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "cli"))
from harness import Skip, first_difference, run_tests, without_host

ISAS = ("--isa", "register", "--isa", "hybrid")
PROGRAMS = ("quickSort.py", "matrixMul.py", "examples/function_calls.py", "examples/load_store.py")
# Whatever could let an address or the host's hash seed into the counts: sets and dicts of strings and objects, sorting, ids.
HASHING = '''class Node:
    def __init__(self, name):
        self.name = name
words = {"w%d" % (i * 7919 % 1000) for i in range(400)}
count = {}
for word in words:
    count[word[:2]] = count.get(word[:2], 0) + 1
nodes = {Node(str(i)) for i in range(200)}
first = [node.name for node in nodes][:5]
table = {node: i for i, node in enumerate(nodes)}
print(len(words), sorted(count.items())[:5], len(table), sum(table.values()), hash("text") == hash("te" + "xt"))
print(frozenset("abc") == {"a", "b", "c"}, sorted(words)[:3])
'''


def compare(suite, name, first, second):
    suite.equal(name, first_difference(without_host(first), without_host(second)), "")


def program_folders(suite):
    """The programs twice, in folders whose names differ in length and depth."""
    places = [suite.folder("one"), suite.folder("two/with/a/rather/long/name")]
    for place in places:
        shutil.copytree(os.path.join(suite.source, "workloads"), place, dirs_exist_ok=True)
        with open(os.path.join(place, "hashing.py"), "w") as stream:
            stream.write(HASHING)
    return places


def test_runs_and_folders(suite):
    one, two = program_folders(suite)
    for program in PROGRAMS + ("hashing.py",):
        first = suite.report(*ISAS, program, folder=one)
        compare(suite, program + ": again", first, suite.report(*ISAS, program, folder=one))
        compare(suite, program + ": in another folder", first, suite.report(*ISAS, program, folder=two))
        compare(suite, program + ": by its full path", first, suite.report(*ISAS, os.path.join(two, program), folder=one))


def test_environment(suite):
    one, _ = program_folders(suite)
    for program in ("quickSort.py", "hashing.py", "kmeans.py"): # the last imports os, and with it the environment
        first = suite.report(*ISAS, program, folder=one)
        for seed in ("1", "12345", "random"):
            compare(suite, "%s: PYTHONHASHSEED=%s" % (program, seed), first,
                    suite.report(*ISAS, program, folder=one, environment={"PYTHONHASHSEED": seed}))
        compare(suite, program + ": a larger environment", first,
                suite.report(*ISAS, program, folder=one, environment={"EXTRA_%d" % i: "x" * 500 for i in range(20)}))
        compare(suite, program + ": a cold cache", first,
                suite.report(*ISAS, program, folder=one, environment={"XDG_CACHE_HOME": suite.folder("cold_" + program)}))
        compare(suite, program + ": one ISA alone", dict(first, runs=first["runs"][2:], comparison=[]),
                dict(suite.report("--no-baseline", "--isa", "hybrid", program, folder=one), comparison=[]))


def test_compilers(suite):
    if not os.path.exists(suite.other) or os.path.realpath(suite.other) == os.path.realpath(suite.binary):
        raise Skip("no %s to compare with" % suite.other)
    sources = [path for folder in ("cli", "core", "frontend", "reports", "sim", "translator")
               for path in glob.glob(os.path.join(suite.source, folder, "**", "*.*"), recursive=True)]
    if max(map(os.path.getmtime, sources)) > os.path.getmtime(suite.other):
        raise Skip("%s is older than the sources" % suite.other)
    one, _ = program_folders(suite)
    for program in PROGRAMS + ("hashing.py",):
        compare(suite, program + ": clang", suite.report(*ISAS, program, folder=one),
                suite.report(*ISAS, program, folder=one, binary=suite.other))


def add_tables(tables):
    total = {}
    for table in tables:
        for key, value in table.items():
            total[key] = total.get(key, 0) + value
    return {key: value for key, value in total.items() if value}


def check_sums(suite, name, run):
    for place, counts in [("total", run)] + list(run["by_file"].items()):
        where = "%s %s %s: " % (name, run["isa"], place)
        suite.equal(where + "cycle_stack", sum(counts["cycle_stack"].values()), counts["cycles"])
        suite.equal(where + "by_category", sum(counts["by_category"].values()), counts["instructions"])
        suite.equal(where + "by_instruction", sum(counts["by_instruction"].values()), counts["instructions"])
    files = run["by_file"].values()
    for key in ("static_instructions", "code_bytes", "instructions", "cycles"):
        suite.equal("%s %s: %s of all files" % (name, run["isa"], key), sum(f[key] for f in files), run[key])
    for key in ("by_instruction", "by_category", "cycle_stack", "events", "work"):
        suite.equal("%s %s: %s of all files" % (name, run["isa"], key), add_tables(f[key] for f in files), add_tables([run[key]]))
    for key in ("static_instructions", "code_bytes", "instructions", "cycles"):
        suite.equal("%s %s: %s of all code" % (name, run["isa"], key), sum(c[key] for c in run["by_code"]), run[key])


def test_sums(suite):
    one, _ = program_folders(suite)
    for program in PROGRAMS + ("hashing.py", "examples/control_flow.py", "examples/arithmetic.py"):
        for run in suite.report(*ISAS, program, folder=one)["runs"]:
            check_sums(suite, program, run)


def test_ideal_machine(suite):
    one, _ = program_folders(suite)
    for program in PROGRAMS + ("hashing.py", "matrixMulBuiltin.py"):
        for run in suite.report("--machine", "ideal", *ISAS, program, folder=one)["runs"]:
            suite.equal("%s %s: cycles on the ideal machine" % (program, run["isa"]), run["cycles"], run["instructions"])
            check_sums(suite, program + " ideal", run)


run_tests(globals())
