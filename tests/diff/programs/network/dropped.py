# A socket that nobody holds any more is closed, with a ResourceWarning for those who ask for it.
import gc
import socket
import warnings

left, right = socket.socketpair()
del left
gc.collect()
print(right.recv(1))
right.close()

with warnings.catch_warnings(record=True) as seen:
    warnings.simplefilter("always")
    forgotten = socket.socket()
    del forgotten
    gc.collect()
    closed = socket.socket()
    closed.close()
    del closed
    gc.collect()
print([(w.category.__name__, str(w.message).split()[0]) for w in seen])
