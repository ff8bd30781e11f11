"""Trace functions of frames that were looked at long before: the events begin where the frame is."""
import sys

own = sys._getframe()
events = []


def trace(frame, event, argument):
    events.append((frame.f_code.co_name, event, frame.f_lineno))
    return trace


def begin():
    sys.settrace(trace)
    sys._getframe().f_back.f_trace = trace


print(own.f_lineno)
begin()
first = 1
second = 2
sys.settrace(None)
print(events)
events.clear()
third = 3
begin()
fourth = 4
sys.settrace(None)
print(events)


def numbers():
    yield sys._getframe()
    for number in range(2):
        begin()
        yield number
        sys.settrace(None)


events.clear()
running = numbers()
next(running)
print(list(running), events)
