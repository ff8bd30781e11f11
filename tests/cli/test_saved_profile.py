"""Saved profiles: `run --save-profile`, and sweeps of them, which give what executing the script gives, and nothing but a message
for a file that is damaged."""
import os
import random
import signal
import sqlite3

from harness import run_tests

LOOP = """
import math
import sys

class Point:
    def __init__(self, x):
        self.x = x

def numbers(n):
    for i in range(n):
        yield i * 3 % 7

def many(a, *rest, key=(1, 2.5, 3j, b"bytes", "\\u00e9\\ud800", 12345678901234567890123, -2**70, None, ...), **names):
    try:
        return a // rest[0]
    except (ZeroDivisionError, IndexError):
        return len(key) + sum(1 for name in names if name in {"x", "y"})
    finally:
        del names

def main():
    total, table = 0, {}
    for n in numbers(200):
        if n > 3:
            total += n * 2 + 1
        table[n] = math.sqrt(total) if n & 1 else abs(total)
        total += many(n, n & 3, x=1) + Point(n).x
    exec("def made(n):\\n    return [i * i for i in range(n)]\\ntotal = sum(made(9))")
    rows = [[float(i + k) for k in range(6)] for i in range(6)]
    product = [[sum(a * b for a, b in zip(row, column)) for column in zip(*rows)] for row in rows]
    print(total, len(table), product[2][3], sys.stdin.read(), sys.argv[1:])
    sys.exit(len(sys.argv))

main()
"""

SWEEP = """
sweep: small
base: {isa: %s}
programs: [%s]
axes:
  registers.count: [8, 32]
  instructions.MADD: [on, off]
  machine.branch.predictor: [static, bimodal, gshare]
  machine.branch.mispredict_penalty: [4, 16]
derive: {encoding.register_bits: "ceil(log2(registers.count))"}
"""
SCRIPT, PROFILE = "{script: loop.py, arguments: [a, b c]}", "{profile: p.hsp}"
NO_PYTHON = {"HYBRIDSIM_PYTHON": "/nonexistent", "PATH": "/nonexistent", "XDG_CACHE_HOME": "/nonexistent"}


def rows(folder, database):
    with sqlite3.connect(os.path.join(folder, database)) as connection:
        return connection.execute(
            "SELECT p.settings, g.key, g.label, g.script, r.how, r.exit_status, r.cycles, r.energy, r.events, r.work, "
            "r.cycle_stack, r.by_category, r.by_instruction, r.error FROM results r "
            "JOIN points p ON p.id = r.point JOIN programs g ON g.id = r.program ORDER BY 1, 2").fetchall()


def save(suite, folder, *options, arguments=("a", "b c")):
    return suite.hybridsim("run", "--save-profile", "p.hsp", "--quiet", *options, "loop.py", *arguments, folder=folder)


def sweep(suite, folder, text, database, *options, name="sweep.yaml", **more):
    with open(os.path.join(folder, name), "w") as stream:
        stream.write(text)
    return suite.hybridsim("sweep", name, "-o", database, *options, folder=folder, **more)


def read(folder, name):
    with open(os.path.join(folder, name), "rb") as stream:
        return stream.read()


def write(folder, name, contents):
    with open(os.path.join(folder, name), "wb") as stream:
        stream.write(contents)


def test_same_as_the_script(suite):
    folder = suite.folder("saved", {"loop.py": LOOP})
    done = suite.hybridsim("run", "--save-profile", "p.hsp", "--isa", "hybrid", "loop.py", "a", "b c", folder=folder, stdin=b"lost")
    suite.check("saved, with the report", done.returncode == 3 and b"cycles" in done.stderr, done.stderr)
    suite.check("without input", done.stdout.endswith(b" 7 166.0  ['a', 'b c']\n"), done.stdout)
    first = read(folder, "p.hsp")
    suite.equal("the program's own status", save(suite, folder).returncode, 3)
    suite.check("the same file each time, of hybrid unless told", read(folder, "p.hsp") == first)
    done = sweep(suite, folder, SWEEP % ("hybrid", SCRIPT), "script.db", "-j", "2")
    suite.equal("the script", done.returncode, 0)
    os.rename(os.path.join(folder, "loop.py"), os.path.join(folder, "away.py"))
    done = sweep(suite, folder, SWEEP % ("hybrid", PROFILE), "profile.db", "-j", "2", environment=NO_PYTHON)
    suite.check("the profile, without script and CPython",
                done.returncode == 0 and b"24 of them new, by 0 executions" in done.stderr, done.stderr)
    suite.equal("all results", rows(folder, "profile.db"), rows(folder, "script.db"))
    done = sweep(suite, folder, SWEEP % ("hybrid", PROFILE), "script.db")
    suite.check("both are one program", b"24 results, 0 of them new, by 0 executions" in done.stderr, done.stderr)
    for option in ("--verify=2", "--exact"):
        done = sweep(suite, folder, SWEEP % ("hybrid", PROFILE), "other.db", option)
        suite.check("%s without the script" % option, done.returncode == 2 and
                    b"p.hsp: error: " + option[:7].encode() in done.stderr and b"loop.py is not there" in done.stderr and
                    not os.path.exists(os.path.join(folder, "other.db")), done.stderr)
    os.rename(os.path.join(folder, "away.py"), os.path.join(folder, "loop.py"))
    done = sweep(suite, folder, SWEEP % ("hybrid", PROFILE), "profile.db", "--verify", "2")
    suite.check("--verify with it", done.returncode == 0 and b"2 results executed again: identical" in done.stderr, done.stderr)
    done = sweep(suite, folder, SWEEP % ("hybrid", SCRIPT + ", " + PROFILE), "other.db")
    suite.check("not both in a sweep", done.returncode == 2 and b"found the program `loop.py a b c` a second time" in done.stderr,
                done.stderr)


def test_points_it_does_not_stand_for(suite):
    folder = suite.folder("unknown", {"loop.py": LOOP})
    save(suite, folder, "--isa", "stack")
    text = SWEEP.replace("MADD", "SQRT") % ("hybrid", PROFILE)
    done = sweep(suite, folder, text, "r.db")
    suite.check("the script is there: it is executed", done.returncode == 0 and b"by 2 executions" in done.stderr, done.stderr)
    write(folder, "loop.py", (LOOP + "\n").encode())
    done = sweep(suite, folder, text, "e.db")
    errors = [row[-1] for row in rows(folder, "e.db")]
    suite.check("it has changed: results are errors", done.returncode == 0 and len(errors) == 24 and
                all(e and e.startswith("needs the script: ") and e.endswith("loop.py has changed since") for e in errors),
                errors[:1])
    suite.check("which is told", b"24 results are errors: they need a script that has gone" in done.stderr, done.stderr)
    write(folder, "loop.py", LOOP.encode())
    for order in (("e.db", "r.db"), ("r.db", "e.db")):
        name = "merged-" + order[0]
        done = suite.hybridsim("sweep", "merge", *order, "-o", name, folder=folder)
        suite.equal("merged: figures win", (done.returncode, rows(folder, name)), (0, rows(folder, "r.db")))
    done = sweep(suite, folder, text, "e.db", "--quiet")
    suite.equal("it is there again: errors give way", rows(folder, "e.db"), rows(folder, "r.db"))


def test_several_executions(suite):
    """A file of all executions that a sweep needed: points that speculate on other instructions need no script either."""
    folder = suite.folder("several", {"loop.py": LOOP})
    scripts, profile = "%s, loop.py" % SCRIPT, "{profile: kept/loop.py-a-b-c.hsp}, {profile: kept/loop.py.hsp}"
    text = SWEEP.replace("MADD", "SQRT")
    some = text.replace("[on, off]", "[on]")
    done = sweep(suite, folder, some % ("hybrid", scripts), "some.db", "--save-profiles", "kept")
    suite.check("one execution each", done.returncode == 0 and b"by 2 executions" in done.stderr, done.stderr)
    one = read(folder, "kept/loop.py.hsp")
    done = sweep(suite, folder, text % ("hybrid", scripts), "script.db", "--save-profiles", "kept")
    suite.check("two each", done.returncode == 0 and b"by 4 executions" in done.stderr, done.stderr)
    both = read(folder, "kept/loop.py.hsp")
    suite.check("the other one was added", len(both) > len(one) + 200 and both[40:].startswith(one[40:]))
    os.rename(os.path.join(folder, "loop.py"), os.path.join(folder, "away.py"))
    done = sweep(suite, folder, text % ("hybrid", profile), "profile.db", environment=NO_PYTHON)
    suite.check("without script and CPython", done.returncode == 0 and b"48 of them new, by 0 executions" in done.stderr,
                done.stderr)
    suite.equal("all results", rows(folder, "profile.db"), rows(folder, "script.db"))
    write(folder, "kept/cut.hsp", both[:-1])
    done = sweep(suite, folder, text % ("hybrid", "{profile: kept/cut.hsp}"), "cut.db")
    suite.check("truncated in the second", done.returncode == 2 and b"it is truncated" in done.stderr, done.stderr)
    for option in ("--exact", "--shard=1/2", "--slurm"):
        done = sweep(suite, folder, text % ("hybrid", profile), "out/", option, "--save-profiles", "kept")
        suite.check("refused beside " + option, done.returncode == 2 and b"--save-profiles: found it beside " in done.stderr,
                    done.stderr)


def test_search_and_interruption(suite):
    folder = suite.folder("searched", {"loop.py": LOOP})
    save(suite, folder)
    text = "sweep: s\nbase: {isa: hybrid}\nprograms: [%s]\naxes:\n  registers.count: {from: 8, to: 32}\n" \
           "  machine.branch.mispredict_penalty: {from: 1, to: 16}\n" \
           "derive: {encoding.register_bits: \"ceil(log2(registers.count))\"}\n" \
           "objectives: [cycles, area]\nmethod: search\nbudget: 24\npopulation: 8\n"
    for kind, program in (("script", SCRIPT), ("profile", PROFILE)):
        suite.equal("a search", sweep(suite, folder, text % program, kind + ".db", "--quiet").returncode, 0)
    suite.equal("finds the same", rows(folder, "profile.db"), rows(folder, "script.db"))
    text = SWEEP.replace("[4, 16]", "{from: 1, to: 100}") % ("hybrid", PROFILE)
    with open(os.path.join(folder, "long.yaml"), "w") as stream:
        stream.write(text)
    process = suite.start("sweep", "long.yaml", "-o", "long.db", folder=folder)
    while process.poll() is None and not os.path.exists(os.path.join(folder, "long.db")):
        pass
    os.killpg(process.pid, signal.SIGINT)
    process.communicate()
    suite.check("interrupted", process.returncode in (0, 130, -signal.SIGINT), repr(process.returncode))
    done = sweep(suite, folder, text, "long.db", environment=NO_PYTHON)
    suite.check("goes on", done.returncode == 0 and len(rows(folder, "long.db")) == 1200, done.stderr)


def test_damaged_files(suite):
    folder = suite.folder("damaged", {"loop.py": LOOP})
    save(suite, folder)
    whole = read(folder, "p.hsp")
    generator = random.Random(5)
    names = []
    for i in range(200):
        damaged = bytearray(whole)
        place = generator.randrange(40) if i % 4 == 0 else generator.randrange(len(whole))
        if i % 5 == 0:
            del damaged[place:]
        else:
            damaged[place] ^= generator.randrange(1, 256)
        names.append("d%03d.hsp" % i)
        write(folder, names[-1], damaged)
    done = sweep(suite, folder, SWEEP % ("hybrid", ", ".join("{profile: %s}" % name for name in names)), "r.db")
    lines = done.stderr.decode().splitlines()
    refused = [name for name in names
               if sum(" %s: found " % name in line and ", expected " in line and "error: " in line for line in lines) == 1]
    suite.check("200 damaged files are refused, each by its name", done.returncode == 2 and refused == names, done.stderr)
    suite.check("and nothing is written", not os.path.exists(os.path.join(folder, "r.db")))


def test_other_files(suite):
    folder = suite.folder("foreign", {"loop.py": LOOP, "empty.hsp": "", "text.hsp": "sweep: no\n"})
    save(suite, folder)
    whole = read(folder, "p.hsp")
    write(folder, "old.hsp", whole[:8] + b"\0\0\0\0" + whole[12:])
    write(folder, "short.hsp", whole[:-1])
    write(folder, "long.hsp", whole + b"\0")
    write(folder, "flipped.hsp", whole[:-1] + bytes([whole[-1] ^ 1]))
    for name, told in (("empty.hsp", "found a file of 0 bytes"), ("text.hsp", "that begins with `sweep: n`, expected a profile"),
                       ("old.hsp", "found a profile of version 0 of the format, expected version 3: save it again"),
                       ("short.hsp", "bytes of a profile, expected %d: it is truncated" % len(whole)),
                       ("long.hsp", "expected %d: it is damaged" % len(whole)), ("flipped.hsp", "it is damaged"),
                       ("none.hsp", "the profile cannot be read: No such file or directory")):
        done = sweep(suite, folder, SWEEP % ("hybrid", "{profile: %s}" % name), "r.db")
        suite.check(name, done.returncode == 2 and told in done.stderr.decode() and "sweep.yaml:4:" in done.stderr.decode() and
                    name in done.stderr.decode(), done.stderr)
    done = sweep(suite, folder, SWEEP % ("hybrid", "{profile: p.hsp, arguments: [1]}"), "r.db")
    suite.check("a profile has its arguments", done.returncode == 2 and b"unknown key `arguments`" in done.stderr, done.stderr)


def test_options(suite):
    folder = suite.folder("options", {"loop.py": LOOP, "ends.py": "import os\nos._exit(4)\n"})
    for options in (["--no-baseline", "--isa", "hybrid"], ["--machine", "inorder"], ["--host-clock"], ["--own-clock"],
                    ["--no-files"], ["-W", "error"], ["--isa", "hybrid", "--isa", "register"], ["--allow-native"]):
        done = save(suite, folder, *options)
        suite.check("not with " + options[0], done.returncode == 2 and b"--save-profile: found " in done.stderr, done.stderr)
    done = suite.hybridsim("run", "--save-profile", "p.hsp", "-c", "pass", folder=folder)
    suite.check("only scripts", done.returncode == 2 and b"expected a script" in done.stderr, done.stderr)
    done = suite.hybridsim("run", "--save-profile", "p.hsp", "--quiet", "ends.py", folder=folder)
    suite.equal("a program that is not supported", done.returncode, 3)
    done = suite.hybridsim("run", "--save-profile", "no/p.hsp", "--quiet", "loop.py", folder=folder)
    suite.check("no folder for it", done.returncode == 2 and b"no/p.hsp" in done.stderr and not done.stdout, done.stderr)
    suite.check("nothing is left", sorted(os.listdir(folder)) == ["ends.py", "loop.py"], repr(os.listdir(folder)))
    save(suite, folder)
    plain = read(folder, "p.hsp")
    done = save(suite, folder, "--save", "run.json", "--report", "page.html")
    suite.check("with a report and a saved run", done.returncode == 3 and read(folder, "p.hsp") == plain and
                os.path.getsize(os.path.join(folder, "run.json")) > 1000, done.stderr)


if __name__ == "__main__":
    run_tests(globals())
