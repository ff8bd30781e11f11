"""Writes which file of sim/pylib/numpy defines which names of module numpy: numpy_library_names.py FOLDER OUTPUT."""
import ast
import os
import sys


def defined_names(tree):
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                for name in target.elts if isinstance(target, ast.Tuple) else [target]:
                    if isinstance(name, ast.Name):
                        yield name.id


def main(folder, output):
    rows = []
    for entry in sorted(os.listdir(folder)):
        if entry.startswith("_") and entry.endswith(".py"):
            with open(os.path.join(folder, entry), encoding="utf-8") as stream:
                names = list(dict.fromkeys(defined_names(ast.parse(stream.read()))))
            rows.append('{"numpy.%s",\n    "%s"},\n' % (entry[:-3], ' "\n    "'.join(names)))
        elif os.path.exists(os.path.join(folder, entry, "__init__.py")):
            rows.append('{"numpy.%s", "%s"},\n' % (entry, entry))
    with open(output, "w", encoding="utf-8") as stream:
        stream.write("".join(rows))


main(*sys.argv[1:])
