/* time.c - time: a time of day, with or without a zone. */
#include "sim/modules/datetime/datetime.h"

#include <stdio.h>

static value time_unchecked(struct vm *vm, struct type *type, const struct clock_time *clock, value zone)
{
    struct time_object *time = instance_allocate(vm, type, sizeof *time);
    if (!time)
        return VALUE_NULL;
    time->clock = *clock;
    time->zone = zone;
    return object_value(time);
}

value time_make(struct vm *vm, struct type *type, const struct clock_time *clock, value zone)
{
    return check_clock(vm, clock) && check_zone(vm, zone) ? time_unchecked(vm, type, clock, zone) : VALUE_NULL;
}

static const char *const field_names[] = {"hour", "minute", "second", "microsecond", "tzinfo", "fold"};

static bool clock_arguments(struct vm *vm, const value *given, struct clock_time *clock, value *zone)
{
    if (given[4] != VALUE_NULL)
        *zone = given[4];
    return int_argument(vm, given[0], &clock->hour) && int_argument(vm, given[1], &clock->minute) &&
           int_argument(vm, given[2], &clock->second) && int_argument(vm, given[3], &clock->microsecond) &&
           int_argument(vm, given[5], &clock->fold);
}

static value time_from_state(struct vm *vm, struct type *type, value state, value zone)
{
    const uint8_t *data = bytes_of(state)->data;
    struct clock_time clock = {data[0] & 0x7f, data[1], data[2], data[3] << 16 | data[4] << 8 | data[5], data[0] >> 7};
    if (zone != NONE && !is_kind(vm, zone, &tzinfo_type))
        return raise_error(vm, &exc_TypeError, "bad tzinfo state arg");
    return time_unchecked(vm, type, &clock, zone);
}

static value time_construct(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    static const struct parameters expected = {NULL, field_names, 0, 5, 6};
    value given[6], zone = NONE;
    struct clock_time clock = {0};
    if (count >= 1 && count <= 2 && !keyword_count(keyword_names)) {
        value state = state_text(vm, arguments[0], 6);
        if (state != VALUE_NULL && (bytes_of(state)->data[0] & 0x7f) < 24)
            return time_from_state(vm, type, state, count == 2 ? arguments[1] : NONE);
        if (vm->pending != VALUE_NULL)
            return VALUE_NULL;
    }
    if (!bind_given(vm, &expected, arguments, count, keyword_names, given) || !clock_arguments(vm, given, &clock, &zone))
        return VALUE_NULL;
    return time_make(vm, type, &clock, zone);
}

DATETIME_FUNCTION(time_fromisoformat)
{
    (void)count, (void)keyword_names;
    struct clock_time clock;
    size_t size;
    int64_t offset;
    if (!has_flag(arguments[0], TYPE_STRING))
        return raise_error(vm, &exc_TypeError, "fromisoformat: argument must be str");
    const char *text = string_utf8(vm, arguments[0], &size);
    if (!text)
        return raise_iso(vm, arguments[0]);
    if (*text == 'T') {
        text++;
        size--;
    }
    int kind = parse_iso_time(text, size, &clock, &offset);
    if (kind == ISO_WRONG)
        return raise_iso(vm, arguments[0]);
    value zone = kind == ISO_AWARE ? timezone_make(vm, offset) : NONE;
    if (zone == VALUE_NULL)
        return VALUE_NULL;
    if (self == object_value(&time_type))
        return time_make(vm, &time_type, &clock, zone);
    const value fields[] = {small_int(clock.hour), small_int(clock.minute), small_int(clock.second),
                            small_int(clock.microsecond), zone};
    return call(vm, self, fields, 5, VALUE_NULL);
}

/* ---- text ---- */

DATETIME_FUNCTION(time_isoformat)
{
    static const char *const names[] = {"timespec"};
    static const struct parameters expected = {"isoformat", names, 0, 1, 1};
    value given[1];
    enum clock_detail timespec;
    char text[80];
    if (!bind_given(vm, &expected, arguments, count, keyword_names, given) || !parse_timespec(vm, given[0], 1, &timespec))
        return VALUE_NULL;
    size_t used = clock_text(text, &time_of(self)->clock, timespec);
    value offset = zone_call(vm, time_of(self)->zone, "utcoffset", NONE);
    if (offset == VALUE_NULL)
        return VALUE_NULL;
    if (offset != NONE)
        offset_text(text + used, delta_of(offset), ":");
    return string_from_text(vm, text);
}

static value time_string(struct vm *vm, value self) { return call_method(vm, self, "isoformat", NULL, 0); }

static value time_repr(struct vm *vm, value self)
{
    const struct time_object *time = time_of(self);
    const struct clock_time *c = &time->clock;
    char numbers[64], fold[16] = "";
    size_t used = (size_t)sprintf(numbers, "%d, %d", c->hour, c->minute);
    if (c->microsecond)
        sprintf(numbers + used, ", %d, %d", c->second, c->microsecond);
    else if (c->second)
        sprintf(numbers + used, ", %d", c->second);
    if (c->fold)
        sprintf(fold, ", fold=1");
    if (time->zone == NONE)
        return string_printf(vm, "%s(%s%s)", class_name(vm, self), numbers, fold);
    return string_printf(vm, "%s(%s, tzinfo=%R%s)", class_name(vm, self), numbers, time->zone, fold);
}

DATETIME_FUNCTION(time_strftime)
{
    (void)count, (void)keyword_names;
    if (!has_flag(arguments[0], TYPE_STRING))
        return raise_error(vm, &exc_TypeError, "strftime() argument 1 must be str, not %T", arguments[0]);
    const struct clock_time *c = &time_of(self)->clock;
    value tuple = tuple_pack(vm, 9, small_int(1900), small_int(1), small_int(1), small_int(c->hour), small_int(c->minute),
                             small_int(c->second), small_int(0), small_int(1), small_int(-1));
    return tuple == VALUE_NULL ? VALUE_NULL : wrap_strftime(vm, self, arguments[0], tuple);
}

DATETIME_FUNCTION(time_format)
{
    (void)count, (void)keyword_names;
    if (!has_flag(arguments[0], TYPE_STRING))
        return raise_error(vm, &exc_TypeError, "__format__() argument 1 must be str, not %T", arguments[0]);
    return string_of(arguments[0])->length ? call_method(vm, self, "strftime", arguments, 1) : value_string(vm, self);
}

/* ---- the zone ---- */

DATETIME_FUNCTION(time_utcoffset) { UNUSED; return zone_call(vm, time_of(self)->zone, "utcoffset", NONE); }
DATETIME_FUNCTION(time_dst) { UNUSED; return zone_call(vm, time_of(self)->zone, "dst", NONE); }
DATETIME_FUNCTION(time_tzname) { UNUSED; return zone_name(vm, time_of(self)->zone, NONE); }

/* ---- the rest ---- */

DATETIME_FUNCTION(time_replace)
{
    static const struct parameters expected = {"replace", field_names, 0, 5, 6};
    value given[6], zone = time_of(self)->zone;
    struct clock_time clock = time_of(self)->clock;
    if (!bind_given(vm, &expected, arguments, count, keyword_names, given) || !clock_arguments(vm, given, &clock, &zone))
        return VALUE_NULL;
    return time_make(vm, value_type(vm, self), &clock, zone);
}

static void time_state(value self, uint8_t data[6], bool with_fold)
{
    const struct clock_time *c = &time_of(self)->clock;
    data[0] = (uint8_t)(c->hour | (with_fold && c->fold ? 0x80 : 0));
    data[1] = (uint8_t)c->minute;
    data[2] = (uint8_t)c->second;
    data[3] = (uint8_t)(c->microsecond >> 16);
    data[4] = (uint8_t)(c->microsecond >> 8);
    data[5] = (uint8_t)c->microsecond;
}

DATETIME_FUNCTION(time_reduce_ex)
{
    (void)count, (void)keyword_names;
    uint8_t data[6];
    int protocol = 2;
    if (!int_argument(vm, arguments[0], &protocol))
        return VALUE_NULL;
    time_state(self, data, protocol > 3);
    return reduced_state(vm, self, data, sizeof data, time_of(self)->zone);
}

DATETIME_FUNCTION(time_reduce)
{
    UNUSED;
    const value protocol = small_int(2);
    return time_reduce_ex(vm, self, &protocol, 1, VALUE_NULL);
}

static int128 clock_microseconds(const struct clock_time *c)
{
    return ((int128)c->hour * 3600 + c->minute * 60 + c->second) * MICRO + c->microsecond;
}

static bool time_hash(struct vm *vm, value self, int64_t *hash)
{
    uint8_t data[6];
    struct time_object *time = time_of(self);
    value offset = zone_call(vm, time->zone, "utcoffset", NONE);
    if (offset == VALUE_NULL)
        return false;
    if (offset == NONE) {
        time_state(self, data, false);
        *hash = hash_bytes(data, sizeof data);
        return true;
    }
    int128 micro = clock_microseconds(&time->clock) - delta_microseconds(offset);
    *hash = hash_delta(vm, micro);
    return vm->pending == VALUE_NULL;
}

static value time_compare(struct vm *vm, value a, value b, enum compare_kind kind)
{
    if (!is_kind(vm, a, &time_type) || !is_kind(vm, b, &time_type))
        return vm->not_implemented;
    int128 x = clock_microseconds(&time_of(a)->clock), y = clock_microseconds(&time_of(b)->clock);
    if (time_of(a)->zone != time_of(b)->zone) {
        value left = zone_call(vm, time_of(a)->zone, "utcoffset", NONE);
        value right = left == VALUE_NULL ? VALUE_NULL : zone_call(vm, time_of(b)->zone, "utcoffset", NONE);
        if (right == VALUE_NULL)
            return VALUE_NULL;
        if ((left == NONE) != (right == NONE)) {
            if (kind == COMPARE_EQ || kind == COMPARE_NE)
                return bool_value(kind == COMPARE_NE);
            return raise_error(vm, &exc_TypeError, "can't compare offset-naive and offset-aware times");
        }
        if (left != NONE) {
            x -= delta_microseconds(left);
            y -= delta_microseconds(right);
        }
    }
    return bool_value(order_holds((x > y) - (x < y), kind));
}

static void time_trace(struct vm *vm, struct object *object)
{
    gc_mark(vm, ((struct time_object *)object)->zone);
}

#define FIELD(name, expression)                                                                                        \
    static value get_##name(struct vm *vm, value self)                                                                 \
    {                                                                                                                  \
        (void)vm;                                                                                                      \
        return expression;                                                                                             \
    }
FIELD(hour, small_int(time_of(self)->clock.hour))
FIELD(minute, small_int(time_of(self)->clock.minute))
FIELD(second, small_int(time_of(self)->clock.second))
FIELD(microsecond, small_int(time_of(self)->clock.microsecond))
FIELD(fold, small_int(time_of(self)->clock.fold))
FIELD(tzinfo, time_of(self)->zone)

static const struct property_definition time_properties[] = {
    {"hour", get_hour, NULL}, {"minute", get_minute, NULL}, {"second", get_second, NULL},
    {"microsecond", get_microsecond, NULL}, {"tzinfo", get_tzinfo, NULL}, {"fold", get_fold, NULL}, {0}};
static const struct method_definition time_methods[] = {
    {"isoformat", NULL, time_isoformat, METHOD_INSTANCE, "Return string in ISO 8601 format, [HH[:MM[:SS[.mmm[uuu]]]]][+HH:MM]."},
    {"strftime", "(format)", time_strftime, METHOD_INSTANCE, "format -> strftime() style string."},
    {"__format__", "(format, /)", time_format, METHOD_INSTANCE, "Formats self with strftime."},
    {"utcoffset", "()", time_utcoffset, METHOD_INSTANCE, "Return self.tzinfo.utcoffset(self)."},
    {"tzname", "()", time_tzname, METHOD_INSTANCE, "Return self.tzinfo.tzname(self)."},
    {"dst", "()", time_dst, METHOD_INSTANCE, "Return self.tzinfo.dst(self)."},
    {"replace", NULL, time_replace, METHOD_INSTANCE, "Return time with new specified fields."},
    {"fromisoformat", "(string, /)", time_fromisoformat, METHOD_CLASS, "string -> time from a string in ISO 8601 format"},
    {"__reduce_ex__", "(protocol, /)", time_reduce_ex, METHOD_INSTANCE, "__reduce_ex__(proto) -> (cls, state)"},
    {"__reduce__", "()", time_reduce, METHOD_INSTANCE, "__reduce__() -> (cls, state)"},
    {0},
};

struct type time_type = {
    .name = "datetime.time",
    .flags = TYPE_SUBCLASSABLE | TYPE_GETATTR_PLAIN,
    .instance_size = sizeof(struct time_object),
    .doc = "time([hour[, minute[, second[, microsecond[, tzinfo]]]]]) --> a time object\n\n"
           "All arguments are optional. tzinfo may be None, or an instance of\na tzinfo subclass. The remaining arguments may be "
           "ints.",
    .methods = time_methods,
    .properties = time_properties,
    .trace = time_trace,
    .new = time_construct,
    .repr = time_repr,
    .string = time_string,
    .hash = time_hash,
    .compare = time_compare,
};
