"""What the tests of the command line share: options, a scratch folder, running hybridsim and CPython, counting results.

A test file defines functions test_NAME(suite) and ends with `run_tests(globals())`. Every check counts; one that fails prints
its name and what was found; a function that raises counts as one failure. Exit 0, 1 on failure, 77 when nothing could run.
"""
import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import traceback

SKIPPED = 77


class Skip(Exception):
    """Raised by a test that cannot run here; the text is the reason."""


class Suite:
    def __init__(self, arguments, scratch):
        self.binary = os.path.abspath(arguments.binary)
        self.python_path = arguments.python
        self.source = os.path.abspath(arguments.source)
        self.shared = os.path.abspath(arguments.shared)
        self.update = arguments.update
        self.all = arguments.all
        self.other = arguments.other or os.path.join(self.source, "build", "clang", "hybridsim")
        self.scratch = scratch
        self.passed = self.failed = 0
        self.environment = dict(os.environ, PYTHONHASHSEED="0", HYBRIDSIM_PYTHON=self.python_path,
                                XDG_CACHE_HOME=os.path.join(scratch, "cache"))
        os.mkdir(self.environment["XDG_CACHE_HOME"])

    def check(self, name, good, found=""):
        if good:
            self.passed += 1
        else:
            self.failed += 1
            text = found if isinstance(found, str) else repr(found)
            print("FAILED %s%s" % (name, ": " + text[-900:] if text else ""), flush=True)
        return bool(good)

    def equal(self, name, found, wanted):
        return self.check(name, found == wanted, "found %.400r, expected %.400r" % (found, wanted))

    def folder(self, name, files=None):
        """A new folder with the files (name -> text)."""
        path = os.path.join(self.scratch, name)
        os.makedirs(path, exist_ok=True)
        for file, text in (files or {}).items():
            os.makedirs(os.path.dirname(os.path.join(path, file)), exist_ok=True)
            with open(os.path.join(path, file), "w") as stream:
                stream.write(text)
        return path

    def spec(self, name):
        return os.path.join(self.source, "isa-specs", name)

    def hybridsim(self, *arguments, folder=None, stdin=b"", environment=None, binary=None, timeout=120, **options):
        if not hasattr(stdin, "fileno"):
            options["input"] = stdin
        else:
            options["stdin"] = stdin
        return subprocess.run([binary or self.binary, *arguments], cwd=folder or self.scratch, capture_output=True,
                              env=dict(self.environment, **environment or {}), timeout=timeout, **options)

    def start(self, *arguments, folder=None):
        """hybridsim in a process group of its own, as a shell starts it."""
        return subprocess.Popen([self.binary, *arguments], cwd=folder or self.scratch, env=self.environment,
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)

    def python(self, *arguments, folder=None, stdin=b"", timeout=120):
        return subprocess.run([self.python_path, *arguments], cwd=folder or self.scratch, input=stdin, capture_output=True,
                              env=self.environment, timeout=timeout)

    def same_as_python(self, name, arguments, folder=None, stdin=b"", options=("--isa", "hybrid"), python_arguments=None):
        """stdout, exit status and the last line of stderr are those of CPython. Gives hybridsim's result."""
        wanted = self.python(*(python_arguments or arguments), folder=folder, stdin=stdin)
        found = self.hybridsim("run", "--quiet", *options, *arguments, folder=folder, stdin=stdin)
        self.equal(name + ": stdout", found.stdout, wanted.stdout)
        self.check(name + ": exit status", found.returncode == wanted.returncode,
                   "found %d, expected %d; %s" % (found.returncode, wanted.returncode, found.stderr.decode(errors="replace")))
        self.equal(name + ": last line of stderr", found.stderr.splitlines()[-1:], wanted.stderr.splitlines()[-1:])
        return found

    def report(self, *arguments, folder=None, status=0, **options):
        """The JSON report of `hybridsim run --quiet ARGUMENTS`."""
        handle, path = tempfile.mkstemp(suffix=".json", dir=self.scratch)
        os.close(handle)
        done = self.hybridsim("run", "--quiet", "--report", path, *arguments, folder=folder, **options)
        if done.returncode != status:
            raise AssertionError("exit status %d, expected %d: %s" % (
                done.returncode, status, done.stderr.decode(errors="replace")[-500:]))
        with open(path) as stream:
            result = json.load(stream)
        os.unlink(path)
        return result


def without_host(report):
    """The part of a JSON report that has to be the same on every host."""
    return {key: value for key, value in report.items() if key != "host"}


def first_difference(a, b, place="report"):
    """Where two JSON values differ, as text; '' when they do not."""
    if isinstance(a, dict) and isinstance(b, dict):
        for key in sorted(set(a) | set(b)):
            if key not in a or key not in b:
                return "%s.%s is only in one" % (place, key)
            found = first_difference(a[key], b[key], "%s.%s" % (place, key))
            if found:
                return found
        return ""
    if isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        for i, (left, right) in enumerate(zip(a, b)):
            found = first_difference(left, right, "%s[%d]" % (place, i))
            if found:
                return found
        return ""
    return "" if a == b else "%s: %.200r and %.200r" % (place, a, b)


def run_tests(names):
    parser = argparse.ArgumentParser()
    for option in ("--binary", "--python", "--source", "--shared"):
        parser.add_argument(option, required=True)
    parser.add_argument("--update", action="store_true", help="rewrite the golden file")
    parser.add_argument("--other", help="another compiler's hybridsim (default: build/clang/hybridsim)")
    parser.add_argument("--all", action="store_true", help="every case there is, where a test looks at a sample")
    parser.add_argument("--only", default="", help="run only the tests whose names contain this")
    arguments = parser.parse_args()
    scratch = tempfile.mkdtemp(prefix="hybridsim-test-")
    suite = Suite(arguments, scratch)
    skipped = 0
    try:
        for name, function in list(names.items()):
            if name.startswith("test_") and arguments.only in name:
                try:
                    function(suite)
                except Skip as reason:
                    skipped += 1
                    print("skipped %s: %s" % (name, reason))
                except Exception:
                    suite.failed += 1
                    print("FAILED", name, "raised", traceback.format_exc()[-1500:], flush=True)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    print("%d passed, %d failed" % (suite.passed, suite.failed))
    if skipped and not suite.passed and not suite.failed:
        sys.exit(SKIPPED)
    sys.exit(1 if suite.failed else 0)


def end_group(process):
    """Ends a process started with Suite.start and everything it started."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()
