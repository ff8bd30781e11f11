"""What programs rely on in clocks: they go on, strictly; loops that wait for them end; sleeping counts."""
import time

start = time.time()
turns = 0
while time.time() - start < 0.002:
    turns += 1
print(turns > 0)
for clock in (time.monotonic, time.perf_counter):
    readings = [clock() for _ in range(200)]
    print(all(a < b for a, b in zip(readings, readings[1:])))
before, busy = time.monotonic(), time.process_time()
time.sleep(0.01)
print(time.monotonic() - before >= 0.01, time.process_time() - busy < 0.01)
print(abs(time.time_ns() - time.time() * 1e9) < 1e8, time.perf_counter_ns() > 0)
try:
    time.sleep(-1)
except ValueError as error:
    print(error)

for name in ("REALTIME", "MONOTONIC", "MONOTONIC_RAW", "BOOTTIME", "TAI", "PROCESS_CPUTIME_ID", "THREAD_CPUTIME_ID"):
    clock = getattr(time, "CLOCK_" + name)
    first, whole, last = time.clock_gettime(clock), time.clock_gettime_ns(clock), time.clock_gettime(clock)
    print(name, type(first).__name__, type(whole).__name__, first - 1e-6 <= whole * 1e-9 <= last + 1e-6)
print(abs(time.clock_gettime(time.CLOCK_REALTIME) - time.time()) < 60)
print(abs(time.clock_gettime(time.CLOCK_MONOTONIC) - time.monotonic()) < 60)
for clock in (99, 1 << 40, "x", 1.5):
    for read in (time.clock_gettime, time.clock_gettime_ns):
        try:
            read(clock)
        except (OSError, OverflowError, TypeError) as error:
            print(repr(error))
