/* date.c - date, and isocalendar()'s tuple. */
#include "sim/modules/datetime/datetime.h"
#include "sim/modules/time_calendar.h"
#include "sim/runtime/record.h"
#include "sim/runtime/type.h"

#include <errno.h>

#include <stdio.h>
#include <time.h>

static const char *const calendar_fields[] = {"year", "week", "weekday"};
static struct record_type calendar_date_type = RECORD_TYPE("datetime.IsoCalendarDate", calendar_fields, 3, 3,
                                                           "The result of date.isocalendar() or datetime.isocalendar()");
static const struct clock_time midnight;

static value date_unchecked(struct vm *vm, struct type *type, int year, int month, int day)
{
    struct date_object *date = instance_allocate(vm, type, sizeof *date);
    if (!date)
        return VALUE_NULL;
    date->year = year;
    date->month = month;
    date->day = day;
    return object_value(date);
}

value date_make(struct vm *vm, struct type *type, int year, int month, int day)
{
    return check_date(vm, year, month, day) ? date_unchecked(vm, type, year, month, day) : VALUE_NULL;
}

value call_class(struct vm *vm, value class, const struct date_object *date, const struct clock_time *clock, value zone)
{
    if (!clock) {
        if (class == object_value(&date_type))
            return date_make(vm, &date_type, date->year, date->month, date->day);
        return call_3(vm, class, small_int(date->year), small_int(date->month), small_int(date->day));
    }
    if (class == object_value(&datetime_type))
        return datetime_make(vm, &datetime_type, date, clock, zone);
    const value arguments[] = {small_int(date->year), small_int(date->month), small_int(date->day), small_int(clock->hour),
                               small_int(clock->minute), small_int(clock->second), small_int(clock->microsecond), zone};
    value result = call(vm, class, arguments, 8, VALUE_NULL);
    if (result != VALUE_NULL && clock->fold && is_kind(vm, result, &datetime_type))
        datetime_of(result)->clock.fold = 1;
    return result;
}

static value date_from_state(struct vm *vm, struct type *type, value state)
{
    const uint8_t *data = bytes_of(state)->data;
    return date_unchecked(vm, type, data[0] << 8 | data[1], data[2], data[3]);
}

static value date_construct(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    static const char *const names[] = {"year", "month", "day"};
    static const struct parameters expected = {NULL, names, 3, 3, 3};
    value given[3];
    int fields[3];
    if (count == 1 && !keyword_count(keyword_names)) {
        value state = state_text(vm, arguments[0], 4);
        if (state != VALUE_NULL && bytes_of(state)->data[2] >= 1 && bytes_of(state)->data[2] <= 12)
            return date_from_state(vm, type, state);
        if (vm->pending != VALUE_NULL)
            return VALUE_NULL;
    }
    if (!bind_given(vm, &expected, arguments, count, keyword_names, given))
        return VALUE_NULL;
    for (int i = 0; i < 3; i++)
        if (!int_argument(vm, given[i], &fields[i]))
            return VALUE_NULL;
    return date_make(vm, type, fields[0], fields[1], fields[2]);
}

/* ---- class methods ---- */

static value date_of_timestamp(struct vm *vm, value class, value timestamp)
{
    int64_t seconds;
    int micro;
    struct tm tm;
    if (!timestamp_parts(vm, timestamp, &seconds, &micro))
        return VALUE_NULL;
    time_t when = (time_t)seconds;
    errno = 0;
    if (!localtime_r(&when, &tm))
        return raise_os_error(vm, errno ? errno : EINVAL, VALUE_NULL);
    struct date_object date = {.year = tm.tm_year + 1900, .month = tm.tm_mon + 1, .day = tm.tm_mday};
    return call_class(vm, class, &date, NULL, NONE);
}

DATETIME_FUNCTION(date_today)
{
    UNUSED;
    if (self == object_value(&date_type))
        return date_of_timestamp(vm, self, int_from_int64(vm, time_now(vm) / 1000000000));
    value module = import_module(vm, "time"), now = module == VALUE_NULL ? VALUE_NULL : call_method(vm, module, "time", NULL, 0);
    return now == VALUE_NULL ? VALUE_NULL : call_method(vm, self, "fromtimestamp", &now, 1);
}

DATETIME_FUNCTION(date_fromtimestamp) { (void)count, (void)keyword_names; return date_of_timestamp(vm, self, arguments[0]); }

DATETIME_FUNCTION(date_fromordinal)
{
    (void)count, (void)keyword_names;
    int ordinal;
    struct date_object date;
    if (!int_argument(vm, arguments[0], &ordinal))
        return VALUE_NULL;
    if (ordinal < 1)
        return raise_error(vm, &exc_ValueError, "ordinal must be >= 1");
    if (ordinal > ORDINAL_MAX) {
        ordinal_date(ordinal, &date.year, &date.month, &date.day);
        return raise_error(vm, &exc_ValueError, "year %d is out of range", date.year);
    }
    ordinal_date(ordinal, &date.year, &date.month, &date.day);
    return call_class(vm, self, &date, NULL, NONE);
}

DATETIME_FUNCTION(date_fromisoformat)
{
    (void)count, (void)keyword_names;
    struct date_object date;
    size_t size;
    if (!has_flag(arguments[0], TYPE_STRING))
        return raise_error(vm, &exc_TypeError, "fromisoformat: argument must be str");
    const char *text = string_utf8(vm, arguments[0], &size);
    if (!text || (size != 7 && size != 8 && size != 10) || !parse_iso_date(vm, text, size, &date))
        return raise_iso(vm, arguments[0]);
    return call_class(vm, self, &date, NULL, NONE);
}

DATETIME_FUNCTION(date_fromisocalendar)
{
    static const char *const names[] = {"year", "week", "day"};
    static const struct parameters expected = {"fromisocalendar", names, 3, 3, 3};
    value given[3];
    int fields[3];
    struct date_object date;
    if (!bind_given(vm, &expected, arguments, count, keyword_names, given))
        return VALUE_NULL;
    for (int i = 0; i < 3; i++)
        if (!int_argument(vm, given[i], &fields[i])) {
            if (!exception_matches(vm, &exc_OverflowError))
                return VALUE_NULL;
            exception_clear(vm);
            return raise_error(vm, &exc_ValueError, "ISO calendar component out of range");
        }
    if (!iso_date(vm, fields[0], fields[1], fields[2], &date, false))
        return VALUE_NULL;
    return call_class(vm, self, &date, NULL, NONE);
}

/* ---- methods ---- */

static int ordinal_of(value self)
{
    return date_ordinal(date_of(self)->year, date_of(self)->month, date_of(self)->day);
}

static int weekday_of(value self)
{
    return (ordinal_of(self) + 6) % 7;
}

DATETIME_FUNCTION(date_toordinal) { UNUSED; (void)vm; return small_int(ordinal_of(self)); }
DATETIME_FUNCTION(date_weekday_method) { UNUSED; (void)vm; return small_int(weekday_of(self)); }
DATETIME_FUNCTION(date_isoweekday) { UNUSED; (void)vm; return small_int(weekday_of(self) + 1); }

DATETIME_FUNCTION(date_isocalendar)
{
    UNUSED;
    int year = date_of(self)->year, first = iso_week_1(year), ordinal = ordinal_of(self);
    if (ordinal < first)
        first = iso_week_1(--year);
    else if (ordinal >= iso_week_1(year + 1))
        first = iso_week_1(++year);
    const value items[] = {small_int(year), small_int((ordinal - first) / 7 + 1), small_int((ordinal - first) % 7 + 1)};
    return record_new(vm, &calendar_date_type, items);
}

static value date_string(struct vm *vm, value self)
{
    return string_printf(vm, "%04d-%02d-%02d", date_of(self)->year, date_of(self)->month, date_of(self)->day);
}

DATETIME_FUNCTION(date_isoformat) { UNUSED; return date_string(vm, self); }

static value date_string_slot(struct vm *vm, value self) { return call_method(vm, self, "isoformat", NULL, 0); }

static value date_repr(struct vm *vm, value self)
{
    return string_printf(vm, "%s(%d, %d, %d)", class_name(vm, self), date_of(self)->year, date_of(self)->month,
                         date_of(self)->day);
}

DATETIME_FUNCTION(date_ctime)
{
    UNUSED;
    static const char days[] = "MonTueWedThuFriSatSun", months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    const struct clock_time *clock = is_kind(vm, self, &datetime_type) ? &datetime_of(self)->clock : &midnight;
    return string_printf(vm, "%.3s %.3s %2d %02d:%02d:%02d %04d", days + 3 * weekday_of(self),
                         months + 3 * (date_of(self)->month - 1), date_of(self)->day, clock->hour, clock->minute,
                         clock->second, date_of(self)->year);
}

DATETIME_FUNCTION(date_timetuple) { UNUSED; return struct_time_of(vm, date_of(self), &midnight, -1); }

DATETIME_FUNCTION(date_strftime)
{
    (void)count, (void)keyword_names;
    if (!has_flag(arguments[0], TYPE_STRING))
        return raise_error(vm, &exc_TypeError, "strftime() argument 1 must be str, not %T", arguments[0]);
    value tuple = call_method(vm, self, "timetuple", NULL, 0);
    return tuple == VALUE_NULL ? VALUE_NULL : wrap_strftime(vm, self, arguments[0], tuple);
}

DATETIME_FUNCTION(date_format)
{
    (void)count, (void)keyword_names;
    if (!has_flag(arguments[0], TYPE_STRING))
        return raise_error(vm, &exc_TypeError, "__format__() argument 1 must be str, not %T", arguments[0]);
    return string_of(arguments[0])->length ? call_method(vm, self, "strftime", arguments, 1) : value_string(vm, self);
}

DATETIME_FUNCTION(date_replace)
{
    static const char *const names[] = {"year", "month", "day"};
    static const struct parameters expected = {"replace", names, 0, 3, 3};
    value given[3];
    struct date_object date = *date_of(self);
    if (!bind_given(vm, &expected, arguments, count, keyword_names, given) || !int_argument(vm, given[0], &date.year) ||
        !int_argument(vm, given[1], &date.month) || !int_argument(vm, given[2], &date.day))
        return VALUE_NULL;
    return date_make(vm, value_type(vm, self), date.year, date.month, date.day); /* whatever the class's own __new__ takes */
}

static void date_state(value self, uint8_t data[4])
{
    const struct date_object *date = date_of(self);
    data[0] = (uint8_t)(date->year >> 8);
    data[1] = (uint8_t)date->year;
    data[2] = (uint8_t)date->month;
    data[3] = (uint8_t)date->day;
}

DATETIME_FUNCTION(date_reduce)
{
    UNUSED;
    uint8_t data[4];
    date_state(self, data);
    return reduced_state(vm, self, data, sizeof data, NONE);
}

static bool date_hash(struct vm *vm, value self, int64_t *hash)
{
    (void)vm;
    uint8_t data[4];
    date_state(self, data);
    *hash = hash_bytes(data, sizeof data);
    return true;
}

static value date_compare(struct vm *vm, value a, value b, enum compare_kind kind)
{
    if (!is_kind(vm, a, &date_type) || !is_kind(vm, b, &date_type))
        return vm->not_implemented;
    int x = ordinal_of(a), y = ordinal_of(b);
    return bool_value(order_holds((x > y) - (x < y), kind));
}

static value date_shift(struct vm *vm, value date, value delta, int sign)
{
    int64_t ordinal = ordinal_of(date) + (int64_t)sign * delta_of(delta)->days;
    if (ordinal < 1 || ordinal > ORDINAL_MAX)
        return raise_error(vm, &exc_OverflowError, "date value out of range");
    struct date_object shifted;
    ordinal_date((int)ordinal, &shifted.year, &shifted.month, &shifted.day);
    return call_class(vm, object_value(value_type(vm, date)), &shifted, NULL, NONE);
}

static value date_add(struct vm *vm, value a, value b)
{
    if (is_kind(vm, a, &datetime_type) || is_kind(vm, b, &datetime_type))
        return vm->not_implemented;
    if (is_kind(vm, a, &date_type))
        return is_kind(vm, b, &delta_type) ? date_shift(vm, a, b, 1) : vm->not_implemented;
    return is_kind(vm, a, &delta_type) ? date_shift(vm, b, a, 1) : vm->not_implemented;
}

static value date_subtract(struct vm *vm, value a, value b)
{
    if (is_kind(vm, a, &datetime_type) || is_kind(vm, b, &datetime_type) || !is_kind(vm, a, &date_type))
        return vm->not_implemented;
    if (is_kind(vm, b, &date_type))
        return delta_new(vm, &delta_type, (int128)(ordinal_of(a) - ordinal_of(b)) * DAY_SECONDS * MICRO);
    return is_kind(vm, b, &delta_type) ? date_shift(vm, a, b, -1) : vm->not_implemented;
}

static value get_year(struct vm *vm, value self) { (void)vm; return small_int(date_of(self)->year); }
static value get_month(struct vm *vm, value self) { (void)vm; return small_int(date_of(self)->month); }
static value get_day(struct vm *vm, value self) { (void)vm; return small_int(date_of(self)->day); }

static const struct property_definition date_properties[] = {
    {"year", get_year, NULL}, {"month", get_month, NULL}, {"day", get_day, NULL}, {0}};
static const struct method_definition date_methods[] = {
    {"fromtimestamp", "(timestamp, /)", date_fromtimestamp, METHOD_CLASS, "Create a date from a POSIX timestamp."},
    {"fromordinal", "(ordinal, /)", date_fromordinal, METHOD_CLASS, "int -> date corresponding to a proleptic Gregorian ordinal."},
    {"fromisoformat", "(string, /)", date_fromisoformat, METHOD_CLASS, "str -> Construct a date from a string in ISO 8601 format."},
    {"fromisocalendar", NULL, date_fromisocalendar, METHOD_CLASS, "int, int, int -> Construct a date from the ISO year, week number and weekday."},
    {"today", "()", date_today, METHOD_CLASS, "Current date or datetime:  same as self.__class__.fromtimestamp(time.time())."},
    {"ctime", "()", date_ctime, METHOD_INSTANCE, "Return ctime() style string."},
    {"strftime", "(format)", date_strftime, METHOD_INSTANCE, "format -> strftime() style string."},
    {"__format__", "(format, /)", date_format, METHOD_INSTANCE, "Formats self with strftime."},
    {"timetuple", "()", date_timetuple, METHOD_INSTANCE, "Return time tuple, compatible with time.localtime()."},
    {"isocalendar", "()", date_isocalendar, METHOD_INSTANCE, "Return a named tuple containing ISO year, week number, and weekday."},
    {"isoformat", "()", date_isoformat, METHOD_INSTANCE, "Return string in ISO 8601 format, YYYY-MM-DD."},
    {"isoweekday", "()", date_isoweekday, METHOD_INSTANCE, "Return the day of the week represented by the date. Monday == 1 ... Sunday == 7"},
    {"toordinal", "()", date_toordinal, METHOD_INSTANCE, "Return proleptic Gregorian ordinal.  January 1 of year 1 is day 1."},
    {"weekday", "()", date_weekday_method, METHOD_INSTANCE, "Return the day of the week represented by the date. Monday == 0 ... Sunday == 6"},
    {"replace", NULL, date_replace, METHOD_INSTANCE, "Return date with new specified fields."},
    {"__reduce__", "()", date_reduce, METHOD_INSTANCE, "__reduce__() -> (cls, state)"},
    {0},
};

struct type date_type = {
    .name = "datetime.date",
    .flags = TYPE_SUBCLASSABLE | TYPE_GETATTR_PLAIN,
    .instance_size = sizeof(struct date_object),
    .doc = "date(year, month, day) --> date object",
    .methods = date_methods,
    .properties = date_properties,
    .new = date_construct,
    .repr = date_repr,
    .string = date_string_slot,
    .hash = date_hash,
    .compare = date_compare,
    .binary = {[BINARY_ADD] = date_add, [BINARY_SUB] = date_subtract},
};

static value calendar_reduce(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    UNUSED;
    value plain = tuple_from(vm, tuple_of(self)->items, 3), inner = plain == VALUE_NULL ? plain : tuple_pack(vm, 1, plain);
    return inner == VALUE_NULL ? VALUE_NULL : tuple_pack(vm, 2, object_value(&tuple_type), inner);
}

bool dates_ready(struct vm *vm, value module)
{
    static const struct method_definition reduce = {"__reduce__", "()", calendar_reduce, METHOD_INSTANCE, NULL};
    type_ready(vm, &date_type);
    if (!record_ready(vm, &calendar_date_type))
        return false;
    return set_class_value(vm, &calendar_date_type.type, "__reduce__",
                           method_descriptor_new(vm, &calendar_date_type.type, &reduce)) &&
           set_class_value(vm, &date_type, "min", date_make(vm, &date_type, 1, 1, 1)) &&
           set_class_value(vm, &date_type, "max", date_make(vm, &date_type, YEAR_MAX, 12, 31)) &&
           set_class_value(vm, &date_type, "resolution", delta_new(vm, &delta_type, (int128)DAY_SECONDS * MICRO)) &&
           dict_set_text(vm, support_dict(module), "date", type_object_value(&date_type));
}
