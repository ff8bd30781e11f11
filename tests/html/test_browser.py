"""The HTML report in a headless Chromium: drive.mjs does what a reader does."""
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "cli"))
from harness import Skip, run_tests  # noqa: E402
from pages import data_of, make_pages  # noqa: E402

OLDEST_NODE = 20


def install_driver(suite):
    """playwright-core and axe-core from npm, in the build's folder; kept as long as its list of packages stays the same."""
    npm, node, browser = shutil.which("npm"), shutil.which("node"), shutil.which("chromium") or shutil.which("google-chrome")
    for name, found in (("npm", npm), ("node", node), ("chromium", browser)):
        if not found:
            raise Skip("%s is not installed: the report was not opened in a browser" % name)
    version = subprocess.run([node, "--version"], capture_output=True, text=True).stdout
    if int(version.lstrip("v").split(".")[0]) < OLDEST_NODE:
        raise Skip("node %s is too old for playwright-core: it needs %d" % (version.strip(), OLDEST_NODE))
    folder = os.path.join(os.path.dirname(suite.binary), "html-tests")
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(HERE, "package-lock.json")) as stream:
        wanted = stream.read()
    stamp = os.path.join(folder, "installed.json")
    if not os.path.exists(stamp) or open(stamp).read() != wanted:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(os.path.join(HERE, name), folder)
        done = subprocess.run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"],
                              cwd=folder, capture_output=True, text=True)
        if done.returncode != 0:
            raise Skip("npm cannot install playwright-core and axe-core: " + done.stderr[-300:])
        with open(stamp, "w") as stream:
            stream.write(wanted)
    for name in ("drive.mjs", "drive_access.mjs", "drive_sweep.mjs"):
        shutil.copy(os.path.join(HERE, name), folder)
    return node, browser, folder


def test_browser(suite):
    probe = os.path.join(suite.scratch, "probe.html")
    suite.hybridsim("run", "--quiet", "--report", probe, "-c", "pass")
    with open(probe, "rb") as stream:
        if data_of(stream.read()) is None:
            raise Skip("hybridsim was built without HYBRIDSIM_CHARTS")
    node, browser, driver = install_driver(suite)
    folder = make_pages(suite)
    done = subprocess.run([node, "drive.mjs", browser, folder], cwd=driver, capture_output=True, text=True, timeout=800,
                          env=dict(os.environ, TMPDIR=suite.scratch))
    for line in done.stdout.splitlines():
        if line.startswith("FAILED "):
            suite.check(line[len("FAILED "):], False)
    summary = re.search(r"checks: (\d+) failed: (\d+)", done.stdout)
    if suite.check("the browser's checks ran to their end", bool(summary), done.stderr):
        suite.passed += int(summary.group(1)) - int(summary.group(2))
    for name in os.listdir(folder):
        if name.endswith(".svg"):
            root = xml.etree.ElementTree.parse(os.path.join(folder, name)).getroot()
            suite.check("%s is a drawing" % name, root.tag.endswith("}svg") and len(list(root.iter())) > 10)


run_tests(globals())
