"""Files and sockets that are dropped while open: who is told, under which filters, and what is left to say at the end."""
# not under sanitizers: what their frames leave on the stack keeps objects alive
import os
import socket
import sys
import tempfile
import warnings

path = os.path.join(tempfile.mkdtemp(), "text")
with open(path, "w") as file:
    file.write("line\n")


def show(entry):
    text = str(entry.message).replace(path, "PATH")
    return entry.category.__name__, text.split(" fd=")[0], type(entry.source).__name__


def lose_text():
    return open(path).readline()


def lose_bytes():
    return len(open(path, "rb").read())


def lose_raw():
    return open(path, "rb", buffering=0).read(2)


def lose_socket():
    return socket.socket().family == socket.AF_INET


def keep_closed():
    with open(path) as inner, socket.socket():
        return inner.read()


def keep_descriptor():
    descriptor = os.open(path, os.O_RDONLY)
    text = open(descriptor, closefd=False).read()
    os.close(descriptor)
    return text


for lose in (lose_text, lose_bytes, lose_raw, lose_socket, keep_closed, keep_descriptor):
    with warnings.catch_warnings(record=True) as log:
        warnings.simplefilter("always")
        result = lose()
    print(lose.__name__, repr(result), [show(entry) for entry in log])

with warnings.catch_warnings(record=True) as log:
    warnings.simplefilter("always")
    dropped = open(path)
    del dropped
    print("at del", [show(entry) for entry in log])

lose_text()  # ignored: such warnings are not shown unless asked for
with warnings.catch_warnings(record=True) as log:
    warnings.simplefilter("always")
print("before", [show(entry) for entry in log])

with warnings.catch_warnings(record=True) as outer:
    warnings.simplefilter("always")
    with warnings.catch_warnings(record=True) as inner:
        warnings.simplefilter("ignore")
        lose_text()
    lose_bytes()
print(len(outer), len(inner))

# The module warnings is gone when what still lives at the end goes: the filters that were last asked decide.
with warnings.catch_warnings():
    warnings.simplefilter("always")
    warnings.showwarning = lambda *arguments, **options: print("shown", arguments[1].__name__)
    warnings.warn("asks")
sys.__stderr__ = sys.stderr = sys.stdout
living = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
living.bind(("127.0.0.1", 0))
living.__class__.__repr__ = lambda self: "<a socket>"
print("end")
