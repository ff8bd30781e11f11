"""Reports that the tests look at, and what is in them."""
import json
import os
import py_compile
import re
import shutil


def large_program(functions):
    lines = ["def function_%d(x):\n    return x + %d" % (i, i % 7) for i in range(functions)]
    lines.append("def main():\n    total = 0")
    lines += ["    total = function_%d(total)" % i for i in range(functions)]
    return "\n".join(lines + ["    print(total)", "main()", ""])


def write_report(suite, folder, name, program, *options, command="run"):
    options = ("--quiet", *options) if command == "run" else options
    done = suite.hybridsim(command, *options, "--report", name + ".html", program, folder=folder)
    suite.check("%s: %s" % (name, command), done.returncode == 0, done.stderr.decode(errors="replace"))
    with open(os.path.join(folder, name + ".html"), "rb") as stream:
        return stream.read()


def data_of(page):
    """The page's data; None when it was built without the viewer."""
    found = re.search(rb'<script type="application/json" id="data">(.*?)</script>', page, re.S)
    return json.loads(found.group(1)) if found else None


def section_of(data, identifier):
    return next(section for tab in data["tabs"] for section in tab["sections"] if section["id"] == identifier)


SWEEP = """
sweep: branch
base: {isa: hybrid}
programs: [quickSort, matrixMulBuiltin]
axes:
  machine.branch.predictor: [static, bimodal, perfect]
  machine.branch.table_bits: [8, 12]
  machine.branch.mispredict_penalty: [4, 8, 16]
  stack.cached_entries: [2, 4]
"""
POINTS = 36


def make_sweep_report(suite, folder):
    """The page of a small sweep as branch.html, and in branch.json what the command line says of the same results."""
    with open(os.path.join(folder, "branch.yaml"), "w") as stream:
        stream.write(SWEEP)
    done = suite.hybridsim("sweep", "branch.yaml", "-o", "branch.db", "--quiet", "--report", "branch.html", folder=folder)
    suite.check("a sweep's page", done.returncode == 0, done.stderr.decode(errors="replace"))
    with open(os.path.join(folder, "branch.html"), "rb") as stream:
        page = stream.read()
    best = suite.hybridsim("sweep", "show", "branch.db", "--best", "cycles", "--top", "1", folder=folder)
    number = best.stdout.decode().split("\n")[2].split()[0]
    text = [suite.hybridsim("sweep", *command, folder=folder).stdout.decode()
            for command in (["spec", "branch.db", number], ["show", "branch.db", "--sensitivity"])]
    with open(os.path.join(folder, "branch.json"), "w") as stream:
        json.dump({"best": number, "spec": text[0], "sensitivity": text[1], "points": POINTS}, stream)
    return page


def make_reports(suite):
    folder = suite.folder("pages", {"large.py": large_program(10000)})
    shutil.copy(os.path.join(suite.source, "workloads", "quickSort.py"), folder)
    small = write_report(suite, folder, "small", "quickSort.py", "--isa", "register", "--isa", "hybrid")
    large = write_report(suite, folder, "large", "large.py", "--isa", "hybrid")
    return folder, small, large


COMPARED = "import sys\ntotal = 0\nfor i in range(int(sys.argv[1])):\n    total += i * i\nprint(total)\n"


def make_comparison(suite, folder):
    with open(os.path.join(folder, "sum.py"), "w") as stream:
        stream.write(COMPARED)
    return write_report(suite, folder, "compare", "sum.py 500", "--isa", "hybrid", "sum.py 9000", command="compare")


RAISES = """def deeper(n):
    if n == 0:
        raise ValueError("</script><b id='evil'>")
    deeper(n - 1)

deeper(5)
"""


def make_odd_reports(suite, folder):
    """Of programs with odd names, without source, that raise, of none; folder is that of the others."""
    programs = {"odd <b>'\"\u00e9\u2713.py": "print(1)\n", "raises.py": RAISES, "empty.py": "",
                "gone.py": "def f(x):\n    return x + 1\nprint(f(2))\n"}
    for name, text in programs.items():
        with open(os.path.join(folder, name), "w") as stream:
            stream.write(text)
    py_compile.compile(os.path.join(folder, "gone.py"), os.path.join(folder, "compiled.pyc"), doraise=True)
    os.unlink(os.path.join(folder, "gone.py"))
    for name, program in (("odd-name", [next(iter(programs))]), ("raises", ["raises.py"]), ("empty", ["empty.py"]),
                          ("no-source", ["compiled.pyc"]), ("command", ["-c", "print('</script><b id=\"evil\">')"])):
        suite.hybridsim("run", "--quiet", "--isa", "hybrid", "--report", name + ".html", *program, folder=folder)


def make_pages(suite):
    """All that drive.mjs opens, and in small.json the JSON report of small.html's run."""
    folder, _, _ = make_reports(suite)
    suite.hybridsim("run", "--quiet", "--isa", "register", "--isa", "hybrid", "--report", "small.json", "quickSort.py",
                    folder=folder)
    make_sweep_report(suite, folder)
    make_comparison(suite, folder)
    make_odd_reports(suite, folder)
    return folder
