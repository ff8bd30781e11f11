"""Register ISAs of few registers: programs print what they print under CPython, or are refused by name."""
import os

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


run_tests(globals())
