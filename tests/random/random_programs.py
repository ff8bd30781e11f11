#!/usr/bin/python3
"""Random programs under CPython and under hybridsim on every ISA: stdout, the last line of stderr and the exit status must agree.

    random_programs.py --binary HYBRIDSIM --python PYTHON --source DIR [--loops] [--seed N] [--count N] [--seconds N] [--keep DIR]

--loops: programs of loops over lists (loops.py), on the hybrid as it is, on one whose units take loops of any size, and without
idioms.

Programs seed, seed + 1, ... are tried until `count` are done or the time is up. One that differs is cut down, statement by
statement, while it still differs, and written to --keep (default: the current folder) as random_SEED.py. Exit 1: one differed.
Programs without end under CPython (5 s) are passed over. Ctrl-C ends the search; what was found is kept.
"""
import argparse
import os
import subprocess
import sys
import tempfile
import time

import generate
import loops

# A machine whose units refuse no loop for being too small.
EAGER_MACHINE = "machine: eager\ninherits: %s\ntensor: {min_size: 1}\nvector: {min_size: 1}\n"


class Comparison:
    def __init__(self, arguments, folder):
        self.arguments, self.folder = arguments, folder
        shipped = os.path.join(arguments.source, "isa-specs")
        eager = os.path.join(folder, "eager.yaml")
        with open(eager, "w") as stream:
            stream.write(EAGER_MACHINE % os.path.join(shipped, "machines", "inorder.yaml"))
        options = {isa: ["--isa", os.path.join(shipped, isa + ".yaml")] for isa in ("stack", "register", "hybrid")}
        hybrid = options["hybrid"]
        # name -> options of `run`
        of_loops = {"eager hybrid": hybrid + ["--machine", eager], "hybrid": hybrid,
                    "hybrid without idioms": hybrid + ["--no-idioms"]}
        self.ways = of_loops if arguments.loops else options
        self.preamble = loops.PREAMBLE if arguments.loops else generate.PREAMBLE

    def source(self, statements):
        return generate.source(statements, self.preamble)

    def run(self, command):
        environment = dict(os.environ, PYTHONHASHSEED="0", PYTHONDONTWRITEBYTECODE="1")
        try:
            done = subprocess.run(command, cwd=self.folder, env=environment, stdin=subprocess.DEVNULL,
                                  capture_output=True, timeout=self.limit)
        except subprocess.TimeoutExpired:
            return None
        errors = done.stderr.splitlines()
        return done.stdout, errors[-1] if errors and done.returncode else b"", done.returncode

    def difference(self, statements, ways=None):
        """What is different, and in which way of running; None: nothing, or the program does not end or does not compile."""
        text = self.source(statements)
        with open(os.path.join(self.folder, "program.py"), "w") as stream:
            stream.write(text)
        self.limit = 5
        wanted = self.run([self.arguments.python, "program.py"])
        if wanted is None or b"SyntaxError" in wanted[1]:
            return None
        self.limit = 60
        for way in ways or self.ways:
            found = self.run([self.arguments.binary, "run", "--quiet", "--no-baseline", "--python", self.arguments.python] +
                             self.ways[way] + ["program.py"])
            if found != wanted:
                return way, describe(wanted, found)
        return None


def describe(wanted, found):
    if found is None:
        return "no end within a minute"
    if found[2] != wanted[2] or found[1] != wanted[1]:
        return "expected exit status %d %r, found %d %r" % (wanted[2], wanted[1], found[2], found[1])
    for number, (a, b) in enumerate(zip(wanted[0].splitlines() + [b"(end)"], found[0].splitlines() + [b"(end)"]), 1):
        if a != b:
            return "line %d: expected %r, found %r" % (number, a, b)
    return "other line ends"


def cut_down(comparison, statements, way):
    """Removes statements, and blocks around what is kept, as long as the program still differs in that way of running."""
    budget = 400

    def differs():
        nonlocal budget
        budget -= 1
        return budget > 0 and comparison.difference(statements, (way,)) is not None

    def shrink(block):
        size = len(block)
        while size:
            start = 0
            while start < len(block):
                removed = block[start:start + size]
                del block[start:start + size]
                if not removed or not differs():
                    block[start:start] = removed
                    start += size
            size //= 2
        for statement in block:
            for clause in statement.clauses:
                if clause[1]:
                    shrink(clause[1])
            while len(statement.clauses) > 1 and statement.clauses[-1][0].startswith(("elif", "else", "finally", "except")):
                removed = statement.clauses.pop()
                if not differs():
                    statement.clauses.append(removed)
                    break

    shrink(statements)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", required=True)
    parser.add_argument("--python", default="/usr/bin/python3")
    parser.add_argument("--source", required=True)
    parser.add_argument("--shared", help="not used; every test of the suite takes it")
    parser.add_argument("--loops", action="store_true", help="programs of loops over lists")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--keep", default=".")
    arguments = parser.parse_args()
    arguments.binary, arguments.source = os.path.abspath(arguments.binary), os.path.abspath(arguments.source)
    end, done, found = time.monotonic() + arguments.seconds, 0, 0
    with tempfile.TemporaryDirectory(prefix="hybridsim-random-") as folder:
        comparison = Comparison(arguments, folder)
        try:
            for seed in range(arguments.seed, arguments.seed + arguments.count):
                if time.monotonic() > end:
                    break
                statements = (loops.LoopGenerator if arguments.loops else generate.Generator)(seed).program()
                differs = comparison.difference(statements)
                done += 1
                if not differs:
                    continue
                found += 1
                cut_down(comparison, statements, differs[0])
                still = comparison.difference(statements, (differs[0],)) or differs
                path = os.path.join(arguments.keep, "random_%d.py" % seed)
                with open(path, "w") as stream:
                    stream.write(comparison.source(statements))
                print("seed %d on %s: %s\n  cut down to %s" % (seed, still[0], still[1], path), flush=True)
        except KeyboardInterrupt:
            print("interrupted", file=sys.stderr)
    print("%d programs, %d differ" % (done, found))
    return 1 if found or not done else 0


sys.exit(main())
