"""Syntax trees: parsing, building, changing, compiling, writing back."""
import ast
t = ast.parse("def f(x, *, y=1):\n    'doc'\n    return x + y ** 2.5 if x else [i async for i in z]\nprint(f(3), b'a', 10**3, 1j, ..., None)\n", "name.py")
print(ast.dump(t, indent=1, include_attributes=True))
print(ast.unparse(t))
print(ast.literal_eval("{'a': [1, 2.5, (3, -4)], b'x': {1, 2}}"))
exec(compile(ast.parse("a = 5; print(a * 2)"), "x", "exec"))
class V(ast.NodeTransformer):
    def visit_Constant(self, node):
        return ast.copy_location(ast.Constant(node.value * 2), node)
m = V().visit(ast.parse("print(21)"))
exec(compile(m, "y", "exec"))
try:
    compile(ast.Module([ast.Expr(ast.Name("x", ast.Load()))], []), "z", "exec")
except TypeError as e: print(e)
try:
    compile(ast.Module([ast.Expr(5)], []), "z", "exec")
except TypeError as e: print(e)
print(ast.stmt.__doc__, ast.BinOp.__doc__, ast.expr_context.__doc__)
print(ast.BinOp(1, 2).__dict__, ast.Name._fields, ast.arg._attributes)
try: ast.BinOp(1,2,3,4)
except TypeError as e: print(e)

for source, mode in (("x + 1", "eval"), ("(int, str) -> float", "func_type"), ("x = 1", "single")):
    print(ast.dump(ast.parse(source, mode=mode)))
print(ast.dump(ast.parse("x = 1 # type: int", type_comments=True)))
try:
    ast.parse("match x:\n case 1: pass", feature_version=(3, 9))
except SyntaxError as error:
    print(error.msg)
for source in ("f(a, *b, c=1, **d)", "lambda a, /, b=2, *c, d, **e: 0", "[x for x in y if z]", "{**a, 'b': 1}", "x[1:2, ::3]",
               "f'{a!r:>{w}} {{b}}'", "not a or b and c", "-x ** 2", "a if b else c", "(yield x)", "await y", "1 < 2 <= 3 != 4"):
    tree = ast.parse(source)
    print(ast.unparse(tree), "|", ast.dump(tree.body[0].value))
print(ast.unparse(ast.parse("""
@decorated
class A(B, metaclass=C):
    x: int = 1
    async def f(self):
        async with a as b, c:
            async for i in d:
                await e
        try:
            raise X from Y
        except* (A, B) as error:
            pass
        finally:
            del z
    match p:
        case [1, *rest] if rest: pass
        case {'k': v, **more}: pass
        case Point(x=0) | None: pass
        case _: pass
with open(f) as g: global h
while True: break
else: continue
""")))
for text in ("1 + 2", "__import__('os')", "[1, 'a'", "{'a': {1, 2}, None: (True, -3.5, 1+2j, b'z')}", "f()"):
    try:
        print(ast.literal_eval(text))
    except (ValueError, SyntaxError) as error:
        print(type(error).__name__, str(error)[:40])
class Names(ast.NodeVisitor):
    def __init__(self):
        self.found = []
    def visit_Name(self, node):
        self.found.append((node.id, type(node.ctx).__name__, node.lineno, node.col_offset))
        self.generic_visit(node)
names = Names()
names.visit(ast.parse("a = b + c\nfor d in e: f(g)"))
print(names.found)
tree = ast.parse("x = y = 3")
print(len(list(ast.walk(tree))), [type(n).__name__ for n in ast.iter_child_nodes(tree.body[0])], tree.body[0].targets[0].ctx is tree.body[0].targets[1].ctx)
made = ast.fix_missing_locations(ast.Module([ast.Assign([ast.Name("made", ast.Store())], ast.Constant(7))], []))
space = {}
exec(compile(made, "made", "exec"), space)
print(space["made"], ast.get_docstring(ast.parse("'text'")), ast.get_source_segment("a = bb", ast.parse("a = bb").body[0].value))
for bad in (ast.Module([ast.Return(ast.Constant(1))], []), ast.Module([ast.Expr(ast.Constant([]))], []), ast.Expression(ast.Name("x", ast.Store())),
            ast.Module([ast.FunctionDef("f", None, [], [])], [])):
    try:
        compile(ast.fix_missing_locations(bad), "bad", "eval" if isinstance(bad, ast.Expression) else "exec")
    except (SyntaxError, TypeError, ValueError) as error:
        print(type(error).__name__, error)
node = ast.Constant(1)
print(node.value, node.kind, node.n, isinstance(node, ast.Num), ast.Num(2).value, ast.Str("s").s)
import copy, pickle
again = copy.deepcopy(tree)
print(ast.dump(again) == ast.dump(tree), again is tree, ast.dump(pickle.loads(pickle.dumps(tree))))
class Sub(ast.Name):
    extra = 1
print(ast.dump(Sub("n", ast.Load())), isinstance(Sub("n"), ast.expr))
