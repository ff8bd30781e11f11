"""Sockets that nothing is connected to: made, asked, closed; and bytes received into buffers through a pair."""
import select
import socket


def trial(function, *arguments):
    try:
        print(function(*arguments))
    except Exception as error:
        print(type(error).__name__, error)


alone = socket.socket()
print(alone.family, alone.type, alone.proto, alone.timeout, alone.getblocking(), alone.getsockname(), alone.fileno() > 2)
for action in [alone.getpeername, lambda: alone.recv(10), lambda: alone.send(b"x"), lambda: alone.shutdown(socket.SHUT_RDWR),
        alone.accept,
               lambda: alone.getsockopt(socket.SOL_SOCKET, socket.SO_TYPE), lambda: alone.getsockopt(socket.SOL_SOCKET,
               socket.SO_ERROR),
               lambda: alone.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR),
               lambda: alone.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1),
               lambda: alone.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR),
               lambda: alone.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 4)]:
    trial(action)
alone.settimeout(2.5)
print(alone.timeout, alone.gettimeout())
alone.close()
print(alone.fileno(), alone)
trial(alone.getsockname)
trial(alone.recv, 1)
trial(socket.socket, 99)
trial(socket.socket, socket.AF_INET, 99)
for family, kind in [(socket.AF_INET, socket.SOCK_DGRAM), (socket.AF_UNIX, socket.SOCK_STREAM), (socket.AF_INET6,
        socket.SOCK_STREAM)]:
    with socket.socket(family, kind) as other:
        print(repr(other.getsockname()), other.type)
        trial(other.getpeername)
        trial(other.send, b"x")

near, far = socket.socketpair()
near.sendall(b"0123456789")
buffer = bytearray(4)
print(far.recv(3, socket.MSG_PEEK), far.recv_into(buffer), buffer, far.recv_into(buffer, 2), buffer, far.recv(100))
trial(far.recv_into, buffer, 9)
trial(far.recv_into, buffer, -1)
trial(far.recv_into, b"abc")
with near.makefile("w") as writer, far.makefile("r") as reader:
    writer.write("one\ntwo\n")
    writer.flush()
    near.shutdown(socket.SHUT_WR)
    print(reader.readlines())
for arguments in [([], [], [], -1), ([], [], [], "x"), (1, [], []), ([object()], [], []), ([], [], [], 0), ([-1], [], [], 0)]:
    trial(select.select, *arguments)
