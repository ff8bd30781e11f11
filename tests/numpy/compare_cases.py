"""Runs tests/numpy/cases.py and named_cases.py under numpy and under hybridsim and compares what they print, line by line.

numpy is told to use the C library's functions: its own vectorised ones differ in the last places from processor to processor.
Lines that differ and call one of the functions in FAR are compared by distance, all others by bits: hybridsim's are its own
(docs/differences.md). Options: --seed N, --seeds COUNT, --groups NAME,NAME, --show LINES."""
import argparse
import math
import os
import re
import struct
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
# SSE4.1 stays: without it numpy's rounding of float32 tells of invalid values.
WITHOUT = "SSE42 POPCNT AVX F16C FMA3 AVX2 AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL"
# How many places the results may be apart: each function's own error and the C library's.
FAR = dict.fromkeys("exp exp2 log log2 sin cos tan arcsin arccos arctan arctan2 power float_power **".split(), 1)
FAR.update(dict.fromkeys("expm1 log1p log10 sinh cosh tanh arcsinh arccosh arctanh cbrt hypot abs absolute".split(), 3))
# And what is made from them, of the largest number in a result.
FAR.update(dict.fromkeys("logspace geomspace sinc hanning hamming blackman kaiser i0 logaddexp logaddexp2 angle".split(), 16))
CALLED = re.compile(r"np\.(?:\w+\.)*(%s)\b|(\*\*)" % "|".join(name for name in FAR if name != "**"))
# A norm by powers and roots.
POWERS = re.compile(r"linalg\.norm\(\w+, (?:-2|3)\b")
# A function of its own results: what was apart before makes more. Of exp and its like f(x) grows by x, which is their result's
# logarithm.
AGAIN = re.compile(r"\bat\(np\.|\.(?:reduce|accumulate|reduceat)\(")
DATA = re.compile(r"([as]<(?:f[248]|c8|c16)\([0-9, ]*\)) ([0-9a-f]*)")
LETTERS = {"f2": "e", "f4": "f", "f8": "d", "c8": "f", "c16": "d"}
DIGITS = {"e": 11, "f": 24, "d": 53}


def numbers(kind, data):
    letter = LETTERS[kind]
    return struct.unpack("<%d%s" % (len(data) // 2 // struct.calcsize(letter), letter), bytes.fromhex(data))


def is_single(x):
    try:
        return x != x or struct.unpack("<f", struct.pack("<f", x))[0] == x
    except OverflowError:
        return False


def apart(a, b, digits, most):
    """How many places a number of that many bits differs from another, of which the largest beside it is `most`."""
    if a == b or (a != a and b != b):
        return 0
    if not math.isfinite(a) or not math.isfinite(b):
        return math.inf
    smallest = {11: -24, 24: -149, 53: -1074}[digits]
    return abs(a - b) / 2.0 ** max(math.frexp(max(abs(b), most))[1] - digits, smallest)


def growth(x):
    """How many times further a result of x may be away when the function was applied to its own results."""
    return 8 + abs(math.log(abs(x))) if x and math.isfinite(x) else 8


def near(wanted, found):
    """Whether two lines are the same but for the last places of a function that may differ in them."""
    called = wanted.split(" | ")[1] if wanted.count(" | ") else ""
    limits = [FAR[a or b] for a, b in CALLED.findall(called)] + [3] * len(POWERS.findall(called))
    if not limits or DATA.sub(r"\1", wanted) != DATA.sub(r"\1", found):
        return False
    for (kind, a), (_, b) in zip(DATA.findall(wanted), DATA.findall(found)):
        kind = kind[2:kind.index("(")]
        left, right, digits = numbers(kind, a), numbers(kind, b), DIGITS[LETTERS[kind]]
        if digits == 53 and all(map(is_single, left + right)):  # computed as float32, stored as float64
            digits = 24
        if kind[0] == "c" and left[1::2] != right[1::2]:  # one of real numbers that became complex; others are the C library's
            return False
        most = max([abs(x) for x in left if math.isfinite(x)], default=0) if max(limits) > 3 else 0
        grown = [growth(x) if AGAIN.search(called) else 1 for x in left]
        if any(apart(x, y, digits, most) > max(limits) * more for x, y, more in zip(left, right, grown)):
            return False
    return True


def lines(command, **environment):
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "PYTHONHASHSEED": "0", **environment})
    return done.stdout.split("\n"), done.stderr


def compare(options, program, seed):
    cases = [os.path.join(HERE, program), str(seed), *(options.groups.split(",") if options.groups else [])]
    wanted, trouble = lines([options.python, *cases], NPY_DISABLE_CPU_FEATURES=WITHOUT)
    found, errors = lines([options.binary, "run", "--quiet", "--no-baseline", "--isa", options.isa, *cases])
    different = [(a, b) for a, b in zip(wanted, found) if a != b and NO_LOOP.sub("no loop", a) != NO_LOOP.sub("no loop", b)
                 and not any(known in a for known in KNOWN) and not near(a, b)]
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
