"""The data cache of a machine (docs/timing-model.md): misses that are known, the same under every ISA, in every folder and
environment; their cycles, energy and area; sweeps that follow many caches in one execution, and profiles that keep what they do."""
import glob
import json
import os
import shutil

from harness import Skip, first_difference, run_tests, without_host

MACHINE = """
inherits: %s/isa-specs/machines/inorder.yaml
machine: small
cache: {data: {bytes: %s, line: 64, ways: %s, miss: 30%s}}
"""
WALK = """
import sys

def walk(items):
    total = 0
    for item in items:
        total += item
    return total

items = [0] * int(sys.argv[1])
for i in range(int(sys.argv[2])):
    walk(items)
"""
MATRIX = """
import sys

def rows(a, n):
    total = 0
    for i in range(n):
        for k in range(n):
            total += a[i][k]
    return total

def columns(a, n):
    total = 0
    for i in range(n):
        for k in range(n):
            total += a[k][i]
    return total

a = [[0] * 64 for i in range(64)]
if sys.argv[1] == "rows":
    rows(a, 64)
elif sys.argv[1] == "columns":
    columns(a, 64)
"""
# All kinds of accesses, and what could make them differ: keys of all kinds, paths, identities, exceptions, generators.
MANY = """
import bisect
import heapq
import os

class Node:
    def __init__(self, name):
        self.name = name
        self.next = None
        self.other = [name]

    def __eq__(self, other):
        return self.name == other.name

    __hash__ = object.__hash__

def pairs(n):
    for i in range(n):
        yield i, str(i)

def counter():
    count = 0
    def more():
        nonlocal count
        count += 1
        return count
    return more

nodes = [Node("n%d" % (i * 7919 % 500)) for i in range(500)]
for one, two in zip(nodes, nodes[1:]):
    one.next = two
count, table = {}, {node: i for i, node in enumerate(nodes)}
for node in nodes:
    count[node.name[:2]] = count.get(node.name[:2], 0) + 1
    if node.next is not None and node in table:
        node.next.extra = node.other + [table[node]]
seen = {name for number, name in pairs(300) if number % 3}
heap, order, grid = [], [], {}
for i in range(300):
    heapq.heappush(heap, i * 7919 % 1009)
    bisect.insort(order, i * 31 % 101)
    grid[i % 17, i % 13] = i, (i, i + 1)
while len(heap) > 100:
    heapq.heappop(heap)
for (x, y), (i, (j, k)) in grid.items():
    order[x] += y + k
more = counter()
try:
    while True:
        order.append(order.pop(0) + more() + order[more() * 7])
except IndexError:
    del order[3:40], nodes[7]
text = bytearray(b"some bytes") + b"more"
print(len(order), sum(text), sorted(count)[:5], len(seen & set(map(str, range(50)))), (1, 2) < (1, 3), os.path.basename(__file__))
print([n for n in order if n in (5, 7, 9)], min(order), max(order), order == list(order), *order[::50])
"""
SWEEP = """
sweep: caches
base: {isa: hybrid, machine: small.yaml}
programs: [%s]
axes:
  machine.cache.data.bytes: [0, 1024, 8192, 65536]
  machine.cache.data.line: [32, 64]
  machine.cache.data.ways: [1, 4, full]
  machine.cache.data.new_lines: [fetch, make]
  registers.count: [16, 32]
  instructions.MADD: [on, off]
"""


def machine_folder(suite, name, size=32768, ways=8, more="", **files):
    files = {file.replace("_", "."): text for file, text in files.items()}
    return suite.folder(name, {"small.yaml": MACHINE % (suite.source, size, ways, more), **files})


def run_of(suite, folder, *arguments, isa="stack", **more):
    return suite.report("--no-baseline", "--isa", isa, "--machine", "small.yaml", *arguments, folder=folder, **more)["runs"][0]


def misses(suite, folder, *arguments):
    return run_of(suite, folder, *arguments)["events"]["cache_misses"]


def test_walks(suite):
    """Of 64-bit items a line holds 8. What fits is missed when it is made, and never again."""
    for ways in ("full", 8):
        folder = machine_folder(suite, "walks-%s" % ways, ways=ways, walk_py=WALK)
        for items, wanted in ((3000, 0), (8192, 1024), (80000, 10000)):
            once, thrice = (misses(suite, folder, "walk.py", str(items), times) for times in ("1", "3"))
            suite.check("%d items, %s ways" % (items, ways), abs((thrice - once) / 2 - wanted) <= 1, repr((once, thrice)))
            suite.check("%d items are made" % items, 0 <= once - wanted - items // 8 <= 4, repr(once))


def test_rows_and_columns(suite):
    folder = machine_folder(suite, "matrix", size=2048, ways="full", matrix_py=MATRIX)
    neither, rows, columns = (misses(suite, folder, "matrix.py", how) for how in ("neither", "rows", "columns"))
    suite.check("rows: a miss a line", 64 * 8 <= rows - neither <= 64 * 10, repr(rows - neither))
    suite.check("columns: a miss an item, and for the list that it is in", 64 * 64 <= columns - neither <= 2 * 64 * 64 + 64 * 8,
                repr(columns - neither))


def test_new_lines(suite):
    fetched = machine_folder(suite, "fetched", walk_py=WALK)
    made = machine_folder(suite, "made", more=", new_lines: make", walk_py=WALK)
    all_lines, used_again = (misses(suite, folder, "walk.py", "2048", "2") for folder in (fetched, made))
    suite.check("new lines", all_lines >= 256 and used_again < 4, repr((all_lines, used_again)))


def test_isas(suite):
    folder = machine_folder(suite, "isas", size=4096, many_py=MANY)
    found = [run_of(suite, folder, "--no-idioms", "many.py", isa=isa)["events"] for isa in ("stack", "register", "hybrid")]
    found = [(events["cache_accesses"], events["cache_misses"]) for events in found]
    suite.check("accesses there are", found[0][0] > 10000 and found[0][1] > 500, repr(found))
    suite.equal("the same under every ISA", found, found[:1] * 3)


def test_determinism(suite):
    one = machine_folder(suite, "one", size=4096, many_py=MANY)
    two = machine_folder(suite, "two/with/a/rather/long/name", size=4096, many_py=MANY)
    options = ("--scope", "all", "--no-baseline", "--isa", "hybrid", "--machine", "small.yaml")
    wanted = without_host(suite.report(*options, "many.py", folder=one))
    others = {"again": suite.report(*options, "many.py", folder=one), "elsewhere": suite.report(*options, "many.py", folder=two),
              "by its path": suite.report(*options, os.path.join(two, "many.py"), folder=one),
              "environment": suite.report(*options, "many.py", folder=one,
                                          environment={"EXTRA": "x" * 9000, "PYTHONHASHSEED": "7"})}
    for name, report in others.items():
        suite.equal(name, first_difference(wanted, without_host(report)), "")


def test_compilers(suite):
    if not os.path.exists(suite.other) or os.path.realpath(suite.other) == os.path.realpath(suite.binary):
        raise Skip("no %s to compare with" % suite.other)
    sources = glob.glob(os.path.join(suite.source, "sim", "**", "*.[ch]"), recursive=True)
    if max(map(os.path.getmtime, sources)) > os.path.getmtime(suite.other):
        raise Skip("%s is older than the sources" % suite.other)
    folder = machine_folder(suite, "compilers", size=4096, many_py=MANY)
    found = [run_of(suite, folder, "many.py", isa="hybrid", binary=binary) for binary in (suite.binary, suite.other)]
    suite.equal("another compiler", first_difference(*found), "")


def test_sums(suite):
    folder = machine_folder(suite, "sums", size=4096, many_py=MANY)
    for isa in ("stack", "hybrid"):
        run = run_of(suite, folder, "--scope", "all", "many.py", isa=isa)
        plain = suite.report("--no-baseline", "--isa", isa, "--scope", "all", "many.py", folder=folder)["runs"][0]
        suite.equal(isa + ": cycles", sum(run["cycle_stack"].values()), run["cycles"])
        suite.equal(isa + ": penalty", run["cycle_stack"]["cache"], 30 * run["events"]["cache_misses"])
        suite.equal(isa + ": nothing else", run["cycles"] - plain["cycles"], run["cycle_stack"]["cache"])
        suite.equal(isa + ": no cache", (plain["cycle_stack"]["cache"], plain["events"]["cache_accesses"]), (0, 0))
        suite.equal(isa + ": files", sum(f["cycle_stack"]["cache"] for f in run["by_file"].values()), run["cycle_stack"]["cache"])
        suite.equal(isa + ": energy", sum(run["energy_parts"].values()), run["energy"])
        stacks = os.path.join(folder, "stacks.txt")
        suite.hybridsim("profile", "--isa", isa, "--machine", "small.yaml", "-o", "table.txt", "--collapsed", stacks, "many.py",
                        folder=folder)
        with open(stacks) as stream:
            suite.equal(isa + ": profile", sum(int(line.rsplit(" ", 1)[1]) for line in stream), run["cycles"])
        suite.equal(isa + ": area", plain["area_parts"]["caches"] - run["area_parts"]["caches"], (32768 - 4096) * 3954 // 1000)


def test_ideal(suite):
    folder = machine_folder(suite, "ideal", walk_py=WALK)
    with open(os.path.join(folder, "small.yaml"), "a") as stream:
        stream.write("ideal: yes\n")
    run = run_of(suite, folder, "walk.py", "4096", "2")
    suite.equal("an ideal machine's hits", (run["cycles"], run["events"]["cache_misses"]), (run["instructions"], 0))


def test_specs(suite):
    for text, wanted in (("bytes: 1000, miss: 3", b"found 1000 bytes, expected a multiple of 512: 8 ways of 64 bytes"),
                         ("bytes: 1536, miss: 3", b"3 sets of 8 ways, expected a power of two of sets"),
                         ("bytes: 4096, line: 48, miss: 3", b"found 48 for `line`, expected a power of two"),
                         ("bytes: 4096, ways: half, miss: 3", b"half"), ("bytes: 4096", b"found no `bytes` and `miss`"),
                         ("bytes: 1073741824, line: 8, ways: full, miss: 3", b"expected at most 1048576 in a fully associative"),
                         ("bytes: 4096, miss: 3, size: 4", b"size")):
        folder = suite.folder("specs", {"p.py": "pass\n", "small.yaml": "inherits: %s/isa-specs/machines/inorder.yaml\n"
                                        "cache: {data: {%s}}\n" % (suite.source, text)})
        done = suite.hybridsim("run", "--isa", "stack", "--machine", "small.yaml", "p.py", folder=folder)
        suite.check(text, done.returncode == 2 and wanted in done.stderr and b"small.yaml:2:" in done.stderr, done.stderr.decode())


def results(suite, folder, database):
    done = suite.hybridsim("sweep", "export", database, "--json", folder=folder)
    return [(row["settings"], row["how"], row["error"], row["figures"]) for row in json.loads(done.stdout)]


def test_sweep(suite):
    """One execution with MADD and one without, for all caches; so figures are those of executing the points."""
    folder = machine_folder(suite, "sweep", size=4096, many_py=MANY, sweep_yaml=SWEEP % "many.py")
    done = suite.hybridsim("sweep", "sweep.yaml", "-o", "a.db", "--verify", "6", folder=folder)
    suite.check("verified", done.returncode == 0 and b"6 results executed again: identical" in done.stderr, done.stderr.decode())
    found = results(suite, folder, "a.db")
    suite.equal("points", (len(found), {row[1] for row in found}, {row[2] for row in found}), (192, {"retimed"}, {None}))
    suite.check("caches matter", len({row[3]["cycles"] for row in found}) > 24, repr(len({row[3]["cycles"] for row in found})))
    script = os.path.join(folder, "many.py")
    with open(os.path.join(folder, "cached.yaml"), "w") as stream:
        stream.write("inherits: %s/isa-specs/hybrid.yaml\nmachine: small.yaml\n" % suite.source)
    for isa in ("cached.yaml", "hybrid"): # for that of a machine without a cache the script is executed again
        saved = suite.hybridsim("run", "--quiet", "--save-profile", "p.hsp", "--isa", isa, "many.py", folder=folder)
        suite.equal("saved", (saved.returncode, saved.stderr), (0, b""))
        moved = machine_folder(suite, "moved", size=4096, sweep_yaml=SWEEP % "{profile: p.hsp}")
        shutil.copy(os.path.join(folder, "p.hsp"), moved)
        if isa == "cached.yaml":
            os.rename(script, script + ".gone")
        done = suite.hybridsim("sweep", "sweep.yaml", "-o", "b.db", folder=moved)
        suite.check("of the profile", done.returncode == 0, done.stderr.decode())
        if isa == "cached.yaml":
            os.rename(script + ".gone", script)
        same = results(suite, moved, "b.db")
        if isa == "cached.yaml": # but the largest of one way, whose 2048 sets are not among those kept
            rest = [row for row in same if row[2]]
            same = [row if row not in rest else wanted for row, wanted in zip(same, found)]
            suite.equal("needs the script", {(row[0]["machine.cache.data.bytes"], row[0]["machine.cache.data.line"],
                                              row[0]["machine.cache.data.ways"]) for row in rest}, {(65536, 32, 1)})
        suite.equal("the same figures", same, found)
        os.unlink(os.path.join(moved, "b.db"))


run_tests(globals())
