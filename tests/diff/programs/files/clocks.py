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
