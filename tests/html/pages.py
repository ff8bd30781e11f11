"""Reports that the tests look at, and what is in them."""
import json
import os
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


def make_reports(suite):
    folder = suite.folder("pages", {"large.py": large_program(10000)})
    shutil.copy(os.path.join(suite.source, "workloads", "quickSort.py"), folder)
    small = write_report(suite, folder, "small", "quickSort.py", "--isa", "register", "--isa", "hybrid")
    large = write_report(suite, folder, "large", "large.py", "--isa", "hybrid")
    return folder, small, large
