"""UDP on the loopback: echo, connected sockets, cut datagrams, messages in pieces; select, poll and selectors."""
import select
import selectors
import socket
import threading


def trial(function, *arguments):
    try:
        print(function(*arguments))
    except Exception as error:
        print(type(error).__name__, getattr(error, "errno", None), error)


def inbox():
    result = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    result.bind(("127.0.0.1", 0))
    return result


def echo(server):
    while True:
        data, address = server.recvfrom(1000)
        if data == b"stop":
            return
        server.sendto(data[::-1], address)


server = inbox()
thread = threading.Thread(target=echo, args=(server,))
thread.start()
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
    for text in [b"abc", b"", bytes(range(50))]:
        print(client.sendto(text, server.getsockname()))
        data, address = client.recvfrom(100)
        print(data, address == server.getsockname())
    client.sendto(b"stop", server.getsockname())
thread.join()

first, second = inbox(), inbox()
trial(first.send, b"x")
trial(first.getpeername)
trial(first.sendto, b"x")
trial(first.sendto, "x", second.getsockname())
trial(first.sendto, b"x", ("127.0.0.1", -1))
trial(first.listen)
trial(first.sendto, bytes(70000), second.getsockname())
first.connect(second.getsockname())
print(first.getpeername() == second.getsockname(), first.send(b"connected"), first.sendto(b"", second.getsockname()))
print(second.recvfrom(4)[0], second.recv(10), second.gettimeout())
server.sendto(b"from another", first.getsockname())
second.sendto(b"from my peer", first.getsockname())
print(first.recv(100))
first.setblocking(False)
trial(first.recv, 100)
second.settimeout(0.01)
trial(second.recvfrom, 10)

buffer = bytearray(8)
first.sendall(b"12345")
print(second.recvfrom_into(buffer)[0], buffer)
first.sendall(b"peeked")
print(second.recv(3, socket.MSG_PEEK), second.recv_into(buffer, 4), buffer)
trial(second.recvfrom_into, buffer, 9)
trial(second.recvfrom_into, buffer, -1)
print(second.sendmsg([b"ab", b"cd", b"ef"], [], 0, first.getsockname()))
data, ancillary, flags, address = first.recvmsg(4)
print(data, ancillary, flags == socket.MSG_TRUNC, address == second.getsockname())
second.sendmsg([b"0123456789"], [], 0, first.getsockname())
pieces = [bytearray(4), bytearray(4)]
print(first.recvmsg_into(pieces)[:2], pieces)

# who is ready
print(select.select([first, second], [first], [], 0) == ([], [first], []))
poller = select.poll()
poller.register(first, select.POLLIN)
poller.register(second, select.POLLIN | select.POLLOUT)
print([(fd == second.fileno(), event == select.POLLOUT) for fd, event in poller.poll(0)])
server.sendto(b"not heard", first.getsockname())
second.sendto(b"heard", first.getsockname())
poller.unregister(second)
print([event == select.POLLIN for _, event in poller.poll(1000)], first.recv(20))
with selectors.DefaultSelector() as selector:
    selector.register(server, selectors.EVENT_READ, "server")
    selector.register(first, selectors.EVENT_READ, "first")
    print([key.data for key, _ in selector.select(0)])
    second.sendto(b"1", server.getsockname())
    print([key.data for key, _ in selector.select(1)])
    second.sendto(b"2", first.getsockname())
    print(sorted(key.data for key, _ in selector.select(1)))
print(server.recv(9), first.recv(9))

for end in [first, second, server]:
    end.close()
near, far = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
near.send(b"one")
near.send(b"two")
print(far.recv(10), far.recv(10), far.type)
near.close()
far.close()
