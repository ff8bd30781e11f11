# A signal's handler does what the main thread waits for: it has to notice, whatever it waits in.
import asyncio
import os
import queue
import select
import signal
import socket
import threading
import time


def soon(handler):
    signal.signal(signal.SIGALRM, handler)
    signal.setitimer(signal.ITIMER_REAL, 0.03)


lock = threading.Lock()
lock.acquire()
soon(lambda *_: lock.release())
print("lock", lock.acquire(), lock.acquire(timeout=0.01))

condition = threading.Condition()
soon(lambda *_: print("handled"))
with condition:
    print("condition", condition.wait(0.1))

event = threading.Event()
soon(lambda *_: event.set())
print("event", event.wait(5))

numbers = queue.SimpleQueue()
soon(lambda *_: numbers.put(7))
print("queue", numbers.get())

first, second = socket.socketpair()
soon(lambda *_: second.send(b"bytes"))
print("socket", first.recv(10))
soon(lambda *_: second.send(b"more"))
print("select", select.select([first], [], [], 5)[0] == [first], first.recv(10))

reader, writer = os.pipe()
soon(lambda *_: os.write(writer, b"pipe"))
print("pipe", os.read(reader, 10))
soon(lambda *_: os.write(writer, b"pipe again"))
print("poll", select.select([reader], [], [], 5)[0] == [reader], os.read(reader, 20))

start = time.monotonic()
soon(lambda *_: None)
time.sleep(0.1)
print("sleep", time.monotonic() - start >= 0.1)


def fail(*_):
    raise ZeroDivisionError("in the handler")


def pipe_that_is_full():
    while True:
        os.write(writer, b"x" * 100000)


def file_that_is_full():
    with open(writer, "wb", buffering=0, closefd=False) as file:
        while True:
            file.write(b"x" * 100000)


def empty_pipe():
    os.read(os.pipe()[0], 1)


for wait in [pipe_that_is_full, file_that_is_full, empty_pipe, numbers.get, event_never := threading.Event().wait,
             lambda: first.recv(1), lambda: time.sleep(5), lambda: select.select([], [], [], 5)]:
    soon(fail)
    try:
        wait()
        print("not interrupted")
    except ZeroDivisionError as error:
        print(error)

# All of a large write arrives, though a handler runs in between.
reader, writer = os.pipe()
parts = []


def read_all():
    while part := os.read(reader, 5000):
        parts.append(len(part))


soon(lambda *_: print("in between"))
thread = threading.Thread(target=read_all)


def write_all():
    with open(writer, "wb") as file:
        file.write(bytes(300000))
        time.sleep(0.1)


thread.start()
write_all()
thread.join()
print(sum(parts))


async def main():
    loop = asyncio.get_running_loop()
    arrived = asyncio.Event()
    loop.add_signal_handler(signal.SIGALRM, lambda *arguments: (print(arguments), arrived.set()), 42)
    signal.setitimer(signal.ITIMER_REAL, 0.03)
    await asyncio.wait_for(arrived.wait(), 5)
    loop.remove_signal_handler(signal.SIGALRM)


asyncio.run(main())

# Where signals are announced to.
reader, writer = os.pipe()
for descriptor in (writer, 9999):
    try:
        signal.set_wakeup_fd(descriptor)
    except (ValueError, OSError) as error:
        print(type(error).__name__, str(error).replace(str(writer), "N"))
os.set_blocking(writer, False)
print(signal.set_wakeup_fd(writer))
signal.signal(signal.SIGUSR1, lambda number, _: print("handler", number))
signal.raise_signal(signal.SIGUSR1)
print(os.read(reader, 10), signal.set_wakeup_fd(-1) == writer)
