"""-W and PYTHONWARNINGS: what becomes of warnings."""
from harness import run_tests

PROGRAM = '''import sys, warnings
print(sys.warnoptions)
for category in (DeprecationWarning, UserWarning):
    try:
        warnings.warn("text", category)
        print("went on")
    except Warning as error:
        print(type(error).__name__)
'''


def run(suite, *options):
    done = suite.hybridsim("run", "--quiet", "--no-baseline", "--isa", "stack", *options, "-c", PROGRAM)
    return done.returncode, done.stdout.decode().splitlines(), done.stderr.decode()


def test_filters(suite):
    suite.equal("error", run(suite, "-W", "error"), (0, ["['error']", "DeprecationWarning", "UserWarning"], ""))
    suite.equal("ignore", run(suite, "-Wignore"), (0, ["['ignore']", "went on", "went on"], ""))
    suite.equal("the last one counts", run(suite, "-W", "error", "-W", "ignore::UserWarning")[1],
                ["['error', 'ignore::UserWarning']", "DeprecationWarning", "went on"])
    status, lines, errors = run(suite, "-W", "nonsense")
    suite.check("invalid", status == 0 and "Invalid -W option ignored: invalid action: 'nonsense'" in errors, errors)


run_tests(globals())
