# Module marshal with code objects, and what stands on it: py_compile, compileall, importlib's writing.
import hashlib
import importlib.util
import marshal
import os
import py_compile
import sys
import tempfile
import types
import _sha512

source = '''
import sys
CONSTANTS = (1, -2, 2**70, 1.5, 2j, "text", b"bytes", (None, True, ...), frozenset({1, 2}))
def outer(a, b=2, /, c=3, *rest, d=4, **more):
    """Its text."""
    cell = a
    def inner(x):
        nonlocal cell
        cell += x
        return cell, b
    return inner
class Some:
    attribute = [i * i for i in range(4)]
    def method(self):
        try:
            return __class__.__name__
        finally:
            pass
def generate(n):
    for i in range(n):
        yield i
'''
code = compile(source, "made.py", "exec")
for version in range(5):
    again = marshal.loads(marshal.dumps(code, version))
    space = {}
    exec(again, space)
    print(version, again.co_filename, again.co_names, space["CONSTANTS"] == (1, -2, 2**70, 1.5, 2j, "text", b"bytes",
          (None, True, ...), frozenset({1, 2})), space["outer"](5)(6), space["Some"]().method(), list(space["generate"](3)))
    print(again == code, space["outer"].__code__.co_varnames, space["outer"].__code__.co_cellvars)
nested = marshal.loads(marshal.dumps([code, {"code": space["outer"].__code__}, code]))
print(nested[0] is nested[2], nested[1]["code"].co_consts[0], type(nested[0]))
lambda_code = (lambda x, y=1: x + y).__code__
print(types.FunctionType(marshal.loads(marshal.dumps(lambda_code)), {}, "f", (10,))(5))
for bad in (b"c", b"c" + b"\0" * 20, marshal.dumps(code)[:-3], b"c" + b"\0" * 30):
    try:
        marshal.loads(bad)
    except (EOFError, ValueError, TypeError) as error:
        print(type(error).__name__)

with tempfile.TemporaryDirectory() as folder:
    name = os.path.join(folder, "made_here.py")
    with open(name, "w") as file:
        file.write(source + "print('imported', __name__)\n")
    compiled = py_compile.compile(name, cfile=os.path.join(folder, "made_here.pyc"), doraise=True)
    with open(compiled, "rb") as file:
        print(file.read(4) == importlib.util.MAGIC_NUMBER, len(file.read(12)))
        body = marshal.load(file)
    print(os.path.basename(body.co_filename))
    os.remove(name)
    sys.path.insert(0, folder)
    import made_here
    print(made_here.outer(1)(2), os.path.basename(made_here.__file__))
    with open(name, "w") as file:
        file.write("a = (\n")
    try:
        py_compile.compile(name, doraise=True)
    except py_compile.PyCompileError as error:
        print(error.exc_type_name, str(error.msg).replace(folder, "FOLDER"))

digest = _sha512.sha384(b"some")
digest.update(b" text" * 100)
print(digest.hexdigest(), digest.name, digest.digest_size, digest.block_size, digest.copy().digest() == digest.digest())
print(hashlib.sha384(b"some" + b" text" * 100).hexdigest() == digest.hexdigest(), _sha512.sha512(b"").hexdigest()[:16])
