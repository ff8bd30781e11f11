"""The error handlers of the standard streams are CPython's in every locale."""
import subprocess

from harness import run_tests

PROGRAM = """import sys
print(sys.stdin.errors, sys.stdout.errors, sys.stderr.errors)
try:
    print("byte \\udcff")
except UnicodeEncodeError as error:
    print(error)
"""


def test_locales(suite):
    folder = suite.folder("locale", {"program.py": PROGRAM})
    plain = {name: value for name, value in suite.environment.items() if not name.startswith("LC_") and name != "LANG"}
    for given in ({}, {"LANG": "C"}, {"LC_ALL": "C"}, {"LANG": "C.UTF-8"}, {"LC_ALL": "POSIX", "LANG": "C.UTF-8"},
                  {"LC_ALL": "", "LC_CTYPE": "C.utf8", "LANG": "en_US.UTF-8"}):
        environment = dict(plain, **given)
        expected = subprocess.run([suite.python_path, "program.py"], cwd=folder, capture_output=True, env=environment)
        done = subprocess.run([suite.binary, "run", "--quiet", "--no-baseline", "--isa", "hybrid", "program.py"], cwd=folder,
                              capture_output=True, env=environment)
        suite.equal("output with %s" % given, (done.returncode, done.stdout), (expected.returncode, expected.stdout))


run_tests(globals())
