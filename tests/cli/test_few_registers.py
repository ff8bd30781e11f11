"""Register ISAs of few registers: programs print what they print under CPython, or are refused by name."""
import json
import os
import sqlite3

from harness import run_tests

SPEC = "isa: few%d\ninherits: %s\nregisters: {count: %d}\n"
NESTED = """
def f(rows):
    return [[c + row[0] for c in row] for row in rows]
rows = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
print(f(rows), [[sum(a * b for a, b in zip(row, c)) for c in zip(*rows)] for row in rows])
"""
DEEP = """
async def co(n):
    return n * 2
async def main():
    return await co(4) + await co(1)
try:
    main().send(None)
except StopIteration as e:
    print(e.value)
"""


def test_programs(suite):
    folder = os.path.join(suite.source, "tests", "diff", "programs")
    names = ["classes.py", "closures.py", "comprehensions.py", "exceptions.py", "functions.py"]
    programs = [os.path.join(folder, name) for name in names if os.path.exists(os.path.join(folder, name))]
    suite.check("programs", programs)
    scratch = suite.folder("few", {"nested.py": NESTED})
    programs.append(os.path.join(scratch, "nested.py"))
    for count in (5, 6, 8, 12):
        spec = os.path.join(scratch, "few%d.yaml" % count)
        with open(spec, "w") as stream:
            stream.write(SPEC % (count, suite.spec("register.yaml"), count))
        for program in programs:
            wanted = suite.python(program)
            done = suite.hybridsim("run", "--quiet", "--no-baseline", "--isa", spec, program)
            suite.equal("%s with %d registers" % (os.path.basename(program), count), done.stdout, wanted.stdout)


def test_too_few(suite):
    folder = suite.folder("deep", {"deep.py": DEEP, "few5.yaml": SPEC % (5, suite.spec("register.yaml"), 5),
                                   "few6.yaml": SPEC % (6, suite.spec("register.yaml"), 6)})
    done = suite.hybridsim("run", "--quiet", "--no-baseline", "--isa", "few5.yaml", "deep.py", folder=folder)
    suite.equal("exit status", done.returncode, 3)
    suite.equal("message", done.stderr.decode(), "hybridsim: unsupported: ISA 'few5' has 5 registers, 'main' (line 4) needs 6\n")
    done = suite.hybridsim("run", "--quiet", "--no-baseline", "--isa", "few6.yaml", "deep.py", folder=folder)
    suite.equal("six are enough", done.stdout, b"10\n")


SWEEP = """
sweep: few
base: {isa: register}
programs: [deep.py, plain.py]
axes:
  registers.count: [4, 5, 6, 16]
  machine.branch.mispredict_penalty: [4, 8]
derive:
  encoding.register_bits: "ceil(log2(registers.count))"
"""


def test_looking_is_allowed(suite):
    folder = suite.folder("looking", {"deep.py": DEEP, "few5.yaml": SPEC % (5, suite.spec("register.yaml"), 5),
                                      "uncalled.py": DEEP.replace("main().send(None)", "raise StopIteration(7)")})
    for command in (["isa", "check", "few5.yaml"], ["dis", "--isa", "few5.yaml", "deep.py"],
                    ["run", "--quiet", "--isa", "few5.yaml", "uncalled.py"]):
        done = suite.hybridsim(*command, folder=folder)
        suite.equal(" ".join(command), (done.returncode, done.stderr), (0, b""))
    for _ in range(2): # translated, then kept
        done = suite.hybridsim("run", "--quiet", "--no-baseline", "--isa", "few5.yaml", "deep.py", folder=folder)
        suite.equal("deep", done.returncode, 3)


def test_sweep(suite):
    folder = suite.folder("sweep", {"deep.py": DEEP, "plain.py": "print(sum(range(9)))\n", "sweep.yaml": SWEEP})
    refusal = "ISA 'register' has %d registers, 'main' (line 4) needs 6"
    wanted = sorted(((count, penalty, program), refusal % count if program == "deep.py" and count < 6 else None)
                    for count in (4, 5, 6, 16) for penalty in (4, 8) for program in ("deep.py", "plain.py"))
    for name, options in (("retimed.db", ["-j", "1"]), ("two.db", ["-j", "2"]), ("exact.db", ["--exact"])):
        done = suite.hybridsim("sweep", "sweep.yaml", "-o", name, *options, folder=folder)
        suite.equal("sweep " + name, done.returncode, 0)
        with sqlite3.connect(os.path.join(folder, name)) as connection:
            found = connection.execute("SELECT p.settings, g.label, r.error, r.cycles FROM results r "
                                       "JOIN points p ON p.id = r.point JOIN programs g ON g.id = r.program").fetchall()
        keys = [(json.loads(settings), label, error) for settings, label, error, _ in found]
        suite.equal("points that cannot execute the program: " + name,
                    sorted(((point["registers.count"], point["machine.branch.mispredict_penalty"], label), error)
                           for point, label, error in keys), wanted)
        suite.check("the others have figures", all((error is None) == (figures is not None) for _, _, error, figures in found))


run_tests(globals())
