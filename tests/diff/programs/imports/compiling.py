"""compile, exec and eval: modes, flags, namespaces, errors; code objects; code, codeop, dis."""
import ast
import code
import codeop
import dis
import io
import sys
import types


def attempt(function, *arguments, **keywords):
    try:
        print(function(*arguments, **keywords))
    except BaseException as error:
        print(type(error).__name__, error)


print(eval("1 + 2"), eval("  \t3"), eval(b"4"), eval("x", {"x": 5}), eval("x + y", {"x": 1}, {"y": 2}))
attempt(eval, "1", [])
attempt(eval, "1", 3)
attempt(eval, "1", {}, 3)
attempt(exec, "1", [])
attempt(exec, "1", {}, 3)
for arguments in (("1", 3, "exec"), ("1", "f", "x"), ("1", "f", "exec", 1 << 30), ("1", "f", "exec", 0, False, 5), (1, "f", "exec"),
                  ("1", "f", "func_type"), ("1", "f", "xx", 1024), ("1\0", "f", "exec"), ("1", "f\0", "exec"), ("1", "f", 3)):
    attempt(compile, *arguments)
attempt(eval, 1)
attempt(exec, 1)
attempt(exec, "\ud800")
attempt(eval, "a =")
attempt(exec, "if 1:\nx")
attempt(exec, "def f(:\n  pass")


def outer():
    x = 1

    def inner():
        return x
    return inner


inner = outer().__code__
attempt(eval, inner)
attempt(exec, inner)
attempt(exec, inner, closure=())
attempt(exec, "1", closure=())
attempt(exec, compile("1", "", "exec"), closure=())
attempt(exec, inner, {}, closure=(types.CellType(2),))
attempt(exec, inner, {}, closure=(2,))

shown = compile("1 + 1\nprint('said')\n", "file", "exec")
exec(shown)
exec(compile("1 + 1", "file", "single"))
exec(compile("'text'", "file", "single"))
print(_)
exec(compile("assert False, 'kept'\n'doc'", "file", "exec", optimize=1))
space = {}
exec(compile("'''doc'''\ndef f():\n    'inner'\n    return __debug__", "file", "exec", optimize=2), space)
print(space["__doc__"] if "__doc__" in space else None, space["f"].__doc__, space["f"]())
exec("from __future__ import annotations\ndef f(a: undefined_name): pass\nprint(f.__annotations__)")
code_object = compile("from __future__ import annotations", "f", "exec")
print(code_object.co_flags & 0x1000000 != 0, compile("a", "f", "eval", flags=0x1000000).co_flags & 0x1000000 != 0)
print(compile("await x", "f", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT).co_flags & 128)
print(compile("x = 1", b"bytes name", "exec").co_filename)
exec("# coding: latin-1\nprint('\xe9')")
exec("# coding: latin-1\nprint('\xe9')".encode("latin-1"))


class Mapping(dict):
    def __missing__(self, key):
        return "missing " + key


print(eval("a + b", {}, Mapping(a="x ")))
names = Mapping()
exec("c = a", {}, names)
print(dict(names))
print(sorted(k for k in eval("globals()", {"q": 1})))

console = code.InteractiveInterpreter({"value": 21})
console.runsource("print(value * 2)")
print(console.runsource("for i in (1, 2):"), console.runsource("x = (1,"))
stderr, sys.stderr = sys.stderr, io.StringIO()
console.runsource("x = = 1")
console.runsource("1 / 0")
print(sys.stderr.getvalue())
sys.stderr = stderr
print(codeop.compile_command("if x:"), codeop.compile_command("y = 1").co_name)
attempt(codeop.compile_command, "x = )")
dis.dis("a = b + 1\nfor i in range(3):\n    print(i, sep='')\n")
dis.dis(attempt)
print(dis.stack_effect(dis.opmap["LOAD_CONST"], 0), dis.stack_effect(dis.opmap["FOR_ITER"], 0, jump=True))
print(list(dis.findlabels(outer.__code__.co_code)), [i.opname for i in dis.get_instructions("x.y")])
