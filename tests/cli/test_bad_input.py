"""What a user gets wrong: each mistake is one clear line, the right exit status, and nothing lost."""
import glob
import json
import os
import resource
import signal
import subprocess
import time

from harness import end_group, run_tests

USER_ERROR, INTERRUPTED = 2, 130


def refused(suite, name, arguments, *texts, folder=None, status=USER_ERROR, stdout=b""):
    """The command fails with the status, prints nothing on stdout and every text on stderr."""
    done = suite.hybridsim(*arguments, folder=folder)
    message = done.stderr.decode(errors="replace")
    suite.equal(name + ": exit status", done.returncode, status)
    suite.equal(name + ": stdout", done.stdout, stdout)
    for text in texts:
        suite.check("%s: says %r" % (name, text), text in message, message or "nothing")
    return done


def test_missing_program(suite):
    folder = suite.folder("missing", {"a_file": ""})
    done = refused(suite, "missing file", ["run", "absent.py"], "absent.py", "No such file", folder=folder)
    suite.equal("missing file: one line", len(done.stderr.splitlines()), 1)
    refused(suite, "directory", ["run", "."], "__main__", "/.'", folder=folder)
    refused(suite, "path through a file", ["run", "a_file/x.py"], "a_file/x.py", folder=folder)
    refused(suite, "no program", ["run"], "no program")
    refused(suite, "-m without a module", ["run", "-m"], "option '-m' needs a value")
    refused(suite, "--no-baseline alone", ["run", "--no-baseline", "-c", "1"], "nothing to run")
    refused(suite, "translate a missing file", ["translate", "absent.py", "--isa", "hybrid"], "absent.py", folder=folder)


def test_syntax_error(suite):
    for name, text in (("syntax", "x = (1,\nprint('a'\n"), ("indentation", "if 1:\nprint(2)\n"), ("return", "return 3\n"),
                       ("bytes", "x = '\u00e4' 5\n"), ("tabs", "if 1:\n\tx = 1\n        y = 2\n")):
        folder = suite.folder("syntax_" + name, {"bad.py": text})
        wanted = suite.python("bad.py", folder=folder)
        for isas in ((), ("--isa", "hybrid")):
            found = suite.hybridsim("run", *isas, "bad.py", folder=folder)
            suite.equal("%s error %s" % (name, isas), (found.stderr, found.stdout, found.returncode), (wanted.stderr, b"", 1))
    folder = suite.folder("nul", {"bad.py": "x = 1\0\n"})
    suite.same_as_python("NUL byte", ["bad.py"], folder)
    folder = suite.folder("encoding")
    with open(os.path.join(folder, "bad.py"), "wb") as stream:
        stream.write(b"x = '\xff'\n")
    suite.same_as_python("not UTF-8", ["bad.py"], folder)
    folder = suite.folder("imported", {"main.py": "print('started')\nimport bad\n", "bad.py": "def f(:\n"})
    suite.same_as_python("syntax error in an import", ["main.py"], folder)
    suite.same_as_python("syntax error in -c", ["-c", "x ="])


def test_pyc(suite):
    folder = suite.folder("pyc", {"program.py": "def f(x):\n    return [x, 'text', 1.5, 10 ** 20]\nprint(f(3))\n"})
    subprocess.run([suite.python_path, "-c", "import py_compile; py_compile.compile('program.py', 'good.pyc', doraise=True)"],
                   cwd=folder, check=True)
    with open(os.path.join(folder, "good.pyc"), "rb") as stream:
        good = stream.read()

    def write(name, content):
        with open(os.path.join(folder, name), "wb") as stream:
            stream.write(content)

    write("version.pyc", b"\x61\x0d\x0d\x0a" + good[4:])
    refused(suite, "wrong version", ["run", "version.pyc"], "version.pyc", "3.11", folder=folder)
    write("text.pyc", b"print('not bytecode')\n")
    refused(suite, "no .pyc at all", ["run", "text.pyc"], "text.pyc", folder=folder)
    write("empty.pyc", b"")
    refused(suite, "empty .pyc", ["run", "empty.pyc"], "empty.pyc", folder=folder)
    for length in (3, 15, 16, 17, 40, len(good) // 2, len(good) - 1):
        write("cut.pyc", good[:length])
        refused(suite, ".pyc of %d bytes" % length, ["run", "cut.pyc"], "cut.pyc", folder=folder)
    write("other.pyc", good[:16] + b"i\x05\0\0\0")
    refused(suite, ".pyc of an int", ["run", "other.pyc"], "other.pyc", folder=folder)


def test_yaml(suite):
    """tests/golden/isa: every `# expect: LINE:COLUMN: text` is said with the file's name, by `isa check` and by `run`."""
    for path in sorted(glob.glob(os.path.join(suite.source, "tests", "golden", "isa", "*.yaml"))):
        name = os.path.basename(path)
        wanted = [line[len("# expect: "):].rstrip("\n") for line in open(path) if line.startswith("# expect: ")]
        suite.check(name + ": expects something", wanted)
        for command in (["isa", "check", path], ["run", "--isa", path, "-c", "print('ran')"]):
            done = suite.hybridsim(*command)
            lines = [line for line in done.stderr.decode().splitlines() if line]
            suite.equal("%s: %s: exit status" % (name, command[0]), (done.returncode, done.stdout), (USER_ERROR, b""))
            for expectation in wanted:
                place, text = expectation.split(": ", 1)
                numbers = place.split(":")
                if not place[0].isdigit():
                    good = any(place + ":" in line and ": error: " + text in line for line in lines)
                else:
                    start = path + (":" + place if numbers[0] != "0" else "") + ": error: " + text
                    good = any(line.startswith(start) for line in lines)
                suite.check("%s: %s: says %s" % (name, command[0], expectation), good, done.stderr.decode())
            suite.check("%s: %s: every line is an error of a file" % (name, command[0]),
                        all(": error: " in line for line in lines), done.stderr.decode())


def test_machine_yaml(suite):
    folder = suite.folder("machine", {"empty.yaml": "", "list.yaml": "- 1\n",
                                      "key.yaml": "machine: bad\nspeed: 3\n"})
    refused(suite, "empty machine", ["run", "--machine", "empty.yaml", "-c", "1"], "empty.yaml: error:", folder=folder)
    refused(suite, "machine is a list", ["run", "--machine", "list.yaml", "-c", "1"], "list.yaml:1:1: error:", folder=folder)
    refused(suite, "unknown key", ["run", "--machine", "key.yaml", "-c", "1"], "key.yaml:2:1: error: found unknown key `speed`",
            folder=folder)
    refused(suite, "no such machine", ["run", "--machine", "warp", "-c", "1"], "warp", "inorder", "ideal")
    refused(suite, "no such ISA", ["run", "--isa", "vliw", "-c", "1"], "vliw", "hybrid", "register")
    refused(suite, "the ISA is a folder", ["run", "--isa", ".", "-c", "1"], "'.'", folder=folder)
    refused(suite, "isa check of nothing", ["isa", "check", "absent.yaml"], "absent.yaml", folder=folder)
    both = refused(suite, "two bad specs at once", ["run", "--isa", "empty.yaml", "--isa", "list.yaml", "-c", "1"],
                   "empty.yaml", "list.yaml", folder=folder)
    suite.equal("two bad specs at once: lines", len(both.stderr.splitlines()), 2)


def test_command_line(suite):
    refused(suite, "unknown option", ["run", "--frobnicate", "-c", "1"], "frobnicate", "--help")
    refused(suite, "unknown command", ["rnu", "x.py"], "unknown command 'rnu'", "did you mean 'run'")
    refused(suite, "program without a command", ["x.py"], "hybridsim run x.py")
    refused(suite, "unknown option before the command", ["--fast"], "unknown option '--fast'")
    refused(suite, "--scope", ["run", "--scope", "half", "-c", "1"], "half", "'all' or 'script'")
    refused(suite, "--top", ["run", "--top", "many", "-c", "1"], "many")
    refused(suite, "--isa without a value", ["run", "--isa"], "needs a value")
    refused(suite, "isa without an action", ["isa"], "check, show, list or costs")
    refused(suite, "isa with another action", ["isa", "paint"], "paint")
    refused(suite, "translate without a file", ["translate"], "")
    refused(suite, "translate --dump", ["translate", os.path.join(suite.source, "workloads/quickSort.py"), "--isa", "hybrid",
                                        "--dump=nothing"], "nothing", "emit")
    refused(suite, "no such python", ["run", "--python", "/nowhere/python3", "-c", "print('x' + '1')"], "/nowhere/python3")


def test_unwritable_report(suite):
    folder = suite.folder("unwritable", {"r.json": "OLD", "folder.json/x": "", "read_only/r.json": "OLD"})
    code = "open('ran', 'w').write('x')"
    refused(suite, "folder that is not there", ["run", "--report", "none/r.json", "-c", code], "none/r.json", folder=folder)
    refused(suite, "report is a folder", ["run", "--report", "folder.json", "-c", code], "folder.json", "directory", folder=folder)
    refused(suite, "unknown format", ["run", "--report", "r.xml", "-c", code], "r.xml", ".json", folder=folder)
    refused(suite, "second of two reports", ["run", "--report", "r.json", "--report", "none/r.csv", "-c", code], "none/r.csv",
            folder=folder)
    if os.geteuid() != 0:
        os.chmod(os.path.join(folder, "read_only"), 0o555)
        os.chmod(os.path.join(folder, "read_only", "r.json"), 0o444)
        refused(suite, "no permission", ["run", "--report", "read_only/r.json", "-c", code], "Permission denied", folder=folder)
        os.chmod(os.path.join(folder, "read_only"), 0o755)
    suite.equal("the old report is there", open(os.path.join(folder, "r.json")).read(), "OLD")
    suite.equal("the program did not run, nothing is left", sorted(os.listdir(folder)), ["folder.json", "r.json", "read_only"])


def test_killed_alone(suite):
    """hybridsim alone is killed, not its group: the run ends with it."""
    process = suite.start("run", "--quiet", "-c", "import os\nprint(os.getpid(), flush=True)\nwhile True: pass")
    process.stdout.readline()
    children = open("/proc/%d/task/%d/children" % (process.pid, process.pid)).read().split()
    process.kill()
    process.wait()
    deadline = time.monotonic() + 10
    alive = [int(child) for child in children]
    while alive and time.monotonic() < deadline:
        alive = [child for child in alive if os.path.exists("/proc/%d/stat" % child) and
                 open("/proc/%d/stat" % child).read().split()[2] != "Z"]
        time.sleep(0.05)
    suite.check("there was a run", children, children)
    suite.equal("it has ended", alive, [])


def test_report_is_never_half(suite):
    """The disk is full, or hybridsim is killed: the report that was there stays."""
    folder = suite.folder("half", {"r.json": "OLD"})
    path = os.path.join(folder, "r.json")
    limit = 600
    done = suite.hybridsim("run", "--quiet", "--report", "r.json", "-c", "print(1)", folder=folder,
                           preexec_fn=lambda: (signal.signal(signal.SIGXFSZ, signal.SIG_IGN),
                                               resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))[0])
    suite.check("full disk: exit status", done.returncode == USER_ERROR, "%d %s" % (done.returncode, done.stderr.decode()))
    suite.check("full disk: says so", b"r.json" in done.stderr, done.stderr)
    suite.equal("full disk: the old report", open(path).read(), "OLD")
    suite.equal("full disk: nothing is left", os.listdir(folder), ["r.json"])
    process = suite.start("run", "--quiet", "--report", "r.json", "-c", "print('up', flush=True)\nwhile True: pass", folder=folder)
    process.stdout.readline()
    end_group(process)
    suite.equal("killed: the old report", open(path).read(), "OLD")
    done = suite.hybridsim("run", "--quiet", "--report", "r.json", "-c", "print(1)", folder=folder)
    suite.check("then it is replaced", json.load(open(path))["schema"] == 1, done.stderr)


def interrupt(suite, name, code, *options, whole_group, signal_number=signal.SIGINT):
    """Sends the signal once the program has printed a line. Gives exit status, the rest of stdout, stderr and the report."""
    folder = suite.folder("interrupt_" + name)
    process = suite.start("run", *options, "--report", "r.json", "-c", code, folder=folder)
    try:
        first = process.stdout.readline()
        suite.equal(name + ": it runs", first, b"up\n")
        time.sleep(0.3)
        if whole_group:
            os.killpg(process.pid, signal_number)
        else:
            process.send_signal(signal_number)
        output, errors = process.communicate(timeout=60)
    except subprocess.TimeoutExpired:
        end_group(process)
        suite.check(name + ": ends within a minute", False)
        return None, b"", b"", None
    finally:
        end_group(process)
    path = os.path.join(folder, "r.json")
    report = json.load(open(path)) if os.path.exists(path) else None
    suite.check(name + ": the report is there", report is not None, errors)
    suite.equal(name + ": nothing else is left", [f for f in os.listdir(folder) if f != "r.json"], [])
    return process.returncode, output, errors, report


def test_interrupt(suite):
    endless = "print('up', flush=True)\nwhile True: pass\n"
    for name, group, options in (("from a terminal", True, ()), ("by its id", False, ()),
                                 ("two ISAs", True, ("--isa", "hybrid")), ("two ISAs by its id", False, ("--isa", "hybrid"))):
        status, _, errors, report = interrupt(suite, name, endless, *options, whole_group=group)
        suite.check(name + ": exit status", status == INTERRUPTED, "%d %s" % (status, errors.decode()))
        if report:
            suite.equal(name + ": marked", (report["program"]["interrupted"], report["program"]["exit_status"]), (True, INTERRUPTED))
            suite.equal(name + ": what had run", [(r["isa"], r["interrupted"]) for r in report["runs"]], [("stack", True)])
        if report and report["runs"]:
            run = report["runs"][0]
            suite.check(name + ": it counted", run["instructions"] > 100, run["instructions"])
            suite.equal(name + ": cycles add up", sum(run["cycle_stack"].values()), run["cycles"])
            suite.equal(name + ": instructions add up", sum(run["by_instruction"].values()), run["instructions"])
        suite.check(name + ": the text says so", b"nterrupted" in errors, errors)


def test_interrupt_in_calls(suite):
    for name, code in (("waiting for input", "print('up', flush=True)\nimport sys\nsys.stdin.readline()\n"),
                       ("in a comprehension", "print('up', flush=True)\nx = [i for i in iter(int, 1)]\n"),
                       ("in a native call", "print('up', flush=True)\nsum(iter(int, 1))\n")):
        status, _, errors, report = interrupt(suite, name, code, whole_group=True)
        suite.equal(name + ": exit status", status, INTERRUPTED)
        if report:
            suite.check(name + ": marked", report["program"]["interrupted"])


def test_files_are_written_once(suite):
    append = "with open('log.txt', 'a') as f:\n    f.write('line\\n')\nprint(open('log.txt').read())\n"
    for name, before in (("new file", None), ("existing file", "before\n")):
        files = {} if before is None else {"log.txt": before}
        hosts = [suite.folder("once_%s_%s" % (name, who), files) for who in ("cpython", "hybridsim")]
        wanted = suite.python("-c", append, folder=hosts[0])
        found = suite.hybridsim("run", "--quiet", "--isa", "hybrid", "--isa", "register", "-c", append, folder=hosts[1])
        suite.check(name + ": runs", (found.stdout, found.returncode) == (wanted.stdout, 0), found.stderr.decode())
        suite.equal(name + ": the file", open(os.path.join(hosts[1], "log.txt")).read(),
                    open(os.path.join(hosts[0], "log.txt")).read())
        suite.equal(name + ": nothing else", os.listdir(hosts[1]), ["log.txt"])
    for name, code in (("created exclusively", "f = open('new.txt', 'x'); f.write('a'); f.close(); print('made')"),
                       ("read and replaced", "n = int(open('n.txt').read()); open('n.txt', 'w').write(str(n + 1)); print(n)"),
                       ("truncated and read", "f = open('n.txt', 'w'); f.write('7'); f.close(); print(open('n.txt').read())")):
        hosts = [suite.folder("%s_%s" % (name, who), {"n.txt": "1"}) for who in ("cpython", "hybridsim")]
        wanted = suite.python("-c", code, folder=hosts[0])
        found = suite.hybridsim("run", "--quiet", "--isa", "hybrid", "-c", code, folder=hosts[1])
        suite.check(name + ": runs", (found.stdout, found.returncode) == (wanted.stdout, 0), found.stderr.decode())
        contents = [{f: open(os.path.join(host, f)).read() for f in os.listdir(host)} for host in hosts]
        suite.equal(name + ": the files", contents[1], contents[0])


def test_unsupported(suite):
    done = suite.hybridsim("run", "--quiet", "--report", "unsupported.json", "-c",
                           "import resource\nprint('first')\nresource.setrlimit(7, (9, 9))\n")
    suite.equal("unsupported: exit status", (done.returncode, done.stdout), (3, b"first\n"))
    suite.check("unsupported: named", b"setrlimit" in done.stderr, done.stderr)
    caught = "import resource\ntry:\n    resource.setrlimit(7, (9, 9))\nexcept SystemExit as error:\n    print(error)\n"
    done = suite.hybridsim("run", "--quiet", "--isa", "hybrid", "--no-baseline", "-c", caught + "{}['later']")
    suite.equal("unsupported, caught: what comes later counts", (done.returncode, done.stdout), (1, b"3\n"))
    suite.check("unsupported, caught: a traceback", b"KeyError: 'later'" in done.stderr, done.stderr)
    again = caught.replace("print(error)", "raise")
    done = suite.hybridsim("run", "--quiet", "--isa", "hybrid", "--no-baseline", "-c", again)
    suite.equal("unsupported, raised again: exit status", done.returncode, 3)
    finaliser = "import resource\nclass A:\n    def __del__(self): resource.setrlimit(7, (9, 9))\na = A()\ndel a\nprint(1)\n"
    done = suite.hybridsim("run", "--quiet", "--isa", "hybrid", "--no-baseline", "-c", finaliser)
    suite.equal("unsupported in a finaliser: exit status", (done.returncode, done.stdout), (3, b"1\n"))
    suite.equal("absent module", suite.hybridsim("run", "--quiet", "-c", "import _tkinter").returncode, 1)


def test_closed_output(suite):
    """The reader of stdout goes away: no endless run, no report of a fault of ours."""
    process = suite.start("run", "--quiet", "--isa", "hybrid", "-c", "while True: print('line')")
    process.stdout.readline()
    process.stdout.close()
    try:
        status = process.wait(timeout=60)
        suite.check("closed output: ends", status not in (0, 70), status)
    except subprocess.TimeoutExpired:
        suite.check("closed output: ends", False, "still running after 60 s")
    finally:
        end_group(process)


run_tests(globals())
