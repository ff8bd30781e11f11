"""TLS over sockets inside the program: a server thread, handshakes that fail, timeouts, https, asyncio."""
import asyncio
import http.server
import os
import socket
import ssl
import test
import threading
import urllib.request

FOLDER = os.path.dirname(test.__file__)
CERTIFICATE = os.path.join(FOLDER, "keycert3.pem")
AUTHORITY = os.path.join(FOLDER, "pycacert.pem")
if not os.path.exists(CERTIFICATE):
    FOLDER = os.path.join(FOLDER, "certdata")
    CERTIFICATE, AUTHORITY = os.path.join(FOLDER, "keycert3.pem"), os.path.join(FOLDER, "pycacert.pem")


def trial(function, *arguments):
    try:
        print(function(*arguments))
    except Exception as error:
        print(type(error).__name__, getattr(error, "reason", "-"), str(error).rpartition(" (")[0] or error)


serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
serving.load_cert_chain(CERTIFICATE)
serving.set_alpn_protocols(["second", "third"])
asking = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
asking.load_verify_locations(AUTHORITY)
asking.set_alpn_protocols(["first", "second"])


def serve(server, count):
    for _ in range(count):
        end, _ = server.accept()
        try:
            with serving.wrap_socket(end, server_side=True) as connection:
                while data := connection.recv(100):
                    connection.sendall(data.swapcase())
        except OSError as error:
            failures.append(type(error).__name__)


failures = []
server = socket.create_server(("127.0.0.1", 0))
address = server.getsockname()
thread = threading.Thread(target=serve, args=(server, 4))
thread.start()
with asking.wrap_socket(socket.create_connection(address), server_hostname="localhost") as client:
    print(client.version(), client.selected_alpn_protocol(), client.getpeercert()["subject"][-1], client.server_side)
    for text in [b"Hello", b"x" * 100, b"The End"]:
        client.sendall(text)
        print(client.recv(100), client.pending())
    trial(client.sendto, b"x", address)
    client.settimeout(0.05)
    trial(client.recv, 10)
    client.settimeout(None)
    client.setblocking(False)
    trial(client.recv, 10)
    client.setblocking(True)
    plain = client.unwrap()
    print(type(plain) is socket.socket or isinstance(plain, socket.socket))
    plain.close()
trial(asking.wrap_socket, socket.create_connection(address), False, True, True, "elsewhere.example")
strict = ssl.create_default_context()
trial(strict.wrap_socket, socket.create_connection(address), False, True, True, "localhost")
late = asking.wrap_socket(socket.socket(), server_hostname="localhost")
print(late.version(), late._sslobj)
late.connect(address)
late.write(b"Late")
print(late.read(10), late.cipher()[1])
with late.makefile("rw") as stream:
    print("Line", file=stream, flush=True)
    print(stream.readline())
late.close()
thread.join()
print(failures)
quiet = socket.create_connection(address)
quiet.settimeout(0.05)
trial(asking.wrap_socket, quiet, False, True, True, "localhost")
trial(asking.wrap_socket, socket.socket(type=socket.SOCK_DGRAM))
near, far = socket.socketpair()
near.sendall(b"no handshake at all")
near.close()
trial(serving.wrap_socket, far, True)
server.close()

# a long answer in small pieces, from another thread
def send_much(end):
    with serving.wrap_socket(end, server_side=True) as connection:
        connection.sendall(bytes(range(256)) * 2000)


near, far = socket.socketpair()
thread = threading.Thread(target=send_much, args=(far,))
thread.start()
with asking.wrap_socket(near, server_hostname="localhost") as client:
    received = bytearray()
    while data := client.recv(7000):
        received += data
    print(len(received), received == bytes(range(256)) * 2000)
thread.join()


class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"secret " + self.path.encode())

    def log_message(self, *arguments):
        pass


pages = http.server.HTTPServer(("127.0.0.1", 0), Page)
pages.socket = serving.wrap_socket(pages.socket, server_side=True)
thread = threading.Thread(target=pages.serve_forever, kwargs={"poll_interval": 0.01})
thread.start()
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=asking))
for path in ["/one", "/two"]:
    with opener.open("https://localhost:%d%s" % (pages.server_address[1], path), timeout=10) as answer:
        print(answer.read())
pages.shutdown()
thread.join()
pages.server_close()


async def echo(reader, writer):
    writer.write((await reader.readline()).upper())
    await writer.drain()
    writer.close()


async def main():
    server = await asyncio.start_server(echo, "127.0.0.1", 0, ssl=serving)
    port = server.sockets[0].getsockname()[1]
    async with server:
        for word in [b"alpha\n", b"beta\n"]:
            reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=asking, server_hostname="localhost")
            writer.write(word)
            print(await reader.read(), writer.get_extra_info("ssl_object").version())
            writer.close()


asyncio.run(main())
