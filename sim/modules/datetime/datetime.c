/* datetime.c - datetime, and the module's table. A datetime starts with a date's fields: the methods of date work on it. */
#include "sim/modules/datetime/datetime.h"
#include "sim/modules/time_calendar.h"
#include "sim/runtime/number.h"

#include <errno.h>
#include <stdio.h>
#include <time.h>

static const char *const field_names[] = {"year",   "month",       "day",    "hour", "minute",
                                          "second", "microsecond", "tzinfo", "fold"};

static value datetime_unchecked(struct vm *vm, struct type *type, const struct date_object *date, const struct clock_time *clock,
                                value zone)
{
    struct datetime_object *dt = instance_allocate(vm, type, sizeof *dt);
    if (!dt)
        return VALUE_NULL;
    dt->date.year = date->year;
    dt->date.month = date->month;
    dt->date.day = date->day;
    dt->clock = *clock;
    dt->zone = zone;
    return object_value(dt);
}

value datetime_make(struct vm *vm, struct type *type, const struct date_object *date, const struct clock_time *clock, value zone)
{
    if (!check_date(vm, date->year, date->month, date->day) || !check_clock(vm, clock) || !check_zone(vm, zone))
        return VALUE_NULL;
    return datetime_unchecked(vm, type, date, clock, zone);
}

static bool field_arguments(struct vm *vm, const value *given, struct date_object *date, struct clock_time *clock, value *zone)
{
    if (given[7] != VALUE_NULL)
        *zone = given[7];
    return int_argument(vm, given[0], &date->year) && int_argument(vm, given[1], &date->month) &&
           int_argument(vm, given[2], &date->day) && int_argument(vm, given[3], &clock->hour) &&
           int_argument(vm, given[4], &clock->minute) && int_argument(vm, given[5], &clock->second) &&
           int_argument(vm, given[6], &clock->microsecond) && int_argument(vm, given[8], &clock->fold);
}

static value datetime_from_state(struct vm *vm, struct type *type, value state, value zone)
{
    const uint8_t *d = bytes_of(state)->data;
    struct date_object date = {.year = d[0] << 8 | d[1], .month = d[2] & 0x7f, .day = d[3]};
    struct clock_time clock = {d[4], d[5], d[6], d[7] << 16 | d[8] << 8 | d[9], d[2] >> 7};
    if (zone != NONE && !is_kind(vm, zone, &tzinfo_type))
        return raise_error(vm, &exc_TypeError, "bad tzinfo state arg");
    return datetime_unchecked(vm, type, &date, &clock, zone);
}

static value datetime_construct(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    static const struct parameters expected = {NULL, field_names, 3, 8, 9};
    value given[9], zone = NONE;
    struct date_object date;
    struct clock_time clock = {0};
    if (count >= 1 && count <= 2 && !keyword_count(keyword_names)) {
        value state = state_text(vm, arguments[0], 10);
        int month = state == VALUE_NULL ? 0 : bytes_of(state)->data[2] & 0x7f;
        if (month >= 1 && month <= 12)
            return datetime_from_state(vm, type, state, count == 2 ? arguments[1] : NONE);
        if (vm->pending != VALUE_NULL)
            return VALUE_NULL;
    }
    if (!bind_given(vm, &expected, arguments, count, keyword_names, given) || !field_arguments(vm, given, &date, &clock, &zone))
        return VALUE_NULL;
    return datetime_make(vm, type, &date, &clock, zone);
}

/* ---- microseconds since year 1 ---- */

static int128 fields_microseconds(const struct date_object *date, const struct clock_time *clock)
{
    return (int128)seconds_since_year_1(date->year, date->month, date->day, clock) * MICRO + clock->microsecond;
}

static int128 total_microseconds(value self)
{
    return fields_microseconds(&datetime_of(self)->date, &datetime_of(self)->clock);
}

static bool fields_from(struct vm *vm, int128 total, struct date_object *date, struct clock_time *clock)
{
    int128 day = (int128)DAY_SECONDS * MICRO;
    if (total < day || total >= ((int128)ORDINAL_MAX + 1) * day) {
        raise_error(vm, &exc_OverflowError, "date value out of range");
        return false;
    }
    int64_t rest = (int64_t)(total % day);
    ordinal_date((int)(total / day), &date->year, &date->month, &date->day);
    int seconds = (int)(rest / MICRO);
    *clock = (struct clock_time){seconds / 3600, seconds / 60 % 60, seconds % 60, (int)(rest % MICRO), 0};
    return true;
}

value datetime_add_microseconds(struct vm *vm, struct type *type, value self, int128 microseconds)
{
    struct date_object date;
    struct clock_time clock;
    if (!fields_from(vm, total_microseconds(self) + microseconds, &date, &clock))
        return VALUE_NULL;
    return call_class(vm, object_value(type), &date, &clock, datetime_of(self)->zone);
}

/* ---- timestamps ---- */

bool timestamp_parts(struct vm *vm, value v, int64_t *seconds, int *microseconds)
{
    *microseconds = 0;
    if (!is_float(v)) {
        value integer = number_index(vm, v);
        if (integer == VALUE_NULL)
            return false;
        if (value_to_int64(vm, integer, seconds))
            return true;
        exception_clear(vm);
        raise_error(vm, &exc_OverflowError, "timestamp out of range for platform time_t");
        return false;
    }
    double whole, fraction = modf(float_number(v), &whole);
    if (isnan(fraction)) {
        raise_error(vm, &exc_ValueError, "Invalid value NaN (not a number)");
        return false;
    }
    fraction = rint(fraction * 1e6); /* half to even */
    if (fraction >= 1e6) {
        fraction -= 1e6;
        whole += 1.0;
    } else if (fraction < 0) {
        fraction += 1e6;
        whole -= 1.0;
    }
    if (!(whole >= -9223372036854775808.0 && whole < 9223372036854775808.0)) {
        raise_error(vm, &exc_OverflowError, "timestamp out of range for platform time_t");
        return false;
    }
    *seconds = (int64_t)whole;
    *microseconds = (int)fraction;
    return true;
}

static const int64_t fold_search = 24 * 3600;
static const int64_t epoch_seconds = (int64_t)EPOCH_ORDINAL * DAY_SECONDS;

/* Whether the local time at `seconds` was shown once before: the clock was set back within the last day. */
static bool find_fold(struct vm *vm, int64_t seconds, int64_t shown, int *fold)
{
    int64_t before;
    if (!local_seconds(vm, epoch_seconds + seconds - fold_search, &before))
        return false;
    int64_t shift = shown - before - fold_search;
    if (shift >= 0)
        return true;
    if (!local_seconds(vm, epoch_seconds + seconds + shift, &before))
        return false;
    *fold = before == shown;
    return true;
}

static value from_timestamp(struct vm *vm, value class, int64_t seconds, int micro, bool local, value zone)
{
    struct tm tm;
    time_t when = (time_t)seconds;
    errno = 0;
    if (!(local ? localtime_r(&when, &tm) : gmtime_r(&when, &tm)))
        return raise_os_error(vm, errno ? errno : EINVAL, VALUE_NULL);
    struct date_object date = {.year = tm.tm_year + 1900, .month = tm.tm_mon + 1, .day = tm.tm_mday};
    struct clock_time clock = {tm.tm_hour, tm.tm_min, tm.tm_sec > 59 ? 59 : tm.tm_sec, micro, 0};
    if (local && zone == NONE) {
        if (date.year < YEAR_MIN || date.year > YEAR_MAX)
            return raise_error(vm, &exc_ValueError, "year %d is out of range", date.year);
        if (!find_fold(vm, seconds, seconds_since_year_1(date.year, date.month, date.day, &clock), &clock.fold))
            return VALUE_NULL;
    }
    return call_class(vm, class, &date, &clock, zone);
}

/* With a zone: UTC first, then the zone's own fromutc. */
static value from_timestamp_in(struct vm *vm, value class, int64_t seconds, int micro, value zone)
{
    value result = from_timestamp(vm, class, seconds, micro, zone == NONE, zone);
    return result == VALUE_NULL || zone == NONE ? result : call_method(vm, zone, "fromutc", &result, 1);
}

static bool zone_argument(struct vm *vm, const char *function, const value *arguments, size_t count, value keyword_names,
                          size_t before, value *out)
{
    static const char *const names[] = {"timestamp", "tz"};
    const struct parameters expected = {function, before ? names : names + 1, (int)before, (int)before + 1, (int)before + 1};
    if (!bind_given(vm, &expected, arguments, count, keyword_names, out))
        return false;
    if (out[before] == VALUE_NULL)
        out[before] = NONE;
    return check_zone(vm, out[before]);
}

DATETIME_FUNCTION(datetime_now)
{
    value zone;
    if (!zone_argument(vm, "now", arguments, count, keyword_names, 0, &zone))
        return VALUE_NULL;
    long long now = time_now(vm);
    return from_timestamp_in(vm, self, now / 1000000000, (int)(now % 1000000000 / 1000), zone);
}

DATETIME_FUNCTION(datetime_utcnow)
{
    UNUSED;
    long long now = time_now(vm);
    return from_timestamp(vm, self, now / 1000000000, (int)(now % 1000000000 / 1000), false, NONE);
}

DATETIME_FUNCTION(datetime_fromtimestamp)
{
    value given[2];
    int64_t seconds;
    int micro;
    if (!zone_argument(vm, "fromtimestamp", arguments, count, keyword_names, 1, given) ||
        !timestamp_parts(vm, given[0], &seconds, &micro))
        return VALUE_NULL;
    return from_timestamp_in(vm, self, seconds, micro, given[1]);
}

DATETIME_FUNCTION(datetime_utcfromtimestamp)
{
    (void)count, (void)keyword_names;
    int64_t seconds;
    int micro;
    return timestamp_parts(vm, arguments[0], &seconds, &micro) ? from_timestamp(vm, self, seconds, micro, false, NONE) : VALUE_NULL;
}

/* The UTC seconds that are shown as `shown` here; PEP 495 chooses where there are two or none. */
static bool utc_of_local(struct vm *vm, int64_t shown, int fold, int64_t *out)
{
    int64_t lt, t1, t2;
    if (!local_seconds(vm, shown, &lt))
        return false;
    int64_t a = lt - shown, b, u1 = shown - a;
    if (!local_seconds(vm, u1, &t1))
        return false;
    if (t1 == shown) {
        int64_t other = fold ? u1 + fold_search : u1 - fold_search;
        if (!local_seconds(vm, other, &lt))
            return false;
        b = lt - other;
        if (a == b) {
            *out = u1;
            return true;
        }
    } else
        b = t1 - u1;
    int64_t u2 = shown - b;
    if (!local_seconds(vm, u2, &t2))
        return false;
    *out = t2 == shown ? u2 : t1 == shown ? u1 : (fold ? u1 < u2 : u1 > u2) ? u1 : u2;
    return true;
}

DATETIME_FUNCTION(datetime_timestamp)
{
    UNUSED;
    const struct datetime_object *dt = datetime_of(self);
    int64_t seconds;
    if (dt->zone != NONE) {
        value offset = zone_call(vm, dt->zone, "utcoffset", self);
        if (offset == VALUE_NULL)
            return VALUE_NULL;
        if (offset != NONE)
            return binary_operation(vm, BINARY_DIV,
                                    int_from_int128(vm, total_microseconds(self) - delta_microseconds(offset) -
                                                            (int128)epoch_seconds * MICRO),
                                    small_int(MICRO));
    }
    if (!utc_of_local(vm, seconds_since_year_1(dt->date.year, dt->date.month, dt->date.day, &dt->clock), dt->clock.fold, &seconds))
        return VALUE_NULL;
    return float_value(vm, (double)(seconds - epoch_seconds) + dt->clock.microsecond / 1e6);
}

/* ---- other class methods ---- */

DATETIME_FUNCTION(datetime_strptime)
{
    (void)count, (void)keyword_names;
    for (int i = 0; i < 2; i++)
        if (!has_flag(arguments[i], TYPE_STRING))
            return raise_error(vm, &exc_TypeError, "strptime() argument %d must be str, not %T", i + 1, arguments[i]);
    value module = import_module(vm, "_strptime");
    value given[] = {self, arguments[0], arguments[1]};
    return module == VALUE_NULL ? VALUE_NULL : call_method(vm, module, "_strptime_datetime", given, 3);
}

DATETIME_FUNCTION(datetime_combine)
{
    static const char *const names[] = {"date", "time", "tzinfo"};
    static const struct parameters expected = {"combine", names, 2, 3, 3};
    value given[3];
    if (!bind_given(vm, &expected, arguments, count, keyword_names, given))
        return VALUE_NULL;
    if (!is_kind(vm, given[0], &date_type))
        return raise_error(vm, &exc_TypeError, "combine() argument 1 must be datetime.date, not %T", given[0]);
    if (!is_kind(vm, given[1], &time_type))
        return raise_error(vm, &exc_TypeError, "combine() argument 2 must be datetime.time, not %T", given[1]);
    value zone = given[2] == VALUE_NULL ? time_of(given[1])->zone : given[2];
    return call_class(vm, self, date_of(given[0]), &time_of(given[1])->clock, zone);
}

static value parse_isoformat(struct vm *vm, value class, value string)
{
    size_t size;
    value plain = string;
    if (string_of(string)->length > 10 && string_of(string)->width > 1) { /* the separator may be any character */
        for (size_t i = 7; i <= 10; i++)
            if (string_at(string_of(string), i) > 127)
                plain = string_concat(vm, string_concat(vm, string_slice(vm, string, 0, (int64_t)i), string_from_text(vm, "T")),
                                      string_slice(vm, string, (int64_t)i + 1, string_of(string)->length));
    }
    const char *text = plain == VALUE_NULL ? NULL : string_utf8(vm, plain, &size);
    struct date_object date;
    struct clock_time clock = {0};
    int64_t offset = 0, separator = text && size >= 7 ? find_separator(text, size) : -1;
    if (separator < 0 || !parse_iso_date(vm, text, (size_t)separator, &date))
        return raise_iso(vm, string);
    int kind = ISO_NAIVE;
    if ((size_t)separator < size) {
        const char *at = text + separator;
        size_t width = (*at & 0x80) == 0 ? 1 : (*at & 0xf0) == 0xf0 ? 4 : (*at & 0xe0) == 0xe0 ? 3 : 2;
        if ((size_t)separator + width >= size)
            return raise_iso(vm, string);
        kind = parse_iso_time(at + width, size - (size_t)separator - width, &clock, &offset);
    }
    if (kind == ISO_WRONG)
        return raise_iso(vm, string);
    value zone = kind == ISO_AWARE ? timezone_make(vm, offset) : NONE;
    return zone == VALUE_NULL ? VALUE_NULL : call_class(vm, class, &date, &clock, zone);
}

DATETIME_FUNCTION(datetime_fromisoformat)
{
    (void)count, (void)keyword_names;
    if (!has_flag(arguments[0], TYPE_STRING))
        return raise_error(vm, &exc_TypeError, "fromisoformat: argument must be str");
    return parse_isoformat(vm, self, arguments[0]);
}

/* ---- text ---- */

DATETIME_FUNCTION(datetime_isoformat)
{
    static const char *const names[] = {"sep", "timespec"};
    static const struct parameters expected = {"isoformat", names, 0, 2, 2};
    value given[2];
    enum clock_detail timespec;
    char clock[80];
    if (!bind_given(vm, &expected, arguments, count, keyword_names, given) || !parse_timespec(vm, given[1], 2, &timespec))
        return VALUE_NULL;
    if (given[0] != VALUE_NULL && (!has_flag(given[0], TYPE_STRING) || string_of(given[0])->length != 1))
        return raise_error(vm, &exc_TypeError,
                           has_flag(given[0], TYPE_STRING) ? "isoformat() argument 1 must be a unicode character, not str"
                                                           : "isoformat() argument 1 must be a unicode character, not %T",
                           given[0]);
    const struct datetime_object *dt = datetime_of(self);
    size_t used = clock_text(clock, &dt->clock, timespec);
    value offset = zone_call(vm, dt->zone, "utcoffset", self);
    if (offset == VALUE_NULL)
        return VALUE_NULL;
    if (offset != NONE)
        offset_text(clock + used, delta_of(offset), ":");
    return string_printf(vm, "%04d-%02d-%02d%U%s", dt->date.year, dt->date.month, dt->date.day,
                         given[0] == VALUE_NULL ? string_from_text(vm, "T") : given[0], clock);
}

static value datetime_string(struct vm *vm, value self)
{
    value space = string_from_text(vm, " ");
    return call_method(vm, self, "isoformat", &space, 1);
}

static value datetime_repr(struct vm *vm, value self)
{
    const struct datetime_object *dt = datetime_of(self);
    char text[96];
    size_t used = (size_t)sprintf(text, "%d, %d, %d, %d, %d", dt->date.year, dt->date.month, dt->date.day, dt->clock.hour,
                                  dt->clock.minute);
    if (dt->clock.microsecond)
        sprintf(text + used, ", %d, %d", dt->clock.second, dt->clock.microsecond);
    else if (dt->clock.second)
        sprintf(text + used, ", %d", dt->clock.second);
    const char *fold = dt->clock.fold ? ", fold=1" : "";
    if (dt->zone == NONE)
        return string_printf(vm, "%s(%s%s)", class_name(vm, self), text, fold);
    return string_printf(vm, "%s(%s%s, tzinfo=%R)", class_name(vm, self), text, fold, dt->zone);
}

/* ---- parts ---- */

DATETIME_FUNCTION(datetime_date)
{
    UNUSED;
    const struct date_object *date = date_of(self);
    return date_make(vm, &date_type, date->year, date->month, date->day);
}
DATETIME_FUNCTION(datetime_time) { UNUSED; return time_make(vm, &time_type, &datetime_of(self)->clock, NONE); }
DATETIME_FUNCTION(datetime_timetz) { UNUSED; return time_make(vm, &time_type, &datetime_of(self)->clock, datetime_of(self)->zone); }
DATETIME_FUNCTION(datetime_utcoffset) { UNUSED; return zone_call(vm, datetime_of(self)->zone, "utcoffset", self); }
DATETIME_FUNCTION(datetime_dst) { UNUSED; return zone_call(vm, datetime_of(self)->zone, "dst", self); }
DATETIME_FUNCTION(datetime_tzname) { UNUSED; return zone_name(vm, datetime_of(self)->zone, self); }

DATETIME_FUNCTION(datetime_timetuple)
{
    UNUSED;
    value dst = zone_call(vm, datetime_of(self)->zone, "dst", self);
    if (dst == VALUE_NULL)
        return VALUE_NULL;
    return struct_time_of(vm, date_of(self), &datetime_of(self)->clock, dst == NONE ? -1 : delta_microseconds(dst) != 0);
}

DATETIME_FUNCTION(datetime_utctimetuple)
{
    UNUSED;
    struct date_object date = *date_of(self);
    struct clock_time clock = datetime_of(self)->clock;
    value offset = zone_call(vm, datetime_of(self)->zone, "utcoffset", self);
    if (offset == VALUE_NULL ||
        (offset != NONE && !fields_from(vm, total_microseconds(self) - delta_microseconds(offset), &date, &clock)))
        return VALUE_NULL;
    return struct_time_of(vm, &date, &clock, 0);
}

DATETIME_FUNCTION(datetime_replace)
{
    static const struct parameters expected = {"replace", field_names, 0, 8, 9};
    value given[9], zone = datetime_of(self)->zone;
    struct date_object date = *date_of(self);
    struct clock_time clock = datetime_of(self)->clock;
    if (!bind_given(vm, &expected, arguments, count, keyword_names, given) || !field_arguments(vm, given, &date, &clock, &zone))
        return VALUE_NULL;
    if (clock.fold != 0 && clock.fold != 1)
        return raise_error(vm, &exc_ValueError, "fold must be either 0 or 1");
    return datetime_make(vm, value_type(vm, self), &date, &clock, zone);
}

/* The local zone as a timezone, at a moment in UTC seconds since 1970. */
static value local_zone(struct vm *vm, int64_t seconds)
{
    struct tm tm;
    time_t when = (time_t)seconds;
    errno = 0;
    if (!localtime_r(&when, &tm))
        return raise_os_error(vm, errno ? errno : EINVAL, VALUE_NULL);
    value offset = delta_new(vm, &delta_type, (int128)tm.tm_gmtoff * MICRO);
    return offset == VALUE_NULL ? VALUE_NULL
                                : call_2(vm, object_value(&timezone_type), offset, string_from_text(vm, tm.tm_zone));
}

static value local_zone_of_naive(struct vm *vm, value self)
{
    const struct datetime_object *dt = datetime_of(self);
    int64_t seconds;
    if (!utc_of_local(vm, seconds_since_year_1(dt->date.year, dt->date.month, dt->date.day, &dt->clock), dt->clock.fold, &seconds))
        return VALUE_NULL;
    return local_zone(vm, seconds - epoch_seconds);
}

DATETIME_FUNCTION(datetime_astimezone)
{
    static const char *const names[] = {"tz"};
    static const struct parameters expected = {"astimezone", names, 0, 1, 1};
    value target, source = datetime_of(self)->zone;
    if (!bind_given(vm, &expected, arguments, count, keyword_names, &target))
        return VALUE_NULL;
    target = target == VALUE_NULL ? NONE : target;
    if (!check_zone(vm, target))
        return VALUE_NULL;
    if (source == target && source != NONE)
        return self;
    value offset = source == NONE ? NONE : zone_call(vm, source, "utcoffset", self);
    if (offset == NONE) {
        source = local_zone_of_naive(vm, self);
        offset = source == VALUE_NULL ? VALUE_NULL : zone_call(vm, source, "utcoffset", self);
    }
    struct date_object date;
    struct clock_time clock;
    if (offset == VALUE_NULL || !fields_from(vm, total_microseconds(self) - delta_microseconds(offset), &date, &clock))
        return VALUE_NULL;
    if (target == NONE)
        target = local_zone(vm, seconds_since_year_1(date.year, date.month, date.day, &clock) - epoch_seconds);
    value utc = target == VALUE_NULL ? VALUE_NULL : call_class(vm, object_value(value_type(vm, self)), &date, &clock, target);
    return utc == VALUE_NULL ? VALUE_NULL : call_method(vm, target, "fromutc", &utc, 1);
}

/* ---- pickling, hash, comparison ---- */

static void datetime_state(value self, uint8_t data[10], bool with_fold)
{
    const struct datetime_object *dt = datetime_of(self);
    data[0] = (uint8_t)(dt->date.year >> 8);
    data[1] = (uint8_t)dt->date.year;
    data[2] = (uint8_t)(dt->date.month | (with_fold && dt->clock.fold ? 0x80 : 0));
    data[3] = (uint8_t)dt->date.day;
    data[4] = (uint8_t)dt->clock.hour;
    data[5] = (uint8_t)dt->clock.minute;
    data[6] = (uint8_t)dt->clock.second;
    data[7] = (uint8_t)(dt->clock.microsecond >> 16);
    data[8] = (uint8_t)(dt->clock.microsecond >> 8);
    data[9] = (uint8_t)dt->clock.microsecond;
}

DATETIME_FUNCTION(datetime_reduce_ex)
{
    (void)count, (void)keyword_names;
    uint8_t data[10];
    int protocol = 2;
    if (!int_argument(vm, arguments[0], &protocol))
        return VALUE_NULL;
    datetime_state(self, data, protocol > 3);
    return reduced_state(vm, self, data, sizeof data, datetime_of(self)->zone);
}

DATETIME_FUNCTION(datetime_reduce)
{
    UNUSED;
    const value protocol = small_int(2);
    return datetime_reduce_ex(vm, self, &protocol, 1, VALUE_NULL);
}

/* The offset as if fold were `fold`. */
static value offset_with_fold(struct vm *vm, value self, int fold)
{
    const struct datetime_object *dt = datetime_of(self);
    if (dt->zone == NONE || dt->clock.fold == fold)
        return zone_call(vm, dt->zone, "utcoffset", self);
    struct clock_time clock = dt->clock;
    clock.fold = fold;
    value other = datetime_make(vm, &datetime_type, &dt->date, &clock, dt->zone);
    return other == VALUE_NULL ? VALUE_NULL : zone_call(vm, dt->zone, "utcoffset", other);
}

static bool datetime_hash(struct vm *vm, value self, int64_t *hash)
{
    uint8_t data[10];
    value offset = offset_with_fold(vm, self, 0);
    if (offset == VALUE_NULL)
        return false;
    if (offset == NONE) {
        datetime_state(self, data, false);
        *hash = hash_bytes(data, sizeof data);
        return true;
    }
    *hash = hash_delta(vm, total_microseconds(self) - delta_microseconds(offset));
    return vm->pending == VALUE_NULL;
}

/* In a zone whose offset depends on fold, equality with another zone's time is undefined: unequal. 1, 0, -1: error */
static int is_problematic(struct vm *vm, value self, value offset)
{
    value other = offset_with_fold(vm, self, !datetime_of(self)->clock.fold);
    if (other == VALUE_NULL)
        return -1;
    return (other == NONE) != (offset == NONE) || (other != NONE && delta_microseconds(other) != delta_microseconds(offset));
}

static value datetime_compare(struct vm *vm, value a, value b, enum compare_kind kind)
{
    if (!is_kind(vm, a, &datetime_type))
        return vm->not_implemented;
    bool equality = kind == COMPARE_EQ || kind == COMPARE_NE;
    if (!is_kind(vm, b, &datetime_type)) {
        if (!is_kind(vm, b, &date_type))
            return vm->not_implemented;
        if (equality)
            return bool_value(kind == COMPARE_NE);
        return raise_error(vm, &exc_TypeError, "can't compare %T to %T", a, b);
    }
    int128 x = total_microseconds(a), y = total_microseconds(b);
    if (datetime_of(a)->zone == datetime_of(b)->zone)
        return bool_value(order_holds((x > y) - (x < y), kind));
    value left = zone_call(vm, datetime_of(a)->zone, "utcoffset", a);
    value right = left == VALUE_NULL ? VALUE_NULL : zone_call(vm, datetime_of(b)->zone, "utcoffset", b);
    if (right == VALUE_NULL)
        return VALUE_NULL;
    if ((left == NONE) != (right == NONE)) {
        if (equality)
            return bool_value(kind == COMPARE_NE);
        return raise_error(vm, &exc_TypeError, "can't compare offset-naive and offset-aware datetimes");
    }
    if (left != NONE) {
        x -= delta_microseconds(left);
        y -= delta_microseconds(right);
    }
    if (equality) {
        int problem = is_problematic(vm, a, left);
        if (!problem)
            problem = is_problematic(vm, b, right);
        if (problem)
            return problem < 0 ? VALUE_NULL : bool_value(kind == COMPARE_NE);
    }
    return bool_value(order_holds((x > y) - (x < y), kind));
}

static value datetime_add(struct vm *vm, value a, value b)
{
    if (is_kind(vm, a, &delta_type) && is_kind(vm, b, &datetime_type)) {
        value swap = a;
        a = b;
        b = swap;
    }
    if (!is_kind(vm, a, &datetime_type) || !is_kind(vm, b, &delta_type))
        return vm->not_implemented;
    return datetime_add_microseconds(vm, value_type(vm, a), a, delta_microseconds(b));
}

static value datetime_subtract(struct vm *vm, value a, value b)
{
    if (!is_kind(vm, a, &datetime_type))
        return vm->not_implemented;
    if (is_kind(vm, b, &delta_type))
        return datetime_add_microseconds(vm, value_type(vm, a), a, -delta_microseconds(b));
    if (!is_kind(vm, b, &datetime_type))
        return vm->not_implemented;
    int128 difference = total_microseconds(a) - total_microseconds(b);
    if (datetime_of(a)->zone != datetime_of(b)->zone) {
        value left = zone_call(vm, datetime_of(a)->zone, "utcoffset", a);
        value right = left == VALUE_NULL ? VALUE_NULL : zone_call(vm, datetime_of(b)->zone, "utcoffset", b);
        if (right == VALUE_NULL)
            return VALUE_NULL;
        if ((left == NONE) != (right == NONE))
            return raise_error(vm, &exc_TypeError, "can't subtract offset-naive and offset-aware datetimes");
        if (left != NONE)
            difference -= delta_microseconds(left) - delta_microseconds(right);
    }
    return delta_new(vm, &delta_type, difference);
}

static void datetime_trace(struct vm *vm, struct object *object)
{
    gc_mark(vm, ((struct datetime_object *)object)->zone);
}

#define FIELD(name, expression)                                                                                        \
    static value get_##name(struct vm *vm, value self)                                                                 \
    {                                                                                                                  \
        (void)vm;                                                                                                      \
        return expression;                                                                                             \
    }
FIELD(hour, small_int(datetime_of(self)->clock.hour))
FIELD(minute, small_int(datetime_of(self)->clock.minute))
FIELD(second, small_int(datetime_of(self)->clock.second))
FIELD(microsecond, small_int(datetime_of(self)->clock.microsecond))
FIELD(fold, small_int(datetime_of(self)->clock.fold))
FIELD(tzinfo, datetime_of(self)->zone)

static const struct property_definition datetime_properties[] = {
    {"hour", get_hour, NULL}, {"minute", get_minute, NULL}, {"second", get_second, NULL},
    {"microsecond", get_microsecond, NULL}, {"tzinfo", get_tzinfo, NULL}, {"fold", get_fold, NULL}, {0}};
static const struct method_definition datetime_methods[] = {
    {"now", NULL, datetime_now, METHOD_CLASS, "Returns new datetime object representing current time local to tz."},
    {"utcnow", "()", datetime_utcnow, METHOD_CLASS, "Return a new datetime representing UTC day and time."},
    {"fromtimestamp", NULL, datetime_fromtimestamp, METHOD_CLASS, "timestamp[, tz] -> tz's local time from POSIX timestamp."},
    {"utcfromtimestamp", "(timestamp, /)", datetime_utcfromtimestamp, METHOD_CLASS, "Construct a naive UTC datetime from a POSIX timestamp."},
    {"strptime", "(date_string, format, /)", datetime_strptime, METHOD_CLASS, "string, format -> new datetime parsed from a string (like time.strptime())."},
    {"combine", NULL, datetime_combine, METHOD_CLASS, "date, time -> datetime with same date and time fields"},
    {"fromisoformat", "(string, /)", datetime_fromisoformat, METHOD_CLASS, "string -> datetime from a string in most ISO 8601 formats"},
    {"date", "()", datetime_date, METHOD_INSTANCE, "Return date object with same year, month and day."},
    {"time", "()", datetime_time, METHOD_INSTANCE, "Return time object with same time but with tzinfo=None."},
    {"timetz", "()", datetime_timetz, METHOD_INSTANCE, "Return time object with same time and tzinfo."},
    {"timetuple", "()", datetime_timetuple, METHOD_INSTANCE, "Return time tuple, compatible with time.localtime()."},
    {"timestamp", "()", datetime_timestamp, METHOD_INSTANCE, "Return POSIX timestamp as float."},
    {"utctimetuple", "()", datetime_utctimetuple, METHOD_INSTANCE, "Return UTC time tuple, compatible with time.localtime()."},
    {"isoformat", NULL, datetime_isoformat, METHOD_INSTANCE, "[sep] -> string in ISO 8601 format, YYYY-MM-DDT[HH[:MM[:SS[.mmm[uuu]]]]][+HH:MM]."},
    {"utcoffset", "()", datetime_utcoffset, METHOD_INSTANCE, "Return self.tzinfo.utcoffset(self)."},
    {"tzname", "()", datetime_tzname, METHOD_INSTANCE, "Return self.tzinfo.tzname(self)."},
    {"dst", "()", datetime_dst, METHOD_INSTANCE, "Return self.tzinfo.dst(self)."},
    {"replace", NULL, datetime_replace, METHOD_INSTANCE, "Return datetime with new specified fields."},
    {"astimezone", NULL, datetime_astimezone, METHOD_INSTANCE, "tz -> convert to local time in new timezone tz\n"},
    {"__reduce_ex__", "(protocol, /)", datetime_reduce_ex, METHOD_INSTANCE, "__reduce_ex__(proto) -> (cls, state)"},
    {"__reduce__", "()", datetime_reduce, METHOD_INSTANCE, "__reduce__() -> (cls, state)"},
    {0},
};

struct type datetime_type = {
    .name = "datetime.datetime",
    .flags = TYPE_SUBCLASSABLE | TYPE_GETATTR_PLAIN,
    .base = &date_type,
    .instance_size = sizeof(struct datetime_object),
    .doc = "datetime(year, month, day[, hour[, minute[, second[, microsecond[,tzinfo]]]]])\n\n"
           "The year, month and day arguments are required. tzinfo may be None, or an\n"
           "instance of a tzinfo subclass. The remaining arguments may be ints.",
    .methods = datetime_methods,
    .properties = datetime_properties,
    .trace = datetime_trace,
    .new = datetime_construct,
    .repr = datetime_repr,
    .string = datetime_string,
    .hash = datetime_hash,
    .compare = datetime_compare,
    .binary = {[BINARY_ADD] = datetime_add, [BINARY_SUB] = datetime_subtract},
};

/* ---- the module ---- */

static bool add_limits(struct vm *vm)
{
    struct clock_time first = {0}, last = {23, 59, 59, 999999, 0};
    struct date_object early = {.year = YEAR_MIN, .month = 1, .day = 1}, late = {.year = YEAR_MAX, .month = 12, .day = 31};
    int128 day = (int128)DAY_SECONDS * MICRO;
    value resolution = delta_new(vm, &delta_type, 1);
    return set_class_value(vm, &delta_type, "resolution", resolution) &&
           set_class_value(vm, &time_type, "resolution", resolution) &&
           set_class_value(vm, &datetime_type, "resolution", resolution) &&
           set_class_value(vm, &delta_type, "min", delta_new(vm, &delta_type, -DELTA_DAYS_MAX * day)) &&
           set_class_value(vm, &delta_type, "max", delta_new(vm, &delta_type, (DELTA_DAYS_MAX + (int128)1) * day - 1)) &&
           set_class_value(vm, &time_type, "min", time_make(vm, &time_type, &first, NONE)) &&
           set_class_value(vm, &time_type, "max", time_make(vm, &time_type, &last, NONE)) &&
           set_class_value(vm, &datetime_type, "min", datetime_make(vm, &datetime_type, &early, &first, NONE)) &&
           set_class_value(vm, &datetime_type, "max", datetime_make(vm, &datetime_type, &late, &last, NONE));
}

static bool datetime_initialize(struct vm *vm, value module)
{
    struct dict_object *dict = support_dict(module);
    type_ready(vm, &delta_type);
    if (!dates_ready(vm, module) || !zones_ready(vm, module))
        return false;
    type_ready(vm, &time_type);
    type_ready(vm, &datetime_type);
    return add_limits(vm) && dict_set_text(vm, dict, "timedelta", type_object_value(&delta_type)) &&
           dict_set_text(vm, dict, "time", type_object_value(&time_type)) &&
           dict_set_text(vm, dict, "datetime", type_object_value(&datetime_type)) &&
           dict_set_text(vm, dict, "MINYEAR", small_int(YEAR_MIN)) && dict_set_text(vm, dict, "MAXYEAR", small_int(YEAR_MAX)) &&
           dict_set_text(vm, dict, "datetime_CAPI", NONE);
}

const struct native_module datetime_module = {"_datetime", datetime_initialize, NULL};
