"""socketserver, http.server with its clients, XML-RPC, and an asyncio server, each with its client in the same program."""
import asyncio
import http.client
import http.server
import io
import json
import socketserver
import threading
import urllib.error
import urllib.parse
import urllib.request
import xmlrpc.client
import xmlrpc.server

LOCAL = ("127.0.0.1", 0)


class Lines(socketserver.StreamRequestHandler):
    def handle(self):
        for line in self.rfile:
            self.wfile.write(line.strip().upper() + b" " + type(self.server).__name__.encode() + b"\n")


class Datagrams(socketserver.BaseRequestHandler):
    def handle(self):
        data, end = self.request
        end.sendto(data[::-1], self.client_address)


class Running:
    def __init__(self, server):
        self.server = server

    def __enter__(self):
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()
        return self.server

    def __exit__(self, *error):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


import socket

for kind in [socketserver.TCPServer, socketserver.ThreadingTCPServer]:
    with Running(kind(LOCAL, Lines)) as server:
        for words in [["one", "two"], ["three"]]:
            with socket.create_connection(server.server_address) as client, client.makefile("rw") as stream:
                for word in words:
                    print(word, file=stream, flush=True)
                    print(stream.readline().strip())
with Running(socketserver.UDPServer(LOCAL, Datagrams)) as server, socket.socket(type=socket.SOCK_DGRAM) as client:
    for text in [b"abc", b"12345"]:
        client.sendto(text, server.server_address)
        print(client.recv(100))


class Pages(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status, body, kind="text/plain"):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        if url.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/query?from=moved")
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif url.path == "/query":
            self.answer(200, json.dumps(urllib.parse.parse_qs(url.query)).encode(), "application/json")
        else:
            self.answer(404, b"nothing here")

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.answer(200, b"%d bytes, sum %d" % (len(body), sum(body)))

    def log_message(self, form, *arguments):
        log.append(form % arguments)


log = []
with Running(http.server.ThreadingHTTPServer(LOCAL, Pages)) as server:
    base = "http://127.0.0.1:%d" % server.server_address[1]
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    for path in ["/query?a=1&b=2&a=3", "/moved"]:
        with opener.open(base + path, timeout=10) as answer:
            print(answer.status, answer.headers["Content-Type"], json.load(answer))
    try:
        opener.open(base + "/missing", timeout=10)
    except urllib.error.HTTPError as error:
        print(error.code, error.reason, error.read())
        error.close()
    with opener.open(base + "/", data=bytes(range(256)) * 400, timeout=10) as answer:
        print(answer.read())
    connection = http.client.HTTPConnection(*server.server_address, timeout=10)
    for path in ["/query?x=1", "/none", "/query?y=2"]:
        connection.request("GET", path)
        answer = connection.getresponse()
        print(answer.status, answer.reason, answer.version, answer.read())
    connection.close()
print(log)

with Running(xmlrpc.server.SimpleXMLRPCServer(LOCAL, logRequests=False, allow_none=True)) as server:
    server.register_function(pow)
    server.register_function(lambda *items: sorted(items), "order")
    with xmlrpc.client.ServerProxy("http://127.0.0.1:%d" % server.server_address[1], allow_none=True) as proxy:
        print(proxy.pow(2, 20), proxy.order(3, 1, 2))
        try:
            proxy.missing()
        except xmlrpc.client.Fault as fault:
            print(fault.faultCode, fault.faultString)


async def echo(reader, writer):
    while line := await reader.readline():
        writer.write(b"echo " + line)
        await writer.drain()
    writer.close()


async def ask(port, words):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answers = []
    for word in words:
        writer.write(word.encode() + b"\n")
        answers.append((await reader.readline()).decode().strip())
    writer.close()
    await writer.wait_closed()
    return answers


class Counter(asyncio.DatagramProtocol):
    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, address):
        self.transport.sendto(b"%d" % len(data), address)


class Asker(asyncio.DatagramProtocol):
    def __init__(self):
        self.answer = asyncio.get_running_loop().create_future()

    def datagram_received(self, data, address):
        self.answer.set_result(data)


async def main():
    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        print(await asyncio.gather(*(ask(port, [f"{i}.{j}" for j in range(3)]) for i in range(4))))
    try:
        await asyncio.open_connection("127.0.0.1", port)
    except ConnectionRefusedError as error:
        print(type(error).__name__)
    loop = asyncio.get_running_loop()
    here, _ = await loop.create_datagram_endpoint(Counter, local_addr=LOCAL)
    there, asker = await loop.create_datagram_endpoint(Asker, remote_addr=here.get_extra_info("sockname"))
    there.sendto(b"0123456789")
    print(await asyncio.wait_for(asker.answer, 10))
    here.close()
    there.close()
    reader = asyncio.StreamReader()
    reader.feed_data(b"x")
    reader.feed_eof()
    print(await reader.read())
    try:
        await asyncio.wait_for(loop.sock_accept(quiet), 0.02)
    except asyncio.TimeoutError:
        print("nobody")


with socket.create_server(LOCAL) as quiet:
    quiet.setblocking(False)
    asyncio.run(main())
print(io.BytesIO(b"end").read())
