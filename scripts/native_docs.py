#!/usr/bin/env python3
"""Writes the docstrings and text signatures of the running CPython's built-in functions, types and modules as C tables, which
attributes of its types are members, and its sys.version.

usage: native_docs.py OUTPUT
"""
import importlib
import os
import re
import sys
import sysconfig
import types

HEAP_TYPE = 1 << 9
HIDDEN = (re.Pattern, re.Match, type(re.compile("").scanner(""))) # made by a native module, which does not hold them
DESCRIPTORS = (types.MethodDescriptorType, types.WrapperDescriptorType, types.GetSetDescriptorType,
               types.MemberDescriptorType, types.ClassMethodDescriptorType, types.BuiltinFunctionType)


def native_modules():
    names = set(sys.builtin_module_names)
    folder = sysconfig.get_config_var("DESTSHARED")
    if folder and os.path.isdir(folder):
        names.update(entry.split(".")[0] for entry in os.listdir(folder) if entry.endswith(".so"))
    for name in sorted(names):
        if name.startswith(("_test", "xx", "_xx")) or name in ("_tkinter", "_curses_panel", "readline"):
            continue
        try:
            yield name, importlib.import_module(name)
        except ImportError:
            continue


def all_classes(modules):
    """Classes written in C: the static ones, and those made at run time that a native module holds."""
    found = {o for _, module in modules for o in vars(module).values() if isinstance(o, type)}.union(HIDDEN)
    waiting = [object]
    while waiting:
        for derived in type.__subclasses__(waiting.pop()):
            waiting.append(derived)
            if not derived.__flags__ & HEAP_TYPE:
                found.add(derived)
    return sorted(found | {object}, key=lambda one: (one.__module__, one.__qualname__))


def place_of(one):
    return f"{one.__module__}.{one.__qualname__}"


def collect():
    """Key -> (docstring, signature), and the keys of modules and classes."""
    modules = list(native_modules())
    rows, scopes = {}, set()

    def add(key, one):
        """Also where there is neither text: nothing is to be made up then."""
        rows.setdefault(key, (getattr(one, "__doc__", None), getattr(one, "__text_signature__", None)))

    for one in all_classes(modules):
        add(place_of(one), one)
        scopes.add(place_of(one))
        for name, attribute in vars(one).items():
            if isinstance(attribute, staticmethod):
                attribute = attribute.__func__
            if isinstance(attribute, DESCRIPTORS):
                add(f"{place_of(one)}.{name}", attribute)
    for module_name, module in modules:
        rows.setdefault(module_name, (module.__doc__, None))
        scopes.add(module_name)
        for name, one in vars(module).items():
            if isinstance(one, types.BuiltinFunctionType):
                add(f"{module_name}.{name}", one)
    return rows, scopes


def members():
    """Class -> its attributes that are member descriptors, each with a blank behind it."""
    found = {}
    for one in all_classes(list(native_modules())):
        names = [name for name, attribute in vars(one).items() if isinstance(attribute, types.MemberDescriptorType)]
        if names:
            found[place_of(one)] = "".join(name + " " for name in names)
    return found


def main(path):
    text, places = bytearray(b"\0"), {}

    def place(content):
        if not isinstance(content, str):
            return 0
        encoded = content.encode()
        if encoded not in places:
            places[encoded] = len(text)
            text.extend(encoded + b"\0")
        return places[encoded]

    def rows_of(chosen):
        keys = sorted(chosen, key=str.encode)
        for key in keys: # together, for every search looks at some
            place(key)
        return [(place(key), place(rows[key][0]), place(rows[key][1])) for key in keys]

    rows, scopes = collect()
    # Modules and classes, which each start of hybridsim asks for, lie together: few pages are touched.
    tables = {"scope": rows_of(scopes), "member": rows_of(rows.keys() - scopes)}
    with open(path, "w") as out:
        out.write('#define REFERENCE_VERSION "%s"\n' % sys.version)
        for name, table in tables.items():
            out.write("static const struct native_doc_row native_doc_%s_rows[] = {\n" % name)
            out.writelines("    {%d, %d, %d},\n" % row for row in table)
            out.write("};\n")
        fields = members()
        out.write("static const struct native_doc_members native_doc_members_rows[] = {\n")
        out.writelines('    {"%s", "%s"},\n' % (key, fields[key]) for key in sorted(fields, key=str.encode))
        out.write("};\n")
        out.write("static const unsigned char native_doc_text[] = {\n")
        for start in range(0, len(text), 32):
            out.write("    " + ",".join(map(str, text[start:start + 32])) + ",\n")
        out.write("};\n")


if __name__ == "__main__":
    main(sys.argv[1])
