/* text.c - dates and times as text: ISO 8601 as Python writes and reads it, and strftime's own fields. */
#include "sim/modules/datetime/datetime.h"

#include <stdio.h>

/* ---- writing ---- */

bool parse_timespec(struct vm *vm, value v, int number, enum clock_detail *out)
{
    static const char *const names[] = {"auto", "hours", "minutes", "seconds", "milliseconds", "microseconds"};
    *out = TIMESPEC_AUTO;
    if (v == VALUE_NULL)
        return true;
    for (int i = 0; has_flag(v, TYPE_STRING) && i < 6; i++)
        if (string_is(v, names[i])) {
            *out = (enum clock_detail)i;
            return true;
        }
    if (has_flag(v, TYPE_STRING))
        raise_error(vm, &exc_ValueError, "Unknown timespec value");
    else
        raise_error(vm, &exc_TypeError, "isoformat() argument %d must be str, not %T", number, v);
    return false;
}

size_t clock_text(char *out, const struct clock_time *c, enum clock_detail timespec)
{
    if (timespec == TIMESPEC_AUTO)
        timespec = c->microsecond ? TIMESPEC_MICROSECONDS : TIMESPEC_SECONDS;
    switch (timespec) {
    case TIMESPEC_HOURS:
        return (size_t)sprintf(out, "%02d", c->hour);
    case TIMESPEC_MINUTES:
        return (size_t)sprintf(out, "%02d:%02d", c->hour, c->minute);
    case TIMESPEC_AUTO:
    case TIMESPEC_SECONDS:
        return (size_t)sprintf(out, "%02d:%02d:%02d", c->hour, c->minute, c->second);
    case TIMESPEC_MILLISECONDS:
        return (size_t)sprintf(out, "%02d:%02d:%02d.%03d", c->hour, c->minute, c->second, c->microsecond / 1000);
    case TIMESPEC_MICROSECONDS:
        return (size_t)sprintf(out, "%02d:%02d:%02d.%06d", c->hour, c->minute, c->second, c->microsecond);
    }
    return 0;
}

size_t offset_text(char *out, const struct delta_object *offset, const char *separator)
{
    int64_t seconds = (int64_t)offset->days * DAY_SECONDS + offset->seconds;
    int micro = offset->microseconds;
    char sign = '+';
    if (seconds < 0) {
        sign = '-';
        seconds = -seconds;
        if (micro) {
            micro = MICRO - micro;
            seconds--;
        }
    }
    int hours = (int)(seconds / 3600), minutes = (int)(seconds / 60 % 60), rest = (int)(seconds % 60);
    size_t used = (size_t)sprintf(out, "%c%02d%s%02d", sign, hours, separator, minutes);
    if (rest || micro)
        used += (size_t)sprintf(out + used, "%s%02d", separator, rest);
    if (micro)
        used += (size_t)sprintf(out + used, ".%06d", micro);
    return used;
}

value struct_time_of(struct vm *vm, const struct date_object *date, const struct clock_time *clock, int is_dst)
{
    value module = import_module(vm, "time");
    value class = module == VALUE_NULL ? VALUE_NULL : get_attribute_text(vm, module, "struct_time");
    int day_of_year = date_ordinal(date->year, date->month, date->day) - date_ordinal(date->year, 1, 1) + 1;
    value fields = tuple_pack(vm, 9, small_int(date->year), small_int(date->month), small_int(date->day), small_int(clock->hour),
                              small_int(clock->minute), small_int(clock->second),
                              small_int(date_weekday(date->year, date->month, date->day)), small_int(day_of_year),
                              small_int(is_dst));
    return class == VALUE_NULL || fields == VALUE_NULL ? VALUE_NULL : call_1(vm, class, fields);
}

/* ---- strftime ---- */

static bool add_offset(struct vm *vm, struct string_builder *out, value self)
{
    char text[40];
    value offset = call_method(vm, self, "utcoffset", NULL, 0);
    if (offset == VALUE_NULL || offset == NONE)
        return offset == NONE;
    if (!is_kind(vm, offset, &delta_type)) {
        raise_error(vm, &exc_TypeError, "tzinfo.utcoffset() must return None or timedelta, not '%T'", offset);
        return false;
    }
    offset_text(text, delta_of(offset), "");
    string_builder_add_text(out, text);
    return true;
}

static bool add_zone_name(struct vm *vm, struct string_builder *out, value self)
{
    value name = call_method(vm, self, "tzname", NULL, 0);
    if (name == VALUE_NULL || name == NONE)
        return name == NONE;
    if (has_flag(name, TYPE_STRING) && string_encode(vm, name, "utf-8", NULL) == VALUE_NULL)
        return false;
    if (!is_exact(name, &string_type)) { /* a subclass may have a replace() of its own */
        value pair[2] = {string_from_text(vm, "%"), string_from_text(vm, "%%")};
        name = call_method(vm, name, "replace", pair, 2);
        if (name != VALUE_NULL && !has_flag(name, TYPE_STRING))
            raise_error(vm, &exc_TypeError, "tzname.replace() did not return a string");
        if (name == VALUE_NULL || !has_flag(name, TYPE_STRING))
            return false;
        string_builder_add_string(out, name);
        return true;
    }
    for (size_t i = 0; i < string_of(name)->length; i++) {
        uint32_t c = string_at(string_of(name), i);
        string_builder_add(out, c);
        if (c == '%')
            string_builder_add(out, c);
    }
    return true;
}

static bool add_field(struct vm *vm, struct string_builder *out, value self, uint32_t c)
{
    bool is_date = is_exact(self, &date_type) || (!is_kind(vm, self, &datetime_type) && is_kind(vm, self, &date_type));
    if (c == 'z' || c == 'Z')
        return is_date || (c == 'z' ? add_offset(vm, out, self) : add_zone_name(vm, out, self));
    if (c == 'f') {
        char text[16];
        int micro = is_date ? 0 : is_kind(vm, self, &datetime_type) ? datetime_of(self)->clock.microsecond
                                                                    : time_of(self)->clock.microsecond;
        sprintf(text, "%06d", micro);
        string_builder_add_text(out, text);
        return true;
    }
    string_builder_add(out, '%');
    string_builder_add(out, c);
    return true;
}

value wrap_strftime(struct vm *vm, value self, value format, value time_tuple)
{
    struct string_builder out = {0};
    const struct string_object *text = string_of(format);
    for (size_t i = 0; i < text->length; i++) {
        uint32_t c = string_at(text, i);
        if (c != '%' || i + 1 == text->length)
            string_builder_add(&out, c);
        else if (!add_field(vm, &out, self, string_at(text, ++i))) {
            string_builder_free(&out);
            return VALUE_NULL;
        }
    }
    value full = string_builder_finish(vm, &out), module = import_module(vm, "time");
    if (full == VALUE_NULL || module == VALUE_NULL)
        return VALUE_NULL;
    return call_method(vm, module, "strftime", (value[]){full, time_tuple}, 2);
}

/* ---- reading ---- */

value raise_iso(struct vm *vm, value text)
{
    return raise_error(vm, &exc_ValueError, "Invalid isoformat string: %R", text);
}

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static const char *digits(const char *at, int *out, int count)
{
    *out = 0;
    for (; count; count--, at++) {
        if (!is_digit(*at))
            return NULL;
        *out = *out * 10 + (*at - '0');
    }
    return at;
}

bool parse_iso_date(struct vm *vm, const char *text, size_t size, struct date_object *out)
{
    const char *at = digits(text, &out->year, 4), *end = text + size;
    if (!at)
        return false;
    bool separated = *at == '-';
    at += separated;
    if (*at == 'W') {
        int week, weekday = 1;
        if (!(at = digits(at + 1, &week, 2)))
            return false;
        if (at < end) {
            if (separated && *at++ != '-')
                return false;
            if (!(at = digits(at, &weekday, 1)))
                return false;
        }
        return iso_date(vm, out->year, week, weekday, out, true);
    }
    if (!(at = digits(at, &out->month, 2)) || (separated && *at++ != '-') || !(at = digits(at, &out->day, 2)))
        return false;
    return at == end;
}

/* HH[:MM[:SS[.ffffff]]] up to `end`; 0: all was read, 1: more stands there, -1: wrong. */
static int parse_clock(const char *at, const char *end, int fields[4])
{
    bool separated = true;
    fields[0] = fields[1] = fields[2] = fields[3] = 0;
    for (int i = 0; i < 3; i++) {
        if (!(at = digits(at, &fields[i], 2)))
            return -1;
        char c = *at++;
        if (i == 0)
            separated = c == ':';
        if (at >= end)
            return c != '\0';
        if (separated && c == ':')
            continue;
        if (c == '.' || c == ',')
            break;
        if (separated)
            return -1;
        at--;
    }
    static const int scale[] = {1, 100000, 10000, 1000, 100, 10, 1};
    int count = end - at >= 6 ? 6 : (int)(end - at);
    if (!(at = digits(at, &fields[3], count)))
        return -1;
    fields[3] *= scale[count];
    while (is_digit(*at))
        at++;
    return *at != '\0';
}

int parse_iso_time(const char *text, size_t size, struct clock_time *clock, int64_t *offset_microseconds)
{
    const char *end = text + size, *zone = text;
    int fields[4];
    while (zone < end && *zone != '+' && *zone != '-' && *zone != 'Z')
        zone++;
    int more = parse_clock(text, zone, fields);
    if (more < 0)
        return ISO_WRONG;
    *clock = (struct clock_time){fields[0], fields[1], fields[2], fields[3], 0};
    *offset_microseconds = 0;
    if (zone == end)
        return more ? ISO_WRONG : ISO_NAIVE;
    if (*zone == 'Z')
        return zone[1] ? ISO_WRONG : ISO_AWARE;
    if (parse_clock(zone + 1, end, fields))
        return ISO_WRONG;
    int64_t micro = ((int64_t)fields[0] * 3600 + fields[1] * 60 + fields[2]) * MICRO + fields[3];
    *offset_microseconds = *zone == '-' ? -micro : micro;
    return ISO_AWARE;
}

int64_t find_separator(const char *text, size_t size)
{
    if (size == 7)
        return 7;
    if (text[4] == '-') {
        if (text[5] != 'W')
            return 10;
        if (size < 8)
            return -1;
        if (text[8] != '-')
            return 8;
        if (size == 9)
            return -1;
        return size > 10 && is_digit(text[10]) ? 8 : 10; /* a weekday, or an hour after a "-" */
    }
    if (text[4] != 'W')
        return 8;
    size_t at = 7;
    while (at < size && is_digit(text[at]))
        at++;
    return at < 9 ? (int64_t)at : at % 2 == 0 ? 7 : 8;
}
