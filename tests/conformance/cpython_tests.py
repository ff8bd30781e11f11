#!/usr/bin/python3
"""How many of CPython's own tests (Debian: libpython3.11-testsuite) pass: each file under CPython and under hybridsim.

    cpython_tests.py --binary HYBRIDSIM [--python PYTHON] [--source DIR] [--isa NAME] [--list FILE] [--markdown] [--jobs N] [NAME...]

A test counts when CPython passes it (skipped ones do not count); it passes here when it is reported `ok`. A file whose run dies
or takes longer than --timeout is run again class by class, so that one test does not hide the others. --list writes the tests
that fail, one a line; --markdown prints the table of docs/conformance.md. Exit 1 when less than --at-least per cent pass.
"""
import argparse
import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

FILES = ("int float list tuple dict set unicode bytes range slice generators exceptions scope class descr super property format fstring "
         "unpack with grammar functools itertools collections heapq bisect math random re struct json dataclasses enum string textwrap "
         "copy operator contextlib statistics fractions decimal datetime").split()
START = re.compile(r"^(\w+) \(([\w.<>]+)\)")
VERDICT = re.compile(r"(?:^|\.\.\. |\s)(ok|FAIL|ERROR|skipped\b.*|expected failure|unexpected success)$")


def parse(text):
    """Test -> verdict, from the output of `unittest -v`. What a test prints may stand between its name and its verdict."""
    found, name = {}, None
    for line in text.splitlines():
        start = START.match(line)
        if start:
            name = "%s.%s" % (start.group(2).removesuffix("." + start.group(1)), start.group(1))
        if line.startswith("====="):
            break
        verdict = VERDICT.search(line)
        if verdict and name:
            found.setdefault(name, verdict.group(1).split()[0])
            name = None
    return found


def run(command, target, timeout):
    environment = dict(os.environ, PYTHONHASHSEED="0", PYTHONDONTWRITEBYTECODE="1")
    with tempfile.TemporaryDirectory(prefix="hybridsim-tests-") as folder:
        with tempfile.TemporaryFile() as errors:
            try:
                done = subprocess.run(command + ["-m", "unittest", "-v", target], cwd=folder, env=environment, timeout=timeout,
                                      stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=errors).returncode
            except subprocess.TimeoutExpired:
                done = None
            errors.seek(0)
            return done, errors.read().decode(errors="replace")


def measure(arguments, name):
    target = "test.test_" + name
    wanted = {test for test, verdict in parse(run([arguments.python], target, 900)[1]).items() if verdict == "ok"}
    command = [arguments.binary, "run", "--quiet", "--no-baseline", "--python", arguments.python,
               "--isa", os.path.join(arguments.source, "isa-specs", arguments.isa + ".yaml")]
    status, text = run(command, target, arguments.timeout)
    verdicts = parse(text)
    if status not in (0, 1):
        missing = sorted({test.rsplit(".", 1)[0] for test in wanted if verdicts.get(test) is None})
        for owner in missing:
            verdicts.update(parse(run(command, owner, arguments.timeout)[1]))
    passed = {test for test in wanted if verdicts.get(test) == "ok"}
    notes = "" if status in (0, 1) else "did not end" if status is None else (text.strip().splitlines() or [""])[-1]
    return name, len(passed), len(wanted), sorted(wanted - passed), notes


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", required=True)
    parser.add_argument("--python", default="/usr/bin/python3")
    parser.add_argument("--source", default=os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
    parser.add_argument("--isa", default="hybrid")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--timeout", type=float, default=300)
    parser.add_argument("--at-least", type=float, default=0)
    parser.add_argument("--list", metavar="FILE")
    parser.add_argument("--markdown", action="store_true")
    parser.add_argument("names", nargs="*", default=FILES)
    arguments = parser.parse_args()
    arguments.binary = os.path.abspath(arguments.binary)
    names = [name.removeprefix("test_") for name in arguments.names]
    failures = open(arguments.list, "w") if arguments.list else None
    passed = count = 0
    if arguments.markdown:
        print("| file | passed | of | |\n|---|---:|---:|---|")
    with ThreadPoolExecutor(arguments.jobs) as pool:
        for name, good, of, failed, notes in pool.map(lambda name: measure(arguments, name), names):
            passed, count = passed + good, count + of
            print(("| test_%s | %d | %d | %s |" if arguments.markdown else "test_%-14s %5d of %5d %s") % (name, good, of, notes[:100]), flush=True)
            for test in failed if failures else ():
                failures.write(test + "\n")
            if failures:
                failures.flush()
    share = 100.0 * passed / count if count else 0.0
    print("%d of %d passed (%.1f%%)" % (passed, count, share))
    return 0 if count and share >= arguments.at_least else 1


sys.exit(main())
