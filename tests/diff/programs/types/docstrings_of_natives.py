"""Docstrings and text signatures of what is not written in Python are CPython's."""
import inspect
import io
import itertools
import math
import pydoc
import types
import zlib

KINDS = (types.MethodDescriptorType, types.WrapperDescriptorType, types.GetSetDescriptorType, types.MemberDescriptorType,
         types.ClassMethodDescriptorType)


def show(name, one):
    doc, signature = one.__doc__, getattr(one, "__text_signature__", None)
    print(name, None if doc is None else (len(doc), zlib.crc32(doc.encode())), signature)


import builtins
for module in builtins, math, itertools:
    show(module.__name__, module)
    for name, one in sorted(vars(module).items()):
        if name != "__loader__" and isinstance(one, (types.BuiltinFunctionType, type)):
            show(name, one)

for one in int, float, complex, str, bytes, bytearray, list, tuple, dict, set, frozenset, range, slice, memoryview, property:
    for name, member in sorted(vars(one).items()):
        if isinstance(member, KINDS) and name not in ("__sizeof__", "__getattribute__", "__str__", "__alloc__"):
            show(f"{one.__name__}.{name}", member)

for bound in [].append, "".join, {}.get, dict.fromkeys, int.from_bytes, (3).__add__, io.StringIO().write:
    show(bound.__name__, bound)


class Mine(list):
    """Mine."""

    def append(self, item):
        super().append(item)


print(Mine.__doc__, Mine().__doc__, Mine.append.__doc__, Mine.extend.__doc__, Mine().sort.__doc__)
print(inspect.getdoc(Mine.append))
print(inspect.signature(print), inspect.signature(sorted), inspect.signature(io.StringIO))
for unknown in max, dict, range:
    try:
        print(inspect.signature(unknown))
    except ValueError as error:
        print(error)
print(pydoc.render_doc(len, renderer=pydoc.plaintext))
print(pydoc.render_doc(str.center, renderer=pydoc.plaintext))
print(pydoc.render_doc(complex.imag, renderer=pydoc.plaintext))
