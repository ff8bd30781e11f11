# Conversions of module time; no clock is read into the output.
import pickle
import time


def attempt(function, *arguments):
    try:
        return function(*arguments)
    except Exception as error:
        return type(error).__name__, str(error)


for seconds in (0, 1, -1, 86399, 951782400, 1e9, 1.9, -1.5, 2**31, 2**33, -2**40, 2**55, 2**80, float("nan"), 1e300, "x", None and 0):
    print(seconds, attempt(time.gmtime, seconds) if seconds is not None else None)
t = time.gmtime(1234567890)
print(t, t[:3], t.tm_zone, t.tm_gmtoff, len(t), t.n_fields, t.n_sequence_fields, t.n_unnamed_fields)
print(time.struct_time, time.struct_time.__match_args__, t == tuple(t), hash(t) == hash(tuple(t)))
print(attempt(setattr, t, "tm_year", 3), attempt(getattr, t, "nothing"))
print(time.struct_time(range(9)), time.struct_time(range(11)).tm_gmtoff, time.struct_time(range(10)).tm_zone)
print(attempt(time.struct_time, range(8)), attempt(time.struct_time, range(12)), attempt(time.struct_time, 3))
print(attempt(time.struct_time), attempt(time.struct_time, range(9), 3), time.struct_time(range(9), {"tm_zone": "X"}).tm_zone)
print(t.__reduce__())
match t:
    case time.struct_time(2009, month):
        print("month", month)
for arguments in [(t,), ((2000, 1, 1, 0, 0, 0, 0, 1, 0),), ((2000, 13, 1, 0, 0, 0, 0, 1, 0),), ((2000, 1, 32, 0, 0, 0, 0, 1, 0),),
                  ((2000, 1, 1, 24, 0, 0, 0, 1, 0),), ((2000, 1, 1, 0, 60, 0, 0, 1, 0),), ((2000, 1, 1, 0, 0, 62, 0, 1, 0),),
                  ((2000, 1, 1, 0, 0, 0, -2, 1, 0),), ((2000, 1, 1, 0, 0, 0, 0, 367, 0),), ((2000, 1),), ([],), ((1.5,) * 9,),
                  ((2**31,) + (1,) * 8,), ((2**70,) + (1,) * 8,), ((-2**31,) + (1,) * 8,), ((0,) * 9,), ((10000, 1, 1, 0, 0, 0, 0, 0, 0),)]:
    print(attempt(time.asctime, *arguments), attempt(time.strftime, "%Y-%m-%d %H:%M:%S %a %A %b %B %j %U %w %W %% %p %y", *arguments))
print(time.mktime(time.localtime(1e9)), attempt(time.mktime, (2**31 - 1,) * 9), attempt(time.mktime, (1,)))
print(time.ctime(0), time.asctime(time.gmtime(0)), attempt(time.strftime, "\0"), attempt(time.strftime, 3), time.strftime("", t))
print(time.strftime("é%Yü\ud800", t) == "é2009ü\ud800", time.strftime("%F %T" * 100, t) == "2009-02-13 23:31:30" * 100)
print(time.strptime("30 Nov 2000 12:13:14", "%d %b %Y %H:%M:%S"), attempt(time.strptime, "x", "%Y"))
print(time.strptime("Thu Jan  1 00:00:00 1970"), time.strptime("2001 60", "%Y %j")[:3])
for clock in ("time", "monotonic", "perf_counter", "process_time", "thread_time", "x"):
    print(attempt(time.get_clock_info, clock))
print(time.tzname, time.timezone, time.altzone, time.daylight)
a, b = time.monotonic_ns(), time.monotonic_ns()
print(a <= b, isinstance(time.time_ns(), int), isinstance(time.perf_counter(), float), attempt(time.sleep, -1))
