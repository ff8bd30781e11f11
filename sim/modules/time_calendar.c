/* time_calendar.c - calendar times of module time: struct_time, and its conversions to seconds and text. The C library does
 * the calendar's and the zone's arithmetic, as it does for CPython. */
#include "sim/modules/time_calendar.h"
#include "sim/modules/support.h"
#include "sim/runtime/attribute.h"
#include "sim/runtime/container.h"
#include "sim/runtime/namespace.h"
#include "sim/runtime/number.h"
#include "sim/runtime/record.h"

#include <errno.h>
#include <limits.h>
#include <time.h>
#include <wchar.h>

#define FUNCTION(name)                                                                                                 \
    static value time_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)self, (void)arguments, (void)count, (void)keyword_names

static const char *const struct_time_fields[] = {"tm_year", "tm_mon",  "tm_mday",  "tm_hour", "tm_min",   "tm_sec",
                                                 "tm_wday", "tm_yday", "tm_isdst", "tm_zone", "tm_gmtoff"};
static struct record_type struct_time_type =
    RECORD_TYPE("time.struct_time", struct_time_fields, 9, 11,
                "The time value as returned by gmtime(), localtime(), and strptime(), and\n"
                " accepted by asctime(), mktime() and strftime().  May be considered as a\n"
                " sequence of 9 integers.\n\n"
                " Note that several fields' values are not the same as those defined by\n"
                " the C language standard for struct tm.  For example, the value of the\n"
                " field tm_year is the actual year, not year - 1900.  See individual\n"
                " fields' descriptions for details.");

static value struct_time_new(struct vm *vm, const struct tm *tm)
{
    value items[11] = {int_from_int64(vm, (int64_t)tm->tm_year + 1900),
                       small_int(tm->tm_mon + 1),
                       small_int(tm->tm_mday),
                       small_int(tm->tm_hour),
                       small_int(tm->tm_min),
                       small_int(tm->tm_sec),
                       small_int((tm->tm_wday + 6) % 7),
                       small_int(tm->tm_yday + 1),
                       small_int(tm->tm_isdst),
                       bytes_decode(vm, (const uint8_t *)tm->tm_zone, strlen(tm->tm_zone), "utf-8", "surrogateescape"),
                       small_int(tm->tm_gmtoff)};
    return record_new(vm, &struct_time_type, items);
}

/* ---- seconds to calendar time ---- */

/* The argument `seconds` of localtime, gmtime, ctime, rounded down; absent or None: now. */
static bool seconds_argument(struct vm *vm, value v, time_t *out)
{
    if (v == VALUE_NULL || v == NONE) {
        long long now = time_now(vm);
        *out = (time_t)(now >= 0 ? now / 1000000000 : -((999999999 - now) / 1000000000));
        return true;
    }
    if (is_float(v)) {
        double seconds = float_number(v);
        if (isnan(seconds)) {
            raise_error(vm, &exc_ValueError, "Invalid value NaN (not a number)");
            return false;
        }
        seconds = floor(seconds);
        if (!(seconds >= -9223372036854775808.0 && seconds < 9223372036854775808.0)) {
            raise_error(vm, &exc_OverflowError, "timestamp out of range for platform time_t");
            return false;
        }
        *out = (time_t)seconds;
        return true;
    }
    value integer = number_index(vm, v);
    int64_t seconds;
    if (integer == VALUE_NULL)
        return false;
    if (!value_to_int64(vm, integer, &seconds)) {
        exception_clear(vm);
        raise_error(vm, &exc_OverflowError, "timestamp out of range for platform time_t");
        return false;
    }
    *out = seconds;
    return true;
}

static bool broken_down(struct vm *vm, value seconds, struct tm *(*convert)(const time_t *, struct tm *), struct tm *tm)
{
    time_t when;
    if (!seconds_argument(vm, seconds, &when))
        return false;
    errno = 0;
    if (convert(&when, tm))
        return true;
    raise_os_error(vm, errno ? errno : EINVAL, VALUE_NULL);
    return false;
}

FUNCTION(localtime)
{
    UNUSED;
    struct tm tm;
    return broken_down(vm, arguments[0], localtime_r, &tm) ? struct_time_new(vm, &tm) : VALUE_NULL;
}

FUNCTION(gmtime)
{
    UNUSED;
    struct tm tm;
    if (!broken_down(vm, arguments[0], gmtime_r, &tm))
        return VALUE_NULL;
    return struct_time_new(vm, &tm);
}

/* ---- tuples to struct tm ---- */

static bool tuple_to_tm(struct vm *vm, value tuple, const char *function, struct tm *tm)
{
    memset(tm, 0, sizeof *tm);
    if (!has_flag(tuple, TYPE_TUPLE)) {
        raise_error(vm, &exc_TypeError, "Tuple or struct_time argument required");
        return false;
    }
    if (tuple_of(tuple)->length != 9) {
        raise_error(vm, &exc_TypeError, "%s(): illegal time tuple argument", function);
        return false;
    }
    int fields[9];
    for (int i = 0; i < 9; i++)
        if (!value_to_c_int(vm, tuple_of(tuple)->items[i], &fields[i]))
            return false;
    if (fields[0] < INT_MIN + 1900) {
        raise_error(vm, &exc_OverflowError, "year out of range");
        return false;
    }
    *tm = (struct tm){.tm_year = fields[0] - 1900,
                      .tm_mon = (int)((unsigned)fields[1] - 1u),
                      .tm_mday = fields[2],
                      .tm_hour = fields[3],
                      .tm_min = fields[4],
                      .tm_sec = fields[5],
                      .tm_wday = (int)(((int64_t)fields[6] + 1) % 7),
                      .tm_yday = (int)((unsigned)fields[7] - 1u),
                      .tm_isdst = fields[8]};
    if (!is_exact(tuple, &struct_time_type.type))
        return true;
    value zone = tuple_of(tuple)->items[9], offset = tuple_of(tuple)->items[10];
    int64_t seconds = 0;
    size_t size;
    if (offset != NONE && !value_to_int64(vm, offset, &seconds))
        return false;
    tm->tm_gmtoff = seconds;
    if (zone != NONE && is_object(zone) && has_flag(zone, TYPE_STRING))
        tm->tm_zone = string_utf8(vm, zone, &size);
    return true;
}

/* Zero stands for the least value in the fields where the tuple's count starts at 1. */
static bool tm_check(struct vm *vm, struct tm *tm)
{
    if (tm->tm_mon == -1)
        tm->tm_mon = 0;
    if (tm->tm_mday == 0)
        tm->tm_mday = 1;
    if (tm->tm_yday == -1)
        tm->tm_yday = 0;
    const char *wrong = tm->tm_mon < 0 || tm->tm_mon > 11     ? "month"
                        : tm->tm_mday < 0 || tm->tm_mday > 31 ? "day of month"
                        : tm->tm_hour < 0 || tm->tm_hour > 23 ? "hour"
                        : tm->tm_min < 0 || tm->tm_min > 59   ? "minute"
                        : tm->tm_sec < 0 || tm->tm_sec > 61   ? "seconds"
                        : tm->tm_wday < 0                     ? "day of week"
                        : tm->tm_yday < 0 || tm->tm_yday > 365 ? "day of year"
                                                               : NULL;
    if (wrong)
        raise_error(vm, &exc_ValueError, "%s out of range", wrong);
    return !wrong;
}

FUNCTION(mktime)
{
    UNUSED;
    struct tm tm;
    if (!tuple_to_tm(vm, arguments[0], "mktime", &tm))
        return VALUE_NULL;
    tm.tm_wday = -1; /* stays so only when mktime fails */
    time_t seconds = mktime(&tm);
    if (seconds == -1 && tm.tm_wday == -1)
        return raise_error(vm, &exc_OverflowError, "mktime argument out of range");
    return float_value(vm, (double)seconds);
}

/* ---- text ---- */

static value tm_text(struct vm *vm, const struct tm *tm)
{
    static const char days[] = "SunMonTueWedThuFriSat", months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    return string_printf(vm, "%.3s %.3s%3d %.2d:%.2d:%.2d %lld", days + 3 * tm->tm_wday, months + 3 * tm->tm_mon,
                         tm->tm_mday, tm->tm_hour, tm->tm_min, tm->tm_sec, 1900 + (long long)tm->tm_year);
}

FUNCTION(asctime)
{
    UNUSED;
    struct tm tm;
    if (arguments[0] == VALUE_NULL ? !broken_down(vm, VALUE_NULL, localtime_r, &tm)
                                   : !tuple_to_tm(vm, arguments[0], "asctime", &tm) || !tm_check(vm, &tm))
        return VALUE_NULL;
    return tm_text(vm, &tm);
}

FUNCTION(ctime)
{
    UNUSED;
    struct tm tm;
    return broken_down(vm, arguments[0], localtime_r, &tm) ? tm_text(vm, &tm) : VALUE_NULL;
}

static value format_tm(struct vm *vm, value format, const struct tm *tm)
{
    const struct string_object *text = string_of(format);
    wchar_t *wide = malloc((text->length + (size_t)1) * sizeof *wide), *out = NULL;
    value result = wide ? VALUE_NULL : raise_no_memory(vm);
    bool has_null = false;
    for (size_t i = 0; wide && i < text->length; i++)
        has_null |= !(wide[i] = (wchar_t)string_at(text, i));
    if (wide)
        wide[text->length] = 0;
    if (has_null)
        raise_error(vm, &exc_ValueError, "embedded null character");
    for (size_t size = 1024; wide && !has_null; size += size) {
        wchar_t *more = realloc(out, size * sizeof *out);
        if (!more) {
            raise_no_memory(vm);
            break;
        }
        out = more;
        size_t written = wcsftime(out, size, wide, tm);
        if (written || size >= 256 * (size_t)text->length) { /* an empty result looks like too little room */
            result = string_from_code_points(vm, (const uint32_t *)(const void *)out, written);
            break;
        }
    }
    free(wide);
    free(out);
    return result;
}

FUNCTION(strftime)
{
    UNUSED;
    struct tm tm;
    if (!has_flag(arguments[0], TYPE_STRING))
        return raise_error(vm, &exc_TypeError, "strftime() argument 1 must be str, not %T", arguments[0]);
    if (arguments[1] == VALUE_NULL ? !broken_down(vm, VALUE_NULL, localtime_r, &tm)
                                   : !tuple_to_tm(vm, arguments[1], "strftime", &tm) || !tm_check(vm, &tm))
        return VALUE_NULL;
    tm.tm_isdst = tm.tm_isdst < -1 ? -1 : tm.tm_isdst > 1 ? 1 : tm.tm_isdst;
    ADD_WORK(vm, characters, string_of(arguments[0])->length);
    return format_tm(vm, arguments[0], &tm);
}

FUNCTION(strptime)
{
    (void)self;
    value module = import_module(vm, "_strptime");
    value function = module == VALUE_NULL ? VALUE_NULL : get_attribute_text(vm, module, "_strptime_time");
    return function == VALUE_NULL ? VALUE_NULL : call(vm, function, arguments, count, keyword_names);
}

/* ---- clocks by number and their descriptions ---- */

static value clock_information(struct vm *vm, const char *implementation, bool monotonic, bool adjustable)
{
    value information = namespace_new(vm);
    if (information == VALUE_NULL)
        return VALUE_NULL;
    struct dict_object *fields = namespace_fields(information);
    return dict_set_text(vm, fields, "implementation", string_from_text(vm, implementation)) &&
                   dict_set_text(vm, fields, "monotonic", bool_value(monotonic)) &&
                   dict_set_text(vm, fields, "adjustable", bool_value(adjustable)) &&
                   dict_set_text(vm, fields, "resolution", float_value(vm, 1e-9))
               ? information
               : VALUE_NULL;
}

FUNCTION(get_clock_info)
{
    UNUSED;
    value name = arguments[0];
    if (!has_flag(name, TYPE_STRING))
        return raise_error(vm, &exc_TypeError, "get_clock_info() argument 1 must be str, not %T", name);
    if (string_is(name, "time"))
        return clock_information(vm, "clock_gettime(CLOCK_REALTIME)", false, true);
    if (string_is(name, "monotonic") || string_is(name, "perf_counter"))
        return clock_information(vm, "clock_gettime(CLOCK_MONOTONIC)", true, false);
    if (string_is(name, "process_time"))
        return clock_information(vm, "clock_gettime(CLOCK_PROCESS_CPUTIME_ID)", true, false);
    if (string_is(name, "thread_time"))
        return clock_information(vm, "clock_gettime(CLOCK_THREAD_CPUTIME_ID)", true, false);
    return raise_error(vm, &exc_ValueError, "unknown clock");
}

FUNCTION(clock_getres)
{
    UNUSED;
    int number;
    struct timespec resolution;
    if (!value_to_c_int(vm, arguments[0], &number))
        return VALUE_NULL;
    if (clock_getres(number, &resolution))
        return raise_os_error(vm, errno, VALUE_NULL);
    return float_value(vm, 1e-9);
}

/* ---- the module ---- */

static const struct method_definition functions[] = {
    {"localtime", "(seconds=None, /)", time_localtime, 0, NULL},
    {"gmtime", "(seconds=None, /)", time_gmtime, 0, NULL},
    {"mktime", "(tuple, /)", time_mktime, 0, NULL},
    {"asctime", "(tuple=None, /)", time_asctime, 0, NULL},
    {"ctime", "(seconds=None, /)", time_ctime, 0, NULL},
    {"strftime", "(format, tuple=None, /)", time_strftime, 0, NULL},
    {"strptime", NULL, time_strptime, 0, NULL},
    {"get_clock_info", "(name, /)", time_get_clock_info, 0, NULL},
    {"clock_getres", "(clk_id, /)", time_clock_getres, 0, NULL},
    {0},
};

static const struct integer_constant constants[] = {
    {"CLOCK_REALTIME", CLOCK_REALTIME},
    {"CLOCK_MONOTONIC", CLOCK_MONOTONIC},
    {"CLOCK_MONOTONIC_RAW", CLOCK_MONOTONIC_RAW},
    {"CLOCK_PROCESS_CPUTIME_ID", CLOCK_PROCESS_CPUTIME_ID},
    {"CLOCK_THREAD_CPUTIME_ID", CLOCK_THREAD_CPUTIME_ID},
    {"CLOCK_BOOTTIME", CLOCK_BOOTTIME},
    {"CLOCK_TAI", CLOCK_TAI},
    {"_STRUCT_TM_ITEMS", 11},
    {0},
};

/* The zone's names and offsets in winter and in summer of a fixed year, so that no clock is read at import. */
static bool add_zone(struct vm *vm, struct dict_object *dict)
{
    enum { YEAR_SECONDS = (365 * 24 + 6) * 3600, YEARS = 55 };
    time_t winter_time = (time_t)YEAR_SECONDS * YEARS, summer_time = winter_time + YEAR_SECONDS / 2;
    struct tm winter, summer;
    tzset();
    if (!localtime_r(&winter_time, &winter) || !localtime_r(&summer_time, &summer))
        return true;
    const struct tm *standard = &winter, *shifted = &summer;
    if (winter.tm_gmtoff > summer.tm_gmtoff) { /* the southern hemisphere */
        standard = &summer;
        shifted = &winter;
    }
    value names = tuple_pack(vm, 2, string_from_text(vm, standard->tm_zone), string_from_text(vm, shifted->tm_zone));
    return names != VALUE_NULL && dict_set_text(vm, dict, "timezone", small_int(-standard->tm_gmtoff)) &&
           dict_set_text(vm, dict, "altzone", small_int(-shifted->tm_gmtoff)) &&
           dict_set_text(vm, dict, "daylight", small_int(winter.tm_gmtoff != summer.tm_gmtoff)) &&
           dict_set_text(vm, dict, "tzname", names);
}

/* The program's TZ, which it sets in os.environ, becomes the C library's. */
static bool take_zone_setting(struct vm *vm)
{
    value os = dict_get_text(vm, dict_of(vm->modules), "os"), variables, name, zone;
    if (os == VALUE_NULL)
        return true;
    name = string_from_text(vm, "TZ");
    variables = get_attribute_text(vm, os, "environ");
    zone = variables == VALUE_NULL || name == VALUE_NULL ? VALUE_NULL : call_method(vm, variables, "get", &name, 1);
    if (zone == VALUE_NULL)
        return false;
    size_t size;
    const char *text = has_flag(zone, TYPE_STRING) ? string_utf8(vm, zone, &size) : NULL;
    if (text)
        setenv("TZ", text, 1);
    else
        unsetenv("TZ");
    return true;
}

FUNCTION(tzset)
{
    UNUSED;
    if (!take_zone_setting(vm))
        return VALUE_NULL;
    return add_zone(vm, support_dict(self)) ? NONE : VALUE_NULL;
}

static bool add_function(struct vm *vm, value module, const struct method_definition *definition)
{
    value function = native_function_new(vm, definition, module, "time");
    return function != VALUE_NULL && dict_set_text(vm, support_dict(module), definition->name, function);
}

bool time_calendar_initialize(struct vm *vm, value module)
{
    static const struct method_definition tzset_definition = {"tzset", "()", time_tzset, 0, NULL};
    for (const struct method_definition *definition = functions; definition->name; definition++)
        if (!add_function(vm, module, definition))
            return false;
    return record_ready(vm, &struct_time_type) && add_function(vm, module, &tzset_definition) &&
           dict_set_text(vm, support_dict(module), "struct_time", type_object_value(&struct_time_type.type)) &&
           support_add_constants(vm, module, constants) && add_zone(vm, support_dict(module));
}
