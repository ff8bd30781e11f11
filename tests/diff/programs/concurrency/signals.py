"""Signals that the program sends itself: handlers, timers, what getsignal answers."""
import os
import signal
import time

calls = []


def handler(number, frame):
    calls.append((signal.Signals(number).name, frame is not None))


print(signal.getsignal(signal.SIGUSR1), signal.getsignal(signal.SIGINT) is signal.default_int_handler)
print(signal.signal(signal.SIGUSR1, handler), signal.getsignal(signal.SIGUSR1) is handler)
signal.raise_signal(signal.SIGUSR1)
os.kill(os.getpid(), signal.SIGUSR1)
print(calls)
try:
    signal.raise_signal(signal.SIGINT)
except KeyboardInterrupt as e:
    print(repr(e))
print(signal.signal(signal.SIGINT, signal.SIG_IGN) is signal.default_int_handler)
signal.raise_signal(signal.SIGINT)
print(signal.signal(signal.SIGINT, handler))
signal.raise_signal(signal.SIGINT)
print(calls[-1])


def fail(number, frame):
    raise TimeoutError("alarm")


signal.signal(signal.SIGALRM, fail)
signal.setitimer(signal.ITIMER_REAL, 0.02)
try:
    time.sleep(10)
except TimeoutError as e:
    print(e)
signal.setitimer(signal.ITIMER_REAL, 0.01)
try:
    while True:
        pass
except TimeoutError as e:
    print(e)
print(signal.alarm(100), signal.alarm(0), signal.getitimer(signal.ITIMER_REAL))
ticks = []
signal.signal(signal.SIGALRM, lambda number, frame: ticks.append(number))
signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)
while len(ticks) < 3:
    signal.pause()
signal.setitimer(signal.ITIMER_REAL, 0)
print(set(ticks) == {signal.SIGALRM})
for mistake in (lambda: signal.signal(0, handler), lambda: signal.signal(signal.SIGKILL, handler),
                lambda: signal.signal(signal.SIGUSR1, "x"), lambda: signal.signal(65, handler), lambda: signal.getsignal(100)):
    try:
        mistake()
    except (ValueError, OSError, TypeError) as e:
        print(type(e).__name__, e)
print(signal.strsignal(signal.SIGTERM), signal.SIGTERM in signal.valid_signals(), signal.SIGRTMAX - signal.SIGRTMIN)
print(repr(signal.SIGTERM), signal.Handlers.SIG_DFL, signal.set_wakeup_fd(-1))
