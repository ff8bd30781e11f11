# What select, poll and epoll refuse.
import os
import select
import tempfile
import threading
import time


def show(what, *arguments):
    try:
        print(what(*arguments))
    except (OSError, ValueError, OverflowError, TypeError, RuntimeError) as error:
        print(type(error).__name__, error)


reader, writer = os.pipe()
poll = select.poll()
poll.register(reader, select.POLLIN)
show(poll.poll, 1 << 64)
show(poll.poll, 1 << 40)
show(poll.poll, "soon")
show(poll.poll, float("nan"))
show(poll.register, reader, -1)
show(poll.register, reader, 1 << 16)
show(poll.register, reader, 1 << 70)
show(select.select, [], [], [], 1e300)
show(select.select, [], [], [], float("nan"))
show(select.select, [], [], [], -1)
show(select.select, 5, [], [])
show(select.select, [], [], [9999])

thread = threading.Thread(target=lambda: print(len(poll.poll())))
thread.start()
time.sleep(0.05)
show(poll.poll, 10)
os.write(writer, b"x")
thread.join()
show(lambda: len(poll.poll(0)))

with select.epoll() as epoll, tempfile.TemporaryFile() as file:
    show(epoll.register, file.fileno())
    show(epoll.register, 9999)
    epoll.register(reader, select.EPOLLIN)
    show(epoll.register, reader)
    show(lambda: len(epoll.poll(0)))
    show(epoll.poll, 1 << 40)


class Shrinking:
    """Whoever asks for its descriptor takes one out of the list."""
    def fileno(self):
        del items[-1]
        return writer


items = [Shrinking() for _ in range(10)]
print(select.select([], items, []) == ([], items[:5], []), len(items))
