"""Pipes within the process: select, poll, selectors, threads that write and read."""
import os
import select
import selectors
import threading
import time

reading, writing = os.pipe()
print(select.select([reading], [writing], [], 0) == ([], [writing], []))


def write_late(data):
    time.sleep(0.1)
    os.write(writing, data)


thread = threading.Thread(target=write_late, args=(b"x",))
thread.start()
print(select.select([reading], [], [], 5) == ([reading], [], []))
thread.join()
selector = selectors.DefaultSelector()
selector.register(reading, selectors.EVENT_READ, "data")
print([(key.data, events) for key, events in selector.select(0)])
print(os.read(reading, 10), selector.select(0), selector.select(0.1))
thread = threading.Thread(target=write_late, args=(b"yz",))
thread.start()
print([(key.data, events) for key, events in selector.select()], os.read(reading, 10))
thread.join()
poll = select.poll()
poll.register(reading, select.POLLIN)
poll.register(writing, select.POLLOUT)
print(poll.poll(0) == [(writing, select.POLLOUT)])


def read_all(found):
    while data := os.read(reading, 4):
        found.append(data)


found = []
thread = threading.Thread(target=read_all, args=(found,))
thread.start()
os.write(writing, b"several words")
os.close(writing)
thread.join()
print(b"".join(found), poll.poll(0) == [(reading, select.POLLHUP), (writing, select.POLLNVAL)])
os.close(reading)
try:
    select.select([reading], [], [], 0)
except OSError as error:
    print(error)
