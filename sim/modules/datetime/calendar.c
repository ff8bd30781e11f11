/* calendar.c - the proleptic Gregorian calendar, and local time. Days count from 1 January of year 1. */
#include "sim/modules/datetime/datetime.h"

#include <errno.h>
#include <time.h>

static bool is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int month_days(int year, int month)
{
    static const int days[] = {0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap(year) ? 29 : days[month];
}

static int days_before_month(int year, int month)
{
    static const int before[] = {0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
    return before[month] + (month > 2 && is_leap(year));
}

static int days_before_year(int year)
{
    int y = year - 1;
    return y * 365 + y / 4 - y / 100 + y / 400;
}

int date_ordinal(int year, int month, int day)
{
    return days_before_year(year) + days_before_month(year, month) + day;
}

/* Shifted so that years begin in March: leap days come last. */
void ordinal_date(int ordinal, int *year, int *month, int *day)
{
    int n = ordinal + 305, century_4 = n / 146097, rest = n % 146097; /* day 0: 1 March of year 0 */
    int y = (rest - rest / 1460 + rest / 36524 - rest / 146096) / 365;
    int day_of_year = rest - (365 * y + y / 4 - y / 100), shifted = (5 * day_of_year + 2) / 153;
    *day = day_of_year - (153 * shifted + 2) / 5 + 1;
    *month = shifted < 10 ? shifted + 3 : shifted - 9;
    *year = y + 400 * century_4 + (*month <= 2);
}

int date_weekday(int year, int month, int day)
{
    return (date_ordinal(year, month, day) + 6) % 7;
}

int iso_week_1(int year)
{
    int first = days_before_year(year) + 1, weekday = (first + 6) % 7;
    return weekday > 3 ? first - weekday + 7 : first - weekday;
}

bool iso_date(struct vm *vm, int year, int week, int weekday, struct date_object *out, bool silent)
{
    if (year < YEAR_MIN || year > YEAR_MAX) {
        if (!silent)
            raise_error(vm, &exc_ValueError, "Year is out of range: %d", year);
        return false;
    }
    if (week <= 0 || week >= 53) {
        int first = date_weekday(year, 1, 1);
        if (week != 53 || !(first == 3 || (first == 2 && is_leap(year)))) {
            if (!silent)
                raise_error(vm, &exc_ValueError, "Invalid week: %d", week);
            return false;
        }
    }
    if (weekday <= 0 || weekday >= 8) {
        if (!silent)
            raise_error(vm, &exc_ValueError, "Invalid day: %d (range is [1, 7])", weekday);
        return false;
    }
    int ordinal = iso_week_1(year) + (week - 1) * 7 + weekday - 1;
    if (ordinal < 1 || ordinal > ORDINAL_MAX) {
        out->year = ordinal < 1 ? 0 : YEAR_MAX + 1;
        out->month = out->day = 1;
    } else
        ordinal_date(ordinal, &out->year, &out->month, &out->day);
    return true;
}

int64_t seconds_since_year_1(int year, int month, int day, const struct clock_time *clock)
{
    return (int64_t)date_ordinal(year, month, day) * DAY_SECONDS + clock->hour * 3600 + clock->minute * 60 + clock->second;
}

bool local_seconds(struct vm *vm, int64_t since_year_1, int64_t *out)
{
    struct tm tm;
    time_t seconds = (time_t)(since_year_1 - (int64_t)EPOCH_ORDINAL * DAY_SECONDS);
    errno = 0;
    if (!localtime_r(&seconds, &tm)) {
        raise_os_error(vm, errno ? errno : EINVAL, VALUE_NULL);
        return false;
    }
    if (tm.tm_year + 1900 < YEAR_MIN || tm.tm_year + 1900 > YEAR_MAX) {
        raise_error(vm, &exc_ValueError, "year %d is out of range", tm.tm_year + 1900);
        return false;
    }
    struct clock_time clock = {.hour = tm.tm_hour, .minute = tm.tm_min, .second = tm.tm_sec};
    *out = seconds_since_year_1(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, &clock);
    return true;
}

bool check_date(struct vm *vm, int year, int month, int day)
{
    if (year < YEAR_MIN || year > YEAR_MAX)
        raise_error(vm, &exc_ValueError, "year %d is out of range", year);
    else if (month < 1 || month > 12)
        raise_error(vm, &exc_ValueError, "month must be in 1..12");
    else if (day < 1 || day > month_days(year, month))
        raise_error(vm, &exc_ValueError, "day is out of range for month");
    else
        return true;
    return false;
}

bool check_clock(struct vm *vm, const struct clock_time *clock)
{
    const char *wrong = clock->hour < 0 || clock->hour > 23                    ? "hour must be in 0..23"
                        : clock->minute < 0 || clock->minute > 59              ? "minute must be in 0..59"
                        : clock->second < 0 || clock->second > 59              ? "second must be in 0..59"
                        : clock->microsecond < 0 || clock->microsecond > 999999 ? "microsecond must be in 0..999999"
                        : clock->fold != 0 && clock->fold != 1                 ? "fold must be either 0 or 1"
                                                                               : NULL;
    if (wrong)
        raise_error(vm, &exc_ValueError, "%s", wrong);
    return !wrong;
}

bool check_zone(struct vm *vm, value zone)
{
    if (zone == NONE || is_kind(vm, zone, &tzinfo_type))
        return true;
    raise_error(vm, &exc_TypeError, "tzinfo argument must be None or of a tzinfo subclass, not type '%T'", zone);
    return false;
}
