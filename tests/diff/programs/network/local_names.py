"""Local sockets, named by files; and names of hosts and services that need no network."""
import os
import socket
import stat
import tempfile
import threading


def trial(function, *arguments, **keywords):
    try:
        print(function(*arguments, **keywords))
    except Exception as error:
        print(type(error).__name__, getattr(error, "errno", None), error)


folder = tempfile.mkdtemp()
path = os.path.join(folder, "name")
server = socket.socket(socket.AF_UNIX)
trial(server.listen)
trial(server.connect, path)
server.bind(path)
print(os.listdir(folder), stat.S_ISSOCK(os.stat(path).st_mode), server.getsockname() == path)
client = socket.socket(socket.AF_UNIX)
trial(client.connect, path)
server.listen()
client.connect(path)
accepted, address = server.accept()
print(repr(address), client.getpeername() == path, repr(client.getsockname()), accepted.getsockname() == path)
accepted.sendall(b"through a file")
print(client.recv(100))
client.close()
print(accepted.recv(10))
trial(accepted.send, b"x")
accepted.close()
other = socket.socket(socket.AF_UNIX)
trial(other.bind, path)
trial(other.bind, "x" * 200)
trial(other.bind, 5)
server.close()
trial(other.connect, path)
os.unlink(path)
trial(other.connect, path)
other.close()


def echo(end):
    data, address = end.recvfrom(100)
    end.sendto(data * 2, address)


inbox, sender = (socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) for _ in range(2))
inbox.bind(path)
trial(sender.send, b"x")
sender.sendto(b"nameless", path)
print(inbox.recvfrom(100))
sender.bind(path + "2")
thread = threading.Thread(target=echo, args=(inbox,))
thread.start()
sender.connect(path)
print(sender.send(b"ping"), sender.recvfrom(100)[0])
thread.join()
inbox.close()
trial(sender.send, b"x")
sender.close()
with socket.socket(socket.AF_UNIX) as abstract:
    abstract.bind(b"\0hybridsim trial %d" % os.getpid())
    print(abstract.getsockname()[:10])
for name in os.listdir(folder):
    os.unlink(os.path.join(folder, name))
os.rmdir(folder)

for arguments in [("127.0.0.1", 80), ("::1", 53, 0, socket.SOCK_DGRAM), ("localhost", 8000, socket.AF_INET, socket.SOCK_STREAM),
                  ("127.0.0.1", "http", 0, socket.SOCK_STREAM), ("127.0.0.1", None, 0, 0, socket.IPPROTO_UDP),
                  (b"127.0.0.1", b"80", 0, socket.SOCK_STREAM), ("", 80), (None, None), ("127.0.0.1", "no such service"),
                  ("::1", 80, socket.AF_INET), ("127.0.0.1", 80, 12345), (5, 80), ("127.0.0.1", 1.5)]:
    trial(socket.getaddrinfo, *arguments)
print(socket.gethostbyname("localhost"), socket.gethostbyname("127.0.0.1"), socket.gethostbyname_ex("127.0.0.1"))
print(socket.getnameinfo(("127.0.0.1", 80), socket.NI_NUMERICHOST | socket.NI_NUMERICSERV))
trial(socket.getnameinfo, ("127.0.0.1",), 0)
print(socket.getservbyname("http"), socket.getservbyname("domain", "udp"), socket.getservbyport(443), socket.getprotobyname("tcp"))
trial(socket.getservbyname, "no such service")
trial(socket.getservbyport, 70000)
for family, text in [(socket.AF_INET, "1.2.3.4"), (socket.AF_INET6, "::1"), (socket.AF_INET6, "fe80::1:2"), (socket.AF_INET, "::1"),
                     (99, "1.2.3.4")]:
    trial(socket.inet_pton, family, text)
for family, packed in [(socket.AF_INET, b"\1\2\3\4"), (socket.AF_INET6, bytes(15) + b"\1"), (socket.AF_INET, b"\1"), (99, b"1234")]:
    trial(socket.inet_ntop, family, packed)
print(issubclass(socket.gaierror, OSError), issubclass(socket.herror, OSError), socket.timeout is TimeoutError)
trial(socket.socket, fileno=-5)
trial(socket.socket().bind, ("::1", 0))
trial(socket.socket(socket.AF_INET6).bind, ("127.0.0.1", 0))
