"""os, pathlib, shutil, glob, tempfile: names and folders made, moved and removed below the temporary folder."""
import errno
import fnmatch
import glob
import os
import pathlib
import shutil
import stat
import tempfile

top = pathlib.Path(tempfile.mkdtemp())


def attempt(function):
    try:
        print("fine", function())
    except OSError as error:
        print(type(error).__name__, errno.errorcode[error.errno], error.strerror)
    except Exception as error:
        print(type(error).__name__, str(error).replace(str(top), "TOP"))


def tree(path):
    for folder, folders, files in sorted(os.walk(path)):
        print(os.path.relpath(folder, path), sorted(folders), sorted(files))


os.makedirs(top / "a" / "b" / "c")
(top / "a" / "x.txt").write_text("x\n")
(top / "a" / "b" / "y.py").write_bytes(b"yy")
os.symlink("x.txt", top / "a" / "link")
os.link(top / "a" / "x.txt", top / "a" / "hard")
tree(top)
attempt(lambda: os.mkdir(top / "a"))
attempt(lambda: os.rmdir(top / "a"))
attempt(lambda: os.remove(top / "missing"))
attempt(lambda: os.listdir(top / "missing"))
attempt(lambda: os.rename(top / "missing", top / "other"))
attempt(lambda: os.stat("a\0b"))
attempt(lambda: os.stat(None))
attempt(lambda: os.fspath(1))
status = os.stat(top / "a" / "x.txt")
print(status.st_size, status.st_nlink, stat.S_ISREG(status.st_mode), len(status), status[6], status.st_mtime_ns > 0)
print(stat.S_ISLNK(os.lstat(top / "a" / "link").st_mode), os.readlink(top / "a" / "link"))
with os.scandir(top / "a") as entries:
    for entry in sorted(entries, key=lambda entry: entry.name):
        print(entry.name, entry.is_file(), entry.is_dir(), entry.is_symlink(), entry.stat().st_size > 0, repr(entry),
              os.fspath(entry) == str(top / "a" / entry.name))
os.chmod(top / "a" / "x.txt", 0o640)
print(oct(stat.S_IMODE(os.stat(top / "a" / "x.txt").st_mode)), stat.filemode(0o100755), stat.filemode(0o41777))
os.utime(top / "a" / "x.txt", (10, 20.5))
print(os.path.getatime(top / "a" / "x.txt"), os.path.getmtime(top / "a" / "x.txt"))
os.utime(top / "a" / "x.txt", ns=(5, 7))
print(os.stat(top / "a" / "x.txt").st_mtime_ns, os.access(top / "a", os.R_OK), os.access(top / "none", os.F_OK))
os.rename(top / "a" / "hard", top / "a" / "b" / "moved")
os.replace(top / "a" / "b" / "moved", top / "a" / "b" / "y.py")
print((top / "a" / "b" / "y.py").read_text())
os.truncate(top / "a" / "x.txt", 1)
print(os.path.getsize(top / "a" / "x.txt"))
shutil.copytree(top / "a", top / "copy", symlinks=True)
shutil.copy2(top / "a" / "x.txt", top / "z.txt")
shutil.move(top / "z.txt", top / "copy" / "b")
tree(top)
print(sorted(glob.glob("**/*.txt", root_dir=top, recursive=True)), fnmatch.filter(["a.py", "b.txt"], "*.py"))
print(sorted(str(path.relative_to(top)) for path in top.rglob("*.*")))
print((top / "a" / ".." / "a").resolve() == (top / "a").resolve(), (top / "a").is_dir(), (top / "q").exists())
shutil.rmtree(top / "copy")
print(sorted(os.listdir(top)), os.path.normpath("/a/./b/../c//d/"), os.path.normpath("//x/../.."), os.path.normpath("../../x/.."))

descriptor = os.open(top / "raw", os.O_RDWR | os.O_CREAT, 0o600)
print(os.write(descriptor, b"hello world"), os.lseek(descriptor, 6, os.SEEK_SET), os.read(descriptor, 3), os.pread(descriptor, 2, 0))
os.ftruncate(descriptor, 4)
print(os.fstat(descriptor).st_size, os.isatty(descriptor), os.get_inheritable(descriptor))
copy = os.dup(descriptor)
os.close(descriptor)
attempt(lambda: os.fstat(descriptor))
with os.fdopen(copy, "rb") as file:
    file.seek(0)
    print(file.read())
reader, writer = os.pipe()
print(os.write(writer, b"through"), os.read(reader, 100))
os.close(reader)
os.close(writer)
folder = os.open(top, os.O_RDONLY)
os.mkdir("inner", dir_fd=folder)
print(os.stat("inner", dir_fd=folder).st_nlink > 0, sorted(os.listdir(folder)))
os.rmdir("inner", dir_fd=folder)
os.close(folder)
here = os.getcwd()
os.chdir(top)
print(os.path.samefile(".", top), os.path.abspath("x") == os.path.join(os.getcwd(), "x"))
os.chdir(here)
with tempfile.TemporaryDirectory(dir=top) as inner:
    with tempfile.NamedTemporaryFile("w+", dir=inner, suffix=".tmp") as file:
        file.write("text")
        file.seek(0)
        print(file.read(), os.path.dirname(file.name) == inner)
    print(os.listdir(inner))
with tempfile.SpooledTemporaryFile(10) as file:
    file.write(b"more than ten bytes")
    file.seek(0)
    print(file.read())
os.environ["FILES_TEST"] = "1"
print(os.getenv("FILES_TEST"), os.getenv("NOT_THERE", "default"), os.path.expandvars("$FILES_TEST-x"))
print(os.terminal_size((80, 24)), os.stat_result(range(10)), os.strerror(2), os.devnull, os.sep)
print(os.WIFEXITED(256), os.WEXITSTATUS(256), os.waitstatus_to_exitcode(9))
shutil.rmtree(top)
print(top.exists())
