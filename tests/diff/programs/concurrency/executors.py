"""concurrent.futures with threads, sched, selectors and socket pairs, weak references' finalizers."""
import concurrent.futures
import sched
import select
import selectors
import socket
import time

with concurrent.futures.ThreadPoolExecutor(max_workers=3, thread_name_prefix="pool") as pool:
    print(list(pool.map(lambda n: n * n, range(10))))
    futures = [pool.submit(pow, 2, n) for n in range(5)]
    print(sorted(future.result() for future in concurrent.futures.as_completed(futures)))
    bad = pool.submit(int, "x")
    print(repr(bad.exception()), bad.done(), bad.cancelled())
    try:
        bad.result()
    except ValueError as e:
        print(e)
    slow = pool.submit(time.sleep, 0.05)
    try:
        slow.result(timeout=0.001)
    except concurrent.futures.TimeoutError as e:
        print("timed out", repr(e))
    done, pending = concurrent.futures.wait([slow, bad])
    print(len(done), len(pending))
    calls = []
    pool.submit(abs, -3).add_done_callback(lambda future: calls.append(future.result()))
print(calls)
try:
    pool.submit(print)
except RuntimeError as e:
    print(e)

events = []
scheduler = sched.scheduler(time.monotonic, time.sleep)
scheduler.enter(0.02, 1, events.append, ("second",))
scheduler.enter(0.01, 1, events.append, ("first",))
cancelled = scheduler.enter(0.015, 1, events.append, ("never",))
scheduler.cancel(cancelled)
scheduler.run()
print(events, scheduler.empty())

a, b = socket.socketpair()
a.setblocking(False)
try:
    a.recv(10)
except BlockingIOError as e:
    print(type(e).__name__)
b.sendall(b"hello")
print(a.recv(2), a.recv(100), a.getblocking(), b.gettimeout())
with selectors.DefaultSelector() as selector:
    selector.register(a, selectors.EVENT_READ, "data of a")
    print(selector.select(0), selector.select(0.001))
    b.send(b"x")
    for key, mask in selector.select():
        print(key.data, mask, key.fileobj is a)
    print(a.recv(5))
    print(len(selector.get_map()))
    selector.unregister(a)
    try:
        selector.unregister(a)
    except KeyError as e:
        print("KeyError")
poll = select.poll()
poll.register(a, select.POLLIN | select.POLLOUT)
print([events for _, events in poll.poll(0)])
readable, writable, failed = select.select([a], [b], [], 0)
print(readable, writable == [b], failed)
b.close()
print(a.recv(5), a.fileno() >= 0, b.fileno())
a.close()
try:
    a.recv(1)
except OSError as e:
    print(type(e).__name__, e.errno)
