"""The HTML report as it is written, and the Markdown report's charts."""
import os
import pstats
import sys
import time
import xml.etree.ElementTree

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "cli"))
from harness import run_tests  # noqa: E402
from pages import data_of, make_reports, make_sweep_report, section_of, write_report  # noqa: E402

LARGEST = 3_000_000

TRICKY = 'text = "</script><!-- <script> ]]> & \\u2028"\nprint(len(text))\n'


def test_page(suite):
    """One file below 3 MB, the same in every run, whose figures are the run's."""
    folder, small, large = make_reports(suite)
    for name, page in (("small", small), ("large", large)):
        suite.check("%s: below 3 MB" % name, len(page) < LARGEST, str(len(page)))
        suite.check("%s: a policy that allows nothing from elsewhere" % name, b"default-src 'none'" in page)
    again = write_report(suite, folder, "small", "quickSort.py", "--isa", "register", "--isa", "hybrid")
    suite.check("the same bytes again", again == small)
    data = data_of(small)
    if data is None:
        suite.check("says that it has no script", b"HYBRIDSIM_CHARTS" in small)
        return
    report = suite.report("--isa", "register", "--isa", "hybrid", os.path.join(folder, "quickSort.py"))
    for i, run in enumerate(report["runs"]):
        row = section_of(data, "figures")["rows"][i]
        suite.equal("%s: figures" % run["isa"], (row[0], row[2], row[4]), (run["isa"], run["instructions"], run["cycles"]))
        flame = section_of(data, "flame-graph")["runs"][i]
        suite.equal("%s: frames' cycles" % run["isa"], sum(flame["cycles"]), run["cycles"])
        suite.equal("%s: frames' instructions" % run["isa"], sum(flame["instructions"]), run["instructions"])
        stacks = section_of(data, "cycles")
        parts = len(stacks["parts"])
        suite.equal("%s: parts of the cycles" % run["isa"], sum(stacks["values"][i * parts:(i + 1) * parts]), run["cycles"])
        suite.equal("%s: no two parts have the same colour" % run["isa"], len(set(stacks["colours"])), parts)
        spec = section_of(data, "spec-%d" % i)["text"]
        suite.check("%s: its spec in full" % run["isa"], spec.count("\n") > 20, spec[:200])
        table = [row for row in section_of(data, "instruction-table")["rows"] if row[1] == run["isa"] and row[4]]
        suite.equal("%s: instructions" % run["isa"], {row[0]: row[4] for row in table}, run["by_instruction"])
    frames = section_of(data_of(large), "flame-graph")["runs"][0]
    figures = section_of(data_of(large), "figures")["rows"][0]
    suite.equal("large: frames add up though some are left out", sum(frames["cycles"]), figures[4])


def test_tricky_source(suite):
    folder = suite.folder("tricky", {"tricky.py": TRICKY})
    page = write_report(suite, folder, "tricky", "tricky.py")
    data = data_of(page)
    if data is not None:
        suite.equal("source that looks like HTML", section_of(data, "code")["files"][0]["source"], TRICKY)


def test_commands(suite):
    """count and profile write it too; an unwritable path is known before the run."""
    folder = suite.folder("commands", {"p.py": "def f(n):\n    return n * 2\nprint([f(i) for i in range(20)])\n"})
    for command in ("count", "profile"):
        page = write_report(suite, folder, command, "p.py", command=command)
        suite.check("%s: a page" % command, page.startswith(b"<!doctype html>") and page.rstrip().endswith(b"</html>"))
    done = suite.hybridsim("run", "--quiet", "--report", "missing/p.html", "p.py", folder=folder)
    suite.check("no such folder", done.returncode == 2 and done.stdout == b"", done.stderr.decode())
    os.symlink("/dev/full", os.path.join(folder, "full.html"))
    done = suite.hybridsim("run", "--quiet", "--report", "full.html", "p.py", folder=folder)
    suite.check("no room", done.returncode == 2 and b"No space left" in done.stderr, done.stderr.decode())
    failing = suite.folder("failing", {"p.py": "import sys\nprint(1)\nsys.exit(3)\n"})
    done = suite.hybridsim("run", "--quiet", "--report", "p.html", "p.py", folder=failing)
    with open(os.path.join(failing, "p.html")) as stream:
        suite.check("exit status", done.returncode == 3 and "ended with exit status 3" in stream.read())


def test_provenance(suite):
    """Command line, versions, seed and specs in full, whichever command writes the page."""
    folder = suite.folder("provenance", {"p.py": "print(sum(range(9)))\n"})
    write_report(suite, folder, "run", "p.py", "--isa", "hybrid")
    write_report(suite, folder, "compare", "p.py", "--isa", "hybrid", command="compare")
    suite.hybridsim("run", "--quiet", "--save", "p.json", "--isa", "register", "p.py", folder=folder)
    write_report(suite, folder, "saved", "p.json", command="compare")
    make_sweep_report(suite, folder)
    for name, command, isas in (("run", "hybridsim run --quiet --isa hybrid --report run.html p.py", ["stack", "hybrid"]),
                                ("compare", "hybridsim compare --isa hybrid --report compare.html p.py", ["stack", "hybrid"]),
                                ("saved", "hybridsim compare --report saved.html p.json", ["stack", "register"]),
                                ("branch", "hybridsim sweep show branch.db --report PAGE.html", ["hybrid"])):
        with open(os.path.join(folder, name + ".html"), "rb") as stream:
            data = data_of(stream.read())
        if data is None:
            return
        facts = dict(section_of(data, "origin")["rows"])
        suite.equal("%s: facts" % name, [facts.get(key) for key in ("command", "compiler", "hash seed")],
                    [command, "CPython 3.11", "0 (PYTHONHASHSEED=0)"])
        suite.check("%s: version" % name, facts.get("hybridsim"), facts)
        for i, isa in enumerate(isas):
            suite.check("%s: spec of %s" % (name, isa), section_of(data, "spec-%d" % i)["text"].startswith("isa: %s\n" % isa))


def test_analyze(suite):
    """Exactly the four files, in a folder that is made, for a program however it is named."""
    folder = suite.folder("analyze", {"p.py": "print(1)\n", "fails.py": "raise ValueError('no')\n", "empty.py": ""})
    for arguments, name, status in ((["p.py"], "p", 0), (["fails.py"], "fails", 1), (["empty.py"], "empty", 0),
                                    (["-c", "print(2)"], "command", 0), (["-m", "this"], "this", 0)):
        done = suite.hybridsim("analyze", "-o", "out/of/" + name, *arguments, folder=folder)
        suite.equal("%s: exit status" % name, done.returncode, status)
        files = [name + suffix for suffix in (".html", ".prof", "_bytecode.txt", "_instr_count.txt")]
        suite.equal("%s: files" % name, sorted(os.listdir(os.path.join(folder, "out", "of", name))), files)
        suite.check("%s: they are named" % name, all("out/of/%s/%s" % (name, file) in done.stdout.decode() for file in files),
                    done.stdout.decode())
        pstats.Stats(os.path.join(folder, "out", "of", name, name + ".prof"))
    done = suite.hybridsim("analyze", "-o", "p.py", "p.py", folder=folder)
    suite.check("a file is no folder", done.returncode == 2 and b"cannot make the folder" in done.stderr, done.stderr.decode())


def test_open(suite):
    """--open: BROWSER is understood as by Python's webbrowser."""
    browser = "#!/bin/sh\necho \"$@\" > opened.part\nmv opened.part opened\n"
    folder = suite.folder("open", {"a b.py": "print(1)\n", "browser": browser})
    os.chmod(os.path.join(folder, "browser"), 0o755)
    address = "file://%s/a%%20b.html" % os.path.realpath(folder)
    for wish, wanted in (("browser", [address]), ("none-such:browser -x '%s' --last &", ["-x", address, "--last"])):
        done = suite.hybridsim("analyze", "--open", "a b.py", folder=folder,
                               environment={"BROWSER": wish, "PATH": folder + ":" + os.environ["PATH"]})
        suite.equal("exit status", done.returncode, 0)
        opened = os.path.join(folder, "opened")
        while not os.path.exists(opened): # the test's time limit ends this
            time.sleep(0.02)
        with open(opened) as stream:
            suite.equal("BROWSER=%s" % wish, stream.read().split(), wanted)
        os.unlink(opened)
    done = suite.hybridsim("analyze", "--open", "a b.py", folder=folder, environment={"BROWSER": "", "PATH": "/none"})
    suite.check("no browser", done.returncode == 2 and b"BROWSER" in done.stderr and
                os.path.exists(os.path.join(folder, "a b.html")), done.stderr.decode())


def check_charts(suite, folder, report, names):
    """Beside the Markdown report are these charts, and it shows them."""
    with open(os.path.join(folder, report + ".md")) as stream:
        text = stream.read()
    for name in names:
        file = "%s-%s.svg" % (report, name)
        suite.check("links to " + file, "(<%s>)" % file in text, text[-900:])
        root = xml.etree.ElementTree.parse(os.path.join(folder, file)).getroot()
        suite.check(file + " draws something", len(root.findall(".//{http://www.w3.org/2000/svg}rect")) > 3)
    suite.equal("%s: no others" % report, text.count(".svg>"), len(names))


def test_markdown_charts(suite):
    program = "def f(n):\n    return sum(i * i for i in range(n))\nprint(f(100))\n"
    folder = suite.folder("markdown", {"p.py": program})
    for command in ("run", "count", "profile"):
        done = suite.hybridsim(command, "--isa", "hybrid", "--report", command + ".md", "p.py", folder=folder)
        suite.check(command, done.returncode == 0, done.stderr.decode())
        check_charts(suite, folder, command, ["categories", "cycles", "flame-graph"])
    done = suite.hybridsim("compare", "--isa", "hybrid", "--report", "compare.md", "p.py", "-c 'print(1)'", folder=folder)
    suite.check("compare", done.returncode == 0, done.stderr.decode())
    check_charts(suite, folder, "compare", ["bars-0", "categories-0", "categories-1", "cycles-0", "cycles-1"])
    report = suite.report("--isa", "hybrid", os.path.join(folder, "p.py"))
    text = open(os.path.join(folder, "run-flame-graph.svg")).read()
    for run in report["runs"]:
        wanted = "%s: %s cycles<" % (run["isa"], format(run["cycles"], ","))
        suite.check("%s: cycles of the flame graph" % run["isa"], wanted in text)
    os.mkdir(os.path.join(folder, "bad-cycles.svg"))
    done = suite.hybridsim("run", "--quiet", "--report", "bad.md", "p.py", folder=folder)
    suite.check("a chart that cannot be written", done.returncode == 2 and b"bad-cycles.svg" in done.stderr, done.stderr.decode())


run_tests(globals())
