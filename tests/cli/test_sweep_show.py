"""hybridsim sweep show --where and --report: which points an expression chooses, and what the page says without a browser."""
import json
import os
import re
import sqlite3
import xml.etree.ElementTree

from harness import run_tests

SWEEP = """
sweep: shown
base: {isa: hybrid}
programs: [loop.py, {script: loop.py, arguments: [more]}]
axes:
  registers.count: [8, 16, 32]
  machine.branch.predictor: [static, bimodal]
  machine.branch.mispredict_penalty: [4, 8]
"""

LOOP = "import sys\ntotal = 0\nfor i in range(200 * len(sys.argv)):\n    if i % 3:\n        total += i\nprint(total)\n"


def make_results(suite):
    folder = suite.folder("sweep-show", {"loop.py": LOOP, "sweep.yaml": SWEEP})
    if not os.path.exists(os.path.join(folder, "r.db")):
        done = suite.hybridsim("sweep", "sweep.yaml", "-o", "r.db", "--quiet", "--report", "r.html", folder=folder)
        suite.check("the sweep", done.returncode == 0, done.stderr.decode())
    return folder


def exported(suite, folder, *options):
    return json.loads(suite.hybridsim("sweep", "export", "--json", "r.db", *options, folder=folder).stdout)


def test_where(suite):
    folder = make_results(suite)
    everything = exported(suite, folder)
    suite.equal("all results", len(everything), 24)
    means = {}
    for row in everything:
        means.setdefault(row["point"], []).append(row["figures"]["cycles"])
    middle = sorted((a * b) ** 0.5 for a, b in means.values())[6]
    cases = [
        ("registers.count <= 16", lambda row: row["settings"]["registers.count"] <= 16),
        ("machine.branch.predictor == bimodal and machine.branch.mispredict_penalty < 8",
         lambda row: row["settings"]["machine.branch.predictor"] == "bimodal" and
         row["settings"]["machine.branch.mispredict_penalty"] < 8),
        ("cycles < %.3f" % middle, lambda row: (means[row["point"]][0] * means[row["point"]][1]) ** 0.5 < round(middle, 3)),
        ("not instructions.MADD == off", lambda row: True),
        ("registers.count > 64", lambda row: False),
    ]
    for text, is_wanted in cases:
        wanted = [row for row in everything if is_wanted(row)]
        suite.equal("exported where " + text, exported(suite, folder, "--where", text), wanted)
        points = len({row["point"] for row in wanted})
        shown = suite.hybridsim("sweep", "show", "r.db", "--where", text, "--top", "99", folder=folder).stdout.decode()
        suite.check("shown where " + text, shown.startswith("Where %s: %d of 12 points\n" % (text, points)), shown)
        suite.equal("listed where " + text, len(re.findall(r"(?m)^ +\d+ ", shown)), points)
        for option in (["--best", "cycles"], ["--pareto", "cycles,energy"], ["--sensitivity"]):
            done = suite.hybridsim("sweep", "show", "r.db", *option, "--where", text, folder=folder)
            suite.check("%s where %s" % (option[0], text), done.returncode == 0 and
                        (not points or b"%d points" % points in done.stdout), done.stdout + done.stderr)
    one = suite.hybridsim("sweep", "show", "r.db", "--program", "loop.py more", "--where", "cycles > 1", folder=folder)
    suite.check("of one program", b"(one program)" in one.stdout and b"12 of 12 points" in one.stdout, one.stdout + one.stderr)


DERIVED = """
sweep: derived
base: {isa: hybrid}
programs: [loop.py]
axes:
  registers.count: [8, 16, 32]
  instructions.MADD: [on, off]
  machine.branch.mispredict_penalty: [4, 8]
derive:
  encoding.register_bits: "ceil(log2(registers.count))"
  instructions.MSUB: instructions.MADD
objectives: [cycles, code_bytes]
"""


def tables(text):
    """The tables of `--sensitivity`: heading -> {axis: [values, least, at, most, at, ratio]}."""
    found = {}
    for line in text.splitlines():
        if not line.startswith(" "):
            rows = found.setdefault(line, {})
        elif not line.startswith("  axis ") and not line.startswith("  ("):
            axis, values, least, _, least_at, most, _, most_at, ratio = line.split()[:9]
            rows[axis] = [int(values), float(least), least_at, float(most), most_at, float(ratio)]
    return found


def around(rows, axes, centre):
    """Of each axis the least and most cycles of the points that differ from one there only."""
    found = {}
    for axis in axes:
        near = {row["settings"][axis]: row["figures"]["cycles"] for row in rows
                if all(row["settings"][other] == centre["settings"][other] for other in axes if other != axis)}
        found[axis] = [len(near), min(near.values()), max(near.values())]
    return found


def test_sensitivity(suite):
    folder = suite.folder("sweep-sensitivity", {"loop.py": LOOP, "sweep.yaml": DERIVED})
    suite.hybridsim("sweep", "sweep.yaml", "-o", "r.db", "--quiet", "--report", "r.md", folder=folder)
    text = suite.hybridsim("sweep", "show", "r.db", "--sensitivity", folder=folder).stdout.decode()
    axes = ["registers.count", "instructions.MADD", "machine.branch.mispredict_penalty"]
    shown, rows = tables(text), exported(suite, folder)
    suite.equal("axes, and nothing that is derived of them", [list(table) for table in shown.values()], [axes] * len(shown))
    suite.check("what is derived is named",
                "(and what `derive` computes of these: encoding.register_bits, instructions.MSUB)" in text, text)
    base = next(row for row in rows if [row["settings"][axis] for axis in axes] == [32, "on", 8])
    best = min(rows, key=lambda row: (row["figures"]["cycles"], row["point"]))
    headings = list(shown)
    suite.check("around the base and the best", len(headings) == 3 and
                "around the base: point %d," % base["point"] in headings[1] and
                "around the best point: point %d," % best["point"] in headings[2], text)
    for heading, centre in zip(headings[1:], (base, best)):
        suite.equal("around point %d" % centre["point"], {axis: [row[0], row[1], row[3]] for axis, row in shown[heading].items()},
                    around(rows, axes, centre))
    with open(os.path.join(folder, "r.md")) as stream:
        report = stream.read()
    done = suite.hybridsim("sweep", "export", "--markdown", "r.db", "-o", "again.md", folder=folder)
    with open(os.path.join(folder, "again.md")) as stream:
        tables_only, _, charts = report.partition("\n## Charts\n")
        suite.check("export writes the same report", done.returncode == 0 and stream.read() == tables_only, done.stderr.decode())
    names = ["r-%s.svg" % name for name in ("heatmap", "parallel", "pareto", "variance")]
    suite.equal("its charts", sorted(re.findall(r"<(.*?\.svg)>", charts)), names)
    for name in names:
        root = xml.etree.ElementTree.parse(os.path.join(folder, name)).getroot()
        suite.check("%s draws something" % name, root.tag.endswith("}svg") and len(list(root.iter())) > 15)
    for heading in ("# Sweep derived", "## Front: least `cycles` and least `code_bytes`", "## Best: least `cycles`",
                    "## Best: least `code_bytes`", "## Sensitivity of `cycles`", "## Where the figures are from"):
        suite.check("the report has " + heading, heading + "\n\n" in report, report)
    suite.check("the best point is in it", re.search(r"(?m)^\| %d \| %d \| `registers.count: " % (
        best["point"], best["figures"]["cycles"]), report) is not None, report)
    rows_of = [line for line in report.splitlines() if line.startswith("|")]
    suite.check("rows have as many cells as their heading", all(
        rows_of[i].count("|") == rows_of[i - 1].count("|") for i, line in enumerate(rows_of) if line.startswith("|---")), report)
    done = suite.hybridsim("sweep", "export", "--markdown", "r.db", "--where", "registers.count > 64", folder=folder)
    suite.check("of no point", done.returncode == 0 and b"No point is where `registers.count > 64`" in done.stdout, done.stdout)


def test_where_is_wrong(suite):
    folder = make_results(suite)
    wrong = [
        ("registers.cuont < 9", "--where:1:1: error: found `registers.cuont`, expected a key of the spec"),
        ("cycles < 9 and spead > 1", "--where:1:16: error: found `spead`"),
        ("machine.branch.predictor == gshaer", "--where:1:29: error: found `gshaer`"),
        ("cycles <", "--where:1:9: error: found `its end` in the expression `cycles <`"),
        ("(cycles > 1", "--where:1:12: error: found `its end`"),
        ("cycles > 1 1", "--where:1:12: error: found `1`"),
        ("machine.branch.predictor < 3", "found `static` in the expression"),
        ("cycles / 0 > 1", "expected a divisor other than 0"),
        ("", "--where:1:1: error: found `its end`"),
    ]
    for text, message in wrong:
        for command in (["show"], ["export", "--csv"], ["show", "--report", "wrong.html"]):
            done = suite.hybridsim("sweep", *command, "r.db", "--where", text, folder=folder)
            suite.check("%s: %s" % (text, message), done.returncode == 2 and message in done.stderr.decode(), done.stderr.decode())
    suite.check("no page of what was wrong", not os.path.exists(os.path.join(folder, "wrong.html")))


def test_page(suite):
    folder = make_results(suite)
    with open(os.path.join(folder, "r.html"), "rb") as stream:
        page = stream.read()
    done = suite.hybridsim("sweep", "show", "r.db", "--report", "again.html", folder=folder)
    suite.equal("show writes it, and nothing else", (done.returncode, done.stdout), (0, b""))
    with open(os.path.join(folder, "again.html"), "rb") as stream:
        suite.check("the page that the sweep wrote", stream.read() == page)
    found = re.search(rb'<script type="application/json" id="data">(.*?)</script>', page, re.S)
    if found:
        points = json.loads(found.group(1))["points"]
        suite.equal("points", (points["count"], len(points["programs"]), len(points["axes"])), (12, 2, 3))
        cycles = next(metric for metric in points["metrics"] if metric["name"] == "cycles")["columns"]
        least = min(row[0] for row in sqlite3.connect(os.path.join(folder, "r.db")).execute(
            "SELECT cycles FROM results WHERE program = 1"))
        suite.equal("figures", int(cycles[0]["values"].split()[0], 36), least)
    for options, message in ((["--report", "p.txt"], "expected a name that ends in .html or .md"),
                             (["--report", "none/p.html"], "none/p.html"),
                             (["--report", "p.html", "--program", "x"], "no program `x`")):
        done = suite.hybridsim("sweep", "show", "r.db", *options, folder=folder)
        suite.check("refused: " + message, done.returncode == 2 and message in done.stderr.decode(), done.stderr.decode())
    done = suite.hybridsim("sweep", "sweep.yaml", "-o", "new.db", "--report", "none/p.html", folder=folder)
    suite.check("an unwritable page is known before the sweep", done.returncode == 2 and
                not os.path.exists(os.path.join(folder, "new.db")), done.stderr.decode())
    done = suite.hybridsim("sweep", "sweep.yaml", "-o", "parts/", "--shard", "1/2", "--report", "p.html", folder=folder)
    suite.check("no page of a part", done.returncode == 2 and b"merge the parts" in done.stderr, done.stderr)
    done = suite.hybridsim("sweep", "show", "r.db", "--where", "registers.count == 8", "--report", "some.html", folder=folder)
    with open(os.path.join(folder, "some.html"), "rb") as stream:
        suite.check("only some points", done.returncode == 0 and b"4 points, 2 programs" in stream.read(), done.stderr.decode())


run_tests(globals())
