"""multiprocessing.shared_memory inside one process: blocks, lists, names, errors."""
import _posixshmem
import os
from multiprocessing import shared_memory

name = f"hs_trial_{os.getpid()}"
block = shared_memory.SharedMemory(name=name, create=True, size=100)
other = shared_memory.SharedMemory(name=name)
block.buf[:5] = b"hello"
print(bytes(other.buf[:6]), block.size, other.size >= 100, block.name == name)
try:
    shared_memory.SharedMemory(name=name, create=True, size=10)
except FileExistsError as error:
    print(error.errno, error.filename == "/" + name)
other.close()
block.close()
block.unlink()
for action in [lambda: shared_memory.SharedMemory(name=name), lambda: shared_memory.SharedMemory(create=True, size=0),
               lambda: shared_memory.SharedMemory(), lambda: _posixshmem.shm_unlink("/hs_no_such_segment"),
               lambda: _posixshmem.shm_open("/", os.O_RDWR), lambda: _posixshmem.shm_open(3, 0),
               lambda: _posixshmem.shm_open("/a\0b", 0)]:
    try:
        print(action())
    except Exception as error:
        print(type(error).__name__, str(error).replace(name, "NAME"))

items = shared_memory.ShareableList(["text", 5, 2.5, None, b"bytes", True])
print(items[0], items[1], list(items), len(items), items.count(5), items.index(None))
items[1] = 77
items[0] = "new"
twin = shared_memory.ShareableList(name=items.shm.name)
print(list(twin), twin.format)
twin.shm.close()
items.shm.close()
items.shm.unlink()
