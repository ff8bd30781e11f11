# datetime: construction, arithmetic, text, zones, pickling, messages. Nothing here depends on the clock.
import copy
import datetime as module
import pickle
from datetime import date, datetime, time, timedelta, timezone, tzinfo


def attempt(function, *arguments, **named):
    try:
        return repr(function(*arguments, **named))
    except Exception as error:
        return type(error).__name__ + ": " + str(error)


# timedelta
for arguments in [(), (1,), (1, 2, 3), (0.5,), (0, 0, 0.5), (0, 0, 1.5), (0, 0, 2.5), (0, 0, -0.5), (1.5, 2.25, 3.75, 4.1, 5.2, 6.3, 7.4), (-1,), (10**9,), (999999999,), (-999999999,), (999999999, 86399, 999999), (999999999, 86400),
                  (10**20,), (10**40,), (1e20,), (1e300,), (float("nan"),), (float("inf"),), ("1",), (None,), (True,), (1, 2, 3, 4, 5, 6, 7, 8)]:
    print(arguments, attempt(timedelta, *arguments), attempt(lambda: str(timedelta(*arguments))))
print(attempt(timedelta, foo=1), attempt(timedelta, 1, days=2), timedelta(weeks=1, hours=3), timedelta(milliseconds=1234.5678))
deltas = [timedelta(), timedelta(1), timedelta(-1, 5, 7), timedelta(0, 0, 1), timedelta(5, 3600, 250000), timedelta.max, timedelta.min]
for a in deltas:
    print(repr(a), str(a), hash(a), bool(a), a.total_seconds(), attempt(lambda: -a), attempt(lambda: +a), attempt(abs, a), a.days, a.seconds, a.microseconds)
    for b in deltas + [2, -3, 0, 1.5, 0.1, 0.0, 10**30, float("nan"), "x", None]:
        print("  ", [attempt(operation) for operation in (lambda: a + b, lambda: a - b, lambda: a * b, lambda: b * a, lambda: a / b, lambda: a // b, lambda: a % b, lambda: divmod(a, b), lambda: a == b, lambda: a < b, lambda: a >= b)])
print(attempt(setattr, timedelta(1), "days", 3), timedelta.resolution, sum([timedelta(1), timedelta(2)], timedelta()))
# date
for arguments in [(), (2000,), (2000, 1), (2000, 1, 1), (2000, 2, 29), (1900, 2, 29), (0, 1, 1), (10000, 1, 1), (2000, 0, 1), (2000, 13, 1), (2000, 4, 31), ("a", 1, 1), (1.5, 1, 1), (2**40, 1, 1), (2**70, 1, 1), (1, 2, 3, 4)]:
    print(arguments, attempt(date, *arguments))
print(attempt(date, year=2000, month=5, day=3), attempt(date, 2000, 1, day=3, foo=1), attempt(date, 2000, 1, 1, year=3))
for d in [date(1, 1, 1), date(9999, 12, 31), date(2000, 2, 29), date(2004, 12, 31), date(2005, 1, 1), date(2008, 12, 29), date(2010, 1, 3), date(1970, 1, 1)]:
    print(repr(d), str(d), hash(d), d.toordinal(), d.weekday(), d.isoweekday(), d.isocalendar(), d.ctime(), d.timetuple(), d.strftime("%a %d %b %Y %j %U %% %f %z %Z"), format(d, "%y"), f"{d}")
    print("  ", attempt(lambda: d + timedelta(1)), attempt(lambda: d - timedelta(1)), attempt(lambda: timedelta(2) + d), d - date(2000, 1, 1), attempt(lambda: d + 1), attempt(lambda: 1 - d), attempt(d.replace, day=31), attempt(d.replace, 2001), d.__reduce__())
    print("  ", date.fromordinal(d.toordinal()) == d, date.fromisocalendar(*d.isocalendar()) == d, pickle.loads(pickle.dumps(d)) == d, copy.copy(d) == d, d < date(2005, 1, 1), attempt(lambda: d < 3), d == 3, attempt(lambda: d < datetime(2000, 1, 1)), d == datetime(2000, 2, 29))
print(attempt(date.fromordinal, 0), attempt(date.fromordinal, 3652060), attempt(date.fromisocalendar, 2021, 53, 1), attempt(date.fromisocalendar, 2021, 1, 8), attempt(date.fromisocalendar, 0, 1, 1), attempt(date.fromisocalendar, 2020, 53, 7), attempt(date.fromtimestamp, 1e18), attempt(date.fromtimestamp, "x"))
for text in ["2020-01-02", "20200102", "2020-W01-1", "2020W011", "2020W01", "2020-W01", "2020-1-1", "2020-13-01", "2020-01-32", "", "x", "2020-01-02T00", "２020-01-02", "2020-W54-1", "2020-0102", "202001-02", 5]:
    print(text, attempt(date.fromisoformat, text))
c = date(2020, 1, 2).isocalendar()
print(c, c.year, c.week, c.weekday, c == (2020, 1, 4), pickle.loads(pickle.dumps(c)), c[1:])
# time
for arguments in [(), (1,), (1, 2, 3, 4), (24,), (0, 60), (0, 0, 60), (0, 0, 0, 10**6), (1, 2, 3, 4, timezone.utc), (1, 2, 3, 4, 5), ("x",), (1, 2, 3, 4, None, 1), (1.5,)]:
    print(arguments, attempt(time, *arguments))
for t in [time(), time(1, 2), time(1, 2, 3), time(1, 2, 3, 4), time(12, 30, tzinfo=timezone.utc), time(12, 30, tzinfo=timezone(timedelta(hours=5, minutes=30), "IST")), time(1, fold=1)]:
    print(repr(t), str(t), hash(t), t.isoformat("milliseconds"), t.strftime("%H:%M:%S.%f %z %Z"), f"{t:%H}", t.utcoffset(), t.tzname(), t.dst(), t.replace(hour=5), t.__reduce_ex__(4), t.__reduce__(), pickle.loads(pickle.dumps(t)) == t, t < time(12, 30) if t.tzinfo is None else attempt(lambda: t < time(1)), t == time(12, 30), bool(t))
for text in ["12", "12:30", "1230", "12:30:15", "123015", "12:30:15.5", "12:30:15,123456789", "T12:30", "12:30Z", "12:30+05:30", "12:30-0530", "12:30:15.123+05:30:10.5", "24:00", "1", "12:3", "12:30:", "x", "12:30+", "12:30z", "12:30:15.", ""]:
    print(text, attempt(time.fromisoformat, text))
print(attempt(time().isoformat, "x"), attempt(time().isoformat, 5), attempt(time().replace, hour=99), attempt(time().strftime, 5), attempt(time().strftime))
# datetime
for arguments in [(), (2000,), (2000, 1, 1), (2000, 1, 1, 23, 59, 59, 999999), (2000, 1, 1, 24), (2000, 1, 1, 0, 0, 0, 0, timezone.utc), (2000, 1, 1, 0, 0, 0, 0, 5), ("2000", 1, 1), tuple(range(1, 11)), (b"x" * 10,), (b"\x07\xd0\x01\x01\x00\x00\x00\x00\x00\x00",)]:
    print(arguments, attempt(datetime, *arguments))
ist = timezone(timedelta(hours=5, minutes=30), "IST")
odd = timezone(-timedelta(hours=3, minutes=1, seconds=2, microseconds=5))
values = [datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59, 59, 999999), datetime(2000, 2, 29, 1, 2, 3), datetime(2020, 5, 6, 7, 8, 9, 10, ist), datetime(2020, 5, 6, 7, 8, tzinfo=timezone.utc), datetime(2020, 5, 6, 7, 8, tzinfo=odd), datetime(2020, 5, 6, fold=1)]
for d in values:
    print(repr(d), str(d), hash(d), d.isoformat(" ", "minutes"), d.isoformat(timespec="milliseconds"), d.date(), d.time(), repr(d.timetz()), d.utcoffset(), d.tzname(), d.dst(), d.ctime(), d.timetuple(), attempt(d.utctimetuple), d.strftime("%Y-%m-%d %H:%M:%S.%f %z %Z %%"), f"{d:%A}")
    print("  ", attempt(lambda: d + timedelta(1, 1, 1)), attempt(lambda: d - timedelta(1)), attempt(lambda: timedelta(1) + d), [attempt(lambda: d - e) for e in values], [attempt(lambda: d < e) for e in values], [d == e for e in values])
    print("  ", attempt(d.replace, year=2001, tzinfo=None), attempt(d.replace, month=13), d.__reduce_ex__(4), d.__reduce__(), pickle.loads(pickle.dumps(d)) == d, copy.deepcopy(d) == d, d.toordinal(), d.weekday(), d.isocalendar(), attempt(d.astimezone, ist), attempt(d.timestamp) if d.year > 1 and d.year < 9999 else None)
for text in ["2020-01-02", "20200102", "2020-01-02T03", "2020-01-02 03:04", "2020-01-02T03:04:05", "20200102T030405", "2020-01-02T03:04:05.678", "2020-01-02T03:04:05.678901+05:30", "2020-01-02T03:04Z", "2020-W01-1T03:04", "2020W011T0304", "2020-W01T03", "2020-01-02x03:04", "2020-01-02é03:04", "2020-01-02😀03:04",
             "2020-01-02T", "2020-01-0203", "2020-01-02T03:04:05+24:00", "2020-01-02T3", "x", "", "2020-02-30", "2020-01-02T25:00", "2020-01-02T03:04:05.678901234", "2020-01-02T03:04:05-00:00", 5]:
    print(text, attempt(datetime.fromisoformat, text))
print(datetime.fromtimestamp(0, timezone.utc), datetime.utcfromtimestamp(1e9 + 0.5), datetime.fromtimestamp(1234567890.123456, ist), attempt(datetime.utcfromtimestamp, 1e18), attempt(datetime.fromtimestamp, float("nan")), datetime.utcfromtimestamp(-0.0000005), datetime.utcfromtimestamp(1.0000005))
print(datetime.combine(date(2000, 1, 2), time(3, 4, tzinfo=ist)), datetime.combine(date(2000, 1, 2), time(3), timezone.utc), attempt(datetime.combine, 1, 2), attempt(datetime.combine), datetime.strptime("2000-01-02 03:04:05.5 +0530", "%Y-%m-%d %H:%M:%S.%f %z"), attempt(datetime.strptime, "x", "%Y"), attempt(datetime.strptime, 1, "%Y"))
print(attempt(datetime(2000, 1, 1).isoformat, "ab"), attempt(datetime(2000, 1, 1).isoformat, 5), attempt(datetime(2000, 1, 1).isoformat, timespec="x"), attempt(datetime.now, 5), attempt(datetime(2000, 1, 1).astimezone, 5), isinstance(datetime.now(), date), datetime.now(timezone.utc).tzinfo, datetime.today().tzinfo)
# zones
for arguments in [(), (5,), (timedelta(hours=1),), (timedelta(hours=1), "X"), (timedelta(hours=1), 5), (timedelta(hours=24),), (timedelta(0),), (timedelta(0), "U"), (timedelta(microseconds=1),)]:
    print(arguments, attempt(timezone, *arguments), attempt(lambda: str(timezone(*arguments))))
print(timezone.utc, timezone.min, timezone.max, timezone.utc is timezone(timedelta(0)), module.UTC is timezone.utc, timezone(timedelta(1, -1)) == timezone(timedelta(1, -1), "n"), hash(ist) == hash(ist.utcoffset(None)), pickle.loads(pickle.dumps(ist)), copy.copy(timezone.utc) is timezone.utc, ist.tzname(None), attempt(ist.tzname, 5), attempt(ist.fromutc, datetime(2000, 1, 1)), timezone.utc < 3 if False else attempt(lambda: timezone.utc < timezone.utc))
print(attempt(tzinfo().utcoffset, None), attempt(tzinfo().dst, None), attempt(tzinfo().tzname, None), attempt(tzinfo().fromutc, None))


class Eastern(tzinfo):
    def utcoffset(self, dt):
        return timedelta(hours=-5) + self.dst(dt)

    def dst(self, dt):
        return timedelta(hours=1) if dt is not None and 4 <= dt.month < 10 else timedelta(0)

    def tzname(self, dt):
        return "E%T"


class Broken(tzinfo):
    def __init__(self, answer):
        self.answer = answer

    def utcoffset(self, dt):
        return self.answer

    tzname = dst = utcoffset


class Stamp(datetime):
    def __repr__(self):
        return "Stamp" + super().__repr__()


class Day(date):
    extra = 1


e = Eastern()
d = datetime(2020, 7, 1, 12, tzinfo=e)
print(d, d.astimezone(timezone.utc), datetime(2020, 1, 1, tzinfo=timezone.utc).astimezone(e), d.strftime("%z|%Z"), d.timetuple().tm_isdst, hash(d) == hash(d.astimezone(timezone.utc)), d == d.astimezone(ist), d - datetime(2020, 1, 1, tzinfo=timezone.utc), e.__reduce__()[1:])
for answer in (5, timedelta(1), None, "x"):
    b = datetime(2000, 1, 1, tzinfo=Broken(answer))
    print(attempt(b.utcoffset), attempt(b.dst), attempt(b.tzname), attempt(str, b), attempt(lambda: b < d), attempt(lambda: b == d))
s = Stamp(2000, 1, 1, 5)
print(s, s + timedelta(1), s.replace(year=5), type(s.date()), Stamp.fromtimestamp(0, timezone.utc), Stamp.fromisoformat("2001-01-01"), Stamp.combine(date(2000, 1, 1), time()), pickle.loads(pickle.dumps(s)), type(s - timedelta(1)), Stamp.fromordinal(5), Stamp.strptime("2000", "%Y"))
print(Day(2000, 1, 1), repr(Day(2000, 1, 1)), Day(2000, 1, 1) + timedelta(1), Day.fromisoformat("2000-01-01").extra, Day(2000, 1, 1) == date(2000, 1, 1))
print(date.min, date.max, date.resolution, time.min, time.max, time.resolution, datetime.min, datetime.max, datetime.resolution, timedelta.min, timedelta.max, module.MINYEAR, module.MAXYEAR)
print(date, datetime, time, timedelta, timezone, tzinfo, issubclass(datetime, date), datetime.__mro__, sorted({datetime(2000, 1, 2), datetime(2000, 1, 1)}), {date(2000, 1, 1): 1}[date(2000, 1, 1)])
print(attempt(setattr, date(2000, 1, 1), "year", 3), attempt(setattr, datetime(2000, 1, 1), "hour", 3), attempt(lambda: date(2000, 1, 1).foo))
