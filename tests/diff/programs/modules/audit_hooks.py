# sys.addaudithook and sys.audit: what hooks hear, and that they can forbid it.
import os
import sys
import tempfile

listening = False
forbidden = set()


def shown(argument):
    plain = isinstance(argument, (int, str, bytes, type(None)))
    return repr(argument) if plain else type(argument).__name__


def hook(event, arguments):
    if listening:
        print(event, *map(shown, arguments))
    if event in forbidden:
        raise PermissionError("not " + event)


def function(a=1, *, b=2):
    return a


folder = tempfile.mkdtemp()
before = os.getcwd()
os.chdir(folder)
sys.addaudithook(hook)
listening = True
sys.audit("my.event")
sys.audit("my.other", 1, "two", [3])
eval("1 + 1")
exec("x = 1")
exec(b"x = 2")
exec(compile("3", "named", "exec"))
open("file", "w").close()
open("file").close()
open("file", "ab").close()
open("file", "r+").close()
open(b"file", "rb", 0).close()
os.close(os.open("file", os.O_RDONLY))
os.listdir()
os.listdir(".")
list(os.scandir("."))
os.mkdir("inner")
os.mkdir("other", 0o700)
os.rename("inner", "moved")
os.rmdir("moved")
os.chmod("file", 0o600)
os.truncate("file", 0)
os.utime("file", (1, 1))
os.utime("file", ns=(1, 1))
os.utime("file")
os.symlink("file", "symbolic")
os.link("file", "linked")
os.replace("linked", "linked2")
os.remove("linked2")
os.unlink("symbolic")
os.environ["AUDITED"] = "1"
del os.environ["AUDITED"]
function.__code__
function.__defaults__
function.__kwdefaults__
function.__closure__
function.__name__
function.__code__ = function.__code__
function.__defaults__ = (2,)
function.__kwdefaults__ = None
del function.__defaults__
sys._getframe()
listening = False
forbidden.update(["open", "compile", "os.remove", "import", "builtins.id", "my.event", "object.__getattr__"])
for what in (lambda: open("file"), lambda: eval("1"), lambda: os.remove("file"), lambda: __import__("colorsys"), lambda: id(3),
             lambda: sys.audit("my.event"), lambda: function.__code__, lambda: exec("1")):
    try:
        print(what())
    except PermissionError as error:
        print(error)
forbidden.clear()
for arguments in (), (1,), ("a", "b"):
    try:
        print(sys.audit(*arguments))
    except TypeError as error:
        print(error)


def refuse(event, arguments):
    if event == "sys.addaudithook":
        raise RuntimeError("no more hooks")


sys.addaudithook(refuse)
print(sys.addaudithook(lambda event, arguments: print("never heard")))
sys.audit("last")
try:
    sys.addaudithook()
except TypeError as error:
    print(error)
os.remove("file")
os.rmdir("other")
os.chdir(before)
os.rmdir(folder)
