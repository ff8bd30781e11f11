"""TCP on the loopback: a server thread and clients, half-closed connections, refusals, timeouts, non-blocking calls."""
import errno
import select
import socket
import threading

LOCAL = ("127.0.0.1", 0)


def trial(function, *arguments):
    try:
        print(function(*arguments))
    except Exception as error:
        print(type(error).__name__, getattr(error, "errno", None), error)


def listener(*options, family=socket.AF_INET, address=LOCAL, backlog=5):
    server = socket.socket(family)
    for option in options:
        server.setsockopt(socket.SOL_SOCKET, option, 1)
    server.bind(address)
    server.listen(backlog)
    return server


def serve(server, count):
    for _ in range(count):
        connection, address = server.accept()
        with connection:
            assert connection.getpeername() == address
            while data := connection.recv(5):
                connection.sendall(data.upper())


server = listener()
address = server.getsockname()
print(address[0], address[1] > 0, server.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))
thread = threading.Thread(target=serve, args=(server, 3))
thread.start()
for text in [b"one", b"a longer text", b""]:
    with socket.create_connection(address) as client:
        print(client.getpeername() == address, client.getsockname()[0], client.family, client.type)
        client.sendall(text)
        client.shutdown(socket.SHUT_WR)
        trial(client.send, b"more")
        answer = b""
        while data := client.recv(100):
            answer += data
        print(answer, client.recv(1))
thread.join()

# a large transfer, in both directions, larger than any buffer
def swallow(server, sizes):
    connection, _ = server.accept()
    with connection, connection.makefile("rb") as reader:
        data = reader.read(3_000_000)
        sizes.append(len(data))
        connection.sendall(data[::-1])


sizes = []
thread = threading.Thread(target=swallow, args=(server, sizes))
thread.start()
with socket.create_connection(address) as client:
    data = bytes(range(250)) * 12_000
    client.sendall(data)
    back = client.recv(len(data), socket.MSG_WAITALL)
    print(len(back), back == data[::-1])
thread.join()
print(sizes)

# lines through files
def echo_lines(server):
    connection, _ = server.accept()
    with connection, connection.makefile("rw") as stream:
        for line in stream:
            stream.write(f"<{line.strip()}>\n")
            stream.flush()


thread = threading.Thread(target=echo_lines, args=(server,))
thread.start()
with socket.create_connection(address) as client, client.makefile("rw", newline="\n") as stream:
    for word in ["alpha", "beta", "gamma"]:
        stream.write(word + "\n")
        stream.flush()
        print(stream.readline().strip())
    client.shutdown(socket.SHUT_WR)
thread.join()

# nobody there; taken; wrong states
server.settimeout(0.05)
trial(server.accept)
server.setblocking(False)
trial(server.accept)
print(server.getblocking(), server.gettimeout())
trial(server.recv, 1)
trial(server.getpeername)
trial(server.connect, address)
other = socket.socket()
trial(other.bind, address)
trial(other.accept)
other.bind(LOCAL)
trial(other.bind, LOCAL)
free = other.getsockname()
trial(other.shutdown, socket.SHUT_WR)
other.close()
client = socket.socket()
trial(client.connect, free)
print(client.connect_ex(free) == errno.ECONNREFUSED)
trial(client.connect, ("127.0.0.1", 99999))
trial(client.connect, ("127.0.0.1", "80"))
trial(client.connect, ("127.0.0.1",))
trial(client.connect, "127.0.0.1")
trial(client.connect, (5, 80))
client.connect(address)
trial(client.connect, address)
accepted, peer = server.accept()
print(peer == client.getsockname(), accepted.gettimeout(), accepted.getpeername() == client.getsockname())
client.settimeout(0.01)
trial(client.recv, 10)
client.setblocking(False)
trial(client.recv, 10)
trial(client.recv_into, bytearray(4))
sent = 0
try:
    while True:
        sent += client.send(bytes(65536))
except BlockingIOError:
    print("full", sent > 65536)
readable, writable, _ = select.select([accepted, client], [client], [], 0)
print(readable == [accepted], writable)
accepted.setblocking(True)
received = 0
while received < sent:
    received += len(accepted.recv(100_000))
print(received == sent)
print(select.select([accepted], [client], [], 0) == ([], [client], []))
accepted.close()
client.setblocking(True)
print(client.recv(10))
client.close()
trial(client.send, b"x")
server.close()

# several at once on one listener; the wildcard address; names
server = listener(socket.SO_REUSEADDR, address=("", 0))
print(server.getsockname()[0])
port = server.getsockname()[1]
clients = [socket.create_connection((host, port)) for host in ["127.0.0.1", "localhost", "127.0.0.5"]]
for number, client in enumerate(clients):
    client.sendall(b"%d" % number)
    accepted, _ = server.accept()
    print(accepted.getsockname()[0], accepted.recv(5))
    accepted.close()
    client.close()
server.close()

# a connection that does not wait
server = listener()
client = socket.socket()
client.setblocking(False)
print(client.connect_ex(server.getsockname()) in (errno.EINPROGRESS, 0))
print(select.select([], [client], [], 5)[1] == [client], client.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR))
accepted, _ = server.accept()
print(accepted.send(b"hello"), select.select([client], [], [], 5)[0] == [client], client.recv(10))
copy = client.dup()
client.close()
print(copy.send(b"copy"), accepted.recv(10), copy.family)
accepted.sendall(b"left behind")
copy.close()
server.close()
try:
    print(accepted.recv(5))
except ConnectionResetError as error:
    print(error.errno == errno.ECONNRESET)
accepted.close()

# IPv6
if socket.has_ipv6:
    server = listener(family=socket.AF_INET6, address=("::1", 0))
    with socket.create_connection(server.getsockname()[:2]) as client:
        accepted, peer = server.accept()
        print(peer[0], len(peer), client.getpeername() == server.getsockname())
        accepted.sendall(b"six")
        print(client.recv(9))
        accepted.close()
    server.close()
with socket.create_server(("127.0.0.1", 0)) as server:
    print(server.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR) != 0, repr(server).startswith("<socket.socket fd="))
socket.setdefaulttimeout(0.02)
with socket.create_server(("127.0.0.1", 0)) as server:
    print(server.gettimeout(), socket.getdefaulttimeout())
    trial(server.accept)
socket.setdefaulttimeout(None)
