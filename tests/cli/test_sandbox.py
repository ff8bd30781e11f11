"""What a program may do with files: where it writes, that nothing leads out, that several ISAs' runs find the same files."""
import os

from harness import run_tests

ATTEMPTS = '''import os, sys, subprocess
outside = sys.argv[1]
def attempt(name, function):
    try:
        function()
        print(name, "done")
    except PermissionError as error:
        print(name, "refused", "--allow-write" in str(error), "--no-files" in str(error))
    except OSError as error:
        print(name, type(error).__name__)
attempt("write", lambda: open(outside + "/new", "w").close())
attempt("append", lambda: open(outside + "/kept", "a").close())
attempt("update", lambda: open(outside + "/kept", "r+").close())
attempt("dots", lambda: open("sub/../" + os.path.relpath(outside) + "/new", "w").close())
os.symlink(outside, "way")
attempt("link", lambda: open("way/new", "w").close())
os.symlink(outside + "/new", "dangling")
attempt("dangling", lambda: open("dangling", "w").close())
attempt("mkdir", lambda: os.mkdir(outside + "/folder"))
attempt("remove", lambda: os.remove(outside + "/kept"))
attempt("rename out", lambda: os.rename("own", outside + "/own"))
attempt("rename in", lambda: os.rename(outside + "/kept", "taken"))
attempt("hard link", lambda: os.link(outside + "/kept", "taken"))
attempt("chmod", lambda: os.chmod(outside + "/kept", 0o600))
attempt("utime", lambda: os.utime(outside + "/kept"))
attempt("truncate", lambda: os.truncate(outside + "/kept", 0))
attempt("os.open", lambda: os.close(os.open(outside + "/new", os.O_CREAT | os.O_WRONLY)))
attempt("dir_fd", lambda: os.mkdir("x", dir_fd=os.open(outside, os.O_RDONLY)))
attempt("read", lambda: open(outside + "/kept").close())
attempt("own", lambda: open("own", "w").close())
attempt("null", lambda: open(os.devnull, "w").close())
attempt("missing", lambda: os.remove(outside + "/missing"))
for name in ("fork", "system", "execv", "posix_spawn"):
    attempt(name, lambda: getattr(os, name)("ls"))
attempt("subprocess", lambda: subprocess.run(["ls"]))
'''
REFUSED = ("write append update dots link dangling mkdir remove rename-out rename-in hard-link chmod utime truncate os.open "
           "dir_fd").split()

CHANGES = '''import os, shutil
print(sorted(os.listdir(".")), open("log").read())
os.mkdir("made")
with open("made/file", "w") as file:
    file.write("one")
os.rename("old", "new")
with open("log", "a") as file:
    file.write("line\\n")
with open("rewritten", "r+") as file:
    file.write("XX")
os.remove("gone")
os.symlink("log", "way")
os.chmod("rewritten", 0o600)
os.utime("rewritten", (1, 2))
shutil.rmtree("tree")
os.rename("made", "renamed")
os.mkdir("tree")
print(sorted(os.listdir(".")), open("way").read(), oct(os.stat("rewritten").st_mode), os.stat("log").st_ino > 0, os.getpid() > 0)
print(os.stat("log").st_mtime, os.stat("log").st_ino)
'''


def outside_of(suite, name):
    """A folder that is neither the script's nor the temporary one."""
    path = os.path.join(os.path.expanduser("~"), ".cache", "hybridsim-test-%d-%s" % (os.getpid(), name))
    os.makedirs(path)
    with open(os.path.join(path, "kept"), "w") as stream:
        stream.write("kept")
    return path


def attempts(suite, name, *options):
    outside = outside_of(suite, name)
    place = outside + ".script"
    os.makedirs(os.path.join(place, "sub"))
    with open(os.path.join(place, "try.py"), "w") as stream:
        stream.write(ATTEMPTS)
    try:
        done = suite.hybridsim("run", "--quiet", "--no-baseline", "--isa", "stack", *options, "try.py", outside, folder=place)
        lines = done.stdout.decode().splitlines()
        kept = open(os.path.join(outside, "kept")).read() if os.path.exists(os.path.join(outside, "kept")) else None
        return {line.rsplit(" refused", 1)[0].rsplit(" done", 1)[0].replace(" ", "-"): line for line in lines}, \
            sorted(os.listdir(outside)), kept, done
    finally:
        for path in (outside, place):
            for folder, folders, files in os.walk(path, topdown=False):
                for file in files + [f for f in folders if os.path.islink(os.path.join(folder, f))]:
                    os.unlink(os.path.join(folder, file))
                os.rmdir(folder)


def test_refused(suite):
    lines, names, kept, done = attempts(suite, "refused")
    for name in REFUSED:
        suite.check(name, "refused True" in lines.get(name, ""), lines.get(name, done.stderr.decode()))
    for name in ("read", "own", "null"):
        suite.check(name, lines.get(name, "").endswith("done"), lines.get(name, done.stderr.decode()))
    for name in ("fork", "system", "execv", "posix_spawn", "subprocess"):
        suite.check(name, "refused" in lines.get(name, ""), lines.get(name, done.stderr.decode()))
    suite.equal("the folder outside", (names, kept), (["kept"], "kept"))


def test_allow_write(suite):
    outside = outside_of(suite, "allowed")
    script = os.path.join(suite.folder("allowed"), "write.py")
    with open(script, "w") as stream:
        stream.write("import sys\nopen(sys.argv[1] + '/new', 'w').write('x')\nprint('done')\n")
    try:
        done = suite.hybridsim("run", "--quiet", "--isa", "stack", "--allow-write", outside, script, outside)
        suite.equal("--allow-write", (done.stdout, sorted(os.listdir(outside))), (b"done\n", ["kept", "new"]))
    finally:
        for name in os.listdir(outside):
            os.unlink(os.path.join(outside, name))
        os.rmdir(outside)


def test_no_files(suite):
    place = suite.folder("no_files", {"p.py": "import json\nfor mode in 'rw':\n    try:\n        open('p.py', mode)\n"
                                              "    except PermissionError as error:\n        print('--no-files' in str(error))\n"})
    done = suite.hybridsim("run", "--quiet", "--isa", "stack", "--no-files", "p.py", folder=place)
    suite.equal("--no-files", done.stdout, b"True\nTrue\n")


NATIVE = '''
import ctypes
libc = ctypes.CDLL("libc.so.6")
getpid = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.cast(libc.getpid, ctypes.c_void_p).value)
for name, function in [("getpid", libc.getpid), ("getpid", getpid), ("system", lambda: libc.system(b"exit 3") >> 8),
                       ("system", lambda: libc.qsort(ctypes.create_string_buffer(b"x"), 2, 1, libc.system) or 1),
                       ("library", lambda: ctypes.CDLL("libz.so.1").zlibVersion() != 0)]:
    try:
        print(name, function() > 0)
    except PermissionError as error:
        print(name, "refused", name in str(error), "--allow-native" in str(error))
'''


def test_native(suite):
    place = suite.folder("native", {"p.py": NATIVE})
    done = suite.hybridsim("run", "--quiet", "--isa", "hybrid", "p.py", folder=place)
    suite.equal("refused", done.stdout, b"getpid refused True True\ngetpid refused True True\nsystem refused True True\n"
                                        b"system refused True True\n"
                                        b"library refused True True\n")
    done = suite.hybridsim("run", "--quiet", "--isa", "hybrid", "--allow-native", "p.py", folder=place)
    suite.equal("--allow-native", done.stdout, b"getpid True\ngetpid True\nsystem True\nsystem True\nlibrary True\n")


def make_files(suite, name):
    place = suite.folder(name, {"p.py": CHANGES, "old": "old", "log": "", "rewritten": "rewritten", "gone": "gone",
                                "tree/a/b": "b"})
    os.chmod(os.path.join(place, "rewritten"), 0o644)
    return place


def contents(place):
    found = {}
    for folder, folders, files in os.walk(place):
        for file in files:
            with open(os.path.join(folder, file)) as stream:
                found[os.path.relpath(os.path.join(folder, file), place)] = stream.read()
        for name in folders:
            found.setdefault(os.path.relpath(os.path.join(folder, name), place) + "/", None)
    return found


def test_several_isas(suite):
    """Every run finds the files as they were, and they end as one run leaves them."""
    place = make_files(suite, "several")
    done = suite.hybridsim("run", "--quiet", "--isa", "hybrid", "--isa", "register", "p.py", folder=place)
    suite.equal("exit status", (done.returncode, done.stderr), (0, b""))
    suite.check("found", done.stdout.startswith(b"['gone', 'log', 'old', 'p.py', 'rewritten', 'tree'] \n"), done.stdout)
    other = make_files(suite, "once")
    suite.python("p.py", folder=other)
    suite.equal("files afterwards", contents(place), contents(other))


def test_nothing_left(suite):
    """The journals are removed with the runs."""
    folder = suite.folder("journals")
    place = make_files(suite, "left")
    suite.hybridsim("run", "--quiet", "--isa", "hybrid", "p.py", folder=place, environment={"TMPDIR": folder})
    suite.equal("temporary folder", os.listdir(folder), [])


run_tests(globals())
