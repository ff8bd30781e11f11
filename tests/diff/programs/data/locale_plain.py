# _locale and locale in the C locale.
import _locale
import calendar
import locale


def attempt(function, *arguments):
    try:
        return function(*arguments)
    except Exception as error:
        return type(error).__name__, str(error)


print(locale.setlocale(locale.LC_NUMERIC), locale.setlocale(locale.LC_NUMERIC, "C"), locale.setlocale(locale.LC_ALL, "C"))
print(attempt(locale.setlocale, locale.LC_ALL, "xx_YY"), attempt(_locale.setlocale, 99), attempt(_locale.setlocale, 0, 5), attempt(_locale.setlocale, 0, "a\0"))
print(_locale.setlocale(_locale.LC_TIME, "POSIX"), _locale.setlocale(_locale.LC_TIME, "C.UTF-8"), _locale.setlocale(_locale.LC_ALL))
print(_locale.setlocale(_locale.LC_ALL, _locale.setlocale(_locale.LC_ALL)), _locale.setlocale(_locale.LC_ALL, "C"))
print(locale.localeconv() == _locale.localeconv(), sorted(locale.localeconv().items()))
print(locale.strcoll("a", "b"), locale.strcoll("b", "a"), locale.strcoll("x", "x"), locale.strxfrm("abc"), attempt(locale.strcoll, 1, "a"))
print([_locale.nl_langinfo(getattr(_locale, name)) for name in sorted(dir(_locale)) if name.startswith(("DAY", "ABDAY", "MON_", "ABMON"))])
print([_locale.nl_langinfo(getattr(_locale, name)) for name in ("D_FMT", "D_T_FMT", "T_FMT", "AM_STR", "PM_STR", "RADIXCHAR", "CODESET", "ERA", "YESEXPR")])
print(attempt(_locale.nl_langinfo, 12345678), locale.Error.__module__, locale.getpreferredencoding(False), locale.getencoding())
print(locale.format_string("%d %s %.2f", (12345, "a", 2.5), grouping=True), locale.str(3.5), locale.atof("3.25"), locale.atoi("17"), locale.currency is not None)
print(locale.normalize("de_DE"), locale.normalize("en"), attempt(locale.currency, 3))
print(calendar.month(2024, 2), calendar.monthrange(2023, 2), calendar.isleap(1900), calendar.day_name[0], list(calendar.month_abbr))
print(calendar.HTMLCalendar().formatmonth(2000, 1)[:80], calendar.LocaleTextCalendar(locale="C").formatweekheader(3))
print(calendar.timegm((2000, 1, 1, 0, 0, 0)), list(calendar.Calendar().itermonthdates(2001, 2))[0])
