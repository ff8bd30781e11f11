"""Threads: everything a well-synchronised program can tell, whatever the interleaving."""
import _thread
import queue
import sys
import threading
import time

total = 0
lock = threading.Lock()


def add(times):
    global total
    for _ in range(times):
        with lock:
            total += 1


def run_all(*threads):
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


run_all(*(threading.Thread(target=add, args=(3000,)) for _ in range(4)))
print(total, threading.active_count(), threading.current_thread() is threading.main_thread())

order = []


def sleeper(name, delay):
    for i in range(3):
        time.sleep(delay)
        order.append((name, i))


run_all(threading.Thread(target=sleeper, args=("a", 0.01)), threading.Thread(target=sleeper, args=("b", 0.25)))
print(order)

# ---- events, conditions, semaphores, barriers ----
event = threading.Event()
print(event.is_set(), event.wait(0.001))
threading.Timer(0.01, event.set).start()
print(event.wait(5), event.is_set())
condition = threading.Condition()
box = []


def consumer():
    with condition:
        while not box:
            condition.wait()
        print("consumed", box.pop())


thread = threading.Thread(target=consumer)
thread.start()
with condition:
    box.append("thing")
    condition.notify()
thread.join()
semaphore = threading.BoundedSemaphore(2)
with semaphore:
    print(semaphore.acquire(), semaphore.acquire(blocking=False), semaphore.acquire(timeout=0.001))
    semaphore.release()
try:
    semaphore.release()
except ValueError as e:
    print(e)
barrier = threading.Barrier(3, action=lambda: print("all here"))
indices = []
run_all(*(threading.Thread(target=lambda: indices.append(barrier.wait())) for _ in range(3)))
print(sorted(indices), barrier.broken)
try:
    threading.Barrier(2).wait(0.001)
except threading.BrokenBarrierError as e:
    print(type(e).__name__)

# ---- locks ----
print(lock.locked(), lock.acquire(), lock.locked(), lock.acquire(False), lock.acquire(timeout=0.001))
lock.release()
for mistake in (lock.release, lambda: lock.acquire(False, 1), lambda: lock.acquire(True, -2),
                lambda: lock.acquire(timeout=1e12), threading.RLock().release, lambda: type(lock)()):
    try:
        mistake()
    except (RuntimeError, ValueError, OverflowError, TypeError) as e:
        print(type(e).__name__, e)
reentrant = threading.RLock()
with reentrant, reentrant:
    print(reentrant._is_owned(), repr(reentrant).split(" at ")[0].split(" owner")[0])
    answer = []
    run_all(threading.Thread(target=lambda: answer.append(reentrant.acquire(False))))
    print(answer)

# ---- thread-local data ----
local = threading.local()
local.x = "main"


class Local(threading.local):
    shared = "class"

    def __init__(self, start):
        self.value = start


numbered = Local(7)
numbered.value += 1


def look():
    print(hasattr(local, "x"), numbered.value, numbered.shared, vars(numbered))
    local.x = "thread"
    numbered.value = 100


run_all(threading.Thread(target=look))
print(local.x, local.__dict__, numbered.value)
try:
    threading.local(1)
except TypeError as e:
    print(e)

# ---- queues ----
jobs, results = queue.Queue(maxsize=2), queue.SimpleQueue()


def worker():
    while (job := jobs.get()) is not None:
        results.put(job * job)
        jobs.task_done()
    jobs.task_done()


workers = [threading.Thread(target=worker) for _ in range(3)]
for thread in workers:
    thread.start()
for i in range(20):
    jobs.put(i)
for _ in workers:
    jobs.put(None)
jobs.join()
for thread in workers:
    thread.join()
print(sorted(results.get() for _ in range(20)), results.empty(), results.qsize())
for empty in lambda: results.get_nowait(), lambda: results.get(timeout=0.001), lambda: jobs.get(block=False):
    try:
        empty()
    except queue.Empty as e:
        print(repr(e))
try:
    results.get(timeout=-1)
except ValueError as e:
    print(e)

# ---- a reentrant lock that is taken again at once by the one that gave it up ----
handed, contended = [], threading.Condition()


def produce():
    for item in range(2000):
        with contended:
            handed.append(item)
            contended.notify()


def consume(received):
    while len(received) < 2000:
        with contended:
            while not handed:
                contended.wait()
            received.extend(handed)
            handed.clear()


received = []
run_all(threading.Thread(target=consume, args=(received,)), threading.Thread(target=produce))
print(received == list(range(2000)))

# ---- a loop that waits for another thread without blocking ----
flag = False


def raise_flag():
    global flag
    time.sleep(0.01)
    flag = True


thread = threading.Thread(target=raise_flag)
thread.start()
turns = 0
while not flag:
    turns += 1
thread.join()
print(turns > 0)

# ---- ends of threads ----
seen = []
threading.excepthook = lambda details: seen.append((details.exc_type.__name__, str(details.exc_value), details.thread.name))


def fails():
    raise ValueError("in a thread")


run_all(threading.Thread(target=fails, name="failing"), threading.Thread(target=sys.exit), threading.Thread(target=_thread.exit))
print(seen)


def depth(n):
    return 0 if n == 0 else 1 + depth(n - 1)


threading.stack_size(64 << 20)
sys.setrecursionlimit(30000)
found = []
run_all(threading.Thread(target=lambda: found.append(depth(20000))))
print(found, threading.stack_size())
try:
    threading.stack_size(100)
except ValueError as e:
    print(e)


def generator():
    try:
        yield threading.current_thread().name
        yield threading.current_thread().name
    finally:
        print("closed")


shared = generator()
print(next(shared))
run_all(threading.Thread(target=lambda: print(next(shared)), name="other"))
shared.close()
thread = threading.Thread(target=print)
for mistake in thread.join, lambda: threading.current_thread().join(), lambda: (thread.start(), thread.join(), thread.start()):
    try:
        mistake()
    except RuntimeError as e:
        print(e)
for arguments in ((1, ()), (print, []), (print, (), 5), ()):
    try:
        _thread.start_new_thread(*arguments)
    except TypeError as e:
        print(e)


def late():
    time.sleep(0.01)
    print("not a daemon: waited for")


def forever():
    while True:
        time.sleep(60)


threading.Thread(target=forever, daemon=True).start()
threading.Thread(target=late).start()
print("end of the main thread")
