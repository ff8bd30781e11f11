"""Time inside the program: simulated, the same under every ISA and in every run; the options that change that."""
import time

from harness import run_tests

SLEEPS = "import time\nt = time.perf_counter()\ntime.sleep(100)\nprint(time.perf_counter() - t)\n"
LOOP = "import time\nt = time.time()\nn = 0\nwhile time.time() - t < 0.01:\n    n += 1\nprint(n)\n"
WORK = '''import time
def work(n):
    total = 0
    for i in range(n):
        total += i * i
    return total
times = []
for n in (1000, 10000):
    t = time.perf_counter_ns()
    work(n)
    times.append(time.perf_counter_ns() - t)
print(times[0], times[1])
'''


def test_sleep(suite):
    started = time.time()
    done = suite.hybridsim("run", "--quiet", "--isa", "hybrid", "-c", SLEEPS)
    suite.check("sleeping takes no time", time.time() - started < 60)
    suite.check("but time passes", 100 <= float(done.stdout) < 100.1, done.stdout)


def test_loop(suite):
    done = suite.hybridsim("run", "--quiet", "--isa", "hybrid", "-c", LOOP)
    suite.check("a loop that waits for the clock ends", done.returncode == 0 and int(done.stdout) > 100, done.stderr.decode())


def test_deterministic(suite):
    runs = [suite.hybridsim("run", "--quiet", "--isa", "hybrid", "-c", WORK).stdout for _ in range(2)]
    suite.equal("two runs", runs[0], runs[1])
    short, long = map(int, runs[0].split())
    suite.check("time follows the work", 8 < long / short < 12, runs[0])


def test_cycles(suite):
    """A reading is near the report's cycles at the machine's clock."""
    program = WORK + "print(time.perf_counter_ns())\n"
    report = suite.report("--no-baseline", "--isa", "stack", "-c", program)
    done = suite.hybridsim("run", "--quiet", "--no-baseline", "--isa", "stack", "-c", program)
    cycles, reading = report["runs"][0]["cycles"], int(done.stdout.split()[-1])
    suite.check("reading", 0.8 < reading / cycles < 1.2, (cycles, reading))


def test_own_clock(suite):
    done = suite.hybridsim("run", "--quiet", "--isa", "hybrid", "--own-clock", "-c", WORK)
    suite.equal("outputs are not compared", done.returncode, 0)
    one = suite.hybridsim("run", "--quiet", "--no-baseline", "--isa", "hybrid", "-c", WORK).stdout
    suite.check("each ISA has its own time", done.stdout != one, done.stdout)


def test_host_clock(suite):
    program = "import time\nt = time.perf_counter()\ntime.sleep(0.05)\nprint(time.perf_counter() - t >= 0.05)\n"
    started = time.time()
    done = suite.hybridsim("run", "--quiet", "--no-baseline", "--isa", "stack", "--host-clock", "-c", program)
    suite.check("sleeps", time.time() - started >= 0.05 and done.stdout == b"True\n", done.stderr.decode())


def test_machine(suite):
    """clock_mhz of the machine."""
    place = suite.folder("machine", {})
    for name, text in (("slow", "clock_mhz: 10 "), ("plain", "clock_mhz: 1000 ")):
        with open(suite.spec("machines/inorder.yaml")) as stream:
            machine = stream.read()
        with open(place + "/%s.yaml" % name, "w") as stream:
            stream.write(machine.replace("clock_mhz: 1000 ", text))
    times = {}
    for name in ("slow", "plain"):
        done = suite.hybridsim("run", "--quiet", "--no-baseline", "--isa", "stack", "--machine", "%s/%s.yaml" % (place, name), "-c", WORK)
        times[name] = int(done.stdout.split()[0])
    suite.check("a slower clock", 99 < times["slow"] / times["plain"] < 101, times)


run_tests(globals())
