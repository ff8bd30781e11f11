"""The HTML report as it is written, and the Markdown report's charts."""
import os
import sys
import xml.etree.ElementTree

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "cli"))
from harness import run_tests  # noqa: E402
from pages import data_of, make_reports, section_of, write_report  # noqa: E402

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
        spec = section_of(data, "spec-" + run["isa"])["text"]
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
    """count, profile and analyze write it too; an unwritable path is known before the run."""
    folder = suite.folder("commands", {"p.py": "def f(n):\n    return n * 2\nprint([f(i) for i in range(20)])\n"})
    for command in ("count", "profile"):
        page = write_report(suite, folder, command, "p.py", command=command)
        suite.check("%s: a page" % command, page.startswith(b"<!doctype html>") and page.rstrip().endswith(b"</html>"))
    done = suite.hybridsim("analyze", "-o", "out", "p.py", folder=folder)
    suite.check("analyze writes it", done.returncode == 0 and os.path.exists(os.path.join(folder, "out", "p.html")),
                done.stderr.decode())
    done = suite.hybridsim("run", "--quiet", "--report", "missing/p.html", "p.py", folder=folder)
    suite.check("no such folder", done.returncode == 2 and done.stdout == b"", done.stderr.decode())
    write_report(suite, folder, "fails", "p.py")
    failing = suite.folder("failing", {"p.py": "import sys\nprint(1)\nsys.exit(3)\n"})
    done = suite.hybridsim("run", "--quiet", "--report", "p.html", "p.py", folder=failing)
    with open(os.path.join(failing, "p.html")) as stream:
        suite.check("exit status", done.returncode == 3 and "ended with exit status 3" in stream.read())


def test_markdown_charts(suite):
    folder = suite.folder("markdown", {"p.py": "print(sum(i * i for i in range(100)))\n"})
    done = suite.hybridsim("run", "--quiet", "--isa", "hybrid", "--report", "r.md", "p.py", folder=folder)
    suite.check("report.md", done.returncode == 0, done.stderr.decode())
    suite.equal("charts beside it", sorted(os.listdir(folder)), ["p.py", "r-categories.svg", "r-cycles.svg", "r.md"])
    with open(os.path.join(folder, "r.md")) as stream:
        text = stream.read()
    for name in ("r-categories.svg", "r-cycles.svg"):
        suite.check("links to " + name, "(<%s>)" % name in text)
        root = xml.etree.ElementTree.parse(os.path.join(folder, name)).getroot()
        suite.check(name + " draws something", len(root.findall(".//{http://www.w3.org/2000/svg}rect")) > 5)


run_tests(globals())
