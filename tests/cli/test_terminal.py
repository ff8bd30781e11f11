"""On a terminal: progress on stderr for what takes more than a second, taken away before anything else is printed; colour. Nowhere
else."""
import os
import pty
import re
import select
import subprocess
import time

from harness import run_tests

SLOW = """import sys
n = %d
def f(n):
    s = 0
    for i in range(n):
        s += i & 3
    return s
print('first')
f(n)
print('open', end=' ', flush=True)
f(n)
print('closed', flush=True)
f(n)
print('last')
"""


def on_terminal(suite, *arguments, folder=None, stdout=None, environment=None, timeout=60):
    """What appears on a terminal that is stdin, stderr and (unless given) stdout; and the exit status."""
    own, theirs = pty.openpty()
    process = subprocess.Popen([suite.binary, *arguments], stdin=theirs, stdout=stdout or theirs, stderr=theirs,
                               cwd=folder or suite.scratch, env={**suite.environment, "TERM": "xterm", **(environment or {})})
    os.close(theirs)
    text, end = b"", time.monotonic() + timeout
    while time.monotonic() < end:
        if select.select([own], [], [], 0.1)[0]:
            try:
                piece = os.read(own, 65536)
            except OSError:
                piece = b""
            if not piece:
                break
            text += piece
    os.close(own)
    return text.decode(), process.wait()


def iterations(suite):
    """So many that each part of SLOW takes almost a second here."""
    folder = suite.folder("speed", {"a.py": SLOW % 2000000})
    begin = time.monotonic()
    suite.hybridsim("run", "--quiet", "a.py", folder=folder)
    return int(2000000 * 0.9 / max((time.monotonic() - begin) / 3, 0.003))


LINE = re.compile(r"\r\033\[K([^\r]*)")


def screen(text):
    """What is left on the screen."""
    lines, line, column = [], "", 0
    for piece in re.findall(r"\r\n|\r|\033\[K|\033\[[0-9;]*m|[^\r\033]+", text):
        if piece == "\r\n":
            lines.append(line)
            line, column = "", 0
        elif piece == "\r":
            column = 0
        elif piece == "\033[K":
            line = line[:column]
        elif not piece.startswith("\033"):
            line = line[:column] + piece + line[column + len(piece):]
            column += len(piece)
    return lines + ([line] if line else [])


def test_progress(suite):
    folder = suite.folder("progress", {"slow.py": SLOW % iterations(suite), "quick.py": "print('quick')\n"})
    text, status = on_terminal(suite, "run", "--quiet", "slow.py", folder=folder)
    drawn = [line for line in LINE.findall(text) if " instructions/s (" in line]
    suite.equal("exit status", status, 0)
    suite.check("progress", len(drawn) >= 1 and all(re.fullmatch(r"\d+:\d\d, [\d.]+ M instructions/s \(stack [\d.]+ M\)", line)
                                                    for line in drawn), text)
    counts = [float(line.split()[-2]) for line in drawn]
    suite.check("it grows", counts == sorted(counts) and counts[0] > 0, counts)
    suite.equal("the program's lines are whole, and nothing is left", screen(text), ["first", "open closed", "last"])
    middle = text[text.index("open"):text.index("closed")]
    suite.equal("none while the program is within a line", middle, "open ")
    text, status = on_terminal(suite, "run", "--quiet", "quick.py", folder=folder)
    suite.equal("none when it is quick", (text, status), ("quick\r\n", 0))
    done = suite.hybridsim("run", "--quiet", "slow.py", folder=folder)
    suite.equal("none without a terminal", (done.stdout, done.stderr), (b"first\nopen closed\nlast\n", b""))
    text, status = on_terminal(suite, "compare", "--isa", "register", "quick.py", "slow.py", folder=folder,
                               stdout=subprocess.DEVNULL)
    drawn = [line for line in LINE.findall(text) if " instructions/s (" in line]
    expected = re.compile(r"2 of 2, slow.py: \d+:\d\d, \d+:\d\d left, |[01] of 2 done: \d+:\d\d, (\d+:\d\d left, )?")
    suite.check("of a comparison: which program, and what is left", drawn and all(expected.match(line) for line in drawn), text)
    suite.equal("nothing is left of it", screen(text), [])


def test_colour(suite):
    folder = suite.folder("colour", {"a.py": "x = [1, 2]\nprint(x)\n", "b.py": "x = [1, 2, 3]\nprint(x)\n"})
    for name in ("a", "b"):
        suite.hybridsim("run", "--quiet", "--save", name + ".json", "--isa", "hybrid", name + ".py", folder=folder)
    for arguments in (["compare", "a.json", "b.json"], ["diff", "a.json", "b.json"], ["--help"], ["run", "--help"],
                      ["count", "a.py"], ["profile", "a.py"], ["run", "a.py"], ["doctor"]):
        name = " ".join(arguments)
        coloured, _ = on_terminal(suite, *arguments, folder=folder)
        plain, _ = on_terminal(suite, *arguments, folder=folder, environment={"NO_COLOR": "1"})
        suite.check(name + ": colour on a terminal", "\033[" in coloured, coloured)
        suite.check(name + ": not with NO_COLOR", "\033[" not in plain, plain)
        suite.equal(name + ": the same text", re.sub(r"\033\[[0-9;]*m", "", coloured), plain)
        dumb, _ = on_terminal(suite, *arguments, folder=folder, environment={"TERM": "dumb"})
        suite.check(name + ": not on a dumb terminal", "\033" not in dumb, dumb)
        if arguments[0] in ("compare", "diff", "count"):
            suite.check(name + ": --color always", b"\033[" in suite.hybridsim(*arguments[:1], "--color", "always", *arguments[1:],
                                                                              folder=folder).stdout)
            suite.check(name + ": --color=never", "\033[" not in on_terminal(suite, *arguments[:1], "--color=never", *arguments[1:],
                                                                            folder=folder)[0])
    suite.equal("--color", suite.hybridsim("diff", "--color", "blue", "a.json", "b.json", folder=folder).returncode, 2)
    text, _ = on_terminal(suite, "diff", "nowhere.json", "a.json", folder=folder)
    suite.check("errors stand out", "\033[1;31merror:\033[0m" in text, text)


run_tests(globals())
