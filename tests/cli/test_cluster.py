"""hybridsim sweep on more than one machine: parts, merging, the ranks of mpirun, an array job of Slurm. What comes out is what a
sweep in one process exports, to the byte."""
import contextlib
import os
import shutil
import signal
import sqlite3
import subprocess
import time

from harness import Skip, end_group, run_tests
from one_node_slurm import OneNodeSlurm

LOOP = """
import sys

def numbers(n):
    for i in range(n):
        yield i * 3 % 7

total = 0
for n in numbers(200):
    if n > 3:
        total += n * 2 + len(sys.argv)
print(total, abs(-2.0) ** 0.5)
"""

SWEEP = """
sweep: small
base: {isa: hybrid}
programs:
  - loop.py
  - {script: loop.py, arguments: [other]}
axes:
  instructions.SQRT: [on, off]
  registers.count: [8, 12, 32]
  machine.branch.predictor: [static, bimodal]
  machine.branch.mispredict_penalty: {from: 4, to: 16, scale: log2}
"""
POINTS, RESULTS = 36, 72


def exports(suite, folder, database):
    return [suite.hybridsim("sweep", "export", form, database, folder=folder).stdout for form in ("--csv", "--json")]


def prepare(suite, name, text=SWEEP):
    """A folder with the sweep, and what one process exports of it."""
    folder = suite.folder(name, {"loop.py": LOOP, "sweep.yaml": text})
    suite.equal("one process", suite.hybridsim("sweep", "sweep.yaml", "-o", "whole.db", "--quiet", folder=folder).returncode, 0)
    return folder, exports(suite, folder, "whole.db")


def compute_parts(suite, folder, *parts, output="out/", sweep="sweep.yaml"):
    for part in parts:
        done = suite.hybridsim("sweep", sweep, "-o", output, "--shard", part, "--quiet", folder=folder)
        suite.equal("part " + part, (done.returncode, done.stdout, done.stderr), (0, b"", b""))


def merge(suite, folder, *arguments, output="all.db"):
    return suite.hybridsim("sweep", "merge", *arguments, "-o", output, folder=folder)


def ask(folder, file, statement):
    with contextlib.closing(sqlite3.connect(os.path.join(folder, file))) as connection, connection:
        return connection.execute(statement).fetchall()


def points_of(folder, file):
    return {row[0] for row in ask(folder, file, "SELECT settings FROM points")}


def test_parts(suite):
    folder, wanted = prepare(suite, "cluster-parts")
    compute_parts(suite, folder, "2/3", "1/3")
    parts = ["out/small-%d-of-3.db" % i for i in (1, 2, 3)]
    done = merge(suite, folder, parts[1], parts[0])
    suite.check("a part is missing", done.returncode == 1 and b"no results of parts 3 of 3" in done.stderr, done.stderr)
    compute_parts(suite, folder, "3/3")
    ask(folder, parts[2], "DELETE FROM results WHERE program = 2")
    done = merge(suite, folder, *parts)
    suite.check("a part is unfinished", done.returncode == 1 and parts[2].encode() + b" (12 of 24" in done.stderr, done.stderr)
    compute_parts(suite, folder, "3/3")
    done = merge(suite, folder, *parts)
    suite.check("merged", done.returncode == 0 and b"72 of 72 results" in done.stderr, done.stderr)
    suite.equal("as one process has it", exports(suite, folder, "all.db"), wanted)
    suite.equal("in another order", merge(suite, folder, *reversed(parts), output="again.db").returncode, 0)
    suite.equal("the same", exports(suite, folder, "again.db"), wanted)
    owned = [points_of(folder, part) for part in parts]
    suite.equal("every point in one part", (sum(map(len, owned)), len(set.union(*owned))), (POINTS, POINTS))
    suite.check("parts are alike", max(map(len, owned)) - min(map(len, owned)) <= 4, repr([len(part) for part in owned]))
    done = suite.hybridsim("sweep", "sweep.yaml", "-o", "all.db", "--verify", "2", folder=folder)
    suite.check("the merged file goes on", b"72 results, 0 of them new" in done.stderr and done.returncode == 0, done.stderr)


def test_many_parts(suite):
    text = SWEEP.replace("  - {script: loop.py, arguments: [other]}\n", "").replace("[8, 12, 32]", "[8]")
    folder, wanted = prepare(suite, "cluster-many", text)
    compute_parts(suite, folder, *["%d/12" % i for i in range(1, 13)])
    files = sorted(os.listdir(os.path.join(folder, "out")))
    suite.equal("a point each", {len(points_of(folder, "out/" + file)) for file in files}, {1})
    suite.equal("merged", merge(suite, folder, *["out/" + file for file in files]).returncode, 0)
    suite.equal("as one process has it", exports(suite, folder, "all.db"), wanted)
    for shard in ("13/13", "0/2", "3/2", "2", "1/2/3", "a/b"):
        done = suite.hybridsim("sweep", "sweep.yaml", "-o", "out/", "--shard", shard, folder=folder)
        suite.check("--shard " + shard, done.returncode == 2 and b"--shard: found" in done.stderr, done.stderr)
    suite.equal("a folder needs parts", suite.hybridsim("sweep", "sweep.yaml", "-o", "out/", folder=folder).returncode, 2)


def test_refused(suite):
    folder, wanted = prepare(suite, "cluster-refused")
    compute_parts(suite, folder, "1/2", "2/2")
    first, second = "out/small-1-of-2.db", "out/small-2-of-2.db"
    variants = {
        "machine.yaml": (SWEEP.replace("isa: hybrid", "isa: hybrid, machine: ideal"), "over another base"),
        "programs.yaml": (SWEEP.replace("[other]", "[others]"), "of other programs"),
        "points.yaml": (SWEEP.replace("to: 16", "to: 8"), "with other points: another sweep file"),
    }
    for name, (text, message) in variants.items():
        suite.folder("cluster-refused", {name: text})
        compute_parts(suite, folder, "2/2", output="other-%s.db" % name, sweep=name)
        done = merge(suite, folder, first, "other-%s.db" % name)
        suite.check(message, done.returncode == 2 and message.encode() in done.stderr, done.stderr)
    changes = {
        "UPDATE results SET tool = '0.0.1-a'": "found results of another build of hybridsim, `0.0.1-a`",
        "UPDATE results SET cycles = cycles + 1": "found other figures than a file before it has, for loop.py at the point {",
        "UPDATE results SET events = work": "found other figures",
        "UPDATE figures SET numbers = replace(numbers, '[', '[1')":
            "changed.db: error: found figures whose id is not of their contents",
        "UPDATE results SET error = 'none'": "found other figures",
    }
    for change, message in changes.items():
        shutil.copy(os.path.join(folder, second), os.path.join(folder, "changed.db"))
        ask(folder, "changed.db", change)
        done = merge(suite, folder, first, second, "changed.db")
        suite.check(message, done.returncode == 2 and message.encode() in done.stderr, done.stderr)
        suite.check("nothing was made", not os.path.exists(os.path.join(folder, "all.db")))
    shutil.copy(os.path.join(folder, second), os.path.join(folder, "executed.db"))
    ask(folder, "executed.db", "UPDATE results SET how = 'executed'")
    suite.equal("how figures were come by may differ", merge(suite, folder, first, second, "executed.db").returncode, 0)
    suite.equal("merged", exports(suite, folder, "all.db"), wanted)
    for arguments in ([first], ["none.db", "-o", "x.db"], ["-o", "x.db"], ["sweep.yaml", "-o", "x.db"]):
        suite.equal("wrong use", suite.hybridsim("sweep", "merge", *arguments, folder=folder).returncode, 2)


def test_extended(suite):
    """More points, later: only those are computed; what was merged keeps its numbers."""
    folder, _ = prepare(suite, "cluster-extended")
    compute_parts(suite, folder, "1/2", "2/2")
    files = ["out/small-1-of-2.db", "out/small-2-of-2.db"]
    suite.equal("merged", merge(suite, folder, *files).returncode, 0)
    suite.folder("cluster-extended", {"sweep.yaml": SWEEP.replace("to: 16", "to: 32")})
    compute_parts(suite, folder, "1/2", "2/2")
    suite.equal("merged into what there was", merge(suite, folder, *files).returncode, 0)
    suite.equal("merged anew", merge(suite, folder, *files, output="new.db").returncode, 0)
    suite.hybridsim("sweep", "sweep.yaml", "-o", "whole.db", "--quiet", folder=folder)
    suite.hybridsim("sweep", "sweep.yaml", "-o", "fresh.db", "--quiet", folder=folder)
    suite.equal("as one process extends", exports(suite, folder, "all.db"), exports(suite, folder, "whole.db"))
    suite.equal("as one process computes", exports(suite, folder, "new.db"), exports(suite, folder, "fresh.db"))


def mpirun(suite, ranks):
    """The words that start so many ranks, in a network of their own where that is possible: loopback only."""
    program = shutil.which("mpirun")
    if not program:
        raise Skip("mpirun is not installed (openmpi-bin)")
    if not os.path.exists(os.path.join(os.path.dirname(suite.binary), "hybridsim-mpi.so")):
        raise Skip("hybridsim was built without MPI (libopenmpi-dev)")
    words = [program, "--oversubscribe", "--mca", "oob_tcp_if_include", "lo", "--mca", "btl", "self,vader", "-np", str(ranks)]
    for options in (["-n"], ["-r", "-n"]):
        alone = ["unshare", *options, "sh", "-c", "ip link set lo up && exec \"$@\"", "sh"]
        if shutil.which("unshare") and subprocess.run([*alone, "true"], capture_output=True).returncode == 0:
            return alone + words
    return words


def start_ranks(suite, folder, ranks, *arguments):
    environment = dict(suite.environment, OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1")
    return subprocess.Popen([*mpirun(suite, ranks), suite.binary, "sweep", *arguments], cwd=folder, env=environment, text=True,
                            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)


def run_ranks(suite, folder, ranks, *arguments):
    process = start_ranks(suite, folder, ranks, *arguments)
    try:
        output, errors = process.communicate(timeout=100)
    finally:
        end_group(process)
    return process.returncode, output, errors


def test_mpi(suite):
    mpirun(suite, 1)
    folder, wanted = prepare(suite, "cluster-mpi")
    status, output, errors = run_ranks(suite, folder, 4, "sweep.yaml", "-o", "out/")
    suite.equal("four ranks", (status, output), (0, ""))
    suite.check("what they did", "72 new results, by 4 ranks" in errors and "72 of 72 results" in errors, errors)
    suite.equal("files", sorted(os.listdir(os.path.join(folder, "out"))),
                ["small-rank-%d.db" % i for i in range(4)] + ["small.db"])
    suite.equal("as one process has it", exports(suite, folder, "out/small.db"), wanted)
    os.remove(os.path.join(folder, "out/small.db"))
    status, _, errors = run_ranks(suite, folder, 2, "sweep.yaml", "-o", "out/")
    suite.check("again, with fewer ranks", status == 0 and " 0 new results, by 2 ranks" in errors, errors)
    suite.equal("merged again", exports(suite, folder, "out/small.db"), wanted)
    for arguments in (["-o", "out.db"], ["-o", "out/", "--verify", "2"]):
        suite.equal("wrong use: " + arguments[-1], run_ranks(suite, folder, 2, "sweep.yaml", *arguments)[0], 2)


def test_mpi_killed(suite):
    mpirun(suite, 1)
    text = SWEEP.replace("[8, 12, 32]", "{from: 8, to: 32, step: 2}")
    folder, wanted = prepare(suite, "cluster-killed", text)
    process = start_ranks(suite, folder, 3, "sweep.yaml", "-o", "out/")
    deadline = time.monotonic() + 20
    while process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
        with contextlib.suppress(sqlite3.OperationalError): # not there yet
            if ask(folder, "out/small-rank-0.db", "SELECT count(*) FROM results")[0][0]:
                break
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    time.sleep(0.3)
    status, _, errors = run_ranks(suite, folder, 2, "sweep.yaml", "-o", "out/")
    new = int(errors.split(" programs: ")[1].split()[0])
    suite.check("goes on where it was killed", status == 0 and new < 312, errors)
    suite.equal("as one process has it", exports(suite, folder, "out/small.db"), wanted)


SEARCH = SWEEP.replace("[8, 12, 32]", "{from: 8, to: 32}") + \
    "objectives: [cycles, area]\nmethod: search\nbudget: 90\npopulation: 16\nseed: 3\n"


def test_mpi_search(suite):
    """Ranks share each generation; each finds the next one by itself, and it is that of a single process."""
    mpirun(suite, 1)
    folder, wanted = prepare(suite, "cluster-search", SEARCH)
    status, output, errors = run_ranks(suite, folder, 4, "sweep.yaml", "-o", "out/")
    suite.equal("four ranks", (status, output), (0, ""))
    suite.check("what they did", "90 points, 2 programs: 180 new results, by 4 ranks" in errors and "180 of 180 results" in errors,
                errors)
    suite.equal("as one process has it", exports(suite, folder, "out/small.db"), wanted)
    computed = [ask(folder, "out/small-rank-%d.db" % rank, "SELECT count(*) FROM results")[0][0] for rank in range(4)]
    suite.check("each rank did some of it", sum(computed) == 180 and min(computed) > 0, computed)
    os.remove(os.path.join(folder, "out/small.db"))
    status, _, errors = run_ranks(suite, folder, 2, "sweep.yaml", "-o", "out/")
    suite.check("again, with fewer ranks", status == 0 and " 0 new results, by 2 ranks" in errors, errors)
    suite.equal("merged again", exports(suite, folder, "out/small.db"), wanted)
    for options in (["--shard", "1/2"], ["--slurm"]):
        done = suite.hybridsim("sweep", "sweep.yaml", "-o", "parts/", *options, folder=folder)
        suite.check("a search has no parts: " + options[0], done.returncode == 2 and
                    b"found `method: search`, which has no parts, for its points depend on each other: mpirun shares those of each "
                    b"generation; or search several times" in done.stderr, done.stderr)


def test_mpi_search_killed(suite):
    mpirun(suite, 1)
    folder, wanted = prepare(suite, "cluster-search-killed", SEARCH.replace("budget: 90", "budget: 200"))
    process = start_ranks(suite, folder, 4, "sweep.yaml", "-o", "out/")
    while process.poll() is None:
        with contextlib.suppress(sqlite3.OperationalError): # not there yet
            if ask(folder, "out/small-rank-3.db", "SELECT count(*) FROM results")[0][0]:
                break
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    time.sleep(0.3)
    status, _, errors = run_ranks(suite, folder, 2, "sweep.yaml", "-o", "out/")
    new = int(errors.split(" programs: ")[1].split()[0]) if " programs: " in errors else 400
    suite.check("goes on where it was killed, with fewer ranks", status == 0 and new < 400, errors)
    suite.equal("as one process has it", exports(suite, folder, "out/small.db"), wanted)


def test_without_mpi(suite):
    folder = suite.folder("cluster-no-mpi", {"loop.py": LOOP, "sweep.yaml": SWEEP})
    alone = shutil.copy(suite.binary, os.path.join(folder, "alone"))
    done = suite.hybridsim("sweep", "sweep.yaml", "-o", "out/", folder=folder, binary=alone, environment={"PMI_SIZE": "2"})
    suite.check("no MPI", done.returncode == 2 and b"it was built without MPI" in done.stderr, done.stderr)


def test_slurm_script(suite):
    folder, _ = prepare(suite, "cluster-script")
    done = suite.hybridsim("sweep", "sweep.yaml", "--slurm", "--tasks", "4", "-j", "2", folder=folder)
    suite.equal("what to do with it", done.stdout.decode(),
                "sbatch out/small.sbatch\nhybridsim sweep merge out/small-*-of-4.db -o out/small.db\n")
    script = open(os.path.join(folder, "out/small.sbatch")).read()
    for line in ("--array=1-4", "--requeue", "--cpus-per-task=2", '--chdir="%s"' % os.path.realpath(folder)):
        suite.check(line, "\n#SBATCH %s\n" % line in script, script)
    for task in "1234":
        done = subprocess.run(["sh", "out/small.sbatch"], cwd=folder, stderr=subprocess.DEVNULL,
                              env=dict(suite.environment, SLURM_ARRAY_TASK_ID=task))
        suite.equal("task " + task, done.returncode, 0)
    suite.equal("merged", merge(suite, folder, *["out/small-%d-of-4.db" % i for i in range(1, 5)]).returncode, 0)


def test_slurm(suite):
    cluster = OneNodeSlurm(suite.folder("slurm"))
    folder, wanted = prepare(suite, "cluster-slurm")
    with cluster as environment:
        done = suite.hybridsim("sweep", "sweep.yaml", "--slurm", "--tasks", "3", "--submit", "-o", "out", folder=folder,
                               environment={name: environment[name] for name in ("SLURM_CONF", "PATH")})
    suite.check("submitted, merged", done.returncode == 0 and b"72 of 72 results, of 3 files" in done.stderr, done.stderr)
    suite.equal("as one process has it", exports(suite, folder, "out/small.db"), wanted)


run_tests(globals())
