"""ctypes.util, ctypes.wintypes, the surface of _ctypes, and programs of the documentation's kind."""
import ctypes
import ctypes.util
import _ctypes
from ctypes import wintypes

print(sorted(name for name in dir(_ctypes) if name not in ("PyObj_FromPtr", "Py_DECREF", "Py_INCREF", "__file__")))
print(sorted(name for name in dir(ctypes) if not name.startswith("__")))
for name in ("FUNCFLAG_CDECL", "FUNCFLAG_PYTHONAPI", "FUNCFLAG_USE_ERRNO", "FUNCFLAG_USE_LASTERROR", "RTLD_LOCAL", "RTLD_GLOBAL",
             "CTYPES_MAX_ARGCOUNT", "__version__"):
    print(name, getattr(_ctypes, name))
for kind in (ctypes.Structure, ctypes.Union, ctypes.Array, ctypes._Pointer, ctypes._SimpleCData, ctypes._CFuncPtr):
    print(kind, type(kind), kind.__base__, type(kind).__base__, kind.__doc__.splitlines()[0])
    print(sorted(set(dir(kind)) - set(dir(object))), sorted(set(dir(type(kind))) - set(dir(type))))
print(ctypes.util.find_library("c"), ctypes.util.find_library("m"), ctypes.util.find_library("no_such_library"))
print(ctypes.CDLL(ctypes.util.find_library("c")).abs(-3), ctypes.cdll.LoadLibrary("libm.so.6")._name)
print(ctypes.sizeof(wintypes.DWORD), ctypes.sizeof(wintypes.RECT), wintypes.POINT(1, 2).y, wintypes.VARIANT_BOOL(True),
      wintypes.MSG.message.offset, [field[0] for field in wintypes.WIN32_FIND_DATAA._fields_][:3])


class Node(ctypes.Structure):
    pass


Node._fields_ = [("key", ctypes.c_int), ("left", ctypes.POINTER(Node)), ("right", ctypes.POINTER(Node))]


nodes = [Node(key) for key in (5, 2, 8, 1, 9, 3)]


def insert(node, new):
    side = "left" if new.key < node.key else "right"
    below = getattr(node, side)
    if below:
        insert(below.contents, new)
    else:
        setattr(node, side, ctypes.pointer(new))


def walk(node):
    if node:
        yield from walk(node.contents.left)
        yield node.contents.key
        yield from walk(node.contents.right)


for node in nodes[1:]:
    insert(nodes[0], node)
print(list(walk(ctypes.pointer(nodes[0]))))

libc = ctypes.CDLL("libc.so.6")
libc.malloc.restype = ctypes.c_void_p
libc.malloc.argtypes = [ctypes.c_size_t]
libc.free.argtypes = [ctypes.c_void_p]
block = libc.malloc(40)
numbers = ctypes.cast(block, ctypes.POINTER(ctypes.c_int))
for i in range(10):
    numbers[i] = i * i
print(numbers[:10], ctypes.string_at(block, 8))
libc.free(block)
libc.srand(1)
first = [libc.rand() for _ in range(3)]
libc.srand(1)
print(first == [libc.rand() for _ in range(3)])
words = (ctypes.c_char_p * 4)(b"pear", b"apple", b"fig", b"cherry")
compare = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_char_p), ctypes.POINTER(ctypes.c_char_p))
libc.qsort(words, 4, ctypes.sizeof(ctypes.c_char_p), compare(lambda a, b: (a[0] > b[0]) - (a[0] < b[0])))
print(words[:])
text = ctypes.create_string_buffer(b"one,two;three")
libc.strtok.restype = ctypes.c_char_p
token, tokens = libc.strtok(text, b",;"), []
while token:
    tokens.append(token)
    token = libc.strtok(None, b",;")
print(tokens)
libc.mbstowcs.restype = ctypes.c_size_t
wide = ctypes.create_unicode_buffer(20)
print(libc.mbstowcs(wide, "gr\u00fc\u00df".encode(), 20), wide.value, chr(libc.towupper(ord("\u00e4"))))
for kept in range(300):  # collected storage under pressure
    arrays = [(ctypes.c_int * 100)(*range(100)) for _ in range(20)]
    assert all(array[99] == 99 for array in arrays)
pointers = [ctypes.pointer(ctypes.c_long(i)) for i in range(1000)]
print(sum(p[0] for p in pointers), sum(p.contents.value for p in pointers))
for made in (ctypes.c_int(), Node(), (ctypes.c_int * 3)(), ctypes.pointer(ctypes.c_int()), ctypes.CFUNCTYPE(ctypes.c_int)(),
             ctypes.byref(ctypes.c_int()), Node.key):
    print(type(made).__name__, made.__sizeof__(), type(made).__basicsize__)
