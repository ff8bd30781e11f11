"""What would wait for ever ends with exit 3; what another thread or an alarm can still change goes on."""
from harness import run_tests

STUCK = {
    "read": "import os\nreading, writing = os.pipe()\nos.read(reading, 1)\n",
    "read by a file": "import os\nreading, writing = os.pipe()\nopen(reading, 'rb').read(1)\n",
    "write": "import os\nreading, writing = os.pipe()\nos.write(writing, bytes(1 << 20))\n",
    "thread": "import _thread, os, time\nlock = _thread.allocate_lock()\nlock.acquire()\n"
              "_thread.start_new_thread(lock.acquire, ())\nreading, writing = os.pipe()\ntime.sleep(0.1)\nos.read(reading, 1)\n",
    "lock": "import _thread\nlock = _thread.allocate_lock()\nlock.acquire()\nlock.acquire()\n",
}
FREE = """import os, signal, threading, time
reading, writing = os.pipe()
threading.Timer(0.5, lambda: os.write(writing, b"late")).start()
print(os.read(reading, 10))
sizes = []
thread = threading.Thread(target=lambda: [sizes.append(len(os.read(reading, 1 << 16))) for i in range(100) if sum(sizes) < 1 << 20])
thread.start()
print(os.write(writing, bytes(1 << 20)))
thread.join()
print(sum(sizes))
os.set_blocking(reading, False)
try:
    os.read(reading, 1)
except BlockingIOError as error:
    print(error.errno)
os.set_blocking(reading, True)

def ring(number, frame):
    os.write(writing, b"rung")

signal.signal(signal.SIGALRM, ring)
signal.alarm(1)
print(os.read(reading, 10))
os.close(writing)
print(os.read(reading, 10))
"""
CAUGHT = """import os
try:
    os.read(os.pipe()[0], 1)
except BaseException as error:
    print(type(error).__name__, error)
"""


def test_stuck(suite):
    for name, program in STUCK.items():
        folder = suite.folder("stuck", {"program.py": program})
        done = suite.hybridsim("run", "--quiet", "--no-baseline", "--isa", "hybrid", "program.py", folder=folder)
        suite.equal(name + ": exit status", done.returncode, 3)
        suite.check(name + ": message", b"hybridsim: unsupported: a deadlock" in done.stderr, done.stderr)
    folder = suite.folder("caught", {"program.py": CAUGHT})
    done = suite.hybridsim("run", "--quiet", "--no-baseline", "--isa", "hybrid", "program.py", folder=folder)
    suite.equal("a program that catches it goes on", (done.returncode, done.stdout), (0, b"SystemExit 3\n"))


def test_free(suite):
    folder = suite.folder("free", {"program.py": FREE})
    done = suite.hybridsim("run", "--quiet", "--no-baseline", "--isa", "hybrid", "program.py", folder=folder)
    suite.equal("output", (done.returncode, done.stdout), (0, b"b'late'\n1048576\n1048576\n11\nb'rung'\nb''\n"))


def test_input_of_others(suite):
    """Who started us may still write."""
    folder = suite.folder("input", {"program.py": "import os\nos.pipe()\nprint(os.read(0, 5))\n"})
    process = suite.start("run", "--quiet", "--no-baseline", "--isa", "hybrid", "program.py", folder=folder)
    output, error = process.communicate(b"words")
    suite.equal("output", (process.returncode, output), (0, b"b'words'\n"))


run_tests(globals())
