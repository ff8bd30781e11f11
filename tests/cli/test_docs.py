"""Every hybridsim command shown in README.md and docs/ runs. Files that the commands name are made here; a command that
cannot be run as it stands is in SKIPPED with the reason, and an entry there that no document shows is an error."""
import glob
import os
import re
import shlex
import shutil
import subprocess

from harness import run_tests

SKIPPED = {
    "hybridsim run [options] script.py [arguments]": "a synopsis",
    "hybridsim run -m module | -c code | file.pyc": "a synopsis of three forms",
    "hybridsim COMMAND --help": "a synopsis; the help of each command is tested in test_run.py",
    "hybridsim run --report FILE": "names an option, not a command",
    "hybridsim help COMMAND": "a synopsis; tested in test_help.py",
    "hybridsim isa check FILE": "a synopsis",
}
FILES = {
    "script.py": "import sys\nprint(sys.argv[1:], sum(i * i for i in range(20)))\n",
    "program.py": "print('program')\n",
}


def commands(path):
    """Commands in indented or fenced blocks (a comment after two blanks is dropped) and in backquotes in the text."""
    fenced = False
    for number, line in enumerate(open(path), 1):
        if line.startswith("```"):
            fenced = not fenced
            continue
        text = line.strip().removeprefix("$ ")
        if (fenced or line.startswith("    ")) and re.match(r"(scripts/)?hybridsim ", text):
            yield number, re.split(r"\s{2,}", text)[0]
        elif not fenced:
            for found in re.findall(r"`((?:scripts/)?hybridsim [^`]+)`", line):
                yield number, found


def spec_blocks(path):
    """YAML specs shown in a document: indented blocks that begin with `isa:`."""
    block = []
    for line in list(open(path)) + ["\n"]:
        if line.startswith("    ") and (block or line.startswith("    isa: ")):
            block.append(line[4:])
        elif block:
            yield "".join(block)
            block = []


def documents(suite):
    return [os.path.join(suite.source, "README.md")] + sorted(glob.glob(os.path.join(suite.source, "docs", "*.md")))


def make_files(suite, name):
    folder = suite.folder(name, FILES)
    for tree in ("isa-specs", "workloads"):
        shutil.copytree(os.path.join(suite.source, tree), os.path.join(folder, tree), dirs_exist_ok=True)
    return folder


def make_saved_runs(suite, words, folder):
    """The saved runs that a command reads."""
    for word in words if words[0] in ("diff", "compare") else ():
        if word.split(":")[0].endswith(".json"):
            script = "script.py" if word.startswith("before") else "program.py"
            suite.hybridsim("run", "--quiet", "--isa", "hybrid", "--save", word.split(":")[0], script, folder=folder)


def make_parts(suite, words, folder):
    """The parts of a sweep that are merged: out/NAME-I-of-N.db."""
    for name, part, parts in re.findall(r"out/(\S+?)-(\d+)-of-(\d+)\.db", " ".join(words)):
        suite.hybridsim("sweep", "isa-specs/sweeps/%s.yaml" % name, "-o", "out/", "--quiet", "--shard", part + "/" + parts,
                        folder=folder)


def make_results(suite, words, folder):
    """The results of a sweep that a command reads: made once."""
    name = next((word for word in words[1:] if word.endswith(".db")), None)
    if words[0] != "sweep" or not name or words[1].endswith(".yaml"):
        return
    if words[1] == "merge":
        make_parts(suite, words[2:], folder)
        return
    made = os.path.join(suite.scratch, name)
    if not os.path.exists(made):
        spec = os.path.join("isa-specs", "sweeps", name.replace(".db", ".yaml"))
        suite.hybridsim("sweep", spec, "-o", made, "--quiet", folder=folder)
    shutil.copy(made, folder)


def test_commands(suite):
    seen = set()
    specs = [block for path in documents(suite) for block in spec_blocks(path)]
    suite.check("a spec is shown", specs)
    for path in documents(suite):
        name = os.path.relpath(path, suite.source)
        for number, command in commands(path):
            if command in SKIPPED:
                seen.add(command)
                continue
            folder = make_files(suite, "%s-%d" % (os.path.basename(path), number))
            with open(os.path.join(folder, "my.yaml"), "w") as stream:
                stream.write(specs[0])
            words = shlex.split(command)[1:]
            make_saved_runs(suite, words, folder)
            make_results(suite, words, folder)
            done = suite.hybridsim(*words, folder=folder)
            good = (0, 1) if words[0] == "diff" else (0,) # 1: something changed
            suite.check("%s:%d: %s" % (name, number, command), done.returncode in good,
                        "exit status %d: %s" % (done.returncode, done.stderr.decode(errors="replace")))
    for command in sorted(set(SKIPPED) - seen):
        suite.check("SKIPPED names a command that is shown", False, command)


def test_specs(suite):
    """The specs that the documents show are good and used as they say."""
    for path in documents(suite):
        for number, block in enumerate(spec_blocks(path)):
            folder = make_files(suite, "spec-%s-%d" % (os.path.basename(path), number))
            with open(os.path.join(folder, "my.yaml"), "w") as stream:
                stream.write(block)
            done = suite.hybridsim("isa", "check", "my.yaml", folder=folder)
            suite.check("spec %d of %s" % (number, os.path.basename(path)), done.returncode == 0, done.stderr.decode())


DIFFERENCE = re.compile(r"^### (.+?)\n```python\n(.*?)```\nCPython:\n```\n(.*?)```\nhybridsim:\n```\n(.*?)```\n", re.M | re.S)


def test_differences(suite):
    """docs/differences.md: each program prints what the document says, under CPython and under every ISA."""
    text = open(os.path.join(suite.source, "docs", "differences.md")).read()
    found = DIFFERENCE.findall(text)
    suite.equal("every difference is complete", len(found), text.count("\n### "))
    for number, (title, program, cpython, ours) in enumerate(found):
        folder = suite.folder("difference%d" % number, {"program.py": program})
        lacks_numpy = "import numpy" in program and subprocess.run([suite.python_path, "-c", "import numpy"], capture_output=True).returncode
        if not lacks_numpy and not ("/etc/" in program and os.geteuid() != 0): # what only a user who may write there sees
            environment = {name: value for name, value in suite.environment.items() if name != "PYTHONDONTWRITEBYTECODE"}
            done = subprocess.run([suite.python_path, "program.py"], cwd=folder, capture_output=True, env=environment)
            suite.equal(title + ": CPython", done.stdout.decode(), cpython)
        done = suite.hybridsim("run", "--quiet", "--isa", "hybrid", "program.py", folder=folder)
        suite.equal(title + ": hybridsim", done.stdout.decode(), ours)
        if not ours:
            suite.equal(title + ": exit status", done.returncode, 3)
    twice = [suite.hybridsim("run", "--quiet", "-c", "print(object())").stdout for _ in range(2)]
    suite.check("addresses in repr are the same in every run", twice[0] == twice[1] and b"object at 0x" in twice[0], twice)


def test_report_schema(suite):
    """Every key of a JSON report is in docs/report-schema.md."""
    text = open(os.path.join(suite.source, "docs", "report-schema.md")).read()
    report = suite.report("--isa", "hybrid", os.path.join(suite.source, "workloads", "matrixMul.py"))
    run = report["runs"][1]
    keys = set(report) | set(report["program"]) | set(run) | set(report["comparison"][0]) | set(report["host"])
    keys |= set(run["events"]) | set(run["hidden_arithmetic"]) | set(run["by_category"])
    for table in (run["by_code"], run["shapes"]):
        keys |= set(table[0]) if table else set()
    for key in sorted(keys):
        suite.check("documented: " + key, re.search(r"\b%s\b" % re.escape(key), text))
    timing = open(os.path.join(suite.source, "docs", "timing-model.md")).read()
    kinds = open(os.path.join(suite.source, "core", "work.def")).read()
    for part in sorted(run["cycle_stack"]):
        if part.startswith("work:"):
            suite.check("documented kind of work: " + part, "WORK(%s," % part.removeprefix("work:") in kinds)
            continue
        suite.check("documented part of the cycle stack: " + part, re.search(r"\b%s\b" % re.escape(part), timing))


run_tests(globals())
