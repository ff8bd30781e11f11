"""Runs tests/numpy/cases.py and named_cases.py under numpy and under hybridsim and compares what they print, line by line.

numpy is told to use the C library's functions: its own vectorised ones differ in the last places from processor to processor
(docs/differences.md). Options: --seed N, --seeds COUNT, --groups NAME,NAME, --show LINES."""
import argparse
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
# Messages whose words or whose order of checks differ and are known to.
KNOWN = ("would exceed the maximum number of dimension", "requires a 0 or 1-dimensional input",
         "setting an array element with a sequence.",
         "DeprecationWarning: In future, it will be an error for 'np.bool_' scalars",
         "DeprecationWarning: Out of bound index found.")
# What numpy says of a loop that is not there depends on what was called before.
NO_LOOP = re.compile(r"(UFunc)?TypeError: (ufunc .* did not contain a loop with signature matching types .*|No loop matching the "
                     r"specified .*|Cannot cast ufunc .* (in|out)put .*)")
WITHOUT = "SSE41 SSE42 POPCNT AVX F16C FMA3 AVX2 AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL"


def lines(command, **environment):
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "PYTHONHASHSEED": "0", **environment})
    return done.stdout.split("\n"), done.stderr


def compare(options, program, seed):
    cases = [os.path.join(HERE, program), str(seed), *(options.groups.split(",") if options.groups else [])]
    wanted, trouble = lines([options.python, *cases], NPY_DISABLE_CPU_FEATURES=WITHOUT)
    found, errors = lines([options.binary, "run", "--quiet", "--no-baseline", "--isa", options.isa, *cases])
    different = [(a, b) for a, b in zip(wanted, found) if a != b and NO_LOOP.sub("no loop", a) != NO_LOOP.sub("no loop", b)
                 and not any(known in a for known in KNOWN)]
    for a, b in different[:options.show]:
        print("numpy:     %s\nhybridsim: %s" % (a[:700], b[:700]))
    print("%s, seed %d: %d lines, %d differ%s" % (program, seed, len(wanted), len(different), "" if len(wanted) == len(found) else
                                              ", hybridsim has %d lines" % len(found)))
    if len(wanted) != len(found):
        print(errors[-1500:], trouble[-500:])
    return not different and len(wanted) == len(found)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("binary", "python", "source", "shared"):
        parser.add_argument("--" + name, required=name == "binary", default="/usr/bin/python3" if name == "python" else None)
    parser.add_argument("--isa", default="stack")
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--program", help="cases.py or named_cases.py; both when it is not given")
    parser.add_argument("--groups", default="", help="groups of cases.py, names of named_cases.py")
    parser.add_argument("--show", type=int, default=20)
    options = parser.parse_args()
    if subprocess.run([options.python, "-c", "import numpy; assert numpy.__version__.startswith('1.24.')"],
                      capture_output=True).returncode:
        print("skipped: the reference Python has no numpy 1.24")
        return 77
    programs = [options.program] if options.program else ["cases.py", "named_cases.py"]
    return 0 if all([compare(options, program, options.seed + n) for program in programs for n in range(options.seeds)]) else 1


sys.exit(main())
