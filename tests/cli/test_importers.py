"""Profiles in the tools they are for, from npm: speedscope's schema, checked by ajv, and speedscope's own importer, in its page, in
headless Chromium, which also reads the Chrome trace. The packages go into the build's folder. (pstats and
callgrind_annotate are in test_profile.py.) Chrome's trace is held against the format's description as well."""
import base64
import json
import os
import re
import shutil
import subprocess

from harness import Skip, run_tests

PROGRAM = """def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)

def rows(count):
    for k in range(count):
        yield sorted(range(k), key=lambda n: -n)

print(fib(9), [sum(row) for row in rows(6)])
"""
PACKAGES = ("speedscope@1.25.0", "ajv@8.17.1")

VALIDATE = """
const Ajv = require('ajv'), fs = require('fs');
const schema = JSON.parse(fs.readFileSync(process.argv[2], 'utf8')), ajv = new Ajv({strict: false});
const validate = ajv.compile(schema);
for (const file of process.argv.slice(3)) {
    const good = validate(JSON.parse(fs.readFileSync(file, 'utf8')));
    console.log(good ? 'valid' : 'invalid ' + JSON.stringify(validate.errors));
}
"""


def profiles(suite):
    folder = suite.folder("importers", {"a.py": PROGRAM})
    done = suite.hybridsim("profile", "--speedscope", "s.json", "--chrome", "t.json", "a.py", folder=folder)
    suite.equal("profile", done.returncode, 0)
    return folder


def packages(suite):
    """The folder with node_modules; installed once for a build."""
    folder = os.path.join(os.path.dirname(suite.binary), "importers")
    if not shutil.which("npm") or not shutil.which("node"):
        raise Skip("no npm")
    if not os.path.isdir(os.path.join(folder, "node_modules", "speedscope")):
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, "package.json"), "w") as stream:
            stream.write('{"private": true}\n')
        done = subprocess.run(["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", *PACKAGES], cwd=folder,
                              capture_output=True, text=True)
        if done.returncode:
            raise Skip("npm cannot install: " + done.stderr.strip().splitlines()[-1])
    return folder


def test_speedscope_schema(suite):
    where, folder = packages(suite), profiles(suite)
    schema = os.path.join(where, "node_modules", "speedscope", "dist", "release", "file-format-schema.json")
    with open(os.path.join(where, "validate.js"), "w") as stream:
        stream.write(VALIDATE)
    with open(os.path.join(folder, "s.json")) as stream:
        broken = json.load(stream)
    del broken["shared"]["frames"][0]["name"]
    with open(os.path.join(folder, "broken.json"), "w") as stream:
        json.dump(broken, stream)
    done = subprocess.run(["node", os.path.join(where, "validate.js"), schema, os.path.join(folder, "s.json"),
                           os.path.join(folder, "broken.json")], capture_output=True, text=True, cwd=where)
    answers = done.stdout.splitlines()
    suite.check("ajv", len(answers) == 2 and answers[0] == "valid" and answers[1].startswith("invalid"), done.stdout + done.stderr)


def imported(suite, where, path):
    """The title of speedscope's page with the profile in it."""
    script = os.path.join(suite.scratch, "load.js")
    with open(path, "rb") as profile, open(script, "w") as stream:
        stream.write("speedscope.loadFileFromBase64(%s, '%s')" % (json.dumps(os.path.basename(path)),
                                                                 base64.b64encode(profile.read()).decode()))
    page = os.path.join(where, "node_modules", "speedscope", "dist", "release", "index.html")
    done = subprocess.run(["chromium", "--headless", "--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
                           "--allow-file-access-from-files", "--user-data-dir=" + os.path.join(suite.scratch, "chromium"),
                           "--virtual-time-budget=8000", "--dump-dom", "file://%s#localProfilePath=%s" % (page, script)],
                          capture_output=True, text=True, timeout=120)
    return re.findall(r"<title>([^<]*)", done.stdout)


def test_speedscope_page(suite):
    where = packages(suite)
    if not shutil.which("chromium"):
        raise Skip("no chromium")
    folder = profiles(suite)
    suite.equal("its own format", imported(suite, where, os.path.join(folder, "s.json")),
                ["a.py: cycles on stack - speedscope"])
    titles = imported(suite, where, os.path.join(folder, "t.json"))
    suite.check("a Chrome trace", len(titles) == 1 and titles[0] not in ("speedscope", ""), titles)


# What snakeviz's page is made of: the rows of its table, and the tree it draws.
SNAKEVIZ = """
import json, pstats, sys
from snakeviz.stats import json_stats, table_rows
stats = pstats.Stats(sys.argv[1])
tree = json_stats(stats)
print(json.dumps([table_rows(stats), json.loads(tree) if isinstance(tree, str) else tree, stats.total_tt]))
"""


def test_snakeviz(suite):
    """In no package of Debian: from wherever the reference Python finds it."""
    if suite.python("-c", "import snakeviz.stats").returncode:
        raise Skip("no snakeviz")
    folder = suite.folder("snakeviz", {"a.py": PROGRAM})
    suite.equal("profile", suite.hybridsim("profile", "--prof", "a.prof", "a.py", folder=folder).returncode, 0)
    done = suite.python("-c", SNAKEVIZ, "a.prof", folder=folder)
    suite.equal("snakeviz", (done.returncode, done.stderr), (0, b""))
    rows, tree, total = json.loads(done.stdout)
    text = json.dumps(rows)
    suite.check("its table", all(name in text for name in ("a.py:1(fib)", "a.py:4(rows)", "<sorted>", "<lambda>")), text)
    module = [node for name, node in tree.items() if "<module>" in name][0]
    suite.check("its root has the whole", abs(module["stats"][3] - total) < 1e-9, module)
    suite.check("it has calls", module["children"], module)


def test_chrome_trace(suite):
    """The JSON object format of trace events: complete events, nested in each thread as they say."""
    folder = profiles(suite)
    with open(os.path.join(folder, "t.json")) as stream:
        trace = json.load(stream)
    suite.check("an object with events", isinstance(trace["traceEvents"], list) and trace["traceEvents"])
    suite.check("displayTimeUnit", trace.get("displayTimeUnit", "ms") in ("ms", "ns"))
    open_ends = []
    for event in sorted(trace["traceEvents"], key=lambda event: (event["ts"], -event["dur"])):
        kinds = {"name": str, "ph": str, "ts": (int, float), "dur": (int, float), "pid": int, "tid": int, "args": dict}
        for key, kind in kinds.items():
            suite.check("%s of %s" % (key, event.get("name")), isinstance(event.get(key), kind), event)
        if "cat" in event:
            suite.check("cat", isinstance(event["cat"], str))
        suite.check("complete event", event["ph"] == "X" and event["ts"] >= 0 and event["dur"] >= 0, event)
        while open_ends and open_ends[-1] <= event["ts"] + 1e-6:
            open_ends.pop()
        end = event["ts"] + event["dur"]
        suite.check("inside what is open", not open_ends or end <= open_ends[-1] + 1e-6, event)
        open_ends.append(end)


run_tests(globals())
