"""sys._current_frames and _current_exceptions of other threads; sys.settrace and setprofile are about the calling thread."""
import sys
import threading


def inner(entered, leave):
    entered.set()
    leave.wait()


def outer(entered, leave):
    try:
        raise ValueError("oops")
    except ValueError:
        inner(entered, leave)


entered, leave = threading.Event(), threading.Event()
thread = threading.Thread(target=outer, args=(entered, leave))
thread.start()
entered.wait()
frames = sys._current_frames()
print(len(frames), frames[threading.get_ident()] is sys._getframe())
frame, names = frames[thread.ident], []
while frame:
    names.append(frame.f_code.co_name)
    frame = frame.f_back
print(names[names.index("inner"):])
exceptions = sys._current_exceptions()
print(exceptions[threading.get_ident()], exceptions[thread.ident][0].__name__, exceptions[thread.ident][1])
leave.set()
thread.join()
print(len(sys._current_frames()), list(sys._current_exceptions().values()))

seen = []


def work(label):
    total = 0
    for number in range(3):
        total += number
    return label, total


def tracer(frame, event, argument):
    if frame.f_code is work.__code__:
        seen.append((frame.f_locals["label"], event))
    return tracer


def profiler(frame, event, argument):
    if frame.f_code is work.__code__:
        seen.append(("profile " + frame.f_locals["label"], event))


def traced(hook, label, others):
    hook(tracer if hook is sys.settrace else profiler)
    others.set()
    turn.wait()
    work(label)
    hook(None)


for hook in sys.settrace, sys.setprofile:
    ready, turn = threading.Event(), threading.Event()
    first = threading.Thread(target=traced, args=(hook, "first", ready))
    first.start()
    ready.wait()
    print(sys.gettrace(), sys.getprofile())
    work("main")
    second = threading.Thread(target=work, args=("second",))
    second.start()
    second.join()
    turn.set()
    first.join()
    print(sorted(set(seen)), len(seen))
    seen.clear()

threading.settrace(tracer)
third = threading.Thread(target=work, args=("third",))
third.start()
third.join()
threading.settrace(None)
work("main")
print(sorted(set(seen)), sys.gettrace())
