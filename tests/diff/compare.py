"""Run programs under CPython and under hybridsim; stdout, stderr's last line and exit status must agree.

    compare.py --binary HYBRIDSIM --python PYTHON --source DIR --shared DIR --isa NAME PLACE...

PLACE is a program or a folder of them (folders named *_package hold what programs import), relative to --source, or `shared:FOLDER` relative to --shared. tests/known.txt lists
known failures (program, isa or *, reason): they must fail; one that passes is an error too. Exit 77: nothing to run here.
"""
import argparse
import glob
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor


def programs(args):
    for place in args.places:
        path = os.path.join(args.shared, place[7:]) if place.startswith("shared:") else os.path.join(args.source, place)
        if os.path.isdir(path):
            for folder, folders, files in os.walk(path):
                folders[:] = sorted(f for f in folders if not f.endswith("_package"))  # what programs import
                for name in sorted(files):
                    if name.endswith(".py"):
                        yield os.path.join(folder, name)
        elif os.path.exists(path):
            yield path


def known_failures(source, isa):
    result = {}
    path = os.path.join(source, "tests", "known.txt")
    if os.path.exists(path):
        for line in open(path):
            if line.strip() and not line.startswith("#"):
                name, which, reason = line.split(None, 2)
                if which in ("*", isa):
                    result[name] = reason.strip()
    return result


def reference_libraries():
    """Folders of the reference BLAS and LAPACK: numpy takes them even when others are installed, whose bits vary by processor."""
    return ":".join(glob.glob("/usr/lib/*/blas") + glob.glob("/usr/lib/*/lapack"))


# numpy has other algorithms for these processors (exp, log, complex abs, ...), with other last bits.
WIDE_VECTORS = "AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL"


def run(command, folder):
    env = dict(os.environ, PYTHONHASHSEED="0", PYTHONDONTWRITEBYTECODE="1", LD_LIBRARY_PATH=reference_libraries(),
               NPY_DISABLE_CPU_FEATURES=WIDE_VECTORS)
    try:
        done = subprocess.run(command, cwd=folder, env=env, stdin=subprocess.DEVNULL, capture_output=True, timeout=300)
        return done.stdout, done.stderr, done.returncode
    except subprocess.TimeoutExpired:
        return b"", b"timed out after 300 s", -1


def last_line(text):
    lines = text.strip().splitlines()
    return lines[-1] if lines else b""


def difference(want, got):
    if want[0] != got[0]:
        for number, (a, b) in enumerate(zip(want[0].splitlines() + [b"<end>"], got[0].splitlines() + [b"<end>"]), 1):
            if a != b:
                return "stdout line %d:\n    CPython   %r\n    hybridsim %r\n    stderr    %r" % (number, a, b, last_line(got[1]))
        return "stdout differs in line ends"
    if want[2] != got[2]:
        return "exit status %d, CPython %d; stderr %r" % (got[2], want[2], last_line(got[1]))
    if want[2] and last_line(want[1]) != last_line(got[1]):
        return "stderr's last line:\n    CPython   %r\n    hybridsim %r" % (last_line(want[1]), last_line(got[1]))
    return None


def compare(args, path):
    folder, name = os.path.split(path)
    text = open(path).read()
    if "# not under sanitizers" in text and "ASAN_OPTIONS" in os.environ: # set for the tests of sanitized builds only
        return "skipped: not under sanitizers"
    if "numpy" in text and subprocess.run([args.python, "-c", "import numpy"], capture_output=True).returncode:
        return "skipped: the reference Python has no numpy"
    isa = os.path.join(args.source, "isa-specs", args.isa + ".yaml")
    got = run([args.binary, "run", "--quiet", "--no-baseline", "--isa", isa, name], folder)
    # CPython waits in real time, and a busy host may order two timers otherwise: any of its own outputs is a right one.
    for _ in range(3):
        problem = difference(run([args.python, name], folder), got)
        if not problem:
            return None
    return problem


def main():
    parser = argparse.ArgumentParser()
    for option in ("--binary", "--python", "--source", "--shared", "--isa"):
        parser.add_argument(option, required=True)
    parser.add_argument("places", nargs="+")
    args = parser.parse_args()
    args.binary, args.source = os.path.abspath(args.binary), os.path.abspath(args.source)
    paths = list(programs(args))
    if not paths:
        print("skipped: no programs at", *args.places)
        return 77
    known = known_failures(args.source, args.isa)
    passed = failed = skipped = 0
    with ThreadPoolExecutor(2) as pool:
        for path, problem in zip(paths, pool.map(lambda p: compare(args, p), paths)):
            name = os.path.basename(path)
            if problem and problem.startswith("skipped"):
                skipped += 1
            elif bool(problem) == (name in known):
                passed += 1
            else:
                failed += 1
                print(path + ":", problem or "passes now: remove it from tests/known.txt (%s)" % known[name])
    print("%d passed, %d failed, %d skipped" % (passed, failed, skipped))
    return 1 if failed else 0


sys.exit(main())
