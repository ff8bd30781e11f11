"""The shipped sweeps: each is read, and a part of it computed for one program and executed again; docs/sweep.md lists all of
them; what docs/findings.md shows of one is what it shows now."""
import glob
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "cli"))
from harness import run_tests # noqa: E402

PROGRAMS = {"tensor-unit": "matrixMul"} # by which a sweep is tried; the others: quickSort
PARTS = {"fusion": "", "search": ""} # what is computed of it: all of it, or a few points at random


def shipped(suite):
    for path in sorted(glob.glob(os.path.join(suite.source, "isa-specs", "sweeps", "*.yaml"))):
        yield os.path.basename(path).removesuffix(".yaml"), path


def test_read(suite):
    for name, path in shipped(suite):
        done = suite.hybridsim("sweep", path, "--slurm", "-o", suite.folder("read-" + name) + "/")
        suite.check(name + " as it is", done.returncode == 0 or b"search" in done.stderr, done.stderr.decode())


def test_verify(suite):
    """With one program instead of seven, and a few points."""
    for name, path in shipped(suite):
        with open(path) as stream:
            text = stream.read()
        text = re.sub(r"^programs:.*\n( .*\n)+", "programs: [%s]\n" % PROGRAMS.get(name, "quickSort"), text, flags=re.MULTILINE)
        text = text.replace("budget: 400\npopulation: 40", "budget: 24\npopulation: 8")
        text += PARTS.get(name, "combine: random\nsamples: 8\n")
        folder = suite.folder("verify-" + name, {name + ".yaml": text})
        done = suite.hybridsim("sweep", name + ".yaml", "-o", name + ".db", "--verify", "4", folder=folder)
        suite.check(name + " is what runs give", done.returncode == 0 and b"results executed again: identical" in done.stderr,
                    done.stderr.decode())


def test_listed(suite):
    with open(os.path.join(suite.source, "docs", "sweep.md")) as stream:
        listed = set(re.findall(r"`([\w-]+)`", "".join(line for line in stream if line.startswith("| `"))))
    suite.equal("shipped, but not in docs/sweep.md", [name for name, _ in shipped(suite) if name not in listed], [])


def test_findings(suite):
    """`scripts/findings --only branch` writes the figure and the table that are there."""
    script = os.path.join(suite.source, "scripts", "findings")
    done = subprocess.run([sys.executable, script, "--binary", suite.binary, "--only", "branch", "--check", "--results",
                           suite.folder("findings")], capture_output=True, env=suite.environment, check=False, text=True)
    suite.equal("docs/findings of branch", (done.returncode, done.stdout, done.stderr), (0, "", ""))


run_tests(globals())
