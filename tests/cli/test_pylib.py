"""Our packages in Python (sim/pylib): the programs of tests/diff/pylib print the same under CPython, with the real numpy and the
same packages on its path (for AES: the real pycryptodome), and under hybridsim on every ISA."""
import os
import subprocess

from harness import Skip, run_tests


def reference(suite, program, packages):
    environment = dict(suite.environment, PYTHONPATH=packages, PYTHONDONTWRITEBYTECODE="1")
    done = subprocess.run([suite.python_path, program], capture_output=True, env=environment, timeout=120,
                          cwd=os.path.join(suite.source, "tests", "diff", "pylib"))
    if b"ModuleNotFoundError" in done.stderr:
        raise Skip("the reference Python lacks a package: " + done.stderr.decode().splitlines()[-1])
    suite.equal(program + " under CPython", done.returncode, 0)
    return done.stdout


def compare(suite, program, packages):
    wanted = reference(suite, program, packages)
    for isa in ("stack", "register", "hybrid"):
        done = suite.hybridsim("run", "--quiet", "--no-baseline", "--isa", isa, program, folder=os.path.join(suite.source, "tests", "diff", "pylib"))
        suite.equal("%s on %s: stderr" % (program, isa), done.stderr.decode(), "")
        suite.equal("%s on %s" % (program, isa), done.stdout.decode(), wanted.decode())


def test_keras(suite):
    for program in ("keras_layers.py", "keras_activations.py", "keras_digits.py", "keras_models.py", "keras_formulas.py"):
        compare(suite, program, os.path.join(suite.source, "sim", "pylib"))


def test_aes(suite):
    for program in ("aes.py", "aes_modes.py"):
        compare(suite, program, "")


def test_own_module_on_the_path_comes_first(suite):
    folder = suite.folder("own", {"Crypto/__init__.py": "mine = True\n", "ask.py": "import Crypto\nprint(Crypto.mine)\n",
                                  "importlib_ask.py": "import importlib.util\nprint(importlib.util.find_spec('Crypto').origin[-18:])\n"})
    for program, text in (("ask.py", b"True\n"), ("importlib_ask.py", b"Crypto/__init__.py\n")):
        suite.equal(program, suite.hybridsim("run", "--quiet", program, folder=folder).stdout, text)


def test_what_a_module_says_of_itself(suite):
    program = ("import tensorflow.keras.losses as losses, sys\n"
               "print(losses.__name__, losses.__package__, losses.__spec__.name, losses.__loader__.__name__)\n"
               "print(sys.modules['tensorflow'].__path__, losses.Huber.element.__code__.co_filename)\n")
    done = suite.hybridsim("run", "--quiet", "-c", program)
    suite.equal("names", done.stdout.decode(), "tensorflow.keras.losses tensorflow.keras tensorflow.keras.losses FrozenImporter\n"
                "[] <frozen tensorflow.keras.losses>\n")


run_tests(globals())
