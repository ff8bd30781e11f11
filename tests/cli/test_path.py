"""Where modules are looked for: sys.path of PYTHONPATH, of installed packages, of virtual environments."""
import os
import subprocess

from harness import run_tests

SHOW = "import sys\nprint(*sys.path, sep='\\n')\n"


def both(suite, name, python, environment, arguments, folder):
    """CPython's and hybridsim's output are equal."""
    everything = dict(suite.environment, **environment)
    wanted = subprocess.run([python, *arguments], cwd=folder, env=everything, capture_output=True, timeout=60)
    found = suite.hybridsim("run", "--quiet", "--isa", "hybrid", "--no-baseline", "--python", python, *arguments, folder=folder,
                            environment=environment)
    suite.equal(name, (found.stdout, found.returncode), (wanted.stdout, wanted.returncode))
    return found.stdout.decode()


def make(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)
    return path


def test_python_path(suite):
    folder = os.path.join(suite.scratch, "path")
    make(folder + "/one/shared.py", "print('one')\n")
    make(folder + "/two/shared.py", "print('two')\n")
    make(folder + "/two/package/__main__.py", "print('main', __name__)\n")
    script = make(folder + "/script.py", SHOW + "import shared\n")
    for text in ("one:two", folder + "/two:one", "two:", ":", ""):
        both(suite, "PYTHONPATH=" + text, suite.python_path, {"PYTHONPATH": text.replace("one", folder + "/one")}, [script], folder)
    both(suite, "PYTHONPATH and -c", suite.python_path, {"PYTHONPATH": "two"}, ["-c", SHOW + "import shared"], folder)
    both(suite, "PYTHONPATH and -m", suite.python_path, {"PYTHONPATH": "two"}, ["-m", "package"], folder)


def test_installed(suite):
    folder = os.path.join(suite.scratch, "installed")
    make(folder + "/.local/lib/python3.11/site-packages/personal.py", "print('personal')\n")
    code = SHOW + "import personal"
    both(suite, "the user's packages", suite.python_path, {"HOME": folder}, ["-c", code], folder)
    prefix = folder + "/environment"
    make(prefix + "/lib/python3.11/site-packages/local_module.py", "print('of the environment')\n")
    os.makedirs(prefix + "/bin")
    os.symlink(os.path.realpath(suite.python_path), prefix + "/bin/python")
    for include in ("false", "true"):
        make(prefix + "/pyvenv.cfg", "home = /usr/bin\ninclude-system-site-packages = %s\nversion = 3.11\n" % include)
        shown = both(suite, "virtual environment, system packages: " + include, prefix + "/bin/python", {"HOME": folder},
                     ["-c", SHOW + "import local_module"], folder)
        suite.check("found in the environment", "of the environment" in shown, shown)


run_tests(globals())
