"""What hybridsim says about itself: help in one shape, with every option that there is; mistyped names; the manual page; completion
in bash; doctor."""
import os
import re
import subprocess

from harness import Skip, run_tests


def commands_of(suite):
    text = suite.hybridsim("--help").stdout.decode()
    listed = text[text.index("\nCommands:"):].split("\n\n")[0]
    return re.findall(r"^  ([a-z]+) ", listed, re.M)


def help_of(suite, command):
    return suite.hybridsim(command, "--help").stdout.decode()


def options_of(text):
    """The options that a help text has rows for."""
    options = set()
    for line in text.splitlines():
        row = re.match(r"  (--?[A-Za-z][a-z-]*(, --?[A-Za-z][a-z-]*)*)", line)
        if row:
            options |= set(row[1].split(", "))
    return options


def test_shape(suite):
    plain = suite.hybridsim()
    suite.equal("no arguments: the help", (plain.returncode, plain.stdout), (0, suite.hybridsim("--help").stdout))
    commands = commands_of(suite)
    expected = {"run", "dis", "count", "profile", "analyze", "compare", "diff", "isa", "doctor"}
    suite.check("the commands", expected <= set(commands), commands)
    for command in commands:
        done = suite.hybridsim(command, "--help")
        text = done.stdout.decode()
        suite.equal("%s --help" % command, (done.returncode, done.stderr), (0, b""))
        suite.check("%s: usage first" % command, text.startswith("Usage: hybridsim %s " % command), text[:80])
        suite.check("%s: options under a heading" % command, "\nOptions:\n" in text, text)
        suite.check("%s: -h, --help is there" % command, "  -h, --help  " in text)
        suite.check("%s: lines fit" % command, max(len(line) for line in text.splitlines()) <= 128)
        suite.check("%s: no colour in a pipe" % command, "\033" not in text)
        suite.equal("help %s" % command, suite.hybridsim("help", command).stdout, done.stdout)
        suite.equal("%s -h" % command, suite.hybridsim(command, "-h").stdout, done.stdout)


def test_options_exist(suite):
    """Every option that a help text has is known to its command: it is not what an error is about."""
    for command in commands_of(suite):
        if command == "isa": # what it does comes first
            continue
        for option in options_of(help_of(suite, command)) - {"-h", "--help"}:
            done = suite.hybridsim(command, option)
            suite.check("%s %s" % (command, option), b"unknown option" not in done.stderr, done.stderr)


def test_mistyped(suite):
    for words, expected in ((["compar"], "did you mean 'compare'?"), (["profil"], "'profile'"), (["x.py"], "hybridsim run x.py"),
                            (["run", "--quite", "x.py"], "did you mean '--quiet'?"), (["count", "--catgories=x"], "'--categories'"),
                            (["diff", "--limt", "3"], "'--limit'"), (["compare", "--metrics=x"], "'--metric'"),
                            (["dis", "--cache-s"], "'--caches'"), (["doctor", "--module-s"], "'--modules'"),
                            (["translate", "--isas", "x"], "'--isa'"), (["run", "--zzzzzzzz"], "unknown option '--zzzzzzzz'"),
                            (["run", "-Z"], "unknown option '-Z'"), (["run", "--isa"], "option '--isa' needs a value"),
                            (["run", "--quiet=3"], "option '--quiet' takes no value"), (["run", "-m"], "option '-m' needs a value"),
                            (["help", "nosuch"], "unknown command 'nosuch'")):
        done = suite.hybridsim(*words)
        suite.check(" ".join(words), done.returncode == 2 and expected in done.stderr.decode() and not done.stdout, done.stderr)


def test_manual(suite):
    """Every command's every option is in the manual page, which man reads without a complaint."""
    page = os.path.join(suite.scratch, "hybridsim.1")
    subprocess.run([suite.python_path, os.path.join(suite.source, "scripts", "man_page.py"), suite.binary, page], check=True,
                   env=suite.environment)
    text = open(page).read().replace("\\-", "-").replace("\\&", "")
    for command in commands_of(suite):
        start = text.index(".SS hybridsim %s\n" % command)
        section = text[start:].split("\n.SS ", 1)[0]
        for option in options_of(help_of(suite, command)):
            suite.check("%s %s" % (command, option), re.search(r"^\.B .*%s\b" % re.escape(option), section, re.M))
    try:
        done = subprocess.run(["man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", page], capture_output=True,
                              env=dict(suite.environment, LC_ALL="C.UTF-8", MANROFFSEQ=""))
    except FileNotFoundError:
        raise Skip("man is not installed")
    suite.equal("man --warnings", (done.returncode, done.stderr), (0, b""))


COMPLETE = r"""
source "$1"
shift
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_hybridsim
printf '%s\n' "${COMPREPLY[@]}"
"""


def complete(suite, *words, folder=None):
    script = os.path.join(suite.source, "cli", "completion", "hybridsim.bash")
    environment = dict(suite.environment, HYBRIDSIM_SPECS=os.path.join(suite.source, "isa-specs"))
    done = subprocess.run(["bash", "--norc", "-c", COMPLETE, "bash", script, suite.binary, *words], capture_output=True, text=True,
                          cwd=folder or suite.scratch, env=environment)
    suite.equal("completion of %s: no error" % " ".join(words), done.stderr, "")
    return done.stdout.split()


def test_completion(suite):
    names = ("prog.py", "prog.pyc", "run.json", "note.txt", "my.yaml", "sub/x.py")
    folder = suite.folder("completion", {name: "" for name in names})
    suite.equal("every command", set(complete(suite, "")), set(commands_of(suite)) | {"help", "--help", "--version"})
    suite.equal("a beginning", sorted(complete(suite, "co")), ["compare", "count"])
    for command in commands_of(suite):
        suite.check("options of " + command, options_of(help_of(suite, command)) <= set(complete(suite, command, "-")), command)
    suite.equal("an option", complete(suite, "count", "--cat"), ["--categories"])
    suite.equal("instruction sets", sorted(complete(suite, "run", "--isa", "hyb")), ["hybrid", "hybrid-aes"])
    suite.equal("machines", complete(suite, "run", "--machine", "inor"), ["inorder"])
    suite.equal("values", sorted(complete(suite, "diff", "--by", "c")), ["category", "cycles"])
    suite.equal("other values", complete(suite, "count", "--by", "c"), ["category"])
    suite.equal("actions", complete(suite, "isa", "sh"), ["show"])
    suite.equal("scripts and folders", sorted(complete(suite, "run", "", folder=folder)), ["prog.py", "prog.pyc", "sub"])
    suite.equal("saved runs", sorted(complete(suite, "diff", "", folder=folder)), ["run.json", "sub"])
    suite.equal("either", sorted(complete(suite, "compare", "", folder=folder)), ["prog.py", "prog.pyc", "run.json", "sub"])
    suite.equal("a file after -o", complete(suite, "compare", "-o", "no", folder=folder), ["note.txt"])
    suite.equal("help takes a command", complete(suite, "help", "dif"), ["diff"])


def test_installed(suite):
    """cmake --install puts the manual page and the completion where they are looked for."""
    build = os.path.dirname(suite.binary)
    if not os.path.exists(os.path.join(build, "cmake_install.cmake")) or not os.path.exists(os.path.join(build, "hybridsim.1")):
        raise Skip("not in a build's folder")
    prefix = os.path.join(suite.scratch, "prefix")
    done = subprocess.run(["cmake", "--install", build, "--prefix", prefix], capture_output=True, text=True)
    suite.equal("cmake --install", done.returncode, 0)
    for path in ("bin/hybridsim", "share/man/man1/hybridsim.1", "share/bash-completion/completions/hybridsim",
                 "share/hybridsim/isa-specs/hybrid.yaml"):
        suite.check(path, os.path.isfile(os.path.join(prefix, path)))
    installed = os.path.join(prefix, "bin", "hybridsim")
    script = os.path.join(prefix, "share", "bash-completion", "completions", "hybridsim")
    done = subprocess.run(["bash", "--norc", "-c", COMPLETE, "bash", script, installed, "run", "--isa", "regi"],
                          capture_output=True, text=True, env=suite.environment)
    suite.equal("the installed completion knows the installed specs", done.stdout.split(), ["register"])


def test_doctor(suite):
    done = suite.hybridsim("doctor")
    text = done.stdout.decode()
    suite.equal("exit status", (done.returncode, done.stderr), (0, b""))
    for words in ("python3.11", "isa-specs", "cache", "gmp", "libjansson", "sqlite", "snakeviz", "callgrind_annotate", "xdg-open",
                  "doctor --modules"):
        suite.check("it speaks of " + words, words in text, text)
    suite.check("the cache", suite.environment["XDG_CACHE_HOME"] in text, text)
    done = suite.hybridsim("doctor", "--python", "/nowhere/python")
    suite.check("no python", done.returncode == 1 and b"missing" in done.stdout and
                b"apt-get install python3.11" in done.stdout, done.stdout)
    done = suite.hybridsim("doctor", environment={"PATH": suite.scratch})
    suite.check("missing tools, and how to get them", done.returncode == 0 and b"apt-get install valgrind" in done.stdout,
                done.stdout)
    suite.equal("wrong use", suite.hybridsim("doctor", "x").returncode, 2)


run_tests(globals())
