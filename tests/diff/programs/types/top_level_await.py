"""Code compiled for a prompt with top-level await: run as a function and by eval(); a module's code as a function."""
import ast, asyncio, types, inspect
flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
async def f():
    await asyncio.sleep(0)
    return 42
for source, mode in (("a = await f()", "exec"), ("b = [x async for x in g()]\nc = await f() + 1\ndel c", "exec"), ("await f()", "eval"), ("await f()", "single")):
    async def g():
        yield 1
        yield 2
    code = compile(source, "x", mode, flags)
    space = {"f": f, "g": g}
    coroutine = types.FunctionType(code, space)()
    print(inspect.iscoroutine(coroutine), coroutine.cr_code.co_name, asyncio.run(coroutine))
    print(sorted((k, v) for k, v in space.items() if k not in "fg__builtins__"))
    space = {"f": f, "g": g}
    local = {}
    result = eval(code, space, local)
    print(asyncio.run(result), sorted(local.items()))
plain = compile("z = 1\nprint(z, sorted(k for k in locals() if k[0] != '_'))\nclass K: q = z", "x", "exec")
space = {}
try:
    print(types.FunctionType(plain, space)(), sorted(k for k in space if k[0] != '_'))
except BaseException as error:
    print(type(error), error)
